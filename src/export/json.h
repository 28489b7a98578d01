/* JSON into a text. */
#ifndef CANVASS_EXPORT_JSON_H
#define CANVASS_EXPORT_JSON_H

#include "canvass/base.h"

typedef struct json {
	cnv_text *out;
	bool comma; /* one is due before the next value */
} json;

/* key: NULL in an array. */
void json_open(json *j, const char *key, char bracket);
void json_close(json *j, char bracket);
void json_key(json *j, cnv_str key); /* its value follows */
void json_text(json *j, const char *key, cnv_str text);
void json_raw(json *j, const char *key, cnv_str value); /* JSON already */

#endif
