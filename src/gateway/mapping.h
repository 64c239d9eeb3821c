/* mapping.h -- parameter mapping: method.request.*, integration.response.*, context.*,
 * stageVariables.* and 'static' values of REST and WebSocket APIs (route.request.* there), and
 * parts of JSON bodies. */
#ifndef GATEWAY_MAPPING_H
#define GATEWAY_MAPPING_H

#include "gateway/exchange.h"

/* What a mapping may read besides the exchange. */
struct mapping_source {
	struct slice body;                /* of the request or of the backend's answer */
	const struct gw_headers *headers; /* integration.response.header.*; NULL: none */
	const struct node *json;          /* private: the body, once it has been read */
	bool tried;                       /* private */
};
enum mapping_result {
	MAPPING_DONE,
	MAPPING_ABSENT,   /* the source is missing or empty: the mapping is dropped */
	MAPPING_NOT_JSON, /* the body was asked for, starts like JSON and is none */
};
#define MAX_MAPPING_VALUES 64
struct mapping_values {
	const char *items[MAX_MAPPING_VALUES];
	size_t count; /* more than one for multivaluequerystring alone */
};
/* The value of one "from" expression. Names of headers are compared with their case. Texts are
 * borrowed or in the arena of x. */
enum mapping_result mapping_eval(struct gw_exchange *x, struct mapping_source *s, const char *from,
				 struct mapping_values *out);

/* Where a "to" expression points: "integration.request.header.X" gives MAPPING_HEADER and "X". */
enum mapping_target {
	MAPPING_HEADER,
	MAPPING_QUERY,
	MAPPING_PATH,
	MAPPING_NOWHERE /* not understood */
};
enum mapping_target mapping_target(const char *to, const char **name);

/* The part of a JSON text that a JSONPath names, as text: strings as they are, all else as JSON.
 * path with or without "$.". NULL: nothing there, null, or not JSON (then *not_json is set; it may
 * be NULL). In the arena. */
const char *mapping_body_part(struct arena *a, struct slice body, const char *path, bool *not_json);

#endif
