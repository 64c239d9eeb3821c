/* match.c -- see match.h. The children of a resource stand in the order of priority, so the first
 * branch that ends at a method is the right one. Each resource is reached by one way only: a
 * request visits it at most once, whatever its path. */
#include "gateway/match.h"

#include <string.h>

struct found { /* a variable on the way, innermost first */
	const struct found *outer;
	const char *name, *value;
	size_t len;
};
struct search {
	struct arena *arena;
	const char *verb, *end; /* end of the path, without slashes behind */
	struct match *out;
};

/* ANY stands for these, and for no other. */
static bool is_any_verb(const char *verb)
{
	static const char *const verbs[] = {"GET",   "POST",    "PUT", "DELETE",
					    "PATCH", "OPTIONS", "HEAD"};
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (strcmp(verb, verbs[i]) == 0)
			return true;
	return false;
}

static const struct gw_method *method_for(const struct gw_resource *r, const char *verb)
{
	const struct gw_method *any = NULL;
	for (size_t i = 0; i < r->method_count; i++) {
		if (strcmp(r->methods[i].verb, "ANY") == 0)
			any = &r->methods[i];
		else if (strcmp(r->methods[i].verb, verb) == 0)
			return &r->methods[i];
	}
	return any && is_any_verb(verb) ? any : NULL;
}

static void keep(struct search *s, const struct found *v)
{
	if (!v)
		return;
	keep(s, v->outer);
	gw_params_add(s->arena, &s->out->path, v->name, arena_strndup(s->arena, v->value, v->len));
}

static bool arrive(struct search *s, const struct gw_resource *r, const struct found *vars)
{
	const struct gw_method *m = method_for(r, s->verb);
	if (!m)
		return false;
	s->out->resource = r;
	s->out->method = m;
	keep(s, vars);
	return true;
}

/* A literal part is compared as sent, and decoded where it has escapes. */
static bool same_part(struct search *s, const char *part, const char *p, size_t n)
{
	if (strncmp(part, p, n) == 0 && !part[n])
		return true;
	return memchr(p, '%', n) && strcmp(gw_percent_decode(s->arena, p, n, false), part) == 0;
}

/* p: what is left of the path behind r, without the slash before it; s->end when nothing is. */
static bool descend(struct search *s, const struct gw_resource *r, const char *p,
		    const struct found *vars, int depth)
{
	if (p == s->end)
		return arrive(s, r, vars);
	const char *slash = memchr(p, '/', (size_t)(s->end - p));
	const char *stop = slash ? slash : s->end;
	size_t n = (size_t)(stop - p);
	for (const struct gw_resource *c = r->child; c; c = c->next) {
		struct found here = {vars, c->variable, p, c->greedy ? (size_t)(s->end - p) : n};
		if (c->greedy) {
			if (arrive(s, c, &here))
				return true;
			continue;
		}
		if (c->variable ? n == 0 : !same_part(s, c->part, p, n))
			continue;
		if (depth < MAX_MATCH_PARTS &&
		    descend(s, c, slash ? slash + 1 : stop, c->variable ? &here : vars, depth + 1))
			return true;
	}
	return false;
}

bool match_resource(struct arena *a, const struct gw_api *api, const char *verb, const char *path,
		    struct match *out)
{
	*out = (struct match){0};
	if (!api->root)
		return false;
	path += strspn(path, "/");
	const char *end = path + strlen(path);
	while (end > path && end[-1] == '/')
		end--;
	struct search s = {.arena = a, .verb = verb, .end = end, .out = out};
	return descend(&s, api->root, path, NULL, 0);
}
