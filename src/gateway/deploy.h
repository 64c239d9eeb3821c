/* deploy.h -- deployments: immutable snapshots of APIs in the state folder, and which of them each
 * stage serves. Resources, integrations, authorizers, models, gateway responses and the resource
 * policy take a deployment to become visible; stage settings, variables, keys, plans and functions
 * do not.
 *
 * A stage that has never been deployed is deployed when it is first served. A stage with autoDeploy
 * (HTTP and WebSocket APIs; the default of an HTTP API's $default) follows its file. A stage with
 * canarySettings takes new deployments as its canary until they are promoted. */
#ifndef GATEWAY_DEPLOY_H
#define GATEWAY_DEPLOY_H

#include "gateway/api.h"

#include <stdint.h>

#define MAX_DEPLOYMENTS 200 /* kept for an API; the oldest that no stage uses go first */

struct deploy_options {
	const char *state; /* folder of the program's state; snapshots go below state/gateway */
	int64_t now_ms;
	bool read_only; /* create nothing: stages without a deployment serve the file */
	bool brief;     /* the folder is for this run: nothing waits for the disk */
};

/* A stage and what it serves. */
struct deploy_stage {
	const struct gw_api *file;    /* the API as its file has it now */
	const struct gw_stage *stage; /* of the file */
	const struct gw_api *served; /* the snapshot: deployment is its id, stages are the file's */
	const struct gw_api *canary; /* of the canary's share of requests; NULL: none */
	int64_t created_ms;          /* of the deployment; 0: it follows the file */
	const char *description;     /* of the deployment; may be NULL */
	bool behind;                 /* the file differs from what is served */
};
struct deploy {
	struct deploy_stage *stages;
	size_t count;
};
/* What each stage of g serves. Everything is in the arena of g. A note says which stages are behind
 * their file. False: a snapshot cannot be read or made. */
bool deploy_open(struct deploy *out, struct gateway *g, const struct deploy_options *o,
		 struct diags *d);
/* The file that says so for an API: it changes with every deployment. In the arena. */
const char *deploy_state_file(struct arena *a, const struct gw_api *api, const char *state);
const struct deploy_stage *deploy_find(const struct deploy *p, const char *api, const char *stage);

/* Deploy the API as its file has it to a stage. *id: that of the new deployment, in the arena of g.
 * to_canary tells where it went. */
bool deploy_create(struct gateway *g, const struct gw_api *api, const struct gw_stage *stage,
		   const char *description, const struct deploy_options *o, const char **id,
		   bool *to_canary, struct diags *d);
/* Let a stage serve a deployment that exists already. */
bool deploy_point(struct gateway *g, const struct gw_api *api, const struct gw_stage *stage,
		  const char *id, const struct deploy_options *o, struct diags *d);
/* The canary's deployment becomes the stage's. *id: its id. */
bool deploy_promote(struct gateway *g, const struct gw_api *api, const struct gw_stage *stage,
		    const struct deploy_options *o, const char **id, struct diags *d);

/* All deployments of an API, newest first; in the arena of g. */
struct deployment {
	const char *id, *description; /* description may be NULL */
	int64_t created_ms;
};
bool deploy_list(struct gateway *g, const struct gw_api *api, const struct deploy_options *o,
		 struct deployment **out, size_t *count, struct diags *d);

#endif
