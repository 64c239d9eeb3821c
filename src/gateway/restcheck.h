/* restcheck.h -- the first stages of the REST pipeline: sizes, stage, canary, route. Each leaves
 * its row in the trace; false: the exchange has failed. */
#ifndef GATEWAY_RESTCHECK_H
#define GATEWAY_RESTCHECK_H

#include "gateway/exchange.h"

/* Limits of the service, in bytes. */
#define MAX_REST_HEADERS 10240
#define MAX_REST_PRIVATE_HEADERS 8000
#define MAX_REST_URL 10240
#define MAX_REST_EDGE_URL 8192 /* and private */
#define MAX_REST_ARN 1600
#define MAX_REST_BODY ((size_t)10 << 20)

bool rest_check_size(struct gw_exchange *x);
bool rest_check_stage(struct gw_exchange *x); /* and the default endpoint that may be off */
/* A canary takes its share of the requests by chance. canary: the API as it is deployed there,
 * NULL: the same. x->api, x->variables and x->canary are set. */
void rest_draw_canary(struct gw_exchange *x, const struct gw_api *canary);
bool rest_route(struct gw_exchange *x); /* X-HTTP-Method-Override counts */
/* Leave behind the headers that are the connection's own business or the service's: what templates,
 * mappings, functions and backends never see. For after the signature was checked. */
void rest_drop_headers(struct gw_exchange *x);
/* The body as it was before Content-Encoding, where the API compresses. */
bool rest_decompress(struct gw_exchange *x);

#endif
