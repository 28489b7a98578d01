/* The layout of a pack: formulas of one sheet refer to cells of another, so all positions are computed before the
 * first cell is written.
 *
 * A short form is one sheet; a longer one has a sheet for each of its sections.  The entries of a repeat have a
 * separate sheet after the section that the repeat belongs to. */
#include "report/pack_answers.h"
#include "report/pack_formulas.h"
#include "report/pack_text.h"
#include "report/tongue.h"

#include <string.h>

#define SHORT_FORM 45u    /* maximum rows of questions on one sheet */
#define MOST_SECTIONS 24u /* maximum number of tabs that users can navigate; with more, one long sheet is better */
#define SHEET_NAME 31u    /* UTF-16 units of a sheet's name */
#define SHOWN_UNITS 200u  /* of a choice's text in a drop-down list */

/* ---------------------------------------------------------------- choices as shown in cells */

/* The label on one line if it alone identifies the choice, else with the code before it. */
static cnv_str shown_text(pack_plan *plan, const cnv_list *list, uint32_t at)
{
	const cnv_choice *choice = &list->choices[at];
	cnv_str label = cnv_wording_text(plan->form, &choice->label, plan->pack->language);
	char *line = cnv_arena_get(plan->arena, label.len + 1);
	cnv_str folded;
	uint32_t named;

	if (!line)
		return choice->name;
	for (size_t i = 0; i < label.len; i++)
		line[i] = (unsigned char)label.at[i] < 0x20 ? ' ' : label.at[i];
	label = cnv_str_trim_unicode((cnv_str){ line, label.len });
	if (!label.len || cnv_utf16_length(label) > SHOWN_UNITS)
		return choice->name;
	folded = cnv_text_fold(plan->arena, label);
	named = cnv_list_find(list, label);
	if (cnv_map_find(&list->by_label, folded) == at && (named == CNV_NONE || named == at) &&
	    !cnv_has_reference(label))
		return label;
	return cnv_arena_format(plan->arena, "%.*s - %.*s", CNV_ARG(choice->name), CNV_ARG(pack_text(plan, label)));
}

static void show_list(pack_plan *plan, uint32_t index, bool listed)
{
	const cnv_list *list = &plan->form->lists[index];

	if (!plan->shown[index]) {
		cnv_str *texts = cnv_arena_array(plan->arena, (size_t)list->count + 1, sizeof *texts);
		for (uint32_t i = 0; texts && i < list->count; i++)
			texts[i] = shown_text(plan, list, i);
		plan->shown[index] = texts;
	}
	if (listed && plan->list_column[index] == CNV_NONE)
		plan->list_column[index] = plan->list_columns++;
}

static void show_lists(pack_plan *plan)
{
	const cnv_form *form = plan->form;

	plan->shown = cnv_arena_array(plan->arena, (size_t)form->list_count + 1, sizeof *plan->shown);
	plan->list_column = cnv_arena_array(plan->arena, (size_t)form->list_count + 1, sizeof *plan->list_column);
	if (!plan->shown || !plan->list_column)
		return;
	memset(plan->list_column, 0xFF, form->list_count * sizeof *plan->list_column);
	plan->list_columns = 2; /* the tick and OK come first */
	for (cnv_question_id id = 0; id < form->count && !plan->arena->failed; id++) {
		const cnv_question *question = &form->questions[id];
		if (pack_is_asked(question) && pack_is_listed(form, question))
			show_list(plan, question->list, question->kind == CNV_CHOICE);
	}
}

/* ---------------------------------------------------------------- names of sheets */

/* Reserves a name, unless another sheet has it, or Excel or canvass reserve it. */
static bool take_name(pack_plan *plan, cnv_str name)
{
	cnv_str folded = cnv_text_fold(plan->arena, name);

	return !cnv_str_equal(folded, CNV_STR("history")) && !cnv_str_starts(folded, CNV_STR("canvass")) &&
	       cnv_map_put(&plan->taken, folded, plan->sheet_count) == plan->sheet_count;
}

/* The beginning of a text, cut between words, within `most` UTF-16 units. */
static cnv_str cut_name(cnv_str text, size_t most)
{
	const char *at = text.at, *end = text.at + text.len;
	size_t units = 0, len = 0, blank = 0;

	while (at < end) {
		units += cnv_utf8_next(&at, end) > 0xFFFF ? 2 : 1;
		if (units > most) {
			len = blank > len / 2 ? blank : len;
			break;
		}
		len = (size_t)(at - text.at);
		if (at < end && *at == ' ')
			blank = len;
	}
	return cnv_str_trim_unicode((cnv_str){ text.at, len });
}

/* A unique name that every spreadsheet accepts: without []:*?/\ and apostrophes. */
static cnv_str name_sheet(pack_plan *plan, cnv_str wanted)
{
	char *plain = cnv_arena_get(plan->arena, wanted.len + 1);
	cnv_str name, numbered;

	if (!plain)
		return wanted;
	for (size_t i = 0; i < wanted.len; i++) {
		bool odd = (unsigned char)wanted.at[i] < 0x20 || strchr("[]:*?/\\'", wanted.at[i]);
		plain[i] = odd ? ' ' : wanted.at[i];
	}
	name = cut_name(cnv_str_trim_unicode((cnv_str){ plain, wanted.len }), SHEET_NAME);
	if (!name.len)
		name = pack_word_str(plan, WORD_QUESTIONNAIRE);
	numbered = name;
	for (uint32_t number = 2; !take_name(plan, numbered) && number < 100000; number++)
		numbered = cnv_arena_format(plan->arena, "%.*s %u", CNV_ARG(cut_name(name, SHEET_NAME - 6)), number);
	return numbered;
}

static pack_sheet *add_sheet(pack_plan *plan, cnv_str wanted)
{
	pack_sheet *sheet = &plan->sheets[plan->sheet_count];

	*sheet = (pack_sheet){ .name = name_sheet(plan, wanted), .title = CNV_NONE, .parent_column = CNV_NONE };
	/* Names that are numbers or look like cells need the quotes, and they are valid around all names. */
	sheet->quoted = cnv_arena_format(plan->arena, "'%.*s'", CNV_ARG(sheet->name));
	plan->sheet_count++;
	return sheet;
}

/* ---------------------------------------------------------------- rows of a sheet of questions */

static void put_spot(pack_plan *plan, cnv_question_id id, uint32_t sheet, uint32_t row, uint32_t column)
{
	plan->spots[id].sheet = sheet;
	plan->spots[id].row = row;
	plan->spots[id].column = column;
}

/* Plans the rows of a question, group, note or repeat; returns their number.  rows: NULL to count only. */
static uint32_t put_rows(const pack_plan *plan, cnv_question_id id, cnv_question_id title, pack_row *rows)
{
	const cnv_question *question = &plan->form->questions[id];
	pack_row row = { .question = id };
	uint32_t count = 0, choices = 0;

	if (question->role == CNV_GROUP) {
		cnv_str label = cnv_wording_text(plan->form, &question->label, plan->pack->language);
		if (id == title || (!label.len && !question->relevant.text.len))
			return 0;
		row.kind = label.len ? ROW_BAND : ROW_QUIET;
	} else if (question->role == CNV_REPEAT) {
		row.kind = ROW_REPEAT;
	} else if (question->role == CNV_SHOWN) {
		row.kind = ROW_NOTE;
	} else if (!pack_is_asked(question)) {
		return 0;
	} else if (pack_is_ticked(plan->form, question)) {
		row.kind = ROW_LEAD;
		choices = plan->form->lists[question->list].count;
	} else {
		row.kind = ROW_QUESTION;
	}
	if (rows)
		rows[count] = row;
	count++;
	for (uint32_t i = 0; i < choices; i++, count++)
		if (rows)
			rows[count] = (pack_row){ ROW_OPTION, id, i };
	return count;
}

static uint32_t fill_rows(pack_plan *plan, const pack_sheet *sheet, pack_row *rows)
{
	uint32_t count = 0;

	for (cnv_question_id id = sheet->from; id < sheet->upto;) {
		const cnv_question *question = &plan->form->questions[id];
		uint32_t more = put_rows(plan, id, sheet->title, rows ? rows + count : NULL);

		if (rows && question->role == CNV_GROUP && id == sheet->title)
			put_spot(plan, id, (uint32_t)(sheet - plan->sheets), 0, COLUMN_ASKED);
		else if (rows && more && question->role != CNV_REPEAT)
			put_spot(plan, id, (uint32_t)(sheet - plan->sheets), FIRST_ROW + count, COLUMN_ANSWER);
		count += more;
		id = question->role == CNV_REPEAT ? question->after : id + 1;
	}
	return count;
}

static void take_rows(pack_plan *plan, pack_sheet *sheet)
{
	uint32_t count = fill_rows(plan, sheet, NULL);
	pack_row *rows = cnv_arena_array(plan->arena, (size_t)count + 1, sizeof *rows); /* one for remarks */

	if (rows)
		sheet->row_count = fill_rows(plan, sheet, rows);
	sheet->rows = rows;
}

/* ---------------------------------------------------------------- columns of a sheet of entries */

static uint32_t count_entries(const pack_plan *plan, uint32_t table)
{
	const cnv_batch *batch = plan->pack->batch;
	uint32_t count = 0;

	for (uint32_t row = 0; batch && row < batch->tables[table].rows; row++)
		count += cnv_batch_owner(batch, table, row, 0) == plan->pack->row;
	return count;
}

/* Does an entry have an answer that ticks cannot represent? */
static bool has_whole(const pack_plan *plan, cnv_question_id id)
{
	const cnv_batch *batch = plan->pack->batch;
	uint32_t table = plan->form->questions[id].table;

	if (!batch || !pack_is_ticked(plan->form, &plan->form->questions[id]))
		return false;
	for (uint32_t row = 0; row < batch->tables[table].rows; row++)
		if (pack_is_whole(plan, id, row) && cnv_batch_owner(batch, table, row, 0) == plan->pack->row)
			return true;
	return false;
}

/* Does an entry have a remark on this question? */
static bool has_remark(const pack_plan *plan, cnv_question_id id)
{
	const cnv_batch *batch = plan->pack->batch;
	bool found = false;

	for (uint32_t i = 0; batch && i < batch->remark_count && !found; i++) {
		const cnv_remark *remark = &batch->remarks[i];
		found = remark->question == id && remark->table &&
			cnv_batch_owner(batch, remark->table, remark->row, 0) == plan->pack->row;
	}
	return found;
}

static void add_entries(pack_plan *plan, cnv_question_id repeat)
{
	const cnv_question *question = &plan->form->questions[repeat];
	const cnv_form_table *table = &plan->form->tables[question->table];
	cnv_str title = cnv_question_title(plan->form, question, plan->pack->language);
	pack_sheet *sheet = add_sheet(plan, pack_text(plan, title));
	uint32_t column = ENTRY_FIRST;
	int64_t constant = 0;

	sheet->table = question->table;
	sheet->title = repeat;
	sheet->from = repeat + 1;
	sheet->upto = question->after;
	sheet->filled = count_entries(plan, question->table);
	sheet->entries = ENTRIES_DRAWN;
	if (cnv_integer_read(question->repeat_count.text, &constant) && constant > 0 && constant <= 1000)
		sheet->entries = (uint32_t)constant;
	if (sheet->filled + 5 > sheet->entries)
		sheet->entries = sheet->filled + 5;
	put_spot(plan, repeat, plan->sheet_count - 1, 0, ENTRY_HELP);
	if (table->parent)
		sheet->parent_column = column++;
	for (uint32_t i = 0; i < table->count; i++) {
		const cnv_question *asked = &plan->form->questions[table->columns[i]];
		if (!pack_is_asked(asked))
			continue;
		put_spot(plan, table->columns[i], plan->sheet_count - 1, ENTRY_ROW, column);
		column += pack_is_ticked(plan->form, asked) ? plan->form->lists[asked->list].count : 1;
		if (has_whole(plan, table->columns[i]))
			plan->spots[table->columns[i]].whole = column++;
		if (has_remark(plan, table->columns[i]))
			plan->spots[table->columns[i]].note = column++;
	}
	sheet->columns = column;
	sheet->confirms = plan->pack->confirm && sheet->filled;
}

/* ---------------------------------------------------------------- choice of sheets */

/* The sheet of questions from `from`, followed by those of the repeats in it. */
static void add_questions(pack_plan *plan, cnv_question_id title, cnv_question_id from, cnv_question_id upto)
{
	cnv_str name = title == CNV_NONE ? pack_word_str(plan, WORD_QUESTIONNAIRE)
					 : pack_text(plan, cnv_question_title(plan->form, &plan->form->questions[title],
									      plan->pack->language));
	pack_sheet *sheet = add_sheet(plan, name);

	sheet->title = title;
	sheet->from = from;
	sheet->upto = upto;
	take_rows(plan, sheet);
	for (cnv_question_id id = from; id < upto; id++)
		if (plan->form->questions[id].role == CNV_REPEAT)
			add_entries(plan, id);
}

static bool wants_sections(const pack_plan *plan)
{
	pack_sheet whole = { .title = CNV_NONE, .upto = plan->form->count };
	uint32_t sections = 0;

	for (cnv_question_id id = 0; id < plan->form->count; id = plan->form->questions[id].after)
		sections += plan->form->questions[id].role == CNV_GROUP &&
			    cnv_wording_text(plan->form, &plan->form->questions[id].label, plan->pack->language).len;
	return sections > 1 && sections <= MOST_SECTIONS && fill_rows((pack_plan *)plan, &whole, NULL) > SHORT_FORM;
}

/* Does an item of [from, upto) need a sheet of its own if no section follows? */
static bool has_questions(const pack_plan *plan, cnv_question_id from, cnv_question_id upto)
{
	for (cnv_question_id id = from; id < upto; id++)
		if (pack_is_asked(&plan->form->questions[id]) || plan->form->questions[id].role == CNV_REPEAT)
			return true;
	return false;
}

static void add_sections(pack_plan *plan)
{
	const cnv_form *form = plan->form;
	cnv_question_id from = 0;

	for (cnv_question_id id = 0; id < form->count; id = form->questions[id].after) {
		const cnv_question *question = &form->questions[id];
		if (question->role != CNV_GROUP)
			continue;
		/* Questions before a section get a sheet; a note alone goes with the section. */
		if (has_questions(plan, from, id)) {
			add_questions(plan, CNV_NONE, from, id);
			from = id;
		}
		add_questions(plan, id, from, question->after);
		from = question->after;
	}
	if (has_questions(plan, from, form->count))
		add_questions(plan, CNV_NONE, from, form->count);
}

/* ---------------------------------------------------------------- the whole */

/* A row after the questions, if there is content for it. */
static void add_remarks(pack_plan *plan)
{
	uint32_t last = plan->sheet_count;

	while (last && plan->sheets[last - 1].table)
		last--;
	if (!last || !plan->sheets[last - 1].rows || !pack_other_remarks(plan).len)
		return;
	pack_sheet *sheet = &plan->sheets[last - 1];
	sheet->rows[sheet->row_count++] = (pack_row){ .kind = ROW_REMARKS, .question = CNV_NONE };
}

/* Findings by question, in their original order. */
static void file_findings(pack_plan *plan)
{
	const cnv_pack *pack = plan->pack;

	plan->first_wrong = cnv_arena_array(plan->arena, (size_t)plan->form->count + 1, sizeof *plan->first_wrong);
	plan->next_wrong = cnv_arena_array(plan->arena, (size_t)pack->finding_count + 1, sizeof *plan->next_wrong);
	if (!plan->first_wrong || !plan->next_wrong)
		return;
	memset(plan->first_wrong, 0xFF, plan->form->count * sizeof *plan->first_wrong); /* CNV_NONE */
	for (uint32_t i = pack->finding_count; i-- > 0;) {
		cnv_question_id id = pack->findings[i].question;
		if (id >= plan->form->count)
			continue;
		plan->next_wrong[i] = plan->first_wrong[id];
		plan->first_wrong[id] = i;
	}
}

cnv_status pack_plan_make(pack_plan *plan, const cnv_pack *pack, cnv_arena *arena)
{
	const cnv_form *form = pack->form;

	*plan = (pack_plan){ .pack = pack, .form = form, .arena = arena };
	plan->words = pack_words(cnv_pack_tag(form, pack->language));
	plan->from_right = cnv_tag_is_from_right(cnv_pack_tag(form, pack->language));
	plan->names = cnv_outline_names(form, pack->language, arena);
	plan->spots = cnv_arena_array(arena, (size_t)form->count + 1, sizeof *plan->spots);
	/* Each group and each repeat makes two sheets at most: its own, and one for the items before it. */
	plan->sheets = cnv_arena_array(arena, 2 * ((size_t)form->count + 1), sizeof *plan->sheets);
	if (!plan->names || !plan->spots || !plan->sheets)
		return CNV_NO_MEMORY;
	for (cnv_question_id id = 0; id < form->count; id++)
		plan->spots[id].sheet = plan->spots[id].whole = plan->spots[id].note = CNV_NONE;
	file_findings(plan);
	cnv_map_put(&plan->taken, cnv_text_fold(arena, pack_word_str(plan, WORD_COVER)), CNV_NONE - 2);
	cnv_map_put(&plan->taken, cnv_text_fold(arena, pack_word_str(plan, WORD_ISSUES)), CNV_NONE - 2);
	show_lists(plan);
	if (arena->failed)
		return CNV_NO_MEMORY;
	if (wants_sections(plan))
		add_sections(plan);
	else
		add_questions(plan, CNV_NONE, 0, form->count);
	add_remarks(plan);
	return arena->failed || plan->taken.failed ? CNV_NO_MEMORY : pack_formulas_make(plan);
}

void pack_plan_fini(pack_plan *plan)
{
	cnv_map_fini(&plan->taken);
}
