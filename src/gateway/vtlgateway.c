/* vtlgateway.c -- what API Gateway adds to Velocity: $input, $context, $util, $stageVariables and
 * the overrides. Nothing is worked out before a template asks for it: the payload is read as JSON
 * with the first $input.path() or $input.json(), $context a member at a time.
 *
 * A payload that is broken JSON makes $input.path() a template error; $input.json() gives "" as for
 * a path that leads nowhere. That payload, recorded on AWS, is only known to be "" where it is no
 * JSON at all, which reads as a text and so has no members; the rest is assumed. */
#include "base/json.h"
#include "gateway/javatext.h"
#include "gateway/jsonpath.h"
#include "gateway/jutil.h"
#include "gateway/vtlrun.h"

#include <stdlib.h>
#include <string.h>

static bool null_arg(const struct vtl_args *a, size_t i)
{
	return i >= a->count || a->v[i].type == VTL_NULL;
}

static struct slice text_arg(struct vtl_run *r, const struct vtl_args *a, size_t i)
{
	struct slice s = null_arg(a, i) ? (struct slice){"", 0} : vtl_to_text(r, a->v[i]);
	return s.p ? s : (struct slice){"", 0};
}

/* $input */

static struct vtl_value body_text(struct vtl_run *r)
{
	struct slice body = r->env->body;
	return vtl_string(body.len ? vtl_valid(r, body) : (struct slice){"{}", 2});
}

/* The payload as JSON, NULL: it is broken. */
static const struct node *body_json(struct vtl_run *r)
{
	struct node *root = NULL;
	if (!r->body_read) {
		struct slice s = vtl_slice(body_text(r));
		vtl_spend(r, s.len / 64);
		r->body_json = json_read_lenient(r->arena, s, &root) ? root : NULL;
		r->body_read = true;
	}
	return r->body_json;
}

/* What a path leads to; NULL: nothing there, or an error. */
static const struct node *lookup(struct vtl_run *r, const struct vtl_args *a,
				 const struct node *doc)
{
	const char *error = NULL;
	struct slice path = text_arg(r, a, 0);
	struct jsonpath *p =
		jsonpath_compile(r->arena, arena_strndup(r->arena, path.p, path.len), &error);
	if (!p) {
		vtl_fail(r, "%.*s: %s", (int)a->name.len, a->name.p, error);
		return NULL;
	}
	vtl_spend(r, 10 + path.len / 8);
	return jsonpath_eval(r->arena, p, doc);
}

static struct vtl_value input_path(struct vtl_run *r, const struct vtl_args *a)
{
	const struct node *doc = body_json(r);
	if (!doc)
		return vtl_fail(r, "path: the payload is not JSON");
	return vtl_from_node(r, lookup(r, a, doc));
}

static struct vtl_value input_json(struct vtl_run *r, const struct vtl_args *a)
{
	const struct node *doc = body_json(r);
	const struct node *found = doc ? lookup(r, a, doc) : NULL;
	size_t start = r->out->len;
	if (!found)
		return vtl_text("\"\"");
	vtl_print_json(r, vtl_from_node(r, found), false);
	return vtl_string(vtl_cut(r, start));
}

static struct vtl_value pairs(struct vtl_run *r, const struct gw_params *p)
{
	struct vtl_value map = vtl_map_new(r);
	for (size_t i = 0; p && i < p->count && !r->error; i++)
		vtl_map_put(r, map.map, vtl_from_text(r, p->items[i].name),
			    vtl_from_text(r, p->items[i].value));
	return map;
}

static struct vtl_value header_pairs(struct vtl_run *r, const struct gw_headers *h)
{
	struct vtl_value map = vtl_map_new(r);
	for (size_t i = 0; h && i < h->count && !r->error; i++)
		vtl_map_put(r, map.map, vtl_from_text(r, h->items[i].name),
			    vtl_from_text(r, h->items[i].value));
	return map;
}

/* path, querystring, header; of a name given twice the last value. */
static struct vtl_value all_params(struct vtl_run *r)
{
	struct gw_exchange *x = r->env->x;
	if (r->params.type == VTL_NULL) {
		r->params = vtl_map_new(r);
		struct vtl_map *m = r->params.map;
		vtl_map_put(r, m, vtl_text("path"), pairs(r, x ? &x->path_params : NULL));
		vtl_map_put(r, m, vtl_text("querystring"), pairs(r, x ? &x->query : NULL));
		vtl_map_put(r, m, vtl_text("header"),
			    header_pairs(r, x && x->request ? &x->request->headers : NULL));
	}
	return r->params;
}

/* One of them: of the path, else of the query string, else a header; else "". */
static struct vtl_value one_param(struct vtl_run *r, const char *name)
{
	struct gw_exchange *x = r->env->x;
	const char *text = x ? gw_params_last(&x->path_params, name) : NULL;
	if (!text && x)
		text = gw_params_last(&x->query, name);
	if (!text && x && x->request)
		text = gw_headers_last(&x->request->headers, name);
	return text ? vtl_from_text(r, text) : vtl_text("");
}

static struct vtl_value input_params(struct vtl_run *r, const struct vtl_args *a)
{
	if (a->count == 0)
		return all_params(r);
	struct slice s = text_arg(r, a, 0);
	return one_param(r, arena_strndup(r->arena, s.p, s.len));
}

/* $context */

/* Overrides print nothing, and a template sets each of them once. */
static struct vtl_map *once(struct vtl_run *r, struct vtl_value v)
{
	struct vtl_map *m = vtl_map_of(r, v);
	m->silent = true;
	m->written = vtl_map_new(r).map;
	return m;
}

static struct vtl_value override_map(struct vtl_run *r, const struct node *n,
				     const char *const *members, size_t count)
{
	struct vtl_value v = n ? vtl_from_node(r, n) : vtl_map_new(r);
	if (v.type != VTL_MAP)
		v = vtl_map_new(r);
	struct vtl_map *m = once(r, v);
	for (size_t i = 0; i < count; i++) {
		struct vtl_value key = vtl_text(members[i]);
		struct vtl_value member = vtl_map_get(r, m, key);
		if (member.type != VTL_MAP) {
			member = vtl_map_new(r);
			vtl_map_put(r, m, key, member);
		}
		once(r, member);
	}
	return v;
}

static struct vtl_value request_override(struct vtl_run *r)
{
	static const char *const members[] = {"header", "path", "querystring"};
	if (r->request_override.type == VTL_NULL && r->env->x)
		r->request_override = override_map(r, r->env->x->request_override, members, 3);
	return r->request_override;
}

static struct vtl_value response_override(struct vtl_run *r)
{
	static const char *const members[] = {"header"};
	if (r->response_override.type == VTL_NULL && r->env->x)
		r->response_override = override_map(r, r->env->x->response_override, members, 1);
	return r->response_override;
}

/* $context.identity prints as nothing, as recorded; its members print as they are. */
static struct vtl_value unprinted(struct vtl_run *r, struct vtl_value map)
{
	if (map.type == VTL_MAP)
		vtl_map_of(r, map)->silent = true;
	return map;
}

/* As a map, for those who want its keys. */
static struct vtl_value whole_context(struct vtl_run *r)
{
	struct vtl_env *e = r->env;
	if (r->context_map.type != VTL_NULL)
		return r->context_map;
	const struct node *n = e->context ? e->context : e->x ? gw_context_node(e->x, "") : NULL;
	r->context_map = n && n->kind == NODE_MAP ? vtl_from_node(r, n) : vtl_map_new(r);
	struct vtl_map *m = vtl_map_of(r, r->context_map);
	unprinted(r, vtl_map_get(r, m, vtl_text("identity")));
	if (!e->x || (e->x->api && e->x->api->type != GW_REST))
		return r->context_map;
	vtl_map_put(r, m, vtl_text("requestOverride"), request_override(r));
	vtl_map_put(r, m, vtl_text("responseOverride"), response_override(r));
	return r->context_map;
}

static struct vtl_value context_member(struct vtl_run *r, struct slice name)
{
	struct vtl_env *e = r->env;
	if (slice_is(name, "requestOverride"))
		return request_override(r);
	if (slice_is(name, "responseOverride"))
		return response_override(r);
	if (e->context || r->context_map.type != VTL_NULL || !e->x)
		return vtl_map_get(r, vtl_map_of(r, whole_context(r)), vtl_string(name));
	if (!name.len)
		return vtl_null();
	struct node *n = gw_context_node(e->x, arena_strndup(r->arena, name.p, name.len));
	struct vtl_value v = vtl_from_node(r, n);
	return slice_is(name, "identity") ? unprinted(r, v) : v;
}

bool vtl_identity(struct vtl_run *r, struct vtl_value self, struct slice name, struct slice next,
		  struct vtl_value *out)
{
	struct vtl_env *e = r->env;
	if (self.type != VTL_OBJECT || self.object != VTL_CONTEXT || !slice_is(name, "identity") ||
	    e->context || r->context_map.type != VTL_NULL || !e->x)
		return false;
	char *path = vtl_alloc(r, next.len + sizeof("identity."));
	memcpy(path, "identity.", sizeof("identity.") - 1);
	memcpy(path + sizeof("identity.") - 1, next.p, next.len);
	*out = vtl_from_node(r, gw_context_node(e->x, path));
	return true;
}

/* $util */

static struct vtl_value converted(struct vtl_run *r, const struct vtl_args *a,
				  void (*convert)(struct str *, struct slice))
{
	struct slice s = text_arg(r, a, 0);
	struct str in = {0};
	size_t start = r->out->len;
	if (!vtl_spend(r, s.len / 16) || !vtl_afford(r, 6 * s.len))
		return vtl_null();
	java_encode(&in, s);
	convert(r->out, (struct slice){str_c(&in), in.len});
	str_clear(&in);
	return vtl_string(vtl_cut(r, start));
}

static struct vtl_value converted_back(struct vtl_run *r, const struct vtl_args *a,
				       bool (*convert)(struct str *, struct slice))
{
	struct slice s = text_arg(r, a, 0);
	size_t start = r->out->len;
	vtl_spend(r, s.len / 16);
	bool ok = convert(r->out, s);
	struct slice out = vtl_cut(r, start);
	if (!ok)
		return vtl_fail(r, "%.*s: \"%.*s\" cannot be decoded", (int)a->name.len, a->name.p,
				s.len > 60 ? 60 : (int)s.len, s.p);
	return vtl_string(out);
}

/* LocalStack has seen null give "null" here. */
static struct vtl_value util_escape(struct vtl_run *r, const struct vtl_args *a)
{
	if (null_arg(a, 0))
		return vtl_text("null");
	return converted(r, a, jutil_escape_javascript);
}

static struct vtl_value util_url_encode(struct vtl_run *r, const struct vtl_args *a)
{
	return converted(r, a, jutil_url_encode);
}

static struct vtl_value util_url_decode(struct vtl_run *r, const struct vtl_args *a)
{
	return converted_back(r, a, jutil_url_decode);
}

static struct vtl_value util_base64_encode(struct vtl_run *r, const struct vtl_args *a)
{
	return converted(r, a, jutil_base64_encode);
}

static struct vtl_value util_base64_decode(struct vtl_run *r, const struct vtl_args *a)
{
	return converted_back(r, a, jutil_base64_decode);
}

static struct vtl_value util_parse_json(struct vtl_run *r, const struct vtl_args *a)
{
	struct node *root;
	struct slice s = text_arg(r, a, 0);
	if (null_arg(a, 0))
		return vtl_null();
	vtl_spend(r, s.len / 16);
	if (!json_read_lenient(r->arena, s, &root))
		return vtl_fail(r, "parseJson: this is not JSON");
	return vtl_from_node(r, root);
}

/* The tables */

static const struct {
	enum vtl_object object;
	const char *name;
	size_t least, most;
	struct vtl_value (*run)(struct vtl_run *r, const struct vtl_args *a);
} methods[] = {
	{VTL_INPUT, "path", 1, 1, input_path},
	{VTL_INPUT, "json", 1, 1, input_json},
	{VTL_INPUT, "params", 0, 1, input_params},
	{VTL_UTIL, "escapeJavaScript", 1, 1, util_escape},
	{VTL_UTIL, "parseJson", 1, 1, util_parse_json},
	{VTL_UTIL, "urlEncode", 1, 1, util_url_encode},
	{VTL_UTIL, "urlDecode", 1, 1, util_url_decode},
	{VTL_UTIL, "base64Encode", 1, 1, util_base64_encode},
	{VTL_UTIL, "base64Decode", 1, 1, util_base64_decode},
};

bool vtl_object_method(struct vtl_run *r, struct vtl_value self, const struct vtl_args *a,
		       struct vtl_value *out)
{
	vtl_spend(r, 1);
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		if (methods[i].object != self.object || *methods[i].name != *a->name.p ||
		    !slice_is(a->name, methods[i].name) || a->count < methods[i].least ||
		    a->count > methods[i].most)
			continue;
		*out = methods[i].run(r, a);
		return true;
	}
	if (self.object != VTL_CONTEXT)
		return false;
	if (slice_is(a->name, "get") && a->count == 1 && a->v[0].type == VTL_STRING_VALUE) {
		*out = context_member(r, vtl_slice(a->v[0]));
		return true;
	}
	return vtl_map_method(r, whole_context(r), a, out);
}

struct vtl_value vtl_object_property(struct vtl_run *r, struct vtl_value self, struct slice name)
{
	if (self.object == VTL_CONTEXT)
		return context_member(r, name);
	if (self.object == VTL_INPUT && slice_is(name, "body"))
		return body_text(r);
	return vtl_null();
}

/* Beginning and end */

static struct vtl_value object(enum vtl_object object)
{
	return (struct vtl_value){.type = VTL_OBJECT, .object = object};
}

/* What a variable is when a template begins. In plain Velocity the given ones come first, and of
 * ours only $util and what there is a payload or a context for. */
struct vtl_value vtl_variable(struct vtl_run *r, struct slice name)
{
	struct gw_exchange *x = r->env->x;
	const struct node *n = NULL;
	if (r->plain)
		n = node_get(r->env->vars, arena_strndup(r->arena, name.p, name.len));
	if (n)
		return vtl_from_node(r, n);
	if (slice_is(name, "input") && (!r->plain || r->env->body.p))
		return object(VTL_INPUT);
	if (slice_is(name, "context") && (!r->plain || r->env->context))
		return object(VTL_CONTEXT);
	if (slice_is(name, "util"))
		return object(VTL_UTIL);
	if (slice_is(name, "stageVariables") && x && (!r->plain || x->variables.count))
		return pairs(r, &x->variables);
	return vtl_null();
}

void vtl_gateway_end(struct vtl_run *r)
{
	struct gw_exchange *x = r->env->x;
	if (r->request_override.type != VTL_NULL)
		x->request_override = vtl_to_node(r, r->request_override, 0);
	if (r->response_override.type != VTL_NULL)
		x->response_override = vtl_to_node(r, r->response_override, 0);
}
