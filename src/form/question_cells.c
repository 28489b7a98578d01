/* question_cells.c: the cells of a survey row, as the parts of a question. */
#include "form/question_cells.h"

#include "form/formulas.h"
#include "form/places.h"

static cnv_formula cell_read(const cnv_form_builder *build, const cnv_form_cells *cells, cnv_form_role role)
{
	const cnv_cell_text *cell = cells->at[role];

	if (!cell)
		return (cnv_formula){ 0 };
	return (cnv_formula){ .text = cell->text, .place = cnv_form_cell_place(build, build->survey, cell) };
}

static cnv_formula formula_read(cnv_form_builder *build, const cnv_form_cells *cells, cnv_form_role role)
{
	cnv_formula cell = cell_read(build, cells, role);

	return cnv_form_make_formula(build, cell.text, cell.place);
}

/* A formula that is only a word for yes or no becomes true() or false(). */
static cnv_formula truth_read(cnv_form_builder *build, const cnv_form_cells *cells, cnv_form_role role)
{
	cnv_formula cell = cell_read(build, cells, role);
	cnv_yes_no yes_no = cnv_yes_no_read(cell.text);

	if (yes_no != CNV_UNSET)
		cell.text = yes_no == CNV_YES ? CNV_STR("true()") : CNV_STR("false()");
	return cnv_form_make_formula(build, cell.text, cell.place);
}

static cnv_str text_read(const cnv_form_cells *cells, cnv_form_role role)
{
	return cells->at[role] ? cells->at[role]->text : (cnv_str){ 0 };
}

/* A whole number up to 999; 0: anything else, which cnv_form_check_numbering reports. */
static uint16_t headline_read(cnv_str text)
{
	uint16_t number = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (!cnv_is_digit(text.at[i]) || number > 99)
			return 0;
		number = (uint16_t)(number * 10 + (text.at[i] - '0'));
	}
	return number;
}

cnv_kind cnv_form_bound_kind(cnv_str bind, cnv_kind kind)
{
	static const struct {
		const char *name;
		cnv_kind kind;
	} bound[] = {
		{ "int", CNV_INTEGER }, { "integer", CNV_INTEGER },   { "decimal", CNV_DECIMAL },
		{ "string", CNV_TEXT }, { "text", CNV_TEXT },         { "date", CNV_DATE },
		{ "time", CNV_TIME },   { "dateTime", CNV_DATETIME }, { "geopoint", CNV_GEOPOINT },
	};

	for (size_t i = 0; i < sizeof bound / sizeof *bound; i++)
		if (cnv_str_equal(bind, cnv_str_from(bound[i].name)))
			return bound[i].kind;
	return kind;
}

static void read_wordings(cnv_form_builder *build, const cnv_form_cells *cells, cnv_question *question)
{
	const cnv_form_heads *heads = &build->survey_heads;

	question->label = cnv_form_read_wording(build, heads, cells, ROLE_LABEL);
	question->hint = cnv_form_read_wording(build, heads, cells, ROLE_HINT);
	question->guidance = cnv_form_read_wording(build, heads, cells, ROLE_GUIDANCE);
	question->constraint_message = cnv_form_read_wording(build, heads, cells, ROLE_CONSTRAINT_MESSAGE);
	question->warning_message = cnv_form_read_wording(build, heads, cells, ROLE_WARNING_MESSAGE);
	question->required_message = cnv_form_read_wording(build, heads, cells, ROLE_REQUIRED_MESSAGE);
}

void cnv_form_read_question(cnv_form_builder *build, const cnv_form_cells *cells, cnv_question *question)
{
	cnv_str word, rest;

	read_wordings(build, cells, question);
	question->relevant = truth_read(build, cells, ROLE_RELEVANT);
	question->required = truth_read(build, cells, ROLE_REQUIRED);
	question->constraint = truth_read(build, cells, ROLE_CONSTRAINT);
	question->warning = truth_read(build, cells, ROLE_WARNING);
	question->calculation = truth_read(build, cells, ROLE_CALCULATION);
	question->read_only = truth_read(build, cells, ROLE_READ_ONLY);
	question->default_value = formula_read(build, cells, ROLE_DEFAULT);
	question->choice_filter = formula_read(build, cells, ROLE_CHOICE_FILTER);
	question->repeat_count = formula_read(build, cells, ROLE_REPEAT_COUNT);
	question->trigger = cell_read(build, cells, ROLE_TRIGGER);
	question->parameters = cell_read(build, cells, ROLE_PARAMETERS);
	question->appearance = text_read(cells, ROLE_APPEARANCE);
	question->qno = text_read(cells, ROLE_QNO);
	question->legal_ref = text_read(cells, ROLE_LEGAL_REF);
	question->audience = rest = text_read(cells, ROLE_AUDIENCE);
	while (cnv_str_word(&rest, &word))
		question->privacy = cnv_privacy_more(question->privacy, cnv_privacy_read(word));
	question->headline = headline_read(text_read(cells, ROLE_HEADLINE));
	question->extras = cnv_form_read_extras(build, &build->survey_heads, cells, &question->extra_count);
}
