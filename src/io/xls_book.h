/* Old workbooks, read by whom the program has chosen. */
#ifndef CANVASS_IO_XLS_BOOK_H
#define CANVASS_IO_XLS_BOOK_H

#include "io/xlsx_book.h"

cnv_status cnv_book_xls(cnv_book *book, cnv_str bytes);

#endif
