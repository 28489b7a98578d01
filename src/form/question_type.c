/* question_type.c: everything canvass knows about the column `type`.
 *
 * A type cell is a type of the first table, another name for one (second table), a select command followed by its
 * list, or the beginning or end of a group.  Matching is exact, case included, as in other XLSForm tools; what is
 * nearly right is reported and read as it was meant.
 */
#include "form/row_type.h"

#include <string.h>

/* Adding a type: add a row here and a case file. */
static const cnv_question_type types[] = {
	/* name                    kind             role          list               summary */
	{ "text", CNV_TEXT, CNV_ASKED, CNV_LIST_NONE, "any text" },
	{ "integer", CNV_INTEGER, CNV_ASKED, CNV_LIST_NONE, "a whole number" },
	{ "decimal", CNV_DECIMAL, CNV_ASKED, CNV_LIST_NONE, "a number" },
	{ "range", CNV_INTEGER, CNV_ASKED, CNV_LIST_NONE, "a number on a scale" },
	{ "select_one", CNV_CHOICE, CNV_ASKED, CNV_LIST_CHOICES, "one of a list" },
	{ "select_multiple", CNV_CHOICES, CNV_ASKED, CNV_LIST_CHOICES, "any number of a list" },
	{ "rank", CNV_RANK, CNV_ASKED, CNV_LIST_CHOICES, "a list put in order" },
	{ "select_one_from_file", CNV_CHOICE, CNV_ASKED, CNV_LIST_FILE, "one of a list kept in a file" },
	{ "select_multiple_from_file", CNV_CHOICES, CNV_ASKED, CNV_LIST_FILE, "any number of a list kept in a file" },
	{ "select_one_external", CNV_CHOICE, CNV_ASKED, CNV_LIST_EXTERNAL, "one of a list on sheet external_choices" },
	{ "note", CNV_NOTHING, CNV_SHOWN, CNV_LIST_NONE, "text to read, no answer" },
	{ "acknowledge", CNV_ACKNOWLEDGE, CNV_ASKED, CNV_LIST_NONE, "OK, or nothing" },
	{ "date", CNV_DATE, CNV_ASKED, CNV_LIST_NONE, "a day" },
	{ "time", CNV_TIME, CNV_ASKED, CNV_LIST_NONE, "a time of day" },
	{ "dateTime", CNV_DATETIME, CNV_ASKED, CNV_LIST_NONE, "a day and time" },
	{ "geopoint", CNV_GEOPOINT, CNV_ASKED, CNV_LIST_NONE, "a place: latitude, longitude" },
	{ "geotrace", CNV_GEOTRACE, CNV_ASKED, CNV_LIST_NONE, "a line of places" },
	{ "geoshape", CNV_GEOSHAPE, CNV_ASKED, CNV_LIST_NONE, "an area" },
	{ "image", CNV_FILE, CNV_ASKED, CNV_LIST_NONE, "a picture's file name" },
	{ "audio", CNV_FILE, CNV_ASKED, CNV_LIST_NONE, "a recording's file name" },
	{ "video", CNV_FILE, CNV_ASKED, CNV_LIST_NONE, "a film's file name" },
	{ "file", CNV_FILE, CNV_ASKED, CNV_LIST_NONE, "a file name" },
	{ "barcode", CNV_TEXT, CNV_ASKED, CNV_LIST_NONE, "the text of a bar code" },
	{ "osm", CNV_FILE, CNV_ASKED, CNV_LIST_NONE, "a map feature's file name" },
	{ "calculate", CNV_TEXT, CNV_COMPUTED, CNV_LIST_NONE, "computed from other answers" },
	{ "hidden", CNV_TEXT, CNV_COMPUTED, CNV_LIST_NONE, "a fixed text, not shown" },
	{ "csv-external", CNV_NOTHING, CNV_METADATA, CNV_LIST_NONE, "a table of data next to the form" },
	{ "xml-external", CNV_NOTHING, CNV_METADATA, CNV_LIST_NONE, "data next to the form" },
	{ "start", CNV_DATETIME, CNV_METADATA, CNV_LIST_NONE, "when the response was started" },
	{ "end", CNV_DATETIME, CNV_METADATA, CNV_LIST_NONE, "when the response was finished" },
	{ "today", CNV_DATE, CNV_METADATA, CNV_LIST_NONE, "the day of the response" },
	{ "deviceid", CNV_TEXT, CNV_METADATA, CNV_LIST_NONE, "the device" },
	{ "username", CNV_TEXT, CNV_METADATA, CNV_LIST_NONE, "the user" },
	{ "email", CNV_TEXT, CNV_METADATA, CNV_LIST_NONE, "the user's e-mail" },
	{ "phonenumber", CNV_TEXT, CNV_METADATA, CNV_LIST_NONE, "the device's telephone number" },
	{ "simserial", CNV_TEXT, CNV_METADATA, CNV_LIST_NONE, "the SIM card" },
	{ "subscriberid", CNV_TEXT, CNV_METADATA, CNV_LIST_NONE, "the subscriber" },
	{ "audit", CNV_FILE, CNV_METADATA, CNV_LIST_NONE, "a log of the interview" },
	{ "start-geopoint", CNV_GEOPOINT, CNV_METADATA, CNV_LIST_NONE, "where the response was started" },
	{ "background-geopoint", CNV_GEOPOINT, CNV_METADATA, CNV_LIST_NONE, "where another answer was given" },
	{ "background-audio", CNV_FILE, CNV_METADATA, CNV_LIST_NONE, "a recording of the interview" },
	{ "begin_group", CNV_NOTHING, CNV_GROUP, CNV_LIST_NONE, "questions that belong together" },
	{ "begin_repeat", CNV_NOTHING, CNV_REPEAT, CNV_LIST_NONE, "questions asked any number of times" },
};
#define TYPES (sizeof types / sizeof *types)

/* Other names that XLSForm tools accept: older spellings, and prose. */
static const struct alias {
	const char *alias, *name, *builtin;
} aliases[] = {
	{ "string", "text", NULL },
	{ "q string", "text", NULL },
	{ "add text prompt", "text", NULL },
	{ "int", "integer", NULL },
	{ "q int", "integer", NULL },
	{ "add integer prompt", "integer", NULL },
	{ "q decimal", "decimal", NULL },
	{ "add decimal prompt", "decimal", NULL },
	{ "percentage", "integer", "0 <= . and . <= 100" },
	{ "add percentage prompt", "integer", "0 <= . and . <= 100" },
	{ "number of days in last month", "integer", "0 <= . and . <= 31" },
	{ "number of days in last six months", "integer", "0 <= . and . <= 183" },
	{ "number of days in last year", "integer", "0 <= . and . <= 365" },
	{ "phone number", "text", "regex(., '^\\d*$')" },
	{ "add phone number prompt", "text", "regex(., '^\\d*$')" },
	{ "q phone number", "text", "regex(., '^\\d*$')" },
	{ "q note", "note", NULL },
	{ "add note prompt", "note", NULL },
	{ "trigger", "acknowledge", NULL },
	{ "q acknowledge", "acknowledge", NULL },
	{ "add acknowledge prompt", "acknowledge", NULL },
	{ "q date", "date", NULL },
	{ "add date prompt", "date", NULL },
	{ "q time", "time", NULL },
	{ "add time prompt", "time", NULL },
	{ "datetime", "dateTime", NULL },
	{ "date time", "dateTime", NULL },
	{ "q dateTime", "dateTime", NULL },
	{ "q datetime", "dateTime", NULL },
	{ "add datetime prompt", "dateTime", NULL },
	{ "add dateTime prompt", "dateTime", NULL },
	{ "add date time prompt", "dateTime", NULL },
	{ "gps", "geopoint", NULL },
	{ "location", "geopoint", NULL },
	{ "q geopoint", "geopoint", NULL },
	{ "q location", "geopoint", NULL },
	{ "add location prompt", "geopoint", NULL },
	{ "q geotrace", "geotrace", NULL },
	{ "q geoshape", "geoshape", NULL },
	{ "photo", "image", NULL },
	{ "q picture", "image", NULL },
	{ "q image", "image", NULL },
	{ "add image prompt", "image", NULL },
	{ "add photo prompt", "image", NULL },
	{ "q audio", "audio", NULL },
	{ "add audio prompt", "audio", NULL },
	{ "q video", "video", NULL },
	{ "add video prompt", "video", NULL },
	{ "add file prompt", "file", NULL },
	{ "q barcode", "barcode", NULL },
	{ "add barcode prompt", "barcode", NULL },
	{ "q calculate", "calculate", NULL },
	{ "add calculate prompt", "calculate", NULL },
	{ "q hidden", "hidden", NULL },
	{ "start time", "start", NULL },
	{ "get start time", "start", NULL },
	{ "end time", "end", NULL },
	{ "get end time", "end", NULL },
	{ "get today", "today", NULL },
	{ "imei", "deviceid", NULL },
	{ "device id", "deviceid", NULL },
	{ "get device id", "deviceid", NULL },
	{ "get username", "username", NULL },
	{ "get email", "email", NULL },
	{ "get phone number", "phonenumber", NULL },
	{ "sim id", "simserial", NULL },
	{ "simid", "simserial", NULL },
	{ "get sim id", "simserial", NULL },
	{ "subscriber id", "subscriberid", NULL },
	{ "get subscriber id", "subscriberid", NULL },
	{ "uri:deviceid", "deviceid", NULL },
	{ "uri:username", "username", NULL },
	{ "uri:email", "email", NULL },
	{ "uri:phonenumber", "phonenumber", NULL },
	{ "uri:simserial", "simserial", NULL },
	{ "uri:subscriberid", "subscriberid", NULL },
};
#define ALIASES (sizeof aliases / sizeof *aliases)

/* Commands that are followed by a list; a longer command comes before its prefix. */
static const struct command {
	const char *command, *name;
} commands[] = {
	{ "select_one_from_file", "select_one_from_file" },
	{ "select one from file", "select_one_from_file" },
	{ "select_multiple_from_file", "select_multiple_from_file" },
	{ "select multiple from file", "select_multiple_from_file" },
	{ "select_one_external", "select_one_external" },
	{ "select one external", "select_one_external" },
	{ "add select one prompt using", "select_one" },
	{ "add select1 prompt using", "select_one" },
	{ "add select multiple prompt using", "select_multiple" },
	{ "select all that apply from", "select_multiple" },
	{ "select all that apply", "select_multiple" },
	{ "select multiple from", "select_multiple" },
	{ "select multiple using", "select_multiple" },
	{ "select multiple", "select_multiple" },
	{ "select_multiple", "select_multiple" },
	{ "select one from", "select_one" },
	{ "select one using", "select_one" },
	{ "select one", "select_one" },
	{ "select_one", "select_one" },
	{ "select1", "select_one" },
	{ "q select1", "select_one" },
	{ "q select", "select_multiple" },
	{ "rank", "rank" },
};
#define COMMANDS (sizeof commands / sizeof *commands)

/* Begin and end rows; `_` matches itself or a blank. */
static const struct keyword {
	const char *keyword;
	cnv_form_line kind;
} keywords[] = {
	{ "begin_group", LINE_BEGIN_GROUP },
	{ "begin_repeat", LINE_BEGIN_REPEAT },
	{ "begin_lgroup", LINE_BEGIN_REPEAT },
	{ "begin_looped_group", LINE_BEGIN_REPEAT },
	{ "begin_loop", LINE_BEGIN_LOOP },
	{ "end_group", LINE_END_GROUP },
	{ "end_repeat", LINE_END_REPEAT },
	{ "end_lgroup", LINE_END_REPEAT },
	{ "end_looped_group", LINE_END_REPEAT },
	{ "end_loop", LINE_END_LOOP },
	{ "form_title", LINE_SETTING },
	{ "set_form_title", LINE_SETTING },
	{ "form_id", LINE_SETTING },
	{ "set_form_id", LINE_SETTING },
};
#define KEYWORDS (sizeof keywords / sizeof *keywords)

/* Words that people write for a type, too different for an edit distance to find it. */
static const struct alias meant[] = {
	{ "numeric", "integer", NULL },     { "number", "integer", NULL },
	{ "float", "decimal", NULL },       { "double", "decimal", NULL },
	{ "phone", "text", NULL },          { "tel", "text", NULL },
	{ "telephone", "text", NULL },      { "textarea", "text", NULL },
	{ "boolean", "select_one", NULL },  { "radio", "select_one", NULL },
	{ "dropdown", "select_one", NULL }, { "checkbox", "select_multiple", NULL },
	{ "select", "select_one", NULL },   { "multiselect", "select_multiple", NULL },
	{ "group", "begin_group", NULL },   { "repeat", "begin_repeat", NULL },
	{ "picture", "image", NULL },       { "calculation", "calculate", NULL },
	{ "timestamp", "dateTime", NULL },  { "statement", "note", NULL },
};
#define MEANT (sizeof meant / sizeof *meant)

static const char *const other_words[] = { " or_other", " or other", " or specify other" };
#define OTHER_WORDS (sizeof other_words / sizeof *other_words)

/* any_case: ASCII case is ignored; any_blank: an underscore in `word`, which starts with a letter, also matches a blank.
 * Most words differ in their first letter: such a pair costs no call. */
static inline bool matches(cnv_str text, const char *word, bool any_case, bool any_blank)
{
	size_t i = 0;

	if (!text.len || cnv_lower(text.at[0]) != *word)
		return false;
	for (; i < text.len && word[i]; i++) {
		char c = any_case ? cnv_lower(text.at[i]) : text.at[i];
		char want = any_case ? cnv_lower(word[i]) : word[i];

		if (c != want && !(any_blank && want == '_' && c == ' '))
			return false;
	}
	return i == text.len && !word[i];
}

const cnv_question_type *cnv_question_type_at(size_t index)
{
	return index < TYPES ? &types[index] : NULL;
}

const cnv_question_type *cnv_form_find_type(const char *name)
{
	for (size_t i = 0; i < TYPES; i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	return NULL;
}

/* `begin_group`, `end repeat`, `begin loop over L`. */
static bool read_keyword(cnv_form_row_type *typed, cnv_str text, bool any_case)
{
	size_t over = cnv_str_find(text, CNV_STR(" over "));
	cnv_str word = over == SIZE_MAX ? text : cnv_str_slice(text, 0, over);

	for (size_t i = 0; i < KEYWORDS; i++) {
		if (!matches(word, keywords[i].keyword, any_case, true))
			continue;
		if (over != SIZE_MAX && keywords[i].kind != LINE_BEGIN_LOOP)
			return false;
		typed->kind = keywords[i].kind;
		if (over != SIZE_MAX)
			typed->list = cnv_str_trim(cnv_str_slice(text, over + 6, text.len));
		return true;
	}
	return false;
}

static bool read_plain(cnv_form_row_type *typed, cnv_str text, bool any_case)
{
	const char *name = NULL;

	for (size_t i = 0; i < TYPES && !name; i++)
		if (types[i].role != CNV_GROUP && types[i].role != CNV_REPEAT && types[i].list == CNV_LIST_NONE &&
		    matches(text, types[i].name, any_case, false))
			name = types[i].name;
	for (size_t i = 0; i < ALIASES && !name; i++)
		if (matches(text, aliases[i].alias, any_case, false)) {
			name = aliases[i].name;
			typed->builtin = aliases[i].builtin;
		}
	if (!name)
		return false;
	typed->kind = LINE_QUESTION;
	typed->type = cnv_form_find_type(name);
	return true;
}

/* Removes "or_other" or an equivalent from the end of what follows a select command. */
static void read_other(cnv_form_row_type *typed, cnv_str *rest)
{
	for (size_t i = 0; i < OTHER_WORDS; i++) {
		cnv_str word = cnv_str_from(other_words[i]);

		if (cnv_str_ends(*rest, word)) {
			typed->or_other = true;
			*rest = cnv_str_trim(cnv_str_slice(*rest, 0, rest->len - word.len));
			return;
		}
	}
}

static bool read_select(cnv_form_row_type *typed, cnv_str text, bool any_case, cnv_form_type_reading *reading)
{
	for (size_t i = 0; i < COMMANDS && text.len; i++) {
		cnv_str command, rest;

		/* Most commands differ in the first letter; skip them before computing a length. */
		if (cnv_lower(text.at[0]) != cnv_lower(commands[i].command[0]))
			continue;
		command = cnv_str_from(commands[i].command);
		if (!matches(cnv_str_slice(text, 0, command.len), commands[i].command, any_case, false) ||
		    (text.len > command.len && text.at[command.len] != ' '))
			continue;
		typed->kind = LINE_QUESTION;
		typed->type = cnv_form_find_type(commands[i].name);
		rest = cnv_str_trim(cnv_str_slice(text, command.len, text.len));
		read_other(typed, &rest);
		if (cnv_str_find(rest, CNV_STR(" ")) != SIZE_MAX)
			*reading = TYPE_LIST_WORDS;
		else if (!rest.len || matches(rest, "or_other", false, false))
			*reading = TYPE_NO_LIST;
		typed->list = rest;
		return true;
	}
	/* An osm question may name a list of tags. */
	if (cnv_str_starts(text, CNV_STR("osm "))) {
		typed->kind = LINE_QUESTION;
		typed->type = cnv_form_find_type("osm");
		return true;
	}
	return false;
}

static bool read_any(cnv_form_row_type *typed, cnv_str text, bool any_case, cnv_form_type_reading *reading)
{
	return read_keyword(typed, text, any_case) || read_plain(typed, text, any_case) ||
	       read_select(typed, text, any_case, reading);
}

/* The type that was probably meant; empty: none is near. */
static cnv_str find_nearest(cnv_str word, bool followed)
{
	cnv_nearest nearest;

	for (size_t i = 0; i < MEANT; i++)
		if (matches(word, meant[i].alias, true, false))
			return cnv_str_from(meant[i].name);
	cnv_nearest_init(&nearest, word);
	for (size_t i = 0; i < TYPES; i++)
		if (!followed || types[i].list != CNV_LIST_NONE || types[i].role == CNV_GROUP ||
		    types[i].role == CNV_REPEAT)
			cnv_nearest_offer(&nearest, cnv_str_from(types[i].name));
	for (size_t i = 0; i < KEYWORDS && !followed; i++)
		if (keywords[i].kind != LINE_SETTING)
			cnv_nearest_offer(&nearest, cnv_str_from(keywords[i].keyword));
	return nearest.best;
}

cnv_form_type_reading cnv_form_read_type(cnv_form_row_type *typed, cnv_str text, cnv_str *nearest)
{
	cnv_form_type_reading reading = TYPE_READ;
	size_t blank = cnv_str_find(text, CNV_STR(" "));

	*nearest = (cnv_str){ 0 };
	*typed = (cnv_form_row_type){ .list_index = CNV_NONE };
	if (read_any(typed, text, false, &reading))
		return reading;
	if (read_any(typed, text, true, &reading)) {
		if (typed->type)
			*nearest = cnv_str_from(typed->type->name);
		for (size_t i = 0; i < KEYWORDS && !typed->type; i++)
			if (keywords[i].kind == typed->kind && !nearest->len)
				*nearest = cnv_str_from(keywords[i].keyword);
		return TYPE_OTHER_CASE;
	}
	typed->kind = LINE_QUESTION;
	typed->type = cnv_form_find_type("text");
	typed->unsure = true;
	if (blank != SIZE_MAX) {
		cnv_str rest = cnv_str_trim(cnv_str_slice(text, blank, text.len));

		*nearest = find_nearest(cnv_str_slice(text, 0, blank), true);
		read_other(typed, &rest);
		typed->or_other = false;
		typed->list = rest;
	}
	if (!nearest->len)
		*nearest = find_nearest(text, false);
	for (size_t i = 0; i < KEYWORDS && nearest->len; i++)
		if (cnv_str_equal(*nearest, cnv_str_from(keywords[i].keyword))) {
			typed->kind = keywords[i].kind;
			typed->type = NULL;
		}
	for (size_t i = 0; i < TYPES && nearest->len && typed->kind == LINE_QUESTION; i++)
		if (cnv_str_equal(*nearest, cnv_str_from(types[i].name)))
			typed->type = &types[i];
	return TYPE_UNKNOWN;
}
