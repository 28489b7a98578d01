/* A workbook whose cells are not what was written, or look otherwise, is not accepted. */
#include "io/xlsx_beside.h"
#include "io/xlsx_proof.h"
#include "io/xlsx_verify.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "zip_parts.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

enum { PARTS = 32, SHEETS = 2 };

static char folder[] = "/tmp/canvass-proof-XXXXXX";

/* The parts of x.xlsx, and what its sheets must hold. */
static struct {
	struct zip_part parts[PARTS];
	cnv_text texts[PARTS];
	char names[PARTS][60];
	uint32_t count;
	uint64_t cells[SHEETS], sums[SHEETS];
	cnv_xlsx_beside besides[SHEETS];
} whole;

static cnv_status gather(void *self, cnv_str bytes)
{
	cnv_text_put(self, bytes);
	return CNV_OK;
}

static void put(cnv_grid *grid, uint32_t row, uint32_t column, cnv_cell cell)
{
	assert_int_equal(grid->cell(grid->self, row, column, &cell), CNV_OK);
}

static const cnv_str sheet_names[SHEETS] = { { "One", 3 }, { "It's no. 2", 10 } };

static void put_chart(cnv_grid *grid)
{
	const cnv_chart chart = { .row = 8,
				  .width = 300,
				  .height = 200,
				  .title = CNV_STR("Opinions"),
				  .alt = CNV_STR("Who agrees,\nand who does not"),
				  .head_row = 1,
				  .first_row = 2,
				  .last_row = 3,
				  .first_column = 1,
				  .last_column = 2 };

	assert_int_equal(grid->chart(grid->self, &chart), CNV_OK);
}

/* Writes a workbook of two sheets: what is read back is compared with what is written here. */
static void write_workbook(void)
{
	const double widths[] = { 20, 20, 20 };
	cnv_diags diags = { 0 };
	cnv_output output = { 0 };
	cnv_grid grid;

	assert_int_equal(cnv_output_open(&output, CNV_STR("x.xlsx"), true, &diags), CNV_OK);
	assert_int_equal(cnv_xlsx_grid(&grid, &output, CNV_STR("t"), (cnv_instant){ 1000, 0 }, &diags), CNV_OK);
	for (uint32_t sheet = 0; sheet < SHEETS; sheet++) {
		cnv_sheet_style style = { .name = sheet_names[sheet],
					  .columns = 3,
					  .widths = widths,
					  .header_row = CNV_NONE,
					  .has_comments = true };

		assert_int_equal(grid.sheet(grid.self, &style), CNV_OK);
		put(&grid, 0, 0, (cnv_cell){ .text = CNV_STR("Title & more"), .look = CNV_LOOK_HEADING, .span = 3 });
		put(&grid, 1, 0,
		    (cnv_cell){ .text = CNV_STR("plain\r\nsecond\rline _x0041_ "), .aside = CNV_STR("small print") });
		put(&grid, 1, 1, (cnv_cell){ .kind = CNV_CELL_NUMBER, .number = 1.0 / 3, .look = CNV_LOOK_NUMBER });
		put(&grid, 1, 2, (cnv_cell){ .kind = CNV_CELL_NUMBER, .number = 1e300, .look = CNV_LOOK_INTEGER });
		put(&grid, 2, 0, (cnv_cell){ .kind = CNV_CELL_DAY, .day = 20000, .look = CNV_LOOK_DAY });
		put(&grid, 2, 1, (cnv_cell){ .kind = CNV_CELL_DAY, .day = -30000, .look = CNV_LOOK_DAY });
		put(&grid, 3, 0,
		    (cnv_cell){ .kind = CNV_CELL_FORMULA,
				.formula = CNV_STR("1<2"),
				.text = CNV_STR("yes"),
				.is_text = true });
		put(&grid, 3, 1, (cnv_cell){ .kind = CNV_CELL_FORMULA, .formula = CNV_STR("1+1"), .number = 2 });
		put(&grid, 4, 0, (cnv_cell){ .text = CNV_STR("struck"), .look = CNV_LOOK_NOT_USABLE });
		put(&grid, 4, 1,
		    (cnv_cell){ .text = CNV_STR("to the cover"), .link = CNV_STR("One!A1"), .look = CNV_LOOK_LINK });
		put(&grid, 4, 2,
		    (cnv_cell){
			    .text = CNV_STR(""), .look = CNV_LOOK_FILL, .comment = CNV_STR(" a remark\r\n_x0041_ ") });
		put_chart(&grid);
	}
	assert_int_equal(grid.finish(grid.self), CNV_OK);
	cnv_xlsx_free(&grid);
	assert_int_equal(cnv_output_commit(&output, &diags), CNV_OK);
}

static uint64_t count_cells(cnv_str sheet)
{
	uint64_t count = 0;

	for (size_t at; (at = cnv_str_find(sheet, CNV_STR("<c "))) != SIZE_MAX; count++)
		sheet = cnv_str_slice(sheet, at + 1, sheet.len);
	return count;
}

static void read_workbook(void)
{
	cnv_zip *zip;
	uint64_t *looks;
	uint32_t count;

	assert_int_equal(cnv_zip_open(&zip, "x.xlsx"), CNV_OK);
	whole.count = cnv_zip_count(zip);
	assert_true(whole.count <= PARTS);
	assert_int_equal(cnv_xlsx_proof_styles(zip, cnv_zip_find(zip, CNV_STR("xl/styles.xml")), &looks, &count),
			 CNV_OK);
	for (uint32_t i = 0; i < whole.count; i++) {
		cnv_str name = cnv_zip_name(zip, i);
		unsigned int sheet;

		snprintf(whole.names[i], sizeof whole.names[i], "%.*s", CNV_ARG(name));
		assert_int_equal(cnv_zip_stream(zip, i, gather, &whole.texts[i]), CNV_OK);
		whole.parts[i] = (struct zip_part){ whole.names[i], cnv_text_str(&whole.texts[i]) };
		if (sscanf(whole.names[i], "xl/worksheets/sheet%u.xml", &sheet) == 1) {
			cnv_xlsx_proof *proof = cnv_xlsx_proof_new(looks, count);
			uint64_t cells;

			assert_non_null(proof);
			assert_int_equal(cnv_xlsx_proof_feed(proof, whole.parts[i].bytes), CNV_OK);
			assert_int_equal(cnv_xlsx_proof_end(proof, &whole.sums[sheet - 1], &cells), CNV_OK);
			cnv_xlsx_proof_free(proof);
			whole.cells[sheet - 1] = count_cells(whole.parts[i].bytes);
			assert_int_equal(cells, whole.cells[sheet - 1]);
			whole.besides[sheet - 1].name = sheet_names[sheet - 1];
			assert_int_equal(
				cnv_xlsx_beside_sum(zip, i, sheet_names[sheet - 1], &whole.besides[sheet - 1].sum),
				CNV_OK);
		}
	}
	cnv_mem_free(looks);
	cnv_zip_close(zip);
}

/* y.xlsx: the same with the first `from` of a part replaced; whether it is accepted. */
static cnv_status verify_with(const char *part, const char *from, const char *to, const char **trouble)
{
	const cnv_xlsx_expect expect = { .cells = whole.cells,
					 .sheets = SHEETS,
					 .commented = SHEETS,
					 .charts = SHEETS,
					 .charted = SHEETS,
					 .linked = SHEETS,
					 .sums = whole.sums,
					 .besides = whole.besides };
	struct zip_part parts[PARTS];
	cnv_text changed = { 0 }, file = { 0 };
	FILE *out = fopen("y.xlsx", "wb");

	memcpy(parts, whole.parts, sizeof parts);
	for (uint32_t i = 0; i < whole.count; i++) {
		cnv_str bytes = parts[i].bytes;
		if (strcmp(parts[i].name, part))
			continue;
		size_t at = cnv_str_find(bytes, cnv_str_from(from));
		if (at == SIZE_MAX)
			fail_msg("%s has no %s: %.3000s", part, from, bytes.at);
		cnv_text_put(&changed, cnv_str_slice(bytes, 0, at));
		cnv_text_put(&changed, cnv_str_from(to));
		cnv_text_put(&changed, cnv_str_slice(bytes, at + strlen(from), bytes.len));
		parts[i].bytes = cnv_text_str(&changed);
	}
	zip_write(&file, parts, whole.count);
	assert_non_null(out);
	assert_int_equal(fwrite(file.at, 1, file.len, out), file.len);
	assert_int_equal(fclose(out), 0);
	cnv_text_fini(&changed);
	cnv_text_fini(&file);
	return cnv_xlsx_verify("y.xlsx", &expect, trouble);
}

static void as_it_was_written_it_is_accepted(void **state)
{
	const char *trouble;

	(void)state;
	assert_int_equal(verify_with("none", "", "", &trouble), CNV_OK);
}

/* Such as a text that was cut inside a character. */
static void what_is_not_well_formed_is_caught(void **state)
{
	static const char *const parts[] = { "xl/workbook.xml", "docProps/app.xml", "xl/drawings/vmlDrawing1.vml" };
	const char *trouble;

	(void)state;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		assert_int_equal(verify_with(parts[i], "</", "\xF0\x9F</", &trouble), CNV_REJECTED);
		assert_string_equal(trouble, "a part of it is not well-formed");
	}
}

static const struct change {
	const char *name, *part, *from, *to;
} changes[] = {
	{ "another text", "xl/worksheets/sheet1.xml", "struck", "Struck" },
	{ "another small print", "xl/worksheets/sheet1.xml", "small print", "small hint" },
	{ "another number", "xl/worksheets/sheet2.xml", "0.3333333333333333", "0.3333333333333334" },
	{ "a number as text", "xl/worksheets/sheet1.xml", "<v>2</v>", "<v></v>" },
	{ "another day", "xl/worksheets/sheet1.xml", "<v>45569</v>", "<v>45570</v>" },
	{ "another formula", "xl/worksheets/sheet2.xml", "1+1", "1+2" },
	{ "a formula with another result", "xl/worksheets/sheet2.xml", "<v>yes</v>", "<v>no</v>" },
	{ "a cell at another place", "xl/worksheets/sheet1.xml", "r=\"C5\"", "r=\"D5\"" },
	{ "a cell of another format", "xl/worksheets/sheet1.xml", "s=\"1\"", "s=\"2\"" },
	{ "a cell without its format", "xl/worksheets/sheet2.xml", "s=\"1\"", "" },
	{ "a number format lost", "xl/styles.xml", "formatCode=\"yyyy-mm-dd\"", "formatCode=\"General\"" },
	{ "another number format", "xl/styles.xml", "#,##0_)", "#,##0" },
	{ "bold lost", "xl/styles.xml", "<b/>", "" },
	{ "struck lost", "xl/styles.xml", "<strike/>", "" },
	{ "italic lost", "xl/styles.xml", "<i/>", "" },
	{ "underlining lost", "xl/styles.xml", "<u/>", "" },
	{ "another size", "xl/styles.xml", "<sz val=\"10\"/>", "<sz val=\"12\"/>" },
	{ "another font", "xl/styles.xml", "<color rgb=\"FF1A1A1A\"/><name val=\"Calibri\"/>",
	  "<color rgb=\"FF1A1A1A\"/><name val=\"Arial\"/>" },
	{ "another colour of text", "xl/styles.xml", "FFB3261E", "FFB3261F" },
	{ "another filling", "xl/styles.xml", "<fgColor rgb=\"FF1F3864\"/>", "<fgColor rgb=\"FF1F3865\"/>" },
	{ "a border lost", "xl/styles.xml", "<left style=\"thin\">", "<left>" },
	{ "another line", "xl/styles.xml", "<bottom style=\"thin\">", "<bottom style=\"double\">" },
	{ "another colour of a line", "xl/styles.xml", "<top style=\"thin\"><color rgb=\"FFD0D5DD\"/>",
	  "<top style=\"thin\"><color rgb=\"FF000000\"/>" },
	{ "wrapping lost", "xl/styles.xml", " wrapText=\"1\"", "" },
	{ "another alignment", "xl/styles.xml", "horizontal=\"right\"", "horizontal=\"left\"" },
	{ "a cell to be filled in locked", "xl/styles.xml", "<protection locked=\"0\"/>", "" },
	{ "another comment", "xl/comments1.xml", "a remark", "another" },
	{ "a comment at another cell", "xl/comments2.xml", "ref=\"C5\"", "ref=\"B5\"" },
	{ "a comment lost", "xl/worksheets/_rels/sheet2.xml.rels", "/relationships/comments", "/relationships/none" },
	{ "another title of a chart", "xl/charts/chart1.xml", "Opinions", "Options" },
	{ "a chart of other cells", "xl/charts/chart2.xml", "$C$3", "$C$2" },
	{ "a chart of another sheet", "xl/charts/chart1.xml", "One!", "Two!" },
	{ "another text for those who do not see a chart", "xl/drawings/drawing1.xml", "Who agrees", "Who" },
	{ "a chart at another place", "xl/drawings/drawing2.xml", "<xdr:row>8</xdr:row>", "<xdr:row>7</xdr:row>" },
	{ "a chart that is not there", "xl/drawings/drawing2.xml", "r:id=\"rId1\"", "r:id=\"rId2\"" },
};

static void a_change_is_caught(void **state)
{
	const struct change *c = *state;
	const char *trouble;

	assert_int_equal(verify_with(c->part, c->from, c->to, &trouble), CNV_REJECTED);
	assert_string_equal(trouble, strncmp(c->part, "xl/worksheets/sheet", 19) && strcmp(c->part, "xl/styles.xml")
					     ? "a comment or a chart is not what was written"
					     : "a cell does not hold what was written, or looks otherwise");
}

/* ---------------------------------------------------------------- comments and charts as the reader gives them */

static bool want_sheet(void *self, const cnv_xlsx_sheet *sheet)
{
	cnv_text_format(self, "%.*s:", CNV_ARG(sheet->name));
	return true;
}

static cnv_status pass_cell(void *self, uint32_t row, uint32_t column, cnv_str text, cnv_xlsx_kind kind)
{
	(void)self, (void)row, (void)column, (void)text, (void)kind;
	return CNV_OK;
}

static cnv_status hear_comment(void *self, uint32_t row, uint32_t column, cnv_str author, cnv_str text)
{
	cnv_text_format(self, " %u,%u %.*s \"%.*s\"", row, column, CNV_ARG(author), CNV_ARG(text));
	return CNV_OK;
}

static cnv_status hear_chart(void *self, const cnv_xlsx_chart *chart)
{
	cnv_text_format(self, " %u,%u %.*s (%.*s) %.*s", chart->row, chart->column, CNV_ARG(chart->title),
			CNV_ARG(chart->alt), CNV_ARG(chart->cells));
	return CNV_OK;
}

static cnv_status end_sheet(void *self)
{
	cnv_text_put_char(self, '\n');
	return CNV_OK;
}

static void comments_and_charts_are_read(void **state)
{
	cnv_text heard = { 0 };
	cnv_diags diags = { 0 };
	cnv_arena arena = { 0 };
	cnv_str bytes;
	const cnv_xlsx_sink sink = { .self = &heard,
				     .sheet = want_sheet,
				     .cell = pass_cell,
				     .end = end_sheet,
				     .comment = hear_comment,
				     .chart = hear_chart };
	static const char each[] = " 5,3 canvass \"a remark\n_x0041_\" 9,1 Opinions (Who agrees, and who does not)"
				   " B2 A3:A4 B3:B4 C2 A3:A4 C3:C4\n";

	(void)state;
	assert_int_equal(cnv_file_load(CNV_STR("x.xlsx"), 1 << 20, &arena, &bytes, &diags), CNV_OK);
	assert_int_equal(cnv_xlsx_read(CNV_STR("x.xlsx"), bytes, &sink, &diags), CNV_OK);
	cnv_text_put_char(&heard, 0);
	for (const char *at = heard.at; *at; at += strlen(each)) {
		at = strchr(at, ':') + 1;
		assert_memory_equal(at, each, strlen(each));
	}
	assert_memory_equal(heard.at, "One:", 4);
	assert_non_null(strstr(heard.at, "\nIt's no. 2:"));
	cnv_text_fini(&heard);
	cnv_arena_fini(&arena);
}

static int enter(void **state)
{
	(void)state;
	if (!mkdtemp(folder) || chdir(folder))
		return 1;
	write_workbook();
	read_workbook();
	return 0;
}

static int leave(void **state)
{
	(void)state;
	for (size_t i = 0; i < PARTS; i++)
		cnv_text_fini(&whole.texts[i]);
	remove("x.xlsx");
	remove("y.xlsx");
	return chdir("/") || rmdir(folder);
}

int main(void)
{
	struct CMUnitTest tests[3 + COUNT(changes)] = { cmocka_unit_test(as_it_was_written_it_is_accepted),
							cmocka_unit_test(what_is_not_well_formed_is_caught),
							cmocka_unit_test(comments_and_charts_are_read) };

	for (size_t i = 0; i < COUNT(changes); i++)
		tests[3 + i] =
			(struct CMUnitTest){ changes[i].name, a_change_is_caught, NULL, NULL, (void *)&changes[i] };
	return _cmocka_run_group_tests("io: what a workbook holds and looks like", tests, COUNT(tests), enter, leave);
}
