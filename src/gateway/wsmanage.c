/* wsmanage.c -- see wsmanage.h. The statuses are the service model's, the error's name is in
 * x-amzn-ErrorType, where SDKs look first. Of the bodies only those of 400, of 403 for a wrong
 * address and the empty one of 410 were seen on the service. */
#include "gateway/wsmanage.h"

#include "base/json.h"
#include "gateway/authorize.h"
#include "gateway/gwresponse.h"
#include "gateway/limits.h"
#include "gateway/runtime.h"
#include "gateway/ws.h"
#include "gateway/wsapi.h"
#include "gateway/wsconn.h"

#include <string.h>
#include <time.h>

#define ACTION "execute-api:ManageConnections"
#define ID_LENGTH 16

struct manage {
	struct gw_exchange *x;
	struct gw_runtime *rt;
	struct wsconns *all;
	const char *id; /* decoded */
};

/* Behind "/@connections", which may be percent-encoded; NULL: it is something else. */
static const char *behind_name(const struct gw_exchange *x)
{
	static const char *const names[] = {"/@connections", "/%40connections"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		size_t n = strlen(names[i]);
		if (strncmp(x->path, names[i], n) == 0 && (x->path[n] == '/' || !x->path[n]))
			return x->path + n;
	}
	return NULL;
}

bool wsmanage_is(struct gw_exchange *x)
{
	return behind_name(x) != NULL;
}

/* ---- answers ------------------------------------------------------------------------- */

static void add_header(struct gw_exchange *x, const char *name, const char *value)
{
	gw_headers_add(x->arena, &x->response.headers, name, value);
}

/* message NULL: no body. */
static void refuse(struct gw_exchange *x, enum gw_step step, int status, const char *name,
		   const char *message)
{
	struct str body = {0};
	x->response = (struct gw_response){.status = status};
	x->trace.error = name;
	gw_row(x, step, GW_REFUSED, message ? message : name);
	add_header(x, "x-amzn-ErrorType", name);
	if (!message)
		return;
	str_add(&body, status == 400 ? "{\"message\": " : "{\"message\":");
	json_add_string(&body, message, strlen(message));
	str_addc(&body, '}');
	x->response.body = gw_keep(x->arena, &body);
	add_header(x, "Content-Type", "application/json");
}

static const char *iso_time(struct arena *a, int64_t ms)
{
	time_t s = (time_t)(ms / 1000);
	struct tm t = {0};
	gmtime_r(&s, &t);
	return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", t.tm_year + 1900,
			    t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec,
			    (int)(ms % 1000));
}

/* ---- the three calls ----------------------------------------------------------------- */

static void answer_get(struct manage *m, const struct wsconn_info *info)
{
	struct gw_exchange *x = m->x;
	struct str body = {0};
	struct json_out j = {.out = &body};
	json_object(&j, NULL);
	json_text(&j, "connectedAt", iso_time(x->arena, info->connected_ms));
	json_object(&j, "identity");
	json_text(&j, "sourceIp", info->source_ip);
	if (info->user_agent)
		json_text(&j, "userAgent", info->user_agent);
	json_end(&j);
	json_text(&j, "lastActiveAt", iso_time(x->arena, info->active_ms));
	json_end(&j);
	x->response = (struct gw_response){.status = 200, .body = gw_keep(x->arena, &body)};
	add_header(x, "Content-Type", "application/json");
}

static void answer_post(struct manage *m, const struct wsconn_info *info)
{
	struct gw_exchange *x = m->x;
	const struct slice text = x->request->body;
	if (info->waiting + text.len > MAX_WS_QUEUE / 2) {
		refuse(x, GW_STEP_INTEGRATION, 429, "LimitExceededException",
		       "The client does not read what was sent to it.");
		return;
	}
	if (text.len && !wsconn_send(m->all, m->id, text)) {
		refuse(x, GW_STEP_INTEGRATION, 410, "GoneException", NULL);
		return;
	}
	x->response = (struct gw_response){.status = 200};
}

static void answer_delete(struct manage *m, const struct wsconn_info *info)
{
	(void)info;
	wsconn_close(m->all, m->id, WS_NORMAL, "Connection Closed Normally");
	m->x->response = (struct gw_response){.status = 204};
}

static const struct verb {
	const char *name;
	void (*answer)(struct manage *m, const struct wsconn_info *info);
} verbs[] = {
	{"GET", answer_get},
	{"POST", answer_post},
	{"DELETE", answer_delete},
};

/* ---- whether ------------------------------------------------------------------------- */

static bool id_is_good(const char *id)
{
	size_t n = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
	return n == ID_LENGTH - 1 && strcmp(id + n, "=") == 0;
}

/* Signed calls need a signature that is right and a principal that may. */
static bool caller_may(struct gw_exchange *x, const char *id)
{
	const char *resource = arena_printf(
		x->arena, "arn:aws:execute-api:%s:%s:%s/%s/%s/@connections/%s", x->gateway->region,
		x->gateway->account, x->api->id, x->stage->name, x->request->method, id);
	bool is_signed = gw_headers_first(&x->request->headers, "Authorization") != NULL;
	if (is_signed && !authorize_identify(x)) {
		refuse(x, GW_STEP_AUTHORIZE, 403, "ForbiddenException", x->error_message);
		return false;
	}
	if ((is_signed || x->api->policy) && !authorize_action(x, ACTION, resource)) {
		refuse(x, GW_STEP_AUTHORIZE, 403, "ForbiddenException",
		       authorize_refusal(x, ACTION, resource, false));
		return false;
	}
	gw_row(x, GW_STEP_AUTHORIZE, is_signed ? GW_PASSED : GW_NONE,
	       is_signed ? x->identity.user_arn : "not signed: let in");
	return true;
}

static const struct verb *find_verb(const char *method)
{
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (strcmp(verbs[i].name, method) == 0)
			return &verbs[i];
	return NULL;
}

static void manage(struct manage *m)
{
	struct gw_exchange *x = m->x;
	const struct verb *verb = find_verb(x->request->method);
	struct wsconn_info info;
	if (!x->stage || !verb || !m->id[0]) {
		refuse(x, GW_STEP_ROUTE, 403, "ForbiddenException",
		       arena_printf(x->arena,
				    "No method found matching route %s for http method %s",
				    x->full_path + (x->full_path[0] == '/'), x->request->method));
		return;
	}
	gw_row(x, GW_STEP_ROUTE, GW_PASSED, "@connections");
	if (!caller_may(x, m->id))
		return;
	if (m->rt->limits && !limits_take_account(m->rt->limits, x)) {
		refuse(x, GW_STEP_THROTTLE, 429, "LimitExceededException", "Too Many Requests");
		return;
	}
	if (!id_is_good(m->id)) {
		refuse(x, GW_STEP_VALIDATE, 400, "BadRequestException",
		       arena_printf(x->arena, "Invalid connectionId: %s", m->id));
		return;
	}
	if (x->request->body.len > MAX_WS_MESSAGE) {
		refuse(x, GW_STEP_SIZE, 413, "PayloadTooLargeException", "Payload Too Large");
		return;
	}
	if (!wsconn_find(m->all, m->id, &info) || strcmp(info.stage, x->stage->name) != 0 ||
	    strcmp(info.api->id, x->api->id) != 0) {
		refuse(x, GW_STEP_INTEGRATION, 410, "GoneException", NULL);
		return;
	}
	verb->answer(m, &info);
}

static void begin(struct gw_exchange *x)
{
	struct gw_trace *t = &x->trace;
	gw_exchange_begin(x);
	t->kind = GW_TRACE_PUSH;
	t->began_ms = x->began_ms;
	t->mark_us = x->began_us;
	t->api = x->api->id;
	t->stage = x->stage ? x->stage->name : NULL;
	t->method = x->request->method;
	t->path = x->full_path;
	t->resource = "@connections";
	t->request_id = x->request_id;
}

void wsmanage_run(struct gw_exchange *x, struct gw_runtime *rt, struct wsconns *all, gw_next *done,
		  void *arg)
{
	const struct outside *o = x->outside;
	const char *rest = behind_name(x);
	struct manage m = {.x = x, .rt = rt, .all = all};
	rest += *rest == '/';
	m.id = gw_percent_decode(x->arena, rest, strlen(rest), false);
	begin(x);
	x->trace.connection_id = m.id;
	manage(&m);
	add_header(x, "x-amzn-RequestId", x->request_id);
	x->response_us = o->now_us(o->ctx) - x->began_us;
	x->trace.total_us = x->response_us;
	x->trace.status = x->response.status;
	done(x, arg);
}
