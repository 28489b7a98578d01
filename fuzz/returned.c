/* Any bytes as a returned file: gathered, settled and judged against a small form of every kind. */
#include "corpus.h"
#include "small_form.h"

static void on_field(void *self, cnv_str field) { cnv_gather_field(((fixture *)self)->gather, field); }

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	fixture *f = small_form();
	cnv_diags diags = { 0 };
	cnv_csv_sink sink = { .self = f, .field = on_field, .record = small_form_record };

	cnv_batch_reset(f->batch);
	f->gather = cnv_gather_new(f->form, f->batch, CNV_STR("fuzz.csv"), &diags);
	if (!cnv_csv_read(CNV_STR("fuzz.csv"), (cnv_str){ (const char *)at, len }, 0, (cnv_csv_limits){ 0 }, &sink, &diags) &&
	    !cnv_gather_end(f->gather))
		small_form_judge(f);
	cnv_gather_free(f->gather);
	return 0;
}
