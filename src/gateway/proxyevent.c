/* proxyevent.c -- see proxyevent.h. Keys and their order are those of recorded events; a key is
 * there even when it has nothing to say, as null. An edge-optimized API shows the names of some
 * headers in CloudFront's spelling; all others keep the client's. */
#include "gateway/proxyevent.h"

#include "base/base64.h"
#include "base/utf8.h"
#include "gateway/integrate.h"

#include <string.h>

/* ---- headers ---- */

/* Names that CloudFront respells. */
static const char *edge_name(const char *name)
{
	static const char *const known[] = {
		"Accept",         "Accept-Encoding", "Accept-Language",
		"Authorization",  "Cache-Control",   "Connection",
		"Content-Length", "Content-Type",    "Cookie",
		"Host",           "Origin",          "Referer",
		"User-Agent",
	};
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (gw_name_eq(name, known[i]))
			return known[i];
	return name;
}

static const char *forwarded_for(struct gw_exchange *x)
{
	const char *before = gw_headers_last(&x->request->headers, "X-Forwarded-For");
	const char *ip = x->request->source_ip ? x->request->source_ip : "";
	return before ? arena_printf(x->arena, "%s, %s", before, ip) : ip;
}

static const char *forwarded_port(struct gw_exchange *x)
{
	const char *host = gw_headers_first(&x->request->headers, "Host");
	const char *colon = host ? strrchr(host, ':') : NULL;
	if (colon && colon[1] && colon[1 + strspn(colon + 1, "0123456789")] == '\0')
		return colon + 1;
	return x->request->tls ? "443" : "80";
}

const struct gw_headers *proxy_headers(struct gw_exchange *x)
{
	struct gw_headers *h = arena_alloc(x->arena, sizeof(*h));
	bool edge = x->api->endpoint == GW_EDGE && x->api->type == GW_REST;
	bool websocket = x->api->type == GW_WEBSOCKET;
	for (size_t i = 0; i < x->request->headers.count; i++) {
		struct gw_header item = x->request->headers.items[i];
		if (gw_name_eq(item.name, "Content-Length") ||
		    gw_name_eq(item.name, "Connection") ||
		    gw_name_eq(item.name, "Transfer-Encoding") ||
		    (websocket && gw_name_eq(item.name, "Upgrade")))
			continue;
		gw_headers_add(x->arena, h, edge ? edge_name(item.name) : item.name, item.value);
	}
	gw_headers_set(x->arena, h, "X-Amzn-Trace-Id", gw_trace_id(x));
	gw_headers_set(x->arena, h, "X-Forwarded-For", forwarded_for(x));
	gw_headers_set(x->arena, h, "X-Forwarded-Port", forwarded_port(x));
	gw_headers_set(x->arena, h, "X-Forwarded-Proto", x->request->tls ? "https" : "http");
	return h;
}

/* Is items[i] the first of its name? */
static bool first_header(const struct gw_headers *h, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (gw_name_eq(h->items[k].name, h->items[i].name))
			return false;
	return true;
}

void proxy_event_headers(struct json_out *j, struct gw_exchange *x)
{
	const struct gw_headers *h = proxy_headers(x);
	json_object(j, "headers");
	for (size_t i = 0; i < h->count; i++)
		if (first_header(h, i))
			json_text(j, h->items[i].name, gw_headers_last(h, h->items[i].name));
	json_end(j);
	json_object(j, "multiValueHeaders");
	for (size_t i = 0; i < h->count; i++) {
		if (!first_header(h, i))
			continue;
		json_list(j, h->items[i].name);
		size_t at = i;
		for (const char *v; (v = gw_headers_next(h, h->items[i].name, &at));)
			json_text(j, NULL, v);
		json_end(j);
	}
	json_end(j);
}

/* ---- parameters ---- */

static bool first_param(const struct gw_params *p, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(p->items[k].name, p->items[i].name) == 0)
			return false;
	return true;
}

void proxy_event_params(struct json_out *j, const char *key, const struct gw_params *p)
{
	if (!p->count) {
		json_text(j, key, NULL);
		return;
	}
	json_object(j, key);
	for (size_t i = 0; i < p->count; i++)
		if (first_param(p, i))
			json_text(j, p->items[i].name, gw_params_last(p, p->items[i].name));
	json_end(j);
}

void proxy_event_query(struct json_out *j, struct gw_exchange *x)
{
	const struct gw_params *p = &x->query;
	proxy_event_params(j, "queryStringParameters", p);
	if (!p->count) {
		json_text(j, "multiValueQueryStringParameters", NULL);
		return;
	}
	json_object(j, "multiValueQueryStringParameters");
	for (size_t i = 0; i < p->count; i++) {
		if (!first_param(p, i))
			continue;
		json_list(j, p->items[i].name);
		for (size_t k = i; k < p->count; k++)
			if (strcmp(p->items[k].name, p->items[i].name) == 0)
				json_text(j, NULL, p->items[k].value);
		json_end(j);
	}
	json_end(j);
}

void proxy_event_variables(struct json_out *j, struct gw_exchange *x)
{
	proxy_event_params(j, "pathParameters", &x->path_params);
	proxy_event_params(j, "stageVariables", &x->variables);
}

void proxy_event_path(struct json_out *j, struct gw_exchange *x)
{
	const char *key = x->resource ? x->resource->path : NULL;
	if (!key && x->route)
		key = x->route->path ? x->route->path : x->route->key;
	json_text(j, "resource", key);
	json_text(j, "path", x->base_path || x->api->type == GW_HTTP ? x->full_path : x->path);
	json_text(j, "httpMethod", x->request->method);
}

/* ---- requestContext ---- */

static void write_context(struct json_out *j, struct gw_exchange *x, const char *prefix,
			  const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		json_text(j, names[i],
			  gw_context_text(x, arena_printf(x->arena, "%s%s", prefix, names[i])));
}

void proxy_event_cert(struct json_out *j, const struct gw_client_cert *c)
{
	json_object(j, "clientCert");
	json_text(j, "clientCertPem", c->pem);
	json_text(j, "subjectDN", c->subject_dn);
	json_text(j, "issuerDN", c->issuer_dn);
	json_text(j, "serialNumber", c->serial);
	json_object(j, "validity");
	json_text(j, "notBefore", c->not_before);
	json_text(j, "notAfter", c->not_after);
	json_end(j);
	json_end(j);
}

static void write_identity(struct json_out *j, struct gw_exchange *x)
{
	static const char *const names[] = {
		"cognitoIdentityPoolId",
		"accountId",
		"cognitoIdentityId",
		"caller",
		"sourceIp",
		"principalOrgId",
		"accessKey",
		"cognitoAuthenticationType",
		"cognitoAuthenticationProvider",
		"userArn",
		"userAgent",
		"user",
	};
	json_object(j, "identity");
	write_context(j, x, "identity.", names, ARRAY_LEN(names));
	if (x->api->type == GW_HTTP) /* REST names of the same things that its table lacks */
		json_text(j, "accessKey", x->identity.access_key);
	if (x->identity.api_key) {
		json_text(j, "apiKey", x->identity.api_key);
		json_text(j, "apiKeyId", x->identity.api_key_id);
	}
	if (x->identity.vpce) {
		json_text(j, "vpcId", x->identity.vpc);
		json_text(j, "vpceId", x->identity.vpce);
	}
	if (x->request->cert)
		proxy_event_cert(j, x->request->cert);
	json_end(j);
}

static void write_authorizer(struct json_out *j, struct gw_exchange *x)
{
	struct node *map = gw_context_node(x, "authorizer");
	if (!map)
		return;
	json_object(j, "authorizer");
	for (const struct node *c = map->child; c; c = c->next) {
		if (strcmp(c->key->text, "integrationLatency") == 0)
			json_int(j, "integrationLatency", x->authorizer_us / 1000);
		else
			json_node(j, c->key->text, c);
	}
	json_end(j);
}

void proxy_event_context(struct json_out *j, struct gw_exchange *x)
{
	static const char *const names[] = {
		"httpMethod", "extendedRequestId", "requestTime",  "path",
		"accountId",  "protocol",          "stage",        "domainPrefix",
		"requestId",  "domainName",        "deploymentId", "apiId",
	};
	json_object(j, "requestContext");
	const char *route = x->route_key;
	json_text(j, "resourceId", x->resource ? x->resource->id : route);
	write_authorizer(j, x);
	json_text(j, "resourcePath",
		  x->resource ? x->resource->path
			      : (x->route && x->route->path ? x->route->path : route));
	if (x->method && x->method->operation)
		json_text(j, "operationName", x->method->operation);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (x->api->type == GW_REST || strcmp(names[i], "deploymentId") != 0)
			json_text(j, names[i], gw_context_text(x, names[i]));
	json_int(j, "requestTimeEpoch", x->began_ms);
	if (x->canary_set)
		json_bool(j, "isCanaryRequest", x->canary);
	write_identity(j, x);
	json_end(j);
}

/* ---- the whole event ---- */

static void write_body(struct json_out *j, struct gw_exchange *x)
{
	struct slice body = x->request->body;
	const char *type = gw_headers_first(&x->request->headers, "Content-Type");
	bool binary = body.len &&
		      (gw_is_binary(x->api, type) || utf8_invalid_at(body.p, body.len) < body.len ||
		       memchr(body.p, 0, body.len));
	if (!body.len) {
		json_text(j, "body", NULL);
	} else if (binary) {
		struct str coded = {0};
		base64_encode(&coded, body.p, body.len);
		json_text(j, "body", coded.p);
		str_clear(&coded);
	} else {
		json_text(j, "body", arena_strndup(x->arena, body.p, body.len));
	}
	json_bool(j, "isBase64Encoded", binary);
}

void proxy_event(struct str *out, struct gw_exchange *x)
{
	struct json_out j = {.out = out};
	json_object(&j, NULL);
	if (x->api->type == GW_HTTP)
		json_text(&j, "version", "1.0");
	proxy_event_path(&j, x);
	proxy_event_headers(&j, x);
	proxy_event_query(&j, x);
	proxy_event_variables(&j, x);
	proxy_event_context(&j, x);
	write_body(&j, x);
	json_end(&j);
}

/* ---- the answer ---- */

static bool good_header(const char *name, const struct node *value)
{
	static const char token[] = "!#$%&'*+-.^_`|~0123456789"
				    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	return *name && !name[strspn(name, token)] &&
	       (value->kind == NODE_TEXT || value->kind == NODE_BOOL) &&
	       strlen(value->text) == value->len && !strpbrk(value->text, "\r\n");
}

/* multiValueHeaders: a map of lists. */
static bool read_multi(struct arena *a, const struct node *map, struct gw_headers *out)
{
	if (!map || map->kind == NODE_NULL)
		return true;
	if (map->kind != NODE_MAP)
		return false;
	for (const struct node *m = map->child; m; m = m->next) {
		if (m->kind != NODE_LIST)
			return false;
		for (const struct node *v = m->child; v; v = v->next) {
			if (!good_header(m->key->text, v))
				return false;
			gw_headers_add(a, out, m->key->text, v->text);
		}
	}
	return true;
}

/* headers: a map of texts. A name that came in several values keeps its spelling there. */
static bool read_single(struct arena *a, const struct node *map, struct gw_headers *out)
{
	if (!map || map->kind == NODE_NULL)
		return true;
	if (map->kind != NODE_MAP)
		return false;
	size_t multi = out->count;
	for (const struct node *m = map->child; m; m = m->next) {
		const char *name = m->key->text;
		if (!good_header(name, m))
			return false;
		for (size_t i = 0; i < multi; i++)
			if (gw_name_eq(out->items[i].name, name))
				name = out->items[i].name;
		gw_headers_add(a, out, name, m->text);
	}
	return true;
}

static bool read_status(const struct node *n, int *status)
{
	long long v = 200;
	*status = 200;
	if (!n || n->kind == NODE_NULL)
		return true;
	if ((n->kind != NODE_NUMBER && n->kind != NODE_TEXT) || !str_to_i64(n->text, 200, 999, &v))
		return false;
	*status = (int)v;
	return true;
}

static bool only_known_keys(const struct node *map)
{
	static const char *const keys[] = {"isBase64Encoded", "statusCode", "headers",
					   "multiValueHeaders", "body"};
	for (const struct node *m = map->child; m; m = m->next) {
		bool known = false;
		for (size_t i = 0; i < ARRAY_LEN(keys); i++)
			known |= strcmp(m->key->text, keys[i]) == 0;
		if (!known)
			return false;
	}
	return true;
}

static bool refuse(const char **error, const char *why)
{
	*error = why;
	return false;
}

bool proxy_answer_read(struct arena *a, struct slice output, struct proxy_answer *out,
		       const char **error)
{
	*out = (struct proxy_answer){.body = {"", 0}};
	struct node *root = NULL;
	if (!json_read_wire(a, output, &root))
		return refuse(error, "the output is not JSON");
	if (root->kind != NODE_MAP)
		return refuse(error, "the output is not an object");
	if (!only_known_keys(root))
		return refuse(error, "the output has a key that is not of a proxy response");
	if (!read_status(node_get(root, "statusCode"), &out->status))
		return refuse(error, "statusCode is not a status");
	if (!read_multi(a, node_get(root, "multiValueHeaders"), &out->headers))
		return refuse(error, "multiValueHeaders is not a map of lists of texts");
	if (!read_single(a, node_get(root, "headers"), &out->headers))
		return refuse(error, "headers is not a map of texts");
	const struct node *body = node_get(root, "body");
	if (body && body->kind != NODE_TEXT && body->kind != NODE_NULL)
		return refuse(error, "body is not a text");
	out->has_body = body && body->kind == NODE_TEXT;
	if (out->has_body)
		out->body = (struct slice){body->text, body->len};
	const struct node *base64 = node_get(root, "isBase64Encoded");
	out->base64 = base64 && strcmp(base64->text ? base64->text : "", "true") == 0;
	if (!gw_headers_first(&out->headers, "Content-Type"))
		gw_headers_add(a, &out->headers, "Content-Type", "application/json");
	return true;
}
