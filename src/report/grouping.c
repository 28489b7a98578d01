/* grouping: the members of each group of the roster. */
#include "report/grouping.h"

#include "report/sayings.h"

static cnv_str group_of(const cnv_desk *desk, uint32_t grouping, uint32_t person)
{
	uint32_t listed = desk->pairing.rows[person].listed;
	cnv_str group = desk->report->roster->respondents[listed].groups[grouping];

	return group.len ? group : cnv_say(desk, "(no group)");
}

bool cnv_grouping_sort(cnv_grouping *out, const cnv_desk *desk, uint32_t grouping, cnv_arena *arena)
{
	uint32_t all = desk->pairing.count;
	cnv_str *names = cnv_arena_array(arena, (size_t)all + 1, sizeof *names);
	uint32_t *numbers = cnv_arena_array(arena, (size_t)all + 1, sizeof *numbers);
	cnv_map map = { 0 };

	out->names = names;
	out->starts = cnv_arena_array(arena, (size_t)all + 3, sizeof *out->starts);
	out->people = cnv_arena_array(arena, (size_t)all + 1, sizeof *out->people);
	if (!names || !numbers || !out->starts || !out->people)
		return false;
	for (uint32_t i = 0; i < all; i++) {
		if (desk->pairing.rows[i].listed == CNV_NONE)
			continue;
		cnv_str group = group_of(desk, grouping, i);
		numbers[i] = cnv_map_put(&map, group, out->count);
		if (numbers[i] == out->count)
			names[out->count++] = group;
		out->starts[numbers[i] + 2]++;
	}
	for (uint32_t g = 0; g < out->count; g++)
		out->starts[g + 2] += out->starts[g + 1];
	for (uint32_t i = 0; i < all; i++)
		if (desk->pairing.rows[i].listed != CNV_NONE)
			out->people[out->starts[numbers[i] + 1]++] = i;
	bool ok = !map.failed;
	cnv_map_fini(&map);
	return ok;
}
