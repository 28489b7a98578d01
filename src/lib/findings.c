/* Findings: collected, or handed on one by one.
 *
 * Their texts are copied in both cases, so that each ends with a NUL, by the allocator of the findings' own context. */
#include "lib/lib.h"

static void fill(canvass_finding *out, const cnv_diag *diag, cnv_arena *texts)
{
	*out = (canvass_finding){ .struct_size = sizeof *out,
				  .severity = diag->severity == CNV_ERROR     ? CANVASS_ERROR
					      : diag->severity == CNV_WARNING ? CANVASS_WARNING
									      : CANVASS_NOTE,
				  .number = diag->code,
				  .row = diag->place.row,
				  .column = diag->place.column,
				  .from = diag->place.from,
				  .upto = diag->place.upto,
				  .source = lib_text(texts, diag->place.source),
				  .sheet = lib_text(texts, diag->place.sheet),
				  .question = lib_text(texts, diag->field),
				  .value = lib_text(texts, diag->excerpt),
				  .message = lib_text(texts, diag->message),
				  .hint = lib_text(texts, diag->hint) };
	cnv_code_name(diag->code, out->code);
}

void lib_hear(void *self, const cnv_diag *diag)
{
	canvass_findings *findings = self;
	canvass_finding finding;
	lib_call call;

	if (!findings)
		return;
	lib_enter(&call, findings->context, NULL);
	if (findings->on_finding)
		cnv_arena_reset(&findings->texts);
	fill(&finding, diag, &findings->texts);
	findings->totals[finding.severity]++;
	if (findings->texts.failed)
		findings->failed = true;
	else if (findings->on_finding)
		findings->on_finding(findings->self, &finding);
	else if (cnv_mem_room((void **)&findings->at, &findings->room, findings->count + 1, sizeof *findings->at))
		findings->at[findings->count++] = finding;
	else
		findings->failed = true;
	lib_leave(&call, CNV_OK);
}

canvass_status canvass_findings_new(canvass_findings **out, canvass_context *context, canvass_on_finding *on_finding,
				    void *self)
{
	canvass_findings *findings;
	lib_call call;

	if (!out)
		return CANVASS_MISUSE;
	lib_enter(&call, context, NULL);
	findings = cnv_mem_get(sizeof *findings);
	if (findings)
		*findings = (canvass_findings){ .context = context,
						.on_finding = on_finding,
						.self = self,
						.diags = { .emit = lib_hear, .self = findings } };
	*out = findings;
	return lib_leave(&call, findings ? CNV_OK : CNV_NO_MEMORY);
}

void canvass_findings_free(canvass_findings *findings)
{
	lib_call call;

	if (!findings)
		return;
	lib_enter(&call, findings->context, NULL);
	cnv_mem_free(findings->at);
	cnv_arena_fini(&findings->texts);
	cnv_mem_free(findings);
	lib_leave(&call, CNV_OK);
}

size_t canvass_findings_count(const canvass_findings *findings)
{
	return findings ? findings->count : 0;
}

const canvass_finding *canvass_findings_at(const canvass_findings *findings, size_t index)
{
	return findings && index < findings->count ? &findings->at[index] : NULL;
}

uint64_t canvass_findings_total(const canvass_findings *findings, canvass_severity severity)
{
	return findings && severity >= CANVASS_NOTE && severity <= CANVASS_ERROR ? findings->totals[severity] : 0;
}

void canvass_findings_reset(canvass_findings *findings)
{
	lib_call call;

	if (!findings)
		return;
	lib_enter(&call, findings->context, NULL);
	findings->count = 0;
	findings->totals[0] = findings->totals[1] = findings->totals[2] = 0;
	cnv_arena_reset(&findings->texts);
	lib_leave(&call, CNV_OK);
}

const char *canvass_explain(uint32_t number)
{
	const cnv_code_info *info = number <= UINT16_MAX ? cnv_code_find((uint16_t)number) : NULL;

	return info ? info->text : NULL;
}
