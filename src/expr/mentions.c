/* mentions.c: the names that a formula mentions: functions, and ${name} of questions. */
#include "expr/compile.h"

/* Functions that other applications added to the language. */
static const struct foreign_function {
	const char *name, *owner, *hint;
} foreign_functions[] = {
	{ "add-date", "the Community Health Toolkit", "write date(decimal-date-time(...) + days)" },
	{ "count-if", "SurveyCTO", "write count(${repeat}[condition])" },
	{ "difference-in-months", "the Community Health Toolkit",
	  "write int((decimal-date-time(later) - decimal-date-time(earlier)) div 30.4375)" },
	{ "duration", "SurveyCTO", "subtract the answers of two questions of the types start and end" },
	{ "index", "SurveyCTO", "write position(..)" },
	{ "max-if", "SurveyCTO", "write max(${repeat}[condition]/question)" },
	{ "min-if", "SurveyCTO", "write min(${repeat}[condition]/question)" },
	{ "parse-timestamp-to-date", "the Community Health Toolkit", "write date(milliseconds div 86400000)" },
	{ "rank-index", "SurveyCTO", "" },
	{ "search", "appearances", "put search(...) in the column appearance of a question with choices" },
	{ "sum-if", "SurveyCTO", "write sum(${repeat}[condition]/question)" },
};

static bool complain_of_foreign(expr_compiler *compiler, const cnv_formula_mention *mention)
{
	const char *owner = cnv_str_starts(mention->name, CNV_STR("cht:")) ? "the Community Health Toolkit" : NULL;
	cnv_str hint = CNV_STR("");
	for (size_t i = 0; i < sizeof foreign_functions / sizeof foreign_functions[0]; i++)
		if (cnv_str_equal(mention->name, cnv_str_from(foreign_functions[i].name))) {
			owner = foreign_functions[i].owner;
			hint = cnv_str_from(foreign_functions[i].hint);
		}
	if (!owner)
		return false;
	expr_complain(compiler, CNV_NOT_SUPPORTED, mention->from, mention->upto, hint,
		      "%.*s() belongs to %s, not to XLSForm expressions", CNV_ARG(mention->name), owner);
	return true;
}

/* XPath's tests of a node's kind look like calls. */
static bool complain_of_node_test(expr_compiler *compiler, const cnv_formula_mention *mention)
{
	static const char *const tests[] = { "node", "text", "comment", "processing-instruction" };

	for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
		if (cnv_str_equal(mention->name, cnv_str_from(tests[i]))) {
			expr_complain(compiler, CNV_NOT_SUPPORTED, mention->from, mention->upto,
				      CNV_STR("name the question or group, or write * for each of them"),
				      "%s() is a node test of XPath, which canvass does not support", tests[i]);
			return true;
		}
	return false;
}

/* The row of the function table; CNV_NONE after an error. */
static uint32_t find_function(expr_compiler *compiler, const cnv_formula_mention *mention)
{
	uint32_t found = expr_function_find(mention->name);
	if (found != CNV_NONE && expr_functions[found].info.supported)
		return found;
	if (complain_of_foreign(compiler, mention) || complain_of_node_test(compiler, mention))
		return CNV_NONE;
	cnv_nearest nearest;
	cnv_nearest_init(&nearest, mention->name);
	for (uint32_t i = 0; i < expr_function_count; i++)
		cnv_nearest_offer(&nearest, cnv_str_from(expr_functions[i].info.name));
	cnv_str hint = nearest.best.len > 0 ? expr_hint(compiler, "did you mean \"%.*s\"?", CNV_ARG(nearest.best))
					    : CNV_STR("");
	expr_complain(compiler, CNV_UNKNOWN_FUNCTION, mention->from, mention->upto, hint, "unknown function \"%.*s\"",
		      CNV_ARG(mention->name));
	return CNV_NONE;
}

void expr_resolve_names(expr_compiler *compiler)
{
	const cnv_formula_tree *tree = compiler->tree;
	uint32_t *meanings = cnv_arena_array(&compiler->work, (size_t)tree->mention_count + 1, sizeof *meanings);

	compiler->meanings = meanings;
	compiler->no_memory = compiler->no_memory || !meanings;
	for (uint32_t i = 0; i < tree->mention_count && meanings; i++) {
		const cnv_formula_mention *mention = &tree->mentions[i];
		meanings[i] = CNV_NONE;
		if (mention->function)
			meanings[i] = find_function(compiler, mention);
		else if (mention->name.len > 0)
			meanings[i] = expr_find_name(compiler, mention->name, mention->from, mention->upto);
		if (mention->last_saved && meanings[i] != CNV_NONE)
			meanings[i] = EXPR_NAME_SAVED;
	}
}
