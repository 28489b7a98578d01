/* Which files are one return: those given together, those that lie next to one, and the digest of them all. */
#include "intake_stage.h"

#include "canvass/packs.h"

#include "round/parts.h"

static const char docs_form[] = "survey\n,type,name,label\n,text,respondent,Who\n,integer,age,Age\n,begin_repeat,doc,"
				"Documents\n,text,title,Title\n"
				",end_repeat,,\n,begin_repeat,crew,Crew\n,text,rank,Rank\n,end_repeat,,\n"
				"settings\n,form_title,form_id\n,Documents,docs\n";

static const char responses[] = "respondent,age,KEY\nAA,5,uuid:1\nBB,6,uuid:2\n";
static const char documents[] = "title,PARENT_KEY,KEY\nLaw,uuid:1,uuid:1/doc[1]\nRule,uuid:1,uuid:1/doc[2]\n";
static const char seafarers[] = "rank,PARENT_KEY,KEY\nMaster,uuid:2,uuid:2/crew[1]\n";

/* ---------------------------------------------------------------- files given together */

static bool is_in(const char *word, cnv_str text)
{
	return cnv_str_find(text, cnv_str_from(word)) != SIZE_MAX;
}

/* A file as its name promises: of responses, documents or seafarers, and with "16" in UTF-16. */
static void write_as_named(stage *s, cnv_str name)
{
	cnv_str leaf_of = leaf(name), folder = cnv_folder_of(name);
	cnv_str bytes = cnv_str_from(is_in("doc", leaf_of)    ? documents
				     : is_in("crew", leaf_of) ? seafarers
							      : responses);
	cnv_text wide = { 0 };

	if (folder.len)
		mkdir(cnv_arena_format(&s->arena, "%s/%.*s", s->folder, CNV_ARG(folder)).at, 0700);
	if (is_in("16", leaf_of)) {
		cnv_text_put(&wide, CNV_STR("\xff\xfe"));
		for (size_t i = 0; i < bytes.len; i++) {
			cnv_text_put_char(&wide, bytes.at[i]);
			cnv_text_put_char(&wide, 0);
		}
		bytes = cnv_text_str(&wide);
	}
	write_file(s, cnv_arena_format(&s->arena, "%.*s", CNV_ARG(name)).at, bytes);
	cnv_text_fini(&wide);
}

/* The files of a sorted list without the stage's folder: each of responses with those that go with it. */
static const char *describe(stage *s, const parts_list *list)
{
	size_t skip = strlen(s->folder) + 1;
	cnv_text out = { 0 };
	cnv_str copy;

	for (uint32_t i = 0; i < list->count; i++) {
		cnv_str name = list->at[i].name;

		if (list->at[i].root != CNV_NONE)
			continue;
		cnv_text_format(&out, "%s%.*s", out.len ? "; " : "", CNV_ARG(cnv_str_slice(name, skip, name.len)));
		if (list->at[i].table != CNV_NONE)
			cnv_text_put(&out, CNV_STR(" alone"));
		for (uint32_t next = list->at[i].next; next != CNV_NONE; next = list->at[next].next)
			cnv_text_format(&out, " + %.*s", CNV_ARG(leaf(list->at[next].name)));
	}
	cnv_text_put_char(&out, 0);
	copy = cnv_arena_copy(&s->arena, cnv_text_str(&out));
	cnv_text_fini(&out);
	return copy.at;
}

static const struct pairing_case {
	const char *name, *files, *sorted;
} pairing_cases[] = {
	{ "entries go with the file they are named after", "demo.csv demo-doc.csv other.csv",
	  "demo.csv + demo-doc.csv; other.csv" },
	{ "the longest name wins", "a.csv a-b.csv a-b-doc.csv", "a.csv; a-b.csv + a-b-doc.csv" },
	{ "the longest name wins in any order", "a-b-doc.csv a-b.csv a.csv", "a-b.csv + a-b-doc.csv; a.csv" },
	{ "a name is cut at a hyphen only", "demo.csv demodoc.csv x.csv", "demo.csv; demodoc.csv alone; x.csv" },
	{ "the only responses of a folder take entries of any name", "x.csv doc.csv", "x.csv + doc.csv" },
	{ "of several files none takes entries of another name", "x.csv y.csv doc.csv", "x.csv; y.csv; doc.csv alone" },
	{ "entries of two repeats, in the order given", "demo-crew.csv demo.csv demo-doc.csv",
	  "demo.csv + demo-crew.csv + demo-doc.csv" },
	{ "another folder is another return", "one/demo.csv two/demo-doc.csv", "one/demo.csv; two/demo-doc.csv alone" },
	{ "the same names in two folders", "one/demo.csv two/demo.csv two/demo-doc.csv one/demo-doc.csv",
	  "one/demo.csv + demo-doc.csv; two/demo.csv + demo-doc.csv" },
	{ "entries in UTF-16", "demo.csv demo-doc16.csv", "demo.csv + demo-doc16.csv" },
	{ "both in UTF-16", "demo16.csv demo16-doc.csv demo-doc16.csv",
	  "demo16.csv + demo16-doc.csv + demo-doc16.csv" },
	{ "the ending need not be the same", "demo.tsv demo-doc.csv x.csv", "demo.tsv + demo-doc.csv; x.csv" },
	{ "entries alone", "demo-doc.csv", "demo-doc.csv alone" },
	{ "a file that is missing holds no entries", "demo.csv demo-gone.csv", "demo.csv; demo-gone.csv" },
};

static void files_are_paired(void **state)
{
	const struct pairing_case *row = *state;
	cnv_str rest = cnv_str_from(row->files), name;
	cnv_vocabulary vocabulary;
	parts_list list = { 0 };
	stage s;

	set_stage(&s, docs_form, NULL);
	assert_int_equal(cnv_vocabulary_init(&vocabulary, s.form.form), CNV_OK);
	while (cnv_str_split(&rest, ' ', &name) && name.len) {
		if (!is_in("gone", name))
			write_as_named(&s, name);
		assert_int_equal(parts_add(&list, cnv_arena_format(&s.arena, "%s/%.*s", s.folder, CNV_ARG(name))),
				 CNV_OK);
	}
	assert_int_equal(parts_sort(&list, &(parts_asked){ .form = s.form.form, .vocabulary = &vocabulary }), CNV_OK);
	assert_string_equal(describe(&s, &list), row->sorted);
	parts_free(&list);
	cnv_vocabulary_fini(&vocabulary);
	strike(&s);
}

static void a_stem_is_the_name_up_to_its_first_dot(void **state)
{
	static const char *const rows[][2] = { { "responses/AUS.csv", "AUS" },
					       { "AUS.2026.csv", "AUS" },
					       { "v1.2/AUS", "AUS" },
					       { "AUS", "AUS" },
					       { "a/.csv", "" },
					       { "", "" } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_true(cnv_str_equal(parts_stem(cnv_str_from(rows[i][0])), cnv_str_from(rows[i][1])));
}

/* ---------------------------------------------------------------- the files of one return */

typedef struct opening {
	stage s;
	cnv_vocabulary vocabulary;
	parts_list list;
	parts parts;
	parts_asked asked;
} opening;

static void set_opening(opening *o, const char *files)
{
	cnv_str rest = cnv_str_from(files), name;

	*o = (opening){ 0 };
	set_stage(&o->s, docs_form, NULL);
	assert_int_equal(cnv_vocabulary_init(&o->vocabulary, o->s.form.form), CNV_OK);
	o->asked = (parts_asked){ .form = o->s.form.form, .vocabulary = &o->vocabulary };
	while (cnv_str_split(&rest, ' ', &name) && name.len) {
		write_as_named(&o->s, name);
		assert_int_equal(
			parts_add(&o->list, cnv_arena_format(&o->s.arena, "%s/%.*s", o->s.folder, CNV_ARG(name))),
			CNV_OK);
	}
	assert_int_equal(parts_sort(&o->list, &o->asked), CNV_OK);
}

/* With the digests of its files. */
static cnv_status open_first(opening *o)
{
	cnv_status status = parts_open(&o->parts, &o->list, 0, &o->asked, &o->s.arena, &o->s.diags);

	for (uint32_t i = 0; i < o->parts.count && !status; i++)
		status = source_keep(&o->parts.sources[i], NULL, true, false, &o->s.diags);
	return status;
}

static void strike_opening(opening *o)
{
	parts_close(&o->parts);
	parts_free(&o->list);
	cnv_vocabulary_fini(&o->vocabulary);
	strike(&o->s);
}

static void responses_are_opened_first_and_read_last(void **state)
{
	opening o;

	(void)state;
	set_opening(&o, "demo.csv demo-doc.csv");
	write_as_named(&o.s, CNV_STR("demo-crew.csv")); /* not given, and lies next to it */
	assert_int_equal(open_first(&o), CNV_OK);
	assert_int_equal(o.parts.count, 3);
	assert_false(o.parts.alone);
	assert_int_equal(o.parts.size, strlen(responses) + strlen(documents) + strlen(seafarers));
	assert_true(parts_digested(&o.parts));
	assert_true(cnv_str_equal(leaf(parts_main(&o.parts)->name), CNV_STR("demo.csv")));
	assert_ptr_equal(parts_main(&o.parts), &o.parts.sources[0]);
	assert_true(cnv_str_equal(leaf(o.parts.at[0].source->name), CNV_STR("demo-doc.csv")));
	assert_true(cnv_str_equal(leaf(o.parts.at[1].source->name), CNV_STR("demo-crew.csv")));
	assert_int_equal(o.parts.at[0].table, 1);
	assert_int_equal(o.parts.at[1].table, 2);
	assert_int_equal(o.parts.at[2].table, CNV_NONE);
	strike_opening(&o);
}

static void digest_of(const char *text, uint8_t sha256[32])
{
	cnv_digest digest;

	cnv_digest_init(&digest, CNV_SHA256);
	cnv_digest_add(&digest, text, strlen(text));
	cnv_digest_end(&digest, sha256);
}

static void the_digest_is_over_the_digests_of_the_files(void **state)
{
	uint8_t both[64], expected[32], found[32];
	cnv_digest digest;
	opening o;

	(void)state;
	digest_of(responses, both);
	digest_of(documents, both + 32);
	cnv_digest_init(&digest, CNV_SHA256);
	cnv_digest_add(&digest, both, sizeof both);
	cnv_digest_end(&digest, expected);
	set_opening(&o, "demo.csv demo-doc.csv");
	assert_int_equal(open_first(&o), CNV_OK);
	parts_digest(&o.parts, found);
	assert_memory_equal(found, expected, sizeof found);
	strike_opening(&o);
	set_opening(&o, "demo.csv");
	assert_int_equal(open_first(&o), CNV_OK);
	parts_digest(&o.parts, found);
	assert_memory_equal(found, both, sizeof found); /* of a single file its own */
	strike_opening(&o);
}

static void a_file_that_was_changed_since_it_was_looked_into_is_not_opened(void **state)
{
	opening o;

	(void)state;
	set_opening(&o, "demo.csv");
	write_file(&o.s, "demo.csv", CNV_STR("respondent,age\nAA,5\n"));
	assert_int_equal(open_first(&o), CNV_NO_ACCESS);
	assert_string_equal(o.s.said, "E0009");
	strike_opening(&o);
}

static void a_return_has_at_most_so_many_files(void **state)
{
	cnv_text names = { 0 };
	opening o;

	(void)state;
	cnv_text_put(&names, CNV_STR("demo.csv"));
	for (uint32_t i = 0; i <= CNV_PARTS; i++)
		cnv_text_format(&names, " demo-doc%u.csv", 1000 + i);
	cnv_text_put_char(&names, 0);
	set_opening(&o, names.at);
	assert_int_equal(open_first(&o), CNV_REJECTED);
	assert_string_equal(o.s.said, "E0665");
	strike_opening(&o);
	cnv_text_fini(&names);
}

/* ---------------------------------------------------------------- imported */

static void a_sibling_is_imported_with_its_file(void **state)
{
	importing i;

	(void)state;
	set_importing(&i, docs_form, NULL);
	write_file(&i.s, "demo.csv", cnv_str_from(responses));
	write_file(&i.s, "demo-doc.csv", cnv_str_from(documents));
	write_file(&i.s, "demo-crew.csv", CNV_STR("port,quay\nA,B\n")); /* is none */
	assert_string_equal(import(&i, "demo.csv"),
			    "file demo.csv\n+ AA 4\n+ BB 2\n= demo.csv accepted with demo-doc.csv\n");
	assert_string_equal(import(&i, "demo.csv demo-doc.csv"), "file demo.csv\n= demo.csv already\n");
	assert_string_equal(stored(&i, "SELECT position, bytes FROM original ORDER BY position"),
			    cnv_arena_format(&i.s.arena, "0|%s\n1|%s\n", responses, documents).at);
	/* Another entry is another return. */
	write_file(&i.s, "demo-doc.csv", CNV_STR("title,PARENT_KEY,KEY\nLaw,uuid:1,uuid:1/doc[1]\n"));
	assert_string_equal(import(&i, "demo.csv"), "file demo.csv\n* AA 2: doc[2]/title Rule -> \n"
						    "= demo.csv accepted with demo-doc.csv\n");
	strike_importing(&i);
}

static void entries_alone_are_no_return(void **state)
{
	importing i;

	(void)state;
	set_importing(&i, docs_form, NULL);
	write_file(&i.s, "demo-doc.csv", cnv_str_from(documents));
	assert_string_equal(import(&i, "demo-doc.csv"), "file demo-doc.csv\nE0646@0\n= demo-doc.csv quarantined\n");
	write_file(&i.s, "demo.csv", cnv_str_from(responses));
	assert_string_equal(import(&i, "demo-doc.csv demo.csv"),
			    "file demo.csv\n+ AA 4\n+ BB 2\n= demo.csv accepted with demo-doc.csv\n");
	strike_importing(&i);
}

/* A row of entries that cannot be read is in no response and in no quarantine: only its finding is left of it. */
static void an_entry_that_is_not_taken_leaves_a_finding(void **state)
{
	importing i;

	(void)state;
	set_importing(&i, docs_form, NULL);
	write_file(&i.s, "demo.csv", cnv_str_from(responses));
	write_file(&i.s, "demo-doc.csv",
		   CNV_STR("title,PARENT_KEY,KEY\nLaw,uuid:1,uuid:1/doc[1]\nRule,uuid:1,uuid:1/doc[2],x\n"));
	assert_string_equal(import(&i, "demo.csv"),
			    "file demo.csv\nE0606@3\n+ AA 3\n+ BB 2\n= demo.csv accepted with demo-doc.csv\n");
	assert_string_equal(stored(&i, "SELECT code, line FROM finding"), "606|3\n");
	strike_importing(&i);
}

int main(void)
{
	enum { CASES = sizeof pairing_cases / sizeof *pairing_cases };
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(a_stem_is_the_name_up_to_its_first_dot),
		cmocka_unit_test(responses_are_opened_first_and_read_last),
		cmocka_unit_test(the_digest_is_over_the_digests_of_the_files),
		cmocka_unit_test(a_file_that_was_changed_since_it_was_looked_into_is_not_opened),
		cmocka_unit_test(a_return_has_at_most_so_many_files),
		cmocka_unit_test(a_sibling_is_imported_with_its_file),
		cmocka_unit_test(entries_alone_are_no_return),
		cmocka_unit_test(an_entry_that_is_not_taken_leaves_a_finding),
	};
	struct CMUnitTest tests[CASES + sizeof others / sizeof *others] = { 0 };

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = pairing_cases[i].name,
						.test_func = files_are_paired,
						.initial_state = (void *)(uintptr_t)&pairing_cases[i] };
	memcpy(tests + CASES, others, sizeof others);
	return _cmocka_run_group_tests("round_parts", tests, sizeof tests / sizeof *tests, NULL, NULL);
}
