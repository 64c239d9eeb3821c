/* openapi.h -- OpenAPI 3.0 and Swagger 2.0 with the x-amazon-apigateway-* extensions, as AWS
 * exports and documents them, into the model of api.h. */
#ifndef GATEWAY_OPENAPI_H
#define GATEWAY_OPENAPI_H

#include "gateway/api.h"

/* The import parameter of that name: what becomes of the path in servers or basePath. */
enum openapi_basepath { OPENAPI_IGNORE, OPENAPI_PREPEND, OPENAPI_SPLIT };

struct openapi_options {
	enum openapi_basepath basepath;
	const char *region, *account; /* for policies and user pools */
	/* Local key sets of issuers: pairs of issuer and absolute path. */
	const struct gw_param *jwks;
	size_t jwks_count;
};

/* Is the document OpenAPI or Swagger at all, and of which type of API? importexport-version makes
 * it HTTP; else Swagger 2.0 or what REST APIs alone have makes it REST; else
 * x-amazon-apigateway-cors, payloadFormatVersion, isDefaultRoute or a jwt authorizer make it HTTP;
 * else it is REST. */
bool openapi_is(const struct node *root);
enum gw_type openapi_guess(const struct node *root);

/* Read a document into api, whose id, type and file the caller has set: resources or routes,
 * authorizers, models, responses, settings; no stages. The tree is borrowed for as long as api is
 * used; all else is in the arena. False: at least one error. Errors: what cannot be served, and
 * what an API of that type does not have. Warnings: what the service ignores, what is not
 * simulated, keys it does not know. */
bool openapi_load(struct gw_api *api, struct arena *a, const struct node *root,
		  const struct openapi_options *o, struct diags *d);

#endif
