/* Charts of a workbook: stacked bars of 100%, or bars that are parts of a whole.
 *
 * Neighbouring segments differ in brightness or pattern, so that a chart can be read in grey; each has its figure.  In
 * constant-memory mode the library stores no copy of the figures in the chart: programs take them from the cells. */
#include "io/xlsx_writer.h"

#define FONT 9.0
#define DARK 0x1F3864
#define LIGHT 0xD9E2F3
#define ROOM 1.125 /* of the longest possible bar, so that there is room for its figure */

/* How a segment is filled: with one colour, or with a pattern of two. */
static const struct filling {
	lxw_color_t colour;
	uint8_t pattern; /* dark on white; LXW_CHART_PATTERN_NONE: the colour alone */
	bool dark;       /* so that its figure is white */
} fillings[] = {
	{ DARK, LXW_CHART_PATTERN_NONE, true },      { LIGHT, LXW_CHART_PATTERN_NONE, false },
	{ 0x4F6FA3, LXW_CHART_PATTERN_NONE, true },  { DARK, LXW_CHART_PATTERN_WIDE_UPWARD_DIAGONAL, false },
	{ 0xA6A6A6, LXW_CHART_PATTERN_NONE, false }, { DARK, LXW_CHART_PATTERN_PERCENT_20, false },
	{ 0x404040, LXW_CHART_PATTERN_NONE, true },  { DARK, LXW_CHART_PATTERN_LIGHT_HORIZONTAL, false },
	{ 0xFFFFFF, LXW_CHART_PATTERN_NONE, false }, { DARK, LXW_CHART_PATTERN_LARGE_CHECK, false },
	{ 0x707070, LXW_CHART_PATTERN_NONE, true },  { DARK, LXW_CHART_PATTERN_LIGHT_VERTICAL, false },
};
enum { FILLINGS = sizeof fillings / sizeof *fillings };

/* Of those without an answer, without a colour, so that the answers are what is seen first. */
static const struct filling silent[] = {
	{ 0xA6A6A6, LXW_CHART_PATTERN_NONE, false },
	{ 0xFFFFFF, LXW_CHART_PATTERN_NONE, false },
	{ 0x707070, LXW_CHART_PATTERN_LIGHT_UPWARD_DIAGONAL, false },
};
enum { SILENT = sizeof silent / sizeof *silent };

static const struct filling *filling_of(const cnv_chart *chart, uint32_t column)
{
	uint32_t left = chart->last_column - column;

	return left < chart->silent ? &silent[(chart->silent - 1 - left) % SILENT]
				    : &fillings[(column - chart->first_column) % FILLINGS];
}

/* Only one of the two is known to the library at a time. */
static void fill(lxw_chart_series *series, const struct filling *filling)
{
	lxw_chart_fill colour = { .color = filling->colour };
	lxw_chart_pattern pattern = { .fg_color = filling->colour, .bg_color = 0xFFFFFF, .type = filling->pattern };
	lxw_chart_line edge = { .color = DARK, .width = 0.75 };

	if (filling->pattern == LXW_CHART_PATTERN_NONE)
		chart_series_set_fill(series, &colour);
	else
		chart_series_set_pattern(series, &pattern);
	chart_series_set_line(series, &edge);
}

/* Each segment's figure, none for 0; on a pattern in a white box.  Programs put that of a bar that is not stacked next
 * to its end. */
static void label(lxw_chart_series *series, const struct filling *filling, bool stacked)
{
	bool on_dark = filling->dark && stacked;
	lxw_chart_font font = { .size = FONT, .bold = LXW_TRUE, .color = on_dark ? 0xFFFFFF : 0x1A1A1A };
	lxw_chart_fill box = { .color = 0xFFFFFF };

	chart_series_set_labels(series);
	chart_series_set_labels_num_format(series, "0;;");
	chart_series_set_labels_font(series, &font);
	if (filling->pattern != LXW_CHART_PATTERN_NONE)
		chart_series_set_labels_fill(series, &box);
}

static bool add_series(struct xlsx_writer *writer, lxw_chart *made, const cnv_chart *chart, const char *sheet,
		       uint32_t column)
{
	const struct filling *filling = filling_of(chart, column);
	lxw_chart_series *series = chart_add_series(made, NULL, NULL);

	if (!series)
		return false;
	chart_series_set_name_range(series, sheet, chart->head_row, (lxw_col_t)column);
	chart_series_set_categories(series, sheet, chart->first_row, (lxw_col_t)chart->label_column, chart->last_row,
				    (lxw_col_t)chart->label_column);
	chart_series_set_values(series, sheet, chart->first_row, (lxw_col_t)column, chart->last_row, (lxw_col_t)column);
	fill(series, filling);
	label(series, filling, chart->whole <= 0);
	return !writer->arena.failed;
}

/* The first bar on top, no scale: the segments have their figures. */
static void set_axes(lxw_chart *made, const cnv_chart *chart)
{
	/* The library's axes of lying bars are those of upright ones, turned. */
	lxw_chart_axis *bars = chart_axis_get(made, LXW_CHART_AXIS_TYPE_Y);
	lxw_chart_axis *scale = chart_axis_get(made, LXW_CHART_AXIS_TYPE_X);
	lxw_chart_font font = { .size = FONT };
	lxw_chart_line none = { .none = LXW_TRUE };

	chart_axis_set_reverse(bars);
	chart_axis_set_num_font(bars, &font);
	chart_axis_set_line(bars, &none);
	chart_axis_major_gridlines_set_visible(scale, LXW_FALSE);
	chart_axis_set_label_position(scale, LXW_CHART_AXIS_LABEL_POSITION_NONE);
	chart_axis_set_line(scale, &none);
	if (chart->whole > 0) {
		chart_axis_set_min(scale, 0);
		chart_axis_set_max(scale, chart->whole * ROOM);
	}
}

static lxw_error insert(struct xlsx_writer *writer, const cnv_chart *chart)
{
	char *title = cnv_xlsx_plain(&writer->arena, chart->title, CNV_CHART_TITLE);
	char *alt = cnv_xlsx_plain(&writer->arena, chart->alt, CNV_CHART_ALT);
	const char *sheet = cnv_arena_format(&writer->arena, "%.*s%c", CNV_ARG(writer->name), 0).at;
	lxw_chart_font font = { .size = FONT }, heading = { .size = 10, .bold = LXW_TRUE };
	lxw_chart *made =
		workbook_add_chart(writer->book, chart->whole > 0 ? LXW_CHART_BAR : LXW_CHART_BAR_STACKED_PERCENT);

	if (!made || !title || !alt || !sheet)
		return LXW_ERROR_MEMORY_MALLOC_FAILED;
	for (uint32_t column = chart->first_column; column <= chart->last_column; column++)
		if (!add_series(writer, made, chart, sheet, column))
			return LXW_ERROR_MEMORY_MALLOC_FAILED;
	set_axes(made, chart);
	if (chart->title.len) {
		chart_title_set_name(made, title);
		chart_title_set_name_font(made, &heading);
	} else {
		chart_title_off(made);
	}
	chart_set_series_gap(made, 40);
	chart_legend_set_position(made, chart->whole > 0 ? LXW_CHART_LEGEND_NONE : LXW_CHART_LEGEND_BOTTOM);
	chart_legend_set_font(made, &font);
	/* The library's default size of a chart is 480 by 288 pixels. */
	lxw_chart_options options = { .x_scale = chart->width / 480,
				      .y_scale = chart->height / 288,
				      .object_position = LXW_OBJECT_MOVE_DONT_SIZE,
				      .description = alt };
	cnv_xlsx_chart read = cnv_xlsx_chart_read(&writer->whole, chart, cnv_str_from(title), cnv_str_from(alt));
	if (writer->whole.failed)
		return LXW_ERROR_MEMORY_MALLOC_FAILED;
	writer->besides[writer->sheets - 1].sum += cnv_xlsx_chart_sum(&read);
	return worksheet_insert_chart_opt(writer->sheet, chart->row, (lxw_col_t)chart->column, made, &options);
}

cnv_status xlsx_put_chart(void *self, const cnv_chart *chart)
{
	struct xlsx_writer *writer = self;

	if (writer->status != CNV_OK)
		return writer->status;
	if (!writer->sheet || chart->row >= XLSX_ROWS || chart->last_row >= XLSX_ROWS ||
	    chart->last_column >= XLSX_COLUMNS || chart->column >= XLSX_COLUMNS || chart->first_row > chart->last_row ||
	    chart->first_column > chart->last_column || !(chart->width > 0) || !(chart->height > 0))
		return xlsx_refuse_cell(writer, chart->row, chart->column, "a chart is outside the sheet");
	writer->charts++;
	writer->has_chart = true;
	locale_t before = xlsx_enter(writer);
	lxw_error error = insert(writer, chart);
	return xlsx_leave(writer, before, error);
}
