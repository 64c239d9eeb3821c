/* t_yaml.c -- the YAML reader: trees, positions, every error with its code and place, hostile
 * input; and the scalar writer. */
#include "base/json.h"
#include "base/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The tree as JSON, or "line:col code" of the first error. In out. */
static const char *outcome_n(struct str *out, const char *bytes, size_t n)
{
	struct arena a = {0};
	struct diags d = {0};
	struct node *root;
	str_reset(out);
	if (yaml_read(&a, "f", bytes, n, &root, &d)) {
		assert_int_equal(d.errors, 0);
		json_write(out, root);
	} else {
		assert_null(root);
		assert_true(d.errors > 0);
		assert_string_equal(d.items[0].pos.file, "f");
		str_addf(out, "%d:%d %s", d.items[0].pos.line, d.items[0].pos.col, d.items[0].code);
	}
	diags_clear(&d);
	arena_clear(&a);
	return str_c(out);
}

static const char *outcome(struct str *out, const char *text)
{
	return outcome_n(out, text, strlen(text));
}

struct sample {
	const char *text, *want;
};

static void check_samples(const struct sample *samples, size_t n)
{
	struct str out = {0};
	for (size_t i = 0; i < n; i++) {
		if (strcmp(outcome(&out, samples[i].text), samples[i].want) != 0)
			fail_msg("<<%s>>\ngave %s\nwant %s", samples[i].text, str_c(&out),
				 samples[i].want);
	}
	str_clear(&out);
}

static void test_trees(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{"a: 1\nb: [x, y]\nc: {d: e}\n",
		 "{\"a\":\"1\",\"b\":[\"x\",\"y\"],\"c\":{\"d\":\"e\"}}"},
		{"- 1.10\n- yes\n- ~\n- 2026-11-20\n- 0x1F\n",
		 "[\"1.10\",\"yes\",\"~\",\"2026-11-20\",\"0x1F\"]"},
		{"a:\nb: ''\n", "{\"a\":\"\",\"b\":\"\"}"},
		{"text", "\"text\""},
		{"---\n", "\"\""},
		{"--- {}\n...\n", "{}"},
		{"%YAML 1.1\n---\na: b\n", "{\"a\":\"b\"}"},
		{"# only a comment before\n\n[]", "[]"},
		{"\xef\xbb\xbf"
		 "a: b\n",
		 "{\"a\":\"b\"}"},
		{"a: |\n  one\n  two\n", "{\"a\":\"one\\ntwo\\n\"}"},
		{"a: >-\n  one\n  two\n", "{\"a\":\"one two\"}"},
		{"<<: x\n", "{\"<<\":\"x\"}"},
		{"? a\n: b\n", "{\"a\":\"b\"}"},
		{"{a, b: c}", "{\"a\":\"\",\"b\":\"c\"}"},
		{"[a: b, c]", "[{\"a\":\"b\"},\"c\"]"},
		{"a: !!str 1\n", "{\"a\":\"1\"}"},
		{"a: &x v\nb: *x\nc: [*x, *x]\n", "{\"a\":\"v\",\"b\":\"v\",\"c\":[\"v\",\"v\"]}"},
		{"a: &x one\nb: &x two\nc: *x\n", "{\"a\":\"one\",\"b\":\"two\",\"c\":\"two\"}"},
		{"a: &x k\n*x : v\n", "{\"a\":\"k\",\"k\":\"v\"}"},
		{"'a': 1\n\"b\": 2\n", "{\"a\":\"1\",\"b\":\"2\"}"},
		{"a: 1\r\nb: 2\r\n", "{\"a\":\"1\",\"b\":\"2\"}"},
		{"a: [1,\n\t2]\n", "{\"a\":[\"1\",\"2\"]}"},
		{"a: \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\n",
		 "{\"a\":\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"}"},
	};
	check_samples(samples, ARRAY_LEN(samples));
}

static void test_errors(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		/* syntax */
		{"a: [1, 2\n", "2:1 yaml-syntax"},
		{"a: b: c\n", "1:5 yaml-syntax"},
		{"a: 'x\n", "2:1 yaml-syntax"},
		{"a:\n  b: 1\n c: 2\n", "3:2 yaml-syntax"},
		{"a: @x\n", "1:4 yaml-syntax"},
		{"a: \"\\q\"\n", "1:5 yaml-syntax"},
		{"%FOO x\n--- a\n", "1:5 yaml-syntax"},
		{"a: \"\\0\"\n", "1:4 yaml-syntax"},
		{"a: \x01\n", "1:4 yaml-syntax"},
		{"\xc3\xa4: b\nb: \xc3\xa4\x1b\n", "2:5 yaml-syntax"},
		/* tabs as indentation */
		{"a:\n\tb: 1\n", "2:1 yaml-syntax"},
		{"a:\n  b: 1\n\tc: 2\n", "3:1 yaml-syntax"},
		{"a:\n- \tb: 1\n", "2:3 yaml-syntax"},
		{"a: |\n\tb\n", "2:1 yaml-syntax"},
		/* bytes */
		{"a: \xff\n", "1:4 yaml-utf8"},
		{"\xc3\xa4\n\xc3\xa4\xc3\xa4\xc0\xaf\n", "2:3 yaml-utf8"},
		{"a: \xed\xa0\x80\n", "1:4 yaml-utf8"},
		{"a: caf\xe9\n", "1:7 yaml-utf8"},
		/* keys */
		{"a: 1\nb: 2\na: 3\n", "3:1 yaml-duplicate-key"},
		{"- {x: 1, \"x\": 2}\n", "1:10 yaml-duplicate-key"},
		{"a: {b: {c: 1, d: 1, c: 1}}\n", "1:21 yaml-duplicate-key"},
		{"[a, b]: c\n", "1:1 yaml-key"},
		{"? {a: b}\n: c\n", "1:3 yaml-key"},
		/* aliases */
		{"a: *x\n", "1:4 yaml-alias"},
		{"a: &x [1]\nb: *x\n", "1:4 yaml-alias"},
		{"&x a: 1\nb: &y {}\n", "2:4 yaml-alias"},
		{"a: *a\n&a b: c\n", "1:4 yaml-alias"},
		/* tags */
		{"a: !!int 1\n", "1:4 yaml-tag"},
		{"a: ! x\n", "1:4 yaml-tag"},
		{"a: !foo x\n", "1:4 yaml-tag"},
		{"!!map {a: b}\n", "1:1 yaml-tag"},
		{"a: !!python/object {}\n", "1:4 yaml-tag"},
		{"%TAG !! tag:x.org,2000:\n---\na: !!str b\n", "3:4 yaml-tag"},
		/* documents */
		{"", "1:1 yaml-documents"},
		{"\n\n# nothing\n", "1:1 yaml-documents"},
		{"a\n---\nb\n", "2:1 yaml-documents"},
		{"a\n...\n---\n", "3:1 yaml-documents"},
	};
	check_samples(samples, ARRAY_LEN(samples));
}

static void test_utf16_and_nul(void **state)
{
	(void)state;
	struct str out = {0};
	assert_string_equal(outcome_n(&out,
				      "\xff\xfe"
				      "a\0",
				      4),
			    "1:1 yaml-utf8");
	assert_string_equal(outcome_n(&out, "\xfe\xff\0a", 4), "1:1 yaml-utf8");
	assert_string_equal(outcome_n(&out, "a: b\nc: \0d\n", 11), "2:4 yaml-syntax");
	assert_string_equal(outcome_n(&out, "\0", 1), "1:1 yaml-syntax");
	assert_string_equal(outcome_n(&out, NULL, 0), "1:1 yaml-documents");
	str_clear(&out);
}

static void test_positions(void **state)
{
	(void)state;
	struct arena a = {0};
	struct node *root;
	const char *text =
		"\xc3\xa4: x\ncards:\n- id: a\n  q: |\n    t\n- {\xc3\xb6: 1, k: \"v\"}\n";
	assert_true(yaml_read(&a, "f", text, strlen(text), &root, NULL));
	assert_int_equal(root->line, 1);
	assert_int_equal(root->child->col, 4);
	const struct node *cards = node_get(root, "cards");
	assert_int_equal(cards->line, 3);
	assert_int_equal(cards->key->line, 2);
	assert_int_equal(cards->count, 2);
	const struct node *q = node_get(cards->child, "q");
	assert_int_equal(q->line, 4);
	assert_int_equal(q->col, 6);
	assert_false(q->plain);
	const struct node *k = node_get(cards->child->next, "k");
	assert_int_equal(k->line, 6);
	assert_int_equal(k->key->col, 10);
	assert_int_equal(k->col, 13);
	assert_false(k->plain);
	assert_true(k->key->plain);
	arena_clear(&a);
}

static void test_empty_scalar_is_plain_text(void **state)
{
	(void)state;
	struct arena a = {0};
	struct node *root;
	assert_true(yaml_read(&a, "f", "a:\n", 3, &root, NULL));
	const struct node *n = node_get(root, "a");
	assert_int_equal(n->kind, NODE_TEXT);
	assert_true(n->plain);
	assert_string_equal(n->text, "");
	arena_clear(&a);
}

static void test_all_duplicates_are_reported(void **state)
{
	(void)state;
	struct arena a = {0};
	struct diags d = {0};
	struct node *root;
	const char *text = "a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n";
	assert_false(yaml_read(&a, "f", text, strlen(text), &root, &d));
	assert_int_equal(d.errors, 3);
	diags_clear(&d);
	arena_clear(&a);
}

/* A map of n keys, the last of which is given again in the middle. */
static void make_map(struct str *out, int n, bool again)
{
	str_reset(out);
	for (int i = 0; i < n; i++) {
		str_addf(out, "k%d: v\n", i);
		if (again && i == n / 2)
			str_addf(out, "k%d: v\n", n - 1);
	}
}

static void test_duplicates_in_maps_of_any_size(void **state)
{
	(void)state;
	struct str text = {0}, out = {0};
	for (int n = 2; n < 60; n++) {
		make_map(&text, n, false);
		outcome_n(&out, text.p, text.len);
		assert_int_equal(str_c(&out)[0], '{');
		make_map(&text, n, true);
		outcome_n(&out, text.p, text.len);
		char want[64];
		snprintf(want, sizeof(want), "%d:1 yaml-duplicate-key", n + 1);
		assert_string_equal(str_c(&out), want);
	}
	make_map(&text, 100000, true);
	assert_string_equal(outcome_n(&out, text.p, text.len), "100001:1 yaml-duplicate-key");
	str_clear(&text);
	str_clear(&out);
}

static void repeat(struct str *out, const char *unit, size_t n)
{
	for (size_t i = 0; i < n; i++)
		str_add(out, unit);
}

static const char *outcome_repeated(struct str *out, const char *head, const char *unit, size_t n)
{
	struct str text = {0};
	str_add(&text, head);
	repeat(&text, unit, n);
	outcome_n(out, str_c(&text), text.len);
	str_clear(&text);
	return str_c(out);
}

static void test_depth(void **state)
{
	(void)state;
	struct str text = {0}, out = {0};
	repeat(&text, "[", MAX_TREE_DEPTH);
	repeat(&text, "]", MAX_TREE_DEPTH);
	assert_int_equal(outcome_n(&out, text.p, text.len)[0], '[');
	/* the parser looks 1024 characters ahead before it tells of a bracket; then the limit ends
	 * it */
	assert_string_equal(outcome_repeated(&out, "", "[", 200000), "1:65 tree-too-deep");
	assert_string_equal(outcome_repeated(&out, "", "{", 200000), "1:2 yaml-key");
	assert_string_equal(outcome_repeated(&out, "", "{a: ", 200000), "1:257 tree-too-deep");
	assert_string_equal(outcome_repeated(&out, "", "- ", 200000), "1:129 tree-too-deep");
	assert_string_equal(outcome_repeated(&out, "", "? ", 200000), "1:3 yaml-key");
	assert_string_equal(outcome_repeated(&out, "", "[\n", 200000), "65:1 tree-too-deep");
	str_clear(&text);
	str_clear(&out);
}

static void test_sizes(void **state)
{
	(void)state;
	struct str out = {0};
	assert_int_equal(outcome_repeated(&out, "a: ", "x", MAX_TREE_SCALAR)[0], '{');
	assert_string_equal(outcome_repeated(&out, "a: ", "x", MAX_TREE_SCALAR + 1),
			    "1:4 tree-too-large");
	/* what never becomes an event is cut off while it is read */
	assert_non_null(
		strstr(outcome_repeated(&out, "a: \"", "\\u00e4", 3000000), "tree-too-large"));
	assert_non_null(strstr(outcome_repeated(&out, "a: b\n#", "x", 20000000), "tree-too-large"));
	assert_non_null(strstr(outcome_repeated(&out, "", "x", 20000000), "tree-too-large"));
	assert_non_null(strstr(outcome_repeated(&out, "a: b\n", "\n", 20000000), "tree-too-large"));
	/* a key is looked for 1024 characters far */
	struct str text = {0};
	repeat(&text, "k", 2000);
	str_add(&text, ": v\n");
	assert_string_equal(outcome_n(&out, text.p, text.len), "1:2001 yaml-syntax");
	str_clear(&text);
	str_clear(&out);
}

static void test_too_many_bytes_are_not_looked_at(void **state)
{
	(void)state;
	struct arena a = {0};
	struct diags d = {0};
	struct node *root;
	assert_false(yaml_read(&a, "f", "a", MAX_TREE_BYTES + 1, &root, &d));
	assert_string_equal(d.items[0].code, "tree-too-large");
	assert_int_equal(a.total, 0);
	diags_clear(&d);
	arena_clear(&a);
}

static void test_directives_are_bounded(void **state)
{
	(void)state;
	struct str out = {0};
	assert_string_equal(outcome_repeated(&out, "", "%TAG !a! b\n", 300000),
			    "101:1 yaml-syntax");
	assert_string_equal(outcome_repeated(&out, "a\n...\n", "%TAG !a! b\r", 300000),
			    "3:1101 yaml-syntax");
	assert_int_equal(outcome_repeated(&out, "- 100%\n", "- 5 %\n", 300)[0], '[');
	str_clear(&out);
}

static void test_alias_counts(void **state)
{
	(void)state;
	struct str text = {0}, out = {0};
	str_add(&text, "- &x v\n");
	repeat(&text, "- *x\n", MAX_YAML_ALIASES);
	assert_int_equal(outcome_n(&out, text.p, text.len)[0], '[');
	str_add(&text, "- *x\n");
	assert_string_equal(outcome_n(&out, text.p, text.len), "1002:3 yaml-alias");
	assert_string_equal(outcome_repeated(&out, "", "- &x v\n", MAX_YAML_ALIASES + 1),
			    "1001:3 yaml-alias");
	str_clear(&text);
	str_clear(&out);
}

static void test_alias_shares_its_text(void **state)
{
	(void)state;
	struct arena a = {0};
	struct node *root;
	assert_true(yaml_read(&a, "f", "- &x 'v'\n- *x\n", 14, &root, NULL));
	const struct node *copy = root->child->next;
	assert_ptr_equal(copy->text, root->child->text);
	assert_int_equal(copy->line, 2);
	assert_false(copy->plain);
	arena_clear(&a);
}

/* Writing */

struct scalar {
	const char *text, *want;
};

static void test_scalar_forms(void **state)
{
	(void)state;
	static const struct scalar scalars[] = {
		{"word", "word"},
		{"two words, a comma; (and) more!", "two words, a comma; (and) more!"},
		{"https://docs.aws.amazon.com/x?y=z#frag",
		 "https://docs.aws.amazon.com/x?y=z#frag"},
		{"1.10", "1.10"},
		{"2026-11-20", "2026-11-20"},
		{"a#b a:b", "a#b a:b"},
		{"\xc3\xa4 \xe2\x80\x93 \xf0\x9f\x98\x80",
		 "\xc3\xa4 \xe2\x80\x93 \xf0\x9f\x98\x80"},
		{"", "\"\""},
		{" a", "\" a\""},
		{"a ", "\"a \""},
		{"a: b", "\"a: b\""},
		{"a:", "\"a:\""},
		{"a #b", "\"a #b\""},
		{"-", "\"-\""},
		{"- a", "\"- a\""},
		{"...", "\"...\""},
		{"---", "\"---\""},
		{"*bold*", "\"*bold*\""},
		{"`code`", "\"`code`\""},
		{"{{c1::x}}", "\"{{c1::x}}\""},
		{"@x", "\"@x\""},
		{"\"q\" \\", "\"\\\"q\\\" \\\\\""},
		{"a\tb", "\"a\\tb\""},
		{"\x1b[0m\x7f", "\"\\x1B[0m\\x7F\""},
		{"\xc2\x85\xe2\x80\xa8\xef\xbb\xbf\xef\xbf\xbf", "\"\\x85\\u2028\\uFEFF\\uFFFF\""},
		{"a\xff", "\"a\xef\xbf\xbd\""},
		{"a\nb", "|-\n    a\n    b"},
		{"a\nb\n", "|\n    a\n    b"},
		{"a\n", "|\n    a"},
		{"a\n\n", "|+\n    a\n"},
		{"a\n\n  b\n\n\n", "|+\n    a\n\n      b\n\n"},
		{"# a\n- b: c", "|-\n    # a\n    - b: c"},
		{"a\n\tb", "|-\n    a\n    \tb"},
		{"\n", "\"\\n\""},
		{"\na", "\"\\na\""},
		{" a\nb", "\" a\\nb\""},
		{"a\r\nb", "\"a\\x0D\\nb\""},
	};
	struct str out = {0};
	for (size_t i = 0; i < ARRAY_LEN(scalars); i++) {
		str_reset(&out);
		yaml_add_scalar(&out, scalars[i].text, 2);
		assert_string_equal(str_c(&out), scalars[i].want);
	}
	str_clear(&out);
}

static void test_scalar_in_flow(void **state)
{
	(void)state;
	static const struct scalar scalars[] = {
		{"word", "word"},   {"a, b", "\"a, b\""},  {"a]", "\"a]\""},
		{"a:b", "\"a:b\""}, {"a\nb", "\"a\\nb\""},
	};
	struct str out = {0};
	for (size_t i = 0; i < ARRAY_LEN(scalars); i++) {
		str_reset(&out);
		yaml_add_scalar(&out, scalars[i].text, -1);
		assert_string_equal(str_c(&out), scalars[i].want);
	}
	str_clear(&out);
}

/* Write text as a value three ways and read it back. */
static void check_round_trip(struct str *file, const char *text)
{
	str_reset(file);
	str_add(file, "deep:\n- in: x\n  k: ");
	yaml_add_scalar(file, text, 2);
	str_add(file, "\nflow: [");
	yaml_add_scalar(file, text, -1);
	str_add(file, "]\ntop: ");
	yaml_add_scalar(file, text, 0);
	str_add(file, "\nend: x\n");
	struct arena a = {0};
	struct node *root;
	struct diags d = {0};
	if (!yaml_read(&a, "f", file->p, file->len, &root, &d))
		fail_msg("<<%s>> %s", file->p, d.items[0].text);
	assert_string_equal(node_text(node_get(root, "deep")->child, "k"), text);
	assert_string_equal(node_get(root, "flow")->child->text, text);
	assert_string_equal(node_text(root, "top"), text);
	diags_clear(&d);
	arena_clear(&a);
}

static void test_scalars_read_back(void **state)
{
	(void)state;
	/* every text of up to four of these pieces */
	static const char *const pieces[] = {"a",  " ",  "\n", ":",  "#",   "-",
					     "\t", "?",  ",",  "[",  "}",   "'",
					     "\"", "\\", "|",  "\r", "...", "\xc2\x85"};
	struct str file = {0};
	size_t n = ARRAY_LEN(pieces);
	for (size_t i = 0; i < n * n * n * n; i += i < n * n * n ? 1 : 23) {
		struct str text = {0};
		for (size_t rest = i, place = 0; place < 4; rest /= n, place++)
			str_add(&text, pieces[rest % n]);
		check_round_trip(&file, str_c(&text));
		str_truncate(&text, text.len - 1);
		if (text.len && (unsigned char)text.p[text.len - 1] < 0x80)
			check_round_trip(&file, str_c(&text));
		str_clear(&text);
	}
	str_clear(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trees),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_utf16_and_nul),
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_empty_scalar_is_plain_text),
		cmocka_unit_test(test_all_duplicates_are_reported),
		cmocka_unit_test(test_duplicates_in_maps_of_any_size),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_too_many_bytes_are_not_looked_at),
		cmocka_unit_test(test_directives_are_bounded),
		cmocka_unit_test(test_alias_counts),
		cmocka_unit_test(test_alias_shares_its_text),
		cmocka_unit_test(test_scalar_forms),
		cmocka_unit_test(test_scalar_in_flow),
		cmocka_unit_test(test_scalars_read_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
