/* letter: the queries to a respondent about their answers.
 *
 * Queries are numbered, and each names the question of the form, the answer as received, the problem, and how to
 * reply.  The form's own texts are in the letter's language if it has them; all other text is English.  A letter is
 * sent to outsiders: characters that control a terminal or change the direction of a line become blanks. */
#include "canvass/report.h"

#include <stddef.h>

/* Longer lists of choices are not printed: they are in the questionnaire. */
#define MOST_CHOICES 20u
#define MOST_QUOTED 500u /* maximum bytes of an answer */

const char *cnv_query_state_word(cnv_query_state state)
{
	static const char *const words[] = { [CNV_QUERY_OPEN] = "open",
					     [CNV_QUERY_ANSWERED] = "answered",
					     [CNV_QUERY_WAIVED] = "waived",
					     [CNV_QUERY_CLOSED] = "closed" };

	return (size_t)state < sizeof words / sizeof words[0] ? words[state] : "";
}

/* Findings for the person who imports the returns, not for the respondent. */
bool cnv_query_is_ours(const cnv_query *query)
{
	return query->code == CNV_RESPONDENT_AGAIN || query->code == CNV_RESPONDENT_OTHERWISE;
}

/* ---------------------------------------------------------------- text */

static bool is_unsafe(uint32_t c)
{
	return (c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static cnv_str clean(cnv_str text, cnv_arena *arena)
{
	const char *at = text.at, *end = text.at + text.len;
	char *out = cnv_arena_get(arena, text.len + 1);
	size_t len = 0;

	while (out && at < end) {
		uint32_t c = cnv_utf8_next(&at, end);

		if (is_unsafe(c))
			out[len++] = ' ';
		else
			len += cnv_utf8_put(out + len, c);
	}
	return out ? (cnv_str){ out, len } : (cnv_str){ 0 };
}

typedef struct desk {
	const cnv_letter *letter;
	const cnv_writer *writer;
	const cnv_str *names; /* number of queries, in words */
	cnv_arena *arena;
} desk;

static void put(const desk *d, cnv_str text)
{
	if (text.len)
		d->writer->put(d->writer->self, CNV_MANNER_PLAIN, clean(text, d->arena));
}

static void paragraph(const desk *d, cnv_str text)
{
	d->writer->open(d->writer->self, CNV_BLOCK_PARAGRAPH, 0);
	put(d, text);
	d->writer->close(d->writer->self);
}

static void detail(const desk *d, const char *what, cnv_str text)
{
	d->writer->open(d->writer->self, CNV_BLOCK_DETAIL, 0);
	put(d, cnv_str_from(what));
	put(d, text);
	d->writer->close(d->writer->self);
}

/* ---------------------------------------------------------------- the parts of a question */

/* "doc[2]/issue[1]/day" -> " (entry 2.1)"; nothing for a question outside repeats. */
static cnv_str entry_of(cnv_str path, cnv_arena *arena)
{
	cnv_text text = { 0 };
	cnv_str said;
	bool inside = false, any = false;

	for (size_t i = 0; i < path.len; i++) {
		if (path.at[i] == '[')
			cnv_text_put(&text, any ? CNV_STR(".") : CNV_STR(" (entry "));
		else if (inside && path.at[i] != ']')
			cnv_text_put_char(&text, path.at[i]);
		inside = path.at[i] == '[' || (inside && path.at[i] != ']');
		any |= inside;
	}
	if (any)
		cnv_text_put_char(&text, ')');
	said = cnv_arena_copy(arena, cnv_text_str(&text));
	arena->failed |= text.failed;
	cnv_text_fini(&text);
	return said;
}

/* "C5.12 Who issues it? (entry 2)" */
static cnv_str title_of(const desk *d, const cnv_query *query)
{
	const cnv_form *form = d->letter->form;
	const cnv_question *question;

	if (query->question == CNV_NONE)
		return query->path;
	question = &form->questions[query->question];
	return cnv_arena_format(d->arena, "%.*s%s%.*s%.*s", CNV_ARG(question->qno), question->qno.len ? " " : "",
				CNV_ARG(cnv_question_title(form, question, d->letter->language)),
				CNV_ARG(entry_of(query->path, d->arena)));
}

/* The answer as received, with the label if it is a choice's code. */
static cnv_str answer_of(const desk *d, const cnv_query *query)
{
	const cnv_form *form = d->letter->form;
	const cnv_question *question = query->question == CNV_NONE ? NULL : &form->questions[query->question];
	uint32_t choice = CNV_NONE;
	cnv_str value = query->value;

	if (!value.len)
		return CNV_STR("nothing");
	if (question && question->list != CNV_NONE)
		choice = cnv_list_find(&form->lists[question->list], value);
	if (choice != CNV_NONE)
		return cnv_arena_format(d->arena, "%.*s (%.*s)", CNV_ARG(value),
					CNV_ARG(cnv_choice_title(form, &form->lists[question->list].choices[choice],
								 d->letter->language)));
	if (value.len > MOST_QUOTED) {
		value = cnv_str_slice(value, 0, MOST_QUOTED);
		value = cnv_str_slice(value, 0, cnv_utf8_check(value));
		return cnv_arena_format(d->arena, "%.*s...", CNV_ARG(value));
	}
	return value;
}

/* The form's own message in the letter's language, if it has one that quotes no other answer. */
static cnv_str own_message(const desk *d, const cnv_query *query)
{
	const cnv_question *question;
	const cnv_wording *wording;
	cnv_str text;

	if (query->question == CNV_NONE ||
	    (query->code != CNV_ANSWER_MISSING && query->code != CNV_ANSWER_AGAINST_RULE &&
	     query->code != CNV_ANSWER_UNLIKELY))
		return (cnv_str){ 0 };
	question = &d->letter->form->questions[query->question];
	wording = query->code == CNV_ANSWER_MISSING    ? &question->required_message
		  : query->code == CNV_ANSWER_UNLIKELY ? &question->warning_message
						       : &question->constraint_message;
	text = wording->at[d->letter->language];
	return cnv_has_reference(text) ? (cnv_str){ 0 } : text;
}

/* The letter's own text for a code, used where the stored one names things that only the form's author knows, and
 * the formula that explains it, in words: stored hints quote the formula itself. */
static const struct asking {
	uint16_t code;
	const char *words;
	size_t formula;   /* in the question */
	const char *lead; /* NULL: none */
} askings[] = {
	{ CNV_ANSWER_MISSING, NULL, offsetof(cnv_question, required), "Asked because: " },
	{ CNV_ANSWER_NOT_A_CHOICE, "this is not one of the choices", 0, NULL },
	{ CNV_ANSWER_NOT_OFFERED, "this choice does not go with your other answers", 0, NULL },
	{ CNV_ANSWER_AGAINST_RULE, "this is against the constraint of the question", offsetof(cnv_question, constraint),
	  "The rule: " },
	{ CNV_ANSWER_UNLIKELY, "is this answer right? If it is, please confirm it", 0, NULL },
	{ CNV_ANSWER_UNDUE,
	  "your other answers mean that this question is not asked; the answer is kept but not counted",
	  offsetof(cnv_question, relevant), "Asked only if: " },
	{ CNV_UNDUE_FOLLOWS, NULL, offsetof(cnv_question, relevant), "Asked only if: " },
	{ CNV_NOT_AS_CALCULATED, NULL, 0, NULL },
	{ CNV_ENTRIES_NOT_AS_COUNTED, NULL, 0, NULL },
};

/* A formula that is always true, or of which a part has no words, explains nothing. */
static cnv_str formula_words(const desk *d, const cnv_query *query, cnv_question_id self, size_t formula_at)
{
	const cnv_form *form = d->letter->form;
	const cnv_formula *formula = (const cnv_formula *)((const char *)&form->questions[self] + formula_at);
	cnv_context context = { .form = form, .self = self, .purpose = CNV_FOR_CONDITION };
	cnv_words_style style = { .names = d->names,
				  .language = d->letter->language,
				  .of_answer = query->code == CNV_ANSWER_AGAINST_RULE };
	cnv_words words = { 0 };
	cnv_text text = { 0 };
	cnv_str said;

	if (!formula->text.len || !d->names)
		return (cnv_str){ 0 };
	cnv_words_write(&words, formula, &context, &style, d->arena);
	for (uint32_t i = 0; i < words.count; i++) {
		if (words.runs[i].as_written)
			words.as_written = true;
		cnv_text_put(&text, words.runs[i].text);
	}
	said = words.as_written ? (cnv_str){ 0 } : cnv_arena_copy(d->arena, cnv_text_str(&text));
	d->arena->failed |= text.failed;
	cnv_text_fini(&text);
	return cnv_str_equal(said, CNV_STR("always")) ? (cnv_str){ 0 } : said;
}

/* Also the conditions of the sections around a question: any of them may be why it is not asked. */
static cnv_str asking_words(const desk *d, const cnv_query *query, const struct asking *asking)
{
	const cnv_form *form = d->letter->form;
	cnv_str said = formula_words(d, query, query->question, asking->formula);

	if (asking->formula != offsetof(cnv_question, relevant))
		return said;
	for (cnv_question_id id = form->questions[query->question].parent; id != CNV_NONE;
	     id = form->questions[id].parent) {
		cnv_str outer = formula_words(d, query, id, asking->formula);

		if (outer.len)
			said = cnv_arena_format(d->arena, "%.*s%s%.*s", CNV_ARG(outer), said.len ? "; " : "",
						CNV_ARG(said));
	}
	return said;
}

static const struct asking *find_asking(const cnv_query *query)
{
	for (size_t i = 0; i < sizeof askings / sizeof askings[0]; i++)
		if (askings[i].code == query->code)
			return &askings[i];
	return NULL;
}

/* Does the hint only repeat how such an answer is written? */
static bool is_advice(cnv_str hint)
{
	return cnv_str_starts(hint, CNV_STR("write "));
}

static void ask(const desk *d, const cnv_query *query)
{
	const struct asking *asking = find_asking(query);
	cnv_str message = own_message(d, query), words = { 0 };
	bool own = message.len > 0;

	if (!own)
		message = asking && asking->words ? cnv_str_from(asking->words) : query->message;
	detail(d, "What is asked: ", message);
	if (asking && asking->lead && query->question != CNV_NONE && !own)
		words = asking_words(d, query, asking);
	if (words.len)
		detail(d, asking->lead, words);
	else if (query->hint.len && !is_advice(query->hint) && (!asking || query->code == CNV_ANSWER_NOT_A_CHOICE))
		detail(d, "Note: ", query->hint);
}

static void list_choices(const desk *d, const cnv_list *list)
{
	uint32_t widest = 0;

	for (uint32_t i = 0; i < list->count; i++) {
		size_t width = cnv_text_width(list->choices[i].name);

		widest = width > widest ? (uint32_t)width : widest;
	}
	for (uint32_t i = 0; i < list->count; i++) {
		d->writer->open(d->writer->self, CNV_BLOCK_CHOICE, widest);
		d->writer->put(d->writer->self, CNV_MANNER_STRONG, clean(list->choices[i].name, d->arena));
		put(d, cnv_choice_title(d->letter->form, &list->choices[i], d->letter->language));
		d->writer->close(d->writer->self);
	}
}

static void tell_how(const desk *d, const cnv_query *query)
{
	static const char confirm[] = "correct it, or confirm it in the remark";
	const cnv_question *question =
		query->question == CNV_NONE ? NULL : &d->letter->form->questions[query->question];
	const cnv_list *list = question && question->list != CNV_NONE ? &d->letter->form->lists[question->list] : NULL;

	if (query->severity < CNV_ERROR || !question ||
	    (question->kind == CNV_TEXT && query->code != CNV_ANSWER_MISSING) ||
	    (!list && query->code == CNV_ANSWER_AGAINST_RULE)) {
		detail(d, "How to answer: ", cnv_str_from(confirm));
	} else if (list && !list->open && list->count <= MOST_CHOICES) {
		detail(d, "How to answer: ",
		       question->kind == CNV_CHOICE
			       ? CNV_STR("write the code of one of these")
			       : CNV_STR("write the codes of those that apply, separated by spaces"));
		list_choices(d, list);
	} else if (list) {
		detail(d, "How to answer: ",
		       CNV_STR("write what the questionnaire offers for this question, by code or label"));
	} else {
		cnv_str advice =
			is_advice(query->hint) ? query->hint : cnv_str_from(cnv_kinds[question->kind].expected);

		detail(d, "How to answer: ", advice.len ? advice : CNV_STR("write a text"));
	}
}

static void lay_question(const desk *d, uint32_t number, const cnv_query *query)
{
	d->writer->open(d->writer->self, CNV_BLOCK_QUESTION, 0);
	d->writer->put(d->writer->self, CNV_MANNER_STRONG, cnv_arena_format(d->arena, "%u.", number));
	put(d, title_of(d, query));
	d->writer->close(d->writer->self);
	detail(d, "Reference: ", query->id);
	detail(d, "Your answer: ", answer_of(d, query));
	ask(d, query);
	tell_how(d, query);
}

cnv_status cnv_letter_lay(const cnv_letter *letter, const cnv_writer *writer, cnv_arena *scratch)
{
	desk d = { .letter = letter,
		   .writer = writer,
		   .names = cnv_outline_names(letter->form, letter->language, scratch),
		   .arena = scratch };
	const cnv_respondent *to = letter->respondent;
	cnv_str name = to && to->name.len ? to->name : letter->code;

	writer->open(writer->self, CNV_BLOCK_TITLE, 0);
	put(&d, cnv_arena_format(scratch, "Questions on your answers: %.*s",
				 CNV_ARG(letter->form->title.len ? letter->form->title : letter->form->id)));
	writer->close(writer->self);
	paragraph(&d, to && to->contact.len
			      ? cnv_arena_format(scratch, "To: %.*s, %.*s", CNV_ARG(to->contact), CNV_ARG(name))
			      : cnv_arena_format(scratch, "To: %.*s", CNV_ARG(name)));
	paragraph(&d, cnv_arena_format(scratch, "Round: %.*s. Respondent: %.*s.", CNV_ARG(letter->round),
				       CNV_ARG(letter->code)));
	paragraph(&d, letter->count == 1
			      ? CNV_STR("Thank you for your answers. One of them needs a second look. Please correct it"
					" in the file you sent; or, if it is right, leave it and explain it in the"
					" remark next to it. If it does not apply, is not known or is confidential,"
					" write N/A, D/K or CONF. Then send the whole file again.")
			      : cnv_arena_format(scratch,
						 "Thank you for your answers. %u points need a second look. Please"
						 " correct each in the file you sent; or, if it is right, leave it and"
						 " explain it in the remark next to it. If a question does not apply,"
						 " is not known or is confidential, write N/A, D/K or CONF. Then send"
						 " the whole file again.",
						 letter->count));
	for (uint32_t i = 0; i < letter->count; i++)
		lay_question(&d, i + 1, &letter->queries[i]);
	return scratch->failed ? CNV_NO_MEMORY : CNV_OK;
}
