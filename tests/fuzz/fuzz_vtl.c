/* fuzz_vtl.c -- any bytes as a template, and behind a NUL byte as its payload: it is rendered as
 * API Gateway would and as plain Velocity. What comes out is UTF-8, of bounded size, and the same
 * when the template is run again; a constant template gives its text. */
#include "base/utf8.h"
#include "gateway/vtl.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

static struct node *variables(struct arena *a)
{
	struct node *map = node_new(a, NODE_MAP);
	struct node *inner = node_new(a, NODE_MAP);
	node_set(a, inner, "k", node_new_text(a, "v"));
	node_set(a, map, "map", inner);
	node_set(a, map, "text", node_new_text(a, "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80"));
	return map;
}

static bool run_once(const struct vtl *t, struct slice body, bool plain, struct str *out)
{
	struct arena a = {0};
	struct gw_exchange x = {.arena = &a};
	struct gw_request request = {.method = "GET", .source_ip = "127.0.0.1"};
	struct gateway g = {.region = "us-east-1", .account = "123456789012"};
	const char *error;
	x.request = &request;
	x.gateway = &g;
	gw_params_add(&a, &x.path_params, "id", "42");
	struct vtl_env env = {
		.arena = &a, .x = &x, .body = body, .vars = plain ? variables(&a) : NULL};
	bool ok = vtl_run(t, &env, out, &error);
	require(ok == (error == NULL));
	require(a.total < 3 * MAX_VTL_MEMORY);
	arena_clear(&a);
	return ok;
}

static void check(const struct vtl *t, struct slice body, bool plain)
{
	struct str first = {0}, second = {0};
	struct slice constant;
	bool ok = run_once(t, body, plain, &first);
	require(run_once(t, body, plain, &second) == ok);
	require(str_eq(str_c(&first), str_c(&second)) && first.len == second.len);
	require(first.len <= 2 * MAX_VTL_OUTPUT);
	require(utf8_invalid_at(str_c(&first), first.len) == first.len);
	if (vtl_constant(t, &constant))
		require(ok && constant.len == first.len &&
			memcmp(constant.p, str_c(&first), first.len) == 0);
	str_clear(&first);
	str_clear(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct diags d = {0};
	const char *text = size ? (const char *)data : "";
	const char *nul = memchr(text, 0, size);
	size_t n = nul ? (size_t)(nul - text) : size;
	struct slice body = {nul ? nul + 1 : "", nul ? size - n - 1 : 0};
	const struct vtl *t = vtl_compile(&a, "fuzz", 1, text, n, &d);
	require((t != NULL) == (d.errors == 0));
	if (t) {
		check(t, body, false);
		check(t, body, true);
	}
	diags_clear(&d);
	arena_clear(&a);
	return 0;
}
