/* t_sha1.c -- the standard's own examples, and lengths around the end of a block. */
#include "base/sha1.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *bytes, size_t n, const char *want)
{
	unsigned char h[SHA1_BYTES];
	struct str hex = {0};
	sha1(bytes, n, h);
	for (size_t i = 0; i < SHA1_BYTES; i++)
		str_addf(&hex, "%02x", h[i]);
	assert_string_equal(str_c(&hex), want);
	str_clear(&hex);
}

static void examples(void **state)
{
	static const struct {
		const char *text, *hash;
	} rows[] = {
		{"", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
		{"abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		 "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
		{"The quick brown fox jumps over the lazy dog",
		 "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check(rows[i].text, strlen(rows[i].text), rows[i].hash);
}

static void ends_of_blocks(void **state)
{
	static const struct {
		size_t n;
		const char *hash;
	} rows[] = {
		{55, "c1c8bbdc22796e28c0e15163d20899b65621d65a"},
		{56, "c2db330f6083854c99d4b5bfb6e8f29f201be699"},
		{63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5"},
		{64, "0098ba824b5c16427bd7a1122a5a442a25ec644d"},
		{65, "11655326c708d70319be2610e8a57d9a5b959d3b"},
		{1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"},
	};
	struct str s = {0};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		while (s.len < rows[i].n)
			str_addc(&s, 'a');
		check(s.p, rows[i].n, rows[i].hash);
	}
	str_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples),
		cmocka_unit_test(ends_of_blocks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
