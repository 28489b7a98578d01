/* Units: "USD 5", "30%" and "5 km" are numbers only in the unit that the question asks for.
 *
 * Whether it does is decided by its label and hint: a unit that they mention may be removed, any other one may change
 * the value.
 */
#include "canvass/read.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Units by any of their names, separated by bars, and what a question that asks for this unit may call it besides. */
static const struct unit_names {
	const char *units, *asked;
} rows[] = {
	{ "%|per cent|percent|pct|p.c.",
	  "percentage|pourcent|pour cent|pourcentage|por ciento|porcentaje|por "
	  "cento|porcentagem|prozent|persen|persentase|"
	  "peratus|ph\xe1\xba\xa7n tr\xc4\x83m|\xd0\xbf\xd1\x80\xd0\xbe\xd1\x86\xd0\xb5\xd0\xbd\xd1\x82|"
	  "\xe3\x83\x91\xe3\x83\xbc\xe3\x82\xbb\xe3\x83\xb3\xe3\x83\x88|\xed\x8d\xbc\xec\x84\xbc\xed\x8a\xb8|"
	  "\xe0\xb8\xa3\xe0\xb9\x89\xe0\xb8\xad\xe0\xb8\xa2\xe0\xb8\xa5\xe0\xb8\xb0|\xe7\x99\xbe\xe5\x88\x86" },
	{ "$|dollar|dollars", "usd|aud|cad|nzd|sgd|hkd|twd|us$|a$|c$|nz$|s$|hk$|nt$" },
	{ "usd|us$|us dollar|us dollars", "$" },
	{ "aud|a$|au$", "$" },
	{ "cad|c$|ca$", "$" },
	{ "nzd|nz$", "$" },
	{ "sgd|s$", "$" },
	{ "hkd|hk$", "$" },
	{ "twd|nt$", "$" },
	{ "eur|euro|euros|\xe2\x82\xac", "" },
	{ "gbp|\xc2\xa3|pound sterling", "pound" },
	{ "jpy|yen|\xc2\xa5|\xe5\x86\x86", "" },
	{ "cny|rmb|yuan|renminbi|\xc2\xa5|\xe5\x85\x83", "" },
	{ "krw|\xe2\x82\xa9|won|\xec\x9b\x90", "" },
	{ "idr|rp|rupiah", "" },
	{ "myr|rm|ringgit", "" },
	{ "php|\xe2\x82\xb1|peso", "" },
	{ "thb|\xe0\xb8\xbf|baht", "" },
	{ "vnd|\xe2\x82\xab|dong", "" },
	{ "rub|\xe2\x82\xbd|rouble|ruble", "" },
	{ "mxn|clp|pesos", "peso" },
	{ "pen|s/|soles", "sol" },
	{ "pgk|kina", "" },
	{ "bnd", "$" },
	{ "chf", "franc" },
	{ "km|kilometre|kilometres|kilometer|kilometers|kms", "" },
	{ "m|metre|metres|meter|meters", "" },
	{ "cm|centimetre|centimetres|centimeter|centimeters", "" },
	{ "mm|millimetre|millimetres|millimeter|millimeters", "" },
	{ "mi|mile|miles", "" },
	{ "nm|nmi|nautical mile|nautical miles", "" },
	{ "ft|feet|foot", "" },
	{ "kg|kgs|kilogram|kilograms|kilo|kilos", "" },
	{ "g|gram|grams", "" },
	{ "t|ton|tons|tonne|tonnes|mt", "" },
	{ "dwt", "deadweight" },
	{ "gt|grt", "gross tonnage" },
	{ "teu|teus", "" },
	{ "l|litre|litres|liter|liters", "" },
	{ "h|hr|hrs|hour|hours", "" },
	{ "min|mins|minute|minutes", "" },
	{ "day|days", "" },
	{ "week|weeks", "" },
	{ "month|months|mth|mths", "" },
	{ "year|years|yr|yrs", "" },
	{ "knot|knots|kn|kts", "" },
};

static bool is_letter(char c)
{
	c = cnv_lower(c);
	return c >= 'a' && c <= 'z';
}

/* Removes one sign from the end of the text that comes before a number. */
static bool take_sign(cnv_str *before, cnv_str sign)
{
	if (cnv_str_starts(*before, sign)) {
		*before = cnv_str_trim_unicode(cnv_str_slice(*before, sign.len, before->len));
		return true;
	}
	if (before->len >= sign.len &&
	    cnv_str_equal(cnv_str_slice(*before, before->len - sign.len, before->len), sign)) {
		*before = cnv_str_trim_unicode(cnv_str_slice(*before, 0, before->len - sign.len));
		return true;
	}
	return false;
}

bool cnv_unit_split(cnv_str text, cnv_united *out)
{
	size_t from = 0, upto = text.len;
	cnv_str before, after;
	bool plus;

	*out = (cnv_united){ 0 };
	while (from < text.len && !cnv_is_digit(text.at[from]))
		from++;
	while (upto > from && !cnv_is_digit(text.at[upto - 1]))
		upto--;
	if (from >= upto)
		return false;
	if (from && (text.at[from - 1] == '.' || text.at[from - 1] == ',') && (from == 1 || text.at[from - 2] == ' '))
		from--;
	before = cnv_str_trim_unicode(cnv_str_slice(text, 0, from));
	after = cnv_str_trim_unicode(cnv_str_slice(text, upto, text.len));
	out->negative = take_sign(&before, CNV_STR("-")) || take_sign(&before, CNV_STR("\xe2\x88\x92"));
	plus = !out->negative && take_sign(&before, CNV_STR("+"));
	out->number = cnv_str_slice(text, from, upto);
	out->unit = before.len ? before : after;
	return !(before.len && after.len) && out->unit.len <= CNV_UNIT_ROOM && (out->unit.len || plus);
}

/* ---------------------------------------------------------------- names */

static bool names_unit(const struct unit_names *row, cnv_str folded)
{
	cnv_str names = cnv_str_from(row->units), name;

	while (cnv_str_split(&names, '|', &name))
		if (cnv_str_equal(name, folded))
			return true;
	return false;
}

bool cnv_unit_is_known(cnv_str unit, cnv_arena *scratch)
{
	cnv_str folded = cnv_text_fold(scratch, unit);

	for (size_t i = 0; i < COUNT(rows); i++)
		if (names_unit(&rows[i], folded))
			return true;
	return false;
}

bool cnv_unit_is_percent(cnv_str unit, cnv_arena *scratch)
{
	return names_unit(&rows[0], cnv_text_fold(scratch, unit));
}

/* Is the text from `from` to `upto` a word of its own, perhaps in the plural?  Signs need no space around them, except
 * that A$ is no $. */
static bool is_word(cnv_str text, size_t from, size_t upto)
{
	bool open = from && is_letter(text.at[from - 1]);

	if (open && (is_letter(text.at[from]) || text.at[from] == '$'))
		return false;
	if (!is_letter(text.at[upto - 1]))
		return true;
	if (upto < text.len && text.at[upto] == 's')
		upto++;
	return upto == text.len || !is_letter(text.at[upto]);
}

static bool mentions(cnv_str text, cnv_str word)
{
	for (size_t at = 0; word.len && at + word.len <= text.len;) {
		size_t found = cnv_str_find(cnv_str_slice(text, at, text.len), word);

		if (found == SIZE_MAX)
			return false;
		if (is_word(text, at + found, at + found + word.len))
			return true;
		at += found + 1;
	}
	return false;
}

static bool mentions_any(cnv_str text, const char *words)
{
	cnv_str names = cnv_str_from(words), name;

	while (cnv_str_split(&names, '|', &name))
		if (mentions(text, name))
			return true;
	return false;
}

static bool mentions_unit(cnv_str text, cnv_str folded)
{
	if (mentions(text, folded))
		return true;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (names_unit(&rows[i], folded) &&
		    (mentions_any(text, rows[i].units) || mentions_any(text, rows[i].asked)))
			return true;
	return false;
}

bool cnv_unit_is_mentioned(const cnv_form *form, const cnv_question *question, cnv_str unit, cnv_arena *scratch)
{
	const cnv_wording *wordings[] = { &question->label, &question->hint, &question->guidance };
	cnv_str folded = cnv_text_fold(scratch, unit);

	/* A letter alone, or a single other sign, is found in too many texts to mean anything. */
	if (!folded.len || (!cnv_unit_is_known(unit, scratch) && folded.len < 2))
		return false;
	for (size_t i = 0; i < COUNT(wordings); i++)
		for (uint32_t k = 0; k < form->language_count; k++)
			if (mentions_unit(cnv_text_fold(scratch, wordings[i]->at[k]), folded))
				return true;
	return false;
}

bool cnv_unit_is_asked(cnv_unit_cache *cache, const cnv_form *form, const cnv_question *question, cnv_str unit,
		       cnv_arena *scratch)
{
	if (cache->len != unit.len || memcmp(cache->unit, unit.at, unit.len) != 0) {
		memcpy(cache->unit, unit.at, unit.len);
		cache->len = unit.len;
		cache->asked = cnv_unit_is_mentioned(form, question, unit, scratch);
	}
	return cache->asked;
}
