/* A question named on the command line. */
#include "cli/cli.h"

cli_exit cli_question(cnv_named *named, const cli_options *options, const cnv_form *form, cnv_str name,
		      cnv_arena *arena)
{
	if (cnv_gather_named(named, form, &name, 1, arena))
		return cli_out_of_memory();
	if (named->question != CNV_NONE && form->questions[named->question].column == CNV_NONE)
		*named = (cnv_named){ .problem = CNV_NAMED_UNKNOWN, .question = CNV_NONE };
	if (!named->problem || named->problem == CNV_NAMED_WITHOUT_ENTRY)
		return CLI_DONE;
	return named->near.len ? cli_usage(options, "\"%.*s\": %s; did you mean \"%.*s\"?", CNV_ARG(name),
					   cnv_named_words(named->problem), CNV_ARG(named->near))
			       : cli_usage(options, "\"%.*s\": %s", CNV_ARG(name), cnv_named_words(named->problem));
}
