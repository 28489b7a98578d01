/* JSON into a text. */
#include "export/json.h"

void json_key(json *j, cnv_str key)
{
	if (j->comma)
		cnv_text_put_char(j->out, ',');
	cnv_json_put(j->out, key);
	cnv_text_put_char(j->out, ':');
	j->comma = false;
}

static void begin(json *j, const char *key)
{
	if (key)
		json_key(j, cnv_str_from(key));
	else if (j->comma)
		cnv_text_put_char(j->out, ',');
	j->comma = true;
}

void json_open(json *j, const char *key, char bracket)
{
	begin(j, key);
	cnv_text_put_char(j->out, bracket);
	j->comma = false;
}

void json_close(json *j, char bracket)
{
	cnv_text_put_char(j->out, bracket);
	j->comma = true;
}

void json_text(json *j, const char *key, cnv_str text)
{
	begin(j, key);
	cnv_json_put(j->out, text);
}

void json_raw(json *j, const char *key, cnv_str value)
{
	begin(j, key);
	cnv_text_put(j->out, value);
}
