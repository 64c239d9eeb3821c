/* exam.c -- a mock exam being sat: events to disk, and the clock.
 *
 * Every change goes through put(): the clock is looked at, the event is tried on the state, and
 * written; when it cannot be written the state goes back to what it was, so that what the learner
 * sees is never more than what the disk has.
 *
 * The clock is two clocks of the system that nobody can set. One stands still while the machine
 * sleeps, the other does not; what they differ by was sleep. A long silence between two looks means
 * that the program itself was stopped. Both are time away: it is written down and does not count.
 * Between two looks nothing else can have happened, so the time that counts is their difference.
 * The time used is kept on disk every few seconds; a kill gives back what came after. The wall
 * clock is only asked for what people read: when it began, ended, how long it lay.
 */
#include "study/examinside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- loading ------------------------------------------------------------------------- */

static bool read_items(struct sitting *x, struct diags *d)
{
	size_t n;
	struct arena *a = &x->arena;
	if (!store_sitting_items(x->study->store, x->row.id, a, &x->kept, &n, d))
		return false;
	x->decks = xcalloc(n + 1, sizeof(*x->decks));
	x->cards = arena_alloc(a, (n + 1) * sizeof(*x->cards));
	x->faces = arena_alloc(a, (n + 1) * sizeof(*x->faces));
	struct part *parts = arena_alloc(a, (n + 1) * sizeof(*parts));
	const char **keys = arena_alloc(a, (n + 1) * sizeof(*keys));
	x->row.items = 0;
	for (size_t i = 0; i < n; i++) {
		const struct store_sitting_item *it = &x->kept[i];
		if (!deck_read_card(&x->decks[i], it->body, strlen(it->body), d))
			return false;
		x->row.items++;
		x->cards[i] = &x->decks[i].cards[0];
		keys[i] = it->key;
		if (it->domain < 0 || (size_t)it->domain >= x->blueprint.domain_count ||
		    !card_part_find(a, x->cards[i], "", &parts[i]))
			return diag_fail(d, "store-corrupt",
					 "question %zu of exam %lld in %s "
					 "makes no sense",
					 i + 1, (long long)x->row.id, store_path(x->study->store));
		card_face(a, x->cards[i], &parts[i], &x->faces[i]);
	}
	exam_init(&x->exam, x->cards, parts, keys, n, x->row.seed, x->row.limit_ms);
	return true;
}

static bool replay(struct sitting *x, struct diags *d)
{
	struct arena a = {0};
	struct store_sitting_event *events;
	size_t n;
	bool ok = store_sitting_events(x->study->store, x->row.id, &a, &events, &n, d);
	for (size_t i = 0; ok && i < n; i++) {
		struct exam_event e = {(enum exam_op)events[i].op, events[i].arg, events[i].open_ms,
				       events[i].at_ms};
		if (!exam_apply(&x->exam, &e))
			ok = diag_fail(d, "store-corrupt",
				       "event %zu of exam %lld in %s makes no sense", i + 1,
				       (long long)x->row.id, store_path(x->study->store));
	}
	arena_clear(&a);
	x->open_ms = x->exam.open_ms;
	if (x->row.open_ms > x->open_ms && x->row.open_ms <= x->row.limit_ms)
		x->open_ms = x->row.open_ms;
	x->tried_ms = x->open_ms;
	return ok;
}

static void fill_info(struct sitting *x)
{
	const struct store_sitting *r = &x->row;
	struct sitting_info *info = &x->info;
	*info = (struct sitting_info){
		.id = r->id,
		.form = r->form,
		.code = r->code,
		.title = r->title,
		.blueprint = &x->blueprint,
		.began = r->began,
		.minutes = (int)(r->limit_ms / 60000),
		.esl = r->esl,
		.is_short = x->form.scored != 0,
	};
	for (int i = 0; i < r->items; i++)
		*(x->kept[i].scored ? &info->scored : &info->unscored) += 1;
}

bool sitting_load(struct sitting **out, struct study *s, int64_t id, struct diags *d)
{
	struct sitting *x = xcalloc(1, sizeof(*x));
	bool found;
	x->study = s;
	bool ok = store_sitting(s->store, id, &x->arena, &x->row, &found, d);
	if (ok && !found)
		ok = diag_fail(d, "exam-none",
			       "there is no exam %lld; `gatedrill exam --list` "
			       "shows all",
			       (long long)id);
	ok = ok && blueprint_read(&x->blueprint, x->row.form, x->row.blueprint_json,
				  strlen(x->row.blueprint_json), d);
	if (ok && !form_id_parse(x->row.form, &x->form))
		ok = diag_fail(d, "store-corrupt", "exam %lld in %s has no form", (long long)id,
			       store_path(s->store));
	ok = ok && read_items(x, d) && replay(x, d);
	if (ok)
		fill_info(x);
	else
		sitting_close(x, NULL);
	*out = ok ? x : NULL;
	return ok;
}

static void backup_after(struct sitting *x, struct diags *d)
{
	if (x->open && x->exam.end != EXAM_RUNNING && d)
		study_auto_backup(x->study, d);
}

void sitting_close(struct sitting *x, struct diags *d)
{
	if (!x)
		return;
	/* What came after the last tick is kept too; when it cannot be, it is the learner's. */
	if (x->open && x->exam.end == EXAM_RUNNING)
		store_sitting_tick(x->study->store, x->row.id, x->open_ms, study_now(x->study).ms,
				   NULL);
	backup_after(x, d);
	sitting_free_result(x);
	exam_clear(&x->exam);
	for (int i = 0; x->decks && i < x->row.items; i++)
		deck_clear(&x->decks[i]);
	free(x->decks);
	blueprint_clear(&x->blueprint);
	arena_clear(&x->arena);
	free(x);
}

/* ---- which one ----------------------------------------------------------------------- */

/* The newest that waits, or that has ended. 0: there is none. */
static bool newest(struct study *s, bool ended, int64_t *id, struct diags *d)
{
	struct arena a = {0};
	struct store_sitting *rows;
	size_t n;
	int64_t seen_ms = 0;
	*id = 0;
	bool ok = store_sittings(s->store, &a, &rows, &n, d);
	for (size_t i = 0; ok && i < n; i++) {
		if (!rows[i].ended_ms == ended || (*id && rows[i].seen_ms <= seen_ms))
			continue;
		*id = rows[i].id;
		seen_ms = rows[i].seen_ms;
	}
	arena_clear(&a);
	return ok;
}

static bool load_of(struct sitting **out, struct study *s, int64_t id, bool ended, struct diags *d)
{
	*out = NULL;
	if (!id && !newest(s, ended, &id, d))
		return false;
	if (!id)
		return diag_fail(d, "exam-none",
				 ended ? "no exam has ended yet"
				       : "no exam waits; `gatedrill exam` begins one");
	if (!sitting_load(out, s, id, d))
		return false;
	if (((*out)->exam.end != EXAM_RUNNING) == ended)
		return true;
	sitting_close(*out, NULL);
	*out = NULL;
	return diag_fail(d, "exam-none",
			 ended ? "exam %lld has not ended; `gatedrill exam --resume %lld` goes on"
			       : "exam %lld has ended; `gatedrill exam --result %lld` shows it",
			 (long long)id, (long long)id);
}

bool sitting_resume(struct sitting **out, struct study *s, int64_t id, struct diags *d)
{
	*out = NULL;
	if (s->read_only)
		return diag_fail(d, "store-read-only",
				 "the store cannot be written, so no answer could be kept");
	return store_lock(s->store, d) && load_of(out, s, id, false, d) && sitting_begin(out, d);
}

bool sitting_view(struct sitting **out, struct study *s, int64_t id, struct diags *d)
{
	return load_of(out, s, id, true, d);
}

bool sitting_list(struct study *s, struct arena *a, struct sitting_row **out, size_t *count,
		  struct diags *d)
{
	struct store_sitting *rows;
	*count = 0;
	if (!store_sittings(s->store, a, &rows, count, d))
		return false;
	*out = arena_alloc(a, (*count + 1) * sizeof(**out));
	for (size_t i = 0; i < *count; i++) {
		const struct store_sitting *r = &rows[i];
		(*out)[i] = (struct sitting_row){
			.id = r->id,
			.form = r->form,
			.code = r->code,
			.title = r->title,
			.began = r->began,
			.ended_ms = r->ended_ms,
			.timed_out = r->timed_out,
			.items = r->items,
			.answered = r->answered,
			.right = r->correct,
			.scored = r->scored,
			.left_ms = r->open_ms < r->limit_ms ? r->limit_ms - r->open_ms : 0,
			.open_ms = r->open_ms,
			.limit_ms = r->limit_ms,
		};
	}
	return true;
}

/* ---- the clock ----------------------------------------------------------------------- */

/* Count the time since the last look. Gives the ms of it that were time away. */
static int64_t look(struct sitting *x)
{
	struct clock_run now = clock_run(&x->study->clock);
	int64_t awake = now.awake_ms - x->looked.awake_ms;
	int64_t total = now.total_ms - x->looked.total_ms;
	x->looked = now;
	if (awake < 0) /* a frozen clock that was set back */
		return 0;
	int64_t away = awake > SITTING_GAP_MS ? total : total - awake;
	if (awake <= SITTING_GAP_MS)
		x->open_ms += awake;
	if (x->open_ms > x->row.limit_ms)
		x->open_ms = x->row.limit_ms;
	return away >= SITTING_KEEP_MS ? away : 0;
}

/* ---- events -------------------------------------------------------------------------- */

/* What a failed write goes back to: only the item in front and the one that comes there change. */
struct saved {
	struct exam exam;
	struct exam_item from, to;
	size_t to_at;
};

static struct saved save(const struct exam *e, const struct exam_event *ev)
{
	size_t to = ev->op == EXAM_GOTO && ev->arg >= 0 && (size_t)ev->arg < e->count
			    ? (size_t)ev->arg
			    : e->at;
	return (struct saved){*e, e->items[e->at], e->items[to], to};
}

static void go_back(struct exam *e, const struct saved *s)
{
	*e = s->exam;
	e->items[s->to_at] = s->to;
	e->items[e->at] = s->from;
}

static bool write_event(struct sitting *x, const struct exam_event *ev, struct diags *d)
{
	struct store_sitting_event row = {ev->op, ev->arg, ev->open_ms, ev->at_ms};
	return store_sitting_event(x->study->store, x->row.id, &row, exam_counts(&x->exam).answered,
				   d);
}

static struct exam_event event_of(const struct sitting *x, enum exam_op op, int64_t arg)
{
	return (struct exam_event){op, arg, x->open_ms, study_now(x->study).ms};
}

/* Apply and write one event, or neither. The event makes sense. */
static bool put_one(struct sitting *x, enum exam_op op, int64_t arg, struct diags *d)
{
	struct exam_event ev = event_of(x, op, arg);
	struct saved before = save(&x->exam, &ev);
	bool sense = exam_apply(&x->exam, &ev);
	assert(sense);
	if (sense && write_event(x, &ev, d))
		return true;
	go_back(&x->exam, &before);
	return false;
}

static bool is_over(struct sitting *x, struct diags *d)
{
	if (x->exam.end == EXAM_RUNNING)
		return false;
	diag_note(d, (struct pos){0}, "exam-over", "the exam is over");
	return true;
}

/* Before anything is done: the clock is right, and time that is up has ended the exam. False: it
 * is over, or what had to be written could not be. */
static bool on_time(struct sitting *x, struct diags *d)
{
	if (is_over(x, d))
		return false;
	int64_t away = look(x);
	if (away && !put_one(x, EXAM_AWAY, away, d))
		return false;
	if (exam_left_ms(&x->exam, x->open_ms) > 0)
		return true;
	if (sitting_finish(x, EXAM_TIME_UP, d))
		is_over(x, d);
	return false;
}

static bool put(struct sitting *x, enum exam_op op, int64_t arg, struct diags *d)
{
	return on_time(x, d) && put_one(x, op, arg, d);
}

static bool begin_run(struct sitting *x, struct diags *d)
{
	int64_t away = study_now(x->study).ms - x->row.seen_ms;
	x->looked = clock_run(&x->study->clock);
	x->open = store_lock(x->study->store, d) &&
		  store_preset(x->study->store, &x->study->config.preset, &x->preset_id, d) &&
		  put_one(x, EXAM_OPENED, x->exam.runs && away > 0 ? away : 0, d);
	return x->open;
}

bool sitting_begin(struct sitting **x, struct diags *d)
{
	bool ok = *x && begin_run(*x, d);
	if (!ok) {
		sitting_close(*x, NULL);
		*x = NULL;
	}
	return ok;
}

/* ---- what the learner does ----------------------------------------------------------- */

const struct sitting_info *sitting_info(const struct sitting *x)
{
	return &x->info;
}

const struct exam *sitting_exam(const struct sitting *x)
{
	return &x->exam;
}

struct sitting_item sitting_item(const struct sitting *x, size_t number)
{
	const struct exam_item *it = &x->exam.items[number];
	return (struct sitting_item){number, it, x->cards[number], x->faces[number].prompt,
				     exam_fill(it)};
}

struct sitting_item sitting_current(const struct sitting *x)
{
	return sitting_item(x, x->exam.at);
}

static struct ask *ask_in_front(struct sitting *x)
{
	return &x->exam.items[x->exam.at].ask;
}

bool sitting_choose(struct sitting *x, size_t i, struct diags *d)
{
	return put(x, EXAM_CHOOSE, (int64_t)i, d);
}

bool sitting_strike(struct sitting *x, size_t i, struct diags *d)
{
	return put(x, EXAM_STRIKE, (int64_t)i, d);
}

bool sitting_match(struct sitting *x, size_t left, int right, struct diags *d)
{
	return put(x, EXAM_MATCH, (int64_t)left * 16 + right + 1, d);
}

bool sitting_move(struct sitting *x, size_t from, size_t to, struct diags *d)
{
	return put(x, EXAM_MOVE, (int64_t)(from * 16 + to), d);
}

/* The events that lead from the ask as it is to the ask as it should be. */
struct steps {
	enum exam_op op;
	int64_t arg[2 * MAX_OPTIONS];
	size_t count;
};

static void add_step(struct steps *s, int64_t arg)
{
	s->arg[s->count++] = arg;
}

/* Those that must go first, so that there is room for the others. */
static void choice_steps(struct steps *s, const struct ask *from, const struct ask *to)
{
	s->op = EXAM_CHOOSE;
	for (int chosen = 0; chosen < 2; chosen++)
		for (size_t i = 0; i < from->count; i++)
			if (from->chosen[i] != to->chosen[i] && to->chosen[i] == (chosen == 1) &&
			    (from->mode == ASK_SOME || chosen))
				add_step(s, (int64_t)i);
}

static void match_steps(struct steps *s, const struct ask *from, const struct ask *to)
{
	s->op = EXAM_MATCH;
	for (size_t i = 0; i < from->count; i++)
		if (from->matched[i] != to->matched[i])
			add_step(s, (int64_t)i * 16 + to->matched[i] + 1);
}

static void order_steps(struct steps *s, const struct ask *from, const struct ask *to)
{
	struct ask now = *from;
	s->op = EXAM_MOVE;
	for (size_t place = 0; place < now.count; place++) {
		size_t at = place;
		while (now.arranged[at] != to->arranged[place])
			at++;
		if (at != place || !place) { /* the first says that it was answered at all */
			add_step(s, (int64_t)(at * 16 + place));
			ask_move(&now, at, place);
		}
	}
}

static struct steps steps_to(const struct ask *from, const struct ask *to)
{
	struct steps s = {.count = 0};
	if (from->mode == ASK_MATCH)
		match_steps(&s, from, to);
	else if (from->mode == ASK_ORDER)
		order_steps(&s, from, to);
	else
		choice_steps(&s, from, to);
	return s;
}

/* All of them or none. */
static bool put_steps(struct sitting *x, const struct steps *s, struct diags *d)
{
	struct saved before = save(&x->exam, &(struct exam_event){.op = s->op});
	if (!s->count)
		return true;
	if (s->count == 1)
		return put_one(x, s->op, s->arg[0], d);
	bool ok = store_begin(x->study->store, d);
	if (!ok)
		return false;
	for (size_t i = 0; ok && i < s->count; i++)
		ok = put_one(x, s->op, s->arg[i], d);
	if (ok)
		ok = store_commit(x->study->store, d);
	else
		store_rollback(x->study->store);
	if (!ok)
		go_back(&x->exam, &before);
	return ok;
}

bool sitting_answer(struct sitting *x, const char *line, const char **why, struct diags *d)
{
	struct ask wanted;
	*why = NULL;
	if (!on_time(x, d))
		return false;
	wanted = *ask_in_front(x);
	const char *advice;
	if (!ask_parse(&wanted, line, &advice)) {
		*why = advice;
		return false;
	}
	struct steps s = steps_to(ask_in_front(x), &wanted);
	return put_steps(x, &s, d);
}

bool sitting_flag(struct sitting *x, struct diags *d)
{
	return put(x, EXAM_FLAG, !x->exam.items[x->exam.at].flagged, d);
}

bool sitting_sure(struct sitting *x, enum sureness sure, struct diags *d)
{
	return put(x, EXAM_SURE, sure, d);
}

bool sitting_goto(struct sitting *x, size_t number, struct diags *d)
{
	return number == x->exam.at ? on_time(x, d) : put(x, EXAM_GOTO, (int64_t)number, d);
}

bool sitting_next(struct sitting *x, struct diags *d)
{
	return sitting_goto(x, x->exam.at + 1 < x->exam.count ? x->exam.at + 1 : x->exam.at, d);
}

bool sitting_prev(struct sitting *x, struct diags *d)
{
	return sitting_goto(x, x->exam.at ? x->exam.at - 1 : 0, d);
}

static bool go_if(struct sitting *x, int number, bool *found, struct diags *d)
{
	*found = number >= 0;
	return *found ? sitting_goto(x, (size_t)number, d) : on_time(x, d);
}

bool sitting_next_open(struct sitting *x, bool *found, struct diags *d)
{
	return go_if(x, exam_next_open(&x->exam, x->exam.at), found, d);
}

bool sitting_next_flagged(struct sitting *x, bool *found, struct diags *d)
{
	return go_if(x, exam_next_flagged(&x->exam, x->exam.at), found, d);
}

bool sitting_clock(struct sitting *x, bool shown, struct diags *d)
{
	return put(x, EXAM_CLOCK, shown, d);
}

bool sitting_submit(struct sitting *x, struct diags *d)
{
	return on_time(x, d) && sitting_finish(x, EXAM_SUBMIT, d);
}

/* ---- ticking ------------------------------------------------------------------------- */

static bool keep_clock(struct sitting *x, struct diags *d)
{
	if (x->open_ms - x->tried_ms < SITTING_KEEP_MS && x->open_ms >= x->tried_ms)
		return true;
	x->tried_ms = x->open_ms;
	return store_sitting_tick(x->study->store, x->row.id, x->open_ms, study_now(x->study).ms,
				  d);
}

bool sitting_tick(struct sitting *x, int *warn, struct diags *d)
{
	*warn = 0;
	if (x->exam.end != EXAM_RUNNING)
		return true;
	if (!on_time(x, d))
		return x->exam.end != EXAM_RUNNING;
	int due = exam_warning_due(&x->exam, x->open_ms);
	if (due < 0)
		return keep_clock(x, d);
	if (!put_one(x, EXAM_WARNED, exam_warn_minutes[due], d))
		return false;
	*warn = exam_warn_minutes[due];
	return true;
}

int64_t sitting_left_ms(const struct sitting *x)
{
	return exam_left_ms(&x->exam, x->open_ms);
}

int64_t sitting_pace_ms(const struct sitting *x)
{
	return exam_pace_ms(&x->exam, x->open_ms);
}

int64_t sitting_away_ms(const struct sitting *x)
{
	return x->exam.away_ms;
}

/* Rounded up, so that the clock shows 0:00:00 only when it is over. */
const char *sitting_time_text(struct arena *a, int64_t ms)
{
	long long s = (ms + 999) / 1000;
	return arena_printf(a, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
}

const char *sitting_pace_text(struct arena *a, int64_t pace_ms)
{
	long minutes = (long)((pace_ms < 0 ? -pace_ms : pace_ms) / 60000);
	if (!minutes)
		return "on pace";
	return arena_printf(a, "%ld %s %s", minutes, str_plural(minutes, "minute", "minutes"),
			    pace_ms < 0 ? "behind" : "ahead");
}
