/* Texts in XML. */
#include "canvass/base.h"

/* DELETE could be in XML, but is no character of a text. */
static bool is_outside_xml(uint32_t c)
{
	return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7F || (c >= 0xD800 && c < 0xE000) || c == 0xFFFE ||
	       c == 0xFFFF;
}

void cnv_xml_put(cnv_text *out, cnv_str text)
{
	const char *at = text.at, *end = text.at + text.len;

	while (at < end) {
		const char *from = at;
		uint32_t c = cnv_utf8_next(&at, end);

		if (c == '&')
			cnv_text_put(out, CNV_STR("&amp;"));
		else if (c == '<')
			cnv_text_put(out, CNV_STR("&lt;"));
		else if (c == '>')
			cnv_text_put(out, CNV_STR("&gt;"));
		else if (c == '"')
			cnv_text_put(out, CNV_STR("&quot;"));
		else if (!is_outside_xml(c))
			cnv_text_put(out, (cnv_str){ from, (size_t)(at - from) });
	}
}
