/* A small form of every kind, against which fuzzed returns are gathered, settled and judged. */
#ifndef CANVASS_FUZZ_SMALL_FORM_H
#define CANVASS_FUZZ_SMALL_FORM_H

#include "canvass/io.h"

static const char form_text[] = "survey\n"
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

static inline void small_form_judge(fixture *f)
{
	cnv_ledger ledger = { 0 };
	cnv_findings findings = { 0 };
	cnv_world world = { .now = { .utc_ms = INT64_C(1796083200000) }, .seed = 1 };

	cnv_arena_reset(&f->scratch);
	if (!cnv_settle(f->batch, CNV_STR("fuzz.csv"), &ledger) && f->plan)
		cnv_check(f->plan, f->batch, &world, CNV_STR("fuzz.csv"), 0, &f->scratch, &findings);
	cnv_batch_reset(f->batch);
}

static inline cnv_status small_form_record(void *self, uint32_t line)
{
	fixture *f = self;
	cnv_status status = cnv_gather_record(f->gather, line);

	if (!status && cnv_gather_full(f->gather))
		small_form_judge(f);
	return status;
}

static inline fixture *small_form(void)
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

#endif
