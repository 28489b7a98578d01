/* headers.c: what each column of a sheet means.
 *
 * `Constraint Message`, `constraint_message` and `bind::jr:constraintMsg` are the same column.  A heading is split at
 * `::` when any heading of its sheet contains that, else at `:`; what follows a translatable heading is a language.  An
 * unknown column keeps its heading as written.
 */
#include "form/headers.h"

#include "form/hints.h"
#include "form/places.h"

/* Every heading canvass knows, in snake case; sheets as a set of cnv_form_sheet_kind. */
static const struct known {
	const char *heading;
	cnv_form_role role;
	unsigned sheets;
} known[] = {
	{ "type", ROLE_TYPE, SURVEY_SHEET },
	{ "command", ROLE_TYPE, SURVEY_SHEET },
	{ "name", ROLE_NAME, SURVEY_SHEET | CHOICES_SHEET },
	{ "value", ROLE_NAME, SURVEY_SHEET | CHOICES_SHEET },
	{ "tag", ROLE_NAME, SURVEY_SHEET },
	{ "list_name", ROLE_LIST_NAME, CHOICES_SHEET },
	{ "label", ROLE_LABEL, SURVEY_SHEET | CHOICES_SHEET },
	{ "caption", ROLE_LABEL, SURVEY_SHEET | CHOICES_SHEET },
	{ "hint", ROLE_HINT, SURVEY_SHEET },
	{ "guidance_hint", ROLE_GUIDANCE, SURVEY_SHEET },
	{ "relevant", ROLE_RELEVANT, SURVEY_SHEET },
	{ "relevance", ROLE_RELEVANT, SURVEY_SHEET },
	{ "bind::relevant", ROLE_RELEVANT, SURVEY_SHEET },
	{ "required", ROLE_REQUIRED, SURVEY_SHEET },
	{ "bind::required", ROLE_REQUIRED, SURVEY_SHEET },
	{ "constraint", ROLE_CONSTRAINT, SURVEY_SHEET },
	{ "bind::constraint", ROLE_CONSTRAINT, SURVEY_SHEET },
	{ "calculation", ROLE_CALCULATION, SURVEY_SHEET },
	{ "calculate", ROLE_CALCULATION, SURVEY_SHEET },
	{ "bind::calculate", ROLE_CALCULATION, SURVEY_SHEET },
	{ "bind::calculation", ROLE_CALCULATION, SURVEY_SHEET },
	{ "default", ROLE_DEFAULT, SURVEY_SHEET },
	{ "read_only", ROLE_READ_ONLY, SURVEY_SHEET },
	{ "readonly", ROLE_READ_ONLY, SURVEY_SHEET },
	{ "bind::readonly", ROLE_READ_ONLY, SURVEY_SHEET },
	{ "choice_filter", ROLE_CHOICE_FILTER, SURVEY_SHEET },
	{ "repeat_count", ROLE_REPEAT_COUNT, SURVEY_SHEET },
	{ "count", ROLE_REPEAT_COUNT, SURVEY_SHEET },
	{ "jr:count", ROLE_REPEAT_COUNT, SURVEY_SHEET },
	{ "control::jr:count", ROLE_REPEAT_COUNT, SURVEY_SHEET },
	{ "body::jr:count", ROLE_REPEAT_COUNT, SURVEY_SHEET },
	{ "trigger", ROLE_TRIGGER, SURVEY_SHEET },
	{ "parameters", ROLE_PARAMETERS, SURVEY_SHEET },
	{ "appearance", ROLE_APPEARANCE, SURVEY_SHEET },
	{ "control::appearance", ROLE_APPEARANCE, SURVEY_SHEET },
	{ "body::appearance", ROLE_APPEARANCE, SURVEY_SHEET },
	{ "bind::type", ROLE_BIND_TYPE, SURVEY_SHEET },
	{ "disabled", ROLE_DISABLED, SURVEY_SHEET },
	{ "qno", ROLE_QNO, SURVEY_SHEET },
	{ "legal_ref", ROLE_LEGAL_REF, SURVEY_SHEET },
	{ "audience", ROLE_AUDIENCE, SURVEY_SHEET },
	{ "warning", ROLE_WARNING, SURVEY_SHEET },
	{ "headline", ROLE_HEADLINE, SURVEY_SHEET },
	{ "unit", ROLE_UNIT, SURVEY_SHEET },
	{ "bank", ROLE_BANK, SURVEY_SHEET },
	{ "says", ROLE_SAYS, CHOICES_SHEET },
	{ "constraint_message", ROLE_CONSTRAINT_MESSAGE, SURVEY_SHEET },
	{ "constraining_message", ROLE_CONSTRAINT_MESSAGE, SURVEY_SHEET },
	{ "bind::constraintmsg", ROLE_CONSTRAINT_MESSAGE, SURVEY_SHEET },
	{ "bind::jr:constraintmsg", ROLE_CONSTRAINT_MESSAGE, SURVEY_SHEET },
	{ "required_message", ROLE_REQUIRED_MESSAGE, SURVEY_SHEET },
	{ "requiredmsg", ROLE_REQUIRED_MESSAGE, SURVEY_SHEET },
	{ "bind::requiredmsg", ROLE_REQUIRED_MESSAGE, SURVEY_SHEET },
	{ "bind::jr:requiredmsg", ROLE_REQUIRED_MESSAGE, SURVEY_SHEET },
	{ "warning_message", ROLE_WARNING_MESSAGE, SURVEY_SHEET },
	{ "image", ROLE_IMAGE, SURVEY_SHEET | CHOICES_SHEET },
	{ "media", ROLE_IMAGE, SURVEY_SHEET | CHOICES_SHEET },
	{ "media::image", ROLE_IMAGE, SURVEY_SHEET | CHOICES_SHEET },
	{ "big-image", ROLE_BIG_IMAGE, SURVEY_SHEET | CHOICES_SHEET },
	{ "media::big-image", ROLE_BIG_IMAGE, SURVEY_SHEET | CHOICES_SHEET },
	{ "audio", ROLE_AUDIO, SURVEY_SHEET | CHOICES_SHEET },
	{ "media::audio", ROLE_AUDIO, SURVEY_SHEET | CHOICES_SHEET },
	{ "video", ROLE_VIDEO, SURVEY_SHEET | CHOICES_SHEET },
	{ "media::video", ROLE_VIDEO, SURVEY_SHEET | CHOICES_SHEET },
};
#define KNOWN (sizeof known / sizeof *known)

/* First pieces that only name the part of the XForm that the second piece belongs to. */
static const char *const prefixes[] = { "bind", "body", "control", "media", "instance" };
#define PREFIXES (sizeof prefixes / sizeof *prefixes)

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

cnv_str cnv_form_snake(cnv_arena *arena, cnv_str heading)
{
	char *copy = cnv_arena_get(arena, heading.len + 1);
	size_t len = 0;

	if (!copy)
		return (cnv_str){ 0 };
	for (size_t i = 0; i < heading.len; i++) {
		if (!is_blank(heading.at[i]))
			copy[len++] = cnv_lower(heading.at[i]);
		else if (len && copy[len - 1] != '_')
			copy[len++] = '_';
	}
	return (cnv_str){ copy, len };
}

/* The next piece of a heading; `jr:count` stays whole when single colons separate. */
static bool next_piece(cnv_str *rest, bool doubled, cnv_str *piece)
{
	size_t at;

	if (!rest->at)
		return false;
	for (at = 0; at < rest->len; at++) {
		if (rest->at[at] != ':')
			continue;
		if (doubled ? at + 1 < rest->len && rest->at[at + 1] == ':'
			    : !(at >= 2 && rest->at[at - 2] == 'j' && rest->at[at - 1] == 'r' &&
				(at == 2 || is_blank(rest->at[at - 3]) || rest->at[at - 3] == ':')))
			break;
	}
	*piece = cnv_str_trim_unicode(cnv_str_slice(*rest, 0, at));
	*rest = at < rest->len ? cnv_str_slice(*rest, at + (doubled ? 2 : 1), rest->len) : (cnv_str){ 0 };
	return true;
}

static bool is_prefix(cnv_str piece)
{
	for (size_t i = 0; i < PREFIXES; i++)
		if (cnv_str_equal(piece, cnv_str_from(prefixes[i])))
			return true;
	return false;
}

static const struct known *find_known(cnv_str heading, cnv_form_sheet_kind kind)
{
	for (size_t i = 0; i < KNOWN; i++)
		if ((known[i].sheets & kind) && cnv_str_equal(heading, cnv_str_from(known[i].heading)))
			return &known[i];
	return NULL;
}

static cnv_form_head read_head(cnv_form_builder *build, cnv_str heading, cnv_form_sheet_kind kind, bool doubled)
{
	cnv_form_head head = { .role = ROLE_EXTRA, .language = CNV_NONE, .heading = heading };
	const struct known *match;
	cnv_str rest = heading, piece, first;

	match = find_known(cnv_form_snake(build->arena, heading), kind);
	if (match) {
		head.role = match->role;
		return head;
	}
	if (!next_piece(&rest, doubled, &piece))
		return head;
	first = cnv_form_snake(build->arena, piece);
	if (is_prefix(first) && next_piece(&rest, doubled, &piece))
		first = cnv_arena_format(build->arena, "%.*s::%.*s", CNV_ARG(first),
					 CNV_ARG(cnv_form_snake(build->arena, piece)));
	match = find_known(first, kind);
	if (!match)
		return head;
	if (next_piece(&rest, doubled, &piece)) {
		if (match->role < ROLE_FIRST_WORDING || rest.at)
			return head;
		head.suffixed = true;
		head.suffix = piece;
	}
	head.role = match->role;
	return head;
}

/* Two columns with the same meaning are an error, except for equal headings in a CSV file: there the right one counts.
 */
static void check_twice(cnv_form_builder *build, const cnv_form_heads *heads, const cnv_cell_text *cell)
{
	const cnv_form_head *head = &heads->at[cell->column - 1];

	for (uint32_t i = 0; i + 1 < cell->column; i++) {
		const cnv_form_head *other = &heads->at[i];

		if (other->role == ROLE_DROPPED || other->role != head->role || other->suffixed != head->suffixed ||
		    !cnv_str_equal(other->suffix, head->suffix))
			continue;
		if (cnv_str_equal(other->heading, head->heading) && heads->sheet->tab) {
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_HEADERS_SAME,
						.place = cnv_form_cell_place(build, heads->sheet, cell),
						.excerpt = cell->text,
						.hint = CNV_STR("remove one of the two columns")),
				       "column \"%.*s\" occurs twice", CNV_ARG(head->heading));
			return;
		}
		if (cnv_str_equal(other->heading, head->heading)) {
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_HEADER_TWICE,
						.place = cnv_form_cell_place(build, heads->sheet, cell),
						.excerpt = cell->text),
				       "column \"%.*s\" occurs twice; where both have text, the right one counts",
				       CNV_ARG(head->heading));
			return;
		}
		if (head->role == ROLE_EXTRA)
			continue;
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_HEADERS_SAME,
					.place = cnv_form_cell_place(build, heads->sheet, cell), .excerpt = cell->text,
					.hint = CNV_STR("rename or remove one of the two columns")),
			       "\"%.*s\" and \"%.*s\" are two names for the same column", CNV_ARG(other->heading),
			       CNV_ARG(head->heading));
		return;
	}
}

/* Choice filters refer to the columns of choices, so their headings must be names. */
static bool is_usable(cnv_form_builder *build, const cnv_form_heads *heads, const cnv_cell_text *cell)
{
	cnv_str text = cell->text;
	bool blank = false;

	for (size_t i = 0; i < text.len; i++)
		blank = blank || is_blank(text.at[i]);
	if (!blank)
		return true;
	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_CHOICES_HEADING, .place = cnv_form_cell_place(build, heads->sheet, cell),
				.excerpt = text),
		       "the heading \"%.*s\" contains a space; the column is ignored", CNV_ARG(text));
	return false;
}

static bool is_needed(cnv_form_role role)
{
	return role == ROLE_TYPE || role == ROLE_NAME || role == ROLE_LIST_NAME || role == ROLE_LABEL;
}

/* Reports a heading that is near a known one which the sheet lacks; only the first name of each role is offered.  A
 * required column is then read as the one that was meant. */
static void check_spelling(cnv_form_builder *build, cnv_form_heads *heads, const cnv_cell_text *cell,
			   cnv_form_sheet_kind kind, bool doubled)
{
	cnv_form_head *head = &heads->at[cell->column - 1];
	cnv_str rest = cell->text, piece = cell->text;
	cnv_place place = cnv_form_cell_place(build, heads->sheet, cell);
	cnv_nearest nearest;
	cnv_form_role role;

	next_piece(&rest, doubled, &piece);
	cnv_nearest_init(&nearest, cnv_form_snake(build->arena, piece));
	for (size_t i = 0; i < KNOWN; i++)
		/* `bank` is near to many words, and rows mean the same without it. */
		if ((known[i].sheets & kind) && known[i].role != ROLE_BANK &&
		    (!i || known[i - 1].role != known[i].role) && !heads->has[known[i].role])
			cnv_nearest_offer(&nearest, cnv_str_from(known[i].heading));
	if (!nearest.best.len)
		return;
	role = find_known(nearest.best, kind)->role;
	if (!is_needed(role)) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_HEADING_NEAR, .place = place, .excerpt = cell->text,
					.hint = cnv_form_did_you_mean(build, nearest.best)),
			       "unknown column \"%.*s\"", CNV_ARG(cell->text));
		return;
	}
	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_HEADER_MISSING, .place = place, .excerpt = cell->text,
				.hint = cnv_form_did_you_mean(build, nearest.best)),
		       "there is no column \"%.*s\"; \"%.*s\" is read as that column", CNV_ARG(nearest.best),
		       CNV_ARG(cell->text));
	head->role = role;
	heads->has[role] = true;
	if (role == ROLE_LABEL && next_piece(&rest, doubled, &piece)) {
		head->suffixed = true;
		head->suffix = piece;
	}
}

void cnv_form_read_headers(cnv_form_builder *build, cnv_form_heads *heads, const cnv_sheet *sheet,
			   cnv_form_sheet_kind kind)
{
	bool doubled = false;
	const cnv_sheet_row *header;

	*heads = (cnv_form_heads){ .sheet = sheet };
	if (!sheet || !sheet->header.count)
		return;
	header = &sheet->header;
	heads->count = header->cells[header->count - 1].column;
	heads->at = cnv_arena_array(build->arena, heads->count, sizeof *heads->at);
	if (!heads->at) {
		heads->count = 0;
		return;
	}
	for (uint32_t i = 0; i < heads->count; i++)
		heads->at[i].role = ROLE_DROPPED;
	for (uint32_t i = 0; i < header->count; i++)
		doubled = doubled || cnv_str_find(header->cells[i].text, CNV_STR("::")) != SIZE_MAX;
	for (uint32_t i = 0; i < header->count; i++) {
		const cnv_cell_text *cell = &header->cells[i];
		cnv_form_head *head = &heads->at[cell->column - 1];

		*head = read_head(build, cell->text, kind, doubled);
		if (head->role == ROLE_EXTRA && kind == CHOICES_SHEET && !is_usable(build, heads, cell))
			head->role = ROLE_DROPPED;
		/* Quadratic in the columns, of which a sheet has a few dozen; beyond 512 the check is skipped. */
		else if (header->count <= 512)
			check_twice(build, heads, cell);
		heads->has[head->role] = true;
	}
	for (uint32_t i = 0; i < header->count && header->count <= 512; i++)
		if (heads->at[header->cells[i].column - 1].role == ROLE_EXTRA)
			check_spelling(build, heads, &header->cells[i], kind, doubled);
}
