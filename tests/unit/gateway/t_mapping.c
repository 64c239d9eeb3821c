/* t_mapping.c -- what parameter mappings read, and where they point. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gateway/mapping.h"
#include "world.h"

#include <string.h>

/* The values with '|' between; "-" absent, "!" no JSON. */
static const char *value_of(struct world *w, struct mapping_source *s, const char *from)
{
	struct mapping_values v;
	switch (mapping_eval(&w->x, s, from, &v)) {
	case MAPPING_ABSENT:
		return "-";
	case MAPPING_NOT_JSON:
		return "!";
	case MAPPING_DONE:
		break;
	}
	const char *out = v.items[0];
	for (size_t i = 1; i < v.count; i++)
		out = arena_printf(&w->arena, "%s|%s", out, v.items[i]);
	return out;
}

static void test_request(void **state)
{
	(void)state;
	static struct gw_param variables[] = {{"v", "var"}};
	struct world w;
	world_init(&w);
	w.stage.variables = variables;
	w.stage.variable_count = 1;
	world_ask(&w, "POST",
		  "/p/1?q=a&q=b&empty=", "{\"a\":{\"b\":\"text\",\"n\":1.50},\"z\":null}");
	world_header(&w, "X-One", "1");
	world_header(&w, "X-One", "2");
	gw_exchange_begin(&w.x);
	gw_params_add(&w.arena, &w.x.path_params, "id", "1%2F2");
	struct mapping_source s = {.body = w.request.body};
	static const char *const cases[][2] = {
		{"'fixed'", "fixed"},
		{"''", "-"},
		{"'it's'", "it's"},
		{"method.request.path.id", "1%2F2"},
		{"method.request.path.no", "-"},
		{"method.request.querystring.q", "b"},
		{"method.request.querystring.empty", "-"},
		{"method.request.multivaluequerystring.q", "a|b"},
		{"method.request.header.X-One", "2"},
		{"method.request.header.X-ONE", "-"}, /* case counts */
		{"method.request.multivalueheader.X-One", "1,2"},
		{"method.request.body", "{\"a\":{\"b\":\"text\",\"n\":1.50},\"z\":null}"},
		{"method.request.body.a.b", "text"},
		{"method.request.body.a", "{\"b\":\"text\",\"n\":1.50}"},
		{"method.request.body.a.n", "1.50"},
		{"method.request.body.z", "-"},
		{"method.request.body.no", "-"},
		{"method.request.bodyx", "-"},
		{"stageVariables.v", "var"},
		{"stageVariables.no", "-"},
		{"context.httpMethod", "POST"},
		{"context.identity.sourceIp", "127.0.0.1"},
		{"context.nothing", "-"},
		{"integration.response.header.X", "-"},
		{"nonsense", "-"},
		{"'", "-"},
		{"", "-"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(value_of(&w, &s, cases[i][0]), cases[i][1]);
	world_clear(&w);
}

static void test_not_json(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	gw_exchange_begin(&w.x);
	struct mapping_source text = {.body = {"text", 4}};
	assert_string_equal(value_of(&w, &text, "method.request.body.a"), "-");
	assert_string_equal(value_of(&w, &text, "method.request.body"), "text");
	struct mapping_source broken = {.body = {" {text", 6}};
	assert_string_equal(value_of(&w, &broken, "method.request.body.a"), "!");
	assert_string_equal(value_of(&w, &broken, "method.request.body"), "!");
	struct mapping_source none = {0};
	assert_string_equal(value_of(&w, &none, "method.request.body.a"), "-");
	assert_string_equal(value_of(&w, &none, "method.request.body"), "{}");
	bool wrong = false;
	assert_null(mapping_body_part(&w.arena, text.body, "a", &wrong));
	assert_true(wrong);
	struct slice list = {"{\"a\":[1, 2]}", 12};
	assert_string_equal(mapping_body_part(&w.arena, list, "$.a", &wrong), "[1,2]");
	assert_false(wrong);
	world_clear(&w);
}

static void test_answer(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	gw_exchange_begin(&w.x);
	struct gw_headers h = {0};
	gw_headers_add(&w.arena, &h, "Location", "/a");
	gw_headers_add(&w.arena, &h, "Location", "/b");
	struct mapping_source s = {.body = {"{\"id\":7}", 8}, .headers = &h};
	assert_string_equal(value_of(&w, &s, "integration.response.header.Location"), "/b");
	assert_string_equal(value_of(&w, &s, "integration.response.multivalueheader.Location"),
			    "/a,/b");
	assert_string_equal(value_of(&w, &s, "integration.response.body.id"), "7");
	world_clear(&w);
}

static void test_targets(void **state)
{
	(void)state;
	static const struct {
		const char *to;
		enum mapping_target target;
		const char *name;
	} cases[] = {
		{"integration.request.header.X-A", MAPPING_HEADER, "X-A"},
		{"integration.request.querystring.q", MAPPING_QUERY, "q"},
		{"integration.request.path.id", MAPPING_PATH, "id"},
		{"method.response.header.X", MAPPING_HEADER, "X"},
		{"gatewayresponse.header.Y", MAPPING_HEADER, "Y"},
		{"integration.request.header.", MAPPING_NOWHERE, NULL},
		{"integration.request.body", MAPPING_NOWHERE, NULL},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *name;
		assert_int_equal(mapping_target(cases[i].to, &name), cases[i].target);
		if (cases[i].name)
			assert_string_equal(name, cases[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_not_json),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_targets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
