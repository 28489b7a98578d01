/* Memory: the only calls to the allocator, arenas, growing texts and a map.
 *
 * An arena is a list of chunks, newest first; blocks are cut from the newest chunk and all freed together.  A window
 * loop resets its arena after every window: the chunks are then merged into one, so that the allocator is not called
 * from the second window on.
 *
 * Running out of memory is sticky and silent: the arena, text or map records it, later requests fail too, and the
 * owner checks once at the end. */
#include "canvass/base.h"

#include <assert.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CHUNK ((size_t)4096)
#define LARGEST_CHUNK ((size_t)1 << 20)
#define FIRST_TEXT ((size_t)64)
#define FIRST_MAP ((uint32_t)16)

struct cnv_chunk {
	struct cnv_chunk *older;
	size_t room, used; /* bytes */
	alignas(max_align_t) unsigned char bytes[];
};

struct cnv_map_slot {
	uint64_t hash; /* 0: free */
	cnv_str key;
	uint32_t value;
};

static _Atomic size_t allocations;               /* requests since the program began */
static _Atomic size_t left_to_give = SIZE_MAX;   /* requests until the allocator fails; SIZE_MAX: never */
static _Atomic bool fails_once;                  /* only the first of them fails */
static _Atomic bool ran_short;                   /* an allocation failed, here or in a library */
static _Thread_local size_t shortages;           /* how many failed in this thread */
static _Thread_local const cnv_allocator *using; /* of this thread; NULL: the C library's */

/* Counts one request.  Returns false when a test makes it fail, or when the size exceeds the largest object (the
 * difference of two pointers must fit). */
static bool may_allocate(size_t size)
{
	allocations++;
	if (size > PTRDIFF_MAX)
		return false;
	if (left_to_give == SIZE_MAX)
		return true;
	if (!left_to_give) {
		if (fails_once)
			left_to_give = SIZE_MAX;
		return false;
	}
	left_to_give--;
	return true;
}

/* ---------------------------------------------------------------- the allocator */

bool cnv_size_multiply(size_t a, size_t b, size_t *product)
{
	if (a && b > SIZE_MAX / a)
		return false;
	*product = a * b;
	return true;
}

bool cnv_size_add(size_t a, size_t b, size_t *sum)
{
	if (b > SIZE_MAX - a)
		return false;
	*sum = a + b;
	return true;
}

void cnv_mem_note_shortage(void)
{
	ran_short = true;
	shortages++;
}

size_t cnv_mem_shortages(void)
{
	return shortages;
}

bool cnv_mem_ran_short(void)
{
	return ran_short;
}

/* Passes on the allocator's result. */
static void *given(void *at)
{
	if (!at)
		cnv_mem_note_shortage();
	return at;
}

void *cnv_mem_get(size_t size)
{
	const cnv_allocator *own = using;
	void *at;

	if (!may_allocate(size))
		return given(NULL);
	if (!own)
		return given(calloc(1, size ? size : 1));
	at = own->allocate(own->self, size ? size : 1);
	if (at)
		memset(at, 0, size);
	return given(at);
}

void *cnv_mem_array(size_t count, size_t size)
{
	size_t bytes;

	return cnv_size_multiply(count, size, &bytes) ? cnv_mem_get(bytes) : NULL;
}

void *cnv_mem_resize(void *at, size_t old_count, size_t count, size_t size)
{
	const cnv_allocator *own = using;
	size_t bytes;

	assert(at || !old_count);
	(void)old_count;
	if (!cnv_size_multiply(count, size, &bytes) || !may_allocate(bytes))
		return given(NULL);
	if (!bytes)
		bytes = 1;
	if (!own)
		return given(realloc(at, bytes));
	return given(at ? own->resize(own->self, at, bytes) : own->allocate(own->self, bytes));
}

void cnv_mem_free(void *at)
{
	if (!using)
		free(at);
	else if (at)
		using->release(using->self, at);
}

const cnv_allocator *cnv_mem_use(const cnv_allocator *allocator)
{
	const cnv_allocator *before = using;

	using = allocator;
	return before;
}

void cnv_mem_fail_after(size_t count)
{
	fails_once = false;
	left_to_give = count;
}

void cnv_mem_fail_once(size_t count)
{
	fails_once = true;
	left_to_give = count;
}

size_t cnv_mem_allocations(void)
{
	return allocations;
}

bool cnv_mem_room(void **at, uint32_t *room, uint32_t want, size_t size)
{
	if (want <= *room)
		return true;
	uint32_t grown = *room > UINT32_MAX / 2 ? UINT32_MAX : *room * 2;
	if (grown < 8)
		grown = 8;
	if (grown < want)
		grown = want;
	void *moved = cnv_mem_resize(*at, *room, grown, size);
	if (!moved)
		return false;
	*at = moved;
	*room = grown;
	return true;
}

/* ---------------------------------------------------------------- arenas */

static struct cnv_chunk *new_chunk(size_t room)
{
	size_t bytes;

	if (!cnv_size_add(room, sizeof(struct cnv_chunk), &bytes))
		return NULL;
	struct cnv_chunk *chunk = cnv_mem_resize(NULL, 0, bytes, 1);
	if (chunk)
		*chunk = (struct cnv_chunk){ .room = room };
	return chunk;
}

/* Adds a chunk with room for `size` bytes.  A large request gets a chunk of its own behind the newest, which remains
 * in use. */
static struct cnv_chunk *add_chunk(cnv_arena *arena, size_t size)
{
	struct cnv_chunk *newest = arena->chunk;
	size_t room = newest && newest->room >= FIRST_CHUNK ? newest->room : FIRST_CHUNK / 2;

	room = room < LARGEST_CHUNK / 2 ? room * 2 : LARGEST_CHUNK;
	bool own = size > room / 2;
	struct cnv_chunk *chunk = new_chunk(own ? size : room);
	if (!chunk)
		return NULL;
	if (own && newest) {
		chunk->older = newest->older;
		newest->older = chunk;
	} else {
		chunk->older = newest;
		arena->chunk = chunk;
	}
	return chunk;
}

/* Cuts `size` bytes from the arena, not zeroed. */
static void *cut(cnv_arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	size_t padded, taken;

	if (arena->failed)
		return NULL;
	if (!cnv_size_add(size ? size : 1, align - 1, &padded))
		goto failed;
	padded -= padded % align;
	if (!cnv_size_add(arena->taken, padded, &taken) || (arena->limit && taken > arena->limit))
		goto failed;
	struct cnv_chunk *chunk = arena->chunk;
	if (!chunk || chunk->room - chunk->used < padded)
		chunk = add_chunk(arena, padded);
	if (!chunk)
		goto failed;
	void *at = chunk->bytes + chunk->used;
	chunk->used += padded;
	arena->taken = taken;
	return at;
failed:
	arena->failed = true;
	return NULL;
}

static void free_chunks(struct cnv_chunk *chunk)
{
	while (chunk) {
		struct cnv_chunk *older = chunk->older;
		cnv_mem_free(chunk);
		chunk = older;
	}
}

void *cnv_arena_get(cnv_arena *arena, size_t size)
{
	void *at = cut(arena, size);

	if (at)
		memset(at, 0, size);
	return at;
}

void *cnv_arena_array(cnv_arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (cnv_size_multiply(count, size, &bytes))
		return cnv_arena_get(arena, bytes);
	arena->failed = true;
	return NULL;
}

bool cnv_arena_grow(cnv_arena *arena, void **at, uint32_t count, uint32_t *room, size_t size)
{
	if (count < *room)
		return true;
	uint32_t wanted = *room > UINT32_MAX / 2 ? UINT32_MAX : *room ? *room * 2 : 8;
	void *bigger = count < wanted ? cnv_arena_array(arena, wanted, size) : NULL;

	if (!bigger) {
		arena->failed = true;
		return false;
	}
	if (count)
		memcpy(bigger, *at, count * size);
	*at = bigger;
	*room = wanted;
	return true;
}

cnv_str cnv_arena_copy(cnv_arena *arena, cnv_str s)
{
	char *at = s.len ? cut(arena, s.len) : NULL;

	if (!at)
		return (cnv_str){ 0 };
	memcpy(at, s.at, s.len);
	return (cnv_str){ at, s.len };
}

cnv_str cnv_arena_format(cnv_arena *arena, const char *format, ...)
{
	va_list list, again;
	cnv_str out = { 0 };

	va_start(list, format);
	va_copy(again, list);
	int len = vsnprintf(NULL, 0, format, list);
	char *at = len < 0 ? NULL : cut(arena, (size_t)len + 1);
	if (at) {
		vsnprintf(at, (size_t)len + 1, format, again);
		out = (cnv_str){ at, (size_t)len };
	} else {
		arena->failed = true;
	}
	va_end(again);
	va_end(list);
	return out;
}

void cnv_arena_reset(cnv_arena *arena)
{
	struct cnv_chunk *kept = arena->chunk;

	if (kept && kept->older) {
		size_t room = 0;
		for (const struct cnv_chunk *chunk = kept; chunk; chunk = chunk->older)
			room += chunk->room; /* all of them are in memory, so the sum fits */
		free_chunks(kept);
		kept = new_chunk(room);
	}
	if (kept)
		kept->used = 0;
	*arena = (cnv_arena){ .chunk = kept, .limit = arena->limit };
}

void cnv_arena_fini(cnv_arena *arena)
{
	free_chunks(arena->chunk);
	*arena = (cnv_arena){ 0 };
}

/* ---------------------------------------------------------------- growing texts */

/* Does the limit allow `more` bytes?  Reports the first time that it does not. */
static bool is_allowed(cnv_text *text, size_t more)
{
	size_t want;

	if (!cnv_size_add(text->len, more, &want) || (text->limit && want > text->limit))
		text->failed = true;
	return !text->failed;
}

static bool grow_text(cnv_text *text, size_t more)
{
	size_t want;

	if (!cnv_size_add(text->len, more, &want)) {
		text->failed = true;
		return false;
	}
	if (want <= text->room)
		return true;
	size_t room = text->room ? text->room : FIRST_TEXT / 2;
	room = room <= SIZE_MAX / 2 ? room * 2 : SIZE_MAX;
	if (room < want)
		room = want;
	char *at = cnv_mem_resize(text->at, text->room, room, 1);
	if (!at) {
		text->failed = true;
		return false;
	}
	text->at = at;
	text->room = room;
	return true;
}

bool cnv_text_reserve(cnv_text *text, size_t more)
{
	return is_allowed(text, more) && grow_text(text, more);
}

void cnv_text_put(cnv_text *text, cnv_str s)
{
	bool fits = s.len <= text->room - text->len && !text->limit && !text->failed;

	if (!s.len || (!fits && !cnv_text_reserve(text, s.len)))
		return;
	memcpy(text->at + text->len, s.at, s.len);
	text->len += s.len;
}

void cnv_text_put_char(cnv_text *text, char c)
{
	if (cnv_text_reserve(text, 1))
		text->at[text->len++] = c;
}

void cnv_text_vformat(cnv_text *text, const char *format, va_list list)
{
	char small[256];
	va_list again;

	va_copy(again, list);
	int len = vsnprintf(small, sizeof small, format, list);
	if (len < 0)
		text->failed = true;
	else if ((size_t)len < sizeof small)
		cnv_text_put(text, (cnv_str){ small, (size_t)len });
	else if (is_allowed(text, (size_t)len) && grow_text(text, (size_t)len + 1)) {
		/* The buffer has one byte more than the text, for the NUL that vsnprintf writes. */
		vsnprintf(text->at + text->len, (size_t)len + 1, format, again);
		text->len += (size_t)len;
	}
	va_end(again);
}

void cnv_text_format(cnv_text *text, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	cnv_text_vformat(text, format, list);
	va_end(list);
}

cnv_str cnv_text_str(const cnv_text *text)
{
	return (cnv_str){ text->at, text->len };
}

void cnv_text_reset(cnv_text *text)
{
	text->len = 0;
	text->failed = false;
}

void cnv_text_fini(cnv_text *text)
{
	cnv_mem_free(text->at);
	*text = (cnv_text){ 0 };
}

/* ---------------------------------------------------------------- the map
 *
 * Keys may come from an attacker, who can choose them so that all hash to the same slot and each probe steps over
 * all earlier keys.  A random seed would prevent that, but canvass uses no randomness.  Keys that are not chosen
 * practically never need such long probes: when one does, the map computes a new seed from all its keys and rehashes
 * them. */

/* At most 7 of 10 slots are used: even among millions of keys, a probe longer than this is then exceptional. */
#define MOST_REACH 256u

static uint64_t slot_hash(const cnv_map *map, cnv_str key)
{
	uint64_t hash = cnv_str_hash(key, map->seed);

	return hash ? hash : 1;
}

/* The slot that holds `key`, or the free slot for it.  There is always a free slot. */
static struct cnv_map_slot *find_slot(const cnv_map *map, uint64_t hash, cnv_str key)
{
	for (uint32_t at = (uint32_t)hash & (map->room - 1);; at = (at + 1) & (map->room - 1)) {
		struct cnv_map_slot *slot = &map->slots[at];
		if (!slot->hash || (slot->hash == hash && cnv_str_equal(slot->key, key)))
			return slot;
	}
}

/* Inserts a key that is not in the map; there must be room for it. */
static void lay_slot(cnv_map *map, const struct cnv_map_slot *slot)
{
	uint32_t first = (uint32_t)slot->hash & (map->room - 1), at = first;

	while (map->slots[at].hash)
		at = (at + 1) & (map->room - 1);
	map->slots[at] = *slot;
	uint32_t looked = ((at - first) & (map->room - 1)) + 1;
	map->reach = looked > map->reach ? looked : map->reach;
}

/* Rehashes all keys into `room` slots with this seed. */
static bool lay_anew(cnv_map *map, uint32_t room, uint64_t seed)
{
	struct cnv_map_slot *old = map->slots;
	uint32_t old_room = map->room;
	struct cnv_map_slot *slots = cnv_mem_array(room, sizeof *slots);

	if (!slots)
		return false;
	bool same = seed == map->seed;
	*map = (cnv_map){ slots, map->count, room, 0, map->chosen, seed, map->failed };
	for (uint32_t i = 0; i < old_room; i++) {
		struct cnv_map_slot slot = old[i];
		if (!slot.hash)
			continue;
		slot.hash = same ? slot.hash : slot_hash(map, slot.key);
		lay_slot(map, &slot);
	}
	cnv_mem_free(old);
	return true;
}

static bool grow_map(cnv_map *map)
{
	uint32_t room = map->room ? map->room * 2 : FIRST_MAP;

	return room > map->room && lay_anew(map, room, map->seed);
}

/* Chooses a seed that depends on every key.  Without memory for it, or if the current seed was chosen among more than
 * half as many keys, the map stays as it is: slower, but correct. */
static void choose_seed(cnv_map *map)
{
	uint64_t seed = map->seed;

	if (map->chosen > map->count / 2)
		return;
	map->chosen = map->count;
	for (uint32_t i = 0; i < map->room; i++)
		if (map->slots[i].hash)
			seed = cnv_str_hash(map->slots[i].key, seed);
	lay_anew(map, map->room, seed);
}

uint32_t cnv_map_put(cnv_map *map, cnv_str key, uint32_t value)
{
	if (map->room) {
		const struct cnv_map_slot *slot = find_slot(map, slot_hash(map, key), key);
		if (slot->hash)
			return slot->value;
	}
	if (map->failed)
		return value;
	if ((uint64_t)map->count * 10 >= (uint64_t)map->room * 7 && !grow_map(map)) {
		map->failed = true;
		return value;
	}
	lay_slot(map, &(struct cnv_map_slot){ slot_hash(map, key), key, value });
	map->count++;
	if (map->reach > MOST_REACH)
		choose_seed(map);
	return value;
}

uint32_t cnv_map_find(const cnv_map *map, cnv_str key)
{
	if (!map->room)
		return CNV_NONE;
	const struct cnv_map_slot *slot = find_slot(map, slot_hash(map, key), key);
	return slot->hash ? slot->value : CNV_NONE;
}

void cnv_map_fini(cnv_map *map)
{
	cnv_mem_free(map->slots);
	*map = (cnv_map){ 0 };
}
