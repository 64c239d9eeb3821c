/* exchange.c -- what every exchange has: ids, times, the ARN it is known by, stage variables. The
 * shapes of the ids are those recorded from the service; chance comes from outside, so that a run
 * with a seed repeats them. */
#include "gateway/exchange.h"

#include "base/json.h"
#include "gateway/content.h"

#include <string.h>
#include <time.h>

#define MAX_CLIENT_ID 128 /* of a request id that a client sends */

/* Eight digits at once: the nibbles are spread over the bytes of a word, and those above 9 get the
 * distance to the letters added. */
static void hex8(char *out, uint32_t v)
{
	uint64_t w = v;
	w = (w | w << 16) & 0x0000ffff0000ffff;
	w = (w | w << 8) & 0x00ff00ff00ff00ff;
	w = (w | w << 4) & 0x0f0f0f0f0f0f0f0f;
	uint64_t letters = (w + 0x0606060606060606) >> 4 & 0x0101010101010101;
	w += 0x3030303030303030 + letters * ('a' - '0' - 10);
	for (int i = 0; i < 8; i++)
		out[i] = (char)(w >> (56 - 8 * i));
}

static void hex(char *out, uint64_t v, int digits)
{
	char text[16];
	hex8(text, (uint32_t)(v >> 32));
	hex8(text + 8, (uint32_t)v);
	memcpy(out, text + 16 - digits, (size_t)digits);
}

static uint64_t chance(struct gw_exchange *x)
{
	return x->outside->random(x->outside->ctx);
}

const char *gw_new_uuid(struct gw_exchange *x)
{
	uint64_t high = chance(x);
	uint64_t low = chance(x);
	char *id = arena_alloc(x->arena, 37);
	char text[32];
	hex8(text, (uint32_t)(high >> 32));
	hex8(text + 8, ((uint32_t)high & 0xffff0fff) | 0x4000);
	hex8(text + 16, ((uint32_t)(low >> 32) & 0x3fffffff) | 0x80000000);
	hex8(text + 24, (uint32_t)low);
	memcpy(id, text, 8);
	memcpy(id + 9, text + 8, 4);
	memcpy(id + 14, text + 12, 4);
	memcpy(id + 19, text + 16, 4);
	memcpy(id + 24, text + 20, 12);
	id[8] = id[13] = id[18] = id[23] = '-';
	return id;
}

/* None begins with '-': functions that are scripts hand ids to programs, which take it for an
 * option.
 */
const char *gw_new_extended(struct gw_exchange *x)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	uint64_t bits = chance(x);
	char *id = arena_alloc(x->arena, 17);
	for (int i = 0; i < 15; i++) {
		if (i == 10)
			bits = chance(x);
		id[i] = alphabet[bits & 63];
		bits >>= 6;
	}
	if (id[0] == '-')
		id[0] = 'g';
	id[15] = '=';
	return id;
}

static bool is_hex(const char *p, size_t n)
{
	return strspn(p, "0123456789abcdefABCDEF") >= n;
}

/* The value of "Name=" in a list parted by ';'. Its length, 0 when it is not there. */
static size_t trace_field(const char *header, const char *name, const char **value)
{
	size_t len = strlen(name);
	for (const char *p = header; p; p = strchr(p, ';')) {
		p += strspn(p, "; ");
		if (strncmp(p, name, len) == 0 && p[len] == '=') {
			*value = p + len + 1;
			return strcspn(*value, "; ");
		}
	}
	return 0;
}

static bool is_root(const char *root, size_t n)
{
	return n == 35 && strncmp(root, "1-", 2) == 0 && is_hex(root + 2, 8) && root[10] == '-' &&
	       is_hex(root + 11, 24);
}

/* A stage with X-Ray samples what it begins. */
static const char *fresh_trace(struct gw_exchange *x)
{
	uint64_t high = chance(x);
	uint64_t low = chance(x);
	const char *root =
		arena_printf(x->arena, "Root=1-%08x-%08x%016llx", (unsigned)(x->began_ms / 1000),
			     (unsigned)high, (unsigned long long)low);
	if (!x->stage || !x->stage->xray)
		return root;
	return arena_printf(x->arena, "%s;Parent=%016llx;Sampled=1", root,
			    (unsigned long long)chance(x));
}

const char *gw_new_trace(struct gw_exchange *x, const char *from_client)
{
	const char *root = NULL;
	size_t n = from_client ? trace_field(from_client, "Root", &root) : 0;
	if (!n || !is_root(root, n))
		return fresh_trace(x);
	const char *parent = NULL;
	const char *sampled = NULL;
	char fresh[17] = "";
	if (trace_field(from_client, "Parent", &parent) != 16 || !is_hex(parent, 16)) {
		hex(fresh, chance(x), 16);
		parent = fresh;
	}
	bool one = trace_field(from_client, "Sampled", &sampled) == 1 ? *sampled == '1'
								      : parent != fresh;
	return arena_printf(x->arena, "Root=%.35s;Parent=%.16s;Sampled=%d", root, parent, one);
}

const char *gw_trace_id(struct gw_exchange *x)
{
	if (!x->trace_id)
		x->trace_id = gw_new_trace(
			x, x->request ? gw_headers_first(&x->request->headers, "X-Amzn-Trace-Id")
				      : NULL);
	return x->trace_id;
}

/* What a client may send as x-amzn-requestid to choose $context.requestId. */
static bool is_client_id(const char *id)
{
	size_t n = id ? strlen(id) : 0;
	return n > 0 && n <= MAX_CLIENT_ID &&
	       strspn(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_=") == n;
}

void gw_exchange_begin(struct gw_exchange *x)
{
	const struct outside *o = x->outside;
	x->began_ms = o->now_ms(o->ctx);
	x->began_us = o->now_us(o->ctx);
	x->integration_us = x->authorizer_us = -1;
	const char *asked = x->api && x->api->type == GW_REST
				    ? gw_headers_first(&x->request->headers, "x-amzn-requestid")
				    : NULL;
	x->extended_id = gw_new_extended(x);
	if (is_client_id(asked))
		x->request_id = asked;
	else
		x->request_id =
			!x->api || x->api->type == GW_REST ? gw_new_uuid(x) : x->extended_id;
	gw_query_parse(x->arena, x->request->query, &x->query);
	x->identity.user_agent = gw_headers_last(&x->request->headers, "User-Agent");
	if (x->stage && x->stage->variable_count)
		x->variables = (struct gw_params){x->stage->variables, x->stage->variable_count,
						  x->stage->variable_count};
}

const char *gw_clf_time(struct arena *a, int64_t ms)
{
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t s = (time_t)(ms / 1000);
	struct tm t = {0};
	gmtime_r(&s, &t);
	return arena_printf(a, "%02d/%s/%04d:%02d:%02d:%02d +0000", t.tm_mday,
			    months[t.tm_mon % 12], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

const char *gw_method_arn(struct gw_exchange *x)
{
	const char *verb = x->request ? x->request->method : "";
	const char *path = x->path ? x->path : "/";
	const char *what = x->api->type == GW_WEBSOCKET
				   ? (x->route_key ? x->route_key : "$connect")
				   : arena_printf(x->arena, "%s/%s", verb, path + (*path == '/'));
	return arena_printf(x->arena, "arn:aws:execute-api:%s:%s:%s/%s/%s", x->gateway->region,
			    x->gateway->account, x->api->id, x->stage ? x->stage->name : "", what);
}

const char *gw_fill_variables(struct gw_exchange *x, const char *text)
{
	static const char open[] = "${stageVariables.";
	const char *at = text ? strstr(text, open) : NULL;
	if (!at)
		return text;
	struct str out = {0};
	while (at) {
		str_addn(&out, text, (size_t)(at - text));
		const char *name = at + sizeof(open) - 1;
		size_t n = strcspn(name, "}");
		if (!name[n])
			break;
		const char *value = gw_params_last(&x->variables, arena_strndup(x->arena, name, n));
		str_add(&out, value ? value : "");
		text = name + n + 1;
		at = strstr(text, open);
	}
	str_add(&out, text);
	char *kept = arena_strndup(x->arena, str_c(&out), out.len);
	str_clear(&out);
	return kept;
}

void gw_add_ids(struct gw_exchange *x)
{
	gw_headers_add(x->arena, &x->response.headers, "x-amzn-RequestId", x->request_id);
	gw_headers_add(x->arena, &x->response.headers, "x-amz-apigw-id", x->extended_id);
}

void gw_row(struct gw_exchange *x, enum gw_step step, enum gw_outcome outcome, const char *summary)
{
	/* A stage in which there was nothing to do takes no time, not even that to look. */
	int64_t now_us =
		outcome == GW_NONE ? x->trace.mark_us : x->outside->now_us(x->outside->ctx);
	trace_row(&x->trace, now_us, step, outcome, summary);
}

void gw_detail_text(struct gw_exchange *x, enum gw_step step, const char *name, struct slice bytes)
{
	if (x->trace.detailed)
		trace_detail(&x->trace, step, name,
			     content_text(x->arena, gw_copy(x->arena, bytes)).p);
}

void gw_detail_tree(struct gw_exchange *x, enum gw_step step, const char *name,
		    const struct node *tree)
{
	struct str text = {0};
	if (!x->trace.detailed || !tree)
		return;
	json_write(&text, tree);
	trace_detail(&x->trace, step, name, gw_keep(x->arena, &text).p);
}

struct slice gw_copy(struct arena *a, struct slice bytes)
{
	char *p = arena_alloc(a, bytes.len + 1);
	if (bytes.len)
		memcpy(p, bytes.p, bytes.len);
	return (struct slice){p, bytes.len};
}

struct slice gw_keep(struct arena *a, struct str *text)
{
	struct slice s = gw_copy(a, (struct slice){text->p, text->len});
	str_clear(text);
	return s;
}
