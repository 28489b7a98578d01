/* The inputs of a command besides returns: the form with its companion files, the roster, and the column map.  Each
 * is read once, kept with its bytes (which the store keeps too), and freed by its own _fini.  The caller decides
 * what to do when one is unusable: these functions only return the status and emit diagnostics. */
#include "canvass/round.h"

#include "canvass/advise.h"

/* A form of a thousand questions has 200 KB; a hundred times that is a mistake. */
#define FORM_LIMIT ((size_t)32 << 20)
#define ROSTER_LIMIT ((size_t)8 << 20)

/* ---------------------------------------------------------------- the form */

static cnv_str beside(cnv_str name, cnv_str file, cnv_arena *arena)
{
	return cnv_arena_format(arena, "%.*s%.*s", CNV_ARG(cnv_folder_of(name)), CNV_ARG(file));
}

/* An external file of choices or values while it is read. */
typedef struct beside_form {
	cnv_external *external;
	cnv_str path;
	cnv_diags *diags;
} beside_form;

static void on_external_field(void *self, cnv_str field)
{
	cnv_external_field(((beside_form *)self)->external, field);
}

static void on_external_cell(void *self, cnv_str column, cnv_str text)
{
	cnv_external_cell(((beside_form *)self)->external, column, text);
}

static cnv_status on_external_record(void *self, uint32_t line)
{
	const beside_form *file = self;
	cnv_status status = cnv_external_record(file->external, line);

	if (status == CNV_REJECTED)
		cnv_diags_emit(file->diags,
			       CNV_DIAG(.code = CNV_DATA_MALFORMED,
					.place = (cnv_place){ .source = file->path, .row = line },
					.hint = CNV_STR("remove the rows that the form does not need")),
			       "the file has more rows than a sheet can have");
	return status;
}

/* Reads an external file of choices or values; its extension decides the format. */
static cnv_status read_external(cnv_str path, cnv_str bytes, cnv_external *external, cnv_diags *diags)
{
	beside_form file = { external, path, diags };
	const cnv_csv_sink fields = { &file, on_external_field, on_external_record };
	const cnv_items_sink cells = { &file, on_external_cell, on_external_record };

	if (cnv_str_ends(path, CNV_STR(".xml")))
		return cnv_xml_items(path, bytes, &cells, diags);
	if (cnv_str_ends(path, CNV_STR(".geojson"))) {
		cnv_external_cell(external, CNV_STR("geometry"),
				  (cnv_str){ 0 }); /* a column, even if no feature has a geometry */
		return cnv_geojson_items(path, bytes, &cells, diags);
	}
	return cnv_csv_read(path, bytes, 0, (cnv_csv_limits){ 0 }, &fields, diags);
}

static void note_beside(cnv_form_file *form, cnv_str name, cnv_str bytes)
{
	cnv_original *beside = &form->besides[form->beside_count++];
	cnv_digest digest;

	*beside = (cnv_original){ .name = name, .size = bytes.len, .bytes = bytes };
	cnv_digest_init(&digest, CNV_SHA256);
	cnv_digest_add(&digest, bytes.at, bytes.len);
	cnv_digest_end(&digest, beside->sha256);
}

/* A companion file of the form: its path and, if *there, its bytes. */
static cnv_status find_beside(cnv_form_file *form, const cnv_form_given *given, cnv_str file, cnv_attached *found,
			      bool *there, cnv_diags *diags)
{
	cnv_status status = CNV_OK;

	*there = false;
	found->name = given ? file : beside(form->name, file, &form->arena);
	for (uint32_t i = 0; given && i < given->count && !*there; i++) {
		*there = cnv_str_equal(given->besides[i].name, file);
		if (*there)
			found->bytes = cnv_arena_copy(&form->arena, given->besides[i].bytes);
	}
	if (!given && found->name.len)
		status = cnv_file_look(found->name, there, diags);
	return form->arena.failed ? CNV_NO_MEMORY : status;
}

/* Loads the files next to the form that its selects and formulas read. */
static cnv_status load_externals(cnv_form_file *form, const cnv_form_given *given, cnv_diags *diags)
{
	uint32_t count;
	const cnv_data_file *files = cnv_form_files(form->form, &count, &form->arena);
	cnv_status status;

	form->besides = cnv_arena_array(&form->arena, count, sizeof *form->besides);
	status = form->arena.failed ? CNV_NO_MEMORY : CNV_OK;
	for (uint32_t i = 0; i < count && !status; i++) {
		cnv_attached found = { 0 };
		cnv_external *external;
		bool there;

		status = find_beside(form, given, files[i].file, &found, &there, diags);
		if (status || !there)
			continue;
		external = cnv_external_new(form->form, &files[i], &form->arena);
		if (!external)
			return CNV_NO_MEMORY;
		if (!given)
			status = cnv_file_load(found.name, FORM_LIMIT, &form->arena, &found.bytes, diags);
		if (!status)
			note_beside(form, files[i].file, found.bytes);
		if (!status)
			status = read_external(found.name, found.bytes, external, diags);
		if (!status)
			status = cnv_external_end(external);
	}
	return status ? status : cnv_form_attach_choices(form->form, &form->arena, diags);
}

static cnv_status read_sheets(cnv_form_file *form, cnv_diags *diags)
{
	cnv_sheets_init(&form->sheets, form->name, &form->arena);
	return cnv_xlsx_is(form->bytes) ? cnv_xlsx_sheets(&form->sheets, form->bytes, diags)
					: cnv_csv_sheets(&form->sheets, form->bytes, diags);
}

cnv_status cnv_form_file_sheets(cnv_form_file *form, cnv_str name, cnv_diags *diags)
{
	cnv_status status;

	*form = (cnv_form_file){ .name = name };
	status = cnv_file_load(name, FORM_LIMIT, &form->arena, &form->bytes, diags);
	if (!status)
		status = read_sheets(form, diags);
	return !status && form->sheets.rejected ? CNV_REJECTED : status;
}

/* Sheets and questions of form->bytes; formulas are not compiled. */
static cnv_status build_form(cnv_form_file *form, cnv_diags *diags)
{
	cnv_digest digest;
	cnv_status status = read_sheets(form, diags);

	if (status)
		return status;
	status = cnv_form_build(&form->form, &form->sheets, &form->arena, diags);
	if (!form->form)
		return status ? status : CNV_REJECTED;
	cnv_digest_init(&digest, CNV_SHA256);
	cnv_digest_add(&digest, form->bytes.at, form->bytes.len);
	cnv_digest_end(&digest, form->form->sha256);
	form->language = form->form->default_language;
	return status;
}

cnv_status cnv_form_file_read(cnv_form_file *form, cnv_str name, cnv_str bytes, cnv_diags *diags)
{
	*form = (cnv_form_file){ .name = name };
	form->bytes = cnv_arena_copy(&form->arena, bytes);
	return form->arena.failed ? CNV_NO_MEMORY : build_form(form, diags);
}

cnv_status cnv_form_file_look(cnv_form_file *form, cnv_str name, cnv_diags *diags)
{
	cnv_status status;

	*form = (cnv_form_file){ .name = name };
	status = cnv_file_load(name, FORM_LIMIT, &form->arena, &form->bytes, diags);
	return status ? status : build_form(form, diags);
}

/* After the form is built: loads its companion files, and makes its plan. */
static cnv_status complete(cnv_form_file *form, const cnv_form_given *given, cnv_status built, bool advise,
			   cnv_diags *diags)
{
	cnv_status status;

	if (!form->form)
		return built;
	status = load_externals(form, given, diags);
	if (status)
		return status;
	status = cnv_plan_build(&form->plan, form->form, 0, &form->arena, diags);
	if (form->plan && advise)
		cnv_advise(form->plan, &form->arena, diags);
	return built ? built : status;
}

cnv_status cnv_form_file_load(cnv_form_file *form, cnv_str name, bool advise, cnv_diags *diags)
{
	return complete(form, NULL, cnv_form_file_look(form, name, diags), advise, diags);
}

cnv_status cnv_form_file_load_given(cnv_form_file *form, const cnv_form_given *given, bool advise, cnv_diags *diags)
{
	cnv_status built;

	*form = (cnv_form_file){ .detached = true };
	form->name = cnv_arena_copy(&form->arena, given->file.name);
	form->bytes = cnv_arena_copy(&form->arena, given->file.bytes);
	built = form->arena.failed ? CNV_NO_MEMORY : build_form(form, diags);
	return complete(form, given, built, advise, diags);
}

void cnv_form_file_fini(cnv_form_file *form)
{
	cnv_plan_fini(form->plan);
	if (form->form)
		cnv_form_fini(form->form);
	cnv_sheets_fini(&form->sheets);
	cnv_arena_fini(&form->arena);
	*form = (cnv_form_file){ 0 };
}

/* ---------------------------------------------------------------- the map of columns */

typedef struct map_reading {
	cnv_column_map *map;
	cnv_diags *diags;
} map_reading;

static void on_map_field(void *self, cnv_str field)
{
	cnv_column_map_field(((map_reading *)self)->map, field);
}

static cnv_status on_map_record(void *self, uint32_t line)
{
	const map_reading *reading = self;
	return cnv_column_map_record(reading->map, line, reading->diags);
}

/* Parses the bytes of a map. */
static cnv_status build_map(cnv_map_file *map, const cnv_form *form, cnv_diags *diags)
{
	map_reading reading = { .diags = diags };
	cnv_csv_sink sink = { .self = &reading, .field = on_map_field, .record = on_map_record };
	cnv_status status;

	if (!map->bytes.len)
		return CNV_OK;
	map->map = reading.map = cnv_column_map_new(map->source, &map->arena);
	if (!map->map)
		return CNV_NO_MEMORY;
	status = cnv_csv_read(map->source, map->bytes, 0, (cnv_csv_limits){ 0 }, &sink, diags);
	return status ? status : cnv_column_map_end(map->map, form, diags);
}

cnv_status cnv_map_file_load(cnv_map_file *map, cnv_str name, const cnv_form *form, cnv_store *store, cnv_diags *diags)
{
	cnv_status status;
	cnv_str source, bytes;

	*map = (cnv_map_file){ 0 };
	if (name.len) {
		map->given = true;
		if (cnv_str_equal(name, CNV_STR("none")))
			return CNV_OK;
		map->source = name;
		status = cnv_file_load(map->source, ROSTER_LIMIT, &map->arena, &map->bytes, diags);
	} else {
		status = cnv_store_map(store, &source, &bytes, diags);
		map->source = cnv_arena_copy(&map->arena, source);
		map->bytes = cnv_arena_copy(&map->arena, bytes);
	}
	return status ? status : build_map(map, form, diags);
}

void cnv_map_file_fini(cnv_map_file *map)
{
	cnv_column_map_free(map->map);
	cnv_arena_fini(&map->arena);
	*map = (cnv_map_file){ 0 };
}

/* ---------------------------------------------------------------- the roster */

/* The roster comes from the name passed, else the store, else roster.csv next to the form. */
static cnv_status find_roster(cnv_roster_file *roster, cnv_str name, cnv_str form_name, cnv_store *store,
			      cnv_diags *diags)
{
	cnv_status status = CNV_OK;
	cnv_str source, bytes, neighbour;
	bool there = false;

	if (name.len) {
		roster->source = name;
		roster->given = true;
		return CNV_OK;
	}
	if (store)
		status = cnv_store_roster(store, &source, &bytes, diags);
	if (store && !status && bytes.len) {
		roster->source = cnv_arena_copy(&roster->arena, source);
		roster->bytes = cnv_arena_copy(&roster->arena, bytes);
		return CNV_OK;
	}
	neighbour = beside(form_name, CNV_STR("roster.csv"), &roster->arena);
	if (!status)
		status = neighbour.len ? cnv_file_look(neighbour, &there, diags) : CNV_NO_MEMORY;
	if (there) {
		roster->source = neighbour;
		roster->given = true;
	}
	return status;
}

cnv_status cnv_roster_file_load(cnv_roster_file *roster, cnv_str name, cnv_str form_name, cnv_store *store,
				cnv_diags *diags)
{
	cnv_status status;

	*roster = (cnv_roster_file){ 0 };
	status = find_roster(roster, name, form_name, store, diags);
	if (status || !roster->source.len)
		return status;
	if (roster->given)
		status = cnv_file_load(roster->source, ROSTER_LIMIT, &roster->arena, &roster->bytes, diags);
	if (status)
		return status;
	cnv_roster_init(&roster->roster, roster->source, &roster->arena);
	roster->there = true;
	return cnv_csv_roster(&roster->roster, roster->bytes, diags);
}

void cnv_roster_file_fini(cnv_roster_file *roster)
{
	if (roster->there)
		cnv_roster_fini(&roster->roster);
	cnv_arena_fini(&roster->arena);
	*roster = (cnv_roster_file){ 0 };
}
