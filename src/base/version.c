/* The version of canvass, which is defined only in the Makefile. */
#include "canvass/base.h"

#ifndef CANVASS_VERSION
#error "the Makefile defines CANVASS_VERSION for this source"
#endif

const char *cnv_version(void)
{
	return CANVASS_VERSION;
}
