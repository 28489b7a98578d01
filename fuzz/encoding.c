/* Any bytes as a returned file of any encoding: the first byte says what the person said (nothing, an encoding, a
 * delimiter), the rest is the file.  What is decoded in pieces must be what is decoded at once. */
#include "corpus.h"

#include "canvass/io.h"

static const char form_text[] =
	"survey\n"
	",type,name,label::English (en),label::Deutsch (de),label::日本語 (ja),label::Русский (ru)\n"
	",text,who,Who,Wer,氏名,Кто\n"
	",select_one yn,ok,Okay,Einverstanden für später,同意しますか,Согласны\n"
	",text,why,Why,Begründung,理由を説明してください,Объясните причину\n"
	"choices\n"
	",list_name,name,label::English (en),label::Deutsch (de),label::日本語 (ja),label::Русский (ru)\n"
	",yn,yes,Yes,Ja,はい,Да\n"
	",yn,no,No,Nein,いいえ,Нет\n";

typedef struct fixture {
	cnv_arena arena, texts;
	cnv_sheets sheets;
	cnv_form *form;
	cnv_vocabulary vocabulary;
	cnv_text fields; /* of the file, end to end */
} fixture;

static void on_field(void *self, cnv_str field)
{
	fixture *f = self;

	if (cnv_utf8_check(field) < field.len)
		__builtin_trap();
	cnv_text_put(&f->fields, field);
	cnv_text_put_char(&f->fields, '\n');
}

static cnv_status on_record(void *self, uint32_t line)
{
	(void)self;
	return line ? CNV_OK : CNV_REJECTED;
}

static fixture *shared(void)
{
	static fixture f;
	cnv_diags diags = { 0 };

	if (f.form)
		return &f;
	cnv_sheets_init(&f.sheets, CNV_STR("form.csv"), &f.arena);
	cnv_csv_sheets(&f.sheets, CNV_STR(form_text), &diags);
	cnv_form_build(&f.form, &f.sheets, &f.arena, &diags);
	cnv_vocabulary_init(&f.vocabulary, f.form);
	return &f;
}

static uint64_t read_in_pieces(fixture *f, const cnv_dialect *dialect, cnv_str bytes, size_t piece)
{
	cnv_csv_sink sink = { .self = f, .field = on_field, .record = on_record };
	cnv_diags diags = { 0 };
	cnv_csv *csv = cnv_csv_new(CNV_STR("fuzz.csv"), dialect->delimiter, (cnv_csv_limits){ 0 }, &sink, &diags);
	cnv_recoder *recoder = cnv_recoder_new(CNV_STR("fuzz.csv"), dialect, csv, &diags);
	cnv_status status = CNV_OK;

	cnv_text_reset(&f->fields);
	for (size_t at = 0; at < bytes.len && !status; at += piece)
		status = cnv_recoder_feed(recoder, cnv_str_slice(bytes, at, at + piece));
	if (!status)
		status = cnv_recoder_end(recoder);
	cnv_recoder_free(recoder);
	cnv_csv_free(csv);
	return cnv_str_hash(cnv_text_str(&f->fields), 0) + (uint64_t)status;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static const char *const languages[] = { "", "ja", "ru", "zh-Hant" };
	fixture *f = shared();
	cnv_str bytes = { (const char *)at, len };
	uint8_t said = len ? at[0] : 0;
	cnv_dialect_asked asked = { .source = CNV_STR("fuzz.csv"),
				    .form = f->form,
				    .vocabulary = &f->vocabulary,
				    .whole = true,
				    .language = cnv_str_from(languages[said % 4]) };
	cnv_diags diags = { 0 };
	cnv_dialect dialect;

	bytes = cnv_str_slice(bytes, 1, len);
	if (said >= 128)
		asked.encoding = cnv_encoding_at(said - 128u);
	else if (said >= 64)
		asked.delimiter = ';';
	asked.sample = bytes;
	asked.head = bytes.len;
	if (!cnv_dialect_find(&dialect, &asked, &f->texts, &diags) &&
	    read_in_pieces(f, &dialect, bytes, len + 1) != read_in_pieces(f, &dialect, bytes, 3))
		__builtin_trap();
	cnv_arena_reset(&f->texts);
	return 0;
}
