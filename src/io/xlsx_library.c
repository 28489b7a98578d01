/* libxlsxwriter, loaded when the first workbook is written.
 *
 * It needs libcrypto, and the two take longer to load than most commands take to run.  So canvass is not linked with
 * it: the functions below have the names and types of the library's, which the compiler checks against its header,
 * and pass each call on.  The loaded version is the one whose header canvass was built with, and every function is
 * looked up before the first is called.  docs/decisions/0012 has the alternatives considered. */
#include "io/xlsx_library.h"

#include <pthread.h>
#include <stddef.h>

/* clang-format off */
#define BOOK lxw_workbook *book
#define SHEET lxw_worksheet *sheet
#define FORMAT lxw_format *format
#define CHART lxw_chart *chart
#define SERIES lxw_chart_series *series
#define AXIS lxw_chart_axis *axis
#define SPAN SERIES, const char *sheet, lxw_row_t row, lxw_col_t column, lxw_row_t last_row, lxw_col_t last_column
#define AT SHEET, lxw_row_t row, lxw_col_t column
#define OVER SHEET, lxw_row_t row, lxw_col_t column, lxw_row_t last_row, lxw_col_t last_column

/* Every function that canvass calls: CALL(name, parameters, arguments) for those without a result, ASK(result, name,
 * parameters, arguments) for the others. */
#define FUNCTIONS(CALL, ASK) \
	ASK(lxw_workbook *, workbook_new_opt, (const char *file, lxw_workbook_options *options), (file, options)) \
	ASK(lxw_worksheet *, workbook_add_worksheet, (BOOK, const char *name), (book, name)) \
	ASK(lxw_chart *, workbook_add_chart, (BOOK, uint8_t type), (book, type)) \
	ASK(lxw_format *, workbook_add_format, (BOOK), (book)) \
	ASK(lxw_error, workbook_define_name, (BOOK, const char *name, const char *formula), (book, name, formula)) \
	ASK(lxw_error, workbook_set_properties, (BOOK, lxw_doc_properties *properties), (book, properties)) \
	ASK(lxw_error, workbook_close, (BOOK), (book)) \
	CALL(lxw_workbook_free, (BOOK), (book)) \
	ASK(char *, lxw_quote_sheetname, (const char *name), (name)) \
	ASK(char *, lxw_strerror, (lxw_error error), (error)) \
	ASK(lxw_chart_series *, chart_add_series, (CHART, const char *bars, const char *values), (chart, bars, values)) \
	CALL(chart_series_set_name_range, (SERIES, const char *sheet, lxw_row_t row, lxw_col_t column), \
	     (series, sheet, row, column)) \
	CALL(chart_series_set_categories, (SPAN), (series, sheet, row, column, last_row, last_column)) \
	CALL(chart_series_set_values, (SPAN), (series, sheet, row, column, last_row, last_column)) \
	CALL(chart_series_set_fill, (SERIES, lxw_chart_fill *fill), (series, fill)) \
	CALL(chart_series_set_pattern, (SERIES, lxw_chart_pattern *pattern), (series, pattern)) \
	CALL(chart_series_set_line, (SERIES, lxw_chart_line *line), (series, line)) \
	CALL(chart_series_set_labels, (SERIES), (series)) \
	CALL(chart_series_set_labels_num_format, (SERIES, const char *number), (series, number)) \
	CALL(chart_series_set_labels_font, (SERIES, lxw_chart_font *font), (series, font)) \
	CALL(chart_series_set_labels_fill, (SERIES, lxw_chart_fill *fill), (series, fill)) \
	ASK(lxw_chart_axis *, chart_axis_get, (CHART, lxw_chart_axis_type type), (chart, type)) \
	CALL(chart_axis_set_reverse, (AXIS), (axis)) \
	CALL(chart_axis_set_num_font, (AXIS, lxw_chart_font *font), (axis, font)) \
	CALL(chart_axis_set_min, (AXIS, double end), (axis, end)) \
	CALL(chart_axis_set_max, (AXIS, double end), (axis, end)) \
	CALL(chart_axis_set_line, (AXIS, lxw_chart_line *line), (axis, line)) \
	CALL(chart_axis_major_gridlines_set_visible, (AXIS, uint8_t visible), (axis, visible)) \
	CALL(chart_axis_set_label_position, (AXIS, uint8_t where), (axis, where)) \
	CALL(chart_title_set_name, (CHART, const char *name), (chart, name)) \
	CALL(chart_title_set_name_font, (CHART, lxw_chart_font *font), (chart, font)) \
	CALL(chart_title_off, (CHART), (chart)) \
	CALL(chart_set_series_gap, (CHART, uint16_t gap), (chart, gap)) \
	CALL(chart_legend_set_position, (CHART, uint8_t where), (chart, where)) \
	CALL(chart_legend_set_font, (CHART, lxw_chart_font *font), (chart, font)) \
	CALL(format_set_align, (FORMAT, uint8_t where), (format, where)) \
	CALL(format_set_bg_color, (FORMAT, lxw_color_t colour), (format, colour)) \
	CALL(format_set_bold, (FORMAT), (format)) \
	CALL(format_set_border, (FORMAT, uint8_t style), (format, style)) \
	CALL(format_set_border_color, (FORMAT, lxw_color_t colour), (format, colour)) \
	CALL(format_set_font_color, (FORMAT, lxw_color_t colour), (format, colour)) \
	CALL(format_set_font_name, (FORMAT, const char *name), (format, name)) \
	CALL(format_set_font_size, (FORMAT, double size), (format, size)) \
	CALL(format_set_font_strikeout, (FORMAT), (format)) \
	CALL(format_set_indent, (FORMAT, uint8_t level), (format, level)) \
	CALL(format_set_italic, (FORMAT), (format)) \
	CALL(format_set_num_format, (FORMAT, const char *number), (format, number)) \
	CALL(format_set_text_wrap, (FORMAT), (format)) \
	CALL(format_set_top, (FORMAT, uint8_t style), (format, style)) \
	CALL(format_set_top_color, (FORMAT, lxw_color_t colour), (format, colour)) \
	CALL(format_set_underline, (FORMAT, uint8_t style), (format, style)) \
	CALL(format_set_unlocked, (FORMAT), (format)) \
	ASK(lxw_error, worksheet_add_table, (OVER, lxw_table_options *options), \
	    (sheet, row, column, last_row, last_column, options)) \
	ASK(lxw_error, worksheet_autofilter, (OVER), (sheet, row, column, last_row, last_column)) \
	ASK(lxw_error, worksheet_conditional_format_range, (OVER, lxw_conditional_format *look), \
	    (sheet, row, column, last_row, last_column, look)) \
	ASK(lxw_error, worksheet_data_validation_range, (OVER, lxw_data_validation *wanted), \
	    (sheet, row, column, last_row, last_column, wanted)) \
	CALL(worksheet_fit_to_pages, (SHEET, uint16_t width, uint16_t height), (sheet, width, height)) \
	CALL(worksheet_freeze_panes, (AT), (sheet, row, column)) \
	CALL(worksheet_gridlines, (SHEET, uint8_t option), (sheet, option)) \
	CALL(worksheet_hide, (SHEET), (sheet)) \
	ASK(lxw_error, worksheet_ignore_errors, (SHEET, uint8_t kind, const char *range), (sheet, kind, range)) \
	ASK(lxw_error, worksheet_insert_chart_opt, (AT, CHART, lxw_chart_options *options), \
	    (sheet, row, column, chart, options)) \
	ASK(lxw_error, worksheet_merge_range, (OVER, const char *text, FORMAT), \
	    (sheet, row, column, last_row, last_column, text, format)) \
	CALL(worksheet_protect, (SHEET, const char *password, lxw_protection *options), (sheet, password, options)) \
	ASK(lxw_error, worksheet_repeat_columns, (SHEET, lxw_col_t column, lxw_col_t last), (sheet, column, last)) \
	ASK(lxw_error, worksheet_repeat_rows, (SHEET, lxw_row_t row, lxw_row_t last), (sheet, row, last)) \
	CALL(worksheet_right_to_left, (SHEET), (sheet)) \
	ASK(lxw_error, worksheet_set_column, (SHEET, lxw_col_t column, lxw_col_t last, double width, FORMAT), \
	    (sheet, column, last, width, format)) \
	ASK(lxw_error, worksheet_set_column_opt, \
	    (SHEET, lxw_col_t column, lxw_col_t last, double width, FORMAT, lxw_row_col_options *options), \
	    (sheet, column, last, width, format, options)) \
	CALL(worksheet_set_comments_author, (SHEET, const char *author), (sheet, author)) \
	ASK(lxw_error, worksheet_set_footer, (SHEET, const char *text), (sheet, text)) \
	CALL(worksheet_set_landscape, (SHEET), (sheet)) \
	CALL(worksheet_set_margins, (SHEET, double left, double right, double top, double bottom), \
	     (sheet, left, right, top, bottom)) \
	CALL(worksheet_set_paper, (SHEET, uint8_t paper), (sheet, paper)) \
	CALL(worksheet_set_print_scale, (SHEET, uint16_t scale), (sheet, scale)) \
	ASK(lxw_error, worksheet_set_h_pagebreaks, (SHEET, lxw_row_t rows[]), (sheet, rows)) \
	ASK(lxw_error, worksheet_set_row, (SHEET, lxw_row_t row, double height, FORMAT), (sheet, row, height, format)) \
	ASK(lxw_error, worksheet_set_row_opt, \
	    (SHEET, lxw_row_t row, double height, FORMAT, lxw_row_col_options *options), \
	    (sheet, row, height, format, options)) \
	ASK(lxw_error, worksheet_set_v_pagebreaks, (SHEET, lxw_col_t columns[]), (sheet, columns)) \
	ASK(lxw_error, worksheet_write_comment_opt, (AT, const char *text, lxw_comment_options *options), \
	    (sheet, row, column, text, options)) \
	ASK(lxw_error, worksheet_write_formula_num, (AT, const char *formula, FORMAT, double result), \
	    (sheet, row, column, formula, format, result)) \
	ASK(lxw_error, worksheet_write_formula_str, (AT, const char *formula, FORMAT, const char *result), \
	    (sheet, row, column, formula, format, result)) \
	ASK(lxw_error, worksheet_write_number, (AT, double number, FORMAT), (sheet, row, column, number, format)) \
	ASK(lxw_error, worksheet_write_rich_string, (AT, lxw_rich_string_tuple **parts, FORMAT), \
	    (sheet, row, column, parts, format)) \
	ASK(lxw_error, worksheet_write_string, (AT, const char *text, FORMAT), (sheet, row, column, text, format)) \
	ASK(lxw_error, worksheet_write_url_opt, (AT, const char *url, FORMAT, const char *text, const char *tip), \
	    (sheet, row, column, url, format, text, tip))
/* clang-format on */

static struct functions {
#define CALL(name, parameters, arguments) void(*name) parameters;
#define ASK(result, name, parameters, arguments) result(*name) parameters;
	FUNCTIONS(CALL, ASK)
#undef CALL
#undef ASK
} functions;

static const cnv_symbol symbols[] = {
#define CALL(name, parameters, arguments) { #name, offsetof(struct functions, name) },
#define ASK(result, name, parameters, arguments) CALL(name, parameters, arguments)
	FUNCTIONS(CALL, ASK)
#undef CALL
#undef ASK
};

cnv_status cnv_xlsx_library_load(cnv_place place, cnv_diags *diags)
{
	static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
	static bool loaded;
	const char *trouble = NULL;

	pthread_mutex_lock(&one_at_a_time);
	if (!loaded)
		trouble = cnv_library_load("libxlsxwriter.so." LXW_SOVERSION, symbols, sizeof symbols / sizeof *symbols,
					   &functions);
	loaded = !trouble;
	pthread_mutex_unlock(&one_at_a_time);
	if (trouble)
		cnv_diags_emit(
			diags,
			CNV_DIAG(.code = CNV_WORKBOOK_LIBRARY, .place = place,
				 .hint = CNV_STR("install libxlsxwriter (Debian: package libxlsxwriter" LXW_SOVERSION
						 "), and run again")),
			"cannot load the library that writes workbooks: %s", trouble);
	return trouble ? CNV_NO_ACCESS : CNV_OK;
}

/* ---------------------------------------------------------------- passing calls on */

#define CALL(name, parameters, arguments)                                                                              \
	void name parameters                                                                                           \
	{                                                                                                              \
		functions.name arguments;                                                                              \
	}
#define ASK(result, name, parameters, arguments)                                                                       \
	result name parameters                                                                                         \
	{                                                                                                              \
		return functions.name arguments;                                                                       \
	}
FUNCTIONS(CALL, ASK)
