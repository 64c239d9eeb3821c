/* authlambda.c -- Lambda authorizers: who is asked, what the answer means, and how long it holds.
 *
 * An answer is kept as the function gave it, under the values of the identity sources: it is a
 * policy, and it is evaluated anew for each request, so a kept policy that names one method denies
 * the others until its time is over. That is the service's behaviour, and the trap to show.
 * Errors and answers that mean nothing are not kept. */
#include "gateway/authrun.h"

#include "gateway/gwresponse.h"
#include "gateway/integrate.h"

#include <string.h>

#define HTTP_ERROR "Internal Server Error"

static const char *no_message(const struct auth_run *run)
{
	return run->x->api->type == GW_HTTP ? HTTP_ERROR : NULL;
}

static void broken(struct auth_run *run, const char *type, const char *why)
{
	run->x->authorizer_status = 500;
	auth_refuse(run, type, no_message(run), why);
}

static void malformed(struct auth_run *run, const char *why)
{
	broken(run, "AUTHORIZER_CONFIGURATION_ERROR", why);
}

static void unauthorized(struct auth_run *run, const char *why)
{
	run->x->authorizer_status = 401;
	auth_refuse(run, "UNAUTHORIZED", "Unauthorized", why);
}

/* ---- what the answer says ---- */

static const char *scalar(const struct node *n)
{
	bool is = n && n->kind != NODE_NULL && n->kind != NODE_LIST && n->kind != NODE_MAP;
	return is && strlen(n->text) == n->len ? n->text : NULL;
}

/* REST and WebSocket: a flat map, of which every value becomes a text. */
static bool flat_context(struct gw_exchange *x, const struct node *map)
{
	struct node *out = node_new(x->arena, NODE_MAP);
	for (const struct node *m = map->child; m; m = m->next) {
		if (m->kind == NODE_LIST || m->kind == NODE_MAP)
			return false;
		if (m->kind != NODE_NULL)
			node_set(x->arena, out, m->key->text, node_new_text(x->arena, m->text));
	}
	x->authorizer = out;
	return true;
}

static bool take_context(struct auth_run *run, const struct node *root)
{
	struct gw_exchange *x = run->x;
	const struct node *map = node_get(root, "context");
	if (!map || map->kind == NODE_NULL)
		return true;
	if (map->kind != NODE_MAP)
		return false;
	if (x->api->type != GW_HTTP)
		return flat_context(x, map);
	struct node *copy = arena_alloc(x->arena, sizeof(*copy));
	*copy = *map; /* types are kept */
	copy->next = copy->key = NULL;
	x->authorizer = copy;
	return true;
}

/* Is a resource of the policy longer than the service takes? */
static bool too_long(const struct node *policy)
{
	const struct node *s = node_get(policy, "Statement");
	for (s = s && s->kind == NODE_LIST ? s->child : s; s; s = s->next) {
		const struct node *r = node_get(s, "Resource");
		for (r = r && r->kind == NODE_LIST ? r->child : r; r; r = r->next)
			if (r->len > MAX_POLICY_RESOURCE)
				return true;
	}
	return false;
}

static enum policy_result ask(struct gw_exchange *x, const struct node *policy)
{
	struct policy_request r = {
		.action = "execute-api:Invoke",
		.resource = gw_method_arn(x),
		.value = auth_condition,
		.ctx = x,
	};
	return auth_ask(x, policy, &r);
}

/* HTTP APIs: denied is 403 Forbidden, whatever the reason. */
static void decide(struct auth_run *run, enum policy_result r)
{
	struct gw_exchange *x = run->x;
	x->authorizer_status = 200;
	if (x->api->type != GW_HTTP) {
		auth_combine(run, r);
	} else if (r == POLICY_ALLOW) {
		gw_row(x, GW_STEP_AUTHORIZE, GW_PASSED, NULL);
		auth_allow(run);
	} else {
		auth_refuse(run, "ACCESS_DENIED", "Forbidden",
			    "the authorizer does not allow this");
	}
}

static bool by_policy(struct auth_run *run, const struct node *root, enum policy_result *out)
{
	struct gw_exchange *x = run->x;
	const char *principal = scalar(node_get(root, "principalId"));
	const struct node *policy = node_get(root, "policyDocument");
	const char *why;
	if ((!principal && x->api->type != GW_HTTP) || !policy_valid(policy, &why) ||
	    too_long(policy))
		return false;
	x->principal = principal;
	const char *key = scalar(node_get(root, "usageIdentifierKey"));
	if (key && x->api->type != GW_HTTP)
		x->identity.api_key = key;
	*out = ask(x, policy);
	return true;
}

static bool simple(const struct node *root, enum policy_result *out)
{
	const struct node *n = node_get(root, "isAuthorized");
	if (!n || n->kind != NODE_BOOL)
		return false;
	*out = strcmp(n->text, "true") == 0 ? POLICY_ALLOW : POLICY_SILENT;
	return true;
}

/* The answer of the function, fresh or kept. False: it means nothing, and must not be kept. */
static bool read_answer(struct auth_run *run, struct slice output, enum policy_result *result,
			const char **why)
{
	struct gw_exchange *x = run->x;
	struct node *root = NULL;
	size_t max = x->api->type == GW_WEBSOCKET ? MAX_AUTH_WS_OUTPUT : MAX_AUTH_OUTPUT;
	*why = "the authorizer's answer is too large";
	if (output.len > max)
		return false;
	*why = "the authorizer did not answer with a policy";
	if (!json_read_wire(x->arena, output, &root) || root->kind != NODE_MAP)
		return false;
	bool is_simple = x->api->type == GW_HTTP && run->a->simple && run->a->payload_v2;
	if (!(is_simple ? simple(root, result) : by_policy(run, root, result)))
		return false;
	*why = "context must be flat: texts, numbers, true and false";
	return take_context(run, root);
}

/* ---- cache ---- */

static bool keeps(const struct auth_run *run)
{
	bool known = run->a->kind == GW_TOKEN || run->a->identity_count > 0;
	return run->state && run->a->ttl_s > 0 && known;
}

static void make_key(struct auth_run *run, size_t count)
{
	struct str key = {0};
	const char *parts[] = {run->x->api->id, run->x->stage->name, run->a->name};
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		str_addn(&key, parts[i] ? parts[i] : "", parts[i] ? strlen(parts[i]) + 1 : 1);
	for (size_t i = 0; i < count; i++)
		str_addn(&key, run->identity[i], strlen(run->identity[i]) + 1);
	char *copy = arena_alloc(run->x->arena, key.len);
	memcpy(copy, key.p, key.len);
	run->cache_key = (struct slice){copy, key.len};
	str_clear(&key);
}

static bool from_cache(struct auth_run *run)
{
	struct gw_exchange *x = run->x;
	struct slice kept;
	enum policy_result result;
	const char *why;
	if (!lru_get(run->state->answers, run->cache_key, x->outside->limit_us(x->outside->ctx),
		     &kept)) {
		run->state->misses++;
		return false;
	}
	run->state->hits++;
	x->authorizer_us = 0;
	gw_detail_text(x, GW_STEP_AUTHORIZE, "cached", kept);
	if (read_answer(run, kept, &result, &why))
		decide(run, result);
	else
		malformed(run, why);
	return true;
}

/* ---- the call ---- */

/* {"errorMessage": "Unauthorized"} is the one error that has a meaning. */
static bool says_unauthorized(struct arena *a, struct slice body)
{
	struct node *root = NULL;
	const char *text =
		json_read_wire(a, body, &root) ? scalar(node_get(root, "errorMessage")) : NULL;
	return text && strcmp(text, "Unauthorized") == 0;
}

static void failed(struct auth_run *run, const struct gw_call_result *r)
{
	static const char *const reasons[] = {
		[GW_CALL_DONE] = "",
		[GW_CALL_TIMEOUT] = "the authorizer took too long",
		[GW_CALL_REFUSED] = "the authorizer cannot be reached",
		[GW_CALL_NO_HOST] = "the authorizer cannot be reached",
		[GW_CALL_TOO_LARGE] = "the authorizer's answer is too large",
		[GW_CALL_ERROR] = "the authorizer failed",
		[GW_CALL_CRASHED] = "the authorizer crashed",
		[GW_CALL_DENIED] = "the authorizer may not be invoked",
		[GW_CALL_TOO_LARGE_REQUEST] = "the event is too large for the authorizer",
		[GW_CALL_BUSY] = "the authorizer is busy",
	};
	if (r->end == GW_CALL_ERROR && says_unauthorized(run->x->arena, r->body))
		unauthorized(run, "the authorizer said Unauthorized");
	else
		broken(run,
		       r->end == GW_CALL_DENIED ? "AUTHORIZER_CONFIGURATION_ERROR"
						: "AUTHORIZER_FAILURE",
		       reasons[r->end]);
}

static void answered(void *arg, const struct gw_call_result *r)
{
	struct auth_run *run = arg;
	struct gw_exchange *x = run->x;
	enum policy_result result;
	const char *why;
	x->authorizer_us = x->outside->now_us(x->outside->ctx) - run->began_us;
	gw_detail_text(x, GW_STEP_AUTHORIZE, "answer", r->body);
	if (r->end != GW_CALL_DONE) {
		failed(run, r);
		return;
	}
	if (!read_answer(run, r->body, &result, &why)) {
		malformed(run, why);
		return;
	}
	if (run->cache_key.p)
		trace_detailf(&x->trace, GW_STEP_AUTHORIZE, "kept", "for %d s", run->a->ttl_s);
	if (run->cache_key.p)
		lru_put(run->state->answers, run->cache_key, r->body,
			x->outside->limit_us(x->outside->ctx) + run->a->ttl_s * INT64_C(1000000));
	decide(run, result);
}

static void call(struct auth_run *run)
{
	struct gw_exchange *x = run->x;
	struct str event = {0};
	auth_event(&event, run);
	struct function_ask ask = {
		.name = run->a->function,
		.payload = gw_keep(x->arena, &event),
		.timeout_ms = x->api->type == GW_HTTP ? AUTH_HTTP_TIMEOUT_MS : AUTH_REST_TIMEOUT_MS,
	};
	if (x->trace.detailed)
		trace_detail(&x->trace, GW_STEP_AUTHORIZE, "event", ask.payload.p);
	run->began_us = x->outside->now_us(x->outside->ctx);
	integration_invoke(x, &ask, answered, run);
}

/* All identity sources must be there and not empty. */
static bool read_identity(struct auth_run *run)
{
	static const char *const by_default[] = {"method.request.header.Authorization"};
	const char *const *sources = run->a->identity;
	size_t count = run->a->identity_count;
	if (!count && run->a->kind == GW_TOKEN) {
		sources = by_default;
		count = 1;
	}
	run->identity = arena_alloc(run->x->arena, (count + 1) * sizeof(*run->identity));
	for (size_t i = 0; i < count; i++) {
		run->identity[i] = auth_identity(run->x, sources[i]);
		if (!run->identity[i]) {
			trace_detail(&run->x->trace, GW_STEP_AUTHORIZE, "missing", sources[i]);
			return false;
		}
		trace_detail(&run->x->trace, GW_STEP_AUTHORIZE, sources[i], run->identity[i]);
	}
	if (keeps(run))
		make_key(run, count);
	return true;
}

void auth_lambda(struct auth_run *run)
{
	if (!read_identity(run)) {
		unauthorized(run, "an identity source is missing or empty");
		return;
	}
	if (run->a->kind == GW_TOKEN && run->a->validation_re &&
	    regex_match(run->a->validation_re, run->identity[0], strlen(run->identity[0])) !=
		    REGEX_YES) {
		unauthorized(run, "the token does not match identityValidationExpression");
		return;
	}
	if (run->cache_key.p && from_cache(run))
		return;
	call(run);
}
