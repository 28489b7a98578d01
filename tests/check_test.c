/* The room check: forms of a few rows and answers of a few cells, with the verdict of each cell and every finding. */
#include "check_stage.h"

/* ---------------------------------------------------------------- verdicts */

struct verdict_case {
	const char *name, *form, *answers, *verdicts, *findings;
	const char *messages; /* NULL: not looked at */
};

#define CHAIN                                                                                                          \
	"survey\n|type|name|label|required|relevant\n"                                                                 \
	"|select_one yn|a|A|yes|\n|select_one yn|b|B|yes|${a} = 'yes'\n|text|c|C|yes|${b} = 'yes'\n"                   \
	"choices\n|list_name|name|label\n|yn|yes|Yes\n|yn|no|No\n"

#define REPEAT                                                                                                         \
	"survey\n|type|name|label|required|relevant|constraint|constraint_message\n"                                   \
	"|select_one yn|has|Has|yes|||\n|begin_repeat|doc|Doc||${has} = 'yes'||\n|text|doc_name|Name|yes|||\n"         \
	"|integer|doc_years|Years|||. <= 10|At most ten, not ${doc_years} for ${doc_name}.\n"                          \
	"|text|doc_why|Why|yes|${doc_years} > 5||\n|end_repeat||||||\n"                                                \
	"choices\n|list_name|name|label\n|yn|yes|Yes\n|yn|no|No\n"

#define CASCADE                                                                                                        \
	"survey\n|type|name|label|choice_filter\n|select_one region|region|Region|\n"                                  \
	"|select_one town|town|Town|region = ${region}\n|select_multiple town|towns|Towns|region = ${region}\n"        \
	"choices\n|list_name|name|label|region\n|region|n|North|\n|region|s|South|\n"                                  \
	"|town|oslo|Oslo|n\n|town|bergen|Bergen|n\n|town|rome|Rome|s\n"

#define TWINS                                                                                                          \
	"survey\n|type|name|label|choice_filter\n|select_one region|region|Region|\n"                                  \
	"|select_one town|town|Town|region = ${region}\n|select_multiple town|towns|Towns|region = ${region}\n"        \
	"choices\n|list_name|name|label|region\n|region|n|North|\n|region|s|South|\n|region|w|West|\n"                 \
	"|town|ville|Northville|n\n|town|rome|Rome|s\n|town|ville|Southville|s\n|town|ville|Westville|w\n"             \
	"settings\n|form_id|allow_choice_duplicates\n|demo|yes\n"

#define SECTION                                                                                                        \
	"survey\n|type|name|label|required|relevant|constraint\n|select_one basis|basis|Basis|yes||\n"                 \
	"|begin_group|g|G||${basis} != 'nil'|\n|integer|n|N|yes||. >= 0\n|begin_group|h|H|||\n"                        \
	"|text|t|T|${n} > 1||\n|end_group|||||\n|end_group|||||\n|text|z|Z|yes||\n"                                    \
	"choices\n|list_name|name|label\n|basis|full|Full\n|basis|nil|Nil\n"

#define RULES                                                                                                          \
	"survey\n|type|name|label|required|constraint|constraint_message|required_message\n"                           \
	"|integer|total|Total||||\n|integer|part|Part||. >= 0 and . <= ${total}||\n"                                   \
	"|integer|free|Free||${total} = '' or . <= ${total}|No more than ${total}.|\n"                                 \
	"|text|must|Must|yes|||Please answer.\n"                                                                       \
	"|date|day|Day||. <= today()|Not in the future.|\n"

#define UNLIKELY                                                                                                       \
	"survey\n|type|name|label|constraint|warning|warning_message\n"                                                \
	"|integer|age|Age|. < 200|. < 100|Is ${age} right?\n|text|phone|Phone||regex(., '[+][0-9]+')|\n"               \
	"|integer|sum|Sum||. >= ${age}|Usually more than ${age}.\n"

#define CALC                                                                                                           \
	"survey\n|type|name|label|calculation|relevant\n|integer|a|A||\n|integer|b|B||${a} > 0\n"                      \
	"|calculate|twice||${a} * 2|\n|calculate|sum||${twice} + ${b}|\n|text|c|C||${twice} > 10\n"

#define ONCE                                                                                                           \
	"survey\n|type|name|label|calculation\n|integer|a|A|\n|calculate|first||once(${a} + "                          \
	"1)\n|calculate|at||now()\n"

#define PATTERN "survey\n|type|name|label|constraint\n|text|t|T|regex(., '[A-Z]{3}')\n"

#define COUNTED                                                                                                        \
	"survey\n|type|name|label|repeat_count\n|integer|n|N|\n|begin_repeat|r|R|${n}\n|text|x|X|\n|end_repeat|||\n"

#define NESTED                                                                                                         \
	"survey\n|type|name|label|required|relevant|calculation\n|begin_repeat|house|House|||\n|text|h|H|||\n"         \
	"|begin_repeat|person|Person||${h} != ''|\n|integer|age|Age|yes||\n|text|school|School|yes|${age} < 18|\n"     \
	"|end_repeat|||||\n|end_repeat|||||\n|calculate|total||||sum(${age})\n|text|last|Last|yes|${total} > 20|\n"

/* What spreadsheets do to answers. */
#define DAMAGE                                                                                                         \
	"survey\n|type|name|label|constraint|constraint_message\n"                                                     \
	"|text|code|Code|regex(., '^[0-9]{5}$')|Five digits.\n"                                                        \
	"|text|month|Month|regex(., '^[0-9]{4}-[0-9]{2}$')|\n|text|free|Free||\n|integer|n|Number||\n"                 \
	"|date|day|Day||\n|select_one d|d|Choice||\n"                                                                  \
	"choices\n|list_name|name|label\n|d|007|Seven\n|d|010|Ten\n"

static const struct verdict_case verdict_cases[] = {
	{ "a condition that cannot be evaluated asks, and requires nothing, also where one formula does both",
	  "survey\n|type|name|label|required|relevant\n|text|a|A||\n"
	  "|text|b|B|pulldata('ports', 'kind', 'code', ${a}) = 'x'|pulldata('ports', 'kind', 'code', ${a}) = 'x'\n"
	  "|text|c|C||pulldata('ports', 'kind', 'code', ${a}) = 'x'\n",
	  "a|b|c\nAU||z\n", "A.A", "", NULL },
	{ "lost zeros are reported with the code that would match", DAMAGE,
	  "code|d\n501|7\n1234|010\n12a|10\n123456|5\n", "X....C X....A X....C X....C",
	  "2:code:E0520 2:d:E0520 3:code:E0520 4:code:E0505 4:d:E0520 5:code:E0505 5:d:E0503",
	  "leading zeros lost: 00501 would match (a spreadsheet drops them: format the cell as text and "
	  "write 00501)\n"
	  "leading zeros lost: 007 would match (a spreadsheet drops them: format the cell as text and "
	  "write 007)\n"
	  "leading zeros lost: 01234 would match (a spreadsheet drops them: format the cell as text and "
	  "write 01234)\n"
	  "Five digits. ()\n"
	  "leading zeros lost: 010 would match (a spreadsheet drops them: format the cell as text and "
	  "write 010)\n"
	  "Five digits. ()\n"
	  "\"5\" is not in the list \"d\" (write the code of one of the 2 choices of list \"d\")\n" },
	{ "months made dates are told by what they were", DAMAGE, "month\nSep-06\n2006-09-01 00:00:00\n2006-09\nSept\n",
	  ".X.... .X.... .A.... .X....", "2:month:E0521 3:month:E0521 5:month:E0505",
	  "\"Sep-06\" was probably 2006-09 before a spreadsheet read it as a date (format the cell as text and write "
	  "2006-09)\n"
	  "\"2006-09-01 00:00:00\" was probably 2006-09 before a spreadsheet read it as a date (format the cell as "
	  "text and write "
	  "2006-09)\n"
	  "\"Sept\" breaks the rule for this question (the rule: regex(., '^[0-9]{4}-[0-9]{2}$'))\n" },
	{ "zeros are lost only where the length is fixed, and two at most",
	  "survey\n|type|name|label|constraint\n|text|tel|T|regex(., '^[0-9]{7,15}$')\n|text|far|F|regex(., "
	  "'^[0-9]{5}$')\n",
	  "tel|far\n12|12\n123456|123\n", "XX XX", "2:tel:E0505 2:far:E0505 3:tel:E0505 3:far:E0520", NULL },
	{ "a lost plus sign is named", "survey\n|type|name|label|constraint\n|text|tel|T|regex(., '^[+][0-9]{5,}$')\n",
	  "tel\n61262\n12\n", "X X", "2:tel:E0530 3:tel:E0505",
	  "leading plus sign lost: +61262 would match (a spreadsheet drops it: format the cell as text and write "
	  "+61262)\n"
	  "\"12\" breaks the rule for this question (the rule: regex(., '^[+][0-9]{5,}$'))\n" },
	{ "texts made dates are told by what the rule takes",
	  "survey\n|type|name|label|constraint\n|text|pair|P|regex(., '^[0-9]+-[0-9]+$')\n"
	  "|text|mark|M|regex(., '^[0-9]{2}/[0-9]{2}$')\n|text|day|D|regex(., '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')\n",
	  "pair|mark|day\n3/24/2026|5-mar|46295\n03-abr|2026-12-01 00:00:00|31/12/2026\n", "XXX XXX",
	  "2:pair:E0521 2:mark:E0521 2:day:E0521 3:pair:E0521 3:mark:E0521 3:day:E0521",
	  "\"3/24/2026\" was probably 3-24 before a spreadsheet read it as a date (format the cell as text and write "
	  "3-24)\n"
	  "\"5-mar\" was probably 05/03 before a spreadsheet read it as a date (format the cell as text and write "
	  "05/03)\n"
	  "\"46295\" was probably 2026-09-30 before a spreadsheet read it as a date (format the cell as text and write "
	  "2026-09-30)\n"
	  "\"03-abr\" was probably 3-4 before a spreadsheet read it as a date (format the cell as text and write 3-4)\n"
	  "\"2026-12-01 00:00:00\" was probably 12/01 before a spreadsheet read it as a date (format the cell as text "
	  "and "
	  "write 12/01)\n"
	  "\"31/12/2026\" was probably 2026-12-31 before a spreadsheet read it as a date (format the cell as text and "
	  "write 2026-12-31)\n" },
	{ "numbers made dates are told by what they were",
	  "survey\n|type|name|label\n|decimal|fee|Fee\n|integer|n|Number\n|date|day|Day\n",
	  "fee|n|day\n5-mar|3-may|2026-02-30\n2026-03-01|1905-07-18|2026-02-29\n", "UUU UUU",
	  "2:fee:E0529 2:n:E0529 2:day:E0502 3:fee:E0529 3:n:E0529 3:day:E0502",
	  "\"5-mar\" was probably 5.3 before a spreadsheet read it as a date (format the cell as a number and write "
	  "5.3)\n"
	  "\"3-may\" was probably 3.5 before a spreadsheet read it as a date (format the cell as a number and write "
	  "3.5)\n"
	  "\"2026-02-30\" does not exist: February 2026 has 28 days (write the day that is meant, as in 2026-09-30)\n"
	  "\"2026-03-01\" was probably 1.3 or 3.26 before a spreadsheet read it as a date (format the cell as a number "
	  "and "
	  "write it again)\n"
	  "\"1905-07-18\" was probably 2026 before a spreadsheet read it as a date (format the cell as a number and "
	  "write "
	  "2026)\n"
	  "\"2026-02-29\" does not exist: February 2026 has 28 days (write the day that is meant, as in "
	  "2026-09-30)\n" },
	{ "a unit that the question does not mention is told",
	  "survey\n|type|name|label\n|decimal|part|Part of the fleet\n|decimal|fee|Fee in EUR\n|integer|n|Number\n",
	  "part|fee|n\n30%|USD 5|5 years\n-0.5 %|5 km|5 things\n", "UUU UUU",
	  "2:part:E0515 2:fee:E0515 2:n:E0515 3:part:E0515 3:fee:E0515 3:n:E0502",
	  "\"30%\" has a unit that the question does not mention (write 30 if the question asks for per cent, or 0.3 "
	  "if it "
	  "asks for a share)\n"
	  "\"USD 5\" has a unit that the question does not mention (convert it to the unit that the question asks for, "
	  "and write the number alone)\n"
	  "\"5 years\" has a unit that the question does not mention (convert it to the unit that the "
	  "question asks for, and write the number alone)\n"
	  "\"-0.5 %\" has a unit that the question does not mention (write -0.5 if the question asks for per cent, or "
	  "-0.005 if it asks for a share)\n"
	  "\"5 km\" has a unit that the question does not mention (convert it to the unit that the question asks for, "
	  "and write the number alone)\n"
	  "\"5 things\" is not a whole number (write the number alone: 5)\n" },
	{ "damage of a text that is taken is told", DAMAGE,
	  "free\n#REF!\n#####\n1.2E+17\n123456789012345000\n=A1\n'007\nfine\n",
	  "..A... ..A... ..A... ..A... ..A... ..A... ..A...",
	  "2:free:W0522 3:free:W0523 4:free:W0524 5:free:W0525 6:free:W0527 7:free:W0528",
	  "\"#REF!\" is a spreadsheet error, not an answer (fix the formula, or write the answer itself)\n"
	  "\"#####\" was saved from a column too narrow to show the value (widen the column in the spreadsheet and "
	  "save the file again)\n"
	  "\"1.2E+17\" was shortened by a spreadsheet (format the cell as text and write all digits)\n"
	  "\"123456789012345000\" may have lost its last digits: they are zeros (if so, format the cell as text and "
	  "write all digits)\n"
	  "\"=A1\" is a formula, not its result (write the answer itself)\n"
	  "\"'007\" begins with the apostrophe that marks text in spreadsheets (remove the apostrophe)\n" },
	{ "damage of a text against its rule is the hint", DAMAGE, "code\n#N/A\n1E+05\n", "X..... X.....",
	  "2:code:E0505 3:code:E0505",
	  "Five digits. (it is a spreadsheet error, not an answer: fix the formula, or write the answer itself)\n"
	  "Five digits. (it was shortened by a spreadsheet: format the cell as text and write all digits)\n" },
	{ "damage of other answers is told in place of the form expected", DAMAGE,
	  "n|day|d\n#REF!|#####|#N/A\n1.2E+17|44561|'007\n", "...UUC ...UUC",
	  "2:n:E0502 2:day:E0502 2:d:E0503 3:n:E0502 3:day:E0502 3:d:E0503",
	  "\"#REF!\" is a spreadsheet error, not an answer (fix the formula, or write the answer itself)\n"
	  "\"#####\" was saved from a column too narrow to show the value (widen the column in the spreadsheet and "
	  "save the file again)\n"
	  "\"#N/A\" is a spreadsheet error, not an answer (fix the formula, or write the answer itself)\n"
	  "\"1.2E+17\" was shortened by a spreadsheet (format the cell as text and write all digits)\n"
	  "\"44561\" is not a date (this looks like a spreadsheet date number: write 2021-12-31, or 2026-01-01 "
	  "if the file counts from 1904)\n"
	  "\"'007\" begins with the apostrophe that marks text in spreadsheets (remove the apostrophe)\n" },
	{ "readings that nothing decides are both told", DAMAGE, "n|day\n1,234|03/04/2026\n", "...UU.",
	  "2:n:E0502 2:day:E0502",
	  "\"1,234\" is not a whole number (write 1234, without separators)\n"
	  "\"03/04/2026\" can be read in two ways (write 2026-04-03 or 2026-03-04, whichever is meant)\n" },
	{ "readings that contradict each other are told so", DAMAGE, "day\n31/12/2026\n12/31/2026\n03/04/2026\n",
	  "....U. ....U. ....U.", "2:day:E0502 3:day:E0502 4:day:E0502",
	  "\"31/12/2026\" is not a date (the file writes dates both ways: write 2026-12-31)\n"
	  "\"12/31/2026\" is not a date (the file writes dates both ways: write 2026-12-31)\n"
	  "\"03/04/2026\" can be read in two ways (the file writes dates both ways: write 2026-04-03 or 2026-03-04, "
	  "whichever is meant)\n" },
	{ "a gate that is open asks the next question", CHAIN, "a|b|c\nyes|yes|x\n", "AAA", "", NULL },
	{ "a closed gate closes what follows", CHAIN, "a|b|c\nno||\n", "A--", "", NULL },
	{ "required is missing only where it is asked", CHAIN, "a|b|c\nyes||\nyes|yes|\nno||\n", "AM- AAM A--",
	  "2:b:E0501 3:c:E0501", "an answer is required ()\nan answer is required ()\n" },
	{ "a blank gate reads as empty text", CHAIN, "a|b|c\n||x\n", "M-!", "2:a:E0501 2:c:W0507", NULL },
	{ "an answer that was not due is kept and told", CHAIN, "a|b|c\nno|yes|x\n", "A!!", "2:b:W0507 2:c:W0507",
	  "answered though not asked; the answer is kept but not counted (asked only when: a is "
	  "'Yes')\n"
	  "answered though not asked; the answer is kept but not counted (asked only when: b is "
	  "'Yes')\n" },
	{ "an undue answer opens no further gate", CHAIN, "a|b|c\nno|yes|\n", "A!-", "2:b:W0507", NULL },
	{ "a gate that is no choice stays closed", CHAIN, "a|b|c\nyess|yes|\n", "C!-", "2:a:E0503 2:b:W0507",
	  "\"yess\" is not in the list \"yn\" (did you mean \"yes\" (Yes)?)\n"
	  "answered though not asked; the answer is kept but not counted (asked only when: a is "
	  "'Yes')\n" },
	{ "missing words satisfy required with a warning", CHAIN, "a|b|c\nyes|yes|N/A\nyes|D/K|\nCONF||\n",
	  "AAN AD- W--", "2:c:W0508 3:b:W0508 4:a:W0508", NULL },
	{ "white space alone is no answer", CHAIN, "a|b|c\nyes|yes|  \n", "AAM", "2:c:E0501", NULL },
	{ "an entry is judged within its entry", REPEAT,
	  "has|doc[1]/doc_name|doc[1]/doc_years|doc[1]/doc_why|doc[2]/doc_name|doc[2]/doc_years|doc[2]/doc_why\n"
	  "yes|Book|7||Card|3|\n",
	  "A / AAM AA-", "2:doc[1]/doc_why:E0501", NULL },
	{ "entries of a repeat not asked are undue", REPEAT,
	  "has|doc[1]/doc_name|doc[1]/doc_years|doc[1]/doc_why\nno|Book||\n", "A / !--", "2:doc[1]/doc_name:W0507",
	  "answered though not asked; the answer is kept but not counted (doc is asked only "
	  "when: has is 'Yes')\n" },
	{ "the form's message is filled with the entry's answers", REPEAT,
	  "question|answer\nhas|yes\ndoc[1]/doc_name|Book\ndoc[1]/doc_years|12\ndoc[2]/doc_name|Card\n", "A / AXM A.-",
	  "3:doc[1]/doc_why:E0501 4:doc[1]/doc_years:E0505", NULL },
	{ "each respondent's entries are their own", REPEAT,
	  "has|doc[1]/doc_name|doc[1]/doc_years|doc[1]/doc_why\nyes|Book|6|old\nno|||\nyes|Card|20|\n",
	  "A A A / AAA AXM", "4:doc[1]/doc_years:E0505 4:doc[1]/doc_why:E0501",
	  "At most ten, not 20 for Card. ()\nan answer is required ()\n" },
	{ "ticks that are none are reported one by one",
	  "survey\n|type|name|label\n|text|who|Who\n|select_multiple w|ways|Ways\nchoices\n|list_name|name|label\n"
	  "|w|sea|By sea\n|w|land|By land\n|w|air|By air\n",
	  "who|ways/sea|ways/land|ways/air\nA|perhaps|1|may be\nB|1||\n", "AC AA", "2:ways:E0503 2:ways:E0503",
	  "cannot tell from \"perhaps\" whether \"sea\" is selected (write x or 1 for a selected choice, and leave the "
	  "others blank)\n"
	  "cannot tell from \"may be\" whether \"air\" is selected (write x or 1 for a selected choice, and leave the "
	  "others blank)\n" },
	{ "many answers behind one gate are one finding after the first few",
	  "survey\n|type|name|label|relevant\n|text|go|Go|\n|begin_group|g|G|${go} = 'y'\n|text|a|A|\n|text|b|B|\n"
	  "|text|c|C|\n|text|d|D|\n|text|e|E|\n|end_group|||\n|text|f|F|${go} = 'y'\n",
	  "go|a|b|c|d|e|f\nn|1|2|3|4|5|6\nn|1|2|3|4||6\nn|1|2|3||5|\n", "A!!!!!! A!!!!-! A!!!-!-",
	  "2:a:W0507 2:b:W0507 2:c:W0507 2:d:W0514 3:a:W0507 3:b:W0507 3:c:W0507 3:d:W0514 4:a:W0507 4:b:W0507 "
	  "4:c:W0507 4:e:W0507",
	  NULL },
	{ "entries inside entries, and a sum over all of them", NESTED,
	  "house[1]/h|house[1]/person[1]/age|house[1]/person[1]/school|house[1]/person[2]/age|house[2]/h|house[2]/"
	  "person[1]/age|last\n"
	  "a|40||12|b|7|\na|9|x||b||z\na|15|x|||30|z\n",
	  "AM A! A! / A A A A A . / A- AM AM AA AA !-",
	  "2:last:E0501 2:house[1]/person[2]/school:E0501 2:house[2]/person[1]/school:E0501 3:last:W0507 4:last:W0507 "
	  "4:house[2]/person[1]/age:W0507",
	  NULL },
	{ "a name that stands twice is offered where one of its choices is", TWINS,
	  "region|town|towns\nn|ville|rome ville\ns|ville|ville rome\nw|ville|rome\nn|Southville|ville\n|ville|\n",
	  "AAC AAA AAC AAA .C.", "2:towns:E0504 4:towns:E0504 6:town:E0504", NULL },
	{ "a choice must pass the filter", CASCADE,
	  "region|town|towns\nn|oslo|oslo bergen\nn|rome|bergen rome\n|oslo|\n", "AAA ACC .C.",
	  "3:town:E0504 3:towns:E0504 4:town:E0504", NULL },
	{ "every ticked choice must pass the filter", CASCADE,
	  "region|town|towns\ns||rome\nn||oslo rome\nn||bergen oslo\ns||N/A\n", "A.A A.C A.A A.N", "3:towns:E0504",
	  NULL },
	{ "a nil return is asked nothing more", SECTION, "basis|n|t|z\nnil|||x\n", "A--A", "", NULL },
	{ "required can be a formula", SECTION, "basis|n|t|z\nfull|1||x\nfull|2||x\nfull|2|y|x\n", "AA.A AAMA AAAA",
	  "3:t:E0501", "an answer is required (required here because: n is more than 1)\n" },
	{ "a group's relevance covers groups inside it", SECTION, "basis|n|t|z\nnil|2|y|x\n", "A!!A",
	  "2:n:W0507 2:t:W0507", NULL },
	{ "a rule that reads a blank is not met", RULES, "total|part|free|must|day\n|1||x|\n", ".X.A.", "2:part:E0505",
	  "\"1\" breaks the rule for this question (the rule: from 0 to total)\n" },
	{ "a rule that allows a blank is met", RULES, "total|part|free|must|day\n||9|x|\n", "..AA.", "", NULL },
	{ "a rule is told by the form's message", RULES, "total|part|free|must|day\n5|5|6||\n", "AAXM.",
	  "2:free:E0505 2:must:E0501", "No more than 5. ()\nPlease answer. ()\n" },
	{ "a blank answer meets every rule", RULES, "total|part|free|must|day\n5|||x|\n", "A..A.", "", NULL },
	{ "missing words are judged by no rule", RULES, "total|part|free|must|day\nN/A|D/K|3|x|CONF\n", "NDAAW", "",
	  NULL },
	{ "a day is compared with the day of the import", RULES,
	  "total|part|free|must|day\n|||x|2026-12-01\n|||x|2026-12-02\n", "...AA ...AX", "3:day:E0505",
	  "Not in the future. ()\n" },
	{ "what cannot be read is told with what to write", RULES, "total|part|free|must|day\n1,000|||x|30/09/06\n",
	  "U..AU", "2:total:E0502 2:day:E0502",
	  "\"1,000\" can be read in two ways (write 1000 or 1, whichever is meant)\n\"30/09/06\" is not a date (write "
	  "the "
	  "year with four digits, as in 2026-09-30)\n" },
	{ "an unreadable answer reads as blank elsewhere", RULES, "total|part|free|must|day\nfive||3|x|\n", "U.AA.",
	  "2:total:E0502", NULL },
	{ "calculations feed later questions", CALC, "a|b|c\n6|1|x\n1|1|\n", "AAAAA AAAA-", "", NULL },
	{ "a number that is none is no answer", CALC, "a|b|c\n||x\n", ".-..!", "2:c:W0507", NULL },
	{ "a calculated value that differs is told", CALC, "a|b|twice|c\n6|1|13|x\n6|1|12.0|x\n", "AAAAA AAAAA",
	  "2:twice:W0509", "the form calculates \"12\" here; that value is used (calculated as: ${a} * 2)\n" },
	{ "a value calculated once, or of its moment, is kept as it came", ONCE, "a|first|at\n1|7|2020-01-01\n1||\n",
	  "AAA AAA", "", NULL },
	{ "entries are counted against repeat_count", COUNTED, "n|r[1]/x|r[2]/x\n2|a|b\n3|a|b\n|a|\n1|a|b\n",
	  "A A . A / A A A A A A A", "3:r:W0510 5:r:W0510",
	  "3 entries expected, 2 found (the number comes from: ${n})\n"
	  "1 entry expected, 2 found (the number comes from: ${n})\n" },
	{ "an unlikely answer counts, with a warning", UNLIKELY,
	  "age|phone|sum\n99|+61|99\n100|61|7\n200|+61|\nN/A||1\n", "AAA AAA XA. N.A",
	  "3:age:W0653 3:phone:W0653 3:sum:W0653 4:age:E0505 5:sum:W0653",
	  "Is 100 right? (correct the answer, or confirm it: it counts as it is)\n"
	  "\"61\" is unusual (correct the answer, or confirm it: it counts as it is)\n"
	  "Usually more than 100. (correct the answer, or confirm it: it counts as it is)\n"
	  "\"200\" breaks the rule for this question (the rule: less than 200)\n"
	  "Usually more than N/A. (correct the answer, or confirm it: it counts as it is)\n" },
	{ "a pattern is held against the whole answer", PATTERN, "t\nABC\nxABCx\n", "A X", "3:t:E0505", NULL },
	{ "the setting regex_search looks anywhere", PATTERN "settings\n|regex_search\n|yes\n", "t\nABC\nxABCx\nAB\n",
	  "A A X", "4:t:E0505", NULL },
	{ "a count below nothing expects no entries", COUNTED, "n|r[1]/x\n-1|a\n-1|\n", "A A / A", "2:r:W0510",
	  "0 entries expected, 1 found (the number comes from: ${n})\n" },
	{ "a path that stands twice is not told again", RULES, "question|answer\ntotal|1\ntotal|2\nmust|x\n", "2..A.",
	  "", NULL },
};

static void run_verdict_case(void **state)
{
	const struct verdict_case *wanted = *state;
	struct stage stage;
	cnv_text verdicts = { 0 };

	open_stage(&stage, wanted->form);
	judge(&stage, wanted->answers);
	put_verdicts(&verdicts, stage.batch);
	assert_text(&verdicts, wanted->verdicts);
	assert_text(&stage.findings, wanted->findings);
	if (wanted->messages)
		assert_text(&stage.messages, wanted->messages);
	cnv_text_fini(&verdicts);
	close_stage(&stage);
}

/* ---------------------------------------------------------------- the rest */

static cnv_question_id id_of(const struct stage *stage, const char *name)
{
	cnv_question_id id = cnv_form_find(stage->form, cnv_str_from(name));

	assert_true(id < stage->form->count);
	return id;
}

/* Is the question asked, and must it be answered? */
static bool must_answer(const struct stage *stage, const char *name, uint32_t row)
{
	cnv_question_id id = id_of(stage, name);

	return cnv_bit(stage->asking.asked[id], row) && stage->asking.required[id] &&
	       cnv_bit(stage->asking.required[id], row);
}

static void interview_asks_of_one_row(void **state)
{
	struct stage stage;
	uint64_t offered[1];
	uint32_t count;

	(void)state;
	open_stage(&stage, SECTION);
	judge(&stage, "basis|n|t|z\nfull|2||\nfull|1||\nnil|||\n");
	assert_true(must_answer(&stage, "t", 0));
	assert_false(must_answer(&stage, "t", 1));
	assert_true(must_answer(&stage, "n", 1));
	assert_false(must_answer(&stage, "n", 2));
	close_stage(&stage);

	open_stage(&stage, COUNTED);
	judge(&stage, "n\n2\n\n-1\n");
	assert_true(cnv_plan_repeat(stage.plan, stage.batch, id_of(&stage, "r"), 0, &world, &stage.scratch, &count));
	assert_int_equal(count, 2);
	assert_true(cnv_plan_repeat(stage.plan, stage.batch, id_of(&stage, "r"), 1, &world, &stage.scratch, &count));
	assert_int_equal(count, 0);
	close_stage(&stage);

	open_stage(&stage, REPEAT);
	judge(&stage, "has\nyes\nno\n");
	assert_true(cnv_plan_repeat(stage.plan, stage.batch, id_of(&stage, "doc"), 0, &world, &stage.scratch, &count));
	assert_int_equal(count, UINT32_MAX);
	assert_false(cnv_plan_repeat(stage.plan, stage.batch, id_of(&stage, "doc"), 1, &world, &stage.scratch, &count));
	close_stage(&stage);

	open_stage(&stage, CASCADE);
	judge(&stage, "region|town\nn|\ns|\n");
	assert_int_equal(
		cnv_plan_choices(stage.plan, stage.batch, id_of(&stage, "town"), 0, &world, &stage.scratch, offered),
		CNV_OK);
	assert_int_equal(offered[0], 3);
	assert_int_equal(
		cnv_plan_choices(stage.plan, stage.batch, id_of(&stage, "town"), 1, &world, &stage.scratch, offered),
		CNV_OK);
	assert_int_equal(offered[0], 4);
	assert_int_equal(
		cnv_plan_choices(stage.plan, stage.batch, id_of(&stage, "region"), 1, &world, &stage.scratch, offered),
		CNV_OK);
	assert_int_equal(offered[0], 3);
	close_stage(&stage);
}

static void calculated_values_stand_in_the_column(void **state)
{
	struct stage stage;
	const cnv_column *column;
	cnv_text text = { 0 };

	(void)state;
	open_stage(&stage, CALC);
	judge(&stage, "a|b|twice|sum|c\n6|1||99|x\n0.5|1|||\n|||7|\n10|5|20||x\n");
	for (uint32_t k = 2; k < 4; k++) {
		column = &stage.batch->tables[0].columns[k];
		for (uint32_t row = 0; row < 4; row++)
			cnv_text_format(&text, "[%.*s]", CNV_ARG(cnv_column_text(column, row)));
	}
	assert_text(&text, "[12][][][20][13][][][25]");
	cnv_text_fini(&text);
	close_stage(&stage);
}

/* In each entry by the answers around it, whatever its number in its own table. */
static void what_is_asked_inside_nested_repeats(void **state)
{
	static const char form[] =
		"survey\n|type|name|label|required|relevant\n|text|go|Go||\n|begin_repeat|house|House||${go} = 'y'\n"
		"|text|h|H||\n|begin_repeat|person|Person||${h} = "
		"'x'\n|text|job|Job|yes|\n|begin_repeat|pay|Pay||${job} = 'j'\n"
		"|text|sum|Sum|yes|\n|end_repeat|||\n|end_repeat|||\n|end_repeat|||\n";
	/* responses: y with houses x (persons j, k, each with a pay) and z (person j); n with house x (person j) */
	static const char answers[] =
		"go|house[1]/h|house[1]/person[1]/job|house[1]/person[1]/pay[1]/sum|house[1]/person[2]/job|"
		"house[1]/person[2]/pay[1]/sum|house[2]/h|house[2]/person[1]/job|house[2]/person[1]/pay[1]/sum\n"
		"y|x|j|1|k|1|z|j|1\nn|x|j|1||||\n";
	static const bool jobs[] = { true, true, false, false }, sums[] = { true, false, false, false };
	struct stage stage;

	(void)state;
	open_stage(&stage, form);
	judge(&stage, answers);
	for (uint32_t row = 0; row < 4; row++) {
		assert_int_equal(must_answer(&stage, "job", row), jobs[row]);
		assert_int_equal(must_answer(&stage, "sum", row), sums[row]);
	}
	close_stage(&stage);
}

static void a_shared_relevance_is_compiled_once(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, HEAD GATES "|text|t|T|${q} = 'yes'|||${q} = 'yes'\n|text|u|U|${q} = 'yes'|. != 'x'||\n"
				      "|text|v|V|${q} = 'yes'|. != 'x'||\n" LISTS);
	assert_int_equal(cnv_plan_expressions(stage.plan), 6);
	assert_int_equal(cnv_plan_programs(stage.plan), 3);
	close_stage(&stage);
}

/* Rows past one word of bits: every third response closes the gate. */
static void masks_hold_over_many_rows(void **state)
{
	struct stage stage;
	cnv_text answers = { 0 };
	const cnv_table *table;

	(void)state;
	cnv_text_put(&answers, CNV_STR("a|b|c\n"));
	for (uint32_t row = 0; row < 1000; row++)
		cnv_text_put(&answers, row % 3 == 2 ? CNV_STR("no||\n")
				       : row % 3    ? CNV_STR("yes|no|\n")
						    : CNV_STR("yes||\n"));
	cnv_text_put_char(&answers, '\0');
	open_stage(&stage, CHAIN);
	judge(&stage, answers.at);
	table = &stage.batch->tables[0];
	for (uint32_t row = 0; row < 1000; row++) {
		assert_int_equal(table->columns[1].verdicts[row], row % 3 == 2 ? CNV_NOT_ASKED
								  : row % 3    ? CNV_ACCEPTED
									       : CNV_MISSING);
		assert_int_equal(table->columns[2].verdicts[row], CNV_NOT_ASKED);
		assert_int_equal(cnv_bit(table->columns[1].usable, row), row % 3 == 1);
	}
	assert_int_equal(cnv_bits_count(table->columns[1].usable, 1024), 333);
	cnv_text_fini(&answers);
	close_stage(&stage);
}

/* Each allocation of a plan fails in turn. */
static void every_failing_allocation_of_a_plan_is_told(void **state)
{
	cnv_status status = CNV_NO_MEMORY;
	cnv_diags diags = { 0 };
	struct stage stage;

	(void)state;
	open_stage(&stage, RULES);
	for (size_t k = 0; status != CNV_OK; k++) {
		cnv_arena arena = { 0 };
		cnv_plan *plan = NULL;

		assert_true(k < 1000);
		cnv_mem_fail_after(k);
		status = cnv_plan_build(&plan, stage.form, 0, &arena, &diags);
		cnv_mem_fail_after(SIZE_MAX);
		assert_true(status == CNV_OK || status == CNV_NO_MEMORY);
		assert_true((status == CNV_OK) == (plan != NULL));
		cnv_plan_fini(plan);
		cnv_arena_fini(&arena);
	}
	assert_int_equal(diags.errors, 0);
	close_stage(&stage);
}

/* A message that quotes a long answer many times shows only the start of each. */
static void a_message_stays_short_whatever_it_quotes(void **state)
{
	cnv_text form = { 0 }, answers = { 0 };
	struct stage stage;

	(void)state;
	cnv_text_put(&form, CNV_STR("survey\n|type|name|label|constraint|constraint_message\n|text|t|T|. = 'x'|"));
	for (uint32_t i = 0; i < 1000; i++)
		cnv_text_put(&form, CNV_STR("${t};"));
	cnv_text_put_char(&form, '\0');
	cnv_text_put(&answers, CNV_STR("t\n"));
	for (uint32_t i = 0; i < 10000; i++)
		cnv_text_put(&answers, CNV_STR("\xC3\xA9"));
	cnv_text_put_char(&answers, '\0');
	open_stage(&stage, form.at);
	judge(&stage, answers.at);
	assert_int_equal(stage.messages.len, 1000 * (200 + 1) + sizeof " ()\n" - 1);
	assert_int_equal(cnv_utf8_check(cnv_text_str(&stage.messages)), stage.messages.len);
	close_stage(&stage);
	cnv_text_fini(&form);
	cnv_text_fini(&answers);
}

/* Forty rows of 30,000 bytes, quoted a thousand times each. */
static void a_formula_cannot_take_all_memory(void **state)
{
	enum { ROWS = 40, BYTES = 30000, QUOTES = 1000 };
	cnv_findings findings = { 0 };
	cnv_ledger ledger = { 0 };
	cnv_text form = { 0 }, answer = { 0 };
	struct stage stage;

	(void)state;
	cnv_text_put(&form, CNV_STR("survey\n|type|name|label|calculation\n|text|t|T|\n|calculate|c||concat("));
	for (uint32_t i = 0; i < QUOTES; i++)
		cnv_text_put(&form, i ? CNV_STR(",${t}") : CNV_STR("${t}"));
	cnv_text_put(&form, CNV_STR(")"));
	cnv_text_put_char(&form, '\0');
	while (answer.len < BYTES)
		cnv_text_put_char(&answer, 'x');
	open_stage(&stage, form.at);
	stage.batch = cnv_batch_new(stage.form);
	for (uint32_t row = 0; row < ROWS; row++) {
		cnv_batch_row(stage.batch, 0, 0, row + 2);
		cnv_batch_put(stage.batch, 0, 0, cnv_text_str(&answer), 0);
	}
	assert_int_equal(cnv_settle(stage.batch, CNV_STR("a"), &ledger), CNV_OK);
	assert_int_equal(cnv_check(stage.plan, stage.batch, &world, CNV_STR("a"), 0, &stage.scratch, &findings),
			 CNV_NO_MEMORY);
	close_stage(&stage);
	cnv_text_fini(&form);
	cnv_text_fini(&answer);
}

/* Each allocation of a whole judgement fails in turn: no crash, and the status says so. */
static void every_failing_allocation_is_told(void **state)
{
	cnv_findings findings = { 0 };
	struct stage stage;
	cnv_arena scratch = { 0 };
	cnv_status status = CNV_NO_MEMORY;

	(void)state;
	open_stage(&stage, REPEAT);
	judge(&stage, "has|doc[1]/doc_name|doc[1]/doc_years\nyes||20\n");
	for (size_t k = 0; status != CNV_OK; k++) {
		assert_int_equal(status, CNV_NO_MEMORY);
		assert_true(k < 1000);
		cnv_mem_fail_after(k);
		status = cnv_check(stage.plan, stage.batch, &world, CNV_STR("a"), 0, &scratch, &findings);
		cnv_mem_fail_after(SIZE_MAX);
		cnv_arena_fini(&scratch);
		scratch = (cnv_arena){ 0 };
	}
	close_stage(&stage);
}

int main(void)
{
	static struct CMUnitTest tests[COUNT(verdict_cases) + 9];
	size_t count = 0;

	ADD(verdict_cases, run_verdict_case);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(interview_asks_of_one_row);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(calculated_values_stand_in_the_column);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_shared_relevance_is_compiled_once);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(what_is_asked_inside_nested_repeats);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(masks_hold_over_many_rows);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_message_stays_short_whatever_it_quotes);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_formula_cannot_take_all_memory);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(every_failing_allocation_of_a_plan_is_told);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(every_failing_allocation_is_told);
	return _cmocka_run_group_tests("check", tests, count, NULL, NULL);
}
