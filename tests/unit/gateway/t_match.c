/* t_match.c -- the resource tree: priorities, backtracking, ANY, greedy variables, slashes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gateway/match.h"

#include <string.h>

#define MAX_NODES 32

/* A tree built from "VERB /path" rows; children in the order of priority, as a loader makes them.
 */
struct tree {
	struct arena arena;
	struct gw_resource nodes[MAX_NODES];
	size_t count;
	struct gw_api api;
};

static int rank(const struct gw_resource *r)
{
	return r->greedy ? 2 : r->variable ? 1 : 0;
}

static struct gw_resource *child_of(struct tree *t, struct gw_resource *parent, const char *part)
{
	for (struct gw_resource *c = parent->child; c; c = c->next)
		if (strcmp(c->part, part) == 0)
			return c;
	struct gw_resource *r = &t->nodes[t->count++];
	size_t n = strlen(part);
	r->part = part;
	r->parent = parent;
	r->greedy = *part == '{' && part[n - 2] == '+';
	if (*part == '{')
		r->variable = arena_strndup(&t->arena, part + 1, n - 2 - r->greedy);
	struct gw_resource **at = &parent->child;
	while (*at && rank(*at) <= rank(r))
		at = &(*at)->next;
	r->next = *at;
	*at = r;
	return r;
}

static void add(struct tree *t, const char *key)
{
	const char *path = strchr(key, ' ') + 1;
	struct gw_resource *r = t->api.root;
	for (const char *p = path; *p == '/' && p[1];) {
		size_t n = strcspn(p + 1, "/");
		r = child_of(t, r, arena_strndup(&t->arena, p + 1, n));
		p += n + 1;
	}
	r->path = path;
	struct gw_method *more = arena_alloc(&t->arena, (r->method_count + 1) * sizeof(*more));
	for (size_t i = 0; i < r->method_count; i++)
		more[i] = r->methods[i];
	more[r->method_count++].verb = arena_strndup(&t->arena, key, (size_t)(path - key) - 1);
	r->methods = more;
}

static void grow(struct tree *t, const char *const *keys)
{
	*t = (struct tree){.count = 1};
	t->nodes[0].part = "";
	t->api.root = &t->nodes[0];
	for (; *keys; keys++)
		add(t, *keys);
}

/* "VERB /resource name=value ..." of what matches, "-" for nothing. */
static const char *matched(struct tree *t, const char *verb, const char *path)
{
	struct match m;
	if (!match_resource(&t->arena, &t->api, verb, path, &m))
		return "-";
	const char *out = arena_printf(&t->arena, "%s %s", m.method->verb, m.resource->path);
	for (size_t i = 0; i < m.path.count; i++)
		out = arena_printf(&t->arena, "%s %s=%s", out, m.path.items[i].name,
				   m.path.items[i].value);
	return out;
}

struct expect {
	const char *verb, *path, *want;
};

static void check(const char *const *keys, const struct expect *cases, size_t count)
{
	struct tree t;
	grow(&t, keys);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(matched(&t, cases[i].verb, cases[i].path), cases[i].want);
	arena_clear(&t.arena);
}

static void test_path_and_verb_together(void **state)
{
	(void)state;
	static const char *const keys[] = {"POST /test", "ANY /test/any", "OPTIONS /{proxy+}",
					   NULL};
	static const struct expect cases[] = {
		{"OPTIONS", "/test", "OPTIONS /{proxy+} proxy=test"},
		{"OPTIONS", "/test/any", "ANY /test/any"},
		{"POST", "/test", "POST /test"},
		{"GET", "/test", "-"},
		{"GET", "/", "-"},
		{"OPTIONS", "/", "-"},
		{"TRACE", "/test/any", "-"},
		{"any", "/test/any", "-"},
		{"ANY", "/test/any", "-"},
	};
	check(keys, cases, ARRAY_LEN(cases));
}

static void test_backtracking(void **state)
{
	(void)state;
	static const char *const keys[] = {"GET /part1",
					   "GET /part1/hardcoded-value",
					   "GET /{param+}",
					   "GET /a/{x}/c",
					   "GET /a/b/d",
					   "GET /a/{x+}",
					   NULL};
	static const struct expect cases[] = {
		{"GET", "/part1", "GET /part1"},
		{"GET", "/part1/hardcoded-value", "GET /part1/hardcoded-value"},
		{"GET", "/part1/random-value", "GET /{param+} param=part1/random-value"},
		{"GET", "/a/b/c", "GET /a/{x}/c x=b"},
		{"GET", "/a/b/d", "GET /a/b/d"},
		{"GET", "/a/b/e", "GET /a/{x+} x=b/e"},
		{"GET", "/a/q", "GET /a/{x+} x=q"},
		{"GET", "/a", "GET /{param+} param=a"},
	};
	check(keys, cases, ARRAY_LEN(cases));
}

static void test_slashes_and_escapes(void **state)
{
	(void)state;
	static const char *const keys[] = {"GET /", "GET /x/{id}", "GET /caf\xc3\xa9",
					   "ANY /p/{proxy+}", NULL};
	static const struct expect cases[] = {
		{"GET", "/", "GET /"},
		{"GET", "", "GET /"},
		{"GET", "//", "GET /"},
		{"GET", "/x/1/", "GET /x/{id} id=1"},
		{"GET", "//x/1", "GET /x/{id} id=1"},
		{"GET", "/x//1", "-"},
		{"GET", "/x/", "-"},
		{"GET", "/x/a%2Bb", "GET /x/{id} id=a%2Bb"},
		{"GET", "/x/a+b@c", "GET /x/{id} id=a+b@c"},
		{"GET", "/caf%C3%A9", "GET /caf\xc3\xa9"},
		{"GET", "/p/one//two", "ANY /p/{proxy+} proxy=one//two"},
		{"GET", "/p/one/", "ANY /p/{proxy+} proxy=one"},
		{"GET", "/p", "-"},
	};
	check(keys, cases, ARRAY_LEN(cases));
}

/* A path of very many parts costs no stack and no time worth speaking of. */
static void test_deep(void **state)
{
	(void)state;
	static const char *const keys[] = {"GET /{a}/{b}", "GET /{a+}", NULL};
	struct tree t;
	grow(&t, keys);
	char path[4001];
	for (size_t i = 0; i < 4000; i += 2)
		memcpy(path + i, "/a", 2);
	path[4000] = '\0';
	struct match m;
	assert_true(match_resource(&t.arena, &t.api, "GET", path, &m));
	assert_string_equal(m.resource->path, "/{a+}");
	assert_int_equal(strlen(m.path.items[0].value), 3999);
	arena_clear(&t.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path_and_verb_together),
		cmocka_unit_test(test_backtracking),
		cmocka_unit_test(test_slashes_and_escapes),
		cmocka_unit_test(test_deep),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
