/* language.c: the languages of a form, and the columns that each of them lacks.
 *
 * A language is written after `label::`; a column without one belongs to the setting default_language, or to the
 * unnamed language.
 */
#include "form/hints.h"
#include "form/places.h"
#include "form/steps.h"

/* ISO 639-1, the two-letter codes of the IANA language subtag registry. */
static const char two_letters[] = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr"
				  " cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn"
				  " gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in io is it iu iw ja ji jv"
				  " jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg"
				  " mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os"
				  " pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss"
				  " st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa"
				  " wo xh yi yo za zh zu";

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Ends in a subtag in brackets: "French (fr)", "Tetum (tet)", "Portuguese (pt-BR)". */
static bool has_subtag(cnv_str language)
{
	size_t open = language.len, len = 0;
	char tag[2];

	if (!cnv_str_ends(language, CNV_STR(")")))
		return false;
	while (open > 0 && language.at[open - 1] != '(')
		open--;
	while (open + len < language.len && is_letter(language.at[open + len]))
		len++;
	if (!open || len < 2 || len > 8 || (language.at[open + len] != ')' && language.at[open + len] != '-'))
		return false;
	if (len > 2)
		return true;
	for (size_t i = 0; i < 2; i++) {
		char c = language.at[open + i];

		tag[i] = cnv_lower(c);
	}
	for (const char *at = two_letters; at + 1 < two_letters + sizeof two_letters; at += 3)
		if (at[0] == tag[0] && at[1] == tag[1])
			return true;
	return false;
}

/* The index of a language, added when new. */
static uint32_t language_put(cnv_form_builder *build, cnv_str name)
{
	void *at = build->languages;

	for (uint32_t i = 0; i < build->language_count; i++)
		if (cnv_str_equal(build->languages[i], name))
			return i;
	if (!cnv_mem_room(&at, &build->language_room, build->language_count + 1, sizeof *build->languages)) {
		build->no_memory = true;
		return 0;
	}
	build->languages = at;
	build->languages[build->language_count] = name;
	return build->language_count++;
}

static void check_subtag(cnv_form_builder *build, cnv_str language, cnv_place place, cnv_str excerpt)
{
	if (has_subtag(language))
		return;
	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_LANGUAGE_TAG, .place = cnv_form_part_place(place, excerpt, language),
				.excerpt = excerpt,
				.hint = cnv_arena_format(
					build->arena,
					"write it as \"%.*s (xx)\", with the code of the language in place of xx",
					CNV_ARG(language))),
		       "language \"%.*s\" has no language code in parentheses", CNV_ARG(language));
}

/* "es" in "Español (es)"; empty: there is none. */
static cnv_str subtag(cnv_str language)
{
	size_t open = language.len;

	if (!has_subtag(language))
		return (cnv_str){ 0 };
	while (language.at[open - 1] != '(')
		open--;
	return cnv_str_slice(language, open, language.len - 1);
}

/* Reports a language that is written in two ways: with the same code as another, or different by one character. */
static void check_alike(cnv_form_builder *build, uint32_t language, cnv_place place, cnv_str heading)
{
	cnv_str name = build->languages[language];

	for (uint32_t i = 0; i < language; i++) {
		cnv_str other = build->languages[i], code = subtag(name);
		cnv_nearest nearest;

		cnv_nearest_init(&nearest, name);
		cnv_nearest_offer(&nearest, other);
		if (!(code.len && cnv_str_equal(code, subtag(other))) && !(nearest.best.len && nearest.distance == 1))
			continue;
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_LANGUAGE_ALIKE, .place = cnv_form_part_place(place, heading, name),
					.excerpt = heading, .hint = cnv_form_did_you_mean(build, other)),
			       "\"%.*s\" and \"%.*s\" are two languages of the form", CNV_ARG(other), CNV_ARG(name));
		if (language < 64)
			build->alike |= UINT64_C(1) << language | UINT64_C(1) << i;
		return;
	}
}

static void read_suffixes(cnv_form_builder *build, const cnv_form_heads *heads)
{
	for (uint32_t i = 0; i < heads->count; i++) {
		cnv_form_head *head = &heads->at[i];
		uint32_t before = build->language_count;

		if (head->role < ROLE_FIRST_WORDING || !head->suffixed)
			continue;
		head->language = language_put(build, head->suffix);
		if (build->language_count > before) {
			cnv_place place = cnv_sheet_place(build->sheets, heads->sheet, heads->sheet->header.row, i + 1);
			check_subtag(build, head->suffix, place, head->heading);
			check_alike(build, head->language, place, head->heading);
		}
	}
}

static bool has_plain(const cnv_form_heads *heads)
{
	for (uint32_t i = 0; i < heads->count; i++)
		if (heads->at[i].role >= ROLE_FIRST_WORDING && !heads->at[i].suffixed)
			return true;
	return false;
}

static void set_plain(const cnv_form_heads *heads, uint32_t language)
{
	for (uint32_t i = 0; i < heads->count; i++)
		if (heads->at[i].role >= ROLE_FIRST_WORDING && !heads->at[i].suffixed)
			heads->at[i].language = language;
}

/* The sheet external_choices has texts in the languages of the form, and adds none. */
static void match_suffixes(const cnv_form_builder *build, cnv_form_heads *heads)
{
	for (uint32_t i = 0; i < heads->count; i++)
		for (uint32_t k = 0; heads->at[i].suffixed && k < build->language_count; k++)
			if (cnv_str_equal(heads->at[i].suffix, build->languages[k]))
				heads->at[i].language = k;
}

static const char *const role_names[ROLES] = {
	[ROLE_LABEL] = "label",
	[ROLE_HINT] = "hint",
	[ROLE_GUIDANCE] = "guidance_hint",
	[ROLE_CONSTRAINT_MESSAGE] = "constraint_message",
	[ROLE_REQUIRED_MESSAGE] = "required_message",
	[ROLE_WARNING_MESSAGE] = "warning_message",
	[ROLE_SAYS] = "says",
	[ROLE_IMAGE] = "image",
	[ROLE_BIG_IMAGE] = "big-image",
	[ROLE_AUDIO] = "audio",
	[ROLE_VIDEO] = "video",
};

/* Columns that other languages of the sheet have and this one lacks: one warning per language. */
static void check_columns(cnv_form_builder *build, const cnv_form_heads *heads, uint32_t language)
{
	bool has[ROLES] = { false }, any = false;
	cnv_text missing = { 0 };
	uint32_t count = 0;

	for (uint32_t i = 0; i < heads->count; i++)
		if (heads->at[i].role >= ROLE_FIRST_WORDING && heads->at[i].language == language)
			any = has[heads->at[i].role] = true;
	if (any || language != build->plain_language)
		for (int role = (int)ROLE_FIRST_WORDING; role < ROLES; role++)
			if (heads->has[role] && !has[role])
				cnv_text_format(&missing, "%s%s", count++ ? ", " : "", role_names[role]);
	if (count) {
		cnv_str name = build->languages[language];

		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_LANGUAGE_COLUMNS,
					.place = cnv_form_row_place(build, heads->sheet, heads->sheet->header.row),
					.hint = name.len ? (cnv_str){ 0 }
							 : CNV_STR("name the language of the columns without one in"
								   " the setting default_language")),
			       "%s%.*s%s lacks column%s %.*s", name.len ? "language \"" : "the unnamed language",
			       CNV_ARG(name), name.len ? "\"" : "", count > 1 ? "s" : "",
			       CNV_ARG(cnv_text_str(&missing)));
	}
	build->no_memory = build->no_memory || missing.failed;
	cnv_text_fini(&missing);
}

static bool has_language(const cnv_form_heads *heads, uint32_t language)
{
	for (uint32_t i = 0; i < heads->count; i++)
		if (heads->at[i].role >= ROLE_FIRST_WORDING && heads->at[i].suffixed &&
		    heads->at[i].language == language)
			return true;
	return false;
}

/* The index of the language in the setting default_language.  Columns without a suffix belong to it whatever its name,
 * so a name that no heading has, but a heading nearly has, is also reported. */
static uint32_t find_default(cnv_form_builder *build, const cnv_cell_text *chosen)
{
	cnv_nearest nearest;
	uint32_t found = CNV_NONE;

	cnv_nearest_init(&nearest, chosen->text);
	for (uint32_t i = 0; i < build->language_count; i++) {
		if (cnv_str_equal(build->languages[i], chosen->text))
			found = i;
		else
			cnv_nearest_offer(&nearest, build->languages[i]);
	}
	if (found == CNV_NONE || (nearest.best.len && !has_language(&build->survey_heads, found) &&
				  !has_language(&build->choices_heads, found)))
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_LANGUAGE_DEFAULT,
					.place = cnv_form_cell_place(build, build->settings, chosen),
					.excerpt = chosen->text,
					.hint = cnv_form_did_you_mean(build, nearest.best.len ? nearest.best
											      : build->languages[0])),
			       "no column is in the language \"%.*s\"", CNV_ARG(chosen->text));
	return found == CNV_NONE ? 0 : found;
}

void cnv_form_settle_languages(cnv_form_builder *build)
{
	const cnv_cell_text *chosen = build->default_language;
	bool plain = has_plain(&build->survey_heads) || has_plain(&build->choices_heads);
	cnv_str *languages;

	if (plain)
		language_put(build, chosen ? chosen->text : (cnv_str){ 0 });
	read_suffixes(build, &build->survey_heads);
	read_suffixes(build, &build->choices_heads);
	if (!build->language_count)
		language_put(build, chosen ? chosen->text : (cnv_str){ 0 });
	build->plain_language = plain ? 0 : CNV_NONE;
	if (chosen)
		build->form->default_language = find_default(build, chosen);
	set_plain(&build->survey_heads, 0);
	set_plain(&build->choices_heads, 0);
	set_plain(&build->external_heads, 0);
	match_suffixes(build, &build->external_heads);
	languages = cnv_arena_array(build->arena, build->language_count, sizeof *languages);
	build->blank = cnv_arena_array(build->arena, build->language_count, sizeof *build->blank);
	if (!languages || !build->blank)
		return;
	for (uint32_t i = 0; i < build->language_count; i++)
		languages[i] = build->languages[i];
	build->form->languages = languages;
	build->form->language_count = build->language_count;
	if (build->language_count > 1)
		for (uint32_t i = 0; i < build->language_count; i++) {
			if (i < 64 && build->alike >> i & 1)
				continue; /* its columns are probably those of the other spelling */
			check_columns(build, &build->survey_heads, i);
			check_columns(build, &build->choices_heads, i);
		}
}
