/* JSON output, written immediately, so that a million findings need no memory. */
#include <inttypes.h>

#include "cli/cli.h"

static void put_text(FILE *out, cnv_str text)
{
	char room[CNV_JSON_ROOM];

	fputc('"', out);
	for (cnv_str piece; (piece = cnv_json_next(&text, room)).len;)
		fwrite(piece.at, 1, piece.len, out);
	fputc('"', out);
}

static void begin_member(cli_json *json, const char *key)
{
	if (json->comma >> json->depth & 1)
		fputc(',', json->out);
	json->comma |= UINT64_C(1) << json->depth;
	if (key) {
		put_text(json->out, cnv_str_from(key));
		fputc(':', json->out);
	}
}

void cli_json_open(cli_json *json, const char *key, char bracket)
{
	begin_member(json, key);
	fputc(bracket, json->out);
	json->depth++;
	json->comma &= ~(UINT64_C(1) << json->depth);
}

void cli_json_close(cli_json *json, char bracket)
{
	json->depth--;
	fputc(bracket, json->out);
	if (!json->depth) {
		fputc('\n', json->out);
		json->comma = 0;
	}
}

void cli_json_text(cli_json *json, const char *key, cnv_str text)
{
	begin_member(json, key);
	put_text(json->out, text);
}

void cli_json_raw(cli_json *json, const char *key, cnv_str json_text)
{
	begin_member(json, key);
	fwrite(json_text.at, 1, json_text.len, json->out);
}

void cli_json_number(cli_json *json, const char *key, uint64_t number)
{
	begin_member(json, key);
	fprintf(json->out, "%" PRIu64, number);
}

void cli_json_boolean(cli_json *json, const char *key, bool value)
{
	begin_member(json, key);
	fputs(value ? "true" : "false", json->out);
}

void cli_json_cell(cli_json *json, const cnv_place *place)
{
	char cell[CNV_CELL_NAME_ROOM];

	if (place->tab && place->row && place->column)
		cli_json_text(json, "cell", (cnv_str){ cell, cnv_cell_name(place->row, place->column, cell) });
}

void cli_json_diag(cli_json *json, const char *key, const cnv_diag *diag)
{
	char code[8];

	cnv_code_name(diag->code, code);
	cli_json_open(json, key, '{');
	cli_json_text(json, "severity", cnv_str_from(cnv_severity_word(diag->severity)));
	cli_json_text(json, "code", cnv_str_from(code));
	cli_json_text(json, "file", diag->place.source);
	if (diag->place.sheet.len)
		cli_json_text(json, "sheet", diag->place.sheet);
	if (diag->place.heading.len)
		cli_json_text(json, "heading", diag->place.heading);
	if (diag->place.row)
		cli_json_number(json, "row", diag->place.row);
	if (diag->place.column)
		cli_json_number(json, "column", diag->place.column);
	cli_json_cell(json, &diag->place);
	if (diag->place.upto > diag->place.from) {
		cli_json_number(json, "from", diag->place.from);
		cli_json_number(json, "upto", diag->place.upto);
	}
	if (diag->field.len)
		cli_json_text(json, "field", diag->field);
	cli_json_text(json, "message", diag->message);
	if (diag->excerpt.len)
		cli_json_text(json, "excerpt", diag->excerpt);
	if (diag->hint.len)
		cli_json_text(json, "hint", diag->hint);
	cli_json_close(json, '}');
}
