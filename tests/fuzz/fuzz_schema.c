/* fuzz_schema.c -- any JSON as a schema and, behind the first newline, data: valid without errors,
 * or not with some; the same with and without telling why. */
#include "base/json.h"
#include "gateway/schema.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

static void check(const struct schema *s, const struct node *data)
{
	struct str errors = {0};
	bool valid = schema_valid(s, data, &errors);
	require(valid == (errors.len == 0));
	require(schema_valid(s, data, NULL) == valid);
	str_clear(&errors);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct diags d = {0};
	struct node *schema, *value;
	const char *bytes = (const char *)data;
	const char *stop = size ? memchr(bytes, '\n', size) : NULL;
	size_t n = stop ? (size_t)(stop - bytes) : size;
	if (json_read_wire(&a, (struct slice){bytes, n}, &schema)) {
		struct schema *s = schema_compile(&a, "fuzz", schema, NULL, NULL, &d);
		require((s == NULL) == (d.errors > 0));
		if (s && stop && json_read_wire(&a, (struct slice){stop + 1, size - n - 1}, &value))
			check(s, value);
		schema_free(s);
	}
	diags_clear(&d);
	arena_clear(&a);
	return 0;
}
