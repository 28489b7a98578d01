/* The respondent of a return.  The answers name the respondent, else --respondent, else the claims of the file.  If
 * two of these disagree, or none names a respondent, the user must decide.  The file name decides nothing: it can
 * only cause a warning. */
#include "round/arrival.h"

/* The location of the respondent code in a row. */
static cnv_place place_of_owner(const arrival *a, uint32_t row, cnv_str *field)
{
	const cnv_form *form = a->intake->form->form;
	const cnv_table *table = &a->intake->window->tables[0];
	cnv_place place = cnv_batch_place(a->intake->window, 0, CNV_NONE, row, table->lines[row], a->name);

	*field = (cnv_str){ 0 };
	if (form->respondent != CNV_NONE) {
		const cnv_question *question = &form->questions[form->respondent];
		const cnv_column *column = &table->columns[question->column];
		*field = question->name;
		place = cnv_batch_place(a->intake->window, 0, question->column, row, cnv_row_line(table, column, row),
					a->name);
	}
	return place;
}

/* The reason why the response in this row has no respondent, as a diagnostic.  claim: what names the unknown one,
 * where the answers do not; else NULL. */
static void say_unattributed(arrival *a, uint32_t row, cnv_attribution why, cnv_str code, const cnv_claim *claim)
{
	const cnv_form *form = a->intake->form->form;
	cnv_str field, word = form->respondent_word;
	cnv_place place = place_of_owner(a, row, &field);
	bool several = a->rows > 1 && a->intake->options.respondent.len;
	if (claim) {
		place = claim->place;
		place.source = place.source.len ? place.source : a->name;
	}
	switch (why) {
	case CNV_UNKNOWN_RESPONDENT: {
		const cnv_roster *roster = a->intake->roster;
		bool named = cnv_str_equal(code, a->intake->options.respondent);
		cnv_nearest nearest;
		cnv_nearest_init(&nearest, code);
		for (uint32_t i = 0; roster && i < roster->count; i++) {
			cnv_nearest_offer(&nearest, roster->respondents[i].code);
			cnv_nearest_offer(&nearest, roster->respondents[i].name);
		}
		cnv_diags_emit(&a->diags,
			       CNV_DIAG(.code = CNV_RESPONDENT_UNKNOWN, .place = place, .field = field, .excerpt = code,
					.hint = nearest.best.len ? cnv_arena_format(&a->arena, "did you mean \"%.*s\"?",
										    CNV_ARG(nearest.best))
						: named ? CNV_STR("correct --respondent, or add it to the roster")
						: a->stream.layout == CNV_LONG
							? CNV_STR("correct it, or add it to the roster; then import"
								  " the file again, with --roster FILE")
							: CNV_STR("correct it in the file, and import the file again")),
			       "\"%.*s\" is not in the roster", CNV_ARG(code));
		break;
	}
	case CNV_BAD_CODE:
		cnv_diags_emit(
			&a->diags,
			CNV_DIAG(.code = CNV_RESPONDENT_UNUSABLE, .place = place, .field = field, .excerpt = code),
			"this cannot be the code of a %.*s", CNV_ARG(word));
		break;
	case CNV_MISALIGNED:
		/* It was reported while the row was gathered, perhaps windows ago: only the reason is built again. */
		a->heard.why = (cnv_diag){
			.severity = CNV_ERROR,
			.code = CNV_SURPLUS_CELLS,
			.place = { .source = a->name, .row = a->intake->window->tables[0].lines[row] },
			.message = CNV_STR(
				"the row has more cells than the header, so its answers may be in the wrong columns"),
			.hint = CNV_STR("put quotation marks around every field that contains the separator")
		};
		break;
	case CNV_ATTRIBUTED:
		break;
	case CNV_NO_RESPONDENT:
		cnv_diags_emit(&a->diags,
			       CNV_DIAG(.code = CNV_RESPONDENT_MISSING, .place = place, .field = field,
					.hint = field.len ? CNV_STR("fill it in, or say whose it is with canvass"
								    " quarantine --attribute")
						: several ? CNV_STR("--respondent names a single response; for"
								    " several, add a column respondent")
							  : CNV_STR("name the respondent with --respondent CODE")),
			       "no respondent: the %.*s is missing", CNV_ARG(word));
		break;
	}
}

/* A doubt about the respondent of a row: a finding like those of its cells. */
typedef struct doubt {
	arrival *arrival;
	uint32_t row;
} doubt;

static void on_doubt(void *self, const cnv_diag *diag)
{
	const doubt *d = self;
	cnv_finding finding = { .diag = *diag,
				.row = d->row,
				.question = d->arrival->intake->form->form->respondent,
				.verdict = CNV_ACCEPTED };

	heard_finding(&d->arrival->heard, &finding);
}

static bool is_another(const cnv_intake *in, cnv_str said, cnv_str code)
{
	if (!said.len || cnv_str_equal(said, code))
		return false;
	return !in->roster || cnv_map_find(&in->roster->by_code, said) != CNV_NONE;
}

/* For a return of one response: do the command line and the file name agree with it? */
static void doubt_owner(arrival *a, uint32_t row, cnv_str code)
{
	static const char hint[] = "check that this is the right file; its answers count";
	cnv_intake *in = a->intake;
	doubt self = { a, row };
	cnv_diags diags = { .emit = on_doubt, .self = &self };
	cnv_str field, stem = parts_stem(a->name);
	cnv_place place = place_of_owner(a, row, &field);

	if (is_another(in, in->options.respondent, code))
		cnv_diags_emit(&diags,
			       CNV_DIAG(.code = CNV_RESPONDENT_OTHERWISE, .place = place, .field = field,
					.excerpt = code, .hint = cnv_str_from(hint)),
			       "--respondent is \"%.*s\", but the answers are from \"%.*s\"",
			       CNV_ARG(in->options.respondent), CNV_ARG(code));
	if (in->roster && is_another(in, stem, code))
		cnv_diags_emit(&diags,
			       CNV_DIAG(.code = CNV_RESPONDENT_OTHERWISE, .place = place, .field = field,
					.excerpt = code, .hint = cnv_str_from(hint)),
			       "the file name says \"%.*s\", but the answers are from \"%.*s\"", CNV_ARG(stem),
			       CNV_ARG(code));
}

/* A person has said whose the response in this row is. */
static bool is_attributed(const arrival *a, uint32_t row)
{
	const cnv_intake_options *options = &a->intake->options;

	if (!options->attributed.len)
		return false;
	return options->attributed_line ? a->intake->window->tables[0].lines[row] == options->attributed_line
					: a->rows == 1;
}

/* What the response itself says, or else the hidden sheet of the pack it was written in, is not lost. */
static void doubt_attribution(arrival *a, uint32_t row, cnv_str itself, cnv_str claimed)
{
	const cnv_claim *claim = &a->stream.claims.at[CNV_CLAIM_RESPONDENT];
	cnv_str to = a->intake->options.attributed;
	doubt self = { a, row };
	cnv_diags diags = { .emit = on_doubt, .self = &self };
	cnv_str field;
	cnv_place place = place_of_owner(a, row, &field);
	bool names = itself.len && !cnv_str_equal(itself, to);

	if (!names) {
		itself = claimed;
		place = claim->place;
		place.source = place.source.len ? place.source : a->name;
	}
	if (!itself.len || cnv_str_equal(itself, to))
		return;
	cnv_diags_emit(
		&diags, CNV_DIAG(.code = CNV_ATTRIBUTED_OTHERWISE, .place = place, .field = field, .excerpt = itself),
		names || !claim->hidden ? "attributed to \"%.*s\" by hand, but it names \"%.*s\" itself"
					: "attributed to \"%.*s\" by hand, but the workbook was made for \"%.*s\"",
		CNV_ARG(to), CNV_ARG(itself));
}

/* The answer that names the respondent: another choice, or a text where it was blank.  false: it stays as it is. */
static bool put_owner(cnv_batch *window, cnv_column *column, uint32_t row, cnv_str code)
{
	const cnv_form *form = window->form;
	bool answered = cnv_bit(column->answered, row);

	if (column->kind == CNV_CHOICE && column->list != CNV_NONE) {
		uint32_t choice = cnv_list_find(&form->lists[column->list], code);

		if (choice == CNV_NONE || (answered && column->choices[row] == choice))
			return false;
		column->choices[row] = choice;
	} else if (column->kind != CNV_TEXT || answered) {
		return false;
	}
	if (!answered)
		cnv_column_replace(window, &window->tables[0], column, row, code);
	column->verdicts[row] = CNV_ACCEPTED;
	cnv_bit_set(column->answered, row);
	cnv_bit_set(column->understood, row);
	return true;
}

/* The question that names the respondent is read so too: what a person has settled is no mistake of the answers.
 * false: it stays as it is. */
static bool answer_who(arrival *a, uint32_t row, cnv_str code, const char *why, cnv_ledger *ledger)
{
	cnv_batch *window = a->intake->window;
	cnv_question_id who = cnv_identifying_question(window->form);
	cnv_ledger_entry entry = { .row = row, .to = code, .why = why };
	cnv_column *column;

	if (who == CNV_NONE)
		return false;
	column = &window->tables[0].columns[window->form->questions[who].column];
	if (cnv_bit(column->answered, row))
		entry.from = cnv_column_text(column, row);
	if (!put_owner(window, column, row, entry.to))
		return false;
	entry.question = who;
	entry.path = window->form->questions[who].answer_path;
	entry.place = cnv_batch_place(window, 0, window->form->questions[who].column, row,
				      cnv_row_line(&window->tables[0], column, row), a->name);
	ledger->count++;
	ledger->emit(ledger->self, &entry);
	return true;
}

/* The response's own cells as one CSV record, which quarantine keeps with the line. */
static cnv_str record_text(arrival *a, uint32_t row, cnv_text *text)
{
	const cnv_table *table = &a->intake->window->tables[0];

	cnv_text_reset(text);
	for (uint32_t c = 0; c < table->count; c++) {
		cnv_str cell = cnv_column_text(&table->columns[c], row);
		cnv_text_put(text, c ? CNV_STR(",\"") : CNV_STR("\""));
		for (size_t i = 0; i < cell.len; i++) {
			if (cell.at[i] == '"')
				cnv_text_put_char(text, '"');
			cnv_text_put_char(text, cell.at[i]);
		}
		cnv_text_put_char(text, '"');
	}
	return cnv_text_str(text);
}

/* The respondent that the hidden sheet, or a column or line, names: a code, or the text as written.  Not used for a
 * file of several responses. */
static cnv_str claimed_owner(const arrival *a)
{
	const cnv_claim *claim = &a->stream.claims.at[CNV_CLAIM_RESPONDENT];
	const cnv_roster *roster = a->intake->roster;
	uint32_t found;

	if (a->rows != 1 || !claim->value.len || !roster)
		return a->rows == 1 ? claim->value : (cnv_str){ 0 };
	found = cnv_roster_find(roster, claim->value, a->intake->window->scratch);
	return found == CNV_NONE ? claim->value : roster->respondents[found].code;
}

static cnv_status refuse_owner(arrival *a, uint32_t row, cnv_str claimed, cnv_str code)
{
	const cnv_claim *claim = &a->stream.claims.at[CNV_CLAIM_RESPONDENT];
	cnv_str field;
	cnv_place place = place_of_owner(a, row, &field);

	cnv_diags_emit(&a->diags,
		       CNV_DIAG(.code = CNV_CLAIMS_OTHER_RESPONDENT, .place = place, .field = field, .excerpt = code),
		       claim->hidden ? "the workbook was made for \"%.*s\", but the answers are from \"%.*s\""
				     : "the file is the return of \"%.*s\", but the answers are from \"%.*s\"",
		       CNV_ARG(claimed), CNV_ARG(code));
	a->quarantined++;
	return CNV_REJECTED;
}

/* The answers name no respondent, but the return does. */
static bool take_claimed_owner(arrival *a, cnv_str claimed, cnv_ledger *ledger)
{
	const cnv_claim *claim = &a->stream.claims.at[CNV_CLAIM_RESPONDENT];
	cnv_ledger_entry entry = { .question = CNV_NONE,
				   .place = claim->place,
				   .to = claimed,
				   .why = claim->hidden ? "respondent taken from the hidden sheet"
							: "respondent taken from the file's own line or column" };

	if (!claimed.len || (a->intake->roster && cnv_map_find(&a->intake->roster->by_code, claimed) == CNV_NONE))
		return false;
	ledger->count++;
	ledger->emit(ledger->self, &entry);
	return true;
}

/* Neither the answers nor the return name a respondent, but the person who imports them does. */
static cnv_attribution take_given_owner(arrival *a, uint32_t row, cnv_str given, cnv_str *code, cnv_ledger *ledger)
{
	static const char why[] = "respondent named by --respondent";
	const cnv_roster *roster = a->intake->roster;
	cnv_ledger_entry entry = { .question = CNV_NONE, .why = why };
	uint32_t found = roster ? cnv_roster_find(roster, given, a->intake->window->scratch) : CNV_NONE;

	*code = found == CNV_NONE ? given : roster->respondents[found].code;
	if (roster && found == CNV_NONE)
		return CNV_UNKNOWN_RESPONDENT;
	if (!cnv_respondent_code_ok(*code))
		return CNV_BAD_CODE;
	if (answer_who(a, row, *code, why, ledger))
		return CNV_ATTRIBUTED;
	entry.to = *code;
	entry.place.source = a->name;
	ledger->count++;
	ledger->emit(ledger->self, &entry);
	return CNV_ATTRIBUTED;
}

/* Answers are judged without a respondent too, except records in which no cell can be trusted. */
static void attribute_all(const cnv_intake *in, cnv_str *respondents)
{
	for (uint32_t row = 0; row < in->window->tables[0].rows; row++) {
		cnv_str code;

		if (cnv_attribute(in->window, row, (cnv_str){ 0 }, NULL, (cnv_str){ 0 }, &code, NULL) != CNV_MISALIGNED)
			respondents[row] = CNV_STR("-");
	}
}

cnv_status owner_attribute(arrival *a, cnv_str *respondents, cnv_ledger *ledger)
{
	cnv_intake *in = a->intake;
	bool whole = a->stream.layout == CNV_LONG;
	cnv_str claimed = claimed_owner(a);
	cnv_text text = { 0 };
	cnv_status status = CNV_OK;

	if (in->options.unowned) {
		attribute_all(in, respondents);
		return CNV_OK;
	}
	a->owner_place = place_of_owner(a, 0, &a->owner_field);
	for (uint32_t row = 0; row < in->window->tables[0].rows && !status; row++) {
		const cnv_diag why = a->heard.why;
		bool has_why = a->heard.has_why;
		uint32_t before = a->heard.count;
		cnv_str code = { 0 };
		bool unknown;
		/* One code names one response. */
		cnv_str given = a->rows == 1 ? in->options.respondent : (cnv_str){ 0 };
		cnv_attribution found = cnv_attribute(in->window, row, given, in->roster, a->name, &code, ledger);
		if (found != CNV_MISALIGNED && is_attributed(a, row)) {
			doubt_attribution(a, row, cnv_str_equal(code, given) ? (cnv_str){ 0 } : code, claimed);
			answer_who(a, row, in->options.attributed, "attributed by hand", ledger);
			respondents[row] = in->options.attributed;
			continue;
		}
		if (found == CNV_ATTRIBUTED && claimed.len && !cnv_str_equal(claimed, code)) {
			status = refuse_owner(a, row, claimed, code);
			break;
		}
		if (found == CNV_NO_RESPONDENT && take_claimed_owner(a, claimed, ledger)) {
			code = claimed;
			found = CNV_ATTRIBUTED;
		}
		if (found == CNV_NO_RESPONDENT && !claimed.len && given.len)
			found = take_given_owner(a, row, given, &code, ledger);
		/* Not in the roster: take_claimed_owner accepts any other. */
		unknown = found == CNV_NO_RESPONDENT && claimed.len;
		if (unknown) {
			code = claimed;
			found = CNV_UNKNOWN_RESPONDENT;
		}
		respondents[row] = found == CNV_ATTRIBUTED ? code : (cnv_str){ 0 };
		if (found == CNV_ATTRIBUTED) {
			if (a->rows == 1)
				doubt_owner(a, row, code);
			continue;
		}
		a->heard.has_why = false;
		say_unattributed(a, row, found, code, unknown ? &a->stream.claims.at[CNV_CLAIM_RESPONDENT] : NULL);
		a->heard.count = before; /* it belongs to the row */
		a->quarantined++;
		if (whole) {
			status = CNV_REJECTED;
			break;
		}
		if (!a->silent)
			status = cnv_store_quarantine(in->store, &a->heard.why, record_text(a, row, &text), code,
						      &a->faults);
		/* The file may be rejected later for another reason. */
		a->heard.why = why;
		a->heard.has_why = has_why;
	}
	cnv_text_fini(&text);
	return status;
}

void owner_guess(arrival *a, cnv_str *respondents)
{
	const cnv_intake *in = a->intake;
	cnv_str claimed = claimed_owner(a);

	for (uint32_t row = 0; row < in->window->tables[0].rows; row++) {
		cnv_str given = a->rows == 1 ? in->options.respondent : (cnv_str){ 0 }, code = { 0 };
		cnv_attribution found = cnv_attribute(in->window, row, given, in->roster, a->name, &code, NULL);

		respondents[row] = found != CNV_MISALIGNED && is_attributed(a, row) ? in->options.attributed
				   : found == CNV_ATTRIBUTED                        ? code
				   : found != CNV_NO_RESPONDENT                     ? (cnv_str){ 0 }
				   : claimed.len                                    ? claimed
										    : given;
	}
}

void owner_seed(const arrival *a, cnv_batch *window, const cnv_str *respondents)
{
	const cnv_intake *in = a->intake;
	uint32_t rows = window->tables[0].rows;

	/* Of most forms nothing is random. */
	if (!cnv_plan_is_volatile(in->form->plan))
		return;
	for (uint32_t row = 0; row < rows; row++)
		window->seeds[row] = cnv_response_seed(in->form->form, in->options.round,
						       in->options.unowned ? (cnv_str){ 0 } : respondents[row],
						       a->rows - rows + row);
}
