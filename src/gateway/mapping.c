/* mapping.c -- see mapping.h. Expressions are short and their number is small, so they are read
 * when they are used: nothing about them is kept between requests. */
#include "gateway/mapping.h"

#include "base/json.h"
#include "gateway/jsonpath.h"

#include <string.h>

static const char *after(const char *s, const char *prefix)
{
	return str_starts(s, prefix) ? s + strlen(prefix) : NULL;
}

static const struct node *read_json(struct arena *a, struct slice body)
{
	struct node *root = NULL;
	return json_read_wire(a, body, &root) ? root : NULL;
}

static const char *node_text_of(struct arena *a, const struct node *n)
{
	if (!n || n->kind == NODE_NULL)
		return NULL;
	if (n->kind != NODE_LIST && n->kind != NODE_MAP)
		return n->text;
	struct str out = {0};
	json_write(&out, n);
	char *text = arena_strndup(a, out.p, out.len);
	str_clear(&out);
	return text;
}

static const char *part_of(struct arena *a, const struct node *root, const char *path)
{
	const char *full = *path == '$' ? path : arena_printf(a, "$.%s", path);
	const char *error = NULL;
	struct jsonpath *compiled = jsonpath_compile(a, full, &error);
	return compiled ? node_text_of(a, jsonpath_eval(a, compiled, root)) : NULL;
}

const char *mapping_body_part(struct arena *a, struct slice body, const char *path, bool *not_json)
{
	const struct node *root = read_json(a, body);
	if (not_json)
		*not_json = !root;
	return root ? part_of(a, root, path) : NULL;
}

static enum mapping_result one(struct mapping_values *out, const char *value)
{
	if (!value || !*value)
		return MAPPING_ABSENT;
	out->items[0] = value;
	out->count = 1;
	return MAPPING_DONE;
}

/* The service looks at a body as JSON only when it starts like some: what starts so must then be
 * JSON. An empty body reads as {}. */
static enum mapping_result eval_body(struct gw_exchange *x, struct mapping_source *s,
				     const char *path, struct mapping_values *out)
{
	struct slice body = s->body.len ? s->body : (struct slice){"{}", 2};
	size_t blanks = 0;
	while (blanks < body.len && strchr(" \t\r\n", body.p[blanks]) && body.p[blanks])
		blanks++;
	bool starts = blanks < body.len && body.p[blanks] && strchr("{[\"'", body.p[blanks]);
	if (starts && !s->tried)
		s->json = read_json(x->arena, body);
	s->tried = true;
	if (starts && !s->json)
		return MAPPING_NOT_JSON;
	if (!*path)
		return one(out, arena_strndup(x->arena, body.p, body.len));
	return s->json ? one(out, part_of(x->arena, s->json, path + 1)) : MAPPING_ABSENT;
}

/* The last value of a header; names count with their case here, as parameter names do. */
static const char *header_value(const struct gw_headers *h, const char *name)
{
	for (size_t i = h->count; i-- > 0;)
		if (strcmp(h->items[i].name, name) == 0)
			return h->items[i].value;
	return NULL;
}

static enum mapping_result multi_header(struct gw_exchange *x, const struct gw_headers *h,
					const char *name, struct mapping_values *out)
{
	struct str all = {0};
	for (size_t i = 0; i < h->count; i++) {
		if (strcmp(h->items[i].name, name) != 0)
			continue;
		if (all.len)
			str_addc(&all, ',');
		str_add(&all, h->items[i].value);
	}
	const char *joined = arena_strndup(x->arena, str_c(&all), all.len);
	str_clear(&all);
	return one(out, joined);
}

static enum mapping_result multi_query(struct gw_exchange *x, const char *name,
				       struct mapping_values *out)
{
	for (size_t i = 0; i < x->query.count && out->count < MAX_MAPPING_VALUES; i++)
		if (strcmp(x->query.items[i].name, name) == 0)
			out->items[out->count++] = x->query.items[i].value;
	return out->count ? MAPPING_DONE : MAPPING_ABSENT;
}

static enum mapping_result eval_request(struct gw_exchange *x, struct mapping_source *s,
					const char *from, struct mapping_values *out)
{
	const struct gw_headers *headers = &x->request->headers;
	const char *name;
	if ((name = after(from, "path.")))
		return one(out, gw_params_last(&x->path_params, name));
	if ((name = after(from, "querystring.")))
		return one(out, gw_params_last(&x->query, name));
	if ((name = after(from, "multivaluequerystring.")))
		return multi_query(x, name, out);
	if ((name = after(from, "header.")))
		return one(out, header_value(headers, name));
	if ((name = after(from, "multivalueheader.")))
		return multi_header(x, headers, name, out);
	if ((name = after(from, "body")) && (!*name || *name == '.'))
		return eval_body(x, s, name, out);
	return MAPPING_ABSENT;
}

static enum mapping_result eval_answer(struct gw_exchange *x, struct mapping_source *s,
				       const char *from, struct mapping_values *out)
{
	const char *name;
	if (s->headers && (name = after(from, "header.")))
		return one(out, header_value(s->headers, name));
	if (s->headers && (name = after(from, "multivalueheader.")))
		return multi_header(x, s->headers, name, out);
	if ((name = after(from, "body")) && (!*name || *name == '.'))
		return eval_body(x, s, name, out);
	return MAPPING_ABSENT;
}

enum mapping_result mapping_eval(struct gw_exchange *x, struct mapping_source *s, const char *from,
				 struct mapping_values *out)
{
	out->count = 0;
	size_t n = strlen(from);
	const char *rest;
	if (n >= 2 && from[0] == '\'' && from[n - 1] == '\'')
		return one(out, arena_strndup(x->arena, from + 1, n - 2));
	if ((rest = after(from, "method.request.")) || (rest = after(from, "route.request.")))
		return eval_request(x, s, rest, out);
	if ((rest = after(from, "integration.response.")))
		return eval_answer(x, s, rest, out);
	if ((rest = after(from, "stageVariables.")))
		return one(out, gw_params_last(&x->variables, rest));
	if ((rest = after(from, "context.")))
		return one(out, gw_context_text(x, rest));
	return MAPPING_ABSENT;
}

enum mapping_target mapping_target(const char *to, const char **name)
{
	static const struct {
		const char *prefix;
		enum mapping_target target;
	} targets[] = {
		{"integration.request.header.", MAPPING_HEADER},
		{"integration.request.querystring.", MAPPING_QUERY},
		{"integration.request.path.", MAPPING_PATH},
		{"method.response.header.", MAPPING_HEADER},
		{"route.response.header.", MAPPING_HEADER},
		{"gatewayresponse.header.", MAPPING_HEADER},
	};
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		*name = after(to, targets[i].prefix);
		if (*name && **name)
			return targets[i].target;
	}
	return MAPPING_NOWHERE;
}
