/* SHA-256 of files, by libcrypto, which has code for the instructions of each processor.
 *
 * The core has its own digest for digest() in forms, because it links no library.  libcrypto is in the process
 * already: the library that writes workbooks needs it.
 *
 * These are libcrypto's functions of before version 3, on purpose.  The ones that replace them look the method up in
 * a provider, and the first look-up of a process takes 1.3 ms, or 7 ms with the configuration file that it reads
 * unless told otherwise; a small return is imported in less.
 */
#define OPENSSL_API_COMPAT 10101 /* or its header warns of them */

#include "canvass/io.h"

#include <openssl/sha.h>

struct cnv_sha256 {
	SHA256_CTX state;
};

cnv_sha256 *cnv_sha256_new(void)
{
	cnv_sha256 *digest = cnv_mem_get(sizeof *digest);

	if (digest)
		SHA256_Init(&digest->state);
	return digest;
}

void cnv_sha256_add(cnv_sha256 *digest, cnv_str bytes)
{
	SHA256_Update(&digest->state, bytes.at, bytes.len);
}

void cnv_sha256_end(cnv_sha256 *digest, uint8_t sha256[32])
{
	SHA256_Final(sha256, &digest->state);
}

void cnv_sha256_free(cnv_sha256 *digest)
{
	cnv_mem_free(digest);
}
