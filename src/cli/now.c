/* The time of a command: the only use of the clock. */
#include <stdlib.h>
#include <time.h>

#include "cli/option.h"

bool cli_instant_read(cnv_str text, cnv_instant *instant)
{
	const char *offset = text.len > 6 ? text.at + text.len - 6 : "";
	bool zoned = cnv_str_ends(text, CNV_STR("Z")) || ((*offset == '+' || *offset == '-') && offset[3] == ':');

	return zoned && cnv_instant_read(text, 0, instant);
}

/* The offset of local time at `now`, in seconds east: the only use of the local time zone. */
static int32_t local_offset(time_t now)
{
	struct tm local, utc;
	int64_t seconds;

	if (!localtime_r(&now, &local) || !gmtime_r(&now, &utc))
		return 0;
	seconds = (int64_t)(local.tm_hour - utc.tm_hour) * 3600 + (int64_t)(local.tm_min - utc.tm_min) * 60 +
		  (local.tm_sec - utc.tm_sec);
	if (local.tm_year != utc.tm_year)
		seconds += local.tm_year > utc.tm_year ? 86400 : -86400;
	else if (local.tm_yday != utc.tm_yday)
		seconds += local.tm_yday > utc.tm_yday ? 86400 : -86400;
	return (int32_t)seconds;
}

cli_exit cli_now_read(const cli_options *options, cnv_instant *now)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH"), *given = options->now_given.at;
	int64_t seconds;

	if (given) {
		if (!cli_instant_read(cnv_str_from(given), now))
			return cli_usage(options,
					 "--now: \"%s\" is not a time with an offset, such as 2026-12-01T00:00:00Z",
					 given);
		return CLI_DONE;
	}
	if (epoch && *epoch) {
		if (!cnv_integer_read(cnv_str_from(epoch), &seconds) || seconds < 0 || seconds > INT64_C(253402300799))
			return cli_usage(options, "SOURCE_DATE_EPOCH: \"%s\" is not a number of seconds", epoch);
		*now = (cnv_instant){ .utc_ms = seconds * 1000 };
		return CLI_DONE;
	}
	time_t clock = time(NULL);
	*now = (cnv_instant){ .utc_ms = (int64_t)clock * 1000, .utc_offset = local_offset(clock) };
	return CLI_DONE;
}

cli_exit cli_now(cli_options *options)
{
	return cli_now_read(options, &options->now);
}
