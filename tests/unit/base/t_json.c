/* t_json.c -- the JSON reader against a table of valid and invalid texts (in the manner of
 * JSONTestSuite), positions and limits; the writers. */
#include "base/json.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A literal that may hold NUL bytes. */
#define BYTES(s) (s), sizeof(s) - 1

/* The tree written again, or "line:col code" of the first error. In out. */
static const char *outcome(struct str *out, const char *bytes, size_t n)
{
	struct arena a = {0};
	struct diags d = {0};
	struct node *root;
	char *copy =
		malloc(n ? n : 1); /* exactly n bytes: a byte too far is seen by the sanitizer */
	memcpy(copy, bytes, n);
	str_reset(out);
	if (json_read(&a, "f", copy, n, &root, &d)) {
		assert_int_equal(d.errors, 0);
		json_write(out, root);
	} else {
		assert_null(root);
		assert_true(d.errors > 0);
		str_addf(out, "%d:%d %s", d.items[0].pos.line, d.items[0].pos.col, d.items[0].code);
	}
	free(copy);
	diags_clear(&d);
	arena_clear(&a);
	return str_c(out);
}

struct sample {
	const char *text;
	size_t len;
	const char *want; /* valid: as written again, NULL: the same; invalid: position and code */
};

static void check_samples(const struct sample *samples, size_t n)
{
	struct str out = {0};
	for (size_t i = 0; i < n; i++) {
		const char *want = samples[i].want ? samples[i].want : samples[i].text;
		if (strcmp(outcome(&out, samples[i].text, samples[i].len), want) != 0)
			fail_msg("<<%s>>\ngave %s\nwant %s", samples[i].text, str_c(&out), want);
	}
	str_clear(&out);
}

static void test_valid(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		/* structure */
		{BYTES("[]"), NULL},
		{BYTES("{}"), NULL},
		{BYTES("[[]   ]"), "[[]]"},
		{BYTES("[{},[],{}]"), NULL},
		{BYTES(" [] "), "[]"},
		{BYTES("\t\r\n[\t1\r,\n2 ]\n"), "[1,2]"},
		{BYTES("{\"a\":[]}"), NULL},
		{BYTES("{\"a\" : 1 , \"b\" : 2}"), "{\"a\":1,\"b\":2}"},
		{BYTES("{\"\":0}"), NULL},
		{BYTES("{\"b\":1,\"a\":2}"), NULL},
		{BYTES("{\"a\":{\"a\":{\"a\":null}}}"), NULL},
		{BYTES("[null,1,\"1\",{}]"), NULL},
		{BYTES("[1,null,null,null,2]"), NULL},
		/* lonely values */
		{BYTES("null"), NULL},
		{BYTES("true"), NULL},
		{BYTES("false"), NULL},
		{BYTES("42"), NULL},
		{BYTES("-0.1"), NULL},
		{BYTES("\"asd\""), NULL},
		{BYTES("\"\""), NULL},
		{BYTES(" null\n"), "null"},
		/* numbers are kept as they are */
		{BYTES("[0]"), NULL},
		{BYTES("[-0]"), NULL},
		{BYTES("[-0.0]"), NULL},
		{BYTES("[0e+1]"), NULL},
		{BYTES("[0e1]"), NULL},
		{BYTES("[ 4]"), "[4]"},
		{BYTES("[-0."
		       "000000000000000000000000000000000000000000000000000000000000000000000001]"),
		 NULL},
		{BYTES("[20e1]"), NULL},
		{BYTES("[-123]"), NULL},
		{BYTES("[1E22]"), NULL},
		{BYTES("[1E-2]"), NULL},
		{BYTES("[1E+2]"), NULL},
		{BYTES("[123e45]"), NULL},
		{BYTES("[123.456e78]"), NULL},
		{BYTES("[2.50]"), NULL},
		{BYTES("[1e400]"), NULL},
		{BYTES("[9007199254740993]"), NULL},
		{BYTES("[123456789012345678901234567890]"), NULL},
		{BYTES("[0.4e00669999999999999999999999999999999999999999999999999999999999999]"),
		 NULL},
		/* strings */
		{BYTES("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"), "[\"\\\"\\\\/\\b\\f\\n\\r\\t\"]"},
		{BYTES("[\"\\u0061\\u30af\\u30EA\\u30b9\"]"),
		 "[\"a\xe3\x82\xaf\xe3\x83\xaa\xe3\x82\xb9\"]"},
		{BYTES("[\"\\ud834\\uDd1e\"]"), "[\"\xf0\x9d\x84\x9e\"]"},
		{BYTES("[\"\\uDBFF\\uDFFF\"]"), "[\"\xf4\x8f\xbf\xbf\"]"},
		{BYTES("[\"\\u0000\"]"), NULL},
		{BYTES("[\"a\\u0000b\\u0001\"]"), NULL},
		{BYTES("[\"\\uFFFF\\uFDD0\"]"), "[\"\xef\xbf\xbf\xef\xb7\x90\"]"},
		{BYTES("[\"\\u0022\\u005C\"]"), "[\"\\\"\\\\\"]"},
		{BYTES("[\"a/*b*/c/*d//e\"]"), NULL},
		{BYTES("[\"\\\\a\"]"), NULL},
		{BYTES("[\"\\\\n\"]"), NULL},
		{BYTES("[\"\x7f\"]"), "[\"\\u007f\"]"},
		{BYTES("[\"\xc2\x9b\xe2\x80\xa8\xe2\x80\xa9\"]"), "[\"\\u009b\\u2028\\u2029\"]"},
		{BYTES("[\"\xe2\x82\xac\xf0\x9d\x84\x9e\"]"), NULL},
		{BYTES("[\"\xef\xbb\xbf\"]"), NULL},
		{BYTES("{\"\\u0061\\n\":1}"), "{\"a\\n\":1}"},
		{BYTES("{\"foo\\u0000bar\":42,\"foo\":1}"), NULL},
		{BYTES("[\"\xd1\x83\"]"), NULL},
	};
	check_samples(samples, ARRAY_LEN(samples));
}

static void test_invalid_structure(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		/* structure */
		{BYTES(""), "1:1 json-syntax"},
		{BYTES(" "), "1:2 json-syntax"},
		{BYTES("["), "1:2 json-syntax"},
		{BYTES("{"), "1:2 json-syntax"},
		{BYTES("]"), "1:1 json-syntax"},
		{BYTES("[1"), "1:3 json-syntax"},
		{BYTES("[1,"), "1:4 json-syntax"},
		{BYTES("[1,]"), "1:4 json-syntax"},
		{BYTES("[,1]"), "1:2 json-syntax"},
		{BYTES("[1,,2]"), "1:4 json-syntax"},
		{BYTES("[1 2]"), "1:4 json-syntax"},
		{BYTES("[1:2]"), "1:3 json-syntax"},
		{BYTES("[1}"), "1:3 json-syntax"},
		{BYTES("[]]"), "1:3 json-syntax"},
		{BYTES("[][]"), "1:3 json-syntax"},
		{BYTES("{}}"), "1:3 json-syntax"},
		{BYTES("{\"a\":1]"), "1:7 json-syntax"},
		{BYTES("{\"a\":1,}"), "1:8 json-syntax"},
		{BYTES("{\"a\"}"), "1:5 json-syntax"},
		{BYTES("{\"a\":}"), "1:6 json-syntax"},
		{BYTES("{\"a\" 1}"), "1:6 json-syntax"},
		{BYTES("{\"a\"::1}"), "1:6 json-syntax"},
		{BYTES("{:1}"), "1:2 json-syntax"},
		{BYTES("{1:1}"), "1:2 json-syntax"},
		{BYTES("{a:1}"), "1:2 json-syntax"},
		{BYTES("{'a':1}"), "1:2 json-syntax"},
		{BYTES("{null:1}"), "1:2 json-syntax"},
		{BYTES("{[]:1}"), "1:2 json-syntax"},
		{BYTES("{,}"), "1:2 json-syntax"},
		{BYTES("{\"a\":1,,\"b\":2}"), "1:8 json-syntax"},
		{BYTES("{\"a\":1 \"b\":2}"), "1:8 json-syntax"},
		{BYTES("[1]x"), "1:4 json-syntax"},
		{BYTES("1 2"), "1:3 json-syntax"},
		{BYTES("[1]\0"), "1:4 json-syntax"},
		{BYTES("123\0"), "1:4 json-syntax"},
		{BYTES("[1]/**/"), "1:4 json-syntax"},
		{BYTES("//x\n[]"), "1:1 json-syntax"},
		{BYTES("\xef\xbb\xbf[]"), "1:1 json-syntax"},
		{BYTES("[\x0c]"), "1:2 json-syntax"},
		{BYTES("[\xc2\xa0]"), "1:2 json-syntax"},
		{BYTES("[\xe2\x81\xa0]"), "1:2 json-syntax"},
		{BYTES("<null>"), "1:1 json-syntax"},
		{BYTES("*"), "1:1 json-syntax"},
		{BYTES("[\n1,\n2\n"), "4:1 json-syntax"},
	};
	check_samples(samples, ARRAY_LEN(samples));
}

static void test_invalid_values(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		/* words */
		{BYTES("[tru]"), "1:2 json-syntax"},
		{BYTES("[nul"), "1:2 json-syntax"},
		{BYTES("[True]"), "1:2 json-syntax"},
		{BYTES("[truex]"), "1:6 json-syntax"},
		{BYTES("[NaN]"), "1:2 json-syntax"},
		{BYTES("[Infinity]"), "1:2 json-syntax"},
		{BYTES("[-Infinity]"), "1:2 json-syntax"},
		{BYTES("[undefined]"), "1:2 json-syntax"},
		/* numbers */
		{BYTES("[01]"), "1:3 json-syntax"},
		{BYTES("[-01]"), "1:4 json-syntax"},
		{BYTES("[+1]"), "1:2 json-syntax"},
		{BYTES("[-]"), "1:2 json-syntax"},
		{BYTES("[--1]"), "1:2 json-syntax"},
		{BYTES("[- 1]"), "1:2 json-syntax"},
		{BYTES("[.5]"), "1:2 json-syntax"},
		{BYTES("[1.]"), "1:2 json-syntax"},
		{BYTES("[1.e1]"), "1:2 json-syntax"},
		{BYTES("[1e]"), "1:2 json-syntax"},
		{BYTES("[1e+]"), "1:2 json-syntax"},
		{BYTES("[1eE2]"), "1:2 json-syntax"},
		{BYTES("1e"), "1:1 json-syntax"},
		{BYTES("-"), "1:1 json-syntax"},
		{BYTES("1."), "1:1 json-syntax"},
		{BYTES("[0x42]"), "1:3 json-syntax"},
		{BYTES("[1 000]"), "1:4 json-syntax"},
		{BYTES("[1_0]"), "1:3 json-syntax"},
		{BYTES("[1.2.3]"), "1:5 json-syntax"},
		{BYTES("[\xef\xbc\x91]"), "1:2 json-syntax"},
		/* strings */
		{BYTES("\""), "1:2 json-syntax"},
		{BYTES("\"a"), "1:3 json-syntax"},
		{BYTES("\"a\\"), "1:4 json-syntax"},
		{BYTES("\"a\\\""), "1:5 json-syntax"},
		{BYTES("['a']"), "1:2 json-syntax"},
		{BYTES("[\"a\nb\"]"), "1:4 json-syntax"},
		{BYTES("[\"a\tb\"]"), "1:4 json-syntax"},
		{BYTES("[\"a\0b\"]"), "1:4 json-syntax"},
		{BYTES("[\"\x1f\"]"), "1:3 json-syntax"},
		{BYTES("[\"\\x00\"]"), "1:3 json-syntax"},
		{BYTES("[\"\\a\"]"), "1:3 json-syntax"},
		{BYTES("[\"ab\\\0\"]"), "1:5 json-syntax"},
		{BYTES("[\"\\\n\"]"), "1:3 json-syntax"},
		{BYTES("[\"\\U0061\"]"), "1:3 json-syntax"},
		{BYTES("[\"\\u\"]"), "1:3 json-syntax"},
		{BYTES("[\"\\u00A\"]"), "1:3 json-syntax"},
		{BYTES("[\"\\u00G0\"]"), "1:3 json-syntax"},
		{BYTES("[\"\\u-001\"]"), "1:3 json-syntax"},
		{BYTES("[\"\\uD800\"]"), "1:3 json-syntax"},
		{BYTES("[\"\\uDC00\"]"), "1:3 json-syntax"},
		{BYTES("[\"\\uD800\\n\"]"), "1:3 json-syntax"},
		{BYTES("[\"\\uD800\\u0041\"]"), "1:3 json-syntax"},
		{BYTES("[\"\\uD800\\uD800\\uDC00\"]"), "1:3 json-syntax"},
		{BYTES("[\"\\uD834\\uDd\"]"), "1:3 json-syntax"},
		{BYTES("[\"x\"y]"), "1:5 json-syntax"},
		/* bytes */
		{BYTES("[\"\xff\"]"), "1:3 json-utf8"},
		{BYTES("[\"\xc3\xa4\n\xe9\"]"), "2:1 json-utf8"},
		{BYTES("[\"\xc0\xaf\"]"), "1:3 json-utf8"},
		{BYTES("[\"\xed\xa0\x80\"]"), "1:3 json-utf8"},
		{BYTES("[\"\xf4\xbf\xbf\xbf\"]"), "1:3 json-utf8"},
		{BYTES("[\"\xe0\xff\"]"), "1:3 json-utf8"},
		{BYTES("\xff\xfe[\0]\0"), "1:1 json-utf8"},
		{BYTES("[\xe5]"), "1:2 json-utf8"},
		/* keys */
		{BYTES("{\"a\":1,\"a\":1}"), "1:8 json-duplicate-key"},
		{BYTES("{\"a\":1,\"\\u0061\":2}"), "1:8 json-duplicate-key"},
		{BYTES("[{\"x\":{\"\":1,\n\"\":2}}]"), "2:1 json-duplicate-key"},
	};
	check_samples(samples, ARRAY_LEN(samples));
}

static void test_positions(void **state)
{
	(void)state;
	struct arena a = {0};
	struct node *root;
	const char *text = "{\"\xc3\xa4\": 1, \"b\": [true,\n  \"\xf0\x9f\x98\x80\", {}]}";
	assert_true(json_read(&a, "f", text, strlen(text), &root, NULL));
	assert_int_equal(root->col, 1);
	assert_int_equal(root->child->col, 7);
	const struct node *list = node_get(root, "b");
	assert_int_equal(list->key->col, 10);
	assert_int_equal(list->col, 15);
	assert_int_equal(list->child->col, 16);
	assert_int_equal(list->child->next->line, 2);
	assert_int_equal(list->child->next->col, 3);
	assert_int_equal(list->child->next->next->col, 8);
	arena_clear(&a);
}

static void test_inner_nul_has_a_length(void **state)
{
	(void)state;
	struct arena a = {0};
	struct node *root;
	assert_true(json_read(&a, "f", "\"a\\u0000b\"", 10, &root, NULL));
	assert_int_equal(root->len, 3);
	assert_memory_equal(root->text, "a\0b", 4);
	arena_clear(&a);
}

static const char *outcome_repeated(struct str *out, const char *head, const char *unit, size_t n,
				    const char *tail)
{
	struct str text = {0};
	str_add(&text, head);
	for (size_t i = 0; i < n; i++)
		str_add(&text, unit);
	str_add(&text, tail);
	outcome(out, text.p, text.len);
	str_clear(&text);
	return str_c(out);
}

static void test_limits(void **state)
{
	(void)state;
	struct str out = {0};
	assert_string_equal(outcome_repeated(&out, "", "[", 100000, ""), "1:65 tree-too-deep");
	assert_string_equal(outcome_repeated(&out, "", "{\"a\":", 100000, ""),
			    "1:321 tree-too-deep");
	assert_string_equal(outcome_repeated(&out, "", "[", 64, ""), "1:65 json-syntax");
	assert_int_equal(outcome_repeated(&out, "\"", "x", MAX_TREE_SCALAR, "\"")[0], '"');
	assert_string_equal(outcome_repeated(&out, "\"", "x", MAX_TREE_SCALAR + 1, "\""),
			    "1:1 tree-too-large");
	assert_string_equal(outcome_repeated(&out, "", "1", MAX_TREE_SCALAR + 1, ""),
			    "1:1 tree-too-large");
	struct arena a = {0};
	struct diags d = {0};
	struct node *root;
	assert_false(json_read(&a, "f", "1", MAX_TREE_BYTES + 1, &root, &d));
	assert_string_equal(d.items[0].code, "tree-too-large");
	assert_int_equal(a.total, 0);
	diags_clear(&d);
	str_clear(&out);
}

static void test_large_map(void **state)
{
	(void)state;
	struct str text = {0}, out = {0};
	str_addc(&text, '{');
	for (int i = 0; i < 200000; i++)
		str_addf(&text, "\"k%d\":0,", i);
	size_t len = text.len;
	str_add(&text, "\"last\":0}");
	assert_int_equal(outcome(&out, text.p, text.len)[0], '{');
	str_truncate(&text, len);
	str_add(&text, "\"k77\":0}");
	char want[64];
	snprintf(want, sizeof(want), "1:%zu json-duplicate-key", len + 1);
	assert_string_equal(outcome(&out, text.p, text.len), want);
	str_clear(&text);
	str_clear(&out);
}

/* The writers */

static void test_write_repairs_utf8(void **state)
{
	(void)state;
	struct str out = {0};
	json_add_string(&out,
			"a\xff"
			"b\xe2\x82",
			5);
	assert_string_equal(str_c(&out), "\"a\xef\xbf\xbd"
					 "b\xef\xbf\xbd\xef\xbf\xbd\"");
	str_reset(&out);
	json_add_string(&out, "", 0);
	assert_string_equal(str_c(&out), "\"\"");
	str_clear(&out);
}

static void write_sample(struct json_out *j)
{
	json_object(j, NULL);
	json_text(j, "t", "x\"\n");
	json_text(j, "none", NULL);
	json_list(j, "l");
	json_int(j, NULL, -9223372036854775807LL - 1);
	json_bool(j, NULL, true);
	json_object(j, NULL);
	json_end(j);
	json_list(j, NULL);
	json_end(j);
	json_end(j);
	json_real(j, "r", 0.1);
	json_bool(j, "b", false);
	json_end(j);
}

static void test_stream_compact(void **state)
{
	(void)state;
	struct str out = {0};
	struct json_out j = {.out = &out};
	write_sample(&j);
	assert_string_equal(str_c(&out),
			    "{\"t\":\"x\\\"\\n\",\"none\":null,\"l\":[-9223372036854775808,"
			    "true,{},[]],\"r\":0.1,\"b\":false}");
	assert_int_equal(j.depth, 0);
	str_clear(&out);
}

static void test_stream_indented(void **state)
{
	(void)state;
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	write_sample(&j);
	assert_string_equal(str_c(&out),
			    "{\n  \"t\": \"x\\\"\\n\",\n  \"none\": null,\n  \"l\": [\n"
			    "    -9223372036854775808,\n    true,\n    {},\n    []\n  ],\n"
			    "  \"r\": 0.1,\n  \"b\": false\n}");
	str_clear(&out);
}

static void test_stream_lines(void **state)
{
	(void)state;
	struct str out = {0};
	struct json_out j = {.out = &out};
	json_int(&j, NULL, 1);
	str_addc(&out, '\n');
	json_list(&j, NULL);
	json_end(&j);
	assert_string_equal(str_c(&out), "1\n[]");
	str_clear(&out);
}

static const char *real(struct str *out, double v)
{
	struct json_out j = {.out = out};
	str_reset(out);
	json_real(&j, NULL, v);
	return str_c(out);
}

static void test_reals(void **state)
{
	(void)state;
	struct str out = {0};
	assert_string_equal(real(&out, 0), "0");
	assert_string_equal(real(&out, -0.0), "-0");
	assert_string_equal(real(&out, 1), "1");
	assert_string_equal(real(&out, 0.1), "0.1");
	assert_string_equal(real(&out, 0.1 + 0.2), "0.30000000000000004");
	assert_string_equal(real(&out, 1.0 / 3), "0.3333333333333333");
	assert_string_equal(real(&out, 1e21), "1e+21");
	assert_string_equal(real(&out, 123456789012345680.0), "1.2345678901234568e+17");
	assert_string_equal(real(&out, DBL_MAX), "1.7976931348623157e+308");
	assert_string_equal(real(&out, DBL_MIN), "2.2250738585072014e-308");
	assert_string_equal(real(&out, 5e-324), "5e-324");
	assert_string_equal(real(&out, NAN), "null");
	assert_string_equal(real(&out, INFINITY), "null");
	assert_string_equal(real(&out, -INFINITY), "null");
	str_clear(&out);
}

/* Doubles of all bit patterns are written so that JSON reads them and they come back. */
static void test_reals_read_back(void **state)
{
	(void)state;
	struct str out = {0};
	uint64_t bits = 1;
	for (int i = 0; i < 20000; i++) {
		bits = bits * 6364136223846793005u + 1442695040888963407u;
		double v;
		memcpy(&v, &bits, sizeof(v));
		if (!isfinite(v))
			continue;
		const char *text = real(&out, v);
		double back = strtod(text, NULL);
		assert_memory_equal(&back, &v, sizeof(v));
		struct arena a = {0};
		struct node *root;
		assert_true(json_read(&a, "f", text, strlen(text), &root, NULL));
		arena_clear(&a);
	}
	str_clear(&out);
}

/* From a network the last of several values counts, at the place of the first, few keys or many. */
static void test_wire(void **state)
{
	(void)state;
	struct arena a = {0};
	struct node *root = NULL;
	static const char few[] = "{\"a\":1,\"b\":2,\"a\":3,\"c\":[{\"x\":1,\"x\":2}],\"a\":4}";
	struct str out = {0};
	assert_true(json_read_wire(&a, (struct slice){few, sizeof(few) - 1}, &root));
	assert_int_equal(root->count, 3);
	json_write(&out, root);
	assert_string_equal(out.p, "{\"a\":4,\"b\":2,\"c\":[{\"x\":2}]}");
	assert_false(json_read(&a, NULL, few, sizeof(few) - 1, &root, NULL));
	struct str many = {0};
	str_addc(&many, '{');
	for (int i = 0; i < 1000; i++)
		str_addf(&many, "\"k%d\":%d,", i % 500, i);
	str_add(&many, "\"k0\":-1}");
	assert_true(json_read_wire(&a, (struct slice){many.p, many.len}, &root));
	assert_int_equal(root->count, 500);
	assert_string_equal(root->child->key->text, "k0");
	assert_string_equal(root->child->text, "-1");
	assert_string_equal(node_text(root, "k499"), "999");
	str_clear(&many);
	str_clear(&out);
	arena_clear(&a);
}

/* A text that a file may not have. */
static void test_wire_long(void **state)
{
	(void)state;
	struct arena a = {0};
	struct node *root = NULL;
	size_t n = MAX_TREE_SCALAR + 100;
	char *text = xmalloc(n);
	memset(text, 'x', n);
	text[0] = text[n - 1] = '"';
	assert_true(json_read_wire(&a, (struct slice){text, n}, &root));
	assert_int_equal(root->len, n - 2);
	assert_false(json_read(&a, NULL, text, n, &root, NULL));
	free(text);
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wire),
		cmocka_unit_test(test_wire_long),
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_invalid_structure),
		cmocka_unit_test(test_invalid_values),
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_inner_nul_has_a_length),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_large_map),
		cmocka_unit_test(test_write_repairs_utf8),
		cmocka_unit_test(test_stream_compact),
		cmocka_unit_test(test_stream_indented),
		cmocka_unit_test(test_stream_lines),
		cmocka_unit_test(test_reals),
		cmocka_unit_test(test_reals_read_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
