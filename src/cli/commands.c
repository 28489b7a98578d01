/* The commands: one row each. */
#include "cli.h"

#define COMMON "store roster round now language "

const cli_command cli_commands[] = {
	{ "check", "FORM", "find every mistake in a form", cmd_check, 1, 1, CLI_FILE, "json jsonl strict language ",
	  "Reports every mistake in the form in one run, each with its sheet, row, column, code and a hint; then counts "
	  "what the form has. Stores nothing.",
	  "canvass check forms/seafarers-id.csv" },
	{ "show", "FORM", "print the questionnaire as people read it", cmd_show, 1, 1, CLI_FILE, "language ",
	  "Prints the questionnaire with its sections, numbered questions and choices, and its skip logic and rules in "
	  "words. A formula that has no words is printed as it is in the form. Plain text on a terminal, Markdown "
	  "elsewhere.",
	  "canvass show forms/seafarers-id.csv > questionnaire.md" },
	{ "diff", "FORM FORM", "show what changed between two versions of a form", cmd_diff, 2, 2, CLI_FILE,
	  "against round now json ",
	  "Shows what changed between two versions of a form: settings, questions added, removed, moved, renamed or "
	  "altered, lists and choices, each with its place in both files. With --against, the answers of the round are "
	  "judged by the second form: which would no longer be valid, and what would be asked again. Stores nothing. Exits "
	  "with 1 if stored answers would no longer be valid.",
	  "canvass diff form-2026.csv form-2027.csv --against responses/form.db" },
	{ "distribute", "FORM", "write a questionnaire for each respondent", cmd_distribute, 1, 1, CLI_FILE,
	  COMMON "output force due template eml prefill respondent json ",
	  "Writes a folder for each respondent of the roster: the questionnaire as a workbook to fill in, as CSV and as a "
	  "page to print, in the respondent's language, with a covering text. A manifest lists the SHA-256 of every file. "
	  "--eml adds a mail draft to each; --prefill fills in the answers of a round, to be confirmed or changed. All "
	  "files appear together, or none. The store records who was sent the questionnaire and the due date, and the round "
	  "becomes the current one. The same input gives the same bytes.",
	  "canvass distribute forms/seafarers-id.csv --round 2027 --due 2027-03-31 -o packs" },
	{ "import", "FORM FILE...", "import returned files", cmd_import, 2, UINT32_MAX, CLI_FILE,
	  COMMON "annotate force respondent encoding delimiter map dry-run was keep-blank replace threads json jsonl strict ",
	  "Judges every answer of each returned file by the form's own rules. The files, their answers, findings and every "
	  "normalized value are stored together, one transaction per return. A file is an Excel workbook, or a CSV in any "
	  "encoding; for a folder, the files in it are imported. A file that was imported before changes nothing. A newer "
	  "return becomes a new revision; what it changes is printed, and -n shows it beforehand. A return without a "
	  "respondent, or of another form or round, is quarantined and not counted. A blank in a newer return replaces the "
	  "earlier answer, with a warning: --keep-blank keeps the answer, --replace omits the warning. --annotate writes "
	  "the first 1,000 responses of each return that have findings as workbooks to be corrected, sent back and imported "
	  "again. While another process uses the store, import waits (see CANVASS_PATIENCE).",
	  "canvass import forms/seafarers-id.csv responses/published/*.csv" },
	{ "collect", "FORM [RESPONDENT]", "ask the questions in the terminal", cmd_collect, 1, 2, CLI_FILE, COMMON,
	  "Asks each question that applies to the respondent, in order, and stores the answers like any other return. Needs "
	  "a terminal. Choose by number or code; an empty line leaves a question unanswered; N/A, D/K and CONF mean not "
	  "applicable, do not know and withheld.",
	  "canvass collect forms/seafarers-id.csv NZ" },
	{ "simulate", "FORM", "invent returns, to rehearse a round", cmd_simulate, 1, 1, CLI_FILE,
	  "roster now language output count seed broken force ",
	  "Writes a CSV file of invented answers for each respondent into the folder given with -o. The answers are "
	  "complete and follow the form's rules. With --broken most files are spoiled as real returns are, and a list next "
	  "to the folder says how. The same seed gives the same files.",
	  "canvass simulate forms/seafarers-id.csv -n 21 --seed 7 --broken -o rehearsal" },
	{ "status", "FORM", "show who has replied, and who has not", cmd_status, 1, 1, CLI_FILE,
	  COMMON "json due reason sent acknowledged extended declined make-current remind eml packs force ",
	  "Lists the respondents of the round: who has replied and how completely, who has not and their deadline, the "
	  "response rate by group, and the next command. --sent, --acknowledged, --extended and --declined record events, "
	  "--due the date by which answers are due. --remind writes a reminder for each respondent without a reply, as text "
	  "or, with --eml, as a mail draft; all of them appear, or none. Commands use the current round unless --round is "
	  "given: distribute changes it, and so does --make-current.",
	  "canvass status forms/seafarers-id.csv --due 2026-12-31 --remind reminders" },
	{ "findings", "FORM", "list open findings, and write letters about them", cmd_findings, 1, 1, CLI_FILE,
	  COMMON "respondent all waive reason reopen letters force json ",
	  "Lists the open findings of the round, each with an id that stays the same from revision to revision. A later "
	  "revision closes those that it corrects; --waive accepts an answer as it is, with a reason. --letters writes a "
	  "letter of open questions to each respondent, as Markdown and as plain text.",
	  "canvass findings forms/seafarers-id.csv --letters letters" },
	{ "report", "FORM", "write the comparison workbook", cmd_report, 1, 1, CLI_FILE, COMMON "output force json ",
	  "Writes all responses of the round next to each other into an XLSX workbook. The same input gives the same bytes.",
	  "canvass report forms/seafarers-id.csv -o reports/seafarers-id.xlsx" },
	{ "eval", "[FORM] EXPRESSION", "evaluate an expression", cmd_eval, 1, 2, CLI_FILE, "set answers at as now language ",
	  "Evaluates one expression, or with - one per line, and prints its type, a tab and its value. With a form, names "
	  "refer to its questions; --set or --answers give their values.",
	  "canvass eval \"selected('a b', 'b')\"" },
	{ "verify", "STORE", "prove that a store is what was imported", cmd_verify, 1, 1, CLI_FILE, "json strict ",
	  "Reads the whole store again: the structure of the database, whether its rows and counts agree, every original "
	  "against its size and SHA-256, in the store and in the folder next to it, every version of the form, and every "
	  "stored answer. Each difference is reported; nothing is repaired. Exits with 0 when there is none, with 1 when "
	  "there are, with 3 when the store cannot be read.",
	  "canvass verify responses/seafarers_id.db" },
	{ "explain", "[CODE]", "explain a diagnostic code", cmd_explain, 0, 1, CLI_CODE, "",
	  "Prints what a code such as E0107 means and how to fix it. Without a code, lists all codes.",
	  "canvass explain E0107" },
};
const size_t cli_command_count = sizeof cli_commands / sizeof *cli_commands;
