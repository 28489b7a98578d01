/* packs: what is sent to respondents: files to be filled in, reminders, and letters of open questions. */
#ifndef CANVASS_PACKS_H
#define CANVASS_PACKS_H

#include "canvass/round.h"

/* ---------------------------------------------------------------- the files of a pack (pack_file.c) */

/* In the order in which they are made: a draft has those before the covering text attached. */
typedef enum cnv_part {
	CNV_PART_BOOK,
	CNV_PART_CSV,
	CNV_PART_PAGE,
	CNV_PART_LETTER,
	CNV_PART_DRAFT,
	CNV_PARTS
} cnv_part;
#define CNV_ATTACHED CNV_PART_LETTER /* parts before it are attached */

/* "ships-JPN.xlsx"; stem: the form's id as files have it. */
cnv_str cnv_part_name(cnv_str stem, cnv_str code, cnv_part part, cnv_arena *arena);
/* The same in a folder of packs: "packs/JPN/ships-JPN.xlsx". */
cnv_str cnv_part_path(cnv_str folder, cnv_str stem, cnv_str code, cnv_part part, cnv_arena *arena);
#define CNV_PACK_MOST ((size_t)16 << 20) /* bytes of one file: a larger one is no questionnaire */
cnv_attachment cnv_part_attachment(cnv_str stem, cnv_str code, cnv_part part, cnv_str bytes, cnv_arena *arena);
/* The files of a respondent's pack that are attached, as many as are there; bytes in the arena.  One that is there and
 * cannot be read is a failure: a draft without it would go unnoticed. */
cnv_status cnv_pack_attach(cnv_str folder, cnv_str stem, cnv_str code, cnv_attachment parts[CNV_ATTACHED],
			   uint32_t *count, cnv_arena *arena, cnv_diags *diags);
/* Writes a workbook to be filled in whole or not at all.  CNV_REJECTED, said: it exists, and is not to be replaced.
 * set: that it appears with; or NULL. */
cnv_status cnv_pack_write(const cnv_pack *pack, cnv_str target, bool force, cnv_outputs *set, cnv_instant now,
			  cnv_arena *scratch, cnv_diags *diags);

/* ---------------------------------------------------------------- packs (packs.c, prefill.c) */

typedef struct cnv_packs {
	const cnv_form_file *form;
	cnv_store *store; /* NULL: there is none; read for the due day and for `prefill` */
	cnv_str folder, stem, round;
	cnv_str respondent; /* only this one's, who is in the roster; empty: all */
	bool has_due;
	int32_t due_day;     /* else the store's for the round */
	cnv_str letter_name; /* file of the covering text; empty: the default of each language */
	cnv_str prefill;     /* the round whose answers are filled in; "last": each respondent's latest; empty: none */
	bool drafts, force;
	bool fixed_language; /* the form's, whatever the respondent's */
	cnv_instant now;
	/* when done */
	cnv_str existing;              /* CNV_REJECTED: this file is there already, and nothing was written */
	cnv_str due;                   /* YYYY-MM-DD; empty: none */
	cnv_notice *notices;           /* of each pack, that it was sent */
	uint32_t count, files, filled; /* packs, files in them, packs that were filled in from a round */
	cnv_arena arena;
} cnv_packs;

/* Writes a folder of files for each respondent, and the manifest of all files: all of them appear, or nothing new. */
cnv_status cnv_packs_write(cnv_packs *packs, const cnv_roster *roster, cnv_diags *diags);
void cnv_packs_fini(cnv_packs *packs);

/* ---------------------------------------------------------------- post (post.c): reminders and mail drafts
 *
 * Nothing is sent from here: a person opens a draft in a mail program, looks at it and sends it. */

typedef struct cnv_post {
	cnv_str folder;
	cnv_str packs, stem; /* where distribute put the packs, for drafts; empty: nothing is attached */
	bool drafts;         /* as messages, else as plain texts */
	bool force;          /* existing files are replaced */
	cnv_instant now;
	/* when done */
	cnv_str existing;        /* CNV_REJECTED: this file is there already, and nothing was written */
	cnv_notice *notices;     /* of each reminder */
	uint32_t count, without; /* reminders; drafts whose pack was not found */
	cnv_arena arena;
} cnv_post;

/* Writes a reminder for each respondent who is silent. */
cnv_status cnv_post_remind(cnv_post *post, const cnv_standings *standings, cnv_diags *diags);
void cnv_post_fini(cnv_post *post);
/* Appends a message to the respondent. */
void cnv_draft_put(cnv_text *out, const cnv_respondent *to, cnv_str subject, cnv_str text, cnv_instant at,
		   const cnv_attachment *parts, uint32_t count);

/* ---------------------------------------------------------------- letters of open questions (letters.c) */

typedef struct cnv_letters {
	const cnv_form *form;
	uint32_t language;
	const cnv_roster *roster; /* NULL: contacts and languages are not known */
	cnv_store *store;
	cnv_str round, folder;
	cnv_str respondent;  /* only this one's; empty: all */
	bool force;          /* existing letters are replaced */
	bool fixed_language; /* `language` whatever the respondent's */
	void *self;
	void (*tell_letter)(void *self, cnv_str markdown, uint32_t questions); /* one is written */
	cnv_diags *diags;
	/* when done */
	cnv_str existing; /* CNV_REJECTED: this letter is there already, and none was written */
	uint64_t written;
	cnv_arena arena;
} cnv_letters;

/* Writes FOLDER/CODE.md and FOLDER/CODE.txt for each respondent with open queries, or none where one of them cannot be
 * written. */
cnv_status cnv_letters_write(cnv_letters *letters);
void cnv_letters_fini(cnv_letters *letters);

#endif
