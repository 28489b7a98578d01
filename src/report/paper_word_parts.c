/* paper_word_parts: the parts of a .docx that are the same for every paper: what it consists of, its styles, its footer.
 *
 * Colours have a contrast of at least 4.5 to 1 on white. */
#include "canvass/report.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define KIND "application/vnd.openxmlformats-officedocument.wordprocessingml."

/* A paragraph style: id, name, after which style, paragraph properties, run properties. */
#define STYLE(id, name, next, paragraph, run)                                                                          \
	"<w:style w:type=\"paragraph\" w:styleId=\"" id "\"><w:name w:val=\"" name                                     \
	"\"/><w:basedOn w:val=\"Normal\"/><w:next w:val=\"" next "\"/><w:qFormat/><w:pPr>" paragraph                   \
	"</w:pPr><w:rPr>" run "</w:rPr></w:style>\n"
#define SIZE(half_points) "<w:sz w:val=\"" half_points "\"/><w:szCs w:val=\"" half_points "\"/>"
#define INK(colour) "<w:color w:val=\"" colour "\"/>"
#define SPACE(before, after) "<w:spacing w:before=\"" before "\" w:after=\"" after "\"/>"
#define BOLD "<w:b/><w:bCs/>"
#define LINE(side, size, colour) "<w:" side " w:val=\"single\" w:sz=\"" size "\" w:space=\"1\" w:color=\"" colour "\"/>"
#define NAVY "1F3864"
#define GREY "4A4A4A"

/* clang-format off */
static const char styles[] =
	HEAD "<w:styles " MAIN "><w:docDefaults><w:rPrDefault><w:rPr>"
	"<w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\" w:eastAsia=\"Noto Sans CJK SC\" w:cs=\"Arial\"/>" SIZE("21")
	"<w:lang w:val=\"{latin}\" w:eastAsia=\"{language}\" w:bidi=\"{language}\"/></w:rPr></w:rPrDefault>"
	"<w:pPrDefault><w:pPr><w:spacing w:after=\"80\" w:line=\"264\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>\n"
	"<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>\n"
	STYLE("Title", "Title", "Normal", "<w:keepNext/>" SPACE("0", "60"), BOLD INK(NAVY) SIZE("40"))
	STYLE("Subtitle", "Subtitle", "Normal", "<w:keepNext/>" SPACE("0", "200"), INK(GREY) SIZE("26"))
	STYLE("Heading1", "heading 1", "Normal", "<w:keepNext/><w:pBdr>" LINE("bottom", "8", NAVY) "</w:pBdr>" SPACE("480", "120") "<w:outlineLvl w:val=\"0\"/>", BOLD INK(NAVY) SIZE("30"))
	STYLE("Heading2", "heading 2", "Normal", "<w:keepNext/><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"E9ECF1\"/>" SPACE("360", "80") "<w:outlineLvl w:val=\"1\"/>", BOLD INK(NAVY) SIZE("25"))
	STYLE("Heading3", "heading 3", "Normal", "<w:keepNext/>" SPACE("240", "60") "<w:outlineLvl w:val=\"2\"/>", BOLD SIZE("22"))
	STYLE("Fact", "Fact", "Fact", "<w:tabs><w:tab w:val=\"left\" w:pos=\"2268\"/></w:tabs>" SPACE("0", "20") "<w:ind w:left=\"2268\" w:hanging=\"2268\"/>", "")
	STYLE("Item", "Item", "Item", "<w:keepLines/>" SPACE("0", "100"), "")
	STYLE("Remark", "Remark", "Normal", "<w:keepNext/>" SPACE("0", "60"), INK(GREY) SIZE("18"))
	STYLE("Quote", "Quote", "Quote", "<w:pBdr>" "<w:left w:val=\"single\" w:sz=\"12\" w:space=\"8\" w:color=\"8A93A3\"/>" "</w:pBdr>" SPACE("60", "120") "<w:ind w:left=\"227\"/>", "")
;
static const char table_styles[] =
	STYLE("TableHeading", "Table heading", "TableText", "<w:keepNext/>" SPACE("30", "30"), BOLD SIZE("18"))
	STYLE("TableText", "Table text", "TableText", SPACE("30", "30"), SIZE("19"))
	STYLE("TableState", "Table state", "TableText", SPACE("30", "30"), "<w:i/><w:iCs/>" INK(GREY) SIZE("19"))
	STYLE("TableTotal", "Table total", "TableText", SPACE("30", "30"), BOLD SIZE("19"))
	STYLE("AfterTable", "After table", "Normal", "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"120\" w:lineRule=\"exact\"/>", SIZE("8"))
	STYLE("Footer", "footer", "Footer", "<w:tabs><w:tab w:val=\"right\" w:pos=\"9638\"/></w:tabs>" SPACE("0", "0"), INK(GREY) SIZE("16"))
	"<w:style w:type=\"table\" w:styleId=\"Answers\"><w:name w:val=\"Answers\"/><w:tblPr><w:tblBorders>"
	"<w:top w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"" NAVY "\"/><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"" NAVY "\"/>"
	"<w:insideH w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"B4B9C2\"/></w:tblBorders>"
	"<w:tblCellMar><w:left w:w=\"85\" w:type=\"dxa\"/><w:right w:w=\"85\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>\n"
	"</w:styles>\n";

const cnv_word_part cnv_word_parts[] = {
	{ "[Content_Types].xml",
	  HEAD "<Types xmlns=\"" PACKAGE "content-types\"><Default Extension=\"rels\""
	  " ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\""
	  " ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"" KIND "document.main+xml\"/><Override"
	  " PartName=\"/word/styles.xml\" ContentType=\"" KIND "styles+xml\"/><Override"
	  " PartName=\"/word/footer1.xml\" ContentType=\"" KIND "footer+xml\"/>"
	  "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>"
	  "</Types>\n", "" },
	{ "_rels/.rels",
	  HEAD "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE "officeDocument\" Target=\"word/document.xml\"/>"
	  "<Relationship Id=\"rId2\" Type=\"" PACKAGE "relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>"
	  "</Relationships>\n", "" },
	{ "word/_rels/document.xml.rels",
	  HEAD "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE "styles\" Target=\"styles.xml\"/>"
	  "<Relationship Id=\"rId2\" Type=\"" OFFICE "footer\" Target=\"footer1.xml\"/>"
	  "</Relationships>\n", "" },
	{ "word/styles.xml", styles, table_styles },
	{ "word/footer1.xml",
	  HEAD "<w:ftr " MAIN "><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{footer}</w:t></w:r>"
	  "<w:r><w:tab/></w:r><w:fldSimple w:instr=\" PAGE \"><w:r><w:t>1</w:t></w:r></w:fldSimple><w:r><w:t xml:space=\"preserve\"> / </w:t></w:r>"
	  "<w:fldSimple w:instr=\" NUMPAGES \"><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>\n", "" },
	{ "docProps/core.xml",
	  HEAD "<cp:coreProperties xmlns:cp=\"" PACKAGE "metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
	  "xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
	  "<dc:title>{title}</dc:title><dc:creator>canvass</dc:creator><dc:language>{language}</dc:language>"
	  "<dcterms:created xsi:type=\"dcterms:W3CDTF\">{created}T00:00:00Z</dcterms:created></cp:coreProperties>\n", "" },
};
/* clang-format on */
const size_t cnv_word_part_count = sizeof cnv_word_parts / sizeof cnv_word_parts[0];
