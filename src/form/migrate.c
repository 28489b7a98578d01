/* migrate.c: where the answers to an older version of a form go in the present version.
 *
 * A question takes the answers of its predecessor: the question with the same path, the same unique name or, if it was
 * renamed, the same unique type and label.  Their repeats must match too, or entries would be mixed up.  A choice
 * succeeds the one with the same code; if the code is gone or its meaning has changed, the one with the same label.
 */
#include "canvass/form.h"

/* The table of the present form for the entries of an older table; CNV_NONE: there is none, or its parent differs. */
static uint32_t table_now(const cnv_migration *to, uint32_t table)
{
	const cnv_form *before = to->before, *after = to->after;
	const cnv_matching *m = &to->matching;
	cnv_question_id repeat = before->tables[table].repeat;
	uint32_t found;

	if (!table)
		return 0;
	if (m->after_of[repeat] != CNV_NONE)
		repeat = m->after_of[repeat];
	else if (m->renamed_to[repeat] != CNV_NONE)
		repeat = m->renamed_to[repeat];
	else
		return CNV_NONE;
	if (after->questions[repeat].role != CNV_REPEAT)
		return CNV_NONE;
	found = after->questions[repeat].table;
	/* The recursion ends: a table comes after its parent. */
	return table_now(to, before->tables[table].parent) == after->tables[found].parent ? found : CNV_NONE;
}

static cnv_question_id successor(const cnv_migration *to, cnv_question_id old)
{
	const cnv_matching *m = &to->matching;
	const cnv_question *was = &to->before->questions[old];
	cnv_question_id found = m->after_of[old] != CNV_NONE ? m->after_of[old] : m->renamed_to[old];

	if (found == CNV_NONE)
		return CNV_NONE;
	if ((was->column == CNV_NONE) != (to->after->questions[found].column == CNV_NONE))
		return CNV_NONE;
	return table_now(to, was->table) == to->after->questions[found].table ? found : CNV_NONE;
}

/* ---------------------------------------------------------------- choices */

/* The choice of the list that has one of this choice's labels, CNV_NONE. */
static uint32_t find_label(const cnv_migration *to, const cnv_list *list, const cnv_choice *choice, cnv_arena *arena)
{
	for (uint32_t i = 0; i < to->before->language_count; i++) {
		cnv_str folded = cnv_text_fold(arena, choice->label.at[i]);
		uint32_t found = folded.len ? cnv_map_find(&list->by_label, folded) : CNV_NONE;

		if (found < list->count)
			return found;
	}
	return CNV_NONE;
}

/* The two share a label, or one of them has none. */
static bool is_like(const cnv_migration *to, const cnv_choice *was, const cnv_choice *now, cnv_arena *arena)
{
	bool labelled = false;

	for (uint32_t i = 0; i < to->before->language_count; i++)
		for (uint32_t k = 0; k < to->after->language_count; k++) {
			cnv_str a = cnv_text_fold(arena, was->label.at[i]), b = cnv_text_fold(arena, now->label.at[k]);

			labelled |= a.len && b.len;
			if (a.len && cnv_str_equal(a, b))
				return true;
		}
	return !labelled;
}

static uint32_t choice_now(const cnv_migration *to, const cnv_choice *was, const cnv_list *list, cnv_arena *arena)
{
	uint32_t same = cnv_list_find(list, was->name), found;

	if (same != CNV_NONE && is_like(to, was, &list->choices[same], arena))
		return same;
	found = find_label(to, list, was, arena);
	return found != CNV_NONE ? found : same;
}

/* NULL: every code and label has the same meaning in both lists; or no memory. */
static const cnv_recoding *recode(const cnv_migration *to, const cnv_list *before, const cnv_list *list,
				  cnv_arena *arena)
{
	cnv_recoding *recoding = cnv_arena_get(arena, sizeof *recoding);
	uint32_t *now = cnv_arena_array(arena, (size_t)before->count + 1, sizeof *now);
	cnv_arena scratch = { 0 };
	bool same = true;

	for (uint32_t i = 0; now && recoding && i < before->count; i++) {
		const cnv_choice *was = &before->choices[i];

		now[i] = choice_now(to, was, list, &scratch);
		same = same && now[i] != CNV_NONE && cnv_str_equal(list->choices[now[i]].name, was->name) &&
		       (!before->by_label.count || find_label(to, list, was, &scratch) == now[i]);
		cnv_arena_reset(&scratch);
	}
	arena->failed |= scratch.failed;
	cnv_arena_fini(&scratch);
	if (same || arena->failed)
		return NULL;
	*recoding = (cnv_recoding){ .before = before, .now = now };
	return recoding;
}

/* Questions share lists, so each pair of lists is recoded once. */
static bool recode_all(cnv_migration *out, const cnv_recoding **recodings, cnv_arena *arena)
{
	const cnv_form *before = out->before, *after = out->after;
	cnv_map made = { 0 };

	for (cnv_question_id id = 0; id < after->count; id++) {
		cnv_question_id was = out->predecessor_of[id];
		uint32_t old = was == CNV_NONE ? CNV_NONE : before->questions[was].list;
		uint32_t words[2] = { old, after->questions[id].list };
		cnv_question_id first;

		if (old == CNV_NONE || words[1] == CNV_NONE || before->lists[old].open || after->lists[words[1]].open)
			continue;
		first = cnv_map_put(&made, cnv_arena_copy(arena, (cnv_str){ (const char *)words, sizeof words }), id);
		recodings[id] = first < id ? recodings[first]
					   : recode(out, &before->lists[old], &after->lists[words[1]], arena);
	}
	arena->failed |= made.failed;
	cnv_map_fini(&made);
	return !arena->failed;
}

/* ---------------------------------------------------------------- public */

cnv_status cnv_form_migrate(cnv_migration *out, const cnv_form *before, const cnv_form *after, cnv_arena *arena)
{
	cnv_question_id *successor_of = cnv_arena_array(arena, (size_t)before->count + 1, sizeof *successor_of);
	cnv_question_id *predecessor_of = cnv_arena_array(arena, (size_t)after->count + 1, sizeof *predecessor_of);
	const cnv_recoding **recodings = cnv_arena_array(arena, (size_t)after->count + 1, sizeof *recodings);
	cnv_status status;

	*out = (cnv_migration){ .before = before,
				.after = after,
				.successor_of = successor_of,
				.predecessor_of = predecessor_of,
				.recodings = recodings };
	if (arena->failed)
		return CNV_NO_MEMORY;
	status = cnv_form_match(&out->matching, before, after, arena);
	if (status)
		return status;
	for (cnv_question_id id = 0; id < after->count; id++)
		predecessor_of[id] = CNV_NONE;
	for (cnv_question_id id = 0; id < before->count; id++) {
		successor_of[id] = successor(out, id);
		if (successor_of[id] != CNV_NONE)
			predecessor_of[successor_of[id]] = id;
	}
	return recode_all(out, recodings, arena) ? CNV_OK : CNV_NO_MEMORY;
}
