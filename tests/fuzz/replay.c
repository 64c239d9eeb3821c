/* replay.c -- runs a fuzz target over its corpus without a fuzzer, as a test that prints TAP.
 *
 * libFuzzer needs clang; this needs nothing, so that every input that ever broke something is tried
 * again wherever the tests run. Each input is copied into memory of its own size, so that the
 * sanitizers see the first byte read past its end, and its name is printed before it is tried, so
 * that a crash can be told from the last line. The corpus of fuzz_NAME is tests/fuzz/corpus/NAME,
 * or the files and folders given. */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Run one input. False: it cannot be read. */
static bool try_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *data;
	bool ok;

	if (!f)
		return false;
	ok = fstat(fileno(f), &st) == 0 && (data = malloc(st.st_size ? (size_t)st.st_size : 1));
	if (ok) {
		ok = fread(data, 1, (size_t)st.st_size, f) == (size_t)st.st_size;
		if (ok)
			LLVMFuzzerTestOneInput(data, (size_t)st.st_size);
		free(data);
	}
	fclose(f);
	return ok;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Run path, or all files in it, in the order of their names. Counts into *ran; false when one could
 * not be read. */
static bool replay(const char *path, int *ran)
{
	struct dirent **entries;
	bool all = true;
	int n = scandir(path, &entries, is_visible, alphasort);

	if (n < 0) {
		printf("# %s\n", path);
		fflush(stdout);
		all = try_file(path);
		printf("%s %d - %s\n", all ? "ok" : "not ok", ++*ran, path);
		return all;
	}
	for (int i = 0; i < n; i++) {
		char *inner;
		if (asprintf(&inner, "%s/%s", path, entries[i]->d_name) < 0)
			abort();
		all &= replay(inner, ran);
		free(inner);
		free(entries[i]);
	}
	free(entries);
	return all;
}

/* The corpus that belongs to a program called .../fuzz_NAME. */
static bool replay_own(const char *program, int *ran)
{
	const char *name = strrchr(program, '/');
	char *corpus;
	bool all;

	name = name ? name + 1 : program;
	if (strncmp(name, "fuzz_", 5) == 0)
		name += 5;
	if (asprintf(&corpus, "tests/fuzz/corpus/%s", name) < 0)
		abort();
	all = replay(corpus, ran);
	free(corpus);
	return all;
}

int main(int argc, char **argv)
{
	int ran = 0;
	bool all = true;

	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	if (argc < 2)
		all = replay_own(argv[0], &ran);
	for (int i = 1; i < argc; i++)
		all &= replay(argv[i], &ran);
	if (ran == 0)
		printf("not ok %d - a corpus with seeds\n", ++ran);
	printf("1..%d\n", ran);
	return all ? 0 : 1;
}
