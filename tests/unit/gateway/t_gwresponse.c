/* t_gwresponse.c -- the error catalogue byte by byte, and who inherits what from a customised
 * DEFAULT_4XX or DEFAULT_5XX: as recorded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gateway/gwresponse.h"
#include "world.h"

#include <string.h>

#define ARN "arn:aws:execute-api:us-east-1:********9012:shop/dev/GET/"
#define ANONYMOUS \
	"User: anonymous is not authorized to perform: execute-api:Invoke on resource: " ARN

static const struct {
	const char *type, *message;
	int status;
	const char *exception, *body;
} catalogue[] = {
	{"MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token", 403,
	 "MissingAuthenticationTokenException", "{\"message\":\"Missing Authentication Token\"}"},
	{"INVALID_API_KEY", "Forbidden", 403, "ForbiddenException", "{\"message\":\"Forbidden\"}"},
	{"WAF_FILTERED", "Forbidden", 403, "ForbiddenException", "{\"message\":\"Forbidden\"}"},
	{"DEFAULT_4XX", "Forbidden", 403, "ForbiddenException", "{\"message\":\"Forbidden\"}"},
	{"ACCESS_DENIED", "User is not authorized to access this resource", 403,
	 "AccessDeniedException",
	 "{\"Message\":\"User is not authorized to access this resource\"}"},
	{"ACCESS_DENIED", ANONYMOUS, 403, "AccessDeniedException",
	 "{\"Message\":\"" ANONYMOUS "\"}"},
	{"ACCESS_DENIED", "The security token included in the request is invalid.", 403,
	 "UnrecognizedClientException",
	 "{\"message\":\"The security token included in the request is invalid.\"}"},
	{"EXPIRED_TOKEN", "The security token included in the request is expired", 403,
	 "ExpiredTokenException",
	 "{\"message\":\"The security token included in the request is expired\"}"},
	{"EXPIRED_TOKEN", "Signature expired: 1 is now earlier than 2", 403,
	 "InvalidSignatureException",
	 "{\"message\":\"Signature expired: 1 is now earlier than 2\"}"},
	{"DEFAULT_4XX",
	 "'x' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer x'.",
	 403, "IncompleteSignatureException",
	 "{\"message\":\"'x' not a valid key=value pair (missing equal-sign) in Authorization "
	 "header: 'Bearer x'.\"}"},
	{"UNAUTHORIZED", "Unauthorized", 401, "UnauthorizedException",
	 "{\"message\":\"Unauthorized\"}"},
	{"UNAUTHORIZED", "The incoming token has expired", 401, "UnauthorizedException",
	 "{\"message\":\"The incoming token has expired\"}"},
	{"AUTHORIZER_FAILURE", NULL, 500, "AuthorizerFailureException", "{\"message\":null}"},
	{"AUTHORIZER_CONFIGURATION_ERROR", NULL, 500, "AuthorizerConfigurationException",
	 "{\"message\":null}"},
	{"THROTTLED", "Too Many Requests", 429, "TooManyRequestsException",
	 "{\"message\":\"Too Many Requests\"}"},
	{"QUOTA_EXCEEDED", "Limit Exceeded", 429, "LimitExceededException",
	 "{\"message\":\"Limit Exceeded\"}"},
	{"BAD_REQUEST_PARAMETERS", "Missing required request parameters: [a, b]", 400,
	 "BadRequestException", "{\"message\": \"Missing required request parameters: [a, b]\"}"},
	{"BAD_REQUEST_BODY", "Invalid request body", 400, "BadRequestException",
	 "{\"message\": \"Invalid request body\"}"},
	{"DEFAULT_4XX", "Invalid JSON in request body", 400, "BadRequestException",
	 "{\"message\": \"Invalid JSON in request body\"}"},
	{"UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type", 415, "BadRequestException",
	 "{\"message\": \"Unsupported Media Type\"}"},
	{"REQUEST_TOO_LARGE", "Request Too Long", 413, "BadRequestException",
	 "{\"message\": \"Request Too Long\"}"},
	{"DEFAULT_4XX", "Request URI too long", 414, "", "{\"message\":\"Request URI too long\"}"},
	{"RESOURCE_NOT_FOUND", "Not Found", 404, "NotFoundException",
	 "{\"message\":\"Not Found\"}"},
	{"API_CONFIGURATION_ERROR", "Internal server error", 500, "InternalServerErrorException",
	 "{\"message\": \"Internal server error\"}"},
	{"DEFAULT_5XX", "Internal server error", 500, "InternalServerErrorException",
	 "{\"message\": \"Internal server error\"}"},
	{"INTEGRATION_FAILURE", "Network error communicating with endpoint", 504,
	 "InternalServerErrorException",
	 "{\"message\": \"Network error communicating with endpoint\"}"},
	{"INTEGRATION_TIMEOUT", "Endpoint request timed out", 504, "InternalServerErrorException",
	 "{\"message\": \"Endpoint request timed out\"}"},
	{"INVALID_SIGNATURE", "a \"quoted\" \n text", 403, "InvalidSignatureException",
	 "{\"message\":\"a \\\"quoted\\\" \\n text\"}"},
};

static void test_catalogue(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(catalogue); i++) {
		struct world w;
		world_init(&w);
		gw_fail(&w.x, catalogue[i].type, catalogue[i].message);
		assert_int_equal(w.x.response.status, catalogue[i].status);
		assert_string_equal(world_body(&w), catalogue[i].body);
		assert_string_equal(world_got(&w, "x-amzn-ErrorType"), catalogue[i].exception);
		assert_string_equal(world_got(&w, "Content-Type"), "application/json");
		assert_ptr_equal(w.x.error_type, catalogue[i].type);
		world_clear(&w);
	}
}

/* Content lengths that were recorded with the bodies. */
static void test_lengths(void **state)
{
	(void)state;
	static const struct {
		const char *type, *message;
		size_t length;
	} cases[] = {
		{"UNAUTHORIZED", "Unauthorized", 26},
		{"INVALID_API_KEY", "Forbidden", 23},
		{"MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token", 42},
		{"DEFAULT_5XX", "Internal server error", 36},
		{"REQUEST_TOO_LARGE", "Request Too Long", 31},
		{"BAD_REQUEST_BODY", "Invalid request body", 35},
		{"INTEGRATION_TIMEOUT", "Endpoint request timed out", 41},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct world w;
		world_init(&w);
		gw_fail(&w.x, cases[i].type, cases[i].message);
		assert_int_equal(w.x.response.body.len, cases[i].length);
		world_clear(&w);
	}
}

static void test_too_large(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	gw_fail_too_large(&w.x);
	assert_int_equal(w.x.response.status, 413);
	assert_true(w.x.response.plain);
	assert_string_equal(world_body(&w), "HTTP content length exceeded 10485760 bytes.");
	assert_string_equal(world_got(&w, "Content-Type"), "text; charset=utf-8");
	world_clear(&w);
}

static const char custom[] =
	"{\n \"message\": $context.error.messageString,\n \"type\": "
	"\"$context.error.responseType\",\n \"stage\": \"$context.stage\",\n "
	"\"none\": \"$context.resourcePath\",\n \"a\": \"$stageVariables.a\"\n}";

/* What a type answers once others are customised. */
static void test_inheritance(void **state)
{
	(void)state;
	struct gw_template template = {.type = "application/json", .text = custom};
	struct gw_mapping accept = {.to = "gatewayresponse.header.x-request-header",
				    .from = "method.request.header.Accept"};
	struct gw_mapping foo = {.to = "gatewayresponse.header.foo", .from = "'bar'"};
	struct gw_gateway_response responses[] = {
		{.type = "MISSING_AUTHENTICATION_TOKEN",
		 .templates = &template,
		 .template_count = 1},
		{.type = "DEFAULT_5XX",
		 .status = 599,
		 .params = &accept,
		 .param_count = 1,
		 .templates = &template,
		 .template_count = 1},
		{.type = "AUTHORIZER_FAILURE", .params = &foo, .param_count = 1},
	};
	static const struct {
		const char *type;
		int status;
		bool template, accept, foo;
	} cases[] = {
		{"MISSING_AUTHENTICATION_TOKEN", 403, true, false, false},
		{"ACCESS_DENIED", 403, false, false, false},
		{"API_CONFIGURATION_ERROR", 599, true, true, false},
		{"AUTHORIZER_CONFIGURATION_ERROR", 599, true, true, false},
		{"AUTHORIZER_FAILURE", 500, false, false, true},
		{"INTEGRATION_TIMEOUT", 599, true, true, false},
		{"THROTTLED", 429, false, false, false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct world w;
		world_init(&w);
		world_header(&w, "Accept", "application/json");
		w.api.responses = responses;
		w.api.response_count = ARRAY_LEN(responses);
		gw_fail(&w.x, cases[i].type, "m");
		assert_int_equal(w.x.response.status, cases[i].status);
		const char *want = arena_printf(&w.arena,
						"{\n \"message\": \"m\",\n \"type\": \"%s\",\n "
						"\"stage\": \"dev\",\n \"none\": \"\",\n \"a\": "
						"\"\"\n}",
						cases[i].type);
		assert_int_equal(strcmp(world_body(&w), want) == 0, cases[i].template);
		assert_string_equal(world_got(&w, "x-request-header"),
				    cases[i].accept ? "application/json" : "");
		assert_string_equal(world_got(&w, "foo"), cases[i].foo ? "bar" : "");
		assert_true(*world_got(&w, "x-amzn-ErrorType"));
		world_clear(&w);
	}
}

/* The type of the template follows Accept. */
static void test_template_choice(void **state)
{
	(void)state;
	struct gw_template templates[] = {{.type = "text/xml", .text = "<x/>"},
					  {.type = "application/json", .text = "{}"}};
	struct gw_gateway_response r = {
		.type = "DEFAULT_4XX", .templates = templates, .template_count = 2};
	static const char *const cases[][2] = {{"text/xml, */*", "text/xml"},
					       {"text/html", "application/json"},
					       {NULL, "application/json"}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct world w;
		world_init(&w);
		if (cases[i][0])
			world_header(&w, "Accept", cases[i][0]);
		w.api.responses = &r;
		w.api.response_count = 1;
		gw_fail(&w.x, "THROTTLED", "Too Many Requests");
		assert_string_equal(world_got(&w, "Content-Type"), cases[i][1]);
		world_clear(&w);
	}
}

static void test_substitute(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"$context.stage.", "dev."},
		{"${context.stage}x", "devx"},
		{"$method.request.header.X-Me|", "me|"},
		{"$method.request.querystring.q", "1"},
		{"$context.nothing!", "!"},
		{"$unknown $ $$context.stage", "$unknown $ $dev"},
		{"${context.stage", "${context.stage"},
		{"#set($x = 1)", "#set($x = 1)"},
		{"", ""},
	};
	struct world w;
	world_init(&w);
	world_ask(&w, "GET", "/?q=1", "");
	world_header(&w, "X-Me", "me");
	gw_exchange_begin(&w.x);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str out = {0};
		gw_substitute(&out, &w.x, cases[i][0]);
		assert_string_equal(str_c(&out), cases[i][1]);
		str_clear(&out);
	}
	world_clear(&w);
}

static void test_other_types(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.api.type = GW_HTTP;
	gw_fail(&w.x, "DEFAULT_5XX", "Internal Server Error");
	assert_string_equal(world_body(&w), "{\"message\":\"Internal Server Error\"}");
	assert_string_equal(world_got(&w, "x-amzn-ErrorType"), "");
	w.api.type = GW_WEBSOCKET;
	gw_fail(&w.x, "BAD_REQUEST_BODY", "Invalid request body");
	assert_int_equal(w.x.response.body.len, 0);
	assert_string_equal(w.x.error_message, "Invalid request body");
	world_clear(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_catalogue),       cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_too_large),       cmocka_unit_test(test_inheritance),
		cmocka_unit_test(test_template_choice), cmocka_unit_test(test_substitute),
		cmocka_unit_test(test_other_types),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
