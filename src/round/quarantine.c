/* Items of the quarantine: whose they may be, and importing them again.
 *
 * A guess is only shown, and counted as a return that waits; nothing is attributed by it.  What is imported again
 * is judged as at the time when it was received, by the bytes that were kept, so that a return that came in time stays in
 * time. */
#include "round/arrival.h"

enum { LEAST_TOKEN = 3 }; /* shorter ones are compared with codes exactly: "in" is a word more often than a code */

/* ---------------------------------------------------------------- guesses and remedies */

static uint32_t find_token(const cnv_roster *roster, cnv_str token, cnv_arena *scratch)
{
	return token.len < LEAST_TOKEN ? cnv_map_find(&roster->by_code, token)
				       : cnv_roster_find(roster, token, scratch);
}

static bool is_letter(char c)
{
	return (c >= '0' && c <= '9') || (cnv_lower(c) >= 'a' && cnv_lower(c) <= 'z') || (unsigned char)c >= 0x80;
}

/* The one respondent whose code or name is a word of the text; CNV_NONE: none, or several. */
static uint32_t find_word(const cnv_roster *roster, cnv_str text, cnv_arena *scratch)
{
	uint32_t found = CNV_NONE;

	for (size_t at = 0, from; at < text.len; at++) {
		uint32_t one;

		if (!is_letter(text.at[at]))
			continue;
		for (from = at; at < text.len && is_letter(text.at[at]); at++)
			;
		one = find_token(roster, cnv_str_slice(text, from, at), scratch);
		if (one != CNV_NONE && found != CNV_NONE && one != found)
			return CNV_NONE;
		if (one != CNV_NONE)
			found = one;
	}
	return found;
}

static bool same_letter(char a, char b)
{
	return is_letter(a) ? cnv_lower(a) == cnv_lower(b) : !is_letter(b);
}

/* Does the text have the name in it, whatever is between its words? */
static bool has_name(cnv_str text, cnv_str name)
{
	for (size_t from = 0; name.len >= LEAST_TOKEN && from + name.len <= text.len; from++) {
		size_t len = 0;

		while (len < name.len && same_letter(text.at[from + len], name.at[len]))
			len++;
		if (len == name.len && (!from || !is_letter(text.at[from - 1])) &&
		    (from + len == text.len || !is_letter(text.at[from + len])))
			return true;
	}
	return false;
}

/* By its name or address as a whole, then by single words. */
static uint32_t find_in(const cnv_roster *roster, cnv_str text, cnv_arena *scratch)
{
	uint32_t found = CNV_NONE;

	for (uint32_t i = 0; i < roster->count; i++) {
		const cnv_respondent *one = &roster->respondents[i];

		if (!has_name(text, one->name) && !(one->email.len && has_name(text, one->email)))
			continue;
		if (found != CNV_NONE)
			return CNV_NONE;
		found = i;
	}
	return found != CNV_NONE ? found : find_word(roster, text, scratch);
}

static uint32_t find_near(const cnv_roster *roster, cnv_str text)
{
	cnv_nearest nearest;
	uint32_t found = CNV_NONE;

	cnv_nearest_init(&nearest, text);
	for (uint32_t i = 0; i < roster->count; i++) {
		uint32_t before = nearest.best.len ? nearest.distance : UINT32_MAX;

		cnv_nearest_offer(&nearest, roster->respondents[i].code);
		cnv_nearest_offer(&nearest, roster->respondents[i].name);
		if (nearest.best.len && nearest.distance < before)
			found = i;
	}
	return found;
}

cnv_guess cnv_item_guess(const cnv_item *item, const cnv_roster *roster, cnv_arena *scratch)
{
	cnv_str folder = cnv_folder_of(item->file), name = cnv_str_slice(item->file, folder.len, item->file.len);
	cnv_guess guess = { .respondent = CNV_NONE };

	if (!roster)
		return guess;
	if (item->given.len) {
		guess = (cnv_guess){ cnv_roster_find(roster, item->given, scratch), "--respondent" };
		if (guess.respondent != CNV_NONE)
			return guess;
	}
	if (item->claimed.len) {
		guess = (cnv_guess){ cnv_roster_find(roster, item->claimed, scratch), "its content" };
		if (guess.respondent == CNV_NONE)
			guess = (cnv_guess){ find_near(roster, item->claimed), "its content, misspelt" };
		if (guess.respondent != CNV_NONE)
			return guess;
	}
	if (!item->whole)
		return guess;
	guess = (cnv_guess){ find_in(roster, name, scratch), "its file name" };
	if (guess.respondent == CNV_NONE)
		guess = (cnv_guess){ find_in(roster, folder, scratch), "its folder" };
	return guess;
}

cnv_remedy cnv_item_remedy(const cnv_item *item)
{
	switch (item->code) {
	case CNV_RESPONDENT_MISSING:
	case CNV_RESPONDENT_UNKNOWN:
	case CNV_RESPONDENT_UNUSABLE:
	case CNV_CLAIMS_OTHER_RESPONDENT:
	case CNV_CONFLICT:
		return CNV_REMEDY_ATTRIBUTE;
	case CNV_ENCODING_TIED:
		return CNV_REMEDY_ENCODING;
	default:
		return CNV_REMEDY_FILE;
	}
}

/* ---------------------------------------------------------------- importing again */

/* As it was read before: encoding, delimiter and the like, unless the caller says something else now. */
static cnv_status take_options(cnv_intake_options *now, const cnv_item *item, cnv_arena *arena)
{
	cnv_intake_options then = { 0 };

	if (!options_read(&then, item->options.len ? item->options : CNV_STR("{}"), arena))
		then = (cnv_intake_options){ 0 };
	if (!now->encoding)
		now->encoding = then.encoding;
	if (!now->delimiter)
		now->delimiter = then.delimiter;
	if (!now->was.len)
		now->was = then.was;
	now->strict |= then.strict;
	now->keep_blank |= then.keep_blank;
	now->replace |= then.replace;
	now->decided = now->attributed.len && item->code == CNV_CONFLICT;
	now->item = item->id;
	now->now = item->received;
	now->respondent = item->given;
	if (now->attributed.len && item->whole)
		now->respondent = now->attributed;
	if (!item->whole)
		now->attributed_line = item->line;
	return arena->failed ? CNV_NO_MEMORY : CNV_OK;
}

/* Adds an original: its bytes, or the file next to the store that has them. */
static cnv_status add_original(cnv_intake *intake, const cnv_original *original, cnv_store *store, cnv_arena *arena,
			       cnv_diags *diags)
{
	cnv_str path;

	if (original->bytes.len || !original->size)
		return cnv_intake_add_bytes(intake, original->name, original->bytes);
	path = cnv_store_original_path(store, original->sha256, arena);
	if (path.len)
		return cnv_intake_add_kept(intake, original->name, path);
	cnv_diags_emit(
		diags,
		CNV_DIAG(.code = CNV_ITEM_NOT_AGAIN, .place = (cnv_place){ .source = original->name },
			 .hint = CNV_STR("copy the store's folder of originals back, or import the file itself again")),
		"the original is missing from the folder next to the store");
	return CNV_REJECTED;
}

cnv_status cnv_item_again(cnv_intake **out, const cnv_item *item, const cnv_intake_options *options,
			  const cnv_form_file *form, cnv_store *store, const cnv_intake_listener *listener,
			  cnv_arena *arena, cnv_diags *diags)
{
	cnv_intake_options now = *options;
	const cnv_original *originals;
	uint32_t count = 0;
	cnv_status status;

	*out = NULL;
	status = cnv_store_originals(store, item->from, arena, &originals, &count, diags);
	if (status)
		return status;
	if (!count) {
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_ITEM_NOT_AGAIN, .place = (cnv_place){ .source = item->file }),
			       "the original was not kept");
		return CNV_REJECTED;
	}
	status = take_options(&now, item, arena);
	if (!status && !(*out = cnv_intake_new(&now, form, store, listener)))
		status = CNV_NO_MEMORY;
	for (uint32_t i = 0; i < count && !status; i++)
		status = add_original(*out, &originals[i], store, arena, diags);
	return status;
}
