/* Judged responses that are needed again when their return is stored, copied as received. */
#include "round/arrival.h"

cnv_status keep_rows(kept_rows *kept, const cnv_batch *window, const uint8_t *wanted, const cnv_str *codes)
{
	cnv_copier copier = { 0 };
	cnv_status status = CNV_NO_MEMORY;

	if ((!kept->batch && !(kept->batch = cnv_batch_new(window->form))) || !cnv_copier_open(&copier, window))
		goto out;
	for (uint32_t row = 0; row < window->tables[0].rows; row++) {
		uint32_t at = kept->batch->tables[0].rows;

		if (!wanted[row] || !codes[row].len)
			continue;
		if (!cnv_mem_room((void **)&kept->codes, &kept->room, at + 1, sizeof *kept->codes))
			goto out;
		kept->codes[at] = cnv_arena_copy(&kept->arena, codes[row]);
		cnv_copier_response(&copier, kept->batch, row);
	}
	if (!kept->arena.failed && !kept->batch->failed)
		status = CNV_OK;
out:
	cnv_copier_fini(&copier);
	return status;
}

void keep_fini(kept_rows *kept)
{
	cnv_batch_free(kept->batch);
	cnv_mem_free(kept->codes);
	cnv_arena_fini(&kept->arena);
	*kept = (kept_rows){ 0 };
}
