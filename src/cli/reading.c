/* Reading a return: a file's bytes become records in the gatherer.
 *
 *   workbook  its sheets
 *   text      dialect (encoding, delimiter) -> recoder -> csv_read
 *
 * A small file comes as bytes in memory, a large one in pieces.  Whoever asks says what happens when a window is
 * full. */
#include <string.h>

#include "taking.h"

/* The pieces a large file is read in. */
enum { PIECE = 1 << 18 };
/* What its dialect is judged by: its beginning, and lines from places further on. */
enum { SAMPLE = 1 << 20, FURTHER = 16, FURTHER_PIECE = 1 << 16 };

static void on_field(void *self, cnv_str field) { cnv_gather_field(((taking_reader *)self)->taking->gather, field); }

static cnv_status on_record(void *self, uint32_t line)
{
	taking_reader *reader = self;
	cnv_status status = cnv_gather_record(reader->taking->gather, line);

	if (!status && cnv_gather_full(reader->taking->gather))
		status = reader->full(reader->self);
	return status;
}

/* ---------------------------------------------------------------- the dialect */

/* The language of whoever the file is named for, or --respondent names. */
static cnv_str expected_language(const taking *t)
{
	const cnv_roster *roster = t->intake->roster;
	cnv_str code = t->intake->options->respondent.len ? t->intake->options->respondent : taking_stem(t->name);
	uint32_t at = roster ? cnv_map_find(&roster->by_code, code) : CNV_NONE;

	return at == CNV_NONE ? (cnv_str){ 0 } : roster->respondents[at].language;
}

static cnv_status find_dialect(taking_reader *reader, cnv_str name, cnv_str sample, size_t head, bool whole,
                               cnv_arena *arena, cnv_dialect *dialect)
{
	taking *t = reader->taking;
	cli_intake *in = t->intake;
	cnv_dialect_asked asked = { .source = name,
		                    .sample = sample,
		                    .head = head,
		                    .whole = whole,
		                    .form = in->form->form,
		                    .vocabulary = &in->vocabulary,
		                    .language = expected_language(t),
		                    .encoding = in->options->encoding,
		                    .delimiter = in->options->delimiter };
	cnv_status status = CNV_OK;

	if (!in->has_vocabulary)
		status = cnv_vocabulary_init(&in->vocabulary, in->form->form);
	in->has_vocabulary = true;
	if (!status)
		status = cnv_dialect_find(dialect, &asked, arena, reader->diags);
	/* A file may be looked into before it is read; UTF-8 with commas is nothing to be told. */
	cnv_text_reset(&t->reading);
	if (!status && !(dialect->plain && dialect->delimiter == ','))
		cnv_text_put(&t->reading, dialect->reading);
	return status;
}

/* The reader of a text in this dialect; both are the caller's. */
static cnv_status open_text(taking_reader *reader, cnv_str name, const cnv_dialect *dialect, const cnv_csv_sink *sink,
                            cnv_csv **csv, cnv_recoder **recoder)
{
	*csv = cnv_csv_new(name, dialect->delimiter, (cnv_csv_limits){ 0 }, sink, reader->diags);
	*recoder = *csv ? cnv_recoder_new(name, dialect, *csv, reader->diags) : NULL;
	return *recoder ? CNV_OK : CNV_NO_MEMORY;
}

/* ---------------------------------------------------------------- a file in memory */

static cnv_status read_text(taking_reader *reader, cnv_str name, cnv_str bytes)
{
	cnv_csv_sink sink = { .self = reader, .field = on_field, .record = on_record };
	cnv_csv *csv = NULL;
	cnv_recoder *recoder = NULL;
	cnv_arena arena = { 0 };
	cnv_dialect dialect;
	cnv_status status = find_dialect(reader, name, bytes, bytes.len, true, &arena, &dialect);

	if (!status)
		status = open_text(reader, name, &dialect, &sink, &csv, &recoder);
	if (!status)
		status = cnv_recoder_feed(recoder, bytes);
	if (!status)
		status = cnv_recoder_end(recoder);
	cnv_recoder_free(recoder);
	cnv_csv_free(csv);
	cnv_arena_fini(&arena);
	return status;
}

/* The files of entries that belong to it come first. */
static cnv_status read_companions(taking_reader *reader)
{
	taking *t = reader->taking;
	cnv_status status = CNV_OK;

	cnv_gather_map(t->gather, t->intake->map ? t->intake->map->map : NULL);
	for (uint32_t i = 0; i < t->companion_count && !status; i++) {
		const taking_companion *companion = &t->companions[i];

		status = cnv_gather_open(t->gather, CNV_HOLDS_ENTRIES, companion->table,
		                         (cnv_origin){ .source = companion->name });
		if (!status)
			status = read_text(reader, companion->name, companion->bytes);
	}
	if (!status && t->companion_count)
		status = cnv_gather_open(t->gather, CNV_HOLDS_RESPONSES, 0, (cnv_origin){ .source = t->name });
	return status;
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
		            .migration = t->intake->batch->migration,
		            .gather = t->gather,
		            .arena = &t->arena,
		            .reading = &t->reading,
		            .self = reader,
		            .record = on_record,
		            .next = on_sheet };
	return cnv_xlsx_returned(&to, bytes, reader->diags);
}

cnv_status taking_read_bytes(taking_reader *reader, cnv_str bytes)
{
	cnv_status status = read_companions(reader);

	if (status)
		return status;
	return cnv_xlsx_is(bytes) ? read_workbook(reader, bytes) : read_text(reader, reader->taking->name, bytes);
}

/* ---------------------------------------------------------------- a large file */

/* The whole lines of a piece: what stands before its first line end, unless it begins the file, and after its last
 * belong to lines that are cut. */
static size_t keep_lines(char *at, size_t len, bool first)
{
	size_t from = 0, upto = len;

	while (!first && from < len && at[from++] != '\n')
		;
	while (upto > from && at[upto - 1] != '\n')
		upto--;
	if (upto == from)
		return first ? len : 0;
	memmove(at, at + from, upto - from);
	return upto - from;
}

static cnv_status take_sample(taking_reader *reader, cnv_file *file, char *sample, size_t *len, size_t *head)
{
	uint64_t size = cnv_file_size(file);
	cnv_status status = cnv_file_peek(file, 0, sample, SAMPLE, len, reader->diags);

	*len = *head = keep_lines(sample, *len, true);
	for (uint64_t i = 1; i <= FURTHER && !status; i++) {
		uint64_t at = SAMPLE + (size - SAMPLE - FURTHER_PIECE) / FURTHER * i;
		size_t more = 0;

		status = cnv_file_peek(file, at, sample + *len, FURTHER_PIECE, &more, reader->diags);
		if (!status)
			*len += keep_lines(sample + *len, more, false);
	}
	return status;
}

/* Workbooks are read as a whole, from memory. */
static cnv_status refuse_large(taking_reader *reader)
{
	cnv_place place = { .source = reader->taking->name };

	cnv_diags_say(reader->diags, CNV_RETURN_TOO_LARGE, place, (cnv_str){ 0 }, (cnv_str){ 0 },
	              CNV_STR("take out pictures, or save its sheets as CSV, which may have any size"),
	              "the workbook is larger than 16 MiB");
	return CNV_REJECTED;
}

static cnv_status sample_dialect(taking_reader *reader, cnv_file *file, cnv_arena *arena, cnv_dialect *dialect)
{
	char *sample = cnv_mem_get(SAMPLE + FURTHER * FURTHER_PIECE);
	size_t len = 0, head = 0;
	cnv_status status = sample ? take_sample(reader, file, sample, &len, &head) : CNV_NO_MEMORY;

	if (!status && cnv_xlsx_is((cnv_str){ sample, len }))
		status = refuse_large(reader);
	if (!status)
		status = find_dialect(reader, reader->taking->name, (cnv_str){ sample, len }, head, false, arena,
		                      dialect);
	cnv_mem_free(sample);
	return status;
}

cnv_status taking_read_file(taking_reader *reader, cnv_file *file)
{
	cnv_csv_sink sink = { .self = reader, .field = on_field, .record = on_record };
	cnv_csv *csv = NULL;
	cnv_recoder *recoder = NULL;
	cnv_arena arena = { 0 };
	cnv_dialect dialect;
	char *piece = cnv_mem_get(PIECE);
	size_t len = 1;
	cnv_status status = piece ? read_companions(reader) : CNV_NO_MEMORY;

	if (!status)
		status = sample_dialect(reader, file, &arena, &dialect);
	if (!status)
		status = open_text(reader, reader->taking->name, &dialect, &sink, &csv, &recoder);
	while (!status && len) {
		status = cnv_file_read(file, piece, PIECE, &len, reader->diags);
		if (!status && len)
			status = cnv_recoder_feed(recoder, (cnv_str){ piece, len });
		reader->progress(reader->self, len);
	}
	if (!status)
		status = cnv_recoder_end(recoder);
	cnv_recoder_free(recoder);
	cnv_csv_free(csv);
	cnv_arena_fini(&arena);
	cnv_mem_free(piece);
	return status;
}
