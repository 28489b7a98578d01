/* choices.c: the lists that selects offer.
 *
 * Rows of the choices sheet are gathered by list_name, in the order of the sheet.  A list that is not
 * on the sheet (a file, an external sheet, earlier answers, or a mistake already told) is open:
 * whether an answer is on it cannot be judged.
 */
#include "form_internal.h"

#include <string.h>

#define OTHER CNV_STR("other")

/* Number of a list, added where new. */
static uint32_t list_put(struct build *build, cnv_map *map, cnv_str name)
{
	uint32_t room = build->list_room, found;
	void *at = build->lists;

	/* Lists and uses grow together, or not at all any more. */
	if (build->no_memory)
		return CNV_NONE;
	found = cnv_map_put(map, name, build->list_count);
	if (map->failed)
		goto failed;
	if (found != build->list_count)
		return found;
	if (!cnv_mem_room(&at, &build->list_room, build->list_count + 1, sizeof *build->lists))
		goto failed;
	build->lists = at;
	at = build->uses;
	if (!cnv_mem_room(&at, &room, build->list_count + 1, sizeof *build->uses))
		goto failed;
	build->uses = at;
	memset(&build->lists[build->list_count], 0, sizeof *build->lists);
	memset(&build->uses[build->list_count], 0, sizeof *build->uses);
	build->lists[build->list_count].name = name;
	return build->list_count++;
failed:
	build->no_memory = true;
	return CNV_NONE;
}

static bool check_headers(struct build *build, const struct heads *heads)
{
	static const struct {
		enum role role;
		const char *name;
	} needed[] = { { ROLE_LIST_NAME, "list_name" }, { ROLE_NAME, "name" } };

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (!heads->has[needed[i].role])
			cnv_diags_emit(&build->diags,
				       CNV_DIAG(.code = CNV_HEADER_MISSING,
						.place = row_place(build, heads->sheet, heads->sheet->header.row),
						.hint = CNV_STR("give the sheet a header row with the columns "
								"list_name, name and label")),
				       "sheet \"%.*s\" has no column \"%s\"", CNV_ARG(heads->sheet->name),
				       needed[i].name);
	return heads->has[ROLE_LIST_NAME] && heads->has[ROLE_NAME];
}

/* The list of one row of the sheet, with what is wrong in the row told; CNV_NONE: no choice can be made of it. */
static uint32_t read_row(struct build *build, const struct heads *heads, struct row_cells *cells,
			 const cnv_sheet_row *row)
{
	const cnv_cell_text *list, *name, *label;
	cnv_place place;
	uint32_t id;

	if (!row_read(build, heads, row, cells))
		return CNV_NONE;
	list = cells->at[ROLE_LIST_NAME];
	name = cells->at[ROLE_NAME];
	label = cells->at[ROLE_LABEL];
	place = row_place(build, heads->sheet, row->row);
	if (!list) {
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_CHOICE_LIST_MISSING, .place = place,
					.field = name ? name->text : (cnv_str){ 0 },
					.excerpt = cells->row->cells[0].text),
			       "the choice belongs to no list");
		return CNV_NONE;
	}
	id = list_put(build, &build->list_by_name, list->text);
	if (id == CNV_NONE)
		return CNV_NONE;
	if (!build->uses[id].sheet_count++)
		build->uses[id].place = cell_place(build, heads->sheet, list);
	if (!name) {
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_CHOICE_NAME_MISSING, .place = place, .field = list->text,
					.excerpt = label ? label->text : list->text),
			       "the choice has no name");
		return CNV_NONE;
	}
	if (!label && !cells->at[ROLE_IMAGE] && !cells->at[ROLE_AUDIO] && !cells->at[ROLE_VIDEO])
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_CHOICE_LABEL_MISSING,
					.place = cell_place(build, heads->sheet, name), .field = list->text,
					.excerpt = name->text),
			       "the choice has no label");
	return id;
}

/* Takes one row in as a choice of its list. */
static void fill_choice(struct build *build, const struct heads *heads, const struct row_cells *cells,
			cnv_choice *choice)
{
	choice->name = cells->at[ROLE_NAME]->text;
	choice->place = cell_place(build, heads->sheet, cells->at[ROLE_NAME]);
	choice->label = wording_read(build, heads, cells, ROLE_LABEL);
	choice->extras = extras_read(build, heads, cells, &choice->extra_count);
}

/* Room for every list's choices, one more than the sheet has: or_other may add one. */
static bool make_room(struct build *build)
{
	for (uint32_t i = 0; i < build->list_count; i++) {
		cnv_list *list = &build->lists[i];

		list->choices =
			cnv_arena_array(build->arena, (size_t)build->uses[i].sheet_count + 1, sizeof *list->choices);
		list->duplicates = build->choice_duplicates;
		if (!list->choices)
			return false;
	}
	return true;
}

static cnv_choice *choices_of(cnv_list *list)
{
	return (cnv_choice *)list->choices; /* the build's own, until it ends */
}

static void read_choices(struct build *build)
{
	const struct heads *heads = &build->choices_heads;
	const cnv_sheet *sheet = heads->sheet;
	uint32_t *list_of = cnv_arena_array(build->arena, sheet->count, sizeof *list_of);
	const cnv_sheet_row **rows = cnv_arena_array(build->arena, sheet->count, sizeof *rows);
	struct row_cells cells;

	if (!list_of || !rows)
		return;
	for (uint32_t i = 0; i < sheet->count; i++) {
		list_of[i] = read_row(build, heads, &cells, &sheet->rows[i]);
		rows[i] = cells.row;
	}
	if (!make_room(build))
		return;
	for (uint32_t i = 0; i < sheet->count; i++) {
		cnv_list *list;
		cnv_choice *choice;
		uint32_t other;

		if (list_of[i] == CNV_NONE)
			continue;
		list = &build->lists[list_of[i]];
		choice = &choices_of(list)[list->count];
		row_sort(heads, rows[i], &cells);
		fill_choice(build, heads, &cells, choice);
		other = cnv_map_put(&list->by_name, choice->name, list->count);
		if (other != list->count && !list->duplicates) {
			if (other < list->count)
				cnv_diags_emit(&build->diags,
					       CNV_DIAG(.code = CNV_CHOICE_TWICE, .place = choice->place,
							.field = list->name, .excerpt = choice->name),
					       "list \"%.*s\" has the choice \"%.*s\" already, on %s %u",
					       CNV_ARG(list->name), CNV_ARG(choice->name), row_word(build),
					       list->choices[other].place.row);
			continue;
		}
		list->count++;
	}
}

/* A row of the sheet external_choices as far as it stands under headings; false when it is no choice of a list. */
static bool sort_external(const struct heads *heads, const cnv_sheet_row *row, cnv_sheet_row *kept,
			  struct row_cells *cells)
{
	*kept = *row;
	while (kept->count && kept->cells[kept->count - 1].column > heads->count)
		kept->count--;
	return row_sort(heads, kept, cells) && cells->at[ROLE_LIST_NAME];
}

/* The lists of the sheet external_choices; its rows are data for a client, and what is wrong in them is not told. */
static void read_external(struct build *build)
{
	const struct heads *heads = &build->external_heads;
	uint32_t rows = build->external ? build->external->count : 0, count = 0, *sizes;
	struct row_cells cells;
	cnv_sheet_row row;

	sizes = cnv_arena_array(build->arena, rows, sizeof *sizes);
	for (uint32_t i = 0; sizes && heads->count && i < rows; i++)
		if (sort_external(heads, &build->external->rows[i], &row, &cells)) {
			uint32_t id = cnv_map_put(&build->external_by_name, cells.at[ROLE_LIST_NAME]->text, count);

			count += id == count;
			sizes[id] += cells.at[ROLE_NAME] != NULL;
		}
	build->no_memory = build->no_memory || build->external_by_name.failed;
	build->externals = cnv_arena_array(build->arena, count, sizeof *build->externals);
	for (uint32_t i = 0; build->externals && i < count; i++) {
		build->externals[i].duplicates = true;
		build->externals[i].choices = cnv_arena_array(build->arena, sizes[i], sizeof(cnv_choice));
	}
	if (build->arena->failed || build->no_memory)
		return;
	for (uint32_t i = 0; heads->count && i < rows; i++)
		if (sort_external(heads, &build->external->rows[i], &row, &cells) && cells.at[ROLE_NAME]) {
			cnv_list *list = &build->externals[cnv_map_find(&build->external_by_name,
									cells.at[ROLE_LIST_NAME]->text)];

			list->name = cells.at[ROLE_LIST_NAME]->text;
			fill_choice(build, heads, &cells, &choices_of(list)[list->count++]);
		}
}

void lists_read(struct build *build)
{
	if (build->choices && build->choices->header.count && check_headers(build, &build->choices_heads))
		read_choices(build);
	read_external(build);
}

/* The place of a typed row's list, with the caret under it. */
static cnv_place list_place(const struct build *build, const struct row_cells *cells, cnv_str list)
{
	const cnv_cell_text *cell = cells->at[ROLE_TYPE];

	return part_place(cell_place(build, build->survey, cell), cell->text, list);
}

static uint32_t open_list(struct build *build, cnv_str name)
{
	uint32_t id = list_put(build, &build->open_by_name, name);

	if (id != CNV_NONE)
		build->lists[id].open = true;
	return id;
}

/* The list of a file, read by the columns that the parameters name: the same file may be read in two ways. */
static uint32_t file_list(struct build *build, const struct typed *typed, const struct row_cells *cells)
{
	const cnv_cell_text *parameters = cells->at[ROLE_PARAMETERS], *type = cells->at[ROLE_TYPE];
	bool places = cnv_str_ends(typed->list, CNV_STR(".geojson"));
	cnv_str value = { 0 }, label = { 0 };
	uint32_t id;

	if (parameters) {
		value = parameter_read(parameters->text, "value");
		label = parameter_read(parameters->text, "label");
	}
	value = value.len ? value : places ? CNV_STR("id") : CNV_STR("name");
	label = label.len ? label : places ? CNV_STR("title") : CNV_STR("label");
	id = open_list(build, cnv_arena_format(build->arena, "%.*s %.*s %.*s", CNV_ARG(typed->list), CNV_ARG(value),
					       CNV_ARG(label)));
	if (id == CNV_NONE || typed->unsure)
		return id;
	build->lists[id].name = typed->list;
	if (!build->lists[id].file.text.len)
		build->lists[id].file =
			(cnv_formula){ .text = type->text, .place = list_place(build, cells, typed->list) };
	build->lists[id].value = value;
	build->lists[id].label = label;
	return id;
}

/* The list of the sheet external_choices, whose choices are known. */
static uint32_t external_list(struct build *build, cnv_str name)
{
	uint32_t id = open_list(build, cnv_arena_format(build->arena, "external %.*s", CNV_ARG(name)));
	uint32_t external = cnv_map_find(&build->external_by_name, name);
	cnv_list *known;

	if (id == CNV_NONE)
		return id;
	build->lists[id].name = name;
	if (external == CNV_NONE || !build->external_heads.has[ROLE_NAME] || build->lists[id].known)
		return id;
	known = &build->externals[external];
	for (uint32_t i = 0; i < known->count; i++)
		cnv_map_put(&known->by_name, known->choices[i].name, i);
	build->no_memory = known->by_name.failed || !chain_twins(known, build->arena) || build->no_memory;
	build->lists[id].known = known;
	return id;
}

static bool check_extension(cnv_str file)
{
	static const char *const extensions[] = { ".csv", ".xml", ".geojson" };
	size_t dots = 0;

	for (size_t i = 0; i < file.len; i++)
		dots += file.at[i] == '.';
	for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
		if (dots == 1 && cnv_str_ends(file, cnv_str_from(extensions[i])) && file.len > strlen(extensions[i]))
			return true;
	return false;
}

static void say_missing(struct build *build, const struct row_cells *cells, cnv_str list)
{
	const cnv_cell_text *name = cells->at[ROLE_NAME], *type = cells->at[ROLE_TYPE];
	cnv_nearest nearest;

	cnv_nearest_init(&nearest, list);
	for (uint32_t i = 0; i < build->list_count && build->nearest_left; i++)
		if (!build->lists[i].open)
			cnv_nearest_offer(&nearest, build->lists[i].name);
	build->nearest_left -= build->nearest_left > 0;
	/* The one that was meant is not unused. */
	if (nearest.best.len)
		build->uses[cnv_map_find(&build->list_by_name, nearest.best)].selected = true;
	cnv_diags_emit(&build->diags,
		       CNV_DIAG(.code = CNV_LIST_MISSING, .place = list_place(build, cells, list),
				.field = name ? name->text : (cnv_str){ 0 }, .excerpt = type->text,
				.hint = did_you_mean(build, nearest.best)),
		       "no list \"%.*s\" on the choices sheet", CNV_ARG(list));
}

static void resolve_external(struct build *build, const struct row_cells *cells, cnv_str list)
{
	const cnv_cell_text *name = cells->at[ROLE_NAME], *type = cells->at[ROLE_TYPE];

	if (cnv_map_find(&build->external_by_name, list) == CNV_NONE)
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_LIST_MISSING, .place = list_place(build, cells, list),
					.field = name ? name->text : (cnv_str){ 0 }, .excerpt = type->text),
			       "no list \"%.*s\" on the sheet external_choices", CNV_ARG(list));
}

/* The list on the choices sheet that a row names, or CNV_NONE with a complaint. */
static uint32_t find_list(struct build *build, const struct typed *typed, const struct row_cells *cells, bool *no_sheet)
{
	const cnv_cell_text *name = cells->at[ROLE_NAME];
	uint32_t id = cnv_map_find(&build->list_by_name, typed->list);

	if (id != CNV_NONE || typed->unsure)
		return id;
	if (!build->choices && !*no_sheet) {
		*no_sheet = true;
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_CHOICES_MISSING, .place = list_place(build, cells, typed->list),
					.field = name ? name->text : (cnv_str){ 0 },
					.excerpt = cells->at[ROLE_TYPE]->text),
			       "the form has no choices sheet, so there is no list \"%.*s\"", CNV_ARG(typed->list));
	} else if (build->choices && build->choices_heads.has[ROLE_NAME] && build->choices_heads.has[ROLE_LIST_NAME]) {
		say_missing(build, cells, typed->list);
	}
	return CNV_NONE;
}

/* The list whose choices a loop goes through. */
static uint32_t resolve_loop(struct build *build, const struct typed *typed, const struct row_cells *cells,
			     bool *no_sheet)
{
	const cnv_cell_text *type = cells->at[ROLE_TYPE], *name = cells->at[ROLE_NAME];
	uint32_t id;

	if (!typed->list.len) {
		cnv_diags_emit(
			&build->diags,
			&(cnv_diag){
				.code = CNV_LOOP,
				.place = cell_place(build, build->survey, type),
				.field = name ? name->text : (cnv_str){ 0 },
				.excerpt = type->text,
				.hint = CNV_STR(
					"write begin_loop over LIST, with the name of a list of the choices sheet") },
			"the loop does not say over which list it goes");
		return CNV_NONE;
	}
	id = find_list(build, typed, cells, no_sheet);
	if (id != CNV_NONE)
		build->uses[id].selected = true;
	return id;
}

/* The list of one select: on the sheet, or an open one. */
static uint32_t resolve(struct build *build, struct typed *typed, const struct row_cells *cells, bool *no_sheet)
{
	const cnv_cell_text *name = cells->at[ROLE_NAME], *appearance = cells->at[ROLE_APPEARANCE];
	cnv_str field = name ? name->text : (cnv_str){ 0 };
	bool searched = appearance && cnv_str_find(appearance->text, CNV_STR("search(")) != SIZE_MAX;
	uint32_t id;

	if (typed->type->list == CNV_LIST_FILE) {
		if (!typed->unsure && typed->list.len && !check_extension(typed->list)) {
			typed->unsure = true;
			cnv_diags_emit(&build->diags,
				       CNV_DIAG(.code = CNV_CHOICE_FILE, .place = list_place(build, cells, typed->list),
						.field = field, .excerpt = cells->at[ROLE_TYPE]->text),
				       "\"%.*s\" is no file that choices can be read from", CNV_ARG(typed->list));
		}
		return file_list(build, typed, cells);
	}
	if (typed->type->list == CNV_LIST_EXTERNAL) {
		if (!typed->unsure && typed->list.len)
			resolve_external(build, cells, typed->list);
		return external_list(build, typed->list);
	}
	if (!typed->list.len || cnv_str_starts(typed->list, CNV_STR("${")))
		return open_list(build, typed->list);
	id = find_list(build, typed, cells, no_sheet);
	if (id == CNV_NONE)
		return open_list(build, typed->list);
	build->uses[id].selected = true;
	build->uses[id].several =
		build->uses[id].several || typed->type->kind == CNV_CHOICES || typed->type->kind == CNV_RANK;
	build->uses[id].or_other = build->uses[id].or_other || typed->or_other;
	build->uses[id].searched = build->uses[id].searched || searched;
	build->uses[id].plain = build->uses[id].plain || !searched;
	return id;
}

void lists_resolve(struct build *build)
{
	bool no_sheet = false;

	for (uint32_t i = 0; i < build->survey->count; i++) {
		struct typed *typed = &build->typed[i];

		if (typed->kind == LINE_QUESTION && typed->type->list != CNV_LIST_NONE)
			typed->list_index = resolve(build, typed, &build->lines[i], &no_sheet);
		else if (typed->kind == LINE_BEGIN_LOOP)
			typed->list_index = resolve_loop(build, typed, &build->lines[i], &no_sheet);
	}
}

/* Appends the choice "other", in every language alike. */
static void add_other(struct build *build, cnv_list *list)
{
	cnv_choice *choice = &choices_of(list)[list->count];
	cnv_str *label;

	if (cnv_map_put(&list->by_name, OTHER, list->count) != list->count)
		return;
	label = cnv_arena_array(build->arena, build->language_count, sizeof *label);
	if (!label)
		return;
	for (uint32_t i = 0; i < build->language_count; i++)
		label[i] = CNV_STR("Other");
	*choice = (cnv_choice){ .name = OTHER, .label = { .at = label, .place = list->choices[0].place } };
	choice->place = list->choices[0].place;
	list->count++;
}

/* by_label: each folded label in any language; one that two choices share leads nowhere. */
static void index_labels(struct build *build, cnv_list *list)
{
	struct entry {
		cnv_str fold;
		uint32_t choice;
		bool shared;
	} * entries;
	cnv_map first = { 0 };
	uint32_t count = 0;

	entries = cnv_mem_array((size_t)list->count * build->language_count, sizeof *entries);
	if (!entries) {
		build->no_memory = true;
		return;
	}
	for (uint32_t i = 0; i < list->count; i++)
		for (uint32_t k = 0; k < build->language_count; k++) {
			cnv_str fold = cnv_text_fold(build->arena, list->choices[i].label.at[k]);
			uint32_t other;

			if (!fold.len)
				continue;
			other = cnv_map_put(&first, fold, count);
			if (other < count && entries[other].choice != i)
				entries[other].shared = true;
			if (other == count)
				entries[count++] = (struct entry){ fold, i, false };
		}
	for (uint32_t i = 0; i < count; i++)
		cnv_map_put(&list->by_label, entries[i].fold,
			    entries[i].shared ? CNV_LABEL_AMBIGUOUS : entries[i].choice);
	build->no_memory = build->no_memory || first.failed || list->by_label.failed;
	cnv_map_fini(&first);
	cnv_mem_free(entries);
}

/* twins: from each choice to the next one with its name. */
bool chain_twins(cnv_list *list, cnv_arena *arena)
{
	uint32_t *twins, *last;

	if (list->by_name.count == list->count)
		return true;
	twins = cnv_arena_array(arena, list->count, sizeof *twins);
	last = cnv_mem_array(list->count, sizeof *last); /* so far, by the first of its name */
	for (uint32_t i = 0; twins && last && i < list->count; i++) {
		uint32_t first = cnv_map_find(&list->by_name, list->choices[i].name);

		twins[i] = CNV_NONE;
		if (first < i)
			twins[last[first]] = i;
		if (first <= i)
			last[first] = i;
	}
	list->twins = last ? twins : NULL;
	cnv_mem_free(last);
	return list->twins != NULL;
}

/* A choice that goes into a space-joined answer cannot hold a space itself. */
static void check_spaces(struct build *build, const cnv_list *list)
{
	for (uint32_t i = 0; i < list->count; i++) {
		const cnv_choice *choice = &list->choices[i];
		size_t at = cnv_str_find(choice->name, CNV_STR(" "));

		if (at == SIZE_MAX)
			continue;
		cnv_diags_emit(
			&build->diags,
			CNV_DIAG(.code = CNV_CHOICE_SPACE,
				 .place = part_place(choice->place, choice->name,
						     cnv_str_slice(choice->name, at, at + 1)),
				 .field = list->name, .excerpt = choice->name),
			"a space in the name of a choice that select_multiple uses: chosen names are joined by spaces");
	}
}

/* A list that something other than a select uses. */
static void mark_named(struct build *build, cnv_str name)
{
	uint32_t list = name.len ? cnv_map_find(&build->list_by_name, name) : CNV_NONE;

	if (list != CNV_NONE)
		build->uses[list].selected = true;
}

/* Marks every list that a formula names in instance('...'). */
static void mark_instances(struct build *build)
{
	for (uint32_t i = 0; i < build->survey->count; i++) {
		const cnv_sheet_row *row = &build->survey->rows[i];

		for (uint32_t k = 0; k < row->count; k++) {
			cnv_str rest = row->cells[k].text;
			size_t at;

			while ((at = cnv_str_find(rest, CNV_STR("instance("))) != SIZE_MAX) {
				size_t end;

				rest = cnv_str_trim(cnv_str_slice(rest, at + 9, rest.len));
				if (!rest.len || (rest.at[0] != '\'' && rest.at[0] != '"'))
					continue;
				end = cnv_str_find(cnv_str_slice(rest, 1, rest.len), (cnv_str){ rest.at, 1 });
				if (end == SIZE_MAX)
					continue;
				mark_named(build, cnv_str_slice(rest, 1, end + 1));
			}
		}
	}
}

void lists_finish(struct build *build)
{
	mark_instances(build);
	for (cnv_question_id id = 0; id < build->count; id++) {
		mark_named(build, parameter_find(&build->questions[id], "tick_labelset"));
		mark_named(build, parameter_find(&build->questions[id], "reference-geometry"));
	}
	for (uint32_t i = 0; i < build->list_count; i++) {
		cnv_list *list = &build->lists[i];
		const struct list_use *use = &build->uses[i];

		if (list->open)
			continue;
		if (use->or_other && list->count)
			add_other(build, list);
		if (use->several && !use->searched)
			check_spaces(build, list);
		if (!use->selected)
			cnv_diags_emit(&build->diags,
				       CNV_DIAG(.code = CNV_LIST_UNUSED, .place = use->place, .field = list->name,
						.excerpt = list->name),
				       "no question uses the list \"%.*s\"", CNV_ARG(list->name));
		if (use->searched && use->plain)
			cnv_diags_emit(&build->diags,
				       CNV_DIAG(.code = CNV_LIST_SEARCHED, .place = use->place, .field = list->name,
						.excerpt = list->name,
						.hint = CNV_STR("give the question with search() a list of its own")),
				       "the list \"%.*s\" is used both with search() and without", CNV_ARG(list->name));
		index_labels(build, list);
		build->no_memory = !chain_twins(list, build->arena) || build->no_memory;
		/* What search() offers is read from a file when the question is asked. */
		list->open = use->searched;
		build->no_memory = build->no_memory || list->by_name.failed;
	}
	build->form->lists = cnv_arena_array(build->arena, build->list_count, sizeof *build->lists);
	if (!build->form->lists)
		return;
	if (build->list_count)
		memcpy((void *)build->form->lists, build->lists, build->list_count * sizeof *build->lists);
	build->form->list_count = build->list_count;
}
