/* t_file.c -- files in a folder of their own, made before and removed after each test. */
#include "base/file.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
	struct arena arena;
	struct diags diags;
	struct str text;
	const char *dir;
};

static int setup(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));
	/* In memory if it can be: one test makes ten thousand files. */
	const char *tmp = getenv("TMPDIR");
	if (!tmp && access("/dev/shm", W_OK | X_OK) == 0)
		tmp = "/dev/shm";
	char *dir = arena_printf(&f->arena, "%s/gatedrill-t-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(dir))
		return -1;
	f->dir = dir;
	*state = f;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *at)
{
	(void)st, (void)flag, (void)at;
	return remove(path);
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	nftw(f->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	diags_clear(&f->diags);
	str_clear(&f->text);
	arena_clear(&f->arena);
	free(f);
	return 0;
}

static const char *in(struct fixture *f, const char *name)
{
	return path_join(&f->arena, f->dir, name);
}

static void put(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

/* One new error with this code. */
static void assert_code(struct fixture *f, const char *code)
{
	assert_int_equal(f->diags.count, 1);
	assert_string_equal(f->diags.items[0].code, code);
	diags_clear(&f->diags);
}

static void assert_holds(struct fixture *f, const char *path, const char *text)
{
	assert_true(file_read(path, 1000, &f->text, &f->diags));
	assert_string_equal(str_c(&f->text), text);
	assert_int_equal(f->diags.count, 0);
}

/* Nothing is left of the files that are written beside a target. */
static void assert_names(struct fixture *f, size_t expected)
{
	size_t n = 0;
	int fd = open(f->dir, O_RDONLY | O_DIRECTORY);
	assert_true(fd >= 0);
	const char **names;
	assert_true(file_list(f->dir, "", &f->arena, &names, &n, NULL));
	assert_int_equal(n, expected);
	assert_int_equal(faccessat(fd,
				   arena_printf(&f->arena, ".gatedrill-%ld-0.tmp", (long)getpid()),
				   F_OK, 0),
			 -1);
	close(fd);
}

static void test_read(void **state)
{
	struct fixture *f = *state;
	str_add(&f->text, "old");
	put(in(f, "a"), "line\n");
	assert_holds(f, in(f, "a"), "line\n");
	put(in(f, "empty"), "");
	assert_holds(f, in(f, "empty"), "");
	assert_true(file_read("/dev/null", 0, &f->text, &f->diags) == false);
	assert_code(f, "file-read");
}

static void test_read_limit(void **state)
{
	struct fixture *f = *state;
	put(in(f, "a"), "12345");
	assert_true(file_read(in(f, "a"), 5, &f->text, &f->diags));
	assert_int_equal(f->text.len, 5);
	assert_false(file_read(in(f, "a"), 4, &f->text, &f->diags));
	assert_code(f, "file-too-large");
	assert_string_equal(str_c(&f->text), "");
	put(in(f, "empty"), "");
	assert_true(file_read(in(f, "empty"), 0, &f->text, &f->diags));
}

/* More than one step of reading, byte for byte. */
static void test_read_large(void **state)
{
	struct fixture *f = *state;
	struct str big = {0};
	for (int i = 0; i < 300000; i++)
		str_addc(&big, (char)(i * 7 + i / 256));
	assert_true(file_write(in(f, "big"), big.p, big.len, &f->diags));
	assert_true(file_read(in(f, "big"), big.len, &f->text, &f->diags));
	assert_int_equal(f->text.len, big.len);
	assert_memory_equal(f->text.p, big.p, big.len);
	assert_false(file_read(in(f, "big"), big.len - 1, &f->text, &f->diags));
	str_clear(&big);
}

static void test_read_pipe(void **state)
{
	struct fixture *f = *state;
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "piped", 5), 5);
	close(ends[1]);
	assert_holds(f, arena_printf(&f->arena, "/dev/fd/%d", ends[0]), "piped");
	close(ends[0]);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "piped", 5), 5);
	close(ends[1]);
	assert_false(
		file_read(arena_printf(&f->arena, "/dev/fd/%d", ends[0]), 4, &f->text, &f->diags));
	assert_code(f, "file-too-large");
	close(ends[0]);
}

static void test_read_errors(void **state)
{
	struct fixture *f = *state;
	assert_false(file_read(in(f, "none"), 10, &f->text, &f->diags));
	assert_non_null(strstr(diags_first(&f->diags), "none: No such file"));
	assert_code(f, "file-open");
	assert_false(file_read(f->dir, 10, &f->text, &f->diags));
	assert_code(f, "file-read");
	/* Sizes that the system does not know beforehand. */
	assert_true(file_read("/proc/self/status", 1 << 20, &f->text, &f->diags) ||
		    access("/proc", F_OK) != 0);
}

static void test_write(void **state)
{
	struct fixture *f = *state;
	const char *path = in(f, "a");
	mode_t old = umask(027);
	assert_true(file_write(path, "one", 3, &f->diags));
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	umask(old);
	assert_holds(f, path, "one");
	assert_int_equal(chmod(path, 0604), 0);
	assert_true(file_write(path, "", 0, &f->diags));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0604);
	assert_holds(f, path, "");
	assert_names(f, 1);
}

/* Who has the old file open goes on reading the old file: it was replaced, not overwritten. */
static void test_write_replaces(void **state)
{
	struct fixture *f = *state;
	char bytes[8] = "";
	const char *path = in(f, "a");
	put(path, "old");
	int fd = open(path, O_RDONLY);
	assert_true(file_write(path, "newer", 5, &f->diags));
	assert_int_equal(read(fd, bytes, sizeof(bytes)), 3);
	assert_string_equal(bytes, "old");
	close(fd);
	assert_holds(f, path, "newer");
}

static void test_write_through_link(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	put(in(f, "real"), "old");
	assert_int_equal(symlink("real", in(f, "link")), 0);
	assert_true(file_write(in(f, "link"), "new", 3, &f->diags));
	assert_int_equal(lstat(in(f, "link"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_holds(f, in(f, "real"), "new");
	assert_names(f, 2);
}

static void test_write_to_pipe(void **state)
{
	struct fixture *f = *state;
	int ends[2];
	char bytes[8] = "";
	assert_int_equal(pipe(ends), 0);
	assert_true(
		file_write(arena_printf(&f->arena, "/dev/fd/%d", ends[1]), "piped", 5, &f->diags));
	assert_int_equal(read(ends[0], bytes, sizeof(bytes)), 5);
	assert_string_equal(bytes, "piped");
	close(ends[0]);
	close(ends[1]);
}

static void test_write_errors(void **state)
{
	struct fixture *f = *state;
	assert_false(file_write(in(f, "no/such/a"), "x", 1, &f->diags));
	assert_code(f, "file-write");
	assert_int_equal(mkdir(in(f, "folder"), 0700), 0);
	assert_false(file_write(in(f, "folder"), "x", 1, &f->diags));
	assert_code(f, "file-write");
	if (access("/dev/full", W_OK) == 0) {
		assert_false(file_write("/dev/full", "x", 1, &f->diags));
		assert_code(f, "file-write");
	}
	assert_names(f, 1);
}

/* Half of it written and no more room: the old file is whole and nothing else is left. */
static void test_write_without_room(void **state)
{
	struct fixture *f = *state;
	struct rlimit old, small;
	char big[8192] = "";
	put(in(f, "a"), "old");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = (struct rlimit){.rlim_cur = 4096, .rlim_max = old.rlim_max};
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	bool replaced = file_write(in(f, "a"), big, sizeof(big), &f->diags);
	bool created = file_create(in(f, "b"), big, sizeof(big), NULL);
	setrlimit(RLIMIT_FSIZE, &old);
	signal(SIGXFSZ, handler);
	assert_false(replaced);
	assert_false(created);
	assert_code(f, "file-write");
	assert_holds(f, in(f, "a"), "old");
	assert_names(f, 1);
}

/* A name left by a killed process of the same number is stepped over. */
static void test_write_beside_leftover(void **state)
{
	struct fixture *f = *state;
	const char *left = in(f, arena_printf(&f->arena, ".gatedrill-%ld-0.tmp", (long)getpid()));
	put(left, "left");
	assert_true(file_write(in(f, "a"), "new", 3, &f->diags));
	assert_holds(f, left, "left");
	assert_holds(f, in(f, "a"), "new");
	unlink(left);
}

static void test_create(void **state)
{
	struct fixture *f = *state;
	assert_true(file_create(in(f, "a"), "one", 3, &f->diags));
	assert_holds(f, in(f, "a"), "one");
	assert_false(file_create(in(f, "a"), "two", 3, &f->diags));
	assert_code(f, "file-exists");
	assert_holds(f, in(f, "a"), "one");
	assert_int_equal(symlink("nowhere", in(f, "link")), 0);
	assert_false(file_create(in(f, "link"), "two", 3, &f->diags));
	assert_code(f, "file-exists");
	assert_false(file_create(in(f, "no/a"), "two", 3, &f->diags));
	assert_code(f, "file-write");
	assert_names(f, 2);
}

static void test_piecewise(void **state)
{
	struct fixture *f = *state;
	struct file_out *o;
	assert_true(file_write(in(f, "a"), "old", 3, &f->diags));
	assert_true(file_out_open(&o, in(f, "a"), &f->diags));
	assert_true(file_out_write(o, "new ", 4, &f->diags));
	assert_holds(f, in(f, "a"), "old");
	assert_non_null(file_out_aside(o));
	assert_true(file_out_write(o, "text", 4, &f->diags));
	assert_true(file_out_commit(o, &f->diags));
	assert_holds(f, in(f, "a"), "new text");
	assert_true(file_out_open(&o, in(f, "a"), &f->diags));
	assert_true(file_out_write(o, "lost", 4, &f->diags));
	file_out_drop(o);
	file_out_drop(NULL);
	assert_holds(f, in(f, "a"), "new text");
	assert_names(f, 1);
}

static void test_piecewise_taken_over(void **state)
{
	struct fixture *f = *state;
	struct file_out *o;
	assert_true(file_out_open(&o, in(f, "a"), &f->diags));
	assert_true(file_write(in(f, "other"), "by another", 10, &f->diags));
	assert_int_equal(rename(in(f, "other"), file_out_aside(o)), 0);
	assert_true(file_out_reopen(o, &f->diags));
	assert_true(file_out_commit(o, &f->diags));
	assert_holds(f, in(f, "a"), "by another");
	assert_names(f, 1);
}

static void test_piecewise_errors(void **state)
{
	struct fixture *f = *state;
	struct file_out *o;
	const char *const paths[] = {in(f, "no/a"), f->dir};
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		assert_false(file_out_open(&o, paths[i], &f->diags));
		assert_code(f, "file-write");
		assert_null(o);
	}
	assert_true(file_out_open(&o, "/dev/full", &f->diags));
	assert_null(file_out_aside(o));
	assert_false(file_out_write(o, "x", 1, &f->diags));
	assert_code(f, "file-write");
	file_out_drop(o);
	/* None of this has closed what it did not open. */
	assert_true(fcntl(STDOUT_FILENO, F_GETFD) >= 0);
	assert_null(file_temp(&f->arena, in(f, "no"), &f->diags));
	assert_code(f, "file-write");
	char *name = file_temp(&f->arena, f->dir, &f->diags);
	assert_holds(f, name, "");
	unlink(name);
	assert_names(f, 0);
}

static void test_stat(void **state)
{
	struct fixture *f = *state;
	struct file_stat st;
	put(in(f, "a"), "12345");
	const struct timespec times[2] = {{1, 0}, {1700000000, 123456789}};
	assert_int_equal(utimensat(AT_FDCWD, in(f, "a"), times, 0), 0);
	assert_true(file_stat(in(f, "a"), &st));
	assert_int_equal(st.size, 5);
	assert_false(st.is_dir);
	assert_true(st.mtime_ns / 1000 == 1700000000123456);
	assert_true(file_stat(f->dir, &st));
	assert_true(st.is_dir);
	assert_false(file_stat(in(f, "none"), &st));
}

static void test_mkdirs(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	assert_true(file_mkdirs(in(f, "x//y/z/"), &f->diags));
	assert_int_equal(stat(in(f, "x/y/z"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_true(file_mkdirs(in(f, "x/y"), &f->diags));
	assert_true(file_mkdirs("/", &f->diags));
	assert_true(file_mkdirs(".", &f->diags));
	put(in(f, "file"), "");
	assert_false(file_mkdirs(in(f, "file"), &f->diags));
	assert_code(f, "file-mkdir");
	assert_false(file_mkdirs(in(f, "file/a/b"), &f->diags));
	assert_code(f, "file-mkdir");
	assert_false(file_mkdirs("", &f->diags));
	assert_code(f, "file-mkdir");
}

static void test_list(void **state)
{
	struct fixture *f = *state;
	static const char *const made[] = {"b.yaml", "a.yaml", "B.yaml", ".hidden.yaml",
					   "a.yml",  "yaml",   "a.yaml~"};
	static const char *const expected[] = {"B.yaml", "a.yaml", "b.yaml"};
	const char **names;
	size_t n;
	for (size_t i = 0; i < ARRAY_LEN(made); i++)
		put(in(f, made[i]), "");
	assert_int_equal(mkfifo(in(f, "pipe.yaml"), 0600), 0);
	assert_int_equal(symlink("pipe.yaml", in(f, "to-pipe.yaml")), 0);
	assert_true(file_list(f->dir, ".yaml", &f->arena, &names, &n, &f->diags));
	assert_int_equal(n, ARRAY_LEN(expected));
	for (size_t i = 0; i < n; i++)
		assert_string_equal(names[i], expected[i]);
	assert_true(file_list(in(f, "none"), ".yaml", &f->arena, &names, &n, &f->diags));
	assert_int_equal(n, 0);
	assert_false(file_list(in(f, "yaml"), ".yaml", &f->arena, &names, &n, &f->diags));
	assert_code(f, "file-open");
}

static void make_folder(struct fixture *f, const char *name)
{
	assert_int_equal(mkdir(in(f, name), 0700), 0);
}

/* A folder's files and those of the folders in it; what is named itself, whatever it is called. */
static void test_walk(void **state)
{
	struct fixture *f = *state;
	static const char *const suffixes[] = {".yaml", ".yml", NULL};
	static const char *const made[] = {"c.yaml",        "a/2.yml",     "a/1.yaml", "a/note.txt",
					   "a/b/deep.yaml", ".git/x.yaml", "plain"};
	static const char *const expected[] = {"a/1.yaml", "a/2.yml", "a/b/deep.yaml",
					       "c.yaml",   "plain",   "none.yaml"};
	const char **paths = NULL;
	size_t n = 0;
	make_folder(f, "a");
	make_folder(f, "a/b");
	make_folder(f, ".git");
	for (size_t i = 0; i < ARRAY_LEN(made); i++)
		put(in(f, made[i]), "");
	assert_int_equal(symlink(f->dir, in(f, "a/b/loop")), 0);
	assert_true(file_walk(f->dir, suffixes, &f->arena, &paths, &n, &f->diags));
	assert_true(file_walk(in(f, "plain"), suffixes, &f->arena, &paths, &n, &f->diags));
	assert_true(file_walk(in(f, "none.yaml"), suffixes, &f->arena, &paths, &n, &f->diags));
	assert_int_equal(n, ARRAY_LEN(expected));
	for (size_t i = 0; i < n; i++)
		assert_string_equal(paths[i], in(f, expected[i]));
}

static void test_walk_deep(void **state)
{
	struct fixture *f = *state;
	static const char *const suffixes[] = {".yaml", NULL};
	const char **paths = NULL;
	size_t n = 0;
	const char *path = f->dir;
	for (int i = 1; i < MAX_WALK_DEPTH; i++) {
		path = path_join(&f->arena, path, "d");
		assert_int_equal(mkdir(path, 0700), 0);
	}
	put(path_join(&f->arena, path, "x.yaml"), "");
	assert_true(file_walk(f->dir, suffixes, &f->arena, &paths, &n, &f->diags));
	assert_int_equal(n, 1);
	assert_int_equal(mkdir(path_join(&f->arena, path, "d"), 0700), 0);
	assert_false(file_walk(f->dir, suffixes, &f->arena, &paths, &n, &f->diags));
	assert_code(f, "file-too-deep");
}

static void test_list_limit(void **state)
{
	struct fixture *f = *state;
	const char **names;
	size_t n;
	for (int i = 0; i < MAX_DIR_NAMES; i++) {
		char name[16];
		snprintf(name, sizeof(name), "/%d.x", i);
		struct str path = {0};
		str_add(&path, f->dir);
		str_add(&path, name);
		close(open(str_c(&path), O_WRONLY | O_CREAT, 0600));
		str_clear(&path);
	}
	assert_true(file_list(f->dir, ".x", &f->arena, &names, &n, &f->diags));
	assert_int_equal(n, MAX_DIR_NAMES);
	put(in(f, "more.x"), "");
	assert_false(file_list(f->dir, ".x", &f->arena, &names, &n, &f->diags));
	assert_int_equal(n, 0);
	assert_code(f, "file-too-many");
}

static void test_paths(void **state)
{
	struct fixture *f = *state;
	struct arena *a = &f->arena;
	assert_string_equal(path_join(a, "a", "b"), "a/b");
	assert_string_equal(path_join(a, "a/", "b"), "a/b");
	assert_string_equal(path_join(a, "/", "b"), "/b");
	assert_string_equal(path_join(a, "", "b"), "b");
	assert_string_equal(path_join(a, "a", "/b"), "/b");
	assert_string_equal(path_base("a/b.yaml"), "b.yaml");
	assert_string_equal(path_base("b"), "b");
	assert_string_equal(path_base("a/"), "");
	assert_string_equal(path_dir(a, "a/b"), "a");
	assert_string_equal(path_dir(a, "a//b"), "a");
	assert_string_equal(path_dir(a, "/b"), "/");
	assert_string_equal(path_dir(a, "//b"), "/");
	assert_string_equal(path_dir(a, "b"), ".");
	assert_string_equal(path_dir(a, ""), ".");
}

static void test_absolute(void **state)
{
	struct fixture *f = *state;
	char *cwd = getcwd(NULL, 0), *real = realpath(f->dir, NULL);
	assert_string_equal(path_absolute(&f->arena, "."), cwd);
	assert_string_equal(path_absolute(&f->arena, "no-such-file"),
			    path_join(&f->arena, cwd, "no-such-file"));
	assert_string_equal(path_absolute(&f->arena, "/no/such/file"), "/no/such/file");
	put(in(f, "a"), "");
	assert_int_equal(symlink("a", in(f, "link")), 0);
	assert_string_equal(path_absolute(&f->arena, in(f, "link")),
			    path_join(&f->arena, real, "a"));
	free(cwd);
	free(real);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_read),
		TEST(test_read_limit),
		TEST(test_read_large),
		TEST(test_read_pipe),
		TEST(test_read_errors),
		TEST(test_write),
		TEST(test_write_replaces),
		TEST(test_write_through_link),
		TEST(test_write_to_pipe),
		TEST(test_write_errors),
		TEST(test_write_without_room),
		TEST(test_write_beside_leftover),
		TEST(test_create),
		TEST(test_piecewise),
		TEST(test_piecewise_taken_over),
		TEST(test_piecewise_errors),
		TEST(test_stat),
		TEST(test_mkdirs),
		TEST(test_list),
		TEST(test_walk),
		TEST(test_walk_deep),
		TEST(test_list_limit),
		TEST(test_paths),
		TEST(test_absolute),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
