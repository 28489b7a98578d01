/* Writes CSV: commas, line feeds, and quotes around fields that need them.
 *
 * csv_read.c reads the output back byte for byte.  RFC 4180, except for its line ends. */
#include "canvass/io.h"

static bool needs_quotes(cnv_str field)
{
	if (!field.len)
		return false;
	if (field.at[0] == ' ' || field.at[field.len - 1] == ' ')
		return true; /* readers that trim would change the field */
	for (size_t i = 0; i < field.len; i++)
		if (field.at[i] == ',' || field.at[i] == '"' || field.at[i] == '\n' || field.at[i] == '\r' ||
		    field.at[i] == '\t' || field.at[i] == ';')
			return true;
	return false;
}

void cnv_csv_put(cnv_text *out, cnv_str field)
{
	size_t from = 0;

	if (!needs_quotes(field)) {
		cnv_text_put(out, field);
		return;
	}
	cnv_text_put_char(out, '"');
	for (size_t i = 0; i < field.len; i++)
		if (field.at[i] == '"') {
			cnv_text_put(out, cnv_str_slice(field, from, i + 1));
			from = i;
		}
	cnv_text_put(out, cnv_str_slice(field, from, field.len));
	cnv_text_put_char(out, '"');
}

void cnv_csv_put_head(cnv_text *out, cnv_csv_columns columns)
{
	static const char *const more[] = {
		[CNV_CSV_PLAIN] = "",
		[CNV_CSV_CONFIRMS] = ",still_right,prefilled",
		[CNV_CSV_KEYED] = ",first_keying,first_note,second_keying,second_note",
	};

	cnv_text_put(out, CNV_STR("question,no,label,answer,note"));
	cnv_text_put(out, cnv_str_from(more[columns]));
	cnv_text_put_char(out, '\n');
}

void cnv_csv_put_answer(cnv_text *out, const cnv_csv_answer *answer)
{
	cnv_csv_put(out, answer->path);
	cnv_text_put_char(out, ',');
	cnv_csv_put(out, answer->number);
	cnv_text_put_char(out, ',');
	cnv_csv_put(out, answer->label);
	cnv_text_put_char(out, ',');
	cnv_csv_put(out, answer->answer);
	cnv_text_put_char(out, ',');
	cnv_csv_put(out, answer->note);
	if (answer->confirms) {
		cnv_text_put(out, CNV_STR(",,"));
		cnv_csv_put(out, answer->prefilled);
	}
	for (uint32_t i = 0; answer->keyed && i < CNV_KEYED_COLUMNS; i++) {
		cnv_text_put_char(out, ',');
		cnv_csv_put(out, answer->keyed[i]);
	}
	cnv_text_put_char(out, '\n');
}
