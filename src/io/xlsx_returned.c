/* Reads a returned workbook: its sheets become the tables of one return.
 *
 * People add titles, move columns, write next to the answers and hide columns.  The workbook is therefore read
 * several times, each time from memory: for the hidden sheet of a workbook made by canvass, for the header row of
 * each sheet, for the entries of repeats, and last for the responses that own them.  Unread cells are reported by
 * area, so that no text is lost silently. */
#include "io/returned.h"

#include <string.h>

#define HEAD_ROWS 40u       /* rows with cells that are searched for the header */
#define FIRST_ROWS 4u       /* of those the most likely: these rows of every sheet are compared with the form, */
#define FIRST_TRIES 1000u   /* up to this many per workbook, */
#define TRIES 400u          /* and up to this many of the other rows; */
#define TRIED 100000u       /* limit on cells compared, for each of the two groups */
#define HEADING_LIMIT 4096u /* bytes of a heading; a longer cell is not a heading */
#define CLAIMS 200000u      /* lines of the hidden sheet, one for each prefilled answer */
#define COMMENTS 20000u     /* of a workbook */
#define FIELDS ((uint64_t)64 << 20) /* rows times columns of all tables: about a second */
#define KEPT ((size_t)64 << 20)     /* bytes of long tables and tables of entries, which are read to the end first */

static cnv_status refuse(reader *r, cnv_code code, cnv_place place, const char *hint, const char *message)
{
	cnv_diags_emit(r->diags, CNV_DIAG(.code = (uint16_t)code, .place = place, .hint = cnv_str_from(hint)), "%s",
		       message);
	return CNV_REJECTED;
}

/* ---------------------------------------------------------------- a row */

static void begin_row(returned_row *row, uint32_t number)
{
	row->number = number;
	row->count = 0;
	row->hidden = false;
	cnv_text_reset(&row->text);
}

static bool put_cell(returned_row *row, uint32_t column, cnv_str text)
{
	void *cells = row->cells;

	if (!cnv_mem_room(&cells, &row->room, row->count + 1, sizeof *row->cells))
		return false;
	row->cells = cells;
	row->cells[row->count++] = (returned_cell){ .column = column, .from = row->text.len, .len = text.len };
	cnv_text_put(&row->text, text);
	return !row->text.failed;
}

static cnv_str cell_text(const returned_row *row, uint32_t at)
{
	const returned_cell *cell = &row->cells[at];

	return (cnv_str){ row->text.at + cell->from, cell->len };
}

static void drop_row(returned_row *row)
{
	cnv_text_fini(&row->text);
	cnv_mem_free(row->cells);
}

/* ---------------------------------------------------------------- canvass's own data about the workbook */

/* A workbook made by canvass has a very hidden sheet of this name, whose first cell is this word and a number. */
#define OWN_SHEET CNV_STR("canvass")
#define OWN_MARK CNV_STR("canvass.pack/")

static bool want_claims(void *self, const cnv_xlsx_sheet *sheet)
{
	reader *r = self;

	if (!sheet->hidden || !cnv_str_equal(sheet->name, OWN_SHEET))
		return false;
	r->own_tab = sheet->tab;
	begin_row(&r->row, 0);
	return true;
}

/* An earlier answer that is not filled in. */
static bool keep_gone(reader *r, cnv_str path, cnv_str text)
{
	cnv_arena *arena = r->to->arena;

	cnv_gather_unfilled(r->to->gather, path);
	if (!cnv_arena_grow(arena, (void **)&r->gone, r->gone_count, &r->gone_room, sizeof *r->gone))
		return false;
	r->gone[r->gone_count++] =
		(returned_gone){ .path = cnv_arena_copy(arena, path), .text = cnv_arena_copy(arena, text) };
	return !arena->failed;
}

/* One line: a key in column A, a value in column B; of a prefilled answer its path, and in column C the answer. */
static cnv_status end_claim(reader *r)
{
	returned_row *row = &r->row;
	cnv_str key = { 0 }, value = { 0 }, answer = { 0 };
	cnv_place place = { .source = r->to->source, .sheet = OWN_SHEET, .tab = r->own_tab, .row = row->number };

	for (uint32_t i = 0; i < row->count; i++) {
		if (row->cells[i].column == 1)
			key = cnv_str_trim_unicode(cell_text(row, i));
		else if (row->cells[i].column == 2)
			value = cnv_str_trim_unicode(cell_text(row, i));
		else if (row->cells[i].column == 3)
			answer = cell_text(row, i);
	}
	place.column = 2;
	if (row->number == 1)
		r->pack = cnv_str_starts(key, OWN_MARK);
	else if (r->pack && cnv_str_equal(key, CNV_STR("sheet")))
		cnv_map_put(&r->own, cnv_arena_copy(r->to->arena, value), 0);
	else if (r->pack && cnv_str_equal(key, CNV_STR("name")))
		r->name = cnv_arena_copy(r->to->arena, value);
	else if (r->pack && cnv_str_equal(key, CNV_STR("due")))
		r->due = cnv_arena_copy(r->to->arena, value);
	else if (r->pack && cnv_str_equal(key, CNV_STR("confirm")))
		r->confirm = true;
	else if (r->pack && cnv_str_equal(key, CNV_STR("prefilled")))
		cnv_gather_prefilled(r->to->gather, value, answer);
	else if (r->pack && cnv_str_equal(key, CNV_STR("not_filled_in")))
		return keep_gone(r, value, answer) ? CNV_OK : CNV_NO_MEMORY;
	else if (r->pack && key.len)
		cnv_gather_claim(r->to->gather, key, value, place);
	return r->own.failed || r->to->arena->failed ? CNV_NO_MEMORY : CNV_OK;
}

/* Lines of earlier answers have three columns. */
static bool is_earlier(const reader *r)
{
	cnv_str key = r->row.count ? cnv_str_trim_unicode(cell_text(&r->row, 0)) : (cnv_str){ 0 };

	return cnv_str_equal(key, CNV_STR("prefilled")) || cnv_str_equal(key, CNV_STR("not_filled_in"));
}

static cnv_status take_claim(void *self, uint32_t row, uint32_t column, cnv_str text, cnv_xlsx_kind kind)
{
	reader *r = self;
	cnv_status status = CNV_OK;

	(void)kind;
	if (row != r->row.number) {
		if (r->row.number)
			status = end_claim(r);
		begin_row(&r->row, row);
	}
	if (cnv_is_blank(text))
		return status;
	cnv_returned_count(r, 1);
	if (row > CLAIMS || column > (is_earlier(r) ? 3u : 2u)) {
		cnv_returned_stray(r, row, column, text);
		return status;
	}
	cnv_returned_class(r, CNV_AS_IDENTITY, 1);
	return status == CNV_OK && !put_cell(&r->row, column, text) ? CNV_NO_MEMORY : status;
}

static cnv_status end_claims(void *self)
{
	reader *r = self;
	cnv_status status = r->row.number ? end_claim(r) : CNV_OK;

	begin_row(&r->row, 0);
	return status;
}

/* ---------------------------------------------------------------- the header row */

static bool want_headings(void *self, const cnv_xlsx_sheet *sheet)
{
	reader *r = self;
	void *tables = r->tables;
	returned_table *table;

	if (!cnv_mem_room(&tables, &r->table_room, sheet->tab, sizeof *r->tables)) {
		r->failed = true;
		return false;
	}
	r->tables = tables;
	while (r->table_count < sheet->tab)
		r->tables[r->table_count++] = (returned_table){ 0 };
	table = r->table = &r->tables[sheet->tab - 1];
	table->origin.sheet = cnv_arena_copy(r->to->arena, sheet->name);
	table->origin.tab = sheet->tab;
	table->hidden = sheet->hidden;
	table->ours = sheet->tab == r->own_tab && r->pack;
	table->question = table->answer = table->note = CNV_NONE;
	table->from_comment = r->comment_count;
	r->head_rows = r->hidden_row = 0;
	begin_row(&r->row, 0);
	begin_row(&r->best, 0);
	r->on = printed_find(&r->printed, table->origin.sheet);
	return !table->ours && !r->to->arena->failed;
}

static uint32_t find_word(const returned_row *row, const char *word, bool exactly)
{
	for (uint32_t i = 0; i < row->count; i++) {
		cnv_str text = cnv_str_trim_unicode(cell_text(row, i));

		if (exactly ? cnv_str_equal(text, cnv_str_from(word)) : cnv_str_is_word(text, word))
			return i;
	}
	return CNV_NONE;
}

/* What the cells of a row name, if they are questions of the form. */
static cnv_recognised weigh(reader *r, const returned_row *row)
{
	cnv_recognised nothing = { .holds = CNV_HOLDS_NOTHING }, weighed;
	bool first = r->head_rows <= FIRST_ROWS;
	cnv_str *headings;

	r->tried[first] += row->count;
	if (r->tries[first]++ >= (first ? FIRST_TRIES : TRIES) || r->tried[first] > TRIED)
		return nothing;
	cnv_arena_reset(&r->scratch);
	headings = cnv_arena_array(&r->scratch, row->count, sizeof *headings);
	if (!headings) {
		r->failed = true;
		return nothing;
	}
	for (uint32_t i = 0; i < row->count; i++)
		headings[i] = cnv_str_trim_unicode(cell_text(row, i));
	weighed = cnv_gather_classify(r->to->form, r->to->migration, r->table->origin.sheet, headings, row->count);
	/* A single word that matches a question name does not make a table of entries. */
	return weighed.holds == CNV_HOLDS_ENTRIES && !weighed.linked && weighed.known < weighed.unknown ? nothing
													: weighed;
}

/* Ranks of headers: people write the words question and answer too, above headers meant for machines. */
enum { NAMES = 1, WORDS = 2, MACHINE = 4, HIDDEN = 8 };

/* Tables of entries have paths in workbooks made by canvass: `doc[]/title`. */
static bool has_path(const returned_row *row)
{
	for (uint32_t i = 0; i < row->count; i++)
		if (cnv_str_find(cell_text(row, i), CNV_STR("[]/")) != SIZE_MAX)
			return true;
	return false;
}

/* Chooses the most likely header among the first rows: in a workbook made by canvass a hidden row; otherwise the
 * words question and answer; otherwise the row that names the most questions. */
static void judge_heading(reader *r)
{
	returned_row *row = &r->row, swap = r->best;
	returned_table *table = r->table;
	uint32_t rank = r->pack && row->hidden ? HIDDEN : 0;
	cnv_recognised found = { .holds = CNV_HOLDS_RESPONSES };

	if (!row->count || r->head_rows++ >= HEAD_ROWS)
		return;
	if (find_word(row, "question", true) != CNV_NONE && find_word(row, "answer", true) != CNV_NONE)
		rank |= WORDS | MACHINE;
	else if (find_word(row, "question", false) != CNV_NONE && find_word(row, "answer", false) != CNV_NONE)
		rank |= WORDS;
	else
		rank |= NAMES | (r->pack && has_path(row) ? MACHINE : 0);
	if (rank < table->rank || (rank == table->rank && (rank & WORDS || row->count <= table->known)))
		return;
	if (rank & NAMES)
		found = weigh(r, row);
	if (found.holds == CNV_HOLDS_NOTHING || (rank == table->rank && found.known <= table->known))
		return;
	table->rank = rank;
	table->known = found.known;
	table->holds = found.holds;
	table->index = found.table;
	r->best = *row;
	*row = swap;
}

static cnv_status find_heading(void *self, uint32_t row, uint32_t column, cnv_str text, cnv_xlsx_kind kind)
{
	reader *r = self;

	(void)kind;
	cnv_returned_note_home(r, row, column, text);
	if (row != r->row.number) {
		bool hidden = r->hidden_row == row;
		judge_heading(r);
		begin_row(&r->row, row);
		r->row.hidden = hidden;
	}
	if (r->failed)
		return CNV_NO_MEMORY;
	if (r->head_rows >= HEAD_ROWS || text.len > HEADING_LIMIT || !cnv_str_trim_unicode(text).len)
		return CNV_OK;
	return put_cell(&r->row, column, text) ? CNV_OK : CNV_NO_MEMORY;
}

static cnv_status note_hidden_row(void *self, cnv_xlsx_area area)
{
	reader *r = self;

	if (area.from_row)
		r->hidden_row = area.from_row;
	return CNV_OK;
}

static cnv_status keep_comment(void *self, uint32_t row, uint32_t column, cnv_str author, cnv_str text)
{
	reader *r = self;
	void *comments = r->comments;

	if (cnv_is_blank(text))
		return CNV_OK;
	cnv_returned_count(r, 1);
	/* Comments that canvass itself wrote when it sent a return back. */
	if (cnv_str_is_word(author, "canvass") || cnv_str_starts(text, CNV_STR("canvass:"))) {
		cnv_returned_class(r, CNV_AS_FORM, 1);
		return CNV_OK;
	}
	if (r->comment_count == COMMENTS)
		return refuse(r, CNV_RETURN_TOO_LARGE,
			      (cnv_place){ .source = r->to->source,
					   .sheet = r->table->origin.sheet,
					   .tab = r->table->origin.tab },
			      "delete comments that are not needed", "the workbook has more than 20,000 comments");
	if (!cnv_mem_room(&comments, &r->comment_room, r->comment_count + 1, sizeof *r->comments))
		return CNV_NO_MEMORY;
	r->comments = comments;
	r->comments[r->comment_count] =
		(returned_comment){ row, column, r->comment_count, cnv_arena_copy(r->to->arena, text), false };
	r->comment_count++;
	return r->to->arena->failed ? CNV_NO_MEMORY : CNV_OK;
}

static bool is_long(const returned_table *table)
{
	return table->rank & WORDS;
}

static cnv_status end_headings(void *self)
{
	reader *r = self;
	returned_table *table = r->table;
	cnv_arena *arena = r->to->arena;

	judge_heading(r);
	r->on = NULL;
	if (r->failed)
		return CNV_NO_MEMORY;
	table->upto_comment = r->comment_count;
	if (table->holds == CNV_HOLDS_NOTHING)
		return CNV_OK;
	table->header_row = r->best.number;
	table->real = r->best.count;
	table->headings = cnv_arena_array(arena, table->real, sizeof *table->headings);
	table->columns = cnv_arena_array(arena, table->real, sizeof *table->columns);
	if (!table->headings || !table->columns)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < table->real; i++) {
		table->headings[i] = cnv_arena_copy(arena, cnv_str_trim_unicode(cell_text(&r->best, i)));
		table->columns[i] = r->best.cells[i].column;
	}
	if (is_long(table)) {
		bool exactly = table->rank & MACHINE;
		table->question = find_word(&r->best, "question", exactly);
		table->answer = find_word(&r->best, "answer", exactly);
		table->note = find_word(&r->best, "note", false);
	}
	table->count = table->real;
	if (!cnv_returned_plan(r, table))
		return CNV_NO_MEMORY;
	table->origin.columns = table->columns;
	return CNV_OK;
}

/* Chooses the sheets with answers among those that name questions.  If there is a questionnaire, or a table that
 * names twice as many questions, a sheet that names only some is something else, such as notes.  In a workbook made
 * by canvass, so is a sheet without a hidden header, unless it was sent out with the workbook and the row has since
 * been unhidden. */
static void choose_tables(reader *r)
{
	bool hidden = false, questionnaire = false;
	uint32_t most = 0;

	for (uint32_t i = 0; i < r->table_count; i++)
		hidden = hidden || r->tables[i].rank & HIDDEN;
	for (uint32_t i = 0; i < r->table_count; i++) {
		returned_table *table = &r->tables[i];

		if (hidden && !(table->rank & HIDDEN) && !(table->rank & MACHINE && cnv_returned_is_own(r, table)))
			table->holds = CNV_HOLDS_NOTHING;
		if (table->holds != CNV_HOLDS_RESPONSES)
			continue;
		questionnaire = questionnaire || is_long(table);
		if (table->known > most)
			most = table->known;
	}
	for (uint32_t i = 0; i < r->table_count; i++) {
		returned_table *table = &r->tables[i];

		if (table->holds == CNV_HOLDS_RESPONSES && !is_long(table) &&
		    (questionnaire || table->known < (most + 1) / 2))
			table->holds = CNV_HOLDS_NOTHING;
		r->found += table->holds != CNV_HOLDS_NOTHING;
		r->found_entries += table->holds == CNV_HOLDS_ENTRIES;
	}
}

/* ---------------------------------------------------------------- the rows of a table */

static cnv_status feed(reader *r, const returned_table *table, uint32_t line)
{
	cnv_status status;

	r->fields += table->count;
	if (r->fields > FIELDS)
		return refuse(r, CNV_RETURN_TOO_LARGE, cnv_returned_place(r, table, line, 0),
			      "split it into several workbooks, or save its sheets as CSV",
			      "the tables of the workbook have more than 67,108,864 cells");
	if (is_long(table) || table->holds == CNV_HOLDS_ENTRIES)
		r->kept += r->row.text.len + r->joined.len;
	if (r->kept > KEPT)
		return refuse(r, CNV_RETURN_TOO_LARGE, cnv_returned_place(r, table, line, 0),
			      "split it into several workbooks, or save its sheets as CSV",
			      "the answers and entries up to this point have more than 64 MiB of text");
	for (uint32_t i = 0; i < table->count; i++)
		cnv_gather_field(r->to->gather, r->values[i]);
	status = r->to->record(r->to->self, line);
	return status;
}

static cnv_status open_table(reader *r, returned_table *table)
{
	cnv_status status = r->to->next ? r->to->next(r->to->self) : CNV_OK;

	if (status == CNV_OK)
		status = cnv_gather_open(r->to->gather, table->holds, table->index, table->origin);
	cnv_arena_reset(&r->scratch);
	r->values = cnv_arena_array(&r->scratch, table->count, sizeof *r->values);
	if (!r->values)
		return CNV_NO_MEMORY;
	memcpy(r->values, table->headings, table->count * sizeof *r->values);
	cnv_returned_added(r, table->count - table->real); /* fed as headings, and not in the file */
	return status == CNV_OK ? feed(r, table, table->header_row) : status;
}

/* Keeps only the remark of a row; false: there is none. */
static bool keep_note(reader *r, const returned_table *table)
{
	bool noted = false;

	for (uint32_t i = 0; i < table->count; i++) {
		if (cnv_str_equal(table->headings[i], CNV_STR("note"))) {
			noted |= r->values[i].len > 0;
		} else {
			cnv_returned_class(r, CNV_AS_FORM, !r->on && r->values[i].len);
			r->values[i].len = 0;
		}
	}
	return noted;
}

/* What canvass calculated was compared with what it wrote, and is not passed on. */
static void drop_own(reader *r, const returned_table *table)
{
	for (uint32_t i = 0; r->on && table->question != CNV_NONE && i < table->real; i++)
		if (cnv_returned_is_own_heading(table, i))
			r->values[i].len = 0;
}

/* Ends a row of the table: passes on its cells and their comments. */
static cnv_status end_row(reader *r)
{
	returned_table *table = r->table;
	returned_row *row = &r->row;

	if (!row->number || row->number <= table->header_row || !row->count)
		return CNV_OK;
	memset(r->values, 0, table->count * sizeof *r->values);
	for (uint32_t i = 0; i < row->count; i++)
		r->values[row->cells[i].column] = cell_text(row, i);
	cnv_returned_watch(r);
	/* A row for people, such as the title of a section or a text.  A remark on it applies to the whole response. */
	if (r->pack && table->question != CNV_NONE && !r->values[table->question].len && !keep_note(r, table))
		return CNV_OK;
	drop_own(r, table);
	if (!cnv_returned_comments(r))
		return CNV_NO_MEMORY;
	return feed(r, table, row->number);
}

static bool want_table(void *self, const cnv_xlsx_sheet *sheet)
{
	reader *r = self;
	returned_table *table = &r->tables[sheet->tab - 1];

	if (table->ours || (table->holds == CNV_HOLDS_ENTRIES) != r->entries)
		return false;
	r->table = table;
	r->heading = 0;
	begin_row(&r->row, 0);
	r->hidden_row = 0;
	if (r->status == CNV_OK && (!cnv_returned_begin(r) || !cnv_returned_open_texts(r)))
		r->status = CNV_NO_MEMORY;
	if (table->holds != CNV_HOLDS_NOTHING && r->status == CNV_OK)
		r->status = open_table(r, table);
	return true;
}

/* Another row begins. */
static cnv_status turn_row(reader *r, uint32_t row)
{
	if (row == r->row.number)
		return r->status;
	cnv_returned_judge(r);
	if (r->failed)
		r->status = CNV_NO_MEMORY;
	if (r->status == CNV_OK && r->table->holds != CNV_HOLDS_NOTHING)
		r->status = end_row(r);
	begin_row(&r->row, row);
	r->row.hidden = r->hidden_row == row;
	r->heading = 0;
	return r->status;
}

/* Keeps a cell to be compared with what was sent. */
static bool keep_cell(reader *r, uint32_t row, uint32_t column, cnv_str text, bool formula)
{
	if (!r->on)
		return true;
	r->all.number = row;
	if (!put_cell(&r->all, column, text))
		return false;
	r->all.cells[r->all.count - 1].formula = formula;
	return true;
}

static cnv_status take_cell(void *self, uint32_t row, uint32_t column, cnv_str text, cnv_xlsx_kind kind)
{
	reader *r = self;
	const returned_table *table = r->table;
	bool formula = r->formula;

	(void)kind;
	r->formula = false;
	if (r->status != CNV_OK || turn_row(r, row) != CNV_OK || cnv_is_blank(text))
		return r->status;
	cnv_returned_count(r, 1);
	if (!keep_cell(r, row, column, text, formula))
		return r->status = CNV_NO_MEMORY;
	while (r->heading < table->real && table->columns[r->heading] < column)
		r->heading++;
	if (table->holds == CNV_HOLDS_NOTHING || row < table->header_row || r->heading == table->real ||
	    table->columns[r->heading] != column) {
		if (!r->on)
			cnv_returned_unused(r, row, column, text);
	} else if (row > table->header_row && !put_cell(&r->row, r->heading, text)) {
		r->status = CNV_NO_MEMORY;
	} else if (row > table->header_row) {
		cnv_mangled_look(r->mangled, text, cnv_returned_place(r, table, row, column));
	}
	return r->status;
}

static void take_empty(void *self, uint32_t row, uint32_t column)
{
	reader *r = self;

	if (r->on && r->status == CNV_OK && turn_row(r, row) == CNV_OK &&
	    !keep_cell(r, row, column, (cnv_str){ 0 }, true))
		r->status = CNV_NO_MEMORY;
}

static void take_formula(void *self, uint32_t row, uint32_t column)
{
	take_empty(self, row, column);
	cnv_returned_formula(self, row, column);
}

static void note_formula(void *self)
{
	((reader *)self)->formula = true;
}

/* All cells have been read when merged ranges are reported. */
static cnv_status end_rows(reader *r)
{
	return turn_row(r, 0);
}

static cnv_status take_merge(void *self, cnv_xlsx_area area)
{
	reader *r = self;
	cnv_status status = end_rows(r);

	if (status == CNV_OK)
		cnv_returned_merge(r, area);
	return status;
}

static cnv_status end_table(void *self)
{
	reader *r = self;

	end_rows(r);
	cnv_returned_close_texts(r);
	if (r->status == CNV_OK)
		cnv_returned_tell(r);
	return r->status;
}

/* ---------------------------------------------------------------- public */

static cnv_status read_tables(reader *r, cnv_str bytes)
{
	cnv_xlsx_sink sink = {
		.self = r,
		.sheet = want_table,
		.cell = take_cell,
		.end = end_table,
		.hidden = cnv_returned_hidden,
		.merged = take_merge,
		.formula = take_formula,
		.empty = take_empty,
		.computed = note_formula,
		.exact = true,
	};
	cnv_status status = CNV_OK;

	r->entries = r->found_entries > 0;
	if (r->entries)
		status = cnv_xlsx_read(r->to->source, bytes, &sink, r->diags);
	r->entries = false;
	if (status == CNV_OK)
		status = cnv_xlsx_read(r->to->source, bytes, &sink, r->diags);
	if (status == CNV_OK)
		status = r->status;
	if (status == CNV_OK) {
		cnv_returned_tell_rest(r);
		cnv_returned_tell_texts(r);
	}
	return status;
}

/* Before the answers are read only errors are reported: everything else will be found again then. */
static void tell_error(void *self, const cnv_diag *diag)
{
	if (diag->severity == CNV_ERROR)
		cnv_diags_forward(self, diag);
}

static cnv_status find_tables(reader *r, cnv_str bytes)
{
	cnv_diags errors = { .emit = tell_error, .self = r->diags };
	cnv_xlsx_sink claims = { .self = r, .sheet = want_claims, .cell = take_claim, .end = end_claims };
	cnv_xlsx_sink headings = {
		.self = r,
		.sheet = want_headings,
		.cell = find_heading,
		.end = end_headings,
		.hidden = note_hidden_row,
		.comment = keep_comment,
	};
	cnv_status status = cnv_xlsx_read(r->to->source, bytes, &claims, &errors);

	if (status == CNV_OK && !cnv_returned_lay(r))
		return CNV_NO_MEMORY;
	if (status == CNV_OK)
		status = cnv_xlsx_read(r->to->source, bytes, &headings, &errors);
	if (status == CNV_OK && r->failed)
		return CNV_NO_MEMORY;
	if (status == CNV_OK)
		choose_tables(r);
	if (status != CNV_OK || r->found > r->found_entries)
		return status;
	cnv_diags_emit(r->diags, CNV_DIAG(.code = CNV_NO_TABLE, .place = (cnv_place){ .source = r->to->source }),
		       r->found ? "the workbook has sheets of entries but no sheet of responses (form \"%.*s\")"
				: "no sheet has questions of the form \"%.*s\" in its first rows",
		       CNV_ARG(r->to->form->id));
	return CNV_REJECTED;
}

/* "workbook made by canvass, 9 sheets of answers" */
static void put_reading(const reader *r)
{
	cnv_text *out = r->to->reading;

	if (!out)
		return;
	cnv_text_reset(out);
	cnv_text_format(out, "workbook%s, %u %s of answers", r->pack ? " made by canvass" : "", r->found,
			r->found == 1 ? "sheet" : "sheets");
}

cnv_status cnv_xlsx_returned(const cnv_returned *returned, cnv_str bytes, cnv_diags *diags)
{
	reader r = { .to = returned, .diags = diags, .mangled = cnv_mangled_new(), .xls = cnv_xls_is(bytes) };
	cnv_status status = r.mangled ? find_tables(&r, bytes) : CNV_NO_MEMORY;

	if (status == CNV_OK && r.xls)
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_XLS_LIMITS, .place = (cnv_place){ .source = returned->source }),
			       "number formats, comments and hidden rows of an .xls workbook are not read");
	if (status == CNV_OK) {
		put_reading(&r);
		status = read_tables(&r, bytes);
	}
	if (status == CNV_OK)
		status = cnv_mangled_say(r.mangled, diags);
	cnv_mangled_free(r.mangled);
	drop_row(&r.row);
	drop_row(&r.best);
	drop_row(&r.all);
	printed_fini(&r.printed);
	cnv_mem_free(r.given);
	cnv_text_fini(&r.joined);
	cnv_map_fini(&r.own);
	cnv_mem_free(r.tables);
	cnv_mem_free(r.comments);
	cnv_mem_free(r.asking);
	cnv_mem_free(r.hidden_columns);
	cnv_mem_free(r.own_columns);
	cnv_arena_fini(&r.scratch);
	return status;
}
