/* event2.c -- see event2.h. */
#include "gateway/event2.h"

#include "base/base64.h"
#include "base/utf8.h"
#include "gateway/content.h"
#include "gateway/proxyevent.h"

#include <string.h>

/* ---- parts --------------------------------------------------------------------------- */

static const char *lower(struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text);
	for (char *c = copy; *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
	return copy;
}

static bool first_of_name(const struct gw_headers *h, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (gw_name_eq(h->items[k].name, h->items[i].name))
			return false;
	return true;
}

static void write_cookies(struct json_out *j, struct gw_exchange *x)
{
	size_t i = 0;
	const char *v;
	if (!gw_headers_first(&x->request->headers, "Cookie"))
		return;
	json_list(j, "cookies");
	while ((v = gw_headers_next(&x->request->headers, "Cookie", &i))) {
		while (*(v += strspn(v, "; "))) {
			size_t n = strcspn(v, ";");
			json_text(j, NULL, arena_strndup(x->arena, v, n));
			v += n;
		}
	}
	json_end(j);
}

void event2_headers(struct json_out *j, struct gw_exchange *x)
{
	const struct gw_headers *h = proxy_headers(x);
	write_cookies(j, x);
	json_object(j, "headers");
	for (size_t i = 0; i < h->count; i++) {
		const char *name = h->items[i].name;
		if (!first_of_name(h, i) || gw_name_eq(name, "Cookie"))
			continue;
		struct str all = {0};
		size_t at = i;
		for (const char *v; (v = gw_headers_next(h, name, &at));)
			str_addf(&all, "%s%s", all.len ? "," : "", v);
		json_text(j, lower(x->arena, name), str_c(&all));
		str_clear(&all);
	}
	json_end(j);
}

void event2_params(struct json_out *j, struct gw_exchange *x, const char *key,
		   const struct gw_params *p)
{
	if (!p->count)
		return;
	struct node *map = node_new(x->arena, NODE_MAP);
	for (size_t i = 0; i < p->count; i++) {
		const char *before = node_text(map, p->items[i].name);
		const char *text =
			before ? arena_printf(x->arena, "%s,%s", before, p->items[i].value)
			       : p->items[i].value;
		node_set(x->arena, map, p->items[i].name, node_new_text(x->arena, text));
	}
	json_object(j, key);
	for (const struct node *m = map->child; m; m = m->next)
		json_text(j, m->key->text, m->text);
	json_end(j);
}

/* What the authorizer of the route gave: jwt, lambda or iam. */
static void write_authorizer(struct json_out *j, struct gw_exchange *x)
{
	const struct gw_identity *id = &x->identity;
	if (!x->claims && !x->authorizer && !id->access_key)
		return;
	json_object(j, "authorizer");
	if (x->claims) {
		json_object(j, "jwt");
		json_object(j, "claims");
		for (const struct node *m = x->claims->child; m; m = m->next)
			json_node(j, m->key->text, m);
		json_end(j);
		if (x->token_scope_count) {
			json_list(j, "scopes");
			for (size_t i = 0; i < x->token_scope_count; i++)
				json_text(j, NULL, x->token_scopes[i]);
			json_end(j);
		} else {
			json_text(j, "scopes", NULL);
		}
		json_end(j);
	} else if (x->authorizer) {
		json_node(j, "lambda", x->authorizer);
	} else {
		json_object(j, "iam");
		json_text(j, "accessKey", id->access_key);
		json_text(j, "accountId", id->account);
		json_text(j, "callerId", id->caller);
		json_text(j, "cognitoIdentity", NULL);
		json_text(j, "principalOrgId", id->principal_org);
		json_text(j, "userArn", id->user_arn);
		json_text(j, "userId", id->user);
		json_end(j);
	}
	json_end(j);
}

void event2_context(struct json_out *j, struct gw_exchange *x)
{
	json_object(j, "requestContext");
	json_text(j, "accountId", gw_context_text(x, "accountId"));
	json_text(j, "apiId", x->api->id);
	if (x->request->cert) {
		json_object(j, "authentication");
		proxy_event_cert(j, x->request->cert);
		json_end(j);
	}
	write_authorizer(j, x);
	json_text(j, "domainName", gw_context_text(x, "domainName"));
	json_text(j, "domainPrefix", gw_context_text(x, "domainPrefix"));
	json_object(j, "http");
	json_text(j, "method", x->request->method);
	json_text(j, "path", x->full_path);
	json_text(j, "protocol", "HTTP/1.1");
	json_text(j, "sourceIp", x->request->source_ip);
	json_text(j, "userAgent", x->identity.user_agent);
	json_end(j);
	json_text(j, "requestId", x->request_id);
	json_text(j, "routeKey", x->route_key);
	json_text(j, "stage", x->stage->name);
	json_text(j, "time", gw_clf_time(x->arena, x->began_ms));
	json_int(j, "timeEpoch", x->began_ms);
	json_end(j);
}

/* ---- the event ----------------------------------------------------------------------- */

/* Bodies of these types are text; all others come in base64 (seen, not documented). */
static bool is_text_type(const char *type)
{
	static const char *const types[] = {"application/json", "application/xml",
					    "application/javascript"};
	if (!type)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (gw_name_eq(type, types[i]))
			return true;
	return strncmp(type, "text/", 5) == 0;
}

static void write_body(struct json_out *j, struct gw_exchange *x)
{
	struct slice body = x->request->body;
	const char *type = gw_headers_first(&x->request->headers, "Content-Type");
	bool text = is_text_type(gw_media_type(x->arena, type)) || !type;
	text = text && utf8_invalid_at(body.p, body.len) >= body.len &&
	       !memchr(body.p, 0, body.len);
	if (body.len && text) {
		json_text(j, "body", arena_strndup(x->arena, body.p, body.len));
	} else if (body.len) {
		struct str coded = {0};
		base64_encode(&coded, body.p, body.len);
		json_text(j, "body", str_c(&coded));
		str_clear(&coded);
	}
	json_bool(j, "isBase64Encoded", body.len && !text);
}

void event2(struct str *out, struct gw_exchange *x)
{
	struct json_out j = {.out = out};
	json_object(&j, NULL);
	json_text(&j, "version", "2.0");
	json_text(&j, "routeKey", x->route_key);
	json_text(&j, "rawPath", x->full_path);
	json_text(&j, "rawQueryString", x->request->query ? x->request->query : "");
	event2_headers(&j, x);
	event2_params(&j, x, "queryStringParameters", &x->query);
	event2_context(&j, x);
	event2_params(&j, x, "pathParameters", &x->path_params);
	event2_params(&j, x, "stageVariables", &x->variables);
	write_body(&j, x);
	json_end(&j);
}

/* ---- the answer ---------------------------------------------------------------------- */

static bool refuse(const char **error, const char *why)
{
	*error = why;
	return false;
}

/* The output is the body: a text as it is, anything else as JSON. */
static void infer(struct gw_exchange *x, const struct node *root)
{
	struct str out = {0};
	if (root->kind == NODE_TEXT)
		str_addn(&out, root->text, root->len);
	else
		json_write(&out, root);
	x->response.body = gw_keep(x->arena, &out);
	gw_headers_add(x->arena, &x->response.headers, "content-type", "application/json");
}

static bool take_headers(struct gw_exchange *x, const struct node *map)
{
	if (!map || map->kind == NODE_NULL)
		return true;
	if (map->kind != NODE_MAP)
		return false;
	for (const struct node *m = map->child; m; m = m->next) {
		if (m->kind == NODE_LIST || m->kind == NODE_MAP)
			return false;
		if (m->kind != NODE_NULL)
			gw_headers_add(x->arena, &x->response.headers, m->key->text, m->text);
	}
	return true;
}

static bool take_cookies(struct gw_exchange *x, const struct node *list)
{
	if (!list || list->kind == NODE_NULL)
		return true;
	if (list->kind != NODE_LIST)
		return false;
	for (const struct node *c = list->child; c; c = c->next) {
		if (c->kind != NODE_TEXT)
			return false;
		gw_headers_add(x->arena, &x->response.headers, "set-cookie", c->text);
	}
	return true;
}

static bool take_body(struct gw_exchange *x, const struct node *root)
{
	const struct node *body = node_get(root, "body");
	const struct node *encoded = node_get(root, "isBase64Encoded");
	if (!body || body->kind == NODE_NULL)
		return true;
	if (body->kind != NODE_TEXT)
		return false;
	x->response.body = (struct slice){body->text, body->len};
	if (!encoded || !encoded->text || strcmp(encoded->text, "true") != 0)
		return true;
	struct str plain = {0};
	bool ok = base64_decode(&plain, body->text, body->len);
	x->response.body = gw_keep(x->arena, &plain);
	return ok;
}

bool event2_answer(struct gw_exchange *x, struct slice output, const char **error)
{
	struct node *root = NULL;
	long long status;
	x->response = (struct gw_response){.status = 200, .body = {"", 0}};
	if (!json_read_wire(x->arena, output, &root))
		return refuse(error, "the output is not JSON");
	const struct node *code = root->kind == NODE_MAP ? node_get(root, "statusCode") : NULL;
	if (!code) {
		infer(x, root);
		return true;
	}
	if ((code->kind != NODE_NUMBER && code->kind != NODE_TEXT) ||
	    !str_to_i64(code->text, 100, 599, &status))
		return refuse(error, "statusCode is not a status");
	x->response.status = x->backend_status = (int)status;
	if (!take_headers(x, node_get(root, "headers")))
		return refuse(error, "headers is not a map of texts");
	if (!take_cookies(x, node_get(root, "cookies")))
		return refuse(error, "cookies is not a list of texts");
	if (!take_body(x, root))
		return refuse(error, "body is not a text, or not the base64 it is said to be");
	if (!gw_headers_first(&x->response.headers, "content-type"))
		gw_headers_add(x->arena, &x->response.headers, "content-type",
			       "text/plain; charset=utf-8");
	return true;
}
