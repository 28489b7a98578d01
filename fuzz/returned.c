/* Any bytes as a returned file: gathered, settled and judged against a small form of every kind. */
#include "corpus.h"

#include "canvass/io.h"

static const char form_text[] =
        "survey\n"
        ",type,name,label,required,relevant,constraint\n"
        ",text,who,Who,yes,,\n"
        ",integer,age,Age,,,. >= 0 and . < 150\n"
        ",decimal,fee,Fee,,${age} > 3,\n"
        ",date,day,Day,,,. <= today()\n"
        ",time,hour,Hour,,,\n"
        ",dateTime,moment,Moment,,,\n"
        ",select_one yn,ok,Okay,yes,,\n"
        ",select_multiple yn,many,Many,,${ok} = 'yes',\"not(selected(., 'no'))\"\n"
        ",rank yn,order,Order,,,\n"
        ",geopoint,place,Place,,,\n"
        ",geotrace,way,Way,,,\n"
        ",acknowledge,sure,Sure,,,\n"
        ",begin_repeat,doc,Documents,,,\n"
        ",text,title,Title,yes,,\"regex(., '[A-Z][a-z]*( [a-z]+)*')\"\n"
        ",begin_repeat,page,Pages,,,\n"
        ",integer,number,Number,,,. > 0\n"
        ",end_repeat,,,,,\n"
        ",end_repeat,,,,,\n"
        ",calculate,total,,,,\n"
        "choices\n"
        ",list_name,name,label\n"
        ",yn,yes,Yes\n"
        ",yn,no,No\n";

typedef struct fixture {
	cnv_arena arena, scratch;
	cnv_sheets sheets;
	cnv_form *form;
	cnv_plan *plan;
	cnv_batch *batch;
	cnv_gather *gather;
} fixture;

static void on_field(void *self, cnv_str field) { cnv_gather_field(((fixture *)self)->gather, field); }

static void judge(fixture *f)
{
	cnv_ledger ledger = { 0 };
	cnv_findings findings = { 0 };
	cnv_world world = { .now = { .utc_ms = INT64_C(1796083200000) }, .seed = 1 };

	cnv_arena_reset(&f->scratch);
	if (!cnv_settle(f->batch, CNV_STR("fuzz.csv"), &ledger) && f->plan)
		cnv_check(f->plan, f->batch, &world, CNV_STR("fuzz.csv"), 0, &f->scratch, &findings);
	cnv_batch_reset(f->batch);
}

static cnv_status on_record(void *self, uint32_t line)
{
	fixture *f = self;
	cnv_status status = cnv_gather_record(f->gather, line);

	if (!status && cnv_gather_full(f->gather))
		judge(f);
	return status;
}

static fixture *shared(void)
{
	static fixture f;
	cnv_diags diags = { 0 };

	if (f.form)
		return &f;
	cnv_sheets_init(&f.sheets, CNV_STR("form.csv"), &f.arena);
	cnv_csv_sheets(&f.sheets, CNV_STR(form_text), &diags);
	cnv_form_build(&f.form, &f.sheets, &f.arena, &diags);
	cnv_plan_build(&f.plan, f.form, 1, &f.arena, &diags);
	f.batch = cnv_batch_new(f.form);
	return &f;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	fixture *f = shared();
	cnv_diags diags = { 0 };
	cnv_csv_sink sink = { .self = f, .field = on_field, .record = on_record };

	cnv_batch_reset(f->batch);
	f->gather = cnv_gather_new(f->form, f->batch, CNV_STR("fuzz.csv"), &diags);
	if (!cnv_csv_read(CNV_STR("fuzz.csv"), (cnv_str){ (const char *)at, len }, 0, (cnv_csv_limits){ 0 }, &sink, &diags) &&
	    !cnv_gather_end(f->gather))
		judge(f);
	cnv_gather_free(f->gather);
	return 0;
}
