/* fuzz_ws.c -- any bytes to the WebSocket reader: the same events whether they come at once or one
 * by one, text that is UTF-8, nothing beyond the limits, and what is written is read back. The
 * first byte chooses the limits. */
#include "base/utf8.h"
#include "gateway/ws.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

static void check(const struct ws_limits *l, const struct ws_event *e)
{
	switch (e->kind) {
	case WS_MESSAGE:
		require(!l->message || e->payload.len <= l->message);
		require(!e->binary || !l->no_binary);
		require(e->binary ||
			utf8_invalid_at(e->payload.p, e->payload.len) == e->payload.len);
		break;
	case WS_PING:
	case WS_PONG:
		require(e->payload.len <= MAX_WS_CONTROL);
		break;
	case WS_CLOSE:
		require(e->code == WS_NO_CODE || ws_code_valid(e->code));
		require(utf8_invalid_at(e->payload.p, e->payload.len) == e->payload.len);
		break;
	case WS_FAIL:
		require(ws_code_valid(e->code));
		break;
	}
}

/* All events as text. */
static void feed(const struct ws_limits *l, const char *p, size_t n, size_t step, struct str *out)
{
	struct ws_reader r = {.limits = *l};
	bool ended = false;
	while (n > 0) {
		size_t left = step < n ? step : n;
		struct ws_event e;
		size_t used;
		while (ws_read(&r, p, left, &used, &e)) {
			require(!ended && used <= left);
			check(l, &e);
			str_addf(out, "%d %d %d %zu:", e.kind, e.binary, e.code, e.payload.len);
			str_addn(out, e.payload.p, e.payload.len);
			ended = e.kind == WS_CLOSE || e.kind == WS_FAIL;
			p += used;
			n -= used;
			left -= used;
		}
		require(used == left);
		p += used;
		n -= used;
	}
	ws_reader_clear(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str whole = {0};
	struct str pieces = {0};
	struct ws_limits l = {0};
	if (size == 0)
		return 0;
	if (data[0] & 1)
		l = (struct ws_limits){.frame = 64, .message = 200, .no_binary = data[0] & 2};
	feed(&l, (const char *)data + 1, size - 1, size, &whole);
	feed(&l, (const char *)data + 1, size - 1, 1 + data[0] % 5, &pieces);
	require(whole.len == pieces.len && memcmp(str_c(&whole), str_c(&pieces), whole.len) == 0);
	str_clear(&whole);
	str_clear(&pieces);
	return 0;
}
