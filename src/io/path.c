/* Paths: names in the system's form, the folder of a file, and messages for the system's error numbers. */
#include "io/path.h"

#include <errno.h>
#include <string.h>

const cnv_trouble cnv_writing[] = {
	{ ENOENT, CNV_CANNOT_WRITE, "its folder does not exist", "make the folder first, or check the spelling" },
	{ ENOTDIR, CNV_CANNOT_WRITE, "part of its path is a file, not a folder", "check the spelling of the path" },
	{ EACCES, CNV_FILE_FORBIDDEN, "permission denied: cannot write in its folder", "choose another folder" },
	{ EPERM, CNV_FILE_FORBIDDEN, "permission denied: cannot write in its folder", "choose another folder" },
	{ EROFS, CNV_FILE_FORBIDDEN, "its disk is read-only", "choose a folder on another disk" },
	{ EISDIR, CNV_FILE_IS_FOLDER, "this is a folder; a file name is needed", "name a file inside it" },
	{ ENXIO, CNV_FILE_NOT_REGULAR, "this is not an ordinary file and cannot be replaced", "name another file" },
	{ EEXIST, CNV_OUTPUT_EXISTS, "the file exists", "give another name, or add --force" },
	{ ENOSPC, CNV_CANNOT_WRITE, "the disk is full", "free some disk space and run again" },
	{ EDQUOT, CNV_CANNOT_WRITE, "your disk quota is used up", "free some space and run again" },
	{ EFBIG, CNV_CANNOT_WRITE, "it would exceed the size limit for files", "write it to another disk" },
	{ ENAMETOOLONG, CNV_CANNOT_WRITE, "its name is longer than the system allows", "give it a shorter name" },
	{ ELOOP, CNV_CANNOT_WRITE, "this is a symbolic link, and links are not followed here",
	  "remove the link, or name another folder" },
	{ EBUSY, CNV_CANNOT_WRITE, "its folder is full of temporary files", "delete the files .canvass-*.part in it" },
	{ EMFILE, CNV_CANNOT_WRITE, "too many files are open at once", "name fewer files in one run" },
	{ EIO, CNV_CANNOT_WRITE, "the disk reports a fault", "write it to another disk" },
	{ 0, CNV_CANNOT_WRITE, "the system cannot write it", "" },
};

cnv_status cnv_trouble_say(const cnv_trouble *rows, int error, cnv_str name, cnv_diags *diags)
{
	while (rows->error && rows->error != error)
		rows++;
	cnv_place place = { .source = name };
	cnv_str hint = cnv_str_from(rows->hint);
	if (error == ENOMEM) {
		cnv_mem_note_shortage();
		return CNV_NO_MEMORY;
	}
	if (rows->error)
		cnv_diags_emit(diags, CNV_DIAG(.code = (uint16_t)rows->code, .place = place, .hint = hint), "%s",
			       rows->message);
	else
		cnv_diags_emit(diags, CNV_DIAG(.code = (uint16_t)rows->code, .place = place, .hint = hint),
			       "%s (error %d)", rows->message, error);
	return rows->code == CNV_OUTPUT_EXISTS ? CNV_REJECTED : CNV_NO_ACCESS;
}

char *cnv_path(cnv_str name)
{
	if (!name.len || memchr(name.at, '\0', name.len)) {
		errno = ENOENT;
		return NULL;
	}
	char *path = cnv_mem_get(name.len + 1);
	if (path)
		memcpy(path, name.at, name.len);
	else
		errno = ENOMEM;
	return path;
}

cnv_str cnv_folder_of(cnv_str name)
{
	while (name.len && name.at[name.len - 1] != '/')
		name.len--;
	return name;
}

bool cnv_file_ends(cnv_str name, const char *ending)
{
	size_t len = cnv_str_from(ending).len;

	return name.len - cnv_folder_of(name).len > len &&
	       cnv_str_is_word(cnv_str_slice(name, name.len - len, name.len), ending);
}
