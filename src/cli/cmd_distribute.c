/* distribute: every respondent's questionnaire, in files ready to be sent.
 *
 * For each respondent a folder with the workbook, the same questions as CSV and as a page to be printed, a covering
 * text and, with --eml, a draft of a message that holds them; beside the folders a manifest with the SHA-256 of every file.  What is filled in beforehand (who answers, fixed
 * defaults, and with --prefill the answers of a round) is laid into a batch and judged like a return, so that the
 * workbook shows what is asked. */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "circulation.h"
#include "mailing.h"

#define TEMPLATE_LIMIT ((size_t)256 << 10) /* a letter of fifty pages */

typedef struct mailing {
	const cli_options *options;
	cnv_form_file form;
	cnv_roster_file roster;
	cnv_store *store; /* NULL: there is none yet */
	cnv_str folder, round, stem, contact, due;
	cnv_str letter_source, letter; /* --template; empty: the default of each language */
	/* answers of an earlier round: --prefill */
	cnv_batch *before;
	cnv_reported *reported;
	uint32_t before_count, before_room;
	cnv_map before_rows; /* of each respondent, the first */
	bool last; /* whichever round they are of */
	/* of the respondent at hand */
	cnv_batch *batch;
	cnv_world world;
	cnv_arena scratch;
	cnv_text text, manifest;
	cli_part parts; /* how many of them are made */
	uint32_t packs, files, filled, warned;
	cnv_arena arena;
	cnv_diags diags;
} mailing;

/* ---------------------------------------------------------------- what is filled in beforehand */

/* One row of the batch: the answers of an earlier one, else the question's own default. */
static void fill_row(mailing *m, uint32_t table, uint32_t before, bool again)
{
	const cnv_form *form = m->form.form;
	const cnv_form_table *columns = &form->tables[table];

	for (uint32_t i = 0; i < columns->count; i++) {
		const cnv_question *question = &form->questions[columns->columns[i]];
		cnv_str text = { 0 };

		if (question->role != CNV_ASKED || columns->columns[i] == form->respondent)
			continue;
		if (again) {
			const cnv_column *column = &m->before->tables[table].columns[question->column];
			if (cnv_bit(column->answered, before))
				text = cnv_cell_value(form, column, before, &m->scratch);
		} else if (!cnv_default_is_dynamic(question->standard.text, question->kind)) {
			text = question->standard.text;
		}
		if (text.len)
			cnv_batch_put(m->batch, table, i, text, 0);
	}
}

/* Entries of the earlier answers, parents before what they hold.  Those of one response stand together, [from, upto) in
 * each table, and come to stand from row 0. */
static void fill_entries(mailing *m, uint32_t before)
{
	uint32_t count = m->before->table_count;
	uint32_t *from = cnv_arena_array(&m->scratch, count, sizeof *from);
	uint32_t *upto = cnv_arena_array(&m->scratch, count, sizeof *upto);

	if (!from || !upto)
		return;
	from[0] = before;
	upto[0] = before + 1;
	for (uint32_t t = 1; t < count; t++) {
		const cnv_table *table = &m->before->tables[t];
		uint32_t parent = m->form.form->tables[t].parent;

		from[t] = cnv_table_first(table, from[parent]);
		upto[t] = cnv_table_first(table, upto[parent]);
		for (uint32_t row = from[t]; row < upto[t]; row++) {
			cnv_batch_row(m->batch, t, table->parents[row] - from[parent], 0);
			fill_row(m, t, row, true);
		}
	}
}

/* Who answers: the code, where the form can take it. */
static void fill_respondent(mailing *m, const cnv_respondent *respondent)
{
	const cnv_form *form = m->form.form;
	const cnv_question *question = form->respondent == CNV_NONE ? NULL : &form->questions[form->respondent];
	const cnv_list *list = question && question->list < form->list_count ? &form->lists[question->list] : NULL;

	if (!question || question->column == CNV_NONE || question->table)
		return;
	if (!list || list->open || cnv_list_find(list, respondent->code) != CNV_NONE) {
		cnv_batch_put(m->batch, 0, question->column, respondent->code, 0);
		return;
	}
	cnv_diags_say(&m->diags, CNV_PACK_RESPONDENT, respondent->place, respondent->code, (cnv_str){ 0 }, (cnv_str){ 0 },
	              "\"%.*s\" is not in the list of question \"%.*s\"", CNV_ARG(respondent->code),
	              CNV_ARG(question->name));
}

static cnv_status fill(mailing *m, const cnv_respondent *respondent, cnv_pack *pack)
{
	cnv_ledger ledger = { 0 };
	cnv_findings findings = { 0 };
	uint32_t before = m->before ? cnv_map_find(&m->before_rows, respondent->code) : CNV_NONE;
	cnv_status status;

	cnv_batch_reset(m->batch);
	pack->row = cnv_batch_row(m->batch, 0, 0, 0);
	fill_respondent(m, respondent);
	fill_row(m, 0, before, before != CNV_NONE);
	if (before != CNV_NONE) {
		fill_entries(m, before);
		pack->confirm = true;
		pack->revision = m->reported[before].revision;
		m->filled++;
	} else if (m->before) {
		cnv_str where = m->last ? CNV_STR("any round")
		                        : cnv_arena_format(&m->scratch, "round %.*s", CNV_ARG(m->options->prefill));
		cnv_diags_say(&m->diags, CNV_PACK_NOTHING_BEFORE, respondent->place, respondent->code, (cnv_str){ 0 },
		              (cnv_str){ 0 }, "%.*s has no answers in %.*s", CNV_ARG(respondent->code), CNV_ARG(where));
	}
	if (m->batch->failed || m->scratch.failed)
		return CNV_NO_MEMORY;
	status = cnv_settle(m->batch, CNV_STR("pack"), &ledger);
	if (!status)
		status = cnv_check(m->form.plan, m->batch, &m->world, CNV_STR("pack"), pack->language, &m->scratch, &findings);
	pack->batch = m->batch;
	pack->world = &m->world;
	return status;
}

/* ---------------------------------------------------------------- the CSV */

static void put_claim(mailing *m, const char *name, cnv_str value)
{
	cnv_csv_answer line = { .path = cnv_str_from(name), .answer = value };

	/* A question of this name keeps it. */
	if (value.len && cnv_form_find(m->form.form, line.path) == CNV_NONE)
		cnv_csv_put_answer(&m->text, &line);
}

static void put_answers(mailing *m, const cnv_pack *pack, uint32_t table, uint32_t row, bool there)
{
	const cnv_form *form = m->form.form;

	for (uint32_t i = 0; i < form->tables[table].count; i++) {
		cnv_question_id id = form->tables[table].columns[i];
		const cnv_question *question = &form->questions[id];
		const cnv_column *column = &m->batch->tables[table].columns[i];
		cnv_csv_answer line = { .number = question->qno,
			                .label = cnv_question_title(form, question, pack->language) };

		if (question->role != CNV_ASKED)
			continue;
		if (there) {
			line.path = cnv_cell_path(m->batch, table, row, id, &m->scratch);
			if (cnv_bit(column->answered, row))
				line.answer = cnv_cell_value(form, column, row, &m->scratch);
		} else {
			/* An empty entry to begin with: "doc[1]/doc_name". */
			cnv_text path = { 0 };
			for (size_t at = 0; at < question->answer_path.len; at++) {
				cnv_text_put_char(&path, question->answer_path.at[at]);
				if (question->answer_path.at[at] == '[')
					cnv_text_put_char(&path, '1');
			}
			line.path = cnv_arena_copy(&m->scratch, cnv_text_str(&path));
			m->scratch.failed |= path.failed;
			cnv_text_fini(&path);
		}
		cnv_csv_put_answer(&m->text, &line);
	}
}

static cnv_status make_csv(mailing *m, const cnv_pack *pack)
{
	const cnv_form *form = m->form.form;
	char hex[64];

	cnv_csv_put_head(&m->text);
	put_claim(m, "form_id", form->id);
	put_claim(m, "form_version", form->version);
	put_claim(m, "form_sha256", cnv_hex_write(form->sha256, sizeof form->sha256, hex));
	put_claim(m, "round", pack->round);
	put_claim(m, "respondent", pack->code);
	for (uint32_t table = 0; table < form->table_count; table++) {
		uint32_t rows = m->batch->tables[table].rows;
		for (uint32_t row = 0; row < rows; row++)
			put_answers(m, pack, table, row, true);
		if (!rows)
			put_answers(m, pack, table, 0, false);
	}
	return m->text.failed || m->scratch.failed ? CNV_NO_MEMORY : CNV_OK;
}

/* ---------------------------------------------------------------- the other files */

static cnv_status make_letter(mailing *m, const cnv_pack *pack, const cnv_respondent *respondent)
{
	cnv_text files = { 0 };
	cnv_status status;

	for (cli_part part = 0; part < CLI_ATTACHED; part++)
		cnv_text_format(&files, "%s%.*s", part ? "\n" : "",
		                CNV_ARG(cli_part_name(m->stem, pack->code, part, &m->scratch)));
	const cnv_letter_field fields[] = {
		{ CNV_STR("name"), pack->name },   { CNV_STR("code"), pack->code },       { CNV_STR("addressee"), respondent->contact },
		{ CNV_STR("round"), pack->round }, { CNV_STR("due"), pack->due },         { CNV_STR("title"), m->form.form->title },
		{ CNV_STR("contact"), pack->contact }, { CNV_STR("files"), cnv_text_str(&files) },
	};
	cnv_str text = m->letter.len ? m->letter : cnv_letter_default(cnv_pack_tag(m->form.form, pack->language));
	status = files.failed ? CNV_NO_MEMORY
	                      : cnv_letter_write(&m->text, m->letter_source, text, fields, sizeof fields / sizeof *fields, &m->diags);
	cnv_text_fini(&files);
	return status;
}

/* The covering text as a message with the files before it attached, which are written by now. */
static cnv_status make_draft(mailing *m, const cnv_pack *pack, const cnv_respondent *respondent)
{
	const cnv_form *form = m->form.form;
	cnv_attachment parts[CLI_ATTACHED];
	uint32_t count = cli_pack_load(m->folder, m->stem, pack->code, parts, &m->scratch, &m->diags);
	cnv_str title = form->title.len ? form->title : form->id, text;
	cnv_str subject = cnv_arena_format(&m->scratch, "%.*s, %.*s", CNV_ARG(title), CNV_ARG(pack->round));
	cnv_status status = make_letter(m, pack, respondent);

	if (status)
		return status;
	text = cnv_arena_copy(&m->scratch, cnv_text_str(&m->text));
	cnv_text_reset(&m->text);
	cli_draft_put(&m->text, respondent, subject, text, m->options->now, parts, count);
	if (m->text.failed || m->scratch.failed)
		return CNV_NO_MEMORY;
	return count == CLI_ATTACHED ? CNV_OK : CNV_NO_ACCESS;
}

static cnv_status make_part(mailing *m, cli_part part, const cnv_pack *pack, const cnv_respondent *respondent)
{
	cnv_text_reset(&m->text);
	switch (part) {
	case CLI_PART_CSV:
		return make_csv(m, pack);
	case CLI_PART_PAGE:
		return cnv_pack_page(pack, &m->text, &m->scratch);
	case CLI_PART_LETTER:
		return make_letter(m, pack, respondent);
	case CLI_PART_DRAFT:
		return make_draft(m, pack, respondent);
	case CLI_PART_BOOK:
	case CLI_PARTS:
		break;
	}
	return CNV_OK;
}

/* ---------------------------------------------------------------- one respondent */

static cnv_status put_manifest(mailing *m, const cnv_pack *pack, cnv_str name, cnv_str target)
{
	uint8_t sha256[32];
	char hex[64], size[24];
	struct stat about;
	cnv_status status = cnv_file_digest(target, (cnv_str){ 0 }, sha256, &m->diags);

	if (status)
		return status;
	if (stat(target.at, &about))
		about.st_size = 0;
	snprintf(size, sizeof size, "%lld", (long long)about.st_size);
	const cnv_str fields[] = { pack->code, cnv_pack_tag(m->form.form, pack->language), name, cnv_str_from(size),
		                   cnv_hex_write(sha256, sizeof sha256, hex) };
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (i)
			cnv_text_put_char(&m->manifest, ',');
		cnv_csv_put(&m->manifest, fields[i]);
	}
	cnv_text_put_char(&m->manifest, '\n');
	m->files++;
	return m->manifest.failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status write_pack(mailing *m, const cnv_respondent *respondent)
{
	cnv_pack pack = { .form = m->form.form,
		          .language = m->options->language.len ? m->form.language
		                                               : cnv_pack_language(m->form.form, respondent->language),
		          .code = respondent->code,
		          .name = respondent->name,
		          .contact = m->contact,
		          .round = m->round,
		          .due = m->due };
	cnv_status status;

	cnv_arena_reset(&m->scratch);
	status = cnv_folder_make(cnv_arena_format(&m->scratch, "%.*s/%.*s", CNV_ARG(m->folder), CNV_ARG(pack.code)),
	                         &m->diags);
	if (!status)
		status = fill(m, respondent, &pack);
	for (cli_part part = 0; part < m->parts && !status; part++) {
		cnv_str target = cli_part_path(m->folder, m->stem, pack.code, part, &m->arena);

		status = make_part(m, part, &pack, respondent);
		if (!status)
			status = part == CLI_PART_BOOK
			                 ? cnv_pack_write(&pack, target, m->options->force, true, m->options->now, &m->scratch,
			                                  &m->diags)
			                 : cnv_file_save(target, cnv_text_str(&m->text), m->options->force, true, &m->diags);
		if (!status)
			status = put_manifest(m, &pack, cnv_str_slice(target, m->folder.len + 1, target.len), target);
	}
	m->packs += !status;
	return status;
}

/* ---------------------------------------------------------------- all of them */

static bool is_wanted(const mailing *m, const cnv_respondent *respondent)
{
	return !m->options->respondent.len || cnv_str_equal(m->options->respondent, respondent->code);
}

/* The first output that exists already; empty: none.  Nothing is written when there is one. */
static cnv_str find_existing(mailing *m)
{
	cnv_str manifest = cnv_arena_format(&m->arena, "%.*s/manifest.csv", CNV_ARG(m->folder));

	if (cnv_file_exists(manifest))
		return manifest;
	for (uint32_t i = 0; i < m->roster.roster.count; i++)
		for (cli_part part = 0; part < m->parts && is_wanted(m, &m->roster.roster.respondents[i]); part++) {
			cnv_str name = cli_part_path(m->folder, m->stem, m->roster.roster.respondents[i].code, part, &m->arena);
			if (cnv_file_exists(name))
				return name;
		}
	return (cnv_str){ 0 };
}

/* Waits until all is on the disk: together that takes a tenth of the time that each alone would. */
static cnv_status settle(mailing *m)
{
	cnv_status status = CNV_OK;

	for (uint32_t i = 0; i < m->roster.roster.count && !status; i++) {
		const cnv_respondent *respondent = &m->roster.roster.respondents[i];
		if (!is_wanted(m, respondent))
			continue;
		for (cli_part part = 0; part < m->parts && !status; part++)
			status = cnv_file_settle(cli_part_path(m->folder, m->stem, respondent->code, part, &m->arena),
			                         &m->diags);
		if (!status)
			status = cnv_file_settle(cnv_arena_format(&m->arena, "%.*s/%.*s", CNV_ARG(m->folder),
			                                          CNV_ARG(respondent->code)), &m->diags);
	}
	return status;
}

/* The manifest comes last: where it stands, every file that it names is whole. */
static cnv_status write_all(mailing *m)
{
	cnv_status status = cnv_folder_make(m->folder, &m->diags);

	cnv_text_put(&m->manifest, CNV_STR("respondent,language,file,bytes,sha256\n"));
	for (uint32_t i = 0; i < m->roster.roster.count && !status; i++)
		if (is_wanted(m, &m->roster.roster.respondents[i]))
			status = write_pack(m, &m->roster.roster.respondents[i]);
	if (!status)
		status = settle(m);
	if (!status)
		status = cnv_file_save(cnv_arena_format(&m->arena, "%.*s/manifest.csv", CNV_ARG(m->folder)),
		                       cnv_text_str(&m->manifest), m->options->force, false, &m->diags);
	return status;
}

/* The answers of a round, behind those that are there. */
static cnv_status read_round(mailing *m, cnv_str round)
{
	cnv_cursor *cursor = NULL;
	uint64_t responses = 0;
	void *room = m->reported;
	uint32_t count = 1, from = m->before_count;
	cnv_status status = cnv_store_count(m->store, round, &responses, &m->diags);

	if (status)
		return status;
	responses += m->before_count;
	if (responses > UINT32_MAX || !cnv_mem_room(&room, &m->before_room, (uint32_t)responses + 1, sizeof *m->reported))
		return CNV_NO_MEMORY;
	m->reported = room;
	status = cnv_store_read(&cursor, m->store, round, &m->diags);
	while (!status && count && m->before_count < responses) {
		status = cnv_cursor_next(cursor, m->before, m->reported + m->before_count,
		                         (uint32_t)responses - m->before_count, &count, &m->diags);
		m->before_count += status ? 0 : count;
	}
	cnv_cursor_close(cursor);
	for (uint32_t i = from; i < m->before_count; i++)
		cnv_map_put(&m->before_rows, m->reported[i].respondent, i);
	return !status && m->before_rows.failed ? CNV_NO_MEMORY : status;
}

/* The round that --prefill names; "last": all, the latest first, so that each respondent's last answers are found. */
static cnv_status read_before(mailing *m)
{
	cnv_str wanted = m->options->prefill;
	const cnv_str *rounds = &wanted;
	uint32_t round_count = 1;
	cnv_status status = CNV_OK;

	m->last = cnv_str_equal(wanted, CNV_STR("last"));
	if (m->last)
		status = cnv_store_rounds(m->store, &m->arena, &rounds, &round_count, &m->diags);
	m->before = cnv_batch_new(m->form.form);
	if (!m->before)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < round_count && !status; i++)
		status = read_round(m, rounds[i]);
	return status;
}

/* To whom it went, and by when it is due; the store that was read is closed. */
static cli_exit remember(mailing *m)
{
	cnv_str *codes = cnv_arena_array(&m->arena, (size_t)m->roster.roster.count + 1, sizeof *codes);
	cnv_status status = cnv_store_close(m->store, &m->diags);
	uint32_t count = 0;

	m->store = NULL;
	if (!codes || status)
		return cli_exit_for(codes ? status : CNV_NO_MEMORY);
	for (uint32_t i = 0; i < m->roster.roster.count; i++)
		if (is_wanted(m, &m->roster.roster.respondents[i]))
			codes[count++] = m->roster.roster.respondents[i].code;
	return cli_circulation_remember(m->options, CNV_NOTICE_SENT, codes, count, &m->roster);
}

/* --due, else the day that the store has for the round. */
static cnv_status find_due(mailing *m)
{
	bool there = m->options->has_due;
	int32_t day = m->options->due;
	char digits[CNV_DAY_ROOM];
	cnv_status status = CNV_OK;

	if (!there && m->store)
		status = cnv_store_due(m->store, m->round, &there, &day, &m->diags);
	if (!status && there)
		m->due = cnv_arena_copy(&m->arena, (cnv_str){ digits, cnv_day_write(day, digits) });
	return status;
}

static cli_exit open_store(mailing *m)
{
	cnv_str name = cli_store_name(m->options, &m->form);

	if (!cnv_file_exists(name)) {
		if (!m->options->prefill.len)
			return CLI_DONE;
		fputs("canvass: there are no answers to fill in beforehand: there is no ", stderr);
		cli_put(stderr, name, false);
		fputc('\n', stderr);
		return CLI_ACCESS;
	}
	return cnv_store_open(&m->store, name, CNV_STORE_READ, m->form.form, m->form.bytes, &cli_patience, &m->diags) ? CLI_ACCESS
	                                                                                               : CLI_DONE;
}

static cli_exit prepare(mailing *m)
{
	const cli_options *options = m->options;
	cli_exit code = cli_form_use(&m->form, options, options->operands[0]);

	if (!code)
		code = open_store(m);
	if (!code)
		code = cli_roster_load(&m->roster, options, &m->form, m->store);
	if (code)
		return code;
	if (!m->roster.there)
		return cli_usage(options, "a roster says to whom it goes; give one with --roster");
	if (options->respondent.len &&
	    cnv_map_find(&m->roster.roster.by_code, options->respondent) == CNV_NONE)
		return cli_usage(options, "--respondent: \"%.*s\" is not in the roster", CNV_ARG(options->respondent));
	m->folder = options->output.len ? options->output : CNV_STR("packs");
	while (m->folder.len > 1 && m->folder.at[m->folder.len - 1] == '/')
		m->folder.len--;
	m->round = cli_round(options, &m->form, m->store, &m->arena);
	m->stem = cli_file_stem(&m->form);
	m->parts = options->mail ? CLI_PARTS : CLI_PART_DRAFT;
	m->contact = cnv_form_setting(m->form.form, "contact");
	code = cli_exit_for(find_due(m));
	if (code)
		return code;
	m->world = (cnv_world){ .now = options->now };
	m->batch = cnv_batch_new(m->form.form);
	if (!m->batch)
		return cli_exit_for(CNV_NO_MEMORY);
	if (options->template.len) {
		m->letter_source = options->template;
		code = cli_exit_for(cnv_file_load(options->template, TEMPLATE_LIMIT, &m->arena, &m->letter, &m->diags));
	}
	if (!code && options->prefill.len)
		code = cli_exit_for(read_before(m));
	return code;
}

static void tell(const mailing *m)
{
	if (m->options->json) {
		cli_json json = { .out = stdout };
		cli_json_open(&json, NULL, '{');
		cli_json_text(&json, "schema", CNV_STR("canvass.distribute/1"));
		cli_json_text(&json, "folder", m->folder);
		cli_json_text(&json, "round", m->round);
		cli_json_text(&json, "due", m->due);
		cli_json_number(&json, "packs", m->packs);
		cli_json_number(&json, "files", m->files);
		cli_json_number(&json, "prefilled", m->filled);
		cli_json_close(&json, '}');
		return;
	}
	cli_put(stdout, m->folder, false);
	printf("/: %" PRIu32 " %s, %" PRIu32 " files, round ", m->packs, cnv_noun(m->packs, "pack", "packs"), m->files);
	cli_put(stdout, m->round, false);
	if (m->due.len) {
		fputs(", due ", stdout);
		cli_put(stdout, m->due, false);
	}
	if (m->before)
		printf(", %" PRIu32 " filled in from %s", m->filled, m->last ? "last answers" : "round ");
	if (m->before && !m->last)
		cli_put(stdout, m->options->prefill, false);
	putchar('\n');
	fflush(stdout);
	fputs("  next: send each folder to its respondent; then canvass import ", stderr);
	cli_put(stderr, m->form.name, false);
	fputs(" FILE...\n", stderr);
}

cli_exit cmd_distribute(const cli_options *options)
{
	mailing m = { .options = options, .diags = cli_diags_to(stderr) };
	cnv_diags silent = { 0 };
	cli_exit code = prepare(&m);
	cnv_str there = { 0 };

	if (!code && !options->force)
		there = find_existing(&m);
	if (there.len)
		code = cli_refuse_existing(there);
	if (!code) {
		cnv_status status = write_all(&m);
		if (status == CNV_NO_MEMORY)
			fputs("canvass: out of memory\n", stderr);
		code = status == CNV_REJECTED ? CLI_USAGE : cli_exit_for(status);
	}
	if (!code)
		code = remember(&m);
	if (!code)
		tell(&m);
	cnv_batch_free(m.before);
	cnv_batch_free(m.batch);
	cnv_mem_free(m.reported);
	cnv_map_fini(&m.before_rows);
	cnv_store_close(m.store, &silent);
	cnv_roster_file_fini(&m.roster);
	cnv_form_file_fini(&m.form);
	cnv_text_fini(&m.text);
	cnv_text_fini(&m.manifest);
	cnv_arena_fini(&m.scratch);
	cnv_arena_fini(&m.arena);
	return code;
}
