/* findings: one finding as a JSON object. */
#include "cli/findings.h"

void findings_print_json(cli_json *json, const cnv_form *form, const cnv_query *query)
{
	char code[8], changed[CNV_INSTANT_ROOM];

	cnv_code_name(query->code, code);
	cnv_instant_write(query->changed, changed);
	cli_json_open(json, NULL, '{');
	cli_json_text(json, "id", query->id);
	cli_json_text(json, "respondent", query->respondent);
	cli_json_text(json, "state", cnv_str_from(cnv_query_state_word(query->state)));
	if (query->reason.len)
		cli_json_text(json, "reason", query->reason);
	cli_json_text(json, "changed", cnv_str_from(changed));
	cli_json_text(json, "code", cnv_str_from(code));
	cli_json_text(json, "severity", query->severity == CNV_ERROR ? CNV_STR("error") : CNV_STR("warning"));
	if (query->question != CNV_NONE && form->questions[query->question].qno.len)
		cli_json_text(json, "no", form->questions[query->question].qno);
	cli_json_text(json, "question", query->path);
	cli_json_text(json, "value", query->value);
	cli_json_text(json, "message", query->message);
	if (query->hint.len)
		cli_json_text(json, "hint", query->hint);
	if (query->remark.len)
		cli_json_text(json, "remark", query->remark);
	cli_json_text(json, "file", query->file);
	if (query->sheet.len)
		cli_json_text(json, "sheet", query->sheet);
	cli_json_number(json, "row", query->line);
	cli_json_number(json, "column", query->column);
	cli_json_close(json, '}');
}
