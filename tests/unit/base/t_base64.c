/* t_base64.c -- the vectors of RFC 4648, and what is no base64. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/base64.h"

#include <string.h>

static const struct {
	const char *plain, *coded;
} vectors[] = {
	{"", ""},
	{"f", "Zg=="},
	{"fo", "Zm8="},
	{"foo", "Zm9v"},
	{"foob", "Zm9vYg=="},
	{"fooba", "Zm9vYmE="},
	{"foobar", "Zm9vYmFy"},
	{"\xfb\xff", "+/8="},
};

static void test_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		struct str out = {0};
		base64_encode(&out, vectors[i].plain, strlen(vectors[i].plain));
		assert_string_equal(str_c(&out), vectors[i].coded);
		str_reset(&out);
		assert_true(base64_decode(&out, vectors[i].coded, strlen(vectors[i].coded)));
		assert_string_equal(str_c(&out), vectors[i].plain);
		str_clear(&out);
	}
}

static void test_url(void **state)
{
	(void)state;
	struct str out = {0};
	base64url_encode(&out, "\xfb\xff", 2);
	assert_string_equal(str_c(&out), "-_8");
	str_reset(&out);
	assert_true(base64url_decode(&out, "-_8", 3));
	assert_int_equal(out.len, 2);
	assert_false(base64url_decode(&out, "-_8=", 4));
	assert_false(base64url_decode(&out, "+/8", 3));
	str_clear(&out);
}

static void test_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {"a",      "Zg=",   "Zh==",         "Z===",     "=",
					  "Zm9v\n", "Zm 9v", "this is text", "Zg==Zg==", "====="};
	struct str out = {0};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(base64_decode(&out, bad[i], strlen(bad[i])));
	assert_true(base64_decode(&out, "Zg", 2)); /* padding left out */
	str_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_url),
		cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
