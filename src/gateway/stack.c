/* stack.c -- stack files and OpenAPI files into a gateway; see stack.h.
 *
 * All files are parsed before anything is made of them: then it is known how many keys, functions
 * and APIs there are at most, and none of them has to move while others point to it. A stack is
 * read in the order of need: functions before the APIs that name them, APIs before plans and
 * domains. */
#include "gateway/stack.h"

#include "base/file.h"
#include "gateway/deffile.h"
#include "gateway/defread.h"
#include "gateway/stackread.h"

#include <string.h>

#define DEFAULT_REGION "us-east-1"
#define DEFAULT_ACCOUNT "123456789012"
#define MAX_FILES 100

/* -- the root ---------------------------------------------------------------------------------- */

#define IN(m) SHAPE_AT(stack_in, m)
static const struct shape_key root_keys[] = {
	{.name = "gateway",
	 .type = SHAPE_TEXT,
	 .required = true,
	 IN(name),
	 .help = "The name of the whole."},
	{.name = "apis", .type = SHAPE_NODE, .required = true, IN(apis), .help = "A list of APIs."},
	{.name = "functions",
	 .type = SHAPE_NODE,
	 IN(functions),
	 .help = "A map of names to functions."},
	{.name = "apiKeys",
	 .type = SHAPE_NODE,
	 IN(keys),
	 .help = "A list of API keys; an API may have such a list too."},
	{.name = "usagePlans",
	 .type = SHAPE_NODE,
	 IN(plans),
	 .help = "A list of usage plans; an API may have such a list too."},
	{.name = "credentials",
	 .type = SHAPE_NODE,
	 IN(credentials),
	 .help = "A list of IAM credentials for signed requests."},
	{.name = "targets",
	 .type = SHAPE_NODE,
	 IN(targets),
	 .help = "A map of names to target groups, which private integrations call."},
	{.name = "domains", .type = SHAPE_NODE, IN(domains), .help = "A list of custom domains."},
	{.name = "webAcls",
	 .type = SHAPE_NODE,
	 IN(acls),
	 .help = "A list of AWS WAF web ACLs, in AWS's words: Name, DefaultAction, Rules, IPSets, "
		 "RegexPatternSets."},
	{.name = "accountThrottle",
	 .type = SHAPE_NODE,
	 IN(throttle),
	 .help = "A map with rateLimit and burstLimit of the account; 10000 and 5000 unless it "
		 "says otherwise."},
	{.name = "jwks",
	 .type = SHAPE_NODE,
	 IN(jwks),
	 .help = "A map from issuers of tokens to files with their key sets."},
	{.name = "region",
	 .type = SHAPE_TEXT,
	 IN(region),
	 .help = DEFAULT_REGION " unless it says otherwise."},
	{.name = "account",
	 .type = SHAPE_TEXT,
	 IN(account),
	 .help = "The number of the account; " DEFAULT_ACCOUNT " unless it says otherwise."},
};
const struct shape stack_root_shape = {"stack", "Keys of a stack file", root_keys,
				       ARRAY_LEN(root_keys), false};

size_t stack_count(const struct node *n)
{
	return n ? n->count : 0;
}

const char *stack_path(struct stack *s, const char *path)
{
	return path_join(s->r.arena, s->folder, path);
}

/* What is not there yet is judged by its path alone. */
bool stack_may_read(struct stack *s, const struct node *at, const char *path)
{
	const char *root = s->o->inside ? path_absolute(s->r.arena, s->o->inside) : NULL;
	bool climbs = str_starts(path, "../") || strstr(path, "/../");
	if (!root || (!climbs && path_inside(path_absolute(s->r.arena, stack_path(s, path)), root)))
		return true;
	return SHAPE_ERROR(&s->r, at, "file-outside",
			   "\"%s\" is not in the folder %s, and nothing else may be read", path,
			   s->o->inside);
}

/* -- a stack file ------------------------------------------------------------------------------ */

static void read_account_throttle(struct stack *s, const struct node *n)
{
	static const struct shape_key keys[] = {
		{.name = "rateLimit",
		 .type = SHAPE_REAL,
		 .max = 1e6,
		 SHAPE_AT(gateway, account_rate)},
		{.name = "burstLimit",
		 .type = SHAPE_REAL,
		 .max = 1e6,
		 SHAPE_AT(gateway, account_burst)},
	};
	static const struct shape shape = {"throttle", NULL, keys, ARRAY_LEN(keys), false};
	shape_read(&s->r, n, &shape, s->g);
}

static void read_jwks(struct stack *s, const struct node *n)
{
	struct gateway *g = s->g;
	if (!shape_is(&s->r, n, NODE_MAP, "jwks"))
		return;
	struct gw_param *all =
		arena_alloc(s->r.arena, (g->jwks_count + n->count + 1) * sizeof(*all));
	for (size_t i = 0; i < g->jwks_count; i++)
		all[i] = g->jwks[i];
	for (const struct node *e = n->child; e; e = e->next) {
		const char *file = shape_text(&s->r, e, e->key->text);
		if (file && stack_may_read(s, e, file))
			all[g->jwks_count++] = (struct gw_param){e->key->text, stack_path(s, file)};
	}
	g->jwks = all;
}

static void read_web_acls(struct stack *s, const struct node *n)
{
	if (!shape_is(&s->r, n, NODE_LIST, "webAcls"))
		return;
	if (s->g->web_acls)
		SHAPE_ERROR(&s->r, n, "gateway-twice",
			    "web ACLs stand in one file: another one has them already");
	s->g->web_acls = n;
}

/* The first stack says how the gateway is called and where it is. */
static void take_names(struct stack *s)
{
	struct gateway *g = s->g;
	if (!g->name)
		g->name = s->in.name;
	if (s->in.region)
		g->region = s->in.region;
	if (s->in.account)
		g->account = s->in.account;
}

static void read_stack(struct stack *s)
{
	const struct stack_in *in = &s->in;
	s->first_key = s->g->key_count;
	take_names(s);
	if (in->throttle)
		read_account_throttle(s, in->throttle);
	if (in->jwks)
		read_jwks(s, in->jwks);
	if (in->functions)
		stack_functions(s, in->functions);
	if (in->targets)
		stack_targets(s, in->targets);
	if (in->credentials)
		stack_credentials(s, in->credentials);
	if (in->acls)
		read_web_acls(s, in->acls);
	if (in->keys)
		stack_keys(s, in->keys);
	if (in->apis && shape_is(&s->r, in->apis, NODE_LIST, "apis"))
		for (const struct node *e = in->apis->child; e; e = e->next)
			stack_api(s, e);
	if (in->plans)
		stack_plans(s, in->plans, NULL);
	if (in->domains)
		stack_domains(s, in->domains);
}

/* -- functions that integrations name ---------------------------------------------------------- */

static void check_function(struct gateway *g, struct pos at, const char *name, struct diags *d)
{
	struct arena a = {0};
	if (!name || strstr(name, "${"))
		return;
	char *base = arena_strndup(&a, name, strcspn(name, ":"));
	if (!gateway_function(g, base))
		diag_warn(d, at, "gateway-unknown-function",
			  "there is no function \"%s\": calls of it fail as if API Gateway had no "
			  "permission",
			  base);
	arena_clear(&a);
}

static void check_functions(struct gateway *g, struct diags *d)
{
	for (size_t i = 0; i < g->api_count; i++) {
		const struct gw_api *api = &g->apis[i];
		for (size_t k = 0; k < api->resource_count; k++)
			for (size_t m = 0; m < api->resources[k]->method_count; m++) {
				const struct gw_integration *t =
					api->resources[k]->methods[m].integration;
				if (t)
					check_function(g, t->pos, t->function, d);
			}
		for (size_t k = 0; k < api->route_count; k++)
			if (api->routes[k].integration)
				check_function(g, api->routes[k].integration->pos,
					       api->routes[k].integration->function, d);
		for (size_t k = 0; k < api->authorizer_count; k++)
			check_function(g, api->authorizers[k].pos, api->authorizers[k].function, d);
	}
}

/* -- all files --------------------------------------------------------------------------------- */

static bool bundled(struct arena *a, const char *absolute, const char *share)
{
	if (!share)
		return false;
	return path_inside(absolute, path_absolute(a, share));
}

static bool parse_file(struct gateway *g, const char *path, const struct load_options *o,
		       struct diags *d, struct stack *s)
{
	struct arena *a = &g->arena;
	*s = (struct stack){.g = g, .o = o, .path = arena_strdup(a, path)};
	s->absolute = path_absolute(a, path);
	s->folder = path_dir(a, s->absolute);
	s->trusted = o->allow_commands || bundled(a, s->absolute, o->share);
	s->r = (struct shape_reader){.arena = a, .file = s->path, .d = d, .ok = true, .ctx = s};
	if (!def_read(a, s->path, &s->bytes, &s->root, d))
		return false;
	if (openapi_is(s->root))
		return true;
	if (node_get(s->root, "asyncapi"))
		return SHAPE_ERROR(&s->r, s->root, "gateway-openapi-version",
				   "AsyncAPI is not read: a WebSocket API stands in a stack file");
	return shape_read(&s->r, s->root, &stack_root_shape, &s->in);
}

static size_t count_in_apis(const struct stack *s, const char *key)
{
	size_t n = 0;
	for (const struct node *e = s->in.apis ? s->in.apis->child : NULL; e; e = e->next)
		n += stack_count(node_get(e, key));
	return n;
}

static bool room(struct gateway *g, const struct stack *s, size_t n, struct diags *d)
{
	struct {
		size_t count, max, size;
		const char *what;
		void *out; /* the pointer to set */
	} lists[] = {
		{0, MAX_APIS, sizeof(*g->apis), "APIs", &g->apis},
		{0, MAX_FUNCTIONS, sizeof(*g->functions), "functions", &g->functions},
		{0, MAX_API_KEYS, sizeof(*g->keys), "API keys", &g->keys},
		{0, MAX_PLANS, sizeof(*g->plans), "usage plans", &g->plans},
		{0, MAX_DOMAINS, sizeof(*g->domains), "custom domains", &g->domains},
		{0, MAX_CREDENTIALS, sizeof(*g->credentials), "credentials", &g->credentials},
		{0, MAX_TARGETS, sizeof(*g->targets), "target groups", &g->targets},
	};
	for (size_t i = 0; i < n; i++) {
		const size_t more[] = {stack_count(s[i].in.apis) + !s[i].in.apis,
				       stack_count(s[i].in.functions),
				       stack_count(s[i].in.keys) + count_in_apis(&s[i], "apiKeys"),
				       stack_count(s[i].in.plans) +
					       count_in_apis(&s[i], "usagePlans"),
				       stack_count(s[i].in.domains),
				       stack_count(s[i].in.credentials),
				       stack_count(s[i].in.targets)};
		for (size_t k = 0; k < ARRAY_LEN(lists); k++)
			lists[k].count += more[k];
	}
	for (size_t k = 0; k < ARRAY_LEN(lists); k++) {
		if (lists[k].count > lists[k].max)
			return diag_fail(d, "gateway-too-many",
					 "there are %zu %s, at most %zu are allowed",
					 lists[k].count, lists[k].what, lists[k].max);
		void *items = arena_alloc(&g->arena, (lists[k].count + 1) * lists[k].size);
		memcpy(lists[k].out, &items, sizeof(items));
	}
	return true;
}

static bool load_all(struct gateway *g, struct stack *s, size_t n, struct diags *d)
{
	bool ok = true;
	if (!room(g, s, n, d))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (openapi_is(s[i].root))
			stack_bare(&s[i]);
		else
			read_stack(&s[i]);
		ok &= s[i].r.ok;
	}
	check_functions(g, d);
	return ok;
}

bool gateway_load(struct gateway *out, const char *const *files, size_t n,
		  const struct load_options *o, struct diags *d)
{
	bool ok = true;
	gateway_clear(out);
	out->region = DEFAULT_REGION;
	out->account = DEFAULT_ACCOUNT;
	out->account_rate = 10000;
	out->account_burst = 5000;
	if (n == 0 || n > MAX_FILES)
		return diag_fail(d, "gateway-too-many", "between 1 and %d files can be loaded",
				 MAX_FILES);
	struct stack *s = arena_alloc(&out->arena, n * sizeof(*s));
	for (size_t i = 0; i < n; i++)
		ok &= parse_file(out, files[i], o, d, &s[i]);
	out->file = s[0].path;
	return ok && load_all(out, s, n, d);
}

void stack_mdoc(struct str *out)
{
	static const struct shape *const shapes[] = {
		&stack_root_shape,         &stack_api_shape,
		&stack_stage_shape,        &stack_settings_shape,
		&stack_canary_shape,       &stack_key_shape,
		&stack_plan_shape,         &stack_function_shape,
		&stack_route_shape,        &def_route_integration_shape,
		&def_route_response_shape, &def_authorizer_shape,
		&stack_credential_shape,   &stack_target_shape,
		&stack_domain_shape,
	};
	shape_mdoc(out, shapes, ARRAY_LEN(shapes));
}
