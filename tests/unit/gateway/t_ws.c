/* t_ws.c -- the WebSocket codec: every rule of RFC 6455 a server has to hold a client to, frames in
 * any pieces, what is written, handshakes. */
#include "gateway/ws.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FIN = 0x80 };

/* What a reader made of bytes: "text:abc", "bin:abc", "ping:x", "pong:x", "close:1000:why",
 * "fail:1002", parted by blanks. */
static void note(struct str *out, const struct ws_event *e)
{
	static const char *const names[] = {"", "ping:", "pong:", "close:", "fail:"};
	if (out->len)
		str_addc(out, ' ');
	str_add(out, e->kind == WS_MESSAGE ? e->binary ? "bin:" : "text:" : names[e->kind]);
	if (e->kind == WS_CLOSE || e->kind == WS_FAIL)
		str_addf(out, "%d%s", e->code, e->payload.len ? ":" : "");
	str_addn(out, e->payload.p, e->payload.len);
}

/* Give a reader bytes, step at a time. */
static void feed(struct ws_reader *r, struct str *out, const struct str *in, size_t step)
{
	for (size_t at = 0; at < in->len; at += step) {
		const char *p = in->p + at;
		size_t n = in->len - at < step ? in->len - at : step;
		struct ws_event e;
		size_t used;
		while (ws_read(r, p, n, &used, &e)) {
			note(out, &e);
			p += used;
			n -= used;
		}
		assert_int_equal(used, n);
	}
}

/* A frame of a client: first byte, payload, masked. */
static void frame(struct str *out, int first, const char *p, size_t n)
{
	static const char key[4] = {0x11, (char)0xA2, 0x33, 0x44};
	str_addc(out, (char)first);
	if (n < 126) {
		str_addc(out, (char)(n | 128));
	} else if (n < 65536) {
		str_addc(out, (char)(126 | 128));
		str_addc(out, (char)(n >> 8));
		str_addc(out, (char)n);
	} else {
		str_addc(out, (char)(127 | 128));
		for (int shift = 56; shift >= 0; shift -= 8)
			str_addc(out, (char)((uint64_t)n >> shift));
	}
	str_addn(out, key, 4);
	for (size_t i = 0; i < n; i++)
		str_addc(out, (char)(p[i] ^ key[i & 3]));
}

static void texts(struct str *out, int first, const char *text)
{
	frame(out, first, text, strlen(text));
}

/* in gives want, whatever pieces it comes in. in is cleared. */
static void gives(struct str *in, const struct ws_limits *limits, const char *want)
{
	static const size_t steps[] = {1, 2, 3, 7, 1 << 20};
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		struct ws_reader r = {0};
		struct str out = {0};
		if (limits)
			r.limits = *limits;
		feed(&r, &out, in, steps[i]);
		assert_string_equal(str_c(&out), want);
		ws_reader_clear(&r);
		str_clear(&out);
	}
	str_clear(in);
}

static void test_messages(void **state)
{
	struct str in = {0};
	(void)state;
	texts(&in, FIN | WS_OP_TEXT, "hello");
	frame(&in, FIN | WS_OP_BINARY, "\x01\xff", 2);
	texts(&in, FIN | WS_OP_TEXT, "");
	gives(&in, NULL, "text:hello bin:\x01\xff text:");
	/* in fragments, control frames between them, a character cut in two */
	texts(&in, WS_OP_TEXT, "a\xc3");
	texts(&in, FIN | WS_OP_PING, "p");
	texts(&in, WS_OP_CONTINUATION, "\xa4");
	texts(&in, FIN | WS_OP_PONG, "");
	texts(&in, FIN | WS_OP_CONTINUATION, "");
	gives(&in, NULL, "ping:p pong: text:a\xc3\xa4");
}

static void test_lengths(void **state)
{
	static const size_t sizes[] = {125, 126, 127, 65535, 65536, 100000};
	char *big = xmalloc(100000);
	(void)state;
	memset(big, 'x', 100000);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct str in = {0};
		struct str want = {0};
		frame(&in, FIN | WS_OP_TEXT, big, sizes[i]);
		str_add(&want, "text:");
		str_addn(&want, big, sizes[i]);
		gives(&in, NULL, str_c(&want));
		str_clear(&want);
	}
	free(big);
}

static void raw(const char *bytes, size_t n, const char *want)
{
	struct str in = {0};
	str_addn(&in, bytes, n);
	gives(&in, NULL, want);
}

static void test_broken_frames(void **state)
{
	(void)state;
	raw("\xc1\x80", 2, "fail:1002"); /* reserved bits */
	raw("\xa1\x80", 2, "fail:1002");
	raw("\x91\x80", 2, "fail:1002");
	raw("\x81\x05", 2, "fail:1002"); /* no mask */
	raw("\x83\x80", 2, "fail:1002"); /* opcodes nobody has given a meaning */
	raw("\x87\x80", 2, "fail:1002");
	raw("\x8b\x80", 2, "fail:1002");
	raw("\x8f\x80", 2, "fail:1002");
	raw("\x09\x80", 2, "fail:1002");                 /* a ping in fragments */
	raw("\x89\xfe", 2, "fail:1002");                 /* of more than 125 bytes */
	raw("\x80\x80", 2, "fail:1002");                 /* nothing to continue */
	raw("\x81\xfe\x00\x7d\0\0\0\0", 8, "fail:1002"); /* not in the shortest form */
	raw("\x81\xff\0\0\0\0\0\0\xff\xff\0\0\0\0", 14, "fail:1002");
	raw("\x81\xff\x80\0\0\0\0\0\0\0\0\0\0\0", 14, "fail:1002"); /* over 63 bits */
}

static void test_interrupted_message(void **state)
{
	struct str in = {0};
	(void)state;
	texts(&in, WS_OP_TEXT, "a");
	texts(&in, FIN | WS_OP_TEXT, "b"); /* the first was not finished */
	texts(&in, FIN | WS_OP_TEXT, "c"); /* nothing follows a fault */
	gives(&in, NULL, "fail:1002");
}

static void text_fails(const char *text)
{
	struct str in = {0};
	texts(&in, FIN | WS_OP_TEXT, text);
	gives(&in, NULL, "fail:1007");
}

static void test_utf8(void **state)
{
	struct str in = {0};
	(void)state;
	texts(&in, FIN | WS_OP_TEXT,
	      "\xc2\x80 \xe0\xa0\x80 \xed\x9f\xbf \xef\xbf\xbf \xf0\x90\x80\x80"
	      " \xf4\x8f\xbf\xbf");
	gives(&in, NULL,
	      "text:\xc2\x80 \xe0\xa0\x80 \xed\x9f\xbf \xef\xbf\xbf \xf0\x90\x80\x80"
	      " \xf4\x8f\xbf\xbf");
	text_fails("\x80");
	text_fails("\xc0\xaf"); /* overlong */
	text_fails("\xe0\x9f\xbf");
	text_fails("\xf0\x8f\xbf\xbf");
	text_fails("\xed\xa0\x80");     /* a surrogate */
	text_fails("\xf4\x90\x80\x80"); /* over U+10FFFF */
	text_fails("\xf5\x80\x80\x80");
	text_fails("12345678\xe2\x82"); /* it ends within a character */
	/* refused as soon as it is bad, before the frame is whole */
	frame(&in, WS_OP_TEXT, "ab\xff", 3);
	in.p[1] = (char)(100 | 128);
	gives(&in, NULL, "fail:1007");
	/* bytes may be anything */
	frame(&in, FIN | WS_OP_BINARY, "\xff\xfe", 2);
	gives(&in, NULL, "bin:\xff\xfe");
}

static void closes(const char *payload, size_t n, const char *want)
{
	struct str in = {0};
	frame(&in, FIN | WS_OP_CLOSE, payload, n);
	texts(&in, FIN | WS_OP_TEXT, "not read");
	gives(&in, NULL, want);
}

static void test_close(void **state)
{
	(void)state;
	closes("", 0, "close:1005");
	closes("\x03\xe8", 2, "close:1000");
	closes("\x03\xe9going", 7, "close:1001:going");
	closes("\x0b\xb8", 2, "close:3000");
	closes("\x13\x87", 2, "close:4999");
	closes("x", 1, "fail:1002");
	closes("\x03\xe7", 2, "fail:1002"); /* 999 */
	closes("\x03\xec", 2, "fail:1002"); /* 1004 to 1006 are never sent */
	closes("\x03\xed", 2, "fail:1002");
	closes("\x03\xee", 2, "fail:1002");
	closes("\x03\xf8", 2, "fail:1002"); /* 1016 */
	closes("\x13\x88", 2, "fail:1002"); /* 5000 */
	closes("\x03\xe8\xff", 3, "fail:1007");
}

static void test_limits(void **state)
{
	const struct ws_limits limits = {.frame = 8, .message = 12, .no_binary = true};
	struct str in = {0};
	(void)state;
	texts(&in, WS_OP_TEXT, "12345678");
	texts(&in, FIN | WS_OP_CONTINUATION, "9012");
	texts(&in, FIN | WS_OP_PING, "longer than 8 and 12");
	gives(&in, &limits, "text:123456789012 ping:longer than 8 and 12");
	texts(&in, FIN | WS_OP_TEXT, "123456789");
	gives(&in, &limits, "fail:1009");
	texts(&in, WS_OP_TEXT, "12345678");
	texts(&in, FIN | WS_OP_CONTINUATION, "90123");
	gives(&in, &limits, "fail:1009");
	texts(&in, FIN | WS_OP_BINARY, "b");
	gives(&in, &limits, "fail:1003");
	/* announced is enough: nobody waits for the payload, and nothing is allocated for it */
	str_addn(&in, "\x81\xff\x00\x00\x7f\xff\xff\xff\xff\xff\0\0\0\0", 14);
	gives(&in, &limits, "fail:1009");
}

static void test_idle_reader_holds_nothing(void **state)
{
	struct ws_reader r = {0};
	struct ws_event e;
	struct str in = {0};
	size_t used;
	(void)state;
	texts(&in, FIN | WS_OP_TEXT, "some text");
	assert_true(ws_read(&r, in.p, in.len, &used, &e));
	assert_false(ws_read(&r, "", 0, &used, &e));
	assert_null(r.message.p);
	ws_reader_clear(&r);
	str_clear(&in);
}

static void test_writing(void **state)
{
	struct str out = {0};
	char reason[130];
	(void)state;
	ws_write_message(&out, false, "hi", 2, 0);
	ws_write_message(&out, true, "", 0, 0);
	assert_int_equal(out.len, 6);
	assert_memory_equal(out.p, "\x81\x02hi\x82\x00", 6);
	str_reset(&out);
	ws_write_message(&out, false, "abcdefgh", 8, 3); /* in fragments */
	assert_int_equal(out.len, 14);
	assert_memory_equal(out.p,
			    "\x01\x03"
			    "abc"
			    "\x00\x03"
			    "def"
			    "\x80\x02"
			    "gh",
			    14);
	str_reset(&out);
	ws_write_control(&out, WS_OP_PONG, "x", 1);
	ws_write_close(&out, WS_NO_CODE, "");
	ws_write_close(&out, WS_GOING_AWAY, "Going away");
	assert_int_equal(out.len, 19);
	assert_memory_equal(out.p, "\x8a\x01x\x88\x00\x88\x0c\x03\xe9Going away", 19);
	str_reset(&out);
	for (size_t i = 0; i < 129; i++) /* two bytes each, from the second on */
		reason[i] = i % 2 ? '\xc3' : '\xa4';
	reason[0] = 'x';
	reason[129] = '\0';
	ws_write_close(&out, WS_NORMAL, reason);
	assert_int_equal(out.p[1], 125); /* 2 + 123: no character is cut */
	str_clear(&out);
}

static void test_long_lengths_written(void **state)
{
	struct str out = {0};
	char *big = xcalloc(1, 70000);
	(void)state;
	ws_write_message(&out, true, big, 126, 0);
	assert_memory_equal(out.p, "\x82\x7e\x00\x7e", 4);
	str_reset(&out);
	ws_write_message(&out, true, big, 65535, 0);
	assert_memory_equal(out.p, "\x82\x7e\xff\xff", 4);
	str_reset(&out);
	ws_write_message(&out, true, big, 65536, 0);
	assert_memory_equal(out.p, "\x82\x7f\0\0\0\0\0\x01\0\0", 10);
	str_clear(&out);
	free(big);
}

static int status_of(const char *upgrade, const char *connection, const char *version,
		     const char *key)
{
	struct arena a = {0};
	struct gw_request q = {.method = "GET"};
	const struct {
		const char *name, *value;
	} rows[] = {{"upgrade", upgrade},
		    {"CONNECTION", connection},
		    {"Sec-WebSocket-Version", version},
		    {"sec-websocket-key", key}};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].value)
			gw_headers_add(&a, &q.headers, rows[i].name, rows[i].value);
	int status = ws_handshake_status(&q);
	arena_clear(&a);
	return status;
}

static void test_handshake(void **state)
{
	static const char key[] = "dGhlIHNhbXBsZSBub25jZQ==";
	char accept[29];
	(void)state;
	ws_accept(key, accept); /* the example of RFC 6455, 1.3 */
	assert_string_equal(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
	assert_int_equal(status_of("websocket", "Upgrade", "13", key), 0);
	assert_int_equal(status_of("h2c, WebSocket", "keep-alive, upgrade", "13", key), 0);
	assert_int_equal(status_of(NULL, NULL, NULL, NULL), 426);
	assert_int_equal(status_of("h2c", "Upgrade", "13", key), 426);
	assert_int_equal(status_of("websocket", "keep-alive", "13", key), 426);
	assert_int_equal(status_of("websocket", "Upgrade", "8", key), 426);
	assert_int_equal(status_of("websocket", "Upgrade", "13", NULL), 400);
	assert_int_equal(status_of("websocket", "Upgrade", "13", "dGhlIHNhbXBsZQ=="), 400);
	assert_int_equal(status_of("websocket", "Upgrade", "13", "no base64, 24 characters"), 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_broken_frames),
		cmocka_unit_test(test_interrupted_message),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_close),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_idle_reader_holds_nothing),
		cmocka_unit_test(test_writing),
		cmocka_unit_test(test_long_lengths_written),
		cmocka_unit_test(test_handshake),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
