/* What the tests of expressions share: case files are read whole. */
#ifndef CANVASS_TESTS_EXPR_STAGE_H
#define CANVASS_TESTS_EXPR_STAGE_H

#include <stdio.h>
#include <stdlib.h>

/* The text of a file, to be freed; NULL when it is not there. */
static char *read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return NULL;
	fseek(file, 0, SEEK_END);
	long size = ftell(file);
	rewind(file);
	char *text = size >= 0 ? calloc((size_t)size + 1, 1) : NULL;
	size_t got = text != NULL ? fread(text, 1, (size_t)size, file) : 0;
	fclose(file);
	if (text != NULL)
		text[got] = '\0';
	return text;
}

#endif
