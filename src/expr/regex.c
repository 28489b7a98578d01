/* Patterns, on PCRE2.
 *
 * PCRE2 decides whether a pattern is valid.  Most patterns of forms then become automata (automaton.c), which always
 * decide; PCRE2 matches the others.  Patterns come from forms and subjects from strangers: both PCRE2 engines have a
 * match limit, the interpreter also limits on depth and heap.  A run that ends without a match or a mismatch is
 * unsure, never an answer.  The compiled code calls only canvass's own memory functions.  Whole-string matching is
 * compiled in, so that Collect's meaning of `regex()` costs nothing. */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "expr/machine.h"
#include "expr/pattern.h"

#include <pcre2.h>
#include <string.h>

/* Match limit in steps: some 20 ms.  Real patterns need less than a thousand. */
#define MATCH_LIMIT 1000000u
#define DEPTH_LIMIT 250000u
#define HEAP_LIMIT (16u << 10) /* KiB */

struct expr_pattern {
	expr_automaton *automaton; /* NULL: PCRE2 matches */
	pcre2_general_context *memory;
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *data; /* one is enough: its result is used before the next match */
	bool jit;
};

static void *get(PCRE2_SIZE size, void *self)
{
	(void)self;
	return cnv_mem_get(size);
}

static void put_back(void *at, void *self)
{
	(void)self;
	cnv_mem_free(at);
}

void expr_pattern_free(expr_pattern *pattern)
{
	if (!pattern)
		return;
	expr_automaton_free(pattern->automaton);
	pcre2_match_data_free(pattern->data);
	pcre2_match_context_free(pattern->limits);
	pcre2_code_free(pattern->code);
	pcre2_general_context_free(pattern->memory);
	cnv_mem_free(pattern);
}

/* PCRE2_NO_AUTO_CAPTURE is not set: it would break `(a)\1`.  No PCRE2_UCP: \d and \w are ASCII, as in Collect. */
static cnv_status compile(expr_pattern *pattern, cnv_str text, expr_pattern_options options, size_t *offset,
			  char message[160])
{
	uint32_t flags = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UCP;
	int error = 0;
	PCRE2_SIZE where = 0;
	pcre2_compile_context *rules = pcre2_compile_context_create(pattern->memory);
	if (!rules)
		return CNV_NO_MEMORY;
	pcre2_set_newline(rules, PCRE2_NEWLINE_ANY);
	if (!options.search)
		flags |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
	if (options.caseless)
		flags |= PCRE2_CASELESS;
	pattern->code =
		pcre2_compile((PCRE2_SPTR)(text.len > 0 ? text.at : ""), text.len, flags, &error, &where, rules);
	pcre2_compile_context_free(rules);
	if (pattern->code)
		return CNV_OK;
	if (error == PCRE2_ERROR_HEAP_FAILED || error == 121 /* ERR21: failed to allocate heap memory */)
		return CNV_NO_MEMORY;
	*offset = where;
	if (pcre2_get_error_message(error, (PCRE2_UCHAR *)message, 160) < 0)
		message[0] = '\0';
	return CNV_REJECTED;
}

cnv_status expr_pattern_new(expr_pattern **out, cnv_str text, expr_pattern_options options, size_t *offset,
			    char message[160])
{
	expr_pattern *pattern = cnv_mem_get(sizeof *pattern);
	cnv_status status = CNV_NO_MEMORY;

	*out = NULL;
	if (!pattern)
		return CNV_NO_MEMORY;
	*pattern = (expr_pattern){ .memory = pcre2_general_context_create(get, put_back, NULL) };
	if (!pattern->memory)
		goto out;
	status = compile(pattern, text, options, offset, message);
	if (status != CNV_OK)
		goto out;
	if (!options.search && !options.caseless && !options.computed)
		pattern->automaton = expr_automaton_new(text);
	if (pattern->automaton) {
		*out = pattern;
		return CNV_OK;
	}
	status = CNV_NO_MEMORY;
	pattern->limits = pcre2_match_context_create(pattern->memory);
	pattern->data = pcre2_match_data_create(1, pattern->memory);
	if (!pattern->limits || !pattern->data)
		goto out;
	pcre2_set_match_limit(pattern->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(pattern->limits, DEPTH_LIMIT);
	pcre2_set_heap_limit(pattern->limits, HEAP_LIMIT);
	/* Without a JIT, or memory for it, the interpreter is used. */
	pattern->jit = options.jit && pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE) == 0;
	*out = pattern;
	return CNV_OK;
out:
	expr_pattern_free(pattern);
	return status;
}

expr_match expr_pattern_match(const expr_pattern *pattern, cnv_str text)
{
	PCRE2_SPTR subject = (PCRE2_SPTR)(text.len > 0 ? text.at : "");
	int result = PCRE2_ERROR_JIT_STACKLIMIT;

	if (pattern->automaton)
		return expr_automaton_match(pattern->automaton, text) ? MATCH_YES : MATCH_NO;
	/* Subjects are validated as UTF-8 when they are read, which pcre2_jit_match relies on. */
	if (pattern->jit)
		result = pcre2_jit_match(pattern->code, subject, text.len, 0, 0, pattern->data, pattern->limits);
	if (result == PCRE2_ERROR_JIT_STACKLIMIT)
		result = pcre2_match(pattern->code, subject, text.len, 0, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT,
				     pattern->data, pattern->limits);
	if (result >= 0)
		return MATCH_YES;
	return result == PCRE2_ERROR_NOMATCH ? MATCH_NO : MATCH_UNSURE;
}

static void match_block(const expr_pattern *pattern, const cnv_str *texts, expr_register *to, uint32_t from,
			uint32_t upto)
{
	for (uint32_t i = from; i < upto; i++) {
		expr_match match = expr_pattern_match(pattern, texts[i]);
		to->bits[i / 64] |= (uint64_t)(match == MATCH_YES) << (i % 64);
		to->unsure[i / 64] |= (uint64_t)(match == MATCH_UNSURE) << (i % 64);
	}
}

/* data: the expr_pattern.  The result of an unsure text is unsure. */
void step_regex(expr_machine *machine, const expr_step *step, uint32_t count)
{
	expr_register *to = &machine->registers[step->to];
	const uint64_t *before = machine->registers[step->args[0]].unsure;
	for (size_t w = 0; w < CNV_BIT_WORDS(count); w++) {
		to->bits[w] = 0;
		to->unsure[w] = before[w];
	}
	match_block(step->data, texts_of(machine, step->args[0]), to, 0, count);
}

/* A computed pattern: compiled again when it changes, and unsure if it is invalid. */
void step_regex_computed(expr_machine *machine, const expr_step *step, uint32_t count)
{
	expr_register *to = &machine->registers[step->to];
	const cnv_str *texts = texts_of(machine, step->args[0]), *patterns = texts_of(machine, step->args[1]);
	expr_pattern_options options = { .search = step->search, .caseless = step->caseless, .computed = true };

	for (size_t w = 0; w < CNV_BIT_WORDS(count); w++) {
		to->bits[w] = 0;
		to->unsure[w] =
			machine->registers[step->args[0]].unsure[w] | machine->registers[step->args[1]].unsure[w];
	}
	for (uint32_t i = 0; i < count; i++) {
		if (!machine->last_pattern || !cnv_str_equal(patterns[i], machine->last_pattern_text)) {
			size_t offset;
			char message[160];
			expr_pattern_free(machine->last_pattern);
			if (expr_pattern_new(&machine->last_pattern, patterns[i], options, &offset, message) ==
			    CNV_NO_MEMORY)
				machine->failed = true;
			machine->last_pattern_text = patterns[i];
		}
		if (machine->last_pattern)
			match_block(machine->last_pattern, texts, to, i, i + 1);
		else
			cnv_bit_set(to->unsure, i);
	}
}
