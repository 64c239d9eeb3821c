/* t_ring.c -- kept traces are copies, bounded in number and bytes; counters count what was asked.
 */
#include "base/json.h"
#include "gateway/metrics.h"
#include "gateway/ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_copies(void **state)
{
	(void)state;
	struct ring *r = ring_new(4);
	struct arena a = {0};
	struct gw_trace t = {.arena = &a, .detailed = true, .api = "shop", .status = 200};
	struct str log = {0};
	t.path = arena_strdup(&a, "/dev/x");
	t.rows[GW_STEP_ROUTE].summary = arena_strdup(&a, "matched");
	trace_detail(&t, GW_STEP_WAF, arena_strdup(&a, "rule"), arena_strdup(&a, "one"));
	trace_detail(&t, GW_STEP_WAF, "two", arena_strdup(&a, "three"));
	str_add(&log, "line\n");
	t.log = &log;
	assert_int_equal(ring_last(r), 0);
	assert_null(ring_get(r, 0));
	ring_add(r, &t);
	assert_int_equal(t.number, 1);
	arena_clear(&a);
	str_clear(&log);
	const struct gw_trace *kept = ring_get(r, 1);
	assert_string_equal(kept->api, "shop");
	assert_string_equal(kept->path, "/dev/x");
	assert_null(kept->resource);
	assert_string_equal(kept->rows[GW_STEP_ROUTE].summary, "matched");
	const struct gw_detail *d = kept->rows[GW_STEP_WAF].details;
	assert_string_equal(d->name, "rule");
	assert_string_equal(d->value, "one");
	assert_string_equal(d->next->value, "three");
	assert_null(d->next->next);
	assert_string_equal(str_c(kept->log), "line\n");
	ring_free(r);
}

static void test_last_ones(void **state)
{
	(void)state;
	struct ring *r = ring_new(4);
	for (int i = 1; i <= 10; i++) {
		char path[] = "/0";
		struct gw_trace t = {.path = path, .status = i};
		path[1] = (char)('0' + i % 10);
		ring_add(r, &t);
	}
	assert_int_equal(ring_last(r), 10);
	assert_null(ring_get(r, 6));
	assert_null(ring_get(r, 11));
	for (uint64_t n = 7; n <= 10; n++)
		assert_int_equal(ring_get(r, n)->status, n);
	assert_int_equal(ring_count(r, 1), 4);
	assert_int_equal(ring_count(r, 9), 2);
	assert_int_equal(ring_count(r, 11), 0);
	ring_free(r);
	ring_free(NULL);
}

/* Details beyond the bound of one trace are left out, then whole traces give way. */
static void test_bytes(void **state)
{
	(void)state;
	enum { COUNT = 400, BIG = 100 << 10 };
	struct ring *r = ring_new(COUNT);
	char *big = xmalloc(BIG);
	memset(big, 'x', BIG);
	big[BIG - 1] = '\0';
	for (int i = 0; i < COUNT; i++) {
		struct arena a = {0};
		struct gw_trace t = {.arena = &a, .detailed = true, .path = "/p"};
		for (int k = 0; k < 4; k++)
			trace_detail(&t, GW_STEP_WAF, "body", big);
		ring_add(r, &t);
		arena_clear(&a);
	}
	size_t kept = 0;
	for (const struct gw_detail *d = ring_get(r, COUNT)->rows[GW_STEP_WAF].details; d;
	     d = d->next)
		kept++;
	assert_int_equal(kept, 2);
	assert_true(ring_count(r, 1) * (size_t)BIG * 2 <= MAX_RING_BYTES);
	assert_true(ring_count(r, 1) > 100);
	assert_null(ring_get(r, 1));
	free(big);
	ring_free(r);
}

static double real(const struct node *n, const char *name)
{
	double v;
	assert_true(str_to_double(node_text(n, name), -1, 1e12, &v));
	return v;
}

static void test_metrics(void **state)
{
	(void)state;
	struct metrics *m = metrics_new();
	struct arena a = {0};
	struct str out = {0};
	struct node *root;
	struct gw_api api = {.id = "a1", .name = "shop", .type = GW_REST};
	struct gw_stage stage = {.name = "dev"};
	struct gw_resource resource = {.path = "/x"};
	struct gw_method method = {.verb = "GET"};
	struct gw_exchange x = {.api = &api, .stage = &stage, .integration_us = -1};
	for (int i = 0; i < 100; i++) {
		x.response.status = i < 2 ? 500 : i < 10 ? 404 : 200;
		x.response_us = 1000 * (i + 1);
		x.integration_us = i < 2 ? -1 : 500;
		x.resource = i < 10 ? NULL : &resource;
		x.method = i < 10 ? NULL : &method;
		x.trace.rows[GW_STEP_CACHE].outcome = i < 10   ? GW_NOT_REACHED
						      : i < 20 ? GW_PASSED
							       : GW_HIT;
		metrics_count(m, &x);
	}
	x.stage = NULL;
	metrics_count(m, &x);
	metrics_json(m, &out);
	assert_true(json_read(&a, "metrics", out.p, out.len, &root, NULL));
	const struct node *of_stage = node_get(root, "metrics")->child, *of_method = of_stage->next;
	assert_null(of_method->next);
	assert_string_equal(node_text(of_stage, "ApiName"), "shop");
	assert_null(node_get(of_stage, "Resource"));
	assert_string_equal(node_text(of_method, "Method"), "GET");
	assert_int_equal(real(of_stage, "Count"), 100);
	assert_int_equal(real(of_method, "Count"), 90);
	assert_int_equal(real(of_stage, "4XXError"), 8);
	assert_int_equal(real(of_stage, "5XXError"), 2);
	assert_int_equal(real(of_stage, "CacheHitCount"), 80);
	assert_int_equal(real(of_stage, "CacheMissCount"), 10);
	const struct node *latency = node_get(of_stage, "Latency");
	assert_int_equal(real(latency, "Minimum"), 1);
	assert_int_equal(real(latency, "Maximum"), 100);
	assert_true(real(latency, "p50") > 44 && real(latency, "p50") < 56);
	assert_true(real(latency, "p99") > 90 && real(latency, "p99") <= 100);
	assert_int_equal(real(node_get(of_stage, "IntegrationLatency"), "SampleCount"), 98);
	/* The same names at other addresses are the same rows. */
	struct gw_stage again = {.name = "dev"};
	metrics_reload(m);
	x.stage = &again;
	metrics_count(m, &x);
	str_reset(&out);
	metrics_json(m, &out);
	assert_true(json_read(&a, "metrics", out.p, out.len, &root, NULL));
	assert_int_equal(node_get(root, "metrics")->count, 2);
	assert_int_equal(real(node_get(root, "metrics")->child, "Count"), 101);
	str_clear(&out);
	arena_clear(&a);
	metrics_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_last_ones),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_metrics),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
