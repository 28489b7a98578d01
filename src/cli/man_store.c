/* canvass-store(5): the files and tables of a store.  A test compares the tables and columns with store/schema.sql. */
#include "cli/man.h"
#include "cli/mdoc.h"

typedef struct table {
	const char *name, *purpose;
	const char *columns; /* separated by spaces */
	const char *notes;
} table;

/* In the order of the schema. */
static const table tables[] = {
	{ "store", "The form to which the store belongs, in one row.", "form_id", "" },
	{ "form", "Each version of the form.", "id version name sha256 bytes", "bytes is the file as it was." },
	{ "form_table", "The tables of answers of a version: table 0, and one for each repeat.", "form tab parent path",
	  "path is the path of the repeat, empty for table 0." },
	{ "question", "The columns of a table of answers.", "form tab col coding list name path label",
	  "coding says how values are stored, see below; list is NULL unless the answer is a choice." },
	{ "choice", "The choices of a list.", "form list code name label",
	  "code is the number that is stored for the choice." },
	{ "round", "Each round.", "id label created created_offset current due",
	  "created is in milliseconds since 1970 (UTC); created_offset is its time zone, in seconds east of UTC;"
	  " due is in days since 1970, or NULL." },
	{ "roster", "Each roster that was used; the last one counts.", "id source bytes sha256", "" },
	{ "member", "The respondents on a roster.", "roster position code name", "" },
	{ "file", "Each return that was imported or quarantined.",
	  "id round form name sha256 size bytes layout received received_offset responses first last quarantined"
	  " reading matched given options program roster map event",
	  "first and last are the ids of its responses; quarantined is 1 if it was rejected as a whole; reading is"
	  " the encoding and delimiter, if not plain UTF-8 with commas; matched is 1 if its findings are in the"
	  " table query; given is the respondent named on the command line; options and program say how, and by"
	  " which version of canvass, it was checked; event is the id of the event of its import; bytes is used"
	  " only in layouts before 3." },
	{ "original", "The files of a return, the main one at position 0.", "id file position name size sha256 bytes",
	  "bytes is NULL for a file over 16 MiB, which is in the folder of originals, on a server in original_piece." },
	{ "beside", "Files next to the form, such as lists of choices.", "id name size sha256 bytes", "" },
	{ "judged_with", "The files next to the form that a return was checked with.", "file beside", "" },
	{ "response", "Each revision of a respondent's answers in a round.",
	  "id file form round respondent line digest revision later highest",
	  "later is the revision that replaced it, NULL for the one that counts, 0 for one that was withdrawn;"
	  " highest is set for an earlier revision that counts again: the number of the last revision then." },
	{ "remark", "Remarks on answers.", "id response tab row question line text path",
	  "response is 0 for a remark on the whole file; row is NULL in table 0; question is NULL for a remark on"
	  " the whole response." },
	{ "finding", "Findings, as they were reported by the import.",
	  "id file response code severity verdict tab question path line col value message hint sheet",
	  "line and col are a place in the original file; sheet is set for workbooks." },
	{ "ledger", "Values that were normalized.", "id file response tab path line col stood read_as why sheet",
	  "stood is the text in the file, read_as the value that was stored." },
	{ "quarantine", "What was quarantined, and why.",
	  "id round file whole source line code field message hint bytes sheet claimed settled",
	  "whole is 1 for a file and 0 for one of its records; claimed is the respondent that its content names;"
	  " settled is NULL while it waits, 1 if it was imported again, 2 if it was dismissed." },
	{ "query", "Findings that a person must settle; their ids stay the same in later revisions.",
	  "id round respondent number name path code nth finding state reason opened closed changed changed_offset",
	  "nth counts those of one cell and code; state is 0 for open, 1 answered, 2 waived, 3 closed; finding is the"
	  " latest one; opened and closed are responses. Up to layout 9 only the first finding of a cell and code"
	  " had a row; the others have one from the respondent's next revision on." },
	{ "prior", "The outcome of each answer of a return that was sent out with earlier answers.",
	  "response path state", "state is 0 for untouched (not given), 1 confirmed, 2 changed, 3 new." },
	{ "returned_blank", "Returns in which nothing is answered.", "id file round respondent", "" },
	{ "rollup", "How often each state, choice and number occurs, for rounds of more than 20,000 responses.",
	  "round form tab col kind key n",
	  "Only responses that count, to this version of the form. kind is rows (how many responses or entries; col"
	  " is -1), finding (col is -1), state, choice or number. key is 0 for answered, 1 N/A, 2 D/K, 3 withheld,"
	  " 4 not usable, 5 no answer, 6 not asked, 7 returned blank; the severity of the findings; the code of the"
	  " choice; or the number. Where a question has more than 4,096 different numbers, there is a row of kind"
	  " many instead, and: bucket, which counts numbers that differ from key by less than 1/64 of it; least"
	  " and greatest, where key is the number and n says how often it occurs; and sum, where the sum of n * 2^(32 * key - 1074) is the exact sum." },
	{ "rollup_whole", "Rounds all of whose responses that count are to one version of the form, and are in rollup.",
	  "round form", "" },
	{ "rollup_group", "The same by group of the roster, of choice questions outside repeats.",
	  "round form part col kind key n",
	  "part is 0 for the respondents of the roster, else a group from 1: those of the first grouping, as the"
	  " roster first names them, then those of the next. kind is rows, blank (responses in which nothing is"
	  " answered), state or choice; col and key are as in rollup." },
	{ "rollup_roster", "Of which roster the counts by group are.", "round form sha256",
	  "sha256 is the digest of who is in which group. A roster that differs drops the counts; the next import"
	  " into the round counts it again." },
	{ "column_map", "Which columns of returned files are which questions (import --map); the last one counts.",
	  "id form source bytes sha256", "form is NULL for all versions; bytes is NULL if there is no map." },
	{ "notice", "Events with respondents, such as sent, reminded, extended and declined.",
	  "id round respondent kind due reason happened happened_offset day", "due is the new date of an extension." },
	{ "event", "What was done, by whom and why; rows cannot be changed or deleted.",
	  "id round number kind respondent file response who happened happened_offset reason detail digest",
	  "number counts the events of a round from 1; file is the SHA-256 of a return; detail is the name of the"
	  " file, the id of the finding, the revision or the date." },
	{ "draft", "Interviews that are not finished; of a respondent, one for each person who asks.",
	  "id round respondent who form version bytes answered changed changed_offset asked begun begun_offset",
	  "form is the form file that it was begun with; bytes is the answers so far in the long layout; answered"
	  " and asked count questions." },
	{ "view_column", "The columns of the views of answers.", "view position name path label",
	  "path and label are NULL for a column that is no question." },
};

/* The views for people.  Columns that are questions are not listed. */
static const table views[] = {
	{ "answers", "The answers that count: a row for each respondent and round, a column for each question.",
	  "respondent round revision", "If the form has more than 1,000 questions: answers_1, answers_2 and so on." },
	{ "answers_repeat_1",
	  "The entries of the first repeat, a row for each; answers_repeat_2 of the second, and so on.",
	  "respondent round revision entry", "entry is the path of the entry, such as crew[2]." },
	{ "columns", "Which column of those views is which question.", "view name path label", "" },
	{ "answers_long", "The answers that count, a row for each.",
	  "respondent round path question value label verdict written file line",
	  "value is the answer as the form names it, label as people read it, if it is a choice; verdict says in"
	  " words why there is no value; written is what the respondent wrote, if the value is not the same text;"
	  " line is NULL for an answer that the file does not have." },
	{ "answers_all", "The same for all revisions.",
	  "respondent round revision counts path question value label verdict written file line",
	  "counts is 1 (on a server, true) for the revision that counts." },
	{ "changes", "What each revision changed.", "respondent round revision path question before after verdict",
	  "" },
	{ "findings", "The findings in the responses that count.",
	  "respondent round revision path code value message hint state file sheet line column",
	  "state is that of the finding that a person must settle, NULL for others." },
	{ "history", "What was done, by whom and why.",
	  "round number kind respondent revision who happened reason detail", "happened is in UTC." },
	{ "quarantined", "What waits in quarantine.", "round item file sheet line respondent code message hint",
	  "respondent is the one that the content names." },
	{ "replies", "Everybody on the roster, in each round.",
	  "round respondent name revision blank quarantined declined due",
	  "revision is NULL if no answers count; blank and quarantined count returns; declined is the reason, NULL"
	  " if the respondent did not decline." },
};

/* Questions that people ask, each with the query that answers it. */
static const struct {
	const char *question, *query;
} queries[] = {
	{ "Who has not replied?", "SELECT respondent, name FROM replies\n"
				  "WHERE round = '2026' AND revision IS NULL AND declined IS NULL\n"
				  "  AND blank = 0 AND quarantined = 0;" },
	{ "What did everybody answer to one question?", "SELECT respondent, coalesce(label, value), verdict\n"
							"FROM answers_long\n"
							"WHERE round = '2026' AND path LIKE '%c185_status';" },
	{ "How many chose which answer?", "SELECT label, count(*) FROM answers_long\n"
					  "WHERE path LIKE '%c185_status' AND verdict = 'accepted'\n"
					  "GROUP BY label ORDER BY count(*) DESC;" },
	{ "What did JPN change?", "SELECT revision, path, before, after FROM changes\nWHERE respondent = 'JPN';" },
	{ "What waits in quarantine?", "SELECT round, item, file, respondent, message FROM quarantined;" },
	{ "What must still be settled?", "SELECT respondent, path, code, message FROM findings\n"
					 "WHERE state = 'open' ORDER BY respondent;" },
};

static const struct {
	const char *coding, *meaning;
} codings[] = {
	{ "text", "the text" },
	{ "integer", "a whole number" },
	{ "real", "a number" },
	{ "day", "days since 1970-01-01" },
	{ "time", "milliseconds since midnight" },
	{ "moment", "milliseconds since 1970-01-01T00:00Z" },
	{ "code", "the number of the choice in its list, from 0" },
	{ "bits", "the selected choices: bit n for choice n (lists of at most 62)" },
	{ "names", "the selected choices by name, in the order of the list" },
	{ "order", "the choices by name, in the order of the answer" },
};

static void put_tables(FILE *out, const table *list, size_t count)
{
	fputs(".Bl -tag -width Ds\n", out);
	for (size_t i = 0; i < count; i++) {
		mdoc_item(out, list[i].name, list[i].purpose);
		fputs("Columns:\n", out);
		mdoc_text(out, list[i].columns);
		if (*list[i].notes) {
			fputs(".Pp\n", out);
			mdoc_text(out, list[i].notes);
		}
	}
	fputs(".El\n", out);
}

static void put_queries(FILE *out)
{
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
		fprintf(out, ".Pp\n%s\n.Bd -literal -offset indent\n%s\n.Ed\n", queries[i].question, queries[i].query);
}

static void put_codings(FILE *out)
{
	fputs(".Bl -tag -width integer\n", out);
	for (size_t i = 0; i < sizeof codings / sizeof *codings; i++)
		mdoc_item(out, codings[i].coding, codings[i].meaning);
	fputs(".El\n", out);
}

static void put_description(FILE *out)
{
	fputs(".Sh DESCRIPTION\n", out);
	mdoc_text(out, "The store of a form is one SQLite database. It has the versions of the form, the rosters, every"
		       " returned file as it came, and all answers, findings and remarks. Nothing is deleted: a later"
		       " return adds a revision. Only one process can write at a time; others wait.");
	fputs(".Sh FILES\n.Bl -tag -width Ds\n"
	      ".It Pa responses/<form_id>.db\nThe database.\n"
	      ".It Pa responses/<form_id>.db.files/\nOriginal files over 16 MiB, named by their SHA-256.\n"
	      "Copy and move this folder together with the database.\n.El\n"
	      ".Sh STORES ON A SERVER\n",
	      out);
	mdoc_text(out, "The name of a store can be the URI of a PostgreSQL database, such as"
		       " postgresql://clerk@db.example.org/surveys, or service=NAME. The store is then the schema"
		       " canvass_<form_id> of that database, and several people can import at once. PGPASSWORD,"
		       " ~/.pgpass, sslmode and whatever else libpq reads applies; a password is never printed. It has"
		       " the tables below, with the types bigint, text and bytea, and answers as double precision,"
		       " bigint or text by their coding. canvass copy copies a store from a file to a server, or back."
		       " Its parts have 400 questions. Originals over 16 MiB are in its table original_piece, in pieces"
		       " of 1 MiB by their SHA-256, which a file does not have.");
}

static void put_reading(FILE *out)
{
	fputs(".Sh QUERIES\n", out);
	mdoc_text(out,
		  "Open the store read-only, with sqlite3 -readonly, or query a copy. While an import writes, a query"
		  " waits or fails; a long query can make an import wait. The views below have labels, dates and"
		  " words in place of codes and are meant to be queried. To change a store, use canvass; canvass"
		  " verify reports any other change.");
	fputs(".Pp\n", out);
	mdoc_text(out,
		  "On a server, query with psql, after SET search_path = canvass_<form_id>. Imports and queries do"
		  " not wait for each other. In answers_long, answers_all and changes, values are texts there; in"
		  " answers, a column is of numbers if all versions of its question are. Names with capitals need"
		  " quotation marks: \"Title_2\". The file roles.sql, installed with canvass, makes roles for those"
		  " who import, who read the views without private answers, and who read all.");
	put_queries(out);
}

static void put_contents(FILE *out)
{
	fputs(".Sh VIEWS\n", out);
	mdoc_text(out, "The views of answers are made with each version of the form. Answers to an older version are in"
		       " the column of the question as it is now. A column has the name of its question, cut to 63"
		       " bytes, with _2, _3 and so on appended if another column has that name. Labels are in the"
		       " default language of the form; versions from before layout 6 have names instead.");
	put_tables(out, views, sizeof views / sizeof *views);
	fputs(".Sh TABLES\n", out);
	mdoc_text(out, "Tables are STRICT: a column holds values of its type or NULL. Columns that refer to a row"
		       " of another table are declared as such; canvass verify checks them, with the columns"
		       " response and later that may also be 0.");
	put_tables(out, tables, sizeof tables / sizeof *tables);
	fputs(".Sh ANSWERS\n", out);
	mdoc_text(out,
		  "For each version of the form and each of its tables, the answers are in the tables"
		  " answers_<form>_<table>_<part>. There are several parts if there are more than 500 columns of"
		  " answers, because SQLite limits the columns of a table. Part 0 has the columns id, line, q0 to"
		  " q499, verdicts, lines and own, and in a repeat also response, parent and position after line."
		  " Part n has id, at most 500 columns from q<500 n> on, verdicts, lines and own. In table 0, id is"
		  " the id of the response. verdicts has four bits for each cell, the first in the lower half of its"
		  " byte. lines and own are JSON. lines has a number for each cell: its source line less that of the"
		  " row; it is NULL if all are on the line of the row. own has the original texts that the values"
		  " alone cannot reproduce, each with the number of its column: {\"3\":\"007\"}. In such a text, the"
		  " character U+241B and two hexadecimal digits are one byte that JSON cannot have: zero, a byte that"
		  " is not UTF-8, or a byte of U+241B itself.");
	fputs(".Pp\nThe column q<n> has the value of column n in the coding of its question, or NULL if it could not "
	      "be read:\n",
	      out);
	put_codings(out);
}

static void put_upkeep(FILE *out)
{
	fputs(".Sh EVENTS\n", out);
	mdoc_text(out, "Every import, waiver, withdrawal and other act of a person appends one event, in the same"
		       " transaction. The events of a round are a chain: the digest of each is the SHA-256 of the"
		       " digest before it (for the first, 32 zero bytes) followed by these texts, each written as"
		       " its length in bytes, a colon, the text and a comma, or as a hyphen and a comma if it is"
		       " NULL: the label of the round, number, kind, respondent, file in lower-case hexadecimal,"
		       " response, who, happened, happened_offset, reason, detail. canvass verify checks the chain"
		       " and prints the last digest: a copy of it proves later that no event before it was changed"
		       " or removed.");
	fputs(".Sh PERSONAL DATA\n", out);
	mdoc_text(out, "canvass has no command that erases the contact data of a person. Answers, original files and"
		       " events are evidence, and removing any of them makes canvass verify fail. To honour a request"
		       " for erasure, delete the whole store with its folder of originals, or keep it where only those"
		       " who may read contact data can open it.");
	fputs(".Sh LAYOUT VERSIONS\n", out);
	mdoc_text(out,
		  "PRAGMA user_version is the version of the layout, now 10. canvass upgrades an older store when"
		  " it next writes to it, in one transaction: from a layout before 8, each table is copied into one"
		  " of the new layout, so the disk needs free space for the largest of them. Columns that an older"
		  " layout lacks are NULL in its rows. An older canvass rejects a newer store and leaves it"
		  " unchanged. On a server, the table canvass has the version, and only the owner of the store can"
		  " upgrade it.");
}

void man_store(FILE *out)
{
	mdoc_begin(out, "CANVASS-STORE", 5, "canvass-store", "the database of a form's answers");
	put_description(out);
	put_reading(out);
	put_contents(out);
	put_upkeep(out);
	fputs(".Sh SEE ALSO\n.Xr canvass-import 1 ,\n.Xr canvass-verify 1 ,\n.Xr sqlite3 1\n", out);
}
