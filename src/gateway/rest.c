/* rest.c -- see rest.h. The order of the stages is the service's: what costs the caller nothing
 * comes last. A stage that refuses has made the answer already (gwresponse.h); all ways lead to
 * finish(), once. Two stages wait for the world outside, the authorizer and the integration: the
 * pipeline is cut there, and what runs behind the cut may run within the call or from the loop. */
#include "gateway/rest.h"

#include "gateway/authorize.h"
#include "gateway/cache.h"
#include "gateway/deploy.h"
#include "gateway/gwresponse.h"
#include "gateway/limits.h"
#include "gateway/restcheck.h"
#include "gateway/runtime.h"
#include "gateway/testlog.h"
#include "gateway/validate.h"
#include "gateway/waf.h"

struct rest_run {
	struct gw_exchange *x;
	struct gw_runtime *rt;
	gw_next *done;
	void *arg;
	bool store; /* the cache was asked and had nothing */
};

static void finish(struct rest_run *run)
{
	struct gw_exchange *x = run->x;
	const struct outside *o = x->outside;
	struct gw_response *r = &x->response;
	if (!r->plain && !x->streamed)
		gw_add_ids(x);
	x->response_us = o->now_us(o->ctx) - x->began_us;
	x->trace.total_us = x->response_us;
	x->trace.status = r->status;
	run->done(x, run->arg);
}

/* The method has answered, or what it stands for has failed. */
static void answered(struct gw_exchange *x, void *arg)
{
	struct rest_run *run = arg;
	if (run->store)
		cache_store(run->rt->cache, x);
	testlog_end(x);
	bool stream = x->method->integration && x->method->integration->stream;
	if (!stream)
		content_compress(x);
	if (!x->error_type)
		gw_row(x, GW_STEP_METHOD_RESPONSE, GW_PASSED, NULL);
	finish(run);
}

static void refused(struct rest_run *run)
{
	testlog_end(run->x);
	content_compress(run->x);
	finish(run);
}

static bool check_validation(struct gw_exchange *x)
{
	const struct gw_method *m = x->method;
	if (!m->validate_params && !m->validate_body) {
		gw_row(x, GW_STEP_VALIDATE, GW_NONE, NULL);
		return true;
	}
	bool good = validate_request(x);
	gw_row(x, GW_STEP_VALIDATE, good ? GW_PASSED : GW_REFUSED, x->validation_error);
	return good;
}

static void call_integration(struct rest_run *run)
{
	struct gw_exchange *x = run->x;
	if (!x->method->integration) {
		x->integration_error = "the method has no integration";
		gw_fail(x, "API_CONFIGURATION_ERROR", "Internal server error");
		gw_row(x, GW_STEP_REQUEST, GW_FAILED, x->integration_error);
		refused(run);
		return;
	}
	integrate(x, x->method->integration, answered, run);
}

static void ask_cache(struct rest_run *run)
{
	struct gw_exchange *x = run->x;
	if (!run->rt->cache || !x->stage->cache || x->method->integration->stream) {
		gw_row(x, GW_STEP_CACHE, GW_NONE, NULL);
		call_integration(run);
		return;
	}
	switch (cache_lookup(run->rt->cache, x)) {
	case CACHE_HIT:
		answered(x, run);
		return;
	case CACHE_REFUSED:
		refused(run);
		return;
	case CACHE_MISS:
		run->store = true;
		call_integration(run);
		return;
	case CACHE_OFF:
		call_integration(run);
		return;
	}
}

static void authorized(struct gw_exchange *x, bool allowed, void *arg)
{
	struct rest_run *run = arg;
	struct limits *l = run->rt->limits;
	if (!allowed || (l && (!plans_admit(l, x) || !limits_take(l, x))) || !check_validation(x)) {
		refused(run);
		return;
	}
	rest_drop_headers(x);
	if (!x->method->integration)
		call_integration(run);
	else
		ask_cache(run);
}

static const struct gw_api *canary_of(struct rest_run *run)
{
	const struct gw_exchange *x = run->x;
	const struct deploy_stage *s =
		x->stage->canary && run->rt->deploy
			? deploy_find(run->rt->deploy, x->api->id, x->stage->name)
			: NULL;
	return s ? s->canary : NULL;
}

static bool first_checks(struct rest_run *run)
{
	struct gw_exchange *x = run->x;
	if (!rest_check_size(x))
		return false;
	if (x->stage && run->rt->waf && !waf_admit(run->rt->waf, x))
		return false;
	if (!rest_check_stage(x))
		return false;
	rest_draw_canary(x, canary_of(run));
	return true;
}

void rest_run(struct gw_exchange *x, struct gw_runtime *rt, gw_next *done, void *arg)
{
	struct rest_run *run = arena_alloc(x->arena, sizeof(*run));
	*run = (struct rest_run){.x = x, .rt = rt, .done = done, .arg = arg};
	gw_exchange_begin(x);
	struct gw_trace *t = &x->trace;
	t->kind = GW_TRACE_REQUEST;
	t->began_ms = x->began_ms;
	t->mark_us = x->began_us;
	t->api = x->api->id;
	t->stage = x->stage ? x->stage->name : NULL;
	t->method = x->request->method;
	t->path = x->full_path;
	t->request_id = x->request_id;
	if (!first_checks(run)) {
		refused(run);
		return;
	}
	bool routed = rest_route(x) && rest_decompress(x);
	testlog_start(x);
	if (!routed)
		refused(run);
	else if (rt->auth)
		authorize(x, rt->auth, authorized, run);
	else
		authorized(x, true, run);
}
