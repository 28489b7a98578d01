/* The digests of a workbook's contents: the same as it is laid out and as it is read, and another for each change. */
#include "io_stage.h"

#include <math.h>

#include "io/xlsx_text.h"

/* clang-format off */
#define BYTES(text) { text, sizeof(text) - 1 }
#define TEXT(bytes) { .text = BYTES(bytes) }
#define NUMBER(value) { .kind = CNV_CELL_NUMBER, .number = (value) }
#define DAY(value) { .kind = CNV_CELL_DAY, .look = CNV_LOOK_DAY, .day = (value) }
/* clang-format on */

static const cnv_chart chart = { .row = 3,
				 .column = 3,
				 .width = 300,
				 .height = 200,
				 .title = { "Opinions", 8 },
				 .alt = { "Who agrees,\nand who does not", 29 },
				 .head_row = 0,
				 .first_row = 1,
				 .last_row = 2,
				 .first_column = 1,
				 .last_column = 2 };

/* One cell of a sheet, a chart, or neither. */
typedef struct variant {
	const char *name;
	cnv_cell cell;
	cnv_str sheet; /* empty: "One" */
	bool chart;
} variant;

static void lay(cnv_grid *grid, const variant *v)
{
	const double widths[] = { 20, 20, 20 };
	cnv_sheet_style style = { .name = v->sheet.len ? v->sheet : CNV_STR("One"),
				  .columns = 3,
				  .widths = widths,
				  .header_row = CNV_NONE,
				  .has_comments = true };
	cnv_sheet_style last = { .name = CNV_STR("Last"), .header_row = CNV_NONE, .hidden = true };

	assert_int_equal(grid->sheet(grid->self, &style), CNV_OK);
	assert_int_equal(grid->row(grid->self, 0, 20), CNV_OK);
	assert_int_equal(grid->cell(grid->self, 0, 1, &v->cell), CNV_OK);
	if (v->chart)
		assert_int_equal(grid->chart(grid->self, &chart), CNV_OK);
	assert_int_equal(grid->sheet(grid->self, &last), CNV_OK);
	assert_int_equal(grid->cell(grid->self, 7, 0, &(cnv_cell){ .text = CNV_STR("the end") }), CNV_OK);
}

/* The contents of a workbook that is written to x.xlsx. */
static cnv_contents *write_book(const variant *v)
{
	cnv_contents *laid = cnv_contents_new(NULL);
	cnv_diags diags = { .emit = hear };
	cnv_output output = { 0 };
	cnv_grid grid, digesting;

	assert_int_equal(cnv_output_open(&output, CNV_STR("x.xlsx"), true, &diags), CNV_OK);
	assert_int_equal(cnv_xlsx_grid(&grid, &output, CNV_STR("t"), (cnv_instant){ 1000, 0 }, &diags), CNV_OK);
	cnv_contents_grid(&digesting, laid, &grid);
	lay(&digesting, v);
	assert_int_equal(digesting.finish(digesting.self), CNV_OK);
	cnv_xlsx_free(&grid);
	assert_int_equal(cnv_output_commit(&output, &diags), CNV_OK);
	return laid;
}

static void note_content(void *self, const cnv_content *content)
{
	cnv_text_format(self, "%.*s %c %u %u %.*s\n", CNV_ARG(content->sheet), content->kind, content->row,
			content->column, CNV_ARG(content->text));
}

static cnv_contents *read_book(cnv_text *heard)
{
	cnv_content_listener listener = { heard, note_content };
	cnv_contents *read = cnv_contents_new(&listener);
	cnv_diags diags = { .emit = hear };
	cnv_arena arena = { 0 };
	cnv_str bytes;

	assert_int_equal(cnv_file_load(CNV_STR("x.xlsx"), 1 << 20, &arena, &bytes, &diags), CNV_OK);
	assert_int_equal(cnv_contents_read(read, CNV_STR("x.xlsx"), bytes, &diags), CNV_OK);
	cnv_arena_fini(&arena);
	return read;
}

static bool is_same(const cnv_laid_sheet *a, const cnv_laid_sheet *b)
{
	return cnv_str_equal(a->name, b->name) && a->hidden == b->hidden && a->cells == b->cells &&
	       a->notes == b->notes && a->charts == b->charts && a->links == b->links &&
	       !memcmp(a->link_digest, b->link_digest, sizeof a->link_digest) &&
	       !memcmp(a->cell_digest, b->cell_digest, sizeof a->cell_digest) &&
	       !memcmp(a->note_digest, b->note_digest, sizeof a->note_digest) &&
	       !memcmp(a->chart_digest, b->chart_digest, sizeof a->chart_digest);
}

/* No two of these are the same. */
/* clang-format off */
static const variant variants[] = {
	{ .name = "a text", .cell = TEXT("plain") },
	{ .name = "another text", .cell = TEXT("plain.") },
	{ .name = "a text with blanks at its ends", .cell = TEXT(" plain ") },
	{ .name = "a text that looks like a formula", .cell = TEXT("=1+1") },
	{ .name = "a text that looks like a number", .cell = TEXT("007") },
	{ .name = "a text that looks like an escape", .cell = TEXT("_x0041_") },
	{ .name = "control characters", .cell = TEXT("a\1b\0c\x1F") },
	{ .name = "ends of lines", .cell = TEXT("one\r\ntwo\rthree\nfour") },
	{ .name = "characters that XML does not have", .cell = TEXT("\xEF\xBF\xBE\xF0\x9F\x9A\xA2") },
	{ .name = "small print below", .cell = { .text = BYTES("plain"), .aside = BYTES("more\r\nprint") } },
	{ .name = "a link", .cell = { .text = BYTES("a link"), .link = BYTES("'Last'!A1"), .look = CNV_LOOK_LINK } },
	{ .name = "a link to another cell", .cell = { .text = BYTES("a link"), .link = BYTES("'Last'!A2"), .look = CNV_LOOK_LINK } },
	{ .name = "its text without a link", .cell = { .text = BYTES("a link"), .look = CNV_LOOK_LINK } },
	{ .name = "a whole number", .cell = NUMBER(5) },
	{ .name = "a text of the same digits", .cell = TEXT("5") },
	{ .name = "a fraction", .cell = NUMBER(1.0 / 3) },
	{ .name = "a large number", .cell = NUMBER(1e300) },
	{ .name = "minus zero", .cell = NUMBER(-0.0) },
	{ .name = "a small number", .cell = NUMBER(-4.9e-324) },
	{ .name = "a share", .cell = { .kind = CNV_CELL_NUMBER, .number = 0.25, .look = CNV_LOOK_PERCENT } },
	{ .name = "a day", .cell = DAY(20000) },
	{ .name = "a day before Excel's first", .cell = DAY(-30000) },
	{ .name = "a formula with a number", .cell = { .kind = CNV_CELL_FORMULA, .formula = BYTES("2+3"), .number = 5, .look = CNV_LOOK_NUMBER } },
	{ .name = "a formula with a text", .cell = { .kind = CNV_CELL_FORMULA, .formula = BYTES("\"pl\"&\"ain\""), .text = BYTES("plain"), .is_text = true } },
	{ .name = "a note", .cell = { .text = BYTES("plain"), .comment = BYTES("  =a note\r\n_x0041_ ") } },
	{ .name = "another note", .cell = { .text = BYTES("plain"), .comment = BYTES("another") } },
	{ .name = "a chart", .cell = TEXT("plain"), .chart = true },
	{ .name = "another name", .cell = TEXT("plain"), .sheet = BYTES("It's & 'no.' 2") },
};
/* clang-format on */

static void is_read_as_laid_out(void **state)
{
	cnv_text heard = { 0 };
	cnv_contents *contents[2] = { write_book(*state), read_book(&heard) };
	const cnv_laid *laid = cnv_contents_laid(contents[0]), *read = cnv_contents_laid(contents[1]);

	assert_int_equal(laid->count, 2);
	assert_int_equal(read->count, 2);
	for (uint32_t i = 0; i < 2; i++)
		if (!is_same(&laid->sheets[i], &read->sheets[i]))
			fail_msg("sheet %u is read as: %.*s", i + 1, CNV_ARG(cnv_text_str(&heard)));
	assert_true(cnv_str_ends(cnv_text_str(&heard), CNV_STR("Last t 8 1 the end\n")));
	cnv_contents_free(contents[0]);
	cnv_contents_free(contents[1]);
	cnv_text_fini(&heard);
}

static void each_change_shows(void **state)
{
	cnv_contents *contents[COUNT(variants)];
	cnv_grid grid;

	(void)state;
	for (size_t i = 0; i < COUNT(variants); i++) {
		contents[i] = cnv_contents_new(NULL);
		cnv_contents_grid(&grid, contents[i], NULL);
		lay(&grid, &variants[i]);
		for (size_t k = 0; k < i; k++)
			if (is_same(&cnv_contents_laid(contents[i])->sheets[0],
				    &cnv_contents_laid(contents[k])->sheets[0]))
				fail_msg("%s looks like %s", variants[i].name, variants[k].name);
	}
	for (size_t i = 0; i < COUNT(variants); i++)
		cnv_contents_free(contents[i]);
}

/* A text over the limit of a cell, and one that only just fits. */
static void long_texts_are_cut_in_the_same_way(void **state)
{
	cnv_text text = { 0 };

	for (uint32_t count = 32766; count <= 40000; count += count < 32769 ? 1 : 7231) {
		cnv_text_reset(&text);
		while (text.len < count)
			cnv_text_put_char(&text, text.len % 7 ? 'x' : ' ');
		variant v = { .cell = { .text = cnv_text_str(&text), .comment = cnv_text_str(&text) } };
		*state = &v;
		is_read_as_laid_out(state);
		assert_int_equal(last_code, count > 32767 ? CNV_CELL_SHORTENED : 0);
	}
	cnv_text_fini(&text);
}

/* The digits of a number with decimals are kept for the next one, of which there may be more than are kept. */
static void note_digits(void *self, const cnv_content *content)
{
	cnv_text *text = self;

	cnv_text_reset(text);
	cnv_text_put(text, content->text);
}

static void every_number_has_its_own_digits(void **state)
{
	cnv_text heard = { 0 };
	cnv_content_listener listener = { &heard, note_digits };
	cnv_contents *contents = cnv_contents_new(&listener);
	cnv_grid grid;

	(void)state;
	cnv_contents_grid(&grid, contents, NULL);
	lay(&grid, &(variant){ .cell = NUMBER(1) });
	for (uint32_t i = 0; i < 4000; i++) {
		cnv_cell cell = NUMBER((i % 2 ? i % 1000 : 1000) + 0.37);
		char digits[CNV_NUMBER_ROOM];
		size_t len = cnv_xlsx_number_shown(cell.number, digits);

		assert_int_equal(grid.cell(grid.self, 10 + i, 0, &cell), CNV_OK);
		assert_true(cnv_str_equal(cnv_text_str(&heard), (cnv_str){ digits, len }));
	}
	cnv_contents_free(contents);
	cnv_text_fini(&heard);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(variants) + 3] = { { 0 } };
	size_t count = 0;

	for (size_t i = 0; i < COUNT(variants); i++)
		tests[count++] = (struct CMUnitTest){ variants[i].name, is_read_as_laid_out, enter_folder, leave_folder,
						      (void *)&variants[i] };
	tests[count++] = (struct CMUnitTest){ "each change shows", each_change_shows, NULL, NULL, NULL };
	tests[count++] = (struct CMUnitTest){ "long texts are cut in the same way", long_texts_are_cut_in_the_same_way,
					      enter_folder, leave_folder, NULL };
	tests[count++] = (struct CMUnitTest){ "every number has its own digits", every_number_has_its_own_digits, NULL,
					      NULL, NULL };
	return _cmocka_run_group_tests("io: contents of workbooks", tests, count, NULL, NULL);
}
