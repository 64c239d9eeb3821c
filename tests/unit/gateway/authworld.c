/* authworld.c -- see authworld.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "authworld.h"
#include "base/json.h"

#include <string.h>

struct node *json(struct authworld *f, const char *text)
{
	struct node *root = NULL;
	assert_true(json_read_wire(&f->w.arena, (struct slice){text, strlen(text)}, &root));
	return root;
}

void begin(struct authworld *f, enum gw_type type, enum gw_auth auth)
{
	*f = (struct authworld){.done = 0};
	world_init(&f->w);
	f->state = auth_state_new();
	f->w.api.type = type;
	f->w.x.principal = NULL;
	world_ask(&f->w, "GET", "/products/42?q=1", "");
	f->a = (struct gw_authorizer){.name = "check",
				      .kind = GW_TOKEN,
				      .function = "fn",
				      .identity = f->identity,
				      .ttl_s = 300};
	f->r = (struct gw_resource){.id = "r1", .path = "/products/{id}"};
	f->m = (struct gw_method){.verb = "GET", .auth = auth, .authorizer = &f->a};
	f->route = (struct gw_route){.key = "GET /products/{id}",
				     .verb = "GET",
				     .path = "/products/{id}",
				     .auth = auth,
				     .authorizer = &f->a};
	if (type == GW_REST) {
		f->w.x.method = &f->m;
		f->w.x.resource = &f->r;
	} else {
		f->w.x.route = &f->route;
		f->w.x.route_key = f->route.key;
	}
	gw_exchange_begin(&f->w.x);
}

void identity(struct authworld *f, enum gw_authorizer_kind kind, const char *source)
{
	f->a.kind = kind;
	f->identity[f->a.identity_count++] = source;
}

static void ended(struct gw_exchange *x, bool allowed, void *arg)
{
	struct authworld *f = arg;
	assert_ptr_equal(x, &f->w.x);
	f->done++;
	f->allowed = allowed;
}

/* Once more, as the next request would. */
bool ask(struct authworld *f)
{
	struct gw_exchange *x = &f->w.x;
	f->done = 0;
	x->response = (struct gw_response){0};
	x->error_type = x->error_message = NULL;
	x->principal = NULL;
	x->authorizer = NULL;
	authorize(x, f->state, ended, f);
	assert_int_equal(f->done, 1);
	return f->allowed;
}

void end(struct authworld *f)
{
	auth_state_free(f->state);
	world_clear(&f->w);
}

void expect(struct authworld *f, int status, const char *type, const char *body)
{
	assert_false(ask(f));
	assert_int_equal(f->w.x.response.status, status);
	assert_string_equal(f->w.x.error_type, type);
	assert_string_equal(world_body(&f->w), body);
}

void answer(struct authworld *f, const char *effect, const char *resource, const char *more)
{
	world_answer(
		&f->w, 200, NULL,
		arena_printf(&f->w.arena,
			     "{\"principalId\":\"ann\",\"policyDocument\":{\"Version\":"
			     "\"2012-10-17\",\"Statement\":[{\"Action\":\"execute-api:Invoke\","
			     "\"Effect\":\"%s\",\"Resource\":\"%s\"}]}%s}",
			     effect, resource, more));
}
