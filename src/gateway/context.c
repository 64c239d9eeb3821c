/* context.c -- $context: one table of names, of who knows them and of how they are found. Nothing
 * is computed before it is asked for. Access logs, templates, parameter mappings and gateway
 * responses all read this table. */
#include "gateway/exchange.h"

#include "base/json.h"
#include "base/tree.h"

#include <string.h>

enum {
	R = 1 << GW_REST,
	H = 1 << GW_HTTP,
	W = 1 << GW_WEBSOCKET,
	T = 8,  /* templates list it among the keys of $context or $context.identity */
	N = 16, /* a number in templates */
};
struct context_row {
	const char *name;
	int known;
	const char *(*get)(struct gw_exchange *x);
};

static const char *number(struct gw_exchange *x, long long v)
{
	return arena_printf(x->arena, "%lld", v);
}

#define FIELD(name, expression)                        \
	static const char *name(struct gw_exchange *x) \
	{                                              \
		return (expression);                   \
	}

FIELD(get_account, x->gateway->account)
FIELD(get_api, x->api ? x->api->id : NULL)
FIELD(get_backend_request, x->backend_request_id)
FIELD(get_base_path, x->base_path)
FIELD(get_deployment, x->api ? x->api->deployment : NULL)
FIELD(get_domain, x->domain)
FIELD(get_domain_prefix, x->domain_prefix)
FIELD(get_error, x->error_message)
FIELD(get_error_type, x->error_type)
FIELD(get_extended, x->extended_id)
FIELD(get_method, x->request ? x->request->method : NULL)
FIELD(get_access_key, x->identity.access_key)
FIELD(get_identity_account, x->identity.account)
FIELD(get_api_key, x->identity.api_key)
FIELD(get_api_key_id, x->identity.api_key_id)
FIELD(get_caller, x->identity.caller)
FIELD(get_org, x->identity.principal_org)
FIELD(get_source_ip, x->request ? x->request->source_ip : NULL)
FIELD(get_user, x->identity.user)
FIELD(get_user_agent, x->identity.user_agent)
FIELD(get_user_arn, x->identity.user_arn)
FIELD(get_vpc, x->identity.vpc)
FIELD(get_vpce, x->identity.vpce)
FIELD(get_pem, x->request && x->request->cert ? x->request->cert->pem : NULL)
FIELD(get_subject, x->request && x->request->cert ? x->request->cert->subject_dn : NULL)
FIELD(get_issuer, x->request && x->request->cert ? x->request->cert->issuer_dn : NULL)
FIELD(get_serial, x->request && x->request->cert ? x->request->cert->serial : NULL)
FIELD(get_not_before, x->request && x->request->cert ? x->request->cert->not_before : NULL)
FIELD(get_not_after, x->request && x->request->cert ? x->request->cert->not_after : NULL)
FIELD(get_integration_error, x->integration_error)
FIELD(get_canary, x->canary_set ? (x->canary ? "true" : "false") : NULL)
FIELD(get_path, x->full_path)
FIELD(get_protocol, x ? "HTTP/1.1" : NULL)
FIELD(get_request, x->request_id)
FIELD(get_time, gw_clf_time(x->arena, x->began_ms))
FIELD(get_epoch, number(x, x->began_ms))
FIELD(get_resource, x->resource ? x->resource->id : NULL)
FIELD(get_resource_path, x->resource ? x->resource->path : NULL)
FIELD(get_latency, number(x, x->response_us / 1000))
FIELD(get_length, number(x, (long long)(x->response.body.len + x->streamed_bytes)))
FIELD(get_route, x->route_key)
FIELD(get_connected, x->connected_ms ? number(x, x->connected_ms) : NULL)
FIELD(get_connection, x->connection_id)
FIELD(get_event, x->event_type)
FIELD(get_message, x->message_id)
FIELD(get_stage, x->stage ? x->stage->name : NULL)
FIELD(get_status, x->response.status ? number(x, x->response.status) : NULL)
FIELD(get_principal, x->principal)
FIELD(get_authorizer_error, x->authorizer_error)
/* A message knows how long the handshake's authorizer took, and asked none. */
FIELD(get_authorizer_ms, x->authorizer_us >= 0 && x->trace.kind != GW_TRACE_MESSAGE &&
					 x->trace.kind != GW_TRACE_DISCONNECT
				 ? number(x, x->authorizer_us / 1000)
				 : NULL)
FIELD(get_authorizer_status, x->authorizer_status ? number(x, x->authorizer_status) : NULL)
FIELD(get_validation, x->validation_error)
FIELD(get_integration_ms, x->integration_us >= 0 ? number(x, x->integration_us / 1000) : NULL)
FIELD(get_integration_status, x->integration_status ? number(x, x->integration_status) : NULL)
FIELD(get_acl, x->stage && x->stage->web_acl
		       ? arena_printf(x->arena, "arn:aws:wafv2:%s:%s:regional/webacl/%s",
				      x->gateway->region, x->gateway->account, x->stage->web_acl)
		       : NULL)
FIELD(get_trace, gw_trace_id(x))

/* What the caller's code answered; without a proxy the status of the call. */
static const char *get_backend_status(struct gw_exchange *x)
{
	int status = x->backend_status ? x->backend_status : x->integration_status;
	return status ? number(x, status) : NULL;
}

static const char *get_error_string(struct gw_exchange *x)
{
	if (!x->error_type)
		return NULL;
	if (!x->error_message)
		return "null";
	struct str out = {0};
	json_add_string(&out, x->error_message, strlen(x->error_message));
	char *text = arena_strndup(x->arena, out.p, out.len);
	str_clear(&out);
	return text;
}

static const char *get_endpoint(struct gw_exchange *x)
{
	static const char *const names[] = {
		[GW_REGIONAL] = "REGIONAL", [GW_EDGE] = "EDGE", [GW_PRIVATE] = "PRIVATE"};
	return x->api ? names[x->api->endpoint] : NULL;
}

static const char *get_none(struct gw_exchange *x)
{
	(void)x;
	return NULL;
}

/* In the order of the alphabet: it is searched by halves. */
static const struct context_row rows[] = {
	{"accountId", R | H | T, get_account},
	{"apiId", R | H | W | T, get_api},
	{"authenticate.error", R | W, get_none},
	{"authenticate.latency", R | W, get_none},
	{"authenticate.status", R | W, get_none},
	{"authorize.error", R | W, get_none},
	{"authorize.latency", R | W, get_none},
	{"authorize.status", R | W, get_none},
	{"authorizer.error", R | H | W, get_authorizer_error},
	{"authorizer.integrationLatency", R | W, get_authorizer_ms},
	{"authorizer.integrationStatus", R | W, get_authorizer_status},
	{"authorizer.latency", R | W, get_authorizer_ms},
	{"authorizer.principalId", R | H | W, get_principal},
	{"authorizer.requestId", R | W, get_none},
	{"authorizer.status", R | W, get_authorizer_status},
	{"awsEndpointRequestId", R | H, get_backend_request},
	{"awsEndpointRequestId2", H, get_none},
	{"connectedAt", W | T | N, get_connected},
	{"connectionId", W | T, get_connection},
	{"customDomain.basePathMatched", R | H, get_base_path},
	{"dataProcessed", H, get_length},
	{"deploymentId", R | T, get_deployment},
	{"domainName", R | H | W | T, get_domain},
	{"domainPrefix", R | H | T, get_domain_prefix},
	{"endpointType", R, get_endpoint},
	{"error.message", R | H | W, get_error},
	{"error.messageString", R | H | W, get_error_string},
	{"error.responseType", R | H | W, get_error_type},
	{"error.validationErrorString", R | W, get_validation},
	{"eventType", W | T, get_event},
	{"extendedRequestId", R | H | W | T, get_extended},
	{"httpMethod", R | H | T, get_method},
	{"identity.accessKey", R | T, get_access_key},
	{"identity.accountId", R | H | T, get_identity_account},
	{"identity.apiKey", R | W, get_api_key},
	{"identity.apiKeyId", R | W, get_api_key_id},
	{"identity.caller", R | H | T, get_caller},
	{"identity.clientCert.clientCertPem", R | H, get_pem},
	{"identity.clientCert.issuerDN", R | H, get_issuer},
	{"identity.clientCert.serialNumber", R | H, get_serial},
	{"identity.clientCert.subjectDN", R | H, get_subject},
	{"identity.clientCert.validity.notAfter", R | H, get_not_after},
	{"identity.clientCert.validity.notBefore", R | H, get_not_before},
	{"identity.cognitoAuthenticationProvider", R | H | T, get_none},
	{"identity.cognitoAuthenticationType", R | H | T, get_none},
	{"identity.cognitoIdentityId", R | H | T, get_none},
	{"identity.cognitoIdentityPoolId", R | H | T, get_none},
	{"identity.principalOrgId", R | H | T, get_org},
	{"identity.sourceIp", R | H | W | T, get_source_ip},
	{"identity.user", R | H | T, get_user},
	{"identity.userAgent", R | H | W | T, get_user_agent},
	{"identity.userArn", R | H | T, get_user_arn},
	{"identity.vpcId", R, get_vpc},
	{"identity.vpceId", R, get_vpce},
	{"integration.error", R | H | W, get_integration_error},
	{"integration.integrationStatus", R | H | W, get_integration_status},
	{"integration.latency", R | H | W, get_integration_ms},
	{"integration.requestId", R | H | W, get_backend_request},
	{"integration.status", R | H | W, get_backend_status},
	{"integrationErrorMessage", R | H, get_integration_error},
	{"integrationLatency", R | H | W, get_integration_ms},
	{"integrationStatus", R | H, get_integration_status},
	{"isCanaryRequest", R, get_canary},
	{"messageId", W | T, get_message},
	{"path", R | H | T, get_path},
	{"protocol", R | H | T, get_protocol},
	{"requestId", R | H | W | T, get_request},
	{"requestTime", R | H | W | T, get_time},
	{"requestTimeEpoch", R | H | W | T | N, get_epoch},
	{"resourceId", R | T, get_resource},
	{"resourcePath", R | T, get_resource_path},
	{"responseLatency", R | H, get_latency},
	{"responseLength", R | H, get_length},
	{"routeKey", H | W | T, get_route},
	{"stage", R | H | W | T, get_stage},
	{"status", R | H | W, get_status},
	{"waf.error", R | W, get_none},
	{"waf.latency", R | W, get_none},
	{"waf.status", R | W, get_none},
	{"wafResponseCode", R, get_none},
	{"webaclArn", R, get_acl},
	{"xrayTraceId", R, get_trace},
};

static const struct context_row *row_find(struct gw_exchange *x, const char *name)
{
	size_t low = 0;
	size_t high = ARRAY_LEN(rows);
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = strcmp(name, rows[mid].name);
		if (order == 0)
			return x->api && !(rows[mid].known & 1 << x->api->type) ? NULL : &rows[mid];
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

static const char *node_as_text(struct arena *a, const struct node *n)
{
	if (!n || n->kind == NODE_NULL)
		return NULL;
	if (n->kind != NODE_LIST && n->kind != NODE_MAP)
		return n->text;
	struct str out = {0};
	json_write(&out, n);
	char *text = arena_strndup(a, out.p, out.len);
	str_clear(&out);
	return text;
}

/* A member by a path with dots below a map: "a.b" is first looked for as one key. */
static const struct node *dotted(struct arena *a, const struct node *map, const char *name)
{
	while (map && map->kind == NODE_MAP) {
		const struct node *whole = node_get(map, name);
		const char *dot = strchr(name, '.');
		if (whole || !dot)
			return whole;
		map = node_get(map, arena_strndup(a, name, (size_t)(dot - name)));
		name = dot + 1;
	}
	return NULL;
}

const char *gw_context_text(struct gw_exchange *x, const char *name)
{
	const struct context_row *row = row_find(x, name);
	if (row)
		return row->get(x);
	const struct node *found = NULL;
	if (str_starts(name, "authorizer.claims."))
		found = dotted(x->arena, x->claims, name + strlen("authorizer.claims."));
	else if (str_starts(name, "authorizer.lambda.") && x->api && x->api->type == GW_HTTP)
		found = dotted(x->arena, x->authorizer, name + strlen("authorizer.lambda."));
	else if (str_starts(name, "authorizer."))
		found = dotted(x->arena, x->authorizer, name + strlen("authorizer."));
	else if (str_starts(name, "requestOverride."))
		found = dotted(x->arena, x->request_override, name + strlen("requestOverride."));
	else if (str_starts(name, "responseOverride."))
		found = dotted(x->arena, x->response_override, name + strlen("responseOverride."));
	return node_as_text(x->arena, found);
}

static struct node *text_or_null(struct arena *a, const char *text)
{
	return text ? node_new_text(a, text) : node_new(a, NODE_NULL);
}

static struct node *row_node(struct gw_exchange *x, const struct context_row *row)
{
	struct node *n = text_or_null(x->arena, row->get(x));
	if (n->kind == NODE_TEXT && (row->known & N))
		n->kind = NODE_NUMBER;
	return n;
}

/* The certificate of mutual TLS, as identity.clientCert holds it. */
static struct node *cert_node(struct gw_exchange *x)
{
	static const char *const names[] = {"clientCertPem", "issuerDN", "serialNumber",
					    "subjectDN"};
	struct node *map = node_new(x->arena, NODE_MAP);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		node_set(x->arena, map, names[i],
			 text_or_null(
				 x->arena,
				 gw_context_text(x, arena_printf(x->arena, "identity.clientCert.%s",
								 names[i]))));
	struct node *validity = node_new(x->arena, NODE_MAP);
	node_set(x->arena, validity, "notBefore", text_or_null(x->arena, get_not_before(x)));
	node_set(x->arena, validity, "notAfter", text_or_null(x->arena, get_not_after(x)));
	node_set(x->arena, map, "validity", validity);
	return map;
}

/* Names that stand below prefix, "" for the top: those that templates list, and others that are
 * known to this exchange. */
static struct node *group_node(struct gw_exchange *x, const char *prefix)
{
	struct node *map = node_new(x->arena, NODE_MAP);
	size_t n = strlen(prefix);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct context_row *row = &rows[i];
		const char *rest = row->name + n;
		if (strncmp(row->name, prefix, n) != 0 || strchr(rest, '.') ||
		    (x->api && !(row->known & 1 << x->api->type)))
			continue;
		bool listed = (row->known & T) != 0 || row->get == get_canary ||
			      row->get == get_acl || (n && row->known & (R | W));
		if (!listed || (!(row->known & T) && !row->get(x)))
			continue;
		node_set(x->arena, map, rest, row_node(x, row));
	}
	return map;
}

static struct node *authorizer_node(struct gw_exchange *x)
{
	if (!x->principal && !x->authorizer && !x->claims)
		return NULL;
	struct node *map = node_new(x->arena, NODE_MAP);
	const struct node *m =
		x->authorizer && x->authorizer->kind == NODE_MAP ? x->authorizer->child : NULL;
	for (; m; m = m->next) {
		struct node *copy = arena_alloc(x->arena, sizeof(*copy));
		*copy = *m;
		copy->next = NULL;
		node_set(x->arena, map, m->key->text, copy);
	}
	if (x->claims) {
		struct node *claims = arena_alloc(x->arena, sizeof(*claims));
		*claims = *x->claims;
		claims->next = NULL;
		node_set(x->arena, map, "claims", claims);
	}
	if (x->principal)
		node_set(x->arena, map, "principalId", node_new_text(x->arena, x->principal));
	if (x->authorizer_us >= 0 && x->principal)
		node_set(x->arena, map, "integrationLatency",
			 node_new_text(x->arena, get_authorizer_ms(x)));
	return map;
}

/* An override map with its empty members, once for the exchange. */
static struct node *override_node(struct gw_exchange *x, struct node **kept,
				  const char *const *members, size_t count)
{
	if (!*kept)
		*kept = node_new(x->arena, NODE_MAP);
	for (size_t i = 0; i < count; i++)
		if (!node_get(*kept, members[i]))
			node_set(x->arena, *kept, members[i], node_new(x->arena, NODE_MAP));
	return *kept;
}

static struct node *request_override(struct gw_exchange *x)
{
	static const char *const members[] = {"header", "path", "querystring"};
	return override_node(x, &x->request_override, members, ARRAY_LEN(members));
}

static struct node *response_override(struct gw_exchange *x)
{
	static const char *const members[] = {"header"};
	return override_node(x, &x->response_override, members, ARRAY_LEN(members));
}

static struct node *identity_node(struct gw_exchange *x)
{
	struct node *map = group_node(x, "identity.");
	if (x->request && x->request->cert)
		node_set(x->arena, map, "clientCert", cert_node(x));
	return map;
}

static struct node *all_node(struct gw_exchange *x)
{
	struct node *map = group_node(x, "");
	node_set(x->arena, map, "identity", identity_node(x));
	struct node *authorizer = authorizer_node(x);
	if (authorizer)
		node_set(x->arena, map, "authorizer", authorizer);
	if (x->error_type)
		node_set(x->arena, map, "error", group_node(x, "error."));
	if (x->api && x->api->type == GW_REST) {
		/* the exchange's own maps: taken out of any map made before */
		request_override(x)->next = response_override(x)->next = NULL;
		node_set(x->arena, map, "requestOverride", x->request_override);
		node_set(x->arena, map, "responseOverride", x->response_override);
	}
	return map;
}

struct node *gw_context_node(struct gw_exchange *x, const char *name)
{
	static const struct {
		const char *name;
		struct node *(*get)(struct gw_exchange *x);
	} maps[] = {
		{"", all_node},
		{"authorizer", authorizer_node},
		{"identity", identity_node},
		{"requestOverride", request_override},
		{"responseOverride", response_override},
	};
	for (size_t i = 0; i < ARRAY_LEN(maps); i++)
		if (strcmp(name, maps[i].name) == 0)
			return maps[i].get(x);
	if (strcmp(name, "error") == 0)
		return x->error_type ? group_node(x, "error.") : NULL;
	if (strcmp(name, "identity.clientCert") == 0)
		return x->request && x->request->cert ? cert_node(x) : NULL;
	const struct context_row *row = row_find(x, name);
	if (row)
		return row->get(x) ? row_node(x, row) : NULL;
	const char *text = gw_context_text(x, name);
	return text ? node_new_text(x->arena, text) : NULL;
}

void gw_access_log(struct str *out, struct gw_exchange *x, const char *format)
{
	static const char open[] = "$context.";
	for (const char *at; (at = strstr(format, open));) {
		str_addn(out, format, (size_t)(at - format));
		const char *name = at + sizeof(open) - 1;
		size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789_-.");
		while (n && (name[n - 1] == '.' || name[n - 1] == '-'))
			n--; /* the end of a sentence, a separator */
		const char *value = gw_context_text(x, arena_strndup(x->arena, name, n));
		str_add(out, value && *value ? value : "-");
		format = name + n;
	}
	str_add(out, format);
}
