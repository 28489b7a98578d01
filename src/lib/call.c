/* A call into the library: its memory, its arguments, its status. */
#include "lib/lib.h"

#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- memory */

static void *note(lib_call *call, void *at)
{
	call->refused |= !at;
	return at;
}

static void *allocate(void *self, size_t size)
{
	lib_call *call = self;

	return note(call, call->own.allocate ? call->own.allocate(call->own.self, size) : malloc(size));
}

static void *resize(void *self, void *at, size_t size)
{
	lib_call *call = self;

	return note(call, call->own.resize ? call->own.resize(call->own.self, at, size) : realloc(at, size));
}

static void release(void *self, void *at)
{
	lib_call *call = self;

	if (call->own.release)
		call->own.release(call->own.self, at);
	else
		free(at);
}

void lib_enter(lib_call *call, const canvass_context *context, canvass_findings *findings)
{
	*call = (lib_call){ .findings = findings };
	if (context)
		call->own = context->allocator;
	if (findings) {
		findings->failed = false;
		call->diags = findings->diags;
	}
	call->allocator = (cnv_allocator){ allocate, resize, release, call };
	call->before = cnv_mem_use(&call->allocator);
}

static canvass_status status_of(cnv_status status)
{
	switch (status) {
	case CNV_OK:
		return CANVASS_OK;
	case CNV_REJECTED:
	case CNV_STOPPED:
		return CANVASS_REJECTED;
	case CNV_NO_MEMORY:
		return CANVASS_NO_MEMORY;
	case CNV_NO_ACCESS:
		return CANVASS_NO_ACCESS;
	}
	return CANVASS_MISUSE;
}

canvass_status lib_leave_stored(lib_call *call, cnv_status status)
{
	cnv_mem_use(call->before);
	if (status && call->refused)
		return CANVASS_NO_MEMORY;
	return !status && call->findings && call->findings->failed ? CANVASS_NO_MEMORY : status_of(status);
}

canvass_status lib_leave(lib_call *call, cnv_status status)
{
	canvass_status done = lib_leave_stored(call, status);

	return call->refused ? CANVASS_NO_MEMORY : done;
}

/* ---------------------------------------------------------------- structs that may grow */

static size_t size_of(const void *given)
{
	size_t size;

	memcpy(&size, given, sizeof size);
	return size;
}

bool lib_is_sized(const void *given)
{
	return size_of(given) >= sizeof(size_t);
}

bool lib_read_sized(void *own, size_t size, const void *given)
{
	const unsigned char *bytes = given;
	size_t theirs = given ? size_of(given) : 0;

	memset(own, 0, size);
	if (!given)
		return true;
	if (theirs < sizeof(size_t))
		return false;
	for (size_t at = size; at < theirs; at++)
		if (bytes[at])
			return false;
	memcpy(own, given, theirs < size ? theirs : size);
	return true;
}

void lib_write_sized(void *given, const void *own, size_t size)
{
	size_t theirs = size_of(given);

	memcpy((char *)given + sizeof theirs, (const char *)own + sizeof theirs,
	       (theirs < size ? theirs : size) - sizeof theirs);
}

/* A field at the end of a struct that were padding in an older header would be read from there. */
#define ENDS_WITH(type, field) _Static_assert(offsetof(type, field) + sizeof((type){ 0 }.field) == sizeof(type), #type)
ENDS_WITH(canvass_context_options, allocator);
ENDS_WITH(canvass_form_options, reserved);
ENDS_WITH(canvass_check_options, reserved);
ENDS_WITH(canvass_store_options, replace);
ENDS_WITH(canvass_counts, unattributed);
ENDS_WITH(canvass_value, text);
ENDS_WITH(canvass_finding, hint);

/* ---------------------------------------------------------------- arguments */

cnv_str lib_str(const char *text)
{
	return text ? cnv_str_from(text) : (cnv_str){ 0 };
}

canvass_text lib_text(cnv_arena *arena, cnv_str text)
{
	char *at = cnv_arena_get(arena, text.len + 1);

	if (!at)
		return (canvass_text){ "", 0 };
	if (text.len)
		memcpy(at, text.at, text.len);
	return (canvass_text){ at, text.len };
}

/* Years 1 to 9999, as days are written. */
bool lib_is_time(canvass_time time)
{
	return time.utc_ms >= INT64_C(-62135596800000) + 86400000 &&
	       time.utc_ms < INT64_C(253402300800000) - 86400000 && time.utc_offset > -86400 &&
	       time.utc_offset < 86400 && !time.reserved;
}

cnv_instant lib_instant(canvass_time time)
{
	return (cnv_instant){ time.utc_ms, time.utc_offset };
}

bool lib_is_file(const canvass_file *file)
{
	return file->name && *file->name && (file->bytes || !file->size);
}

bool lib_are_files(const canvass_file *files, size_t count)
{
	if (!files || count > UINT32_MAX)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!lib_is_file(&files[i]))
			return false;
	return true;
}

cnv_attached lib_attached(const canvass_file *file)
{
	return (cnv_attached){ lib_str(file->name), { file->bytes, file->size } };
}

/* ---------------------------------------------------------------- public */

const char *canvass_version(void)
{
	return cnv_version();
}

const char *canvass_status_words(canvass_status status)
{
	switch (status) {
	case CANVASS_OK:
		return "done";
	case CANVASS_REJECTED:
		return "the input cannot be used";
	case CANVASS_NO_MEMORY:
		return "out of memory";
	case CANVASS_NO_ACCESS:
		return "a file, the disk or the store failed";
	case CANVASS_MISUSE:
		return "an argument is not valid";
	}
	return "no status of canvass";
}

canvass_status canvass_time_read(const char *text, canvass_time *out)
{
	cnv_instant instant;

	if (!text || !out)
		return CANVASS_MISUSE;
	if (!cnv_instant_read(cnv_str_from(text), 0, &instant))
		return CANVASS_REJECTED;
	*out = (canvass_time){ .utc_ms = instant.utc_ms, .utc_offset = instant.utc_offset };
	return CANVASS_OK;
}

canvass_status canvass_context_new(canvass_context **out, const canvass_context_options *options)
{
	canvass_context_options own;
	canvass_context *context;
	lib_call call;

	if (!out)
		return CANVASS_MISUSE;
	*out = NULL;
	if (!lib_read_sized(&own, sizeof own, options))
		return CANVASS_MISUSE;
	const canvass_allocator *a = &own.allocator;
	if (!a->allocate != !a->resize || !a->allocate != !a->release)
		return CANVASS_MISUSE;
	lib_enter(&call, &(canvass_context){ *a }, NULL);
	context = cnv_mem_get(sizeof *context);
	if (context)
		context->allocator = *a;
	*out = context;
	return lib_leave(&call, context ? CNV_OK : CNV_NO_MEMORY);
}

void canvass_context_free(canvass_context *context)
{
	lib_call call;

	if (!context)
		return;
	lib_enter(&call, context, NULL);
	cnv_mem_free(context);
	lib_leave(&call, CNV_OK);
}
