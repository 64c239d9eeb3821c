/* question.c -- see question.h. Each kind is one function before and one after the answer. What the
 * learner can tell apart by colour he can also tell by a sign and a word: ✓ and "Right", ✗ and
 * "Wrong", [■] chosen, [-] ruled out, ▸ beside the marked line. */
#include "base/utf8.h"
#include "tui/question.h"
#include "tui/sign.h"

#include <stdio.h>
#include <string.h>

#define IN_SIGHT 6 /* lines of an answer that are seen at once, however long the question is */

static enum style marked(bool here)
{
	return here ? STYLE_FOCUS : STYLE_PLAIN;
}

static void letter(char out[2], size_t i)
{
	out[0] = (char)('A' + i);
	out[1] = '\0';
}

/* A new line, marked when the cursor is on it; its text follows. */
static void start_row(struct canvas *c, bool here)
{
	page_line(&c->body);
	if (here)
		page_mark(&c->body, STYLE_FOCUS, SIGN_HERE);
}

/* The text of a row; a marked row stays in sight. */
static void finish_row(struct canvas *c, bool here, enum style style, int hang, const char *text)
{
	int first = (int)c->body.count - 1;
	page_markdown(&c->body, style, hang, text);
	if (here) {
		c->focus_from = first;
		c->focus_to = (int)c->body.count - 1;
	}
}

/* ---- before the answer --------------------------------------------------------------- */

enum style marks_draw(struct page *p, const struct marks *m, int i)
{
	page_add(p, i == m->chosen ? STYLE_ACCENT : STYLE_DIM,
		 i == m->chosen ? "[■] "
		 : m->struck[i] ? "[-] "
				: "[ ] ");
	page_addf(p, STYLE_ACCENT, "%c", (char)('A' + i));
	return m->struck[i] ? STYLE_DIM : i == m->at ? STYLE_FOCUS : STYLE_PLAIN;
}

int question_letter(const char *arg, size_t count)
{
	int i = arg && arg[0] && !arg[1] ? (arg[0] | 0x20) - 'a' : -1;
	return i >= 0 && i < (int)count ? i : -1;
}

int question_chosen(const struct ask *q)
{
	int n = 0;
	for (size_t i = 0; i < q->count; i++)
		n += q->chosen[i];
	return n;
}

int question_next_unmatched(const struct ask *q, int at)
{
	for (size_t k = 1; k < q->count; k++) {
		size_t i = ((size_t)at + k) % q->count;
		if (q->matched[i] < 0)
			return (int)i;
	}
	return at;
}

const char *question_missing(const struct ask *q)
{
	switch (q->mode) {
	case ASK_TYPE:
		return "Type an answer, or Esc to give up.";
	case ASK_ONE:
		return "Choose one first: its letter, or Space on the marked one.";
	case ASK_SOME:
		return "Not enough are chosen yet.";
	case ASK_MATCH:
		return "Some lines have no letter yet.";
	case ASK_RECALL:
	case ASK_ORDER:
		break;
	}
	return "";
}

static void draw_options(struct canvas *c, const struct ask *q, const struct pose *p, bool airy)
{
	char name[2];
	for (size_t i = 0; i < q->count; i++) {
		bool here = (int)i == p->at;
		if (i && airy)
			page_gap(&c->body);
		start_row(c, here);
		page_add(&c->body, q->chosen[i] ? STYLE_ACCENT : STYLE_DIM,
			 q->chosen[i]   ? "[■] "
			 : q->struck[i] ? "[-] "
					: "[ ] ");
		letter(name, i);
		page_add(&c->body, STYLE_ACCENT, name);
		page_pad(&c->body, 7);
		finish_row(c, here, q->struck[i] ? STYLE_DIM : marked(here), 7, ask_text(q, i));
	}
	if (p->striking)
		page_add(&c->foot, STYLE_WARN, "Rule out which? Its letter, or x for none.");
	else if (q->need > 1)
		page_addf(&c->foot, STYLE_DIM, "%d of %d chosen", question_chosen(q), q->need);
}

static void draw_pairs(struct canvas *c, const struct ask *q, const struct pose *p, bool airy)
{
	char name[2];
	for (size_t i = 0; i < q->count; i++) {
		bool here = (int)i == p->at;
		bool given = q->matched[i] >= 0;
		if (i && airy)
			page_gap(&c->body);
		start_row(c, here);
		letter(name, given ? (size_t)q->matched[i] : 0);
		page_addf(&c->body, given ? STYLE_ACCENT : STYLE_DIM, "[%s]", given ? name : " ");
		page_pad(&c->body, 4);
		finish_row(c, here, marked(here), 4, ask_text(q, i));
	}
	page_gap(&c->body);
	for (size_t i = 0; i < q->right_count; i++) {
		page_line(&c->body);
		letter(name, i);
		page_add(&c->body, STYLE_ACCENT, name);
		page_pad(&c->body, 4);
		page_markdown(&c->body, STYLE_PLAIN, 4, q->rights[i]);
	}
}

static void draw_items(struct canvas *c, const struct ask *q, const struct pose *p, bool airy)
{
	for (size_t i = 0; i < q->count; i++) {
		bool here = (int)i == p->at;
		if (i && airy)
			page_gap(&c->body);
		start_row(c, here);
		if (here && p->picked)
			page_mark(&c->body, STYLE_FOCUS, SIGN_ON);
		page_addf(&c->body, STYLE_DIM, "%zu", i + 1);
		page_pad(&c->body, 4);
		finish_row(c, here, marked(here), 4, ask_text(q, i));
	}
	if (p->picked)
		page_add(&c->foot, STYLE_WARN, "Picked up: arrows move it, Space puts it down.");
}

static void draw_line(struct canvas *c, const struct pose *p)
{
	int cursor;
	int cols = c->body.width < 60 ? c->body.width : 60;
	page_line(&c->body);
	page_mark(&c->body, STYLE_FOCUS, SIGN_HERE);
	const char *seen = line_window(&p->line, &c->body.arena, cols, &cursor);
	page_add(&c->body, STYLE_INPUT, seen);
	canvas_cursor(c, cursor);
	canvas_focus(c);
	char *rest = arena_printf(&c->body.arena, "%*s", cols - page_cols(&c->body), "");
	page_add(&c->body, STYLE_INPUT, rest);
}

static void draw_asked(struct canvas *c, const struct posed *posed, const struct pose *p, bool airy)
{
	const struct ask *q = posed->ask;
	page_markdown(&c->body, STYLE_PLAIN, 0, posed->prompt);
	if (p->hint && posed->card->hint) {
		page_gap(&c->body);
		page_line(&c->body);
		page_add(&c->body, STYLE_WARN, "Hint");
		page_pad(&c->body, 6);
		page_markdown(&c->body, STYLE_PLAIN, 6, posed->card->hint);
	}
	if (q->mode != ASK_RECALL)
		page_gap(&c->body);
	switch (q->mode) {
	case ASK_RECALL:
		break;
	case ASK_TYPE:
		draw_line(c, p);
		break;
	case ASK_ONE:
	case ASK_SOME:
		draw_options(c, q, p, airy);
		break;
	case ASK_MATCH:
		draw_pairs(c, q, p, airy);
		break;
	case ASK_ORDER:
		draw_items(c, q, p, airy);
		break;
	}
}

void question_draw(struct canvas *c, const struct posed *q, const struct pose *p, int below)
{
	const struct frame *f = c->frame;
	bool ascii = c->body.ascii;
	draw_asked(c, q, p, !f->small);
	if (f->small || (int)(c->body.count + c->foot.count) + below < f->body_rows)
		return;
	canvas_reset(c, f, false, ascii);
	draw_asked(c, q, p, false);
}

/* ---- after it ------------------------------------------------------------------------ */

/* Of a row that was judged: right, wrong, or neither. */
struct mark {
	enum style style;
	const char *sign;
};

static struct mark mark_of(bool right, bool wrong)
{
	if (right)
		return (struct mark){STYLE_RIGHT, SIGN_RIGHT};
	return wrong ? (struct mark){STYLE_WRONG, SIGN_WRONG} : (struct mark){STYLE_DIM, " "};
}

/* "Right, your choice." and the like, before the reason. */
static const char *option_word(const struct ask *q, size_t i)
{
	bool right = ask_is_right(q, i);
	if (q->verdict == VERDICT_NONE)
		return right ? "Right." : "Wrong.";
	if (right)
		return q->chosen[i] ? "Right, your choice." : "Right, not chosen.";
	return q->chosen[i] ? "Wrong, your choice." : "Wrong.";
}

static void answer_option(struct page *p, const struct ask *q, size_t i)
{
	bool right = ask_is_right(q, i);
	const char *why = ask_why(q, i);
	char name[2];
	letter(name, i);
	page_add(p,
		 right          ? STYLE_RIGHT
		 : q->chosen[i] ? STYLE_WRONG
				: STYLE_DIM,
		 right ? SIGN_RIGHT " " : SIGN_WRONG " ");
	page_add(p, right ? STYLE_RIGHT : q->chosen[i] ? STYLE_WRONG : STYLE_DIM, name);
	page_pad(p, 5);
	page_markdown(p, STYLE_PLAIN, 5, ask_text(q, i));
	if (!why) {
		page_addf(p, STYLE_DIM, "   %s", option_word(q, i));
		return;
	}
	page_line(p);
	page_pad(p, 5);
	page_markdown(p, STYLE_DIM, 5,
		      arena_printf(&p->arena, "**%s** %s", option_word(q, i), why));
}

static int option_rank(const struct ask *q, size_t i)
{
	if (q->card->kind == CARD_TRUEFALSE || ask_is_right(q, i))
		return 0;
	return q->chosen[i] ? 1 : 2;
}

/* What matters comes first and so stands on a small screen too: the right options, then the wrong
 * ones that were chosen, then the others. Letters stay what they were. */
static size_t answer_order(const struct ask *q, size_t order[MAX_OPTIONS])
{
	size_t n = 0;
	for (int rank = 0; rank < 3; rank++)
		for (size_t i = 0; i < q->count; i++)
			if (rank == option_rank(q, i))
				order[n++] = i;
	return n;
}

static void answer_options(struct canvas *c, const struct ask *q, bool airy)
{
	size_t order[MAX_OPTIONS];
	size_t n = answer_order(q, order);
	for (size_t i = 0; i < n; i++) {
		if (i && airy && q->card->kind == CARD_CHOICE)
			page_gap(&c->body);
		page_line(&c->body);
		answer_option(&c->body, q, order[i]);
	}
}

/* What stood in a wrong place. */
static void add_mistake(struct page *p, int hang, const char *label, const char *given)
{
	page_line(p);
	page_pad(p, hang);
	page_markdown(p, STYLE_DIM, hang, arena_printf(&p->arena, "%s %s", label, given));
}

static void answer_pairs(struct canvas *c, const struct ask *q, bool airy)
{
	struct page *p = &c->body;
	bool judged = q->verdict != VERDICT_NONE;
	for (size_t i = 0; i < q->count; i++) {
		bool right = ask_is_right(q, i);
		struct mark m = mark_of(judged && right, judged && !right);
		if (i && airy)
			page_gap(p);
		page_line(p);
		page_add(p, m.style, m.sign);
		page_pad(p, 2);
		page_markdown(p, STYLE_PLAIN, 2, ask_text(q, i));
		page_line(p);
		page_pad(p, 2);
		page_add(p, STYLE_DIM, "→");
		int hang = page_cols(p) + 2;
		page_pad(p, hang);
		page_markdown(p, STYLE_STRONG, hang, ask_right_text(q, i));
		if (judged && !right && q->matched[i] >= 0)
			add_mistake(p, hang, "you gave:", q->rights[q->matched[i]]);
	}
}

static void answer_items(struct canvas *c, const struct ask *q)
{
	struct page *p = &c->body;
	bool judged = q->verdict != VERDICT_NONE;
	for (size_t i = 0; i < q->count; i++) {
		bool right = ask_is_right(q, i);
		struct mark m = mark_of(judged && right, judged && !right);
		page_line(p);
		page_addf(p, m.style, "%s %zu", m.sign, i + 1);
		page_pad(p, 5);
		page_markdown(p, STYLE_PLAIN, 5, ask_right_text(q, i));
		if (judged && !right)
			add_mistake(p, 5, "you had:", ask_text(q, i));
	}
}

static void answer_typed(struct canvas *c, const struct posed *posed)
{
	struct page *p = &c->body;
	const struct ask *q = posed->ask;
	page_line(p);
	if (q->verdict != VERDICT_NONE) {
		struct mark m = mark_of(q->verdict == VERDICT_RIGHT, q->verdict != VERDICT_RIGHT);
		page_addf(p, m.style, "%s ", m.sign);
		page_add(p, STYLE_DIM, "You typed  ");
		page_add(p, STYLE_PLAIN, str_c(&q->typed));
		page_gap(p);
		page_line(p);
	}
	page_markdown(p, STYLE_STRONG, 0, posed->answer);
}

static void draw_divider(struct page *p)
{
	page_gap(p);
	page_line(p);
	for (int i = 0; i + 3 <= p->width; i += 3)
		page_add(p, STYLE_DIM, "·  ");
	page_line(p);
}

static void draw_answer(struct canvas *c, const struct posed *q, bool airy)
{
	switch (q->ask->mode) {
	case ASK_RECALL:
		page_line(&c->body);
		page_markdown(&c->body, STYLE_PLAIN, 0, q->answer);
		break;
	case ASK_TYPE:
		answer_typed(c, q);
		break;
	case ASK_ONE:
	case ASK_SOME:
		answer_options(c, q->ask, airy);
		break;
	case ASK_MATCH:
		answer_pairs(c, q->ask, airy);
		break;
	case ASK_ORDER:
		answer_items(c, q->ask);
		break;
	}
}

void answer_draw(struct canvas *c, const struct posed *q, bool airy)
{
	struct page *p = &c->body;
	const char *notes = review_notes(&p->arena, q->card);
	/* A cloze is its own question with the holes filled in: it is shown once. */
	bool once = q->card->kind == CARD_CLOZE;
	int from = 0;
	if (!once) {
		page_markdown(p, STYLE_PLAIN, 0, q->prompt);
		from = (int)p->count;
		draw_divider(p);
	}
	draw_answer(c, q, airy);
	if (notes) {
		page_gap(p);
		page_line(p);
		page_markdown(p, STYLE_PLAIN, 0, notes);
	}
	c->focus_from = from;
	c->focus_to = from + IN_SIGHT < (int)p->count ? from + IN_SIGHT : (int)p->count - 1;
}

void small_print(struct page *p, const char *label, const char *text)
{
	page_line(p);
	page_add(p, STYLE_DIM, label);
	page_pad(p, LABEL_COLS);
	page_words(p, STYLE_DIM, LABEL_COLS, text);
}

void figure_line(struct page *p, const char *label, enum style style, const char *text)
{
	page_line(p);
	page_add(p, STYLE_DIM, label);
	page_pad(p, 12);
	page_words(p, style, 12, text);
}

static void print_source(struct page *p, const struct source *s, size_t others)
{
	char *checked = s->has_checked ? arena_printf(&p->arena, "checked %s",
						      date_text(&p->arena, s->checked_day))
				       : "never checked";
	const char *more = others ? arena_printf(&p->arena, ", and %zu more", others) : "";
	int room = p->width - LABEL_COLS - (int)strlen(checked) - 2;
	page_line(p);
	page_add(p, STYLE_DIM, "source");
	page_pad(p, LABEL_COLS);
	page_add(p, STYLE_DIM, utf8_ellipsis(&p->arena, s->title, room - (int)strlen(more)));
	page_add(p, STYLE_DIM, more);
	page_end(p, STYLE_DIM, checked);
}

void answer_small_print(struct canvas *c, const struct card *card, const char *history)
{
	size_t n = card->source_count;
	page_gap(&c->body);
	if (history && n)
		print_source(&c->body, card->sources[0], n - 1);
	for (size_t i = 0; !history && i < n; i++)
		print_source(&c->body, card->sources[i], 0);
	if (history)
		small_print(&c->body, "history", history);
	if (card->proof)
		small_print(&c->body, "proof", "p runs what settles it");
}

void answer_verdict(struct page *p, enum verdict v)
{
	static const struct {
		enum style style;
		const char *text;
	} words[] = {
		[VERDICT_NONE] = {STYLE_PLAIN, ""},
		[VERDICT_RIGHT] = {STYLE_RIGHT, SIGN_RIGHT " Right.  "},
		[VERDICT_WRONG] = {STYLE_WRONG, SIGN_WRONG " Wrong.  "},
		[VERDICT_ALMOST] = {STYLE_WARN, SIGN_WRONG " Almost: a slip in the spelling.  "},
	};
	page_add(p, words[v].style, words[v].text);
}
