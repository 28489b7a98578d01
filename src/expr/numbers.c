/* Arithmetic, comparison and mathematics, one loop each. */
#include "expr/calls.h"
#include "expr/machine.h"

#include <math.h>

/* ---------------------------------------------------------------- comparison */

#define COMPARE(operation)                                                                                             \
	for (uint32_t w = 0; w * 64 < count; w++) {                                                                    \
		uint32_t some = count - w * 64 < 64 ? count - w * 64 : 64;                                             \
		const double *a = left + (size_t)w * 64, *b = right + (size_t)w * 64 * right_step;                     \
		uint64_t word = 0;                                                                                     \
		if (right_step == 0) {                                                                                 \
			double constant = *right;                                                                      \
			for (uint32_t i = 0; i < some; i++)                                                            \
				word |= (uint64_t)(a[i] operation constant) << i;                                      \
		} else {                                                                                               \
			for (uint32_t i = 0; i < some; i++)                                                            \
				word |= (uint64_t)(a[i] operation b[i]) << i;                                          \
		}                                                                                                      \
		bits[w] = word;                                                                                        \
	}

void expr_compare(expr_relation relation, const double *left, const double *right, size_t right_step, uint32_t count,
		  uint64_t *bits)
{
	switch (relation) {
	case IS_EQUAL:
		COMPARE(==);
		break;
	case IS_UNEQUAL:
		COMPARE(!=);
		break;
	case IS_LESS:
		COMPARE(<);
		break;
	case IS_LESS_EQUAL:
		COMPARE(<=);
		break;
	case IS_MORE:
		COMPARE(>);
		break;
	case IS_MORE_EQUAL:
		COMPARE(>=);
		break;
	}
}

void step_compare_numbers(expr_machine *machine, const expr_step *step, uint32_t count)
{
	expr_compare(step->relation, numbers_of(machine, step->args[0]), numbers_of(machine, step->args[1]), 1, count,
		     bits_of(machine, step->to));
}

/* As numbers, but two blanks are equal. */
void step_compare_answers(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const double *left = numbers_of(machine, step->args[0]), *right = numbers_of(machine, step->args[1]);
	bool unequal = step->relation == IS_UNEQUAL;
	SET_BITS(bits_of(machine, step->to), i, count,
		 (left[i] == right[i] || (isnan(left[i]) && isnan(right[i]))) != unequal)
}

void step_compare_booleans(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const uint64_t *left = bits_of(machine, step->args[0]), *right = bits_of(machine, step->args[1]);
	uint64_t *to = bits_of(machine, step->to);
	for (size_t w = 0; w < CNV_BIT_WORDS(count); w++)
		to[w] = step->relation == IS_EQUAL ? ~(left[w] ^ right[w]) : left[w] ^ right[w];
}

/* ---------------------------------------------------------------- arithmetic */

#define ARITHMETIC(name, expression)                                                                                   \
	void step_##name(expr_machine *machine, const expr_step *step, uint32_t count)                                 \
	{                                                                                                              \
		const double *left = numbers_of(machine, step->args[0]), *right = numbers_of(machine, step->args[1]);  \
		double *to = numbers_of(machine, step->to);                                                            \
		for (uint32_t i = 0; i < count; i++) {                                                                 \
			double a = left[i], b = right[i];                                                              \
			to[i] = (expression);                                                                          \
		}                                                                                                      \
	}

static double divide(double a, double b)
{
	if (b != 0)
		return a / b;
	if (a == 0 || isnan(a) || isnan(b))
		return EXPR_NAN;
	return (a > 0) == !signbit(b) ? INFINITY : -INFINITY;
}

ARITHMETIC(add, a + b)
ARITHMETIC(subtract, a - b)
ARITHMETIC(multiply, a *b)
ARITHMETIC(divide, divide(a, b))
ARITHMETIC(modulo, fmod(a, b))

void step_negate(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const double *from = numbers_of(machine, step->args[0]);
	double *to = numbers_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		to[i] = -from[i];
}

/* ---------------------------------------------------------------- functions of one and two numbers */

static double power_of_ten(double x)
{
	return pow(10, x);
}

expr_one *const expr_abs = fabs;
expr_one *const expr_acos = acos;
expr_one *const expr_asin = asin;
expr_one *const expr_atan = atan;
expr_one *const expr_ceiling = ceil;
expr_one *const expr_cos = cos;
expr_one *const expr_exp = exp;
expr_one *const expr_exp10 = power_of_ten;
expr_one *const expr_floor = floor;
expr_one *const expr_int = trunc;
expr_one *const expr_log = log;
expr_one *const expr_log10 = log10;
expr_one *const expr_sin = sin;
expr_one *const expr_sqrt = sqrt;
expr_one *const expr_tan = tan;
expr_two *const expr_atan2 = atan2;
expr_two *const expr_pow = pow;

/* data: an expr_one. */
void step_one_number(expr_machine *machine, const expr_step *step, uint32_t count)
{
	expr_one *const *function = step->data;
	const double *from = numbers_of(machine, step->args[0]);
	double *to = numbers_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		to[i] = (*function)(from[i]);
}

/* data: an expr_two. */
void step_two_numbers(expr_machine *machine, const expr_step *step, uint32_t count)
{
	expr_two *const *function = step->data;
	const double *x = numbers_of(machine, step->args[0]), *y = numbers_of(machine, step->args[1]);
	double *to = numbers_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) /* C's pow(1, NaN) is 1; here NaN stays NaN */
		to[i] = isnan(x[i]) || isnan(y[i]) ? EXPR_NAN : (*function)(x[i], y[i]);
}

void step_round_to(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const double *from = numbers_of(machine, step->args[0]);
	const double *digits = step->argc > 1 ? numbers_of(machine, step->args[1]) : NULL;
	double *to = numbers_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		double places = digits ? trunc(digits[i]) : 0;
		if (isnan(places) || !isfinite(from[i]))
			to[i] = isnan(places) ? EXPR_NAN : from[i];
		else
			to[i] = cnv_number_round(from[i], places > 400 ? 400 : places < -400 ? -400 : (int)places);
	}
}

void step_number_there(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const double *from = numbers_of(machine, step->args[0]);
	SET_BITS(bits_of(machine, step->to), i, count, !isnan(from[i]))
}

/* The greatest (sign 1) or least (sign -1) of the arguments; those that are not numbers are skipped. */
static void find_extreme(expr_machine *machine, const expr_step *step, uint32_t count, double sign)
{
	double *to = numbers_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		to[i] = EXPR_NAN;
	for (uint32_t k = 0; k < step->argc; k++) {
		const double *from = numbers_of(machine, step->args[k]);
		for (uint32_t i = 0; i < count; i++)
			if (!isnan(from[i]) && !(from[i] * sign <= to[i] * sign))
				to[i] = from[i];
	}
}

void step_least(expr_machine *machine, const expr_step *step, uint32_t count)
{
	find_extreme(machine, step, count, -1);
}

void step_greatest(expr_machine *machine, const expr_step *step, uint32_t count)
{
	find_extreme(machine, step, count, 1);
}

static bool is_within(double sum, double least, double most)
{
	return (least == -1 || sum >= least) && (most == -1 || sum <= most);
}

void step_checklist(expr_machine *machine, const expr_step *step, uint32_t count)
{
	uint64_t *to = bits_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		double sum = 0;
		for (uint32_t k = 2; k < step->argc; k++)
			sum += numbers_of(machine, step->args[k])[i];
		if (i % 64 == 0)
			to[i / 64] = 0;
		if (is_within(sum, numbers_of(machine, step->args[0])[i], numbers_of(machine, step->args[1])[i]))
			cnv_bit_set(to, i);
	}
}

void step_weighted_checklist(expr_machine *machine, const expr_step *step, uint32_t count)
{
	uint64_t *to = bits_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		double sum = 0;
		for (uint32_t k = 2; k + 1 < step->argc; k += 2)
			if (numbers_of(machine, step->args[k])[i] != 0)
				sum += numbers_of(machine, step->args[k + 1])[i];
		if (i % 64 == 0)
			to[i / 64] = 0;
		if (is_within(sum, numbers_of(machine, step->args[0])[i], numbers_of(machine, step->args[1])[i]))
			cnv_bit_set(to, i);
	}
}
