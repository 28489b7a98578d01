/* Returns of an older version of the form, carried over to the current one.
 *
 * Forms and files are written with | between fields; the answers are invented. */
#include "gather_stage.h"

#define OLD                                                                                                            \
	"survey\n"                                                                                                     \
	"|type|name|label\n"                                                                                           \
	"|text|who|Who\n"                                                                                              \
	"|begin_group|one|Section one|\n"                                                                              \
	"|integer|seats|How many seats?|\n"                                                                            \
	"|select_one yn|legal|Is it legal?|\n"                                                                         \
	"|end_group|||\n"                                                                                              \
	"|select_multiple body|asked|Who was asked?|\n"                                                                \
	"|text|fax|Fax number|\n"                                                                                      \
	"|begin_repeat|doc|Documents|\n"                                                                               \
	"|text|title|Title|\n"                                                                                         \
	"|integer|pages|Pages|\n"                                                                                      \
	"|end_repeat|||\n"                                                                                             \
	"choices\n"                                                                                                    \
	"|list_name|name|label\n"                                                                                      \
	"|yn|y|Yes\n"                                                                                                  \
	"|yn|n|No\n"                                                                                                   \
	"|yn|m|Maybe\n"                                                                                                \
	"|body|a|Ministry\n"                                                                                           \
	"|body|b|Court\n"                                                                                              \
	"|body|c|Police\n"                                                                                             \
	"|body|d|Press\n"                                                                                              \
	"settings\n"                                                                                                   \
	"|form_id|version\n"                                                                                           \
	"|demo|1\n"

/* fax is gone, seats is called berths, legal moved; yn goes by other codes, body by the same ones turned round. */
#define NEW                                                                                                            \
	"survey\n"                                                                                                     \
	"|type|name|label\n"                                                                                           \
	"|text|who|Who\n"                                                                                              \
	"|begin_group|one|Section one|\n"                                                                              \
	"|integer|berths|How many seats?|\n"                                                                           \
	"|end_group|||\n"                                                                                              \
	"|begin_group|two|Section two|\n"                                                                              \
	"|select_one yes_no|legal|Is it legal?|\n"                                                                     \
	"|end_group|||\n"                                                                                              \
	"|select_multiple body|asked|Who was asked?|\n"                                                                \
	"|begin_repeat|document|Documents|\n"                                                                          \
	"|text|title|Title of it|\n"                                                                                   \
	"|end_repeat|||\n"                                                                                             \
	"choices\n"                                                                                                    \
	"|list_name|name|label\n"                                                                                      \
	"|yes_no|yes|Yes\n"                                                                                            \
	"|yes_no|no|No\n"                                                                                              \
	"|body|a|Court\n"                                                                                              \
	"|body|b|Ministry\n"                                                                                           \
	"|body|c|Police\n"                                                                                             \
	"|body|media|Press\n"                                                                                          \
	"settings\n"                                                                                                   \
	"|form_id|version\n"                                                                                           \
	"|demo|2\n"

#define MOVED "(question moved in this version of the form)"
#define CODE "(choice code changed in this version of the form)"

static const struct migrate_case {
	const char *name, *before, *after, *file, *said, *dump, *ledger;
} migrate_cases[] = {
	{ "a question by its old name", OLD, NEW, "who|seats\nA|3\n", "", "who=A berths=3",
	  "berths: seats -> berths (question renamed in this version of the form)" },
	{ "a question by its old path", OLD, NEW, "who|one/seats\nA|3\n", "", "who=A berths=3",
	  "berths: seats -> berths (question renamed in this version of the form)" },
	{ "a question by its old label", OLD, NEW, "Who|How many seats?\nA|3\n", "", "who=A berths=3",
	  "berths: seats -> berths (question renamed in this version of the form)" },
	{ "a question by its new name all the same", OLD, NEW, "who|berths\nA|3\n", "", "who=A berths=3",
	  "berths: seats -> berths (question renamed in this version of the form)" },
	{ "a question that moved, and a code that changed", OLD, NEW, "who|one/legal\nA|y\n", "", "who=A legal=yes",
	  "legal: one/legal -> two/legal " MOVED "; legal: y -> yes " CODE },
	{ "a blank answer changes nothing", OLD, NEW, "who|seats|legal\nA||\n", "", "who=A", "" },
	{ "a choice by its old label", OLD, NEW, "who|legal\nA|No\n", "", "who=A legal=no",
	  "legal: one/legal -> two/legal " MOVED "; legal: No -> no " CODE },
	{ "a choice that is no longer offered", OLD, NEW, "who|legal\nA|m\n", "", "who=A legal=m",
	  "legal: one/legal -> two/legal " MOVED },
	{ "codes that mean something else now", OLD, NEW, "who|asked\nA|a c\n", "", "who=A asked=b c",
	  "asked: a c -> b c " CODE },
	{ "ticks of codes that mean something else now", OLD, NEW, "who|asked/a|asked/b|asked/c\nA|1|0|1\n", "",
	  "who=A asked=b c", "asked: a c -> b c " CODE },
	{ "a tick of a code that is another now", OLD, NEW, "who|asked/d\nA|x\n", "", "who=A asked=media",
	  "asked: d -> media " CODE },
	{ "a tick of a long return", OLD, NEW, "question|answer\nwho|A\nasked/d|x\nasked/a|x\n", "",
	  "who=A asked=media b", "asked: d a -> media b " CODE },
	{ "ticks and the whole answer", OLD, NEW, "who|asked|asked/a|asked/b\nA|a|1|0\n", "", "who=A asked=b",
	  "asked: a -> b " CODE },
	{ "a code that stayed", OLD, NEW, "who|asked\nA|c\n", "", "who=A asked=c", "" },
	{ "words for a missing answer stay", OLD, NEW, "who|legal\nA|N/A\n", "", "who=A legal=N/A",
	  "legal: one/legal -> two/legal " MOVED },
	{ "a question no longer asked becomes a remark, told once", OLD, NEW, "who|fax\nA|123\nB|\nC|456\n", "W0635@0",
	  "0:who=A 1:who=B 2:who=C {*: fax: 123} {*: fax: 456}", "" },
	{ "nobody answered what is no longer asked", OLD, NEW, "who|fax\nA|\n", "", "who=A", "" },
	{ "a repeat that was renamed, and an answer in it that is gone", OLD, NEW,
	  "who|doc[2]/title|doc[1]/title|doc[1]/pages\nA|T|S|9\n", "W0635@0",
	  "who=A document[1]/title=S document[2]/title=T {*: doc[1]/pages: 9}",
	  "document[1]/title: doc/title -> document/title " MOVED
	  "; document[2]/title: doc/title -> document/title " MOVED },
	{ "a long return", OLD, NEW,
	  "question|answer|note\nwho|A|\nseats|3|about\nlegal|y|\nfax|123|old\ndoc[1]/title|T|\n", "W0635@0",
	  "who=A berths=3 legal=yes document[1]/title=T {berths: about} {*: fax: 123} {*: fax: old}",
	  "legal: one/legal -> two/legal " MOVED "; legal: y -> yes " CODE
	  "; berths: seats -> berths (question renamed in this version of the form)"
	  "; document[1]/title: doc/title -> document/title " MOVED },
	{ "a return of questions that are all gone but one is no other form's", OLD, NEW,
	  "who|fax|doc[1]/pages\nA|1|2\n", "W0635@0", "who=A {*: fax: 1} {*: doc[1]/pages: 2}", "" },
	{ "a column of neither version", OLD, NEW, "who|colour\nA|red\n", "W0605@1", "who=A", "" },
	{ "the same form changes nothing", NEW, NEW, "who|berths|legal|asked\nA|3|yes|a b\n", "",
	  "who=A berths=3 legal=yes asked=a b", "" },
	{ "the header once more leaves nothing in the ledger", OLD, NEW, "who|seats\nA|3\nwho|seats\nB|\n", "W0608@3",
	  "0:who=A 0:berths=3 1:who=B", "berths: seats -> berths (question renamed in this version of the form)" },
};

static void run_migrate_case(void **state)
{
	const struct migrate_case *test = *state;
	struct stage older, stage;
	cnv_migration migration;

	open_stage(&older, test->before);
	open_stage(&stage, test->after);
	assert_int_equal(cnv_form_migrate(&migration, older.form, stage.form, &older.arena), CNV_OK);
	stage.batch->migration = &migration;
	assert_int_equal(gather_file(&stage, test->file), CNV_OK);
	assert_string_equal(ended(&stage.said), test->said);
	assert_string_equal(dump_batch(&stage), test->dump);
	settle(&stage);
	assert_string_equal(ended(&stage.ledger), test->ledger);
	close_stage(&stage);
	close_stage(&older);
}

/* Every allocation in turn is refused: the migration says so and leaves nothing behind. */
static void memory_may_run_out_anywhere(void **state)
{
	struct stage older, stage;
	cnv_migration migration;
	size_t count = 0;
	cnv_status status;

	(void)state;
	open_stage(&older, OLD);
	open_stage(&stage, NEW);
	do {
		cnv_arena arena = { 0 };

		cnv_mem_fail_after(count++);
		status = cnv_form_migrate(&migration, older.form, stage.form, &arena);
		cnv_mem_fail_after(SIZE_MAX);
		assert_true(status == CNV_OK || status == CNV_NO_MEMORY);
		cnv_arena_fini(&arena);
	} while (status);
	assert_true(count > 2);
	close_stage(&stage);
	close_stage(&older);
}

int main(void)
{
	enum { CASES = sizeof migrate_cases / sizeof migrate_cases[0] };
	struct CMUnitTest tests[CASES + 1];

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = migrate_cases[i].name,
						.test_func = run_migrate_case,
						.initial_state = (void *)(uintptr_t)&migrate_cases[i] };
	tests[CASES] = (struct CMUnitTest)cmocka_unit_test(memory_may_run_out_anywhere);
	return _cmocka_run_group_tests("migration", tests, CASES + 1, NULL, NULL);
}
