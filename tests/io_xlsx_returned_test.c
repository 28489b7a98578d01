/* Returned workbooks: which rows and columns are answers, and what is said of the rest.
 *
 * A workbook is written as its sheets, each behind a line `= name`; a line is a row and | stands between its cells.  A
 * line that begins with ~ is hidden, one with ! merges cells, one with " is a comment (cell, author, text), and one
 * with < hides columns.  The answers here are invented. */
#include "gather_stage.h"
#include "zip_parts.h"

#include "canvass/io.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define MOST_SHEETS 6u

static const char form[] = "survey\n"
			   "|type|name|label|required\n"
			   "|text|who|Who|yes\n"
			   "|integer|age|Age|\n"
			   "|text|why|Why|\n"
			   "|select_multiple w|ways|Ways|\n"
			   "|begin_repeat|doc|Documents|\n"
			   "|text|title|Title|\n"
			   "|begin_repeat|page|Pages|\n"
			   "|integer|number|Number|\n"
			   "|end_repeat|||\n"
			   "|end_repeat|||\n"
			   "choices\n"
			   "|list_name|name|label\n"
			   "|w|sea|By sea\n"
			   "|w|air|By air\n";

/* ---------------------------------------------------------------- workbooks out of lines */

struct sheet {
	cnv_str name;
	bool hidden;
	cnv_text columns, rows, merges, notes;
	uint32_t row;
};

struct workbook {
	struct sheet sheets[MOST_SHEETS];
	uint32_t count;
	cnv_text texts[3 * MOST_SHEETS + 2], book;
};

static void put_row(struct sheet *sheet, cnv_str line)
{
	cnv_str fields[MOST_FIELDS];
	bool hidden = cnv_str_starts(line, CNV_STR("~"));
	uint32_t count = split(hidden ? cnv_str_slice(line, 1, line.len) : line, fields);

	cnv_text_format(&sheet->rows, "<row r=\"%u\"%s>", ++sheet->row, hidden ? " hidden=\"1\"" : "");
	for (uint32_t i = 0; i < count; i++) {
		char cell[CNV_CELL_NAME_ROOM];
		double number;

		cnv_cell_name(sheet->row, i + 1, cell);
		if (cnv_number_read(fields[i], &number))
			cnv_text_format(&sheet->rows, "<c r=\"%s\"><v>%.*s</v></c>", cell, CNV_ARG(fields[i]));
		else if (fields[i].len)
			cnv_text_format(&sheet->rows, "<c r=\"%s\" t=\"inlineStr\"><is><t>%.*s</t></is></c>", cell,
					CNV_ARG(fields[i]));
	}
	cnv_text_put(&sheet->rows, CNV_STR("</row>"));
}

static void put_line(struct workbook *workbook, cnv_str line)
{
	struct sheet *sheet = workbook->count ? &workbook->sheets[workbook->count - 1] : NULL;
	cnv_str fields[MOST_FIELDS], rest = cnv_str_slice(line, 1, line.len), word;

	if (cnv_str_starts(line, CNV_STR("= "))) {
		assert_true(workbook->count < MOST_SHEETS);
		sheet = &workbook->sheets[workbook->count++];
		cnv_str_word(&rest, &sheet->name);
		sheet->hidden = cnv_str_word(&rest, &word);
	} else if (cnv_str_starts(line, CNV_STR("!"))) {
		cnv_text_format(&sheet->merges, "<mergeCell ref=\"%.*s\"/>", CNV_ARG(rest));
	} else if (cnv_str_starts(line, CNV_STR("<"))) {
		cnv_text_format(&sheet->columns, "<col min=\"%.*s\" max=\"%.*s\" hidden=\"1\"/>", CNV_ARG(rest),
				CNV_ARG(rest));
	} else if (cnv_str_starts(line, CNV_STR("\""))) {
		assert_int_equal(split(rest, fields), 3);
		cnv_text_format(&sheet->notes,
				"<comment ref=\"%.*s\" authorId=\"%u\"><text><t>%.*s</t></text></comment>",
				CNV_ARG(fields[0]), cnv_str_equal(fields[1], CNV_STR("canvass")), CNV_ARG(fields[2]));
	} else {
		put_row(sheet, line);
	}
}

static void write_workbook(struct workbook *workbook, const char *lines)
{
	struct zip_part parts[3 * MOST_SHEETS + 3] = {
		{ "_rels/.rels",
		  CNV_STR("<Relationships xmlns=\"" PACKAGE_SPACE "\"><Relationship Id=\"r\" Type=\"" LINK_SPACE
			  "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>") },
	};
	static const char *const names[][3] = {
		{ "xl/s1.xml", "xl/_rels/s1.xml.rels", "xl/c1.xml" },
		{ "xl/s2.xml", "xl/_rels/s2.xml.rels", "xl/c2.xml" },
		{ "xl/s3.xml", "xl/_rels/s3.xml.rels", "xl/c3.xml" },
		{ "xl/s4.xml", "xl/_rels/s4.xml.rels", "xl/c4.xml" },
		{ "xl/s5.xml", "xl/_rels/s5.xml.rels", "xl/c5.xml" },
		{ "xl/s6.xml", "xl/_rels/s6.xml.rels", "xl/c6.xml" },
	};
	cnv_str rest = cnv_str_from(lines), line;
	cnv_text *book = &workbook->texts[0], *links = &workbook->texts[1];
	size_t count = 1;

	while (cnv_str_split(&rest, '\n', &line))
		put_line(workbook, line);
	cnv_text_format(book, "<workbook xmlns=\"%s\" xmlns:r=\"%s\"><sheets>", BOOK_SPACE, LINK_SPACE);
	cnv_text_format(links, "<Relationships xmlns=\"%s\">", PACKAGE_SPACE);
	for (uint32_t i = 0; i < workbook->count; i++) {
		struct sheet *sheet = &workbook->sheets[i];
		cnv_text *xml = &workbook->texts[2 + 3 * i];

		cnv_text_format(book, "<sheet name=\"%.*s\" r:id=\"r%u\"%s/>", CNV_ARG(sheet->name), i,
				sheet->hidden ? " state=\"veryHidden\"" : "");
		cnv_text_format(links, "<Relationship Id=\"r%u\" Type=\"%s/worksheet\" Target=\"s%u.xml\"/>", i,
				LINK_SPACE, i + 1);
		cnv_text_format(&xml[0],
				"<worksheet xmlns=\"%s\"><cols>%.*s</cols><sheetData>%.*s</sheetData><mergeCells>%.*s"
				"</mergeCells></worksheet>",
				BOOK_SPACE, CNV_ARG(cnv_text_str(&sheet->columns)), CNV_ARG(cnv_text_str(&sheet->rows)),
				CNV_ARG(cnv_text_str(&sheet->merges)));
		parts[count++] = (struct zip_part){ names[i][0], cnv_text_str(&xml[0]) };
		if (!sheet->notes.len)
			continue;
		cnv_text_format(
			&xml[1],
			"<Relationships xmlns=\"%s\"><Relationship Id=\"r\" Type=\"%s/comments\" Target=\"c%u.xml\"/>"
			"</Relationships>",
			PACKAGE_SPACE, LINK_SPACE, i + 1);
		cnv_text_format(&xml[2],
				"<comments xmlns=\"%s\"><authors><author>Kim</author><author>canvass</author></authors>"
				"<commentList>%.*s</commentList></comments>",
				BOOK_SPACE, CNV_ARG(cnv_text_str(&sheet->notes)));
		parts[count++] = (struct zip_part){ names[i][1], cnv_text_str(&xml[1]) };
		parts[count++] = (struct zip_part){ names[i][2], cnv_text_str(&xml[2]) };
	}
	cnv_text_put(book, CNV_STR("</sheets></workbook>"));
	cnv_text_put(links, CNV_STR("</Relationships>"));
	parts[count++] = (struct zip_part){ "xl/workbook.xml", cnv_text_str(book) };
	parts[count++] = (struct zip_part){ "xl/_rels/workbook.xml.rels", cnv_text_str(links) };
	zip_write(&workbook->book, parts, count);
}

static void drop_workbook(struct workbook *workbook)
{
	for (uint32_t i = 0; i < workbook->count; i++) {
		cnv_text_fini(&workbook->sheets[i].columns);
		cnv_text_fini(&workbook->sheets[i].rows);
		cnv_text_fini(&workbook->sheets[i].merges);
		cnv_text_fini(&workbook->sheets[i].notes);
	}
	for (size_t i = 0; i < COUNT(workbook->texts); i++)
		cnv_text_fini(&workbook->texts[i]);
	cnv_text_fini(&workbook->book);
}

/* ---------------------------------------------------------------- what came out of one */

static void put_place(cnv_text *out, cnv_place place)
{
	char cell[CNV_CELL_NAME_ROOM];

	cnv_cell_name(place.row, place.column, cell);
	cnv_text_format(out, "@%.*s%s%s", CNV_ARG(place.sheet), *cell ? "!" : "", cell);
}

static void hear_cell(void *self, const cnv_diag *diag)
{
	struct stage *stage = self;
	char name[8];

	cnv_code_name(diag->code, name);
	assert_true(diag->message.len > 0 && cnv_utf8_check(diag->message) == diag->message.len);
	cnv_text_format(&stage->said, " %s", name);
	put_place(&stage->said, diag->place);
}

struct taker {
	struct stage *stage;
	cnv_gather *gather;
};

/* The answers as they were gathered, then the remarks. */
static void dump_answers(struct stage *stage)
{
	const cnv_batch *batch = stage->batch;

	for (uint32_t t = 0; t < batch->table_count; t++)
		for (uint32_t row = 0; row < batch->tables[t].rows; row++)
			for (uint32_t c = 0; c < batch->tables[t].count; c++) {
				const cnv_column *column = &batch->tables[t].columns[c];
				cnv_str text = cnv_column_text(column, row);

				if (!text.len)
					continue;
				cnv_text_format(
					&stage->dump, "%s%.*s=%.*s", stage->dump.len ? " " : "",
					CNV_ARG(cnv_cell_path(batch, t, row, column->question, &stage->scratch)),
					CNV_ARG(text));
				put_place(&stage->dump, cnv_batch_place(batch, t, c, row,
									cnv_row_line(&batch->tables[t], column, row),
									CNV_STR("book")));
			}
	for (uint32_t i = 0; i < batch->remark_count; i++) {
		const cnv_remark *remark = &batch->remarks[i];
		cnv_text_format(&stage->dump, " %.*s#%.*s",
				CNV_ARG(remark->question == CNV_NONE ? CNV_STR("")
								     : batch->form->questions[remark->question].name),
				CNV_ARG(remark->text));
	}
}

static cnv_status on_record(void *self, uint32_t row)
{
	return cnv_gather_record(((struct taker *)self)->gather, row);
}

static cnv_status on_next(void *self)
{
	struct stage *stage = ((struct taker *)self)->stage;

	dump_answers(stage);
	cnv_batch_reset(stage->batch);
	return CNV_OK;
}

static cnv_status read_bytes(struct stage *stage, cnv_str bytes)
{
	cnv_diags diags = { .emit = hear_cell, .self = stage };
	struct taker taker = { stage, cnv_gather_new(stage->form, stage->batch, CNV_STR("book"), &diags) };
	cnv_returned to = { .source = CNV_STR("book"),
			    .form = stage->form,
			    .gather = taker.gather,
			    .arena = &stage->arena,
			    .self = &taker,
			    .record = on_record,
			    .next = on_next };
	cnv_status status = taker.gather ? cnv_xlsx_returned(&to, bytes, &diags) : CNV_NO_MEMORY;

	if (!status)
		status = cnv_gather_end(taker.gather);
	if (!status)
		dump_answers(stage);
	if (status == CNV_REJECTED)
		assert_true(diags.errors > 0);
	cnv_gather_free(taker.gather);
	return status;
}

/* ---------------------------------------------------------------- cases */

#define PACK "= canvass hidden\ncanvass.pack/1\nsheet|Cover\n"

static const struct returned_case {
	const char *name, *lines, *answers, *said;
} cases[] = {
	/* where the questions are named */
	{ "a long sheet", "= a\nquestion|answer\nwho|AA\nage|5", "who=AA@a!B2 age=5@a!B3", "" },
	{ "a wide sheet", "= a\nwho|age\nAA|5", "who=AA@a!A2 age=5@a!B2", "" },
	{ "questions by their labels", "= a\nWho|Age\nAA|5", "who=AA@a!A2 age=5@a!B2", "" },
	{ "words in any letters", "= a\nNo|Question|Answer\n1|who|AA", "who=AA@a!C2", " W0627@a!A1" },
	{ "columns that begin anywhere, with blank ones between", "= a\n||who||age\n||AA||5", "who=AA@a!C2 age=5@a!E2",
	  "" },
	{ "blank rows above and between", "= a\n\n\nquestion|answer\n\nwho|AA", "who=AA@a!B5", "" },
	{ "a title above is told", "= a\nMinistry|of Ports\n\nwho|age\nAA|5", "who=AA@a!A4 age=5@a!B4", " W0661@a!A1" },
	{ "a title that is a question's label is no header", "= a\nWho\nAA\nwho|age\nAA|5", "who=AA@a!A4 age=5@a!B4",
	  " W0661@a!A1" },
	{ "machine words stand below those for people", "= a\nQuestion|Answer\nquestion|answer\nwho|AA", "who=AA@a!B3",
	  " W0661@a!A1" },
	{ "no sheet names questions", "= a\nDear colleague\nall is well", "", " E0660@" },
	{ "entries alone are no return", "= doc\ntitle|_parent_index\nLaw|1", "", " E0660@" },
	/* what is not used */
	{ "beside the columns", "= a\nwho|age\nAA|5||see my mail", "who=AA@a!A2 age=5@a!B2", " W0661@a!D2" },
	{ "under a blank heading", "= a\nwho||age\nAA|x|5", "who=AA@a!A2 age=5@a!C2", " W0661@a!B2" },
	{ "another sheet", "= a\nwho|age\nAA|5\n= notes\n\n|so it is", "who=AA@a!A2 age=5@a!B2", " W0661@notes!B2" },
	{ "a sheet that names one question of many", "= a\nwho|age|why\nAA|5|so\n= notes\nWho|said so\nKim|did",
	  "who=AA@a!A2 age=5@a!B2 why=so@a!C2", " W0661@notes!A1" },
	{ "a table of names beside a questionnaire", "= a\nquestion|answer\nwho|AA\n= names\nwho|age\nBB|6",
	  "who=AA@a!B2", " W0661@names!A1" },
	{ "blanks are not told", "= a\nwho|age\nAA|5|| \n= b\n \n", "who=AA@a!A2 age=5@a!B2", "" },
	/* several sheets */
	{ "sections of one questionnaire", "= a\nquestion|answer\nwho|AA\n= b\n|question||answer\n|age||5",
	  "who=AA@a!B2 age=5@b!D2", "" },
	{ "entries come before the responses, wherever their sheet stands",
	  "= a\nwho|_index\nAA|1\n= doc\ntitle|_parent_index\nLaw|1", "who=AA@a!A2 doc[1]/title=Law@doc!A2", "" },
	{ "entries of entries",
	  "= a\nquestion|answer\nwho|AA\n= d\ndoc[]/title\nLaw\n\nAct\n= p\ndoc[]|doc[]/page[]/number\n2|7",
	  "who=AA@a!B2 doc[1]/title=Law@d!A2 doc[2]/title=Act@d!A4 doc[2]/page[1]/number=7@p!B2", "" },
	{ "two tables of responses", "= a\nwho|age\nAA|5\n= b\nwho|age\nBB|6", "who=AA@a!A2 age=5@a!B2", " E0640@b!1" },
	/* comments */
	{ "a comment at an answer", "= a\nquestion|answer\nwho|AA\nage|5\n\"B3|Kim|a guess",
	  "who=AA@a!B2 age=5@a!B3 age#a guess", "" },
	{ "a comment beside a remark", "= a\nquestion|answer|note\nwho|AA|so\n\"A2|Kim|sure",
	  "who=AA@a!B2 who#so\nsure", "" },
	{ "comments in a wide sheet", "= a\nwho|age\nAA|5\n\"B2|Kim|one\n\"B2|Kim|two",
	  "who=AA@a!A2 age=5@a!B2 age#one\ntwo", "" },
	{ "a comment of canvass itself", "= a\nwho|age\nAA|5\n\"B2|canvass|too low", "who=AA@a!A2 age=5@a!B2", "" },
	{ "comments that belong to no answer", "= a\nwho|age\nAA|5\n\"A1|Kim|x\n\"F9|Kim|y", "who=AA@a!A2 age=5@a!B2",
	  " W0662@a!A1" },
	/* hidden and merged */
	{ "a hidden row", "= a\nquestion|answer\nwho|AA\n~age|5", "who=AA@a!B2 age=5@a!B3", " W0664@a!3" },
	{ "a hidden column of answers", "= a\n<2\nwho|age\nAA|5", "who=AA@a!A2 age=5@a!B2", " W0664@a!B" },
	{ "a hidden column of paths is furniture", "= a\n<1\nquestion|answer\nwho|AA", "who=AA@a!B2", "" },
	{ "a hidden sheet", "= a hidden\nwho|age\nAA|5\n= b\n", "who=AA@a!A2 age=5@a!B2", " W0664@a" },
	{ "merged answers", "= a\nquestion|answer\nwho|AA\nage|5\nwhy\n!B3:B4", "who=AA@a!B2 age=5@a!B3",
	  " W0663@a!B3" },
	{ "a merged title", "= a\nTitle\nquestion|answer\nwho|AA\n!A1:B1", "who=AA@a!B3", " W0661@a!A1" },
	/* workbooks of ours */
	{ "a hidden header below the one for people",
	  PACK "= a\nNo|Question|Answer\n~no|question|answer\n|who|AA\nSection\n|age|5", "who=AA@a!C3 age=5@a!C5", "" },
	{ "their own sheets are not told", PACK "= Cover\nQuestionnaire\n= a\n~question|answer\nwho|AA", "who=AA@a!B2",
	  "" },
	{ "a sheet that was added is told", PACK "= Mine\nhello\n= a\n~question|answer\nwho|AA", "who=AA@a!B2",
	  " W0661@Mine!A1" },
	{ "a sheet that was added and looks like answers",
	  PACK "= Issues\nquestion|answer\nwho|BB\n= a\n~question|answer\nwho|AA", "who=AA@a!B2", " W0661@Issues!A1" },
	{ "the numbers of entries", PACK "= a\n~question|answer\nwho|AA\n= d\nNo|Title\n~|doc[]/title\n1|Law\n2\n3",
	  "who=AA@a!B2 doc[1]/title=Law@d!B3", "" },
	{ "a header that somebody has shown",
	  "= canvass hidden\ncanvass.pack/1\nsheet|a\nsheet|d\n= a\nQuestion|Answer\nquestion|answer\nwho|AA\n= "
	  "b\n~question|answer\n"
	  "age|5\n= d\nTitle\ndoc[]/title\nLaw",
	  "who=AA@a!B3 age=5@b!B2 doc[1]/title=Law@d!A3", "" },
	{ "beside their columns", PACK "= a\n|Hint\n~question||answer\nwho|x|AA|y", "who=AA@a!C3", " W0661@a!D3" },
	{ "a sheet of that name that says nothing is a sheet", "= canvass hidden\nhello\n= a\nquestion|answer\nwho|AA",
	  "who=AA@a!B2", " W0661@canvass!A1" },
};

static void read_case(void **state)
{
	const struct returned_case *row = *state;
	struct workbook workbook = { 0 };
	struct stage stage;

	open_stage(&stage, form);
	write_workbook(&workbook, row->lines);
	assert_true(read_bytes(&stage, cnv_text_str(&workbook.book)) <= CNV_REJECTED);
	cnv_text_put_char(&stage.dump, '\0');
	cnv_text_put_char(&stage.said, '\0');
	assert_string_equal(stage.said.at, row->said);
	assert_string_equal(stage.dump.at, row->answers);
	drop_workbook(&workbook);
	close_stage(&stage);
}

/* ---------------------------------------------------------------- behaviour */

static const char everything[] =
	PACK "= a\n<1\nTitle\n~question|answer|note\nwho|AA|so\nage|5\n~why|so||beside\n!B3:B4\n"
	     "\"B4|Kim|a guess\n\"Z9|Kim|lost\n= doc\n~doc[]/title\nLaw\nAct\n= Mine\nhello";

static void every_changed_byte_ends_well(void **state)
{
	struct workbook workbook = { 0 };
	struct stage stage;

	(void)state;
	open_stage(&stage, form);
	write_workbook(&workbook, everything);
	for (size_t at = 0; at < workbook.book.len; at += 3) {
		workbook.book.at[at] ^= 0x15;
		read_bytes(&stage, cnv_text_str(&workbook.book));
		cnv_batch_reset(stage.batch);
		cnv_text_reset(&stage.said);
		cnv_text_reset(&stage.dump);
		cnv_arena_reset(&stage.scratch);
		workbook.book.at[at] ^= 0x15;
	}
	drop_workbook(&workbook);
	close_stage(&stage);
}

static void without_memory_it_says_so(void **state)
{
	struct workbook workbook = { 0 };
	cnv_status status = CNV_NO_MEMORY;
	size_t after = 0;

	(void)state;
	write_workbook(&workbook, everything);
	for (; status == CNV_NO_MEMORY && after < 20000; after++) {
		cnv_diags diags = { 0 };
		struct stage stage;

		open_stage(&stage, form);
		cnv_mem_fail_after(after);
		struct taker taker = { &stage, cnv_gather_new(stage.form, stage.batch, CNV_STR("book"), &diags) };
		cnv_returned to = { .source = CNV_STR("book"),
				    .form = stage.form,
				    .gather = taker.gather,
				    .arena = &stage.arena,
				    .self = &taker,
				    .record = on_record };
		status = taker.gather ? cnv_xlsx_returned(&to, cnv_text_str(&workbook.book), &diags) : CNV_NO_MEMORY;
		if (!status)
			status = cnv_gather_end(taker.gather);
		cnv_mem_fail_after(SIZE_MAX);
		assert_true(status == CNV_OK || status == CNV_NO_MEMORY);
		assert_int_equal(diags.errors, 0);
		cnv_gather_free(taker.gather);
		close_stage(&stage);
	}
	assert_int_equal(status, CNV_OK);
	assert_true(after > 50);
	drop_workbook(&workbook);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(cases) + 2];
	size_t count = 0;

	for (; count < COUNT(cases); count++)
		tests[count] = (struct CMUnitTest){ cases[count].name, read_case, NULL, NULL,
						    (void *)(uintptr_t)&cases[count] };
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(every_changed_byte_ends_well);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(without_memory_it_says_so);
	return _cmocka_run_group_tests("returned workbooks", tests, count, NULL, NULL);
}
