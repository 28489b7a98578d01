/* The covering letter of a pack: a template with {name} as a placeholder for a value.  A line with an empty value is
 * left out, so that one template serves rounds with and without a due date. */
#include "report/pack_words.h"

/* clang-format off */
static const struct letter {
	const char *tag, *text;
} letters[] = {
	{ "en", "To: {name}\n\nPlease find attached the questionnaire \"{title}\".\nRound: {round}\nPlease return it by {due}.\n\nThe first sheet of the workbook explains how to answer. The CSV file and the page to print have the same questions; one of the three is enough.\n\nAttached:\n{files}\n\nQuestions: {contact}\n" },
	{ "fr", "Destinataire : {name}\n\nVeuillez trouver ci-joint le questionnaire « {title} ».\nÉdition : {round}\nÀ renvoyer au plus tard le {due}.\n\n"
		"La première feuille du classeur explique comment répondre. Le fichier CSV et la page à imprimer contiennent les mêmes questions ; "
		"un seul des trois suffit.\n\nPièces jointes :\n{files}\n\nContact : {contact}\n" },
	{ "es", "Para: {name}\n\nAdjuntamos el cuestionario «{title}».\nRonda: {round}\nLe rogamos que lo devuelva a más tardar el {due}.\n\n"
		"La primera hoja del libro explica cómo responder. El archivo CSV y la página para imprimir contienen las mismas preguntas; "
		"basta con uno de los tres.\n\nAdjuntos:\n{files}\n\nContacto: {contact}\n" },
	{ "pt", "Para: {name}\n\nEnviamos em anexo o questionário «{title}».\nEdição: {round}\nAgradecemos a devolução até {due}.\n\n"
		"A primeira folha do livro explica como responder. O ficheiro CSV e a página para imprimir contêm as mesmas perguntas; "
		"basta um dos três.\n\nAnexos:\n{files}\n\nContacto: {contact}\n" },
	{ "id", "Kepada: {name}\n\nTerlampir kuesioner \"{title}\".\nPutaran: {round}\nMohon dikembalikan paling lambat {due}.\n\n"
		"Cara menjawab tercantum di lembar pertama buku kerja. Berkas CSV dan halaman cetak memuat pertanyaan yang sama; "
		"cukup salah satu dari ketiganya.\n\nLampiran:\n{files}\n\nNarahubung: {contact}\n" },
	{ "vi", "Kính gửi: {name}\n\nXin gửi kèm bảng câu hỏi \"{title}\".\nĐợt: {round}\nXin gửi lại chậm nhất {due}.\n\n"
		"Cách trả lời có ở trang tính đầu tiên. Tệp CSV và trang để in có cùng các câu hỏi; chỉ cần một trong ba.\n\n"
		"Tệp đính kèm:\n{files}\n\nLiên hệ: {contact}\n" },
	{ "ru", "Кому: {name}\n\nНаправляем анкету «{title}».\nРаунд: {round}\nПросим вернуть не позднее {due}\n\n"
		"Как отвечать, указано на первом листе книги. Файл CSV и страница для печати содержат те же вопросы; достаточно одного из трёх.\n\n"
		"Приложения:\n{files}\n\nКонтакт: {contact}\n" },
	{ "ja", "宛先：{name}\n\n調査票「{title}」を送付いたします。\n回：{round}\n返送期限：{due}\n\n"
		"記入方法はブックの最初のシートにあります。CSV ファイルと印刷用ページの質問は同じものです。いずれか一つで回答してください。\n\n"
		"添付：\n{files}\n\n連絡先：{contact}\n" },
	{ "zh-hant", "致：{name}\n\n隨函附上問卷「{title}」。\n輪次：{round}\n請最遲於{due}交回。\n\n"
		"填寫說明見活頁簿的第一個工作表。CSV 檔案和列印頁的問題相同，三者擇一即可。\n\n附件：\n{files}\n\n聯絡人：{contact}\n" },
	{ "zh", "致：{name}\n\n随函附上问卷“{title}”。\n轮次：{round}\n请最迟于{due}交回。\n\n"
		"填写说明见工作簿的第一个工作表。CSV 文件和打印页的问题相同，三者择一即可。\n\n附件：\n{files}\n\n联系人：{contact}\n" },
	{ "ko", "받는 곳: {name}\n\n설문지 \"{title}\"를 보내 드립니다.\n회차: {round}\n회신 기한: {due}\n\n"
		"작성 방법은 통합 문서의 첫 시트에 있습니다. CSV 파일과 인쇄용 페이지의 질문은 같으며, 셋 중 하나만 회신하시면 됩니다.\n\n"
		"첨부:\n{files}\n\n연락처: {contact}\n" },
	{ "th", "เรียน {name}\n\nขอส่งแบบสอบถาม \"{title}\" มาพร้อมนี้\nรอบ: {round}\nโปรดส่งคืนภายในวันที่ {due}\n\n"
		"วิธีตอบอยู่ในแผ่นงานแรกของสมุดงาน ไฟล์ CSV และหน้าสำหรับพิมพ์มีคำถามเดียวกัน ใช้เพียงหนึ่งในสามก็พอ\n\n"
		"สิ่งที่ส่งมาด้วย:\n{files}\n\nผู้ติดต่อ: {contact}\n" },
};
/* clang-format on */

cnv_str cnv_letter_default(cnv_str tag)
{
	const char *const *words = pack_words(tag);

	/* The same language as the workbook's own words. */
	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
		if (pack_words(cnv_str_from(letters[i].tag)) == words)
			return cnv_str_from(letters[i].text);
	return cnv_str_from(letters[0].text);
}

static cnv_status refuse(cnv_diags *diags, cnv_str source, uint32_t line, cnv_str text, cnv_str name, cnv_str hint)
{
	cnv_place place = { .source = source, .row = line };

	cnv_diags_emit(diags,
		       CNV_DIAG(.code = CNV_LETTER_FIELD, .place = place, .field = name, .excerpt = text, .hint = hint),
		       name.len ? "unknown placeholder {%.*s}" : "a { is never closed%.*s", CNV_ARG(name));
	return CNV_REJECTED;
}

/* Expands one line; *empty: one of its placeholders has no value. */
static cnv_status write_line(cnv_text *out, cnv_str line, cnv_str source, uint32_t number,
			     const cnv_letter_field *fields, uint32_t count, bool *empty, cnv_diags *diags)
{
	cnv_str rest = line;
	size_t at;

	while ((at = cnv_str_find(rest, CNV_STR("{"))) != SIZE_MAX) {
		cnv_str name = cnv_str_slice(rest, at + 1, rest.len);
		size_t end = cnv_str_find(name, CNV_STR("}"));
		uint32_t found = CNV_NONE;
		cnv_nearest nearest;

		if (end == SIZE_MAX)
			return refuse(diags, source, number, line, (cnv_str){ 0 }, CNV_STR("write } after the name"));
		name = cnv_str_slice(name, 0, end);
		cnv_nearest_init(&nearest, name);
		for (uint32_t i = 0; i < count; i++) {
			if (cnv_str_equal(fields[i].name, name))
				found = i;
			cnv_nearest_offer(&nearest, fields[i].name);
		}
		if (found == CNV_NONE) {
			cnv_text hint = { 0 };
			cnv_status status;
			if (nearest.best.len)
				cnv_text_format(&hint, "did you mean {%.*s}?", CNV_ARG(nearest.best));
			status = refuse(diags, source, number, line, name, cnv_text_str(&hint));
			cnv_text_fini(&hint);
			return status;
		}
		*empty |= !fields[found].value.len;
		cnv_text_put(out, cnv_str_slice(rest, 0, at));
		cnv_text_put(out, fields[found].value);
		rest = cnv_str_slice(rest, at + end + 2, rest.len);
	}
	cnv_text_put(out, rest);
	cnv_text_put_char(out, '\n');
	return CNV_OK;
}

cnv_status cnv_letter_write(cnv_text *out, cnv_str source, cnv_str text, const cnv_letter_field *fields, uint32_t count,
			    cnv_diags *diags)
{
	uint32_t number = 0;
	cnv_str line;

	while (cnv_str_split(&text, '\n', &line)) {
		size_t before = out->len;
		bool empty = false;
		cnv_status status;

		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		status = write_line(out, line, source, ++number, fields, count, &empty, diags);
		if (status)
			return status;
		if (empty && !out->failed)
			out->len = before;
	}
	return out->failed ? CNV_NO_MEMORY : CNV_OK;
}
