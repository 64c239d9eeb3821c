/* defresource.c -- the resource tree of a REST API, made from paths.
 *
 * A parent has any number of literal children and at most one variable child, as in the service; so
 * the order of priority is simply literals, then the variable. Ids follow from the API's id and the
 * path, so that they stay the same from run to run. */
#include "gateway/defread.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char part_chars[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.,:~";

/* "{name}" or "{name+}". */
static bool is_variable(const char *part, size_t n, bool *greedy)
{
	if (n < 3 || part[0] != '{' || part[n - 1] != '}')
		return false;
	*greedy = part[n - 2] == '+';
	size_t name = n - 2 - *greedy;
	return name > 0 && strspn(part + 1, part_chars) >= name;
}

static bool part_ok(struct def *d, const struct node *at, const char *part, size_t n, bool last)
{
	bool greedy = false;
	const char *text = arena_strndup(d->r.arena, part, n);
	if (is_variable(part, n, &greedy)) {
		return !greedy || last ||
		       SHAPE_ERROR(&d->r, at, "gateway-path",
				   "\"%s\" must be the last part of its path: it takes all that "
				   "follows",
				   shape_brief(&d->r, text));
	}
	if (memchr(part, '{', n) || memchr(part, '}', n))
		return SHAPE_ERROR(&d->r, at, "gateway-path",
				   "a variable must be a whole part of the path, as /{name}/: not "
				   "\"%s\"",
				   shape_brief(&d->r, text));
	if (d->api->type == GW_REST && strspn(text, part_chars) != n)
		return SHAPE_ERROR(&d->r, at, "gateway-path",
				   "\"%s\" cannot be part of a path: letters, digits and _ - . , : "
				   "only",
				   shape_brief(&d->r, text));
	return true;
}

bool def_path_ok(struct def *d, const struct node *at, const char *path)
{
	if (*path != '/')
		return SHAPE_ERROR(&d->r, at, "gateway-path", "path \"%s\" must begin with \"/\"",
				   shape_brief(&d->r, path));
	for (const char *p = path + 1; *p;) {
		size_t n = strcspn(p, "/");
		if (n == 0)
			return SHAPE_ERROR(&d->r, at, "gateway-path",
					   "path \"%s\" has an empty part",
					   shape_brief(&d->r, path));
		bool last = !p[n] || (p[n] == '/' && !p[n + 1]);
		if (!part_ok(d, at, p, n, last))
			return false;
		p += n + (p[n] == '/');
	}
	return true;
}

static struct gw_resource *new_resource(struct def *d, struct gw_resource *parent, const char *part)
{
	struct gw_api *api = d->api;
	struct arena *a = d->r.arena;
	struct gw_resource *r = arena_alloc(a, sizeof(*r));
	bool greedy = false;
	size_t n = strlen(part);
	r->parent = parent;
	r->part = part;
	r->path = !parent          ? "/"
		  : parent->parent ? arena_printf(a, "%s/%s", parent->path, part)
				   : arena_printf(a, "/%s", part);
	if (is_variable(part, n, &greedy))
		r->variable = arena_strndup(a, part + 1, n - 2 - greedy);
	r->greedy = greedy;
	r->id = gw_short_id(a, arena_printf(a, "%s %s", api->id, r->path), parent ? 6 : 10);
	api->resources[api->resource_count++] = r;
	if (parent) {
		r->next = parent->child;
		parent->child = r;
	}
	return r;
}

static struct gw_resource *child_of(struct def *d, const struct node *at, struct gw_resource *r,
				    const char *part)
{
	bool greedy;
	bool variable = is_variable(part, strlen(part), &greedy);
	for (struct gw_resource *c = r->child; c; c = c->next) {
		if (strcmp(c->part, part) == 0)
			return c;
		if (variable && c->variable) {
			SHAPE_ERROR(&d->r, at, "gateway-path",
				    "%s has the variable child %s already: a resource has one at "
				    "most, so \"%s\" cannot stand beside it",
				    r->path, c->part, shape_brief(&d->r, part));
			return NULL;
		}
	}
	if (d->api->resource_count >= MAX_RESOURCES) {
		SHAPE_ERROR(&d->r, at, "gateway-too-many", "an API has at most %d resources",
			    MAX_RESOURCES);
		return NULL;
	}
	return new_resource(d, r, part);
}

struct gw_resource *def_resource(struct def *d, const struct node *at, const char *path)
{
	struct gw_api *api = d->api;
	if (!api->resources) {
		api->resources = arena_alloc(d->r.arena, MAX_RESOURCES * sizeof(*api->resources));
		api->root = new_resource(d, NULL, "");
	}
	if (!def_path_ok(d, at, path))
		return NULL;
	struct gw_resource *r = api->root;
	for (const char *p = path + 1; r && *p;) {
		size_t n = strcspn(p, "/");
		r = child_of(d, at, r, arena_strndup(d->r.arena, p, n));
		p += n + (p[n] == '/');
	}
	return r;
}

static int by_path(const void *a, const void *b)
{
	const struct gw_resource *const *x = a, *const *y = b;
	return strcmp((*x)->path, (*y)->path);
}

/* Move the variable child behind its siblings. */
static void variable_last(struct gw_resource *r)
{
	struct gw_resource *variable = NULL, **end = &r->child;
	while (*end) {
		if ((*end)->variable) {
			variable = *end;
			*end = variable->next;
			variable->next = NULL;
		} else {
			end = &(*end)->next;
		}
	}
	*end = variable;
}

void def_resources_end(struct def *d)
{
	struct gw_api *api = d->api;
	if (!api->resource_count)
		return;
	for (size_t i = 0; i < api->resource_count; i++)
		variable_last(api->resources[i]);
	qsort(api->resources, api->resource_count, sizeof(api->resources[0]), by_path);
}
