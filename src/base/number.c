/* Numbers: exact conversion between decimal text and doubles, in any locale.
 *
 * Most answers have few digits, for which double arithmetic is exact (Clinger, "How to read floating point numbers
 * accurately", 1990).  The rest uses integers of bounded size: reading divides them bit by bit; writing generates
 * digits until the result is nearer to this double than to its neighbours (Steele and White, "How to print
 * floating-point numbers accurately", 1990), which yields the shortest text. */
#include "canvass/base.h"

#include <math.h>
#include <string.h>

/* 768 digits determine every double; later digits can only distinguish a tie from a larger number. */
#define KEPT_DIGITS 800
/* The largest divisor in reading: 10 to the power of KEPT_DIGITS and the 345 places within which the first digit of
 * any nonzero double occurs, in 32-bit words, with 64 bits to spare. */
#define BIG_WORDS 128
/* The first digit of a double is never further from the point than this. */
#define FIRST_DIGIT_ABOVE 310
#define FIRST_DIGIT_BELOW (-345)
#define EXACT_INTEGERS UINT64_C(9007199254740992) /* 2^53 */
#define SHORT_DIGITS 19                           /* fit in 64 bits, as does 10 to this power */
#define WRITTEN_DIGITS 17

/* A whole number; words[0] is the lowest, and words[count - 1] is not 0. */
struct big {
	uint32_t count;
	uint32_t words[BIG_WORDS];
};

/* 0.d1d2d3... times ten to the power of `point`. */
struct decimal {
	bool negative;
	uint32_t count; /* digits; the first is not 0 unless count is 0 */
	int32_t point;
	char digits[WRITTEN_DIGITS + 1]; /* '0' to '9' */
};

/* Powers of ten that a double holds exactly. */
static const double tens[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
			       1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

#define LARGEST_EXACT_TEN 22

/* ---------------------------------------------------------------- whole numbers */

static void big_set(struct big *big, uint64_t value)
{
	big->words[0] = (uint32_t)value;
	big->words[1] = (uint32_t)(value >> 32);
	big->count = value >> 32 ? 2 : value ? 1 : 0;
}

static void big_multiply_add(struct big *big, uint32_t factor, uint32_t add)
{
	uint64_t carry = add;

	for (uint32_t i = 0; i < big->count; i++) {
		carry += (uint64_t)big->words[i] * factor;
		big->words[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry)
		big->words[big->count++] = (uint32_t)carry;
}

static void big_times_ten_to(struct big *big, uint32_t power)
{
	for (; power >= 9; power -= 9)
		big_multiply_add(big, 1000000000, 0);
	static const uint32_t small[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000 };
	if (power)
		/* cppcheck-suppress arrayIndexOutOfBoundsCond ; the loop leaves 8 at most */
		big_multiply_add(big, small[power], 0);
}

static void big_shift_left(struct big *big, uint32_t by)
{
	uint32_t words = by / 32, bits = by % 32;

	if (!big->count)
		return;
	uint32_t top = bits ? big->words[big->count - 1] >> (32 - bits) : 0;
	for (uint32_t i = big->count; i-- > 0;) {
		uint32_t below = bits && i ? big->words[i - 1] >> (32 - bits) : 0;
		big->words[i + words] = big->words[i] << bits | below;
	}
	memset(big->words, 0, words * sizeof big->words[0]);
	big->count += words;
	if (top)
		big->words[big->count++] = top;
}

static int big_compare(const struct big *a, const struct big *b)
{
	if (a->count != b->count)
		return a->count < b->count ? -1 : 1;
	for (uint32_t i = a->count; i-- > 0;)
		if (a->words[i] != b->words[i])
			return a->words[i] < b->words[i] ? -1 : 1;
	return 0;
}

/* Compares a + b with c. */
static int big_compare_sum(const struct big *a, const struct big *b, const struct big *c)
{
	struct big sum;
	uint64_t carry = 0;

	sum.count = a->count;
	memcpy(sum.words, a->words, a->count * sizeof a->words[0]);
	for (uint32_t i = 0; i < b->count || carry; i++) {
		if (i == sum.count)
			sum.words[sum.count++] = 0;
		carry += (uint64_t)sum.words[i] + (i < b->count ? b->words[i] : 0);
		sum.words[i] = (uint32_t)carry;
		carry >>= 32;
	}
	return big_compare(&sum, c);
}

/* a -= b, where b is not larger. */
static void big_subtract(struct big *a, const struct big *b)
{
	uint64_t borrow = 0;

	for (uint32_t i = 0; i < a->count; i++) {
		uint64_t take = (i < b->count ? b->words[i] : 0) + borrow;
		borrow = a->words[i] < take;
		a->words[i] = (uint32_t)(a->words[i] - take);
	}
	while (a->count && !a->words[a->count - 1])
		a->count--;
}

static uint32_t bits_in(uint32_t word)
{
	uint32_t count = 0;

	for (; word; word >>= 1)
		count++;
	return count;
}

static uint32_t big_bits(const struct big *big)
{
	return big->count ? (big->count - 1) * 32 + bits_in(big->words[big->count - 1]) : 0;
}

/* ---------------------------------------------------------------- reading */

/* mantissa * 2^exponent (and a nonzero rest below it when `sticky`), rounded half to even.  The top bit of the
 * mantissa is set.  Denormal doubles have fewer bits; numbers that are too large become infinite. */
static double assemble(uint64_t mantissa, int32_t exponent, bool sticky)
{
	int32_t top = exponent + 63; /* 2^top is the value of the top bit */
	uint32_t drop = top < -1022 ? 11u + (uint32_t)(-1022 - top) : 11u;

	if (top > 1023)
		return INFINITY;
	if (drop > 64)
		return 0;
	uint64_t kept = drop == 64 ? 0 : mantissa >> drop;
	uint64_t rest = drop == 64 ? mantissa : mantissa << (64 - drop);
	const uint64_t half = UINT64_C(1) << 63;
	if (rest > half || (rest == half && (sticky || (kept & 1))))
		kept++;
	/* A carry out of the fraction increments the exponent, which is correct when rounding up. */
	uint64_t bits = top < -1022 ? kept : kept + ((uint64_t)(top + 1022) << 52);
	double number;
	memcpy(&number, &bits, sizeof number);
	return number;
}

/* number / 10^places, where both fit in 64 bits and the number is not 0: mostly coordinates. */
static double divide_short(uint64_t number, uint32_t places)
{
	uint64_t divisor = 1, quotient = 0;
	int32_t exponent = -63;
	bool carry = false;

	for (; places; places--)
		divisor *= 10;
	for (; !(number >> 63); number <<= 1)
		exponent--;
	for (; !(divisor >> 63); divisor <<= 1)
		exponent++;
	for (uint32_t bit = 0; bit < 64 || !(quotient >> 63); bit++) {
		bool fits = carry || number >= divisor;
		quotient = quotient << 1 | fits;
		number -= fits ? divisor : 0;
		carry = number >> 63;
		number <<= 1;
		exponent -= bit >= 64;
	}
	return assemble(quotient, exponent, number || carry);
}

/* number / divisor, both above 0 and exact until the last bit; `sticky`: the number is slightly larger. */
static double divide(struct big *number, struct big *divisor, bool sticky)
{
	int32_t shift = 63 - ((int32_t)big_bits(number) - (int32_t)big_bits(divisor));

	if (shift > 0)
		big_shift_left(number, (uint32_t)shift);
	else
		big_shift_left(divisor, (uint32_t)-shift);
	/* The quotient now has 63 or 64 bits. */
	big_shift_left(divisor, 63);
	uint64_t quotient = 0;
	for (uint32_t bit = 0; bit < 64; bit++) {
		quotient <<= 1;
		if (big_compare(number, divisor) >= 0) {
			big_subtract(number, divisor);
			quotient |= 1;
		}
		big_shift_left(number, 1);
	}
	int32_t exponent = -shift;
	if (!(quotient >> 63)) {
		quotient <<= 1;
		exponent--;
		if (big_compare(number, divisor) >= 0) {
			big_subtract(number, divisor);
			quotient |= 1;
		}
	}
	return assemble(quotient, exponent, sticky || number->count);
}

/* Reads the digits of `text` (points are skipped) as a whole number times ten to the power of `scale`. */
static double read_slowly(cnv_str text, int64_t scale)
{
	struct big number, divisor;
	uint32_t kept = 0;
	bool sticky = false;

	number.count = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '.')
			continue;
		uint32_t digit = (uint32_t)(text.at[i] - '0');
		if (kept == KEPT_DIGITS) {
			sticky = sticky || digit;
			scale++;
			continue;
		}
		kept += kept || digit;
		big_multiply_add(&number, 10, digit);
	}
	if (!number.count || (int64_t)kept + scale < FIRST_DIGIT_BELOW)
		return 0;
	if ((int64_t)kept + scale > FIRST_DIGIT_ABOVE)
		return INFINITY;
	big_set(&divisor, 1);
	if (scale > 0)
		big_times_ten_to(&number, (uint32_t)scale);
	else
		big_times_ten_to(&divisor, (uint32_t)-scale);
	return divide(&number, &divisor, sticky);
}

/* Reads unsigned decimal text that is already known to be well-formed. */
static double read_digits(cnv_str text, int64_t scale)
{
	uint64_t mantissa = 0;
	uint32_t digits = 0;

	for (size_t i = 0; i < text.len && digits <= SHORT_DIGITS; i++) {
		if (text.at[i] == '.')
			continue;
		mantissa = mantissa * 10 + (uint64_t)(text.at[i] - '0'); /* wraps if there are too many digits */
		digits += digits || mantissa;
	}
	if (mantissa <= EXACT_INTEGERS && digits <= SHORT_DIGITS && scale >= -LARGEST_EXACT_TEN &&
	    scale <= LARGEST_EXACT_TEN)
		return scale < 0 ? (double)mantissa / tens[-scale] : (double)mantissa * tens[scale];
	if (digits && digits <= SHORT_DIGITS && scale <= 0 && scale >= -SHORT_DIGITS)
		return divide_short(mantissa, (uint32_t)-scale);
	return read_slowly(text, scale);
}

/* Reads at most 15 digits with at most one point and no sign, which covers nearly all answers.  The digits are
 * exact, and so is the power of ten. */
static bool read_short(cnv_str text, double *number)
{
	uint64_t digits = 0;
	size_t point = text.len;

	if (text.len > 15 || !text.len)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned char)text.at[i] - (unsigned)'0';
		if (digit <= 9)
			digits = digits * 10 + digit;
		else if (text.at[i] == '.' && point == text.len)
			point = i;
		else
			return false;
	}
	if (point == text.len)
		*number = (double)digits;
	else if (text.len > 1)
		*number = (double)digits / tens[text.len - point - 1];
	return point == text.len || text.len > 1;
}

bool cnv_number_read(cnv_str text, double *number)
{
	if (read_short(text, number))
		return true;
	bool negative = text.len && text.at[0] == '-';
	cnv_str digits = cnv_str_slice(text, negative, text.len);
	size_t point = SIZE_MAX;

	for (size_t i = 0; i < digits.len; i++) {
		char c = digits.at[i];
		if (c == '.' && point == SIZE_MAX)
			point = i;
		else if (c < '0' || c > '9')
			return false;
	}
	if (digits.len == (point != SIZE_MAX))
		return false;
	int64_t scale = point == SIZE_MAX ? 0 : -(int64_t)(digits.len - point - 1);
	double value = read_digits(digits, scale);
	if (isinf(value))
		return false;
	*number = negative ? -value : value;
	return true;
}

bool cnv_integer_read(cnv_str text, int64_t *integer)
{
	bool negative = text.len && text.at[0] == '-';
	const uint64_t most = (uint64_t)INT64_MAX + negative;
	uint64_t value = 0;

	if (text.len == negative)
		return false;
	for (size_t i = negative; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		uint64_t digit = (uint64_t)(text.at[i] - '0');
		if (value > (most - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*integer = negative ? (value ? -(int64_t)(value - 1) - 1 : 0) : (int64_t)value;
	return true;
}

/* ---------------------------------------------------------------- writing */

/* Sets the digits of a whole number, and the position of the point, with `scale` digits after it. */
static void set_decimal(struct decimal *decimal, uint64_t number, uint32_t scale)
{
	char reversed[20];
	uint32_t count = 0;

	for (; number; number /= 10)
		reversed[count++] = (char)('0' + number % 10);
	decimal->point = (int32_t)count - (int32_t)scale;
	uint32_t zeros = 0; /* trailing, not significant */
	while (zeros < count && reversed[zeros] == '0')
		zeros++;
	decimal->count = count - zeros;
	for (uint32_t i = 0; i < decimal->count; i++)
		decimal->digits[i] = reversed[count - 1 - i];
}

/* Tries few digits: no two doubles share a text of at most 15 digits, so the first text that reads back is the
 * shortest. */
static bool shorten_fast(double number, struct decimal *decimal)
{
	if (number < (double)EXACT_INTEGERS && number == floor(number)) {
		set_decimal(decimal, (uint64_t)number, 0);
		return true;
	}
	for (uint32_t scale = 1; scale <= LARGEST_EXACT_TEN; scale++) {
		double shifted = number * tens[scale];
		if (!(shifted < 1e15))
			return false;
		uint64_t whole = (uint64_t)(shifted + 0.5);
		if (whole && (double)whole / tens[scale] == number) {
			set_decimal(decimal, whole, scale);
			return true;
		}
	}
	return false;
}

/* A fraction rest / unit below 10, and its distance to the midpoints to both neighbours, in the same unit. */
struct gap {
	struct big rest, unit, below, above;
};

/* Splits number = mantissa * 2^exponent so that rest / unit has one digit before the point. */
static void open_gap(struct gap *gap, struct decimal *decimal, uint64_t mantissa, int32_t exponent)
{
	/* Below a power of two the neighbour is only half as far away, except among denormals. */
	bool uneven = mantissa == UINT64_C(1) << 52 && exponent > -1074;
	uint32_t scale = uneven ? 2 : 1;

	big_set(&gap->rest, mantissa);
	big_set(&gap->unit, 1);
	big_set(&gap->below, 1);
	big_set(&gap->above, 1);
	big_shift_left(&gap->rest, scale + (exponent > 0 ? (uint32_t)exponent : 0));
	big_shift_left(&gap->unit, scale + (exponent < 0 ? (uint32_t)-exponent : 0));
	big_shift_left(&gap->below, exponent > 0 ? (uint32_t)exponent : 0);
	big_shift_left(&gap->above, scale - 1 + (exponent > 0 ? (uint32_t)exponent : 0));

	/* The estimate is at most one too low; the comparison corrects it. */
	int32_t bits =
		(int32_t)(mantissa >> 32 ? 32 + bits_in((uint32_t)(mantissa >> 32)) : bits_in((uint32_t)mantissa));
	int32_t point = (int32_t)ceil((exponent + bits - 1) * 0.30102999566398120 - 1e-10);
	if (point > 0) {
		big_times_ten_to(&gap->unit, (uint32_t)point);
	} else {
		big_times_ten_to(&gap->rest, (uint32_t)-point);
		big_times_ten_to(&gap->below, (uint32_t)-point);
		big_times_ten_to(&gap->above, (uint32_t)-point);
	}
	int order = big_compare_sum(&gap->rest, &gap->above, &gap->unit);
	if (order > 0 || (order == 0 && !(mantissa & 1))) {
		point++;
	} else {
		big_multiply_add(&gap->rest, 10, 0);
		big_multiply_add(&gap->below, 10, 0);
		big_multiply_add(&gap->above, 10, 0);
	}
	decimal->point = point;
}

/* Generates digits until the text is between the midpoints to both neighbours.  The midpoints belong to an even
 * mantissa, because reading rounds half to even. */
static void shorten_exactly(double number, struct decimal *decimal)
{
	uint64_t bits;
	struct gap gap;

	memcpy(&bits, &number, sizeof bits);
	uint64_t mantissa = bits & ((UINT64_C(1) << 52) - 1);
	int32_t exponent = (int32_t)(bits >> 52 & 0x7FF);
	if (exponent)
		mantissa |= UINT64_C(1) << 52;
	else
		exponent = 1;
	exponent -= 1075;
	open_gap(&gap, decimal, mantissa, exponent);

	bool even = !(mantissa & 1);
	for (decimal->count = 0; decimal->count < WRITTEN_DIGITS;) {
		char digit = '0';
		while (big_compare(&gap.rest, &gap.unit) >= 0) {
			big_subtract(&gap.rest, &gap.unit);
			digit++;
		}
		int under = big_compare(&gap.rest, &gap.below);
		int over = big_compare_sum(&gap.rest, &gap.above, &gap.unit);
		bool low = under < 0 || (even && under == 0);
		bool high = over > 0 || (even && over == 0);
		/* If both this digit and the next are possible, the nearer is used. */
		if (high && (!low || big_compare_sum(&gap.rest, &gap.rest, &gap.unit) > 0))
			digit++;
		decimal->digits[decimal->count++] = digit;
		if (low || high)
			break;
		big_multiply_add(&gap.rest, 10, 0);
		big_multiply_add(&gap.below, 10, 0);
		big_multiply_add(&gap.above, 10, 0);
	}
}

/* The shortest digits that read back as the finite `number`; among several such texts the nearest. */
static void shorten(double number, struct decimal *decimal)
{
	*decimal = (struct decimal){ .negative = signbit(number) };
	number = fabs(number);
	if (number != 0 && !shorten_fast(number, decimal))
		shorten_exactly(number, decimal);
}

/* Cuts the digits after `places` decimals and returns how much was cut: -1 under half, 0 half, 1 over half. */
static int cut_decimal(struct decimal *decimal, int32_t places, bool *cut)
{
	int32_t kept = decimal->point + places;
	int order = -1;

	*cut = kept < (int32_t)decimal->count;
	if (!*cut)
		return -1;
	if (kept >= 0 && decimal->digits[kept] >= '5')
		order = decimal->digits[kept] > '5' || kept + 1 < (int32_t)decimal->count;
	decimal->count = kept > 0 ? (uint32_t)kept : 0;
	return order;
}

/* Adds one to the last remaining digit. */
static void raise_decimal(struct decimal *decimal, int32_t places)
{
	while (decimal->count && decimal->digits[decimal->count - 1] == '9')
		decimal->count--;
	if (decimal->count) {
		decimal->digits[decimal->count - 1]++;
		return;
	}
	/* All nines, or no digit left: the result is a one, one place further left. */
	decimal->point = decimal->point + places > 0 ? decimal->point + 1 : 1 - places;
	decimal->digits[0] = '1';
	decimal->count = 1;
}

static char digit_at(const struct decimal *decimal, int32_t at)
{
	return at >= 0 && at < (int32_t)decimal->count ? decimal->digits[at] : '0';
}

/* Writes the digits with their point and `places` digits after it, without an exponent. */
static size_t write_plain(const struct decimal *decimal, int32_t places, char *out)
{
	size_t len = 0;

	if (decimal->negative && decimal->count)
		out[len++] = '-';
	if (!decimal->count || decimal->point <= 0)
		out[len++] = '0';
	else
		for (int32_t i = 0; i < decimal->point; i++)
			out[len++] = digit_at(decimal, i);
	if (places > 0)
		out[len++] = '.';
	for (int32_t i = 0; i < places; i++)
		out[len++] = digit_at(decimal, decimal->count ? decimal->point + i : -1);
	out[len] = '\0';
	return len;
}

/* Writes d.ddde+NN, for 1e21 and above. */
static size_t write_exponent(const struct decimal *decimal, char *out)
{
	uint32_t exponent = (uint32_t)decimal->point - 1;
	size_t len = 0;

	if (decimal->negative)
		out[len++] = '-';
	out[len++] = decimal->digits[0];
	if (decimal->count > 1)
		out[len++] = '.';
	for (uint32_t i = 1; i < decimal->count; i++)
		out[len++] = decimal->digits[i];
	out[len++] = 'e';
	out[len++] = '+';
	if (exponent >= 100)
		out[len++] = (char)('0' + exponent / 100);
	out[len++] = (char)('0' + exponent / 10 % 10);
	out[len++] = (char)('0' + exponent % 10);
	out[len] = '\0';
	return len;
}

/* Writes NaN or infinity; false: the number is finite. */
static bool write_special(double number, char *out, size_t *len)
{
	if (isfinite(number))
		return false;
	const char *word = isnan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity";
	*len = strlen(word);
	memcpy(out, word, *len + 1);
	return true;
}

size_t cnv_number_write(double number, char out[CNV_NUMBER_ROOM])
{
	struct decimal decimal;
	size_t len;

	if (write_special(number, out, &len))
		return len;
	shorten(number, &decimal);
	if (decimal.point > 21)
		return write_exponent(&decimal, out);
	int32_t places = (int32_t)decimal.count - decimal.point;
	return write_plain(&decimal, places > 0 ? places : 0, out);
}

/* The number of places that holds every digit of a double: rounding at a later place changes nothing. */
static int32_t held_places(int digits)
{
	return digits < -400 ? -400 : digits > 400 ? 400 : digits;
}

double cnv_number_round(double number, int digits)
{
	struct decimal decimal;
	int32_t places = held_places(digits);
	bool cut;

	if (!isfinite(number) || number == 0)
		return number;
	if (places == 0 && fabs(number) < (double)EXACT_INTEGERS) {
		/* A fraction of exactly one half is exact in a double. */
		double whole = floor(number);
		return copysign(number - whole >= 0.5 ? whole + 1 : whole, number);
	}
	shorten(number, &decimal);
	int order = cut_decimal(&decimal, places, &cut);
	if (!cut)
		return number;
	if (order > 0 || (order == 0 && !decimal.negative))
		raise_decimal(&decimal, places);
	cnv_str text = { decimal.digits, decimal.count };
	double rounded = decimal.count ? read_digits(text, decimal.point - (int64_t)decimal.count) : 0;
	return decimal.negative ? -rounded : rounded;
}

double cnv_number_round_significant(double number, int digits)
{
	struct decimal decimal;

	if (!isfinite(number) || number == 0)
		return number;
	shorten(number, &decimal);
	return cnv_number_round(number, (digits < 1 ? 1 : digits) - decimal.point);
}

size_t cnv_number_write_fixed(double number, int digits, char out[CNV_NUMBER_ROOM])
{
	struct decimal decimal;
	int32_t places = digits < 0 ? 0 : digits > 40 ? 40 : digits;
	size_t len;
	bool cut;

	if (write_special(number, out, &len))
		return len;
	shorten(number, &decimal);
	if (cut_decimal(&decimal, places, &cut) >= 0)
		raise_decimal(&decimal, places);
	return write_plain(&decimal, places, out);
}
