/* authtoken.c -- JWT authorizers of HTTP and REST APIs, and Cognito user pools, which are JWT
 * authorizers with rules of their own: RS256 alone, an ID token where the method asks for no scopes
 * and an access token where it does.
 *
 * Order of the checks, as documented for HTTP APIs: find the token, decode it, check the signature
 * with the key of its kid, then iss, aud or client_id, exp, nbf, iat, scopes. REST (assumed where
 * the documentation is silent): the issuer is chosen by iss first, since there may be several. */
#include "gateway/authrun.h"

#include "gateway/gwresponse.h"

#include <string.h>
#include <strings.h>

/* ---- refusals ---- */

static const char *scope_text(const struct auth_run *run)
{
	struct str out = {0};
	for (size_t i = 0; i < run->scope_count; i++)
		str_addf(&out, "%s%s", i ? " " : "", run->scopes[i]);
	return gw_keep(run->x->arena, &out).p;
}

/* HTTP APIs say why in www-authenticate. */
static void challenge(struct auth_run *run, enum jwt_end end, bool found)
{
	struct gw_exchange *x = run->x;
	const char *value = "Bearer";
	if (end == JWT_SCOPE)
		value = arena_printf(x->arena, "Bearer scope=\"%s\" error=\"insufficient_scope\"",
				     scope_text(run));
	else if (found)
		value = arena_printf(x->arena,
				     "Bearer scope=\"%s\" error=\"invalid_token\" "
				     "error_description=\"%s\"",
				     scope_text(run), jwt_end_texts[end]);
	gw_headers_add(x->arena, &x->response.headers, "www-authenticate", value);
}

static void refuse_http(struct auth_run *run, enum jwt_end end, bool found)
{
	struct gw_exchange *x = run->x;
	const char *why = found ? jwt_end_texts[end] : "missing: token not provided";
	bool scope = end == JWT_SCOPE;
	x->authorizer_error = why;
	gw_row(x, GW_STEP_AUTHORIZE, GW_REFUSED, why);
	gw_fail(x, scope ? "ACCESS_DENIED" : "UNAUTHORIZED", scope ? "Forbidden" : "Unauthorized");
	challenge(run, end, found);
	run->done(x, false, run->arg);
}

static void refuse(struct auth_run *run, enum jwt_end end, bool found)
{
	bool cognito = run->a->kind == GW_COGNITO;
	const char *why = found ? jwt_end_texts[end] : "there is no token";
	run->x->authorizer_status = 401;
	if (run->x->api->type == GW_HTTP)
		refuse_http(run, end, found);
	else if (end == JWT_SCOPE && !cognito)
		auth_refuse(run, "ACCESS_DENIED", "User is not authorized to access this resource",
			    why);
	else
		auth_refuse(run, "UNAUTHORIZED",
			    end == JWT_EXPIRED ? "The incoming token has expired" : "Unauthorized",
			    why);
}

/* ---- claims as the rest of the gateway sees them ---- */

/* Every value becomes a text: lists "[a b]" on HTTP APIs, "a,b" on REST, maps as JSON. */
static const char *claim_text(struct gw_exchange *x, const struct node *n)
{
	bool http = x->api->type == GW_HTTP;
	struct str out = {0};
	if (n->kind != NODE_LIST && n->kind != NODE_MAP)
		return n->kind == NODE_NULL ? "" : n->text;
	if (n->kind == NODE_MAP) {
		json_write(&out, n);
		return gw_keep(x->arena, &out).p;
	}
	str_add(&out, http ? "[" : "");
	for (const struct node *c = n->child; c; c = c->next) {
		str_add(&out, c == n->child ? "" : (http ? " " : ","));
		if (c->kind == NODE_LIST || c->kind == NODE_MAP)
			json_write(&out, c);
		else if (c->kind != NODE_NULL)
			str_add(&out, c->text);
	}
	str_add(&out, http ? "]" : "");
	return gw_keep(x->arena, &out).p;
}

static void take_claims(struct auth_run *run)
{
	struct gw_exchange *x = run->x;
	x->claims = node_new(x->arena, NODE_MAP);
	for (const struct node *c = run->jwt->claims->child; c; c = c->next)
		node_set(x->arena, x->claims, c->key->text,
			 node_new_text(x->arena, claim_text(x, c)));
	const char **scopes;
	size_t n = jwt_scopes(x->arena, run->jwt, &scopes);
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < run->scope_count; k++)
			if (strcmp(scopes[i], run->scopes[k]) == 0) {
				scopes[kept++] = scopes[i];
				break;
			}
	x->token_scopes = kept ? scopes : NULL;
	x->token_scope_count = kept;
}

/* ---- rules ---- */

/* The format is SINGLE_STRING, the only one there is; without a value to be, a claim need only be
 * there. */
static bool claim_holds(const struct gw_claim *want, const struct node *n)
{
	if (!n || n->kind == NODE_NULL)
		return !want->required;
	if (!want->expected_count)
		return true;
	if (n->kind != NODE_TEXT || strlen(n->text) != n->len)
		return false;
	for (size_t i = 0; i < want->expected_count; i++)
		if (strcmp(n->text, want->expected[i]) == 0)
			return true;
	return false;
}

static bool claims_hold(const struct auth_run *run)
{
	for (size_t i = 0; i < run->issuer->claim_count; i++) {
		const struct gw_claim *want = &run->issuer->claims[i];
		if (!claim_holds(want, node_get(run->jwt->claims, want->name)))
			return false;
	}
	return true;
}

/* identityValidationExpression of a Cognito authorizer is about aud. */
static bool cognito_audience(const struct auth_run *run)
{
	const char *aud = node_text(run->jwt->claims, "aud");
	if (!run->a->validation_re)
		return true;
	return aud && regex_match(run->a->validation_re, aud, strlen(aud)) == REGEX_YES;
}

/* A token that does not say what it is for may be of an issuer that is not Cognito. */
static bool cognito_use(const struct auth_run *run)
{
	const char *use = node_text(run->jwt->claims, "token_use");
	return !use || strcmp(use, run->scope_count ? "access" : "id") == 0;
}

static enum jwt_end check(struct auth_run *run, const struct jwks *keys)
{
	static const char *const cognito[] = {"RS256"};
	static const char *const rsa[] = {"RS256", "RS384", "RS512"};
	bool pool = run->a->kind == GW_COGNITO;
	const char *const *allowed = pool ? cognito : rsa;
	size_t count = pool ? ARRAY_LEN(cognito) : ARRAY_LEN(rsa);
	if (!pool && run->a->algorithms) {
		allowed = run->a->algorithms;
		count = run->a->algorithm_count;
	}
	enum jwt_end end = jwt_verify(run->jwt, keys, allowed, count);
	struct jwt_rules rules = {
		.issuer = run->issuer->issuer,
		.audience = run->issuer->audience,
		.audience_count = run->issuer->audience_count,
		.scopes = run->scopes,
		.scope_count = run->scope_count,
		.now_ms = run->x->outside->now_ms(run->x->outside->ctx),
	};
	if (end == JWT_VALID)
		end = jwt_check(run->jwt, &rules);
	if (end != JWT_VALID)
		return end;
	if (pool && !cognito_audience(run))
		return JWT_AUDIENCE;
	return (pool && !cognito_use(run)) || !claims_hold(run) ? JWT_CLAIM : JWT_VALID;
}

/* ---- the way through ---- */

static void got_keys(void *arg, const struct jwks *keys, const char *why)
{
	struct auth_run *run = arg;
	struct gw_exchange *x = run->x;
	enum jwt_end end = keys ? check(run, keys) : JWT_NO_KEY;
	if (!keys && x->trace.detailed)
		trace_detail(&x->trace, GW_STEP_AUTHORIZE, "keys", why);
	x->authorizer_us = x->outside->now_us(x->outside->ctx) - run->began_us;
	if (end != JWT_VALID) {
		refuse(run, end, true);
		return;
	}
	x->authorizer_status = 200;
	take_claims(run);
	auth_token_valid(run);
}

/* The token in its identity source, without "Bearer". NULL: there is none. */
static const char *find_token(const struct auth_run *run)
{
	const char *source = run->a->identity_count ? run->a->identity[0]
						    : "method.request.header.Authorization";
	const char *value = auth_identity(run->x, source);
	if (value && strncasecmp(value, "Bearer ", 7) == 0)
		value += 7 + strspn(value + 7, " ");
	return value && *value ? value : NULL;
}

/* HTTP APIs have one issuer; else it is the one the token names. */
static const struct gw_issuer *find_issuer(const struct auth_run *run)
{
	const char *iss = node_text(run->jwt->claims, "iss");
	if (run->a->issuer_count == 1 && run->x->api->type == GW_HTTP)
		return &run->a->issuers[0];
	for (size_t i = 0; iss && i < run->a->issuer_count; i++)
		if (strcmp(run->a->issuers[i].issuer, iss) == 0)
			return &run->a->issuers[i];
	return NULL;
}

/* What the token says, checked or not, and what is asked of it. */
static void show(struct auth_run *run)
{
	struct gw_exchange *x = run->x;
	gw_detail_tree(x, GW_STEP_AUTHORIZE, "claims", run->jwt->claims);
	if (x->trace.detailed && run->scope_count)
		trace_detail(&x->trace, GW_STEP_AUTHORIZE, "scopes wanted", scope_text(run));
}

void auth_token(struct auth_run *run)
{
	struct jwt *jwt = arena_alloc(run->x->arena, sizeof(*jwt));
	run->token = find_token(run);
	run->jwt = jwt;
	if (!run->token) {
		refuse(run, JWT_MALFORMED, false);
		return;
	}
	if (!jwt_read(run->x->arena, run->token, jwt)) {
		refuse(run, JWT_MALFORMED, true);
		return;
	}
	show(run);
	run->issuer = find_issuer(run);
	if (!run->issuer || !run->state) {
		refuse(run, JWT_ISSUER, true);
		return;
	}
	keys_get(run->state->keys, run->x, run->issuer, jwt->kid, got_keys, run);
}
