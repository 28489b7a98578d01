/* roster_groups.c: the groups of a roster: the values of each column group:TITLE, in the order in which the roster first
 * names them. */
#include "canvass/form.h"

static void digest_text(cnv_digest *digest, cnv_str text)
{
	static const char end = 0;

	cnv_digest_add(digest, text.at, text.len);
	cnv_digest_add(digest, &end, 1);
}

/* Of who is in which group, whatever else the roster says.  No text of a roster has a NUL. */
static void digest_members(cnv_groups *groups)
{
	const cnv_roster *roster = groups->roster;
	cnv_digest digest;

	cnv_digest_init(&digest, CNV_SHA256);
	for (uint32_t number = 0; number < roster->grouping_count; number++)
		digest_text(&digest, roster->groupings[number]);
	digest_text(&digest, (cnv_str){ 0 });
	for (uint32_t i = 0; i < roster->count; i++) {
		digest_text(&digest, roster->respondents[i].code);
		for (uint32_t number = 0; number < roster->grouping_count; number++)
			digest_text(&digest, roster->respondents[i].groups[number]);
	}
	cnv_digest_end(&digest, groups->sha256);
}

static bool find_grouping(cnv_groups *groups, uint32_t number, uint32_t *room)
{
	const cnv_roster *roster = groups->roster;
	uint32_t first = groups->count;
	cnv_map map = { 0 };
	bool failed = false;

	for (uint32_t i = 0; i < roster->count && !failed; i++) {
		cnv_str name = roster->respondents[i].groups[number];
		uint32_t at = first + cnv_map_put(&map, name, groups->count - first);

		failed = map.failed || !cnv_mem_room((void **)&groups->at, room, at + 1, sizeof *groups->at);
		if (failed)
			break;
		if (at == groups->count)
			groups->at[groups->count++] = (cnv_group){ .name = name, .grouping = number };
		groups->at[at].members++;
		groups->of[(size_t)i * roster->grouping_count + number] = at;
	}
	cnv_map_fini(&map);
	return !failed;
}

bool cnv_groups_find(cnv_groups *groups, const cnv_roster *roster)
{
	uint32_t room = 0;
	bool found;

	*groups = (cnv_groups){ .roster = roster };
	groups->of = cnv_mem_array((size_t)roster->count * roster->grouping_count + 1, sizeof *groups->of);
	found = groups->of;
	for (uint32_t number = 0; number < roster->grouping_count && found; number++)
		found = find_grouping(groups, number, &room);
	if (found)
		digest_members(groups);
	else
		cnv_groups_fini(groups);
	return found;
}

void cnv_groups_fini(cnv_groups *groups)
{
	cnv_mem_free(groups->at);
	cnv_mem_free(groups->of);
	*groups = (cnv_groups){ 0 };
}
