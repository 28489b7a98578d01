/* Large originals of a store on a server. */
#ifndef CANVASS_STORE_PIECES_H
#define CANVASS_STORE_PIECES_H

#include "canvass/store.h"

/* A new temporary file, and its path, NUL-terminated; -1: errno says why. */
int store_make_temporary(const cnv_store *store, cnv_text *path);
/* Within a transaction: stores the content of the file, if the store does not have it. */
void store_put_pieces(cnv_store *store, const uint8_t sha256[32], int file);
/* Writes an original to a temporary file; false: the store does not have it whole, or the file cannot be written. */
bool store_fetch_pieces(cnv_store *store, const uint8_t sha256[32], cnv_text *path);
/* The file is removed when the store is closed; false: no memory. */
bool store_remember_temporary(cnv_store *store, const cnv_text *path);
void store_drop_temporaries(cnv_store *store);

#endif
