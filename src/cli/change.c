/* One answer that has changed, as text. */
#include "cli/cli.h"

static void put_value(cnv_str value)
{
	if (value.len)
		cli_put(stdout, value, false);
	else
		fputs("(blank)", stdout);
}

void cli_put_change(const cnv_form *form, const cnv_changed *changed)
{
	cnv_str number = form->questions[changed->question].qno;

	fputs("  ", stdout);
	if (number.len) {
		cli_put(stdout, number, false);
		putchar(' ');
	}
	cli_put(stdout, changed->path, false);
	fputs(": ", stdout);
	put_value(changed->from);
	fputs(" -> ", stdout);
	put_value(changed->to);
}
