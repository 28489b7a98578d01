/* Reminders: a text, or a mail draft with the questionnaire attached, for each respondent who has not replied. */
#include "round/round_internal.h"

#include "canvass/packs.h"

typedef struct reminding {
	cnv_post *post;
	const cnv_standings *standings;
	cnv_outputs set; /* all files, until they are renamed together */
	cnv_arena scratch;
	cnv_text text, file;
	cnv_diags *diags;
} reminding;

static void put_due(reminding *r, const cnv_reply *reply)
{
	char room[CNV_DAY_WORDS];
	cnv_str day;
	int32_t left;

	if (!reply->has_due)
		return;
	day = cnv_day_words(reply->due, room);
	left = reply->due - r->standings->today;
	if (reply->state == CNV_STATE_EXTENDED)
		cnv_text_format(&r->text, "Your extended deadline is %.*s, ", CNV_ARG(day));
	else if (left < 0)
		cnv_text_format(&r->text, "The deadline was %.*s, ", CNV_ARG(day));
	else
		cnv_text_format(&r->text, "The deadline is %.*s, ", CNV_ARG(day));
	cnv_text_format(&r->text, "%.*s.\n", CNV_ARG(cnv_days_words(left, &r->scratch)));
}

static void put_reminder(reminding *r, const cnv_respondent *to, const cnv_reply *reply, bool attached)
{
	const cnv_form *form = r->standings->form;
	cnv_str title = form->title.len ? form->title : form->id;

	cnv_text_reset(&r->text);
	cnv_text_format(&r->text, "Dear %.*s,\n\n", CNV_ARG(to->contact.len ? to->contact : to->name));
	cnv_text_format(&r->text, "We have not yet received the answers of %.*s to\n%.*s (round %.*s).\n",
			CNV_ARG(to->name), CNV_ARG(title), CNV_ARG(r->standings->round));
	put_due(r, reply);
	cnv_text_put(&r->text, attached ? CNV_STR("\nThe questionnaire is attached. Please fill it in and return it,")
					: CNV_STR("\nPlease fill in the questionnaire and return it,"));
	cnv_text_put(&r->text, CNV_STR("\nor let us know if you will not answer.\n\nWith thanks\n"));
}

void cnv_draft_put(cnv_text *out, const cnv_respondent *to, cnv_str subject, cnv_str text, cnv_instant at,
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

static void put_draft(reminding *r, const cnv_respondent *to, const cnv_attachment *parts, uint32_t count)
{
	const cnv_form *form = r->standings->form;
	cnv_str title = form->title.len ? form->title : form->id;
	cnv_str subject = cnv_arena_format(&r->scratch, "Reminder: %.*s (round %.*s)", CNV_ARG(title),
					   CNV_ARG(r->standings->round));

	cnv_text_reset(&r->file);
	cnv_draft_put(&r->file, to, subject, cnv_text_str(&r->text), r->post->now, parts, count);
}

static cnv_str name_reminder(const cnv_post *post, cnv_str code, cnv_arena *arena)
{
	return cnv_arena_format(arena, "%.*s/%.*s.%s", CNV_ARG(post->folder), CNV_ARG(code),
				post->drafts ? "eml" : "txt");
}

/* The first file that would be replaced; empty: none. */
static cnv_str find_existing(const reminding *r)
{
	const cnv_roster *roster = r->standings->roster;

	for (uint32_t i = 0; i < roster->count; i++) {
		cnv_str name = name_reminder(r->post, roster->respondents[i].code, &r->post->arena);
		if (cnv_state_is_silent(r->standings->replies[i].state) && cnv_file_exists(name))
			return name;
	}
	return (cnv_str){ 0 };
}

static cnv_status write_reminder(reminding *r, const cnv_respondent *to, const cnv_reply *reply)
{
	const cnv_post *post = r->post;
	cnv_attachment parts[CNV_ATTACHED];
	cnv_status status = CNV_OK;
	uint32_t count = 0;
	cnv_str target;

	cnv_arena_reset(&r->scratch);
	if (post->drafts && post->packs.len)
		status = cnv_pack_attach(post->packs, post->stem, to->code, parts, &count, &r->scratch, r->diags);
	if (status)
		return status;
	r->post->without += post->drafts && post->packs.len && !count;
	put_reminder(r, to, reply, count > 0);
	if (post->drafts)
		put_draft(r, to, parts, count);
	target = name_reminder(post, to->code, &r->scratch);
	if (r->text.failed || r->file.failed || r->scratch.failed)
		return CNV_NO_MEMORY;
	return cnv_outputs_save(&r->set, target, cnv_text_str(post->drafts ? &r->file : &r->text), post->force,
				r->diags);
}

static cnv_status write_all(reminding *r)
{
	const cnv_roster *roster = r->standings->roster;
	cnv_post *post = r->post;
	cnv_status status;

	post->notices = cnv_arena_array(&post->arena, (size_t)roster->count + 1, sizeof *post->notices);
	if (!post->notices)
		return CNV_NO_MEMORY;
	status = cnv_folder_make(post->folder, r->diags);
	if (!status)
		status = cnv_outputs_open(&r->set, post->folder, r->diags);
	for (uint32_t i = 0; i < roster->count && !status; i++) {
		if (!cnv_state_is_silent(r->standings->replies[i].state))
			continue;
		status = write_reminder(r, &roster->respondents[i], &r->standings->replies[i]);
		if (!status)
			post->notices[post->count++] = (cnv_notice){ .kind = CNV_NOTICE_REMINDED,
								     .respondent = roster->respondents[i].code,
								     .at = post->now };
	}
	return status ? status : cnv_outputs_commit(&r->set, r->diags);
}

cnv_status cnv_post_remind(cnv_post *post, const cnv_standings *standings, cnv_diags *diags)
{
	reminding r = { .post = post, .standings = standings, .diags = diags };
	cnv_status status;

	if (!post->force)
		post->existing = find_existing(&r);
	status = post->existing.len ? CNV_REJECTED : write_all(&r);
	cnv_outputs_abandon(&r.set);
	cnv_text_fini(&r.text);
	cnv_text_fini(&r.file);
	cnv_arena_fini(&r.scratch);
	return status;
}

void cnv_post_fini(cnv_post *post)
{
	cnv_arena_fini(&post->arena);
}
