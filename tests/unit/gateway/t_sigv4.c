/* t_sigv4.c -- signatures: the published test vectors, header and query, and every refusal with its
 * words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "gateway/sigv4.h"

#include <string.h>

#define NOW "20261127T091500Z"
#define NOW_MS INT64_C(1795770900000)

static struct gw_credential credentials[] = {
	{.access_key = "AKIDEXAMPLE", .secret_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"},
	{.access_key = "ASIATEMP", .secret_key = "s", .session_token = "token"},
	{.access_key = "ASIAOLD", .secret_key = "s", .session_token = "token", .expired = true},
};
static const struct gateway gateway = {.region = "us-east-1",
				       .credentials = credentials,
				       .credential_count = ARRAY_LEN(credentials)};

struct fixture {
	struct arena arena;
	struct gw_request request;
};

static void begin(struct fixture *f, const char *method, const char *path, const char *query)
{
	*f = (struct fixture){.request = {.method = method, .path = path, .query = query}};
	f->request.body = (struct slice){"", 0};
}

static void header(struct fixture *f, const char *name, const char *value)
{
	gw_headers_add(&f->arena, &f->request.headers, name, value);
}

static void sign(struct fixture *f, const struct gw_credential *c, const char *date)
{
	header(f, "Host", "shop.execute-api.localhost:8787");
	header(f, "X-Amz-Date", date);
	header(f, "Authorization",
	       sigv4_sign(&f->arena, &f->request, c, "us-east-1", "execute-api", date,
			  "host;x-amz-date"));
}

static struct sigv4 verify(struct fixture *f)
{
	return sigv4_verify(&f->arena, &f->request, &gateway, "execute-api", NOW_MS);
}

static void expect(struct fixture *f, enum sigv4_end end, const char *type, const char *message)
{
	struct sigv4 r = verify(f);
	assert_int_equal(r.end, end);
	if (end != SIGV4_VALID) {
		assert_string_equal(r.type, type);
		if (strlen(r.message) < strlen(message) ||
		    memcmp(r.message, message, strlen(message)) != 0)
			fail_msg("%s", r.message);
	}
	arena_clear(&f->arena);
}

/* From the suite that AWS publishes for implementers. */
static void test_vectors(void **state)
{
	(void)state;
	static const struct {
		const char *method, *path, *query, *signature;
	} cases[] = {
		{"GET", "/", NULL,
		 "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"POST", "/", NULL,
		 "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
		{"GET", "/", "Param2=value2&Param1=value1",
		 "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
		{"GET", "/",
		 "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz="
		 "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
		 "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
		{"GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", NULL,
		 "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
		/* resolved paths sign as "/" */
		{"GET", "/example/..", NULL,
		 "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"GET", "//", NULL,
		 "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"GET", "/./", NULL,
		 "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fixture f;
		begin(&f, cases[i].method, cases[i].path, cases[i].query);
		header(&f, "Host", "example.amazonaws.com");
		header(&f, "X-Amz-Date", "20150830T123600Z");
		const char *text = sigv4_sign(&f.arena, &f.request, &credentials[0], "us-east-1",
					      "service", "20150830T123600Z", "host;x-amz-date");
		const char *got = strstr(text, "Signature=");
		assert_non_null(got);
		if (strcmp(got + 10, cases[i].signature) != 0)
			fail_msg("case %zu: %s", i, text);
		arena_clear(&f.arena);
	}
}

/* Header values: blanks folded, several values joined. Also of the suite. */
static void test_header_values(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, "GET", "/", NULL);
	header(&f, "Host", "example.amazonaws.com");
	header(&f, "My-Header1", "value2");
	header(&f, "My-Header1", "value2");
	header(&f, "My-Header1", "value1");
	header(&f, "X-Amz-Date", "20150830T123600Z");
	const char *text = sigv4_sign(&f.arena, &f.request, &credentials[0], "us-east-1", "service",
				      "20150830T123600Z", "host;my-header1;x-amz-date");
	assert_non_null(
		strstr(text, "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"));
	arena_clear(&f.arena);
}

static void test_valid(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, "GET", "/dev/a%20b//c/", "q=a+b&z=%7e&empty&q=1");
	sign(&f, &credentials[0], NOW);
	struct sigv4 r = verify(&f);
	assert_int_equal(r.end, SIGV4_VALID);
	assert_ptr_equal(r.credential, &credentials[0]);
	assert_non_null(strstr(r.canonical, "\n/dev/a%2520b/c/\nempty=&q=1&q=a%20b&z=~\n"));
	arena_clear(&f.arena);
	/* a temporary key with its token; the clock five minutes off either way */
	begin(&f, "POST", "/dev/x", NULL);
	f.request.body = (struct slice){"{}", 2};
	header(&f, "X-Amz-Security-Token", "token");
	sign(&f, &credentials[1], "20261127T091000Z");
	expect(&f, SIGV4_VALID, NULL, NULL);
	begin(&f, "GET", "/dev/x", NULL);
	sign(&f, &credentials[0], "20261127T092000Z");
	expect(&f, SIGV4_VALID, NULL, NULL);
}

static const char *presigned(struct fixture *f, const char *path, const char *date,
			     const char *expires)
{
	begin(f, "GET", path, NULL);
	header(f, "Host", "shop.execute-api.localhost:8787");
	const char *query = arena_printf(
		&f->arena,
		"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%%2F%.8s%%2Fus-east-1"
		"%%2Fexecute-api%%2Faws4_request&X-Amz-Date=%s%s&X-Amz-SignedHeaders=host&a=b",
		date, date, expires);
	f->request.query = query;
	const char *text = sigv4_sign(&f->arena, &f->request, &credentials[0], "us-east-1",
				      "execute-api", date, "host");
	return arena_printf(&f->arena, "%s&X-Amz-Signature=%s", query,
			    strstr(text, "Signature=") + 10);
}

static void test_query(void **state)
{
	(void)state;
	struct fixture f;
	f.request.query = NULL;
	const char *query = presigned(&f, "/live", NOW, "&X-Amz-Expires=60");
	f.request.query = query;
	expect(&f, SIGV4_VALID, NULL, NULL);
	query = presigned(&f, "/live", "20261127T091301Z", "&X-Amz-Expires=60");
	f.request.query = query;
	expect(&f, SIGV4_SKEWED, "EXPIRED_TOKEN", "Signature expired");
	query = presigned(&f, "/live", NOW, "&X-Amz-Expires=604801");
	f.request.query = query;
	expect(&f, SIGV4_INCOMPLETE, "DEFAULT_4XX", "Authorization header: X-Amz-Expires");
	query = presigned(&f, "/live", NOW, "");
	f.request.query = arena_printf(&f.arena, "%s&more=1", query);
	expect(&f, SIGV4_MISMATCH, "INVALID_SIGNATURE", "The request signature we calculated");
	begin(&f, "GET", "/live", "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=" NOW);
	expect(&f, SIGV4_INCOMPLETE, "DEFAULT_4XX",
	       "Authorization header: AWS query-string parameters must include "
	       "'X-Amz-Credential'.");
	/* another algorithm is no signature */
	begin(&f, "GET", "/live", "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256");
	expect(&f, SIGV4_MISSING, "MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token");
}

#define KEY "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261127/us-east-1/execute-api/aws4_request"
#define REST ", SignedHeaders=host;x-amz-date, Signature=00"
static void test_refusals(void **state)
{
	(void)state;
	static const struct {
		const char *authorization, *date;
		enum sigv4_end end;
		const char *type, *message;
	} cases[] = {
		{NULL, NOW, SIGV4_MISSING, "MISSING_AUTHENTICATION_TOKEN",
		 "Missing Authentication Token"},
		{"", NOW, SIGV4_MISSING, "MISSING_AUTHENTICATION_TOKEN",
		 "Missing Authentication Token"},
		{"allow", NOW, SIGV4_INCOMPLETE, "DEFAULT_4XX",
		 "'allow' not a valid key=value pair (missing equal-sign) in Authorization header: "
		 "'allow'."},
		{"Bearer abc", NOW, SIGV4_INCOMPLETE, "DEFAULT_4XX",
		 "'abc' not a valid key=value pair (missing equal-sign) in Authorization header: "
		 "'Bearer abc'."},
		{"AWS4-HMAC-SHA256 abc", NOW, SIGV4_INCOMPLETE, "DEFAULT_4XX",
		 "'abc' not a valid key=value pair (missing equal-sign) in Authorization header: "
		 "'AWS4-HMAC-SHA256 abc'."},
		{"AWS4-HMAC-SHA256 a=b", NULL, SIGV4_INCOMPLETE, "DEFAULT_4XX",
		 "Authorization header requires 'Credential' parameter. Authorization header "
		 "requires 'Signature' parameter. Authorization header requires 'SignedHeaders' "
		 "parameter. Authorization header requires existence of either a 'X-Amz-Date' or a "
		 "'Date' header. Authorization=AWS4-HMAC-SHA256 a=b"},
		{"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/x" REST, NOW, SIGV4_INCOMPLETE,
		 "DEFAULT_4XX", "Authorization header: Credential must have exactly 5"},
		{"AWS4-HMAC-SHA256 Credential=A/1/2/3/4/5" REST, NOW, SIGV4_INCOMPLETE,
		 "DEFAULT_4XX", "Authorization header: Credential must have exactly 5"},
		{KEY ", SignedHeaders=x-amz-date, Signature=00", NOW, SIGV4_MISMATCH,
		 "INVALID_SIGNATURE", "'Host' or ':authority' must be a 'SignedHeader'"},
		{"AWS4-HMAC-SHA256 "
		 "Credential=NOBODY/20261127/us-east-1/execute-api/aws4_request" REST,
		 NOW, SIGV4_UNKNOWN_KEY, "ACCESS_DENIED",
		 "The security token included in the request is invalid."},
		{"AWS4-HMAC-SHA256 "
		 "Credential=ASIATEMP/20261127/us-east-1/execute-api/aws4_request" REST,
		 NOW, SIGV4_UNKNOWN_KEY, "ACCESS_DENIED",
		 "The security token included in the request is invalid."},
		{KEY REST, "20261127T090959Z", SIGV4_SKEWED, "EXPIRED_TOKEN",
		 "Signature expired: 20261127T090959Z is now earlier than 20261127T091000Z "
		 "(20261127T091500Z - 5 min.)"},
		{KEY REST, "20261127T092001Z", SIGV4_SKEWED, "EXPIRED_TOKEN",
		 "Signature not yet current: 20261127T092001Z is still later than "
		 "20261127T092000Z (20261127T091500Z + 5 min.)"},
		{KEY REST, "yesterday", SIGV4_MISMATCH, "INVALID_SIGNATURE",
		 "Date must be in ISO-8601 'basic format'. Got 'yesterday'."},
		{"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261127/eu-west-1/execute-api/"
		 "aws4_request" REST,
		 NOW, SIGV4_MISMATCH, "INVALID_SIGNATURE",
		 "Credential should be scoped to a valid region, not 'eu-west-1'."},
		{"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261127/us-east-1/s3/aws4_request" REST,
		 NOW, SIGV4_MISMATCH, "INVALID_SIGNATURE",
		 "Credential should be scoped to correct service: 'execute-api'."},
		{"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261127/us-east-1/execute-api/x" REST,
		 NOW, SIGV4_MISMATCH, "INVALID_SIGNATURE",
		 "Credential should be scoped with a valid terminator: 'aws4_request', not 'x'."},
		{"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261126/us-east-1/execute-api/"
		 "aws4_request" REST,
		 NOW, SIGV4_MISMATCH, "INVALID_SIGNATURE",
		 "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date "
		 "from HTTP: '20261126' != '20261127', from '20261127T091500Z'."},
		{KEY REST, NOW, SIGV4_MISMATCH, "INVALID_SIGNATURE",
		 "The request signature we calculated does not match the signature you provided. "
		 "Check your AWS Secret Access Key and signing method. Consult the service "
		 "documentation for details.\n\nThe Canonical String for this request should have "
		 "been\n'GET\n/dev/x\n\nhost:h\nx-amz-date:20261127T091500Z\n\nhost;x-amz-date\n"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fixture f;
		begin(&f, "GET", "/dev/x", NULL);
		header(&f, "Host", "h");
		if (cases[i].date)
			header(&f, "X-Amz-Date", cases[i].date);
		if (cases[i].authorization)
			header(&f, "Authorization", cases[i].authorization);
		expect(&f, cases[i].end, cases[i].type, cases[i].message);
	}
}

static void test_tokens(void **state)
{
	(void)state;
	struct fixture f;
	begin(&f, "GET", "/dev/x", NULL);
	header(&f, "X-Amz-Security-Token", "token");
	sign(&f, &credentials[2], NOW);
	expect(&f, SIGV4_EXPIRED, "EXPIRED_TOKEN",
	       "The security token included in the request is expired");
	begin(&f, "GET", "/dev/x", NULL);
	header(&f, "X-Amz-Security-Token", "other");
	sign(&f, &credentials[1], NOW);
	expect(&f, SIGV4_UNKNOWN_KEY, "ACCESS_DENIED",
	       "The security token included in the request is invalid.");
}

/* What was signed and what came must be the same. */
static void test_tampering(void **state)
{
	(void)state;
	static const char wrong[] = "The request signature we calculated does not match";
	struct fixture f;
	begin(&f, "GET", "/dev/x", "a=1");
	sign(&f, &credentials[0], NOW);
	f.request.query = "a=2";
	expect(&f, SIGV4_MISMATCH, "INVALID_SIGNATURE", wrong);
	begin(&f, "GET", "/dev/x", NULL);
	sign(&f, &credentials[0], NOW);
	f.request.path = "/dev/y";
	expect(&f, SIGV4_MISMATCH, "INVALID_SIGNATURE", wrong);
	begin(&f, "GET", "/dev/x", NULL);
	sign(&f, &credentials[0], NOW);
	f.request.body = (struct slice){"more", 4};
	expect(&f, SIGV4_MISMATCH, "INVALID_SIGNATURE", wrong);
	begin(&f, "GET", "/dev/x", NULL);
	sign(&f, &credentials[0], NOW);
	header(&f, "X-Amz-Content-Sha256", "0000");
	expect(&f, SIGV4_MISMATCH, "INVALID_SIGNATURE", wrong);
}

static void test_bounds(void **state)
{
	(void)state;
	struct fixture f;
	char text[MAX_SIGV4_AUTHORIZATION + 2];
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	begin(&f, "GET", "/dev/x", NULL);
	header(&f, "Authorization", text);
	expect(&f, SIGV4_INCOMPLETE, "DEFAULT_4XX", "Authorization header is too long.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),   cmocka_unit_test(test_header_values),
		cmocka_unit_test(test_valid),     cmocka_unit_test(test_query),
		cmocka_unit_test(test_refusals),  cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_tampering), cmocka_unit_test(test_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
