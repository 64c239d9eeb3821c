/* t_waf.c -- web ACLs: every statement, field, transformation and comparison; order and actions;
 * rates; and what is wrong with a definition. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/json.h"
#include "gateway/waf.h"
#include "world.h"

#include <stdio.h>
#include <string.h>

#define SECOND INT64_C(1000000)

struct fixture {
	struct world w;
	struct waf *waf;
};

static void load(struct fixture *f, const char *acls, struct diags *d)
{
	struct node *root = NULL;
	if (!json_read_wire(&f->w.arena, (struct slice){acls, strlen(acls)}, &root))
		fail_msg("%s", acls);
	f->w.gateway.file = "stack.yaml";
	f->w.gateway.web_acls = root;
	f->w.gateway.apis = &f->w.api;
	f->w.gateway.api_count = 1;
	f->w.api.stages = &f->w.stage;
	f->w.api.stage_count = 1;
	f->w.stage.web_acl = "a";
	f->waf = waf_new(&f->w.gateway, d);
}

static void begin(struct fixture *f, const char *acls)
{
	struct diags d = {0};
	*f = (struct fixture){.waf = NULL};
	world_init(&f->w);
	load(f, acls, &d);
	if (!f->waf)
		fail_msg("%s", diags_first(&d));
	diags_clear(&d);
}

static bool admit(struct fixture *f)
{
	f->w.x.response = (struct gw_response){0};
	f->w.x.error_type = NULL;
	return waf_admit(f->waf, &f->w.x);
}

static void end(struct fixture *f)
{
	waf_free(f->waf);
	world_clear(&f->w);
}

#define SETS                                                                                  \
	"\"IPSets\":{\"home\":[\"127.0.0.0/8\",\"::1\"],\"far\":{\"Addresses\":[\"192.0.2.0/" \
	"24\"]}},\"RegexPatternSets\":{\"bots\":[\"^x$\",\"(?i)scan\"]},"
#define ONE(statement)                                                                            \
	"[{\"Name\":\"a\",\"DefaultAction\":\"Allow\"," SETS                                      \
	"\"Rules\":[{\"Name\":\"r\",\"Priority\":1,\"Action\":\"Block\",\"Statement\":" statement \
	"}]}]"
#define BYTES(position, search, field)                                  \
	"{\"ByteMatchStatement\":{\"PositionalConstraint\":\"" position \
	"\",\"SearchString\":\"" search "\",\"FieldToMatch\":" field "}}"

static const struct {
	const char *statement;
	bool matches;
} statements[] = {
	{"{\"IPSetReferenceStatement\":{\"Name\":\"home\"}}", true},
	{"{\"ipSetReferenceStatement\":{\"name\":\"far\"}}", false},
	{BYTES("EXACTLY", "/admin/x", "\"UriPath\""), true},
	{BYTES("EXACTLY", "/admin", "{\"UriPath\":{}}"), false},
	{BYTES("STARTS_WITH", "/adm", "\"UriPath\""), true},
	{BYTES("STARTS_WITH", "adm", "\"UriPath\""), false},
	{BYTES("ENDS_WITH", "/x", "\"UriPath\""), true},
	{BYTES("ENDS_WITH", "/admin", "\"UriPath\""), false},
	{BYTES("CONTAINS", "min", "\"UriPath\""), true},
	{BYTES("CONTAINS", "max", "\"UriPath\""), false},
	{BYTES("CONTAINS_WORD", "admin", "\"UriPath\""), true},
	{BYTES("CONTAINS_WORD", "dmin", "\"UriPath\""), false},
	{BYTES("EXACTLY", "GET", "\"Method\""), true},
	{BYTES("CONTAINS", "q=%27", "\"QueryString\""), true},
	{BYTES("EXACTLY", "' or 1", "\"AllQueryArguments\""), true},
	{BYTES("EXACTLY", "' or 1", "{\"SingleQueryArgument\":{\"Name\":\"Q\"}}"), true},
	{BYTES("EXACTLY", "' or 1", "{\"SingleQueryArgument\":{\"Name\":\"z\"}}"), false},
	{BYTES("CONTAINS", "curl", "{\"SingleHeader\":{\"Name\":\"User-Agent\"}}"), true},
	{BYTES("EXACTLY", "two", "{\"SingleHeader\":{\"Name\":\"x-many\"}}"), true},
	{BYTES("CONTAINS", "drop table", "\"Body\""), true},
	{"{\"RegexMatchStatement\":{\"RegexString\":\"^/"
	 "a.*x$\",\"FieldToMatch\":\"UriPath\"}}",
	 true},
	{"{\"RegexMatchStatement\":{\"RegexString\":\"^x\",\"FieldToMatch\":\"UriPath\"}}", false},
	{"{\"RegexPatternSetReferenceStatement\":{\"Name\":\"bots\",\"FieldToMatch\":"
	 "{\"SingleHeader\":{\"Name\":\"user-agent\"}}}}",
	 true},
	{"{\"SizeConstraintStatement\":{\"ComparisonOperator\":\"GE\",\"Size\":10,"
	 "\"FieldToMatch\":\"Body\"}}",
	 true},
	{"{\"SizeConstraintStatement\":{\"ComparisonOperator\":\"EQ\",\"Size\":8,"
	 "\"FieldToMatch\":\"UriPath\"}}",
	 true},
	{"{\"SizeConstraintStatement\":{\"ComparisonOperator\":\"NE\",\"Size\":8,"
	 "\"FieldToMatch\":\"UriPath\"}}",
	 false},
	{"{\"SizeConstraintStatement\":{\"ComparisonOperator\":\"LT\",\"Size\":8,"
	 "\"FieldToMatch\":\"UriPath\"}}",
	 false},
	{"{\"SizeConstraintStatement\":{\"ComparisonOperator\":\"LE\",\"Size\":8,"
	 "\"FieldToMatch\":\"UriPath\"}}",
	 true},
	{"{\"SizeConstraintStatement\":{\"ComparisonOperator\":\"GT\",\"Size\":8,"
	 "\"FieldToMatch\":\"UriPath\"}}",
	 false},
	{"{\"NotStatement\":{\"Statement\":{\"IPSetReferenceStatement\":{\"Name\":\"far\"}}"
	 "}}",
	 true},
	{"{\"AndStatement\":{\"Statements\":[{\"IPSetReferenceStatement\":{\"Name\":"
	 "\"home\"}},"
	 "{\"IPSetReferenceStatement\":{\"Name\":\"far\"}}]}}",
	 false},
	{"{\"OrStatement\":{\"Statements\":[{\"IPSetReferenceStatement\":{\"Name\":"
	 "\"home\"}},"
	 "{\"IPSetReferenceStatement\":{\"Name\":\"far\"}}]}}",
	 true},
	{"{\"ByteMatchStatement\":{\"PositionalConstraint\":\"CONTAINS\",\"SearchString\":"
	 "\"drop table\",\"FieldToMatch\":\"UriPath\",\"TextTransformations\":[\"NONE\"]}}",
	 false},
	{"{\"ByteMatchStatement\":{\"PositionalConstraint\":\"EXACTLY\",\"SearchString\":"
	 "\"q=' or 1\",\"FieldToMatch\":\"QueryString\",\"TextTransformations\":"
	 "[{\"Priority\":0,\"Type\":\"URL_DECODE\"},{\"Priority\":1,\"Type\":\"LOWERCASE\"}"
	 ","
	 "{\"Priority\":2,\"Type\":\"COMPRESS_WHITE_SPACE\"}]}}",
	 true},
};

static void test_statements(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(statements); i++) {
		struct fixture f;
		struct arena a = {0};
		begin(&f, arena_printf(&a, ONE("%s"), statements[i].statement));
		world_ask(&f.w, "GET", "/admin/x?q=%27+or+1", "x; drop table users");
		world_header(&f.w, "User-Agent", "curl SCANNER");
		world_header(&f.w, "X-Many", "one");
		world_header(&f.w, "X-Many", "two");
		if (admit(&f) == statements[i].matches)
			fail_msg("case %zu: %s", i, statements[i].statement);
		end(&f);
		arena_clear(&a);
	}
}

/* What lies behind the first 16 KB of a body is not seen. */
static void test_body_limit(void **state)
{
	(void)state;
	static char body[MAX_WAF_BODY + 10];
	struct fixture f;
	begin(&f, ONE(BYTES("CONTAINS", "evil", "\"Body\"")));
	memset(body, 'x', sizeof(body) - 1);
	memcpy(body + MAX_WAF_BODY - 4, "evil", 4);
	world_ask(&f.w, "POST", "/", body);
	assert_false(admit(&f));
	memcpy(body + MAX_WAF_BODY - 4, "xevil", 5);
	assert_true(admit(&f));
	world_ask(&f.w, "POST", "/", "");
	assert_true(admit(&f));
	end(&f);
}

static void test_actions(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f,
	      "[{\"Name\":\"a\",\"DefaultAction\":{\"Block\":{}}," SETS "\"Rules\":["
	      "{\"Name\":\"three\",\"Priority\":3,\"Action\":\"Allow\",\"Statement\":" BYTES(
		      "EXACTLY", "/open",
		      "\"UriPath\"") "},"
				     "{\"Name\":\"one\",\"Priority\":1,\"Action\":{\"Count\":{}},"
				     "\"Statement\":" BYTES(
					     "CONTAINS", "/",
					     "\"UriPath\"") "},"
							    "{\"Name\":\"two\",\"Priority\":2,"
							    "\"Action\":{\"Block\":{"
							    "\"CustomResponse\":"
							    "{\"ResponseCode\":418,"
							    "\"CustomResponseBodyKey\":\"tea\","
							    "\"ResponseHeaders\":"
							    "[{\"Name\":\"X-Pot\",\"Value\":"
							    "\"short\"}]}}},\"Statement\":" BYTES(
								    "EXACTLY", "/tea",
								    "\"UriPath\"") "}],"
										   "\"CustomRespons"
										   "eBodies\":{"
										   "\"tea\":{"
										   "\"ContentType\""
										   ":\"TEXT_"
										   "PLAIN\","
										   "\"Content\":"
										   "\"I am a "
										   "teapot\"}}}]");
	assert_false(admit(&f));
	assert_int_equal(f.w.x.response.status, 403);
	assert_string_equal(f.w.x.error_type, "WAF_FILTERED");
	assert_string_equal(world_body(&f.w), "{\"message\":\"Forbidden\"}");
	assert_string_equal(f.w.x.trace.rows[GW_STEP_WAF].summary, "the default action blocks");
	world_ask(&f.w, "GET", "/open", "");
	assert_true(admit(&f));
	assert_string_equal(f.w.x.trace.rows[GW_STEP_WAF].summary, "three");
	world_ask(&f.w, "GET", "/tea", "");
	assert_false(admit(&f));
	assert_int_equal(f.w.x.response.status, 418);
	assert_string_equal(world_body(&f.w), "I am a teapot");
	assert_string_equal(world_got(&f.w, "x-pot"), "short");
	assert_string_equal(world_got(&f.w, "Content-Type"), "text/plain");
	f.w.stage.web_acl = NULL;
	assert_true(admit(&f));
	assert_int_equal(f.w.x.trace.rows[GW_STEP_WAF].outcome, GW_NONE);
	end(&f);
}

static int passes(struct fixture *f, int n)
{
	int passed = 0;
	for (int i = 0; i < n; i++)
		passed += admit(f);
	return passed;
}

static void test_rate(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, ONE("{\"RateBasedStatement\":{\"Limit\":10,\"EvaluationWindowSec\":60,"
		      "\"ScopeDownStatement\":" BYTES("STARTS_WITH", "/slow", "\"UriPath\"") "}}"));
	assert_int_equal(passes(&f, 100), 100); /* out of scope: not counted */
	world_ask(&f.w, "GET", "/slow", "");
	assert_int_equal(passes(&f, 100), 10);
	f.w.request.source_ip = "127.0.0.2";
	assert_int_equal(passes(&f, 100), 10);
	f.w.request.source_ip = "127.0.0.1";
	f.w.now_us += 30 * SECOND;
	assert_int_equal(passes(&f, 1), 0);
	/* what came first is forgotten first */
	f.w.now_us += 30 * SECOND;
	assert_int_equal(passes(&f, 20), 9);
	f.w.now_us += 600 * SECOND;
	assert_int_equal(passes(&f, 20), 10);
	end(&f);
}

static void test_many_addresses(void **state)
{
	(void)state;
	char ip[32];
	struct fixture f;
	begin(&f, ONE("{\"RateBasedStatement\":{\"Limit\":10}}"));
	f.w.request.source_ip = ip;
	for (int i = 0; i < MAX_WAF_ADDRESSES + 5000; i++) {
		snprintf(ip, sizeof(ip), "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
		assert_true(admit(&f));
	}
	end(&f);
}

static void test_errors(void **state)
{
	(void)state;
#define ACL(members) "[{\"Name\":\"a\",\"DefaultAction\":\"Allow\"," members "}]"
	static const struct {
		const char *acls, *text;
	} cases[] = {
		{"{}", "webAcls must be a list"},
		{"[]", "there is no web ACL \"a\" in webAcls"},
		{"[{\"DefaultAction\":\"Allow\"}]", "a web ACL needs a Name"},
		{"[{\"Name\":\"a\"}]", "DefaultAction must be Allow or Block"},
		{"[{\"Name\":\"a\",\"DefaultAction\":\"Count\"}]",
		 "DefaultAction must be Allow or Block"},
		{ACL("\"Rules\":[{}]"), "a rule needs a Name"},
		{ACL("\"Rules\":[{\"Name\":\"r\"}]"), "a rule needs a Priority, a number from 0"},
		{ACL("\"Rules\":[{\"Name\":\"r\",\"Priority\":1}]"),
		 "Action must be Allow, Block or Count"},
		{ACL("\"Rules\":[{\"Name\":\"r\",\"Priority\":1,\"Action\":\"Block\"}]"),
		 "a Statement is a map of one member"},
		{ONE("{\"GeoMatchStatement\":{}}"), "this kind of statement is not simulated"},
		{ONE("{\"IPSetReferenceStatement\":{\"Name\":\"none\"}}"),
		 "Name must be that of a list in IPSets"},
		{ONE(BYTES("CONTAINS", "", "\"Body\"")), "SearchString must have 1 to 200 bytes"},
		{ONE(BYTES("SOMEWHERE", "x", "\"Body\"")),
		 "PositionalConstraint must be EXACTLY, STARTS_WITH, ENDS_WITH, CONTAINS or "
		 "CONTAINS_WORD"},
		{ONE(BYTES("CONTAINS", "x", "\"SingleHeader\"")), "this field needs a Name"},
		{ONE(BYTES("CONTAINS", "x", "\"Cookies\"")),
		 "FieldToMatch must be UriPath, QueryString, Method, Body, AllQueryArguments, "
		 "SingleHeader or SingleQueryArgument"},
		{ONE("{\"RegexMatchStatement\":{\"RegexString\":\"\",\"FieldToMatch\":\"Body\"}}"),
		 "a pattern must have 1 to 512 bytes"},
		{ONE("{\"RegexPatternSetReferenceStatement\":{\"Name\":\"x\"}}"),
		 "Name must be that of a list in RegexPatternSets"},
		{ONE("{\"SizeConstraintStatement\":{\"FieldToMatch\":\"Body\"}}"),
		 "a size needs ComparisonOperator (EQ NE LE LT GE GT) and Size"},
		{ONE("{\"RateBasedStatement\":{\"Limit\":9}}"), "Limit must be 10 or more"},
		{ONE("{\"RateBasedStatement\":{\"Limit\":10,\"EvaluationWindowSec\":61}}"),
		 "EvaluationWindowSec must be 60, 120, 300 or 600"},
		{ONE("{\"AndStatement\":{\"Statements\":[]}}"),
		 "And and Or need two Statements or more"},
		{ONE("{\"NotStatement\":{}}"), "Not needs a Statement"},
		{ONE("{\"ByteMatchStatement\":{\"PositionalConstraint\":\"CONTAINS\","
		     "\"SearchString\":"
		     "\"x\",\"FieldToMatch\":\"Body\",\"TextTransformations\":[\"JS_DECODE\"]}}"),
		 "simulated transformations are NONE, LOWERCASE, URL_DECODE and "
		 "COMPRESS_WHITE_SPACE"},
		{"[{\"Name\":\"a\",\"DefaultAction\":\"Allow\",\"IPSets\":{\"x\":[\"1.2.3\"]},"
		 "\"Rules\":"
		 "[{\"Name\":\"r\",\"Priority\":1,\"Action\":\"Block\",\"Statement\":"
		 "{\"IPSetReferenceStatement\":{\"Name\":\"x\"}}}]}]",
		 "this is no range of addresses, such as 192.0.2.0/24"},
		{"[{\"Name\":\"a\",\"DefaultAction\":{\"Block\":{\"CustomResponse\":{"
		 "\"ResponseCode\":"
		 "99}}}}]",
		 "ResponseCode must be from 200 to 599"},
		{"[{\"Name\":\"a\",\"DefaultAction\":{\"Block\":{\"CustomResponse\":{"
		 "\"ResponseCode\":"
		 "400,\"CustomResponseBodyKey\":\"x\"}}}}]",
		 "there is no such body in CustomResponseBodies"},
		{"[{\"Name\":\"a\",\"DefaultAction\":{\"Block\":{\"CustomResponse\":{"
		 "\"ResponseCode\":"
		 "400,\"ResponseHeaders\":[{\"Name\":\"a b\",\"Value\":\"\"}]}}}}]",
		 "a response header needs Name and Value"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fixture f = {.waf = NULL};
		struct diags d = {0};
		world_init(&f.w);
		load(&f, cases[i].acls, &d);
		assert_null(f.waf);
		assert_string_equal(diags_first(&d), cases[i].text);
		diags_clear(&d);
		end(&f);
	}
}

static void test_same_priority(void **state)
{
	(void)state;
#define RULE                                                                        \
	"{\"Name\":\"r\",\"Priority\":1,\"Action\":\"Block\",\"Statement\":" BYTES( \
		"CONTAINS", "x", "\"Body\"") "}"
	struct fixture f = {.waf = NULL};
	struct diags d = {0};
	world_init(&f.w);
	load(&f, ACL("\"Rules\":[" RULE "," RULE "]"), &d);
	assert_null(f.waf);
	assert_string_equal(diags_first(&d), "two rules have the same Priority");
	diags_clear(&d);
	end(&f);
}

/* Statements in statements end somewhere. */
static void test_depth(void **state)
{
	(void)state;
	struct fixture f = {.waf = NULL};
	struct diags d = {0};
	struct str s = {0};
	for (int i = 0; i < 12; i++)
		str_add(&s, "{\"NotStatement\":{\"Statement\":");
	str_add(&s, BYTES("CONTAINS", "x", "\"Body\""));
	for (int i = 0; i < 12; i++)
		str_add(&s, "}}");
	world_init(&f.w);
	load(&f, arena_printf(&f.w.arena, ONE("%s"), s.p), &d);
	assert_null(f.waf);
	assert_string_equal(diags_first(&d), "statements are nested too deep");
	str_clear(&s);
	diags_clear(&d);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statements),     cmocka_unit_test(test_body_limit),
		cmocka_unit_test(test_actions),        cmocka_unit_test(test_rate),
		cmocka_unit_test(test_many_addresses), cmocka_unit_test(test_errors),
		cmocka_unit_test(test_same_priority),  cmocka_unit_test(test_depth),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
