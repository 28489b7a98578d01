/* Each single allocation refused, once: gathering, settling, judging and importing end as if nothing had been refused,
 * or say that memory ran out.  FULL=1 refuses every one; else some, spread over the run. */
#include "intake_stage.h"
#include "zip_parts.h"

#include "canvass/session.h"
#include "io/zip.h"

#include "canvass/interview.h"
#include "canvass/packs.h"

static const char form[] =
	"survey\n,type,name,label,required,relevant,constraint,calculation,choice_filter,default\n"
	",text,who,Who,yes,,,,\n,text,made,Made,,,,,,\"concat('on ', today())\"\n,integer,age,Age in years,yes,,. < "
	"150,,\n,date,day,Day,,,,,\n"
	",text,code,Code,,,\"regex(., '^[0-9]{5}$')\",,\n"
	",select_one yn,ok,Okay,,,,,\n,text,why,Why,yes,${ok} = 'no',,,\n"
	",select_multiple way,ways,Ways,,,count-selected(.) < 3,,\n,text,ways_other,Which,,,,,\n"
	",select_one city,city,City,,,,,region=${ok}\n"
	",calculate,id,,,,,uuid(),\n,calculate,twice,,,,,\"concat(${age}, '+', ${age}, ' ', once(random()))\",\n"
	",begin_repeat,ship,Ship,,,,,\n,text,flag,Flag,yes,,,,\n,integer,crew,Crew,,,. > 0,,\n,end_repeat,,,,,,,\n"
	"choices\n,list_name,name,label,region\n,yn,yes,Yes,\n,yn,no,No,\n"
	",way,sea,By sea,\n,way,land,By land,\n,way,other,Other,\n,city,oslo,Oslo,yes\n,city,lima,Lima,no\n"
	"settings\n,form_id,version,respondent\n,ships,1,who\n";

static const char wide[] = "who,age,day,code,ok,why,ways,city,ship[1]/flag,ship[1]/crew,ship[2]/flag,strange\n"
			   "AA,\"1,200\",31/12/2026,00123,Yes,,\"Other: ferry; By land\",Oslo,NO,5,SE,x\n"
			   "BB,5 years,03/04/2026,123,no,,sea land other,oslo,,0,DK,\n"
			   "CC,N/A,5-mar,Sep-06,maybe,so,river,,,,,y\n";

static const char longer[] =
	"question,no,label,answer,note\nwho,,,AA,\nage,,,7,a remark\nday,,,2026-02-30,\ncode,,,#REF!,\n"
	"ok,,,no,another\nways,,,sea;land,\nship[1]/flag,,,NO,\nship[3]/flag,,,SE,of an entry\nnobody,,,x,\n";

/* From one refused allocation to the next; some: where not every one is tried. */
static size_t step(size_t some)
{
	const char *full = getenv("FULL");

	return full && strcmp(full, "1") == 0 ? 1 : some;
}

/* ---------------------------------------------------------------- gathered, settled, judged */

static void on_told(void *self, const cnv_diag *diag)
{
	cnv_text_format(self, "%u@%u:%u %.*s (%.*s)\n", diag->code, diag->place.row, diag->place.column,
			CNV_ARG(diag->message), CNV_ARG(diag->hint));
}

static void on_judged(void *self, const cnv_finding *finding)
{
	cnv_text_format(self, "%.*s: ", CNV_ARG(finding->diag.field));
	on_told(self, &finding->diag);
}

static void on_read(void *self, const cnv_ledger_entry *entry)
{
	cnv_text_format(self, "%.*s: %.*s -> %.*s (%s)\n", CNV_ARG(entry->path), CNV_ARG(entry->from),
			CNV_ARG(entry->to), entry->why);
}

static cnv_status gather_all(cnv_batch *batch, const char *file, cnv_text *said)
{
	cnv_diags diags = { .emit = on_told, .self = said };
	cnv_gather *gather = cnv_gather_new(batch->form, batch, CNV_STR("a.csv"), &diags);
	cnv_csv_sink sink = { .self = gather,
			      .field = (void (*)(void *, cnv_str))cnv_gather_field,
			      .record = (cnv_status(*)(void *, uint32_t))cnv_gather_record };
	cnv_status status = CNV_NO_MEMORY;

	if (gather)
		status = cnv_csv_read(CNV_STR("a.csv"), cnv_str_from(file), 0, (cnv_csv_limits){ 0 }, &sink, &diags);
	if (!status)
		status = cnv_gather_end(gather);
	cnv_gather_free(gather);
	return status;
}

/* Everything that the file came to, as text. */
static void dump(const cnv_batch *batch, cnv_text *said, cnv_arena *arena)
{
	for (uint32_t t = 0; t < batch->table_count; t++)
		for (uint32_t k = 0; k < batch->tables[t].count; k++)
			for (uint32_t row = 0; row < batch->tables[t].rows; row++) {
				const cnv_column *column = &batch->tables[t].columns[k];

				cnv_text_format(said, "%u.%u.%u %u %.*s\n", t, k, row, column->verdicts[row],
						CNV_ARG(cnv_cell_value(batch->form, column, row, arena)));
			}
	for (uint32_t i = 0; i < batch->remark_count; i++)
		cnv_text_format(said, "remark %u.%u %.*s\n", batch->remarks[i].table, batch->remarks[i].row,
				CNV_ARG(batch->remarks[i].text));
}

/* said: what was heard and what the batch then holds. */
static cnv_status judge(const stage *s, const char *file, size_t refused, cnv_text *said)
{
	cnv_ledger ledger = { .emit = on_read, .self = said };
	cnv_findings findings = { .emit = on_judged, .self = said };
	const cnv_world world = { .now = s->now, .seed = 1 };
	cnv_arena scratch = { 0 };
	cnv_status status = CNV_NO_MEMORY;
	cnv_batch *batch;

	/* What is heard is kept without asking for memory. */
	said->len = 0;
	cnv_mem_fail_once(refused);
	batch = cnv_batch_new(s->form.form);
	if (batch)
		status = gather_all(batch, file, said);
	if (!status)
		status = cnv_settle(batch, CNV_STR("a.csv"), &ledger);
	if (!status)
		status = cnv_check(s->form.plan, batch, &world, CNV_STR("a.csv"), 0, &scratch, &findings);
	cnv_mem_fail_once(SIZE_MAX);
	if (!status)
		dump(batch, said, &scratch);
	cnv_batch_free(batch);
	cnv_arena_fini(&scratch);
	return status;
}

/* Did it end because allocation `k` was refused?  Otherwise all was said as if nothing had been. */
static bool is_short(cnv_status status, cnv_text *said, const cnv_text *want, size_t k, size_t needed)
{
	if (status) {
		assert_int_equal(status, CNV_NO_MEMORY);
		return true;
	}
	if (said->len != want->len || memcmp(said->at, want->at, want->len) != 0) {
		cnv_text_put_char(said, 0);
		print_error("allocation %zu of %zu refused:\n%s\n", k, needed, said->at);
		assert_true(false);
	}
	return false;
}

static void judging_never_forgets(void **state)
{
	static const char *const files[] = { wide, longer };

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		cnv_text want = { 0 }, said = { 0 };
		size_t before, needed, short_of = 0, tried = 0;
		stage s;

		set_stage(&s, form, NULL);
		cnv_text_format(&want, "%40000s", "");
		cnv_text_format(&said, "%40000s", "");
		before = cnv_mem_allocations();
		assert_int_equal(judge(&s, files[i], SIZE_MAX, &want), CNV_OK);
		needed = cnv_mem_allocations() - before;
		for (size_t k = 0; k < needed; k += step(11), tried++) {
			cnv_status status = judge(&s, files[i], k, &said);

			short_of += is_short(status, &said, &want, k, needed);
		}
		assert_true(short_of > tried / 2);
		cnv_text_fini(&want);
		cnv_text_fini(&said);
		strike(&s);
	}
}

/* ---------------------------------------------------------------- imported */

static const char head[] = "question,label,answer,note,still_right,prefilled\n";
static const char revised[] = "who,age,code,ok,ship[1]/flag,ship[1]/crew\nAA,8,00123,yes,NO,5\n";

/* What is stored before, and the files whose import is refused memory. */
static const struct import_case {
	const char *name;
	const char *earlier[2]; /* each imported by itself */
	const char *names;      /* separated by blanks */
	const char *files[3];   /* their contents; of none, it is the workbook with the first of the earlier answers */
	const char *head;       /* before the first of them */
	const char *was, *now;  /* a text in the parts of the workbook, and what it is when it comes back; NULL */
	bool keep_blank;
	const char *heard; /* a part of what is heard when nothing is refused */
} import_cases[] = {
	{ .name = "imported: columns and lines",
	  .names = "a.csv b.csv",
	  .files = { wide, longer },
	  .heard = "= b.csv accepted" },
	{ .name = "imported: earlier answers confirmed, changed and not touched",
	  .earlier = { "who,age,code,ok,ways\nAA,7,00123,yes,sea\n" },
	  .names = "a.csv",
	  .head = head,
	  .files = { "who,,AA,,,\nage,,8,,,7\ncode,,00123,,x,00123\nok,,yes,,perhaps,yes\nways,,sea,a "
		     "remark,,sea\n"
		     "ship[1]/flag,,NO,,,NO\nship[1]/crew,,6,,,5\n" },
	  .heard = "W0638" },
	{ .name = "imported: all earlier answers confirmed by one tick",
	  .names = "a.csv",
	  .head = head,
	  .files = { "still_right,,x,,,\nwho,,AA,,,\nage,,7,,,7\nok,,yes,,,yes\n" },
	  .heard = "+ AA 3" },
	{ .name = "imported: returned blank",
	  .earlier = { "who,age\nAA,7\n" },
	  .names = "a.csv",
	  .head = head,
	  .files = { "who,,AA,,,\nage,,7,,,7\nok,,yes,,,yes\n" },
	  .heard = "W0637" },
	{ .name = "imported: a workbook made from an earlier revision, with nothing changed",
	  .earlier = { "who,age,code,ok,ship[1]/flag\nAA,7,00123,yes,NO\n", revised },
	  .names = "a.xlsx",
	  .heard = "W0637" },
	{ .name = "imported: a workbook made from an earlier revision, where each changed another answer",
	  .earlier = { "who,age,code,ok,ship[1]/flag\nAA,77,00123,yes,NO\n",
		       "who,age,code,ok,ship[1]/flag,ship[1]/crew\nAA,77,00124,yes,NO,5\n" },
	  .names = "a.xlsx",
	  .was = "<v>77</v>",
	  .now = "<v>88</v>",
	  .heard = "* AA 3: age 77 -> 88\n" },
	{ .name = "imported: a workbook made from an earlier revision, where both changed an answer",
	  .earlier = { "who,age,code,ok,ship[1]/flag\nAA,77,00123,yes,NO\n",
		       "who,age,code,ok,ship[1]/flag\nAA,78,00123,yes,NO\n" },
	  .names = "a.xlsx",
	  .was = "<v>77</v>",
	  .now = "<v>88</v>",
	  .heard = "E0697@0\n= a.xlsx quarantined" },
	{ .name = "imported: what was left blank is kept",
	  .earlier = { "who,age,code,ok,city,ways,ship[1]/flag,ship[2]/flag\nAA,7,00123,yes,oslo,sea,NO,SE\n" },
	  .names = "a.csv",
	  .files = { "who,age,ok\nAA,,no\n" },
	  .keep_blank = true,
	  .heard = "city" },
	{ .name = "imported: one sheet of several",
	  .earlier = { "who,age,code,ok,ways,ship[1]/flag,ship[1]/crew\nAA,7,00123,yes,sea,NO,5\n" },
	  .names = "demo-AA-Questionnaire.csv",
	  .files = { "question,label,answer,note,asked\nwho,,AA,,\nage,,8,,\nday,,2026-01-02,,\n" },
	  .heard = "W0671" },
	{ .name = "imported: the sheets of a questionnaire",
	  .names = "demo-AA-Questionnaire.csv demo-AA-Ship.csv demo-BB-Ship.csv",
	  .files = { "question,label,answer,note,asked\nwho,,AA,,\nage,,8,,\nday,,2026-01-02,,\n",
		     "Ship,,\nNo.,Flag,Crew\nship[],ship[]/flag,ship[]/crew\n1,NO,5\n2,SE,many\n",
		     "Ship,,\nNo.,Flag,Crew\nship[],ship[]/flag,ship[]/crew\n1,FI,5\n" },
	  .heard = "with demo-AA-Ship.csv" },
};

/* The outcome, and what the store holds. */
static cnv_status take_case(importing *i, const struct import_case *test, size_t refused)
{
	cnv_str rest = cnv_str_from(test->names), name;
	cnv_status status = CNV_NO_MEMORY;
	cnv_intake *intake;

	cnv_text_reset(&i->heard);
	cnv_mem_fail_once(refused);
	intake = new_intake(i);
	if (intake)
		status = CNV_OK;
	while (!status && cnv_str_split(&rest, ' ', &name) && name.len) {
		char path[600];

		status = cnv_intake_add(intake, (cnv_str){ path, (size_t)snprintf(path, sizeof path, "%s/%.*s",
										  i->s.folder, CNV_ARG(name)) });
	}
	if (!status)
		status = cnv_intake_run(intake);
	cnv_mem_fail_once(SIZE_MAX);
	if (intake)
		i->totals = *cnv_intake_get_totals(intake);
	cnv_intake_free(intake);
	return status > i->totals.fault ? status : i->totals.fault;
}

static const char *everything(importing *i)
{
	static const char *const queries[] = {
		"SELECT respondent, revision, line, hex(digest) FROM response ORDER BY id",
		"SELECT code, path, line, col, value, message, hint FROM finding ORDER BY id",
		"SELECT path, stood, read_as, why FROM ledger ORDER BY id",
		"SELECT question, line, text FROM remark ORDER BY id",
		"SELECT code, message, hint, bytes FROM quarantine ORDER BY id",
		"SELECT response, path, state FROM prior ORDER BY response, path",
		"SELECT file, respondent FROM returned_blank ORDER BY id",
		"SELECT number, kind, respondent FROM event ORDER BY id",
		"SELECT file, position, size FROM original ORDER BY id",
		"SELECT * FROM answers_1_0_0 ORDER BY id",
		"SELECT * FROM answers_1_1_0 ORDER BY id",
	};
	cnv_text all = { 0 };
	cnv_str copy;

	for (size_t k = 0; k < sizeof queries / sizeof queries[0]; k++)
		cnv_text_put(&all, cnv_str_from(stored(i, queries[k])));
	cnv_text_put_char(&all, 0);
	copy = cnv_arena_copy(&i->s.arena, cnv_text_str(&all));
	cnv_text_fini(&all);
	return copy.at;
}

static cnv_status on_piece(void *self, cnv_str bytes)
{
	cnv_text_put(self, bytes);
	return CNV_OK;
}

/* A part of a workbook, with a text in place of another. */
static cnv_str part_of(importing *i, cnv_zip *zip, uint32_t part, const struct import_case *test, uint32_t *found)
{
	cnv_text bytes = { 0 };
	cnv_str copy;
	size_t at;

	assert_int_equal(cnv_zip_stream(zip, part, on_piece, &bytes), CNV_OK);
	copy = cnv_arena_copy(&i->s.arena, cnv_text_str(&bytes));
	cnv_text_fini(&bytes);
	at = cnv_str_find(copy, cnv_str_from(test->was));
	if (at == SIZE_MAX)
		return copy;
	++*found;
	return cnv_arena_format(&i->s.arena, "%.*s%s%.*s", CNV_ARG(cnv_str_slice(copy, 0, at)), test->now,
				CNV_ARG(cnv_str_slice(copy, at + strlen(test->was), copy.len)));
}

/* The workbook of the test, whose answer somebody has changed. */
static void change_pack(importing *i, const struct import_case *test)
{
	struct zip_part parts[64];
	cnv_text out = { 0 };
	uint32_t found = 0;
	cnv_zip *zip;

	assert_int_equal(cnv_zip_open(&zip, path_to(&i->s, "a.xlsx").at), CNV_OK);
	assert_true(cnv_zip_count(zip) <= 64);
	for (uint32_t k = 0; k < cnv_zip_count(zip); k++)
		parts[k] = (struct zip_part){ cnv_arena_format(&i->s.arena, "%.*s", CNV_ARG(cnv_zip_name(zip, k))).at,
					      part_of(i, zip, k, test, &found) };
	assert_int_equal(found, 1);
	zip_write(&out, parts, cnv_zip_count(zip));
	write_file(&i->s, "a.xlsx", cnv_text_str(&out));
	cnv_text_fini(&out);
	cnv_zip_close(zip);
}

/* The workbook of AA with the answers that count filled in. */
static void write_pack(importing *i, const struct import_case *test)
{
	cnv_packs packs = { .form = &i->s.form,
			    .store = i->s.store,
			    .folder = path_to(&i->s, "packs"),
			    .stem = CNV_STR("ships"),
			    .round = ROUND,
			    .respondent = CNV_STR("AA"),
			    .prefill = ROUND,
			    .now = i->s.now };

	assert_int_equal(cnv_packs_write(&packs, &i->s.roster.roster, &i->s.diags), CNV_OK);
	cnv_packs_fini(&packs);
	write_file(&i->s, "a.xlsx", read_file(&i->s, "packs/AA/ships-AA.xlsx"));
	if (test->was)
		change_pack(i, test);
}

static void lay(importing *i, const struct import_case *test)
{
	cnv_str rest = cnv_str_from(test->names), name;

	set_importing(i, form, "code,name\nAA,Alpha\nBB,Beta\nCC,Gamma\n");
	for (size_t k = 0; k < 2 && test->earlier[k]; k++) {
		import_text(i, k ? "second.csv" : "first.csv", test->earlier[k]);
		assert_int_equal(i->totals.accepted, 1);
		if (!test->files[0] && !k)
			write_pack(i, test);
	}
	i->options.keep_blank = test->keep_blank;
	/* What is heard is kept without asking for memory. */
	cnv_text_format(&i->heard, "%40000s", "");
	for (size_t k = 0; test->files[0] && cnv_str_split(&rest, ' ', &name) && name.len; k++)
		write_file(&i->s, cnv_arena_format(&i->s.arena, "%.*s", CNV_ARG(name)).at,
			   cnv_arena_format(&i->s.arena, "%s%s", k || !test->head ? "" : test->head, test->files[k]));
}

static void importing_never_forgets(void **state)
{
	const struct import_case *test = *state;
	size_t before, needed, short_of = 0, tried = 0;
	char *want, *heard;
	importing i;

	lay(&i, test);
	before = cnv_mem_allocations();
	assert_int_equal(take_case(&i, test, SIZE_MAX), CNV_OK);
	needed = cnv_mem_allocations() - before;
	want = strdup(everything(&i));
	cnv_text_put_char(&i.heard, 0);
	heard = strdup(i.heard.at);
	if (!strstr(heard, test->heard))
		print_error("%s%s\n", heard, i.message);
	assert_non_null(strstr(heard, test->heard));
	strike_importing(&i);
	for (size_t k = 0; k < needed; k += step(23), tried++) {
		lay(&i, test);
		if (take_case(&i, test, k)) {
			short_of++;
		} else {
			cnv_text_put_char(&i.heard, 0);
			if (strcmp(everything(&i), want) != 0 || strcmp(i.heard.at, heard) != 0)
				print_error("allocation %zu of %zu refused:\n", k, needed);
			assert_string_equal(i.heard.at, heard);
			assert_string_equal(everything(&i), want);
		}
		strike_importing(&i);
	}
	assert_true(short_of > tried / 2);
	free(want);
	free(heard);
}

/* ---------------------------------------------------------------- an interview and its draft */

static const struct interview_answer {
	const char *name, *text, *remark;
	uint32_t entry; /* 0: of the response, else the last that was added */
} interview_answers[] = {
	{ "who", "AA", "by telephone", 0 }, { "age", "1,200", NULL, 0 },        { "code", "00123", NULL, 0 },
	{ "ok", "No", "not yet", 0 },       { "ways", "sea land", NULL, 0 },    { "city", "oslo", NULL, 0 },
	{ "flag", "NO", NULL, 1 },          { "crew", "many", "ask again", 1 },
};

/* Answers set one by one, as collect does, and then a single one by its path. */
static cnv_status answer_all(cnv_session *session, const cnv_form *of, cnv_diags *diags)
{
	const cnv_answer_given amended = { CNV_STR("age"), CNV_STR("41") };
	const cnv_question_id ship = cnv_form_find(of, CNV_STR("ship"));
	cnv_status status = CNV_OK;
	uint32_t entry = 0;

	for (size_t k = 0; k < sizeof interview_answers / sizeof interview_answers[0] && !status; k++) {
		const struct interview_answer *answer = &interview_answers[k];
		cnv_session_cell at = { 0, cnv_form_find(of, cnv_str_from(answer->name)) };

		if (answer->entry && !entry)
			entry = cnv_session_enter(session, 0, ship);
		if (answer->entry)
			at.entry = entry;
		status = entry == CNV_NONE ? CNV_NO_MEMORY : cnv_session_set(session, at, cnv_str_from(answer->text));
		if (!status && answer->remark)
			status = cnv_session_remark(session, at, cnv_str_from(answer->remark));
		if (!status)
			status = cnv_session_turn(session);
	}
	return status ? status : cnv_interview_amend(session, of, &amended, 1, diags);
}

static cnv_status keep_draft(stage *s, cnv_session *session, cnv_diags *diags)
{
	cnv_text csv = { 0 };
	cnv_session_progress progress = cnv_session_progress_of(session);
	cnv_status status = cnv_interview_write(session, &s->form, NULL, CNV_LINES_DRAFT, &csv);
	cnv_draft draft = { .respondent = CNV_STR("AA"),
			    .who = CNV_STR("kim"),
			    .form = s->form.bytes,
			    .version = s->form.form->version,
			    .bytes = cnv_text_str(&csv),
			    .answered = progress.answered,
			    .asked = progress.asked,
			    .changed = s->now };

	if (!status)
		status = cnv_store_put_drafts(s->store, ROUND, &draft, 1, diags);
	cnv_text_fini(&csv);
	return status;
}

/* The draft taken up by a session of its own, and written as the response that would be imported. */
static cnv_status take_up(stage *s, cnv_arena *arena, cnv_diags *diags, cnv_text *said)
{
	const cnv_world world = { .now = s->now, .seed = 5 };
	const cnv_draft *drafts = NULL;
	const cnv_session_finding *finding;
	uint32_t count = 0;
	cnv_text csv = { 0 };
	cnv_status status = cnv_store_drafts(s->store, ROUND, CNV_STR("AA"), arena, &drafts, &count, diags);
	cnv_session *session = status ? NULL : cnv_session_new(s->form.plan, &world, 0);

	if (!session)
		return status ? status : CNV_NO_MEMORY;
	assert_int_equal(count, 1);
	status = cnv_interview_resume(session, &s->form, &drafts[0], diags);
	if (!status)
		status = cnv_session_turn(session);
	if (!status)
		status = cnv_interview_write(session, &s->form, NULL, CNV_LINES_RESPONSE, &csv);
	for (uint32_t k = 0; !status && (finding = cnv_session_finding_at(session, k)) != NULL; k++)
		cnv_text_format(said, "%u.%u %u %.*s (%.*s)\n", finding->cell.entry, finding->cell.question,
				finding->code, CNV_ARG(finding->message), CNV_ARG(finding->hint));
	if (!status)
		cnv_text_format(said, "%u of %u, by %.*s\n%.*s", drafts[0].answered, drafts[0].asked,
				CNV_ARG(drafts[0].who), CNV_ARG(cnv_text_str(&csv)));
	cnv_text_fini(&csv);
	cnv_session_free(session);
	return status;
}

static cnv_status interview(stage *s, size_t refused, cnv_text *said)
{
	const cnv_world world = { .now = s->now, .seed = 5 };
	cnv_diags diags = { .emit = on_told, .self = said };
	cnv_arena arena = { 0 };
	cnv_session *session;
	cnv_status status = CNV_NO_MEMORY;

	said->len = 0;
	cnv_mem_fail_once(refused);
	session = cnv_session_new(s->form.plan, &world, 0);
	if (session)
		status = answer_all(session, s->form.form, &diags);
	if (!status)
		status = keep_draft(s, session, &diags);
	cnv_session_free(session);
	if (!status)
		status = take_up(s, &arena, &diags, said);
	cnv_mem_fail_once(SIZE_MAX);
	cnv_arena_fini(&arena);
	return status;
}

static void a_draft_never_forgets(void **state)
{
	cnv_text want = { 0 }, said = { 0 };
	size_t before, needed, short_of = 0, tried = 0;
	stage s;

	(void)state;
	set_stage(&s, form, NULL);
	cnv_text_format(&want, "%40000s", "");
	cnv_text_format(&said, "%40000s", "");
	before = cnv_mem_allocations();
	assert_int_equal(interview(&s, SIZE_MAX, &want), CNV_OK);
	needed = cnv_mem_allocations() - before;
	cnv_text_put_char(&want, 0);
	assert_non_null(strstr(want.at, "ship[1]/crew,,Crew,many,ask again"));
	assert_non_null(strstr(want.at, "made,,Made,on 2026-12-20"));
	want.len--;
	for (size_t k = 0; k < needed; k += step(3), tried++) {
		cnv_status status = interview(&s, k, &said);

		short_of += is_short(status, &said, &want, k, needed);
	}
	assert_true(short_of > tried / 2);
	cnv_text_fini(&want);
	cnv_text_fini(&said);
	strike(&s);
}

int main(void)
{
	enum { CASES = sizeof import_cases / sizeof import_cases[0] };
	enum { OTHERS = 2 };
	struct CMUnitTest tests[CASES + OTHERS] = { cmocka_unit_test(judging_never_forgets),
						    cmocka_unit_test(a_draft_never_forgets) };

	for (size_t k = 0; k < CASES; k++)
		tests[k + OTHERS] = (struct CMUnitTest){ .name = import_cases[k].name,
							 .test_func = importing_never_forgets,
							 .initial_state = (void *)(uintptr_t)&import_cases[k] };
	return _cmocka_run_group_tests("memory refused once", tests, CASES + OTHERS, NULL, NULL);
}
