/* positions: how far respondents agree with the majority and with each other.
 *
 * Questions with choices are compared where both have a usable answer: of one choice, the same or not; of several, the
 * share of those that either chose.  Rows and columns are in an order that puts similar respondents next to each
 * other: it begins with the one closest to the majority, and each is followed by the most similar one left. */
#include "report/listing.h"
#include "report/positions.h"
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/texts.h"

enum { MOST_PAIRED = 100 }; /* respondents: more are compared with the majority only */

/* Agreement over `of` questions. */
struct agreement {
	double sum;
	uint32_t of;
};

struct positions {
	cnv_desk *desk;
	uint32_t *people, count;    /* pairing rows shown by name, with answers */
	struct agreement *majority; /* of each */
	struct agreement *pairs;    /* count * count; NULL: too many */
	uint32_t *order;
	/* of one question */
	const cnv_column *column;
	uint32_t *chosen; /* of each option */
	uint32_t options;
};

static bool is_compared(const cnv_desk *desk, cnv_question_id q)
{
	const cnv_question *asked = &desk->form->questions[q];

	return cnv_is_select(asked) && !asked->table && asked->role == CNV_ASKED && cnv_desk_shows(desk, q) &&
	       (asked->kind == CNV_CHOICE || asked->kind == CNV_CHOICES) && q != desk->form->respondent &&
	       q != desk->form->release && q != desk->form->circulate && q != desk->form->basis;
}

static bool has_position(const cnv_paired *paired)
{
	return paired->response != CNV_NONE && paired->by_name;
}

bool cnv_positions_exist(const cnv_desk *desk)
{
	uint32_t people = 0;

	for (uint32_t i = 0; i < desk->pairing.count; i++)
		people += has_position(&desk->pairing.rows[i]);
	for (cnv_question_id q = 0; people > 1 && q < desk->form->count; q++)
		if (is_compared(desk, q))
			return true;
	return false;
}

/* ---------------------------------------------------------------- one question */

static uint32_t row_of(const struct positions *p, uint32_t person)
{
	return p->desk->pairing.rows[p->people[person]].response;
}

static bool is_answered(const struct positions *p, uint32_t person)
{
	return cnv_verdict_standing((cnv_verdict)p->column->verdicts[row_of(p, person)]) == CNV_STANDING_ANSWERED;
}

/* The person's choices, where several are possible. */
static const uint64_t *set_of(const struct positions *p, uint32_t person)
{
	return p->column->sets + (size_t)row_of(p, person) * p->column->words;
}

/* From 0 to 1; nothing chosen twice is the same. */
static double similarity(const struct positions *p, uint32_t a, uint32_t b)
{
	const uint64_t *left, *right;
	int both = 0, either = 0;

	if (!p->column->sets)
		return p->column->choices[row_of(p, a)] == p->column->choices[row_of(p, b)];
	left = set_of(p, a);
	right = set_of(p, b);
	for (uint32_t word = 0; word < p->column->words; word++) {
		both += __builtin_popcountll(left[word] & right[word]);
		either += __builtin_popcountll(left[word] | right[word]);
	}
	return either ? (double)both / either : 1;
}

static void add(struct agreement *agreement, double similar)
{
	agreement->sum += similar;
	agreement->of++;
}

/* Counts each option; returns how many answered. */
static uint32_t count_options(struct positions *p)
{
	uint32_t answered = 0;

	for (uint32_t option = 0; option < p->options; option++)
		p->chosen[option] = 0;
	for (uint32_t i = 0; i < p->count; i++) {
		if (!is_answered(p, i))
			continue;
		answered++;
		for (uint32_t option = 0; option < p->options; option++)
			p->chosen[option] += p->column->sets ? cnv_bit(set_of(p, i), option)
							     : option == p->column->choices[row_of(p, i)];
	}
	return answered;
}

/* Of one choice: the one that most have chosen, CNV_NONE when two are equal. */
static uint32_t most_chosen(const struct positions *p)
{
	uint32_t most = 0, found = CNV_NONE;

	for (uint32_t option = 0; option < p->options; option++) {
		if (p->chosen[option] == most)
			found = CNV_NONE;
		if (p->chosen[option] <= most)
			continue;
		most = p->chosen[option];
		found = option;
	}
	return found;
}

static void compare_with_one(struct positions *p)
{
	uint32_t most = most_chosen(p);

	for (uint32_t i = 0; most != CNV_NONE && i < p->count; i++)
		if (is_answered(p, i))
			add(&p->majority[i], p->column->choices[row_of(p, i)] == most);
}

/* Of several: those that more than half have chosen. */
static void compare_with_several(struct positions *p, uint32_t answered)
{
	for (uint32_t i = 0; i < p->count; i++) {
		const uint64_t *set = set_of(p, i);
		uint32_t both = 0, either = 0;

		if (!is_answered(p, i))
			continue;
		for (uint32_t option = 0; option < p->options; option++) {
			bool theirs = cnv_bit(set, option), most = p->chosen[option] * 2 > answered;

			both += theirs && most;
			either += theirs || most;
		}
		add(&p->majority[i], either ? (double)both / either : 1);
	}
}

static void compare(struct positions *p)
{
	uint32_t answered = count_options(p);

	if (answered < 2)
		return;
	if (p->column->sets)
		compare_with_several(p, answered);
	else
		compare_with_one(p);
	for (uint32_t a = 0; p->pairs && a < p->count; a++)
		for (uint32_t b = 0; is_answered(p, a) && b < a; b++) {
			double similar;

			if (!is_answered(p, b))
				continue;
			similar = similarity(p, a, b);
			add(&p->pairs[(size_t)a * p->count + b], similar);
			add(&p->pairs[(size_t)b * p->count + a], similar);
		}
}

/* ---------------------------------------------------------------- all of them */

static double share(const struct agreement *agreement)
{
	return agreement->of ? agreement->sum / agreement->of : -1;
}

/* The one not yet placed who agrees most with `last`, or with the majority; of equals the first. */
static uint32_t next_in_order(const struct positions *p, uint32_t last, const bool *placed)
{
	uint32_t found = CNV_NONE;
	double best = 0;

	for (uint32_t i = 0; i < p->count; i++) {
		double agreed = share(last == CNV_NONE ? &p->majority[i] : &p->pairs[(size_t)last * p->count + i]);

		if (placed[i] || (found != CNV_NONE && agreed <= best))
			continue;
		found = i;
		best = agreed;
	}
	return found;
}

static bool order(struct positions *p)
{
	bool *placed = cnv_arena_array(&p->desk->step, (size_t)p->count + 1, sizeof *placed);
	uint32_t last = CNV_NONE;

	for (uint32_t i = 0; placed && i < p->count; i++) {
		p->order[i] = p->pairs ? next_in_order(p, last, placed) : i;
		last = p->order[i];
		placed[last] = true;
	}
	return placed;
}

static bool find(struct positions *p)
{
	const cnv_desk *desk = p->desk;
	cnv_arena *arena = &p->desk->step;
	uint32_t all = desk->pairing.count, most = 1;

	for (uint32_t list = 0; list < desk->form->list_count; list++)
		most = desk->form->lists[list].count > most ? desk->form->lists[list].count : most;
	p->people = cnv_arena_array(arena, (size_t)all + 1, sizeof *p->people);
	p->order = cnv_arena_array(arena, (size_t)all + 1, sizeof *p->order);
	p->majority = cnv_arena_array(arena, (size_t)all + 1, sizeof *p->majority);
	p->chosen = cnv_arena_array(arena, most, sizeof *p->chosen);
	if (!p->people || !p->order || !p->majority || !p->chosen)
		return false;
	for (uint32_t i = 0; i < all; i++)
		if (has_position(&desk->pairing.rows[i]))
			p->people[p->count++] = i;
	if (p->count <= MOST_PAIRED) {
		p->pairs = cnv_arena_array(arena, (size_t)p->count * p->count + 1, sizeof *p->pairs);
		if (!p->pairs)
			return false;
	}
	for (cnv_question_id q = 0; q < desk->form->count; q++) {
		if (!is_compared(desk, q))
			continue;
		p->column = cnv_desk_column(desk, q);
		p->options = desk->form->lists[desk->form->questions[q].list].count;
		compare(p);
	}
	return order(p);
}

/* ---------------------------------------------------------------- the sheet */

/* A respondent, in a table of shares or of the numbers of questions they are of. */
struct record {
	cnv_subject subject;
	const struct positions *p;
	uint32_t place; /* in the order */
	bool shares;
};

static void fill_agreement(const struct record *row, cnv_page *page, const struct agreement *agreement, cnv_cell *cell)
{
	if (!row->shares) {
		cnv_cell_count(cell, agreement->of);
	} else if (agreement->of) {
		cell->look = CNV_LOOK_PERCENT;
		cnv_cell_number(page, cell, agreement->sum / agreement->of);
	} else {
		cell->look = CNV_LOOK_NO_REPLY;
		cell->text = CNV_STR("–");
	}
}

static void fill_majority(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)column;
	fill_agreement(row, page, &row->p->majority[row->p->order[row->place]], cell);
}

static void fill_pair(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;
	const struct positions *p = row->p;

	if (column->number == row->place)
		cell->look = CNV_LOOK_NO_REPLY;
	else
		fill_agreement(row, page, &p->pairs[(size_t)p->order[row->place] * p->count + p->order[column->number]],
			       cell);
}

/* One table: shares, or the numbers of questions they are of. */
static void lay_table(cnv_page *page, const struct positions *p, bool shares)
{
	const cnv_listing_column columns[] = {
		{ .heading = "code", .look = CNV_LOOK_LABEL, .fill = cnv_fill_code },
		{ .heading = "name", .most = 32, .look = CNV_LOOK_LABEL, .fill = cnv_fill_name },
		{ .heading = shares ? "with the majority" : "n, with the majority",
		  .look = CNV_LOOK_INTEGER,
		  .fill = fill_majority },
		{ 0 }
	};
	const cnv_paired *rows = p->desk->pairing.rows;
	cnv_listing listing = { .page = page };
	cnv_str *codes = cnv_arena_array(&p->desk->step, (size_t)p->count + 1, sizeof *codes);

	if (!codes) {
		page->status = CNV_NO_MEMORY;
		return;
	}
	for (uint32_t k = 0; k < p->count; k++)
		codes[k] = rows[p->people[p->order[k]]].code;
	cnv_listing_add(&listing, columns);
	if (p->pairs)
		cnv_listing_add_each(&listing, (cnv_listing_column){ .look = CNV_LOOK_INTEGER, .fill = fill_pair },
				     codes, p->count);
	cnv_listing_heads(&listing, shares ? 2 : CNV_NONE);
	for (uint32_t i = 0; i < p->count && cnv_page_has_room(page); i++)
		cnv_listing_row(&listing, &(struct record){ .subject.paired = &rows[p->people[p->order[i]]],
							    .p = p,
							    .place = i,
							    .shares = shares });
}

void cnv_lay_positions(cnv_page *page)
{
	struct positions p = { .desk = page->desk };

	cnv_desk_next_step(page->desk);
	if (!find(&p)) {
		page->status = CNV_NO_MEMORY;
		return;
	}
	cnv_page_answers_title(page, cnv_say(page->desk, "Positions"),
			       cnv_say(page->desk,
				       "Share of the questions with choices that were answered alike, of those that"
				       " both answered; below, how many these are. Similar ones are next to each"
				       " other."));
	lay_table(page, &p, true);
	cnv_page_skip_row(page);
	lay_table(page, &p, false);
}
