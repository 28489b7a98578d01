/* Recognizes an e-mail message by its first lines, each of which has the name of a header. */
#include "canvass/io.h"

/* Lower case. */
static const char *const headers[] = {
	"return-path",  "received", "delivered-to", "from",           "to",
	"cc",           "subject",  "date",         "mime-version",   "message-id",
	"reply-to",     "sender",   "content-type", "dkim-signature", "authentication-results",
	"thread-topic", "x-mailer", "x-priority",   "importance",     "x-unsent",
};

/* Does the line begin with the name of a header and a colon? */
static bool is_header(cnv_str line)
{
	cnv_str name;

	if (cnv_str_find(line, CNV_STR(":")) == SIZE_MAX || !cnv_str_split(&line, ':', &name))
		return false;
	for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
		if (cnv_str_is_word(name, headers[i]))
			return true;
	return false;
}

bool cnv_mail_is(cnv_str bytes)
{
	uint32_t found = 0;
	cnv_str line;

	if (cnv_str_starts(bytes, CNV_STR("\xEF\xBB\xBF")))
		bytes = cnv_str_slice(bytes, 3, bytes.len);
	for (bool first = true; cnv_str_split(&bytes, '\n', &line) && found < 2; first = false) {
		bool header = is_header(cnv_str_slice(line, 0, 200));

		if (first && !header)
			return false;
		found += header;
	}
	return found > 1;
}
