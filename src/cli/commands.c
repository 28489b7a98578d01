/* The commands: one row each. */
#include "cli.h"

#define COMMON "store roster round now language "

const cli_command cli_commands[] = {
	{ "check", "FORM", "find every mistake in a form", cmd_check, 1, 1, "json jsonl strict language ",
	  "Reads the form and says every mistake in one run, each with its sheet, row, column, code and a hint; then "
	  "what the form holds. Nothing is stored.",
	  "canvass check forms/seafarers-id.csv" },
	{ "show", "FORM", "the questionnaire as people read it", cmd_show, 1, 1, "language ",
	  "Prints the questionnaire with its sections, numbered questions, choices, and the skip logic and rules told in "
	  "words; what cannot be told in words stands as it is written in the form. Plain text on a terminal, Markdown "
	  "elsewhere.",
	  "canvass show forms/seafarers-id.csv > questionnaire.md" },
	{ "diff", "FORM FORM", "what changed between two versions of a form", cmd_diff, 2, 2, "against round now json ",
	  "Tells what the second form has otherwise than the first: settings, questions added, removed, moved, renamed or "
	  "altered, lists and choices, each with its place in both files. With --against, the answers of the round are "
	  "judged by the second form: which would no longer stand, and what would be asked anew. Nothing is stored. Gives "
	  "1 when stored answers would no longer stand.",
	  "canvass diff form-2026.csv form-2027.csv --against responses/form.db" },
	{ "distribute", "FORM", "make every respondent's questionnaire", cmd_distribute, 1, 1,
	  COMMON "output force due template eml prefill respondent json ",
	  "Writes for every respondent of the roster a folder with the questionnaire as a workbook to be filled in, as CSV and "
	  "as a page to be printed, in the respondent's language, and a covering text; and a manifest with the SHA-256 of "
	  "every file; with --eml also a draft of the message to each respondent. The store keeps to whom it went, and the "
	  "due day. With --prefill the answers of a round are filled in, to be confirmed or changed. Same input, same "
	  "bytes.",
	  "canvass distribute forms/seafarers-id.csv --round 2027 --due 2027-03-31 -o packs" },
	{ "import", "FORM FILE...", "import returned files", cmd_import, 2, UINT32_MAX,
	  COMMON "annotate force respondent encoding delimiter map dry-run was keep-blank replace threads json jsonl strict ",
	  "Judges every answer of each returned file by the form's own rules and stores the file, its answers, what was "
	  "found and what was changed to understand it, one transaction a file. A returned file is an Excel workbook or "
	  "a CSV in any encoding; a folder stands for the files in it. A file that is already there changes nothing; a "
	  "newer return becomes a new revision, and what it changes is told, with -n beforehand; what cannot be "
	  "attributed, or says that it is another form's or another round's, is put into quarantine. A blank in a newer "
	  "return counts, with a warning where an answer stood; --keep-blank lets that answer stand, --replace leaves "
	  "the warning out. With --annotate, each return in which something was found is written as a workbook of the "
	  "respondent's own answers, to be corrected, sent back and imported again.",
	  "canvass import forms/seafarers-id.csv responses/published/*.csv" },
	{ "collect", "FORM [RESPONDENT]", "ask the questions in the terminal", cmd_collect, 1, 2, COMMON,
	  "Asks the questions that concern the respondent, in order, and stores the answers as any other response. "
	  "Needs a terminal. Choices are given by number or code; an empty line leaves a question unanswered; "
	  "N/A, D/K and CONF mean not applicable, do not know and withheld.",
	  "canvass collect forms/seafarers-id.csv NZ" },
	{ "simulate", "FORM", "make up returns, to rehearse a round", cmd_simulate, 1, 1,
	  "roster now language output count seed broken force ",
	  "Writes a CSV file of invented answers for each respondent into the folder given with -o: what the form asks is "
	  "answered, and the answers stand by its rules. With --broken most are spoiled as real returns are, and "
	  "a list beside the folder says how. The same seed gives the same files.",
	  "canvass simulate forms/seafarers-id.csv -n 21 --seed 7 --broken -o rehearsal" },
	{ "status", "FORM", "who has answered, who has not", cmd_status, 1, 1,
	  COMMON "json due reason sent acknowledged extended declined make-current remind eml packs force ",
	  "Lists the roster against the round: who has returned, how complete, who is silent until when, the response rate "
	  "by group, and what to do next. --sent, --acknowledged, --extended and --declined write down what passed with a "
	  "respondent, --due when answers are asked for. --make-current changes the current round, which other commands "
	  "take where --round is not given; otherwise distribute alone does. --remind writes a reminder for each who is silent, as a text or, "
	  "with --eml, as a draft for a mail program.",
	  "canvass status forms/seafarers-id.csv --due 2026-12-31 --remind reminders" },
	{ "findings", "FORM", "what is open, and letters to ask about it", cmd_findings, 1, 1,
	  COMMON "respondent all waive reason reopen letters force json ",
	  "Lists what was found in the answers of the round and is not settled, each with an id that stays the same from "
	  "revision to revision. A later revision closes what it no longer has; what is right as it stands is waived with "
	  "a reason. With --letters, writes what is open to each respondent, as Markdown and as plain text.",
	  "canvass findings forms/seafarers-id.csv --letters letters" },
	{ "report", "FORM", "write the comparison workbook", cmd_report, 1, 1, COMMON "output force json ",
	  "Lays all responses of the round side by side in an XLSX workbook. Same input, same bytes.",
	  "canvass report forms/seafarers-id.csv -o reports/seafarers-id.xlsx" },
	{ "eval", "[FORM] EXPRESSION", "what an expression gives", cmd_eval, 1, 2, "set answers at as now language ",
	  "Evaluates one expression, or with - one a line, and prints its type, a tab and its value. With a form, "
	  "names mean its questions and --set or --answers give their values.",
	  "canvass eval \"selected('a b', 'b')\"" },
	{ "verify", "STORE", "prove that a store is what was imported", cmd_verify, 1, 1, "json strict ",
	  "Reads the whole store again: the structure of the database, whether its rows and counts agree, every original "
	  "against its size and SHA-256, in the store and in the folder next to it, every version of the form, and every "
	  "stored answer. Each difference is reported; nothing is repaired. Exits with 0 when there is none, with 1 when "
	  "there are, with 3 when the store cannot be read.",
	  "canvass verify responses/seafarers_id.db" },
	{ "explain", "[CODE]", "a diagnostic told at length", cmd_explain, 0, 1, "",
	  "Prints what a code such as E0107 means and what to do. Without a code, lists them all.",
	  "canvass explain E0107" },
};
const size_t cli_command_count = sizeof cli_commands / sizeof *cli_commands;
