/* shelf.c -- the trees and matrices that there are, and what was answered in them.
 *
 * Files are read on each opening: there are few, and nothing of them is in the store. They are not
 * proved here, which `deck lint` does: a case is only asked where tree and matrix agree on it, so
 * that a tree in error asks less, but never something false. */
#include "study/tree.h"

#include "base/file.h"
#include "base/suggest.h"
#include "store/treelog.h"

#include <stdlib.h>
#include <string.h>

/* The folders: bundled, then the learner's own beside their decks. In the arena. */
static void folders(const struct paths *paths, struct arena *a, const char *kind,
		    const char *dirs[2])
{
	dirs[0] = path_join(a, path_join(a, paths->share, "data"), kind);
	dirs[1] = path_join(a, path_dir(a, paths->own_decks), kind);
}

typedef bool read_one(struct shelf *sh, const char *path, struct diags *d);

/* What is wrong with a file that is left out; warnings about its content are for lint. */
static void read_file(struct shelf *sh, const char *path, read_one *read, struct diags *d)
{
	struct diags found = {0};
	if (!read(sh, path, &found) && d)
		diags_append(d, &found);
	diags_clear(&found);
}

/* Everything that can be read; a file in error is left out with its diagnostics. */
static void read_folders(struct shelf *sh, const struct paths *paths, const char *kind,
			 read_one *read, struct diags *d)
{
	struct arena a = {0};
	const char *dirs[2];
	folders(paths, &a, kind, dirs);
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		const char **names;
		size_t n;
		if (!file_list(dirs[i], ".yaml", &a, &names, &n, d))
			continue;
		for (size_t k = 0; k < n; k++)
			read_file(sh, path_join(&a, dirs[i], names[k]), read, d);
	}
	arena_clear(&a);
}

static const struct matrix *find_matrix(const struct shelf *sh, const char *id)
{
	for (size_t i = 0; i < sh->matrix_count; i++)
		if (strcmp(sh->matrices[i].id, id) == 0)
			return &sh->matrices[i];
	return NULL;
}

static bool read_matrix(struct shelf *sh, const char *path, struct diags *d)
{
	struct matrix *m = &sh->matrices[sh->matrix_count];
	if (sh->matrix_count == MAX_SHELF)
		return diag_error(d, (struct pos){path, 0, 0}, "tree-too-many-files",
				  "more than %d matrices", MAX_SHELF);
	if (!matrix_read_file(m, path, d))
		return false;
	const struct matrix *twin = find_matrix(sh, m->id);
	if (twin) {
		diag_error(d, m->pos, "tree-twice", "matrix \"%s\" is in %s already", m->id,
			   twin->file);
		matrix_clear(m);
		return false;
	}
	sh->matrix_count++;
	return true;
}

/* -- records ----------------------------------------------------------------------------------- */

static void add_step(void *ctx, const struct store_tree_step *x)
{
	struct shelf_tree *t = ctx;
	bool walk = strcmp(x->mode, tree_mode_names[TREE_WALK]) == 0;
	int node = dtree_node(&t->tree, x->node);
	bool right = strcmp(x->given, x->truth) == 0;
	if (walk && x->counts && node >= 0)
		node_record_add(&t->nodes[node], right);
	else if (!walk && node >= 0)
		node_record_add(&t->drilled[node], right);
	if (!x->ends)
		return;
	*(walk ? &t->walks : &t->drills) += 1;
	*(walk ? &t->walks_right : &t->drills_right) += x->ends > 0;
}

static double right_rate(const struct node_record *r)
{
	int of;
	int wrong = node_wrong_of_last(r, NODE_WINDOW, &of);
	return of ? (double)(of - wrong) / of : 1;
}

int shelf_weakest(const struct shelf_tree *t)
{
	int weakest = -1;
	for (int i = 0; i < (int)t->tree.node_count; i++) {
		if (!node_is_weak(&t->nodes[i]))
			continue;
		if (weakest < 0 || right_rate(&t->nodes[i]) < right_rate(&t->nodes[weakest]))
			weakest = i;
	}
	return weakest;
}

static bool read_records(struct shelf_tree *t, struct study *s, struct diags *d)
{
	if (!store_tree_steps(s->store, t->tree.id, add_step, t, d))
		return false;
	t->weakest = shelf_weakest(t);
	return true;
}

/* -- trees ------------------------------------------------------------------------------------- */

static bool read_tree(struct shelf *sh, const char *path, struct diags *d)
{
	struct shelf_tree *t = &sh->trees[sh->count];
	if (sh->count == MAX_SHELF)
		return diag_error(d, (struct pos){path, 0, 0}, "tree-too-many-files",
				  "more than %d trees", MAX_SHELF);
	*t = (struct shelf_tree){.weakest = -1};
	if (!dtree_read_file(&t->tree, path, d))
		return false;
	t->matrix = find_matrix(sh, t->tree.uses);
	bool ok = true;
	if (!t->matrix)
		ok = diag_error(d, t->tree.uses_pos, "dtree-matrix",
				"there is no matrix \"%s\", or it is in error", t->tree.uses);
	else if (shelf_find(sh, t->tree.id))
		ok = diag_error(d, t->tree.pos, "tree-twice", "tree \"%s\" is in %s already",
				t->tree.id, shelf_find(sh, t->tree.id)->tree.file);
	if (!ok || !dtree_bind(&t->tree, t->matrix, d)) {
		dtree_clear(&t->tree);
		return false;
	}
	sh->count++;
	return true;
}

void shelf_read(struct shelf *out, const struct paths *paths, struct diags *d)
{
	*out = (struct shelf){
		.matrices = xcalloc(MAX_SHELF + 1, sizeof(struct matrix)),
		.trees = xcalloc(MAX_SHELF + 1, sizeof(struct shelf_tree)),
	};
	read_folders(out, paths, "matrix", read_matrix, d);
	read_folders(out, paths, "trees", read_tree, d);
}

bool shelf_open(struct shelf *out, struct study *s, struct diags *d)
{
	shelf_read(out, s->paths, d);
	for (size_t i = 0; i < out->count; i++)
		if (!read_records(&out->trees[i], s, d)) {
			shelf_clear(out);
			return false;
		}
	return true;
}

void shelf_clear(struct shelf *sh)
{
	for (size_t i = 0; i < sh->count; i++)
		dtree_clear(&sh->trees[i].tree);
	for (size_t i = 0; i < sh->matrix_count; i++)
		matrix_clear(&sh->matrices[i]);
	free(sh->trees);
	free(sh->matrices);
	*sh = (struct shelf){0};
}

struct shelf_tree *shelf_find(struct shelf *sh, const char *id)
{
	for (size_t i = 0; i < sh->count; i++)
		if (strcmp(sh->trees[i].tree.id, id) == 0)
			return &sh->trees[i];
	return NULL;
}

const char *shelf_suggest(const struct shelf *sh, const char *id)
{
	const char *names[MAX_SHELF];
	for (size_t i = 0; i < sh->count; i++)
		names[i] = sh->trees[i].tree.id;
	return strlen(id) <= MAX_SLUG ? suggest(id, names, sh->count) : NULL;
}

void shelf_progress(struct str *out, const struct shelf_tree *t)
{
	const char *sep = "";
	if (!t->walks && !t->drills)
		str_add(out, "not tried yet");
	if (t->walks) {
		str_addf(out, "walked %ld %s, %ld right", t->walks,
			 str_plural(t->walks, "case", "cases"), t->walks_right);
		sep = "; ";
	}
	if (t->drills) {
		str_addf(out, "%sdrilled %ld, %ld right", sep, t->drills, t->drills_right);
		sep = "; ";
	}
	if (t->weakest >= 0)
		str_addf(out, "%sweakest at \"%s\"", sep, t->tree.nodes[t->weakest].id);
}
