/* defmap.c -- the small parts of integrations: URIs, parameter mappings, templates, patterns; and
 * resource policies. */
#include "gateway/defread.h"

#include "base/json.h"
#include "gateway/javaregex.h"
#include "gateway/vtl.h"

#include <string.h>
#include <strings.h>

/* -- URIs -------------------------------------------------------------------------------------- */

/* "arn:aws:lambda:region:account:function:name:alias" -> "name:alias"; "${Shop.Arn}" of a template
 * -> "Shop"; else as it is. */
static const char *function_name(struct arena *a, const char *text, size_t n)
{
	const char *arn = arena_strndup(a, text, n);
	const char *name = strstr(arn, ":function:");
	name = name ? name + strlen(":function:") : arn;
	size_t len = strlen(name);
	if (str_starts(name, "${") && str_ends(name, ".Arn}"))
		return arena_strndup(a, name + 2, len - 2 - strlen(".Arn}"));
	return name;
}

void def_uri(struct def *d, const char *uri, struct def_uri *out)
{
	static const char *const ends[] = {"/invocations", "/response-streaming-invocations"};
	*out = (struct def_uri){0};
	const char *functions = strstr(uri, "/functions/");
	if (str_starts(uri, "arn:") && strstr(uri, ":lambda:path/") && functions) {
		const char *from = functions + strlen("/functions/");
		size_t n = strlen(from);
		for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
			if (!str_ends(from, ends[i]))
				continue;
			n -= strlen(ends[i]);
			out->stream = i == 1;
			break;
		}
		out->function = function_name(d->r.arena, from, n);
	} else if (str_starts(uri, "arn:") && strstr(uri, ":function:")) {
		out->function = function_name(d->r.arena, uri, strlen(uri));
	} else if (str_starts(uri, "arn:") && strstr(uri, ":apigateway:")) {
		const char *region = strstr(uri, ":apigateway:") + strlen(":apigateway:");
		const char *action = strchr(region, ':');
		out->action = action ? action + 1 : NULL;
	}
}

/* -- mappings ---------------------------------------------------------------------------------- */

static bool starts_with_any(const char *text, const char *const *heads)
{
	for (; *heads; heads++)
		if (str_starts(text, *heads) && text[strlen(*heads)])
			return true;
	return false;
}

/* What HTTP APIs refuse to have mapped. */
static bool is_reserved(const char *header)
{
	static const char *const heads[] = {"access-control-", "apigw-", "x-amz-", "x-amzn-"};
	static const char *const names[] = {"Authorization",
					    "Connection",
					    "Content-Encoding",
					    "Content-Length",
					    "Content-Location",
					    "Forwarded",
					    "Keep-Alive",
					    "Origin",
					    "Proxy-Authenticate",
					    "Proxy-Authorization",
					    "TE",
					    "Trailers",
					    "Transfer-Encoding",
					    "Upgrade",
					    "X-Forwarded-For",
					    "X-Forwarded-Host",
					    "X-Forwarded-Proto",
					    "Via"};
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		if (strncasecmp(header, heads[i], strlen(heads[i])) == 0)
			return true;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcasecmp(header, names[i]) == 0)
			return true;
	return false;
}

static bool http_target_ok(struct def *d, const struct node *n, bool response)
{
	static const char *const actions[] = {"append:", "overwrite:", "remove:", NULL};
	const char *to = n->key->text;
	if (strcasecmp(to, response ? "overwrite:statuscode" : "overwrite:path") == 0)
		return true;
	const char *name = strchr(to, ':');
	name = name ? name + 1 : "";
	bool header = str_starts(name, "header.");
	if (!starts_with_any(to, actions) ||
	    (!header && (response || !str_starts(name, "querystring."))))
		return SHAPE_ERROR(&d->r, n->key, "gateway-mapping",
				   "\"%s\" is no target: an HTTP API has append:, overwrite: and "
				   "remove: with header.NAME%s",
				   shape_brief(&d->r, to),
				   response ? ", and overwrite:statuscode"
					    : " or querystring.NAME, and overwrite:path");
	if (header && is_reserved(name + strlen("header.")))
		return SHAPE_ERROR(&d->r, n->key, "gateway-mapping",
				   "\"%s\": HTTP APIs do not map this header",
				   shape_brief(&d->r, to));
	return true;
}

static bool is_static(const char *from)
{
	size_t n = strlen(from);
	return n >= 2 && from[0] == '\'' && from[n - 1] == '\'';
}

static bool classic_ok(struct def *d, const struct node *n, enum def_mapping kind)
{
	static const struct {
		const char *to[4], *from[6], *say_to, *say_from;
	} kinds[] = {
		[DEF_REQUEST] = {{"integration.request.header.", "integration.request.querystring.",
				  "integration.request.path."},
				 {"method.request.", "stageVariables.", "context."},
				 "integration.request.header, .querystring or .path",
				 "method.request.*, stageVariables.*, context.*"},
		[DEF_RESPONSE] = {{"method.response.header."},
				  {"integration.response.", "stageVariables.", "context."},
				  "method.response.header",
				  "integration.response.*, stageVariables.*, context.*"},
		[DEF_GATEWAY_RESPONSE] = {{"gatewayresponse.header."},
					  {"method.request.", "stageVariables.", "context."},
					  "gatewayresponse.header",
					  "method.request.*, stageVariables.*, context.*"},
		[DEF_WEBSOCKET] = {{"integration.request.header.",
				    "integration.request.querystring.",
				    "integration.request.path."},
				   {"route.request.", "stageVariables.", "context.",
				    "method.request."},
				   "integration.request.header, .querystring or .path",
				   "route.request.*, stageVariables.*, context.*"},
	};
	const char *to = n->key->text;
	if (!starts_with_any(to, kinds[kind].to))
		return SHAPE_ERROR(&d->r, n->key, "gateway-mapping",
				   "\"%s\" is no target: here it is %s and a name",
				   shape_brief(&d->r, to), kinds[kind].say_to);
	if (!starts_with_any(n->text, kinds[kind].from) && !is_static(n->text))
		return SHAPE_ERROR(&d->r, n, "gateway-mapping",
				   "\"%s\" is no source: here it is one of %s, or a text in single "
				   "quotes",
				   shape_brief(&d->r, n->text), kinds[kind].say_from);
	return true;
}

static bool mapping_ok(struct def *d, const struct node *n, enum def_mapping kind)
{
	switch (kind) {
	case DEF_REQUEST:
	case DEF_RESPONSE:
	case DEF_GATEWAY_RESPONSE:
	case DEF_WEBSOCKET:
		return classic_ok(d, n, kind);
	case DEF_HTTP_REQUEST:
		return http_target_ok(d, n, false);
	case DEF_HTTP_RESPONSE:
		return http_target_ok(d, n, true);
	case DEF_SERVICE:
		break;
	}
	return true;
}

struct gw_mapping *def_mappings(struct def *d, const struct node *n, enum def_mapping kind,
				size_t *count)
{
	*count = 0;
	if (!shape_is(&d->r, n, NODE_MAP, n->key ? n->key->text : "parameters"))
		return NULL;
	struct gw_mapping *out = arena_alloc(d->r.arena, (n->count + 1) * sizeof(*out));
	for (const struct node *e = n->child; e; e = e->next) {
		if (!shape_text(&d->r, e, e->key->text) || !mapping_ok(d, e, kind))
			continue;
		out[(*count)++] = (struct gw_mapping){
			.to = e->key->text,
			.from = e->text,
			.pos = node_pos(e->key, d->r.file),
		};
	}
	return out;
}

/* -- templates and patterns -------------------------------------------------------------------- */

struct gw_template *def_templates(struct def *d, const struct node *n, bool plain, size_t *count)
{
	*count = 0;
	if (!shape_is(&d->r, n, NODE_MAP, n->key ? n->key->text : "templates"))
		return NULL;
	struct gw_template *out = arena_alloc(d->r.arena, (n->count + 1) * sizeof(*out));
	for (const struct node *e = n->child; e; e = e->next) {
		const char *text = e->kind == NODE_NULL ? "" : shape_text(&d->r, e, e->key->text);
		if (!text)
			continue;
		if (e->len > MAX_TEMPLATE_BYTES) {
			SHAPE_ERROR(&d->r, e, "gateway-too-long",
				    "a template has at most %zu bytes, this has %zu",
				    MAX_TEMPLATE_BYTES, e->len);
			continue;
		}
		struct gw_template *t = &out[(*count)++];
		*t = (struct gw_template){
			.type = e->key->text, .text = text, .pos = node_pos(e, d->r.file)};
		if (plain)
			continue;
		t->vtl = vtl_compile(d->r.arena, d->r.file, e->line, text, strlen(text), d->r.d);
		d->r.ok &= t->vtl != NULL;
	}
	return out;
}

struct regex *def_pattern(struct def *d, const struct node *n, const char *pattern)
{
	struct regex *re =
		javaregex_compile(pattern, strlen(pattern), true, node_pos(n, d->r.file), d->r.d);
	struct gw_api *api = d->api;
	if (!re) {
		d->r.ok = false;
		return NULL;
	}
	api->patterns = array_grow(api->patterns, &api->pattern_cap, api->pattern_count + 1,
				   sizeof(*api->patterns));
	return api->patterns[api->pattern_count++] = re;
}

/* -- policies ---------------------------------------------------------------------------------- */

static struct node *copy_policy(struct def *d, const struct node *n)
{
	struct arena *a = d->r.arena;
	struct node *out = arena_alloc(a, sizeof(*out));
	struct node **end = &out->child;
	*out = *n;
	out->child = out->next = NULL;
	if (n->kind == NODE_TEXT && str_starts(n->text, "execute-api:/")) {
		out->text =
			arena_printf(a, "arn:aws:execute-api:%s:%s:%s/%s", d->o->region,
				     d->o->account, d->api->id, n->text + strlen("execute-api:/"));
		out->len = strlen(out->text);
	}
	for (const struct node *e = n->child; e; e = e->next) {
		*end = copy_policy(d, e);
		end = &(*end)->next;
	}
	return out;
}

const struct node *def_policy(struct def *d, const struct node *n)
{
	struct str text = {0};
	if (!shape_is(&d->r, n, NODE_MAP, n->key ? n->key->text : "policy"))
		return NULL;
	json_write(&text, n);
	size_t len = text.len;
	str_clear(&text);
	if (len > MAX_POLICY_BYTES) {
		SHAPE_ERROR(&d->r, n, "gateway-too-long",
			    "a policy has at most %d characters, this has %zu", MAX_POLICY_BYTES,
			    len);
		return NULL;
	}
	if (!node_get(n, "Statement"))
		SHAPE_ERROR(&d->r, n, "gateway-policy",
			    "\"Statement\" is missing: a policy is a "
			    "list of statements");
	return copy_policy(d, n);
}
