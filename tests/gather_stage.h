/* A form, a file for it, and what was reported: shared by the tests of the rooms read and gather.
 *
 * Forms and files are written with | between fields. */
#ifndef CANVASS_TESTS_GATHER_STAGE_H
#define CANVASS_TESTS_GATHER_STAGE_H

#include "canvass/gather.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MOST_FIELDS 64

struct stage {
	cnv_arena arena, scratch;
	cnv_form *form;
	cnv_batch *batch;
	cnv_roster roster;
	cnv_text said;   /* diagnostics: code@line, one each */
	cnv_text hints;  /* their messages and hints */
	cnv_text ledger; /* path: from -> to (why) */
	cnv_text dump;
	cnv_text tool; /* that wrote the file */
};

static inline void hear(void *self, const cnv_diag *diag)
{
	struct stage *stage = self;
	char name[8];

	cnv_code_name(diag->code, name);
	cnv_text_format(&stage->said, "%s%s@%u", stage->said.len ? " " : "", name, diag->place.row);
	cnv_text_format(&stage->hints, "%.*s (%.*s)\n", CNV_ARG(diag->message), CNV_ARG(diag->hint));
}

static inline void enter(void *self, const cnv_ledger_entry *entry)
{
	struct stage *stage = self;

	cnv_text_format(&stage->ledger, "%s%.*s: %.*s -> %.*s (%s)", stage->ledger.len ? "; " : "",
			CNV_ARG(entry->path), CNV_ARG(entry->from), CNV_ARG(entry->to), entry->why);
}

static inline uint32_t split(cnv_str line, cnv_str fields[MOST_FIELDS])
{
	uint32_t count = 0;

	for (bool more = true; more && count < MOST_FIELDS; count++) {
		size_t len = cnv_str_find(line, CNV_STR("|"));

		more = len != SIZE_MAX;
		fields[count] = cnv_str_slice(line, 0, len);
		line = cnv_str_slice(line, more ? len + 1 : line.len, line.len);
	}
	return count;
}

static inline void open_stage(struct stage *stage, const char *form)
{
	cnv_diags diags = { 0 };
	cnv_str rest = cnv_str_from(form), line, fields[MOST_FIELDS];
	cnv_sheets sheets;
	uint32_t row = 0;

	*stage = (struct stage){ 0 };
	cnv_sheets_init(&sheets, CNV_STR("form.csv"), &stage->arena);
	while (cnv_str_split(&rest, '\n', &line))
		if (++row && line.len)
			cnv_sheets_add(&sheets, fields, split(line, fields), row, &diags);
	assert_int_equal(cnv_form_build(&stage->form, &sheets, &stage->arena, &diags), CNV_OK);
	cnv_sheets_fini(&sheets);
	stage->batch = cnv_batch_new(stage->form);
	assert_non_null(stage->batch);
}

static inline void close_stage(struct stage *stage)
{
	cnv_batch_free(stage->batch);
	cnv_form_fini(stage->form);
	cnv_roster_fini(&stage->roster);
	cnv_text_fini(&stage->said);
	cnv_text_fini(&stage->hints);
	cnv_text_fini(&stage->ledger);
	cnv_text_fini(&stage->dump);
	cnv_text_fini(&stage->tool);
	cnv_arena_fini(&stage->arena);
	cnv_arena_fini(&stage->scratch);
}

/* Line feeds end records; `~` in a field stands for one. */
static inline cnv_status gather_into(struct stage *stage, const char *file, cnv_diags *diags)
{
	cnv_gather *gather = cnv_gather_new(stage->form, stage->batch, CNV_STR("answers.csv"), diags);
	cnv_str rest = cnv_str_from(file), line, fields[MOST_FIELDS];
	cnv_status status = gather ? CNV_OK : CNV_NO_MEMORY;
	uint32_t row = 0;

	while (!status && cnv_str_split(&rest, '\n', &line)) {
		uint32_t count = split(line, fields);

		row++;
		for (uint32_t i = 0; line.len && i < count; i++)
			cnv_gather_field(gather, fields[i]);
		if (line.len)
			status = cnv_gather_record(gather, row);
	}
	if (gather && !status)
		status = cnv_gather_end(gather);
	if (gather)
		cnv_text_put(&stage->tool, cnv_gather_tool(gather));
	cnv_gather_free(gather);
	return status;
}

static inline cnv_status gather_file(struct stage *stage, const char *file)
{
	cnv_diags diags = { .emit = hear, .self = stage };

	return gather_into(stage, file, &diags);
}

static inline void settle(struct stage *stage)
{
	cnv_ledger ledger = { .emit = enter, .self = stage };

	assert_int_equal(cnv_settle(stage->batch, CNV_STR("answers.csv"), &ledger), CNV_OK);
}

static inline const char *ended(cnv_text *text)
{
	cnv_text_put_char(text, '\0');
	return text->at;
}

static inline void put_cell(struct stage *stage, const cnv_table *table, uint32_t row, const cnv_column *column)
{
	cnv_text *dump = &stage->dump;
	cnv_str text = cnv_column_text(column, row);

	if (!text.len)
		return;
	if (dump->len)
		cnv_text_put_char(dump, ' ');
	if (stage->batch->tables[0].rows > 1)
		cnv_text_format(dump, "%u:", cnv_batch_owner(stage->batch, table->index, row, 0));
	cnv_text_put(dump, cnv_cell_path(stage->batch, table->index, row, column->question, &stage->scratch));
	cnv_text_format(dump, "=%.*s", CNV_ARG(text));
}

/* Its filled cells in table and row order, `path=text`, after the row of the response where there are several; then its
 * remarks. */
static inline const char *dump_batch(struct stage *stage)
{
	const cnv_batch *batch = stage->batch;

	for (uint32_t i = 0; i < batch->table_count; i++)
		for (uint32_t row = 0; row < batch->tables[i].rows; row++)
			for (uint32_t k = 0; k < batch->tables[i].count; k++)
				put_cell(stage, &batch->tables[i], row, &batch->tables[i].columns[k]);
	for (uint32_t i = 0; i < batch->remark_count; i++) {
		const cnv_remark *remark = &batch->remarks[i];
		cnv_str path = CNV_STR("*");

		if (remark->question != CNV_NONE)
			path = cnv_cell_path(batch, remark->table, remark->row, remark->question, &stage->scratch);
		cnv_text_format(&stage->dump, " {%.*s: %.*s}", CNV_ARG(path), CNV_ARG(remark->text));
	}
	cnv_text_put_char(&stage->dump, '\0');
	return stage->dump.at;
}

#define DEMO                                                                                                           \
	"survey\n"                                                                                                     \
	"|type|name|label|label::French (fr)\n"                                                                        \
	"|begin_group|sec_a|Section A|\n"                                                                              \
	"|note|intro|Please answer.|\n"                                                                                \
	"|select_one economy|economy|Economy|Economie\n"                                                               \
	"|integer|seats|How many seats?|Combien de places ?\n"                                                         \
	"|select_multiple topic|topics|Topics|Sujets\n"                                                                \
	"|geopoint|harbour|Harbour|Port\n"                                                                             \
	"|text|remark|Remark on A|\n"                                                                                  \
	"|end_group|||\n"                                                                                              \
	"|begin_group|sec_c|Section C|\n"                                                                              \
	"|text|remark|Remark on C|\n"                                                                                  \
	"|begin_repeat|doc|Documents|\n"                                                                               \
	"|text|doc_name|Name of the document|\n"                                                                       \
	"|integer|fee|Fee|\n"                                                                                          \
	"|begin_repeat|holder|Holders|\n"                                                                              \
	"|integer|age|Age|\n"                                                                                          \
	"|end_repeat|||\n"                                                                                             \
	"|end_repeat|||\n"                                                                                             \
	"|end_group|||\n"                                                                                              \
	"|hidden|total||\n"                                                                                            \
	"choices\n"                                                                                                    \
	"|list_name|name|label|\n"                                                                                     \
	"|economy|AUS|Australia|\n"                                                                                    \
	"|economy|NZ|New Zealand|\n"                                                                                   \
	"|topic|law|Law|\n"                                                                                            \
	"|topic|port|Port|\n"                                                                                          \
	"settings\n"                                                                                                   \
	"|form_id|respondent||\n"                                                                                      \
	"|demo|economy||\n"

/* A form with a question of every kind. */
#define KINDS                                                                                                          \
	"survey\n"                                                                                                     \
	"|type|name|label|label::French (fr)\n"                                                                        \
	"|text|text|Text|Texte\n"                                                                                      \
	"|integer|integer|Integer|Entier\n"                                                                            \
	"|decimal|decimal|Decimal|Nombre\n"                                                                            \
	"|date|date|Date|Jour\n"                                                                                       \
	"|time|time|Time|Heure\n"                                                                                      \
	"|dateTime|datetime|Instant|Instant\n"                                                                         \
	"|select_one doc|choice|Choice|Choix\n"                                                                        \
	"|select_multiple doc|choices|Choices|Plusieurs\n"                                                             \
	"|rank doc|rank|Rank|Rang\n"                                                                                   \
	"|select_one states|states|States|Etats\n"                                                                     \
	"|geopoint|point|Point|Lieu\n"                                                                                 \
	"|geotrace|trace|Trace|Trace\n"                                                                                \
	"|geoshape|shape|Shape|Forme\n"                                                                                \
	"|image|file|File|Fichier\n"                                                                                   \
	"|acknowledge|consent|I agree|Je suis d'accord\n"                                                              \
	"choices\n"                                                                                                    \
	"|list_name|name|label|label::French (fr)\n"                                                                   \
	"|doc|sid|Identity card, new|Carte\n"                                                                          \
	"|doc|book|Seaman's book|Livret\n"                                                                             \
	"|doc|none|None|Aucun\n"                                                                                       \
	"|doc|x|Other|Autre\n"                                                                                         \
	"|doc|y|Other|Divers\n"                                                                                        \
	"|states|N/A|Not any|Sans\n"                                                                                   \
	"|states|ok|Fine|Bon\n"                                                                                        \
	"|states|OK|Very fine|Mieux\n"

#endif
