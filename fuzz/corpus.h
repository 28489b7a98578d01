/* A fuzz target without a fuzzer: runs each file of a corpus once (-DCORPUS_MAIN). */
#ifndef CANVASS_FUZZ_CORPUS_H
#define CANVASS_FUZZ_CORPUS_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

#ifdef CORPUS_MAIN
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		/* Exactly as long as the file, so that a read past the end is seen. */
		char *bytes;
		long len;
		if (!file || fseek(file, 0, SEEK_END) || (len = ftell(file)) < 0 || fseek(file, 0, SEEK_SET))
			return 1;
		bytes = malloc((size_t)len + !len);
		if (!bytes || fread(bytes, 1, (size_t)len, file) != (size_t)len)
			return 1;
		fclose(file);
		LLVMFuzzerTestOneInput((const uint8_t *)bytes, (size_t)len);
		free(bytes);
	}
	return 0;
}
#endif
#endif
