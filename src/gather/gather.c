/* Records of a returned file -> a batch; the first record decides the layout.
 *
 * Cells of the wide layout (one response a row) go straight into the batch. The long layout (one answer a line) is one
 * response whose lines may come in any order, so they are kept until the end of the file.
 */
#include "gather/account.h"
#include "gather/layouts.h"
#include "gather/place.h"
#include "gather/remark.h"
#include "gather/title_lines.h"

/* A window is also full at this much text or this many entries, so that memory is bounded. */
#define FULL_BYTES (32u << 20)
#define FULL_ENTRIES (16u * CNV_WINDOW_ROWS)

/* ---------------------------------------------------------------- the header */

static void keep_heading(cnv_gather *gather, cnv_str field)
{
	cnv_str copy;

	if (!cnv_mem_room((void **)&gather->section->headings, &gather->section->heading_room,
			  gather->section->heading_count + 1, sizeof *gather->section->headings)) {
		gather->arena.failed = true;
		return;
	}
	copy = cnv_arena_copy(&gather->arena, cnv_str_trim_unicode(field));
	gather->section->headings[gather->section->heading_count++] = copy;
}

static bool has_heading(const cnv_gather *gather, const char *word)
{
	for (uint32_t i = 0; i < gather->section->heading_count; i++)
		if (cnv_str_is_word(gather->section->headings[i], word))
			return true;
	return false;
}

typedef struct cells {
	const cnv_str *at;
	uint32_t count;
} cells;

static cells section_cells(const cnv_gather *gather)
{
	return (cells){ gather->section->headings, gather->section->heading_count };
}

static bool has_exactly(cells line, cnv_str word)
{
	for (uint32_t i = 0; i < line.count; i++)
		if (cnv_str_equal(cnv_str_trim_unicode(line.at[i]), word))
			return true;
	return false;
}

/* The header that canvass writes for itself, in packs below the one for people. */
static bool is_machine(cells line)
{
	return has_exactly(line, CNV_STR("question")) && has_exactly(line, CNV_STR("answer"));
}

/* Only the sections of one long questionnaire may be several tables. */
static cnv_status report_second(cnv_gather *gather)
{
	cnv_diags_emit(gather->diags,
		       CNV_DIAG(.code = CNV_RESPONSES_TWICE,
				.place = cnv_gather_place(gather, gather->section->header_line, 0)),
		       "second table of responses");
	return CNV_REJECTED;
}

static cnv_status read_header(cnv_gather *gather, uint32_t line)
{
	bool question = has_heading(gather, "question"), answer = has_heading(gather, "answer");
	bool blank = true;

	for (uint32_t i = 0; i < gather->section->heading_count; i++)
		blank = blank && !gather->section->headings[i].len;
	if (blank) { /* lines of separators only, as spreadsheets write them above the header */
		gather->section->heading_count = 0;
		return CNV_OK;
	}
	while (gather->section->heading_count && !gather->section->headings[gather->section->heading_count - 1].len)
		gather->section->heading_count--;
	gather->section->header_line = line;
	if (gather->section->titled && !cnv_titles_end(gather)) {
		if (!cnv_titles_keep(gather))
			return CNV_NO_MEMORY;
		gather->section->heading_count = 0;
		return CNV_OK;
	}
	if (!gather->paths.form)
		cnv_paths_init(&gather->paths, gather->form, gather->batch->migration, &gather->arena);
	gather->layout = question && answer ? CNV_LONG : CNV_WIDE;
	if (gather->section->holds == CNV_HOLDS_ENTRIES) {
		cnv_titles_report(gather);
		return cnv_child_header(gather);
	}
	if (gather->returned == CNV_WIDE || (gather->returned && gather->layout == CNV_WIDE))
		return report_second(gather);
	if (gather->layout == CNV_WIDE || !is_machine(section_cells(gather))) {
		/* The next line may be part of the header, or be the header. */
		gather->pending = true;
		gather->layout = CNV_LAYOUT_UNKNOWN;
		return CNV_OK;
	}
	gather->returned = CNV_LONG;
	cnv_titles_report(gather);
	return cnv_long_header(gather);
}

static void keep_second(cnv_gather *gather, cnv_str field)
{
	if (!cnv_mem_room((void **)&gather->second, &gather->second_room, gather->second_count + 1,
			  sizeof *gather->second))
		gather->arena.failed = true;
	else
		gather->second[gather->second_count++] = cnv_arena_copy(&gather->arena, field);
}

/* A line of HXL hashtags below the header: a tag for nearly every question.  A record of a survey tool has more than tags,
 * for example its identity; there a few are enough. */
static bool is_tags(const cnv_gather *gather)
{
	uint32_t asked = 0;

	for (uint32_t at = 0; at < gather->section->heading_count && !gather->tool; at++)
		asked += gather->columns[at].as == CNV_AS_ANSWER && gather->columns[at].piece == CNV_PIECE_WHOLE;
	return cnv_tool_is_tags(gather->second, gather->second_count, asked);
}

/* The line that is no header becomes a title, and the next one is tried. */
static cnv_status try_next(cnv_gather *gather, uint32_t line)
{
	gather->layout = gather->returned = CNV_LAYOUT_UNKNOWN;
	return cnv_titles_keep(gather) && cnv_titles_next(gather, line) ? read_header(gather, line) : CNV_NO_MEMORY;
}

static cnv_status map_header(cnv_gather *gather)
{
	const cnv_section *section = gather->section;

	gather->tool = cnv_tool_of(section->headings, section->heading_count);
	gather->rules = gather->tool ? gather->tool->rules : 0;
	return cnv_wide_header(gather);
}

/* No line is a header but, perhaps, the first: the others are its records. */
static cnv_status give_up(cnv_gather *gather)
{
	cnv_status status;

	if (!cnv_titles_keep(gather) || !cnv_titles_restore(gather))
		return CNV_NO_MEMORY;
	status = map_header(gather);
	for (uint32_t i = 1; i < gather->titles.count && !status; i++) {
		const cnv_title_line *line = &gather->titles.lines[i];

		gather->at = 0;
		for (uint32_t k = 0; k < line->count; k++)
			cnv_wide_field(gather, line->cells[k]);
		status = cnv_wide_record(gather, line->line);
	}
	gather->titles.count = 0;
	return status;
}

/* A header of the words question and answer, in capitals or not. */
static cnv_status settle_long(cnv_gather *gather, uint32_t line)
{
	cnv_status status;

	if (is_machine((cells){ gather->second, gather->second_count }))
		return try_next(gather, line);
	gather->layout = gather->returned = CNV_LONG;
	cnv_titles_report(gather);
	status = cnv_long_header(gather);
	gather->at = 0;
	for (uint32_t i = 0; i < gather->second_count && !status; i++)
		cnv_long_field(gather, gather->second[i]);
	return status ? status : cnv_long_record(gather, line);
}

/* Maps the header once the next line is known: that may be the real header, or HXL tags. */
static cnv_status settle_header(cnv_gather *gather, uint32_t line)
{
	cnv_section *section = gather->section;
	cnv_status status;
	bool question = has_heading(gather, "question"), answer = has_heading(gather, "answer"), whole = false;
	bool may_follow = !question && !answer && cnv_titles_may_follow(gather);

	gather->pending = false;
	if (question && answer)
		return settle_long(gather, line);
	gather->layout = gather->returned = CNV_WIDE;
	gather->seeking = may_follow || gather->titles.count;
	if (cnv_tool_is_second_header(gather->second, gather->second_count)) {
		cnv_account_texts(gather, section->headings, section->heading_count);
		section->heading_count = 0;
		for (uint32_t i = 0; i < gather->second_count; i++)
			keep_heading(gather, gather->second[i]);
		section->header_line = line;
		gather->tool = &cnv_tool_vv;
		gather->rules = gather->tool->rules;
		whole = true;
		status = cnv_wide_header(gather);
	} else {
		status = map_header(gather);
	}
	if (!status && gather->is_title && may_follow)
		return try_next(gather, line);
	if (!status && gather->is_title)
		status = give_up(gather);
	else if (!status)
		cnv_titles_report(gather);
	if (status || whole)
		return status;
	if (is_tags(gather)) {
		cnv_account_texts(gather, gather->second, gather->second_count);
		return CNV_OK;
	}
	gather->at = 0;
	for (uint32_t i = 0; i < gather->second_count; i++)
		cnv_wide_field(gather, gather->second[i]);
	return gather->second_count ? cnv_wide_record(gather, line) : CNV_OK;
}

static cnv_status read_second(cnv_gather *gather, uint32_t line)
{
	bool blank = true;

	for (uint32_t i = 0; i < gather->second_count; i++)
		blank = blank && cnv_is_blank(gather->second[i]);
	if (!blank)
		return settle_header(gather, line);
	gather->second_count = 0;
	return CNV_OK;
}

/* ---------------------------------------------------------------- public */

static bool add_section(cnv_gather *gather, cnv_section section)
{
	cnv_section *added = cnv_arena_get(&gather->arena, sizeof *added);

	if (!added)
		return false;
	*added = section;
	added->earlier = gather->sections;
	gather->section = gather->sections = added;
	return true;
}

static void choose_into(cnv_gather *gather)
{
	cnv_holds holds = gather->section->holds;

	if (gather->status || holds == CNV_HOLDS_NOTHING)
		gather->into = CNV_INTO_NOTHING;
	else if (!gather->layout)
		gather->into = gather->pending ? CNV_INTO_SECOND : CNV_INTO_HEADER;
	else if (holds == CNV_HOLDS_ENTRIES)
		gather->into = CNV_INTO_ENTRIES;
	else
		gather->into = gather->layout == CNV_LONG ? CNV_INTO_LONG : CNV_INTO_WIDE;
}

cnv_gather *cnv_gather_new(const cnv_form *form, cnv_batch *batch, cnv_str source, cnv_diags *diags)
{
	cnv_gather *gather = cnv_mem_get(sizeof *gather);

	if (!gather)
		return NULL;
	gather->form = form;
	gather->batch = batch;
	gather->diags = diags;
	if (!add_section(gather, (cnv_section){ .origin.source = source, .holds = CNV_HOLDS_RESPONSES })) {
		cnv_gather_free(gather);
		return NULL;
	}
	gather->hints = CNV_GATHER_HINTS;
	gather->row = gather->identity_rank = CNV_NONE;
	choose_into(gather);
	return gather;
}

cnv_status cnv_gather_open(cnv_gather *gather, cnv_holds holds, uint32_t table, cnv_origin origin)
{
	cnv_section section = { .origin = origin, .holds = holds, .table = table };

	if (!gather->status && gather->pending)
		gather->status = settle_header(gather, 0);
	choose_into(gather);
	if (gather->status)
		return gather->status;
	if (!section.origin.source.len)
		section.origin.source = gather->sections->origin.source;
	gather->layout = CNV_LAYOUT_UNKNOWN;
	gather->titles.count = 0;
	gather->named = 0;
	if (!add_section(gather, section))
		gather->status = CNV_NO_MEMORY;
	else if (holds == CNV_HOLDS_ENTRIES)
		gather->status = cnv_child_open(gather);
	choose_into(gather);
	return gather->status;
}

void cnv_gather_titled(cnv_gather *gather)
{
	gather->section->titled = true;
}

void cnv_gather_unread(cnv_gather *gather, uint32_t count)
{
	gather->account.as[CNV_AS_REPORTED] += count;
}

__attribute__((noinline)) static void put_elsewhere(cnv_gather *gather, cnv_str field)
{
	switch (gather->into) {
	case CNV_INTO_LONG:
		cnv_long_field(gather, field);
		break;
	case CNV_INTO_ENTRIES:
		cnv_child_field(gather, field);
		break;
	case CNV_INTO_HEADER:
		keep_heading(gather, field);
		break;
	case CNV_INTO_SECOND:
		keep_second(gather, field);
		break;
	case CNV_INTO_WIDE:
	case CNV_INTO_NOTHING:
		break;
	}
}

void cnv_gather_field(cnv_gather *gather, cnv_str field)
{
	if (gather->into == CNV_INTO_WIDE)
		cnv_wide_field(gather, field);
	else
		put_elsewhere(gather, field);
}

static cnv_status end_record(cnv_gather *gather, uint32_t line)
{
	switch (gather->into) {
	case CNV_INTO_WIDE:
		return cnv_wide_record(gather, line);
	case CNV_INTO_LONG:
		return cnv_long_record(gather, line);
	case CNV_INTO_ENTRIES:
		return cnv_child_record(gather, line);
	case CNV_INTO_HEADER:
		return read_header(gather, line);
	case CNV_INTO_SECOND:
		return read_second(gather, line);
	case CNV_INTO_NOTHING:
		break;
	}
	return CNV_OK;
}

cnv_status cnv_gather_record(cnv_gather *gather, uint32_t line)
{
	size_t shortages;
	bool names = gather->into != CNV_INTO_WIDE; /* a row of a wide table has no names of questions */

	if (gather->into == CNV_INTO_NOTHING)
		return gather->status;
	gather->any = true;
	shortages = cnv_mem_shortages();
	gather->status = end_record(gather, line);
	gather->at = 0;
	if (cnv_mem_shortages() != shortages)
		gather->status = CNV_NO_MEMORY;
	if (names ? cnv_gather_failed(gather) : cnv_gather_record_failed(gather))
		gather->status = CNV_NO_MEMORY;
	cnv_arena_reset(&gather->scratch);
	choose_into(gather);
	return gather->status;
}

bool cnv_gather_full(const cnv_gather *gather)
{
	if (gather->returned != CNV_WIDE || !gather->batch->tables[0].rows)
		return false;
	if (gather->batch->tables[0].rows >= CNV_WINDOW_ROWS || gather->bytes >= FULL_BYTES)
		return true;
	for (uint32_t i = 1; i < gather->batch->table_count; i++)
		if (gather->batch->tables[i].rows >= FULL_ENTRIES)
			return true;
	return false;
}

cnv_status cnv_gather_end(cnv_gather *gather)
{
	cnv_status status = gather->status;
	size_t shortages = cnv_mem_shortages();

	if (status)
		return status;
	if (!gather->any) /* an empty file: its reader has reported it */
		return gather->status = CNV_REJECTED;
	if (gather->pending)
		status = settle_header(gather, 0);
	if (status)
		return gather->status = status;
	if (gather->returned == CNV_LONG && (gather->row_count || cnv_child_any(gather))) {
		status = cnv_long_end(gather);
	} else if (gather->returned != CNV_WIDE || !gather->responses) {
		cnv_diags_emit(gather->diags, CNV_DIAG(.code = CNV_NO_ANSWERS, .place = cnv_gather_place(gather, 0, 0)),
			       "the file has no answers below its header");
		status = CNV_REJECTED;
	}
	if (!status)
		status = cnv_child_end(gather);
	if (!status)
		cnv_gather_report_gone(gather);
	if (cnv_gather_failed(gather) || cnv_mem_shortages() != shortages)
		status = CNV_NO_MEMORY;
	return gather->status = status;
}

cnv_layout cnv_gather_layout(const cnv_gather *gather)
{
	return gather->returned;
}

void cnv_gather_map(cnv_gather *gather, cnv_column_map *map)
{
	gather->map = map;
}

cnv_str cnv_gather_tool(const cnv_gather *gather)
{
	return cnv_str_from(gather->tool ? gather->tool->name : NULL);
}

char cnv_gather_separator(cnv_str first_line)
{
	static const char separators[] = { ',', ';', '\t' };
	size_t counts[sizeof separators] = { 0 };
	size_t best = 0;
	bool quoted = false;

	for (size_t i = 0; i < first_line.len; i++) {
		quoted = quoted != (first_line.at[i] == '"');
		for (size_t k = 0; !quoted && k < sizeof separators; k++)
			counts[k] += first_line.at[i] == separators[k];
	}
	for (size_t k = 1; k < sizeof separators; k++)
		if (counts[k] > counts[best])
			best = k;
	return separators[best];
}

void cnv_gather_free(cnv_gather *gather)
{
	if (!gather)
		return;
	cnv_paths_fini(&gather->paths);
	cnv_entries_fini(&gather->entries);
	cnv_child_fini(gather);
	for (cnv_section *section = gather->sections; section; section = section->earlier)
		cnv_mem_free(section->headings);
	cnv_mem_free(gather->sent.answers);
	cnv_mem_free(gather->sent.ticks);
	cnv_map_fini(&gather->sent.unfilled);
	cnv_mem_free(gather->rows);
	cnv_mem_free(gather->second);
	cnv_mem_free(gather->assemblies);
	cnv_text_fini(&gather->assembled);
	cnv_text_fini(&gather->cell);
	cnv_text_fini(&gather->identity);
	cnv_pending_fini(&gather->held);
	cnv_pending_fini(&gather->composed);
	cnv_map_fini(&gather->gone);
	cnv_text_fini(&gather->gone_named);
	cnv_arena_fini(&gather->arena);
	cnv_arena_fini(&gather->scratch);
	cnv_mem_free(gather);
}
