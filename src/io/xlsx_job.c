/* Writes a complete workbook, in this process or with the writer that the program has chosen. */
#include "io/xlsx_job.h"

cnv_status cnv_xlsx_write_here(const cnv_output *output, const cnv_xlsx_job *job, cnv_diags *diags)
{
	cnv_grid grid = { 0 };
	cnv_status status = cnv_xlsx_grid(&grid, output, job->title, job->created, diags);

	if (!status)
		status = job->lay(job->self, &grid);
	if (!status)
		status = grid.finish(grid.self);
	cnv_xlsx_free(&grid);
	return status;
}

static cnv_xlsx_writer *chosen = cnv_xlsx_write_here;

void cnv_xlsx_write_by(cnv_xlsx_writer *writer)
{
	chosen = writer;
}

cnv_status cnv_xlsx_write(const cnv_output *output, const cnv_xlsx_job *job, cnv_diags *diags)
{
	return chosen(output, job, diags);
}
