/* base: text, memory, diagnostics, numbers, days and bits.
 *
 * The ground floor.  It knows nothing of forms or answers, and like every room up
 * to report it opens nothing, prints nothing, and never asks the locale, the clock
 * or the environment: whatever it needs is handed in.
 */
#ifndef CANVASS_BASE_H
#define CANVASS_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---------------------------------------------------------------- text (str.c)
 *
 * Inside canvass text is a pointer and a length.  It is UTF-8 once it has passed
 * cnv_utf8_check, may hold NUL, and does not end with one. */

typedef struct cnv_str {
	const char *at;
	size_t len; /* bytes */
} cnv_str;

#define CNV_STR(literal) ((cnv_str){ (literal), sizeof(literal) - 1 })
/* For "%.*s": CNV_ARG(name).  Longer than INT_MAX is cut. */
#define CNV_ARG(s) cnv_str_width_arg(s), ((s).len ? (s).at : "")

int cnv_str_width_arg(cnv_str s);
cnv_str cnv_str_from(const char *c_string); /* NULL is empty; borrowed */
bool cnv_str_equal(cnv_str a, cnv_str b);
int cnv_str_compare(cnv_str a, cnv_str b); /* bytewise, as memcmp; a prefix comes first */
bool cnv_str_starts(cnv_str s, cnv_str prefix);
bool cnv_str_ends(cnv_str s, cnv_str suffix);
/* Undoes the escapes of backslash, tab, line feed and carriage return in place; the length then. */
size_t cnv_unescape(char *text, size_t len);
/* The noun that goes with a count: "question" with 1, else "questions". */
const char *cnv_noun(uint64_t count, const char *one, const char *many);
/* Offset of the first occurrence, or SIZE_MAX.  An empty needle is at 0. */
size_t cnv_str_find(cnv_str s, cnv_str needle);
/* Without white space at both ends: ASCII blanks (space, tab, CR, LF, VT, FF) only. */
cnv_str cnv_str_trim(cnv_str s);
/* The same, taking U+00A0 and the other Unicode spaces too, as XLSForm cells are read. */
cnv_str cnv_str_trim_unicode(cnv_str s);
cnv_str cnv_str_slice(cnv_str s, size_t from, size_t upto); /* clamped; half-open */
/* The next piece of *rest up to `separator`, which is dropped; false when nothing is left, so that an
 * empty piece after the last separator is not given. */
bool cnv_str_split(cnv_str *rest, char separator, cnv_str *piece);
/* The next run of non-blank characters (ASCII blanks) of *rest; false when none is left. */
bool cnv_str_word(cnv_str *rest, cnv_str *word);
/* ASCII case-insensitive equality; `word` is lower case. */
bool cnv_str_is_word(cnv_str text, const char *word);
static inline bool cnv_is_digit(char c) /* ASCII */
{
	return c >= '0' && c <= '9';
}
static inline char cnv_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
} /* ASCII only */
/* seed: which of many hashes. */
uint64_t cnv_str_hash(cnv_str s, uint64_t seed);

/* A whole product of 64 bits by 64, of which hashes are made. */
typedef struct cnv_wide {
	uint64_t low, high;
} cnv_wide;
static inline cnv_wide cnv_multiply(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ typedef unsigned __int128 product;
	product p = (product)a * b;

	return (cnv_wide){ (uint64_t)p, (uint64_t)(p >> 64) };
#else
	uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
	uint64_t middle = a1 * b0 + (a0 * b0 >> 32), other = a0 * b1 + (uint32_t)middle;

	return (cnv_wide){ a * b, a1 * b1 + (middle >> 32) + (other >> 32) };
#endif
}

/* First byte from `from` (at most s.len) on that is not ASCII, or s.len. */
size_t cnv_str_beyond_ascii(cnv_str s, size_t from);
/* First byte that is not well-formed UTF-8 (surrogates and beyond U+10FFFF included), or s.len. */
size_t cnv_utf8_check(cnv_str s);
/* Decodes one code point of valid UTF-8 at *at and moves past it. */
uint32_t cnv_utf8_next(const char **at, const char *end);
/* A control, bidirectional or zero-width character, but for line feed and tab: not to be shown as it is. */
bool cnv_is_hidden(uint32_t c);
size_t cnv_utf8_put(char out[4], uint32_t code_point);
cnv_str cnv_utf8_cut(cnv_str s, size_t most); /* at most `most` bytes, whole characters only */
size_t cnv_utf8_count(cnv_str s);             /* code points */
size_t cnv_utf16_length(cnv_str s);           /* UTF-16 units, as Excel and string-length() count */

/* ---------------------------------------------------------------- Unicode (unicode.c, utf8proc only there) */

struct cnv_arena;
/* Terminal columns taken by s: wide characters 2, combining and control 0. */
size_t cnv_text_width(cnv_str s);
/* Takes the next line of at most `room` columns from *rest: up to a blank (ASCII), or between wide characters; a word that
 * is too wide is cut, never before a combining character.  No blanks at both ends; false: nothing is left.  (wrap.c) */
bool cnv_wrap_next(cnv_str *rest, size_t room, cnv_str *line);
/* Case-folded, NFKC, trimmed, inner white space runs made one space, curly quotes and
 * dashes made straight: what two labels are compared by.  Copied into `arena`; an empty
 * string when memory has run out (the arena remembers). */
cnv_str cnv_text_fold(struct cnv_arena *arena, cnv_str s);
/* NFC: letters and their accents as one character where there is one.  Copied as well. */
cnv_str cnv_text_compose(struct cnv_arena *arena, cnv_str s);

/* The class of a character, for deciding whether bytes are text. */
typedef enum cnv_char_class {
	CNV_CHAR_NONE, /* control, private, not assigned: in no text */
	CNV_CHAR_BLANK,
	CNV_CHAR_SIGN, /* punctuation and symbols */
	CNV_CHAR_DIGIT,
	CNV_CHAR_LOWER,
	CNV_CHAR_UPPER,
	CNV_CHAR_LETTER, /* of a script without case */
	CNV_CHAR_MARK    /* combines with the letter before it */
} cnv_char_class;
cnv_char_class cnv_char_classify(uint32_t code_point);
uint32_t cnv_char_lower(uint32_t code_point); /* the small letter of a capital, else itself */

/* ---------------------------------------------------------------- memory (mem.c)
 *
 * Three lifetimes: the run, a window of rows, one call.  Each is an arena.  Running out
 * of memory is sticky: the owner of the arena checks `failed` once and returns CNV_NO_MEMORY. */

typedef struct cnv_arena {
	struct cnv_chunk *chunk; /* newest */
	size_t taken;            /* bytes handed out since init or reset */
	size_t limit;            /* 0: none; going over it fails like lack of memory */
	bool failed;
} cnv_arena; /* { 0 } is ready to use */

void *cnv_arena_get(cnv_arena *arena, size_t size);                 /* zeroed, aligned for anything; NULL when failed */
void *cnv_arena_array(cnv_arena *arena, size_t count, size_t size); /* the same; overflow is a failure */
/* Makes room for element `count` of an array in the arena, *at (of elements of `size`), by doubling *room; the old
 * array stays until the arena ends.  false: no memory, nothing changed. */
bool cnv_arena_grow(cnv_arena *arena, void **at, uint32_t count, uint32_t *room, size_t size);
cnv_str cnv_arena_copy(cnv_arena *arena, cnv_str s);
cnv_str cnv_arena_format(cnv_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
void cnv_arena_reset(cnv_arena *arena); /* empty it, keep its memory (joined to one chunk) and forget a failure */
void cnv_arena_fini(cnv_arena *arena);

/* A growing text.  Sticky `failed`; appends to a failed text are no-ops. */
typedef struct cnv_text {
	char *at;
	size_t len, room;
	size_t limit; /* 0: none */
	bool failed;
} cnv_text; /* { 0 } is ready to use */

void cnv_text_put(cnv_text *text, cnv_str s);
void cnv_text_put_char(cnv_text *text, char c);
void cnv_text_format(cnv_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void cnv_text_vformat(cnv_text *text, const char *format, va_list list);
bool cnv_text_reserve(cnv_text *text, size_t more);
cnv_str cnv_text_str(const cnv_text *text); /* until the next append */
/* Appends an operand as a POSIX shell reads it back, quoted where it must be. */
void cnv_shell_quote(cnv_text *out, cnv_str operand);
void cnv_text_reset(cnv_text *text);
void cnv_text_fini(cnv_text *text);

/* Everything above, and every room, allocates through these, so that a test can count the
 * allocations and have them fail. */
void *cnv_mem_get(size_t size); /* zeroed; size 0 returns a valid pointer */
void *cnv_mem_array(size_t count, size_t size);
/* new part not zeroed; NULL leaves `at` alone */
void *cnv_mem_resize(void *at, size_t old_count, size_t count, size_t size);
void cnv_mem_free(void *at);
/* Memory from elsewhere than the C library, for what one caller of the library makes: until the next call of this
 * function, everything in this thread is allocated and freed by `allocator` (borrowed; NULL: the C library).  Returns the
 * one before.  What was allocated by one must be freed by it. */
typedef struct cnv_allocator {
	void *(*allocate)(void *self, size_t size);         /* at least 1 byte; NULL: there is none */
	void *(*resize)(void *self, void *at, size_t size); /* NULL: there is none, and `at` is as it was */
	void (*release)(void *self, void *at);
	void *self;
} cnv_allocator;
const cnv_allocator *cnv_mem_use(const cnv_allocator *allocator);
/* For tests: lets so many more succeed, and then fails all that follow, or only the next; SIZE_MAX: none fails. */
void cnv_mem_fail_after(size_t allocations);
void cnv_mem_fail_once(size_t allocations);
size_t cnv_mem_allocations(void);
/* Whether an allocation ever failed in this run; failures inside a library are noted by its caller. */
void cnv_mem_note_shortage(void);
bool cnv_mem_ran_short(void);
/* How many failed in this thread.  Work that ends with another number than it began with has lost something, even if
 * nothing on the way remembered it. */
size_t cnv_mem_shortages(void);
/* a * b, or false when it does not fit. */
bool cnv_size_multiply(size_t a, size_t b, size_t *product);
bool cnv_size_add(size_t a, size_t b, size_t *sum);
/* Grows *at (of elements of `size`) so that `want` fit, doubling *room (uint32_t).
 * false: no memory, nothing changed. */
bool cnv_mem_room(void **at, uint32_t *room, uint32_t want, size_t size);

/* A map from text to a number, open addressing; keys are borrowed. */
typedef struct cnv_map {
	struct cnv_map_slot *slots;
	uint32_t count, room;
	uint32_t reach;  /* the most slots that one key looks at */
	uint32_t chosen; /* keys when the seed was chosen */
	uint64_t seed;
	bool failed;
} cnv_map; /* { 0 } is ready to use */

/* Returns the number already there for `key`, or stores `value` and returns it. */
uint32_t cnv_map_put(cnv_map *map, cnv_str key, uint32_t value);
uint32_t cnv_map_find(const cnv_map *map, cnv_str key); /* CNV_NONE when absent */
void cnv_map_fini(cnv_map *map);

#define CNV_NONE UINT32_MAX

/* ---------------------------------------------------------------- names (names.c)
 *
 * What things are called.  The same thing may have names of several ranks (the full path, the short one, a label), each in
 * a scope (a table, a list): a name is ambiguous only when two things share it in one rank and scope. */

#define CNV_NAME_AMBIGUOUS (UINT32_MAX - 1)

typedef struct cnv_names {
	cnv_map places; /* rank, scope and name -> index in `ids` */
	uint32_t *ids;
	uint32_t count, room;
	cnv_arena keys;
	cnv_text key;
	bool failed;
} cnv_names; /* { 0 } is ready to use */

void cnv_names_put(cnv_names *names, uint32_t rank, uint32_t scope, cnv_str name,
		   uint32_t id); /* empty names are left out */
/* CNV_NONE: nothing has this name; CNV_NAME_AMBIGUOUS: several have. */
uint32_t cnv_names_find(cnv_names *names, uint32_t rank, uint32_t scope, cnv_str name);
bool cnv_names_failed(const cnv_names *names); /* memory ran out */
void cnv_names_fini(cnv_names *names);

/* ---------------------------------------------------------------- names of columns (unique.c) */

/* Names taken so far in one view or file. */
typedef struct cnv_naming {
	size_t most;          /* bytes of a name, at least 12; set by the caller, the rest is zero */
	cnv_map taken;        /* lower case -> index in `last` */
	uint32_t *last, room; /* the last number appended to that name */
	cnv_text name;
	cnv_arena arena;
} cnv_naming;

/* A name that no other column has, without regard to case: `wanted`, or with _2, _3, ... appended.  Until the next
 * call. */
cnv_str cnv_naming_take(cnv_naming *names, cnv_str wanted);
bool cnv_naming_fini(cnv_naming *names); /* false: no memory, and names are not to be used */

/* ---------------------------------------------------------------- JSON (json.c) */

#define CNV_JSON_ROOM 13
/* The next piece of a text as it is between the quotes of a JSON string, taken off `rest`: a run of characters that
 * need no escape, or one escape in `room`.  Bytes that are not UTF-8 become the replacement character.  Empty: the end. */
cnv_str cnv_json_next(cnv_str *rest, char room[CNV_JSON_ROOM]);
void cnv_json_put(cnv_text *out, cnv_str text); /* the whole string, with its quotes */

/* ---------------------------------------------------------------- XML (markup.c) */

/* Escapes a text of UTF-8 for the content of an element, or an attribute in double quotes.  Characters that XML 1.0 cannot
 * have are left out. */
void cnv_xml_put(cnv_text *out, cnv_str text);

/* ---------------------------------------------------------------- diagnostics (diag.c) */

typedef enum cnv_status {
	CNV_OK,       /* also: done, and what was judged has errors (see the counts) */
	CNV_REJECTED, /* the input cannot be used; a diagnostic says why */
	CNV_NO_MEMORY,
	CNV_NO_ACCESS, /* a file, disk or database failed; a diagnostic says how */
	CNV_STOPPED    /* interrupted by the person */
} cnv_status;

typedef enum cnv_severity { CNV_NOTE, CNV_WARNING, CNV_ERROR } cnv_severity;

/* Where: a file, its sheet, a line and a column as people count them (from 1; 0 = all of it),
 * and the bytes [from, upto) of `excerpt` that the caret underlines. */
typedef struct cnv_place {
	cnv_str source;  /* file name as given */
	cnv_str sheet;   /* "survey"; empty outside forms and workbooks */
	cnv_str heading; /* the column's header text */
	uint32_t row, column;
	uint32_t from, upto;
	/* the sheet's place in its workbook, from 1: row and column are a cell's; 0: rows are lines of a text */
	uint32_t tab;
} cnv_place;

/* A cell as spreadsheets name it: D22; a row alone 22, a column alone D.  Returns its length; NUL-terminated. */
#define CNV_CELL_NAME_ROOM 20
size_t cnv_cell_name(uint32_t row, uint32_t column, char out[CNV_CELL_NAME_ROOM]);
/* The place as people find it: `form.csv:22 (survey, column label)`,
 * `form.xlsx: survey!D22 (column label)`.  Nothing without a source. */
void cnv_place_write(cnv_text *out, const cnv_place *place);

/* One row each in codes.def, which is also what `canvass explain` prints. */
typedef enum cnv_code {
	CNV_CODE_NONE = 0,
#define CODE(name, number, severity, title, hint, text) CNV_##name = number,
#include "canvass/codes.def"
#undef CODE
} cnv_code;

typedef struct cnv_code_info {
	uint16_t code;
	cnv_severity severity;
	const char *title; /* a few words, lower case */
	const char *hint;  /* what to do, where that is always the same; else "" */
	const char *text;  /* what it means and what to do, at length */
} cnv_code_info;

const cnv_code_info *cnv_code_find(uint16_t code);    /* NULL when there is none */
const cnv_code_info *cnv_code_at(size_t index);       /* by rising code; NULL past the last */
void cnv_code_name(uint16_t code, char out[8]);       /* "E0107": letter of the severity and four digits */
bool cnv_code_read(cnv_str text, uint16_t *code);     /* "E0107", "e107" and "107" are the same */
const char *cnv_severity_word(cnv_severity severity); /* "warning" */

typedef struct cnv_diag {
	cnv_severity severity;
	uint16_t code;
	cnv_place place;
	cnv_str field;   /* question, choice, list or path it concerns; may be empty */
	cnv_str message; /* one sentence, no full stop at the end unless it quotes the form */
	cnv_str excerpt; /* the cell or formula; the caret is under it */
	cnv_str hint;    /* what to do; may be empty */
} cnv_diag;

/* Who hears about problems.  `emit` gets each diagnostic; everything in it is borrowed for
 * that call.  NULL: counted only. */
typedef struct cnv_diags {
	void (*emit)(void *self, const cnv_diag *diag);
	void *self;
	uint64_t errors, warnings, notes;
} cnv_diags;

/* The fields of a diagnostic to be emitted: CNV_DIAG(.code = CNV_CSV_EMPTY, .place = place). */
#define CNV_DIAG(...) (&(cnv_diag){ __VA_ARGS__ })

/* Emits `fields`: `code` is needed, `severity` and `message` are ignored.  The severity comes from the code's row, and
 * so does the hint where `hint` is empty.  `format` makes the message. */
void cnv_diags_emit(cnv_diags *diags, const cnv_diag *fields, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void cnv_diags_forward(cnv_diags *diags, const cnv_diag *diag); /* counts and passes on */
/* Forwards what is emitted through `diags`, each diagnostic of a place only once. */
typedef struct cnv_once {
	cnv_diags diags;
	cnv_diags *to;
	cnv_map seen;
	cnv_arena keys;
} cnv_once;
void cnv_once_init(cnv_once *once, cnv_diags *to); /* both stay where they are until cnv_once_fini */
void cnv_once_fini(cnv_once *once);
/* Folds warnings and notes of one cause, that is of one code, sheet and message, into the first (causes.c); its message
 * then ends in the number of places and the first rows.  The diagnostics are in the order of the file.  Returns how many
 * are left; `texts` holds the new messages, and remembers when memory ran out. */
uint32_t cnv_diags_fold(cnv_diag *diags, uint32_t count, cnv_arena *texts);
/* The same diagnostic with its texts in `arena` (which remembers when memory ran out). */
cnv_diag cnv_diag_copy(cnv_arena *arena, const cnv_diag *diag);

/* The nearest of the names offered, within an edit distance of a third of the length (Damerau,
 * up to 64 code points, ASCII case ignored): for "did you mean".  The first of equals is kept. */
typedef struct cnv_nearest {
	cnv_str wanted;
	cnv_str best;
	uint32_t distance;
} cnv_nearest;
void cnv_nearest_init(cnv_nearest *nearest, cnv_str wanted);
void cnv_nearest_offer(cnv_nearest *nearest, cnv_str name); /* borrowed; best.len 0 while nothing is near */

/* ---------------------------------------------------------------- numbers (number.c)
 *
 * Decimal text and doubles, exact both ways, whatever the locale. */

/* -?(digits(.digits?)?|.digits), nothing around it; no exponent, sign +, or grouping.  Correctly
 * rounded.  false leaves *number alone: wrong shape, or beyond the largest double. */
bool cnv_number_read(cnv_str text, double *number);
/* -?digits within 64 bits. */
bool cnv_integer_read(cnv_str text, int64_t *integer);
/* As XPath string(): shortest text that reads back the same, no exponent below 1e21 (above it as JavaScript
 * writes), NaN, Infinity, -Infinity, and 0 for -0.  Returns its length, at most CNV_NUMBER_ROOM - 1; NUL-terminated. */
#define CNV_NUMBER_ROOM 352
size_t cnv_number_write(double number, char out[CNV_NUMBER_ROOM]);
/* Half toward +infinity at `digits` after the point (negative: tens), judged on the shortest decimal text, so
 * that 1.005 to 2 digits is 1.01. */
double cnv_number_round(double number, int digits);
/* The same to `digits` digits from the first that is not 0; at least 1. */
double cnv_number_round_significant(double number, int digits);
/* With a fixed number of digits after the point, for people; half away from zero. */
size_t cnv_number_write_fixed(double number, int digits, char out[CNV_NUMBER_ROOM]);

/* ---------------------------------------------------------------- days and instants (day.c)
 *
 * Days are whole days since 1970-01-01 of the proleptic Gregorian calendar. */

typedef struct cnv_date {
	int32_t year;       /* 1 to 9999 */
	uint8_t month, day; /* from 1 */
} cnv_date;

int32_t cnv_day_from(cnv_date date);
cnv_date cnv_day_date(int32_t day);
bool cnv_date_exists(int32_t year, uint32_t month, uint32_t day);
/* "31 December 2026", for people. */
#define CNV_DAY_WORDS 32
cnv_str cnv_day_words(int32_t day, char out[CNV_DAY_WORDS]);
uint32_t cnv_day_weekday(int32_t day); /* 0 = Sunday */
/* Read a date the way XLSForm stores it, YYYY-MM-DD.  false leaves *day alone: wrong shape, or
 * a day that does not exist (31 June).  Years 0001-9999. */
bool cnv_day_read(cnv_str text, int32_t *day);
/* HH:MM[:SS[.fraction]][Z|+HH:MM|-HH:MM].  Milliseconds since midnight; *offset_seconds is east
 * of UTC, *zoned says whether a zone was given. */
bool cnv_time_read(cnv_str text, int32_t *milliseconds, int32_t *offset_seconds, bool *zoned);
/* An instant: milliseconds since 1970-01-01T00:00Z, and the zone in which it is written. */
typedef struct cnv_instant {
	int64_t utc_ms;
	int32_t utc_offset; /* seconds east */
} cnv_instant;
/* Date, `T` (or one blank), time.  Without a zone the time is taken at default_offset (seconds east). */
bool cnv_instant_read(cnv_str text, int32_t default_offset, cnv_instant *instant);
int32_t cnv_instant_day(cnv_instant instant); /* the day in its own zone */
#define CNV_DAY_ROOM 11
#define CNV_INSTANT_ROOM 40
size_t cnv_day_write(int32_t day, char out[CNV_DAY_ROOM]); /* YYYY-MM-DD */
#define CNV_TIME_ROOM 13
/* HH:MM, with seconds and milliseconds only where there are any. */
size_t cnv_time_write(int32_t milliseconds, char out[CNV_TIME_ROOM]);
/* 2026-12-01T09:00:00.000+10:00; Z as +00:00 */
size_t cnv_instant_write(cnv_instant instant, char out[CNV_INSTANT_ROOM]);

/* What an evaluation may know of the world outside: time, zone and chance are inputs, so that
 * a run can be repeated to the byte. */
typedef struct cnv_world {
	cnv_instant now;
	uint64_t seed; /* of random(), uuid() and unseeded randomize() */
} cnv_world;

/* Chance that can be repeated: SplitMix64 (Steele, Lea and Flood 2014); the same state draws the same. */
typedef struct cnv_chance {
	uint64_t state;
} cnv_chance;
uint64_t cnv_chance_draw(cnv_chance *chance);
uint32_t cnv_chance_below(cnv_chance *chance, uint32_t count); /* 0 to count - 1; count at least 1 */
double cnv_chance_share(cnv_chance *chance);                   /* [0, 1) */

/* ---------------------------------------------------------------- digests (digest.c): RFC 1321 and FIPS 180-4 */

typedef enum cnv_digest_kind { CNV_MD5, CNV_SHA1, CNV_SHA256, CNV_SHA384, CNV_SHA512 } cnv_digest_kind;
typedef struct cnv_digest {
	cnv_digest_kind kind;
	uint64_t state[8];
	uint64_t bytes;
	uint8_t block[128];
} cnv_digest;
void cnv_digest_init(cnv_digest *digest, cnv_digest_kind kind);
void cnv_digest_add(cnv_digest *digest, const void *at, size_t len);
size_t cnv_digest_end(cnv_digest *digest, uint8_t *out); /* bytes written: 16, 20, 32, 48 or 64 */
cnv_str cnv_hex_write(const uint8_t *bytes, size_t count, char *out /* 2 * count */);
/* RFC 4648, without line ends; returns the length: 4 for each 3 bytes begun. */
size_t cnv_base64_write(const uint8_t *bytes, size_t count, char *out);

/* ---------------------------------------------------------------- bits (bits.c): sets of rows and choices */

#define CNV_BIT_WORDS(count) (((size_t)(count) + 63) / 64)
static inline bool cnv_bit(const uint64_t *bits, size_t at)
{
	return bits[at / 64] >> (at % 64) & 1;
}
static inline void cnv_bit_set(uint64_t *bits, size_t at)
{
	bits[at / 64] |= UINT64_C(1) << (at % 64);
}
static inline void cnv_bit_clear(uint64_t *bits, size_t at)
{
	bits[at / 64] &= ~(UINT64_C(1) << (at % 64));
}
void cnv_bits_fill(uint64_t *bits, size_t count, bool value); /* bits past count are left 0 */
size_t cnv_bits_count(const uint64_t *bits, size_t count);

/* ---------------------------------------------------------------- the version of canvass (version.c), such as "1.2.3" */

const char *cnv_version(void);

#endif
