/* bench_key.c -- from a key to the painted screen: the real program on a pseudo-terminal gets 200
 * keys, each once the picture for the one before is complete, and the time from writing the key to
 * the last byte of its picture is taken. Prints median, 95th percentile and most. Usage: bench_key
 * [PROGRAM [CARDS]]; PROGRAM is the one two folders up if it is not given. */
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"

#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KEYS = 200, DECKS = 10, QUIET_MS = 12, START_MS = 10000 };

/* Two keys in turn, so that each changes the picture. */
static const struct scene {
	const char *what, *command, *query, *first, *key[2];
} scenes[] = {
	{"the mark moves in a list of cards", "search", "deck:bench-1", "", {"j", "k"}},
	{"an option is chosen", "review", "id:card-1", "", {"a", "b"}},
	{"help opens and closes", "review", "id:card-1", "", {"?", "q"}},
	{"a letter that all cards meet, in a search", NULL, NULL, "/", {"c", "\177"}},
	{"an option of an exam is chosen", "exam", "bench", "\r", {"a", "b"}},
	{"from question to question of an exam", "exam", "bench", "\r", {"\033OC", "\033OD"}},
	{"the mark moves over all questions", "exam", "bench", "\rg", {"l", "h"}},
	{"a case is given up, and the next made", NULL, NULL, "d", {"g", " "}},
	{"a step of a walk, and back", NULL, NULL, "tw", {"n", "u"}},
};

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

static char *read_whole(struct arena *a, const char *path)
{
	struct str text = {0};
	struct diags d = {0};
	must(file_read(path, 1 << 20, &text, &d), path);
	char *copy = arena_strdup(a, str_c(&text));
	str_clear(&text);
	return copy;
}

static void write_deck(const char *home, int k, int cards)
{
	struct arena a = {0};
	struct str text = {0};
	struct diags d = {0};
	str_addf(&text,
		 "deck: bench-%d\ntitle: Bench %d\nformat: 1\nexam: {bench: \"1.1\"}\nsources:\n  "
		 "s: {title: A page, url: "
		 "\"https://example.org/\", checked: 2026-11-20}\ncards:\n",
		 k, k);
	for (int i = 0; i < cards; i++)
		str_addf(&text,
			 "- id: card-%d\n  kind: choice\n  question: What does API Gateway answer "
			 "in case number %d of the integration?\n  options:\n"
			 "  - {text: The status %d, right: true, why: The log says so.}\n  - "
			 "{text: No answer at all, why: It always answers.}\n"
			 "  - {text: The answer of the cache, why: It is off.}\n  source: s\n",
			 i, i, 400 + i % 120);
	char *path = arena_printf(&a, "%s/decks/bench-%d.yaml", home, k);
	bool ok = file_mkdirs(path_dir(&a, path), &d) && file_write(path, text.p, text.len, &d);
	diags_print(&d, stderr);
	must(ok, path);
	str_clear(&text);
	arena_clear(&a);
}

/* An exam of 65 questions from the decks above, and the matrix and tree of the unit tests. */
static void write_share(const char *home)
{
	static const char exam[] =
		"exam: bench\ntitle: Bench\ncode: BENCH\nformat: 1\nminutes: 130\nscored: 50\n"
		"unscored: 15\ntypes: [single]\npass: {share: 0.7, spread: 0.1, note: A guess.}\n"
		"sources:\n  s: {title: S, url: \"https://example.org/\", checked: 2026-11-20}\n"
		"source: s\ndomains:\n"
		"  \"1\": {title: All, weight: 100, tasks: {\"1.1\": Everything}}\n";
	struct arena a = {0};
	struct diags d = {0};
	const struct {
		const char *path, *bytes;
	} files[] = {
		{"data/exams/bench.yaml", exam},
		{"data/matrix/api-types.yaml", read_whole(&a, "tests/data/trees/matrix.yaml")},
		{"data/trees/which-api.yaml", read_whole(&a, "tests/data/trees/tree.yaml")},
	};
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char *path = arena_printf(&a, "%s/share/%s", home, files[i].path);
		must(file_mkdirs(path_dir(&a, path), &d) &&
			     file_write(path, files[i].bytes, strlen(files[i].bytes), &d),
		     path);
	}
	arena_clear(&a);
}

static double milliseconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Read until nothing comes for a while. Gives the time of the last byte; 0: there was none within
 * wait_ms. */
static double read_picture(int fd, int wait_ms)
{
	char buf[65536];
	double last = 0;
	struct pollfd p = {.fd = fd, .events = POLLIN};
	while (poll(&p, 1, last > 0 ? QUIET_MS : wait_ms) > 0 && read(fd, buf, sizeof(buf)) > 0)
		last = milliseconds();
	return last;
}

static double press(int fd, const char *key)
{
	double from = milliseconds();
	must(write(fd, key, strlen(key)) == (ssize_t)strlen(key), "write");
	double last = read_picture(fd, 1000);
	must(last > 0, "a key changed nothing");
	return last - from;
}

static pid_t start(const char *program, const struct scene *s, int *fd)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	pid_t pid = forkpty(fd, NULL, NULL, &size);
	must(pid >= 0, "forkpty");
	if (pid == 0) {
		execl(program, program, "--seed", "1", "--now", "2026-11-20T10:00:00Z", s->command,
		      s->query, (char *)NULL);
		_exit(127);
	}
	must(read_picture(*fd, START_MS) > 0, "the program draws nothing");
	return pid;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void measure(const char *program, const struct scene *s)
{
	double ms[KEYS];
	int fd, status;
	pid_t pid = start(program, s, &fd);
	if (s->first[0])
		press(fd, s->first);
	for (int i = 0; i < KEYS; i++)
		ms[i] = press(fd, s->key[i % 2]);
	qsort(ms, KEYS, sizeof(ms[0]), by_size);
	printf("%-44s %8.2f ms   95 %% %.2f, most %.2f\n", s->what, ms[KEYS / 2],
	       ms[KEYS * 95 / 100], ms[KEYS - 1]);
	must(write(fd, "\003", 1) == 1, "write");
	read_picture(fd, 1000);
	must(waitpid(pid, &status, 0) == pid, "waitpid");
	close(fd);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int main(int argc, char **argv)
{
	struct arena a = {0};
	char home[] = "/tmp/gatedrill-bench-XXXXXX";
	const char *up = path_dir(&a, path_dir(&a, path_dir(&a, path_absolute(&a, argv[0]))));
	const char *program = argc > 1 ? argv[1] : path_join(&a, up, "gatedrill");
	int cards = argc > 2 ? atoi(argv[2]) : 10000;
	must(mkdtemp(home) != NULL, home);
	setenv("GATEDRILL_HOME", home, 1);
	setenv("GATEDRILL_SHARE", arena_printf(&a, "%s/share", home), 1);
	write_share(home);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	must(access(program, X_OK) == 0, program);
	for (int k = 0; k < DECKS; k++)
		write_deck(home, k, cards / DECKS);
	for (size_t i = 0; i < ARRAY_LEN(scenes); i++)
		measure(program, &scenes[i]);
	nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	arena_clear(&a);
	return 0;
}
