/* Memory: arenas, texts and maps at their limits, and with the allocator failing at every call in turn. */
#include "canvass/base.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static bool is_zero(const unsigned char *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (at[i])
			return false;
	return true;
}

static void memory_of_any_size_is_aligned_and_zeroed(void **state)
{
	cnv_arena arena = { 0 };

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t size = 0; size < 3000; size += 7) {
			unsigned char *at = cnv_arena_get(&arena, size);
			assert_non_null(at);
			assert_int_equal((uintptr_t)at % alignof(max_align_t), 0);
			assert_true(is_zero(at, size));
			memset(at, 0xAA, size);
		}
		cnv_arena_reset(&arena);
	}
	assert_int_equal(arena.taken, 0);
	cnv_arena_fini(&arena);
	assert_null(arena.chunk);
}

static void a_large_request_leaves_the_chunk_being_filled(void **state)
{
	cnv_arena arena = { 0 };

	(void)state;
	char *before = cnv_arena_get(&arena, 16);
	char *large = cnv_arena_get(&arena, (size_t)5 << 20);
	char *after = cnv_arena_get(&arena, 16);
	assert_non_null(large);
	large[((size_t)5 << 20) - 1] = 1;
	assert_ptr_equal(after, before + 16);
	cnv_arena_fini(&arena);
}

/* From the second window on, the allocator is not called. */
static void a_window_loop_stops_allocating(void **state)
{
	cnv_arena arena = { 0 };
	size_t allocations = 0;

	(void)state;
	for (int window = 0; window < 10; window++) {
		for (int i = 0; i < 5000; i++)
			assert_non_null(cnv_arena_get(&arena, (size_t)(1 + i % 900)));
		cnv_arena_reset(&arena);
		if (window == 1)
			allocations = cnv_mem_allocations();
	}
	assert_int_equal(cnv_mem_allocations(), allocations);
	cnv_arena_fini(&arena);
}

static void an_arena_stops_at_its_limit_and_stays_failed(void **state)
{
	cnv_arena arena = { .limit = 1000 };

	(void)state;
	assert_non_null(cnv_arena_get(&arena, 900));
	assert_null(cnv_arena_get(&arena, 200));
	assert_true(arena.failed);
	assert_null(cnv_arena_get(&arena, 1));
	cnv_arena_reset(&arena);
	assert_false(arena.failed);
	assert_int_equal(arena.limit, 1000);
	assert_non_null(cnv_arena_get(&arena, 900));
	cnv_arena_fini(&arena);
}

static void sizes_that_overflow_are_refused(void **state)
{
	cnv_arena arena = { 0 };
	size_t size = 77;

	(void)state;
	assert_null(cnv_arena_array(&arena, SIZE_MAX / 2, 3));
	assert_true(arena.failed);
	cnv_arena_reset(&arena);
	assert_null(cnv_arena_get(&arena, SIZE_MAX));
	assert_true(arena.failed);
	cnv_arena_reset(&arena);
	assert_null(cnv_arena_get(&arena, SIZE_MAX - 64));
	cnv_arena_fini(&arena);
	assert_null(cnv_mem_array(SIZE_MAX, 2));
	assert_null(cnv_mem_resize(NULL, 0, SIZE_MAX / 4, 5));
	assert_false(cnv_size_multiply(SIZE_MAX, 2, &size) || cnv_size_add(SIZE_MAX, 1, &size));
	assert_int_equal(size, 77);
	assert_true(cnv_size_multiply(0, SIZE_MAX, &size) && size == 0);
	assert_true(cnv_size_add(SIZE_MAX - 1, 1, &size) && size == SIZE_MAX);
}

static void copies_and_formats_live_in_the_arena(void **state)
{
	cnv_arena arena = { 0 };
	char word[] = "word";

	(void)state;
	cnv_str copy = cnv_arena_copy(&arena, cnv_str_from(word));
	cnv_str said = cnv_arena_format(&arena, "%s of %d, %.*s", word, 12, CNV_ARG(CNV_STR("cut short")));
	word[0] = 'x';
	assert_true(cnv_str_equal(copy, CNV_STR("word")));
	assert_true(cnv_str_equal(said, CNV_STR("word of 12, cut short")));
	assert_int_equal(cnv_arena_copy(&arena, (cnv_str){ 0 }).len, 0);
	assert_int_equal(cnv_arena_format(&arena, "%s", "").len, 0);
	assert_int_equal(cnv_arena_format(&arena, "%09999d", 1).len, 9999);
	assert_false(arena.failed);
	cnv_arena_fini(&arena);
}

static void a_text_grows_and_keeps_its_room(void **state)
{
	cnv_text text = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++) {
		cnv_text_put(&text, CNV_STR("ab"));
		cnv_text_put_char(&text, 'c');
		cnv_text_format(&text, "%d", i % 10);
	}
	assert_int_equal(text.len, 4000);
	assert_memory_equal(cnv_text_str(&text).at + 3996, "abc9", 4);
	cnv_text_format(&text, "%0500d", 7);
	assert_int_equal(text.len, 4500);
	assert_int_equal(text.at[4499], '7');
	size_t room = text.room;
	cnv_text_reset(&text);
	assert_int_equal(text.len, 0);
	assert_int_equal(text.room, room);
	cnv_text_fini(&text);
	assert_null(text.at);
}

static void a_text_stops_at_its_limit_and_stays_failed(void **state)
{
	cnv_text text = { .limit = 300 };

	(void)state;
	cnv_text_format(&text, "%0300d", 1);
	assert_false(text.failed);
	assert_int_equal(text.len, 300);
	cnv_text_put_char(&text, 'x');
	assert_true(text.failed);
	cnv_text_reset(&text);
	cnv_text_format(&text, "%0301d", 1);
	assert_true(text.failed);
	assert_int_equal(text.len, 0);
	cnv_text_put(&text, CNV_STR("a"));
	assert_int_equal(text.len, 0);
	assert_false(cnv_text_reserve(&text, SIZE_MAX));
	cnv_text_fini(&text);
}

static void a_list_doubles_its_room(void **state)
{
	void *list = NULL;
	uint32_t room = 0;
	size_t before = cnv_mem_allocations();

	(void)state;
	for (uint32_t want = 1; want <= 100000; want++)
		assert_true(cnv_mem_room(&list, &room, want, sizeof(uint32_t)));
	assert_true(room >= 100000 && room < 200000);
	assert_true(cnv_mem_allocations() - before < 20);
	cnv_mem_fail_after(0);
	void *was = list;
	assert_false(cnv_mem_room(&list, &room, room + 1, sizeof(uint32_t)));
	cnv_mem_fail_after(SIZE_MAX);
	assert_ptr_equal(list, was);
	cnv_mem_free(list);
}

static void a_map_keeps_the_first_number_of_each_key(void **state)
{
	enum { KEYS = 50000 };
	static char keys[KEYS][8];
	cnv_map map = { 0 };

	(void)state;
	assert_int_equal(cnv_map_find(&map, CNV_STR("0")), CNV_NONE);
	for (uint32_t i = 0; i < KEYS; i++) {
		snprintf(keys[i], sizeof keys[i], "%u", (unsigned)i);
		assert_int_equal(cnv_map_put(&map, cnv_str_from(keys[i]), i), i);
	}
	for (uint32_t i = 0; i < KEYS; i++) {
		assert_int_equal(cnv_map_put(&map, cnv_str_from(keys[i]), 7), i);
		assert_int_equal(cnv_map_find(&map, cnv_str_from(keys[i])), i);
	}
	assert_int_equal(map.count, KEYS);
	assert_int_equal(cnv_map_find(&map, CNV_STR("50000")), CNV_NONE);
	assert_int_equal(cnv_map_find(&map, CNV_STR("")), CNV_NONE);
	assert_int_equal(cnv_map_put(&map, CNV_STR(""), 3), 3);
	assert_int_equal(cnv_map_find(&map, (cnv_str){ 0 }), 3);
	assert_int_equal(cnv_map_find(&map, CNV_STR("1\0")), CNV_NONE);
	assert_false(map.failed);
	cnv_map_fini(&map);
	assert_int_equal(map.room, 0);
}

/* Keys of which each falls where the one before it did: the last would step over all of them. */
static void keys_chosen_to_collide_are_spread(void **state)
{
	enum { KEYS = 1500, PLACES = 4096 };
	static char keys[KEYS][12];
	cnv_map map = { 0 };
	uint64_t looked = 0;

	(void)state;
	for (uint32_t i = 0, number = 0; i < KEYS; number++) {
		snprintf(keys[i], sizeof keys[i], "%u", (unsigned)number);
		if (cnv_str_hash(cnv_str_from(keys[i]), 0) % PLACES != 7)
			continue;
		cnv_map_put(&map, cnv_str_from(keys[i]), i);
		looked += map.reach;
		i++;
	}
	assert_true(map.reach < 300);
	assert_true(looked / KEYS < 100);
	assert_int_equal(map.count, KEYS);
	for (uint32_t i = 0; i < KEYS; i++)
		assert_int_equal(cnv_map_find(&map, cnv_str_from(keys[i])), i);
	assert_false(map.failed);
	cnv_map_fini(&map);
}

/* Keys that differ in one bit must spread over both halves of the hash. */
static void hashes_of_near_keys_differ(void **state)
{
	static bool low[65536], high[65536];
	uint32_t lows = 0, highs = 0;

	(void)state;
	for (uint32_t i = 0; i < 65536; i++) {
		char key[12] = "doc[0]/name";
		memcpy(key, &i, sizeof i);
		uint64_t hash = cnv_str_hash((cnv_str){ key, sizeof key }, 0);
		lows += !low[hash & 65535];
		highs += !high[hash >> 48];
		low[hash & 65535] = high[hash >> 48] = true;
	}
	/* By chance 1 - 1/e of the places are taken, 41,427. */
	assert_in_range(lows, 41000, 41900);
	assert_in_range(highs, 41000, 41900);
	assert_true(cnv_str_hash(CNV_STR("a"), 0) != cnv_str_hash(CNV_STR("a\0"), 0));
	assert_true(cnv_str_hash(CNV_STR("a"), 0) != cnv_str_hash(CNV_STR("a"), 1));
}

/* What a room does in one call, reduced: true when every part came through. */
static bool use_everything(void)
{
	cnv_arena arena = { 0 };
	cnv_text text = { 0 };
	cnv_map map = { 0 };
	char keys[40][12];

	for (int i = 0; i < 40; i++) {
		snprintf(keys[i], sizeof keys[i], "%d", i);
		cnv_map_put(&map, cnv_str_from(keys[i]), (uint32_t)i);
		cnv_str said = cnv_arena_format(&arena, "%0900d", i);
		cnv_str folded = cnv_text_fold(&arena, CNV_STR("\u00C9tat \u2013 X"));
		cnv_text_put(&text, said);
		cnv_text_put(&text, folded);
	}
	bool whole = !arena.failed && !text.failed && !map.failed;
	if (whole) {
		assert_int_equal(map.count, 40);
		assert_int_equal(text.len, 40 * (900 + 9));
	}
	/* Nothing that is in a failed map may be lost or changed. */
	for (int i = 0; i < 40; i++) {
		uint32_t found = cnv_map_find(&map, cnv_str_from(keys[i]));
		assert_true(found == (uint32_t)i || (map.failed && found == CNV_NONE));
	}
	cnv_arena_reset(&arena);
	cnv_arena_fini(&arena);
	cnv_text_fini(&text);
	cnv_map_fini(&map);
	return whole;
}

static void lack_of_memory_at_every_allocation_is_noticed(void **state)
{
	size_t before = cnv_mem_allocations(), needed;

	(void)state;
	assert_true(use_everything());
	needed = cnv_mem_allocations() - before - 1; /* the last one, in the reset, may fail */
	assert_true(needed > 10);
	for (size_t k = 0; k < needed; k++) {
		cnv_mem_fail_after(k);
		bool whole = use_everything();
		cnv_mem_fail_after(SIZE_MAX);
		if (whole)
			fail_msg("nobody noticed that allocation %zu failed", k + 1);
	}
	cnv_mem_fail_after(needed);
	assert_true(use_everything());
	cnv_mem_fail_after(SIZE_MAX);
}

/* Its own memory, dirty at first, counted as it comes and goes. */
typedef struct own_memory {
	size_t allocated, resized, released;
} own_memory;

static void *allocate_own(void *self, size_t size)
{
	void *at = malloc(size);

	((own_memory *)self)->allocated++;
	return at ? memset(at, 0xAA, size) : NULL;
}

static void *resize_own(void *self, void *at, size_t size)
{
	((own_memory *)self)->resized++;
	return realloc(at, size);
}

static void release_own(void *self, void *at)
{
	((own_memory *)self)->released++;
	free(at);
}

static void memory_comes_from_the_allocator_in_use(void **state)
{
	own_memory counts = { 0 };
	const cnv_allocator own = { allocate_own, resize_own, release_own, &counts };
	unsigned char *zeroed;
	void *grown;

	(void)state;
	assert_null(cnv_mem_use(&own));
	zeroed = cnv_mem_get(100);
	assert_true(is_zero(zeroed, 100));
	grown = cnv_mem_resize(NULL, 0, 10, 1);
	assert_non_null(grown);
	grown = cnv_mem_resize(grown, 10, 1000, 1);
	assert_non_null(grown);
	cnv_mem_free(zeroed);
	cnv_mem_free(grown);
	cnv_mem_free(NULL);
	assert_ptr_equal(cnv_mem_use(NULL), &own);
	cnv_mem_free(cnv_mem_get(1));
	assert_int_equal(counts.allocated, 2);
	assert_int_equal(counts.resized, 1);
	assert_int_equal(counts.released, 2);
}

static void nothing_of_no_size_is_still_somewhere(void **state)
{
	(void)state;
	void *at = cnv_mem_get(0);
	assert_non_null(at);
	cnv_mem_free(at);
	at = cnv_mem_array(0, 8);
	assert_non_null(at);
	at = cnv_mem_resize(at, 0, 0, 8);
	assert_non_null(at);
	cnv_mem_free(at);
	cnv_mem_free(NULL);
}

static void bits_past_the_count_stay_out(void **state)
{
	uint64_t bits[4];

	(void)state;
	for (size_t count = 0; count <= 192; count++) {
		memset(bits, 0x5A, sizeof bits);
		cnv_bits_fill(bits, count, true);
		assert_int_equal(cnv_bits_count(bits, count), count);
		assert_int_equal(cnv_bits_count(bits, CNV_BIT_WORDS(count) * 64), count);
		assert_true(bits[CNV_BIT_WORDS(count)] == UINT64_C(0x5A5A5A5A5A5A5A5A));
		for (size_t at = 0; at < count; at++)
			assert_true(cnv_bit(bits, at));
		if (count > 1) {
			cnv_bit_clear(bits, count / 2);
			assert_false(cnv_bit(bits, count / 2));
			assert_int_equal(cnv_bits_count(bits, count), count - 1);
			cnv_bit_set(bits, count / 2);
			assert_int_equal(cnv_bits_count(bits, count - 1), count - 1);
		}
		cnv_bits_fill(bits, count, false);
		assert_int_equal(cnv_bits_count(bits, count), 0);
	}
}

static void an_array_in_an_arena_grows_and_keeps_its_elements(void **state)
{
	cnv_arena arena = { 0 };
	uint32_t *numbers = NULL, room = 0;

	(void)state;
	for (uint32_t i = 0; i < 1000; i++) {
		assert_true(cnv_arena_grow(&arena, (void **)&numbers, i, &room, sizeof *numbers));
		numbers[i] = i;
	}
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(numbers[i], i);
	uint32_t *before = numbers, full = room;
	cnv_mem_fail_after(0);
	assert_false(cnv_arena_grow(&arena, (void **)&numbers, UINT32_MAX - 1, &room, sizeof *numbers));
	cnv_mem_fail_after(SIZE_MAX);
	assert_ptr_equal(numbers, before);
	assert_int_equal(room, full);
	assert_true(arena.failed);
	cnv_arena_fini(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_array_in_an_arena_grows_and_keeps_its_elements),
		cmocka_unit_test(memory_of_any_size_is_aligned_and_zeroed),
		cmocka_unit_test(a_large_request_leaves_the_chunk_being_filled),
		cmocka_unit_test(a_window_loop_stops_allocating),
		cmocka_unit_test(an_arena_stops_at_its_limit_and_stays_failed),
		cmocka_unit_test(sizes_that_overflow_are_refused),
		cmocka_unit_test(copies_and_formats_live_in_the_arena),
		cmocka_unit_test(a_text_grows_and_keeps_its_room),
		cmocka_unit_test(a_text_stops_at_its_limit_and_stays_failed),
		cmocka_unit_test(a_list_doubles_its_room),
		cmocka_unit_test(a_map_keeps_the_first_number_of_each_key),
		cmocka_unit_test(keys_chosen_to_collide_are_spread),
		cmocka_unit_test(hashes_of_near_keys_differ),
		cmocka_unit_test(lack_of_memory_at_every_allocation_is_noticed),
		cmocka_unit_test(memory_comes_from_the_allocator_in_use),
		cmocka_unit_test(nothing_of_no_size_is_still_somewhere),
		cmocka_unit_test(bits_past_the_count_stay_out),
	};

	return _cmocka_run_group_tests("base: memory and bits", tests, COUNT(tests), NULL, NULL);
}
