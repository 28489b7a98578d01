/* The files of a pack, as distribute writes them and status attaches them.
 *
 * Nothing is sent from here: a draft is opened in a mail program, looked at and sent by a person. */
#include "mailing.h"

/* A pack is a few files; a larger one is no questionnaire. */
#define MOST_PACK ((size_t)16 << 20)

static const struct {
	const char *ending, *type; /* type: of those that are attached */
} parts_of[CLI_PARTS] = {
	[CLI_PART_BOOK] = { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
	[CLI_PART_CSV] = { "csv", "text/csv; charset=utf-8" },
	[CLI_PART_PAGE] = { "html", "text/html; charset=utf-8" },
	[CLI_PART_LETTER] = { "txt", NULL },
	[CLI_PART_DRAFT] = { "eml", NULL },
};

cnv_str cli_part_name(cnv_str stem, cnv_str code, cli_part part, cnv_arena *arena)
{
	return cnv_arena_format(arena, "%.*s-%.*s.%s", CNV_ARG(stem), CNV_ARG(code), parts_of[part].ending);
}

cnv_str cli_part_path(cnv_str folder, cnv_str stem, cnv_str code, cli_part part, cnv_arena *arena)
{
	return cnv_arena_format(arena, "%.*s/%.*s/%.*s-%.*s.%s", CNV_ARG(folder), CNV_ARG(code), CNV_ARG(stem), CNV_ARG(code),
	                        parts_of[part].ending);
}

uint32_t cli_pack_load(cnv_str folder, cnv_str stem, cnv_str code, cnv_attachment parts[CLI_ATTACHED], cnv_arena *arena,
                       cnv_diags *diags)
{
	uint32_t count = 0;

	for (cli_part part = 0; part < CLI_ATTACHED; part++) {
		cnv_str path = cli_part_path(folder, stem, code, part, arena), bytes;
		if (cnv_file_exists(path) && !cnv_file_load(path, MOST_PACK, arena, &bytes, diags))
			parts[count++] =
				(cnv_attachment){ cli_part_name(stem, code, part, arena), parts_of[part].type, bytes };
	}
	return count;
}

void cli_draft_put(cnv_text *out, const cnv_respondent *to, cnv_str subject, cnv_str text, cnv_instant at,
                   const cnv_attachment *parts, uint32_t count)
{
	cnv_mail_put(out, &(cnv_mail){ .to_name = to->contact.len ? to->contact : to->name,
	                               .to = to->email,
	                               .subject = subject,
	                               .text = text,
	                               .at = at,
	                               .attachments = parts,
	                               .count = count });
}
