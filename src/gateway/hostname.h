/* hostname.h -- from the address of a request to the API and stage that are meant.
 *
 *   Host: {api}.execute-api.localhost:8787   /{stage}/path
 *   any loopback name                        /_aws/execute-api/{api}/{stage}/path
 *   any loopback name, one API loaded        /{stage}/path
 *   Host: a custom domain                    /{basePath}/path
 *
 * The stage of an HTTP API may be "$default", which the path does not name. A Host that is neither
 * a loopback name nor configured is refused: a page of another site whose name was made to point
 * here (DNS rebinding) must not reach the gateway. */
#ifndef GATEWAY_HOSTNAME_H
#define GATEWAY_HOSTNAME_H

#include "gateway/api.h"

#define API_PREFIX "/_aws/execute-api/" /* the API's id follows, then the stage */

struct deploy;

enum hostname_end {
	HOSTNAME_API,      /* out is complete */
	HOSTNAME_OWN,      /* the gateway's own pages: path begins with "/_gatedrill" */
	HOSTNAME_FOREIGN,  /* no name of ours */
	HOSTNAME_NO_API,   /* it names no API that is loaded, or none where there are several */
	HOSTNAME_UNMAPPED, /* a custom domain has nothing at that path */
};
struct hostname {
	const struct gateway *gateway;
	const struct deploy *deploy; /* NULL: stages serve the APIs of gateway */
	int port;                    /* for the names APIs are known by */
	bool any_address;            /* IP addresses of other interfaces are names of ours too */
	/* private: "{api}.execute-api.localhost:{port}" by index of the API */
	const char **domains;
};
/* gateway, deploy, port and any_address are set; the rest goes to the arena. */
void hostname_init(struct hostname *h, struct arena *a);

struct gw_address {
	const struct gw_api *api;     /* as the stage serves it */
	const struct gw_stage *stage; /* NULL: there is none of that name */
	const char *domain, *domain_prefix;
	const char *base_path;          /* of a custom domain, "" for its root; else NULL */
	const char *full_path;          /* with stage or base path */
	const char *path;               /* behind it, "/" at least */
	const struct gw_domain *custom; /* NULL: no custom domain */
};
/* host: the Host header or NULL; path: as sent. Texts point into path, into the definition or to
 * the arena. */
enum hostname_end hostname_find(const struct hostname *h, struct arena *a, const char *host,
				const char *path, struct gw_address *out);
/* "http://shop.execute-api.localhost:8787/dev": where a stage is. In the arena. */
const char *hostname_url(const struct hostname *h, struct arena *a, const char *scheme,
			 const struct gw_api *api, const struct gw_stage *stage);
bool hostname_is_loopback(const char *host, size_t n); /* without port */

#endif
