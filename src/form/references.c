/* references.c: ${name} in texts.
 *
 * Labels, hints, messages, media, parameters, triggers and settings may hold references; those in formulas are
 * for whoever compiles the formulas.  ${instanceID} always exists, ${last-saved#name} speaks of the
 * record saved before.
 */
#include "hints.h"
#include "name.h"
#include "places.h"
#include "steps.h"

/* The name in a reference that begins `text`, and in *len its bytes; an empty name when it is malformed. */
static cnv_str read_reference(cnv_str text, size_t *len)
{
	cnv_str rest = cnv_str_slice(text, 2, text.len);
	cnv_str saved = CNV_STR("last-saved#");
	size_t name, skipped = cnv_str_starts(rest, saved) ? saved.len : 0;

	name = cnv_name_span(cnv_str_slice(rest, skipped, rest.len));
	*len = 2 + skipped + name + 1;
	if (name && *len <= text.len && text.at[*len - 1] == '}')
		return cnv_str_slice(rest, skipped, skipped + name);
	/* Malformed: up to its bracket where that is on the same line and before the next reference. */
	for (*len = 2; *len < text.len && text.at[*len] != '\n' && text.at[*len] != '$'; (*len)++)
		if (text.at[*len] == '}') {
			(*len)++;
			return (cnv_str){ 0 };
		}
	if (*len < text.len)
		return (cnv_str){ 0 };
	for (*len = 2; *len < text.len && text.at[*len] != ' '; (*len)++)
		continue;
	return (cnv_str){ 0 };
}

/* The question named, or CNV_NONE with a complaint; ${instanceID} is CNV_NONE without one. */
static cnv_question_id check_name(cnv_form_builder *build, cnv_place place, cnv_str field, cnv_str text, cnv_str name)
{
	cnv_question_id id = cnv_form_find(build->form, name);

	if (id == CNV_NAME_AMBIGUOUS) {
		cnv_diags_emit(
			build->diags,
			CNV_DIAG(.code = CNV_REFERENCE_AMBIGUOUS, .place = place, .field = field, .excerpt = text,
				 .hint = build->form->looped ? CNV_STR("give the questions different names; in a loop "
								       "put %(name)s into "
								       "the name, and into the reference")
							     : CNV_STR("give the questions different names")),
			"${%.*s} could be any of several questions of that name", CNV_ARG(name));
		return CNV_NONE;
	}
	if (id == CNV_NONE && !(cnv_str_equal(name, CNV_STR("instanceID")) && !build->no_instance_id) &&
	    !(cnv_str_equal(name, CNV_STR("instanceName")) && build->form->instance_name.text.len))
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_REFERENCE_UNKNOWN, .place = place, .field = field, .excerpt = text,
					.hint = cnv_form_nearest_question(build, name)),
			       "no question is called \"%.*s\"", CNV_ARG(name));
	return id;
}

/* told: of a malformed reference has been spoken already. */
static void check_text(cnv_form_builder *build, cnv_place place, cnv_str field, cnv_str text, bool told)
{
	cnv_str rest = text;
	size_t at;

	while ((at = cnv_str_find(rest, CNV_STR("${"))) != SIZE_MAX) {
		cnv_str found = cnv_str_slice(rest, at, rest.len), name;
		size_t len;

		name = read_reference(found, &len);
		place = cnv_form_part_place(place, text, cnv_str_slice(found, 0, len));
		if (!name.len && !told)
			cnv_diags_emit(
				build->diags,
				&(cnv_diag){
					.code = CNV_REFERENCE_SYNTAX, .place = place, .field = field, .excerpt = text },
				"\"%.*s\" is no reference to a question", CNV_ARG(cnv_str_slice(found, 0, len)));
		else if (name.len)
			check_name(build, place, field, text, name);
		rest = cnv_str_slice(found, len, found.len);
	}
}

/* ${a}, ${b}: questions that people see. */
static void check_trigger(cnv_form_builder *build, const cnv_question *question)
{
	cnv_str text = question->trigger.text, rest = text, piece;

	while (cnv_str_split(&rest, ',', &piece)) {
		cnv_place place;
		cnv_question_id id;
		cnv_str name = { 0 };
		size_t len = 0;

		piece = cnv_str_trim(piece);
		if (!piece.len)
			continue;
		place = cnv_form_part_place(question->trigger.place, text, piece);
		if (cnv_str_starts(piece, CNV_STR("${")))
			name = read_reference(piece, &len);
		if (!name.len || len != piece.len) {
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_TRIGGER_LIST, .place = place, .field = question->name,
						.excerpt = text),
				       "the trigger is no list of questions");
			return;
		}
		id = check_name(build, place, question->name, text, name);
		if (id < build->count && build->questions[id].role != CNV_ASKED &&
		    build->questions[id].role != CNV_SHOWN)
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_TRIGGER_HIDDEN, .place = place, .field = question->name,
						.excerpt = text),
				       "nobody sees \"%.*s\", so it cannot trigger anything", CNV_ARG(name));
	}
}

static void check_row(cnv_form_builder *build, const cnv_form_heads *heads, const cnv_sheet_row *row, cnv_str field)
{
	for (uint32_t i = 0; i < row->count; i++) {
		const cnv_cell_text *cell = &row->cells[i];
		cnv_form_role role;

		if (cell->column > heads->count || cnv_str_find(cell->text, CNV_STR("${")) == SIZE_MAX)
			continue;
		role = heads->at[cell->column - 1].role;
		if (role >= ROLE_FIRST_WORDING || role == ROLE_APPEARANCE || role == ROLE_PARAMETERS ||
		    (role == ROLE_TYPE && heads->sheet == build->survey))
			check_text(build, cnv_form_cell_place(build, heads->sheet, cell), field, cell->text,
				   role == ROLE_PARAMETERS);
	}
}

void cnv_form_check_references(cnv_form_builder *build)
{
	const cnv_form_heads *choices = &build->choices_heads;

	for (cnv_question_id id = 0; id < build->count; id++) {
		const cnv_question *question = &build->questions[id];

		if (build->cells_of[id])
			check_row(build, &build->survey_heads, build->cells_of[id]->row, question->name);
		if (question->trigger.text.len)
			check_trigger(build, question);
	}
	for (uint32_t i = 0; choices->count && i < build->choices->count; i++)
		check_row(build, choices, &build->choices->rows[i], (cnv_str){ 0 });
	for (uint32_t i = 0; i < build->form->setting_count; i++)
		if (!cnv_str_equal(build->form->settings[i].heading, CNV_STR("instance_name")) &&
		    !cnv_str_equal(build->form->settings[i].heading, CNV_STR("respondent")) &&
		    !cnv_str_equal(build->form->settings[i].heading, CNV_STR("release")))
			check_text(build, cnv_form_cell_place(build, build->settings, build->setting_cells[i]), (cnv_str){ 0 },
				   build->form->settings[i].text, false);
}
