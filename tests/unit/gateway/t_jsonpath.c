/* t_jsonpath.c -- JSONPaths: the language, what is an error and when, definite or not, bounds. That
 * it is Jayway's is shown by tests/oracle and tests/conformance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/json.h"
#include "gateway/jsonpath.h"

#include <string.h>

static const char store[] =
	"{\"store\":{\"book\":["
	"{\"category\":\"reference\",\"author\":\"Nigel\",\"price\":8.95},"
	"{\"category\":\"fiction\",\"author\":\"Evelyn\",\"price\":12.99},"
	"{\"category\":\"fiction\",\"author\":\"Herman\",\"isbn\":\"0-553\",\"price\":8.99},"
	"{\"category\":\"fiction\",\"author\":\"J. R. R.\",\"isbn\":\"0-395\",\"price\":22.99}],"
	"\"bicycle\":{\"color\":\"red\",\"price\":19.95}},\"expensive\":10,\"none\":null}";

/* Result as JSON, with '*' in front of lists of paths that are not definite; or the error up to its
 * colon. */
static char *outcome(struct arena *a, const char *path, const char *document)
{
	struct node *doc;
	struct str out = {0};
	const char *error = "";
	assert_true(json_read_wire(a, (struct slice){document, strlen(document)}, &doc));
	const struct jsonpath *p = jsonpath_compile(a, path, &error);
	const struct node *result = p ? jsonpath_find(a, p, doc, &error) : NULL;
	if (result && !jsonpath_definite(p))
		str_addc(&out, '*');
	if (result)
		json_write(&out, result);
	else
		str_addn(&out, error, strcspn(error, ":"));
	if (p)
		assert_true((jsonpath_eval(a, p, doc) != NULL) == (result != NULL));
	char *text = arena_strdup(a, str_c(&out));
	str_clear(&out);
	return text;
}

struct sample {
	const char *path, *want;
};

static void check(const char *document, const struct sample *samples, size_t n)
{
	struct arena a = {0};
	for (size_t i = 0; i < n; i++) {
		const char *got = outcome(&a, samples[i].path, document);
		if (strcmp(got, samples[i].want) != 0)
			fail_msg("%s\ngave %s\nwant %s", samples[i].path, got, samples[i].want);
	}
	arena_clear(&a);
}

#define NOTHING "PathNotFoundException"
#define WRONG "InvalidPathException"

static void test_paths(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{"$.expensive", "10"},
		{"expensive", "10"},
		{"@.expensive", "10"},
		{" $.expensive\n", "10"},
		{"$['expensive']", "10"},
		{"$.none", "null"},
		{"$.store.bicycle", "{\"color\":\"red\",\"price\":19.95}"},
		{"$.store.book[0].author", "\"Nigel\""},
		{"$.store.book[(@.length-1)].author", "\"J. R. R.\""},
		{"$.store.book[-1].author", NOTHING},
		{"$.store.book[4]", NOTHING},
		{"$.store.nothing", NOTHING},
		{"$.nothing.at.all", NOTHING},
		{"$.store.book[0,2].price", "*[8.95,8.99]"},
		{"$.store.book[1:3].price", "*[12.99,8.99]"},
		{"$.store.book[:2].price", "*[8.95,12.99]"},
		{"$.store.book[-1:].price", "*[22.99]"},
		{"$.store.book[:-3].price", "*[8.95]"},
		{"$.store.book[*].isbn", "*[\"0-553\",\"0-395\"]"},
		{"$.store.bicycle.*", "*[\"red\",19.95]"},
		{"$..price", "*[8.95,12.99,8.99,22.99,19.95]"},
		{"$.store..price", "*[8.95,12.99,8.99,22.99,19.95]"},
		{"$..nothing", "*[]"},
		{"$.store.bicycle['price','color','x']", "{\"price\":19.95,\"color\":\"red\"}"},
		{"$.store['bicycle','book'].x", WRONG},
		{"$.expensive[0]", WRONG},
		{"$.none[0]", NOTHING},
		{"$.store.book.author", NOTHING},
	};
	check(store, samples, ARRAY_LEN(samples));
}

static void test_filters(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{"$..book[?(@.isbn)].price", "*[8.99,22.99]"},
		{"$..book[?(!@.isbn)].price", "*[8.95,12.99]"},
		{"$.store.book[?(@.isbn)].price", "*[8.99,22.99]"},
		{"$.store.book[?(!@.isbn)].price", "*[8.95,12.99]"},
		{"$.store.book[?(@.price < 10)].author", "*[\"Nigel\",\"Herman\"]"},
		{"$.store.book[?(@.price < $.expensive)].price", "*[8.95,8.99]"},
		{"$.store.book[?(10 < @.price)].price", "*[]"},
		{"$.store.book[?(@.price == 8.950)].price", "*[8.95]"},
		{"$.store.book[?(@.author == 'Evelyn')].price", "*[12.99]"},
		{"$.store.book[?(@.author != 'Evelyn' && @.isbn)].price", "*[8.99,22.99]"},
		{"$.store.book[?(@.author == 'Evelyn' || @.isbn && @.price > 20)].price",
		 "*[12.99,22.99]"},
		{"$.store.book[?(@.author =~ /n.*/i)].author", "*[\"Nigel\"]"},
		{"$.store.book[?(@.author =~ /n.*/)].author", "*[]"},
		{"$.store.book[?(@.author =~ 'x')].author", "ClassCastException"},
		{"$.store.book[?(@.price == 'x')]", "NumberFormatException"},
		{"$.store.book[?(@.price == '8.95')].price", "*[8.95]"},
		{"$.store.bicycle[?(@.price > 1)].color", "*[\"red\"]"},
		{"$.expensive[?(@.a)]", WRONG},
		{"$.store.book[?(@.isbn)].nothing", NOTHING},
		{"$.store.book[?]", "NullPointerException"},
		{"$.store.book[?(@..price > 1)]", WRONG},
		{"$.store.book[?(@.price > 1)", WRONG},
		{"$.store.book[?@.price > 1]", WRONG},
		{"$.store.book[?()]", WRONG},
		{"$.store.book[?(@.author =~ /(/)]", WRONG},
		{"$.store.book[?(@.a &&)]", WRONG},
		{"$.store.book[?(@.a &&& @.b)]", WRONG},
	};
	check(store, samples, ARRAY_LEN(samples));
}

/* Jayway's ways, which are kept. */
static void test_quirks(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{"", "IllegalArgumentException"},
		{" ", WRONG},
		{".", "IllegalStateException"},
		{"$.", WRONG},
		{"$..", WRONG},
		{"$x", WRONG},
		{"$.a b", WRONG},
		{"$[", WRONG},
		{"$[]", WRONG},
		{"$[\"a\"]", WRONG},
		{"$[\"1\"]", WRONG}, /* the second element */
		{"$.l[\"1\"]", "2"},
		{"$.l[1 2]", NOTHING}, /* the 13th */
		{"$.l[0,", WRONG},
		{"$.l[::2]", WRONG},
		{"$.l[0:2:5]", "*[1,2]"},
		{"$.l[99999999999]", WRONG},
		{"$.l[-2:1]", NOTHING},
		{"$.l[]", WRONG},
		{"$.a]b", "{}"},
		{"$['a','a']", "{\"a\":1}"},
		{"$[?($.a)]", "*[{\"a\":1,\"l\":[1,2,3],\"it's\":4}]"},
	};
	check("{\"a\":1,\"l\":[1,2,3],\"it's\":4}", samples, ARRAY_LEN(samples));
}

static void test_result_is_a_list_of_its_own(void **state)
{
	(void)state;
	struct arena a = {0};
	struct node *doc;
	const char text[] = "{\"l\":[{\"x\":1},{\"x\":2},{\"x\":3}]}";
	assert_true(json_read_wire(&a, (struct slice){text, strlen(text)}, &doc));
	const struct jsonpath *p = jsonpath_compile(&a, "$.l[0,0,2]", NULL);
	const struct node *found = jsonpath_eval(&a, p, doc);
	assert_int_equal(found->count, 3);
	assert_int_equal(doc->child->count, 3);
	assert_ptr_equal(found->child->child, doc->child->child->child);
	assert_ptr_equal(jsonpath_eval(&a, jsonpath_compile(&a, "$", NULL), doc), doc);
	arena_clear(&a);
}

/* A list of n times item. */
static const char *list_of(struct str *out, const char *item, size_t n)
{
	str_addc(out, '[');
	for (size_t i = 0; i < n; i++)
		str_addf(out, "%s%s", i ? "," : "", item);
	str_addc(out, ']');
	return str_c(out);
}

static void test_bounds(void **state)
{
	(void)state;
	struct arena a = {0};
	struct str text = {0};
	char path[MAX_JSONPATH_TEXT + 2];
	memset(path, 'a', sizeof(path) - 1);
	path[MAX_JSONPATH_TEXT + 1] = '\0';
	assert_string_equal(outcome(&a, path, "{}"), WRONG);
	path[MAX_JSONPATH_TEXT] = '\0';
	assert_string_equal(outcome(&a, path, "{}"), NOTHING);
	const char *many = list_of(&text, "[1,2]", MAX_JSONPATH_RESULTS / 2 + 1);
	assert_string_equal(outcome(&a, "$[*][*]", many), "LimitException");
	/* a comparison of each with the last */
	assert_string_equal(outcome(&a, "$[?(@[0] == $[50000][1])]", many), "LimitException");
	str_reset(&text);
	many = list_of(&text, "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", 1000);
	assert_string_equal(outcome(&a, "$[?(@ =~ /(a|aa)+[^a]/)]", many), "LimitException");
	str_reset(&text);
	for (int i = 0; i < MAX_TREE_DEPTH - 1; i++)
		str_add(&text, "{\"a\":");
	str_add(&text, "1");
	for (int i = 0; i < MAX_TREE_DEPTH - 1; i++)
		str_add(&text, "}");
	assert_string_equal(outcome(&a, "$..a..a..a..a..a..a..a", str_c(&text)), "LimitException");
	str_clear(&text);
	arena_clear(&a);
}

/* Filters within filters are compiled by recursion. */
static void test_nesting(void **state)
{
	(void)state;
	struct arena a = {0};
	struct str path = {0};
	str_add(&path, "$");
	for (int i = 0; i < 500; i++)
		str_add(&path, "[?(@.a");
	for (int i = 0; i < 500; i++)
		str_add(&path, ")]");
	assert_string_equal(outcome(&a, str_c(&path), "[]"), WRONG);
	str_clear(&path);
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),  cmocka_unit_test(test_filters),
		cmocka_unit_test(test_quirks), cmocka_unit_test(test_result_is_a_list_of_its_own),
		cmocka_unit_test(test_bounds), cmocka_unit_test(test_nesting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
