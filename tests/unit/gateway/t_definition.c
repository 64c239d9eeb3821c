/* t_definition.c -- definition files: what is said of them, and what becomes of stacks. Every
 * diagnostic has a golden: tests/golden/gateway holds definitions and beside each, with suffix
 * .want, exactly what is printed of it. Codes are found in the sources, so that a new one without a
 * golden fails here. GATEDRILL_GOLDEN=update rewrites the goldens: read the difference before you
 * commit it. */
#include "base/file.h"
#include "gateway/deffile.h"
#include "gateway/stack.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GOLDEN "tests/golden/gateway"
#define MAX_SOURCE ((size_t)4 << 20)

static void read_whole(const char *path, struct str *out)
{
	struct diags d = {0};

	if (!file_read(path, MAX_SOURCE, out, &d))
		fail_msg("%s", diags_first(&d));
	diags_clear(&d);
}

/* -- goldens ----------------------------------------------------------------------------------- */

/* What loading a file prints. Heap. */
static char *printed(const char *path)
{
	struct gateway g = {0};
	struct load_options o = {0};
	struct diags d = {0};
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	assert_non_null(f);
	bool ok = gateway_load(&g, &path, 1, &o, &d);

	assert_int_equal(ok, d.errors == 0);
	diags_print(&d, f);
	diags_clear(&d);
	gateway_clear(&g);
	fclose(f);
	return text;
}

static void check_golden(struct arena *a, const char *path)
{
	const char *want_path =
		arena_printf(a, "%.*s.want", (int)(strrchr(path, '.') - path), path);
	char *got = printed(path);
	struct str want = {0};
	struct diags d = {0};

	if (str_eq(getenv("GATEDRILL_GOLDEN"), "update") &&
	    !file_write(want_path, got, strlen(got), &d))
		fail_msg("%s", diags_first(&d));
	read_whole(want_path, &want);
	if (!str_eq(got, str_c(&want)))
		fail_msg("%s prints:\n%s", path, got);
	free(got);
	str_clear(&want);
	diags_clear(&d);
}

static void goldens_print_what_they_should(void **state)
{
	static const char *const ends[] = {".yaml", ".json"};
	struct arena a = {0};
	struct diags d = {0};
	size_t checked = 0;

	(void)state;
	for (size_t e = 0; e < ARRAY_LEN(ends); e++) {
		const char **names;
		size_t n;

		assert_true(file_list(GOLDEN, ends[e], &a, &names, &n, &d));
		for (size_t i = 0; i < n; i++) {
			if (str_ends(names[i], ".openapi.yaml"))
				continue;
			check_golden(&a, path_join(&a, GOLDEN, names[i]));
			checked++;
		}
	}
	assert_true(checked > 8);
	arena_clear(&a);
}

static void nothing_is_said_of_the_clean_one(void **state)
{
	char *got = printed(GOLDEN "/clean.yaml");

	(void)state;
	assert_string_equal(got, "");
	free(got);
}

/* All goldens in one text. */
static void read_wants(struct str *all)
{
	struct arena a = {0};
	struct diags d = {0};
	const char **names;
	size_t n;

	assert_true(file_list(GOLDEN, ".want", &a, &names, &n, &d));
	for (size_t i = 0; i < n; i++) {
		struct str one = {0};

		read_whole(path_join(&a, GOLDEN, names[i]), &one);
		str_add(all, str_c(&one));
		str_clear(&one);
	}
	arena_clear(&a);
}

/* The literal at p, if it is a code and not a word of a definition. */
static char *code_at(struct arena *a, const char *p)
{
	size_t n = 1;

	if (!str_starts(p, "\"gateway-") || str_starts(p, "\"gateway-responses\""))
		return NULL;
	while (islower((unsigned char)p[n]) || p[n] == '-')
		n++;
	return p[n] == '"' ? arena_strndup(a, p + 1, n - 1) : NULL;
}

static size_t check_codes(const char *path, const char *wants)
{
	struct str source = {0};
	struct arena a = {0};
	size_t codes = 0;

	read_whole(path, &source);
	for (const char *p = strchr(str_c(&source), '"'); p; p = strchr(p + 1, '"')) {
		char *code = code_at(&a, p);

		codes += code != NULL;
		if (code && !strstr(wants, arena_printf(&a, "[%s]\n", code)))
			fail_msg("%s: no golden shows %s", path, code);
	}
	str_clear(&source);
	arena_clear(&a);
	return codes;
}

static void every_code_has_a_golden(void **state)
{
	static const char *const starts[] = {"shape", "def", "openapi", "stack"};
	struct arena a = {0};
	struct diags d = {0};
	struct str wants = {0};
	const char **names;
	size_t n, codes = 0;

	(void)state;
	read_wants(&wants);
	assert_true(file_list("src/gateway", ".c", &a, &names, &n, &d));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < ARRAY_LEN(starts); k++)
			if (str_starts(names[i], starts[k]))
				codes += check_codes(path_join(&a, "src/gateway", names[i]),
						     str_c(&wants));
	assert_true(codes > 100);
	str_clear(&wants);
	arena_clear(&a);
}

/* -- stack files ------------------------------------------------------------------------------- */

static void a_stack_is_read(void **state)
{
	static const char path[] = GOLDEN "/clean.yaml";
	const char *files[] = {path};
	struct load_options o = {0};
	struct gateway g = {0};
	struct diags d = {0};

	(void)state;
	assert_true(gateway_load(&g, files, 1, &o, &d));
	const struct gw_api *tiny = gateway_api(&g, "tiny"), *orders = gateway_api(&g, "orders");
	const struct gw_stage *dev = gw_api_stage(tiny, "dev");

	assert_string_equal(g.name, "clean");
	assert_int_equal(tiny->endpoint, GW_REGIONAL);
	assert_int_equal(dev->setting_count, 3);
	assert_true(dev->settings[0].rate == 7 && dev->settings[0].burst == 2);
	assert_string_equal(dev->settings[1].path, "/x");
	assert_string_equal(dev->settings[1].verb, "GET");
	assert_true(dev->settings[1].rate == 5 && dev->settings[1].burst == -1);
	assert_string_equal(dev->settings[2].path, "/x");
	assert_int_equal(dev->settings[2].caching, 0);
	assert_false(dev->auto_deploy);
	assert_true(dev->canary->percent == 10);
	assert_string_equal(dev->canary->overrides[0].value, "c");
	assert_string_equal(orders->routes[0].key, "$connect");
	assert_int_equal(orders->routes[0].auth, GW_AUTH_CUSTOM);
	assert_true(orders->routes[0].api_key);
	assert_int_equal(orders->routes[0].authorizer->identity_count, 2);
	assert_true(orders->routes[1].route_response);
	assert_string_equal(orders->routes[2].models[0].model->name, "Order");
	assert_int_equal(orders->routes[2].integration->response_count, 2);
	assert_non_null(orders->routes[2].integration->responses[0].re);
	assert_int_equal(g.plan_count, 1);
	assert_int_equal(g.plans[0].stage_count, 2);
	assert_int_equal(g.plans[0].period, GW_WEEK);
	assert_ptr_equal(g.plans[0].keys[0], &g.keys[0]);
	assert_int_equal(gateway_function(&g, "echo")->timeout_ms, 3000);
	assert_string_equal(g.domains[0].mappings[1].base_path, "");
	assert_string_equal(g.credentials[0].arn, "arn:aws:iam::123456789012:user/demo");
	assert_true(str_ends(g.jwks[0].value, "/tests/golden/gateway/keys.json"));
	assert_true(g.account_rate == 100 && g.account_burst == 50);
	assert_null(gateway_api(&g, "tin"));
	gateway_clear(&g);
	diags_clear(&d);
}

static void commands_run_only_where_they_may(void **state)
{
	static const struct {
		struct load_options o;
		bool trusted;
	} cases[] = {
		{{0}, false},
		{{.allow_commands = true}, true},
		{{.share = "tests/golden"}, true},
		{{.share = "tests/gold"}, false},
		{{.share = "tests/golden/gateway/deep"}, false},
	};
	const char *files[] = {GOLDEN "/command.yaml"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct gateway g = {0};
		struct diags d = {0};

		assert_true(gateway_load(&g, files, 1, &cases[i].o, &d));
		assert_int_equal(g.functions[0].trusted, cases[i].trusted);
		assert_int_equal(d.warnings, cases[i].trusted ? 0 : 1);
		assert_true(str_ends(g.functions[0].folder, "/tests/golden/gateway"));
		gateway_clear(&g);
		diags_clear(&d);
	}
}

static void an_openapi_file_stands_alone(void **state)
{
	const char *files[] = {GOLDEN "/tiny.openapi.yaml", GOLDEN "/clean.yaml"};
	struct load_options o = {0};
	struct gateway g = {0};
	struct diags d = {0};

	(void)state;
	assert_true(gateway_load(&g, files, 1, &o, &d));
	assert_string_equal(g.apis[0].id, "tiny");
	assert_string_equal(g.apis[0].name, "Tiny");
	assert_int_equal(g.apis[0].type, GW_REST);
	assert_string_equal(g.apis[0].stages[0].name, "dev");
	o.type = "HTTP";
	assert_false(gateway_load(&g, files, 1, &o, &d));
	diags_clear(&d);
	o.type = NULL;
	assert_false(gateway_load(&g, files, 2, &o, &d)); /* "tiny" twice */
	assert_non_null(strstr(diags_first(&d), "two APIs \"tiny\""));
	gateway_clear(&g);
	diags_clear(&d);
}

static void plain_scalars_are_typed(void **state)
{
	static const char text[] =
		"[1, -0.5e3, 1.10, 010, 0x1, true, False, ~, null, '', '1', yes, .5]";
	static const enum node_kind kinds[] = {
		NODE_NUMBER, NODE_NUMBER, NODE_NUMBER, NODE_TEXT, NODE_TEXT, NODE_BOOL, NODE_TEXT,
		NODE_NULL,   NODE_NULL,   NODE_TEXT,   NODE_TEXT, NODE_TEXT, NODE_TEXT};
	struct arena a = {0};
	struct node *root;
	size_t i = 0;

	(void)state;
	assert_true(def_parse(&a, "x.yaml", (struct slice){text, strlen(text)}, &root, NULL));
	for (const struct node *e = root->child; e; e = e->next)
		assert_int_equal(e->kind, kinds[i++]);
	assert_int_equal(i, ARRAY_LEN(kinds));
	assert_string_equal(root->child->next->next->text, "1.10");
	static const char json[] = "{\"a\": \"\\/\"}";

	assert_true(def_parse(&a, "x.yaml", (struct slice){json, strlen(json)}, &root, NULL));
	assert_string_equal(node_text(root, "a"), "/");
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goldens_print_what_they_should),
		cmocka_unit_test(nothing_is_said_of_the_clean_one),
		cmocka_unit_test(every_code_has_a_golden),
		cmocka_unit_test(a_stack_is_read),
		cmocka_unit_test(commands_run_only_where_they_may),
		cmocka_unit_test(an_openapi_file_stands_alone),
		cmocka_unit_test(plain_scalars_are_typed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
