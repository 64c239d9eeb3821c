/* gatewaydef.c -- definitions on the command line: `gatedrill gateway check|deploy|stages|export`.
 */
#include "base/file.h"
#include "base/json.h"
#include "base/suggest.h"
#include "cli/gateway.h"
#include "cli/rows.h"
#include "gateway/deploy.h"
#include "gateway/exportapi.h"
#include "gateway/waf.h"

#include <string.h>

bool gateway_call_load(struct call *c, struct gateway *g, const char *const *files, size_t n)
{
	struct diags d = {0};
	struct load_options o = {
		.share = c->paths->share,
		.allow_commands = call_has(c, FLAG_ALLOW_COMMANDS),
		.type = c->value[FLAG_TYPE],
	};
	bool ok = gateway_load(g, files, n, &o, &d);
	call_report(c, &d);
	return ok;
}

static bool type_flag_ok(struct call *c)
{
	const char *type = c->value[FLAG_TYPE];
	if (!type || str_eq(type, "REST") || str_eq(type, "HTTP"))
		return true;
	call_usage(c, "--type takes REST or HTTP");
	return false;
}

static struct deploy_options deploy_options(struct call *c, bool read_only)
{
	return (struct deploy_options){.state = c->paths->state,
				       .now_ms = clock_now(&c->clock).ms,
				       .read_only = read_only};
}

/* -- check ------------------------------------------------------------------------------------- */

int gateway_check(struct call *c)
{
	struct gateway g = {0};
	if (c->arg_count < 2)
		return call_usage(c, "gateway check takes files: stack files or OpenAPI files");
	if (!type_flag_ok(c))
		return EXIT_USAGE;
	bool ok = gateway_call_load(c, &g, c->args + 1, (size_t)c->arg_count - 1);
	if (ok) {
		struct diags d = {0};
		struct waf *w = waf_new(&g, &d);
		ok = w != NULL;
		waf_free(w);
		call_report(c, &d);
	}
	gateway_clear(&g);
	return ok ? EXIT_DONE : EXIT_INVALID;
}

/* -- which stage is meant ---------------------------------------------------------------------- */

/* "dev", "shop/dev" or nothing: an API and a stage, either of which may be NULL for any. */
struct target {
	const char *api, *stage;
};

static bool fits(const struct target *t, const struct gw_api *api, const struct gw_stage *stage)
{
	return (!t->api || str_eq(t->api, api->id)) && (!t->stage || str_eq(t->stage, stage->name));
}

/* There is none that fits: say so, with the nearest name. */
static int no_target(struct call *c, const struct gateway *g, const struct target *t)
{
	const char *names[64];
	size_t n = 0;
	const char *word = t->stage ? t->stage : t->api;
	for (size_t i = 0; i < g->api_count; i++) {
		const struct gw_api *api = &g->apis[i];
		if (!t->stage && n < ARRAY_LEN(names))
			names[n++] = api->id;
		for (size_t k = 0; t->stage && k < api->stage_count && n < ARRAY_LEN(names); k++)
			names[n++] = api->stages[k].name;
	}
	const char *near = suggest(word, names, n), *what = t->stage ? "stage" : "API";
	return near ? call_usage(c, "there is no %s \"%s\", did you mean \"%s\"?", what, word, near)
		    : call_usage(c, "there is no %s \"%s\"; `gatedrill gateway stages` lists them",
				 what, word);
}

static void parse_target(struct gateway *g, const char *text, struct target *out)
{
	const char *slash = strchr(text, '/');
	*out = (struct target){0};
	if (slash)
		out->api = arena_strndup(&g->arena, text, (size_t)(slash - text));
	out->stage = slash ? slash + 1 : text;
}

/* -- deploy ------------------------------------------------------------------------------------ */

static bool deploy_one(struct call *c, struct gateway *g, const struct gw_api *api,
		       const struct gw_stage *stage, struct diags *d)
{
	const struct deploy_options o = deploy_options(c, false);
	const char *id = c->value[FLAG_DEPLOYMENT];
	bool canary = false, ok;
	if (call_has(c, FLAG_PROMOTE))
		ok = deploy_promote(g, api, stage, &o, &id, d);
	else if (id)
		ok = deploy_point(g, api, stage, id, &o, d);
	else
		ok = deploy_create(g, api, stage, c->value[FLAG_DESCRIPTION], &o, &id, &canary, d);
	if (ok)
		fprintf(c->out, "%s: stage %s %s %s.\n", api->id, stage->name,
			canary ? "has a canary with deployment" : "serves deployment", id);
	return ok;
}

/* A stage that follows its file is passed over unless it was named. */
static int deploy_all(struct call *c, struct gateway *g, const struct target *t)
{
	struct diags d = {0};
	bool ok = true;
	int found = 0, done = 0;
	for (size_t i = 0; i < g->api_count; i++)
		for (size_t k = 0; k < g->apis[i].stage_count; k++) {
			const struct gw_stage *stage = &g->apis[i].stages[k];
			if (!fits(t, &g->apis[i], stage))
				continue;
			found++;
			if (stage->auto_deploy && !t->stage)
				continue;
			done++;
			ok &= deploy_one(c, g, &g->apis[i], stage, &d);
		}
	call_report(c, &d);
	if (!found)
		return no_target(c, g, t);
	if (!done)
		call_note(c, "nothing to deploy: all stages follow their file");
	return ok ? EXIT_DONE : EXIT_FAILED;
}

int gateway_deploy(struct call *c)
{
	struct gateway g = {0};
	struct target t = {0};
	int code = EXIT_INVALID;
	if (c->arg_count < 2 || c->arg_count > 3)
		return call_usage(c,
				  "gateway deploy takes a file, and a stage if not all are meant");
	if (call_has(c, FLAG_PROMOTE) && call_has(c, FLAG_DEPLOYMENT))
		return call_usage(c,
				  "--promote and --deployment are two different things: take one");
	if ((call_has(c, FLAG_PROMOTE) || call_has(c, FLAG_DEPLOYMENT)) && c->arg_count != 3)
		return call_usage(c, "--promote and --deployment need a stage");
	if (!type_flag_ok(c))
		return EXIT_USAGE;
	if (gateway_call_load(c, &g, c->args + 1, 1)) {
		if (c->arg_count == 3)
			parse_target(&g, c->args[2], &t);
		code = deploy_all(c, &g, &t);
	}
	gateway_clear(&g);
	return code;
}

/* -- stages ------------------------------------------------------------------------------------ */

static const char *when(struct call *c, struct arena *a, int64_t ms)
{
	return ms ? moment_rfc3339(a, (struct moment){ms, clock_offset(&c->clock, ms)}) : "";
}

static const char *state_of(const struct deploy_stage *s)
{
	return s->stage->auto_deploy ? "follows its file"
	       : !s->created_ms      ? "not deployed yet"
	       : s->behind           ? "behind its file"
				     : "as its file";
}

static void stages_text(struct call *c, struct gateway *g, const struct deploy *p)
{
	static const char *const headings[] = {"api",      "type",   "stage", "deployment",
					       "deployed", "canary", "state"};
	static const char *const types[] = {
		[GW_REST] = "REST", [GW_HTTP] = "HTTP", [GW_WEBSOCKET] = "WebSocket"};
	struct rows rows = {0};
	rows_init(&rows, headings, ARRAY_LEN(headings));
	for (size_t i = 0; i < p->count; i++) {
		const struct deploy_stage *s = &p->stages[i];
		rows_text(&rows, s->file->id);
		rows_text(&rows, types[s->file->type]);
		rows_text(&rows, s->stage->name);
		rows_text(&rows, s->created_ms ? s->served->deployment : "");
		rows_text(&rows, when(c, &g->arena, s->created_ms));
		rows_text(&rows, s->canary ? s->canary->deployment : "");
		rows_text(&rows, state_of(s));
	}
	rows_print(&rows, c->out);
	rows_clear(&rows);
}

static bool deployments_text(struct call *c, struct gateway *g, struct diags *d)
{
	static const char *const headings[] = {"api", "deployment", "deployed", "description"};
	const struct deploy_options o = deploy_options(c, true);
	struct rows rows = {0};
	bool ok = true;
	size_t total = 0;
	rows_init(&rows, headings, ARRAY_LEN(headings));
	for (size_t i = 0; i < g->api_count; i++) {
		struct deployment *all;
		size_t n = 0;
		ok &= deploy_list(g, &g->apis[i], &o, &all, &n, d);
		for (size_t k = 0; k < n; k++, total++) {
			rows_text(&rows, g->apis[i].id);
			rows_text(&rows, all[k].id);
			rows_text(&rows, when(c, &g->arena, all[k].created_ms));
			rows_text(&rows, all[k].description ? all[k].description : "");
		}
	}
	if (total) {
		fputc('\n', c->out);
		rows_print(&rows, c->out);
	}
	rows_clear(&rows);
	return ok;
}

static void stage_json(struct call *c, struct gateway *g, struct json_out *j,
		       const struct deploy_stage *s)
{
	json_object(j, NULL);
	json_text(j, "stageName", s->stage->name);
	json_bool(j, "autoDeploy", s->stage->auto_deploy);
	json_text(j, "deploymentId", s->created_ms ? s->served->deployment : NULL);
	json_text(j, "createdDate", s->created_ms ? when(c, &g->arena, s->created_ms) : NULL);
	json_text(j, "canaryDeploymentId", s->canary ? s->canary->deployment : NULL);
	json_bool(j, "behindFile", s->behind);
	json_end(j);
}

static bool deployments_json(struct call *c, struct gateway *g, const struct gw_api *api,
			     struct json_out *j, struct diags *d)
{
	const struct deploy_options o = deploy_options(c, true);
	struct deployment *all;
	size_t n = 0;
	bool ok = deploy_list(g, api, &o, &all, &n, d);
	json_list(j, "deployments");
	for (size_t k = 0; k < n; k++) {
		json_object(j, NULL);
		json_text(j, "id", all[k].id);
		json_text(j, "createdDate", when(c, &g->arena, all[k].created_ms));
		json_text(j, "description", all[k].description);
		json_end(j);
	}
	json_end(j);
	return ok;
}

static bool stages_json(struct call *c, struct gateway *g, const struct deploy *p, struct diags *d)
{
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	bool ok = true;
	json_list(&j, NULL);
	for (size_t i = 0; i < g->api_count; i++) {
		json_object(&j, NULL);
		json_text(&j, "apiId", g->apis[i].id);
		json_text(&j, "name", g->apis[i].name);
		json_list(&j, "stages");
		for (size_t k = 0; k < p->count; k++)
			if (p->stages[k].file == &g->apis[i])
				stage_json(c, g, &j, &p->stages[k]);
		json_end(&j);
		ok &= deployments_json(c, g, &g->apis[i], &j, d);
		json_end(&j);
	}
	json_end(&j);
	fprintf(c->out, "%s\n", str_c(&out));
	str_clear(&out);
	return ok;
}

int gateway_stages(struct call *c)
{
	struct gateway g = {0};
	struct deploy p;
	struct diags d = {0};
	const struct deploy_options o = deploy_options(c, true);
	if (c->arg_count < 2)
		return call_usage(c, "gateway stages takes files: stack files or OpenAPI files");
	if (!type_flag_ok(c))
		return EXIT_USAGE;
	bool loaded = gateway_call_load(c, &g, c->args + 1, (size_t)c->arg_count - 1);
	bool ok = loaded && deploy_open(&p, &g, &o, &d);
	if (ok && call_has(c, FLAG_JSON)) {
		ok = stages_json(c, &g, &p, &d);
	} else if (ok) {
		stages_text(c, &g, &p);
		ok = deployments_text(c, &g, &d);
	}
	call_report(c, &d);
	gateway_clear(&g);
	return !loaded ? EXIT_INVALID : ok ? EXIT_DONE : EXIT_FAILED;
}

/* -- export ------------------------------------------------------------------------------------ */

static bool as_yaml(const struct call *c)
{
	const char *file = c->value[FLAG_OUTPUT], *format = c->value[FLAG_FORMAT];
	if (format)
		return str_eq(format, "yaml");
	return file && (str_ends(file, ".yaml") || str_ends(file, ".yml"));
}

static void indented(struct json_out *j, const char *key, const struct node *n)
{
	switch (n->kind) {
	case NODE_MAP:
	case NODE_LIST:
		if (n->kind == NODE_MAP)
			json_object(j, key);
		else
			json_list(j, key);
		for (const struct node *e = n->child; e; e = e->next)
			indented(j, e->key ? e->key->text : NULL, e);
		json_end(j);
		break;
	case NODE_TEXT:
		json_text(j, key, n->text);
		break;
	case NODE_BOOL:
		json_bool(j, key, str_eq(n->text, "true"));
		break;
	case NODE_NULL:
		json_text(j, key, NULL);
		break;
	case NODE_NUMBER:
		json_number(j, key, n->text);
		break;
	}
}

static bool write_export(struct call *c, const struct node *doc, struct diags *d)
{
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	const char *file = c->value[FLAG_OUTPUT];
	bool ok = true;
	if (as_yaml(c)) {
		export_yaml(&out, doc);
	} else {
		indented(&j, NULL, doc);
		str_addc(&out, '\n');
	}
	if (file && !str_eq(file, "-"))
		ok = file_write(file, str_c(&out), out.len, d);
	else
		fwrite(str_c(&out), 1, out.len, c->out);
	str_clear(&out);
	return ok;
}

/* The one stage that is meant; NULL: none or several. */
static const struct deploy_stage *only_stage(const struct deploy *p, const struct target *t,
					     size_t *found)
{
	const struct deploy_stage *out = NULL;
	*found = 0;
	for (size_t i = 0; i < p->count; i++)
		if (fits(t, p->stages[i].file, p->stages[i].stage)) {
			out = &p->stages[i];
			++*found;
		}
	return *found == 1 ? out : NULL;
}

static int export_stage(struct call *c, struct gateway *g, const struct deploy *p,
			const struct target *t, struct diags *d)
{
	size_t found;
	const struct deploy_stage *s = only_stage(p, t, &found);
	if (!found)
		return no_target(c, g, t);
	if (!s)
		return call_usage(c, "which stage? Say API/STAGE; `gatedrill gateway stages` lists "
				     "them");
	const struct node *doc = export_api(&g->arena, g, s->served, s->stage->name);
	if (!doc) {
		diag_fail(d, "gateway-export",
			  "%s is a WebSocket API: it has no OpenAPI form, its definition is the "
			  "stack file",
			  s->file->id);
		return EXIT_FAILED;
	}
	return write_export(c, doc, d) ? EXIT_DONE : EXIT_FAILED;
}

int gateway_export(struct call *c)
{
	struct gateway g = {0};
	struct deploy p;
	struct diags d = {0};
	struct target t = {0};
	const struct deploy_options o = deploy_options(c, true);
	const char *format = c->value[FLAG_FORMAT];
	int code = EXIT_INVALID;
	if (c->arg_count < 2 || c->arg_count > 3)
		return call_usage(c, "gateway export takes a file, and API/STAGE if there are "
				     "several");
	if (format && !str_eq(format, "json") && !str_eq(format, "yaml"))
		return call_usage(c, "gateway export writes json or yaml");
	if (!type_flag_ok(c))
		return EXIT_USAGE;
	if (gateway_call_load(c, &g, c->args + 1, 1)) {
		if (c->arg_count == 3)
			parse_target(&g, c->args[2], &t);
		code = deploy_open(&p, &g, &o, &d) ? export_stage(c, &g, &p, &t, &d) : EXIT_FAILED;
	}
	call_report(c, &d);
	gateway_clear(&g);
	return code;
}
