/* Messages on the header of a wide table: columns that are ignored, and headers that cannot be used. */
#include "gather/layouts.h"
#include "gather/place.h"

void cnv_wide_report_column(cnv_gather *gather, uint32_t at, const cnv_path *path)
{
	cnv_str heading = gather->section->headings[at], shown = cnv_gather_cut(gather, heading);
	cnv_place place = cnv_gather_place(gather, gather->section->header_line, at + 1);
	char name[CNV_CELL_NAME_ROOM];
	cnv_str hint;

	/* Reported when it first has a cell: a sheet has columns that are empty below its titles. */
	if (!heading.len && gather->section->titled && !gather->columns[at].filled)
		return;
	switch (path->found) {
	case CNV_PATH_AMBIGUOUS:
		cnv_diags_emit(
			gather->diags,
			CNV_DIAG(.code = CNV_STRANGE_COLUMN, .place = place, .field = shown, .excerpt = heading,
				 .hint = CNV_STR("write the full path, including the groups around the question")),
			"several questions have the name \"%.*s\"; the column is ignored", CNV_ARG(shown));
		return;
	case CNV_PATH_WITHOUT_ENTRY:
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_STRANGE_COLUMN, .place = place, .field = shown, .excerpt = heading,
					.hint = cnv_gather_hint(gather, path, heading)),
			       "\"%.*s\" is in a repeat and needs an entry number; the column is ignored",
			       CNV_ARG(shown));
		return;
	case CNV_PATH_ENTRY_NUMBER:
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_ENTRY_NUMBER, .place = place, .field = shown, .excerpt = heading),
			       "entry numbers must be from 1 to %u; the column \"%.*s\" is ignored", CNV_ENTRY_NUMBERS,
			       CNV_ARG(shown));
		return;
	case CNV_PATH_UNKNOWN:
	case CNV_PATH_KNOWN:
	case CNV_PATH_GONE:
		break;
	}
	hint = cnv_gather_hint(gather, path, heading);
	if (!heading.len)
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_STRANGE_COLUMN, .place = place, .field = shown, .excerpt = heading),
			       "column %s has no heading and is ignored", cnv_gather_column(gather, at, name));
	else
		cnv_diags_emit(
			gather->diags,
			CNV_DIAG(.code = CNV_STRANGE_COLUMN, .place = place, .field = shown, .excerpt = heading,
				 .hint = hint.len ? hint
						  : CNV_STR("if it is a question, map it with import --map FILE")),
			"unknown column \"%.*s\": no question has this name; the column is ignored", CNV_ARG(shown));
}

/* A header in a single cell: names of questions separated by one character. */
static bool is_several(cnv_gather *gather, cnv_str text)
{
	static const char signs[] = ",;\t|^~:";

	for (size_t i = 0; signs[i]; i++) {
		cnv_str rest = text, name;
		cnv_path path;

		if (!cnv_str_split(&rest, signs[i], &name))
			continue;
		path = cnv_paths_find(&gather->paths, name, true);
		if (path.found == CNV_PATH_KNOWN || cnv_str_is_word(name, "question"))
			return true;
	}
	return false;
}

/* No known column, or so few that this must be the return of another form. */
cnv_status cnv_wide_reject(cnv_gather *gather, uint32_t known, uint32_t unknown)
{
	cnv_place place = cnv_gather_place(gather, gather->section->header_line, 0);
	cnv_str first = gather->section->headings[0], excerpt, hint = { 0 };
	const cnv_form *form = gather->form;

	if (known) {
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_OTHER_FORM, .place = place, .field = form->id,
					.hint = CNV_STR("import it with the form it was made for")),
			       "%u of %u columns match no question of the form \"%.*s\"", unknown, unknown + known,
			       CNV_ARG(form->id));
		return CNV_REJECTED;
	}
	for (uint32_t i = 0; i < gather->section->heading_count && i < 100 && !hint.len; i++) {
		cnv_path path = cnv_paths_find(&gather->paths, gather->section->headings[i], true);

		hint = cnv_gather_hint(gather, &path, gather->section->headings[i]);
		if (hint.len)
			first = gather->section->headings[i];
	}
	if (gather->section->heading_count == 1 && is_several(gather, gather->section->headings[0]))
		hint = CNV_STR("the header is a single cell: give the field separator with --delimiter");
	else if (!hint.len)
		hint = CNV_STR("the header must name the questions, or be: question,no,label,answer,note");
	excerpt = first;
	first = cnv_gather_cut(gather, first);
	if (cnv_str_is_word(gather->section->headings[0], "question") ||
	    cnv_str_is_word(gather->section->headings[0], "answer"))
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_HALF_HEADER, .place = place, .field = gather->section->headings[0]),
			       "the header must name both \"question\" and \"answer\"");
	else
		cnv_diags_emit(gather->diags,
			       CNV_DIAG(.code = CNV_WRONG_HEADER, .place = place, .field = first, .excerpt = excerpt,
					.hint = hint),
			       "no column matches a question of the form \"%.*s\"; one of them is \"%.*s\"",
			       CNV_ARG(form->id), CNV_ARG(first));
	return CNV_REJECTED;
}
