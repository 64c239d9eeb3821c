/* stats.c -- what was kept and what is ahead: the figures of study/stats.h, counts first and bars
 * second. Recall as measured stands beside recall as aimed at, since that is what tells whether the
 * dates are right. */
#include "study/stats.h"
#include "tui/sign.h"
#include "tui/view.h"

#include <stdlib.h>

struct stats_screen {
	struct view view;
	struct stats stats;
};

static struct stats_screen *self(struct view *v)
{
	return (struct stats_screen *)v;
}

static bool open_stats(struct view *v, struct diags *d)
{
	return stats_read(&self(v)->stats, v->app->study, NULL, d);
}

static void resume(struct view *v)
{
	struct diags d = {0};
	if (!open_stats(v, &d))
		app_report(v->app, &d);
	diags_clear(&d);
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	(void)v;
	(void)id;
	(void)arg;
	return VIEW_OTHER;
}

/* ---- picture ------------------------------------------------------------------------- */

#define LABEL 19 /* columns of the labels */

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct stats *s = &((const struct stats_screen *)v)->stats;
	*left = "Statistics · all decks";
	*right = arena_printf(a, "%d %s", s->parts, str_plural(s->parts, "card", "cards"));
}

static void label(struct page *p, const char *text)
{
	page_line(p);
	page_add(p, STYLE_DIM, text);
	page_pad(p, LABEL);
}

/* Of the last n days. */
struct sum {
	int answers, right;
	int64_t took_ms;
};
static struct sum sum_days(const struct stats *s, int n)
{
	struct sum sum = {0};
	for (int i = STATS_DAYS - n; i < STATS_DAYS; i++) {
		sum.answers += s->day[i].answers;
		sum.right += s->day[i].right;
		sum.took_ms += s->day[i].took_ms;
	}
	return sum;
}

static void put_sum(struct page *p, const char *name, const struct sum *s, bool narrow)
{
	label(p, name);
	page_addf(p, s->answers ? STYLE_PLAIN : STYLE_DIM, "%7d", s->answers);
	if (!s->answers)
		return;
	page_addf(p, STYLE_PLAIN, "%9.0f %%", 100.0 * s->right / s->answers);
	if (!narrow)
		page_addf(p, STYLE_PLAIN, "%13s", span_words(&p->arena, s->took_ms));
}

static void draw_answers(const struct stats *s, struct page *p, bool narrow)
{
	static const struct {
		const char *name;
		int days;
	} spans[] = {{"today", 1}, {"last 7 days", 7}, {"last 30 days", STATS_DAYS}};
	label(p, "");
	page_addf(p, STYLE_DIM, narrow ? "answers     kept" : "answers     kept         time");
	for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
		struct sum sum = sum_days(s, spans[i].days);
		put_sum(p, spans[i].name, &sum, narrow);
	}
	page_gap(p);
	label(p, "aimed at");
	page_addf(p, STYLE_PLAIN, "%16.0f %%", s->retention * 100);
	if (s->mature) {
		label(p, "well known cards");
		page_addf(p, STYLE_PLAIN, "%7d%9.0f %%", s->mature,
			  100.0 * s->mature_right / s->mature);
		if (!narrow)
			page_add(p, STYLE_DIM, "   interval of 21 days or more");
	}
	label(p, "in a row");
	page_addf(p, STYLE_PLAIN, "%7d %s", s->streak_d, str_plural(s->streak_d, "day", "days"));
}

/* Of each state that has cards. */
static void draw_counts(const struct stats *s, struct page *p)
{
	const struct {
		int n;
		const char *what;
	} counts[] = {
		{s->fresh, "new"},
		{s->learning, "learning"},
		{s->review, "in review"},
		{s->suspended, "suspended"},
		{s->leeches, str_plural(s->leeches, "leech", "leeches")},
	};
	const char *text = "";
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		if (counts[i].n)
			text = arena_printf(&p->arena, "%s%s%d %s", text, text[0] ? ", " : "",
					    counts[i].n, counts[i].what);
	page_gap(p);
	label(p, "cards");
	page_words(p, STYLE_PLAIN, LABEL, text[0] ? text : "none");
}

static const char *day_name(struct arena *a, int32_t day, int i)
{
	static const char *const names[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	const char *date = date_text(a, day);
	if (i == 0)
		return "today";
	return arena_printf(a, "%s %s", names[((day % 7) + 7) % 7], date + 5);
}

static bool any_ahead(const struct stats *s)
{
	for (int i = 0; i < STATS_FORECAST; i++)
		if (s->forecast[i])
			return true;
	return false;
}

static void draw_forecast(const struct stats *s, struct page *p, int32_t today)
{
	int most = 1;
	int room = p->width - LABEL - 10;
	for (int i = 0; i < STATS_FORECAST; i++)
		most = s->forecast[i] > most ? s->forecast[i] : most;
	if (!any_ahead(s))
		return;
	page_gap(p);
	page_line(p);
	page_add(p, STYLE_STRONG, "Reviews ahead");
	for (int i = 0; i < STATS_FORECAST; i++) {
		int n = s->forecast[i];
		int bar = (int)((int64_t)n * (room > 40 ? 40 : room) / most);
		label(p, day_name(&p->arena, today + i, i));
		page_addf(p, n ? STYLE_PLAIN : STYLE_DIM, "%7d  ", n);
		page_bar(p, STYLE_ACCENT, SIGN_BAR, n && !bar ? 1 : bar);
	}
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct stats *s = &((const struct stats_screen *)v)->stats;
	struct page *p = &c->body;
	bool narrow = c->frame->small;
	if (s->answers) {
		draw_answers(s, p, narrow);
	} else {
		page_line(p);
		page_words(p, STYLE_PLAIN, 0,
			   "No answers yet: what was kept will stand here after the first review.");
	}
	draw_counts(s, p);
	draw_forecast(s, p, study_today(v->app->study));
}

static enum context context(const struct view *v)
{
	(void)v;
	return CTX_STATS;
}

static void close_stats(struct view *v)
{
	free(v);
}

static const struct view_ops ops = {
	.name = "stats",
	.context = context,
	.open = open_stats,
	.header = header,
	.draw = draw,
	.command = command,
	.resume = resume,
	.close = close_stats,
};

struct view *stats_view(struct app *app)
{
	struct stats_screen *s = xcalloc(1, sizeof(*s));
	s->view.ops = &ops;
	s->view.app = app;
	return &s->view;
}
