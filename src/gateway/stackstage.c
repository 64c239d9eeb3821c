/* stackstage.c -- stages of a stack file: variables, settings of methods and routes, canaries,
 * access logs. These take no deployment to become visible. */
#include "gateway/stackread.h"

#include <ctype.h>
#include <string.h>

#define BOTH_CLASSIC (GW_BIT(GW_REST) | GW_BIT(GW_WEBSOCKET))
#define REST_ONLY GW_BIT(GW_REST)
#define ROUTES (GW_BIT(GW_HTTP) | GW_BIT(GW_WEBSOCKET))
#define NO_CACHE "a cache exists for REST APIs only"

struct stage_in {
	struct gw_stage s;
	struct gw_settings all;
	int auto_deploy; /* -1: not said */
	const struct node *methods, *routes, *defaults, *canary, *access_log, *variables;
};

static const char *const bool_words[] = {"false", "true", NULL};
static const char *const level_words[] = {"OFF", "ERROR", "INFO", NULL};
static const char *const strategy_words[] = {"FAIL_WITH_403", "SUCCEED_WITH_RESPONSE_HEADER",
					     "SUCCEED_WITHOUT_RESPONSE_HEADER", NULL};

/* The settings, at m of S: those of a stage stand for all its methods or routes. */
#define SETTINGS(S, m)                                                                             \
	{.name = "throttlingRateLimit",                                                            \
	 .type = SHAPE_REAL,                                                                       \
	 .at = offsetof(struct S, m rate),                                                         \
	 .max = 1e6,                                                                               \
	 .help = "Requests per second."},                                                          \
		{.name = "throttlingBurstLimit",                                                   \
		 .type = SHAPE_REAL,                                                               \
		 .at = offsetof(struct S, m burst),                                                \
		 .max = 1e6,                                                                       \
		 .help = "Size of the token bucket: so many at once."},                            \
		{.name = "cachingEnabled",                                                         \
		 .type = SHAPE_WORD,                                                               \
		 .at = offsetof(struct S, m caching),                                              \
		 .words = bool_words,                                                              \
		 .only = REST_ONLY,                                                                \
		 .teach = NO_CACHE,                                                                \
		 .help = "Whether answers are kept; in a stage with a cache GET methods are "      \
			 "unless it says otherwise."},                                             \
		{.name = "cacheTtlInSeconds",                                                      \
		 .type = SHAPE_INT,                                                                \
		 .at = offsetof(struct S, m cache_ttl_s),                                          \
		 .max = 3600,                                                                      \
		 .only = REST_ONLY,                                                                \
		 .teach = NO_CACHE,                                                                \
		 .help = "For how long, 0 to 3600; 300 unless it says otherwise."},                \
		{.name = "cacheDataEncrypted", .type = SHAPE_DOC, .only = REST_ONLY},              \
		{.name = "requireAuthorizationForCacheControl",                                    \
		 .type = SHAPE_BOOL,                                                               \
		 .at = offsetof(struct S, m cache_auth),                                           \
		 .only = REST_ONLY,                                                                \
		 .teach = NO_CACHE,                                                                \
		 .help = "Whether a caller needs a permission to have an answer fetched anew."},   \
		{.name = "unauthorizedCacheControlHeaderStrategy",                                 \
		 .type = SHAPE_WORD,                                                               \
		 .at = offsetof(struct S, m cache_unauthorized),                                   \
		 .words = strategy_words,                                                          \
		 .only = REST_ONLY,                                                                \
		 .teach = NO_CACHE,                                                                \
		 .help = "What those without it get: FAIL_WITH_403, "                              \
			 "SUCCEED_WITH_RESPONSE_HEADER or SUCCEED_WITHOUT_RESPONSE_HEADER."},      \
		{.name = "loggingLevel",                                                           \
		 .type = SHAPE_WORD,                                                               \
		 .at = offsetof(struct S, m log_level),                                            \
		 .words = level_words,                                                             \
		 .only = BOTH_CLASSIC,                                                             \
		 .teach = "execution logs exist for REST and WebSocket APIs only",                 \
		 .help = "The execution log: OFF, ERROR or INFO."},                                \
		{.name = "dataTraceEnabled",                                                       \
		 .type = SHAPE_BOOL,                                                               \
		 .at = offsetof(struct S, m data_trace),                                           \
		 .only = BOTH_CLASSIC,                                                             \
		 .teach = "execution logs exist for REST and WebSocket APIs only",                 \
		 .help = "Whether bodies and headers stand in the execution log."},                \
	{                                                                                          \
		.name = "metricsEnabled", .type = SHAPE_BOOL, .at = offsetof(struct S, m metrics), \
		.help = "Whether each method is counted apart."                                    \
	}

#define PREFIX_ALL all.
#define NOTHING

static const struct shape_key settings_keys[] = {
	SETTINGS(gw_settings, NOTHING),
	{.name = "detailedMetricsEnabled",
	 .type = SHAPE_BOOL,
	 SHAPE_AT(gw_settings, metrics),
	 .only = ROUTES},
};
const struct shape stack_settings_shape = {"setting", "Keys of method and route settings",
					   settings_keys, ARRAY_LEN(settings_keys), false};
/* CloudFormation's list names method and path in the entry. */
static const struct shape_key listed_keys[] = {
	{.name = "resourcePath", .type = SHAPE_TEXT, .required = true, SHAPE_AT(gw_settings, path)},
	{.name = "httpMethod", .type = SHAPE_TEXT, .required = true, SHAPE_AT(gw_settings, verb)},
	SETTINGS(gw_settings, NOTHING),
};
static const struct shape listed_shape = {"method setting", NULL, listed_keys,
					  ARRAY_LEN(listed_keys), false};

#define IN(m) SHAPE_AT(stage_in, m)
static const struct shape_key stage_keys[] = {
	{.name = "variables",
	 .type = SHAPE_NODE,
	 IN(variables),
	 .help = "Stage variables: a map of names to texts."},
	SETTINGS(stage_in, PREFIX_ALL),
	{.name = "methodSettings",
	 .type = SHAPE_NODE,
	 IN(methods),
	 .only = REST_ONLY,
	 .teach = "the settings of an HTTP or WebSocket API stand in \"routeSettings\"",
	 .help = "Settings of single methods: a map from /path/VERB, or a list whose entries have "
		 "resourcePath and httpMethod."},
	{.name = "defaultRouteSettings",
	 .type = SHAPE_NODE,
	 IN(defaults),
	 .only = ROUTES,
	 .teach = "the settings of a REST API stand in \"methodSettings\"",
	 .help = "HTTP and WebSocket APIs: settings of all routes."},
	{.name = "routeSettings",
	 .type = SHAPE_NODE,
	 IN(routes),
	 .only = ROUTES,
	 .teach = "the settings of a REST API stand in \"methodSettings\"",
	 .help = "HTTP and WebSocket APIs: a map from route keys to settings."},
	{.name = "autoDeploy",
	 .type = SHAPE_WORD,
	 IN(auto_deploy),
	 .words = bool_words,
	 .only = ROUTES,
	 .teach = "a REST API is deployed by hand: `gatedrill gateway deploy`",
	 .help = "Whether the stage follows its file. True for $default of an HTTP API unless it "
		 "says otherwise, else false."},
	{.name = "cacheClusterEnabled",
	 .type = SHAPE_BOOL,
	 IN(s.cache),
	 .only = REST_ONLY,
	 .teach = NO_CACHE,
	 .help = "Whether the stage has a cache."},
	{.name = "cacheClusterSize",
	 .type = SHAPE_REAL,
	 IN(s.cache_gb),
	 .min = 0.5,
	 .max = 237,
	 .only = REST_ONLY,
	 .teach = NO_CACHE,
	 .help = "Its size in GB: 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118 or 237."},
	{.name = "canarySettings",
	 .type = SHAPE_NODE,
	 IN(canary),
	 .only = REST_ONLY,
	 .teach = "canary releases exist for REST APIs only",
	 .help = "A canary: new deployments serve its share of requests until they are promoted."},
	{.name = "accessLogSettings",
	 .type = SHAPE_NODE,
	 IN(access_log),
	 .help = "A map whose format is the line written for each request; destinationArn is "
		 "taken and not used."},
	{.name = "webAclArn",
	 .type = SHAPE_TEXT,
	 IN(s.web_acl),
	 .only = REST_ONLY,
	 .teach = "AWS WAF protects REST APIs only, or a CloudFront distribution in front",
	 .help = "The name of one of the web ACLs."},
	{.name = "tracingEnabled",
	 .type = SHAPE_BOOL,
	 IN(s.xray),
	 .only = REST_ONLY,
	 .teach = "X-Ray traces REST APIs only",
	 .help = "Whether requests are sampled in their X-Amzn-Trace-Id."},
	{.name = "clientCertificateId",
	 .type = SHAPE_IDLE,
	 .teach = "backends are not shown a client certificate"},
	{.name = "documentationVersion", .type = SHAPE_DOC},
	{.name = "description", .type = SHAPE_DOC},
	{.name = "tags", .type = SHAPE_DOC},
};
const struct shape stack_stage_shape = {"stage", "Keys of a stage", stage_keys,
					ARRAY_LEN(stage_keys), false};

static const struct shape_key canary_keys[] = {
	{.name = "percentTraffic",
	 .type = SHAPE_REAL,
	 SHAPE_AT(gw_canary, percent),
	 .max = 100,
	 .help = "Its share of requests, 0 to 100."},
	{.name = "stageVariableOverrides",
	 .type = SHAPE_PARAMS,
	 SHAPE_LIST(gw_canary, overrides, override_count),
	 .max = MAX_STAGE_VARIABLES,
	 .help = "Stage variables that differ for it."},
	{.name = "useStageCache",
	 .type = SHAPE_BOOL,
	 SHAPE_AT(gw_canary, use_stage_cache),
	 .help = "Whether it shares the stage's cache."},
};
const struct shape stack_canary_shape = {"canary", "Keys of canarySettings", canary_keys,
					 ARRAY_LEN(canary_keys), false};

/* -- variables --------------------------------------------------------------------------------- */

static bool variable_ok(struct shape_reader *r, const struct node *n)
{
	static const char chars[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#&=,";
	const char *name = n->key->text;
	for (const char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '_')
			return SHAPE_ERROR(r, n->key, "gateway-variable",
					   "the name of a stage variable has letters, digits and "
					   "\"_\" only: not \"%s\"",
					   shape_brief(r, name));
	if (n->key->len > 64 || n->len > 512)
		return SHAPE_ERROR(r, n->key, "gateway-too-long",
				   "a stage variable has a name of at most 64 characters and a "
				   "value of at most 512");
	if (strspn(n->text, chars) != n->len)
		return SHAPE_ERROR(r, n, "gateway-variable",
				   "the value of \"%s\" has a character that stage variables may "
				   "not have: letters, digits and -._~:/?#&=, only",
				   name);
	return true;
}

static void read_variables(struct shape_reader *r, const struct node *n, struct gw_stage *s)
{
	struct shape_key key = {.name = "variables",
				.type = SHAPE_PARAMS,
				.max = MAX_STAGE_VARIABLES,
				SHAPE_LIST(gw_stage, variables, variable_count)};
	const struct shape shape = {"stage", NULL, &key, 1, false};
	struct node one = *n, map = {.kind = NODE_MAP, .child = &one, .count = 1};
	one.next = NULL;
	shape_read(r, &map, &shape, s);
	for (const struct node *e = n->kind == NODE_MAP ? n->child : NULL; e; e = e->next)
		if (e->kind == NODE_TEXT || e->kind == NODE_NUMBER)
			variable_ok(r, e);
}

/* -- settings ---------------------------------------------------------------------------------- */

/* As the service has it for a stage that says nothing. */
static const struct gw_settings unset = {
	.path = "*",
	.verb = "*",
	.rate = -1,
	.burst = -1,
	.caching = -1,
	.cache_ttl_s = -1,
	.cache_auth = true,
	.cache_unauthorized = 1,
	.log_level = -1,
};

/* "/pets/GET" or "~1pets/GET": the last slash parts path and verb; stars for all of them. */
static bool split_method(struct shape_reader *r, const struct node *key, struct gw_settings *s)
{
	struct str path = {0};
	const char *last = strrchr(key->text, '/');
	if (!last || !last[1])
		return SHAPE_ERROR(r, key, "gateway-value",
				   "\"%s\" must be a path and a method, as /pets/GET, or */*",
				   shape_brief(r, key->text));
	for (const char *p = key->text; p < last; p++) {
		bool slash = str_starts(p, "~1");
		str_addc(&path, slash ? '/' : *p);
		p += slash;
	}
	if (path.len == 0 || (path.p[0] != '/' && path.p[0] != '*'))
		str_reset(&path);
	s->path = arena_strdup(r->arena, path.len ? str_c(&path) : "/");
	s->verb = last + 1;
	str_clear(&path);
	return true;
}

static bool is_star(const char *s)
{
	return str_eq(s, "*") || str_eq(s, "/*");
}

/* Path and verb, or the route key, of an entry: by its key, or in it. */
static bool name_settings(struct shape_reader *r, const struct node *e, struct gw_settings *s)
{
	if (!e->key) {
		s->path = node_text(e, "resourcePath");
		s->verb = node_text(e, "httpMethod");
		return true;
	}
	if (r->type == GW_REST)
		return split_method(r, e->key, s);
	s->path = e->key->text;
	s->verb = NULL;
	return true;
}

/* What stands for all methods adds to what the stage says itself; others say all anew. */
static void read_one(struct shape_reader *r, const struct node *e, struct gw_stage *s)
{
	struct gw_settings one = s->settings[0];
	if (!name_settings(r, e, &one))
		return;
	bool all = is_star(one.path) && is_star(one.verb);
	if (!all) {
		one.rate = one.burst = -1;
		one.caching = one.cache_ttl_s = one.log_level = -1;
	}
	if (!shape_read(r, e, e->key ? &stack_settings_shape : &listed_shape, &one))
		return;
	if (all) {
		s->settings[0] = one;
		s->settings[0].path = s->settings[0].verb = "*";
	} else {
		s->settings[s->setting_count++] = one;
	}
}

static void read_settings(struct shape_reader *r, const struct stage_in *in, struct gw_stage *s)
{
	const struct node *list = in->methods ? in->methods : in->routes;
	s->settings = arena_alloc(r->arena, (stack_count(list) + 1) * sizeof(*s->settings));
	s->settings[s->setting_count++] = in->all;
	if (in->defaults)
		shape_read(r, in->defaults, &stack_settings_shape, &s->settings[0]);
	if (list && list->kind != NODE_LIST && !shape_is(r, list, NODE_MAP, list->key->text))
		list = NULL;
	for (const struct node *e = list ? list->child : NULL; e; e = e->next)
		read_one(r, e, s);
	int ttl_s = s->settings[0].cache_ttl_s;
	s->cache_ttl_s = ttl_s >= 0 ? ttl_s : 300;
}

/* -- the rest of a stage ----------------------------------------------------------------------- */

static void read_canary(struct shape_reader *r, const struct node *n, struct gw_stage *s)
{
	struct gw_canary *c = arena_alloc(r->arena, sizeof(*c));
	if (shape_read(r, n, &stack_canary_shape, c))
		s->canary = c;
}

#define MAX_ACCESS_LOG 3072 /* bytes of a format */

static void read_access_log(struct shape_reader *r, const struct node *n, struct gw_stage *s)
{
	static const struct shape_key keys[] = {
		{.name = "format",
		 .type = SHAPE_TEXT,
		 .required = true,
		 SHAPE_AT(gw_stage, access_log)},
		{.name = "destinationArn", .type = SHAPE_DOC},
	};
	static const struct shape shape = {"access log", NULL, keys, ARRAY_LEN(keys), false};
	if (!shape_read(r, n, &shape, s) || !s->access_log)
		return;
	if (strlen(s->access_log) > MAX_ACCESS_LOG)
		SHAPE_ERROR(r, n, "gateway-too-long",
			    "the format of an access log has at most %d "
			    "bytes",
			    MAX_ACCESS_LOG);
	if (r->type == GW_REST && !strstr(s->access_log, "$context.requestId") &&
	    !strstr(s->access_log, "$context.extendedRequestId"))
		SHAPE_ERROR(r, n, "gateway-access-log",
			    "the format of an access log must have $context.requestId or "
			    "$context.extendedRequestId");
}

static bool name_ok(struct shape_reader *r, const struct node *key)
{
	const char *name = key->text;
	size_t n = strlen(name), i = 0;
	if (r->type == GW_HTTP && str_eq(name, "$default"))
		return true;
	if (str_eq(name, "$default"))
		return SHAPE_ERROR(r, key, "gateway-stage-name",
				   "the stage $default exists for HTTP APIs only");
	while (isalnum((unsigned char)name[i]) || name[i] == '-' || name[i] == '_')
		i++;
	return (n > 0 && n <= 128 && i == n) ||
	       SHAPE_ERROR(r, key, "gateway-stage-name",
			   "\"%s\" cannot name a stage: letters, digits, \"-\" and \"_\", at most "
			   "128",
			   shape_brief(r, name));
}

static void read_stage(struct shape_reader *r, const struct node *n, struct gw_api *api)
{
	struct stage_in in = {
		.s = {.name = n->key->text, .cache_gb = 0.5, .pos = node_pos(n->key, r->file)},
		.all = unset,
		.auto_deploy = -1,
	};
	if (!name_ok(r, n->key) ||
	    (n->kind != NODE_NULL && !shape_read(r, n, &stack_stage_shape, &in)))
		return;
	in.s.auto_deploy = in.auto_deploy >= 0
				   ? in.auto_deploy
				   : r->type == GW_HTTP && str_eq(in.s.name, "$default");
	if (in.variables)
		read_variables(r, in.variables, &in.s);
	read_settings(r, &in, &in.s);
	if (in.canary)
		read_canary(r, in.canary, &in.s);
	if (in.access_log)
		read_access_log(r, in.access_log, &in.s);
	api->stages[api->stage_count++] = in.s;
}

void stack_stages(struct shape_reader *r, const struct node *n, struct gw_api *api)
{
	if (!shape_is(r, n, NODE_MAP, "stages"))
		return;
	if (n->count > MAX_STAGES) {
		SHAPE_ERROR(r, n, "gateway-too-many", "an API has at most %d stages", MAX_STAGES);
		return;
	}
	if (n->count == 0)
		SHAPE_ERROR(r, n, "gateway-value",
			    "\"stages\" is empty: an API is served by its "
			    "stages");
	api->stages = arena_alloc(r->arena, (n->count + 1) * sizeof(*api->stages));
	for (const struct node *e = n->child; e; e = e->next)
		read_stage(r, e, api);
}
