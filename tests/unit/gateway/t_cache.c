/* t_cache.c -- the store that forgets, and the response cache: keys, times, sizes, invalidation and
 * who may. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/json.h"
#include "gateway/cache.h"
#include "gateway/lru.h"
#include "world.h"

#include <stdio.h>
#include <string.h>

#define SECOND INT64_C(1000000)

static struct slice text(const char *s)
{
	return (struct slice){s, strlen(s)};
}

/* ---- lru ---- */

static void put(struct lru *l, const char *key, const char *value, int64_t expires_us)
{
	lru_put(l, text(key), text(value), expires_us);
}

static const char *got(struct lru *l, const char *key, int64_t now_us)
{
	static char copy[64];
	struct slice v;
	if (!lru_get(l, text(key), now_us, &v))
		return "";
	snprintf(copy, sizeof(copy), "%.*s", (int)v.len, v.p);
	return copy;
}

static void test_lru(void **state)
{
	(void)state;
	struct lru *l = lru_new(3, 10000);
	put(l, "a", "1", 100);
	put(l, "b", "2", 100);
	put(l, "a", "one", 100);
	assert_int_equal(lru_count(l), 2);
	assert_string_equal(got(l, "a", 99), "one");
	assert_string_equal(got(l, "a", 100), ""); /* over, and gone */
	assert_int_equal(lru_count(l), 1);
	put(l, "c", "3", 100);
	put(l, "d", "4", 100);
	assert_string_equal(got(l, "b", 0), "2"); /* used: the oldest is c now */
	put(l, "e", "5", 100);
	assert_string_equal(got(l, "c", 0), "");
	assert_string_equal(got(l, "b", 0), "2");
	assert_true(lru_drop(l, text("b")));
	assert_false(lru_drop(l, text("b")));
	put(l, "dd", "6", 100);
	lru_drop_prefix(l, text("d"));
	assert_string_equal(got(l, "e", 0), "5");
	assert_int_equal(lru_count(l), 1);
	lru_drop_prefix(l, text(""));
	assert_int_equal(lru_bytes(l), 0);
	lru_free(l);
	lru_free(NULL);
}

static void test_lru_bytes(void **state)
{
	(void)state;
	char key[16];
	char value[1000];
	memset(value, 'v', sizeof(value));
	struct lru *l = lru_new(1000000, 100000);
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof(key), "%d", i);
		lru_put(l, text(key), (struct slice){value, sizeof(value)}, 1);
		assert_true(lru_bytes(l) <= 100000);
	}
	assert_in_range(lru_count(l), 80, 99);
	assert_string_equal(got(l, "0", 0), "");
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		put(l, key, "", 1);
	}
	assert_in_range(lru_count(l), 1500, 1700);
	struct str large = {0};
	while (large.len < 100000)
		str_addn(&large, value, sizeof(value));
	put(l, "large", large.p, 1);
	assert_string_equal(got(l, "large", 0), "");
	str_clear(&large);
	lru_free(l);
}

/* ---- responses ---- */

struct fixture {
	struct world w;
	struct cache *c;
	struct gw_method m;
	struct gw_resource r;
	struct gw_integration i;
	struct gw_settings settings[2];
	const char *keys[4];
	struct gw_mapping params[1];
	struct gw_canary canary;
};

static void begin(struct fixture *f)
{
	*f = (struct fixture){.c = cache_new()};
	world_init(&f->w);
	f->w.stage.cache = true;
	f->w.stage.cache_ttl_s = 300;
	f->w.stage.settings = f->settings;
	f->i = (struct gw_integration){.cache_keys = f->keys, .params = f->params};
	f->m = (struct gw_method){.verb = "GET", .integration = &f->i};
	f->r = (struct gw_resource){.id = "r1", .path = "/pets"};
	f->w.x.method = &f->m;
	f->w.x.resource = &f->r;
	f->settings[0] = f->settings[1] = (struct gw_settings){.path = "*",
							       .verb = "*",
							       .rate = -1,
							       .burst = -1,
							       .caching = -1,
							       .cache_ttl_s = -1};
}

static void end(struct fixture *f)
{
	cache_free(f->c);
	world_clear(&f->w);
}

static enum cache_answer look(struct fixture *f, const char *path)
{
	world_ask(&f->w, f->w.request.method, path, "");
	f->w.x.query.count = 0;
	gw_query_parse(&f->w.arena, f->w.request.query, &f->w.x.query);
	f->w.x.response = (struct gw_response){0};
	f->w.x.error_type = NULL;
	return cache_lookup(f->c, &f->w.x);
}

static void store(struct fixture *f, int status, const char *body)
{
	f->w.x.response = (struct gw_response){.status = status, .body = text(body)};
	gw_headers_add(&f->w.arena, &f->w.x.response.headers, "Content-Type", "text/plain");
	gw_headers_add(&f->w.arena, &f->w.x.response.headers, "X-Amzn-Trace-Id", "Root=1");
	gw_headers_add(&f->w.arena, &f->w.x.response.headers, "Empty", "");
	cache_store(f->c, &f->w.x);
}

static struct cache_counts counts(struct fixture *f)
{
	struct cache_counts c = {0};
	assert_true(cache_counts(f->c, "shop", f->w.stage.name, &c));
	return c;
}

static void test_hit(void **state)
{
	(void)state;
	struct cache_counts none;
	struct fixture f;
	begin(&f);
	assert_false(cache_counts(f.c, "shop", "dev", &none));
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	store(&f, 200, "cat");
	assert_int_equal(look(&f, "/pets"), CACHE_HIT);
	assert_int_equal(f.w.x.response.status, 200);
	assert_string_equal(world_body(&f.w), "cat");
	assert_string_equal(world_got(&f.w, "content-type"), "text/plain");
	assert_string_equal(world_got(&f.w, "X-Amzn-Trace-Id"), "");
	assert_int_equal(f.w.x.response.headers.count, 2);
	assert_int_equal(f.w.x.trace.rows[GW_STEP_CACHE].outcome, GW_HIT);
	/* a query string that is no key tells nothing */
	assert_int_equal(look(&f, "/pets?id=7"), CACHE_HIT);
	f.w.now_us += 300 * SECOND;
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	assert_int_equal(counts(&f).hits, 2);
	assert_int_equal(counts(&f).misses, 2);
	assert_int_equal(counts(&f).max_bytes, MAX_CACHE_REAL);
	end(&f);
}

static void test_keys(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f);
	f.keys[0] = "method.request.querystring.a";
	f.keys[1] = "integration.request.header.b";
	f.keys[2] = "integration.request.header.none";
	f.i.cache_key_count = 3;
	f.params[0] = (struct gw_mapping){.to = "integration.request.header.b",
					  .from = "method.request.header.X-B"};
	f.i.param_count = 1;
	assert_int_equal(look(&f, "/pets?a=1&z=1"), CACHE_MISS);
	store(&f, 200, "one");
	assert_int_equal(look(&f, "/pets?a=1&z=2"), CACHE_HIT);
	assert_int_equal(look(&f, "/pets?a=2"), CACHE_MISS);
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	store(&f, 200, "none");
	assert_int_equal(look(&f, "/pets?a="), CACHE_HIT); /* an empty value maps to nothing */
	world_header(&f.w, "X-B", "b");
	assert_int_equal(look(&f, "/pets?a=1"), CACHE_MISS);
	store(&f, 200, "b");
	assert_int_equal(look(&f, "/pets?a=1"), CACHE_HIT);
	assert_string_equal(world_body(&f.w), "b");
	assert_int_equal(counts(&f).entries, 3);
	/* other resource, other verb, a namespace in common */
	f.r.id = "r2";
	assert_int_equal(look(&f, "/pets?a=1"), CACHE_MISS);
	f.i.cache_namespace = "r1";
	assert_int_equal(look(&f, "/pets?a=1"), CACHE_HIT);
	f.w.stage.name = "live";
	assert_int_equal(look(&f, "/pets?a=1"), CACHE_MISS);
	end(&f);
}

/* "a" then "bc" is not "ab" then "c". */
static void test_keys_apart(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f);
	f.keys[0] = "method.request.querystring.a";
	f.keys[1] = "method.request.querystring.b";
	f.i.cache_key_count = 2;
	assert_int_equal(look(&f, "/pets?a=a&b=bc"), CACHE_MISS);
	store(&f, 200, "");
	assert_int_equal(look(&f, "/pets?a=ab&b=c"), CACHE_MISS);
	assert_int_equal(look(&f, "/pets?a=abc"), CACHE_MISS);
	assert_int_equal(look(&f, "/pets?b=abc"), CACHE_MISS);
	assert_int_equal(look(&f, "/pets?a=a&b=bc"), CACHE_HIT);
	end(&f);
}

static void test_off(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f);
	f.w.request.method = f.m.verb = "POST";
	assert_int_equal(look(&f, "/pets"), CACHE_OFF);
	f.w.stage.setting_count = 1;
	f.settings[0].caching = 1;
	assert_int_equal(look(&f, "/pets"), CACHE_OFF); /* for all: GET alone */
	f.w.stage.setting_count = 2;
	f.settings[1].path = "/pets";
	f.settings[1].verb = "POST";
	f.settings[1].caching = 1;
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	f.w.request.method = f.m.verb = "GET";
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	f.settings[0].caching = 0;
	assert_int_equal(look(&f, "/pets"), CACHE_OFF);
	f.settings[0].caching = -1;
	f.settings[0].cache_ttl_s = 0;
	assert_int_equal(look(&f, "/pets"), CACHE_OFF);
	f.settings[0].cache_ttl_s = 9999;
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	store(&f, 200, "x");
	f.w.now_us += 3599 * SECOND;
	assert_int_equal(look(&f, "/pets"), CACHE_HIT);
	f.w.now_us += SECOND;
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	f.w.stage.cache = false;
	assert_int_equal(look(&f, "/pets"), CACHE_OFF);
	end(&f);
}

static void test_not_kept(void **state)
{
	(void)state;
	static char large[MAX_CACHE_ITEM + 1];
	struct fixture f;
	begin(&f);
	memset(large, 'x', sizeof(large) - 1);
	look(&f, "/pets");
	store(&f, 404, "no");
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	store(&f, 200, large);
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	f.w.x.error_type = "DEFAULT_5XX";
	store(&f, 200, "x");
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	large[MAX_CACHE_ITEM - 100] = '\0';
	store(&f, 301, large);
	assert_int_equal(look(&f, "/pets"), CACHE_HIT);
	assert_int_equal(f.w.x.response.status, 301);
	assert_int_equal(f.w.x.response.body.len, MAX_CACHE_ITEM - 100);
	end(&f);
}

static void test_flush(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f);
	look(&f, "/pets");
	store(&f, 200, "x");
	cache_flush(f.c, "shop", "live");
	cache_flush(f.c, "other", NULL);
	assert_int_equal(look(&f, "/pets"), CACHE_HIT);
	cache_flush(f.c, "shop", "dev");
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	store(&f, 200, "x");
	cache_flush(f.c, "shop", NULL);
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	/* a cluster of another size starts empty */
	store(&f, 200, "x");
	f.w.stage.cache_gb = 1e-6;
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	assert_int_equal(counts(&f).max_bytes, 1073);
	end(&f);
}

static void test_canary(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f);
	f.w.stage.canary = &f.canary;
	look(&f, "/pets");
	store(&f, 200, "stage");
	f.w.x.canary = f.w.x.canary_set = true;
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	store(&f, 200, "canary");
	f.w.x.canary = false;
	assert_int_equal(look(&f, "/pets"), CACHE_HIT);
	assert_string_equal(world_body(&f.w), "stage");
	f.w.x.canary = true;
	f.canary.use_stage_cache = true;
	assert_int_equal(look(&f, "/pets"), CACHE_HIT);
	assert_string_equal(world_body(&f.w), "stage");
	end(&f);
}

/* ---- invalidation ---- */

static void test_invalidate(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f);
	f.w.stage.setting_count = 1;
	look(&f, "/pets");
	store(&f, 200, "old");
	world_header(&f.w, "Cache-Control", "no-cache, max-age=0");
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	assert_string_equal(f.w.x.trace.rows[GW_STEP_CACHE].summary, "invalidated");
	store(&f, 200, "new");
	f.w.request.headers.count = 0;
	assert_int_equal(look(&f, "/pets"), CACHE_HIT);
	assert_string_equal(world_body(&f.w), "new");
	world_header(&f.w, "Cache-Control", "max-age=01");
	assert_int_equal(look(&f, "/pets"), CACHE_HIT);
	end(&f);
}

#define WARNING "199 - \"Unauthorized Cache-Control header ignored\""
static void test_invalidate_auth(void **state)
{
	(void)state;
	static struct gw_credential c = {.access_key = "AKIA",
					 .arn = "arn:aws:iam::123456789012:user/ann",
					 .account = "123456789012"};
	struct fixture f;
	begin(&f);
	f.w.stage.setting_count = 1;
	f.settings[0].cache_auth = true;
	world_header(&f.w, "Cache-Control", "max-age=0");
	assert_int_equal(look(&f, "/pets"), CACHE_REFUSED);
	assert_int_equal(f.w.x.response.status, 403);
	assert_string_equal(f.w.x.error_type, "ACCESS_DENIED");
	f.settings[0].cache_unauthorized = 1;
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	store(&f, 200, "x");
	assert_string_equal(world_got(&f.w, "Warning"), WARNING);
	assert_int_equal(look(&f, "/pets"), CACHE_HIT);
	assert_string_equal(world_got(&f.w, "Warning"), WARNING);
	f.settings[0].cache_unauthorized = 2;
	assert_int_equal(look(&f, "/pets"), CACHE_HIT);
	assert_string_equal(world_got(&f.w, "Warning"), "");
	/* a caller whose policy allows it */
	struct node *root = NULL;
	const char policy[] = "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":"
			      "\"execute-api:InvalidateCache\",\"Resource\":\"*/GET/pets\"}]}";
	assert_true(json_read_wire(&f.w.arena, text(policy), &root));
	c.policy = root;
	f.w.gateway.credentials = &c;
	f.w.gateway.credential_count = 1;
	f.w.x.identity =
		(struct gw_identity){.access_key = "AKIA", .user_arn = c.arn, .account = c.account};
	f.settings[0].cache_unauthorized = 0;
	assert_int_equal(look(&f, "/pets"), CACHE_MISS);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lru),
		cmocka_unit_test(test_lru_bytes),
		cmocka_unit_test(test_hit),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_keys_apart),
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_not_kept),
		cmocka_unit_test(test_flush),
		cmocka_unit_test(test_canary),
		cmocka_unit_test(test_invalidate),
		cmocka_unit_test(test_invalidate_auth),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
