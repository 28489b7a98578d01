/* changes_words: what has changed, in three sentences: how many changed their answers, where most did and from what to
 * what, and what is not among these. */
#include "report/changes.h"
#include "report/sayings.h"
#include "report/texts.h"

enum { MOST_NAMED = 40, MOST_OPTIONS = 64 };

cnv_str cnv_changes_since(const cnv_changes *c, cnv_arena *arena)
{
	const cnv_earlier *earlier = c->earlier;

	return earlier->round.len ? CNV_SAY(c->desk, arena, "round {1}", cnv_value_text(earlier->round))
				  : cnv_say_day(c->desk, arena, cnv_instant_day(earlier->at));
}

/* "9 of the 17 economies with answers then and now changed 31 answers." */
static cnv_str say_moves(const cnv_changes *c, cnv_arena *arena)
{
	uint32_t both = c->whens[CNV_WHEN_BOTH];
	cnv_value moved = cnv_value_count(c->moved), people = cnv_value_count(both), moves = cnv_value_count(c->moves);

	if (!both)
		return cnv_say_values(c->desk, arena, "No {person} has answers then and now.", NULL, 0);
	if (both == 1 && !c->moves)
		return cnv_say_values(c->desk, arena, "The only {person} with answers then and now changed no answer.",
				      NULL, 0);
	if (both == 1)
		return CNV_SAY(c->desk, arena,
			       "The only {person} with answers then and now changed {1} {1|answer|answers}.", moves);
	if (!c->moves)
		return CNV_SAY(c->desk, arena, "None of the {1 people} with answers then and now changed an answer.",
			       people);
	if (c->moved == both)
		return CNV_SAY(c->desk, arena,
			       "All {1 people} with answers then and now changed {2} {2|answer|answers}.", people,
			       moves);
	return CNV_SAY(c->desk, arena,
		       "{1} of the {2 people} with answers then and now changed {3} {3|answer|answers}.", moved, people,
		       moves);
}

/* " (INA, ROK)": the people that are wanted; nothing where they are too many. */
static cnv_str name_people(const cnv_changes *c, bool (*wants)(const cnv_changes *, cnv_question_id, uint32_t),
			   cnv_question_id question, cnv_arena *arena)
{
	cnv_text text = { 0 };
	uint32_t count = 0;
	cnv_str out = CNV_STR("");

	for (uint32_t i = 0; i < c->count && count <= MOST_NAMED; i++)
		if (wants(c, question, i))
			cnv_text_format(&text, "%s%.*s", count++ ? ", " : "", CNV_ARG(c->people[i].paired.code));
	if (count && count <= MOST_NAMED)
		out = cnv_arena_format(arena, " (%.*s)", CNV_ARG(cnv_text_str(&text)));
	arena->failed |= text.failed;
	cnv_text_fini(&text);
	return out;
}

static bool has_moved(const cnv_changes *c, cnv_question_id question, uint32_t person)
{
	return cnv_changes_move(c, question, &c->people[person]).moved;
}

static bool is_now_only(const cnv_changes *c, cnv_question_id question, uint32_t person)
{
	(void)question;
	return c->people[person].when == CNV_WHEN_NOW;
}

static bool is_then_only(const cnv_changes *c, cnv_question_id question, uint32_t person)
{
	(void)question;
	return c->people[person].when == CNV_WHEN_THEN;
}

/* The most frequent way from one choice to another, of those who moved in a question of one choice. */
struct way {
	uint32_t from, to, count;
};

static void add_way(const cnv_changes *c, cnv_question_id question, const cnv_changed_person *person, uint32_t options,
		    uint32_t *ways)
{
	cnv_move move = cnv_changes_move(c, question, person);
	const cnv_question *asked = &c->desk->form->questions[question];
	const cnv_column *then = &c->earlier->batch->tables[0].columns[asked->column];
	const cnv_column *now = cnv_desk_column(c->desk, question);

	if (!move.moved || move.then != CNV_STANDING_ANSWERED || move.now != CNV_STANDING_ANSWERED)
		return;
	if (then->choices[person->then] < options && now->choices[person->paired.response] < options)
		ways[then->choices[person->then] * options + now->choices[person->paired.response]]++;
}

static struct way find_way(const cnv_changes *c, cnv_question_id question, cnv_arena *arena)
{
	const cnv_question *asked = &c->desk->form->questions[question];
	uint32_t options = asked->kind == CNV_CHOICE && asked->list != CNV_NONE && asked->role == CNV_ASKED
				   ? c->desk->form->lists[asked->list].count
				   : 0;
	struct way found = { 0 };
	uint32_t *ways;

	if (!options || options > MOST_OPTIONS)
		return found;
	ways = cnv_arena_array(arena, (size_t)options * options, sizeof *ways);
	for (uint32_t i = 0; ways && i < c->count; i++)
		add_way(c, question, &c->people[i], options, ways);
	for (uint32_t i = 0; ways && i < options * options; i++)
		if (ways[i] > found.count)
			found = (struct way){ i / options, i % options, ways[i] };
	return found;
}

/* ", from In draft to In force", or "; 3 from In draft to In force" where others moved elsewhere. */
static cnv_str say_way(const cnv_changes *c, const cnv_changed_question *most, cnv_arena *arena)
{
	const cnv_form *form = c->desk->form;
	struct way way = find_way(c, most->question, arena);
	const cnv_list *list;

	if (!way.count)
		return CNV_STR("");
	list = &form->lists[form->questions[most->question].list];
	return CNV_SAY(c->desk, arena,
		       most->moved == 1           ? ", from \"{1}\" to \"{2}\""
		       : way.count == most->moved ? ", all from \"{1}\" to \"{2}\""
						  : "; {3} from \"{1}\" to \"{2}\"",
		       cnv_value_text(cnv_choice_title(form, &list->choices[way.from], c->desk->report->language)),
		       cnv_value_text(cnv_choice_title(form, &list->choices[way.to], c->desk->report->language)),
		       cnv_value_count(way.count));
}

/* "Most changes are in 3.2 Status of ratification: 4 economies (INA, ROK, PH, RUS); 3 from "In draft" to "In force"." */
static cnv_str say_most(const cnv_changes *c, cnv_arena *arena)
{
	const cnv_changed_question *most = NULL;
	cnv_str qno;

	for (uint32_t i = 0; i < c->question_count; i++)
		if (!most || c->questions[i].moved > most->moved)
			most = &c->questions[i];
	if (!most || !most->moved)
		return CNV_STR("");
	qno = c->desk->form->questions[most->question].qno;
	return CNV_SAY(c->desk, arena,
		       most->moved == c->moves ? "All changes are in {1}: {2 people}{3}{4}."
					       : "Most changes are in {1}: {2 people}{3}{4}.",
		       cnv_value_text(cnv_arena_format(
			       arena, "%.*s%s%.*s", CNV_ARG(qno), qno.len ? " " : "",
			       CNV_ARG(cnv_text_cut(cnv_title_of(c->desk, most->question), 80, arena)))),
		       cnv_value_count(most->moved), cnv_value_text(name_people(c, has_moved, most->question, arena)),
		       cnv_value_text(say_way(c, most, arena)));
}

static cnv_str join(cnv_arena *arena, cnv_str text, cnv_str part)
{
	return cnv_arena_format(arena, "%.*s%s%.*s", CNV_ARG(text), text.len ? "; " : "", CNV_ARG(part));
}

/* "2 economies answered now only (A, B); 1 economy then only (C); 4 answers could not be compared." */
static cnv_str say_rest(const cnv_changes *c, cnv_arena *arena)
{
	cnv_str text = CNV_STR("");

	if (c->whens[CNV_WHEN_NOW])
		text = join(arena, text,
			    CNV_SAY(c->desk, arena, "{1 people} answered now only{2}",
				    cnv_value_count(c->whens[CNV_WHEN_NOW]),
				    cnv_value_text(name_people(c, is_now_only, CNV_NONE, arena))));
	if (c->whens[CNV_WHEN_THEN])
		text = join(arena, text,
			    CNV_SAY(c->desk, arena, "{1 people} answered then only{2}",
				    cnv_value_count(c->whens[CNV_WHEN_THEN]),
				    cnv_value_text(name_people(c, is_then_only, CNV_NONE, arena))));
	if (c->whens[CNV_WHEN_WITHHELD])
		text = join(arena, text,
			    CNV_SAY(c->desk, arena, "{1 people} not shown by name",
				    cnv_value_count(c->whens[CNV_WHEN_WITHHELD])));
	if (c->uncompared)
		text = join(arena, text,
			    CNV_SAY(c->desk, arena, "{1} {1|answer|answers} of then cannot be compared",
				    cnv_value_count(c->uncompared)));
	if (c->fresh_count)
		text = join(arena, text,
			    CNV_SAY(c->desk, arena, "{1} {1|question|questions} not asked then",
				    cnv_value_count(c->fresh_count)));
	return text.len ? cnv_arena_format(arena, "%.*s.", CNV_ARG(text)) : text;
}

cnv_str cnv_changes_sentence(const cnv_changes *c, uint32_t number, cnv_arena *arena)
{
	static cnv_str (*const say[CNV_CHANGES_SENTENCES])(const cnv_changes *, cnv_arena *) = { say_moves, say_most,
												 say_rest };

	return say[number](c, arena);
}

cnv_str cnv_changes_sentences(const cnv_changes *c, cnv_arena *arena)
{
	cnv_str text = CNV_STR("");

	for (uint32_t i = 0; i < CNV_CHANGES_SENTENCES; i++) {
		cnv_str sentence = cnv_changes_sentence(c, i, arena);

		if (sentence.len)
			text = cnv_arena_format(arena, "%.*s%s%.*s", CNV_ARG(text), text.len ? " " : "",
						CNV_ARG(sentence));
	}
	return text;
}
