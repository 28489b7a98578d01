/* A paper that is keyed twice: both keyings are kept in the return, next to the answers that were decided on. */
#include "canvass/interview.h"

static void on_line(void *self, const cnv_session_line *line)
{
	cnv_keying *keying = self;
	cnv_keyed *keyed;

	if (line->question == CNV_NONE || !cnv_arena_grow(&keying->arena, (void **)&keying->lines, keying->count,
							  &keying->room, sizeof *keying->lines))
		return;
	keyed = &keying->lines[keying->count];
	*keyed = (cnv_keyed){ .question = line->question,
			      .path = cnv_arena_copy(&keying->arena, line->path),
			      .answer = cnv_arena_copy(&keying->arena, line->answer),
			      .note = cnv_arena_copy(&keying->arena, line->note) };
	cnv_map_put(&keying->by_path, keyed->path, keying->count++);
}

cnv_status cnv_keying_take(cnv_keying *keying, cnv_session *session)
{
	cnv_status status;

	cnv_keying_fini(keying);
	status = cnv_session_write(session, false, on_line, keying);
	return !status && (keying->arena.failed || keying->by_path.failed) ? CNV_NO_MEMORY : status;
}

void cnv_keying_fini(cnv_keying *keying)
{
	cnv_map_fini(&keying->by_path);
	cnv_arena_fini(&keying->arena);
	*keying = (cnv_keying){ 0 };
}
