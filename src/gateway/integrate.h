/* integrate.h -- integrations: what is sent to the backend, and what becomes of its answer. The
 * steps are apart, so that HTTP and WebSocket APIs use those they share with REST. */
#ifndef GATEWAY_INTEGRATE_H
#define GATEWAY_INTEGRATE_H

#include "gateway/exchange.h"

/* Limits of the service. */
#define MAX_BACKEND_BYTES ((size_t)10 << 20) /* of an answer */
#define MAX_TEMPLATE_OUTPUT ((size_t)10 << 20)

typedef void gw_next(struct gw_exchange *x, void *arg);

/* REST: mapping, template, call, selection, mapping, template. x->response is the method response
 * without the headers of rest.h, or the gateway response of what went wrong. done comes once,
 * perhaps before this returns. */
void integrate(struct gw_exchange *x, const struct gw_integration *i, gw_next *done, void *arg);

/* One call on its way: filled in by the steps below, in the arena of the exchange. */
struct integration_call {
	struct gw_exchange *x;
	const struct gw_integration *i;
	/* the client's side; set by integration_begin from the request, WebSocket sets in */
	struct slice in;
	bool in_binary;
	const char *content_type; /* without parameters; picks the template */
	const char *template_key; /* WebSocket: what template_selection gave; NULL: content_type */
	/* the integration request */
	const char *method, *url;
	struct gw_headers headers;
	struct gw_params query, path;
	struct slice body;
	bool has_template; /* body comes from one */
	bool async;        /* X-Amz-Invocation-Type: Event */
	/* the backend's answer */
	int status;
	struct gw_headers got;
	struct slice payload;
	const char *selector; /* what selection patterns are matched with: "404", errorMessage */
	gw_next *done;
	void *arg;
};

/* A call for an integration, of a request or of x->message. */
struct integration_call *integration_begin(struct gw_exchange *x, const struct gw_integration *i);
/* Mapping, choice of template, conversion, template and overrides; method and URL too. False: the
 * exchange has failed. */
bool integration_request(struct integration_call *c);
/* Make the call: HTTP, function or none (MOCK). x->integration_* are set. next comes once with
 * c->status and c->payload, or the exchange has failed (x->error_type). */
void integration_send(struct integration_call *c, gw_next *next, void *arg);
/* The response that fits c->selector: the first whose pattern matches whole, else the default.
 * NULL: none. */
const struct gw_integration_response *integration_select(const struct gw_integration *i,
							 const char *selector);

/* The template for a content type: exact, then "$default"; NULL: none. */
const struct gw_template *integration_template(const struct gw_template *t, size_t n,
					       const char *type);

/* URI with {name} from path (percent-encoded as needed) and ${stageVariables.x} filled in; of a
 * private integration the address of its target group. False: what is left is no http URL. */
bool integration_url(struct gw_exchange *x, const struct gw_integration *i,
		     const struct gw_params *path, struct str *out);

/* A function by the name a definition gives: stage variables filled in, ":alias" cut off into
 * *qualifier (NULL: none). NULL: there is no such function. */
const struct gw_function *integration_function(struct gw_exchange *x, const char *name,
					       const char **qualifier);
/* Call a function by that name. No such function: done gets GW_CALL_DENIED. */
struct function_ask {
	const char *name;
	struct slice payload;
	int64_t timeout_ms;
	bool async, stream;
};
void integration_invoke(struct gw_exchange *x, const struct function_ask *ask, gw_done *done,
			void *arg);

/* Does a media type match one of binaryMediaTypes: exactly, or by a star for its second half or for
 * both? Of an Accept header the first type counts, parameters do not. NULL is no match. */
bool gw_is_binary(const struct gw_api *api, const char *type);
/* First media type of a header without parameters, in the arena; NULL gives NULL. */
const char *gw_media_type(struct arena *a, const char *header);

#endif
