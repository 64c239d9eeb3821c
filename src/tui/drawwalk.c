/* drawwalk.c -- pictures of a walk down a tree: the question now with the way that led there, and
 * once it has ended the whole way, the first wrong turn standing out and the true way beside it.
 *
 *      ● a question on the path
 *      │    you   no        ✗ first wrong turn
 *      │
 *      ├─ yes ─▸ an option                             the answer
 *      │
 *      └─ no ──● a question off the path
 *              │    you   yes       off the path
 *              └─▸ an option                           where you ended */
#include "tui/question.h"
#include "tui/sign.h"
#include "tui/tree.h"

#define LINE "│"
#define MAX_FLIPS 200 /* shown at most */
#define NOTE_LINES 4  /* what a question looks at is left out when it takes more */
#define OFF_COLS 8    /* how far what is off the path stands in */

/* ---- the question now ---------------------------------------------------------------- */

static const struct dnode *node_of(const struct tree_view *v, int node)
{
	return &v->tree->nodes[node];
}

static const char *taken_text(const struct tree_view *v, const struct walk_step *s)
{
	return branch_text(v->matrix, node_of(v, s->node), s->taken);
}

static void draw_steps(struct page *p, const struct tree_view *v)
{
	for (size_t i = 0; i < v->walk->count; i++) {
		const struct walk_step *s = &v->walk->steps[i];
		const char *taken = taken_text(v, s);
		page_line(p);
		page_add(p, STYLE_DIM, SIGN_ON " ");
		page_words(p, STYLE_DIM, 2, node_of(v, s->node)->ask);
		page_add(p, STYLE_DIM, "  ");
		page_add(p, STYLE_ACCENT, taken);
	}
	if (v->walk->count)
		page_gap(p);
}

static void draw_branches(struct canvas *c, const struct tree_view *v, const struct dnode *n)
{
	struct page *p = &c->body;
	for (size_t i = 0; i < n->branch_count; i++) {
		page_line(p);
		if (n->kind == DNODE_SWITCH)
			page_addf(p, STYLE_ACCENT, "%c", (char)('a' + i));
		else
			page_addf(p, STYLE_ACCENT, "%c", n->branches[i].label[0]);
		page_pad(p, 4);
		page_words(p, STYLE_PLAIN, 4, branch_text(v->matrix, n, (int)i));
	}
	canvas_focus(c);
}

void walk_draw(struct canvas *c, const struct tree_view *v)
{
	struct page *p = &c->body;
	const struct dnode *n = node_of(v, v->walk->node);
	struct str notes = {0};
	if (v->scenario) {
		if (v->before && v->flip >= 0) {
			page_line(p);
			page_words(p, STYLE_WARN, 0, "The case before, with one fact changed.");
			page_line(p);
		}
		page_line(p);
		page_words(p, STYLE_PLAIN, 0, str_c(&v->scenario->text));
		page_gap(p);
	}
	draw_steps(p, v);
	int from = (int)p->count;
	page_line(p);
	page_add(p, STYLE_ACCENT, SIGN_HERE " ");
	page_words(p, STYLE_STRONG, 2, n->ask);
	tree_node_notes(&notes, v->tree, v->matrix, v->walk->node);
	bool short_enough = (int)notes.len <= NOTE_LINES * p->width;
	if (notes.len && short_enough && !c->frame->tiny) {
		page_line(p);
		page_words(p, STYLE_DIM, 2, str_c(&notes));
	}
	str_clear(&notes);
	page_gap(p);
	draw_branches(c, v, n);
	c->focus_from = from;
}

/* ---- the end of a walk --------------------------------------------------------------- */

/* A line of the way: its margin signs, then text behind them. */
static void way(struct page *p, bool off, const char *sign)
{
	page_line(p);
	page_pad(p, off ? OFF_COLS : 0);
	page_add(p, STYLE_DIM, sign);
}

/* Text over several lines, each behind the line of the way. */
static void way_words(struct page *p, bool off, enum style style, const char *text)
{
	int col = (off ? OFF_COLS : 0) + 5;
	struct page wrapped = {0};
	page_reset(&wrapped, p->width - col, p->ascii);
	page_line(&wrapped);
	page_words(&wrapped, style, 0, text);
	for (size_t i = 0; i < wrapped.count; i++) {
		way(p, off, LINE);
		page_pad(p, col);
		for (const struct page_run *r = wrapped.lines[i].first; r; r = r->next)
			page_add(p, r->style, r->text);
	}
	page_clear(&wrapped);
}

static void draw_taken(struct page *p, const struct tree_view *v, size_t i, int wrong)
{
	const struct walk_step *s = &v->walk->steps[i];
	bool off = wrong >= 0 && (int)i > wrong;
	way(p, off, LINE "    ");
	page_add(p, STYLE_DIM, "you   ");
	page_add(p, STYLE_STRONG, taken_text(v, s));
	page_add(p, STYLE_PLAIN, "   ");
	if ((int)i == wrong)
		page_add(p, STYLE_WRONG, SIGN_WRONG " first wrong turn");
	else if (off)
		page_add(p, STYLE_DIM, SIGN_DOT " off the path");
	else
		page_add(p, STYLE_RIGHT, SIGN_RIGHT);
}

static const char *answer_title(const struct tree_view *v)
{
	return v->matrix->options[v->scenario->answer].title;
}

/* "├─ yes ─▸ WebSocket API      the answer" */
static void draw_true_way(struct page *p, const struct tree_view *v, const struct walk_step *s)
{
	const struct dnode *n = node_of(v, s->node);
	const struct branch *b = &n->branches[s->right];
	way(p, false, LINE);
	way(p, false, "├─ ");
	page_add(p, STYLE_RIGHT, branch_text(v->matrix, n, s->right));
	page_add(p, STYLE_DIM, b->to == TO_NODE ? " ─ … " SIGN_HERE " " : " ─" SIGN_HERE " ");
	page_add(p, STYLE_RIGHT, answer_title(v));
	page_end(p, STYLE_RIGHT, SIGN_RIGHT " the answer");
	way(p, false, LINE);
}

static void draw_wrong_turn(struct page *p, const struct tree_view *v, const struct walk_step *s)
{
	const struct dnode *n = node_of(v, s->node);
	if (n->why)
		way_words(p, false, STYLE_PLAIN, n->why);
	if (n->trap)
		way_words(p, false, STYLE_WARN, n->trap);
	draw_true_way(p, v, s);
}

static void draw_end(struct page *p, const struct tree_view *v, int wrong)
{
	const struct branch *b = walk_end(v->walk);
	bool last_was_wrong = wrong >= 0 && wrong + 1 == (int)v->walk->count;
	const struct walk_step *s = &v->walk->steps[v->walk->count - 1];
	way(p, wrong >= 0 && !last_was_wrong, "└─");
	if (last_was_wrong)
		page_addf(p, STYLE_DIM, " %s ─", taken_text(v, s));
	page_add(p, STYLE_DIM, SIGN_HERE " ");
	page_add(p, wrong < 0 ? STYLE_RIGHT : STYLE_PLAIN, branch_end_text(v->tree, v->matrix, b));
	if (wrong < 0)
		page_end(p, STYLE_RIGHT, SIGN_RIGHT " the answer");
	else
		page_end(p, STYLE_DIM, "where you ended");
}

/* "└─ no ──" up to where the way off the path goes on; a long label has a line of its own. */
static void draw_fork(struct page *p, const char *label)
{
	page_addf(p, STYLE_DIM, "└─ %s", label);
	if (page_cols(p) >= OFF_COLS) {
		page_line(p);
		return;
	}
	page_add(p, STYLE_DIM, " ");
	page_bar(p, STYLE_DIM, SIGN_RULE, OFF_COLS - page_cols(p));
}

static void draw_step(struct canvas *c, const struct tree_view *v, size_t i, int wrong)
{
	struct page *p = &c->body;
	const struct walk_step *s = &v->walk->steps[i];
	bool off = wrong >= 0 && (int)i > wrong;
	page_line(p);
	if (off && (int)i == wrong + 1)
		draw_fork(p, taken_text(v, &v->walk->steps[wrong]));
	page_pad(p, off ? OFF_COLS : 0);
	page_add(p, off ? STYLE_DIM : STYLE_ACCENT, SIGN_ON " ");
	page_words(p, (int)i == wrong ? STYLE_STRONG : STYLE_PLAIN, page_cols(p),
		   node_of(v, s->node)->ask);
	if ((int)i == wrong)
		c->focus_from = (int)p->count - 1;
	draw_taken(p, v, i, wrong);
	if ((int)i == wrong) {
		draw_wrong_turn(p, v, s);
		c->focus_to = (int)p->count - 1;
	}
}

/* What to take from it: the words that decide, and how often it went wrong before. */
static void draw_lesson(struct page *p, const struct tree_view *v, int wrong)
{
	struct str text = {0};
	if (wrong < 0)
		return;
	struct slice phrase = scenario_deciding(v->scenario, v->walk->steps[wrong].node);
	page_gap(p);
	if (phrase.len)
		small_print(p, "decides",
			    arena_printf(&p->arena, "\"%.*s\"", (int)phrase.len, phrase.p));
	tree_same_mistake(&text, v);
	if (text.len)
		small_print(p, "before", str_c(&text));
	if (v->due_cards)
		small_print(p, "reviews",
			    arena_printf(&p->arena, "%d %s due", v->due_cards,
					 str_plural(v->due_cards, "card is", "cards are")));
	str_clear(&text);
}

static void draw_walked(struct canvas *c, const struct tree_view *v, const struct case_pose *pose,
			bool airy)
{
	struct page *p = &c->body;
	int wrong = v->wrong_step;
	page_line(p);
	page_words(p, STYLE_PLAIN, 0, str_c(&v->scenario->text));
	page_gap(p);
	for (size_t i = 0; i < v->walk->count; i++)
		draw_step(c, v, i, wrong);
	draw_end(p, v, wrong);
	if (!c->frame->tiny)
		draw_lesson(p, v, wrong);
	if (pose->why) {
		page_gap(p);
		c->focus_from = (int)p->count;
		case_options_draw(c, v, true, airy);
		c->focus_to = (int)p->count - 1;
	}
	page_line(&c->foot);
	answer_verdict(&c->foot, v->right ? VERDICT_RIGHT : VERDICT_WRONG);
	if (v->pair_next && !c->frame->tiny)
		page_add(&c->foot, STYLE_DIM, "The next case changes one fact of this one.");
}

void walked_draw(struct canvas *c, const struct tree_view *v, const struct case_pose *pose)
{
	draw_walked(c, v, pose, !c->frame->small);
}

/* ---- advice -------------------------------------------------------------------------- */

static void draw_recommended(struct page *p, const struct tree_view *v)
{
	const struct branch *b = walk_end(v->walk);
	page_line(p);
	if (b->to != TO_OPTION) {
		page_words(p, STYLE_STRONG, 0,
			   "Nothing has all of this. Give up one of the needs, or split the work.");
		return;
	}
	const struct matrix_option *o = &v->matrix->options[b->index];
	page_add(p, STYLE_RIGHT, SIGN_RIGHT " ");
	page_words(p, STYLE_STRONG, 2, o->title);
	if (!o->note)
		return;
	page_line(p);
	page_words(p, STYLE_PLAIN, 2, o->note);
}

/* "no ─▸ HTTP API": where another answer at this step leads. */
static void draw_flip(struct page *p, const struct tree_view *v, const struct walk_flip *f)
{
	const struct dnode *n = node_of(v, v->walk->steps[f->step].node);
	page_line(p);
	page_pad(p, 2);
	page_add(p, STYLE_ACCENT, branch_text(v->matrix, n, f->branch));
	page_add(p, STYLE_DIM, " ─" SIGN_HERE);
	if (f->asks >= 0)
		page_words(p, STYLE_DIM, 4,
			   arena_printf(&p->arena, "asks: %s", node_of(v, f->asks)->ask));
	else if (f->to == TO_OPTION)
		page_words(p, STYLE_PLAIN, 4, v->matrix->options[f->option].title);
	else
		page_words(p, STYLE_PLAIN, 4, "nothing has all of it");
}

static void draw_reason(struct page *p, const struct tree_view *v, size_t step)
{
	const struct walk_step *s = &v->walk->steps[step];
	const struct dnode *n = node_of(v, s->node);
	page_gap(p);
	page_line(p);
	page_add(p, STYLE_DIM, SIGN_ON " ");
	page_words(p, STYLE_PLAIN, 2, n->ask);
	page_add(p, STYLE_PLAIN, "  ");
	page_add(p, STYLE_STRONG, taken_text(v, s));
	if (!n->why)
		return;
	page_line(p);
	page_words(p, STYLE_DIM, 2, n->why);
}

void advice_draw(struct canvas *c, const struct tree_view *v)
{
	struct page *p = &c->body;
	struct walk_flip *flips = arena_alloc(&p->arena, MAX_FLIPS * sizeof(*flips));
	size_t n = walk_flips(v->walk, flips, MAX_FLIPS);
	size_t k = 0;
	draw_recommended(p, v);
	page_gap(p);
	page_line(p);
	page_words(p, STYLE_DIM, 0, "How you got here, and where another answer leads:");
	for (size_t i = 0; i < v->walk->count; i++) {
		draw_reason(p, v, i);
		for (; k < n && k < MAX_FLIPS && flips[k].step == i; k++)
			draw_flip(p, v, &flips[k]);
	}
}
