/* The version of canvass, which is written in the Makefile alone. */
#include "canvass/base.h"

#ifndef CANVASS_VERSION
#error "the Makefile defines CANVASS_VERSION for this source"
#endif

const char *cnv_version(void)
{
	return CANVASS_VERSION;
}
