/* t_match.c -- what a match asks of a trace, member by member, and a trace in one line. */
#include "study/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A lab of one goal whose match is `match`, and a trace to look at. */
struct bench {
	struct lab lab;
	struct gw_trace trace;
	struct gw_detail sent[2], answered[2], detail;
};

static void read_match(struct bench *b, const char *match)
{
	struct str text = {0};
	struct diags d = {0};
	lab_clear(&b->lab);
	str_addf(&text,
		 "lab: m\ntitle: T\nabout: A.\nformat: 1\nexam: {dva-c02: \"1.1\"}\n"
		 "gateway: [a.yaml]\nsources:\n  s: {title: S, url: \"https://example.com/\", "
		 "checked: 2026-11-20}\nsource: [s]\nstory: S.\nexplain: E.\n"
		 "requests:\n  r: {send: GET /dev/x}\n"
		 "goals:\n- {id: g, text: G., trace: {%s}}\nhints: [H.]\nsolution: [r]\n",
		 match);
	if (!lab_read(&b->lab, "m.yaml", str_c(&text), text.len, &d)) {
		diags_print(&d, stderr);
		fail_msg("not read: %s", match);
	}
	diags_clear(&d);
	str_clear(&text);
}

static bool meets(struct bench *b, const char *match)
{
	read_match(b, match);
	struct matcher *m = matcher_new(&b->lab.goals[0].match);
	bool yes = matcher_meets(m, &b->trace);
	matcher_free(m);
	return yes;
}

/* A call that was throttled behind its key. */
static int set_up(void **state)
{
	static struct bench b;
	b = (struct bench){0};
	b.detail = (struct gw_detail){"bucket", "plan bronze", NULL};
	b.sent[0] = (struct gw_detail){"X-Api-Key", "bronze-key", &b.sent[1]};
	b.sent[1] = (struct gw_detail){"Accept", "text/plain", NULL};
	b.answered[0] = (struct gw_detail){"Retry-After", "1", &b.answered[1]};
	b.answered[1] = (struct gw_detail){"retry-after", "22", NULL};
	b.trace = (struct gw_trace){
		.number = 5,
		.kind = GW_TRACE_REQUEST,
		.total_us = 1500,
		.api = "shop",
		.stage = "dev",
		.method = "GET",
		.path = "/dev/products/1",
		.target = "/dev/products/1?page=2",
		.resource = "/products/{id}",
		.status = 429,
		.error = "THROTTLED",
		.sent = b.sent,
		.answered = b.answered,
		.sent_body = "",
		.answered_body = "{\"message\":\"Limit Exceeded\"}",
	};
	b.trace.rows[GW_STEP_STAGE].outcome = GW_PASSED;
	b.trace.rows[GW_STEP_AUTHORIZE].outcome = GW_NONE;
	b.trace.rows[GW_STEP_API_KEY].outcome = GW_PASSED;
	b.trace.rows[GW_STEP_THROTTLE] = (struct gw_row){GW_REFUSED, 10, "bucket empty", &b.detail};
	*state = &b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;
	lab_clear(&b->lab);
	return 0;
}

static void each_member_is_asked(void **state)
{
	static const struct {
		const char *yes, *no;
	} cases[] = {
		{"kind: request", "kind: message"},
		{"api: shop", "api: orders"},
		{"stage: dev", "stage: de"},
		{"method: GET", "method: POST"},
		{"path: \"page=2$\"", "path: \"^/products\""},
		{"path: products", "path: \"page=3\""},
		{"route: \"/products/{id}\"", "route: /products"},
		{"status: 429", "status: 403"},
		{"status: 4xx", "status: 5xx"},
		{"error: THROTTLED", "error: QUOTA_EXCEEDED"},
		{"reached: [stage, throttle]", "reached: [stage, integration]"},
		{"reached: authorize", "reached: waf"},
		{"not-reached: [integration, cache]", "not-reached: [cache, throttle]"},
		{"refused-by: throttle", "refused-by: api-key"},
		{"outcome: {throttle: refused, authorize: none}", "outcome: {throttle: passed}"},
		{"outcome: {integration: not-reached}", "outcome: {stage: not-reached}"},
		{"sent: {x-api-key: \"^bronze\"}", "sent: {x-api-key: gold}"},
		{"sent: {accept: \"\"}", "sent: {content-type: \"\"}"},
		{"answered: {retry-after: \"^22$\"}", "answered: {retry-after: \"^3$\"}"},
		{"lacks: [x-cache]", "lacks: [x-cache, RETRY-AFTER]"},
		{"answered-body: \"Limit\"", "answered-body: Forbidden"},
		{"detail: {throttle/bucket: bronze}", "detail: {throttle/bucket: gold}"},
		{"detail: {throttle/bucket: \"\"}", "detail: {throttle/tokens: \"\"}"},
		{"detail: {throttle/bucket: bronze}", "detail: {cache/bucket: bronze}"},
		{"over: 1ms", "over: 2ms"},
		{"under: 2ms", "under: 1ms"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (!meets(*state, cases[i].yes))
			fail_msg("should be met: %s", cases[i].yes);
		if (meets(*state, cases[i].no))
			fail_msg("should not be met: %s", cases[i].no);
	}
}

/* One that fails is enough, and one trace has to have it all. */
static void all_members_must_hold(void **state)
{
	assert_true(meets(*state, "status: 429, error: THROTTLED, api: shop"));
	assert_false(meets(*state, "status: 429, error: THROTTLED, api: orders"));
	assert_false(meets(*state, "status: 429, sent: {x-api-key: bronze, accept: json}"));
}

static void what_was_not_kept_is_not_met(void **state)
{
	struct bench *b = *state;
	b->trace.sent = b->trace.answered = NULL;
	b->trace.sent_body = b->trace.answered_body = NULL;
	b->trace.target = NULL;
	b->trace.api = b->trace.error = b->trace.resource = NULL;
	assert_false(meets(b, "sent: {accept: \"\"}"));
	assert_false(meets(b, "answered-body: Limit"));
	assert_false(meets(b, "error: THROTTLED"));
	assert_false(meets(b, "api: shop"));
	assert_true(meets(b, "path: products"));
	assert_true(meets(b, "lacks: [retry-after]"));
}

static void a_close_code_is_a_status(void **state)
{
	struct bench *b = *state;
	b->trace.kind = GW_TRACE_DISCONNECT;
	b->trace.status = 1001;
	assert_true(meets(b, "kind: disconnect, status: 1001"));
	assert_false(meets(b, "kind: disconnect, status: 1000"));
}

static void says(struct bench *b, enum gw_step step, const char *want)
{
	struct str s = {0};
	assert_int_equal(trace_decides(&b->trace), step);
	trace_sentence(&s, &b->trace);
	assert_string_equal(str_c(&s), want);
	str_clear(&s);
}

static void a_trace_turns_on_one_step(void **state)
{
	struct bench *b = *state;
	struct gw_row *rows = b->trace.rows;
	says(b, GW_STEP_THROTTLE, "429 THROTTLED at throttling: bucket empty");
	b->trace.status = 200;
	b->trace.error = NULL;
	rows[GW_STEP_THROTTLE] = (struct gw_row){.outcome = GW_PASSED};
	rows[GW_STEP_CACHE] = (struct gw_row){.outcome = GW_HIT};
	says(b, GW_STEP_CACHE, "200 from cache: hit");
	rows[GW_STEP_CACHE].outcome = GW_PASSED;
	rows[GW_STEP_INTEGRATION].outcome = GW_PASSED;
	says(b, GW_STEP_INTEGRATION, "200, every stage passed");
	/* What comes after a failure does not hide it. */
	b->trace.status = 504;
	b->trace.error = "INTEGRATION_TIMEOUT";
	rows[GW_STEP_INTEGRATION] = (struct gw_row){.outcome = GW_FAILED, .summary = "timeout"};
	rows[GW_STEP_RESPONSE].outcome = GW_PASSED;
	says(b, GW_STEP_INTEGRATION, "504 INTEGRATION_TIMEOUT at integration: timeout");
	b->trace.kind = GW_TRACE_MESSAGE;
	b->trace.status = 0;
	b->trace.error = NULL;
	rows[GW_STEP_INTEGRATION] = (struct gw_row){.outcome = GW_PASSED};
	says(b, GW_STEP_RESPONSE, "every stage passed");
	rows[GW_STEP_ROUTE].outcome = GW_REFUSED;
	says(b, GW_STEP_ROUTE, "at route: refused");
	b->trace.kind = GW_TRACE_DISCONNECT;
	b->trace.status = 1001;
	says(b, GW_STEP_ROUTE, "closed with 1001");
	b->trace.kind = GW_TRACE_REQUEST;
	b->trace.status = 504;
	b->trace.error = "INTEGRATION_TIMEOUT";
	memset(rows, 0, sizeof(b->trace.rows));
	says(b, GW_STEP_TLS, "504 INTEGRATION_TIMEOUT before the first stage");
}

/* The words of lab files stand in the order of the pipeline. */
static void steps_are_those_of_traces(void **state)
{
	static const struct {
		const char *word;
		enum gw_step step;
	} steps[] = {
		{"tls", GW_STEP_TLS},           {"size", GW_STEP_SIZE},
		{"waf", GW_STEP_WAF},           {"stage", GW_STEP_STAGE},
		{"cors", GW_STEP_CORS},         {"route", GW_STEP_ROUTE},
		{"policy", GW_STEP_POLICY},     {"authorize", GW_STEP_AUTHORIZE},
		{"api-key", GW_STEP_API_KEY},   {"throttle", GW_STEP_THROTTLE},
		{"validate", GW_STEP_VALIDATE}, {"cache", GW_STEP_CACHE},
		{"request", GW_STEP_REQUEST},   {"integration", GW_STEP_INTEGRATION},
		{"response", GW_STEP_RESPONSE}, {"method-response", GW_STEP_METHOD_RESPONSE},
	};
	(void)state;
	assert_int_equal(ARRAY_LEN(steps), GW_STEP_COUNT);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		assert_int_equal(lab_step(steps[i].word), steps[i].step);
	assert_null(lab_steps[GW_STEP_COUNT]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_member_is_asked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(all_members_must_hold, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_was_not_kept_is_not_met, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_close_code_is_a_status, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_trace_turns_on_one_step, set_up, tear_down),
		cmocka_unit_test(steps_are_those_of_traces),
	};
	return cmocka_run_group_tests_name("study/match", tests, NULL, NULL);
}
