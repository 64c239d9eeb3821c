/* builtin.c -- functions that need nothing installed, for demos: each is a table row. They look at
 * the event to answer in the form that is asked for: an authorizer gets a policy, a proxy
 * integration a response, everything else plain JSON. */
#include "base/json.h"
#include "gateway/function.h"

#include <string.h>

static bool has(const struct node *event, const char *key)
{
	return node_get(event, key) != NULL;
}

static bool is_authorizer(const struct node *event)
{
	const char *type = node_text(event, "type");
	return type && (strcmp(type, "TOKEN") == 0 || strcmp(type, "REQUEST") == 0) &&
	       (has(event, "methodArn") || has(event, "routeArn"));
}

static bool is_proxy(const struct node *event)
{
	return has(event, "requestContext");
}

/* {"statusCode": status, "headers": {"Content-Type": type}, "body": text} */
static void proxy_answer(struct str *out, int status, const char *type, const char *text, size_t n)
{
	str_addf(out, "{\"statusCode\":%d,\"headers\":{\"Content-Type\":", status);
	json_add_string(out, type, strlen(type));
	str_add(out, "},\"body\":");
	json_add_string(out, text, n);
	str_addc(out, '}');
}

/* The policy names the whole stage, so that a cached one answers for every method. */
static void policy_answer(struct str *out, const struct node *event, bool allow)
{
	const char *arn = node_text(event, "methodArn");
	if (!arn)
		arn = node_text(event, "routeArn");
	const char *slash = strchr(arn, '/');
	slash = slash ? strchr(slash + 1, '/') : NULL;
	struct str resource = {0};
	str_addn(&resource, arn, slash ? (size_t)(slash - arn) : strlen(arn));
	str_add(&resource, "/*");
	str_addf(
		out,
		"{\"principalId\":\"user\",\"policyDocument\":{\"Version\":\"2012-10-17\","
		"\"Statement\":[{\"Action\":\"execute-api:Invoke\",\"Effect\":\"%s\",\"Resource\":",
		allow ? "Allow" : "Deny");
	json_add_string(out, str_c(&resource), resource.len);
	str_add(out, "}]},\"context\":{\"by\":\"builtin\"}}");
	str_clear(&resource);
}

static void decide(struct str *out, const struct node *event, bool allow)
{
	const char *version = node_text(event, "version");
	if (is_authorizer(event) && version && strcmp(version, "2.0") == 0)
		str_addf(out, "{\"isAuthorized\":%s,\"context\":{\"by\":\"builtin\"}}",
			 allow ? "true" : "false");
	else if (is_authorizer(event))
		policy_answer(out, event, allow);
	else
		str_addf(out, "{\"statusCode\":%d}", allow ? 200 : 403);
}

static bool run_allow(struct str *out, const struct gw_function_call *call,
		      const struct node *event)
{
	(void)call;
	decide(out, event, true);
	return true;
}

static bool run_deny(struct str *out, const struct gw_function_call *call, const struct node *event)
{
	(void)call;
	decide(out, event, false);
	return true;
}

/* The body of a proxy event comes back as it was; any other event comes back whole. */
static bool run_echo(struct str *out, const struct gw_function_call *call, const struct node *event)
{
	const struct node *body = node_get(event, "body");
	const struct node *encoded = node_get(event, "isBase64Encoded");
	const struct node *headers = node_get(event, "headers");
	if (!is_proxy(event)) {
		str_addn(out, call->payload.p, call->payload.len);
		return true;
	}
	const char *type = node_text(headers, "content-type");
	if (!type)
		type = node_text(headers, "Content-Type");
	bool text = body && body->kind == NODE_TEXT;
	bool base64 = encoded && encoded->text && strcmp(encoded->text, "true") == 0;
	proxy_answer(out, 200, type ? type : "application/json", text ? body->text : "",
		     text ? body->len : 0);
	if (base64) {
		str_truncate(out, out->len - 1);
		str_add(out, ",\"isBase64Encoded\":true}");
	}
	return true;
}

static bool run_event(struct str *out, const struct gw_function_call *call,
		      const struct node *event)
{
	if (is_proxy(event))
		proxy_answer(out, 200, "application/json", call->payload.p, call->payload.len);
	else
		str_addn(out, call->payload.p, call->payload.len);
	return true;
}

static bool run_ok(struct str *out, const struct gw_function_call *call, const struct node *event)
{
	static const char text[] = "{\"ok\":true}";
	(void)call;
	if (is_proxy(event))
		proxy_answer(out, 200, "application/json", text, sizeof(text) - 1);
	else
		str_add(out, text);
	return true;
}

static bool run_fail(struct str *out, const struct gw_function_call *call, const struct node *event)
{
	(void)call;
	(void)event;
	str_add(out, "{\"errorMessage\":\"The function failed on purpose\","
		     "\"errorType\":\"Error\",\"trace\":[]}");
	return false;
}

static bool run_unauthorized(struct str *out, const struct gw_function_call *call,
			     const struct node *event)
{
	(void)call;
	(void)event;
	str_add(out, "{\"errorMessage\":\"Unauthorized\",\"errorType\":\"Error\",\"trace\":[]}");
	return false;
}

static bool run_garbage(struct str *out, const struct gw_function_call *call,
			const struct node *event)
{
	(void)call;
	(void)event;
	str_add(out, "{\"message\":\"this is no proxy response\",\"sorry\":true}");
	return true;
}

static bool run_big(struct str *out, const struct gw_function_call *call, const struct node *event)
{
	(void)call;
	(void)event;
	str_add(out, "{\"statusCode\":200,\"body\":\"");
	for (size_t i = 0; i < ((size_t)7 << 20) / 64; i++)
		str_add(out, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	str_add(out, "\"}");
	return true;
}

const struct builtin builtins[] = {
	{"echo", "the body of the request comes back; an event that is none, whole", run_echo},
	{"event", "the event itself comes back, to be looked at", run_event},
	{"ok", "200 and {\"ok\":true}", run_ok},
	{"allow", "as an authorizer: allows the whole stage; else: 200", run_allow},
	{"deny", "as an authorizer: denies; else: 403", run_deny},
	{"unauthorized", "fails with the message Unauthorized, which makes an authorizer's 401",
	 run_unauthorized},
	{"fail", "fails with an error", run_fail},
	{"garbage", "answers JSON that is no proxy response", run_garbage},
	{"big", "answers 7 MB, more than Lambda lets through", run_big},
	{"slow", "answers 200 after 2 seconds", run_ok},
	{"hang", "never answers: it runs into its time limit", NULL},
	{"crash", "ends without an answer", NULL},
};
const size_t builtin_count = ARRAY_LEN(builtins);

const struct builtin *builtin_find(const char *name)
{
	for (size_t i = 0; i < builtin_count; i++)
		if (strcmp(builtins[i].name, name) == 0)
			return &builtins[i];
	return NULL;
}
