/* quarantine: list what was not imported, import it again, attribute it, or dismiss it. */
#include <inttypes.h>
#include <string.h>

#include "cli/import.h"
#include "cli/quarantine.h"

/* ---------------------------------------------------------------- the list */

static cnv_status on_item(void *self, const cnv_item *item)
{
	quarantine_list *list = self;
	cnv_guess guess = cnv_item_guess(item, list->roster, &list->scratch);

	if (!list->first &&
	    (item->state == CNV_ITEM_WAITS || (list->options->show.len && item->state == CNV_ITEM_DISMISSED))) {
		list->first = item->id;
		list->dismissed = item->state == CNV_ITEM_DISMISSED;
		list->guess = guess;
		list->remedy = cnv_item_remedy(item);
	}
	if (item->state == CNV_ITEM_WAITS) {
		*(item->whole ? &list->files : &list->records) += 1;
	} else {
		list->settled++;
		if (!list->options->all && !list->options->show.len)
			return CNV_OK;
	}
	(list->json ? quarantine_print_json : quarantine_print_text)(list, item, &guess);
	return CNV_OK;
}

/* What can be done about one item. */
static void print_remedy(const quarantine_list *list)
{
	cnv_str code = CNV_STR("CODE");
	char more[160];

	if (list->guess.respondent != CNV_NONE)
		code = list->roster->respondents[list->guess.respondent].code;
	if (list->remedy == CNV_REMEDY_ATTRIBUTE)
		snprintf(more, sizeof more, "--attribute %lld --respondent %.*s --reason TEXT", (long long)list->first,
			 CNV_ARG(code));
	else if (list->remedy == CNV_REMEDY_ENCODING)
		snprintf(more, sizeof more, "--retry %lld --encoding NAME", (long long)list->first);
	else if (list->dismissed)
		snprintf(more, sizeof more, "--retry %lld", (long long)list->first);
	else
		snprintf(more, sizeof more, "FILE...");
	cli_print_next(list->remedy == CNV_REMEDY_FILE && !list->dismissed ? "import" : "quarantine", more, list->form,
		       list->options);
}

static void print_next(const quarantine_list *list)
{
	char more[64];

	fflush(stdout);
	if (!list->first) {
		cli_print_next("status", "", list->form, list->options);
		return;
	}
	print_remedy(list);
	if (list->dismissed)
		return;
	snprintf(more, sizeof more, "--dismiss %lld --reason TEXT", (long long)list->first);
	cli_print_next("quarantine", more, list->form, list->options);
}

static void print_counts(const quarantine_list *list)
{
	if (list->options->show.len)
		return;
	printf("%s%" PRIu64 " %s and %" PRIu64 " %s waiting", list->files + list->records ? "\n" : "", list->files,
	       cnv_noun(list->files, "file", "files"), list->records, cnv_noun(list->records, "record", "records"));
	if (list->settled && !list->options->all)
		printf(", %" PRIu64 " settled (--all lists them)", list->settled);
	putchar('\n');
}

static cli_exit list_items(quarantine_list *list, const cli_opened *o, int64_t id)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_arena arena = { 0 };
	cnv_item item;
	cnv_status status;

	if (list->json) {
		cli_json_open(list->json, NULL, '{');
		cli_json_text(list->json, "schema", CNV_STR("canvass.quarantine/1"));
		cli_json_text(list->json, "form", o->form.form->id);
		cli_json_text(list->json, "round", o->round);
		cli_json_open(list->json, "items", '[');
	}
	if (!id)
		status = cnv_store_items(o->store, o->round, true, on_item, list, &diags);
	else if (!(status = cnv_store_item(o->store, o->round, id, &arena, &item, &diags)))
		status = on_item(list, &item);
	if (list->json) {
		cli_json_close(list->json, ']');
		cli_json_number(list->json, "files", list->files);
		cli_json_number(list->json, "records", list->records);
		cli_json_close(list->json, '}');
	} else if (!status) {
		print_counts(list);
		print_next(list);
	}
	cnv_arena_fini(&arena);
	return cli_exit_asked(status);
}

/* ---------------------------------------------------------------- dismissing */

static cli_exit dismiss(cli_opened *o, const cli_options *options, int64_t id)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_arena arena = { 0 };
	cnv_item item;
	cnv_status status =
		cnv_store_dismiss(o->store, o->round, id, options->reason, options->now, &arena, &item, &diags);

	if (!status) {
		printf("%lld: ", (long long)id);
		cli_put(stdout, item.file, false);
		puts(" dismissed; it is kept, and not counted");
		fflush(stdout);
		cli_print_next("quarantine", "", &o->form, options);
	}
	cnv_arena_fini(&arena);
	return cli_exit_asked(status);
}

/* ---------------------------------------------------------------- importing again */

typedef struct retrying {
	cli_opened *opened;
	const cli_options *options;
	cnv_map_file map;
	int64_t *ids;
	uint32_t count, room;
	cnv_arena arena;
} retrying;

static cli_exit exit_for(const cnv_intake_totals *totals)
{
	if (totals->failed || totals->fault > CNV_REJECTED)
		return CLI_ACCESS;
	return totals->errors || totals->quarantined || totals->responses.quarantined ? CLI_ERRORS : CLI_DONE;
}

static cli_exit run_intake(retrying *r, const cnv_item *item, import_state *t)
{
	const cli_options *options = r->options;
	cli_opened *o = r->opened;
	const cnv_intake_options now = { .round = o->round,
					 .store_name = o->store_name,
					 .program = cnv_str_from(cnv_version()),
					 .encoding = options->encoding,
					 .delimiter = options->delimiter,
					 .roster = &o->roster,
					 .map = &r->map,
					 .threads = 2,
					 .attributed = options->attribute.len ? options->respondent : (cnv_str){ 0 },
					 .attribution = options->reason };
	cnv_diags diags = cli_diags_to(stderr);
	cnv_intake_listener listener = import_text.listener;
	cnv_intake *intake;
	cnv_status status;
	cli_exit code;

	listener.self = t;
	status = cnv_item_again(&intake, item, &now, &o->form, o->store, &listener, &r->arena, &diags);
	t->intake = intake;
	if (!status)
		status = cnv_intake_run(intake);
	code = status ? cli_exit_asked(status) : exit_for(cnv_intake_get_totals(intake));
	if (!status)
		import_text.end(t, cnv_intake_get_totals(intake));
	cnv_intake_free(intake);
	return code;
}

static cli_exit retry(retrying *r, int64_t id)
{
	cli_opened *o = r->opened;
	import_state t = {
		.options = r->options, .form = o->form.form, .round = o->round, .store_name = o->store_name
	};
	cnv_diags diags = cli_diags_to(stderr);
	cnv_item item;
	cnv_status status = cnv_store_item(o->store, o->round, id, &r->arena, &item, &diags);

	if (!status && r->count > 1 && item.state != CNV_ITEM_WAITS)
		return CLI_DONE; /* a record of a file that was imported again with another */
	if (!status && item.state == CNV_ITEM_IMPORTED)
		status = cnv_store_item_waits(o->store, &item, &diags);
	t.dismissed = item.state == CNV_ITEM_DISMISSED;
	return status ? cli_exit_asked(status) : run_intake(r, &item, &t);
}

static cnv_status on_id(void *self, const cnv_item *item)
{
	retrying *r = self;

	if (!cnv_arena_grow(&r->arena, (void **)&r->ids, r->count, &r->room, sizeof *r->ids))
		return CNV_NO_MEMORY;
	r->ids[r->count++] = item->id;
	return CNV_OK;
}

static cli_exit retry_all(cli_opened *o, const cli_options *options, int64_t id)
{
	retrying r = { .opened = o, .options = options };
	cnv_diags diags = cli_diags_to(stderr);
	cnv_status status = CNV_OK;
	cli_exit code;

	if (id)
		status = on_id(&r, &(cnv_item){ .id = id });
	else
		status = cnv_store_items(o->store, o->round, false, on_id, &r, &diags);
	code = status ? cli_exit_for(status) : cli_map_load(&r.map, options, &o->form, o->store);
	for (uint32_t i = 0; i < r.count && code <= CLI_ERRORS; i++)
		code = cli_worse(code, retry(&r, r.ids[i]));
	fflush(stdout);
	if (code <= CLI_ERRORS)
		cli_print_next("quarantine", "", &o->form, options);
	cnv_map_file_fini(&r.map);
	cnv_arena_fini(&r.arena);
	return code;
}

/* ---------------------------------------------------------------- the command */

static cli_exit check_usage(const cli_options *options)
{
	bool attribute = options->attribute.len > 0, dismissing = options->dismiss.len > 0;

	if ((options->show.len > 0) + (options->retry.len > 0) + attribute + dismissing > 1)
		return cli_usage(options, "--show, --retry, --attribute and --dismiss cannot be combined");
	if ((attribute || dismissing) && !options->reason.len)
		return cli_usage(options, "--attribute and --dismiss require --reason TEXT");
	if (attribute && !options->respondent.len)
		return cli_usage(options, "--attribute requires --respondent CODE");
	if (options->respondent.len && !attribute)
		return cli_usage(options, "--respondent requires --attribute ID");
	if (options->reason.len && !attribute && !dismissing)
		return cli_usage(options, "--reason requires --attribute or --dismiss");
	if ((options->all || options->json) && (options->retry.len || attribute || dismissing))
		return cli_usage(options, "--%s cannot be combined with --retry, --attribute or --dismiss",
				 options->all ? "all" : "json");
	if ((options->encoding || options->delimiter || options->map.len) && !options->retry.len && !attribute)
		return cli_usage(options, "--encoding, --delimiter and --map require --retry or --attribute");
	return CLI_DONE;
}

/* The number of the item that an option names; 0: of all, or no option does. */
static cli_exit read_id(const cli_options *options, int64_t *id)
{
	const cnv_str *given = options->show.len        ? &options->show
			       : options->retry.len     ? &options->retry
			       : options->attribute.len ? &options->attribute
							: &options->dismiss;

	*id = 0;
	if (!given->len || (given == &options->retry && cnv_str_equal(*given, CNV_STR("all"))))
		return CLI_DONE;
	if (!cnv_integer_read(*given, id) || *id < 1)
		return cli_usage(options, "\"%.*s\" is not the number of an item; canvass quarantine FORM lists them",
				 CNV_ARG(*given));
	return CLI_DONE;
}

static cli_exit run_quarantine(cli_opened *o, const cli_options *options, int64_t id)
{
	cli_json json = { .out = stdout };
	quarantine_list list = {
		.options = options, .form = &o->form, .roster = cli_roster(o), .json = options->json ? &json : NULL
	};
	cli_exit code;

	if (options->dismiss.len)
		return dismiss(o, options, id);
	if (options->retry.len || options->attribute.len)
		return retry_all(o, options, id);
	if (!options->json) {
		cli_put(stdout, o->form.form->title.len ? o->form.form->title : o->form.form->id, false);
		fputs(", round ", stdout);
		cli_put(stdout, o->round, false);
		fputs("\n\n", stdout);
	}
	code = list_items(&list, o, id);
	cnv_arena_fini(&list.scratch);
	return code;
}

cli_exit cmd_quarantine(const cli_options *options)
{
	bool writes = options->dismiss.len || options->retry.len || options->attribute.len;
	cli_opened opened = { 0 };
	int64_t id = 0;
	cli_exit code = check_usage(options);

	if (!code)
		code = read_id(options, &id);
	if (!code)
		code = cli_form_use(&opened.form, options, options->operands[0]);
	if (!code) {
		opened.store_name = cli_store_name(options, &opened.form);
		code = cli_store_expect(opened.store_name, &opened.form, options);
	}
	if (!code)
		code = cli_open_store(&opened, options, writes ? CNV_STORE_WRITE : CNV_STORE_READ);
	if (!code)
		code = cli_open_round(&opened, options);
	if (!code)
		code = cli_check_respondent(&opened, options);
	if (!code)
		code = run_quarantine(&opened, options, id);
	code = cli_close_store(&opened, code);
	cli_close(&opened);
	return code;
}
