/* fuzz_plumbing.c -- any bytes as the input of `plumbing fsrs`: each line gives one line, which is
 * a JSON object again, and the numbers of an answer are finite and not negative. */
#include "base/json.h"
#include "cli/plumbing_fsrs.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok, const struct str *out)
{
	struct arena a = {0};
	struct diags d = {0};
	struct node *root;
	if (!json_read(&a, NULL, str_c(out), out->len, &root, &d) || root->kind != NODE_MAP)
		abort();
	if (ok == (node_get(root, "error") != NULL) || memchr(out->p, '\n', out->len))
		abort();
	if (ok && (strstr(out->p, "null") || strstr(out->p, ":-")))
		abort(); /* the writer's null is a number that is not finite */
	diags_clear(&d);
	arena_clear(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data, *end = p + size;
	struct str out = {0};
	while (p < end) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((stop ? stop : end) - p);
		str_reset(&out);
		bool ok = plumbing_fsrs_line(p, n, &out);
		check(ok, &out);
		p += stop ? n + 1 : n;
	}
	str_clear(&out);
	return 0;
}
