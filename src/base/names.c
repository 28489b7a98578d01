/* Maps names to the numbers of the things they name, by rank and scope.
 *
 * One map holds all ranks: a key is the rank and the scope in eight bytes, followed by the name.  A number becomes
 * CNV_NAME_AMBIGUOUS when a second thing has the same name in the same rank and scope. */
#include "canvass/base.h"

#define PREFIX 8u

/* The key; valid until the next call. */
static cnv_str key_of(cnv_names *names, uint32_t rank, uint32_t scope, cnv_str name)
{
	uint32_t prefix[2] = { rank, scope };

	_Static_assert(sizeof prefix == PREFIX, "rank and scope");
	cnv_text_reset(&names->key);
	cnv_text_put(&names->key, (cnv_str){ (const char *)prefix, sizeof prefix });
	cnv_text_put(&names->key, name);
	return cnv_text_str(&names->key);
}

void cnv_names_put(cnv_names *names, uint32_t rank, uint32_t scope, cnv_str name, uint32_t id)
{
	cnv_str key;
	uint32_t at;

	if (!name.len)
		return;
	if (!cnv_mem_room((void **)&names->ids, &names->room, names->count + 1, sizeof *names->ids)) {
		names->failed = true;
		return;
	}
	key = cnv_arena_copy(&names->keys, key_of(names, rank, scope, name));
	if (names->keys.failed || names->key.failed)
		return;
	at = cnv_map_put(&names->places, key, names->count);
	if (at == names->count)
		names->ids[names->count++] = id;
	else if (names->ids[at] != id)
		names->ids[at] = CNV_NAME_AMBIGUOUS;
}

uint32_t cnv_names_find(cnv_names *names, uint32_t rank, uint32_t scope, cnv_str name)
{
	uint32_t at = names->count ? cnv_map_find(&names->places, key_of(names, rank, scope, name)) : CNV_NONE;

	return at == CNV_NONE ? CNV_NONE : names->ids[at];
}

bool cnv_names_failed(const cnv_names *names)
{
	return names->failed || names->keys.failed || names->places.failed || names->key.failed;
}

void cnv_names_fini(cnv_names *names)
{
	cnv_map_fini(&names->places);
	cnv_mem_free(names->ids);
	cnv_arena_fini(&names->keys);
	cnv_text_fini(&names->key);
	*names = (cnv_names){ 0 };
}
