/* lex.c: text to tokens.
 *
 * The grammar is that of XPath: a name or `*` after something that can be an operand is an operator, elsewhere it is a
 * name.  Signs of other languages (==, &&, !, %, curly quotes, 1e3) are reported with the spelling of this one and then
 * read as what was meant, so that one run also finds the mistakes behind them.
 */
#include "formula/formula_internal.h"

#include <stdarg.h>
#include <string.h>

struct lexer {
	struct reading *reading;
	cnv_str text;
	size_t at;
};

/* What is not in the language, longest first; read as `kind` (END: left out). */
static const struct foreign {
	const char *sign;
	cnv_formula_op op;
	const char *hint;
} foreign[] = {
	{ "===", CNV_OP_EQUAL, "compare with one sign: =" },
	{ "!==", CNV_OP_UNEQUAL, "write !=" },
	{ "==", CNV_OP_EQUAL, "compare with one sign: =" },
	{ "<>", CNV_OP_UNEQUAL, "write !=" },
	{ "=>", CNV_OP_MORE_EQUAL, "write >=" },
	{ "=<", CNV_OP_LESS_EQUAL, "write <=" },
	{ "=!", CNV_OP_UNEQUAL, "write !=" },
	{ "&&", CNV_OP_AND, "write: and" },
	{ "||", CNV_OP_OR, "write: or" },
	{ "**", CNV_OP_TIMES, "write pow(x, y)" },
	{ "&", CNV_OP_AND, "write: and; texts are joined with concat(a, b)" },
	{ "!", 0, "write not(...)" },
	{ "%", CNV_OP_MOD, "write: mod" },
	{ "^", CNV_OP_TIMES, "write pow(x, y)" },
	{ "?", 0, "write if(condition, a, b)" },
	{ "\xE2\x89\xA4", CNV_OP_LESS_EQUAL, "write <=" },
	{ "\xE2\x89\xA5", CNV_OP_MORE_EQUAL, "write >=" },
	{ "\xE2\x89\xA0", CNV_OP_UNEQUAL, "write !=" },
	{ "\xC3\x97", CNV_OP_TIMES, "write *" },
	{ "\xC3\xB7", CNV_OP_DIV, "write: div" },
	{ "\xE2\x88\x92", CNV_OP_MINUS, "write the minus sign of the keyboard: -" },
	{ "\xE2\x80\x93", CNV_OP_MINUS, "write the minus sign of the keyboard: -" },
};

/* The signs of the language, longest first. */
static const struct sign {
	const char *sign;
	token_kind kind;
	cnv_formula_op op;
} signs[] = {
	{ "!=", TOKEN_OPERATOR, CNV_OP_UNEQUAL },
	{ "<=", TOKEN_OPERATOR, CNV_OP_LESS_EQUAL },
	{ ">=", TOKEN_OPERATOR, CNV_OP_MORE_EQUAL },
	{ "::", TOKEN_AXIS, 0 },
	{ "//", TOKEN_SLASHES, 0 },
	{ "..", TOKEN_DOTS, 0 },
	{ "=", TOKEN_OPERATOR, CNV_OP_EQUAL },
	{ "<", TOKEN_OPERATOR, CNV_OP_LESS },
	{ ">", TOKEN_OPERATOR, CNV_OP_MORE },
	{ "+", TOKEN_OPERATOR, CNV_OP_PLUS },
	{ "-", TOKEN_OPERATOR, CNV_OP_MINUS },
	{ "(", TOKEN_OPEN, 0 },
	{ ")", TOKEN_CLOSE, 0 },
	{ "[", TOKEN_OPEN_BRACKET, 0 },
	{ "]", TOKEN_CLOSE_BRACKET, 0 },
	{ ",", TOKEN_COMMA, 0 },
	{ "/", TOKEN_SLASH, 0 },
	{ "|", TOKEN_OPERATOR, CNV_OP_UNION },
	{ "@", TOKEN_AT, 0 },
	{ ".", TOKEN_DOT, 0 },
	{ "*", TOKEN_ANY, CNV_OP_TIMES },
};

static const struct word {
	const char *word;
	cnv_formula_op op;
} words[] = {
	{ "and", CNV_OP_AND },
	{ "or", CNV_OP_OR },
	{ "div", CNV_OP_DIV },
	{ "mod", CNV_OP_MOD },
};

const char *formula_operator_word(cnv_str word)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (cnv_str_is_word(word, words[i].word))
			return words[i].word;
	return NULL;
}

/* ---------------------------------------------------------------- what is recorded */

bool formula_grow(struct reading *reading, cnv_arena *arena, void **at, uint32_t count, uint32_t *room, size_t size)
{
	if (cnv_arena_grow(arena, at, count, room, size))
		return true;
	reading->no_memory = reading->quiet = true;
	return false;
}

void formula_mistake(struct reading *reading, cnv_code code, uint32_t from, uint32_t upto, cnv_str hint,
		     const char *format, ...)
{
	if (!formula_grow(reading, reading->arena, (void **)&reading->mistakes, reading->mistake_count,
			  &reading->mistake_room, sizeof *reading->mistakes))
		return;
	va_list list;
	va_start(list, format);
	cnv_text text = { 0 };
	cnv_text_vformat(&text, format, list);
	va_end(list);
	cnv_str message = cnv_arena_copy(reading->arena, cnv_text_str(&text));
	reading->no_memory = reading->no_memory || text.failed || reading->arena->failed;
	cnv_text_fini(&text);
	reading->mistakes[reading->mistake_count++] =
		(cnv_formula_mistake){ .code = code, .from = from, .upto = upto, .message = message, .hint = hint };
}

/* Quotation marks of word processors, and what closes each. */
static const struct quotes {
	const char *open, *close[3];
} curly[] = {
	{ "\xE2\x80\x98", { "\xE2\x80\x99", "\xE2\x80\x98", NULL } }, /* single, turned */
	{ "\xE2\x80\x99", { "\xE2\x80\x99", NULL, NULL } },
	{ "\xE2\x80\x9C", { "\xE2\x80\x9D", "\xE2\x80\x9C", NULL } }, /* double, turned */
	{ "\xE2\x80\x9D", { "\xE2\x80\x9D", NULL, NULL } },
	{ "\xE2\x80\x9E", { "\xE2\x80\x9C", "\xE2\x80\x9D", NULL } }, /* low double */
	{ "\xE2\x80\x9A", { "\xE2\x80\x98", "\xE2\x80\x99", NULL } }, /* low single */
	{ "\xC2\xAB", { "\xC2\xBB", NULL, NULL } },                   /* guillemets */
	{ "`", { "`", "'", NULL } },
	{ "\xC2\xB4", { "\xC2\xB4", "'", NULL } },
};

/* Spaces that look like a blank and are none. */
static const char *const odd_spaces[] = { "\xC2\xA0",     "\xE2\x80\x87", "\xE2\x80\xAF", "\xE2\x80\x89",
					  "\xE2\x80\x8B", "\xE3\x80\x80", "\xEF\xBB\xBF" };

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool formula_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static inline bool starts_with(const struct lexer *lex, const char *sign)
{
	/* Nearly always the first byte decides. */
	if (lex->at >= lex->text.len || lex->text.at[lex->at] != sign[0])
		return false;
	size_t len = strlen(sign);
	return lex->text.len - lex->at >= len && memcmp(lex->text.at + lex->at, sign, len) == 0;
}

static bool is_odd(const struct lexer *lex)
{
	for (size_t i = 0; i < sizeof odd_spaces / sizeof odd_spaces[0]; i++)
		if (starts_with(lex, odd_spaces[i]))
			return true;
	for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
		if (starts_with(lex, foreign[i].sign))
			return true;
	for (size_t i = 0; i < sizeof curly / sizeof curly[0]; i++)
		if (starts_with(lex, curly[i].open))
			return true;
	return false;
}

/* Bytes of the name character at lex->at, 0 when there is none.  Letters beyond ASCII are taken as they come. */
static size_t name_bytes(const struct lexer *lex, bool first)
{
	if (lex->at >= lex->text.len)
		return 0;
	char c = lex->text.at[lex->at];
	if (is_letter(c))
		return 1;
	if (!first && (cnv_is_digit(c) || c == '-' || c == '.'))
		return 1;
	if ((unsigned char)c < 0x80 || is_odd(lex))
		return 0;
	const char *at = lex->text.at + lex->at;
	cnv_utf8_next(&at, lex->text.at + lex->text.len);
	return (size_t)(at - lex->text.at) - lex->at;
}

static void skip_name(struct lexer *lex)
{
	size_t bytes = name_bytes(lex, true);
	while (bytes > 0) {
		lex->at += bytes;
		bytes = name_bytes(lex, false);
	}
}

static struct token *add_token(struct lexer *lex, token_kind kind, size_t from)
{
	struct reading *reading = lex->reading;
	if (!formula_grow(reading, &reading->work, (void **)&reading->tokens, reading->token_count,
			  &reading->token_room, sizeof *reading->tokens))
		return NULL;
	struct token *token = &reading->tokens[reading->token_count++];
	*token = (struct token){ .kind = kind,
				 .from = (uint32_t)from,
				 .upto = (uint32_t)lex->at,
				 .text = cnv_str_slice(lex->text, from, lex->at),
				 .mention = CNV_NONE };
	return token;
}

static void add_operator(struct lexer *lex, cnv_formula_op op, size_t from)
{
	struct token *token = add_token(lex, TOKEN_OPERATOR, from);
	if (token)
		token->op = op;
}

/* The last token is a reference or the name of a function: it is mentioned. */
static void add_mention(struct lexer *lex, cnv_formula_mention mention)
{
	struct reading *reading = lex->reading;
	if (reading->no_memory ||
	    !formula_grow(reading, reading->arena, (void **)&reading->mentions, reading->mention_count,
			  &reading->mention_room, sizeof *reading->mentions))
		return;
	struct token *token = &reading->tokens[reading->token_count - 1];
	mention.from = token->from;
	mention.upto = token->upto;
	token->mention = reading->mention_count;
	reading->mentions[reading->mention_count++] = mention;
}

static void add_reference(struct lexer *lex, size_t from, cnv_str name)
{
	cnv_str saved = CNV_STR("last-saved#");
	bool last_saved = cnv_str_starts(name, saved);
	struct token *token = add_token(lex, TOKEN_REFERENCE, from);
	if (!token)
		return;
	token->text = last_saved ? cnv_str_slice(name, saved.len, name.len) : name;
	add_mention(lex, (cnv_formula_mention){ .name = token->text, .last_saved = last_saved });
}

static bool after_operand(const struct lexer *lex)
{
	const struct reading *reading = lex->reading;
	if (reading->token_count == 0)
		return false;
	token_kind kind = reading->tokens[reading->token_count - 1].kind;
	return kind != TOKEN_END && kind != TOKEN_FUNCTION && kind <= TOKEN_CLOSE_BRACKET;
}

static void read_number(struct lexer *lex)
{
	size_t from = lex->at;
	while (lex->at < lex->text.len && cnv_is_digit(lex->text.at[lex->at]))
		lex->at++;
	if (lex->at < lex->text.len && lex->text.at[lex->at] == '.')
		lex->at++;
	while (lex->at < lex->text.len && cnv_is_digit(lex->text.at[lex->at]))
		lex->at++;
	size_t end = lex->at;
	if (lex->at < lex->text.len && (lex->text.at[lex->at] == 'e' || lex->text.at[lex->at] == 'E')) {
		lex->at++;
		if (lex->at < lex->text.len && (lex->text.at[lex->at] == '+' || lex->text.at[lex->at] == '-'))
			lex->at++;
		size_t digits = lex->at;
		while (lex->at < lex->text.len && cnv_is_digit(lex->text.at[lex->at]))
			lex->at++;
		if (lex->at > digits)
			formula_mistake(lex->reading, CNV_EXPRESSION_NUMBER, (uint32_t)from, (uint32_t)lex->at,
					CNV_STR("write all its digits: 1000 for 1e3, 0.001 for 1e-3"),
					"the number %.*s has an exponent",
					CNV_ARG(cnv_str_slice(lex->text, from, lex->at)));
		else
			lex->at = end;
	}
	struct token *token = add_token(lex, TOKEN_NUMBER, from);
	if (token)
		token->text = cnv_str_slice(lex->text, from, end);
}

/* A text up to one of the closing marks; `shape` is what is complained of, NULL when it is well written. */
static void read_text(struct lexer *lex, size_t open_len, const char *const *close, bool is_curly)
{
	struct reading *reading = lex->reading;
	size_t from = lex->at;
	size_t start = from + open_len;
	size_t end = SIZE_MAX, close_len = 0;

	for (size_t i = 0; i < 3 && close[i]; i++) {
		cnv_str mark = cnv_str_from(close[i]);
		size_t found = cnv_str_find(cnv_str_slice(lex->text, start, lex->text.len), mark);
		if (found != SIZE_MAX && (end == SIZE_MAX || start + found < end)) {
			end = start + found;
			close_len = mark.len;
		}
	}
	if (end == SIZE_MAX) {
		lex->at = lex->text.len;
		formula_mistake(reading, CNV_EXPRESSION_QUOTES, (uint32_t)from, (uint32_t)(from + open_len),
				CNV_STR("put the same quotation mark at the end of the text"),
				"unclosed quotation mark");
		reading->quiet = true;
		end = lex->text.len;
	} else {
		lex->at = end + close_len;
		if (is_curly)
			formula_mistake(reading, CNV_EXPRESSION_QUOTES, (uint32_t)from, (uint32_t)lex->at,
					CNV_STR("use the straight quotation marks of the keyboard: ' or \""),
					"typographic quotation marks do not quote a text");
	}
	struct token *last = reading->token_count > 0 ? &reading->tokens[reading->token_count - 1] : NULL;
	if (last && last->kind == TOKEN_TEXT && last->upto == from && !reading->quiet) {
		formula_mistake(reading, CNV_EXPRESSION_QUOTES, (uint32_t)from - 1, (uint32_t)from + 1,
				CNV_STR("quote the text with the other mark: \"it's\" or 'say \"yes\"'"),
				"a quotation mark inside a text cannot be doubled");
		last->upto = (uint32_t)lex->at;
		return;
	}
	struct token *token = add_token(lex, TOKEN_TEXT, from);
	if (token)
		token->text = cnv_str_slice(lex->text, start, end);
}

static bool is_reference_name(cnv_str name)
{
	struct lexer inner = { .text = name };
	if (cnv_str_starts(name, CNV_STR("last-saved#")))
		inner.at = sizeof("last-saved#") - 1;
	size_t start = inner.at;
	skip_name(&inner);
	if (inner.at > start && inner.at < name.len && name.at[inner.at] == ':') {
		inner.at++;
		skip_name(&inner);
	}
	return inner.at > start && inner.at == name.len;
}

static void read_reference(struct lexer *lex)
{
	struct reading *reading = lex->reading;
	size_t from = lex->at;
	size_t brace = from + 1 < lex->text.len && lex->text.at[from + 1] == '{' ? from + 1 : SIZE_MAX;

	if (brace == SIZE_MAX) {
		lex->at = from + 1;
		skip_name(lex);
		cnv_str name = cnv_str_slice(lex->text, from + 1, lex->at);
		formula_mistake(reading, CNV_REFERENCE_MALFORMED, (uint32_t)from, (uint32_t)lex->at,
				name.len > 0 ? cnv_arena_format(reading->arena, "write ${%.*s}", CNV_ARG(name))
					     : CNV_STR("write ${name}"),
				"a reference needs braces: ${name}");
		add_reference(lex, from, CNV_STR(""));
		return;
	}
	size_t close = cnv_str_find(cnv_str_slice(lex->text, brace, lex->text.len), CNV_STR("}"));
	if (close == SIZE_MAX) {
		lex->at = brace + 1;
		skip_name(lex);
		formula_mistake(reading, CNV_REFERENCE_MALFORMED, (uint32_t)from, (uint32_t)lex->at,
				CNV_STR("put } after the name"), "unclosed brace");
		reading->quiet = true;
		lex->at = lex->text.len;
		add_reference(lex, from, CNV_STR(""));
		return;
	}
	cnv_str name = cnv_str_slice(lex->text, brace + 1, brace + close);
	lex->at = brace + close + 1;
	bool fine = is_reference_name(name);
	if (!fine) {
		cnv_str trimmed = cnv_str_trim(name);
		formula_mistake(reading, CNV_REFERENCE_MALFORMED, (uint32_t)from, (uint32_t)lex->at,
				is_reference_name(trimmed)
					? cnv_arena_format(reading->arena, "write ${%.*s}", CNV_ARG(trimmed))
					: CNV_STR("a name holds letters, digits, _ - and ., and begins with a letter"),
				"\"%.*s\" is not a valid reference", CNV_ARG(cnv_str_slice(lex->text, from, lex->at)));
	}
	add_reference(lex, from, fine ? name : CNV_STR(""));
}

static bool precedes_parenthesis(const struct lexer *lex)
{
	for (size_t at = lex->at; at < lex->text.len; at++) {
		if (lex->text.at[at] == '(')
			return true;
		if (!formula_is_blank(lex->text.at[at]))
			return false;
	}
	return false;
}

static void read_name(struct lexer *lex)
{
	size_t from = lex->at;
	skip_name(lex);
	cnv_str name = cnv_str_slice(lex->text, from, lex->at);
	if (after_operand(lex)) {
		for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
			if (cnv_str_equal(name, cnv_str_from(words[i].word))) {
				add_operator(lex, words[i].op, from);
				return;
			}
	}
	/* jr:choice-name is one name; in child::x the colons are an axis. */
	if (lex->at + 1 < lex->text.len && lex->text.at[lex->at] == ':' && lex->text.at[lex->at + 1] != ':') {
		size_t colon = lex->at++;
		if (name_bytes(lex, true) > 0)
			skip_name(lex);
		else
			lex->at = colon;
	}
	/* text() and node() behind an axis are no functions. */
	const struct reading *reading = lex->reading;
	bool test = reading->token_count > 0 && reading->tokens[reading->token_count - 1].kind == TOKEN_AXIS;
	bool function = precedes_parenthesis(lex);
	add_token(lex, function ? TOKEN_FUNCTION : TOKEN_NAME, from);
	if (function && !test)
		add_mention(lex,
			    (cnv_formula_mention){ .name = cnv_str_slice(lex->text, from, lex->at), .function = true });
}

static bool read_foreign(struct lexer *lex)
{
	unsigned char first = (unsigned char)lex->text.at[lex->at];
	if (first < 0x80 && memchr("=!<&|*%^?", first, 9) == NULL) /* none of `foreign` begins so */
		return false;
	if (starts_with(lex, "!=") && !starts_with(lex, "!=="))
		return false;
	for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
		if (!starts_with(lex, foreign[i].sign))
			continue;
		size_t from = lex->at;
		lex->at += strlen(foreign[i].sign);
		formula_mistake(lex->reading, CNV_EXPRESSION_OPERATOR, (uint32_t)from, (uint32_t)lex->at,
				cnv_str_from(foreign[i].hint), "\"%s\" is not an operator", foreign[i].sign);
		if (foreign[i].op != 0)
			add_operator(lex, foreign[i].op, from);
		else if (foreign[i].sign[0] == '?')
			lex->reading->quiet = true; /* what follows has no shape in this language */
		return true;
	}
	return false;
}

static bool read_sign(struct lexer *lex)
{
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		if (signs[i].sign[0] != lex->text.at[lex->at] || !starts_with(lex, signs[i].sign))
			continue;
		size_t from = lex->at;
		lex->at += strlen(signs[i].sign);
		if (signs[i].kind == TOKEN_OPERATOR || (signs[i].kind == TOKEN_ANY && after_operand(lex)))
			add_operator(lex, signs[i].op, from);
		else
			add_token(lex, signs[i].kind, from);
		lex->reading->opened += signs[i].kind == TOKEN_OPEN;
		lex->reading->closed += signs[i].kind == TOKEN_CLOSE;
		return true;
	}
	return false;
}

static bool read_quoted(struct lexer *lex)
{
	static const char *const straight[][3] = { { "'", NULL, NULL }, { "\"", NULL, NULL } };
	for (size_t i = 0; i < 2; i++)
		if (starts_with(lex, straight[i][0])) {
			read_text(lex, 1, straight[i], false);
			return true;
		}
	unsigned char first = (unsigned char)lex->text.at[lex->at];
	if (first < 0x80 && first != '`')
		return false;
	for (size_t i = 0; i < sizeof curly / sizeof curly[0]; i++)
		if (starts_with(lex, curly[i].open)) {
			read_text(lex, strlen(curly[i].open), curly[i].close, true);
			return true;
		}
	return false;
}

static void read_unknown(struct lexer *lex)
{
	size_t from = lex->at;
	unsigned char c = (unsigned char)lex->text.at[from];
	for (size_t i = 0; i < sizeof odd_spaces / sizeof odd_spaces[0]; i++)
		if (starts_with(lex, odd_spaces[i])) {
			lex->at += strlen(odd_spaces[i]);
			formula_mistake(lex->reading, CNV_EXPRESSION_SYNTAX, (uint32_t)from, (uint32_t)lex->at,
					CNV_STR("type an ordinary space instead"), "this is a special space character");
			return;
		}
	lex->at++;
	if (lex->reading->quiet)
		return;
	lex->reading->quiet = true;
	if (c < 0x20 || c == 0x7F)
		formula_mistake(lex->reading, CNV_EXPRESSION_SYNTAX, (uint32_t)from, (uint32_t)lex->at,
				CNV_STR("remove it"), "control character in the expression");
	else
		formula_mistake(lex->reading, CNV_EXPRESSION_SYNTAX, (uint32_t)from, (uint32_t)lex->at, CNV_STR(""),
				"unexpected character \"%c\"", c);
}

void formula_lex(struct reading *reading)
{
	struct lexer lex = { .reading = reading, .text = reading->text };
	while (lex.at < lex.text.len && !reading->no_memory) {
		char c = lex.text.at[lex.at];
		if (formula_is_blank(c))
			lex.at++;
		else if (cnv_is_digit(c) ||
			 (c == '.' && lex.at + 1 < lex.text.len && cnv_is_digit(lex.text.at[lex.at + 1])))
			read_number(&lex);
		else if (c == '$')
			read_reference(&lex);
		else if (name_bytes(&lex, true) > 0)
			read_name(&lex);
		else if (!read_quoted(&lex) && !read_foreign(&lex) && !read_sign(&lex))
			read_unknown(&lex);
	}
	lex.at = lex.text.len;
	add_token(&lex, TOKEN_END, lex.text.len);
}
