/* t_labfiles.c -- copies of small trees: what is copied and what is not, bounds, links, what a
 * killed run left. */
#include "study/labfiles.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct bench {
	struct arena a;
	const char *dir, *from, *to;
	struct diags d;
};

static const char *at(struct bench *b, const char *dir, const char *name)
{
	return path_join(&b->a, dir, name);
}

static void put(struct bench *b, const char *name, const char *text)
{
	const char *path = at(b, b->from, name);
	assert_true(file_mkdirs(path_dir(&b->a, path), NULL));
	assert_true(file_write(path, text, strlen(text), NULL));
}

static bool there(struct bench *b, const char *name)
{
	struct stat st;
	return lstat(at(b, b->to, name), &st) == 0;
}

static int set_up(void **state)
{
	static struct bench b;
	b = (struct bench){0};
	char *dir = arena_printf(&b.a, "%s/gatedrill-files-XXXXXX",
				 getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	assert_non_null(mkdtemp(dir));
	b.dir = dir;
	b.from = at(&b, dir, "from");
	b.to = at(&b, dir, "to");
	put(&b, "shop.yaml", "gateway: shop\n");
	put(&b, "scripts/run.sh", "echo\n");
	put(&b, "solved/shop.yaml", "gateway: solved\n");
	*state = &b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;
	labfiles_remove(b->dir);
	struct file_stat st;
	assert_false(file_stat(b->dir, &st));
	diags_clear(&b->d);
	arena_clear(&b->a);
	return 0;
}

static void files_are_copied_and_nothing_else(void **state)
{
	struct bench *b = *state;
	struct stat st;
	put(b, ".hidden", "x");
	put(b, "scripts/solved/deep.txt", "only the one at the top is left out");
	assert_int_equal(chmod(at(b, b->from, "scripts/run.sh"), 0755), 0);
	assert_int_equal(symlink("/etc/passwd", at(b, b->from, "link")), 0);
	assert_int_equal(symlink("/etc", at(b, b->from, "links")), 0);
	assert_int_equal(mkfifo(at(b, b->from, "pipe"), 0600), 0);
	for (int lasting = 0; lasting < 2; lasting++) {
		labfiles_remove(b->to);
		assert_true(labfiles_copy(b->from, b->to, "solved", lasting, &b->d));
		assert_int_equal(b->d.errors, 0);
		assert_true(there(b, "shop.yaml") && there(b, "scripts/solved/deep.txt"));
		assert_false(there(b, "solved") || there(b, ".hidden") || there(b, "link") ||
			     there(b, "links") || there(b, "pipe"));
		assert_int_equal(stat(at(b, b->to, "scripts/run.sh"), &st), 0);
		assert_int_equal(st.st_mode & 0777, 0755);
		assert_true(labfiles_same(b->from, b->to, "solved", NULL));
	}
}

static void copies_are_bounded(void **state)
{
	struct bench *b = *state;
	struct str deep = {0}, large = {0};
	for (int i = 0; i <= MAX_LAB_DEPTH; i++)
		str_add(&deep, "d/");
	str_add(&deep, "f");
	put(b, str_c(&deep), "x");
	assert_false(labfiles_copy(b->from, b->to, NULL, false, &b->d));
	assert_string_equal(b->d.items[0].code, "lab-copy");
	labfiles_remove(at(b, b->from, "d"));
	labfiles_remove(b->to);

	while (large.len <= MAX_LAB_FILE)
		str_add(&large, "0123456789abcdef");
	put(b, "large", str_c(&large));
	assert_false(labfiles_copy(b->from, b->to, NULL, false, &b->d));
	labfiles_remove(at(b, b->from, "large"));
	labfiles_remove(b->to);

	for (int i = 0; i < MAX_LAB_FILES; i++)
		put(b, arena_printf(&b->a, "many/%d", i), "x");
	assert_false(labfiles_copy(b->from, b->to, NULL, false, &b->d));
	assert_false(labfiles_copy(at(b, b->from, "none"), b->to, NULL, false, &b->d));
	str_clear(&deep);
	str_clear(&large);
}

static void a_difference_is_seen(void **state)
{
	struct bench *b = *state;
	assert_true(labfiles_copy(b->from, b->to, "solved", false, NULL));
	assert_true(file_write(at(b, b->to, "ca.pem"), "x", 1, NULL));
	assert_false(labfiles_same(b->from, b->to, "solved", NULL));
	assert_true(labfiles_same(b->from, b->to, "solved", "ca.pem"));
	assert_true(file_write(at(b, b->to, "scripts/run.sh"), "ECHO\n", 5, NULL));
	assert_false(labfiles_same(b->from, b->to, "solved", "ca.pem"));
	assert_true(file_write(at(b, b->to, "scripts/run.sh"), "echo\n", 5, NULL));
	assert_int_equal(unlink(at(b, b->to, "shop.yaml")), 0);
	assert_false(labfiles_same(b->from, b->to, "solved", "ca.pem"));
	assert_false(labfiles_same(b->from, at(b, b->dir, "none"), "solved", NULL));
}

/* What a link leads to is not ours to remove. */
static void removing_follows_no_link(void **state)
{
	struct bench *b = *state;
	assert_true(file_mkdirs(b->to, NULL));
	assert_int_equal(symlink(b->from, at(b, b->to, "out")), 0);
	labfiles_remove(b->to);
	struct file_stat st;
	assert_false(file_stat(b->to, &st));
	assert_true(file_stat(at(b, b->from, "shop.yaml"), &st));
}

static void what_a_killed_run_left_is_removed(void **state)
{
	struct bench *b = *state;
	struct held_folder mine, other;
	struct file_stat st;
	const char *left = at(b, b->to, "left-over");
	assert_true(file_mkdirs(at(b, left, "files"), NULL));
	assert_true(file_write(at(b, left, ".lock"), "", 0, NULL));
	assert_true(file_write(at(b, left, "files/shop.yaml"), "x", 1, NULL));
	assert_true(held_folder_make(&mine, b->to, &b->a, NULL));
	assert_false(file_stat(left, &st));
	/* One that is held stays, and goes with who held it. */
	assert_true(held_folder_make(&other, b->to, &b->a, NULL));
	assert_true(file_stat(mine.path, &st) && file_stat(other.path, &st));
	const char *path = mine.path;
	held_folder_drop(&mine);
	assert_false(file_stat(path, &st));
	held_folder_drop(&other);
	held_folder_drop(&other);
}

/* Folders behind a link are not ours, whatever they look like. */
static void what_is_left_over_elsewhere_stays(void **state)
{
	struct bench *b = *state;
	struct held_folder h;
	struct file_stat st;
	assert_int_equal(symlink(b->from, b->to), 0);
	assert_true(held_folder_make(&h, b->to, &b->a, NULL));
	held_folder_drop(&h);
	assert_true(file_stat(at(b, b->from, "scripts/run.sh"), &st));
}

static void a_folder_that_cannot_be_made_is_an_error(void **state)
{
	struct bench *b = *state;
	struct held_folder h;
	assert_false(held_folder_make(&h, at(b, b->from, "shop.yaml"), &b->a, &b->d));
	assert_true(b->d.errors > 0);
	held_folder_drop(&h);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(files_are_copied_and_nothing_else),
		TEST(copies_are_bounded),
		TEST(a_difference_is_seen),
		TEST(removing_follows_no_link),
		TEST(what_a_killed_run_left_is_removed),
		TEST(what_is_left_over_elsewhere_stays),
		TEST(a_folder_that_cannot_be_made_is_an_error),
	};
	return cmocka_run_group_tests_name("study/labfiles", tests, NULL, NULL);
}
