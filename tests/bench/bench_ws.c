/* bench_ws.c -- open WebSocket connections: memory of the gateway that holds them, and how long one
 * message to all of them takes, until it is sent and until the last client has it. The clients are
 * a process of their own. Usage: bench_ws [CONNECTIONS] (10,000; as many as open files allow). */
#include "base/file.h"
#include "gateway/serve.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

enum { SPARE_FILES = 100, BATCH = 250, SCALE = 60, GRACE_MS = 2000 };

static const char text[] = "{\"match\":\"red-blue\",\"score\":\"1:0\"}";

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

/* ---- the clients --------------------------------------------------------------------- */

static int dial(int port)
{
	static const char ask[] = "GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
				  "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
				  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0, "connect");
	must(send(fd, ask, sizeof(ask) - 1, 0) == sizeof(ask) - 1, "send");
	return fd;
}

static void read_head(int fd)
{
	char head[1024];
	size_t n = 0;
	while (n < 4 || memcmp(head + n - 4, "\r\n\r\n", 4) != 0) {
		ssize_t got = recv(fd, head + n, 1, 0);
		must(got == 1 && ++n < sizeof(head), "handshake");
	}
	must(memcmp(head, "HTTP/1.1 101", 12) == 0, "no 101");
}

/* Open all, say so, take one message each, say so. */
static void be_clients(int port, int count, int ready)
{
	int *fds = calloc((size_t)count, sizeof(*fds));
	char frame[sizeof(text) + 1]; /* two bytes of head for the NUL */
	for (int at = 0; at < count; at += BATCH) {
		int end = at + BATCH < count ? at + BATCH : count;
		for (int i = at; i < end; i++)
			fds[i] = dial(port);
		for (int i = at; i < end; i++)
			read_head(fds[i]);
	}
	must(write(ready, "r", 1) == 1, "pipe");
	for (int i = 0; i < count; i++)
		must(recv(fds[i], frame, sizeof(frame), MSG_WAITALL) == sizeof(frame), "message");
	must(write(ready, "d", 1) == 1, "pipe");
	free(fds);
}

/* ---- the gateway --------------------------------------------------------------------- */

struct bench {
	struct serve *serve;
	uv_poll_t poll;
	int ready, count;
	char (*ids)[20];
	int id_count;
	int64_t began_us;
};

static void on_answered(void *ctx, struct gw_exchange *x)
{
	struct bench *b = ctx;
	if (x->trace.kind == GW_TRACE_CONNECT && x->response.status == 101 &&
	    b->id_count < b->count)
		memccpy(b->ids[b->id_count++], x->connection_id, '\0', 19);
}

static long resident_kb(void)
{
	struct str s = {0};
	long pages = 0;
	if (file_read("/proc/self/statm", 1000, &s, NULL))
		sscanf(str_c(&s), "%*s %ld", &pages);
	str_clear(&s);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void send_to_all(struct bench *b)
{
	const struct outside *o = serve_runtime(b->serve)->outside;
	printf("ws: %d connections, %ld KB resident in all\n", b->id_count, resident_kb());
	b->began_us = clock_us();
	for (int i = 0; i < b->id_count; i++)
		must(o->ws_send(o->ctx, b->ids[i], (struct slice){text, sizeof(text) - 1}),
		     "ws_send");
	printf("ws: a message to all sent in %.1f ms\n", (double)(clock_us() - b->began_us) / 1000);
}

static void on_word(uv_poll_t *poll, int status, int events)
{
	struct bench *b = poll->data;
	char word = 0;
	(void)events;
	if (status == 0 && read(b->ready, &word, 1) == 1 && word == 'r') {
		send_to_all(b);
		return;
	}
	must(word == 'd', "the clients have failed");
	printf("ws: taken by all after %.1f ms\n", (double)(clock_us() - b->began_us) / 1000);
	uv_close((uv_handle_t *)poll, NULL);
	serve_stop(b->serve, GRACE_MS);
}

static void run(struct bench *b, const char *dir)
{
	static const char stack[] = "gateway: bench\napis:\n- apiId: bench\n  type: WEBSOCKET\n"
				    "  routeSelectionExpression: $request.body.do\n"
				    "  routes: {$default: {integration: {type: MOCK}}}\n"
				    "  stages: {live: {}}\n";
	struct diags d = {0};
	struct arena a = {0};
	uv_loop_t loop;
	int pipe_ends[2];
	const char *file = arena_printf(&a, "%s/bench.yaml", dir);
	const struct serve_options o = {.files = &file,
					.file_count = 1,
					.state = dir,
					.time_scale = SCALE, /* 500 new connections a second */
					.answered = on_answered,
					.ctx = b};
	must(file_write(file, stack, sizeof(stack) - 1, &d) && pipe(pipe_ends) == 0, file);
	uv_loop_init(&loop);
	b->serve = serve_open(&loop, &o, &d);
	diags_print(&d, stderr);
	must(b->serve != NULL, "serve");
	int port = atoi(strrchr(serve_url(b->serve), ':') + 1);
	pid_t child = fork();
	if (child == 0) {
		be_clients(port, b->count, pipe_ends[1]);
		_exit(0);
	}
	close(pipe_ends[1]);
	b->ready = pipe_ends[0];
	uv_poll_init(&loop, &b->poll, b->ready);
	b->poll.data = b;
	uv_poll_start(&b->poll, UV_READABLE, on_word);
	uv_run(&loop, UV_RUN_DEFAULT);
	waitpid(child, NULL, 0);
	uv_loop_close(&loop);
	serve_free(b->serve);
	arena_clear(&a);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *at)
{
	(void)st;
	(void)flag;
	(void)at;
	return remove(path);
}

int main(int argc, char **argv)
{
	struct bench b = {.count = argc > 1 ? atoi(argv[1]) : 10000};
	struct rlimit files;
	char dir[] = "/tmp/gatedrill-bench-ws.XXXXXX";
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	if (files.rlim_cur != RLIM_INFINITY && (rlim_t)b.count + SPARE_FILES > files.rlim_cur)
		b.count = (int)files.rlim_cur - SPARE_FILES;
	b.ids = calloc((size_t)b.count, sizeof(*b.ids));
	must(mkdtemp(dir) != NULL, dir);
	run(&b, dir);
	free(b.ids);
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return 0;
}
