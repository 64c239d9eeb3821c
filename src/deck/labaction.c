/* labaction.c -- what labs do: actions from their checked keys, their titles, and edits carried
 * out.
 *
 * An action has one key that says what is done, and others that go with it; which go with which is
 * a table. Names of connections are checked over the whole file at its end, since a request may
 * speak on a connection that another one opens.
 *
 * Paths of files are refused by how they are written, so that a lab from elsewhere can neither read
 * nor change what is outside its folder; a link in the folder that leads out is refused when it is
 * followed. */
#include "deck/labinside.h"

#include "base/file.h"
#include "base/suggest.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_AS "client"
#define TITLE_COLUMNS 60

const char *const lab_verb_names[LAB_VERB_COUNT] = {
	[LAB_SEND] = "send",       [LAB_CONNECT] = "connect", [LAB_SAY] = "say",
	[LAB_CLOSE] = "close",     [LAB_WAIT] = "wait",       [LAB_DEPLOY] = "deploy",
	[LAB_PROMOTE] = "promote", [LAB_EDIT] = "edit",
};

#define BIT(verb) (1U << (verb))
static const struct {
	const char *key;
	unsigned verbs; /* those it goes with */
} extras[] = {
	{"headers", BIT(LAB_SEND) | BIT(LAB_CONNECT)},
	{"body", BIT(LAB_SEND)},
	{"burst", BIT(LAB_SEND)},
	{"api", BIT(LAB_SEND) | BIT(LAB_CONNECT)},
	{"host", BIT(LAB_SEND) | BIT(LAB_CONNECT)},
	{"certificate", BIT(LAB_SEND) | BIT(LAB_CONNECT)},
	{"as", BIT(LAB_CONNECT) | BIT(LAB_SAY) | BIT(LAB_CLOSE)},
	{"find", BIT(LAB_EDIT)},
	{"put", BIT(LAB_EDIT)},
	{"with", BIT(LAB_EDIT)},
};

/* -- reading ----------------------------------------------------------------------------------- */

/* The key that says what is done: *verb; NULL and an error when there is none, or two. */
static const struct node *find_verb(struct lab_reader *lr, const struct node *n,
				    enum lab_verb *verb)
{
	const struct node *found = NULL;
	for (int v = 0; v < LAB_VERB_COUNT; v++) {
		const struct node *key = node_get(n, lab_verb_names[v]);
		if (key && found) {
			SPEC_ERROR(&lr->r, key->key, "lab-action",
				   "one thing at a time: \"%s\" is here already",
				   lab_verb_names[*verb]);
			return NULL;
		}
		if (key) {
			found = key;
			*verb = (enum lab_verb)v;
		}
	}
	if (!found)
		SPEC_ERROR(&lr->r, n->key ? n->key : n, "lab-action",
			   "nothing is done: it needs one of send, connect, say, close, wait, "
			   "deploy and promote");
	return found;
}

static void check_extras(struct lab_reader *lr, const struct node *n, enum lab_verb verb)
{
	for (size_t i = 0; i < ARRAY_LEN(extras); i++) {
		const struct node *key = node_get(n, extras[i].key);
		if (key && !(extras[i].verbs & BIT(verb)))
			SPEC_ERROR(&lr->r, key->key, "lab-action", "\"%s\" does not go with \"%s\"",
				   extras[i].key, lab_verb_names[verb]);
	}
}

static bool is_target(const char *s)
{
	if (*s != '/')
		return false;
	for (; *s; s++)
		if ((unsigned char)*s <= ' ' || *s == 0x7f || *s == '#')
			return false;
	return true;
}

static void read_target(struct lab_reader *lr, struct lab_action *out, const struct node *n,
			const char *target)
{
	out->target = target;
	if (!is_target(target))
		SPEC_ERROR(&lr->r, n, "lab-action",
			   "\"%s\" is no path: it begins with \"/\" and has no blanks",
			   spec_brief(&lr->r, target));
}

/* "GET /prod/stock" */
static void read_send(struct lab_reader *lr, struct lab_action *out, const struct node *n)
{
	size_t len = strspn(n->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-");
	if (len == 0 || len > 32 || n->text[len] != ' ') {
		SPEC_ERROR(&lr->r, n, "lab-action",
			   "\"%s\" is no request: write method and path, as GET /prod/stock",
			   spec_brief(&lr->r, n->text));
		return;
	}
	out->method = arena_strndup(lr->r.arena, n->text, len);
	read_target(lr, out, n, n->text + len + 1);
}

/* "shop/prod" */
static void read_stage(struct lab_reader *lr, struct lab_action *out, const struct node *n)
{
	const char *slash = strchr(n->text, '/');
	if (!slash || slash == n->text || !slash[1] || strchr(slash + 1, '/') ||
	    strpbrk(n->text, " \t")) {
		SPEC_ERROR(&lr->r, n, "lab-action", "\"%s\" is no stage: write API/STAGE",
			   spec_brief(&lr->r, n->text));
		return;
	}
	out->api = arena_strndup(lr->r.arena, n->text, (size_t)(slash - n->text));
	out->stage = slash + 1;
}

bool lab_path_ok(const char *path)
{
	if (!*path || strchr(path, '\\'))
		return false;
	for (const char *p = path;; p++) {
		size_t n = strcspn(p, "/");
		if (n == 0 || (n == 1 && p[0] == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		p += n;
		if (!*p)
			return true;
	}
}

void lab_check_path(struct lab_reader *lr, const struct node *n)
{
	if (n && !lab_path_ok(n->text))
		SPEC_ERROR(&lr->r, n, "lab-file",
			   "\"%s\" leaves the folder: write the path of a file in it",
			   spec_brief(&lr->r, n->text));
}

static void read_edit(struct lab_reader *lr, struct lab_action *out, const struct node *n)
{
	const struct node *find = node_get(n, "find"), *put = node_get(n, "put");
	const struct node *with = node_get(n, "with"), *file = node_get(n, "edit");
	out->file = file->text;
	out->find = find ? find->text : NULL;
	out->put = put ? put->text : NULL;
	out->with = with ? with->text : NULL;
	lab_check_path(lr, file);
	lab_check_path(lr, with);
	if (with ? find || put : !find || !put)
		SPEC_ERROR(&lr->r, file->key, "lab-action",
			   "an edit has either \"find\" and \"put\", or \"with\"");
}

static void read_headers(struct lab_reader *lr, struct lab_action *out, const struct node *map)
{
	out->headers =
		arena_alloc(lr->r.arena, ((map ? map->count : 0) + 1) * sizeof(*out->headers));
	for (const struct node *e = map ? map->child : NULL; e; e = e->next)
		out->headers[out->header_count++] =
			(struct lab_pair){e->key->text, e->text, node_pos(e->key, lr->r.file)};
}

static void read_extras(struct lab_reader *lr, struct lab_action *out, const struct node *n)
{
	const struct node *burst = node_get(n, "burst");
	if (node_get(n, "api"))
		out->api = node_text(n, "api");
	out->host = node_text(n, "host");
	out->body = node_text(n, "body");
	out->certificate = str_eq(node_text(n, "certificate"), "yes");
	read_headers(lr, out, node_get(n, "headers"));
	if (burst) {
		str_to_double(node_text(burst, "rate"), 0, MAX_BURST_RATE, &out->burst_rate);
		str_to_double(node_text(burst, "seconds"), 0, MAX_BURST_SECONDS,
			      &out->burst_seconds);
	}
	if (BIT(out->verb) & (BIT(LAB_CONNECT) | BIT(LAB_SAY) | BIT(LAB_CLOSE)))
		out->as = node_get(n, "as") ? node_text(n, "as") : DEFAULT_AS;
}

void lab_read_action(struct lab_reader *lr, struct lab_action *out, const struct node *n)
{
	*out = (struct lab_action){.verb = LAB_SEND};
	const struct node *v = find_verb(lr, n, &out->verb);
	if (!v)
		return;
	out->pos = node_pos(v->key, lr->r.file);
	check_extras(lr, n, out->verb);
	read_extras(lr, out, n);
	switch (out->verb) {
	case LAB_SEND:
		read_send(lr, out, v);
		break;
	case LAB_CONNECT:
		read_target(lr, out, v, v->text);
		break;
	case LAB_SAY:
		out->body = v->text;
		break;
	case LAB_CLOSE:
		out->code = atoi(v->text);
		break;
	case LAB_WAIT:
		spec_span(v->text, 0, MAX_LAB_WAIT_MS, &out->wait_ms);
		break;
	case LAB_DEPLOY:
	case LAB_PROMOTE:
		read_stage(lr, out, v);
		break;
	case LAB_EDIT:
		read_edit(lr, out, n);
		break;
	case LAB_VERB_COUNT:
		assert(false);
	}
}

/* -- names of connections ---------------------------------------------------------------------- */

struct names {
	const char *opened[2 * MAX_LAB_ACTIONS];
	size_t count;
};

static void note_opened(struct names *names, const struct lab_action *a)
{
	if (a->verb == LAB_CONNECT && names->count < ARRAY_LEN(names->opened))
		names->opened[names->count++] = a->as;
}

static void check_name(struct lab_reader *lr, const struct names *names, const struct lab_action *a,
		       const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_eq(names->opened[i], name))
			return;
	const char *near = suggest(name, names->opened, names->count);
	if (near)
		lr->r.ok = diag_error(lr->r.d, a->pos, "lab-action",
				      "nothing opens a connection as \"%s\", did you mean \"%s\"?",
				      name, near);
	else
		lr->r.ok = diag_error(lr->r.d, a->pos, "lab-action",
				      "nothing opens a connection as \"%s\"", name);
}

/* {NAME} in a target. Bodies may hold braces that mean something else. */
static void check_braces(struct lab_reader *lr, const struct names *names,
			 const struct lab_action *a)
{
	for (const char *p = a->target ? strchr(a->target, '{') : NULL; p; p = strchr(p + 1, '{')) {
		size_t n = strcspn(p + 1, "}");
		if (p[n + 1] && n > 0 && n <= MAX_SLUG)
			check_name(lr, names, a, arena_strndup(lr->r.arena, p + 1, n));
	}
}

static void check_action(struct lab_reader *lr, const struct names *names,
			 const struct lab_action *a)
{
	if (a->verb == LAB_SAY || a->verb == LAB_CLOSE)
		check_name(lr, names, a, a->as);
	check_braces(lr, names, a);
}

void lab_check_names(struct lab_reader *lr)
{
	const struct lab *l = lr->l;
	struct names names = {.count = 0};
	for (size_t i = 0; i < l->request_count; i++)
		note_opened(&names, &l->requests[i].action);
	for (size_t i = 0; i < l->solution_count; i++)
		if (l->solution[i].request < 0)
			note_opened(&names, &l->solution[i].action);
	for (size_t i = 0; i < l->request_count; i++)
		check_action(lr, &names, &l->requests[i].action);
	for (size_t i = 0; i < l->solution_count; i++)
		if (l->solution[i].request < 0)
			check_action(lr, &names, &l->solution[i].action);
}

/* -- titles ------------------------------------------------------------------------------------ */

/* "11m" */
static const char *span_text(struct arena *a, int64_t ms)
{
	static const struct {
		int64_t ms;
		const char *unit;
	} units[] = {{3600 * 1000, "h"}, {60 * 1000, "m"}, {1000, "s"}, {1, "ms"}};
	size_t i = 0;
	while (ms % units[i].ms)
		i++;
	return arena_printf(a, "%lld%s", (long long)(ms / units[i].ms), units[i].unit);
}

static const char *title_of(struct arena *a, const struct lab_action *x)
{
	switch (x->verb) {
	case LAB_SEND:
		if (x->burst_rate > 0)
			return arena_printf(a, "%s %s, %g a second for %g s", x->method, x->target,
					    x->burst_rate, x->burst_seconds);
		return arena_printf(a, "%s %s", x->method, x->target);
	case LAB_CONNECT:
		return arena_printf(a, "connect %s as %s", x->target, x->as);
	case LAB_SAY:
		return arena_printf(a, "%s says %s", x->as, x->body);
	case LAB_CLOSE:
		return arena_printf(a, "%s closes with %d", x->as, x->code);
	case LAB_WAIT:
		return arena_printf(a, "wait %s", span_text(a, x->wait_ms));
	case LAB_DEPLOY:
	case LAB_PROMOTE:
		return arena_printf(a, "%s %s/%s", lab_verb_names[x->verb], x->api, x->stage);
	case LAB_EDIT:
		return arena_printf(a, "edit %s", x->file);
	case LAB_VERB_COUNT:
		break;
	}
	return "";
}

const char *lab_action_title(struct arena *a, const struct lab_action *x)
{
	return utf8_ellipsis(a, title_of(a, x), TITLE_COLUMNS);
}

/* -- edits ------------------------------------------------------------------------------------- */

/* The path of a file below folder, in the arena; NULL and an error when links lead elsewhere. */
static const char *file_inside(struct arena *a, const char *folder, const char *file,
			       struct diags *d)
{
	const char *root = path_absolute(a, folder);
	const char *path = path_absolute(a, path_join(a, root, file));
	if (lab_path_ok(file) && path_inside(path, root))
		return path;
	diag_error(d, (struct pos){file, 0, 0}, "lab-file", "this is not in the folder %s", folder);
	return NULL;
}

bool lab_replace(struct str *out, const char *text, const struct lab_action *x, struct diags *d)
{
	const char *at = strstr(text, x->find);
	if (!at)
		return diag_error(d, x->pos, "lab-edit", "%s does not hold the text to find",
				  x->file);
	if (strstr(at + 1, x->find))
		return diag_error(d, x->pos, "lab-edit", "%s holds the text to find more than once",
				  x->file);
	str_addn(out, text, (size_t)(at - text));
	str_add(out, x->put);
	str_add(out, at + strlen(x->find));
	return true;
}

bool lab_edit(const struct lab_action *x, const char *folder, struct diags *d)
{
	return lab_edit_from(x, folder, folder, d);
}

bool lab_edit_from(const struct lab_action *x, const char *folder, const char *with_folder,
		   struct diags *d)
{
	struct arena a = {0};
	struct str in = {0}, out = {0};
	const char *path = file_inside(&a, folder, x->file, d);
	const char *from = path && x->with ? file_inside(&a, with_folder, x->with, d) : path;
	bool ok = from && file_read(from, MAX_LAB_FILE_BYTES, &in, d);
	assert(x->verb == LAB_EDIT);
	if (ok && memchr(str_c(&in), '\0', in.len))
		ok = diag_error(d, x->pos, "lab-edit", "%s is no text", path_base(from));
	if (ok && !x->with)
		ok = lab_replace(&out, str_c(&in), x, d);
	else if (ok)
		str_addn(&out, str_c(&in), in.len);
	ok = ok && file_write(path, str_c(&out), out.len, d);
	str_clear(&in);
	str_clear(&out);
	arena_clear(&a);
	return ok;
}
