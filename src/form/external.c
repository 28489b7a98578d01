/* external.c: data beside the form.
 *
 * Formulas read files by the name without its ending: pulldata('prices', ...), instance('prices').  The core opens
 * nothing, so whoever read the form asks which files it names, and brings those that are there, record by record.
 * Each becomes a list whose items have a text in every column; the form does not judge answers by it.
 */
#include "canvass/form.h"

#include <string.h>

/* Rows of one file: as many as a sheet of a workbook has. */
#define MOST_ROWS 1048576u

struct cnv_external {
	cnv_form *form;
	cnv_arena *arena;
	cnv_list list;
	cnv_extra *cells; /* of the record being read */
	uint32_t cell_count, cell_room;
	cnv_str *headings;
	uint32_t heading_count;
	uint32_t room;
	cnv_wording nothing; /* the label of an item: its column is among the extras */
	bool begun, failed;
};

struct names {
	cnv_arena *arena;
	cnv_str *at;
	uint32_t count, room;
};

/* A name of letters, digits, - and _ only: it becomes part of a path. */
static bool is_plain(cnv_str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
		      c == ' ' || (unsigned char)c >= 0x80))
			return false;
	}
	return name.len > 0;
}

static void add_name(struct names *names, cnv_str name)
{
	cnv_str *bigger = names->at;

	for (uint32_t i = 0; i < names->count; i++)
		if (cnv_str_equal(names->at[i], name))
			return;
	if (!is_plain(name))
		return;
	if (names->count == names->room) {
		names->room = names->room ? names->room * 2 : 8;
		bigger = cnv_arena_array(names->arena, names->room, sizeof *bigger);
		if (!bigger)
			return;
		if (names->count)
			memcpy(bigger, names->at, names->count * sizeof *bigger);
		names->at = bigger;
	}
	names->at[names->count++] = name;
}

/* The literal first arguments of the calls of pulldata() and instance() in a formula. */
static void add_called(struct names *names, cnv_str text)
{
	static const char *const calls[] = { "pulldata(", "instance(" };

	for (size_t k = 0; k < sizeof calls / sizeof calls[0]; k++) {
		cnv_str rest = text, call = cnv_str_from(calls[k]);
		size_t at;

		while ((at = cnv_str_find(rest, call)) != SIZE_MAX) {
			rest = cnv_str_trim(cnv_str_slice(rest, at + call.len, rest.len));
			if (!rest.len || (rest.at[0] != '\'' && rest.at[0] != '"'))
				continue;
			cnv_str quote = { rest.at, 1 };
			rest = cnv_str_slice(rest, 1, rest.len);
			at = cnv_str_find(rest, quote);
			if (at != SIZE_MAX)
				add_name(names, cnv_str_trim(cnv_str_slice(rest, 0, at)));
		}
	}
}

const cnv_str *cnv_form_files(const cnv_form *form, uint32_t *count, cnv_arena *arena)
{
	struct names called = { .arena = arena }, names = { .arena = arena };

	for (cnv_question_id id = 0; id < form->count; id++) {
		const cnv_question *question = &form->questions[id];
		const cnv_formula *formulas[] = { &question->relevant,   &question->required,      &question->constraint,
						  &question->calculation, &question->standard,      &question->read_only,
						  &question->choice_filter, &question->repeat_count };

		for (size_t i = 0; i < sizeof formulas / sizeof formulas[0]; i++)
			add_called(&called, formulas[i]->text);
	}
	add_called(&called, form->instance_name.text);
	/* instance() names lists of the form, too. */
	for (uint32_t i = 0; i < called.count; i++) {
		bool own = false;

		for (uint32_t k = 0; k < form->list_count; k++)
			own = own || (!form->lists[k].open && cnv_str_equal(form->lists[k].name, called.at[i]));
		for (cnv_question_id id = 0; id < form->count; id++)
			own = own || (form->questions[id].type && cnv_str_equal(form->questions[id].name, called.at[i]) &&
				      !strcmp(form->questions[id].type->name, "xml-external"));
		if (!own)
			add_name(&names, called.at[i]);
	}
	*count = names.count;
	return names.at;
}

cnv_external *cnv_external_new(cnv_form *form, cnv_str name, cnv_arena *arena)
{
	cnv_external *external = cnv_arena_get(arena, sizeof *external);

	if (!external)
		return NULL;
	*external = (cnv_external){ .form = form, .arena = arena };
	external->list.name = cnv_arena_copy(arena, name);
	external->nothing.at = cnv_arena_array(arena, form->language_count, sizeof(cnv_str));
	return external;
}

/* An array of the arena, twice as long. */
static bool grow(cnv_arena *arena, void **at, uint32_t count, uint32_t *room, size_t size)
{
	uint32_t wanted = *room ? *room * 2 : 16;
	void *bigger = cnv_arena_array(arena, wanted, size);

	if (!bigger)
		return false;
	if (count)
		memcpy(bigger, *at, count * size);
	*at = bigger;
	*room = wanted;
	return true;
}

void cnv_external_field(cnv_external *external, cnv_str field)
{
	if (external->failed)
		return;
	if (external->cell_count == external->cell_room &&
	    !grow(external->arena, (void **)&external->cells, external->cell_count, &external->cell_room,
		  sizeof *external->cells)) {
		external->failed = true;
		return;
	}
	external->cells[external->cell_count++] =
		(cnv_extra){ .text = cnv_arena_copy(external->arena, cnv_str_trim(field)) };
}

static bool keep_headings(cnv_external *external)
{
	external->heading_count = external->cell_count;
	external->headings = cnv_arena_array(external->arena, external->cell_count, sizeof *external->headings);
	for (uint32_t i = 0; external->headings && i < external->cell_count; i++)
		external->headings[i] = external->cells[i].text;
	external->begun = true;
	return external->headings || !external->cell_count;
}

static bool keep_item(cnv_external *external, uint32_t line)
{
	cnv_list *list = &external->list;
	cnv_choice *choice;
	cnv_extra *extras;

	if (list->count == external->room &&
	    !grow(external->arena, (void **)&list->choices, list->count, &external->room, sizeof *list->choices))
		return false;
	extras = cnv_arena_array(external->arena, external->heading_count, sizeof *extras);
	if (!extras && external->heading_count)
		return false;
	choice = (cnv_choice *)&list->choices[list->count++]; /* the list's own, until it ends */
	*choice = (cnv_choice){ .label = external->nothing, .extras = extras, .extra_count = external->heading_count };
	choice->place.row = line;
	for (uint32_t i = 0; i < external->heading_count; i++) {
		extras[i].heading = external->headings[i];
		if (i < external->cell_count)
			extras[i].text = external->cells[i].text;
	}
	return true;
}

cnv_status cnv_external_record(cnv_external *external, uint32_t line)
{
	bool blank = true;

	for (uint32_t i = 0; i < external->cell_count; i++)
		blank = blank && !external->cells[i].text.len;
	if (!blank && !external->begun)
		external->failed = !keep_headings(external) || external->failed;
	else if (!blank && external->list.count < MOST_ROWS)
		external->failed = !keep_item(external, line) || external->failed;
	external->cell_count = 0;
	return external->failed ? CNV_NO_MEMORY : CNV_OK;
}

cnv_status cnv_external_end(cnv_external *external)
{
	cnv_form *form = external->form;
	cnv_list *files = cnv_arena_array(external->arena, (size_t)form->file_count + 1, sizeof *files);

	if (!files || external->failed)
		return CNV_NO_MEMORY;
	if (form->file_count)
		memcpy(files, form->files, form->file_count * sizeof *files);
	files[form->file_count] = external->list;
	form->files = files;
	form->file_count++;
	return CNV_OK;
}
