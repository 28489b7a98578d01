/* Any bytes as a file beside a form: the first byte says whether XML, GeoJSON or CSV; read, given to a form that takes
 * choices from it, compiled. */
#include "corpus.h"

#include "canvass/check.h"
#include "canvass/io.h"

static const char *const endings[] = { "xml", "geojson", "csv" };

static void put_field(void *self, cnv_str field)
{
	cnv_external_field(self, field);
}

static void put_cell(void *self, cnv_str column, cnv_str text)
{
	if (cnv_utf8_check(column) != column.len || cnv_utf8_check(text) != text.len)
		__builtin_trap();
	cnv_external_cell(self, column, text);
}

static cnv_status put_record(void *self, uint32_t line)
{
	return cnv_external_record(self, line);
}

static cnv_status read_file(size_t ending, cnv_str bytes, cnv_external *external, cnv_diags *diags)
{
	const cnv_items_sink cells = { external, put_cell, put_record };
	const cnv_csv_sink fields = { external, put_field, put_record };
	cnv_str name = CNV_STR("x");

	return ending == 0   ? cnv_xml_items(name, bytes, &cells, diags)
	       : ending == 1 ? cnv_geojson_items(name, bytes, &cells, diags)
			     : cnv_csv_read(name, bytes, 0, (cnv_csv_limits){ 0 }, &fields, diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	cnv_arena arena = { .limit = (size_t)256 << 20 };
	cnv_diags diags = { 0 };
	cnv_sheets sheets;
	cnv_form *form = NULL;
	cnv_plan *plan = NULL;
	size_t ending = len ? at[0] % 3 : 0;
	uint32_t count;

	if (!len)
		return 0;
	cnv_sheets_init(&sheets, CNV_STR("fuzz.csv"), &arena);
	cnv_csv_sheets(&sheets,
		       cnv_arena_format(&arena,
					"survey\n,type,name,label,choice_filter,parameters\n"
					",select_one_from_file x.%s,a,A,name != '',\n"
					",select_multiple_from_file x.%s,b,B,,value=id label=b\n"
					",calculate,c,,,\"pulldata('x', 'name', 'label', ${a})\"\n",
					endings[ending], endings[ending]),
		       &diags);
	cnv_form_build(&form, &sheets, &arena, &diags);
	const cnv_data_file *files = form ? cnv_form_files(form, &count, &arena) : NULL;
	cnv_external *external = files && count ? cnv_external_new(form, files, &arena) : NULL;

	if (external && !read_file(ending, (cnv_str){ (const char *)at + 1, len - 1 }, external, &diags) &&
	    !cnv_external_end(external) && !cnv_form_attach_choices(form, &arena, &diags))
		cnv_plan_build(&plan, form, 0, &arena, &diags);
	cnv_plan_fini(plan);
	if (form)
		cnv_form_fini(form);
	cnv_sheets_fini(&sheets);
	cnv_arena_fini(&arena);
	return 0;
}
