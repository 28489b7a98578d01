/* explain: one answer and its rules, as text and as a JSON object. */
#include <inttypes.h>

#include "cli/explain.h"

/* ---------------------------------------------------------------- text */

static void put_titled(const cli_opened *o, cnv_question_id id, cnv_str path)
{
	const cnv_question *question = &o->form.form->questions[id];
	cnv_str title = cnv_question_title(o->form.form, question, o->form.language);

	if (question->qno.len) {
		cli_put(stdout, question->qno, false);
		putchar(' ');
	}
	cli_put(stdout, path, false);
	if (title.len && !cnv_str_equal(title, path)) {
		fputs(": ", stdout);
		cli_put(stdout, title, false);
	}
	putchar('\n');
}

static void put_value(cnv_str value)
{
	if (value.len)
		cli_put(stdout, value, false);
	else
		fputs("cannot be evaluated", stdout);
	putchar('\n');
}

/* " (Alpha)": the label of a choice that is in quotes. */
static void put_label(const cli_opened *o, const cnv_question *question, cnv_str quoted)
{
	const cnv_list *list = question->kind == CNV_CHOICE && question->list != CNV_NONE
				       ? cnv_list_known(&o->form.form->lists[question->list])
				       : NULL;
	cnv_str code = quoted.len > 1 ? cnv_str_slice(quoted, 1, quoted.len - 1) : (cnv_str){ 0 }, label;
	uint32_t choice = list ? cnv_list_find(list, code) : CNV_NONE;

	if (choice == CNV_NONE)
		return;
	label = cnv_choice_title(o->form.form, &list->choices[choice], o->form.language);
	if (cnv_str_equal(label, code))
		return;
	fputs(" (", stdout);
	cli_put(stdout, label, false);
	putchar(')');
}

static void put_answer(const cli_opened *o, const cnv_explained_answer *answer)
{
	const cnv_question *question = &o->form.form->questions[answer->question];

	fputs("  ${", stdout);
	cli_put(stdout, question->name, false);
	fputs("} is ", stdout);
	cli_put(stdout, answer->value, false);
	put_label(o, question, answer->value);
	putchar('\n');
}

static void put_rule(const cli_opened *o, cnv_question_id question, const cnv_explained_rule *rule)
{
	const cnv_form *form = o->form.form;

	printf("\n%s", cnv_slot_word(rule->slot));
	if (rule->of != question) {
		fputs(" of ", stdout);
		cli_put(stdout, form->questions[rule->of].name, false);
	}
	fputs(": ", stdout);
	cli_put(stdout, rule->formula, false);
	fputs("\n  = ", stdout);
	put_value(rule->value);
	for (uint32_t i = 0; i < rule->part_count; i++) {
		printf("  %*s", (int)(2 * rule->parts[i].depth + 2), "");
		cli_put(stdout, rule->parts[i].text, false);
		fputs("  = ", stdout);
		put_value(rule->parts[i].value);
	}
	for (uint32_t i = 0; i < rule->answer_count; i++)
		put_answer(o, &rule->answers[i]);
}

static void put_findings(const cnv_why *why)
{
	for (uint32_t i = 0; i < why->finding_count; i++) {
		const cnv_why_finding *finding = &why->findings[i];
		char code[8];

		cnv_code_name(finding->code, code);
		printf("  %s[%s]: ", cnv_severity_word(finding->severity), code);
		cli_put(stdout, finding->message, false);
		putchar('\n');
		if (finding->hint.len) {
			fputs("    hint: ", stdout);
			cli_put(stdout, finding->hint, false);
			putchar('\n');
		}
	}
}

void explain_text(const cli_opened *o, cnv_str respondent, const cnv_named *named, const cnv_why *why)
{
	cli_put(stdout, respondent, false);
	fputs(", round ", stdout);
	cli_put(stdout, o->round, false);
	printf(", revision %" PRIu32 "\n", why->revision);
	put_titled(o, named->question, why->path);
	fputs("  ", stdout);
	if (why->value.len) {
		cli_put(stdout, why->value, false);
		if (why->line)
			printf(" (line %" PRIu32 ")", why->line);
		fputs(": ", stdout);
	}
	printf("%s\n", cnv_verdict_words(why->verdict));
	put_findings(why);
	for (uint32_t i = 0; i < why->rules.count; i++)
		put_rule(o, named->question, &why->rules.rules[i]);
	if (!why->rules.count)
		puts("\nthe form has no rule for this answer");
}

/* ---------------------------------------------------------------- JSON */

static void put_json_rule(cli_json *json, const cnv_form *form, const cnv_explained_rule *rule)
{
	cli_json_open(json, NULL, '{');
	cli_json_text(json, "rule", cnv_str_from(cnv_slot_word(rule->slot)));
	cli_json_text(json, "of", form->questions[rule->of].name);
	cli_json_text(json, "formula", rule->formula);
	if (rule->value.len)
		cli_json_text(json, "value", rule->value);
	cli_json_open(json, "parts", '[');
	for (uint32_t i = 0; i < rule->part_count; i++) {
		cli_json_open(json, NULL, '{');
		cli_json_number(json, "depth", rule->parts[i].depth);
		cli_json_text(json, "formula", rule->parts[i].text);
		if (rule->parts[i].value.len)
			cli_json_text(json, "value", rule->parts[i].value);
		cli_json_close(json, '}');
	}
	cli_json_close(json, ']');
	cli_json_open(json, "answers", '[');
	for (uint32_t i = 0; i < rule->answer_count; i++) {
		cli_json_open(json, NULL, '{');
		cli_json_text(json, "question", form->questions[rule->answers[i].question].name);
		cli_json_text(json, "value", rule->answers[i].value);
		cli_json_close(json, '}');
	}
	cli_json_close(json, ']');
	cli_json_close(json, '}');
}

static void put_json_findings(cli_json *json, const cnv_why *why)
{
	cli_json_open(json, "findings", '[');
	for (uint32_t i = 0; i < why->finding_count; i++) {
		const cnv_why_finding *finding = &why->findings[i];
		char code[8];

		cnv_code_name(finding->code, code);
		cli_json_open(json, NULL, '{');
		cli_json_text(json, "severity", cnv_str_from(cnv_severity_word(finding->severity)));
		cli_json_text(json, "code", cnv_str_from(code));
		cli_json_text(json, "message", finding->message);
		if (finding->hint.len)
			cli_json_text(json, "hint", finding->hint);
		cli_json_close(json, '}');
	}
	cli_json_close(json, ']');
}

void explain_json(const cli_opened *o, cnv_str respondent, const cnv_named *named, const cnv_why *why)
{
	const cnv_question *question = &o->form.form->questions[named->question];
	cli_json json = { .out = stdout };

	cli_json_open(&json, NULL, '{');
	cli_json_text(&json, "schema", CNV_STR("canvass.explain/1"));
	cli_json_text(&json, "form", o->form.form->id);
	cli_json_text(&json, "round", o->round);
	cli_json_text(&json, "respondent", respondent);
	cli_json_number(&json, "revision", why->revision);
	if (question->qno.len)
		cli_json_text(&json, "no", question->qno);
	cli_json_text(&json, "question", why->path);
	cli_json_text(&json, "value", why->value);
	cli_json_text(&json, "verdict", cnv_str_from(cnv_verdict_words(why->verdict)));
	cli_json_number(&json, "row", why->line);
	put_json_findings(&json, why);
	cli_json_open(&json, "rules", '[');
	for (uint32_t i = 0; i < why->rules.count; i++)
		put_json_rule(&json, o->form.form, &why->rules.rules[i]);
	cli_json_close(&json, ']');
	cli_json_close(&json, '}');
}
