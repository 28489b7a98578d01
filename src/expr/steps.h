/* steps.h: a compiled program, that is, steps over registers. */
#ifndef CANVASS_EXPR_STEPS_H
#define CANVASS_EXPR_STEPS_H

#include "expr/nodes.h"

/* The list of all operations of the machine: each is a function step_NAME().  Its second word describes it.  READS:
 * answers, items or random numbers, so that it is not folded whatever its arguments; the rest is shown in an
 * explanation of the step: the answer's COLUMN (which it READS), a RELATION, a CHOICE of the column's list, a SET
 * (read). */
enum { STEP_PLAIN = 0, STEP_READS = 1, STEP_COLUMN = 3, STEP_RELATION = 4, STEP_CHOICE = 8, STEP_SET = 16 };
/* clang-format off */
#define EXPR_STEPS(STEP) \
	STEP(load_text, STEP_COLUMN) STEP(load_number, STEP_COLUMN) STEP(load_there, STEP_COLUMN) \
	STEP(load_choice_text, STEP_READS) STEP(load_position, STEP_READS) \
	STEP(compare_column, STEP_COLUMN | STEP_RELATION) STEP(column_is_choice, STEP_COLUMN | STEP_CHOICE) \
	STEP(column_has_choice, STEP_COLUMN | STEP_CHOICE) STEP(count_entries, STEP_COLUMN) \
	STEP(sum_entries, STEP_COLUMN) STEP(least_entry, STEP_COLUMN) STEP(greatest_entry, STEP_COLUMN) \
	STEP(count_filled, STEP_COLUMN) STEP(count_true_entries, STEP_COLUMN) STEP(join_entries, STEP_COLUMN) \
	STEP(load_item_text, STEP_READS) STEP(load_item_position, STEP_READS) STEP(load_item_last, STEP_READS) \
	STEP(load_identity, STEP_READS) STEP(unknown, STEP_READS) STEP(blank, STEP_READS) STEP(select, STEP_READS) \
	STEP(unite, STEP_SET) STEP(shuffle, STEP_SET) STEP(count_set, STEP_SET) STEP(count_set_filled, STEP_SET) \
	STEP(count_set_true, STEP_SET) STEP(sum_set, STEP_SET) STEP(least_of_set, STEP_SET) \
	STEP(greatest_of_set, STEP_SET) STEP(join_set, STEP_SET) STEP(first_text, STEP_SET) \
	STEP(first_number, STEP_SET) STEP(compare_set, STEP_RELATION) STEP(itext, STEP_PLAIN) STEP(text_to_number, STEP_PLAIN) \
	STEP(text_to_boolean, STEP_PLAIN) STEP(text_to_days, STEP_PLAIN) STEP(number_to_text, STEP_PLAIN) \
	STEP(answer_to_text, STEP_PLAIN) STEP(number_to_boolean, STEP_PLAIN) STEP(boolean_to_number, STEP_PLAIN) \
	STEP(boolean_to_text, STEP_PLAIN) STEP(days_to_boolean, STEP_PLAIN) STEP(day_to_text, STEP_PLAIN) \
	STEP(moment_to_text, STEP_PLAIN) STEP(add, STEP_PLAIN) STEP(subtract, STEP_PLAIN) STEP(multiply, STEP_PLAIN) \
	STEP(divide, STEP_PLAIN) STEP(modulo, STEP_PLAIN) STEP(negate, STEP_PLAIN) STEP(compare_numbers, STEP_RELATION) \
	STEP(compare_texts, STEP_RELATION) STEP(compare_booleans, STEP_RELATION) STEP(compare_answers, STEP_RELATION) \
	STEP(both, STEP_PLAIN) STEP(either, STEP_PLAIN) STEP(invert, STEP_PLAIN) STEP(choose_text, STEP_PLAIN) \
	STEP(choose_number, STEP_PLAIN) STEP(choose_boolean, STEP_PLAIN) STEP(number_there, STEP_PLAIN) \
	STEP(one_number, STEP_PLAIN) STEP(two_numbers, STEP_PLAIN) STEP(round_to, STEP_PLAIN) STEP(random, STEP_READS) \
	STEP(uuid, STEP_READS) STEP(least, STEP_PLAIN) STEP(greatest, STEP_PLAIN) STEP(checklist, STEP_PLAIN) \
	STEP(weighted_checklist, STEP_PLAIN) STEP(join, STEP_PLAIN) STEP(concat, STEP_PLAIN) STEP(substr, STEP_PLAIN) \
	STEP(substring, STEP_PLAIN) STEP(substring_before, STEP_PLAIN) STEP(substring_after, STEP_PLAIN) \
	STEP(translate, STEP_PLAIN) STEP(string_length, STEP_PLAIN) STEP(normalize_space, STEP_PLAIN) \
	STEP(contains, STEP_PLAIN) STEP(starts_with, STEP_PLAIN) STEP(ends_with, STEP_PLAIN) STEP(selected, STEP_PLAIN) \
	STEP(count_selected, STEP_PLAIN) STEP(selected_at, STEP_PLAIN) STEP(boolean_from_string, STEP_PLAIN) \
	STEP(choice_name, STEP_PLAIN) STEP(digest, STEP_PLAIN) STEP(base64_decode, STEP_PLAIN) STEP(today, STEP_PLAIN) \
	STEP(now, STEP_PLAIN) STEP(date, STEP_PLAIN) STEP(date_time, STEP_PLAIN) STEP(decimal_date_time, STEP_PLAIN) \
	STEP(decimal_time, STEP_PLAIN) STEP(format_date, STEP_PLAIN) STEP(area, STEP_PLAIN) STEP(distance, STEP_PLAIN) \
	STEP(geofence, STEP_PLAIN) STEP(intersects, STEP_PLAIN) STEP(regex, STEP_PLAIN) STEP(regex_computed, STEP_PLAIN)
/* clang-format on */

typedef enum expr_op {
#define STEP(name, knows) OP_##name,
	EXPR_STEPS(STEP)
#undef STEP
		OP_COUNT
} expr_op;

/* The content of a register.  DAY, MOMENT and ANSWER are doubles in which NaN means blank. */
typedef enum expr_type {
	TYPE_TEXT,
	TYPE_NUMBER,
	TYPE_BOOLEAN,
	TYPE_DAY,    /* days since 1970-01-01 in the zone of the run; a fraction if there is a time */
	TYPE_MOMENT, /* the same, always printed with its time */
	TYPE_ANSWER, /* a number that is a respondent's answer */
	TYPE_COUNT
} expr_type;

typedef enum expr_relation { IS_EQUAL, IS_UNEQUAL, IS_LESS, IS_LESS_EQUAL, IS_MORE, IS_MORE_EQUAL } expr_relation;

/* How the rows of another table are reached from the expression's own rows. */
typedef struct expr_way {
	uint32_t level; /* 0: from the rows of the expression; else from the entries of that level */
	uint32_t table;
	uint32_t common; /* nearest table that owns both; equal to `table`: each row has one owner there */
} expr_way;

typedef struct expr_step {
	expr_op op;
	uint32_t to;          /* register */
	const uint32_t *args; /* registers */
	uint32_t argc;
	uint32_t way;    /* index into ways; 0 is the expression's own table */
	uint32_t column; /* in the way's table */
	uint32_t choice; /* index in a list */
	uint32_t level;
	uint32_t set; /* the set created; sets that are read are in `data` */
	expr_relation relation;
	bool search, caseless; /* of a computed pattern */
	double number;
	const void *data; /* other parameters of the step; see each */
} expr_step;

typedef struct expr_value {
	cnv_str text;
	double number;
	bool truth;
} expr_value;

typedef struct expr_pattern expr_pattern;

struct cnv_expr {
	const cnv_form *form;
	cnv_type type;
	uint32_t table;
	bool is_volatile, unsure; /* unsure: it has steps that may be undecided */
	bool constant;
	uint32_t result; /* register */
	uint32_t step_count, step_room;
	expr_step *steps;
	uint32_t register_count, register_room;
	expr_type *registers; /* TEXT, NUMBER or BOOLEAN */
	uint32_t constant_count, constant_room;
	struct expr_constant {
		uint32_t to;
		expr_value value;
	} * constants;
	uint32_t way_count, way_room;
	expr_way *ways;
	uint32_t use_count, use_room;
	cnv_question_id *uses;
	uint32_t pattern_count, pattern_room;
	expr_pattern **patterns;
	uint32_t level;                     /* of a condition on a path: number of visible levels */
	uint32_t level_tables[EXPR_LEVELS]; /* of the candidate entries; CNV_NONE: items of a list */
	uint32_t set_count;
	uint32_t filter_count, filter_room;
	struct cnv_expr **filters; /* programs of conditions on paths */
	uint32_t place;            /* of such a program in the filters of the enclosing one */
};

#endif
