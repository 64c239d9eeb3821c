/* cases.c -- one decision tree in use: cases to answer (drill), cases to walk, and the learner's
 * own (advise). study/tree.h is the session; pictures are in drawcase.c and drawwalk.c.
 *
 *      TREE_ASK --answer, branch--> TREE_SHOWN --next case--> TREE_ASK ... TREE_DONE
 *      any --one back--> TREE_ASK       any --stop--> ended, when there is something to sum up */
#include "tui/asked.h"
#include "tui/sign.h"
#include "tui/tree.h"

#include <stdlib.h>
#include <string.h>

struct cases {
	struct view view;
	struct shelf own; /* when no tree was given */
	struct shelf_tree *tree;
	char *id;
	struct tree_options options;
	struct tree_session *session;
	struct case_pose pose;
	bool ended; /* stopped before the last case */
};

static struct cases *self(struct view *v)
{
	return (struct cases *)v;
}

static const struct tree_view *look(const struct cases *s)
{
	return tree_view(s->session);
}

static bool done(const struct cases *s)
{
	return s->ended || look(s)->stage == TREE_DONE;
}

/* ---- open and close ------------------------------------------------------------------ */

static void fresh_pose(struct cases *s)
{
	s->pose = (struct case_pose){.marks = {.at = -1, .chosen = -1}};
	s->view.scroll = (struct scroll){0};
}

/* Of all trees the one with the lowest share of right drills; one not tried yet before any. */
static struct shelf_tree *neediest(struct shelf *sh)
{
	struct shelf_tree *best = NULL;
	double lowest = 2;
	for (size_t i = 0; i < sh->count; i++) {
		const struct shelf_tree *t = &sh->trees[i];
		double share = t->drills ? (double)t->drills_right / (double)t->drills : -1;
		if (share < lowest) {
			lowest = share;
			best = &sh->trees[i];
		}
	}
	return best;
}

static bool no_tree(struct cases *s, struct diags *d)
{
	const char *near = s->id ? shelf_suggest(&s->own, s->id) : NULL;
	if (!s->id)
		return diag_fail(d, "tree-none", "there are no decision trees");
	if (near)
		return diag_fail(d, "tree-none", "there is no tree \"%s\", did you mean \"%s\"?",
				 s->id, near);
	return diag_fail(d, "tree-none", "there is no tree \"%s\"; `gatedrill tree` lists them",
			 s->id);
}

static bool find_tree(struct cases *s, struct diags *d)
{
	if (s->tree)
		return true;
	if (!open_shelf(s->view.app, &s->own, d))
		return false;
	s->tree = s->id ? shelf_find(&s->own, s->id) : neediest(&s->own);
	return s->tree || no_tree(s, d);
}

static bool open_cases(struct view *v, struct diags *d)
{
	struct cases *s = self(v);
	if (!find_tree(s, d) || !tree_open(&s->session, v->app->study, s->tree, &s->options, d))
		return false;
	fresh_pose(s);
	return true;
}

static void close_cases(struct view *v)
{
	struct cases *s = self(v);
	tree_close(s->session, v->app->late);
	shelf_clear(&s->own);
	free(s->id);
	free((char *)s->options.flip);
	free((char *)s->options.focus);
	free(s);
}

/* ---- what the learner does ----------------------------------------------------------- */

static void take(struct cases *s, int i)
{
	struct diags d = {0};
	if (tree_take(s->session, i, &d)) {
		s->pose.marks.striking = false;
		s->view.scroll = (struct scroll){.follow = true};
	}
	app_report(s->view.app, &d);
}

static void next_case(struct cases *s)
{
	struct diags d = {0};
	if (tree_next(s->session, &d))
		fresh_pose(s);
	app_report(s->view.app, &d);
}

static void one_back(struct cases *s)
{
	struct diags d = {0};
	const char *what = NULL;
	bool ok = tree_back(s->session, &what, &d);
	if (ok && what) {
		fresh_pose(s);
		app_say(s->view.app, STYLE_PLAIN, "Taken back: %s.", what);
	} else if (ok) {
		app_say(s->view.app, STYLE_PLAIN, "There is nothing to take back.");
	}
	app_report(s->view.app, &d);
}

static void show_matrix(struct cases *s)
{
	const struct tree_view *v = look(s);
	uint64_t needs = v->scenario ? v->scenario->needs : v->walk ? walk_known_needs(v->walk) : 0;
	app_push(s->view.app, matrix_view(s->view.app, v->matrix, needs, v->scenario));
}

/* Of the questions that led to the advice, each once. */
static void show_sources(struct cases *s)
{
	const struct tree_view *v = look(s);
	struct str text = {0};
	for (size_t i = 0; i < v->walk->count; i++) {
		const struct dnode *n = &v->tree->nodes[v->walk->steps[i].node];
		for (size_t k = 0; k < n->cited_count; k++)
			if (!strstr(str_c(&text), n->cited[k]->url))
				str_addf(&text, "%s\n %s\n\n", n->cited[k]->title,
					 n->cited[k]->url);
	}
	if (text.len)
		app_push(s->view.app, note_view(s->view.app, "Sources", str_c(&text), NULL, 0));
	else
		app_say(s->view.app, STYLE_PLAIN, "These questions name no source.");
	str_clear(&text);
}

/* ---- commands ------------------------------------------------------------------------ */

static bool case_command(struct cases *s, enum command_id id, const char *arg)
{
	struct marks *m = &s->pose.marks;
	if (id == CMD_SUBMIT && m->chosen < 0)
		app_say(s->view.app, STYLE_WARN, "Choose one first: its letter.");
	else if (id == CMD_SUBMIT)
		take(s, m->chosen);
	else if (id == CMD_REVEAL)
		take(s, -1);
	else
		return marks_command(s->view.app, m, (int)look(s)->scenario->shown_count, id, arg);
	return true;
}

static bool is_switch(const struct tree_view *v)
{
	return v->walk->node >= 0 && v->tree->nodes[v->walk->node].kind == DNODE_SWITCH;
}

/* The branch of a node that asks yes or no, by its label. */
static int branch_of(const struct dnode *n, const char *label)
{
	for (size_t i = 0; i < n->branch_count; i++)
		if (strcmp(n->branches[i].label, label) == 0)
			return (int)i;
	return -1;
}

static bool walk_command(struct cases *s, enum command_id id, const char *arg)
{
	const struct tree_view *v = look(s);
	const struct dnode *n = &v->tree->nodes[v->walk->node];
	int branch;
	if (id == CMD_BRANCH && is_switch(v))
		branch = question_letter(arg, n->branch_count);
	else if (id == CMD_ANSWER_YES && !is_switch(v))
		branch = branch_of(n, "yes");
	else if (id == CMD_ANSWER_NO && !is_switch(v))
		branch = branch_of(n, "no");
	else
		return id == CMD_BRANCH || id == CMD_ANSWER_YES || id == CMD_ANSWER_NO;
	if (branch >= 0)
		take(s, branch);
	else
		app_say(s->view.app, STYLE_WARN, "There is no such branch.");
	return true;
}

static bool shown_command(struct cases *s, enum command_id id)
{
	if (id == CMD_NEXT_CASE)
		next_case(s);
	else if (id == CMD_WHY_NOT)
		s->pose.why = !s->pose.why;
	else if (id == CMD_MATRIX)
		show_matrix(s);
	else if (id == CMD_SOURCE)
		show_sources(s);
	else
		return false;
	return true;
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct cases *s = self(v);
	const struct tree_view *now = look(s);
	if (id == CMD_GO_ON || (id == CMD_STOP && (done(s) || !now->done)))
		return VIEW_BACK;
	if (id == CMD_STOP) {
		s->ended = true;
		v->scroll = (struct scroll){0};
		return VIEW_STAY;
	}
	if (id == CMD_STEP_BACK) {
		one_back(s);
		return VIEW_STAY;
	}
	if (done(s))
		return VIEW_OTHER;
	if (now->stage == TREE_SHOWN)
		return shown_command(s, id) ? VIEW_STAY : VIEW_OTHER;
	return (now->mode == TREE_DRILL ? case_command(s, id, arg) : walk_command(s, id, arg))
		       ? VIEW_STAY
		       : VIEW_OTHER;
}

static bool can(const struct view *view, enum command_id id)
{
	const struct cases *s = (const struct cases *)view;
	const struct tree_view *v = look(s);
	bool walking = v->stage == TREE_ASK && v->mode != TREE_DRILL;
	if (id == CMD_BRANCH)
		return walking && is_switch(v);
	if (id == CMD_ANSWER_YES)
		return walking && !is_switch(v);
	if (id == CMD_STEP_BACK)
		return !walking || v->walk->count > 0;
	return true;
}

static int letters(const struct view *view)
{
	const struct tree_view *v = look((const struct cases *)view);
	if (v->mode == TREE_DRILL)
		return (int)v->scenario->shown_count;
	return v->walk->node >= 0 ? (int)v->tree->nodes[v->walk->node].branch_count : 0;
}

static enum context context(const struct view *view)
{
	static const enum context contexts[TREE_MODE_COUNT][2] = {
		[TREE_ADVISE] = {CTX_ADVISE, CTX_ADVICE},
		[TREE_DRILL] = {CTX_CASE, CTX_PROOF},
		[TREE_WALK] = {CTX_WALK, CTX_WALKED},
	};
	const struct cases *s = (const struct cases *)view;
	const struct tree_view *v = look(s);
	if (done(s))
		return CTX_DRILLED;
	return contexts[v->mode][v->stage == TREE_SHOWN];
}

/* ---- pictures ------------------------------------------------------------------------ */

static const char *number_text(const struct tree_view *v, struct arena *a)
{
	if (v->total < 0)
		return arena_printf(a, "case %d", v->number);
	return arena_printf(a, "case %d of %d", v->number, v->total);
}

static void header(const struct view *view, struct arena *a, const char **left, const char **right)
{
	static const char *const names[TREE_MODE_COUNT] = {
		[TREE_ADVISE] = "Your case", [TREE_DRILL] = "Scenario", [TREE_WALK] = "Tree"};
	const struct cases *s = (const struct cases *)view;
	const struct tree_view *v = look(s);
	*left = arena_printf(a, "%s · %s", names[v->mode], v->tree->title);
	if (done(s) || v->mode == TREE_ADVISE)
		*right = "";
	else
		*right = number_text(v, a);
}

static void draw_ended(const struct tree_view *v, struct canvas *c)
{
	struct page *p = &c->body;
	page_line(p);
	page_add(p, STYLE_STRONG, "That was it. Every answer is kept.");
	page_gap(p);
	page_line(p);
	page_addf(p, STYLE_PLAIN, "%d of %d %s %s", v->done_right, v->done,
		  str_plural(v->done, "case", "cases"),
		  v->mode == TREE_WALK ? "without a wrong turn" : "right");
}

static void draw(const struct view *view, struct canvas *c)
{
	const struct cases *s = (const struct cases *)view;
	const struct tree_view *v = look(s);
	bool shown = v->stage == TREE_SHOWN;
	if (done(s)) {
		draw_ended(v, c);
		return;
	}
	switch (v->mode) {
	case TREE_ADVISE:
		(shown ? advice_draw : walk_draw)(c, v);
		break;
	case TREE_DRILL:
		(shown ? proof_draw : case_draw)(c, v, &s->pose);
		break;
	case TREE_WALK:
		if (shown)
			walked_draw(c, v, &s->pose);
		else
			walk_draw(c, v);
		break;
	case TREE_MODE_COUNT:
		break;
	}
}

static const struct view_ops ops = {
	.name = "tree",
	.context = context,
	.open = open_cases,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.letters = letters,
	.close = close_cases,
};

struct view *case_view(struct app *app, struct shelf_tree *tree, const char *id,
		       const struct tree_options *o)
{
	struct cases *s = xcalloc(1, sizeof(*s));
	s->view.ops = &ops;
	s->view.app = app;
	s->tree = tree;
	s->id = id ? xstrdup(id) : NULL;
	s->options = *o;
	s->options.flip = o->flip ? xstrdup(o->flip) : NULL;
	s->options.focus = o->focus ? xstrdup(o->focus) : NULL;
	return &s->view;
}
