/* gwresponse.h -- gateway responses: the error catalogue, byte by byte, and what an API customises
 * of it. */
#ifndef GATEWAY_GWRESPONSE_H
#define GATEWAY_GWRESPONSE_H

#include "gateway/exchange.h"

/* The types, "ACCESS_DENIED" first, in the order of the alphabet. Others cannot be customised. */
#define GW_RESPONSE_TYPES 21
extern const char *const gw_response_types[GW_RESPONSE_TYPES];

/* End the request with an error: x->error_type, x->error_message and x->response are filled in.
 * type is one of the above, message the text without quotes or NULL for null; both are kept, not
 * copied. Status, x-amzn-ErrorType and the spelling of the body come from the catalogue, then from
 * what the API customises (exact type, else DEFAULT_4XX or DEFAULT_5XX). The message decides where
 * one type has several statuses: see the table in gwresponse.c.
 * HTTP APIs: {"message":"..."} with apigw-requestid. WebSocket: the fields alone, no response. */
void gw_fail(struct gw_exchange *x, const char *type, const char *message);
/* The same with another built-in status: DEFAULT_5XX answers 500 or 502 by its cause. */
void gw_fail_status(struct gw_exchange *x, const char *type, int status, const char *message);
/* The plain 413 of a body over 10 MB, which comes from before API Gateway proper. */
void gw_fail_too_large(struct gw_exchange *x);
/* Built-in status of a type with a message (which may be NULL). 0: no such type. */
int gw_type_status(const char *type, const char *message);

/* "$context.x", "$stageVariables.y", "$method.request.header.Z" and "${...}" in text replaced,
 * unknown ones by nothing: what templates of gateway responses are. Not VTL. */
void gw_substitute(struct str *out, struct gw_exchange *x, const char *text);

#endif
