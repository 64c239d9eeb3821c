/* fuzz_jsonpath.c -- any bytes as a path and, behind the first newline, a document: a result that
 * is a tree, or an error with the name of an exception; the same each time, within its bounds. */
#include "base/json.h"
#include "gateway/jsonpath.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

static void check(struct arena *a, const struct jsonpath *p, const struct node *doc)
{
	struct str first = {0}, second = {0};
	const char *error = NULL;
	const struct node *n = jsonpath_find(a, p, doc, &error);
	const struct node *again = jsonpath_eval(a, p, doc);
	require((n == NULL) == (again == NULL));
	require(n || strstr(error, "Exception: "));
	require(!n || jsonpath_definite(p) || n->kind == NODE_LIST);
	if (n) {
		json_write(&first, n);
		json_write(&second, again);
		require(str_eq(str_c(&first), str_c(&second)));
	}
	str_clear(&first);
	str_clear(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct node *doc;
	const char *bytes = (const char *)data;
	const char *stop = size ? memchr(bytes, '\n', size) : NULL;
	size_t n = stop ? (size_t)(stop - bytes) : size;
	const char *error = NULL;
	const struct jsonpath *p = jsonpath_compile(&a, arena_strndup(&a, bytes, n), &error);
	require(p || strstr(error, "Exception: "));
	if (p && stop && json_read_wire(&a, (struct slice){stop + 1, size - n - 1}, &doc))
		check(&a, p, doc);
	arena_clear(&a);
	return 0;
}
