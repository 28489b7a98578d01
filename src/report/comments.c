/* comments: remarks and text answers, word for word, by question and respondent. */
#include "report/comments.h"

#include "report/headline.h"

struct walk {
	cnv_desk *desk;
	cnv_question_id question;
	uint32_t table; /* whose rows the question's cells are */
	bool has_answers, has_remarks;
	cnv_comment_take *take;
	void *self;
};

/* Who somebody is and how to reach them is reported in words too, and is no comment. */
static bool is_free_text(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_question *asked = &desk->form->questions[question];

	return asked->role == CNV_ASKED && asked->kind == CNV_TEXT && asked->column != CNV_NONE &&
	       !desk->privacy[question] && !cnv_desk_identifies(desk, question);
}

static void take_cell(const struct walk *walk, const cnv_paired *paired, uint32_t row)
{
	cnv_desk *desk = walk->desk;
	cnv_comment comment = { .question = walk->question, .paired = paired };

	/* Texts of a row are needed only until its end: they are in the question's arena. */
	if (walk->table)
		comment.entry = cnv_desk_entry(desk, walk->table, row, &desk->step);
	if (walk->has_answers) {
		const cnv_column *column = cnv_desk_column(desk, walk->question);

		comment.text = cnv_column_text(column, row);
		comment.is_answer = true;
		if (column->verdicts[row] == CNV_ACCEPTED && comment.text.len)
			walk->take(walk->self, &comment);
	}
	if (walk->has_remarks) {
		comment.text = cnv_desk_remark(desk, walk->question, row, &desk->step);
		comment.is_answer = false;
		if (comment.text.len)
			walk->take(walk->self, &comment);
	}
}

/* All words on one question, in the order of respondents. */
static void take_question(struct walk *walk, cnv_question_id question)
{
	cnv_desk *desk = walk->desk;
	const cnv_question *asked = question == CNV_NONE ? NULL : &desk->form->questions[question];

	walk->question = question;
	walk->table = !asked ? 0 : asked->role == CNV_REPEAT ? desk->form->tables[asked->table].parent : asked->table;
	walk->has_remarks = cnv_desk_has_remarks(desk, question);
	walk->has_answers = asked && is_free_text(desk, question);
	if (!walk->has_remarks && !walk->has_answers)
		return;
	cnv_desk_next_step(desk);
	for (uint32_t i = 0; i < desk->pairing.count; i++) {
		const cnv_paired *paired = &desk->pairing.rows[i];

		if (paired->response == CNV_NONE || !paired->by_name)
			continue;
		if (!walk->table) {
			take_cell(walk, paired, paired->response);
			continue;
		}
		const cnv_entries *entries = &desk->pairing.entries[walk->table];
		for (uint32_t e = entries->starts[paired->response]; e < entries->starts[paired->response + 1]; e++)
			take_cell(walk, paired, entries->rows[e]);
	}
}

void cnv_comments_each(cnv_desk *desk, cnv_comment_take *take, void *self)
{
	struct walk walk = { .desk = desk, .take = take, .self = self };

	take_question(&walk, CNV_NONE);
	for (cnv_question_id q = 0; q < desk->form->count; q++)
		if (!desk->hidden[q] && desk->form->questions[q].role != CNV_METADATA)
			take_question(&walk, q);
}
