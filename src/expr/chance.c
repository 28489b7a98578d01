/* Random values and digests: random(), uuid(), digest(), base64-decode().
 *
 * Random values depend on the seed of the run, that of the response and the index of the call, so the same run produces
 * identical values (SplitMix64, Steele, Lea and Flood 2014). */
#include "expr/machine.h"

static uint64_t mix(uint64_t x)
{
	cnv_chance chance = { x };
	return cnv_chance_draw(&chance);
}

/* Of the response if it has one of its own, so that its values do not depend on the rows around it; in a condition on a
 * path, of the candidate too. */
static uint64_t row_seed(const expr_machine *machine, uint32_t i)
{
	const expr_machine *filter = machine->around ? machine : NULL;
	uint32_t row = filter ? filter->ids[0][i] : machine->row + i;
	uint64_t seed = machine->world ? machine->world->seed : 0, own;

	if (machine->batch && cnv_row_seed(machine->batch, machine->expr->table, row, &own))
		seed = mix(seed ^ own);
	else
		seed ^= row;
	for (uint32_t level = 1; filter && level <= machine->expr->level; level++)
		seed = mix(seed ^ (uint64_t)filter->positions[level][i]);
	return seed;
}

/* step->choice distinguishes the calls of one expression. */
static uint64_t draw(expr_machine *machine, const expr_step *step, uint32_t i, uint64_t nth)
{
	uint64_t seed = row_seed(machine, i);
	machine->asked_world = machine->asked_world || !machine->world;
	return mix(mix(mix(seed) ^ ((uint64_t)step->choice << 32)) ^ nth);
}

void step_random(expr_machine *machine, const expr_step *step, uint32_t count)
{
	double *to = numbers_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		to[i] = (double)(draw(machine, step, i, 0) >> 11) * 0x1p-53;
}

/* RFC 9562, version 4. */
static void write_uuid(expr_machine *machine, const expr_step *step, uint32_t i, char out[36])
{
	uint8_t bytes[16];
	char hex[32];
	for (uint32_t k = 0; k < 16; k++)
		bytes[k] = (uint8_t)(draw(machine, step, i, k / 8) >> (k % 8 * 8));
	bytes[6] = (uint8_t)((bytes[6] & 0x0F) | 0x40);
	bytes[8] = (uint8_t)((bytes[8] & 0x3F) | 0x80);
	cnv_hex_write(bytes, sizeof bytes, hex);
	for (uint32_t k = 0, at = 0; k < 32; k++) {
		if (k == 8 || k == 12 || k == 16 || k == 20)
			out[at++] = '-';
		out[at++] = hex[k];
	}
}

/* Longer identifiers are cut: they have no use, and a form could ask for 2^53 characters. */
#define LONGEST_IDENTIFIER 4096

void step_uuid(expr_machine *machine, const expr_step *step, uint32_t count)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		double wanted = step->argc > 0 ? numbers_of(machine, step->args[0])[i] : 36;
		size_t len = !(wanted > 0) ? 0 : wanted < LONGEST_IDENTIFIER ? (size_t)wanted : LONGEST_IDENTIFIER;
		char *at = expr_text_room(machine, len);
		if (!at)
			return;
		if (step->argc == 0)
			write_uuid(machine, step, i, at);
		for (size_t k = 0; k < len && step->argc > 0; k++)
			at[k] = letters[draw(machine, step, i, k) % (sizeof letters - 1)];
		to[i] = (cnv_str){ at, len };
	}
}

/* ---------------------------------------------------------------- digests */

static bool find_digest(cnv_str name, cnv_digest_kind *kind)
{
	static const struct {
		const char *name;
		cnv_digest_kind kind;
	} digests[] = { { "MD5", CNV_MD5 },
			{ "SHA1", CNV_SHA1 },
			{ "SHA256", CNV_SHA256 },
			{ "SHA384", CNV_SHA384 },
			{ "SHA512", CNV_SHA512 } };
	char plain[8];
	size_t len = 0;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];
		if (c == '-')
			continue;
		if (len == sizeof plain)
			return false;
		plain[len++] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
	}
	for (size_t i = 0; i < sizeof digests / sizeof digests[0]; i++)
		if (cnv_str_equal((cnv_str){ plain, len }, cnv_str_from(digests[i].name))) {
			*kind = digests[i].kind;
			return true;
		}
	return false;
}

void step_digest(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *texts = texts_of(machine, step->args[0]), *names = texts_of(machine, step->args[1]);
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		cnv_digest_kind kind;
		uint8_t bytes[64];
		char out[128];
		cnv_digest digest;
		to[i] = CNV_STR("");
		if (!find_digest(names[i], &kind))
			continue;
		cnv_digest_init(&digest, kind);
		cnv_digest_add(&digest, texts[i].at, texts[i].len);
		size_t len = cnv_digest_end(&digest, bytes);
		bool hex = step->argc > 2 && cnv_str_equal(texts_of(machine, step->args[2])[i], CNV_STR("hex"));
		if (hex)
			cnv_hex_write(bytes, len, out);
		to[i] = expr_text_copy(machine, out, hex ? len * 2 : cnv_base64_write(bytes, len, out));
	}
}

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* Returns the number of bytes written, or SIZE_MAX if the text is not Base64. */
static size_t read_base64(cnv_str text, char *out)
{
	uint32_t bits = 0, held = 0;
	size_t len = 0;
	while (text.len > 0 && text.at[text.len - 1] == '=')
		text.len--;
	for (size_t i = 0; i < text.len; i++) {
		int digit = base64_digit(text.at[i]);
		if (digit < 0)
			return SIZE_MAX;
		bits = bits << 6 | (uint32_t)digit;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[len++] = (char)(bits >> held & 0xFF);
		}
	}
	return len;
}

void step_base64_decode(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *from = texts_of(machine, step->args[0]);
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		char *out = expr_text_room(machine, from[i].len + 1);
		to[i] = CNV_STR("");
		if (!out)
			return;
		size_t len = read_base64(from[i], out);
		cnv_str text = { out, len };
		if (len != SIZE_MAX && cnv_utf8_check(text) == len)
			to[i] = text;
	}
}
