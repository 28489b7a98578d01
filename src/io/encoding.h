/* Encodings, on iconv, which only encoding.c uses. */
#ifndef CANVASS_IO_ENCODING_H
#define CANVASS_IO_ENCODING_H

#include "canvass/io.h"

typedef enum cnv_encoding_family { CNV_ENCODING_UNICODE, CNV_ENCODING_SINGLE, CNV_ENCODING_DOUBLE } cnv_encoding_family;

struct cnv_encoding {
	const char *name;  /* the name for people and the web */
	const char *iconv; /* the name for iconv */
	cnv_encoding_family family;
	uint32_t prior;      /* how much rarer than the most common one, in tenths of a point of likeness */
	const char *aliases; /* other names, separated by blanks */
};

bool cnv_encoding_is_plain(const cnv_encoding *encoding); /* UTF-8, which is read without iconv */
/* CNV_REJECTED: this system's iconv does not have it. */
cnv_status cnv_encoding_there(const cnv_encoding *encoding);
/* Decodes a whole text and returns how many of its bytes could be decoded; `out` has the text up to there. */
size_t cnv_encoding_decode(const cnv_encoding *encoding, cnv_str bytes, cnv_text *out);
/* The character of each byte of a CNV_ENCODING_SINGLE from 0x80, which are all that differ between them; CNV_NONE:
 * none.  CNV_REJECTED: iconv does not have it. */
cnv_status cnv_encoding_table(const cnv_encoding *encoding, uint32_t table[256]);

typedef enum cnv_decoded {
	CNV_DECODED,
	CNV_DECODE_FULL, /* there is more: call again */
	CNV_DECODE_CUT,  /* it ends within a character */
	CNV_DECODE_BAD   /* the next bytes are invalid in the encoding */
} cnv_decoded;
typedef struct cnv_decoder cnv_decoder;
cnv_decoder *cnv_decoder_new(const cnv_encoding *encoding); /* NULL: no memory, or iconv does not have it */
/* Decodes and removes bytes from *bytes; writes *len bytes of text into `room` bytes (at least 64).  Never
 * CNV_DECODE_CUT: a character cut at the end waits for its remaining bytes. */
cnv_decoded cnv_decoder_feed(cnv_decoder *decoder, cnv_str *bytes, char *out, size_t room, size_t *len);
cnv_decoded cnv_decoder_end(cnv_decoder *decoder, char *out, size_t room, size_t *len);
cnv_str cnv_decoder_cut(const cnv_decoder *decoder); /* bytes of an incomplete character */
void cnv_decoder_free(cnv_decoder *decoder);

bool cnv_delimiter_ok(char c); /* dialect.c: may it separate cells? */

#endif
