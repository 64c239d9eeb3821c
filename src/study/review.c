/* review.c -- see review.h. The queue (srs/queue.h) knows the order, the store keeps the log, ask
 * (quiz/ask.h) holds the question; this file lets them meet. Whatever changes a card goes through
 * log_event(), which commits before it returns, so that at any moment the file on disk holds every
 * answer the learner has seen confirmed. */
#include "study/review.h"
#include "base/markdown.h"
#include "base/random.h"
#include "study/query.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A card answered in this session. */
struct tally {
	int64_t part_id;
	int answers;
	bool waiting; /* it is still to come once more */
};

struct review {
	struct study *study;
	struct review_options options;
	struct queue *queue;
	int64_t preset_id;
	int shown_limit; /* cards that may still be shown, < 0: no limit */
	struct review_progress
		progress; /* done, kept, lost and took_ms; the rest is counted when asked */
	struct tally *tallies;
	size_t tally_count, tally_cap;
	/* the current card */
	bool has_current;
	struct arena arena;
	struct deck deck;
	struct review_card current;
	struct arena words; /* texts handed out with outcomes */
};

/* ---- building the queue -------------------------------------------------------------- */

struct gather {
	struct review *r;
	struct queue_entry *entries;
	size_t count, cap;
	const struct idset *answered; /* cards answered today: their siblings wait */
	struct idset families;        /* cards gathered: one of each family is enough */
	int new_left;                 /* new cards still wanted; < 0: all */
	int32_t today;
	struct moment now;
};

static struct queue_entry entry_of(const struct srs_preset *p, int64_t part, int64_t card,
				   uint64_t group, int64_t position, const struct srs_card *c,
				   struct moment now)
{
	return (struct queue_entry){
		.part_id = part,
		.card_id = card,
		.group = group,
		.state = c->state,
		.by_day = c->by_day,
		.due_ms = c->due_ms,
		.recall = srs_recall(p, c, now),
		.position = position,
	};
}

/* Must this card wait for another day because of a sibling? */
static bool waits(const struct gather *g, const struct store_candidate *c)
{
	bool in_learning = c->state.state == SRS_LEARN || c->state.state == SRS_RELEARN;
	if (!g->r->study->config.bury_siblings || g->r->options.cram || in_learning)
		return false;
	if (c->state.last_day != g->today && idset_has(g->answered, c->card_id))
		return true;
	return c->state.state == SRS_NEW && idset_has(&g->families, c->card_id);
}

/* New cards come last and in deck order, so it is over when there are enough of them. */
static bool gather(void *ctx, const struct store_candidate *c)
{
	struct gather *g = ctx;
	if (waits(g, c))
		return true;
	if (c->state.state == SRS_NEW && !g->r->options.cram) {
		if (g->new_left == 0)
			return false;
		g->new_left -= g->new_left > 0;
	}
	idset_add(&g->families, c->card_id);
	g->entries = array_grow(g->entries, &g->cap, g->count + 1, sizeof(*g->entries));
	g->entries[g->count++] = entry_of(&g->r->study->config.preset, c->part_id, c->card_id,
					  c->group, c->position, &c->state, g->now);
	return true;
}

static int left_of(int limit, int done)
{
	if (limit < 0)
		return -1;
	return limit > done ? limit - done : 0;
}

static struct queue_options queue_rules(const struct review *r, const struct store_today *today)
{
	const struct config *c = &r->study->config;
	int new_left = r->options.new_limit >= 0 ? r->options.new_limit
						 : left_of(c->new_per_day, today->new_done);
	return (struct queue_options){
		.new_limit = new_left,
		.review_limit = left_of(c->reviews_per_day, today->review_done),
		.bury_siblings = c->bury_siblings,
		.all = r->options.cram,
		.learn_ahead_ms = c->learn_ahead_ms,
		.seed = hash_mix(r->study->seed, (uint64_t)study_today(r->study)),
	};
}

static bool build_queue(struct review *r, const struct idset *only, struct diags *d)
{
	struct study *s = r->study;
	struct store_today today = {0};
	struct gather g = {
		.r = r, .answered = &today.cards, .today = study_today(s), .now = study_now(s)};
	bool ok = store_today(s->store, g.today, &today, d);
	struct queue_options rules = queue_rules(r, &today);
	struct store_wanted wanted = {
		.today = g.today,
		.until_day = g.today + r->options.ahead_d,
		.only = only,
		.everything = r->options.cram,
		.new_max = -1, /* gather() counts those that need not wait */
	};
	g.new_left = rules.new_limit;
	ok = ok && store_candidates(s->store, &wanted, gather, &g, d);
	if (ok)
		r->queue = queue_new(g.entries, g.count, &rules);
	free(g.entries);
	idset_clear(&g.families);
	idset_clear(&today.cards);
	return ok;
}

bool review_today(struct study *s, int *due, int *fresh, struct diags *d)
{
	struct review r = {.study = s, .options = {.limit = -1, .new_limit = -1}};
	*due = *fresh = 0;
	if (!build_queue(&r, NULL, d))
		return false;
	struct queue_counts n = queue_counts(r.queue);
	*due = n.review + n.learning;
	*fresh = n.fresh;
	queue_free(r.queue);
	return true;
}

bool review_open(struct review **out, struct study *s, const struct review_options *o,
		 struct diags *d)
{
	struct review *r = xcalloc(1, sizeof(*r));
	struct idset only = {0};
	bool filtered = o->query && o->query[0];
	r->study = s;
	r->options = *o;
	r->options.query = NULL;
	r->shown_limit = o->limit;
	*out = NULL;
	bool ok = !s->read_only || diag_fail(d, "store-read-only",
					     "the store cannot be written, so no answer could be "
					     "kept; give another with --db");
	ok = ok && store_lock(s->store, d) &&
	     store_preset(s->store, &s->config.preset, &r->preset_id, d);
	ok = ok && (!filtered || study_find(s, o->query, false, &only, d));
	ok = ok && build_queue(r, filtered ? &only : NULL, d);
	idset_clear(&only);
	if (ok)
		*out = r;
	else
		review_close(r, NULL);
	return ok;
}

const char *review_none_due(struct study *s, const char *query, struct arena *a)
{
	const char *unknown = query ? study_unknown_name(s, query, a) : NULL;
	return unknown ? unknown
		       : "nothing is due now; --ahead DAYS shows what comes next, --new N more new "
			 "cards";
}

static void drop_current(struct review *r)
{
	if (r->has_current)
		ask_clear(&r->current.ask);
	deck_clear(&r->deck);
	arena_clear(&r->arena);
	r->current = (struct review_card){0};
	r->has_current = false;
}

void review_close(struct review *r, struct diags *d)
{
	if (!r)
		return;
	if (r->progress.done && d)
		study_auto_backup(r->study, d);
	drop_current(r);
	queue_free(r->queue);
	arena_clear(&r->words);
	free(r->tallies);
	free(r);
}

/* ---- the card in front --------------------------------------------------------------- */

/* Read a card of the store back into its parsed form. */
bool review_read_card(struct study *s, int64_t part_id, struct arena *a, struct deck *deck,
		      struct review_card *out, struct diags *d)
{
	*out = (struct review_card){0};
	if (!store_item(s->store, part_id, a, &out->item, d) ||
	    !deck_read_card(deck, out->item.body, strlen(out->item.body), d))
		return false;
	out->card = &deck->cards[0];
	if (!card_part_find(a, out->card, out->item.part, &out->part))
		return diag_fail(d, "store-no-card", "card %s/%s has no part \"%s\" any more",
				 out->item.deck, out->item.card, out->item.part);
	card_face(a, out->card, &out->part, &out->face);
	out->recall = srs_recall(&s->config.preset, &out->item.state, study_now(s));
	return true;
}

bool review_row(struct study *s, int64_t part_id, struct arena *a, struct store_item *out,
		struct diags *d)
{
	struct deck deck = {0};
	struct review_card c;
	struct str words = {0};
	if (!store_row(s->store, part_id, a, out, d))
		return false;
	if (!out->part[0])
		return true;
	/* A part set aside with its table row or hole has no question any more: the card's title
	 * stands. */
	if (review_read_card(s, part_id, a, &deck, &c, NULL)) {
		md_words(&words, part_title(a, c.card, &c.part));
		out->title = arena_strdup(a, str_c(&words));
	}
	str_clear(&words);
	deck_clear(&deck);
	return true;
}

static void fill_previews(struct review *r)
{
	struct review_card *c = &r->current;
	const struct srs_preset *p = &r->study->config.preset;
	struct moment now = study_now(r->study);
	srs_preview(p, &c->item.state, now, c->item.fuzz_seed, c->after);
	for (int i = 0; i < 4; i++) {
		if (r->options.cram)
			c->after[i] = c->item.state;
		int32_t days = c->after[i].due_day - day_of(now, p->day_start_min);
		if (r->options.cram)
			c->due_words[i] = "";
		else if (c->after[i].by_day)
			c->due_words[i] = span_words(&r->arena, (int64_t)days * 86400000);
		else
			c->due_words[i] =
				span_words(&r->arena, srs_due_in_ms(p, &c->after[i], now));
	}
}

static bool load_current(struct review *r, int64_t part_id, struct diags *d)
{
	drop_current(r);
	if (!review_read_card(r->study, part_id, &r->arena, &r->deck, &r->current, d))
		return false;
	struct review_card *c = &r->current;
	ask_init(&c->ask, c->card, &c->part,
		 hash_mix(hash_mix(r->study->seed, (uint64_t)part_id),
			  (uint64_t)c->item.state.reps));
	r->has_current = true;
	c->shown_ms = study_now(r->study).ms;
	fill_previews(r);
	return true;
}

bool review_current(struct review *r, struct review_card **out, struct diags *d)
{
	*out = NULL;
	if (r->shown_limit == 0)
		return true;
	const struct queue_entry *e = queue_next(r->queue, study_now(r->study).ms);
	if (!e)
		return true;
	if ((!r->has_current || r->current.item.part_id != e->part_id) &&
	    !load_current(r, e->part_id, d))
		return false;
	*out = &r->current;
	return true;
}

int64_t review_wait_ms(const struct review *r)
{
	return r->shown_limit == 0 ? -1 : queue_wait_ms(r->queue, study_now(r->study).ms);
}

/* The line of a part, made when add is set and there is none. */
static struct tally *tally_of(struct review *r, int64_t part_id, bool add)
{
	for (size_t i = 0; i < r->tally_count; i++)
		if (r->tallies[i].part_id == part_id)
			return &r->tallies[i];
	if (!add)
		return NULL;
	r->tallies = array_grow(r->tallies, &r->tally_cap, r->tally_count + 1, sizeof(*r->tallies));
	r->tallies[r->tally_count] = (struct tally){.part_id = part_id};
	return &r->tallies[r->tally_count++];
}

/* by: answers more or less; waiting: the card is in the queue. */
static void tally(struct review *r, int64_t part_id, int by, bool waiting)
{
	struct tally *t = tally_of(r, part_id, by > 0);
	if (!t)
		return;
	t->answers += by;
	t->waiting = waiting;
}

struct review_progress review_progress(const struct review *r)
{
	struct review_progress p = r->progress;
	int waiting = 0;
	p.left = queue_counts(r->queue);
	for (size_t i = 0; i < r->tally_count; i++) {
		const struct tally *t = &r->tallies[i];
		bool counts = t->answers > 0;
		p.cards += counts;
		waiting += counts && t->waiting;
		p.once_more = p.once_more ||
			      (counts && r->has_current && t->part_id == r->current.item.part_id);
	}
	p.total = p.cards + p.left.fresh + p.left.learning + p.left.review - waiting;
	if (r->shown_limit >= 0 && p.cards + r->shown_limit < p.total)
		p.total = p.cards + r->shown_limit;
	return p;
}

bool review_is_cram(const struct review *r)
{
	return r->options.cram;
}

/* ---- what the learner does ----------------------------------------------------------- */

static const int64_t longest_thought_ms =
	60000; /* as Anki caps it: whoever went for coffee was not thinking */

static bool log_event(struct review *r, enum srs_op op, int arg, struct srs_card *after,
		      struct diags *d)
{
	const struct review_card *c = &r->current;
	struct moment now = study_now(r->study);
	bool answer = op == SRS_OP_ANSWER || op == SRS_OP_CRAM;
	int64_t took = now.ms - c->shown_ms;
	char *given = answer ? ask_given(&c->ask) : NULL;
	struct store_answer a = {
		.part_id = c->item.part_id,
		.event = {.op = op, .arg = arg, .at = now},
		.took_ms = !answer || took < 0         ? 0
			   : took > longest_thought_ms ? longest_thought_ms
						       : took,
		.given = given,
		.screen = r->options.cram ? "cram" : "review",
	};
	bool ok = store_log(r->study->store, &a, r->preset_id, after, NULL, d);
	if (ok && answer)
		r->progress.took_ms += a.took_ms;
	free(given);
	return ok;
}

static struct queue_entry current_entry(const struct review *r, const struct srs_card *state)
{
	const struct store_item *i = &r->current.item;
	uint64_t group = r->current.card->tag_count ? hash_text(r->current.card->tags[0]) : 0;
	return entry_of(&r->study->config.preset, i->part_id, i->card_id, group, 0, state,
			study_now(r->study));
}

const char *review_next_words(struct study *s, struct arena *a, const struct srs_card *c)
{
	const struct srs_preset *p = &s->config.preset;
	struct moment now = study_now(s);
	if (c->suspended)
		return "not before you unsuspend it";
	if (c->by_day)
		return date_words(a, c->due_day, day_of(now, p->day_start_min));
	return arena_printf(a, "in %s", span_words(a, srs_due_in_ms(p, c, now)));
}

static const char *next_words(struct review *r, const struct srs_card *c)
{
	arena_clear(&r->words);
	return review_next_words(r->study, &r->words, c);
}

/* Will the card come back in this session? */
static bool in_steps(const struct srs_card *c)
{
	return (c->state == SRS_LEARN || c->state == SRS_RELEARN) && !c->by_day && !c->suspended;
}

bool review_rate(struct review *r, int grade, struct review_outcome *out, struct diags *d)
{
	struct srs_card after;
	bool was_leech = r->current.item.state.leech;
	if (!log_event(r, r->options.cram ? SRS_OP_CRAM : SRS_OP_ANSWER, grade, &after, d))
		return false;
	struct queue_entry e = current_entry(r, &after);
	if (r->options.cram || after.suspended)
		queue_drop(r->queue, e.part_id);
	else
		queue_done(r->queue, &e);
	tally(r, e.part_id, 1, !r->options.cram && in_steps(&after));
	r->progress.done++;
	*(grade > FSRS_AGAIN ? &r->progress.kept : &r->progress.lost) += 1;
	if (r->shown_limit > 0)
		r->shown_limit--;
	*out = (struct review_outcome){.state = after,
				       .next = next_words(r, &after),
				       .became_leech = after.leech && !was_leech};
	drop_current(r);
	return true;
}

static bool hides(const struct review *r, enum srs_op op, int arg)
{
	return op == SRS_OP_BURY || op == SRS_OP_SUSPEND || op == SRS_OP_RESET ||
	       (op == SRS_OP_DUE && arg > r->options.ahead_d);
}

bool review_do(struct review *r, enum srs_op op, int arg, struct diags *d)
{
	struct srs_card after;
	int64_t part = r->current.item.part_id;
	if (!log_event(r, op, arg, &after, d))
		return false;
	r->current.item.state = after;
	if (hides(r, op, arg)) {
		queue_drop(r->queue, part);
		tally(r, part, 0, false);
		drop_current(r);
	} else {
		fill_previews(r);
	}
	return true;
}

static const char *const grade_names[] = {"?", "again", "hard", "good", "easy"};

static const char *row_words(struct review *r, const struct store_log_row *row)
{
	bool graded = row->event.op == SRS_OP_ANSWER || row->event.op == SRS_OP_CRAM;
	const char *what = graded && row->event.arg >= 1 && row->event.arg <= 4
				   ? grade_names[row->event.arg]
				   : srs_op_names[row->event.op];
	return arena_printf(&r->words, "%s on %s", what, row->key);
}

/* Count an answer of this session again, or no longer. */
static void recount(struct review *r, const struct store_log_row *row, int by)
{
	bool graded = row->event.op == SRS_OP_ANSWER || row->event.op == SRS_OP_CRAM;
	int *side = row->event.arg > FSRS_AGAIN ? &r->progress.kept : &r->progress.lost;
	if (!graded || *side + by < 0 || r->progress.done + by < 0)
		return;
	*side += by;
	tally(r, row->part_id, by, by < 0);
	r->progress.done += by;
	r->progress.took_ms += by * row->took_ms;
	if (r->shown_limit >= 0)
		r->shown_limit -= by;
}

bool review_undo(struct review *r, const char **what, struct diags *d)
{
	struct store_log_row row;
	struct arena a = {0};
	*what = NULL;
	arena_clear(&r->words);
	bool ok = store_undo(r->study->store, study_now(r->study), 0, &a, &row, d);
	if (ok && row.part_id) {
		*what = row_words(r, &row);
		recount(r, &row, -1);
		ok = load_current(r, row.part_id, d);
		if (ok) {
			struct queue_entry e = current_entry(r, &r->current.item.state);
			queue_return(r->queue, &e);
		}
	}
	arena_clear(&a);
	return ok;
}

/* The card leaves the front in the state the store has: back to its steps, or out of the session.
 */
static bool leave_as_stored(struct review *r, int64_t part_id, struct diags *d)
{
	if (!load_current(r, part_id, d))
		return false;
	const struct srs_card *c = &r->current.item.state;
	struct queue_entry e = current_entry(r, c);
	if (c->suspended || c->buried_day == study_today(r->study))
		queue_drop(r->queue, part_id);
	else
		queue_done(r->queue, &e);
	tally(r, part_id, 0, in_steps(c));
	drop_current(r);
	return true;
}

bool review_redo(struct review *r, const char **what, struct diags *d)
{
	struct store_log_row row;
	struct arena a = {0};
	*what = NULL;
	arena_clear(&r->words);
	bool ok = store_redo(r->study->store, study_now(r->study), &a, &row, d);
	if (ok && row.part_id) {
		*what = row_words(r, &row);
		recount(r, &row, 1);
		ok = leave_as_stored(r, row.part_id, d);
	}
	arena_clear(&a);
	return ok;
}

bool review_reload(struct review *r, bool *gone, struct diags *d)
{
	struct study_load report;
	struct store_item item;
	int64_t part = r->current.item.part_id;
	*gone = false;
	if (!study_load_decks(r->study, &report, d) ||
	    !store_row(r->study->store, part, &r->arena, &item, d))
		return false;
	*gone = item.set_aside;
	if (!*gone)
		return load_current(r, part, d);
	queue_drop(r->queue, part);
	tally(r, part, 0, false);
	drop_current(r);
	return true;
}

/* ---- texts around a card ------------------------------------------------------------- */

const char *review_notes(struct arena *a, const struct card *c)
{
	if (!c->why && !c->lore)
		return NULL;
	if (!c->lore)
		return c->why;
	const char *lore = arena_printf(a, "**In exam prep:** %s", c->lore);
	return c->why ? arena_printf(a, "%s\n\n%s", c->why, lore) : lore;
}

const char *review_source(struct arena *a, const struct card *c, size_t i)
{
	if (i >= c->source_count)
		return NULL;
	const struct source *s = c->sources[i];
	const char *checked = s->has_checked
				      ? arena_printf(a, "checked %s", date_text(a, s->checked_day))
				      : "never checked";
	return arena_printf(a, "%s, %s", s->title, checked);
}

const char *review_history(struct arena *a, const struct review_card *rc, int32_t today)
{
	const struct srs_card *c = &rc->item.state;
	if (!c->reps)
		return "new";
	return arena_printf(a, "%d %s, last %s, recall was %.0f %%", c->reps,
			    str_plural(c->reps, "answer", "answers"),
			    date_words(a, c->last_day, today), round(rc->recall * 100));
}
