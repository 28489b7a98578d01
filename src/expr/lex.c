/* Text to tokens.
 *
 * The grammar is XPath's: a name or `*` after something that can be an operand is an operator, elsewhere
 * it is a name.  What people bring along from other languages (==, &&, !, %, curly quotes, 1e3) is told
 * about in the words of this one and then read as what it was meant to be, so that one run finds the
 * mistakes behind it too.
 */
#include "expr_internal.h"

#include <string.h>

typedef struct lexer {
	expr_compiler *compiler;
	cnv_str text;
	size_t at;
} lexer;

/* What is not in the language, longest first; read as `kind` (END: left out). */
static const struct foreign {
	const char *sign;
	expr_token_kind kind;
	const char *hint;
} foreign[] = {
	{ "===", TOKEN_EQUAL, "compare with one sign: =" },
	{ "!==", TOKEN_UNEQUAL, "write !=" },
	{ "==", TOKEN_EQUAL, "compare with one sign: =" },
	{ "<>", TOKEN_UNEQUAL, "write !=" },
	{ "=>", TOKEN_MORE_EQUAL, "write >=" },
	{ "=<", TOKEN_LESS_EQUAL, "write <=" },
	{ "=!", TOKEN_UNEQUAL, "write !=" },
	{ "&&", TOKEN_AND, "write: and" },
	{ "||", TOKEN_OR, "write: or" },
	{ "**", TOKEN_TIMES, "write pow(x, y)" },
	{ "&", TOKEN_AND, "write: and; texts are joined with concat(a, b)" },
	{ "!", TOKEN_END, "write not(...)" },
	{ "%", TOKEN_MOD, "write: mod" },
	{ "^", TOKEN_TIMES, "write pow(x, y)" },
	{ "?", TOKEN_END, "write if(condition, a, b)" },
	{ "\xE2\x89\xA4", TOKEN_LESS_EQUAL, "write <=" },
	{ "\xE2\x89\xA5", TOKEN_MORE_EQUAL, "write >=" },
	{ "\xE2\x89\xA0", TOKEN_UNEQUAL, "write !=" },
	{ "\xC3\x97", TOKEN_TIMES, "write *" },
	{ "\xC3\xB7", TOKEN_DIV, "write: div" },
	{ "\xE2\x88\x92", TOKEN_MINUS, "write the minus sign of the keyboard: -" },
	{ "\xE2\x80\x93", TOKEN_MINUS, "write the minus sign of the keyboard: -" },
};

/* The signs of the language, longest first. */
static const struct sign {
	const char *sign;
	expr_token_kind kind;
} signs[] = {
	{ "!=", TOKEN_UNEQUAL }, { "<=", TOKEN_LESS_EQUAL },  { ">=", TOKEN_MORE_EQUAL },
	{ "::", TOKEN_AXIS },    { "//", TOKEN_SLASHES },     { "..", TOKEN_DOTS },
	{ "=", TOKEN_EQUAL },    { "<", TOKEN_LESS },         { ">", TOKEN_MORE },
	{ "+", TOKEN_PLUS },     { "-", TOKEN_MINUS },        { "(", TOKEN_OPEN },
	{ ")", TOKEN_CLOSE },    { "[", TOKEN_OPEN_BRACKET }, { "]", TOKEN_CLOSE_BRACKET },
	{ ",", TOKEN_COMMA },    { "/", TOKEN_SLASH },        { "|", TOKEN_UNION },
	{ "@", TOKEN_AT },       { ".", TOKEN_DOT },          { "*", TOKEN_ANY },
};

static const struct word {
	const char *word;
	expr_token_kind kind;
} words[] = {
	{ "and", TOKEN_AND },
	{ "or", TOKEN_OR },
	{ "div", TOKEN_DIV },
	{ "mod", TOKEN_MOD },
};

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

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool expr_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static bool stands(const lexer *lex, const char *sign)
{
	size_t len = strlen(sign);
	return lex->text.len - lex->at >= len && memcmp(lex->text.at + lex->at, sign, len) == 0;
}

static bool is_odd(const lexer *lex)
{
	for (size_t i = 0; i < sizeof(odd_spaces) / sizeof(odd_spaces[0]); i++)
		if (stands(lex, odd_spaces[i]))
			return true;
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (stands(lex, foreign[i].sign))
			return true;
	for (size_t i = 0; i < sizeof(curly) / sizeof(curly[0]); i++)
		if (stands(lex, curly[i].open))
			return true;
	return false;
}

/* Bytes of the name character at lex->at, 0 when there is none.  Letters beyond ASCII are taken as they come. */
static size_t name_bytes(const lexer *lex, bool first)
{
	if (lex->at >= lex->text.len)
		return 0;
	char c = lex->text.at[lex->at];
	if (is_letter(c))
		return 1;
	if (!first && (is_digit(c) || c == '-' || c == '.'))
		return 1;
	if ((unsigned char)c < 0x80 || is_odd(lex))
		return 0;
	const char *at = lex->text.at + lex->at;
	cnv_utf8_next(&at, lex->text.at + lex->text.len);
	return (size_t)(at - lex->text.at) - lex->at;
}

static void skip_name(lexer *lex)
{
	size_t bytes = name_bytes(lex, true);
	while (bytes > 0) {
		lex->at += bytes;
		bytes = name_bytes(lex, false);
	}
}

static expr_token *add_token(lexer *lex, expr_token_kind kind, size_t from)
{
	expr_compiler *compiler = lex->compiler;
	if (!expr_grow(&compiler->work, (void **)&compiler->tokens, compiler->token_count, &compiler->token_room,
		       sizeof(expr_token))) {
		compiler->no_memory = true;
		return NULL;
	}
	expr_token *token = &compiler->tokens[compiler->token_count++];
	*token = (expr_token){ .kind = kind,
			       .from = (uint32_t)from,
			       .upto = (uint32_t)lex->at,
			       .text = cnv_str_slice(lex->text, from, lex->at),
			       .meaning = CNV_NONE };
	return token;
}

static bool after_operand(const lexer *lex)
{
	const expr_compiler *compiler = lex->compiler;
	if (compiler->token_count == 0)
		return false;
	expr_token_kind kind = compiler->tokens[compiler->token_count - 1].kind;
	return kind != TOKEN_END && kind != TOKEN_FUNCTION && kind <= TOKEN_CLOSE_BRACKET;
}

static void read_number(lexer *lex)
{
	size_t from = lex->at;
	while (lex->at < lex->text.len && is_digit(lex->text.at[lex->at]))
		lex->at++;
	if (lex->at < lex->text.len && lex->text.at[lex->at] == '.')
		lex->at++;
	while (lex->at < lex->text.len && is_digit(lex->text.at[lex->at]))
		lex->at++;
	size_t end = lex->at;
	if (lex->at < lex->text.len && (lex->text.at[lex->at] == 'e' || lex->text.at[lex->at] == 'E')) {
		lex->at++;
		if (lex->at < lex->text.len && (lex->text.at[lex->at] == '+' || lex->text.at[lex->at] == '-'))
			lex->at++;
		size_t digits = lex->at;
		while (lex->at < lex->text.len && is_digit(lex->text.at[lex->at]))
			lex->at++;
		if (lex->at > digits)
			expr_complain(lex->compiler, CNV_EXPRESSION_NUMBER, (uint32_t)from, (uint32_t)lex->at,
				      CNV_STR("write all its digits: 1000 for 1e3, 0.001 for 1e-3"),
				      "the number %.*s has an exponent",
				      CNV_ARG(cnv_str_slice(lex->text, from, lex->at)));
		else
			lex->at = end;
	}
	expr_token *token = add_token(lex, TOKEN_NUMBER, from);
	if (token != NULL)
		token->text = cnv_str_slice(lex->text, from, end);
}

/* A text up to one of the closing marks; `shape` is what is complained of, NULL when it is well written. */
static void read_text(lexer *lex, size_t open_len, const char *const *close, bool is_curly)
{
	expr_compiler *compiler = lex->compiler;
	size_t from = lex->at;
	size_t start = from + open_len;
	size_t end = SIZE_MAX, close_len = 0;

	for (size_t i = 0; i < 3 && close[i] != NULL; i++) {
		cnv_str mark = cnv_str_from(close[i]);
		size_t found = cnv_str_find(cnv_str_slice(lex->text, start, lex->text.len), mark);
		if (found != SIZE_MAX && (end == SIZE_MAX || start + found < end)) {
			end = start + found;
			close_len = mark.len;
		}
	}
	if (end == SIZE_MAX) {
		lex->at = lex->text.len;
		expr_complain(compiler, CNV_EXPRESSION_QUOTES, (uint32_t)from, (uint32_t)(from + open_len),
			      CNV_STR("put the same quotation mark at the end of the text"),
			      "the text that begins here is never closed");
		compiler->quiet = true;
		end = lex->text.len;
	} else {
		lex->at = end + close_len;
		if (is_curly)
			expr_complain(compiler, CNV_EXPRESSION_QUOTES, (uint32_t)from, (uint32_t)lex->at,
				      CNV_STR("use the straight quotation marks of the keyboard: ' or \""),
				      "these quotation marks do not quote a text here");
	}
	expr_token *last = compiler->token_count > 0 ? &compiler->tokens[compiler->token_count - 1] : NULL;
	if (last != NULL && last->kind == TOKEN_TEXT && last->upto == from && !compiler->quiet) {
		expr_complain(compiler, CNV_EXPRESSION_QUOTES, (uint32_t)from - 1, (uint32_t)from + 1,
			      CNV_STR("quote the text with the other mark: \"it's\" or 'say \"yes\"'"),
			      "a quotation mark inside a text cannot be doubled");
		last->upto = (uint32_t)lex->at;
		return;
	}
	expr_token *token = add_token(lex, TOKEN_TEXT, from);
	if (token != NULL)
		token->text = cnv_str_slice(lex->text, start, end);
}

static bool is_reference_name(cnv_str name)
{
	lexer inner = { .text = name };
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

static void read_reference(lexer *lex)
{
	expr_compiler *compiler = lex->compiler;
	size_t from = lex->at;
	size_t brace = from + 1 < lex->text.len && lex->text.at[from + 1] == '{' ? from + 1 : SIZE_MAX;

	if (brace == SIZE_MAX) {
		lex->at = from + 1;
		skip_name(lex);
		cnv_str name = cnv_str_slice(lex->text, from + 1, lex->at);
		expr_complain(compiler, CNV_REFERENCE_MALFORMED, (uint32_t)from, (uint32_t)lex->at,
			      name.len > 0 ? expr_hint(compiler, "write ${%.*s}", CNV_ARG(name))
					   : CNV_STR("write ${name}"),
			      "a question is named as ${name}, in braces");
		expr_token *token = add_token(lex, TOKEN_REFERENCE, from);
		if (token != NULL)
			token->text = CNV_STR("");
		return;
	}
	size_t close = cnv_str_find(cnv_str_slice(lex->text, brace, lex->text.len), CNV_STR("}"));
	if (close == SIZE_MAX) {
		lex->at = brace + 1;
		skip_name(lex);
		expr_complain(compiler, CNV_REFERENCE_MALFORMED, (uint32_t)from, (uint32_t)lex->at,
			      CNV_STR("put } after the name"), "the brace of this name is never closed");
		compiler->quiet = true;
		lex->at = lex->text.len;
		expr_token *token = add_token(lex, TOKEN_REFERENCE, from);
		if (token != NULL)
			token->text = CNV_STR("");
		return;
	}
	cnv_str name = cnv_str_slice(lex->text, brace + 1, brace + close);
	lex->at = brace + close + 1;
	bool fine = is_reference_name(name);
	if (!fine) {
		cnv_str trimmed = cnv_str_trim(name);
		expr_complain(compiler, CNV_REFERENCE_MALFORMED, (uint32_t)from, (uint32_t)lex->at,
			      is_reference_name(trimmed)
				      ? expr_hint(compiler, "write ${%.*s}", CNV_ARG(trimmed))
				      : CNV_STR("a name holds letters, digits, _ - and ., and begins with a letter"),
			      "\"%.*s\" is not the name of a question", CNV_ARG(name));
	}
	expr_token *token = add_token(lex, TOKEN_REFERENCE, from);
	if (token != NULL)
		token->text = fine ? name : CNV_STR("");
}

static bool precedes_parenthesis(const lexer *lex)
{
	for (size_t at = lex->at; at < lex->text.len; at++) {
		if (lex->text.at[at] == '(')
			return true;
		if (!expr_is_blank(lex->text.at[at]))
			return false;
	}
	return false;
}

static void read_name(lexer *lex)
{
	size_t from = lex->at;
	skip_name(lex);
	cnv_str name = cnv_str_slice(lex->text, from, lex->at);
	if (after_operand(lex)) {
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (cnv_str_equal(name, cnv_str_from(words[i].word))) {
				add_token(lex, words[i].kind, from);
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
	add_token(lex, precedes_parenthesis(lex) ? TOKEN_FUNCTION : TOKEN_NAME, from);
}

static bool read_foreign(lexer *lex)
{
	if (stands(lex, "!=") && !stands(lex, "!=="))
		return false;
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		if (!stands(lex, foreign[i].sign))
			continue;
		size_t from = lex->at;
		lex->at += strlen(foreign[i].sign);
		expr_complain(lex->compiler, CNV_EXPRESSION_OPERATOR, (uint32_t)from, (uint32_t)lex->at,
			      cnv_str_from(foreign[i].hint), "\"%s\" is not an operator here", foreign[i].sign);
		if (foreign[i].kind != TOKEN_END)
			add_token(lex, foreign[i].kind, from);
		else if (foreign[i].sign[0] == '?')
			lex->compiler->quiet = true; /* what follows has no shape in this language */
		return true;
	}
	return false;
}

static bool read_sign(lexer *lex)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (!stands(lex, signs[i].sign))
			continue;
		size_t from = lex->at;
		expr_token_kind kind = signs[i].kind;
		if (kind == TOKEN_ANY && after_operand(lex))
			kind = TOKEN_TIMES;
		lex->at += strlen(signs[i].sign);
		add_token(lex, kind, from);
		return true;
	}
	return false;
}

static bool read_quoted(lexer *lex)
{
	static const char *const straight[][3] = { { "'", NULL, NULL }, { "\"", NULL, NULL } };
	for (size_t i = 0; i < 2; i++)
		if (stands(lex, straight[i][0])) {
			read_text(lex, 1, straight[i], false);
			return true;
		}
	for (size_t i = 0; i < sizeof(curly) / sizeof(curly[0]); i++)
		if (stands(lex, curly[i].open)) {
			read_text(lex, strlen(curly[i].open), curly[i].close, true);
			return true;
		}
	return false;
}

static void read_unknown(lexer *lex)
{
	size_t from = lex->at;
	unsigned char c = (unsigned char)lex->text.at[from];
	for (size_t i = 0; i < sizeof(odd_spaces) / sizeof(odd_spaces[0]); i++)
		if (stands(lex, odd_spaces[i])) {
			lex->at += strlen(odd_spaces[i]);
			expr_complain(lex->compiler, CNV_EXPRESSION_SYNTAX, (uint32_t)from, (uint32_t)lex->at,
				      CNV_STR("type an ordinary space in its place"),
				      "here is a special space that only looks like one");
			return;
		}
	lex->at++;
	if (lex->compiler->quiet)
		return;
	lex->compiler->quiet = true;
	if (c < 0x20 || c == 0x7F)
		expr_complain(lex->compiler, CNV_EXPRESSION_SYNTAX, (uint32_t)from, (uint32_t)lex->at,
			      CNV_STR("take it out"), "here is a control character");
	else
		expr_complain(lex->compiler, CNV_EXPRESSION_SYNTAX, (uint32_t)from, (uint32_t)lex->at, CNV_STR(""),
			      "\"%c\" has no meaning in an expression", c);
}

void expr_lex(expr_compiler *compiler)
{
	lexer lex = { .compiler = compiler, .text = compiler->text };
	while (lex.at < lex.text.len && !compiler->no_memory) {
		char c = lex.text.at[lex.at];
		if (expr_is_blank(c))
			lex.at++;
		else if (is_digit(c) || (c == '.' && lex.at + 1 < lex.text.len && is_digit(lex.text.at[lex.at + 1])))
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
