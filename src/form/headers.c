/* headers.c: what each column of a sheet is, and the cells of a row by what they are.
 *
 * `Constraint Message`, `constraint_message` and `bind::jr:constraintMsg` are one column.  A heading
 * is split at `::` when any heading of its sheet holds that, else at `:`; what follows a wording is
 * its language.  A column that is not known keeps its heading as written.
 */
#include "form_internal.h"

#include <string.h>

/* Every heading canvass knows, in snake case; sheets as a set of table_kind. */
static const struct known {
	const char *heading;
	enum role role;
	unsigned sheets;
} known[] = {
	{ "type", ROLE_TYPE, SURVEY_TABLE },
	{ "command", ROLE_TYPE, SURVEY_TABLE },
	{ "name", ROLE_NAME, SURVEY_TABLE | CHOICES_TABLE },
	{ "value", ROLE_NAME, SURVEY_TABLE | CHOICES_TABLE },
	{ "tag", ROLE_NAME, SURVEY_TABLE },
	{ "list_name", ROLE_LIST_NAME, CHOICES_TABLE },
	{ "label", ROLE_LABEL, SURVEY_TABLE | CHOICES_TABLE },
	{ "caption", ROLE_LABEL, SURVEY_TABLE | CHOICES_TABLE },
	{ "hint", ROLE_HINT, SURVEY_TABLE },
	{ "guidance_hint", ROLE_GUIDANCE, SURVEY_TABLE },
	{ "relevant", ROLE_RELEVANT, SURVEY_TABLE },
	{ "relevance", ROLE_RELEVANT, SURVEY_TABLE },
	{ "bind::relevant", ROLE_RELEVANT, SURVEY_TABLE },
	{ "required", ROLE_REQUIRED, SURVEY_TABLE },
	{ "bind::required", ROLE_REQUIRED, SURVEY_TABLE },
	{ "constraint", ROLE_CONSTRAINT, SURVEY_TABLE },
	{ "bind::constraint", ROLE_CONSTRAINT, SURVEY_TABLE },
	{ "calculation", ROLE_CALCULATION, SURVEY_TABLE },
	{ "calculate", ROLE_CALCULATION, SURVEY_TABLE },
	{ "bind::calculate", ROLE_CALCULATION, SURVEY_TABLE },
	{ "bind::calculation", ROLE_CALCULATION, SURVEY_TABLE },
	{ "default", ROLE_DEFAULT, SURVEY_TABLE },
	{ "read_only", ROLE_READ_ONLY, SURVEY_TABLE },
	{ "readonly", ROLE_READ_ONLY, SURVEY_TABLE },
	{ "bind::readonly", ROLE_READ_ONLY, SURVEY_TABLE },
	{ "choice_filter", ROLE_CHOICE_FILTER, SURVEY_TABLE },
	{ "repeat_count", ROLE_REPEAT_COUNT, SURVEY_TABLE },
	{ "count", ROLE_REPEAT_COUNT, SURVEY_TABLE },
	{ "jr:count", ROLE_REPEAT_COUNT, SURVEY_TABLE },
	{ "control::jr:count", ROLE_REPEAT_COUNT, SURVEY_TABLE },
	{ "body::jr:count", ROLE_REPEAT_COUNT, SURVEY_TABLE },
	{ "trigger", ROLE_TRIGGER, SURVEY_TABLE },
	{ "parameters", ROLE_PARAMETERS, SURVEY_TABLE },
	{ "appearance", ROLE_APPEARANCE, SURVEY_TABLE },
	{ "control::appearance", ROLE_APPEARANCE, SURVEY_TABLE },
	{ "body::appearance", ROLE_APPEARANCE, SURVEY_TABLE },
	{ "bind::type", ROLE_BIND_TYPE, SURVEY_TABLE },
	{ "disabled", ROLE_DISABLED, SURVEY_TABLE },
	{ "qno", ROLE_QNO, SURVEY_TABLE },
	{ "legal_ref", ROLE_LEGAL_REF, SURVEY_TABLE },
	{ "audience", ROLE_AUDIENCE, SURVEY_TABLE },
	{ "constraint_message", ROLE_CONSTRAINT_MESSAGE, SURVEY_TABLE },
	{ "constraining_message", ROLE_CONSTRAINT_MESSAGE, SURVEY_TABLE },
	{ "bind::constraintmsg", ROLE_CONSTRAINT_MESSAGE, SURVEY_TABLE },
	{ "bind::jr:constraintmsg", ROLE_CONSTRAINT_MESSAGE, SURVEY_TABLE },
	{ "required_message", ROLE_REQUIRED_MESSAGE, SURVEY_TABLE },
	{ "requiredmsg", ROLE_REQUIRED_MESSAGE, SURVEY_TABLE },
	{ "bind::requiredmsg", ROLE_REQUIRED_MESSAGE, SURVEY_TABLE },
	{ "bind::jr:requiredmsg", ROLE_REQUIRED_MESSAGE, SURVEY_TABLE },
	{ "image", ROLE_IMAGE, SURVEY_TABLE | CHOICES_TABLE },
	{ "media", ROLE_IMAGE, SURVEY_TABLE | CHOICES_TABLE },
	{ "media::image", ROLE_IMAGE, SURVEY_TABLE | CHOICES_TABLE },
	{ "big-image", ROLE_BIG_IMAGE, SURVEY_TABLE | CHOICES_TABLE },
	{ "media::big-image", ROLE_BIG_IMAGE, SURVEY_TABLE | CHOICES_TABLE },
	{ "audio", ROLE_AUDIO, SURVEY_TABLE | CHOICES_TABLE },
	{ "media::audio", ROLE_AUDIO, SURVEY_TABLE | CHOICES_TABLE },
	{ "video", ROLE_VIDEO, SURVEY_TABLE | CHOICES_TABLE },
	{ "media::video", ROLE_VIDEO, SURVEY_TABLE | CHOICES_TABLE },
};
#define KNOWN (sizeof known / sizeof *known)

/* Headings whose first piece only says which part of the XForm the second belongs to. */
static const char *const prefixes[] = { "bind", "body", "control", "media", "instance" };
#define PREFIXES (sizeof prefixes / sizeof *prefixes)

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* In lower case, a run of blanks made one underscore. */
cnv_str snake(cnv_arena *arena, cnv_str heading)
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

static const struct known *find_known(cnv_str heading, table_kind kind)
{
	for (size_t i = 0; i < KNOWN; i++)
		if ((known[i].sheets & kind) && cnv_str_equal(heading, cnv_str_from(known[i].heading)))
			return &known[i];
	return NULL;
}

/* What one heading means. */
static struct head read_head(struct build *build, cnv_str heading, table_kind kind, bool doubled)
{
	struct head head = { .role = ROLE_EXTRA, .language = CNV_NONE, .heading = heading };
	const struct known *match;
	cnv_str rest = heading, piece, first;

	match = find_known(snake(build->arena, heading), kind);
	if (match) {
		head.role = match->role;
		return head;
	}
	if (!next_piece(&rest, doubled, &piece))
		return head;
	first = snake(build->arena, piece);
	if (is_prefix(first) && next_piece(&rest, doubled, &piece))
		first = cnv_arena_format(build->arena, "%.*s::%.*s", CNV_ARG(first),
					 CNV_ARG(snake(build->arena, piece)));
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

/* Two columns that mean the same: an error, but for the same heading in a CSV file, where the later one counts. */
static void check_twice(struct build *build, const struct heads *heads, const cnv_cell_text *cell)
{
	const struct head *head = &heads->at[cell->column - 1];

	for (uint32_t i = 0; i + 1 < cell->column; i++) {
		const struct head *other = &heads->at[i];

		if (other->role == ROLE_DROPPED || other->role != head->role || other->suffixed != head->suffixed ||
		    !cnv_str_equal(other->suffix, head->suffix))
			continue;
		if (cnv_str_equal(other->heading, head->heading) && heads->sheet->tab) {
			cnv_diags_emit(&build->diags,
				       CNV_DIAG(.code = CNV_HEADERS_SAME,
						.place = cell_place(build, heads->sheet, cell), .excerpt = cell->text,
						.hint = CNV_STR("remove one of the two columns")),
				       "column \"%.*s\" stands twice", CNV_ARG(head->heading));
			return;
		}
		if (cnv_str_equal(other->heading, head->heading)) {
			cnv_diags_emit(
				&build->diags,
				CNV_DIAG(.code = CNV_HEADER_TWICE, .place = cell_place(build, heads->sheet, cell),
					 .excerpt = cell->text),
				"column \"%.*s\" stands twice; where both have text, the one further right counts",
				CNV_ARG(head->heading));
			return;
		}
		if (head->role == ROLE_EXTRA)
			continue;
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_HEADERS_SAME, .place = cell_place(build, heads->sheet, cell),
					.excerpt = cell->text,
					.hint = CNV_STR("rename or remove one of the two columns")),
			       "\"%.*s\" and \"%.*s\" are names of the same column", CNV_ARG(other->heading),
			       CNV_ARG(head->heading));
		return;
	}
}

/* A choice's column is named in choice filters, so it must have a name that can be written there. */
static bool is_usable(struct build *build, const struct heads *heads, const cnv_cell_text *cell)
{
	cnv_str text = cell->text;
	bool blank = false;

	for (size_t i = 0; i < text.len; i++)
		blank = blank || is_blank(text.at[i]);
	if (!blank)
		return true;
	cnv_diags_emit(
		&build->diags,
		CNV_DIAG(.code = CNV_CHOICES_HEADING, .place = cell_place(build, heads->sheet, cell), .excerpt = text),
		"the heading \"%.*s\" holds a space, so the column cannot be used", CNV_ARG(text));
	return false;
}

static bool is_needed(enum role role)
{
	return role == ROLE_TYPE || role == ROLE_NAME || role == ROLE_LIST_NAME || role == ROLE_LABEL;
}

/* Tells a heading that is nearly one of those the sheet does not have; only the first name of each role is offered.
 * A column that the sheet cannot do without is then read as what it was meant to be. */
static void check_spelling(struct build *build, struct heads *heads, const cnv_cell_text *cell, table_kind kind,
			   bool doubled)
{
	struct head *head = &heads->at[cell->column - 1];
	cnv_str rest = cell->text, piece = cell->text;
	cnv_place place = cell_place(build, heads->sheet, cell);
	cnv_nearest nearest;
	enum role role;

	next_piece(&rest, doubled, &piece);
	cnv_nearest_init(&nearest, snake(build->arena, piece));
	for (size_t i = 0; i < KNOWN; i++)
		if ((known[i].sheets & kind) && (!i || known[i - 1].role != known[i].role) &&
		    !heads->has[known[i].role])
			cnv_nearest_offer(&nearest, cnv_str_from(known[i].heading));
	if (!nearest.best.len)
		return;
	role = find_known(nearest.best, kind)->role;
	if (!is_needed(role)) {
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_HEADING_NEAR, .place = place, .excerpt = cell->text,
					.hint = did_you_mean(build, nearest.best)),
			       "the column \"%.*s\" is not known", CNV_ARG(cell->text));
		return;
	}
	cnv_diags_emit(&build->diags,
		       CNV_DIAG(.code = CNV_HEADER_MISSING, .place = place, .excerpt = cell->text,
				.hint = did_you_mean(build, nearest.best)),
		       "there is no column \"%.*s\", but one called \"%.*s\"", CNV_ARG(nearest.best),
		       CNV_ARG(cell->text));
	head->role = role;
	heads->has[role] = true;
	if (role == ROLE_LABEL && next_piece(&rest, doubled, &piece)) {
		head->suffixed = true;
		head->suffix = piece;
	}
}

void heads_read(struct build *build, struct heads *heads, const cnv_sheet *sheet, table_kind kind)
{
	bool doubled = false;
	const cnv_sheet_row *header;

	*heads = (struct heads){ .sheet = sheet };
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
		struct head *head = &heads->at[cell->column - 1];

		*head = read_head(build, cell->text, kind, doubled);
		if (head->role == ROLE_EXTRA && kind == CHOICES_TABLE && !is_usable(build, heads, cell))
			head->role = ROLE_DROPPED;
		/* Quadratic in the columns, of which a sheet has a few dozen; past that the check is not worth it. */
		else if (header->count <= 512)
			check_twice(build, heads, cell);
		heads->has[head->role] = true;
	}
	for (uint32_t i = 0; i < header->count && header->count <= 512; i++)
		if (heads->at[header->cells[i].column - 1].role == ROLE_EXTRA)
			check_spelling(build, heads, &header->cells[i], kind, doubled);
}

/* A formula that lost its end: more brackets opened than closed, or a quote left open. */
static bool looks_cut(cnv_str text)
{
	int depth = 0;
	char quote = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '\'' || c == '"')
			quote = c;
		else
			depth += (c == '(') - (c == ')');
	}
	return depth > 0;
}

static bool is_formula(enum role role)
{
	return role >= ROLE_RELEVANT && role <= ROLE_TRIGGER;
}

/* Tells cells to the right of the last heading.  They usually come from a comma in a formula that was not quoted:
 * then that formula and what follows it are dropped, for they would only lead to more complaints. */
static void check_surplus(struct build *build, const struct heads *heads, cnv_sheet_row *row)
{
	const cnv_cell_text *surplus = &row->cells[row->count - 1];
	uint32_t cut = row->count;

	if (surplus->column <= heads->count)
		return;
	while (surplus > row->cells && surplus[-1].column > heads->count)
		surplus--;
	for (uint32_t i = row->count; i-- > 0;)
		if (row->cells[i].column <= heads->count && is_formula(heads->at[row->cells[i].column - 1].role) &&
		    looks_cut(row->cells[i].text))
			cut = i;
	if (cut < row->count) {
		const cnv_cell_text *cell = &row->cells[cut];

		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_SHEET_SURPLUS, .place = cell_place(build, heads->sheet, cell),
					.excerpt = cell->text,
					.hint = CNV_STR("put the whole cell in double quotes: a comma inside it "
							"begins a new cell otherwise")),
			       "the cell ends too early, and its row has more cells than the header");
		row->count = cut;
		return;
	}
	cnv_diags_emit(&build->diags,
		       CNV_DIAG(.code = CNV_SHEET_SURPLUS, .place = cell_place(build, heads->sheet, surplus),
				.excerpt = surplus->text,
				.hint = CNV_STR("put a cell that holds a comma in double quotes, or write a "
						"heading over this column")),
		       "the row has more cells than the header: nothing says what this one is");
	row->count = (uint32_t)(surplus - row->cells);
}

/* A cell under an empty heading, once a column. */
static void check_headed(struct build *build, const struct heads *heads, const cnv_cell_text *cell)
{
	struct head *head = &heads->at[cell->column - 1];

	if (head->role != ROLE_DROPPED || head->heading.len || head->suffixed)
		return;
	head->suffixed = true;
	cnv_diags_emit(&build->diags,
		       CNV_DIAG(.code = CNV_COLUMN_UNNAMED, .place = cell_place(build, heads->sheet, cell),
				.excerpt = cell->text),
		       "the column has no heading, so its cells are not read");
}

/* Runs of two or more spaces made one, in a copy. */
static cnv_str collapse(cnv_arena *arena, cnv_str text)
{
	char *copy = cnv_arena_get(arena, text.len);
	size_t len = 0;

	if (!copy)
		return text;
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] != ' ' || !len || copy[len - 1] != ' ')
			copy[len++] = text.at[i];
	return (cnv_str){ copy, len };
}

/* The row with its cells collapsed; the row itself where there is nothing to collapse. */
static const cnv_sheet_row *collapse_row(struct build *build, const cnv_sheet_row *row)
{
	cnv_sheet_row *copy = NULL;
	cnv_cell_text *cells = NULL;

	for (uint32_t i = 0; i < row->count; i++) {
		if (cnv_str_find(row->cells[i].text, CNV_STR("  ")) == SIZE_MAX)
			continue;
		if (!copy) {
			copy = cnv_arena_get(build->arena, sizeof *copy);
			cells = cnv_arena_array(build->arena, row->count, sizeof *cells);
			if (!copy || !cells)
				return row;
			memcpy(cells, row->cells, row->count * sizeof *cells);
			*copy = (cnv_sheet_row){ cells, row->count, row->row };
		}
		cells[i].text = collapse(build->arena, row->cells[i].text);
	}
	return copy ? copy : row;
}

bool row_sort(const struct heads *heads, const cnv_sheet_row *row, struct row_cells *cells)
{
	bool any = false;

	memset(cells, 0, sizeof *cells);
	cells->row = row;
	for (uint32_t i = 0; i < row->count; i++) {
		const cnv_cell_text *cell = &row->cells[i];
		const struct head *head = &heads->at[cell->column - 1];

		if (head->role == ROLE_DROPPED)
			continue;
		any = true;
		if (head->role < ROLE_FIRST_WORDING || !cells->at[head->role])
			cells->at[head->role] = cell;
	}
	return any;
}

bool row_read(struct build *build, const struct heads *heads, const cnv_sheet_row *row, struct row_cells *cells)
{
	memset(cells, 0, sizeof *cells);
	if (!row->count)
		return false;
	if (row->cells[row->count - 1].column > heads->count) {
		cnv_sheet_row *kept = cnv_arena_get(build->arena, sizeof *kept);

		if (!kept)
			return false;
		*kept = *row;
		check_surplus(build, heads, kept);
		row = kept;
	}
	if (heads->sheet == build->survey && !build->keep_blanks)
		row = collapse_row(build, row);
	for (uint32_t i = 0; i < row->count; i++)
		check_headed(build, heads, &row->cells[i]);
	return row_sort(heads, row, cells);
}

cnv_wording wording_read(struct build *build, const struct heads *heads, const struct row_cells *cells, enum role role)
{
	cnv_wording wording = { .at = build->blank };
	cnv_str *at;

	if (!cells->at[role])
		return wording;
	wording.place = cell_place(build, heads->sheet, cells->at[role]);
	at = cnv_arena_array(build->arena, build->language_count, sizeof *at);
	if (!at)
		return wording;
	for (uint32_t i = 0; i < cells->row->count; i++) {
		const cnv_cell_text *cell = &cells->row->cells[i];
		const struct head *head = &heads->at[cell->column - 1];

		if (head->role == role && head->language < build->language_count &&
		    (head->suffixed || !at[head->language].len))
			at[head->language] = cell->text;
	}
	wording.at = at;
	return wording;
}

const cnv_extra *extras_read(struct build *build, const struct heads *heads, const struct row_cells *cells,
			     uint32_t *count)
{
	uint32_t room = 0;
	cnv_extra *extras;

	*count = 0;
	for (uint32_t i = 0; i < cells->row->count; i++) {
		enum role role = heads->at[cells->row->cells[i].column - 1].role;

		room += role == ROLE_EXTRA || role >= ROLE_FIRST_MEDIA;
	}
	if (!room)
		return NULL;
	extras = cnv_arena_array(build->arena, room, sizeof *extras);
	if (!extras)
		return NULL;
	for (uint32_t i = 0; i < cells->row->count; i++) {
		const cnv_cell_text *cell = &cells->row->cells[i];
		const struct head *head = &heads->at[cell->column - 1];

		if (head->role == ROLE_EXTRA || head->role >= ROLE_FIRST_MEDIA)
			extras[(*count)++] = (cnv_extra){ head->heading, cell->text };
	}
	return extras;
}
