/* Likeness: how closely a decoded text resembles real writing.
 *
 * Text read in the wrong code page shows typical signs: capitals in the middle of words, letters of two scripts in
 * one word, symbols between letters, combining marks without a letter.  Text read in the right one has words that
 * the form uses, and letters that one language uses together.  Each character beyond ASCII scores between -4 and 4
 * points; the score of a reading is their mean.  The points are ordered by the strength of the evidence, and were
 * set with the samples of tests/encoding_story.py. */
#include "io/likeness.h"

/* Points of one character. */
#define OF_THE_FORM 4.0   /* in a cell whose whole text is words of the form */
#define IN_A_WORD 3.0     /* in a word the form uses */
#define OF_RESPONDENT 2.5 /* a letter of the respondent's language, where that explains most letters */
#define OF_A_FORM 1.5     /* the same for one of the form's languages */
#define OF_A_LANGUAGE 1.0 /* the same for another language */
#define OF_A_SECOND 0.6   /* a letter of a form's language that explains fewer letters */
#define A_LETTER 0.3      /* any other letter */
#define AN_APOSTROPHE 1.5 /* between letters */
#define A_SIGN 1.0        /* other punctuation in normal use */
#define A_RULE 3.0        /* a dot or a dash apart from everything: no alphabet has a letter that is written so */
#define MISPLACED (-2.0)  /* letters of two scripts in a word, capitals after small letters, symbols within a word */
#define NO_TEXT (-4.0)    /* a control character, or a character that programs do not write */

/* Factors for letters that are common or rare in their language, where the table separates the two: text read in the
 * wrong alphabet has too few of its common letters. */
#define COMMON 1.3
#define RARE 0.5

/* Languages and their letters beyond ASCII, in lower case, `|` after the common ones; for Chinese and Korean the
 * most common characters. */
/* clang-format off */
static const struct language {
	const char *tag, *name, *letters;
} languages[] = {
	{ "ar", "Arabic", "اليومنرتبةهدع|ثجحخذزسشصضطظغفقكىءأإآؤئ" },
	{ "be", "Belarusian", "анеіоркстлдяву|бгжзймпфхцчшыьэюёў" },
	{ "bg", "Bulgarian", "аоеинтрсвл|бгджзйкмпуфхцчшщъьюя" },
	{ "bs", "Bosnian", "čćđšž" },
	{ "ca", "Catalan", "àçèéíïòóúü" },
	{ "cs", "Czech", "áčďéěíňóřšťúůýž" },
	{ "da", "Danish", "æøåé" },
	{ "de", "German", "äöüß" },
	{ "el", "Greek", "αοιετσνηυρςίόάέ|βγδζθκλμξπφχψωήύώϊϋΐΰ" },
	{ "en", "English", "" },
	{ "es", "Spanish", "áéíóúüñ" },
	{ "et", "Estonian", "äöõüšž" },
	{ "fa", "Persian", "ایرندهومتبس|پثجچحخذزژشصضطظعغفقکگلآئ" },
	{ "fi", "Finnish", "äöå" },
	{ "fr", "French", "àâæçèéêëîïôœùûüÿ" },
	{ "he", "Hebrew", "יוהלארתבמשנ|גדזחטכךםןסעפףצץק" },
	{ "hr", "Croatian", "čćđšž" },
	{ "hu", "Hungarian", "áéíóöőúüű" },
	{ "id", "Indonesian", "é" },
	{ "is", "Icelandic", "áðéíóúýþæö" },
	{ "it", "Italian", "àèéìòù" },
	{ "ja", "Japanese", "日本人年月大国会中行政省府法書者時間等名合場方対的全度部内外理事関連海員船港身分証明発出入生性男女"
		"所見上下前後有無学校家社東京交通運輸安全保障説該当回答必要定期第一二三四五十百千万" },
	{ "ko", "Korean", "이다는에의을가고하한로사지기대인서도를은해수자정과부일시어제리구그나원보적동전상있국안없여장주위민관공법계"
		"성라용연업경신조생회년내세등식무물음화문소선유체중만평간후요명진행품질산들면점속방분개발통답까합니습예아된습여력항복"
		"교육현오습름류처람증종임각차표직급확별박외규" },
	{ "lt", "Lithuanian", "ąčęėįšųūž" },
	{ "lv", "Latvian", "āčēģīķļņšūž" },
	{ "mk", "Macedonian", "аоеинтрсвл|бгдѓжзѕјкљмњпќуфхцчџш" },
	{ "ms", "Malay", "é" },
	{ "nl", "Dutch", "ëéïöèü" },
	{ "no", "Norwegian", "æøåéò" },
	{ "pl", "Polish", "ąćęłńóśźż" },
	{ "pt", "Portuguese", "ãáàâçéêíóôõú" },
	{ "ro", "Romanian", "ăâîșțşţ" },
	{ "ru", "Russian", "оеаинтсрвл|бгджзйкмпуфхцчшщъыьэюяё" },
	{ "sk", "Slovak", "áäčďéíĺľňóôŕšťúýž" },
	{ "sl", "Slovenian", "čšž" },
	{ "sq", "Albanian", "ëç" },
	{ "sr", "Serbian", "čćđšž" },
	{ "sr", "Serbian", "аоеинтрсвл|бгдђжзјкљмњпћуфхцчџш" },
	{ "sv", "Swedish", "åäöé" },
	{ "th", "Thai", "กขคฆงจฉชซญฎฏฐฑณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮะัาำิีึืุูเแโใไๆ็่้๊๋์ฤ" },
	{ "tl", "Filipino", "ñ" },
	{ "tr", "Turkish", "çğıöşüâî" },
	{ "uk", "Ukrainian", "оаниівтрес|бгджзйклмпуфхцчшщьюяєїґ" },
	{ "vi", "Vietnamese", "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ" },
	{ "zh-hans", "Chinese", "的一是不了在人有我他这中大来上个国和们为子时道要于就地对会可行其之年得后自以家下过生能出也分成作开都前面里"
		"所发方同还没学部问多工政府法律已没无关事务规定部门管理实施海员船舶港口身份证件签发机构安全运输交通名称说明回答"
		"适用标准系统数据信息国家批准公约公民性别男女月日本期高新进现主" },
	{ "zh-hant", "Chinese", "的一是不了在人有我他這中大來上個國和們為子時道要於就地對會可行其之年得後自以家下過生能出也分成作開都前面裡"
		"所發方同還沒學部問多工政府法律已無關事務規定門管理實施海員船舶港口身份證件簽發機構安全運輸交通名稱說明回答"
		"適用標準系統數據資訊國家批准公約公民性別男女月日本期高新進現主臺灣香" },
};
/* clang-format on */
#define LANGUAGES (sizeof languages / sizeof *languages)
_Static_assert(LANGUAGES <= 64, "a bit for each language");

/* Letters of all languages by hash: which languages each belongs to. */
#define SLOTS 4096u

typedef struct slot {
	uint32_t letter;
	uint64_t languages;    /* that use it */
	uint64_t common, rare; /* of those, the languages where it is known to be common or rare */
} slot;

struct cnv_likeness {
	const cnv_vocabulary *vocabulary;
	uint64_t respondent, form, japanese; /* bits of their languages */
	slot slots[SLOTS];
	uint32_t *points; /* characters of a cell, and the score of each */
	double *values;
	uint32_t point_room, value_room;
	cnv_arena scratch;
	/* of the current reading */
	double sum;
	uint64_t count, known;
	bool found;                /* set by the current look-up */
	cnv_text word;             /* looked up */
	uint64_t letters, of_form; /* letters that no word explains; how many of them are in any language of the form */
	double by_language[LANGUAGES]; /* their score in each language */
	uint64_t in_language[LANGUAGES], in_language_and_form[LANGUAGES];
	bool failed;
};

/* ---------------------------------------------------------------- languages */

static slot *slot_of(cnv_likeness *likeness, uint32_t letter)
{
	uint32_t at = letter * 2654435761u % SLOTS;

	while (likeness->slots[at].letter && likeness->slots[at].letter != letter)
		at = (at + 1) % SLOTS;
	return &likeness->slots[at];
}

/* The bits of a language named by a tag ("zh-Hant", "pt-BR"), with a tag in brackets ("French (fr)"), or by its
 * name. */
static uint64_t language_bits(cnv_str text)
{
	size_t open = cnv_str_find(text, CNV_STR("("));
	cnv_str tag = open == SIZE_MAX ? text : cnv_str_slice(text, open + 1, text.len), primary = tag;
	bool traditional = false, simple = false;
	uint64_t bits = 0;

	for (size_t i = tag.len; i-- > 0;)
		if (tag.at[i] == ')')
			tag.len = i;
		else if (tag.at[i] == '_' || tag.at[i] == '-')
			primary.len = i;
	if (primary.len > tag.len)
		primary.len = tag.len;
	for (cnv_str rest = tag, part; cnv_str_split(&rest, '-', &part);) {
		traditional |= cnv_str_is_word(part, "hant") || cnv_str_is_word(part, "tw") ||
			       cnv_str_is_word(part, "hk") || cnv_str_is_word(part, "mo");
		simple |= cnv_str_is_word(part, "hans") || cnv_str_is_word(part, "cn") || cnv_str_is_word(part, "sg");
	}
	for (size_t i = 0; i < LANGUAGES; i++) {
		bool chinese = cnv_str_starts(cnv_str_from(languages[i].tag), CNV_STR("zh-"));

		if (chinese ? cnv_str_is_word(primary, "zh") : cnv_str_is_word(primary, languages[i].tag))
			bits |= UINT64_C(1) << i;
		else if (cnv_str_equal(cnv_str_trim(cnv_str_slice(text, 0, open)), cnv_str_from(languages[i].name)))
			bits |= UINT64_C(1) << i;
		if (chinese && (languages[i].tag[6] == 't' ? simple : traditional))
			bits &= ~(UINT64_C(1) << i);
	}
	return bits;
}

cnv_likeness *cnv_likeness_new(const cnv_vocabulary *vocabulary, const cnv_form *form, cnv_str language)
{
	cnv_likeness *likeness = cnv_mem_get(sizeof *likeness);

	if (!likeness)
		return NULL;
	likeness->vocabulary = vocabulary;
	likeness->respondent = language_bits(language);
	likeness->japanese = language_bits(CNV_STR("ja"));
	for (uint32_t i = 0; i < form->language_count; i++)
		likeness->form |= language_bits(form->languages[i]);
	for (size_t i = 0; i < LANGUAGES; i++) {
		cnv_str letters = cnv_str_from(languages[i].letters);
		bool parted = cnv_str_find(letters, CNV_STR("|")) != SIZE_MAX, common = true;

		for (const char *at = letters.at, *end = at + letters.len; at < end;) {
			uint32_t c = cnv_utf8_next(&at, end);
			slot *at_letter;

			if (c == '|') {
				common = false;
				continue;
			}
			at_letter = slot_of(likeness, c);
			at_letter->letter = c;
			at_letter->languages |= UINT64_C(1) << i;
			if (parted && common)
				at_letter->common |= UINT64_C(1) << i;
			else if (parted)
				at_letter->rare |= UINT64_C(1) << i;
		}
	}
	return likeness;
}

void cnv_likeness_free(cnv_likeness *likeness)
{
	if (!likeness)
		return;
	cnv_mem_free(likeness->points);
	cnv_mem_free(likeness->values);
	cnv_arena_fini(&likeness->scratch);
	cnv_text_fini(&likeness->word);
	cnv_mem_free(likeness);
}

/* ---------------------------------------------------------------- characters */

typedef enum script {
	LATIN = 1,
	GREEK = 2,
	CYRILLIC = 4,
	HEBREW = 8,
	ARABIC = 16,
	THAI = 32,
	HANGUL = 64,
	KANA = 128,
	HAN = 256,
	HALF_KANA = 512,
	OTHER = 1024
} script;

static script script_of(uint32_t c)
{
	static const struct range {
		uint32_t from, upto; /* inclusive */
		script script;
	} ranges[] = {
		{ 0x41, 0x24F, LATIN },     { 0x300, 0x36F, LATIN },       { 0x370, 0x3FF, GREEK },
		{ 0x400, 0x52F, CYRILLIC }, { 0x590, 0x5FF, HEBREW },      { 0x600, 0x6FF, ARABIC },
		{ 0xE00, 0xE7F, THAI },     { 0x1E00, 0x1EFF, LATIN },     { 0x3005, 0x3007, HAN },
		{ 0x3040, 0x30FF, KANA },   { 0x3400, 0x9FFF, HAN },       { 0xAC00, 0xD7A3, HANGUL },
		{ 0xF900, 0xFAFF, HAN },    { 0xFF61, 0xFF9F, HALF_KANA }, { 0x20000, 0x3FFFF, HAN },
	};

	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (c >= ranges[i].from && c <= ranges[i].upto)
			return ranges[i].script;
	return OTHER;
}

static bool is_letter(cnv_char_class class)
{
	return class == CNV_CHAR_LOWER || class == CNV_CHAR_UPPER || class == CNV_CHAR_LETTER || class == CNV_CHAR_MARK;
}

static bool is_one_of(uint32_t c, const uint32_t *these, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (these[i] == c)
			return true;
	return false;
}
#define IS_ONE_OF(c, these) is_one_of((c), (these), sizeof these / sizeof *(these))

/* The score of a sign beyond ASCII, between the characters before and after it (0: the cell's end). */
static double value_of_sign(uint32_t c, cnv_char_class before, cnv_char_class after)
{
	static const uint32_t opening[] = { 0x201C, 0x201E, 0x2018, 0xBF, 0xA1, 0x201A };
	static const uint32_t closing[] = { 0x201D, 0x2019 };
	static const uint32_t either[] = { 0xAB, 0xBB,   0x2013, 0x2014, 0x2026, 0x2022, 0xB7, 0x20AC, 0xA3, 0xB0,
					   0xA7, 0x2116, 0xB2,   0xB3,   0xBD,   0xBC,   0xBE, 0xBA,   0xAA, 0xAE,
					   0xA9, 0x2122, 0xB5,   0xA5,   0x20A9, 0x20AA, 0xD7, 0xB1 };
	static const uint32_t within[] = { 0x2013, 0x2014, 0xB7 };
	bool left = is_letter(before) || before == CNV_CHAR_DIGIT, right = is_letter(after) || after == CNV_CHAR_DIGIT;

	if (c >= 0x3000 && c <= 0x303F)
		return A_LETTER;
	if (c >= 0xFF00 && c <= 0xFF60)
		return A_LETTER;
	if (c >= 0x2500 && c <= 0x25FF)
		return MISPLACED;
	if (left && right)
		return c == 0x2019 ? AN_APOSTROPHE : IS_ONE_OF(c, within) ? A_SIGN : MISPLACED;
	if (IS_ONE_OF(c, opening))
		return right && !left ? A_SIGN : -1.0;
	if (IS_ONE_OF(c, closing))
		return left ? A_SIGN : A_LETTER;
	if (IS_ONE_OF(c, either))
		return A_LETTER;
	return left || right ? MISPLACED : -1.0;
}

/* A sign between two parts of a line, with several blanks around it, as in the titles of packs. */
static bool is_rule(const uint32_t *points, uint32_t i, uint32_t count)
{
	static const uint32_t rules[] = { 0x2013, 0x2014, 0x2022, 0xB7 };

	return i > 1 && i + 2 < count && IS_ONE_OF(points[i], rules) && points[i - 1] == ' ' && points[i - 2] == ' ' &&
	       points[i + 1] == ' ' && points[i + 2] == ' ';
}

/* Is a Thai mark or following vowel on a character that is not a consonant? */
static bool is_broken_thai(const uint32_t *points, uint32_t count)
{
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < count; i++) {
		bool follows = (points[i] >= 0xE30 && points[i] <= 0xE3A) || (points[i] >= 0xE47 && points[i] <= 0xE4E);
		uint32_t before = i ? points[i - 1] : 0;

		wrong += follows && !(before >= 0xE01 && before <= 0xE2E) && !(before >= 0xE31 && before <= 0xE3A) &&
			 !(before >= 0xE47 && before <= 0xE4E);
	}
	return wrong * 8 > count;
}

/* The score of a word's letters beyond ASCII before languages are considered. */
static double value_of_word(const uint32_t *points, uint32_t count)
{
	uint32_t scripts = 0, upper = 0, lower = 0, beyond = 0;
	bool misplaced = cnv_char_classify(points[0]) == CNV_CHAR_MARK;

	for (uint32_t i = 0; i < count; i++) {
		cnv_char_class class = cnv_char_classify(points[i]);

		scripts |= class == CNV_CHAR_MARK && points[i] < 0x370 ? 0 : (uint32_t)script_of(points[i]);
		misplaced |= class == CNV_CHAR_UPPER && lower;
		misplaced |= points[i] == 0x3C2 && i + 1 < count;               /* final sigma within a word */
		misplaced |= points[i] == 0x3C3 && i + 1 == count && count > 1; /* non-final sigma at the end */
		upper += class == CNV_CHAR_UPPER;
		lower += class == CNV_CHAR_LOWER;
		beyond += points[i] >= 0x80;
	}
	/* In every language a longer Latin word has at least one of the 26 basic letters. */
	misplaced |= scripts == LATIN && beyond == count && count > 2;
	misplaced |= scripts == THAI && is_broken_thai(points, count);
	if (misplaced)
		return MISPLACED;
	if (upper > 1 && lower)
		return -0.7;
	switch (scripts) {
	case LATIN:
	case GREEK:
	case CYRILLIC:
	case HEBREW:
	case ARABIC:
	case THAI:
	case HANGUL:
	case KANA:
	case HAN:
	case KANA | HAN:
		return A_LETTER;
	case HALF_KANA:
		return count >= 3 ? 0.0 : -1.5;
	case LATIN | HAN:
	case LATIN | KANA:
	case LATIN | KANA | HAN:
	case LATIN | HANGUL:
	case LATIN | THAI:
		/* An abbreviation may be next to such letters without a blank; half a Latin word may not. */
		return lower ? -1.0 : 0.0;
	case HANGUL | HAN:
		return -0.7;
	default:
		return MISPLACED;
	}
}

/* ---------------------------------------------------------------- cells */

static void on_word(void *self, cnv_str word)
{
	cnv_likeness *likeness = self;

	likeness->found |= cnv_vocabulary_has_word(likeness->vocabulary, word);
}

/* Does the form use these letters as a word, or as a pair in scripts without spaces between words? */
static bool is_word_of_form(cnv_likeness *likeness, const uint32_t *points, uint32_t count)
{
	cnv_text *text = &likeness->word;

	cnv_text_reset(text);
	for (uint32_t i = 0; i < count; i++) {
		char bytes[4];
		cnv_text_put(text, (cnv_str){ bytes, cnv_utf8_put(bytes, points[i]) });
	}
	likeness->found = false;
	cnv_vocabulary_words(cnv_text_fold(&likeness->scratch, cnv_text_str(text)), on_word, likeness);
	return likeness->found;
}

/* Is the letter at `i` of the word points[from, upto) explained by a word of the form? */
static bool is_explained(cnv_likeness *likeness, uint32_t from, uint32_t i, uint32_t upto, bool whole)
{
	const uint32_t *points = likeness->points;

	if (points[i] < 0x0E00)
		return whole;
	return (i > from && is_word_of_form(likeness, points + i - 1, 2)) ||
	       (i + 1 < upto && is_word_of_form(likeness, points + i, 2));
}

/* Counts a letter that no word of the form explains, for each language that uses it. */
static void count_letter(cnv_likeness *likeness, uint32_t letter)
{
	slot *at = slot_of(likeness, cnv_char_lower(letter));
	uint64_t bits = letter >= 0x3040 && letter <= 0x30FF ? likeness->japanese : at->languages;
	bool of_form = bits & (likeness->form | likeness->respondent);

	likeness->letters++;
	likeness->of_form += of_form;
	for (size_t k = 0; k < LANGUAGES; k++) {
		uint64_t bit = UINT64_C(1) << k;
		double weight = likeness->respondent & bit ? OF_RESPONDENT
				: likeness->form & bit     ? OF_A_FORM
							   : OF_A_LANGUAGE;

		if (!(bits & bit))
			continue;
		likeness->in_language[k]++;
		likeness->in_language_and_form[k] += of_form;
		likeness->by_language[k] += weight * (at->common & bit ? COMMON : at->rare & bit ? RARE : 1.0);
	}
}

/* Scores the letters of the word points[from, upto). */
static void judge_word(cnv_likeness *likeness, uint32_t from, uint32_t upto, bool phrase)
{
	const uint32_t *points = likeness->points;
	bool beyond = false, whole;
	double value;

	for (uint32_t i = from; i < upto; i++)
		beyond |= points[i] >= 0x80;
	if (!beyond)
		return;
	value = value_of_word(points + from, upto - from);
	whole = !phrase && points[from] < 0x0E00 && is_word_of_form(likeness, points + from, upto - from);
	for (uint32_t i = from; i < upto; i++) {
		if (points[i] < 0x80)
			continue;
		if (phrase)
			likeness->values[i] = OF_THE_FORM;
		else if (is_explained(likeness, from, i, upto, whole))
			likeness->values[i] = IN_A_WORD;
		else if (value < A_LETTER)
			likeness->values[i] = value;
		else
			count_letter(likeness, points[i]);
	}
}

void cnv_likeness_cell(cnv_likeness *likeness, cnv_str cell)
{
	uint32_t count = 0, from = CNV_NONE;
	cnv_str folded;
	bool phrase, beyond = false;

	for (size_t i = 0; i < cell.len; i++)
		beyond |= (unsigned char)cell.at[i] >= 0x80;
	if (!beyond || likeness->failed)
		return;
	if (!cnv_mem_room((void **)&likeness->points, &likeness->point_room, (uint32_t)cell.len,
			  sizeof *likeness->points) ||
	    !cnv_mem_room((void **)&likeness->values, &likeness->value_room, (uint32_t)cell.len,
			  sizeof *likeness->values)) {
		likeness->failed = true;
		return;
	}
	likeness->failed |= likeness->scratch.failed || likeness->word.failed;
	cnv_arena_reset(&likeness->scratch);
	folded = cnv_text_fold(&likeness->scratch, cell);
	phrase = folded.len && cnv_vocabulary_has(likeness->vocabulary, folded);
	likeness->known += phrase;
	for (const char *at = cell.at, *end = at + cell.len; at < end;)
		likeness->points[count++] = cnv_utf8_next(&at, end);
	for (uint32_t i = 0; i <= count; i++) {
		cnv_char_class class = i < count ? cnv_char_classify(likeness->points[i]) : CNV_CHAR_BLANK;

		if (i < count)
			likeness->values[i] = 0.0;
		if (is_letter(class)) {
			from = from == CNV_NONE ? i : from;
			continue;
		}
		if (from != CNV_NONE)
			judge_word(likeness, from, i, phrase);
		from = CNV_NONE;
		if (i == count || likeness->points[i] < 0x80)
			continue;
		if (class == CNV_CHAR_NONE || likeness->points[i] < 0xA0 || likeness->points[i] == 0xFFFD)
			likeness->values[i] = NO_TEXT;
		else if (phrase)
			likeness->values[i] = OF_THE_FORM;
		else if (is_rule(likeness->points, i, count))
			likeness->values[i] = A_RULE;
		else if (class == CNV_CHAR_SIGN || class == CNV_CHAR_DIGIT)
			likeness->values[i] = value_of_sign(
				likeness->points[i], i ? cnv_char_classify(likeness->points[i - 1]) : CNV_CHAR_BLANK,
				i + 1 < count ? cnv_char_classify(likeness->points[i + 1]) : CNV_CHAR_BLANK);
	}
	for (uint32_t i = 0; i < count; i++) {
		likeness->sum += likeness->points[i] >= 0x80 ? likeness->values[i] : 0.0;
		likeness->count += likeness->points[i] >= 0x80;
	}
}

/* The score of the letters when one language explains most of them: *best is that language. */
static double value_of_letters(const cnv_likeness *likeness, size_t *best)
{
	double most = -1.0;

	for (size_t k = 0; k < LANGUAGES; k++) {
		uint64_t second = likeness->of_form - likeness->in_language_and_form[k];
		uint64_t others = likeness->letters - likeness->in_language[k] - second;
		double value = likeness->by_language[k] + OF_A_SECOND * (double)second + A_LETTER * (double)others;

		if (value > most) {
			most = value;
			*best = k;
		}
	}
	return most;
}

bool cnv_likeness_failed(const cnv_likeness *likeness)
{
	return likeness->failed || likeness->scratch.failed || likeness->word.failed;
}

double cnv_likeness_take(cnv_likeness *likeness, cnv_likeness_why *why)
{
	size_t best = 0;
	double sum = likeness->sum + value_of_letters(likeness, &best);
	uint64_t bit = UINT64_C(1) << best;

	*why = (cnv_likeness_why){ .known = likeness->known, .characters = likeness->count };
	why->expected = (likeness->respondent | likeness->form) & bit && likeness->in_language[best];
	why->language = likeness->in_language[best] ? languages[best].name : NULL;
	sum = likeness->count ? sum / (double)likeness->count : 0.0;
	likeness->sum = 0.0;
	likeness->count = likeness->known = likeness->letters = likeness->of_form = 0;
	for (size_t k = 0; k < LANGUAGES; k++) {
		likeness->by_language[k] = 0.0;
		likeness->in_language[k] = likeness->in_language_and_form[k] = 0;
	}
	return sum;
}
