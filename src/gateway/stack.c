/* stack.c -- stack files and OpenAPI files into a gateway; see stack.h. */
#include "gateway/stack.h"

#include "gateway/deffile.h"

bool gateway_load(struct gateway *out, const char *const *files, size_t n,
		  const struct load_options *o, struct diags *d)
{
	bool ok = true;
	(void)o;
	gateway_clear(out);
	for (size_t i = 0; i < n; i++) {
		struct slice bytes;
		struct node *root;
		out->file = arena_strdup(&out->arena, files[i]);
		ok &= def_read(&out->arena, out->file, &bytes, &root, d);
	}
	return ok;
}
