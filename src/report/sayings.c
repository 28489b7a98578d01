/* sayings: a report's own words in the language of its desk. */
#include "report/sayings.h"

#include <assert.h>
#include <string.h>

cnv_saying_table cnv_sayings(uint32_t table)
{
	const cnv_saying_table tables[CNV_SAYING_TABLES] = { { cnv_saying_words, cnv_saying_word_count },
							     { cnv_saying_sentences, cnv_saying_sentence_count },
							     { cnv_saying_sheets, cnv_saying_sheet_count },
							     { cnv_saying_papers, cnv_saying_paper_count } };

	return tables[table];
}

bool cnv_report_speaks(cnv_str tag)
{
	return cnv_tongue_find(tag) != CNV_TONGUES;
}

bool cnv_sayings_open(cnv_desk *desk)
{
	const cnv_report *report = desk->report;
	cnv_tongue tongue =
		cnv_tongue_find(report->words.len ? report->words : cnv_pack_tag(report->form, report->language));

	desk->spoken = &desk->sentence;
	desk->tongue = tongue == CNV_TONGUES ? CNV_ENGLISH : tongue;
	for (uint32_t t = 0; desk->tongue != CNV_ENGLISH && t < CNV_SAYING_TABLES; t++)
		for (uint32_t i = 0; i < cnv_sayings(t).count; i++)
			cnv_map_put(&desk->sayings, cnv_str_from(cnv_sayings(t).rows[i].in[CNV_ENGLISH]), t << 16 | i);
	return !desk->sayings.failed;
}

void cnv_sayings_close(cnv_desk *desk)
{
	cnv_map_fini(&desk->sayings);
}

static const char *find(const cnv_desk *desk, const char *english)
{
	uint32_t found;

	if (desk->tongue == CNV_ENGLISH)
		return english;
	found = cnv_map_find(&desk->sayings, cnv_str_from(english));
	return found == CNV_NONE ? english : cnv_sayings(found >> 16).rows[found & 0xFFFF].in[desk->tongue];
}

cnv_str cnv_say(const cnv_desk *desk, const char *english)
{
	return cnv_str_from(find(desk, english));
}

/* ---------------------------------------------------------------- sentences */

cnv_value cnv_value_text(cnv_str text)
{
	return (cnv_value){ .text = text.at ? text : CNV_STR("") };
}

cnv_value cnv_value_count(uint64_t number)
{
	return (cnv_value){ .number = number };
}

static void put_value(cnv_text *out, const cnv_desk *desk, const cnv_value *value)
{
	if (value->text.at)
		cnv_text_put(out, value->text);
	else
		cnv_tongue_put_count(out, desk->tongue, value->number);
}

/* The form for a number, of "day|days"; a language's last where it has fewer. */
static cnv_str choose_form(cnv_str forms, uint32_t wanted)
{
	cnv_str form = { 0 };

	for (uint32_t i = 0; i <= wanted && cnv_str_split(&forms, '|', &form); i++)
		;
	return form;
}

/* What is between braces. */
static void put_place(cnv_text *out, const cnv_desk *desk, cnv_str place, const cnv_value *values, uint32_t count)
{
	uint32_t number = place.len && place.at[0] >= '1' ? (uint32_t)(place.at[0] - '1') : 0;
	cnv_str rest = place.len ? cnv_str_slice(place, 1, place.len) : place;

	if (cnv_str_equal(place, CNV_STR("people"))) {
		cnv_text_put(out, desk->many);
	} else if (cnv_str_equal(place, CNV_STR("person"))) {
		cnv_text_put(out, desk->one);
	} else if (number >= count) {
		assert(false && "a sentence has a place without a value");
	} else if (!rest.len) {
		put_value(out, desk, &values[number]);
	} else if (rest.at[0] == '|') {
		cnv_text_put(out, choose_form(cnv_str_slice(rest, 1, rest.len),
					      cnv_tongue_form(desk->tongue, values[number].number)));
	} else {
		put_value(out, desk, &values[number]);
		cnv_text_put_char(out, ' ');
		cnv_text_put(out, values[number].number == 1 ? desk->one : desk->many);
	}
}

cnv_str cnv_say_values(const cnv_desk *desk, cnv_arena *arena, const char *english, const cnv_value *values,
		       uint32_t count)
{
	cnv_str left = cnv_say(desk, english), out;
	cnv_text *text = desk->spoken;

	cnv_text_reset(text);
	while (left.len) {
		size_t open = cnv_str_find(left, CNV_STR("{")), close = cnv_str_find(left, CNV_STR("}"));

		if (open == SIZE_MAX || close == SIZE_MAX || close < open) {
			cnv_text_put(text, left);
			break;
		}
		cnv_text_put(text, cnv_str_slice(left, 0, open));
		put_place(text, desk, cnv_str_slice(left, open + 1, close), values, count);
		left = cnv_str_slice(left, close + 1, left.len);
	}
	out = cnv_arena_copy(arena, cnv_text_str(text));
	arena->failed |= text->failed;
	return out;
}

/* The same sentence in another language; English where it has none. */
static cnv_str translate(const char *english, cnv_tongue tongue)
{
	for (size_t i = 0; tongue != CNV_ENGLISH && i < cnv_saying_sentence_count; i++)
		if (!strcmp(cnv_saying_sentences[i].in[CNV_ENGLISH], english))
			return cnv_str_from(cnv_saying_sentences[i].in[tongue]);
	return cnv_str_from(english);
}

cnv_str cnv_tongue_day(cnv_tongue tongue, cnv_arena *arena, int32_t day)
{
	static const char *const months[] = { "{1} January {2}", "{1} February {2}", "{1} March {2}",
					      "{1} April {2}",   "{1} May {2}",      "{1} June {2}",
					      "{1} July {2}",    "{1} August {2}",   "{1} September {2}",
					      "{1} October {2}", "{1} November {2}", "{1} December {2}" };
	cnv_date date = cnv_day_date(day);
	cnv_str left = translate(months[date.month - 1], tongue), out = CNV_STR("");

	/* {1} is the day, {2} the year */
	for (size_t at; (at = cnv_str_find(left, CNV_STR("{"))) != SIZE_MAX;
	     left = cnv_str_slice(left, at + 3, left.len))
		out = cnv_arena_format(arena, "%.*s%.*s%d", CNV_ARG(out), CNV_ARG(cnv_str_slice(left, 0, at)),
				       left.at[at + 1] == '1' ? (int)date.day : (int)date.year);
	return cnv_arena_format(arena, "%.*s%.*s", CNV_ARG(out), CNV_ARG(left));
}

cnv_str cnv_say_day(const cnv_desk *desk, cnv_arena *arena, int32_t day)
{
	return cnv_tongue_day(desk->tongue, arena, day);
}
