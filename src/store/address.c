/* The address of a store on a server: a URI of PostgreSQL, or the name of a service.
 *
 * A password in it is for libpq alone.  What people see ends before it, and an address in which it is not written as a URI
 * has it is rejected before libpq can repeat pieces of it as the name of a host. */
#include "store/address.h"

#include <string.h>

#include "canvass/store.h"

enum { MOST = 63, DIGEST_DIGITS = 8 };

static cnv_str scheme_of(cnv_str address)
{
	static const char *const schemes[] = { "postgresql://", "postgres://", "service=" };

	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
		if (cnv_str_starts(address, cnv_str_from(schemes[i])))
			return cnv_str_from(schemes[i]);
	return (cnv_str){ 0 };
}

bool cnv_store_is_on_server(cnv_str name)
{
	return scheme_of(name).len > 0;
}

static size_t find(cnv_str text, size_t from, const char *any)
{
	while (from < text.len && !strchr(any, text.at[from]))
		from++;
	return from;
}

/* `user:password` without the password; false: it may end elsewhere than its writer meant. */
static bool show_user(cnv_text *out, cnv_str user)
{
	size_t colon = find(user, 0, ":");
	cnv_str password = cnv_str_slice(user, colon < user.len ? colon + 1 : colon, user.len);

	cnv_text_put(out, cnv_str_slice(user, 0, colon));
	cnv_text_put_char(out, '@');
	return find(password, 0, "/@#: ") == password.len;
}

bool store_address_shown(cnv_text *out, cnv_str address)
{
	cnv_str scheme = scheme_of(address), rest = cnv_str_slice(address, scheme.len, address.len);
	size_t query = find(rest, 0, "?"), at = rest.len;

	cnv_text_put(out, scheme);
	if (cnv_str_equal(scheme, CNV_STR("service="))) {
		/* Further words could be a password. */
		cnv_text_put(out, cnv_str_slice(rest, 0, find(rest, 0, " \t\n'\\")));
		return find(rest, 0, " \t\n'\\") == rest.len && !out->failed;
	}
	while (at && rest.at[at - 1] != '@')
		at--;
	/* An @ after the ? may be of a password that has both. */
	if (at > query || (at && !show_user(out, cnv_str_slice(rest, 0, at - 1))))
		return false;
	cnv_text_put(out, cnv_str_slice(rest, at, query));
	return !out->failed;
}

/* The value of a hexadecimal digit; 16: it is none. */
static unsigned digit_of(char c)
{
	c = cnv_lower(c);
	return c >= '0' && c <= '9' ? (unsigned)(c - '0') : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

static void put_decoded(cnv_text *out, cnv_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		bool coded = text.at[i] == '%' && text.len - i > 2 && digit_of(text.at[i + 1]) < 16 &&
			     digit_of(text.at[i + 2]) < 16;

		cnv_text_put_char(out, coded ? (char)(16 * digit_of(text.at[i + 1]) + digit_of(text.at[i + 2]))
					     : text.at[i]);
		i += coded ? 2 : 0;
	}
}

/* The parameters after the ? that are no password. */
static void put_query(cnv_text *out, cnv_str query, cnv_text *password)
{
	char before = '?';

	for (size_t from = 0; from < query.len;) {
		size_t end = find(query, from, "&");
		cnv_str one = cnv_str_slice(query, from, end);

		if (cnv_str_starts(one, CNV_STR("password="))) {
			cnv_text_reset(password);
			put_decoded(password, cnv_str_slice(one, sizeof "password=" - 1, one.len));
		} else {
			cnv_text_put_char(out, before);
			cnv_text_put(out, one);
			before = '&';
		}
		from = end + 1;
	}
}

bool cnv_store_part_password(cnv_str name, cnv_text *without, cnv_text *password)
{
	size_t query = find(name, 0, "?"), colon = scheme_of(name).len, at = query;

	if (!store_address_shown(without, name))
		return false;
	while (at > colon && name.at[at - 1] != '@')
		at--;
	colon = at > colon ? find(name, colon, ":") : at;
	if (colon < at)
		put_decoded(password, cnv_str_slice(name, colon + 1, at - 1));
	put_query(without, cnv_str_slice(name, query + 1, name.len), password);
	return !without->failed && !password->failed;
}

void store_schema_name(cnv_text *out, cnv_str form_id)
{
	cnv_str prefix = CNV_STR("canvass_");
	uint8_t sha256[32];
	char hex[2 * sizeof sha256];
	cnv_digest digest;

	cnv_text_put(out, prefix);
	if (form_id.len <= MOST - prefix.len) {
		cnv_text_put(out, form_id);
		return;
	}
	cnv_digest_init(&digest, CNV_SHA256);
	cnv_digest_add(&digest, form_id.at, form_id.len);
	cnv_digest_end(&digest, sha256);
	cnv_text_put(out, cnv_str_slice(form_id, 0, MOST - prefix.len - DIGEST_DIGITS - 1));
	cnv_text_put_char(out, '_');
	cnv_text_put(out, cnv_str_slice(cnv_hex_write(sha256, sizeof sha256, hex), 0, DIGEST_DIGITS));
}
