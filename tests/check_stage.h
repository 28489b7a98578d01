/* A form with its plan, and a batch judged by it: shared by the tests of the room check.
 *
 * Sheets and answers are written with | between fields.  Verdicts are a letter a cell, a word a row, tables after a
 * slash; findings are line:path:code. */
#ifndef CANVASS_TESTS_CHECK_STAGE_H
#define CANVASS_TESTS_CHECK_STAGE_H

#include "canvass/advise.h"
#include "canvass/gather.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
/* Adds a test for each case of a table to `tests`, an array of `count` so far. */
#define ADD(cases, run)                                                                                                \
	for (size_t i = 0; i < COUNT(cases); i++)                                                                      \
		tests[count++] = (struct CMUnitTest)                                                                   \
		{                                                                                                      \
			(cases)[i].name, run, NULL, NULL, (void *)(uintptr_t) & (cases)[i]                             \
		}

/* Parts of forms. */
#define HEAD "survey\n|type|name|label|relevant|constraint|calculation|required\n"
#define LISTS "choices\n|list_name|name|label\n|yn|yes|Yes\n|yn|no|No\n|sev|red|Red\n|sev|blue|Blue\n"
#define GATES "|select_one yn|q|Q||||\n|select_multiple sev|m|M||||\n|integer|n|N||||\n|date|d|D||||\n"

#define MOST_FIELDS 32

static const char letters[] = {
	[CNV_BLANK] = '.',     [CNV_ACCEPTED] = 'A', [CNV_NOT_APPLICABLE] = 'N', [CNV_DO_NOT_KNOW] = 'D',
	[CNV_WITHHELD] = 'W',  [CNV_MISSING] = 'M',  [CNV_UNREADABLE] = 'U',     [CNV_NOT_A_CHOICE] = 'C',
	[CNV_NOT_ASKED] = '-', [CNV_UNDUE] = '!',    [CNV_DUPLICATE] = '2',      [CNV_AGAINST_CONSTRAINT] = 'X',
	[CNV_UNCHECKED] = '?',
};

/* 2026-12-01T12:00Z */
static const cnv_world world = { .now = { .utc_ms = INT64_C(1796126400000) }, .seed = 7 };

/* A form with its plan, a batch judged by it, and what was said on the way. */
struct stage {
	cnv_arena arena, scratch;
	cnv_form *form;
	cnv_plan *plan;
	cnv_batch *batch;
	cnv_text said;     /* diagnostics: code field, one each */
	cnv_text findings; /* line:path:code */
	cnv_text messages; /* of findings: message (hint) */
	cnv_asking asking; /* in the scratch */
};

static inline void put_code(cnv_text *text, uint16_t code)
{
	char name[8];

	cnv_code_name(code, name);
	cnv_text_put(text, cnv_str_from(name));
}

static inline void hear(void *self, const cnv_diag *diag)
{
	struct stage *stage = self;

	cnv_text_put(&stage->said, stage->said.len ? CNV_STR(" ") : CNV_STR(""));
	put_code(&stage->said, diag->code);
	cnv_text_format(&stage->said, ":%.*s", CNV_ARG(diag->field));
	if (diag->code == CNV_CYCLE)
		cnv_text_format(&stage->said, "(%.*s)", CNV_ARG(diag->message));
	if (diag->code == CNV_READS_ITSELF)
		cnv_text_format(&stage->said, "(%u-%u)", diag->place.from, diag->place.upto);
}

static inline void find(void *self, const cnv_finding *finding)
{
	struct stage *stage = self;

	cnv_text_format(&stage->findings, "%s%u:%.*s:", stage->findings.len ? " " : "", finding->diag.place.row,
			CNV_ARG(finding->diag.field));
	put_code(&stage->findings, finding->diag.code);
	cnv_text_format(&stage->messages, "%.*s (%.*s)\n", CNV_ARG(finding->diag.message), CNV_ARG(finding->diag.hint));
}

static uint32_t split(cnv_str line, cnv_str fields[MOST_FIELDS])
{
	uint32_t count = 0;

	while (count < MOST_FIELDS && cnv_str_split(&line, '|', &fields[count]))
		count++;
	return count;
}

/* Builds form and plan; advice is given when the plan stands. */
static inline void open_stage(struct stage *stage, const char *sheets_text)
{
	cnv_diags diags = { .emit = hear, .self = stage };
	cnv_str rest = cnv_str_from(sheets_text), line, fields[MOST_FIELDS];
	cnv_sheets sheets;
	uint32_t row = 0;

	*stage = (struct stage){ 0 };
	cnv_sheets_init(&sheets, CNV_STR("form.csv"), &stage->arena);
	while (cnv_str_split(&rest, '\n', &line))
		if (++row && line.len)
			cnv_sheets_add(&sheets, fields, split(line, fields), row, &diags);
	cnv_form_build(&stage->form, &sheets, &stage->arena, &diags);
	cnv_sheets_fini(&sheets);
	assert_non_null(stage->form);
	cnv_text_reset(&stage->said); /* what the form room says is tested there */
	cnv_plan_build(&stage->plan, stage->form, 10, &stage->arena, &diags);
	assert_non_null(stage->plan);
	cnv_advise(stage->plan, &stage->scratch, &diags);
}

static inline void judge(struct stage *stage, const char *answers)
{
	cnv_diags diags = { .emit = hear, .self = stage };
	cnv_findings findings = { .emit = find, .self = stage };
	cnv_str rest = cnv_str_from(answers), line, fields[MOST_FIELDS];
	cnv_ledger ledger = { 0 };
	cnv_gather *gather;
	uint32_t row = 0;

	assert_non_null(stage->plan);
	stage->batch = cnv_batch_new(stage->form);
	assert_non_null(stage->batch);
	gather = cnv_gather_new(stage->form, stage->batch, CNV_STR("answers.csv"), &diags);
	assert_non_null(gather);
	while (cnv_str_split(&rest, '\n', &line)) {
		uint32_t count = split(line, fields);

		row++;
		if (!line.len)
			continue;
		for (uint32_t i = 0; i < count; i++)
			cnv_gather_field(gather, fields[i]);
		assert_int_equal(cnv_gather_record(gather, row), CNV_OK);
	}
	assert_int_equal(cnv_gather_end(gather), CNV_OK);
	cnv_gather_free(gather);
	assert_int_equal(cnv_settle(stage->batch, CNV_STR("answers.csv"), &ledger), CNV_OK);
	assert_int_equal(cnv_check_asking(stage->plan, stage->batch, &world, CNV_STR("answers.csv"),
					  stage->form->default_language, &stage->scratch, &findings, &stage->asking),
			 CNV_OK);
}

static inline void close_stage(struct stage *stage)
{
	cnv_batch_free(stage->batch);
	cnv_plan_fini(stage->plan);
	cnv_form_fini(stage->form);
	cnv_text_fini(&stage->said);
	cnv_text_fini(&stage->findings);
	cnv_text_fini(&stage->messages);
	cnv_arena_fini(&stage->arena);
	cnv_arena_fini(&stage->scratch);
}

static inline void put_verdicts(cnv_text *text, const cnv_batch *batch)
{
	for (uint32_t i = 0; i < batch->table_count; i++) {
		const cnv_table *table = &batch->tables[i];

		cnv_text_put(text, i ? CNV_STR(" /") : CNV_STR(""));
		for (uint32_t row = 0; row < table->rows; row++) {
			if (i || row)
				cnv_text_put_char(text, ' ');
			for (uint32_t k = 0; k < table->count; k++)
				cnv_text_put_char(text, letters[table->columns[k].verdicts[row]]);
		}
	}
}

static inline void assert_text(cnv_text *text, const char *expected)
{
	cnv_text_put_char(text, '\0');
	assert_false(text->failed);
	assert_string_equal(text->at, expected);
}

#endif
