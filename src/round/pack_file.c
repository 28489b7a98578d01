/* A pack written to a file: what distribute and the annotated returns of import share. */
#include "canvass/round.h"

cnv_status cnv_pack_write(const cnv_pack *pack, cnv_str target, bool force, bool later, cnv_instant now,
                          cnv_arena *scratch, cnv_diags *diags)
{
	cnv_output output = { 0 };
	cnv_grid grid = { 0 };
	cnv_status status = cnv_output_open(&output, target, force, diags);

	output.later = later;
	if (!status)
		status = cnv_xlsx_grid(&grid, &output, pack->form->title, now, diags);
	if (!status)
		status = cnv_pack_lay(pack, &grid, scratch);
	if (!status)
		status = grid.finish(grid.self);
	cnv_xlsx_free(&grid);
	if (!status)
		return cnv_output_commit(&output, diags);
	cnv_output_abandon(&output);
	return status;
}
