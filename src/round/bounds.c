/* What can be read off a rule: between which numbers an answer lies, how long it may be, what it looks like.
 *
 * Only what compares the answer itself (`.`) with a constant is read; anything else is left to chance and the judge. */
#include "simulate.h"

#include <string.h>

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("_-./}", c));
}

static size_t skip_blanks(cnv_str text, size_t at)
{
	while (at < text.len && (unsigned char)text.at[at] <= ' ')
		at++;
	return at;
}

/* A number, date('...') or today() at `at`. */
static bool read_constant(cnv_str text, size_t at, const cnv_world *world, double *value)
{
	cnv_str rest = cnv_str_slice(text, at, text.len);
	size_t upto = 0;
	int32_t day;

	if (cnv_str_starts(rest, CNV_STR("today()")) || cnv_str_starts(rest, CNV_STR("now()"))) {
		*value = cnv_instant_day(world->now);
		return true;
	}
	if (cnv_str_starts(rest, CNV_STR("date('")) || cnv_str_starts(rest, CNV_STR("date(\""))) {
		if (!cnv_day_read(cnv_str_slice(rest, 6, 16), &day))
			return false;
		*value = day;
		return true;
	}
	upto += upto < rest.len && rest.at[upto] == '-';
	while (upto < rest.len && ((rest.at[upto] >= '0' && rest.at[upto] <= '9') || rest.at[upto] == '.'))
		upto++;
	return cnv_number_read(cnv_str_slice(rest, 0, upto), value);
}

static void take_low(simulate_bounds *bounds, double value)
{
	if (!bounds->has_low || value > bounds->low)
		bounds->low = value;
	bounds->has_low = true;
}

static void take_high(simulate_bounds *bounds, double value)
{
	if (!bounds->has_high || value < bounds->high)
		bounds->high = value;
	bounds->has_high = true;
}

/* The comparison that follows an operand ending before `at`. */
static void read_comparison(simulate_bounds *bounds, cnv_str text, size_t at, bool length, const cnv_world *world)
{
	char sign;
	bool equal;
	double value;

	at = skip_blanks(text, at);
	sign = at < text.len ? text.at[at] : 0;
	if (sign != '<' && sign != '>')
		return;
	equal = at + 1 < text.len && text.at[at + 1] == '=';
	if (!read_constant(text, skip_blanks(text, at + 1 + equal), world, &value))
		return;
	if (length) {
		if (sign == '<' && (bounds->length <= 0 || value < bounds->length))
			bounds->length = equal ? value : value - 1;
	} else if (sign == '>') {
		take_low(bounds, value);
	} else {
		take_high(bounds, value);
	}
}

void simulate_read_bounds(simulate_bounds *bounds, const cnv_plan *plan, cnv_question_id id, const cnv_world *world)
{
	static const char length[] = "string-length(.)";
	const cnv_slot_rule *rule = cnv_plan_rule(plan, id, CNV_SLOT_CONSTRAINT);
	cnv_str text = cnv_plan_form(plan)->questions[id].constraint.text;
	cnv_trait trait;

	*bounds = (simulate_bounds){ 0 };
	for (size_t at = 0; at < text.len; at++) {
		bool alone = (!at || !is_name(text.at[at - 1])) && (at + 1 == text.len || !is_name(text.at[at + 1]));

		if (cnv_str_starts(cnv_str_slice(text, at, text.len), CNV_STR(length))) {
			at += sizeof length - 2;
			read_comparison(bounds, text, at + 1, true, world);
		} else if (text.at[at] == '.' && alone) {
			read_comparison(bounds, text, at + 1, false, world);
		}
	}
	for (uint32_t i = 0; rule->kind == CNV_RULE_PROGRAM && !bounds->pattern.len &&
			     cnv_expr_trait(rule->expr, i, &trait);
	     i++)
		if (trait.kind == CNV_TRAIT_PATTERN)
			bounds->pattern = trait.literal;
}
