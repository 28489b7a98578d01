/* The yardstick: libcsv parsing a file with empty callbacks. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <csv.h>

static void on_field(void *field, size_t len, void *self)
{
	(void)field;
	(void)len;
	(void)self;
}

static void on_record(int end, void *self)
{
	(void)end;
	(void)self;
}

int main(int argc, char **argv)
{
	static char piece[1 << 18];
	struct csv_parser parser;
	ssize_t len;
	int file = argc > 1 ? open(argv[1], O_RDONLY) : -1;

	if (file < 0 || csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI))
		return 1;
	while ((len = read(file, piece, sizeof piece)) > 0)
		if (csv_parse(&parser, piece, (size_t)len, on_field, on_record, NULL) != (size_t)len)
			return 1;
	csv_fini(&parser, on_field, on_record, NULL);
	csv_free(&parser);
	close(file);
	return len < 0;
}
