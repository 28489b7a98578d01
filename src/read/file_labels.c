/* Labels of choices that are in a file, or on the sheet external_choices.
 *
 * Such choices have no numbers in a column: the text of the cell is the answer.  So where people or an export wrote
 * labels, the text itself is replaced by the codes before it is judged, and the column is rebuilt once. */
#include "read/file_labels.h"

/* The index of the choice with this label; CNV_NONE: none, or several. */
static uint32_t find_label(cnv_batch *batch, const cnv_list *known, cnv_str text)
{
	cnv_str folded = cnv_text_fold(batch->scratch, text);
	uint32_t found = folded.len ? cnv_map_find(&known->by_label, folded) : CNV_NONE;

	return found < known->count ? found : CNV_NONE;
}

static cnv_str code_of(cnv_batch *batch, const cnv_list *known, cnv_str text)
{
	uint32_t found = cnv_list_find(known, text);

	if (found == CNV_NONE)
		found = find_label(batch, known, text);
	return found == CNV_NONE ? (cnv_str){ 0 } : known->choices[found].name;
}

/* All pieces of the text between `separators`, as codes; empty: one of them is neither a code nor a label. */
static cnv_str codes_of(cnv_batch *batch, const cnv_list *known, cnv_str text, const char *separators)
{
	cnv_text codes = { 0 };
	cnv_str copy = { 0 };
	size_t from = 0;
	bool all = true;

	for (size_t i = 0; i <= text.len && all; i++) {
		cnv_str piece, code;
		bool ends = i == text.len;

		for (const char *at = separators; !ends && *at; at++)
			ends = text.at[i] == *at;
		if (!ends)
			continue;
		piece = cnv_cell_trim(cnv_str_slice(text, from, i));
		from = i + 1;
		if (!piece.len)
			continue;
		code = code_of(batch, known, piece);
		all = code.len > 0;
		cnv_text_format(&codes, "%s%.*s", codes.len ? " " : "", CNV_ARG(code));
	}
	if (all && !codes.failed)
		copy = cnv_arena_copy(&batch->arena, cnv_text_str(&codes));
	batch->failed |= codes.failed;
	cnv_text_fini(&codes);
	return copy;
}

static bool are_codes(const cnv_list *known, cnv_str text)
{
	cnv_str word;

	while (cnv_str_word(&text, &word))
		if (cnv_list_find(known, word) == CNV_NONE)
			return false;
	return true;
}

/* The codes of the choices whose labels the text has; empty: it has codes already, or no such label. */
static cnv_str translate(cnv_batch *batch, const cnv_column *column, const cnv_list *known, cnv_str text)
{
	bool single = column->kind == CNV_CHOICE;
	cnv_str code;

	if (!text.len || cnv_list_find(known, text) != CNV_NONE || (!single && are_codes(known, text)))
		return (cnv_str){ 0 };
	code = code_of(batch, known, text);
	if (!code.len && !single)
		code = codes_of(batch, known, text, ";\n\r");
	if (!code.len && !single)
		code = codes_of(batch, known, text, ";\n\r,");
	return code;
}

void cnv_file_labels_read(cnv_batch *batch, const cnv_table *table, cnv_column *column, const cnv_list *known,
			  void (*replaced)(void *self, const cnv_file_label *label), void *self)
{
	cnv_text text = { .limit = UINT32_MAX };
	uint32_t from = 0;
	bool any = false;

	if (!known->by_label.count)
		return;
	for (uint32_t row = 0; row < table->rows; row++) {
		cnv_str came = cnv_str_slice(cnv_text_str(&column->text), from, column->ends[row]);
		cnv_str codes = { 0 };

		if (column->verdicts[row] != CNV_DUPLICATE)
			codes = translate(batch, column, known, cnv_cell_trim(came));
		cnv_arena_reset(batch->scratch);
		if (codes.len) {
			cnv_file_label label = { row, cnv_cell_trim(came), codes };
			replaced(self, &label);
			if (!any)
				cnv_text_put(&text, cnv_str_slice(cnv_text_str(&column->text), 0, from));
			any = true;
		}
		from = column->ends[row];
		if (any) {
			cnv_text_put(&text, codes.len ? codes : came);
			column->ends[row] = (uint32_t)text.len;
		}
	}
	batch->failed |= text.failed || batch->arena.failed || batch->scratch->failed;
	if (any) {
		cnv_text_fini(&column->text);
		column->text = text;
	} else {
		cnv_text_fini(&text);
	}
}
