/* How a finding is shown to a person: a request in words, and a mark on its cell. */
#include "report/pack_answers.h"
#include "report/pack_formulas.h"
#include "report/pack_sheets.h"
#include "report/pack_text.h"

/* The message of the form, in the pack's language. */
static cnv_str own_message(const pack_plan *plan, const cnv_finding *finding)
{
	const cnv_question *question = &plan->form->questions[finding->question];
	const cnv_wording *wording = finding->diag.code == CNV_ANSWER_MISSING        ? &question->required_message
				     : finding->diag.code == CNV_ANSWER_AGAINST_RULE ? &question->constraint_message
				     : finding->diag.code == CNV_ANSWER_UNLIKELY     ? &question->warning_message
										     : NULL;

	return wording ? cnv_wording_text(plan->form, wording, plan->pack->language) : (cnv_str){ 0 };
}

cnv_str pack_matter(const pack_plan *plan, const cnv_finding *finding, cnv_str *hint)
{
	cnv_rule rule;

	*hint = finding->diag.hint;
	if (plan->words == pack_words(CNV_STR("en")))
		return finding->diag.message;
	*hint = (cnv_str){ 0 };
	if (own_message(plan, finding).len)
		return finding->diag.message; /* the same with ${question} replaced */
	switch (finding->verdict) {
	case CNV_MISSING:
		return pack_word_str(plan, WORD_REQUIRED);
	case CNV_UNDUE:
		return pack_word_str(plan, WORD_NOT_ASKED);
	case CNV_UNREADABLE:
	case CNV_NOT_A_CHOICE:
		if (!pack_rule((pack_plan *)plan, finding->question, &rule) && rule.prompt.len)
			return rule.prompt;
		break;
	case CNV_ACCEPTED:
	case CNV_BLANK:
	case CNV_NOT_APPLICABLE:
	case CNV_DO_NOT_KNOW:
	case CNV_WITHHELD:
	case CNV_NOT_ASKED:
	case CNV_AGAINST_CONSTRAINT:
	case CNV_DUPLICATE:
	case CNV_UNCHECKED:
	case CNV_RETURN_BLANK:
		break;
	}
	return pack_word_str(plan, WORD_CHECK);
}

void pack_mark(const pack_plan *plan, cnv_cell *cell, const cnv_finding *finding)
{
	bool several = false;
	cnv_text said = { 0 };

	/* A number typed into a text cell would remain text, and violate the cell's own rule. */
	if (cell->look == CNV_LOOK_FILL_NUMBER)
		cell->look = CNV_LOOK_FILL_WRONG_NUMBER;
	else if (cell->look == CNV_LOOK_FILL_DAY)
		cell->look = CNV_LOOK_FILL_WRONG_DAY;
	else
		cell->look = CNV_LOOK_FILL_WRONG;
	/* All findings of the cell.  LibreOffice drops the author of a comment: the text itself names canvass as its
	 * author, so that the comment does not come back as a remark. */
	cnv_text_put(&said, CNV_STR("canvass: "));
	for (uint32_t at = plan->first_wrong[finding->question]; at != CNV_NONE; at = plan->next_wrong[at]) {
		const cnv_finding *other = &plan->pack->findings[at];
		cnv_str hint;
		if (other->table != finding->table || other->row != finding->row)
			continue;
		cnv_text_put(&said, several ? CNV_STR("\n\n") : CNV_STR(""));
		cnv_text_put(&said, pack_matter(plan, other, &hint));
		if (hint.len)
			cnv_text_format(&said, "\n%.*s", CNV_ARG(hint));
		several = true;
	}
	if (pack_is_ticked(plan->form, &plan->form->questions[finding->question]) &&
	    pack_is_whole(plan, finding->question, finding->row))
		cnv_text_format(&said, "\n%s", plan->words[WORD_CLEAR]);
	cell->comment = cnv_arena_copy(plan->arena, cnv_text_str(&said));
	plan->arena->failed |= said.failed;
	cnv_text_fini(&said);
}
