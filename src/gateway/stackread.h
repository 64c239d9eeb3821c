/* stackread.h -- what the readers of stack files share. Private to stack*.c. */
#ifndef GATEWAY_STACKREAD_H
#define GATEWAY_STACKREAD_H

#include "gateway/shape.h"
#include "gateway/stack.h"

#define MAX_APIS 100
#define MAX_API_KEYS 10000
#define MAX_PLANS 300
#define MAX_FUNCTIONS 200
#define MAX_DOMAINS 120
#define MAX_CREDENTIALS 100
#define MAX_TARGETS 100
#define MAX_TARGET_URLS 50

/* The root of a stack file. */
struct stack_in {
	const char *name, *region, *account;
	const struct node *apis, *functions, *keys, *plans, *domains, *credentials, *targets, *acls,
		*throttle, *jwks;
};
/* A file being loaded; ctx of its shape_reader. */
struct stack {
	struct gateway *g;
	const struct load_options *o;
	const char *path, *absolute, *folder; /* as given; resolved; of the latter */
	bool trusted;                         /* commands of its functions may run */
	struct slice bytes;
	struct node *root;
	struct stack_in in;
	struct shape_reader r;
	size_t first_key; /* in g->keys: names are those of this file's keys */
};
static inline struct stack *stack_of(struct shape_reader *r)
{
	return r->ctx;
}

extern const struct shape stack_root_shape, stack_api_shape, stack_function_shape, stack_key_shape,
	stack_plan_shape, stack_domain_shape, stack_credential_shape, stack_target_shape,
	stack_stage_shape, stack_settings_shape, stack_canary_shape, stack_route_shape;

/* stackparts.c: parts that stand beside the APIs. Each appends to g. */
void stack_functions(struct stack *s, const struct node *n);
void stack_credentials(struct stack *s, const struct node *n);
void stack_targets(struct stack *s, const struct node *n);
void stack_domains(struct stack *s, const struct node *n);

/* stackplan.c: keys and plans of a file, or of one of its APIs. */
void stack_keys(struct stack *s, const struct node *n);
void stack_plans(struct stack *s, const struct node *n, const struct gw_api *api);
/* "dev", "shop:dev" or {apiId, stage}; api: of a bare name, NULL at the root. */
bool stack_api_stage(struct stack *s, const struct node *n, const struct gw_api *api,
		     const char **id, const char **stage);

/* stackstage.c */
void stack_stages(struct shape_reader *r, const struct node *n, struct gw_api *api);

/* stackroute.c: the parts of a WebSocket API. */
struct def;
void stack_routes(struct def *d, const struct node *n);

/* stackapi.c: an API of a stack; an OpenAPI file on its own. Each appends to g->apis. */
void stack_api(struct stack *s, const struct node *n);
void stack_bare(struct stack *s);

/* A relative path as one from the stack file's folder, in the arena. */
const char *stack_path(struct stack *s, const char *path);
/* May a file beside it be read? False: an error at the node. */
bool stack_may_read(struct stack *s, const struct node *at, const char *path);
size_t stack_count(const struct node *n); /* children; 0 for NULL */

#endif
