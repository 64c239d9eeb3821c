/* drawevidence.c -- pictures of an evidence drill: what an operator has, the stages to choose
 * among, and what the fault was. Lines of logs are long: they are wrapped with their continuation
 * set in, or, for an overview, cut. */
#include "base/utf8.h"
#include "tui/drawlab.h"
#include "tui/sign.h"

#include <string.h>

#define OPTION_COLS 24 /* "[ ] A  resource policy" and what keeps two apart */
#define IN_SIGHT 3     /* lines of an answer that are seen at once */

/* ---- evidence ------------------------------------------------------------------------ */

enum lines { LINES_WRAP, LINES_CUT };

static void draw_lines(struct page *p, const char *text, enum lines how)
{
	for (const char *line = text; *line;) {
		size_t n = strcspn(line, "\n");
		const char *copy = arena_strndup(&p->arena, line, n);
		page_line(p);
		if (how == LINES_WRAP)
			page_log(p, STYLE_CODE, 4, copy);
		else
			page_add(p, STYLE_CODE, copy);
		line += n + (line[n] == '\n');
	}
}

/* Each entry begins at a dot; lines of it that are set in already, and what is left of long ones,
 * stand further in. */
static void draw_log(struct page *p, const char *text, bool cut)
{
	for (const char *line = text; *line;) {
		size_t n = strcspn(line, "\n");
		const char *copy = arena_strndup(&p->arena, line, n);
		page_line(p);
		page_add(p, STYLE_DIM, copy[0] == ' ' ? "  " : SIGN_DOT " ");
		if (cut)
			page_add(p, STYLE_CODE, copy);
		else
			page_log(p, STYLE_CODE, copy[0] == ' ' ? 6 : 4, copy);
		line += n + (line[n] == '\n');
	}
}

/* ---- metrics ------------------------------------------------------------------------- */

#define MAX_COLUMNS 12
#define HEADER_INDENT 8 /* spaces at least before the names of columns: they stand over figures */

static bool fits(const char *text, int width)
{
	for (const char *line = text; *line;) {
		size_t n = strcspn(line, "\n");
		if (utf8_columns(line, n) > width)
			return false;
		line += n + (line[n] == '\n');
	}
	return true;
}

/* The words of a line, NUL-ended in place; at most MAX_COLUMNS, the last ones. */
static size_t split(char *line, char *words[MAX_COLUMNS])
{
	size_t n = 0;
	for (char *end = line + strlen(line); end > line && n < MAX_COLUMNS;) {
		while (end > line && end[-1] == ' ')
			*--end = '\0';
		while (end > line && end[-1] != ' ')
			end--;
		if (*end)
			words[n++] = end;
	}
	for (size_t i = 0; i < n / 2; i++) {
		char *other = words[n - 1 - i];
		words[n - 1 - i] = words[i];
		words[i] = other;
	}
	return n;
}

/* "GET /stock", and below it "Count 2  4XXError 0": a row whose table is too wide. */
static void draw_metric_row(struct page *p, char *line, char *const names[], size_t count)
{
	const char *whole = arena_strdup(&p->arena, line);
	char *words[MAX_COLUMNS];
	size_t n = split(line, words);
	const char *text = "";
	if (n < count)
		count = n;
	for (size_t i = 0; i < count; i++)
		text = arena_printf(&p->arena, "%s%s%s %s", text, i ? ", " : "", names[i],
				    words[n - count + i]);
	size_t name = count ? (size_t)(words[n - count] - line) : strlen(whole);
	while (name && whole[name - 1] == ' ')
		name--;
	page_line(p);
	page_add(p, STYLE_CODE, arena_strndup(&p->arena, whole, name));
	page_line(p);
	page_log(p, STYLE_CODE, 6, arena_printf(&p->arena, "    %s", text));
}

static void draw_metrics(struct page *p, const char *text)
{
	char *names[MAX_COLUMNS];
	size_t count = 0;
	if (fits(text, p->width)) {
		draw_lines(p, text, LINES_CUT);
		return;
	}
	for (const char *line = text; *line;) {
		size_t n = strcspn(line, "\n");
		char *copy = arena_strndup(&p->arena, line, n);
		if (strspn(copy, " ") >= HEADER_INDENT)
			count = split(copy, names);
		else if (n)
			draw_metric_row(p, copy, names, count);
		line += n + (line[n] == '\n');
	}
}

/* ---- all of it ----------------------------------------------------------------------- */

static void heading(struct page *p, const char *text, bool airy)
{
	if (airy)
		page_gap(p);
	page_line(p);
	page_add(p, STYLE_HEADING, text);
}

static void draw_evidence(struct page *p, const struct evidence_case *e, bool cut, bool airy)
{
	heading(p, "Access log", airy);
	draw_log(p, e->log, cut);
	heading(p, "Metrics", airy);
	draw_metrics(p, e->metrics);
	heading(p, "Trace", airy);
	draw_lines(p, e->trace, cut ? LINES_CUT : LINES_WRAP);
}

/* ---- the question -------------------------------------------------------------------- */

/* In columns that are read downwards, as the letters go. */
static void draw_options(struct page *p, const struct evidence_case *e, const struct marks *m)
{
	int count = (int)e->option_count;
	int columns = p->width / OPTION_COLS > 0 ? p->width / OPTION_COLS : 1;
	int rows = (count + columns - 1) / columns;
	for (int row = 0; row < rows; row++) {
		page_line(p);
		for (int i = row; i < count; i += rows) {
			int col = i / rows * OPTION_COLS;
			if (i == m->at && col == 0)
				page_mark(p, STYLE_FOCUS, SIGN_HERE);
			page_pad(p, i == m->at && col ? col - 2 : col);
			if (i == m->at && col)
				page_add(p, STYLE_FOCUS, SIGN_HERE " ");
			enum style style = marks_draw(p, m, i);
			page_add(p, STYLE_PLAIN, "  ");
			page_add(p, style, gw_step_names[e->options[i]]);
		}
	}
}

static void draw_question(struct page *p, const struct evidence_case *e,
			  const struct evidence_pose *pose, const struct frame *f)
{
	if (!f->small)
		page_line(p);
	page_line(p);
	if (pose->marks.striking)
		page_add(p, STYLE_WARN, "Rule out which? Its letter, or x for none.");
	else
		page_add(p, STYLE_STRONG, "Which stage fails?");
	draw_options(p, e, &pose->marks);
}

/* ---- the answer ---------------------------------------------------------------------- */

static const char *stage_name(const struct evidence_case *e, int option)
{
	return gw_step_names[e->options[option]];
}

static void draw_verdict(struct page *p, const struct evidence_case *e)
{
	bool right = e->chosen == e->right;
	page_line(p);
	if (e->chosen < 0)
		page_add(p, STYLE_WRONG, SIGN_WRONG " Given up.  ");
	else
		answer_verdict(p, right ? VERDICT_RIGHT : VERDICT_WRONG);
	page_addf(p, STYLE_STRONG, "It is %c, %s.", (char)('A' + e->right),
		  stage_name(e, e->right));
	if (!right && e->chosen >= 0)
		page_addf(p, STYLE_DIM, "  You named %c, %s.", (char)('A' + e->chosen),
			  stage_name(e, e->chosen));
}

static void draw_answer(struct canvas *c, const struct evidence_case *e, bool airy)
{
	const struct lab *lab = &e->drill->lab;
	struct page *p = &c->body;
	int from = (int)p->count;
	heading(p, "What it was", airy);
	page_line(p);
	page_markdown(p, STYLE_PLAIN, 0, lab->faults[e->fault].why);
	heading(p, "The whole trace", airy);
	draw_lines(p, e->answer, LINES_WRAP);
	if (!c->frame->tiny) {
		page_gap(p);
		small_print(p, "case",
			    arena_printf(&p->arena, "seed %llu; --seed makes it again",
					 (unsigned long long)e->seed));
		if (e->due_cards)
			small_print(p, "reviews",
				    arena_printf(&p->arena, "%d %s due", e->due_cards,
						 str_plural(e->due_cards, "card is", "cards are")));
	}
	c->focus_from = from;
	c->focus_to = from + IN_SIGHT;
}

/* What was to be found stands first, the evidence below it to look at again. */
static void draw_shown(struct canvas *c, const struct evidence_case *e, bool cut)
{
	bool airy = !c->frame->small;
	draw_answer(c, e, airy);
	draw_evidence(&c->body, e, cut, airy);
	draw_verdict(&c->foot, e);
}

void drill_draw(struct canvas *c, const struct evidence_case *e, const struct evidence_pose *pose)
{
	if (e->shown) {
		draw_shown(c, e, pose->cut);
		return;
	}
	draw_evidence(&c->body, e, pose->cut, !c->frame->small);
	draw_question(&c->foot, e, pose, c->frame);
}
