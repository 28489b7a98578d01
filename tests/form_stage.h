/* A form built from a text, and what was reported: shared by the tests of the room form.
 *
 * Sheets are written with | between fields, a row a line. */
#ifndef CANVASS_TESTS_FORM_STAGE_H
#define CANVASS_TESTS_FORM_STAGE_H

#include "canvass/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define MOST_FIELDS 32

struct stage {
	cnv_arena arena;
	cnv_sheets sheets;
	cnv_form *form;
	cnv_status status;
	cnv_text codes; /* of every diagnostic, with a blank between */
};

static inline void hear(void *self, const cnv_diag *diag)
{
	cnv_text *codes = self;
	char name[8];

	cnv_code_name(diag->code, name);
	cnv_text_format(codes, "%s%s", codes->len ? " " : "", name);
}

static inline void open_stage(struct stage *stage, const char *text)
{
	cnv_diags diags = { .emit = hear, .self = &stage->codes };
	cnv_str rest = cnv_str_from(text), line;
	uint32_t row = 0;

	memset(stage, 0, sizeof *stage);
	cnv_sheets_init(&stage->sheets, CNV_STR("forms/port calls.csv"), &stage->arena);
	while (cnv_str_split(&rest, '\n', &line)) {
		cnv_str fields[MOST_FIELDS];
		uint32_t count = 0;

		row++;
		while (count < MOST_FIELDS && cnv_str_split(&line, '|', &fields[count]))
			count++;
		cnv_sheets_add(&stage->sheets, fields, count, row, &diags);
	}
	stage->status = cnv_form_build(&stage->form, &stage->sheets, &stage->arena, &diags);
}

static inline void close_stage(struct stage *stage)
{
	cnv_form_fini(stage->form);
	cnv_sheets_fini(&stage->sheets);
	cnv_text_fini(&stage->codes);
	cnv_arena_fini(&stage->arena);
}

#endif
