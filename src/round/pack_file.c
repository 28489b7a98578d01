/* The files of a pack: their names, writing the workbook, and the attachments of a message. */
#include "canvass/packs.h"

static const struct {
	const char *ending, *type; /* MIME type of attachments */
} parts_of[CNV_PARTS] = {
	[CNV_PART_BOOK] = { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
	[CNV_PART_CSV] = { "csv", "text/csv; charset=utf-8" },
	[CNV_PART_PAGE] = { "html", "text/html; charset=utf-8" },
	[CNV_PART_LETTER] = { "txt", NULL },
	[CNV_PART_DRAFT] = { "eml", NULL },
};

cnv_str cnv_part_name(cnv_str stem, cnv_str code, cnv_part part, cnv_arena *arena)
{
	return cnv_arena_format(arena, "%.*s-%.*s.%s", CNV_ARG(stem), CNV_ARG(code), parts_of[part].ending);
}

cnv_str cnv_part_path(cnv_str folder, cnv_str stem, cnv_str code, cnv_part part, cnv_arena *arena)
{
	return cnv_arena_format(arena, "%.*s/%.*s/%.*s-%.*s.%s", CNV_ARG(folder), CNV_ARG(code), CNV_ARG(stem),
				CNV_ARG(code), parts_of[part].ending);
}

cnv_attachment cnv_part_attachment(cnv_str stem, cnv_str code, cnv_part part, cnv_str bytes, cnv_arena *arena)
{
	return (cnv_attachment){ cnv_part_name(stem, code, part, arena), parts_of[part].type, bytes };
}

cnv_status cnv_pack_attach(cnv_str folder, cnv_str stem, cnv_str code, cnv_attachment parts[CNV_ATTACHED],
			   uint32_t *count, cnv_arena *arena, cnv_diags *diags)
{
	cnv_status status = CNV_OK;

	*count = 0;
	for (cnv_part part = 0; part < CNV_ATTACHED && !status; part++) {
		cnv_str path = cnv_part_path(folder, stem, code, part, arena), bytes;
		bool there = false;

		status = cnv_file_look(path, &there, diags);
		if (status || !there)
			continue;
		status = cnv_file_load(path, CNV_PACK_MOST, arena, &bytes, diags);
		parts[(*count)++] = cnv_part_attachment(stem, code, part, bytes, arena);
	}
	return status;
}

/* The content of the workbook, in the process that writes it. */
typedef struct laying {
	const cnv_pack *pack;
	cnv_arena *scratch;
} laying;

static cnv_status lay(void *self, cnv_grid *grid)
{
	const laying *l = self;

	return cnv_pack_lay(l->pack, grid, l->scratch);
}

cnv_status cnv_pack_write(const cnv_pack *pack, cnv_str target, bool force, cnv_outputs *set, cnv_instant now,
			  cnv_arena *scratch, cnv_diags *diags)
{
	cnv_output output = { 0 };
	laying l = { pack, scratch };
	cnv_xlsx_job job = { pack->form->title, now, lay, &l };
	cnv_status status = set ? cnv_outputs_begin(set, &output, target, force, diags)
				: cnv_output_open(&output, target, force, diags);

	if (!status)
		status = cnv_xlsx_write(&output, &job, diags);
	if (!status)
		return cnv_output_commit(&output, diags);
	cnv_output_abandon(&output);
	return status;
}
