/* Advice on a rule whose message names another limit: "Enter 0 to 168" beside . <= 186.
 *
 * Only a rule that compares its own answer with numbers is looked at, and only when all of its numbers but one
 * stand in the message, and all of the message's but one in the rule.
 */
#include "advise/probe.h"

#define MOST_NUMBERS 8u

struct numbers {
	double at[MOST_NUMBERS];
	uint32_t count;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool add_number(struct numbers *numbers, double number)
{
	for (uint32_t i = 0; i < numbers->count; i++)
		if (numbers->at[i] == number)
			return true;
	if (numbers->count == MOST_NUMBERS)
		return false;
	numbers->at[numbers->count++] = number;
	return true;
}

/* Three digits behind a comma or blank go on with the number: 3,000,000. */
static bool goes_on(cnv_str text, size_t at)
{
	return at + 3 < text.len && (text.at[at] == ',' || text.at[at] == ' ') && is_digit(text.at[at + 1]) &&
	       is_digit(text.at[at + 2]) && is_digit(text.at[at + 3]) &&
	       (at + 4 == text.len || !is_digit(text.at[at + 4]));
}

/* The numbers of a message; one that hangs on a letter, such as G6, is a name. */
static bool read_message(struct numbers *numbers, cnv_str text)
{
	for (size_t at = 0; at < text.len;) {
		size_t start = at;
		double number = 0, part = 1;

		if (!is_digit(text.at[at])) {
			at++;
			continue;
		}
		for (; at < text.len && (is_digit(text.at[at]) || goes_on(text, at)); at++)
			if (is_digit(text.at[at]))
				number = number * 10 + (text.at[at] - '0');
		if (at + 1 < text.len && text.at[at] == '.' && is_digit(text.at[at + 1]))
			for (at++; at < text.len && is_digit(text.at[at]); at++)
				number += (text.at[at] - '0') * (part /= 10);
		if ((start && is_letter(text.at[start - 1])) || (at < text.len && is_letter(text.at[at])))
			continue;
		if (!add_number(numbers, start && text.at[start - 1] == '-' ? -number : number))
			return false;
	}
	return true;
}

/* The only one of `numbers` that is not among `others`; false when there is none, or more. */
static bool find_odd(const struct numbers *numbers, const struct numbers *others, double *odd)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < numbers->count; i++) {
		bool found = false;

		for (uint32_t k = 0; k < others->count; k++)
			found |= others->at[k] == numbers->at[i];
		if (found)
			continue;
		*odd = numbers->at[i];
		count++;
	}
	return count == 1;
}

/* The same limit told another way: less than 19 is at most 18, and 1440 minutes are 24 hours. */
static bool may_be_same(double one, double other)
{
	static const double units[] = { 7, 12, 24, 30, 52, 60, 100, 365, 1000, 1440, 3600 };

	if (one - other <= 1 && other - one <= 1)
		return true;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (one == other * units[i] || other == one * units[i])
			return true;
	return false;
}

void cnv_message_advise(const cnv_form *form, const cnv_question *question, cnv_arena *scratch, cnv_diags *diags)
{
	cnv_str rule = question->constraint.text;
	cnv_str message = question->constraint_message.at[form->default_language];
	struct literals literals = { 0 };
	struct numbers told = { 0 }, meant = { 0 };
	char text[CNV_NUMBER_ROOM], other[CNV_NUMBER_ROOM];
	cnv_str limit, says;
	double one = 0, two = 0;

	if (!rule.len || !message.len || cnv_str_find(rule, CNV_STR("$")) != SIZE_MAX ||
	    !cnv_probe_literals(&literals, rule) || literals.text_count || literals.counts)
		return;
	for (uint32_t i = 0; i < literals.number_count; i++)
		if (!add_number(&meant, literals.numbers[i]))
			return;
	if (!read_message(&told, message) || (meant.count < 2 && !literals.lengths) || meant.count != told.count ||
	    !find_odd(&meant, &told, &one) || !find_odd(&told, &meant, &two) || may_be_same(one, two))
		return;
	limit = (cnv_str){ text, cnv_number_write(one, text) };
	says = (cnv_str){ other, cnv_number_write(two, other) };
	cnv_diags_emit(diags,
		       CNV_DIAG(.code = CNV_MESSAGE_DIFFERS, .place = question->constraint.place,
				.field = question->name, .excerpt = rule,
				.hint = cnv_arena_format(scratch, "people are told: %.*s", CNV_ARG(message))),
		       "the rule says %.*s where its message says %.*s", CNV_ARG(limit), CNV_ARG(says));
}
