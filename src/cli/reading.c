/* Reading a return: a file's bytes become records in the gatherer.
 *
 *   workbook  its sheets
 *   text      csv_read
 *
 * A small file comes as bytes in memory, a large one in pieces.  Whoever asks says what happens when a window is full. */
#include "taking.h"

/* The pieces a large file is read in. */
enum { PIECE = 1 << 18 };

static void on_field(void *self, cnv_str field) { cnv_gather_field(((taking_reader *)self)->taking->gather, field); }

static cnv_status on_record(void *self, uint32_t line)
{
	taking_reader *reader = self;
	cnv_status status = cnv_gather_record(reader->taking->gather, line);

	if (!status && cnv_gather_full(reader->taking->gather))
		status = reader->full(reader->self);
	return status;
}

static cnv_status read_text(taking_reader *reader, cnv_str bytes)
{
	cnv_csv_sink sink = { .self = reader, .field = on_field, .record = on_record };
	return cnv_csv_read(reader->taking->name, bytes, 0, (cnv_csv_limits){ 0 }, &sink, reader->diags);
}

static cnv_status read_workbook(taking_reader *reader, cnv_str bytes)
{
	/* csv_read knows what kind of file it is, and refuses it by its name. */
	return read_text(reader, bytes);
}

cnv_status taking_read_bytes(taking_reader *reader, cnv_str bytes)
{
	return cnv_xlsx_is(bytes) ? read_workbook(reader, bytes) : read_text(reader, bytes);
}

cnv_status taking_read_file(taking_reader *reader, cnv_file *file)
{
	cnv_csv_sink sink = { .self = reader, .field = on_field, .record = on_record };
	cnv_csv *csv = cnv_csv_new(reader->taking->name, 0, (cnv_csv_limits){ 0 }, &sink, reader->diags);
	char *piece = cnv_mem_get(PIECE);
	size_t len = 1;
	cnv_status status = csv && piece ? CNV_OK : CNV_NO_MEMORY;

	while (!status && len) {
		status = cnv_file_read(file, piece, PIECE, &len, reader->diags);
		if (!status && len)
			status = cnv_csv_feed(csv, (cnv_str){ piece, len });
		reader->progress(reader->self, len);
	}
	if (!status)
		status = cnv_csv_end(csv);
	cnv_csv_free(csv);
	cnv_mem_free(piece);
	return status;
}
