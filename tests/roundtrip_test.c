/* Answers of every kind, written as CSV and as a workbook and read back: nothing may change.
 *
 * 105,000 answers drawn by chance, among them what files like to spoil: control characters, text that looks like an
 * escape or a formula, emoji, letters from right to left, numbers of more digits than a spreadsheet has, and texts as
 * long as an Excel cell. */
#include "canvass/io.h"
#include "gather_stage.h"

#include <unistd.h>

#define ROWS 7000u
#define UNITS 32767u /* of UTF-16, in a cell of Excel */

static cnv_chance chance = { 20261201 };

static uint32_t below(uint32_t count)
{
	return cnv_chance_below(&chance, count);
}

/* ---------------------------------------------------------------- answers */

/* Pieces of text; carriage returns stand alone, since a line end inside a cell is one line feed. */
static const char *const pieces[] = {
	"word",
	" two  blanks ",
	"Łódź",
	"日本語",
	"😀",
	"👩‍👩‍👧",
	"שלום",
	"مرحبا",
	"e\xCC\x81",
	"=1+1",
	"+1",
	"-1",
	"@SUM(A1)",
	"\"quoted\"",
	"a,b;c",
	"tab\there",
	"two\nlines",
	"_x0041_",
	"_x005F_",
	"_x000D_",
	"\x01\x02",
	"\x1F",
	"\x7F",
	"\xC2\x85",

	"<b>&amp;",
	"]]>",
	"'",
	"007",
	"1E5",
	"2006-09",
	"12345678901234567890",
	"\xC2\xA0",
	"\xE2\x80\xA8",
	"\xEF\xBB\xBF",
	"_",
	"__x",
	"\r_",
	"TRUE",
	"#REF!",
};

static void put_text(cnv_text *out)
{
	uint32_t count = 1 + below(below(50) ? 6 : 400);

	cnv_text_put_char(out, (char)('a' + below(26))); /* never only blanks, which is no answer */
	for (uint32_t i = 0; i < count; i++)
		cnv_text_put(out, cnv_str_from(pieces[below(sizeof pieces / sizeof pieces[0])]));
	cnv_text_put_char(out, (char)('a' + below(26)));
}

/* A text that fills a cell to its last unit: letters, or characters of two units. */
static void put_longest(cnv_text *out, bool wide)
{
	cnv_text_put_char(out, 'z');
	for (uint32_t units = 1; units < UNITS; units += wide ? 2 : 1)
		cnv_text_put(out, wide ? CNV_STR("\xF0\x9F\x9A\xA2") : CNV_STR("\xE6\x97\xA5"));
}

static void put_names(cnv_text *out, bool all)
{
	static const char *const names[] = { "sid", "book", "none", "x", "y" };
	uint32_t from = below(5), count = all ? 5 : 1 + below(4);

	for (uint32_t i = 0; i < count; i++)
		cnv_text_format(out, "%s%s", i ? " " : "", names[(from + i) % 5]);
}

static void put_answer(cnv_text *out, cnv_kind kind, uint32_t row)
{
	char digits[CNV_NUMBER_ROOM], day[CNV_DAY_ROOM];

	switch (kind) {
	case CNV_TEXT:
		if (row == 10 || row == 11)
			put_longest(out, row == 11);
		else
			put_text(out);
		break;
	case CNV_INTEGER:
		cnv_text_format(out, "%d", (int)(below(UINT32_MAX) - 2147483647u));
		break;
	case CNV_DECIMAL: /* up to 15 digits, which is what a spreadsheet keeps */
		cnv_text_put(out, (cnv_str){ digits,
					     cnv_number_write(cnv_number_round(below(1000000000) * 1e-3, 5), digits) });
		break;
	case CNV_DATE:
		cnv_text_put(out, (cnv_str){ day, cnv_day_write((int32_t)below(60000) - 20000, day) });
		break;
	case CNV_TIME:
		cnv_text_format(out, "%02u:%02u:%02u.%03u+0%u:00", below(24), below(60), below(60), below(1000),
				below(9));
		break;
	case CNV_DATETIME:
		cnv_text_format(out, "20%02u-%02u-%02uT%02u:%02u:%02u.%03uZ", below(100), 1 + below(12), 1 + below(28),
				below(24), below(60), below(60), below(1000));
		break;
	case CNV_CHOICE:
		put_names(out, false);
		out->len = cnv_str_find(cnv_text_str(out), CNV_STR(" ")) < out->len
				   ? cnv_str_find(cnv_text_str(out), CNV_STR(" "))
				   : out->len;
		break;
	case CNV_CHOICES:
		put_names(out, false);
		break;
	case CNV_RANK:
		put_names(out, true);
		break;
	case CNV_GEOPOINT:
		cnv_text_format(out, "%u.%05u -%u.%u 0 4.5", below(90), below(100000), below(180), below(10));
		break;
	case CNV_GEOTRACE:
		cnv_text_put(out, CNV_STR("1.5 2.25 0 0;3 4 0 0; -5 6 1 1"));
		break;
	case CNV_GEOSHAPE:
		cnv_text_put(out, CNV_STR("1 2 0 0;3 4 0 0;5 6 0 0;1 2 0 0"));
		break;
	case CNV_FILE:
		cnv_text_format(out, "photo %u.jpg", below(1000));
		break;
	case CNV_ACKNOWLEDGE:
		cnv_text_put(out, CNV_STR("OK"));
		break;
	case CNV_NOTHING:
		break;
	}
}

/* Row by row, the columns of table 0 in the form's order; choices of the list `states` are left out. */
struct answers {
	cnv_text text;
	size_t *ends;
	uint32_t columns;
};

static bool is_asked(const struct stage *stage, uint32_t column)
{
	const cnv_question *question = &stage->form->questions[stage->form->tables[0].columns[column]];

	return !cnv_str_equal(question->name, CNV_STR("states"));
}

static void draw(struct answers *answers, const struct stage *stage)
{
	size_t at = 0;

	answers->columns = stage->form->tables[0].count;
	answers->ends = cnv_mem_array((size_t)ROWS * answers->columns, sizeof *answers->ends);
	assert_non_null(answers->ends);
	for (uint32_t row = 0; row < ROWS; row++)
		for (uint32_t k = 0; k < answers->columns; k++) {
			cnv_text cell = { 0 };

			if (is_asked(stage, k))
				put_answer(&cell, stage->batch->tables[0].columns[k].kind, row);
			cnv_text_put(&answers->text, cnv_text_str(&cell));
			answers->ends[at++] = answers->text.len;
			cnv_text_fini(&cell);
		}
	assert_false(answers->text.failed);
}

static cnv_str answer_at(const struct answers *answers, uint32_t row, uint32_t column)
{
	size_t at = (size_t)row * answers->columns + column;

	return cnv_str_slice(cnv_text_str(&answers->text), at ? answers->ends[at - 1] : 0, answers->ends[at]);
}

/* ---------------------------------------------------------------- what comes back */

struct coming {
	struct stage *stage;
	const struct answers *answers;
	cnv_gather *gather;
	uint32_t rows; /* compared so far */
};

static void fail_at(const struct coming *c, uint32_t row, uint32_t column, cnv_str want, cnv_str got)
{
	const cnv_question *question = &c->stage->form->questions[c->stage->form->tables[0].columns[column]];

	fail_msg("row %u, %.*s: wrote %zu bytes \"%.*s\", read %zu bytes \"%.*s\"", row, CNV_ARG(question->name),
		 want.len, (int)(want.len < 200 ? want.len : 200), want.at, got.len,
		 (int)(got.len < 200 ? got.len : 200), got.at);
}

static void compare(struct coming *c)
{
	cnv_batch *batch = c->stage->batch;
	cnv_table *table = &batch->tables[0];

	assert_int_equal(cnv_settle(batch, CNV_STR("x"), NULL), CNV_OK);
	for (uint32_t row = 0; row < table->rows; row++)
		for (uint32_t k = 0; k < table->count; k++) {
			const cnv_column *column = &table->columns[k];
			cnv_str want = answer_at(c->answers, c->rows + row, k), got = cnv_column_text(column, row);
			double number;

			if (column->kind == CNV_DECIMAL) {
				assert_true(cnv_number_read(want, &number));
				if (column->verdicts[row] != CNV_ACCEPTED || column->numbers[row] != number)
					fail_at(c, c->rows + row, k, want, got);
			} else if (!cnv_str_equal(want, got) || (want.len && column->verdicts[row] != CNV_ACCEPTED)) {
				fail_at(c, c->rows + row, k, want, got);
			}
		}
	c->rows += table->rows;
	cnv_batch_reset(batch);
}

static cnv_status on_record(void *self, uint32_t line)
{
	struct coming *c = self;
	cnv_status status = cnv_gather_record(c->gather, line);

	if (!status && cnv_gather_full(c->gather))
		compare(c);
	return status;
}

static void on_field(void *self, cnv_str field)
{
	cnv_gather_field(((struct coming *)self)->gather, field);
}

static void begin(struct coming *c, struct stage *stage, struct answers *answers, cnv_diags *diags)
{
	open_stage(stage, KINDS);
	*answers = (struct answers){ 0 };
	draw(answers, stage);
	*diags = (cnv_diags){ .emit = hear, .self = stage };
	*c = (struct coming){ .stage = stage, .answers = answers };
	c->gather = cnv_gather_new(stage->form, stage->batch, CNV_STR("x"), diags);
	assert_non_null(c->gather);
}

static void end(struct coming *c, struct answers *answers)
{
	assert_int_equal(cnv_gather_end(c->gather), CNV_OK);
	compare(c);
	assert_int_equal(c->rows, ROWS);
	assert_string_equal(ended(&c->stage->said), "");
	cnv_gather_free(c->gather);
	cnv_text_fini(&answers->text);
	cnv_mem_free(answers->ends);
	close_stage(c->stage);
}

static cnv_str heading(const struct stage *stage, uint32_t column)
{
	return stage->form->questions[stage->form->tables[0].columns[column]].name;
}

/* ---------------------------------------------------------------- CSV */

static void through_csv(void **state)
{
	struct stage stage;
	struct answers answers;
	struct coming c;
	cnv_diags diags;
	cnv_csv_sink sink = { .self = &c, .field = on_field, .record = on_record };
	cnv_text file = { 0 };

	(void)state;
	begin(&c, &stage, &answers, &diags);
	for (uint32_t row = 0; row <= ROWS; row++)
		for (uint32_t k = 0; k < answers.columns; k++) {
			if (k)
				cnv_text_put_char(&file, ',');
			cnv_csv_put(&file, row ? answer_at(&answers, row - 1, k) : heading(&stage, k));
			if (k + 1 == answers.columns)
				cnv_text_put_char(&file, '\n');
		}
	assert_false(file.failed);
	assert_int_equal(cnv_csv_read(CNV_STR("x"), cnv_text_str(&file), ',', (cnv_csv_limits){ 0 }, &sink, &diags),
			 CNV_OK);
	end(&c, &answers);
	cnv_text_fini(&file);
}

/* ---------------------------------------------------------------- workbooks */

static void write_cell(cnv_grid *grid, uint32_t row, uint32_t column, cnv_kind kind, cnv_str text)
{
	cnv_cell cell = { .kind = CNV_CELL_TEXT, .text = text };

	if (!text.len)
		return;
	if (kind == CNV_INTEGER || kind == CNV_DECIMAL) {
		cell.kind = CNV_CELL_NUMBER;
		assert_true(cnv_number_read(text, &cell.number));
	} else if (kind == CNV_DATE && cnv_day_read(text, &cell.day) && cell.day > -25500) {
		cell.kind = CNV_CELL_DAY;
		cell.look = CNV_LOOK_DAY;
	}
	assert_int_equal(grid->cell(grid->self, row, column, &cell), CNV_OK);
}

static void through_a_workbook(void **state)
{
	char path[] = "/tmp/canvass-roundtrip-XXXXXX";
	double widths[64]; /* a column of no width would be hidden */
	struct stage stage;
	struct answers answers;
	struct coming c;
	cnv_diags diags;
	cnv_output output = { 0 };
	cnv_grid grid = { 0 };
	cnv_arena arena = { 0 };
	cnv_str bytes;
	int descriptor = mkstemp(path);

	(void)state;
	assert_true(descriptor >= 0);
	close(descriptor);
	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
		widths[i] = 12;
	begin(&c, &stage, &answers, &diags);
	assert_int_equal(cnv_output_open(&output, cnv_str_from(path), true, &diags), CNV_OK);
	assert_int_equal(cnv_xlsx_grid(&grid, &output, CNV_STR("Answers"), (cnv_instant){ 0 }, &diags), CNV_OK);
	assert_int_equal(grid.sheet(grid.self, &(cnv_sheet_style){ .name = CNV_STR("Answers"),
								   .columns = answers.columns,
								   .widths = widths,
								   .header_row = CNV_NONE }),
			 CNV_OK);
	for (uint32_t row = 0; row <= ROWS; row++)
		for (uint32_t k = 0; k < answers.columns; k++)
			if (!row)
				write_cell(&grid, 0, k, CNV_TEXT, heading(&stage, k));
			else
				write_cell(&grid, row, k, stage.batch->tables[0].columns[k].kind,
					   answer_at(&answers, row - 1, k));
	assert_int_equal(grid.finish(grid.self), CNV_OK);
	cnv_xlsx_free(&grid);
	assert_int_equal(cnv_output_commit(&output, &diags), CNV_OK);
	assert_int_equal(cnv_file_load(cnv_str_from(path), (size_t)64 << 20, &arena, &bytes, &diags), CNV_OK);
	assert_int_equal(cnv_xlsx_returned(&(cnv_returned){ .source = CNV_STR("x"),
							    .form = stage.form,
							    .gather = c.gather,
							    .arena = &arena,
							    .self = &c,
							    .record = on_record },
					   bytes, &diags),
			 CNV_OK);
	end(&c, &answers);
	cnv_arena_fini(&arena);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "105,000 answers through CSV and back", through_csv, NULL, NULL, NULL },
		{ "105,000 answers through a workbook and back", through_a_workbook, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
