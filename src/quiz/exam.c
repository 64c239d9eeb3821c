/* exam.c -- an exam being sat.
 *
 * Everything the learner sees of a running exam follows from its events, so the store keeps those
 * and nothing else, and a resumed exam is this replay. Events come back from a file, so each is
 * looked at as if a stranger had written it: exam_accepts() is the one place that says what may
 * follow what, and exam_apply() the only function that changes a state.
 *
 * Time is the exam's own: each event says how long the exam had been open, and the span since the
 * event before belongs to the item that was in front.
 */
#include "quiz/exam.h"

#include "base/random.h"

#include <assert.h>
#include <stdlib.h>

enum { MINUTE_MS = 60000, PAIR_BASE = 16 };
static_assert(MAX_OPTIONS < PAIR_BASE, "a pair of positions fits its argument");

const char *const exam_op_names[] = {
	[EXAM_OPENED] = "opened",   [EXAM_CHOOSE] = "choose", [EXAM_STRIKE] = "strike",
	[EXAM_MATCH] = "match",     [EXAM_MOVE] = "move",     [EXAM_FLAG] = "flag",
	[EXAM_SURE] = "sure",       [EXAM_GOTO] = "goto",     [EXAM_CLOCK] = "clock",
	[EXAM_AWAY] = "away",       [EXAM_WARNED] = "warned", [EXAM_SUBMIT] = "submit",
	[EXAM_TIME_UP] = "time up",
};
static_assert(ARRAY_LEN(exam_op_names) == EXAM_OP_COUNT, "every event has a name");

const int exam_warn_minutes[EXAM_WARNINGS] = {30, 5};

void exam_init(struct exam *e, const struct card *const *cards, const struct part *parts,
	       const char *const *keys, size_t count, uint64_t seed, int64_t limit_ms)
{
	*e = (struct exam){.items = xcalloc(count + 1, sizeof(*e->items)),
			   .count = count,
			   .limit_ms = limit_ms,
			   .clock_shown = true};
	for (size_t i = 0; i < count; i++)
		ask_init(&e->items[i].ask, cards[i], &parts[i], hash_mix(seed, hash_text(keys[i])));
}

void exam_clear(struct exam *e)
{
	for (size_t i = 0; i < e->count; i++)
		ask_clear(&e->items[i].ask);
	free(e->items);
	*e = (struct exam){0};
}

/* ---- what makes sense ---------------------------------------------------------------- */

static bool has_options(const struct ask *q)
{
	return q->mode == ASK_ONE || q->mode == ASK_SOME;
}

static bool in(int64_t v, int64_t min, int64_t max)
{
	return v >= min && v <= max;
}

static bool pair_ok(const struct ask *q, int64_t arg)
{
	int64_t left = arg / PAIR_BASE, right = arg % PAIR_BASE;
	return q->mode == ASK_MATCH && in(arg, 0, PAIR_BASE * PAIR_BASE - 1) &&
	       left < (int64_t)q->count && right <= (int64_t)q->right_count;
}

static bool move_ok(const struct ask *q, int64_t arg)
{
	return q->mode == ASK_ORDER && in(arg, 0, PAIR_BASE * PAIR_BASE - 1) &&
	       arg / PAIR_BASE < (int64_t)q->count && arg % PAIR_BASE < (int64_t)q->count;
}

static bool is_warning(int64_t minutes)
{
	for (int i = 0; i < EXAM_WARNINGS; i++)
		if (exam_warn_minutes[i] == minutes)
			return true;
	return false;
}

static bool arg_ok(const struct exam *e, enum exam_op op, int64_t arg)
{
	const struct ask *q = &e->items[e->at].ask;
	switch (op) {
	case EXAM_OPENED:
	case EXAM_AWAY:
		return arg >= 0;
	case EXAM_CHOOSE:
	case EXAM_STRIKE:
		return has_options(q) && in(arg, 0, (int64_t)q->count - 1);
	case EXAM_MATCH:
		return pair_ok(q, arg);
	case EXAM_MOVE:
		return move_ok(q, arg);
	case EXAM_FLAG:
	case EXAM_CLOCK:
		return in(arg, 0, 1);
	case EXAM_SURE:
		return in(arg, 0, SURE_COUNT - 1);
	case EXAM_GOTO:
		return in(arg, 0, (int64_t)e->count - 1);
	case EXAM_WARNED:
		return is_warning(arg);
	case EXAM_SUBMIT:
	case EXAM_TIME_UP:
		return true;
	case EXAM_OP_COUNT:
		break;
	}
	return false;
}

/* When the time is up, what can still be told is that it is, and that somebody was away. */
static bool in_time(const struct exam *e, const struct exam_event *ev)
{
	bool over = exam_left_ms(e, ev->open_ms) == 0;
	if (ev->op == EXAM_TIME_UP)
		return over;
	return !over || ev->op == EXAM_OPENED || ev->op == EXAM_AWAY || ev->op == EXAM_SUBMIT;
}

bool exam_accepts(const struct exam *e, const struct exam_event *ev)
{
	return e->count && e->end == EXAM_RUNNING && in(ev->op, 0, EXAM_OP_COUNT - 1) &&
	       ev->open_ms >= e->open_ms && in_time(e, ev) && arg_ok(e, ev->op, ev->arg);
}

/* ---- changing the state -------------------------------------------------------------- */

/* The full answer as it stands, graded without showing it. */
static bool answer_right(const struct exam_item *it)
{
	struct ask copy = it->ask;
	return ask_submit(&copy) == VERDICT_RIGHT;
}

static void note_answer(struct exam_item *it, int64_t open_ms)
{
	it->touched = true;
	it->answered_ms = open_ms;
	if (exam_fill(it) != EXAM_ANSWERED)
		return;
	if (answer_right(it))
		it->was_right = true;
	else
		it->was_wrong = true;
}

static void answer(struct exam_item *it, const struct exam_event *ev)
{
	struct ask *q = &it->ask;
	if (ev->op == EXAM_CHOOSE)
		ask_choose(q, (size_t)ev->arg);
	else if (ev->op == EXAM_STRIKE)
		ask_strike(q, (size_t)ev->arg);
	else if (ev->op == EXAM_MATCH)
		ask_match(q, (size_t)(ev->arg / PAIR_BASE), (int)(ev->arg % PAIR_BASE) - 1);
	else
		ask_move(q, (size_t)(ev->arg / PAIR_BASE), (size_t)(ev->arg % PAIR_BASE));
	note_answer(it, ev->open_ms);
}

static void was_away(struct exam *e, int64_t ms)
{
	e->away_ms += ms;
	e->aways++;
}

static void warned(struct exam *e, int64_t minutes)
{
	for (int i = 0; i < EXAM_WARNINGS; i++)
		if (exam_warn_minutes[i] >= minutes)
			e->warned[i] = true;
}

static void end(struct exam *e, enum exam_end how, int64_t at_ms)
{
	e->end = how;
	e->end_at_ms = at_ms;
}

bool exam_apply(struct exam *e, const struct exam_event *ev)
{
	if (!exam_accepts(e, ev))
		return false;
	struct exam_item *it = &e->items[e->at];
	it->spent_ms += ev->open_ms - e->open_ms;
	e->open_ms = ev->open_ms;
	switch (ev->op) {
	case EXAM_OPENED:
		if (e->runs++)
			was_away(e, ev->arg);
		break;
	case EXAM_CHOOSE:
	case EXAM_STRIKE:
	case EXAM_MATCH:
	case EXAM_MOVE:
		answer(it, ev);
		break;
	case EXAM_FLAG:
		it->flagged = ev->arg;
		break;
	case EXAM_SURE:
		it->sure = (enum sureness)ev->arg;
		break;
	case EXAM_GOTO:
		e->at = (size_t)ev->arg;
		break;
	case EXAM_CLOCK:
		e->clock_shown = ev->arg;
		break;
	case EXAM_AWAY:
		was_away(e, ev->arg);
		break;
	case EXAM_WARNED:
		warned(e, ev->arg);
		break;
	case EXAM_SUBMIT:
		end(e, EXAM_SUBMITTED, ev->at_ms);
		break;
	case EXAM_TIME_UP:
		end(e, EXAM_TIMED_OUT, ev->at_ms);
		break;
	case EXAM_OP_COUNT:
		break;
	}
	e->items[e->at].visited = true;
	return true;
}

/* ---- looking at it ------------------------------------------------------------------- */

static size_t given(const struct exam_item *it)
{
	size_t n = 0;
	for (size_t i = 0; i < it->ask.count; i++)
		n += it->ask.mode == ASK_MATCH ? it->ask.matched[i] >= 0 : it->ask.chosen[i];
	return n;
}

enum exam_fill exam_fill(const struct exam_item *it)
{
	if (it->ask.mode == ASK_ORDER)
		return it->touched ? EXAM_ANSWERED : EXAM_EMPTY;
	if (!given(it))
		return EXAM_EMPTY;
	return ask_complete(&it->ask) ? EXAM_ANSWERED : EXAM_PARTLY;
}

struct exam_counts exam_counts(const struct exam *e)
{
	struct exam_counts n = {0};
	for (size_t i = 0; i < e->count; i++) {
		enum exam_fill fill = exam_fill(&e->items[i]);
		n.answered += fill == EXAM_ANSWERED;
		n.partly += fill == EXAM_PARTLY;
		n.empty += fill == EXAM_EMPTY;
		n.flagged += e->items[i].flagged;
	}
	return n;
}

static bool is_open(const struct exam_item *it)
{
	return exam_fill(it) != EXAM_ANSWERED;
}

static bool is_flagged(const struct exam_item *it)
{
	return it->flagged;
}

static int next_where(const struct exam *e, size_t from, bool (*wanted)(const struct exam_item *))
{
	for (size_t i = 1; i <= e->count; i++)
		if (wanted(&e->items[(from + i) % e->count]))
			return (int)((from + i) % e->count);
	return -1;
}

int exam_next_open(const struct exam *e, size_t from)
{
	return next_where(e, from, is_open);
}

int exam_next_flagged(const struct exam *e, size_t from)
{
	return next_where(e, from, is_flagged);
}

int64_t exam_left_ms(const struct exam *e, int64_t open_ms)
{
	return open_ms < e->limit_ms ? e->limit_ms - open_ms : 0;
}

int64_t exam_pace_ms(const struct exam *e, int64_t open_ms)
{
	int64_t answered = exam_counts(e).answered;
	return e->count ? answered * e->limit_ms / (int64_t)e->count - open_ms : 0;
}

int exam_warning_due(const struct exam *e, int64_t open_ms)
{
	int due = -1;
	for (int i = 0; i < EXAM_WARNINGS; i++) {
		int64_t at = (int64_t)exam_warn_minutes[i] * MINUTE_MS;
		if (e->limit_ms >= 2 * at && exam_left_ms(e, open_ms) <= at && !e->warned[i])
			due = i;
	}
	return due;
}
