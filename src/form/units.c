/* units.c: which question says in which unit a number was given, such as the currency of a fee.
 *
 * Numbers of such a question are compared and added up within one unit only, so that a misspelt name would let fees in
 * different currencies be added. */
#include "form/hints.h"
#include "form/places.h"
#include "form/steps.h"

/* Is there one answer to `unit` for each answer to `question`: in the same entry, or in one around it? */
static bool is_around(const cnv_form *form, const cnv_question *question, const cnv_question *unit)
{
	uint32_t table = question->table;

	while (table != unit->table && table)
		table = form->tables[table].parent;
	return table == unit->table && unit->column != CNV_NONE && unit != question;
}

void cnv_form_find_units(cnv_form_builder *build)
{
	for (cnv_question_id id = 0; id < build->count; id++) {
		cnv_question *question = &build->questions[id];
		const cnv_cell_text *cell = cnv_form_cell_of(build, question, ROLE_UNIT);
		bool is_number = question->kind == CNV_INTEGER || question->kind == CNV_DECIMAL;
		cnv_question_id unit;

		if (!cell)
			continue;
		unit = cnv_form_find(build->form, cell->text);
		if (is_number && unit < build->count && is_around(build->form, question, &build->questions[unit])) {
			question->unit = unit;
			continue;
		}
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_UNIT_UNUSABLE,
					.place = cnv_form_cell_place(build, build->survey, cell),
					.field = question->name, .excerpt = cell->text,
					.hint = unit == CNV_NONE ? cnv_form_nearest_question(build, cell->text)
								 : (cnv_str){ 0 }),
			       !is_number         ? "only a number has a unit; \"%.*s\" is ignored"
			       : unit == CNV_NONE ? "the unit is the answer to a question: none is called \"%.*s\""
						  : "\"%.*s\" has no single answer for each of these numbers",
			       CNV_ARG(cell->text));
	}
}
