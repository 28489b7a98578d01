/* Answers given by hand or in a file: one response, gathered, settled and judged like a return, so that an
 * expression sees the same values as in an import. */
#include "canvass/round.h"

#define ANSWERS_LIMIT ((size_t)16 << 20)

cnv_status cnv_form_file_of_names(cnv_form_file *form, cnv_str source, const cnv_answer_given *given, uint32_t count,
				  cnv_diags *diags)
{
	cnv_str head[] = { CNV_STR(""), CNV_STR("type"), CNV_STR("name"), CNV_STR("label") };
	cnv_status status;

	*form = (cnv_form_file){ .name = source };
	cnv_sheets_init(&form->sheets, source, &form->arena);
	cnv_sheets_add(&form->sheets, (cnv_str[]){ CNV_STR("survey") }, 1, 1, diags);
	cnv_sheets_add(&form->sheets, head, 4, 2, diags);
	for (uint32_t i = 0; i < count; i++) {
		cnv_str row[] = { CNV_STR(""), CNV_STR("text"), given[i].name, given[i].name };
		cnv_sheets_add(&form->sheets, row, 4, 3 + i, diags);
	}
	status = cnv_form_build(&form->form, &form->sheets, &form->arena, diags);
	if (!status)
		status = cnv_plan_build(&form->plan, form->form, 1, &form->arena, diags);
	return status;
}

static void on_field(void *self, cnv_str field)
{
	cnv_gather_field(self, field);
}
static cnv_status on_record(void *self, uint32_t line)
{
	return cnv_gather_record(self, line);
}

static cnv_status gather_given(const cnv_answers *answers, cnv_gather *gather)
{
	cnv_status status;

	cnv_gather_field(gather, CNV_STR("question"));
	cnv_gather_field(gather, CNV_STR("answer"));
	status = cnv_gather_record(gather, 1);
	for (uint32_t i = 0; i < answers->count && !status; i++) {
		cnv_gather_field(gather, answers->given[i].name);
		cnv_gather_field(gather, answers->given[i].value);
		status = cnv_gather_record(gather, 2 + i);
	}
	return status;
}

static cnv_status gather_file(const cnv_answers *answers, cnv_gather *gather, cnv_arena *arena, cnv_diags *diags)
{
	cnv_csv_sink sink = { .self = gather, .field = on_field, .record = on_record };
	cnv_str bytes;
	cnv_status status = cnv_file_load(answers->file, ANSWERS_LIMIT, arena, &bytes, diags);

	return status ? status : cnv_csv_read(answers->file, bytes, 0, (cnv_csv_limits){ 0 }, &sink, diags);
}

static cnv_status gather(const cnv_answers *answers, cnv_batch *batch, cnv_str source, cnv_form_file *form,
			 cnv_diags *diags)
{
	cnv_gather *gatherer = cnv_gather_new(form->form, batch, source, diags);
	cnv_status status;

	if (!gatherer)
		return CNV_NO_MEMORY;
	status = answers->file.len ? gather_file(answers, gatherer, &form->arena, diags)
				   : gather_given(answers, gatherer);
	if (!status)
		status = cnv_gather_end(gatherer);
	cnv_gather_free(gatherer);
	return !status && diags->errors ? CNV_REJECTED : status;
}

cnv_status cnv_answers_judge(cnv_batch *batch, const cnv_answers *answers, cnv_form_file *form, cnv_instant now,
			     cnv_arena *scratch, cnv_diags *diags)
{
	cnv_world world = { .now = now, .seed = 1 };
	cnv_str source = answers->file.len ? answers->file : answers->source;
	cnv_settle_options options = { .utc_offset = now.utc_offset };
	cnv_ledger ledger = { 0 };
	cnv_findings findings = { 0 };
	cnv_status status = CNV_OK;

	if (answers->count || answers->file.len)
		status = gather(answers, batch, source, form, diags);
	else
		cnv_batch_row(batch, 0, 0, 1);
	if (!status)
		status = cnv_settle_with(batch, source, &options, &ledger);
	if (!status)
		status = cnv_check(form->plan, batch, &world, source, form->language, scratch, &findings);
	return status;
}
