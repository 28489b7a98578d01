/* shown_finding: what of a finding may be shown.
 *
 * A finding quotes its cell.  The quote is left out where the Matrix hides the answer too: contact data, and answers
 * of respondents not shown by name.  For the latter even the question is hidden: that an answer was due can disclose
 * the one it depends on.  A line of a file that has their answers too depends on these, and is left out. */
#include "report/shown_finding.h"

static void index_question(cnv_finding_index *index, cnv_str text, cnv_question_id question)
{
	uint32_t first = cnv_map_put(&index->questions, text, question);

	if (first != question && first != CNV_NONE) {
		cnv_bit_set(index->shared, first);
		cnv_bit_set(index->shared, question);
	}
}

/* Questions by the ways a finding may refer to them: number, name or path without entry numbers. */
static bool index_questions(const cnv_desk *desk, cnv_finding_index *index)
{
	index->shared = cnv_arena_array(desk->arena, CNV_BIT_WORDS(desk->form->count) + 1, sizeof *index->shared);
	if (!index->shared)
		return false;
	/* Hidden ones first: if two share a number, the more careful treatment applies. */
	for (int round = 0; round < 2; round++)
		for (cnv_question_id q = 0; q < desk->form->count; q++) {
			const cnv_question *asked = &desk->form->questions[q];

			if (desk->hidden[q] != (round == 0))
				continue;
			if (asked->qno.len)
				index_question(index, asked->qno, q);
			index_question(index, asked->name, q);
			index_question(index, asked->answer_path, q);
		}
	return !index->questions.failed;
}

/* "doc[2]/doc_name" -> "doc[]/doc_name" */
static cnv_str without_entries(cnv_str path, cnv_arena *arena)
{
	char *out;
	size_t len = 0;
	bool inside = false;

	if (cnv_str_find(path, CNV_STR("[")) == SIZE_MAX)
		return path;
	out = cnv_arena_get(arena, path.len);
	if (!out)
		return CNV_STR("");
	for (size_t i = 0; i < path.len; i++) {
		inside = inside && path.at[i] != ']';
		if (!inside)
			out[len++] = path.at[i];
		inside = inside || path.at[i] == '[';
	}
	return (cnv_str){ out, len };
}

static bool is_by_name(const cnv_desk *desk, cnv_str respondent)
{
	uint32_t person;

	if (desk->form->release == CNV_NONE || desk->report->audience == CNV_AUDIENCE_SECRETARIAT)
		return true;
	person = desk->named ? cnv_map_find(&desk->pairing.by_code, respondent) : CNV_NONE;
	return person != CNV_NONE && desk->pairing.rows[person].by_name;
}

static cnv_privacy privacy_of(const cnv_desk *desk, cnv_str respondent)
{
	uint32_t response = cnv_desk_response(desk, respondent);

	if (desk->report->audience == CNV_AUDIENCE_SECRETARIAT)
		return CNV_PRIVACY_SECRETARIAT;
	return response == CNV_NONE ? CNV_PRIVACY_NONE : desk->report->responses[response].privacy;
}

static bool may_quote(const cnv_desk *desk, cnv_question_id question, const cnv_reported_finding *finding)
{
	cnv_privacy privacy = finding->privacy;

	if (question != CNV_NONE)
		privacy = cnv_privacy_more(privacy, desk->privacy[question]);
	if (privacy && privacy > privacy_of(desk, finding->respondent))
		return false;
	if (question != CNV_NONE && question == desk->form->respondent)
		return true;
	/* A finding on a file, without a question or respondent, is of somebody whose release is not known. */
	if (question == CNV_NONE && !finding->respondent.len)
		return desk->form->release == CNV_NONE || desk->report->audience == CNV_AUDIENCE_SECRETARIAT;
	return is_by_name(desk, finding->respondent);
}

/* May the question be shown?  Respondents not shown by name got their findings from the import. */
static bool may_place(const cnv_desk *desk, cnv_question_id question, const cnv_reported_finding *finding)
{
	return !finding->respondent.len || (question != CNV_NONE && question == desk->form->respondent) ||
	       is_by_name(desk, finding->respondent);
}

/* ---------------------------------------------------------------- the index */

static bool index_files(const cnv_report *report, cnv_map *unnamed)
{
	for (uint32_t i = 0; i < report->file_count; i++)
		if (report->files[i].unnamed && report->audience != CNV_AUDIENCE_SECRETARIAT)
			cnv_map_put(unnamed, report->files[i].name, i);
	return !unnamed->failed;
}

bool cnv_finding_index_build(cnv_finding_index *index, const cnv_desk *desk)
{
	*index = (cnv_finding_index){ 0 };
	return index_questions(desk, index) && index_files(desk->report, &index->unnamed);
}

void cnv_finding_index_fini(cnv_finding_index *index)
{
	cnv_map_fini(&index->questions);
	cnv_map_fini(&index->unnamed);
}

/* ---------------------------------------------------------------- one finding */

cnv_shown_finding cnv_finding_shown(const cnv_desk *desk, const cnv_finding_index *index,
				    const cnv_reported_finding *finding, cnv_arena *arena)
{
	cnv_question_id question = cnv_map_find(&index->questions, without_entries(finding->question, arena));
	bool placed = may_place(desk, question, finding);

	return (cnv_shown_finding){ .finding = finding,
				    .info = cnv_code_find(finding->code),
				    .question = question,
				    .sure = question != CNV_NONE &&
					    (!cnv_bit(index->shared, question) ||
					     cnv_str_equal(desk->form->questions[question].answer_path,
							   finding->question)),
				    .quoted = may_quote(desk, question, finding),
				    .placed = placed,
				    .lined = placed && cnv_map_find(&index->unnamed, finding->file) == CNV_NONE };
}

cnv_str cnv_shown_finding_message(const cnv_shown_finding *shown)
{
	return shown->quoted || !shown->info ? shown->finding->message : cnv_str_from(shown->info->title);
}
