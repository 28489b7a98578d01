/* Writes an e-mail message to a file: RFC 5322 and MIME (RFC 2045 to 2047).
 *
 * `X-Unsent: 1` makes mail programs open it as a draft.  Texts are in base64, so that no gateway and no line limit
 * can change them; a header that is not plain ASCII is split into encoded words.  Line ends in a name or subject
 * would begin a new header, so they become blanks. */
#include "canvass/io.h"

#include <string.h>

/* Bytes of text in one encoded word: 45 become 60 characters, and a word has at most 75.  Bytes in a line of base64:
 * 57 become 76. */
enum { WORD = 45, LINE = 57 };

static bool is_plain(cnv_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < ' ' || text.at[i] > '~')
			return false;
	return true;
}

static void put_base64(cnv_text *out, cnv_str bytes)
{
	char line[4 * LINE / 3];

	for (size_t at = 0; at < bytes.len; at += LINE) {
		size_t len = bytes.len - at < LINE ? bytes.len - at : LINE;

		cnv_text_put(out, (cnv_str){ line, cnv_base64_write((const uint8_t *)bytes.at + at, len, line) });
		cnv_text_put(out, CNV_STR("\r\n"));
	}
}

/* Writes a text in a header; encoded words are split between characters. */
static void put_words(cnv_text *out, cnv_str text)
{
	const char *at = text.at, *end = text.at + text.len;
	char word[4 * WORD / 3 + 4];
	bool first = true;

	while (at < end) {
		const char *from = at, *next = at;

		while (next < end) {
			cnv_utf8_next(&next, end);
			if (next - from > WORD)
				break;
			at = next;
		}
		cnv_text_put(out, first ? CNV_STR("=?UTF-8?B?") : CNV_STR("\r\n =?UTF-8?B?"));
		cnv_text_put(out,
			     (cnv_str){ word, cnv_base64_write((const uint8_t *)from, (size_t)(at - from), word) });
		cnv_text_put(out, CNV_STR("?="));
		first = false;
	}
}

static void put_quoted(cnv_text *out, cnv_str text)
{
	cnv_text_put_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"' || text.at[i] == '\\')
			cnv_text_put_char(out, '\\');
		cnv_text_put_char(out, text.at[i]);
	}
	cnv_text_put_char(out, '"');
}

static bool is_address(cnv_str address)
{
	size_t at = cnv_str_find(address, CNV_STR("@"));

	if (!address.len || !is_plain(address) || !at || at >= address.len - 1)
		return false;
	for (size_t i = 0; i < address.len; i++)
		if (strchr(" <>,;:\"()[]\\", address.at[i]) || (address.at[i] == '@' && i != at))
			return false;
	return true;
}

static void put_to(cnv_text *out, const cnv_mail *mail)
{
	if (!is_address(mail->to))
		return; /* the sender fills it in */
	cnv_text_put(out, CNV_STR("To: "));
	if (!mail->to_name.len) {
		cnv_text_put(out, mail->to);
	} else {
		if (is_plain(mail->to_name))
			put_quoted(out, mail->to_name);
		else
			put_words(out, mail->to_name);
		cnv_text_format(out, " <%.*s>", CNV_ARG(mail->to));
	}
	cnv_text_put(out, CNV_STR("\r\n"));
}

static void put_date(cnv_text *out, cnv_instant at)
{
	static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int32_t day = cnv_instant_day(at), zone = at.utc_offset / 60;
	cnv_date date = cnv_day_date(day);
	int64_t seconds = at.utc_ms / 1000 + at.utc_offset - (int64_t)day * 86400;
	uint32_t minutes = (uint32_t)(zone < 0 ? -zone : zone);

	cnv_text_format(out, "Date: %.3s, %u %.3s %d %02d:%02d:%02d %c%02u%02u\r\n",
			days + (size_t)cnv_day_weekday(day) * 3, date.day, months + (size_t)(date.month - 1) * 3,
			date.year, (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60),
			zone < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

/* The line between the parts, which cannot occur in base64. */
#define BOUNDARY "=_canvass_part"

static void put_text(cnv_text *out, cnv_str text)
{
	cnv_text lines = { 0 };

	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\n' && (!i || text.at[i - 1] != '\r'))
			cnv_text_put_char(&lines, '\r');
		cnv_text_put_char(&lines, text.at[i]);
	}
	cnv_text_put(out,
		     CNV_STR("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
	put_base64(out, cnv_text_str(&lines));
	out->failed |= lines.failed;
	cnv_text_fini(&lines);
}

/* Uses RFC 2231 if the name is not plain ASCII. */
static void put_file_name(cnv_text *out, cnv_str name)
{
	if (is_plain(name)) {
		cnv_text_put(out, CNV_STR("filename="));
		put_quoted(out, name);
		return;
	}
	cnv_text_put(out, CNV_STR("filename*=UTF-8''"));
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._", c))
			cnv_text_put_char(out, c);
		else
			cnv_text_format(out, "%%%02X", (unsigned)(unsigned char)c);
	}
}

static cnv_str one_line(cnv_text *line, cnv_str text)
{
	cnv_text_reset(line);
	for (size_t i = 0; i < text.len; i++)
		cnv_text_put_char(line, (unsigned char)text.at[i] < ' ' ? ' ' : text.at[i]);
	return cnv_text_str(line);
}

void cnv_mail_put(cnv_text *out, const cnv_mail *mail)
{
	cnv_text name = { 0 }, subject = { 0 };
	cnv_mail plain = *mail;

	plain.to_name = one_line(&name, mail->to_name);
	plain.subject = one_line(&subject, mail->subject);
	cnv_text_put(out, CNV_STR("MIME-Version: 1.0\r\nX-Unsent: 1\r\n"));
	put_date(out, mail->at);
	put_to(out, &plain);
	cnv_text_put(out, CNV_STR("Subject: "));
	if (is_plain(plain.subject) && plain.subject.len <= WORD)
		cnv_text_put(out, plain.subject);
	else
		put_words(out, plain.subject);
	cnv_text_put(out, CNV_STR("\r\n"));
	if (!mail->count) {
		put_text(out, mail->text);
	} else {
		cnv_text_put(out, CNV_STR("Content-Type: multipart/mixed; boundary=\"" BOUNDARY "\"\r\n\r\n--" BOUNDARY
					  "\r\n"));
		put_text(out, mail->text);
		for (uint32_t i = 0; i < mail->count; i++) {
			const cnv_attachment *part = &mail->attachments[i];

			cnv_text_format(out, "--" BOUNDARY "\r\nContent-Type: %s\r\nContent-Disposition: attachment; ",
					part->type);
			put_file_name(out, part->name);
			cnv_text_put(out, CNV_STR("\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
			put_base64(out, part->bytes);
		}
		cnv_text_put(out, CNV_STR("--" BOUNDARY "--\r\n"));
	}
	out->failed |= name.failed || subject.failed;
	cnv_text_fini(&name);
	cnv_text_fini(&subject);
}
