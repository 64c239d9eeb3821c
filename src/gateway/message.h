/* message.h -- a request and a response as the gateway sees them: bytes as they came, names in
 * their case and order, duplicates kept. Everything lives in the arena of the exchange. */
#ifndef GATEWAY_MESSAGE_H
#define GATEWAY_MESSAGE_H

#include "base/mem.h"
#include "base/str.h"

struct gw_header {
	const char *name, *value; /* value without blanks at its ends; never NULL */
};
struct gw_headers {
	struct gw_header *items;
	size_t count, cap;
};
/* Names are compared without case unless it says so. Texts are borrowed, the list is in the arena.
 */
void gw_headers_add(struct arena *a, struct gw_headers *h, const char *name, const char *value);
/* Replaces all of that name: the first keeps its place, spelled as given here. */
void gw_headers_set(struct arena *a, struct gw_headers *h, const char *name, const char *value);
void gw_headers_remove(struct gw_headers *h, const char *name);
const char *gw_headers_first(const struct gw_headers *h, const char *name); /* NULL: none */
const char *gw_headers_last(const struct gw_headers *h, const char *name);
/* From *i on, the next of that name; moves *i past it. NULL at the end. */
const char *gw_headers_next(const struct gw_headers *h, const char *name, size_t *i);
bool gw_name_eq(const char *a, const char *b); /* ASCII, without case */

/* A client certificate that mutual TLS has accepted. */
struct gw_client_cert {
	const char *pem, *subject_dn, *issuer_dn, *serial, *not_before, *not_after;
};

struct gw_request {
	const char *method; /* "GET", as sent */
	const char *target; /* as sent: path and query */
	const char *path;   /* from the first '/', percent-encoded as sent, without the query */
	const char *query;  /* raw, without '?'; NULL: there is none */
	struct gw_headers headers;
	struct slice body;     /* decoded from chunks */
	const char *source_ip; /* "127.0.0.1" */
	bool tls;
	const struct gw_client_cert *cert; /* NULL: none */
};

struct gw_response {
	int status;
	struct gw_headers
		headers; /* without Date, Connection, Content-Length: the server adds them */
	struct slice body;
	bool plain; /* answered before API Gateway proper: no apigw headers are added (413) */
};

/* Parameters of a query string or a form of name=value pairs, decoded as API Gateway does: percent
 * escapes, '+' as a space. Order and duplicates kept. At most MAX_GW_PARAMS. */
struct gw_param {
	const char *name, *value;
};
struct gw_params {
	struct gw_param *items;
	size_t count, cap;
};
#define MAX_GW_PARAMS 1000
void gw_params_add(struct arena *a, struct gw_params *p, const char *name, const char *value);
void gw_query_parse(struct arena *a, const char *query, struct gw_params *out);
const char *gw_params_first(const struct gw_params *p,
			    const char *name); /* with case; NULL: none */
const char *gw_params_last(const struct gw_params *p, const char *name);
/* Percent-encode all but unreserved characters (RFC 3986); keep: further characters left alone. */
void gw_percent_encode(struct str *out, const char *text, size_t n, const char *keep);
char *gw_percent_decode(struct arena *a, const char *text, size_t n, bool plus_is_space);

#endif
