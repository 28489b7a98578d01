/* Files are written in large pieces. */
#include "export/dataset.h"

cnv_status flush_text(cnv_output *output, cnv_text *text, size_t most, cnv_diags *diags)
{
	cnv_status status;

	if (text->failed)
		return CNV_NO_MEMORY;
	if (text->len <= most)
		return CNV_OK;
	status = cnv_output_write(output, cnv_text_str(text), diags);
	cnv_text_reset(text);
	return status;
}
