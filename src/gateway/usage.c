/* usage.c -- see usage.h. The service's former page on the pricing of API Gateway listed what is
 * not billed: failures of authorization and authentication, missing or wrong API keys, throttling
 * by rates, bursts and quotas. */
#include "gateway/usage.h"
#include "gateway/serving.h"

static bool is_billed(const struct gw_exchange *x)
{
	static const enum gw_step free_steps[] = {GW_STEP_STAGE,   GW_STEP_ROUTE,
						  GW_STEP_POLICY,  GW_STEP_AUTHORIZE,
						  GW_STEP_API_KEY, GW_STEP_THROTTLE};
	if (!x->api || !x->stage)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(free_steps); i++)
		if (x->trace.rows[free_steps[i]].outcome == GW_REFUSED)
			return false;
	return true;
}

/* At least one: an empty request is one too. */
static uint64_t units(size_t bytes, size_t each)
{
	return bytes ? (bytes - 1) / each + 1 : 1;
}

static uint64_t message_units(const struct gw_exchange *x)
{
	size_t answered = x->response.body.len;
	switch (x->trace.kind) {
	case GW_TRACE_MESSAGE:
		return units(x->message.len, USAGE_MESSAGE_BYTES) +
		       (answered ? units(answered, USAGE_MESSAGE_BYTES) : 0);
	case GW_TRACE_PUSH:
		if (!str_eq(x->trace.method, "POST") || x->trace.status != 200)
			return 0;
		return units(x->request->body.len, USAGE_MESSAGE_BYTES);
	case GW_TRACE_REQUEST:
	case GW_TRACE_CONNECT: /* minutes begin */
	case GW_TRACE_DISCONNECT:
		break;
	}
	return 0;
}

void usage_count(struct usage *u, const struct gw_exchange *x)
{
	if (!is_billed(x))
		return;
	switch (x->api->type) {
	case GW_REST:
		u->rest++;
		break;
	case GW_HTTP:
		u->http += units(x->request->body.len + x->response.body.len, USAGE_HTTP_BYTES);
		break;
	case GW_WEBSOCKET:
		u->messages += message_units(x);
		break;
	}
}

void serve_usage(const struct serve *s, struct usage *out)
{
	const struct outside *o = &s->outside;
	*out = s->usage;
	out->minutes = (double)wsconns_us(s->ws) / 6e7;
	out->running_hours = (double)(o->limit_us(o->ctx) - s->began_us) / 3.6e9;
}
