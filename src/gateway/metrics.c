/* metrics.c -- see metrics.h. Rows are found by the texts of API, stage and method through a small
 * hash table, since definitions come and go while their counters stay; the rows of the definition
 * in use are remembered by its addresses. Latencies are kept as sums and in buckets of an eighth of
 * a power of two, from which percentiles are read. */
#include "gateway/metrics.h"
#include "base/json.h"
#include "base/random.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS 4096 /* twice MAX_METRIC_ROWS, a power of two */
#define BUCKETS 320
#define KNOWN 64 /* a power of two */

struct timing {
	uint64_t count;
	double sum_ms, min_ms, max_ms;
	uint32_t *buckets; /* NULL until the first */
};
struct row {
	char *api, *name, *stage, *resource, *method; /* resource, method NULL: of the stage */
	enum gw_type type;
	uint64_t hash;
	uint64_t count, errors_4xx, errors_5xx, hits, misses, bytes;
	uint64_t connects, messages, client_errors, integration_errors, execution_errors;
	struct timing latency, integration;
};
/* Where the rows of a stage and a method of the definition in use are. */
struct known {
	const struct gw_stage *stage;
	const void *method; /* a gw_method, a gw_route or NULL */
	struct row *of_stage, *of_method;
};
struct metrics {
	struct known known[KNOWN];
	struct row *rows[MAX_METRIC_ROWS];
	size_t count;
	uint16_t slots[SLOTS]; /* index of a row + 1 */
};

struct metrics *metrics_new(void)
{
	return xcalloc(1, sizeof(struct metrics));
}

void metrics_reset(struct metrics *m)
{
	for (size_t i = 0; i < m->count; i++) {
		struct row *r = m->rows[i];
		free(r->api), free(r->name), free(r->stage), free(r->resource), free(r->method);
		free(r->latency.buckets), free(r->integration.buckets);
		free(r);
	}
	*m = (struct metrics){0};
}

void metrics_free(struct metrics *m)
{
	if (m)
		metrics_reset(m);
	free(m);
}

/* ---- times --------------------------------------------------------------------------- */

static int bucket_of(int64_t us)
{
	if (us < 8)
		return us < 0 ? 0 : (int)us;
	int power = 63 - __builtin_clzll((unsigned long long)us);
	int b = (power - 2) * 8 + (int)(us >> (power - 3) & 7);
	return b < BUCKETS ? b : BUCKETS - 1;
}

/* The middle of a bucket. */
static double bucket_us(int b)
{
	if (b < 8)
		return b;
	int power = b / 8 + 2;
	return (double)(8 + b % 8) * (double)(1LL << (power - 3)) +
	       (double)(1LL << (power - 3)) / 2;
}

static void timing_add(struct timing *t, int64_t us)
{
	double ms = (double)us / 1000;
	if (!t->buckets)
		t->buckets = xcalloc(BUCKETS, sizeof(*t->buckets));
	t->min_ms = !t->count || ms < t->min_ms ? ms : t->min_ms;
	t->max_ms = ms > t->max_ms ? ms : t->max_ms;
	t->sum_ms += ms;
	t->count++;
	t->buckets[bucket_of(us)]++;
}

static double percentile(const struct timing *t, double share)
{
	uint64_t want = (uint64_t)((double)t->count * share), seen = 0;
	for (int b = 0; b < BUCKETS; b++) {
		seen += t->buckets[b];
		if (seen > want) {
			double ms = bucket_us(b) / 1000;
			return ms > t->max_ms ? t->max_ms : ms < t->min_ms ? t->min_ms : ms;
		}
	}
	return t->max_ms;
}

/* ---- rows ---------------------------------------------------------------------------- */

static bool is_row(const struct row *r, uint64_t hash, const char *api, const char *stage,
		   const char *resource, const char *method)
{
	return r->hash == hash && strcmp(r->api, api) == 0 && strcmp(r->stage, stage) == 0 &&
	       str_eq(r->resource, resource) && str_eq(r->method, method);
}

static uint64_t hash_row(const char *api, const char *stage, const char *resource,
			 const char *method)
{
	uint64_t h = hash_bytes(api, strlen(api), 1);
	h = hash_bytes(stage, strlen(stage), h);
	if (resource)
		h = hash_bytes(resource, strlen(resource), h);
	return method ? hash_bytes(method, strlen(method), h) : h;
}

static char *copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

static struct row *find_row(struct metrics *m, const struct gw_exchange *x, const char *resource,
			    const char *method)
{
	const char *api = x->api->id, *stage = x->stage->name;
	uint64_t hash = hash_row(api, stage, resource, method);
	size_t at = hash & (SLOTS - 1);
	for (; m->slots[at]; at = (at + 1) & (SLOTS - 1)) {
		struct row *r = m->rows[m->slots[at] - 1];
		if (is_row(r, hash, api, stage, resource, method))
			return r;
	}
	if (m->count >= MAX_METRIC_ROWS)
		return NULL;
	struct row *r = xcalloc(1, sizeof(*r));
	*r = (struct row){.api = xstrdup(api),
			  .name = xstrdup(x->api->name ? x->api->name : api),
			  .stage = xstrdup(stage),
			  .resource = copy(resource),
			  .method = copy(method),
			  .type = x->api->type,
			  .hash = hash};
	m->rows[m->count++] = r;
	m->slots[at] = (uint16_t)m->count;
	return r;
}

/* ---- counting ------------------------------------------------------------------------ */

static void count_websocket(struct row *r, const struct gw_exchange *x)
{
	int status = x->trace.status;
	switch (x->trace.kind) {
	case GW_TRACE_CONNECT:
		r->connects++;
		break;
	case GW_TRACE_MESSAGE:
	case GW_TRACE_PUSH:
		r->messages++;
		break;
	case GW_TRACE_REQUEST:
	case GW_TRACE_DISCONNECT:
		break;
	}
	r->client_errors += status >= 400 && status < 500;
	r->execution_errors += x->error_type && !x->integration_error && status >= 500;
	r->integration_errors += x->integration_error != NULL;
}

static void count_in(struct row *r, const struct gw_exchange *x)
{
	int status = x->response.status;
	const struct gw_row *cache = &x->trace.rows[GW_STEP_CACHE];
	if (x->api->type == GW_WEBSOCKET)
		count_websocket(r, x);
	r->count++;
	r->errors_4xx += status >= 400 && status < 500;
	r->errors_5xx += status >= 500;
	r->hits += cache->outcome == GW_HIT;
	r->misses += cache->outcome == GW_PASSED;
	r->bytes += x->response.body.len;
	timing_add(&r->latency, x->response_us);
	if (x->integration_us >= 0)
		timing_add(&r->integration, x->integration_us);
}

static struct known *find_known(struct metrics *m, const struct gw_exchange *x)
{
	const void *method = x->method ? (const void *)x->method : x->route;
	uintptr_t at = ((uintptr_t)x->stage >> 4 ^ (uintptr_t)method >> 4) & (KNOWN - 1);
	struct known *k = &m->known[at];
	if (k->stage == x->stage && k->method == method)
		return k;
	const char *resource = x->resource ? x->resource->path : x->route ? x->route->key : NULL;
	*k = (struct known){
		.stage = x->stage,
		.method = method,
		.of_stage = find_row(m, x, NULL, NULL),
		.of_method = resource ? find_row(m, x, resource, x->method ? x->method->verb : NULL)
				      : NULL,
	};
	return k;
}

void metrics_count(struct metrics *m, const struct gw_exchange *x)
{
	if (!x->api || !x->stage)
		return;
	struct known *k = find_known(m, x);
	if (k->of_stage)
		count_in(k->of_stage, x);
	if (k->of_method)
		count_in(k->of_method, x);
}

void metrics_reload(struct metrics *m)
{
	memset(m->known, 0, sizeof(m->known));
}

/* ---- showing ------------------------------------------------------------------------- */

static void timing_json(struct json_out *j, const char *name, const struct timing *t)
{
	if (!t->count)
		return;
	json_object(j, name);
	json_int(j, "SampleCount", (long long)t->count);
	json_real(j, "Sum", t->sum_ms);
	json_real(j, "Average", t->sum_ms / (double)t->count);
	json_real(j, "Minimum", t->min_ms);
	json_real(j, "Maximum", t->max_ms);
	json_real(j, "p50", percentile(t, 0.5));
	json_real(j, "p90", percentile(t, 0.9));
	json_real(j, "p99", percentile(t, 0.99));
	json_end(j);
}

/* The names each type of API gives its counters. */
static const struct {
	enum gw_type type;
	const char *name;
	size_t at;
} counters[] = {
	{GW_REST, "Count", offsetof(struct row, count)},
	{GW_REST, "4XXError", offsetof(struct row, errors_4xx)},
	{GW_REST, "5XXError", offsetof(struct row, errors_5xx)},
	{GW_REST, "CacheHitCount", offsetof(struct row, hits)},
	{GW_REST, "CacheMissCount", offsetof(struct row, misses)},
	{GW_HTTP, "Count", offsetof(struct row, count)},
	{GW_HTTP, "4xx", offsetof(struct row, errors_4xx)},
	{GW_HTTP, "5xx", offsetof(struct row, errors_5xx)},
	{GW_HTTP, "DataProcessed", offsetof(struct row, bytes)},
	{GW_WEBSOCKET, "ConnectCount", offsetof(struct row, connects)},
	{GW_WEBSOCKET, "MessageCount", offsetof(struct row, messages)},
	{GW_WEBSOCKET, "ClientError", offsetof(struct row, client_errors)},
	{GW_WEBSOCKET, "ExecutionError", offsetof(struct row, execution_errors)},
	{GW_WEBSOCKET, "IntegrationError", offsetof(struct row, integration_errors)},
};

static void row_json(struct json_out *j, const struct row *r)
{
	json_object(j, NULL);
	json_text(j, r->type == GW_REST ? "ApiName" : "ApiId",
		  r->type == GW_REST ? r->name : r->api);
	json_text(j, "Stage", r->stage);
	if (r->resource)
		json_text(j, r->type == GW_REST ? "Resource" : "Route", r->resource);
	if (r->method)
		json_text(j, "Method", r->method);
	for (size_t i = 0; i < ARRAY_LEN(counters); i++)
		if (counters[i].type == r->type)
			json_int(j, counters[i].name,
				 (long long)*(const uint64_t *)((const char *)r + counters[i].at));
	if (r->type != GW_WEBSOCKET)
		timing_json(j, "Latency", &r->latency);
	timing_json(j, "IntegrationLatency", &r->integration);
	json_end(j);
}

void metrics_json(const struct metrics *m, struct str *out)
{
	struct json_out j = {.out = out, .indent = true};
	json_object(&j, NULL);
	json_list(&j, "metrics");
	for (size_t i = 0; i < m->count; i++)
		row_json(&j, m->rows[i]);
	json_end(&j);
	json_end(&j);
	str_addc(out, '\n');
}
