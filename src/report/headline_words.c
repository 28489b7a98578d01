/* headline_words: the answers to one question in words. */
#include "report/figures.h"
#include "report/headline.h"

#include <stdlib.h>
#include <string.h>

#include "report/buckets.h"
#include "report/cells.h"
#include "report/sayings.h"
#include "report/tally.h"
#include "report/texts.h"

#define MOST_NAMES 25u /* respondents listed after an option; of more, only the number is given */

/* One headline while its text is written. */
struct telling {
	cnv_desk *desk;
	cnv_text *out;
	const cnv_question *asked;
	const cnv_question_tally *tally;
	uint64_t standing[CNV_STANDINGS]; /* of the tally, or of some people */
	cnv_buckets buckets;              /* if respondents are named */
	const cnv_list *list;
	uint64_t answered;
};

static int by_count(const void *a, const void *b)
{
	const cnv_chosen *left = a, *right = b;

	if (left->n != right->n)
		return left->n < right->n ? 1 : -1;
	return left->option < right->option ? -1 : left->option > right->option;
}

/* ---------------------------------------------------------------- words */

/* "four", "ten"; greater numbers in digits. */
static void put_number_word(cnv_text *out, uint64_t number, bool capital)
{
	static const char *const words[] = { "no",  "one",   "two",   "three", "four", "five",
					     "six", "seven", "eight", "nine",  "ten" };

	if (number >= sizeof words / sizeof *words) {
		cnv_text_format(out, "%llu", (unsigned long long)number);
		return;
	}
	cnv_text_put_char(out, (char)(words[number][0] - (capital ? 'a' - 'A' : 0)));
	cnv_text_put(out, cnv_str_from(words[number] + 1));
}

/* A predicate of several, "have ratified", of one: "has ratified". */
static void put_predicate(const struct telling *t, cnv_str says, bool one)
{
	static const char *const verbs[][2] = {
		{ "have", "has" },      { "are", "is" },        { "were", "was" },    { "do", "does" },
		{ "go", "goes" },       { "would", "would" },   { "will", "will" },   { "can", "can" },
		{ "could", "could" },   { "may", "may" },       { "might", "might" }, { "must", "must" },
		{ "shall", "shall" },   { "should", "should" }, { "had", "had" },     { "did", "did" },
		{ "cannot", "cannot" },
	};
	cnv_str rest = cnv_str_trim(says), verb = { 0 };

	if (!one || !cnv_str_word(&rest, &verb)) {
		cnv_text_put(t->out, cnv_str_trim(says));
		return;
	}
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (cnv_str_equal(verb, cnv_str_from(verbs[i][0]))) {
			cnv_text_format(t->out, "%s%.*s", verbs[i][1], CNV_ARG(rest));
			return;
		}
	cnv_text_format(t->out, "%.*s%.*s", CNV_ARG(cnv_plural(&t->desk->step, verb)), CNV_ARG(rest));
}

static void put_names(const struct telling *t, uint32_t bucket)
{
	uint32_t count;

	if (!t->desk->named)
		return;
	count = cnv_bucket_size(&t->buckets, bucket);
	if (count && count <= MOST_NAMES)
		cnv_text_format(t->out, " (%.*s)",
				CNV_ARG(cnv_names_text(t->desk, t->buckets.items + t->buckets.starts[bucket], count,
						       &t->desk->step)));
}

/* Is anybody in this state?  Entries are of those who replied. */
static bool has_state(const struct telling *t, int standing)
{
	return t->standing[standing] && (standing != CNV_STANDING_NO_REPLY || !t->asked->table);
}

static cnv_str state_word(const struct telling *t, int standing)
{
	return cnv_say(t->desk, cnv_standing_short((cnv_standing)standing, t->desk->report->no_one_asked));
}

/* "no answer 9; no reply 2"; false: there are none. */
static bool put_states(const struct telling *t, const char *before, bool named)
{
	bool any = false;

	for (int s = CNV_STANDING_ANSWERED + 1; s < CNV_STANDINGS; s++) {
		if (!has_state(t, s))
			continue;
		cnv_text_format(t->out, "%s%.*s %llu", any ? "; " : before, CNV_ARG(state_word(t, s)),
				(unsigned long long)t->standing[s]);
		if (named)
			put_names(t, t->buckets.options + (uint32_t)s);
		any = true;
	}
	return any;
}

static cnv_str label_of(const struct telling *t, uint32_t option)
{
	return cnv_choice_title(t->desk->form, &t->list->choices[option], t->desk->report->language);
}

static cnv_str says_of(const struct telling *t, uint32_t option)
{
	return cnv_wording_text(t->desk->form, &t->list->choices[option].says, t->desk->report->language);
}

/* ---------------------------------------------------------------- choices */

cnv_chosen *cnv_options_chosen(cnv_desk *desk, cnv_question_id question, uint32_t *count)
{
	const cnv_question_tally *tally = cnv_tally_question(desk->tally, question);
	uint32_t options = desk->form->lists[desk->form->questions[question].list].count;
	cnv_chosen *chosen = cnv_arena_array(&desk->step, (size_t)options + 1, sizeof *chosen);

	*count = 0;
	for (uint32_t option = 0; chosen && option < options; option++)
		if (tally->options[option])
			chosen[(*count)++] = (cnv_chosen){ option, tally->options[option] };
	if (chosen)
		qsort(chosen, *count, sizeof *chosen, by_count);
	return chosen;
}

/* Where others compiled answers, those they are of have not answered. */
static const char *those_of(const struct telling *t)
{
	return cnv_desk_compiled(t->desk) ? "with an answer" : "that answered";
}

/* "Ratified 4 of 10 that answered (INA, ROK), Not ratified 6 (...)" */
static void put_line(const struct telling *t, const cnv_chosen *parts, uint32_t count)
{
	const char *first = t->asked->table              ? "{1} {2} of {3} entries with an answer"
			    : cnv_desk_compiled(t->desk) ? "{1} {2} of {3} with an answer"
							 : "{1} {2} of {3} that answered";

	for (uint32_t i = 0; i < count; i++) {
		if (i)
			cnv_text_format(t->out, ", %.*s %llu", CNV_ARG(label_of(t, parts[i].option)),
					(unsigned long long)parts[i].n);
		else
			cnv_text_put(t->out, CNV_SAY(t->desk, &t->desk->step, first,
						     cnv_value_text(label_of(t, parts[i].option)),
						     cnv_value_count(parts[i].n), cnv_value_count(t->answered)));
		put_names(t, parts[i].option);
	}
}

/* "Four of the ten economies that answered"; of all: "All ten economies that answered" */
static void put_subject(const struct telling *t, uint64_t n)
{
	cnv_str many = t->desk->many;

	if (n == t->answered && n <= 2) {
		cnv_text_format(t->out, "%s %.*s %s ", n == 1 ? "The only" : "Both",
				CNV_ARG(n == 1 ? t->desk->one : many), those_of(t));
		return;
	}
	if (n == t->answered)
		cnv_text_put(t->out, CNV_STR("All "));
	else
		put_number_word(t->out, n, true);
	if (n != t->answered)
		cnv_text_put(t->out, CNV_STR(" of the "));
	put_number_word(t->out, t->answered, false);
	cnv_text_format(t->out, " %.*s %s ", CNV_ARG(many), those_of(t));
}

/* Sentences for the options that have a predicate, then the others. */
static void put_sentences(const struct telling *t, const cnv_chosen *parts, uint32_t count)
{
	uint32_t said = 0, others = 0;

	for (uint32_t i = 0; i < count; i++) {
		cnv_str says = says_of(t, parts[i].option);

		if (!says.len)
			continue;
		if (said++) {
			cnv_text_put_char(t->out, ' ');
			put_number_word(t->out, parts[i].n, true);
			cnv_text_put_char(t->out, ' ');
		} else {
			put_subject(t, parts[i].n);
		}
		put_predicate(t, says, parts[i].n == 1);
		put_names(t, parts[i].option);
		cnv_text_put_char(t->out, '.');
	}
	for (uint32_t i = 0; i < count; i++) {
		if (says_of(t, parts[i].option).len)
			continue;
		cnv_text_format(t->out, "%s%.*s %llu",
				others++ ? ", " : " Other answers: ", CNV_ARG(label_of(t, parts[i].option)),
				(unsigned long long)parts[i].n);
		put_names(t, parts[i].option);
	}
	if (others)
		cnv_text_put_char(t->out, '.');
}

/* Sentences are written in English only, and about respondents, not about their entries. */
static bool has_sentence(const struct telling *t, const cnv_chosen *parts, uint32_t count)
{
	bool english = t->desk->tongue == CNV_ENGLISH &&
		       cnv_str_equal(cnv_pack_tag(t->desk->form, t->desk->report->language), CNV_STR("en"));

	if (t->asked->table || !english)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (says_of(t, parts[i].option).len)
			return true;
	return false;
}

static bool write_choice(const struct telling *t, cnv_question_id question)
{
	uint32_t count;
	const cnv_chosen *parts = cnv_options_chosen(t->desk, question, &count);
	size_t from;

	if (!parts)
		return false;
	if (!has_sentence(t, parts, count)) {
		put_line(t, parts, count);
		put_states(t, "; ", false);
		return true;
	}
	put_sentences(t, parts, count);
	cnv_text_put_char(t->out, ' ');
	from = t->out->len;
	if (put_states(t, "", false)) {
		if (!t->out->failed && t->out->at[from] >= 'a' && t->out->at[from] <= 'z')
			t->out->at[from] = (char)(t->out->at[from] - ('a' - 'A'));
		cnv_text_put_char(t->out, '.');
	} else if (!t->out->failed) {
		t->out->len--;
	}
	return true;
}

uint32_t cnv_majority_of(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_question *asked = &desk->form->questions[question];
	const cnv_question_tally *tally = cnv_tally_question(desk->tally, question);

	if (asked->kind != CNV_CHOICE || !tally->options)
		return CNV_NONE;
	for (uint32_t option = 0; option < desk->form->lists[asked->list].count; option++)
		if (tally->options[option] > tally->standing[CNV_STANDING_ANSWERED] / 2)
			return option;
	return CNV_NONE;
}

/* Those who answered other than the majority, in the order of the roster; NULL: no memory. */
static const uint32_t *list_dissent(const struct telling *t, uint32_t majority, uint32_t *count)
{
	const uint32_t *starts = t->buckets.starts, *items = t->buckets.items;
	uint32_t all = t->buckets.options + CNV_STANDING_ANSWERED, with = starts[majority];
	uint32_t *out = cnv_arena_array(&t->desk->step, (size_t)cnv_bucket_size(&t->buckets, all) + 1, sizeof *out);

	*count = 0;
	for (uint32_t i = starts[all]; out && i < starts[all + 1]; i++) {
		if (with < starts[majority + 1] && items[with] == items[i])
			with++;
		else
			out[(*count)++] = items[i];
	}
	return out;
}

static bool write_dissent(const struct telling *t, cnv_question_id question)
{
	uint32_t majority = cnv_majority_of(t->desk, question), count;
	uint64_t apart = majority == CNV_NONE ? 0 : t->answered - t->tally->options[majority];
	const uint32_t *items;

	if (t->asked->kind != CNV_CHOICE || t->asked->table || t->answered < 2)
		return true;
	if (majority == CNV_NONE || !apart) {
		cnv_text_put(t->out, cnv_say(t->desk, majority == CNV_NONE ? "No majority" : "All agree"));
		return true;
	}
	if (!t->desk->named || apart > MOST_NAMES) {
		cnv_text_put(t->out,
			     CNV_SAY(t->desk, &t->desk->step, "{1} differ from the majority", cnv_value_count(apart)));
		return true;
	}
	items = list_dissent(t, majority, &count);
	if (!items)
		return false;
	cnv_text_put(t->out, CNV_SAY(t->desk, &t->desk->step,
				     apart == 1 ? "Differs from the majority: {1}" : "Differ from the majority: {1}",
				     cnv_value_text(cnv_names_text(t->desk, items, count, &t->desk->step))));
	return true;
}

/* ---------------------------------------------------------------- other questions */

static cnv_value figure(const struct telling *t, double value)
{
	char digits[CNV_NUMBER_ROOM];
	size_t len = cnv_number_write(cnv_number_round(value, 2), digits);

	return cnv_value_text(cnv_arena_copy(&t->desk->step, (cnv_str){ digits, len }));
}

/* "median 12, 3 to 40; sum 512; 8 answered" */
static void put_figures(const struct telling *t)
{
	if (!t->tally->numbers)
		return;
	cnv_text_put(t->out,
		     CNV_SAY(t->desk, &t->desk->step, "median {1}, {2} to {3}; sum {4}",
			     t->tally->about ? cnv_value_text(cnv_about_text(t->tally->median, &t->desk->step))
					     : figure(t, t->tally->median),
			     figure(t, t->tally->least), figure(t, t->tally->greatest), figure(t, t->tally->sum)));
	cnv_text_put(t->out, CNV_STR("; "));
}

/* "2006-03-01 to 2009-11-30; " */
static void put_days(const struct telling *t, cnv_question_id question)
{
	const cnv_column *column = cnv_desk_column(t->desk, question);
	uint32_t rows = t->desk->report->batch->tables[t->asked->table].rows;
	int32_t least = INT32_MAX, greatest = INT32_MIN;
	char from[CNV_DAY_ROOM], upto[CNV_DAY_ROOM];

	for (uint32_t row = 0; row < rows; row++) {
		if (column->verdicts[row] != CNV_ACCEPTED)
			continue;
		least = column->days[row] < least ? column->days[row] : least;
		greatest = column->days[row] > greatest ? column->days[row] : greatest;
	}
	if (least > greatest)
		return;
	cnv_text_put(t->out, CNV_SAY(t->desk, &t->desk->step, "{1} to {2}",
				     cnv_value_text((cnv_str){ from, cnv_day_write(least, from) }),
				     cnv_value_text((cnv_str){ upto, cnv_day_write(greatest, upto) })));
	cnv_text_put(t->out, CNV_STR("; "));
}

static void write_plain(const struct telling *t, cnv_question_id question)
{
	put_figures(t);
	if (t->desk->named && t->asked->kind == CNV_DATE)
		put_days(t, question);
	cnv_text_put(t->out, CNV_SAY(t->desk, &t->desk->step, "{1} answered", cnv_value_count(t->answered)));
	if (!t->tally->numbers && t->desk->named)
		put_names(t, t->buckets.options + CNV_STANDING_ANSWERED);
	put_states(t, "; ", false);
}

/* ---------------------------------------------------------------- no answers */

/* Are there only blanks?  A word for a missing answer is none, nor is one that is not shown or not usable. */
static bool is_unanswered(const struct telling *t)
{
	uint32_t states = 0;

	for (int s = CNV_STANDING_ANSWERED; s < CNV_STANDINGS; s++) {
		if (s < CNV_STANDING_NO_ANSWER && t->standing[s])
			return false;
		states += has_state(t, s);
	}
	return states || t->asked->table;
}

static cnv_str write_unanswered(const struct telling *t, bool named)
{
	cnv_desk *desk = t->desk;
	uint32_t states = 0;
	cnv_str text;

	for (int s = CNV_STANDING_ANSWERED; s < CNV_STANDINGS; s++)
		states += has_state(t, s);
	if (!states)
		return cnv_say(desk, "There are no entries.");
	put_states(t, "", named && states > 1);
	text = cnv_arena_copy(&desk->step, cnv_text_str(t->out));
	return CNV_SAY(desk, &desk->step,
		       t->asked->table           ? "No entry has an answer ({1})."
		       : cnv_desk_compiled(desk) ? "No answer was found ({1})."
						 : "No {person} answered ({1}).",
		       cnv_value_text(text));
}

/* Begins the text of a question. */
static void begin(struct telling *t, cnv_desk *desk, cnv_text *out, cnv_question_id question)
{
	*t = (struct telling){ .desk = desk,
			       .out = out,
			       .asked = &desk->form->questions[question],
			       .tally = cnv_tally_question(desk->tally, question) };
	cnv_desk_next_step(desk);
	memcpy(t->standing, t->tally->standing, sizeof t->standing);
	t->answered = t->standing[CNV_STANDING_ANSWERED];
}

/* Finds whom to name; false: out of memory. */
static bool find_names(struct telling *t, cnv_question_id question)
{
	cnv_desk *desk = t->desk;

	return !desk->named || cnv_buckets_build(&t->buckets, desk, question, NULL, desk->pairing.count, &desk->step);
}

/* Finds whom to name of some people, and counts their states; false: out of memory. */
static bool count_among(struct telling *t, cnv_question_id question, const uint32_t *people, uint32_t count)
{
	if (!cnv_buckets_build(&t->buckets, t->desk, question, people, count, &t->desk->step))
		return false;
	for (uint32_t s = 0; s < CNV_STANDINGS; s++)
		t->standing[s] = cnv_bucket_size(&t->buckets, t->buckets.options + s);
	return true;
}

cnv_str cnv_unanswered_text(cnv_desk *desk, cnv_question_id question, const uint32_t *people, uint32_t count,
			    bool named)
{
	cnv_text text = { 0 };
	struct telling t;
	cnv_str words = { 0 };

	begin(&t, desk, &text, question);
	desk->failed |= people && !count_among(&t, question, people, count);
	if (!desk->failed && is_unanswered(&t)) {
		desk->failed |= !people && named && !find_names(&t, question);
		if (!desk->failed)
			words = write_unanswered(&t, named);
	}
	desk->failed |= text.failed;
	cnv_text_fini(&text);
	return words;
}

/* ---------------------------------------------------------------- the headline */

bool cnv_headline_write(cnv_headline *headline, cnv_desk *desk, cnv_arena *arena)
{
	cnv_text text = { 0 };
	struct telling t;
	bool ok;

	begin(&t, desk, &text, headline->question);
	ok = find_names(&t, headline->question);
	if (ok && is_unanswered(&t)) {
		headline->text = cnv_arena_copy(arena, write_unanswered(&t, false));
	} else if (ok && t.answered && t.tally->options) {
		t.list = &desk->form->lists[t.asked->list];
		ok = write_choice(&t, headline->question);
		headline->text = cnv_arena_copy(arena, cnv_text_str(&text));
	} else if (ok) {
		write_plain(&t, headline->question);
		headline->text = cnv_arena_copy(arena, cnv_text_str(&text));
	}
	if (ok && t.list) {
		ok = !text.failed;
		cnv_text_reset(&text);
		ok = write_dissent(&t, headline->question) && ok;
		headline->dissent = cnv_arena_copy(arena, cnv_text_str(&text));
	}
	ok = ok && !text.failed && !desk->step.failed && !arena->failed;
	cnv_text_fini(&text);
	return ok;
}
