/* crossings: the options of each question by the answers to one of them.
 *
 * The parts are the choices of the question; those who chose none are in the last one, so that each question adds up to all
 * respondents, unless the crossed question takes several answers.  Who may only be counted is in the last one too:
 * a cell of two answers is smaller than any that few.c allows. */
#include "report/breakdown.h"
#include "report/buckets.h"
#include "report/headline.h"
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/texts.h"

#define NAME 40u /* characters of a choice above its columns */

const char *cnv_report_cross_trouble(const cnv_form *form, cnv_question_id question, const cnv_privacy *privacy)
{
	const cnv_question *asked = &form->questions[question];

	return !cnv_is_select(asked)                                       ? "it is not a choice question"
	       : asked->table                                              ? "it is inside a repeat"
	       : question == form->respondent                              ? "it says who answers"
	       : privacy[question]                                         ? "its answers are private"
	       : form->lists[asked->list].count > CNV_REPORT_CROSS_CHOICES ? "it has more than 64 choices"
									   : NULL;
}

/* The choices that somebody made, as parts, and how many people are in each bucket's part. */
static bool name_parts(cnv_breakdown *out, const cnv_desk *desk, const cnv_buckets *buckets, uint32_t *part_of,
		       cnv_arena *arena)
{
	const cnv_list *list = &desk->form->lists[desk->form->questions[out->by].list];
	cnv_str *names = cnv_arena_array(arena, (size_t)buckets->options + 1, sizeof *names);

	for (uint32_t option = 0; names && option < buckets->options; option++)
		if (cnv_bucket_size(buckets, option)) {
			part_of[option] = out->count;
			names[out->count++] = cnv_text_cut(
				cnv_choice_title(desk->form, &list->choices[option], desk->report->language), NAME,
				arena);
		}
	if (names)
		names[out->count++] = cnv_say(desk, "(no answer that counts)");
	out->names = names;
	return names;
}

/* The parts of each person, from the people of each bucket. */
static void share_out(const cnv_breakdown *out, const cnv_buckets *buckets, const uint32_t *part_of, uint32_t *starts,
		      uint32_t *parts)
{
	uint32_t given = buckets->starts[buckets->options], all = out->people_count;

	for (uint32_t i = 0; i < given; i++)
		starts[buckets->items[i] + 1]++;
	for (uint32_t i = 0; i < all; i++)
		starts[i + 1] = starts[i] + (starts[i + 1] ? starts[i + 1] : 1);
	for (uint32_t i = 0; i < starts[all]; i++)
		parts[i] = CNV_NONE;
	for (uint32_t option = 0; option < buckets->options; option++)
		for (uint32_t i = buckets->starts[option]; i < buckets->starts[option + 1]; i++) {
			uint32_t at = starts[buckets->items[i]];

			while (parts[at] != CNV_NONE)
				at++;
			parts[at] = part_of[option];
		}
	for (uint32_t i = 0; i < starts[all]; i++)
		if (parts[i] == CNV_NONE)
			parts[i] = out->count - 1;
}

static bool cross(cnv_breakdown *out, cnv_desk *desk, cnv_arena *arena)
{
	uint32_t all = desk->pairing.count, *people = cnv_arena_array(arena, (size_t)all + 1, sizeof *people);
	uint32_t *starts = cnv_arena_array(arena, (size_t)all + 2, sizeof *starts), *parts, *part_of;
	cnv_buckets buckets;

	for (uint32_t i = 0; people && i < all; i++)
		people[i] = i;
	out->people = people;
	out->people_count = all;
	if (!people || !starts || !cnv_buckets_build(&buckets, desk, out->by, people, all, arena))
		return false;
	part_of = cnv_arena_array(arena, (size_t)buckets.options + 1, sizeof *part_of);
	parts = cnv_arena_array(arena, (size_t)buckets.starts[buckets.options] + all + 1, sizeof *parts);
	if (!part_of || !parts || !name_parts(out, desk, &buckets, part_of, arena))
		return false;
	share_out(out, &buckets, part_of, starts, parts);
	out->starts = starts;
	out->parts = parts;
	return true;
}

/* "A3 Status" */
static cnv_str title_of(const cnv_desk *desk, cnv_question_id question, cnv_arena *arena)
{
	cnv_str qno = desk->form->questions[question].qno;

	return cnv_arena_format(arena, "%.*s%s%.*s", CNV_ARG(qno), qno.len ? " " : "",
				CNV_ARG(cnv_title_of(desk, question)));
}

void cnv_lay_crossings(cnv_page *page)
{
	cnv_desk *desk = page->desk;
	cnv_breakdown breakdown = { .by = desk->report->cross };
	cnv_breakdown_band band = { 0 };
	cnv_arena arena = { 0 };
	bool several = desk->form->questions[breakdown.by].kind != CNV_CHOICE;

	cnv_page_answers_title(
		page, cnv_say(page->desk, "Crossings"),
		several ? cnv_say(page->desk,
				  "Options by the answers to one question, which takes several: who chose more than"
				  " one is in more than one column. The share is n of those in the column who"
				  " answered.")
			: cnv_say(page->desk, "Options by the answers to one question. The share is n of those in"
					      " the column who answered; states in brackets add up to all in the"
					      " column."));
	if (cross(&breakdown, desk, &arena)) {
		band = (cnv_breakdown_band){ .title = title_of(desk, breakdown.by, &arena), .parts = breakdown.count };
		breakdown.bands = &band;
		breakdown.band_count = 1;
		cnv_breakdown_lay(page, &breakdown);
	} else {
		page->status = CNV_NO_MEMORY;
	}
	cnv_arena_fini(&arena);
}
