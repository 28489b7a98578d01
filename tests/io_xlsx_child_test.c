/* Workbooks written by a child process: what it says arrives, and however it ends, its parent goes on. */
#include "io_stage.h"

#define LONG_CELL 40000u
#define MANY 3000u /* diagnostics: more than a pipe holds */

static cnv_status put_cell(cnv_grid *grid, uint32_t row, cnv_str text)
{
	return grid->cell(grid->self, row, 0, &(cnv_cell){ .kind = CNV_CELL_TEXT, .text = text });
}

static cnv_status begin(cnv_grid *grid)
{
	return grid->sheet(grid->self, &(cnv_sheet_style){ .name = CNV_STR("s"), .header_row = CNV_NONE });
}

static cnv_status lay_one(void *self, cnv_grid *grid)
{
	cnv_status status = begin(grid);

	(void)self;
	return status ? status : put_cell(grid, 0, CNV_STR("whole"));
}

static cnv_status lay_and_die(void *self, cnv_grid *grid)
{
	cnv_status status = lay_one(self, grid);

	kill(getpid(), SIGKILL);
	return status;
}

static cnv_status lay_and_leave(void *self, cnv_grid *grid)
{
	(void)self, (void)grid;
	_exit(0);
}

static cnv_status lay_and_print(void *self, cnv_grid *grid)
{
	fputs(self, stderr);
	return lay_one(NULL, grid);
}

static cnv_status lay_nothing(void *self, cnv_grid *grid)
{
	(void)self, (void)grid;
	return CNV_NO_MEMORY;
}

static cnv_status lay_bad_text(void *self, cnv_grid *grid)
{
	cnv_status status = begin(grid);

	(void)self;
	return status ? status : put_cell(grid, 0, CNV_STR("\xFF"));
}

/* Cells too long, each with a warning. */
static cnv_status lay_long(void *self, cnv_grid *grid)
{
	static char text[LONG_CELL];
	cnv_status status = begin(grid);

	memset(text, 'x', sizeof text);
	for (uint32_t row = 0; row < *(uint32_t *)self && !status; row++)
		status = put_cell(grid, row, (cnv_str){ text, sizeof text });
	return status;
}

static char print_memory[] = "[ERROR][x.c:1]: Memory allocation failed.\n", print_other[] = "[ERROR] sheet\nmore\n";
static uint32_t one = 1, many = MANY;

static const struct child_case {
	const char *name;
	cnv_status (*lay)(void *self, cnv_grid *grid);
	void *self;
	cnv_status status;
	uint16_t code; /* of the last diagnostic; 0: none */
	const char *message;
	uint64_t errors, warnings;
} cases[] = {
	{ "a workbook", lay_one, NULL, CNV_OK, 0, "", 0, 0 },
	{ "a child that dies", lay_and_die, NULL, CNV_NO_ACCESS, CNV_WORKBOOK_DAMAGED,
	  "the workbook could not be written: its process was killed by signal 9", 1, 0 },
	{ "a child that leaves", lay_and_leave, NULL, CNV_NO_ACCESS, CNV_WORKBOOK_DAMAGED,
	  "the workbook could not be written: its process ended early", 1, 0 },
	{ "a child that prints", lay_and_print, print_other, CNV_NO_ACCESS, CNV_WORKBOOK_DAMAGED,
	  "the workbook could not be written: [ERROR] sheet", 1, 0 },
	{ "a child that prints of memory", lay_and_print, print_memory, CNV_NO_MEMORY, 0, "", 0, 0 },
	{ "a child without memory", lay_nothing, NULL, CNV_NO_MEMORY, 0, "", 0, 0 },
	{ "a cell that is refused", lay_bad_text, NULL, CNV_REJECTED, CNV_CELL_REFUSED, "its text is not UTF-8", 1, 0 },
	{ "a cell that is cut", lay_long, &one, CNV_OK, CNV_CELL_SHORTENED,
	  "the text was cut after 32700 characters; the store has all of it", 0, 1 },
	{ "more than a pipe holds", lay_long, &many, CNV_OK, CNV_CELL_SHORTENED,
	  "the text was cut after 32700 characters; the store has all of it", 0, MANY },
};

static cnv_place last_place;

static void hear_place(void *self, const cnv_diag *diag)
{
	static char source[16], sheet[16];

	hear(self, diag);
	last_place = diag->place;
	snprintf(source, sizeof source, "%.*s", CNV_ARG(diag->place.source));
	snprintf(sheet, sizeof sheet, "%.*s", CNV_ARG(diag->place.sheet));
	last_place.source = cnv_str_from(source);
	last_place.sheet = cnv_str_from(sheet);
}

/* What reaches our own stderr meanwhile. */
static int catch_stderr(int *before)
{
	int into = open("stderr", O_RDWR | O_CREAT | O_TRUNC, 0600);

	fflush(stderr);
	*before = dup(STDERR_FILENO);
	dup2(into, STDERR_FILENO);
	return into;
}

static void child_case(void **state)
{
	const struct child_case *row = *state;
	cnv_diags diags = { .emit = hear_place };
	cnv_xlsx_job job = { CNV_STR("t"), { 1000, 0 }, row->lay, row->self };
	cnv_output output;
	struct stat printed;
	int before;

	assert_int_equal(enter_folder(NULL), 0);
	last_message[0] = '\0';
	assert_int_equal(cnv_output_open(&output, CNV_STR("x.xlsx"), false, &diags), CNV_OK);
	int caught = catch_stderr(&before);
	cnv_status status = cnv_xlsx_write_apart(&output, &job, &diags);
	fstat(caught, &printed);
	dup2(before, STDERR_FILENO);
	close(before);
	close(caught);
	assert_int_equal(printed.st_size, 0);
	assert_int_equal(status, row->status);
	assert_int_equal(last_code, row->code);
	assert_string_equal(last_message, row->message);
	assert_int_equal(diags.errors, row->errors);
	assert_int_equal(diags.warnings, row->warnings);
	if (row->warnings) {
		assert_int_equal(last_place.row, row->warnings);
		assert_true(cnv_str_equal(last_place.source, CNV_STR("x.xlsx")) &&
			    cnv_str_equal(last_place.sheet, CNV_STR("s")));
	}
	if (status)
		cnv_output_abandon(&output);
	else
		assert_int_equal(cnv_output_commit(&output, &diags), CNV_OK);
	assert_int_equal(cnv_file_exists(CNV_STR("x.xlsx")), !status);
	assert_int_equal(leave_folder(NULL), 0);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(cases)];

	for (size_t i = 0; i < COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){ cases[i].name, child_case, NULL, NULL, (void *)(uintptr_t)&cases[i] };
	return _cmocka_run_group_tests("io: workbooks of a child", tests, COUNT(cases), NULL, NULL);
}
