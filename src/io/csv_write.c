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

void cnv_csv_put_head(cnv_text *out, bool confirms)
{
	cnv_text_put(out, CNV_STR("question,no,label,answer,note"));
	cnv_text_put(out, confirms ? CNV_STR(",still_right,prefilled\n") : CNV_STR("\n"));
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
	cnv_text_put_char(out, '\n');
}
