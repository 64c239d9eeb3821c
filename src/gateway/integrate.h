/* integrate.h -- integrations: what is sent to the backend, and what becomes of its answer. The
 * steps are apart, so that HTTP and WebSocket APIs use those they share with REST. */
#ifndef GATEWAY_INTEGRATE_H
#define GATEWAY_INTEGRATE_H

#include "gateway/content.h"

/* Limits of the service. */
#define MAX_BACKEND_BYTES ((size_t)10 << 20) /* of an answer */

typedef void gw_next(struct gw_exchange *x, void *arg);

/* REST: mapping, template, call, selection, mapping, template. x->response is the method response
 * without the headers of rest.h, or the gateway response of what went wrong. done comes once,
 * perhaps before this returns. */
void integrate(struct gw_exchange *x, const struct gw_integration *i, gw_next *done, void *arg);

/* One call on its way: filled in by the steps below, in the arena of the exchange. */
struct integration_call {
	struct gw_exchange *x;
	const struct gw_integration *i;
	/* the client's side; set by integration_begin from the request or the message */
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
	/* private */
	gw_next *next;
	void *next_arg;
	gw_next *done;
	void *done_arg;
};

/* A call for an integration: of x->request, or of x->message on a WebSocket API. */
struct integration_call *integration_begin(struct gw_exchange *x, const struct gw_integration *i);
/* Mapping, choice of template, conversion, template and overrides; method and URL too. False: the
 * exchange has failed. A Lambda proxy gets no body here: c->body is the caller's to set. */
bool integration_request(struct integration_call *c);
/* A MOCK's status from its rendered template: c->status, c->selector. False: it has failed. */
bool integration_mock(struct integration_call *c);
/* Make the call: HTTP, function or none (MOCK). x->integration_* are set. next comes once: with
 * c->status, c->got, c->payload and c->selector, or the exchange has failed (x->error_type). */
void integration_send(struct integration_call *c, gw_next *next, void *arg);
/* The response that fits c->selector: of those whose pattern matches whole that with the lowest
 * status, else the default. NULL: none. */
const struct gw_integration_response *integration_select(const struct gw_integration *i,
							 const char *selector);
/* REST, not a proxy: make x->response of the answer. The exchange may fail. */
void integration_response(struct integration_call *c);
/* REST, HTTP_PROXY and AWS_PROXY: the same. */
void integration_proxy_response(struct integration_call *c);

/* The template for a content type (or key): exact, then "$default"; NULL: none. */
const struct gw_template *integration_template(const struct gw_template *t, size_t n,
					       const char *type);
/* Render a template over a body. False: the exchange has failed. */
bool integration_render(struct gw_exchange *x, const struct gw_template *t, struct slice body,
			struct slice *out);

/* URI with {name} from path and ${stageVariables.x} filled in; of a private integration the address
 * of its target group. In the arena; NULL: what is left is no http URL. */
const char *integration_url(struct gw_exchange *x, const struct gw_integration *i,
			    const struct gw_params *path);

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

/* What a header of an answer is called on its way to the client: its own name, one with
 * x-amzn-Remapped- before it, or NULL when it is dropped. */
const char *integration_remap(struct arena *a, enum gw_integration_type type, const char *name);

#endif
