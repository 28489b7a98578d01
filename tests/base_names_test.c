/* Names by rank and scope: ambiguity, empty names, and memory that runs out at any point. */
#include "canvass/base.h"

#include <setjmp.h>
#include <stdio.h>

#include <cmocka.h>

enum { EXACT, LOOSE };

static void each_rank_and_scope_has_names_of_its_own(void **state)
{
	cnv_names names = { 0 };

	(void)state;
	assert_int_equal(cnv_names_find(&names, EXACT, 0, CNV_STR("age")), CNV_NONE);
	cnv_names_put(&names, EXACT, 0, CNV_STR("age"), 7);
	cnv_names_put(&names, LOOSE, 0, CNV_STR("age"), 8);
	cnv_names_put(&names, EXACT, 1, CNV_STR("age"), 9);
	assert_int_equal(cnv_names_find(&names, EXACT, 0, CNV_STR("age")), 7);
	assert_int_equal(cnv_names_find(&names, LOOSE, 0, CNV_STR("age")), 8);
	assert_int_equal(cnv_names_find(&names, EXACT, 1, CNV_STR("age")), 9);
	assert_int_equal(cnv_names_find(&names, LOOSE, 1, CNV_STR("age")), CNV_NONE);
	assert_int_equal(cnv_names_find(&names, EXACT, 0, CNV_STR("ag")), CNV_NONE);
	cnv_names_fini(&names);
}

static void a_name_of_two_things_is_ambiguous(void **state)
{
	cnv_names names = { 0 };

	(void)state;
	cnv_names_put(&names, EXACT, 0, CNV_STR("age"), 7);
	cnv_names_put(&names, EXACT, 0, CNV_STR("age"), 7);
	assert_int_equal(cnv_names_find(&names, EXACT, 0, CNV_STR("age")), 7);
	cnv_names_put(&names, EXACT, 0, CNV_STR("age"), 8);
	cnv_names_put(&names, EXACT, 0, CNV_STR("age"), 7);
	assert_int_equal(cnv_names_find(&names, EXACT, 0, CNV_STR("age")), CNV_NAME_AMBIGUOUS);
	cnv_names_put(&names, EXACT, 0, CNV_STR(""), 1);
	assert_int_equal(cnv_names_find(&names, EXACT, 0, CNV_STR("")), CNV_NONE);
	cnv_names_fini(&names);
}

static void running_out_of_memory_is_remembered(void **state)
{
	bool whole = false;

	(void)state;
	for (size_t allowed = 0; !whole; allowed++) {
		cnv_names names = { 0 };
		char name[16];

		cnv_mem_fail_after(allowed);
		for (uint32_t i = 0; i < 300; i++)
			cnv_names_put(&names, EXACT, i % 3,
				      (cnv_str){ name, (size_t)snprintf(name, sizeof name, "q%u", i) }, i);
		cnv_mem_fail_after(SIZE_MAX);
		whole = !cnv_names_failed(&names);
		if (whole)
			assert_int_equal(cnv_names_find(&names, EXACT, 299 % 3, CNV_STR("q299")), 299);
		cnv_names_fini(&names);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rank_and_scope_has_names_of_its_own),
		cmocka_unit_test(a_name_of_two_things_is_ambiguous),
		cmocka_unit_test(running_out_of_memory_is_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
