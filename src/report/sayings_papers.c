/* sayings_papers: the words of a meeting paper and of a profile that the workbook does not have, in the order of
 * cnv_tongue. */
#include "report/sayings.h"

/* clang-format off */
const cnv_saying cnv_saying_papers[] = {
	/* the title block */
	{ { "Answers compared", "Réponses comparées", "Comparación de respuestas", "Comparação das respostas", "Perbandingan jawaban", "So sánh câu trả lời", "Сопоставление ответов", "回答の比較", "答案对照", "答案對照", "응답 비교", "เปรียบเทียบคำตอบ" } },
	{ { "Asked", "Interrogés", "Consultados", "Consultados", "Ditanyai", "Được hỏi", "Опрошено", "依頼先", "受询方", "受詢方", "조사 대상", "ผู้ถูกถาม" } },
	{ { "Replied", "Ont répondu", "Contestaron", "Responderam", "Membalas", "Đã phản hồi", "Ответили", "回答", "已答复", "已答覆", "회신함", "ตอบแล้ว" } },
	{ { "State as of", "Situation au", "Situación al", "Situação em", "Keadaan per", "Tình trạng đến", "По состоянию на", "基準日", "截至", "截至", "기준일", "ข้อมูล ณ" } },
	{ { "Carried over", "Repris", "Trasladado", "Transportado", "Dialihkan", "Chuyển sang", "Перенесено", "引き継ぎ", "沿用", "沿用", "이월", "ยกมา" } },
	{ { "answers given with version {1}", "réponses données avec la version {1}", "respuestas dadas con la versión {1}", "respostas dadas com a versão {1}", "jawaban yang diberikan dengan versi {1}", "câu trả lời theo phiên bản {1}", "ответы, данные по версии {1}", "第{1}版への回答", "按版本 {1} 所作的答案", "按版本 {1} 所作的答案", "버전 {1}에 대한 응답", "คำตอบตามฉบับ {1}" } },
	{ { "{1 people} replied without having been asked, and count", "{1} {1|répondant a répondu sans être interrogé, et compte|répondants ont répondu sans être interrogés, et comptent}", "{1} {1|encuestado contestó sin ser consultado, y cuenta|encuestados contestaron sin ser consultados, y cuentan}", "{1} {1|inquirido respondeu sem ser consultado, e conta|inquiridos responderam sem serem consultados, e contam}", "{1} responden membalas tanpa ditanyai, dan dihitung", "{1} bên trả lời dù không được hỏi, và được tính", "{1} {1|респондент ответил|респондента ответили|респондентов ответили} без запроса, и это учтено", "依頼先以外の回答者{1}件、集計に含む", "{1} 个答复者未受询而答复，计入统计", "{1} 個答覆者未受詢而答覆，計入統計", "조사 대상이 아닌 응답자 {1}곳이 회신, 집계에 포함", "ผู้ตอบ {1} รายตอบโดยไม่ได้ถูกถาม และนับรวม" } },
	{ { "{1}, round {2}, as of {3}, for: {4}", "{1}, édition {2}, au {3}, diffusion : {4}", "{1}, ronda {2}, al {3}, destinatarios: {4}", "{1}, edição {2}, em {3}, destinatários: {4}", "{1}, putaran {2}, per {3}, untuk: {4}", "{1}, đợt {2}, đến {3}, đối tượng: {4}", "{1}, раунд {2}, на {3}, для кого: {4}", "{1}、{2}年次、{3}現在、公開先：{4}", "{1}，轮次 {2}，截至 {3}，对象：{4}", "{1}，輪次 {2}，截至 {3}，對象：{4}", "{1}, 회차 {2}, {3} 기준, 대상: {4}", "{1} รอบ {2} ณ {3} สำหรับ: {4}" } },

	/* the answers */
	{ { "Shares are of those who answered the question. The rows of a question add up to all {people}, unless several answers were possible.", "Les parts se rapportent à ceux qui ont répondu à la question. Les lignes d’une question totalisent tous les répondants, sauf si plusieurs réponses étaient possibles.", "Los porcentajes se refieren a quienes respondieron a la pregunta. Las filas de una pregunta suman todos los encuestados, salvo que fueran posibles varias respuestas.", "As percentagens referem-se a quem respondeu à pergunta. As linhas de uma pergunta somam todos os inquiridos, salvo se eram possíveis várias respostas.", "Persentase dihitung dari yang menjawab pertanyaan itu. Baris satu pertanyaan berjumlah semua responden, kecuali bila boleh beberapa jawaban.", "Tỷ lệ tính trên các bên đã trả lời câu hỏi. Các hàng của một câu hỏi cộng lại bằng tất cả bên trả lời, trừ khi được chọn nhiều câu trả lời.", "Доли указаны от ответивших на вопрос. Строки вопроса в сумме дают всех респондентов, если не допускалось несколько ответов.", "割合は、その質問に回答した者に対するもの。複数回答の質問を除き、各質問の行の合計は全回答者数となる。", "比例以回答该问题者为基数。除可多选的问题外，每个问题各行之和为全部答复者。", "比例以回答該問題者為基數。除可多選的問題外，每個問題各行之和為全部答覆者。", "비율은 그 질문에 응답한 곳을 기준으로 한다. 복수 응답 질문이 아니면 각 질문의 행을 더하면 전체 응답자 수가 된다.", "สัดส่วนคิดจากผู้ที่ตอบคำถามนั้น แถวของแต่ละคำถามรวมกันได้เท่ากับผู้ตอบทั้งหมด ยกเว้นคำถามที่เลือกได้หลายคำตอบ" } },
	{ { "Share", "Part", "Porcentaje", "Percentagem", "Persentase", "Tỷ lệ", "Доля", "割合", "比例", "比例", "비율", "สัดส่วน" } },
	{ { "Who", "Qui", "Quiénes", "Quem", "Siapa", "Ai", "Кто", "回答者", "答复者", "答覆者", "응답자", "ใคร" } },
	{ { "{1}% of {2}", "{1} % de {2}", "{1} % de {2}", "{1}% de {2}", "{1}% dari {2}", "{1}% trong {2}", "{1} % из {2}", "{2}件の{1}%", "{2} 个中的 {1}%", "{2} 個中的 {1}%", "{2}건 중 {1}%", "{1}% ของ {2}" } },
	{ { "All {people}", "Tous les répondants", "Todos los encuestados", "Todos os inquiridos", "Semua responden", "Tất cả bên trả lời", "Все респонденты", "全回答者", "全部答复者", "全部答覆者", "전체 응답자", "ผู้ตอบทั้งหมด" } },
	{ { "All entries", "Toutes les entrées", "Todas las entradas", "Todas as entradas", "Semua entri", "Tất cả các mục", "Все записи", "全項目", "全部条目", "全部項目", "전체 항목", "ทุกรายการ" } },
	{ { "Not applicable", "Sans objet", "No procede", "Não se aplica", "Tidak berlaku", "Không áp dụng", "Не применимо", "該当なし", "不适用", "不適用", "해당 없음", "ไม่เกี่ยวข้อง" } },
	{ { "Do not know", "Ne sait pas", "No se sabe", "Não sabe", "Tidak tahu", "Không biết", "Не известно", "不明", "不知道", "不知道", "모름", "ไม่ทราบ" } },
	{ { "Withheld", "Non divulgué", "Reservado", "Reservado", "Dirahasiakan", "Không công bố", "Не раскрывается", "非公開", "不公开", "不公開", "비공개", "ไม่เปิดเผย" } },
	{ { "Not usable", "Inutilisable", "No utilizable", "Não utilizável", "Tidak dapat dipakai", "Không dùng được", "Непригодно", "使用不可", "不可用", "不可用", "사용 불가", "ใช้ไม่ได้" } },
	{ { "No answer", "Sans réponse", "Sin respuesta", "Sem resposta", "Tanpa jawaban", "Không trả lời", "Нет ответа", "無回答", "未作答", "未作答", "무응답", "ไม่มีคำตอบ" } },
	{ { "Several answers were possible.", "Plusieurs réponses étaient possibles.", "Se podían dar varias respuestas.", "Eram possíveis várias respostas.", "Boleh beberapa jawaban.", "Được chọn nhiều câu trả lời.", "Допускалось несколько ответов.", "複数回答可。", "可选多个答案。", "可選多個答案。", "복수 응답 가능.", "เลือกได้หลายคำตอบ" } },
	{ { "Counts {1} {1|entry|entries}.", "Porte sur {1} {1|entrée|entrées}.", "Cuenta {1} {1|entrada|entradas}.", "Conta {1} {1|entrada|entradas}.", "Menghitung {1} entri.", "Tính {1} mục.", "Учтено: {1} {1|запись|записи|записей}.", "{1}項目を集計。", "统计 {1} 个条目。", "統計 {1} 個項目。", "항목 {1}개를 집계.", "นับ {1} รายการ" } },
	{ { "The annex has the answers, word for word.", "Les réponses figurent mot à mot en annexe.", "El anexo recoge las respuestas, palabra por palabra.", "O anexo contém as respostas, palavra por palavra.", "Lampiran memuat jawaban kata demi kata.", "Phụ lục ghi nguyên văn các câu trả lời.", "Ответы дословно приведены в приложении.", "回答は原文のまま附属書に掲載。", "答案原文见附件。", "答案原文見附件。", "응답 원문은 부속서에 있음.", "คำตอบตามต้นฉบับอยู่ในภาคผนวก" } },
	{ { "Options that no one chose are left out.", "Les options que personne n’a choisies sont omises.", "Se omiten las opciones que nadie eligió.", "Omitem-se as opções que ninguém escolheu.", "Pilihan yang tidak dipilih siapa pun tidak dicantumkan.", "Bỏ qua các lựa chọn không ai chọn.", "Варианты, которые никто не выбрал, опущены.", "誰も選ばなかった選択肢は省略。", "略去无人选择的选项。", "略去無人選擇的選項。", "아무도 고르지 않은 선택지는 생략.", "ไม่แสดงตัวเลือกที่ไม่มีผู้เลือก" } },

	/* annexes */
	{ { "Annex: comments", "Annexe : commentaires", "Anexo: comentarios", "Anexo: comentários", "Lampiran: komentar", "Phụ lục: ý kiến", "Приложение: комментарии", "附属書：コメント", "附件：意见", "附件：意見", "부속서: 의견", "ภาคผนวก: ความเห็น" } },
	{ { "Annex: no reply", "Annexe : sans envoi", "Anexo: sin contestación", "Anexo: sem resposta", "Lampiran: tidak membalas", "Phụ lục: không phản hồi", "Приложение: не ответили", "附属書：未回収", "附件：未答复者", "附件：未答覆者", "부속서: 회신 없음", "ภาคผนวก: ไม่ตอบกลับ" } },
	{ { "Annex: no source found", "Annexe : aucune source trouvée", "Anexo: sin fuente encontrada", "Anexo: sem fonte encontrada", "Lampiran: sumber tidak ditemukan", "Phụ lục: không tìm thấy nguồn", "Приложение: источник не найден", "附属書：出典なし", "附件：未找到来源", "附件：未找到來源", "부속서: 출처 없음", "ภาคผนวก: ไม่พบแหล่งข้อมูล" } },
	{ { "Annex: respondents", "Annexe : répondants", "Anexo: encuestados", "Anexo: inquiridos", "Lampiran: responden", "Phụ lục: các bên trả lời", "Приложение: респонденты", "附属書：回答者", "附件：答复者", "附件：答覆者", "부속서: 응답자", "ภาคผนวก: ผู้ตอบ" } },
	{ { "On the return as a whole", "Sur l’envoi dans son ensemble", "Sobre la contestación en su conjunto", "Sobre a devolução no seu conjunto", "Tentang jawaban secara keseluruhan", "Về toàn bộ bản trả lời", "К возврату в целом", "回答全体について", "关于整份答复", "關於整份答覆", "회신 전체에 대하여", "เกี่ยวกับแบบตอบทั้งฉบับ" } },
	{ { "{1}, entry {2}", "{1}, entrée {2}", "{1}, entrada {2}", "{1}, entrada {2}", "{1}, entri {2}", "{1}, mục {2}", "{1}, запись {2}", "{1}、項目{2}", "{1}，条目 {2}", "{1}，項目 {2}", "{1}, 항목 {2}", "{1} รายการที่ {2}" } },
	{ { "{1} (remark)", "{1} (remarque)", "{1} (observación)", "{1} (observação)", "{1} (catatan)", "{1} (ghi chú)", "{1} (примечание)", "{1}（備考）", "{1}（备注）", "{1}（備註）", "{1}(비고)", "{1} (หมายเหตุ)" } },
	{ { "As under {1}.", "Comme sous {1}.", "Como en {1}.", "Como em {1}.", "Sama seperti pada {1}.", "Như ở {1}.", "См. {1}.", "{1}に同じ。", "同 {1}。", "同 {1}。", "{1}과(와) 같음.", "เหมือนกับ {1}" } },
	{ { "Code", "Code", "Código", "Código", "Kode", "Mã", "Код", "コード", "代码", "代碼", "코드", "รหัส" } },
	{ { "Name", "Nom", "Nombre", "Nome", "Nama", "Tên", "Название", "名称", "名称", "名稱", "이름", "ชื่อ" } },
	{ { "State", "État", "Estado", "Estado", "Keadaan", "Tình trạng", "Состояние", "状態", "状态", "狀態", "상태", "สถานะ" } },
	{ { "Received", "Reçu", "Recibido", "Recebido", "Diterima", "Nhận ngày", "Получено", "受領日", "收到日期", "收到日期", "접수일", "ได้รับเมื่อ" } },
	{ { "Reason", "Motif", "Motivo", "Motivo", "Alasan", "Lý do", "Причина", "理由", "理由", "理由", "사유", "เหตุผล" } },

	/* changes */
	{ { "From", "De", "De", "De", "Dari", "Từ", "Было", "変更前", "由", "由", "이전", "จาก" } },
	{ { "To", "À", "A", "Para", "Menjadi", "Thành", "Стало", "変更後", "改为", "改為", "이후", "เป็น" } },
	{ { "Answer then", "Réponse d’avant", "Respuesta de entonces", "Resposta de então", "Jawaban dulu", "Câu trả lời trước", "Прежний ответ", "当時の回答", "当时的答案", "當時的答案", "당시 응답", "คำตอบเดิม" } },
	{ { "Why", "Pourquoi", "Por qué", "Porquê", "Mengapa", "Vì sao", "Почему", "理由", "原因", "原因", "이유", "เหตุใด" } },
	{ { "not usable: {1}", "inutilisable : {1}", "no utilizable: {1}", "não utilizável: {1}", "tidak dapat dipakai: {1}", "không dùng được: {1}", "непригодно: {1}", "使用不可：{1}", "不可用：{1}", "不可用：{1}", "사용 불가: {1}", "ใช้ไม่ได้: {1}" } },

	/* a profile */
	{ { "{1} and the group", "{1} et le groupe", "{1} y el grupo", "{1} e o grupo", "{1} dan kelompok", "{1} và cả nhóm", "{1} и группа", "{1}と全体", "{1} 与全体", "{1} 與全體", "{1} 및 전체", "{1} กับทั้งกลุ่ม" } },
	{ { "Basis", "Base", "Base", "Base", "Dasar", "Cơ sở", "Основа", "根拠", "依据", "依據", "근거", "ที่มา" } },
	{ { "answers compiled by others, no reply", "réponses compilées par d’autres, sans envoi", "respuestas recopiladas por otros, sin contestación", "respostas compiladas por outros, sem devolução", "jawaban dihimpun pihak lain, tanpa balasan", "câu trả lời do bên khác tổng hợp, không có phản hồi", "ответы составлены другими, своего ответа нет", "他者が作成した回答、本人の回答なし", "答案由他人汇编，本方未答复", "答案由他人彙編，本方未答覆", "다른 곳이 대신 작성한 응답, 회신 없음", "คำตอบรวบรวมโดยผู้อื่น ไม่มีการตอบกลับ" } },
	{ { "The group", "Le groupe", "El grupo", "O grupo", "Kelompok", "Cả nhóm", "Группа", "全体", "全体", "全體", "전체", "ทั้งกลุ่ม" } },
	{ { "{1 people} with answers, this one included", "{1} {1|répondant avec des réponses|répondants avec des réponses}, celui-ci compris", "{1} {1|encuestado con respuestas, incluido este|encuestados con respuestas, incluido este}", "{1} {1|inquirido com respostas, incluindo este|inquiridos com respostas, incluindo este}", "{1} responden dengan jawaban, termasuk yang ini", "{1} bên có câu trả lời, kể cả bên này", "{1} {1|респондент с ответами|респондента с ответами|респондентов с ответами}, включая этого", "回答のある{1}件（本件を含む）", "{1} 个有答案的答复者，含本方", "{1} 個有答案的答覆者，含本方", "응답이 있는 {1}곳(이곳 포함)", "ผู้ตอบที่มีคำตอบ {1} ราย รวมรายนี้" } },
	{ { "{1} of the {2} questions asked, without tables of entries", "{1} des {2} questions posées, sans les tableaux d’entrées", "{1} de las {2} preguntas hechas, sin las tablas de entradas", "{1} das {2} perguntas feitas, sem as tabelas de entradas", "{1} dari {2} pertanyaan yang diajukan, tanpa tabel entri", "{1} trong {2} câu hỏi được hỏi, không kể các bảng mục", "{1} из {2} заданных вопросов, без таблиц записей", "質問{2}問のうち{1}問（項目の表を除く）", "所问 {2} 个问题中的 {1} 个，不含条目表", "所問 {2} 個問題中的 {1} 個，不含項目表", "질문 {2}개 중 {1}개(항목 표 제외)", "{1} จาก {2} คำถามที่ถาม ไม่รวมตารางรายการ" } },
	{ { "With the majority", "Avec la majorité", "Con la mayoría", "Com a maioria", "Sejalan dengan mayoritas", "Cùng với đa số", "С большинством", "多数との一致", "与多数一致", "與多數一致", "다수와 일치", "ตรงกับเสียงส่วนใหญ่" } },
	{ { "in {1} of the {2} questions that have one", "à {1} des {2} questions qui en ont une", "en {1} de las {2} preguntas que la tienen", "em {1} das {2} perguntas que a têm", "pada {1} dari {2} pertanyaan yang memilikinya", "ở {1} trong {2} câu hỏi có đa số", "в {1} из {2} вопросов, где оно есть", "多数のある{2}問のうち{1}問", "在有多数的 {2} 个问题中的 {1} 个", "在有多數的 {2} 個問題中的 {1} 個", "다수가 있는 질문 {2}개 중 {1}개", "ใน {1} จาก {2} คำถามที่มีเสียงส่วนใหญ่" } },
	{ { "The questions that matter", "Les questions qui comptent", "Las preguntas importantes", "As perguntas importantes", "Pertanyaan yang penting", "Các câu hỏi quan trọng", "Важные вопросы", "主な質問", "重要问题", "重要問題", "주요 질문", "คำถามสำคัญ" } },
	{ { "Other answers that differ from the majority", "Autres réponses qui diffèrent de la majorité", "Otras respuestas que difieren de la mayoría", "Outras respostas que diferem da maioria", "Jawaban lain yang berbeda dari mayoritas", "Các câu trả lời khác với đa số", "Другие ответы, отличные от большинства", "多数と異なるその他の回答", "与多数不同的其他答案", "與多數不同的其他答案", "다수와 다른 그 밖의 응답", "คำตอบอื่นที่ต่างจากเสียงส่วนใหญ่" } },
	{ { "Majority", "Majorité", "Mayoría", "Maioria", "Mayoritas", "Đa số", "Большинство", "多数", "多数", "多數", "다수", "เสียงส่วนใหญ่" } },
	{ { "same", "identique", "igual", "igual", "sama", "giống", "совпадает", "同じ", "相同", "相同", "같음", "เหมือน" } },
	{ { "differs", "différent", "difiere", "difere", "berbeda", "khác", "отличается", "異なる", "不同", "不同", "다름", "ต่าง" } },
	{ { "no answers", "aucune réponse", "sin respuestas", "sem respostas", "tidak ada jawaban", "không có câu trả lời", "нет ответов", "回答なし", "无答案", "無答案", "응답 없음", "ไม่มีคำตอบ" } },
	{ { "median {1}, {2} to {3}", "médiane {1}, de {2} à {3}", "mediana {1}, de {2} a {3}", "mediana {1}, de {2} a {3}", "nilai tengah {1}, {2} sampai {3}", "trung vị {1}, từ {2} đến {3}", "медиана {1}, от {2} до {3}", "中央値{1}、{2}から{3}", "中位数 {1}，{2} 至 {3}", "中位數 {1}，{2} 至 {3}", "중앙값 {1}, {2}~{3}", "มัธยฐาน {1} จาก {2} ถึง {3}" } },
	{ { "{1} ({2} answered)", "{1} ({2} {2|réponse|réponses})", "{1} ({2} {2|respuesta|respuestas})", "{1} ({2} {2|resposta|respostas})", "{1} ({2} jawaban)", "{1} ({2} câu trả lời)", "{1} ({2} {2|ответ|ответа|ответов})", "{1}（回答{2}件）", "{1}（{2} 个答案）", "{1}（{2} 個答案）", "{1}(응답 {2}건)", "{1} ({2} คำตอบ)" } },

	/* the page of HTML */
	{ { "Questions with", "Questions contenant", "Preguntas con", "Perguntas com", "Pertanyaan dengan", "Câu hỏi có", "Вопросы со словом", "質問を検索", "查找问题", "查找問題", "질문 찾기", "คำถามที่มี" } },
	{ { "Figures for", "Chiffres pour", "Cifras de", "Números de", "Angka untuk", "Số liệu của", "Данные по", "集計対象", "数据范围", "數據範圍", "집계 대상", "ตัวเลขของ" } },
	{ { "everyone", "tous", "todos", "todos", "semua", "tất cả", "всем", "全体", "全部", "全部", "전체", "ทุกราย" } },
};
/* clang-format on */

const size_t cnv_saying_paper_count = sizeof cnv_saying_papers / sizeof *cnv_saying_papers;
