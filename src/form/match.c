/* match.c: which questions of two versions of a form are the same.
 *
 * Questions with the same path match, then those whose name is unique on both sides.  The remaining questions are
 * compared by type and label: a unique pair may be a renamed question.
 */
#include "canvass/form.h"

#include "form/index.h"

static bool is_free(const cnv_form *form, cnv_question_id id, const cnv_question_id *taken)
{
	return id < form->count && taken[id] == CNV_NONE;
}

/* A group matches only a group; any other difference is a change of type. */
static bool is_alike(const cnv_question *a, const cnv_question *b)
{
	bool section = a->role == CNV_GROUP || a->role == CNV_REPEAT;
	bool other = b->role == CNV_GROUP || b->role == CNV_REPEAT;

	return section == other;
}

static void pair(cnv_matching *m, cnv_question_id before, cnv_question_id after)
{
	m->after_of[before] = after;
	m->before_of[after] = before;
}

static void match_paths(cnv_matching *m, const cnv_form *before, const cnv_form *after)
{
	for (cnv_question_id id = 0; id < after->count; id++) {
		cnv_question_id found = cnv_map_find(&before->by_path, after->questions[id].path);
		if (is_free(before, found, m->after_of) && is_alike(&before->questions[found], &after->questions[id]))
			pair(m, found, id);
	}
}

static void match_names(cnv_matching *m, const cnv_form *before, const cnv_form *after)
{
	for (cnv_question_id id = 0; id < after->count; id++) {
		cnv_str name = after->questions[id].name;
		cnv_question_id found = cnv_form_find(before, name);
		if (m->before_of[id] == CNV_NONE && cnv_form_find(after, name) == id &&
		    is_free(before, found, m->after_of) && is_alike(&before->questions[found], &after->questions[id]))
			pair(m, found, id);
	}
}

/* The type and text of a question, without its name; empty: it has no text. */
static cnv_str content(const cnv_form *form, const cnv_question *question, cnv_arena *arena)
{
	cnv_str text = cnv_wording_text(form, &question->label, form->default_language);

	if (!text.len)
		text = question->calculation.text;
	return text.len ? cnv_arena_format(arena, "%s\n%.*s", question->type->name, CNV_ARG(text)) : text;
}

/* The questions without a partner, by what they say. */
static bool index_contents(cnv_map *map, const cnv_form *form, const cnv_question_id *partner, cnv_arena *arena)
{
	cnv_form_index contents = { 0 };

	for (cnv_question_id id = 0; id < form->count; id++)
		if (partner[id] == CNV_NONE)
			cnv_form_index_put(&contents, content(form, &form->questions[id], arena), id);
	return cnv_form_index_end(&contents, map);
}

/* A pair that says the same, and is alone on both sides in saying it. */
static cnv_status match_contents(cnv_matching *m, const cnv_form *before, const cnv_form *after, cnv_arena *arena)
{
	cnv_map olds = { 0 }, news = { 0 };
	bool indexed = index_contents(&olds, before, m->after_of, arena);

	indexed = index_contents(&news, after, m->before_of, arena) && indexed;
	for (cnv_question_id id = 0; indexed && id < after->count; id++) {
		cnv_str key =
			m->before_of[id] == CNV_NONE ? content(after, &after->questions[id], arena) : (cnv_str){ 0 };
		uint32_t found = key.len ? cnv_map_find(&olds, key) : CNV_NONE;

		if (found < before->count && cnv_map_find(&news, key) == id) {
			m->renamed[id] = found;
			m->renamed_to[found] = id;
		}
	}
	cnv_map_fini(&olds);
	cnv_map_fini(&news);
	return indexed && !arena->failed ? CNV_OK : CNV_NO_MEMORY;
}

cnv_status cnv_form_match(cnv_matching *out, const cnv_form *before, const cnv_form *after, cnv_arena *arena)
{
	*out = (cnv_matching){ .after_of = cnv_arena_array(arena, (size_t)before->count + 1, sizeof *out->after_of),
			       .before_of = cnv_arena_array(arena, (size_t)after->count + 1, sizeof *out->before_of),
			       .renamed = cnv_arena_array(arena, (size_t)after->count + 1, sizeof *out->renamed),
			       .renamed_to =
				       cnv_arena_array(arena, (size_t)before->count + 1, sizeof *out->renamed_to) };
	if (arena->failed)
		return CNV_NO_MEMORY;
	for (cnv_question_id id = 0; id < before->count; id++)
		out->after_of[id] = out->renamed_to[id] = CNV_NONE;
	for (cnv_question_id id = 0; id < after->count; id++)
		out->before_of[id] = out->renamed[id] = CNV_NONE;
	match_paths(out, before, after);
	match_names(out, before, after);
	return match_contents(out, before, after, arena);
}
