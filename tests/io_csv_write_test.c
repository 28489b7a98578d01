/* What csv_write.c writes, csv_read.c reads back to the byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "canvass/io.h"

struct field_case {
	const char *name, *field, *written;
};

static const struct field_case cases[] = {
	{ "a plain word stands as it is", "economy", "economy" },
	{ "nothing stays nothing", "", "" },
	{ "a comma asks for quotes", "a, b", "\"a, b\"" },
	{ "a semicolon too, since other readers part there", "a;b", "\"a;b\"" },
	{ "a quote is written twice", "the \"Aurora\"", "\"the \"\"Aurora\"\"\"" },
	{ "quotes at both ends", "\"x\"", "\"\"\"x\"\"\"" },
	{ "a line end inside", "one\ntwo", "\"one\ntwo\"" },
	{ "a carriage return inside", "one\rtwo", "\"one\rtwo\"" },
	{ "blanks at the end are kept", "x ", "\"x \"" },
	{ "letters beyond ASCII need no quotes", "Łódź", "Łódź" },
	{ "what looks like a formula is text", "=1+1", "=1+1" },
};

typedef struct reading {
	char text[64];
	uint32_t fields;
} reading;

static void on_field(void *self, cnv_str field)
{
	reading *r = self;

	if (r->fields++ == 1)
		snprintf(r->text, sizeof r->text, "%.*s", CNV_ARG(field));
}

static cnv_status on_record(void *self, uint32_t line)
{
	(void)self;
	(void)line;
	return CNV_OK;
}

static void writes(void **state)
{
	const struct field_case *c = *state;
	reading r = { 0 };
	cnv_csv_sink sink = { .self = &r, .field = on_field, .record = on_record };
	cnv_diags diags = { 0 };
	cnv_text out = { 0 };

	cnv_csv_put(&out, cnv_str_from(c->field));
	assert_int_equal(out.len, strlen(c->written));
	assert_memory_equal(out.at ? out.at : "", c->written, out.len);
	cnv_text_reset(&out);
	cnv_text_put(&out, CNV_STR("a,"));
	cnv_csv_put(&out, cnv_str_from(c->field));
	cnv_text_put(&out, CNV_STR(",z\n"));
	assert_int_equal(cnv_csv_read(CNV_STR("x.csv"), cnv_text_str(&out), ',', (cnv_csv_limits){ 0 }, &sink, &diags),
			 CNV_OK);
	assert_int_equal(r.fields, 3);
	assert_string_equal(r.text, c->field);
	cnv_text_fini(&out);
}

int main(void)
{
	enum { COUNT = sizeof cases / sizeof cases[0] };
	struct CMUnitTest tests[COUNT];

	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct CMUnitTest){ cases[i].name, writes, NULL, NULL, (void *)&cases[i] };
	return _cmocka_run_group_tests("csv_write", tests, COUNT, NULL, NULL);
}
