/* Labels of choices that are in a file, or on the sheet external_choices. */
#ifndef CANVASS_READ_FILE_LABELS_H
#define CANVASS_READ_FILE_LABELS_H

#include "canvass/read.h"

/* An answer that was replaced; from: borrowed until the column is rebuilt. */
typedef struct cnv_file_label {
	uint32_t row;
	cnv_str from, to; /* in the batch's arena */
} cnv_file_label;

/* The labels in one column of a batch become the codes of the choices in `known`.  Each is passed to `replaced`; the
 * batch records when memory runs out. */
void cnv_file_labels_read(cnv_batch *batch, const cnv_table *table, cnv_column *column, const cnv_list *known,
			  void (*replaced)(void *self, const cnv_file_label *label), void *self);

#endif
