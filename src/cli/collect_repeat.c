/* Entries of a repeat: another one, or one that is changed or deleted. */
#include <inttypes.h>

#include "cli/collect.h"

/* `e 2` and `d 2`: the entry; CNV_NONE. */
static uint32_t read_entry(const collect_state *t, cnv_session_cell cell, cnv_str typed)
{
	int64_t number;

	if (!cnv_integer_read(cnv_str_trim(cnv_str_slice(typed, 1, typed.len)), &number) || number < 1 ||
	    number > UINT32_MAX)
		return CNV_NONE;
	return cnv_session_entry(t->session, cell.entry, cell.question, (uint32_t)number - 1);
}

static void add_entry(collect_state *t, cnv_session_cell cell)
{
	uint32_t entry = cnv_session_enter(t->session, cell.entry, cell.question);

	t->status = entry == CNV_NONE ? CNV_NO_MEMORY : cnv_session_turn(t->session);
	collect_go_to(t, (cnv_session_cell){ entry, cell.question });
	t->at.question = cell.question + 1;
	collect_keep(t);
}

static void delete_entry(collect_state *t, uint32_t entry)
{
	cnv_session_remove(t->session, entry);
	t->status = cnv_session_turn(t->session);
	collect_keep(t);
}

/* The first answer of an entry, by which a person knows it. */
static cnv_str first_answer(collect_state *t, uint32_t entry)
{
	cnv_question_id repeat = cnv_session_repeat_of(t->session, entry);
	cnv_str shown = { 0 };

	for (cnv_question_id q = repeat + 1; q < t->to->form.form->questions[repeat].after && !shown.len; q++)
		shown = cnv_session_shown(t->session, (cnv_session_cell){ entry, q }, &t->temp);
	return shown.len ? shown : CNV_STR("-");
}

/* "Document: 2 entries", and a line for each of the first. */
static void put_entries(collect_state *t, cnv_session_cell cell, uint32_t count)
{
	enum { MOST = 30, INDENT = 9 };

	putchar('\n');
	collect_put_title(t,
			  cnv_arena_format(&t->temp, "%.*s: %" PRIu32 " %s", CNV_ARG(collect_title(t, cell)), count,
					   cnv_noun(count, "entry", "entries")),
			  2);
	for (uint32_t i = 0; i < count && i < MOST; i++) {
		printf("  %5" PRIu32 "  ", i + 1);
		collect_put(first_answer(t, cnv_session_entry(t->session, cell.entry, cell.question, i)), INDENT, 0);
	}
	if (count > MOST)
		printf("  %5s  %" PRIu32 " more\n", "...", count - MOST);
	if (count)
		collect_say("y adds another; e 1 edits and d 1 deletes the first");
}

void collect_ask_entries(collect_state *t, cnv_session_cell cell)
{
	cnv_str typed;

	while (collect_goes_on(t)) {
		uint32_t count = cnv_session_entries(t->session, cell.entry, cell.question), entry;

		put_entries(t, cell, count);
		if (!collect_line_at(t, cell, count ? "add another entry? (y/n)> " : "add an entry? (y/n)> ", "",
				     &typed))
			return;
		if (cnv_str_starts(typed, CNV_STR(":")) || cnv_str_equal(typed, CNV_STR("?"))) {
			collect_command(t, cell, typed);
			if (t->moved)
				return;
		} else if (cnv_str_is_word(typed, "y") || cnv_str_is_word(typed, "yes")) {
			add_entry(t, cell);
			return;
		} else if (!typed.len || cnv_str_is_word(typed, "n") || cnv_str_is_word(typed, "no")) {
			break;
		} else if (typed.at[0] == 'e' && (entry = read_entry(t, cell, typed)) != CNV_NONE) {
			t->heading.section = CNV_NONE; /* its title is shown again */
			collect_go_to(t, (cnv_session_cell){ entry, cell.question + 1 });
			return;
		} else if (typed.at[0] == 'd' && (entry = read_entry(t, cell, typed)) != CNV_NONE) {
			delete_entry(t, entry);
		} else {
			collect_say(count ? "! type y, n, e 1 or d 1" : "! type y or n");
		}
	}
	if (collect_goes_on(t))
		collect_go_next(t, cell);
}
