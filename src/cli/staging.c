/* What a return changes: each response beside the one that its respondent gave before.
 *
 * A response that was judged is compared with the one that counts now, answer by answer, before it
 * takes its place.  Answers that are blank now and were given before are told as a warning, unless
 * --replace says that they are meant; with --keep-blank the earlier answers stand, and each that
 * does is in the ledger.  Of a large file nothing is compared: it is only counted. */
#include "taking.h"

enum {
	MOST_COMPARED = 1000, /* responses of one import: nobody reads what more of them change */
	MOST_NAMED = 8,       /* questions that a warning names */
	DEEPEST = 32          /* repeats inside repeats: no form comes near */
};

static bool is_compared(const cnv_form *form, cnv_question_id question)
{
	return form->questions[question].role == CNV_ASKED;
}

static cnv_str number_of(const cnv_question *question) { return question->qno.len ? question->qno : question->name; }

/* ---------------------------------------------------------------- the responses that count now */

/* Reads the earlier response of each row into in->earlier; rows[r]: its row there, CNV_NONE: there is none.  *any:
 * there is one.  limited: only while fewer than MOST_COMPARED were. */
static cnv_status read_earlier(taking *t, const cnv_str *respondents, bool limited, uint32_t *rows, bool *any)
{
	cli_intake *in = t->intake;
	cnv_status status = CNV_OK;

	*any = false;
	if (!in->earlier)
		in->earlier = cnv_batch_new(in->form->form);
	if (!in->earlier)
		return CNV_NO_MEMORY;
	cnv_batch_reset(in->earlier);
	for (uint32_t row = 0; row < in->batch->tables[0].rows && !status; row++) {
		cnv_reported reported;
		bool found = false;

		rows[row] = CNV_NONE;
		if (!respondents[row].len || (limited && in->compared >= MOST_COMPARED))
			continue;
		status = cnv_store_earlier(in->store, respondents[row], in->earlier, &reported, &found, &t->diags);
		if (!found)
			continue;
		rows[row] = in->earlier->tables[0].rows - 1;
		if (t->revised)
			t->revised[row].revision = reported.revision + 1;
		*any = true;
	}
	return status;
}

/* ---------------------------------------------------------------- --keep-blank */

/* Settles and attributes quietly, only to know whose earlier answers are meant. */
static cnv_status find_owners(taking *t, cnv_str *respondents)
{
	cli_intake *in = t->intake;
	cnv_status status = taking_settle(t, in->batch, NULL);

	for (uint32_t row = 0; row < in->batch->tables[0].rows && !status; row++) {
		cnv_str given = t->rows == 1 ? in->options->respondent : (cnv_str){ 0 };
		cnv_str code = { 0 };
		cnv_attribution found = cnv_attribute(in->batch, row, given, in->roster, t->name, &code, NULL);

		if (found == CNV_NO_RESPONDENT)
			code = taking_claimed_owner(t);
		else if (found != CNV_ATTRIBUTED)
			code = (cnv_str){ 0 };
		respondents[row] = code;
	}
	return status;
}

/* Fills the blanks in another batch; what stands there though it is no longer asked goes again. */
static cnv_status fill(taking *t, const uint32_t *rows, cnv_batch *filled)
{
	cli_intake *in = t->intake;
	cnv_world world = { .now = in->options->now, .seed = 1 };
	cnv_findings quiet = { 0 };
	bool undue = false;
	cnv_status status = cnv_batch_fill(filled, in->batch, in->earlier, rows, &t->fills);

	if (!status)
		status = taking_settle(t, filled, NULL);
	if (!status)
		cnv_fills_set(&t->fills, filled, in->earlier);
	if (!status)
		status = cnv_check(in->form->plan, filled, &world, t->name, in->form->language, &in->scratch, &quiet);
	if (!status)
		status = cnv_fills_spurn(&t->fills, filled, in->earlier, &in->scratch, &undue);
	if (!status)
		status = cnv_batch_fill(filled, in->batch, in->earlier, rows, &t->fills);
	t->fills.spurned = NULL;
	return status;
}

cnv_status taking_keep_blank(taking *t)
{
	cli_intake *in = t->intake;
	uint32_t count = in->batch->tables[0].rows;
	cnv_str *respondents = cnv_arena_array(&in->scratch, count, sizeof *respondents);
	uint32_t *rows = cnv_arena_array(&in->scratch, count, sizeof *rows);
	cnv_batch *filled = NULL;
	bool any = false;
	cnv_status status = respondents && rows ? find_owners(t, respondents) : CNV_NO_MEMORY;

	t->fills.count = 0;
	t->revised = NULL;
	if (!status)
		status = read_earlier(t, respondents, false, rows, &any);
	if (!status && any) {
		filled = cnv_batch_new(in->form->form);
		status = filled ? fill(t, rows, filled) : CNV_NO_MEMORY;
		if (!status) {
			filled->migration = in->batch->migration;
			cnv_batch_swap(filled, in->batch);
		}
	}
	cnv_batch_free(filled);
	return status;
}

void taking_tell_kept(taking *t, cnv_ledger *ledger)
{
	const cnv_batch *batch = t->intake->batch;

	if (t->fills.count)
		cnv_fills_set(&t->fills, t->intake->batch, t->intake->earlier);
	for (uint32_t i = 0; i < t->fills.count; i++) {
		const cnv_filled *filled = &t->fills.at[i];
		const cnv_table *table = &batch->tables[filled->table];
		uint32_t at = batch->form->questions[filled->question].column;
		cnv_ledger_entry entry = { .table = filled->table, .row = filled->row, .question = filled->question };

		entry.place = cnv_batch_place(batch, filled->table, at, filled->row,
		                              cnv_row_line(table, &table->columns[at], filled->row), t->name);
		entry.path = cnv_cell_path(batch, filled->table, filled->row, filled->question, &t->intake->scratch);
		entry.to = cnv_column_text(&table->columns[at], filled->row);
		entry.why = "left blank; the earlier answer stands";
		ledger->count++;
		ledger->tell(ledger->self, &entry);
	}
}

/* ---------------------------------------------------------------- comparing */

/* One response beside the earlier one. */
typedef struct comparing {
	taking *t;
	const cnv_batch *now, *was;
	uint32_t row, earlier; /* of table 0 */
	cli_revised *revised;
	uint32_t room;
	uint32_t named;
	cnv_text names; /* of questions that are blank now */
	bool failed;
} comparing;

static void add_changed(comparing *c, const cli_changed *changed)
{
	if (!cnv_mem_room((void **)&c->t->changed, &c->t->changed_room, c->t->changed_count + 1, sizeof *changed)) {
		c->failed = true;
		return;
	}
	c->t->changed[c->t->changed_count++] = *changed;
	c->revised->count++;
}

/* It stood before, is asked still, and nobody answers it. */
static void note_blank(comparing *c, const cnv_question *question)
{
	c->revised->blank++;
	if (c->named++ < MOST_NAMED)
		cnv_text_format(&c->names, "%s%.*s", c->names.len ? ", " : "", CNV_ARG(number_of(question)));
}

/* A cell of both; now or was is CNV_NONE where its entry is not there. */
static void compare_cell(comparing *c, uint32_t table, uint32_t column, uint32_t now, uint32_t was)
{
	const cnv_form *form = c->now->form;
	const cnv_column *left = &c->was->tables[table].columns[column];
	const cnv_column *right = &c->now->tables[table].columns[column];
	cnv_arena *arena = &c->t->intake->scratch;
	cli_changed changed = { .question = right->question, .verdict = CNV_BLANK };

	if (was != CNV_NONE)
		changed.from = cnv_cell_value(form, left, was, arena);
	if (now != CNV_NONE) {
		changed.to = cnv_cell_value(form, right, now, arena);
		changed.verdict = (cnv_verdict)right->verdicts[now];
	}
	if (cnv_str_equal(changed.from, changed.to))
		return;
	changed.path = now != CNV_NONE ? cnv_cell_path(c->now, table, now, right->question, arena)
	                               : cnv_cell_path(c->was, table, was, right->question, arena);
	add_changed(c, &changed);
	if (now != CNV_NONE && !changed.to.len && (changed.verdict == CNV_BLANK || changed.verdict == CNV_MISSING))
		note_blank(c, &form->questions[right->question]);
}

static void compare_row(comparing *c, uint32_t table, uint32_t now, uint32_t was)
{
	for (uint32_t i = 0; i < c->now->tables[table].count; i++)
		if (is_compared(c->now->form, c->now->tables[table].columns[i].question))
			compare_cell(c, table, i, now, was);
}

static uint32_t entry_of(const cnv_table *table, uint32_t parent, uint32_t first, uint32_t number)
{
	uint32_t row = first + number;

	return parent != CNV_NONE && row < table->rows && table->parents[row] == parent ? row : CNV_NONE;
}

/* The first entry beside the first, the second beside the second; then what they hold. */
static void compare_entries(comparing *c, uint32_t parent_table, uint32_t now, uint32_t was, uint32_t depth)
{
	if (depth == DEEPEST)
		return;
	for (uint32_t i = 1; i < c->now->table_count; i++) {
		const cnv_table *right = &c->now->tables[i], *left = &c->was->tables[i];
		uint32_t now_first = now == CNV_NONE ? 0 : cnv_table_first(right, now);
		uint32_t was_first = was == CNV_NONE ? 0 : cnv_table_first(left, was);

		if (c->now->form->tables[i].parent != parent_table)
			continue;
		for (uint32_t number = 0;; number++) {
			uint32_t a = entry_of(right, now, now_first, number);
			uint32_t b = entry_of(left, was, was_first, number);

			if (a == CNV_NONE && b == CNV_NONE)
				break;
			compare_row(c, i, a, b);
			compare_entries(c, i, a, b, depth + 1);
		}
	}
}

static cnv_str remark_of(const cnv_batch *batch, uint32_t row, uint32_t *at)
{
	while (*at < batch->remark_count) {
		const cnv_remark *remark = &batch->remarks[(*at)++];
		if (cnv_batch_owner(batch, remark->table, remark->row, 0) == row)
			return remark->text;
	}
	return (cnv_str){ 0 };
}

/* Do the remarks of both say the same in the same order? */
static bool same_remarks(const comparing *c)
{
	uint32_t now = 0, was = 0;

	for (;;) {
		cnv_str right = remark_of(c->now, c->row, &now), left = remark_of(c->was, c->earlier, &was);
		if (!cnv_str_equal(right, left))
			return false;
		if (!right.len)
			return true;
	}
}

/* Said of the import, not kept with the response: the next one is compared anew. */
static void tell_blank(comparing *c)
{
	taking *t = c->t;
	uint32_t count = c->revised->blank;
	cnv_place place = cnv_batch_place(c->now, 0, CNV_NONE, c->row, c->now->tables[0].lines[c->row], t->name);
	cnv_str hint = t->intake->options->keep_blank
	                       ? CNV_STR("an entry of a repeat is taken as it is returned, so fill it in whole")
	                       : CNV_STR("--keep-blank lets the earlier answers stand, --replace means the blanks");

	cnv_diags_say(&t->diags, CNV_NOW_BLANK, place, (cnv_str){ 0 }, (cnv_str){ 0 }, hint,
	              "%u %s blank now that stood before: %.*s%s", count, cnv_noun(count, "answer is", "answers are"),
	              CNV_ARG(cnv_text_str(&c->names)), c->named > MOST_NAMED ? ", ..." : "");
}

static void compare_response(taking *t, uint32_t row, uint32_t earlier, cli_revised *revised)
{
	comparing c = { .t = t,
		        .now = t->intake->batch,
		        .was = t->intake->earlier,
		        .row = row,
		        .earlier = earlier,
		        .revised = revised };

	revised->compared = true;
	t->intake->compared++;
	revised->first = t->changed_count;
	compare_row(&c, 0, row, earlier);
	compare_entries(&c, 0, row, earlier, 0);
	revised->remarks = !same_remarks(&c);
	if (revised->blank && !t->intake->options->replace)
		tell_blank(&c);
	t->failed |= c.failed || c.names.failed;
	cnv_text_fini(&c.names);
}

cnv_status taking_compare(taking *t, const cnv_str *respondents)
{
	cli_intake *in = t->intake;
	uint32_t count = in->batch->tables[0].rows;
	uint32_t *rows = cnv_arena_array(&in->scratch, count, sizeof *rows);
	bool any = false;
	cnv_status status;

	t->changed_count = 0;
	t->revised = cnv_arena_array(&in->scratch, count, sizeof *t->revised);
	if (!rows || !t->revised)
		return CNV_NO_MEMORY;
	status = read_earlier(t, respondents, true, rows, &any);
	for (uint32_t row = 0; row < count && any && !status; row++)
		if (rows[row] != CNV_NONE)
			compare_response(t, row, rows[row], &t->revised[row]);
	return status;
}

/* How many answers each new response has, those of its entries too. */
static void count_answers(taking *t, const cnv_outcome *outcomes)
{
	const cnv_batch *batch = t->intake->batch;

	for (uint32_t i = 0; i < batch->table_count; i++)
		for (uint32_t k = 0; k < batch->tables[i].count; k++) {
			const cnv_column *column = &batch->tables[i].columns[k];
			if (!is_compared(batch->form, column->question))
				continue;
			for (uint32_t row = 0; row < batch->tables[i].rows; row++) {
				uint32_t owner = cnv_batch_owner(batch, i, row, 0);
				bool counts = outcomes[owner] == CNV_NEW && cnv_bit(column->answered, row);
				t->revised[owner].answers += counts;
			}
		}
}

void taking_tell_revised(taking *t, const cnv_str *respondents, const cnv_outcome *outcomes)
{
	cli_intake *in = t->intake;

	if (!in->tell_revised)
		return;
	count_answers(t, outcomes);
	for (uint32_t row = 0; row < in->batch->tables[0].rows; row++) {
		cli_revised *revised = &t->revised[row];

		if (!respondents[row].len || (outcomes[row] != CNV_NEW && outcomes[row] != CNV_REVISION))
			continue;
		revised->respondent = respondents[row];
		revised->fresh = outcomes[row] == CNV_NEW;
		revised->changed = revised->count ? t->changed + revised->first : NULL;
		in->tell_revised(in->self, revised);
	}
}
