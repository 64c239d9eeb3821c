/* t_content.c -- media types, contentHandling in both directions, what is not UTF-8, compression.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gateway/content.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

static void test_binary_types(void **state)
{
	(void)state;
	static const char *types[] = {"image/png", "*/test", "audio/*"};
	struct gw_api api = {.binary_types = types, .binary_count = 3};
	static const struct {
		const char *type;
		bool binary;
	} cases[] = {
		{"image/png", true},
		{"Image/PNG; q=1", true},
		{"image/png,text/html", true},
		{"image/webp,image/png", false},
		{"image/pngx", false},
		{"image", false},
		{"*/test", false},
		{"a/test", false},
		{"audio/ogg", true},
		{"audio/", true},
		{"audio", false},
		{"", false},
		{NULL, false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(gw_is_binary(&api, cases[i].type), cases[i].binary);
	static const char *all[] = {"*/*"};
	struct gw_api every = {.binary_types = all, .binary_count = 1};
	assert_true(gw_is_binary(&every, NULL));
	assert_true(gw_is_binary(&every, "text/plain"));
}

static void check_text(struct arena *a, const char *in, const char *want)
{
	struct slice out = content_text(a, (struct slice){in, strlen(in)});
	assert_int_equal(out.len, strlen(want));
	assert_memory_equal(out.p, want, out.len);
}

#define FFFD "\xef\xbf\xbd"
static void test_broken_text(void **state)
{
	(void)state;
	struct arena a = {0};
	check_text(&a, "plain \xc3\xa9", "plain \xc3\xa9");
	check_text(&a, "", "");
	check_text(&a, "\xff\xfe", FFFD FFFD);
	check_text(&a, "a\x80z", "a" FFFD "z");
	check_text(&a, "\xe2\x82z", FFFD "z");                   /* broken off after two of three */
	check_text(&a, "\xf0\x9f\x98", FFFD);                    /* three of four */
	check_text(&a, "\xc0\xaf", FFFD FFFD);                   /* never right */
	check_text(&a, "\xe0\x80\x80", FFFD FFFD FFFD);          /* too long a form */
	check_text(&a, "\xed\xa0\x80", FFFD FFFD FFFD);          /* a surrogate */
	check_text(&a, "\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD); /* beyond the last character */
	arena_clear(&a);
}

static const char raw[] = "\x89PNG\xff", coded[] = "iVBORw/=", /* not canonical: refused */
	good[] = "iVBOR/8=", doubled[] = "aVZCT1IvOD0=";

/* kind: binary body? accepts: binary answer wanted? want NULL: an error. */
struct conversion {
	enum gw_content handling;
	bool binary, accepts;
	const char *in, *want;
};

static void convert(const struct conversion *c, bool response)
{
	struct arena a = {0};
	struct content body = {{c->in, strlen(c->in)}, c->binary};
	bool ok = response ? content_response(&a, c->handling, c->accepts, &body)
			   : content_request(&a, c->handling, &body);
	assert_int_equal(ok, c->want != NULL);
	if (ok) {
		assert_int_equal(body.bytes.len, strlen(c->want));
		assert_memory_equal(body.bytes.p, c->want, body.bytes.len);
	}
	arena_clear(&a);
}

static void test_request(void **state)
{
	(void)state;
	static const struct conversion cases[] = {
		{GW_CONTENT_AS_IS, false, false, "text", "text"},
		{GW_CONTENT_AS_IS, false, false, raw, FFFD "PNG" FFFD},
		{GW_CONTENT_AS_IS, true, false, raw, raw},
		{GW_TO_TEXT, false, false, "text", "text"},
		{GW_TO_TEXT, true, false, good, doubled},
		{GW_TO_BINARY, false, false, good, "\x89PNG\xff"},
		{GW_TO_BINARY, false, false, "this is no base64", NULL},
		{GW_TO_BINARY, false, false, coded, NULL},
		{GW_TO_BINARY, true, false, raw, raw},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		convert(&cases[i], false);
}

static void test_response(void **state)
{
	(void)state;
	static const struct conversion cases[] = {
		{GW_CONTENT_AS_IS, false, false, raw, FFFD "PNG" FFFD},
		{GW_CONTENT_AS_IS, false, true, good, raw},
		{GW_CONTENT_AS_IS, false, true, raw, NULL},
		{GW_CONTENT_AS_IS, true, false, raw, good},
		{GW_CONTENT_AS_IS, true, true, raw, raw},
		{GW_TO_TEXT, false, true, good, good},
		{GW_TO_TEXT, true, true, raw, good},
		{GW_TO_TEXT, true, false, raw, good},
		{GW_TO_BINARY, false, false, good, raw},
		{GW_TO_BINARY, false, true, "text!", NULL},
		{GW_TO_BINARY, true, false, raw, raw},
		{GW_TO_BINARY, true, true, raw, raw},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		convert(&cases[i], true);
}

/* Compressed and back again. */
static void round_trip(const char *accept, const char *coding)
{
	struct world w;
	world_init(&w);
	w.api.min_compression = 10;
	world_header(&w, "Accept-Encoding", accept);
	w.x.response.body = (struct slice){"0123456789012345678901234567890123456789", 40};
	content_compress(&w.x);
	assert_string_equal(world_got(&w, "Content-Encoding"), coding);
	if (*coding) {
		assert_true(w.x.response.body.len < 40);
		world_header(&w, "Content-Encoding", coding);
		w.request.body = w.x.response.body;
	}
	struct slice plain;
	assert_true(content_plain(&w.x, &plain));
	if (*coding) {
		assert_int_equal(plain.len, 40);
		assert_memory_equal(plain.p, "0123456789012345678901234567890123456789", 40);
		w.request.body.len /= 2;
		assert_false(content_plain(&w.x, &plain));
	}
	world_clear(&w);
}

static void test_compression(void **state)
{
	(void)state;
	round_trip("gzip", "gzip");
	round_trip("br, deflate", "deflate");
	round_trip("gzip;q=0, deflate;q=0.5", "deflate");
	round_trip("gzip;q=0.0", "");
	round_trip("br", "");
	round_trip("*", "gzip");
	round_trip("", "");
}

static void test_not_compressed(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	world_header(&w, "Accept-Encoding", "gzip");
	w.x.response.body = (struct slice){"0123456789", 10};
	content_compress(&w.x);
	assert_int_equal(w.x.response.body.len, 10); /* off */
	w.api.min_compression = 11;
	content_compress(&w.x);
	assert_int_equal(w.x.response.body.len, 10); /* too small */
	w.api.min_compression = 0;
	gw_headers_add(&w.arena, &w.x.response.headers, "content-encoding", "br");
	content_compress(&w.x);
	assert_int_equal(w.x.response.body.len, 10); /* coded already */
	world_clear(&w);
}

/* A small body that grows beyond all bounds. */
static void test_bomb(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.api.min_compression = 0;
	world_header(&w, "Accept-Encoding", "gzip");
	char *zeros = xcalloc(1, MAX_PLAIN_BODY + 1);
	w.x.response.body = (struct slice){zeros, MAX_PLAIN_BODY + 1};
	content_compress(&w.x);
	w.request.body = w.x.response.body;
	world_header(&w, "Content-Encoding", "gzip");
	struct slice plain;
	assert_true(w.request.body.len < 20000);
	assert_false(content_plain(&w.x, &plain));
	free(zeros);
	world_clear(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_binary_types), cmocka_unit_test(test_broken_text),
		cmocka_unit_test(test_request),      cmocka_unit_test(test_response),
		cmocka_unit_test(test_compression),  cmocka_unit_test(test_not_compressed),
		cmocka_unit_test(test_bomb),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
