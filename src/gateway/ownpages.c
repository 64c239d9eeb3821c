/* ownpages.c -- the gateway's own pages, for scripts: /_gatedrill/ says what there is. They tell
 * what others have sent, so no page of another site may read them: requests that a browser marks
 * as coming from elsewhere are refused, whatever they ask for. */
#include "base/json.h"
#include "gateway/serving.h"

#include <stdlib.h>
#include <string.h>

#define LISTED 100 /* traces, unless ?limit= says otherwise */

static void send_json(struct server_request *q, int status, struct str *body)
{
	struct gw_response r = {.status = status, .body = {body->p, body->len}};
	gw_headers_add(q->arena, &r.headers, "Content-Type", "application/json");
	gw_headers_add(q->arena, &r.headers, "Cache-Control", "no-store");
	gw_headers_add(q->arena, &r.headers, "Cross-Origin-Resource-Policy", "same-origin");
	gw_headers_add(q->arena, &r.headers, "X-Content-Type-Options", "nosniff");
	server_answer(q, &r);
	str_clear(body);
}

static void send_error(struct server_request *q, int status, const char *message)
{
	struct str body = {0};
	struct json_out j = {.out = &body};
	json_object(&j, NULL);
	json_text(&j, "message", message);
	json_end(&j);
	send_json(q, status, &body);
}

/* ---- who asks ------------------------------------------------------------------------ */

/* An Origin is ours when it is the scheme and the very host that is asked. */
static bool is_own_origin(const struct server_request *q, const char *origin)
{
	const char *host = gw_headers_first(&q->request.headers, "host");
	const char *scheme = q->request.tls ? "https://" : "http://";
	return host && str_starts(origin, scheme) && gw_name_eq(origin + strlen(scheme), host);
}

static bool is_cross_origin(const struct server_request *q)
{
	const char *origin = gw_headers_first(&q->request.headers, "origin");
	const char *site = gw_headers_first(&q->request.headers, "sec-fetch-site");
	return (origin && !is_own_origin(q, origin)) ||
	       (site && !gw_name_eq(site, "same-origin") && !gw_name_eq(site, "none"));
}

/* ---- pages --------------------------------------------------------------------------- */

static void page_index(struct serve *s, struct server_request *q, const char *rest)
{
	const struct hostname *h = &s->now->names;
	struct str body = {0};
	struct json_out j = {.out = &body, .indent = true};
	(void)rest;
	json_object(&j, NULL);
	json_text(&j, "url", s->url);
	json_real(&j, "time_scale", s->o.time_scale);
	json_list(&j, "stages");
	for (size_t i = 0; i < h->gateway->api_count; i++) {
		const struct gw_api *api = &h->gateway->apis[i];
		for (size_t k = 0; k < api->stage_count; k++) {
			const struct deploy_stage *d =
				deploy_find(h->deploy, api->id, api->stages[k].name);
			json_object(&j, NULL);
			json_text(&j, "api", api->id);
			json_text(&j, "stage", api->stages[k].name);
			json_text(&j, "deployment", d ? d->served->deployment : NULL);
			json_text(&j, "url",
				  hostname_url(h, q->arena, s->tls ? "https" : "http", api,
					       &api->stages[k]));
			json_end(&j);
		}
	}
	json_end(&j);
	json_list(&j, "pages");
	json_text(&j, NULL, "/_gatedrill/metrics");
	json_text(&j, NULL, "/_gatedrill/requests?after=NUMBER&limit=N");
	json_text(&j, NULL, "/_gatedrill/requests/NUMBER");
	json_end(&j);
	json_end(&j);
	str_addc(&body, '\n');
	send_json(q, 200, &body);
}

static void page_metrics(struct serve *s, struct server_request *q, const char *rest)
{
	struct str body = {0};
	(void)rest;
	metrics_json(s->now->rt.metrics, &body);
	send_json(q, 200, &body);
}

/* A whole number of the query, or what it is without. */
static uint64_t asked(const struct server_request *q, const char *name, uint64_t otherwise)
{
	struct gw_params params = {0};
	uint64_t n;
	gw_query_parse(q->arena, q->request.query, &params);
	return str_to_u64(gw_params_last(&params, name), &n) ? n : otherwise;
}

static void list_requests(struct serve *s, struct server_request *q)
{
	struct str body = {0};
	uint64_t last = ring_last(s->ring), limit = asked(q, "limit", LISTED);
	uint64_t after = asked(q, "after", last > limit ? last - limit : 0);
	size_t listed = 0;
	str_add(&body, "{\"requests\":[");
	for (uint64_t n = last > RING_TRACES && after < last - RING_TRACES ? last - RING_TRACES
									   : after;
	     n < last && listed < limit; n++) {
		const struct gw_trace *t = ring_get(s->ring, n + 1);
		if (!t)
			continue;
		str_add(&body, listed++ ? ",\n" : "\n");
		trace_json(&body, t);
	}
	str_addf(&body, "\n],\"last\":%llu}\n", (unsigned long long)last);
	send_json(q, 200, &body);
}

static void page_requests(struct serve *s, struct server_request *q, const char *rest)
{
	struct str body = {0};
	uint64_t number;
	if (!*rest) {
		list_requests(s, q);
		return;
	}
	const struct gw_trace *t =
		*rest == '/' && str_to_u64(rest + 1, &number) ? ring_get(s->ring, number) : NULL;
	if (!t) {
		send_error(q, 404, "There is no such request, or it is gone.");
		return;
	}
	trace_json(&body, t);
	str_addc(&body, '\n');
	send_json(q, 200, &body);
}

static const struct {
	const char *path;
	void (*show)(struct serve *s, struct server_request *q, const char *rest);
	bool deeper; /* has pages below it */
} pages[] = {
	{"/_gatedrill", page_index, false},
	{"/_gatedrill/", page_index, false},
	{"/_gatedrill/metrics", page_metrics, false},
	{"/_gatedrill/requests", page_requests, true},
};

void own_page(struct serve *s, struct server_request *q)
{
	const char *path = q->request.path;
	if (is_cross_origin(q)) {
		send_error(q, 403, "Pages of other sites may not read this.");
		return;
	}
	if (!str_eq(q->request.method, "GET") && !str_eq(q->request.method, "HEAD")) {
		send_error(q, 405, "These pages can only be read: GET.");
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		size_t n = strlen(pages[i].path);
		if (strncmp(path, pages[i].path, n) == 0 &&
		    (!path[n] || (pages[i].deeper && path[n] == '/'))) {
			pages[i].show(s, q, path + n);
			return;
		}
	}
	send_error(q, 404, "There is no such page; /_gatedrill/ lists them.");
}
