#include "report/html.h"

void cnv_html_put(cnv_text *out, cnv_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c == '&')
			cnv_text_put(out, CNV_STR("&amp;"));
		else if (c == '<')
			cnv_text_put(out, CNV_STR("&lt;"));
		else if (c == '>')
			cnv_text_put(out, CNV_STR("&gt;"));
		else if (c == '"')
			cnv_text_put(out, CNV_STR("&quot;"));
		else if (c == '\n')
			cnv_text_put(out, CNV_STR("<br>"));
		else if (c == '\t' || (c >= 0x20 && c != 0x7F))
			cnv_text_put_char(out, text.at[i]);
	}
}
