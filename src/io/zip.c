/* Zip files: the list of parts at the end of the file, and inflating each part in pieces.
 *
 * It reads two kinds of files: workbooks that canvass has just written, which are read back from disk and must match
 * exactly, and untrusted ones, which are in memory, may have a comment after the end or other data before the start,
 * and are subject to limits.  Every length and offset comes from the file and is checked against its size before
 * use; only the list of parts is allocated by a declared size, which has a limit; limits on inflated data count the
 * output bytes.  Encryption and multiple disks are not supported; of Zip64 only the longer numbers in the list are.
 * Format: PKWARE APPNOTE 6.3.3, sections 4.3.7, 4.3.12, 4.3.16 and 4.5.3. */
#include "io/zip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define LIST_LIMIT ((uint64_t)8 << 20) /* bytes of the list of parts: 65,535 of them with names of 80 */
#define PIECE 65536u

#define COMMENT_LIMIT 65535u /* bytes that may follow the record at the end */

#define END_SIZE 22u   /* bytes of the record at the end of the file, without a comment */
#define ENTRY_SIZE 46u /* of a part's entry in the list, before its name */
#define LOCAL_SIZE 30u /* of the header before a part's bytes, before its name */

struct part {
	cnv_str name;
	uint64_t offset; /* of its local header */
	uint64_t packed, size;
	uint32_t crc;
	uint16_t method;
	bool locked; /* encrypted */
};

struct cnv_zip {
	struct part *parts;
	uint8_t *list;
	const char *bytes; /* the file in memory; NULL: it is read through the descriptor */
	uint64_t size;     /* of the file */
	uint64_t given;    /* bytes inflated so far, of all parts */
	cnv_zip_limits limits;
	cnv_zip_fault fault;
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

static uint64_t number64(const uint8_t *at)
{
	return (uint64_t)number32(at) | (uint64_t)number32(at + 4) << 32;
}

static cnv_status refuse(cnv_zip *zip, cnv_zip_trouble trouble)
{
	zip->fault.trouble = trouble;
	return CNV_REJECTED;
}

/* Sets the location of later faults: this byte, or this part. */
static void be_at(cnv_zip *zip, uint64_t at, const struct part *part)
{
	cnv_str name = part ? cnv_str_slice(part->name, 0, sizeof zip->fault.part - 1) : (cnv_str){ 0 };

	zip->fault = (cnv_zip_fault){ .trouble = CNV_ZIP_DAMAGED, .at = at };
	if (name.len)
		memcpy(zip->fault.part, name.at, cnv_utf8_check(name));
}

/* Reads exactly `len` bytes from `offset`. */
static cnv_status read_at(const cnv_zip *zip, uint64_t offset, uint8_t *at, size_t len)
{
	if (offset > zip->size || len > zip->size - offset)
		return CNV_REJECTED;
	if (zip->bytes) {
		memcpy(at, zip->bytes + offset, len);
		return CNV_OK;
	}
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

/* Sizes and offsets that do not fit in 32 bits are in an extra field, in this order, each only if needed. */
static bool take_long_numbers(struct part *part, const uint8_t *at, size_t len)
{
	uint64_t *numbers[] = { &part->size, &part->packed, &part->offset };

	while (len >= 4) {
		size_t field = number16(at + 2);
		if (field > len - 4)
			return false;
		if (number16(at) == 1) {
			const uint8_t *number = at + 4, *end = number + field;
			for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
				if (*numbers[i] != UINT32_MAX)
					continue;
				if (end - number < 8)
					return false;
				*numbers[i] = number64(number);
				number += 8;
			}
			return true;
		}
		at += 4 + field;
		len -= 4 + field;
	}
	return true;
}

/* Takes one entry off the list; false: it is not entirely within the list. */
static bool take_entry(struct part *part, const uint8_t **at, const uint8_t *end)
{
	const uint8_t *entry = *at;
	if ((size_t)(end - entry) < ENTRY_SIZE || number32(entry) != 0x02014B50)
		return false;
	size_t name = number16(entry + 28), extra = number16(entry + 30);
	size_t whole = ENTRY_SIZE + name + extra + number16(entry + 32);
	if ((size_t)(end - entry) < whole)
		return false;
	*part = (struct part){
		.name = { (const char *)entry + ENTRY_SIZE, name },
		.offset = number32(entry + 42),
		.packed = number32(entry + 20),
		.size = number32(entry + 24),
		.crc = number32(entry + 16),
		.method = (uint16_t)number16(entry + 10),
		.locked = entry[8] & 1,
	};
	*at = entry + whole;
	return take_long_numbers(part, entry + ENTRY_SIZE + name, extra);
}

/* Finds the record at the end: in our own workbooks it ends the file, in others a comment may follow. */
static cnv_status find_end(cnv_zip *zip, uint8_t end[END_SIZE], uint64_t *offset)
{
	uint64_t least = zip->bytes && zip->size > END_SIZE + COMMENT_LIMIT ? zip->size - END_SIZE - COMMENT_LIMIT : 0;

	be_at(zip, zip->size, NULL);
	if (zip->size < END_SIZE)
		return refuse(zip, CNV_ZIP_CUT);
	*offset = zip->size - END_SIZE;
	for (;;) {
		cnv_status status = read_at(zip, *offset, end, END_SIZE);
		if (status != CNV_OK)
			return status;
		if (number32(end) == 0x06054B50 && number16(end + 20) <= zip->size - END_SIZE - *offset)
			return CNV_OK;
		if (!zip->bytes || *offset == least)
			return refuse(zip, CNV_ZIP_CUT);
		--*offset;
	}
}

/* Finds where a part's packed bytes begin: after its local header, whose name and extra field have lengths of their
 * own. */
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

/* Data before the zip shifts all of its offsets, unless the offsets were already corrected and only the list has
 * moved. */
static void shift_parts(cnv_zip *zip, uint64_t shift)
{
	uint64_t bytes;

	if (!shift || !zip->count || find_bytes(zip, &zip->parts[0], &bytes) == CNV_OK)
		return;
	for (uint32_t part = 0; part < zip->count; part++)
		zip->parts[part].offset += shift;
}

/* Reads the record at the end and the list that it points to. */
static cnv_status read_list(cnv_zip *zip)
{
	uint8_t end[END_SIZE];
	uint64_t end_offset;
	cnv_status status = find_end(zip, end, &end_offset);
	if (status != CNV_OK)
		return status;

	uint64_t len = number32(end + 12), offset = number32(end + 16);
	zip->count = number16(end + 10);
	be_at(zip, end_offset, NULL);
	if (zip->limits.parts && zip->count > zip->limits.parts) {
		zip->fault.at = UINT64_MAX;
		return refuse(zip, CNV_ZIP_PARTS);
	}
	if (len > LIST_LIMIT || offset + len > end_offset || (!zip->bytes && offset + len != end_offset))
		return CNV_REJECTED;
	zip->list = cnv_mem_get((size_t)len);
	zip->parts = cnv_mem_array(zip->count, sizeof *zip->parts);
	if (!zip->list || !zip->parts)
		return CNV_NO_MEMORY;
	status = read_at(zip, end_offset - len, zip->list, (size_t)len);
	if (status != CNV_OK)
		return status;
	const uint8_t *at = zip->list;
	for (uint32_t part = 0; part < zip->count; part++) {
		be_at(zip, end_offset - len + (uint64_t)(at - zip->list), NULL);
		if (!take_entry(&zip->parts[part], &at, zip->list + len))
			return CNV_REJECTED;
	}
	be_at(zip, end_offset - len + (uint64_t)(at - zip->list), NULL);
	if (at != zip->list + len)
		return CNV_REJECTED;
	shift_parts(zip, end_offset - len - offset);
	return CNV_OK;
}

/* Names of parts are case-insensitive, and some programs write them with their system's separator. */
static char fold(char c)
{
	return c == '\\' ? '/' : cnv_lower(c);
}

static int compare_names(cnv_str a, cnv_str b)
{
	for (size_t at = 0; at < a.len && at < b.len; at++) {
		char one = fold(a.at[at]), other = fold(b.at[at]);
		if (one != other)
			return (unsigned char)one < (unsigned char)other ? -1 : 1;
	}
	return (a.len > b.len) - (a.len < b.len);
}

static int by_name(const void *a, const void *b)
{
	return compare_names(((const struct part *)a)->name, ((const struct part *)b)->name);
}

static int by_offset(const void *a, const void *b)
{
	const uint64_t one = ((const struct part *)a)->offset, other = ((const struct part *)b)->offset;
	return (one > other) - (one < other);
}

/* Parts that share bytes or a name are rejected: they allow a small file to expand to a huge one, or to show
 * different text to different readers. */
static cnv_status check_parts(cnv_zip *zip)
{
	uint64_t upto = 0;

	if (!zip->count)
		return CNV_OK;
	qsort(zip->parts, zip->count, sizeof *zip->parts, by_name);
	for (uint32_t part = 1; part < zip->count; part++)
		if (!compare_names(zip->parts[part - 1].name, zip->parts[part].name)) {
			be_at(zip, zip->parts[part].offset, &zip->parts[part]);
			return refuse(zip, CNV_ZIP_SUSPECT);
		}
	qsort(zip->parts, zip->count, sizeof *zip->parts, by_offset);
	for (uint32_t part = 0; part < zip->count; part++) {
		uint64_t bytes;
		be_at(zip, zip->parts[part].offset, &zip->parts[part]);
		if (find_bytes(zip, &zip->parts[part], &bytes) != CNV_OK)
			return CNV_REJECTED;
		if (zip->parts[part].offset < upto)
			return refuse(zip, CNV_ZIP_SUSPECT);
		upto = bytes + zip->parts[part].packed;
	}
	return CNV_OK;
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

cnv_status cnv_zip_open_bytes(cnv_zip **out, cnv_str bytes, cnv_zip_limits limits, cnv_zip_fault *fault)
{
	*out = NULL;
	*fault = (cnv_zip_fault){ 0 };
	cnv_zip *zip = cnv_mem_get(sizeof *zip);
	if (!zip)
		return CNV_NO_MEMORY;
	*zip = (cnv_zip){ .bytes = bytes.at, .size = bytes.len, .limits = limits, .descriptor = -1 };
	cnv_status status = read_list(zip);
	if (status == CNV_OK)
		status = check_parts(zip);
	*fault = zip->fault;
	if (status == CNV_OK)
		*out = zip;
	else
		cnv_zip_close(zip);
	return status;
}

const cnv_zip_fault *cnv_zip_why(const cnv_zip *zip)
{
	return &zip->fault;
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
		if (!compare_names(zip->parts[part].name, name))
			return part;
	return CNV_NONE;
}

/* State of inflating one part. */
struct stream {
	z_stream z;
	cnv_zip *zip;
	cnv_status (*piece)(void *self, cnv_str bytes);
	void *self;
	uint64_t size; /* bytes passed on so far */
	uint64_t most; /* the size that the part declares */
	uLong crc;
	uint8_t *out;
	size_t room; /* of `out` */
};

/* Passes on one piece, unless the part exceeds its declared size or the limits. */
static cnv_status give(struct stream *stream, const uint8_t *at, size_t len)
{
	const cnv_zip_limits *limits = &stream->zip->limits;

	stream->size += len;
	stream->zip->given += len;
	stream->crc = crc32(stream->crc, at, (uInt)len);
	if ((limits->part && stream->size > limits->part) || (limits->all && stream->zip->given > limits->all))
		return refuse(stream->zip, CNV_ZIP_LARGE);
	if (stream->size > stream->most)
		return CNV_REJECTED;
	return stream->piece(stream->self, (cnv_str){ (const char *)at, len });
}

static voidpf get_memory(voidpf self, uInt count, uInt size)
{
	(void)self;
	return cnv_mem_array(count, size);
}

static void free_memory(voidpf self, voidpf at)
{
	(void)self;
	cnv_mem_free(at);
}

/* Inflates the available bytes; *ended is set at the end of the stream. */
static cnv_status inflate_bytes(struct stream *stream, const uint8_t *in, size_t len, bool *ended)
{
	stream->z.next_in = (z_const Bytef *)in;
	stream->z.avail_in = (uInt)len;
	while (!*ended) {
		stream->z.next_out = stream->out;
		stream->z.avail_out = (uInt)stream->room;
		int got = inflate(&stream->z, Z_NO_FLUSH);
		if (got == Z_MEM_ERROR) {
			cnv_mem_note_shortage();
			return CNV_NO_MEMORY;
		}
		if (got == Z_BUF_ERROR)
			return CNV_OK; /* needs more input */
		if (got != Z_OK && got != Z_STREAM_END)
			return CNV_REJECTED;
		cnv_status status = give(stream, stream->out, stream->room - stream->z.avail_out);
		if (status != CNV_OK)
			return status;
		*ended = got == Z_STREAM_END;
	}
	return stream->z.avail_in ? CNV_REJECTED : CNV_OK;
}

/* Reads the packed bytes through `in`. */
static cnv_status stream_bytes(cnv_zip *zip, const struct part *part, struct stream *stream, uint8_t *in)
{
	uint64_t offset, left = part->packed;
	bool ended = part->method == STORED;
	cnv_status status = find_bytes(zip, part, &offset);
	while (status == CNV_OK && left) {
		size_t len = left < PIECE ? (size_t)left : PIECE;
		zip->fault.at = offset;
		status = read_at(zip, offset, in, len);
		if (status == CNV_OK && part->method == DEFLATED) {
			status = ended ? CNV_REJECTED : inflate_bytes(stream, in, len, &ended);
			zip->fault.at += ended ? 0 : len - stream->z.avail_in;
		} else if (status == CNV_OK) {
			status = give(stream, in, len);
		}
		offset += len;
		left -= len;
	}
	if (status == CNV_OK)
		zip->fault.at = part->offset;
	if (status == CNV_OK && (!ended || stream->size != part->size || stream->crc != part->crc))
		return CNV_REJECTED;
	return status;
}

/* Room for a piece of so many bytes, or for all if they are fewer: most parts are small. */
static size_t piece_room(uint64_t bytes)
{
	return bytes < PIECE ? (size_t)bytes + 1 : PIECE;
}

cnv_status cnv_zip_stream(cnv_zip *zip, uint32_t part, cnv_status (*piece)(void *self, cnv_str bytes), void *self)
{
	const struct part *packed = &zip->parts[part];
	struct stream stream = { .zip = zip, .piece = piece, .self = self, .most = packed->size };
	be_at(zip, packed->offset, packed);
	if (packed->locked)
		return refuse(zip, CNV_ZIP_LOCKED);
	if (packed->method != STORED && packed->method != DEFLATED)
		return refuse(zip, CNV_ZIP_METHOD);
	uint8_t *in = cnv_mem_get(piece_room(packed->packed));
	cnv_status status = CNV_NO_MEMORY;
	bool inflating = false;
	stream.room = piece_room(packed->size);
	stream.out = cnv_mem_get(stream.room);
	if (!stream.out || !in)
		goto out;
	stream.crc = crc32(0, NULL, 0);
	if (packed->method == DEFLATED) {
		stream.z.zalloc = get_memory;
		stream.z.zfree = free_memory;
		if (inflateInit2(&stream.z, -MAX_WBITS) != Z_OK) {
			cnv_mem_note_shortage();
			goto out;
		}
		inflating = true;
	}
	status = stream_bytes(zip, packed, &stream, in);
out:
	if (inflating)
		inflateEnd(&stream.z);
	cnv_mem_free(stream.out);
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

cnv_status cnv_zip_pack(cnv_zip_packed *packed, cnv_str bytes)
{
	z_stream z = { .zalloc = get_memory, .zfree = free_memory };
	uLong most;
	int got;

	if (bytes.len > UINT32_MAX / 2)
		return CNV_REJECTED;
	packed->crc = (uint32_t)crc32(crc32(0, NULL, 0), (const Bytef *)bytes.at, (uInt)bytes.len);
	/* Without the header and the checksum of zlib. */
	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
		cnv_mem_note_shortage();
		return CNV_NO_MEMORY;
	}
	most = deflateBound(&z, (uLong)bytes.len);
	if (!cnv_text_reserve(&packed->bytes, most)) {
		deflateEnd(&z);
		return CNV_NO_MEMORY;
	}
	z.next_in = (z_const Bytef *)bytes.at;
	z.avail_in = (uInt)bytes.len;
	z.next_out = (Bytef *)packed->bytes.at + packed->bytes.len;
	z.avail_out = (uInt)most;
	got = deflate(&z, Z_FINISH);
	packed->bytes.len += most - z.avail_out;
	deflateEnd(&z);
	return got == Z_STREAM_END ? CNV_OK : CNV_NO_MEMORY;
}
