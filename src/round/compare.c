/* What a return changes: compares each response with the earlier one of the same respondent.  Responses of
 * respondents who may have replied before are kept as they pass.  At the end of the return the store knows which
 * response each of them follows; they are judged once more and compared answer by answer.
 *
 * Answers that are blank now but were given before cause a warning, unless --replace declares this intended.
 * Changes are reported after the commit.  One run compares at most as many responses as a person might read. */
#include "round/arrival.h"
#include "round/differ.h"

enum { MOST_NAMED = 8 }; /* questions named in a warning */

static cnv_str number_of(const cnv_question *question)
{
	return question->qno.len ? question->qno : question->name;
}

/* ---------------------------------------------------------------- as windows pass */

/* Adds the answers of a column to those of their responses. */
static void add_answers(const cnv_batch *batch, uint32_t table, const cnv_column *column, uint32_t *answers)
{
	uint32_t rows = batch->tables[table].rows;

	if (table) {
		for (uint32_t row = 0; row < rows; row++)
			answers[cnv_batch_owner(batch, table, row, 0)] += cnv_bit(column->answered, row);
		return;
	}
	for (uint32_t from = 0; from < rows; from += 64) {
		uint64_t bits = column->answered[from / 64];
		uint32_t upto = rows - from < 64 ? rows : from + 64;

		for (uint32_t row = from; row < upto; row++, bits >>= 1)
			answers[row] += (uint32_t)(bits & 1);
	}
}

/* The number of answers in each response of the window, including its entries. */
static void count_answers(const cnv_batch *batch, uint32_t *answers)
{
	for (uint32_t i = 0; i < batch->table_count; i++)
		for (uint32_t k = 0; k < batch->tables[i].count; k++)
			if (differ_compares(batch->form, batch->tables[i].columns[k].question))
				add_answers(batch, i, &batch->tables[i].columns[k], answers);
}

/* Waits until the store has paired it and the commit is done. */
static bool add_pending(arrival *a, cnv_str respondent, uint64_t id, uint32_t answers, bool kept)
{
	pending_response *pending;

	if (!cnv_mem_room((void **)&a->pending.at, &a->pending.room, a->pending.count + 1, sizeof *a->pending.at))
		return false;
	pending = &a->pending.at[a->pending.count++];
	*pending = (pending_response){ .id = id, .row = kept ? a->pending.kept++ : CNV_NONE };
	pending->received = (cnv_received){ .respondent = cnv_arena_copy(&a->arena, respondent),
					    .fresh = true,
					    .answers = answers };
	return true;
}

cnv_status compare_note(arrival *a, const cnv_str *respondents, const uint64_t *ids, const uint64_t *seen)
{
	cnv_intake *in = a->intake;
	uint32_t rows = in->window->tables[0].rows;
	uint32_t *answers = cnv_arena_array(&in->scratch, rows, sizeof *answers);
	uint8_t *kept = cnv_arena_array(&in->scratch, (size_t)rows + 1, sizeof *kept);
	bool any = false;

	if (!answers || !kept)
		return CNV_NO_MEMORY;
	if (in->options.fresh)
		count_answers(in->window, answers);
	for (uint32_t row = 0; row < rows; row++) {
		if (!ids[row] || (!cnv_bit(seen, row) && !in->options.fresh) || a->pending.count == MOST_CAME)
			continue;
		kept[row] = cnv_bit(seen, row) && in->compared < MOST_COMPARED;
		any |= kept[row];
		in->compared += kept[row];
		if (!add_pending(a, respondents[row], ids[row], answers[row], kept[row]))
			return CNV_NO_MEMORY;
	}
	return any ? keep_rows(&a->followers, in->window, kept, respondents) : CNV_OK;
}

/* ---------------------------------------------------------------- one response */

/* Compares one response with the earlier one. */
typedef struct comparing {
	arrival *a;
	cnv_received *received;
	uint32_t named;
	cnv_text names; /* of questions that are now blank */
	bool failed;
} comparing;

static void add_changed(comparing *c, const cnv_changed *changed)
{
	pending_responses *p = &c->a->pending;

	if (!cnv_mem_room((void **)&p->changed, &p->changed_room, p->changed_count + 1, sizeof *changed)) {
		c->failed = true;
		return;
	}
	p->changed[p->changed_count++] = *changed;
	c->received->count++;
}

/* It was answered before, is still asked, and is now blank. */
static void note_blank(comparing *c, const cnv_question *question)
{
	c->received->blank++;
	if (c->named++ < MOST_NAMED)
		cnv_text_format(&c->names, "%s%.*s", c->names.len ? ", " : "", CNV_ARG(number_of(question)));
}

static void on_changed(void *self, const cnv_changed *changed, bool gone, uint32_t line)
{
	comparing *c = self;

	(void)line;
	add_changed(c, changed);
	if (!gone && !changed->to.len && (changed->verdict == CNV_BLANK || changed->verdict == CNV_MISSING))
		note_blank(c, &c->a->intake->form->form->questions[changed->question]);
}

/* Emitted for this import and not stored with the response: the next response is compared again. */
static void tell_blank(comparing *c, uint32_t line)
{
	arrival *a = c->a;
	uint32_t count = c->received->blank, before = a->heard.count;
	cnv_place place = a->owner_place;
	cnv_str hint =
		a->intake->options.keep_blank
			? CNV_STR("the entries of a repeat are replaced as a whole: fill in all of them")
			: CNV_STR("to keep the earlier answers, use --keep-blank; if blanks are meant, --replace");

	place.row = line;
	place.column = 0;
	place.heading = (cnv_str){ 0 };
	cnv_diags_emit(&a->diags, CNV_DIAG(.code = CNV_NOW_BLANK, .place = place, .hint = hint),
		       "%u earlier %s left blank: %.*s%s", count, cnv_noun(count, "answer is", "answers are"),
		       CNV_ARG(cnv_text_str(&c->names)), c->named > MOST_NAMED ? ", ..." : "");
	a->heard.count = before;
}

static cnv_status compare_response(arrival *a, const pending_response *pending, cnv_received *received, uint32_t line)
{
	comparing c = { .a = a, .received = received };
	const differ d = { .now = a->followers.batch,
			   .was = a->intake->earlier,
			   .arena = &a->arena,
			   .scratch = &a->intake->scratch,
			   .self = &c,
			   .changed = on_changed };
	cnv_status status;

	received->compared = true;
	received->first = a->pending.changed_count;
	differ_run(&d, pending->row, 0);
	received->remarks = !differ_same_remarks(&d, pending->row, 0);
	if (received->blank && !a->intake->options.replace)
		tell_blank(&c, line);
	status = c.failed || c.names.failed || a->arena.failed ? CNV_NO_MEMORY : CNV_OK;
	cnv_text_fini(&c.names);
	return status;
}

/* ---------------------------------------------------------------- before the commit */

/* Kept responses are text as received: they are settled and judged the same way as the first time. */
static cnv_status judge_followers(arrival *a)
{
	cnv_intake *in = a->intake;
	cnv_world world = { .now = in->options.now, .seed = 1 };
	cnv_conventions conventions = a->conventions;
	cnv_settle_options options = { .literal = in->options.strict,
				       .conventions = &conventions,
				       .offered = a->stream.claims.hidden,
				       .utc_offset = in->options.now.utc_offset };
	cnv_ledger ledger = { 0 };
	cnv_findings quiet = { 0 };
	cnv_status status;

	if (!a->followers.batch)
		return CNV_OK;
	conventions.collected = conventions.complete = true;
	status = cnv_settle_with(a->followers.batch, a->name, &options, &ledger);
	cnv_arena_reset(&in->scratch);
	return status ? status
		      : cnv_check(in->form->plan, a->followers.batch, &world, a->name, in->form->language, &in->scratch,
				  &quiet);
}

/* The same respondent twice in one return. */
static cnv_status tell_again(arrival *a, const cnv_pair *pair)
{
	cnv_finding finding = { .question = a->intake->form->form->respondent, .verdict = CNV_ACCEPTED };
	cnv_text message = { 0 };
	cnv_status status = CNV_OK;

	cnv_text_format(&message, "the response on line %u is also from \"%.*s\"; the last one counts",
			pair->line_before, CNV_ARG(pair->respondent));
	finding.diag = (cnv_diag){ .severity = CNV_WARNING,
				   .code = CNV_RESPONDENT_AGAIN,
				   .place = a->owner_place,
				   .field = a->owner_field,
				   .excerpt = pair->respondent,
				   .message = cnv_text_str(&message),
				   .hint = CNV_STR("check that the last one is the right one") };
	finding.diag.place.row = pair->line;
	if (message.failed)
		status = CNV_NO_MEMORY;
	else if (pair->outcome == CNV_REVISION)
		status = cnv_store_put_finding(a->intake->store, pair->id, &finding, &a->faults);
	if (!status)
		heard_say(&a->heard, &finding.diag);
	cnv_text_fini(&message);
	return status;
}

/* The same respondent in two returns of one run. */
static void tell_another(arrival *a, const cnv_pair *pair)
{
	cnv_intake *in = a->intake;
	uint32_t number = cnv_map_find(&in->came, pair->respondent), before = a->heard.count;
	cnv_place place = a->owner_place;

	if (pair->line_before || number == CNV_NONE || number == a->number)
		return;
	if (a->stream.layout != CNV_LONG) /* else it is that of the answer */
		place.row = pair->line;
	cnv_diags_emit(&a->diags,
		       CNV_DIAG(.code = CNV_RESPONDENT_TWICE, .place = place, .field = a->owner_field,
				.excerpt = pair->respondent),
		       "\"%.*s\" also has a response in %.*s; the %s one counts", CNV_ARG(pair->respondent),
		       CNV_ARG(in->given.at[number].name), in->options.keep_first ? "first" : "later");
	a->heard.count = before;
}

/* The pending response with this id; ids ascend, as in the pairs. */
static pending_response *find_pending(pending_responses *p, uint64_t id)
{
	while (p->next < p->count && p->at[p->next].id < id)
		p->next++;
	return p->next < p->count && p->at[p->next].id == id ? &p->at[p->next] : NULL;
}

static cnv_status on_pair(void *self, const cnv_pair *pair)
{
	arrival *a = self;
	cnv_intake *in = a->intake;
	pending_response *pending = find_pending(&a->pending, pair->id);
	cnv_reported reported;
	bool found = false;
	cnv_status status = pair->line_before ? tell_again(a, pair) : CNV_OK;

	tell_another(a, pair);
	if (!pending)
		return status;
	pending->received.fresh = false;
	pending->received.revision = pair->revision;
	pending->gone = pair->outcome == CNV_ALREADY;
	if (status || pending->gone || pending->row == CNV_NONE || !pair->before)
		return status;
	cnv_batch_reset(in->earlier);
	cnv_arena_reset(&in->scratch);
	status = cnv_store_response(in->store, pair->before, in->earlier, &reported, &found, &a->faults);
	return status || !found ? status : compare_response(a, pending, &pending->received, pair->line);
}

cnv_status compare_pairs(arrival *a)
{
	cnv_status status = judge_followers(a);

	a->pending.next = 0;
	return status ? status : cnv_store_pair(a->intake->store, on_pair, a, &a->faults);
}

/* ---------------------------------------------------------------- after it */

void compare_tell(arrival *a)
{
	cnv_intake *in = a->intake;

	for (uint32_t i = 0; i < a->pending.count && in->listener.response; i++) {
		cnv_received *received = &a->pending.at[i].received;

		if (a->pending.at[i].gone)
			continue;
		received->changed = received->count ? a->pending.changed + received->first : NULL;
		in->listener.response(in->listener.self, received);
	}
}

void compare_reset(arrival *a)
{
	a->intake->compared -= a->pending.kept;
	a->pending.count = a->pending.kept = a->pending.changed_count = 0;
	keep_fini(&a->followers);
}

void compare_fini(arrival *a)
{
	keep_fini(&a->followers);
	cnv_mem_free(a->pending.at);
	cnv_mem_free(a->pending.changed);
}
