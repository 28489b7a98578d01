/* Annotated returns: for each return with findings, writes the questionnaire that distribute makes, filled with the
 * respondent's own answers as received.  Cells to correct are marked, with the finding in the respondent's language.
 *
 * Rows with findings are kept until their return is stored, because only then do the findings have ids.  Each
 * response is then copied to a batch of its own and judged once more in its language.  All of this is skipped
 * without --annotate. */
#include "round/arrival.h"

#include "canvass/packs.h"

/* Findings in one workbook: more than a person corrects at once; the others are reported when these are settled. */
#define MOST_FINDINGS 1000u
/* Entries of one response; a larger one is not a questionnaire that a person would correct cell by cell. */
#define MOST_ENTRIES 10000u
/* Responses of one return; more are never sent back by hand. */
#define MOST_RETURNED 1000u

struct annotator {
	cnv_arena arena; /* keys of `written` */
	cnv_map written; /* codes: a later return of the run replaces an earlier one */
	bool made;       /* the folder */
};

annotator *annotator_new(void)
{
	return cnv_mem_get(sizeof(annotator));
}

void annotator_free(annotator *annotate)
{
	if (!annotate)
		return;
	cnv_map_fini(&annotate->written);
	cnv_arena_fini(&annotate->arena);
	cnv_mem_free(annotate);
}

cnv_status annotate_keep(arrival *a, const cnv_str *respondents)
{
	cnv_intake *in = a->intake;
	const heard *h = &a->heard;
	uint32_t kept = a->returned.batch ? a->returned.batch->tables[0].rows : 0;
	uint8_t *wanted = cnv_arena_array(&in->scratch, (size_t)in->window->tables[0].rows + 1, sizeof *wanted);
	bool any = false;

	if (!wanted)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < h->finding_count; i++)
		wanted[h->findings[i].response] |= h->findings[i].finding.diag.severity != CNV_NOTE;
	wanted[0] |= a->rows == 1 && h->told_count;
	for (uint32_t row = 0; row < in->window->tables[0].rows; row++) {
		a->left_out |= wanted[row] && kept == MOST_RETURNED;
		wanted[row] &= kept < MOST_RETURNED;
		kept += wanted[row];
		any |= wanted[row];
	}
	return any ? keep_rows(&a->returned, in->window, wanted, respondents) : CNV_OK;
}

/* ---------------------------------------------------------------- one response */

/* What is collected for one workbook. */
typedef struct returning {
	arrival *a;
	const kept_rows *kept;
	cnv_batch *batch;
	cnv_diags diags;
	cnv_arena arena; /* of one response */
	cnv_finding *findings;
	cnv_str *ids;
	uint32_t count;
	cnv_map queries; /* "E0503 path" -> of `query_ids` and `waived` */
	cnv_str *query_ids;
	bool *waived;
	uint32_t query_count, query_room, waived_room;
	const uint8_t *sha256;
	bool failed;
} returning;

/* Index of the finding with this code and path; CNV_NONE. */
static uint32_t find_query(returning *r, const cnv_diag *diag)
{
	return cnv_map_find(&r->queries, cnv_arena_format(&r->arena, "%u %.*s", diag->code, CNV_ARG(diag->field)));
}

/* Only findings that the respondent can settle: no waived ones, and none meant for the survey team. */
static void on_finding(void *self, const cnv_finding *finding)
{
	returning *r = self;
	uint32_t query = find_query(r, &finding->diag);

	if (finding->diag.severity == CNV_NOTE || finding->question >= r->batch->form->count ||
	    (query != CNV_NONE && r->waived[query]) || r->count == MOST_FINDINGS)
		return;
	r->findings[r->count] = *finding;
	r->findings[r->count].diag = cnv_diag_copy(&r->arena, &finding->diag);
	r->ids[r->count++] = query == CNV_NONE ? (cnv_str){ 0 } : r->query_ids[query];
}

static cnv_status on_query(void *self, const cnv_query *query)
{
	returning *r = self;
	uint32_t at = r->query_count;

	if (!cnv_mem_room((void **)&r->query_ids, &r->query_room, at + 1, sizeof *r->query_ids) ||
	    !cnv_mem_room((void **)&r->waived, &r->waived_room, at + 1, sizeof *r->waived))
		return CNV_NO_MEMORY;
	r->query_ids[at] = cnv_arena_copy(&r->arena, query->id);
	r->waived[at] = query->state == CNV_QUERY_WAIVED;
	r->query_count++;
	cnv_map_put(&r->queries, cnv_arena_format(&r->arena, "%u %.*s", query->code, CNV_ARG(query->path)), at);
	return r->arena.failed || r->queries.failed ? CNV_NO_MEMORY : CNV_OK;
}

/* The ids of this respondent's findings in the store; a dry run has none. */
static cnv_status read_queries(returning *r, cnv_str code)
{
	cnv_intake *in = r->a->intake;

	cnv_map_fini(&r->queries);
	r->queries = (cnv_map){ 0 };
	r->query_count = 0;
	if (in->options.rehearse)
		return CNV_OK;
	return cnv_store_queries(in->store, in->options.round, code, true, on_query, r, &r->diags);
}

/* --language, else the first of the respondent's languages that the form has, else the language of the return. */
static uint32_t language_of(const returning *r, const cnv_respondent *respondent)
{
	const cnv_intake *in = r->a->intake;
	cnv_str claimed = r->a->stream.claims.at[CNV_CLAIM_LANGUAGE].value;

	if (in->options.fixed_language)
		return in->form->language;
	return cnv_pack_language(in->form->form,
				 respondent && respondent->language.len ? respondent->language : claimed);
}

static cnv_status judge(returning *r, cnv_world *world, uint32_t language)
{
	arrival *a = r->a;
	cnv_conventions conventions = a->conventions;
	cnv_settle_options options = { .literal = a->intake->options.strict,
				       .conventions = &conventions,
				       .utc_offset = a->intake->options.now.utc_offset };
	cnv_ledger ledger = { 0 };
	cnv_findings findings = { .emit = on_finding, .self = r };
	cnv_arena scratch = { 0 };
	cnv_status status = r->batch->failed ? CNV_NO_MEMORY : CNV_OK;

	r->count = 0;
	r->findings = cnv_arena_array(&r->arena, MOST_FINDINGS, sizeof *r->findings);
	r->ids = cnv_arena_array(&r->arena, 2 * (size_t)MOST_FINDINGS, sizeof *r->ids);
	if (!r->findings || !r->ids)
		status = CNV_NO_MEMORY;
	/* As the whole file was read. */
	conventions.collected = conventions.complete = true;
	if (!status)
		status = cnv_settle_with(r->batch, a->name, &options, &ledger);
	if (!status)
		status = cnv_check(a->intake->form->plan, r->batch, world, a->name, language, &scratch, &findings);
	cnv_arena_fini(&scratch);
	return !status && r->arena.failed ? CNV_NO_MEMORY : status;
}

static void note(returning *r, cnv_code code, cnv_str respondent, const char *words)
{
	cnv_diags_emit(
		&r->diags,
		CNV_DIAG(.code = (uint16_t)code, .place = (cnv_place){ .source = r->a->name }, .field = respondent),
		"%s", words);
}

static cnv_status fill_due(returning *r, cnv_pack *pack)
{
	cnv_intake *in = r->a->intake;
	char digits[CNV_DAY_ROOM];
	int32_t day = 0;
	bool given = false;
	cnv_status status = cnv_store_due(in->store, in->options.round, &given, &day, &r->diags);

	if (!status && given)
		pack->due = cnv_arena_copy(&r->arena, (cnv_str){ digits, cnv_day_write(day, digits) });
	return status;
}

/* Diagnostics of the file, without the waived ones. */
static cnv_status add_told(returning *r, cnv_pack *pack)
{
	const heard *kept = &r->a->heard;
	cnv_diag *told = cnv_arena_array(&r->arena, (size_t)kept->told_count + 1, sizeof *told);

	if (!told)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < kept->told_count; i++) {
		uint32_t query = find_query(r, &kept->told[i]);
		if (query != CNV_NONE && r->waived[query])
			continue;
		r->ids[r->count + pack->told_count] = query == CNV_NONE ? (cnv_str){ 0 } : r->query_ids[query];
		told[pack->told_count++] = kept->told[i];
	}
	pack->told = told;
	return CNV_OK;
}

static cnv_status write(returning *r, const cnv_pack *pack)
{
	annotator *annotate = r->a->intake->annotator;
	cnv_arena scratch = { 0 };
	bool again = cnv_map_find(&annotate->written, pack->code) != CNV_NONE;
	cnv_str target = cnv_arena_format(&r->arena, "%.*s/%.*s.xlsx", CNV_ARG(r->a->intake->options.annotate),
					  CNV_ARG(pack->code));
	cnv_status status = CNV_OK;

	if (!target.len)
		return CNV_NO_MEMORY;
	if (!annotate->made)
		status = cnv_folder_make(r->a->intake->options.annotate, &r->diags);
	annotate->made = !status;
	if (!status)
		status = cnv_pack_write(pack, target, r->a->intake->options.overwrite || again, NULL,
					r->a->intake->options.now, &scratch, &r->diags);
	cnv_arena_fini(&scratch);
	if (!status && !again) {
		cnv_map_put(&annotate->written, cnv_arena_copy(&annotate->arena, pack->code), 1);
		r->a->intake->totals.annotated++;
	}
	return status;
}

/* Has the respondent sent a later response?  *revision: the one that counts. */
static bool is_outdated(returning *r, cnv_str code, uint32_t *revision, cnv_status *status)
{
	cnv_intake *in = r->a->intake;
	uint8_t sha256[32];
	bool same = true;

	*revision = 0;
	if (!in->options.rehearse)
		*status = cnv_store_latest(in->store, in->options.round, code, revision, sha256, &r->diags);
	for (size_t i = 0; *revision && i < sizeof sha256; i++)
		same &= sha256[i] == r->sha256[i];
	return r->a->stored == 0 && *revision && !same;
}

static cnv_status send_back(returning *r, cnv_copier *c, uint32_t row)
{
	cnv_intake *in = r->a->intake;
	cnv_str code = r->kept->codes[row];
	uint32_t known = in->roster ? cnv_map_find(&in->roster->by_code, code) : CNV_NONE;
	const cnv_respondent *respondent = known == CNV_NONE ? NULL : &in->roster->respondents[known];
	cnv_world world = { .now = in->options.now, .seed = 1 };
	cnv_pack pack = { .form = in->form->form,
			  .language = language_of(r, respondent),
			  .code = code,
			  .name = respondent ? respondent->name : code,
			  .contact = cnv_form_setting(in->form->form, "contact"),
			  .round = in->options.round,
			  .batch = r->batch,
			  .world = &world };
	cnv_status status = CNV_OK;

	cnv_arena_reset(&r->arena);
	cnv_batch_reset(r->batch);
	if (cnv_copier_response(c, r->batch, row) > MOST_ENTRIES) {
		note(r, CNV_ANNOTATE_LARGE, code, "it has more than 10,000 entries, so no workbook is written for it");
		return CNV_OK;
	}
	if (!cnv_respondent_code_ok(code)) {
		note(r, CNV_ANNOTATE_NAME, code, "this code cannot be a file name");
		return CNV_OK;
	}
	if (is_outdated(r, code, &pack.revision, &status)) {
		note(r, CNV_ANNOTATE_OUTDATED, code, "a later revision counts; no workbook is written for this one");
		return CNV_OK;
	}
	if (!status)
		status = read_queries(r, code);
	if (!status)
		status = judge(r, &world, pack.language);
	if (!status)
		status = fill_due(r, &pack);
	pack.findings = r->findings;
	pack.finding_count = r->count;
	pack.ids = r->ids;
	/* Diagnostics of the whole file go to its sender if the file has a single response. */
	if (!status && r->a->rows == 1)
		status = add_told(r, &pack);
	if (!status && (pack.finding_count || pack.told_count))
		status = write(r, &pack);
	return status;
}

/* ---------------------------------------------------------------- a file */

/* The last response of each respondent in the file: the one that counts. */
static cnv_status send_back_all(returning *r)
{
	cnv_intake *in = r->a->intake;
	const kept_rows *kept = r->kept;
	uint32_t rows = kept->batch->tables[0].rows;
	cnv_map last = { 0 };
	cnv_copier c = { 0 };
	cnv_status status = cnv_copier_open(&c, kept->batch) ? CNV_OK : CNV_NO_MEMORY;
	bool refused = false;

	for (uint32_t row = rows; row-- > 0;)
		cnv_map_put(&last, kept->codes[row], row);
	if (last.failed)
		status = CNV_NO_MEMORY;
	for (uint32_t row = 0; row < rows && !status; row++) {
		if (cnv_map_find(&last, kept->codes[row]) != row)
			continue;
		status = send_back(r, &c, row);
		/* An existing file does not prevent the others from being written. */
		refused |= status == CNV_REJECTED;
		status = status == CNV_REJECTED ? CNV_OK : status;
		if (in->listener.annotating)
			in->listener.annotating(in->listener.self, row + 1, rows);
	}
	in->totals.not_overwritten |= refused;
	cnv_map_fini(&last);
	cnv_copier_fini(&c);
	return status;
}

static cnv_status match_queries(const returning *r)
{
	cnv_intake *in = r->a->intake;
	cnv_diags diags = r->diags;
	uint64_t waiting = 0;
	cnv_status status = CNV_OK;

	if (in->options.rehearse)
		return CNV_OK;
	status = cnv_store_unmatched(in->store, in->options.round, &waiting, &diags);
	return status || !waiting ? status : cnv_store_match(in->store, in->options.round, in->options.now, &diags);
}

void annotate_write(arrival *a, const uint8_t sha256[32])
{
	cnv_intake *in = a->intake;
	returning r = { .a = a, .kept = &a->returned, .sha256 = sha256 };
	cnv_status status = CNV_OK;

	r.diags = (cnv_diags){ .emit = in->listener.diag, .self = in->listener.self };
	if (a->left_out)
		note(&r, CNV_ANNOTATE_LARGE, (cnv_str){ 0 },
		     "more than 1,000 responses have findings; workbooks are written for the first 1,000");
	if (!a->returned.batch || !a->returned.batch->tables[0].rows)
		return;
	r.batch = cnv_batch_new(in->form->form);
	status = r.batch ? match_queries(&r) : CNV_NO_MEMORY;
	if (!status)
		status = send_back_all(&r);
	if (status > in->totals.fault)
		in->totals.fault = status;
	cnv_batch_free(r.batch);
	cnv_map_fini(&r.queries);
	cnv_mem_free(r.query_ids);
	cnv_mem_free(r.waived);
	cnv_arena_fini(&r.arena);
}
