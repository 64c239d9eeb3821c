/* gwresponse.c -- see gwresponse.h. Two spellings of the body are recorded: errors from before the
 * execution of a method have no blank behind the colon, errors of the execution have one. Both are
 * columns of the catalogue. What comes back when an API has its own template is that template, even
 * where it says the same. */
#include "gateway/gwresponse.h"

#include "base/json.h"
#include "gateway/integrate.h"
#include "gateway/mapping.h"

#include <string.h>

enum spelling { PLAIN, BLANK, CAPITAL };
/* The first row that fits type and start of the message counts. */
struct error_row {
	const char *type, *starts; /* starts NULL: any message */
	const char *exception;     /* x-amzn-ErrorType; NULL: none */
	int status;
	enum spelling spelling;
};
static const struct error_row rows[] = {
	{"ACCESS_DENIED", "The security token", "UnrecognizedClientException", 403, PLAIN},
	{"ACCESS_DENIED", NULL, "AccessDeniedException", 403, CAPITAL},
	{"API_CONFIGURATION_ERROR", NULL, "InternalServerErrorException", 500, BLANK},
	{"AUTHORIZER_CONFIGURATION_ERROR", NULL, "AuthorizerConfigurationException", 500, PLAIN},
	{"AUTHORIZER_FAILURE", NULL, "AuthorizerFailureException", 500, PLAIN},
	{"BAD_REQUEST_BODY", NULL, "BadRequestException", 400, BLANK},
	{"BAD_REQUEST_PARAMETERS", NULL, "BadRequestException", 400, BLANK},
	{"DEFAULT_4XX", "'", "IncompleteSignatureException", 403, PLAIN},
	{"DEFAULT_4XX", "Authorization header", "IncompleteSignatureException", 403, PLAIN},
	{"DEFAULT_4XX", "Request URI too long", NULL, 414, PLAIN},
	{"DEFAULT_4XX", "Request Header Fields Too Large", NULL, 431, PLAIN},
	{"DEFAULT_4XX", "Forbidden", "ForbiddenException", 403, PLAIN},
	{"DEFAULT_4XX", NULL, "BadRequestException", 400, BLANK},
	{"DEFAULT_5XX", NULL, "InternalServerErrorException", 500, BLANK},
	{"EXPIRED_TOKEN", "Signature expired", "InvalidSignatureException", 403, PLAIN},
	{"EXPIRED_TOKEN", NULL, "ExpiredTokenException", 403, PLAIN},
	{"INTEGRATION_FAILURE", NULL, "InternalServerErrorException", 504, BLANK},
	{"INTEGRATION_TIMEOUT", NULL, "InternalServerErrorException", 504, BLANK},
	{"INVALID_API_KEY", NULL, "ForbiddenException", 403, PLAIN},
	{"INVALID_SIGNATURE", NULL, "InvalidSignatureException", 403, PLAIN},
	{"MISSING_AUTHENTICATION_TOKEN", NULL, "MissingAuthenticationTokenException", 403, PLAIN},
	{"QUOTA_EXCEEDED", NULL, "LimitExceededException", 429, PLAIN},
	{"REQUEST_TOO_LARGE", NULL, "BadRequestException", 413, BLANK},
	{"RESOURCE_NOT_FOUND", NULL, "NotFoundException", 404, PLAIN},
	{"THROTTLED", NULL, "TooManyRequestsException", 429, PLAIN},
	{"UNAUTHORIZED", NULL, "UnauthorizedException", 401, PLAIN},
	{"UNSUPPORTED_MEDIA_TYPE", NULL, "BadRequestException", 415, BLANK},
	{"WAF_FILTERED", NULL, "ForbiddenException", 403, PLAIN},
};

static const struct error_row *row_of(const char *type, const char *message)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].type, type) == 0 &&
		    (!rows[i].starts || (message && str_starts(message, rows[i].starts))))
			return &rows[i];
	return NULL;
}

int gw_type_status(const char *type, const char *message)
{
	const struct error_row *row = row_of(type, message);
	return row ? row->status : 0;
}

/* ---- templates ---- */

static const char *variable(struct gw_exchange *x, const char *name)
{
	struct mapping_source none = {.body = x->request ? x->request->body : (struct slice){0}};
	struct mapping_values v;
	if (!x->request && str_starts(name, "method."))
		return NULL;
	return mapping_eval(x, &none, name, &v) == MAPPING_DONE ? v.items[0] : NULL;
}

void gw_substitute(struct str *out, struct gw_exchange *x, const char *text)
{
	static const char *const known[] = {"context.", "stageVariables.", "method.request."};
	while (*text) {
		size_t plain = strcspn(text, "$");
		str_addn(out, text, plain);
		text += plain;
		if (!*text)
			return;
		bool braces = text[1] == '{';
		const char *name = text + 1 + braces;
		size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789_-.");
		while (n && (name[n - 1] == '.' || (!braces && name[n - 1] == '-')))
			n--;
		bool is_known = false;
		for (size_t i = 0; i < ARRAY_LEN(known); i++)
			is_known |= strncmp(name, known[i], strlen(known[i])) == 0;
		if (!is_known || (braces && name[n] != '}')) {
			str_addc(out, '$');
			text++;
			continue;
		}
		const char *value = variable(x, arena_strndup(x->arena, name, n));
		str_add(out, value ? value : "");
		text = name + n + braces;
	}
}

static const struct gw_template *template_of(struct gw_exchange *x,
					     const struct gw_gateway_response *r)
{
	const char *accept = x->request ? gw_headers_first(&x->request->headers, "Accept") : NULL;
	const char *types[] = {accept ? gw_media_type(x->arena, accept) : NULL, "application/json"};
	for (size_t t = 0; t < ARRAY_LEN(types); t++)
		for (size_t i = 0; types[t] && i < r->template_count; i++)
			if (gw_name_eq(r->templates[i].type, types[t]))
				return &r->templates[i];
	return r->template_count ? &r->templates[0] : NULL;
}

static const struct gw_gateway_response *customised(const struct gw_api *api, const char *type)
{
	for (size_t i = 0; api && i < api->response_count; i++)
		if (strcmp(api->responses[i].type, type) == 0)
			return &api->responses[i];
	return NULL;
}

static struct slice built_in_body(struct gw_exchange *x, enum spelling spelling)
{
	struct str out = {0};
	str_add(&out, spelling == CAPITAL ? "{\"Message\":" : "{\"message\":");
	if (spelling == BLANK)
		str_addc(&out, ' ');
	if (x->error_message)
		json_add_string(&out, x->error_message, strlen(x->error_message));
	else
		str_add(&out, "null");
	str_addc(&out, '}');
	return gw_keep(x->arena, &out);
}

static void add_headers(struct gw_exchange *x, const struct gw_gateway_response *r)
{
	struct mapping_source source = {.body = x->request->body};
	for (size_t i = 0; i < r->param_count; i++) {
		struct mapping_values v;
		const char *name;
		if (mapping_target(r->params[i].to, &name) == MAPPING_HEADER &&
		    mapping_eval(x, &source, r->params[i].from, &v) == MAPPING_DONE &&
		    !strpbrk(v.items[0], "\r\n"))
			gw_headers_set(x->arena, &x->response.headers, name, v.items[0]);
	}
}

static void fail_rest(struct gw_exchange *x, const struct error_row *row, int status)
{
	const struct gw_gateway_response *r = customised(x->api, x->error_type);
	if (!r)
		r = customised(x->api, status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
	const struct gw_template *t = r ? template_of(x, r) : NULL;
	x->response.status = r && r->status ? r->status : status;
	gw_headers_add(x->arena, &x->response.headers, "Content-Type",
		       t ? t->type : "application/json");
	if (row->exception)
		gw_headers_add(x->arena, &x->response.headers, "x-amzn-ErrorType", row->exception);
	if (r)
		add_headers(x, r);
	if (!t) {
		x->response.body = built_in_body(x, row->spelling);
		return;
	}
	struct str out = {0};
	gw_substitute(&out, x, t->text);
	x->response.body = gw_keep(x->arena, &out);
}

void gw_fail_status(struct gw_exchange *x, const char *type, int status, const char *message)
{
	static const struct error_row unknown = {"DEFAULT_5XX", NULL,
						 "InternalServerErrorException", 500, BLANK};
	const struct error_row *row = row_of(type, message);
	x->error_type = x->trace.error = type;
	x->error_message = message;
	x->response = (struct gw_response){.status = status};
	if (!x->api || x->api->type == GW_REST) {
		fail_rest(x, row ? row : &unknown, status);
	} else if (x->api->type == GW_HTTP) {
		gw_headers_add(x->arena, &x->response.headers, "Content-Type", "application/json");
		x->response.body = built_in_body(x, PLAIN);
	}
}

void gw_fail(struct gw_exchange *x, const char *type, const char *message)
{
	int status = gw_type_status(type, message);
	gw_fail_status(x, type, status ? status : 500, message);
}

void gw_fail_too_large(struct gw_exchange *x)
{
	static const char body[] = "HTTP content length exceeded 10485760 bytes.";
	x->error_type = x->trace.error = "REQUEST_TOO_LARGE";
	x->error_message = "Request Too Long";
	x->response = (struct gw_response){
		.status = 413, .plain = true, .body = {body, sizeof(body) - 1}};
	gw_headers_add(x->arena, &x->response.headers, "Content-Type", "text; charset=utf-8");
}
