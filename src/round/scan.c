/* Reads the responses of a large round for its figures.
 *
 * Nearly all of the time goes into taking values from the database.  So a second thread, with a connection of its own
 * that shows the same state, reads every other stripe of ids ahead of the caller, who reads the stripes in between.  The
 * caller gets them in the order of ids, so that every figure is the same to the last digit as with one thread.  The second
 * thread uses nothing of the caller's but the form, which does not change. */
#include "round/scan.h"

#include <pthread.h>
#include <string.h>

/* Each window has memory for all columns; three windows of more than so many questions would not be worth it. */
enum { STRIPE = CNV_WINDOW_ROWS, AHEAD = 2, MOST_QUESTIONS = 128 };

struct scan {
	const cnv_form *form;
	uint64_t *wanted; /* a bit for each question; NULL: all */
	cnv_cursor *cursor;
	scan_window own;
	/* with a second thread, which has its own connection, cursor and windows: */
	cnv_store *store;
	cnv_cursor *second;
	uint64_t first;           /* id with which stripe 0 begins */
	uint64_t stripes, stripe; /* all, and those the caller has had */
	bool running, holds;      /* the caller holds a window of the ring */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	scan_window ring[AHEAD];
	/* under the lock: */
	uint64_t read, taken; /* windows of the ring so far */
	bool end;
	cnv_diag why; /* of the status of a window */
	cnv_arena texts;
};

/* ---------------------------------------------------------------- what is wanted */

static bool is_wanted(const void *self, uint32_t table, uint32_t column)
{
	const scan *s = self;

	return cnv_bit(s->wanted, s->form->tables[table].columns[column]);
}

/* What is wanted is asked once, as each thread prepares its statements when it meets the first response of a version. */
static bool ask_wanted(scan *s, const cnv_wanted *wanted)
{
	const cnv_form *form = s->form;

	if (!wanted->wants)
		return true;
	s->wanted = cnv_mem_array(CNV_BIT_WORDS(form->count) + 1, sizeof *s->wanted);
	for (uint32_t table = 0; s->wanted && table < form->table_count; table++)
		for (uint32_t column = 0; column < form->tables[table].count; column++)
			if (wanted->wants(wanted->self, table, column))
				cnv_bit_set(s->wanted, form->tables[table].columns[column]);
	return s->wanted;
}

/* ---------------------------------------------------------------- windows */

static cnv_status make_window(scan_window *window, const cnv_form *form)
{
	window->batch = cnv_batch_new(form);
	window->reported = cnv_mem_array(STRIPE, sizeof *window->reported);
	return window->batch && window->reported ? CNV_OK : CNV_NO_MEMORY;
}

static void free_window(scan_window *window)
{
	cnv_batch_free(window->batch);
	cnv_mem_free(window->reported);
}

static void read_window(cnv_cursor *cursor, scan_window *window, cnv_diags *diags)
{
	cnv_batch_reset(window->batch);
	window->status = cnv_cursor_next(cursor, window->batch, window->reported, STRIPE, &window->count, diags);
}

static void read_stripe(const scan *s, cnv_cursor *cursor, uint64_t stripe, scan_window *window, cnv_diags *diags)
{
	cnv_cursor_between(cursor, s->first + stripe * STRIPE, s->first + (stripe + 1) * STRIPE);
	read_window(cursor, window, diags);
}

/* ---------------------------------------------------------------- the second thread */

static void on_fault(void *self, const cnv_diag *diag)
{
	scan *s = self;

	s->why = cnv_diag_copy(&s->texts, diag);
}

/* Reads the odd stripes. */
static void *read_second(void *self)
{
	scan *s = self;
	cnv_diags diags = { .emit = on_fault, .self = s };
	cnv_status status = CNV_OK;

	for (uint64_t stripe = 1; stripe < s->stripes && !status; stripe += 2) {
		bool end;

		pthread_mutex_lock(&s->lock);
		while (s->read - s->taken == AHEAD && !s->end)
			pthread_cond_wait(&s->changed, &s->lock);
		end = s->end;
		pthread_mutex_unlock(&s->lock);
		if (end)
			break;
		scan_window *window = &s->ring[s->read % AHEAD];
		read_stripe(s, s->second, stripe, window, &diags);
		status = window->status;
		pthread_mutex_lock(&s->lock);
		s->read++;
		pthread_cond_broadcast(&s->changed);
		pthread_mutex_unlock(&s->lock);
	}
	return NULL;
}

static void start(scan *s)
{
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->changed, NULL);
	s->running = !pthread_create(&s->thread, NULL, read_second, s);
	if (s->running)
		return;
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
}

static void stop(scan *s)
{
	if (!s->running)
		return;
	pthread_mutex_lock(&s->lock);
	s->end = true;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
}

/* Waits for the next window of the ring. */
static const scan_window *take_second(scan *s, cnv_diags *diags)
{
	const scan_window *window = &s->ring[s->taken % AHEAD];

	pthread_mutex_lock(&s->lock);
	while (s->read == s->taken)
		pthread_cond_wait(&s->changed, &s->lock);
	pthread_mutex_unlock(&s->lock);
	s->holds = true;
	if (window->status && s->why.message.len)
		cnv_diags_forward(diags, &s->why);
	return window;
}

static void give_back(scan *s)
{
	if (!s->holds)
		return;
	s->holds = false;
	pthread_mutex_lock(&s->lock);
	s->taken++;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

/* ---------------------------------------------------------------- the pass */

/* Without a second connection, or without a thread, everything is read here. */
static cnv_status open_second(scan *s, cnv_store *store, cnv_str round, const cnv_wanted *wanted, cnv_diags *diags)
{
	cnv_diags quiet = { 0 };
	uint64_t last = 0;
	cnv_status status = cnv_store_extent(store, &s->first, &last, diags);

	if (status || last - s->first < STRIPE)
		return status;
	s->stripes = (last - s->first) / STRIPE + 1;
	status = cnv_store_open_beside(&s->store, store);
	if (status || !s->store)
		return status;
	if (cnv_store_read_counts(&s->second, s->store, round, wanted, &quiet))
		return quiet.errors ? CNV_OK : CNV_NO_MEMORY;
	for (uint32_t i = 0; i < AHEAD && !status; i++)
		status = make_window(&s->ring[i], s->form);
	if (!status)
		start(s);
	return status;
}

static cnv_status open_scan(scan *s, cnv_store *store, cnv_str round, const cnv_wanted *wanted, bool second,
			    cnv_diags *diags)
{
	cnv_wanted kept = { .wants = wanted->wants ? is_wanted : NULL, .self = s, .nameless = wanted->nameless };
	cnv_status status;

	if (!ask_wanted(s, wanted) || make_window(&s->own, s->form))
		return CNV_NO_MEMORY;
	status = cnv_store_read_counts(&s->cursor, store, round, &kept, diags);
	if (!status && second && s->form->count <= MOST_QUESTIONS)
		status = open_second(s, store, round, &kept, diags);
	return status;
}

cnv_status scan_open(scan **out, cnv_store *store, const cnv_form *form, cnv_str round, const cnv_wanted *wanted,
		     bool second, cnv_diags *diags)
{
	scan *s = cnv_mem_get(sizeof *s);
	cnv_status status;

	*out = NULL;
	if (!s)
		return CNV_NO_MEMORY;
	s->form = form;
	status = open_scan(s, store, round, wanted, second, diags);
	if (status)
		scan_close(s);
	else
		*out = s;
	return status;
}

/* A stripe without responses of the round is passed over. */
static const scan_window *next_stripe(scan *s, cnv_diags *diags)
{
	const scan_window *window = &s->own;

	s->own.count = 0;
	s->own.status = CNV_OK;
	while (!window->count && !window->status && s->stripe < s->stripes) {
		uint64_t stripe = s->stripe++;

		give_back(s);
		if (stripe % 2) {
			window = take_second(s, diags);
		} else {
			window = &s->own;
			read_stripe(s, s->cursor, stripe, &s->own, diags);
		}
	}
	return window;
}

cnv_status scan_next(scan *s, const scan_window **window, cnv_diags *diags)
{
	if (s->running) {
		*window = next_stripe(s, diags);
	} else {
		read_window(s->cursor, &s->own, diags);
		*window = &s->own;
	}
	return (*window)->status;
}

void scan_close(scan *s)
{
	cnv_diags quiet = { 0 };

	if (!s)
		return;
	stop(s);
	cnv_cursor_close(s->second);
	cnv_store_close(s->store, &quiet);
	cnv_cursor_close(s->cursor);
	free_window(&s->own);
	for (uint32_t i = 0; i < AHEAD; i++)
		free_window(&s->ring[i]);
	cnv_arena_fini(&s->texts);
	cnv_mem_free(s->wanted);
	cnv_mem_free(s);
}
