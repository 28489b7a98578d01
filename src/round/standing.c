/* Standings: a round as stored, and the state of each of its respondents.  Status, report and reminders share this
 * computation, so that their numbers agree.  A round of at most CNV_REPORT_NAMED responses is read whole, and its
 * respondents are known by name; a larger one passes through the tally in windows. */
#include "canvass/round.h"

#include <inttypes.h>

#include "round/scan.h"

const char *cnv_state_words(cnv_state state)
{
	static const char *const words[] = {
		[CNV_STATE_SILENT] = "silent",
		[CNV_STATE_NOT_YET_DUE] = "not yet due",
		[CNV_STATE_EXTENDED] = "extended",
		[CNV_STATE_DECLINED] = "declined",
		[CNV_STATE_WITHDRAWN] = "withdrawn",
		[CNV_STATE_NOT_READABLE] = "returned, not readable",
		[CNV_STATE_NOT_ACCEPTED] = "returned, not accepted",
		[CNV_STATE_NOT_ATTRIBUTED] = "returned, not attributed",
		[CNV_STATE_BLANK] = "returned blank",
		[CNV_STATE_CONFLICT] = "conflict",
		[CNV_STATE_ANSWERED] = "answered",
		[CNV_STATE_COMPILED] = "answered (compiled)",
	};

	return words[state];
}

bool cnv_standings_no_one_asked(const cnv_standings *s)
{
	return s->states[CNV_STATE_COMPILED] && !s->replied && !s->sent;
}

const char *cnv_standings_words(const cnv_standings *s, cnv_state state)
{
	if (state == CNV_STATE_SILENT && cnv_standings_no_one_asked(s))
		return "no source found";
	return cnv_state_words(state);
}

bool cnv_state_is_silent(cnv_state state)
{
	return state <= CNV_STATE_EXTENDED;
}

bool cnv_reply_is_overdue(const cnv_reply *reply, int32_t today)
{
	return cnv_state_is_silent(reply->state) && reply->has_due && reply->due < today;
}

cnv_str cnv_days_words(int32_t days, cnv_arena *arena)
{
	uint32_t count = (uint32_t)(days < 0 ? -days : days);

	if (!days)
		return CNV_STR("today");
	if (days > 0)
		return cnv_arena_format(arena, "in %" PRIu32 " %s", count, cnv_noun(count, "day", "days"));
	return cnv_arena_format(arena, "%" PRIu32 " %s ago", count, cnv_noun(count, "day", "days"));
}

uint32_t cnv_rate_percent(const cnv_rate *rate)
{
	return (rate->replied * 200 + rate->members) / (2 * rate->members);
}

/* ---------------------------------------------------------------- the groups of the roster */

static bool has_replied(const cnv_reply *reply)
{
	return reply->state == CNV_STATE_ANSWERED || reply->state == CNV_STATE_CONFLICT;
}

/* Of each group of the roster.  Of more responses than are named, who answered is known by the counts alone. */
static cnv_status count_rates(cnv_standings *s)
{
	const cnv_by_group *by = cnv_tally_groups(s->tally);
	const uint32_t groupings = s->roster ? s->roster->grouping_count : 0;
	cnv_groups groups;

	if (!groupings || (by && !cnv_by_group_groups(by)->count))
		return CNV_OK;
	if (!cnv_groups_find(&groups, s->roster))
		return CNV_NO_MEMORY;
	s->rates = cnv_arena_array(&s->arena, (size_t)groups.count + 1, sizeof *s->rates);
	s->rate_count = s->rates ? groups.count : 0;
	for (uint32_t g = 0; g < s->rate_count; g++)
		s->rates[g] = (cnv_rate){ .grouping = groups.at[g].grouping,
					  .group = groups.at[g].name.len ? groups.at[g].name : CNV_STR("(no group)"),
					  .members = groups.at[g].members,
					  .replied = by ? (uint32_t)cnv_by_group_replied(by, g) : 0 };
	for (uint32_t i = 0; i < s->roster->count && s->rates && s->replies; i++)
		for (uint32_t number = 0; number < groupings; number++)
			s->rates[groups.of[(size_t)i * groupings + number]].replied += has_replied(&s->replies[i]);
	cnv_groups_fini(&groups);
	return s->rates ? CNV_OK : CNV_NO_MEMORY;
}

/* ---------------------------------------------------------------- the responses */

static void count_findings(cnv_standings *s, const cnv_reported *reported, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		s->errors += reported[i].errors;
		s->warnings += reported[i].warnings;
	}
}

/* All responses in one batch. */
static cnv_status read_all(cnv_standings *s, cnv_cursor *cursor, cnv_diags *diags)
{
	uint32_t have = 0, count = 1;
	cnv_status status = CNV_OK;

	s->batch = cnv_batch_new(s->form);
	s->reported = cnv_mem_array((size_t)s->responses + 1, sizeof *s->reported);
	if (!s->batch || !s->reported)
		return CNV_NO_MEMORY;
	while (!status && count && have < s->responses) {
		status = cnv_cursor_next(cursor, s->batch, s->reported + have, (uint32_t)s->responses - have, &count,
					 diags);
		count_findings(s, s->reported + have, status ? 0 : count);
		have += count;
	}
	return status;
}

/* How complete the responses are is no secret, and is measured before answers are withheld. */
static cnv_status tally_all(cnv_standings *s)
{
	cnv_arena scratch = { 0 };
	cnv_status status;

	cnv_blank_mark(s->batch, s->reported);
	s->secrets = cnv_secrets_new();
	status = s->secrets ? cnv_release_apply(s->batch, s->reported, s->audience, true, s->secrets, &scratch)
			    : CNV_NO_MEMORY;
	cnv_arena_fini(&scratch);
	s->errors = s->warnings = 0;
	count_findings(s, s->reported, status ? 0 : (uint32_t)s->responses);
	if (!status)
		status = cnv_tally_add(s->tally, s->batch, s->reported);
	while (!status && cnv_tally_again(s->tally))
		status = cnv_tally_add(s->tally, s->batch, s->reported);
	return status;
}

static cnv_status read_named(cnv_standings *s, cnv_store *store, cnv_diags *diags)
{
	cnv_cursor *cursor;
	cnv_status status = cnv_store_read(&cursor, store, s->round, diags);

	if (!status)
		status = read_all(s, cursor, diags);
	cnv_cursor_close(cursor);
	/* Before anything is withheld. */
	if (!status && s->versions.count)
		status = cnv_versions_list_lost(&s->versions, store, s->round, s->batch, s->reported, &s->not_carried,
						&s->arena, diags);
	for (uint32_t i = 0; i < s->not_carried.count && !status; i++)
		s->reported[s->not_carried.at[i].row].warnings++;
	return status;
}

/* The first pass has all columns, and finds the blank responses; a later one has few. */
static void mark_blanks(const cnv_standings *s, const scan_window *window, uint64_t *blanks, bool first, uint64_t from)
{
	if (first)
		cnv_blank_find(window->reported, window->batch);
	for (uint32_t row = 0; row < window->count && from + row < s->responses; row++) {
		if (first && window->reported[row].blank)
			cnv_bit_set(blanks, from + row);
		window->reported[row].blank = cnv_bit(blanks, from + row);
	}
	cnv_blank_mark(window->batch, window->reported);
}

/* One pass of windows over more responses than are named.  blanks: a bit for each response. */
static cnv_status read_pass(cnv_standings *s, scan *pass, uint64_t *blanks, bool first, cnv_diags *diags)
{
	const scan_window *window;
	uint64_t from = 0;
	cnv_status status;

	s->errors = s->warnings = 0;
	while (!(status = scan_next(pass, &window, diags)) && window->count) {
		cnv_arena_reset(&s->scratch);
		mark_blanks(s, window, blanks, first, from);
		from += window->count;
		status = cnv_release_apply(window->batch, window->reported, s->audience, false, NULL, &s->scratch);
		count_findings(s, window->reported, status ? 0 : window->count);
		if (!status)
			status = cnv_tally_add(s->tally, window->batch, window->reported);
		if (status)
			break;
	}
	return status;
}

static bool is_wanted(const void *self, uint32_t table, uint32_t column)
{
	const cnv_standings *s = self;

	return cnv_tally_wants(s->tally, table, column) ||
	       cnv_release_reads(s->form, s->form->tables[table].columns[column]);
}

/* Respondents of the roster who returned blank, where states are not known by name. */
static cnv_status count_blanks(cnv_standings *s, cnv_store *store, cnv_diags *diags)
{
	const cnv_str *blanks = NULL;
	uint32_t count = 0, listed = 0;
	cnv_status status = cnv_store_blanks(store, s->round, &s->arena, &blanks, &count, diags);

	for (uint32_t i = 0; i < count && s->roster; i++) {
		uint32_t at = cnv_map_find(&s->roster->by_code, blanks[i]);

		if (at == CNV_NONE)
			continue;
		listed++;
		cnv_by_group_returned(cnv_tally_groups(s->tally), at);
	}
	cnv_tally_blanks(s->tally, listed);
	return status;
}

/* Does the audience see every answer, so that what the store has counted may be shown? */
static bool sees_all(const cnv_standings *s)
{
	if (s->audience == CNV_AUDIENCE_SECRETARIAT)
		return true;
	for (cnv_question_id q = 0; q < s->form->count; q++)
		if (s->form->questions[q].privacy)
			return false;
	return s->form->release == CNV_NONE;
}

/* A tally of more responses than are named. */
static cnv_status make_tally(cnv_standings *s)
{
	cnv_status status;

	cnv_tally_free(s->tally);
	s->tally = cnv_tally_new(s->form, s->roster);
	status = s->tally ? cnv_tally_by_group(s->tally) : CNV_NO_MEMORY;
	return status || s->exact || s->responses <= CNV_REPORT_EXACT ? status : cnv_tally_sketch(s->tally);
}

/* Is a column wanted in the pass that follows what the store has counted?  computed: of a question that is not asked */
static bool wants_columns(const cnv_standings *s, bool computed)
{
	for (uint32_t t = 0; t < s->form->table_count; t++)
		for (uint32_t c = 0; c < s->form->tables[t].count; c++)
			if (cnv_tally_wants(s->tally, t, c) &&
			    (!computed || s->form->questions[s->form->tables[t].columns[c]].role != CNV_ASKED))
				return true;
	return false;
}

/* Takes what the store has counted; *rolled false: the answers must be read, *grouped false: their respondents. */
static cnv_status take_rollups(cnv_standings *s, cnv_store *store, bool *rolled, bool *grouped, cnv_diags *diags)
{
	cnv_status status = CNV_OK;

	*rolled = *grouped = false;
	if (!sees_all(s))
		return CNV_OK;
	status = cnv_store_rollups(store, s->round, s->responses, s->tally, rolled, diags);
	if (!status && *rolled && s->roster)
		status = cnv_store_grouped(store, s->round, s->tally, grouped, diags);
	/* Neither who returned blank nor who is in which group is among the other counts. */
	if (!status && *rolled && s->roster && !*grouped &&
	    (s->roster->grouping_count || cnv_tally_rolled_blank(s->tally)))
		*rolled = false;
	/* A blank response may have computed numbers, and some columns alone do not show which responses are blank. */
	if (!status && *rolled && cnv_tally_rolled_blank(s->tally) && wants_columns(s, true))
		*rolled = false;
	if (status || *rolled)
		return status;
	return make_tally(s);
}

/* What the store has counted, or else all columns once; then those whose numbers or medians are not yet found. */
static cnv_status read_windows(cnv_standings *s, cnv_store *store, cnv_diags *diags)
{
	cnv_wanted wanted = { .nameless = !s->roster };
	uint64_t *blanks = cnv_mem_array(CNV_BIT_WORDS(s->responses) + 1, sizeof *blanks);
	cnv_status status;
	bool first, rolled = false, grouped = false, read;

	status = blanks ? make_tally(s) : CNV_NO_MEMORY;
	if (!status)
		status = take_rollups(s, store, &rolled, &grouped, diags);
	if (!status)
		status = count_blanks(s, store, diags);
	first = !rolled;
	if (rolled)
		wanted = (cnv_wanted){ .wants = is_wanted, .self = s, .nameless = !s->roster || grouped };
	read = !rolled || !wanted.nameless || wants_columns(s, false) || cnv_tally_again(s->tally);
	while (!status && read) {
		scan *pass;

		status = scan_open(&pass, store, s->form, s->round, &wanted, true, diags);
		if (!status)
			status = read_pass(s, pass, blanks, first, diags);
		first = false;
		scan_close(pass);
		wanted = (cnv_wanted){ .wants = is_wanted, .self = s, .nameless = true };
		read = !status && cnv_tally_again(s->tally);
	}
	if (!status && rolled)
		status = cnv_store_problems(store, s->round, &s->errors, &s->warnings, diags);
	cnv_mem_free(blanks);
	return status ? status : count_rates(s);
}

/* ---------------------------------------------------------------- how complete they are */

/* Counts the questions that people are asked, of the response itself and of its entries. */
static void add_cell(cnv_completeness *c, cnv_verdict verdict)
{
	switch (cnv_verdict_standing(verdict)) {
	case CNV_STANDING_ANSWERED:
	case CNV_STANDING_NOT_APPLICABLE:
	case CNV_STANDING_DO_NOT_KNOW:
	case CNV_STANDING_WITHHELD:
		c->asked++;
		c->answered++;
		break;
	case CNV_STANDING_NOT_USABLE:
		c->asked++;
		c->open++;
		break;
	case CNV_STANDING_NO_ANSWER:
		c->asked++;
		if (verdict == CNV_MISSING)
			c->open++;
		break;
	case CNV_STANDING_NOT_ASKED:
	case CNV_STANDING_RETURNED_BLANK:
	case CNV_STANDING_NO_REPLY:
	case CNV_STANDINGS:
		break;
	}
}

/* Does the question of the setting basis say that somebody else completed this response? */
static bool is_compiled(const cnv_standings *s, uint32_t row)
{
	const cnv_form *form = s->form;
	const cnv_question *basis = form->basis == CNV_NONE ? NULL : &form->questions[form->basis];
	const cnv_column *column;

	if (!basis || basis->kind != CNV_CHOICE || basis->list == CNV_NONE)
		return false;
	column = &s->batch->tables[0].columns[basis->column];
	return column->verdicts[row] == CNV_ACCEPTED && column->choices[row] < form->lists[basis->list].count &&
	       cnv_is_compiled(form->lists[basis->list].choices[column->choices[row]].name);
}

static void measure(cnv_standings *s)
{
	cnv_blank_find(s->reported, s->batch);
	for (uint32_t row = 0; row < s->responses; row++)
		s->complete[row] =
			(cnv_completeness){ .blank = s->reported[row].blank, .compiled = is_compiled(s, row) };

	for (uint32_t t = 0; t < s->batch->table_count; t++) {
		const cnv_table *table = &s->batch->tables[t];
		for (uint32_t c = 0; c < table->count; c++) {
			const cnv_column *column = &table->columns[c];
			if (s->form->questions[column->question].role != CNV_ASKED)
				continue;
			for (uint32_t row = 0; row < table->rows; row++) {
				add_cell(&s->complete[cnv_batch_owner(s->batch, t, row, 0)], column->verdicts[row]);
			}
		}
	}
}

/* ---------------------------------------------------------------- the state of each respondent */

static void apply(cnv_reply *reply, const cnv_notice *notice)
{
	switch (notice->kind) {
	case CNV_NOTICE_SENT: /* again, after declining: the question is open again */
	case CNV_NOTICE_ACKNOWLEDGED:
		reply->notice = notice->kind;
		if (reply->state == CNV_STATE_DECLINED) {
			reply->state = CNV_STATE_SILENT;
			reply->reason = (cnv_str){ 0 };
		}
		break;
	case CNV_NOTICE_EXTENDED:
		reply->state = CNV_STATE_EXTENDED;
		reply->has_due = true;
		reply->due = notice->due;
		reply->reason = notice->reason;
		break;
	case CNV_NOTICE_DECLINED:
		reply->state = CNV_STATE_DECLINED;
		reply->reason = notice->reason;
		break;
	case CNV_NOTICE_REMINDED:
		reply->reminded++;
		break;
	}
}

static cnv_status apply_notices(cnv_standings *s, cnv_store *store, cnv_diags *diags)
{
	const cnv_notice *notices = NULL;
	uint32_t count = 0;
	cnv_status status = cnv_store_notices(store, s->round, &s->arena, &notices, &count, diags);

	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = cnv_map_find(&s->roster->by_code, notices[i].respondent);
		if (at == CNV_NONE)
			continue;
		s->sent = true;
		apply(&s->replies[at], &notices[i]);
	}
	return status;
}

static cnv_status apply_withdrawals(cnv_standings *s, cnv_store *store, cnv_diags *diags)
{
	const cnv_withdrawal *list = NULL;
	uint32_t count = 0;
	cnv_status status = cnv_store_withdrawn(store, s->round, &s->arena, &list, &count, diags);

	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = cnv_map_find(&s->roster->by_code, list[i].respondent);
		if (at == CNV_NONE)
			continue;
		s->replies[at].state = CNV_STATE_WITHDRAWN;
		s->replies[at].reason = list[i].reason;
	}
	return status;
}

/* Why a file waits, as the state of the respondent whose it may be. */
static cnv_state state_of_item(const cnv_item *item)
{
	switch (item->code) {
	case CNV_CLAIMS_OTHER_FORM:
	case CNV_CLAIMS_OTHER_ROUND:
	case CNV_CLAIMS_CHANGED:
	case CNV_CONFLICT:
		return CNV_STATE_NOT_ACCEPTED;
	default:
		return cnv_item_remedy(item) == CNV_REMEDY_ATTRIBUTE ? CNV_STATE_NOT_ATTRIBUTED
								     : CNV_STATE_NOT_READABLE;
	}
}

/* What waits in the quarantine and may be theirs; of several, the first, or the last in conflict. */
static cnv_status on_item(void *self, const cnv_item *item)
{
	cnv_standings *s = self;
	cnv_guess guess = { .respondent = CNV_NONE };
	cnv_reply *reply;
	bool conflict;

	s->items++;
	if (s->roster && s->replies && s->items <= CNV_REPORT_NAMED)
		guess = cnv_item_guess(item, s->roster, &s->scratch);
	if (guess.respondent == CNV_NONE)
		return CNV_OK;
	reply = &s->replies[guess.respondent];
	conflict = reply->state == CNV_STATE_CONFLICT && item->code == CNV_CONFLICT;
	if (reply->item && !conflict)
		return CNV_OK;
	reply->item = item->id;
	if (reply->row != CNV_NONE && !conflict)
		return CNV_OK;
	reply->reason = cnv_arena_copy(&s->arena, item->file);
	if (reply->row == CNV_NONE)
		reply->state = state_of_item(item);
	return CNV_OK;
}

/* Maps responses to respondents. */
static void pair_rows(cnv_standings *s)
{
	for (uint32_t row = 0; row < s->responses; row++) {
		uint32_t at = cnv_map_find(&s->roster->by_code, s->reported[row].respondent);
		if (at != CNV_NONE)
			s->replies[at].row = row;
	}
	for (uint32_t i = 0; i < s->roster->count; i++) {
		cnv_reply *reply = &s->replies[i];
		if (reply->row == CNV_NONE) {
			if (reply->state == CNV_STATE_SILENT && reply->has_due && s->today <= reply->due)
				reply->state = CNV_STATE_NOT_YET_DUE;
			continue;
		}
		reply->state = s->complete[reply->row].blank      ? CNV_STATE_BLANK
			       : s->complete[reply->row].compiled ? CNV_STATE_COMPILED
								  : CNV_STATE_ANSWERED;
		reply->late = reply->has_due && cnv_instant_day(s->reported[reply->row].received) > reply->due;
	}
}

/* Respondents whose return is blank, or waits in conflict with the response that counts. */
static cnv_status read_waiting(cnv_standings *s, cnv_store *store, cnv_diags *diags)
{
	const cnv_str *blanks = NULL, *conflicts = NULL;
	uint32_t blank_count = 0, conflict_count = 0;
	cnv_status status = cnv_store_blanks(store, s->round, &s->arena, &blanks, &blank_count, diags);

	if (!status)
		status = cnv_store_conflicts(store, s->round, &s->arena, &conflicts, &conflict_count, diags);
	for (uint32_t i = 0; i < blank_count && !status; i++) {
		uint32_t at = cnv_map_find(&s->roster->by_code, blanks[i]);
		if (at != CNV_NONE && cnv_state_is_silent(s->replies[at].state))
			s->replies[at].state = CNV_STATE_BLANK;
	}
	for (uint32_t i = 0; i < conflict_count && !status; i++) {
		uint32_t at = cnv_map_find(&s->roster->by_code, conflicts[i]);
		if (at != CNV_NONE && s->replies[at].state == CNV_STATE_ANSWERED)
			s->replies[at].state = CNV_STATE_CONFLICT;
	}
	return status;
}

static void count_states(cnv_standings *s)
{
	uint32_t blanks = 0;

	for (uint32_t i = 0; i < s->roster->count; i++) {
		const cnv_reply *reply = &s->replies[i];
		s->states[reply->state]++;
		s->replied += has_replied(reply);
		blanks += reply->state == CNV_STATE_BLANK && reply->row == CNV_NONE;
		s->silent += cnv_state_is_silent(reply->state);
		s->overdue += cnv_reply_is_overdue(reply, s->today);
	}
	cnv_tally_blanks(s->tally, blanks);
}

static cnv_status read_roster(cnv_standings *s, cnv_store *store, cnv_diags *diags)
{
	size_t count = s->roster->count;
	cnv_status status;

	s->replies = cnv_arena_array(&s->arena, count + 1, sizeof *s->replies);
	if (!s->replies)
		return CNV_NO_MEMORY;
	status = cnv_store_due(store, s->round, &s->has_due, &s->due, diags);
	for (size_t i = 0; i < count; i++)
		s->replies[i] = (cnv_reply){ .has_due = s->has_due, .due = s->due, .row = CNV_NONE };
	if (!status)
		status = apply_notices(s, store, diags);
	if (!status)
		status = apply_withdrawals(s, store, diags);
	if (status)
		return status;
	pair_rows(s);
	status = read_waiting(s, store, diags);
	if (!status)
		status = cnv_store_items(store, s->round, false, on_item, s, diags);
	if (status)
		return status;
	count_states(s);
	status = count_rates(s);
	return status ? status : s->arena.failed ? CNV_NO_MEMORY : CNV_OK;
}

/* ---------------------------------------------------------------- the whole */

cnv_status cnv_standings_read(cnv_standings *s, cnv_store *store, const cnv_form *form, const cnv_roster *roster,
			      cnv_str round, cnv_instant now, cnv_audience audience, bool exact, cnv_diags *diags)
{
	cnv_status status;

	*s = (cnv_standings){ .form = form,
			      .roster = roster,
			      .round = round,
			      .today = cnv_instant_day(now),
			      .audience = audience,
			      .exact = exact };
	status = cnv_versions_read(&s->versions, store, form, round, diags);
	for (uint32_t i = 0; i < s->versions.count; i++)
		cnv_store_carry(store, &s->versions.at[i].migration);
	if (!status)
		status = cnv_store_count(store, round, &s->responses, diags);
	if (!status)
		s->tally = cnv_tally_new(form, roster);
	if (!status && !s->tally)
		return CNV_NO_MEMORY;
	if (!status)
		status = s->responses <= CNV_REPORT_NAMED ? read_named(s, store, diags) : read_windows(s, store, diags);
	if (!status && s->batch)
		status = cnv_store_count_priors(store, round, s->reported, (uint32_t)s->responses, diags);
	if (status || !s->batch)
		return status ? status : cnv_store_items(store, round, false, on_item, s, diags);
	s->complete = cnv_arena_array(&s->arena, (size_t)s->responses + 1, sizeof *s->complete);
	if (!s->complete)
		return CNV_NO_MEMORY;
	measure(s);
	status = roster ? read_roster(s, store, diags) : cnv_store_items(store, round, false, on_item, s, diags);
	return status ? status : tally_all(s);
}

void cnv_standings_fini(cnv_standings *s)
{
	cnv_tally_free(s->tally);
	cnv_batch_free(s->batch);
	cnv_secrets_free(s->secrets);
	cnv_mem_free(s->reported);
	cnv_versions_fini(&s->versions);
	cnv_arena_fini(&s->arena);
	cnv_arena_fini(&s->scratch);
	*s = (cnv_standings){ 0 };
}
