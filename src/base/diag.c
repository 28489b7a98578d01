/* Diagnostics: the table of codes, emitting them, and "did you mean".
 *
 * codes.def is the only list.  Its severity makes a diagnostic an error, a warning or a note; `canvass explain` and
 * the docs print its text. */
#include "canvass/base.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define MESSAGE_ROOM 512
#define NEAREST_ROOM 64 /* code points; names are shorter, and the cost is the product of both lengths */

static const cnv_code_info codes[] = {
#define CODE(name, number, severity, title, hint, text) { number, severity, title, hint, text },
#include "canvass/codes.def"
#undef CODE
};

#define CODE_COUNT (sizeof codes / sizeof codes[0])

const cnv_code_info *cnv_code_find(uint16_t code)
{
	size_t from = 0, upto = CODE_COUNT;

	while (from < upto) {
		size_t middle = from + (upto - from) / 2;
		if (codes[middle].code == code)
			return &codes[middle];
		if (codes[middle].code < code)
			from = middle + 1;
		else
			upto = middle;
	}
	return NULL;
}

const cnv_code_info *cnv_code_at(size_t index)
{
	return index < CODE_COUNT ? &codes[index] : NULL;
}

const char *cnv_severity_word(cnv_severity severity)
{
	static const char *const words[] = { [CNV_NOTE] = "note", [CNV_WARNING] = "warning", [CNV_ERROR] = "error" };

	return words[severity];
}

bool cnv_code_read(cnv_str text, uint16_t *code)
{
	int64_t number;

	if (text.len && strchr("ewn", cnv_lower(text.at[0])))
		text = cnv_str_slice(text, 1, text.len);
	if (!cnv_integer_read(text, &number) || number < 1 || number > 9999)
		return false;
	*code = (uint16_t)number;
	return true;
}

void cnv_code_name(uint16_t code, char out[8])
{
	static const char letters[] = { [CNV_NOTE] = 'N', [CNV_WARNING] = 'W', [CNV_ERROR] = 'E' };
	const cnv_code_info *info = cnv_code_find(code);

	snprintf(out, 8, "%c%04u", letters[info ? info->severity : CNV_ERROR], (unsigned)code);
}

void cnv_diags_forward(cnv_diags *diags, const cnv_diag *diag)
{
	if (!diags)
		return;
	switch (diag->severity) {
	case CNV_ERROR:
		diags->errors++;
		break;
	case CNV_WARNING:
		diags->warnings++;
		break;
	case CNV_NOTE:
		diags->notes++;
		break;
	}
	if (diags->emit)
		diags->emit(diags->self, diag);
}

size_t cnv_cell_name(uint32_t row, uint32_t column, char out[CNV_CELL_NAME_ROOM])
{
	char letters[8];
	size_t count = 0, len = 0;

	for (; column; column = (column - 1) / 26)
		letters[count++] = (char)('A' + (column - 1) % 26);
	while (count)
		out[len++] = letters[--count];
	out[len] = '\0';
	if (row)
		len += (size_t)snprintf(out + len, CNV_CELL_NAME_ROOM - len, "%u", row);
	return len;
}

/* A location in a text file: file:22 (survey, column label). */
static void write_line_place(cnv_text *out, const cnv_place *place)
{
	if (place->row)
		cnv_text_format(out, ":%u", place->row);
	if (place->sheet.len || place->heading.len) {
		cnv_text_put(out, CNV_STR(" ("));
		cnv_text_put(out, place->sheet);
		if (place->heading.len) {
			cnv_text_put(out, place->sheet.len ? CNV_STR(", column ") : CNV_STR("column "));
			cnv_text_put(out, place->heading);
		}
		cnv_text_put_char(out, ')');
	} else if (place->column) {
		cnv_text_format(out, ", column %u", place->column);
	}
}

/* A location in a workbook: file: survey!D22 (column label). */
static void write_cell_place(cnv_text *out, const cnv_place *place)
{
	char name[CNV_CELL_NAME_ROOM];

	cnv_text_put(out, CNV_STR(": "));
	cnv_text_put(out, place->sheet);
	if (place->row && place->column)
		cnv_text_put_char(out, '!');
	else if (place->row)
		cnv_text_put(out, CNV_STR(", row "));
	else if (place->column)
		cnv_text_put(out, CNV_STR(", column "));
	cnv_text_put(out, (cnv_str){ name, cnv_cell_name(place->row, place->column, name) });
	if (place->heading.len) {
		cnv_text_put(out, CNV_STR(" (column "));
		cnv_text_put(out, place->heading);
		cnv_text_put_char(out, ')');
	}
}

void cnv_place_write(cnv_text *out, const cnv_place *place)
{
	if (!place->source.len)
		return;
	cnv_text_put(out, place->source);
	if (place->tab)
		write_cell_place(out, place);
	else
		write_line_place(out, place);
}

/* Cuts off an incomplete character at the end. */
static cnv_str whole_characters(cnv_str s)
{
	return cnv_str_slice(s, 0, cnv_utf8_check(s));
}

void cnv_diags_emit(cnv_diags *diags, const cnv_diag *fields, const char *format, ...)
{
	const cnv_code_info *info = cnv_code_find(fields->code);
	cnv_diag diag = *fields;
	char small[MESSAGE_ROOM];
	cnv_text large = { 0 };
	va_list list;

	assert(info);
	diag.severity = info ? info->severity : CNV_ERROR;
	if (info && !diag.hint.len)
		diag.hint = cnv_str_from(info->hint);
	va_start(list, format);
	int len = vsnprintf(small, sizeof small, format, list);
	va_end(list);
	if (len >= 0 && (size_t)len < sizeof small) {
		diag.message = (cnv_str){ small, (size_t)len };
	} else if (len >= 0) {
		va_start(list, format);
		cnv_text_vformat(&large, format, list);
		va_end(list);
		/* Without memory a truncated message is better than none. */
		diag.message =
			large.failed ? whole_characters((cnv_str){ small, sizeof small - 1 }) : cnv_text_str(&large);
	}
	cnv_diags_forward(diags, &diag);
	cnv_text_fini(&large);
}

/* The code points of s with ASCII letters in lower case; SIZE_MAX when there are too many. */
static size_t unpack(cnv_str s, uint32_t out[NEAREST_ROOM])
{
	size_t count = 0;

	for (const char *at = s.at, *end = s.len ? at + s.len : at; at < end;) {
		if (count == NEAREST_ROOM)
			return SIZE_MAX;
		uint32_t c = cnv_utf8_next(&at, end);
		out[count++] = c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
	}
	return count;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Damerau's distance where swapping neighbours costs 1 (optimal string alignment), computed in three rows. */
static uint32_t distance(const uint32_t *a, size_t a_len, const uint32_t *b, size_t b_len)
{
	uint32_t rows[3][NEAREST_ROOM + 1];
	uint32_t *before = rows[0], *above = rows[1], *here = rows[2];

	for (size_t j = 0; j <= b_len; j++)
		here[j] = (uint32_t)j;
	for (size_t i = 1; i <= a_len; i++) {
		uint32_t *spare = before;
		before = above;
		above = here;
		here = spare;
		here[0] = (uint32_t)i;
		for (size_t j = 1; j <= b_len; j++) {
			bool same = a[i - 1] == b[j - 1];
			here[j] = smaller(smaller(above[j], here[j - 1]) + 1, above[j - 1] + !same);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				here[j] = smaller(here[j], before[j - 2] + 1);
		}
	}
	return here[b_len];
}

void cnv_nearest_init(cnv_nearest *nearest, cnv_str wanted)
{
	size_t third = cnv_utf8_count(wanted) / 3;

	*nearest = (cnv_nearest){ .wanted = wanted, .distance = (uint32_t)smaller((uint32_t)third, NEAREST_ROOM) };
	if (!nearest->distance)
		nearest->distance = 1;
	nearest->distance++; /* the smallest distance that is too far */
}

void cnv_nearest_offer(cnv_nearest *nearest, cnv_str name)
{
	uint32_t a[NEAREST_ROOM], b[NEAREST_ROOM];
	size_t a_len = unpack(nearest->wanted, a);
	size_t b_len = unpack(name, b);

	if (a_len == SIZE_MAX || b_len == SIZE_MAX || !b_len)
		return;
	size_t longer = a_len > b_len ? a_len : b_len;
	if (longer - (a_len < b_len ? a_len : b_len) >= nearest->distance)
		return;
	uint32_t d = distance(a, a_len, b, b_len);
	/* If there are as many changes as characters, the names have nothing in common. */
	if (d < nearest->distance && d < longer) {
		nearest->best = name;
		nearest->distance = d;
	}
}

cnv_diag cnv_diag_copy(cnv_arena *arena, const cnv_diag *diag)
{
	cnv_diag copy = *diag;

	copy.place.source = cnv_arena_copy(arena, diag->place.source);
	copy.place.sheet = cnv_arena_copy(arena, diag->place.sheet);
	copy.place.heading = cnv_arena_copy(arena, diag->place.heading);
	copy.field = cnv_arena_copy(arena, diag->field);
	copy.message = cnv_arena_copy(arena, diag->message);
	copy.excerpt = cnv_arena_copy(arena, diag->excerpt);
	copy.hint = cnv_arena_copy(arena, diag->hint);
	return copy;
}

/* Without memory a message may be emitted twice; there is no other effect. */
static void tell_once(void *self, const cnv_diag *diag)
{
	cnv_once *once = self;
	const cnv_place *place = &diag->place;
	uint32_t count = once->seen.count;
	cnv_str key = cnv_arena_format(&once->keys, "%u %u %u %u %u %u %.*s", diag->code, place->tab, place->row,
				       place->column, place->from, place->upto, CNV_ARG(diag->message));

	if (key.len)
		cnv_map_put(&once->seen, key, count);
	if (!key.len || once->seen.failed || once->seen.count > count)
		cnv_diags_forward(once->to, diag);
}

void cnv_once_init(cnv_once *once, cnv_diags *to)
{
	*once = (cnv_once){ .to = to };
	once->diags = (cnv_diags){ .emit = tell_once, .self = once };
}

void cnv_once_fini(cnv_once *once)
{
	cnv_map_fini(&once->seen);
	cnv_arena_fini(&once->keys);
	*once = (cnv_once){ 0 };
}
