/* fuzz_query.c -- any text is parsed as a query, complete and as typed: no crash, no leak, and what
 * is refused says why. */
#include "study/query.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);
	for (int as_typed = 0; as_typed < 2; as_typed++) {
		struct arena a = {0};
		struct diags d = {0};
		struct query *q = NULL;
		bool ok = query_parse(&a, text, as_typed, &q, &d);
		if (ok != (q != NULL) || ok != (d.errors == 0))
			abort();
		query_clear(q);
		diags_clear(&d);
		arena_clear(&a);
	}
	free(text);
	return 0;
}
