/* settings.c: the sheet settings.
 *
 * Only its first row counts.  Every cell is kept under its canonical heading, known or not.  Seven settings are
 * canvass's own: respondent, release, circulate, basis, round, respondent_word and regex_search.
 */
#include "form/formulas.h"
#include "form/hints.h"
#include "form/name.h"
#include "form/places.h"
#include "form/steps.h"

#include <string.h>

static const struct setting_alias {
	const char *heading, *name;
} setting_aliases[] = {
	{ "form_title", "title" },      { "set_form_title", "title" },  { "form_id", "id_string" },
	{ "set_form_id", "id_string" }, { "prefix", "compact_prefix" },
};
#define SETTING_ALIASES (sizeof setting_aliases / sizeof *setting_aliases)

/* Settings as people write them, for hints; canvass's own come last. */
static const char *const known_settings[] = {
	"form_title",
	"form_id",
	"version",
	"name",
	"instance_name",
	"default_language",
	"style",
	"public_key",
	"submission_url",
	"auto_send",
	"auto_delete",
	"client_editable",
	"allow_choice_duplicates",
	"clean_text_values",
	"omit_instanceid",
	"namespaces",
	"instance_xmlns",
	"instance_id",
	"id_string",
	"title",
	"prefix",
	"delimiter",
	"flat",
	"add_none_option",
	"entity_version",
	"respondent",
	"release",
	"circulate",
	"basis",
	"round",
	"respondent_word",
	"regex_search",
};
#define KNOWN_SETTINGS (sizeof known_settings / sizeof *known_settings)

static const char *const yes_no_settings[] = { "allow_choice_duplicates", "clean_text_values", "client_editable",
					       "omit_instanceid", "regex_search" };
#define YES_NO_SETTINGS (sizeof yes_no_settings / sizeof *yes_no_settings)

static const char *const yes_words[] = { "yes", "Yes", "YES", "true", "True", "TRUE", "true()" };
static const char *const no_words[] = { "no", "No", "NO", "false", "False", "FALSE", "false()" };
#define WORDS (sizeof yes_words / sizeof *yes_words)

cnv_yes_no cnv_yes_no_read(cnv_str text)
{
	for (size_t i = 0; i < WORDS && text.len; i++) {
		if (cnv_str_equal(text, cnv_str_from(yes_words[i])))
			return CNV_YES;
		if (cnv_str_equal(text, cnv_str_from(no_words[i])))
			return CNV_NO;
	}
	return CNV_UNSET;
}

static cnv_str canonical_of(cnv_str name)
{
	for (size_t i = 0; i < SETTING_ALIASES; i++)
		if (cnv_str_equal(name, cnv_str_from(setting_aliases[i].heading)))
			return cnv_str_from(setting_aliases[i].name);
	return name;
}

static cnv_str canonical(cnv_form_builder *build, cnv_str heading)
{
	return canonical_of(cnv_form_snake(build->arena, heading));
}

static const cnv_cell_text *find_cell(const cnv_form_builder *build, cnv_str name)
{
	for (uint32_t i = build->form->setting_count; i-- > 0;)
		if (cnv_str_equal(build->form->settings[i].heading, name) && build->setting_cells[i])
			return build->setting_cells[i];
	return NULL;
}

static const cnv_cell_text *find_setting(const cnv_form_builder *build, const char *heading)
{
	return find_cell(build, cnv_str_from(heading));
}

static cnv_str setting_text(const cnv_form_builder *build, const char *heading)
{
	const cnv_cell_text *cell = find_setting(build, heading);

	return cell ? cell->text : (cnv_str){ 0 };
}

/* "forms/household.csv" is "household". */
static cnv_str stem(cnv_str source)
{
	size_t from = 0, upto = source.len;

	for (size_t i = 0; i < source.len; i++)
		if (source.at[i] == '/' || source.at[i] == '\\')
			from = i + 1;
	for (size_t i = source.len; i-- > from + 1;)
		if (source.at[i] == '.') {
			upto = i;
			break;
		}
	return from < upto ? cnv_str_slice(source, from, upto) : CNV_STR("data");
}

/* Reports headings with the same meaning, and repeated headings. */
static void check_headings(cnv_form_builder *build, const cnv_sheet *sheet)
{
	for (uint32_t i = 0; i < sheet->header.count && i < 256; i++) {
		const cnv_cell_text *cell = &sheet->header.cells[i];

		for (uint32_t k = 0; k < i; k++) {
			const cnv_cell_text *other = &sheet->header.cells[k];

			if (!cnv_str_equal(canonical(build, cell->text), canonical(build, other->text)))
				continue;
			if (cnv_str_equal(cell->text, other->text))
				cnv_diags_emit(
					build->diags,
					CNV_DIAG(.code = CNV_HEADER_TWICE,
						 .place = cnv_form_cell_place(build, sheet, cell),
						 .excerpt = cell->text),
					"column \"%.*s\" occurs twice; where both have text, the right one counts",
					CNV_ARG(cell->text));
			else if (cnv_str_equal(canonical(build, cell->text), CNV_STR("id_string")))
				cnv_diags_emit(build->diags,
					       CNV_DIAG(.code = CNV_FORM_ID_TWICE,
							.place = cnv_form_cell_place(build, sheet, cell),
							.excerpt = cell->text),
					       "form_id and id_string mean the same; form_id counts");
			else
				cnv_diags_emit(build->diags,
					       CNV_DIAG(.code = CNV_HEADERS_SAME,
							.place = cnv_form_cell_place(build, sheet, cell),
							.excerpt = cell->text,
							.hint = CNV_STR("rename or remove one of the two columns")),
					       "\"%.*s\" and \"%.*s\" are two names for the same column",
					       CNV_ARG(other->text), CNV_ARG(cell->text));
			break;
		}
	}
}

static bool is_known_setting(cnv_str name)
{
	for (size_t i = 0; i < KNOWN_SETTINGS; i++)
		if (cnv_str_equal(name, cnv_str_from(known_settings[i])))
			return true;
	return false;
}

/* Reports a heading that is near a known setting: an unknown setting has no effect, which is easily missed. */
static void check_spelling(cnv_form_builder *build, const cnv_sheet *sheet)
{
	for (uint32_t i = 0; i < sheet->header.count && i < 256; i++) {
		const cnv_cell_text *cell = &sheet->header.cells[i];
		cnv_str heading = cnv_form_snake(build->arena, cell->text);
		cnv_str plain = cnv_str_slice(heading, 0, cnv_str_find(heading, CNV_STR(":")));
		cnv_nearest nearest;

		if (plain.len < heading.len && is_known_setting(plain)) {
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_SETTING_TRANSLATED,
						.place = cnv_form_cell_place(build, sheet, cell), .excerpt = cell->text,
						.hint = cnv_arena_format(build->arena, "write it in a column \"%.*s\"",
									 CNV_ARG(plain))),
				       "settings have no translations: \"%.*s\" is ignored", CNV_ARG(cell->text));
			continue;
		}
		cnv_nearest_init(&nearest, heading);
		for (size_t k = 0; k < KNOWN_SETTINGS; k++)
			cnv_nearest_offer(&nearest, cnv_str_from(known_settings[k]));
		if (nearest.best.len && nearest.distance && !find_cell(build, canonical_of(nearest.best)))
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_HEADING_NEAR,
						.place = cnv_form_cell_place(build, sheet, cell), .excerpt = cell->text,
						.hint = cnv_form_did_you_mean(build, nearest.best)),
				       "unknown setting \"%.*s\"", CNV_ARG(cell->text));
	}
}

static void check_yes_no(cnv_form_builder *build)
{
	for (size_t i = 0; i < YES_NO_SETTINGS; i++) {
		const cnv_cell_text *cell = find_setting(build, yes_no_settings[i]);

		if (cell && cnv_yes_no_read(cell->text) == CNV_UNSET)
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_SETTING_YES_NO,
						.place = cnv_form_cell_place(build, build->settings, cell),
						.excerpt = cell->text),
				       "the setting is neither yes nor no; it is ignored");
	}
}

static void read_cells(cnv_form_builder *build, const cnv_sheet *sheet)
{
	const cnv_sheet_row *row = &sheet->rows[0];
	cnv_extra *settings = cnv_arena_array(build->arena, row->count, sizeof *settings);
	const cnv_cell_text **cells = cnv_arena_array(build->arena, row->count, sizeof *cells);
	uint32_t last = sheet->header.count ? sheet->header.cells[sheet->header.count - 1].column : 0;
	bool surplus = false;

	if (!settings || !cells)
		return;
	build->form->settings = settings;
	build->setting_cells = cells;
	for (uint32_t i = 0; i < row->count; i++) {
		const cnv_cell_text *cell = &row->cells[i];
		cnv_place place = cnv_form_cell_place(build, sheet, cell);

		if (cell->column > last) {
			if (!surplus)
				cnv_diags_emit(build->diags,
					       CNV_DIAG(.code = CNV_SHEET_SURPLUS, .place = place,
							.excerpt = cell->text,
							.hint = CNV_STR("enclose cells that contain a comma in"
									" double quotes, or add a heading to this"
									" column")),
					       "the row has more cells than the header; this cell has no heading");
			surplus = true;
			continue;
		}
		if (!place.heading.len)
			continue;
		/* form_id overrides id_string in either order: later entries are found first. */
		if (cnv_str_equal(cnv_form_snake(build->arena, place.heading), CNV_STR("id_string")) &&
		    find_setting(build, "id_string"))
			continue;
		settings[build->form->setting_count] = (cnv_extra){ canonical(build, place.heading), cell->text };
		cells[build->form->setting_count++] = cell;
	}
}

void cnv_form_read_settings(cnv_form_builder *build)
{
	cnv_form *form = build->form;
	const cnv_sheet *sheet = build->settings;
	const cnv_cell_text *cell;

	if (sheet) {
		form->settings_place =
			cnv_form_row_place(build, sheet, sheet->count ? sheet->rows[0].row : sheet->header.row);
		check_headings(build, sheet);
		if (sheet->count)
			read_cells(build, sheet);
		if (sheet->count > 1)
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_SETTINGS_ROWS,
						.place = cnv_form_row_place(build, sheet, sheet->rows[1].row),
						.excerpt = sheet->rows[1].count ? sheet->rows[1].cells[0].text
										: (cnv_str){ 0 }),
				       "the settings have %u rows; only the first counts", sheet->count);
		check_spelling(build, sheet);
		check_yes_no(build);
	}
	build->keep_blanks = cnv_yes_no_read(setting_text(build, "clean_text_values")) == CNV_NO;
	build->choice_duplicates = cnv_yes_no_read(setting_text(build, "allow_choice_duplicates")) == CNV_YES;
	build->default_language = find_setting(build, "default_language");
	form->regex_search = cnv_yes_no_read(setting_text(build, "regex_search")) == CNV_YES;
	form->title = setting_text(build, "title");
	form->id = setting_text(build, "id_string");
	if (!form->id.len)
		form->id = stem(form->source);
	form->version = setting_text(build, "version");
	form->round = setting_text(build, "round");
	form->respondent_word = setting_text(build, "respondent_word");
	if (!form->respondent_word.len)
		form->respondent_word = CNV_STR("respondent");
	form->root = CNV_STR("data");
	cell = find_setting(build, "name");
	if (cell && cnv_form_is_name(cell->text))
		form->root = cell->text;
	else if (cell)
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_SETTING_NAME, .place = cnv_form_cell_place(build, sheet, cell),
					.excerpt = cell->text),
			       "\"%.*s\" is not a valid form name", CNV_ARG(cell->text));
	cell = find_setting(build, "instance_name");
	if (cell)
		form->instance_name = cnv_form_make_formula(build, cell->text, cnv_form_cell_place(build, sheet, cell));
	cell = find_setting(build, "omit_instanceid");
	build->no_instance_id = cell && cnv_yes_no_read(cell->text) == CNV_YES;
	if (build->no_instance_id && find_setting(build, "public_key"))
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_OMIT_INSTANCE_ID, .place = cnv_form_cell_place(build, sheet, cell),
					.excerpt = cell->text),
			       "an encrypted form (public_key) needs its instanceID");
}

/* The question that a setting names; CNV_NONE: it is not set, or names none, which is reported. */
static cnv_question_id find_question(cnv_form_builder *build, const char *heading)
{
	const cnv_cell_text *cell = find_setting(build, heading);
	cnv_reference reference;
	cnv_question_id id;
	cnv_str name;

	if (!cell)
		return CNV_NONE;
	name = cnv_reference_read(cell->text, &reference) ? reference.name : cell->text;
	id = cnv_form_find(build->form, name);
	if (id < build->form->count && build->form->questions[id].column != CNV_NONE &&
	    build->form->questions[id].repeat == CNV_NONE)
		return id;
	cnv_diags_emit(
		build->diags,
		CNV_DIAG(.code = CNV_SETTING_QUESTION, .place = cnv_form_cell_place(build, build->settings, cell),
			 .excerpt = cell->text,
			 .hint = id == CNV_NONE ? cnv_form_nearest_question(build, name) : (cnv_str){ 0 }),
		id == CNV_NONE ? "the setting %s must name a question: none is called \"%.*s\""
		: id == CNV_NAME_AMBIGUOUS
			? "the setting %s must name one question: several are called \"%.*s\""
			: "the setting %s must name a question that each response answers once; \"%.*s\" is not one",
		heading, CNV_ARG(name));
	return CNV_NONE;
}

void cnv_form_finish_settings(cnv_form_builder *build)
{
	static const char *const fallbacks[] = { "respondent", "instanceID", "KEY" };
	cnv_form *form = build->form;

	form->release = find_question(build, "release");
	form->circulate = find_question(build, "circulate");
	form->basis = find_question(build, "basis");
	form->respondent = find_question(build, "respondent");
	if (find_setting(build, "respondent"))
		return;
	for (size_t i = 0; i < sizeof fallbacks / sizeof *fallbacks && form->respondent == CNV_NONE; i++) {
		cnv_question_id id = cnv_form_find(form, cnv_str_from(fallbacks[i]));

		if (id < form->count && form->questions[id].column != CNV_NONE &&
		    form->questions[id].repeat == CNV_NONE)
			form->respondent = id;
	}
}

void cnv_form_put_setting(cnv_form_builder *build, const char *heading, cnv_str text)
{
	if (!strcmp(heading, "title"))
		build->form->title = text;
	else if (text.len)
		build->form->id = text;
}
