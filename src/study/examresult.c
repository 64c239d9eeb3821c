/* examresult.c -- the end of an exam and what it says.
 *
 * The end is one transaction: the last event, the figures, and a row of the review log for each
 * question the learner saw. One that was never in front was not tried, so it stays unseen. One
 * whose card has left the decks is graded as it was asked, but nothing can come back of it.
 *
 * All else is derived when it is looked at, from the events and the log as of the end, so a result
 * says the same whenever it is read.
 */
#include "base/random.h"
#include "srs/sched.h"
#include "study/examinside.h"
#include "study/review.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_THOUGHT_MS = 60000, TRY_DAYS = 210 /* ten half-lives */, MAX_LOSSES = 50 };

/* ---- the end ------------------------------------------------------------------------- */

/* What the end writes. */
struct ending {
	struct store_sitting row;
	struct store_answer *answers;
	size_t count;
};

static bool add_answer(struct sitting *x, struct exam_item *it, size_t i, struct arena *a,
		       struct ending *out, struct diags *d)
{
	const struct store_sitting_item *kept = &x->kept[i];
	const struct srs_preset *p = &x->study->config.preset;
	struct moment now = study_now(x->study);
	struct store_item card;
	if (!store_row(x->study->store, kept->part_id, a, &card, d))
		return false;
	double recall = card.state.reps ? srs_recall(p, &card.state, now) : -1;
	int grade =
		known_grade(it->ask.verdict, it->sure, known_chance(recall, known_ways(&it->ask)));
	char *given = known_given(&it->ask, it->sure);
	out->answers[out->count++] = (struct store_answer){
		.part_id = kept->part_id,
		.event = {.op = SRS_OP_ANSWER, .arg = grade, .at = now},
		.took_ms = it->spent_ms < LONGEST_THOUGHT_MS ? it->spent_ms : LONGEST_THOUGHT_MS,
		.given = arena_strdup(a, given),
		.screen = "exam",
	};
	free(given);
	out->row.reviews += grade <= FSRS_HARD;
	return true;
}

/* Grade copies: until all is on disk the exam is still running. */
static bool grade_all(struct sitting *x, struct arena *a, struct ending *out, struct diags *d)
{
	const struct exam *e = &x->exam;
	out->answers = arena_alloc(a, (e->count + 1) * sizeof(*out->answers));
	for (size_t i = 0; i < e->count; i++) {
		struct exam_item it = e->items[i];
		struct result_item r = result_item(&it, x->kept[i].domain, x->kept[i].scored);
		bool gone;
		uint64_t hash;
		out->row.correct += r.scored && r.right;
		out->row.scored += r.scored;
		if (r.blank)
			it.ask.verdict = VERDICT_WRONG;
		if (!store_sitting_card(x->study->store, x->kept[i].part_id, &gone, &hash, d))
			return false;
		if (it.visited && !gone && !add_answer(x, &it, i, a, out, d))
			return false;
	}
	return true;
}

bool sitting_finish(struct sitting *x, enum exam_op op, struct diags *d)
{
	struct arena a = {0};
	struct moment now = study_now(x->study);
	struct exam_event ev = {op, 0, x->open_ms, now.ms};
	struct store_sitting_event row = {op, 0, x->open_ms, now.ms};
	struct ending end = {.row = {.id = x->row.id,
				     .open_ms = x->open_ms,
				     .ended_ms = now.ms,
				     .timed_out = op == EXAM_TIME_UP,
				     .answered = exam_counts(&x->exam).answered}};
	bool ok = grade_all(x, &a, &end, d) &&
		  store_sitting_end(x->study->store, &end.row, &row, end.answers, end.count,
				    x->preset_id, d);
	arena_clear(&a);
	if (!ok)
		return false;
	exam_apply(&x->exam, &ev);
	x->row.open_ms = x->open_ms;
	x->row.ended_ms = now.ms;
	x->row.timed_out = op == EXAM_TIME_UP;
	x->row.correct = end.row.correct;
	x->row.scored = end.row.scored;
	x->row.reviews = end.row.reviews;
	return true;
}

/* ---- grading again, to look at ------------------------------------------------------- */

static bool look_up_cards(struct sitting *x, struct diags *d)
{
	size_t n = x->exam.count;
	x->removed = xcalloc(n + 1, sizeof(*x->removed));
	x->reworded = xcalloc(n + 1, sizeof(*x->reworded));
	for (size_t i = 0; i < n; i++) {
		uint64_t hash;
		if (!store_sitting_card(x->study->store, x->kept[i].part_id, &x->removed[i], &hash,
					d))
			return false;
		x->reworded[i] = !x->removed[i] && hash != x->kept[i].hash;
	}
	return true;
}

static bool grade_again(struct sitting *x, struct diags *d)
{
	if (x->graded)
		return true;
	x->graded = xcalloc(x->exam.count + 1, sizeof(*x->graded));
	for (size_t i = 0; i < x->exam.count; i++)
		x->graded[i] = result_item(&x->exam.items[i], x->kept[i].domain, x->kept[i].scored);
	return look_up_cards(x, d);
}

void sitting_free_result(struct sitting *x)
{
	free(x->graded);
	free(x->removed);
	free(x->reworded);
}

/* ---- first tries --------------------------------------------------------------------- */

struct tries {
	const struct blueprint *b;
	int32_t today;
	struct chance_tries sum;
};

static void add_try(void *ctx, const struct store_try *t)
{
	struct tries *all = ctx;
	int domain = exam_domain(all->b, t->task);
	if (domain >= 0)
		chance_add(&all->sum, domain, t->right, all->today - t->day);
}

static int32_t end_day(const struct sitting *x)
{
	struct moment end = {x->row.ended_ms, x->row.began.off_min};
	return day_of(end, x->study->config.preset.day_start_min);
}

static bool estimate(struct sitting *x, struct sitting_result *r, struct diags *d)
{
	const struct blueprint *b = &x->blueprint;
	struct tries t = {.b = b, .today = end_day(x)};
	if (!store_first_tries(x->study->store, exam_kinds(b), b->id, t.today - TRY_DAYS,
			       x->row.ended_ms, add_try, &t, d))
		return false;
	chance_estimate(&r->chance, b, &t.sum, hash_mix(x->row.seed, (uint64_t)x->row.id));
	r->chance_words = chance_words(&r->chance);
	r->domain_count = b->domain_count;
	for (size_t i = 0; i < b->domain_count; i++)
		r->domain[i] = (struct sitting_domain){
			.id = b->domains[i].id,
			.title = b->domains[i].title,
			.weight = b->domains[i].weight,
			.right = r->points.domain[i].right,
			.of = r->points.domain[i].of,
			.first_tries = r->chance.domain[i],
			.tries = t.sum.right[i] + t.sum.wrong[i],
		};
	return true;
}

/* ---- why points were lost ------------------------------------------------------------ */

static const char *task_words(const struct sitting *x, size_t i, struct arena *a)
{
	const struct blueprint_task *t = blueprint_task(&x->blueprint, x->kept[i].task);
	return t ? arena_printf(a, "%s %s", t->id, t->title) : x->kept[i].task;
}

/* A tag in this form: how many items have it, and how many of those were lost. */
static void count_tag(const struct sitting *x, const char *tag, int *lost, int *of)
{
	*lost = *of = 0;
	for (size_t i = 0; i < x->exam.count; i++) {
		const struct card *c = x->cards[i];
		for (size_t k = 0; k < c->tag_count; k++)
			if (str_eq(c->tags[k], tag)) {
				*lost += !x->graded[i].right;
				(*of)++;
				break;
			}
	}
}

/* Of a lost item's tags the one where losses gather: "rest" says little when all questions are
 * about REST, "cors" much when all five of it are wrong. The share lost times the number lost, of
 * tags that at most a quarter of the form has. */
static struct sitting_loss topic_of(struct sitting *x, size_t i)
{
	const struct card *c = x->cards[i];
	struct arena *a = &x->arena;
	const char *best = c->tag_count ? c->tags[0] : NULL;
	double most = 0;
	for (size_t k = 0; k < c->tag_count; k++) {
		int lost, of;
		count_tag(x, c->tags[k], &lost, &of);
		if ((size_t)of * 4 <= x->exam.count && (double)lost * lost / of > most) {
			most = (double)lost * lost / of;
			best = c->tags[k];
		}
	}
	if (best)
		return (struct sitting_loss){best, 1, 0, arena_printf(a, "tag:%s", best)};
	return (struct sitting_loss){task_words(x, i, a), 1, 0,
				     arena_printf(a, "task:%s", x->kept[i].task)};
}

/* All items of the form that a topic is about. */
static int topic_size(const struct sitting *x, const struct sitting_loss *l)
{
	int lost, of = 0;
	if (str_starts(l->query, "tag:")) {
		count_tag(x, l->topic, &lost, &of);
		return of;
	}
	for (size_t i = 0; i < x->exam.count; i++)
		of += str_eq(x->kept[i].task, l->query + strlen("task:"));
	return of;
}

static int by_items(const void *x, const void *y)
{
	const struct sitting_loss *a = x, *b = y;
	return a->items != b->items ? b->items - a->items : strcmp(a->topic, b->topic);
}

static void find_losses(struct sitting *x, struct sitting_result *r)
{
	struct sitting_loss *losses = arena_alloc(&x->arena, MAX_LOSSES * sizeof(*losses));
	size_t n = 0;
	for (size_t i = 0; i < x->exam.count; i++) {
		if (x->graded[i].right)
			continue;
		struct sitting_loss new = topic_of(x, i);
		size_t k = 0;
		while (k < n && !str_eq(losses[k].query, new.query))
			k++;
		if (k < n)
			losses[k].items++;
		else if (n < MAX_LOSSES)
			losses[n++] = new;
	}
	for (size_t k = 0; k < n; k++)
		losses[k].of = topic_size(x, &losses[k]);
	qsort(losses, n, sizeof(*losses), by_items);
	r->losses = losses;
	r->loss_count = n;
}

/* ---- the result ---------------------------------------------------------------------- */

bool sitting_result(struct sitting *x, const struct sitting_result **out, struct diags *d)
{
	*out = x->result;
	if (x->result)
		return true;
	if (x->exam.end == EXAM_RUNNING)
		return diag_fail(d, "exam-running", "exam %lld has not ended",
				 (long long)x->row.id);
	struct sitting_result *r = arena_alloc(&x->arena, sizeof(*r));
	if (!grade_again(x, d))
		return false;
	result_points(x->graded, x->exam.count, &r->points);
	if (!estimate(x, r, d))
		return false;
	find_losses(x, r);
	for (size_t i = 0; i < x->exam.count; i++) {
		r->removed += x->removed[i];
		r->reworded += x->reworded[i];
	}
	r->reviews = x->row.reviews;
	r->ended = (struct moment){x->row.ended_ms, x->row.began.off_min};
	r->timed_out = x->exam.end == EXAM_TIMED_OUT;
	r->open_ms = x->exam.open_ms;
	r->away_ms = x->exam.away_ms;
	r->aways = x->exam.aways;
	*out = x->result = r;
	return true;
}

struct sitting_review sitting_review(const struct sitting *x, size_t number)
{
	struct sitting *mutable = (struct sitting *)x; /* only its arena grows */
	struct arena *a = &mutable->arena;
	const struct store_sitting_item *kept = &x->kept[number];
	return (struct sitting_review){
		.item = sitting_item(x, number),
		.result = x->graded[number],
		.key = kept->key,
		.domain = x->blueprint.domains[kept->domain].title,
		.task = task_words(x, number, a),
		.notes = review_notes(a, x->cards[number]),
		.removed = x->removed[number],
		.reworded = x->reworded[number],
	};
}

const char *sitting_source(const struct sitting *x, size_t number, size_t i, struct arena *a)
{
	return review_source(a, x->cards[number], i);
}

static bool passes(const struct result_item *r, enum sitting_filter f)
{
	switch (f) {
	case SITTING_ALL:
		return true;
	case SITTING_WRONG:
		return !r->right;
	case SITTING_SURE_WRONG:
		return !r->right && !r->blank && r->sure == SURE_YES;
	}
	return false;
}

size_t sitting_filter(const struct sitting *x, enum sitting_filter f, struct arena *a,
		      size_t **numbers)
{
	size_t n = 0;
	*numbers = arena_alloc(a, (x->exam.count + 1) * sizeof(**numbers));
	for (size_t i = 0; i < x->exam.count; i++)
		if (passes(&x->graded[i], f))
			(*numbers)[n++] = i;
	return n;
}
