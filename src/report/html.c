#include "report/html.h"

void cnv_html_put(cnv_text *out, cnv_str text)
{
	bool first = true;

	for (cnv_str line; cnv_str_split(&text, '\n', &line); first = false) {
		if (!first)
			cnv_text_put(out, CNV_STR("<br>"));
		cnv_xml_put(out, line);
	}
}
