/* canvass-form(5): the sheets, columns, settings, question types and functions that canvass knows. */
#include "cli/man.h"
#include "cli/mdoc.h"

typedef struct item {
	const char *name, *text;
} item;

/* Columns by the names to use; further spellings are in form/headers.c. */
static const item survey[] = {
	{ "type", "The question type, with the list of choices if it has one: select_one yes_no." },
	{ "name", "The name under which the answer is stored, unique in its group; ${name} refers to the answer." },
	{ "label",
	  "The question as respondents read it. label::French (fr) is its translation; hint, guidance_hint, the"
	  " messages and the media columns are translated in the same way." },
	{ "hint", "An explanation below the question." },
	{ "guidance_hint", "A longer explanation, shown in print and on request." },
	{ "required", "yes, no, or a condition: whether an answer must be given." },
	{ "required_message", "The text shown when a required answer is missing." },
	{ "relevant", "The condition under which the question, group or repeat is asked." },
	{ "constraint", "The condition that an answer must meet; . is the answer." },
	{ "constraint_message", "The text shown when an answer does not meet the constraint." },
	{ "calculation", "The formula of a calculated value." },
	{ "default", "The answer until the respondent changes it." },
	{ "read_only", "yes, no, or a condition: whether the answer can be changed." },
	{ "choice_filter",
	  "The condition under which a choice is offered; a bare name is a column of the choices sheet." },
	{ "repeat_count", "The number of entries of a repeat: a number, or a formula." },
	{ "trigger", "The questions whose change starts the calculation, as ${name}." },
	{ "parameters", "Details of the type, as key=value pairs separated by spaces." },
	{ "appearance", "How applications show the question; of the values, canvass uses search() and table-list." },
	{ "bind::type", "The data type of a calculation." },
	{ "image", "A picture next to the question; also as media::image." },
	{ "big-image", "A larger picture, shown on request." },
	{ "audio", "A recording next to the question." },
	{ "video", "A film next to the question." },
	{ "disabled", "Obsolete: rows with yes are ignored." },
};

static const item own_survey[] = {
	{ "qno",
	  "The number of the question, such as B2; it is shown with the question, and findings are named after it." },
	{ "legal_ref", "The legal provision that the question is about; shown in packs and in the codebook." },
	{ "warning",
	  "The condition that an answer usually meets; an answer that does not is counted, with a warning." },
	{ "warning_message", "The text of that warning; translated as the label." },
	{ "headline", "1, 2, ...: the summary of the workbook shows the question, in this order." },
	{ "unit", "The name of the question that asks for the unit of this number, such as a currency: different"
		  " units are never added up." },
	{ "bank", "The block of rows, shared by several forms, that the row comes from; see QUESTION BANK." },
	{ "audience",
	  "contact: only the secretariat sees the answer, and members where the question of the setting circulate"
	  " is answered yes. secretariat: only the secretariat sees it." },
};

static const item choices[] = {
	{ "list_name", "The list to which the choice belongs." },
	{ "name", "The code that is stored when the choice is selected." },
	{ "label", "The choice as respondents read it; translated as in the survey sheet." },
	{ "says", "canvass's own: the choice as the predicate of a sentence, such as \"have ratified\"; translated"
		  " as the label." },
	{ "bank", "The block that the choice comes from, if the survey sheet has this column too." },
	{ "image, big-image, audio, video", "Media shown with the choice." },
	{ "any other column", "A property of the choice, for choice_filter and instance()." },
};

static const item settings[] = {
	{ "form_title", "The title of the questionnaire." },
	{ "form_id", "The identifier of the form; the store is named after it." },
	{ "version", "The version of the form; returns declare it." },
	{ "default_language", "The language that is shown first." },
	{ "name", "The name of the root element (default: data)." },
	{ "instance_name", "A formula for the name of a response." },
	{ "allow_choice_duplicates", "yes: a list may have the same choice name twice." },
	{ "omit_instanceID", "yes: responses have no instanceID." },
	{ "public_key", "The key with which responses are encrypted." },
	{ "clean_text_values", "no: spaces in cells are kept as they are." },
};

/* Of a CSV file with one line for each answer. */
static const item answer_columns[] = {
	{ "question", "The name of the question; of an entry, its path, such as ship[2]/flag." },
	{ "answer", "The answer." },
	{ "note", "A remark on the answer." },
	{ "as_of", "The day for which the answer is right." },
	{ "source_url", "The address of a source." },
	{ "source_seen", "The day on which the source was read." },
	{ "evidence", "The words of the source, or another proof." },
	{ "still_right", "x confirms the answer that was filled in before the file was sent out." },
	{ "prefilled", "The answer that was filled in; it is not to be changed." },
	{ "first_keying, first_note, second_keying, second_note",
	  "What was keyed, where collect --twice made the file; kept, and not read as answers." },
};

static const item own_settings[] = {
	{ "respondent", "The question that identifies the respondent (default: a question named respondent)." },
	{ "respondent_word", "The word for a respondent in reports, such as economy." },
	{ "release", "The question that says how the answers may be shown." },
	{ "circulate", "The question that says, by yes, that members may see answers marked contact." },
	{ "basis", "The question that says who completed the response. If the name of the chosen choice begins with"
		   " compiled, somebody else did: the response counts and is no reply." },
	{ "round", "The label of the round (default: the current round of the store, or the year)." },
	{ "regex_search", "yes: regex() accepts a match anywhere in the answer, as Enketo does." },
};

#define PUT_ITEMS(out, items) put_items(out, items, sizeof items / sizeof *items)

static void put_items(FILE *out, const item *items, size_t count)
{
	fputs(".Bl -tag -width Ds\n", out);
	for (size_t i = 0; i < count; i++)
		mdoc_item(out, items[i].name, items[i].text);
	fputs(".El\n", out);
}

static void put_types(FILE *out)
{
	const cnv_question_type *type;

	fputs(".Bl -tag -width Ds\n", out);
	for (size_t i = 0; (type = cnv_question_type_at(i)) != NULL; i++)
		mdoc_item(out, type->name, type->summary);
	fputs(".El\n", out);
}

static void put_functions(FILE *out)
{
	const cnv_function_info *function;

	fputs(".Bl -tag -width Ds\n", out);
	for (size_t i = 0; (function = cnv_function_at(i)) != NULL; i++) {
		if (!function->supported)
			continue;
		fputs(".It ", out);
		mdoc_escaped(out, cnv_str_from(function->name), true);
		fputc('(', out);
		mdoc_escaped(out, cnv_str_from(function->arguments), false);
		fputs(")\n", out);
		mdoc_text(out, function->summary);
		fputs(".br\nExample:\n", out);
		mdoc_escaped(out, cnv_str_from(function->example), true);
		fputc('\n', out);
	}
	fputs(".El\n", out);
}

void man_form(FILE *out)
{
	mdoc_begin(out, "CANVASS-FORM", 5, "canvass-form", "questionnaires as canvass reads them");
	fputs(".Sh DESCRIPTION\n", out);
	mdoc_text(out, "A form is an XLSForm: a workbook (.xlsx, .ods or .xls) with the sheets survey, choices and"
		       " settings, or one CSV file with these sheets one after the other. In the CSV file, the first"
		       " column is for the names of the sheets, and the delimiter is a comma, a semicolon or a tab. The"
		       " first row of a sheet is its header. Unknown columns are kept and have no effect.");
	fputs(".Ss Example\n.Bd -literal -offset indent\n"
	      "survey,type,name,label,relevant,constraint\n"
	      ",text,respondent,Name of the port,,\n"
	      ",integer,berths,How many berths?,,. <= 60\n"
	      ",integer,cranes,How many cranes?,${berths} > 0,. < 200\n"
	      ",select_one yes_no,night,Is it open at night?,,\n"
	      "choices,list_name,name,label\n"
	      ",yes_no,yes,Yes\n"
	      ",yes_no,no,No\n.Ed\n"
	      ".Sh SURVEY COLUMNS\n",
	      out);
	PUT_ITEMS(out, survey);
	fputs("These columns are canvass's own; other XLSForm tools ignore them.\n", out);
	PUT_ITEMS(out, own_survey);
	fputs(".Sh CHOICES COLUMNS\n", out);
	PUT_ITEMS(out, choices);
	fputs(".Sh SETTINGS\n", out);
	PUT_ITEMS(out, settings);
	fputs("These settings are canvass's own; other XLSForm tools ignore them.\n", out);
	PUT_ITEMS(out, own_settings);
	fputs(".Sh QUESTION BANK\n", out);
	mdoc_text(out,
		  "Several forms can share rows. A block of such rows is a CSV file with the sheets survey, choices"
		  " or both, in the folder bank next to the forms; its name is that of the file, without .csv, in"
		  " the characters a to z, 0 to 9, _ and -. In a form, a row with only that name in the column bank"
		  " is where the block belongs. canvass show --expand prints the form with the rows of its blocks,"
		  " each with the name of its block; respondents are sent that form, and other XLSForm tools read"
		  " it. Its choices go to the sheet choices. Printing such a form again takes the present rows of"
		  " its blocks. A row is known by its name, and a choice by its list and name. The block decides"
		  " the cells under its own headings; other cells, other rows and the order are the form's own."
		  " canvass check warns about rows that differ from their block.");
	fputs(".Sh COLUMNS OF ANSWERS\n", out);
	mdoc_text(out, "A CSV file of one response has a line for each answer. Columns other than question and answer"
		       " are optional.");
	PUT_ITEMS(out, answer_columns);
	fputs(".Sh QUESTION TYPES\n", out);
	put_types(out);
	fputs(".Sh EXPRESSIONS\n", out);
	mdoc_text(out, "An expression refers to an answer by ${name}; a full stop is the answer to the question itself."
		       " Text is quoted with ' or \". The operators are = != < <= > >=, + - * div mod, and, or, and |"
		       " for paths. canvass eval evaluates an expression.");
	fputs(".Sh FUNCTIONS\n", out);
	put_functions(out);
	fputs(".Sh FILES\n", out);
	mdoc_text(out,
		  "Files of choices (select_one_from_file) and of data (pulldata(), instance()) are next to the form,"
		  " as .csv, .xml or .geojson.");
	fputs(".Sh SEE ALSO\n.Xr canvass 1 ,\n.Xr canvass-check 1 ,\n.Xr canvass-eval 1 ,\n.Xr canvass-show 1\n", out);
}
