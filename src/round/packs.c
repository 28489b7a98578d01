/* Packs: every respondent's questionnaire, in files ready to send.  Each respondent gets a folder with the workbook,
 * the same questions as CSV and as a printable page, a covering letter and, on request, a mail draft with these
 * files attached; next to the folders a manifest has the SHA-256 of every file.  Prefilled values (the respondent,
 * fixed defaults, the answers of an earlier round) are put into a batch and judged like a return, so that the
 * workbook shows which questions are asked. */
#include "round/round_internal.h"

#include "canvass/packs.h"

#include <stdio.h>

#define TEMPLATE_LIMIT ((size_t)256 << 10) /* a letter of fifty pages */

typedef struct packing {
	cnv_packs *packs;
	const cnv_form *form;
	const cnv_respondent *respondents; /* the selected ones */
	uint32_t count;
	cnv_str contact;
	cnv_str letter; /* empty: the default of each language */
	round_prefill prefill;
	cnv_part parts;  /* number of packs to make */
	bool confirms;   /* this pack has answers to be confirmed */
	cnv_outputs set; /* all files, until they are renamed together */
	cnv_text text, manifest;
	cnv_arena scratch; /* of one respondent */
	cnv_diags *diags;
} packing;

/* ---------------------------------------------------------------- the CSV */

static void put_claim(packing *p, const char *name, cnv_str value)
{
	cnv_csv_answer line = { .path = cnv_str_from(name), .answer = value, .confirms = p->confirms };

	/* A question of this name takes precedence. */
	if (value.len && cnv_form_find(p->form, line.path) == CNV_NONE)
		cnv_csv_put_answer(&p->text, &line);
}

static void put_answers(packing *p, const cnv_pack *pack, uint32_t table, uint32_t row, bool there)
{
	const cnv_form *form = p->form;

	for (uint32_t i = 0; i < form->tables[table].count; i++) {
		cnv_question_id id = form->tables[table].columns[i];
		const cnv_question *question = &form->questions[id];
		const cnv_column *column = &p->prefill.batch->tables[table].columns[i];
		cnv_csv_answer line = { .number = question->qno,
					.label = cnv_question_title(form, question, pack->language),
					.confirms = pack->confirm };
		cnv_str before = cnv_pack_uncarried(pack, table, row, id, &p->scratch);

		if (question->role != CNV_ASKED)
			continue;
		if (before.len)
			line.label = cnv_arena_format(&p->scratch, "%.*s (%.*s)", CNV_ARG(line.label), CNV_ARG(before));
		if (there) {
			line.path = cnv_cell_path(p->prefill.batch, table, row, id, &p->scratch);
			if (cnv_bit(column->answered, row))
				line.answer = cnv_cell_value(form, column, row, &p->scratch);
			if (cnv_pack_confirms(pack, column, row))
				line.prefilled = line.answer;
		} else {
			line.path = cnv_first_path(question, &p->scratch);
		}
		cnv_csv_put_answer(&p->text, &line);
	}
}

static cnv_status make_csv(packing *p, const cnv_pack *pack)
{
	const cnv_form *form = p->form;
	char hex[64];

	p->confirms = pack->confirm;
	cnv_csv_put_head(&p->text, pack->confirm ? CNV_CSV_CONFIRMS : CNV_CSV_PLAIN);
	put_claim(p, "form_id", form->id);
	put_claim(p, "form_version", form->version);
	put_claim(p, "form_sha256", cnv_hex_write(form->sha256, sizeof form->sha256, hex));
	put_claim(p, "round", pack->round);
	put_claim(p, "respondent", pack->code);
	if (pack->confirm && cnv_form_find(form, CNV_STR("still_right")) == CNV_NONE)
		cnv_csv_put_answer(&p->text, &(cnv_csv_answer){ .path = CNV_STR("still_right"),
								.label = cnv_pack_still_right(form, pack->language),
								.confirms = true });
	for (uint32_t table = 0; table < form->table_count; table++) {
		uint32_t rows = p->prefill.batch->tables[table].rows;
		for (uint32_t row = 0; row < rows; row++)
			put_answers(p, pack, table, row, true);
		if (!rows)
			put_answers(p, pack, table, 0, false);
	}
	return p->text.failed || p->scratch.failed ? CNV_NO_MEMORY : CNV_OK;
}

/* ---------------------------------------------------------------- the other files */

static cnv_status make_letter(packing *p, const cnv_pack *pack, const cnv_respondent *respondent)
{
	cnv_text files = { 0 };
	cnv_status status;

	for (cnv_part part = 0; part < CNV_ATTACHED; part++)
		cnv_text_format(&files, "%s%.*s", part ? "\n" : "",
				CNV_ARG(cnv_part_name(p->packs->stem, pack->code, part, &p->scratch)));
	const cnv_letter_field fields[] = {
		{ CNV_STR("name"), pack->name },
		{ CNV_STR("code"), pack->code },
		{ CNV_STR("addressee"), respondent->contact },
		{ CNV_STR("round"), pack->round },
		{ CNV_STR("due"), cnv_pack_due(pack, &p->scratch) },
		{ CNV_STR("title"), p->form->title },
		{ CNV_STR("contact"), pack->contact },
		{ CNV_STR("files"), cnv_text_str(&files) },
	};
	cnv_str text = p->letter.len ? p->letter : cnv_letter_default(cnv_pack_tag(p->form, pack->language));
	status = files.failed ? CNV_NO_MEMORY
			      : cnv_letter_write(&p->text, p->packs->letter_name, text, fields,
						 sizeof fields / sizeof *fields, p->diags);
	cnv_text_fini(&files);
	return status;
}

/* A file that is written and not yet renamed. */
static cnv_status load_part(packing *p, cnv_str target, cnv_str *bytes)
{
	return cnv_file_load(cnv_outputs_find(&p->set, target), CNV_PACK_MOST, &p->scratch, bytes, p->diags);
}

/* The covering letter as a message with the files before it attached. */
static cnv_status make_draft(packing *p, const cnv_pack *pack, const cnv_respondent *respondent)
{
	const cnv_packs *packs = p->packs;
	cnv_attachment parts[CNV_ATTACHED];
	cnv_str title = p->form->title.len ? p->form->title : p->form->id, text;
	cnv_str subject = cnv_arena_format(&p->scratch, "%.*s, %.*s", CNV_ARG(title), CNV_ARG(pack->round));
	cnv_status status = make_letter(p, pack, respondent);

	for (cnv_part part = 0; part < CNV_ATTACHED && !status; part++) {
		cnv_str bytes;
		status = load_part(p, cnv_part_path(packs->folder, packs->stem, pack->code, part, &p->scratch), &bytes);
		parts[part] = cnv_part_attachment(packs->stem, pack->code, part, bytes, &p->scratch);
	}
	if (status)
		return status;
	text = cnv_arena_copy(&p->scratch, cnv_text_str(&p->text));
	cnv_text_reset(&p->text);
	cnv_draft_put(&p->text, respondent, subject, text, packs->now, parts, CNV_ATTACHED);
	return p->text.failed || p->scratch.failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status make_part(packing *p, cnv_part part, const cnv_pack *pack, const cnv_respondent *respondent)
{
	cnv_text_reset(&p->text);
	switch (part) {
	case CNV_PART_CSV:
		return make_csv(p, pack);
	case CNV_PART_PAGE:
		return cnv_pack_page(pack, &p->text, &p->scratch);
	case CNV_PART_LETTER:
		return make_letter(p, pack, respondent);
	case CNV_PART_DRAFT:
		return make_draft(p, pack, respondent);
	case CNV_PART_BOOK:
	case CNV_PARTS:
		break;
	}
	return CNV_OK;
}

/* ---------------------------------------------------------------- one respondent */

static cnv_status put_manifest(packing *p, const cnv_pack *pack, cnv_str name, cnv_str bytes)
{
	cnv_digest digest;
	uint8_t sha256[64];
	char hex[64], size[24];

	cnv_digest_init(&digest, CNV_SHA256);
	cnv_digest_add(&digest, bytes.at, bytes.len);
	cnv_digest_end(&digest, sha256);
	snprintf(size, sizeof size, "%zu", bytes.len);
	const cnv_str fields[] = { pack->code, cnv_pack_tag(p->form, pack->language), name, cnv_str_from(size),
				   cnv_hex_write(sha256, 32, hex) };
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (i)
			cnv_text_put_char(&p->manifest, ',');
		cnv_csv_put(&p->manifest, fields[i]);
	}
	cnv_text_put_char(&p->manifest, '\n');
	p->packs->files++;
	return p->manifest.failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status write_part(packing *p, cnv_part part, const cnv_pack *pack, const cnv_respondent *respondent)
{
	const cnv_packs *packs = p->packs;
	cnv_str target = cnv_part_path(packs->folder, packs->stem, pack->code, part, &p->scratch), bytes;
	cnv_status status = make_part(p, part, pack, respondent);

	if (!status && part == CNV_PART_BOOK)
		status = cnv_pack_write(pack, target, packs->force, &p->set, packs->now, &p->scratch, p->diags);
	else if (!status)
		status = cnv_outputs_save(&p->set, target, cnv_text_str(&p->text), packs->force, p->diags);
	if (!status)
		status = load_part(p, target, &bytes);
	if (!status)
		status = put_manifest(p, pack, cnv_str_slice(target, packs->folder.len + 1, target.len), bytes);
	return status;
}

static cnv_str name_folder(packing *p, cnv_str code)
{
	return cnv_arena_format(&p->scratch, "%.*s/%.*s", CNV_ARG(p->packs->folder), CNV_ARG(code));
}

static cnv_str name_manifest(packing *p)
{
	return cnv_arena_format(&p->packs->arena, "%.*s/manifest.csv", CNV_ARG(p->packs->folder));
}

static cnv_status write_pack(packing *p, const cnv_respondent *respondent)
{
	const cnv_packs *packs = p->packs;
	cnv_pack pack = { .form = p->form,
			  .language = packs->fixed_language ? packs->form->language
							    : cnv_pack_language(p->form, respondent->language),
			  .code = respondent->code,
			  .name = respondent->name,
			  .contact = p->contact,
			  .round = packs->round,
			  .due = packs->due };
	cnv_status status;

	cnv_arena_reset(&p->scratch);
	status = cnv_outputs_folder(&p->set, name_folder(p, pack.code), p->diags);
	if (!status)
		status = round_prefill_take(&p->prefill, respondent, &pack);
	for (cnv_part part = 0; part < p->parts && !status; part++)
		status = write_part(p, part, &pack, respondent);
	return status;
}

/* ---------------------------------------------------------------- all of them */

/* The first output file that already exists; empty: none.  If there is one, nothing is written. */
static cnv_str find_existing(packing *p)
{
	cnv_packs *packs = p->packs;
	cnv_str name = name_manifest(p);

	if (cnv_file_exists(name))
		return name;
	for (uint32_t i = 0; i < p->count; i++)
		for (cnv_part part = 0; part < p->parts; part++) {
			name = cnv_part_path(packs->folder, packs->stem, p->respondents[i].code, part, &packs->arena);
			if (cnv_file_exists(name))
				return name;
		}
	return (cnv_str){ 0 };
}

static cnv_status write_all(packing *p)
{
	cnv_packs *packs = p->packs;
	cnv_status status = cnv_folder_make(packs->folder, p->diags);

	packs->notices = cnv_arena_array(&packs->arena, (size_t)p->count + 1, sizeof *packs->notices);
	if (!packs->notices)
		return CNV_NO_MEMORY;
	if (!status)
		status = cnv_outputs_open(&p->set, packs->folder, p->diags);
	cnv_text_put(&p->manifest, CNV_STR("respondent,language,file,bytes,sha256\n"));
	for (uint32_t i = 0; i < p->count && !status; i++) {
		status = write_pack(p, &p->respondents[i]);
		if (!status)
			packs->notices[packs->count++] = (cnv_notice){ .kind = CNV_NOTICE_SENT,
								       .respondent = p->respondents[i].code,
								       .at = packs->now };
	}
	if (!status)
		status =
			cnv_outputs_save(&p->set, name_manifest(p), cnv_text_str(&p->manifest), packs->force, p->diags);
	if (!status)
		status = cnv_outputs_commit(&p->set, p->diags);
	packs->filled = p->prefill.filled;
	return status;
}

/* The day in --due, else the round's due day in the store. */
static cnv_status find_due(cnv_packs *packs, cnv_diags *diags)
{
	bool there = packs->has_due;
	int32_t day = packs->due_day;
	char digits[CNV_DAY_ROOM];
	cnv_status status = CNV_OK;

	if (!there && packs->store)
		status = cnv_store_due(packs->store, packs->round, &there, &day, diags);
	if (!status && there)
		packs->due = cnv_arena_copy(&packs->arena, (cnv_str){ digits, cnv_day_write(day, digits) });
	return status;
}

static cnv_status prepare(packing *p)
{
	cnv_packs *packs = p->packs;
	cnv_status status = find_due(packs, p->diags);

	if (!status && packs->letter_name.len)
		status = cnv_file_load(packs->letter_name, TEMPLATE_LIMIT, &packs->arena, &p->letter, p->diags);
	return status ? status : round_prefill_open(&p->prefill);
}

cnv_status cnv_packs_write(cnv_packs *packs, const cnv_roster *roster, cnv_diags *diags)
{
	uint32_t only = packs->respondent.len ? cnv_map_find(&roster->by_code, packs->respondent) : CNV_NONE;
	packing p = { .packs = packs,
		      .form = packs->form->form,
		      .respondents = roster->respondents + (only == CNV_NONE ? 0 : only),
		      .count = only == CNV_NONE ? roster->count : 1,
		      .contact = cnv_form_setting(packs->form->form, "contact"),
		      .parts = packs->drafts ? CNV_PARTS : CNV_PART_DRAFT,
		      .prefill = { .form = packs->form,
				   .store = packs->store,
				   .round = packs->round,
				   .wanted = packs->prefill,
				   .world = { .now = packs->now },
				   .diags = diags },
		      .diags = diags };
	cnv_status status = prepare(&p);

	if (!status && !packs->force)
		packs->existing = find_existing(&p);
	if (packs->existing.len)
		status = CNV_REJECTED;
	if (!status)
		status = write_all(&p);
	cnv_outputs_abandon(&p.set);
	round_prefill_fini(&p.prefill);
	cnv_text_fini(&p.text);
	cnv_text_fini(&p.manifest);
	cnv_arena_fini(&p.scratch);
	return status;
}

void cnv_packs_fini(cnv_packs *packs)
{
	cnv_arena_fini(&packs->arena);
}
