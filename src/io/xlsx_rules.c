/* Rules for cells (validation and conditional looks), and names of ranges. */
#include "io/xlsx_writer.h"

#include <stddef.h>
#include <string.h>

#include "io/xlsx_text.h"

/* A copy of at most `most` UTF-16 units (Excel's unit of length), with "…" where it was cut; NULL for an empty text. */
static char *message_copy(struct xlsx_writer *writer, cnv_str s, size_t most)
{
	if (!s.len || cnv_utf8_check(s) != s.len)
		return NULL;
	bool cut = cnv_utf16_length(s) > most;
	size_t len = cut ? cnv_xlsx_bytes(s, most - 1) : s.len;
	char *copy = cnv_arena_get(&writer->arena, len + 4);
	for (size_t at = 0; copy && at < len; at++)
		copy[at] = (unsigned char)s.at[at] < 0x20 && s.at[at] != '\n' ? ' ' : s.at[at];
	if (copy && cut)
		memcpy(copy + len, "\xE2\x80\xA6", 3);
	return copy;
}

static lxw_error lay_look(struct xlsx_writer *writer, const cnv_rule *rule)
{
	lxw_conditional_format look = { .type = LXW_CONDITIONAL_TYPE_FORMULA,
					.value_string = writer->lxw_formula.at,
					.format = writer->formats[rule->look] };

	return worksheet_conditional_format_range(writer->sheet, rule->row, (lxw_col_t)rule->column, rule->last_row,
						  (lxw_col_t)rule->last_column, &look);
}

/* Sets the bounds for the library: one formula, or two for a range. */
static void set_bounds(const struct xlsx_writer *writer, const cnv_rule *rule, lxw_data_validation *wanted)
{
	bool low = rule->low.len, high = rule->high.len;

	if (low && high) {
		wanted->criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
		wanted->minimum_formula = writer->lxw_formula.at;
		wanted->maximum_formula = writer->high.at;
	} else {
		wanted->criteria = low ? LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO
				       : LXW_VALIDATION_CRITERIA_LESS_THAN_OR_EQUAL_TO;
		wanted->value_formula = low ? writer->lxw_formula.at : writer->high.at;
	}
}

/* Turns the validation added last, a formula, into a list.  Version 1.1.4 of the library leaks memory for a list but
 * not for a formula, and the written type depends only on this field. */
static void make_list(struct xlsx_writer *writer)
{
	/* The tail pointer of the library's queue points to the link field of its last member. */
	char *link = (char *)writer->sheet->data_validations->stqh_last;
	lxw_data_val_obj *last = (void *)(link - offsetof(lxw_data_val_obj, list_pointers));

	last->validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
}

static lxw_error validate(struct xlsx_writer *writer, const cnv_rule *rule)
{
	static const uint8_t types[] = {
		[CNV_RULE_ANY] = LXW_VALIDATION_TYPE_ANY,
		[CNV_RULE_LIST] = LXW_VALIDATION_TYPE_CUSTOM_FORMULA, /* see make_list; ..._LIST overflows the heap */
		[CNV_RULE_WHOLE] = LXW_VALIDATION_TYPE_INTEGER_FORMULA,
		[CNV_RULE_DECIMAL] = LXW_VALIDATION_TYPE_DECIMAL_FORMULA,
		[CNV_RULE_DAY] = LXW_VALIDATION_TYPE_DATE_FORMULA,
		[CNV_RULE_TIME] = LXW_VALIDATION_TYPE_TIME_FORMULA,
		[CNV_RULE_LENGTH] = LXW_VALIDATION_TYPE_LENGTH_FORMULA,
		[CNV_RULE_FORMULA] = LXW_VALIDATION_TYPE_CUSTOM_FORMULA,
	};
	lxw_data_validation wanted = {
		.validate = types[rule->kind],
		.ignore_blank = LXW_VALIDATION_ON,
		.show_input = LXW_VALIDATION_ON,
		.show_error = LXW_VALIDATION_ON,
		.dropdown = LXW_VALIDATION_ON,
		.error_type = rule->strict ? LXW_VALIDATION_ERROR_TYPE_STOP : LXW_VALIDATION_ERROR_TYPE_WARNING,
		.input_title = message_copy(writer, rule->title, CNV_RULE_TITLE),
		.input_message = message_copy(writer, rule->prompt, CNV_RULE_PROMPT),
		.error_title = message_copy(writer, rule->title, CNV_RULE_TITLE),
		.error_message = message_copy(writer, rule->message, CNV_RULE_MESSAGE),
	};

	if (writer->arena.failed)
		return LXW_ERROR_MEMORY_MALLOC_FAILED;
	if (rule->kind == CNV_RULE_LIST || rule->kind == CNV_RULE_FORMULA)
		wanted.value_formula = writer->lxw_formula.at;
	else if (rule->kind != CNV_RULE_ANY)
		set_bounds(writer, rule, &wanted);
	lxw_error error = worksheet_data_validation_range(writer->sheet, rule->row, (lxw_col_t)rule->column,
							  rule->last_row, (lxw_col_t)rule->last_column, &wanted);
	if (!error && rule->kind == CNV_RULE_LIST)
		make_list(writer);
	return error;
}

cnv_status xlsx_put_rule(void *self, const cnv_rule *rule)
{
	struct xlsx_writer *writer = self;
	if (writer->status != CNV_OK)
		return writer->status;
	if (!writer->sheet || rule->last_row >= XLSX_ROWS || rule->last_column >= XLSX_COLUMNS ||
	    rule->row > rule->last_row || rule->column > rule->last_column || (unsigned int)rule->look >= CNV_LOOKS)
		return xlsx_refuse_cell(writer, rule->row, rule->column, "a rule is outside the sheet");
	if (xlsx_make_formula(writer, &writer->lxw_formula, "=", rule->low) != CNV_OK ||
	    xlsx_make_formula(writer, &writer->high, "=", rule->high) != CNV_OK)
		return writer->status;
	locale_t before = xlsx_enter(writer);
	lxw_error error = rule->kind == CNV_RULE_LOOK ? lay_look(writer, rule) : validate(writer, rule);
	return xlsx_leave(writer, before, error);
}

cnv_status xlsx_put_name(void *self, cnv_str name, cnv_str range)
{
	struct xlsx_writer *writer = self;
	const char *plain = cnv_xlsx_plain(&writer->arena, name, name.len);
	if (writer->status != CNV_OK || xlsx_make_formula(writer, &writer->lxw_formula, "=", range) != CNV_OK)
		return writer->status;
	if (!plain)
		return writer->status = CNV_NO_MEMORY;
	locale_t before = xlsx_enter(writer);
	lxw_error error = workbook_define_name(writer->book, plain, writer->lxw_formula.at);
	return xlsx_leave(writer, before, error);
}
