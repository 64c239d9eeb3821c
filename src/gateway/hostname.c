/* hostname.c -- see hostname.h. Nothing is copied: the paths behind a stage are tails of the path
 * that came, which is why a base path is looked for where it stands. */
#include "gateway/hostname.h"
#include "gateway/deploy.h"
#include "gateway/message.h"

#include <arpa/inet.h>
#include <string.h>

#define OWN "/_gatedrill"
#define SUFFIX ".execute-api.localhost"

/* ---- names of hosts ------------------------------------------------------------------ */

static bool same(const char *p, size_t n, const char *name)
{
	return strlen(name) == n && strncasecmp(p, name, n) == 0;
}

static bool has_suffix(const char *p, size_t n, const char *suffix)
{
	size_t m = strlen(suffix);
	return n > m && strncasecmp(p + n - m, suffix, m) == 0;
}

static bool is_address(const char *host, size_t n)
{
	char text[64];
	struct in6_addr address;
	if (n >= sizeof(text))
		return false;
	memcpy(text, host, n);
	text[n] = '\0';
	if (n > 2 && text[0] == '[' && text[n - 1] == ']') {
		text[n - 1] = '\0';
		return inet_pton(AF_INET6, text + 1, &address) == 1;
	}
	return inet_pton(AF_INET, text, &address) == 1;
}

bool hostname_is_loopback(const char *host, size_t n)
{
	if (same(host, n, "127.0.0.1") || same(host, n, "localhost") || same(host, n, "[::1]"))
		return true;
	return has_suffix(host, n, ".localhost") ||
	       (n > 4 && strncmp(host, "127.", 4) == 0 && is_address(host, n));
}

/* Length of a host without its port. */
static size_t without_port(const char *host)
{
	const char *end = *host == '[' ? strchr(host, ']') : NULL;
	if (end)
		return (size_t)(end - host) + 1;
	return strcspn(host, ":");
}

/* ---- APIs and stages ----------------------------------------------------------------- */

void hostname_init(struct hostname *h, struct arena *a)
{
	h->domains = arena_alloc(a, (h->gateway->api_count + 1) * sizeof(*h->domains));
	for (size_t i = 0; i < h->gateway->api_count; i++)
		h->domains[i] = arena_printf(a, "%s" SUFFIX ":%d", h->gateway->apis[i].id, h->port);
}

static const struct gw_api *find_api(const struct hostname *h, const char *p, size_t n)
{
	const struct gateway *g = h->gateway;
	for (size_t i = 0; i < g->api_count; i++)
		if (same(p, n, g->apis[i].id))
			return &g->apis[i];
	return NULL;
}

static const struct gw_stage *find_stage(const struct gw_api *api, const char *p, size_t n)
{
	for (size_t i = 0; i < api->stage_count; i++) {
		const char *name = api->stages[i].name;
		if (strncmp(name, p, n) == 0 && !name[n])
			return &api->stages[i];
	}
	return NULL;
}

/* What the stage serves is in place of what its file says. */
static void set_served(const struct hostname *h, struct gw_address *out,
		       const struct gw_stage *stage)
{
	const struct deploy_stage *s =
		h->deploy && stage ? deploy_find(h->deploy, out->api->id, stage->name) : NULL;
	out->stage = s ? s->stage : stage;
	if (s && s->served)
		out->api = s->served;
}

static const char *at_least_slash(const char *path)
{
	return *path ? path : "/";
}

/* The stage is the first segment; slashes before it count once. On an HTTP API a path whose first
 * segment is no stage belongs to $default. */
static void stage_from_path(const struct hostname *h, struct gw_address *out, const char *path)
{
	const char *p = path + strspn(path, "/");
	size_t n = strcspn(p, "/");
	const struct gw_stage *stage = find_stage(out->api, p, n);
	out->full_path = at_least_slash(path);
	out->path = at_least_slash(p + n);
	if (out->api->type == GW_HTTP && (!stage || str_eq(stage->name, "$default"))) {
		bool named = stage != NULL;
		stage = named ? stage : find_stage(out->api, "$default", 8);
		if (named)
			out->full_path = out->path;
		else
			out->path = at_least_slash(path);
	}
	set_served(h, out, stage);
}

/* ---- the forms of address ------------------------------------------------------------ */

static enum hostname_end found(const struct hostname *h, const struct gw_api *api,
			       const char *domain, const char *path, struct gw_address *out)
{
	out->api = api;
	out->domain = domain ? domain : h->domains[api - h->gateway->apis];
	out->domain_prefix = api->id;
	stage_from_path(h, out, path);
	return HOSTNAME_API;
}

/* "/_aws/execute-api/{api}/{stage}/path" */
static enum hostname_end by_prefix(const struct hostname *h, const char *path,
				   struct gw_address *out)
{
	const char *id = path + strlen(API_PREFIX);
	size_t n = strcspn(id, "/");
	const struct gw_api *api = find_api(h, id, n);
	return api ? found(h, api, NULL, id + n, out) : HOSTNAME_NO_API;
}

/* The base path stands at the start of the path, as whole segments: where it ends, else NULL. */
static const char *behind_base(const char *base, const char *path)
{
	size_t n = base ? strlen(base) : 0;
	if (n == 0 || !path)
		return path;
	const char *p = path + strspn(path, "/");
	return strncmp(p, base, n) == 0 && (!p[n] || p[n] == '/') ? p + n : NULL;
}

static enum hostname_end by_domain(const struct hostname *h, const struct gw_domain *domain,
				   const char *host, const char *path, struct gw_address *out)
{
	const char *rest = NULL, *base = "";
	size_t best = 0;
	for (size_t i = 0; i < domain->mapping_count; i++) {
		const char *given = domain->mappings[i].base_path;
		const char *this_base = given ? given : "";
		const char *behind = behind_base(this_base, path);
		if (!behind || (rest && strlen(this_base) <= strlen(base)))
			continue;
		rest = behind;
		base = this_base;
		best = i;
	}
	const char *id = rest ? domain->mappings[best].api : NULL;
	const char *stage = rest ? domain->mappings[best].stage : NULL;
	out->custom = domain;
	out->api = id ? find_api(h, id, strlen(id)) : NULL;
	if (!out->api)
		return HOSTNAME_UNMAPPED;
	out->domain = host;
	out->base_path = base;
	if (stage && *stage) {
		set_served(h, out, find_stage(out->api, stage, strlen(stage)));
		out->path = at_least_slash(rest);
	} else {
		stage_from_path(h, out, at_least_slash(rest));
	}
	out->full_path = path;
	return HOSTNAME_API;
}

static bool domain_matches(const char *name, const char *host, size_t n)
{
	if (strncmp(name, "*.", 2) == 0) {
		const char *dot = memchr(host, '.', n);
		return dot && same(dot, n - (size_t)(dot - host), name + 1);
	}
	return same(host, n, name);
}

static const struct gw_domain *find_domain(const struct hostname *h, const char *host, size_t n)
{
	const struct gateway *g = h->gateway;
	for (size_t i = 0; i < g->domain_count; i++)
		if (domain_matches(g->domains[i].name, host, n))
			return &g->domains[i];
	return NULL;
}

static enum hostname_end by_loopback(const struct hostname *h, const char *host, size_t n,
				     const char *path, struct gw_address *out)
{
	if (strncmp(path, OWN, strlen(OWN)) == 0 && strchr("/?", path[strlen(OWN)]))
		return HOSTNAME_OWN;
	if (strncmp(path, API_PREFIX, strlen(API_PREFIX)) == 0)
		return by_prefix(h, path, out);
	if (has_suffix(host, n, SUFFIX)) {
		const struct gw_api *api = find_api(h, host, n - strlen(SUFFIX));
		return api ? found(h, api, host, path, out) : HOSTNAME_NO_API;
	}
	if (h->gateway->api_count == 1)
		return found(h, &h->gateway->apis[0], NULL, path, out);
	return HOSTNAME_NO_API;
}

enum hostname_end hostname_find(const struct hostname *h, struct arena *a, const char *host,
				const char *path, struct gw_address *out)
{
	*out = (struct gw_address){0};
	if (!host)
		host = "localhost";
	size_t n = without_port(host);
	const struct gw_domain *domain = find_domain(h, host, n);
	if (domain) {
		const char *name = arena_strndup(a, host, n);
		out->domain_prefix = arena_strndup(a, host, strcspn(name, "."));
		return by_domain(h, domain, name, path, out);
	}
	if (!hostname_is_loopback(host, n) && !(h->any_address && is_address(host, n)))
		return HOSTNAME_FOREIGN;
	return by_loopback(h, host, n, path, out);
}

const char *hostname_url(const struct hostname *h, struct arena *a, const char *scheme,
			 const struct gw_api *api, const struct gw_stage *stage)
{
	bool unnamed = str_eq(stage->name, "$default");
	return arena_printf(a, "%s://%s/%s", scheme, h->domains[api - h->gateway->apis],
			    unnamed ? "" : stage->name);
}
