/* plumbing_jsonpath.c -- see plumbing_jsonpath.h. */
#include "cli/plumbing_jsonpath.h"

#include "base/json.h"
#include "cli/plumbing_lines.h"
#include "gateway/jsonpath.h"

#include <string.h>

/* error is "NameException: why". */
static bool write_exception(struct arena *a, struct str *out, const char *error)
{
	struct json_out j = {.out = out};
	const char *colon = strchr(error, ':');
	json_object(&j, NULL);
	json_text(&j, "error", arena_strndup(a, error, (size_t)(colon - error)));
	json_text(&j, "message", colon + 2);
	json_end(&j);
	return false;
}

static bool answer(struct arena *a, const struct node *root, struct str *out)
{
	const struct node *path = node_get(root, "path");
	const struct node *document = node_get(root, "document");
	const char *error;
	if (!path || path->kind != NODE_TEXT || !document)
		return plumbing_error(out, out->len, "give path, a string, and document");
	if (strlen(path->text) != path->len)
		return write_exception(a, out, "InvalidPathException: the path holds a NUL");
	const struct jsonpath *p = jsonpath_compile(a, path->text, &error);
	const struct node *result = p ? jsonpath_find(a, p, document, &error) : NULL;
	if (!result)
		return write_exception(a, out, error);
	str_addf(out, "{\"definite\":%s,\"result\":", jsonpath_definite(p) ? "true" : "false");
	json_write(out, result);
	str_addc(out, '}');
	return true;
}

bool plumbing_jsonpath_line(const char *line, size_t n, struct str *out)
{
	struct arena a = {0};
	const struct node *root = plumbing_object(&a, line, n, out);
	bool ok = root && answer(&a, root, out);
	arena_clear(&a);
	return ok;
}
