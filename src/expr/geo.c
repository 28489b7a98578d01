/* Geographic functions: area(), distance() and geofence() over points written "lat lon alt acc", joined by ';'.
 * intersects() is in crossing.c.
 *
 * The sphere and the formulas are those of Collect, so that results agree: radius 6,378,100 m, great circles for
 * distances, triangles on a flat map for areas.  Results are rounded to a hundredth. */
#include "expr/geo.h"
#include "expr/machine.h"

#include <math.h>

#define RADIUS 6378100.0
#define PI 3.14159265358979323846

static bool read_place(cnv_str text, place *out)
{
	cnv_str word;
	return cnv_str_word(&text, &word) && cnv_number_read(word, &out->latitude) && cnv_str_word(&text, &word) &&
	       cnv_number_read(word, &out->longitude) && fabs(out->latitude) <= 90 && fabs(out->longitude) <= 180;
}

bool expr_next_place(cnv_str *rest, place *out, bool *broken)
{
	cnv_str piece;
	while (cnv_str_split(rest, ';', &piece)) {
		if (cnv_str_trim(piece).len == 0)
			continue;
		if (read_place(piece, out))
			return true;
		*broken = true;
		return false;
	}
	return false;
}

static double radians(double degrees)
{
	return degrees * PI / 180;
}

static double great_circle(place a, place b)
{
	double cosine = sin(radians(a.latitude)) * sin(radians(b.latitude)) +
			cos(radians(a.latitude)) * cos(radians(b.latitude)) * cos(radians(b.longitude - a.longitude));
	return acos(cosine > 1 ? 1 : cosine < -1 ? -1 : cosine) * RADIUS;
}

static double line_length(cnv_str line)
{
	place last, here;
	bool broken = false;
	double sum = 0;
	if (!expr_next_place(&line, &last, &broken))
		return broken ? EXPR_NAN : 0;
	while (expr_next_place(&line, &here, &broken)) {
		if (here.latitude != last.latitude || here.longitude != last.longitude)
			sum += great_circle(last, here);
		last = here;
	}
	return broken ? EXPR_NAN : cnv_number_round(sum, 2);
}

static double shape_area(cnv_str line)
{
	const double per_degree = 2 * RADIUS * PI / 360;
	place first, here;
	bool broken = false;
	double sum = 0, last_x = 0, last_y = 0;
	if (!expr_next_place(&line, &first, &broken))
		return broken ? EXPR_NAN : 0;
	for (uint32_t i = 0; expr_next_place(&line, &here, &broken); i++) {
		double y = (here.latitude - first.latitude) * per_degree;
		double x = (here.longitude - first.longitude) * per_degree * cos(radians(here.latitude));
		if (i > 0)
			sum += (last_y * x - last_x * y) / 2;
		last_x = x;
		last_y = y;
	}
	return broken ? EXPR_NAN : cnv_number_round(fabs(sum), 2);
}

/* Only a shape that ends where it begins has an inside.  The even-odd rule: a ray from the point crosses the border an odd number of times. */
static bool lies_inside(place point, cnv_str shape)
{
	place first, last, here;
	bool broken = false, inside = false, closed = false, more;
	if (!expr_next_place(&shape, &first, &broken))
		return false;
	last = first;
	do {
		more = expr_next_place(&shape, &here, &broken);
		if (!more)
			here = first;
		bool straddles = (here.longitude > point.longitude) != (last.longitude > point.longitude);
		if (straddles && point.latitude < (last.latitude - here.latitude) * (point.longitude - here.longitude) /
								  (last.longitude - here.longitude) +
							  here.latitude)
			inside = !inside;
		closed = !more && last.latitude == first.latitude && last.longitude == first.longitude;
		last = here;
	} while (more);
	return inside && closed && !broken;
}

/* All points of the arguments as one line. */
static cnv_str join_places(expr_machine *machine, const expr_step *step, uint32_t row, cnv_text *room)
{
	if (step->argc == 1)
		return texts_of(machine, step->args[0])[row];
	room->len = 0;
	for (uint32_t k = 0; k < step->argc; k++) {
		cnv_text_put(room, texts_of(machine, step->args[k])[row]);
		cnv_text_put_char(room, ';');
	}
	machine->failed = machine->failed || room->failed;
	return cnv_text_str(room);
}

void step_area(expr_machine *machine, const expr_step *step, uint32_t count)
{
	double *to = numbers_of(machine, step->to);
	cnv_text room = { 0 };
	for (uint32_t i = 0; i < count; i++)
		to[i] = shape_area(join_places(machine, step, i, &room));
	cnv_text_fini(&room);
}

void step_distance(expr_machine *machine, const expr_step *step, uint32_t count)
{
	double *to = numbers_of(machine, step->to);
	cnv_text room = { 0 };
	for (uint32_t i = 0; i < count; i++)
		to[i] = line_length(join_places(machine, step, i, &room));
	cnv_text_fini(&room);
}

void step_geofence(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *points = texts_of(machine, step->args[0]), *shapes = texts_of(machine, step->args[1]);
	uint64_t *to = bits_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		place point;
		if (i % 64 == 0)
			to[i / 64] = 0;
		if (read_place(points[i], &point) && lies_inside(point, shapes[i]))
			cnv_bit_set(to, i);
	}
}
