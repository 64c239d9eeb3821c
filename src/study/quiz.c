/* quiz.c -- a practice quiz.
 *
 * What is asked is settled when the quiz opens: the cards that can be graded, sorted by a hash of
 * the seed and their key (the same seed asks the same questions anywhere), or with the weakest
 * first. What was answered is a list of records, and every figure is a sum over them, so that undo
 * only drops the last record.
 */
#include "quiz/known.h"
#include "base/markdown.h"
#include "base/random.h"
#include "study/examinside.h"
#include "study/quiz.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_THOUGHT_MS = 60000, TRY_DAYS = 210, MAX_TOPICS = 100 };

static const unsigned gradable = 1U << CARD_TRUEFALSE | 1U << CARD_CHOICE | 1U << CARD_MATCHING |
				 1U << CARD_ORDERING | 1U << CARD_TYPED;

struct question {
	int64_t part_id;
	int domain;    /* of the blueprint in use, -1: none */
	bool today;    /* answered today already */
	double chance; /* of a right answer, for --weakest */
	uint64_t at;   /* place in the order of the seed */
};

/* An answer that was logged. */
struct record {
	size_t question;
	int64_t part_id;
	const char *key, *title, *topic; /* in the quiz's arena */
	enum sureness sure;
	bool right;
	int grade;
	int64_t took_ms;
};

struct quiz {
	struct study *study;
	struct quiz_options options;
	struct arena arena;
	int64_t preset_id;
	uint64_t seed;
	const char **domains; /* titles, in the arena */
	size_t domain_count;
	struct question *questions; /* heap */
	size_t total, at;
	struct clock_run began, shown;
	/* the question in front */
	bool loaded, answered;
	struct arena card_arena;
	struct deck deck;
	struct review_card current;
	enum sureness sure;
	struct quiz_outcome outcome;
	/* what was done */
	struct record *records; /* heap */
	size_t done, record_cap;
	struct quiz_summary summary;
};

/* ---- what to ask --------------------------------------------------------------------- */

static void read_domains(struct quiz *q, const struct blueprint *b)
{
	if (!b)
		return;
	q->domain_count = b->domain_count;
	q->domains = arena_alloc(&q->arena, (q->domain_count + 1) * sizeof(*q->domains));
	for (size_t i = 0; i < q->domain_count; i++)
		q->domains[i] = arena_strdup(&q->arena, b->domains[i].title);
}

/* How often first tries were right, by domain; one more of each keeps it off 0 and 1. */
struct tries {
	const struct blueprint *b;
	double right[MAX_DOMAINS], all[MAX_DOMAINS];
};

static void add_try(void *ctx, const struct store_try *t)
{
	struct tries *tries = ctx;
	int domain = tries->b ? exam_domain(tries->b, t->task) : -1;
	if (domain < 0)
		return;
	tries->right[domain] += t->right;
	tries->all[domain]++;
}

static double share_right(const struct tries *t, int domain)
{
	return domain < 0 ? 0.5 : (t->right[domain] + 1) / (t->all[domain] + 2);
}

/* Chance of a right answer now: recall, or for a card without memory how first tries in its domain
 * went. */
static bool guess_chance(struct quiz *q, const struct tries *t, struct question *out,
			 struct diags *d)
{
	struct arena a = {0};
	struct store_item item;
	bool ok = store_row(q->study->store, out->part_id, &a, &item, d);
	if (ok)
		out->chance = item.state.reps ? srs_recall(&q->study->config.preset, &item.state,
							   study_now(q->study))
					      : share_right(t, out->domain);
	arena_clear(&a);
	return ok;
}

static int by_order(const void *x, const void *y)
{
	const struct question *a = x, *b = y;
	if (a->today != b->today)
		return a->today - b->today;
	if (a->chance < b->chance || a->chance > b->chance)
		return a->chance < b->chance ? -1 : 1;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return (a->part_id > b->part_id) - (a->part_id < b->part_id);
}

/* The parts a quiz may ask: those of the query; without one, all that are not suspended. */
static bool find_allowed(struct quiz *q, struct idset *out, struct diags *d)
{
	const char *query = q->options.query;
	return study_find(q->study, query && query[0] ? query : "-is:suspended", false, out, d);
}

static bool read_questions(struct quiz *q, const struct blueprint *b, const struct idset *allowed,
			   const struct tries *t, struct diags *d)
{
	const struct quiz_options *o = &q->options;
	unsigned kinds = o->kind == CARD_KIND_COUNT ? gradable : gradable & 1U << o->kind;
	struct arena a = {0};
	struct store_pool_item *rows;
	size_t n;
	bool ok = store_pool(q->study->store, kinds, b ? b->id : "", &a, &rows, &n, d);
	q->questions = xcalloc(n + 1, sizeof(*q->questions));
	for (size_t i = 0; ok && i < n; i++) {
		if (!idset_has(allowed, rows[i].part_id))
			continue;
		struct question *new = &q->questions[q->total++];
		*new = (struct question){
			.part_id = rows[i].part_id,
			.domain = b ? exam_domain(b, rows[i].task) : -1,
			.today = !o->has_seed && rows[i].last_day == study_today(q->study),
			.at = hash_mix(q->seed, hash_text(rows[i].key)),
		};
		ok = !o->weakest || guess_chance(q, t, new, d);
	}
	arena_clear(&a);
	qsort(q->questions, q->total, sizeof(*q->questions), by_order);
	size_t limit = o->limit < 0 ? QUIZ_LIMIT : (size_t)o->limit;
	if (q->total > limit)
		q->total = limit;
	return ok;
}

static bool choose_questions(struct quiz *q, struct diags *d)
{
	struct blueprints all;
	struct idset allowed = {0};
	exam_blueprints(q->study, &all, NULL);
	const struct blueprint *b = exam_default(q->study, &all);
	struct tries t = {.b = b};
	int32_t from = study_today(q->study) - TRY_DAYS;
	read_domains(q, b);
	bool ok = find_allowed(q, &allowed, d) &&
		  (!q->options.weakest || !b ||
		   store_first_tries(q->study->store, gradable, b->id, from, INT64_MAX, add_try, &t,
				     d)) &&
		  read_questions(q, b, &allowed, &t, d);
	idset_clear(&allowed);
	blueprints_clear(&all);
	return ok;
}

bool quiz_open(struct quiz **out, struct study *s, const struct quiz_options *o, struct diags *d)
{
	struct quiz *q = xcalloc(1, sizeof(*q));
	*out = NULL;
	q->study = s;
	q->options = *o;
	q->options.query = arena_strdup(&q->arena, o->query);
	q->seed = o->has_seed ? o->seed : s->seed;
	q->began = clock_run(&s->clock);
	bool ok = !s->read_only || diag_fail(d, "store-read-only",
					     "the store cannot be written, so no answer could be "
					     "kept; give another with --db");
	ok = ok && store_lock(s->store, d) &&
	     store_preset(s->store, &s->config.preset, &q->preset_id, d) && choose_questions(q, d);
	if (ok)
		*out = q;
	else
		quiz_close(q, NULL);
	return ok;
}

static void drop_current(struct quiz *q)
{
	if (q->loaded)
		ask_clear(&q->current.ask);
	deck_clear(&q->deck);
	arena_clear(&q->card_arena);
	q->current = (struct review_card){0};
	q->loaded = q->answered = false;
	q->sure = SURE_UNSAID;
}

void quiz_close(struct quiz *q, struct diags *d)
{
	if (!q)
		return;
	if (q->done && d)
		study_auto_backup(q->study, d);
	drop_current(q);
	free(q->questions);
	free(q->records);
	arena_clear(&q->arena);
	free(q);
}

const char *quiz_none(struct study *s, const struct quiz_options *o, struct arena *a)
{
	const char *query = o->query ? o->query : "";
	const char *unknown = query[0] ? study_unknown_name(s, query, a) : NULL;
	if (unknown)
		return unknown;
	if (o->kind != CARD_KIND_COUNT && !(gradable & 1U << o->kind))
		return arena_printf(a, "cards of kind %s cannot be graded; a review shows them",
				    card_kind_names[o->kind]);
	return query[0] ? arena_printf(a,
				       "no question matches %s; a quiz asks choice, true or "
				       "false, matching, ordering and typed cards",
				       query)
			: "there is no question that can be graded; `gatedrill deck list` shows "
			  "what there is";
}

/* ---- the question in front ----------------------------------------------------------- */

static bool load_current(struct quiz *q, struct diags *d)
{
	const struct question *now = &q->questions[q->at];
	drop_current(q);
	if (!review_read_card(q->study, now->part_id, &q->card_arena, &q->deck, &q->current, d))
		return false;
	ask_init(&q->current.ask, q->current.card, &q->current.part, hash_mix(q->seed, now->at));
	q->current.shown_ms = study_now(q->study).ms;
	q->shown = clock_run(&q->study->clock);
	q->loaded = true;
	return true;
}

/* -1: no limit. */
static int64_t time_left(const struct quiz *q)
{
	int64_t limit = (int64_t)q->options.minutes * 60000;
	int64_t used = clock_run(&q->study->clock).awake_ms - q->began.awake_ms;
	if (!limit)
		return -1;
	return used < 0 ? limit : used < limit ? limit - used : 0;
}

bool quiz_current(struct quiz *q, struct review_card **out, struct diags *d)
{
	*out = NULL;
	if (q->at >= q->total)
		return true;
	if (!q->loaded && !time_left(q)) {
		q->at = q->total;
		return true;
	}
	if (!q->loaded && !load_current(q, d))
		return false;
	*out = &q->current;
	return true;
}

void quiz_sure(struct quiz *q, enum sureness sure)
{
	if (!q->answered)
		q->sure = q->sure == sure ? SURE_UNSAID : sure;
}

enum sureness quiz_sureness(const struct quiz *q)
{
	return q->sure;
}

static const char *topic_of(const struct quiz *q)
{
	int domain = q->questions[q->at].domain;
	return domain >= 0 ? q->domains[domain] : q->current.item.deck_title;
}

static const char *title_of(struct quiz *q)
{
	struct str words = {0};
	md_words(&words, card_title(q->current.card));
	const char *title = arena_strdup(&q->arena, str_c(&words));
	str_clear(&words);
	return title;
}

static void add_record(struct quiz *q, enum verdict verdict, int grade, int64_t took_ms)
{
	const struct store_item *item = &q->current.item;
	q->records = array_grow(q->records, &q->record_cap, q->done + 1, sizeof(*q->records));
	q->records[q->done++] = (struct record){
		.question = q->at,
		.part_id = item->part_id,
		.key = part_key(&q->arena, item->deck, item->card, item->part),
		.title = title_of(q),
		.topic = arena_strdup(&q->arena, topic_of(q)),
		.sure = q->sure,
		.right = verdict == VERDICT_RIGHT,
		.grade = grade,
		.took_ms = took_ms,
	};
}

static int64_t thinking_ms(const struct quiz *q)
{
	int64_t took = clock_run(&q->study->clock).awake_ms - q->shown.awake_ms;
	return took < 0 ? 0 : took > LONGEST_THOUGHT_MS ? LONGEST_THOUGHT_MS : took;
}

/* Log the graded question. */
static bool keep(struct quiz *q, enum verdict verdict, const struct ask *ask, struct diags *d)
{
	const struct review_card *c = &q->current;
	double recall = c->item.state.reps ? c->recall : -1;
	int grade = known_grade(verdict, q->sure, known_chance(recall, known_ways(ask)));
	int64_t took_ms = thinking_ms(q);
	char *given = known_given(ask, q->sure);
	struct srs_card after;
	struct store_answer a = {
		.part_id = c->item.part_id,
		.event = {.op = SRS_OP_ANSWER, .arg = grade, .at = study_now(q->study)},
		.took_ms = took_ms,
		.given = given,
		.screen = "quiz",
	};
	bool ok = store_log(q->study->store, &a, q->preset_id, &after, NULL, d);
	free(given);
	if (!ok)
		return false;
	add_record(q, verdict, grade, took_ms);
	q->answered = true;
	q->outcome = (struct quiz_outcome){
		.verdict = verdict,
		.grade = grade,
		.comes_back = grade <= FSRS_HARD,
		.next = review_next_words(q->study, &q->card_arena, &after),
		.became_leech = after.leech && !c->item.state.leech,
	};
	q->current.item.state = after;
	return true;
}

/* The ask is graded as a copy: it shows its answer only when that is on disk. */
static bool grade(struct quiz *q, bool given, struct quiz_outcome *out, struct diags *d)
{
	struct ask copy = q->current.ask;
	enum verdict verdict = VERDICT_WRONG;
	if (!q->loaded || q->answered)
		return diag_fail(d, "quiz-answered", "there is no question to answer");
	if (given)
		verdict = ask_submit(&copy);
	else
		ask_reveal(&copy);
	if (!keep(q, verdict, &copy, d))
		return false;
	q->current.ask = copy;
	*out = q->outcome;
	return true;
}

bool quiz_answer(struct quiz *q, struct quiz_outcome *out, struct diags *d)
{
	return grade(q, true, out, d);
}

bool quiz_reveal(struct quiz *q, struct quiz_outcome *out, struct diags *d)
{
	return grade(q, false, out, d);
}

const struct quiz_outcome *quiz_outcome(const struct quiz *q)
{
	return q->answered ? &q->outcome : NULL;
}

void quiz_next(struct quiz *q)
{
	drop_current(q);
	if (q->at < q->total)
		q->at++;
}

bool quiz_undo(struct quiz *q, const char **what, struct diags *d)
{
	struct store_log_row row;
	*what = NULL;
	if (!q->done)
		return true;
	if (!store_undo(q->study->store, study_now(q->study), 0, &q->arena, &row, d))
		return false;
	if (!row.part_id)
		return true;
	struct record *last = &q->records[--q->done];
	*what = last->key;
	q->at = last->question;
	drop_current(q);
	return load_current(q, d);
}

/* ---- figures ------------------------------------------------------------------------- */

struct quiz_progress quiz_progress(const struct quiz *q)
{
	int64_t left = time_left(q);
	struct quiz_progress p = {
		.number = (int)(q->at < q->total ? q->at + 1 : q->total),
		.total = (int)q->total,
		.done = (int)q->done,
		.left_ms = left,
		.time_up = left == 0,
	};
	for (size_t i = 0; i < q->done; i++) {
		const struct record *r = &q->records[i];
		p.right += r->right;
		p.wrong += !r->right;
		p.sure_wrong += !r->right && r->sure == SURE_YES;
		p.unsure_right += r->right && r->sure == SURE_GUESS;
		p.took_ms += r->took_ms;
	}
	return p;
}

static void add_topic(struct quiz_topic *topics, size_t *n, const struct record *r)
{
	size_t i = 0;
	while (i < *n && !str_eq(topics[i].domain, r->topic))
		i++;
	if (i == *n && *n == MAX_TOPICS)
		return;
	if (i == *n)
		topics[(*n)++] = (struct quiz_topic){.domain = r->topic};
	topics[i].right += r->right;
	topics[i].of++;
}

const struct quiz_summary *quiz_summary(struct quiz *q)
{
	struct arena *a = &q->arena;
	struct quiz_missed *missed = arena_alloc(a, (q->done + 1) * sizeof(*missed));
	struct quiz_topic *topics = arena_alloc(a, MAX_TOPICS * sizeof(*topics));
	struct quiz_summary *s = &q->summary;
	*s = (struct quiz_summary){
		.progress = quiz_progress(q), .missed = missed, .topics = topics};
	/* Domains first, in the blueprint's order. */
	for (size_t i = 0; i < q->domain_count && i < MAX_TOPICS; i++)
		for (size_t k = 0; k < q->done; k++)
			if (str_eq(q->records[k].topic, q->domains[i]))
				add_topic(topics, &s->topic_count, &q->records[k]);
	for (size_t k = 0; k < q->done; k++) {
		const struct record *r = &q->records[k];
		bool counted = false;
		for (size_t i = 0; i < q->domain_count; i++)
			counted = counted || str_eq(r->topic, q->domains[i]);
		if (!counted)
			add_topic(topics, &s->topic_count, r);
		s->come_back += r->grade <= FSRS_HARD;
		if (!r->right)
			missed[s->missed_count++] = (struct quiz_missed){
				r->key, r->title, r->part_id, r->sure == SURE_YES};
	}
	return s;
}
