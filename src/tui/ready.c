/* ready.c -- requests that need not be written: those that a lab names, then one for each method
 * and route of the definitions. */
#include "tui/desk.h"

#include <string.h>

struct rows {
	struct arena *a;
	struct pick_row *items;
	size_t count, most;
};

static void add(struct rows *r, const char *arg, const char *text, const char *note)
{
	if (r->count < r->most)
		r->items[r->count++] = (struct pick_row){arg, text, note};
}

/* ---- of a lab ------------------------------------------------------------------------ */

static void add_lab(struct rows *r, const struct lab *lab, enum lab_verb verb)
{
	for (size_t i = 0; lab && i < lab->request_count; i++) {
		const struct lab_request *q = &lab->requests[i];
		if (q->action.verb != verb)
			continue;
		const char *what = verb == LAB_SAY ? q->action.body : q->action.target;
		add(r, arena_printf(r->a, "=%s", q->id), q->title ? q->title : q->id, what);
	}
}

/* ---- of the definitions -------------------------------------------------------------- */

/* "/dev/pets"; the stage that has no name in paths has none here. */
static const char *target_of(struct arena *a, const struct gw_stage *stage, const char *path)
{
	return str_eq(stage->name, "$default") ? path : arena_printf(a, "/%s%s", stage->name, path);
}

static const char *verb_of(const char *verb)
{
	return !verb || str_eq(verb, "ANY") ? "GET" : verb;
}

static void add_request(struct rows *r, const struct gw_api *api, const struct gw_stage *stage,
			const char *verb, const char *path, const char *note)
{
	const char *target = target_of(r->a, stage, path);
	add(r, arena_printf(r->a, "%s %s %s", verb_of(verb), target, api->id),
	    arena_printf(r->a, "%s %s", verb_of(verb), target), note);
}

static const char *asks_for(const struct gw_method *m)
{
	static const char *const names[] = {
		[GW_AUTH_NONE] = NULL,
		[GW_AUTH_IAM] = "asks for a signature",
		[GW_AUTH_CUSTOM] = "asks an authorizer",
		[GW_AUTH_COGNITO] = "asks for a token",
		[GW_AUTH_JWT] = "asks for a token",
	};
	return m->api_key ? "asks for an API key" : names[m->auth];
}

static void add_rest(struct rows *r, const struct gw_api *api, const struct gw_stage *stage)
{
	for (size_t i = 0; i < api->resource_count; i++) {
		const struct gw_resource *res = api->resources[i];
		for (size_t k = 0; k < res->method_count; k++)
			add_request(r, api, stage, res->methods[k].verb, res->path,
				    asks_for(&res->methods[k]));
	}
}

static void add_http(struct rows *r, const struct gw_api *api, const struct gw_stage *stage)
{
	for (size_t i = 0; i < api->route_count; i++) {
		const struct gw_route *route = &api->routes[i];
		add_request(r, api, stage, route->verb, route->path ? route->path : "/",
			    route->path ? NULL : "$default");
	}
}

static void add_connects(struct rows *r, const struct gw_api *api)
{
	for (size_t k = 0; k < api->stage_count; k++) {
		const char *target = target_of(r->a, &api->stages[k], "");
		add(r, arena_printf(r->a, "CONNECT %s %s", target, api->id), target, api->id);
	}
}

/* "$request.body.action": the member of a message that names its route; NULL: another expression.
 */
static const char *selector(const struct gw_api *api)
{
	static const char prefix[] = "$request.body.";
	const char *e = api->route_selection;
	if (!e || !str_starts(e, prefix) || strpbrk(e + strlen(prefix), ".[$"))
		return NULL;
	return e + strlen(prefix);
}

static void add_messages(struct rows *r, const struct gw_api *api)
{
	const char *member = selector(api);
	for (size_t i = 0; member && i < api->route_count; i++) {
		const char *key = api->routes[i].key;
		const char *text = arena_printf(r->a, "{\"%s\": \"%s\"}", member, key);
		if (key[0] != '$')
			add(r, arena_printf(r->a, "SAY %s", text), text, api->id);
	}
}

static void add_api(struct rows *r, const struct gw_api *api, enum lab_verb verb)
{
	bool ws = api->type == GW_WEBSOCKET;
	if (ws && verb == LAB_CONNECT)
		add_connects(r, api);
	else if (ws && verb == LAB_SAY)
		add_messages(r, api);
	for (size_t k = 0; !ws && verb == LAB_SEND && k < api->stage_count; k++) {
		if (api->type == GW_REST)
			add_rest(r, api, &api->stages[k]);
		else
			add_http(r, api, &api->stages[k]);
	}
}

static const struct gateway *gateway_of(const struct rig *rig)
{
	return serve_runtime(rig_serve((struct rig *)rig))->gateway;
}

size_t ready_rows(const struct rig *rig, const struct lab *lab, enum lab_verb verb, struct arena *a,
		  struct pick_row *rows, size_t most)
{
	struct rows r = {.a = a, .items = rows, .most = most};
	const struct gateway *g = gateway_of(rig);
	add_lab(&r, lab, verb);
	for (size_t i = 0; i < g->api_count; i++)
		add_api(&r, &g->apis[i], verb);
	return r.count;
}

/* ---- back again ---------------------------------------------------------------------- */

/* "GET /dev/pets shop": with several APIs the last word counts. */
static bool read_row(const struct rig *rig, const char *arg, struct arena *a,
		     struct lab_action *out)
{
	const char *space = strchr(arg, ' ');
	const char *last = strrchr(arg, ' ');
	if (!space || last == space)
		return false;
	const char *method = arena_strndup(a, arg, (size_t)(space - arg));
	*out = (struct lab_action){.verb = LAB_SEND, .method = method};
	out->target = arena_strndup(a, space + 1, (size_t)(last - space - 1));
	if (gateway_of(rig)->api_count > 1)
		out->api = arena_strdup(a, last + 1);
	if (str_eq(method, "CONNECT"))
		out->verb = LAB_CONNECT;
	return true;
}

bool ready_find(const struct rig *rig, const struct lab *lab, const char *arg, struct arena *a,
		struct lab_action *out)
{
	if (str_starts(arg, "SAY ")) {
		*out = (struct lab_action){.verb = LAB_SAY, .body = arena_strdup(a, arg + 4)};
		return true;
	}
	if (arg[0] != '=')
		return read_row(rig, arg, a, out);
	for (size_t i = 0; lab && i < lab->request_count; i++)
		if (str_eq(lab->requests[i].id, arg + 1)) {
			*out = lab->requests[i].action;
			return true;
		}
	return false;
}
