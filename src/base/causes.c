/* Causes: the same thing said of many places becomes one diagnostic at the first place.
 *
 * Warnings and notes of one code with one message have one cause: a word used in ninety formulas, a list name missing
 * in six hundred rows.  Errors stay as they are, because each of them must be corrected. */
#include "canvass/base.h"

/* Rows that are named; after these their number is enough. */
#define MOST_ROWS 6u

typedef struct folded {
	uint32_t at; /* its first diagnostic, after folding */
	uint32_t places;
	uint32_t rows[MOST_ROWS]; /* different ones, in their order */
	uint32_t row_count;
	bool more_rows;
} folded;

/* The places are in the order of the file, so equal rows follow each other. */
static void add_place(folded *cause, const cnv_place *place)
{
	cause->places++;
	if (!place->row || (cause->row_count && cause->rows[cause->row_count - 1] == place->row))
		return;
	if (cause->row_count < MOST_ROWS)
		cause->rows[cause->row_count++] = place->row;
	else
		cause->more_rows = true;
}

static void put_places(cnv_diag *diag, const folded *cause, cnv_arena *texts)
{
	cnv_text text = { 0 };

	cnv_text_format(&text, "%.*s (%u times", CNV_ARG(diag->message), cause->places);
	for (uint32_t i = 0; cause->row_count > 1 && i < cause->row_count; i++)
		cnv_text_format(&text, "%s%u", i ? ", " : ": rows ", cause->rows[i]);
	cnv_text_put(&text, cause->more_rows ? CNV_STR(", ...)") : CNV_STR(")"));
	if (text.failed)
		texts->failed = true;
	else
		diag->message = cnv_arena_copy(texts, cnv_text_str(&text));
	cnv_text_fini(&text);
}

uint32_t cnv_diags_fold(cnv_diag *diags, uint32_t count, cnv_arena *texts)
{
	cnv_map seen = { 0 };
	cnv_arena keys = { 0 };
	folded *causes = cnv_arena_array(&keys, (size_t)count + 1, sizeof *causes);
	uint32_t kept = 0, known = 0;

	for (uint32_t i = 0; causes && i < count; i++) {
		const cnv_diag *diag = &diags[i];
		uint32_t found = CNV_NONE;

		if (diag->severity != CNV_ERROR) {
			cnv_str key = cnv_arena_format(&keys, "%u %.*s %.*s", diag->code, CNV_ARG(diag->place.sheet),
						       CNV_ARG(diag->message));
			found = cnv_map_put(&seen, key, known);
			if (found == known)
				causes[known++].at = kept;
			add_place(&causes[found], &diag->place);
		}
		if (found == CNV_NONE || causes[found].places == 1)
			diags[kept++] = *diag;
	}
	for (uint32_t i = 0; i < known; i++)
		if (causes[i].places > 1)
			put_places(&diags[causes[i].at], &causes[i], texts);
	if (!causes || keys.failed || seen.failed)
		texts->failed = true;
	cnv_map_fini(&seen);
	cnv_arena_fini(&keys);
	return causes ? kept : count;
}
