/* dtree.c -- from a tree file to a decision tree; see dtree.h.
 *
 * What needs no matrix is checked when a tree is read: that every branch is there and leads
 * somewhere, that no path comes back to a node, that every node is reached. Names of features and
 * options are found when it is bound to its matrix; whether it ends where the matrix says is for
 * prove.c. */
#include "deck/dtree.h"

#include "base/file.h"
#include "base/suggest.h"
#include "base/yaml.h"
#include "deck/treekeys.h"

#include <assert.h>
#include <string.h>

static const char none[] = "none";

struct dtree_reader {
	struct spec_reader r;
	struct dtree *t;
	const char **ids; /* of nodes */
};

/* -- reading ----------------------------------------------------------------------------------- */

static int find_node(const struct dtree_reader *dr, const char *id)
{
	for (size_t i = 0; i < dr->t->node_count; i++)
		if (strcmp(dr->ids[i], id) == 0)
			return (int)i;
	return -1;
}

static void read_branch(struct dtree_reader *dr, struct branch *b, const struct node *n,
			const char *label)
{
	bool leaf = n->text[0] == '=';
	*b = (struct branch){
		.label = label,
		.to_id = n->text + leaf,
		.to = !leaf                            ? TO_NODE
		      : strcmp(n->text + 1, none) == 0 ? TO_NONE
						       : TO_OPTION,
		.index = -1,
		.feature = -1,
		.pos = node_pos(n, dr->t->file),
	};
	if (leaf)
		return;
	b->index = find_node(dr, n->text);
	if (b->index < 0)
		spec_unknown(&dr->r, n, "dtree-node", "node", dr->ids, dr->t->node_count);
}

/* The kinds of node, by the key that makes them, and the branches that they have. */
static const struct {
	const char *key;
	const char *branches[3]; /* besides those of a switch */
} kinds[] = {
	[DNODE_NEED] = {"need", {"yes", "no", NULL}},
	[DNODE_SWITCH] = {"switch", {"else", NULL}},
	[DNODE_FITS] = {"fits", {"yes", "no", NULL}},
};
static const char *const branch_keys[] = {"yes", "no", "else"};

/* The kind, or -1 and an error. */
static int read_kind(struct dtree_reader *dr, const struct node *n)
{
	int kind = -1;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const struct node *key = node_get(n, kinds[i].key);
		if (!key)
			continue;
		if (kind >= 0) {
			SPEC_ERROR(&dr->r, key->key, "dtree-kind",
				   "a node has one of need, switch and fits, and this has \"%s\" "
				   "already",
				   kinds[kind].key);
			return -1;
		}
		kind = (int)i;
	}
	if (kind < 0)
		SPEC_ERROR(&dr->r, n->key, "dtree-kind",
			   "node \"%s\" asks about nothing: it needs one of need, switch and fits",
			   n->key->text);
	return kind;
}

static bool has_branch(int kind, const char *key)
{
	for (size_t i = 0; kinds[kind].branches[i]; i++)
		if (strcmp(kinds[kind].branches[i], key) == 0)
			return true;
	return false;
}

static void read_branches(struct dtree_reader *dr, struct dnode *node, const struct node *n)
{
	int kind = (int)node->kind;
	const struct node *map = node->kind == DNODE_SWITCH ? node_get(n, "switch") : NULL;
	node->branches =
		arena_alloc(&dr->t->arena, ((map ? map->count : 1) + 1) * sizeof(*node->branches));
	for (const struct node *e = map ? map->child : NULL; e; e = e->next)
		read_branch(dr, &node->branches[node->branch_count++], e, e->key->text);
	for (size_t i = 0; i < ARRAY_LEN(branch_keys); i++) {
		const char *key = branch_keys[i];
		const struct node *b = node_get(n, key);
		bool wanted = has_branch(kind, key);
		if (b && wanted)
			read_branch(dr, &node->branches[node->branch_count++], b, key);
		else if (b)
			SPEC_ERROR(&dr->r, b->key, "dtree-branch",
				   "a node with \"%s\" has no branch \"%s\"", kinds[kind].key, key);
		else if (wanted)
			SPEC_ERROR(&dr->r, n->key, "dtree-branch",
				   "node \"%s\" has no branch \"%s\"", node->id, key);
	}
}

static void read_needs(struct dtree_reader *dr, struct dnode *node, const struct node *n)
{
	size_t i = 0;
	node->need_ids = spec_texts(&dr->r, n, &node->need_count);
	node->need_pos = arena_alloc(&dr->t->arena, (node->need_count + 1) * sizeof(struct pos));
	bool list = n && n->kind == NODE_LIST;
	for (const struct node *e = list ? n->child : n; e; e = list ? e->next : NULL)
		node->need_pos[i++] = node_pos(e, dr->t->file);
}

static void read_node(struct dtree_reader *dr, struct dnode *node, const struct node *n)
{
	*node = (struct dnode){
		.id = n->key->text,
		.ask = node_text(n, "ask"),
		.why = node_text(n, "why"),
		.trap = node_text(n, "trap"),
		.fits_id = node_text(n, "fits"),
		.fits = -1,
		.pos = node_pos(n->key, dr->t->file),
	};
	node->cards = spec_texts(&dr->r, node_get(n, "cards"), &node->card_count);
	node->cited = spec_cited(&dr->r, node_get(n, "source"), dr->t->sources, dr->t->source_count,
				 &node->cited_count);
	read_needs(dr, node, node_get(n, "need"));
	int kind = read_kind(dr, n);
	if (kind < 0)
		return;
	node->kind = (enum dnode_kind)kind;
	read_branches(dr, node, n);
}

static void read_nodes(struct dtree_reader *dr, const struct node *map)
{
	struct dtree *t = dr->t;
	size_t i = 0;
	t->node_count = map->count;
	t->nodes = arena_alloc(&t->arena, t->node_count * sizeof(*t->nodes));
	dr->ids = arena_alloc(&t->arena, t->node_count * sizeof(*dr->ids));
	for (const struct node *e = map->child; e; e = e->next)
		dr->ids[i++] = e->key->text;
	i = 0;
	for (const struct node *e = map->child; e; e = e->next)
		read_node(dr, &t->nodes[i++], e);
}

/* -- shape ------------------------------------------------------------------------------------- */

enum mark { MARK_NEW, MARK_OPEN /* on the path that is being followed */, MARK_DONE };

/* Depth first; nodes are at most MAX_DTREE_NODES, so the depth is bounded. */
static void follow(struct dtree_reader *dr, int at, enum mark *marks)
{
	const struct dnode *node = &dr->t->nodes[at];
	marks[at] = MARK_OPEN;
	for (size_t i = 0; i < node->branch_count; i++) {
		const struct branch *b = &node->branches[i];
		if (b->index < 0)
			continue;
		if (marks[b->index] == MARK_OPEN)
			dr->r.ok = diag_error(dr->r.d, b->pos, "dtree-cycle",
					      "this leads back to node \"%s\", which comes before",
					      b->to_id);
		else if (marks[b->index] == MARK_NEW)
			follow(dr, b->index, marks);
	}
	marks[at] = MARK_DONE;
}

static void check_shape(struct dtree_reader *dr)
{
	struct dtree *t = dr->t;
	enum mark *marks = arena_alloc(&t->arena, t->node_count * sizeof(*marks));
	follow(dr, t->start, marks);
	for (size_t i = 0; i < t->node_count; i++)
		if (marks[i] == MARK_NEW)
			dr->r.ok = diag_error(dr->r.d, t->nodes[i].pos, "dtree-unreachable",
					      "no path leads to node \"%s\"", t->nodes[i].id);
}

static void read_dtree(struct dtree_reader *dr, const struct node *root)
{
	struct dtree *t = dr->t;
	const struct node *start = node_get(root, "start"), *cases = node_get(root, "cases");
	long long max = 1;
	t->id = node_text(root, "tree");
	t->title = node_text(root, "title");
	t->about = node_text(root, "about");
	t->uses = node_text(root, "uses");
	t->uses_pos = node_pos(node_get(root, "uses"), t->file);
	t->prefer_id = node_text(cases, "prefer");
	t->prefer_pos = node_pos(node_get(cases, "prefer"), t->file);
	t->prefer = -1;
	str_to_i64(node_text(cases, "max_needs"), 1, MAX_CASE_NEEDS, &max);
	t->max_needs = (int)max;
	t->sources = spec_sources(&dr->r, node_get(root, "sources"), &t->source_count);
	read_nodes(dr, node_get(root, "nodes"));
	t->start = find_node(dr, start->text);
	if (t->start < 0)
		spec_unknown(&dr->r, start, "dtree-start", "node", dr->ids, t->node_count);
	else if (dr->r.ok)
		check_shape(dr);
}

bool dtree_read(struct dtree *out, const char *file, const char *bytes, size_t n, struct diags *d)
{
	*out = (struct dtree){0};
	struct dtree_reader dr = {.r = {.arena = &out->arena, .d = d, .ok = true}, .t = out};
	struct node *root = NULL;
	out->file = dr.r.file = arena_strdup(&out->arena, file);
	bool ok = yaml_read(&out->arena, out->file, bytes, n, &root, d) &&
		  spec_check_root(&dr.r, root, &dtree_place);
	if (ok) {
		out->root = root;
		out->pos = node_pos(root, out->file);
		read_dtree(&dr, root);
	}
	if (!ok || !dr.r.ok) {
		dtree_clear(out);
		return false;
	}
	return true;
}

bool dtree_read_file(struct dtree *out, const char *path, struct diags *d)
{
	struct str bytes = {0};
	*out = (struct dtree){0};
	bool ok = file_read(path, MAX_MATRIX_BYTES, &bytes, d) &&
		  dtree_read(out, path, str_c(&bytes), bytes.len, d);
	str_clear(&bytes);
	return ok;
}

void dtree_clear(struct dtree *t)
{
	arena_clear(&t->arena);
	*t = (struct dtree){0};
}

int dtree_node(const struct dtree *t, const char *id)
{
	for (size_t i = 0; i < t->node_count; i++)
		if (strcmp(t->nodes[i].id, id) == 0)
			return (int)i;
	return -1;
}

/* -- binding ----------------------------------------------------------------------------------- */

enum name_kind { NAME_FEATURE, NAME_OPTION, NAME_WISH, NAME_KIND_COUNT };
static const struct {
	const char *code, *what;
	int (*find)(const struct matrix *m, const char *id);
} name_kinds[NAME_KIND_COUNT] = {
	[NAME_FEATURE] = {"dtree-feature", "feature", matrix_feature},
	[NAME_OPTION] = {"dtree-option", "option", matrix_option},
	[NAME_WISH] = {"dtree-wish", "wish", matrix_wish},
};

static const char *nearest(const struct matrix *m, enum name_kind kind, const char *id)
{
	const char *names[MAX_FEATURES + MAX_MATRIX_OPTIONS];
	size_t n = 0;
	switch (kind) {
	case NAME_FEATURE:
		while (n < m->feature_count) {
			names[n] = m->features[n].id;
			n++;
		}
		break;
	case NAME_OPTION:
		while (n < m->option_count) {
			names[n] = m->options[n].id;
			n++;
		}
		break;
	case NAME_WISH:
	case NAME_KIND_COUNT:
		while (n < m->wish_count) {
			names[n] = m->wishes[n].id;
			n++;
		}
		break;
	}
	return suggest(id, names, n);
}

/* Index of a name in the matrix, or -1 with an error at pos and *ok false. */
static int bind_name(const struct matrix *m, enum name_kind kind, const char *id, struct pos pos,
		     bool *ok, struct diags *d)
{
	int i = name_kinds[kind].find(m, id);
	if (i >= 0)
		return i;
	const char *near = nearest(m, kind, id);
	const char *what = name_kinds[kind].what;
	if (near)
		*ok = diag_error(d, pos, name_kinds[kind].code,
				 "matrix \"%s\" has no %s \"%s\", did you mean \"%s\"?", m->id,
				 what, id, near);
	else
		*ok = diag_error(d, pos, name_kinds[kind].code, "matrix \"%s\" has no %s \"%s\"",
				 m->id, what, id);
	return -1;
}

static bool bind_node(struct dnode *n, const struct matrix *m, struct diags *d)
{
	bool ok = true;
	n->features = 0;
	for (size_t i = 0; i < n->need_count; i++) {
		int f = bind_name(m, NAME_FEATURE, n->need_ids[i], n->need_pos[i], &ok, d);
		n->features |= f >= 0 ? UINT64_C(1) << f : 0;
	}
	if (n->kind == DNODE_FITS)
		n->fits = bind_name(m, NAME_OPTION, n->fits_id, n->pos, &ok, d);
	for (size_t i = 0; i < n->branch_count; i++) {
		struct branch *b = &n->branches[i];
		if (b->to == TO_OPTION)
			b->index = bind_name(m, NAME_OPTION, b->to_id, b->pos, &ok, d);
		if (n->kind != DNODE_SWITCH || i + 1 == n->branch_count)
			continue;
		b->feature = bind_name(m, NAME_FEATURE, b->label, b->pos, &ok, d);
		n->features |= b->feature >= 0 ? UINT64_C(1) << b->feature : 0;
	}
	return ok;
}

bool dtree_bind(struct dtree *t, const struct matrix *m, struct diags *d)
{
	bool ok = true;
	t->bound = false;
	if (strcmp(t->uses, m->id) != 0)
		return diag_error(d, t->uses_pos, "dtree-matrix",
				  "the tree uses matrix \"%s\", not \"%s\"", t->uses, m->id);
	for (size_t i = 0; i < t->node_count; i++)
		ok &= bind_node(&t->nodes[i], m, d);
	t->prefer =
		t->prefer_id ? bind_name(m, NAME_WISH, t->prefer_id, t->prefer_pos, &ok, d) : -1;
	t->bound = ok;
	return ok;
}

/* -- cards ------------------------------------------------------------------------------------- */

void dtree_check_cards(const struct dtree *t, const struct deck *const *decks, size_t n,
		       struct diags *d)
{
	const struct node *nodes = node_get(t->root, "nodes");
	for (const struct node *node = nodes->child; node; node = node->next) {
		const struct node *cards = node_get(node, "cards");
		bool list = cards && cards->kind == NODE_LIST;
		for (const struct node *e = list ? cards->child : cards; e;
		     e = list ? e->next : NULL) {
			const struct deck *deck = deck_of_card(e->text, decks, n);
			if (deck && !deck_has(deck, strchr(e->text, '/') + 1))
				diag_warn(d, node_pos(e, t->file), "dtree-card",
					  "deck \"%s\" has no card \"%s\"", deck->slug,
					  strchr(e->text, '/') + 1);
		}
	}
}

/* -- following --------------------------------------------------------------------------------- */

int dtree_true_branch(const struct dtree *t, const struct matrix *m, int node, uint64_t needs)
{
	const struct dnode *n = &t->nodes[node];
	assert(t->bound);
	switch (n->kind) {
	case DNODE_NEED:
		return n->features & needs ? 0 : 1;
	case DNODE_FITS:
		return matrix_broken(m, n->fits, needs) ? 1 : 0;
	case DNODE_SWITCH:
		for (size_t i = 0; i + 1 < n->branch_count; i++)
			if (needs >> n->branches[i].feature & 1)
				return (int)i;
		return (int)n->branch_count - 1;
	}
	return 0;
}

size_t dtree_path(const struct dtree *t, const struct matrix *m, uint64_t needs, int *nodes,
		  int *branches, const struct branch **end)
{
	size_t n = 0;
	for (int at = t->start;;) {
		int taken = dtree_true_branch(t, m, at, needs);
		const struct branch *b = &t->nodes[at].branches[taken];
		if (nodes)
			nodes[n] = at;
		if (branches)
			branches[n] = taken;
		n++;
		if (b->to != TO_NODE) {
			*end = b;
			return n;
		}
		at = b->index;
	}
}
