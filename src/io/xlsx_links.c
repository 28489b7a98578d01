/* The links from one part of a workbook to others: xl/worksheets/_rels/sheet1.xml.rels has those of sheet1.xml. */
#include "io/xlsx_book.h"

#define LINKS 4096u /* per part */

enum { LINK_ROOT = 1, LINK, LINK_ELEMENTS };
static const cnv_xml_element link_elements[LINK_ELEMENTS] = {
	[LINK_ROOT] = { "Relationships", 0, false },
	[LINK] = { "Relationship", LINK_ROOT, false },
};

static cnv_status open_link(void *self, uint8_t id, const char *const *attributes)
{
	cnv_links *links = self;
	cnv_arena *arena = &links->book->arena;
	cnv_str name, type, target, mode;
	void *at = links->at;

	if (id != LINK || !cnv_xml_attribute(attributes, "Id", &name) ||
	    !cnv_xml_attribute(attributes, "Type", &type) || !cnv_xml_attribute(attributes, "Target", &target))
		return CNV_OK;
	if (name.len > CNV_BOOK_NAME || type.len > CNV_BOOK_NAME || target.len > 2 * CNV_BOOK_NAME)
		return cnv_book_refuse_damaged(links->book, links->part, (cnv_str){ 0 }, "a link to a part is broken");
	if (links->count == LINKS)
		return cnv_book_refuse(links->book, CNV_BOOK_TOO_LARGE, links->place, "remove what is not needed",
				       "one part of the workbook links to more than 4,096 others (%.*s)",
				       CNV_ARG(cnv_zip_name(links->book->zip, links->part)));
	if (!cnv_mem_room(&at, &links->room, links->count + 1, sizeof *links->at))
		return CNV_NO_MEMORY;
	links->at = at;
	bool outside = cnv_xml_attribute(attributes, "TargetMode", &mode) && cnv_str_equal(mode, CNV_STR("External"));
	links->at[links->count] = (cnv_link){ cnv_arena_copy(arena, type), cnv_arena_copy(arena, target), outside };
	cnv_map_put(&links->by_id, cnv_arena_copy(arena, name), links->count++);
	return arena->failed || links->by_id.failed ? CNV_NO_MEMORY : CNV_OK;
}

cnv_status cnv_links_read(cnv_links *links, cnv_book *book, cnv_str folder, cnv_str name)
{
	cnv_xml_sink sink = { links, link_elements, LINK_ELEMENTS, CNV_XML_LINKS, open_link, NULL, NULL };
	cnv_str path = cnv_arena_format(&book->arena, "%.*s%s_rels/%.*s.rels", CNV_ARG(folder), folder.len ? "/" : "",
					CNV_ARG(name));
	uint32_t part = cnv_zip_find(book->zip, path);

	*links = (cnv_links){ .book = book, .place = cnv_book_place(book), .part = part };
	if (book->arena.failed)
		return CNV_NO_MEMORY;
	return part == CNV_NONE ? CNV_OK : cnv_book_part(book, part, &sink, &links->place);
}

void cnv_links_fini(cnv_links *links)
{
	cnv_mem_free(links->at);
	cnv_map_fini(&links->by_id);
}

const cnv_link *cnv_links_find(const cnv_links *links, cnv_str type)
{
	for (uint32_t i = 0; i < links->count; i++)
		if (!links->at[i].outside && cnv_str_ends(links->at[i].type, type))
			return &links->at[i];
	return NULL;
}

cnv_str cnv_book_folder(const cnv_book *book, uint32_t part, cnv_str *name)
{
	cnv_str path = cnv_zip_name(book->zip, part);
	size_t slash = path.len;

	while (slash && path.at[slash - 1] != '/' && path.at[slash - 1] != '\\')
		slash--;
	*name = cnv_str_slice(path, slash, path.len);
	return cnv_str_slice(path, 0, slash ? slash - 1 : 0);
}
