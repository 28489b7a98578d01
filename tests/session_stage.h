/* session_stage.h: a response under way in a test. */
#ifndef CANVASS_TESTS_SESSION_STAGE_H
#define CANVASS_TESTS_SESSION_STAGE_H

#include "canvass/session.h"
#include "round_stage.h"

typedef struct asking {
	stage s;
	cnv_session *session;
	cnv_arena arena;
} asking;

static inline cnv_world at_noon(uint64_t seed)
{
	return (cnv_world){ .now = { .utc_ms = NOON }, .seed = seed };
}

static inline void begin(asking *a, const char *form)
{
	const cnv_world world = at_noon(5);

	*a = (asking){ 0 };
	set_stage(&a->s, form, NULL);
	a->session = cnv_session_new(a->s.form.plan, &world, 0);
	assert_non_null(a->session);
}

static inline void end(asking *a)
{
	cnv_session_free(a->session);
	cnv_arena_fini(&a->arena);
	strike(&a->s);
}

#endif
