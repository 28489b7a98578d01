/* The tables of a store: making them in its first transaction, and their layout. */
#include "store/engine.h"
#include "store/state.h"
#include "store/views.h"

static const char schema[] = {
#include "schema.h"
	0
};

int64_t store_ask_number(cnv_store *store, const char *text)
{
	sql statement;
	int64_t number;

	sql_prepare(&statement, store, cnv_str_from(text));
	number = sql_number(&statement, 0);
	sql_finish(&statement);
	return number;
}

/* Within a transaction: makes a store where there is none. */
static void make_tables(cnv_store *store)
{
	sql put;

	store->engine->make(store, STORE_LAYOUT);
	sql_script(store, schema);
	if (!store->status)
		store->engine->made(store);
	if (store->mode == CNV_STORE_WRITE)
		store_views_make_fixed(store);
	sql_prepare(&put, store, CNV_STR("INSERT INTO store (form_id) VALUES (?1)"));
	sql_put_text(&put, 1, store->form->id);
	sql_run(&put);
	sql_finish(&put);
}

int64_t store_layout(cnv_store *store)
{
	return store->status ? 0 : store->engine->layout(store);
}

void store_blank_open(cnv_store *blank, const cnv_store *like)
{
	*blank = (cnv_store){ .engine = like->engine, .mode = CNV_STORE_WRITE, .name = like->name };
	store_enter(blank, like->doing, like->diags);
	sql_connect(blank, false);
	sql_script(blank, schema);
	store_views_make_fixed(blank);
}

void store_blank_close(cnv_store *blank)
{
	sql_disconnect(blank);
	*blank = (cnv_store){ 0 };
}

void store_compare_form(cnv_store *store)
{
	sql ask;

	sql_prepare(&ask, store, CNV_STR("SELECT form_id FROM store"));
	if (sql_row(&ask)) {
		cnv_str id = sql_text(&ask, 0);

		if (!cnv_str_equal(id, store->form->id)) {
			store_say(store, CNV_STORE_OTHER_FORM, CNV_STR("name this form's store with --store"),
				  "it has answers to the form %.*s, not %.*s", CNV_ARG(id), CNV_ARG(store->form->id));
			store->status = CNV_REJECTED;
		}
	} else if (!store->status) {
		store_say(store, CNV_STORE_DAMAGED, (cnv_str){ 0 }, "it does not say which form its answers are for");
		store->status = CNV_NO_ACCESS;
	}
	sql_finish(&ask);
}

void store_start(cnv_store *store)
{
	store->making = false;
	sql_begin(store, store->mode != CNV_STORE_REHEARSE);
	if (store->status)
		return;
	store->open = true;
	if (!store->blank)
		return;
	store->blank = false;
	store->making = store_layout(store) == 0;
	if (store->making)
		make_tables(store);
	else /* another process has made it since it was opened */
		store_compare_form(store);
	if (store->status && store->open)
		cnv_store_rollback(store);
}

void store_make(cnv_store *store)
{
	if (!store->blank || store->status)
		return;
	store_start(store);
	sql_commit(store);
	if (!store->status)
		store->open = false;
}

void store_remember_round(cnv_store *store)
{
	sql *ask = sql_get(store, SQL_CURRENT_ROUND);

	cnv_text_reset(&store->round_label);
	if (sql_row(ask)) {
		cnv_text_put(&store->round_label, sql_text(ask, 0));
		sql_reset(ask);
	}
	if (store->round_label.failed)
		store_no_memory(store);
}
