/* Any bytes as a form: read, built, compiled, advised on. */
#include "corpus.h"

#include "canvass/advise.h"
#include "canvass/io.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	cnv_arena arena = { .limit = (size_t)256 << 20 };
	cnv_diags diags = { 0 };
	cnv_sheets sheets;
	cnv_form *form = NULL;
	cnv_plan *plan = NULL;

	cnv_sheets_init(&sheets, CNV_STR("fuzz.csv"), &arena);
	if (!cnv_csv_sheets(&sheets, (cnv_str){ (const char *)at, len }, &diags)) {
		cnv_form_build(&form, &sheets, &arena, &diags);
		if (form && !cnv_plan_build(&plan, form, 0, &arena, &diags))
			cnv_advise(plan, &arena, &diags);
	}
	cnv_plan_fini(plan);
	if (form)
		cnv_form_fini(form);
	cnv_sheets_fini(&sheets);
	cnv_arena_fini(&arena);
	return 0;
}
