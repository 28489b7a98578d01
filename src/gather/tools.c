/* The survey tool that wrote a file, and its conventions.
 *
 * Survey tools add columns of their own to an export; a few of them together are a signature. They are ignored without
 * a warning, and the tool is reported with the layout. Some tools also encode values in cells, which is undone here,
 * cell by cell, for their files only.
 */
#include "gather/tools.h"

#include <string.h>

/* Columns with names that only survey tools use; lower case. Also all that begin with `meta` and a separator, or with
 * SET-OF-. */
static const char *const sure_columns[] = { "submissiondate", "key",          "parent_key",
					    "instanceid",     "instancename", "formdef_version",
					    "formversion",    "submitterid",  "attachmentspresent" };

/* Columns that ODK Central and Collect, KoboToolbox, Ona, SurveyCTO, Google Forms and LimeSurvey add; lower case. Also
 * all that begin with `_`. People use such names too, so these belong to the tool only in a file with its signature. */
static const char *const tool_columns[] = {
	"submissiondate",
	"completiondate",
	"starttime",
	"endtime",
	"deviceid",
	"devicephonenum",
	"duration",
	"key",
	"parent_key",
	"instanceid",
	"instancename",
	"formdef_version",
	"formversion",
	"review_status",
	"review_comments",
	"review_corrections",
	"reviewstate",
	"submitterid",
	"submittername",
	"attachmentspresent",
	"attachmentsexpected",
	"status",
	"edits",
	"isvalidated",
	"timestamp",
	"email address",
	"username",
	"score",
	"id",
	"submitdate",
	"lastpage",
	"startlanguage",
	"seed",
	"token",
	"startdate",
	"datestamp",
	"ipaddr",
	"refurl",
	"start",
	"end",
	"today",
	"simserial",
	"subscriberid",
	"phonenumber",
};

static const cnv_tool central = { .name = "ODK Central" };
static const cnv_tool briefcase = { .name = "ODK Briefcase" };
static const cnv_tool odk = { .name = "ODK" };
static const cnv_tool surveycto = { .name = "SurveyCTO" };
/* Kobo changes `_uuid` when a record is edited, and keeps meta/rootUuid, which older records do not have. */
static const cnv_tool kobo = { .name = "KoboToolbox", .identities = { "meta/rootuuid", "_uuid", "_id" }, .urn = true };
static const cnv_tool ona = { .name = "Ona", .rules = CNV_TOOL_NA_BLANK };
static const cnv_tool limesurvey = { .name = "LimeSurvey",
				     .rules = CNV_TOOL_OTHER | CNV_TOOL_APOSTROPHE,
				     .identities = { "token", "id", "response id" } };
const cnv_tool cnv_tool_vv = { .name = "LimeSurvey VV",
			       .rules = CNV_TOOL_OTHER | CNV_TOOL_ESCAPES,
			       .identities = { "token", "id" } };
static const cnv_tool google = { .name = "Google Forms", .identities = { "email address", "username" } };

/* Headings, lower case; the first tool whose words all occur wrote the file. */
#define MOST_WORDS 3u
static const struct signature {
	const char *words[MOST_WORDS];
	const cnv_tool *tool;
} signatures[] = {
	{ { "submissiondate", "key", "submitterid" }, &central },
	{ { "submissiondate", "key", "attachmentspresent" }, &central },
	{ { "submissiondate", "key", "isvalidated" }, &briefcase },
	{ { "submissiondate", "key", "formdef_version" }, &surveycto },
	{ { "completiondate", "key" }, &surveycto },
	{ { "submissiondate", "key" }, &odk },
	{ { "meta/rootuuid" }, &kobo },
	{ { "_validation_status", "_id" }, &kobo },
	{ { "_submission_time", "_index" }, &kobo },
	{ { "_uuid", "__version__" }, &kobo },
	{ { "_submission_time", "_uuid" }, &ona },
	{ { "_uuid", "_xform_id" }, &ona },
	{ { "submitdate", "lastpage" }, &limesurvey },
	{ { "lastpage", "startlanguage" }, &limesurvey },
	{ { "id", "submitdate" }, &limesurvey },
	{ { "response id", "date submitted" }, &limesurvey },
};

/* The first column of a Google Forms sheet, in the language of its account. */
static const char *const timestamps[] = {
	"Timestamp",
	"Zeitstempel",
	"Horodateur",
	"Marca temporal",
	"Carimbo de data/hora",
	"Informazioni cronologiche",
	"Tijdstempel",
	"\xe3\x82\xbf\xe3\x82\xa4\xe3\x83\xa0\xe3\x82\xb9\xe3\x82\xbf\xe3\x83\xb3\xe3\x83\x97",
	"\xe6\x97\xb6\xe9\x97\xb4\xe6\x88\xb3\xe8\xae\xb0",
	("\xd0\x9e\xd1\x82\xd0\xbc\xd0\xb5\xd1\x82\xd0\xba\xd0\xb0 \xd0\xb2\xd1\x80\xd0\xb5"
	 "\xd0\xbc\xd0\xb5\xd0\xbd\xd0\xb8"),
};

/* Columns that the second header line of a VV file contains among others. */
static const char *const vv_columns[] = { "submitdate", "lastpage", "startlanguage", "seed", "token" };

/* Escapes of a VV file. */
static const struct escape {
	const char *written, *meant;
} escapes[] = {
	{ "{newline}", "\n" }, { "{cr}", "\r" }, { "{tab}", "\t" }, { "{lbrace}", "{" }, { "{quote}", "\"" },
};

static bool is_word_of(cnv_str text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (cnv_str_is_word(text, words[i]))
			return true;
	return false;
}
#define IS_WORD_OF(text, words) is_word_of((text), (words), sizeof(words) / sizeof((words)[0]))

static bool has(const cnv_str *headings, uint32_t count, const char *word)
{
	for (uint32_t i = 0; i < count; i++)
		if (cnv_str_is_word(headings[i], word))
			return true;
	return false;
}

/* ---------------------------------------------------------------- the header */

const cnv_tool *cnv_tool_of(const cnv_str *headings, uint32_t count)
{
	for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
		bool all = true;

		for (size_t k = 0; k < MOST_WORDS && signatures[i].words[k]; k++)
			all = all && has(headings, count, signatures[i].words[k]);
		if (all)
			return signatures[i].tool;
	}
	for (size_t i = 0; count && i < sizeof timestamps / sizeof timestamps[0]; i++)
		if (cnv_str_equal(headings[0], cnv_str_from(timestamps[i])))
			return &google;
	return NULL;
}

bool cnv_tool_is_second_header(const cnv_str *second, uint32_t count)
{
	uint32_t known = 0;

	for (size_t i = 0; i < sizeof vv_columns / sizeof vv_columns[0]; i++)
		known += has(second, count, vv_columns[i]);
	return known > 1 && has(second, count, "id");
}

static bool is_count_of(const cnv_paths *paths, cnv_str heading)
{
	cnv_str suffix = CNV_STR("_count"), name = cnv_str_slice(heading, 0, heading.len - suffix.len);

	if (heading.len <= suffix.len || !cnv_str_ends(heading, suffix))
		return false;
	for (uint32_t i = 1; i < paths->form->table_count; i++)
		if (cnv_str_equal(paths->form->questions[paths->form->tables[i].repeat].name, name))
			return true;
	return false;
}

/* The number of entries of a repeat: `doc_count`; inside another entry: `page_count_2`. */
static bool is_count(const cnv_paths *paths, cnv_str heading)
{
	while (heading.len && ((heading.at[heading.len - 1] >= '0' && heading.at[heading.len - 1] <= '9') ||
			       heading.at[heading.len - 1] == '_'))
		heading.len--;
	return is_count_of(paths, heading);
}

static bool is_file(const cnv_form *form, const cnv_path *path)
{
	return path->question < form->count && form->questions[path->question].kind == CNV_FILE;
}

/* The address of a file, which KoboToolbox adds to its name: `photo_URL`. */
static bool is_address(cnv_paths *paths, cnv_str heading)
{
	cnv_str suffix = CNV_STR("_URL"), name = cnv_str_slice(heading, 0, heading.len - suffix.len);
	cnv_path path;

	if (heading.len <= suffix.len || !cnv_str_ends(heading, suffix))
		return false;
	path = cnv_paths_find(paths, name, true);
	for (uint32_t i = 1; !is_file(paths->form, &path) && i < paths->form->table_count; i++)
		path = cnv_paths_find_in(paths, i, name);
	return is_file(paths->form, &path);
}

bool cnv_tool_is_column(cnv_paths *paths, cnv_str heading, bool by_tool)
{
	if (cnv_str_starts(heading, CNV_STR("meta/")) || cnv_str_starts(heading, CNV_STR("meta-")) ||
	    cnv_str_starts(heading, CNV_STR("SET-OF-")))
		return true;
	for (size_t i = 0; i < sizeof timestamps / sizeof timestamps[0]; i++)
		if (cnv_str_equal(heading, cnv_str_from(timestamps[i])))
			return true;
	if (by_tool && (cnv_str_starts(heading, CNV_STR("_")) || IS_WORD_OF(heading, tool_columns)))
		return true;
	return IS_WORD_OF(heading, sure_columns) || is_count(paths, heading) || is_address(paths, heading) ||
	       cnv_paths_numbered(paths, heading) != CNV_NONE;
}

/* `#adm1`, `#date+start +v_iso`: a word, and attributes that each begin with +. */
static bool is_tag(cnv_str text)
{
	size_t at = 1;

	if (text.len < 2 || text.at[0] != '#')
		return false;
	while (at < text.len) {
		size_t from = at;

		while (at < text.len && ((text.at[at] >= 'a' && text.at[at] <= 'z') || text.at[at] == '_' ||
					 (at > 1 && text.at[at] >= '0' && text.at[at] <= '9')))
			at++;
		if (at == from)
			return false;
		while (at < text.len && text.at[at] == ' ')
			at++;
		if (at < text.len && text.at[at++] != '+')
			return false;
	}
	return true;
}

bool cnv_tool_is_tags(const cnv_str *line, uint32_t count, uint32_t asked)
{
	uint32_t tags = 0;

	for (uint32_t i = 0; i < count; i++) {
		cnv_str cell = cnv_str_trim_unicode(line[i]);

		if (cell.len && !is_tag(cell))
			return false;
		tags += cell.len > 0;
	}
	return tags > 1 && tags >= asked - asked / 4;
}

/* ---------------------------------------------------------------- cells */

static cnv_str unescaped(cnv_str text, cnv_text *out)
{
	cnv_text_reset(out);
	while (text.len) {
		size_t len = 0;

		for (size_t i = 0; text.at[0] == '{' && i < sizeof escapes / sizeof escapes[0]; i++)
			if (cnv_str_starts(text, cnv_str_from(escapes[i].written))) {
				cnv_text_put(out, cnv_str_from(escapes[i].meant));
				len = strlen(escapes[i].written);
				break;
			}
		if (!len) {
			cnv_text_put_char(out, text.at[0]);
			len = 1;
		}
		text = cnv_str_slice(text, len, text.len);
	}
	return cnv_text_str(out);
}

cnv_str cnv_tool_cell(const cnv_form *form, uint32_t rules, cnv_question_id id, cnv_str text, cnv_text *out)
{
	const cnv_question *question = id == CNV_NONE ? NULL : &form->questions[id];

	if (!text.len)
		return text;
	if ((rules & CNV_TOOL_NA_BLANK) && cnv_str_equal(text, CNV_STR("n/a")))
		return (cnv_str){ 0 };
	if (rules & CNV_TOOL_ESCAPES) {
		if (cnv_str_equal(text, CNV_STR("{question_not_shown}")))
			return (cnv_str){ 0 };
		if (memchr(text.at, '{', text.len))
			text = unescaped(text, out);
	}
	if ((rules & CNV_TOOL_APOSTROPHE) && cnv_str_starts(text, CNV_STR("'=")))
		text = cnv_str_slice(text, 1, text.len);
	if ((rules & CNV_TOOL_OTHER) && question && question->kind == CNV_CHOICE && question->list != CNV_NONE &&
	    cnv_str_equal(text, CNV_STR("-oth-")) &&
	    cnv_list_find(&form->lists[question->list], CNV_STR("other")) != CNV_NONE)
		text = CNV_STR("other");
	return text;
}
