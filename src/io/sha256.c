/* SHA-256 of large files, by libcrypto, which uses each processor's SHA instructions.
 *
 * Loading libcrypto takes longer than importing a small return, so it is loaded when the first large file is
 * digested.  On a system without it the core's own digest is used, which returns the same digest more slowly.
 *
 * These are libcrypto's functions from before version 3, on purpose.  Their replacements look the method up in a
 * provider, and the first look-up of a process takes 1.3 ms, or 7 ms with the configuration file that is read by
 * default. */
#define OPENSSL_API_COMPAT 10101 /* otherwise its header warns about them */

#include "canvass/io.h"

#include <stddef.h>
#include <string.h>

#include <openssl/sha.h>

#define WORDS(number) WORD(number)
#define WORD(number) #number

struct functions {
	int (*init)(SHA256_CTX *state);
	int (*update)(SHA256_CTX *state, const void *bytes, size_t len);
	int (*final)(unsigned char *sha256, SHA256_CTX *state);
};

static const cnv_symbol symbols[] = {
	{ "SHA256_Init", offsetof(struct functions, init) },
	{ "SHA256_Update", offsetof(struct functions, update) },
	{ "SHA256_Final", offsetof(struct functions, final) },
};

struct cnv_sha256 {
	struct functions functions; /* NULL: the core's digest is used */
	SHA256_CTX state;
	cnv_digest own;
};

cnv_sha256 *cnv_sha256_new(void)
{
	cnv_sha256 *digest = cnv_mem_get(sizeof *digest);

	if (!digest)
		return NULL;
	if (cnv_library_load("libcrypto.so." WORDS(OPENSSL_SHLIB_VERSION), symbols, sizeof symbols / sizeof *symbols,
			     &digest->functions))
		digest->functions = (struct functions){ 0 };
	if (digest->functions.init)
		digest->functions.init(&digest->state);
	else
		cnv_digest_init(&digest->own, CNV_SHA256);
	return digest;
}

void cnv_sha256_add(cnv_sha256 *digest, cnv_str bytes)
{
	if (digest->functions.update)
		digest->functions.update(&digest->state, bytes.at, bytes.len);
	else
		cnv_digest_add(&digest->own, bytes.at, bytes.len);
}

void cnv_sha256_end(cnv_sha256 *digest, uint8_t sha256[32])
{
	uint8_t all[64];

	if (digest->functions.final)
		digest->functions.final(sha256, &digest->state);
	else
		memcpy(sha256, all, cnv_digest_end(&digest->own, all));
}

void cnv_sha256_free(cnv_sha256 *digest)
{
	cnv_mem_free(digest);
}
