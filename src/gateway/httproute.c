/* httproute.c -- see httproute.h. Every route is held against the path, part by part, and given a
 * rank that says how exact it is; the best one wins. There are at most some hundred routes. */
#include "gateway/httproute.h"

#include <string.h>

/* How exact a match is: compared from the first member on. */
struct rank {
	bool full;                 /* no greedy variable */
	char parts[MAX_RESOURCES]; /* 'a' literal, 'b' variable, 'c' greedy; as text */
	bool verb;                 /* by its name, not ANY */
};
#define MAX_ROUTE_PARTS (MAX_RESOURCES - 1)

static size_t part_length(const char *p)
{
	return strcspn(p, "/");
}

/* Hold a route's path against a request's. Both begin with '/'. */
static bool fits(const char *pattern, const char *path, struct rank *rank)
{
	size_t n = 0;
	rank->full = true;
	while (*pattern == '/' && *path == '/') {
		size_t want = part_length(++pattern);
		size_t have = part_length(++path);
		bool variable = want > 2 && pattern[0] == '{';
		if (n == MAX_ROUTE_PARTS)
			return false;
		if (variable && pattern[want - 2] == '+') {
			rank->full = false;
			rank->parts[n++] = 'c';
			rank->parts[n] = '\0';
			return *path != '\0';
		}
		if (variable ? have == 0 : want != have || memcmp(pattern, path, want) != 0)
			return false;
		rank->parts[n++] = variable ? 'b' : 'a';
		pattern += want;
		path += have;
	}
	rank->parts[n] = '\0';
	return !*pattern && !*path;
}

static bool better(const struct rank *a, const struct rank *b)
{
	if (a->full != b->full)
		return a->full;
	int order = strcmp(a->parts, b->parts);
	if (order != 0)
		return order < 0;
	return a->verb && !b->verb;
}

static void take_params(struct arena *a, const char *pattern, const char *path,
			struct gw_params *params)
{
	while (*pattern == '/' && *path == '/') {
		size_t want = part_length(++pattern);
		size_t have = part_length(++path);
		if (want > 2 && pattern[0] == '{') {
			bool greedy = pattern[want - 2] == '+';
			const char *name = arena_strndup(a, pattern + 1, want - 2 - greedy);
			size_t n = greedy ? strlen(path) : have;
			gw_params_add(a, params, name, gw_percent_decode(a, path, n, false));
			if (greedy)
				return;
		}
		pattern += want;
		path += have;
	}
}

const struct gw_route *http_route(struct arena *a, const struct gw_api *api, const char *verb,
				  const char *path, struct gw_params *params)
{
	const struct gw_route *found = NULL;
	const struct gw_route *fallback = NULL;
	struct rank best;
	struct rank rank;
	for (size_t i = 0; i < api->route_count; i++) {
		const struct gw_route *r = &api->routes[i];
		if (!r->path) {
			fallback = r;
			continue;
		}
		rank.verb = strcmp(r->verb, verb) == 0;
		if ((!rank.verb && strcmp(r->verb, "ANY") != 0) || !fits(r->path, path, &rank))
			continue;
		if (!found || better(&rank, &best)) {
			found = r;
			best = rank;
		}
	}
	if (found)
		take_params(a, found->path, path, params);
	return found ? found : fallback;
}
