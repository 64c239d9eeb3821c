/* labcheck.c -- what a lab names outside of itself: cards of decks, files of its folder, and the
 * texts in them that its edits find. */
#include "deck/labinside.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

struct check {
	const struct lab *l;
	const struct deck *const *decks;
	size_t deck_count;
	struct diags *d;
};

static void check_cards(const struct check *c, const struct node *map)
{
	const struct node *cards = node_get(map, "cards");
	for (const struct node *e = lab_first(cards); e; e = lab_next(cards, e)) {
		const struct deck *deck = deck_of_card(e->text, c->decks, c->deck_count);
		const char *id = strchr(e->text, '/') + 1;
		if (deck && !deck_has(deck, id))
			diag_warn(c->d, node_pos(e, c->l->file), "lab-card",
				  "deck \"%s\" has no card \"%s\"", deck->slug, id);
	}
}

static void check_list(const struct check *c, const struct node *list)
{
	for (const struct node *e = list ? list->child : NULL; e; e = e->next)
		check_cards(c, e);
}

static void check_file(const struct check *c, const char *file, struct pos at)
{
	struct arena a = {0};
	struct file_stat st;
	const char *path = path_join(&a, c->l->folder, file);
	if (!file_stat(path, &st) || st.is_dir)
		diag_error(c->d, at, "lab-file", "there is no file %s", path);
	arena_clear(&a);
}

/* -- edits, tried on copies in memory ---------------------------------------------------------- */

struct copy {
	const char *file[2 * MAX_LAB_ACTIONS];
	struct str text[2 * MAX_LAB_ACTIONS];
	size_t count;
};

static void copy_clear(struct copy *copy)
{
	for (size_t i = 0; i < copy->count; i++)
		str_clear(&copy->text[i]);
	copy->count = 0;
}

/* The file as it is after the edits so far; NULL: it cannot be read. An action names two at most.
 */
static struct str *text_of(const struct check *c, struct copy *copy, const char *file)
{
	struct arena a = {0};
	size_t i = 0;
	while (i < copy->count && strcmp(copy->file[i], file) != 0)
		i++;
	if (i == copy->count) {
		const char *path = path_join(&a, c->l->folder, file);
		copy->text[i] = (struct str){0};
		copy->file[i] = file;
		copy->count += file_read(path, MAX_LAB_FILE_BYTES, &copy->text[i], NULL);
		if (i == copy->count)
			str_clear(&copy->text[i]);
	}
	arena_clear(&a);
	return i < copy->count ? &copy->text[i] : NULL;
}

static void try_edit(const struct check *c, struct copy *copy, const struct lab_action *x)
{
	struct str out = {0};
	struct str *text = text_of(c, copy, x->file);
	const struct str *with = x->with ? text_of(c, copy, x->with) : NULL;
	if (text && with)
		str_addn(&out, str_c(with), with->len);
	if (text && (x->with ? with != NULL : lab_replace(&out, str_c(text), x, c->d))) {
		str_clear(text);
		*text = out;
		return;
	}
	str_clear(&out);
}

static void check_edit(const struct check *c, struct copy *copy, const struct lab_action *x)
{
	if (x->verb != LAB_EDIT)
		return;
	check_file(c, x->file, x->pos);
	if (x->with)
		check_file(c, x->with, x->pos);
	try_edit(c, copy, x);
}

/* Those of the solution follow one another; those of each fault begin with the sound files. */
static void check_edits(const struct check *c)
{
	const struct lab *l = c->l;
	struct copy *copy = xcalloc(1, sizeof(*copy));
	for (size_t i = 0; i < l->solution_count; i++)
		if (l->solution[i].request < 0)
			check_edit(c, copy, &l->solution[i].action);
	copy_clear(copy);
	for (size_t i = 0; i < l->fault_count; i++) {
		for (size_t k = 0; k < l->faults[i].edit_count; k++)
			check_edit(c, copy, &l->faults[i].edits[k]);
		copy_clear(copy);
	}
	free(copy);
}

void lab_check(const struct lab *l, const struct deck *const *decks, size_t n, struct diags *d)
{
	const struct check c = {l, decks, n, d};
	const struct node *gateway = node_get(l->root, "gateway");
	check_cards(&c, l->root);
	check_list(&c, node_get(l->root, "goals"));
	check_list(&c, node_get(l->root, "faults"));
	for (const struct node *e = lab_first(gateway); e; e = lab_next(gateway, e))
		check_file(&c, e->text, node_pos(e, l->file));
	check_edits(&c);
}
