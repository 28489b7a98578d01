"""Returned files in whatever encoding a program saves: read right, or refused; never wrong.

Every answer here is invented.  Each language has a question's label, two choices, and two answers in its own words."""
import unittest

from story import NOW, Story, import_json, run

# language: (its code, labels of the questions `why` and `ok`, yes, no, two answers)
WORDS = {
    "English": ("en", "Why not?", "Agreed?", "Yes", "No", "The harbour’s café – “closed” since May", "naïve façade"),
    "Japanese": ("ja", "理由を説明してください", "同意しますか", "はい", "いいえ", "港の事務所が閉まっていたため、回答が遅れました。", "船員手帳は海事局が発行します"),
    "Chinese (zh-Hans)": ("zh-Hans", "请说明理由", "是否同意", "是", "否", "海员证由海事局签发，有效期五年。", "目前没有这项规定，正在研究"),
    "Chinese (zh-Hant)": ("zh-Hant", "請說明理由", "是否同意？", "同意的", "不同意", "海員證由航港局簽發，有效期間五年。", "目前沒有這項規定，正在研究"),
    "Korean": ("ko", "이유를 설명해 주십시오", "동의하십니까", "예", "아니오", "선원신분증명서는 해양수산부가 발급합니다.", "현재 관련 규정이 없습니다"),
    "Russian": ("ru", "Объясните причину", "Согласны ли вы?", "Да", "Нет", "Удостоверение выдаёт капитан порта.", "Правила пока не приняты"),
    "Ukrainian": ("uk", "Поясніть причину", "Чи ви згодні?", "Так", "Ні", "Посвідчення видає капітан порту, її ще немає", "Правил іще немає"),
    "Thai": ("th", "โปรดอธิบายเหตุผล", "เห็นด้วยหรือไม่", "ใช่", "ไม่ใช่", "กรมเจ้าท่าเป็นผู้ออกเอกสาร", "ยังไม่มีกฎหมายเรื่องนี้"),
    "Vietnamese": ("vi", "Hãy giải thích lý do", "Đồng ý không?", "Có", "Không phải", "Cục Hàng hải Việt Nam cấp giấy tờ này", "Chưa có quy định về việc đó"),
    "Spanish": ("es", "Explique la razón", "¿Está de acuerdo?", "Sí", "Aún no", "La capitanía emite la libreta; el año próximo cambiará", "Todavía está en discusión, señor"),
    "French": ("fr", "Précisez la raison", "Êtes-vous d’accord ?", "Oui, bien sûr", "Non, jamais été", "Le bureau délivre les pièces d’identité à l’été", "Très différent à cet égard"),
    "German": ("de", "Begründung für später", "Prüfung genügt?", "Gewiß", "Noch üblich", "Die Behörde prüft gründlich und höflich", "Schließlich überflüssig"),
    "Portuguese": ("pt", "Explique a razão", "Está de acordo?", "Concordo, então", "Não", "A situação das tripulações é revista em março", "Ainda não há decisão"),
    "Polish": ("pl", "Proszę podać przyczynę", "Czy się zgadzasz?", "Zgadzam się", "Nie, wcześniej", "Urząd morski wydaje książeczkę żeglarską", "Jeszcze trwają prace, później będzie więcej"),
    "Czech": ("cs", "Uveďte důvod", "Souhlasíte s částí?", "Určitě", "Ještě ne", "Úřad vydává průkazy námořníků každý měsíc", "Příští rok může být změněno"),
    "Greek": ("el", "Εξηγήστε τον λόγο", "Συμφωνείτε;", "Ναι", "Όχι", "Το λιμεναρχείο εκδίδει το βιβλιάριο", "Άδεια δεν υπάρχει ακόμη"),
    "Turkish": ("tr", "Lütfen nedenini açıklayın", "Katılıyor musunuz, değil mi?", "Evet, doğru", "Hayır, değil", "Liman başkanlığı gemiadamı cüzdanı düzenler", "Henüz böyle bir düzenleme yapılmadı, şimdilik"),
    "Hebrew": ("he", "נא לנמק", "האם מסכים", "כן", "לא", "רשות הספנות והנמלים מנפיקה את התעודה", "אין עדיין תקנה"),
    "Arabic": ("ar", "يرجى ذكر السبب", "هل توافق", "نعم", "لا", "تصدر سلطة الموانئ هذه الوثيقة", "لا يوجد قانون بعد"),
    "Lithuanian": ("lt", "Paaiškinkite priežastį", "Ar sutinkate su šiuo?", "Žinoma", "Dar ne, vėliau", "Uosto kapitonas išduoda jūreivio knygelę", "Tokių taisyklių dar nėra, bet bus greičiau"),
}

# (language, Python's name of the encoding, canvass's, delimiter)
SAMPLES = [
    ("Japanese", "cp932", "Shift_JIS", ","),
    ("Japanese", "cp932", "Shift_JIS", "\t"),
    ("Japanese", "euc_jp", "EUC-JP", ","),
    ("Chinese (zh-Hans)", "gb18030", "GB18030", ","),
    ("Chinese (zh-Hans)", "gbk", "GB18030", "\t"),
    ("Chinese (zh-Hant)", "big5", "Big5", ","),
    ("Chinese (zh-Hant)", "big5hkscs", "Big5", ";"),
    ("Korean", "cp949", "EUC-KR", ","),
    ("Korean", "euc_kr", "EUC-KR", "\t"),
    ("Russian", "cp1251", "windows-1251", ";"),
    ("Russian", "koi8_r", "KOI8-R", ";"),
    ("Russian", "iso8859_5", "ISO-8859-5", ","),
    ("Russian", "mac_cyrillic", "MacCyrillic", ";"),
    ("Ukrainian", "cp1251", "windows-1251", ";"),
    ("Thai", "cp874", "windows-874", ","),
    ("Thai", "tis_620", "windows-874", "\t"),
    ("Vietnamese", "cp1258", "windows-1258", ","),
    ("Spanish", "cp1252", "windows-1252", ";"),
    ("Spanish", "mac_roman", "MacRoman", ";"),
    ("Spanish", "cp850", "CP850", ";"),
    ("Spanish", "latin_1", "windows-1252", ","),
    ("French", "cp1252", "windows-1252", ";"),
    ("French", "mac_roman", "MacRoman", ";"),
    ("French", "iso8859_15", "windows-1252", ";"),
    ("German", "cp1252", "windows-1252", ";"),
    ("German", "cp850", "CP850", ";"),
    ("Portuguese", "cp1252", "windows-1252", ";"),
    ("Portuguese", "cp850", "CP850", "|"),
    ("Polish", "cp1250", "windows-1250", ";"),
    ("Polish", "iso8859_2", "ISO-8859-2", ";"),
    ("Polish", "mac_latin2", "MacCentralEurope", ";"),
    ("Czech", "cp1250", "windows-1250", ";"),
    ("Czech", "iso8859_2", "ISO-8859-2", ","),
    ("Greek", "cp1253", "windows-1253", ";"),
    ("Greek", "iso8859_7", "ISO-8859-7", ";"),
    ("Turkish", "cp1254", "windows-1254", ";"),
    ("Turkish", "iso8859_9", "windows-1254", "\t"),
    ("Hebrew", "cp1255", "windows-1255", ","),
    ("Arabic", "cp1256", "windows-1256", ","),
    ("Lithuanian", "cp1257", "windows-1257", ";"),
    ("English", "cp1252", "windows-1252", ","),
    ("English", "mac_roman", "MacRoman", ","),
]
SIGNS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


def named(language):
    return language if "(" in language else "%s (%s)" % (language, WORDS[language][0])


def quoted(cells, delimiter):
    return delimiter.join('"%s"' % c.replace('"', '""') if delimiter in c or '"' in c else c for c in cells)


def form():
    """A small form in all languages."""
    heads = ["", "type", "name"] + ["label::" + named(k) for k in WORDS]
    lines = [["survey"], heads, ["", "text", "who"] + ["Who"] * len(WORDS), ["", "select_one yn", "ok"] + [w[2] for w in WORDS.values()],
             ["", "text", "why"] + [w[1] for w in WORDS.values()], ["", "text", "more"] + ["More"] * len(WORDS),
             ["choices"], ["", "list_name", "name"] + heads[3:], ["", "yn", "yes"] + [w[3] for w in WORDS.values()],
             ["", "yn", "no"] + [w[4] for w in WORDS.values()], ["settings"], ["", "form_id", "version", "respondent"], ["", "small", "1", "who"]]
    return "".join(quoted(line, ",") + "\n" for line in lines)


def encode(text, encoding):
    if encoding in ("iso8859_15", "latin_1", "cp850"):
        text = text.replace("’", "'")
    if encoding != "cp1258":
        return text.encode(encoding)
    # Python does not take the letters of Vietnamese apart: the tone is a mark of its own.
    import unicodedata
    out = b""
    for c in text:
        try:
            out += c.encode(encoding)
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", c)
            tone = [p for p in parts if p in "\u0300\u0301\u0303\u0309\u0323"]
            rest = unicodedata.normalize("NFC", "".join(p for p in parts if p not in tone))
            out += rest.encode(encoding) + "".join(tone).encode(encoding)
    return out


def labelled(language, delimiter):
    """A long file: labels beside the answers, and a choice given by its label."""
    w = WORDS[language]
    lines = [["question", "no", "label", "answer", "note"], ["who", "", "Who", "AA", ""], ["ok", "", w[2], w[4], ""],
             ["why", "", w[1], w[5], ""], ["more", "", "More", w[6], ""]]
    return "".join(quoted(line, delimiter) + "\r\n" for line in lines)


def bare(language, delimiter):
    """A wide file of names and codes: only what the respondent wrote is beyond ASCII."""
    w = WORDS[language]
    return "".join(quoted(line, delimiter) + "\r\n" for line in [["who", "ok", "why", "more"], ["AA", "no", w[5], w[6]]])


class Encodings(Story):
    def setUp(self):
        super().setUp()
        self.form = self.write("form.csv", form())

    def take(self, content, *more, language=""):
        roster = self.write("roster.csv", "code,name,language\nAA,Alpha,%s\n" % language)
        return import_json(self.form, self.write("AA.csv", content), "-n", "--store", self.path("s.db"), "--roster", roster, "--now", NOW, *more)

    def judge(self, make, with_language):
        """How many samples are read right, wrong, and refused."""
        right, wrong, refused = 0, [], []
        for language, python, canvass, delimiter in SAMPLES:
            text = make(language, delimiter)
            code, result, err = self.take(encode(text, python), language=WORDS[language][0] if with_language else "")
            findings = result["returns"][0]["findings"]
            notes = [f["message"] for f in findings if f["code"] == "N0620"]
            sample = (language, python, SIGNS[delimiter])
            if [f for f in findings if f["code"] == "E0621"]:
                refused.append(sample + ([f["message"] for f in findings if f["code"] == "E0621"][0],))
            elif notes and notes[0].startswith("read as %s, %s:" % (canvass, SIGNS[delimiter])) and result["errors"] == 0:
                right += 1
            else:
                wrong.append(sample + tuple(f["message"] for f in findings))
        return right, wrong, refused

    def show(self, name, right, wrong, refused):
        self.tell("encodings, %s: %d of %d right, %d wrong, %d refused" % (name, right, len(SAMPLES), len(wrong), len(refused)))
        for sample in wrong + refused:
            print(sample)

    def test_files_with_the_words_of_the_form_are_read_right(self):
        right, wrong, refused = self.judge(labelled, False)
        self.show("with labels", right, wrong, refused)
        self.assertEqual(wrong, [])
        self.assertGreaterEqual(right, len(SAMPLES) - 1)

    def test_files_of_answers_alone_are_read_right_by_the_language_of_the_roster(self):
        right, wrong, refused = self.judge(bare, True)
        self.show("answers alone, language known", right, wrong, refused)
        self.assertEqual(wrong, [])
        self.assertGreaterEqual(right, len(SAMPLES) - 3)

    def test_files_of_answers_alone_are_read_right_or_refused_where_no_language_is_known(self):
        right, wrong, refused = self.judge(bare, False)
        self.show("answers alone, language unknown", right, wrong, refused)
        self.assertEqual(wrong, [])

    def findings(self, content, *more):
        code, result, err = self.take(content, *more)
        return code, result["returns"][0]

    def test_what_another_program_spoilt_is_named_with_its_place(self):
        start = "question,answer\r\nwho,AA\r\nok,no\r\nwhy,"
        for spoilt, message in {
            "Le CafÃ© dâ€™Ã©tÃ©": '"CafÃ©" is probably "Café", UTF-8 opened as windows-1252, and so at 4 places in all',
            "Правила".encode().decode("cp1251", "replace"): '"%s" is probably "Правила", UTF-8 opened as windows-1251, and so at 7 places in all' %
                "Правила".encode().decode("cp1251"),
            "Caf√© √©": '"Caf√©" is probably "Café", UTF-8 opened as MacRoman, and so at 2 places in all',
            "Pr├╝fung ├╝": '"Pr├╝fung" is probably "Prüfung", UTF-8 opened as CP850, and so at 2 places in all',
        }.items():
            code, found = self.findings(start + spoilt + "\r\n")
            self.assertEqual([(f["code"], f["row"], f["column"], f["message"]) for f in found["findings"]], [("W0623", 4, 2, message)])
            self.assertEqual((code, found["outcome"]), (0, "accepted"))
        code, found = self.findings(start + "Caf\ufffd\r\n")
        self.assertEqual([(f["code"], f["row"], f["column"]) for f in found["findings"]], [("W0624", 4, 2)])

    def test_sound_text_is_not_called_spoilt(self):
        for text in ("„MENÜ“ Ä“ JOÃO DÉJÀ «É» Ö–x Â", "Правила пока не приняты", "Đồng ý không? À là", "港の事務所が", "√2 © ├─ ┤"):
            code, found = self.findings("question,answer\nwho,AA\nok,no\nwhy,%s\n" % text)
            self.assertEqual(found["findings"], [], text)

    def test_near_ties_are_refused_with_both_readings_and_settled_by_an_option(self):
        content = "question,answer\nwho,AA\nok,no\nwhy,près\n".encode("cp1252")
        code, found = self.findings(content)
        self.assertEqual((code, found["outcome"]), (1, "quarantined"))
        self.assertEqual([(f["code"], f["row"], f["message"], f["hint"]) for f in found["findings"]],
                         [("E0621", 4, 'two encodings are possible: "près" (windows-1252) or "prčs" (windows-1250)',
                           "name the right one with --encoding windows-1252 or --encoding windows-1250, or save the file as CSV UTF-8")])
        for name in ("windows-1252", "CP1252", "cp-1252", "1252"):
            code, found = self.findings(content, "--encoding", name)
            self.assertEqual((code, [f["message"] for f in found["findings"]]), (0, ["read as windows-1252, comma: --encoding says so"]))
        # The respondent's language decides it too.
        code, result, _ = self.take(content, language="fr")
        self.assertEqual([f["message"] for f in result["returns"][0]["findings"]], ["read as windows-1252, comma: its letters fit French"])
        code, result, _ = self.take(content, language="cs")
        self.assertEqual([f["message"] for f in result["returns"][0]["findings"]], ["read as windows-1250, comma: its letters fit Czech"])

    def test_bytes_against_the_encoding_are_told_with_their_line(self):
        for content, encoding, row, message in (
                (b"question,answer\nwho,AA\nok,no\nwhy,a\x81b\n", "windows-1252", 4, "the bytes 81 62 0A and what follows are not windows-1252"),
                (b"question,answer\nwho,AA\nok,no\nwhy,a\x81", "Shift_JIS", 4, "the file ends in the middle of a character (Shift_JIS)"),
                (b"question,answer\r\nwho,AA\r\n\r\nwhy,\xe9\r\n", "UTF-8", 4, "the bytes E9 are not UTF-8")):
            code, found = self.findings(content, "--encoding", encoding)
            errors = [f for f in found["findings"] if f["severity"] == "error"]
            self.assertEqual((code, len(errors), errors[0]["row"]), (1, 1, row))
            self.assertTrue(errors[0]["message"].startswith(message), errors)

    def test_delimiters_are_found_or_given(self):
        rows = [["question", "answer"], ["who", "AA"], ["ok", "no"], ["why", "one, two, three, four; five"]]
        for delimiter, name in SIGNS.items():
            text = "".join(quoted(row, delimiter) + "\n" for row in rows)
            for content in (text, "sep=%s\r\n" % delimiter + text, '"sep=%s"\n' % delimiter + text):
                self.assertEqual(self.findings(content)[1]["findings"], [], content)
                self.assertEqual(self.findings(content, "--delimiter", name)[1]["findings"], [], content)
        text = "".join(quoted(row, "^") + "\n" for row in rows)
        self.assertEqual(self.findings(text)[0], 1)
        self.assertEqual(self.findings(text, "--delimiter", "^")[1]["findings"], [])
        self.assertEqual(self.findings("sep=^\n" + text)[1]["findings"], [])

    def test_lines_are_counted_with_the_one_that_names_the_delimiter(self):
        code, found = self.findings("sep=;\r\nquestion;answer\r\nwho;AA\r\nok;no\r\nnobody;1\r\n")
        self.assertEqual([(f["code"], f["row"]) for f in found["findings"]], [("E0609", 5)])

    def test_every_unicode_encoding_is_known_with_and_without_its_mark(self):
        text = labelled("Japanese", "\t")
        for python, name in (("utf-16-le", "UTF-16LE"), ("utf-16-be", "UTF-16BE"), ("utf-32-le", "UTF-32LE"), ("utf-32-be", "UTF-32BE")):
            for mark in ("", "\ufeff"):
                code, found = self.findings((mark + text).encode(python))
                self.assertEqual(code, 0)
                self.assertTrue(found["findings"][0]["message"].startswith("read as %s, tab:" % name), found)
        self.assertEqual(self.findings("\ufeff" + text)[1]["findings"], [])

    def test_unknown_names_are_a_usage_error(self):
        for more, said in ((("--encoding", "latinx"), "UTF-8, UTF-16LE"), (("--delimiter", "ab"), "comma, semicolon, tab, pipe"),
                           (("--delimiter", "a"), "comma, semicolon, tab, pipe")):
            code, _, err = run("import", self.form, self.write("x.csv", "question,answer\n"), *more)
            self.assertEqual(code, 2)
            self.assertIn(said, err)

    def test_the_workbook_says_how_each_file_was_read(self):
        self.write("roster.csv", "code,name,language\nAA,Alpha,ja\nBB,Beta,fr\n")
        files = [self.write("AA.csv", labelled("Japanese", "\t").encode("cp932")),
                 self.write("BB.csv", labelled("French", ";").replace("AA", "BB").encode("cp1252"))]
        store, book = self.path("s.db"), self.path("x.xlsx")
        self.assertEqual(import_json(self.form, *files, "--store", store, "--now", NOW)[0], 0)
        self.assertEqual(run("report", self.form, "--store", store, "--now", NOW, "-o", book)[0], 0)
        import openpyxl
        book = openpyxl.load_workbook(book)
        texts = {c.value for row in book["Sources"].iter_rows() for c in row}
        self.assertLessEqual({"Shift_JIS, tab", "windows-1252, semicolon"}, texts)
        cells = {c.value for sheet in book for row in sheet.iter_rows() for c in row}
        for language in ("Japanese", "French"):
            self.assertLessEqual(set(WORDS[language][5:]), cells)

    def large(self, encoding, last=b""):
        """A wide file of over 16 MiB; who answers is counted."""
        row = "%06d;no;Le bureau délivre les pièces d'identité à l'été, très différent à cet égard. " + "x" * 400 + ";rien\n"
        out = "who;ok;why;more\n".encode(encoding) + "".join(row % i for i in range(36000)).encode(encoding)
        self.assertGreater(len(out), 16 << 20)
        return out + last

    def test_large_files_are_decoded_in_pieces(self):
        for encoding, name in (("cp1252", "windows-1252"), ("utf-16", "UTF-16LE")):
            path = self.write("large.csv", self.large(encoding))
            code, result, err = import_json(self.form, path, "--store", self.path(encoding + ".db"), "--now", NOW)
            self.assertEqual((code, result["responses"]["new"]), (0, 36000), err)
            self.assertTrue(result["returns"][0]["findings"][0]["message"].startswith("read as %s, semicolon:" % name), result["returns"])

    def test_the_only_line_beyond_ascii_may_lie_anywhere(self):
        """Its encoding is judged by it, also where it lies over the border of two pieces that are looked at."""
        for at in (65536 - 60, 65536 * 40 - 40, 3000000):
            rows = [b"who;ok;why;more\n"]
            size = len(rows[0])
            while size <= 17 << 20:
                # Short lines where it lies.
                line = b"%07d;no;" + b"x" * (80 if abs(size - at - (1 << 20)) < 10000 else 900) + b";rien\n"
                row = line % len(rows)
                rows.append(row.replace(b"rien", b"\xe9t\xe9s") if size <= at + (1 << 20) < size + len(row) else row)
                size += len(row)
            path = self.write("large.csv", b"".join(rows))
            self.assertEqual(sum(b"\xe9" in row for row in rows), 1)
            code, result, err = import_json(self.form, path, "--store", self.path("%d.db" % at), "--now", NOW)
            self.assertEqual((code, result["responses"]["new"]), (0, len(rows) - 1), err)

    def test_a_large_file_whose_later_bytes_contradict_is_told_once_and_not_stored(self):
        store = self.path("s.db")
        for content, code in ((self.large("cp1252", b"AA;no;a\x81b;c\n"), "E0622"), (self.large("utf-8", b"AA;no;a\xe9b;c\n"), "E0015")):
            path = self.write("large.csv", content)
            exit_code, result, err = import_json(self.form, path, "--store", store, "--now", NOW)
            errors = [f for f in result["returns"][0]["findings"] if f["severity"] == "error"]
            self.assertEqual((exit_code, [(f["code"], f["row"]) for f in errors]), (1, [(code, 36002)]), err)
            self.assertEqual(result["responses"]["received"], 0)


if __name__ == "__main__":
    unittest.main()
