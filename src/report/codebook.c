/* codebook: every question, with the meaning of its codes and the condition under which it is asked. */
#include "report/listing.h"
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/texts.h"

#define LONGEST 30000u /* bytes of a list of choices in one cell */

static cnv_str choices_text(cnv_desk *desk, const cnv_list *list, cnv_arena *arena)
{
	cnv_text *draft = &desk->draft;

	cnv_text_reset(draft);
	for (uint32_t i = 0; i < list->count; i++) {
		const cnv_choice *choice = &list->choices[i];

		if (draft->len > LONGEST) {
			return CNV_SAY(desk, arena, "{1}; and {2} more", cnv_value_text(cnv_text_str(draft)),
				       cnv_value_count(list->count - i));
		}
		cnv_text_format(draft, "%s%.*s = %.*s", i ? "; " : "", CNV_ARG(choice->name),
				CNV_ARG(cnv_choice_title(desk->form, choice, desk->report->language)));
	}
	return cnv_desk_drafted(desk, arena);
}

/* The form's reader may have replaced "yes" with the expression it means. */
static cnv_str in_words(const cnv_page *page, cnv_str condition)
{
	if (cnv_str_equal(condition, CNV_STR("true()")))
		return cnv_say(page->desk, "yes");
	return cnv_str_equal(condition, CNV_STR("false()")) ? cnv_say(page->desk, "no") : condition;
}

static const cnv_question *question_of(const cnv_page *page, const void *record)
{
	return &page->desk->form->questions[((const cnv_subject *)record)->question];
}

static bool is_block(const cnv_question *asked)
{
	return asked->role == CNV_GROUP || asked->role == CNV_REPEAT;
}

static void fill_type(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_question *asked = question_of(page, record);

	(void)column;
	cell->text = cnv_str_from(asked->type->name);
	if (asked->list != CNV_NONE)
		cell->text = cnv_arena_format(&page->row_arena, "%s %.*s", asked->type->name,
					      CNV_ARG(page->desk->form->lists[asked->list].name));
	else if (is_block(asked))
		cell->text = asked->role == CNV_GROUP ? cnv_say(page->desk, "group") : cnv_say(page->desk, "repeat");
}

static void fill_section(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)column;
	cell->text = cnv_desk_section(page->desk, ((const cnv_subject *)record)->question);
}

static void fill_label(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)column;
	cell->look = is_block(question_of(page, record)) ? CNV_LOOK_LABEL : CNV_LOOK_PLAIN;
	cell->text = cnv_title_of(page->desk, ((const cnv_subject *)record)->question);
}

static void fill_choices(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	uint32_t list = question_of(page, record)->list;

	(void)column;
	if (list != CNV_NONE)
		cell->text = choices_text(page->desk, &page->desk->form->lists[list], &page->row_arena);
}

static void fill_required(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)column;
	cell->text = in_words(page, question_of(page, record)->required.text);
}

static void fill_relevant(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)column;
	cell->text = question_of(page, record)->relevant.text;
}

static void fill_constraint(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)column;
	cell->text = question_of(page, record)->constraint.text;
}

static void fill_message(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_desk *desk = page->desk;

	(void)column;
	cell->text =
		cnv_wording_text(desk->form, &question_of(page, record)->constraint_message, desk->report->language);
}

static void fill_warning(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)column;
	cell->text = question_of(page, record)->warning.text;
}

static void fill_warning_message(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_desk *desk = page->desk;

	(void)column;
	cell->text = cnv_wording_text(desk->form, &question_of(page, record)->warning_message, desk->report->language);
}

static void fill_reference(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)column;
	cell->text = question_of(page, record)->legal_ref;
}

static bool has_warnings(const cnv_form *form)
{
	for (cnv_question_id q = 0; q < form->count; q++)
		if (form->questions[q].warning.text.len)
			return true;
	return false;
}

void cnv_lay_codebook(cnv_page *page)
{
	/* Together as wide as one page of A3 can be. */
	static const cnv_listing_column columns[] = {
		{ .heading = "number", .look = CNV_LOOK_LABEL, .fill = cnv_fill_number },
		{ .heading = "name", .look = CNV_LOOK_LABEL, .fill = cnv_fill_variable },
		{ .heading = "type", .most = 20, .fill = fill_type },
		{ .heading = "section", .most = 20, .fill = fill_section },
		{ .heading = "label", .most = 38, .fill = fill_label },
		{ .heading = "choices", .most = 52, .fill = fill_choices },
		{ .heading = "required", .most = 14, .fill = fill_required },
		{ .heading = "asked when", .most = 28, .fill = fill_relevant },
		{ .heading = "rule", .most = 34, .fill = fill_constraint },
		{ .heading = "message", .most = 30, .fill = fill_message },
		{ 0 }
	};
	static const cnv_listing_column warnings[] = {
		{ .heading = "warning", .most = 32, .fill = fill_warning },
		{ .heading = "warning message", .most = 30, .fill = fill_warning_message },
		{ 0 }
	};
	static const cnv_listing_column reference[] = { { .heading = "reference", .most = 18, .fill = fill_reference },
							{ 0 } };
	cnv_listing listing = { .page = page };
	const cnv_form *form = page->desk->form;

	cnv_page_title(page, cnv_say(page->desk, "Codebook"),
		       cnv_say(page->desk,
			       "The questions as asked. Conditions and rules are as in the form; those of a group"
			       " apply to everything in it."));
	cnv_listing_add(&listing, columns);
	if (has_warnings(form))
		cnv_listing_add(&listing, warnings);
	cnv_listing_add(&listing, reference);
	cnv_listing_heads(&listing, 2);
	for (cnv_question_id q = 0; q < form->count && cnv_page_has_room(page); q++)
		if (form->questions[q].role != CNV_SHOWN)
			cnv_listing_row(&listing, &(cnv_subject){ .question = q });
}
