/* Taking in a large file: three threads, each with one thing to do.
 *
 *   reading    file -> reading.c -> gather, into a batch of its own
 *   judging    (the caller's thread) settle -> attribute -> check -> store
 *   copying    digests the file, and keeps it with the store
 *
 * Reading and judging hand windows over through one slot: two batches, whose contents change places.
 * While one window is judged the next is gathered, so that parsing costs no time of its own on a
 * second core.  What reading says waits in a list until the judging thread tells it. */
#include <pthread.h>
#include <string.h>

#include "taking.h"

#define PIECE ((size_t)256 << 10) /* bytes digested and copied at a time */

/* ---------------------------------------------------------------- digest and copy, beside the parsing */

typedef struct copying {
	pthread_t thread;
	bool running;
	cnv_str name;
	cnv_keeping *keeping;
	uint8_t sha256[32];
	cnv_status status;
	cnv_diags diags;
	cnv_text said; /* the message of what failed */
} copying;

static void on_copy_diag(void *self, const cnv_diag *diag)
{
	copying *c = self;
	cnv_text_put(&c->said, diag->message);
}

static void *copy_file(void *self)
{
	copying *c = self;
	char *piece = cnv_mem_array(PIECE, 1);
	cnv_file *file = NULL;
	cnv_digest sum;
	size_t len = 1;

	c->status = piece ? cnv_file_open(&file, c->name, &c->diags) : CNV_NO_MEMORY;
	cnv_digest_init(&sum, CNV_SHA256);
	while (!c->status && len) {
		c->status = cnv_file_read(file, piece, PIECE, &len, &c->diags);
		cnv_digest_add(&sum, piece, c->status ? 0 : len);
		if (!c->status)
			c->status = cnv_keeping_add(c->keeping, (cnv_str){ piece, len }, &c->diags);
	}
	cnv_digest_end(&sum, c->sha256);
	cnv_file_close(file);
	cnv_mem_free(piece);
	return NULL;
}

static void copy_begin(copying *c, cnv_str name, cnv_keeping *keeping)
{
	c->name = name;
	c->keeping = keeping;
	c->diags = (cnv_diags){ .tell = on_copy_diag, .self = c };
	c->running = !pthread_create(&c->thread, NULL, copy_file, c);
	if (!c->running)
		copy_file(c);
}

static void copy_wait(copying *c)
{
	if (c->running)
		pthread_join(c->thread, NULL);
	c->running = false;
}

/* ---------------------------------------------------------------- reading, a window ahead of judging */

typedef struct reading {
	taking *t;
	cnv_file *file;
	cnv_batch *ahead;   /* gathered into */
	cnv_batch *judged;  /* the intake's */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* under the lock: */
	bool waiting;       /* a window waits in `judged`, or is being judged */
	bool stop;          /* judging has failed: read no further */
	bool done;          /* no more windows come; `status` is final */
	cnv_status status;
	uint64_t bytes;     /* read so far */
	cnv_diag *said;     /* not yet told */
	uint32_t said_count, said_room;
	cnv_arena texts;    /* of `said` */
	cnv_diags diags;
} reading;

/* The reading thread says something: kept for the other to tell. */
static void on_said(void *self, const cnv_diag *diag)
{
	reading *r = self;

	pthread_mutex_lock(&r->lock);
	if (cnv_mem_room((void **)&r->said, &r->said_room, r->said_count + 1, sizeof *r->said))
		r->said[r->said_count++] = cnv_diag_copy(&r->texts, diag);
	else
		r->texts.failed = true;
	pthread_mutex_unlock(&r->lock);
}

/* Called with the lock held: tells what reading said, in its order. */
static void tell_said(reading *r)
{
	bool failed = r->texts.failed;

	for (uint32_t i = 0; i < r->said_count; i++)
		taking_hear(r->t, &r->said[i]);
	r->said_count = 0;
	cnv_arena_reset(&r->texts);
	r->t->failed |= failed;
}

/* Hands the gathered window over as soon as the one before is judged. */
static cnv_status on_full(void *self)
{
	reading *r = self;
	cnv_status status = CNV_OK;

	pthread_mutex_lock(&r->lock);
	while (r->waiting && !r->stop)
		pthread_cond_wait(&r->changed, &r->lock);
	if (r->stop) {
		status = CNV_STOPPED;
	} else {
		cnv_batch_swap(r->ahead, r->judged);
		r->waiting = true;
		pthread_cond_broadcast(&r->changed);
	}
	pthread_mutex_unlock(&r->lock);
	return status;
}

static void on_piece(void *self, size_t len)
{
	reading *r = self;

	pthread_mutex_lock(&r->lock);
	r->bytes += len;
	pthread_mutex_unlock(&r->lock);
}

static void *read_file(void *self)
{
	reading *r = self;
	taking_reader reader = { .taking = r->t, .diags = &r->diags, .self = r, .full = on_full, .progress = on_piece };
	cnv_status status = taking_read_file(&reader, r->file);

	if (!status)
		status = cnv_gather_end(r->t->gather);
	if (!status && r->ahead->tables[0].rows)
		status = on_full(r);
	if (!status && r->ahead->failed)
		status = CNV_NO_MEMORY;
	pthread_mutex_lock(&r->lock);
	r->done = true;
	r->status = status;
	pthread_cond_broadcast(&r->changed);
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

/* Judges window after window as they come; gives how it went with both threads. */
static cnv_status judge_windows(reading *r)
{
	cli_intake *in = r->t->intake;
	uint64_t size = cnv_file_size(r->file);
	cnv_status status = CNV_OK;

	pthread_mutex_lock(&r->lock);
	for (;;) {
		while (!r->waiting && !r->done)
			pthread_cond_wait(&r->changed, &r->lock);
		tell_said(r);
		if (!r->waiting)
			break;
		uint64_t bytes = r->bytes;
		pthread_mutex_unlock(&r->lock);
		if (!status)
			status = taking_judge(r->t);
		if (in->tell_progress)
			in->tell_progress(in->self, bytes, size);
		pthread_mutex_lock(&r->lock);
		r->waiting = false;
		r->stop |= status != CNV_OK;
		pthread_cond_broadcast(&r->changed);
	}
	if (!status)
		status = r->status;
	pthread_mutex_unlock(&r->lock);
	return status;
}

/* Reads and judges the whole file. */
static cnv_status read_and_judge(taking *t, cnv_file *file)
{
	cli_intake *in = t->intake;
	reading r = { .t = t, .file = file, .judged = in->batch, .lock = PTHREAD_MUTEX_INITIALIZER,
		      .changed = PTHREAD_COND_INITIALIZER };
	cnv_status status = CNV_NO_MEMORY;

	r.diags = (cnv_diags){ .tell = on_said, .self = &r };
	r.ahead = cnv_batch_new(in->form->form);
	if (r.ahead)
		t->gather = cnv_gather_new(in->form->form, r.ahead, t->name, &r.diags);
	if (t->gather && !pthread_create(&r.thread, NULL, read_file, &r)) {
		status = judge_windows(&r);
		pthread_join(r.thread, NULL);
	}
	cnv_batch_free(r.ahead);
	cnv_mem_free(r.said);
	cnv_arena_fini(&r.texts);
	return status;
}

/* ---------------------------------------------------------------- the original */

cnv_status taking_keep_large(taking *t, const cnv_store_file *file)
{
	cnv_original original = { .name = t->name, .size = file->size };
	cnv_status status = cnv_keeping_end(t->keeping, file->sha256, &t->diags);

	memcpy(original.sha256, file->sha256, sizeof original.sha256);
	return status ? status : cnv_store_put_original(t->intake->store, &original, &t->diags);
}

/* The copy is finished: its digest is the file's, and its name. */
static cnv_status settle_copy(taking *t, copying *copy, cnv_store_file *file, cnv_status status)
{
	copy_wait(copy);
	if (status && status != CNV_REJECTED)
		return status;
	if (copy->status) {
		cnv_diags_say(&t->diags, CNV_CANNOT_READ, (cnv_place){ .source = t->name }, (cnv_str){ 0 }, (cnv_str){ 0 },
		              (cnv_str){ 0 }, "%.*s", CNV_ARG(cnv_text_str(&copy->said)));
		return CNV_NO_ACCESS;
	}
	memcpy(file->sha256, copy->sha256, sizeof file->sha256);
	return status ? status : taking_keep_large(t, file);
}

/* Several responses of one respondent in the file. */
static cnv_status tell_again(void *self, const cnv_pair *pair)
{
	taking *t = self;

	if (pair->line_before)
		cnv_diags_say(&t->diags, CNV_RESPONDENT_AGAIN, (cnv_place){ .row = pair->line }, (cnv_str){ 0 }, pair->respondent,
		              CNV_STR("see that the last one is meant"),
		              "the file holds more than one response of \"%.*s\"; the last one counts",
		              CNV_ARG(pair->respondent));
	return CNV_OK;
}

cli_exit taking_large(taking *t, cnv_file *source, cli_taken *taken)
{
	cli_intake *in = t->intake;
	cnv_store_file file = taking_file(t);
	cnv_file_known known = CNV_FILE_NEW;
	uint64_t errors_before = in->errors;
	copying copy = { 0 };
	cnv_status status = taking_begin(t, true);

	t->large = true;
	file.size = cnv_file_size(source);
	/* Only where a file of this size is there is it worth waiting for the digest first; and a rehearsal of a file that
	 * cannot be there needs none. */
	if (!status && cnv_store_has_size(in->store, file.size)) {
		status = cnv_file_digest(t->name, (cnv_str){ 0 }, file.sha256, &t->diags);
		if (!status)
			status = taking_look_for(t, &file, &known, taken);
		if (!status && known == CNV_FILE_ACCEPTED)
			return CLI_DONE;
	}
	if (!status && !in->options->rehearse) {
		status = cnv_keeping_open(&t->keeping, in->store, &t->diags);
		if (!status)
			copy_begin(&copy, t->name, t->keeping);
	}
	if (!status)
		status = taking_put_file(t, &file);
	if (!status)
		status = read_and_judge(t, source);
	/* Any window may have decided it. */
	t->conventions.collected |= t->conventions.complete || t->rows;
	if (!status)
		taking_tell_conventions(t);
	if (!status)
		status = taking_judge_claims(t, cnv_gather_claims(t->gather));
	if (!status)
		status = cnv_store_pair(in->store, tell_again, t, &t->diags);
	file.layout = t->gather ? cnv_gather_layout(t->gather) : CNV_LAYOUT_UNKNOWN;
	if (copy.name.len)
		status = settle_copy(t, &copy, &file, status);
	cnv_text_fini(&copy.said);
	return taking_finish(t, &file, status, known == CNV_FILE_QUARANTINED, errors_before, taken);
}
