/* Spreadsheets with a password: their manifest, itself not encrypted, says how each part is. */
#include "io/ods_book.h"

/* Bytes of the manifest that are searched for a password's traces. */
#define MANIFEST ((size_t)1 << 20)

static cnv_status keep_manifest(void *self, cnv_str bytes)
{
	cnv_text *text = self;

	if (text->len < MANIFEST)
		cnv_text_put(text, bytes);
	return text->failed ? CNV_NO_MEMORY : CNV_OK;
}

cnv_status cnv_ods_password(cnv_book *book, uint32_t manifest)
{
	cnv_text text = { 0 };
	cnv_status status = cnv_zip_stream(book->zip, manifest, keep_manifest, &text);
	bool locked = cnv_str_find(cnv_text_str(&text), CNV_STR("encryption-data")) != SIZE_MAX;

	cnv_text_fini(&text);
	if (status == CNV_REJECTED)
		return cnv_book_refuse_zip(book, cnv_zip_why(book->zip), cnv_book_place(book));
	if (!status && locked)
		return cnv_book_refuse(book, CNV_BOOK_LOCKED, cnv_book_place(book),
				       "open it, remove its password and save it",
				       "the workbook has a password, so it cannot be read");
	return status;
}
