/* proxyevent.h -- Lambda proxy integrations: the event (payload format 1.0) and the answer. */
#ifndef GATEWAY_PROXYEVENT_H
#define GATEWAY_PROXYEVENT_H

#include "base/json.h"
#include "gateway/exchange.h"

/* The whole event of a REST API, or of an HTTP API with payload format 1.0 ("version" first). */
void proxy_event(struct str *out, struct gw_exchange *x);

/* Its members, one by one, into an object that is open: authorizer events are made of them. */
void proxy_event_path(struct json_out *j, struct gw_exchange *x); /* resource, path, httpMethod */
void proxy_event_headers(struct json_out *j,
			 struct gw_exchange *x); /* headers, multiValueHeaders */
void proxy_event_query(struct json_out *j, struct gw_exchange *x);
void proxy_event_variables(struct json_out *j,
			   struct gw_exchange *x); /* pathParameters, stageVariables */
void proxy_event_context(struct json_out *j, struct gw_exchange *x);       /* requestContext */
void proxy_event_cert(struct json_out *j, const struct gw_client_cert *c); /* clientCert */
/* A map of names and values, the last one of a name wins; null when there are none. */
void proxy_event_params(struct json_out *j, const char *key, const struct gw_params *p);
/* The request's headers as an event shows them: Content-Length and Connection gone,
 * X-Forwarded-For, -Port, -Proto and X-Amzn-Trace-Id added. In the arena. */
const struct gw_headers *proxy_headers(struct gw_exchange *x);

struct proxy_answer {
	int status;
	struct gw_headers headers; /* both maps of the answer, Content-Type by default */
	struct slice body;         /* as text */
	bool base64;               /* isBase64Encoded */
	bool has_body;             /* false: body is empty because it was not there */
};
/* Read what a function answered. False: malformed, error (a literal) says how. In the arena. */
bool proxy_answer_read(struct arena *a, struct slice output, struct proxy_answer *out,
		       const char **error);

#endif
