/* Reads an old workbook (.xls) with libfreexl in a child process.
 *
 * Old workbooks come from strangers, and the library has crashed, looped and run out of memory on crafted ones before.
 * In a child with limits that is one rejected file.  The child reads a temporary file, since the library reads nothing
 * else, and sends what it finds through a pipe: sheets, cells, and last how it ended.
 *
 * The library does not know number formats other than dates, hidden sheets and rows, comments or values that are
 * errors.  Canvass's own sheet, which is always hidden, is recognized by its name. */
#include "canvass/io.h"

#include <errno.h>
#include <fcntl.h>
#include <freexl.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECONDS 60u                          /* of processor time: a large workbook takes one */
#define MEMORY ((rlim_t)2 << 30)             /* bytes of addresses: a workbook has at most a few hundred MiB */
#define TEXT_LIMIT ((uint32_t)CNV_XLSX_CELL) /* bytes of a cell or of the name of a sheet */

/* The shadow memory of a sanitizer needs all addresses; clang and gcc name it differently. */
#if defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define NO_LIMIT 1
#endif
#elif defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define NO_LIMIT 1
#endif
#ifndef NO_LIMIT
#define NO_LIMIT 0
#endif

/* What the child sends, each followed by `len` bytes. */
enum { SHEETS = 's', SHEET = 't', CELL = 'c', DONE = 'e' };
typedef struct record {
	char kind;
	uint8_t cell;         /* cnv_xlsx_kind */
	uint32_t row, column; /* of SHEETS: their number; of DONE: what the library returned */
	uint32_t len;
} record;

/* ---------------------------------------------------------------- the library */

static struct functions {
	int (*open)(const char *path, const void **book);
	int (*info)(const void *book, unsigned short what, unsigned int *info);
	int (*name)(const void *book, unsigned short sheet, const char **name);
	int (*select)(const void *book, unsigned short sheet);
	int (*size)(const void *book, unsigned int *rows, unsigned short *columns);
	int (*value)(const void *book, unsigned int row, unsigned short column, FreeXL_CellValue *value);
} freexl;

static const cnv_symbol symbols[] = {
	{ "freexl_open", offsetof(struct functions, open) },
	{ "freexl_get_info", offsetof(struct functions, info) },
	{ "freexl_get_worksheet_name", offsetof(struct functions, name) },
	{ "freexl_select_active_worksheet", offsetof(struct functions, select) },
	{ "freexl_worksheet_dimensions", offsetof(struct functions, size) },
	{ "freexl_get_cell_value", offsetof(struct functions, value) },
};

static cnv_status load(cnv_str source, cnv_diags *diags)
{
	static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
	static bool loaded;
	const char *trouble = NULL;

	pthread_mutex_lock(&one_at_a_time);
	if (!loaded)
		trouble = cnv_library_load("libfreexl.so.1", symbols, sizeof symbols / sizeof *symbols, &freexl);
	loaded = !trouble;
	pthread_mutex_unlock(&one_at_a_time);
	if (trouble)
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_XLS_LIBRARY, .place = (cnv_place){ .source = source },
					.hint = CNV_STR("install libfreexl (Debian: package libfreexl1), or save"
							" the workbook as .xlsx")),
			       "cannot load the library that reads old workbooks (.xls): %s", trouble);
	return trouble ? CNV_REJECTED : CNV_OK;
}

/* ---------------------------------------------------------------- the child */

static void send_bytes(FILE *to, record head, const char *text)
{
	if (fwrite(&head, sizeof head, 1, to) != 1 || (text && fwrite(text, 1, head.len, to) != head.len))
		_exit(1); /* the parent no longer reads */
}

static void send_text(FILE *to, record head, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	head.len = (uint32_t)(len < TEXT_LIMIT ? len : TEXT_LIMIT);
	if (head.len)
		send_bytes(to, head, text);
}

static void send_cell(FILE *to, record head, const FreeXL_CellValue *value)
{
	char number[CNV_NUMBER_ROOM];
	double found = value->type == FREEXL_CELL_INT ? value->value.int_value : value->value.double_value;

	switch (value->type) {
	case FREEXL_CELL_INT:
	case FREEXL_CELL_DOUBLE:
		if (!isfinite(found))
			return;
		head.cell = CNV_XLSX_NUMBER;
		head.len = (uint32_t)cnv_number_write(found, number);
		send_bytes(to, head, number);
		return;
	case FREEXL_CELL_TEXT:
	case FREEXL_CELL_SST_TEXT:
		head.cell = CNV_XLSX_TEXT;
		send_text(to, head, value->value.text_value);
		return;
	case FREEXL_CELL_DATE:
	case FREEXL_CELL_DATETIME:
	case FREEXL_CELL_TIME:
		head.cell = CNV_XLSX_DATE;
		send_text(to, head, value->value.text_value);
		return;
	}
}

static int send_sheet(FILE *to, const void *book, unsigned short sheet)
{
	const char *name = NULL;
	unsigned int rows = 0;
	unsigned short columns = 0;
	int status = freexl.name(book, sheet, &name);

	if (!status)
		status = freexl.select(book, sheet);
	if (!status)
		status = freexl.size(book, &rows, &columns);
	if (status)
		return status;
	send_text(to, (record){ .kind = SHEET }, name && *name ? name : "?");
	for (unsigned int row = 0; row < rows && row < CNV_XLSX_ROWS; row++)
		for (unsigned short column = 0; column < columns && column < CNV_XLSX_COLUMNS; column++) {
			FreeXL_CellValue value = { .type = FREEXL_CELL_NULL };

			if (!freexl.value(book, row, column, &value))
				send_cell(to, (record){ .kind = CELL, .row = row + 1, .column = column + 1u }, &value);
		}
	return status;
}

static void limit(void)
{
	const struct rlimit seconds = { SECONDS, SECONDS }, none = { 0, 0 }, memory = { MEMORY, MEMORY };

	setrlimit(RLIMIT_CPU, &seconds);
	setrlimit(RLIMIT_CORE, &none);
	if (!NO_LIMIT)
		setrlimit(RLIMIT_AS, &memory);
	signal(SIGPIPE, SIG_DFL);
}

static void work(const char *path, int out)
{
	FILE *to = fdopen(out, "wb");
	int nowhere = open("/dev/null", O_RDWR);
	const void *book = NULL;
	unsigned int sheets = 0, password = FREEXL_BIFF_PLAIN;
	int status;

	if (!to || nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0 || dup2(nowhere, STDERR_FILENO) < 0)
		_exit(1);
	limit();
	status = freexl.open(path, &book);
	if (!status)
		status = freexl.info(book, FREEXL_BIFF_PASSWORD, &password);
	if (!status)
		status = freexl.info(book, FREEXL_BIFF_SHEET_COUNT, &sheets);
	if (!status && password == FREEXL_BIFF_OBFUSCATED)
		status = FREEXL_BIFF_OBFUSCATED;
	if (!status)
		send_bytes(to, (record){ .kind = SHEETS, .row = sheets }, NULL);
	for (unsigned int sheet = 0; sheet < sheets && sheet < CNV_XLSX_PARTS && !status; sheet++)
		status = send_sheet(to, book, (unsigned short)sheet);
	send_bytes(to, (record){ .kind = DONE, .row = (uint32_t)status }, NULL);
	fflush(to);
	_exit(0);
}

/* ---------------------------------------------------------------- the parent */

typedef struct listening {
	cnv_place place;
	const cnv_xlsx_sink *sink;
	cnv_diags *diags;
	cnv_xlsx_sheet sheet;
	cnv_text name, text;
	bool wanted, ended, done; /* ended: the child sends nothing more */
	uint32_t result;          /* of the library */
	uint64_t given;
} listening;

static cnv_status end_sheet(listening *l)
{
	bool wanted = l->wanted;

	l->wanted = false;
	return wanted ? l->sink->end(l->sink->self) : CNV_OK;
}

static cnv_status begin_sheet(listening *l)
{
	cnv_status status = end_sheet(l);

	cnv_text_reset(&l->name);
	cnv_text_put(&l->name, cnv_text_str(&l->text));
	l->sheet.name = cnv_text_str(&l->name);
	l->sheet.tab++;
	l->sheet.hidden = cnv_str_equal(l->sheet.name, CNV_STR("canvass"));
	l->place.sheet = l->sheet.name;
	l->place.tab = l->sheet.tab;
	l->wanted = !status && l->sheet.tab <= l->sheet.tabs && l->sink->sheet(l->sink->self, &l->sheet);
	return status;
}

static cnv_status refuse(const listening *l, cnv_code code, const char *hint, const char *message)
{
	cnv_diags_emit(l->diags, CNV_DIAG(.code = (uint16_t)code, .place = l->place, .hint = cnv_str_from(hint)), "%s",
		       message);
	return CNV_REJECTED;
}

static cnv_status take_cell(listening *l, const record *head)
{
	cnv_str text = cnv_text_str(&l->text);

	if (!l->wanted || !head->row || head->row > CNV_XLSX_ROWS || !head->column || head->column > CNV_XLSX_COLUMNS)
		return CNV_OK;
	text.len = cnv_utf8_check(text);
	l->given += text.len;
	l->place.row = head->row;
	l->place.column = head->column;
	if (l->given > CNV_XLSX_ALL)
		return refuse(l, CNV_BOOK_TOO_LARGE, "split it into several workbooks",
			      "the cells of the workbook have more than 256 MiB of text");
	return l->sink->cell(l->sink->self, head->row, head->column, text, (cnv_xlsx_kind)head->cell);
}

/* Reads one record; false: the child has ended, or sends what it never would. */
static bool read_record(listening *l, FILE *from, record *head)
{
	if (fread(head, sizeof *head, 1, from) != 1 || head->len > TEXT_LIMIT || head->cell > CNV_XLSX_ERROR)
		return false;
	cnv_text_reset(&l->text);
	for (uint32_t at = 0; at < head->len; at++) {
		int c = getc_unlocked(from);

		if (c == EOF)
			return false;
		cnv_text_put_char(&l->text, c ? (char)c : ' ');
	}
	return true;
}

static cnv_status take(listening *l, FILE *from)
{
	record head;

	l->ended = !read_record(l, from, &head);
	if (l->ended)
		return CNV_OK;
	if (l->text.failed || l->name.failed)
		return CNV_NO_MEMORY;
	switch (head.kind) {
	case SHEETS:
		l->sheet.tabs = head.row < CNV_XLSX_PARTS ? head.row : CNV_XLSX_PARTS;
		return CNV_OK;
	case SHEET:
		return begin_sheet(l);
	case CELL:
		return take_cell(l, &head);
	case DONE:
		l->done = true;
		l->result = head.row;
	}
	l->ended = true;
	return CNV_OK;
}

static cnv_status conclude(listening *l)
{
	cnv_place whole = { .source = l->place.source };

	if (l->done && !l->result)
		return end_sheet(l);
	l->place = whole;
	if (l->done && l->result == FREEXL_BIFF_OBFUSCATED)
		return refuse(l, CNV_BOOK_LOCKED, "open it in Excel, remove its password and save it",
			      "the workbook has a password, so it cannot be read");
	return refuse(l, CNV_BOOK_DAMAGED, "open it in Excel and save it as an Excel workbook (.xlsx)",
		      "this old Excel workbook (.xls) is damaged");
}

/* A temporary file with the bytes, which the child opens by name.  false: errno says why. */
static bool write_copy(char *path, cnv_str bytes)
{
	int file = mkstemp(path);
	bool written = file >= 0;

	while (written && bytes.len) {
		ssize_t put = write(file, bytes.at, bytes.len);

		written = put > 0 || (put < 0 && errno == EINTR);
		bytes = cnv_str_slice(bytes, put > 0 ? (size_t)put : 0, bytes.len);
	}
	if (file >= 0)
		close(file);
	return written;
}

static cnv_status listen_to(listening *l, int pipe, pid_t child)
{
	FILE *from = fdopen(pipe, "rb");
	cnv_status status = from ? CNV_OK : CNV_NO_MEMORY;

	while (!status && !l->ended)
		status = take(l, from);
	if (from)
		fclose(from); /* a child that still writes ends */
	else
		close(pipe);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return status ? status : conclude(l);
}

cnv_status cnv_xls_read_apart(cnv_str source, cnv_str bytes, const cnv_xlsx_sink *sink, cnv_diags *diags)
{
	listening l = { .place = { .source = source }, .sink = sink, .diags = diags };
	const char *folder = getenv("TMPDIR");
	char path[256];
	int pipes[2] = { -1, -1 };
	pid_t child = -1;
	cnv_status status = load(source, diags);

	if (status)
		return status;
	snprintf(path, sizeof path, "%s/canvass-XXXXXX", folder && strlen(folder) < 200 ? folder : "/tmp");
	if (write_copy(path, bytes) && !pipe(pipes))
		child = fork();
	if (!child) {
		close(pipes[0]);
		work(path, pipes[1]);
	}
	if (pipes[1] >= 0)
		close(pipes[1]);
	if (child > 0) {
		status = listen_to(&l, pipes[0], child);
	} else {
		status = CNV_NO_ACCESS;
		cnv_diags_emit(diags, CNV_DIAG(.code = CNV_XLS_LIBRARY, .place = (cnv_place){ .source = source }),
			       "cannot read the old workbook (.xls): %s", strerror(errno));
		if (pipes[0] >= 0)
			close(pipes[0]);
	}
	unlink(path);
	cnv_text_fini(&l.name);
	cnv_text_fini(&l.text);
	return status;
}
