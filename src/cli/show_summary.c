/* show --summary: how long the questionnaire is, as text and as one JSON object. */
#include <inttypes.h>

#include "canvass/advise.h"
#include "cli/show.h"

/* A section is a group or repeat that is in no other. */
static bool is_section(const cnv_question *question)
{
	return question->parent == CNV_NONE && (question->role == CNV_GROUP || question->role == CNV_REPEAT);
}

static uint32_t questions_in(const cnv_form *form, cnv_question_id section)
{
	uint32_t count = 0;

	for (cnv_question_id id = section; id < form->questions[section].after; id++)
		count += form->questions[id].role == CNV_ASKED;
	return count;
}

static void print_sections(const cnv_form_file *file)
{
	const cnv_form *form = file->form;

	for (cnv_question_id id = 0; id < form->count; id++) {
		if (!is_section(&form->questions[id]))
			continue;
		printf("  %5" PRIu32 "  ", questions_in(form, id));
		cli_put(stdout, cnv_question_title(form, &form->questions[id], file->language), false);
		puts(form->questions[id].role == CNV_REPEAT ? " (repeat)" : "");
	}
}

static void print_summary(const cnv_form_file *file, const cnv_extent *extent)
{
	const cnv_form *form = file->form;
	uint32_t sections = 0, repeats = 0;

	for (cnv_question_id id = 0; id < form->count; id++) {
		sections += is_section(&form->questions[id]);
		repeats += form->questions[id].role == CNV_REPEAT;
	}
	cli_put(stdout, form->title.len ? form->title : form->id, false);
	printf("\n%5" PRIu32 " %s in %" PRIu32 " %s, %" PRIu32 " %s\n", extent->questions,
	       cnv_noun(extent->questions, "question", "questions"), sections,
	       cnv_noun(sections, "section", "sections"), repeats, cnv_noun(repeats, "repeat", "repeats"));
	printf("%5" PRIu32 " always required, %" PRIu32 " under a condition\n", extent->required,
	       extent->required_sometimes);
	printf("%5" PRIu32 " asked at least, %" PRIu32 " at most%s\n", extent->asked_least, extent->asked_most,
	       repeats ? " (with one entry in each repeat)" : "");
	printf("%5" PRIu32 " %s at least, %" PRIu32 " at most, to read and answer\n", extent->minutes_least,
	       cnv_noun(extent->minutes_least, "minute", "minutes"), extent->minutes_most);
	if (sections)
		puts("\nquestions in each section:");
	print_sections(file);
}

static void json_sections(cli_json *json, const cnv_form_file *file)
{
	const cnv_form *form = file->form;

	cli_json_open(json, "sections", '[');
	for (cnv_question_id id = 0; id < form->count; id++) {
		if (!is_section(&form->questions[id]))
			continue;
		cli_json_open(json, NULL, '{');
		cli_json_text(json, "name", form->questions[id].name);
		cli_json_text(json, "label", cnv_question_title(form, &form->questions[id], file->language));
		cli_json_raw(json, "repeat",
			     form->questions[id].role == CNV_REPEAT ? CNV_STR("true") : CNV_STR("false"));
		cli_json_number(json, "questions", questions_in(form, id));
		cli_json_close(json, '}');
	}
	cli_json_close(json, ']');
}

static void json_range(cli_json *json, const char *key, uint32_t least, uint32_t most)
{
	cli_json_open(json, key, '{');
	cli_json_number(json, "least", least);
	cli_json_number(json, "most", most);
	cli_json_close(json, '}');
}

static void json_summary(const cnv_form_file *file, const cnv_extent *extent)
{
	cli_json json = { .out = stdout };

	cli_json_open(&json, NULL, '{');
	cli_json_text(&json, "schema", CNV_STR("canvass.show/1"));
	cli_json_text(&json, "form", file->name);
	cli_json_text(&json, "form_id", file->form->id);
	cli_json_text(&json, "version", file->form->version);
	cli_json_number(&json, "questions", extent->questions);
	cli_json_number(&json, "required", extent->required);
	cli_json_number(&json, "required_sometimes", extent->required_sometimes);
	json_range(&json, "asked", extent->asked_least, extent->asked_most);
	json_range(&json, "minutes", extent->minutes_least, extent->minutes_most);
	json_sections(&json, file);
	cli_json_close(&json, '}');
}

cli_exit cli_show_summary(const cnv_form_file *form, bool json)
{
	cnv_extent extent;
	cnv_status status = cnv_extent_find(&extent, form->plan);

	if (status) {
		cli_out_of_memory();
		return CLI_ACCESS;
	}
	if (json)
		json_summary(form, &extent);
	else
		print_summary(form, &extent);
	return CLI_DONE;
}
