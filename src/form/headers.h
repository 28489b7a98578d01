/* headers.h: what each column of a sheet means. */
#ifndef CANVASS_FORM_HEADERS_H
#define CANVASS_FORM_HEADERS_H

#include "canvass/form.h"

typedef struct cnv_form_builder cnv_form_builder; /* builder.h */

/* What a column holds. */
typedef enum cnv_form_role {
	ROLE_EXTRA,   /* a column canvass does not know: kept */
	ROLE_DROPPED, /* no heading, or one that cannot be used */
	ROLE_TYPE,
	ROLE_NAME,
	ROLE_LIST_NAME,
	ROLE_RELEVANT,
	ROLE_REQUIRED,
	ROLE_CONSTRAINT,
	ROLE_WARNING,
	ROLE_CALCULATION,
	ROLE_DEFAULT,
	ROLE_READ_ONLY,
	ROLE_CHOICE_FILTER,
	ROLE_REPEAT_COUNT,
	ROLE_TRIGGER,
	ROLE_PARAMETERS,
	ROLE_APPEARANCE,
	ROLE_BIND_TYPE,
	ROLE_DISABLED,
	ROLE_QNO,
	ROLE_LEGAL_REF,
	ROLE_AUDIENCE,
	ROLE_HEADLINE,
	ROLE_UNIT,
	ROLE_BANK,
	/* translatable from here on */
	ROLE_LABEL,
	ROLE_HINT,
	ROLE_GUIDANCE,
	ROLE_CONSTRAINT_MESSAGE,
	ROLE_REQUIRED_MESSAGE,
	ROLE_WARNING_MESSAGE,
	ROLE_SAYS,
	ROLE_IMAGE,
	ROLE_BIG_IMAGE,
	ROLE_AUDIO,
	ROLE_VIDEO,
	ROLES
} cnv_form_role;
#define ROLE_FIRST_WORDING ROLE_LABEL
#define ROLE_FIRST_MEDIA ROLE_IMAGE

/* Which headings are known depends on the sheet. */
typedef enum cnv_form_sheet_kind { SURVEY_SHEET = 1, CHOICES_SHEET = 2 } cnv_form_sheet_kind;

/* One column's heading. */
typedef struct cnv_form_head {
	cnv_form_role role;
	bool suffixed;     /* a language follows the heading: label::French */
	uint32_t language; /* of a translatable column; set by cnv_form_settle_languages */
	cnv_str heading;   /* as written */
	cnv_str suffix;    /* the language as written */
} cnv_form_head;

typedef struct cnv_form_heads {
	const cnv_sheet *sheet;
	cnv_form_head *at; /* by column - 1 */
	uint32_t count;    /* columns up to the last heading */
	bool has[ROLES];
} cnv_form_heads;

/* `sheet` may be NULL: no columns. */
void cnv_form_read_headers(cnv_form_builder *build, cnv_form_heads *heads, const cnv_sheet *sheet,
			   cnv_form_sheet_kind kind);
/* The heading in lower case, each run of blanks one underscore; in `arena`. */
cnv_str cnv_form_snake(cnv_arena *arena, cnv_str heading);

#endif
