/* form.h -- which items make up a mock exam: a pure function of the blueprint's numbers, the pool
 * of items by key, the seed of a series and a number in it. Forms 1, 2, 3 of a series share no item
 * until a domain's pool is used up; then it begins anew. The same four things give the same form
 * on every machine, in whatever order the pool is listed. */
#ifndef QUIZ_FORM_H
#define QUIZ_FORM_H

#include "deck/blueprint.h"

/* "dva-c03.4711.2": blueprint, seed of the series, number in it. With a fourth part, "s13", a short
 * form of 13 scored items. */
struct form_id {
	char blueprint[MAX_SLUG + 1];
	uint64_t seed; /* at most INT64_MAX */
	int number;    /* from 1 */
	int scored;    /* of a short form; 0: as many as the blueprint says */
};
#define MAX_FORM_NUMBER 100000
bool form_id_parse(const char *text, struct form_id *out); /* false: it is no form id */
char *form_id_text(struct arena *a, const struct form_id *id);

/* An item that could be drawn. */
struct form_item {
	const char *key; /* "deck/id", borrowed */
	int domain;      /* index in the blueprint */
	bool late;       /* seen lately: counted by form_late, of no influence on form_draw */
};
/* How many items of each domain; by index in the blueprint. */
struct form_need {
	size_t domain_count;
	int scored[MAX_DOMAINS], unscored[MAX_DOMAINS];
	int scored_sum, unscored_sum;
};
/* The blueprint's own numbers, or those of a form with `scored` scored items: unscored ones in the
 * same proportion, rounded to nearest, all domains by weight. 0 < scored <= b->scored. */
void form_need(const struct blueprint *b, int scored, struct form_need *out);
/* Minutes for a form of so many scored items, the extra ones included when asked for: as many
 * seconds an item as in the blueprint's own, rounded up to minutes. */
int form_minutes(const struct blueprint *b, int scored, bool extra);
/* The most scored items for which the pool holds enough of every domain; 0: none at all.
 * pool[domain] is the number of items. */
int form_largest(const struct blueprint *b, const int *pool);

struct form_pick {
	size_t item; /* index in the pool */
	bool scored;
};
/* Draw a form. out has room for need->scored_sum + unscored_sum picks, which come in the order they
 * are asked, domains mixed. False, and nothing drawn, when a domain has too few items. Keys are
 * distinct. */
bool form_draw(const struct form_item *pool, size_t n, const struct form_need *need,
	       const struct form_id *id, struct form_pick *out);

/* Of count candidate ids the one whose form holds the fewest items seen lately; of equals the
 * first. Returns its index; *late is the number. The pool fits the need. */
size_t form_choose(const struct form_item *pool, size_t n, const struct form_need *need,
		   const struct form_id *ids, size_t count, int *late);

#endif
