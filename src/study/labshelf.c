/* labshelf.c -- the labs, proofs and drills that there are, and what was done in the labs.
 *
 * As with trees (shelf.c), files are read on each opening and nothing of them is in the store.
 * Records follow from the events in their order: a lab begins anew with "begin". */
#include "study/lab.h"

#include "base/file.h"
#include "base/suggest.h"
#include "store/lablog.h"

#include <stdlib.h>

static const struct {
	const char *folder;
	size_t list, count; /* in struct lab_shelf */
} kinds[LAB_KIND_COUNT] = {
	[LAB_LAB] = {"labs", offsetof(struct lab_shelf, labs), offsetof(struct lab_shelf, count)},
	[LAB_PROOFS] = {"proofs", offsetof(struct lab_shelf, proofs),
			offsetof(struct lab_shelf, proof_count)},
	[LAB_DRILL] = {"drills", offsetof(struct lab_shelf, drills),
		       offsetof(struct lab_shelf, drill_count)},
};

static struct shelf_lab ***list_of(const struct lab_shelf *sh, size_t kind)
{
	return (struct shelf_lab ***)((const char *)sh + kinds[kind].list);
}

static size_t *count_of(const struct lab_shelf *sh, size_t kind)
{
	return (size_t *)((const char *)sh + kinds[kind].count);
}

/* ---- files --------------------------------------------------------------------------- */

static const struct shelf_lab *find_any(const struct lab_shelf *sh, const char *id)
{
	for (size_t k = 0; k < LAB_KIND_COUNT; k++)
		for (size_t i = 0; i < *count_of(sh, k); i++)
			if (str_eq((*list_of(sh, k))[i]->lab.id, id))
				return (*list_of(sh, k))[i];
	return NULL;
}

/* May it join the shelf? */
static bool fits(const struct lab_shelf *sh, const struct lab *lab, size_t kind, struct diags *d)
{
	const struct shelf_lab *twin = find_any(sh, lab->id);
	if ((size_t)lab->kind != kind)
		return diag_error(d, lab->pos, "lab-kind", "this file belongs into the folder %s",
				  kinds[lab->kind].folder);
	if (twin)
		return diag_error(d, lab->pos, "lab-twice", "\"%s\" is %s already", lab->id,
				  twin->lab.file);
	if (*count_of(sh, kind) == MAX_LAB_SHELF)
		return diag_error(d, lab->pos, "lab-too-many-files", "more than %d files",
				  MAX_LAB_SHELF);
	return true;
}

static void read_file(struct lab_shelf *sh, size_t kind, const char *path, bool bundled,
		      struct diags *d)
{
	struct shelf_lab *l = xcalloc(1, sizeof(*l));
	struct diags found = {0};
	bool ok = lab_read_file(&l->lab, path, &found);
	if (ok && fits(sh, &l->lab, kind, &found)) {
		l->bundled = bundled;
		(*list_of(sh, kind))[(*count_of(sh, kind))++] = l;
	} else {
		if (ok)
			lab_clear(&l->lab);
		free(l);
		if (d)
			diags_append(d, &found); /* warnings about content are for lint */
	}
	diags_clear(&found);
}

static void read_folder(struct lab_shelf *sh, size_t kind, const char *dir, bool bundled,
			struct diags *d)
{
	struct arena a = {0};
	const char **names;
	size_t n;
	if (file_list(dir, ".yaml", &a, &names, &n, d))
		for (size_t i = 0; i < n; i++)
			read_file(sh, kind, path_join(&a, dir, names[i]), bundled, d);
	arena_clear(&a);
}

/* By their places; those that have none, or the same one, by their ids. */
static int compare_labs(const void *a, const void *b)
{
	const struct lab *x = &(*(struct shelf_lab *const *)a)->lab;
	const struct lab *y = &(*(struct shelf_lab *const *)b)->lab;
	if (!x->place != !y->place)
		return x->place ? -1 : 1;
	return x->place != y->place ? x->place - y->place : strcmp(x->id, y->id);
}

void lab_shelf_read(struct lab_shelf *out, const struct paths *paths, struct diags *d)
{
	struct arena a = {0};
	const char *data = path_join(&a, paths->share, "data");
	const char *own = path_dir(&a, paths->own_decks);
	*out = (struct lab_shelf){0};
	for (size_t k = 0; k < LAB_KIND_COUNT; k++)
		*list_of(out, k) = xcalloc(MAX_LAB_SHELF + 1, sizeof(struct shelf_lab *));
	for (size_t k = 0; k < LAB_KIND_COUNT; k++)
		read_folder(out, k, path_join(&a, data, kinds[k].folder), true, d);
	for (size_t k = 0; k < LAB_KIND_COUNT; k++)
		read_folder(out, k, path_join(&a, own, kinds[k].folder), false, d);
	qsort(out->labs, out->count, sizeof(*out->labs), compare_labs);
	arena_clear(&a);
}

/* ---- records ------------------------------------------------------------------------- */

static void meet(struct shelf_lab *l, const char *goal)
{
	for (size_t i = 0; i < l->lab.goal_count; i++)
		if (str_eq(l->lab.goals[i].id, goal) && !(l->met >> i & 1)) {
			l->met |= UINT32_C(1) << i;
			l->goals_met++;
		}
}

void shelf_lab_add(struct shelf_lab *l, const struct store_lab_event *x)
{
	if (str_eq(x->what, "begin")) {
		l->tries++;
		l->begun = true;
		l->given_up = l->over = false;
		l->met = 0;
		l->goals_met = l->hints = 0;
	} else if (str_eq(x->what, "goal")) {
		meet(l, x->name);
	} else if (str_eq(x->what, "hint")) {
		l->hints++;
	} else if (str_eq(x->what, "passed")) {
		l->passed = l->over = true;
	} else if (str_eq(x->what, "given-up")) {
		l->given_up = l->over = true;
	}
}

void shelf_lab_reset(struct shelf_lab *l)
{
	l->passed = l->begun = l->given_up = l->over = false;
	l->tries = 0;
	l->met = 0;
	l->goals_met = l->hints = 0;
}

static void add_event(void *ctx, const struct store_lab_event *x)
{
	struct shelf_lab *l = lab_shelf_find(ctx, x->lab);
	if (l)
		shelf_lab_add(l, x);
}

bool lab_shelf_open(struct lab_shelf *out, struct study *s, struct diags *d)
{
	lab_shelf_read(out, s->paths, d);
	if (store_lab_events(s->store, NULL, add_event, out, d))
		return true;
	lab_shelf_clear(out);
	return false;
}

void lab_shelf_clear(struct lab_shelf *sh)
{
	for (size_t k = 0; k < LAB_KIND_COUNT; k++) {
		for (size_t i = 0; i < *count_of(sh, k); i++) {
			lab_clear(&(*list_of(sh, k))[i]->lab);
			free((*list_of(sh, k))[i]);
		}
		free(*list_of(sh, k));
	}
	*sh = (struct lab_shelf){0};
}

struct shelf_lab *lab_shelf_find(struct lab_shelf *sh, const char *id)
{
	for (size_t i = 0; i < sh->count; i++)
		if (str_eq(sh->labs[i]->lab.id, id))
			return sh->labs[i];
	return NULL;
}

const char *lab_shelf_suggest(const struct lab_shelf *sh, const char *id)
{
	const char *names[MAX_LAB_SHELF];
	for (size_t i = 0; i < sh->count; i++)
		names[i] = sh->labs[i]->lab.id;
	return strlen(id) <= MAX_SLUG ? suggest(id, names, sh->count) : NULL;
}

/* ---- how many ------------------------------------------------------------------------ */

struct tally {
	const char **names; /* of files, with their suffix */
	size_t count;
	bool *passed;
};

static void list_labs(struct tally *t, const struct paths *paths, struct arena *a)
{
	const char *dirs[] = {path_join(a, path_join(a, paths->share, "data"), "labs"),
			      path_join(a, path_dir(a, paths->own_decks), "labs")};
	t->names = arena_alloc(a, 2 * MAX_LAB_SHELF * sizeof(*t->names));
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		const char **names;
		size_t n;
		if (!file_list(dirs[i], ".yaml", a, &names, &n, NULL))
			continue;
		for (size_t k = 0; k < n && k < MAX_LAB_SHELF; k++)
			t->names[t->count++] = names[k];
	}
	t->passed = arena_alloc(a, (t->count + 1) * sizeof(*t->passed));
	memset(t->passed, 0, (t->count + 1) * sizeof(*t->passed));
}

static void tally_event(void *ctx, const struct store_lab_event *x)
{
	struct tally *t = ctx;
	size_t n = strlen(x->lab);
	for (size_t i = 0; i < t->count && str_eq(x->what, "passed"); i++)
		if (strncmp(t->names[i], x->lab, n) == 0 && str_eq(t->names[i] + n, ".yaml"))
			t->passed[i] = true;
}

bool lab_count(struct study *s, int *passed, int *total, struct diags *d)
{
	struct arena a = {0};
	struct tally t = {0};
	list_labs(&t, s->paths, &a);
	bool ok = store_lab_events(s->store, NULL, tally_event, &t, d);
	*total = (int)t.count;
	*passed = 0;
	for (size_t i = 0; i < t.count; i++)
		*passed += t.passed[i];
	arena_clear(&a);
	return ok;
}

/* ---- words --------------------------------------------------------------------------- */

void lab_progress(struct str *out, const struct shelf_lab *l)
{
	size_t total = l->lab.goal_count;
	if (!l->begun) {
		str_add(out, "not tried yet");
		return;
	}
	if (l->passed)
		str_add(out, "passed");
	if (l->over) {
		if (!l->passed)
			str_add(out, "given up");
		return;
	}
	str_addf(out, "%s%d of %zu %s", l->passed ? "; this time " : "", l->goals_met, total,
		 str_plural((long)total, "goal", "goals"));
	if (l->hints)
		str_addf(out, ", %d %s", l->hints, str_plural(l->hints, "hint", "hints"));
}

void lab_tasks(struct str *out, const struct exam_task *tasks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		str_addf(out, "%s%s=%s", i ? " " : "", tasks[i].blueprint, tasks[i].task);
}
