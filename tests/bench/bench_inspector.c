/* bench_inspector.c -- what it costs to look at a gateway: CPU of a request, at RATE requests a
 * second, for the program in line mode, with a line a request, and for the program on a terminal
 * with the inspector open, by turns, the cheapest of three rounds; then the time from a key to the
 * last byte of its picture, with all traces that are kept and a filter typed. Usage:
 * bench_inspector [PROGRAM [SECONDS [RATE]]]; PROGRAM is the one two folders up if it is not given.
 */
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KEYS = 200, ROUNDS = 3, PORT = 18974, QUIET_MS = 8, START_MS = 10000 };

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

static double milliseconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* ---- the gateway --------------------------------------------------------------------- */

static const char stack[] =
	"gateway: bench\naccountThrottle: {rateLimit: 1000000, burstLimit: 1000000}\napis:\n"
	"- {apiId: bench, type: REST, openapi: api.yaml, stages: {dev: {}}}\n";
static const char api[] =
	"openapi: 3.0.1\ninfo: {title: Bench, version: \"1\"}\npaths:\n  /ping:\n    get:\n"
	"      responses: {\"200\": {description: Good}}\n"
	"      x-amazon-apigateway-integration:\n        type: mock\n"
	"        requestTemplates: {application/json: '{\"statusCode\": 200}'}\n"
	"        responses: {default: {statusCode: \"200\"}}\n";

struct gateway {
	pid_t pid;
	int terminal; /* -1: line mode */
	int client;
};

static void become(const char *program, const char *file)
{
	char port[16];
	snprintf(port, sizeof(port), "%d", PORT);
	execl(program, program, "gateway", "run", file, "--port", port, (char *)NULL);
	_exit(127);
}

static int dial(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(PORT)};
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (int waited = 0; waited < START_MS; waited += 10) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
			return fd;
		close(fd);
		poll(NULL, 0, 10);
	}
	must(false, "the gateway does not listen");
	return -1;
}

static struct gateway start(const char *program, const char *file, bool looked_at)
{
	struct winsize size = {.ws_row = 40, .ws_col = 120};
	struct gateway g = {.terminal = -1};
	g.pid = looked_at ? forkpty(&g.terminal, NULL, NULL, &size) : fork();
	must(g.pid >= 0, "fork");
	if (g.pid == 0 && !looked_at) {
		int null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
	}
	if (g.pid == 0)
		become(program, file);
	g.client = dial();
	return g;
}

static void stop(struct gateway *g)
{
	char buf[4096];
	kill(g->pid, SIGTERM);
	close(g->client);
	while (g->terminal >= 0 && read(g->terminal, buf, sizeof(buf)) > 0)
		; /* it must not wait for us */
	must(waitpid(g->pid, NULL, 0) == g->pid, "waitpid");
	if (g->terminal >= 0)
		close(g->terminal);
}

/* Of the scheduler, to the nanosecond. */
static double cpu_us(pid_t pid)
{
	struct arena a = {0};
	struct str text = {0};
	bool ok = file_read(arena_printf(&a, "/proc/%d/schedstat", (int)pid), 1000, &text, NULL);
	must(ok, "/proc/PID/schedstat");
	double us = strtod(str_c(&text), NULL) / 1e3;
	str_clear(&text);
	arena_clear(&a);
	return us;
}

/* ---- requests ------------------------------------------------------------------------ */

/* Take what came: of answers it is enough that they come, of pictures nothing. */
static bool drain(struct gateway *g, int wait_ms)
{
	char buf[65536];
	struct pollfd p[] = {{.fd = g->client, .events = POLLIN},
			     {.fd = g->terminal, .events = POLLIN}};
	bool answered = false;
	if (poll(p, 2, wait_ms) <= 0)
		return false;
	if (p[0].revents) {
		must(read(g->client, buf, sizeof(buf)) > 0, "the gateway hung up");
		answered = true;
	}
	if (p[1].revents)
		must(read(g->terminal, buf, sizeof(buf)) > 0, "the terminal is gone");
	return answered;
}

/* One every 1/rate s, each when the one before is answered. */
static void ask(struct gateway *g, int requests, int rate)
{
	static const char get[] = "GET /dev/ping HTTP/1.1\r\nHost: localhost\r\n\r\n";
	double due = milliseconds();
	for (int i = 0; i < requests; i++, due += 1e3 / rate) {
		for (double now = milliseconds(); now < due; now = milliseconds())
			drain(g, (int)(due - now) + 1);
		must(send(g->client, get, sizeof(get) - 1, 0) == sizeof(get) - 1, "send");
		while (!drain(g, 1000))
			;
	}
}

static double request_us(const char *program, const char *file, bool looked_at, int seconds,
			 int rate)
{
	struct gateway g = start(program, file, looked_at);
	ask(&g, rate / 2, rate); /* the ring is full, the picture stands */
	double from = cpu_us(g.pid);
	ask(&g, rate * seconds, rate);
	double us = (cpu_us(g.pid) - from) / (rate * seconds);
	stop(&g);
	return us;
}

static void compare(const char *program, const char *file, int seconds, int rate)
{
	double best[2] = {1e9, 1e9};
	for (int round = 0; round < ROUNDS; round++)
		for (int i = 0; i < 2; i++) {
			double us = request_us(program, file, i == 1, seconds, rate);
			best[i] = us < best[i] ? us : best[i];
		}
	printf("%d requests a second: %.1f us CPU each in line mode, %.1f us with the inspector "
	       "open\n",
	       rate, best[0], best[1]);
}

/* ---- keys ---------------------------------------------------------------------------- */

/* Read until nothing comes for a while; 0: there was no picture at all. */
static double last_byte(int fd, int wait_ms)
{
	char buf[65536];
	double last = 0;
	struct pollfd p = {.fd = fd, .events = POLLIN};
	while (poll(&p, 1, last > 0 ? QUIET_MS : wait_ms) > 0 && read(fd, buf, sizeof(buf)) > 0)
		last = milliseconds();
	return last;
}

static double press(struct gateway *g, const char *key)
{
	double from = milliseconds();
	must(write(g->terminal, key, strlen(key)) == (ssize_t)strlen(key), "write");
	double last = last_byte(g->terminal, 1000);
	must(last > 0, "a key changed nothing");
	return last - from;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void time_keys(struct gateway *g, const char *what, const char *const *keys)
{
	double ms[KEYS];
	for (int i = 0; i < KEYS; i++)
		ms[i] = press(g, keys[i % 2]);
	qsort(ms, KEYS, sizeof(ms[0]), by_size);
	printf("%-44s %8.2f ms   95 %% %.2f, most %.2f\n", what, ms[KEYS / 2], ms[KEYS * 95 / 100],
	       ms[KEYS - 1]);
}

static void keys(const char *program, const char *file)
{
	static const char *const letters[] = {"g", "\177"}, *const moves[] = {"k", "j"};
	struct gateway g = start(program, file, true);
	ask(&g, 500, 1000);
	while (last_byte(g.terminal, 1000) > 0)
		; /* gauges come to rest */
	press(&g, "/");
	press(&g, "200 pin");
	time_keys(&g, "a letter more in the filter of the inspector", letters);
	press(&g, "\r");
	time_keys(&g, "the mark moves over what passes it", moves);
	stop(&g);
}

/* ---- all ----------------------------------------------------------------------------- */

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
	int seconds = argc > 2 ? atoi(argv[2]) : 5, rate = argc > 3 ? atoi(argv[3]) : 1000;
	must(seconds > 0 && rate > 1 && mkdtemp(home) != NULL, home);
	must(access(program, X_OK) == 0, program);
	setenv("GATEDRILL_HOME", home, 1);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	const char *file = path_join(&a, home, "bench.yaml");
	must(file_write(file, stack, sizeof(stack) - 1, NULL) &&
		     file_write(path_join(&a, home, "api.yaml"), api, sizeof(api) - 1, NULL),
	     file);
	compare(program, file, seconds, rate);
	keys(program, file);
	nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	arena_clear(&a);
	return 0;
}
