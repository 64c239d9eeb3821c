/* fuzz_regex.c -- the first line is a pattern, the rest a subject. Either may be anything; what
 * matches as a whole is found by a search too. */
#include "base/regex.h"
#include "base/str.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum regex_result run(const char *pattern, int flags, const char *subject, size_t n)
{
	struct diags d = {0};
	struct regex *re = regex_new(pattern, flags, (struct pos){"fuzz", 1, 1}, &d);
	if (!re != (d.errors == 1))
		abort();
	enum regex_result result = re ? regex_match(re, subject, n) : REGEX_LIMIT;
	regex_free(re);
	diags_clear(&d);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nl = size ? memchr(data, '\n', size) : NULL;
	size_t len = nl ? (size_t)(nl - data) : size;
	struct str pattern = {0};
	str_addn(&pattern, (const char *)data, len);
	const char *subject = (const char *)data + (nl ? len + 1 : len);
	size_t n = size - (nl ? len + 1 : len);
	for (int caseless = 0; caseless <= REGEX_CASELESS; caseless += REGEX_CASELESS) {
		enum regex_result whole = run(str_c(&pattern), REGEX_WHOLE | caseless, subject, n);
		enum regex_result search = run(str_c(&pattern), caseless, subject, n);
		if (whole == REGEX_YES && search == REGEX_NO)
			abort();
	}
	str_clear(&pattern);
	return 0;
}
