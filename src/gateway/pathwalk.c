/* pathwalk.c -- evaluating JSONPaths as Jayway's JsonPath 2.0 does. What is an exception there is
 * an end here, and goes up as one: a missing member under a filter or a slice ends the whole
 * evaluation, under a wildcard over a list it is passed over, and a descent into lists skips the
 * token behind it when that is not the last. A tree is walked by recursion, at most as deep as the
 * readers let one be; what is done is counted, since descents multiply. */
#include "gateway/pathtoken.h"

#include <assert.h>
#include <string.h>

#define MAX_WALK_DEPTH 4096 /* tokens and levels within each other */

static enum path_end walk_token(struct walk *w, const struct path_token *t, const struct node *n);

bool path_step(struct walk *w, size_t n)
{
	w->work->steps += n;
	return w->work->steps <= MAX_JSONPATH_STEPS;
}

/* Looking up */

static const struct node *find(struct walk *w, const struct node *map, struct slice name)
{
	path_step(w, map->count / 8);
	for (const struct node *n = map->child; n; n = n->next)
		if (n->key->len == name.len && memcmp(n->key->text, name.p, name.len) == 0)
			return n;
	return NULL;
}

static const struct node *element(struct walk *w, const struct node *list, long long index)
{
	const struct node *n = list->child;
	if (index < 0 || index >= (long long)list->count)
		return NULL;
	path_step(w, (size_t)index / 8);
	while (index--)
		n = n->next;
	return n;
}

/* Results */

static struct node *share(struct walk *w, const struct node *n)
{
	struct node *copy = arena_alloc(w->arena, sizeof(*copy));
	*copy = *n;
	copy->key = NULL;
	copy->next = NULL;
	return copy;
}

static enum path_end add(struct walk *w, const struct node *n)
{
	if (w->definite) {
		w->one = w->one ? w->one : n;
		return PATH_FOUND;
	}
	if (w->list->count == MAX_JSONPATH_RESULTS)
		return PATH_LIMIT;
	struct node *copy = share(w, n);
	*(w->last ? &w->last->next : &w->list->child) = copy;
	w->last = copy;
	w->list->count++;
	return PATH_FOUND;
}

static enum path_end go_on(struct walk *w, const struct path_token *t, const struct node *n)
{
	return t->next ? walk_token(w, t->next, n) : add(w, n);
}

/* Tokens */

/* A new map of those members that are there. */
static enum path_end walk_union(struct walk *w, const struct path_token *t, const struct node *map)
{
	struct node *merged = node_new(w->arena, NODE_MAP);
	struct node *last = NULL;
	if (t->next)
		return PATH_INVALID;
	for (size_t i = 0; i < t->name_count; i++) {
		const struct node *n = find(w, map, t->names[i]);
		if (!n && w->require)
			return PATH_MISSING;
		if (!n || find(w, merged, t->names[i]))
			continue;
		struct node *copy = share(w, n);
		copy->key = n->key;
		*(last ? &last->next : &merged->child) = copy;
		last = copy;
		merged->count++;
	}
	return add(w, merged);
}

static enum path_end walk_property(struct walk *w, const struct path_token *t,
				   const struct node *map)
{
	if (map->kind != NODE_MAP)
		return PATH_MISSING;
	if (t->name_count != 1)
		return walk_union(w, t, map);
	const struct node *n = find(w, map, t->names[0]);
	if (n)
		return go_on(w, t, n);
	return t->next && !t->upstream && !w->require ? PATH_FOUND : PATH_MISSING;
}

static enum path_end walk_wild(struct walk *w, const struct path_token *t, const struct node *n)
{
	if (n->kind != NODE_MAP && n->kind != NODE_LIST)
		return PATH_FOUND;
	for (const struct node *child = n->child; child; child = child->next) {
		enum path_end end = go_on(w, t, child);
		if (end == PATH_MISSING && n->kind == NODE_LIST)
			continue;
		if (end != PATH_FOUND)
			return end;
	}
	return PATH_FOUND;
}

static enum path_end walk_index(struct walk *w, const struct path_token *t, const struct node *list,
				long long index)
{
	const struct node *n = element(w, list, index);
	return n ? go_on(w, t, n) : PATH_MISSING;
}

/* [from, to): to is within the list; from may be before it, and is missing then. */
static enum path_end walk_range(struct walk *w, const struct path_token *t, const struct node *list,
				long long from, long long to)
{
	if (from >= to)
		return PATH_FOUND;
	const struct node *n = element(w, list, from);
	enum path_end end = n ? PATH_FOUND : PATH_MISSING;
	for (; end == PATH_FOUND && from < to; from++, n = n->next)
		end = go_on(w, t, n);
	return end;
}

static enum path_end walk_indexes(struct walk *w, const struct path_token *t,
				  const struct node *list)
{
	enum path_end end = PATH_FOUND;
	for (size_t i = 0; end == PATH_FOUND && i < t->number_count; i++)
		end = walk_index(w, t, list, t->numbers[i]);
	return end;
}

static enum path_end walk_array(struct walk *w, const struct path_token *t, const struct node *list)
{
	if (list->kind == NODE_NULL)
		return PATH_MISSING;
	if (list->kind != NODE_LIST)
		return PATH_INVALID;
	long long count = (long long)list->count;
	long long first = t->numbers[0];
	long long second = t->number_count > 1 ? t->numbers[1] : 0;
	long long back = first < 0 ? first + count : first;
	switch (t->array) {
	case ARRAY_INDEX:
		return walk_index(w, t, list, first);
	case ARRAY_INDEXES:
		return walk_indexes(w, t, list);
	case ARRAY_SIZE:
		return walk_index(w, t, list, count + first);
	case ARRAY_FROM:
		return walk_range(w, t, list, back < 0 ? 0 : back, count);
	case ARRAY_TO:
		return walk_range(w, t, list, 0, back < count ? back : count);
	case ARRAY_BETWEEN:
		return count ? walk_range(w, t, list, first, second < count ? second : count)
			     : PATH_FOUND;
	}
	return PATH_INVALID;
}

static enum path_end walk_filter(struct walk *w, const struct path_token *t, const struct node *n)
{
	bool passes;
	enum path_end end;
	if (n->kind == NODE_MAP) {
		end = filter_apply(w, t->filter, n, &passes);
		return end == PATH_FOUND && passes ? go_on(w, t, n) : end;
	}
	if (n->kind != NODE_LIST)
		return PATH_INVALID;
	for (const struct node *child = n->child; child; child = child->next) {
		if (!path_step(w, 1))
			return PATH_LIMIT;
		end = filter_apply(w, t->filter, child, &passes);
		if (end == PATH_FOUND && passes)
			end = go_on(w, t, child);
		if (end != PATH_FOUND)
			return end;
	}
	return PATH_FOUND;
}

/* Descent */

static bool has_all(struct walk *w, const struct path_token *t, const struct node *n)
{
	if (n->kind != NODE_MAP)
		return false;
	for (size_t i = 0; i < t->name_count; i++)
		if (!find(w, n, t->names[i]))
			return false;
	return true;
}

/* Is t worth trying at n? */
static enum path_end scan_matches(struct walk *w, const struct path_token *t, const struct node *n,
				  bool *matches)
{
	switch (t->kind) {
	case TOKEN_PROPERTY:
		*matches = has_all(w, t, n);
		return PATH_FOUND;
	case TOKEN_ARRAY:
		*matches = n->kind == NODE_LIST;
		return PATH_FOUND;
	case TOKEN_WILD:
		*matches = true;
		return PATH_FOUND;
	case TOKEN_FILTER:
		return filter_apply(w, t->filter, n, matches);
	case TOKEN_ROOT:
	case TOKEN_SCAN:
		*matches = false;
		return PATH_FOUND;
	}
	return PATH_INVALID;
}

/* t at n; or, of a list when more follows, what follows at each element. */
static enum path_end scan_here(struct walk *w, const struct path_token *t, const struct node *n)
{
	enum path_end end = PATH_FOUND;
	if (n->kind == NODE_MAP || !t->next)
		return walk_token(w, t, n);
	for (const struct node *child = n->child; end == PATH_FOUND && child; child = child->next)
		end = walk_token(w, t->next, child);
	return end;
}

static enum path_end scan(struct walk *w, const struct path_token *t, const struct node *n)
{
	bool matches;
	if (n->kind != NODE_MAP && n->kind != NODE_LIST)
		return PATH_FOUND;
	if (!path_step(w, 1) || ++w->depth > MAX_WALK_DEPTH)
		return PATH_LIMIT;
	enum path_end end = scan_matches(w, t, n, &matches);
	if (end == PATH_FOUND && matches)
		end = scan_here(w, t, n);
	for (const struct node *child = n->child; end == PATH_FOUND && child; child = child->next)
		end = scan(w, t, child);
	w->depth--;
	return end;
}

static enum path_end walk_token(struct walk *w, const struct path_token *t, const struct node *n)
{
	enum path_end end = PATH_INVALID;
	if (!path_step(w, 1) || ++w->depth > MAX_WALK_DEPTH)
		return PATH_LIMIT;
	switch (t->kind) {
	case TOKEN_ROOT:
		end = go_on(w, t, n);
		break;
	case TOKEN_SCAN:
		end = t->next ? scan(w, t->next, n) : PATH_STATE; /* the path was "." */
		break;
	case TOKEN_WILD:
		end = walk_wild(w, t, n);
		break;
	case TOKEN_PROPERTY:
		end = walk_property(w, t, n);
		break;
	case TOKEN_ARRAY:
		end = walk_array(w, t, n);
		break;
	case TOKEN_FILTER:
		end = walk_filter(w, t, n);
		break;
	}
	w->depth--;
	return end;
}

enum path_end path_walk(struct walk *w, const struct jsonpath *p, const struct node *doc)
{
	return walk_token(w, p->root, doc);
}

/* The calls */

static const char *const end_texts[] = {
	[PATH_FOUND] = "",
	[PATH_MISSING] = "PathNotFoundException: there is nothing at this path",
	[PATH_INVALID] = "InvalidPathException: the path does not fit what is there",
	[PATH_NUMBER] = "NumberFormatException: a text is compared with a number",
	[PATH_CLASS] = "ClassCastException: what =~ is given is not a pattern",
	[PATH_STATE] = "IllegalStateException: the path ends in a descent",
	[PATH_NULL] = "NullPointerException: a filter or a pattern that is not there",
	[PATH_LIMIT] = "LimitException: the evaluation takes too long or finds too much",
};
static_assert(ARRAY_LEN(end_texts) == PATH_LIMIT + 1, "every end has a text");

const struct node *jsonpath_find(struct arena *a, const struct jsonpath *p, const struct node *doc,
				 const char **error)
{
	struct path_work work = {0};
	struct walk w = {.arena = a, .root = doc, .work = &work, .definite = jsonpath_definite(p)};
	if (!w.definite)
		w.list = node_new(a, NODE_LIST);
	enum path_end end = path_walk(&w, p, doc);
	for (struct path_pattern *re = work.patterns; re; re = re->next)
		regex_free(re->re);
	if (end == PATH_FOUND && w.definite && !w.one)
		end = PATH_MISSING;
	if (error)
		*error = end_texts[end];
	if (end != PATH_FOUND)
		return NULL;
	return w.definite ? w.one : w.list;
}

const struct node *jsonpath_eval(struct arena *a, const struct jsonpath *p, const struct node *doc)
{
	return jsonpath_find(a, p, doc, NULL);
}
