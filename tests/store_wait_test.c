/* Two of one store: who waits for whom, who is told, and which round is current. */
#include "store_stage.h"

/* Another holder of the store, and what a wait for it told. */
typedef struct holder {
	cnv_store *store;
	uint32_t told, last;
	uint32_t ends_at; /* the second at which it lets go; 0: never */
	bool named;
	const stage *s;
} holder;

static void hear_waiting(void *self, cnv_str store, uint32_t waited)
{
	holder *other = self;

	other->told++;
	other->last = waited;
	other->named = cnv_str_equal(store, cnv_str_from(other->s->path));
	if (other->ends_at != waited)
		return;
	cnv_store_close(other->store, &(cnv_diags){ 0 });
	other->store = NULL;
}

static void open_other(stage *s, holder *other, cnv_store_mode mode)
{
	*other = (holder){ .s = s };
	assert_int_equal(cnv_store_open(&other->store, cnv_str_from(s->path), mode, s->form, CNV_STR("the form"),
					&(cnv_patience){ 0 }, &s->diags),
			 CNV_OK);
}

static void an_import_waits_for_a_reader(void **state)
{
	cnv_patience patience = { .seconds = 3, .waiting = hear_waiting };
	holder other;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|age\nAUS|1\n", false);
	open_other(&s, &other, CNV_STORE_READ);
	other.ends_at = 2;
	patience.self = &other;
	cnv_store_be_patient(s.store, &patience);
	take(&s, "respondent|age\nAUS|2\n", false);
	assert_counts(&s, 0, 1, 0);
	assert_int_equal(other.told, 2);
	assert_int_equal(other.last, 2);
	assert_true(other.named);
	assert_string_equal(s.said, "");
	strike(&s);
}

static void patience_ends_and_nothing_is_changed(void **state)
{
	const char *before;
	holder other;
	stage s;

	(void)state;
	for (uint32_t seconds = 0; seconds < 2; seconds++) {
		cnv_patience patience = { .seconds = seconds, .waiting = hear_waiting, .self = &other };

		set_stage(&s, plain_form);
		assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
		take(&s, "respondent|age\nAUS|1\n", false);
		before = dump(&s, NULL);
		open_other(&s, &other, CNV_STORE_READ);
		cnv_store_be_patient(s.store, &patience);
		assert_int_equal(begin(&s, false), CNV_NO_ACCESS);
		assert_int_equal(other.told, seconds);
		assert_string_equal(s.said, "E0705");
		cnv_store_close(other.store, &s.diags);
		assert_string_equal(before, dump(&s, NULL));
		/* A moment later there is nothing to wait for. */
		take(&s, "respondent|age\nAUS|2\n", false);
		strike(&s);
	}
}

static void a_reader_waits_for_an_import(void **state)
{
	cnv_patience patience = { .seconds = 1, .waiting = hear_waiting };
	holder other;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|age\nAUS|1\n", false);
	close_store(&s);
	open_other(&s, &other, CNV_STORE_WRITE);
	patience.self = &other;
	assert_int_equal(cnv_store_begin(other.store, CNV_STR("2026"), (cnv_instant){ 0 }, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_open(&s.store, cnv_str_from(s.path), CNV_STORE_READ, s.form, CNV_STR("the form"),
					&patience, &s.diags),
			 CNV_NO_ACCESS);
	assert_string_equal(s.said, "E0705");
	other.ends_at = 1;
	patience.seconds = 5;
	assert_int_equal(cnv_store_open(&s.store, cnv_str_from(s.path), CNV_STORE_READ, s.form, CNV_STR("the form"),
					&patience, &s.diags),
			 CNV_OK);
	assert_true(other.named);
	assert_string_equal(s.said, "E0705");
	strike(&s);
}

/* ---------------------------------------------------------------- the current round */

static cnv_status take_round(stage *s, const char *round)
{
	cnv_status status = cnv_store_begin(s->store, cnv_str_from(round), (cnv_instant){ 0 }, &s->diags);

	return status ? status : cnv_store_commit(s->store, &s->counts, &s->diags);
}

static void the_first_round_is_current_until_another_is_made_so(void **state)
{
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	assert_int_equal(take_round(&s, "2026"), CNV_OK);
	assert_int_equal(take_round(&s, "2025"), CNV_OK);
	assert_true(cnv_str_equal(cnv_store_round(s.store), CNV_STR("2026")));
	assert_int_equal(cnv_store_make_current(s.store, CNV_STR("2025"), &s.diags), CNV_OK);
	assert_true(cnv_str_equal(cnv_store_round(s.store), CNV_STR("2025")));
	/* Within a transaction it comes and goes with it. */
	assert_int_equal(begin(&s, false), CNV_OK);
	assert_int_equal(cnv_store_make_current(s.store, CNV_STR("2026"), &s.diags), CNV_OK);
	cnv_store_rollback(s.store);
	assert_string_equal(dump(&s, "SELECT label FROM round WHERE current"), " 3:2025\n");
	assert_int_equal(begin(&s, false), CNV_OK);
	assert_int_equal(cnv_store_make_current(s.store, CNV_STR("2026"), &s.diags), CNV_OK);
	assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
	assert_string_equal(dump(&s, "SELECT label FROM round WHERE current"), " 3:2026\n");
	assert_string_equal(s.said, "");
	assert_int_equal(cnv_store_make_current(s.store, CNV_STR("1999"), &s.diags), CNV_REJECTED);
	assert_string_equal(s.said, "E0712");
	assert_true(cnv_str_equal(cnv_store_round(s.store), CNV_STR("2026")));
	assert_int_equal(take_round(&s, "2026"), CNV_OK);
	strike(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_import_waits_for_a_reader),
		cmocka_unit_test(patience_ends_and_nothing_is_changed),
		cmocka_unit_test(a_reader_waits_for_an_import),
		cmocka_unit_test(the_first_round_is_current_until_another_is_made_so),
	};

	return cmocka_run_group_tests_name("waiting for the store", tests, NULL, NULL);
}
