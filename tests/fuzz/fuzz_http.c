/* fuzz_http.c -- any bytes: requests or a refusal, the same whether they come at once or one by
 * one. What was read is written as a response, which must hold its headers in lines of their own.
 */
#include "gateway/http.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

static enum http_result feed(struct http_reader *r, struct arena *a, const char *p, size_t n,
			     size_t step, size_t *used)
{
	enum http_result result = HTTP_MORE;
	size_t have = 0, at = 0;
	while (result == HTTP_MORE && have < n) {
		size_t took;
		have = have + step < n ? have + step : n;
		result = http_read(r, a, p + at, have - at, &took);
		require(took <= have - at);
		at += took;
	}
	*used = at;
	return result;
}

static void same(const struct gw_request *a, const struct gw_request *b)
{
	require(strcmp(a->method, b->method) == 0 && strcmp(a->path, b->path) == 0);
	require(str_eq(a->query, b->query) && a->headers.count == b->headers.count);
	for (size_t i = 0; i < a->headers.count; i++)
		require(strcmp(a->headers.items[i].name, b->headers.items[i].name) == 0 &&
			strcmp(a->headers.items[i].value, b->headers.items[i].value) == 0);
	require(a->body.len == b->body.len && !memcmp(a->body.p, b->body.p, a->body.len));
}

static void check_written(const struct gw_request *q)
{
	struct str out = {0};
	struct gw_response r = {.status = 200, .headers = q->headers, .body = q->body};
	size_t lines = 0;
	http_write_head(&out, &r, &(struct http_framing){.keep_alive = true});
	for (const char *p = out.p; (p = strstr(p, "\r\n")); p += 2)
		lines++;
	require(lines <= q->headers.count + 4 && strlen(out.p) == out.len);
	require(strcmp(out.p + out.len - 4, "\r\n\r\n") == 0);
	str_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data;
	struct arena a = {0};
	struct http_reader whole = {.max_body = 1 << 16}, bytes = {.max_body = 1 << 16};
	size_t at = 0, used, again;
	if (size == 0 || size > 1 << 16)
		return 0;
	whole.any_host = bytes.any_host = p[size - 1] & 1;
	while (at < size) {
		enum http_result first = feed(&whole, &a, p + at, size - at, size, &used);
		enum http_result second = feed(&bytes, &a, p + at, size - at, 1, &again);
		require(first == second && !whole.error == !bytes.error);
		if (first != HTTP_REQUEST)
			break;
		require(used == again && used > 0);
		same(&whole.request, &bytes.request);
		check_written(&whole.request);
		at += used;
		http_next(&whole);
		http_next(&bytes);
	}
	http_reader_clear(&whole);
	http_reader_clear(&bytes);
	arena_clear(&a);
	return 0;
}
