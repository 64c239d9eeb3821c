/* deploy.c -- snapshots of APIs and the stages that serve them; see deploy.h.
 *
 *   STATE/gateway/NAME-HASH/API/stages.json   which deployment each stage serves, and its canary
 *                               ID.def        the OpenAPI file as it was, to the byte
 *                               ID.json       when, what for, and the API's part of the stack file
 *
 * NAME and HASH come from the path of the file that defines the API, so that copies of a stack do
 * not share deployments. A snapshot is the text, not what was read from it: a later version of the
 * program reads it with its own eyes. ID.json is written last, so what has none never happened. All
 * files are written whole or not at all; of two programs at once the later one wins. */
#include "gateway/deploy.h"

#include "base/file.h"
#include "base/json.h"
#include "gateway/shape.h"
#include "gateway/stack.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_STATE_BYTES ((size_t)1 << 20)

/* The deployments of one API, as they are on disk. */
struct shelf {
	struct gateway *g;
	const struct gw_api *api;
	const char *folder;
	struct node *stages; /* map of stages.json; changed in place */
	bool brief;
};

/* -- where things are -------------------------------------------------------------------------- */

static const char *slug(struct arena *a, const char *path)
{
	char *s = arena_strndup(a, path_base(path), 40);
	for (char *p = s; *p; p++)
		if (!(*p >= 'a' && *p <= 'z') && !(*p >= 'A' && *p <= 'Z') &&
		    !(*p >= '0' && *p <= '9'))
			*p = '-';
	return s;
}

static const char *api_folder(struct arena *a, const struct gw_api *api, const char *state)
{
	const char *file = api->origin->file;
	return arena_printf(a, "%s/gateway/%s-%s/%s", state, slug(a, file), gw_short_id(a, file, 8),
			    api->id);
}

const char *deploy_state_file(struct arena *a, const struct gw_api *api, const char *state)
{
	return arena_printf(a, "%s/stages.json", api_folder(a, api, state));
}

static const char *shelf_path(const struct shelf *s, const char *id, const char *end)
{
	return arena_printf(&s->g->arena, "%s/%s%s", s->folder, id, end);
}

/* -- reading and writing ----------------------------------------------------------------------- */

static bool read_json(struct arena *a, const char *path, struct node **root, struct diags *d)
{
	struct str text = {0};
	bool ok = file_read(path, MAX_STATE_BYTES, &text, d);
	if (ok)
		ok = json_read(a, path, arena_strndup(a, str_c(&text), text.len), text.len, root,
			       d);
	str_clear(&text);
	if (ok && (*root)->kind != NODE_MAP)
		ok = diag_error(d, (struct pos){path, 1, 1}, "gateway-deployment",
				"this must be a map");
	return ok;
}

static bool shelf_open(struct shelf *s, struct gateway *g, const struct gw_api *api,
		       const struct deploy_options *o, struct diags *d)
{
	struct file_stat unused;
	struct node *root;
	*s = (struct shelf){.g = g,
			    .api = api,
			    .folder = api_folder(&g->arena, api, o->state),
			    .brief = o->brief};
	const char *path = shelf_path(s, "stages", ".json");
	s->stages = node_new(&g->arena, NODE_MAP);
	if (!file_stat(path, &unused))
		return true;
	if (!read_json(&g->arena, path, &root, d))
		return false;
	const struct node *stages = node_get(root, "stages");
	for (const struct node *e = stages ? stages->child : NULL; e; e = e->next) {
		struct node *one = node_new(&g->arena, NODE_MAP);
		static const char *const keys[] = {"deployment", "canary"};
		for (size_t i = 0; i < ARRAY_LEN(keys); i++)
			if (node_text(e, keys[i]))
				node_set(&g->arena, one, keys[i],
					 node_new_text(&g->arena, node_text(e, keys[i])));
		node_set(&g->arena, s->stages, e->key->text, one);
	}
	return true;
}

static bool put(const struct shelf *s, const char *path, struct slice text, struct diags *d)
{
	return (s->brief ? file_write_brief : file_write)(path, text.p, text.len, d);
}

static bool shelf_write(struct shelf *s, struct diags *d)
{
	struct str out = {0};
	struct node *root = node_new(&s->g->arena, NODE_MAP);
	node_set(&s->g->arena, root, "format", node_new_text(&s->g->arena, "1"));
	node_set(&s->g->arena, root, "stages", s->stages);
	json_write(&out, root);
	str_addc(&out, '\n');
	bool ok = file_mkdirs(s->folder, d) &&
		  put(s, shelf_path(s, "stages", ".json"), (struct slice){str_c(&out), out.len}, d);
	str_clear(&out);
	return ok;
}

/* key: "deployment" or "canary"; id NULL takes it away. */
static void shelf_point(struct shelf *s, const char *stage, const char *key, const char *id)
{
	struct arena *a = &s->g->arena;
	const struct node *old = node_get(s->stages, stage);
	struct node *one = node_new(a, NODE_MAP);
	static const char *const keys[] = {"deployment", "canary"};
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const char *text = str_eq(keys[i], key) ? id : node_text(old, keys[i]);
		if (text)
			node_set(a, one, keys[i], node_new_text(a, text));
	}
	node_set(a, s->stages, stage, one);
}

static const char *shelf_id(const struct shelf *s, const char *stage, const char *key)
{
	return node_text(node_get(s->stages, stage), key);
}

/* -- snapshots --------------------------------------------------------------------------------- */

struct snapshot {
	const char *id, *description, *digest;
	int64_t created_ms;
	struct gw_origin origin;
};

static bool id_ok(const char *id)
{
	size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789");
	return n >= 6 && n <= 10 && !id[n];
}

/* Its description; the text is read when it is needed. */
static bool snapshot_read(const struct shelf *s, const char *id, struct snapshot *out,
			  struct diags *d)
{
	struct node *root;
	const char *path = shelf_path(s, id, ".json");
	long long created;
	*out = (struct snapshot){0};
	if (!id_ok(id))
		return diag_fail(d, "gateway-deployment", "\"%s\" is not the id of a deployment",
				 id);
	if (!read_json(&s->g->arena, path, &root, d))
		return false;
	const char *ms = node_text(root, "createdMs");
	*out = (struct snapshot){
		.id = id,
		.description = node_text(root, "description"),
		.digest = node_text(root, "digest"),
		.origin = {.file = path, .entry = node_get(root, "entry")},
	};
	if (node_text(root, "openapi"))
		out->origin.openapi = shelf_path(s, id, ".def");
	out->origin.digest = out->digest;
	if (!out->digest || !ms || !str_to_i64(ms, 0, INT64_MAX, &created))
		return diag_error(d, (struct pos){path, 1, 1}, "gateway-deployment",
				  "this is not a deployment: deploy again");
	out->created_ms = created;
	return true;
}

/* The API of a snapshot, in the list of g so that it is freed with it. */
static const struct gw_api *snapshot_load(const struct shelf *s, struct snapshot *shot,
					  struct diags *d)
{
	struct gateway *g = s->g;
	struct diags why = {0};
	struct str text = {0};
	struct gw_origin *origin = arena_alloc(&g->arena, sizeof(*origin));
	struct gw_api *api = arena_alloc(&g->arena, sizeof(*api));
	*origin = shot->origin;
	bool ok = !origin->openapi || file_read(origin->openapi, MAX_DEF_BYTES, &text, &why);
	origin->text = (struct slice){arena_strndup(&g->arena, str_c(&text), text.len), text.len};
	str_clear(&text);
	ok = ok && gateway_load_api(g, s->api, origin, api, &why);
	g->snapshots = array_grow(g->snapshots, &g->snapshot_cap, g->snapshot_count + 1,
				  sizeof(*g->snapshots));
	g->snapshots[g->snapshot_count++] = api;
	if (!ok) {
		diag_fail(d, "gateway-deployment",
			  "deployment %s of %s cannot be served any more (%s); deploy again",
			  shot->id, s->api->id, diags_first(&why));
		api = NULL;
	}
	diags_clear(&why);
	return api;
}

/* An API under the id of its deployment. The patterns stay with the one it is a copy of. */
static const struct gw_api *under_id(struct gateway *g, const struct gw_api *api, const char *id)
{
	struct gw_api *copy = arena_alloc(&g->arena, sizeof(*copy));
	*copy = *api;
	copy->patterns = NULL;
	copy->pattern_count = copy->pattern_cap = 0;
	copy->deployment = id;
	return copy;
}

static const struct gw_api *serve_snapshot(const struct shelf *s, const char *id,
					   struct snapshot *shot, struct diags *d)
{
	if (!snapshot_read(s, id, shot, d))
		return NULL;
	bool same = str_eq(shot->digest, s->api->origin->digest);
	const struct gw_api *api = same ? s->api : snapshot_load(s, shot, d);
	return api ? under_id(s->g, api, id) : NULL;
}

/* -- making one -------------------------------------------------------------------------------- */

/* What of the API's entry a deployment keeps: all but what is changed without one. */
static struct node *frozen_entry(struct arena *a, const struct gw_api *api)
{
	static const char *const live[] = {"stages",       "apiKeys",
					   "usagePlans",   "name",
					   "endpointType", "disableExecuteApiEndpoint",
					   "description",  "tags"};
	struct node *out = node_new(a, NODE_MAP);
	const struct node *entry = api->origin->entry;
	for (const struct node *e = entry ? entry->child : NULL; e; e = e->next) {
		bool skip = false;
		for (size_t i = 0; i < ARRAY_LEN(live); i++)
			skip |= str_eq(live[i], e->key->text);
		if (skip)
			continue;
		struct node *copy = arena_alloc(a, sizeof(*copy));
		*copy = *e;
		node_set(a, out, e->key->text, copy);
	}
	if (entry)
		node_set(a, out, "stages", node_new(a, NODE_MAP));
	return entry ? out : NULL;
}

static const char *new_id(const struct shelf *s, int64_t now_ms)
{
	struct file_stat unused;
	for (int i = 0;; i++) {
		const char *text = arena_printf(&s->g->arena, "%s %s %lld %d", s->api->id,
						s->api->origin->digest, (long long)now_ms, i);
		const char *id = gw_short_id(&s->g->arena, text, 6);
		if (!file_stat(shelf_path(s, id, ".json"), &unused))
			return id;
	}
}

static bool write_snapshot(const struct shelf *s, const char *id, const char *description,
			   int64_t now_ms, struct diags *d)
{
	struct arena *a = &s->g->arena;
	const struct gw_origin *o = s->api->origin;
	struct str out = {0};
	struct node *root = node_new(a, NODE_MAP), *entry = frozen_entry(a, s->api);
	node_set(a, root, "format", node_new_text(a, "1"));
	node_set(a, root, "id", node_new_text(a, id));
	node_set(a, root, "createdMs",
		 node_new_text(a, arena_printf(a, "%lld", (long long)now_ms)));
	if (description)
		node_set(a, root, "description", node_new_text(a, description));
	node_set(a, root, "digest", node_new_text(a, o->digest));
	if (o->openapi)
		node_set(a, root, "openapi", node_new_text(a, o->openapi));
	if (entry)
		node_set(a, root, "entry", entry);
	json_write(&out, root);
	str_addc(&out, '\n');
	bool ok = file_mkdirs(s->folder, d) &&
		  (!o->openapi || put(s, shelf_path(s, id, ".def"), o->text, d)) &&
		  put(s, shelf_path(s, id, ".json"), (struct slice){str_c(&out), out.len}, d);
	str_clear(&out);
	return ok;
}

/* -- all of them ------------------------------------------------------------------------------- */

static int newest_first(const void *a, const void *b)
{
	const struct deployment *x = a, *y = b;
	if (x->created_ms != y->created_ms)
		return x->created_ms < y->created_ms ? 1 : -1;
	return strcmp(x->id, y->id);
}

static bool list_all(const struct shelf *s, struct deployment **out, size_t *count, struct diags *d)
{
	struct arena *a = &s->g->arena;
	const char **names;
	size_t n;
	*count = 0;
	*out = NULL;
	if (!file_list(s->folder, ".json", a, &names, &n, d))
		return false;
	*out = arena_alloc(a, (n + 1) * sizeof(**out));
	for (size_t i = 0; i < n; i++) {
		struct snapshot shot;
		char *id = arena_strndup(a, names[i], strlen(names[i]) - strlen(".json"));
		struct diags unused = {0};
		if (!str_eq(id, "stages") && snapshot_read(s, id, &shot, &unused))
			(*out)[(*count)++] =
				(struct deployment){id, shot.description, shot.created_ms};
		diags_clear(&unused);
	}
	if (*count)
		qsort(*out, *count, sizeof(**out), newest_first);
	return true;
}

bool deploy_list(struct gateway *g, const struct gw_api *api, const struct deploy_options *o,
		 struct deployment **out, size_t *count, struct diags *d)
{
	struct shelf s;
	*count = 0;
	return shelf_open(&s, g, api, o, d) && list_all(&s, out, count, d);
}

static bool in_use(const struct shelf *s, const char *id)
{
	for (const struct node *e = s->stages->child; e; e = e->next)
		if (str_eq(node_text(e, "deployment"), id) || str_eq(node_text(e, "canary"), id))
			return true;
	return false;
}

/* What is over the limit goes, the oldest first. That a file cannot be removed does no harm. */
static void prune(const struct shelf *s)
{
	struct deployment *all;
	size_t n = 0;
	struct diags unused = {0};
	if (list_all(s, &all, &n, &unused))
		for (size_t i = MAX_DEPLOYMENTS; i < n; i++) {
			if (in_use(s, all[i].id))
				continue;
			unlink(shelf_path(s, all[i].id, ".json"));
			unlink(shelf_path(s, all[i].id, ".def"));
		}
	diags_clear(&unused);
}

/* -- what stages serve ------------------------------------------------------------------------- */

static void follow_file(struct gateway *g, const struct gw_api *api, struct deploy_stage *out)
{
	out->served = under_id(g, api, gw_short_id(&g->arena, api->origin->digest, 6));
}

/* first: the deployment that another stage has just got, or NULL. */
static bool first_deployment(struct shelf *s, const struct gw_stage *stage,
			     const struct deploy_options *o, const char **first, struct diags *d)
{
	if (!*first) {
		const char *id = new_id(s, o->now_ms);
		if (!write_snapshot(s, id, NULL, o->now_ms, d))
			return false;
		*first = id;
	}
	shelf_point(s, stage->name, "deployment", *first);
	return shelf_write(s, d);
}

static bool open_canary(const struct shelf *s, const struct gw_stage *stage,
			struct deploy_stage *out, struct diags *d)
{
	struct snapshot shot;
	const char *id = shelf_id(s, stage->name, "canary");
	if (!stage->canary || !id)
		return true;
	out->canary = serve_snapshot(s, id, &shot, d);
	stage->canary->deployment = id;
	return out->canary != NULL;
}

static bool open_stage(struct shelf *s, const struct gw_stage *stage,
		       const struct deploy_options *o, const char **first, struct deploy_stage *out,
		       struct diags *d)
{
	struct snapshot shot;
	*out = (struct deploy_stage){.file = s->api, .stage = stage};
	if (stage->auto_deploy) {
		follow_file(s->g, s->api, out);
		return true;
	}
	const char *id = shelf_id(s, stage->name, "deployment");
	if (!id) {
		struct diags why = {0};
		if (!o->read_only && !first_deployment(s, stage, o, first, &why))
			diag_warn(d, stage->pos, "gateway-deployment",
				  "stage %s of %s cannot be deployed, it serves the file: %s",
				  stage->name, s->api->id, diags_first(&why));
		diags_clear(&why);
		id = *first;
	}
	if (!id) {
		follow_file(s->g, s->api, out);
		return true;
	}
	out->served = serve_snapshot(s, id, &shot, d);
	if (!out->served)
		return false;
	out->created_ms = shot.created_ms;
	out->description = shot.description;
	const char *newest = shelf_id(s, stage->name, "canary");
	out->behind = !str_eq(shot.digest, s->api->origin->digest);
	if (!open_canary(s, stage, out, d))
		return false;
	if (out->behind && out->canary && newest && snapshot_read(s, newest, &shot, NULL))
		out->behind = !str_eq(shot.digest, s->api->origin->digest);
	if (out->behind)
		diag_note(d, stage->pos, "gateway-behind",
			  "stage %s of %s serves deployment %s, its file has changed since: "
			  "`gatedrill gateway deploy` publishes it",
			  stage->name, s->api->id, id);
	return true;
}

bool deploy_open(struct deploy *out, struct gateway *g, const struct deploy_options *o,
		 struct diags *d)
{
	bool ok = true;
	size_t n = 0;
	for (size_t i = 0; i < g->api_count; i++)
		n += g->apis[i].stage_count;
	*out = (struct deploy){.stages = arena_alloc(&g->arena, (n + 1) * sizeof(*out->stages))};
	for (size_t i = 0; i < g->api_count; i++) {
		struct shelf s;
		const char *first = NULL;
		if (!shelf_open(&s, g, &g->apis[i], o, d)) {
			ok = false;
			continue;
		}
		for (size_t k = 0; k < g->apis[i].stage_count; k++)
			ok &= open_stage(&s, &g->apis[i].stages[k], o, &first,
					 &out->stages[out->count++], d);
	}
	return ok;
}

const struct deploy_stage *deploy_find(const struct deploy *p, const char *api, const char *stage)
{
	for (size_t i = 0; i < p->count; i++)
		if (str_eq(p->stages[i].stage->name, stage) && str_eq(p->stages[i].file->id, api))
			return &p->stages[i];
	return NULL;
}

/* -- what an operator does --------------------------------------------------------------------- */

static bool by_hand(const struct gw_api *api, const struct gw_stage *stage, struct diags *d)
{
	return !stage->auto_deploy ||
	       diag_fail(d, "gateway-auto-deploy",
			 "stage %s of %s has autoDeploy: it follows its file, nothing is to be "
			 "deployed",
			 stage->name, api->id);
}

bool deploy_create(struct gateway *g, const struct gw_api *api, const struct gw_stage *stage,
		   const char *description, const struct deploy_options *o, const char **id,
		   bool *to_canary, struct diags *d)
{
	struct shelf s;
	if (!by_hand(api, stage, d) || !shelf_open(&s, g, api, o, d))
		return false;
	*id = new_id(&s, o->now_ms);
	*to_canary = stage->canary && shelf_id(&s, stage->name, "deployment");
	if (!write_snapshot(&s, *id, description, o->now_ms, d))
		return false;
	shelf_point(&s, stage->name, *to_canary ? "canary" : "deployment", *id);
	if (!stage->canary)
		shelf_point(&s, stage->name, "canary", NULL);
	if (!shelf_write(&s, d))
		return false;
	prune(&s);
	return true;
}

bool deploy_point(struct gateway *g, const struct gw_api *api, const struct gw_stage *stage,
		  const char *id, const struct deploy_options *o, struct diags *d)
{
	struct shelf s;
	struct snapshot shot;
	struct diags why = {0};
	if (!by_hand(api, stage, d) || !shelf_open(&s, g, api, o, d))
		return false;
	bool there = snapshot_read(&s, id, &shot, &why);
	diags_clear(&why);
	if (!there)
		return diag_fail(d, "gateway-deployment",
				 "%s has no deployment \"%s\"; `gatedrill gateway stages` lists "
				 "them",
				 api->id, id);
	shelf_point(&s, stage->name, "deployment", id);
	return shelf_write(&s, d);
}

bool deploy_promote(struct gateway *g, const struct gw_api *api, const struct gw_stage *stage,
		    const struct deploy_options *o, const char **id, struct diags *d)
{
	struct shelf s;
	if (!by_hand(api, stage, d) || !shelf_open(&s, g, api, o, d))
		return false;
	*id = stage->canary ? shelf_id(&s, stage->name, "canary") : NULL;
	if (!*id)
		return diag_fail(d, "gateway-canary", "stage %s of %s has no canary to promote%s",
				 stage->name, api->id,
				 stage->canary ? ": nothing was deployed to it yet" : "");
	shelf_point(&s, stage->name, "deployment", *id);
	shelf_point(&s, stage->name, "canary", NULL);
	return shelf_write(&s, d);
}
