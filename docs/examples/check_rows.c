/* Judges answers that the program has in memory, by a form that it has in memory too.
 *
 *   cc check_rows.c $(pkg-config --cflags --libs canvass) -o check_rows
 */
#include <canvass.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char form_text[] = "survey\n"
				",type,name,label,constraint,constraint_message\n"
				",integer,age,Age,. >= 0 and . <= 120,An age is between 0 and 120\n"
				",date,joined,Date of joining,. <= today(),This day is still to come\n";

/* Named by their questions; NULL is a blank cell. */
static const char *const names[] = { "age", "joined" };
static const char *const rows[][2] = { { "34", "2026-01-31" }, { "340", NULL }, { "old", "2027-02-01" } };

static canvass_status judge(canvass_form *form, canvass_time now, canvass_findings *findings, canvass_counts *counts)
{
	canvass_rows *judged;
	canvass_status status = canvass_rows_new(&judged, form, names, 2, now, NULL, findings);

	for (size_t i = 0; i < sizeof rows / sizeof *rows && !status; i++)
		status = canvass_rows_add(judged, rows[i]);
	if (!status)
		status = canvass_rows_judge(judged, counts);
	canvass_rows_free(judged);
	return status;
}

int main(void)
{
	const canvass_file file = { .name = "ages.csv", .bytes = form_text, .size = strlen(form_text) };
	canvass_counts counts = { .struct_size = sizeof counts };
	canvass_findings *findings = NULL;
	canvass_form *form = NULL;
	canvass_time now;
	canvass_status status = canvass_time_read("2026-12-01T09:00:00Z", &now);

	if (!status)
		status = canvass_findings_new(&findings, NULL, NULL, NULL); /* without a callback: collected */
	if (!status)
		status = canvass_form_open(&form, NULL, &file, NULL, findings);
	if (!status)
		status = judge(form, now, findings, &counts);
	for (size_t i = 0; i < canvass_findings_count(findings); i++) {
		const canvass_finding *f = canvass_findings_at(findings, i);
		printf("row %" PRIu32 ", %s \"%s\": %s\n", f->row, f->question.at, f->value.at, f->message.at);
	}
	printf("%" PRIu64 " rows, %" PRIu64 " errors: %s\n", counts.responses, counts.errors,
	       canvass_status_words(status));
	canvass_form_free(form);
	canvass_findings_free(findings);
	return status ? 1 : 0;
}
