/* Archives: the download of ODK Central, or several returns that somebody packed into one .zip file.
 *
 * The tables in it are returns as if they had been unpacked into one folder, so that the files of one return find each
 * other by their names; the others, such as pictures, are passed over and named.  A file that is no such archive is left
 * to the reader of workbooks, which says what it is. */
#include "round/archive.h"

enum { SHOWN = 3 }; /* names of files passed over */

typedef struct unpacking {
	cnv_str archive;
	parts_list *list;
	uint32_t others;
	cnv_text names; /* the first of the others */
} unpacking;

static cnv_status on_table(void *self, cnv_str name, cnv_str bytes)
{
	unpacking *u = self;
	cnv_arena *arena = &u->list->names;

	bytes = cnv_arena_copy(arena, bytes);
	name = cnv_arena_format(arena, "%.*s/%.*s", CNV_ARG(u->archive), CNV_ARG(name));
	return arena->failed ? CNV_NO_MEMORY : parts_add_bytes(u->list, name, bytes);
}

static void on_other(void *self, cnv_str name)
{
	unpacking *u = self;

	if (u->others++ < SHOWN)
		cnv_text_format(&u->names, "%s%.*s", u->names.len ? ", " : "", CNV_ARG(name));
}

static void report_others(const unpacking *u, cnv_diags *diags)
{
	if (u->others)
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_ARCHIVE_OTHERS, .place = (cnv_place){ .source = u->archive }),
			       "%u %s in the archive %s passed over: %.*s%s", u->others,
			       cnv_noun(u->others, "file", "files"), cnv_noun(u->others, "is", "are"),
			       CNV_ARG(cnv_text_str(&u->names)), u->others > SHOWN ? ", ..." : "");
}

static bool has_ending(cnv_str name)
{
	return name.len > 4 && cnv_str_is_word(cnv_str_slice(name, name.len - 4, name.len), ".zip");
}

/* Reads the archive whole; its errors are reported when it is read as a return. */
static cnv_status read_archive(unpacking *u, const cnv_archive_sink *sink)
{
	cnv_diags quiet = { 0 };
	source archive = { 0 };
	cnv_status status = source_open(&archive, u->archive, u->archive, &quiet);

	if (!status)
		status = source_keep(&archive, NULL, false, false, &quiet);
	if (!status)
		status = source_hold(&archive, CNV_XLSX_ALL, &quiet);
	if (!status)
		status = cnv_archive_read(archive.bytes, CNV_STORE_INLINE, sink);
	source_close(&archive);
	return status;
}

cnv_status archive_add(parts_list *list, cnv_str name, cnv_diags *diags)
{
	unpacking u = { .archive = name, .list = list };
	const cnv_archive_sink sink = { &u, on_table, on_other };
	uint32_t before = list->count;
	cnv_status status = has_ending(name) ? read_archive(&u, &sink) : CNV_REJECTED;

	if (!status)
		report_others(&u, diags);
	if (status == CNV_REJECTED || status == CNV_NO_ACCESS) {
		list->count = before;
		status = parts_add(list, name);
	}
	status = status ? status : u.names.failed ? CNV_NO_MEMORY : CNV_OK;
	cnv_text_fini(&u.names);
	return status;
}
