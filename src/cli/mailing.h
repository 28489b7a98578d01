/* What goes out to a respondent: the files of a pack, and drafts with them attached. */
#ifndef CANVASS_CLI_MAILING_H
#define CANVASS_CLI_MAILING_H

#include "cli.h"

/* In the order in which they are made: a draft holds the others but the covering text, which it says itself. */
typedef enum cli_part { CLI_PART_BOOK, CLI_PART_CSV, CLI_PART_PAGE, CLI_PART_LETTER, CLI_PART_DRAFT, CLI_PARTS } cli_part;
#define CLI_ATTACHED CLI_PART_LETTER /* parts before it are attached */

/* "ships-JPN.xlsx"; stem: cli_file_stem of the form. */
cnv_str cli_part_name(cnv_str stem, cnv_str code, cli_part part, cnv_arena *arena);
/* Where a folder of packs has it: "packs/JPN/ships-JPN.xlsx". */
cnv_str cli_part_path(cnv_str folder, cnv_str stem, cnv_str code, cli_part part, cnv_arena *arena);

/* What of a respondent's pack is attached, as far as it is there; how many.  Bytes in the arena. */
uint32_t cli_pack_load(cnv_str folder, cnv_str stem, cnv_str code, cnv_attachment parts[CLI_ATTACHED], cnv_arena *arena,
                       cnv_diags *diags);
/* Appends a message to the respondent, as a draft. */
void cli_draft_put(cnv_text *out, const cnv_respondent *to, cnv_str subject, cnv_str text, cnv_instant at,
                   const cnv_attachment *parts, uint32_t count);

#endif
