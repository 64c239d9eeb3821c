/* fuzz_javaregex.c -- any bytes as a pattern of Java and, behind the first newline, a text:
 * compiled or refused with words; matching, replacing and splitting end, and agree on whether there
 * is a match. */
#include "gateway/javaregex.h"

#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

static void check(struct regex *re, struct slice text)
{
	struct arena a = {0};
	struct str out = {0};
	const char *error = NULL;
	size_t count, length = 0;
	enum regex_result found = regex_match(re, text.p, text.len);
	bool utf8 = utf8_invalid_at(text.p, text.len) == text.len;
	bool ok = javaregex_replace(re, text, (struct slice){"<$0>", 4}, false, &out, &error);
	require(ok || error);
	require(!ok || out.len == text.len + (found == REGEX_YES ? 2 : 0));
	str_reset(&out);
	javaregex_replace(re, text, (struct slice){"$0", 2}, true, &out, &error);
	const struct slice *pieces = javaregex_split(&a, re, text, -1, &count);
	for (size_t i = 0; pieces && i < count; i++) {
		require(pieces[i].p >= text.p && pieces[i].p + pieces[i].len <= text.p + text.len);
		length += pieces[i].len;
	}
	require(length <= text.len && (utf8 || !pieces));
	str_clear(&out);
	arena_clear(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diags d = {0};
	const char *bytes = size ? (const char *)data : "";
	const char *stop = memchr(bytes, '\n', size);
	size_t n = stop ? (size_t)(stop - bytes) : size;
	struct regex *re = javaregex_compile(bytes, n, false, (struct pos){0}, &d);
	require((re == NULL) == (d.errors > 0));
	if (re && stop)
		check(re, (struct slice){stop + 1, size - n - 1});
	regex_free(re);
	regex_free(ecmaregex_compile(bytes, n, (struct pos){0}, NULL));
	diags_clear(&d);
	return 0;
}
