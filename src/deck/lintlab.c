/* lintlab.c -- rules about labs, proofs and drills. What they share with other data files lint.c
 * looks at; but of a lab only some texts are read by learners as Markdown: bodies, patterns and
 * edits may hold anything. */
#include "deck/lintrule.h"

#include "base/suggest.h"
#include "deck/lab.h"

#include <string.h>

static const char *const shown_keys[] = {"title", "about", "story", "hints", "explain",
					 "shows", "text",  "why",   NULL};

bool lint_lab_file(const struct lab *lab, const struct lint_options *o, struct diags *d)
{
	struct lint l = {.options = o, .d = d, .file = lab->file};
	const struct lint_data data = {lab->file, lab->root, lab->sources, lab->source_count,
				       shown_keys};
	const struct node *faults = node_get(lab->root, "faults");
	bool ok = lint_data_file(&data, o, d);
	if (o->exam_count) {
		lint_tasks(&l, node_get(lab->root, "exam"));
		for (const struct node *e = faults ? faults->child : NULL; e; e = e->next)
			lint_tasks(&l, node_get(e, "exam"));
	}
	arena_clear(&l.arena);
	return ok && !l.failed;
}

bool lint_lab_ids(const struct lab *const *labs, size_t n, struct diags *d)
{
	bool ok = true;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			if (str_eq(labs[i]->id, labs[k]->id)) {
				ok = diag_error(d, labs[i]->pos, "lab-id",
						"the id \"%s\" is taken by %s", labs[i]->id,
						labs[k]->file);
				break;
			}
	return ok;
}

/* -- proofs of cards --------------------------------------------------------------------------- */

#define MAX_SUGGESTED 300 /* files of labs and proofs that are looked through for a near name */

static bool unknown(const struct deck *deck, const struct card *c, const char *what,
		    const char *name, const char *near, struct diags *d)
{
	struct pos at = node_pos(node_get(c->node, "proof"), deck->file);
	if (near)
		return diag_error(d, at, "proof-unknown", "unknown %s \"%s\", did you mean \"%s\"?",
				  what, name, near);
	return diag_error(d, at, "proof-unknown", "unknown %s \"%s\"", what, name);
}

static bool no_file(const struct deck *deck, const struct card *c, const struct lint_proofs *p,
		    const char *name, struct diags *d)
{
	const char *names[MAX_SUGGESTED];
	size_t n = 0;
	for (size_t i = 0; i < p->n && n < MAX_SUGGESTED; i++)
		if (p->labs[i]->kind != LAB_DRILL)
			names[n++] = p->labs[i]->id;
	return unknown(deck, c, "lab or file of proofs", name, suggest(name, names, n), d);
}

static bool no_request(const struct deck *deck, const struct card *c, const struct lab *lab,
		       const char *request, struct diags *d)
{
	const char *names[MAX_LAB_ACTIONS];
	size_t n = 0;
	for (; n < lab->request_count && n < MAX_LAB_ACTIONS; n++)
		names[n] = lab->requests[n].id;
	return unknown(deck, c, "request", request, suggest(request, names, n), d);
}

static const struct lab *find_lab(const struct lint_proofs *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->labs[i]->kind != LAB_DRILL && str_eq(p->labs[i]->id, name))
			return p->labs[i];
	return NULL;
}

static bool check_proof(const struct deck *deck, const struct card *c, const struct lint_proofs *p,
			struct diags *d)
{
	char name[MAX_SLUG + 1];
	size_t n = strcspn(c->proof, "/"); /* the loader has checked its shape */
	memcpy(name, c->proof, n);
	name[n] = '\0';
	const struct lab *lab = find_lab(p, name);
	if (!lab)
		return !p->given || no_file(deck, c, p, name, d);
	int request = lab_request_named(lab, c->proof + n + 1);
	if (request < 0)
		return no_request(deck, c, lab, c->proof + n + 1, d);
	if (lab->requests[request].has_expect)
		return true;
	return diag_error(d, node_pos(node_get(c->node, "proof"), deck->file), "proof-unknown",
			  "request \"%s\" does not say which trace decides: it has no \"expect\"",
			  c->proof);
}

bool lint_deck_proofs(const struct deck *deck, const struct lint_proofs *p, struct diags *d)
{
	bool ok = true;
	for (size_t i = 0; i < deck->card_count; i++)
		if (deck->cards[i].proof)
			ok &= check_proof(deck, &deck->cards[i], p, d);
	return ok;
}
