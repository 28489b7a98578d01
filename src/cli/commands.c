/* The commands: one row each, used by parsing, --help, the man pages and completion. */
#include "cli/cli.h"

#define COMMON "store roster round now language "
#define ACTING COMMON "by " /* of commands that record who did it */

const cli_command cli_commands[] = {
	{ "check",
	  "FORM",
	  "find every mistake in a form",
	  cmd_check,
	  1,
	  1,
	  CLI_FILE,
	  "json jsonl strict language ",
	  "Reports every mistake in the form in one run, each with its sheet, row, column, code and a hint. Then"
	  " counts what the form has. Stores nothing.",
	  { "canvass check forms/seafarers-id.csv", "canvass check --strict --json forms/points-of-contact.csv" },
	  "the form has errors" },
	{ "show",
	  "FORM",
	  "print the questionnaire in readable form",
	  cmd_show,
	  1,
	  1,
	  CLI_FILE,
	  "language summary expand json ",
	  "Prints the questionnaire with its sections, numbered questions and choices, and its skip logic and rules"
	  " in words. A formula that cannot be put into words is printed as it is in the form. The output is plain"
	  " text on a terminal and Markdown elsewhere. --summary prints its length instead: how many questions"
	  " there are, how many are required, how many a respondent is asked at least and at most, and the minutes"
	  " it takes. The bounds follow from the conditions under which questions are asked: no respondent is asked"
	  " fewer or more. A repeat has no entries in the least and one in the most, or as many as the form fixes."
	  " A condition that does more than compare an answer with a constant may be true or not. Minutes are an"
	  " estimate of reading (200 words a minute) and typing (10 seconds for one choice, 20 for several, 15 for"
	  " a number or date, 40 for words), without the time needed to find out an answer. --expand prints the"
	  " form itself as one CSV file; the rows of each block that the column bank names are taken from the"
	  " question bank.",
	  { "canvass show forms/seafarers-id.csv", "canvass show forms/seafarers-id.csv > questionnaire.md",
	    "canvass show forms/seafarers-id.csv --summary", "canvass show forms/isps-needs.csv --expand > new.csv" },
	  NULL },
	{ "diff",
	  "FORM FORM",
	  "show what changed between two versions of a form",
	  cmd_diff,
	  2,
	  2,
	  CLI_FILE,
	  "against round now json ",
	  "Shows what changed between two versions of a form: settings, lists and choices, and questions that were"
	  " added, removed, moved, renamed or changed, each with its place in both files. With --against, the"
	  " answers of a round are checked against the second form: which would no longer be valid, and which"
	  " questions would be asked again. Stores nothing.",
	  { "canvass diff old.csv new.csv", "canvass diff old.csv new.csv --against responses/seafarers_id.db" },
	  "stored answers would no longer be valid" },
	{ "distribute",
	  "FORM",
	  "write a questionnaire for each respondent",
	  cmd_distribute,
	  1,
	  1,
	  CLI_FILE,
	  ACTING "output force due template eml prefill respondent json ",
	  "Writes a folder for each respondent of the roster: the questionnaire as a workbook to fill in, as CSV"
	  " and as a page to print, in the respondent's language, with a covering text. A manifest lists the"
	  " SHA-256 of every file. --eml adds a mail draft to each; --prefill fills in earlier answers, to be"
	  " confirmed or changed. Either all files are written, or none. The store records the questionnaires as"
	  " sent, with the due date, and the round becomes the current one. The same input produces identical"
	  " files.",
	  { "canvass distribute forms/seafarers-id.csv --due 2027-03-31 -o packs",
	    "canvass distribute forms/seafarers-id.csv --respondent JPN --eml -o japan",
	    "canvass distribute forms/seafarers-id.csv --round 2027 --prefill 2026 -o next" },
	  NULL },
	{ "import",
	  "FORM FILE...",
	  "import returned files",
	  cmd_import,
	  2,
	  UINT32_MAX,
	  CLI_FILE,
	  ACTING "annotate force respondent encoding delimiter map dry-run was keep-blank keep replace threads json"
		 " jsonl strict ",
	  "Checks every answer of each returned file against the form's own rules. The files, their answers,"
	  " findings and normalized values are stored together, in one transaction for each return. A file is a"
	  " workbook (.xlsx, .ods or .xls), a CSV in any encoding, or a .zip file of those, such as the download of"
	  " a survey tool; for a folder, the files in it are imported. A file that was imported before changes"
	  " nothing. A newer return becomes a new revision; its changes are printed, and -n shows them beforehand."
	  " A return without a respondent, or of another form or round, is quarantined and not counted. A blank in"
	  " a newer return replaces the earlier answer, with a warning; --keep-blank keeps the answer, --replace"
	  " omits the warning. Of two returns of one respondent in one run the last counts, or with --keep first"
	  " the first. --annotate writes responses with findings as workbooks to be corrected, sent back and"
	  " imported again: the first 1,000 of each return. --respondent names the respondent of files that do not;"
	  " --strict accepts exact codes and formats only. While another process uses the store, import waits; see"
	  " CANVASS_PATIENCE in canvass(1).",
	  { "canvass import -n forms/seafarers-id.csv inbox",
	    "canvass import forms/seafarers-id.csv responses/published/*.csv",
	    "canvass import forms/seafarers-id.csv inbox --annotate back" },
	  "an answer has an error, or a return is quarantined" },
	{ "collect",
	  "FORM [RESPONDENT]",
	  "ask the questions in the terminal",
	  cmd_collect,
	  1,
	  2,
	  CLI_FILE,
	  ACTING "reason drafts twice clerk set answers incomplete blank ",
	  "Asks each question that applies to the respondent and stores the answers like any other return. Needs a"
	  " terminal, except with --set, --answers, --blank and --drafts. Every answer is saved at once, in a draft"
	  " for each respondent and person (--by); an interview that was interrupted is offered again. Choose by"
	  " number, code or the start of a label; 1,3-5 chooses several. Press Enter to leave a question"
	  " unanswered. Commands begin with a colon: :h lists them. A respondent who has answered can be corrected:"
	  " the corrections make a new revision, and on the sheet Sources every other answer keeps the file it came"
	  " with. --twice is for papers that are keyed: it asks everything again without the first answers, then"
	  " shows only what differs; both keyings are kept in the stored return. --clerk keys many returns in a"
	  " row: it asks for each respondent by code, number or name in the roster. --set changes single answers"
	  " that count, and needs --reason; the values are read as import reads them, and one that is wrong or not"
	  " asked changes nothing. NAME is a question, doc[2]/title in the second entry of a repeat, or the number"
	  " on the form (A7, or doc[2]/B3 in a repeat); NAME= leaves an answer blank. An answer in the entry after"
	  " the last one, doc[3]/title, adds that entry, and doc[2]= removes one; all numbers are those before the"
	  " change. --answers stores a CSV file in the long layout, which --blank prints for the respondent; where"
	  " an answer is missing or wrong, nothing is stored unless with --incomplete.",
	  { "canvass collect forms/seafarers-id.csv NZ", "canvass collect forms/seafarers-id.csv --drafts",
	    "canvass collect forms/seafarers-id.csv AUS --set comments=No --reason phone" },
	  "an answer is missing or has an error, or the answers are quarantined" },
	{ "simulate",
	  "FORM",
	  "invent returns, to rehearse a round",
	  cmd_simulate,
	  1,
	  1,
	  CLI_FILE,
	  "roster now language output format count seed broken force ",
	  "Writes a file of invented answers for each respondent of the roster, or for ten without a roster, into"
	  " the folder of -o: CSV or, with --format xlsx, the workbook that distribute makes, filled in. The"
	  " answers are complete and follow the form's rules. With --broken, most files are spoiled as real returns"
	  " are, and a list next to the folder shows how. The same seed produces the same files.",
	  { "canvass simulate forms/seafarers-id.csv -o rehearsal",
	    "canvass simulate forms/seafarers-id.csv -n 3 --format xlsx -o workbooks",
	    "canvass simulate forms/seafarers-id.csv -n 5 --seed 7 --broken -o spoiled" },
	  NULL },
	{ "status",
	  "FORM",
	  "show who has replied, and who has not",
	  cmd_status,
	  1,
	  1,
	  CLI_FILE,
	  ACTING "json due reason sent acknowledged extended declined make-current remind eml packs force ",
	  "Lists the respondents of the round: who has replied and how completely, who has not and their deadline,"
	  " the response rate of each group, interviews that are not finished, and the next command. --sent,"
	  " --acknowledged, --extended and --declined record events, --due the date by which answers are due."
	  " --remind writes a reminder to each respondent without a reply, as text or, with --eml, as a mail draft;"
	  " all of them appear, or none. Without --round, commands use the current round; distribute and"
	  " --make-current change it.",
	  { "canvass status forms/seafarers-id.csv",
	    "canvass status forms/seafarers-id.csv --sent all --due 2026-12-31",
	    "canvass status forms/seafarers-id.csv --remind reminders --eml" },
	  NULL },
	{ "findings",
	  "FORM",
	  "list open findings, and write letters about them",
	  cmd_findings,
	  1,
	  1,
	  CLI_FILE,
	  ACTING "respondent all waive reason reopen letters force json ",
	  "Lists the open findings of the round, each with an id that stays the same in later revisions. A later"
	  " revision closes the findings that it corrects; --waive accepts an answer as it is, with a reason."
	  " --letters writes a letter of open questions to each respondent, as Markdown and as plain text.",
	  { "canvass findings forms/seafarers-id.csv", "canvass findings forms/seafarers-id.csv --letters letters",
	    "canvass findings forms/seafarers-id.csv --waive JPN-B3-001 --reason confirmed" },
	  NULL },
	{ "quarantine",
	  "FORM",
	  "list what was not imported, and settle it",
	  cmd_quarantine,
	  1,
	  1,
	  CLI_FILE,
	  ACTING "show retry attribute dismiss respondent reason all encoding delimiter map json ",
	  "Lists the files and records of the round that could not be imported, each with a number, the reason, and"
	  " the respondent it probably belongs to, by its content, file name or folder. --retry imports one again"
	  " from the store, for example after the roster was corrected; --attribute imports it as the return of"
	  " --respondent, even if it names another; its answers replace those of a later revision that conflicts"
	  " with it; --dismiss settles what needs no import; --retry or --attribute can still import it. What is"
	  " imported again is checked as of the time when it was received. Nothing is deleted, and each act is an"
	  " event with the person and the reason.",
	  { "canvass quarantine forms/seafarers-id.csv", "canvass quarantine forms/seafarers-id.csv --all --json" },
	  "the file is still not imported, or its answers have errors" },
	{ "withdraw",
	  "FORM RESPONDENT",
	  "take a return out of the counts",
	  cmd_withdraw,
	  2,
	  2,
	  CLI_FILE,
	  ACTING "revision reason ",
	  "Takes the response of a respondent out of the counts, the workbook and the findings, with a reason. With"
	  " --revision, an earlier revision counts again instead. Nothing is deleted, and a later return of the"
	  " respondent counts as usual.",
	  { "canvass withdraw forms/seafarers-id.csv AUS --reason \"sent by mistake\"",
	    "canvass withdraw forms/seafarers-id.csv AUS --revision 1 --reason confirmed" },
	  NULL },
	{ "history",
	  "FORM [RESPONDENT [QUESTION]]",
	  "show what was done, by whom and why",
	  cmd_history,
	  1,
	  3,
	  CLI_FILE,
	  "store roster round now json ",
	  "Lists the events of the round in their order: imports, waivers, withdrawals, notices and the rest, each"
	  " with the person, the time and the reason. With a respondent, only theirs, and then each revision of"
	  " their answers: from which file, by whom, and which answers it changed, with the line in the file. With"
	  " a question, each of its answers by revision, whether it was imported or entered by hand, and why."
	  " canvass verify checks that no event was changed.",
	  { "canvass history forms/seafarers-id.csv", "canvass history forms/seafarers-id.csv JPN",
	    "canvass history forms/seafarers-id.csv JPN c185_date" },
	  NULL },
	{ "report",
	  "FORM",
	  "write the comparison workbook, or the meeting paper",
	  cmd_report,
	  1,
	  1,
	  CLI_FILE,
	  COMMON "respondent audience as-of since output labels orient cross no-audit technical exact force json ",
	  "Writes all responses of the round next to each other into an XLSX workbook (default:"
	  " reports/<form_id>.xlsx). With -o, the ending decides: .xlsx is the workbook; .docx, .md and .html are"
	  " the same figures as a paper for a meeting, question by question, with the comments and the respondents"
	  " as annexes. The HTML page needs no network; it can search questions and show the figures of one group."
	  " The same input produces the same bytes. What --audience may not see of a response, by its own answer to"
	  " the form's release question, is counted as withheld. --as-of shows the state at an earlier time;"
	  " returns received later are listed apart. --since adds the sheet Changes: who changed which answers"
	  " since another round, or since a day or a time in this one; answers to another version of the form are"
	  " carried over to this one. --cross adds the sheet Crossings: the options of each choice question by the"
	  " answers to this one. --respondent writes a paper of one page about CODE: its answers to the questions"
	  " that matter next to those of the group, and where it differs from the majority. --language also sets"
	  " the language of the workbook's own words, even if the form does not have it: en, fr, es, pt, id, vi,"
	  " ru, ja, zh, zh-Hant, ko or th. In another language of the form, such as Arabic, the workbook's own"
	  " words are English.",
	  { "canvass report forms/seafarers-id.csv",
	    "canvass report forms/seafarers-id.csv --audience public -o public.xlsx",
	    "canvass report forms/seafarers-id.csv -o reports/2026.docx",
	    "canvass report forms/seafarers-id.csv --respondent JPN" },
	  NULL },
	{ "export",
	  "FORM",
	  "write the responses as data for other programs",
	  cmd_export,
	  1,
	  1,
	  CLI_FILE,
	  COMMON "audience as-of output with-labels formula-safe sdmx force json ",
	  "Writes the answers of the round that count as plain tables, for statistics programs and scripts. -o DIR"
	  " (default: exports/<form_id>) is a folder with responses.csv, one CSV file for each repeat, remarks.csv,"
	  " respondents.csv and not_counted.csv, which has the answers that are wrong or were not asked for;"
	  " datapackage.json (Frictionless) and codebook.xml (DDI-Codebook 2.5) describe the columns. -o X.jsonl is"
	  " one JSON object a line for each response, with its entries. -o X.sav (SPSS) and X.dta (Stata) are a"
	  " file of responses and one for each repeat, X_crew.sav, with labels; remarks and the answers that do not"
	  " count are left out. Choices are written by their names, several of them separated by spaces;"
	  " --with-labels writes labels, separated by semicolons. N/A, D/K and CONF are in the column of their"
	  " answer, in SPSS and Stata as missing values. A response that --audience may not see by name has no row."
	  " --formula-safe is for CSV files that are opened in a spreadsheet program. --sdmx MAP writes SDMX-CSV"
	  " instead, an observation a line (default: exports/<form_id>.csv). MAP is a CSV file: `name` and then the"
	  " header of the export (STRUCTURE, STRUCTURE_ID, components), a line for each question or"
	  " question/choice, and in its cells codes or ${value}, ${status}, ${respondent}, ${round}, ${entry} and"
	  " other questions; a line respondent/CODE has the code of a respondent. All files are written, or none.",
	  { "canvass export forms/seafarers-id.csv",
	    "canvass export forms/seafarers-id.csv --audience public -o public.jsonl",
	    "canvass export forms/seafarers-id.csv --audience secretariat -o seafarers.sav",
	    "canvass export forms/seafarers-id.csv --sdmx docs/examples/sdmx-map.csv" },
	  NULL },
	{ "eval",
	  "[FORM] EXPRESSION",
	  "evaluate an expression",
	  cmd_eval,
	  1,
	  2,
	  CLI_FILE,
	  "set answers at as explain now language ",
	  "Evaluates an expression, or with - one on each line of the input, and prints its type, a tab and its"
	  " value. With a form, names refer to its questions; --set or --answers supply their values. --explain"
	  " prints the steps of the compiled expression.",
	  { "canvass eval \"selected('a b', 'b')\"", "canvass eval '${age} >= 18' --set age=20",
	    "printf '1 + 1\\ntoday()\\n' | canvass eval -" },
	  "an expression has an error" },
	{ "copy",
	  "STORE STORE",
	  "copy a store into an empty one",
	  cmd_copy,
	  2,
	  2,
	  CLI_FILE,
	  "",
	  "Copies all that a store holds into an empty one, in one transaction: answers, original files, findings"
	  " and events, with their ids. Each store is a file or an address of a PostgreSQL server, as in --store."
	  " The second one must not exist yet, or hold nothing. Where a database has stores of several forms, the"
	  " address names the schema of one: options=-csearch_path%3Dcanvass_FORM.",
	  { "canvass copy responses/seafarers_id.db copy.db" },
	  "the second store is not empty, or the first one has no answers" },
	{ "verify",
	  "STORE | WORKBOOK",
	  "prove that a store or a workbook is unchanged",
	  cmd_verify,
	  1,
	  1,
	  CLI_FILE,
	  "store roster json strict ",
	  "Reads the whole store again: the structure of the database, whether its rows and counts agree, every"
	  " original file against its size and SHA-256, every version of the form, and every stored answer. Then"
	  " imports the originals once more and compares the result. Each difference is reported; nothing is"
	  " repaired. A workbook made by canvass report is compared with the digests on its hidden sheet Manifest,"
	  " and with --store it is made once more from the store, with the same options and as at the same time:"
	  " the sheets that differ are named. Cells, notes, charts and links are compared; widths and colours are"
	  " not.",
	  { "canvass verify responses/seafarers_id.db", "canvass verify --json responses/seafarers_id.db",
	    "canvass verify reports/seafarers_id.xlsx" },
	  "the store or the workbook differs from what was written" },
	{ "explain",
	  "[CODE | FORM RESPONDENT QUESTION]",
	  "explain a diagnostic code, or an answer",
	  cmd_explain,
	  0,
	  3,
	  CLI_CODE,
	  "store roster round now language json ",
	  "Prints what a code such as E0107 means and how to fix it. Without a code, lists all codes. With a form,"
	  " a respondent and a question, prints why the question is asked or not, and why the answer is right or"
	  " wrong: each rule of the form, with the value of its parts and the answers that it reads.",
	  { "canvass explain E0107", "canvass explain | head", "canvass explain forms/seafarers-id.csv JPN c185_date" },
	  NULL },
};
const size_t cli_command_count = sizeof cli_commands / sizeof *cli_commands;
