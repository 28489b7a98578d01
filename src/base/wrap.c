/* Text broken into lines for a terminal: at white space, and between ideographs, which are written without any. */
#include "canvass/base.h"

static bool is_blank(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t width_of(const char *from, const char *upto)
{
	return cnv_text_width((cnv_str){ from, (size_t)(upto - from) });
}

/* Opening brackets and quotes of ideographic text: no line ends with one. */
static bool opens(uint32_t c)
{
	static const uint32_t brackets[] = { 0x3008, 0x300A, 0x300C, 0x300E, 0x3010, 0x3014, 0xFF08, 0xFF3B, 0xFF5B };

	for (size_t i = 0; i < sizeof brackets / sizeof *brackets; i++)
		if (c == brackets[i])
			return true;
	return false;
}

/* May a line end between two characters that are not blank, one of them wide?  Not before a mark or a closing bracket. */
static bool may_part(uint32_t before, uint32_t c)
{
	cnv_char_class class = cnv_char_classify(c);

	return !opens(before) && (opens(c) || (class != CNV_CHAR_SIGN && class != CNV_CHAR_MARK));
}

bool cnv_wrap_next(cnv_str *rest, size_t room, cnv_str *line)
{
	cnv_str text = cnv_str_trim(*rest);
	const char *at = text.at, *end = text.len ? at + text.len : at, *stop = NULL;
	uint32_t before = ' ';
	size_t taken = 0, width_before = 0;

	*rest = (cnv_str){ 0 };
	while (at < end) {
		const char *from = at;
		uint32_t c = cnv_utf8_next(&at, end);
		size_t width = is_blank(c) ? 1 : width_of(from, at);

		if (!is_blank(before) && (is_blank(c) || ((width == 2 || width_before == 2) && may_part(before, c))))
			stop = from;
		taken += width;
		if (taken > room && from > text.at) {
			stop = stop ? stop : from;
			*rest = (cnv_str){ stop, (size_t)(end - stop) };
			text.len = (size_t)(stop - text.at);
			break;
		}
		before = c;
		width_before = width;
	}
	*line = text;
	return text.len > 0;
}
