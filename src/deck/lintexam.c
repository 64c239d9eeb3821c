/* lintexam.c -- rules about exams: tasks that cards name, and blueprints that name each other.
 *
 * A card with a mistyped task loads, is reviewed, and never turns up in an exam; only a look at the
 * blueprints can tell. Which blueprints there are is up to the caller: with none, nothing is said.
 */
#include "deck/lintrule.h"

#include "base/suggest.h"
#include "deck/blueprint.h"

static const struct blueprint *find_exam(const struct lint *l, const char *id)
{
	for (size_t i = 0; i < l->options->exam_count; i++)
		if (str_eq(l->options->exams[i]->id, id))
			return l->options->exams[i];
	return NULL;
}

static const char *suggest_exam(const struct lint *l, const char *id)
{
	const char *names[MAX_BLUEPRINTS];
	size_t n = 0;

	for (; n < l->options->exam_count && n < MAX_BLUEPRINTS; n++)
		names[n] = l->options->exams[n]->id;
	return suggest(id, names, n);
}

static void unknown_exam(struct lint *l, struct pos at, const char *id)
{
	const char *near = suggest_exam(l, id);

	if (near)
		lint_report(l, LINT_EXAM_TASK, at, "unknown exam \"%s\", did you mean \"%s\"?", id,
			    near);
	else
		lint_report(l, LINT_EXAM_TASK, at, "unknown exam \"%s\": no blueprint has this id",
			    id);
}

/* A map of exams to tasks, as decks and cards have. */
void lint_tasks(struct lint *l, const struct node *map)
{
	for (const struct node *n = map ? map->child : NULL; n; n = n->next) {
		const struct blueprint *b = find_exam(l, n->key->text);
		const bool list = n->kind == NODE_LIST;

		if (!b) {
			unknown_exam(l, node_pos(n->key, l->file), n->key->text);
			continue;
		}
		for (const struct node *t = list ? n->child : n; t; t = list ? t->next : NULL)
			if (!blueprint_task(b, t->text))
				lint_report(l, LINT_EXAM_TASK, node_pos(t, l->file),
					    "%s has no task \"%s\"", b->code, t->text);
	}
}

void lint_exam_task(struct lint *l, const struct deck *deck)
{
	if (l->options->exam_count == 0)
		return;
	lint_tasks(l, node_get(deck->root, "exam"));
	for (size_t i = 0; i < deck->card_count; i++)
		lint_tasks(l, node_get(deck->cards[i].node, "exam"));
}

/* b names id under key; that one should name b under back. */
static void check_link(struct lint *l, const struct blueprint *b, const char *key, const char *id,
		       const char *back)
{
	const struct blueprint *other = id ? find_exam(l, id) : NULL;
	struct pos at = node_pos(node_get(b->root, key), l->file);

	if (!id)
		return;
	if (!other)
		lint_report(l, LINT_EXAM_LINK, at, "\"%s\" names \"%s\", which no blueprint is",
			    key, id);
	else if (!str_eq(node_text(other->root, back), b->id))
		lint_report(l, LINT_EXAM_LINK, at,
			    "\"%s\" names \"%s\", whose \"%s\" does not name this exam", key, id,
			    back);
}

void lint_exam_link(struct lint *l, const struct blueprint *b)
{
	check_link(l, b, "replaces", b->replaces, "replaced_by");
	check_link(l, b, "replaced_by", b->replaced_by, "replaces");
}
