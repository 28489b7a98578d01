/* Returns sent back: each with findings becomes the questionnaire that distribute makes, filled with the respondent's own
 * answers as they came, what is to be corrected marked and told in the respondent's language.
 *
 * Judged rows with findings are kept until their file is stored, for only then have the findings their ids.  Then each
 * response is laid into a batch of its own and judged once more, in its language.  Nothing of this happens without
 * --annotate. */
#include <time.h>

#include "taking.h"

/* Findings on one workbook: more than anybody corrects in one go; the others are told when these are settled. */
#define MOST_FINDINGS 1000u
/* Entries of one response: above, it is no questionnaire that a person would correct cell by cell. */
#define MOST_ENTRIES 10000u

struct cli_annotate {
	cnv_str folder;
	cnv_arena arena; /* keys of `written` */
	cnv_map written; /* codes: a later return of the run takes the place of an earlier one */
	uint64_t count;
	cli_exit exit;
	struct timespec begun;
	bool made, terminal;
};

cli_annotate *cli_annotate_new(cnv_str folder)
{
	cli_annotate *annotate = cnv_mem_array(1, sizeof *annotate);

	if (!annotate)
		return NULL;
	while (folder.len > 1 && folder.at[folder.len - 1] == '/')
		folder.len--;
	*annotate = (cli_annotate){ .folder = folder, .terminal = cli_is_terminal(stderr) };
	clock_gettime(CLOCK_MONOTONIC, &annotate->begun);
	return annotate;
}

uint64_t cli_annotate_count(const cli_annotate *annotate) { return annotate->count; }

cli_exit cli_annotate_exit(const cli_annotate *annotate) { return annotate->exit; }

void cli_annotate_free(cli_annotate *annotate)
{
	if (!annotate)
		return;
	cnv_map_fini(&annotate->written);
	cnv_arena_fini(&annotate->arena);
	cnv_mem_free(annotate);
}

/* ---------------------------------------------------------------- responses from one batch to another
 *
 * In rising order of their rows: entries of one response stand together and rise with it, so every row is looked at
 * once, however many responses there are. */

typedef struct copier {
	const cnv_batch *from;
	cnv_arena arena;
	uint32_t *next;             /* of each table: the first row not yet passed */
	uint32_t *first, *into;     /* of each table: where the rows of this response begin, here and there */
	uint32_t *remarks, *follow; /* of each response its first remark, and behind each remark the next; CNV_NONE */
} copier;

static bool copier_open(copier *c, const cnv_batch *from)
{
	*c = (copier){ .from = from };
	c->next = cnv_arena_array(&c->arena, from->table_count, sizeof *c->next);
	c->first = cnv_arena_array(&c->arena, from->table_count, sizeof *c->first);
	c->into = cnv_arena_array(&c->arena, from->table_count, sizeof *c->into);
	c->remarks = cnv_arena_array(&c->arena, (size_t)from->tables[0].rows + 1, sizeof *c->remarks);
	c->follow = cnv_arena_array(&c->arena, (size_t)from->remark_count + 1, sizeof *c->follow);
	if (c->arena.failed)
		return false;
	for (uint32_t row = 0; row < from->tables[0].rows; row++)
		c->remarks[row] = CNV_NONE;
	for (uint32_t i = from->remark_count; i-- > 0;) {
		const cnv_remark *remark = &from->remarks[i];
		uint32_t row = remark->table ? cnv_batch_owner(from, remark->table, remark->row, 0) : remark->row;
		c->follow[i] = c->remarks[row];
		c->remarks[row] = i;
	}
	return true;
}

/* The answers of one row, which becomes the last row of its table.  What the form calculates is calculated anew. */
static void copy_row(const copier *c, cnv_batch *to, uint32_t index, uint32_t row, uint32_t parent)
{
	const cnv_table *table = &c->from->tables[index];
	uint32_t into = cnv_batch_row(to, index, parent, table->lines[row]);

	for (uint32_t i = 0; i < table->count && into != CNV_NONE && !to->failed; i++) {
		const cnv_column *column = &table->columns[i];
		cnv_str text = cnv_column_text(column, row);
		if (c->from->form->questions[column->question].role != CNV_ASKED || !text.len)
			continue;
		cnv_batch_put(to, index, i, text, cnv_row_line(table, column, row));
		if (column->verdicts[row] == CNV_DUPLICATE && !to->failed)
			to->tables[index].columns[i].verdicts[into] = CNV_DUPLICATE;
	}
}

/* Response `row` of table 0 with its entries and remarks; how many entries it has. */
static uint32_t copy_response(copier *c, cnv_batch *to, uint32_t row)
{
	const cnv_batch *from = c->from;
	uint32_t entries = 0;

	c->first[0] = row;
	c->into[0] = to->tables[0].rows;
	copy_row(c, to, 0, row, 0);
	for (uint32_t t = 1; t < from->table_count && !to->failed; t++) {
		const cnv_table *table = &from->tables[t];
		uint32_t above = from->form->tables[t].parent, *next = &c->next[t];

		while (*next < table->rows && cnv_batch_owner(from, t, *next, 0) < row)
			++*next;
		c->first[t] = *next;
		c->into[t] = to->tables[t].rows;
		for (; *next < table->rows && cnv_batch_owner(from, t, *next, 0) == row && !to->failed; ++*next) {
			copy_row(c, to, t, *next, c->into[above] + table->parents[*next] - c->first[above]);
			entries++;
		}
	}
	for (uint32_t i = c->remarks[row]; i != CNV_NONE && !to->failed; i = c->follow[i]) {
		const cnv_remark *remark = &from->remarks[i];
		cnv_batch_remark(to, remark->table, c->into[remark->table] + remark->row - c->first[remark->table],
		                 remark->question, remark->text, remark->line);
	}
	return entries;
}

/* ---------------------------------------------------------------- kept until the file is stored */

struct taking_kept {
	cnv_batch *batch; /* responses with findings, of all windows */
	cnv_str *codes;   /* of its rows of table 0 */
	uint32_t room;
	cnv_diag *told; /* of the file as a whole */
	uint32_t told_count, told_room;
	cnv_arena arena; /* texts of both */
};

static struct taking_kept *keeper(taking *t)
{
	if (!t->kept)
		t->kept = cnv_mem_array(1, sizeof *t->kept);
	t->failed |= !t->kept;
	return t->kept;
}

void taking_kept_free(taking *t)
{
	if (!t->kept)
		return;
	cnv_batch_free(t->kept->batch);
	cnv_mem_free(t->kept->codes);
	cnv_mem_free(t->kept->told);
	cnv_arena_fini(&t->kept->arena);
	cnv_mem_free(t->kept);
	t->kept = NULL;
}

void taking_keep_diag(taking *t, const cnv_diag *diag)
{
	struct taking_kept *kept = diag->severity == CNV_NOTE ? NULL : keeper(t);

	if (!kept || kept->told_count == MOST_FINDINGS)
		return;
	if (!cnv_mem_room((void **)&kept->told, &kept->told_room, kept->told_count + 1, sizeof *kept->told)) {
		t->failed = true;
		return;
	}
	kept->told[kept->told_count] = cnv_diag_copy(&kept->arena, diag);
	if (!diag->place.source.len)
		kept->told[kept->told_count].place.source = t->name;
	kept->told_count++;
}

cnv_status taking_keep_rows(taking *t, const cnv_str *respondents)
{
	const cnv_batch *batch = t->intake->batch;
	uint32_t rows = batch->tables[0].rows;
	uint8_t *wanted = cnv_mem_array((size_t)rows + 1, sizeof *wanted);
	struct taking_kept *kept = keeper(t);
	copier c = { 0 };
	cnv_status status = CNV_NO_MEMORY;

	if (!kept || !wanted || (!kept->batch && !(kept->batch = cnv_batch_new(batch->form))) || !copier_open(&c, batch))
		goto out;
	for (uint32_t i = 0; i < t->finding_count; i++)
		wanted[t->findings[i].response] |= t->findings[i].finding.diag.severity != CNV_NOTE;
	wanted[0] |= t->rows == 1 && kept->told_count;
	for (uint32_t row = 0; row < rows; row++) {
		uint32_t at = kept->batch->tables[0].rows;
		if (!wanted[row] || !respondents[row].len)
			continue;
		if (!cnv_mem_room((void **)&kept->codes, &kept->room, at + 1, sizeof *kept->codes))
			goto out;
		kept->codes[at] = cnv_arena_copy(&kept->arena, respondents[row]);
		copy_response(&c, kept->batch, row);
	}
	if (!kept->arena.failed && !kept->batch->failed)
		status = CNV_OK;
out:
	cnv_arena_fini(&c.arena);
	cnv_mem_free(wanted);
	return status;
}

/* ---------------------------------------------------------------- one response */

/* What comes together for one workbook. */
typedef struct returning {
	taking *taking;
	const struct taking_kept *kept;
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

/* Of what was told of this code and path; CNV_NONE. */
static uint32_t find_query(returning *r, const cnv_diag *diag)
{
	return cnv_map_find(&r->queries, cnv_arena_format(&r->arena, "%u %.*s", diag->code, CNV_ARG(diag->field)));
}

/* Only what is the respondent's to settle: not what was waived, nor what is told for those who ask. */
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

/* The ids that the findings of this respondent have in the store; a rehearsal gives none. */
static cnv_status read_queries(returning *r, cnv_str code)
{
	cli_intake *in = r->taking->intake;

	cnv_map_fini(&r->queries);
	r->queries = (cnv_map){ 0 };
	r->query_count = 0;
	if (in->options->rehearse)
		return CNV_OK;
	return cnv_store_queries(in->store, in->round, code, true, on_query, r, &r->diags);
}

/* --language, else the first of the respondent's that the form has, else the one that the return was filled in. */
static uint32_t language_of(const returning *r, const cnv_respondent *respondent)
{
	const cli_intake *in = r->taking->intake;
	cnv_str claimed = cnv_gather_claims(r->taking->gather)->at[CNV_CLAIM_LANGUAGE].value;

	if (in->options->language.len)
		return in->form->language;
	return cnv_pack_language(in->form->form, respondent && respondent->language.len ? respondent->language : claimed);
}

static cnv_status judge(returning *r, cnv_world *world, uint32_t language)
{
	taking *t = r->taking;
	cnv_conventions conventions = t->conventions;
	cnv_liberty liberty = { .literal = t->intake->options->strict, .conventions = &conventions };
	cnv_ledger ledger = { 0 };
	cnv_findings findings = { .tell = on_finding, .self = r };
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
		status = cnv_settle_as(r->batch, t->name, &liberty, &ledger);
	if (!status)
		status = cnv_check(t->intake->form->plan, r->batch, world, t->name, language, &scratch, &findings);
	cnv_arena_fini(&scratch);
	return !status && r->arena.failed ? CNV_NO_MEMORY : status;
}

static void note(returning *r, cnv_code code, cnv_str respondent, const char *words)
{
	cnv_diags_say(&r->diags, code, (cnv_place){ .source = r->taking->name }, respondent, (cnv_str){ 0 }, (cnv_str){ 0 },
	              "%s", words);
}

static cnv_status fill_due(returning *r, cnv_pack *pack)
{
	cli_intake *in = r->taking->intake;
	char digits[CNV_DAY_ROOM];
	int32_t day = 0;
	bool given = false;
	cnv_status status = cnv_store_due(in->store, in->round, &given, &day, &r->diags);

	if (!status && given)
		pack->due = cnv_arena_copy(&r->arena, (cnv_str){ digits, cnv_day_write(day, digits) });
	return status;
}

/* What was said of the file, but for what has been waived. */
static cnv_status add_told(returning *r, cnv_pack *pack)
{
	const struct taking_kept *kept = r->kept;
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
	cli_annotate *annotate = r->taking->intake->annotate;
	cnv_arena scratch = { 0 };
	bool again = cnv_map_find(&annotate->written, pack->code) != CNV_NONE;
	cnv_str target =
		cnv_arena_format(&r->arena, "%.*s/%.*s.xlsx", CNV_ARG(annotate->folder), CNV_ARG(pack->code));
	cnv_status status = CNV_OK;

	if (!target.len)
		return CNV_NO_MEMORY;
	if (!annotate->made)
		status = cnv_folder_make(annotate->folder, &r->diags);
	annotate->made = !status;
	if (!status)
		status = cnv_pack_write(pack, target, r->taking->intake->options->force || again, false,
		                        r->taking->intake->options->now, &scratch, &r->diags);
	cnv_arena_fini(&scratch);
	if (!status && !again) {
		cnv_map_put(&annotate->written, cnv_arena_copy(&annotate->arena, pack->code), 1);
		annotate->count++;
	}
	return status;
}

/* Has its respondent sent another since?  *revision: the one that counts. */
static bool is_outdated(returning *r, cnv_str code, uint32_t *revision, cnv_status *status)
{
	cli_intake *in = r->taking->intake;
	uint8_t sha256[32];
	bool same = true;

	*revision = 0;
	if (!in->options->rehearse)
		*status = cnv_store_latest(in->store, in->round, code, revision, sha256, &r->diags);
	for (size_t i = 0; *revision && i < sizeof sha256; i++)
		same &= sha256[i] == r->sha256[i];
	return r->taking->stored == 0 && *revision && !same;
}

static cnv_status send_back(returning *r, copier *c, uint32_t row)
{
	cli_intake *in = r->taking->intake;
	cnv_str code = r->kept->codes[row];
	uint32_t known = in->roster ? cnv_map_find(&in->roster->by_code, code) : CNV_NONE;
	const cnv_respondent *respondent = known == CNV_NONE ? NULL : &in->roster->respondents[known];
	cnv_world world = { .now = in->options->now, .seed = 1 };
	cnv_pack pack = { .form = in->form->form,
		          .language = language_of(r, respondent),
		          .code = code,
		          .name = respondent ? respondent->name : code,
		          .contact = cnv_form_setting(in->form->form, "contact"),
		          .round = in->round,
		          .batch = r->batch,
		          .world = &world };
	cnv_status status = CNV_OK;

	cnv_arena_reset(&r->arena);
	cnv_batch_reset(r->batch);
	if (copy_response(c, r->batch, row) > MOST_ENTRIES) {
		note(r, CNV_ANNOTATE_LARGE, code, "it has more than 10,000 entries, and is not written to be corrected");
		return CNV_OK;
	}
	if (!cnv_respondent_code_ok(code)) {
		note(r, CNV_ANNOTATE_NAME, code, "no file can be named after this code");
		return CNV_OK;
	}
	if (is_outdated(r, code, &pack.revision, &status)) {
		note(r, CNV_ANNOTATE_OUTDATED, code, "a later revision counts; this one is not sent back");
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
	/* What was said of the whole file is for whoever sent it, if it is one response. */
	if (!status && r->taking->rows == 1)
		status = add_told(r, &pack);
	if (!status && (pack.finding_count || pack.told_count))
		status = write(r, &pack);
	return status;
}

/* ---------------------------------------------------------------- a file */

static void show_progress(const cli_annotate *annotate, uint32_t done, uint32_t all)
{
	struct timespec now;

	if (!annotate->terminal || done % 16)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec > annotate->begun.tv_sec + 1)
		fprintf(stderr, "\r\033[Kannotated %u of %u", done, all);
}

/* The last response of each respondent that the file has: the one that counts. */
static cnv_status send_back_all(returning *r)
{
	cli_annotate *annotate = r->taking->intake->annotate;
	const struct taking_kept *kept = r->kept;
	uint32_t rows = kept->batch->tables[0].rows;
	cnv_map last = { 0 };
	copier c = { 0 };
	cnv_status status = copier_open(&c, kept->batch) ? CNV_OK : CNV_NO_MEMORY;
	bool refused = false;

	for (uint32_t row = rows; row-- > 0;)
		cnv_map_put(&last, kept->codes[row], row);
	if (last.failed)
		status = CNV_NO_MEMORY;
	for (uint32_t row = 0; row < rows && !status; row++) {
		if (cnv_map_find(&last, kept->codes[row]) != row)
			continue;
		status = send_back(r, &c, row);
		/* One that is there already keeps no other from being written. */
		refused |= status == CNV_REJECTED;
		status = status == CNV_REJECTED ? CNV_OK : status;
		show_progress(annotate, row + 1, rows);
	}
	if (annotate->terminal)
		fputs("\r\033[K", stderr);
	if (refused)
		annotate->exit = cli_worse(annotate->exit, CLI_USAGE);
	cnv_map_fini(&last);
	cnv_arena_fini(&c.arena);
	return status;
}

static cnv_status match_queries(const returning *r)
{
	cli_intake *in = r->taking->intake;
	cnv_diags diags = r->diags;
	uint64_t waiting = 0;
	cnv_status status = CNV_OK;

	if (in->options->rehearse)
		return CNV_OK;
	status = cnv_store_unmatched(in->store, in->round, &waiting, &diags);
	return status || !waiting ? status : cnv_store_match(in->store, in->round, in->options->now, &diags);
}

void taking_annotate(taking *t, const uint8_t sha256[32])
{
	cli_annotate *annotate = t->intake->annotate;
	returning r = { .taking = t, .kept = t->kept, .sha256 = sha256 };
	cnv_status status = CNV_OK;

	r.diags = (cnv_diags){ .tell = t->intake->tell_diag, .self = t->intake->self };
	if (t->large)
		note(&r, CNV_ANNOTATE_LARGE, (cnv_str){ 0 }, "it is over 16 MiB, and is not written to be corrected");
	if (t->large || !t->kept || !t->kept->batch || !t->kept->batch->tables[0].rows)
		return;
	r.batch = cnv_batch_new(t->kept->batch->form);
	status = r.batch ? match_queries(&r) : CNV_NO_MEMORY;
	if (!status)
		status = send_back_all(&r);
	if (status == CNV_NO_MEMORY)
		fputs("canvass: out of memory\n", stderr);
	annotate->exit = cli_worse(annotate->exit, cli_exit_for(status));
	cnv_batch_free(r.batch);
	cnv_map_fini(&r.queries);
	cnv_mem_free(r.query_ids);
	cnv_mem_free(r.waived);
	cnv_arena_fini(&r.arena);
}
