/* names.c: what a name may look like, and which names may not meet.
 *
 * A name is unique among those that share its group; the same name in two groups is allowed, but
 * then nobody can refer to it.  A repeat's name is unique in the whole form.
 */
#include "form_internal.h"

#include <string.h>

bool is_name(cnv_str name)
{
	size_t len = cnv_name_span(name);

	if (!len)
		return false;
	if (len < name.len && name.at[len] == ':') {
		name = cnv_str_slice(name, len + 1, name.len);
		len = cnv_name_span(name);
	}
	return len && len == name.len;
}

/* A key of the parent's number and the name, for a map over all groups at once. */
static cnv_str key_of(struct build *build, cnv_question_id parent, cnv_str name)
{
	char *key = cnv_arena_get(build->arena, sizeof parent + name.len);

	if (!key)
		return (cnv_str){ 0 };
	memcpy(key, &parent, sizeof parent);
	if (name.len)
		memcpy(key + sizeof parent, name.at, name.len);
	return (cnv_str){ key, sizeof parent + name.len };
}

static void check_duplicate(struct build *build, cnv_map *exact, cnv_map *folded, cnv_question_id id)
{
	const cnv_question *question = &build->questions[id];
	cnv_question_id parent = question->parent;
	cnv_question_id other = cnv_map_put(exact, key_of(build, parent, question->name), id);
	const char *where = parent == CNV_NONE                            ? "the form"
			    : build->questions[parent].role == CNV_REPEAT ? "this repeat"
									  : "this group";

	if (other != id && other < build->count) {
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_NAME_TWICE, .place = question->place, .field = question->name,
					.excerpt = question->name),
			       "the name \"%.*s\" is already taken in %s, on %s %u", CNV_ARG(question->name), where,
			       row_word(build), build->questions[other].place.row);
		return;
	}
	other = cnv_map_put(folded, key_of(build, parent, cnv_text_fold(build->arena, question->name)), id);
	if (other != id && other < build->count)
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_NAME_CASE, .place = question->place, .field = question->name,
					.excerpt = question->name),
			       "the name differs only in upper and lower case from \"%.*s\" on %s %u",
			       CNV_ARG(build->questions[other].name), row_word(build),
			       build->questions[other].place.row);
}

/* A repeat's name makes a table of answers, so it may not be another repeat's or the form's. */
static void check_repeat(struct build *build, cnv_map *repeats, cnv_question_id id)
{
	const cnv_question *question = &build->questions[id];
	cnv_question_id other = cnv_map_put(repeats, question->name, id);

	if (cnv_str_equal(question->name, build->form->root)) {
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_REPEAT_NAME, .place = question->place, .field = question->name,
					.excerpt = question->name, .hint = CNV_STR("rename the repeat")),
			       "a repeat cannot have the name of the form itself");
		return;
	}
	if (other == id || other >= build->count || build->questions[other].parent == question->parent)
		return;
	if (build->questions[other].place.row == question->place.row) {
		cnv_diags_emit(
			&build->diags,
			CNV_DIAG(.code = CNV_REPEAT_NAME, .place = question->place, .field = question->name,
				 .excerpt = question->name,
				 .hint = CNV_STR(
					 "put %(name)s into the name: names of repeats differ in the whole form")),
			"the loop makes several repeats called \"%.*s\"", CNV_ARG(question->name));
		return;
	}
	cnv_diags_emit(&build->diags,
		       CNV_DIAG(.code = CNV_REPEAT_NAME, .place = question->place, .field = question->name,
				.excerpt = question->name,
				.hint = CNV_STR("rename one of the two: names of repeats differ in the whole form")),
		       "another repeat, on %s %u, is called \"%.*s\" too", row_word(build),
		       build->questions[other].place.row, CNV_ARG(question->name));
}

void names_check(struct build *build)
{
	cnv_map exact = { 0 }, folded = { 0 }, repeats = { 0 };

	for (cnv_question_id id = 0; id < build->count; id++) {
		const cnv_question *question = &build->questions[id];

		if (!question->name.len)
			continue;
		if (cnv_str_equal(question->name, CNV_STR("meta"))) {
			cnv_diags_emit(&build->diags,
				       CNV_DIAG(.code = CNV_NAME_RESERVED, .place = question->place,
						.field = question->name, .excerpt = question->name),
				       "the name \"meta\" is reserved for the form's own data");
			continue;
		}
		check_duplicate(build, &exact, &folded, id);
		if (question->role == CNV_REPEAT)
			check_repeat(build, &repeats, id);
	}
	build->no_memory = build->no_memory || exact.failed || folded.failed || repeats.failed;
	cnv_map_fini(&exact);
	cnv_map_fini(&folded);
	cnv_map_fini(&repeats);
}

/* Questions of one name within the same repeat: long files tell them apart by the groups around them. */
static void tell_paths_apart(struct build *build)
{
	cnv_map first = { 0 };
	bool *same = cnv_arena_array(build->arena, build->count, sizeof *same);

	for (cnv_question_id id = 0; same && id < build->count; id++) {
		const cnv_question *question = &build->questions[id];
		cnv_question_id named = cnv_map_find(&build->form->by_name, question->name), other;

		if (!question->name.len || question->role == CNV_GROUP || named != CNV_NAME_AMBIGUOUS)
			continue;
		other = cnv_map_put(&first, question->answer_path, id);
		if (other != id && other < build->count)
			same[id] = same[other] = true;
	}
	for (cnv_question_id id = 0; same && id < build->count; id++) {
		cnv_question *question = &build->questions[id];
		const cnv_question *repeat = question->repeat == CNV_NONE ? NULL : &build->questions[question->repeat];

		if (same[id] && question->role != CNV_REPEAT)
			question->answer_path =
				!repeat ? question->path
					: cnv_arena_format(build->arena, "%.*s%.*s", CNV_ARG(repeat->answer_path),
							   CNV_ARG(cnv_str_slice(question->path, repeat->path.len,
										 question->path.len)));
	}
	build->no_memory = build->no_memory || first.failed || !same;
	cnv_map_fini(&first);
}

bool names_index(struct build *build)
{
	cnv_form *form = build->form;
	cnv_map first = { 0 };
	bool *shared = cnv_arena_array(build->arena, build->count, sizeof *shared);

	if (!shared)
		return false;
	for (cnv_question_id id = 0; id < build->count; id++) {
		cnv_str name = build->questions[id].name;
		uint32_t other = name.len ? cnv_map_put(&first, name, id) : id;

		if (other != id && other < build->count)
			shared[other] = true;
	}
	for (cnv_question_id id = 0; id < build->count; id++) {
		const cnv_question *question = &build->questions[id];

		if (!question->name.len)
			continue;
		if (cnv_map_find(&first, question->name) == id)
			cnv_map_put(&form->by_name, question->name, shared[id] ? CNV_NAME_AMBIGUOUS : id);
		cnv_map_put(&form->by_path, question->path, id);
	}
	build->no_memory = build->no_memory || first.failed || form->by_name.failed || form->by_path.failed;
	cnv_map_fini(&first);
	tell_paths_apart(build);
	return !build->no_memory;
}
