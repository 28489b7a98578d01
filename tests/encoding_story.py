"""Returned files in whatever encoding a program saves: read right, or refused; never wrong.

Every answer here is invented.  Each language has a question's label, two choices, and two answers in its own words."""
import unittest

from story import NOW, Story, import_json

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
    lines = [["question", "no", "label", "answer", "note"], ["who", "1", "Who", "AA", ""], ["ok", "2", w[2], w[4], ""],
             ["why", "3", w[1], w[5], ""], ["more", "4", "More", w[6], ""]]
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


if __name__ == "__main__":
    unittest.main()
