/* session.c -- a review session on the screen: the card, its answer, the grade; and the quiet
 * screens while nothing is ready and when all is done.
 *
 *      ASKED --show, answer, give up--> ANSWERED --grade--> ASKED (the next card)
 *      ASKED, ANSWERED --bury and others that hide it--> ASKED (the next card)
 *      any --no card ready--> WAITING (learning cards come later today), ENDED (nothing left)
 *      WAITING --a card is ready--> ASKED
 *      any --undo--> ASKED (the card that was answered)       any --stop--> ENDED --go on--> closed
 *
 * study/review.h is the session; this file holds no card state of its own but what the learner is
 * in the middle of doing (struct pose). next_card() alone decides between the states. */
#include "base/utf8.h"
#include "tui/action.h"
#include "tui/asked.h"
#include "tui/question.h"
#include "tui/sign.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum state { ASKED, ANSWERED, WAITING, ENDED };

struct session {
	struct view view;
	struct review_options options;
	char *query;
	struct review *review;
	struct review_card *card; /* borrowed from review; NULL in WAITING and ENDED */
	enum state state;
	struct pose pose;
	bool acted;   /* something other than an answer was done here: it can be taken back */
	int changes;  /* app->changes when it was last looked at */
	int tomorrow; /* reviews due tomorrow, for the end */
};

static struct session *self(struct view *v)
{
	return (struct session *)v;
}

static const struct session *self_const(const struct view *v)
{
	return (const struct session *)v;
}

int64_t session_part(const struct view *v)
{
	const struct session *s = self_const(v);
	return s->card ? s->card->item.part_id : 0;
}

/* ---- which card ---------------------------------------------------------------------- */

static void count_tomorrow(struct session *s)
{
	struct diags d = {0};
	struct study *study = s->view.app->study;
	int due[2];
	s->tomorrow =
		store_forecast(study->store, study_today(study), 2, NULL, due, &d) ? due[1] : 0;
	diags_clear(&d);
}

static void end(struct session *s)
{
	s->state = ENDED;
	s->card = NULL;
	s->view.scroll.top = 0;
	count_tomorrow(s);
}

/* Look again at which card is in front; the only place where the state follows from the queue. */
static bool next_card(struct session *s, struct diags *d)
{
	line_clear(&s->pose.line);
	s->pose = (struct pose){0};
	s->view.scroll.top = 0;
	if (!review_current(s->review, &s->card, d))
		return false;
	if (s->card)
		s->state = ASKED;
	else if (review_wait_ms(s->review) >= 0)
		s->state = WAITING;
	else
		end(s);
	return true;
}

/* After something was done. The card of a failed step stays as it was. */
static void go_on(struct session *s)
{
	struct diags d = {0};
	if (!next_card(s, &d)) {
		end(s);
		app_report(s->view.app, &d);
	}
}

static bool open_session(struct view *v, struct diags *d)
{
	struct session *s = self(v);
	struct arena a = {0};
	if (!review_open(&s->review, v->app->study, &s->options, d) || !next_card(s, d))
		return false;
	v->app->session = v;
	s->changes = v->app->changes;
	if (s->state != ENDED)
		return true;
	if (v->below) {
		app_say(v->app, STYLE_PLAIN, "Nothing is due there now.");
		return false;
	}
	diag_note(d, (struct pos){0}, "nothing-due", "%s",
		  review_none_due(v->app->study, s->query, &a));
	arena_clear(&a);
	v->app->code = CODE_NOTHING_DUE;
	return false;
}

static void close_session(struct view *v)
{
	struct session *s = self(v);
	if (v->app->session == v)
		v->app->session = NULL;
	line_clear(&s->pose.line);
	review_close(s->review, v->app->late);
	free(s->query);
	free(s);
}

/* ---- answering ----------------------------------------------------------------------- */

static void show(struct session *s, bool judged)
{
	if (judged)
		ask_submit(&s->card->ask);
	else
		ask_reveal(&s->card->ask);
	s->pose.picked = s->pose.striking = false;
	s->state = ANSWERED;
}

static void submit(struct session *s)
{
	if (asked_complete(s->view.app, &s->card->ask, &s->pose))
		show(s, true);
}

static void rate(struct session *s, int grade)
{
	struct app *app = s->view.app;
	struct review_outcome out;
	struct diags d = {0};
	if (!review_rate(s->review, grade, &out, &d)) {
		app_report(app, &d);
		return;
	}
	s->card = NULL;
	if (review_is_cram(s->review))
		app_say(app, STYLE_DIM, "Noted; its date stays.");
	else if (out.became_leech)
		app_say(app, STYLE_WARN,
			"Forgotten often: it is a leech now%s. Better reword it or split it.",
			out.state.suspended ? " and suspended" : "");
	else
		app_say(app, STYLE_DIM, "Due again %s.", out.next);
	go_on(s);
}

/* ---- the card itself ----------------------------------------------------------------- */

static void operate(struct session *s, const struct action *a)
{
	struct diags d = {0};
	struct app *app = s->view.app;
	int64_t part = s->card->item.part_id;
	struct review_card *now;
	if (!review_do(s->review, a->op, a->arg, &d)) {
		app_report(app, &d);
		return;
	}
	s->acted = true;
	app_say(app, STYLE_PLAIN, "%s", a->said);
	bool stays = review_current(s->review, &now, &d) && now && now->item.part_id == part;
	if (!stays)
		go_on(s);
	diags_clear(&d);
}

static void show_hint(struct session *s)
{
	if (s->card->card->hint)
		s->pose.hint = !s->pose.hint;
	else
		app_say(s->view.app, STYLE_PLAIN, "The card has no hint.");
}

static void undo_or_redo(struct session *s, bool undo)
{
	struct diags d = {0};
	const char *what = NULL;
	bool ok = (undo ? review_undo : review_redo)(s->review, &what, &d);
	if (what || !ok) {
		s->card = NULL;
		go_on(s);
	}
	if (ok && what)
		app_say(s->view.app, STYLE_PLAIN, "%s: %s.", undo ? "Undone" : "Done again", what);
	else if (ok)
		app_say(s->view.app, STYLE_PLAIN, "There is nothing to %s.",
			undo ? "undo" : "do again");
	app_report(s->view.app, &d);
}

/* The decks may have changed: ask the same card anew. */
static void reload(struct session *s)
{
	struct diags d = {0};
	bool gone = false;
	if (!s->card)
		return;
	bool ok = review_reload(s->review, &gone, &d);
	s->card = NULL;
	go_on(s);
	if (!app_problems(s->view.app, &d) && ok)
		app_say(s->view.app, STYLE_PLAIN, "%s",
			gone ? "The card is gone from its deck; its history is kept."
			     : "The decks are loaded again.");
}

/* ---- commands ------------------------------------------------------------------------ */

/* Commands on what is being asked. */
static bool question_command(struct session *s, enum command_id id, const char *arg)
{
	if (id == CMD_SHOW)
		show(s, true);
	else if (id == CMD_SUBMIT || id == CMD_SUBMIT_TYPED)
		submit(s);
	else if (id == CMD_REVEAL || id == CMD_GIVE_UP)
		show(s, false);
	else if (id == CMD_HINT)
		show_hint(s);
	else
		return asked_command(s->view.app, &s->card->ask, &s->pose, id, arg);
	return true;
}

static bool rate_command(struct session *s, enum command_id id)
{
	if (id >= CMD_AGAIN && id <= CMD_EASY)
		rate(s, (int)(id - CMD_AGAIN) + FSRS_AGAIN);
	else if (id == CMD_ACCEPT)
		rate(s, ask_grade(&s->card->ask));
	else
		return false;
	return true;
}

/* Commands on the card, before and after its answer. */
static bool card_command(struct session *s, enum command_id id, const char *arg)
{
	struct app *app = s->view.app;
	struct action a;
	switch (action_of(id, arg, &s->card->item.state, study_today(app->study), &a)) {
	case ACTION_READY:
		operate(s, &a);
		return true;
	case ACTION_WRONG:
		app_say(app, STYLE_WARN, "%s", a.said);
		return true;
	case ACTION_NONE:
		break;
	}
	if (id == CMD_SOURCE)
		action_show_sources(app, s->card->card);
	else if (id == CMD_PROVE)
		action_prove(app, s->card->card);
	else if (id == CMD_EDIT)
		app_edit(app, s->card->item.file, s->card->item.line);
	else
		return false;
	return true;
}

static enum view_result stop(struct session *s)
{
	if (s->state == ENDED || !review_progress(s->review).done)
		return VIEW_BACK;
	end(s);
	return VIEW_STAY;
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct session *s = self(v);
	if (id == CMD_STOP)
		return stop(s);
	if (id == CMD_GO_ON)
		return VIEW_BACK;
	if (id == CMD_UNDO || id == CMD_REDO) {
		undo_or_redo(s, id == CMD_UNDO);
		return VIEW_STAY;
	}
	bool done = (s->state == ASKED && question_command(s, id, arg)) ||
		    (s->state == ANSWERED && rate_command(s, id)) ||
		    (s->card && card_command(s, id, arg));
	return done ? VIEW_STAY : VIEW_OTHER;
}

static bool can(const struct view *v, enum command_id id)
{
	const struct session *s = self_const(v);
	if (id == CMD_UNDO)
		return s->acted || review_progress(s->review).done > 0;
	return asked_can(s->card, &s->pose, id);
}

static int letters(const struct view *v)
{
	const struct session *s = self_const(v);
	return s->card ? asked_letters(&s->card->ask) : 0;
}

static void typed(struct view *v, uint32_t key)
{
	struct session *s = self(v);
	line_key(&s->pose.line, key);
}

static enum context context(const struct view *v)
{
	static const enum context of_mode[] = {
		[ASK_RECALL] = CTX_RECALL, [ASK_TYPE] = CTX_TYPED,  [ASK_ONE] = CTX_CHOICE,
		[ASK_SOME] = CTX_CHOICE,   [ASK_MATCH] = CTX_MATCH, [ASK_ORDER] = CTX_ORDER,
	};
	const struct session *s = self_const(v);
	switch (s->state) {
	case ASKED:
		return of_mode[s->card->ask.mode];
	case ANSWERED:
		return CTX_ANSWER;
	case WAITING:
		return CTX_WAIT;
	case ENDED:
		break;
	}
	return CTX_ENDED;
}

/* ---- time ---------------------------------------------------------------------------- */

/* The countdown is by minutes: wake when the minute shown changes or the card is ready. */
static int64_t wake_ms(const struct view *v)
{
	const struct session *s = self_const(v);
	if (s->state != WAITING)
		return -1;
	int64_t wait = review_wait_ms(s->review);
	int64_t part = wait > 60000 ? wait % 60000 : wait;
	return part > 0 ? part : 60000;
}

static void tick(struct view *v)
{
	if (self(v)->state == WAITING)
		go_on(self(v));
}

/* Cards may have changed in the views above. */
static void resume(struct view *v)
{
	struct session *s = self(v);
	bool changed = s->changes != v->app->changes;
	s->changes = v->app->changes;
	if (s->state == WAITING)
		go_on(s);
	else if (changed)
		reload(s);
}

static void edited(struct view *v)
{
	reload(self(v));
}

/* ---- pictures ------------------------------------------------------------------------ */

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct session *s = self_const(v);
	struct review_progress p = review_progress(s->review);
	const char *name = review_is_cram(s->review) ? "Cram" : "Review";
	*left = s->card ? arena_printf(a, "%s · %s", name, s->card->item.deck_title) : name;
	if (s->card && p.once_more)
		*right = "once more";
	else if (s->card)
		*right = arena_printf(a, "%d of %d", p.cards + 1, p.total);
	else
		*right = "";
	if (s->card && p.done)
		*right = arena_printf(a, "%s · %d kept · %d lost", *right, p.kept, p.lost);
}

static void draw_mood(const struct session *s, struct page *p)
{
	const struct srs_card *c = &s->card->item.state;
	if (c->flag)
		page_addf(p, STYLE_FLAG, SIGN_FLAG " flag %d  ", c->flag);
	if (c->leech)
		page_add(p, STYLE_WARN, "! leech  ");
}

/* Four columns: number and name, below it when the card would come back. */
static void draw_buttons(const struct session *s, struct canvas *c)
{
	static const char *const names[] = {"again", "hard", "good", "easy"};
	struct page *p = &c->foot;
	bool narrow = c->frame->small;
	int width = narrow ? p->width / 4 : 16;
	int indent = narrow ? 2 : 5;
	int suggested = ask_grade(&s->card->ask);
	page_line(p);
	for (int i = 0; i < 4; i++) {
		bool here = i + 1 == suggested;
		page_pad(p, i * width + indent - 2);
		page_add(p, STYLE_FOCUS, here ? SIGN_HERE " " : "  ");
		page_addf(p, STYLE_ACCENT, "%d", i + 1);
		page_addf(p, here ? STYLE_FOCUS : STYLE_PLAIN, "%s%s", narrow ? " " : "  ",
			  names[i]);
	}
	if (c->frame->tiny || review_is_cram(s->review))
		return;
	page_line(p);
	for (int i = 0; i < 4; i++) {
		page_pad(p, i * width + indent + (narrow ? 2 : 3));
		page_add(p, STYLE_DIM, s->card->due_words[i]);
	}
}

static void draw_grading(const struct session *s, struct canvas *c, bool airy)
{
	enum verdict v = s->card->ask.verdict;
	bool ask = !c->frame->tiny;
	if (airy)
		page_line(&c->foot);
	if (ask || v != VERDICT_NONE) {
		page_line(&c->foot);
		answer_verdict(&c->foot, v);
		page_add(&c->foot, STYLE_PLAIN, ask ? "How did it go?  " : "");
		draw_mood(s, &c->foot);
	}
	if (airy)
		page_line(&c->foot);
	draw_buttons(s, c);
}

/* The empty lines of the foot go first, then those between options. */
static void draw_answered(const void *of, struct canvas *c, int level)
{
	const struct session *s = of;
	const struct posed posed = posed_card(s->card);
	int32_t today = study_today(s->view.app->study);
	answer_draw(c, &posed, level < 2);
	if (!c->frame->tiny)
		answer_small_print(c, s->card->card,
				   review_history(&c->body.arena, s->card, today));
	draw_grading(s, c, level < 1);
}

static void draw_waiting(const struct session *s, struct canvas *c)
{
	struct review_progress p = review_progress(s->review);
	int64_t wait = review_wait_ms(s->review);
	/* Rounded up, so that it never says a minute less than it takes. */
	long minutes = (long)((wait + 59999) / 60000);
	page_line(&c->body);
	page_addf(&c->body, STYLE_STRONG, "The next card is ready in %ld min.",
		  minutes < 1 ? 1 : minutes);
	page_line(&c->body);
	page_line(&c->body);
	page_words(
		&c->body, STYLE_PLAIN, 0,
		arena_printf(
			&c->body.arena,
			"%d %s still being learned and %s by itself. You can also leave: %s kept.",
			p.left.learning, str_plural(p.left.learning, "card is", "cards are"),
			str_plural(p.left.learning, "comes", "come"),
			str_plural(p.done, "the answer is", "all answers are")));
	if (!p.done)
		return;
	page_line(&c->body);
	page_line(&c->body);
	page_addf(&c->body, STYLE_DIM, "So far %d %s, %d kept, %d lost.", p.done,
		  str_plural(p.done, "answer", "answers"), p.kept, p.lost);
}

static void draw_ended(const struct session *s, struct canvas *c)
{
	struct review_progress r = review_progress(s->review);
	struct page *p = &c->body;
	int left = r.left.fresh + r.left.learning + r.left.review;
	page_line(p);
	page_add(p, STYLE_STRONG,
		 left ? "Stopped here. Every answer is kept."
		      : "That was all for now. Every answer is kept.");
	page_line(p);
	figure_line(p, "answers", STYLE_PLAIN, arena_printf(&p->arena, "%d", r.done));
	figure_line(p, "kept", STYLE_RIGHT, arena_printf(&p->arena, SIGN_RIGHT " %d", r.kept));
	figure_line(p, "lost", r.lost ? STYLE_WRONG : STYLE_PLAIN,
		    arena_printf(&p->arena, SIGN_WRONG " %d", r.lost));
	figure_line(p, "time", STYLE_PLAIN, span_words(&p->arena, r.took_ms));
	if (r.done)
		figure_line(p, "", STYLE_DIM,
			    arena_printf(&p->arena, "%s an answer",
					 span_words(&p->arena, r.took_ms / r.done)));
	page_line(p);
	if (left)
		figure_line(p, "today", STYLE_PLAIN,
			    arena_printf(&p->arena, "%d %s left", left,
					 str_plural(left, "card is", "cards are")));
	figure_line(p, "tomorrow", STYLE_PLAIN,
		    arena_printf(&p->arena, "%d %s due", s->tomorrow,
				 str_plural(s->tomorrow, "review is", "reviews are")));
}

static void draw_asked(const struct session *s, struct canvas *c)
{
	const struct posed posed = posed_card(s->card);
	question_draw(c, &posed, &s->pose, 0);
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct session *s = self_const(v);
	switch (s->state) {
	case ASKED:
		draw_asked(s, c);
		break;
	case ANSWERED:
		canvas_fit(c, c->frame->small ? 2 : 0, 2, draw_answered, s);
		break;
	case WAITING:
		draw_waiting(s, c);
		break;
	case ENDED:
		draw_ended(s, c);
		break;
	}
}

static const struct view_ops ops = {
	.name = "review",
	.context = context,
	.open = open_session,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.letters = letters,
	.typed = typed,
	.wake_ms = wake_ms,
	.tick = tick,
	.resume = resume,
	.edited = edited,
	.close = close_session,
};

struct view *session_view(struct app *app, const struct review_options *options)
{
	struct session *s = xcalloc(1, sizeof(*s));
	s->view.ops = &ops;
	s->view.app = app;
	s->options = *options;
	s->query = options->query ? xstrdup(options->query) : NULL;
	s->options.query = s->query;
	return &s->view;
}
