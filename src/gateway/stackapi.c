/* stackapi.c -- the APIs of a stack file, and OpenAPI files that are loaded on their own.
 *
 * What takes a deployment to become visible is read apart from what does not, so that a snapshot
 * can be read in the same way as the file. */
#include "base/file.h"
#include "base/json.h"
#include "gateway/deffile.h"
#include "gateway/defread.h"
#include "gateway/stackread.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#define BOTH_CLASSIC (GW_BIT(GW_REST) | GW_BIT(GW_WEBSOCKET))

/* -- an API ------------------------------------------------------------------------------------ */

struct api_in {
	const char *id, *name, *openapi, *selection, *key_selection;
	int type, basepath, endpoint;
	bool no_default_endpoint;
	const struct node *stages, *keys, *plans, *routes, *authorizers, *models, *openapi_at;
};
static const char *const type_words[] = {
	[GW_REST] = "REST", [GW_HTTP] = "HTTP", [GW_WEBSOCKET] = "WEBSOCKET", NULL};
static const char *const basepath_words[] = {"ignore", "prepend", "split", NULL};
static const char *const endpoint_words[] = {"REGIONAL", "EDGE", "PRIVATE", NULL};

static void read_openapi(struct shape_reader *r, const struct node *n, void *out)
{
	struct api_in *in = out;
	in->openapi_at = n;
	in->openapi = shape_text(r, n, "openapi");
}

#define NO_KEYS "API keys exist for REST and WebSocket APIs only"
#define IN(m) SHAPE_AT(api_in, m)
static const struct shape_key api_keys[] = {
	{.name = "apiId",
	 .type = SHAPE_TEXT,
	 .required = true,
	 IN(id),
	 .help = "Its id, which is part of its address: letters, digits and \"-\"."},
	{.name = "type",
	 .type = SHAPE_WORD,
	 .required = true,
	 IN(type),
	 .words = type_words,
	 .help = "REST, HTTP or WEBSOCKET."},
	{.name = "name",
	 .type = SHAPE_TEXT,
	 IN(name),
	 .help = "Its name; else the document's title."},
	{.name = "openapi",
	 .type = SHAPE_READ,
	 .read = read_openapi,
	 .only = GW_BIT(GW_REST) | GW_BIT(GW_HTTP),
	 .teach = "a WebSocket API has no OpenAPI form: its \"routes\" stand here",
	 .help = "REST and HTTP APIs: the file that describes it, OpenAPI 3.0 or Swagger 2.0."},
	{.name = "basepath",
	 .type = SHAPE_WORD,
	 IN(basepath),
	 .words = basepath_words,
	 .only = GW_BIT(GW_REST) | GW_BIT(GW_HTTP),
	 .help = "What becomes of the path of the document's server: ignore, prepend or split (as "
		 "prepend, without its first part)."},
	{.name = "stages",
	 .type = SHAPE_NODE,
	 .required = true,
	 IN(stages),
	 .help = "A map of names to stages."},
	{.name = "apiKeys",
	 .type = SHAPE_NODE,
	 IN(keys),
	 .only = BOTH_CLASSIC,
	 .teach = NO_KEYS,
	 .help = "A list of API keys."},
	{.name = "usagePlans",
	 .type = SHAPE_NODE,
	 IN(plans),
	 .only = BOTH_CLASSIC,
	 .teach = "usage plans exist for REST and WebSocket APIs only",
	 .help = "A list of usage plans."},
	{.name = "endpointType",
	 .type = SHAPE_WORD,
	 IN(endpoint),
	 .words = endpoint_words,
	 .only = GW_BIT(GW_REST),
	 .teach = "only REST APIs have a choice of endpoint types: HTTP and WebSocket APIs are "
		  "Regional",
	 .help = "REGIONAL, EDGE or PRIVATE; else what the document says."},
	{.name = "disableExecuteApiEndpoint",
	 .type = SHAPE_BOOL,
	 IN(no_default_endpoint),
	 .help = "True: it answers on its custom domains alone."},
	{.name = "routeSelectionExpression",
	 .type = SHAPE_TEXT,
	 IN(selection),
	 .only = GW_BIT(GW_WEBSOCKET),
	 .teach = "only WebSocket APIs select routes by an expression",
	 .help = "WebSocket APIs: what of a message names its route, as $request.body.action."},
	{.name = "apiKeySelectionExpression",
	 .type = SHAPE_TEXT,
	 IN(key_selection),
	 .only = GW_BIT(GW_WEBSOCKET),
	 .help = "WebSocket APIs: where the API key is, $request.header.x-api-key (the default) or "
		 "$context.authorizer.usageIdentifierKey."},
	{.name = "routes",
	 .type = SHAPE_NODE,
	 IN(routes),
	 .only = GW_BIT(GW_WEBSOCKET),
	 .teach = "the routes and methods of this type of API stand in its OpenAPI file",
	 .help = "WebSocket APIs: a map of route keys to routes. $connect, $disconnect and "
		 "$default "
		 "are the service's own."},
	{.name = "authorizers",
	 .type = SHAPE_NODE,
	 IN(authorizers),
	 .only = GW_BIT(GW_WEBSOCKET),
	 .teach = "the authorizers of this type of API stand in its OpenAPI file",
	 .help = "WebSocket APIs: a map of names to authorizers."},
	{.name = "models",
	 .type = SHAPE_NODE,
	 IN(models),
	 .only = GW_BIT(GW_WEBSOCKET),
	 .teach = "the models of this type of API stand in its OpenAPI file",
	 .help = "WebSocket APIs: a map of names to JSON Schemas of messages."},
	{.name = "description", .type = SHAPE_DOC},
	{.name = "tags", .type = SHAPE_DOC},
};
const struct shape stack_api_shape = {"API", "Keys of an API", api_keys, ARRAY_LEN(api_keys),
				      false};

static bool id_ok(struct shape_reader *r, const struct node *n, const char *id)
{
	const char *p = id;
	while (isalnum((unsigned char)*p) || *p == '-')
		p++;
	return (!*p && p > id && p - id <= 63 && *id != '-') ||
	       SHAPE_ERROR(r, n, "gateway-api-id",
			   "\"%s\" cannot be an apiId: letters, digits and \"-\", at most 63",
			   shape_brief(r, id));
}

/* The type is needed before all else: keys depend on it. */
static enum gw_type type_of(const struct node *n)
{
	const char *type = node_text(n, "type");
	for (int i = 0; type && type_words[i]; i++)
		if (strcasecmp(type, type_words[i]) == 0)
			return (enum gw_type)i;
	return GW_REST;
}

/* -- what a deployment keeps ------------------------------------------------------------------- */

/* Members of an API in a stack file that take a deployment to become visible. */
static const char *const frozen[] = {"basepath",
				     "routeSelectionExpression",
				     "apiKeySelectionExpression",
				     "routes",
				     "authorizers",
				     "models"};

static const char *digest_of(struct arena *a, const struct node *entry, struct slice text)
{
	struct str all = {0};
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	for (size_t i = 0; i < ARRAY_LEN(frozen); i++) {
		const struct node *m = entry ? node_get(entry, frozen[i]) : NULL;
		if (!m)
			continue;
		str_addf(&all, "%s=", frozen[i]);
		json_write(&all, m);
		str_addc(&all, '\n');
	}
	str_addn(&all, text.p ? text.p : "", text.len);
	bool ok = EVP_Digest(str_c(&all), all.len, md, &n, EVP_sha256(), NULL);
	str_reset(&all);
	for (unsigned i = 0; ok && i < n; i++)
		str_addf(&all, "%02x", md[i]);
	const char *hex = arena_strdup(a, str_c(&all));
	str_clear(&all);
	return hex;
}

/* -- reading the definition of an API ---------------------------------------------------------- */

static bool read_document(struct gateway *g, struct gw_api *api, const struct gw_origin *origin,
			  int basepath, struct diags *d)
{
	struct node *root;
	struct openapi_options o = {
		.basepath = (enum openapi_basepath)basepath,
		.region = g->region,
		.account = g->account,
		.jwks = g->jwks,
		.jwks_count = g->jwks_count,
	};
	api->file = origin->openapi;
	return def_parse(&g->arena, api->file, origin->text, &root, d) &&
	       openapi_load(api, &g->arena, root, &o, d);
}

static bool read_websocket(struct gateway *g, struct gw_api *api, const char *file,
			   const struct api_in *in, struct diags *diags)
{
	const struct openapi_options o = {.region = g->region,
					  .account = g->account,
					  .jwks = g->jwks,
					  .jwks_count = g->jwks_count};
	struct def d = {
		.r = {.arena = &g->arena,
		      .file = file,
		      .d = diags,
		      .ok = true,
		      .type = GW_WEBSOCKET},
		.api = api,
		.o = &o,
		.g = g,
	};
	d.r.ctx = &d;
	api->route_selection = in->selection;
	api->api_key_selection =
		in->key_selection ? in->key_selection : "$request.header.x-api-key";
	api->key_from_authorizer =
		str_eq(in->key_selection, "$context.authorizer.usageIdentifierKey");
	def_models(&d, in->models);
	if (in->authorizers)
		def_authorizers(&d, in->authorizers);
	stack_routes(&d, in->routes);
	def_compile_models(&d);
	return d.r.ok;
}

/* What of an API is told by its entry in the stack file. */
static bool read_entry(struct shape_reader *r, const struct node *n, struct api_in *in)
{
	*in = (struct api_in){.endpoint = -1};
	r->type = type_of(n);
	return shape_read(r, n, &stack_api_shape, in);
}

/* All of api that a deployment keeps. file: of the entry, for messages. */
static bool read_frozen(struct gateway *g, struct gw_api *api, const char *file,
			const struct gw_origin *origin, const struct api_in *in, struct diags *d)
{
	bool ok = api->type == GW_WEBSOCKET ? read_websocket(g, api, file, in, d)
					    : read_document(g, api, origin, in->basepath, d);
	if (in->endpoint >= 0)
		api->endpoint = (enum gw_endpoint)in->endpoint;
	api->no_default_endpoint |= in->no_default_endpoint;
	if (in->name)
		api->name = in->name;
	if (!api->name)
		api->name = api->id;
	return ok;
}

/* A path beside the stack file, spelled as messages show it: from where the user is. */
static const char *beside(struct stack *s, const char *path)
{
	const char *dir = path_dir(s->r.arena, s->path);
	return str_eq(dir, ".") ? path : path_join(s->r.arena, dir, path);
}

static bool read_bytes(struct stack *s, const struct node *at, const char *path,
		       struct gw_origin *origin)
{
	struct str text = {0};
	struct diags d = {0};
	bool ok = file_read(path, MAX_DEF_BYTES, &text, &d);
	if (ok)
		origin->text =
			(struct slice){arena_strndup(s->r.arena, str_c(&text), text.len), text.len};
	else
		SHAPE_ERROR(&s->r, at, "gateway-openapi-file", "%s", diags_first(&d));
	origin->openapi = path;
	diags_clear(&d);
	str_clear(&text);
	return ok;
}

static bool needed(struct stack *s, const struct node *n, const void *value, const char *key,
		   const char *why)
{
	return value ||
	       SHAPE_ERROR(&s->r, n, "gateway-missing-key", "\"%s\" is missing: %s", key, why);
}

static bool entry_whole(struct stack *s, const struct node *n, const struct api_in *in)
{
	if (!in->id || !id_ok(&s->r, n, in->id))
		return false;
	if (gateway_api(s->g, in->id))
		return SHAPE_ERROR(&s->r, n, "gateway-twice", "there are two APIs \"%s\"", in->id);
	if (s->r.type == GW_WEBSOCKET)
		return needed(s, n, in->selection, "routeSelectionExpression",
			      "it says which route a message is for") &&
		       needed(s, n, in->routes, "routes", "a WebSocket API is its routes");
	return needed(s, n, in->openapi, "openapi", "it names the file that describes the API");
}

/* Is everything that a stage names there? */
static void check_stages(struct stack *s, const struct gw_api *api)
{
	for (size_t i = 0; i < api->stage_count; i++) {
		const char *acl = api->stages[i].web_acl, *names[100];
		size_t n = 0;
		bool found = !acl;
		for (const struct node *e = s->in.acls ? s->in.acls->child : NULL; e && !found;
		     e = e->next) {
			const char *name = node_text(e, "Name");
			name = name ? name : node_text(e, "name");
			found = str_eq(name, acl);
			if (name && n < ARRAY_LEN(names))
				names[n++] = name;
		}
		struct node at = {.line = api->stages[i].pos.line, .col = api->stages[i].pos.col};
		if (!found)
			shape_unknown(&s->r, &at, "gateway-unknown-web-acl", "web ACL", acl, names,
				      n);
	}
}

static const struct gw_origin *new_origin(struct stack *s, const struct node *entry,
					  struct gw_origin *o)
{
	o->file = s->absolute;
	o->entry = entry;
	o->digest = digest_of(s->r.arena, entry, o->text);
	struct gw_origin *out = arena_alloc(s->r.arena, sizeof(*out));
	*out = *o;
	return out;
}

void stack_api(struct stack *s, const struct node *n)
{
	struct gateway *g = s->g;
	struct api_in in;
	struct gw_origin origin = {0};
	if (!read_entry(&s->r, n, &in) || !entry_whole(s, n, &in))
		return;
	if (in.openapi && (!stack_may_read(s, in.openapi_at, in.openapi) ||
			   !read_bytes(s, in.openapi_at, beside(s, in.openapi), &origin)))
		return;
	struct gw_api *api = &g->apis[g->api_count++];
	*api = (struct gw_api){
		.id = in.id,
		.type = s->r.type,
		.min_compression = -1,
		.origin = new_origin(s, n, &origin),
		.pos = node_pos(n, s->path),
	};
	s->r.ok &= read_frozen(g, api, s->path, api->origin, &in, s->r.d);
	if (in.stages)
		stack_stages(&s->r, in.stages, api);
	check_stages(s, api);
	if (in.keys)
		stack_keys(s, in.keys);
	if (in.plans)
		stack_plans(s, in.plans, api);
}

bool gateway_load_api(struct gateway *g, const struct gw_api *now, const struct gw_origin *origin,
		      struct gw_api *out, struct diags *d)
{
	struct api_in in = {.endpoint = -1};
	struct shape_reader r = {
		.arena = &g->arena, .file = origin->file, .d = d, .ok = true, .type = now->type};
	*out = (struct gw_api){.id = now->id,
			       .type = now->type,
			       .min_compression = -1,
			       .origin = origin,
			       .pos = now->pos};
	if (origin->entry && (!read_entry(&r, origin->entry, &in) || !r.ok))
		return false;
	if (!read_frozen(g, out, origin->file, origin, &in, d))
		return false;
	out->name = now->name;
	out->endpoint = now->endpoint;
	out->no_default_endpoint = now->no_default_endpoint;
	out->stages = now->stages;
	out->stage_count = now->stage_count;
	return true;
}

/* -- an OpenAPI file on its own ---------------------------------------------------------------- */

/* "dir/shop.openapi.yaml" -> "shop". */
static const char *id_from_path(struct arena *a, const char *path)
{
	static const char *const ends[] = {".yaml", ".yml", ".json", ".openapi", ".swagger"};
	char *id = arena_strdup(a, path_base(path));
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (str_ends(id, ends[i]) && strlen(id) > strlen(ends[i]))
			id[strlen(id) - strlen(ends[i])] = '\0';
	for (char *p = id; *p; p++)
		*p = isalnum((unsigned char)*p) ? (char)tolower((unsigned char)*p) : '-';
	if (strlen(id) > 63)
		id[63] = '\0';
	while (*id == '-')
		id++;
	return *id ? id : "api";
}

static enum gw_type bare_type(const struct stack *s)
{
	if (s->o->type)
		return strcasecmp(s->o->type, "HTTP") == 0 ? GW_HTTP : GW_REST;
	return openapi_guess(s->root);
}

void stack_bare(struct stack *s)
{
	struct gateway *g = s->g;
	struct api_in in = {.endpoint = -1};
	struct gw_origin origin = {.openapi = s->path, .text = s->bytes};
	struct gw_api *api = &g->apis[g->api_count];
	struct node *stages = node_new(s->r.arena, NODE_MAP);
	struct node *stage = node_new(s->r.arena, NODE_MAP);
	*api = (struct gw_api){
		.id = id_from_path(s->r.arena, s->path),
		.type = bare_type(s),
		.min_compression = -1,
		.origin = new_origin(s, NULL, &origin),
		.pos = {s->path, 1, 1},
	};
	if (gateway_api(g, api->id)) {
		SHAPE_ERROR(&s->r, s->root, "gateway-twice", "there are two APIs \"%s\"", api->id);
		return;
	}
	g->api_count++;
	s->r.type = api->type;
	s->r.ok &= read_frozen(g, api, s->path, api->origin, &in, s->r.d);
	node_set(s->r.arena, stages, api->type == GW_HTTP ? "$default" : "dev", stage);
	stack_stages(&s->r, stages, api);
	if (!g->name)
		g->name = api->id;
}
