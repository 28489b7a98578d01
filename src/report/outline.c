/* outline: the questionnaire in readable form.
 *
 * Sections and repeats become headings; questions are numbered and followed by their possible answers, the condition
 * under which they are asked and their rules, in words.  Items that are not asked come last: calculated values and
 * values that a device fills in, so that skip logic that mentions them can be followed. */
#include "canvass/report.h"

#include <string.h>

/* Lists longer than this are printed once and referred to afterwards. */
enum { LONG_LIST = 15 };

typedef struct outline {
	const cnv_form *form;
	uint32_t language;
	const cnv_writer *writer;
	cnv_arena *arena;
	const cnv_str *numbers, *names;
	cnv_question_id *shown; /* for each list: the question that printed it, CNV_NONE */
} outline;

/* The kind of answer, where the type's own summary is not written for respondents. */
static const struct type_words {
	const char *type, *words;
} type_words[] = {
	{ "text", "Text" },
	{ "integer", "A whole number" },
	{ "decimal", "A number" },
	{ "range", "A number" },
	{ "acknowledge", "OK, to confirm" },
	{ "date", "A date" },
	{ "time", "A time of day" },
	{ "dateTime", "A date and a time" },
	{ "geopoint", "A place: latitude and longitude" },
	{ "geotrace", "A line of places" },
	{ "geoshape", "An area" },
	{ "image", "A picture" },
	{ "audio", "A recording" },
	{ "video", "A film" },
	{ "file", "A file" },
	{ "barcode", "The text of a bar code" },
	{ "osm", "A feature of a map" },
};

/* ---------------------------------------------------------------- numbers and names */

/* qno, else the position among the questions asked, in brackets if other questions have a qno. */
static cnv_str *number_questions(const cnv_form *form, cnv_arena *arena)
{
	cnv_str *numbers = cnv_arena_array(arena, (size_t)form->count + 1, sizeof *numbers);
	uint32_t position = 0;
	bool numbered = false;

	if (!numbers)
		return NULL;
	for (cnv_question_id id = 0; id < form->count; id++)
		numbered = numbered || (form->questions[id].role == CNV_ASKED && form->questions[id].qno.len);
	for (cnv_question_id id = 0; id < form->count; id++) {
		const cnv_question *question = &form->questions[id];
		if (question->role != CNV_ASKED)
			continue;
		position++;
		if (question->qno.len)
			numbers[id] = question->qno;
		else
			numbers[id] = cnv_arena_format(arena, numbered ? "(%u)" : "%u", position);
	}
	return numbers;
}

static cnv_str name_of(const cnv_form *form, cnv_question_id id, cnv_str number, uint32_t language, cnv_arena *arena)
{
	const cnv_question *question = &form->questions[id];

	switch (question->role) {
	case CNV_ASKED:
		if (!number.len || cnv_is_digit(number.at[0]) || number.at[0] == '(')
			return cnv_arena_format(arena, "question %.*s", CNV_ARG(number));
		return number;
	case CNV_GROUP:
	case CNV_REPEAT:
	case CNV_SHOWN:
		return cnv_arena_format(arena, "'%.*s'", CNV_ARG(cnv_question_title(form, question, language)));
	case CNV_COMPUTED:
	case CNV_METADATA:
		return cnv_arena_format(arena, "'%.*s'", CNV_ARG(question->name));
	}
	return question->name;
}

static cnv_str *name_questions(const cnv_form *form, const cnv_str *numbers, uint32_t language, cnv_arena *arena)
{
	cnv_str *names = cnv_arena_array(arena, (size_t)form->count + 1, sizeof *names);

	for (cnv_question_id id = 0; names && id < form->count; id++)
		names[id] = name_of(form, id, numbers[id], language, arena);
	return names;
}

const cnv_str *cnv_outline_names(const cnv_form *form, uint32_t language, cnv_arena *arena)
{
	const cnv_str *numbers = number_questions(form, arena);

	return numbers ? name_questions(form, numbers, language, arena) : NULL;
}

/* ---------------------------------------------------------------- writing */

static void open_block(const outline *o, cnv_block block, uint32_t depth)
{
	o->writer->open(o->writer->self, block, depth);
}

static void close_block(const outline *o)
{
	o->writer->close(o->writer->self);
}

static void put(const outline *o, cnv_manner manner, cnv_str text)
{
	if (text.len)
		o->writer->put(o->writer->self, manner, text);
}

static void say(const outline *o, const char *words)
{
	put(o, CNV_MANNER_PLAIN, cnv_str_from(words));
}

static void say_count(const outline *o, uint32_t count, const char *one, const char *many)
{
	put(o, CNV_MANNER_PLAIN, cnv_arena_format(o->arena, "%u %s", count, count == 1 ? one : many));
}

/* A text of the form: ${q} marks the place where the answer to q is inserted. */
static void put_text(const outline *o, cnv_str text)
{
	cnv_reference found;
	size_t at = 0, done = 0;

	while (cnv_reference_next(text, &at, &found)) {
		cnv_question_id id = found.last_saved ? CNV_NONE : cnv_form_find(o->form, found.name);

		put(o, CNV_MANNER_PLAIN, cnv_str_slice(text, done, found.from));
		if (id < o->form->count) {
			say(o, o->form->questions[id].role == CNV_ASKED ? "[answer to " : "[");
			put(o, CNV_MANNER_PLAIN, o->names[id]);
			say(o, "]");
		} else {
			put(o, CNV_MANNER_PLAIN, cnv_str_slice(text, found.from, found.upto));
		}
		done = found.upto;
	}
	put(o, CNV_MANNER_PLAIN, cnv_str_slice(text, done, text.len));
}

static void put_words(const outline *o, const cnv_words *words)
{
	for (uint32_t i = 0; i < words->count; i++)
		if (words->runs[i].as_written)
			put(o, CNV_MANNER_CODE, words->runs[i].text);
		else
			put_text(o, words->runs[i].text); /* a choice's label may hold ${q} */
}

static cnv_words tell(const outline *o, cnv_question_id id, const cnv_formula *formula, cnv_purpose purpose,
		      bool of_answer)
{
	cnv_context context = { .form = o->form, .self = id, .purpose = purpose };
	cnv_words_style style = { .names = o->names, .language = o->language, .of_answer = of_answer };
	cnv_words words = { 0 };

	if (formula->text.len)
		cnv_words_write(&words, formula, &context, &style, o->arena);
	return words;
}

static bool is_word(const cnv_words *words, cnv_str word)
{
	return words->count == 1 && !words->runs[0].as_written && cnv_str_equal(words->runs[0].text, word);
}

/* "Only if ..."; nothing if the condition is always true. */
static void put_condition(const outline *o, const cnv_words *words, const char *always, const char *never,
			  const char *lead)
{
	if (!words->count)
		return;
	if (is_word(words, CNV_STR("always"))) {
		say(o, always);
	} else if (is_word(words, CNV_STR("never"))) {
		say(o, never);
	} else {
		say(o, lead);
		put_words(o, words);
	}
}

/* The same as a separate detail, which is omitted if it would be empty. */
static void detail_condition(const outline *o, const cnv_words *words, const char *always, const char *never,
			     const char *lead)
{
	bool empty = !words->count || (is_word(words, CNV_STR("always")) && !*always) ||
		     (is_word(words, CNV_STR("never")) && !*never);
	if (empty)
		return;
	open_block(o, CNV_BLOCK_DETAIL, 0);
	put_condition(o, words, always, never, lead);
	close_block(o);
}

static void detail_text(const outline *o, const char *lead, cnv_str text)
{
	if (!text.len)
		return;
	open_block(o, CNV_BLOCK_DETAIL, 0);
	say(o, lead);
	put_text(o, text);
	close_block(o);
}

/* ---------------------------------------------------------------- possible answers */

/* The value of `name` in "start=0 end=10". */
static cnv_str parameter(const cnv_question *question, cnv_str name, cnv_str otherwise)
{
	cnv_str rest = question->parameters.text, word;

	while (cnv_str_word(&rest, &word))
		if (cnv_str_starts(word, name) && word.len > name.len && word.at[name.len] == '=')
			return cnv_str_slice(word, name.len + 1, word.len);
	return otherwise;
}

static void put_range(const outline *o, const cnv_question *question)
{
	cnv_str step = parameter(question, CNV_STR("step"), CNV_STR("1"));

	say(o, question->kind == CNV_INTEGER ? "A whole number from " : "A number from ");
	put(o, CNV_MANNER_PLAIN, parameter(question, CNV_STR("start"), CNV_STR("1")));
	say(o, " to ");
	put(o, CNV_MANNER_PLAIN, parameter(question, CNV_STR("end"), CNV_STR("10")));
	if (!cnv_str_equal(step, CNV_STR("1")) || question->kind != CNV_INTEGER) {
		say(o, " in steps of ");
		put(o, CNV_MANNER_PLAIN, step);
	}
}

static void put_type(const outline *o, const cnv_question *question)
{
	if (!strcmp(question->type->name, "range")) {
		put_range(o, question);
		return;
	}
	for (size_t i = 0; i < sizeof type_words / sizeof type_words[0]; i++)
		if (!strcmp(type_words[i].type, question->type->name)) {
			say(o, type_words[i].words);
			return;
		}
	say(o, question->type->summary);
}

/* Choices that are not in the form: a file, an external sheet, the answers to another question. */
static void put_open_list(const outline *o, const cnv_question *question, cnv_str list)
{
	cnv_reference other;
	cnv_question_id id = cnv_reference_read(list, &other) ? cnv_form_find(o->form, other.name) : CNV_NONE;

	if (id < o->form->count) {
		say(o, "the answers to ");
		put(o, CNV_MANNER_PLAIN, o->names[id]);
		return;
	}
	say(o, question->type->list == CNV_LIST_FILE ? "the choices in the file " : "the choices of the list ");
	put(o, CNV_MANNER_CODE, list);
}

static void put_choices(outline *o, cnv_question_id id)
{
	static const char *const leads[] = { [CNV_CHOICE] = "One of", [CNV_CHOICES] = "Any of", [CNV_RANK] = "All of" };
	const cnv_question *question = &o->form->questions[id];
	const cnv_list *list = question->list < o->form->list_count ? &o->form->lists[question->list] : NULL;
	bool again = list && !list->open && list->count > LONG_LIST && o->shown[question->list] != CNV_NONE;
	size_t widest = 0;

	open_block(o, CNV_BLOCK_DETAIL, 0);
	say(o, leads[question->kind]);
	if (!list || list->open || again)
		say(o, " ");
	if (again) {
		say(o, "the choices under ");
		put(o, CNV_MANNER_PLAIN, o->names[o->shown[question->list]]);
	} else if (list && list->open) {
		put_open_list(o, question, list->name);
	} else if (!list) {
		say(o, "a list");
	}
	if (question->kind == CNV_RANK)
		say(o, !list || list->open || again ? ", put in order" : " these, put in order");
	if (list && !list->open && !again)
		say(o, ":");
	close_block(o);
	if (!list || list->open || again)
		return;
	o->shown[question->list] = id;
	for (uint32_t i = 0; i < list->count; i++) {
		size_t width = cnv_text_width(list->choices[i].name);
		widest = width > widest ? width : widest;
	}
	for (uint32_t i = 0; i < list->count; i++) {
		open_block(o, CNV_BLOCK_CHOICE, (uint32_t)widest);
		put(o, CNV_MANNER_STRONG, list->choices[i].name);
		put_text(o, cnv_choice_title(o->form, &list->choices[i], o->language));
		close_block(o);
	}
}

/* ---------------------------------------------------------------- conditions and rules */

/* The rule and the form's own message: if the rule is not entirely in words, the message comes first. */
static void put_rule(const outline *o, cnv_question_id id, const char *title, const cnv_formula *rule,
		     const cnv_wording *wording)
{
	cnv_words words = tell(o, id, rule, CNV_FOR_CONDITION, true);
	cnv_str message = cnv_wording_text(o->form, wording, o->language);
	bool code = false;

	if (!words.count || is_word(&words, CNV_STR("always")))
		return;
	for (uint32_t i = 0; i < words.count; i++)
		code = code || words.runs[i].as_written;
	open_block(o, CNV_BLOCK_DETAIL, 0);
	say(o, title);
	if (code && message.len) {
		put_text(o, message);
		say(o, " (");
		put_words(o, &words);
		say(o, ")");
	} else {
		put_words(o, &words);
		if (message.len) {
			say(o, ". Otherwise: \"");
			put_text(o, message);
			say(o, "\"");
		}
	}
	close_block(o);
}

static void put_default(const outline *o, cnv_question_id id)
{
	const cnv_question *question = &o->form->questions[id];
	cnv_str text = question->default_value.text, rest = text, word;
	bool first = true;

	if (!text.len)
		return;
	open_block(o, CNV_BLOCK_DETAIL, 0);
	say(o, "Already filled in: ");
	if (cnv_default_is_dynamic(text, question->kind)) {
		cnv_words words = tell(o, id, &question->default_value, CNV_FOR_VALUE, false);
		put_words(o, &words);
	} else if (cnv_kind_is_select(question->kind) && question->list < o->form->list_count) {
		const cnv_list *list = &o->form->lists[question->list];
		while (question->kind == CNV_CHOICE ? first && (word = text, true) : cnv_str_word(&rest, &word)) {
			uint32_t at = cnv_list_find(list, word);
			say(o, first ? "" : ", ");
			put_text(o,
				 at < list->count ? cnv_choice_title(o->form, &list->choices[at], o->language) : word);
			first = false;
		}
	} else {
		put_text(o, text);
	}
	close_block(o);
}

static void put_calculation(const outline *o, cnv_question_id id)
{
	const cnv_question *question = &o->form->questions[id];
	cnv_words words = tell(o, id, &question->calculation, CNV_FOR_VALUE, false);

	if (words.count) {
		open_block(o, CNV_BLOCK_DETAIL, 0);
		say(o, "Calculated as ");
		put_words(o, &words);
		close_block(o);
	}
	if (question->trigger.text.len)
		detail_text(o, "Recalculated when this changes: ", question->trigger.text);
}

/* Who may see the answer, where not everybody may for whom the response is released. */
static void put_readers(outline *o, cnv_privacy privacy)
{
	cnv_str number = o->form->circulate == CNV_NONE ? CNV_STR("") : o->numbers[o->form->circulate];

	if (privacy == CNV_PRIVACY_CONTACT && number.len)
		detail_text(o, "",
			    cnv_arena_format(o->arena, "Contact data: members see it if %.*s is answered with yes",
					     CNV_ARG(number)));
	else if (privacy != CNV_PRIVACY_NONE)
		detail_text(o, "", CNV_STR("Only the secretariat sees the answer"));
}

static void put_filter(const outline *o, cnv_question_id id)
{
	cnv_words words = tell(o, id, &o->form->questions[id].choice_filter, CNV_FOR_FILTER, false);

	detail_condition(o, &words, "", "No choice is offered", "Only the choices for which ");
}

static void put_details(outline *o, cnv_question_id id)
{
	const cnv_question *question = &o->form->questions[id];
	cnv_words words;

	if (cnv_kind_is_select(question->kind)) {
		put_choices(o, id);
		put_filter(o, id);
	} else {
		open_block(o, CNV_BLOCK_DETAIL, 0);
		put_type(o, question);
		close_block(o);
	}
	words = tell(o, id, &question->required, CNV_FOR_CONDITION, false);
	detail_condition(o, &words, "Required", "", "Required if ");
	if (words.count)
		detail_text(o, "If left empty: ", cnv_wording_text(o->form, &question->required_message, o->language));
	words = tell(o, id, &question->relevant, CNV_FOR_CONDITION, false);
	detail_condition(o, &words, "", "Never asked", "Only if ");
	put_rule(o, id, "Rule: ", &o->form->questions[id].constraint, &o->form->questions[id].constraint_message);
	put_rule(o, id, "Usually: ", &o->form->questions[id].warning, &o->form->questions[id].warning_message);
	put_default(o, id);
	put_calculation(o, id);
	words = tell(o, id, &question->read_only, CNV_FOR_CONDITION, false);
	detail_condition(o, &words, "Cannot be changed", "", "Cannot be changed if ");
	detail_text(o, "Guidance: ", cnv_wording_text(o->form, &question->guidance, o->language));
	detail_text(o, "Reference: ", question->legal_ref);
	put_readers(o, question->privacy);
}

static void put_question(outline *o, cnv_question_id id)
{
	const cnv_question *question = &o->form->questions[id];
	cnv_str hint = cnv_wording_text(o->form, &question->hint, o->language);

	open_block(o, CNV_BLOCK_QUESTION, 0);
	put(o, CNV_MANNER_STRONG, o->numbers[id]);
	put_text(o, cnv_question_title(o->form, question, o->language));
	close_block(o);
	if (hint.len) {
		open_block(o, CNV_BLOCK_HINT, 0);
		put_text(o, hint);
		close_block(o);
	}
	put_details(o, id);
}

/* ---------------------------------------------------------------- notes, sections, repeats */

static void put_note(const outline *o, cnv_question_id id)
{
	const cnv_question *note = &o->form->questions[id];
	cnv_words words = tell(o, id, &note->relevant, CNV_FOR_CONDITION, false);
	cnv_str hint = cnv_wording_text(o->form, &note->hint, o->language);

	open_block(o, CNV_BLOCK_PARAGRAPH, 0);
	if (words.count && !is_word(&words, CNV_STR("always"))) {
		say(o, "(");
		put_condition(o, &words, "", "Never shown", "Only if ");
		say(o, ") ");
	}
	put_text(o, cnv_wording_text(o->form, &note->label, o->language));
	if (hint.len) {
		say(o, " ");
		put_text(o, hint);
	}
	close_block(o);
}

/* "Questions 4 to 7: ", for a group without a label. */
static void put_extent(const outline *o, cnv_question_id group)
{
	cnv_question_id first = CNV_NONE, last = CNV_NONE;

	for (cnv_question_id id = group; id < o->form->questions[group].after; id++)
		if (o->form->questions[id].role == CNV_ASKED) {
			first = first == CNV_NONE ? id : first;
			last = id;
		}
	if (first == CNV_NONE)
		return;
	if (!cnv_str_equal(o->numbers[first], o->names[first]))
		say(o, first == last ? "Question " : "Questions ");
	put(o, CNV_MANNER_PLAIN, o->numbers[first]);
	if (first != last) {
		say(o, " to ");
		put(o, CNV_MANNER_PLAIN, o->numbers[last]);
	}
	say(o, ": ");
}

static void put_entries(const outline *o, cnv_question_id id)
{
	cnv_words words = tell(o, id, &o->form->questions[id].repeat_count, CNV_FOR_COUNT, false);

	say(o, "Answered once for each entry");
	if (!words.count) {
		say(o, ", as many as there are");
	} else {
		say(o, "; number of entries: ");
		put_words(o, &words);
	}
	say(o, ".");
}

static void put_section(const outline *o, cnv_question_id id)
{
	const cnv_question *section = &o->form->questions[id];
	cnv_str label = cnv_wording_text(o->form, &section->label, o->language);
	cnv_str hint = cnv_wording_text(o->form, &section->hint, o->language);
	cnv_words words = tell(o, id, &section->relevant, CNV_FOR_CONDITION, false);
	bool conditional = words.count && !is_word(&words, CNV_STR("always"));

	if (section->role == CNV_REPEAT && !label.len)
		label = section->name;
	if (label.len) {
		open_block(o, CNV_BLOCK_HEADING, section->depth);
		put_text(o, label);
		close_block(o);
	}
	if (section->role == CNV_REPEAT || conditional) {
		open_block(o, CNV_BLOCK_PARAGRAPH, 0);
		if (!label.len)
			put_extent(o, id);
		if (section->role == CNV_REPEAT)
			put_entries(o, id);
		if (section->role == CNV_REPEAT && conditional)
			say(o, " ");
		put_condition(o, &words, "", label.len ? "Never asked" : "never asked",
			      label.len ? "Only if " : "only if ");
		close_block(o);
	}
	if (hint.len) {
		open_block(o, CNV_BLOCK_PARAGRAPH, 0);
		put_text(o, hint);
		close_block(o);
	}
}

/* Marks the end of a section if questions of the enclosing one follow without a heading. */
static void put_ends(const outline *o, cnv_question_id id)
{
	const cnv_question *next = &o->form->questions[id];
	cnv_question_id before = id ? id - 1 : 0;

	if (!id || next->role == CNV_GROUP || next->role == CNV_REPEAT ||
	    o->form->questions[before].depth <= next->depth)
		return;
	/* The outermost of the sections that end here. */
	while (o->form->questions[before].depth > next->depth)
		before = o->form->questions[before].parent;
	cnv_str label = cnv_wording_text(o->form, &o->form->questions[before].label, o->language);
	if (o->form->questions[before].role == CNV_REPEAT && !label.len)
		label = o->form->questions[before].name;
	if (!label.len)
		return;
	open_block(o, CNV_BLOCK_PARAGRAPH, 0);
	say(o, "(End of: ");
	put_text(o, label);
	say(o, ")");
	close_block(o);
}

/* ---------------------------------------------------------------- the whole */

static void put_title(const outline *o)
{
	const cnv_form *form = o->form;
	uint32_t asked = 0, repeats = 0;

	for (cnv_question_id id = 0; id < form->count; id++) {
		asked += form->questions[id].role == CNV_ASKED;
		repeats += form->questions[id].role == CNV_REPEAT;
	}
	open_block(o, CNV_BLOCK_TITLE, 0);
	put_text(o, form->title.len ? form->title : form->id);
	close_block(o);
	open_block(o, CNV_BLOCK_PARAGRAPH, 0);
	put(o, CNV_MANNER_PLAIN, form->id);
	if (form->version.len) {
		say(o, ", version ");
		put(o, CNV_MANNER_PLAIN, form->version);
	}
	say(o, ": ");
	say_count(o, asked, "question", "questions");
	if (repeats) {
		say(o, ", ");
		say_count(o, repeats, "repeat", "repeats");
	}
	say(o, ".");
	if (form->language_count > 1) {
		say(o, " In ");
		put(o, CNV_MANNER_PLAIN, form->languages[o->language]);
		say(o, "; also in ");
		for (uint32_t i = 0, told = 0; i < form->language_count; i++) {
			if (i == o->language)
				continue;
			say(o, told++ ? ", " : "");
			put(o, CNV_MANNER_PLAIN, form->languages[i]);
		}
		say(o, ".");
	}
	close_block(o);
}

static void put_unasked(const outline *o, cnv_role role, const char *heading)
{
	bool begun = false;

	for (cnv_question_id id = 0; id < o->form->count; id++) {
		const cnv_question *question = &o->form->questions[id];
		cnv_words words;
		if (question->role != role || question->column == CNV_NONE)
			continue;
		if (!begun) {
			open_block(o, CNV_BLOCK_HEADING, 0);
			say(o, heading);
			close_block(o);
		}
		begun = true;
		words = tell(o, id, &question->calculation, CNV_FOR_VALUE, false);
		open_block(o, CNV_BLOCK_DETAIL, 0);
		put(o, CNV_MANNER_PLAIN, o->names[id]);
		say(o, ": ");
		if (words.count)
			put_words(o, &words);
		else if (role == CNV_COMPUTED && question->default_value.text.len)
			put(o, CNV_MANNER_CODE, question->default_value.text);
		else
			say(o, question->type->summary);
		words = tell(o, id, &question->relevant, CNV_FOR_CONDITION, false);
		if (words.count && !is_word(&words, CNV_STR("always"))) {
			say(o, "; ");
			put_condition(o, &words, "", "never", "only if ");
		}
		close_block(o);
	}
}

cnv_status cnv_outline_lay(const cnv_form *form, uint32_t language, const cnv_writer *writer, cnv_arena *scratch)
{
	outline o = { .form = form, .language = language, .writer = writer, .arena = scratch };

	o.numbers = number_questions(form, scratch);
	o.names = o.numbers ? name_questions(form, o.numbers, language, scratch) : NULL;
	o.shown = cnv_arena_array(scratch, (size_t)form->list_count + 1, sizeof *o.shown);
	if (scratch->failed || !o.names || !o.shown)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < form->list_count; i++)
		o.shown[i] = CNV_NONE;
	put_title(&o);
	for (cnv_question_id id = 0; id < form->count; id++) {
		put_ends(&o, id);
		switch (form->questions[id].role) {
		case CNV_ASKED:
			put_question(&o, id);
			break;
		case CNV_GROUP:
		case CNV_REPEAT:
			put_section(&o, id);
			break;
		case CNV_SHOWN:
			put_note(&o, id);
			break;
		case CNV_COMPUTED:
		case CNV_METADATA:
			break;
		}
	}
	put_unasked(&o, CNV_COMPUTED, "Calculated from the answers");
	put_unasked(&o, CNV_METADATA, "Filled in by the device");
	return scratch->failed ? CNV_NO_MEMORY : CNV_OK;
}
