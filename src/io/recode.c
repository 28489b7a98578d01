/* Recodes the bytes of a returned file to UTF-8 piece by piece, for csv_read. */
#include "io/encoding.h"

#define ROOM ((size_t)64 << 10)

struct cnv_recoder {
	cnv_str source;
	const cnv_encoding *encoding;
	cnv_decoder *decoder; /* NULL: the bytes are already UTF-8 */
	cnv_csv *csv;
	cnv_diags *diags;
	size_t skip;   /* bytes of UTF-8 still to skip: byte order mark, a line that names the delimiter */
	uint32_t line; /* from 1, of the next text */
	bool after_cr;
	char *out;
};

cnv_recoder *cnv_recoder_new(cnv_str source, const cnv_dialect *dialect, cnv_csv *csv, cnv_diags *diags)
{
	cnv_recoder *recoder = cnv_mem_get(sizeof *recoder);

	if (!recoder)
		return NULL;
	*recoder = (cnv_recoder){ .source = source,
				  .encoding = dialect->encoding,
				  .csv = csv,
				  .diags = diags,
				  .skip = dialect->skip,
				  .line = 1 };
	if (dialect->plain)
		return recoder;
	recoder->decoder = cnv_decoder_new(dialect->encoding);
	recoder->out = cnv_mem_get(ROOM);
	if (recoder->decoder && recoder->out)
		return recoder;
	cnv_recoder_free(recoder);
	return NULL;
}

static cnv_status pass_on(cnv_recoder *recoder, cnv_str text)
{
	size_t skipped = text.len < recoder->skip ? text.len : recoder->skip;

	recoder->skip -= skipped;
	return cnv_csv_feed(recoder->csv, cnv_str_slice(text, skipped, text.len));
}

/* LF, CRLF and a lone CR each end a line, as in csv_read. */
static void count_lines(cnv_recoder *recoder, cnv_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		recoder->line += c == '\r' || (c == '\n' && !recoder->after_cr);
		recoder->after_cr = c == '\r';
	}
}

static cnv_status refuse(cnv_recoder *recoder, cnv_str bytes)
{
	static const char digits[] = "0123456789ABCDEF";
	cnv_place place = { .source = recoder->source, .row = recoder->line };
	char hex[12];
	size_t len = 0;

	for (size_t i = 0; i < bytes.len && i < 4; i++) {
		if (i)
			hex[len++] = ' ';
		hex[len++] = digits[(unsigned char)bytes.at[i] >> 4];
		hex[len++] = digits[(unsigned char)bytes.at[i] & 15];
	}
	if (len)
		cnv_diags_emit(
			recoder->diags,
			CNV_DIAG(.code = CNV_ENCODING_BYTES, .place = place,
				 .hint = CNV_STR(
					 "name the right encoding with --encoding, or save the file as CSV UTF-8")),
			"the bytes %.*s and what follows are not %s, the encoding of the file up to here", (int)len,
			hex, recoder->encoding->name);
	else
		cnv_diags_emit(recoder->diags,
			       CNV_DIAG(.code = CNV_ENCODING_BYTES, .place = place,
					.hint = CNV_STR("check that the file arrived whole")),
			       "the file ends in the middle of a character (%s)", recoder->encoding->name);
	return CNV_REJECTED;
}

cnv_status cnv_recoder_feed(cnv_recoder *recoder, cnv_str bytes)
{
	cnv_status status = CNV_OK;

	if (!recoder->decoder)
		return pass_on(recoder, bytes);
	while (bytes.len && !status) {
		size_t len;
		cnv_decoded how = cnv_decoder_feed(recoder->decoder, &bytes, recoder->out, ROOM, &len);

		count_lines(recoder, (cnv_str){ recoder->out, len });
		status = pass_on(recoder, (cnv_str){ recoder->out, len });
		if (!status && how == CNV_DECODE_BAD) {
			cnv_str cut = cnv_decoder_cut(recoder->decoder);

			status = refuse(recoder, cut.len ? cut : bytes);
		}
	}
	return status;
}

cnv_status cnv_recoder_end(cnv_recoder *recoder)
{
	cnv_status status = CNV_OK;

	if (recoder->decoder) {
		size_t len = 0;
		cnv_decoded how = cnv_decoder_end(recoder->decoder, recoder->out, ROOM, &len);

		status = pass_on(recoder, (cnv_str){ recoder->out, len });
		if (!status && how != CNV_DECODED)
			status = refuse(recoder, (cnv_str){ 0 });
	}
	return status ? status : cnv_csv_end(recoder->csv);
}

void cnv_recoder_free(cnv_recoder *recoder)
{
	if (!recoder)
		return;
	cnv_decoder_free(recoder->decoder);
	cnv_mem_free(recoder->out);
	cnv_mem_free(recoder);
}
