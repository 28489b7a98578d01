/* Whether a line crosses itself: intersects() over points written "lat lon alt acc", joined by ';'.
 *
 * As in ODK: two segments that have any point in common intersect, also where one only touches the other or two points
 * are the same.  Neighbours share the point between them, and a closed shape its first and last; that is none, unless
 * one goes back over the other.  Degrees are taken as flat coordinates. */
#include "expr/geo.h"
#include "expr/machine.h"

#include <stdlib.h>

#define MOST_PAIRS 20000000u /* of segments that one row may compare: beyond, it is reported as not checked */

typedef struct segment {
	place from, upto;
	double west, east;
	uint32_t number;
} segment;

typedef struct line {
	segment *segments;
	uint32_t count, room;
	bool closed, failed;
} line;

/* Points that are given twice in a row are one. */
static bool read_line(line *l, cnv_str text)
{
	place first, last, here;
	bool broken = false;

	l->count = 0;
	if (!expr_next_place(&text, &first, &broken))
		return false;
	for (last = first; expr_next_place(&text, &here, &broken); last = here) {
		if (here.latitude == last.latitude && here.longitude == last.longitude)
			continue;
		if (!cnv_mem_room((void **)&l->segments, &l->room, l->count + 1, sizeof *l->segments)) {
			l->failed = true;
			return false;
		}
		l->segments[l->count] =
			(segment){ .from = last,
				   .upto = here,
				   .west = last.longitude < here.longitude ? last.longitude : here.longitude,
				   .east = last.longitude < here.longitude ? here.longitude : last.longitude,
				   .number = l->count };
		l->count++;
	}
	l->closed = last.latitude == first.latitude && last.longitude == first.longitude;
	return !broken;
}

/* On which side of the segment the point is: 1, -1, or 0 on its line. */
static int side(const segment *s, place point)
{
	double turn = (s->upto.longitude - s->from.longitude) * (point.latitude - s->from.latitude) -
		      (s->upto.latitude - s->from.latitude) * (point.longitude - s->from.longitude);

	return (turn > 0) - (turn < 0);
}

/* Is a point of the segment's line on the segment itself? */
static bool is_within(const segment *s, place point)
{
	bool up = s->from.latitude < s->upto.latitude;

	return point.longitude >= s->west && point.longitude <= s->east &&
	       point.latitude >= (up ? s->from.latitude : s->upto.latitude) &&
	       point.latitude <= (up ? s->upto.latitude : s->from.latitude);
}

static bool is_on(const segment *s, place point)
{
	return !side(s, point) && is_within(s, point);
}

static bool meet(const segment *a, const segment *b)
{
	int from = side(a, b->from), upto = side(a, b->upto);

	if (from * upto < 0 && side(b, a->from) * side(b, a->upto) < 0)
		return true;
	return is_on(a, b->from) || is_on(a, b->upto) || is_on(b, a->from) || is_on(b, a->upto);
}

/* The second begins where the first ends. */
static bool goes_back(const segment *first, const segment *second)
{
	return is_on(first, second->upto) || is_on(second, first->from);
}

static bool intersect(const line *l, const segment *a, const segment *b)
{
	const segment *first = a->number < b->number ? a : b, *second = first == a ? b : a;

	if (second->number == first->number + 1)
		return goes_back(first, second);
	if (l->closed && first->number == 0 && second->number == l->count - 1)
		return goes_back(second, first);
	return meet(a, b);
}

static int by_west(const void *a, const void *b)
{
	const segment *left = a, *right = b;

	if (left->west != right->west)
		return left->west < right->west ? -1 : 1;
	return left->number < right->number ? -1 : left->number > right->number;
}

/* From west to east, each with those that begin before it ends. */
static bool crosses(line *l, bool *unsure)
{
	uint64_t pairs = 0;

	qsort(l->segments, l->count, sizeof *l->segments, by_west);
	for (uint32_t i = 0; i < l->count; i++)
		for (uint32_t k = i + 1; k < l->count && l->segments[k].west <= l->segments[i].east; k++) {
			if (++pairs > MOST_PAIRS) {
				*unsure = true;
				return false;
			}
			if (intersect(l, &l->segments[i], &l->segments[k]))
				return true;
		}
	return false;
}

void step_intersects(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *texts = texts_of(machine, step->args[0]);
	uint64_t *to = bits_of(machine, step->to), *doubts = machine->registers[step->to].unsure;
	line l = { 0 };

	for (uint32_t i = 0; i < count; i++) {
		bool unsure = false;

		if (i % 64 == 0) {
			to[i / 64] = 0;
			doubts[i / 64] = machine->registers[step->args[0]].unsure[i / 64];
		}
		if (read_line(&l, texts[i]) && crosses(&l, &unsure))
			cnv_bit_set(to, i);
		if (unsure)
			cnv_bit_set(doubts, i);
	}
	machine->failed = machine->failed || l.failed;
	cnv_mem_free(l.segments);
}
