/* hints: what to write instead of an answer that could not be read. */
#ifndef CANVASS_CHECK_HINTS_H
#define CANVASS_CHECK_HINTS_H

#include "canvass/check.h"

cnv_str cnv_hint_unreadable(cnv_kind kind, cnv_str text, const cnv_conventions *conventions, cnv_arena *arena);

#endif
