"""collect: how an interview looks, in terminals of any width, in every script and locale."""
import re
import unicodedata
import unittest

from story import NOW, Story
from terminal import Terminal, rendered

LABEL = "How many of the inspections that were carried out in ports last year were announced to the owner of the ship?"
KANJI = "船員の身分証明書に関する法律は、締約国が発給する身分証明書を入国の際に有効なものとして認めているか。"
ARABIC = "هل تعترف الدولة بوثيقة هوية البحارة الصادرة عن دولة أخرى طرف في الاتفاقية عند دخول الموانئ؟"
MARKS = unicodedata.normalize("NFD", "Les pièces d'identité délivrées à l'étranger sont-elles reconnues à l'entrée du pays, même périmées?")
SHORT = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota"]
FORM = """survey
,type,name,label,hint,required,constraint,constraint_message,qno,guidance_hint
,select_one who,who,Who?,,yes,,,,
,begin_group,section,Ships and ports,,,,,,
,integer,count,%s,Count each inspection once; leave out those that were broken off before the ship was boarded.,yes,. >= 0 and . < 150,From 0 to 149.,A1,Ask the port.
,select_one kanji,kanji,%s,,,,,A2,
,text,arabic,%s,,,,,,
,text,marks,"%s",,,,,A4,
,select_multiple short,letters,Letters,,,,,A5,
,end_group,,,,,,,,
,date,day,Day,,,,,,
,begin_repeat,doc,Document,,,,,,
,text,title,Title,,,,,,
,end_repeat,,,,,,,,
,text,last,Anything else?,,,,,,
choices
,list_name,name,label
,who,aa,Alpha
,who,bb,Beta
,kanji,ja,はい、締約国のすべての身分証明書を、種類と発給の時期を問わず、例外なく有効なものとして認めている。
,kanji,nein,いいえ
%s
settings
,form_id,version,respondent
,face,1,who
""" % (LABEL, KANJI, ARABIC, MARKS, "\n".join(",short,%s,%s" % (label.lower(), label) for label in SHORT))
SIZES = [(columns, locale) for columns in (40, 200) for locale in ("C", "C.UTF-8")]


def width(text):
    """Columns of the terminal, by the tables of Python."""
    return sum(0 if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me", "Cf")
               else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def joined(text):
    return " ".join(text.split())


class Face(Story):
    def talk(self, typed, *args, columns=80, **env):
        """Types lines at the prompts (what ends in a Tab is gone on with), or does with the terminal what a function says;
        gives (exit code, what the terminal showed).  A line with a text: what is behind the next prompt before it is typed at."""
        terminal, waiting, left = Terminal("collect", *args, columns=columns, **env), list(typed), ""
        while terminal.prompt(left.encode()) is not None:
            if waiting:
                line = waiting.pop(0)
                if callable(line):
                    line(terminal)
                    continue
                line, left = line if isinstance(line, tuple) else (line, line[:-1] if line.endswith("\t") else "")
                terminal.type(line if line[-1:] in ("\t", "\n") else line + "\n")
        code, screen = terminal.end()
        self.assertEqual(waiting, [], screen)
        return code, screen

    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", FORM)
        self.runs = 0

    def interview(self, typed, code=130, **how):
        """What an interview showed that is stopped by :q, or ends with another exit code."""
        self.runs += 1
        store = self.path("%d.db" % self.runs)
        got, screen = self.talk(typed, self.form, "--store", store, "--now", NOW, **how)
        self.assertEqual(got, code, screen)
        return screen


class Lines(Face):
    def test_lines_end_between_words_and_fit_the_terminal(self):
        for columns, locale in SIZES:
            with self.subTest(columns=columns, locale=locale):
                screen = self.interview(["1", "2", "1", "", "", ":q"], columns=columns, LC_ALL=locale)
                told = screen[:screen.rindex("  next: ")]
                wide = [line for line in told.split("\n") if width(line) > min(columns, 100)]
                self.assertEqual(wide, [])
                for text in (LABEL, ARABIC, MARKS, "Count each inspection once; leave out those that were broken off"):
                    self.assertIn(text, joined(told))
                self.assertIn(KANJI, re.sub(r"\s", "", told))

    def test_what_goes_on_is_below_its_beginning(self):
        screen = self.interview(["1", "2", ":q"], columns=40)
        self.assertIn("\nA1  How many of the inspections that\n    were carried out in ports last year\n", screen)
        self.assertIn("\n    (whole number, at least 0 and less\n    than 150; required)\n", screen)
        choice = screen[screen.index("    1  はい"):screen.index("    2  いいえ")].rstrip("\n").split("\n")
        self.assertGreater(len(choice), 1)
        self.assertTrue(all(re.match(r" {7}\S", line) for line in choice[1:]), choice)

    def test_only_many_short_choices_are_in_columns(self):
        typed = ["1", "2", "1", "", "", ":q"]
        screen = self.interview(typed)
        self.assertIn("\n    1  Alpha     3  Gamma     5  Epsilon   7  Eta       9  Iota\n", screen)
        self.assertIn("\n    1  Alpha\n    2  Beta\n", screen)
        self.assertIn("\n    1  Alpha\n    2  Beta\n    3  Gamma\n", self.interview(typed, CANVASS_ACCESSIBLE="1"))

    def test_a_window_that_becomes_narrower_is_noticed_at_the_next_line(self):
        """Each line has the width that the terminal has when it is printed."""
        def narrow(terminal):
            terminal.resize(40)
            terminal.type(":?\n")

        def wide(terminal):
            terminal.resize(90)
            terminal.type(":?\n")
        screen = self.interview(["1", narrow, wide, ":q"], columns=120)
        first, second, third, _ = screen.split("A1 (2/8)> ")
        widest = [max(width(line) for line in part.split("\n")) for part in (first[first.index("== "):], second, third)]
        self.assertTrue(80 < widest[0] <= 100 and widest[1] <= 40 < 80 < widest[2] <= 90, widest)

    def test_a_section_a_number_and_progress_are_shown(self):
        screen = self.interview(["1", "2", ":q"])
        self.assertIn("\n== Ships and ports ==\n", screen)
        self.assertIn("\nA1 (2/8)> 2\n", screen)
        self.assertIn("\nA2 (3/8)> :q\n", screen)


class Typing(Face):
    def test_tab_completes_labels_and_codes(self):
        for columns, locale in SIZES:
            with self.subTest(columns=columns, locale=locale):
                screen = self.interview(["AL\t\n", "2", "は\t\n", "", "", "1,eps\t\n", ":g ti\t\n", ":g kan\t\n", "ja\t\n",
                                         ":q"], columns=columns, LC_ALL=locale)
                self.assertIn("\n== Ships and ports ==\n", screen)
                self.assertIn("  = Alpha, Epsilon\n", screen)
                self.assertIn(":g kanji", screen)
                kept = screen[screen.index(":g kanji"):]
                self.assertIn("answer: はい", kept)
                self.assertIn("  = はい", kept)

    def test_tab_lists_what_may_be_meant(self):
        screen = self.interview(["1", "2", "", "", "", "e\t", "p\t\n", ":g l\t", "ast\n", ":q"])
        self.assertIn("\n    Epsilon\n    Eta\n", screen)
        self.assertIn("> Epsilon\n", screen)
        self.assertIn("\n    letters\n    last\n", screen)
        self.assertIn("\nAnything else?\n", screen)

    def test_a_label_with_a_comma_is_completed_to_its_code(self):
        form = FORM.replace(",short,theta,Theta", ',short,theta,"Theta, and the rest"')
        self.form = self.write("form.csv", form)
        screen = self.interview(["1", "2", "", "", "", "alpha,the\t\n", ":q"])
        self.assertIn("  = Alpha, Theta, and the rest\n", screen)

    def test_an_answer_is_deleted(self):
        screen = self.interview(["1", ":d", "2", ":d", ":g count", ":d", ":d", "5", ":q"])
        self.assertEqual(screen.count("! there is no answer to delete"), 3, screen)
        self.assertIn("  answer deleted\n", screen)
        self.assertIn("answer: 2\n", screen)
        self.assertNotIn("answer: 2\n", screen[screen.index("answer deleted"):])

    def test_a_rejected_text_is_ready_to_be_edited_or_replaced(self):
        """Backspace edits the line, a letter or digit replaces it; a choice or a number is typed anew."""
        typed = ["1", "1500", "150", "7", "Nein", "", "", "", ("2026-13-01", "2026-13-01"), "\x7f" * 5 + "12-01", ":g day",
                 ("x", "x"), ("日本", "日本"), ("2026-02-30", "2026-02-30"), "", ":q"]
        screen = rendered(self.interview(typed))
        self.assertIn("A1 (2/8)> 1500\n  ! From 0 to 149.\n  Type another; the same again is kept, and reported\nA1 (2/8)> 150\n", screen)
        self.assertIn("(7/8)> 2026-13-01\n", screen)
        self.assertIn("Type another, or edit this one; Enter again keeps it, and reports it\n(7/8)> 2026-12-01\n", screen)
        self.assertIn('  ! "2026-02-30" does not exist: February 2026 has 28 days\n', screen)

    def test_a_date_that_can_be_read_in_two_ways_asks_which_is_meant(self):
        typed = ["1", "2", "", "", "", "", "1/12/2026", "3", ("", "1/12/2026"), "", ":g day", "1/12/2026", "2", ":g day", ":q"]
        for columns, locale in SIZES:
            with self.subTest(columns=columns, locale=locale):
                screen = self.interview(typed, columns=columns, LC_ALL=locale)
                self.assertEqual(screen.count('  ! "1/12/2026" can be read in two ways\n    1  1 December 2026\n    2  12 January 2026\n'
                                              "which? (1-2)> "), 2, screen)
                self.assertIn("! type 1 or 2, or another answer; Enter returns to the question", joined(screen))
                self.assertIn("answer: 2026-01-12\n", screen)

    def test_another_answer_may_be_typed_instead_of_one_of_the_readings(self):
        """Also one that can be read in two ways as well, or that is no date and then ready to be edited."""
        typed = ["1", "2", "", "", "", "", "1/12/2026", "2/11/2026", ("soon", "soon"), "3 Nov 2026", ":g day", ":q"]
        screen = self.interview(typed)
        for words in ('! "2/11/2026" can be read in two ways\n    1  2 November 2026\n', '! "soon" is not a date', "  = 2026-11-03\n"):
            self.assertIn(words, screen)

    def test_what_is_no_choice_is_said_in_words_of_the_interview(self):
        screen = self.interview(["1", "2", "", "", "", "1 zzzz", "2 Gama", "2", "", ":q"])
        self.assertIn('  ! "zzzz" is not one of the choices\n'
                      "    type the number of a choice, or the first characters of its label\n", screen)
        self.assertIn('  ! "Gama" is not one of the choices\n    did you mean "Gamma"?\n', screen)

    def test_letters_of_every_script_are_corrected(self):
        """A Backspace takes a whole letter away, whatever its bytes and width."""
        typed = ["1", "2", "", "日本x\x7f\x7f語", "عربx\x7f\x7fد", "", ":r", ":q"]
        for columns, locale in SIZES:
            with self.subTest(columns=columns, locale=locale):
                screen = re.sub(r"\s", "", self.interview(typed, columns=columns, LC_ALL=locale))
                for answer in (ARABIC + "日語", MARKS + "عرد"):
                    self.assertIn(re.sub(r"\s", "", answer), screen)


NEW = """survey
,type,name,label,required,relevant,constraint,choice_filter
,note,intro,Welcome to the port.,,,,
,select_one who,who,Who?,yes,,,
,note,first,Please be exact.,,,,
,begin_group,facts,The facility,,,,
,integer,calls,Ships that called,,,,
,decimal,abroad,Of these: from abroad,,,. <= ${calls} or ${calls} = '',
,text,why,Why none?,${abroad} = 0,,,
,end_group,,,,,,
,begin_repeat,doc,Document,,,,
,text,title,Title,yes,,,
,end_repeat,,,,,,
,select_one size,size,Size,,,,wide = 'y' or ${calls} > 5
,acknowledge,signed,I agree.,yes,,,
choices
,list_name,name,label,wide
,who,aa,Alpha,
,size,s,Small,y
,size,l,Large,n
settings
,form_id,version,respondent
,new,1,who
"""


class Newcomer(Face):
    """Somebody who has read nothing and finds no names or words of the form's author."""

    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", NEW)

    def test_a_note_above_the_first_question_is_shown_first(self):
        self.assertRegex(self.interview(["1", ":q"]), r"\nWelcome to the port\.\n\nWho\?\n(.*\n)+\nPlease be exact\.\n")
        store = ["--store", self.path("named.db"), "--now", NOW]
        screen = self.talk(["5", ":q"], self.form, "aa", *store)[1]
        self.assertIn("\nWelcome to the port.\n\nPlease be exact.\n", screen)
        self.assertNotIn("Welcome", self.talk(["y", ":q"], self.form, "aa", *store)[1])

    def test_rules_mention_questions_by_their_titles(self):
        screen = self.interview(["1", "3", "4", "0", "", "", "n", "large", "", "y", ":q"])
        self.assertIn('  ! "4" breaks the rule for this question\n    the rule: the answer is at most "Ships that called" or "Ships that called"\n'
                      "    is not answered\n", screen)
        self.assertIn('    required here because: "Of these: from abroad" is 0\n', screen)
        self.assertIn("is not offered with these other answers\n    choose among those that are shown\n", screen)
        for name in ("calls is", "abroad is", "${", "wide ="):
            self.assertNotIn(name, screen)

    def test_the_review_has_the_titles_of_sections_and_entries(self):
        typed = ["1", "3", "1", "", "y", "Law", "y", "", "", "n", "", "y", "r", ":q"]
        screen = self.interview(typed)
        self.assertIn("\n  Document, entry 2\n    6  Title: (missing)\n  y submits", screen)
        self.assertIn("submit? (y/n)> r\n    1  Who? Alpha\n  The facility\n    2  Ships that called: 3\n"
                      "    3  Of these: from abroad: 1\n    4  Why none? -\n  Document, entry 1\n    5  Title: Law\n"
                      "  Document, entry 2\n    6  Title: (missing)\n    7  Size: -\n    8  I agree. OK\n", screen)

    def test_an_entry_that_is_edited_has_its_title(self):
        screen = self.interview(["1", "", "", "", "y", "Law", "e 1", ":q"])
        self.assertEqual(screen.count("\n== Document, entry 1 ==\n"), 2)

    def test_y_confirms(self):
        screen = self.interview(["1", "", "", "", "n", "", "maybe", "y", ":q"])
        self.assertIn('  ! "maybe" is not OK\n    type ok to confirm\n', screen)
        self.assertIn("> y\n  = OK\n", screen)

    def test_what_was_typed_has_no_notes_on_files(self):
        screen = self.interview(["1", "1", "0,5", "", "n", "", "y", "y"], code=0)
        self.assertNotIn("of the file", screen)


# Of each line of :h, by its beginning: the question it is tried at, what is typed, and what is shown after it, without white
# space.  Remarks and answers are in every script.
LINES = [
    ("Enter", "count", ["12", ":b", ""], "answer:12A1(2/8)>A2船員"),
    ("Tab", "kanji", ["い\t\n"], "A2(3/8)>いいえ" + ARABIC + "(4/8)>"),
    ("/WORD", "kanji", ["/いい"], "2いいえA2(3/8)>"),
    ("/WORD", "letters", ["/ETA"], "2Beta6Zeta7Eta8ThetaA5(6/8)>"),
    ("/WORD", "letters", ["/締約国"], "nochoicehasthiswordA5(6/8)>"),
    (":?", "count", [":?"], "Asktheport.rule:atleast0andlessthan150A1" + LABEL),
    (":b", "letters", [":b"], "A4" + MARKS),
    (":b", "count", [":b"], "thisisthefirstquestionA1(2/8)>"),
    (":g", "count", [":g A5"], "A5Letters(chooseoneorseveral,suchas1,3-5)"),
    (":g", "count", [":g 4"], ARABIC + "(4/8)>"),
    (":s", "arabic", [":s", "4", "2"], "why?(1-3)>4!type1,2or3;Enterreturnstothequestionwhy?(1-3)>2A4"),
    (":d", "marks", ["e\u0301le\u0300ve", ":b", ":d"], "answer:e\u0301le\u0300veA4(5/8)>:danswerdeletedA4" + MARKS + "A4(5/8)>"),
    (":d", "arabic", ["مرفأ", ":b", ":d"], "answer:مرفأ(4/8)>:danswerdeleted" + ARABIC + "(4/8)>"),
    (":d", "arabic", ["港湾", ":b", ":d"], "answer:港湾(4/8)>:danswerdeleted" + ARABIC + "(4/8)>"),
    (":n", "arabic", [":n 電話で", ":?"], "remarkkept" + ARABIC + "(4/8)>:?" + ARABIC + "remark:電話で"),
    (":n", "arabic", [":n عبر الهاتف", ":?"], "remark:عبرالهاتف(4/8)>"),
    (":n", "arabic", [":n par te\u0301le\u0301phone", ":?"], "remark:parte\u0301le\u0301phone(4/8)>"),
    (":l", "marks", [":l"], "nothingismissingorwrongA4" + MARKS),
    (":r", "marks", [":r"], "1Who?AlphaShipsandports2A1" + LABEL + "12"),
    (":lang", "marks", [":lang xx"], "languages:(one,withoutaname)A4" + MARKS),
    (":h", "marks", [":h"], ":qsavesandquits;thesamecommandgoesonlater:hthishelp"),
    ("::", "arabic", ["::港", ":b"], "=:港A4"),
    (":q", "doc", ["y", "Act", "n", ":g doc", "d 1", ":q"], "1Actyaddsanother;e1editsandd1deletesthefirstaddanotherentry?(y/n)>d1Document:0entries"
     "addanentry?(y/n)>:qstopped:"),
]

LANGUAGES = """survey
,type,name,label::English (en),label::日本語 (ja),label::العربية (ar)
,select_one who,who,Who?,誰ですか,من؟
,text,port,Which port?,どの港ですか,أي ميناء؟
choices
,list_name,name,label::English (en),label::日本語 (ja),label::العربية (ar)
,who,aa,Alpha,甲,ألفا
settings
,form_id,version,respondent,default_language
,tongues,1,who,English (en)
"""


class Commands(Face):
    def test_each_line_of_the_help_in_every_terminal(self):
        typed = ["1", "2"] + [key for _, name, keys, _ in LINES for key in (":g " + name, *keys)]
        for columns, locale in SIZES:
            whole = rendered(self.interview(typed, columns=columns, LC_ALL=locale))
            help = whole[whole.index("> :h\n"):].split("\n\n")[0]
            self.assertEqual(set(re.findall(r"^  (\S+)", help, re.M)), {line for line, *_ in LINES})
            rest = re.sub(r"\s", "", whole)
            for row, (line, name, keys, shown) in enumerate(LINES):
                rest = rest[rest.index(">:g" + name) + 1:]
                end = rest.index(">:g" + LINES[row + 1][1]) if row + 1 < len(LINES) else len(rest)
                with self.subTest(line=line, name=name, keys=keys, columns=columns, locale=locale):
                    self.assertIn(re.sub(r"\s", "", shown), rest[:end + 1])

    def test_the_language_changes_at_any_question(self):
        self.form = self.write("form.csv", LANGUAGES)
        for columns, locale in SIZES:
            with self.subTest(columns=columns, locale=locale):
                screen = self.interview(["1", ":lang ja", ":lang ar", ":lang", ":r", "x", ":lang ja", ":r", ":q"], columns=columns, LC_ALL=locale)
                for text in ("(2/2)> :lang ja\n\nどの港ですか\n(2/2)> :lang ar\n\nأي ميناء؟\n(2/2)> :lang\n  languages:\n    English (en)\n    日本語 (ja)\n",
                             "    1  من؟ ألفا\n", "    1  誰ですか: 甲\n"):
                    self.assertIn(text, screen)

    def test_every_command_in_every_terminal(self):
        typed = ["1", ":?", ":n by telephone", ":s", "2", ":b", ":h", "?", "help", "/x", "200", "7", "/いい", "2", "::x", ":l",
                 "é", ":lang", ":x", "1-3", ":r", "", "y", "Law", ":g doc", "e 1", "Act", "n", ":r", "last", "n"]
        for columns, locale in SIZES:
            with self.subTest(columns=columns, locale=locale):
                screen = joined(self.interview(typed, columns=columns, LC_ALL=locale, CANVASS_ACCESSIBLE="1"))
                for text in ("Ask the port.", "remark kept", "remark: by telephone", "why? (1-3)>", "saves and quits",
                             "From 0 to 149.", "= いいえ", "= Alpha, Beta, Gamma", "languages:", "! unknown command",
                             "Document: 1 entry 1 Law", "Document: 1 entry 1 Act", "submit? (y/n)>", ARABIC + " :x",
                             "nothing was submitted"):
                    self.assertIn(text, screen)

    def test_after_a_short_command_the_question_is_recalled_in_a_line(self):
        """After a long one it is shown again, and after one that failed it is still just above."""
        screen = self.interview(["1", "2", "2", ":n by post", ":b", ":n", ":n by telephone", ":d", ":g zz", ":s", "", ":q"])
        parts = [re.sub(r"\s", "", part) for part in screen.split("> ")]
        title = "A2" + KANJI
        self.assertEqual(parts[4], ":nbypostremarkkept" + re.sub(r"\s", "", ARABIC) + "(4/8)")
        self.assertEqual(parts[6], ":n!typetheremarkafter:n" + title + "answer:いいえA2(3/8)")
        self.assertEqual(parts[7], ":nbytelephoneremarkkept" + title + "answer:いいえA2(3/8)")
        self.assertEqual(parts[8], ":danswerdeleted" + title + "A2(3/8)")
        self.assertEqual(parts[9], ":gzz!noquestionthatisaskedhasthisnameornumberA2(3/8)")
        self.assertEqual(parts[11], title + "A2(3/8)")

    def test_the_review_knows_the_commands_of_the_response(self):
        typed = ["1", "2", "", "", "", "", "", "n", "", ":?", ":l", ":h", ":r", ":b", ":g letters", "e", "eta", ":g 8", "", ":q"]
        for columns, locale in SIZES:
            with self.subTest(columns=columns, locale=locale):
                screen = joined(self.interview(typed, columns=columns, LC_ALL=locale))
                for text in ("! this command is for a question; type the number of one", "nothing is missing or wrong", "saves and quits",
                             "6 A5 Letters: -", "Anything else? (8/8)> :g letters", "= Eta"):
                    self.assertIn(text, screen)
                self.assertIn("submit? (y/n)> :q stopped: the answers so far are in a draft; nothing was submitted", screen)

    def test_questions_that_a_change_at_the_review_opens_are_asked_before_it(self):
        form = FORM.replace("guidance_hint", "guidance_hint,relevant").replace("Anything else?,,,,,,", "Anything else?,,,,,,,${count} = 5")
        self.form = self.write("form.csv", form)
        typed = ["1", "2", "", "", "", "", "", "n", "count", "3", "count", "5", "the sea", ":q"]
        screen = self.interview(typed)
        self.assertIn("submit? (y/n)> count\n", screen)
        self.assertIn("A1 (2/7)> 5\n\nAnything else?\n(8/8)> the sea\n\n3 of 8 questions answered, 5 left blank\n", screen)


if __name__ == "__main__":
    unittest.main()
