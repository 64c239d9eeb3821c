/* plumbing_vtl.c -- see plumbing_vtl.h. The request that a template sees is made up but for what
 * the line gives: enough of an exchange that $context has all its members. */
#include "cli/plumbing_vtl.h"

#include "base/json.h"
#include "cli/plumbing_lines.h"
#include "gateway/vtl.h"

#include <string.h>

/* An exchange and all that it points to. */
struct made_up {
	struct gateway gateway;
	struct gw_api api;
	struct gw_stage stage;
	struct gw_resource resource;
	struct gw_request request;
	struct gw_exchange x;
};

/* The members of a map as parameters: texts, or lists of texts. */
static void read_params(struct arena *a, const struct node *map, struct gw_params *out)
{
	const struct node *m = map && map->kind == NODE_MAP ? map->child : NULL;
	for (; m; m = m->next) {
		const struct node *v = m->kind == NODE_LIST ? m->child : m;
		for (; v; v = m->kind == NODE_LIST ? v->next : NULL)
			if (v->text)
				gw_params_add(a, out, m->key->text, v->text);
	}
}

static void read_headers(struct arena *a, const struct node *map, struct gw_headers *out)
{
	struct gw_params p = {0};
	read_params(a, map, &p);
	for (size_t i = 0; i < p.count; i++)
		gw_headers_add(a, out, p.items[i].name, p.items[i].value);
}

static struct node * override(const struct node *root, const char *name)
{
	const struct node *n = node_get(node_get(root, "context"), name);
	return n && n->kind == NODE_MAP ? (struct node *)n : NULL;
}

static void make_up(struct made_up *m, struct arena *a, const struct node *root)
{
	const struct node *params = node_get(root, "params");
	m->gateway = (struct gateway){.region = "us-east-1", .account = "123456789012"};
	m->api = (struct gw_api){.id = "a1b2c3d4e5", .type = GW_REST, .deployment = "d1e2p3"};
	m->stage = (struct gw_stage){.name = "test"};
	m->resource = (struct gw_resource){.id = "r1e2s3", .path = "/"};
	m->request = (struct gw_request){
		.method = "POST", .target = "/", .path = "/", .source_ip = "127.0.0.1"};
	m->x = (struct gw_exchange){
		.arena = a,
		.gateway = &m->gateway,
		.api = &m->api,
		.stage = &m->stage,
		.resource = &m->resource,
		.request = &m->request,
		.domain = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
		.domain_prefix = "a1b2c3d4e5",
		.full_path = "/test/",
		.path = "/",
		.request_id = "7a1f0c52-3b6e-4d8a-9c41-5e2b8f60d913",
		.extended_id = "Mc7UVioPPHcEKPA=",
		.began_ms = 1795770900000, /* 27 November 2026 */
		.authorizer_us = -1,
		.integration_us = -1,
		.request_override = override(root, "requestOverride"),
		.response_override = override(root, "responseOverride"),
	};
	read_params(a, node_get(params, "path"), &m->x.path_params);
	read_params(a, node_get(params, "querystring"), &m->x.query);
	read_headers(a, node_get(params, "header"), &m->request.headers);
	read_params(a, node_get(root, "stageVariables"), &m->x.variables);
}

static bool write_error(struct str *out, const char *what)
{
	struct json_out j = {.out = out};
	json_object(&j, NULL);
	json_text(&j, "error", what);
	json_int(&j, "status", 500);
	json_end(&j);
	return false;
}

static void write_answer(struct str *out, const struct str *text, const struct gw_exchange *x)
{
	const struct node *maps[] = {x->request_override, x->response_override};
	static const char *const names[] = {"requestOverride", "responseOverride"};
	const char *comma = "";
	str_add(out, "{\"output\":");
	json_add_string(out, str_c(text), text->len);
	str_add(out, ",\"context\":{");
	for (size_t i = 0; i < ARRAY_LEN(maps); i++) {
		if (!maps[i])
			continue;
		str_addf(out, "%s\"%s\":", comma, names[i]);
		json_write(out, maps[i]);
		comma = ",";
	}
	str_add(out, "}}");
}

static bool answer(struct arena *a, const struct node *root, struct str *out)
{
	const struct node *template = node_get(root, "template");
	const struct node *body = node_get(root, "body");
	struct diags d = {0};
	struct str text = {0};
	struct made_up m;
	const char *error;
	if (!template || template->kind != NODE_TEXT)
		return plumbing_error(out, out->len, "give template, a string");
	make_up(&m, a, root);
	struct vtl_env env = {
		.arena = a,
		.x = &m.x,
		.context = node_get(root, "context"),
		.vars = node_get(root, "vars"),
	};
	if (body && body->kind == NODE_TEXT)
		env.body = (struct slice){body->text, body->len};
	const struct vtl *t = vtl_compile(a, NULL, 1, template->text, template->len, &d);
	bool ok = t && vtl_run(t, &env, &text, &error);
	if (ok)
		write_answer(out, &text, &m.x);
	else
		write_error(out, t ? error : diags_first(&d));
	str_clear(&text);
	diags_clear(&d);
	return ok;
}

bool plumbing_vtl_line(const char *line, size_t n, struct str *out)
{
	struct arena a = {0};
	const struct node *root = plumbing_object(&a, line, n, out);
	bool ok = root && answer(&a, root, out);
	arena_clear(&a);
	return ok;
}
