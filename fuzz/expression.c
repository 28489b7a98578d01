/* Any bytes as an expression: compiled without a form and run. */
#include "corpus.h"

#include "canvass/expr.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	cnv_arena arena = { .limit = (size_t)64 << 20 }, scratch = { .limit = (size_t)64 << 20 };
	cnv_formula formula = { .text = { (const char *)at, len } };
	cnv_context context = { .self = CNV_NONE, .rows_ahead = 1 };
	cnv_world world = { .now = { .utc_ms = INT64_C(1796083200000) }, .seed = 1 };
	cnv_diags diags = { 0 };
	cnv_expr *expr = NULL;
	cnv_vector value;

	/* What reaches the compiler has always passed the reader's check. */
	if (cnv_utf8_check(formula.text) < len)
		return 0;
	if (!cnv_expr_compile(&expr, &formula, &context, &arena, &diags) &&
	    !cnv_expr_run(expr, NULL, 0, 0, 1, NULL, &world, &scratch, &value)) {
		cnv_value_string(&value, 0, &scratch);
		cnv_value_number(&value, 0);
	}
	cnv_expr_fini(expr);
	cnv_arena_fini(&scratch);
	cnv_arena_fini(&arena);
	return 0;
}
