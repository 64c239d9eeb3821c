/* truth.c -- see truth.h. Written to be obvious, not to be quick: no tables of bits but need sets,
 * every cell asked one by one. */
#include "truth.h"

#include "base/file.h"
#include "base/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct node *read_yaml(struct truth *t, const char *path)
{
	struct diags d = {0};
	struct str bytes = {0};
	struct node *root = NULL;
	if (!file_read(path, 1 << 20, &bytes, &d) ||
	    !yaml_read(&t->arena, path, str_c(&bytes), bytes.len, &root, &d))
		fail_msg("%s: %s", path, diags_first(&d));
	str_clear(&bytes);
	diags_clear(&d);
	return root;
}

int truth_feature(const struct truth *t, const char *id)
{
	for (int i = 0; i < t->feature_count; i++)
		if (!strcmp(t->features[i], id))
			return i;
	fail_msg("no feature %s", id);
	return -1;
}

int truth_option(const struct truth *t, const char *id)
{
	for (int i = 0; i < t->option_count; i++)
		if (!strcmp(t->options[i], id))
			return i;
	fail_msg("no option %s", id);
	return -1;
}

/* A list of features or one, as a set. */
static uint64_t set_of(const struct truth *t, const struct node *n)
{
	uint64_t set = 0;
	if (!n)
		return 0;
	if (n->kind != NODE_LIST)
		return UINT64_C(1) << truth_feature(t, n->text);
	for (const struct node *e = n->child; e; e = e->next)
		set |= UINT64_C(1) << truth_feature(t, e->text);
	return set;
}

static void read_matrix(struct truth *t)
{
	const struct node *options = node_get(t->matrix, "options");
	const struct node *features = node_get(t->matrix, "features");
	for (const struct node *e = options->child; e; e = e->next)
		t->options[t->option_count++] = e->key->text;
	for (const struct node *e = features->child; e; e = e->next)
		t->features[t->feature_count++] = e->key->text;
	for (const struct node *e = options->child; e; e = e->next)
		t->when[truth_option(t, e->key->text)] = set_of(t, node_get(e, "when"));
	for (const struct node *e = features->child; e; e = e->next) {
		int f = truth_feature(t, e->key->text);
		t->beside[f] = set_of(t, node_get(e, "not"));
		for (int o = 0; o < t->option_count; o++) {
			const char *exam = node_text(node_get(e, "exam"), t->options[o]);
			t->is[f][o] = node_text(node_get(e, "is"), t->options[o])[0];
			t->exam[f][o] = exam ? exam[0] : t->is[f][o];
		}
	}
	const struct node *apart = node_get(t->matrix, "apart");
	for (const struct node *e = apart ? apart->child : NULL; e; e = e->next)
		t->apart[t->apart_count++] = set_of(t, e);
}

static void read_tree(struct truth *t)
{
	const struct node *nodes = node_get(t->tree, "nodes");
	t->max_needs = atoi(node_text(node_get(t->tree, "cases"), "max_needs"));
	for (const struct node *e = nodes->child; e; e = e->next) {
		struct truth_node *n = &t->nodes[t->node_count++];
		const char *fits = node_text(e, "fits");
		int i = 0;
		n->id = e->key->text;
		n->need = set_of(t, node_get(e, "need"));
		n->fits = fits ? truth_option(t, fits) : -1;
		n->cases = node_get(e, "switch");
		n->yes = node_text(e, "yes");
		n->no = node_text(e, "no");
		n->other = node_text(e, "else");
		for (const struct node *c = n->cases ? n->cases->child : NULL; c; c = c->next)
			n->feature[i++] = truth_feature(t, c->key->text);
	}
}

void truth_read(struct truth *t, const char *matrix, const char *tree)
{
	*t = (struct truth){0};
	t->matrix = read_yaml(t, matrix);
	read_matrix(t);
	if (!tree)
		return;
	t->tree = read_yaml(t, tree);
	read_tree(t);
}

void truth_clear(struct truth *t)
{
	arena_clear(&t->arena);
}

int truth_rank(const struct truth *t, const char *wish, int option)
{
	const struct node *w = node_get(node_get(t->matrix, "wishes"), wish);
	return atoi(node_text(node_get(w, "rank"), t->options[option]));
}

bool truth_possible(const struct truth *t, uint64_t needs)
{
	for (int i = 0; i < t->apart_count; i++)
		if (__builtin_popcountll(needs & t->apart[i]) > 1)
			return false;
	return true;
}

bool truth_counts(const struct truth *t, int option, uint64_t needs)
{
	return !t->when[option] || (t->when[option] & needs);
}

int truth_lacks(const struct truth *t, int option, uint64_t needs, bool exam, int *unknown)
{
	int lacks = 0;
	*unknown = 0;
	for (int f = 0; f < t->feature_count; f++) {
		if (!(needs >> f & 1))
			continue;
		char cell = exam ? t->exam[f][option] : t->is[f][option];
		lacks += cell == 'n';
		*unknown += cell == '?';
	}
	return lacks;
}

const char *truth_answer(const struct truth *t, uint64_t needs, const char *wish, bool exam)
{
	int left[TRUTH_OPTIONS], n = 0, unknown, unsure = 0;
	for (int o = 0; o < t->option_count; o++) {
		if (!truth_counts(t, o, needs) || truth_lacks(t, o, needs, exam, &unknown))
			continue;
		unsure += unknown;
		left[n++] = o;
	}
	if (n == 0)
		return "none";
	if (unsure)
		return "blocked";
	if (n == 1)
		return t->options[left[0]];
	for (int i = 0; wish && i < n; i++) {
		bool best = true;
		for (int k = 0; k < n; k++)
			best = best && truth_rank(t, wish, left[k]) &&
			       (k == i ||
				truth_rank(t, wish, left[i]) < truth_rank(t, wish, left[k]));
		if (best)
			return t->options[left[i]];
	}
	return "many";
}

static const char *next(const struct truth *t, const struct truth_node *n, uint64_t needs)
{
	int unknown, i = 0;
	if (n->need)
		return needs & n->need ? n->yes : n->no;
	if (n->fits >= 0)
		return truth_lacks(t, n->fits, needs, false, &unknown) ? n->no : n->yes;
	for (const struct node *e = n->cases->child; e; e = e->next, i++)
		if (needs >> n->feature[i] & 1)
			return e->text;
	return n->other;
}

const char *truth_walk(const struct truth *t, uint64_t needs)
{
	const char *at = node_text(t->tree, "start");
	while (at[0] != '=') {
		int i = 0;
		while (strcmp(t->nodes[i].id, at) != 0)
			i++;
		at = next(t, &t->nodes[i], needs);
	}
	return at + 1;
}
