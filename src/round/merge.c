/* A return made from an earlier revision.  Somebody who corrects a copy of revision 1 does not know what revision 2
 * changed.  So three versions are compared, cell by cell: the revision it was made from, the one that counts, and the
 * return.  An answer that only one of them changed is taken from that one.  If both changed it, and differently, the
 * return waits in quarantine for a person.  The entries of a repeat are compared as a whole, because nothing identifies
 * them across revisions. */
#include "round/arrival.h"
#include "round/same.h"

enum {
	MOST_NAMED = 8, /* answers named in the reason */
	MOST_SHOWN = 40 /* bytes of an answer in the reason */
};

typedef struct merging {
	arrival *a;
	const cnv_batch *mine, *base, *latest; /* one response each */
	uint32_t from, counts;                 /* revisions */
	uint64_t **replaced, **dropped;
	bool *earlier;
	uint32_t kept, conflicts;
	cnv_text names;
	cnv_arena arena;
} merging;

static cnv_str number_of(const cnv_question *question)
{
	return question->qno.len ? question->qno : question->name;
}

/* "B1 ("112" here, "120" there)": what a person needs to decide, who may see the item alone. */
static void name_conflict(merging *m, const cnv_question *question, bool has_values, cnv_str mine, cnv_str latest)
{
	const cnv_str shown[] = { cnv_utf8_cut(mine, MOST_SHOWN), cnv_utf8_cut(latest, MOST_SHOWN) };

	if (m->conflicts++ >= MOST_NAMED)
		return;
	cnv_text_format(&m->names, "%s%.*s", m->names.len ? ", " : "", CNV_ARG(number_of(question)));
	if (has_values)
		cnv_text_format(&m->names, " (\"%.*s%s\" here, \"%.*s%s\" there)", CNV_ARG(shown[0]),
				shown[0].len < mine.len ? "..." : "", CNV_ARG(shown[1]),
				shown[1].len < latest.len ? "..." : "");
}

/* A conflict that a person has decided already is only counted: the changes of the return show it. */
static void add_conflict(merging *m, uint32_t table, uint32_t at, uint32_t row, cnv_question_id id, cnv_str mine,
			 cnv_str latest)
{
	arrival *a = m->a;
	const cnv_question *question = &m->mine->form->questions[id];
	const cnv_table *of = &m->mine->tables[table];
	cnv_place place = { .source = a->name };

	name_conflict(m, question, at != CNV_NONE, mine, latest);
	if (a->intake->options.decided)
		return;
	if (at != CNV_NONE)
		place = cnv_batch_place(m->mine, table, at, row, cnv_row_line(of, &of->columns[at], row), a->name);
	if (at == CNV_NONE)
		cnv_diags_emit(&a->notes, CNV_DIAG(.code = CNV_CONFLICT_CELL, .place = place, .field = question->name),
			       "\"%.*s\": its entries were changed here, and by revision %u", CNV_ARG(question->name),
			       m->counts);
	else
		cnv_diags_emit(&a->notes,
			       CNV_DIAG(.code = CNV_CONFLICT_CELL, .place = place, .field = question->answer_path,
					.excerpt = mine),
			       "\"%.*s\" here, and \"%.*s\" in revision %u", CNV_ARG(mine), CNV_ARG(latest), m->counts);
}

/* ---------------------------------------------------------------- the response itself */

static void merge_cell(merging *m, uint32_t at)
{
	const cnv_form *form = m->mine->form;
	const cnv_column *column = &m->mine->tables[0].columns[at];
	cnv_str mine = cnv_cell_value(form, column, 0, &m->arena);
	cnv_str base = cnv_cell_value(form, &m->base->tables[0].columns[at], 0, &m->arena);
	cnv_str latest = cnv_cell_value(form, &m->latest->tables[0].columns[at], 0, &m->arena);
	bool same = same_answer(column, mine, base) || (!mine.len && m->a->intake->options.keep_blank);

	if (form->questions[column->question].role != CNV_ASKED || column->question == form->respondent ||
	    same_answer(column, mine, latest))
		return;
	if (same) {
		cnv_bit_set(m->replaced[0], at);
		m->kept++;
	} else if (!same_answer(column, latest, base)) {
		add_conflict(m, 0, at, 0, column->question, mine, latest);
	}
}

/* ---------------------------------------------------------------- entries */

static bool is_within(const cnv_form *form, uint32_t table, uint32_t outer)
{
	while (table && table != outer)
		table = form->tables[table].parent;
	return table == outer;
}

/* All answers of a repeat and the repeats in it. */
static cnv_str entries_text(merging *m, const cnv_batch *batch, uint32_t outer)
{
	cnv_text out = { 0 };
	cnv_str text;

	for (uint32_t t = outer; t < batch->table_count; t++) {
		const cnv_table *table = &batch->tables[t];

		for (uint32_t row = 0; row < table->rows && is_within(batch->form, t, outer); row++) {
			cnv_text_format(&out, "\x1e%u:%u", t, table->parents[row]);
			for (uint32_t c = 0; c < table->count; c++)
				if (batch->form->questions[table->columns[c].question].role == CNV_ASKED)
					cnv_text_format(&out, "\x1f%.*s",
							CNV_ARG(cnv_cell_value(batch->form, &table->columns[c], row,
									       &m->arena)));
		}
	}
	text = cnv_arena_copy(&m->arena, cnv_text_str(&out));
	m->arena.failed |= out.failed;
	cnv_text_fini(&out);
	return text;
}

static void merge_entries(merging *m, uint32_t outer)
{
	const cnv_form *form = m->mine->form;
	cnv_str mine = entries_text(m, m->mine, outer), base = entries_text(m, m->base, outer);
	cnv_str latest = entries_text(m, m->latest, outer);
	bool same = cnv_str_equal(mine, base) || (!mine.len && m->a->intake->options.keep_blank);

	if (cnv_str_equal(mine, latest))
		return;
	if (!same && !cnv_str_equal(latest, base)) {
		add_conflict(m, outer, CNV_NONE, 0, form->tables[outer].repeat, (cnv_str){ 0 }, (cnv_str){ 0 });
		return;
	}
	if (!same)
		return;
	m->kept++;
	for (uint32_t t = outer; t < m->mine->table_count; t++) {
		if (!is_within(form, t, outer))
			continue;
		m->earlier[t] = true;
		for (uint32_t row = 0; row < m->mine->tables[t].rows; row++)
			cnv_bit_set(m->dropped[t], row);
	}
}

/* ---------------------------------------------------------------- remarks */

static bool has_remark(const cnv_batch *batch, const cnv_remark *remark)
{
	for (uint32_t i = 0; i < batch->remark_count; i++)
		if (batch->remarks[i].question == remark->question &&
		    cnv_str_equal(batch->remarks[i].text, remark->text))
			return true;
	return false;
}

/* Those that came with a later revision. */
static void merge_remarks(merging *m, cnv_batch *window)
{
	for (uint32_t i = 0; i < m->latest->remark_count; i++) {
		const cnv_remark *remark = &m->latest->remarks[i];

		if (!has_remark(m->base, remark) && !has_remark(window, remark))
			cnv_batch_remark(window, 0, 0, remark->table ? CNV_NONE : remark->question, remark->text, 0);
	}
}

/* ---------------------------------------------------------------- the return */

static cnv_status compare_all(merging *m)
{
	uint32_t count = m->mine->table_count;

	m->replaced = cnv_arena_array(&m->arena, count, sizeof *m->replaced);
	m->dropped = cnv_arena_array(&m->arena, count, sizeof *m->dropped);
	m->earlier = cnv_arena_array(&m->arena, count, sizeof *m->earlier);
	for (uint32_t t = 0; t < count && !m->arena.failed; t++) {
		const cnv_table *table = &m->mine->tables[t];

		m->replaced[t] = cnv_arena_array(&m->arena, CNV_BIT_WORDS((size_t)table->rows * table->count) + 1,
						 sizeof(uint64_t));
		m->dropped[t] = cnv_arena_array(&m->arena, CNV_BIT_WORDS((size_t)table->rows) + 1, sizeof(uint64_t));
	}
	if (m->arena.failed)
		return CNV_NO_MEMORY;
	for (uint32_t at = 0; at < m->mine->tables[0].count; at++)
		merge_cell(m, at);
	for (uint32_t t = 1; t < count; t++)
		if (!m->mine->form->tables[t].parent)
			merge_entries(m, t);
	return m->arena.failed || m->names.failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status refuse(merging *m, cnv_str respondent)
{
	arrival *a = m->a;

	cnv_diags_emit(&a->diags,
		       CNV_DIAG(.code = CNV_CONFLICT, .place = (cnv_place){ .source = a->name }, .field = respondent),
		       "made from revision %u, and revision %u has changed the same %s: %.*s%s", m->from, m->counts,
		       cnv_noun(m->conflicts, "answer", "answers"), CNV_ARG(cnv_text_str(&m->names)),
		       m->conflicts > MOST_NAMED ? ", ..." : "");
	a->quarantined++;
	return CNV_REJECTED;
}

static cnv_status merge(merging *m, cnv_str respondent)
{
	arrival *a = m->a;
	uint32_t row = 0;
	cnv_status status = compare_all(m);

	if (status)
		return status;
	if (m->conflicts && !a->intake->options.decided)
		return refuse(m, respondent);
	a->merged = true;
	a->fills.replaced = m->replaced;
	a->fills.dropped = m->dropped;
	a->fills.earlier = m->earlier;
	status = sent_refill(a, &row);
	if (status)
		return status;
	merge_remarks(m, a->intake->window);
	cnv_diags_emit(&a->notes, CNV_DIAG(.code = CNV_MERGED, .place = (cnv_place){ .source = a->name }),
		       "made from revision %u: merged with revision %u, of which %u %s%s", m->from, m->counts, m->kept,
		       cnv_noun(m->kept, "answer is kept", "answers are kept"),
		       m->conflicts ? "; where both changed an answer, this return counts" : "");
	return a->intake->window->failed ? CNV_NO_MEMORY : CNV_OK;
}

/* Of the respondent for whom the workbook was made. */
static uint32_t claimed_revision(const arrival *a)
{
	const cnv_claim *claim = &a->stream.claims.at[CNV_CLAIM_REVISION];
	int64_t revision = 0;

	if (!claim->hidden || !cnv_integer_read(claim->value, &revision) || revision < 1 || revision > UINT32_MAX)
		return 0;
	return (uint32_t)revision;
}

cnv_status merge_take(arrival *a)
{
	cnv_intake *in = a->intake;
	merging m = { .a = a, .from = claimed_revision(a) };
	cnv_str respondent = { 0 };
	cnv_reported latest = { 0 }, reported;
	cnv_batch *base = NULL;
	bool found = false;
	cnv_status status = CNV_OK;

	a->merged = false;
	if (!m.from || a->stream.layout != CNV_LONG || in->options.unowned || in->window->tables[0].rows != 1)
		return CNV_OK;
	status = settle_batch(a, in->window, NULL);
	if (!status)
		owner_guess(a, &respondent);
	if (!cnv_str_equal(respondent, a->stream.claims.at[CNV_CLAIM_RESPONDENT].value))
		return status;
	cnv_batch_reset(in->earlier);
	if (!status && respondent.len)
		status = cnv_store_earlier(in->store, respondent, in->earlier, &latest, &found, &a->faults);
	if (status || !found || latest.revision <= m.from)
		return status;
	base = cnv_batch_new(in->form->form);
	status = base ? cnv_store_earlier_revision(in->store, respondent, m.from, base, &reported, &found, &a->faults)
		      : CNV_NO_MEMORY;
	if (!status && found) {
		m.mine = in->window;
		m.base = base;
		m.latest = in->earlier;
		m.counts = latest.revision;
		respondent = cnv_arena_copy(&a->arena, respondent);
		status = merge(&m, respondent);
	}
	cnv_batch_free(base);
	cnv_text_fini(&m.names);
	cnv_arena_fini(&m.arena);
	return status;
}
