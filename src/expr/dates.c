/* Dates: days since 1970-01-01 in the time zone of the run, with a fraction if there is a time. */
#include "expr/machine.h"

#include <math.h>

void step_today(expr_machine *machine, const expr_step *step, uint32_t count)
{
	double *to = numbers_of(machine, step->to);
	int32_t utc_offset = expr_offset(machine);
	int64_t utc_ms = machine->world ? machine->world->now.utc_ms : 0;
	double day = floor(expr_instant_days(utc_ms, utc_offset));
	for (uint32_t i = 0; i < count; i++)
		to[i] = day;
}

void step_now(expr_machine *machine, const expr_step *step, uint32_t count)
{
	double *to = numbers_of(machine, step->to);
	int32_t utc_offset = expr_offset(machine);
	int64_t utc_ms = machine->world ? machine->world->now.utc_ms : 0;
	for (uint32_t i = 0; i < count; i++)
		to[i] = expr_instant_days(utc_ms, utc_offset);
}

/* date(number): whole numbers are days; a fraction comes from decimal-date-time(), which counts in UTC. */
void step_date(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const double *from = numbers_of(machine, step->args[0]);
	double *to = numbers_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		to[i] = from[i] == floor(from[i]) || isnan(from[i])
				? from[i]
				: floor(from[i] + (double)expr_offset(machine) * 1000 / MS_PER_DAY);
}

/* date-time(number): the inverse of decimal-date-time(). */
void step_date_time(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const double *from = numbers_of(machine, step->args[0]);
	double *to = numbers_of(machine, step->to);
	double zone = (double)expr_offset(machine) * 1000;
	for (uint32_t i = 0; i < count; i++)
		to[i] = (round(from[i] * MS_PER_DAY) + zone) / MS_PER_DAY;
}

void step_decimal_date_time(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const double *from = numbers_of(machine, step->args[0]);
	double *to = numbers_of(machine, step->to);
	double zone = (double)expr_offset(machine) * 1000;
	for (uint32_t i = 0; i < count; i++)
		to[i] = (round(from[i] * MS_PER_DAY) - zone) / MS_PER_DAY;
}

/* A time, or a date with time, as a fraction of the local day. */
static double time_fraction(cnv_str text, int32_t utc_offset)
{
	int32_t ms, zone;
	bool zoned;
	cnv_instant instant;
	text = cnv_str_trim(text);
	if (cnv_time_read(text, &ms, &zone, &zoned)) {
		double local = ms + (zoned ? (double)(utc_offset - zone) * 1000 : 0);
		return (local - floor(local / MS_PER_DAY) * MS_PER_DAY) / MS_PER_DAY;
	}
	if (!cnv_instant_read(text, utc_offset, &instant))
		return EXPR_NAN;
	double days = expr_instant_days(instant.utc_ms, utc_offset);
	return days - floor(days);
}

void step_decimal_time(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *from = texts_of(machine, step->args[0]);
	double *to = numbers_of(machine, step->to);
	int32_t utc_offset = expr_offset(machine);
	for (uint32_t i = 0; i < count; i++)
		to[i] = time_fraction(from[i], utc_offset);
}

/* ---------------------------------------------------------------- format-date */

typedef struct broken_down {
	cnv_date date;
	int32_t day;
	int32_t hour, minute, second, millisecond;
} broken_down;

static bool break_down(double days, broken_down *out)
{
	if (!(fabs(days) < 3e6))
		return false;
	int64_t ms = llround(days * MS_PER_DAY);
	int64_t day = ms / (int64_t)MS_PER_DAY - (ms % (int64_t)MS_PER_DAY < 0);
	if (day < cnv_day_from((cnv_date){ 1, 1, 1 }) || day > cnv_day_from((cnv_date){ 9999, 12, 31 }))
		return false;
	int32_t rest = (int32_t)(ms - day * (int64_t)MS_PER_DAY);
	*out = (broken_down){ .date = cnv_day_date((int32_t)day),
			      .day = (int32_t)day,
			      .hour = rest / 3600000,
			      .minute = rest / 60000 % 60,
			      .second = rest / 1000 % 60,
			      .millisecond = rest % 1000 };
	return true;
}

/* The week of ISO 8601: the one that contains the year's Thursday. */
static int32_t iso_week(int32_t day)
{
	int32_t weekday = (int32_t)(cnv_day_weekday(day) + 6) % 7; /* 0 = Monday */
	int32_t thursday = day - weekday + 3;
	return (thursday - cnv_day_from((cnv_date){ cnv_day_date(thursday).year, 1, 1 })) / 7 + 1;
}

static void put_number(cnv_text *text, int32_t number, uint32_t digits)
{
	char out[12];
	uint32_t at = sizeof out;
	do {
		out[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0 || sizeof out - at < digits);
	cnv_text_put(text, (cnv_str){ out + at, sizeof out - at });
}

static void put_escape(cnv_text *text, char escape, const broken_down *when)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	static const char days[] = "SunMonTueWedThuFriSat";

	switch (escape) {
	case 'Y':
		put_number(text, when->date.year, 4);
		break;
	case 'y':
		put_number(text, when->date.year % 100, 2);
		break;
	case 'm':
		put_number(text, when->date.month, 2);
		break;
	case 'n':
		put_number(text, when->date.month, 1);
		break;
	case 'b':
		cnv_text_put(text, (cnv_str){ months + (when->date.month - 1) * 3, 3 });
		break;
	case 'd':
		put_number(text, when->date.day, 2);
		break;
	case 'e':
		put_number(text, when->date.day, 1);
		break;
	case 'a':
		cnv_text_put(text, (cnv_str){ days + cnv_day_weekday(when->day) * 3, 3 });
		break;
	case 'W':
		put_number(text, iso_week(when->day), 2);
		break;
	case 'H':
		put_number(text, when->hour, 2);
		break;
	case 'h':
		put_number(text, when->hour, 1);
		break;
	case 'M':
		put_number(text, when->minute, 2);
		break;
	case 'S':
		put_number(text, when->second, 2);
		break;
	case '3':
		put_number(text, when->millisecond, 3);
		break;
	case '%':
		cnv_text_put_char(text, '%');
		break;
	default: /* only in a computed format; a literal one was rejected */
		cnv_text_put_char(text, '%');
		cnv_text_put_char(text, escape);
	}
}

void step_format_date(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const double *from = numbers_of(machine, step->args[0]);
	const cnv_str *formats = texts_of(machine, step->args[1]);
	cnv_str *to = texts_of(machine, step->to);
	cnv_text text = { 0 };
	for (uint32_t i = 0; i < count; i++) {
		broken_down when;
		to[i] = CNV_STR("");
		if (!break_down(from[i], &when))
			continue;
		text.len = 0;
		for (size_t k = 0; k < formats[i].len; k++) {
			if (formats[i].at[k] == '%' && k + 1 < formats[i].len)
				put_escape(&text, formats[i].at[++k], &when);
			else
				cnv_text_put_char(&text, formats[i].at[k]);
		}
		cnv_str done = cnv_text_str(&text);
		to[i] = expr_text_copy(machine, done.at, done.len);
	}
	machine->failed = machine->failed || text.failed;
	cnv_text_fini(&text);
}
