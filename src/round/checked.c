/* A checked form: all its diagnostics in the order of its lines, one for each cause, and a summary of its content. */
#include "canvass/round.h"

#include <stdlib.h>

static void on_diag(void *self, const cnv_diag *diag)
{
	cnv_checked *l = self;

	if (!cnv_mem_room((void **)&l->diags, &l->room, l->count + 1, sizeof *l->diags)) {
		l->failed = true;
		return;
	}
	l->diags[l->count++] = cnv_diag_copy(&l->texts, diag);
}

/* Order: sheet of a workbook, line, column, position in the cell; diagnostics of the whole form come last. */
static int by_place(const void *a, const void *b)
{
	const cnv_place *left = &((const cnv_diag *)a)->place, *right = &((const cnv_diag *)b)->place;
	uint32_t one = left->row ? left->tab : UINT32_MAX, other = right->row ? right->tab : UINT32_MAX;

	if (one == other) {
		one = left->row ? left->row : UINT32_MAX;
		other = right->row ? right->row : UINT32_MAX;
	}
	if (one == other) {
		one = left->column;
		other = right->column;
	}
	if (one == other) {
		one = left->from;
		other = right->from;
	}
	if (one == other) {
		one = ((const cnv_diag *)a)->code;
		other = ((const cnv_diag *)b)->code;
	}
	return (one > other) - (one < other);
}

static void count_folded(cnv_checked *checked)
{
	cnv_diags *counts = &checked->counts;

	counts->warnings = counts->notes = 0;
	for (uint32_t i = 0; i < checked->count; i++) {
		counts->warnings += checked->diags[i].severity == CNV_WARNING;
		counts->notes += checked->diags[i].severity == CNV_NOTE;
	}
}

/* Is the bank there?  A form that was passed on without it is complete. */
static bool has_bank(cnv_checked *checked)
{
	cnv_str folder = cnv_folder_of(checked->form.name);

	return cnv_file_exists(cnv_arena_format(&checked->form.arena, "%.*sbank", CNV_ARG(folder)));
}

/* Compares the form with the blocks it names.  A form that cannot be used is compared as well. */
static cnv_status check_bank(cnv_checked *checked, cnv_status status)
{
	cnv_bank bank;
	cnv_status compared;

	if (!has_bank(checked))
		return status;
	compared = cnv_bank_load(&bank, &checked->form, &checked->counts);
	if (!compared)
		compared =
			cnv_bank_check(&checked->form.sheets, bank.blocks, bank.count, &bank.arena, &checked->counts);
	cnv_bank_fini(&bank);
	return compared ? compared : status;
}

cnv_status cnv_checked_load_as(cnv_checked *checked, cnv_str name, const cnv_form_given *given, bool advise)
{
	cnv_diags *diags = &checked->counts;
	cnv_status status;

	*checked = (cnv_checked){ .counts = { .emit = on_diag, .self = checked } };
	status = given ? cnv_form_file_load_given(&checked->form, given, advise, diags)
		       : cnv_form_file_load(&checked->form, name, advise, diags);
	if (advise && !given && status != CNV_NO_ACCESS && status != CNV_NO_MEMORY)
		status = check_bank(checked, status);
	if (checked->count)
		qsort(checked->diags, checked->count, sizeof *checked->diags, by_place);
	checked->count = cnv_diags_fold(checked->diags, checked->count, &checked->texts);
	count_folded(checked);
	return checked->failed || checked->texts.failed ? CNV_NO_MEMORY : status;
}

cnv_status cnv_checked_load(cnv_checked *checked, cnv_str name)
{
	return cnv_checked_load_as(checked, name, NULL, true);
}

void cnv_checked_fini(cnv_checked *checked)
{
	cnv_mem_free(checked->diags);
	cnv_arena_fini(&checked->texts);
	cnv_form_file_fini(&checked->form);
}

cnv_holdings cnv_form_holdings(const cnv_form_file *file)
{
	const cnv_form *form = file->form;
	cnv_holdings h = { .lists = form->list_count,
			   .languages = form->language_count,
			   .rules = file->plan ? cnv_plan_expressions(file->plan) : 0 };

	for (cnv_question_id id = 0; id < form->count; id++) {
		h.questions += form->questions[id].role == CNV_ASKED;
		h.sections += form->questions[id].role == CNV_GROUP;
		h.repeats += form->questions[id].role == CNV_REPEAT;
	}
	return h;
}
