/* paper_comments: the annex of a paper with what respondents wrote in words.
 *
 * By question, in the order of respondents.  Words that several wrote on one question are there once, under the names
 * of all of them, and under a later question only referred to: returns that were compiled from published sources have the
 * same remark many times. */
#include "report/comments.h"
#include "report/paper_desk.h"
#include "report/sayings.h"
#include "report/texts.h"

/* Words of so many bytes are read sooner than a reference is followed. */
#define BRIEF 80u

/* The words of one respondent on the question. */
struct said {
	cnv_str lead, text; /* who it is, and the words */
	uint32_t next;      /* the next with the same words, CNV_NONE */
	uint32_t last;      /* of the first with these words: the last; of others CNV_NONE */
	bool is_answer;
};

struct annex {
	cnv_paper *paper;
	cnv_question_id question;
	bool begun, failed;
	cnv_arena texts;   /* all words so far, each once, */
	cnv_map under;     /* and the question that they are under, from 1; 0: the return as a whole */
	cnv_arena arena;   /* the words on the question */
	cnv_map first;     /* the first with these words, by kind and text */
	struct said *said; /* in the order of respondents */
	uint32_t count, room;
};

/* "As under B2.", of words that are there under an earlier question and not brief; else the words. */
static cnv_str refer(struct annex *annex, cnv_str text)
{
	cnv_desk *desk = &annex->paper->desk;
	uint32_t under = cnv_map_find(&annex->under, text), here = annex->question + 1;
	cnv_question_id question = under - 1;
	cnv_str name;

	if (text.len <= BRIEF)
		return text;
	if (under == CNV_NONE) {
		cnv_map_put(&annex->under, cnv_arena_copy(&annex->texts, text), here);
		return text;
	}
	if (under == here)
		return text;
	name = question == CNV_NONE ? cnv_say(desk, "On the return as a whole") : desk->form->questions[question].qno;
	if (question == CNV_NONE || !name.len)
		name = cnv_arena_format(&annex->arena, "“%.*s”",
					CNV_ARG(name.len ? name : cnv_title_of(desk, question)));
	return CNV_SAY(desk, &annex->arena, "As under {1}.", cnv_value_text(name));
}

static void put_words(struct annex *annex, const struct said *first)
{
	cnv_desk *desk = &annex->paper->desk;
	cnv_text leads = { 0 };
	cnv_str lead;

	for (const struct said *said = first; said; said = said->next == CNV_NONE ? NULL : &annex->said[said->next])
		cnv_text_format(&leads, "%s%.*s", said == first ? "" : "; ", CNV_ARG(said->lead));
	lead = cnv_text_str(&leads);
	if (!first->is_answer && annex->question != CNV_NONE)
		lead = CNV_SAY(desk, &annex->arena, "{1} (remark)", cnv_value_text(lead));
	cnv_paper_put(annex->paper, CNV_PASSAGE_QUOTE, lead, refer(annex, first->text));
	annex->failed |= leads.failed;
	cnv_text_fini(&leads);
}

/* Writes the words on one question. */
static void put_question(struct annex *annex)
{
	if (!annex->count)
		return;
	if (!annex->begun)
		cnv_paper_say(annex->paper, CNV_PASSAGE_HEADING, "Annex: comments");
	annex->begun = true;
	if (annex->question == CNV_NONE)
		cnv_paper_say(annex->paper, CNV_PASSAGE_QUESTION, "On the return as a whole");
	else
		cnv_paper_question(annex->paper, annex->question);
	for (uint32_t i = 0; i < annex->count; i++)
		if (annex->said[i].last != CNV_NONE)
			put_words(annex, &annex->said[i]);
	annex->failed |= annex->arena.failed || annex->first.failed || annex->texts.failed || annex->under.failed;
	cnv_map_fini(&annex->first);
	cnv_arena_reset(&annex->arena);
	annex->count = 0;
}

static void take_comment(void *self, const cnv_comment *comment)
{
	struct annex *annex = self;
	cnv_desk *desk = &annex->paper->desk;
	const cnv_paired *paired = comment->paired;
	struct said *said;
	uint32_t first;

	if (comment->question != annex->question)
		put_question(annex);
	annex->question = comment->question;
	if (!cnv_mem_room((void **)&annex->said, &annex->room, annex->count + 1, sizeof *annex->said)) {
		annex->failed = true;
		return;
	}
	said = &annex->said[annex->count];
	*said = (struct said){ .lead = paired->name.len ? paired->name : paired->code,
			       .text = cnv_arena_copy(&annex->arena, comment->text),
			       .next = CNV_NONE,
			       .last = annex->count,
			       .is_answer = comment->is_answer };
	if (comment->entry.len)
		said->lead = CNV_SAY(desk, &annex->arena, "{1}, entry {2}", cnv_value_text(said->lead),
				     cnv_value_text(comment->entry));
	first = cnv_map_put(
		&annex->first,
		cnv_arena_format(&annex->arena, "%c%.*s", comment->is_answer ? 'a' : 'r', CNV_ARG(comment->text)),
		annex->count);
	if (first < annex->count) {
		annex->said[annex->said[first].last].next = annex->count;
		annex->said[first].last = annex->count;
		said->last = CNV_NONE;
	}
	annex->count++;
}

void cnv_paper_comments(cnv_paper *paper)
{
	struct annex annex = { .paper = paper, .question = CNV_NONE };

	cnv_comments_each(&paper->desk, take_comment, &annex);
	put_question(&annex);
	paper->desk.failed |= annex.failed;
	cnv_map_fini(&annex.first);
	cnv_map_fini(&annex.under);
	cnv_arena_fini(&annex.arena);
	cnv_arena_fini(&annex.texts);
	cnv_mem_free(annex.said);
}
