/* Declarations for the function table: how calls are built (calls.c), and the mathematics behind them (numbers.c). */
#ifndef CANVASS_EXPR_CALLS_H
#define CANVASS_EXPR_CALLS_H

#include "expr/compile.h"

expr_builder expr_build_convert, expr_build_self, expr_build_true, expr_build_false, expr_build_pi, expr_build_not,
	expr_build_if, expr_build_coalesce, expr_build_once, expr_build_selected, expr_build_regex,
	expr_build_intersects, expr_build_entries, expr_build_extreme, expr_build_concat, expr_build_join,
	expr_build_checklist, expr_build_weighted, expr_build_date, expr_build_format, expr_build_position,
	expr_build_choice_name, expr_build_places, expr_build_random, expr_build_last, expr_build_indexed_repeat,
	expr_build_randomize, expr_build_pulldata, expr_build_version, expr_build_property, expr_build_name;

typedef double expr_one(double x);
typedef double expr_two(double x, double y);

/* A data pointer cannot hold a function pointer, so the table points at these. */
extern expr_one *const expr_abs;
extern expr_one *const expr_acos;
extern expr_one *const expr_asin;
extern expr_one *const expr_atan;
extern expr_one *const expr_ceiling;
extern expr_one *const expr_cos;
extern expr_one *const expr_exp;
extern expr_one *const expr_exp10;
extern expr_one *const expr_floor;
extern expr_one *const expr_int;
extern expr_one *const expr_log;
extern expr_one *const expr_log10;
extern expr_one *const expr_sin;
extern expr_one *const expr_sqrt;
extern expr_one *const expr_tan;
extern expr_two *const expr_atan2;
extern expr_two *const expr_pow;

#endif
