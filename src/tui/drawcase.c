/* drawcase.c -- pictures of a generated case: its text and options, then the answer with its proof.
 */
#include "tui/sign.h"
#include "tui/tree.h"

#define IN_SIGHT 3 /* lines of an answer that are seen at once */

static const char *title_of(const struct tree_view *v, size_t i)
{
	return v->matrix->options[v->scenario->shown[i].option].title;
}

static void draw_option(struct canvas *c, const struct tree_view *v, const struct case_pose *pose,
			size_t i)
{
	struct page *p = &c->body;
	bool here = (int)i == pose->marks.at;
	page_line(p);
	if (here)
		page_mark(p, STYLE_FOCUS, SIGN_HERE);
	enum style style = marks_draw(p, &pose->marks, (int)i);
	page_pad(p, 7);
	page_words(p, style, 7, title_of(v, i));
	if (here)
		canvas_focus(c);
}

static void draw_text(struct page *p, const struct tree_view *v)
{
	page_line(p);
	page_words(p, STYLE_PLAIN, 0, str_c(&v->scenario->text));
}

/* What was turned over against the case before, when this one is its pair. */
static void draw_pair(struct page *p, const struct tree_view *v)
{
	if (!v->before || v->flip < 0)
		return;
	page_line(p);
	page_words(p, STYLE_WARN, 0, "The case before, with one fact changed.");
	page_line(p);
}

static void draw_asked(struct canvas *c, const struct tree_view *v, const struct case_pose *pose,
		       bool airy)
{
	struct page *p = &c->body;
	draw_pair(p, v);
	draw_text(p, v);
	page_gap(p);
	page_line(p);
	page_words(p, STYLE_STRONG, 0, v->matrix->question);
	page_gap(p);
	for (size_t i = 0; i < v->scenario->shown_count; i++) {
		if (i && airy)
			page_gap(p);
		draw_option(c, v, pose, i);
	}
	if (pose->marks.striking)
		page_add(&c->foot, STYLE_WARN, "Rule out which? Its letter, or x for none.");
}

void case_draw(struct canvas *c, const struct tree_view *v, const struct case_pose *pose)
{
	const struct frame *f = c->frame;
	bool ascii = c->body.ascii;
	draw_asked(c, v, pose, !f->small);
	if (f->small || (int)(c->body.count + c->foot.count) < f->body_rows)
		return;
	canvas_reset(c, f, false, ascii);
	draw_asked(c, v, pose, false);
}

/* ---- after the answer ---------------------------------------------------------------- */

static void answer_option(struct page *p, const struct tree_view *v, size_t i, bool why)
{
	bool right = i == v->scenario->right;
	bool chosen = (int)i == v->chosen && v->mode == TREE_DRILL;
	enum style style = right ? STYLE_RIGHT : chosen ? STYLE_WRONG : STYLE_DIM;
	struct str text = {0};
	page_line(p);
	page_addf(p, style, "%s %c", right ? SIGN_RIGHT : SIGN_WRONG, (char)('A' + i));
	page_pad(p, 5);
	page_words(p, STYLE_PLAIN, 5, title_of(v, i));
	if (!why)
		return;
	str_add(&text, chosen ? "Your choice. It " : "It ");
	scenario_why(&text, v->scenario, i);
	page_line(p);
	page_pad(p, 5);
	page_words(p, STYLE_DIM, 5, str_c(&text));
	str_clear(&text);
}

static int rank_of(const struct tree_view *v, size_t i)
{
	if (i == v->scenario->right)
		return 0;
	return v->mode == TREE_DRILL && (int)i == v->chosen ? 1 : 2;
}

/* As after any question: the right option first, then the one that was chosen. Letters stay. */
void case_options_draw(struct canvas *c, const struct tree_view *v, bool all, bool airy)
{
	bool first = true;
	for (int rank = 0; rank < 3; rank++) {
		for (size_t i = 0; i < v->scenario->shown_count; i++) {
			if (rank_of(v, i) != rank)
				continue;
			if (!first && airy)
				page_gap(&c->body);
			answer_option(&c->body, v, i, all || rank < 2);
			first = false;
		}
	}
}

static void draw_proof(struct canvas *c, const struct tree_view *v, const struct case_pose *pose,
		       bool airy)
{
	struct page *p = &c->body;
	draw_text(p, v);
	page_gap(p);
	int from = (int)p->count;
	case_options_draw(c, v, pose->why, airy);
	if (!c->frame->tiny) {
		page_gap(p);
		small_print(p, "case",
			    arena_printf(&p->arena, "seed %llu; --seed makes it again",
					 (unsigned long long)v->scenario->seed));
		if (v->due_cards)
			small_print(p, "reviews",
				    arena_printf(&p->arena, "%d %s due", v->due_cards,
						 str_plural(v->due_cards, "card is", "cards are")));
	}
	c->focus_from = from;
	c->focus_to = (pose->why ? (int)p->count - 1 : from + IN_SIGHT);
	page_line(&c->foot);
	if (v->chosen < 0)
		page_add(&c->foot, STYLE_WRONG, SIGN_WRONG " Given up.");
	else
		answer_verdict(&c->foot, v->right ? VERDICT_RIGHT : VERDICT_WRONG);
	if (v->pair_next && !c->frame->tiny)
		page_add(&c->foot, STYLE_DIM, "The next case changes one fact of this one.");
}

void proof_draw(struct canvas *c, const struct tree_view *v, const struct case_pose *pose)
{
	const struct frame *f = c->frame;
	bool ascii = c->body.ascii;
	for (int level = f->small ? 1 : 0; level < 2; level++) {
		canvas_reset(c, f, false, ascii);
		draw_proof(c, v, pose, level < 1);
		if ((int)(c->body.count + c->foot.count) <= f->body_rows)
			break;
	}
}
