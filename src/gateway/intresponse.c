/* intresponse.c -- the integration response: one is selected, its parameters are mapped to headers,
 * its template is rendered over the backend's body, overrides win; then headers that are the
 * gateway's own business are renamed. Proxies hand the backend's answer on. Where guide and
 * recordings differ, recordings count. */
#include "base/regex.h"
#include "gateway/gwresponse.h"
#include "gateway/integrate.h"
#include "gateway/mapping.h"
#include "gateway/proxyevent.h"
#include "gateway/testlog.h"

#include "base/base64.h"

#include <stdlib.h>
#include <string.h>

#define SERVER_ERROR "Internal server error"

/* ---- headers ---- */

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (gw_name_eq(name, names[i]))
			return true;
	return false;
}

const char *integration_remap(struct arena *a, enum gw_integration_type type, const char *name)
{
	static const char *const all[] = {"Connection", "Content-Length", "Date", "Server"};
	static const char *const custom[] = {
		"Authorization",      "Content-MD5", "Expect",  "Host",       "Max-Forwards",
		"Proxy-Authenticate", "Trailer",     "Upgrade", "User-Agent", "WWW-Authenticate"};
	static const char *const ours[] = {"x-amzn-RequestId", "x-amz-apigw-id"};
	bool proxy = type == GW_HTTP_PROXY || type == GW_AWS_PROXY;
	if (gw_name_eq(name, "Transfer-Encoding"))
		return NULL;
	if (type == GW_HTTP_PROXY &&
	    (gw_name_eq(name, "Content-Encoding") || gw_name_eq(name, "Via")))
		return NULL;
	bool renamed = is_one_of(name, all, ARRAY_LEN(all)) ||
		       is_one_of(name, ours, ARRAY_LEN(ours)) ||
		       (!proxy && is_one_of(name, custom, ARRAY_LEN(custom)));
	return renamed ? arena_printf(a, "x-amzn-Remapped-%s", name) : name;
}

static void remap_all(struct integration_call *c, const struct gw_headers *from)
{
	struct gw_exchange *x = c->x;
	for (size_t i = 0; i < from->count; i++) {
		const char *name = integration_remap(x->arena, c->i->type, from->items[i].name);
		if (name)
			gw_headers_add(x->arena, &x->response.headers, name, from->items[i].value);
	}
}

/* ---- selection ---- */

const struct gw_integration_response *integration_select(const struct gw_integration *i,
							 const char *selector)
{
	const struct gw_integration_response *found = NULL;
	const struct gw_integration_response *other = NULL;
	size_t n = strlen(selector);
	for (size_t k = 0; k < i->response_count; k++) {
		const struct gw_integration_response *r = &i->responses[k];
		if (!r->re) {
			if (!other || r->status < other->status)
				other = r;
		} else if ((!found || r->status < found->status) &&
			   regex_match(r->re, selector, n) == REGEX_YES) {
			found = r;
		}
	}
	return found ? found : other;
}

static const struct gw_method_response *declared(const struct gw_method *m, int status)
{
	for (size_t i = 0; m && i < m->response_count; i++)
		if (m->responses[i].status == status)
			return &m->responses[i];
	return NULL;
}

static bool declares(const struct gw_method_response *r, const char *header)
{
	return is_one_of(header, r->headers, r->header_count);
}

/* ---- template ---- */

/* By the first type of Accept, else for JSON, else the first there is. */
static const struct gw_template *response_template(struct gw_exchange *x,
						   const struct gw_integration_response *r)
{
	if (r->template_count < 2)
		return r->template_count ? r->templates : NULL;
	const char *accept = gw_headers_last(&x->request->headers, "Accept");
	const char *types[] = {gw_media_type(x->arena, accept), "application/json"};
	for (size_t t = 0; t < ARRAY_LEN(types); t++)
		for (size_t i = 0; types[t] && i < r->template_count; i++)
			if (gw_name_eq(r->templates[i].type, types[t]))
				return &r->templates[i];
	return r->templates;
}

static bool misconfigured(struct gw_exchange *x, const char *why)
{
	x->integration_error = why;
	testlog_failed(
		x, arena_printf(x->arena, "Execution failed due to configuration error: %s", why));
	gw_fail(x, "API_CONFIGURATION_ERROR", SERVER_ERROR);
	return false;
}

static bool render(struct integration_call *c, const struct gw_integration_response *r,
		   const struct gw_template *t)
{
	struct gw_exchange *x = c->x;
	const char *type = gw_headers_last(&c->got, "Content-Type");
	struct content body = {c->payload, type && gw_is_binary(x->api, type)};
	bool accepts = gw_is_binary(x->api, gw_headers_last(&x->request->headers, "Accept"));
	if (body.bytes.len && !content_response(x->arena, r->content, accepts, &body))
		return misconfigured(x, "Unable to base64 decode the body");
	x->response.body = body.bytes;
	if (!t)
		return true;
	if (body.binary && body.bytes.len)
		return misconfigured(x, "Unable to transform a binary body");
	trace_detail(&x->trace, GW_STEP_RESPONSE, "template", t->text);
	if (!integration_render(x, t, body.bytes, &x->response.body))
		return false;
	gw_detail_text(x, GW_STEP_RESPONSE, "body", x->response.body);
	return true;
}

/* ---- headers of the method response ---- */

static void set_header(struct integration_call *c, const char *name, const char *value)
{
	const char *out = integration_remap(c->x->arena, c->i->type, name);
	if (out && !strpbrk(value, "\r\n"))
		gw_headers_set(c->x->arena, &c->x->response.headers, out, value);
}

static bool map_headers(struct integration_call *c, const struct gw_integration_response *r,
			const struct gw_method_response *m)
{
	struct mapping_source source = {.body = c->payload, .headers = &c->got};
	for (size_t i = 0; i < r->param_count; i++) {
		struct mapping_values v;
		const char *name;
		if (mapping_target(r->params[i].to, &name) != MAPPING_HEADER || !declares(m, name))
			continue;
		enum mapping_result result = mapping_eval(c->x, &source, r->params[i].from, &v);
		if (result == MAPPING_NOT_JSON) {
			c->x->integration_error = "the backend's body is not JSON";
			gw_fail(c->x, "DEFAULT_5XX", SERVER_ERROR);
			return false;
		}
		if (result == MAPPING_DONE)
			set_header(c, name, v.items[0]);
	}
	return true;
}

static void apply_overrides(struct integration_call *c)
{
	const struct node *o = c->x->response_override;
	if (!o)
		return;
	const char *status = node_text(o, "status");
	long long code;
	if (status && str_to_i64(status, 100, 599, &code))
		c->x->response.status = (int)code;
	const struct node *headers = node_get(o, "header");
	const struct node *h = headers && headers->kind == NODE_MAP ? headers->child : NULL;
	for (; h; h = h->next)
		if (h->text)
			set_header(c, h->key->text, h->text);
}

static void add_trace_id(struct integration_call *c)
{
	struct gw_exchange *x = c->x;
	bool http = c->i->type == GW_HTTP_PROXY;
	if (c->i->type != GW_MOCK && !http)
		gw_headers_set(x->arena, &x->response.headers, "X-Amzn-Trace-Id", gw_trace_id(x));
}

void integration_response(struct integration_call *c)
{
	struct gw_exchange *x = c->x;
	const struct gw_integration_response *r = integration_select(c->i, c->selector);
	if (!r) {
		misconfigured(x,
			      arena_printf(x->arena,
					   "No match for output mapping and no default output "
					   "mapping configured. Endpoint Response Status Code: %d",
					   c->status));
		gw_row(x, GW_STEP_RESPONSE, GW_FAILED, "no integration response fits");
		return;
	}
	const struct gw_method_response *m = declared(x->method, r->status);
	if (!m) {
		misconfigured(x,
			      arena_printf(x->arena,
					   "Output mapping refers to an invalid method response: "
					   "%d",
					   r->status));
		gw_row(x, GW_STEP_RESPONSE, GW_FAILED, "the method response is not declared");
		return;
	}
	if (x->trace.detailed)
		trace_detailf(&x->trace, GW_STEP_RESPONSE, "selected", "%s for \"%s\": %d",
			      r->re ? r->pattern : "default", c->selector ? c->selector : "",
			      r->status);
	x->response.status = r->status;
	const struct gw_template *t = response_template(x, r);
	add_trace_id(c);
	gw_headers_add(x->arena, &x->response.headers, "Content-Type",
		       t && strcmp(t->type, "$default") != 0 ? t->type : "application/json");
	if (!map_headers(c, r, m) || !render(c, r, t)) {
		gw_row(x, GW_STEP_RESPONSE, GW_FAILED, x->integration_error);
		return;
	}
	apply_overrides(c);
	gw_row(x, GW_STEP_RESPONSE, GW_PASSED, t ? "template" : NULL);
}

/* ---- proxies ---- */

static void http_answer(struct integration_call *c)
{
	struct gw_exchange *x = c->x;
	x->response.status = c->status;
	x->response.body = c->payload;
	remap_all(c, &c->got);
	const char *type = gw_headers_last(&c->got, "Content-Type");
	if (!type)
		gw_headers_add(x->arena, &x->response.headers, "Content-Type", "application/json");
	bool bytes = gw_is_binary(x->api, type ? type : "application/json") ||
		     gw_is_binary(x->api, gw_headers_last(&x->request->headers, "Accept"));
	if (!bytes && !c->i->stream)
		x->response.body = content_text(x->arena, x->response.body);
}

static void malformed(struct integration_call *c, const char *why)
{
	c->x->integration_error = why;
	testlog_failed(c->x, "Execution failed due to configuration error: "
			     "Malformed Lambda proxy response");
	gw_fail_status(c->x, "DEFAULT_5XX", 502, SERVER_ERROR);
}

/* A streamed answer: a JSON head, eight NUL bytes, the body as it is. False: it is none. */
static bool split_stream(struct integration_call *c, struct slice *head, struct slice *body)
{
	static const char gap[8] = {0};
	const char *at =
		c->i->stream ? memmem(c->payload.p, c->payload.len, gap, sizeof(gap)) : NULL;
	if (!at)
		return false;
	*head = (struct slice){c->payload.p, (size_t)(at - c->payload.p)};
	*body = (struct slice){at + sizeof(gap), c->payload.len - head->len - sizeof(gap)};
	return true;
}

static void lambda_answer(struct integration_call *c)
{
	struct gw_exchange *x = c->x;
	struct slice head = c->payload;
	struct slice streamed = {0};
	bool stream = split_stream(c, &head, &streamed);
	struct proxy_answer answer;
	const char *why = NULL;
	if (!proxy_answer_read(x->arena, head, &answer, &why)) {
		malformed(c, why);
		return;
	}
	x->response.status = x->backend_status = answer.status;
	x->response.body = stream ? streamed : answer.body;
	bool accepts = gw_is_binary(x->api, gw_headers_last(&x->request->headers, "Accept"));
	if (answer.base64 && accepts && !stream) {
		struct str out = {0};
		bool good = base64_decode(&out, answer.body.p, answer.body.len);
		x->response.body = gw_keep(x->arena, &out);
		if (!good) {
			misconfigured(x, "Unable to base64 decode the body");
			return;
		}
	}
	add_trace_id(c);
	remap_all(c, &answer.headers);
}

void integration_proxy_response(struct integration_call *c)
{
	if (c->i->type == GW_HTTP_PROXY)
		http_answer(c);
	else
		lambda_answer(c);
	gw_row(c->x, GW_STEP_RESPONSE, c->x->error_type ? GW_FAILED : GW_NONE,
	       c->x->error_type ? c->x->integration_error : "proxy");
}
