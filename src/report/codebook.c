/* codebook: every question, with the meaning of its codes and the condition under which it is asked. */
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
			cnv_text_format(draft, "; and %u more", list->count - i);
			break;
		}
		cnv_text_format(draft, "%s%.*s = %.*s", i ? "; " : "", CNV_ARG(choice->name),
				CNV_ARG(cnv_choice_title(desk->form, choice, desk->report->language)));
	}
	return cnv_desk_drafted(desk, arena);
}

/* The form's reader may have replaced "yes" with the expression it means. */
static cnv_str in_words(cnv_str condition)
{
	if (cnv_str_equal(condition, CNV_STR("true()")))
		return CNV_STR("yes");
	return cnv_str_equal(condition, CNV_STR("false()")) ? CNV_STR("no") : condition;
}

static void lay_question(cnv_page *page, cnv_question_id question)
{
	cnv_desk *desk = page->desk;
	const cnv_form *form = desk->form;
	const cnv_question *asked = &form->questions[question];
	cnv_str type = cnv_str_from(asked->type->name);
	cnv_look label = asked->role == CNV_GROUP || asked->role == CNV_REPEAT ? CNV_LOOK_LABEL : CNV_LOOK_PLAIN;

	if (asked->list != CNV_NONE)
		type = cnv_arena_format(&page->row_arena, "%.*s %.*s", CNV_ARG(type),
					CNV_ARG(form->lists[asked->list].name));
	else if (asked->role == CNV_GROUP || asked->role == CNV_REPEAT)
		type = asked->role == CNV_GROUP ? CNV_STR("group") : CNV_STR("repeat");
	cnv_page_text(page, 0, CNV_LOOK_LABEL, asked->qno);
	cnv_page_text(page, 1, CNV_LOOK_LABEL, asked->name);
	cnv_page_text(page, 2, CNV_LOOK_PLAIN, type);
	cnv_page_text(page, 3, CNV_LOOK_PLAIN, cnv_desk_section(desk, question));
	cnv_page_text(page, 4, label, cnv_title_of(desk, question));
	cnv_page_text(page, 5, CNV_LOOK_PLAIN,
		      asked->list == CNV_NONE ? CNV_STR("")
					      : choices_text(desk, &form->lists[asked->list], &page->row_arena));
	cnv_page_text(page, 6, CNV_LOOK_PLAIN, in_words(asked->required.text));
	cnv_page_text(page, 7, CNV_LOOK_PLAIN, asked->relevant.text);
	cnv_page_text(page, 8, CNV_LOOK_PLAIN, asked->constraint.text);
	cnv_page_text(page, 9, CNV_LOOK_PLAIN,
		      cnv_wording_text(form, &asked->constraint_message, desk->report->language));
	cnv_page_text(page, 10, CNV_LOOK_PLAIN, asked->legal_ref);
	cnv_page_end_row(page);
}

void cnv_lay_codebook(cnv_page *page)
{
	static const cnv_heading headings[] = { { "number", 0 },    { "name", 0 },        { "type", 24 },
						{ "section", 24 },  { "label", 40 },      { "choices", 60 },
						{ "required", 24 }, { "asked when", 32 }, { "rule", 40 },
						{ "message", 36 },  { "reference", 24 },  { NULL, 0 } };
	const cnv_form *form = page->desk->form;

	cnv_page_title(page, CNV_STR("Codebook"),
		       CNV_STR("The questions as asked. Conditions and rules are as in the form; those of a group "
			       "apply to everything in it."));
	cnv_page_headings(page, headings, 2);
	for (cnv_question_id q = 0; q < form->count && cnv_page_has_room(page); q++)
		if (form->questions[q].role != CNV_SHOWN)
			lay_question(page, q);
}
