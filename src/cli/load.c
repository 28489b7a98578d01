/* What most commands begin with: the form, its plan, the roster, the store's name and the round. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"

/* A form of a thousand questions has 200 KB; a hundred times that is a mistake. */
#define FORM_LIMIT ((size_t)32 << 20)
#define ROSTER_LIMIT ((size_t)8 << 20)

static cnv_str beside(cnv_str name, cnv_str file, cnv_arena *arena)
{
	return cnv_arena_format(arena, "%.*s%.*s", CNV_ARG(cli_folder_of(name)), CNV_ARG(file));
}

/* One file of choices or figures on its way in. */
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
		cnv_diags_say(file->diags, CNV_DATA_MALFORMED, (cnv_place){ .source = file->path, .row = line },
		              (cnv_str){ 0 }, (cnv_str){ 0 }, CNV_STR("leave out the rows that the form does not ask for"),
		              "the file has more rows than a sheet can hold");
	return status;
}

/* One file of choices or figures, by its ending. */
static cnv_status read_external(cnv_str path, cnv_str bytes, cnv_external *external, cnv_diags *diags)
{
	beside_form file = { external, path, diags };
	const cnv_csv_sink fields = { &file, on_external_field, on_external_record };
	const cnv_items_sink cells = { &file, on_external_cell, on_external_record };

	if (cnv_str_ends(path, CNV_STR(".xml")))
		return cnv_xml_items(path, bytes, &cells, diags);
	if (cnv_str_ends(path, CNV_STR(".geojson"))) {
		cnv_external_cell(external, CNV_STR("geometry"), (cnv_str){ 0 }); /* a column, even where nothing has a place */
		return cnv_geojson_items(path, bytes, &cells, diags);
	}
	return cnv_csv_read(path, bytes, 0, (cnv_csv_limits){ 0 }, &fields, diags);
}

/* Gives the form the files that its selects and formulas read, those that stand beside it. */
static cnv_status load_externals(cli_form *form, cnv_diags *diags)
{
	uint32_t count;
	const cnv_data_file *files = cnv_form_files(form->form, &count, &form->arena);
	cnv_status status = form->arena.failed ? CNV_NO_MEMORY : CNV_OK;

	for (uint32_t i = 0; i < count && !status; i++) {
		cnv_str path = beside(form->name, files[i].file, &form->arena), bytes;
		cnv_external *external;

		if (!path.len || !cnv_file_exists(path))
			continue;
		external = cnv_external_new(form->form, &files[i], &form->arena);
		if (!external)
			return CNV_NO_MEMORY;
		status = cnv_file_load(path, FORM_LIMIT, &form->arena, &bytes, diags);
		if (!status)
			status = read_external(path, bytes, external, diags);
		if (!status)
			status = cnv_external_end(external);
	}
	return status ? status : cnv_form_take_choices(form->form, &form->arena, diags);
}

/* Sheets and questions of form->bytes; its formulas are not compiled. */
static cnv_status build_form(cli_form *form, cnv_diags *diags)
{
	cnv_digest digest;
	cnv_status status;

	cnv_sheets_init(&form->sheets, form->name, &form->arena);
	status = cnv_xlsx_is(form->bytes) ? cnv_xlsx_sheets(&form->sheets, form->bytes, diags)
	                                  : cnv_csv_sheets(&form->sheets, form->bytes, diags);
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

cnv_status cli_form_read(cli_form *form, cnv_str name, cnv_str bytes, cnv_diags *diags)
{
	*form = (cli_form){ .name = name };
	form->bytes = cnv_arena_copy(&form->arena, bytes);
	return form->arena.failed ? CNV_NO_MEMORY : build_form(form, diags);
}

cnv_status cli_form_look(cli_form *form, cnv_str name, cnv_diags *diags)
{
	cnv_status status;

	*form = (cli_form){ .name = name };
	status = cnv_file_load(name, FORM_LIMIT, &form->arena, &form->bytes, diags);
	return status ? status : build_form(form, diags);
}

cnv_status cli_form_load(cli_form *form, cnv_str name, bool advise, cnv_diags *diags)
{
	cnv_status status, built = cli_form_look(form, name, diags);

	if (!form->form)
		return built;
	status = load_externals(form, diags);
	if (status)
		return status;
	status = cnv_plan_build(&form->plan, form->form, 0, &form->arena, diags);
	if (form->plan && advise)
		cnv_plan_advise(form->plan, &form->arena, diags);
	return built ? built : status;
}

void cli_form_fini(cli_form *form)
{
	cnv_plan_fini(form->plan);
	if (form->form)
		cnv_form_fini(form->form);
	cnv_sheets_fini(&form->sheets);
	cnv_arena_fini(&form->arena);
	*form = (cli_form){ 0 };
}

/* Errors are printed; warnings wait for `check`. */
static void print_errors(void *self, const cnv_diag *diag)
{
	if (diag->severity == CNV_ERROR)
		cli_print_diag(self, diag);
}

static cli_exit choose_language(cli_form *form, cnv_str wanted)
{
	const cnv_form *f = form->form;

	if (!wanted.len)
		return CLI_DONE;
	form->language = cnv_form_language(f, wanted);
	if (form->language != CNV_NONE)
		return CLI_DONE;
	fputs("canvass: the form has no language \"", stderr);
	cli_put(stderr, wanted, false);
	fputs("\"; it has:", stderr);
	for (uint32_t i = 0; i < f->language_count; i++) {
		fputs(i ? ", " : " ", stderr);
		cli_put(stderr, f->languages[i].len ? f->languages[i] : CNV_STR("(unnamed)"), false);
	}
	fputc('\n', stderr);
	return CLI_USAGE;
}

cli_exit cli_form_use(cli_form *form, const cli_options *options, cnv_str name)
{
	cnv_diags diags = { .tell = print_errors, .self = stderr };
	cnv_status status = cli_form_load(form, name, false, &diags);

	if (status == CNV_NO_ACCESS)
		return CLI_ACCESS;
	if (status == CNV_NO_MEMORY) {
		fputs("canvass: out of memory\n", stderr);
		return CLI_ACCESS;
	}
	if (status) {
		fprintf(stderr, "canvass: the form cannot be used: %" PRIu64 " %s\n  next: canvass check ", diags.errors,
		        cli_plural(diags.errors, "error", "errors"));
		cli_put(stderr, name, false);
		fputc('\n', stderr);
		return CLI_USAGE;
	}
	return choose_language(form, options->language);
}

/* Form ids name files: other characters than letters, digits, - _ . become _. */
cnv_str cli_file_stem(cli_form *form)
{
	char *at = cnv_arena_get(&form->arena, form->form->id.len + 1);

	if (!at)
		return CNV_STR("form");
	for (size_t i = 0; i < form->form->id.len; i++) {
		char c = form->form->id.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
		             (c == '.' && i);
		at[i] = plain ? c : '_';
	}
	return (cnv_str){ at, form->form->id.len };
}

cnv_str cli_store_name(const cli_options *options, cli_form *form)
{
	if (options->store.len)
		return options->store;
	return cnv_arena_format(&form->arena, "responses/%.*s.db", CNV_ARG(cli_file_stem(form)));
}

cnv_str cli_round(const cli_options *options, const cli_form *form, const cnv_store *store, cnv_arena *arena)
{
	cnv_str current = store ? cnv_store_round(store) : (cnv_str){ 0 };

	if (options->round.len)
		return options->round;
	if (current.len)
		return cnv_arena_copy(arena, current);
	if (form->form->round.len)
		return form->form->round;
	return cnv_arena_format(arena, "%04d", (int)cnv_day_date(cnv_instant_day(options->now)).year);
}

cli_exit cli_refuse_existing(cnv_str name)
{
	fputs("canvass: ", stderr);
	cli_put(stderr, name, false);
	fputs(" exists already; nothing was written\n  hint: --force replaces what is there\n", stderr);
	return CLI_USAGE;
}

void cli_say_next(const char *command, const cli_form *form, const cli_options *options)
{
	fprintf(stderr, "  next: canvass %s ", command);
	cli_put(stderr, form->name, false);
	if (options->store.len) {
		fputs(" --store ", stderr);
		cli_put(stderr, options->store, false);
	}
	if (options->round.len) {
		fputs(" --round ", stderr);
		cli_put(stderr, options->round, false);
	}
	fputc('\n', stderr);
}

void cli_say_empty(cnv_str round)
{
	fflush(stdout);
	fputs("canvass: there is no response in round ", stderr);
	cli_put(stderr, round, false);
	fputs(" yet\n", stderr);
}

static void on_map_field(void *self, cnv_str field) { cnv_column_map_field(((cli_map *)self)->map, field); }

static cnv_status on_map_record(void *self, uint32_t line)
{
	cnv_diags diags = { .tell = print_errors, .self = stderr };
	return cnv_column_map_record(((cli_map *)self)->map, line, &diags);
}

cli_exit cli_map_load(cli_map *map, const cli_options *options, const cli_form *form, cnv_store *store)
{
	cnv_diags diags = { .tell = print_errors, .self = stderr };
	cnv_csv_sink sink = { .self = map, .field = on_map_field, .record = on_map_record };
	cnv_status status = CNV_OK;
	cnv_str source, bytes;

	*map = (cli_map){ 0 };
	if (options->map.len) {
		map->given = true;
		if (cnv_str_equal(options->map, CNV_STR("none")))
			return CLI_DONE;
		map->source = options->map;
		status = cnv_file_load(map->source, ROSTER_LIMIT, &map->arena, &map->bytes, &diags);
	} else {
		status = cnv_store_map(store, &source, &bytes, &diags);
		map->source = cnv_arena_copy(&map->arena, source);
		map->bytes = cnv_arena_copy(&map->arena, bytes);
	}
	if (status || !map->bytes.len)
		return cli_exit_for(status);
	map->map = cnv_column_map_new(map->source, &map->arena);
	status = map->map ? cnv_csv_read(map->source, map->bytes, 0, (cnv_csv_limits){ 0 }, &sink, &diags) : CNV_NO_MEMORY;
	if (!status)
		status = cnv_column_map_end(map->map, form->form, &diags);
	/* One that was remembered is of an older version of the form, perhaps: it is told, and given anew. */
	if (status == CNV_REJECTED) {
		fputs("canvass: the map of columns cannot be used; give another with --map, or --map none\n", stderr);
		return CLI_USAGE;
	}
	return cli_exit_for(status);
}

void cli_map_fini(cli_map *map)
{
	cnv_column_map_free(map->map);
	cnv_arena_fini(&map->arena);
	*map = (cli_map){ 0 };
}

cli_exit cli_roster_load(cli_roster *roster, const cli_options *options, const cli_form *form, cnv_store *store)
{
	cnv_diags diags = { .tell = print_errors, .self = stderr };
	cnv_status status = CNV_OK;

	*roster = (cli_roster){ 0 };
	if (options->roster.len) {
		roster->source = options->roster;
		roster->given = true;
	} else if (store) {
		cnv_str source, bytes;
		status = cnv_store_roster(store, &source, &bytes, &diags);
		if (status)
			return cli_exit_for(status);
		if (bytes.len) {
			roster->source = cnv_arena_copy(&roster->arena, source);
			roster->bytes = cnv_arena_copy(&roster->arena, bytes);
		}
	}
	if (!roster->source.len) {
		cnv_str name = beside(form->name, CNV_STR("roster.csv"), &roster->arena);
		if (cnv_file_exists(name)) {
			roster->source = name;
			roster->given = true;
		}
	}
	if (!roster->source.len)
		return CLI_DONE;
	if (roster->given)
		status = cnv_file_load(roster->source, ROSTER_LIMIT, &roster->arena, &roster->bytes, &diags);
	if (status)
		return cli_exit_for(status);
	cnv_roster_init(&roster->roster, roster->source, &roster->arena);
	roster->there = true;
	status = cnv_csv_roster(&roster->roster, roster->bytes, &diags);
	if (status == CNV_REJECTED) {
		fputs("canvass: the roster cannot be used\n", stderr);
		return CLI_USAGE;
	}
	return cli_exit_for(status);
}

void cli_roster_fini(cli_roster *roster)
{
	if (roster->there)
		cnv_roster_fini(&roster->roster);
	cnv_arena_fini(&roster->arena);
	*roster = (cli_roster){ 0 };
}
