/* result.c -- what an exam came to: points right of scored ones and no invented scale, the chance
 * of passing as a range, and what to do about it. The lines under "Why points were lost" are a
 * list: each opens the cards of its topic. */
#include "base/utf8.h"
#include "tui/exam.h"
#include "tui/list.h"
#include "tui/sign.h"

#include <math.h>
#include <stdlib.h>

#define FEW_LOSSES 3  /* shown where all has to stand in 24 rows: the ones that cost most */
#define MOST_LOSSES 8 /* where there is room */
#define TALL_ROWS 24
#define SECOND_COL 41

struct result_screen {
	struct view view;
	int64_t id;
	struct sitting *sitting;
	const struct sitting_result *result; /* in the sitting */
	struct list list;                    /* of losses */
};

static struct result_screen *self(struct view *v)
{
	return (struct result_screen *)v;
}

static bool open_result(struct view *v, struct diags *d)
{
	struct result_screen *s = self(v);
	if (!sitting_view(&s->sitting, v->app->study, s->id, d) ||
	    !sitting_result(s->sitting, &s->result, d))
		return false;
	list_fit(&s->list, MOST_LOSSES);
	return true;
}

static void layout(struct view *v, const struct frame *f)
{
	struct result_screen *s = self(v);
	size_t n = s->result->loss_count;
	size_t most = f->small || f->body_rows < TALL_ROWS ? FEW_LOSSES : MOST_LOSSES;
	list_set(&s->list, (int)(n < most ? n : most));
}

static void close_result(struct view *v)
{
	sitting_close(self(v)->sitting, v->app->late);
	free(v);
}

static void walk_items(struct result_screen *s, enum sitting_filter f)
{
	static const char *const none[] = {
		[SITTING_ALL] = "There are no questions.",
		[SITTING_WRONG] = "Nothing was wrong.",
		[SITTING_SURE_WRONG] = "Nothing that you were sure of was wrong.",
	};
	struct arena a = {0};
	size_t *numbers;
	if (sitting_filter(s->sitting, f, &a, &numbers))
		app_push(s->view.app, items_view(s->view.app, s->sitting, f));
	else
		app_say(s->view.app, STYLE_PLAIN, "%s", none[f]);
	arena_clear(&a);
}

static void export_to(struct result_screen *s, const char *path)
{
	struct diags d = {0};
	if (sitting_export(s->sitting, path, &d))
		app_say(s->view.app, STYLE_PLAIN, "Written to %s.", path);
	app_report(s->view.app, &d);
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct result_screen *s = self(v);
	if (s->list.count && list_command(&s->list, id))
		return VIEW_STAY;
	if (id == CMD_WHY && s->list.count)
		app_push(v->app, search_view(v->app, s->result->losses[s->list.at].query, true));
	else if (id == CMD_ALL_ITEMS)
		walk_items(s, SITTING_ALL);
	else if (id == CMD_WRONG_ITEMS)
		walk_items(s, SITTING_WRONG);
	else if (id == CMD_SURE_WRONG)
		walk_items(s, SITTING_SURE_WRONG);
	else if (id == CMD_EXPORT && arg)
		export_to(s, arg);
	else
		return VIEW_OTHER;
	return VIEW_STAY;
}

static bool can(const struct view *v, enum command_id id)
{
	const struct result_screen *s = (const struct result_screen *)v;
	const struct result_points *p = &s->result->points;
	if (id == CMD_WHY)
		return s->list.count > 0;
	if (id == CMD_DOWN)
		return false; /* the mark says it; the footer is full */
	if (id == CMD_WRONG_ITEMS)
		return p->right < p->of || p->unscored_right < p->unscored_of;
	return id != CMD_SURE_WRONG || p->sure_wrong > 0;
}

static const char *offers(const struct view *v, enum command_id id, struct arena *a)
{
	const struct result_screen *s = (const struct result_screen *)v;
	return id == CMD_EXPORT ? sitting_export_name(s->sitting, a) : NULL;
}

/* ---- picture ------------------------------------------------------------------------- */

static const char *day_text(const struct result_screen *s, struct arena *a)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int year, month, day;
	day_to_date(day_of(s->result->ended, 0), &year, &month, &day);
	return arena_printf(a, "%d %s %d", day, months[month - 1], year);
}

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct result_screen *s = (const struct result_screen *)v;
	*left = arena_printf(a, "Mock exam %lld · result", (long long)sitting_info(s->sitting)->id);
	*right = day_text(s, a);
}

static int per_cent(double share)
{
	return (int)lround(share * 100);
}

/* What stands left and right of the first lines. */
struct verdict_lines {
	const char *left[3], *right[3];
};

static void read_verdict(const struct sitting_result *r, struct arena *a, struct verdict_lines *out)
{
	const struct result_points *p = &r->points;
	*out = (struct verdict_lines){0};
	out->left[0] = arena_printf(a, "%d of %d scored questions", p->right, p->of);
	out->left[1] = p->unscored_of
			       ? arena_printf(a, "%d %%, plus %d unscored ones mixed in",
					      per_cent((double)p->right / p->of), p->unscored_of)
			       : arena_printf(a, "%d %%", per_cent((double)p->right / p->of));
	out->left[2] = p->blank ? arena_printf(a, "%d left empty", p->blank) : "";
	out->right[0] = "Chance of passing today";
	out->right[1] = r->chance_words;
	out->right[2] = r->chance.enough ? arena_printf(a, "%d to %d %%; AWS hides its line",
							per_cent(r->chance.pass_lo),
							per_cent(r->chance.pass_hi))
					 : arena_printf(a, "%d of %d first tries so far",
							r->chance.tries, CHANCE_MIN_TRIES);
}

static enum style style_of_line(int i)
{
	return i ? STYLE_PLAIN : STYLE_STRONG;
}

static void draw_verdict(const struct sitting_result *r, struct page *p, bool small)
{
	struct verdict_lines l;
	read_verdict(r, &p->arena, &l);
	for (int i = 0; i < 3; i++) {
		if (small && !l.left[i][0])
			continue;
		page_line(p);
		page_add(p, style_of_line(i), l.left[i]);
		if (small)
			continue;
		page_pad(p, SECOND_COL);
		page_add(p, i == 0 ? STYLE_DIM : i == 1 ? STYLE_STRONG : STYLE_PLAIN, l.right[i]);
	}
	if (!small)
		return;
	page_line(p);
	page_addf(p, STYLE_PLAIN, "Chance of passing: %s", l.right[1]);
	page_line(p);
	page_add(p, STYLE_DIM, l.right[2]);
}

static const char *range_text(const struct chance_range *c, struct arena *a)
{
	return arena_printf(a, "%3d   %d to %d", per_cent(c->mid), per_cent(c->lo),
			    per_cent(c->hi));
}

static void draw_domains(const struct sitting_result *r, struct page *p, bool small)
{
	int title = small ? p->width - 26 : 33;
	int tries = title + (small ? 10 : 17);
	page_gap(p);
	page_line(p);
	page_pad(p, title + (small ? 0 : 6));
	page_add(p, STYLE_DIM, small ? "here" : "this exam");
	page_pad(p, tries);
	page_add(p, STYLE_DIM, small ? "first tries" : "first tries, 90 % range");
	for (size_t i = 0; i < r->domain_count; i++) {
		const struct sitting_domain *d = &r->domain[i];
		page_line(p);
		page_cut(p, STYLE_PLAIN, d->title, title - 1);
		page_pad(p, title);
		if (!small)
			page_addf(p, STYLE_DIM, "%2d %%  ", d->weight);
		page_addf(p, STYLE_PLAIN, "%2d of %d", d->right, d->of);
		page_pad(p, tries);
		if (r->chance.enough)
			page_add(p, STYLE_PLAIN, range_text(&d->first_tries, &p->arena));
		else
			page_add(p, STYLE_DIM, "too few yet");
	}
}

static void draw_losses(const struct result_screen *s, struct canvas *c)
{
	struct page *p = &c->body;
	int room = p->width - 14;
	page_gap(p);
	page_line(p);
	page_add(p, STYLE_STRONG, s->list.count ? "Why points were lost" : "No point was lost.");
	for (int i = 0; i < s->list.count; i++) {
		const struct sitting_loss *l = &s->result->losses[i];
		bool here = i == s->list.at;
		page_line(p);
		if (here)
			page_mark(p, STYLE_FOCUS, SIGN_HERE);
		page_cut(p, here ? STYLE_FOCUS : STYLE_PLAIN, l->topic, room - 1);
		page_pad(p, room < 47 ? room : 47);
		page_addf(p, STYLE_DIM, "%d %s", l->items,
			  str_plural(l->items, "question", "questions"));
		if (here)
			canvas_focus(c);
	}
}

static const char *minutes_text(struct arena *a, int64_t ms)
{
	long s = (long)((ms + 500) / 1000);
	return arena_printf(a, "%ld:%02ld", s / 60, s % 60);
}

static void draw_figures(const struct sitting_result *r, struct page *p)
{
	const struct result_points *n = &r->points;
	struct arena *a = &p->arena;
	page_gap(p);
	page_line(p);
	page_words(p, STYLE_PLAIN, 0,
		   arena_printf(
			   a, "Sure and wrong %d, unsure and right %d, changed right to wrong %d.",
			   n->sure_wrong, n->unsure_right, n->to_wrong));
	page_line(p);
	page_words(p, STYLE_PLAIN, 0,
		   arena_printf(a, "%d %s back soon. Time: %s a question%s", r->reviews,
				str_plural(r->reviews, "card comes", "cards come"),
				minutes_text(a, n->mean_ms),
				n->long_items ? arena_printf(a, ", %d took over 5 minutes.",
							     n->long_items)
					      : "."));
}

static void draw_remarks(const struct sitting_result *r, struct page *p)
{
	struct arena *a = &p->arena;
	const char *text = r->timed_out ? "Time was up. " : "";
	if (r->aways)
		text = arena_printf(a, "%sAway %d %s, %s that did not count. ", text, r->aways,
				    str_plural(r->aways, "time", "times"),
				    span_words(a, r->away_ms));
	if (r->removed)
		text = arena_printf(a, "%s%d %s no longer in a deck. ", text, r->removed,
				    str_plural(r->removed, "question is", "questions are"));
	if (r->reworded)
		text = arena_printf(
			a, "%s%d %s since; graded as asked. ", text, r->reworded,
			str_plural(r->reworded, "question was changed", "questions were changed"));
	if (!text[0])
		return;
	page_line(p);
	page_words(p, STYLE_DIM, 0, text);
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct result_screen *s = (const struct result_screen *)v;
	bool small = c->frame->small;
	draw_verdict(s->result, &c->body, small);
	draw_domains(s->result, &c->body, small);
	draw_losses(s, c);
	draw_figures(s->result, &c->body);
	draw_remarks(s->result, &c->body);
}

static enum context context(const struct view *v)
{
	(void)v;
	return CTX_RESULT;
}

static const struct view_ops ops = {
	.name = "result",
	.context = context,
	.open = open_result,
	.layout = layout,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.offers = offers,
	.close = close_result,
};

struct view *result_view(struct app *app, int64_t id)
{
	struct result_screen *s = xcalloc(1, sizeof(*s));
	s->view.ops = &ops;
	s->view.app = app;
	s->id = id;
	return &s->view;
}
