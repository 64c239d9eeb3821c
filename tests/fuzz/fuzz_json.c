/* fuzz_json.c -- any bytes: a tree or errors with places. What was read is written, read again and
 * must be equal. */
#include "base/json.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

static void check_written(struct arena *a, const struct node *root)
{
	struct str first = {0}, second = {0};
	struct node *again;
	json_write(&first, root);
	require(json_read(a, "written", first.p, first.len, &again, NULL));
	require(node_equal(root, again));
	json_write(&second, again);
	require(str_eq(str_c(&first), str_c(&second)));
	str_clear(&first);
	str_clear(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct diags d = {0};
	struct node *root;
	if (json_read(&a, "fuzz", (const char *)data, size, &root, &d)) {
		require(d.errors == 0);
		check_written(&a, root);
	} else {
		require(d.errors > 0);
		for (size_t i = 0; i < d.count; i++)
			require(d.items[i].pos.line >= 1 && d.items[i].pos.col >= 1);
	}
	diags_clear(&d);
	arena_clear(&a);
	return 0;
}
