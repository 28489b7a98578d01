/* Bytes of a return -> dialect -> records -> windows.
 *
 *   text      pieces -> recoder (encoding, delimiter) -> csv_read -> gather
 *   workbook  its sheets -> gather
 *
 * Files of all sizes use this path.  With a thread of its own, parsing is one window ahead of judging: two batches
 * swap their contents, and diagnostics of parsing wait in a list until the judging thread emits them.  The outcome
 * is the same with and without a thread. */
#include "round/stream.h"
#include "round/cover.h"

#include <pthread.h>
#include <string.h>

/* The sample that decides the dialect of a file not held in memory: its beginning, and lines from positions further
 * on. */
enum { SAMPLE = 1 << 20, FURTHER = 16, FURTHER_PIECE = 1 << 16 };

typedef struct reader {
	stream *stream;
	cnv_diags diags;                      /* of reading and gathering */
	cnv_status (*full)(struct reader *r); /* the gatherer's window is full */
	/* of the current pass: copies of the fields of `stream`, in the reading thread */
	uint64_t bytes, cells;
	cover cover;
	cnv_mangled *mangled; /* of text; a workbook's reader detects its own */
	/* with threads: */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* under the lock: */
	bool waiting; /* a window waits in the slot, or is being judged */
	bool stop;    /* the judge needs no more windows */
	bool done;    /* no more windows come; `status` is final */
	cnv_status status;
	cnv_diag *said; /* not yet emitted */
	uint32_t said_count, said_room;
	cnv_arena texts; /* of `said` */
} reader;

/* The state so far, for the consumer of the window. */
static void note_state(reader *r)
{
	stream *s = r->stream;

	s->claims = *cnv_gather_claims(s->gather);
	s->layout = cnv_gather_layout(s->gather);
	s->tool = cnv_gather_tool(s->gather);
	s->bytes = r->bytes;
}

/* ---------------------------------------------------------------- the dialect */

/* The whole lines of a piece: bytes before its first line end (unless it begins the file) and after its last one
 * belong to incomplete lines. */
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

/* Lines from positions spread over the file. */
static cnv_status sample_places(reader *r, source *from, char *sample, size_t *len)
{
	cnv_status status = CNV_OK;

	for (uint64_t i = 1; i <= FURTHER && !status; i++) {
		uint64_t at = SAMPLE + (from->size - SAMPLE - FURTHER_PIECE) / FURTHER * i;
		size_t more = 0;

		status = source_peek(from, at, sample + *len, FURTHER_PIECE, &more, &r->diags);
		if (!status)
			*len += keep_lines(sample + *len, more, false);
	}
	return status;
}

static bool is_ascii(cnv_str text)
{
	return cnv_str_beyond_ascii(text, 0) == text.len;
}

/* Adds the non-ASCII lines of a piece, as far as there is room. */
static void add_odd_lines(cnv_str piece, char *sample, size_t *len, size_t room)
{
	while (piece.len) {
		const char *end = memchr(piece.at, '\n', piece.len);
		size_t upto = end ? (size_t)(end - piece.at) + 1 : piece.len;

		if (!is_ascii(cnv_str_slice(piece, 0, upto)) && upto <= room - *len) {
			memcpy(sample + *len, piece.at, upto);
			*len += upto;
		}
		piece = cnv_str_slice(piece, upto, piece.len);
	}
}

/* All non-ASCII lines, as far as there is room. */
static cnv_status sample_odd_lines(reader *r, source *from, char *sample, size_t *len)
{
	char *piece = cnv_mem_get(FURTHER_PIECE);
	size_t most = *len + (size_t)FURTHER * FURTHER_PIECE, got = 1;
	cnv_status status = piece ? CNV_OK : CNV_NO_MEMORY;

	for (uint64_t at = *len; !status && got && *len < most; at += got) {
		status = source_peek(from, at, piece, FURTHER_PIECE, &got, &r->diags);
		/* An incomplete line comes with the next piece, unless it is longer than a piece. */
		if (!status && got)
			got = keep_lines(piece, got, true);
		add_odd_lines((cnv_str){ piece, got }, sample, len, most);
	}
	cnv_mem_free(piece);
	return status;
}

/* The caller frees the sample.  *head: the number of its bytes that begin the file. */
static cnv_status take_sample(reader *r, source *from, char **sample, size_t *len, size_t *head)
{
	cnv_status status;

	*sample = cnv_mem_get(SAMPLE + (size_t)FURTHER * FURTHER_PIECE);
	if (!*sample)
		return CNV_NO_MEMORY;
	status = source_peek(from, 0, *sample, SAMPLE, len, &r->diags);
	*len = *head = keep_lines(*sample, *len, true);
	if (status)
		return status;
	return r->stream->odd ? sample_odd_lines(r, from, *sample, len) : sample_places(r, from, *sample, len);
}

static cnv_status find_dialect(reader *r, source *from, cnv_arena *arena, cnv_dialect *dialect)
{
	const stream *s = r->stream;
	cnv_dialect_asked asked = { .source = from->name,
				    .sample = from->bytes,
				    .head = from->bytes.len,
				    .whole = true,
				    .form = s->form,
				    .vocabulary = s->vocabulary,
				    .language = s->language,
				    .encoding = s->encoding,
				    .delimiter = s->delimiter };
	char *sample = NULL;
	size_t len = 0;
	cnv_status status = CNV_OK;

	if (!from->held) {
		status = take_sample(r, from, &sample, &len, &asked.head);
		asked.sample = (cnv_str){ sample, len };
		asked.whole = false;
	}
	if (!status)
		status = cnv_dialect_find(dialect, &asked, arena, &r->diags);
	cnv_mem_free(sample);
	return status;
}

/* ---------------------------------------------------------------- records */

static cnv_str main_name(const stream *s)
{
	return s->parts[s->part_count - 1].source->name;
}

__attribute__((noinline)) static void on_odd_field(reader *r, cnv_str field)
{
	r->cells += !cnv_is_blank(field);
	cnv_gather_field(r->stream->gather, field);
}

/* Most cells are empty or begin with a visible ASCII character: no register has to be saved for these. */
static void on_field(void *self, cnv_str field)
{
	reader *r = self;

	if (field.len && (field.at[0] <= ' ' || field.at[0] > '~')) {
		on_odd_field(r, field);
		return;
	}
	r->cells += field.len > 0;
	cnv_gather_field(r->stream->gather, field);
}

/* The cells of one column are contiguous: usually one check finds all of them ASCII. */
static void look_at_column(reader *r, uint32_t table, uint32_t at)
{
	const cnv_batch *batch = r->stream->batch;
	const cnv_table *rows = &batch->tables[table];
	const cnv_column *column = &rows->columns[at];
	cnv_str text = { column->text.at, rows->rows ? column->ends[rows->rows - 1] : 0 };
	uint32_t row = 0;

	for (size_t odd = 0; (odd = cnv_str_beyond_ascii(text, odd)) < text.len; odd = column->ends[row]) {
		while (column->ends[row] <= odd)
			row++;
		cnv_mangled_look(
			r->mangled, cnv_column_text(column, row),
			cnv_batch_place(batch, table, at, row, cnv_row_line(rows, column, row), main_name(r->stream)));
	}
}

/* Characters that were damaged before the return arrived, in the window that is full. */
static void look_at_window(reader *r)
{
	const cnv_batch *batch = r->stream->batch;

	for (uint32_t table = 0; table < batch->table_count; table++)
		for (uint32_t at = 0; at < batch->tables[table].count; at++)
			look_at_column(r, table, at);
	for (uint32_t i = 0; i < batch->remark_count; i++) {
		const cnv_remark *remark = &batch->remarks[i];
		cnv_mangled_look(r->mangled, remark->text,
				 cnv_batch_place(batch, remark->table, CNV_NONE, remark->row, remark->line,
						 main_name(r->stream)));
	}
}

static cnv_status hand_over(reader *r)
{
	if (r->mangled)
		look_at_window(r);
	cnv_gather_count(r->stream->gather);
	return r->full(r);
}

static cnv_status on_record(void *self, uint32_t line)
{
	reader *r = self;
	cnv_status status = cnv_gather_record(r->stream->gather, line);

	return !status && cnv_gather_full(r->stream->gather) ? hand_over(r) : status;
}

static cnv_status feed(reader *r, source *from, cnv_recoder *recoder)
{
	cnv_str piece = { "", 1 };
	cnv_status status = CNV_OK;

	while (!status && piece.len) {
		status = source_next(from, &piece, &r->diags);
		r->bytes += piece.len;
		if (!status && piece.len)
			status = cnv_recoder_feed(recoder, piece);
	}
	return status ? status : cnv_recoder_end(recoder);
}

static cnv_status read_text(reader *r, source *from, const stream_part *part)
{
	const cnv_csv_sink answers = { .self = r, .field = on_field, .record = on_record };
	const cnv_csv_sink unread_cells = { .self = &r->cover, .field = cover_field, .record = cover_record };
	bool unread = part->sheet == SHEET_COVER, responses = part->table == CNV_NONE && part->sheet <= SHEET_FIRST;
	cnv_csv *csv = NULL;
	cnv_recoder *recoder = NULL;
	cnv_arena arena = { 0 };
	cnv_dialect dialect;
	cnv_status status = find_dialect(r, from, &arena, &dialect);

	/* UTF-8 with commas is the default and not mentioned. */
	if (!status && responses && !(dialect.plain && dialect.delimiter == ','))
		cnv_text_put(&r->stream->reading, dialect.reading);
	if (!status) {
		csv = cnv_csv_new(from->name, dialect.delimiter, (cnv_csv_limits){ 0 },
				  unread ? &unread_cells : &answers, &r->diags);
		recoder = csv ? cnv_recoder_new(from->name, &dialect, csv, &r->diags) : NULL;
		if (!r->mangled)
			r->mangled = cnv_mangled_new();
		status = recoder && r->mangled ? feed(r, from, recoder) : CNV_NO_MEMORY;
	}
	if (!status && unread)
		status = cover_end(&r->cover, r->stream->gather, from->name, &r->diags);
	cover_fini(&r->cover);
	cnv_recoder_free(recoder);
	cnv_csv_free(csv);
	cnv_arena_fini(&arena);
	return status;
}

/* Locations refer to a sheet: rows waiting from another one are handed over first. */
static cnv_status on_sheet(void *self)
{
	reader *r = self;
	return r->stream->batch->tables[0].rows ? hand_over(r) : CNV_OK;
}

static cnv_status read_workbook(reader *r, source *from)
{
	stream *s = r->stream;
	cnv_returned to = { .source = from->name,
			    .form = s->form,
			    .migration = s->batch->migration,
			    .gather = s->gather,
			    .arena = &s->arena,
			    .reading = &s->reading,
			    .self = r,
			    .record = on_record,
			    .next = on_sheet };
	cnv_status status = source_hold(from, CNV_XLSX_ALL, &r->diags);

	r->bytes += from->size;
	return status ? status : cnv_xlsx_returned(&to, from->bytes, &r->diags);
}

static cnv_status is_workbook(reader *r, source *from, bool *is)
{
	char head[64];
	size_t len = 0;
	cnv_status status = source_peek(from, 0, head, sizeof head, &len, &r->diags);

	*is = !status && cnv_xlsx_is((cnv_str){ head, len });
	return status;
}

static cnv_status read_part(reader *r, const stream_part *part)
{
	bool entries = part->table != CNV_NONE, workbook = false;
	cnv_status status = CNV_OK;

	if (r->stream->part_count > 1 && part->sheet != SHEET_COVER)
		status = cnv_gather_open(r->stream->gather, entries ? CNV_HOLDS_ENTRIES : CNV_HOLDS_RESPONSES,
					 entries ? part->table : 0, (cnv_origin){ .source = part->source->name });
	if (!status && r->stream->part_count > 1 && part->sheet != SHEET_NONE && part->sheet != SHEET_COVER)
		cnv_gather_titled(r->stream->gather);
	if (!status)
		status = is_workbook(r, part->source, &workbook);
	if (status)
		return status;
	return workbook ? read_workbook(r, part->source) : read_text(r, part->source, part);
}

/* All parts, and the rows left in the window at the end. */
static cnv_status read_parts(reader *r)
{
	stream *s = r->stream;
	size_t shortages = cnv_mem_shortages();
	cnv_status status = CNV_OK;

	for (uint32_t i = 0; i < s->part_count && !status; i++)
		status = read_part(r, &s->parts[i]);
	if (!status)
		status = cnv_gather_end(s->gather);
	if (!status && s->batch->tables[0].rows)
		status = hand_over(r);
	s->account = *cnv_gather_account(s->gather);
	s->account.cells += r->cells + r->cover.cells;
	if (!status && r->mangled)
		status = cnv_mangled_say(r->mangled, &r->diags);
	cnv_mangled_free(r->mangled);
	r->mangled = NULL;
	/* What was lost here may look like a defect of the file. */
	if ((!status || status == CNV_REJECTED) && (s->batch->failed || cnv_mem_shortages() != shortages))
		status = CNV_NO_MEMORY;
	return status;
}

/* ---------------------------------------------------------------- in the caller's thread */

static void hear(reader *r, const cnv_diag *diag)
{
	stream *s = r->stream;

	s->misread |= diag->code == CNV_NOT_UTF8 && !s->encoding && !s->odd;
	s->hear(s->self, diag);
}

static void on_said_here(void *self, const cnv_diag *diag)
{
	hear(self, diag);
}

static cnv_status hand_over_here(reader *r)
{
	note_state(r);
	return r->stream->window(r->stream->self, r->stream->batch);
}

/* ---------------------------------------------------------------- in a separate thread */

/* Kept for the other thread to emit. */
static void on_said_there(void *self, const cnv_diag *diag)
{
	reader *r = self;

	pthread_mutex_lock(&r->lock);
	if (cnv_mem_room((void **)&r->said, &r->said_room, r->said_count + 1, sizeof *r->said))
		r->said[r->said_count++] = cnv_diag_copy(&r->texts, diag);
	else
		r->texts.failed = true;
	pthread_mutex_unlock(&r->lock);
}

/* Call with the lock held: emits the diagnostics of reading in their order; none of a pass that has ended. */
static cnv_status tell_said(reader *r, bool ended)
{
	bool failed = r->texts.failed;

	for (uint32_t i = 0; i < r->said_count && !ended; i++)
		hear(r, &r->said[i]);
	r->said_count = 0;
	cnv_arena_reset(&r->texts);
	return failed ? CNV_NO_MEMORY : CNV_OK;
}

/* Hands the gathered window over as soon as the previous one is released. */
static cnv_status hand_over_there(reader *r)
{
	stream *s = r->stream;
	cnv_status status = CNV_OK;

	pthread_mutex_lock(&r->lock);
	while (r->waiting && !r->stop)
		pthread_cond_wait(&r->changed, &r->lock);
	if (r->stop) {
		status = CNV_STOPPED;
	} else {
		cnv_batch_swap(s->batch, s->slot);
		note_state(r);
		r->waiting = true;
		pthread_cond_broadcast(&r->changed);
	}
	pthread_mutex_unlock(&r->lock);
	return status;
}

static void *read_there(void *self)
{
	reader *r = self;
	cnv_status status = read_parts(r);

	pthread_mutex_lock(&r->lock);
	while (r->waiting && !r->stop) /* the state is not changed while a window is judged by it */
		pthread_cond_wait(&r->changed, &r->lock);
	note_state(r);
	r->done = true;
	r->status = status;
	pthread_cond_broadcast(&r->changed);
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

/* Takes windows one after the other as they arrive. */
static cnv_status take_windows(reader *r)
{
	stream *s = r->stream;
	cnv_status status = CNV_OK, told;

	pthread_mutex_lock(&r->lock);
	for (;;) {
		while (!r->waiting && !r->done)
			pthread_cond_wait(&r->changed, &r->lock);
		told = tell_said(r, status != CNV_OK);
		status = status ? status : told;
		if (!r->waiting)
			break;
		pthread_mutex_unlock(&r->lock);
		if (!status)
			status = s->window(s->self, s->slot);
		pthread_mutex_lock(&r->lock);
		r->waiting = false;
		r->stop |= status != CNV_OK;
		pthread_cond_broadcast(&r->changed);
	}
	if (!status)
		status = r->status;
	pthread_mutex_unlock(&r->lock);
	return status;
}

static cnv_status run_apart(reader *r, bool *begun)
{
	cnv_status status;

	r->full = hand_over_there;
	r->diags.emit = on_said_there;
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->changed, NULL);
	*begun = !pthread_create(&r->thread, NULL, read_there, r);
	status = *begun ? take_windows(r) : CNV_OK;
	if (*begun)
		pthread_join(r->thread, NULL);
	pthread_cond_destroy(&r->changed);
	pthread_mutex_destroy(&r->lock);
	cnv_mem_free(r->said);
	cnv_arena_fini(&r->texts);
	return status;
}

/* ---------------------------------------------------------------- one pass */

cnv_status stream_run(stream *s)
{
	reader r = { .stream = s, .diags = { .emit = on_said_here, .self = &r }, .full = hand_over_here };
	bool begun = false;
	cnv_status status = CNV_OK;

	cnv_text_reset(&s->reading);
	s->bytes = 0;
	s->misread = false;
	s->gather = cnv_gather_new(s->form, s->batch, main_name(s), &r.diags);
	if (!s->gather)
		return CNV_NO_MEMORY;
	cnv_gather_map(s->gather, s->map);
	cnv_gather_links(s->gather, cnv_pack_link);
	if (s->peek)
		cnv_gather_peek(s->gather);
	if (s->threads)
		status = run_apart(&r, &begun);
	/* If no thread can be created, one is enough. */
	if (!begun) {
		r.full = hand_over_here;
		r.diags.emit = on_said_here;
		status = read_parts(&r);
		note_state(&r);
	}
	return status;
}

void stream_fini(stream *s)
{
	cnv_gather_free(s->gather);
	s->gather = NULL;
	cnv_text_fini(&s->reading);
	cnv_arena_fini(&s->arena);
}
