/* The cover of a pack that was saved as CSV.  It has no answers, and what is on it is reported; but in a pack that was
 * sent out with earlier answers one line confirms all of them by a tick. */
#include "round/cover.h"

enum { SHOWN = 60 }; /* bytes of a cell in a message */

void cover_field(void *self, cnv_str field)
{
	cover *c = self;

	c->column++;
	if (cnv_is_blank(field))
		return;
	field = cnv_str_trim_unicode(field);
	c->cells++;
	c->ticks = cnv_str_equal(field, CNV_STR("still_right"));
	if (c->column == 1)
		cnv_text_put(&c->tick, field);
	if (!c->unread++)
		cnv_text_put(&c->first, cnv_utf8_cut(field, SHOWN));
}

cnv_status cover_record(void *self, uint32_t line)
{
	cover *c = self;

	if (c->ticks && c->tick.len && !c->line) {
		cnv_text_put(&c->all, cnv_text_str(&c->tick));
		c->line = line;
		c->unread--;
	}
	c->failed |= c->tick.failed;
	cnv_text_reset(&c->tick);
	c->column = 0;
	c->ticks = false;
	return CNV_OK;
}

cnv_status cover_end(cover *c, cnv_gather *gather, cnv_str name, cnv_diags *diags)
{
	bool failed = c->failed || c->first.failed || c->all.failed;

	if (c->line)
		cnv_gather_tick_all(gather, cnv_text_str(&c->all),
				    (cnv_place){ .source = name, .row = c->line, .column = 1 });
	cnv_gather_unread(gather, c->unread);
	if (c->unread)
		cnv_diags_emit(diags, CNV_DIAG(.code = CNV_COVER_UNREAD, .place = (cnv_place){ .source = name }),
			       "the cover has no answers; its %u %s not read: \"%.*s\", ...", c->unread,
			       cnv_noun(c->unread, "cell is", "cells are"), CNV_ARG(cnv_text_str(&c->first)));
	cover_fini(c);
	return failed ? CNV_NO_MEMORY : CNV_OK;
}

void cover_fini(cover *c)
{
	cnv_text_fini(&c->first);
	cnv_text_fini(&c->tick);
	cnv_text_fini(&c->all);
	*c = (cover){ .cells = c->cells };
}
