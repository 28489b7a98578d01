/* How returns were judged, as the store keeps it with each: what is needed to judge them again. */
#include "arrival.h"

static void put_text(cnv_text *out, const char *key, cnv_str value)
{
	if (!value.len)
		return;
	cnv_text_format(out, "%s\"%s\":\"", out->len > 1 ? "," : "", key);
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.at[i];

		if (c < 0x20)
			cnv_text_format(out, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			cnv_text_format(out, "\\%c", c);
		else
			cnv_text_put_char(out, value.at[i]);
	}
	cnv_text_put_char(out, '"');
}

static void put_flag(cnv_text *out, const char *key, bool value)
{
	if (value)
		cnv_text_format(out, "%s\"%s\":true", out->len > 1 ? "," : "", key);
}

void options_write(cnv_text *out, const cnv_intake_options *options)
{
	char delimiter = options->delimiter;

	cnv_text_put_char(out, '{');
	put_text(out, "respondent", options->respondent);
	put_text(out, "was", options->was);
	put_text(out, "encoding", options->encoding ? cnv_encoding_name(options->encoding) : (cnv_str){ 0 });
	put_text(out, "delimiter", (cnv_str){ &delimiter, delimiter != 0 });
	put_flag(out, "strict", options->strict);
	put_flag(out, "keep_blank", options->keep_blank);
	cnv_text_put_char(out, '}');
}
