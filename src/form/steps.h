/* steps.h: the steps of a build, in the order in which build.c takes them. */
#ifndef CANVASS_FORM_STEPS_H
#define CANVASS_FORM_STEPS_H

#include "form/builder.h"

void cnv_form_find_sheets(cnv_form_builder *build); /* form_sheets.c */
/* The file has no sheet names, and its first sheet looks like a survey. */
bool cnv_form_is_bare_survey(const cnv_form_builder *build);
void cnv_form_read_settings(cnv_form_builder *build);    /* settings.c */
void cnv_form_settle_languages(cnv_form_builder *build); /* language.c */
bool cnv_form_read_types(cnv_form_builder *build);       /* row_types.c */
void cnv_form_read_lists(cnv_form_builder *build);       /* choices.c */
void cnv_form_resolve_lists(cnv_form_builder *build);    /* row_lists.c: the list of each typed row */
void cnv_form_expand_loops(cnv_form_builder *build);     /* loops.c */
bool cnv_form_read_questions(cnv_form_builder *build);   /* rows.c */
void cnv_form_put_setting(cnv_form_builder *build, const char *heading, cnv_str text); /* legacy rows of the survey */
/* list_check.c: the choice that or_other adds, before loops over its list are expanded. */
void cnv_form_add_others(cnv_form_builder *build);
void cnv_form_finish_lists(cnv_form_builder *build); /* list_check.c */
bool cnv_form_index_names(cnv_form_builder *build);  /* names.c */
void cnv_form_check_names(cnv_form_builder *build);
void cnv_form_finish_settings(cnv_form_builder *build);    /* settings that name questions */
void cnv_form_check_references(cnv_form_builder *build);   /* references.c */
void cnv_form_check_instances(cnv_form_builder *build);    /* instances.c */
void cnv_form_check_questions(cnv_form_builder *build);    /* advice.c */
void cnv_form_check_numbering(cnv_form_builder *build);    /* numbering.c */
void cnv_form_find_units(cnv_form_builder *build);         /* units.c */
void cnv_form_check_translations(cnv_form_builder *build); /* translations.c */

#endif
