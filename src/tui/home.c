/* home.c -- the first screen: how much there is to do and how long it takes, and the ways to go.
 * Only what exists is on the menu. */
#include "study/quiz.h"
#include "study/stats.h"
#include "tui/bars.h"
#include "tui/exam.h"
#include "tui/lab.h"
#include "tui/list.h"
#include "tui/sign.h"
#include "tui/tree.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#define QUIZ_MINUTES 40

static const struct entry {
	const char *name;
	enum command_id command;
	const char *about; /* where there are no figures */
} menu[] = {
	{"Review", CMD_REVIEW, ""},
	{"Scenario drill", CMD_DRILL, "every wrong option breaks a need"},
	{"Timed quiz", CMD_QUIZ, ""},
	{"Mock exam", CMD_EXAM, "as the real one, answers at the end"},
	{"Decision trees", CMD_TREES, "advise, drill, walk"},
	{"Gateway labs", CMD_LABS, "hands-on, with goals that are checked"},
	{"Decks", CMD_DECKS, ""},
	{"Search", CMD_SEARCH, "by word, tag, state or pattern"},
	{"Statistics", CMD_STATS, "what was kept, what is ahead"},
};

struct home {
	struct view view;
	struct list list;
	struct stats stats;
	int fresh; /* new cards a session would show now; stats.due is set to what is due in one */
	struct readiness readiness; /* of that day, with so many answers */
	int32_t ready_day;
	int ready_answers;
	int labs_passed, labs;
	int exam_days; /* until the exam; -1: no day is set or it is over */
};

static struct home *self(struct view *v)
{
	return (struct home *)v;
}

/* Some milliseconds of drawing at random: only when something was answered, or on another day. */
static bool read_readiness(struct home *h, int32_t day, struct diags *d)
{
	int answers = h->stats.answers;
	if (h->ready_day == day && h->ready_answers == answers)
		return true;
	h->ready_day = day;
	h->ready_answers = answers;
	readiness_clear(&h->readiness);
	return readiness_read(&h->readiness, h->view.app->study, d);
}

static bool read_figures(struct home *h, struct diags *d)
{
	struct study *s = h->view.app->study;
	int32_t day = study_today(s);
	bool ok = stats_read(&h->stats, s, NULL, d);
	ok = ok && review_today(s, &h->stats.due, &h->fresh, d);
	ok = ok && read_readiness(h, day, d);
	ok = ok && lab_count(s, &h->labs_passed, &h->labs, d);
	h->exam_days = s->config.exam_day == SRS_NO_DAY || s->config.exam_day < day
			       ? -1
			       : s->config.exam_day - day;
	return ok;
}

static bool open_home(struct view *v, struct diags *d)
{
	list_set(&self(v)->list, (int)ARRAY_LEN(menu));
	list_fit(&self(v)->list, (int)ARRAY_LEN(menu));
	return read_figures(self(v), d);
}

static void resume(struct view *v)
{
	struct diags d = {0};
	if (!read_figures(self(v), &d))
		app_report(v->app, &d);
	diags_clear(&d);
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	static const struct review_options everything = {.limit = -1, .new_limit = -1};
	static const struct quiz_options quiz = {
		.limit = QUIZ_LIMIT, .minutes = QUIZ_MINUTES, .kind = CARD_KIND_COUNT};
	static const struct exam_options exam = {0};
	static const struct tree_options drill = {.mode = TREE_DRILL, .cases = -1};
	struct home *h = self(v);
	(void)arg;
	if (list_command(&h->list, id))
		return VIEW_STAY;
	if (id == CMD_OPEN)
		id = menu[h->list.at].command;
	if (id == CMD_REVIEW)
		app_push(v->app, session_view(v->app, &everything));
	else if (id == CMD_DRILL)
		app_push(v->app, case_view(v->app, NULL, NULL, &drill));
	else if (id == CMD_QUIZ)
		app_push(v->app, quiz_view(v->app, &quiz));
	else if (id == CMD_EXAM)
		app_push(v->app, exams_view(v->app, &exam));
	else if (id == CMD_TREES)
		app_push(v->app, trees_view(v->app));
	else if (id == CMD_LABS)
		app_push(v->app, labs_view(v->app));
	else if (id == CMD_DECKS)
		app_push(v->app, decks_view(v->app));
	else if (id == CMD_STATS)
		app_push(v->app, stats_view(v->app));
	else if (id == CMD_SEARCH)
		app_push(v->app, search_view(v->app, "", false));
	else if ((id == CMD_UNDO && app_undo(v->app)) || (id == CMD_REDO && app_redo(v->app)))
		resume(v);
	else
		return id == CMD_UNDO || id == CMD_REDO ? VIEW_STAY : VIEW_OTHER;
	return VIEW_STAY;
}

/* ---- picture ------------------------------------------------------------------------- */

/* "dva-c03" is written "DVA-C03". */
static const char *exam_name(struct arena *a, const char *blueprint)
{
	char *name = arena_strdup(a, blueprint);
	for (char *p = name; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	return name;
}

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct home *h = (const struct home *)v;
	const char *exam =
		h->readiness.code ? h->readiness.code : exam_name(a, v->app->study->config.exam);
	*left = "gatedrill";
	if (h->exam_days < 0)
		*right = exam;
	else if (h->exam_days == 0)
		*right = arena_printf(a, "%s · the exam is today", exam);
	else
		*right = arena_printf(a, "%s · exam in %d %s", exam, h->exam_days,
				      str_plural(h->exam_days, "day", "days"));
}

static void draw_summary(const struct home *h, struct page *p, bool tiny)
{
	int cards = h->stats.due + h->fresh;
	page_line(p);
	if (!h->stats.parts) {
		page_add(p, STYLE_STRONG, "There are no cards yet.");
		page_line(p);
		page_words(p, STYLE_PLAIN, 0,
			   "`gatedrill deck new NAME` starts a deck of your own.");
	} else if (cards) {
		int minutes = stats_minutes(&h->stats, cards);
		page_addf(p, STYLE_STRONG, "%d %s due.", cards,
			  str_plural(cards, "card is", "cards are"));
		page_addf(p, STYLE_PLAIN, tiny ? " About %d %s." : " That is about %d %s.", minutes,
			  str_plural(minutes, "minute", "minutes"));
	} else {
		page_add(p, STYLE_STRONG, "Nothing is due now.");
		page_addf(p, STYLE_PLAIN, " Tomorrow %d %s.", h->stats.forecast[1],
			  str_plural(h->stats.forecast[1], "review is", "reviews are"));
	}
	page_line(p);
}

/* What stands beside an entry; those that have figures tell them. */
static const char *about(const struct home *h, struct arena *a, enum command_id id)
{
	const struct stats *s = &h->stats;
	if (id == CMD_REVIEW && !s->due && !h->fresh)
		return "nothing due";
	if (id == CMD_REVIEW && s->due && h->fresh)
		return arena_printf(a, "%d due, and %d new", s->due, h->fresh);
	if (id == CMD_REVIEW)
		return arena_printf(a, "%d %s", s->due + h->fresh, s->due ? "due" : "new");
	if (id == CMD_QUIZ)
		return arena_printf(a, "%d questions, %d minutes", QUIZ_LIMIT, QUIZ_MINUTES);
	if (id == CMD_LABS && h->labs)
		return arena_printf(a, "%d of %d done", h->labs_passed, h->labs);
	if (id == CMD_DECKS)
		return arena_printf(a, "%d %s, %d cards", s->decks,
				    str_plural(s->decks, "deck", "decks"), s->parts);
	if (id == CMD_STATS && s->answers)
		return arena_printf(a, "%.0f %% kept in %d days", 100.0 * s->right / s->answers,
				    STATS_DAYS);
	return NULL;
}

static void draw_menu(const struct home *h, struct canvas *c)
{
	struct page *p = &c->body;
	for (size_t i = 0; i < ARRAY_LEN(menu); i++) {
		bool here = (int)i == h->list.at;
		char key[MAX_KEY_NAME];
		keys_text(keys_first(CTX_HOME, menu[i].command), key);
		page_line(p);
		if (here)
			page_mark(p, STYLE_FOCUS, SIGN_HERE);
		page_add(p, here ? STYLE_FOCUS : STYLE_PLAIN, menu[i].name);
		page_pad(p, c->frame->tiny ? 12 : 19);
		const char *text = about(h, &p->arena, menu[i].command);
		page_add(p, here ? STYLE_PLAIN : STYLE_DIM, text ? text : menu[i].about);
		if (!c->frame->small) {
			page_pad(p, 62);
			page_add(p, STYLE_ACCENT, key);
		}
		if (here)
			canvas_focus(c);
	}
}

static void draw_today(const struct home *h, struct page *p)
{
	const struct stats_day *today = &h->stats.day[STATS_DAYS - 1];
	if (!h->stats.answers)
		return;
	page_line(p);
	page_line(p);
	page_add(p, STYLE_DIM, "Today");
	page_pad(p, 19);
	page_addf(p, STYLE_PLAIN, "%d %s", today->answers,
		  str_plural(today->answers, "answer", "answers"));
	if (today->answers)
		page_addf(p, STYLE_PLAIN, ", %d kept, %s", today->right,
			  span_words(&p->arena, today->took_ms));
	page_line(p);
	page_add(p, STYLE_DIM, "In a row");
	page_pad(p, 19);
	page_addf(p, STYLE_PLAIN, "%d %s", h->stats.streak_d,
		  str_plural(h->stats.streak_d, "day", "days"));
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct home *h = (const struct home *)v;
	draw_summary(h, &c->body, c->frame->tiny);
	draw_menu(h, c);
	const struct frame *f = c->frame;
	if (h->readiness.chance.enough && !f->tiny) {
		page_gap(&c->body);
		(f->small ? bars_words : bars_draw)(&c->body, &h->readiness);
	}
	if (!f->tiny && (!h->readiness.chance.enough || f->body_rows > (int)c->body.count + 3))
		draw_today(h, &c->body);
}

static bool can(const struct view *v, enum command_id id)
{
	const struct home *h = (const struct home *)v;
	if (id == CMD_DRILL)
		return false; /* the menu shows its key */
	return id != CMD_UNDO || h->stats.day[STATS_DAYS - 1].answers;
}

static enum context context(const struct view *v)
{
	(void)v;
	return CTX_HOME;
}

static void close_home(struct view *v)
{
	readiness_clear(&self(v)->readiness);
	free(v);
}

static const struct view_ops ops = {
	.name = "home",
	.context = context,
	.open = open_home,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.resume = resume,
	.close = close_home,
};

struct view *home_view(struct app *app)
{
	struct home *h = xcalloc(1, sizeof(*h));
	h->view.ops = &ops;
	h->view.app = app;
	return &h->view;
}
