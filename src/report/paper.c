/* paper: a report to be read at a meeting.
 *
 * Title block, the questions that matter in sentences, what has changed, the answers section by section, and three annexes: comments word for word, those who did not reply, and
 * all respondents with their codes. */
#include "report/changes.h"
#include "report/headline.h"
#include "report/paper_desk.h"
#include "report/sayings.h"
#include "report/tally.h"
#include "report/texts.h"

/* More groups than this are for the workbook: each adds a body to every table. */
#define MOST_GROUPS 64u

/* ---------------------------------------------------------------- the title block */

/* "19 economies (17 answered, 2 conflict)"; without the states where all are in the one to be expected. */
static cnv_str count_people(cnv_paper *paper, uint64_t count, bool returned)
{
	cnv_desk *desk = &paper->desk;
	cnv_str people = cnv_paper_people(paper, count), states = cnv_states_text(desk, returned, &desk->step);
	const char *usual = returned ? "answered" : desk->report->no_one_asked ? "no source found" : "silent";
	cnv_str expected =
		cnv_arena_format(&desk->step, "%llu %.*s", (unsigned long long)count, CNV_ARG(cnv_say(desk, usual)));
	bool plain = cnv_str_equal(states, expected);

	return states.len && !plain ? cnv_arena_format(&desk->step, "%.*s (%.*s)", CNV_ARG(people), CNV_ARG(states))
				    : people;
}

static void put_replies(cnv_paper *paper)
{
	cnv_desk *desk = &paper->desk;
	const cnv_roster *roster = desk->report->roster;
	uint64_t replied = cnv_tally_replied(desk->tally), blank = cnv_tally_blank(desk->tally);
	uint64_t outside = cnv_tally_outside(desk->tally);
	uint32_t compiled = cnv_desk_compiled(desk);

	if (!roster) {
		cnv_paper_fact(paper, "Replied", cnv_paper_people(paper, outside));
		return;
	}
	cnv_paper_fact(paper, compiled ? "On the roster" : "Asked", cnv_paper_people(paper, roster->count));
	if (compiled) {
		cnv_paper_fact(paper, "Replied", cnv_paper_people(paper, replied - compiled));
		cnv_paper_fact(paper, "Compiled", cnv_desk_compiled_text(desk, &desk->step));
	} else {
		cnv_paper_fact(paper, "Replied", count_people(paper, replied, true));
	}
	if (blank)
		cnv_paper_fact(paper, "Returned blank", cnv_paper_people(paper, blank));
	cnv_paper_fact(paper, cnv_desk_silent_word(desk), count_people(paper, cnv_tally_silent(desk->tally), false));
	if (outside)
		cnv_paper_fact(paper, "Not on the roster",
			       CNV_SAY(desk, &desk->step, "{1 people} replied without having been asked, and count",
				       cnv_value_count(outside)));
}

static void put_title(cnv_paper *paper)
{
	cnv_desk *desk = &paper->desk;
	const cnv_form *form = desk->form;

	cnv_desk_next_step(desk);
	cnv_paper_put(paper, CNV_PASSAGE_TITLE, CNV_STR(""), paper->head.title);
	cnv_paper_say(paper, CNV_PASSAGE_SUBTITLE, "Answers compared");
	cnv_paper_fact(paper, "Round", desk->report->round);
	cnv_paper_fact(paper, "State as of", cnv_say_day(desk, &desk->step, cnv_instant_day(desk->report->now)));
	cnv_paper_fact(paper, "Form",
		       form->version.len ? CNV_SAY(desk, &desk->step, "{1}, version {2}", cnv_value_text(form->id),
						   cnv_value_text(form->version))
					 : form->id);
	if (desk->report->carried_from.len)
		cnv_paper_fact(paper, "Carried over",
			       CNV_SAY(desk, &desk->step, "answers given with version {1}",
				       cnv_value_text(desk->report->carried_from)));
	cnv_paper_fact(paper, "Audience", cnv_say(desk, cnv_audience_word(desk->report->audience)));
	put_replies(paper);
	if (desk->pairing.withheld)
		cnv_paper_fact(paper, "Not shown by name", cnv_paper_people(paper, desk->pairing.withheld));
}

/* The questions that matter most, in sentences. */
static void put_summary(cnv_paper *paper)
{
	cnv_desk *desk = &paper->desk;
	cnv_headlines headlines = { 0 };

	if (!cnv_headlines_build(&headlines, desk, desk->arena))
		desk->failed = true;
	if (!headlines.count)
		return;
	paper->document->part(paper->document->self, CNV_NONE);
	cnv_paper_say(paper, CNV_PASSAGE_HEADING, "Summary");
	for (uint32_t i = 0; i < headlines.count && !desk->failed; i++) {
		const cnv_headline *line = &headlines.items[i];
		cnv_str qno = desk->form->questions[line->question].qno;

		cnv_desk_next_step(desk);
		cnv_paper_put(paper, CNV_PASSAGE_ITEM,
			      cnv_arena_format(&desk->step, "%.*s%s%.*s", CNV_ARG(qno), qno.len ? " " : "",
					       CNV_ARG(line->label)),
			      line->dissent.len ? cnv_arena_format(&desk->step, "%.*s\n%.*s", CNV_ARG(line->text),
								   CNV_ARG(line->dissent))
						: line->text);
	}
	paper->document->end_part(paper->document->self);
}

/* ---------------------------------------------------------------- the answers */

static void put_answers(cnv_paper *paper)
{
	cnv_desk *desk = &paper->desk;
	cnv_str before = { 0 };

	cnv_paper_say(paper, CNV_PASSAGE_HEADING, "Answers");
	cnv_desk_next_step(desk);
	cnv_paper_put(paper, CNV_PASSAGE_REMARK, CNV_STR(""),
		      cnv_say_values(desk, &desk->step,
				     "Shares are of those who answered the question. The rows of a question add up"
				     " to all {people}, unless several answers were possible.",
				     NULL, 0));
	for (cnv_question_id q = 0; q < desk->form->count; q++) {
		cnv_str section;

		if (!cnv_paper_reports(paper, q))
			continue;
		section = cnv_desk_section(desk, q);
		if (section.len && !cnv_str_equal(section, before))
			cnv_paper_put(paper, CNV_PASSAGE_SECTION, CNV_STR(""), section);
		before = section;
		cnv_paper_question(paper, q);
		cnv_paper_answers(paper, q);
	}
}

/* ---------------------------------------------------------------- annexes */

static bool is_silent(const cnv_paired *paired)
{
	return paired->response == CNV_NONE && !paired->blank;
}

static void put_person(cnv_paper *paper, const cnv_paired *paired, bool reason)
{
	cnv_desk *desk = &paper->desk;
	const cnv_report *report = desk->report;
	const cnv_reported_reply *reply =
		report->replies && paired->listed != CNV_NONE ? &report->replies[paired->listed] : NULL;
	const cnv_document *to = paper->document;
	cnv_str state = cnv_say(desk, reply ? reply->state : paired->response == CNV_NONE ? "no reply" : "replied");
	cnv_str last = { 0 };

	if (reason)
		last = reply ? reply->reason : last;
	else if (paired->response != CNV_NONE)
		last = cnv_say_day(desk, &desk->step, cnv_instant_day(report->responses[paired->response].received));
	cnv_str cells[] = { paired->code, paired->name, state, last };
	to->row(to->self, &(cnv_document_row){ .cells = cells });
}

/* A table of respondents: all, or those without a reply. */
static void put_people(cnv_paper *paper, bool silent_only)
{
	static const cnv_document_column columns[2][4] = {
		{ { "Code", 14, false }, { "Name", 40, false }, { "State", 22, false }, { "Received", 24, false } },
		{ { "Code", 14, false }, { "Name", 32, false }, { "State", 22, false }, { "Reason", 32, false } },
	};
	const cnv_document *to = paper->document;
	const cnv_pairing *pairing = &paper->desk.pairing;
	uint32_t rows = 0;

	for (uint32_t i = 0; i < pairing->count; i++)
		rows += !silent_only || is_silent(&pairing->rows[i]);
	if (!rows)
		return;
	cnv_paper_say(paper, CNV_PASSAGE_HEADING,
		      !silent_only                       ? "Annex: respondents"
		      : paper->desk.report->no_one_asked ? "Annex: no source found"
							 : "Annex: no reply");
	cnv_paper_table(paper, columns[silent_only], 4, rows);
	for (uint32_t i = 0; i < pairing->count; i++)
		if (!silent_only || is_silent(&pairing->rows[i]))
			put_person(paper, &pairing->rows[i], silent_only);
	to->end_table(to->self);
}

static void put_annexes(cnv_paper *paper)
{
	if (!paper->desk.named)
		return;
	cnv_paper_comments(paper);
	if (paper->desk.report->roster)
		put_people(paper, true);
	put_people(paper, false);
}

/* ---------------------------------------------------------------- the whole */

/* "ASEAN: member" for each group of each grouping, unless there are too many. */
static bool list_groups(cnv_paper *paper)
{
	cnv_desk *desk = &paper->desk;
	const cnv_roster *roster = desk->report->roster;
	cnv_paper_group *groups = cnv_arena_array(desk->arena, MOST_GROUPS, sizeof *groups);
	cnv_str *titles = cnv_arena_array(desk->arena, MOST_GROUPS, sizeof *titles);
	uint32_t count = 0;

	paper->groups = groups;
	paper->head.groups = titles;
	if (!groups || !titles)
		return false;
	for (uint32_t g = 0; desk->named && roster && g < roster->grouping_count; g++) {
		cnv_grouping grouping = { 0 };

		if (!cnv_grouping_sort(&grouping, desk, g, desk->arena))
			return false;
		for (uint32_t i = 0; i < grouping.count; i++, count++) {
			if (count == MOST_GROUPS)
				return true;
			groups[count] = (cnv_paper_group){ grouping.people + grouping.starts[i],
							   grouping.starts[i + 1] - grouping.starts[i] };
			titles[count] = cnv_arena_format(desk->arena, "%.*s: %.*s", CNV_ARG(roster->groupings[g]),
							 CNV_ARG(grouping.names[i]));
		}
	}
	paper->head.group_count = count;
	return true;
}

cnv_status cnv_paper_lay(const cnv_report *report, const cnv_tally *tally, const cnv_document *document,
			 cnv_arena *scratch)
{
	cnv_paper paper = { .document = document };
	bool failed = !cnv_desk_open(&paper.desk, report, tally, scratch) || !cnv_changes_find(&paper.desk) ||
		      !list_groups(&paper);

	if (!failed) {
		cnv_paper_name(&paper);
		document->begin(document->self, &paper.head);
		put_title(&paper);
		put_summary(&paper);
		cnv_paper_changes(&paper);
		put_answers(&paper);
		put_annexes(&paper);
		document->end(document->self);
	}
	failed |= paper.desk.failed || paper.desk.step.failed || scratch->failed;
	cnv_desk_close(&paper.desk);
	return failed ? CNV_NO_MEMORY : CNV_OK;
}
