/* t_http.c -- the HTTP/1.1 reader: what it takes, what it refuses, and that neither depends on how
 * the bytes were cut; the recorded answers of another strict parser; the writer. */
#include "base/file.h"
#include "base/json.h"
#include "gateway/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define RECORDED "../shared/conformance/http1_llhttp.json"

/* One request out of bytes that come `step` at a time. Clear the reader and the arena. */
static enum http_result feed(struct http_reader *r, struct arena *a, const char *p, size_t n,
			     size_t step, size_t *used)
{
	enum http_result result = HTTP_MORE;
	size_t have = 0, at = 0;
	while (result == HTTP_MORE && have < n) {
		size_t took;
		have = have + step < n ? have + step : n;
		result = http_read(r, a, p + at, have - at, &took);
		at += took;
	}
	*used = at;
	return result;
}

static void read_error(const char *text, size_t n, enum http_error want, int line)
{
	for (size_t step = 1; step <= n + 1; step += step < 3 ? 1 : n) {
		struct arena a = {0};
		struct http_reader r = {.max_body = 100};
		size_t used;
		enum http_result got = feed(&r, &a, text, n, step, &used);
		if (got != HTTP_REFUSED || r.error != want)
			print_error("line %d, step %zu: result %d, error %d\n", line, step,
				    (int)got, (int)r.error);
		assert_int_equal(got, HTTP_REFUSED);
		assert_int_equal(r.error, want);
		assert_true(http_errors[r.error].status >= 400);
		http_reader_clear(&r);
		arena_clear(&a);
	}
}

#define H "Host: localhost\r\n"
static const struct {
	int line;
	const char *text;
	enum http_error error;
} refused[] = {
	{__LINE__, "GET\r\n\r\n", HTTP_BAD_LINE},
	{__LINE__, " GET / HTTP/1.1\r\n" H "\r\n", HTTP_BAD_LINE},
	{__LINE__, "\x16\x03\x01\x02", HTTP_BAD_LINE},
	{__LINE__, "\r\n\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n", HTTP_BAD_LINE},
	{__LINE__, "GET / HTTP/1.1\n" H "\r\n", HTTP_BAD_LINE},
	{__LINE__, "GET / HTTP/1.1\r" H "\r\n", HTTP_BAD_LINE},
	{__LINE__, "GETT / HTTP/1.1\r\n" H "\r\n", HTTP_BAD_METHOD},
	{__LINE__, "get / HTTP/1.1\r\n" H "\r\n", HTTP_BAD_METHOD},
	{__LINE__, "GET  / HTTP/1.1\r\n" H "\r\n", HTTP_BAD_TARGET},
	{__LINE__, "GET x HTTP/1.1\r\n" H "\r\n", HTTP_BAD_TARGET},
	{__LINE__, "GET * HTTP/1.1\r\n" H "\r\n", HTTP_BAD_TARGET},
	{__LINE__, "GET http:///x HTTP/1.1\r\n" H "\r\n", HTTP_BAD_TARGET},
	{__LINE__, "GET http://u@/x HTTP/1.1\r\n" H "\r\n", HTTP_BAD_TARGET},
	{__LINE__, "CONNECT localhost:80 HTTP/1.1\r\n" H "\r\n", HTTP_BAD_TARGET},
	{__LINE__, "GET /\x01 HTTP/1.1\r\n" H "\r\n", HTTP_BAD_TARGET},
	{__LINE__, "GET /\xc3\xa9 HTTP/1.1\r\n" H "\r\n", HTTP_BAD_TARGET},
	{__LINE__, "GET /abcdefghi\x7f HTTP/1.1\r\n" H "\r\n", HTTP_BAD_TARGET},
	{__LINE__, "GET / HTTP/2.0\r\n" H "\r\n", HTTP_BAD_VERSION},
	{__LINE__, "GET / http/1.1\r\n" H "\r\n", HTTP_BAD_VERSION},
	{__LINE__, "GET / HTTP/1.1 \r\n" H "\r\n", HTTP_BAD_VERSION},
	{__LINE__, "GET / HTTP/1.12\r\n" H "\r\n", HTTP_BAD_VERSION},
	{__LINE__, "GET / HTTP/1.1\r\n" H "A : b\r\n\r\n", HTTP_BAD_HEADER},
	{__LINE__, "GET / HTTP/1.1\r\n" H " A: b\r\n\r\n", HTTP_BAD_HEADER},
	{__LINE__, "GET / HTTP/1.1\r\n" H "A: b\r\n c\r\n\r\n", HTTP_BAD_HEADER},
	{__LINE__, "GET / HTTP/1.1\r\n" H "A: b\r\n\tc\r\n\r\n", HTTP_BAD_HEADER},
	{__LINE__, "GET / HTTP/1.1\r\n" H "A\r\n\r\n", HTTP_BAD_HEADER},
	{__LINE__, "GET / HTTP/1.1\r\n" H ": b\r\n\r\n", HTTP_BAD_HEADER},
	{__LINE__, "GET / HTTP/1.1\r\n" H "A: b\nC: d\r\n\r\n", HTTP_BAD_HEADER},
	{__LINE__, "GET / HTTP/1.1\r\n" H "A: b\rC: d\r\n\r\n", HTTP_BAD_HEADER},
	{__LINE__, "GET / HTTP/1.1\r\n" H "A: 12345678\x01\r\n\r\n", HTTP_BAD_HEADER},
	{__LINE__, "GET / HTTP/1.1\r\n" H "A: 1\x7f\r\n\r\n", HTTP_BAD_HEADER},
	{__LINE__, "GET / HTTP/1.1\r\n" H "A\xc3: b\r\n\r\n", HTTP_BAD_HEADER},
	{__LINE__, "GET / HTTP/1.1\r\n" H "A(b): b\r\n\r\n", HTTP_BAD_HEADER},
	{__LINE__, "GET / HTTP/1.1\r\n\r\n", HTTP_BAD_HOST},
	{__LINE__, "GET / HTTP/1.1\r\nHost:\r\n\r\n", HTTP_BAD_HOST},
	{__LINE__, "GET / HTTP/1.1\r\n" H "host: localhost\r\n\r\n", HTTP_BAD_HOST},
	{__LINE__, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", HTTP_BAD_HOST},
	{__LINE__, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", HTTP_BAD_HOST},
	{__LINE__, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", HTTP_BAD_HOST},
	{__LINE__, "GET http://a/ HTTP/1.1\r\n\r\n", HTTP_BAD_HOST},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Content-Length: x\r\n\r\n", HTTP_BAD_LENGTH},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Content-Length: -1\r\n\r\n", HTTP_BAD_LENGTH},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Content-Length: +1\r\n\r\n", HTTP_BAD_LENGTH},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Content-Length: 1 1\r\n\r\n", HTTP_BAD_LENGTH},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Content-Length: 1, 1\r\n\r\n", HTTP_BAD_LENGTH},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Content-Length:\r\n\r\n", HTTP_BAD_LENGTH},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Content-Length: 0x1\r\n\r\n", HTTP_BAD_LENGTH},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Content-Length: 18446744073709551617\r\n\r\n",
	 HTTP_BAD_LENGTH},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
	 HTTP_BAD_LENGTH},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Content-Length: 101\r\n\r\n", HTTP_LARGE_BODY},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
	 HTTP_BAD_CODING},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
	 HTTP_BAD_CODING},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Transfer-Encoding: identity\r\n\r\n", HTTP_BAD_CODING},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Transfer-Encoding: chunked, gzip\r\n\r\n",
	 HTTP_BAD_CODING},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Transfer-Encoding: xchunked\r\n\r\n", HTTP_BAD_CODING},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Transfer-Encoding:\r\n\r\n", HTTP_BAD_CODING},
	{__LINE__,
	 "PUT / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
	 HTTP_BAD_CODING},
	{__LINE__, "PUT / HTTP/1.0\r\n" H "Transfer-Encoding: chunked\r\n\r\n", HTTP_BAD_CODING},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Transfer-Encoding: gzip, chunked\r\n\r\n",
	 HTTP_OTHER_CODING},
	{__LINE__, "PUT / HTTP/1.1\r\n" H "Expect: 200-ok\r\n\r\n", HTTP_BAD_EXPECT},
#define C "PUT / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n"
	{__LINE__, C "\r\n", HTTP_BAD_CHUNK},
	{__LINE__, C "g\r\n", HTTP_BAD_CHUNK},
	{__LINE__, C "-1\r\n", HTTP_BAD_CHUNK},
	{__LINE__, C "0x1\r\n", HTTP_BAD_CHUNK},
	{__LINE__, C "1 \r\na\r\n", HTTP_BAD_CHUNK},
	{__LINE__, C "1\na\r\n", HTTP_BAD_CHUNK},
	{__LINE__, C "1\ra", HTTP_BAD_CHUNK},
	{__LINE__, C "1\r\nab\r\n", HTTP_BAD_CHUNK},
	{__LINE__, C "1\r\na\n0\r\n\r\n", HTTP_BAD_CHUNK},
	{__LINE__, C "1;\r\na\r\n", HTTP_BAD_CHUNK},
	{__LINE__, C "1;=x\r\na\r\n", HTTP_BAD_CHUNK},
	{__LINE__, C "1;a=\r\na\r\n", HTTP_BAD_CHUNK},
	{__LINE__, C "1;a=\"b\r\na\r\n", HTTP_BAD_CHUNK},
	{__LINE__, C "1;a=\"\x01\"\r\na\r\n", HTTP_BAD_CHUNK},
	{__LINE__, C "10000000000000000\r\n", HTTP_BAD_CHUNK},
	{__LINE__, C "fffffffffff\r\n", HTTP_LARGE_BODY},
	{__LINE__, C "65\r\n", HTTP_LARGE_BODY},
	{__LINE__, C "0\r\nA b: c\r\n\r\n", HTTP_BAD_CHUNK},
	{__LINE__, C "0\r\n\n", HTTP_BAD_CHUNK},
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		read_error(refused[i].text, strlen(refused[i].text), refused[i].error,
			   refused[i].line);
	read_error("GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n", 29, HTTP_BAD_HEADER, __LINE__);
	read_error("GET / HTTP/1.1\0\r\nHost: a\r\n\r\n", 29, HTTP_BAD_VERSION, __LINE__);
	read_error("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 28, HTTP_BAD_TARGET, __LINE__);
}

static void grown(enum http_error want, const char *head, const char *piece, size_t count)
{
	struct str s = {0};
	str_add(&s, head);
	for (size_t i = 0; i < count; i++)
		str_add(&s, piece);
	struct arena a = {0};
	struct http_reader r = {.max_body = MAX_HTTP_BODY};
	size_t used;
	assert_int_equal(feed(&r, &a, s.p, s.len, 1000, &used), HTTP_REFUSED);
	assert_int_equal(r.error, want);
	http_reader_clear(&r);
	arena_clear(&a);
	str_clear(&s);
}

static void test_too_long(void **state)
{
	(void)state;
	grown(HTTP_LONG_TARGET, "GET /", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	      MAX_HTTP_TARGET / 32 + 4);
	grown(HTTP_LONG_HEADERS, "GET / HTTP/1.1\r\nA: ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	      MAX_HTTP_HEADERS / 32 + 1);
	grown(HTTP_LONG_HEADERS, "GET / HTTP/1.1\r\n",
	      "A:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	      "\r\n",
	      MAX_HTTP_HEADERS / 80);
	grown(HTTP_LONG_HEADERS, "GET / HTTP/1.1\r\n", "A:b\r\n", MAX_HTTP_HEADER_COUNT + 1);
	grown(HTTP_BAD_CHUNK, C "1", ";aaaaaaaa", 40);
	grown(HTTP_BAD_CHUNK, C, "1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nx\r\n", 500);
	grown(HTTP_LONG_HEADERS, C "0\r\n", "A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
	      MAX_HTTP_HEADERS / 40);
}

/* ---- what is taken ------------------------------------------------------------------- */

static void test_parts(void **state)
{
	(void)state;
	static const char text[] =
		"\r\nPOST /a%20b//c?x=1&x=2?#f HTTP/1.1\r\nhOST: a.localhost:8\r\n"
		"X-One: \t1 \r\nx-one:2\r\nEmpty:\r\nContent-Length: 5\r\n"
		"Odd: caf\xc3\xa9\t!\r\n\r\nhello";
	for (size_t step = 1; step <= sizeof(text); step++) {
		struct arena a = {0};
		struct http_reader r = {.max_body = 5};
		size_t used;
		assert_int_equal(feed(&r, &a, text, sizeof(text) - 1, step, &used), HTTP_REQUEST);
		const struct gw_request *q = &r.request;
		assert_int_equal(used, sizeof(text) - 1);
		assert_string_equal(q->method, "POST");
		assert_string_equal(q->target, "/a%20b//c?x=1&x=2?#f");
		assert_string_equal(q->path, "/a%20b//c");
		assert_string_equal(q->query, "x=1&x=2?");
		assert_int_equal(q->headers.count, 6);
		assert_string_equal(q->headers.items[0].name, "hOST");
		assert_string_equal(q->headers.items[1].value, "1");
		assert_string_equal(q->headers.items[2].name, "x-one");
		assert_string_equal(q->headers.items[3].value, "");
		assert_string_equal(q->headers.items[5].value, "caf\xc3\xa9\t!");
		assert_int_equal(q->body.len, 5);
		assert_memory_equal(q->body.p, "hello", 5);
		assert_true(r.keep_alive && !r.upgrade && !r.expects_continue);
		http_reader_clear(&r);
		arena_clear(&a);
	}
}

static void test_chunked(void **state)
{
	(void)state;
	static const char text[] =
		C "5;a;b=c;d=\"e \\\" f\"\r\nhello\r\n06\r\n world\r\n0\r\nVary: x\r\n\r\nGET";
	for (size_t step = 1; step <= sizeof(text); step++) {
		struct arena a = {0};
		struct http_reader r = {.max_body = 11};
		size_t used;
		assert_int_equal(feed(&r, &a, text, sizeof(text) - 1, step, &used), HTTP_REQUEST);
		assert_int_equal(used, sizeof(text) - 4);
		assert_int_equal(r.request.body.len, 11);
		assert_memory_equal(r.request.body.p, "hello world", 11);
		assert_null(gw_headers_first(&r.request.headers, "vary"));
		http_reader_clear(&r);
		arena_clear(&a);
	}
}

static void test_pipeline(void **state)
{
	(void)state;
	static const char text[] = "GET /1 HTTP/1.1\r\n" H "\r\nPUT /2 HTTP/1.1\r\n" H
				   "Content-Length: 2\r\n\r\nab\r\nHEAD /3 HTTP/1.0\r\n\r\n\r\n"
				   "GET /4 HTTP/1.1\r\n" H "\r\n";
	struct arena a = {0};
	struct http_reader r = {.max_body = 5};
	size_t at = 0, used;
	for (int i = 1; i <= 3; i++) {
		char path[] = "/0";
		path[1] = (char)('0' + i);
		assert_int_equal(http_read(&r, &a, text + at, sizeof(text) - 1 - at, &used),
				 HTTP_REQUEST);
		assert_string_equal(r.request.path, path);
		assert_int_equal(r.keep_alive, i < 3);
		at += used;
		http_next(&r);
	}
	assert_int_equal(http_read(&r, &a, text + at, sizeof(text) - 1 - at, &used), HTTP_REFUSED);
	assert_int_equal(r.error, HTTP_AFTER_CLOSE);
	http_reader_clear(&r);
	arena_clear(&a);
}

static const struct {
	const char *head;
	bool keep_alive, upgrade, expects;
} manners[] = {
	{"GET / HTTP/1.1\r\n" H "\r\n", true, false, false},
	{"GET / HTTP/1.1\r\n" H "Connection: Close\r\n\r\n", false, false, false},
	{"GET / HTTP/1.1\r\n" H "Connection: x , close,y\r\n\r\n", false, false, false},
	{"GET / HTTP/1.1\r\n" H "Connection: closed\r\n\r\n", true, false, false},
	{"GET / HTTP/1.0\r\n\r\n", false, false, false},
	{"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true, false, false},
	{"GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", false, false, false},
	{"GET / HTTP/1.1\r\n" H "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", true, true,
	 false},
	{"GET / HTTP/1.1\r\n" H "Upgrade: websocket\r\n\r\n", true, false, false},
	{"GET / HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", false, false,
	 false},
	{"PUT / HTTP/1.1\r\n" H "Expect: 100-Continue\r\nContent-Length: 0\r\n\r\n", true, false,
	 true},
	{"PUT / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n", false, false, false},
};

static void test_manners(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(manners); i++) {
		struct arena a = {0};
		struct http_reader r = {0};
		size_t used;
		assert_int_equal(http_read(&r, &a, manners[i].head, strlen(manners[i].head), &used),
				 HTTP_REQUEST);
		assert_int_equal(r.keep_alive, manners[i].keep_alive);
		assert_int_equal(r.upgrade, manners[i].upgrade);
		assert_int_equal(r.expects_continue, manners[i].expects);
		http_reader_clear(&r);
		arena_clear(&a);
	}
}

static const struct {
	const char *line, *path, *query, *host;
} targets[] = {
	{"GET / HTTP/1.1", "/", NULL, "localhost"},
	{"GET /? HTTP/1.1", "/", "", "localhost"},
	{"GET //x HTTP/1.1", "//x", NULL, "localhost"},
	{"GET /a#b?c HTTP/1.1", "/a", NULL, "localhost"},
	{"OPTIONS * HTTP/1.1", "*", NULL, "localhost"},
	{"GET http://u:p@other:81/x?y HTTP/1.1", "/x", "y", "other:81"},
	{"GET HTTPS://other?y HTTP/1.1", "/", "y", "other"},
};

static void test_targets(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		struct arena a = {0};
		struct http_reader r = {0};
		struct str s = {0};
		size_t used;
		str_addf(&s, "%s\r\nX: y\r\n" H "\r\n", targets[i].line);
		assert_int_equal(http_read(&r, &a, s.p, s.len, &used), HTTP_REQUEST);
		assert_string_equal(r.request.path, targets[i].path);
		assert_true(str_eq(r.request.query, targets[i].query));
		assert_string_equal(gw_headers_first(&r.request.headers, "host"), targets[i].host);
		assert_int_equal(r.request.headers.count, 2);
		http_reader_clear(&r);
		arena_clear(&a);
		str_clear(&s);
	}
}

/* ---- recorded ------------------------------------------------------------------------ */

static size_t base64(const char *text, char *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;
	size_t n = 0, have = 0;
	for (; *text && *text != '='; text++) {
		bits = bits << 6 | (uint32_t)(strchr(digits, *text) - digits);
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (char)(bits >> have);
		}
	}
	return n;
}

static const char *verdict(const char *p, size_t n, size_t step)
{
	struct arena a = {0};
	struct http_reader r = {.max_body = MAX_HTTP_BODY, .any_host = true};
	const char *said = "incomplete";
	for (size_t at = 0, used; at < n; at += used) {
		enum http_result got = feed(&r, &a, p + at, n - at, step, &used);
		said = got == HTTP_REFUSED ? "reject"
		       : got == HTTP_MORE  ? "incomplete"
		       : r.upgrade         ? "upgrade/pause"
					   : "complete";
		if (got != HTTP_REQUEST || r.upgrade)
			break;
		http_next(&r);
	}
	http_reader_clear(&r);
	arena_clear(&a);
	return said;
}

static void check_recorded(const struct node *c)
{
	const char *want = node_text(c, "verdict");
	const struct node *input = node_get(c, "input");
	char bytes[4096];
	size_t n = input ? input->len : base64(node_text(c, "input_b64"), bytes);
	assert_true(n < sizeof(bytes));
	if (input)
		memcpy(bytes, input->text, n);
	for (size_t step = 1; step <= n + 1; step += step < 5 ? 1 : n) {
		const char *got = verdict(bytes, n, step);
		if (strcmp(got, want) != 0)
			print_error("%s, step %zu: %s, not %s\n", node_text(c, "id"), step, got,
				    want);
		assert_string_equal(got, want);
	}
}

/* Rows on which the parser and the server built on it agree, as node's recorded answers. */
static void test_recorded(void **state)
{
	(void)state;
	struct file_stat there;
	struct arena a = {0};
	struct str text = {0};
	struct node *root;
	size_t checked = 0;
	if (!file_stat(RECORDED, &there)) {
		print_message("skipped: " RECORDED " is not here\n");
		skip();
	}
	assert_true(file_read(RECORDED, 4 << 20, &text, NULL));
	assert_true(json_read(&a, RECORDED, text.p, text.len, &root, NULL));
	for (const struct node *c = node_get(root, "cases")->child; c; c = c->next) {
		if (!str_eq(node_text(c, "type"), "request") ||
		    !str_eq(node_text(c, "verdict"), node_text(c, "node_http_server")))
			continue;
		check_recorded(c);
		checked++;
	}
	assert_int_equal(checked, 57);
	str_clear(&text);
	arena_clear(&a);
}

/* ---- the writer ---------------------------------------------------------------------- */

static void writes(const struct gw_response *r, const struct http_framing *f, const char *want)
{
	struct str out = {0};
	http_write(&out, r, f);
	assert_string_equal(str_c(&out), want);
	str_clear(&out);
}

static void test_writer(void **state)
{
	(void)state;
	struct arena a = {0};
	struct gw_response r = {.status = 200, .body = {"ok", 2}};
	gw_headers_add(&a, &r.headers, "x-a", "1");
	gw_headers_add(&a, &r.headers, "content-type", "text/plain");
	gw_headers_add(&a, &r.headers, "content-length", "77");
	gw_headers_add(&a, &r.headers, "Connection", "close");
	gw_headers_add(&a, &r.headers, "bad name", "x");
	gw_headers_add(&a, &r.headers, "X-A", "split\r\nSet-Cookie: x");
	writes(&r, &(struct http_framing){.keep_alive = true, .date = "now"},
	       "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n"
	       "Connection: keep-alive\r\nx-a: 1\r\nX-A: split  Set-Cookie: x\r\n\r\nok");
	r.headers.count = 0;
	writes(&r, &(struct http_framing){.head = true},
	       "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n");
	gw_headers_add(&a, &r.headers, "Content-Length", "77");
	r.body.len = 0;
	writes(&r, &(struct http_framing){.head = true},
	       "HTTP/1.1 200 OK\r\nContent-Length: 77\r\nConnection: close\r\n\r\n");
	r.status = 204;
	r.body.len = 2;
	writes(&r, &(struct http_framing){0},
	       "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
	r.status = 299;
	r.headers.count = 0;
	writes(&r, &(struct http_framing){.chunked = true},
	       "HTTP/1.1 299 \r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
	r.status = 101;
	gw_headers_add(&a, &r.headers, "Connection", "upgrade");
	writes(&r, &(struct http_framing){0},
	       "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n\r\n");
	arena_clear(&a);
}

static void test_chunks(void **state)
{
	(void)state;
	struct str s = {0};
	char date[30];
	http_write_chunk(&s, "hello, world and all", 20);
	http_write_chunk(&s, "", 0);
	http_write_last_chunk(&s);
	assert_string_equal(s.p, "14\r\nhello, world and all\r\n0\r\n\r\n");
	str_clear(&s);
	http_date(date, 784111777);
	assert_string_equal(date, "Sun, 06 Nov 1994 08:49:37 GMT");
	http_date(date, 1795770900);
	assert_string_equal(date, "Fri, 27 Nov 2026 09:15:00 GMT");
	assert_string_equal(http_reason(404), "Not Found");
	assert_string_equal(http_reason(799), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),  cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_parts),    cmocka_unit_test(test_chunked),
		cmocka_unit_test(test_pipeline), cmocka_unit_test(test_manners),
		cmocka_unit_test(test_targets),  cmocka_unit_test(test_recorded),
		cmocka_unit_test(test_writer),   cmocka_unit_test(test_chunks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
