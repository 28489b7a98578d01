"""Rows of answers as files of any size: invented, the same at each call, and padded by a column of text."""
import re
import zlib

MIB = 1 << 20
ROWS = 4500  # more than a window of 4,096
FILLER = "padding "

FORM = """survey
,type,name,label,required,constraint
,text,who,Who,yes,
,integer,age,Age,yes,. >= 0 and . < 150
,select_one yn,legal,Is it legal?,,
,select_multiple body,asked,Who was asked?,,
,date,day,Since when?,,
,decimal,fee,Fee,,
,text,why,Why?,,
,text,filler,Filler,,
,begin_repeat,doc,Documents,,
,text,title,Title,,
,integer,pages,Pages,,
,end_repeat,,,,
choices
,list_name,name,label
,yn,yes,Legal
,yn,no,Illegal
,body,court,Court
,body,police,Police
,body,port,Port
settings
,form_id,version,respondent
,oracle,2,who
"""
# age was called years, and the choices of legal had other names.
OLDER = (FORM.replace(",integer,age,Age", ",integer,years,Age").replace(",yn,yes,", ",yn,y,").replace(",yn,no,", ",yn,n,")
         .replace(",oracle,2,", ",oracle,1,"))
HEADER = ["who", "age", "legal", "asked", "day", "fee", "why", "doc[1]/title", "doc[1]/pages", "doc[2]/title"]


def respondent(i):
    return "R%05d" % i


def plain_rows(count=ROWS):
    return [[respondent(i), str(i % 90), "yes" if i % 3 else "no", ("court", "court port", "", "police")[i % 4],
             "2024-%02d-%02d" % (1 + i % 12, 1 + i % 28), "%d.%d" % (i % 50, 1 + i % 9), "reason %d" % (i % 7) if i % 5 else "",
             "Law %d" % i if i % 2 else "", str(i % 300) if i % 2 else "", "Rule" if i % 6 == 1 else ""] for i in range(count)]


def spoilt_rows():
    rows = plain_rows()
    for every, column, value in ((301, 1, "many"), (307, 1, "200"), (311, 2, "perhaps"), (313, 2, "Legal"), (317, 4, "2024-02-30"),
                                 (331, 5, "dear"), (337, 3, "court barber"), (347, 1, ""), (349, 1, "N/A"), (353, 8, "some")):
        for i in range(every, ROWS, every):
            rows[i][column] = value
    for i in (3, ROWS - 10):
        rows[i][6] = "CafÃ© Ã  quai"
    return rows


def cell_of(column):
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


class Parts:
    """A ZIP file written by hand: openpyxl takes a minute for what this does in a second."""

    def __init__(self, level):
        self.level, self.out, self.central, self.count = level, bytearray(), bytearray(), 0

    def add(self, name, content):
        content = content.encode("utf-8")
        packer = zlib.compressobj(self.level, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush()
        name = name.encode()
        fields = (b"\x14\0\0\0\x08\0\0\0\x21\0" + zlib.crc32(content).to_bytes(4, "little") + len(packed).to_bytes(4, "little") +
                  len(content).to_bytes(4, "little") + len(name).to_bytes(2, "little") + b"\0\0")
        self.central += b"PK\x01\x02\x14\0" + fields + b"\0" * 10 + len(self.out).to_bytes(4, "little") + name
        self.out += b"PK\x03\x04" + fields + name + packed
        self.count += 1

    def end(self):
        count = self.count.to_bytes(2, "little")
        return bytes(self.out + self.central + b"PK\x05\x06\0\0\0\0" + count + count + len(self.central).to_bytes(4, "little") +
                     len(self.out).to_bytes(4, "little") + b"\0\0")


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def workbook(rows, level=0):
    """Bytes of a workbook of one sheet; not compressed, so that the padding counts."""
    names = [cell_of(column) for column in range(1, len(rows[0]) + 1)]
    lines = []
    for number, row in enumerate(rows, 1):
        cells = []
        for name, text in zip(names, row):
            if text.isdigit() and (text == "0" or text[0] != "0"):
                cells.append('<c r="%s%d"><v>%s</v></c>' % (name, number, text))
            elif text:
                cells.append('<c r="%s%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (name, number, escape(text)))
        lines.append('<row r="%d">%s</row>' % (number, "".join(cells)))
    head, main = '<?xml version="1.0" encoding="UTF-8"?>', "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package, kind = "http://schemas.openxmlformats.org/package/2006/", "application/vnd.openxmlformats-officedocument.spreadsheetml."
    parts = Parts(level)
    parts.add("[Content_Types].xml", head + '<Types xmlns="%scontent-types"><Default Extension="rels" ContentType="application/'
              'vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="%ssheet.main+xml"/>'
              '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="%sworksheet+xml"/></Types>' % (package, kind, kind))
    parts.add("_rels/.rels", head + '<Relationships xmlns="%srelationships"><Relationship Id="rId1" Type="%s/officeDocument" '
              'Target="xl/workbook.xml"/></Relationships>' % (package, office))
    parts.add("xl/workbook.xml", head + '<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="oracle" sheetId="1" r:id="rId1"/>'
              '</sheets></workbook>' % (main, office))
    parts.add("xl/_rels/workbook.xml.rels", head + '<Relationships xmlns="%srelationships"><Relationship Id="rId1" '
              'Type="%s/worksheet" Target="worksheets/sheet1.xml"/></Relationships>' % (package, office))
    parts.add("xl/worksheets/sheet1.xml", head + '<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (main, "".join(lines)))
    return parts.end()


def table(rows):
    return "".join(",".join(row) + "\n" for row in rows).encode("utf-8")


def padded(header, rows, size, make):
    """Bytes of a file of about `size` MiB; at least what the rows need."""
    words = 1
    for _ in range(2):
        content = make([header + ["filler"]] + [row + [(FILLER * words).rstrip()] for row in rows])
        words = max(1, words + (size * MIB - len(content)) // len(rows) // len(FILLER))
    return content


def scrub(text):
    """Padding as one sign, whatever its length, and places inside texts as another."""
    return re.sub(r"\bon line \d+|\bin oracle![A-Z]+\d+", "@", re.sub("(?:padding ?)+", "~", text))
