/* privacy: the words of the column audience, which keep an answer from some of those a report is for. */
#include "canvass/form.h"

static const char *const words[] = {
	[CNV_PRIVACY_NONE] = "",
	[CNV_PRIVACY_CONTACT] = "contact",
	[CNV_PRIVACY_SECRETARIAT] = "secretariat",
};
_Static_assert(sizeof words / sizeof words[0] == CNV_PRIVACIES, "a word for each");

cnv_str cnv_privacy_word(cnv_privacy privacy)
{
	return cnv_str_from(words[privacy]);
}

cnv_privacy cnv_privacy_read(cnv_str word)
{
	cnv_privacy privacy = CNV_PRIVACIES;

	while (--privacy > CNV_PRIVACY_NONE && !cnv_str_equal(word, cnv_privacy_word(privacy)))
		;
	return privacy;
}

cnv_privacy cnv_privacy_more(cnv_privacy one, cnv_privacy other)
{
	return one > other ? one : other;
}
