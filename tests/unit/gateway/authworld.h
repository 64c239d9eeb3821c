/* authworld.h -- a method or route with an authorizer in the world of world.h, for tests of who may
 * call. */
#ifndef TEST_GATEWAY_AUTHWORLD_H
#define TEST_GATEWAY_AUTHWORLD_H

#include "gateway/authorize.h"
#include "world.h"

#define ARN "arn:aws:execute-api:us-east-1:123456789012:shop/dev/GET/products/42"
#define EXPLICIT                                                                                  \
	"{\"Message\":\"User is not authorized to access this resource with an explicit deny in " \
	"an identity-based policy\"}"
#define IMPLICIT "{\"Message\":\"User is not authorized to access this resource\"}"
#define ANONYMOUS                                                                             \
	"{\"Message\":\"User: anonymous is not authorized to perform: execute-api:Invoke on " \
	"resource: arn:aws:execute-api:us-east-1:********9012:shop/dev/GET/products/42"

#define POLICY(effect, resource)                                                                   \
	"{\"Statement\":[{\"Effect\":\"" effect "\",\"Principal\":\"*\",\"Action\":\"execute-api:" \
	"Invoke\",\"Resource\":\"" resource "\"}]}"

struct authworld {
	struct world w;
	struct auth_state *state;
	struct gw_authorizer a;
	struct gw_method m;
	struct gw_resource r;
	struct gw_route route;
	const char *identity[4];
	int done;
	bool allowed;
};

/* GET /products/42?q=1 of an API of this type, with this authorization; the authorizer is of kind
 * GW_TOKEN, keeps answers for 300 s and calls "fn". */
void begin(struct authworld *f, enum gw_type type, enum gw_auth auth);
void end(struct authworld *f);
struct node *json(struct authworld *f, const char *text);
void identity(struct authworld *f, enum gw_authorizer_kind kind, const char *source);
/* What the function answers: a policy of one statement, and more members. */
void answer(struct authworld *f, const char *effect, const char *resource, const char *more);
/* Ask, as the next request would: allowed? */
bool ask(struct authworld *f);
/* The same: it is refused with this answer. */
void expect(struct authworld *f, int status, const char *type, const char *body);

#endif
