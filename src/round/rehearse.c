/* Rehearse: invented returns in files, to try out a round before it is sent.  Answers come from simulate.c, a window
 * of respondents at a time; each response becomes a CSV in the long layout, or a workbook (rehearse_book.c).  Each defect of the spoiled returns is
 * listed in a file next to the folder, which contains only returns. */
#include "round/rehearse_book.h"
#include "round/round_internal.h"
#include "round/simulate.h"
#include "round/spoil.h"

#include <inttypes.h>

typedef struct rehearsing {
	cnv_rehearsal *of;
	const cnv_form *form;
	cnv_arena scratch; /* one return's */
	cnv_batch *batch;
	cnv_str *codes, *names;       /* of each response and of its file */
	const cnv_respondent *titles; /* of each response; NULL: there is no roster */
	cnv_text text, list;          /* the current file; list of defects */
	cnv_diags *diags;
} rehearsing;

/* The first line of every file, so that it is not mistaken for a real return. */
#define INVENTED "Invented by canvass simulate; not a real return."

/* ---------------------------------------------------------------- lines of one return */

/* Empty for one that the form's own rules do not accept, such as a calculation of the wrong type. */
static cnv_str answer_of(const cnv_column *column, uint32_t row)
{
	cnv_verdict verdict = (cnv_verdict)column->verdicts[row];

	return cnv_verdict_standing(verdict) == CNV_STANDING_NOT_USABLE ? (cnv_str){ 0 } : cnv_column_text(column, row);
}

/* unasked: questions that are not asked, too. */
static bool add_line(rehearsing *r, spoil_return *it, bool unasked, uint32_t table, uint32_t row, cnv_question_id id)
{
	const cnv_question *question = &r->form->questions[id];
	const cnv_column *column = &r->batch->tables[table].columns[question->column];

	if (question->role != CNV_ASKED || (column->verdicts[row] == CNV_NOT_ASKED && !unasked))
		return true;
	if (!cnv_mem_room((void **)&it->lines, &it->room, it->count + 1, sizeof *it->lines))
		return false;
	it->lines[it->count] = (spoil_line){ .question = id,
					     .path = cnv_cell_path(r->batch, table, row, id, &r->scratch),
					     .answer = answer_of(column, row),
					     .note = it->count ? (cnv_str){ 0 } : CNV_STR(INVENTED),
					     .required = question->required.text.len > 0 };
	it->count++;
	return true;
}

/* The questions [from, upto) of one row and the entries of repeats among them.  The form limits the nesting of
 * repeats, so the recursion ends. */
static bool add_lines(rehearsing *r, spoil_return *it, bool unasked, uint32_t table, uint32_t row, cnv_question_id from,
		      cnv_question_id upto)
{
	const cnv_form *form = r->form;

	for (cnv_question_id id = from; id < upto; id++) {
		const cnv_question *question = &form->questions[id];
		const cnv_table *entries;
		if (question->role != CNV_REPEAT) {
			if (question->column != CNV_NONE && !add_line(r, it, unasked, table, row, id))
				return false;
			continue;
		}
		entries = &r->batch->tables[question->table];
		for (uint32_t i = cnv_table_first(entries, row); i < entries->rows && entries->parents[i] == row; i++)
			if (!add_lines(r, it, unasked, question->table, i, id + 1, question->after))
				return false;
		id = question->after - 1;
	}
	return true;
}

/* ---------------------------------------------------------------- the file */

/* The line in which a return declares its respondent: a name that no question has. */
static cnv_str declaration(const cnv_form *form)
{
	cnv_str name = cnv_str_from(cnv_claim_word(CNV_CLAIM_RESPONDENT));

	return cnv_form_find(form, name) == CNV_NONE ? name : CNV_STR("KEY");
}

static void put_lines(rehearsing *r, const spoil_return *it, cnv_str code)
{
	const cnv_form *form = r->form;

	cnv_csv_put_head(&r->text, CNV_CSV_PLAIN);
	/* No question identifies the respondent, so the return declares it. */
	if (form->respondent == CNV_NONE)
		cnv_csv_put_answer(&r->text, &(cnv_csv_answer){ .path = declaration(form), .answer = code });
	for (uint32_t i = 0; i < it->count; i++) {
		const spoil_line *line = &it->lines[i];
		if (line->dropped)
			continue;
		cnv_csv_put_answer(
			&r->text, &(cnv_csv_answer){ .path = line->path,
						     .number = form->questions[line->question].qno,
						     .label = cnv_question_title(form, &form->questions[line->question],
										 it->language),
						     .answer = line->answer,
						     .note = line->note });
	}
}

/* The same records with another separator; fields that contain it are already quoted. */
static void change_separator(cnv_text *text, char separator)
{
	bool quoted = false;

	for (size_t i = 0; i < text->len; i++) {
		quoted ^= text->at[i] == '"';
		if (text->at[i] == ',' && !quoted)
			text->at[i] = separator;
	}
}

/* UTF-16, little-endian, with a byte order mark. */
static void widen(cnv_text *text)
{
	cnv_text wide = { 0 };
	const char *at = text->at, *end = text->at + text->len;

	cnv_text_put(&wide, CNV_STR("\xFF\xFE"));
	while (at < end) {
		uint32_t c = cnv_utf8_next(&at, end), units[2] = { c, 0 };
		uint32_t count = 1;
		if (c > 0xFFFF) {
			units[0] = 0xD800 + ((c - 0x10000) >> 10);
			units[1] = 0xDC00 + ((c - 0x10000) & 0x3FF);
			count = 2;
		}
		for (uint32_t i = 0; i < count; i++) {
			cnv_text_put_char(&wide, (char)(units[i] & 0xFF));
			cnv_text_put_char(&wide, (char)(units[i] >> 8));
		}
	}
	cnv_text_fini(text);
	*text = wide;
}

static void lay_file(rehearsing *r, const spoil_return *it, cnv_str code)
{
	cnv_text_reset(&r->text);
	if (it->titled)
		cnv_text_put(&r->text, CNV_STR("Questionnaire returned,,,,\n"));
	put_lines(r, it, code);
	if (it->twice)
		put_lines(r, it, code);
	if (it->cut && r->text.len > 40) {
		r->text.len -= 20;
		cnv_text_put(&r->text, CNV_STR(",\"and"));
	}
	if (it->separator != ',')
		change_separator(&r->text, it->separator);
	if (it->wide_characters)
		widen(&r->text);
}

static void list_defects(rehearsing *r, cnv_str code, const spoil_told *told, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		cnv_text_format(&r->list, "%.*s.csv,", CNV_ARG(code));
		cnv_csv_put(&r->list, told[i].path);
		cnv_text_format(&r->list, ",%s,", told[i].what);
		cnv_csv_put(&r->list, told[i].before);
		cnv_text_put_char(&r->list, ',');
		cnv_csv_put(&r->list, told[i].after);
		cnv_text_put_char(&r->list, '\n');
	}
	r->of->defects += count;
}

static cnv_str path_of(rehearsing *r, uint32_t number)
{
	return cnv_arena_format(&r->scratch, "%.*s/%.*s.%s", CNV_ARG(r->of->folder), CNV_ARG(r->names[number]),
				r->of->books ? "xlsx" : "csv");
}

/* The first file that would be overwritten; empty: none. */
static cnv_str find_existing(rehearsing *r)
{
	if (r->of->broken && cnv_file_exists(r->of->list_name))
		return r->of->list_name;
	for (uint32_t i = 0; i < r->of->count; i++) {
		cnv_str path = path_of(r, i);
		if (cnv_file_exists(path))
			return path;
	}
	return (cnv_str){ 0 };
}

/* With force, a respondent with the code "form" must not overwrite the form. */
static cnv_status keep_inputs(rehearsing *r, const cnv_roster *roster)
{
	const cnv_input inputs[] = { { r->of->form->name, "form" },
				     { roster ? roster->source : (cnv_str){ 0 }, "roster" } };
	cnv_status status = CNV_OK;

	if (r->of->broken)
		status = cnv_output_apart(r->of->list_name, inputs, 2, r->diags);
	for (uint32_t i = 0; i < r->of->count && !status; i++) {
		cnv_arena_reset(&r->scratch);
		status = cnv_output_apart(path_of(r, i), inputs, 2, r->diags);
	}
	return status;
}

static cnv_status write_return(rehearsing *r, uint32_t row, uint32_t number)
{
	spoil_return it = { .form = r->form,
			    .language = r->of->form->language,
			    .chance = { r->of->seed * UINT64_C(0x9E3779B97F4A7C15) + number },
			    .arena = &r->scratch,
			    .separator = ',' };
	spoil_told told[SPOIL_MOST];
	cnv_status status = CNV_NO_MEMORY;

	cnv_arena_reset(&r->scratch);
	if (!add_lines(r, &it, false, 0, row, 0, r->form->count))
		goto out;
	/* A return without a line would not be recognised as one of this form. */
	if (!it.count && !add_lines(r, &it, true, 0, row, 0, r->form->count))
		goto out;
	if (r->of->broken)
		list_defects(r, r->names[number], told, spoil_some(&it, told));
	lay_file(r, &it, r->codes[number]);
	if (!r->text.failed && !r->list.failed && !r->scratch.failed)
		status = cnv_file_save(path_of(r, number), cnv_text_str(&r->text), r->of->force, r->diags);
out:
	cnv_mem_free(it.lines);
	return status;
}

static cnv_status write_book(rehearsing *r, rehearse_book *book, uint32_t row, uint32_t number)
{
	cnv_str code = r->codes[number];

	cnv_arena_reset(&r->scratch);
	return rehearse_book_write(book, row, code, r->titles ? r->titles[number].name : code, CNV_STR(INVENTED),
				   path_of(r, number));
}

/* The responses of one window. */
static cnv_status write_window(rehearsing *r, const cnv_world *world, uint32_t first, uint32_t count)
{
	rehearse_book book = { .of = r->of, .window = r->batch, .world = world, .diags = r->diags };
	cnv_status status = r->of->books ? rehearse_book_open(&book) : CNV_OK;

	for (uint32_t row = 0; row < count && !status; row++)
		status = r->of->books ? write_book(r, &book, row, first + row) : write_return(r, row, first + row);
	rehearse_book_close(&book);
	return status;
}

static cnv_status write_returns(rehearsing *r)
{
	cnv_world world = { .now = r->of->now, .seed = r->of->seed };
	cnv_arena working = { 0 };
	cnv_status status = CNV_OK;

	for (uint32_t first = 0; first < r->of->count && !status; first += CNV_WINDOW_ROWS) {
		uint32_t left = r->of->count - first;
		simulate_job wanted = { .seed = r->of->seed,
					.respondents = r->codes + first,
					.count = left < CNV_WINDOW_ROWS ? left : CNV_WINDOW_ROWS,
					.first = first + 1,
					.world = &world };
		uint64_t rejected = 0;
		status = simulate_window(r->of->form->plan, r->batch, &wanted, &working, &rejected);
		r->of->refused += rejected;
		if (!status)
			status = write_window(r, &world, first, wanted.count);
	}
	cnv_arena_fini(&working);
	return status;
}

/* ---------------------------------------------------------------- respondents */

static cnv_status name_respondents(rehearsing *r, const cnv_roster *roster)
{
	cnv_arena *arena = &r->of->arena;
	uint32_t count = r->of->count;

	r->codes = cnv_arena_array(arena, (size_t)count + 1, sizeof *r->codes);
	r->names = cnv_arena_array(arena, (size_t)count + 1, sizeof *r->names);
	for (uint32_t i = 0; r->codes && r->names && i < count; i++) {
		r->codes[i] = roster ? roster->respondents[i].code : cnv_arena_format(arena, "R%05u", i + 1);
		r->names[i] = roster ? r->codes[i] : cnv_str_slice(r->codes[i], 1, r->codes[i].len);
	}
	/* Next to the folder, which contains only returns. */
	r->of->list_name = cnv_arena_format(arena, "%.*s-broken.csv", CNV_ARG(r->of->folder));
	return arena->failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status write_all(rehearsing *r)
{
	cnv_status status = cnv_folder_make(r->of->folder, r->diags);

	cnv_text_put(&r->list, CNV_STR("file,question,defect,before,after\n"));
	if (!status)
		status = write_returns(r);
	if (!status && r->of->broken)
		status = cnv_file_save(r->of->list_name, cnv_text_str(&r->list), r->of->force, r->diags);
	return status;
}

/* Reports a form that no one can answer. */
static bool has_question(rehearsing *r)
{
	for (cnv_question_id id = 0; id < r->form->count; id++)
		if (r->form->questions[id].role == CNV_ASKED && r->form->questions[id].column != CNV_NONE)
			return true;
	cnv_diags_emit(r->diags, CNV_DIAG(.code = CNV_NOTHING_ASKED, .place.source = r->of->form->name),
		       "the form asks no question, so there is no return to invent");
	return false;
}

cnv_status cnv_rehearse(cnv_rehearsal *rehearsal, const cnv_roster *roster, cnv_diags *diags)
{
	rehearsing r = { .of = rehearsal, .form = rehearsal->form->form, .diags = diags };
	cnv_status status = has_question(&r) ? name_respondents(&r, roster) : CNV_REJECTED;

	r.titles = roster ? roster->respondents : NULL;
	r.batch = cnv_batch_new(r.form);
	if (!r.batch)
		status = CNV_NO_MEMORY;
	if (!status && !rehearsal->force)
		rehearsal->existing = cnv_arena_copy(&rehearsal->arena, find_existing(&r));
	if (rehearsal->existing.len)
		status = CNV_REJECTED;
	if (!status && rehearsal->force)
		status = keep_inputs(&r, roster);
	if (!status)
		status = write_all(&r);
	cnv_batch_free(r.batch);
	cnv_text_fini(&r.text);
	cnv_text_fini(&r.list);
	cnv_arena_fini(&r.scratch);
	return status;
}

void cnv_rehearsal_fini(cnv_rehearsal *rehearsal)
{
	cnv_arena_fini(&rehearsal->arena);
}
