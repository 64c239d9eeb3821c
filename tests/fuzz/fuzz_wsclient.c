/* fuzz_wsclient.c -- any bytes from a server to the WebSocket client: the answer to its handshake,
 * and frames behind it. The same whether they come at once or one by one, nothing beyond the
 * bounds, and what the client itself writes is read back by the server's side. The first byte: how
 * many bytes at a time. */
#include "base/utf8.h"
#include "gateway/ws.h"
#include "gateway/wsanswer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MAX_MESSAGE 1000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

struct client {
	struct arena arena;
	struct ws_answer answer;
	struct ws_reader reader;
	bool open, over;
	struct str seen;
};

static void see_answer(struct client *c, enum ws_answer_end end)
{
	const struct gw_response *r = &c->answer.response;
	str_addf(&c->seen, "answer %d\n", end);
	c->over = end == WS_ANSWER_BAD;
	if (c->over)
		return;
	require(r->status >= 100 && r->status <= 599);
	require(r->headers.count <= MAX_WS_ANSWER_HEADERS && r->body.len <= MAX_WS_ANSWER_BODY);
	str_addf(&c->seen, "%d %zu\n", r->status, r->body.len);
	for (size_t i = 0; i < r->headers.count; i++) {
		const struct gw_header *h = &r->headers.items[i];
		require(*h->name && !strpbrk(h->name, " \t\r\n:") && !strpbrk(h->value, "\r\n"));
		str_addf(&c->seen, "%s=%s\n", h->name, h->value);
	}
	str_addn(&c->seen, r->body.p, r->body.len);
	ws_answer_opens(r, "dGhlIHNhbXBsZSBub25jZQ==");
	c->open = r->status == 101;
	c->over = !c->open;
}

static void see_event(struct client *c, const struct ws_event *e)
{
	str_addf(&c->seen, "event %d %d %zu\n", e->kind, e->code, e->payload.len);
	str_addn(&c->seen, e->payload.p, e->payload.len);
	require(!c->over && e->payload.len <= MAX_MESSAGE);
	c->over = e->kind == WS_CLOSE || e->kind == WS_FAIL;
	if (e->kind == WS_MESSAGE && !e->binary)
		require(utf8_invalid_at(e->payload.p, e->payload.len) == e->payload.len);
}

static void take(struct client *c, const char *p, size_t n)
{
	size_t used;
	struct ws_event e;
	if (!c->open && !c->over) {
		enum ws_answer_end end = ws_answer_read(&c->answer, p, n, &used);
		require(used <= n && (end != WS_ANSWER_MORE || used == n));
		if (end != WS_ANSWER_MORE)
			see_answer(c, end);
		p += used;
		n -= used;
	}
	while (c->open && ws_read(&c->reader, p, n, &used, &e)) {
		require(used <= n);
		see_event(c, &e);
		p += used;
		n -= used;
	}
}

static void run(struct client *c, const char *p, size_t n, size_t step)
{
	*c = (struct client){0};
	c->answer.arena = &c->arena;
	c->reader.limits = (struct ws_limits){
		.frame = MAX_MESSAGE, .message = MAX_MESSAGE, .from_server = true};
	for (size_t at = 0; at < n; at += step)
		take(c, p + at, step < n - at ? step : n - at);
	if (!c->open && !c->over)
		see_answer(c, ws_answer_eof(&c->answer));
}

static void clear(struct client *c)
{
	ws_answer_clear(&c->answer);
	ws_reader_clear(&c->reader);
	str_clear(&c->seen);
	arena_clear(&c->arena);
}

/* A client's frame of these bytes is what a server reads. */
static void write_and_read(const char *p, size_t n)
{
	const uint8_t key[4] = {0x12, 0xff, 0, (uint8_t)n};
	struct str out = {0};
	struct ws_reader r = {0};
	struct ws_event e;
	size_t used;
	ws_write_masked(&out, WS_OP_BINARY, p, n, key);
	require(ws_read(&r, out.p, out.len, &used, &e) && used == out.len);
	require(e.kind == WS_MESSAGE && e.payload.len == n);
	require(n == 0 || memcmp(e.payload.p, p, n) == 0);
	ws_reader_clear(&r);
	str_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct client whole;
	struct client pieces;
	const char *p = (const char *)data + 1;
	if (size == 0)
		return 0;
	run(&whole, p, size - 1, size);
	run(&pieces, p, size - 1, 1 + data[0] % 7);
	require(whole.seen.len == pieces.seen.len &&
		memcmp(str_c(&whole.seen), str_c(&pieces.seen), whole.seen.len) == 0);
	clear(&whole);
	clear(&pieces);
	write_and_read(p, size - 1);
	return 0;
}
