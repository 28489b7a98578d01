/* Writes a workbook in a child process.
 *
 * Out of memory, libxlsxwriter crashes, or prints a line on stderr and continues with formats other than those
 * requested.  So it runs in a child: if that fails, the store and the other outputs are not affected, its lines do
 * not reach the terminal, and a workbook counts only if the child finished without output on stderr.
 *
 * The program chooses this with cnv_xlsx_write_by: the library never forks, and is built without this file.
 *
 * The child reads the grid from the memory that it shares with its parent, and writes the temporary file of the
 * output.  Two pipes lead back: one for its diagnostics and, last, its status; the other is its stderr. */
#include "io/path.h"
#include "io/xlsx_job.h"
#include "io/xlsx_library.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#define WORDS 300u                     /* bytes kept of what the library prints */
#define HEARD_LIMIT ((size_t)64 << 20) /* bytes of diagnostics */

/* The last record that a child sends. */
struct end {
	cnv_status status;
	bool short_of_memory;
};

enum { DIAGNOSTIC = 'd', END = 'e' };

/* The texts of a diagnostic, in the order in which they are sent. */
static void list_texts(cnv_diag *diag, cnv_str *texts[7])
{
	cnv_str *const list[] = { &diag->place.source, &diag->place.sheet, &diag->place.heading, &diag->field,
				  &diag->message,      &diag->excerpt,     &diag->hint };

	memcpy(texts, list, sizeof list);
}

/* ---------------------------------------------------------------- the child */

static void send(int to, const void *at, size_t len)
{
	while (len) {
		ssize_t put = write(to, at, len);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			_exit(1); /* the parent no longer reads */
		at = (const char *)at + put;
		len -= (size_t)put;
	}
}

/* Both processes are the same program, so data without pointers is sent as it is in memory. */
static void send_diag(void *self, const cnv_diag *diag)
{
	const char kind = DIAGNOSTIC;
	cnv_diag copy = *diag;
	cnv_str *texts[7];
	const int *to = self;

	list_texts(&copy, texts);
	send(*to, &kind, 1);
	send(*to, &copy, sizeof copy);
	for (size_t i = 0; i < 7; i++)
		send(*to, texts[i]->at, texts[i]->len);
}

/* Each part is packed, and later unpacked, with a quarter of a MiB that is freed after it.  glibc returned it to the
 * system each time, and got it again as pages to be cleared: a fifteenth of the time of a small workbook. */
static void keep_freed_memory(void)
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	mallopt(M_TRIM_THRESHOLD, 4 << 20);
	mallopt(M_TOP_PAD, 1 << 20);
#endif
}

static void work(const cnv_output *output, const cnv_xlsx_job *job, int to, int words)
{
	cnv_diags diags = { .emit = send_diag, .self = &to };
	const char kind = END;
	bool was_short = cnv_mem_ran_short();

	if (dup2(words, STDERR_FILENO) < 0)
		_exit(1);
	keep_freed_memory();
	struct end end = { .status = cnv_xlsx_write_here(output, job, &diags) };
	end.short_of_memory = cnv_mem_ran_short() && !was_short;
	send(to, &kind, 1);
	send(to, &end, sizeof end);
	/* Not exit: the parent must write the contents of its own buffers. */
	_exit(0);
}

/* ---------------------------------------------------------------- the parent */

struct heard {
	cnv_text records;
	char words[WORDS];
	size_t words_len;
};

/* Reads the available bytes of one pipe; false at its end. */
static bool take(struct heard *heard, int from, bool is_words)
{
	char piece[4096];
	ssize_t got = read(from, piece, sizeof piece);

	if (got < 0)
		return errno == EINTR;
	if (is_words) {
		size_t more = WORDS - heard->words_len < (size_t)got ? WORDS - heard->words_len : (size_t)got;
		memcpy(heard->words + heard->words_len, piece, more);
		heard->words_len += more;
	} else {
		cnv_text_put(&heard->records, (cnv_str){ piece, (size_t)got });
	}
	return got > 0;
}

/* Reads until both pipes are closed, which is at the latest when the child ends. */
static void listen_to(struct heard *heard, int records, int words)
{
	struct pollfd pipes[] = { { .fd = records, .events = POLLIN }, { .fd = words, .events = POLLIN } };

	while (pipes[0].fd >= 0 || pipes[1].fd >= 0) {
		if (poll(pipes, 2, -1) < 0 && errno != EINTR)
			return;
		for (size_t i = 0; i < 2; i++)
			if (pipes[i].fd >= 0 && pipes[i].revents && !take(heard, pipes[i].fd, i == 1))
				pipes[i].fd = -1; /* poll ignores it */
	}
}

/* Takes `len` bytes off the front of *rest; NULL when there are fewer. */
static const char *take_bytes(cnv_str *rest, size_t len)
{
	const char *at = rest->at;

	if (len > rest->len)
		return NULL;
	*rest = cnv_str_slice(*rest, len, rest->len);
	return at;
}

static bool tell_diag(cnv_str *rest, cnv_diags *diags)
{
	const char *at = take_bytes(rest, sizeof(cnv_diag));
	cnv_diag diag;
	cnv_str *texts[7];

	if (!at)
		return false;
	memcpy(&diag, at, sizeof diag);
	list_texts(&diag, texts);
	for (size_t i = 0; i < 7; i++)
		if (!(texts[i]->at = take_bytes(rest, texts[i]->len)))
			return false;
	cnv_diags_forward(diags, &diag);
	return true;
}

/* Passes the diagnostics on; true if the child finished, with its last record in *end. */
static bool tell_all(const struct heard *heard, struct end *end, cnv_diags *diags)
{
	cnv_str rest = cnv_text_str(&heard->records);
	const char *kind, *at;

	while ((kind = take_bytes(&rest, 1)) && *kind == DIAGNOSTIC)
		if (!tell_diag(&rest, diags))
			return false;
	if (!kind || !(at = take_bytes(&rest, sizeof *end)))
		return false;
	memcpy(end, at, sizeof *end);
	return true;
}

static cnv_status refuse(const cnv_output *output, const struct heard *heard, int how, cnv_diags *diags)
{
	cnv_str words = { heard->words, heard->words_len }, line = { 0 };
	char ended[40];

	cnv_str_split(&words, '\n', &line);
	line.len = cnv_utf8_check(line);
	if (!line.len) {
		snprintf(ended, sizeof ended,
			 WIFSIGNALED(how) ? "its process was killed by signal %d" : "its process ended early",
			 WIFSIGNALED(how) ? WTERMSIG(how) : 0);
		line = cnv_str_from(ended);
	}
	cnv_diags_emit(
		diags,
		CNV_DIAG(.code = CNV_WORKBOOK_DAMAGED, .place = (cnv_place){ .source = output->target },
			 .hint = CNV_STR(
				 "free memory and disk space, also in the folder for temporary files, and run again")),
		"the workbook could not be written: %.*s", CNV_ARG(line));
	return CNV_NO_ACCESS;
}

/* The result of the child, once it has ended. */
static cnv_status judge(const cnv_output *output, const struct heard *heard, int how, cnv_diags *diags)
{
	cnv_str words = { heard->words, heard->words_len };
	uint64_t errors = diags->errors;
	struct end end = { 0 };
	bool ended = tell_all(heard, &end, diags);

	if (heard->records.failed || end.short_of_memory || end.status == CNV_NO_MEMORY ||
	    cnv_str_find(words, CNV_STR("emory")) != SIZE_MAX) {
		cnv_mem_note_shortage();
		return CNV_NO_MEMORY;
	}
	if (ended && end.status)
		return end.status;
	if (ended && !words.len)
		return CNV_OK;
	return diags->errors > errors ? CNV_NO_ACCESS : refuse(output, heard, how, diags);
}

static void close_both(int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

cnv_status cnv_xlsx_write_apart(const cnv_output *output, const cnv_xlsx_job *job, cnv_diags *diags)
{
	struct heard heard = { .records = { .limit = HEARD_LIMIT } };
	int records[2], words[2], how = 0;
	/* Loaded before the fork, so that each child already has it. */
	cnv_status status = cnv_xlsx_library_load((cnv_place){ .source = output->target }, diags);

	if (status)
		return status;
	if (pipe(records))
		return cnv_trouble_say(cnv_writing, errno, output->target, diags);
	if (pipe(words)) {
		status = cnv_trouble_say(cnv_writing, errno, output->target, diags);
		close_both(records);
		return status;
	}
	pid_t child = fork();
	if (!child) {
		close(records[0]);
		close(words[0]);
		work(output, job, records[1], words[1]);
	}
	int error = child < 0 ? errno : 0;
	close(records[1]);
	close(words[1]);
	if (child > 0) {
		listen_to(&heard, records[0], words[0]);
		while (waitpid(child, &how, 0) < 0 && errno == EINTR)
			;
		status = judge(output, &heard, how, diags);
	} else {
		status = cnv_trouble_say(cnv_writing, error == EAGAIN ? ENOMEM : error, output->target, diags);
	}
	close(records[0]);
	close(words[0]);
	cnv_text_fini(&heard.records);
	return status;
}
