/* Checks a file of answers against a form, and prints what is wrong.
 *
 *   cc check_file.c $(pkg-config --cflags --libs canvass) -o check_file
 *   ./check_file form.csv answers.csv
 */
#include <canvass.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

static void print_finding(void *self, const canvass_finding *f)
{
	(void)self;
	printf("%s:%" PRIu32 ": %s %s: %s\n", f->source.at, f->row, f->code, f->question.at, f->message.at);
	if (f->hint.len)
		printf("  hint: %s\n", f->hint.at);
}

int main(int argc, char **argv)
{
	const canvass_time now = { .utc_ms = (int64_t)time(NULL) * 1000 };
	canvass_counts counts = { .struct_size = sizeof counts };
	canvass_findings *findings = NULL;
	canvass_form *form = NULL;
	canvass_status status;

	if (argc != 3) {
		fputs("usage: check_file FORM ANSWERS\n", stderr);
		return 2;
	}
	status = canvass_findings_new(&findings, NULL, print_finding, NULL);
	if (!status)
		status = canvass_form_open(&form, NULL, &(canvass_file){ .name = argv[1] }, NULL, findings);
	if (!status)
		status = canvass_check(form, &(canvass_file){ .name = argv[2] }, 1, now, NULL, findings, &counts);
	if (status)
		fprintf(stderr, "check_file: %s\n", canvass_status_words(status));
	else
		printf("%" PRIu64 " responses, %" PRIu64 " errors, %" PRIu64 " warnings\n", counts.responses,
		       counts.errors, counts.warnings);
	canvass_form_free(form);
	canvass_findings_free(findings);
	return status || counts.errors ? 1 : 0;
}
