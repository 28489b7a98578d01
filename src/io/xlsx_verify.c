/* Reads a workbook back before it gets its final name.
 *
 * The library that writes it reports success even if the folder for temporary files is full and a part was truncated
 * there: the zip is then valid and the sheet is not.  So every part is inflated again and parsed, its last tag is compared
 * with its first, and the cells of every sheet are counted.  Their values and formats are compared as well
 * (xlsx_proof.c), because out of memory the library may write a format other than the one requested, and so are
 * comments and charts (xlsx_beside.c). */
#include "io/xlsx_verify.h"
#include "io/xlsx_beside.h"
#include "io/xlsx_proof.h"

#include <string.h>

#include "io/xml.h"
#include "io/zip.h"

#define EDGE 200 /* bytes kept of a part's beginning and end: declaration and root tag, closing tag */

/* Parts of every workbook that canvass writes, in addition to sheets and comments. */
static const char *const always[] = {
	"[Content_Types].xml", "_rels/.rels",   "docProps/app.xml",    "docProps/core.xml",
	"xl/workbook.xml",     "xl/styles.xml", "xl/theme/theme1.xml", "xl/_rels/workbook.xml.rels",
};

/* Data collected from one part as it is streamed. */
struct seen {
	cnv_xlsx_proof *proof; /* of a sheet, parses it; or NULL */
	cnv_xml *xml;          /* parses another part; or NULL */
	uint64_t cells;        /* "<c ", where nothing parses the part */
	uint32_t matched;      /* bytes of "<c " at the end of the last piece */
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
	cnv_status status = seen->proof ? cnv_xlsx_proof_feed(seen->proof, bytes)
			    : seen->xml ? cnv_xml_feed(seen->xml, bytes)
					: CNV_OK;
	if (status != CNV_OK)
		return status;
	keep_edges(seen, bytes);
	if (seen->proof || seen->xml)
		return CNV_OK;
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

/* The name of the first element in `edge`, after declarations and comments. */
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

/* Does the part end with the closing tag of its first element? */
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

/* The sheet (from 0) that this part is, or CNV_NONE. */
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

/* The formats of the workbook's cells; none if they are not compared. */
struct looks {
	uint64_t *at;
	uint32_t count;
};

static cnv_status see_part(cnv_zip *zip, uint32_t part, struct seen *seen, const char **trouble)
{
	cnv_status status = cnv_zip_stream(zip, part, see_piece, seen);
	if (status == CNV_OK && !is_whole(seen)) {
		*trouble = "a part of it is incomplete";
		status = CNV_REJECTED;
	}
	return status;
}

static cnv_status pass_element(void *self, uint8_t id, cnv_str name)
{
	(void)self, (void)id, (void)name;
	return CNV_OK;
}

static cnv_status verify_other(cnv_zip *zip, uint32_t part, const char **trouble)
{
	struct seen seen = { .xml = cnv_xml_new(&(cnv_xml_sink){ 0 }) };
	cnv_status status;

	if (!seen.xml)
		return CNV_NO_MEMORY;
	cnv_xml_hear_all(seen.xml, pass_element);
	status = see_part(zip, part, &seen, trouble);
	if (status == CNV_OK)
		status = cnv_xml_end(seen.xml);
	if (status == CNV_REJECTED && cnv_xml_why(seen.xml, &(uint64_t){ 0 }, &(const char *){ NULL }) != CNV_XML_FINE)
		*trouble = "a part of it is not well-formed";
	cnv_xml_free(seen.xml);
	return status;
}

static cnv_status verify_beside(cnv_zip *zip, uint32_t part, const cnv_xlsx_beside *expect, const char **trouble)
{
	uint64_t sum;
	cnv_status status = cnv_xlsx_beside_sum(zip, part, expect->name, &sum);

	if (status == CNV_OK && sum != expect->sum)
		status = CNV_REJECTED;
	if (status == CNV_REJECTED)
		*trouble = "a comment or a chart is not what was written";
	return status;
}

static cnv_status verify_sheet(cnv_zip *zip, uint32_t part, uint32_t sheet, const cnv_xlsx_expect *expect,
			       const struct looks *looks, const char **trouble)
{
	struct seen seen = { 0 };
	uint64_t sum = 0;
	if (expect->sums && !(seen.proof = cnv_xlsx_proof_new(looks->at, looks->count)))
		return CNV_NO_MEMORY;
	cnv_status status = see_part(zip, part, &seen, trouble);
	if (status == CNV_OK && seen.proof)
		status = cnv_xlsx_proof_end(seen.proof, &sum, &seen.cells);
	cnv_xlsx_proof_free(seen.proof);
	if (status != CNV_OK)
		return status;
	if (sheet >= expect->sheets || seen.cells != expect->cells[sheet])
		*trouble = "a sheet does not have the cells that were written";
	else if (expect->sums && sum != expect->sums[sheet])
		*trouble = "a cell does not hold what was written, or looks otherwise";
	else
		return expect->besides ? verify_beside(zip, part, &expect->besides[sheet], trouble) : CNV_OK;
	return CNV_REJECTED;
}

static cnv_status verify_parts(cnv_zip *zip, const cnv_xlsx_expect *expect, const struct looks *looks,
			       const char **trouble)
{
	uint32_t sheets = 0;
	for (uint32_t part = 0; part < cnv_zip_count(zip); part++) {
		uint32_t sheet = sheet_number(cnv_zip_name(zip, part));
		cnv_status status = sheet == CNV_NONE ? verify_other(zip, part, trouble)
						      : verify_sheet(zip, part, sheet, expect, looks, trouble);
		if (status != CNV_OK)
			return status;
		sheets += sheet != CNV_NONE;
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
	/* A sheet with comments has two parts more, the comments and their drawing; one with charts the drawing that
	 * has them, and its relationships.  Each chart and table is a part, and such a sheet has relationships. */
	uint64_t parts = sizeof always / sizeof *always + (uint64_t)expect->sheets + 2 * (uint64_t)expect->commented +
			 expect->charts + 2 * (uint64_t)expect->charted + expect->tables + expect->linked;
	if (cnv_zip_count(zip) != parts)
		status = CNV_REJECTED;
	for (size_t at = 0; at < sizeof always / sizeof *always; at++)
		if (cnv_zip_find(zip, cnv_str_from(always[at])) == CNV_NONE)
			status = CNV_REJECTED;
	if (status != CNV_OK)
		*trouble = "a part of it is missing";
	struct looks looks = { 0 };
	if (status == CNV_OK && expect->sums)
		status = cnv_xlsx_proof_styles(zip, cnv_zip_find(zip, CNV_STR("xl/styles.xml")), &looks.at,
					       &looks.count);
	if (status == CNV_OK)
		status = verify_parts(zip, expect, &looks, trouble);
	cnv_mem_free(looks.at);
	cnv_zip_close(zip);
	return status;
}
