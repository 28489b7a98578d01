/* Damage that spreadsheets do to answers, recognized by the text alone: reported, never repaired here.
 *
 * Nearly every text is dismissed by its first byte and its length.
 */
#include "canvass/read.h"

/* Maximum characters of a cell: in old formats and links, and today. */
#define OLD_CELL 255u
#define FULL_CELL 32767u
/* Digits of a number that a spreadsheet keeps, and the trailing zeros that reveal the loss. */
#define KEPT_DIGITS 15u
#define TELLING_ZEROS 3u
#define MOST_EXPONENT 24u

static const char *const errors[] = { "#REF!", "#N/A",   "#VALUE!", "#NAME?", "#DIV/0!",
				      "#NUM!", "#NULL!", "#SPILL!", "#CALC!" };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const cnv_damage_info infos[] = {
	[CNV_UNDAMAGED] = { CNV_CODE_NONE, "", "" },
	[CNV_DAMAGE_ERROR] = { CNV_ERROR_CELL, "is a spreadsheet error, not an answer",
			       "fix the formula, or write the answer itself" },
	[CNV_DAMAGE_NARROW] = { CNV_NARROW_CELL, "was saved from a column too narrow to show the value",
				"widen the column in the spreadsheet and save the file again" },
	[CNV_DAMAGE_EXPONENT] = { CNV_SHORTENED_NUMBER, "was shortened by a spreadsheet",
				  "format the cell as text and write all digits" },
	[CNV_DAMAGE_ROUNDED] = { CNV_ROUNDED_NUMBER, "may have lost its last digits: they are zeros",
				 "if so, format the cell as text and write all digits" },
	[CNV_DAMAGE_CUT] = { CNV_TEXT_CUT, "has exactly the maximum length of some programs",
			     "check whether the end of the text is missing" },
	[CNV_DAMAGE_FORMULA] = { CNV_FORMULA_SHOWN, "is a formula, not its result", "write the answer itself" },
	[CNV_DAMAGE_APOSTROPHE] = { CNV_APOSTROPHE, "begins with the apostrophe that marks text in spreadsheets",
				    "remove the apostrophe" },
};
_Static_assert(COUNT(infos) == CNV_DAMAGES, "words for each damage");

static bool is_error(cnv_str text)
{
	for (size_t i = 0; i < COUNT(errors); i++)
		if (cnv_str_equal(text, cnv_str_from(errors[i])))
			return true;
	return false;
}

static bool is_narrow(cnv_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] != '#')
			return false;
	return text.len >= 3;
}

/* 1.2E+17 */
static bool is_exponent(cnv_str text)
{
	size_t at = text.len && text.at[0] == '-', digits = 0;

	if (text.len > MOST_EXPONENT || at == text.len || !cnv_is_digit(text.at[at++]))
		return false;
	if (at < text.len && (text.at[at] == '.' || text.at[at] == ','))
		while (++at < text.len && cnv_is_digit(text.at[at]))
			;
	if (at + 2 >= text.len || text.at[at] != 'E' || text.at[at + 1] != '+')
		return false;
	for (at += 2; at < text.len && cnv_is_digit(text.at[at]); at++)
		digits++;
	return at == text.len && digits <= 3;
}

static bool is_rounded(cnv_str text)
{
	size_t at = 0;

	if (text.len < KEPT_DIGITS + TELLING_ZEROS || text.at[0] == '0')
		return false;
	while (at < text.len && cnv_is_digit(text.at[at]) && (at < KEPT_DIGITS || text.at[at] == '0'))
		at++;
	return at == text.len;
}

static bool is_formula(cnv_str text)
{
	return text.len > 1 && text.at[0] == '=' && text.at[1] != '=' && text.at[1] != ' ' && text.at[1] != '>';
}

static bool is_marked(cnv_str text)
{
	return text.len > 1 && (cnv_is_digit(text.at[1]) || text.at[1] == '=' || text.at[1] == '+' ||
				text.at[1] == '-' || text.at[1] == '@');
}

static bool is_cut(cnv_str text)
{
	size_t units;

	/* At most three bytes a unit, and at least one. */
	if (text.len < OLD_CELL || (text.len > OLD_CELL * 3 && text.len < FULL_CELL) || text.len > FULL_CELL * 3)
		return false;
	units = cnv_utf16_length(text);
	return units == OLD_CELL || units == FULL_CELL;
}

cnv_damage cnv_damage_find(cnv_str text)
{
	char first;

	if (text.len < 2)
		return CNV_UNDAMAGED;
	first = text.at[0];
	if (first == '#')
		return is_error(text) ? CNV_DAMAGE_ERROR : is_narrow(text) ? CNV_DAMAGE_NARROW : CNV_UNDAMAGED;
	if (first == '=' && is_formula(text))
		return CNV_DAMAGE_FORMULA;
	if (first == '\'' && is_marked(text))
		return CNV_DAMAGE_APOSTROPHE;
	if ((cnv_is_digit(first) || first == '-') && is_exponent(text))
		return CNV_DAMAGE_EXPONENT;
	if (cnv_is_digit(first) && is_rounded(text))
		return CNV_DAMAGE_ROUNDED;
	return is_cut(text) ? CNV_DAMAGE_CUT : CNV_UNDAMAGED;
}

const cnv_damage_info *cnv_damage_words(cnv_damage damage)
{
	return &infos[damage];
}
