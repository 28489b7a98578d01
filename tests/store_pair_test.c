/* Whose latest answers are these: large and small transactions, kept and rehearsed, must agree with a plain count.
 *
 * Each case takes in three files of made-up answers, in which a few people answer again and again or many hardly
 * ever, and counts for itself what is new, a revision, or there already. */
#include "store_stage.h"

#include "store/digest.h"
#include "store/state.h"

#define FILES 3
#define MOST_PEOPLE 5000

struct pair_case {
	const char *name;
	uint32_t people, rows; /* rows: of each file */
	bool large[FILES];
	bool blind; /* the filter takes everyone for known */
};

static const struct pair_case pair_cases[] = {
	{ "small files, few people", 7, 60, { false, false, false }, false },
	{ "large files, few people", 7, 60, { true, true, true }, false },
	{ "large files, everyone comes twice and more", 900, 2500, { true, true, true }, false },
	{ "large files, hardly anyone comes twice", MOST_PEOPLE, 700, { true, true, true }, false },
	{ "large files, everyone suspected", MOST_PEOPLE, 700, { true, true, true }, true },
	{ "a large file between small ones", 300, 500, { false, true, false }, false },
	{ "small files after a large one", 300, 500, { true, false, false }, false },
	{ "small files between large ones", 300, 500, { true, false, true }, false },
	{ "large files after a small one", 300, 500, { false, true, true }, false },
};

/* ---------------------------------------------------------------- made-up answers */

static uint64_t draw(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

/* What is known of everyone by plain counting, and what the store must tell of a file. */
typedef struct person {
	uint32_t revision;
	uint32_t line; /* of the last record in the file; 0: none */
} person;

static person people[MOST_PEOPLE];

static struct expected_pair {
	uint32_t who, line, line_before, revision;
	cnv_outcome outcome;
} expected_pairs[FILES * MOST_PEOPLE];
static uint32_t expected_count, told_count;

static void expect_record(uint32_t who, uint32_t line, cnv_outcome outcome)
{
	person *p = &people[who];

	p->revision += outcome != CNV_ALREADY;
	if (outcome != CNV_NEW)
		expected_pairs[expected_count++] = (struct expected_pair){ who, line, p->line, p->revision, outcome };
	p->line = line;
}

static cnv_status on_pair(void *self, const cnv_pair *pair)
{
	const struct expected_pair *expected = &expected_pairs[told_count++];
	char who[16];

	(void)self;
	snprintf(who, sizeof who, "P%u", expected->who);
	assert_true(told_count <= expected_count);
	assert_true(cnv_str_equal(pair->respondent, cnv_str_from(who)));
	assert_int_equal(pair->line, expected->line);
	assert_int_equal(pair->line_before, expected->line_before);
	assert_int_equal(pair->revision, expected->revision);
	assert_int_equal(pair->outcome, expected->outcome);
	assert_true(pair->before);
	return CNV_OK;
}

/* Takes in one file, window by window, and counts along. */
static void take_file(stage *s, const struct pair_case *test, uint32_t file, uint8_t *ages, cnv_store_counts *counts)
{
	cnv_store_file about = next_file(s);
	uint64_t seed = file + 1;
	cnv_text text = { 0 };

	*counts = (cnv_store_counts){ 0 };
	expected_count = told_count = 0;
	for (uint32_t i = 0; i < MOST_PEOPLE; i++)
		people[i].line = 0;
	assert_int_equal(begin(s, test->large[file]), CNV_OK);
	if (test->blind)
		memset(s->store->pairing.seen.words, 0xff, (size_t)64 << s->store->pairing.seen.bits);
	assert_int_equal(cnv_store_put_file(s->store, &about, &s->diags), CNV_OK);
	for (uint32_t row = 0; row < test->rows;) {
		cnv_str who[MOST_ROWS];
		uint64_t came = 0, seen = UINT64_MAX;

		cnv_text_reset(&text);
		cnv_text_put(&text, CNV_STR("respondent|age\n"));
		for (uint32_t i = 0; i < MOST_ROWS && row < test->rows; i++, row++) {
			uint32_t who_is = (uint32_t)draw(&seed) % test->people;
			uint8_t age = (uint8_t)(1 + draw(&seed) % 2);

			cnv_outcome outcome = !ages[who_is]         ? CNV_NEW
					      : ages[who_is] == age ? CNV_ALREADY
								    : CNV_REVISION;

			cnv_text_format(&text, "P%u|%u\n", who_is, age);
			counts->fresh += outcome == CNV_NEW;
			counts->already += outcome == CNV_ALREADY;
			counts->revisions += outcome == CNV_REVISION;
			expect_record(who_is, i + 2, outcome);
			came |= (uint64_t)(outcome != CNV_NEW) << i;
			ages[who_is] = age;
		}
		cnv_text_put_char(&text, 0);
		answer(s, text.at);
		for (uint32_t i = 0; i < s->batch->tables[0].rows; i++)
			who[i] = cnv_column_text(&s->batch->tables[0].columns[0], i);
		assert_int_equal(cnv_store_put_batch(s->store, s->batch, who, s->ids, s->outcomes, &seen, &s->diags),
				 CNV_OK);
		/* Who came is always seen; where responses come one by one, nobody else is. */
		assert_int_equal(came & ~seen, 0);
		if (!test->large[file])
			assert_int_equal(seen, came);
	}
	assert_int_equal(cnv_store_pair(s->store, on_pair, NULL, &s->diags), CNV_OK);
	assert_int_equal(told_count, expected_count);
	assert_int_equal(cnv_store_commit(s->store, &s->counts, &s->diags), CNV_OK);
	cnv_text_fini(&text);
}

static void take_files(stage *s, const struct pair_case *test, uint32_t from, uint32_t upto, uint8_t *ages)
{
	for (uint32_t file = from; file < upto; file++) {
		cnv_store_counts expected;

		take_file(s, test, file, ages, &expected);
		assert_counts(s, expected.fresh, expected.revisions, expected.already);
	}
}

/* ---------------------------------------------------------------- the cases */

/* What the store says of everyone, whatever the ids. */
static const char *tell(const struct pair_case *test, stage *s)
{
	static uint8_t ages[MOST_PEOPLE];

	memset(ages, 0, sizeof ages);
	memset(people, 0, sizeof people);
	set_stage(s, plain_form);
	assert_int_equal(open_store(s, CNV_STORE_WRITE), CNV_OK);
	take_files(s, test, 0, FILES, ages);
	assert_whole(s);
	return dump(s, "SELECT r.respondent, r.revision, r.file, r.line, r.digest, (SELECT revision FROM response l"
		       " WHERE l.id = r.later), a.q0, a.q1 FROM response r LEFT JOIN answers_1_0_0 a ON a.id = r.id"
		       " ORDER BY 1, 2");
}

static void responses_are_paired(void **state)
{
	const struct pair_case *test = *state;
	struct pair_case plain = { .people = test->people, .rows = test->rows };
	stage one, other;

	assert_string_equal(tell(test, &one), tell(&plain, &other));
	strike(&one);
	strike(&other);
}

static void responses_are_rehearsed(void **state)
{
	const struct pair_case *test = *state;
	static uint8_t ages[MOST_PEOPLE];
	const char *before;
	stage s;

	/* With `kept` files in the store, the others are rehearsed; kept as large, they leave it without its index. */
	for (uint32_t kept = 0; kept < FILES; kept++) {
		memset(ages, 0, sizeof ages);
		memset(people, 0, sizeof people);
		set_stage(&s, plain_form);
		assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
		take_files(&s, test, 0, kept, ages);
		close_store(&s);
		before = dump(&s, NULL);
		assert_int_equal(open_store(&s, CNV_STORE_REHEARSE), CNV_OK);
		take_files(&s, test, kept, FILES, ages);
		close_store(&s);
		assert_string_equal(before, dump(&s, NULL));
		strike(&s);
	}
}

/* ---------------------------------------------------------------- on the way */

/* A file that is given up leaves nothing behind, neither in the store nor in what a rehearsal knows. */
static void a_large_file_given_up_is_forgotten(void **state)
{
	cnv_str who[1] = { CNV_STR("CT") };
	stage s;

	(void)state;
	for (int rehearse = 0; rehearse < 2; rehearse++) {
		set_stage(&s, plain_form);
		assert_int_equal(open_store(&s, rehearse ? CNV_STORE_REHEARSE : CNV_STORE_WRITE), CNV_OK);
		take(&s, pairing_story[0], true);
		answer(&s, "respondent|age\nCT|1\n");
		assert_int_equal(begin(&s, true), CNV_OK);
		assert_int_equal(cnv_store_put_file(s.store, &(cnv_store_file){ .sha256 = { 9 } }, &s.diags), CNV_OK);
		assert_int_equal(cnv_store_put_batch(s.store, s.batch, who, s.ids, s.outcomes, NULL, &s.diags), CNV_OK);
		cnv_store_rollback(s.store);
		take(&s, pairing_story[1], true);
		assert_counts(&s, 1, 2, 3);
		take(&s, pairing_story[2], rehearse);
		assert_counts(&s, 0, 0, 2);
		strike(&s);
	}
}

/* ---------------------------------------------------------------- what the listener may ask and put */

static double age_of(stage *s, uint64_t id)
{
	cnv_reported reported = { 0 };
	bool found;

	cnv_batch_reset(s->again);
	assert_int_equal(cnv_store_response(s->store, id, s->again, &reported, &found, &s->diags), CNV_OK);
	if (!found)
		return -1;
	assert_int_equal(reported.id, id);
	return s->again->tables[0].columns[1].numbers[0];
}

static cnv_status read_pair(void *self, const cnv_pair *pair)
{
	cnv_finding finding = { .diag = { .severity = CNV_WARNING, .message = CNV_STR("m") }, .question = CNV_NONE };
	stage *s = self;
	char text[64];

	snprintf(text, sizeof text, "%s%.*s %d-%d r%d", s->said[0] ? ", " : "", CNV_ARG(pair->respondent),
		 pair->line_before, pair->line, pair->revision);
	strcat(s->said, text);
	snprintf(text, sizeof text, ": %g", age_of(s, pair->before));
	strcat(s->said, text);
	if (pair->outcome == CNV_ALREADY) {
		assert_true(!pair->id || age_of(s, pair->id) == -1);
		return CNV_OK;
	}
	snprintf(text, sizeof text, " > %g", age_of(s, pair->id));
	strcat(s->said, text);
	return cnv_store_put_finding(s->store, pair->id, &finding, &s->diags);
}

/* A batch of "respondent|age" goes in as the rows of one file, which is told pair by pair. */
static void put_and_pair(stage *s, const char *text, bool many,
			 cnv_status (*listener)(void *self, const cnv_pair *pair))
{
	cnv_store_file file = next_file(s);
	cnv_str who[MOST_ROWS];

	answer(s, text);
	for (uint32_t i = 0; i < s->batch->tables[0].rows; i++)
		who[i] = cnv_column_text(&s->batch->tables[0].columns[0], i);
	s->said[0] = 0;
	assert_int_equal(begin(s, many), CNV_OK);
	assert_int_equal(cnv_store_put_file(s->store, &file, &s->diags), CNV_OK);
	assert_int_equal(cnv_store_put_batch(s->store, s->batch, who, s->ids, s->outcomes, NULL, &s->diags), CNV_OK);
	assert_int_equal(cnv_store_pair(s->store, listener, s, &s->diags), CNV_OK);
	assert_int_equal(cnv_store_commit(s->store, &s->counts, &s->diags), CNV_OK);
}

static void a_listener_may_read_both_and_put_findings(void **state)
{
	stage s;

	(void)state;
	for (int many = 0; many < 2; many++) {
		set_stage(&s, plain_form);
		assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
		put_and_pair(&s, "respondent|age\nAUS|1\nNZ|2\n", many, read_pair);
		assert_string_equal(s.said, "");
		put_and_pair(&s, "respondent|age\nNZ|2\nPNG|3\nAUS|4\nNZ|5\nAUS|4\nPNG|6\n", many, read_pair);
		assert_string_equal(
			s.said, "NZ 0-2 r1: 2, AUS 0-4 r2: 1 > 4, NZ 2-5 r2: 2 > 5, AUS 4-6 r2: 4, PNG 3-7 r2: 3 > 6");
		assert_counts(&s, 1, 3, 2);
		assert_string_equal(
			dump(&s, "SELECT r.respondent, r.revision FROM finding f JOIN response r ON r.id = f.response"),
			" 3:AUS 1:2\n 3:NZ 1:2\n 3:PNG 1:2\n");
		assert_whole(&s);
		strike(&s);
	}
}

static cnv_status give_up(void *self, const cnv_pair *pair)
{
	(void)self;
	(void)pair;
	return CNV_STOPPED;
}

static void a_listener_may_give_up(void **state)
{
	cnv_str who[1] = { CNV_STR("AUS") };
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|age\nAUS|1\n", false);
	answer(&s, "respondent|age\nAUS|2\n");
	assert_int_equal(begin(&s, true), CNV_OK);
	assert_int_equal(cnv_store_put_file(s.store, &(cnv_store_file){ .sha256 = { 9 } }, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_put_batch(s.store, s.batch, who, s.ids, s.outcomes, NULL, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_pair(s.store, give_up, NULL, &s.diags), CNV_STOPPED);
	cnv_store_rollback(s.store);
	assert_string_equal(dump(&s, "SELECT count(*) FROM response"), " 1:1\n");
	strike(&s);
}

/* What was quarantined of a return is tried again, however many come with it. */
static void records_are_tried_again(void **state)
{
	cnv_diag why = { .code = CNV_STORE_FAILED, .message = CNV_STR("why"), .place = { .row = 3 } };
	cnv_str who[3] = { CNV_STR("AUS"), { 0 }, CNV_STR("PNG") };
	cnv_store_file file = { .sha256 = { 9 } };
	stage s;

	(void)state;
	for (int many = 0; many < 2; many++) {
		set_stage(&s, plain_form);
		assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
		for (int again = 0; again < 2; again++) {
			cnv_file_known known;
			uint64_t responses, seen;

			who[1] = again ? CNV_STR("NZ") : (cnv_str){ 0 };
			answer(&s, "respondent|age\nAUS|1\nNZ|2\nPNG|3\n");
			assert_int_equal(begin(&s, false), CNV_OK);
			assert_int_equal(
				cnv_store_find_file(s.store, file.sha256, (cnv_str){ 0 }, &known, &responses, &s.diags),
				CNV_OK);
			assert_int_equal(known, again ? CNV_FILE_PARTLY : CNV_FILE_NEW);
			assert_int_equal(cnv_store_put_file(s.store, &file, &s.diags), CNV_OK);
			if (many)
				assert_int_equal(cnv_store_expect_many(s.store, &s.diags), CNV_OK);
			assert_int_equal(cnv_store_put_batch(s.store, s.batch, who, s.ids, s.outcomes, &seen, &s.diags),
					 CNV_OK);
			if (!again)
				assert_int_equal(
					cnv_store_quarantine(s.store, &why, CNV_STR("NZ,2"), (cnv_str){ 0 }, &s.diags),
					CNV_OK);
			assert_int_equal(cnv_store_pair(s.store, give_up, NULL, &s.diags), CNV_OK);
			assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
			assert_int_equal(seen, again ? 5 : 0);
			assert_counts(&s, again ? 1 : 2, 0, again ? 2 : 0);
			assert_int_equal(s.outcomes[0], again ? CNV_ALREADY : CNV_NEW);
			assert_int_equal(s.outcomes[1], again ? CNV_NEW : CNV_QUARANTINED);
			assert_int_equal(s.ids[2] != 0, !again);
		}
		assert_string_equal(dump(&s, "SELECT respondent, revision, file FROM response"),
				    " 3:AUS 1:1 1:1\n 3:PNG 1:1 1:1\n 3:NZ 1:1 1:2\n");
		assert_string_equal(dump(&s, "SELECT count(*) FROM quarantine WHERE settled IS NULL"), " 1:0\n");
		strike(&s);
	}
}

/* Each round pairs for itself, also in one run. */
static void rounds_are_paired_apart(void **state)
{
	cnv_str who[2] = { CNV_STR("AUS"), CNV_STR("NZ") };
	stage s;

	(void)state;
	for (int rehearse = 0; rehearse < 2; rehearse++) {
		set_stage(&s, plain_form);
		assert_int_equal(open_store(&s, rehearse ? CNV_STORE_REHEARSE : CNV_STORE_WRITE), CNV_OK);
		answer(&s, "respondent|age\nAUS|1\nNZ|1\n");
		for (int i = 0; i < 4; i++) {
			cnv_store_file file = next_file(&s);

			assert_int_equal(cnv_store_begin(s.store, i % 2 ? CNV_STR("2027") : CNV_STR("2026"),
							 (cnv_instant){ 0 }, &s.diags),
					 CNV_OK);
			assert_int_equal(cnv_store_put_file(s.store, &file, &s.diags), CNV_OK);
			assert_int_equal(cnv_store_put_batch(s.store, s.batch, who, s.ids, s.outcomes, NULL, &s.diags),
					 CNV_OK);
			assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
			assert_counts(&s, i < 2 ? 2 : 0, 0, i < 2 ? 0 : 2);
		}
		strike(&s);
	}
}

/* What another canvass wrote between two files is known too. */
static void another_writer_is_noticed(void **state)
{
	cnv_store *ours;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|age\nAUS|1\n", true);
	ours = s.store;
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|age\nNZ|1\n", false);
	close_store(&s);
	s.store = ours;
	take(&s, "respondent|age\nNZ|1\nAUS|2\n", true);
	assert_counts(&s, 0, 1, 1);
	strike(&s);
}

static void a_filter_never_misses_and_rarely_errs(void **state)
{
	store_filter filter = { 0 };
	uint64_t seed = 1;
	uint32_t known = 0;

	(void)state;
	assert_true(store_filter_make(&filter, 10));
	for (uint32_t i = 0; i < 8192; i++) {
		cnv_str name = { (const char *)&i, sizeof i };

		known += store_filter_add(&filter, store_mix_text(4, name));
		assert_true(store_filter_has(&filter, store_mix_text(4, name)));
	}
	/* 64 bits for each, as a million have in the store's. */
	assert_int_equal(known, 0);
	for (uint32_t i = 0; i < 100000; i++)
		known += store_filter_has(&filter, draw(&seed) << 33 ^ draw(&seed));
	assert_in_range(known, 0, 10);
	store_filter_clear(&filter);
	assert_false(store_filter_has(&filter, 0));
	store_filter_free(&filter);
}

/* ---------------------------------------------------------------- all of them */

#define CASES (sizeof pair_cases / sizeof pair_cases[0])

int main(void)
{
	static const struct CMUnitTest stories[] = {
		cmocka_unit_test(a_large_file_given_up_is_forgotten),
		cmocka_unit_test(a_listener_may_read_both_and_put_findings),
		cmocka_unit_test(a_listener_may_give_up),
		cmocka_unit_test(records_are_tried_again),
		cmocka_unit_test(rounds_are_paired_apart),
		cmocka_unit_test(another_writer_is_noticed),
		cmocka_unit_test(a_filter_never_misses_and_rarely_errs),
	};
	static struct CMUnitTest tests[2 * CASES + sizeof stories / sizeof stories[0]];
	static char names[CASES][96];
	size_t count = 0;

	for (size_t i = 0; i < CASES; i++) {
		snprintf(names[i], sizeof names[i], "rehearsed: %s", pair_cases[i].name);
		tests[count++] = (struct CMUnitTest){ .name = pair_cases[i].name,
						      .test_func = responses_are_paired,
						      .initial_state = (void *)&pair_cases[i] };
		tests[count++] = (struct CMUnitTest){ .name = names[i],
						      .test_func = responses_are_rehearsed,
						      .initial_state = (void *)&pair_cases[i] };
	}
	for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++)
		tests[count++] = stories[i];
	return _cmocka_run_group_tests("store pairs", tests, count, NULL, NULL);
}
