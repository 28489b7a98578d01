/* What a return claims to be: its form, version, round and respondent.
 *
 * The hidden sheet of canvass's own workbooks has these claims by key, and has priority. Exports of survey tools, and
 * files made by hand, have them in a column or on a line of their own (`FormVersion`, `form_id`, `round`); such a name
 * is a claim only if no question of the form has it. Nothing is judged here: the importer knows which round is open.
 */
#include "gather/claims.h"
#include "gather/place.h"

/* Keys of the hidden sheet; lower case. */
static const char *const keys[CNV_CLAIM_KEYS] = {
	[CNV_CLAIM_FORM] = "form",
	[CNV_CLAIM_VERSION] = "version",
	[CNV_CLAIM_FORM_SHA256] = "form_sha256",
	[CNV_CLAIM_ROUND] = "round",
	[CNV_CLAIM_RESPONDENT] = "respondent",
	[CNV_CLAIM_LANGUAGE] = "language",
	[CNV_CLAIM_REVISION] = "revision",
	[CNV_CLAIM_STILL_RIGHT] = "still_right",
	[CNV_CLAIM_CHECK] = "check",
};

/* Headings and names of lines; lower case.  tool: the value is the survey tool's own name for the form or version,
 * which may differ from the form's. */
static const struct claim_name {
	const char *name;
	cnv_claim_key key;
	bool tool;
} claim_names[] = {
	{ "form_id", CNV_CLAIM_FORM, false },
	{ "formid", CNV_CLAIM_FORM, false },
	{ "_xform_id_string", CNV_CLAIM_FORM, true }, /* Ona, KoBoCAT */
	{ "form_version", CNV_CLAIM_VERSION, false },
	{ "formversion", CNV_CLAIM_VERSION, false },     /* ODK Central */
	{ "formdef_version", CNV_CLAIM_VERSION, false }, /* SurveyCTO */
	{ "__version__", CNV_CLAIM_VERSION, true },      /* KoboToolbox */
	{ "_version_", CNV_CLAIM_VERSION, true },
	{ "form_sha256", CNV_CLAIM_FORM_SHA256, false },
	{ "round", CNV_CLAIM_ROUND, false },
	{ "corrects_revision", CNV_CLAIM_REVISION, false }, /* of an interview */
	{ "respondent", CNV_CLAIM_RESPONDENT, false },
	{ "still_right", CNV_CLAIM_STILL_RIGHT, false }, /* the cover of a pack */
};

cnv_claim_key cnv_claim_column(cnv_str name, bool *tool)
{
	for (size_t i = 0; i < sizeof claim_names / sizeof claim_names[0]; i++)
		if (cnv_str_is_word(name, claim_names[i].name)) {
			*tool = claim_names[i].tool;
			return claim_names[i].key;
		}
	return CNV_CLAIM_KEYS;
}

static void keep(cnv_gather *gather, cnv_claim *claim, cnv_str value, cnv_place place)
{
	claim->value = cnv_arena_copy(&gather->arena, value);
	place.sheet = cnv_arena_copy(&gather->arena, place.sheet);
	claim->place = place;
}

void cnv_claim_cell(cnv_gather *gather, cnv_claim_key key, bool tool, cnv_str value, uint32_t line, uint32_t column)
{
	cnv_claim *claim = &gather->claims.at[key];
	bool heading;

	if (claim->hidden)
		return;
	value = cnv_str_trim_unicode(value);
	if (!value.len || cnv_str_equal(value, claim->value) || cnv_str_equal(value, claim->other))
		return;
	if (cnv_claim_column(value, &heading) == key) /* a repeated header */
		return;
	if (claim->value.len && claim->tool && !tool)
		*claim = (cnv_claim){ 0 };
	if (!claim->value.len) {
		claim->tool = tool;
		keep(gather, claim, value, cnv_gather_place(gather, line, column));
	} else if (!claim->other.len && claim->tool == tool) {
		claim->other = cnv_arena_copy(&gather->arena, value);
		claim->other_place = cnv_gather_place(gather, line, column);
	}
	gather->claimed = true;
}

void cnv_claims_line(cnv_gather *gather, uint32_t line)
{
	for (size_t i = 0; i < CNV_CLAIM_KEYS; i++) {
		cnv_claim *claim = &gather->claims.at[i];

		if (claim->value.len && !claim->hidden && !claim->place.row)
			claim->place.row = line;
		if (claim->other.len && !claim->other_place.row)
			claim->other_place.row = line;
	}
	gather->claimed = false;
}

void cnv_gather_claim(cnv_gather *gather, cnv_str key, cnv_str value, cnv_place place)
{
	key = cnv_str_trim_unicode(key);
	value = cnv_str_trim_unicode(value);
	gather->claims.hidden = true;
	for (size_t i = 0; i < CNV_CLAIM_KEYS; i++) {
		cnv_claim *claim = &gather->claims.at[i];

		/* The first of duplicate keys counts. */
		if (!cnv_str_is_word(key, keys[i]) || claim->hidden)
			continue;
		*claim = (cnv_claim){ .hidden = true };
		keep(gather, claim, value, place);
	}
}

void cnv_gather_tick_all(cnv_gather *gather, cnv_str tick, cnv_place place)
{
	cnv_claim *claim = &gather->claims.at[CNV_CLAIM_STILL_RIGHT];

	gather->account.as[CNV_AS_IDENTITY]++;
	if (!claim->value.len)
		keep(gather, claim, tick, place);
}

const cnv_claims *cnv_gather_claims(const cnv_gather *gather)
{
	return &gather->claims;
}

void cnv_gather_peek(cnv_gather *gather)
{
	gather->peek = true;
}

/* Names compared to find the form of a file; more would not change the result. */
#define MOST_NAMES 2000u

uint32_t cnv_gather_fits(const cnv_gather *gather, const cnv_form *form, uint32_t *names)
{
	bool lengthy = gather->returned == CNV_LONG;
	const cnv_section *section = gather->section;
	uint32_t count = lengthy ? gather->row_count : section ? section->heading_count : 0, fits = 0;
	cnv_arena arena = { 0 };
	cnv_paths paths;

	*names = 0;
	cnv_paths_init(&paths, form, NULL, &arena);
	for (uint32_t i = 0; i < count && i < MOST_NAMES; i++) {
		cnv_str name = lengthy ? gather->rows[i].name : section->headings[i];
		cnv_path path = cnv_paths_find(&paths, name, !lengthy);

		*names += name.len > 0;
		fits += name.len && path.found == CNV_PATH_KNOWN && form->questions[path.question].column != CNV_NONE;
	}
	if (cnv_paths_failed(&paths))
		fits = 0;
	cnv_paths_fini(&paths);
	cnv_arena_fini(&arena);
	return fits;
}

const char *cnv_claim_word(cnv_claim_key key)
{
	return keys[key];
}

void cnv_claims_check(const cnv_str values[CNV_CLAIM_KEYS], char out[CNV_CHECK_ROOM])
{
	static const cnv_claim_key covered[] = { CNV_CLAIM_FORM,  CNV_CLAIM_VERSION,    CNV_CLAIM_FORM_SHA256,
						 CNV_CLAIM_ROUND, CNV_CLAIM_RESPONDENT, CNV_CLAIM_LANGUAGE };
	uint8_t sum[32];
	cnv_digest digest;

	/* Separates this digest from those that other programs compute over the same fields. */
	cnv_digest_init(&digest, CNV_SHA256);
	cnv_digest_add(&digest, "canvass.pack/1", sizeof "canvass.pack/1");
	for (size_t i = 0; i < sizeof covered / sizeof covered[0]; i++) {
		const cnv_str *value = &values[covered[i]];

		cnv_digest_add(&digest, value->len ? value->at : "", value->len);
		cnv_digest_add(&digest, "", 1); /* no value contains NUL */
	}
	cnv_digest_end(&digest, sum);
	cnv_hex_write(sum, (CNV_CHECK_ROOM - 1) / 2, out);
	out[CNV_CHECK_ROOM - 1] = '\0';
}
