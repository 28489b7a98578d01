/* Whose latest answers are these: large and small transactions, kept and rehearsed, must agree with a plain count.
 *
 * Each case takes in three files of made-up answers, in which a few people answer again and again or many hardly
 * ever, and counts for itself what is new, a revision, or there already. */
#include "store_stage.h"

#include "store/sql.h"

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

/* Takes in one file, window by window, and counts along. */
static void take_file(stage *s, const struct pair_case *test, uint32_t file, uint8_t *ages, cnv_store_counts *counts)
{
	cnv_store_file about = next_file(s);
	uint64_t seed = file + 1;
	cnv_text text = { 0 };

	*counts = (cnv_store_counts){ 0 };
	assert_int_equal(begin(s, test->large[file]), CNV_OK);
	if (test->blind)
		memset(s->store->pairing.seen.words, 0xff, (size_t)64 << s->store->pairing.seen.bits);
	assert_int_equal(cnv_store_put_file(s->store, &about, &s->diags), CNV_OK);
	for (uint32_t row = 0; row < test->rows;) {
		cnv_str who[MOST_ROWS];

		cnv_text_reset(&text);
		cnv_text_put(&text, CNV_STR("respondent|age\n"));
		for (uint32_t i = 0; i < MOST_ROWS && row < test->rows; i++, row++) {
			uint32_t person = (uint32_t)draw(&seed) % test->people;
			uint8_t age = (uint8_t)(1 + draw(&seed) % 2);

			cnv_text_format(&text, "P%u|%u\n", person, age);
			counts->fresh += !ages[person];
			counts->already += ages[person] == age;
			counts->revisions += ages[person] && ages[person] != age;
			ages[person] = age;
		}
		cnv_text_put_char(&text, 0);
		answer(s, text.at);
		for (uint32_t i = 0; i < s->batch->tables[0].rows; i++)
			who[i] = cnv_column_text(&s->batch->tables[0].columns[0], i);
		assert_int_equal(cnv_store_put_batch(s->store, s->batch, who, s->ids, s->outcomes, &s->diags), CNV_OK);
	}
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
		assert_int_equal(cnv_store_put_batch(s.store, s.batch, who, s.ids, s.outcomes, &s.diags), CNV_OK);
		cnv_store_rollback(s.store);
		take(&s, pairing_story[1], true);
		assert_counts(&s, 1, 2, 3);
		take(&s, pairing_story[2], rehearse);
		assert_counts(&s, 0, 0, 2);
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
			assert_int_equal(cnv_store_put_batch(s.store, s.batch, who, s.ids, s.outcomes, &s.diags),
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
