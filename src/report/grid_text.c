/* grid_text: a grid as text, so that a test can compare the content of a workbook.
 *
 *   == Counts
 *   -- freeze 3,4  header 3  filter to 42  repeat rows 3-3 columns 4  landscape A4  footer ...
 *   -- widths 10.0 14.0 44.0 ...
 *   A1 title<TAB>Counts
 *   F4 integer<TAB>4<TAB># a cell comment
 *
 * Rows with a set height are written as "-- row 4: 45".  A tab, line feed or backslash in a text is written \t, \n,
 * \\. */
#include "canvass/report.h"

static const char *const looks[] = {
	[CNV_LOOK_PLAIN] = "plain",
	[CNV_LOOK_TITLE] = "title",
	[CNV_LOOK_SUBTITLE] = "subtitle",
	[CNV_LOOK_HEADING] = "heading",
	[CNV_LOOK_SECTION] = "section",
	[CNV_LOOK_LABEL] = "label",
	[CNV_LOOK_CODE] = "code",
	[CNV_LOOK_INTEGER] = "integer",
	[CNV_LOOK_NUMBER] = "number",
	[CNV_LOOK_PERCENT] = "percent",
	[CNV_LOOK_DAY] = "day",
	[CNV_LOOK_NOT_ASKED] = "not-asked",
	[CNV_LOOK_NO_REPLY] = "no-reply",
	[CNV_LOOK_NO_ANSWER] = "no-answer",
	[CNV_LOOK_NOT_APPLICABLE] = "not-applicable",
	[CNV_LOOK_DO_NOT_KNOW] = "do-not-know",
	[CNV_LOOK_WITHHELD] = "withheld",
	[CNV_LOOK_NOT_USABLE] = "not-usable",
	[CNV_LOOK_UNDUE] = "undue",
	[CNV_LOOK_ERROR] = "error",
	[CNV_LOOK_WARNING] = "warning",
	[CNV_LOOK_TOTAL] = "total",
	[CNV_LOOK_REMARK] = "remark",
	[CNV_LOOK_EXPLANATION] = "explanation",
	[CNV_LOOK_TITLE_RIGHT] = "title-right",
	[CNV_LOOK_SUBTITLE_RIGHT] = "subtitle-right",
	[CNV_LOOK_SECTION_RIGHT] = "section-right",
	[CNV_LOOK_REMARK_RIGHT] = "remark-right",
	[CNV_LOOK_EXPLANATION_RIGHT] = "explanation-right",
	[CNV_LOOK_OPTION_RIGHT] = "option-right",
	[CNV_LOOK_DISSENT] = "dissent",
	[CNV_LOOK_BODY] = "body",
	[CNV_LOOK_NUMBERING] = "numbering",
	[CNV_LOOK_QUESTION] = "question",
	[CNV_LOOK_OPTION] = "option",
	[CNV_LOOK_STATE] = "state",
	[CNV_LOOK_LOCKED] = "locked",
	[CNV_LOOK_FILL] = "fill",
	[CNV_LOOK_FILL_NUMBER] = "fill-number",
	[CNV_LOOK_FILL_DAY] = "fill-day",
	[CNV_LOOK_FILL_TIME] = "fill-time",
	[CNV_LOOK_FILL_MOMENT] = "fill-moment",
	[CNV_LOOK_FILL_TICK] = "fill-tick",
	[CNV_LOOK_FILL_WRONG] = "fill-wrong",
	[CNV_LOOK_FILL_WRONG_NUMBER] = "fill-wrong-number",
	[CNV_LOOK_FILL_WRONG_DAY] = "fill-wrong-day",
	[CNV_LOOK_FILL_NOTE] = "fill-note",
	[CNV_LOOK_FILL_MORE] = "fill-more",
	[CNV_LOOK_COVER_TITLE] = "cover-title",
	[CNV_LOOK_LINK] = "link",
	[CNV_LOOK_FIGURE] = "figure",
	[CNV_LOOK_FADED] = "faded",
	[CNV_LOOK_WANTED] = "wanted",
};
_Static_assert(sizeof looks / sizeof looks[0] == CNV_LOOKS, "a word for each look");

static void put_escaped(cnv_text *out, cnv_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '\t' || c == '\n' || c == '\\') {
			cnv_text_put_char(out, '\\');
			c = c == '\t' ? 't' : c == '\n' ? 'n' : '\\';
		}
		cnv_text_put_char(out, c);
	}
}

static void put_number(cnv_text *out, double number)
{
	char digits[CNV_NUMBER_ROOM];

	cnv_text_put(out, (cnv_str){ digits, cnv_number_write(number, digits) });
}

/* A, B, ... Z, AA: column letters of a spreadsheet. */
static void put_letters(cnv_text *out, uint32_t column)
{
	char letters[8];
	size_t at = sizeof letters;

	for (uint32_t left = column + 1; left && at > 0; left = (left - 1) / 26)
		letters[--at] = (char)('A' + (left - 1) % 26);
	cnv_text_put(out, (cnv_str){ letters + at, sizeof letters - at });
}

static void put_address(cnv_text *out, uint32_t row, uint32_t column)
{
	put_letters(out, column);
	cnv_text_format(out, "%u", row + 1);
}

static cnv_status on_sheet(void *self, const cnv_sheet_style *style)
{
	cnv_text *out = self;

	cnv_text_put(out, CNV_STR("== "));
	put_escaped(out, style->name);
	cnv_text_format(out, "\n-- freeze %u,%u", style->freeze_rows, style->freeze_columns);
	if (style->header_row != CNV_NONE)
		cnv_text_format(out, "  header %u  filter to %u  repeat rows %u-%u columns %u", style->header_row + 1,
				style->last_row + 1, style->repeat_row + 1, style->header_row + 1,
				style->repeat_columns);
	cnv_text_format(out, "  %s %s%s%s  footer ", style->landscape ? "landscape" : "portrait",
			style->a3 ? "A3" : "A4",
			style->one_page ? "  one page"
			: style->spread ? "  spread"
					: "",
			style->has_comments ? "  comments" : "");
	put_escaped(out, style->footer);
	if (style->hidden || style->guarded || style->from_right)
		cnv_text_format(out, "\n--%s%s%s", style->hidden ? " hidden" : "", style->guarded ? " guarded" : "",
				style->from_right ? " from the right" : "");
	for (uint32_t i = 0; i < style->break_count; i++) {
		cnv_text_put(out, i ? CNV_STR(" ") : CNV_STR("\n-- pages begin at "));
		put_letters(out, style->breaks[i]);
	}
	if (style->scale)
		cnv_text_format(out, "\n-- printed at %u%%", style->scale);
	cnv_text_format(out, "\n-- widths");
	for (uint32_t column = 0; column < style->columns; column++) {
		char digits[CNV_NUMBER_ROOM];

		cnv_text_put_char(out, ' ');
		cnv_text_put(out, (cnv_str){ digits, cnv_number_write_fixed(style->widths[column], 1, digits) });
	}
	cnv_text_put_char(out, '\n');
	return out->failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status on_row(void *self, uint32_t row, double height)
{
	cnv_text *out = self;

	if (height < 0) {
		cnv_text_format(out, "-- row %u: hidden\n", row + 1);
	} else if (height > 0) {
		cnv_text_format(out, "-- row %u: ", row + 1);
		put_number(out, height);
		cnv_text_put_char(out, '\n');
	}
	return out->failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status on_cell(void *self, uint32_t row, uint32_t column, const cnv_cell *cell)
{
	cnv_text *out = self;
	char day[CNV_DAY_ROOM];

	put_address(out, row, column);
	cnv_text_format(out, " %s\t", looks[cell->look]);
	switch (cell->kind) {
	case CNV_CELL_TEXT:
		put_escaped(out, cell->text);
		break;
	case CNV_CELL_NUMBER:
		put_number(out, cell->number);
		break;
	case CNV_CELL_DAY:
		cnv_text_put(out, (cnv_str){ day, cnv_day_write(cell->day, day) });
		break;
	case CNV_CELL_FORMULA:
		cnv_text_put_char(out, '=');
		put_escaped(out, cell->formula);
		cnv_text_put(out, CNV_STR("\t"));
		if (cell->is_text)
			put_escaped(out, cell->text);
		else
			put_number(out, cell->number);
		break;
	}
	if (cell->aside.len) {
		cnv_text_put(out, CNV_STR("\t+ "));
		put_escaped(out, cell->aside);
	}
	if (cell->link.len) {
		cnv_text_put(out, CNV_STR("\t> "));
		put_escaped(out, cell->link);
		if (cell->tip.len)
			cnv_text_format(out, " (%.*s)", CNV_ARG(cell->tip));
	}
	if (cell->span > 1)
		cnv_text_format(out, "\t[%u]", cell->span);
	if (cell->comment.len) {
		cnv_text_put(out, CNV_STR("\t# "));
		put_escaped(out, cell->comment);
	}
	cnv_text_put_char(out, '\n');
	return out->failed ? CNV_NO_MEMORY : CNV_OK;
}

static const char *const rules[] = {
	[CNV_RULE_ANY] = "any",         [CNV_RULE_LIST] = "list",       [CNV_RULE_WHOLE] = "whole",
	[CNV_RULE_DECIMAL] = "decimal", [CNV_RULE_DAY] = "day",         [CNV_RULE_TIME] = "time",
	[CNV_RULE_LENGTH] = "length",   [CNV_RULE_FORMULA] = "formula", [CNV_RULE_LOOK] = "look",
};

/* "rule D6:D9 whole 0 to 365<TAB>title<TAB>prompt<TAB>message" */
static cnv_status on_rule(void *self, const cnv_rule *rule)
{
	cnv_text *out = self;

	cnv_text_put(out, CNV_STR("rule "));
	put_address(out, rule->row, rule->column);
	cnv_text_put_char(out, ':');
	put_address(out, rule->last_row, rule->last_column);
	cnv_text_format(out, " %s%s ", rules[rule->kind], rule->strict ? " strict" : "");
	put_escaped(out, rule->low);
	if (rule->high.len) {
		cnv_text_put(out, CNV_STR(" to "));
		put_escaped(out, rule->high);
	}
	if (rule->kind == CNV_RULE_LOOK) {
		cnv_text_format(out, "\t%s\n", looks[rule->look]);
		return out->failed ? CNV_NO_MEMORY : CNV_OK;
	}
	const cnv_str texts[] = { rule->title, rule->prompt, rule->message };
	for (size_t i = 0; i < 3; i++) {
		cnv_text_put_char(out, '\t');
		put_escaped(out, texts[i]);
	}
	cnv_text_put_char(out, '\n');
	return out->failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status on_name(void *self, cnv_str name, cnv_str range)
{
	cnv_text *out = self;

	cnv_text_format(out, "name %.*s = ", CNV_ARG(name));
	put_escaped(out, range);
	cnv_text_put_char(out, '\n');
	return out->failed ? CNV_NO_MEMORY : CNV_OK;
}

/* "chart A9 640x180 bars A5:A7 segments C4:F4<TAB>title<TAB>alternative text" */
static cnv_status on_chart(void *self, const cnv_chart *chart)
{
	cnv_text *out = self;

	cnv_text_put(out, CNV_STR("chart "));
	put_address(out, chart->row, chart->column);
	cnv_text_put_char(out, ' ');
	put_number(out, chart->width);
	cnv_text_put_char(out, 'x');
	put_number(out, chart->height);
	cnv_text_put(out, CNV_STR(" bars "));
	put_address(out, chart->first_row, chart->label_column);
	cnv_text_put_char(out, ':');
	put_address(out, chart->last_row, chart->label_column);
	if (chart->whole > 0) {
		cnv_text_put(out, CNV_STR(" of "));
		put_number(out, chart->whole);
	}
	cnv_text_put(out, CNV_STR(" segments "));
	put_address(out, chart->head_row, chart->first_column);
	cnv_text_put_char(out, ':');
	put_address(out, chart->head_row, chart->last_column);
	cnv_text_put_char(out, '\t');
	put_escaped(out, chart->title);
	cnv_text_put_char(out, '\t');
	put_escaped(out, chart->alt);
	cnv_text_put_char(out, '\n');
	return out->failed ? CNV_NO_MEMORY : CNV_OK;
}

/* "table Counts A3:J562 filter" */
static cnv_status on_table(void *self, const cnv_sheet_table *table)
{
	cnv_text *out = self;

	cnv_text_format(out, "table %.*s ", CNV_ARG(table->name));
	put_address(out, table->row, table->column);
	cnv_text_put_char(out, ':');
	put_address(out, table->last_row, table->last_column);
	cnv_text_put(out, table->filtered ? CNV_STR(" filter\n") : CNV_STR("\n"));
	return out->failed ? CNV_NO_MEMORY : CNV_OK;
}

/* "-- pages begin at row 14 41" */
static cnv_status on_pages(void *self, const uint32_t *rows, uint32_t count)
{
	cnv_text *out = self;

	for (uint32_t i = 0; i < count; i++)
		cnv_text_format(out, "%s %u", i ? "" : "-- pages begin at row", rows[i] + 1);
	cnv_text_put(out, count ? CNV_STR("\n") : CNV_STR(""));
	return out->failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status on_finish(void *self)
{
	const cnv_text *out = self;

	return out->failed ? CNV_NO_MEMORY : CNV_OK;
}

void cnv_grid_text(cnv_grid *grid, cnv_text *out)
{
	*grid = (cnv_grid){ out,     on_sheet, on_row,   on_cell,  on_finish, on_rule,
			    on_name, on_chart, on_table, on_pages, NULL };
}
