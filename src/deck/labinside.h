/* labinside.h -- inside of the readers of labs, proofs and drills: their tables of keys, and the
 * parts that one file hands to the next. */
#ifndef DECK_LABINSIDE_H
#define DECK_LABINSIDE_H

#include "deck/lab.h"

extern const struct spec_place *const lab_places[LAB_KIND_COUNT]; /* by the kind of file */
extern const char *const lab_kind_keys[LAB_KIND_COUNT];           /* first keys: "lab", ... */

struct lab_reader {
	struct spec_reader r;
	struct lab *l;
	const char **request_ids; /* in the order of l->requests */
};

/* One value or a list of them: for (e = lab_first(n); e; e = lab_next(n, e)). n may be NULL. */
static inline const struct node *lab_first(const struct node *n)
{
	return n && n->kind == NODE_LIST ? n->child : n;
}
static inline const struct node *lab_next(const struct node *n, const struct node *e)
{
	return n->kind == NODE_LIST ? e->next : NULL;
}

/* What a checked map of keys says is done. */
void lab_read_action(struct lab_reader *lr, struct lab_action *out, const struct node *n);
/* Names that actions of the whole file use: connections that nothing opens are lab-action. */
void lab_check_names(struct lab_reader *lr);

bool lab_path_ok(const char *path); /* relative, and no way out of a folder */
void lab_check_path(struct lab_reader *lr, const struct node *n); /* else lab-file. n may be NULL */

/* text with the one place replaced where `find` of an edit is; else lab-edit. Appends. */
bool lab_replace(struct str *out, const char *text, const struct lab_action *x, struct diags *d);

void lab_read_match(struct lab_reader *lr, struct lab_match *out, const struct node *n);

#endif
