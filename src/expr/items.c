/* The lists and files of instance(), and their columns.
 *
 * A list of the choices sheet has the columns name and label and all others that its rows have; a file next to the
 * form has those of its first line.  If a file that the form names was not found, any column is accepted, and its
 * values are undecided. */
#include "expr/cursor.h"

const expr_cursor expr_bad_cursor = { .at = CURSOR_BAD, .question = CNV_NONE };

static expr_own own_column(cnv_str name)
{
	return cnv_str_equal(name, CNV_STR("name"))      ? OWN_NAME
	       : cnv_str_equal(name, CNV_STR("label"))   ? OWN_LABEL
	       : cnv_str_equal(name, CNV_STR("itextId")) ? OWN_ID
							 : OWN_NOTHING;
}

static bool has_cells(const cnv_list *list, uint32_t count, cnv_str heading)
{
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t k = 0; k < list->choices[i].extra_count; k++)
			if (cnv_str_equal(list->choices[i].extras[k].heading, heading))
				return true;
	return false;
}

bool expr_has_column(const cnv_list *list, cnv_str name)
{
	for (uint32_t i = 0; i < list->column_count; i++)
		if (cnv_str_equal(list->columns[i], name))
			return true;
	/* The columns of a file without rows are unknown. */
	if (list->columns)
		return list->count == 0;
	return own_column(name) != OWN_NOTHING || has_cells(list, list->count, name);
}

/* `made`: buffer for a text that is in no cell, an itextId. */
static cnv_str read_text(const expr_choice_texts *texts, uint32_t item, cnv_arena *made)
{
	const cnv_choice *choice = &texts->list->choices[item];
	for (uint32_t k = choice->extra_count; texts->extra && k-- > 0;)
		if (cnv_str_equal(choice->extras[k].heading, texts->column))
			return choice->extras[k].text;
	if (texts->own == OWN_NAME)
		return choice->name;
	if (texts->own == OWN_LABEL)
		return cnv_wording_text(texts->form, &choice->label, texts->form->default_language);
	if (texts->own == OWN_ID && made)
		return cnv_arena_format(made, "%.*s-%u", CNV_ARG(texts->list->name), item);
	return CNV_STR("");
}

cnv_str expr_item_text(const expr_choice_texts *texts, uint32_t item)
{
	return texts->at != NULL ? texts->at[item] : read_text(texts, item, NULL);
}

const expr_choice_texts *expr_column_texts(expr_compiler *compiler, const cnv_list *list, cnv_str name, bool whole)
{
	expr_choice_texts *texts = cnv_arena_get(compiler->arena, sizeof *texts);
	uint32_t count = list ? list->count : 0;
	if (!texts) {
		compiler->no_memory = true;
		return NULL;
	}
	*texts = (expr_choice_texts){ .form = compiler->form, .list = list, .count = count, .column = name };
	texts->own = own_column(name);
	texts->extra = has_cells(list, count, name);
	if (!whole && texts->own != OWN_ID)
		return texts;
	cnv_str *at = cnv_arena_array(compiler->arena, (size_t)count + 1, sizeof *at);
	if (!at) {
		compiler->no_memory = true;
		return NULL;
	}
	for (uint32_t i = 0; i < count; i++)
		at[i] = read_text(texts, i, compiler->arena);
	texts->at = at;
	return texts;
}

void expr_remark_column(expr_compiler *compiler, const cnv_list *list, cnv_str name, bool quoted, uint32_t from,
			uint32_t upto)
{
	const cnv_form *form = compiler->form;
	cnv_nearest nearest;
	bool file = list->columns;
	cnv_nearest_init(&nearest, name);
	cnv_nearest_offer(&nearest, file ? CNV_STR("") : CNV_STR("name"));
	cnv_nearest_offer(&nearest, file ? CNV_STR("") : CNV_STR("label"));
	for (uint32_t i = 0; i < list->column_count; i++)
		cnv_nearest_offer(&nearest, list->columns[i]);
	for (uint32_t i = 0; i < list->count && !file; i++)
		for (uint32_t k = 0; k < list->choices[i].extra_count; k++)
			cnv_nearest_offer(&nearest, list->choices[i].extras[k].heading);
	cnv_str hint = quoted ? CNV_STR("write the name of a column of the file") : CNV_STR("put text in quotes");
	if (nearest.best.len > 0)
		hint = expr_hint(compiler, "did you mean \"%.*s\"?", CNV_ARG(nearest.best));
	else if (cnv_form_find(form, name) < form->count)
		hint = expr_hint(compiler, "write the answer to a question as ${%.*s}", CNV_ARG(name));
	expr_remark(compiler, CNV_UNKNOWN_COLUMN, from, upto, hint,
		    "%s \"%.*s\" has no column \"%.*s\"; it reads as blank", file ? "the file" : "the list",
		    CNV_ARG(list->name), CNV_ARG(name));
}

expr_cursor expr_column_cursor(expr_compiler *compiler, expr_cursor here, const cnv_formula_node *name)
{
	const cnv_form *form = compiler->form;
	cnv_question_id self = compiler->context->self;
	const cnv_list *list = NULL;
	expr_cursor column = here;

	column.at = CURSOR_COLUMN;
	column.column = name->text;
	if (here.items)
		list = here.items->list;
	else if (form && self < form->count && form->questions[self].list < form->list_count)
		list = cnv_list_known(&form->lists[form->questions[self].list]);
	if (list && !expr_has_column(list, name->text))
		expr_remark_column(compiler, list, name->text, false, name->mark_from, name->mark_upto);
	return column;
}

/* ---------------------------------------------------------------- instance('name') */

static bool declares(const cnv_question *question, cnv_str name, cnv_str type)
{
	return question->type != NULL && cnv_str_equal(question->name, name) &&
	       cnv_str_equal(cnv_str_from(question->type->name), type);
}

static bool declares_file(const cnv_question *question, cnv_str name)
{
	return declares(question, name, CNV_STR("csv-external")) || declares(question, name, CNV_STR("xml-external"));
}

static cnv_str stem_of(cnv_str file)
{
	return cnv_str_slice(file, 0, cnv_str_find(file, CNV_STR(".")));
}

static cnv_str ending_of(const cnv_form *form, cnv_str name)
{
	for (uint32_t i = 0; i < form->list_count; i++)
		if (form->lists[i].file.text.len > 0 && cnv_str_equal(stem_of(form->lists[i].name), name))
			return cnv_str_slice(form->lists[i].name, name.len, SIZE_MAX);
	for (uint32_t i = 0; i < form->count; i++)
		if (declares(&form->questions[i], name, CNV_STR("xml-external")))
			return CNV_STR(".xml");
	return CNV_STR(".csv");
}

expr_cursor expr_unknown_cursor(expr_compiler *compiler, cnv_str name, uint32_t from, uint32_t upto)
{
	if (!compiler->told_unknown)
		expr_remark(compiler, CNV_DATA_NOT_AT_HAND, from, upto,
			    expr_hint(compiler,
				      "put %.*s%.*s next to the form; without it, answers that depend on it are"
				      " marked as not checked",
				      CNV_ARG(name), CNV_ARG(ending_of(compiler->form, name))),
			    "\"%.*s\" was not found, so this cannot be evaluated", CNV_ARG(name));
	compiler->told_unknown = true;
	return (expr_cursor){ .at = CURSOR_UNKNOWN, .question = CNV_NONE };
}

const expr_items *expr_find_items(expr_compiler *compiler, cnv_str name)
{
	const cnv_form *form = compiler->form;
	const cnv_list *found = NULL;

	for (uint32_t i = 0; form && i < form->list_count; i++)
		if (!form->lists[i].open && cnv_str_equal(form->lists[i].name, name))
			found = &form->lists[i];
	for (uint32_t i = 0; form && !found && i < form->file_count; i++)
		if (cnv_str_equal(form->files[i].name, name))
			found = &form->files[i];
	expr_items *items = found ? cnv_arena_get(compiler->arena, sizeof *items) : NULL;
	if (items)
		*items = (expr_items){ .name = found->name, .list = found };
	else if (found)
		compiler->no_memory = true;
	return items;
}

/* Does the formula contain pulldata('name', ...)? */
static bool pulls(const cnv_formula_tree *tree, cnv_str name)
{
	uint32_t call = CNV_NONE;
	cnv_str file;
	while ((call = cnv_formula_next_call(tree, "pulldata", call)) != CNV_NONE)
		if (cnv_formula_is_literal(tree, cnv_formula_arg(tree, call, 0), &file) && cnv_str_equal(file, name))
			return true;
	return false;
}

expr_cursor expr_instance_cursor(expr_compiler *compiler, cnv_str name, uint32_t from, uint32_t upto)
{
	const cnv_form *form = compiler->form;
	cnv_nearest nearest;

	cnv_nearest_init(&nearest, name);
	const expr_items *items = expr_find_items(compiler, name);
	if (items)
		return (expr_cursor){ .at = CURSOR_INSTANCE, .question = CNV_NONE, .items = items };
	for (uint32_t i = 0; form && i < form->list_count; i++) {
		const cnv_list *list = &form->lists[i];
		if (list->open && (cnv_str_equal(list->name, name) || cnv_str_equal(stem_of(list->name), name)))
			return expr_unknown_cursor(compiler, name, from, upto);
		cnv_nearest_offer(&nearest, list->open ? stem_of(list->name) : list->name);
	}
	for (uint32_t i = 0; form && i < form->count; i++) {
		if (declares_file(&form->questions[i], name))
			return expr_unknown_cursor(compiler, name, from, upto);
		/* pulldata() creates an instance of the file that it names. */
		if (pulls(form->questions[i].calculation.tree, name))
			return expr_unknown_cursor(compiler, name, from, upto);
	}
	if (cnv_str_equal(name, CNV_STR("__last-saved"))) {
		expr_remark(compiler, CNV_NEVER_SAVED, from, upto, CNV_STR(""),
			    "the last saved record is not available and reads as blank");
		return (expr_cursor){ .at = CURSOR_UNKNOWN, .question = CNV_NONE };
	}
	cnv_str hint = nearest.best.len > 0
			       ? expr_hint(compiler, "did you mean '%.*s'?", CNV_ARG(nearest.best))
			       : CNV_STR("name a list of the choices sheet, or declare a file with csv-external");
	expr_complain(compiler, CNV_UNKNOWN_INSTANCE, from, upto, hint, "no list or file is called \"%.*s\"",
		      CNV_ARG(name));
	return expr_bad_cursor;
}
