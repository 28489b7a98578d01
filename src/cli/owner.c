/* Whose answers a return holds.
 *
 * The answers themselves say it, else --respondent, else what the file says of itself; where two of
 * them name different respondents, or nobody is named, a person is asked.  What the file is called
 * decides nothing: it only raises a doubt. */
#include "taking.h"

/* Where a row says whose answers it holds. */
static cnv_place place_of_owner(const taking *t, uint32_t row, cnv_str *field)
{
	const cnv_form *form = t->intake->form->form;
	const cnv_table *table = &t->intake->batch->tables[0];
	cnv_place place = cnv_batch_place(t->intake->batch, 0, CNV_NONE, row, table->lines[row], t->name);

	*field = (cnv_str){ 0 };
	if (form->respondent != CNV_NONE) {
		const cnv_question *question = &form->questions[form->respondent];
		const cnv_column *column = &table->columns[question->column];
		*field = question->name;
		place = cnv_batch_place(t->intake->batch, 0, question->column, row, cnv_row_line(table, column, row),
		                        t->name);
	}
	return place;
}

/* What the response with this row could not be attributed for, as a diagnostic. */
static void say_unattributed(taking *t, uint32_t row, cnv_attribution why, cnv_str code)
{
	const cnv_form *form = t->intake->form->form;
	cnv_str field, word = form->respondent_word;
	cnv_place place = place_of_owner(t, row, &field);
	bool several = t->rows > 1 && t->intake->options->respondent.len;
	switch (why) {
	case CNV_UNKNOWN_RESPONDENT: {
		const cnv_roster *roster = t->intake->roster;
		cnv_nearest nearest;
		cnv_nearest_init(&nearest, code);
		for (uint32_t i = 0; roster && i < roster->count; i++) {
			cnv_nearest_offer(&nearest, roster->respondents[i].code);
			cnv_nearest_offer(&nearest, roster->respondents[i].name);
		}
		cnv_diags_say(&t->diags, CNV_RESPONDENT_UNKNOWN, place, field, code,
		              nearest.best.len ? cnv_arena_format(&t->arena, "did you mean \"%.*s\"?", CNV_ARG(nearest.best))
		              : cnv_gather_layout(t->gather) == CNV_LONG
		                      ? CNV_STR("correct it, or add it to the roster, and import the file again")
		                      : CNV_STR("correct it in the file, and import that again"),
		              "\"%.*s\" is not in the roster", CNV_ARG(code));
		break;
	}
	case CNV_BAD_CODE:
		cnv_diags_say(&t->diags, CNV_RESPONDENT_UNUSABLE, place, field, code, CNV_STR("use a short code"),
		              "this cannot name a %.*s", CNV_ARG(word));
		break;
	case CNV_MISALIGNED:
	case CNV_ATTRIBUTED:
		break;
	case CNV_NO_RESPONDENT:
		cnv_diags_say(&t->diags, CNV_RESPONDENT_MISSING, place, field, (cnv_str){ 0 },
		              field.len  ? CNV_STR("fill it in")
		              : several ? CNV_STR("--respondent names one response; give those of several in a column respondent")
		                        : CNV_STR("say whose answers they are with --respondent CODE"),
		              "nothing says whose answers these are: the %.*s is not given", CNV_ARG(word));
		break;
	}
}

/* A doubt about whose answers a row holds: a finding like those of its cells. */
typedef struct doubt {
	taking *t;
	uint32_t row;
} doubt;

static void on_doubt(void *self, const cnv_diag *diag)
{
	const doubt *d = self;
	cnv_finding finding = { .diag = *diag,
		                .row = d->row,
		                .question = d->t->intake->form->form->respondent,
		                .verdict = CNV_ACCEPTED };

	taking_note(d->t, &finding);
}

static bool is_another(const cli_intake *in, cnv_str said, cnv_str code)
{
	if (!said.len || cnv_str_equal(said, code))
		return false;
	return !in->roster || cnv_map_find(&in->roster->by_code, said) != CNV_NONE;
}

/* responses/AUS.csv -> AUS */
cnv_str taking_stem(cnv_str name)
{
	size_t from = name.len, upto = name.len;

	while (from && name.at[from - 1] != '/')
		from--;
	for (size_t i = name.len; i > from; i--)
		if (name.at[i - 1] == '.')
			upto = i - 1;
	return cnv_str_slice(name, from, upto);
}

static void doubt_owner(taking *t, uint32_t row, cnv_str code)
{
	static const char hint[] = "check that the right file came; what stands in it counts";
	cli_intake *in = t->intake;
	doubt self = { t, row };
	cnv_diags diags = { .tell = on_doubt, .self = &self };
	cnv_str field, stem = taking_stem(t->name);
	cnv_place place = place_of_owner(t, row, &field);
	/* Of a large file the store tells at the end: a million look-ups here would cost more than the parsing. */
	uint32_t before = t->large ? CNV_NONE : cnv_map_find(&t->seen, code);

	if (before != CNV_NONE)
		cnv_diags_say(&diags, CNV_RESPONDENT_AGAIN, place, field, code,
		              CNV_STR("see that the last one is meant"), "the response on line %u is of \"%.*s\" too; the last one counts", before, CNV_ARG(code));
	else if (!t->large)
		cnv_map_put(&t->seen, cnv_arena_copy(&t->seen_codes, code), place.row);
	if (t->rows > 1)
		return;
	if (is_another(in, in->options->respondent, code))
		cnv_diags_say(&diags, CNV_RESPONDENT_OTHERWISE, place, field, code, cnv_str_from(hint),
		              "--respondent says \"%.*s\", and the answers are those of \"%.*s\"",
		              CNV_ARG(in->options->respondent), CNV_ARG(code));
	if (in->roster && is_another(in, stem, code))
		cnv_diags_say(&diags, CNV_RESPONDENT_OTHERWISE, place, field, code, cnv_str_from(hint),
		              "the file is named for \"%.*s\", and the answers are those of \"%.*s\"", CNV_ARG(stem),
		              CNV_ARG(code));
}

/* The response's own cells as one CSV record: what quarantine keeps beside the line. */
static cnv_str record_text(taking *t, uint32_t row, cnv_text *text)
{
	const cnv_table *table = &t->intake->batch->tables[0];

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

/* Whose return the hidden sheet, or a column or line, says it is: a code, or as it stands there.  Of a file of several
 * responses it is not asked. */
cnv_str taking_claimed_owner(taking *t)
{
	const cnv_claim *claim = &cnv_gather_claims(t->gather)->at[CNV_CLAIM_RESPONDENT];
	const cnv_roster *roster = t->intake->roster;
	uint32_t found;

	if (t->rows != 1 || !claim->value.len || !roster)
		return t->rows == 1 ? claim->value : (cnv_str){ 0 };
	found = cnv_roster_find(roster, claim->value, t->intake->batch->scratch);
	return found == CNV_NONE ? claim->value : roster->respondents[found].code;
}

static cnv_status refuse_owner(taking *t, uint32_t row, cnv_str claimed, cnv_str code)
{
	const cnv_claim *claim = &cnv_gather_claims(t->gather)->at[CNV_CLAIM_RESPONDENT];
	cnv_str field;
	cnv_place place = place_of_owner(t, row, &field);

	cnv_diags_say(&t->diags, CNV_CLAIMS_OTHER_RESPONDENT, place, field, code,
	              CNV_STR("ask whose answers they are, and correct the name"),
	              claim->hidden ? "the workbook was made for \"%.*s\", and the answers are those of \"%.*s\""
	                            : "the file says it is the return of \"%.*s\", and the answers are those of \"%.*s\"",
	              CNV_ARG(claimed), CNV_ARG(code));
	t->quarantined++;
	return CNV_REJECTED;
}

/* Nobody is named in the answers, and the return itself says whose it is. */
static bool take_claimed_owner(taking *t, cnv_str claimed, cnv_ledger *ledger)
{
	const cnv_claim *claim = &cnv_gather_claims(t->gather)->at[CNV_CLAIM_RESPONDENT];
	cnv_ledger_entry entry = { .question = CNV_NONE, .place = claim->place, .to = claimed,
		                   .why = claim->hidden ? "respondent taken from the hidden sheet"
		                                        : "respondent taken from what the file says of itself" };

	if (!claimed.len || (t->intake->roster && cnv_map_find(&t->intake->roster->by_code, claimed) == CNV_NONE))
		return false;
	ledger->count++;
	ledger->tell(ledger->self, &entry);
	return true;
}

cnv_status taking_attribute(taking *t, cnv_str *respondents, cnv_ledger *ledger)
{
	cli_intake *in = t->intake;
	bool whole = cnv_gather_layout(t->gather) == CNV_LONG;
	cnv_str claimed = taking_claimed_owner(t);
	cnv_text text = { 0 };
	cnv_status status = CNV_OK;

	for (uint32_t row = 0; row < in->batch->tables[0].rows && !status; row++) {
		uint32_t heard = t->heard_count;
		cnv_str code = { 0 };
		/* One code names one response. */
		cnv_str given = t->rows == 1 ? in->options->respondent : (cnv_str){ 0 };
		cnv_attribution found = cnv_attribute(in->batch, row, given, in->roster, t->name, &code, ledger);
		if (found == CNV_ATTRIBUTED && claimed.len && !cnv_str_equal(claimed, code)) {
			status = refuse_owner(t, row, claimed, code);
			break;
		}
		if (found == CNV_NO_RESPONDENT && take_claimed_owner(t, claimed, ledger)) {
			code = claimed;
			found = CNV_ATTRIBUTED;
		}
		respondents[row] = found == CNV_ATTRIBUTED ? code : (cnv_str){ 0 };
		if (found == CNV_ATTRIBUTED) {
			doubt_owner(t, row, code);
			continue;
		}
		/* A misaligned row was told while it was gathered; its reason may be that of an earlier row. */
		if (found != CNV_MISALIGNED)
			t->has_why = false;
		say_unattributed(t, row, found, code);
		t->heard_count = heard; /* it stays with the row */
		t->quarantined++;
		if (whole)
			status = CNV_REJECTED;
		else if (!t->again)
			status = cnv_store_quarantine(in->store, &t->why, record_text(t, row, &text), &t->diags);
	}
	cnv_text_fini(&text);
	return status;
}
