/* shape.c -- see shape.h. Every slip is reported where it stands and reading goes on, so that one
 * run shows all of them; a value that is wrong leaves the default in its place. */
#include "gateway/shape.h"

#include "base/suggest.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MAX_SHAPE_KEYS 64
#define MAX_SUGGESTIONS 50
#define MAX_SUGGESTED_WORD 80 /* bytes; longer words get no suggestion */

const char *gw_type_name(enum gw_type type)
{
	static const char *const names[] = {
		[GW_REST] = "REST", [GW_HTTP] = "HTTP", [GW_WEBSOCKET] = "WebSocket"};
	return names[type];
}

const char *gw_short_id(struct arena *a, const char *text, int n)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	uint64_t h = 14695981039346656037ULL; /* FNV-1a */
	char id[16] = {0};
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 1099511628211ULL;
	assert(n > 0 && n <= 12);
	for (int i = 0; i < n; i++) {
		unsigned base = i ? 36 : 26; /* a letter first */
		id[i] = digits[h % base + (i ? 0 : 10)];
		h /= base;
	}
	return arena_strdup(a, id);
}

const char *shape_brief(struct shape_reader *r, const char *text)
{
	return utf8_ellipsis(r->arena, arena_strndup(r->arena, text, 200), 40);
}

/* -- scalars ----------------------------------------------------------------------------------- */

bool shape_is(struct shape_reader *r, const struct node *n, enum node_kind kind, const char *name)
{
	if (n->kind == kind)
		return true;
	return SHAPE_ERROR(r, n, "gateway-type", "\"%s\" must be %s, not %s", name,
			   kind == NODE_MAP ? "a map" : node_kind_name(kind),
			   node_kind_name(n->kind));
}

const char *shape_text(struct shape_reader *r, const struct node *n, const char *name)
{
	if (n->kind == NODE_LIST || n->kind == NODE_MAP || n->kind == NODE_NULL)
		SHAPE_ERROR(r, n, "gateway-type", "\"%s\" must be text, not %s", name,
			    node_kind_name(n->kind));
	else if (memchr(n->text, '\0', n->len))
		SHAPE_ERROR(r, n, "gateway-value", "\"%s\" holds a NUL character", name);
	else
		return n->text;
	return NULL;
}

bool shape_number(struct shape_reader *r, const struct node *n, const char *name, double min,
		  double max, double *out)
{
	const char *text = shape_text(r, n, name);
	return text && (str_to_double(text, min, max, out) ||
			SHAPE_ERROR(r, n, "gateway-value",
				    "\"%s\" must be a number from %.15g to %.15g, not \"%s\"", name,
				    min, max, shape_brief(r, text)));
}

static bool read_whole(struct shape_reader *r, const struct node *n, const struct shape_key *key,
		       long long *out)
{
	const char *text = shape_text(r, n, key->name);
	return text && (str_to_i64(text, (long long)key->min, (long long)key->max, out) ||
			SHAPE_ERROR(r, n, "gateway-value",
				    "\"%s\" must be a whole number from %.0f to %.0f, not \"%s\"",
				    key->name, key->min, key->max, shape_brief(r, text)));
}

static void read_bool(struct shape_reader *r, const struct node *n, const struct shape_key *key,
		      bool *out)
{
	const char *text = shape_text(r, n, key->name);
	if (!text)
		return;
	if (strcasecmp(text, "true") == 0 || strcasecmp(text, "false") == 0)
		*out = (text[0] | 0x20) == 't';
	else
		SHAPE_ERROR(r, n, "gateway-value", "\"%s\" must be true or false, not \"%s\"",
			    key->name, shape_brief(r, text));
}

static void read_word(struct shape_reader *r, const struct node *n, const struct shape_key *key,
		      int *out)
{
	struct str all = {0};
	const char *text = shape_text(r, n, key->name);
	for (int i = 0; text && key->words[i]; i++) {
		if (strcasecmp(text, key->words[i]) == 0) {
			*out = i;
			str_clear(&all);
			return;
		}
		str_addf(&all, "%s%s",
			 i == 0              ? ""
			 : key->words[i + 1] ? ", "
					     : " or ",
			 key->words[i]);
	}
	if (text)
		SHAPE_ERROR(r, n, "gateway-value", "\"%s\" must be %s, not \"%s\"", key->name,
			    str_c(&all), shape_brief(r, text));
	str_clear(&all);
}

/* -- lists and maps of texts ------------------------------------------------------------------- */

static bool few(struct shape_reader *r, const struct node *n, const struct shape_key *key)
{
	return key->max <= 0 || n->count <= (size_t)key->max ||
	       SHAPE_ERROR(r, n, "gateway-too-many",
			   "\"%s\" has %zu entries, at most %.0f are allowed", key->name, n->count,
			   key->max);
}

static void read_texts(struct shape_reader *r, const struct node *n, const struct shape_key *key,
		       char *out)
{
	bool list = n->kind == NODE_LIST;
	size_t i = 0, count = list ? n->count : 1;
	if (!few(r, n, key))
		return;
	const char **items = arena_alloc(r->arena, (count + 1) * sizeof(*items));
	for (const struct node *e = list ? n->child : n; e; e = list ? e->next : NULL) {
		items[i] = shape_text(r, e, key->name);
		i += items[i] != NULL;
	}
	memcpy(out + key->at, &items, sizeof(items));
	memcpy(out + key->count, &i, sizeof(i));
}

static void read_params(struct shape_reader *r, const struct node *n, const struct shape_key *key,
			char *out)
{
	size_t i = 0;
	if (!shape_is(r, n, NODE_MAP, key->name) || !few(r, n, key))
		return;
	struct gw_param *items = arena_alloc(r->arena, (n->count + 1) * sizeof(*items));
	for (const struct node *e = n->child; e; e = e->next) {
		items[i].name = e->key->text;
		items[i].value = shape_text(r, e, e->key->text);
		i += items[i].value != NULL;
	}
	memcpy(out + key->at, &items, sizeof(items));
	memcpy(out + key->count, &i, sizeof(i));
}

/* -- maps by tables ---------------------------------------------------------------------------- */

static const struct shape_key *find_key(const struct shape *s, const struct node *key)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->keys[i].name, key->text) == 0 && key->len == strlen(key->text))
			return &s->keys[i];
	return NULL;
}

static const char *near_name(struct shape_reader *r, const char *text, const char *const *names,
			     size_t n)
{
	if (strlen(text) > MAX_SUGGESTED_WORD || r->suggestions >= MAX_SUGGESTIONS)
		return NULL;
	r->suggestions++;
	return suggest(text, names, n);
}

static void unknown_key(struct shape_reader *r, const struct node *key, const struct shape *s)
{
	const char *names[MAX_SHAPE_KEYS];
	struct pos at = node_pos(key, r->file);
	for (size_t i = 0; i < s->count; i++)
		names[i] = s->keys[i].name;
	const char *near = near_name(r, key->text, names, s->count);
	const char *text = shape_brief(r, key->text);
	const char *what =
		near ? arena_printf(r->arena, "unknown key \"%s\", did you mean \"%s\"?", text,
				    near)
		     : arena_printf(r->arena, "unknown key \"%s\": no %s has it", text, s->name);
	if (!s->lenient)
		r->ok = diag_error(r->d, at, "gateway-unknown-key", "%s", what);
	else if (str_starts(key->text, "x-") && !str_starts(key->text, "x-amazon-apigateway-"))
		diag_note(r->d, at, "gateway-foreign-extension",
			  "\"%s\" is an extension of others and is not read", text);
	else
		diag_warn(r->d, at, "gateway-unknown-key", "%s", what);
}

static bool has_type(struct shape_reader *r, const struct node *n, const struct shape_key *key)
{
	if (!key->only || key->only & GW_BIT(r->type))
		return true;
	if (key->teach)
		return SHAPE_ERROR(r, n->key, "gateway-other-type", "\"%s\": %s", key->name,
				   key->teach);
	return SHAPE_ERROR(r, n->key, "gateway-other-type", "%s APIs have no \"%s\"",
			   gw_type_name(r->type), key->name);
}

static void read_number(struct shape_reader *r, const struct node *n, const struct shape_key *key,
			char *out)
{
	long long whole;
	if (key->type == SHAPE_REAL) {
		shape_number(r, n, key->name, key->min, key->max,
			     (double *)(void *)(out + key->at));
		return;
	}
	if (!read_whole(r, n, key, &whole))
		return;
	if (key->type == SHAPE_INT)
		*(int *)(void *)(out + key->at) = (int)whole;
	else
		*(long *)(void *)(out + key->at) = (long)whole;
}

/* Once for a file is enough: exports have some of these in every integration. */
static void warn_idle(struct shape_reader *r, const struct node *n, const struct shape_key *key)
{
	for (size_t i = 0; i < r->idle_count; i++)
		if (r->idle[i] == key)
			return;
	if (r->idle_count < MAX_SHAPE_IDLE)
		r->idle[r->idle_count++] = key;
	SHAPE_WARN(r, n->key, "gateway-not-simulated", "\"%s\" has no effect here: %s", key->name,
		   key->teach);
}

static void read_value(struct shape_reader *r, const struct node *n, const struct shape_key *key,
		       char *out)
{
	const char *text;
	switch (key->type) {
	case SHAPE_TEXT:
		text = shape_text(r, n, key->name);
		if (text)
			memcpy(out + key->at, &text, sizeof(text));
		break;
	case SHAPE_BOOL:
		read_bool(r, n, key, (bool *)(void *)(out + key->at));
		break;
	case SHAPE_INT:
	case SHAPE_LONG:
	case SHAPE_REAL:
		read_number(r, n, key, out);
		break;
	case SHAPE_WORD:
		read_word(r, n, key, (int *)(void *)(out + key->at));
		break;
	case SHAPE_TEXTS:
		read_texts(r, n, key, out);
		break;
	case SHAPE_PARAMS:
		read_params(r, n, key, out);
		break;
	case SHAPE_NODE:
		memcpy(out + key->at, &n, sizeof(n));
		break;
	case SHAPE_READ:
		key->read(r, n, out);
		break;
	case SHAPE_DOC:
		break;
	case SHAPE_IDLE:
		warn_idle(r, n, key);
		break;
	}
}

bool shape_read(struct shape_reader *r, const struct node *n, const struct shape *s, void *out)
{
	bool seen[MAX_SHAPE_KEYS] = {false}, whole = true;
	assert(s->count <= MAX_SHAPE_KEYS);
	if (n->kind != NODE_MAP)
		return SHAPE_ERROR(r, n, "gateway-type", "a %s must be a map of keys, not %s",
				   s->name, node_kind_name(n->kind));
	for (const struct node *e = n->child; e; e = e->next) {
		const struct shape_key *key = find_key(s, e->key);
		if (!key) {
			unknown_key(r, e->key, s);
			continue;
		}
		seen[key - s->keys] = true;
		if (has_type(r, e, key))
			read_value(r, e, key, out);
	}
	for (size_t i = 0; i < s->count; i++)
		if (s->keys[i].required && !seen[i])
			whole = SHAPE_ERROR(r, n, "gateway-missing-key",
					    "\"%s\" is missing: every %s needs it", s->keys[i].name,
					    s->name);
	return whole;
}

void shape_unknown(struct shape_reader *r, const struct node *n, const char *code, const char *what,
		   const char *text, const char *const *names, size_t count)
{
	const char *near = near_name(r, text, names, count);
	text = shape_brief(r, text);
	if (near)
		SHAPE_ERROR(r, n, code, "unknown %s \"%s\", did you mean \"%s\"?", what, text,
			    near);
	else
		SHAPE_ERROR(r, n, code, "unknown %s \"%s\"", what, text);
}

/* -- the manual -------------------------------------------------------------------------------- */

static void mdoc_key(struct str *out, const struct shape_key *k)
{
	if (!k->help)
		return;
	str_addf(out, ".It Ic %s%s\n%s\n", k->name, k->required ? " Pq required" : "", k->help);
}

void shape_mdoc(struct str *out, const struct shape *const *shapes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!shapes[i]->heading)
			continue;
		str_addf(out, ".Ss %s\n.Bl -tag -width Ds\n", shapes[i]->heading);
		for (size_t k = 0; k < shapes[i]->count; k++)
			mdoc_key(out, &shapes[i]->keys[k]);
		str_add(out, ".El\n");
	}
}
