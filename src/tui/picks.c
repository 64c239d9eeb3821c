/* picks.c -- what there is to pick from where something is tried: stages, ready requests, files of
 * a lab. Rows and their texts are in the arena. */
#include "base/file.h"
#include "gateway/deploy.h"
#include "tui/lab.h"

#include <string.h>

/* ---- stages -------------------------------------------------------------------------- */

/* NULL: it follows its file, or was never deployed. */
static const struct deploy_stage *deployed(const struct gw_runtime *rt, const struct gw_api *api,
					   const struct gw_stage *stage)
{
	const struct deploy_stage *d =
		rt->deploy ? deploy_find(rt->deploy, api->id, stage->name) : NULL;
	return d && (d->canary || d->created_ms) ? d : NULL;
}

static const char *deploy_note(const struct deploy_stage *d)
{
	if (!d)
		return NULL;
	if (d->canary)
		return "has a canary";
	return d->behind ? "its file has changed since" : "as its file has it";
}

size_t stage_rows(const struct gw_runtime *rt, enum command_id id, struct arena *a,
		  struct pick_row **rows)
{
	const struct gateway *g = rt->gateway;
	size_t n = 0, most = 0;
	for (size_t i = 0; i < g->api_count; i++)
		most += g->apis[i].stage_count;
	*rows = arena_alloc(a, (most + 1) * sizeof(**rows));
	for (size_t i = 0; i < g->api_count; i++) {
		const struct gw_api *api = &g->apis[i];
		for (size_t k = 0; k < api->stage_count; k++) {
			const struct gw_stage *stage = &api->stages[k];
			const struct deploy_stage *d = deployed(rt, api, stage);
			if (id == CMD_PROMOTE ? !(d && d->canary) : stage->auto_deploy)
				continue;
			const char *arg = arena_printf(a, "%s/%s", api->id, stage->name);
			(*rows)[n++] = (struct pick_row){arg, arg, deploy_note(d)};
		}
	}
	return n;
}

bool serves_websocket(const struct gateway *g)
{
	for (size_t i = 0; i < g->api_count; i++)
		if (g->apis[i].type == GW_WEBSOCKET)
			return true;
	return false;
}

/* ---- ready requests ------------------------------------------------------------------ */

size_t request_rows(const struct lab *lab, struct arena *a, struct pick_row **rows)
{
	*rows = arena_alloc(a, (lab->request_count + 1) * sizeof(**rows));
	for (size_t i = 0; i < lab->request_count; i++) {
		const struct lab_request *r = &lab->requests[i];
		const char *does = lab_action_title(a, &r->action);
		(*rows)[i] = (struct pick_row){arena_printf(a, "%zu", i + 1),
					       arena_printf(a, "%2zu  %s", i + 1, r->title),
					       strcmp(r->title, does) == 0 ? NULL : does};
	}
	return lab->request_count;
}

/* ---- files --------------------------------------------------------------------------- */

static bool is_definition(const struct lab *lab, const char *name)
{
	for (size_t i = 0; i < lab->gateway_count; i++)
		if (strcmp(lab->gateway[i], name) == 0)
			return true;
	return false;
}

size_t file_rows(const struct lab_view *v, struct arena *a, struct pick_row **rows)
{
	const char **names = NULL;
	size_t count = 0, n = 0;
	file_list(v->folder, "", a, &names, &count, NULL);
	*rows = arena_alloc(a, (count + 1) * sizeof(**rows));
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < count; i++) {
			struct file_stat info;
			bool definition = is_definition(v->lab, names[i]);
			if (definition == (round == 0) &&
			    file_stat(path_join(a, v->folder, names[i]), &info) && !info.is_dir)
				(*rows)[n++] = (struct pick_row){
					names[i], names[i], definition ? "what is served" : NULL};
		}
	}
	return n;
}
