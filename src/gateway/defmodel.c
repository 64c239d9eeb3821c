/* defmodel.c -- models: JSON Schemas of request bodies, imported as the service imports them, which
 * drops what its validation does not honour. */
#include "gateway/defread.h"

#include "gateway/schema.h"

#include <ctype.h>
#include <string.h>

/* What the importer leaves out of a schema, so that it is never checked. */
static const char *const dropped[] = {"minItems", "maxItems", "exclusiveMinimum",
				      "exclusiveMaximum", "discriminator"};
/* What says nothing to a validator. */
static const char *const silent[] = {"example", "examples", "readOnly",     "writeOnly",
				     "default", "xml",      "externalDocs", "deprecated"};

static bool listed(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Values that are no schemas, as they are. */
static struct node *share(struct def *d, const struct node *n)
{
	struct node *out = arena_alloc(d->r.arena, sizeof(*out));
	*out = *n;
	out->next = NULL;
	return out;
}

/* Less than the readers' limit: an export has a schema one level deeper than a Swagger file. */
#define MAX_MODEL_DEPTH 50

/* named: the keys of n are names of properties, not keywords. */
static struct node *copy_level(struct def *d, const struct node *n, bool named, int depth)
{
	struct node *out = arena_alloc(d->r.arena, sizeof(*out));
	struct node **end = &out->child;
	*out = *n;
	out->child = out->next = NULL;
	out->count = 0;
	for (const struct node *e = n->child; e; e = e->next) {
		const char *key = e->key ? e->key->text : "";
		if (n->kind == NODE_MAP && !named && listed(key, silent, ARRAY_LEN(silent)))
			continue;
		if (n->kind == NODE_MAP && !named && listed(key, dropped, ARRAY_LEN(dropped))) {
			SHAPE_WARN(&d->r, e->key, "gateway-schema-ignored",
				   "\"%s\" is left out when a model is imported, so it is not "
				   "checked",
				   key);
			continue;
		}
		bool names = n->kind == NODE_MAP && !named &&
			     (str_eq(key, "properties") || str_eq(key, "patternProperties") ||
			      str_eq(key, "definitions"));
		if (depth == MAX_MODEL_DEPTH) {
			SHAPE_ERROR(&d->r, e, "gateway-too-deep",
				    "a model is nested at most %d deep", MAX_MODEL_DEPTH);
			break;
		}
		*end = str_eq(key, "enum") && !named ? share(d, e)
						     : copy_level(d, e, names, depth + 1);
		end = &(*end)->next;
		out->count++;
	}
	return out;
}

static struct node *copy_schema(struct def *d, const struct node *n)
{
	return copy_level(d, n, false, 0);
}

static struct gw_model *add_model(struct def *d, const char *name, const struct node *schema,
				  const struct node *at)
{
	struct gw_api *api = d->api;
	if (api->model_count == d->model_cap) {
		/* Methods point to models: none may move. */
		SHAPE_ERROR(&d->r, at, "gateway-too-many", "an API has at most %zu models",
			    d->model_cap);
		return NULL;
	}
	struct gw_model *m = &api->models[api->model_count++];
	*m = (struct gw_model){.name = name, .schema = schema, .pos = node_pos(at, d->r.file)};
	return m;
}

static bool name_ok(struct def *d, const struct node *key)
{
	for (const char *p = key->text; *p; p++)
		if (!isalnum((unsigned char)*p)) {
			SHAPE_WARN(&d->r, key, "gateway-model-name",
				   "the name of a model has letters and digits only: the service "
				   "would not import \"%s\"",
				   shape_brief(&d->r, key->text));
			return true;
		}
	return true;
}

static void add_built_in(struct def *d, const char *name, bool message)
{
	struct arena *a = d->r.arena;
	if (gw_api_model(d->api, name))
		return;
	struct node *schema = node_new(a, NODE_MAP);
	node_set(a, schema, "title", node_new_text(a, arena_printf(a, "%s Schema", name)));
	node_set(a, schema, "type", node_new_text(a, "object"));
	if (message) {
		struct node *text = node_new(a, NODE_MAP), *properties = node_new(a, NODE_MAP);
		node_set(a, text, "type", node_new_text(a, "string"));
		node_set(a, properties, "message", text);
		node_set(a, schema, "properties", properties);
	}
	add_model(d, name, schema, NULL);
}

#define MAX_MODELS 1200 /* those of components, and one a method and content type */

void def_models(struct def *d, const struct node *schemas)
{
	d->model_cap = MAX_MODELS;
	d->api->models = arena_alloc(d->r.arena, MAX_MODELS * sizeof(struct gw_model));
	if (schemas && shape_is(&d->r, schemas, NODE_MAP, "schemas"))
		for (const struct node *e = schemas->child; e; e = e->next)
			if (shape_is(&d->r, e, NODE_MAP, e->key->text) && name_ok(d, e->key))
				add_model(d, e->key->text, copy_schema(d, e), e->key);
	add_built_in(d, "Empty", false);
	add_built_in(d, "Error", true);
}

const struct gw_model *def_inline_model(struct def *d, const struct node *schema)
{
	struct arena *a = d->r.arena;
	const char *ref = node_text(schema, "$ref");
	if (!ref) {
		const char *name = arena_printf(a, "MODEL%zu", d->api->model_count);
		return shape_is(&d->r, schema, NODE_MAP, "schema")
			       ? add_model(d, name, copy_schema(d, schema), schema)
			       : NULL;
	}
	const struct gw_model *m = gw_api_model_ref(d->api, ref);
	if (!m) {
		const char **names = arena_alloc(a, (d->api->model_count + 1) * sizeof(*names));
		for (size_t i = 0; i < d->api->model_count; i++)
			names[i] = d->api->models[i].name;
		const char *name = strrchr(ref, '/');
		shape_unknown(&d->r, node_get(schema, "$ref"), "gateway-unknown-model", "model",
			      name ? name + 1 : ref, names, d->api->model_count);
	}
	return m;
}

static const struct node *referred(void *ctx, const char *ref)
{
	const struct gw_model *m = gw_api_model_ref(ctx, ref);
	return m ? m->schema : NULL;
}

void def_compile_models(struct def *d)
{
	struct gw_api *api = d->api;
	for (size_t i = 0; i < api->model_count; i++) {
		struct gw_model *m = &api->models[i];
		m->compiled =
			schema_compile(d->r.arena, d->r.file, m->schema, referred, api, d->r.d);
		d->r.ok &= m->compiled != NULL;
	}
}
