/* zip_write: zip files out.
 *
 * Every part is packed and has the same date, so that the same parts make the same bytes. */
#include "io/zip.h"

/* The first day that a zip file can have, 1 January 1980. */
#define DAY 0x21u
#define VERSION 20u /* 2.0: packed parts */
#define UTF8 0x800u /* names are UTF-8 */
#define DEFLATED 8u
#define PARTS_MOST 65535u

static void put16(cnv_text *out, uint32_t number)
{
	cnv_text_put_char(out, (char)(number & 0xFF));
	cnv_text_put_char(out, (char)(number >> 8 & 0xFF));
}

static void put32(cnv_text *out, uint32_t number)
{
	put16(out, number & 0xFFFF);
	put16(out, number >> 16);
}

/* What the header of a part and its entry of the list have in common. */
static void put_about(cnv_text *out, cnv_str name, const cnv_zip_packed *packed, size_t len)
{
	put16(out, VERSION);
	put16(out, UTF8);
	put16(out, DEFLATED);
	put16(out, 0); /* midnight */
	put16(out, DAY);
	put32(out, packed->crc);
	put32(out, (uint32_t)packed->bytes.len);
	put32(out, (uint32_t)len);
	put16(out, (uint32_t)name.len);
	put16(out, 0); /* no extra field */
}

cnv_status cnv_zip_put(cnv_zip_out *zip, cnv_str name, cnv_str bytes)
{
	cnv_zip_packed packed = { 0 };
	cnv_status status = cnv_zip_pack(&packed, bytes);
	uint32_t offset = (uint32_t)zip->bytes.len;

	if (!status && (zip->count == PARTS_MOST || zip->bytes.len + packed.bytes.len > UINT32_MAX / 2))
		status = CNV_REJECTED;
	if (status)
		goto out;
	put32(&zip->bytes, 0x04034B50);
	put_about(&zip->bytes, name, &packed, bytes.len);
	cnv_text_put(&zip->bytes, name);
	cnv_text_put(&zip->bytes, cnv_text_str(&packed.bytes));
	put32(&zip->list, 0x02014B50);
	put16(&zip->list, VERSION);
	put_about(&zip->list, name, &packed, bytes.len);
	put16(&zip->list, 0); /* no comment */
	put16(&zip->list, 0); /* on the first disk */
	put16(&zip->list, 0);
	put32(&zip->list, 0);
	put32(&zip->list, offset);
	cnv_text_put(&zip->list, name);
	zip->count++;
	if (zip->bytes.failed || zip->list.failed)
		status = CNV_NO_MEMORY;
out:
	cnv_text_fini(&packed.bytes);
	return status;
}

cnv_status cnv_zip_finish(cnv_zip_out *zip, cnv_str *bytes)
{
	uint32_t offset = (uint32_t)zip->bytes.len, len = (uint32_t)zip->list.len;

	cnv_text_put(&zip->bytes, cnv_text_str(&zip->list));
	put32(&zip->bytes, 0x06054B50);
	put16(&zip->bytes, 0);
	put16(&zip->bytes, 0);
	put16(&zip->bytes, zip->count);
	put16(&zip->bytes, zip->count);
	put32(&zip->bytes, len);
	put32(&zip->bytes, offset);
	put16(&zip->bytes, 0);
	*bytes = cnv_text_str(&zip->bytes);
	return zip->bytes.failed || zip->list.failed ? CNV_NO_MEMORY : CNV_OK;
}

void cnv_zip_out_fini(cnv_zip_out *zip)
{
	cnv_text_fini(&zip->bytes);
	cnv_text_fini(&zip->list);
}
