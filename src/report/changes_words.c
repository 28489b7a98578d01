/* changes_words: what has changed, in three sentences: how many changed their answers, where most did and from what to
 * what, and what is not among these. */
#include "report/changes.h"
#include "report/texts.h"

enum { MOST_NAMED = 40, MOST_OPTIONS = 64 };

static cnv_str count_people(const cnv_changes *c, uint64_t count, cnv_arena *arena)
{
	return cnv_count_words(arena, count, c->desk->one, c->desk->many);
}

/* "9 of the 17 economies with answers then and now changed 31 answers." */
static cnv_str say_moves(const cnv_changes *c, cnv_arena *arena)
{
	cnv_str answers = c->moves ? cnv_count_words(arena, c->moves, CNV_STR("answer"), CNV_STR("answers"))
				   : CNV_STR("no answer");
	uint32_t both = c->whens[CNV_WHEN_BOTH];

	if (!both)
		return cnv_arena_format(arena, "No %.*s has answers then and now.", CNV_ARG(c->desk->one));
	if (both == 1)
		return cnv_arena_format(arena, "The only %.*s with answers then and now changed %.*s.",
					CNV_ARG(c->desk->one), CNV_ARG(answers));
	if (!c->moves)
		return cnv_arena_format(arena, "None of the %.*s with answers then and now changed an answer.",
					CNV_ARG(count_people(c, both, arena)));
	if (c->moved == both)
		return cnv_arena_format(arena, "All %.*s with answers then and now changed %.*s.",
					CNV_ARG(count_people(c, both, arena)), CNV_ARG(answers));
	return cnv_arena_format(arena, "%u of the %.*s with answers then and now changed %.*s.", c->moved,
				CNV_ARG(count_people(c, both, arena)), CNV_ARG(answers));
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
	cnv_str lead = CNV_STR(", all");

	if (!way.count)
		return CNV_STR("");
	list = &form->lists[form->questions[most->question].list];
	if (most->moved == 1)
		lead = CNV_STR(",");
	else if (way.count < most->moved)
		lead = cnv_arena_format(arena, "; %u", way.count);
	return cnv_arena_format(arena, "%.*s from \"%.*s\" to \"%.*s\"", CNV_ARG(lead),
				CNV_ARG(cnv_choice_title(form, &list->choices[way.from], c->desk->report->language)),
				CNV_ARG(cnv_choice_title(form, &list->choices[way.to], c->desk->report->language)));
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
	return cnv_arena_format(arena, "%s changes are in %.*s%s%.*s: %.*s%.*s%.*s.",
				most->moved == c->moves ? "All" : "Most", CNV_ARG(qno), qno.len ? " " : "",
				CNV_ARG(cnv_text_cut(cnv_title_of(c->desk, most->question), 80, arena)),
				CNV_ARG(count_people(c, most->moved, arena)),
				CNV_ARG(name_people(c, has_moved, most->question, arena)),
				CNV_ARG(say_way(c, most, arena)));
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
			    cnv_arena_format(arena, "%.*s answered now only%.*s",
					     CNV_ARG(count_people(c, c->whens[CNV_WHEN_NOW], arena)),
					     CNV_ARG(name_people(c, is_now_only, CNV_NONE, arena))));
	if (c->whens[CNV_WHEN_THEN])
		text = join(arena, text,
			    cnv_arena_format(arena, "%.*s answered then only%.*s",
					     CNV_ARG(count_people(c, c->whens[CNV_WHEN_THEN], arena)),
					     CNV_ARG(name_people(c, is_then_only, CNV_NONE, arena))));
	if (c->whens[CNV_WHEN_WITHHELD])
		text = join(arena, text,
			    cnv_arena_format(arena, "%.*s not shown by name",
					     CNV_ARG(count_people(c, c->whens[CNV_WHEN_WITHHELD], arena))));
	if (c->uncompared)
		text = join(arena, text,
			    cnv_arena_format(arena, "%.*s of then cannot be compared",
					     CNV_ARG(cnv_count_words(arena, c->uncompared, CNV_STR("answer"),
								     CNV_STR("answers")))));
	if (c->fresh_count)
		text = join(arena, text,
			    cnv_arena_format(arena, "%.*s not asked then",
					     CNV_ARG(cnv_count_words(arena, c->fresh_count, CNV_STR("question"),
								     CNV_STR("questions")))));
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
