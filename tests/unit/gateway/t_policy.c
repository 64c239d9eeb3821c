/* t_policy.c -- IAM policies: wildcards, principals, every condition operator, validity, and the
 * two tables of combinations in full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/json.h"
#include "gateway/policy.h"

#include <string.h>

#define SELF "arn:aws:execute-api:us-east-1:123456789012:shop"

static const struct {
	const char *key, *value;
} facts[] = {
	{"aws:SourceIp", "192.0.2.7"},
	{"aws:UserAgent", "curl/8.1"},
	{"aws:SecureTransport", "true"},
	{"aws:CurrentTime", "2026-11-27T09:15:00Z"},
	{"aws:EpochTime", "1795770900"},
	{"aws:username", "ann"},
	{"aws:PrincipalArn", "arn:aws:iam::123456789012:user/ann"},
	{"test:star", "*"},
};

static const char *fact(void *ctx, const char *key)
{
	(void)ctx;
	for (size_t i = 0; i < ARRAY_LEN(facts); i++)
		if (strcmp(facts[i].key, key) == 0)
			return facts[i].value;
	return NULL;
}

static struct policy_request request(void)
{
	return (struct policy_request){.action = "execute-api:Invoke",
				       .resource = SELF "/dev/GET/products/42",
				       .self = SELF,
				       .value = fact};
}

static enum policy_result ask(const char *text, const struct policy_request *r)
{
	struct arena a = {0};
	struct node *root = NULL;
	assert_true(json_read_wire(&a, (struct slice){text, strlen(text)}, &root));
	enum policy_result result = policy_eval(root, r);
	arena_clear(&a);
	return result;
}

static void test_wildcards(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *text;
		bool match;
	} cases[] = {
		{"*", "", true},
		{"", "", true},
		{"", "a", false},
		{"a", "a", true},
		{"a", "b", false},
		{"?", "", false},
		{"?", "a", true},
		{"a*", "a", true},
		{"*a", "bba", true},
		{"*a", "bab", false},
		{"a*b*c", "a1b2b3c", true},
		{"a*b*c", "a1b2b3", false},
		{"**", "abc", true},
		{"*/GET/*", "arn:x/dev/GET/a/b", true},
		{"*/GET/*", "arn:x/dev/POST/a/b", false},
		{"a?c*", "abcde", true},
		{"*aaaaaaaaaaaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		 false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(policy_wildcard(cases[i].pattern, cases[i].text), cases[i].match);
}

static void test_cidr(void **state)
{
	(void)state;
	static const struct {
		const char *range, *address;
		bool in;
	} cases[] = {
		{"192.0.2.0/24", "192.0.2.255", true},
		{"192.0.2.0/24", "192.0.3.0", false},
		{"192.0.2.0/25", "192.0.2.128", false},
		{"192.0.2.128/25", "192.0.2.200", true},
		{"192.0.2.7", "192.0.2.7", true},
		{"192.0.2.7", "192.0.2.8", false},
		{"0.0.0.0/0", "8.8.8.8", true},
		{"0.0.0.0/0", "::1", false},
		{"::/0", "8.8.8.8", false},
		{"fd00::/8", "fd12::1", true},
		{"fd00::/8", "fe80::1", false},
		{"127.0.0.0/8", "::ffff:127.0.0.1", true},
		{"192.0.2.0/33", "192.0.2.1", false},
		{"192.0.2/24", "192.0.2.1", false},
		{"192.0.2.0/x", "192.0.2.1", false},
		{"192.0.2.0/24", "what", false},
		{"", "192.0.2.1", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(policy_in_cidr(cases[i].range, cases[i].address), cases[i].in);
	assert_true(policy_cidr_valid("10.0.0.0/8"));
	assert_false(policy_cidr_valid("10.0.0.0/8x"));
	assert_false(policy_cidr_valid("10.0.0.0/-1"));
}

#define ONE(rest) "{\"Version\":\"2012-10-17\",\"Statement\":[{" rest "}]}"
#define ACTION "\"Action\":\"execute-api:Invoke\""
static void test_statements(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum policy_result result;
	} cases[] = {
		{ONE("\"Effect\":\"Allow\"," ACTION ",\"Resource\":\"*\""), POLICY_ALLOW},
		{ONE("\"Effect\":\"Deny\"," ACTION ",\"Resource\":\"*\""), POLICY_DENY},
		{ONE("\"Effect\":\"allow\"," ACTION ",\"Resource\":\"*\""), POLICY_SILENT},
		{ONE("\"Effect\":\"Allow\",\"Action\":\"EXECUTE-API:inv*\",\"Resource\":\"*\""),
		 POLICY_ALLOW},
		{ONE("\"Effect\":\"Allow\",\"Action\":[\"s3:*\",\"execute-api:*\"],\"Resource\":\"*"
		     "\""),
		 POLICY_ALLOW},
		{ONE("\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\""), POLICY_SILENT},
		{ONE("\"Effect\":\"Allow\",\"NotAction\":\"s3:*\",\"Resource\":\"*\""),
		 POLICY_ALLOW},
		{ONE("\"Effect\":\"Allow\",\"NotAction\":\"*\",\"Resource\":\"*\""), POLICY_SILENT},
		{ONE("\"Effect\":\"Allow\"," ACTION ",\"Resource\":\"" SELF
		     "/dev/GET/products/*\""),
		 POLICY_ALLOW},
		{ONE("\"Effect\":\"Allow\"," ACTION ",\"Resource\":\"" SELF
		     "/dev/GET/products/41\""),
		 POLICY_SILENT},
		{ONE("\"Effect\":\"Allow\"," ACTION ",\"Resource\":\"execute-api:/dev/GET/*\""),
		 POLICY_ALLOW},
		{ONE("\"Effect\":\"Allow\"," ACTION ",\"Resource\":\"execute-api:/live/*\""),
		 POLICY_SILENT},
		{ONE("\"Effect\":\"Allow\"," ACTION ",\"NotResource\":\"execute-api:/live/*\""),
		 POLICY_ALLOW},
		{ONE("\"Effect\":\"Allow\"," ACTION), POLICY_SILENT},
		{ONE("\"Effect\":\"Allow\",\"Resource\":\"*\""), POLICY_SILENT},
		{"{\"Statement\":{\"Effect\":\"Allow\"," ACTION ",\"Resource\":[\"x\",\"*\"]}}",
		 POLICY_ALLOW},
		{"{\"Statement\":[{\"Effect\":\"Deny\"," ACTION ",\"Resource\":\"*/products/42\"},"
		 "{\"Effect\":\"Allow\"," ACTION ",\"Resource\":\"*\"}]}",
		 POLICY_DENY},
		{"{\"Statement\":[{\"Effect\":\"Allow\"," ACTION ",\"Resource\":\"*\"},"
		 "{\"Effect\":\"Deny\"," ACTION ",\"Resource\":\"*/products/42\"}]}",
		 POLICY_DENY},
		{"{\"Statement\":[]}", POLICY_SILENT},
		{"[1]", POLICY_SILENT},
		/* a name in the resource; what a variable brings in is no pattern */
		{ONE("\"Effect\":\"Allow\"," ACTION ",\"Resource\":\"*/${aws:username}\""),
		 POLICY_SILENT},
		{ONE("\"Effect\":\"Allow\"," ACTION ",\"Resource\":\"${test:star}\""),
		 POLICY_SILENT},
		{ONE("\"Effect\":\"Allow\"," ACTION ",\"Resource\":\"${no:such}*\""),
		 POLICY_SILENT},
	};
	struct policy_request r = request();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (ask(cases[i].text, &r) != cases[i].result)
			fail_msg("case %zu: %s", i, cases[i].text);
	r.resource = SELF "/dev/GET/users/ann";
	assert_int_equal(ask(cases[ARRAY_LEN(cases) - 3].text, &r), POLICY_ALLOW);
}

static void test_principals(void **state)
{
	(void)state;
	static const char ann[] = "arn:aws:iam::123456789012:user/ann";
	static const char role[] = "arn:aws:sts::123456789012:assumed-role/Admin/me";
	static const struct {
		const char *member, *caller;
		bool allow;
	} cases[] = {
		{"\"Principal\":\"*\"", NULL, true},
		{"\"Principal\":{\"AWS\":\"*\"}", NULL, true},
		{"\"Principal\":{\"AWS\":[\"x\",\"*\"]}", NULL, true},
		{"\"Principal\":{\"Service\":\"*\"}", NULL, false},
		{"\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/ann\"}", NULL, false},
		{"\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/ann\"}", ann, true},
		{"\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/bob\"}", ann, false},
		{"\"Principal\":{\"AWS\":\"123456789012\"}", ann, true},
		{"\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:root\"}", ann, true},
		{"\"Principal\":{\"AWS\":\"999999999999\"}", ann, false},
		{"\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:role/Admin\"}", role, true},
		{"\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:role/Adm\"}", role, false},
		{"\"Principal\":{\"AWS\":\"arn:aws:iam::999999999999:role/Admin\"}", role, false},
		{"\"NotPrincipal\":{\"AWS\":\"arn:aws:iam::123456789012:user/ann\"}", ann, false},
		{"\"NotPrincipal\":{\"AWS\":\"arn:aws:iam::123456789012:user/bob\"}", ann, true},
		{"\"Sid\":\"nobody\"", ann, false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena a = {0};
		struct policy_request r = request();
		r.resource_policy = true;
		r.principal = cases[i].caller;
		r.account = cases[i].caller ? "123456789012" : NULL;
		enum policy_result got =
			ask(arena_printf(&a,
					 "{\"Statement\":{\"Effect\":\"Allow\",%s," ACTION
					 ",\"Resource\":\"*\"}}",
					 cases[i].member),
			    &r);
		if (got != (cases[i].allow ? POLICY_ALLOW : POLICY_SILENT))
			fail_msg("case %zu: %s", i, cases[i].member);
		arena_clear(&a);
	}
}

static const struct {
	const char *block;
	bool holds;
} conditions[] = {
	{"{}", true},
	{"{\"IpAddress\":{\"aws:SourceIp\":\"192.0.2.0/24\"}}", true},
	{"{\"IpAddress\":{\"aws:SourceIp\":[\"10.0.0.0/8\",\"192.0.2.7\"]}}", true},
	{"{\"IpAddress\":{\"aws:SourceIp\":\"10.0.0.0/8\"}}", false},
	{"{\"NotIpAddress\":{\"aws:SourceIp\":\"10.0.0.0/8\"}}", true},
	{"{\"NotIpAddress\":{\"aws:SourceIp\":[\"10.0.0.0/8\",\"192.0.2.0/24\"]}}", false},
	{"{\"StringEquals\":{\"aws:UserAgent\":\"curl/8.1\"}}", true},
	{"{\"StringEquals\":{\"aws:UserAgent\":\"CURL/8.1\"}}", false},
	{"{\"StringEquals\":{\"aws:UserAgent\":\"curl*\"}}", false},
	{"{\"StringEquals\":{\"aws:UserAgent\":\"curl/8.12\"}}", false},
	{"{\"StringEqualsIgnoreCase\":{\"aws:UserAgent\":\"CURL/8.1\"}}", true},
	{"{\"StringNotEquals\":{\"aws:UserAgent\":\"curl/8.1\"}}", false},
	{"{\"StringNotEqualsIgnoreCase\":{\"aws:UserAgent\":\"x\"}}", true},
	{"{\"StringLike\":{\"aws:UserAgent\":\"curl/*\"}}", true},
	{"{\"StringLike\":{\"aws:UserAgent\":\"wget/*\"}}", false},
	{"{\"StringNotLike\":{\"aws:UserAgent\":\"curl/*\"}}", false},
	{"{\"StringEquals\":{\"aws:username\":\"${aws:username}\"}}", true},
	{"{\"StringLike\":{\"aws:username\":\"${test:star}\"}}", false},
	{"{\"StringEquals\":{\"test:star\":\"${*}\"}}", true},
	{"{\"Bool\":{\"aws:SecureTransport\":true}}", true},
	{"{\"Bool\":{\"aws:SecureTransport\":\"False\"}}", false},
	{"{\"DateLessThan\":{\"aws:CurrentTime\":\"2027-01-01T00:00:00Z\"}}", true},
	{"{\"DateLessThanEquals\":{\"aws:CurrentTime\":\"2026-11-27T09:15:00Z\"}}", true},
	{"{\"DateGreaterThan\":{\"aws:CurrentTime\":\"2026-11-27T09:15:00Z\"}}", false},
	{"{\"DateGreaterThanEquals\":{\"aws:CurrentTime\":\"2026-11-27T09:15:00Z\"}}", true},
	{"{\"DateEquals\":{\"aws:CurrentTime\":\"1795770900\"}}", true},
	{"{\"DateNotEquals\":{\"aws:CurrentTime\":\"2026-11-28T00:00:00Z\"}}", true},
	{"{\"DateLessThan\":{\"aws:CurrentTime\":\"tomorrow\"}}", false},
	{"{\"DateGreaterThan\":{\"aws:EpochTime\":1795770899}}", true},
	{"{\"NumericEquals\":{\"aws:EpochTime\":\"1795770900\"}}", true},
	{"{\"NumericNotEquals\":{\"aws:EpochTime\":1}}", true},
	{"{\"NumericLessThan\":{\"aws:EpochTime\":1}}", false},
	{"{\"NumericLessThanEquals\":{\"aws:EpochTime\":1795770900}}", true},
	{"{\"NumericGreaterThan\":{\"aws:EpochTime\":1}}", true},
	{"{\"NumericGreaterThanEquals\":{\"aws:EpochTime\":1795770901}}", false},
	{"{\"NumericLessThan\":{\"aws:UserAgent\":1}}", false},
	{"{\"ArnLike\":{\"aws:PrincipalArn\":\"arn:aws:iam::*:user/*\"}}", true},
	{"{\"ArnEquals\":{\"aws:PrincipalArn\":\"arn:aws:iam::*:role/*\"}}", false},
	{"{\"ArnNotLike\":{\"aws:PrincipalArn\":\"arn:aws:iam::*:role/*\"}}", true},
	{"{\"ArnNotEquals\":{\"aws:PrincipalArn\":\"*\"}}", false},
	/* a key that is not there */
	{"{\"StringEquals\":{\"aws:SourceVpc\":\"vpc-1\"}}", false},
	{"{\"StringNotEquals\":{\"aws:SourceVpc\":\"vpc-1\"}}", true},
	{"{\"StringEqualsIfExists\":{\"aws:SourceVpc\":\"vpc-1\"}}", true},
	{"{\"ForAllValues:StringEquals\":{\"aws:SourceVpc\":\"vpc-1\"}}", true},
	{"{\"ForAnyValue:StringLike\":{\"aws:UserAgent\":\"curl*\"}}", true},
	{"{\"Null\":{\"aws:SourceVpc\":\"true\"}}", true},
	{"{\"Null\":{\"aws:SourceVpc\":\"false\"}}", false},
	{"{\"Null\":{\"aws:SourceIp\":false}}", true},
	{"{\"Null\":{\"aws:SourceIp\":true}}", false},
	/* all of several */
	{"{\"Bool\":{\"aws:SecureTransport\":\"true\"},\"StringLike\":{\"aws:UserAgent\":"
	 "\"x\"}}",
	 false},
	{"{\"StringLike\":{\"aws:UserAgent\":\"curl*\",\"aws:username\":\"ann\"}}", true},
	/* not understood: never allows */
	{"{\"StringMatches\":{\"aws:UserAgent\":\"*\"}}", false},
	{"{\"NullIfExists\":{\"aws:UserAgent\":\"true\"}}", false},
	{"[]", false},
	{"{\"StringLike\":\"*\"}", false},
};

static void test_conditions(void **state)
{
	(void)state;
	struct policy_request r = request();
	for (size_t i = 0; i < ARRAY_LEN(conditions); i++) {
		struct arena a = {0};
		const char *text = arena_printf(&a,
						"{\"Statement\":{\"Effect\":\"Allow\"," ACTION
						",\"Resource\":\"*\",\"Condition\":%s}}",
						conditions[i].block);
		if ((ask(text, &r) == POLICY_ALLOW) != conditions[i].holds)
			fail_msg("case %zu: %s", i, conditions[i].block);
		arena_clear(&a);
	}
}

/* What is not understood must not make a Deny go away. */
static void test_unknown_denies(void **state)
{
	(void)state;
	struct policy_request r = request();
	assert_int_equal(ask(ONE("\"Effect\":\"Deny\"," ACTION ",\"Resource\":\"*\",\"Condition\":"
				 "{\"StringMatches\":{\"aws:UserAgent\":\"x\"}}"),
			     &r),
			 POLICY_DENY);
}

static void test_validity(void **state)
{
	(void)state;
	static const struct {
		const char *text, *why; /* NULL: valid */
	} cases[] = {
		{ONE("\"Effect\":\"Allow\"," ACTION ",\"Resource\":\"*\""), NULL},
		{"{\"Statement\":{\"Effect\":\"Deny\",\"NotAction\":[\"a\"],\"NotResource\":[\"b\"]"
		 ","
		 "\"Condition\":{\"StringLike\":{\"k\":[\"v\"]}}}}",
		 NULL},
		{"[]", "the policy is not a map"},
		{"{}", "the policy has no Statement"},
		{"{\"Statement\":1}", "the policy has no Statement"},
		{"{\"Version\":\"2026\",\"Statement\":[]}", "Version must be 2012-10-17"},
		{"{\"Statement\":[1]}", "a statement is not a map"},
		{ONE("\"Effect\":\"allow\"," ACTION ",\"Resource\":\"*\""),
		 "Effect must be Allow or Deny"},
		{ONE("\"Effect\":\"Allow\",\"Resource\":\"*\""),
		 "a statement needs Action or NotAction"},
		{ONE("\"Effect\":\"Allow\"," ACTION ",\"NotAction\":\"x\",\"Resource\":\"*\""),
		 "a statement needs Action or NotAction"},
		{ONE("\"Effect\":\"Allow\",\"Action\":[],\"Resource\":\"*\""),
		 "a statement needs Action or NotAction"},
		{ONE("\"Effect\":\"Allow\"," ACTION), "a statement needs Resource or NotResource"},
		{ONE("\"Effect\":\"Allow\"," ACTION ",\"Resource\":{}"),
		 "a statement needs Resource or NotResource"},
		{ONE("\"Effect\":\"Allow\"," ACTION ",\"Resource\":\"a\\u0000b\""),
		 "a statement needs Resource or NotResource"},
		{ONE("\"Effect\":\"Allow\"," ACTION
		     ",\"Resource\":\"*\",\"Condition\":{\"Maybe\":{}}"),
		 "Condition is malformed or has an operator that is not known"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena a = {0};
		struct node *root = NULL;
		const char *why = NULL;
		assert_true(json_read_wire(&a, (struct slice){cases[i].text, strlen(cases[i].text)},
					   &root));
		assert_int_equal(policy_valid(root, &why), cases[i].why == NULL);
		if (cases[i].why)
			assert_string_equal(why, cases[i].why);
		arena_clear(&a);
	}
	const char *why = NULL;
	assert_false(policy_valid(NULL, &why));
}

static void test_tables(void **state)
{
	(void)state;
	enum { S = POLICY_SILENT, A = POLICY_ALLOW, D = POLICY_DENY };
	enum { YES = VERDICT_ALLOW, NO = VERDICT_IMPLICIT_DENY, NEVER = VERDICT_EXPLICIT_DENY };
	static const struct {
		int first, resource, a, b;
	} rows[] = {
		{A, A, YES, YES},     {A, S, YES, NO},      {A, D, NEVER, NEVER},
		{S, A, YES, NO},      {S, S, NO, NO},       {S, D, NEVER, NEVER},
		{D, A, NEVER, NEVER}, {D, S, NEVER, NEVER}, {D, D, NEVER, NEVER},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(policy_table_a(rows[i].first, rows[i].resource), rows[i].a);
		assert_int_equal(policy_table_b(rows[i].first, rows[i].resource), rows[i].b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wildcards),  cmocka_unit_test(test_cidr),
		cmocka_unit_test(test_statements), cmocka_unit_test(test_principals),
		cmocka_unit_test(test_conditions), cmocka_unit_test(test_unknown_denies),
		cmocka_unit_test(test_validity),   cmocka_unit_test(test_tables),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
