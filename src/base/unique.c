/* The names of columns in a view or a data file, made from the names of questions: cut, and unique without regard to
 * case. */
#include "canvass/base.h"

static cnv_str fold(cnv_naming *names, cnv_str name)
{
	char *at = cnv_arena_array(&names->arena, (uint32_t)name.len, 1);

	for (size_t i = 0; at && i < name.len; i++)
		at[i] = cnv_lower(name.at[i]);
	return (cnv_str){ at, at ? name.len : 0 };
}

/* False: another column has it, whose index in `last` becomes *at.  Without memory nothing is compared. */
static bool take(cnv_naming *names, cnv_str name, uint32_t *at)
{
	cnv_str folded = fold(names, name);
	uint32_t next = names->taken.count;

	if (names->arena.failed || !cnv_mem_room((void **)&names->last, &names->room, next + 1, sizeof *names->last)) {
		names->taken.failed = true;
		return true;
	}
	names->last[next] = 1;
	*at = cnv_map_put(&names->taken, folded, next);
	return *at == next || names->taken.failed;
}

cnv_str cnv_naming_take(cnv_naming *names, cnv_str wanted)
{
	cnv_str name = cnv_utf8_cut(wanted, names->most);
	uint32_t same, at;

	if (take(names, name, &same))
		return name;
	do {
		cnv_text_reset(&names->name);
		cnv_text_put(&names->name, cnv_utf8_cut(wanted, names->most - 11));
		cnv_text_format(&names->name, "_%u", ++names->last[same]);
	} while (!names->name.failed && !take(names, cnv_text_str(&names->name), &at));
	return cnv_text_str(&names->name);
}

bool cnv_naming_fini(cnv_naming *names)
{
	bool failed = names->taken.failed || names->name.failed || names->arena.failed;

	cnv_map_fini(&names->taken);
	cnv_mem_free(names->last);
	cnv_text_fini(&names->name);
	cnv_arena_fini(&names->arena);
	*names = (cnv_naming){ 0 };
	return !failed;
}
