/* authorize.c -- see authorize.h: the order of the questions, and how two policies become one
 * answer. Lambda authorizers are in authlambda.c, tokens in authtoken.c.
 *
 * REST, from "How resource policies affect authorization workflow":
 *
 *   NONE      the resource policy, if there is one, must allow
 *   Lambda    its explicit deny ends it; then the authorizer; then table A of both
 *   Cognito   the token; then the resource policy must allow (JWT authorizers: the same, assumed)
 *   IAM       signature; then table A of identity and resource policy, or B across accounts
 *
 * HTTP and WebSocket APIs have no resource policy. aws:SecureTransport is always true, as on the
 * service, which has no plain HTTP: this program's loopback port stands for its TLS endpoint. */
#include "gateway/authrun.h"

#include "base/clock.h"
#include "gateway/gwresponse.h"
#include "gateway/sigv4.h"

#include <stdlib.h>
#include <string.h>

#define INVOKE "execute-api:Invoke"

/* ---- state ---- */

struct auth_state *auth_state_new(void)
{
	struct auth_state *s = xcalloc(1, sizeof(*s));
	s->answers = lru_new(MAX_AUTH_CACHE, MAX_AUTH_CACHE_BYTES);
	s->keys = keys_new();
	return s;
}

void auth_state_free(struct auth_state *s)
{
	if (!s)
		return;
	lru_free(s->answers);
	keys_free(s->keys);
	free(s);
}

void auth_state_flush(struct auth_state *s, const char *api, const char *stage)
{
	struct str prefix = {0};
	if (api)
		str_addn(&prefix, api, strlen(api) + 1);
	else
		keys_flush(s->keys);
	if (api && stage)
		str_addn(&prefix, stage, strlen(stage) + 1);
	lru_drop_prefix(s->answers, (struct slice){prefix.p, prefix.len});
	str_clear(&prefix);
}

struct auth_counts auth_state_counts(const struct auth_state *s)
{
	return (struct auth_counts){s->hits, s->misses, lru_count(s->answers)};
}

/* ---- texts ---- */

/* "arn:aws:execute-api:us-east-1:123456789012:..." with the account as "********9012". */
static const char *masked_arn(struct gw_exchange *x, const char *arn)
{
	const char *p = arn;
	for (int i = 0; i < 4 && p; i++) {
		p = strchr(p, ':');
		p += p != NULL;
	}
	size_t n = p ? strcspn(p, ":") : 0;
	if (n <= 4)
		return arn;
	return arena_printf(x->arena, "%.*s********%s", (int)(p - arn), arn, p + n - 4);
}

const char *authorize_refusal(struct gw_exchange *x, const char *action, const char *resource,
			      bool explicit_deny)
{
	return arena_printf(x->arena, "User: %s is not authorized to perform: %s on resource: %s%s",
			    x->identity.user_arn ? x->identity.user_arn : "anonymous", action,
			    masked_arn(x, resource), explicit_deny ? " with an explicit deny" : "");
}

/* ---- condition keys ---- */

static const char *header(const struct gw_exchange *x, const char *name)
{
	return gw_headers_last(&x->request->headers, name);
}

static const char *get_ip(struct gw_exchange *x)
{
	return x->request->source_ip;
}
static const char *get_vpc(struct gw_exchange *x)
{
	return x->identity.vpc;
}
static const char *get_vpce(struct gw_exchange *x)
{
	return x->identity.vpce;
}
static const char *get_agent(struct gw_exchange *x)
{
	return header(x, "User-Agent");
}
static const char *get_referer(struct gw_exchange *x)
{
	return header(x, "Referer");
}
static const char *get_secure(struct gw_exchange *x)
{
	return x->request ? "true" : NULL;
}
static const char *get_time(struct gw_exchange *x)
{
	return moment_rfc3339(x->arena, (struct moment){x->outside->now_ms(x->outside->ctx), 0});
}
static const char *get_epoch(struct gw_exchange *x)
{
	return arena_printf(x->arena, "%lld",
			    (long long)x->outside->now_ms(x->outside->ctx) / 1000);
}
static const char *get_account(struct gw_exchange *x)
{
	return x->identity.account;
}
static const char *get_arn(struct gw_exchange *x)
{
	return x->identity.user_arn;
}
static const char *get_org(struct gw_exchange *x)
{
	return x->identity.principal_org;
}
static const char *get_user(struct gw_exchange *x)
{
	return x->identity.user;
}
static const char *get_name(struct gw_exchange *x)
{
	const char *slash = x->identity.user_arn ? strrchr(x->identity.user_arn, '/') : NULL;
	return slash && strstr(x->identity.user_arn, ":user/") ? slash + 1 : NULL;
}
static const char *get_region(struct gw_exchange *x)
{
	return x->gateway->region;
}

const char *auth_condition(void *ctx, const char *key)
{
	static const struct {
		const char *name;
		const char *(*get)(struct gw_exchange *x);
	} keys[] = {
		{"aws:SourceIp", get_ip},
		{"aws:SourceVpc", get_vpc},
		{"aws:SourceVpce", get_vpce},
		{"aws:VpcSourceIp", get_ip},
		{"aws:UserAgent", get_agent},
		{"aws:Referer", get_referer},
		{"aws:SecureTransport", get_secure},
		{"aws:CurrentTime", get_time},
		{"aws:EpochTime", get_epoch},
		{"aws:PrincipalAccount", get_account},
		{"aws:PrincipalArn", get_arn},
		{"aws:PrincipalOrgID", get_org},
		{"aws:userid", get_user},
		{"aws:username", get_name},
		{"aws:RequestedRegion", get_region},
	};
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (gw_name_eq(key, keys[i].name))
			return keys[i].get(ctx);
	return NULL;
}

/* ---- policies ---- */

/* What was asked and which statement decided stand in the trace: of the resource policy in its
 * stage's row, of others in that of the authorization. */
enum policy_result auth_ask(struct gw_exchange *x, const struct node *document,
			    const struct policy_request *r)
{
	enum gw_step step = r->resource_policy ? GW_STEP_POLICY : GW_STEP_AUTHORIZE;
	const struct node *decided;
	enum policy_result result = policy_decide(document, r, &decided);
	if (!x->trace.detailed)
		return result;
	trace_detailf(&x->trace, step, "asked", "%s on %s", r->action, r->resource);
	if (decided)
		gw_detail_tree(x, step, "statement", decided);
	else
		trace_detail(&x->trace, step, "statement", "none applies");
	return result;
}

static enum policy_result ask(struct gw_exchange *x, const struct node *document,
			      const char *action, const char *resource, bool resource_policy)
{
	struct policy_request r = {
		.action = action,
		.resource = resource,
		.self = arena_printf(x->arena, "arn:aws:execute-api:%s:%s:%s", x->gateway->region,
				     x->gateway->account, x->api->id),
		.resource_policy = resource_policy,
		.principal = x->identity.user_arn,
		.account = x->identity.account,
		.value = auth_condition,
		.ctx = x,
	};
	return auth_ask(x, document, &r);
}

static enum policy_result ask_resource_policy(struct gw_exchange *x)
{
	return x->api->policy ? ask(x, x->api->policy, INVOKE, gw_method_arn(x), true)
			      : POLICY_SILENT;
}

static const struct gw_credential *credential_of(const struct gw_exchange *x)
{
	for (size_t i = 0; x->identity.access_key && i < x->gateway->credential_count; i++)
		if (strcmp(x->gateway->credentials[i].access_key, x->identity.access_key) == 0)
			return &x->gateway->credentials[i];
	return NULL;
}

static enum policy_verdict identity_verdict(struct gw_exchange *x, const struct gw_credential *c,
					    enum policy_result identity,
					    enum policy_result resource)
{
	bool same = !c->account || strcmp(c->account, x->gateway->account) == 0;
	return same ? policy_table_a(identity, resource) : policy_table_b(identity, resource);
}

bool authorize_action(struct gw_exchange *x, const char *action, const char *resource)
{
	const struct gw_credential *c = credential_of(x);
	enum policy_result from_api =
		x->api->policy ? ask(x, x->api->policy, action, resource, true) : POLICY_SILENT;
	if (!c)
		return from_api == POLICY_ALLOW;
	enum policy_result identity =
		c->policy ? ask(x, c->policy, action, resource, false) : POLICY_SILENT;
	return identity_verdict(x, c, identity, from_api) == VERDICT_ALLOW;
}

/* ---- ends ---- */

void auth_allow(struct auth_run *run)
{
	run->done(run->x, true, run->arg);
}

static void refuse_at(struct auth_run *run, enum gw_step step, const char *type,
		      const char *message, const char *why)
{
	gw_row(run->x, step, GW_REFUSED, why);
	gw_fail(run->x, type, message);
	run->done(run->x, false, run->arg);
}

void auth_refuse(struct auth_run *run, const char *type, const char *message, const char *why)
{
	run->x->authorizer_error = why;
	refuse_at(run, GW_STEP_AUTHORIZE, type, message, why);
}

static void refuse_by_policy(struct auth_run *run, bool explicit_deny)
{
	refuse_at(run, GW_STEP_POLICY, "ACCESS_DENIED",
		  authorize_refusal(run->x, INVOKE, gw_method_arn(run->x), explicit_deny),
		  explicit_deny ? "explicit deny" : "no statement allows");
}

static void row_of_policy(struct gw_exchange *x, enum policy_result r)
{
	static const char *const words[] = {
		[POLICY_SILENT] = "silent", [POLICY_ALLOW] = "allow", [POLICY_DENY] = "deny"};
	gw_row(x, GW_STEP_POLICY, x->api->policy ? GW_PASSED : GW_NONE,
	       x->api->policy ? words[r] : NULL);
}

void auth_combine(struct auth_run *run, enum policy_result first)
{
	switch (policy_table_a(first, run->resource_policy)) {
	case VERDICT_ALLOW:
		gw_row(run->x, GW_STEP_AUTHORIZE, GW_PASSED, NULL);
		auth_allow(run);
		return;
	case VERDICT_IMPLICIT_DENY:
		auth_refuse(run, "ACCESS_DENIED", "User is not authorized to access this resource",
			    "the policy does not allow this method");
		return;
	case VERDICT_EXPLICIT_DENY:
		auth_refuse(run, "ACCESS_DENIED",
			    "User is not authorized to access this resource with an explicit deny "
			    "in an identity-based policy",
			    "the policy denies this method");
		return;
	}
}

void auth_token_valid(struct auth_run *run)
{
	gw_row(run->x, GW_STEP_AUTHORIZE, GW_PASSED, NULL);
	if (run->x->api->policy && run->resource_policy != POLICY_ALLOW)
		refuse_by_policy(run, run->resource_policy == POLICY_DENY);
	else
		auth_allow(run);
}

/* ---- NONE and IAM ---- */

static void without_authorizer(struct auth_run *run)
{
	struct gw_exchange *x = run->x;
	if (x->api->policy && run->resource_policy != POLICY_ALLOW) {
		refuse_by_policy(run, run->resource_policy == POLICY_DENY);
		return;
	}
	row_of_policy(x, run->resource_policy);
	gw_row(x, GW_STEP_AUTHORIZE, GW_NONE, NULL);
	auth_allow(run);
}

static bool identify(struct gw_exchange *x, const char **type, const char **message)
{
	struct sigv4 s = sigv4_verify(x->arena, x->request, x->gateway, "execute-api",
				      x->outside->now_ms(x->outside->ctx));
	if (s.canonical && x->trace.detailed) {
		trace_detail(&x->trace, GW_STEP_AUTHORIZE, "canonical request", s.canonical);
		trace_detail(&x->trace, GW_STEP_AUTHORIZE, "string to sign", s.to_sign);
	}
	bool http = x->api->type == GW_HTTP;
	*type = http ? "ACCESS_DENIED" : s.type;
	*message = http ? "Forbidden" : s.message;
	if (s.end != SIGV4_VALID)
		return false;
	x->identity.access_key = s.credential->access_key;
	x->identity.account = s.credential->account ? s.credential->account : x->gateway->account;
	x->identity.user_arn = s.credential->arn;
	x->identity.user = x->identity.caller = s.credential->user_id;
	return true;
}

bool authorize_identify(struct gw_exchange *x)
{
	const char *type, *message;
	if (identify(x, &type, &message))
		return true;
	gw_fail(x, type, message);
	return false;
}

static void iam(struct auth_run *run)
{
	struct gw_exchange *x = run->x;
	const char *type, *message;
	if (!identify(x, &type, &message)) {
		auth_refuse(run, type, message, "the signature is missing or wrong");
		return;
	}
	const struct gw_credential *c = credential_of(x);
	const char *arn = gw_method_arn(x);
	enum policy_result identity =
		c->policy ? ask(x, c->policy, INVOKE, arn, false) : POLICY_SILENT;
	run->resource_policy = ask_resource_policy(x);
	enum policy_verdict v = identity_verdict(x, c, identity, run->resource_policy);
	row_of_policy(x, run->resource_policy);
	if (v == VERDICT_ALLOW) {
		gw_row(x, GW_STEP_AUTHORIZE, GW_PASSED, c->arn);
		auth_allow(run);
		return;
	}
	auth_refuse(run, "ACCESS_DENIED",
		    x->api->type == GW_HTTP
			    ? "Forbidden"
			    : authorize_refusal(x, INVOKE, arn, v == VERDICT_EXPLICIT_DENY),
		    v == VERDICT_EXPLICIT_DENY ? "a policy denies this" : "no policy allows this");
}

/* ---- all of it ---- */

static void lambda_after_policy(struct auth_run *run)
{
	if (run->resource_policy == POLICY_DENY) {
		refuse_by_policy(run, true);
		return;
	}
	row_of_policy(run->x, run->resource_policy);
	auth_lambda(run);
}

void authorize(struct gw_exchange *x, struct auth_state *state, gw_authorized *done, void *arg)
{
	struct auth_run *run = arena_alloc(x->arena, sizeof(*run));
	enum gw_auth auth = x->method ? x->method->auth : (x->route ? x->route->auth : 0);
	*run = (struct auth_run){.x = x, .state = state, .done = done, .arg = arg};
	run->a = x->method ? x->method->authorizer : (x->route ? x->route->authorizer : NULL);
	run->scopes = x->method ? x->method->scopes : (x->route ? x->route->scopes : NULL);
	run->scope_count =
		x->method ? x->method->scope_count : (x->route ? x->route->scope_count : 0);
	run->began_us = x->outside->now_us(x->outside->ctx);
	x->authorizer_us = -1;
	if (auth != GW_AUTH_IAM)
		run->resource_policy = ask_resource_policy(x);
	if (auth != GW_AUTH_IAM && auth != GW_AUTH_NONE && !run->a) {
		auth_refuse(run, "AUTHORIZER_CONFIGURATION_ERROR",
			    x->api->type == GW_HTTP ? "Internal Server Error" : NULL,
			    "there is no authorizer");
		return;
	}
	switch (auth) {
	case GW_AUTH_NONE:
		without_authorizer(run);
		return;
	case GW_AUTH_IAM:
		iam(run);
		return;
	case GW_AUTH_CUSTOM:
		lambda_after_policy(run);
		return;
	case GW_AUTH_COGNITO:
	case GW_AUTH_JWT:
		row_of_policy(x, run->resource_policy);
		auth_token(run);
		return;
	}
}
