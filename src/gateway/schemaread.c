/* schemaread.c -- JSON Schemas, draft 4, compiled. A keyword is a row of a table with its reader;
 * what is not there is no keyword and says nothing, as the draft wants it. Schemas that are
 * referred to are compiled once: a table by node finds them again, and references wait in a list
 * until all that is around them is known, so that models may go round in circles.
 *
 * A reference is resolved against the nearest "id"; with nothing found there, the resolver is
 * asked, last comes draft 4 itself. What the resolver gives is a document of its own. */
#include "gateway/schemaread.h"

#include <stdlib.h>
#include <string.h>

#define MAX_REF 1000       /* bytes */
#define MAX_REF_CHAIN 1000 /* references that lead to references */
static const char draft4[] = "http://json-schema.org/draft-04/schema";

bool schema_fail(const struct place *p, const struct node *at, const char *code, const char *what)
{
	return diag_error(p->r->d, node_pos(at, p->r->file), code, "%s", what);
}

/* Addresses */

static bool has_scheme(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
	return n && s[n] == ':';
}

/* ref as seen from base. What "../" would do is not done: nothing is fetched. */
static const char *resolve_address(struct arena *a, const char *base, const char *ref)
{
	if (has_scheme(ref))
		return ref;
	int keep = (int)strcspn(base, "#");
	const char *authority = strstr(base, "://");
	if (ref[0] == '/' && authority && authority < base + keep)
		keep = (int)(authority + 3 - base + (int)strcspn(authority + 3, "/#"));
	else if (ref[0] != '#' && ref[0])
		while (keep && base[keep - 1] != '/')
			keep--;
	return arena_printf(a, "%.*s%s", keep, base, ref);
}

static void add_named(struct reader *r, const char *id, const struct node *n, struct document *in)
{
	struct named *named = arena_alloc(r->arena, sizeof(*named));
	size_t len = strlen(id);
	bool bare = len && id[len - 1] == '#';
	*named = (struct named){arena_strndup(r->arena, id, len - (bare ? 1 : 0)), n, in, r->named};
	r->named = named;
}

/* "id" of a schema; "" when there is none. */
static const char *id_of(const struct node *n)
{
	const struct node *id = node_get(n, "id");
	return id && id->kind == NODE_TEXT && id->len <= MAX_REF ? id->text : "";
}

/* All ids of a document, before any of it is read. */
static void add_ids(struct reader *r, const struct node *n, const char *base, struct document *in)
{
	const char *id = id_of(n);
	if (*id && !node_get(n, "$ref")) {
		base = resolve_address(r->arena, base, id);
		add_named(r, base, n, in);
	}
	for (const struct node *child = n->child; child; child = child->next)
		add_ids(r, child, base, in);
}

static struct document *add_document(struct reader *r, const struct node *root)
{
	for (struct document *d = r->documents; d; d = d->next)
		if (d->root == root)
			return d;
	struct document *d = arena_alloc(r->arena, sizeof(*d));
	*d = (struct document){root, r->documents};
	r->documents = d;
	add_ids(r, root, "", d);
	return d;
}

/* References */

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	int lower = c | 0x20;
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* One step of a JSON pointer out of a fragment: %25, ~0 and ~1 are undone. */
static const char *unescape(struct arena *a, const char *p, size_t n)
{
	char *out = arena_alloc(a, n + 1);
	size_t len = 0;
	for (size_t i = 0; i < n; i++) {
		char c = p[i];
		if (c == '%' && i + 2 < n && hex_value(p[i + 1]) >= 0 && hex_value(p[i + 2]) >= 0) {
			c = (char)(hex_value(p[i + 1]) * 16 + hex_value(p[i + 2]));
			i += 2;
		} else if (c == '~' && i + 1 < n && (p[i + 1] == '0' || p[i + 1] == '1')) {
			c = p[++i] == '0' ? '~' : '/';
		}
		out[len++] = c;
	}
	return out;
}

static const struct node *step_into(const struct node *n, const char *key)
{
	long long index;
	if (n->kind == NODE_MAP)
		return node_get(n, key);
	if (n->kind != NODE_LIST || !str_to_i64(key, 0, (long long)n->count - 1, &index))
		return NULL;
	n = n->child;
	while (index--)
		n = n->next;
	return n;
}

/* A JSON pointer: "" or "/a/b". */
static const struct node *follow(struct arena *a, const struct node *n, const char *pointer)
{
	while (n && *pointer == '/') {
		size_t len = strcspn(++pointer, "/");
		n = step_into(n, unescape(a, pointer, len));
		pointer += len;
	}
	return *pointer ? NULL : n;
}

/* What address means among what is known. */
static const struct node *find_named(struct reader *r, const char *address, struct document **in)
{
	size_t len = strcspn(address, "#");
	const char *fragment = address[len] ? address + len + 1 : "";
	for (struct named *i = r->named; i; i = i->next) {
		bool whole = str_eq(i->id, address);
		if (!whole && (strlen(i->id) != len || strncmp(i->id, address, len) != 0))
			continue;
		const struct node *n = whole ? i->node : follow(r->arena, i->node, fragment);
		*in = i->in;
		if (n)
			return n;
	}
	return NULL;
}

static const struct node *ask(struct reader *r, const char *ref, struct document **in)
{
	const struct node *n = r->resolve ? r->resolve(r->ctx, ref) : NULL;
	bool known = strncmp(ref, draft4, strlen(draft4)) == 0;
	const char *fragment = known ? ref + strlen(draft4) : "";
	if (!n && known && (!*fragment || *fragment == '#')) {
		const struct node *root = schema_draft4(r->arena);
		n = follow(r->arena, root, fragment + (*fragment ? 1 : 0));
		*in = add_document(r, root);
	} else if (n) {
		*in = add_document(r, n);
	}
	return n;
}

static const struct node *find_target(struct reader *r, const struct pending *p,
				      struct document **in)
{
	const char *ref = p->ref->text;
	const char *address = resolve_address(r->arena, p->base, ref);
	const struct node *n = NULL;
	*in = p->in;
	if (ref[0] == '#')
		n = follow(r->arena, p->in->root, ref + 1);
	if (!n)
		n = find_named(r, address, in);
	return n ? n : ask(r, ref, in);
}

/* The address that references in a schema of a document start from: of the nearest id around it;
 * that of the document will do. */
static const char *base_of(const struct reader *r, const struct node *n, const struct document *in)
{
	for (const struct named *i = r->named; i; i = i->next)
		if (i->node == n)
			return i->id;
	return id_of(in->root);
}

static bool follow_pending(struct reader *r, const struct pending *p)
{
	struct place at = {.r = r};
	struct document *in;
	if (p->ref->kind != NODE_TEXT || p->ref->len > MAX_REF ||
	    strlen(p->ref->text) != p->ref->len)
		return schema_fail(&at, p->ref, "schema-ref", "a $ref must be a short text");
	const struct node *n = find_target(r, p, &in);
	if (!n)
		return diag_error(r->d, node_pos(p->ref, r->file), "schema-ref",
				  "there is no schema \"%s\"", p->ref->text);
	p->from->ref = schema_read(r, n, base_of(r, n, in), in);
	return p->from->ref != NULL;
}

static bool follow_all(struct reader *r)
{
	bool ok = true;
	while (r->pending) {
		struct pending *p = r->pending;
		r->pending = p->next;
		ok = follow_pending(r, p) && ok;
	}
	return ok;
}

/* Schemas */

static size_t made_slot(const struct reader *r, const struct node *n)
{
	size_t i = ((uintptr_t)n / sizeof(void *)) * 0x9e3779b97f4a7c15u & (r->made_size - 1);
	while (r->made[i].node && r->made[i].node != n)
		i = (i + 1) & (r->made_size - 1);
	return i;
}

static void grow_made(struct reader *r)
{
	struct made *old = r->made;
	size_t size = r->made_size;
	r->made_size = size ? size * 2 : 64;
	r->made = xcalloc(r->made_size, sizeof(*r->made));
	for (size_t i = 0; i < size; i++)
		if (old[i].node)
			r->made[made_slot(r, old[i].node)] = old[i];
	free(old);
}

static struct subschema *add_made(struct reader *r, const struct node *n)
{
	if (2 * r->made_count >= r->made_size)
		grow_made(r);
	struct subschema *s = arena_alloc(r->arena, sizeof(*s));
	r->made[made_slot(r, n)] = (struct made){n, s};
	r->made_count++;
	return s;
}

static void add_pending(const struct place *p, const struct node *ref, struct subschema *s)
{
	struct pending *pending = arena_alloc(p->r->arena, sizeof(*pending));
	*pending = (struct pending){s, ref, p->base, p->in, p->r->pending};
	p->r->pending = pending;
}

static bool read_keywords(const struct place *p, struct subschema *s)
{
	const struct node *ref = node_get(p->node, "$ref");
	bool ok = true;
	if (ref && ref->kind == NODE_TEXT) {
		add_pending(p, ref, s);
		return true;
	}
	for (const struct node *n = p->node->child; n; n = n->next)
		ok = schema_read_keyword(p, n, s) && ok;
	return ok;
}

struct subschema *schema_read(struct reader *r, const struct node *n, const char *base,
			      struct document *in)
{
	struct place p = {r, n, base, in};
	if (n->kind != NODE_MAP) {
		schema_fail(&p, n, "schema-value", "a schema must be a map");
		return NULL;
	}
	if (r->made_size && r->made[made_slot(r, n)].node)
		return r->made[made_slot(r, n)].schema;
	if (r->made_count == MAX_SCHEMA_NODES) {
		schema_fail(&p, n, "schema-too-large", "too many schemas within one");
		return NULL;
	}
	struct subschema *s = add_made(r, n);
	if (*id_of(n) && !node_get(n, "$ref"))
		p.base = resolve_address(r->arena, base, id_of(n));
	return read_keywords(&p, s) ? s : NULL;
}

/* Each reference is made to lead to a schema that is none. */
static bool shorten_chains(struct reader *r)
{
	for (size_t i = 0; i < r->made_size; i++) {
		struct subschema *s = r->made[i].schema;
		int steps = 0;
		while (s && s->ref && steps++ < MAX_REF_CHAIN)
			s = s->ref;
		if (s && s->ref)
			return diag_error(r->d, node_pos(r->made[i].node, r->file), "schema-ref",
					  "this reference leads to nothing but references");
		if (s && s != r->made[i].schema)
			r->made[i].schema->ref = s;
	}
	return true;
}

struct schema *schema_compile(struct arena *a, const char *file, const struct node *root,
			      const struct node *(*resolve)(void *ctx, const char *ref), void *ctx,
			      struct diags *d)
{
	struct schema *schema = arena_alloc(a, sizeof(*schema));
	struct reader r = {
		.arena = a, .schema = schema, .file = file, .resolve = resolve, .ctx = ctx, .d = d};
	struct document *in = add_document(&r, root);
	schema->root = schema_read(&r, root, "", in);
	bool ok = schema->root && follow_all(&r) && shorten_chains(&r);
	free(r.made);
	if (ok)
		return schema;
	schema_free(schema);
	return NULL;
}

void schema_free(struct schema *s)
{
	if (!s)
		return;
	for (struct schema_pattern *p = s->patterns; p; p = p->next) {
		regex_free(p->re);
		p->re = NULL;
	}
}
