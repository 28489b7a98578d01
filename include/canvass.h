/* canvass: XLSForm surveys from C and C++.
 *
 * A form says what is asked.  The library reads one, judges answers by its rules, evaluates its expressions, imports
 * returned files into a store, and writes the comparison of all respondents as a workbook.
 *
 * Texts.  Every text is UTF-8.  Texts given are NUL-terminated; they are copied, or not used after the call.  Texts
 * returned are a canvass_text: `len` bytes at `at`, followed by a NUL that does not count, so that `at` can be printed.
 *
 * Ownership.  canvass_..._new and canvass_form_open make an object that the caller ends with the _free of the same name,
 * which accepts NULL.  An object made from another one (answers in rows, an evaluation: from a form) is freed before it.
 * Everything else is borrowed, for as long as the comment says.
 *
 * Errors.  Functions return a canvass_status.  What is wrong with a form or with answers is not an error of the program:
 * it is reported as findings.  CANVASS_REJECTED says that the findings contain the reason.  After any status but
 * CANVASS_OK the object to be made is NULL.  Nothing is printed, the process is never ended, and no child process is made.
 *
 * NULL.  A pointer may be NULL only where its comment says so; elsewhere NULL is CANVASS_MISUSE, and nothing is done.
 *
 * Sizes.  Structs that may grow begin with struct_size.  Set it to the sizeof of the struct, and every field that you do
 * not use to 0, as an initializer does: { .struct_size = sizeof(canvass_form_options) }.  A library that is newer than
 * this header uses the fields that exist here; an older one returns CANVASS_MISUSE where a field that it does not know is
 * not 0.
 *
 * Threads.  The library has no state between calls that changes a result.  Unrelated objects may be used in different threads
 * at the same time.  An object, its findings and the objects made from it may be used by one thread at a time only.  A
 * context may be shared between threads if its allocator may.  In a process, a store may be used by one thread at a time
 * only; access from several processes is coordinated by the store.
 *
 * The outside world.  The library asks no clock and reads no environment variable: the time is a parameter.  It opens the
 * files that it is given by name, those next to a form that was opened by name, and the store.  SQLite, which the store
 * consists of, may write temporary files.
 */
#ifndef CANVASS_H
#define CANVASS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __GNUC__
#define CANVASS_API __attribute__((visibility("default")))
#else
#define CANVASS_API
#endif

/* The version of the library, "0.1.0"; static. */
CANVASS_API const char *canvass_version(void);

typedef enum canvass_status {
	CANVASS_OK = 0,        /* done; whether what was judged has errors, the counts say */
	CANVASS_REJECTED = 1,  /* the input cannot be used; a finding says why */
	CANVASS_NO_MEMORY = 2, /* an allocation failed; the objects can still be freed */
	CANVASS_NO_ACCESS = 3, /* a file, the disk or the store failed; a finding says how */
	CANVASS_MISUSE = 4     /* an argument is not valid; nothing was done */
} canvass_status;
/* A few words in English, "out of memory"; static, never NULL. */
CANVASS_API const char *canvass_status_words(canvass_status status);

typedef struct canvass_text {
	const char *at; /* never NULL; at[len] is NUL */
	size_t len;     /* bytes */
} canvass_text;

/* ---------------------------------------------------------------- time */

/* An instant, and the zone whose days are meant. */
typedef struct canvass_time {
	int64_t utc_ms;     /* milliseconds since 1970-01-01T00:00Z */
	int32_t utc_offset; /* seconds east of UTC; less than a day */
	int32_t reserved;   /* 0 */
} canvass_time;
/* Reads ISO 8601: "2026-12-01T09:00:00+10:00", "2026-12-01T09:00:00Z"; without a zone UTC is meant.  CANVASS_REJECTED: it
 * is no such text, and *out is as it was. */
CANVASS_API canvass_status canvass_time_read(const char *text, canvass_time *out);

/* ---------------------------------------------------------------- context */

/* Where memory comes from.  All three are set, or none: then malloc is used.  They are called in the thread that called
 * the library, and must not call it themselves. */
typedef struct canvass_allocator {
	void *(*allocate)(void *self, size_t size);         /* aligned for any type; size is at least 1; NULL: failed */
	void *(*resize)(void *self, void *at, size_t size); /* NULL: failed, and `at` is unchanged */
	void (*release)(void *self, void *at);              /* at is not NULL */
	void *self;                                         /* passed on; may be NULL */
} canvass_allocator;

typedef struct canvass_context_options {
	size_t struct_size;
	/* Of the memory of canvass, its CSV, XML, zip and pattern libraries.  SQLite, libxlsxwriter and the C library use
	 * malloc. */
	canvass_allocator allocator;
} canvass_context_options;

typedef struct canvass_context canvass_context;
/* options: NULL is all 0; copied. */
CANVASS_API canvass_status canvass_context_new(canvass_context **out, const canvass_context_options *options);
/* After all that was made with it.  NULL: nothing is done. */
CANVASS_API void canvass_context_free(canvass_context *context);

/* ---------------------------------------------------------------- findings */

typedef enum canvass_severity { CANVASS_NOTE = 0, CANVASS_WARNING = 1, CANVASS_ERROR = 2 } canvass_severity;

/* One thing that a person should know about a form, an answer or a file. */
typedef struct canvass_finding {
	size_t struct_size; /* as the library knows it: at least what this header has */
	canvass_severity severity;
	uint32_t number;       /* 501, for canvass_explain */
	char code[8];          /* "E0501": its severity and its number */
	uint32_t row, column;  /* from 1: a line of a text, a row of a sheet or of rows in memory; 0: the whole of it */
	uint32_t from, upto;   /* bytes [from, upto) of `value` that are meant; both 0: all of it */
	canvass_text source;   /* name of the file, as given; may be empty */
	canvass_text sheet;    /* of a workbook, or "survey" of a form; may be empty */
	canvass_text question; /* name or path of the question ("doc[2]/title"), choice or setting; may be empty */
	canvass_text value;    /* the answer, cell or formula; may be empty */
	canvass_text message;  /* one sentence: the form's own for a constraint, else English */
	canvass_text hint;     /* what to do; may be empty */
} canvass_finding;

/* Hears of a finding, which is borrowed for the call.  It must not use the objects that the call under way uses. */
typedef void canvass_on_finding(void *self, const canvass_finding *finding);

/* Collects findings, or hands each to a callback as it is found; counts them in both cases.  May serve any number of calls,
 * and several forms. */
typedef struct canvass_findings canvass_findings;
/* context: NULL is one of no options.  on_finding: NULL collects; self is passed to it and may be NULL. */
CANVASS_API canvass_status canvass_findings_new(canvass_findings **out, canvass_context *context,
						canvass_on_finding *on_finding, void *self);
/* NULL: nothing is done. */
CANVASS_API void canvass_findings_free(canvass_findings *findings);
/* How many were collected.  findings: NULL is 0. */
CANVASS_API size_t canvass_findings_count(const canvass_findings *findings);
/* The one of this index, from 0, in the order in which they were found; borrowed until the findings are reset or freed, or
 * the next call adds to them.  NULL: there is none, or findings is NULL. */
CANVASS_API const canvass_finding *canvass_findings_at(const canvass_findings *findings, size_t index);
/* How many of this severity were found since the last reset, collected or not.  findings: NULL is 0. */
CANVASS_API uint64_t canvass_findings_total(const canvass_findings *findings, canvass_severity severity);
/* Forgets them all, and their number.  NULL: nothing is done. */
CANVASS_API void canvass_findings_reset(canvass_findings *findings);
/* What a number of a finding means and what to do, at length; static.  NULL: there is no such number. */
CANVASS_API const char *canvass_explain(uint32_t number);

/* ---------------------------------------------------------------- forms */

/* A file: read by its name, or given in memory. */
typedef struct canvass_file {
	const char *name;  /* its path, or with bytes the name that findings call it by */
	const void *bytes; /* NULL: it is read from the path `name` */
	size_t size;       /* bytes; 0 without bytes */
} canvass_file;

typedef struct canvass_form_options {
	size_t struct_size;
	const char *language;        /* of the form's messages and labels, "French (fr)" or "fr"; NULL: its default */
	const canvass_file *besides; /* CSV, XML and GeoJSON files that a form in memory reads, in memory; NULL: none */
	size_t beside_count;
	/* 1: advice too (warnings and notes on a form that works); 0: errors, and warnings of reading it */
	uint32_t advise;
	uint32_t reserved; /* 0 */
} canvass_form_options;

typedef struct canvass_form canvass_form;
/* Reads an XLSForm from a workbook or a CSV file, with the files next to it.  CANVASS_REJECTED: it cannot be used, or has
 * no such language.  context: NULL is one of no options; else it is kept until the form is freed.  options: NULL is all 0.
 * findings: NULL: they are not wanted. */
CANVASS_API canvass_status canvass_form_open(canvass_form **out, canvass_context *context, const canvass_file *file,
					     const canvass_form_options *options, canvass_findings *findings);
/* NULL: nothing is done. */
CANVASS_API void canvass_form_free(canvass_form *form);
/* Its form_id, version and title, until it is freed; empty where the form has none, or form is NULL. */
CANVASS_API canvass_text canvass_form_id(const canvass_form *form);
CANVASS_API canvass_text canvass_form_version(const canvass_form *form);
CANVASS_API canvass_text canvass_form_title(const canvass_form *form);
/* How many questions are asked.  form: NULL is 0. */
CANVASS_API size_t canvass_form_count(const canvass_form *form);
/* The name of the question of this index, from 0, in the order of the form, until it is freed.  Empty: there is none, or form
 * is NULL. */
CANVASS_API canvass_text canvass_form_question(const canvass_form *form, size_t index);

/* ---------------------------------------------------------------- answers */

/* The outcome of a call.  Set struct_size; the fields that it covers are set whatever the status, but for CANVASS_MISUSE. */
typedef struct canvass_counts {
	size_t struct_size;
	uint64_t responses;        /* that were judged (check), or are new (import) */
	uint64_t errors, warnings; /* found in answers and files */
	uint64_t changes;          /* answers read as something else than what was written: a label as its code */
	uint64_t files;            /* returns given: a file, or several that belong together */
	uint64_t accepted;         /* of them: stored (import) or read to the end (check) */
	uint64_t already;          /* of them: the store has them */
	uint64_t quarantined;      /* of them: kept apart, with the reason (import), or not read to the end (check) */
	uint64_t failed;           /* of them: a file, the disk or the store failed; nothing was stored */
	uint64_t revisions;        /* responses that take the place of an earlier one of their respondent */
	uint64_t unchanged;        /* responses that the store has, and blank ones */
	uint64_t unattributed;     /* responses kept apart: it is not known whose they are */
} canvass_counts;

typedef struct canvass_check_options {
	size_t struct_size;
	const char *encoding;  /* of CSV files, "windows-1252"; NULL: found */
	const char *delimiter; /* of CSV files, "comma", "semicolon", "tab", "pipe" or one character; NULL: found */
	uint32_t
		strict; /* 1: only exact codes, plain numbers and ISO dates are understood; 0: labels and local forms too */
	uint32_t reserved; /* 0 */
} canvass_check_options;

/* Judges returned files (CSV in the wide or long layout, workbooks), each alone, by the rules of the form, as at `now`.
 * Whose answers they are is not asked, and nothing is stored.  CANVASS_OK: all were read; their errors are findings.
 * CANVASS_REJECTED: one of them could not be read to its end, or is of another form.  The entries of repeats in files of
 * their own are found next to a file that is read by its path.  count is at least 1.  options: NULL is all 0.  findings and
 * counts: NULL: they are not wanted. */
CANVASS_API canvass_status canvass_check(canvass_form *form, const canvass_file *files, size_t count, canvass_time now,
					 const canvass_check_options *options, canvass_findings *findings,
					 canvass_counts *counts);

/* Answers in memory, a response a row, that are judged as they are added.  Rows are counted from 1, and columns from 1 in the
 * order of the names. */
typedef struct canvass_rows canvass_rows;
/* names: of questions, or paths of questions in repeats ("doc[1]/title"); count is at least 1.  CANVASS_REJECTED: no name is a
 * question's.  options: NULL is all 0; only `strict` is used.  findings: NULL: they are not wanted; else they are kept until
 * the rows are freed. */
CANVASS_API canvass_status canvass_rows_new(canvass_rows **out, canvass_form *form, const char *const *names,
					    size_t count, canvass_time now, const canvass_check_options *options,
					    canvass_findings *findings);
/* Adds a row of as many cells as there are names; a cell of NULL is blank.  Findings of it may come with a later row.
 * CANVASS_REJECTED: a cell is not UTF-8; the row is left out. */
CANVASS_API canvass_status canvass_rows_add(canvass_rows *rows, const char *const *cells);
/* Judges what is not judged yet.  More rows may follow.  counts: of all rows so far; NULL: they are not wanted. */
CANVASS_API canvass_status canvass_rows_judge(canvass_rows *rows, canvass_counts *counts);
/* NULL: nothing is done.  Rows that were not judged are dropped. */
CANVASS_API void canvass_rows_free(canvass_rows *rows);

/* ---------------------------------------------------------------- expressions */

/* An answer by the name of its question, or its path ("doc[1]/title"). */
typedef struct canvass_answer {
	const char *name;
	const char *value; /* NULL: blank */
} canvass_answer;

typedef enum canvass_type { CANVASS_STRING = 0, CANVASS_NUMBER = 1, CANVASS_BOOLEAN = 2 } canvass_type;

/* A value, and what XPath converts it to.  Set struct_size. */
typedef struct canvass_value {
	size_t struct_size;
	canvass_type type; /* its own */
	uint32_t boolean;  /* 0 or 1 */
	double number;     /* NaN: it is none */
	canvass_text text; /* until the next value of the evaluation, or until that is freed */
} canvass_value;

/* One response, by which expressions are evaluated. */
typedef struct canvass_evaluation canvass_evaluation;
/* form: NULL: every name given is a text question.  context: used where form is NULL; NULL is one of no options.  answers: NULL
 * with count 0: none.  CANVASS_REJECTED: an answer cannot be given to the form.  findings: NULL: they are not wanted. */
CANVASS_API canvass_status canvass_evaluation_new(canvass_evaluation **out, canvass_context *context,
						  canvass_form *form, const canvass_answer *answers, size_t count,
						  canvass_time now, canvass_findings *findings);
/* Evaluates an expression of XLSForm.  self: the question that `.` means; NULL: none.  CANVASS_REJECTED: it is no expression,
 * there is no question `self`, or a pattern takes too long.  findings: NULL: they are not wanted. */
CANVASS_API canvass_status canvass_evaluation_run(canvass_evaluation *evaluation, const char *expression,
						  const char *self, canvass_value *value, canvass_findings *findings);
/* NULL: nothing is done. */
CANVASS_API void canvass_evaluation_free(canvass_evaluation *evaluation);

/* ---------------------------------------------------------------- the store and the workbook */

typedef struct canvass_store_options {
	size_t struct_size;
	const char *round;          /* label; NULL: the store's current one, else the form's, else the year of `now` */
	const canvass_file *roster; /* CSV of those who are asked, kept by the store; NULL: the one that it has */
	const char *respondent;     /* code of the respondent of files that do not name one; NULL: none */
	const char *encoding;       /* as in canvass_check_options */
	const char *delimiter;
	uint32_t strict;       /* the same */
	uint32_t wait_seconds; /* for a store that another process uses; 0: not at all */
	uint32_t keep_blank;   /* 1: earlier answers stay where a return is blank; 0: it takes them back */
	uint32_t replace;      /* 1: a workbook of this name is replaced; 0: it is CANVASS_REJECTED */
} canvass_store_options;

/* Imports returned files into the store (a file, made where it is missing; its folder exists), one transaction a return:
 * its files, answers and findings are stored together or not at all.  A return that cannot be read, or whose respondent is
 * not known, is quarantined.  CANVASS_OK: every return was accepted, was already imported or was quarantined; see the
 * counts.  CANVASS_NO_ACCESS: one failed; the others are stored.  count is at least 1.  options: NULL is all 0.
 * findings and counts: NULL: they are not wanted. */
CANVASS_API canvass_status canvass_import(canvass_form *form, const char *store, const canvass_file *files,
					  size_t count, canvass_time now, const canvass_store_options *options,
					  canvass_findings *findings, canvass_counts *counts);
/* Writes the comparison workbook of a round (.xlsx) to the path `workbook`.  It is written next to it, read back, compared with
 * what was to be written, and then gets its name: it appears whole or not at all.  libxlsxwriter is loaded for it; under
 * lack of memory that library may crash, and a program that has to survive this writes workbooks in a process of its own.
 * options: NULL is all 0; `round`, `roster`, `wait_seconds` and `replace` are used, and the roster is not kept.  findings:
 * NULL: they are not wanted. */
CANVASS_API canvass_status canvass_workbook_write(canvass_form *form, const char *store, const char *workbook,
						  canvass_time now, const canvass_store_options *options,
						  canvass_findings *findings);

#ifdef __cplusplus
}
#endif

#endif
