/* simulate: returns made up by chance, to rehearse a round before it is sent. */
#include <inttypes.h>
#include <string.h>

#include "spoil.h"

/* Files in one folder; more answers than these are no rehearsal. */
enum { MOST_RETURNS = 10000 };

typedef struct simulation {
	const cli_options *options;
	cnv_form_file form;
	cnv_roster_file roster;
	cnv_arena arena;   /* the run's */
	cnv_arena scratch; /* one return's */
	cnv_batch *batch;
	cnv_str *codes, *names; /* of each response and of its file */
	uint32_t count;
	cnv_text text, list; /* the file being written; what was spoiled */
	cnv_str folder, list_name;
	uint64_t refused, defects;
	cnv_diags diags;
} simulation;

/* Said on the first line of every file, so that nobody takes it for a real return. */
#define INVENTED "Invented by canvass simulate; not a real return."

/* ---------------------------------------------------------------- lines of one return */

static bool add_line(simulation *s, spoil_return *it, uint32_t table, uint32_t row, cnv_question_id id)
{
	const cnv_question *question = &s->form.form->questions[id];
	const cnv_column *column = &s->batch->tables[table].columns[question->column];

	if (question->role != CNV_ASKED || column->verdicts[row] == CNV_NOT_ASKED)
		return true;
	if (!cnv_mem_room((void **)&it->lines, &it->room, it->count + 1, sizeof *it->lines))
		return false;
	it->lines[it->count] = (spoil_line){ .question = id,
		                             .path = cnv_cell_path(s->batch, table, row, id, &s->scratch),
		                             .answer = cnv_column_text(column, row),
		                             .note = it->count ? (cnv_str){ 0 } : CNV_STR(INVENTED),
		                             .required = question->required.text.len > 0 };
	it->count++;
	return true;
}

/* The questions [from, upto) of one row and, where a repeat stands among them, its entries.  Repeats stand in repeats
 * no deeper than the form allows, so this ends. */
static bool add_lines(simulation *s, spoil_return *it, uint32_t table, uint32_t row, cnv_question_id from,
                      cnv_question_id upto)
{
	const cnv_form *form = s->form.form;

	for (cnv_question_id id = from; id < upto; id++) {
		const cnv_question *question = &form->questions[id];
		const cnv_table *entries;
		if (question->role != CNV_REPEAT) {
			if (question->column != CNV_NONE && !add_line(s, it, table, row, id))
				return false;
			continue;
		}
		entries = &s->batch->tables[question->table];
		for (uint32_t i = cnv_table_first(entries, row); i < entries->rows && entries->parents[i] == row; i++)
			if (!add_lines(s, it, question->table, i, id + 1, question->after))
				return false;
		id = question->after - 1;
	}
	return true;
}

/* ---------------------------------------------------------------- the file */

static void put_lines(simulation *s, const spoil_return *it)
{
	const cnv_form *form = s->form.form;

	cnv_csv_put_head(&s->text);
	for (uint32_t i = 0; i < it->count; i++) {
		const spoil_line *line = &it->lines[i];
		if (line->dropped)
			continue;
		cnv_csv_put_answer(&s->text, &(cnv_csv_answer){
		                                     .path = line->path,
		                                     .number = form->questions[line->question].qno,
		                                     .label = cnv_question_title(form, &form->questions[line->question],
		                                                                 it->language),
		                                     .answer = line->answer,
		                                     .note = line->note });
	}
}

/* The same records with another separator; fields that hold it stand in quotes already. */
static void change_separator(cnv_text *text, char separator)
{
	bool quoted = false;

	for (size_t i = 0; i < text->len; i++) {
		quoted ^= text->at[i] == '"';
		if (text->at[i] == ',' && !quoted)
			text->at[i] = separator;
	}
}

/* UTF-16, little end first, with its byte order mark. */
static void widen(cnv_text *text)
{
	cnv_text wide = { 0 };
	const char *at = text->at, *end = text->at + text->len;

	cnv_text_put(&wide, CNV_STR("\xFF\xFE"));
	while (at < end) {
		uint32_t c = cnv_utf8_next(&at, end), units[2] = { c, 0 };
		uint32_t count = 1;
		if (c > 0xFFFF) {
			units[0] = 0xD800 + ((c - 0x10000) >> 10);
			units[1] = 0xDC00 + ((c - 0x10000) & 0x3FF);
			count = 2;
		}
		for (uint32_t i = 0; i < count; i++) {
			cnv_text_put_char(&wide, (char)(units[i] & 0xFF));
			cnv_text_put_char(&wide, (char)(units[i] >> 8));
		}
	}
	cnv_text_fini(text);
	*text = wide;
}

static void lay_file(simulation *s, const spoil_return *it)
{
	cnv_text_reset(&s->text);
	if (it->titled)
		cnv_text_put(&s->text, CNV_STR("Questionnaire returned,,,,\n"));
	put_lines(s, it);
	if (it->twice)
		put_lines(s, it);
	if (it->cut && s->text.len > 40) {
		s->text.len -= 20;
		cnv_text_put(&s->text, CNV_STR(",\"and"));
	}
	if (it->separator != ',')
		change_separator(&s->text, it->separator);
	if (it->wide_characters)
		widen(&s->text);
}

static void list_defects(simulation *s, cnv_str code, const spoil_told *told, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		cnv_text_format(&s->list, "%.*s.csv,", CNV_ARG(code));
		cnv_csv_put(&s->list, told[i].path);
		cnv_text_format(&s->list, ",%s,", told[i].what);
		cnv_csv_put(&s->list, told[i].before);
		cnv_text_put_char(&s->list, ',');
		cnv_csv_put(&s->list, told[i].after);
		cnv_text_put_char(&s->list, '\n');
	}
	s->defects += count;
}

static cnv_str path_of(simulation *s, uint32_t number)
{
	return cnv_arena_format(&s->scratch, "%.*s/%.*s.csv", CNV_ARG(s->folder), CNV_ARG(s->names[number]));
}

/* The first file that would be written over; empty: none. */
static cnv_str find_existing(simulation *s)
{
	if (s->options->broken && cnv_file_exists(s->list_name))
		return s->list_name;
	for (uint32_t i = 0; i < s->count; i++) {
		cnv_str path = path_of(s, i);
		if (cnv_file_exists(path))
			return path;
	}
	return (cnv_str){ 0 };
}

static cnv_status write_return(simulation *s, uint32_t row, uint32_t number)
{
	spoil_return it = { .form = s->form.form,
		            .language = s->form.language,
		            .chance = { s->options->seed * UINT64_C(0x9E3779B97F4A7C15) + number },
		            .arena = &s->scratch,
		            .separator = ',' };
	spoil_told told[SPOIL_MOST];
	cnv_status status = CNV_NO_MEMORY;

	cnv_arena_reset(&s->scratch);
	if (!add_lines(s, &it, 0, row, 0, s->form.form->count))
		goto out;
	if (s->options->broken)
		list_defects(s, s->names[number], told, spoil(&it, told));
	lay_file(s, &it);
	if (!s->text.failed && !s->list.failed && !s->scratch.failed)
		status = cnv_file_save(path_of(s, number), cnv_text_str(&s->text), s->options->force, false, &s->diags);
out:
	cnv_mem_free(it.lines);
	return status;
}

static cnv_status write_returns(simulation *s)
{
	cnv_world world = { .now = s->options->now, .seed = s->options->seed };
	cnv_arena working = { 0 };
	cnv_status status = CNV_OK;

	for (uint32_t first = 0; first < s->count && !status; first += CNV_WINDOW_ROWS) {
		uint32_t left = s->count - first;
		cnv_simulation plan = { .seed = s->options->seed,
			                .respondents = s->codes + first,
			                .count = left < CNV_WINDOW_ROWS ? left : CNV_WINDOW_ROWS,
			                .first = first + 1,
			                .world = &world };
		uint64_t refused = 0;
		status = cnv_simulate(s->form.plan, s->batch, &plan, &working, &refused);
		s->refused += refused;
		for (uint32_t row = 0; row < plan.count && !status; row++)
			status = write_return(s, row, first + row);
	}
	cnv_arena_fini(&working);
	return status;
}

/* ---------------------------------------------------------------- who answers */

static cli_exit name_respondents(simulation *s)
{
	const cnv_roster *roster = s->roster.there ? &s->roster.roster : NULL;

	s->count = s->options->count ? s->options->count : roster ? roster->count : 10;
	if (roster && s->count > roster->count)
		return cli_usage(s->options, "-n: the roster has %u %s", roster->count,
		                 cnv_noun(roster->count, "respondent", "respondents"));
	if (s->count > MOST_RETURNS)
		return cli_usage(s->options, "-n: at most %d returns are made at a time", MOST_RETURNS);
	s->codes = cnv_arena_array(&s->arena, s->count, sizeof *s->codes);
	s->names = cnv_arena_array(&s->arena, s->count, sizeof *s->names);
	for (uint32_t i = 0; s->codes && s->names && i < s->count; i++) {
		s->codes[i] = roster ? roster->respondents[i].code : cnv_arena_format(&s->arena, "R%05u", i + 1);
		s->names[i] = roster ? s->codes[i] : cnv_str_slice(s->codes[i], 1, s->codes[i].len);
	}
	if (!s->arena.failed)
		return CLI_DONE;
	cli_out_of_memory();
	return CLI_ACCESS;
}

/* What was made, and the next command. */
static void say(const simulation *s)
{
	printf("%u invented %s in ", s->count, cnv_noun(s->count, "return", "returns"));
	cli_put(stdout, s->folder, false);
	if (s->options->broken) {
		printf(", with %" PRIu64 " %s listed in ", s->defects, cnv_noun(s->defects, "defect", "defects"));
		cli_put(stdout, s->list_name, false);
	}
	putchar('\n');
	if (s->refused)
		printf("%" PRIu64 " %s could not be made up so that the form's rules hold\n", s->refused,
		       cnv_noun(s->refused, "answer", "answers"));
	fflush(stdout);
	fputs("  next: canvass import ", stderr);
	cli_put(stderr, s->form.name, false);
	fputc(' ', stderr);
	cli_put(stderr, s->folder, false);
	fputs(" --store rehearsal.db\n", stderr);
}

cli_exit cmd_simulate(const cli_options *options)
{
	simulation s = { .options = options, .folder = options->output, .diags = cli_diags_to(stderr) };
	cli_exit code = cli_form_use(&s.form, options, options->operands[0]);
	cnv_status status = CNV_OK;

	if (!code && !options->output.len)
		code = cli_usage(options, "say where the returns go: -o FOLDER");
	if (!code)
		code = cli_roster_load(&s.roster, options, &s.form, NULL);
	if (!code)
		code = name_respondents(&s);
	if (code)
		goto out;
	s.batch = cnv_batch_new(s.form.form);
	while (s.folder.len > 1 && s.folder.at[s.folder.len - 1] == '/')
		s.folder.len--;
	/* Beside the folder, which holds returns and nothing else. */
	s.list_name = cnv_arena_format(&s.arena, "%.*s-broken.csv", CNV_ARG(s.folder));
	if (!options->force) {
		cnv_str there = find_existing(&s);
		if (there.len) {
			code = cli_refuse_existing(there);
			goto out;
		}
	}
	cnv_text_put(&s.list, CNV_STR("file,question,defect,before,after\n"));
	status = s.batch && !s.arena.failed ? cnv_folder_make(s.folder, &s.diags) : CNV_NO_MEMORY;
	if (!status)
		status = write_returns(&s);
	if (!status && options->broken)
		status = cnv_file_save(s.list_name, cnv_text_str(&s.list), options->force, false, &s.diags);
	if (status == CNV_NO_MEMORY)
		cli_out_of_memory();
	code = status == CNV_REJECTED ? CLI_USAGE : cli_exit_for(status);
	if (!code)
		say(&s);
out:
	cnv_batch_free(s.batch);
	cnv_text_fini(&s.text);
	cnv_text_fini(&s.list);
	cnv_arena_fini(&s.scratch);
	cnv_arena_fini(&s.arena);
	cnv_roster_file_fini(&s.roster);
	cnv_form_file_fini(&s.form);
	return code;
}
