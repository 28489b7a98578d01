/* An interview at the terminal: shared by the files of collect. */
#ifndef CANVASS_CLI_COLLECT_H
#define CANVASS_CLI_COLLECT_H

#include "cli/cli.h"

#include "canvass/interview.h"

/* The section and entry whose title was shown last. */
typedef struct collect_heading {
	cnv_question_id section;
	uint32_t entry;
} collect_heading;

typedef struct collect_state {
	const cli_options *options;
	cli_opened *to;
	cnv_str given; /* the respondent of the command line, or whom the clerk chose; empty: none */
	cnv_session *session;
	cnv_session_cell at;
	cnv_str respondent; /* code; empty: not known yet */
	cnv_str who;
	cnv_instant now;   /* when the last answer was typed */
	uint32_t revision; /* that is corrected; 0: none */
	cnv_text line;
	cnv_arena arena;    /* as long as the interview */
	cnv_arena temp;     /* one prompt */
	uint64_t *reviewed; /* bits of the questions that were asked when the review was last shown */
	collect_heading heading;
	cnv_str *names; /* of the questions, as rules mention them, in this language */
	uint32_t names_language;
	bool twice;         /* keyed twice; at first only what --twice says */
	bool deciding;      /* both keyings are there: nothing more goes to the draft */
	bool first_kept;    /* the first keying is in a draft of its own */
	cnv_session *first; /* the first keying, while or after the second is made; NULL */
	cnv_keying keyings[CNV_KEYINGS];
	bool accessible; /* CANVASS_ACCESSIBLE: nothing is typed ahead, no colour */
	bool brief;  /* a clerk's second return and those after it: no welcome and no hints, which are known by now */
	bool amends; /* --set: answers that are not asked stay, as an import keeps them */
	const cnv_str *set_paths; /* of the answers that --set has set */
	bool corrects;            /* begins with answers that count: at the review */
	bool begun;               /* whose answers they are is settled, and drafts are kept */
	bool drafted;             /* the answers so far are in a draft, of now or resumed */
	cnv_text kept; /* the draft as it is stored, or as the interview began: stored again when it changes */
	bool returns;  /* to the review, after the question that it led to */
	bool moved;    /* a command has set `at` */
	bool stopped;  /* end of input, or :q */
	bool ended;    /* end of input: nothing more is asked */
	cnv_status status;
} collect_state;

/* The interview goes on: neither stopped nor failed. */
static inline bool collect_goes_on(const collect_state *t)
{
	return !t->stopped && !t->status;
}

/* ---------------------------------------------------------------- lines (collect_line.c) */

/* A text and a line feed, as wide as the terminal is now; its margins as in cli_put_wrapped. */
void collect_put(cnv_str text, size_t indent, size_t taken);
/* A bold line; `indent` is of those after it. */
void collect_put_title(const collect_state *t, cnv_str text, size_t indent);
/* A sentence of the program, below what was typed. */
void collect_say(const char *text);
/* The column of hints, choices and answers: that of the title, after the number of the question. */
size_t collect_margin(const collect_state *t, cnv_session_cell cell);

/* ---------------------------------------------------------------- what is shown (collect_show.c) */

/* The label of a question or group, with answers filled in; else its name. */
cnv_str collect_title(collect_state *t, cnv_session_cell cell);
/* The title of a section, the number of an entry, the question, its hint, its rule in words, its choices and its answer. */
void collect_show(collect_state *t, cnv_session_cell cell);
/* The title of a new section, and the number and title of a question, alone. */
void collect_show_title(collect_state *t, cnv_session_cell cell);
/* The number and title of a question that was shown before, and its answer. */
void collect_show_shortly(collect_state *t, cnv_session_cell cell);
/* What the form says in addition to that: its hint if that was left out, its guidance, and when the question is asked. */
void collect_show_help(collect_state *t, cnv_session_cell cell);
/* The title of a cell's section or entry; false: it is that of *last, which is set, or has none. */
bool collect_section(collect_state *t, cnv_session_cell cell, collect_heading *last, cnv_str *title);
/* A formula in words; empty: parts of it have none. */
cnv_str collect_rule_words(collect_state *t, cnv_question_id id, const cnv_formula *rule, bool of_answer);
/* "A3 (3/43)> " */
const char *collect_prompt(collect_state *t, cnv_session_cell cell);
/* What people call a question: its number, else its name. */
cnv_str collect_number(const collect_state *t, cnv_question_id question);

/* What is wrong with an answer; nothing, if nothing is.  listed: below its line in a list.  (collect_finding.c) */
#define COLLECT_LISTED 7u /* column of all that is below the number of an answer in a list */
void collect_put_finding(collect_state *t, cnv_session_cell cell, bool listed);
/* Asks which reading of an answer is meant, once it was set; false: it has not two.  *typed: that one, or another answer;
 * empty: none. */
bool collect_ask_which(collect_state *t, cnv_session_cell cell, cnv_str *typed);

/* The choices on offer that have `word` in their code or label; empty: all.  (collect_choices.c) */
void collect_show_choices(collect_state *t, cnv_session_cell cell, cnv_str word);
/* No character of the text is escaped when it is printed. */
bool collect_is_plain(cnv_str text);
/* A line for each question of these: its number, title and answer; returns how many.  (collect_review.c) */
typedef enum collect_reviewed {
	COLLECT_ALL,
	COLLECT_OPEN,             /* missing or wrong */
	COLLECT_OPEN_AND_DOUBTFUL /* or with a warning */
} collect_reviewed;
uint32_t collect_review(collect_state *t, collect_reviewed which);
/* "16 of 22 questions answered, 4 left blank, 1 required answer is missing"; in t->temp.  (collect_summary.c) */
cnv_str collect_summary(collect_state *t);

/* ---------------------------------------------------------------- what is typed (collect_read.c) */

/* Reads a line, without white space around it, in t->temp.  false: the interview ends.  _with: with `before` ready to be
 * edited, and what Tab does. */
bool collect_line(collect_state *t, const char *prompt, cnv_str *typed);
bool collect_line_with(collect_state *t, const char *prompt, const char *before, const cli_completer *completer,
		       cnv_str *typed);
/* The same at a question or repeat, where Tab completes commands, what they name, and choices.  (collect_complete.c) */
bool collect_line_at(collect_state *t, cnv_session_cell cell, const char *prompt, const char *before, cnv_str *typed);
/* A question that takes only yes or no; enter: what Enter means, 0: it means nothing.  false at the end of input too. */
bool collect_yes(collect_state *t, const char *prompt, char enter);
/* The answer that was meant: codes for numbers, ranges and starts of labels of the choices on offer; else the text itself.
 * In t->temp. */
cnv_str collect_read(collect_state *t, cnv_session_cell cell, cnv_str typed);
/* Does a text contain a word, in whatever letter case and with or without accents? */
bool collect_contains(cnv_str text, cnv_str word, cnv_arena *arena);
/* Are the codes of a list whole numbers, which are then what is shown and typed? */
bool collect_is_numbered(const cnv_list *list);

/* ---------------------------------------------------------------- to another question (collect_go.c) */

void collect_go_to(collect_state *t, cnv_session_cell cell);
/* To the next question that is asked; past the last, to the review. */
void collect_go_next(collect_state *t, cnv_session_cell cell);
/* To the question before, or the place where entries are added; says so at the first. */
void collect_go_back(collect_state *t);
/* The notes between a question and the one before it: those above were read when that one was asked. */
void collect_show_notes(collect_state *t, cnv_session_cell before);
/* Begins where nothing is answered yet, else at the review. */
void collect_to_first_open(collect_state *t);
/* May the person change the answer?  Whose answers they are is settled when the interview begins. */
bool collect_is_open(collect_state *t, cnv_session_cell cell);
/* The question or repeat of a name, number of the form, or position; false: there is none that is asked. */
bool collect_find(collect_state *t, cnv_str name, cnv_session_cell *found);

/* ---------------------------------------------------------------- commands (collect_commands.c) */

/* A line that is a command or a request for help, and no answer. */
bool collect_is_command(const collect_state *t, cnv_session_cell cell, cnv_str typed);
/* Runs `:word argument`, and shows the question again if that is needed; t->moved: go on elsewhere. */
void collect_command(collect_state *t, cnv_session_cell cell, cnv_str typed);
/* ":b" and so on, in the order of :h; NULL past the last. */
const char *collect_command_word(size_t index);

/* ---------------------------------------------------------------- the interview (collect_ask.c, collect_repeat.c) */

/* Asks until everything is answered and reviewed; t->stopped, or the person agrees to submit. */
void collect_run(collect_state *t);
/* Asks one question until its answer stays; t->at is then the place to go on from. */
void collect_ask_one(collect_state *t, cnv_session_cell cell);
/* Asks for another entry; entries are edited and deleted here as well. */
void collect_ask_entries(collect_state *t, cnv_session_cell cell);
/* Why the respondent is rejected; NULL: accepted, and t->respondent is the code. */
const char *collect_reject_respondent(collect_state *t);

/* ---------------------------------------------------------------- drafts (collect_keep.c) */

/* A person has typed something: the time goes on, and after midnight everything is judged by the new day. */
void collect_clock(collect_state *t);
/* From now on what changes is kept.  Nothing is stored before the first answer, so that the first prompt does not wait for
 * the disk, and somebody who only looks leaves no draft. */
void collect_begin_keeping(collect_state *t);
/* Makes the answers so far durable, once the interview has begun; a finished first keying in a draft of its own. */
void collect_keep(collect_state *t);
/* "rita, first keying": whose draft the first keying is. */
cnv_str collect_first_who(collect_state *t);
/* Imports the response like any other return.  file: one that was filled in, in its place; or NULL. */
cli_exit collect_submit(collect_state *t, const cnv_attached *file);

/* ---------------------------------------------------------------- the beginning (collect_begin.c) */

/* Says who has a draft of this response, and what counts now; resumes, corrects or begins; false: leave. */
bool collect_begin(collect_state *t);
/* A new session in the place of the one that was begun; false: t->status. */
bool collect_start_again(collect_state *t);
/* A session of the answers of the respondent that count; false: there are none, or t->status. */
bool collect_take_counting(collect_state *t);
cli_exit collect_list_drafts(const cli_options *options);

/* ---------------------------------------------------------------- one return, and many (collect_one.c, collect_clerk.c) */

/* One interview, or what else the options ask for, of the given respondent.  brief, *ended: as in the state. */
cli_exit collect_one(cli_opened *opened, const cli_options *options, cnv_str given, bool brief, bool *ended);
/* --clerk: one interview after the other; respondents are chosen from the roster. */
cli_exit collect_clerk(cli_opened *opened, const cli_options *options);

/* ---------------------------------------------------------------- double entry (collect_twice.c) */

/* After the first keying: asks everything again, then only about what differs; what was decided is reviewed. */
void collect_again(collect_state *t);

/* ---------------------------------------------------------------- without a dialogue (collect_direct.c) */

/* --set: single answers are amended, and stored as a new revision. */
cli_exit collect_amend(collect_state *t);
/* --answers: a file in the long layout is stored if it is complete. */
cli_exit collect_file(collect_state *t);
/* --blank: prints such a file, to be filled in. */
cli_exit collect_blank(collect_state *t);

#endif
