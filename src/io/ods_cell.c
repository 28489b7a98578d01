/* Values and texts of the cells of an OpenDocument spreadsheet.
 *
 * A cell has its value in attributes and what it shows as paragraphs: a number is read to its last digit, and what its
 * format adds is in ods_shown.c. */
#include "io/ods_book.h"

#include <stdio.h>
#include <string.h>

/* "2026-03-31", or with a time whose fraction of a second no spreadsheet shows. */
static bool write_date(cnv_str value, cnv_str *text, char out[CNV_ODS_ROOM])
{
	uint8_t format = cnv_str_find(value, CNV_STR("T")) == SIZE_MAX ? CNV_XLSX_DAY : CNV_XLSX_DAY | CNV_XLSX_TIME;

	value = cnv_str_slice(value, 0, cnv_str_find(value, CNV_STR(".")));
	*text = (cnv_str){ out, cnv_xlsx_iso_write(value, format, out) };
	return text->len > 0;
}

/* Reads digits up to the letter `unit`; false: there are none, and the duration is unchanged. */
static bool take_number(cnv_str *duration, char unit, uint32_t *number)
{
	size_t at = 0;

	*number = 0;
	while (at < duration->len && at < 8 && duration->at[at] >= '0' && duration->at[at] <= '9')
		*number = *number * 10 + (uint32_t)(duration->at[at++] - '0');
	if (!at || at == duration->len || duration->at[at] != unit)
		return false;
	*duration = cnv_str_slice(*duration, at + 1, duration->len);
	return true;
}

/* "PT10H03M00S" -> "10:03:00"; a fraction of a second is dropped. */
static bool write_time(cnv_str value, cnv_str *text, char out[CNV_ODS_ROOM])
{
	uint32_t hours = 0, minutes = 0, seconds = 0;
	size_t point = cnv_str_find(value, CNV_STR("."));
	int len;

	if (!cnv_str_starts(value, CNV_STR("PT")))
		return false;
	value = cnv_str_slice(value, 2, value.len);
	take_number(&value, 'H', &hours);
	take_number(&value, 'M', &minutes);
	if (point != SIZE_MAX)
		take_number(&value, '.', &seconds);
	else if (take_number(&value, 'S', &seconds) && value.len)
		return false;
	if (point == SIZE_MAX && value.len)
		return false;
	len = snprintf(out, CNV_ODS_ROOM, "%02u:%02u:%02u", hours, minutes, seconds);
	*text = (cnv_str){ out, (size_t)len };
	return true;
}

static bool write_number(const cnv_ods_value *value, cnv_str *text, char out[CNV_ODS_ROOM])
{
	double number;

	if (!cnv_xlsx_number_read(value->value, &number))
		return false;
	*text = (cnv_str){ out, cnv_xlsx_number_write(value->value, number, value->exact && !value->formula, out) };
	return true;
}

static bool is_error(cnv_str shown)
{
	return cnv_str_starts(shown, CNV_STR("#")) || cnv_str_starts(shown, CNV_STR("Err:"));
}

bool cnv_ods_value_text(const cnv_ods_value *value, cnv_str *text, cnv_xlsx_kind *kind, char out[CNV_ODS_ROOM])
{
	*text = value->text;
	*kind = CNV_XLSX_TEXT;
	if (value->formula && is_error(value->text)) {
		*kind = CNV_XLSX_ERROR;
		return true;
	}
	if (!value->type.len || cnv_str_equal(value->type, CNV_STR("string"))) {
		if (!text->len)
			*text = value->value;
		return true;
	}
	if (cnv_str_equal(value->type, CNV_STR("float")) || cnv_str_equal(value->type, CNV_STR("percentage")) ||
	    cnv_str_equal(value->type, CNV_STR("currency"))) {
		*kind = CNV_XLSX_NUMBER;
		return write_number(value, text, out);
	}
	if (cnv_str_equal(value->type, CNV_STR("date"))) {
		*kind = CNV_XLSX_DATE;
		return write_date(value->value, text, out);
	}
	if (cnv_str_equal(value->type, CNV_STR("time"))) {
		*kind = CNV_XLSX_DATE;
		return write_time(value->value, text, out);
	}
	*kind = CNV_XLSX_BOOLEAN;
	*text = cnv_str_equal(value->value, CNV_STR("true")) ? CNV_STR("TRUE") : CNV_STR("FALSE");
	return cnv_str_equal(value->type, CNV_STR("boolean")) &&
	       (cnv_str_equal(value->value, CNV_STR("true")) || cnv_str_equal(value->value, CNV_STR("false")));
}

/* ---------------------------------------------------------------- texts */

void cnv_ods_text_reset(cnv_ods_text *text)
{
	cnv_text_reset(&text->text);
	text->paragraphs = 0;
	text->pending = text->fresh = false;
}

void cnv_ods_paragraph(cnv_ods_text *text)
{
	if (text->paragraphs++)
		cnv_text_put_char(&text->text, '\n');
	text->pending = false;
	text->fresh = true;
}

static void put_pending(cnv_ods_text *text)
{
	if (text->pending && !text->fresh)
		cnv_text_put_char(&text->text, ' ');
	text->pending = text->fresh = false;
}

void cnv_ods_characters(cnv_ods_text *text, cnv_str characters)
{
	size_t from = 0;

	for (size_t at = 0; at <= characters.len; at++) {
		if (at < characters.len && characters.at[at] && !strchr(" \t\r\n", characters.at[at]))
			continue;
		if (at > from) {
			put_pending(text);
			cnv_text_put(&text->text, cnv_str_slice(characters, from, at));
		}
		text->pending |= at < characters.len;
		from = at + 1;
	}
}

void cnv_ods_sign(cnv_ods_text *text, char sign, uint32_t count)
{
	put_pending(text);
	while (count--)
		cnv_text_put_char(&text->text, sign);
}
