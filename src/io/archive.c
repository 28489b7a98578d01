/* Archives of tables: zip files that are no workbook.
 *
 * A survey tool's download has a table for the responses and one for each repeat, and a folder of pictures.  Tables are
 * unpacked in memory, everything else is only named, so that no name of a part is ever a path on the disk. */
#include "canvass/io.h"
#include "io/zip.h"

#define PARTS 65535u /* a download has a picture for each response */

static bool has_ending(cnv_str name, const char *ending)
{
	size_t len = cnv_str_from(ending).len;

	return name.len > len && cnv_str_is_word(cnv_str_slice(name, name.len - len, name.len), ending);
}

static bool is_table(cnv_str name)
{
	static const char *const endings[] = { ".csv", ".tsv", ".xlsx", ".ods", ".xls" };

	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (has_ending(name, endings[i]))
			return true;
	return false;
}

/* The last part of a path. */
static cnv_str leaf_of(cnv_str path)
{
	size_t at = path.len;

	while (at && path.at[at - 1] != '/' && path.at[at - 1] != '\\')
		at--;
	return cnv_str_slice(path, at, path.len);
}

/* Folders, and what file managers add. */
static bool is_nothing(cnv_str name)
{
	cnv_str leaf = leaf_of(name);

	return !leaf.len || leaf.at[0] == '.' || cnv_str_starts(name, CNV_STR("__MACOSX/"));
}

/* ODK Central adds its log of each interview, and the files that respondents sent, some of which may be tables. */
static bool is_attached(cnv_str name)
{
	return cnv_str_starts(name, CNV_STR("media/")) || cnv_str_find(name, CNV_STR("/media/")) != SIZE_MAX ||
	       has_ending(name, " - audit.csv");
}

static bool is_wanted(cnv_str name)
{
	return is_table(name) && !is_attached(name) && !is_nothing(name);
}

static cnv_status put_piece(void *self, cnv_str bytes)
{
	cnv_text *text = self;

	cnv_text_put(text, bytes);
	return text->failed ? CNV_NO_MEMORY : CNV_OK;
}

/* Unpacks one part whole; a part that is damaged or too large is CNV_REJECTED. */
static cnv_status unpack(cnv_zip *zip, uint32_t part, const cnv_archive_sink *sink)
{
	cnv_text text = { 0 };
	cnv_status status = cnv_zip_stream(zip, part, put_piece, &text);

	if (!status)
		status = sink->table(sink->self, cnv_zip_name(zip, part), cnv_text_str(&text));
	cnv_text_fini(&text);
	return status;
}

/* Is it a workbook, which a reader of its own reads? */
static bool is_workbook(const cnv_zip *zip)
{
	static const char *const parts[] = { "[Content_Types].xml", "META-INF/manifest.xml", "xl/workbook.xml" };

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (cnv_zip_find(zip, cnv_str_from(parts[i])) != CNV_NONE)
			return true;
	return false;
}

cnv_status cnv_archive_read(cnv_str bytes, uint64_t most, const cnv_archive_sink *sink)
{
	cnv_zip_limits limits = { most, CNV_XLSX_ALL, PARTS };
	cnv_zip_fault fault;
	cnv_zip *zip = NULL;
	uint32_t tables = 0;
	cnv_status status;

	if (!cnv_str_starts(bytes, CNV_STR("PK\3\4")))
		return CNV_REJECTED;
	status = cnv_zip_open_bytes(&zip, bytes, limits, &fault);
	if (status)
		return status;
	for (uint32_t i = 0; i < cnv_zip_count(zip); i++)
		tables += is_wanted(cnv_zip_name(zip, i));
	if (!tables || is_workbook(zip))
		status = CNV_REJECTED;
	for (uint32_t i = 0; i < cnv_zip_count(zip) && !status; i++) {
		cnv_str name = cnv_zip_name(zip, i);

		if (is_wanted(name))
			status = unpack(zip, i, sink);
		else if (!is_nothing(name))
			sink->other(sink->self, name);
	}
	cnv_zip_close(zip);
	return status;
}
