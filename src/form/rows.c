/* rows.c: the rows of the survey sheet, as a tree of questions.
 *
 * The sheet is a flat list in which begin and end rows make groups and repeats.  A wrong row still becomes the question
 * that was most likely meant, so that references to it are not reported as further mistakes.
 */
#include "form/formulas.h"
#include "form/name.h"
#include "form/parameters.h"
#include "form/places.h"
#include "form/question_cells.h"
#include "form/steps.h"

struct nesting {
	cnv_question_id open; /* innermost group or repeat, CNV_NONE at the root */
	uint32_t depth, tables;
	uint32_t missing_ends; /* how many more begin rows than end rows the sheet has */
	uint32_t too_deep;     /* open groups that were skipped because they are nested too deep */
	cnv_form_row_type *begun[DEPTH_MOST];
	bool filled[DEPTH_MOST + 1]; /* the group at this depth is not empty */
};

/* In a loop that could not be expanded, names still contain %(name)s. */
static bool in_loop(const struct nesting *nesting)
{
	for (uint32_t i = 0; i < nesting->depth; i++)
		if (nesting->begun[i]->kind == LINE_BEGIN_LOOP)
			return true;
	return false;
}

/* The name of a row, checked; notes and audits need none. */
static cnv_str read_name(cnv_form_builder *build, const struct nesting *nesting, const cnv_form_cells *cells,
			 const cnv_form_row_type *typed)
{
	const cnv_cell_text *cell = cells->at[ROLE_NAME], *type = cells->at[ROLE_TYPE];
	bool audit = typed->type && cnv_str_equal(cnv_str_from(typed->type->name), CNV_STR("audit"));
	cnv_place place = cnv_form_row_place(build, build->survey, cells->row->row);
	size_t start;

	if (audit && cell && !cnv_str_equal(cell->text, CNV_STR("audit")))
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_AUDIT_NAME,
					.place = cnv_form_cell_place(build, build->survey, cell), .field = cell->text,
					.excerpt = cell->text),
			       "an audit is always named \"audit\"");
	if (audit)
		return CNV_STR("audit");
	if (!cell && typed->type && typed->type->role == CNV_SHOWN)
		return cnv_arena_format(build->arena, "generated_note_name_%u", cells->row->row);
	if (!cell) {
		if (build->survey_heads.has[ROLE_NAME])
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_NAME_MISSING, .place = place,
						.excerpt = type ? type->text : (cnv_str){ 0 }),
				       typed->kind == LINE_QUESTION ? "the question has no name"
								    : "the group has no name");
		return (cnv_str){ 0 };
	}
	place = cnv_form_cell_place(build, build->survey, cell);
	if (cell->text.len > NAME_MOST) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_NAME_MALFORMED, .place = place, .excerpt = cell->text,
					.hint = CNV_STR("shorten the name")),
			       "the name is longer than %u bytes", NAME_MOST);
		return cnv_str_slice(cell->text, 0, NAME_MOST);
	}
	if (!cnv_form_is_name(cell->text) &&
	    !(in_loop(nesting) && cnv_str_find(cell->text, CNV_STR("%(")) != SIZE_MAX)) {
		start = cnv_name_span(cell->text);
		/* The caret marks the first invalid character, all its bytes. */
		const char *wrong = cell->text.at + start, *next = wrong;

		cnv_utf8_next(&next, cell->text.at + cell->text.len);
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_NAME_MALFORMED,
					.place = cnv_form_part_place(place, cell->text,
								     (cnv_str){ wrong, (size_t)(next - wrong) }),
					.field = cell->text, .excerpt = cell->text,
					.hint = CNV_STR("start with a letter or underscore, then use only letters,"
							" digits, _ - and .")),
			       "\"%.*s\" is not a valid name", CNV_ARG(cell->text));
	}
	return cell->text;
}

/* Appends a question to the innermost open group. */
static cnv_question *add_question(cnv_form_builder *build, struct nesting *nesting, cnv_str name)
{
	cnv_question *question = &build->questions[build->count];
	const cnv_question *parent = nesting->open == CNV_NONE ? NULL : &build->questions[nesting->open];

	question->name = name;
	question->parent = nesting->open;
	question->repeat = !parent ? CNV_NONE : parent->role == CNV_REPEAT ? nesting->open : parent->repeat;
	question->after = build->count + 1;
	question->depth = nesting->depth;
	question->table = parent ? parent->table : 0;
	question->column = CNV_NONE;
	question->list = CNV_NONE;
	question->filtered = CNV_NONE;
	question->unit = CNV_NONE;
	question->path =
		parent ? cnv_arena_format(build->arena, "%.*s/%.*s", CNV_ARG(parent->path), CNV_ARG(name)) : name;
	question->answer_path = name;
	if (question->repeat != CNV_NONE)
		question->answer_path =
			cnv_arena_format(build->arena, "%.*s/%.*s",
					 CNV_ARG(build->questions[question->repeat].answer_path), CNV_ARG(name));
	question->label.at = question->hint.at = question->guidance.at = build->blank;
	question->constraint_message.at = question->required_message.at = question->warning_message.at = build->blank;
	nesting->filled[nesting->depth] = true;
	build->count++;
	return question;
}

/* The question that or_other adds: what "other" is. */
static void add_other(cnv_form_builder *build, struct nesting *nesting, cnv_question_id of)
{
	cnv_question *select = &build->questions[of], *other;
	cnv_str *label = cnv_arena_array(build->arena, build->language_count, sizeof *label);

	if (!label || !select->name.len)
		return;
	for (uint32_t i = 0; i < build->language_count; i++)
		label[i] = CNV_STR("Specify other.");
	other = add_question(build, nesting, cnv_arena_format(build->arena, "%.*s_other", CNV_ARG(select->name)));
	other->type = cnv_form_find_type("text");
	other->kind = CNV_TEXT;
	other->role = CNV_ASKED;
	other->place = select->place;
	other->other_of = true;
	other->label.at = label;
	other->label.place = select->place;
	other->relevant = cnv_form_make_formula(
		build, cnv_arena_format(build->arena, "selected(../%.*s, 'other')", CNV_ARG(select->name)),
		select->place);
	other->privacy = select->privacy;
	other->audience = select->audience;
}

static cnv_question *add_row(cnv_form_builder *build, struct nesting *nesting, const cnv_form_cells *cells,
			     cnv_form_row_type *typed)
{
	const cnv_cell_text *name = cells->at[ROLE_NAME];
	cnv_question_id id = build->count;
	cnv_question *question = add_question(build, nesting, read_name(build, nesting, cells, typed));

	question->place = name ? cnv_form_cell_place(build, build->survey, name)
			       : cnv_form_row_place(build, build->survey, cells->row->row);
	build->cells_of[id] = cells;
	build->type_of[id] = typed;
	question->type = typed->type;
	cnv_form_read_question(build, cells, question);
	return question;
}

/* A scale offers only its steps. */
static void add_scale(cnv_form_builder *build, cnv_question *question, cnv_place place)
{
	cnv_str *message = cnv_arena_array(build->arena, build->language_count, sizeof *message), words = { 0 };

	question->constraint = cnv_form_make_formula(build, cnv_form_range_rule(build, question, &words), place);
	if (!message || question->constraint_message.place.row)
		return;
	for (uint32_t i = 0; i < build->language_count; i++)
		message[i] = words;
	question->constraint_message.at = message;
}

static void read_question(cnv_form_builder *build, struct nesting *nesting, const cnv_form_cells *cells,
			  cnv_form_row_type *typed)
{
	cnv_question_id id = build->count;
	cnv_question *question = add_row(build, nesting, cells, typed);
	bool worded = cells->at[ROLE_LABEL] || cells->at[ROLE_HINT] || cells->at[ROLE_IMAGE] || cells->at[ROLE_AUDIO] ||
		      cells->at[ROLE_VIDEO];

	question->kind = typed->type->kind;
	question->role = typed->type->role;
	question->list = typed->list_index;
	question->or_other = typed->or_other;
	/* A question with a calculation and without a text is never shown: it is computed. */
	if (question->role == CNV_ASKED && question->calculation.text.len && !worded)
		question->role = CNV_COMPUTED;
	if (cells->at[ROLE_BIND_TYPE] && (question->kind == CNV_TEXT || question->role == CNV_COMPUTED))
		question->kind = cnv_form_bound_kind(cells->at[ROLE_BIND_TYPE]->text, question->kind);
	if (typed->type == cnv_form_find_type("range") &&
	    cnv_str_find(question->parameters.text, CNV_STR(".")) != SIZE_MAX)
		question->kind = CNV_DECIMAL;
	if (typed->builtin && !question->constraint.text.len)
		question->constraint =
			cnv_form_make_formula(build, cnv_str_from(typed->builtin),
					      cnv_form_cell_place(build, build->survey, cells->at[ROLE_TYPE]));
	if (typed->type == cnv_form_find_type("range") && !question->constraint.text.len)
		add_scale(build, question, cnv_form_cell_place(build, build->survey, cells->at[ROLE_TYPE]));
	if (typed->or_other)
		add_other(build, nesting, id);
}

/* The group that a loop makes for one choice; `cells` are those of its begin row. */
static cnv_question *add_choice(cnv_form_builder *build, struct nesting *nesting, const cnv_form_cells *cells,
				cnv_form_row_type *typed)
{
	cnv_question *group = add_question(build, nesting, cnv_str_slice(typed->each->name, 0, NAME_MOST));

	group->type = typed->type;
	group->place = cnv_form_cell_place(build, build->survey, cells->at[ROLE_TYPE]);
	group->label = typed->each->label;
	return group;
}

static void begin_group(cnv_form_builder *build, struct nesting *nesting, const cnv_form_cells *cells,
			cnv_form_row_type *typed)
{
	cnv_question_id id = build->count;
	cnv_question *group;

	if (nesting->too_deep || nesting->depth >= DEPTH_MOST) {
		if (!nesting->too_deep++)
			cnv_diags_emit(
				build->diags,
				CNV_DIAG(.code = CNV_TOO_DEEP,
					 .place = cnv_form_cell_place(build, build->survey, cells->at[ROLE_TYPE]),
					 .excerpt = cells->at[ROLE_TYPE]->text),
				"groups are nested more than %u deep", DEPTH_MOST);
		return;
	}
	typed->type = cnv_form_find_type(typed->kind == LINE_BEGIN_REPEAT ? "begin_repeat" : "begin_group");
	group = typed->each ? add_choice(build, nesting, cells, typed) : add_row(build, nesting, cells, typed);
	group->kind = CNV_NOTHING;
	group->role = typed->type->role;
	if (group->role == CNV_REPEAT) {
		group->table = ++nesting->tables;
		group->answer_path = cnv_arena_format(build->arena, "%.*s[]", CNV_ARG(group->answer_path));
	}
	nesting->begun[nesting->depth++] = typed;
	nesting->filled[nesting->depth] = false;
	nesting->open = id;
}

static const char *kind_word(cnv_form_line kind)
{
	switch (kind) {
	case LINE_BEGIN_REPEAT:
	case LINE_END_REPEAT:
		return "repeat";
	case LINE_BEGIN_LOOP:
	case LINE_END_LOOP:
		return "loop";
	case LINE_BEGIN_GROUP:
	case LINE_END_GROUP:
	case LINE_SKIPPED:
	case LINE_QUESTION:
	case LINE_SETTING:
		return "group";
	}
	return "group";
}

static bool closes(const cnv_form_row_type *begun, cnv_form_line end)
{
	return end - begun->kind == LINE_END_GROUP - LINE_BEGIN_GROUP;
}

static void close_group(cnv_form_builder *build, struct nesting *nesting)
{
	cnv_question *group = &build->questions[nesting->open];

	group->after = build->count;
	if (!nesting->filled[nesting->depth])
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_GROUP_EMPTY, .place = group->place, .field = group->name,
					.excerpt = group->name),
			       "the %s contains no questions", group->role == CNV_REPEAT ? "repeat" : "group");
	nesting->open = group->parent;
	nesting->depth--;
}

static void report_unclosed(cnv_form_builder *build, struct nesting *nesting)
{
	const cnv_question *group = &build->questions[nesting->open];
	const cnv_cell_text *type = build->cells_of[nesting->open]->at[ROLE_TYPE];
	const char *word = kind_word(nesting->begun[nesting->depth - 1]->kind);

	cnv_diags_emit(
		build->diags,
		CNV_DIAG(.code = CNV_BEGIN_NOT_CLOSED, .place = cnv_form_cell_place(build, build->survey, type),
			 .field = group->name, .excerpt = type->text,
			 .hint = cnv_arena_format(build->arena, "add a row with the type end_%s where it ends", word)),
		"the %s is never closed", word);
}

static void end_group(cnv_form_builder *build, struct nesting *nesting, const cnv_form_cells *cells, cnv_form_line end)
{
	const cnv_cell_text *type = cells->at[ROLE_TYPE];
	cnv_place place = cnv_form_cell_place(build, build->survey, type);
	const cnv_form_row_type *begun;

	if (nesting->too_deep) {
		nesting->too_deep--;
		return;
	}
	if (!nesting->depth) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_END_WITHOUT_BEGIN, .place = place, .excerpt = type->text),
			       "no %s is open here", kind_word(end));
		return;
	}
	begun = nesting->begun[nesting->depth - 1];
	if (!closes(begun, end) && nesting->missing_ends && nesting->depth > 1 &&
	    closes(nesting->begun[nesting->depth - 2], end)) {
		/* Some end row is missing, and this one fits the outer group, so the inner group is the unclosed one.
		 */
		report_unclosed(build, nesting);
		nesting->missing_ends--;
		close_group(build, nesting);
	} else if (!closes(begun, end)) {
		const cnv_question *group = &build->questions[nesting->open];

		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_END_WRONG_KIND, .place = place, .field = group->name,
					.excerpt = type->text,
					.hint = cnv_arena_format(build->arena, "write end_%s", kind_word(begun->kind))),
			       "this row must end the %s \"%.*s\", begun on %s %u", kind_word(begun->kind),
			       CNV_ARG(group->name), cnv_form_row_word(build), group->place.row);
	}
	close_group(build, nesting);
}

static void read_setting(cnv_form_builder *build, const cnv_form_cells *cells)
{
	cnv_str name = cells->at[ROLE_NAME] ? cells->at[ROLE_NAME]->text : (cnv_str){ 0 };

	cnv_form_put_setting(build, cnv_str_ends(cells->at[ROLE_TYPE]->text, CNV_STR("title")) ? "title" : "id_string",
			     name);
}

bool cnv_form_read_questions(cnv_form_builder *build)
{
	struct nesting nesting = { .open = CNV_NONE };
	uint32_t begins = 0, ends = 0;

	build->questions = cnv_arena_array(build->arena, build->room, sizeof *build->questions);
	build->cells_of = cnv_arena_array(build->arena, build->room, sizeof *build->cells_of);
	build->type_of = cnv_arena_array(build->arena, build->room, sizeof *build->type_of);
	if (!build->questions || !build->cells_of || !build->type_of)
		return false;
	for (uint32_t i = 0; i < build->line_count; i++) {
		begins += build->typed[i].kind >= LINE_BEGIN_GROUP && build->typed[i].kind <= LINE_BEGIN_LOOP;
		ends += build->typed[i].kind >= LINE_END_GROUP && build->typed[i].kind <= LINE_END_LOOP;
	}
	nesting.missing_ends = begins > ends ? begins - ends : 0;
	for (uint32_t i = 0; i < build->line_count; i++) {
		cnv_form_row_type *typed = &build->typed[i];
		const cnv_form_cells *cells = &build->lines[i];

		switch (typed->kind) {
		case LINE_SKIPPED:
			break;
		case LINE_QUESTION:
			read_question(build, &nesting, cells, typed);
			break;
		case LINE_BEGIN_GROUP:
		case LINE_BEGIN_REPEAT:
		case LINE_BEGIN_LOOP:
			begin_group(build, &nesting, cells, typed);
			break;
		case LINE_END_GROUP:
		case LINE_END_REPEAT:
		case LINE_END_LOOP:
			end_group(build, &nesting, cells, typed->kind);
			break;
		case LINE_SETTING:
			read_setting(build, cells);
			break;
		}
	}
	while (nesting.depth) {
		report_unclosed(build, &nesting);
		close_group(build, &nesting);
	}
	build->form->questions = build->questions;
	build->form->count = build->count;
	build->form->table_count = 1 + nesting.tables;
	return true;
}
