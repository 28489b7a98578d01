/* Conversions between types, by the rules of XPath; dates are days since 1970-01-01. */
#include "expr/machine.h"

#include <math.h>
#include <string.h>

static bool is_shaped_like_day(cnv_str text)
{
	return text.len >= 10 && text.at[4] == '-' && text.at[7] == '-';
}

double expr_instant_days(int64_t utc_ms, int32_t utc_offset)
{
	return (double)(utc_ms + (int64_t)utc_offset * 1000) / MS_PER_DAY;
}

double expr_text_number(cnv_str text, int32_t utc_offset, bool *zone_mattered)
{
	double number;
	int32_t day;
	cnv_instant instant;

	text = cnv_str_trim(text);
	if (cnv_number_read(text, &number))
		return number;
	if (!is_shaped_like_day(text))
		return EXPR_NAN;
	if (cnv_day_read(text, &day))
		return day;
	if (!cnv_instant_read(text, utc_offset, &instant))
		return EXPR_NAN;
	*zone_mattered = true;
	return expr_instant_days(instant.utc_ms, utc_offset);
}

/* 2020-1-5, accepted as in Collect. */
static bool read_unpadded_day(cnv_str text, int32_t *day)
{
	int64_t parts[3];
	cnv_str rest = text, piece;
	for (uint32_t i = 0; i < 3; i++)
		if (!cnv_str_split(&rest, '-', &piece) || piece.len > (i == 0 ? 4u : 2u) ||
		    !cnv_integer_read(piece, &parts[i]))
			return false;
	if (rest.len > 0 || text.at[text.len - 1] == '-' || parts[0] < 1 || parts[1] < 1 || parts[2] < 1 ||
	    !cnv_date_exists((int32_t)parts[0], (uint32_t)parts[1], (uint32_t)parts[2]))
		return false;
	*day = cnv_day_from((cnv_date){ (int32_t)parts[0], (uint8_t)parts[1], (uint8_t)parts[2] });
	return true;
}

double expr_text_days(cnv_str text, int32_t utc_offset, bool *zone_mattered)
{
	int32_t day;
	text = cnv_str_trim(text);
	if (text.len == 0)
		return EXPR_NAN;
	if (read_unpadded_day(text, &day))
		return day;
	return expr_text_number(text, utc_offset, zone_mattered);
}

size_t expr_day_text(double days, bool with_time, int32_t utc_offset, char *out)
{
	if (!(fabs(days) < 3e6)) /* NaN, or outside the years 1 to 9999 */
		return 0;
	int64_t ms = llround(days * MS_PER_DAY);
	int64_t day = ms / (int64_t)MS_PER_DAY - (ms % (int64_t)MS_PER_DAY < 0);
	int32_t first = cnv_day_from((cnv_date){ 1, 1, 1 }), last = cnv_day_from((cnv_date){ 9999, 12, 31 });
	if (day < first || day > last)
		return 0;
	if (!with_time && ms % (int64_t)MS_PER_DAY == 0)
		return cnv_day_write((int32_t)day, out);
	return cnv_instant_write((cnv_instant){ ms - (int64_t)utc_offset * 1000, utc_offset }, out);
}

/* ---------------------------------------------------------------- from text */

static void read_texts(expr_machine *machine, const expr_step *step, uint32_t count,
		       double read(cnv_str text, int32_t utc_offset, bool *zone_mattered))
{
	const cnv_str *from = texts_of(machine, step->args[0]);
	double *to = numbers_of(machine, step->to);
	int32_t utc_offset = machine->world ? machine->world->now.utc_offset : 0;
	bool mattered = false;
	for (uint32_t i = 0; i < count; i++)
		to[i] = read(from[i], utc_offset, &mattered);
	if (mattered)
		expr_offset(machine);
}

void step_text_to_number(expr_machine *machine, const expr_step *step, uint32_t count)
{
	read_texts(machine, step, count, expr_text_number);
}

void step_text_to_days(expr_machine *machine, const expr_step *step, uint32_t count)
{
	read_texts(machine, step, count, expr_text_days);
}

void step_text_to_boolean(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *from = texts_of(machine, step->args[0]);
	SET_BITS(bits_of(machine, step->to), i, count, from[i].len > 0)
}

void step_boolean_from_string(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *from = texts_of(machine, step->args[0]);
	SET_BITS(bits_of(machine, step->to), i, count,
		 cnv_str_equal(from[i], CNV_STR("true")) || cnv_str_equal(from[i], CNV_STR("1")))
}

/* ---------------------------------------------------------------- from numbers and booleans */

static void print_numbers(expr_machine *machine, const expr_step *step, uint32_t count, bool blank_when_nan)
{
	const double *from = numbers_of(machine, step->args[0]);
	cnv_str *to = texts_of(machine, step->to);
	char out[CNV_NUMBER_ROOM];
	for (uint32_t i = 0; i < count; i++)
		to[i] = blank_when_nan && isnan(from[i]) ? CNV_STR("")
							 : expr_text_copy(machine, out, cnv_number_write(from[i], out));
}

void step_number_to_text(expr_machine *machine, const expr_step *step, uint32_t count)
{
	print_numbers(machine, step, count, false);
}

void step_answer_to_text(expr_machine *machine, const expr_step *step, uint32_t count)
{
	print_numbers(machine, step, count, true);
}

static void print_days(expr_machine *machine, const expr_step *step, uint32_t count, bool with_time)
{
	const double *from = numbers_of(machine, step->args[0]);
	cnv_str *to = texts_of(machine, step->to);
	char out[CNV_NUMBER_ROOM];
	for (uint32_t i = 0; i < count; i++) {
		bool needs_zone = with_time || from[i] != floor(from[i]);
		to[i] = isnan(from[i]) ? CNV_STR("")
				       : expr_text_copy(machine, out,
							expr_day_text(from[i], with_time,
								      needs_zone ? expr_offset(machine) : 0, out));
	}
}

void step_day_to_text(expr_machine *machine, const expr_step *step, uint32_t count)
{
	print_days(machine, step, count, false);
}

void step_moment_to_text(expr_machine *machine, const expr_step *step, uint32_t count)
{
	print_days(machine, step, count, true);
}

void step_number_to_boolean(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const double *from = numbers_of(machine, step->args[0]);
	SET_BITS(bits_of(machine, step->to), i, count, from[i] < 0 || from[i] > 0)
}

void step_days_to_boolean(expr_machine *machine, const expr_step *step, uint32_t count)
{
	step_number_there(machine, step, count);
}

void step_boolean_to_number(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const uint64_t *from = bits_of(machine, step->args[0]);
	double *to = numbers_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		to[i] = cnv_bit(from, i);
}

void step_boolean_to_text(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const uint64_t *from = bits_of(machine, step->args[0]);
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		to[i] = cnv_bit(from, i) ? CNV_STR("true") : CNV_STR("false");
}

/* ---------------------------------------------------------------- one value of a finished run */

cnv_str cnv_value_string(const cnv_vector *vector, uint32_t row, cnv_arena *arena)
{
	char out[CNV_NUMBER_ROOM];
	if (vector->type == CNV_T_STRING)
		return vector->strings[row];
	if (vector->type == CNV_T_BOOLEAN)
		return cnv_bit(vector->booleans, row) ? CNV_STR("true") : CNV_STR("false");
	return cnv_arena_copy(arena, (cnv_str){ out, cnv_number_write(vector->numbers[row], out) });
}

double cnv_value_number(const cnv_vector *vector, uint32_t row)
{
	if (vector->type == CNV_T_NUMBER)
		return vector->numbers[row];
	if (vector->type == CNV_T_BOOLEAN)
		return cnv_bit(vector->booleans, row);
	/* A date and time is converted in the time zone that it names. */
	bool mattered = false;
	cnv_instant instant;
	cnv_str text = cnv_str_trim(vector->strings[row]);
	if (is_shaped_like_day(text) && cnv_instant_read(text, 0, &instant))
		return expr_instant_days(instant.utc_ms, instant.utc_offset);
	return expr_text_number(text, 0, &mattered);
}

bool cnv_value_boolean(const cnv_vector *vector, uint32_t row)
{
	if (vector->type == CNV_T_BOOLEAN)
		return cnv_bit(vector->booleans, row);
	if (vector->type == CNV_T_STRING)
		return vector->strings[row].len > 0;
	return vector->numbers[row] < 0 || vector->numbers[row] > 0;
}
