/* summary: the first sheet, one printed page: who answered, and the questions that matter.
 *
 * Five figures after each text divide all respondents, so that one chart of all headlines shows at a glance where they
 * agree: those with the most frequent answer, those with another, and those without. */
#include "report/cells.h"
#include "report/changes.h"
#include "report/headline.h"
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/tally.h"
#include "report/texts.h"

#define MOST_NAMED 40u /* respondents without an answer, by code; of more, only the number is given */
#define LABEL 26.0     /* characters */
#define TEXT 64.0
#define FIGURE 9.0
#define CHART_WIDTH 950.0 /* pixels: the columns together */
#define BAR 34.0          /* pixels of a bar, and of what surrounds the bars */
#define AROUND 90.0
#define ROW 20.0 /* pixels of a row without a height of its own */

enum { FIRST, OTHER, UNANSWERED, SKIPPED, SILENT, FIGURES };

static void lay_fact(cnv_page *page, const char *what, cnv_str text)
{
	cnv_page_words(page, 0, CNV_LOOK_LABEL, what);
	cnv_page_text(page, 1, CNV_LOOK_PLAIN, text);
	cnv_page_end_row(page);
}

/* "19 of 21 economies (90%)" */
static cnv_str rate_text(cnv_page *page, uint64_t answered, uint64_t asked)
{
	const cnv_desk *desk = page->desk;

	return CNV_SAY(desk, &page->row_arena, "{1} of {2 people} ({3}%)", cnv_value_count(answered),
		       cnv_value_count(asked), cnv_value_count((answered * 200 + asked) / (2 * asked)));
}

/* Is this respondent of the roster in the state, and their response missing or in doubt? */
static bool is_open(const cnv_report *report, const cnv_paired *paired, const char *state)
{
	if (paired->listed == CNV_NONE)
		return false;
	if (!report->replies)
		return paired->response == CNV_NONE || paired->blank;
	return report->replies[paired->listed].state == state &&
	       (paired->response == CNV_NONE || paired->blank || report->replies[paired->listed].conflict);
}

/* One line for each state of those without a response, or with a return in conflict, with their codes: "silent: PNG". */
static void lay_open(cnv_page *page)
{
	cnv_desk *desk = page->desk;
	const cnv_report *report = desk->report;
	uint64_t *laid = cnv_arena_array(&desk->step, CNV_BIT_WORDS(desk->pairing.count) + 1, sizeof *laid);
	uint32_t *items = cnv_arena_array(&desk->step, (size_t)desk->pairing.count + 1, sizeof *items);

	for (uint32_t i = 0; laid && items && i < desk->pairing.count; i++) {
		const cnv_paired *paired = &desk->pairing.rows[i];
		const char *state = report->replies && paired->listed != CNV_NONE
					    ? report->replies[paired->listed].state
					    : cnv_desk_silent_word(desk);
		uint32_t count = 0;

		if (cnv_bit(laid, i) || !is_open(report, paired, state))
			continue;
		for (uint32_t other = i; other < desk->pairing.count; other++)
			if (is_open(report, &desk->pairing.rows[other], state)) {
				cnv_bit_set(laid, other);
				items[count++] = other;
			}
		lay_fact(page, count ? state : "",
			 count <= MOST_NAMED
				 ? cnv_arena_format(&page->row_arena, "%u: %.*s", count,
						    CNV_ARG(cnv_names_text(desk, items, count, &page->row_arena)))
				 : cnv_count_people(desk, &page->row_arena, count));
	}
}

static void lay_facts(cnv_page *page)
{
	const cnv_desk *desk = page->desk;
	const cnv_report *report = desk->report;
	uint64_t outside = cnv_tally_outside(desk->tally), silent = cnv_tally_silent(desk->tally);
	uint64_t blank = cnv_tally_blank(desk->tally);
	uint64_t asked = report->roster ? report->roster->count : 0;
	uint32_t compiled = cnv_desk_compiled(desk);

	if (!asked) {
		lay_fact(page, "Responses", cnv_count_people(desk, &page->row_arena, outside));
	} else {
		lay_fact(page, compiled ? "Replies" : "Responses",
			 rate_text(page, cnv_tally_replied(desk->tally) - compiled, asked));
		if (compiled)
			lay_fact(page, "Compiled", cnv_desk_compiled_text(desk, &page->row_arena));
		if (outside)
			lay_fact(page, "Not on the roster", cnv_count_people(desk, &page->row_arena, outside));
		if (desk->named)
			lay_open(page);
		if (!desk->named && blank)
			lay_fact(page, "Returned blank", cnv_count_people(desk, &page->row_arena, blank));
		if (!desk->named && silent)
			lay_fact(page, cnv_desk_silent_word(desk), cnv_count_people(desk, &page->row_arena, silent));
	}
	if (desk->pairing.withheld)
		lay_fact(page, "Not shown by name", cnv_count_people(desk, &page->row_arena, desk->pairing.withheld));
	if (report->errors + report->warnings)
		lay_fact(page, "Findings",
			 CNV_SAY(desk, &page->row_arena,
				 "{1} {1|error|errors} and {2} {2|warning|warnings} in the answers",
				 cnv_value_count(report->errors), cnv_value_count(report->warnings)));
}

/* All respondents, or all entries, in five parts.  What was returned blank has no usable answer. */
static void divide(const cnv_desk *desk, cnv_question_id question, uint64_t figures[FIGURES])
{
	const cnv_question *asked = &desk->form->questions[question];
	const cnv_question_tally *tally = cnv_tally_question(desk->tally, question);
	uint64_t answered = tally->standing[CNV_STANDING_ANSWERED];
	uint32_t options = tally->options ? desk->form->lists[asked->list].count : 0;

	figures[FIRST] = 0;
	for (uint32_t option = 0; option < options; option++)
		if (tally->options[option] > figures[FIRST])
			figures[FIRST] = tally->options[option];
	figures[OTHER] = answered - figures[FIRST];
	figures[UNANSWERED] = tally->asked - answered + tally->standing[CNV_STANDING_RETURNED_BLANK];
	figures[SKIPPED] = tally->standing[CNV_STANDING_NOT_ASKED];
	figures[SILENT] = tally->standing[CNV_STANDING_NO_REPLY];
}

static void lay_headline(cnv_page *page, const cnv_headline *headline)
{
	const cnv_question *asked = &page->desk->form->questions[headline->question];
	uint64_t figures[FIGURES];

	divide(page->desk, headline->question, figures);
	cnv_page_text(page, 0, CNV_LOOK_LABEL,
		      asked->qno.len ? cnv_arena_format(&page->row_arena, "%.*s %.*s", CNV_ARG(asked->qno),
							CNV_ARG(headline->label))
				     : headline->label);
	cnv_page_cell(page, 1,
		      &(cnv_cell){ .look = CNV_LOOK_PLAIN, .text = headline->text, .aside = headline->dissent });
	/* Of answers that are no choices, none is the most frequent. */
	if (cnv_is_select(asked))
		cnv_page_count(page, 2 + FIRST, CNV_LOOK_INTEGER, figures[FIRST]);
	else
		cnv_page_text(page, 2 + FIRST, CNV_LOOK_INTEGER, CNV_STR(""));
	for (uint32_t i = OTHER; i < FIGURES; i++)
		cnv_page_count(page, 2 + i, CNV_LOOK_INTEGER, figures[i]);
	cnv_page_end_row(page);
}

static void lay_headlines(cnv_page *page, const cnv_headlines *headlines)
{
	const cnv_heading headings[] = { { "Question", LABEL },
					 { "Answers", TEXT },
					 { "Most frequent answer", FIGURE },
					 { "Other answers", FIGURE },
					 { "No usable answer", FIGURE },
					 { "Not asked", FIGURE },
					 { cnv_desk_silent_word(page->desk), FIGURE },
					 { NULL, 0 } };
	cnv_str silent =
		cnv_say(page->desk, cnv_standing_short(CNV_STANDING_NO_REPLY, page->desk->report->no_one_asked));
	uint32_t head = page->row;

	for (uint32_t i = 0; headings[i].text; i++)
		cnv_page_words(page, i, CNV_LOOK_HEADING, headings[i].text);
	cnv_page_end_row(page);
	for (uint32_t i = 0; i < headlines->count; i++)
		lay_headline(page, &headlines->items[i]);
	cnv_page_skip_row(page);
	cnv_page_chart(
		page, &(cnv_chart){ .row = page->row,
				    .width = CHART_WIDTH,
				    .height = headlines->count * BAR + AROUND,
				    .title = cnv_say(page->desk, "Where answers agree"),
				    .alt = CNV_SAY(page->desk, &page->row_arena,
						   "Stacked bars of 100%, one for each question above ({1}): the most"
						   " frequent answer, other answers, no usable answer, not asked, {2}.",
						   cnv_value_count(headlines->count), cnv_value_text(silent)),
				    .head_row = head,
				    .label_column = 0,
				    .first_row = head + 1,
				    .last_row = head + headlines->count,
				    .first_column = 2,
				    .last_column = 1 + FIGURES,
				    .silent = FIGURES - UNANSWERED });
	for (double left = headlines->count * BAR + AROUND; left > 0; left -= ROW)
		cnv_page_skip_row(page);
}

/* {1}: the day; {2}: the round. */
static const char *title_words(const cnv_desk *desk)
{
	uint32_t compiled = cnv_desk_compiled(desk);
	bool all = compiled && compiled == cnv_tally_replied(desk->tally);

	if (desk->report->round.len)
		return all ? "Summary of answers that others compiled; no one replied, round {2}, as at {1}"
			   : "Summary of answers, round {2}, as at {1}";
	return all ? "Summary of answers that others compiled; no one replied, as at {1}"
		   : "Summary of answers, as at {1}";
}

void cnv_lay_summary(cnv_page *page)
{
	cnv_desk *desk = page->desk;
	const cnv_report *report = desk->report;
	const cnv_headlines *headlines = desk->headlines;

	cnv_page_limit(page, 0, LABEL);
	cnv_page_limit(page, 1, TEXT);
	cnv_desk_next_step(desk);
	cnv_page_title(page, desk->form->title.len ? desk->form->title : desk->form->id,
		       CNV_SAY(desk, &desk->step, title_words(desk),
			       cnv_value_text(cnv_say_day(desk, &desk->step, cnv_instant_day(report->now))),
			       cnv_value_text(report->round)));
	cnv_page_skip_row(page);
	lay_facts(page);
	if (desk->changes)
		lay_fact(page, "Changes",
			 CNV_SAY(desk, &page->row_arena, "Since {1}: {2}",
				 cnv_value_text(cnv_changes_since(desk->changes, &page->row_arena)),
				 cnv_value_text(cnv_changes_sentences(desk->changes, &page->row_arena))));
	cnv_page_skip_row(page);
	if (!headlines->count) {
		cnv_page_words(page, 0, CNV_LOOK_SUBTITLE, "Too few answers to compare.");
		cnv_page_end_row(page);
		return;
	}
	cnv_page_words(page, 0, CNV_LOOK_SUBTITLE,
		       headlines->by_form ? "Main questions"
					  : "The choices with the widest disagreement and the strongest consensus");
	cnv_page_end_row(page);
	lay_headlines(page, headlines);
}
