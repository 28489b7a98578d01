/* groups: the options of each question by the groups of the roster. */
#include "report/breakdown.h"
#include "report/grouping.h"
#include "report/sayings.h"
#include "report/sheets.h"

/* The groups of all groupings, one after the other, are the parts. */
struct groups {
	cnv_breakdown breakdown;
	cnv_grouping *groupings;
	uint32_t *people, *starts, *parts;
	cnv_str *names;
	cnv_breakdown_band *bands;
};

static bool make_room(struct groups *groups, const cnv_desk *desk, cnv_arena *arena)
{
	size_t groupings = desk->report->roster->grouping_count, people = desk->pairing.count;

	groups->groupings = cnv_arena_array(arena, groupings + 1, sizeof *groups->groupings);
	groups->bands = cnv_arena_array(arena, groupings + 1, sizeof *groups->bands);
	groups->people = cnv_arena_array(arena, people + 1, sizeof *groups->people);
	groups->starts = cnv_arena_array(arena, people + 1, sizeof *groups->starts);
	groups->parts = cnv_arena_array(arena, people * groupings + 1, sizeof *groups->parts);
	return groups->groupings && groups->bands && groups->people && groups->starts && groups->parts;
}

/* Respondents of the roster are in one group of each grouping; the others are in none, and not counted. */
static void find_people(struct groups *groups, const cnv_desk *desk)
{
	for (uint32_t i = 0; i < desk->pairing.count; i++) {
		bool listed = desk->pairing.rows[i].listed != CNV_NONE;

		groups->starts[i + 1] = groups->starts[i] + (listed ? desk->report->roster->grouping_count : 0);
		if (listed)
			groups->people[groups->breakdown.people_count++] = i;
	}
}

static void name_groups(struct groups *groups, uint32_t groupings, cnv_arena *arena)
{
	groups->names = cnv_arena_array(arena, (size_t)groups->breakdown.count + 1, sizeof *groups->names);
	for (uint32_t number = 0, at = 0; groups->names && number < groupings; number++)
		for (uint32_t g = 0; g < groups->groupings[number].count; g++)
			groups->names[at++] = groups->groupings[number].names[g];
}

static bool find_groups(struct groups *groups, const cnv_desk *desk, cnv_arena *arena)
{
	const cnv_roster *roster = desk->report->roster;

	if (!make_room(groups, desk, arena))
		return false;
	find_people(groups, desk);
	for (uint32_t number = 0; number < roster->grouping_count; number++) {
		cnv_grouping *grouping = &groups->groupings[number];

		if (!cnv_grouping_sort(grouping, desk, number, arena))
			return false;
		for (uint32_t g = 0; g < grouping->count; g++)
			for (uint32_t i = grouping->starts[g]; i < grouping->starts[g + 1]; i++)
				groups->parts[groups->starts[grouping->people[i]] + number] =
					groups->breakdown.count + g;
		groups->bands[number] =
			(cnv_breakdown_band){ .title = roster->groupings[number], .parts = grouping->count };
		groups->breakdown.count += grouping->count;
	}
	name_groups(groups, roster->grouping_count, arena);
	return groups->names;
}

/* Where no respondents are named, the groups were counted before. */
static bool take_groups(struct groups *groups, const cnv_desk *desk, cnv_arena *arena)
{
	const cnv_groups *counted = cnv_by_group_groups(cnv_tally_groups(desk->tally));

	groups->breakdown.counted = cnv_tally_groups(desk->tally);
	groups->breakdown.count = counted->count;
	groups->names = cnv_arena_array(arena, (size_t)counted->count + 1, sizeof *groups->names);
	groups->bands = cnv_arena_array(arena, (size_t)counted->roster->grouping_count + 1, sizeof *groups->bands);
	if (!groups->names || !groups->bands)
		return false;
	for (uint32_t g = 0; g < counted->count; g++) {
		const cnv_group *group = &counted->at[g];

		groups->names[g] = group->name.len ? group->name : cnv_say(desk, "(no group)");
		groups->bands[group->grouping].title = counted->roster->groupings[group->grouping];
		groups->bands[group->grouping].parts++;
	}
	return true;
}

void cnv_lay_groups(cnv_page *page)
{
	struct groups groups = { .breakdown.by = CNV_NONE };
	cnv_arena arena = { 0 };
	const cnv_desk *desk = page->desk;

	cnv_page_answers_title(page, cnv_say(page->desk, "Groups"),
			       cnv_say(page->desk,
				       "Options by group. The share is n of those of the group who answered; states"
				       " in brackets add up to all members of the group."));
	if (desk->named ? find_groups(&groups, desk, &arena) : take_groups(&groups, desk, &arena)) {
		groups.breakdown.names = groups.names;
		groups.breakdown.bands = groups.bands;
		groups.breakdown.band_count = desk->report->roster->grouping_count;
		groups.breakdown.people = groups.people;
		groups.breakdown.starts = groups.starts;
		groups.breakdown.parts = groups.parts;
		cnv_breakdown_lay(page, &groups.breakdown);
	} else {
		page->status = CNV_NO_MEMORY;
	}
	cnv_arena_fini(&arena);
}
