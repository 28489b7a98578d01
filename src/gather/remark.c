/* The entries that paths refer to, and remarks on their content. */
#include "gather/place.h"
#include "gather/remark.h"

bool cnv_gather_entry(cnv_gather *gather, const cnv_path *path, uint32_t line, cnv_str name, uint32_t *entry)
{
	const cnv_form *form = gather->form;
	uint32_t tables[CNV_TABLE_DEPTH], depth = 0;

	*entry = CNV_NONE;
	for (uint32_t table = form->questions[path->question].table; table && depth < CNV_TABLE_DEPTH;
	     table = form->tables[table].parent)
		tables[depth++] = table;
	for (uint32_t i = 0; i < path->depth && depth; i++) {
		*entry = cnv_entries_get(&gather->entries, *entry, tables[--depth], path->numbers[i], &gather->arena);
		if (*entry == CNV_NONE) {
			if (!gather->arena.failed)
				cnv_diags_emit(gather->diags,
					       CNV_DIAG(.code = CNV_TOO_MANY_ENTRIES,
							.place = cnv_gather_place(gather, line, 0),
							.field = cnv_gather_cut(gather, name),
							.hint = CNV_STR("check the numbers in square brackets")),
					       "more than %u repeat entries in one response", CNV_ENTRIES);
			return false;
		}
	}
	return true;
}

/* Maximum names of such questions in a message. */
#define MOST_GONE 5u

static void add_gone(cnv_gather *gather, cnv_str name)
{
	uint32_t number = gather->gone.count;

	if (cnv_map_find(&gather->gone, name) != CNV_NONE)
		return;
	cnv_map_put(&gather->gone, cnv_arena_copy(&gather->arena, name), number);
	if (number < MOST_GONE)
		cnv_text_format(&gather->gone_named, "%s%.*s", number ? ", " : "",
				CNV_ARG(cnv_gather_cut(gather, name)));
}

void cnv_gather_report_gone(cnv_gather *gather)
{
	uint32_t count = gather->gone.count;

	if (!count)
		return;
	cnv_diags_emit(gather->diags, CNV_DIAG(.code = CNV_GONE_QUESTIONS, .place = cnv_gather_place(gather, 0, 0)),
		       "%u %s of the older version %s no longer asked (%.*s%s); %s answers are kept as remarks", count,
		       count == 1 ? "question" : "questions", count == 1 ? "is" : "are",
		       CNV_ARG(cnv_text_str(&gather->gone_named)), count > MOST_GONE ? ", ..." : "",
		       count == 1 ? "its" : "their");
}

void cnv_gather_remark_row(cnv_gather *gather, uint32_t table, uint32_t row, cnv_question_id question,
			   cnv_path_role role, cnv_str name, cnv_str text, uint32_t line)
{
	text = cnv_str_trim_unicode(text);
	if (role == CNV_PATH_OUTDATED) {
		add_gone(gather, name);
		text = cnv_arena_format(&gather->scratch, "%.*s: %.*s", CNV_ARG(name), CNV_ARG(text));
	}
	if (role == CNV_PATH_RESERVATION)
		text = cnv_arena_format(&gather->scratch, "Reservation: %.*s", CNV_ARG(text));
	cnv_batch_remark(gather->batch, table, row, question, text, line);
}

void cnv_gather_remark(cnv_gather *gather, cnv_question_id question, cnv_path_role role, uint32_t entry, cnv_str name,
		       cnv_str text, uint32_t line)
{
	uint32_t table = 0, row = gather->row;

	text = cnv_str_trim_unicode(text);
	if (entry != CNV_NONE && gather->entries.at[entry].present) {
		table = gather->entries.at[entry].table;
		row = gather->entries.at[entry].row;
	} else if (entry != CNV_NONE) {
		text = cnv_arena_format(&gather->scratch, "%.*s: %.*s", CNV_ARG(name), CNV_ARG(text));
		question = CNV_NONE;
	}
	cnv_gather_remark_row(gather, table, row, question, role, name, text, line);
}
