/* An invented answer to one question: of its type, within the bounds of its constraint, and plausible for its name.
 * The plan alone decides whether an answer is valid.  A rejected answer is drawn again, closer to the lower bound. */
#include "round/simulate.h"

#include <math.h>
#include <string.h>

/* Rejections after which answers are tried in order, no longer at random. */
#define PATIENCE 4u

/* ---------------------------------------------------------------- numbers and times */

/* Between the bounds, small values more often than large ones, and smaller ones after each rejection. */
static double draw_between(simulate_inventor *in, double low, double high, uint32_t rejected)
{
	double share = cnv_chance_share(&in->chance);

	return low + (high - low) * share * share * pow(0.5, rejected < 40 ? rejected : 40);
}

static cnv_str number_text(simulate_inventor *in, double number)
{
	char digits[CNV_NUMBER_ROOM];

	return cnv_arena_copy(in->arena, (cnv_str){ digits, cnv_number_write(number, digits) });
}

static cnv_str invent_number(simulate_inventor *in, const cnv_question *question, const simulate_bounds *bounds,
			     uint32_t rejected)
{
	double low = bounds->has_low ? bounds->low : bounds->has_high && bounds->high < 0 ? bounds->high - 100 : 0;
	double high = bounds->has_high ? bounds->high : low + 100, number;

	/* A rule such as `. > 0` excludes the bound itself. */
	number = draw_between(in, low, high, rejected);
	if (question->kind == CNV_INTEGER)
		number = ceil(number);
	else
		number = cnv_number_round(number + (rejected ? 0.01 : 0), 2);
	return number_text(in, number);
}

static int32_t draw_day(simulate_inventor *in, const simulate_bounds *bounds, uint32_t rejected)
{
	double today = cnv_instant_day(in->world->now);
	double low = bounds->has_low ? bounds->low : today - 3 * 365, high = bounds->has_high ? bounds->high : today;

	if (high <= low)
		high = low + 365;
	if (!bounds->has_high && rejected % 2) /* perhaps it must be in the future */
		return (int32_t)(today + 400 * cnv_chance_share(&in->chance));
	/* The rule may require a day after another answer: draw closer to the upper bound with each rejection. */
	if (rejected >= PATIENCE)
		low = high - (high - low) * pow(0.6, rejected < 40 ? rejected : 40);
	else if (high - low > 3 * 365)
		low = high - 3 * 365;
	return (int32_t)floor(low + (high - low) * cnv_chance_share(&in->chance));
}

static cnv_str invent_day(simulate_inventor *in, const simulate_bounds *bounds, uint32_t rejected)
{
	char day[CNV_DAY_ROOM];

	return cnv_arena_copy(in->arena, (cnv_str){ day, cnv_day_write(draw_day(in, bounds, rejected), day) });
}

static cnv_str invent_time(simulate_inventor *in, const char *before)
{
	return cnv_arena_format(in->arena, "%s%02u:%02u:00.000+00:00", before, 8 + cnv_chance_below(&in->chance, 10),
				cnv_chance_below(&in->chance, 4) * 15);
}

static cnv_str invent_moment(simulate_inventor *in, const simulate_bounds *bounds, uint32_t rejected)
{
	char day[CNV_DAY_ROOM + 1];
	size_t len = cnv_day_write(draw_day(in, bounds, rejected), day);

	day[len] = 'T';
	day[len + 1] = 0;
	return invent_time(in, day);
}

static void put_point(simulate_inventor *in, double latitude, double longitude)
{
	char digits[CNV_NUMBER_ROOM];

	cnv_text_put(&in->text, (cnv_str){ digits, cnv_number_write_fixed(latitude, 5, digits) });
	cnv_text_put_char(&in->text, ' ');
	cnv_text_put(&in->text, (cnv_str){ digits, cnv_number_write_fixed(longitude, 5, digits) });
	cnv_text_put(&in->text, CNV_STR(" 0 0"));
}

static cnv_str invent_place(simulate_inventor *in, cnv_kind kind)
{
	static const double corners[][2] = { { 0, 0 }, { 0, 0.01 }, { 0.01, 0.01 }, { 0, 0 } };
	double latitude = cnv_chance_share(&in->chance) * 120 - 60,
	       longitude = cnv_chance_share(&in->chance) * 350 - 175;

	cnv_text_reset(&in->text);
	for (size_t i = 0; i < (kind == CNV_GEOPOINT ? 1 : sizeof corners / sizeof corners[0]); i++) {
		if (i)
			cnv_text_put(&in->text, CNV_STR("; "));
		put_point(in, latitude + corners[i][0], longitude + corners[i][1]);
	}
	return cnv_arena_copy(in->arena, cnv_text_str(&in->text));
}

/* ---------------------------------------------------------------- choices */

/* One of the choices offered.  The first ones of a list are drawn more often, as in real answers; after some
 * rejections they are tried one by one. */
static uint32_t draw_choice(simulate_inventor *in, const cnv_list *list, const uint64_t *offered, uint32_t rejected)
{
	uint32_t count = (uint32_t)cnv_bits_count(offered, list->count), at;
	double share = cnv_chance_share(&in->chance);

	if (!count)
		return CNV_NONE;
	at = rejected < PATIENCE ? (uint32_t)(share * sqrt(share) * count) : (rejected - PATIENCE) % count;
	for (uint32_t i = 0; i < list->count; i++)
		if (cnv_bit(offered, i) && !at--)
			return i;
	return CNV_NONE;
}

static cnv_str invent_choice(simulate_inventor *in, const cnv_list *list, const uint64_t *offered, uint32_t rejected)
{
	uint32_t choice = draw_choice(in, list, offered, rejected);

	return choice == CNV_NONE ? (cnv_str){ 0 } : list->choices[choice].name;
}

static cnv_str invent_choices(simulate_inventor *in, const cnv_list *list, const uint64_t *offered, uint32_t rejected)
{
	uint32_t wanted = rejected > 2 ? 1 : 1 + cnv_chance_below(&in->chance, 3);
	uint64_t *taken = cnv_arena_array(in->arena, CNV_BIT_WORDS(list->count), sizeof *taken);

	if (!taken)
		return (cnv_str){ 0 };
	for (uint32_t i = 0; i < wanted; i++) {
		uint32_t choice = draw_choice(in, list, offered, rejected);

		if (choice != CNV_NONE)
			cnv_bit_set(taken, choice);
	}
	cnv_text_reset(&in->text);
	for (uint32_t i = 0; i < list->count; i++)
		if (cnv_bit(taken, i)) {
			if (in->text.len)
				cnv_text_put_char(&in->text, ' ');
			cnv_text_put(&in->text, list->choices[i].name);
		}
	return cnv_arena_copy(in->arena, cnv_text_str(&in->text));
}

/* All choices, in random order (Fisher and Yates). */
static cnv_str invent_order(simulate_inventor *in, const cnv_list *list)
{
	uint32_t *order = cnv_arena_array(in->arena, list->count, sizeof *order);

	cnv_text_reset(&in->text);
	for (uint32_t i = 0; order && i < list->count; i++) {
		uint32_t at = cnv_chance_below(&in->chance, i + 1);

		order[i] = order[at];
		order[at] = i;
	}
	for (uint32_t i = 0; order && i < list->count; i++) {
		if (i)
			cnv_text_put_char(&in->text, ' ');
		cnv_text_put(&in->text, list->choices[order[i]].name);
	}
	return cnv_arena_copy(in->arena, cnv_text_str(&in->text));
}

/* A code of a list that could not be read, such as a file that only the respondents' devices have. */
static cnv_str invent_code(simulate_inventor *in)
{
	return cnv_arena_format(in->arena, "code%u", 1 + cnv_chance_below(&in->chance, 9));
}

/* ---------------------------------------------------------------- texts */

/* The subject of a question, by a word in its name; an invented number is inserted between the two parts. */
static const struct habit {
	const char *word, *before, *after;
} habits[] = {
	{ "mail", "desk", "@example.org" },
	{ "phone", "+1 202 555 01", "" },
	{ "url", "https://www.example.org/page", "" },
	{ "link", "https://www.example.org/page", "" },
	{ "web", "https://www.example.org/page", "" },
	{ "org", "Invented Agency ", "" },
	{ "agency", "Invented Agency ", "" },
	{ "authority", "Invented Authority ", "" },
	{ "law", "Invented Act No. ", "" },
	{ "legislation", "Invented Act No. ", "" },
	{ "name", "Invented Name ", "" },
	{ "city", "Invented Town ", "" },
	{ "year", "20", "" },
};

static bool has_word(cnv_str text, const char *word)
{
	size_t len = strlen(word);

	for (size_t at = 0; at + len <= text.len; at++)
		if (cnv_str_is_word(cnv_str_slice(text, at, at + len), word))
			return true;
	return false;
}

static cnv_str invent_text(simulate_inventor *in, const cnv_question *question, const simulate_bounds *bounds,
			   uint32_t rejected)
{
	uint32_t number = 10 + cnv_chance_below(&in->chance, 90);

	for (size_t i = 0; rejected < 2 && i < sizeof habits / sizeof habits[0]; i++)
		if (has_word(question->name, habits[i].word))
			return cnv_arena_format(in->arena, "%s%u%s", habits[i].before, number, habits[i].after);
	if (bounds->pattern.len) {
		cnv_text_reset(&in->text);
		simulate_pattern(&in->text, bounds->pattern, &in->chance);
		return cnv_arena_copy(in->arena, cnv_text_str(&in->text));
	}
	if (bounds->length > 0 && bounds->length < 20)
		return cnv_arena_format(in->arena, "%u", number);
	if (rejected > PATIENCE)
		return number_text(in, number);
	return cnv_arena_format(in->arena, "Invented answer %u", number);
}

/* ---------------------------------------------------------------- public */

cnv_str simulate_answer(simulate_inventor *in, cnv_question_id id, uint32_t rejected, const uint64_t *offered)
{
	const cnv_question *question = &in->form->questions[id];
	const cnv_list *list = question->list == CNV_NONE ? NULL : cnv_list_known(&in->form->lists[question->list]);
	const simulate_bounds *bounds = &in->bounds[id];

	switch (question->kind) {
	case CNV_NOTHING:
		break;
	case CNV_TEXT:
		return invent_text(in, question, bounds, rejected);
	case CNV_INTEGER:
	case CNV_DECIMAL:
		return invent_number(in, question, bounds, rejected);
	case CNV_DATE:
		return invent_day(in, bounds, rejected);
	case CNV_TIME:
		return invent_time(in, "");
	case CNV_DATETIME:
		return invent_moment(in, bounds, rejected);
	case CNV_CHOICE:
		return list ? invent_choice(in, list, offered, rejected) : invent_code(in);
	case CNV_CHOICES:
		return list ? invent_choices(in, list, offered, rejected) : invent_code(in);
	case CNV_RANK:
		return list ? invent_order(in, list) : invent_code(in);
	case CNV_GEOPOINT:
	case CNV_GEOTRACE:
	case CNV_GEOSHAPE:
		return invent_place(in, question->kind);
	case CNV_FILE:
		return cnv_arena_format(in->arena, "invented-%u.jpg", 1 + cnv_chance_below(&in->chance, 99));
	case CNV_ACKNOWLEDGE:
		return CNV_STR("OK");
	}
	return (cnv_str){ 0 };
}
