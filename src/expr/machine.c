/* machine.c: services for steps: the time zone, and memory for the texts that they build. */
#include "expr/machine.h"

#include <string.h>

int32_t expr_offset(expr_machine *machine)
{
	if (machine->world)
		return machine->world->now.utc_offset;
	machine->asked_world = true;
	return 0;
}

/* Texts are contiguous in chunks of this many bytes. */
#define TEXT_PIECE (32u << 10)

char *expr_text_room(expr_machine *machine, size_t len)
{
	if (len <= (size_t)(machine->text_end - machine->text)) {
		char *at = machine->text;
		machine->text += len;
		return at;
	}
	if (machine->folding || len >= TEXT_PIECE / 4) {
		char *own = cnv_arena_get(machine->scratch, len);
		machine->failed = machine->failed || !own;
		return own;
	}
	char *piece = cnv_arena_get(machine->scratch, TEXT_PIECE);
	if (!piece) {
		machine->failed = true;
		return NULL;
	}
	machine->text = piece + len;
	machine->text_end = piece + TEXT_PIECE;
	return piece;
}

cnv_str expr_text_copy(expr_machine *machine, const char *at, size_t len)
{
	char *copy = len > 0 ? expr_text_room(machine, len) : NULL;
	if (!copy)
		return CNV_STR("");
	memcpy(copy, at, len);
	return (cnv_str){ copy, len };
}
