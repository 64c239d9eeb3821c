/* exam.c -- a mock exam being sat: one question at a time, all of them at a glance, and the clock.
 * study/exam.h is the exam, and every key is on the disk before anything is drawn; this file only
 * holds what the learner is looking at.
 *
 *      QUESTION <--grid, open--> GRID       both --submit, time is up--> the result (another view)
 *
 * From the grid the empty or the flagged questions can be walked: then the next one is the next of
 * these, until there is none and the grid is back. The clock runs on under help and under the
 * question whether to submit. */
#include "study/exam.h"
#include "tui/exam.h"
#include "tui/grid.h"
#include "tui/question.h"
#include "tui/sign.h"

#include <stdlib.h>

#define MAX_LISTED 8           /* numbers of empty questions that are told one by one */
#define ALWAYS_SHOWN_MS 300000 /* the clock cannot be hidden any more */
#define LETTERS_FOR_OPTIONS 5  /* with more options letters that are commands choose */

enum route { ROUTE_ALL, ROUTE_EMPTY, ROUTE_FLAGGED };

struct exam_screen {
	struct view view;
	struct sitting_plan *plan; /* borrowed until it is open: begin this one; NULL: resume */
	int64_t id;                /* to resume; 0: the newest */
	struct sitting *sitting;
	struct pose pose;
	struct grid grid;
	bool in_grid;
	enum route route;
};

static struct exam_screen *self(struct view *v)
{
	return (struct exam_screen *)v;
}

static const struct exam *exam_of(const struct exam_screen *s)
{
	return sitting_exam(s->sitting);
}

static const struct ask *ask_of(const struct exam_screen *s)
{
	return &sitting_current(s->sitting).item->ask;
}

/* ---- open and close ------------------------------------------------------------------ */

static void show_item(struct exam_screen *s)
{
	enum ask_mode mode = ask_of(s)->mode;
	s->in_grid = false;
	s->pose = (struct pose){.at = mode == ASK_MATCH || mode == ASK_ORDER ? 0 : -1};
	s->view.scroll = (struct scroll){0};
}

static void finish(struct exam_screen *s)
{
	struct app *app = s->view.app;
	if (exam_of(s)->end == EXAM_TIMED_OUT)
		app_say(app, STYLE_WARN, "Time is up. The exam was submitted as it stood.");
	app_become(app, &s->view, result_view(app, sitting_info(s->sitting)->id));
}

static bool open_exam(struct view *v, struct diags *d)
{
	struct exam_screen *s = self(v);
	bool ok = s->plan ? sitting_start(&s->sitting, v->app->study, s->plan, d)
			  : sitting_resume(&s->sitting, v->app->study, s->id, d);
	s->plan = NULL;
	if (!ok)
		return false;
	grid_set(&s->grid, (int)exam_of(s)->count);
	show_item(s);
	return true;
}

/* How to go on is said where the learner will see it: here, or below the shell's prompt. */
static void say_how_to_resume(struct exam_screen *s)
{
	struct app *app = s->view.app;
	int64_t id = sitting_info(s->sitting)->id;
	if (s->view.below && !app->quit)
		app_say(app, STYLE_PLAIN, "Exam %lld waits here, with every answer and its clock.",
			(long long)id);
	else
		diag_note(app->late, (struct pos){0}, "exam-waits",
			  "exam %lld waits, with every answer; `gatedrill exam --resume %lld` goes "
			  "on",
			  (long long)id, (long long)id);
}

static void close_exam(struct view *v)
{
	struct exam_screen *s = self(v);
	if (s->sitting && exam_of(s)->end == EXAM_RUNNING)
		say_how_to_resume(s);
	sitting_close(s->sitting, v->app->late);
	free(s);
}

/* ---- what the learner does ----------------------------------------------------------- */

/* After every call that may have ended the exam. */
static bool settle(struct exam_screen *s, bool ok, struct diags *d)
{
	if (exam_of(s)->end != EXAM_RUNNING) {
		diags_clear(d);
		if (!s->view.app->heir)
			finish(s);
		return false;
	}
	if (!ok)
		app_report(s->view.app, d);
	diags_clear(d);
	return ok;
}

static void choose(struct exam_screen *s, int i)
{
	struct diags d = {0};
	const struct ask *q = ask_of(s);
	if (i < 0) {
		app_say(s->view.app, STYLE_WARN, "There is no such option.");
		return;
	}
	s->pose.at = i;
	if (s->pose.striking) {
		s->pose.striking = false;
		settle(s, sitting_strike(s->sitting, (size_t)i, &d), &d);
		return;
	}
	if (!q->chosen[i] && q->need > 1 && question_chosen(q) >= q->need) {
		app_say(s->view.app, STYLE_WARN, "%d are chosen already: take one back first.",
			q->need);
		return;
	}
	settle(s, sitting_choose(s->sitting, (size_t)i, &d), &d);
}

static void match(struct exam_screen *s, int right)
{
	struct diags d = {0};
	const struct ask *q = ask_of(s);
	if (settle(s, sitting_match(s->sitting, (size_t)s->pose.at, right, &d), &d) && right >= 0)
		s->pose.at = question_next_unmatched(q, s->pose.at);
}

static void move_focus(struct exam_screen *s, int by, bool carry)
{
	struct diags d = {0};
	int to = s->pose.at < 0 && by < 0 ? (int)ask_of(s)->count - 1 : s->pose.at + by;
	if (to < 0 || to >= (int)ask_of(s)->count)
		return;
	if (carry && !settle(s, sitting_move(s->sitting, (size_t)s->pose.at, (size_t)to, &d), &d))
		return;
	s->pose.at = to;
}

static void to_grid(struct exam_screen *s)
{
	s->route = ROUTE_ALL;
	s->in_grid = true;
	s->grid.at = (int)exam_of(s)->at;
	s->view.scroll = (struct scroll){0};
}

/* The next of those that are walked; when there is no other, the grid is back. */
static void next_on_route(struct exam_screen *s)
{
	struct diags d = {0};
	bool found = false;
	size_t from = exam_of(s)->at;
	bool empty = s->route == ROUTE_EMPTY;
	bool ok = empty ? sitting_next_open(s->sitting, &found, &d)
			: sitting_next_flagged(s->sitting, &found, &d);
	if (!settle(s, ok, &d))
		return;
	if (found && exam_of(s)->at != from) {
		show_item(s);
		return;
	}
	to_grid(s);
	app_say(s->view.app, STYLE_PLAIN, "No other question is %s.", empty ? "empty" : "flagged");
}

/* From the marked one on. */
static void start_route(struct exam_screen *s, enum route route)
{
	struct diags d = {0};
	const struct exam *e = exam_of(s);
	size_t before = ((size_t)s->grid.at + e->count - 1) % e->count;
	int first = route == ROUTE_EMPTY ? exam_next_open(e, before) : exam_next_flagged(e, before);
	if (first < 0) {
		app_say(s->view.app, STYLE_PLAIN,
			route == ROUTE_EMPTY ? "No question is empty." : "No question is flagged.");
		return;
	}
	s->route = route;
	if (settle(s, sitting_goto(s->sitting, (size_t)first, &d), &d))
		show_item(s);
}

static void go(struct exam_screen *s, bool forward)
{
	struct diags d = {0};
	size_t from = exam_of(s)->at;
	if (forward && s->route != ROUTE_ALL) {
		next_on_route(s);
		return;
	}
	bool ok = forward ? sitting_next(s->sitting, &d) : sitting_prev(s->sitting, &d);
	if (!settle(s, ok, &d))
		return;
	if (exam_of(s)->at != from)
		show_item(s);
	else
		app_say(s->view.app, STYLE_PLAIN,
			forward ? "This is the last question; g shows all of them."
				: "This is the first question.");
}

static void open_marked(struct exam_screen *s)
{
	struct diags d = {0};
	if (settle(s, sitting_goto(s->sitting, (size_t)s->grid.at, &d), &d))
		show_item(s);
}

/* Pressed again it is taken back. */
static void say_sure(struct exam_screen *s, enum sureness sure)
{
	struct diags d = {0};
	bool again = sitting_current(s->sitting).item->sure == sure;
	settle(s, sitting_sure(s->sitting, again ? SURE_UNSAID : sure, &d), &d);
}

static bool clock_shown(const struct exam_screen *s)
{
	return exam_of(s)->clock_shown || sitting_left_ms(s->sitting) <= ALWAYS_SHOWN_MS;
}

static void toggle_clock(struct exam_screen *s)
{
	struct diags d = {0};
	struct arena a = {0};
	int64_t left = sitting_left_ms(s->sitting);
	if (left <= ALWAYS_SHOWN_MS)
		app_say(s->view.app, STYLE_PLAIN, "The last five minutes are always shown.");
	else if (settle(s, sitting_clock(s->sitting, !exam_of(s)->clock_shown, &d), &d) &&
		 exam_of(s)->clock_shown)
		app_say(s->view.app, STYLE_PLAIN, "%s left.", sitting_time_text(&a, left));
	arena_clear(&a);
}

static void submit(struct exam_screen *s)
{
	struct diags d = {0};
	settle(s, sitting_submit(s->sitting, &d), &d);
}

static bool flag(struct exam_screen *s)
{
	struct diags d = {0};
	return settle(s, sitting_flag(s->sitting, &d), &d);
}

/* ---- commands ------------------------------------------------------------------------ */

static bool option_command(struct exam_screen *s, enum command_id id, const char *arg)
{
	const struct ask *q = ask_of(s);
	if (id == CMD_CHOOSE || id == CMD_OPTION)
		choose(s, question_letter(arg, q->count));
	else if (id == CMD_TOGGLE && s->pose.at < 0)
		app_say(s->view.app, STYLE_PLAIN, "Mark an option with the arrows first.");
	else if (id == CMD_TOGGLE)
		choose(s, s->pose.at);
	else if (id == CMD_STRIKE)
		s->pose.striking = !s->pose.striking;
	else if (id == CMD_ASSIGN && question_letter(arg, q->right_count) < 0)
		app_say(s->view.app, STYLE_WARN, "There is no such text.");
	else if (id == CMD_ASSIGN)
		match(s, question_letter(arg, q->right_count));
	else if (id == CMD_CLEAR)
		match(s, -1);
	else if (id == CMD_PICK)
		s->pose.picked = !s->pose.picked;
	else if (id == CMD_UP || id == CMD_FOCUS_UP)
		move_focus(s, -1, s->pose.picked);
	else if (id == CMD_DOWN || id == CMD_FOCUS_DOWN)
		move_focus(s, 1, s->pose.picked);
	else if (id == CMD_MOVE_UP || id == CMD_MOVE_DOWN)
		move_focus(s, id == CMD_MOVE_UP ? -1 : 1, true);
	else
		return false;
	return true;
}

static bool question_command(struct exam_screen *s, enum command_id id)
{
	if (id == CMD_EXAM_FLAG)
		flag(s);
	else if (id == CMD_ITEM_NEXT || id == CMD_ITEM_PREVIOUS)
		go(s, id == CMD_ITEM_NEXT);
	else if (id == CMD_GRID)
		to_grid(s);
	else if (id == CMD_GUESS)
		say_sure(s, SURE_GUESS);
	else if (id == CMD_FAIRLY_SURE)
		say_sure(s, SURE_FAIRLY);
	else if (id == CMD_SURE)
		say_sure(s, SURE_YES);
	else
		return false;
	return true;
}

static bool grid_commands(struct exam_screen *s, enum command_id id)
{
	if (grid_command(&s->grid, id))
		return true;
	if (id == CMD_OPEN)
		open_marked(s);
	else if (id == CMD_EMPTY)
		start_route(s, ROUTE_EMPTY);
	else if (id == CMD_FLAGGED)
		start_route(s, ROUTE_FLAGGED);
	else if (id == CMD_BACK)
		show_item(s);
	else
		return false;
	return true;
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct exam_screen *s = self(v);
	if (id == CMD_LEAVE)
		return VIEW_BACK;
	if (id == CMD_CLOCK)
		toggle_clock(s);
	else if (id == CMD_HAND_IN)
		submit(s);
	else if (s->in_grid)
		return grid_commands(s, id) ? VIEW_STAY : VIEW_OTHER;
	else if (!option_command(s, id, arg) && !question_command(s, id))
		return VIEW_OTHER;
	return VIEW_STAY;
}

static bool can(const struct view *v, enum command_id id)
{
	const struct exam_screen *s = (const struct exam_screen *)v;
	struct exam_counts n = exam_counts(exam_of(s));
	if (id == CMD_FOCUS_DOWN)
		return false; /* the arrows that matter here go from question to question */
	if (id == CMD_EMPTY)
		return n.empty + n.partly > 0;
	if (id == CMD_FLAGGED)
		return n.flagged > 0;
	if (id == CMD_CLEAR)
		return ask_of(s)->matched[s->pose.at] >= 0;
	return true;
}

static int letters(const struct view *v)
{
	const struct ask *q = ask_of((const struct exam_screen *)v);
	return (int)(q->mode == ASK_MATCH ? q->right_count : q->count);
}

static const char *asks(const struct view *v, enum command_id id, struct arena *a)
{
	struct exam_counts n = exam_counts(exam_of((const struct exam_screen *)v));
	int blank = n.empty + n.partly;
	if (id != CMD_HAND_IN || !blank)
		return NULL;
	return arena_printf(a, "%d not answered. Submit?", blank);
}

static enum context context(const struct view *v)
{
	const struct exam_screen *s = (const struct exam_screen *)v;
	const struct ask *q = ask_of(s);
	if (s->in_grid)
		return CTX_GRID;
	if (q->mode == ASK_MATCH)
		return CTX_EXAM_MATCH;
	if (q->mode == ASK_ORDER)
		return CTX_EXAM_ORDER;
	return q->count > LETTERS_FOR_OPTIONS ? CTX_EXAM_WIDE : CTX_EXAM;
}

/* ---- time ---------------------------------------------------------------------------- */

/* The exam must hear of every second, also while its clock is hidden: a silence is time away. */
static int64_t wake_ms(const struct view *v)
{
	int64_t left = sitting_left_ms(((const struct exam_screen *)v)->sitting);
	return left > 0 ? (left - 1) % 1000 + 1 : 0;
}

static void tick(struct view *v)
{
	struct exam_screen *s = self(v);
	struct diags d = {0};
	int warn = 0;
	bool ok = sitting_tick(s->sitting, &warn, &d);
	if (settle(s, ok, &d) && warn)
		app_say(v->app, STYLE_WARN, "! %d minutes are left.", warn);
}

/* ---- pictures ------------------------------------------------------------------------ */

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	static const char *const routes[] = {"", " · empty", " · flagged"};
	const struct exam_screen *s = (const struct exam_screen *)v;
	const struct exam *e = exam_of(s);
	long long id = (long long)sitting_info(s->sitting)->id;
	int64_t ms = sitting_left_ms(s->sitting);
	if (s->in_grid)
		*left = arena_printf(a, "Mock exam %lld · all questions", id);
	else
		*left = arena_printf(a, "Mock exam %lld · question %zu of %zu%s", id, e->at + 1,
				     e->count, routes[s->route]);
	if (clock_shown(s))
		*right = arena_printf(a, "%s%s left", ms <= ALWAYS_SHOWN_MS ? "! " : "",
				      sitting_time_text(a, ms));
	else
		*right = "clock hidden";
}

static void draw_sureness(struct page *p, enum sureness sure, bool small)
{
	const char *label = small ? "sure?" : "how sure?  ";
	int cols = small ? 21 : 27;
	if (p->width - page_cols(p) < cols + 2)
		return;
	page_pad(p, p->width - cols);
	page_add(p, STYLE_DIM, label);
	for (int i = SURE_GUESS; i <= SURE_YES; i++) {
		bool here = (int)sure == i;
		page_addf(p, here ? STYLE_ACCENT : STYLE_DIM, " %s %d", here ? SIGN_ON : SIGN_OFF,
			  i);
		if (i < SURE_YES)
			page_add(p, STYLE_PLAIN, small ? " " : "  ");
	}
}

static void draw_progress(const struct exam_screen *s, struct page *p)
{
	struct exam_counts n = exam_counts(exam_of(s));
	const char *pace = clock_shown(s)
				   ? sitting_pace_text(&p->arena, sitting_pace_ms(s->sitting))
				   : arena_printf(&p->arena, "%d answered", n.answered);
	int cols = p->width - 23;
	int done = (int)((long)cols * n.answered / (long)exam_of(s)->count);
	page_line(p);
	page_bar(p, STYLE_ACCENT, SIGN_BAR, done);
	page_bar(p, STYLE_DIM, SIGN_RULE, cols - done);
	page_end(p, STYLE_DIM, pace);
}

static void draw_question(const struct exam_screen *s, struct canvas *c)
{
	const struct frame *f = c->frame;
	struct sitting_item it = sitting_current(s->sitting);
	const struct posed posed = {it.card, &it.item->ask, it.prompt, ""};
	question_draw(c, &posed, &s->pose, f->tiny ? 1 : f->small ? 2 : 3);
	if (it.item->flagged) {
		c->corner = SIGN_FLAG " flagged";
		c->corner_style = STYLE_FLAG;
	}
	if (it.item->flagged && !frame_has_corner(f))
		page_addf(&c->foot, STYLE_FLAG, "%s" SIGN_FLAG " flagged",
			  c->foot.count ? "   " : "");
	if (f->tiny)
		return;
	if (!c->foot.count)
		page_line(&c->foot);
	draw_sureness(&c->foot, it.item->sure, f->small);
	if (!f->small)
		page_line(&c->foot);
	draw_progress(s, &c->foot);
}

static struct grid_cell cell(const void *of, int i)
{
	static const struct grid_cell cells[] = {
		[EXAM_EMPTY] = {SIGN_OFF, STYLE_WARN, false},
		[EXAM_PARTLY] = {SIGN_HALF, STYLE_WARN, false},
		[EXAM_ANSWERED] = {SIGN_ON, STYLE_ACCENT, false},
	};
	const struct exam *e = of;
	struct grid_cell c = cells[exam_fill(&e->items[i])];
	c.flagged = e->items[i].flagged;
	return c;
}

static void draw_legend(struct page *p, const struct exam_counts *n, bool small)
{
	const char *gap = small ? "  " : "     ";
	page_gap(p);
	page_line(p);
	page_add(p, STYLE_ACCENT, SIGN_ON);
	page_addf(p, STYLE_PLAIN, " answered %d%s", n->answered, gap);
	page_add(p, STYLE_WARN, SIGN_OFF);
	page_addf(p, STYLE_PLAIN, " empty %d%s", n->empty, gap);
	if (n->partly) {
		page_add(p, STYLE_WARN, SIGN_HALF);
		page_addf(p, STYLE_PLAIN, small ? " partly %d%s" : " too few chosen %d%s",
			  n->partly, gap);
	}
	page_add(p, STYLE_FLAG, SIGN_FLAG);
	page_addf(p, STYLE_PLAIN, " flagged %d", n->flagged);
}

/* "31, 48 and 60", or the first of them. Returns how many there are. */
static int list_blanks(const struct exam *e, struct arena *a, const char **text)
{
	int total = 0, told = 0;
	for (size_t i = 0; i < e->count; i++)
		total += exam_fill(&e->items[i]) != EXAM_ANSWERED;
	int most = total <= MAX_LISTED ? total : MAX_LISTED - 1;
	*text = "";
	for (size_t i = 0; i < e->count && told < most; i++) {
		if (exam_fill(&e->items[i]) == EXAM_ANSWERED)
			continue;
		told++;
		*text = arena_printf(a, "%s%s%zu", *text,
				     told == 1                        ? ""
				     : told == total && total == most ? " and "
								      : ", ",
				     i + 1);
	}
	if (told < total)
		*text = arena_printf(a, "%s and %d more", *text, total - told);
	return total;
}

static void draw_blanks(const struct exam *e, struct page *p)
{
	const char *numbers;
	int n = list_blanks(e, &p->arena, &numbers);
	page_gap(p);
	page_line(p);
	if (!n) {
		page_words(p, STYLE_PLAIN, 0, "Every question is answered. S submits the exam.");
		return;
	}
	page_words(p, STYLE_PLAIN, 0, "Empty counts as wrong, and a guess costs nothing.");
	page_line(p);
	page_words(p, STYLE_PLAIN, 0,
		   arena_printf(&p->arena, "%s %s %s not answered.",
				n == 1 ? "Question" : "Questions", numbers, n == 1 ? "is" : "are"));
}

static void hint(struct page *p, int col, const char *key, const char *text)
{
	page_pad(p, col);
	page_add(p, STYLE_ACCENT, key);
	page_pad(p, col + 7);
	page_add(p, STYLE_PLAIN, text);
}

static void draw_hints(const struct exam_screen *s, struct page *p, const struct exam_counts *n)
{
	page_gap(p);
	page_line(p);
	hint(p, 3, "Enter", arena_printf(&p->arena, "open question %d", s->grid.at + 1));
	if (n->empty + n->partly)
		hint(p, 36, "e", "walk the empty ones");
	page_line(p);
	hint(p, 3, "S", "submit the exam");
	if (n->flagged)
		hint(p, 36, "f", "walk the flagged ones");
}

static void draw_grid_page(const struct exam_screen *s, struct canvas *c, bool airy, bool hints)
{
	struct exam_counts n = exam_counts(exam_of(s));
	grid_draw(&s->grid, c, airy, cell, exam_of(s));
	draw_legend(&c->body, &n, c->frame->small);
	if (c->frame->tiny)
		return;
	draw_blanks(exam_of(s), &c->body);
	if (hints)
		draw_hints(s, &c->body, &n);
}

/* As airy as fits; the hints go before anything has to be scrolled. */
static void draw_grid(const struct exam_screen *s, struct canvas *c)
{
	const struct frame *f = c->frame;
	bool ascii = c->body.ascii;
	for (int level = f->small ? 2 : 0; level < 3; level++) {
		canvas_reset(c, f, false, ascii);
		draw_grid_page(s, c, level < 1, level < 2);
		if ((int)c->body.count <= f->body_rows)
			break;
	}
}

static void layout(struct view *v, const struct frame *f)
{
	grid_fit(&self(v)->grid, f->text);
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct exam_screen *s = (const struct exam_screen *)v;
	if (s->in_grid)
		draw_grid(s, c);
	else
		draw_question(s, c);
}

static const struct view_ops ops = {
	.name = "exam",
	.runs = true,
	.context = context,
	.open = open_exam,
	.layout = layout,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.letters = letters,
	.asks = asks,
	.wake_ms = wake_ms,
	.tick = tick,
	.close = close_exam,
};

static struct view *new_screen(struct app *app, struct sitting_plan *plan, int64_t id)
{
	struct exam_screen *s = xcalloc(1, sizeof(*s));
	s->view.ops = &ops;
	s->view.app = app;
	s->plan = plan;
	s->id = id;
	return &s->view;
}

struct view *exam_view(struct app *app, struct sitting_plan *plan)
{
	return new_screen(app, plan, 0);
}

struct view *resumed_view(struct app *app, int64_t id)
{
	return new_screen(app, NULL, id);
}
