/* plumbing_schema.c -- see plumbing_schema.h. */
#include "cli/plumbing_schema.h"

#include "base/json.h"
#include "cli/plumbing_lines.h"
#include "gateway/schema.h"

#include <string.h>

/* A $ref to a model: what follows its last slash is the name. */
static const struct node *find_model(void *ctx, const char *ref)
{
	const char *slash = strrchr(ref, '/');
	return node_get(node_get(ctx, "models"), slash ? slash + 1 : ref);
}

static void answer(struct str *out, const struct schema *s, const struct node *data)
{
	struct schema_errors errors = {0};
	bool valid = schema_check(s, data, &errors);
	str_addf(out, "{\"valid\":%s,\"errors\":[", valid ? "true" : "false");
	for (size_t i = 0; i < errors.count; i++) {
		struct slice text = schema_error(&errors, i);
		str_add(out, i ? "," : "");
		json_add_string(out, text.p, text.len);
	}
	str_add(out, "]}");
	str_clear(&errors.text);
}

static bool ask(struct arena *a, const struct node *root, struct str *out)
{
	const struct node *schema = node_get(root, "schema");
	const struct node *data = node_get(root, "data");
	struct diags d = {0};
	if (!schema || !data)
		return plumbing_error(out, out->len, "give schema and data");
	struct schema *s = schema_compile(a, NULL, schema, find_model, (void *)(uintptr_t)root, &d);
	if (s)
		answer(out, s, data);
	else
		plumbing_error(out, out->len, diags_first(&d));
	schema_free(s);
	diags_clear(&d);
	return s != NULL;
}

bool plumbing_schema_line(const char *line, size_t n, struct str *out)
{
	struct arena a = {0};
	const struct node *root = plumbing_object(&a, line, n, out);
	bool ok = root && ask(&a, root, out);
	arena_clear(&a);
	return ok;
}
