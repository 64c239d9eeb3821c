/* t_schema.c -- JSON Schema: what is said of data that does not fit, in which order; references and
 * models; schemas that are none; schemas from YAML; bounds. That all keywords mean what they should
 * is shown by tests/conformance/schema.t. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/yaml.h"
#include "gateway/schema.h"

#include <string.h>

static struct node *json(struct arena *a, const char *text)
{
	struct node *n;
	if (!json_read_wire(a, (struct slice){text, strlen(text)}, &n))
		fail_msg("%s", text);
	return n;
}

/* Models for references: a map by name. */
static const struct node *find_model(void *ctx, const char *ref)
{
	const char *slash = strrchr(ref, '/');
	return node_get(ctx, slash ? slash + 1 : ref);
}

/* "" when data fits, else what does not; or '!', the line and code of the schema's first error. */
static const char *outcome(struct arena *a, const struct node *schema, const char *data,
			   const struct node *models)
{
	struct diags d = {0};
	struct str out = {0};
	struct schema *s = schema_compile(a, "f", schema, models ? find_model : NULL,
					  (void *)(uintptr_t)models, &d);
	assert_true((s == NULL) == (d.errors > 0));
	if (s) {
		bool valid = schema_valid(s, json(a, data), &out);
		assert_true(valid == (out.len == 0));
		assert_true(schema_valid(s, json(a, data), NULL) == valid);
	} else {
		str_addf(&out, "!%d %s", d.items[0].pos.line, d.items[0].code);
	}
	const char *text = arena_strdup(a, str_c(&out));
	schema_free(s);
	diags_clear(&d);
	str_clear(&out);
	return text;
}

struct sample {
	const char *schema, *data, *want;
};

static void check(const struct sample *samples, size_t n, const char *models)
{
	struct arena a = {0};
	const struct node *m = models ? json(&a, models) : NULL;
	for (size_t i = 0; i < n; i++) {
		const char *got = outcome(&a, json(&a, samples[i].schema), samples[i].data, m);
		if (strcmp(got, samples[i].want) != 0)
			fail_msg("%s\nof %s\ngave %s\nwant %s", samples[i].schema, samples[i].data,
				 got, samples[i].want);
	}
	arena_clear(&a);
}

static void test_words(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{"{}", "1", ""},
		{"{\"required\":[\"b\",\"a\",\"c\"]}", "{\"c\":1}",
		 "[object has missing required properties ([\"a\",\"b\"])]"},
		{"{\"type\":\"integer\"}", "\"x\"",
		 "[instance type (string) does not match any allowed primitive type (allowed: "
		 "[\"integer\"])]"},
		{"{\"type\":[\"number\",\"null\"]}", "{}",
		 "[instance type (object) does not match any allowed primitive type (allowed: "
		 "[\"integer\",\"null\",\"number\"])]"},
		{"{\"type\":\"integer\"}", "1.0",
		 "[instance type (number) does not match any allowed primitive type (allowed: "
		 "[\"integer\"])]"},
		{"{\"enum\":[\"a\",1,null]}", "\"b\"",
		 "[instance value (\"b\") not found in enum (possible values: [\"a\",1,null])]"},
		{"{\"minimum\":5}", "3",
		 "[numeric instance is lower than the required minimum (minimum: 5, found: 3)]"},
		{"{\"maximum\":5}", "5.50",
		 "[numeric instance is greater than the required maximum (maximum: 5, found: "
		 "5.50)]"},
		{"{\"minimum\":5,\"exclusiveMinimum\":true}", "5",
		 "[numeric instance is not strictly greater than the required minimum 5]"},
		{"{\"maximum\":5,\"exclusiveMaximum\":true}", "5",
		 "[numeric instance is not strictly lower than the required maximum 5]"},
		{"{\"multipleOf\":2}", "7", "[remainder of division is not zero (7 / 2)]"},
		{"{\"minLength\":3}", "\"\xc3\xa4\"",
		 "[string \"\xc3\xa4\" is too short (length: 1, required minimum: 3)]"},
		{"{\"maxLength\":1}", "\"ab\"",
		 "[string \"ab\" is too long (length: 2, maximum allowed: 1)]"},
		{"{\"pattern\":\"^a\"}", "\"b\"",
		 "[ECMA 262 regex \"^a\" does not match input string \"b\"]"},
		{"{\"minItems\":1}", "[]",
		 "[array is too short: must have at least 1 elements but instance has 0 elements]"},
		{"{\"maxItems\":1}", "[1,2]",
		 "[array is too long: must have at most 1 elements but instance has 2 elements]"},
		{"{\"uniqueItems\":true}", "[1,2,1.0]",
		 "[array must not contain duplicate elements]"},
		{"{\"items\":[{}],\"additionalItems\":false}", "[1,2]",
		 "[schema only allows 1 elements in array but instance has 2 elements]"},
		{"{\"properties\":{\"a\":{}},\"additionalProperties\":false}",
		 "{\"z\":1,\"a\":1,\"b\":1}",
		 "[object instance has properties which are not allowed by the schema: "
		 "[\"b\",\"z\"]]"},
		{"{\"minProperties\":2}", "{\"a\":1}",
		 "[object has too few properties (found 1 but schema requires at least 2)]"},
		{"{\"maxProperties\":0}", "{\"a\":1}",
		 "[object has too many properties (found 1 but schema requires at most 0)]"},
		{"{\"dependencies\":{\"a\":[\"b\",\"c\"]}}", "{\"a\":1,\"c\":1}",
		 "[property \"a\" of object has missing property dependencies (schema requires "
		 "[\"b\",\"c\"]; missing: [\"b\"])]"},
		{"{\"allOf\":[{\"type\":\"string\"},{}]}", "1",
		 "[instance failed to match all required schemas (matched only 1 out of 2)]"},
		{"{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":2}]}", "1",
		 "[instance failed to match at least one required schema among 2]"},
		{"{\"oneOf\":[{},{}]}", "1",
		 "[instance failed to match exactly one schema (matched 2 out of 2)]"},
		{"{\"not\":{}}", "1", "[instance matched a schema which it should not have]"},
		{"{\"format\":\"date-time\"}", "\"x\"", ""},
	};
	check(samples, ARRAY_LEN(samples), NULL);
}

/* Keywords by name; children by name, unless something was wrong before. */
static void test_order(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{"{\"type\":\"string\",\"enum\":[1],\"minimum\":9}", "5",
		 "[instance value (5) not found in enum (possible values: [1]), numeric instance "
		 "is "
		 "lower than the required minimum (minimum: 9, found: 5), instance type (integer) "
		 "does not match any allowed primitive type (allowed: [\"string\"])]"},
		{"{\"properties\":{\"b\":{\"minimum\":1},\"a\":{\"minimum\":2}}}",
		 "{\"b\":0,\"a\":0}",
		 "[numeric instance is lower than the required minimum (minimum: 2, found: 0), "
		 "numeric instance is lower than the required minimum (minimum: 1, found: 0)]"},
		{"{\"required\":[\"x\"],\"properties\":{\"a\":{\"minimum\":2}}}", "{\"a\":0}",
		 "[object has missing required properties ([\"x\"])]"},
		{"{\"items\":{\"minimum\":1}}", "[2,0,0]",
		 "[numeric instance is lower than the required minimum (minimum: 1, found: 0), "
		 "numeric instance is lower than the required minimum (minimum: 1, found: 0)]"},
	};
	check(samples, ARRAY_LEN(samples), NULL);
}

#define NOT_INTEGER                                                                    \
	"[instance type (string) does not match any allowed primitive type (allowed: " \
	"[\"integer\"])]"
static void test_references(void **state)
{
	(void)state;
	static const char models[] =
		"{\"Id\":{\"type\":\"integer\"},\"Pet\":{\"required\":[\"id\"],\"properties\":{"
		"\"id\":{\"$ref\":\"#/definitions/Id\"},\"friend\":{\"$ref\":\"https://"
		"apigateway.amazonaws.com/restapis/abc/models/"
		"Pet\"}}},\"Loop\":{\"$ref\":\"Loop\"}}";
	static const struct sample samples[] = {
		{"{\"$ref\":\"#/components/schemas/Id\"}", "\"x\"", NOT_INTEGER},
		{"{\"$ref\":\"https://apigateway.amazonaws.com/restapis/x/models/Pet\"}",
		 "{\"id\":1,\"friend\":{\"id\":2}}", ""},
		{"{\"$ref\":\"#/definitions/Pet\"}", "{\"id\":1,\"friend\":{\"id\":\"x\"}}",
		 NOT_INTEGER},
		{"{\"$ref\":\"#/definitions/Pet\"}", "{\"id\":1,\"friend\":{}}",
		 "[object has missing required properties ([\"id\"])]"},
		{"{\"definitions\":{\"Id\":{\"type\":\"null\"}},\"$ref\":\"#/definitions/Id\"}",
		 "null", ""},
		{"{\"items\":{\"$ref\":\"#\"},\"type\":\"array\"}", "[[],[[]]]", ""},
		{"{\"$ref\":\"http://json-schema.org/draft-04/schema#/definitions/"
		 "positiveInteger\"}",
		 "\"x\"", NOT_INTEGER},
		{"{\"$ref\":\"#/definitions/None\"}", "1", "!1 schema-ref"},
		{"{\n\"items\":{\n\"$ref\":\"http://x/y\"}}", "1", "!3 schema-ref"},
		{"{\"$ref\":\"#\"}", "1", "!1 schema-ref"},
		{"{\"$ref\":\"Loop\"}", "1", "!1 schema-ref"},
		{"{\"definitions\":{\"a\":1},\"$ref\":\"#/definitions/a\"}", "1",
		 "!1 schema-value"},
		/* applies itself to the same value for ever */
		{"{\"allOf\":[{\"$ref\":\"#\"}]}", "1", "[validation takes too long]"},
		{"{\"not\":{\"$ref\":\"#\"}}", "1", "[validation takes too long]"},
	};
	check(samples, ARRAY_LEN(samples), models);
}

static void test_malformed(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{"[]", "1", "!1 schema-value"},
		{"{\"type\":\"any\"}", "1", "!1 schema-type"},
		{"{\"type\":[]}", "1", "!1 schema-type"},
		{"{\"type\":1}", "1", "!1 schema-type"},
		{"{\"required\":true}", "1", "!1 schema-value"},
		{"{\"required\":[1]}", "1", "!1 schema-value"},
		{"{\"properties\":[]}", "1", "!1 schema-value"},
		{"{\"properties\":{\n\"a\":1}}", "1", "!2 schema-value"},
		{"{\"items\":3}", "1", "!1 schema-value"},
		{"{\"additionalProperties\":\"x\"}", "1", "!1 schema-value"},
		{"{\"enum\":1}", "1", "!1 schema-value"},
		{"{\"minimum\":\"1\"}", "1", "!1 schema-value"},
		{"{\"exclusiveMinimum\":1}", "1", "!1 schema-value"},
		{"{\"minLength\":-1}", "1", "!1 schema-value"},
		{"{\"minLength\":1.5}", "1", "!1 schema-value"},
		{"{\"minLength\":99999999999}", "1", "!1 schema-value"},
		{"{\"multipleOf\":0}", "1", "!1 schema-value"},
		{"{\"multipleOf\":-1}", "1", "!1 schema-value"},
		{"{\"pattern\":\"(\"}", "1", "!1 regex-syntax"},
		{"{\"pattern\":1}", "1", "!1 schema-value"},
		{"{\"patternProperties\":{\"(\":{}}}", "1", "!1 regex-syntax"},
		{"{\"allOf\":{}}", "1", "!1 schema-value"},
		{"{\"anyOf\":[1]}", "1", "!1 schema-value"},
		{"{\"not\":[]}", "1", "!1 schema-value"},
		{"{\"dependencies\":{\"a\":\"b\"}}", "1", "!1 schema-value"},
	};
	check(samples, ARRAY_LEN(samples), NULL);
}

/* Models are written in YAML more often than not. */
static void test_yaml(void **state)
{
	(void)state;
	static const char text[] = "type: object\n"
				   "required: [n, yes]\n"
				   "additionalProperties: false\n"
				   "properties:\n"
				   "  n: {type: integer, minimum: 1, maximum: 5e1}\n"
				   "  e: {enum: [1, '1', true, null, x]}\n";
	static const struct {
		const char *data, *want;
	} rows[] = {
		{"{\"n\":50.0}", "[object has missing required properties ([\"yes\"])]"},
		{"{\"n\":51,\"yes\":1}",
		 "[object instance has properties which are not allowed by the schema: [\"yes\"]]"},
		{"{\"n\":1,\"yes\":1,\"e\":2}",
		 "[object instance has properties which are not allowed by the schema: [\"yes\"]]"},
	};
	struct arena a = {0};
	struct node *schema;
	assert_true(yaml_read(&a, "f", text, strlen(text), &schema, NULL));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(outcome(&a, schema, rows[i].data, NULL), rows[i].want);
	const struct node *e = node_get(node_get(schema, "properties"), "e");
	assert_string_equal(outcome(&a, e, "1", NULL), "");
	assert_string_equal(outcome(&a, e, "\"1\"", NULL), "");
	assert_string_equal(outcome(&a, e, "true", NULL), "");
	assert_string_equal(outcome(&a, e, "null", NULL), "");
	assert_string_equal(outcome(&a, e, "2", NULL),
			    "[instance value (2) not found in enum (possible values: "
			    "[1,\"1\",true,null,\"x\"])]");
	arena_clear(&a);
}

static void test_bounds(void **state)
{
	(void)state;
	struct arena a = {0};
	struct str text = {0};
	/* many elements are not much work, nor are many different ones */
	str_add(&text, "[0");
	for (int i = 1; i < 200000; i++)
		str_addf(&text, ",%d", i);
	str_add(&text, "]");
	const struct node *list = json(&a, "{\"uniqueItems\":true,\"items\":{\"minimum\":0}}");
	assert_string_equal(outcome(&a, list, str_c(&text), NULL), "");
	/* twice as much at each level */
	const struct node *twice = json(&a, "{\"items\":{\"allOf\":[{\"$ref\":\"#\"},{\"$ref\":"
					    "\"#\"},{\"$ref\":\"#\"}]}}");
	str_reset(&text);
	for (int i = 0; i < MAX_TREE_DEPTH; i++)
		str_add(&text, "[");
	for (int i = 0; i < MAX_TREE_DEPTH; i++)
		str_add(&text, "]");
	assert_string_equal(outcome(&a, twice, str_c(&text), NULL), "[validation takes too long]");
	/* a pattern that goes on and on */
	const struct node *slow = json(&a, "{\"pattern\":\"^(a|aa)+$\"}");
	str_reset(&text);
	str_add(&text, "\"");
	for (int i = 0; i < 50; i++)
		str_add(&text, "a");
	str_add(&text, "b\"");
	const char *got = outcome(&a, slow, str_c(&text), NULL);
	assert_non_null(strstr(got, "validation takes too long"));
	/* no more errors are kept than anyone reads */
	str_reset(&text);
	str_add(&text, "[-1");
	for (int i = 0; i < 2 * MAX_SCHEMA_ERRORS; i++)
		str_add(&text, ",-1");
	str_add(&text, "]");
	struct schema *s = schema_compile(&a, "f", list, NULL, NULL, NULL);
	struct schema_errors errors = {0};
	assert_false(schema_check(s, json(&a, str_c(&text)), &errors));
	assert_int_equal(errors.count, 1);
	schema_free(s);
	str_clear(&errors.text);
	s = schema_compile(&a, "f", json(&a, "{\"items\":{\"minimum\":0}}"), NULL, NULL, NULL);
	errors = (struct schema_errors){0};
	assert_false(schema_check(s, json(&a, str_c(&text)), &errors));
	assert_int_equal(errors.count, MAX_SCHEMA_ERRORS);
	schema_free(s);
	str_clear(&errors.text);
	str_clear(&text);
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),      cmocka_unit_test(test_order),
		cmocka_unit_test(test_references), cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_yaml),       cmocka_unit_test(test_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
