/* lists.c: the table of lists that a build fills. */
#include "form/lists.h"

#include <string.h>

uint32_t cnv_form_put_list(cnv_form_builder *build, cnv_map *map, cnv_str name)
{
	uint32_t room = build->list_room, found;
	void *at = build->lists;

	/* After a failure lists and uses no longer grow: they must keep the same length. */
	if (build->no_memory)
		return CNV_NONE;
	found = cnv_map_put(map, name, build->list_count);
	if (map->failed)
		goto failed;
	if (found != build->list_count)
		return found;
	if (!cnv_mem_room(&at, &build->list_room, build->list_count + 1, sizeof *build->lists))
		goto failed;
	build->lists = at;
	at = build->uses;
	if (!cnv_mem_room(&at, &room, build->list_count + 1, sizeof *build->uses))
		goto failed;
	build->uses = at;
	memset(&build->lists[build->list_count], 0, sizeof *build->lists);
	memset(&build->uses[build->list_count], 0, sizeof *build->uses);
	build->lists[build->list_count].name = name;
	return build->list_count++;
failed:
	build->no_memory = true;
	return CNV_NONE;
}
