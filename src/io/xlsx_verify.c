/* A workbook read back before it gets its name.
 *
 * The library that writes it reports success when the folder for temporary files is full and a part was cut short
 * there: the zip is then sound and the sheet is not.  So every part is inflated again, its last tag compared with its
 * first, and the cells of every sheet are counted.
 */
#include "io/xlsx_verify.h"

#include <string.h>

#include "io/zip.h"

#define EDGE 200 /* bytes kept of a part's beginning and end: declaration and root tag, closing tag */

/* Parts of every workbook that this program writes, beside sheets and comments. */
static const char *const always[] = {
	"[Content_Types].xml", "_rels/.rels",   "docProps/app.xml",    "docProps/core.xml",
	"xl/workbook.xml",     "xl/styles.xml", "xl/theme/theme1.xml", "xl/_rels/workbook.xml.rels",
};

/* What is seen of one part as it passes. */
struct seen {
	uint64_t cells;   /* "<c " */
	uint32_t matched; /* bytes of "<c " at the end of the last piece */
	char first[EDGE], last[EDGE];
	size_t first_len, last_len;
};

static void keep_edges(struct seen *seen, cnv_str bytes)
{
	size_t more = EDGE - seen->first_len < bytes.len ? EDGE - seen->first_len : bytes.len;
	memcpy(seen->first + seen->first_len, bytes.at, more);
	seen->first_len += more;

	size_t take = bytes.len < EDGE ? bytes.len : EDGE;
	size_t keep = seen->last_len < EDGE - take ? seen->last_len : EDGE - take;
	memmove(seen->last, seen->last + seen->last_len - keep, keep);
	memcpy(seen->last + keep, bytes.at + bytes.len - take, take);
	seen->last_len = keep + take;
}

static cnv_status see_piece(void *self, cnv_str bytes)
{
	static const char tag[] = { '<', 'c', ' ' };
	struct seen *seen = self;
	const char *at = bytes.at, *end = at + bytes.len;

	if (!bytes.len)
		return CNV_OK;
	keep_edges(seen, bytes);
	while (at < end) {
		if (!seen->matched) {
			at = memchr(at, '<', (size_t)(end - at));
			if (!at)
				return CNV_OK;
		}
		if (*at != tag[seen->matched]) {
			seen->matched = 0;
			if (*at != '<')
				at++;
			continue;
		}
		at++;
		if (++seen->matched == sizeof tag) {
			seen->cells++;
			seen->matched = 0;
		}
	}
	return CNV_OK;
}

/* The name of the element that `edge` opens after declarations and comments. */
static cnv_str root_name(cnv_str edge)
{
	size_t at = 0;
	while (at + 1 < edge.len && !(edge.at[at] == '<' && edge.at[at + 1] != '?' && edge.at[at + 1] != '!'))
		at++;
	size_t upto = ++at;
	while (upto < edge.len && !memchr(" \t\r\n/>", edge.at[upto], 6))
		upto++;
	return cnv_str_slice(edge, at, upto);
}

/* Does the part end with the closing tag of the element it began with? */
static bool is_whole(const struct seen *seen)
{
	cnv_str name = root_name((cnv_str){ seen->first, seen->first_len });
	cnv_str end = cnv_str_trim((cnv_str){ seen->last, seen->last_len });
	if (!name.len || !cnv_str_ends(end, CNV_STR(">")))
		return false;
	end.len--;
	if (!cnv_str_ends(end, name))
		return false;
	end.len -= name.len;
	return cnv_str_ends(end, CNV_STR("</"));
}

/* The sheet (from 0) whose part this is, or CNV_NONE. */
static uint32_t sheet_number(cnv_str name)
{
	int64_t number;
	cnv_str before = CNV_STR("xl/worksheets/sheet"), after = CNV_STR(".xml");
	if (!cnv_str_starts(name, before) || !cnv_str_ends(name, after) || name.len <= before.len + after.len)
		return CNV_NONE;
	if (!cnv_integer_read(cnv_str_slice(name, before.len, name.len - after.len), &number) || number < 1 ||
	    number > UINT16_MAX)
		return CNV_NONE;
	return (uint32_t)number - 1;
}

static cnv_status verify_parts(cnv_zip *zip, const cnv_xlsx_expect *expect, const char **trouble)
{
	uint32_t sheets = 0;
	for (uint32_t part = 0; part < cnv_zip_count(zip); part++) {
		struct seen seen = { 0 };
		cnv_status status = cnv_zip_stream(zip, part, see_piece, &seen);
		if (status != CNV_OK)
			return status;
		if (!is_whole(&seen)) {
			*trouble = "a part of it is incomplete";
			return CNV_REJECTED;
		}
		uint32_t sheet = sheet_number(cnv_zip_name(zip, part));
		if (sheet == CNV_NONE)
			continue;
		sheets++;
		if (sheet >= expect->sheets || seen.cells != expect->cells[sheet]) {
			*trouble = "a sheet does not have the cells that were written";
			return CNV_REJECTED;
		}
	}
	if (sheets != expect->sheets) {
		*trouble = "a sheet is missing";
		return CNV_REJECTED;
	}
	return CNV_OK;
}

cnv_status cnv_xlsx_verify(const char *path, const cnv_xlsx_expect *expect, const char **trouble)
{
	cnv_zip *zip;
	*trouble = "it cannot be read again";
	cnv_status status = cnv_zip_open(&zip, path);
	if (status != CNV_OK)
		return status;
	/* A sheet with comments has them, their drawing and the relationships that lead to both. */
	uint64_t parts = sizeof always / sizeof *always + (uint64_t)expect->sheets + 3 * (uint64_t)expect->commented;
	if (cnv_zip_count(zip) != parts)
		status = CNV_REJECTED;
	for (size_t at = 0; at < sizeof always / sizeof *always; at++)
		if (cnv_zip_find(zip, cnv_str_from(always[at])) == CNV_NONE)
			status = CNV_REJECTED;
	if (status != CNV_OK)
		*trouble = "a part of it is missing";
	else
		status = verify_parts(zip, expect, trouble);
	cnv_zip_close(zip);
	return status;
}
