/* names.c: which names may occur together, and the index of names.
 *
 * A name is unique within its group.  The same name in two groups is allowed, but then no formula can refer to it.  The
 * name of a repeat is unique in the whole form.
 */
#include "form/index.h"
#include "form/places.h"
#include "form/steps.h"

#include <string.h>

/* Parent and name as one key, so that one map serves all groups. */
static cnv_str key_of(cnv_form_builder *build, cnv_question_id parent, cnv_str name)
{
	char *key = cnv_arena_get(build->arena, sizeof parent + name.len);

	if (!key)
		return (cnv_str){ 0 };
	memcpy(key, &parent, sizeof parent);
	if (name.len)
		memcpy(key + sizeof parent, name.at, name.len);
	return (cnv_str){ key, sizeof parent + name.len };
}

static void check_duplicate(cnv_form_builder *build, cnv_map *exact, cnv_map *folded, cnv_question_id id)
{
	const cnv_question *question = &build->questions[id];
	cnv_question_id parent = question->parent;
	cnv_question_id other = cnv_map_put(exact, key_of(build, parent, question->name), id);
	const char *where = parent == CNV_NONE                            ? "the form"
			    : build->questions[parent].role == CNV_REPEAT ? "this repeat"
									  : "this group";

	if (other != id && other < build->count) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_NAME_TWICE, .place = question->place, .field = question->name,
					.excerpt = question->name),
			       "the name \"%.*s\" is already used in %s, on %s %u", CNV_ARG(question->name), where,
			       cnv_form_row_word(build), build->questions[other].place.row);
		return;
	}
	other = cnv_map_put(folded, key_of(build, parent, cnv_text_fold(build->arena, question->name)), id);
	if (other != id && other < build->count)
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_NAME_CASE, .place = question->place, .field = question->name,
					.excerpt = question->name),
			       "the name differs only in case from \"%.*s\" on %s %u",
			       CNV_ARG(build->questions[other].name), cnv_form_row_word(build),
			       build->questions[other].place.row);
}

/* A repeat's name becomes the name of a table, so it must differ from those of other repeats and of the form. */
static void check_repeat(cnv_form_builder *build, cnv_map *repeats, cnv_question_id id)
{
	const cnv_question *question = &build->questions[id];
	cnv_question_id other = cnv_map_put(repeats, question->name, id);

	if (cnv_str_equal(question->name, build->form->root)) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_REPEAT_NAME, .place = question->place, .field = question->name,
					.excerpt = question->name, .hint = CNV_STR("rename the repeat")),
			       "a repeat cannot have the same name as the form");
		return;
	}
	if (other == id || other >= build->count || build->questions[other].parent == question->parent)
		return;
	if (build->questions[other].place.row == question->place.row) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_REPEAT_NAME, .place = question->place, .field = question->name,
					.excerpt = question->name,
					.hint = CNV_STR("put %(name)s into the name: the name of a repeat must be"
							" unique in the form")),
			       "the loop makes several repeats named \"%.*s\"", CNV_ARG(question->name));
		return;
	}
	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_REPEAT_NAME, .place = question->place, .field = question->name,
				.excerpt = question->name,
				.hint = CNV_STR("rename one of them: the name of a repeat must be unique in the form")),
		       "another repeat, on %s %u, is also named \"%.*s\"", cnv_form_row_word(build),
		       build->questions[other].place.row, CNV_ARG(question->name));
}

void cnv_form_check_names(cnv_form_builder *build)
{
	cnv_map exact = { 0 }, folded = { 0 }, repeats = { 0 };

	for (cnv_question_id id = 0; id < build->count; id++) {
		const cnv_question *question = &build->questions[id];

		if (!question->name.len)
			continue;
		if (cnv_str_equal(question->name, CNV_STR("meta"))) {
			cnv_diags_emit(build->diags,
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

/* Questions of the same repeat with the same name: long files distinguish them by their groups. */
static void distinguish_paths(cnv_form_builder *build)
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

bool cnv_form_index_names(cnv_form_builder *build)
{
	cnv_form *form = build->form;
	cnv_form_index names = { 0 };

	for (cnv_question_id id = 0; id < build->count; id++) {
		const cnv_question *question = &build->questions[id];

		/* A second one in the same group is a mistake that is reported; references then mean the first. */
		if (question->name.len && cnv_map_put(&form->by_path, question->path, id) != id)
			continue;
		cnv_form_index_put(&names, question->name, id);
	}
	if (!cnv_form_index_end(&names, &form->by_name) || form->by_path.failed)
		build->no_memory = true;
	distinguish_paths(build);
	return !build->no_memory;
}
