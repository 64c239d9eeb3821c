/* intmock.c -- MOCK integrations: the request template gives an object whose member statusCode
 * picks the integration response. The service does not ask for JSON there: names without quotes, as
 * the CDK writes them, are taken, and more that was tried on it. What is not taken is recorded too.
 */
#include "base/json.h"
#include "gateway/gwresponse.h"
#include "gateway/integrate.h"
#include "gateway/testlog.h"

#include <string.h>

/* A piece of text without the white space around it. */
static struct slice trimmed(const char *p, const char *end)
{
	while (p < end && strchr(" \t\r\n", *p))
		p++;
	while (end > p && strchr(" \t\r\n", end[-1]))
		end--;
	return (struct slice){p, (size_t)(end - p)};
}

static bool whole_number(struct slice s, int *out)
{
	char text[12];
	long long v;
	if (!s.len || s.len >= sizeof(text))
		return false;
	memcpy(text, s.p, s.len);
	text[s.len] = '\0';
	if (!str_to_i64(text, INT32_MIN, INT32_MAX, &v))
		return false;
	*out = (int)v;
	return true;
}

static bool is_status_key(struct slice key)
{
	return slice_is(key, "statusCode") || slice_is(key, "\"statusCode\"") ||
	       slice_is(key, "'statusCode'");
}

/* A quoted name must end in its quote; no name begins an object or a list. */
static bool good_key(struct slice key)
{
	if (!key.len || *key.p == '{' || *key.p == '[')
		return false;
	return !strchr("\"'", *key.p) || (key.len > 1 && key.p[key.len - 1] == *key.p);
}

/* What is no JSON: braces around pairs parted by commas, empty ones among them. */
static bool lenient_status(struct slice all, int *out)
{
	bool found = false;
	if (all.len < 2 || all.p[0] != '{' || all.p[all.len - 1] != '}')
		return false;
	const char *end = all.p + all.len - 1;
	for (const char *p = all.p + 1; p < end;) {
		const char *comma = memchr(p, ',', (size_t)(end - p));
		const char *stop = comma ? comma : end;
		struct slice pair = trimmed(p, stop);
		const char *colon = pair.len ? memchr(pair.p, ':', pair.len) : NULL;
		p = stop + 1;
		if (!pair.len)
			continue;
		if (!colon)
			return false;
		struct slice key = trimmed(pair.p, colon);
		if (is_status_key(key))
			found = whole_number(trimmed(colon + 1, pair.p + pair.len), out);
		else if (!good_key(key))
			return false;
	}
	return found;
}

/* {"statusCode": 200} as nearly all write it: no tree is needed for that. */
static bool plain_status(struct slice all, int *out)
{
	const char *colon = all.len > 2 && *all.p == '{' ? memchr(all.p, ':', all.len) : NULL;
	return colon && all.p[all.len - 1] == '}' &&
	       slice_is(trimmed(all.p + 1, colon), "\"statusCode\"") &&
	       whole_number(trimmed(colon + 1, all.p + all.len - 1), out);
}

static bool status_of(struct arena *a, struct slice body, int *out)
{
	struct slice all = body.len ? trimmed(body.p, body.p + body.len) : (struct slice){"", 0};
	struct node *root = NULL;
	if (plain_status(all, out))
		return true;
	if (!json_read_wire(a, all, &root))
		return lenient_status(all, out);
	const struct node *n = node_get(root, "statusCode");
	return n && n->kind == NODE_NUMBER && whole_number((struct slice){n->text, n->len}, out);
}

bool integration_mock(struct integration_call *c)
{
	struct gw_exchange *x = c->x;
	if (!status_of(x->arena, c->body, &c->status)) {
		testlog_failed(x, "Execution failed due to configuration error: "
				  "Unable to parse statusCode. It should be an integer that is "
				  "defined in the request template");
		x->integration_error = "the request template gives no statusCode";
		gw_fail(x, "API_CONFIGURATION_ERROR", "Internal server error");
		return false;
	}
	c->selector = c->status == 200 ? "200" : arena_printf(x->arena, "%d", c->status);
	return true;
}
