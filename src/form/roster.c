/* roster.c: the list of respondents, from a CSV file.
 *
 * The first record is the header.  Columns code and name are required; sort_name, language, contact and email are
 * optional; each column group:TITLE is a grouping.  Other columns are ignored.
 */
#include "canvass/form.h"

#include "form/index.h"

#include <string.h>

typedef enum roster_role {
	ROSTER_UNKNOWN = -1,
	ROSTER_CODE,
	ROSTER_NAME,
	ROSTER_SORT_NAME,
	ROSTER_LANGUAGE,
	ROSTER_CONTACT,
	ROSTER_EMAIL,
	ROSTER_GROUPS /* ROSTER_GROUPS + i is the i-th grouping */
} roster_role;

static const char *const role_names[ROSTER_GROUPS] = {
	[ROSTER_CODE] = "code",         [ROSTER_NAME] = "name",       [ROSTER_SORT_NAME] = "sort_name",
	[ROSTER_LANGUAGE] = "language", [ROSTER_CONTACT] = "contact", [ROSTER_EMAIL] = "email",
};

/* Names that Windows reserves for devices. */
static const char *const device_names[] = { "con",  "prn",  "aux",  "nul",  "com1", "com2", "com3", "com4",
					    "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3",
					    "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9" };
#define DEVICE_NAMES (sizeof device_names / sizeof *device_names)

#define CODE_MOST 32u

bool cnv_respondent_code_ok(cnv_str code)
{
	if (!code.len || code.len > CODE_MOST)
		return false;
	for (size_t i = 0; i < code.len; i++) {
		char c = cnv_lower(code.at[i]);

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (i && (c == '_' || c == '-'))))
			return false;
	}
	for (size_t i = 0; i < DEVICE_NAMES; i++)
		if (cnv_str_is_word(code, device_names[i]))
			return false;
	return true;
}

void cnv_roster_init(cnv_roster *roster, cnv_str source, cnv_arena *arena)
{
	*roster = (cnv_roster){ .source = source, .arena = arena };
}

static cnv_place place_of(const cnv_roster *roster, uint32_t row, uint32_t column, const char *heading)
{
	return (cnv_place){ .source = roster->source, .heading = cnv_str_from(heading), .row = row, .column = column };
}

/* "group:Region" is the grouping "Region". */
static bool read_grouping(cnv_str heading, cnv_str *title)
{
	if (heading.len < 6 || !cnv_str_is_word(cnv_str_slice(heading, 0, 6), "group:"))
		return false;
	*title = cnv_str_trim_unicode(cnv_str_slice(heading, 6, heading.len));
	return true;
}

static void check_header(cnv_roster *roster, const bool *has, cnv_str first, uint32_t row, cnv_diags *diags)
{
	for (size_t i = ROSTER_CODE; i <= ROSTER_NAME; i++)
		if (!has[i])
			cnv_diags_emit(diags,
				       CNV_DIAG(.code = CNV_ROSTER_HEADER, .place = place_of(roster, row, 0, NULL),
						.excerpt = first),
				       "the roster has no column \"%s\"", role_names[i]);
	roster->unreadable = !has[ROSTER_CODE] || !has[ROSTER_NAME];
	roster->rejected = roster->unreadable;
}

static void add_header(cnv_roster *roster, const cnv_str *fields, uint32_t count, uint32_t row, cnv_diags *diags)
{
	int32_t *roles = cnv_arena_array(roster->arena, count, sizeof *roles);
	cnv_str *groupings = cnv_arena_array(roster->arena, count, sizeof *groupings);
	bool has[ROSTER_GROUPS] = { false };

	roster->headed = true;
	if (!roles || !groupings)
		return;
	for (uint32_t i = 0; i < count; i++) {
		cnv_str heading = cnv_str_trim_unicode(fields[i]), title;

		roles[i] = ROSTER_UNKNOWN;
		if (read_grouping(heading, &title)) {
			groupings[roster->grouping_count] = cnv_arena_copy(roster->arena, title);
			roles[i] = (int32_t)(ROSTER_GROUPS + roster->grouping_count++);
			continue;
		}
		for (int32_t role = 0; role < ROSTER_GROUPS; role++)
			if (cnv_str_is_word(heading, role_names[role])) {
				if (has[role])
					cnv_diags_emit(diags,
						       CNV_DIAG(.code = CNV_ROSTER_HEADER_TWICE,
								.place = place_of(roster, row, i + 1, role_names[role]),
								.excerpt = heading),
						       "column \"%s\" occurs twice; the left one counts",
						       role_names[role]);
				else
					roles[i] = role;
				has[role] = true;
			}
	}
	roster->roles = roles;
	roster->column_count = count;
	roster->groupings = groupings;
	check_header(roster, has, count ? fields[0] : (cnv_str){ 0 }, row, diags);
}

static cnv_respondent *make_room(cnv_roster *roster)
{
	void *at = roster->respondents;

	if (!cnv_mem_room(&at, &roster->room, roster->count + 1, sizeof *roster->respondents)) {
		roster->arena->failed = true;
		return NULL;
	}
	roster->respondents = at;
	memset(&roster->respondents[roster->count], 0, sizeof *roster->respondents);
	return &roster->respondents[roster->count];
}

/* Fills a respondent from a record; `columns` receives the column of each role. */
static void read_cells(cnv_roster *roster, const cnv_str *fields, uint32_t count, cnv_respondent *respondent,
		       uint32_t columns[ROSTER_GROUPS])
{
	cnv_str *slots[ROSTER_GROUPS] = { &respondent->code,     &respondent->name,    &respondent->sort_name,
					  &respondent->language, &respondent->contact, &respondent->email };
	cnv_str *groups = cnv_arena_array(roster->arena, roster->grouping_count, sizeof *groups);

	respondent->groups = groups;
	for (uint32_t i = 0; i < roster->column_count; i++) {
		cnv_str text =
			i < count ? cnv_arena_copy(roster->arena, cnv_str_trim_unicode(fields[i])) : (cnv_str){ 0 };
		int32_t role = roster->roles[i];

		if (role >= ROSTER_GROUPS && groups)
			groups[role - ROSTER_GROUPS] = text;
		else if (role >= 0 && role < ROSTER_GROUPS) {
			*slots[role] = text;
			columns[role] = i + 1;
		}
	}
}

/* false: the row cannot be used, which is reported. */
static bool check_respondent(cnv_roster *roster, const cnv_respondent *respondent,
			     const uint32_t columns[ROSTER_GROUPS], uint32_t row, cnv_diags *diags)
{
	cnv_place place = place_of(roster, row, columns[ROSTER_CODE], "code");
	uint32_t other;

	if (!respondent->code.len) {
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_ROSTER_CODE_BLANK, .place = place, .field = respondent->name,
					.excerpt = respondent->name),
			       "the respondent has no code");
		return false;
	}
	if (!cnv_respondent_code_ok(respondent->code)) {
		place.upto = (uint32_t)respondent->code.len;
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_ROSTER_CODE_MALFORMED, .place = place, .field = respondent->code,
					.excerpt = respondent->code),
			       "\"%.*s\" is not a valid code: codes become file names", CNV_ARG(respondent->code));
		return false;
	}
	other = cnv_map_find(&roster->by_code, respondent->code);
	if (other != CNV_NONE) {
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_ROSTER_CODE_TWICE, .place = place, .field = respondent->code,
					.excerpt = respondent->code),
			       "the code \"%.*s\" is already used, on line %u", CNV_ARG(respondent->code),
			       roster->respondents[other].place.row);
		return false;
	}
	if (!respondent->name.len) {
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_ROSTER_NAME_BLANK,
					.place = place_of(roster, row, columns[ROSTER_NAME], "name"),
					.field = respondent->code, .excerpt = respondent->code),
			       "the respondent has no name");
		return false;
	}
	return true;
}

/* Enters a folded name; a shared name is reported and leads to the first. */
static void index_name(cnv_roster *roster, cnv_str name, uint32_t index, cnv_diags *diags)
{
	cnv_str fold = cnv_text_fold(roster->arena, name);
	uint32_t other = cnv_map_put(&roster->by_name, fold, index);

	if (other != index && other < roster->count)
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_ROSTER_NAME_TWICE, .place = roster->respondents[index].place,
					.field = roster->respondents[index].code, .excerpt = name),
			       "the name \"%.*s\" is also that of %.*s, on line %u", CNV_ARG(name),
			       CNV_ARG(roster->respondents[other].code), roster->respondents[other].place.row);
}

void cnv_roster_add(cnv_roster *roster, const cnv_str *fields, uint32_t count, uint32_t row, cnv_diags *diags)
{
	cnv_respondent *respondent;
	uint32_t columns[ROSTER_GROUPS] = { 0 };
	bool blank = true;

	if (roster->arena->failed || (roster->headed && !roster->roles))
		return;
	if (!roster->headed) {
		add_header(roster, fields, count, row, diags);
		return;
	}
	for (uint32_t i = 0; i < count && blank; i++)
		blank = !cnv_str_trim_unicode(fields[i]).len;
	if (blank || roster->unreadable)
		return;
	respondent = make_room(roster);
	if (!respondent)
		return;
	read_cells(roster, fields, count, respondent, columns);
	if (count > roster->column_count)
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_ROSTER_SURPLUS,
					.place = place_of(roster, row, roster->column_count + 1, NULL),
					.field = respondent->code, .excerpt = fields[roster->column_count]),
			       "the line has more cells than the header");
	if (!check_respondent(roster, respondent, columns, row, diags)) {
		roster->rejected = true;
		return;
	}
	respondent->place = place_of(roster, row, columns[ROSTER_CODE], "code");
	if (!respondent->sort_name.len)
		respondent->sort_name = respondent->name;
	cnv_map_put(&roster->by_code, respondent->code, roster->count);
	index_name(roster, respondent->name, roster->count, diags);
	if (!cnv_str_equal(respondent->sort_name, respondent->name))
		index_name(roster, respondent->sort_name, roster->count, diags);
	roster->count++;
}

/* by_name: a code in other case leads to its respondent too, unless it is a name or another code folds alike. */
static void index_codes(cnv_roster *roster)
{
	cnv_form_index codes = { 0 };

	for (uint32_t i = 0; i < roster->count; i++)
		cnv_form_index_put(&codes, cnv_text_fold(roster->arena, roster->respondents[i].code), i);
	if (!cnv_form_index_end(&codes, &roster->by_name))
		roster->arena->failed = true;
}

cnv_status cnv_roster_end(cnv_roster *roster, cnv_diags *diags)
{
	index_codes(roster);
	if (roster->arena->failed || roster->by_code.failed || roster->by_name.failed)
		return CNV_NO_MEMORY;
	if (!roster->count && !roster->rejected) {
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_ROSTER_EMPTY, .place = (cnv_place){ .source = roster->source }),
			       "the roster has no respondents");
		return CNV_REJECTED;
	}
	return roster->rejected ? CNV_REJECTED : CNV_OK;
}

uint32_t cnv_roster_find(const cnv_roster *roster, cnv_str text, cnv_arena *scratch)
{
	uint32_t found = cnv_map_find(&roster->by_code, text);
	cnv_str folded;

	if (found != CNV_NONE)
		return found;
	folded = cnv_text_fold(scratch, text);
	found = folded.len ? cnv_map_find(&roster->by_name, folded) : CNV_NONE;
	cnv_arena_reset(scratch);
	return found < roster->count ? found : CNV_NONE;
}

void cnv_roster_fini(cnv_roster *roster)
{
	cnv_mem_free(roster->respondents);
	cnv_map_fini(&roster->by_code);
	cnv_map_fini(&roster->by_name);
	*roster = (cnv_roster){ 0 };
}
