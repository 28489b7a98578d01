/* The beginning of a file: its first lines, before it is read as a return. */
#include "round/beginning.h"

cnv_str parts_stem(cnv_str name)
{
	size_t from = cnv_folder_of(name).len, upto = name.len;

	for (size_t i = name.len; i > from; i--)
		if (name.at[i - 1] == '.')
			upto = i - 1;
	return cnv_str_slice(name, from, upto);
}

bool parts_parse(cnv_str name, cnv_str bytes, const parts_asked *asked, const cnv_csv_sink *sink, cnv_arena *arena)
{
	cnv_diags quiet = { 0 };
	cnv_dialect_asked look = { .source = name,
				   .sample = bytes,
				   .head = bytes.len,
				   .form = asked->form,
				   .vocabulary = asked->vocabulary,
				   .encoding = asked->encoding,
				   .delimiter = asked->delimiter };
	cnv_dialect dialect;
	cnv_csv *csv = NULL;
	cnv_recoder *recoder = NULL;
	bool made;

	if (cnv_xlsx_is(bytes) || cnv_dialect_find(&dialect, &look, arena, &quiet))
		return false;
	csv = cnv_csv_new(name, dialect.delimiter, (cnv_csv_limits){ 0 }, sink, &quiet);
	recoder = csv ? cnv_recoder_new(name, &dialect, csv, &quiet) : NULL;
	made = recoder != NULL;
	if (made && !cnv_recoder_feed(recoder, bytes))
		cnv_recoder_end(recoder);
	cnv_recoder_free(recoder);
	cnv_csv_free(csv);
	return made;
}
