/* Zip files, on zlib, which only zip.c knows. */
#ifndef CANVASS_IO_ZIP_H
#define CANVASS_IO_ZIP_H

#include "canvass/io.h"

typedef struct cnv_zip cnv_zip;

/* Limits for an untrusted zip file; 0: no limit. */
typedef struct cnv_zip_limits {
	uint64_t part, all; /* bytes inflated, of one part and of all parts read */
	uint32_t parts;
} cnv_zip_limits;

typedef enum cnv_zip_trouble {
	CNV_ZIP_DAMAGED,
	CNV_ZIP_CUT,    /* its end is missing */
	CNV_ZIP_PARTS,  /* too many */
	CNV_ZIP_LARGE,  /* more bytes than the limits allow */
	CNV_ZIP_LOCKED, /* encrypted */
	CNV_ZIP_METHOD, /* compression method not supported */
	CNV_ZIP_SUSPECT /* parts share bytes or a name */
} cnv_zip_trouble;

/* What is wrong, and where. */
typedef struct cnv_zip_fault {
	cnv_zip_trouble trouble;
	uint64_t at;    /* byte of the file, from 0; UINT64_MAX: no specific byte */
	char part[101]; /* name of the part, UTF-8; empty: not known */
} cnv_zip_fault;

/* Reads the list of parts of a file that canvass has written.  CNV_REJECTED: not a complete zip file; CNV_NO_ACCESS:
 * cannot be read.  Emits no diagnostics. */
cnv_status cnv_zip_open(cnv_zip **out, const char *path);
/* The same for an untrusted file, whose bytes are borrowed.  CNV_REJECTED: *fault has the reason. */
cnv_status cnv_zip_open_bytes(cnv_zip **out, cnv_str bytes, cnv_zip_limits limits, cnv_zip_fault *fault);
uint32_t cnv_zip_count(const cnv_zip *zip);
cnv_str cnv_zip_name(const cnv_zip *zip, uint32_t part); /* valid until the zip is closed */
uint32_t cnv_zip_find(const cnv_zip *zip, cnv_str name); /* CNV_NONE; case and the kind of slash do not matter */
/* Inflates a part and passes it on in pieces; a callback status other than CNV_OK ends it with that status.
 * CNV_REJECTED: the bytes differ from those packed, or there are too many. */
cnv_status cnv_zip_stream(cnv_zip *zip, uint32_t part, cnv_status (*piece)(void *self, cnv_str bytes), void *self);
const cnv_zip_fault *cnv_zip_why(const cnv_zip *zip); /* the fault of the part rejected last */
void cnv_zip_close(cnv_zip *zip);

/* A part's bytes, packed for a zip file. */
typedef struct cnv_zip_packed {
	cnv_text bytes;
	uint32_t crc;
} cnv_zip_packed;
cnv_status cnv_zip_pack(cnv_zip_packed *packed, cnv_str bytes); /* the caller frees `bytes` in every case */

#endif
