/* Expressions evaluated by the answers of one response, which are judged first, as a return would be. */
#include "lib/lib.h"

#include <math.h>

struct canvass_evaluation {
	canvass_context *context;
	cnv_form_file *form; /* the caller's or `own` */
	cnv_form_file own;   /* of the names, where no form is given */
	cnv_instant now;
	cnv_batch *batch;
	cnv_arena scratch, texts; /* of one evaluation; of its value */
};

static cnv_status make(canvass_evaluation *e, const cnv_answers *answers, cnv_diags *diags)
{
	cnv_status status = CNV_OK;

	if (!e->form) {
		e->form = &e->own;
		status = cnv_form_file_of_names(&e->own, answers->source, answers->given, answers->count, diags);
	}
	if (!status)
		e->batch = cnv_batch_new(e->form->form);
	if (!status && !e->batch)
		return CNV_NO_MEMORY;
	return status ? status : cnv_answers_judge(e->batch, answers, e->form, e->now, &e->scratch, diags);
}

/* Makes the list of answers in `arena`; false: memory ran out, or one has no name or is not UTF-8 (*misused). */
static bool list_answers(cnv_answers *out, const canvass_answer *answers, size_t count, cnv_arena *arena, bool *misused)
{
	cnv_answer_given *given = cnv_arena_array(arena, count, sizeof *given);

	if (!given)
		return false;
	for (size_t i = 0; i < count; i++) {
		given[i] = (cnv_answer_given){ lib_str(answers[i].name), lib_str(answers[i].value) };
		*misused |= !given[i].name.len || cnv_utf8_check(given[i].name) < given[i].name.len ||
			    cnv_utf8_check(given[i].value) < given[i].value.len;
	}
	*out = (cnv_answers){ .given = given, .count = (uint32_t)count, .source = CNV_STR("answers") };
	return !*misused;
}

canvass_status canvass_evaluation_new(canvass_evaluation **out, canvass_context *context, canvass_form *form,
				      const canvass_answer *answers, size_t count, canvass_time now,
				      canvass_findings *findings)
{
	cnv_arena lists = { 0 };
	cnv_answers given;
	canvass_evaluation *e;
	canvass_status done;
	bool misused = false;
	lib_call call;
	cnv_status status = CNV_NO_MEMORY;

	if (!out)
		return CANVASS_MISUSE;
	*out = NULL;
	if ((count && !answers) || count >= UINT32_MAX || !lib_is_time(now))
		return CANVASS_MISUSE;
	if (form)
		context = form->context;
	lib_enter(&call, context, findings);
	e = cnv_mem_get(sizeof *e);
	if (e) {
		*e = (canvass_evaluation){ .context = context,
					   .form = form ? &form->checked.form : NULL,
					   .now = lib_instant(now) };
		if (list_answers(&given, answers, count, &lists, &misused))
			status = make(e, &given, &call.diags);
	}
	cnv_arena_fini(&lists);
	done = lib_leave(&call, status);
	if (misused)
		done = CANVASS_MISUSE;
	if (done)
		canvass_evaluation_free(e);
	else
		*out = e;
	return done;
}

/* The question that `.` means, and the table it is in. */
static cnv_status find_self(const canvass_evaluation *e, cnv_str name, cnv_context *context, uint32_t *table,
			    cnv_diags *diags)
{
	const cnv_form *form = e->form->form;

	*table = 0;
	context->self = CNV_NONE;
	if (!name.len)
		return CNV_OK;
	context->self = cnv_form_find(form, name);
	if (context->self == CNV_NONE)
		context->self = cnv_map_find(&form->by_path, name);
	if (context->self < form->count) {
		*table = form->questions[context->self].table;
		if (e->batch->tables[*table].rows)
			return CNV_OK;
	}
	cnv_diags_emit(diags,
		       CNV_DIAG(.code = CNV_UNKNOWN_NAME, .place = (cnv_place){ .source = CNV_STR("expression") },
				.field = name),
		       context->self == CNV_NAME_AMBIGUOUS ? "\"%.*s\" names several questions; give its path"
		       : context->self == CNV_NONE         ? "the form has no question \"%.*s\""
							   : "no answer belongs to an entry that holds \"%.*s\"",
		       CNV_ARG(name));
	return CNV_REJECTED;
}

static cnv_status run(canvass_evaluation *e, cnv_str text, cnv_str self, canvass_value *value, cnv_diags *diags)
{
	const cnv_world world = { .now = e->now, .seed = 1 };
	const cnv_formula formula = { .text = text, .place = { .source = CNV_STR("expression") } };
	cnv_context context = { .form = e->form->form, .purpose = CNV_FOR_VALUE, .rows_ahead = 1 };
	cnv_expr *expr = NULL;
	cnv_vector vector;
	uint32_t table;
	cnv_status status = find_self(e, self, &context, &table, diags);

	cnv_arena_reset(&e->texts);
	cnv_arena_reset(&e->scratch);
	if (!status)
		status = cnv_expr_compile(&expr, &formula, &context, &e->texts, diags);
	if (!status)
		status = cnv_expr_run(expr, e->batch, table, 0, 1, NULL, &world, &e->scratch, &vector);
	if (!status && vector.unsure && cnv_bit(vector.unsure, 0)) {
		cnv_diags_emit(diags, CNV_DIAG(.code = CNV_ANSWER_UNCHECKED, .place = formula.place, .excerpt = text),
			       "this cannot be evaluated: it takes too long, or reads a file that is missing");
		status = CNV_REJECTED;
	}
	if (!status) {
		value->type = vector.type == CNV_T_NUMBER    ? CANVASS_NUMBER
			      : vector.type == CNV_T_BOOLEAN ? CANVASS_BOOLEAN
							     : CANVASS_STRING;
		value->number = cnv_value_number(&vector, 0);
		value->boolean = cnv_value_boolean(&vector, 0);
		value->text = lib_text(&e->texts, cnv_value_string(&vector, 0, &e->scratch));
		if (e->texts.failed || e->scratch.failed)
			status = CNV_NO_MEMORY;
	}
	cnv_expr_fini(expr);
	return status;
}

canvass_status canvass_evaluation_run(canvass_evaluation *e, const char *expression, const char *self,
				      canvass_value *value, canvass_findings *findings)
{
	canvass_value own = { .number = (double)NAN, .text = { "", 0 } };
	cnv_str text = lib_str(expression), name = lib_str(self);
	canvass_status done;
	lib_call call;

	if (!e || !expression || !value || !lib_is_sized(value) || cnv_utf8_check(text) < text.len ||
	    cnv_utf8_check(name) < name.len)
		return CANVASS_MISUSE;
	lib_enter(&call, e->context, findings);
	done = lib_leave(&call, run(e, text, name, &own, &call.diags));
	lib_write_sized(value, &own, sizeof own);
	return done;
}

void canvass_evaluation_free(canvass_evaluation *e)
{
	lib_call call;

	if (!e)
		return;
	lib_enter(&call, e->context, NULL);
	cnv_batch_free(e->batch);
	cnv_arena_fini(&e->scratch);
	cnv_arena_fini(&e->texts);
	cnv_form_file_fini(&e->own);
	cnv_mem_free(e);
	lib_leave(&call, CNV_OK);
}
