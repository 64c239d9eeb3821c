/* t_hostname.c -- which API and stage an address means: the three forms, custom domains, HTTP API
 * stages without a name, hosts that are none of ours. */
#include "gateway/hostname.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct gw_stage shop_stages[] = {{.name = "dev"}, {.name = "prod"}};
static struct gw_stage pets_stages[] = {{.name = "$default"}, {.name = "v1"}};
static struct gw_api apis[] = {
	{.id = "shop", .type = GW_REST, .stages = shop_stages, .stage_count = 2},
	{.id = "pets", .type = GW_HTTP, .stages = pets_stages, .stage_count = 2},
};
static struct gw_domain domains[3];

/* The type of mappings has no name. */
static void map(struct gw_domain *d, size_t i, const char *base, const char *api, const char *stage)
{
	d->mappings[i].base_path = base;
	d->mappings[i].api = api;
	d->mappings[i].stage = stage;
	d->mapping_count = i + 1;
}

static struct gateway *world(struct arena *a, size_t api_count)
{
	static struct gateway g;
	memset(domains, 0, sizeof(domains));
	domains[0].name = "api.example.com";
	domains[0].mappings = arena_alloc(a, 4 * sizeof(*domains[0].mappings));
	map(&domains[0], 0, "v1", "shop", "dev");
	map(&domains[0], 1, "v1/pets", "pets", "$default");
	map(&domains[0], 2, "any", "shop", NULL);
	map(&domains[0], 3, "gone", "nothing", "dev");
	domains[1].name = "*.wild.example.com";
	domains[1].mappings = arena_alloc(a, sizeof(*domains[1].mappings));
	map(&domains[1], 0, "", "shop", "prod");
	domains[2].name = "empty.example.com";
	g = (struct gateway){
		.apis = apis, .api_count = api_count, .domains = domains, .domain_count = 3};
	return &g;
}

static const struct {
	const char *host, *path;
	enum hostname_end end;
	const char *api, *stage, *full, *rest, *base;
} two[] = {
	/* by host */
	{"shop.execute-api.localhost:8787", "/dev/x/y", HOSTNAME_API, "shop", "dev", "/dev/x/y",
	 "/x/y", NULL},
	{"SHOP.Execute-API.localhost", "/dev", HOSTNAME_API, "shop", "dev", "/dev", "/", NULL},
	{"shop.execute-api.localhost", "//dev//x/", HOSTNAME_API, "shop", "dev", "//dev//x/",
	 "//x/", NULL},
	{"shop.execute-api.localhost", "/devil/x", HOSTNAME_API, "shop", NULL, "/devil/x", "/x",
	 NULL},
	{"shop.execute-api.localhost", "/", HOSTNAME_API, "shop", NULL, "/", "/", NULL},
	{"pets.execute-api.localhost", "/x", HOSTNAME_API, "pets", "$default", "/x", "/x", NULL},
	{"pets.execute-api.localhost", "/v1/x", HOSTNAME_API, "pets", "v1", "/v1/x", "/x", NULL},
	{"pets.execute-api.localhost", "/v1", HOSTNAME_API, "pets", "v1", "/v1", "/", NULL},
	{"pets.execute-api.localhost", "/$default/x", HOSTNAME_API, "pets", "$default", "/x", "/x",
	 NULL},
	{"what.execute-api.localhost", "/dev", HOSTNAME_NO_API, NULL, NULL, NULL, NULL, NULL},
	/* by prefix */
	{"127.0.0.1:8787", "/_aws/execute-api/shop/dev/x", HOSTNAME_API, "shop", "dev", "/dev/x",
	 "/x", NULL},
	{"[::1]:8787", "/_aws/execute-api/pets/$default/x", HOSTNAME_API, "pets", "$default", "/x",
	 "/x", NULL},
	{"localhost", "/_aws/execute-api/pets/$default", HOSTNAME_API, "pets", "$default", "/", "/",
	 NULL},
	{NULL, "/_aws/execute-api/pets", HOSTNAME_API, "pets", "$default", "/", "/", NULL},
	{"localhost", "/_aws/execute-api/nope/dev", HOSTNAME_NO_API, NULL, NULL, NULL, NULL, NULL},
	{"a.localhost", "/_aws/execute-api/shop/prod/", HOSTNAME_API, "shop", "prod", "/prod/", "/",
	 NULL},
	{"127.9.8.7", "/_aws/execute-api/shop/prod/", HOSTNAME_API, "shop", "prod", "/prod/", "/",
	 NULL},
	/* several APIs, none named */
	{"localhost", "/dev/x", HOSTNAME_NO_API, NULL, NULL, NULL, NULL, NULL},
	/* our own pages */
	{"localhost:8787", "/_gatedrill/metrics", HOSTNAME_OWN, NULL, NULL, NULL, NULL, NULL},
	{"localhost:8787", "/_gatedrill", HOSTNAME_OWN, NULL, NULL, NULL, NULL, NULL},
	{"localhost:8787", "/_gatedrills", HOSTNAME_NO_API, NULL, NULL, NULL, NULL, NULL},
	{"api.example.com", "/_gatedrill", HOSTNAME_UNMAPPED, NULL, NULL, NULL, NULL, NULL},
	/* foreign */
	{"evil.com", "/dev", HOSTNAME_FOREIGN, NULL, NULL, NULL, NULL, NULL},
	{"evil.com:8787", "/_gatedrill", HOSTNAME_FOREIGN, NULL, NULL, NULL, NULL, NULL},
	{"localhost.evil.com", "/dev", HOSTNAME_FOREIGN, NULL, NULL, NULL, NULL, NULL},
	{"127.0.0.1.evil.com", "/dev", HOSTNAME_FOREIGN, NULL, NULL, NULL, NULL, NULL},
	{"127.evil.com", "/dev", HOSTNAME_FOREIGN, NULL, NULL, NULL, NULL, NULL},
	{"evillocalhost", "/dev", HOSTNAME_FOREIGN, NULL, NULL, NULL, NULL, NULL},
	{".localhost", "/dev", HOSTNAME_FOREIGN, NULL, NULL, NULL, NULL, NULL},
	{"192.168.1.5", "/dev", HOSTNAME_FOREIGN, NULL, NULL, NULL, NULL, NULL},
	{"", "/dev", HOSTNAME_FOREIGN, NULL, NULL, NULL, NULL, NULL},
	/* custom domains */
	{"api.example.com", "/v1/x", HOSTNAME_API, "shop", "dev", "/v1/x", "/x", "v1"},
	{"API.example.com:443", "/v1", HOSTNAME_API, "shop", "dev", "/v1", "/", "v1"},
	{"api.example.com", "/v1/pets/3", HOSTNAME_API, "pets", "$default", "/v1/pets/3", "/3",
	 "v1/pets"},
	{"api.example.com", "/v1/petshop", HOSTNAME_API, "shop", "dev", "/v1/petshop", "/petshop",
	 "v1"},
	{"api.example.com", "/v12", HOSTNAME_UNMAPPED, NULL, NULL, NULL, NULL, NULL},
	{"api.example.com", "/", HOSTNAME_UNMAPPED, NULL, NULL, NULL, NULL, NULL},
	{"api.example.com", "/any/prod/x", HOSTNAME_API, "shop", "prod", "/any/prod/x", "/x",
	 "any"},
	{"api.example.com", "/gone", HOSTNAME_UNMAPPED, NULL, NULL, NULL, NULL, NULL},
	{"a.wild.example.com", "/x", HOSTNAME_API, "shop", "prod", "/x", "/x", ""},
	{"a.b.wild.example.com", "/x", HOSTNAME_FOREIGN, NULL, NULL, NULL, NULL, NULL},
	{"empty.example.com", "/x", HOSTNAME_UNMAPPED, NULL, NULL, NULL, NULL, NULL},
};

static void check(struct hostname *h, struct arena *a, size_t i)
{
	struct gw_address to;
	enum hostname_end end = hostname_find(h, a, two[i].host, two[i].path, &to);
	if (end != two[i].end)
		print_error("%s%s: %d\n", two[i].host ? two[i].host : "-", two[i].path, (int)end);
	assert_int_equal(end, two[i].end);
	if (end != HOSTNAME_API)
		return;
	assert_string_equal(to.api->id, two[i].api);
	assert_true(str_eq(to.stage ? to.stage->name : NULL, two[i].stage));
	assert_string_equal(to.full_path, two[i].full);
	assert_string_equal(to.path, two[i].rest);
	assert_true(str_eq(to.base_path, two[i].base));
	assert_non_null(to.domain);
	assert_non_null(to.domain_prefix);
}

static void test_forms(void **state)
{
	(void)state;
	struct arena a = {0};
	struct hostname h = {.gateway = world(&a, 2), .port = 8787};
	hostname_init(&h, &a);
	for (size_t i = 0; i < ARRAY_LEN(two); i++)
		check(&h, &a, i);
	arena_clear(&a);
}

static void test_one_api(void **state)
{
	(void)state;
	struct arena a = {0};
	struct gw_address to;
	struct hostname h = {.gateway = world(&a, 1), .port = 8787};
	hostname_init(&h, &a);
	assert_int_equal(hostname_find(&h, &a, "localhost:8787", "/dev/x", &to), HOSTNAME_API);
	assert_string_equal(to.stage->name, "dev");
	assert_string_equal(to.path, "/x");
	assert_string_equal(to.domain, "shop.execute-api.localhost:8787");
	assert_string_equal(to.domain_prefix, "shop");
	assert_string_equal(hostname_url(&h, &a, "http", &apis[0], &shop_stages[0]),
			    "http://shop.execute-api.localhost:8787/dev");
	arena_clear(&a);
}

/* Who listens to the network is known by its addresses, but by no other name. */
static void test_any_address(void **state)
{
	(void)state;
	struct arena a = {0};
	struct gw_address to;
	struct hostname h = {.gateway = world(&a, 1), .port = 8787, .any_address = true};
	hostname_init(&h, &a);
	assert_int_equal(hostname_find(&h, &a, "192.168.1.5:8787", "/dev", &to), HOSTNAME_API);
	assert_int_equal(hostname_find(&h, &a, "[fe80::1]:8787", "/dev", &to), HOSTNAME_API);
	assert_int_equal(hostname_find(&h, &a, "192.168.1.5.evil.com", "/dev", &to),
			 HOSTNAME_FOREIGN);
	assert_int_equal(hostname_find(&h, &a, "[evil]", "/dev", &to), HOSTNAME_FOREIGN);
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_one_api),
		cmocka_unit_test(test_any_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
