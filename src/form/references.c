/* references.c: ${name} in texts.
 *
 * Labels, hints, messages, media, parameters, triggers and settings may contain references; those in formulas are
 * checked when the formulas are compiled.  ${instanceID} always exists, and ${last-saved#name} refers to the record
 * saved before.
 */
#include "form/hints.h"
#include "form/places.h"
#include "form/steps.h"

/* The question called `name`; CNV_NONE when it is reported as unknown, and for ${instanceID}. */
static cnv_question_id check_name(cnv_form_builder *build, cnv_place place, cnv_str field, cnv_str text, cnv_str name)
{
	cnv_question_id id = cnv_form_find(build->form, name);

	if (id == CNV_NAME_AMBIGUOUS) {
		cnv_diags_emit(
			build->diags,
			CNV_DIAG(.code = CNV_REFERENCE_AMBIGUOUS, .place = place, .field = field, .excerpt = text,
				 .hint = build->form->looped ? CNV_STR("give the questions different names; in a loop"
								       " put %(name)s into the name, and into the"
								       " reference")
							     : CNV_STR("give the questions different names")),
			"${%.*s} is ambiguous: several questions have this name", CNV_ARG(name));
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

/* Whether malformed references are reported: parameters.c reports those of its column. */
static void check_text(cnv_form_builder *build, cnv_place place, cnv_str field, cnv_str text, bool report)
{
	cnv_reference reference;
	size_t at = 0;

	while (cnv_reference_next(text, &at, &reference)) {
		cnv_str part = cnv_str_slice(text, reference.from, reference.upto);

		place = cnv_form_part_place(place, text, part);
		if (reference.name.len)
			check_name(build, place, field, text, reference.name);
		else if (report)
			cnv_diags_emit(
				build->diags,
				CNV_DIAG(.code = CNV_REFERENCE_SYNTAX, .place = place, .field = field, .excerpt = text),
				"\"%.*s\" is not a valid reference", CNV_ARG(part));
	}
}

/* A trigger is a list such as ${a}, ${b}, of questions that people see. */
static void check_trigger(cnv_form_builder *build, const cnv_question *question)
{
	cnv_str text = question->trigger.text, rest = text, piece;

	while (cnv_str_split(&rest, ',', &piece)) {
		cnv_reference reference;
		cnv_question_id id;
		cnv_place place;

		piece = cnv_str_trim(piece);
		if (!piece.len)
			continue;
		place = cnv_form_part_place(question->trigger.place, text, piece);
		if (!cnv_reference_read(piece, &reference)) {
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_TRIGGER_LIST, .place = place, .field = question->name,
						.excerpt = text),
				       "the trigger must be a list of references to questions");
			return;
		}
		id = check_name(build, place, question->name, text, reference.name);
		if (id < build->count && build->questions[id].role != CNV_ASKED &&
		    build->questions[id].role != CNV_SHOWN)
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_TRIGGER_HIDDEN, .place = place, .field = question->name,
						.excerpt = text),
				       "\"%.*s\" is not shown, so it cannot trigger anything", CNV_ARG(reference.name));
	}
}

static void check_row(cnv_form_builder *build, const cnv_form_heads *heads, const cnv_sheet_row *row, cnv_str field)
{
	for (uint32_t i = 0; i < row->count; i++) {
		const cnv_cell_text *cell = &row->cells[i];
		cnv_form_role role;

		if (cell->column > heads->count)
			continue;
		role = heads->at[cell->column - 1].role;
		if (role >= ROLE_FIRST_WORDING || role == ROLE_APPEARANCE || role == ROLE_PARAMETERS ||
		    (role == ROLE_TYPE && heads->sheet == build->survey))
			check_text(build, cnv_form_cell_place(build, heads->sheet, cell), field, cell->text,
				   role != ROLE_PARAMETERS);
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
		    !cnv_str_equal(build->form->settings[i].heading, CNV_STR("release")) &&
		    !cnv_str_equal(build->form->settings[i].heading, CNV_STR("circulate")) &&
		    !cnv_str_equal(build->form->settings[i].heading, CNV_STR("basis")))
			check_text(build, cnv_form_cell_place(build, build->settings, build->setting_cells[i]),
				   (cnv_str){ 0 }, build->form->settings[i].text, true);
}
