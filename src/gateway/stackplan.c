/* stackplan.c -- API keys and usage plans of a stack file, at its root or within an API. */
#include "gateway/stackread.h"

#include <string.h>

/* -- keys -------------------------------------------------------------------------------------- */

static const struct shape_key key_keys[] = {
	{.name = "name",
	 .type = SHAPE_TEXT,
	 .required = true,
	 SHAPE_AT(gw_api_key, name),
	 .help = "Its name, by which plans refer to it."},
	{.name = "value",
	 .type = SHAPE_TEXT,
	 .required = true,
	 SHAPE_AT(gw_api_key, value),
	 .help = "What callers send, 20 to 128 characters."},
	{.name = "enabled",
	 .type = SHAPE_BOOL,
	 SHAPE_AT(gw_api_key, enabled),
	 .help = "False: it is refused."},
	{.name = "description", .type = SHAPE_DOC},
	{.name = "tags", .type = SHAPE_DOC},
};
const struct shape stack_key_shape = {"key", "Keys of an API key", key_keys, ARRAY_LEN(key_keys),
				      false};

static void check_key(struct stack *s, const struct node *n, const struct gw_api_key *k)
{
	size_t len = strlen(k->value);
	if (len < 20 || len > 128)
		SHAPE_ERROR(&s->r, n, "gateway-value",
			    "the value of a key has 20 to 128 characters, this has %zu", len);
	for (size_t i = 0; i < s->g->key_count; i++) {
		if (i >= s->first_key && str_eq(s->g->keys[i].name, k->name))
			SHAPE_ERROR(&s->r, n, "gateway-twice", "there are two keys \"%s\"",
				    shape_brief(&s->r, k->name));
		if (str_eq(s->g->keys[i].value, k->value))
			SHAPE_ERROR(&s->r, n, "gateway-twice",
				    "the keys \"%s\" and \"%s\" have the same value",
				    shape_brief(&s->r, s->g->keys[i].name),
				    shape_brief(&s->r, k->name));
	}
}

void stack_keys(struct stack *s, const struct node *n)
{
	if (!shape_is(&s->r, n, NODE_LIST, "apiKeys"))
		return;
	for (const struct node *e = n->child; e; e = e->next) {
		struct gw_api_key *k = &s->g->keys[s->g->key_count];
		*k = (struct gw_api_key){.enabled = true};
		if (!shape_read(&s->r, e, &stack_key_shape, k) || !k->name || !k->value)
			continue;
		k->id = gw_short_id(s->r.arena, arena_printf(s->r.arena, "key %s", k->name), 10);
		check_key(s, e, k);
		s->g->key_count++;
	}
}

/* -- plans ------------------------------------------------------------------------------------- */

struct plan_in {
	struct gw_plan p;
	const struct node *stages, *throttle, *quota, *keys;
};
static const char *const period_words[] = {
	[GW_DAY] = "DAY", [GW_WEEK] = "WEEK", [GW_MONTH] = "MONTH", [GW_MONTH + 1] = NULL};

#define IN(m) SHAPE_AT(plan_in, m)
static const struct shape_key plan_keys[] = {
	{.name = "name", .type = SHAPE_TEXT, .required = true, IN(p.name), .help = "Its name."},
	{.name = "apiStages",
	 .type = SHAPE_NODE,
	 .required = true,
	 IN(stages),
	 .help = "The stages it is for: names; api:stage outside of an API; or maps with apiId, "
		 "stage and throttle, a map from /path/VERB to rateLimit and burstLimit."},
	{.name = "throttle",
	 .type = SHAPE_NODE,
	 IN(throttle),
	 .help = "A map with rateLimit and burstLimit, for each key."},
	{.name = "quota",
	 .type = SHAPE_NODE,
	 IN(quota),
	 .help = "A map with limit, period (DAY, WEEK or MONTH) and offset."},
	{.name = "keys", .type = SHAPE_NODE, IN(keys), .help = "The names of its keys."},
	{.name = "description", .type = SHAPE_DOC},
	{.name = "tags", .type = SHAPE_DOC},
};
const struct shape stack_plan_shape = {"usage plan", "Keys of a usage plan", plan_keys,
				       ARRAY_LEN(plan_keys), false};

static const struct shape_key throttle_keys[] = {
	{.name = "rateLimit", .type = SHAPE_REAL, .max = 1e6, SHAPE_AT(gw_method_throttle, rate)},
	{.name = "burstLimit", .type = SHAPE_REAL, .max = 1e6, SHAPE_AT(gw_method_throttle, burst)},
};
static const struct shape throttle_shape = {"throttle", NULL, throttle_keys,
					    ARRAY_LEN(throttle_keys), false};

static const struct gw_api *find_api(struct stack *s, const struct node *n, const char *id)
{
	const char *names[MAX_APIS];
	const struct gw_api *api = gateway_api(s->g, id);
	if (api)
		return api;
	for (size_t i = 0; i < s->g->api_count; i++)
		names[i] = s->g->apis[i].id;
	shape_unknown(&s->r, n, "gateway-unknown-api", "API", id, names, s->g->api_count);
	return NULL;
}

struct stage_ref {
	const char *api, *stage;
	const struct node *throttle;
};

static bool read_stage_ref(struct stack *s, const struct node *n, struct stage_ref *out)
{
	static const struct shape_key keys[] = {
		{.name = "apiId", .type = SHAPE_TEXT, SHAPE_AT(stage_ref, api)},
		{.name = "stage", .type = SHAPE_TEXT, .required = true, SHAPE_AT(stage_ref, stage)},
		{.name = "throttle", .type = SHAPE_NODE, SHAPE_AT(stage_ref, throttle)},
	};
	static const struct shape shape = {"API stage", NULL, keys, ARRAY_LEN(keys), false};
	if (n->kind == NODE_MAP)
		return shape_read(&s->r, n, &shape, out) && out->stage;
	const char *text = shape_text(&s->r, n, "apiStages");
	const char *colon = text ? strchr(text, ':') : NULL;
	if (colon)
		out->api = arena_strndup(s->r.arena, text, (size_t)(colon - text));
	out->stage = colon ? colon + 1 : text;
	return text != NULL;
}

static bool find_stage(struct stack *s, const struct node *n, const struct gw_api *api,
		       struct stage_ref *ref)
{
	const char *names[MAX_STAGES];
	if (!ref->api && !api)
		return SHAPE_ERROR(&s->r, n, "gateway-unknown-api",
				   "of which API is the stage \"%s\"? Write api:stage",
				   shape_brief(&s->r, ref->stage));
	if (ref->api)
		api = find_api(s, n, ref->api);
	if (!api)
		return false;
	ref->api = api->id;
	if (gw_api_stage(api, ref->stage))
		return true;
	for (size_t i = 0; i < api->stage_count; i++)
		names[i] = api->stages[i].name;
	shape_unknown(&s->r, n, "gateway-unknown-stage", "stage", ref->stage, names,
		      api->stage_count);
	return false;
}

bool stack_api_stage(struct stack *s, const struct node *n, const struct gw_api *api,
		     const char **id, const char **stage)
{
	struct stage_ref ref = {0};
	if (!read_stage_ref(s, n, &ref) || !find_stage(s, n, api, &ref))
		return false;
	*id = ref.api;
	*stage = ref.stage;
	return true;
}

#define MAX_METHOD_THROTTLES 200

static void read_method_throttles(struct stack *s, const struct stage_ref *ref, struct gw_plan *p)
{
	if (!shape_is(&s->r, ref->throttle, NODE_MAP, "throttle"))
		return;
	for (const struct node *e = ref->throttle->child; e; e = e->next) {
		struct gw_method_throttle t = {
			.api = ref->api, .stage = ref->stage, .rate = -1, .burst = -1};
		const char *slash = strrchr(e->key->text, '/');
		if (!slash || p->method_count == MAX_METHOD_THROTTLES) {
			SHAPE_ERROR(&s->r, e->key, "gateway-value",
				    "\"%s\" must be a path and a method, as /pets/GET; at most %d "
				    "of them",
				    shape_brief(&s->r, e->key->text), MAX_METHOD_THROTTLES);
			continue;
		}
		size_t n = (size_t)(slash - e->key->text);
		t.path = n ? arena_strndup(s->r.arena, e->key->text, n) : "/";
		t.verb = slash + 1;
		if (shape_read(&s->r, e, &throttle_shape, &t))
			p->methods[p->method_count++] = t;
	}
}

static void read_plan_stages(struct stack *s, const struct node *n, const struct gw_api *api,
			     struct gw_plan *p)
{
	if (!shape_is(&s->r, n, NODE_LIST, "apiStages"))
		return;
	p->stages = arena_alloc(s->r.arena, (n->count + 1) * sizeof(*p->stages));
	p->methods = arena_alloc(s->r.arena, MAX_METHOD_THROTTLES * sizeof(*p->methods));
	for (const struct node *e = n->child; e; e = e->next) {
		struct stage_ref ref = {0};
		if (!read_stage_ref(s, e, &ref) || !find_stage(s, e, api, &ref))
			continue;
		p->stages[p->stage_count++] = (struct gw_plan_stage){ref.api, ref.stage};
		if (ref.throttle)
			read_method_throttles(s, &ref, p);
	}
}

static void read_plan_keys(struct stack *s, const struct node *n, struct gw_plan *p)
{
	const struct gateway *g = s->g;
	if (!shape_is(&s->r, n, NODE_LIST, "keys"))
		return;
	const char **names = arena_alloc(s->r.arena, (g->key_count + 1) * sizeof(*names));
	p->keys = arena_alloc(s->r.arena, (n->count + 1) * sizeof(*p->keys));
	for (size_t i = s->first_key; i < g->key_count; i++)
		names[i - s->first_key] = g->keys[i].name;
	for (const struct node *e = n->child; e; e = e->next) {
		const char *name = shape_text(&s->r, e, "keys");
		size_t i = s->first_key;
		while (name && i < g->key_count && !str_eq(g->keys[i].name, name))
			i++;
		if (name && i < g->key_count)
			p->keys[p->key_count++] = &g->keys[i];
		else if (name)
			shape_unknown(&s->r, e, "gateway-unknown-key-name", "API key", name, names,
				      g->key_count - s->first_key);
	}
}

static void read_plan_limits(struct stack *s, const struct plan_in *in, struct gw_plan *p)
{
	static const struct shape_key quota_keys[] = {
		{.name = "limit",
		 .type = SHAPE_LONG,
		 .required = true,
		 .min = 1,
		 .max = 1e12,
		 SHAPE_AT(gw_plan, quota)},
		{.name = "period",
		 .type = SHAPE_WORD,
		 .required = true,
		 .words = period_words,
		 SHAPE_AT(gw_plan, period)},
		{.name = "offset", .type = SHAPE_LONG, .max = 1e12, SHAPE_AT(gw_plan, offset)},
	};
	static const struct shape quota_shape = {"quota", NULL, quota_keys, ARRAY_LEN(quota_keys),
						 false};
	struct gw_method_throttle t = {.rate = -1, .burst = -1};
	if (in->throttle && shape_read(&s->r, in->throttle, &throttle_shape, &t)) {
		p->rate = t.rate;
		p->burst = t.burst;
	}
	if (in->quota)
		shape_read(&s->r, in->quota, &quota_shape, p);
}

/* A key may be in one plan of a stage. */
static void check_overlap(struct stack *s, const struct node *at, const struct gw_plan *a,
			  const struct gw_plan *b)
{
	bool shared = false;
	for (size_t i = 0; i < a->stage_count; i++)
		for (size_t k = 0; k < b->stage_count; k++)
			shared |= str_eq(a->stages[i].api, b->stages[k].api) &&
				  str_eq(a->stages[i].stage, b->stages[k].stage);
	for (size_t i = 0; shared && i < a->key_count; i++)
		for (size_t k = 0; k < b->key_count; k++)
			if (a->keys[i] == b->keys[k])
				SHAPE_ERROR(&s->r, at, "gateway-key-in-two-plans",
					    "the key \"%s\" is in the plans \"%s\" and \"%s\" of "
					    "one stage: it may be in one",
					    a->keys[i]->name, b->name, a->name);
}

void stack_plans(struct stack *s, const struct node *n, const struct gw_api *api)
{
	struct gateway *g = s->g;
	if (!shape_is(&s->r, n, NODE_LIST, "usagePlans"))
		return;
	for (const struct node *e = n->child; e; e = e->next) {
		struct plan_in in = {.p = {.rate = -1, .burst = -1, .quota = -1}};
		if (!shape_read(&s->r, e, &stack_plan_shape, &in) || !in.p.name)
			continue;
		in.p.id =
			gw_short_id(s->r.arena, arena_printf(s->r.arena, "plan %s", in.p.name), 6);
		read_plan_stages(s, in.stages, api, &in.p);
		if (in.keys)
			read_plan_keys(s, in.keys, &in.p);
		read_plan_limits(s, &in, &in.p);
		for (size_t i = 0; i < g->plan_count; i++)
			check_overlap(s, e, &in.p, &g->plans[i]);
		g->plans[g->plan_count++] = in.p;
	}
}
