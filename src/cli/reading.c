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

/* Places are a sheet's: what waits from another is judged before it. */
static cnv_status on_sheet(void *self)
{
	taking_reader *reader = self;
	return reader->taking->intake->batch->tables[0].rows ? reader->full(reader->self) : CNV_OK;
}

static cnv_status read_workbook(taking_reader *reader, cnv_str bytes)
{
	taking *t = reader->taking;
	cnv_returned to = { .source = t->name,
		            .form = t->intake->form->form,
		            .gather = t->gather,
		            .arena = &t->arena,
		            .self = reader,
		            .record = on_record,
		            .next = on_sheet };
	return cnv_xlsx_returned(&to, bytes, reader->diags);
}

/* Workbooks are read as a whole, from memory. */
static cnv_status refuse_large(taking_reader *reader)
{
	cnv_diags_say(reader->diags, CNV_RETURN_TOO_LARGE, (cnv_place){ .source = reader->taking->name }, (cnv_str){ 0 },
	              (cnv_str){ 0 }, CNV_STR("take out pictures, or save its sheets as CSV, which may have any size"),
	              "the workbook is larger than 16 MiB");
	return CNV_REJECTED;
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
	bool first = true;
	cnv_status status = csv && piece ? CNV_OK : CNV_NO_MEMORY;

	while (!status && len) {
		status = cnv_file_read(file, piece, PIECE, &len, reader->diags);
		if (!status && first && cnv_xlsx_is((cnv_str){ piece, len }))
			status = refuse_large(reader);
		first = false;
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
