/* Choices in other words: yes and no, a tick, a code with its label, "other" with a text of its own.
 *
 * A drop-down may show "sid - Identity card", a person ticks with an x, and a printed form has "Other: ..." with a line
 * after it. Each of them is accepted if it can mean only one choice.
 */
#include "read/choice.h"

#include <string.h>

static const char yes_no_read[] = "word for yes or no converted to its code";
static const char tick_read[] = "tick mark read as yes";
static const char both_read[] = "label removed from the code";
static const char other_read[] = "text after \"other\" separated";

/* Words for yes and no, folded.  names: a list with a choice of that name or label asks yes or no; the other words
 * occur in cells only.  A cross alone is not among them: it means yes to some and no to others. */
static const struct yes_no_word {
	const char *word;
	cnv_says says;
	bool names;
} yes_no_words[] = {
	{ "yes", CNV_SAYS_YES, true },
	{ "no", CNV_SAYS_NO, true },
	{ "y", CNV_SAYS_YES, true },
	{ "n", CNV_SAYS_NO, true },
	{ "true", CNV_SAYS_YES, true },
	{ "false", CNV_SAYS_NO, true },
	{ "oui", CNV_SAYS_YES, true },
	{ "non", CNV_SAYS_NO, true },
	{ "si", CNV_SAYS_YES, true },
	{ "s\xc3\xad", CNV_SAYS_YES, true },
	{ "sim", CNV_SAYS_YES, true },
	{ "n\xc3\xa3o", CNV_SAYS_NO, true },
	{ "ja", CNV_SAYS_YES, true },
	{ "nein", CNV_SAYS_NO, true },
	{ "ya", CNV_SAYS_YES, true },
	{ "tidak", CNV_SAYS_NO, true },
	{ "c\xc3\xb3", CNV_SAYS_YES, true },
	{ "kh\xc3\xb4ng", CNV_SAYS_NO, true },
	{ "\xd0\xb4\xd0\xb0", CNV_SAYS_YES, true },
	{ "\xd0\xbd\xd0\xb5\xd1\x82", CNV_SAYS_NO, true },
	{ "\xe3\x81\xaf\xe3\x81\x84", CNV_SAYS_YES, true },
	{ "\xe3\x81\x84\xe3\x81\x84\xe3\x81\x88", CNV_SAYS_NO, true },
	{ "\xe6\x98\xaf", CNV_SAYS_YES, true },
	{ "\xe5\x90\xa6", CNV_SAYS_NO, true },
	{ "\xec\x98\x88", CNV_SAYS_YES, true },
	{ "\xeb\x84\xa4", CNV_SAYS_YES, true },
	{ "\xec\x95\x84\xeb\x8b\x88\xec\x98\xa4", CNV_SAYS_NO, true },
	{ "\xec\x95\x84\xeb\x8b\x88\xec\x9a\x94", CNV_SAYS_NO, true },
	{ "\xe0\xb9\x83\xe0\xb8\x8a\xe0\xb9\x88", CNV_SAYS_YES, true },
	{ "\xe0\xb9\x84\xe0\xb8\xa1\xe0\xb9\x88", CNV_SAYS_NO, true },
	{ "1", CNV_SAYS_YES, false },
	{ "0", CNV_SAYS_NO, false },
	{ "x", CNV_SAYS_YES, false },
	{ "\xe2\x9c\x93", CNV_SAYS_YES, false }, /* check mark */
	{ "\xe2\x9c\x94", CNV_SAYS_YES, false }, /* heavy check mark */
	{ "\xe2\x9c\x85", CNV_SAYS_YES, false }, /* white heavy check mark */
	{ "\xe2\x98\x91", CNV_SAYS_YES, false }, /* ballot box with check */
	{ "\xe2\x98\x92", CNV_SAYS_YES, false }, /* ballot box with x */
	{ "dk", CNV_SAYS_NEITHER, true },
	{ "d/k", CNV_SAYS_NEITHER, true },
	{ "na", CNV_SAYS_NEITHER, true },
	{ "n/a", CNV_SAYS_NEITHER, true },
	{ "unknown", CNV_SAYS_NEITHER, true },
	{ "not known", CNV_SAYS_NEITHER, true },
	{ "do not know", CNV_SAYS_NEITHER, true },
	{ "don't know", CNV_SAYS_NEITHER, true },
	{ "not sure", CNV_SAYS_NEITHER, true },
	{ "unsure", CNV_SAYS_NEITHER, true },
	{ "not applicable", CNV_SAYS_NEITHER, true },
	{ "no answer", CNV_SAYS_NEITHER, true },
	{ "refused", CNV_SAYS_NEITHER, true },
	{ "prefer not to say", CNV_SAYS_NEITHER, true },
	{ "conf", CNV_SAYS_NEITHER, true },
};

/* Names of the choice "other", folded. */
static const char *const other_words[] = {
	"other",
	"others",
	"other_specify",
	"-oth-",
	"autre",
	"autres",
	"otro",
	"otra",
	"otros",
	"outro",
	"outra",
	"lainnya",
	("kh\xc3\xa1"
	 "c"),
	"\xd0\xb4\xd1\x80\xd1\x83\xd0\xb3\xd0\xbe\xd0\xb5",
	"\xe3\x81\x9d\xe3\x81\xae\xe4\xbb\x96",
	"\xe5\x85\xb6\xe4\xbb\x96",
	"\xe5\x85\xb6\xe5\xae\x83",
	"\xea\xb8\xb0\xed\x83\x80",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct yes_no_word *find_word(cnv_str folded)
{
	for (size_t i = 0; folded.len && i < COUNT(yes_no_words); i++)
		if (cnv_str_equal(folded, cnv_str_from(yes_no_words[i].word)))
			return &yes_no_words[i];
	return NULL;
}

static cnv_says says(cnv_str folded)
{
	const struct yes_no_word *word = find_word(folded);

	return word && word->names ? word->says : CNV_SAYS_NOTHING;
}

/* What a choice means by its name, or by its label in any language. */
static cnv_says choice_says(cnv_choice_reader *reader, const cnv_choice *choice)
{
	cnv_says found = says(cnv_text_fold(reader->scratch, choice->name));

	for (uint32_t i = 0; found == CNV_SAYS_NOTHING && i < reader->form->language_count; i++)
		found = says(cnv_text_fold(reader->scratch, choice->label.at[i]));
	return found;
}

/* Longer lists ask more than yes or no. */
#define MOST_YES_NO 8u

static void look_at_list(cnv_choice_reader *reader)
{
	bool twice = false;

	reader->asks_known = true;
	reader->only_yes_no = true;
	reader->yes = reader->no = CNV_NONE;
	for (uint32_t i = 0; i < reader->list->count && reader->list->count <= MOST_YES_NO; i++)
		switch (choice_says(reader, &reader->list->choices[i])) {
		case CNV_SAYS_YES:
			twice |= reader->yes != CNV_NONE;
			reader->yes = i;
			break;
		case CNV_SAYS_NO:
			twice |= reader->no != CNV_NONE;
			reader->no = i;
			break;
		case CNV_SAYS_NEITHER:
			break;
		case CNV_SAYS_NOTHING:
			reader->only_yes_no = false;
			break;
		}
	if (twice || reader->yes == CNV_NONE || reader->no == CNV_NONE)
		reader->yes = reader->no = CNV_NONE;
}

/* A word is accepted in every list that asks yes or no; a tick only if the other choices are "not known" and the like.
 */
static bool read_yes_no(cnv_choice_reader *reader, cnv_str folded, cnv_choice_found *found)
{
	const struct yes_no_word *word = find_word(folded);

	if (!word || word->says == CNV_SAYS_NEITHER)
		return false;
	if (!reader->asks_known)
		look_at_list(reader);
	if (reader->yes == CNV_NONE || (!word->names && !reader->only_yes_no))
		return false;
	found->choice = word->says == CNV_SAYS_YES ? reader->yes : reader->no;
	found->why = word->names || folded.at[0] == '0' || folded.at[0] == '1' ? yes_no_read : tick_read;
	return true;
}

/* Is it this folded label, with any text in place of `${...}`? */
static bool is_label_filled(cnv_str label, cnv_str folded)
{
	cnv_reference first, last;
	size_t at = 0, from, upto;

	if (!cnv_reference_next(label, &at, &first))
		return cnv_str_equal(label, folded);
	last = first;
	while (cnv_reference_next(label, &at, &last))
		continue;
	from = first.from;
	upto = last.upto;
	return folded.len >= from + label.len - upto && cnv_str_starts(folded, cnv_str_slice(label, 0, from)) &&
	       cnv_str_ends(folded, cnv_str_slice(label, upto, label.len));
}

/* Is it a label of this choice?  Other choices may have the same label. */
static bool is_label_of(const cnv_choice_reader *reader, uint32_t choice, cnv_str folded)
{
	for (uint32_t i = 0; i < reader->form->language_count; i++) {
		cnv_str label = reader->list->choices[choice].label.at[i];

		if (label.len && is_label_filled(cnv_text_fold(reader->scratch, label), folded))
			return true;
	}
	return false;
}

/* Do a code and a label, both folded, name the same choice?  exact: the code as it is written. */
static bool read_both(cnv_choice_reader *reader, cnv_str exact, cnv_str code, cnv_str label, cnv_choice_found *found)
{
	uint32_t choice = cnv_list_find(reader->list, exact);

	if (choice == CNV_NONE)
		choice = cnv_choice_by_name(reader, code);
	if (choice == CNV_NONE || !label.len || !is_label_of(reader, choice, label))
		return false;
	found->choice = choice;
	found->why = both_read;
	found->labelled = true;
	return true;
}

/* "sid - Identity card", "sid: Identity card", "Identity card (sid)". */
static bool read_code_and_label(cnv_choice_reader *reader, cnv_str text, cnv_str folded, cnv_choice_found *found)
{
	static const char *const between[] = { " - ", ": ", ". ", ") " };

	for (size_t i = 0; i < COUNT(between); i++) {
		cnv_str sign = cnv_str_from(between[i]), exact = { 0 };
		size_t at = cnv_str_find(folded, sign), as_written = cnv_str_find(text, sign);

		if (as_written != SIZE_MAX)
			exact = cnv_str_slice(text, 0, as_written);
		if (at != SIZE_MAX && read_both(reader, exact, cnv_str_slice(folded, 0, at),
						cnv_str_slice(folded, at + sign.len, folded.len), found))
			return true;
	}
	for (size_t at = folded.len; folded.len && folded.at[folded.len - 1] == ')' && at-- > 1;)
		if (folded.at[at] == '(')
			return read_both(reader, (cnv_str){ 0 }, cnv_str_slice(folded, at + 1, folded.len - 1),
					 cnv_str_trim(cnv_str_slice(folded, 0, at)), found);
	return false;
}

/* Without the brackets at its end: "other (please specify)" becomes "other". */
static cnv_str without_brackets(cnv_str folded)
{
	size_t at = cnv_str_find(folded, CNV_STR("("));

	return at != SIZE_MAX && at && folded.at[folded.len - 1] == ')' ? cnv_str_trim(cnv_str_slice(folded, 0, at))
									: folded;
}

static bool is_other_word(cnv_str folded)
{
	folded = without_brackets(folded);
	for (size_t i = 0; i < COUNT(other_words); i++)
		if (cnv_str_equal(folded, cnv_str_from(other_words[i])))
			return true;
	return false;
}

/* The choice "other", by its name or by its label in any language. */
static uint32_t find_other(cnv_choice_reader *reader)
{
	for (uint32_t i = reader->list->count; i-- > 0;) { /* nearly always the last one */
		const cnv_choice *choice = &reader->list->choices[i];

		if (is_other_word(cnv_text_fold(reader->scratch, choice->name)))
			return i;
		for (uint32_t k = 0; k < reader->form->language_count; k++)
			if (is_other_word(cnv_text_fold(reader->scratch, choice->label.at[k])))
				return i;
	}
	return CNV_NONE;
}

static uint32_t other_of(cnv_choice_reader *reader)
{
	if (!reader->other_known)
		reader->other = find_other(reader);
	reader->other_known = true;
	return reader->other;
}

/* "Other: text", "Other (please specify): text". */
static bool read_other(cnv_choice_reader *reader, cnv_str text, cnv_choice_found *found)
{
	static const char wide_colon[] = "\xef\xbc\x9a";
	size_t at = cnv_str_find(text, CNV_STR(":")), wide = cnv_str_find(text, cnv_str_from(wide_colon));
	cnv_str before;
	uint32_t choice;

	if (at == SIZE_MAX && wide == SIZE_MAX)
		return false;
	before = cnv_text_fold(reader->scratch, cnv_str_slice(text, 0, at < wide ? at : wide));
	if (!is_other_word(before) && cnv_choice_by_label(reader, before) == CNV_NONE &&
	    cnv_choice_by_name(reader, before) == CNV_NONE)
		return false;
	choice = other_of(reader);
	if (choice == CNV_NONE || (!is_other_word(before) && cnv_choice_by_label(reader, before) != choice &&
				   cnv_choice_by_name(reader, before) != choice))
		return false;
	found->choice = choice;
	found->why = other_read;
	found->rest = cnv_cell_trim(cnv_str_slice(text, at < wide ? at + 1 : wide + sizeof wide_colon - 1, text.len));
	return true;
}

void cnv_choice_read_words(cnv_choice_reader *reader, cnv_str text, cnv_str folded, cnv_choice_found *found)
{
	if (!read_yes_no(reader, folded, found) && !read_code_and_label(reader, text, folded, found) &&
	    !read_other(reader, text, found))
		found->why = NULL;
}
