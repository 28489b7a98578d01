/* What the tests of files share: a fresh folder for each, and looking into it. */
#ifndef IO_STAGE_H
#define IO_STAGE_H

#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700 /* nftw */
#endif
#include "canvass/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* A fresh folder for each test; everything is named relative to it. */
static char folder[] = "/tmp/canvass-io-XXXXXX";
static char last_message[200];
static uint16_t last_code;

static void hear(void *self, const cnv_diag *diag)
{
	(void)self;
	last_code = diag->code;
	snprintf(last_message, sizeof last_message, "%.*s", CNV_ARG(diag->message));
}

static int enter_folder(void **state)
{
	(void)state;
	memcpy(strrchr(folder, '-') + 1, "XXXXXX", 6);
	last_code = 0;
	return !mkdtemp(folder) || chdir(folder);
}

static inline void write_file(const char *name, const char *bytes)
{
	FILE *file = fopen(name, "wb");
	assert_non_null(file);
	assert_true(fputs(bytes, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static inline void assert_holds(const char *name, const char *bytes)
{
	char have[64] = { 0 };
	FILE *file = fopen(name, "rb");
	assert_non_null(file);
	size_t len = fread(have, 1, sizeof have - 1, file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(len, strlen(bytes));
	assert_string_equal(have, bytes);
}

/* Names in the folder, hidden ones too. */
static inline size_t count_names(void)
{
	size_t count = 0;
	DIR *names = opendir(".");
	assert_non_null(names);
	for (const struct dirent *name; (name = readdir(names));)
		count += strcmp(name->d_name, ".") && strcmp(name->d_name, "..");
	closedir(names);
	return count;
}

static int remove_one(const char *name, const struct stat *about, int kind, struct FTW *where)
{
	(void)about;
	(void)kind;
	(void)where;
	return remove(name);
}

static int leave_folder(void **state)
{
	(void)state;
	DIR *names = opendir(".");
	for (const struct dirent *name; names && (name = readdir(names));)
		if (strcmp(name->d_name, ".") && strcmp(name->d_name, ".."))
			nftw(name->d_name, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	if (names)
		closedir(names);
	return chdir("/") || rmdir(folder);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

#endif
