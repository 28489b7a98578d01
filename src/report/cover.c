/* cover: the last sheet: the data the workbook is based on, and how to read it. */
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/tally.h"
#include "report/texts.h"

static void lay_fact(cnv_page *page, const char *what, cnv_str text)
{
	cnv_page_words(page, 0, CNV_LOOK_LABEL, what);
	cnv_page_text(page, 1, CNV_LOOK_PLAIN, text);
	cnv_page_end_row(page);
}

static cnv_str count_respondents(cnv_page *page, uint64_t count)
{
	return cnv_count_people(page->desk, &page->row_arena, count);
}

static void lay_form(cnv_page *page)
{
	const cnv_desk *desk = page->desk;
	const cnv_form *form = desk->form;
	char day[CNV_DAY_ROOM];

	if (desk->report->round.len)
		lay_fact(page, "Round", desk->report->round);
	lay_fact(page, "Form",
		 form->version.len ? CNV_SAY(desk, &page->row_arena, "{1}, version {2}", cnv_value_text(form->id),
					     cnv_value_text(form->version))
				   : form->id);
	if (desk->report->carried_from.len)
		lay_fact(page, "",
			 CNV_SAY(desk, &page->row_arena, "Answers given with version {1} are carried to it.",
				 cnv_value_text(desk->report->carried_from)));
	lay_fact(page, "As at",
		 cnv_arena_copy(&page->row_arena,
				(cnv_str){ day, cnv_day_write(cnv_instant_day(desk->report->now), day) }));
}

static void lay_states(cnv_page *page, bool returned)
{
	cnv_str words = cnv_states_text(page->desk, returned, &page->row_arena);

	if (words.len)
		lay_fact(page, "", words);
}

static void lay_returns(cnv_page *page)
{
	const cnv_desk *desk = page->desk;
	const cnv_report *report = desk->report;
	uint64_t returned = cnv_tally_rows(desk->tally, 0), blank = cnv_tally_blank(desk->tally);

	if (!report->roster) {
		lay_fact(page, "Returned", count_respondents(page, returned));
		lay_fact(page, "", cnv_say(desk, "No roster was given; only those who answered are shown."));
	} else {
		uint64_t outside = cnv_tally_outside(desk->tally);
		uint32_t compiled = cnv_desk_compiled(desk);

		lay_fact(page, compiled ? "On the roster" : "Sent to", count_respondents(page, report->roster->count));
		lay_fact(page, "Returned", count_respondents(page, cnv_tally_replied(desk->tally) - compiled));
		if (compiled)
			lay_fact(page, "Compiled by others", count_respondents(page, compiled));
		lay_states(page, true);
		if (blank)
			lay_fact(page, "Returned blank", count_respondents(page, blank));
		lay_fact(page, report->replies ? "Without answers that count" : "Did not reply",
			 count_respondents(page, cnv_tally_silent(desk->tally)));
		lay_states(page, false);
		if (outside)
			lay_fact(page, "Not on the roster",
				 CNV_SAY(desk, &page->row_arena,
					 "{1 people} answered without being on the roster, and {1|is|are} counted.",
					 cnv_value_count(outside)));
	}
	if (desk->pairing.withheld)
		lay_fact(page, "Not shown by name", count_respondents(page, desk->pairing.withheld));
}

static void lay_findings(cnv_page *page)
{
	const cnv_report *report = page->desk->report;

	lay_fact(page, "Findings",
		 CNV_SAY(page->desk, &page->row_arena,
			 "{1} {1|error|errors} and {2} {2|warning|warnings} in the answers.",
			 cnv_value_count(report->errors), cnv_value_count(report->warnings)));
	if (report->quarantined_count)
		lay_fact(page, "Not imported",
			 CNV_SAY(page->desk, &page->row_arena,
				 "{1} {1|file or row|files or rows}, listed at the end of Findings.",
				 cnv_value_count(report->quarantined_count)));
}

static void lay_legend(cnv_page *page)
{
	static const struct {
		cnv_look look;
		const char *example, *meaning;
	} legend[] = {
		{ CNV_LOOK_CODE, "Choice",
		  "An answer that is a choice, as its label, cut at …; the Codebook has all labels." },
		{ CNV_LOOK_DISSENT, "Choice",
		  "A choice that differs from the one of more than half of those who answered: in bold, on a darker"
		  " ground. The Matrix shows that one as (group), and of numbers their median." },
		{ CNV_LOOK_NUMBER, "12,345", "A number or a date, in the unit the question asks for." },
		{ CNV_LOOK_PLAIN, "Text …", "An answer in words, cut at …; Comments has the whole text." },
		{ CNV_LOOK_NO_ANSWER, "no answer",
		  "Asked, and an answer was required, but none was given. Where no answer was required, the cell is"
		  " empty." },
		{ CNV_LOOK_NOT_ASKED, "not asked", "The question did not apply, because of earlier answers." },
		{ CNV_LOOK_NO_REPLY, "–", "No return that counts was received." },
		{ CNV_LOOK_NO_REPLY, "blank", "A return was received in which nothing is answered." },
		{ CNV_LOOK_NOT_APPLICABLE, "N/A", "Answered: not applicable." },
		{ CNV_LOOK_DO_NOT_KNOW, "D/K", "Answered: not known." },
		{ CNV_LOOK_WITHHELD, "withheld", "Not given, or not to be shown by name. It still counts." },
		{ CNV_LOOK_NOT_USABLE, "as written",
		  "Not usable: unreadable, not a choice, or against the constraint. Shown as received, not counted;"
		  " the cell's comment and Findings say why." },
		{ CNV_LOOK_UNDUE, "[answer]",
		  "Answered although the question did not apply. Kept, but counted as not asked." },
	};

	cnv_page_words(page, 0, CNV_LOOK_HEADING, "shown as");
	cnv_page_words(page, 1, CNV_LOOK_HEADING, "meaning");
	cnv_page_end_row(page);
	for (size_t i = 0; i < sizeof legend / sizeof legend[0]; i++) {
		cnv_page_words(page, 0, legend[i].look, legend[i].example);
		cnv_page_words(page, 1, CNV_LOOK_PLAIN, legend[i].meaning);
		cnv_page_end_row(page);
	}
}

/* The answers that the audience may not see of anybody: all that are private, or some; NULL: none. */
static const char *hidden_words(const cnv_desk *desk)
{
	bool hidden = false, shown = false;

	for (cnv_question_id q = 0; q < desk->form->count; q++) {
		hidden = hidden || desk->hidden[q];
		shown = shown || (desk->privacy[q] && !desk->hidden[q]);
	}
	return !hidden ? NULL
	       : shown ? "Some answers to questions about contacts are not on any sheet."
		       : "Answers to questions about contacts are not on any sheet.";
}

static void lay_notes(cnv_page *page)
{
	const cnv_desk *desk = page->desk;
	const char *hidden = hidden_words(desk);
	const char *sum = desk->report->no_one_asked
				  ? "For every question: answered + N/A + D/K + withheld + not usable + no answer +"
				    " not asked + returned blank + no source found = all {people}. The first six of"
				    " these make up asked."
				  : "For every question: answered + N/A + D/K + withheld + not usable + no answer +"
				    " not asked + returned blank + no reply = all {people}. The first six of these"
				    " make up asked.";

	lay_fact(page, "Adding up", cnv_say_values(desk, &page->row_arena, sum, NULL, 0));
	lay_fact(page, "Several answers",
		 cnv_say(desk, "Where several answers are possible, options add up to more than those who answered."));
	if (!desk->report->technical)
		lay_fact(page, "Hidden columns",
			 cnv_say(desk, "They have the names and codes that the form uses for questions and options."));
	if (desk->form->release != CNV_NONE)
		lay_fact(page, "Names",
			 CNV_SAY(desk, &page->row_arena,
				 "Answers are shown by name to this audience only where the return allows it"
				 " (question {1}). Of the others, those that may be counted count where at least"
				 " three, but not all of them, have the same answer; all else is withheld.",
				 cnv_value_text(desk->form->questions[desk->form->release].name)));
	lay_fact(page, "Audience", cnv_say(desk, cnv_audience_word(desk->report->audience)));
	if (hidden)
		lay_fact(page, "Contacts", cnv_say(desk, hidden));
	if (!desk->named)
		lay_fact(page, "Left out",
			 CNV_SAY(desk, &page->row_arena,
				 "Returns, Matrix, the sheets of repeats, Comments, Non-respondents and Sources,"
				 " and the names in Counts: they are made for up to {1} {1|return|returns}, and {2}"
				 " {2|return|returns} came.",
				 cnv_value_count(CNV_REPORT_NAMED), cnv_value_count(cnv_tally_rows(desk->tally, 0))));
}

void cnv_lay_cover(cnv_page *page)
{
	cnv_desk *desk = page->desk;

	cnv_page_limit(page, 1, 96);
	cnv_desk_next_step(desk);
	cnv_page_title(page, cnv_say(desk, "How to read this"),
		       desk->form->title.len ? desk->form->title : desk->form->id);
	cnv_page_skip_row(page);
	lay_form(page);
	lay_returns(page);
	lay_findings(page);
	cnv_page_skip_row(page);
	cnv_page_words(page, 0, CNV_LOOK_SUBTITLE, "Cells");
	cnv_page_end_row(page);
	lay_legend(page);
	cnv_page_skip_row(page);
	lay_notes(page);
	cnv_page_skip_row(page);
	cnv_page_words(page, 0, CNV_LOOK_SUBTITLE, "Sheets");
	cnv_page_end_row(page);
	for (uint32_t i = 0; i + 1 < desk->sheet_count; i++) {
		cnv_page_text(page, 0, CNV_LOOK_LABEL, desk->sheets[i].name);
		cnv_page_words(page, 1, CNV_LOOK_PLAIN, desk->sheets[i].about);
		cnv_page_end_row(page);
	}
}
