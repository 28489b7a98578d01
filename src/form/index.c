/* index.c: looking things up by name, where several may have the same name.
 *
 * A map keeps the first of equal keys.  Whether another owner follows is known only when all are in, so they are
 * collected first.
 */
#include "form/index.h"

void cnv_form_index_put(cnv_form_index *index, cnv_str key, uint32_t owner)
{
	void *at = index->at;
	uint32_t found;

	if (!key.len || index->failed)
		return;
	found = cnv_map_put(&index->by_key, key, index->count);
	if (index->by_key.failed ||
	    (found == index->count && !cnv_mem_room(&at, &index->room, index->count + 1, sizeof *index->at))) {
		index->failed = true;
		return;
	}
	index->at = at;
	if (found == index->count)
		index->at[index->count++] = (cnv_form_index_entry){ .key = key, .owner = owner };
	else if (index->at[found].owner != owner)
		index->at[found].shared = true;
}

bool cnv_form_index_end(cnv_form_index *index, cnv_map *map)
{
	bool done = !index->failed;

	for (uint32_t i = 0; i < index->count && done; i++)
		cnv_map_put(map, index->at[i].key, index->at[i].shared ? CNV_NAME_AMBIGUOUS : index->at[i].owner);
	cnv_map_fini(&index->by_key);
	cnv_mem_free(index->at);
	*index = (cnv_form_index){ 0 };
	return done && !map->failed;
}
