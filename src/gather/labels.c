/* Questions by their labels in any language, and by the numbers before them.
 *
 * Google Forms, KoboToolbox and LimeSurvey use the label of a question as heading: alone, after the titles of its
 * sections (`Section A/How many seats?`), as a row of a grid (`Rate us [Service]`), after a number or a code (`A1. How
 * many seats?`), or with the star of a required question. Texts are compared folded. A number in front counts: it
 * distinguishes two questions with the same label, and if it belongs to another question, the label alone is not
 * accepted.
 */
#include "gather/paths.h"
#include "gather/separators.h"

#include <string.h>

/* Maximum bytes of a number before a label: "SQ001", "C5.12-003". */
#define MOST_NUMBER 16u
/* Maximum titles of sections in a heading. */
#define MOST_TITLES 16u

/* The label in one language, without white space around it. */
static cnv_str label_of(const cnv_question *question, uint32_t language)
{
	return cnv_str_trim_unicode(question->label.at[language]);
}

/* Removes the number from the front of a text and the star from its end: "A1. How many? *" becomes "A1" and "How
 * many?". */
static cnv_str take_number(cnv_str text, cnv_str *number)
{
	size_t len = 0;
	bool digit = false;

	*number = (cnv_str){ 0 };
	text = cnv_str_trim_unicode(text);
	if (cnv_str_ends(text, CNV_STR("*")))
		text = cnv_str_trim_unicode(cnv_str_slice(text, 0, text.len - 1));
	while (len < text.len && len <= MOST_NUMBER && text.at[len] && !strchr(" \t\r\n)", text.at[len])) {
		char c = cnv_lower(text.at[len]);

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || strchr(".:_-", c)))
			return text;
		digit = digit || (c >= '0' && c <= '9');
		len++;
	}
	if (!digit || len > MOST_NUMBER)
		return text;
	*number = cnv_str_slice(text, 0, len);
	while (number->len && strchr(".:", number->at[number->len - 1]))
		number->len--;
	if (len < text.len && text.at[len] == ')')
		len++;
	return cnv_str_trim_unicode(cnv_str_slice(text, len, text.len));
}

/* ---------------------------------------------------------------- the index */

/* Ranks of labels. */
enum {
	WHOLE,    /* the label, alone or as the row of a grid */
	BARE,     /* without the number in front */
	NUMBERED, /* a number, and the label without its own */
	NUMBER,   /* the number alone */
	NOTE,     /* the text of a note, whose column some tools write too */
	TITLED    /* the label after the titles of all sections around it, with any separators */
};

/* "a1:how many seats?", folded; the text alone if there is no number. */
static cnv_str numbered(cnv_labels *labels, cnv_str number, cnv_str text)
{
	cnv_str folded = cnv_text_fold(labels->arena, text);

	if (!folded.len || !number.len)
		return folded;
	return cnv_arena_format(labels->arena, "%.*s:%.*s", CNV_ARG(cnv_text_fold(labels->arena, number)),
				CNV_ARG(folded));
}

static void put(cnv_labels *labels, uint32_t rank, cnv_question_id id, cnv_str number, cnv_str text)
{
	cnv_names_put(&labels->names, rank, labels->form->questions[id].table, numbered(labels, number, text), id);
}

static cnv_str unified(cnv_labels *labels, cnv_str text)
{
	cnv_text found = { 0 };
	cnv_str copy;

	cnv_separators_unify(&found, text);
	copy = cnv_arena_copy(labels->arena, cnv_text_str(&found));
	labels->arena->failed |= found.failed;
	cnv_text_fini(&found);
	return copy;
}

/* The sections around a question, the innermost first; returns how many. */
static uint32_t find_sections(const cnv_form *form, cnv_question_id id, cnv_question_id around[MOST_TITLES])
{
	uint32_t depth = 0;

	for (cnv_question_id at = form->questions[id].parent; at != CNV_NONE && depth < MOST_TITLES;
	     at = form->questions[at].parent)
		around[depth++] = at;
	return depth;
}

/* The label after the titles of all sections around it; empty: there are none. */
static cnv_str titled(cnv_labels *labels, cnv_question_id id, uint32_t language)
{
	const cnv_form *form = labels->form;
	cnv_question_id around[MOST_TITLES];
	uint32_t depth = find_sections(form, id, around);
	cnv_str label = label_of(&form->questions[id], language), found = { 0 };
	cnv_text text = { 0 };

	for (uint32_t k = depth; k-- > 0;) {
		cnv_str title = label_of(&form->questions[around[k]], language);

		cnv_text_put(&text, title.len ? title : form->questions[around[k]].name);
		cnv_text_put_char(&text, '/');
	}
	cnv_text_put(&text, label.len ? label : form->questions[id].name);
	if (depth)
		found = unified(labels, cnv_text_str(&text));
	labels->arena->failed |= text.failed;
	cnv_text_fini(&text);
	return found;
}

/* The label as a row of the grid that its section is. */
static cnv_str gridded(cnv_labels *labels, cnv_question_id id, uint32_t language)
{
	const cnv_form *form = labels->form;
	const cnv_question *question = &form->questions[id];
	cnv_str label = label_of(question, language);

	if (question->parent == CNV_NONE)
		return (cnv_str){ 0 };
	return cnv_arena_format(labels->arena, "%.*s [%.*s]",
				CNV_ARG(label_of(&form->questions[question->parent], language)),
				CNV_ARG(label.len ? label : question->name));
}

static void fill(cnv_labels *labels)
{
	const cnv_form *form = labels->form;

	labels->filled = true;
	for (cnv_question_id id = 0; id < form->count; id++) {
		const cnv_question *question = &form->questions[id];

		for (uint32_t k = 0; question->role == CNV_SHOWN && k < form->language_count; k++) {
			put(labels, NOTE, id, (cnv_str){ 0 }, unified(labels, label_of(question, k)));
			put(labels, NOTE, id, (cnv_str){ 0 }, titled(labels, id, k));
		}
		if (question->column == CNV_NONE)
			continue;
		put(labels, NUMBER, id, (cnv_str){ 0 }, question->qno);
		for (uint32_t k = 0; k < form->language_count; k++) {
			cnv_str number, label = label_of(question, k), bare = take_number(label, &number);

			put(labels, WHOLE, id, (cnv_str){ 0 }, label);
			put(labels, BARE, id, (cnv_str){ 0 }, bare);
			put(labels, NUMBERED, id, question->name, bare);
			if (question->qno.len)
				put(labels, NUMBERED, id, question->qno, bare);
			if (number.len)
				put(labels, NUMBERED, id, number, bare);
			put(labels, TITLED, id, (cnv_str){ 0 }, titled(labels, id, k));
			put(labels, WHOLE, id, (cnv_str){ 0 }, gridded(labels, id, k));
		}
	}
}

/* ---------------------------------------------------------------- looking up */

static cnv_question_id find(cnv_labels *labels, uint32_t rank, uint32_t table, cnv_str number, cnv_str text)
{
	return cnv_names_find(&labels->names, rank, table, numbered(labels, number, text));
}

/* Has this question a number, or does another question have this one? */
static bool is_numbered(cnv_labels *labels, cnv_question_id id, uint32_t table, cnv_str number)
{
	const cnv_question *question = &labels->form->questions[id];
	cnv_str own;

	if (question->qno.len || find(labels, NUMBER, table, (cnv_str){ 0 }, number) != CNV_NONE)
		return true;
	for (uint32_t k = 0; k < labels->form->language_count; k++) {
		take_number(label_of(question, k), &own);
		if (own.len)
			return true;
	}
	return cnv_form_find(labels->form, number) != CNV_NONE;
}

/* "who. Who are you?": code and text as LimeSurvey writes them.  A code without a digit counts if a question has that
 * name. */
static cnv_str take_code(const cnv_labels *labels, cnv_str text, cnv_str *number)
{
	size_t at = cnv_str_find(text, CNV_STR(". "));
	cnv_str code = cnv_str_trim_unicode(cnv_str_slice(text, 0, at));

	if (at == SIZE_MAX || cnv_form_find(labels->form, code) == CNV_NONE)
		return take_number(text, number);
	*number = code;
	return cnv_str_trim_unicode(cnv_str_slice(text, at + 2, text.len));
}

cnv_question_id cnv_labels_find(cnv_labels *labels, uint32_t table, cnv_str text)
{
	cnv_str number, bare = take_code(labels, text, &number), none = { 0 };
	cnv_question_id id, alike;

	if (!labels->filled)
		fill(labels);
	id = find(labels, WHOLE, table, none, text);
	if (id == CNV_NONE)
		id = find(labels, TITLED, table, none, unified(labels, text));
	if (id < labels->form->count)
		return id;
	if (number.len) {
		cnv_question_id by_number = find(labels, NUMBERED, table, number, bare);

		if (by_number < labels->form->count)
			return by_number;
	}
	if (id != CNV_NONE)
		return id;
	alike = find(labels, BARE, table, none, bare);
	if (alike == CNV_NAME_AMBIGUOUS ||
	    (alike != CNV_NONE && !(number.len && is_numbered(labels, alike, table, number))))
		return alike;
	id = find(labels, NOTE, table, none, unified(labels, text));
	if (id != CNV_NONE)
		return id;
	return bare.len ? CNV_NONE : find(labels, NUMBER, table, none, number);
}

bool cnv_labels_failed(const cnv_labels *labels)
{
	return cnv_names_failed(&labels->names);
}

void cnv_labels_fini(cnv_labels *labels)
{
	cnv_names_fini(&labels->names);
}
