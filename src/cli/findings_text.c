/* findings: one finding as text, with its id, place, question, message and hint. */
#include "cli/findings.h"

enum { TITLE_WIDTH = 100 };

static void print_line(const char *lead, cnv_str text)
{
	printf("    %s", lead);
	cli_put(stdout, text, false);
	putchar('\n');
}

/* "A3 Date to which the answers apply", cut to a line. */
static void print_question(const cnv_form *form, uint32_t language, const cnv_query *query)
{
	const cnv_question *question;
	cnv_str title;

	if (query->question == CNV_NONE)
		return;
	question = &form->questions[query->question];
	title = cnv_question_title(form, question, language);
	if (title.len > TITLE_WIDTH) {
		title = cnv_str_slice(title, 0, TITLE_WIDTH);
		title = cnv_str_slice(title, 0, cnv_utf8_check(title));
	}
	fputs("    ", stdout);
	if (question->qno.len) {
		cli_put(stdout, question->qno, false);
		putchar(' ');
	}
	cli_put(stdout, title, false);
	if (question->table) {
		fputs(" (", stdout);
		cli_put(stdout, query->path, false);
		putchar(')');
	}
	putchar('\n');
}

void findings_print_text(const cnv_form_file *form, const cnv_query *query)
{
	cnv_place place = { .source = query->file,
			    .sheet = query->sheet,
			    .row = query->line,
			    .column = query->sheet.len ? query->column : 0,
			    .tab = query->sheet.len > 0 };
	cnv_text text = { 0 };
	char code[8];

	cnv_code_name(query->code, code);
	cnv_place_write(&text, &place);
	printf("  ");
	cli_put(stdout, query->id, false);
	printf("  %s  %s[%s]  ", cnv_query_state_word(query->state), query->severity == CNV_ERROR ? "error" : "warning",
	       code);
	cli_put(stdout, cnv_text_str(&text), false);
	putchar('\n');
	cnv_text_fini(&text);
	print_question(form->form, form->language, query);
	print_line("", query->message);
	if (query->value.len && cnv_str_find(query->message, query->value) == SIZE_MAX)
		print_line("answer: ", query->value);
	if (query->hint.len)
		print_line("hint: ", query->hint);
	if (query->remark.len)
		print_line("remark: ", query->remark);
	if (query->reason.len)
		print_line("waived: ", query->reason);
}
