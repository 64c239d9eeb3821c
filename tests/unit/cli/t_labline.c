/* t_labline.c -- what is typed in a lab, as actions. */
#include "cli/labline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static struct arena arena;
static struct lab_action got;

static int fresh(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static void reads(const char *line)
{
	const char *why;
	if (!lab_line_read(&arena, line, &got, &why))
		fail_msg("%s: %s", line, why);
}

static void refuses(const char *line, const char *part)
{
	const char *why;
	assert_false(lab_line_read(&arena, line, &got, &why));
	if (!strstr(why, part))
		fail_msg("%s: \"%s\" does not say \"%s\"", line, why, part);
}

static void sends(void **state)
{
	(void)state;
	reads("send GET /dev/items?x=1");
	assert_int_equal(got.verb, LAB_SEND);
	assert_string_equal(got.method, "GET");
	assert_string_equal(got.target, "/dev/items?x=1");
	assert_null(got.body);
	reads("send patch /dev/items/7");
	assert_string_equal(got.method, "PATCH");
	reads("send /dev/items");
	assert_string_equal(got.method, "GET");
	reads("send /dev/items -d hello");
	assert_string_equal(got.method, "POST");
	assert_string_equal(got.body, "hello");
	refuses("send", "a method and a path");
	refuses("send GET", "a method and a path");
	refuses("send https://example.org/", "a method and a path");
	refuses("send GET /x -z", "Behind the path");
}

static void sends_headers_and_bodies(void **state)
{
	(void)state;
	reads("send PUT /d/x -H 'x-api-key: abc def' --header \"Accept:*/*\" --api shop --host "
	      "a.test --cert -d {\"n\": \"a b\"} -H");
	assert_int_equal(got.header_count, 2);
	assert_string_equal(got.headers[0].name, "x-api-key");
	assert_string_equal(got.headers[0].value, "abc def");
	assert_string_equal(got.headers[1].name, "Accept");
	assert_string_equal(got.headers[1].value, "*/*");
	assert_string_equal(got.api, "shop");
	assert_string_equal(got.host, "a.test");
	assert_true(got.certificate);
	/* JSON without quotes around it is taken to the end of the line. */
	assert_string_equal(got.body, "{\"n\": \"a b\"} -H");
	reads("send POST /d -d '{\"n\": 1}' --api shop");
	assert_string_equal(got.body, "{\"n\": 1}");
	assert_string_equal(got.api, "shop");
	reads("send POST /d -d \"a \\\"b\\\" \\\\ c\"");
	assert_string_equal(got.body, "a \"b\" \\ c");
	reads("send POST /d -d 'open quote");
	assert_string_equal(got.body, "open quote");
	refuses("send GET /d -H nocolon", "takes a header");
	refuses("send GET /d -H", "takes a header");
	refuses("send GET /d -H :x", "takes a header");
	refuses("send GET /d --api", "the id of an API");
	refuses("send GET /d --host", "the name of a host");
}

static void too_many_headers(void **state)
{
	struct str line = {0};
	(void)state;
	str_add(&line, "send GET /d");
	for (int i = 0; i < MAX_LAB_MATCHES; i++)
		str_addf(&line, " -H 'a%d: b'", i);
	reads(str_c(&line));
	assert_int_equal(got.header_count, MAX_LAB_MATCHES);
	str_add(&line, " -H 'one: more'");
	refuses(str_c(&line), "too many headers");
	str_clear(&line);
}

static void sockets(void **state)
{
	(void)state;
	reads("connect /live?room=1 -H 'authorization: yes'");
	assert_int_equal(got.verb, LAB_CONNECT);
	assert_string_equal(got.target, "/live?room=1");
	assert_null(got.as);
	assert_int_equal(got.header_count, 1);
	reads("connect @alice /live");
	assert_string_equal(got.as, "alice");
	refuses("connect alice", "takes a path");
	refuses("connect /live -d x", "Behind the path");
	reads("say {\"action\": \"join\", \"n\": '1'}");
	assert_string_equal(got.body, "{\"action\": \"join\", \"n\": '1'}");
	assert_null(got.as);
	reads("say @bob  hello there");
	assert_string_equal(got.as, "bob");
	assert_string_equal(got.body, "hello there");
	reads("say @ home");
	assert_null(got.as);
	assert_string_equal(got.body, "@ home");
	reads("close");
	assert_int_equal(got.code, 1000);
	reads("close @bob 4001");
	assert_string_equal(got.as, "bob");
	assert_int_equal(got.code, 4001);
	refuses("close 999", "close code");
	refuses("close 1000 now", "What is this: now");
}

static void other_verbs(void **state)
{
	enum lab_verb verb;
	(void)state;
	reads("deploy shop/dev");
	assert_int_equal(got.verb, LAB_DEPLOY);
	assert_string_equal(got.api, "shop");
	assert_string_equal(got.stage, "dev");
	reads("promote shop/prod");
	assert_int_equal(got.verb, LAB_PROMOTE);
	refuses("deploy shop", "an API and a stage");
	refuses("deploy /dev", "an API and a stage");
	refuses("deploy shop/", "an API and a stage");
	refuses("deploy shop/dev now", "What is this: now");
	assert_true(lab_line_verb("wait 2s", &verb));
	assert_int_equal(verb, LAB_WAIT);
	assert_false(lab_line_verb("waiting", &verb));
	assert_false(lab_line_verb("wai", &verb));
	assert_false(lab_line_verb("", &verb));
	assert_false(lab_line_verb("edit shop.yaml", &verb));
}

static void spans(void **state)
{
	static const struct {
		const char *text;
		int64_t ms; /* -1: none */
	} cases[] = {{"500ms", 500}, {"2s", 2000}, {"11m", 660000}, {"3h", 10800000},
		     {"0s", 0},      {"4h", -1},   {"181m", -1},    {"2", -1},
		     {"s", -1},      {"-1s", -1},  {"1.5s", -1},    {"2 s", -1},
		     {"2d", -1},     {"", -1},     {"2sx", -1},     {"99999999999999999999s", -1}};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t ms = -1;
		bool ok = lab_line_span(cases[i].text, &ms);
		if (ok != (cases[i].ms >= 0) || (ok && ms != cases[i].ms))
			fail_msg("%s: %d, %lld", cases[i].text, ok, (long long)ms);
	}
	reads("wait 11m");
	assert_int_equal(got.wait_ms, 660000);
	refuses("wait", "takes a time");
	refuses("wait long", "takes a time");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(sends, fresh),
		cmocka_unit_test_setup(sends_headers_and_bodies, fresh),
		cmocka_unit_test_setup(too_many_headers, fresh),
		cmocka_unit_test_setup(sockets, fresh),
		cmocka_unit_test_setup(other_verbs, fresh),
		cmocka_unit_test_setup(spans, fresh),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_clear(&arena);
	return failed;
}
