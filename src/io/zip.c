/* Zip files, read back: the list of parts at the end of the file, and each part inflated in pieces.
 *
 * Every length and offset comes from the file and is checked against its size before use; nothing is allocated by a
 * declared size except the list of parts, which has a limit.  Zip64, encryption and several disks are not read.
 * Format: PKWARE APPNOTE 6.3.3, sections 4.3.7, 4.3.12 and 4.3.16.
 */
#include "io_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#define LIST_LIMIT ((uint64_t)8 << 20) /* bytes of the list of parts: 65,535 of them with names of 80 */
#define PIECE 65536u

#define END_SIZE 22u   /* bytes of the record that ends the file, without a comment */
#define ENTRY_SIZE 46u /* of a part's entry in the list, before its name */
#define LOCAL_SIZE 30u /* of the header before a part's bytes, before its name */

struct part {
	cnv_str name;
	uint64_t offset; /* of its local header */
	uint64_t packed, size;
	uint32_t crc;
	uint16_t method;
};

struct cnv_zip {
	struct part *parts;
	uint8_t *list;
	uint64_t size; /* of the file */
	uint32_t count;
	int descriptor;
};

enum { STORED = 0, DEFLATED = 8 };

static uint32_t number16(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static uint32_t number32(const uint8_t *at)
{
	return number16(at) | number16(at + 2) << 16;
}

/* Exactly `len` bytes from `offset`. */
static cnv_status read_at(const cnv_zip *zip, uint64_t offset, uint8_t *at, size_t len)
{
	if (offset > zip->size || len > zip->size - offset)
		return CNV_REJECTED;
	while (len) {
		ssize_t got = pread(zip->descriptor, at, len, (off_t)offset);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? CNV_NO_ACCESS : CNV_REJECTED;
		at += got;
		offset += (uint64_t)got;
		len -= (size_t)got;
	}
	return CNV_OK;
}

/* Takes one entry off the list; false when it does not lie inside it. */
static bool take_entry(struct part *part, const uint8_t **at, const uint8_t *end)
{
	const uint8_t *entry = *at;
	if ((size_t)(end - entry) < ENTRY_SIZE || number32(entry) != 0x02014B50)
		return false;
	size_t name = number16(entry + 28), whole = ENTRY_SIZE + name + number16(entry + 30) + number16(entry + 32);
	if ((size_t)(end - entry) < whole)
		return false;
	*part = (struct part){
		.name = { (const char *)entry + ENTRY_SIZE, name },
		.offset = number32(entry + 42),
		.packed = number32(entry + 20),
		.size = number32(entry + 24),
		.crc = number32(entry + 16),
		.method = (uint16_t)number16(entry + 10),
	};
	*at = entry + whole;
	return true;
}

/* Reads the record at the end and the list it leads to. */
static cnv_status read_list(cnv_zip *zip)
{
	uint8_t end[END_SIZE];
	if (zip->size < END_SIZE)
		return CNV_REJECTED;
	cnv_status status = read_at(zip, zip->size - END_SIZE, end, sizeof end);
	if (status != CNV_OK)
		return status;

	uint64_t len = number32(end + 12), offset = number32(end + 16);
	zip->count = number16(end + 10);
	if (number32(end) != 0x06054B50 || len > LIST_LIMIT || offset + len + END_SIZE != zip->size)
		return CNV_REJECTED;
	zip->list = cnv_mem_get((size_t)len);
	zip->parts = cnv_mem_array(zip->count, sizeof *zip->parts);
	if (!zip->list || !zip->parts)
		return CNV_NO_MEMORY;
	status = read_at(zip, offset, zip->list, (size_t)len);
	if (status != CNV_OK)
		return status;
	const uint8_t *at = zip->list;
	for (uint32_t part = 0; part < zip->count; part++)
		if (!take_entry(&zip->parts[part], &at, zip->list + len))
			return CNV_REJECTED;
	return at == zip->list + len ? CNV_OK : CNV_REJECTED;
}

cnv_status cnv_zip_open(cnv_zip **out, const char *path)
{
	*out = NULL;
	cnv_zip *zip = cnv_mem_get(sizeof *zip);
	if (!zip)
		return CNV_NO_MEMORY;
	struct stat about;
	cnv_status status = CNV_NO_ACCESS;
	zip->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (zip->descriptor >= 0 && !fstat(zip->descriptor, &about) && S_ISREG(about.st_mode)) {
		zip->size = (uint64_t)about.st_size;
		status = read_list(zip);
	}
	if (status == CNV_OK)
		*out = zip;
	else
		cnv_zip_close(zip);
	return status;
}

uint32_t cnv_zip_count(const cnv_zip *zip)
{
	return zip->count;
}

cnv_str cnv_zip_name(const cnv_zip *zip, uint32_t part)
{
	return zip->parts[part].name;
}

uint32_t cnv_zip_find(const cnv_zip *zip, cnv_str name)
{
	for (uint32_t part = 0; part < zip->count; part++)
		if (cnv_str_equal(zip->parts[part].name, name))
			return part;
	return CNV_NONE;
}

/* Where a part's packed bytes begin: behind its local header, whose name and extra field have lengths of their own. */
static cnv_status find_bytes(const cnv_zip *zip, const struct part *part, uint64_t *offset)
{
	uint8_t local[LOCAL_SIZE];
	cnv_status status = read_at(zip, part->offset, local, sizeof local);
	if (status != CNV_OK)
		return status;
	*offset = part->offset + LOCAL_SIZE + number16(local + 26) + number16(local + 28);
	if (number32(local) != 0x04034B50 || *offset > zip->size || part->packed > zip->size - *offset)
		return CNV_REJECTED;
	return CNV_OK;
}

/* The inflating of one part. */
struct stream {
	z_stream z;
	void (*piece)(void *self, cnv_str bytes);
	void *self;
	uint64_t size; /* bytes given so far */
	uint64_t most; /* that the part says it has */
	uLong crc;
	uint8_t out[PIECE];
};

/* Hands on one piece; false when the part gives more than it says. */
static bool give(struct stream *stream, const uint8_t *at, size_t len)
{
	stream->size += len;
	stream->crc = crc32(stream->crc, at, (uInt)len);
	if (stream->size > stream->most)
		return false;
	stream->piece(stream->self, (cnv_str){ (const char *)at, len });
	return true;
}

/* Inflates the bytes at hand; *ended once the stream has said so. */
static cnv_status inflate_bytes(struct stream *stream, const uint8_t *in, size_t len, bool *ended)
{
	stream->z.next_in = (z_const Bytef *)in;
	stream->z.avail_in = (uInt)len;
	while (!*ended) {
		stream->z.next_out = stream->out;
		stream->z.avail_out = PIECE;
		int got = inflate(&stream->z, Z_NO_FLUSH);
		if (got == Z_MEM_ERROR)
			return CNV_NO_MEMORY;
		if (got == Z_BUF_ERROR)
			return CNV_OK; /* it wants more input */
		if (got != Z_OK && got != Z_STREAM_END)
			return CNV_REJECTED;
		if (!give(stream, stream->out, PIECE - stream->z.avail_out))
			return CNV_REJECTED;
		*ended = got == Z_STREAM_END;
	}
	return stream->z.avail_in ? CNV_REJECTED : CNV_OK;
}

/* Reads the packed bytes through `in`. */
static cnv_status stream_bytes(const cnv_zip *zip, const struct part *part, struct stream *stream, uint8_t *in)
{
	uint64_t offset, left = part->packed;
	bool ended = part->method == STORED;
	cnv_status status = find_bytes(zip, part, &offset);
	while (status == CNV_OK && left) {
		size_t len = left < PIECE ? (size_t)left : PIECE;
		status = read_at(zip, offset, in, len);
		if (status == CNV_OK && part->method == DEFLATED)
			status = ended ? CNV_REJECTED : inflate_bytes(stream, in, len, &ended);
		else if (status == CNV_OK && !give(stream, in, len))
			status = CNV_REJECTED;
		offset += len;
		left -= len;
	}
	if (status == CNV_OK && (!ended || stream->size != part->size || stream->crc != part->crc))
		return CNV_REJECTED;
	return status;
}

cnv_status cnv_zip_stream(const cnv_zip *zip, uint32_t part, void (*piece)(void *self, cnv_str bytes), void *self)
{
	const struct part *packed = &zip->parts[part];
	if (packed->method != STORED && packed->method != DEFLATED)
		return CNV_REJECTED;
	struct stream *stream = cnv_mem_get(sizeof *stream);
	uint8_t *in = cnv_mem_get(PIECE);
	cnv_status status = CNV_NO_MEMORY;
	bool inflating = false;
	if (!stream || !in)
		goto out;
	stream->piece = piece;
	stream->self = self;
	stream->most = packed->size;
	stream->crc = crc32(0, NULL, 0);
	if (packed->method == DEFLATED) {
		if (inflateInit2(&stream->z, -MAX_WBITS) != Z_OK)
			goto out;
		inflating = true;
	}
	status = stream_bytes(zip, packed, stream, in);
out:
	if (inflating)
		inflateEnd(&stream->z);
	cnv_mem_free(stream);
	cnv_mem_free(in);
	return status;
}

void cnv_zip_close(cnv_zip *zip)
{
	if (!zip)
		return;
	if (zip->descriptor >= 0)
		close(zip->descriptor);
	cnv_mem_free(zip->parts);
	cnv_mem_free(zip->list);
	cnv_mem_free(zip);
}
