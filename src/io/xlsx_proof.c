/* Contents and looks of a sheet's cells as one number: computed once from the cells to be written, and again from
 * the file.
 *
 * Both sides describe a cell in the same way: its position, the kind of content, the content, and its look.  A look
 * is a number format, a font, a fill, borders, alignment and protection.  The writer's looks come from the table of
 * looks, the file's from its styles, so that a format that the library lost, confused or omitted is noticed.  Rules,
 * comments and widths are not part of it. */
#include "io/xlsx_proof.h"
#include "io/xlsx_looks.h"
#include "io/xlsx_text.h"
#include "io/xml.h"
#include "io/xml_scan.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CODES 60u /* bytes of a number format that are compared; the longest is "yyyy-mm-dd hh:mm" */

/* ---------------------------------------------------------------- a look */

/* Line styles in use. */
enum { NO_LINE, THIN, MEDIUM, OTHER_LINE };
enum { SIDES = 4 };

typedef struct described {
	char number[CODES];
	double size;
	uint32_t ink, fill; /* ARGB; fill 0: none */
	uint32_t traits;    /* BOLD ITALIC STRUCK LINKED WRAPPED CENTRED RIGHT LEFT MIDDLE OPEN SET_IN */
	uint32_t lines[SIDES], colours[SIDES]; /* left, right, top, bottom */
	bool known;                            /* false: it has a property that none of our looks has */
} described;

#define OPAQUE 0xFF000000u
#define KEPT (BOLD | ITALIC | STRUCK | LINKED | WRAPPED | CENTRED | RIGHT | LEFT | MIDDLE | OPEN | SET_IN)

static void set_lines(described *d, size_t from, size_t upto, uint32_t line, uint32_t colour)
{
	for (size_t side = from; side < upto; side++) {
		d->lines[side] = line;
		d->colours[side] = OPAQUE | colour;
	}
}

/* 0 only when memory ran out. */
static uint64_t hash_look(const described *d)
{
	cnv_text words = { 0 };
	uint64_t hash;

	cnv_text_format(&words, "%s|%.0f|%x|%x|%x|%d", d->number, d->size * 100, d->ink, d->fill, d->traits, d->known);
	for (size_t side = 0; side < SIDES; side++)
		cnv_text_format(&words, "|%u %x", d->lines[side], d->colours[side]);
	hash = words.failed ? 0 : cnv_str_hash(cnv_text_str(&words), 1) | 1;
	cnv_text_fini(&words);
	return hash;
}

static void set_number(described *d, cnv_str code)
{
	size_t len = code.len < CODES ? code.len : CODES - 1;

	memset(d->number, 0, sizeof d->number);
	if (len)
		memcpy(d->number, code.at, len);
}

static uint64_t expected_look(const cnv_xlsx_look *look, const char *number)
{
	described d = { .size = look->size > 0 ? look->size : 11,
			.ink = OPAQUE | (uint32_t)look->ink,
			.traits = look->traits & KEPT,
			.known = true };

	set_number(&d, cnv_str_from(number ? number : "General"));
	if (look->fill != NO_FILL)
		d.fill = OPAQUE | (uint32_t)look->fill;
	if (look->traits & SET_IN && !(look->traits & RIGHT)) /* indented cells are aligned left */
		d.traits |= LEFT;
	if (look->traits & BOXED)
		set_lines(&d, 0, SIDES, THIN, RULE);
	if (look->traits & FRAMED)
		set_lines(&d, 0, SIDES, THIN, RED);
	if (look->traits & LINED)
		set_lines(&d, 2, 3, THIN, RULE);
	if (look->traits & TOPPED)
		set_lines(&d, 2, 3, MEDIUM, NAVY);
	return hash_look(&d);
}

/* ---------------------------------------------------------------- a cell */

typedef enum holds { BLANK, TEXT, NUMBER, FORMULA } holds;

static void add_cell(uint64_t *sum, uint32_t row, uint32_t column, uint64_t look, holds kind, cnv_str content)
{
	uint64_t place = (uint64_t)row << 32 | (uint64_t)column << 8 | (uint64_t)kind;

	/* The sum so far is part of the seed, so that swapping two cells changes the sum. */
	*sum = cnv_str_hash(content, (*sum ^ place) * UINT64_C(0x9E3779B97F4A7C15) ^ look);
}

static void add_number(uint64_t *sum, uint32_t row, uint32_t column, uint64_t look, double number)
{
	add_cell(sum, row, column, look, NUMBER, (cnv_str){ (const char *)&number, sizeof number });
}

static void add_text(uint64_t *sum, uint32_t row, uint32_t column, uint64_t look, cnv_str text)
{
	add_cell(sum, row, column, look, text.len ? TEXT : BLANK, text);
}

/* The number as in the file: the library writes 16 digits, which are all of a whole number of so many. */
static double as_written(double number)
{
	char digits[40];
	double written = 0;

	if (fabs(number) < 1e15 && number == trunc(number))
		return number;
	snprintf(digits, sizeof digits, "%.16G", number);
	cnv_xlsx_number_read(cnv_str_from(digits), &written);
	return written;
}

bool cnv_xlsx_proof_looks(cnv_xlsx_proof_look_list *list, const char *const decimals[CNV_XLSX_DECIMALS])
{
	bool all = true;

	for (size_t look = 0; look < CNV_LOOKS; look++)
		all &= (list->looks[look] = expected_look(&cnv_xlsx_looks[look], cnv_xlsx_looks[look].number)) != 0;
	for (size_t digits = 0; digits < CNV_XLSX_DECIMALS; digits++)
		all &= (list->numbers[digits] = expected_look(&cnv_xlsx_looks[CNV_LOOK_NUMBER], decimals[digits])) != 0;
	return all;
}

void cnv_xlsx_proof_put(uint64_t *sum, const cnv_xlsx_proof_look_list *list, uint32_t row, uint32_t column,
			const cnv_cell *cell, cnv_str text, double serial)
{
	uint64_t look = list->looks[cell->look];

	switch (cell->kind) {
	case CNV_CELL_TEXT:
		add_text(sum, row, column, look, text);
		for (uint32_t next = 1; next < cell->span; next++)
			add_text(sum, row, column + next, look, (cnv_str){ 0 });
		break;
	case CNV_CELL_FORMULA:
		add_cell(sum, row, column, look, FORMULA, cell->formula);
		if (cell->is_text)
			add_text(sum, row, column, look, text);
		else
			add_number(sum, row, column, look, as_written(cell->number + 0.0));
		break;
	case CNV_CELL_NUMBER:
		if (cell->look == CNV_LOOK_NUMBER)
			look = list->numbers[cnv_xlsx_decimals(cell->number)];
		add_number(sum, row, column, look, as_written(cell->number + 0.0));
		break;
	case CNV_CELL_DAY:
		if (text.len)
			add_text(sum, row, column, look, text);
		else
			add_number(sum, row, column, look, serial);
		break;
	}
}

/* ---------------------------------------------------------------- the styles of a file */

/* clang-format off */
enum { E_NUMBER = 3, E_FONT = 5, E_BOLD, E_ITALIC, E_STRIKE, E_UNDERLINE, E_SIZE, E_INK, E_NAME, E_FILL = 14, E_PATTERN, E_FILLING,
       E_BORDER = 18, E_LEFT, E_RIGHT, E_TOP, E_BOTTOM, E_LEFT_COLOUR, E_RIGHT_COLOUR, E_TOP_COLOUR, E_BOTTOM_COLOUR,
       E_XF = 28, E_ALIGNMENT, E_PROTECTION, E_COUNT };

static const cnv_xml_element style_elements[E_COUNT] = {
	[1] = { "styleSheet", 0, false },
	[2] = { "numFmts", 1, false }, [E_NUMBER] = { "numFmt", 2, false },
	[4] = { "fonts", 1, false }, [E_FONT] = { "font", 4, false }, [E_BOLD] = { "b", E_FONT, false }, [E_ITALIC] = { "i", E_FONT, false },
	[E_STRIKE] = { "strike", E_FONT, false }, [E_UNDERLINE] = { "u", E_FONT, false }, [E_SIZE] = { "sz", E_FONT, false },
	[E_INK] = { "color", E_FONT, false }, [E_NAME] = { "name", E_FONT, false },
	[13] = { "fills", 1, false }, [E_FILL] = { "fill", 13, false }, [E_PATTERN] = { "patternFill", E_FILL, false },
	[E_FILLING] = { "fgColor", E_PATTERN, false },
	[17] = { "borders", 1, false }, [E_BORDER] = { "border", 17, false }, [E_LEFT] = { "left", E_BORDER, false }, [E_RIGHT] = { "right", E_BORDER, false },
	[E_TOP] = { "top", E_BORDER, false }, [E_BOTTOM] = { "bottom", E_BORDER, false }, [E_LEFT_COLOUR] = { "color", E_LEFT, false },
	[E_RIGHT_COLOUR] = { "color", E_RIGHT, false }, [E_TOP_COLOUR] = { "color", E_TOP, false }, [E_BOTTOM_COLOUR] = { "color", E_BOTTOM, false },
	[27] = { "cellXfs", 1, false }, [E_XF] = { "xf", 27, false }, [E_ALIGNMENT] = { "alignment", E_XF, false }, [E_PROTECTION] = { "protection", E_XF, false },
};
/* clang-format on */

/* Built-in number formats, whose text is not in the file. */
static const struct builtin {
	int64_t id;
	const char *code;
} builtins[] = { { 0, "General" },  { 1, "0" },  { 2, "0.00" }, { 3, "#,##0" },
		 { 4, "#,##0.00" }, { 9, "0%" }, { 49, "@" } };

typedef struct number_format {
	int64_t id;
	described code; /* its number alone */
} number_format;

/* Formats, fonts, fills and borders as read, each describing only its own part; and the cell formats made from them. */
typedef struct styles {
	number_format *numbers;
	described *fonts, *fills, *borders;
	uint32_t number_count, number_room, font_count, font_room, fill_count, fill_room, border_count, border_room;
	described xf; /* the current one */
	uint64_t *looks;
	uint32_t look_count, look_room;
} styles;

static described *add(described **list, uint32_t *count, uint32_t *room)
{
	if (!cnv_mem_room((void **)list, room, *count + 1, sizeof **list))
		return NULL;
	(*list)[*count] = (described){ .known = true };
	return &(*list)[(*count)++];
}

static uint32_t hexadecimal(cnv_str text)
{
	uint32_t value = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = cnv_lower(text.at[i]);

		value = value << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return value;
}

static uint32_t colour_of(const char *const *attributes)
{
	cnv_str rgb;

	return cnv_xml_attribute(attributes, "rgb", &rgb) ? hexadecimal(rgb) : 1;
}

static int64_t index_of(const char *const *attributes, const char *name)
{
	cnv_str text;
	int64_t index;

	return cnv_xml_attribute(attributes, name, &text) && cnv_integer_read(text, &index) ? index : -1;
}

static bool says(const char *const *attributes, const char *name, const char *value)
{
	cnv_str text;

	return cnv_xml_attribute(attributes, name, &text) && cnv_str_equal(text, cnv_str_from(value));
}

static const described *part(const described *list, uint32_t count, int64_t index)
{
	return index >= 0 && index < count ? &list[index] : NULL;
}

static void set_code(styles *s, int64_t id)
{
	s->xf.known = false;
	for (uint32_t i = 0; i < s->number_count; i++)
		if (s->numbers[i].id == id) {
			memcpy(s->xf.number, s->numbers[i].code.number, CODES);
			s->xf.known = true;
			return;
		}
	for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
		if (builtins[i].id == id) {
			set_number(&s->xf, cnv_str_from(builtins[i].code));
			s->xf.known = true;
		}
}

/* Builds a cell format from its parts. */
static void begin_xf(styles *s, const char *const *attributes)
{
	const described *font = part(s->fonts, s->font_count, index_of(attributes, "fontId"));
	const described *fill = part(s->fills, s->fill_count, index_of(attributes, "fillId"));
	const described *border = part(s->borders, s->border_count, index_of(attributes, "borderId"));

	s->xf = (described){ .known = true };
	set_code(s, index_of(attributes, "numFmtId"));
	if (!font || !fill || !border) {
		s->xf.known = false;
		return;
	}
	s->xf.known &= font->known;
	s->xf.size = font->size;
	s->xf.ink = font->ink;
	s->xf.traits = font->traits;
	s->xf.fill = fill->fill;
	memcpy(s->xf.lines, border->lines, sizeof s->xf.lines);
	memcpy(s->xf.colours, border->colours, sizeof s->xf.colours);
}

static void align(described *xf, const char *const *attributes)
{
	cnv_str other;

	xf->traits |= says(attributes, "horizontal", "center") ? CENTRED : 0;
	xf->traits |= says(attributes, "horizontal", "right") ? RIGHT : 0;
	xf->traits |= says(attributes, "horizontal", "left") ? LEFT : 0;
	xf->traits |= says(attributes, "vertical", "center") ? MIDDLE : 0;
	xf->traits |= says(attributes, "wrapText", "1") ? WRAPPED : 0;
	xf->traits |= says(attributes, "indent", "2") ? SET_IN : 0;
	if (!says(attributes, "vertical", "center") && !says(attributes, "vertical", "top"))
		xf->known = false;
	if (cnv_xml_attribute(attributes, "textRotation", &other))
		xf->known = false;
}

static cnv_status add_format(styles *s, const char *const *attributes)
{
	cnv_str code = { 0 };

	if (!cnv_mem_room((void **)&s->numbers, &s->number_room, s->number_count + 1, sizeof *s->numbers))
		return CNV_NO_MEMORY;
	cnv_xml_attribute(attributes, "formatCode", &code);
	number_format *format = &s->numbers[s->number_count++];
	*format = (number_format){ .id = index_of(attributes, "numFmtId") };
	set_number(&format->code, code);
	return CNV_OK;
}

/* The newest font, fill or border of its list. */
#define LAST(list) (&s->list##s[s->list##_count - 1])

static void open_font(described *font, uint8_t id, const char *const *attributes)
{
	static const uint32_t traits[] = { BOLD, ITALIC, STRUCK, LINKED };
	cnv_str text = { 0 };

	if (id >= E_BOLD && id <= E_UNDERLINE)
		font->traits |= traits[id - E_BOLD];
	else if (id == E_INK)
		font->ink = colour_of(attributes);
	else if (!cnv_xml_attribute(attributes, "val", &text))
		font->known = false;
	else if (id == E_SIZE)
		font->known &= cnv_number_read(text, &font->size);
	else
		font->known &= cnv_str_equal(text, CNV_STR("Calibri"));
}

static void open_side(described *border, uint8_t id, const char *const *attributes)
{
	cnv_str style;

	if (id >= E_LEFT_COLOUR)
		border->colours[id - E_LEFT_COLOUR] = colour_of(attributes);
	else if (cnv_xml_attribute(attributes, "style", &style))
		border->lines[id - E_LEFT] = cnv_str_equal(style, CNV_STR("thin"))     ? THIN
					     : cnv_str_equal(style, CNV_STR("medium")) ? MEDIUM
										       : OTHER_LINE;
}

static cnv_status open_style(void *self, uint8_t id, const char *const *attributes)
{
	styles *s = self;

	if (id == E_NUMBER)
		return add_format(s, attributes);
	if (id == E_FONT)
		return add(&s->fonts, &s->font_count, &s->font_room) ? CNV_OK : CNV_NO_MEMORY;
	if (id == E_FILL)
		return add(&s->fills, &s->fill_count, &s->fill_room) ? CNV_OK : CNV_NO_MEMORY;
	if (id == E_BORDER)
		return add(&s->borders, &s->border_count, &s->border_room) ? CNV_OK : CNV_NO_MEMORY;
	if (id == E_XF)
		begin_xf(s, attributes);
	else if (id == E_ALIGNMENT)
		align(&s->xf, attributes);
	else if (id == E_PROTECTION)
		s->xf.traits |= says(attributes, "locked", "0") ? OPEN : 0;
	else if (id == E_FILLING)
		LAST(fill)->fill = colour_of(attributes);
	else if (id >= E_BOLD && id <= E_NAME)
		open_font(LAST(font), id, attributes);
	else if (id >= E_LEFT && id <= E_BOTTOM_COLOUR)
		open_side(LAST(border), id, attributes);
	return CNV_OK;
}

static cnv_status close_style(void *self, uint8_t id)
{
	styles *s = self;

	if (id != E_XF)
		return CNV_OK;
	if (!cnv_mem_room((void **)&s->looks, &s->look_room, s->look_count + 1, sizeof *s->looks))
		return CNV_NO_MEMORY;
	s->looks[s->look_count] = hash_look(&s->xf);
	return s->looks[s->look_count++] ? CNV_OK : CNV_NO_MEMORY;
}

static cnv_status feed(void *self, cnv_str bytes)
{
	return cnv_xml_feed(self, bytes);
}

cnv_status cnv_xlsx_proof_styles(cnv_zip *zip, uint32_t part_number, uint64_t **looks, uint32_t *count)
{
	styles s = { 0 };
	const cnv_xml_sink sink = { .self = &s,
				    .elements = style_elements,
				    .count = E_COUNT,
				    .space = CNV_XML_BOOK,
				    .open = open_style,
				    .close = close_style };
	cnv_xml *xml = cnv_xml_new(&sink);
	cnv_status status = xml ? cnv_zip_stream(zip, part_number, feed, xml) : CNV_NO_MEMORY;

	if (!status)
		status = cnv_xml_end(xml);
	cnv_xml_free(xml);
	cnv_mem_free(s.numbers);
	cnv_mem_free(s.fonts);
	cnv_mem_free(s.fills);
	cnv_mem_free(s.borders);
	*looks = s.looks;
	*count = s.look_count;
	return status;
}

/* ---------------------------------------------------------------- the cells of a file */

enum { E_CELL = 4, E_VALUE, E_FORMULA, E_TEXT = 8, E_RUN_TEXT = 10, E_CELLS };

static const cnv_xml_element cell_elements[E_CELLS] = {
	[1] = { "worksheet", 0, false },  [2] = { "sheetData", 1, false },    [3] = { "row", 2, false },
	[E_CELL] = { "c", 3, false },     [E_VALUE] = { "v", E_CELL, false }, [E_FORMULA] = { "f", E_CELL, false },
	[7] = { "is", E_CELL, false },    [E_TEXT] = { "t", 7, false },       [9] = { "r", 7, false },
	[E_RUN_TEXT] = { "t", 9, false },
};

struct cnv_xlsx_proof {
	cnv_scan *scan;
	const uint64_t *looks;
	uint32_t look_count;
	uint64_t sum, cells;
	uint32_t row, column; /* of the current cell, from 1 */
	uint64_t look;
	bool is_text, is_formula;
	cnv_text text, formula;
};

static cnv_status open_cell(void *self, uint8_t id, const cnv_scan_tag *tag)
{
	cnv_xlsx_proof *p = self;
	cnv_str at = { 0 }, style = { 0 }, type = { 0 };
	int64_t look = -1;

	if (id == E_FORMULA)
		p->is_formula = true;
	if (id != E_CELL)
		return CNV_OK;
	p->cells++;
	cnv_scan_attribute_at(tag, "r", &at);
	cnv_scan_attribute_at(tag, "s", &style);
	cnv_scan_attribute_at(tag, "t", &type);
	if (!cnv_xlsx_address(at, &p->row, &p->column))
		return CNV_REJECTED;
	p->look = cnv_integer_read(style, &look) && look >= 0 && look < p->look_count ? p->looks[look] : 0;
	p->is_text = cnv_str_equal(type, CNV_STR("inlineStr")) || cnv_str_equal(type, CNV_STR("str"));
	p->is_formula = false;
	cnv_text_reset(&p->text);
	cnv_text_reset(&p->formula);
	return CNV_OK;
}

static cnv_status hear_text(void *self, uint8_t id, cnv_str text)
{
	cnv_xlsx_proof *p = self;

	if (id == E_FORMULA)
		cnv_text_put(&p->formula, text);
	else if (id == E_VALUE || id == E_TEXT || id == E_RUN_TEXT)
		cnv_text_put(&p->text, text);
	return p->text.failed || p->formula.failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status close_cell(void *self, uint8_t id)
{
	cnv_xlsx_proof *p = self;
	cnv_str content = cnv_text_str(&p->text);
	double number;

	if (id != E_CELL)
		return CNV_OK;
	if (p->is_formula)
		add_cell(&p->sum, p->row - 1, p->column - 1, p->look, FORMULA, cnv_text_str(&p->formula));
	if (p->is_text || !content.len)
		add_text(&p->sum, p->row - 1, p->column - 1, p->look, content);
	else if (cnv_xlsx_number_read(content, &number))
		add_number(&p->sum, p->row - 1, p->column - 1, p->look, number);
	else
		return CNV_REJECTED;
	return CNV_OK;
}

cnv_xlsx_proof *cnv_xlsx_proof_new(const uint64_t *looks, uint32_t count)
{
	cnv_xlsx_proof *p = cnv_mem_get(sizeof *p);

	if (!p)
		return NULL;
	*p = (cnv_xlsx_proof){ .looks = looks, .look_count = count };
	p->scan = cnv_scan_new(&(cnv_scan_sink){ .self = p,
						 .elements = cell_elements,
						 .count = E_CELLS,
						 .open = open_cell,
						 .close = close_cell,
						 .text = hear_text });
	if (p->scan)
		return p;
	cnv_mem_free(p);
	return NULL;
}

cnv_status cnv_xlsx_proof_feed(cnv_xlsx_proof *p, cnv_str bytes)
{
	return cnv_scan_feed(p->scan, bytes);
}

cnv_status cnv_xlsx_proof_end(cnv_xlsx_proof *p, uint64_t *sum, uint64_t *cells)
{
	cnv_status status = cnv_scan_end(p->scan);

	*sum = p->sum;
	*cells = p->cells;
	return status;
}

void cnv_xlsx_proof_free(cnv_xlsx_proof *p)
{
	if (!p)
		return;
	cnv_scan_free(p->scan);
	cnv_text_fini(&p->text);
	cnv_text_fini(&p->formula);
	cnv_mem_free(p);
}
