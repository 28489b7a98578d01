/* Advice on a constraint whose message names another limit: "Enter 0 to 168" next to . <= 186.
 *
 * Only a constraint that compares its own answer with numbers is looked at, and only when all of its numbers but one
 * occur in the message, and all of the message's but one in the constraint.
 */
#include "advise/probe.h"

#define MOST_NUMBERS 8u

struct numbers {
	double at[MOST_NUMBERS];
	uint32_t count;
};

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

/* Three digits after a comma or space continue the number: 3,000,000. */
static bool goes_on(cnv_str text, size_t at)
{
	return at + 3 < text.len && (text.at[at] == ',' || text.at[at] == ' ') && cnv_is_digit(text.at[at + 1]) &&
	       cnv_is_digit(text.at[at + 2]) && cnv_is_digit(text.at[at + 3]) &&
	       (at + 4 == text.len || !cnv_is_digit(text.at[at + 4]));
}

/* A hyphen before a number is a minus sign unless it joins two words or numbers: "1-11 months". */
static bool is_minus(cnv_str text, size_t number)
{
	return number && text.at[number - 1] == '-' &&
	       (number == 1 || (!cnv_is_digit(text.at[number - 2]) && !is_letter(text.at[number - 2])));
}

/* The numbers of a message; one next to a letter, such as G6, is a name. */
static bool read_message(struct numbers *numbers, cnv_str text)
{
	for (size_t at = 0; at < text.len;) {
		size_t start = at;
		double number = 0, part = 1;

		if (!cnv_is_digit(text.at[at])) {
			at++;
			continue;
		}
		for (; at < text.len && (cnv_is_digit(text.at[at]) || goes_on(text, at)); at++)
			if (cnv_is_digit(text.at[at]))
				number = number * 10 + (text.at[at] - '0');
		if (at + 1 < text.len && text.at[at] == '.' && cnv_is_digit(text.at[at + 1]))
			for (at++; at < text.len && cnv_is_digit(text.at[at]); at++)
				number += (text.at[at] - '0') * (part /= 10);
		if ((start && is_letter(text.at[start - 1])) || (at < text.len && is_letter(text.at[at])))
			continue;
		if (!add_number(numbers, is_minus(text, start) ? -number : number))
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

/* The same limit in another form: less than 19 is at most 18, and 1440 minutes are 24 hours. */
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

void cnv_advise_message(const struct advising *advising, const struct subject *subject)
{
	const cnv_question *question = subject->question;
	cnv_str message = question->constraint_message.at[advising->form->default_language];
	struct literals literals = { 0 };
	struct numbers named = { 0 }, allowed = { 0 };
	char text[CNV_NUMBER_ROOM], other[CNV_NUMBER_ROOM];
	double one = 0, two = 0;

	if (!message.len || cnv_formula_next_reference(subject->tree, CNV_NONE) != CNV_NONE ||
	    !cnv_probe_literals(&literals, subject->tree) || literals.text_count || literals.counts)
		return;
	for (uint32_t i = 0; i < literals.number_count; i++)
		if (!add_number(&allowed, literals.numbers[i]))
			return;
	if (!read_message(&named, message) || (allowed.count < 2 && !literals.lengths) ||
	    allowed.count != named.count || !find_odd(&allowed, &named, &one) || !find_odd(&named, &allowed, &two) ||
	    may_be_same(one, two))
		return;
	cnv_diags_emit(advising->diags,
		       CNV_DIAG(.code = CNV_MESSAGE_DIFFERS, .place = subject->formula->place, .field = question->name,
				.excerpt = subject->formula->text,
				.hint = cnv_arena_format(advising->scratch, "the message: %.*s", CNV_ARG(message))),
		       "the constraint allows %.*s, its message says %.*s", (int)cnv_number_write(one, text), text,
		       (int)cnv_number_write(two, other), other);
}
