/* Any bytes as an expression: compiled without a form and run, then over two responses of a form that has repeats inside
 * repeats and a list, once as a calculation and once as a choice filter. */
#include "corpus.h"

#include "canvass/expr.h"

#include <stdlib.h>

static cnv_arena form_arena;
static cnv_form *form;
static cnv_batch *batch;
static cnv_question_id self;

static void add_sheet_row(cnv_sheets *sheets, cnv_str line)
{
	static uint32_t row;
	cnv_diags diags = { 0 };
	cnv_str fields[8], field;
	uint32_t count = 0;
	while (count < 8 && cnv_str_split(&line, '|', &field))
		fields[count++] = field;
	cnv_sheets_add(sheets, fields, count, ++row, &diags);
}

static void put(const char *name, const char *text)
{
	const cnv_question *question = &form->questions[cnv_form_find(form, cnv_str_from(name))];
	cnv_batch_put(batch, question->table, question->column, cnv_str_from(text), 1);
}

/* The first response has two entries, one with an entry of its own; the second is blank. */
static void answer(void)
{
	cnv_ledger ledger = { 0 };
	uint32_t b = form->questions[cnv_form_find(form, CNV_STR("b"))].table;
	uint32_t d = form->questions[cnv_form_find(form, CNV_STR("d"))].table;

	cnv_batch_row(batch, 0, 0, 1);
	put("a", "2");
	put("s", "y");
	cnv_batch_row(batch, b, 0, 1);
	put("c", "1");
	cnv_batch_row(batch, d, 0, 1);
	put("e", "x");
	cnv_batch_row(batch, b, 0, 1);
	put("c", "2");
	cnv_batch_row(batch, 0, 0, 2);
	if (cnv_settle(batch, CNV_STR("fuzz"), &ledger))
		abort();
	for (uint32_t t = 0; t < batch->table_count; t++)
		for (uint32_t c = 0; c < batch->tables[t].count; c++)
			for (size_t w = 0; w < CNV_BIT_WORDS(batch->tables[t].rows); w++)
				batch->tables[t].columns[c].usable[w] = batch->tables[t].columns[c].understood[w];
}

static void make_form(void)
{
	static const char *const rows[] = {
		"survey",       "|type|name|label",        "|integer|a|A", "|select_one l|s|S", "|begin_repeat|b|B",
		"|integer|c|C", "|begin_repeat|d|D",       "|text|e|E",    "|end_repeat",       "|end_repeat",
		"choices",      "|list_name|name|label|r", "|l|y|Yes|1",   "|l|n|No|2"
	};
	cnv_sheets sheets;
	cnv_diags diags = { 0 };

	cnv_sheets_init(&sheets, CNV_STR("fuzz"), &form_arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		add_sheet_row(&sheets, cnv_str_from(rows[i]));
	if (cnv_form_build(&form, &sheets, &form_arena, &diags))
		abort();
	cnv_sheets_fini(&sheets);
	batch = cnv_batch_new(form);
	self = cnv_form_find(form, CNV_STR("s"));
	answer();
}

static void run(cnv_formula formula, cnv_context context)
{
	static const uint32_t choices[] = { 0, 1 };
	cnv_arena arena = { .limit = (size_t)64 << 20 }, scratch = { .limit = (size_t)64 << 20 };
	cnv_world world = { .now = { .utc_ms = INT64_C(1796083200000) }, .seed = 1 };
	cnv_diags diags = { 0 };
	cnv_expr *expr = NULL;
	cnv_vector value;
	bool filter = context.purpose == CNV_FOR_FILTER;

	if (!cnv_expr_compile(&expr, &formula, &context, &arena, &diags) &&
	    !cnv_expr_run(expr, context.form != NULL ? batch : NULL, 0, 0, context.form != NULL ? 2 : 1,
			  filter ? choices : NULL, &world, &scratch, &value)) {
		cnv_value_string(&value, 0, &scratch);
		cnv_value_number(&value, 0);
	}
	cnv_expr_fini(expr);
	cnv_arena_fini(&scratch);
	cnv_arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	cnv_formula formula = { .text = { (const char *)at, len } };

	/* What reaches the compiler has always passed the reader's check. */
	if (cnv_utf8_check(formula.text) < len)
		return 0;
	if (form == NULL)
		make_form();
	run(formula, (cnv_context){ .self = CNV_NONE, .rows_ahead = 1 });
	run(formula, (cnv_context){ .form = form, .self = self, .rows_ahead = 1 });
	run(formula, (cnv_context){ .form = form, .self = self, .purpose = CNV_FOR_FILTER, .rows_ahead = 1 });
	return 0;
}
