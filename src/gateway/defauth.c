/* defauth.c -- authorizers and what methods ask of their callers, from security schemes of OpenAPI
 * documents and from the authorizers of stack files. */
#include "gateway/defread.h"
#include "gateway/keys.h"

#include <string.h>
#include <strings.h>

/* A security scheme, by what it means to API Gateway. */
enum scheme_kind { SCHEME_AUTHORIZER, SCHEME_IAM, SCHEME_KEY, SCHEME_NOTHING };
struct def_scheme {
	const char *name;
	enum scheme_kind kind;
	const struct gw_authorizer *authorizer;
};

/* -- an authorizer ----------------------------------------------------------------------------- */

enum authorizer_word { WORD_TOKEN, WORD_REQUEST, WORD_COGNITO, WORD_JWT };
static const char *const authorizer_words[] = {"token", "request", "cognito_user_pools", "jwt",
					       NULL};
struct authorizer_in {
	int type, ttl_s; /* -1: not given */
	const char *uri, *function, *validation, *payload;
	bool simple;
	const char **identity, **arns;
	size_t identity_count, arn_count;
	const struct node *jwt, *uri_at, *validation_at;
};

static void read_uri(struct shape_reader *r, const struct node *n, void *out)
{
	struct authorizer_in *in = out;
	in->uri_at = n;
	in->uri = shape_text(r, n, "authorizerUri");
}

static void read_validation(struct shape_reader *r, const struct node *n, void *out)
{
	struct authorizer_in *in = out;
	in->validation_at = n;
	in->validation = shape_text(r, n, "identityValidationExpression");
}

#define IN(m) SHAPE_AT(authorizer_in, m)
#define INS(m, n) SHAPE_LIST(authorizer_in, m, n)
static const struct shape_key authorizer_keys[] = {
	{.name = "type",
	 .type = SHAPE_WORD,
	 .required = true,
	 IN(type),
	 .words = authorizer_words,
	 .help = "token, request, cognito_user_pools or jwt. HTTP APIs have request and jwt, "
		 "WebSocket APIs request."},
	{.name = "function",
	 .type = SHAPE_TEXT,
	 IN(function),
	 .help = "The function of a token or request authorizer."},
	{.name = "authorizerUri",
	 .type = SHAPE_READ,
	 .read = read_uri,
	 .help = "The same as AWS writes it: an ARN with the name of the function in it."},
	{.name = "authorizerCredentials",
	 .type = SHAPE_IDLE,
	 .teach = "roles are not checked, functions may always be called"},
	{.name = "identitySource",
	 .type = SHAPE_TEXTS,
	 INS(identity, identity_count),
	 .help = "Where the caller's identity is found: a list, or a text with commas. All of "
		 "them must be there before the function is called."},
	{.name = "identityValidationExpression",
	 .type = SHAPE_READ,
	 .read = read_validation,
	 .help = "A pattern that the whole token must match; for user pools the audience."},
	{.name = "authorizerResultTtlInSeconds",
	 .type = SHAPE_INT,
	 IN(ttl_s),
	 .max = 3600,
	 .help = "How long an answer is kept, 0 to 3600; 300 unless it says otherwise."},
	{.name = "authorizerPayloadFormatVersion",
	 .type = SHAPE_TEXT,
	 IN(payload),
	 .only = GW_BIT(GW_HTTP),
	 .teach = "payload formats are a choice of HTTP APIs",
	 .help = "HTTP APIs: 1.0 or 2.0."},
	{.name = "enableSimpleResponses",
	 .type = SHAPE_BOOL,
	 IN(simple),
	 .only = GW_BIT(GW_HTTP),
	 .teach = "simple responses exist for HTTP APIs only: a REST or WebSocket API takes a "
		  "policy",
	 .help = "HTTP APIs: the function answers isAuthorized instead of a policy."},
	{.name = "providerARNs",
	 .type = SHAPE_TEXTS,
	 INS(arns, arn_count),
	 .help = "The user pools of a cognito_user_pools authorizer."},
	{.name = "jwtConfiguration",
	 .type = SHAPE_NODE,
	 IN(jwt),
	 .help = "What a jwt authorizer takes. HTTP APIs: a map with issuer and audience. REST "
		 "APIs: with the lists defaultAlgorithms and issuers."},
};
const struct shape def_authorizer_shape = {"authorizer", "Keys of an authorizer", authorizer_keys,
					   ARRAY_LEN(authorizer_keys), false};
static const struct shape authorizer_extension = {"authorizer", NULL, authorizer_keys,
						  ARRAY_LEN(authorizer_keys), true};

static const char *jwks_of(const struct def *d, const char *issuer)
{
	for (size_t i = 0; i < d->o->jwks_count; i++)
		if (str_eq(d->o->jwks[i].name, issuer))
			return d->o->jwks[i].value;
	return NULL;
}

/* -- jwtConfiguration -------------------------------------------------------------------------- */

/* "format" of a claim has one value; others are refused rather than taken for it. */
static void read_claim(struct def *d, const struct node *n, struct gw_claim *out)
{
	static const char *const formats[] = {"SINGLE_STRING", NULL};
	static const char *const checked[] = {"iss", "aud", "exp", "nbf", "iat", "scope", "scp"};
	struct claim_in {
		struct gw_claim claim;
		int format;
	} in = {0};
	static const struct shape_key keys[] = {
		{.name = "claimName",
		 .type = SHAPE_TEXT,
		 .required = true,
		 SHAPE_AT(claim_in, claim.name)},
		{.name = "format",
		 .type = SHAPE_WORD,
		 .required = true,
		 .words = formats,
		 SHAPE_AT(claim_in, format)},
		{.name = "expectedValues",
		 .type = SHAPE_TEXTS,
		 SHAPE_LIST(claim_in, claim.expected, claim.expected_count)},
		{.name = "required", .type = SHAPE_BOOL, SHAPE_AT(claim_in, claim.required)},
	};
	static const struct shape shape = {"additional claim", NULL, keys, ARRAY_LEN(keys), true};
	shape_read(&d->r, n, &shape, &in);
	*out = in.claim;
	for (size_t i = 0; out->name && i < ARRAY_LEN(checked); i++)
		if (str_eq(out->name, checked[i]) || !*out->name)
			SHAPE_ERROR(&d->r, n, "gateway-value",
				    "\"%s\" cannot be an additional claim",
				    shape_brief(&d->r, out->name));
}

struct issuer_in {
	const char *issuer;
	const char **audience;
	size_t audience_count;
	const struct node *claims;
};
static const struct shape_key http_issuer_keys[] = {
	{.name = "issuer", .type = SHAPE_TEXT, .required = true, SHAPE_AT(issuer_in, issuer)},
	{.name = "audience",
	 .type = SHAPE_TEXTS,
	 .max = 50,
	 SHAPE_LIST(issuer_in, audience, audience_count)},
};
static const struct shape_key rest_issuer_keys[] = {
	{.name = "issuer", .type = SHAPE_TEXT, .required = true, SHAPE_AT(issuer_in, issuer)},
	{.name = "audiences",
	 .type = SHAPE_TEXTS,
	 .required = true,
	 SHAPE_LIST(issuer_in, audience, audience_count)},
	{.name = "additionalClaims", .type = SHAPE_NODE, SHAPE_AT(issuer_in, claims)},
};

static void read_issuer(struct def *d, const struct node *n, struct gw_issuer *out)
{
	static const struct shape http = {"jwtConfiguration", NULL, http_issuer_keys,
					  ARRAY_LEN(http_issuer_keys), true};
	static const struct shape rest = {"issuer", NULL, rest_issuer_keys,
					  ARRAY_LEN(rest_issuer_keys), true};
	struct issuer_in in = {0};
	shape_read(&d->r, n, d->api->type == GW_HTTP ? &http : &rest, &in);
	*out = (struct gw_issuer){.issuer = in.issuer,
				  .audience = in.audience,
				  .audience_count = in.audience_count,
				  .jwks_file = jwks_of(d, in.issuer)};
	if (!in.claims || !shape_is(&d->r, in.claims, NODE_LIST, "additionalClaims"))
		return;
	out->claims = arena_alloc(d->r.arena, (in.claims->count + 1) * sizeof(*out->claims));
	for (const struct node *e = in.claims->child; e; e = e->next)
		read_claim(d, e, &out->claims[out->claim_count++]);
}

/* Where the service asks for more of an issuer than that it is a text. */
static void check_rest_issuer(struct def *d, const struct node *at, const struct gw_issuer *i)
{
	if (i->issuer && ((strncmp(i->issuer, "https://", strlen("https://")) != 0 &&
			   !keys_is_local(i->issuer)) ||
			  strpbrk(i->issuer, "?#")))
		SHAPE_ERROR(&d->r, at, "gateway-value",
			    "issuer \"%s\" must be an https URL without query and fragment",
			    shape_brief(&d->r, i->issuer));
}

struct rest_jwt {
	const char **algorithms;
	size_t algorithm_count;
	const struct node *issuers;
};

static void read_rest_jwt(struct def *d, const struct node *n, struct gw_authorizer *a)
{
	static const struct shape_key keys[] = {
		{.name = "defaultAlgorithms",
		 .type = SHAPE_TEXTS,
		 .required = true,
		 SHAPE_LIST(rest_jwt, algorithms, algorithm_count)},
		{.name = "issuers",
		 .type = SHAPE_NODE,
		 .required = true,
		 SHAPE_AT(rest_jwt, issuers)},
	};
	static const struct shape shape = {"jwtConfiguration", NULL, keys, ARRAY_LEN(keys), true};
	struct rest_jwt in = {0};
	if (!shape_read(&d->r, n, &shape, &in) ||
	    !shape_is(&d->r, in.issuers, NODE_LIST, "issuers"))
		return;
	a->algorithms = in.algorithms;
	a->algorithm_count = in.algorithm_count;
	for (size_t i = 0; i < in.algorithm_count; i++)
		if (!jwt_known_algorithm(in.algorithms[i]))
			SHAPE_ERROR(&d->r, n, "gateway-value",
				    "\"%s\" is no algorithm of a JWT authorizer: there are RS256, "
				    "RS384, RS512, ES256, ES384 and ES512",
				    shape_brief(&d->r, in.algorithms[i]));
	a->issuers = arena_alloc(d->r.arena, (in.issuers->count + 1) * sizeof(*a->issuers));
	for (const struct node *e = in.issuers->child; e; e = e->next) {
		read_issuer(d, e, &a->issuers[a->issuer_count]);
		check_rest_issuer(d, e, &a->issuers[a->issuer_count++]);
	}
	if (!a->issuer_count || !a->algorithm_count)
		SHAPE_ERROR(&d->r, n, "gateway-value",
			    "a jwt authorizer needs an issuer and an algorithm");
}

/* at: the authorizer. */
static void read_jwt(struct def *d, const struct node *at, const struct node *jwt,
		     struct gw_authorizer *a)
{
	if (!jwt) {
		SHAPE_ERROR(&d->r, at, "gateway-missing-key",
			    "\"jwtConfiguration\" is missing: a jwt authorizer needs an issuer");
	} else if (d->api->type == GW_REST) {
		read_rest_jwt(d, jwt, a);
	} else {
		a->issuers = arena_alloc(d->r.arena, sizeof(*a->issuers));
		read_issuer(d, jwt, &a->issuers[a->issuer_count++]);
	}
}

/* -- user pools and functions ------------------------------------------------------------------ */

/* "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbC" */
static void read_pools(struct def *d, const struct node *at, const struct authorizer_in *in,
		       struct gw_authorizer *a)
{
	struct arena *ar = d->r.arena;
	a->issuers = arena_alloc(ar, (in->arn_count + 1) * sizeof(*a->issuers));
	for (size_t i = 0; i < in->arn_count; i++) {
		const char *service = strstr(in->arns[i], ":cognito-idp:");
		const char *pool = strstr(in->arns[i], ":userpool/");
		if (!service || !pool) {
			SHAPE_ERROR(&d->r, at, "gateway-value",
				    "\"%s\" is not the ARN of a user pool",
				    shape_brief(&d->r, in->arns[i]));
			continue;
		}
		const char *region = service + strlen(":cognito-idp:");
		struct gw_issuer *o = &a->issuers[a->issuer_count++];
		o->issuer = arena_printf(ar, "https://cognito-idp.%.*s.amazonaws.com/%s",
					 (int)strcspn(region, ":"), region,
					 pool + strlen(":userpool/"));
		o->jwks_file = jwks_of(d, o->issuer);
	}
	if (!in->arn_count)
		SHAPE_ERROR(&d->r, at, "gateway-missing-key",
			    "\"providerARNs\" is missing: it names the user pools");
}

/* Texts with commas taken apart. */
static void split_identity(struct def *d, const struct authorizer_in *in, struct gw_authorizer *a)
{
	size_t n = 0;
	for (size_t i = 0; i < in->identity_count; i++) {
		n++;
		for (const char *p = in->identity[i]; *p; p++)
			n += *p == ',';
	}
	a->identity = arena_alloc(d->r.arena, (n + 1) * sizeof(*a->identity));
	for (size_t i = 0; i < in->identity_count; i++) {
		for (const char *p = in->identity[i]; *p;) {
			size_t len = strcspn(p, ",");
			char *one = str_trim(d->r.arena, arena_strndup(d->r.arena, p, len));
			if (*one)
				a->identity[a->identity_count++] = one;
			p += len + (p[len] == ',');
		}
	}
}

static void one_identity(struct def *d, struct gw_authorizer *a, const char *source)
{
	a->identity = arena_alloc(d->r.arena, sizeof(*a->identity));
	a->identity[0] = source;
	a->identity_count = 1;
}

static bool type_ok(struct def *d, const struct node *n, int type)
{
	static const struct {
		unsigned types;
		const char *teach;
	} rules[] = {
		[WORD_TOKEN] = {GW_BIT(GW_REST), "TOKEN authorizers exist for REST APIs only"},
		[WORD_REQUEST] = {~0U, NULL},
		[WORD_COGNITO] = {GW_BIT(GW_REST),
				  "user pool authorizers exist for REST APIs only: "
				  "an HTTP API uses a jwt authorizer with the "
				  "pool as its issuer"},
		[WORD_JWT] = {GW_BIT(GW_REST) | GW_BIT(GW_HTTP),
			      "JWT authorizers exist for REST and HTTP APIs only"},
	};
	return rules[type].types & GW_BIT(d->api->type) ||
	       SHAPE_ERROR(&d->r, n, "gateway-other-type", "%s", rules[type].teach);
}

static void find_function(struct def *d, const struct node *at, const struct authorizer_in *in,
			  struct gw_authorizer *a)
{
	struct def_uri uri = {0};
	a->function = in->function;
	if (!a->function && in->uri) {
		def_uri(d, in->uri, &uri);
		a->function = uri.function;
		if (!a->function)
			SHAPE_ERROR(&d->r, in->uri_at, "gateway-value",
				    "\"%s\" does not name a function", shape_brief(&d->r, in->uri));
	} else if (!a->function) {
		SHAPE_ERROR(&d->r, at, "gateway-missing-key",
			    "\"authorizerUri\" is missing: it names the function");
	}
}

/* How long answers are kept; without an identity there is nothing to keep them by. */
static void set_ttl(struct def *d, const struct node *at, const struct authorizer_in *in,
		    struct gw_authorizer *a)
{
	a->ttl_s = in->ttl_s >= 0 ? in->ttl_s : d->api->type == GW_WEBSOCKET ? 0 : 300;
	if (a->identity_count || a->kind != GW_REQUEST_AUTHORIZER)
		return;
	if (in->ttl_s > 0)
		SHAPE_ERROR(&d->r, at, "gateway-value",
			    "an authorizer whose answers are kept needs an \"identitySource\" to "
			    "tell callers apart");
	a->ttl_s = 0;
}

static void read_lambda(struct def *d, const struct node *n, const struct authorizer_in *in,
			struct gw_authorizer *a)
{
	find_function(d, n, in, a);
	if (in->payload && !str_eq(in->payload, "1.0") && !str_eq(in->payload, "2.0"))
		SHAPE_ERROR(&d->r, n, "gateway-value",
			    "\"authorizerPayloadFormatVersion\" must be 1.0 or 2.0, not \"%s\"",
			    shape_brief(&d->r, in->payload));
	a->payload_v2 = d->api->type == GW_HTTP && !str_eq(in->payload, "1.0");
	a->simple = in->simple;
	if (a->simple && !a->payload_v2)
		SHAPE_ERROR(&d->r, n, "gateway-value",
			    "simple responses need \"authorizerPayloadFormatVersion\" 2.0");
	if (in->validation && a->kind == GW_TOKEN)
		a->validation_re = def_pattern(d, in->validation_at, in->validation);
	set_ttl(d, n, in, a);
}

/* n: the map of its keys. header: where a token is found by the scheme; NULL: not said. */
static bool read_authorizer(struct def *d, const char *name, const struct node *n,
			    const struct shape *shape, const char *header,
			    struct gw_authorizer *out)
{
	static const enum gw_authorizer_kind kinds[] = {[WORD_TOKEN] = GW_TOKEN,
							[WORD_REQUEST] = GW_REQUEST_AUTHORIZER,
							[WORD_COGNITO] = GW_COGNITO,
							[WORD_JWT] = GW_JWT};
	struct authorizer_in in = {.ttl_s = -1};
	*out = (struct gw_authorizer){.name = name, .pos = node_pos(n, d->r.file)};
	if (!shape_read(&d->r, n, shape, &in) || !type_ok(d, n, in.type))
		return false;
	out->kind = kinds[in.type];
	out->validation = in.validation;
	split_identity(d, &in, out);
	if (out->kind != GW_REQUEST_AUTHORIZER && !out->identity_count)
		one_identity(d, out,
			     d->api->type == GW_HTTP
				     ? "$request.header.Authorization"
				     : arena_printf(d->r.arena, "method.request.header.%s",
						    header ? header : "Authorization"));
	if (out->kind == GW_COGNITO)
		read_pools(d, n, &in, out);
	else if (out->kind == GW_JWT)
		read_jwt(d, n, in.jwt, out);
	else
		read_lambda(d, n, &in, out);
	return true;
}

static struct gw_authorizer *room_for_authorizer(struct def *d, const struct node *at)
{
	struct gw_api *api = d->api;
	if (!api->authorizers)
		api->authorizers =
			arena_alloc(d->r.arena, MAX_AUTHORIZERS * sizeof(*api->authorizers));
	if (api->authorizer_count < MAX_AUTHORIZERS)
		return &api->authorizers[api->authorizer_count];
	SHAPE_ERROR(&d->r, at, "gateway-too-many", "an API has at most %d authorizers",
		    MAX_AUTHORIZERS);
	return NULL;
}

void def_authorizers(struct def *d, const struct node *n)
{
	if (!shape_is(&d->r, n, NODE_MAP, "authorizers"))
		return;
	for (const struct node *e = n->child; e; e = e->next) {
		struct gw_authorizer *a = room_for_authorizer(d, e);
		if (!a)
			return;
		d->api->authorizer_count +=
			read_authorizer(d, e->key->text, e, &def_authorizer_shape, NULL, a);
	}
}

/* -- security schemes -------------------------------------------------------------------------- */

#define X_AUTHORIZER "x-amazon-apigateway-authorizer"
#define X_AUTHTYPE "x-amazon-apigateway-authtype"

static void read_scheme(struct def *d, const struct node *e, struct def_scheme *s)
{
	const struct node *n = def_follow(d, e), *ext;
	*s = (struct def_scheme){.name = e->key->text, .kind = SCHEME_NOTHING};
	if (!n || !shape_is(&d->r, n, NODE_MAP, e->key->text))
		return;
	const char *authtype = node_text(n, X_AUTHTYPE), *name = node_text(n, "name");
	const char *in = node_text(n, "in"), *type = node_text(n, "type");
	ext = node_get(n, X_AUTHORIZER);
	if (ext) {
		struct gw_authorizer *a = room_for_authorizer(d, e);
		s->kind = SCHEME_AUTHORIZER;
		if (a && read_authorizer(d, s->name, ext, &authorizer_extension,
					 str_eq(in, "header") ? name : NULL, a)) {
			s->authorizer = a;
			d->api->authorizer_count++;
		}
	} else if (authtype && strcasecmp(authtype, "awsSigv4") == 0) {
		s->kind = SCHEME_IAM;
	} else if (str_eq(type, "apiKey") && name && strcasecmp(name, "x-api-key") == 0) {
		s->kind = SCHEME_KEY;
	}
}

void def_schemes(struct def *d, const struct node *n)
{
	if (!shape_is(&d->r, n, NODE_MAP, "securitySchemes"))
		return;
	d->schemes = arena_alloc(d->r.arena, (n->count + 1) * sizeof(*d->schemes));
	for (const struct node *e = n->child; e; e = e->next)
		read_scheme(d, e, &d->schemes[d->scheme_count++]);
}

/* -- what an operation asks -------------------------------------------------------------------- */

enum gw_auth def_auth_of(const struct gw_authorizer *a)
{
	static const enum gw_auth kinds[] = {[GW_TOKEN] = GW_AUTH_CUSTOM,
					     [GW_REQUEST_AUTHORIZER] = GW_AUTH_CUSTOM,
					     [GW_COGNITO] = GW_AUTH_COGNITO,
					     [GW_JWT] = GW_AUTH_JWT};
	return kinds[a->kind];
}

static const struct def_scheme *find_scheme(struct def *d, const struct node *key)
{
	const char **names = arena_alloc(d->r.arena, (d->scheme_count + 1) * sizeof(*names));
	for (size_t i = 0; i < d->scheme_count; i++) {
		if (str_eq(d->schemes[i].name, key->text))
			return &d->schemes[i];
		names[i] = d->schemes[i].name;
	}
	shape_unknown(&d->r, key, "gateway-unknown-scheme", "security scheme", key->text, names,
		      d->scheme_count);
	return NULL;
}

static void use_authorizer(struct def *d, const struct node *n, const struct def_scheme *s,
			   struct def_access *out)
{
	struct shape_key scopes = {.name = "scopes",
				   .type = SHAPE_TEXTS,
				   .max = 10,
				   SHAPE_LIST(def_access, scopes, scope_count)};
	const struct shape shape = {"security", NULL, &scopes, 1, true};
	struct node list = *n, map = {.kind = NODE_MAP, .child = &list, .count = 1};
	if (!s->authorizer)
		return; /* what is wrong with it was said */
	if (out->authorizer && out->authorizer != s->authorizer) {
		SHAPE_ERROR(&d->r, n->key, "gateway-two-authorizers",
			    "a method has one authorizer: \"%s\" stands beside \"%s\"", s->name,
			    out->authorizer->name);
		return;
	}
	out->authorizer = s->authorizer;
	out->auth = def_auth_of(s->authorizer);
	struct node key = {.kind = NODE_TEXT, .text = "scopes", .len = strlen("scopes")};
	list.key = &key;
	list.next = NULL;
	shape_read(&d->r, &map, &shape, out);
}

static void use_scheme(struct def *d, const struct node *n, struct def_access *out)
{
	const struct def_scheme *s = find_scheme(d, n->key);
	if (!s)
		return;
	switch (s->kind) {
	case SCHEME_AUTHORIZER:
		use_authorizer(d, n, s, out);
		break;
	case SCHEME_IAM:
		out->auth = GW_AUTH_IAM;
		break;
	case SCHEME_KEY:
		out->api_key = true;
		if (d->api->type == GW_HTTP)
			SHAPE_ERROR(&d->r, n->key, "gateway-other-type",
				    "API keys exist for REST and WebSocket APIs only");
		break;
	case SCHEME_NOTHING:
		SHAPE_WARN(&d->r, n->key, "gateway-scheme-ignored",
			   "security scheme \"%s\" has no %s: nothing is asked of callers",
			   shape_brief(&d->r, n->key->text), X_AUTHORIZER);
		break;
	}
}

void def_access(struct def *d, const struct node *security, const struct node *auth,
		struct def_access *out)
{
	*out = (struct def_access){0};
	if (security && shape_is(&d->r, security, NODE_LIST, "security"))
		for (const struct node *e = security->child; e; e = e->next)
			if (shape_is(&d->r, e, NODE_MAP, "security"))
				for (const struct node *s = e->child; s; s = s->next)
					use_scheme(d, s, out);
	if (!auth)
		return;
	const char *type = auth->kind == NODE_MAP ? node_text(auth, "type") : NULL;
	if (type && strcasecmp(type, "AWS_IAM") == 0)
		out->auth = GW_AUTH_IAM;
	else if (!type || strcasecmp(type, "NONE") != 0)
		SHAPE_ERROR(&d->r, auth, "gateway-value",
			    "\"x-amazon-apigateway-auth\" must have the type NONE or AWS_IAM");
}
