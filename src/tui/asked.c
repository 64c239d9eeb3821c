/* asked.c -- see asked.h. A mock exam has the same keys, but each one is an event of its log: that
 * is in exam.c. */
#include "tui/asked.h"

static void choose(struct app *app, struct ask *q, struct pose *pose, int i)
{
	if (i < 0) {
		app_say(app, STYLE_WARN, "There is no such option.");
		return;
	}
	pose->at = i;
	if (pose->striking) {
		ask_strike(q, (size_t)i);
		pose->striking = false;
		return;
	}
	if (!q->chosen[i] && q->need > 1 && question_chosen(q) >= q->need)
		app_say(app, STYLE_WARN, "%d are chosen already: take one back first.", q->need);
	ask_choose(q, (size_t)i);
}

/* Give the marked line a text, and go to the next line that has none. */
static void assign(struct app *app, struct ask *q, struct pose *pose, int right)
{
	if (right < 0) {
		app_say(app, STYLE_WARN, "There is no such text.");
		return;
	}
	ask_match(q, (size_t)pose->at, right);
	pose->at = question_next_unmatched(q, pose->at);
}

static void move_focus(struct ask *q, struct pose *pose, int by, bool carry)
{
	int to = pose->at + by;
	if (to < 0 || to >= (int)q->count)
		return;
	if (carry)
		ask_move(q, (size_t)pose->at, (size_t)to);
	pose->at = to;
}

bool asked_command(struct app *app, struct ask *q, struct pose *pose, enum command_id id,
		   const char *arg)
{
	if (id == CMD_CHOOSE)
		choose(app, q, pose, question_letter(arg, q->count));
	else if (id == CMD_TOGGLE)
		choose(app, q, pose, pose->at);
	else if (id == CMD_STRIKE)
		pose->striking = !pose->striking;
	else if (id == CMD_ASSIGN)
		assign(app, q, pose, question_letter(arg, q->right_count));
	else if (id == CMD_CLEAR)
		ask_match(q, (size_t)pose->at, -1);
	else if (id == CMD_PICK)
		pose->picked = !pose->picked;
	else if (id == CMD_UP || id == CMD_FOCUS_UP)
		move_focus(q, pose, -1, pose->picked);
	else if (id == CMD_DOWN || id == CMD_FOCUS_DOWN)
		move_focus(q, pose, 1, pose->picked);
	else if (id == CMD_MOVE_UP || id == CMD_MOVE_DOWN)
		move_focus(q, pose, id == CMD_MOVE_UP ? -1 : 1, true);
	else
		return false;
	return true;
}

bool asked_complete(struct app *app, struct ask *q, struct pose *pose)
{
	if (q->mode == ASK_TYPE)
		ask_type(q, str_c(&pose->line.text));
	bool complete = ask_complete(q);
	if (!complete)
		app_say(app, STYLE_WARN, "%s", question_missing(q));
	return complete;
}

bool asked_can(const struct review_card *card, const struct pose *pose, enum command_id id)
{
	if (id == CMD_HINT)
		return card && card->card->hint;
	if (id == CMD_SOURCE)
		return card && card->card->source_count;
	if (id == CMD_PROVE)
		return card && card->card->proof;
	if (id == CMD_CLEAR)
		return card && card->ask.matched[pose->at] >= 0;
	return true;
}

int asked_letters(const struct ask *q)
{
	return (int)(q->mode == ASK_MATCH ? q->right_count : q->count);
}

/* ---- one of several ------------------------------------------------------------------ */

static void mark(struct app *app, struct marks *m, int i)
{
	if (i < 0) {
		app_say(app, STYLE_WARN, "There is no such option.");
		return;
	}
	m->at = i;
	if (m->striking) {
		m->striking = false;
		m->struck[i] = !m->struck[i];
		m->chosen = m->chosen == i ? -1 : m->chosen;
	} else if (m->struck[i]) {
		m->struck[i] = false;
	} else {
		m->chosen = m->chosen == i ? -1 : i;
	}
}

bool marks_command(struct app *app, struct marks *m, int count, enum command_id id, const char *arg)
{
	if (id == CMD_OPTION || id == CMD_CHOOSE)
		mark(app, m, question_letter(arg, (size_t)count));
	else if (id == CMD_TOGGLE && m->at < 0)
		app_say(app, STYLE_PLAIN, "Mark an option with the arrows first.");
	else if (id == CMD_TOGGLE)
		mark(app, m, m->at);
	else if (id == CMD_STRIKE)
		m->striking = !m->striking;
	else if (id == CMD_FOCUS_DOWN)
		m->at = m->at + 1 < count ? m->at + 1 : m->at;
	else if (id == CMD_FOCUS_UP)
		m->at = m->at < 0 ? count - 1 : m->at > 0 ? m->at - 1 : 0;
	else
		return false;
	return true;
}
