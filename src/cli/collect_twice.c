/* Double entry: a paper is keyed again without a look at the first answers, and only what differs is asked about.
 *
 * The second keying becomes the response: what is decided for the first one is copied into it.  The drafts stay as they were
 * keyed, so that an interrupted decision is made again. */
#include <inttypes.h>

#include "cli/collect.h"

typedef struct deciding {
	collect_state *t;
	uint32_t count; /* differences so far */
} deciding;

/* Asks which keying is right; more: another letter that is accepted, 0: none.  0: the interview ends. */
static char ask_which(collect_state *t, const char *prompt, char more)
{
	while (collect_goes_on(t)) {
		cnv_str typed;

		if (!cli_ask(prompt, &t->line)) {
			t->stopped = t->ended = true;
			break;
		}
		typed = cnv_str_trim(cnv_text_str(&t->line));
		if (cnv_str_equal(typed, CNV_STR(":q")))
			t->stopped = true;
		else if (typed.len == 1 && (typed.at[0] == 'f' || typed.at[0] == 's' || typed.at[0] == more))
			return typed.at[0];
		else
			puts(more ? "  ! type f, s or e" : "  ! type f or s");
	}
	return 0;
}

/* ---------------------------------------------------------------- one answer */

static void put_keyed(const char *which, cnv_str answer, cnv_str remark)
{
	printf("     %s keying: ", which);
	if (answer.len)
		cli_put(stdout, answer, false);
	else
		fputs("(blank)", stdout);
	if (remark.len) {
		fputs(", remark: ", stdout);
		cli_put(stdout, remark, false);
	}
	putchar('\n');
}

static void take_first(collect_state *t, cnv_session_cell first, cnv_session_cell second)
{
	t->status = cnv_session_set(t->session, second, cnv_session_written(t->first, first));
	if (!t->status)
		t->status = cnv_session_remark(t->session, second, cnv_session_remark_of(t->first, first));
}

/* An answer that is not asked is none. */
static cnv_str value_at(cnv_session *session, cnv_session_cell cell, cnv_arena *arena)
{
	return cnv_session_state_of(session, cell).asked ? cnv_session_value(session, cell, arena) : (cnv_str){ 0 };
}

static cnv_str shown_at(cnv_session *session, cnv_session_cell cell, cnv_arena *arena)
{
	return cnv_session_state_of(session, cell).asked ? cnv_session_shown(session, cell, arena) : (cnv_str){ 0 };
}

/* Decides about one answer, if its two keyings differ. */
static void decide_cell(deciding *d, cnv_session_cell first, cnv_session_cell second)
{
	collect_state *t = d->t;
	cnv_session_state state = cnv_session_state_of(t->session, second);
	cnv_str remark = cnv_session_remark_of(t->first, first), other = cnv_session_remark_of(t->session, second);
	char letter;

	cnv_arena_reset(&t->temp);
	if (!state.asked || state.fixed ||
	    (cnv_str_equal(value_at(t->first, first, &t->temp), value_at(t->session, second, &t->temp)) &&
	     cnv_str_equal(remark, other)))
		return;
	d->count++;
	collect_show_title(t, second);
	put_keyed("first", shown_at(t->first, first, &t->temp), remark);
	put_keyed("second", shown_at(t->session, second, &t->temp), other);
	letter = ask_which(t, "f first, s second, e enters it again> ", 'e');
	if (letter == 'f')
		take_first(t, first, second);
	else if (letter == 'e')
		collect_ask_one(t, second);
	if (letter && !t->status)
		t->status = cnv_session_turn(t->session);
}

/* ---------------------------------------------------------------- entries of repeats */

/* Adds an entry of the first keying, with all that is in it. */
static void copy_entry(collect_state *t, uint32_t from, uint32_t parent, cnv_question_id repeat)
{
	const cnv_form *form = t->to->form.form;
	uint32_t table = form->questions[repeat].table, entry = cnv_session_enter(t->session, parent, repeat);

	if (entry == CNV_NONE)
		t->status = CNV_NO_MEMORY;
	for (uint32_t k = 0; k < form->tables[table].count && !t->status; k++)
		take_first(t, (cnv_session_cell){ from, form->tables[table].columns[k] },
			   (cnv_session_cell){ entry, form->tables[table].columns[k] });
	for (uint32_t inner = table + 1; inner < form->table_count && !t->status; inner++)
		if (form->tables[inner].parent == table)
			for (uint32_t i = 0, count = cnv_session_entries(t->first, from, form->tables[inner].repeat);
			     i < count && !t->status; i++)
				copy_entry(t, cnv_session_entry(t->first, from, form->tables[inner].repeat, i), entry,
					   form->tables[inner].repeat);
}

/* Decides how many entries there are; those that only one keying has come from it. */
static void decide_count(deciding *d, uint32_t first, uint32_t second, cnv_question_id repeat)
{
	collect_state *t = d->t;
	uint32_t before = cnv_session_entries(t->first, first, repeat);
	uint32_t now = cnv_session_entries(t->session, second, repeat), gone;

	/* Where repeat_count decides, the answers that it reads were decided before. */
	if (before == now || !cnv_session_state_of(t->session, (cnv_session_cell){ second, repeat }).asked ||
	    cnv_session_wanted(t->session, second, repeat) != UINT32_MAX)
		return;
	d->count++;
	cnv_arena_reset(&t->temp);
	collect_show_title(t, (cnv_session_cell){ second, repeat });
	printf("     first keying: %" PRIu32 " %s\n     second keying: %" PRIu32 " %s\n", before,
	       cnv_noun(before, "entry", "entries"), now, cnv_noun(now, "entry", "entries"));
	if (ask_which(t, "f first, s second> ", 0) != 'f')
		return;
	for (uint32_t i = now; i < before && !t->status; i++)
		copy_entry(t, cnv_session_entry(t->first, first, repeat, i), second, repeat);
	for (uint32_t i = now; i > before; i--) {
		gone = cnv_session_entry(t->session, second, repeat, i - 1);
		cnv_session_remove(t->session, gone);
	}
	if (!t->status)
		t->status = cnv_session_turn(t->session);
}

/* Decides about the answers of an entry (0: of the response), and about the entries inside it. */
static void decide_entry(deciding *d, uint32_t first, uint32_t second, uint32_t table)
{
	collect_state *t = d->t;
	const cnv_form *form = t->to->form.form;

	for (uint32_t k = 0; k < form->tables[table].count && collect_goes_on(t); k++) {
		cnv_question_id id = form->tables[table].columns[k];

		if (form->questions[id].role == CNV_ASKED && id != form->respondent)
			decide_cell(d, (cnv_session_cell){ first, id }, (cnv_session_cell){ second, id });
	}
	for (uint32_t inner = table + 1; inner < form->table_count && collect_goes_on(t); inner++) {
		cnv_question_id repeat = form->tables[inner].repeat;

		if (form->tables[inner].parent != table)
			continue;
		decide_count(d, first, second, repeat);
		for (uint32_t i = 0; collect_goes_on(t); i++) {
			uint32_t one = cnv_session_entry(t->first, first, repeat, i);
			uint32_t other = cnv_session_entry(t->session, second, repeat, i);

			if (one == CNV_NONE || other == CNV_NONE)
				break;
			decide_entry(d, one, other, inner);
		}
	}
}

/* ---------------------------------------------------------------- the whole */

static void begin_second(collect_state *t)
{
	puts("\nSecond keying: key the paper again. The first answers are not shown.");
	t->first = t->session;
	t->session = NULL;
	if (!collect_start_again(t))
		return;
	t->status = cnv_session_turn(t->session);
	collect_keep(t);
	collect_to_first_open(t);
}

void collect_again(collect_state *t)
{
	deciding d = { t, 0 };

	if (!t->first)
		begin_second(t);
	collect_run(t);
	if (collect_goes_on(t))
		t->status = cnv_keying_take(&t->keyings[0], t->first);
	if (collect_goes_on(t))
		t->status = cnv_keying_take(&t->keyings[1], t->session);
	if (!collect_goes_on(t))
		return;
	t->deciding = true;
	puts("\nThe two keyings are compared.");
	decide_entry(&d, 0, 0, 0);
	if (!collect_goes_on(t))
		return;
	printf("%" PRIu32 " %s\n", d.count, cnv_noun(d.count, "difference", "differences"));
	if (!d.count)
		return;
	t->at.question = CNV_NONE;
	collect_run(t);
}
