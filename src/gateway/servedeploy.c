/* servedeploy.c -- what an operator does to a running gateway: serve_deploy() and serve_promote()
 * of serve.h. The definitions are read as they lie on the disk now, apart from what is served; only
 * when the deployment is on the disk too is everything read again for serving. */
#include "gateway/serving.h"

#include <string.h>

/* A definition read for the moment, and what it says of one stage. */
struct target {
	struct gateway gateway;
	struct deploy_options deploy;
	const struct gw_api *api;
	const struct gw_stage *stage;
};

static bool find_stage(struct target *t, const char *api, const char *stage, struct diags *d)
{
	const struct gateway *g = &t->gateway;
	for (size_t i = 0; i < g->api_count && !t->api; i++)
		if (strcmp(g->apis[i].id, api) == 0)
			t->api = &g->apis[i];
	if (!t->api)
		return diag_fail(d, "gateway-api", "there is no API \"%s\"", api);
	for (size_t i = 0; i < t->api->stage_count && !t->stage; i++)
		if (strcmp(t->api->stages[i].name, stage) == 0)
			t->stage = &t->api->stages[i];
	return t->stage || diag_fail(d, "gateway-stage", "%s has no stage \"%s\"", api, stage);
}

static bool read_target(struct target *t, const struct serve *s, const char *api, const char *stage,
			struct diags *d)
{
	t->deploy = (struct deploy_options){
		.state = s->o.state, .now_ms = clock_ms(&s->o.clock), .brief = s->o.brief};
	return gateway_load(&t->gateway, s->o.files, s->o.file_count, &s->o.load, d) &&
	       find_stage(t, api, stage, d);
}

/* Serve what was done. The id moves to the generation that serves it. */
static bool serve_it(struct serve *s, struct target *t, bool ok, const char **id, struct diags *d)
{
	struct diags again = {0}; /* the same notes as the first reading's */
	if (ok && !serve_reload(s, &again)) {
		diags_append(d, &again);
		ok = false;
	}
	if (ok)
		*id = arena_strdup(&s->now->gateway.arena, *id);
	diags_clear(&again);
	gateway_clear(&t->gateway);
	return ok;
}

bool serve_deploy(struct serve *s, const char *api, const char *stage, const char *description,
		  const char **id, bool *to_canary, struct diags *d)
{
	struct target t = {0};
	bool ok =
		read_target(&t, s, api, stage, d) &&
		deploy_create(&t.gateway, t.api, t.stage, description, &t.deploy, id, to_canary, d);
	return serve_it(s, &t, ok, id, d);
}

bool serve_promote(struct serve *s, const char *api, const char *stage, const char **id,
		   struct diags *d)
{
	struct target t = {0};
	bool ok = read_target(&t, s, api, stage, d) &&
		  deploy_promote(&t.gateway, t.api, t.stage, &t.deploy, id, d);
	return serve_it(s, &t, ok, id, d);
}
