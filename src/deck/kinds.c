/* kinds.c -- what each kind of card has of its own; see load.h. One function a kind, from checked
 * fields to the card's union, with the rules that no single key can state: as many right options as
 * `choose` says, a cell for each column, holes that close. */
#include "deck/load.h"

#include "deck/cloze.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool load_basic(struct loader *l, const struct fields *f, struct card *c)
{
	(void)l;
	c->basic.front = load_text(f->v[K_FRONT]);
	c->basic.back = load_text(f->v[K_BACK]);
	return true;
}

/* -- cloze ------------------------------------------------------------------------------------- */

static bool load_cloze(struct loader *l, const struct fields *f, struct card *c)
{
	const struct node *n = f->v[K_TEXT];
	if (!n)
		return true;
	char *filled = arena_alloc(&l->deck->arena, n->len + 1); /* it only gets shorter */
	char *w = filled;
	const char *problem = NULL;
	struct hole h;
	size_t at = 0, from = 0, holes = 0;
	enum cloze_result r;
	while ((r = cloze_next(n->text, &at, &h, &problem)) == CLOZE_HOLE) {
		w = mempcpy(w, n->text + from, h.start - from);
		w = mempcpy(w, h.answer.p, h.answer.len);
		from = h.end;
		holes++;
	}
	if (r == CLOZE_BAD)
		return LOAD_ERROR(l, n, "deck-cloze", "%s: \"%s\"", problem,
				  load_brief(l, n->text + h.start));
	if (holes == 0)
		return LOAD_ERROR(l, n, "deck-cloze",
				  "a cloze text needs a hole, written {{c1::answer}}");
	memcpy(w, n->text + from, n->len - from);
	c->cloze.text = n->text;
	c->cloze.filled = filled;
	return true;
}

/* -- table ------------------------------------------------------------------------------------- */

static bool load_columns(struct loader *l, const struct node *n, struct card *c)
{
	size_t count = n->count;
	bool ok = true;
	c->table.column_ids = arena_alloc(&l->deck->arena, count * sizeof(char *));
	c->table.columns = arena_alloc(&l->deck->arena, count * sizeof(char *));
	for (const struct node *e = n->child; e; e = e->next) {
		bool named = load_text_ok(l, e->key, "columns", TEXT_SLUG, 0);
		ok &= load_text_ok(l, e, named ? e->key->text : "columns", TEXT_LINE, MAX_TITLE) &&
		      named;
		c->table.column_ids[c->table.column_count] = e->key->text;
		c->table.columns[c->table.column_count++] = e->text;
	}
	return ok;
}

/* columns 0: unknown, because they were refused. */
static bool load_row(struct loader *l, const struct node *n, size_t columns, struct row *row)
{
	bool ok = load_text_ok(l, n->key, "rows", TEXT_SLUG, 0);
	const char *name = ok ? n->key->text : "rows";
	if (n->kind != NODE_LIST)
		return LOAD_ERROR(l, n, "deck-type",
				  "row \"%s\" must be a list of its heading and cells, not %s",
				  load_brief(l, n->key->text), node_kind_name(n->kind));
	if (columns && n->count != columns + 1)
		return LOAD_ERROR(l, n, "deck-table-cells",
				  "row \"%s\" needs a heading and %zu %s, this has %zu %s",
				  load_brief(l, n->key->text), columns,
				  str_plural((long)columns, "cell", "cells"), n->count,
				  str_plural((long)n->count, "text", "texts"));
	for (const struct node *e = n->child; e; e = e->next)
		ok &= load_text_ok(l, e, name, TEXT_LINE, 0);
	if (!ok || !columns)
		return ok;
	assert(n->child); /* columns + 1 texts */
	*row = (struct row){.id = n->key->text, .heading = n->child->text};
	row->cells = arena_alloc(&l->deck->arena, columns * sizeof(char *));
	size_t i = 0;
	for (const struct node *e = n->child->next; e; e = e->next)
		row->cells[i++] = e->text;
	return true;
}

static bool load_table(struct loader *l, const struct fields *f, struct card *c)
{
	const struct node *columns = f->v[K_COLUMNS];
	const struct node *rows = f->v[K_ROWS];
	const char *ask = load_text(f->v[K_ASK]);
	bool ok = true;
	c->table.title = load_text(f->v[K_TITLE]);
	c->table.ask = !ask || strcmp(ask, "cell") == 0 ? TABLE_CELL
		       : strcmp(ask, "row") == 0        ? TABLE_ROW
							: TABLE_ALL;
	if (columns)
		ok = load_nodes_ok(l, columns, &deck_keys[K_COLUMNS], NODE_MAP) &&
		     load_columns(l, columns, c);
	if (!rows)
		return ok;
	if (!load_nodes_ok(l, rows, &deck_keys[K_ROWS], NODE_MAP))
		return false;
	c->table.rows = arena_alloc(&l->deck->arena, rows->count * sizeof(*c->table.rows));
	for (const struct node *e = rows->child; e; e = e->next)
		ok &= load_row(l, e, c->table.column_count, &c->table.rows[c->table.row_count++]);
	return ok;
}

/* -- true or false, choice --------------------------------------------------------------------- */

static bool is_true(const struct node *n)
{
	return n && strcmp(n->text, "true") == 0;
}

static bool load_truefalse(struct loader *l, const struct fields *f, struct card *c)
{
	(void)l;
	c->truefalse.statement = load_text(f->v[K_STATEMENT]);
	c->truefalse.answer = is_true(f->v[K_ANSWER]);
	return true;
}

static bool load_options(struct loader *l, const struct node *n, struct card *c, int *right)
{
	bool ok = true;
	c->choice.options = arena_alloc(&l->deck->arena, n->count * sizeof(*c->choice.options));
	for (const struct node *e = n->child; e; e = e->next) {
		struct fields f;
		ok &= load_fields(l, e, KEY_OPTION, CARD_KIND_COUNT, &f);
		struct option *o = &c->choice.options[c->choice.count++];
		*o = (struct option){
			.text = load_text(f.v[K_OPTION_TEXT]),
			.why = load_text(f.v[K_OPTION_WHY]),
			.right = is_true(f.v[K_OPTION_RIGHT]),
			.pos = load_pos(l, f.v[K_OPTION_TEXT] ? f.v[K_OPTION_TEXT] : e),
		};
		*right += o->right;
	}
	return ok;
}

static bool load_choice(struct loader *l, const struct fields *f, struct card *c)
{
	const struct node *options = f->v[K_OPTIONS];
	const struct node *choose = f->v[K_CHOOSE];
	int right = 0;
	c->choice.question = load_text(f->v[K_QUESTION]);
	c->choice.choose = choose ? atoi(choose->text) : 1;
	if (!options)
		return true;
	if (!load_nodes_ok(l, options, &deck_keys[K_OPTIONS], NODE_LIST) ||
	    !load_options(l, options, c, &right))
		return false;
	if (right == 0)
		return LOAD_ERROR(l, options, "deck-no-right",
				  "no option is right: give one of them \"right: true\"");
	if (right != c->choice.choose)
		return LOAD_ERROR(l, choose ? choose : options, "deck-choose",
				  "%d %s right, but \"choose\" is %d%s", right,
				  str_plural(right, "option is", "options are"), c->choice.choose,
				  choose ? "" : " when absent");
	return true;
}

/* -- matching, ordering, typed ----------------------------------------------------------------- */

/* Is text among the first n pairs, left or right? */
static bool in_pairs(const struct pair *pairs, size_t n, const char *text, bool right)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(right ? pairs[i].right : pairs[i].left, text))
			return true;
	return false;
}

static bool load_pairs(struct loader *l, const struct node *n, struct card *c)
{
	bool ok = true;
	c->matching.pairs = arena_alloc(&l->deck->arena, n->count * sizeof(*c->matching.pairs));
	for (const struct node *e = n->child; e; e = e->next) {
		struct fields f;
		ok &= load_fields(l, e, KEY_PAIR, CARD_KIND_COUNT, &f);
		const struct node *left = f.v[K_PAIR_LEFT];
		if (left && in_pairs(c->matching.pairs, c->matching.count, left->text, false))
			ok = LOAD_ERROR(l, left, "deck-value", "the left text \"%s\" stands twice",
					load_brief(l, left->text));
		c->matching.pairs[c->matching.count++] = (struct pair){
			.left = load_text(left), .right = load_text(f.v[K_PAIR_RIGHT])};
	}
	return ok;
}

static bool check_decoys(struct loader *l, const struct node *n, const struct card *c)
{
	bool ok = true;
	bool list = n && n->kind == NODE_LIST;
	if (c->matching.count + c->matching.decoy_count > MAX_OPTIONS)
		return LOAD_ERROR(l, n, "deck-too-many",
				  "%zu pairs and %zu decoys, at most %d together are allowed",
				  c->matching.count, c->matching.decoy_count, MAX_OPTIONS);
	for (const struct node *e = list ? n->child : n; e; e = list ? e->next : NULL)
		if (in_pairs(c->matching.pairs, c->matching.count, e->text, true))
			ok = LOAD_ERROR(l, e, "deck-value",
					"the decoy \"%s\" is the right-hand text of a pair",
					load_brief(l, e->text));
	return ok;
}

/* In a list of distinct texts, is one there twice? */
static bool check_distinct(struct loader *l, const struct node *n, const char *name)
{
	bool ok = true;
	if (!n || n->kind != NODE_LIST)
		return true;
	for (const struct node *e = n->child; e; e = e->next)
		for (const struct node *before = n->child; before != e; before = before->next)
			if (strcmp(before->text, e->text) == 0) {
				ok = LOAD_ERROR(l, e, "deck-value", "\"%s\" stands twice in \"%s\"",
						load_brief(l, e->text), name);
				break;
			}
	return ok;
}

static bool load_matching(struct loader *l, const struct fields *f, struct card *c)
{
	const struct node *pairs = f->v[K_PAIRS];
	const struct node *decoys = f->v[K_DECOYS];
	c->matching.question = load_text(f->v[K_QUESTION]);
	c->matching.decoys = load_texts(l, decoys, &c->matching.decoy_count);
	if (!pairs)
		return true;
	if (!load_nodes_ok(l, pairs, &deck_keys[K_PAIRS], NODE_LIST) || !load_pairs(l, pairs, c))
		return false;
	return check_decoys(l, decoys, c) && check_distinct(l, decoys, "decoys");
}

static bool load_ordering(struct loader *l, const struct fields *f, struct card *c)
{
	c->ordering.question = load_text(f->v[K_QUESTION]);
	c->ordering.items = load_texts(l, f->v[K_ITEMS], &c->ordering.count);
	return check_distinct(l, f->v[K_ITEMS], "items");
}

static bool load_typed(struct loader *l, const struct fields *f, struct card *c)
{
	const struct node *n = f->v[K_ACCEPT];
	c->typed.question = load_text(f->v[K_QUESTION]);
	c->typed.show = load_text(f->v[K_SHOW]);
	c->typed.accept = load_texts(l, n, &c->typed.count);
	if (!n)
		return true;
	c->typed.accept_pos =
		arena_alloc(&l->deck->arena, c->typed.count * sizeof(*c->typed.accept_pos));
	const struct node *e = n->kind == NODE_LIST ? n->child : n;
	for (size_t i = 0; i < c->typed.count; i++, e = e->next)
		c->typed.accept_pos[i] = load_pos(l, e);
	return true;
}

bool load_kind(struct loader *l, const struct fields *f, struct card *c)
{
	static bool (*const load[])(struct loader *, const struct fields *, struct card *) = {
		[CARD_BASIC] = load_basic,         [CARD_REVERSED] = load_basic,
		[CARD_CLOZE] = load_cloze,         [CARD_TABLE] = load_table,
		[CARD_TRUEFALSE] = load_truefalse, [CARD_CHOICE] = load_choice,
		[CARD_MATCHING] = load_matching,   [CARD_ORDERING] = load_ordering,
		[CARD_TYPED] = load_typed,
	};
	return load[c->kind](l, f, c);
}
