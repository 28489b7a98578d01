/* Names and paths to questions.
 *
 * ${name} means the one question of that name wherever it stands.  A path walks the form as a
 * tree: `.` the question itself, `..` what encloses it, /data/g/x from the root.  All of this is
 * known while compiling; a run only sees columns.
 */
#include "expr_internal.h"

/* A place that a path has come to. */
typedef struct spot {
	enum {
		SPOT_QUESTION,
		SPOT_ROOT,
		SPOT_ABOVE_ROOT,
		SPOT_NOTHING,
		SPOT_CHOICE,   /* being filtered */
		SPOT_INSTANCE, /* instance('list'), and its root */
		SPOT_INSTANCE_ROOT,
		SPOT_ITEM,
		SPOT_COLUMN, /* of the choice being filtered, or of an item */
		SPOT_SAVED,
		SPOT_UNKNOWN, /* in a file that is not at hand */
		SPOT_IDENTITY,
		SPOT_BAD
	} at;
	cnv_question_id question;
	cnv_str column;
	uint32_t level;
	const expr_items *items;
	expr_selection *selection; /* what conditions have chosen so far */
	bool one;                  /* of `.` and `..`: just the one entry */
	bool free;                 /* of ${name} and /data/...: the nearest level that knows it counts */
} spot;

/* What ${...} can name that is no question. */
#define NAME_SAVED (UINT32_MAX - 2)
#define NAME_IDENTITY (UINT32_MAX - 3)
#define NAME_RECORD (UINT32_MAX - 4)

static const spot bad_spot = { .at = SPOT_BAD, .question = CNV_NONE };

/* Functions that other applications added to the language. */
static const struct foreign_function {
	const char *name, *owner, *hint;
} foreign_functions[] = {
	{ "add-date", "the Community Health Toolkit", "write date(decimal-date-time(...) + days)" },
	{ "count-if", "SurveyCTO", "write count(${repeat}[condition])" },
	{ "difference-in-months", "the Community Health Toolkit",
	  "write int((decimal-date-time(later) - decimal-date-time(earlier)) div 30.4375)" },
	{ "duration", "SurveyCTO", "subtract the answers of two questions of the types start and end" },
	{ "index", "SurveyCTO", "write position(..)" },
	{ "max-if", "SurveyCTO", "write max(${repeat}[condition]/question)" },
	{ "min-if", "SurveyCTO", "write min(${repeat}[condition]/question)" },
	{ "parse-timestamp-to-date", "the Community Health Toolkit", "write date(milliseconds div 86400000)" },
	{ "rank-index", "SurveyCTO", "" },
	{ "search", "appearances", "put search(...) in the column appearance of a question with choices" },
	{ "sum-if", "SurveyCTO", "write sum(${repeat}[condition]/question)" },
};

static bool complain_of_foreign(expr_compiler *compiler, const expr_token *token)
{
	const char *owner = cnv_str_starts(token->text, CNV_STR("cht:")) ? "the Community Health Toolkit" : NULL;
	cnv_str hint = CNV_STR("");
	for (size_t i = 0; i < sizeof(foreign_functions) / sizeof(foreign_functions[0]); i++)
		if (cnv_str_equal(token->text, cnv_str_from(foreign_functions[i].name))) {
			owner = foreign_functions[i].owner;
			hint = cnv_str_from(foreign_functions[i].hint);
		}
	if (owner == NULL)
		return false;
	expr_complain(compiler, CNV_NOT_SUPPORTED, token->from, token->upto, hint,
		      "%.*s() belongs to %s and not to expressions of XLSForm", CNV_ARG(token->text), owner);
	return true;
}

static void resolve_function(expr_compiler *compiler, expr_token *token)
{
	token->meaning = expr_function_find(token->text);
	if (token->meaning != CNV_NONE && expr_functions[token->meaning].info.supported)
		return;
	token->meaning = CNV_NONE;
	if (complain_of_foreign(compiler, token))
		return;
	cnv_nearest nearest;
	cnv_nearest_init(&nearest, token->text);
	for (uint32_t i = 0; i < expr_function_count; i++)
		cnv_nearest_offer(&nearest, cnv_str_from(expr_functions[i].info.name));
	cnv_str hint = nearest.best.len > 0 ? expr_hint(compiler, "did you mean \"%.*s\"?", CNV_ARG(nearest.best))
					    : CNV_STR("");
	expr_complain(compiler, CNV_UNKNOWN_FUNCTION, token->from, token->upto, hint, "unknown function \"%.*s\"",
		      CNV_ARG(token->text));
}

/* The question called `name`, or what else is; CNV_NONE after saying why there is none. */
static cnv_question_id find_name(expr_compiler *compiler, cnv_str name, uint32_t from, uint32_t upto)
{
	if (compiler->form == NULL) {
		expr_complain(compiler, CNV_UNKNOWN_NAME, from, upto, CNV_STR("name the form as well"),
			      "there is no form, so nothing is called \"%.*s\"", CNV_ARG(name));
		return CNV_NONE;
	}
	if (cnv_str_starts(name, CNV_STR("last-saved#"))) {
		cnv_str saved = cnv_str_slice(name, sizeof("last-saved#") - 1, name.len);
		return find_name(compiler, saved, from, upto) != CNV_NONE ? NAME_SAVED : CNV_NONE;
	}
	cnv_question_id found = cnv_form_find(compiler->form, name);
	if (found < compiler->form->count)
		return found;
	if (found == CNV_NAME_AMBIGUOUS) {
		expr_complain(compiler, CNV_AMBIGUOUS_NAME, from, upto, CNV_STR("give one of them another name"),
			      "more than one question is called \"%.*s\"", CNV_ARG(name));
		return CNV_NONE;
	}
	if (cnv_str_equal(name, CNV_STR("instanceID")))
		return NAME_IDENTITY;
	if (cnv_str_equal(name, CNV_STR("instanceName")) && compiler->form->instance_name.text.len > 0)
		return NAME_RECORD;
	cnv_str near = cnv_form_nearest(compiler->form, name);
	cnv_str hint = near.len > 0 ? expr_hint(compiler, "did you mean ${%.*s}?", CNV_ARG(near)) : CNV_STR("");
	expr_complain(compiler, CNV_UNKNOWN_NAME, from, upto, hint, "no question is called \"%.*s\"", CNV_ARG(name));
	return CNV_NONE;
}

void expr_resolve_tokens(expr_compiler *compiler)
{
	for (uint32_t i = 0; i < compiler->token_count; i++) {
		expr_token *token = &compiler->tokens[i];
		bool node_test = token->kind == TOKEN_FUNCTION && i > 0 && token[-1].kind == TOKEN_AXIS;
		if (token->kind == TOKEN_FUNCTION && !node_test)
			resolve_function(compiler, token);
		else if (token->kind == TOKEN_REFERENCE && token->text.len > 0)
			token->meaning = find_name(compiler, token->text, token->from, token->upto);
	}
}

/* ---------------------------------------------------------------- paths */

static spot self_spot(const expr_compiler *compiler)
{
	cnv_question_id self = compiler->context->self;
	if (compiler->form == NULL || self >= compiler->form->count)
		return (spot){ .at = SPOT_NOTHING, .question = CNV_NONE };
	return (spot){ .at = SPOT_QUESTION, .question = self, .one = true };
}

/* Where `.` is: the question itself, the choice being filtered, or what a condition looks at. */
static spot context_spot(const expr_compiler *compiler)
{
	uint32_t level = compiler->level;
	const expr_scope *scope = &compiler->scopes[level];
	spot here = { .question = CNV_NONE, .level = level, .one = true };

	if (level == 0 && compiler->context->purpose != CNV_FOR_FILTER)
		return self_spot(compiler);
	here.at = level == 0 ? SPOT_CHOICE : SPOT_UNKNOWN;
	if (level > 0 && scope->items != NULL) {
		here.at = scope->column.len > 0 ? SPOT_COLUMN : SPOT_ITEM;
		here.items = scope->items;
		here.column = scope->column;
	} else if (level > 0 && scope->question != CNV_NONE) {
		here.at = SPOT_QUESTION;
		here.question = scope->question;
	}
	return here;
}

static spot unsupported(expr_compiler *compiler, const expr_token *token, const char *what)
{
	expr_complain(compiler, CNV_NOT_SUPPORTED, token->from, token->upto, CNV_STR(""), "%s not supported", what);
	return bad_spot;
}

static spot parent_of(expr_compiler *compiler, spot here, const expr_token *token)
{
	const cnv_form *form = compiler->form;
	spot up = here;

	switch (here.at) {
	case SPOT_ROOT:
		up.at = SPOT_ABOVE_ROOT;
		return up;
	case SPOT_NOTHING:
		up.at = form != NULL ? SPOT_ROOT : SPOT_NOTHING;
		return up;
	case SPOT_COLUMN:
		up.at = here.items != NULL ? SPOT_ITEM : SPOT_CHOICE;
		up.column = CNV_STR("");
		if (here.selection == NULL)
			return up;
		return unsupported(compiler, token, "paths up again behind a condition are");
	case SPOT_CHOICE:
	case SPOT_ITEM:
	case SPOT_INSTANCE:
	case SPOT_INSTANCE_ROOT:
		expr_complain(compiler, CNV_UNKNOWN_NAME, token->from, token->upto,
			      CNV_STR("write ${name}, or current()/.. to begin at the question itself"),
			      "\"..\" leads out of the list here, and nothing is there");
		return bad_spot;
	case SPOT_QUESTION:
		up.question = form->questions[here.question].parent;
		up.at = up.question == CNV_NONE ? SPOT_ROOT : SPOT_QUESTION;
		if (here.selection != NULL &&
		    here.selection->reached != (up.question == CNV_NONE ? 0 : form->questions[up.question].table))
			return unsupported(compiler, token, "paths up again behind a condition are");
		return up;
	case SPOT_ABOVE_ROOT:
	case SPOT_SAVED:
	case SPOT_UNKNOWN:
	case SPOT_IDENTITY:
	case SPOT_BAD:
		break;
	}
	return here;
}

static cnv_str child_path(expr_compiler *compiler, spot here, cnv_str name)
{
	if (here.at != SPOT_QUESTION)
		return name;
	return cnv_arena_format(&compiler->work, "%.*s/%.*s", CNV_ARG(compiler->form->questions[here.question].path),
				CNV_ARG(name));
}

bool expr_has_column(const cnv_form *form, const cnv_list *list, cnv_str name)
{
	bool file = list >= form->files && list < form->files + form->file_count;
	/* Every row of a file has all its columns; of a file without rows they are not known. */
	for (uint32_t i = 0; i < list->count && !(file && i > 0); i++)
		for (uint32_t k = 0; k < list->choices[i].extra_count; k++)
			if (cnv_str_equal(list->choices[i].extras[k].heading, name))
				return true;
	if (file)
		return list->count == 0;
	return cnv_str_equal(name, CNV_STR("name")) || cnv_str_equal(name, CNV_STR("label")) ||
	       cnv_str_equal(name, CNV_STR("itextId"));
}

void expr_complain_of_column(expr_compiler *compiler, const cnv_list *list, cnv_str name, uint32_t from, uint32_t upto)
{
	const cnv_form *form = compiler->form;
	cnv_nearest nearest;
	bool file = list >= form->files && list < form->files + form->file_count;
	cnv_nearest_init(&nearest, name);
	cnv_nearest_offer(&nearest, file ? CNV_STR("") : CNV_STR("name"));
	cnv_nearest_offer(&nearest, file ? CNV_STR("") : CNV_STR("label"));
	for (uint32_t i = 0; i < list->count && !(file && i > 0); i++)
		for (uint32_t k = 0; k < list->choices[i].extra_count; k++)
			cnv_nearest_offer(&nearest, list->choices[i].extras[k].heading);
	cnv_str hint = CNV_STR("a text is put in quotes");
	if (nearest.best.len > 0)
		hint = expr_hint(compiler, "did you mean \"%.*s\"?", CNV_ARG(nearest.best));
	else if (cnv_form_find(form, name) < form->count)
		hint = expr_hint(compiler, "the answer to a question is written ${%.*s}", CNV_ARG(name));
	expr_complain(compiler, CNV_UNKNOWN_COLUMN, from, upto, hint,
		      "%s \"%.*s\" has no column \"%.*s\"", file ? "the file" : "the list", CNV_ARG(list->name), CNV_ARG(name));
}

/* A column of the choice being filtered, or of an item. */
static spot column_of(expr_compiler *compiler, spot here, const expr_token *token)
{
	const cnv_form *form = compiler->form;
	cnv_question_id self = compiler->context->self;
	const cnv_list *list = NULL;
	spot column = here;

	column.at = SPOT_COLUMN;
	column.column = token->text;
	if (here.items != NULL)
		list = here.items->list;
	else if (form != NULL && self < form->count && form->questions[self].list < form->list_count)
		list = &form->lists[form->questions[self].list];
	if (list == NULL || list->open || expr_has_column(form, list, token->text))
		return column;
	expr_complain_of_column(compiler, list, token->text, token->from, token->upto);
	return bad_spot;
}

static spot child_of(expr_compiler *compiler, spot here, const expr_token *token)
{
	const cnv_form *form = compiler->form;
	cnv_str name = token->text;
	spot child = here;

	child.one = false;
	switch (here.at) {
	case SPOT_BAD:
	case SPOT_UNKNOWN:
		return here;
	case SPOT_CHOICE:
	case SPOT_ITEM:
		return column_of(compiler, here, token);
	case SPOT_COLUMN:
	case SPOT_SAVED:
	case SPOT_IDENTITY:
		expr_complain(compiler, CNV_UNKNOWN_NAME, token->from, token->upto, CNV_STR(""),
			      "the path leads nowhere: nothing stands inside of \"%.*s\"",
			      CNV_ARG(here.at == SPOT_COLUMN ? here.column : CNV_STR("this")));
		return bad_spot;
	case SPOT_INSTANCE:
	case SPOT_INSTANCE_ROOT: {
		bool root = here.at == SPOT_INSTANCE;
		child.at = root ? SPOT_INSTANCE_ROOT : SPOT_ITEM;
		if (cnv_str_equal(name, root ? CNV_STR("root") : CNV_STR("item")))
			return child;
		expr_complain(compiler, CNV_UNKNOWN_NAME, token->from, token->upto,
			      CNV_STR("write instance('list')/root/item[condition]/column"),
			      "the path leads nowhere: nothing is called \"%.*s\" there", CNV_ARG(name));
		return bad_spot;
	}
	case SPOT_QUESTION:
	case SPOT_ROOT:
	case SPOT_ABOVE_ROOT:
	case SPOT_NOTHING:
		break;
	}
	if (form == NULL) {
		find_name(compiler, name, token->from, token->upto);
		return bad_spot;
	}
	if (here.at == SPOT_ABOVE_ROOT) {
		child.at = SPOT_ROOT;
		if (cnv_str_equal(name, form->root))
			return child;
		expr_complain(compiler, CNV_UNKNOWN_NAME, token->from, token->upto,
			      expr_hint(compiler, "paths begin with /%.*s", CNV_ARG(form->root)),
			      "the form's root is not called \"%.*s\"", CNV_ARG(name));
		return bad_spot;
	}
	child.question = cnv_map_find(&form->by_path, child_path(compiler, here, name));
	child.at = SPOT_QUESTION;
	if (child.question < form->count)
		return child;
	cnv_nearest nearest;
	cnv_nearest_init(&nearest, name);
	cnv_question_id parent = here.at == SPOT_QUESTION ? here.question : CNV_NONE;
	for (cnv_question_id id = 0; id < form->count; id++)
		if (form->questions[id].parent == parent)
			cnv_nearest_offer(&nearest, form->questions[id].name);
	cnv_str hint = nearest.best.len > 0 ? expr_hint(compiler, "did you mean \"%.*s\"?", CNV_ARG(nearest.best))
					    : CNV_STR("a question is safest named as ${name}");
	expr_complain(compiler, CNV_UNKNOWN_NAME, token->from, token->upto, hint,
		      "the path leads nowhere: nothing is called \"%.*s\" there", CNV_ARG(name));
	return bad_spot;
}

/* A name at the beginning of a path: a column, a child of the group, or a mistake. */
static spot bare_spot(expr_compiler *compiler, const expr_token *token)
{
	const cnv_form *form = compiler->form;
	spot here = context_spot(compiler);
	if (compiler->level > 0 || here.at == SPOT_CHOICE)
		return child_of(compiler, here, token);
	if (here.at == SPOT_QUESTION && form->questions[here.question].after > here.question + 1 &&
	    cnv_map_find(&form->by_path, child_path(compiler, here, token->text)) < form->count)
		return child_of(compiler, here, token);
	cnv_str hint = expr_hint(compiler, "a text is put in quotes: '%.*s'", CNV_ARG(token->text));
	cnv_str near = form != NULL ? cnv_form_nearest(form, token->text) : CNV_STR("");
	if (form != NULL && cnv_form_find(form, token->text) != CNV_NONE)
		hint = expr_hint(compiler, "write ${%.*s}", CNV_ARG(token->text));
	else if (near.len > 0)
		hint = expr_hint(compiler, "did you mean ${%.*s}, or the text '%.*s'?", CNV_ARG(near),
				 CNV_ARG(token->text));
	expr_complain(compiler, CNV_BARE_NAME, token->from, token->upto, hint,
		      "\"%.*s\" is neither a question in ${} nor a text in quotes", CNV_ARG(token->text));
	return bad_spot;
}

/* ---------------------------------------------------------------- instance('name') */

static bool declares_file(const cnv_question *question, cnv_str name)
{
	return question->type != NULL && cnv_str_equal(question->name, name) &&
	       (cnv_str_equal(cnv_str_from(question->type->name), CNV_STR("csv-external")) ||
		cnv_str_equal(cnv_str_from(question->type->name), CNV_STR("xml-external")));
}

static cnv_str stem_of(cnv_str file)
{
	return cnv_str_slice(file, 0, cnv_str_find(file, CNV_STR(".")));
}

static spot unknown_spot(expr_compiler *compiler, cnv_str name, uint32_t from, uint32_t upto)
{
	if (!compiler->told_unknown)
		expr_remark(compiler, CNV_DATA_NOT_AT_HAND, from, upto,
			    expr_hint(compiler,
				      "put %.*s.csv beside the form; without it, what depends on it is marked as not checked",
				      CNV_ARG(name)),
			    "\"%.*s\" is not at hand, so this cannot be evaluated", CNV_ARG(name));
	compiler->told_unknown = true;
	return (spot){ .at = SPOT_UNKNOWN, .question = CNV_NONE };
}

const expr_items *expr_find_items(expr_compiler *compiler, cnv_str name)
{
	const cnv_form *form = compiler->form;
	const cnv_list *found = NULL;

	for (uint32_t i = 0; form != NULL && i < form->list_count; i++)
		if (!form->lists[i].open && cnv_str_equal(form->lists[i].name, name))
			found = &form->lists[i];
	for (uint32_t i = 0; form != NULL && found == NULL && i < form->file_count; i++)
		if (cnv_str_equal(form->files[i].name, name))
			found = &form->files[i];
	expr_items *items = found != NULL ? cnv_arena_get(compiler->arena, sizeof(*items)) : NULL;
	if (items != NULL)
		*items = (expr_items){ .name = found->name, .list = found };
	else if (found != NULL)
		compiler->no_memory = true;
	return items;
}

static spot find_instance(expr_compiler *compiler, cnv_str name, uint32_t from, uint32_t upto)
{
	const cnv_form *form = compiler->form;
	cnv_nearest nearest;

	cnv_nearest_init(&nearest, name);
	const expr_items *items = expr_find_items(compiler, name);
	if (items != NULL)
		return (spot){ .at = SPOT_INSTANCE, .question = CNV_NONE, .items = items };
	for (uint32_t i = 0; form != NULL && i < form->list_count; i++) {
		const cnv_list *list = &form->lists[i];
		if (list->open && (cnv_str_equal(list->name, name) || cnv_str_equal(stem_of(list->name), name)))
			return unknown_spot(compiler, name, from, upto);
		cnv_nearest_offer(&nearest, list->open ? stem_of(list->name) : list->name);
	}
	for (uint32_t i = 0; form != NULL && i < form->count; i++) {
		if (declares_file(&form->questions[i], name))
			return unknown_spot(compiler, name, from, upto);
		/* pulldata() makes an instance of the file that it names. */
		const cnv_str text = form->questions[i].calculation.text;
		cnv_str calls[] = { cnv_arena_format(&compiler->work, "pulldata('%.*s'", CNV_ARG(name)),
				    cnv_arena_format(&compiler->work, "pulldata(\"%.*s\"", CNV_ARG(name)) };
		if (text.len > 0 && (cnv_str_find(text, calls[0]) != SIZE_MAX || cnv_str_find(text, calls[1]) != SIZE_MAX))
			return unknown_spot(compiler, name, from, upto);
	}
	if (cnv_str_equal(name, CNV_STR("__last-saved"))) {
		expr_remark(compiler, CNV_NEVER_SAVED, from, upto, CNV_STR(""),
			    "the record saved before is not known here and reads as blank");
		return (spot){ .at = SPOT_UNKNOWN, .question = CNV_NONE };
	}
	cnv_str hint = nearest.best.len > 0 ? expr_hint(compiler, "did you mean '%.*s'?", CNV_ARG(nearest.best))
					    : CNV_STR("name a list of the choices sheet, or declare a file with csv-external");
	expr_complain(compiler, CNV_UNKNOWN_INSTANCE, from, upto, hint, "no list and no file is called \"%.*s\"",
		      CNV_ARG(name));
	return bad_spot;
}

/* instance('name') and current(), where a path begins. */
static spot take_call(expr_compiler *compiler)
{
	const expr_token *name = &compiler->tokens[compiler->next];
	const expr_token *argument = name + 2;
	bool current = cnv_str_equal(name->text, CNV_STR("current"));
	spot here = bad_spot;

	if (current && argument->kind == TOKEN_CLOSE) {
		compiler->next += 3;
		return self_spot(compiler);
	}
	if (!current && argument->kind == TOKEN_TEXT && argument[1].kind == TOKEN_CLOSE) {
		compiler->next += 4;
		return find_instance(compiler, cnv_str_trim(argument->text), argument->from, argument->upto);
	}
	expr_complain(compiler, CNV_ARGUMENT_KIND, name->from, name->upto,
		      current ? CNV_STR("write current()/.. to begin a path at the question itself")
			      : CNV_STR("write instance('list')/root/item[condition]/column"),
		      current ? "current() wants no argument" : "instance() wants the name of a list in quotes");
	compiler->quiet = true;
	return here;
}

/* ---------------------------------------------------------------- steps and conditions */

/* The nearest level from which a question, or the entries of a repeat, are seen best: that of the row when it has one of
 * them, else the entry that a condition looks at. */
static uint32_t best_level(const expr_compiler *compiler, cnv_question_id id)
{
	const cnv_form *form = compiler->form;
	uint32_t table = form->questions[id].table;
	if (expr_owns(form, table, expr_level_table(compiler, 0)))
		return 0;
	for (uint32_t level = compiler->level; level > 0; level--)
		if (compiler->scopes[level].table != CNV_NONE && compiler->scopes[level].table != 0 &&
		    expr_owns(form, compiler->scopes[level].table, table))
			return level;
	return 0;
}

static expr_hop *add_hop(expr_compiler *compiler, expr_selection *selection, expr_hop hop)
{
	expr_hop *added = cnv_arena_get(&compiler->work, sizeof(*added));
	if (added == NULL) {
		compiler->no_memory = compiler->quiet = true;
		return NULL;
	}
	*added = hop;
	if (selection->last != NULL)
		selection->last->next = added;
	else
		selection->first = added;
	selection->last = added;
	return added;
}

static expr_selection *new_selection(expr_compiler *compiler, uint32_t level, uint32_t start)
{
	expr_selection *selection = cnv_arena_get(&compiler->work, sizeof(*selection));
	if (selection == NULL) {
		compiler->no_memory = compiler->quiet = true;
		return NULL;
	}
	*selection = (expr_selection){ .level = level,
				       .start = start,
				       .reached = start,
				       .reads = start != CNV_NONE ? READS(level) : 0 };
	return selection;
}

/* Hops from what has been reached down to a table. */
static bool reach(expr_compiler *compiler, expr_selection *selection, uint32_t table)
{
	const cnv_form *form = compiler->form;
	while (selection->reached != table) {
		uint32_t below = table;
		while (form->tables[below].parent != selection->reached && below != 0)
			below = form->tables[below].parent;
		if (below == 0)
			return true;
		if (add_hop(compiler, selection, (expr_hop){ .kind = HOP_ENTRIES, .table = below }) == NULL)
			return false;
		selection->reached = below;
	}
	return true;
}

/* Makes ready what a condition behind `here` thins out; NULL after a complaint or without memory. */
static expr_hop *hop_for(expr_compiler *compiler, spot *here)
{
	const cnv_form *form = compiler->form;

	if (here->at == SPOT_ITEM || here->at == SPOT_COLUMN) {
		if (here->selection == NULL)
			here->selection = new_selection(compiler, here->level, CNV_NONE);
		if (here->selection == NULL)
			return NULL;
		if (here->selection->first == NULL)
			add_hop(compiler, here->selection, (expr_hop){ .kind = HOP_ITEMS, .items = here->items });
		if (here->at == SPOT_COLUMN)
			return add_hop(compiler, here->selection, (expr_hop){ .kind = HOP_SELF, .items = here->items });
		return here->selection->last;
	}
	const cnv_question *question = &form->questions[here->question];
	bool repeat = question->role == CNV_REPEAT && !here->one;
	if (here->selection == NULL) {
		uint32_t level = here->free ? best_level(compiler, here->question) : here->level;
		uint32_t start = repeat ? form->tables[question->table].parent : question->table;
		while (!expr_owns(form, start, expr_level_table(compiler, level)))
			start = form->tables[start].parent;
		here->selection = new_selection(compiler, level, start);
	}
	if (here->selection == NULL)
		return NULL;
	bool fresh = here->selection->reached != question->table;
	if (!reach(compiler, here->selection, question->table))
		return NULL;
	if (repeat && (fresh || here->selection->last != NULL))
		return here->selection->last;
	return add_hop(compiler, here->selection, (expr_hop){ .kind = HOP_SELF });
}

/* The nodes of a condition, taken from the expression's. */
static bool add_predicate(expr_compiler *compiler, expr_selection *selection, expr_hop *hop, uint32_t before)
{
	expr_predicate *predicate = cnv_arena_get(&compiler->work, sizeof(*predicate));
	uint32_t count = compiler->node_count - before, level = compiler->level;
	expr_node *nodes = cnv_arena_array(&compiler->work, count, sizeof(*nodes));

	if (predicate == NULL || nodes == NULL) {
		compiler->no_memory = compiler->quiet = true;
		return false;
	}
	for (uint32_t i = 0; i < count; i++) {
		nodes[i] = compiler->nodes[before + i];
		selection->reads |= nodes[i].reads & ~(READS(level) | READS_POSITION(level));
	}
	*predicate = (expr_predicate){
		.nodes = nodes, .count = count, .level = level, .scope = compiler->scopes[level]
	};
	expr_predicate **last = &hop->predicates;
	while (*last != NULL)
		last = &(*last)->next;
	*last = predicate;
	return true;
}

static void take_predicate(expr_compiler *compiler, spot *here)
{
	const expr_token *open = &compiler->tokens[compiler->next];
	bool known = here->at == SPOT_QUESTION || (here->at == SPOT_ITEM && here->items != NULL) ||
		     (here->at == SPOT_COLUMN && here->items != NULL);
	bool inside = known && here->selection == NULL && here->level > 0 &&
		      (here->at == SPOT_ITEM || here->at == SPOT_COLUMN);
	expr_hop *hop = NULL;

	compiler->next++;
	if (!expr_enter(compiler, open))
		return;
	if (compiler->level + 1 == EXPR_LEVELS) {
		expr_complain(compiler, CNV_EXPRESSION_TOO_DEEP, open->from, open->upto,
			      CNV_STR("split it over several calculate questions"),
			      "more than %u conditions on paths stand inside each other here", EXPR_LEVELS - 1);
		compiler->quiet = true;
		return;
	}
	if (here->at == SPOT_ROOT || here->at == SPOT_ABOVE_ROOT || here->at == SPOT_NOTHING ||
	    here->at == SPOT_CHOICE || here->at == SPOT_INSTANCE || here->at == SPOT_INSTANCE_ROOT || inside ||
	    (here->at == SPOT_COLUMN && here->items == NULL))
		*here = unsupported(compiler, open, "conditions here are");
	known = known && here->at != SPOT_BAD;
	if (known)
		hop = hop_for(compiler, here);
	uint32_t before = compiler->node_count;
	compiler->level++;
	compiler->scopes[compiler->level] = (expr_scope){ .table = CNV_NONE, .question = CNV_NONE };
	if (known && here->at == SPOT_QUESTION) {
		compiler->scopes[compiler->level].table = here->selection != NULL ? here->selection->reached : 0;
		compiler->scopes[compiler->level].question = here->question;
	} else if (known) {
		compiler->scopes[compiler->level].items = here->items;
		compiler->scopes[compiler->level].column = here->at == SPOT_COLUMN ? here->column : CNV_STR("");
	}
	expr_parse_expression(compiler, 0);
	if (hop != NULL && !compiler->quiet)
		add_predicate(compiler, here->selection, hop, before);
	compiler->level--;
	compiler->depth--;
	compiler->node_count = before;
	if (compiler->tokens[compiler->next].kind == TOKEN_CLOSE_BRACKET) {
		compiler->next++;
	} else if (!compiler->quiet) {
		expr_complain(compiler, CNV_EXPRESSION_PARENTHESES, open->from, open->upto, CNV_STR(""),
			      "the bracket that opens here is never closed");
		compiler->quiet = true;
	}
}

static void take_predicates(expr_compiler *compiler, spot *here)
{
	while (compiler->tokens[compiler->next].kind == TOKEN_OPEN_BRACKET && !compiler->quiet)
		take_predicate(compiler, here);
}

/* child::, self:: and parent:: say what a step does without them; true when one of the latter two was the step. */
static bool take_axis(expr_compiler *compiler, spot *here, bool first)
{
	const expr_token *axis = &compiler->tokens[compiler->next], *node = axis + 2;
	if (axis->kind != TOKEN_NAME || axis[1].kind != TOKEN_AXIS)
		return false;
	bool self = cnv_str_equal(axis->text, CNV_STR("self")), up = cnv_str_equal(axis->text, CNV_STR("parent"));
	compiler->next += 2;
	if (first && here->at == SPOT_NOTHING)
		*here = context_spot(compiler);
	if (cnv_str_equal(axis->text, CNV_STR("child")))
		return false;
	if (!self && !up) {
		*here = unsupported(compiler, axis, "axes other than child::, parent:: and self:: are");
		return false;
	}
	bool any = node->kind == TOKEN_ANY;
	bool call = node->kind == TOKEN_FUNCTION && cnv_str_equal(node->text, CNV_STR("node")) &&
		    node[1].kind == TOKEN_OPEN && node[2].kind == TOKEN_CLOSE;
	if (!any && !call) {
		*here = unsupported(compiler, node, "names behind parent:: and self:: are");
		return false;
	}
	compiler->next += any ? 1 : 3;
	if (up)
		*here = parent_of(compiler, *here, axis);
	return true;
}

/* One step of a path; false when no step stands there. */
static bool take_step(expr_compiler *compiler, spot *here, bool first)
{
	bool axis = compiler->tokens[compiler->next + 1].kind == TOKEN_AXIS &&
		    compiler->tokens[compiler->next].kind == TOKEN_NAME;
	if (take_axis(compiler, here, first))
		return true;
	const expr_token *token = &compiler->tokens[compiler->next];

	switch ((int)token->kind) {
	case TOKEN_DOT:
	case TOKEN_DOTS:
		compiler->next++;
		if (first)
			*here = context_spot(compiler);
		if (token->kind == TOKEN_DOTS) {
			*here = parent_of(compiler, *here, token);
			if (here->at == SPOT_ABOVE_ROOT) {
				expr_complain(compiler, CNV_UNKNOWN_NAME, token->from, token->upto,
					      CNV_STR("a question is safest named as ${name}"),
					      "the path leads out of the form");
				here->at = SPOT_BAD;
			}
		}
		return true;
	case TOKEN_NAME:
		compiler->next++;
		*here = first && !axis ? bare_spot(compiler, token) : child_of(compiler, *here, token);
		return true;
	case TOKEN_ANY:
		compiler->next++;
		*here = unsupported(compiler, token, "wildcards in paths are");
		return true;
	case TOKEN_AT:
		compiler->next++;
		*here = unsupported(compiler, token, "attributes are");
		if (compiler->tokens[compiler->next].kind == TOKEN_NAME)
			compiler->next++;
		return true;
	case TOKEN_FUNCTION:
		if (first)
			return false;
		if (here->at != SPOT_BAD && token->meaning != CNV_NONE)
			unsupported(compiler, token, "functions as steps of a path are");
		compiler->next++;
		if (compiler->tokens[compiler->next].kind == TOKEN_OPEN)
			compiler->next++;
		if (compiler->tokens[compiler->next].kind == TOKEN_CLOSE)
			compiler->next++;
		else
			compiler->quiet = true; /* its arguments are not looked at */
		here->at = SPOT_BAD;
		return true;
	default:
		return false;
	}
}

static spot reference_spot(expr_compiler *compiler, const expr_token *token)
{
	spot here = { .at = SPOT_QUESTION, .question = token->meaning, .free = true };
	switch (token->meaning) {
	case CNV_NONE:
		return bad_spot;
	case NAME_SAVED:
		expr_remark(compiler, CNV_NEVER_SAVED, token->from, token->upto, CNV_STR(""),
			    "the record saved before is not known here and reads as blank");
		here.at = SPOT_SAVED;
		return here;
	case NAME_IDENTITY:
		here.at = SPOT_IDENTITY;
		return here;
	case NAME_RECORD:
		return unknown_spot(compiler, CNV_STR("instanceName"), token->from, token->upto);
	default:
		return here;
	}
}

/* Says that a path stops where there is no value. */
static void complain_of_end(expr_compiler *compiler, spot here, uint32_t from, uint32_t upto)
{
	if (here.at == SPOT_CHOICE || here.at == SPOT_ITEM)
		expr_complain(compiler, CNV_NOT_AN_ANSWER, from, upto, CNV_STR("name one of its columns: name, label"),
			      "a choice is no value by itself");
	else if (here.at == SPOT_INSTANCE || here.at == SPOT_INSTANCE_ROOT)
		expr_complain(compiler, CNV_NOT_AN_ANSWER, from, upto,
			      CNV_STR("write instance('list')/root/item[condition]/column"),
			      "a list is no value by itself");
}

/* The node of the place that a path has come to. */
static void add_path_node(expr_compiler *compiler, spot here, const expr_token *start, uint32_t upto)
{
	static const expr_node_kind kinds[] = {
		[SPOT_QUESTION] = NODE_QUESTION, [SPOT_ROOT] = NODE_ROOT,       [SPOT_ABOVE_ROOT] = NODE_ROOT,
		[SPOT_NOTHING] = NODE_NOTHING,   [SPOT_CHOICE] = NODE_BAD,      [SPOT_INSTANCE] = NODE_BAD,
		[SPOT_INSTANCE_ROOT] = NODE_BAD, [SPOT_ITEM] = NODE_BAD,        [SPOT_COLUMN] = NODE_COLUMN,
		[SPOT_SAVED] = NODE_SAVED,       [SPOT_UNKNOWN] = NODE_UNKNOWN, [SPOT_IDENTITY] = NODE_IDENTITY,
		[SPOT_BAD] = NODE_BAD
	};
	bool item = here.at == SPOT_ITEM || here.at == SPOT_COLUMN;

	/* The items of instance() are many even without a condition; the one that a condition looks at is one. */
	if (item && here.items != NULL && here.level == 0 && here.selection == NULL) {
		here.selection = new_selection(compiler, 0, CNV_NONE);
		if (here.selection == NULL ||
		    add_hop(compiler, here.selection, (expr_hop){ .kind = HOP_ITEMS, .items = here.items }) == NULL)
			return;
	}
	if (here.at == SPOT_QUESTION && here.selection != NULL &&
	    !reach(compiler, here.selection, compiler->form->questions[here.question].table))
		return;
	if (here.at == SPOT_QUESTION && here.free)
		here.level = best_level(compiler, here.question);
	if (here.selection == NULL)
		complain_of_end(compiler, here, start->from, upto);
	expr_node *node = expr_add_node(compiler, kinds[here.at], start->from, upto);
	if (node == NULL)
		return;
	if (here.selection != NULL && here.at != SPOT_BAD && here.at != SPOT_UNKNOWN)
		node->kind = NODE_SELECT;
	node->meaning = here.question;
	node->text = here.column;
	node->level = here.level;
	node->items = here.items;
	node->selection = here.selection;
	node->reads = node->kind == NODE_SELECT ? here.selection->reads : READS(here.level);
}

void expr_parse_path(expr_compiler *compiler)
{
	const expr_token *start = &compiler->tokens[compiler->next];
	spot here = { .at = SPOT_NOTHING, .question = CNV_NONE };
	bool first = true, more = true;

	if (start->kind == TOKEN_REFERENCE) {
		here = reference_spot(compiler, start);
		compiler->next++;
		first = false;
	} else if (start->kind == TOKEN_FUNCTION) {
		here = take_call(compiler);
		first = false;
	} else if (start->kind == TOKEN_SLASH || start->kind == TOKEN_SLASHES) {
		here.at = SPOT_ABOVE_ROOT;
		here.free = true;
		first = false;
	} else if (start->kind == TOKEN_CLOSE || start->kind == TOKEN_END) {
		return;
	}
	if (!first && here.at != SPOT_ABOVE_ROOT) {
		take_predicates(compiler, &here);
		more = compiler->tokens[compiler->next].kind == TOKEN_SLASH ||
		       compiler->tokens[compiler->next].kind == TOKEN_SLASHES;
	}
	while (more && !compiler->quiet) {
		const expr_token *token = &compiler->tokens[compiler->next];
		if (!first) {
			if (token->kind == TOKEN_SLASHES && here.at != SPOT_BAD)
				here = unsupported(compiler, token, "paths with // are");
			if (token->kind != TOKEN_SLASH && token->kind != TOKEN_SLASHES)
				break;
			compiler->next++;
		}
		if (!take_step(compiler, &here, first)) {
			expr_complain(compiler, CNV_EXPRESSION_SYNTAX, token->from, token->upto,
				      CNV_STR("\"/\" belongs to paths; numbers are divided with: div"),
				      "a name is missing after \"/\"");
			compiler->quiet = true;
			break;
		}
		first = false;
		take_predicates(compiler, &here);
	}
	if (!compiler->quiet)
		add_path_node(compiler, here, start,
			      compiler->next > 0 ? compiler->tokens[compiler->next - 1].upto : start->upto);
}

/* ---------------------------------------------------------------- jr:choice-name(value, '${q}') */

cnv_question_id expr_resolve_quoted(expr_compiler *compiler, const expr_operand *operand)
{
	cnv_str path = cnv_str_trim(operand->value.text);
	if (cnv_str_starts(path, CNV_STR("${")) && cnv_str_ends(path, CNV_STR("}")))
		return find_name(compiler, cnv_str_trim(cnv_str_slice(path, 2, path.len - 1)), operand->from,
				 operand->upto);

	spot here = self_spot(compiler);
	if (cnv_str_starts(path, CNV_STR("/"))) {
		here.at = SPOT_ABOVE_ROOT;
		path = cnv_str_slice(path, 1, path.len);
	}
	cnv_str step;
	while (cnv_str_split(&path, '/', &step) && here.at != SPOT_BAD) {
		expr_token token = { .kind = TOKEN_NAME, .from = operand->from, .upto = operand->upto, .text = step };
		if (cnv_str_equal(step, CNV_STR("..")))
			here = parent_of(compiler, here, &token);
		else if (!cnv_str_equal(step, CNV_STR(".")))
			here = child_of(compiler, here, &token);
	}
	if (here.at == SPOT_QUESTION)
		return here.question;
	if (here.at != SPOT_BAD)
		expr_complain(compiler, CNV_ARGUMENT_KIND, operand->from, operand->upto,
			      CNV_STR("write jr:choice-name(${q}, '${q}')"), "this names no question with choices");
	return CNV_NONE;
}
