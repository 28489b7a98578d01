/* Any bytes as the JSON next to the values of a row: read as own texts and as lines, which must end; what is read without
 * damage comes back when it is written again.  Then the same bytes as one such text, which must be read as it was given. */
#include "corpus.h"

#include "store/own.h"

static void insist(bool holds)
{
	if (!holds)
		__builtin_trap();
}

/* Writes each text that is read: the columns rise, and reading again gives the same. */
static void read_texts(cnv_str json)
{
	store_own own = { .rest = json }, again;
	cnv_text out = { 0 }, room = { 0 }, other = { 0 };
	cnv_str text, copy;
	uint32_t before = 0, count = 0;
	bool whole = true;

	while (whole && store_own_next(&own)) {
		insist(!count++ || own.column > before);
		before = own.column;
		whole = store_own_text(&own, &room, &text);
		if (whole)
			store_own_put(&out, 0, own.column, text);
	}
	if (count && whole && !own.damaged) {
		store_own_end(&out);
		own = (store_own){ .rest = json };
		again = (store_own){ .rest = cnv_text_str(&out) };
		while (store_own_next(&own)) {
			insist(store_own_text(&own, &room, &text));
			insist(store_own_next(&again) && again.column == own.column);
			insist(store_own_text(&again, &other, &copy) && cnv_str_equal(text, copy));
		}
		insist(!store_own_next(&again) && !again.damaged);
	}
	cnv_text_fini(&out);
	cnv_text_fini(&room);
	cnv_text_fini(&other);
}

static void read_lines(cnv_str json)
{
	store_lines lines = { .rest = json }, again;
	cnv_text out = { 0 };
	uint32_t count = 0;

	for (; store_lines_next(&lines); count++)
		store_lines_put(&out, 0, lines.step);
	if (count && !lines.damaged) {
		store_lines_end(&out);
		lines = (store_lines){ .rest = json };
		again = (store_lines){ .rest = cnv_text_str(&out) };
		while (store_lines_next(&lines))
			insist(store_lines_next(&again) && again.step == lines.step);
		insist(!store_lines_next(&again) && !again.damaged);
	}
	cnv_text_fini(&out);
}

static void write_text(cnv_str given)
{
	cnv_text out = { 0 }, room = { 0 };
	store_own own;
	cnv_str text;

	store_own_put(&out, 0, 7, given);
	store_own_end(&out);
	own = (store_own){ .rest = cnv_text_str(&out) };
	insist(cnv_utf8_check(own.rest) == own.rest.len);
	insist(store_own_next(&own) && own.column == 7);
	insist(store_own_text(&own, &room, &text) && cnv_str_equal(text, given));
	insist(!store_own_next(&own) && !own.damaged);
	cnv_text_fini(&out);
	cnv_text_fini(&room);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	cnv_str bytes = { (const char *)at, len };

	read_texts(bytes);
	read_lines(bytes);
	write_text(bytes);
	return 0;
}
