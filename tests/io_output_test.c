/* Outputs: they appear whole or not at all, whatever happens to the process that writes them. */
#define _DEFAULT_SOURCE /* flock */
#include "io_stage.h"

#include <sys/file.h>
#include <sys/wait.h>

static unsigned mode_of(const char *name)
{
	struct stat about;

	assert_int_equal(lstat(name, &about), 0);
	return (unsigned)about.st_mode & 0777;
}

static void an_output_appears_only_when_committed(void **state)
{
	(void)state;
	cnv_diags diags = { .emit = hear };
	cnv_output output;
	struct stat about;
	assert_int_equal(cnv_output_open(&output, CNV_STR("x"), false, &diags), CNV_OK);
	assert_int_equal(cnv_output_write(&output, CNV_STR("whole\n"), &diags), CNV_OK);
	assert_false(cnv_file_exists(CNV_STR("x")));
	assert_int_equal(cnv_output_commit(&output, &diags), CNV_OK);
	assert_holds("x", "whole\n");
	assert_int_equal(stat("x", &about), 0);
	assert_int_equal(about.st_nlink, 1);
	assert_int_equal(count_names(), 1);
	cnv_output_abandon(&output);
	assert_holds("x", "whole\n");
}

static void an_abandoned_output_leaves_nothing(void **state)
{
	(void)state;
	cnv_diags diags = { .emit = hear };
	cnv_output output = { 0 };
	cnv_output_abandon(&output);
	assert_int_equal(cnv_output_open(&output, CNV_STR("x"), false, &diags), CNV_OK);
	assert_int_equal(cnv_output_write(&output, CNV_STR("half"), &diags), CNV_OK);
	assert_int_equal(count_names(), 1);
	cnv_output_abandon(&output);
	cnv_output_abandon(&output);
	assert_int_equal(count_names(), 0);
}

static void an_existing_target_is_refused(void **state)
{
	(void)state;
	cnv_diags diags = { .emit = hear };
	cnv_output output;
	write_file("x", "old");
	assert_int_equal(cnv_output_open(&output, CNV_STR("x"), false, &diags), CNV_REJECTED);
	assert_int_equal(last_code, CNV_OUTPUT_EXISTS);
	cnv_output_abandon(&output);
	assert_int_equal(symlink("nowhere", "link"), 0);
	assert_int_equal(cnv_output_open(&output, CNV_STR("link"), false, &diags), CNV_REJECTED);
	assert_int_equal(last_code, CNV_OUTPUT_EXISTS);
	cnv_output_abandon(&output);
	assert_holds("x", "old");
	assert_int_equal(count_names(), 2);
}

static void force_replaces_the_target(void **state)
{
	(void)state;
	cnv_diags diags = { .emit = hear };
	cnv_output output;
	write_file("x", "old");
	assert_int_equal(cnv_output_open(&output, CNV_STR("x"), true, &diags), CNV_OK);
	assert_int_equal(cnv_output_write(&output, CNV_STR("new"), &diags), CNV_OK);
	assert_holds("x", "old");
	assert_int_equal(cnv_output_commit(&output, &diags), CNV_OK);
	assert_holds("x", "new");
	assert_int_equal(count_names(), 1);
}

static void a_target_that_appears_meanwhile_is_kept(void **state)
{
	(void)state;
	cnv_diags diags = { .emit = hear };
	cnv_output output;
	assert_int_equal(cnv_output_open(&output, CNV_STR("x"), false, &diags), CNV_OK);
	assert_int_equal(cnv_output_write(&output, CNV_STR("mine"), &diags), CNV_OK);
	write_file("x", "theirs");
	assert_int_equal(cnv_output_commit(&output, &diags), CNV_REJECTED);
	assert_int_equal(last_code, CNV_OUTPUT_EXISTS);
	assert_holds("x", "theirs");
	assert_int_equal(count_names(), 1);
}

static void what_cannot_be_a_target(void **state)
{
	(void)state;
	cnv_diags diags = { .emit = hear };
	cnv_output output;
	assert_int_equal(mkdir("x", 0700), 0);
	assert_int_equal(cnv_output_open(&output, CNV_STR("x"), true, &diags), CNV_NO_ACCESS);
	assert_int_equal(last_code, CNV_FILE_IS_FOLDER);
	assert_int_equal(cnv_output_open(&output, CNV_STR("none/x"), true, &diags), CNV_NO_ACCESS);
	assert_int_equal(last_code, CNV_CANNOT_WRITE);
	assert_string_equal(last_message, "its folder does not exist");
	assert_int_equal(cnv_output_open(&output, CNV_STR("/dev/null"), true, &diags), CNV_NO_ACCESS);
	assert_int_equal(last_code, CNV_FILE_NOT_REGULAR);
	assert_int_equal(diags.errors, 3);
}

static void two_outputs_of_one_process_do_not_meet(void **state)
{
	(void)state;
	cnv_diags diags = { .emit = hear };
	cnv_output first, second;
	assert_int_equal(cnv_output_open(&first, CNV_STR("x"), false, &diags), CNV_OK);
	assert_int_equal(cnv_output_open(&second, CNV_STR("y"), false, &diags), CNV_OK);
	assert_string_not_equal(first.temporary, second.temporary);
	assert_int_equal(cnv_output_commit(&second, &diags), CNV_OK);
	cnv_output_abandon(&first);
	assert_int_equal(count_names(), 1);
}

static void a_full_disk_leaves_the_old_file(void **state)
{
	(void)state;
	cnv_diags diags = { .emit = hear };
	cnv_output output;
	struct rlimit old, small;
	char kilobyte[1024] = { 0 };
	cnv_status status = CNV_OK;

	write_file("x", "old");
	assert_int_equal(cnv_output_open(&output, CNV_STR("x"), true, &diags), CNV_OK);
	/* A limit on the size of files stands in for a full disk; its signal must not end the test. */
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 10000;
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (int i = 0; i < 20 && status == CNV_OK; i++)
		status = cnv_output_write(&output, (cnv_str){ kilobyte, sizeof kilobyte }, &diags);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, handler);
	assert_int_equal(status, CNV_NO_ACCESS);
	assert_int_equal(last_code, CNV_CANNOT_WRITE);
	assert_int_equal(diags.errors, 1);
	cnv_output_abandon(&output);
	assert_holds("x", "old");
	assert_int_equal(count_names(), 1);
}

/* ---------------------------------------------------------------- modes */

static void a_new_file_has_the_mode_that_the_umask_gives(void **state)
{
	static const mode_t masks[] = { 022, 002, 077, 0 };
	cnv_diags diags = { .emit = hear };

	(void)state;
	for (size_t i = 0; i < COUNT(masks); i++) {
		mode_t before = umask(masks[i]);
		assert_int_equal(cnv_file_save(CNV_STR("x"), CNV_STR("a"), false, &diags), CNV_OK);
		assert_int_equal(mode_of("x"), 0666 & ~masks[i]);
		assert_int_equal(unlink("x"), 0);
		umask(before);
	}
}

static void a_file_that_is_replaced_keeps_its_mode(void **state)
{
	static const mode_t modes[] = { 0664, 0600, 0640, 0444, 0755 };
	cnv_diags diags = { .emit = hear };

	(void)state;
	mode_t before = umask(077);
	for (size_t i = 0; i < COUNT(modes); i++) {
		write_file("x", "old");
		assert_int_equal(chmod("x", modes[i]), 0);
		assert_int_equal(cnv_file_save(CNV_STR("x"), CNV_STR("new"), true, &diags), CNV_OK);
		assert_int_equal(mode_of("x"), modes[i]);
		assert_int_equal(unlink("x"), 0);
	}
	umask(before);
}

static void a_private_output_is_for_its_owner_alone(void **state)
{
	cnv_diags diags = { .emit = hear };

	(void)state;
	mode_t before = umask(0);
	for (int there = 0; there < 2; there++) {
		assert_int_equal(cnv_file_save_private(CNV_STR("x"), CNV_STR("a"), true, &diags), CNV_OK);
		assert_int_equal(mode_of("x"), 0600);
		assert_int_equal(chmod("x", 0666), 0);
	}
	umask(before);
}

static void a_link_is_replaced_and_not_followed(void **state)
{
	cnv_diags diags = { .emit = hear };
	struct stat about;

	(void)state;
	write_file("elsewhere", "precious");
	assert_int_equal(symlink("elsewhere", "x"), 0);
	assert_int_equal(cnv_file_save(CNV_STR("x"), CNV_STR("new"), true, &diags), CNV_OK);
	assert_holds("elsewhere", "precious");
	assert_holds("x", "new");
	assert_int_equal(lstat("x", &about), 0);
	assert_true(S_ISREG(about.st_mode));
}

/* ---------------------------------------------------------------- leftovers */

/* What a process killed in the middle of writing leaves behind: made by one that is. */
static void leave_killed(cnv_str target, bool in_set)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child) {
		cnv_diags diags = { 0 };
		cnv_output output;
		cnv_outputs set;

		if (in_set ? cnv_outputs_open(&set, CNV_STR("."), &diags) ||
				     cnv_outputs_begin(&set, &output, target, false, &diags)
			   : cnv_output_open(&output, target, false, &diags))
			_exit(1);
		cnv_output_write(&output, CNV_STR("half"), &diags);
		kill(getpid(), SIGKILL);
	}
	int how;
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_true(WIFSIGNALED(how));
}

static void what_a_killed_run_left_is_removed_by_the_next(void **state)
{
	cnv_diags diags = { .emit = hear };

	(void)state;
	for (int in_set = 0; in_set < 2; in_set++) {
		leave_killed(CNV_STR("x"), in_set);
		assert_int_equal(count_names(), 1);
		assert_int_equal(cnv_file_save(CNV_STR("y"), CNV_STR("a"), true, &diags), CNV_OK);
		assert_holds("y", "a");
		assert_int_equal(count_names(), 1);
		assert_int_equal(unlink("y"), 0);
	}
}

/* In a container every process may have the number that the killed ones had. */
static void any_number_of_leftovers_of_one_process_blocks_nothing(void **state)
{
	cnv_diags diags = { .emit = hear };
	char name[64];

	(void)state;
	for (int i = 0; i < 150; i++) {
		snprintf(name, sizeof name, ".canvass-%ld-%d.part", (long)getpid(), i);
		write_file(name, "half");
	}
	assert_int_equal(cnv_file_save(CNV_STR("x"), CNV_STR("a"), false, &diags), CNV_OK);
	assert_int_equal(count_names(), 1);
}

static void what_is_being_written_is_no_leftover(void **state)
{
	cnv_diags diags = { .emit = hear };
	cnv_output first, second;
	cnv_outputs set;

	(void)state;
	assert_int_equal(cnv_output_open(&first, CNV_STR("x"), false, &diags), CNV_OK);
	assert_int_equal(cnv_outputs_open(&set, CNV_STR("."), &diags), CNV_OK);
	assert_int_equal(cnv_outputs_save(&set, CNV_STR("z"), CNV_STR("3"), false, &diags), CNV_OK);
	pid_t child = fork();
	assert_true(child >= 0);
	if (!child) {
		cnv_diags quiet = { 0 };
		_exit(cnv_file_save(CNV_STR("other"), CNV_STR("a"), false, &quiet) != CNV_OK);
	}
	int how;
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_int_equal(how, 0);
	assert_int_equal(cnv_output_open(&second, CNV_STR("y"), false, &diags), CNV_OK);
	assert_int_equal(cnv_output_write(&first, CNV_STR("1"), &diags), CNV_OK);
	assert_int_equal(cnv_output_write(&second, CNV_STR("2"), &diags), CNV_OK);
	assert_int_equal(cnv_output_commit(&first, &diags), CNV_OK);
	assert_int_equal(cnv_output_commit(&second, &diags), CNV_OK);
	assert_int_equal(cnv_outputs_commit(&set, &diags), CNV_OK);
	assert_holds("x", "1");
	assert_holds("y", "2");
	assert_holds("z", "3");
	assert_int_equal(count_names(), 4);
}

static void only_our_own_leftovers_are_removed(void **state)
{
	static const char *const others[] = { ".canvass-1-1.part.x", ".canvass--1.part",   ".canvass-1-.part",
					      "canvass-1-1.part",    ".canvass-1x-1.part", ".canvass-1-1.txt" };
	cnv_diags diags = { .emit = hear };

	(void)state;
	for (size_t i = 0; i < COUNT(others); i++)
		write_file(others[i], "theirs");
	write_file("target", "theirs");
	assert_int_equal(symlink("target", ".canvass-1-1.part"), 0);
	assert_int_equal(mkfifo(".canvass-1-2.part", 0600), 0);
	assert_int_equal(cnv_file_save(CNV_STR("x"), CNV_STR("a"), false, &diags), CNV_OK);
	assert_int_equal(count_names(), COUNT(others) + 4);
	assert_holds("target", "theirs");
}

/* ---------------------------------------------------------------- sets */

static void a_set_appears_together(void **state)
{
	cnv_diags diags = { .emit = hear };
	cnv_outputs set;

	(void)state;
	mode_t before = umask(022);
	assert_int_equal(cnv_outputs_open(&set, CNV_STR("."), &diags), CNV_OK);
	assert_int_equal(cnv_outputs_folder(&set, CNV_STR("AUS/"), &diags), CNV_OK);
	assert_int_equal(cnv_outputs_save(&set, CNV_STR("AUS/a.csv"), CNV_STR("1"), false, &diags), CNV_OK);
	assert_int_equal(cnv_outputs_save(&set, CNV_STR("manifest.csv"), CNV_STR("2"), false, &diags), CNV_OK);
	assert_false(cnv_file_exists(CNV_STR("AUS")));
	assert_false(cnv_file_exists(CNV_STR("manifest.csv")));
	assert_holds(cnv_outputs_find(&set, CNV_STR("AUS/a.csv")).at, "1");
	assert_int_equal(cnv_outputs_find(&set, CNV_STR("AUS/b.csv")).len, 0);
	assert_int_equal(cnv_outputs_commit(&set, &diags), CNV_OK);
	assert_holds("AUS/a.csv", "1");
	assert_holds("manifest.csv", "2");
	assert_int_equal(mode_of("AUS"), 0755);
	assert_int_equal(mode_of("AUS/a.csv"), 0644);
	assert_int_equal(count_names(), 2);
	umask(before);
}

static void a_set_that_is_abandoned_leaves_nothing(void **state)
{
	cnv_diags diags = { .emit = hear };
	cnv_outputs set = { 0 };
	cnv_output output;

	(void)state;
	cnv_outputs_abandon(&set);
	assert_int_equal(cnv_outputs_open(&set, CNV_STR("."), &diags), CNV_OK);
	assert_int_equal(cnv_outputs_folder(&set, CNV_STR("AUS"), &diags), CNV_OK);
	assert_int_equal(cnv_outputs_save(&set, CNV_STR("x"), CNV_STR("1"), false, &diags), CNV_OK);
	assert_int_equal(cnv_outputs_begin(&set, &output, CNV_STR("y"), false, &diags), CNV_OK);
	cnv_output_abandon(&output);
	cnv_outputs_abandon(&set);
	cnv_outputs_abandon(&set);
	assert_int_equal(count_names(), 0);
}

/* The second of three targets appears before the commit: the first, which is new, is taken back. */
static void a_set_that_cannot_be_named_leaves_nothing_new(void **state)
{
	cnv_diags diags = { .emit = hear };
	cnv_outputs set;

	(void)state;
	assert_int_equal(cnv_outputs_open(&set, CNV_STR("."), &diags), CNV_OK);
	assert_int_equal(cnv_outputs_folder(&set, CNV_STR("AUS"), &diags), CNV_OK);
	assert_int_equal(cnv_outputs_save(&set, CNV_STR("AUS/x"), CNV_STR("1"), false, &diags), CNV_OK);
	assert_int_equal(cnv_outputs_save(&set, CNV_STR("y"), CNV_STR("2"), false, &diags), CNV_OK);
	assert_int_equal(cnv_outputs_save(&set, CNV_STR("z"), CNV_STR("3"), false, &diags), CNV_OK);
	write_file("y", "theirs");
	assert_int_equal(cnv_outputs_commit(&set, &diags), CNV_REJECTED);
	assert_int_equal(last_code, CNV_OUTPUT_EXISTS);
	assert_holds("y", "theirs");
	assert_int_equal(count_names(), 1);
}

static void a_set_follows_no_link_to_a_folder(void **state)
{
	cnv_diags diags = { .emit = hear };
	cnv_outputs set;

	(void)state;
	assert_int_equal(mkdir("elsewhere", 0700), 0);
	assert_int_equal(symlink("elsewhere", "AUS"), 0);
	assert_int_equal(cnv_outputs_open(&set, CNV_STR("."), &diags), CNV_OK);
	assert_int_equal(cnv_outputs_folder(&set, CNV_STR("AUS"), &diags), CNV_OK);
	assert_int_equal(cnv_outputs_save(&set, CNV_STR("AUS/x"), CNV_STR("1"), false, &diags), CNV_OK);
	assert_int_equal(cnv_outputs_commit(&set, &diags), CNV_NO_ACCESS);
	assert_int_equal(last_code, CNV_CANNOT_WRITE);
	assert_false(cnv_file_exists(CNV_STR("elsewhere/x")));
	assert_int_equal(cnv_folder_make_own(CNV_STR("AUS"), &diags), CNV_NO_ACCESS);
	assert_int_equal(cnv_folder_make_own(CNV_STR("AUS/"), &diags), CNV_NO_ACCESS);
	assert_int_equal(cnv_folder_make(CNV_STR("AUS"), &diags), CNV_OK);
	assert_int_equal(count_names(), 2);
}

/* More files than a process may hold open. */
static void a_set_may_be_large(void **state)
{
	cnv_diags diags = { .emit = hear };
	struct rlimit old, small;
	cnv_outputs set;
	char name[16];

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	small = old;
	small.rlim_cur = 20;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &small), 0);
	assert_int_equal(cnv_outputs_open(&set, CNV_STR("."), &diags), CNV_OK);
	for (int i = 0; i < 50; i++) {
		int len = snprintf(name, sizeof name, "f%d", i);
		assert_int_equal(cnv_outputs_save(&set, (cnv_str){ name, (size_t)len }, CNV_STR("1"), false, &diags),
				 CNV_OK);
	}
	assert_int_equal(cnv_outputs_commit(&set, &diags), CNV_OK);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(count_names(), 50);
}

static void lack_of_memory_leaves_nothing(void **state)
{
	cnv_diags diags = { .emit = hear };
	cnv_status status = CNV_NO_MEMORY;
	size_t count = 0;

	(void)state;
	for (; status != CNV_OK && count < 100; count++) {
		cnv_outputs set;
		cnv_mem_fail_after(count);
		status = cnv_outputs_open(&set, CNV_STR("."), &diags);
		if (!status)
			status = cnv_outputs_folder(&set, CNV_STR("AUS"), &diags);
		if (!status)
			status = cnv_outputs_save(&set, CNV_STR("AUS/x"), CNV_STR("1"), false, &diags);
		if (!status)
			status = cnv_outputs_save(&set, CNV_STR("y"), CNV_STR("2"), false, &diags);
		if (!status)
			status = cnv_outputs_commit(&set, &diags);
		else
			cnv_outputs_abandon(&set);
		cnv_mem_fail_after(SIZE_MAX);
		if (status) {
			assert_int_equal(status, CNV_NO_MEMORY);
			assert_int_equal(count_names(), 0);
		}
	}
	assert_int_equal(status, CNV_OK);
	assert_true(count > 8);
	assert_int_equal(diags.errors, 0);
}

/* ---------------------------------------------------------------- inputs */

static void an_output_is_none_of_its_inputs(void **state)
{
	cnv_diags diags = { .emit = hear };
	const cnv_input inputs[] = { { { "form", 4 }, "form" }, { { 0 }, "roster" }, { { "store", 5 }, "store" } };

	(void)state;
	write_file("form", "a");
	write_file("store", "b");
	assert_int_equal(symlink("store", "link"), 0);
	assert_int_equal(link("form", "same"), 0);
	assert_int_equal(cnv_output_apart(CNV_STR("x"), inputs, COUNT(inputs), &diags), CNV_OK);
	assert_int_equal(cnv_output_apart(CNV_STR("./form"), inputs, COUNT(inputs), &diags), CNV_REJECTED);
	assert_string_equal(last_message, "this is the form itself");
	assert_int_equal(cnv_output_apart(CNV_STR("link"), inputs, COUNT(inputs), &diags), CNV_REJECTED);
	assert_string_equal(last_message, "this is the store itself");
	assert_int_equal(cnv_output_apart(CNV_STR("same"), inputs, COUNT(inputs), &diags), CNV_REJECTED);
	assert_int_equal(diags.errors, 3);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		IN_FOLDER(an_output_appears_only_when_committed),
		IN_FOLDER(an_abandoned_output_leaves_nothing),
		IN_FOLDER(an_existing_target_is_refused),
		IN_FOLDER(force_replaces_the_target),
		IN_FOLDER(a_target_that_appears_meanwhile_is_kept),
		IN_FOLDER(what_cannot_be_a_target),
		IN_FOLDER(a_full_disk_leaves_the_old_file),
		IN_FOLDER(two_outputs_of_one_process_do_not_meet),
		IN_FOLDER(a_new_file_has_the_mode_that_the_umask_gives),
		IN_FOLDER(a_file_that_is_replaced_keeps_its_mode),
		IN_FOLDER(a_private_output_is_for_its_owner_alone),
		IN_FOLDER(a_link_is_replaced_and_not_followed),
		IN_FOLDER(what_a_killed_run_left_is_removed_by_the_next),
		IN_FOLDER(any_number_of_leftovers_of_one_process_blocks_nothing),
		IN_FOLDER(what_is_being_written_is_no_leftover),
		IN_FOLDER(only_our_own_leftovers_are_removed),
		IN_FOLDER(a_set_appears_together),
		IN_FOLDER(a_set_that_is_abandoned_leaves_nothing),
		IN_FOLDER(a_set_that_cannot_be_named_leaves_nothing_new),
		IN_FOLDER(a_set_follows_no_link_to_a_folder),
		IN_FOLDER(a_set_may_be_large),
		IN_FOLDER(lack_of_memory_leaves_nothing),
		IN_FOLDER(an_output_is_none_of_its_inputs),
	};

	return cmocka_run_group_tests_name("io: outputs", tests, NULL, NULL);
}
