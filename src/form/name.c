/* name.c: what a name may look like. */
#include "form/name.h"

#include "canvass/formula.h"

bool cnv_form_is_name(cnv_str name)
{
	size_t len = cnv_name_span(name);

	if (!len)
		return false;
	if (len < name.len && name.at[len] == ':') {
		name = cnv_str_slice(name, len + 1, name.len);
		len = cnv_name_span(name);
	}
	return len && len == name.len;
}
