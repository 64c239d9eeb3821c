/* quiz.c -- a practice quiz: a question, how sure the learner is, the answer with the reason for
 * every option, the next one.
 *
 *      ASKED --answer--> SURE --sure, unsure, show--> ANSWERED --go on--> ASKED (the next one)
 *      ASKED --give up--> ANSWERED       SURE --back--> ASKED       ASKED --skip--> ASKED
 *      any --no question left, stop--> ENDED       ANSWERED, ENDED --undo--> ASKED
 *
 * study/quiz.h is the quiz: what is answered there is on the disk. */
#include "study/quiz.h"
#include "tui/action.h"
#include "tui/asked.h"
#include "tui/exam.h"
#include "tui/question.h"
#include "tui/sign.h"

#include <stdlib.h>

enum state { ASKED, SURE, ANSWERED, ENDED };

struct quiz_screen {
	struct view view;
	struct quiz_options options;
	char *query;
	struct quiz *quiz;
	struct review_card *card; /* borrowed from quiz; NULL in ENDED */
	enum state state;
	struct pose pose;
	bool gave_up;
};

static struct quiz_screen *self(struct view *v)
{
	return (struct quiz_screen *)v;
}

/* ---- which question ------------------------------------------------------------------ */

static void end(struct quiz_screen *s)
{
	s->state = ENDED;
	s->card = NULL;
	s->view.scroll = (struct scroll){0};
}

/* Look again at which question is in front. */
static bool look(struct quiz_screen *s, struct diags *d)
{
	line_clear(&s->pose.line);
	s->pose = (struct pose){0};
	s->gave_up = false;
	s->view.scroll = (struct scroll){0};
	if (!quiz_current(s->quiz, &s->card, d))
		return false;
	if (!s->card)
		end(s);
	else
		s->state = s->card->ask.shown ? ANSWERED : ASKED;
	return true;
}

static void look_and_report(struct quiz_screen *s)
{
	struct diags d = {0};
	if (!look(s, &d)) {
		end(s);
		app_report(s->view.app, &d);
	}
}

static bool open_quiz(struct view *v, struct diags *d)
{
	struct quiz_screen *s = self(v);
	struct arena a = {0};
	if (!quiz_open(&s->quiz, v->app->study, &s->options, d) || !look(s, d))
		return false;
	if (s->card)
		return true;
	const char *why = quiz_none(v->app->study, &s->options, &a);
	if (v->below)
		app_say(v->app, STYLE_PLAIN, "%s", why);
	else
		diag_note(d, (struct pos){0}, "nothing-to-ask", "%s", why);
	v->app->code = CODE_NOTHING_DUE;
	arena_clear(&a);
	return false;
}

static void close_quiz(struct view *v)
{
	struct quiz_screen *s = self(v);
	line_clear(&s->pose.line);
	quiz_close(s->quiz, v->app->late);
	free(s->query);
	free(s);
}

/* ---- answering ----------------------------------------------------------------------- */

static void submit(struct quiz_screen *s)
{
	if (!asked_complete(s->view.app, &s->card->ask, &s->pose))
		return;
	s->pose.picked = s->pose.striking = false;
	s->state = SURE;
}

static void show(struct quiz_screen *s, enum sureness sure, bool judged)
{
	struct diags d = {0};
	struct quiz_outcome out;
	if (quiz_sureness(s->quiz) != sure)
		quiz_sure(s->quiz, sure == SURE_UNSAID ? quiz_sureness(s->quiz) : sure);
	bool ok = judged ? quiz_answer(s->quiz, &out, &d) : quiz_reveal(s->quiz, &out, &d);
	if (ok) {
		s->state = ANSWERED;
		s->gave_up = !judged;
		s->view.scroll.top = 0;
	}
	app_report(s->view.app, &d);
	if (ok && out.became_leech)
		app_say(s->view.app, STYLE_WARN,
			"Missed often: it is a leech now. Better reword it.");
}

static void undo(struct quiz_screen *s)
{
	struct diags d = {0};
	const char *what = NULL;
	bool ok = quiz_undo(s->quiz, &what, &d);
	if (ok && what) {
		look_and_report(s);
		app_say(s->view.app, STYLE_PLAIN, "Undone: %s.", what);
	} else if (ok) {
		app_say(s->view.app, STYLE_PLAIN, "There is nothing to undo.");
	}
	app_report(s->view.app, &d);
}

static void next(struct quiz_screen *s)
{
	quiz_next(s->quiz);
	look_and_report(s);
}

/* ---- commands ------------------------------------------------------------------------ */

static bool question_command(struct quiz_screen *s, enum command_id id, const char *arg)
{
	if (id == CMD_SUBMIT || id == CMD_SUBMIT_TYPED)
		submit(s);
	else if (id == CMD_REVEAL || id == CMD_GIVE_UP)
		show(s, SURE_UNSAID, false);
	else if (id == CMD_SKIP)
		next(s);
	else
		return asked_command(s->view.app, &s->card->ask, &s->pose, id, arg);
	return true;
}

static bool sure_command(struct quiz_screen *s, enum command_id id)
{
	if (id == CMD_KNOWN)
		show(s, SURE_YES, true);
	else if (id == CMD_UNSURE)
		show(s, SURE_GUESS, true);
	else if (id == CMD_SHOW)
		show(s, SURE_UNSAID, true);
	else if (id == CMD_BACK)
		s->state = ASKED;
	else
		return false;
	return true;
}

static bool answered_command(struct quiz_screen *s, enum command_id id)
{
	if (id == CMD_GO_ON)
		next(s);
	else if (id == CMD_SOURCE)
		action_show_sources(s->view.app, s->card->card);
	else if (id == CMD_PROVE)
		action_prove(s->view.app, s->card->card);
	else
		return false;
	return true;
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct quiz_screen *s = self(v);
	bool done = true;
	if (id == CMD_STOP && (s->state == ENDED || !quiz_progress(s->quiz).done))
		return VIEW_BACK;
	if (id == CMD_GO_ON && s->state == ENDED)
		return VIEW_BACK;
	if (id == CMD_STOP)
		end(s);
	else if (id == CMD_UNDO)
		undo(s);
	else if (s->state == ASKED)
		done = question_command(s, id, arg);
	else if (s->state == SURE)
		done = sure_command(s, id);
	else
		done = s->state == ANSWERED && answered_command(s, id);
	return done ? VIEW_STAY : VIEW_OTHER;
}

static bool can(const struct view *v, enum command_id id)
{
	const struct quiz_screen *s = (const struct quiz_screen *)v;
	if (id == CMD_UNDO)
		return quiz_progress(s->quiz).done > 0;
	return asked_can(s->card, &s->pose, id);
}

static int letters(const struct view *v)
{
	const struct quiz_screen *s = (const struct quiz_screen *)v;
	return s->card ? asked_letters(&s->card->ask) : 0;
}

static void typed(struct view *v, uint32_t key)
{
	line_key(&self(v)->pose.line, key);
}

static enum context context(const struct view *v)
{
	static const enum context of_mode[] = {
		[ASK_RECALL] = CTX_QUIZ_CHOICE, [ASK_TYPE] = CTX_QUIZ_TYPED,
		[ASK_ONE] = CTX_QUIZ_CHOICE,    [ASK_SOME] = CTX_QUIZ_CHOICE,
		[ASK_MATCH] = CTX_QUIZ_MATCH,   [ASK_ORDER] = CTX_QUIZ_ORDER,
	};
	const struct quiz_screen *s = (const struct quiz_screen *)v;
	switch (s->state) {
	case ASKED:
		return of_mode[s->card->ask.mode];
	case SURE:
		return CTX_QUIZ_SURE;
	case ANSWERED:
		return CTX_QUIZ_ANSWER;
	case ENDED:
		break;
	}
	return CTX_QUIZ_ENDED;
}

/* ---- time ---------------------------------------------------------------------------- */

static int64_t wake_ms(const struct view *v)
{
	const struct quiz_screen *s = (const struct quiz_screen *)v;
	int64_t left = quiz_progress(s->quiz).left_ms;
	if (left <= 0 || s->state == ENDED)
		return -1;
	return (left - 1) % 1000 + 1;
}

/* Drawing reads the clock anew. */
static void tick(struct view *v)
{
	(void)v;
}

/* ---- pictures ------------------------------------------------------------------------ */

static const char *clock_text(const struct quiz_progress *n, struct arena *a)
{
	if (n->left_ms < 0)
		return "";
	if (n->time_up)
		return " · time is up: the last one";
	return arena_printf(a, " · %s left", sitting_time_text(a, n->left_ms));
}

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct quiz_screen *s = (const struct quiz_screen *)v;
	struct quiz_progress n = quiz_progress(s->quiz);
	if (!s->card) {
		*left = "Quiz";
		*right = "";
		return;
	}
	*left = arena_printf(a, "Quiz · %s", s->card->item.deck_title);
	*right = arena_printf(a, "%d of %d%s%s", n.number, n.total,
			      n.done ? arena_printf(a, " · %d right", n.right) : "",
			      clock_text(&n, a));
}

static void draw_asked(const struct quiz_screen *s, struct canvas *c)
{
	const struct posed posed = posed_card(s->card);
	bool sure = s->state == SURE;
	question_draw(c, &posed, &s->pose, sure && !c->frame->tiny ? 1 : 0);
	c->has_cursor = c->has_cursor && !sure;
	if (!sure)
		return;
	if (!c->frame->tiny || !c->foot.count)
		page_line(&c->foot);
	else
		page_add(&c->foot, STYLE_PLAIN, "   ");
	page_add(&c->foot, STYLE_STRONG, "Are you sure?");
	if (c->frame->tiny)
		return;
	page_add(&c->foot, STYLE_ACCENT, "   s");
	page_add(&c->foot, STYLE_PLAIN, " sure");
	page_add(&c->foot, STYLE_ACCENT, "   u");
	page_add(&c->foot, STYLE_PLAIN, " unsure");
}

/* "Right, and sure." with when it comes again. */
static void draw_outcome(const struct quiz_screen *s, struct page *p, const struct frame *f)
{
	const struct quiz_outcome *o = quiz_outcome(s->quiz);
	enum sureness sure = quiz_sureness(s->quiz);
	page_line(p);
	if (s->gave_up)
		page_add(p, STYLE_WRONG, SIGN_WRONG " Given up.  ");
	else
		answer_verdict(p, o->verdict);
	if (f->tiny)
		return;
	if (!f->small && sure == SURE_YES && o->verdict == VERDICT_WRONG)
		page_add(p, STYLE_WARN, "You were sure of it.  ");
	if (!f->small && sure == SURE_GUESS && o->verdict == VERDICT_RIGHT)
		page_add(p, STYLE_PLAIN, "You were unsure of it.  ");
	page_addf(p, STYLE_DIM, "%s %s.", o->comes_back ? "It comes back" : "Due again", o->next);
}

static void draw_answered(const void *of, struct canvas *c, int level)
{
	const struct quiz_screen *s = of;
	const struct posed posed = posed_card(s->card);
	answer_draw(c, &posed, level < 1);
	if (!c->frame->tiny)
		answer_small_print(c, s->card->card, NULL);
	if (level < 1)
		page_line(&c->foot);
	draw_outcome(s, &c->foot, c->frame);
}

static void draw_figures(const struct quiz_summary *sum, struct page *p)
{
	const struct quiz_progress *n = &sum->progress;
	struct arena *a = &p->arena;
	figure_line(p, "right", STYLE_RIGHT,
		    arena_printf(a, SIGN_RIGHT " %d of %d", n->right, n->done));
	figure_line(p, "wrong", n->wrong ? STYLE_WRONG : STYLE_PLAIN,
		    arena_printf(a, SIGN_WRONG " %d%s", n->wrong,
				 n->sure_wrong ? arena_printf(a, ", %d of them sure", n->sure_wrong)
					       : ""));
	if (n->unsure_right)
		figure_line(p, "unsure", STYLE_PLAIN,
			    arena_printf(a, "%d right all the same", n->unsure_right));
	figure_line(p, "time", STYLE_PLAIN,
		    arena_printf(a, "%s%s", span_words(a, n->took_ms),
				 n->done ? arena_printf(a, ", %s a question",
							span_words(a, n->took_ms / n->done))
					 : ""));
	if (sum->come_back)
		figure_line(p, "reviews", STYLE_PLAIN,
			    arena_printf(a, "%d %s back soon", sum->come_back,
					 str_plural(sum->come_back, "card comes", "cards come")));
}

static void draw_topics(const struct quiz_summary *sum, struct page *p)
{
	page_gap(p);
	for (size_t i = 0; i < sum->topic_count; i++) {
		const struct quiz_topic *t = &sum->topics[i];
		page_line(p);
		page_addf(p, STYLE_PLAIN, "%3d of %d", t->right, t->of);
		page_pad(p, 12);
		page_add(p, STYLE_DIM, t->domain);
	}
}

static void draw_missed(const struct quiz_summary *sum, struct page *p)
{
	page_gap(p);
	if (sum->missed_count) {
		page_line(p);
		page_add(p, STYLE_STRONG, "To look at again");
	}
	for (size_t i = 0; i < sum->missed_count; i++) {
		page_line(p);
		page_add(p, STYLE_WRONG, SIGN_WRONG " ");
		page_add(p, STYLE_PLAIN, sum->missed[i].title);
		if (sum->missed[i].sure)
			page_end(p, STYLE_WARN, "sure");
	}
}

static void draw_ended(const struct quiz_screen *s, struct canvas *c)
{
	const struct quiz_summary *sum = quiz_summary(s->quiz);
	const struct quiz_progress *n = &sum->progress;
	struct page *p = &c->body;
	page_line(p);
	page_add(p, STYLE_STRONG,
		 n->done < n->total ? "Stopped here. Every answer is kept."
				    : "That was the quiz. Every answer is kept.");
	if (!c->frame->tiny)
		page_gap(p);
	draw_figures(sum, p);
	draw_topics(sum, p);
	draw_missed(sum, p);
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct quiz_screen *s = (const struct quiz_screen *)v;
	switch (s->state) {
	case ASKED:
	case SURE:
		draw_asked(s, c);
		break;
	case ANSWERED:
		canvas_fit(c, c->frame->small ? 1 : 0, 1, draw_answered, s);
		break;
	case ENDED:
		draw_ended(s, c);
		break;
	}
}

static const struct view_ops ops = {
	.name = "quiz",
	.context = context,
	.open = open_quiz,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.letters = letters,
	.typed = typed,
	.wake_ms = wake_ms,
	.tick = tick,
	.close = close_quiz,
};

struct view *quiz_view(struct app *app, const struct quiz_options *options)
{
	struct quiz_screen *s = xcalloc(1, sizeof(*s));
	s->view.ops = &ops;
	s->view.app = app;
	s->options = *options;
	s->query = options->query ? xstrdup(options->query) : NULL;
	s->options.query = s->query;
	return &s->view;
}
