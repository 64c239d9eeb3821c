/* t_limits.c -- token buckets, usage plans, quotas, keys. Time is given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gateway/limits.h"
#include "world.h"

#include <string.h>

#define SECOND INT64_C(1000000)

struct fixture {
	struct world w;
	struct limits *l;
	struct gw_settings settings[3];
	struct gw_method m;
	struct gw_resource r;
	struct gw_route route;
	int64_t now_ms;
};

/* Quotas go by the time that limits go by. */
static int64_t stuck_ms(void *ctx)
{
	(void)ctx;
	return 0;
}

static int64_t fixture_ms(void *ctx)
{
	return ((struct fixture *)ctx)->now_ms;
}
static int64_t fixture_us(void *ctx)
{
	return ((struct fixture *)ctx)->w.now_us;
}

static void begin(struct fixture *f)
{
	*f = (struct fixture){.now_ms = WORLD_NOW_MS};
	world_init(&f->w);
	f->w.outside = (struct outside){.ctx = f,
					.now_us = fixture_us,
					.limit_us = fixture_us,
					.limit_ms = fixture_ms,
					.now_ms = stuck_ms};
	f->w.stage.settings = f->settings;
	f->m = (struct gw_method){.verb = "GET", .api_key = true};
	f->r = (struct gw_resource){.id = "r", .path = "/pets"};
	f->w.x.method = &f->m;
	f->w.x.resource = &f->r;
	f->l = limits_new();
}

static void end(struct fixture *f)
{
	limits_free(f->l);
	world_clear(&f->w);
}

static struct gw_settings row(const char *path, const char *verb, double rate, double burst)
{
	return (struct gw_settings){.path = path,
				    .verb = verb,
				    .rate = rate,
				    .burst = burst,
				    .caching = -1,
				    .cache_ttl_s = -1,
				    .log_level = -1};
}

static int passes(struct fixture *f, int n)
{
	int passed = 0;
	for (int i = 0; i < n; i++)
		passed += limits_take(f->l, &f->w.x);
	return passed;
}

static void test_settings(void **state)
{
	(void)state;
	struct gw_settings rows[] = {row("*", "*", 10, 20), row("/pets", "GET", -1, 5),
				     row("/pets", "POST", 1, -1)};
	struct gw_stage stage = {.settings = rows, .setting_count = 3};
	rows[0].cache_ttl_s = 60;
	rows[1].caching = 1;
	struct gw_settings s = limits_settings(&stage, "/pets", "GET");
	assert_true(s.rate == 10 && s.burst == 5 && s.caching == 1 && s.cache_ttl_s == 60);
	s = limits_settings(&stage, "/pets", "POST");
	assert_true(s.rate == 1 && s.burst == 20);
	s = limits_settings(&stage, "/dogs", "GET");
	assert_true(s.rate == 10 && s.burst == 20);
	s = limits_settings(NULL, "/dogs", "GET");
	assert_true(s.rate == -1 && s.burst == -1 && s.caching == -1);
	/* routes: the key, and no verb */
	rows[0].verb = NULL;
	rows[1].path = "GET /pets";
	rows[1].verb = NULL;
	s = limits_settings(&stage, "GET /pets", NULL);
	assert_true(s.rate == 10 && s.burst == 5);
}

static void test_bucket(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f);
	f.settings[0] = row("*", "*", 2, 3);
	f.w.stage.setting_count = 1;
	assert_int_equal(passes(&f, 5), 3);
	assert_int_equal(f.w.x.response.status, 429);
	assert_string_equal(f.w.x.error_type, "THROTTLED");
	assert_string_equal(world_body(&f.w), "{\"message\":\"Too Many Requests\"}");
	assert_string_equal(f.w.x.trace.rows[GW_STEP_THROTTLE].summary,
			    "no token left for the method");
	f.w.now_us += SECOND / 2 - 1;
	assert_int_equal(passes(&f, 1), 0);
	f.w.now_us += 1;
	assert_int_equal(passes(&f, 2), 1);
	f.w.now_us += 1000 * SECOND;
	assert_int_equal(passes(&f, 5), 3);
	/* each method has its own */
	f.m.verb = "POST";
	assert_int_equal(passes(&f, 5), 3);
	f.r.path = "/dogs";
	assert_int_equal(passes(&f, 5), 3);
	f.w.stage.name = "live";
	assert_int_equal(passes(&f, 5), 3);
	limits_reset(f.l);
	assert_int_equal(passes(&f, 5), 3);
	end(&f);
}

/* A thirds rate adds up in spite of doubles; a clock that goes back adds nothing. */
static void test_exact(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f);
	f.settings[0] = row("/pets", "GET", 3, 1);
	f.w.stage.setting_count = 1;
	assert_int_equal(passes(&f, 2), 1);
	for (int i = 0; i < 300; i++) {
		f.w.now_us += 333334;
		assert_int_equal(passes(&f, 2), 1);
	}
	f.w.now_us -= 100 * SECOND;
	assert_int_equal(passes(&f, 1), 0);
	end(&f);
}

static void test_zero_and_unset(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f);
	f.w.stage.setting_count = 1;
	f.settings[0] = row("*", "*", 0, 10);
	assert_int_equal(passes(&f, 3), 0);
	limits_reset(f.l);
	f.settings[0] = row("*", "*", 10, 0);
	assert_int_equal(passes(&f, 3), 0);
	limits_reset(f.l);
	f.settings[0] = row("*", "*", -1, 2);
	assert_int_equal(passes(&f, 3), 2);
	limits_reset(f.l);
	f.settings[0] = row("*", "*", -1, -1);
	assert_int_equal(passes(&f, 3), 3);
	/* a row that allows more does not fill the bucket at once, one that allows less cuts it */
	limits_reset(f.l);
	f.settings[0] = row("*", "*", 1, 2);
	assert_int_equal(passes(&f, 2), 2);
	f.settings[0] = row("*", "*", 1, 10);
	assert_int_equal(passes(&f, 1), 0);
	f.w.now_us += 5 * SECOND;
	f.settings[0] = row("*", "*", 1, 1);
	assert_int_equal(passes(&f, 3), 1);
	end(&f);
}

static void test_account(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f);
	f.settings[0] = row("/pets", "GET", 100, 4);
	f.w.stage.setting_count = 1;
	f.w.gateway.account_rate = 1;
	f.w.gateway.account_burst = 3;
	assert_int_equal(passes(&f, 5), 3);
	assert_string_equal(f.w.x.trace.rows[GW_STEP_THROTTLE].summary,
			    "no token left for the account");
	/* what the account refused took no token of the method */
	f.w.gateway.account_burst = 100;
	f.w.gateway.account_rate = 1000;
	assert_int_equal(passes(&f, 1), 0);
	f.w.now_us += 5000;
	assert_int_equal(passes(&f, 5), 1);
	assert_true(limits_take_account(f.l, &f.w.x));
	f.w.gateway.account_burst = 0;
	assert_false(limits_take_account(f.l, &f.w.x));
	assert_string_equal(f.w.x.error_type, "THROTTLED");
	int n = 0;
	while (limits_take_connection(f.l, &f.w.x))
		n++;
	assert_int_equal(n, 500);
	end(&f);
}

static void test_routes(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f);
	f.w.x.method = NULL;
	f.w.x.resource = NULL;
	f.w.x.route = &f.route;
	f.w.api.type = GW_HTTP;
	f.route = (struct gw_route){.key = "GET /pets"};
	f.settings[0] = row("*", NULL, 1, 4);
	f.settings[1] = row("GET /pets", NULL, 1, 2);
	f.w.stage.setting_count = 2;
	assert_int_equal(passes(&f, 5), 2);
	assert_string_equal(world_body(&f.w), "{\"message\":\"Too Many Requests\"}");
	f.route.key = "GET /dogs";
	assert_int_equal(passes(&f, 5), 4);
	end(&f);
}

/* ---- usage plans ---- */

static struct gw_api_key keys[] = {
	{"k1", "bronze", "bronze-key-000000000", true},
	{"k2", "gold", "gold-key-00000000000", true},
	{"k3", "old", "old-key-000000000000", false},
	{"k4", "loose", "loose-key-0000000000", true},
};
static const struct gw_api_key *bronze[] = {&keys[0], &keys[2]}, *gold[] = {&keys[1], &keys[0]};
static struct gw_plan_stage dev[] = {{"shop", "dev"}, {"shop", "test"}},
			    live[] = {{"shop", "live"}};

static void plans(struct fixture *f, struct gw_plan *two)
{
	two[0] = (struct gw_plan){.id = "p1",
				  .name = "bronze",
				  .stages = dev,
				  .stage_count = 2,
				  .rate = 1,
				  .burst = 2,
				  .quota = -1,
				  .keys = bronze,
				  .key_count = 2};
	two[1] = (struct gw_plan){.id = "p2",
				  .name = "gold",
				  .stages = live,
				  .stage_count = 1,
				  .rate = -1,
				  .burst = -1,
				  .quota = 3,
				  .period = GW_DAY,
				  .keys = gold,
				  .key_count = 2};
	f->w.gateway.keys = keys;
	f->w.gateway.key_count = ARRAY_LEN(keys);
	f->w.gateway.plans = two;
	f->w.gateway.plan_count = 2;
	limits_load(f->l, &f->w.gateway);
}

static void use(struct fixture *f, const char *key)
{
	gw_headers_set(&f->w.arena, &f->w.request.headers, "x-api-key", key);
}

static int admitted(struct fixture *f, int n)
{
	int passed = 0;
	for (int i = 0; i < n; i++)
		passed += plans_admit(f->l, &f->w.x);
	return passed;
}

static void refused(struct fixture *f, const char *why)
{
	f->w.x.identity.api_key = NULL;
	assert_false(plans_admit(f->l, &f->w.x));
	assert_int_equal(f->w.x.response.status, 403);
	assert_string_equal(f->w.x.error_type, "INVALID_API_KEY");
	assert_string_equal(world_body(&f->w), "{\"message\":\"Forbidden\"}");
	assert_string_equal(f->w.x.trace.rows[GW_STEP_API_KEY].summary, why);
	assert_null(f->w.x.identity.api_key);
}

static void test_keys(void **state)
{
	(void)state;
	struct gw_plan two[2];
	struct fixture f;
	begin(&f);
	plans(&f, two);
	refused(&f, "no API key was sent");
	use(&f, "");
	refused(&f, "no API key was sent");
	use(&f, "bronze-key");
	refused(&f, "there is no such API key");
	use(&f, keys[2].value);
	refused(&f, "the API key is disabled");
	use(&f, keys[3].value);
	refused(&f, "the API key is in no usage plan of this stage");
	use(&f, keys[1].value);
	refused(&f, "the API key is in no usage plan of this stage");
	use(&f, keys[0].value);
	assert_true(plans_admit(f.l, &f.w.x));
	assert_string_equal(f.w.x.identity.api_key, keys[0].value);
	assert_string_equal(f.w.x.identity.api_key_id, "k1");
	/* no key is asked for: nothing counts */
	f.m.api_key = false;
	use(&f, "nonsense");
	assert_int_equal(admitted(&f, 10), 10);
	assert_int_equal(f.w.x.trace.rows[GW_STEP_API_KEY].outcome, GW_NONE);
	end(&f);
}

static void test_key_from_authorizer(void **state)
{
	(void)state;
	struct gw_plan two[2];
	struct fixture f;
	begin(&f);
	plans(&f, two);
	f.w.api.key_from_authorizer = true;
	use(&f, keys[0].value);
	refused(&f, "no API key was sent");
	f.w.x.identity.api_key = keys[0].value;
	assert_true(plans_admit(f.l, &f.w.x));
	f.w.api.key_from_authorizer = false;
	f.w.api.type = GW_WEBSOCKET;
	f.w.api.api_key_selection = "$context.authorizer.usageIdentifierKey";
	f.w.x.method = NULL;
	f.w.x.resource = NULL;
	f.route = (struct gw_route){.key = "$connect", .api_key = true};
	f.w.x.route = &f.route;
	assert_true(plans_admit(f.l, &f.w.x));
	f.w.api.api_key_selection = "$request.header.x-other-key";
	assert_false(plans_admit(f.l, &f.w.x));
	world_header(&f.w, "X-Other-Key", "bronze-key-000000000");
	f.w.now_us += SECOND;
	assert_true(plans_admit(f.l, &f.w.x));
	end(&f);
}

static void test_plan_throttle(void **state)
{
	(void)state;
	struct gw_plan two[2];
	struct gw_method_throttle m = {"shop", "dev", "/pets", "GET", 1, 1};
	struct fixture f;
	begin(&f);
	plans(&f, two);
	use(&f, keys[0].value);
	assert_int_equal(admitted(&f, 4), 2);
	assert_string_equal(f.w.x.error_type, "THROTTLED");
	assert_string_equal(f.w.x.trace.rows[GW_STEP_API_KEY].summary,
			    "no token left in the usage plan");
	/* over all stages of the plan */
	f.w.stage.name = "test";
	assert_int_equal(admitted(&f, 1), 0);
	f.w.stage.name = "dev";
	f.w.now_us += 2 * SECOND;
	two[0].methods = &m;
	two[0].method_count = 1;
	assert_int_equal(admitted(&f, 4), 1);
	assert_string_equal(f.w.x.trace.rows[GW_STEP_API_KEY].summary,
			    "no token left for the method in the usage plan");
	f.m.verb = "POST";
	assert_int_equal(admitted(&f, 4), 1);
	end(&f);
}

static void test_quota(void **state)
{
	(void)state;
	struct gw_plan two[2];
	struct fixture f;
	begin(&f);
	plans(&f, two);
	f.w.stage.name = "live";
	two[1].offset = 1;
	use(&f, keys[1].value);
	assert_int_equal(admitted(&f, 5), 2);
	assert_int_equal(f.w.x.response.status, 429);
	assert_string_equal(f.w.x.error_type, "QUOTA_EXCEEDED");
	assert_string_equal(world_body(&f.w), "{\"message\":\"Limit Exceeded\"}");
	assert_string_equal(world_got(&f.w, "x-amzn-ErrorType"), "LimitExceededException");
	/* another key has its own; the next day all begins again, without the offset */
	use(&f, keys[0].value);
	assert_int_equal(admitted(&f, 5), 2);
	f.now_ms = quota_end_ms(GW_DAY, f.now_ms) - 1;
	assert_int_equal(admitted(&f, 1), 0);
	f.now_ms++;
	assert_int_equal(admitted(&f, 5), 3);
	two[1].quota = 0;
	assert_int_equal(admitted(&f, 1), 0);
	two[1].quota = -1;
	assert_int_equal(admitted(&f, 5), 5);
	end(&f);
}

/* Throttled calls do not use the quota up. */
static void test_throttle_before_quota(void **state)
{
	(void)state;
	struct gw_plan two[2];
	struct fixture f;
	begin(&f);
	plans(&f, two);
	f.w.stage.name = "live";
	two[1].rate = two[1].burst = 1;
	use(&f, keys[1].value);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(admitted(&f, 3), 1);
		assert_string_equal(f.w.x.error_type, "THROTTLED");
		f.w.now_us += SECOND;
	}
	assert_int_equal(admitted(&f, 1), 0);
	assert_string_equal(f.w.x.error_type, "QUOTA_EXCEEDED");
	end(&f);
}

static void test_periods(void **state)
{
	(void)state;
	static const struct {
		enum gw_period period;
		int64_t now_s, start_s, end_s;
	} cases[] = {
		/* Friday 27 Nov 2026 09:15 */
		{GW_DAY, 1795770900, 1795737600, 1795824000},
		{GW_WEEK, 1795770900, 1795392000, 1795996800},
		{GW_MONTH, 1795770900, 1793491200, 1796083200},
		/* Monday 0:00; a leap February; the end of a year */
		{GW_WEEK, 1795996800, 1795996800, 1796601600},
		{GW_MONTH, 1835395200, 1832976000, 1835481600},
		{GW_MONTH, 1798761599, 1796083200, 1798761600},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(quota_start_ms(cases[i].period, cases[i].now_s * 1000),
				 cases[i].start_s * 1000);
		assert_int_equal(quota_end_ms(cases[i].period, cases[i].now_s * 1000),
				 cases[i].end_s * 1000);
	}
}

struct seen {
	int count;
	struct limit_gauge plan, method;
};

static void see(void *ctx, const struct limit_gauge *g)
{
	struct seen *s = ctx;
	s->count++;
	if (g->kind == LIMIT_PLAN)
		s->plan = *g;
	if (g->kind == LIMIT_METHOD)
		s->method = *g;
}

static void test_gauges(void **state)
{
	(void)state;
	struct gw_plan two[2];
	struct seen s = {0};
	struct fixture f;
	begin(&f);
	plans(&f, two);
	f.w.stage.name = "live";
	f.settings[0] = row("/pets", "GET", 1, 4);
	f.w.stage.setting_count = 1;
	use(&f, keys[1].value);
	assert_int_equal(admitted(&f, 5), 3);
	assert_int_equal(passes(&f, 5), 4);
	limits_each(f.l, f.w.now_us + SECOND / 2, f.now_ms, see, &s);
	assert_int_equal(s.count, 3); /* account too */
	assert_string_equal(s.plan.plan, "p2");
	assert_string_equal(s.plan.key, "k2");
	assert_int_equal(s.plan.used, 3);
	assert_int_equal(s.plan.quota, 3);
	assert_int_equal(s.plan.passed, 3);
	assert_int_equal(s.plan.refused, 2);
	assert_int_equal(s.plan.resets_ms, quota_end_ms(GW_DAY, f.now_ms));
	assert_string_equal(s.method.api, "shop");
	assert_string_equal(s.method.path, "/pets");
	assert_true(s.method.tokens == 0.5 && s.method.burst == 4);
	assert_int_equal(s.method.passed, 4);
	assert_int_equal(s.method.refused, 1);
	limits_each(f.l, f.w.now_us, f.now_ms + INT64_C(86400000), see, &s);
	assert_int_equal(s.plan.used, 0);
	end(&f);
}

/* Many keys are found, and many buckets kept. */
static void test_many(void **state)
{
	(void)state;
	enum { N = 3000 };
	static struct gw_api_key many[N];
	static const struct gw_api_key *all[N];
	struct gw_plan two[2];
	struct fixture f;
	begin(&f);
	plans(&f, two);
	for (int i = 0; i < N; i++) {
		const char *name = arena_printf(&f.w.arena, "key-number-%d", i);
		many[i] = (struct gw_api_key){name, name, name, true};
		all[i] = &many[i];
	}
	f.w.gateway.keys = many;
	f.w.gateway.key_count = N;
	two[0].keys = all;
	two[0].key_count = N;
	two[1].key_count = 0;
	limits_load(f.l, &f.w.gateway);
	for (int i = 0; i < N; i++) {
		use(&f, many[i].value);
		assert_int_equal(admitted(&f, 3), 2);
	}
	struct seen s = {0};
	limits_each(f.l, f.w.now_us, f.now_ms, see, &s);
	assert_int_equal(s.count, N);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_bucket),
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_zero_and_unset),
		cmocka_unit_test(test_account),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_key_from_authorizer),
		cmocka_unit_test(test_plan_throttle),
		cmocka_unit_test(test_quota),
		cmocka_unit_test(test_throttle_before_quota),
		cmocka_unit_test(test_periods),
		cmocka_unit_test(test_gauges),
		cmocka_unit_test(test_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
