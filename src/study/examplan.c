/* examplan.c -- what a new exam would be, and beginning it.
 *
 * A form follows from its id and the decks alone, so whether a learner has seen an item lately must
 * not change what an id stands for. It changes which id is offered: the series goes on where it
 * was, unless another one has fewer items of the last weeks in it.
 *
 * The pool is all cards of the kinds the blueprint asks, suspended or not: what a learner has put
 * aside for reviews would otherwise make "the same form" another one.
 */
#include "base/file.h"
#include "base/json.h"
#include "base/random.h"
#include "base/suggest.h"
#include "study/examinside.h"

#include <stdlib.h>
#include <string.h>

enum { OTHER_SERIES = 12, NEXT_FORMS = 3, SEEDS = 100000 };

/* ---- blueprints ---------------------------------------------------------------------- */

unsigned exam_kinds(const struct blueprint *b)
{
	static const enum card_kind kinds[BLUEPRINT_TYPE_COUNT] = {
		[BLUEPRINT_SINGLE] = CARD_CHOICE,
		[BLUEPRINT_MULTIPLE] = CARD_CHOICE,
		[BLUEPRINT_ORDERING] = CARD_ORDERING,
		[BLUEPRINT_MATCHING] = CARD_MATCHING,
	};
	unsigned bits = 0;
	for (int i = 0; i < BLUEPRINT_TYPE_COUNT; i++)
		if (b->types & 1U << i)
			bits |= 1U << kinds[i];
	return bits;
}

int exam_domain(const struct blueprint *b, const char *task)
{
	const struct blueprint_domain *of = task ? blueprint_domain_of(b, task) : NULL;
	return of ? (int)(of - b->domains) : -1;
}

void exam_blueprints(struct study *s, struct blueprints *out, struct diags *d)
{
	struct arena a = {0};
	blueprints_read(out, path_join(&a, s->paths->share, "data/exams"), d);
	arena_clear(&a);
}

static const char *setting(struct study *s)
{
	int key = config_find("exam", NULL);
	return key >= 0 && s->config.set[key] ? s->config.exam : NULL;
}

const struct blueprint *exam_default(struct study *s, const struct blueprints *all)
{
	const char *id = setting(s);
	return id ? blueprint_find(all, id) : blueprint_in_use(all, study_today(s));
}

static bool unknown_exam(const char *name, const struct blueprints *all, struct diags *d)
{
	const char *names[MAX_BLUEPRINTS];
	struct str list = {0};
	for (size_t i = 0; i < all->count; i++) {
		names[i] = all->items[i].id;
		str_addf(&list, "%s%s", i ? ", " : "", names[i]);
	}
	const char *near = suggest(name, names, all->count);
	if (!all->count)
		diag_fail(d, "exam-unknown", "no exam is installed: data/exams holds none");
	else if (near)
		diag_fail(d, "exam-unknown", "no exam \"%s\", did you mean \"%s\"?", name, near);
	else
		diag_fail(d, "exam-unknown", "no exam \"%s\"; there are: %s", name, str_c(&list));
	str_clear(&list);
	return false;
}

/* A blueprint, and with a form's id that form. The plan takes a copy, read anew: lists are freed.
 */
static bool find_exam(struct sitting_plan *p, struct study *s, const struct exam_options *o,
		      bool *has_form, struct diags *d)
{
	struct blueprints all;
	struct diags found = {0};
	const char *name = o->exam && o->exam[0] ? o->exam : setting(s);
	exam_blueprints(s, &all, &found);
	*has_form = name && form_id_parse(name, &p->form);
	const struct blueprint *b = *has_form ? blueprint_find(&all, p->form.blueprint)
				    : name    ? blueprint_find(&all, name)
					      : exam_default(s, &all);
	bool ok = b && blueprint_read_file(&p->blueprint, b->file, d);
	if (!b) {
		diags_append(d, &found);
		unknown_exam(*has_form ? p->form.blueprint : name ? name : "", &all, d);
	}
	diags_clear(&found);
	blueprints_clear(&all);
	return ok;
}

/* ---- the pool ------------------------------------------------------------------------ */

struct pool {
	struct arena arena;
	struct store_pool_item *rows; /* in step with items */
	struct form_item *items;
	size_t count;
};

static void pool_clear(struct pool *p)
{
	arena_clear(&p->arena);
}

/* Is the card of one of the types asked? Only a blueprint that asks choices of one type alone has
 * to look into the cards. */
static bool type_fits(struct study *s, const struct blueprint *b, const struct store_pool_item *row,
		      bool *fits, struct diags *d)
{
	bool single = b->types & 1U << BLUEPRINT_SINGLE,
	     multiple = b->types & 1U << BLUEPRINT_MULTIPLE;
	struct arena a = {0};
	struct deck deck = {0};
	struct store_item item;
	*fits = true;
	if (row->kind != CARD_CHOICE || (single && multiple))
		return true;
	bool ok = store_item(s->store, row->part_id, &a, &item, d) &&
		  deck_read_card(&deck, item.body, strlen(item.body), d);
	if (ok)
		*fits = deck.cards[0].choice.choose > 1 ? multiple : single;
	deck_clear(&deck);
	arena_clear(&a);
	return ok;
}

static bool pool_read(struct pool *p, struct study *s, const struct blueprint *b, struct diags *d)
{
	size_t n;
	int32_t since = study_today(s) - EXAM_LATE_DAYS;
	*p = (struct pool){0};
	if (!store_pool(s->store, exam_kinds(b), b->id, &p->arena, &p->rows, &n, d))
		return false;
	p->items = arena_alloc(&p->arena, (n + 1) * sizeof(*p->items));
	for (size_t i = 0; i < n; i++) {
		int domain = exam_domain(b, p->rows[i].task);
		bool fits;
		if (domain < 0)
			continue;
		if (!type_fits(s, b, &p->rows[i], &fits, d))
			return false;
		if (!fits)
			continue;
		p->rows[p->count] = p->rows[i];
		p->items[p->count++] = (struct form_item){
			.key = p->rows[i].key,
			.domain = domain,
			.late = p->rows[i].last_day != SRS_NO_DAY && p->rows[i].last_day > since};
	}
	return true;
}

/* ---- which form ---------------------------------------------------------------------- */

/* The newest form of this blueprint and size that was begun. */
static bool newest_form(struct study *s, const struct form_id *like, struct form_id *out,
			bool *found, struct diags *d)
{
	struct arena a = {0};
	struct store_sitting *rows;
	size_t n;
	*found = false;
	bool ok = store_sittings(s->store, &a, &rows, &n, d);
	for (size_t i = 0; ok && i < n && !*found; i++)
		*found = form_id_parse(rows[i].form, out) &&
			 str_eq(out->blueprint, like->blueprint) && out->scored == like->scored;
	arena_clear(&a);
	return ok;
}

/* The series goes on, or another begins. */
static bool choose_form(struct sitting_plan *p, struct study *s, const struct pool *pool,
			struct diags *d)
{
	struct form_id ids[NEXT_FORMS + OTHER_SERIES], last;
	struct rng rng = {s->seed};
	size_t n = 0;
	bool found;
	if (!newest_form(s, &p->form, &last, &found, d))
		return false;
	for (int i = 1; found && i <= NEXT_FORMS && last.number + i <= MAX_FORM_NUMBER; i++) {
		ids[n] = last;
		ids[n++].number += i;
	}
	for (int i = 0; i < OTHER_SERIES; i++) {
		ids[n] = p->form;
		ids[n].seed = rng_below(&rng, SEEDS);
		ids[n++].number = 1;
	}
	p->form = ids[form_choose(pool->items, pool->count, &p->need, ids, n, &p->late)];
	return true;
}

/* ---- the plan ------------------------------------------------------------------------ */

static void say_missing(struct sitting_plan *p)
{
	struct arena *a = &p->arena;
	p->missing = arena_alloc(a, MAX_DOMAINS * sizeof(*p->missing));
	for (size_t i = 0; i < p->need.domain_count; i++) {
		int wanted = p->need.scored[i] + p->need.unscored[i];
		if (p->pool[i] < wanted)
			p->missing[p->missing_count++] =
				arena_printf(a, "%s: %d of %d questions",
					     p->blueprint.domains[i].title, p->pool[i], wanted);
	}
}

/* When the exam retires, unless that was told before. */
static bool find_notice(struct sitting_plan *p, struct study *s, struct diags *d)
{
	const struct blueprint *b = &p->blueprint;
	struct arena *a = &p->arena;
	char *told;
	if (!b->has_until || !b->replaced_by)
		return true;
	bool over = study_today(s) > b->until_day;
	const char *text = arena_printf(a, "%s %s %s; %s replaces it: `gatedrill exam %s`.",
					b->code, over ? "was last sat on" : "can be sat until",
					date_text(a, b->until_day), b->replaced_by, b->replaced_by);
	if (!store_meta_get(s->store, arena_printf(a, "told-exam-%s", b->id), a, &told, d))
		return false;
	p->notice = str_eq(told, text) ? NULL : text;
	return true;
}

static bool count_waiting(struct sitting_plan *p, struct study *s, struct diags *d)
{
	struct store_sitting *rows;
	size_t n;
	bool ok = store_sittings(s->store, &p->arena, &rows, &n, d);
	for (size_t i = 0; ok && i < n; i++)
		p->waiting += !rows[i].ended_ms;
	return ok;
}

/* How many items it takes, whether they are there, and which ones. */
static bool fill_plan(struct sitting_plan *p, struct study *s, const struct exam_options *o,
		      const struct pool *pool, bool has_form, struct diags *d)
{
	const struct blueprint *b = &p->blueprint;
	for (size_t i = 0; i < pool->count; i++)
		p->pool[pool->items[i].domain]++;
	p->largest = form_largest(b, p->pool);
	if (o->is_short && !has_form && p->largest && p->largest < b->scored)
		p->form.scored = p->largest;
	int scored = p->form.scored ? p->form.scored : b->scored;
	form_need(b, scored, &p->need);
	p->minutes = form_minutes(b, scored, o->esl || s->config.esl);
	p->fits = true;
	for (size_t i = 0; i < b->domain_count; i++)
		p->fits = p->fits && p->pool[i] >= p->need.scored[i] + p->need.unscored[i];
	if (!p->fits)
		say_missing(p);
	else if (has_form || o->has_seed)
		form_choose(pool->items, pool->count, &p->need, &p->form, 1, &p->late);
	else if (!choose_form(p, s, pool, d))
		return false;
	p->form_text = form_id_text(&p->arena, &p->form);
	return true;
}

bool sitting_plan(struct sitting_plan *out, struct study *s, const struct exam_options *o,
		  struct diags *d)
{
	struct pool pool = {0};
	bool has_form;
	*out = (struct sitting_plan){0};
	bool ok = find_exam(out, s, o, &has_form, d);
	if (ok && out->form.scored > out->blueprint.scored)
		ok = diag_fail(d, "exam-unknown", "%s has no form of %d scored questions",
			       out->blueprint.id, out->form.scored);
	if (ok && !has_form) {
		out->form = (struct form_id){.seed = o->seed, .number = 1};
		memcpy(out->form.blueprint, out->blueprint.id, strlen(out->blueprint.id) + 1);
	}
	ok = ok && pool_read(&pool, s, &out->blueprint, d) &&
	     fill_plan(out, s, o, &pool, has_form, d) && find_notice(out, s, d) &&
	     count_waiting(out, s, d);
	pool_clear(&pool);
	if (!ok)
		sitting_plan_clear(out);
	return ok;
}

void sitting_plan_clear(struct sitting_plan *p)
{
	blueprint_clear(&p->blueprint);
	arena_clear(&p->arena);
	*p = (struct sitting_plan){0};
}

/* ---- beginning ----------------------------------------------------------------------- */

/* How often this very form was begun: the first time its options lie the same everywhere. */
static bool times_begun(struct study *s, const char *form, int *times, struct diags *d)
{
	struct arena a = {0};
	struct store_sitting *rows;
	size_t n;
	*times = 0;
	bool ok = store_sittings(s->store, &a, &rows, &n, d);
	for (size_t i = 0; ok && i < n; i++)
		*times += str_eq(rows[i].form, form);
	arena_clear(&a);
	return ok;
}

static bool keep_items(struct study *s, const struct pool *pool, const struct form_pick *picks,
		       size_t n, struct arena *a, struct store_sitting_item *out, struct diags *d)
{
	for (size_t i = 0; i < n; i++) {
		const struct store_pool_item *row = &pool->rows[picks[i].item];
		struct store_item item;
		if (!store_item(s->store, row->part_id, a, &item, d))
			return false;
		out[i] = (struct store_sitting_item){.part_id = row->part_id,
						     .key = row->key,
						     .task = row->task,
						     .domain = pool->items[picks[i].item].domain,
						     .scored = picks[i].scored,
						     .hash = row->hash,
						     .body = item.body};
	}
	return true;
}

static bool add_sitting(struct study *s, const struct sitting_plan *p, struct arena *a,
			const struct store_sitting_item *items, size_t n, int64_t *id,
			struct diags *d)
{
	const struct blueprint *b = &p->blueprint;
	struct str json = {0};
	int times;
	if (!times_begun(s, p->form_text, &times, d))
		return false;
	json_write(&json, b->root);
	struct store_sitting row = {
		.form = p->form_text,
		.blueprint = b->id,
		.code = b->code,
		.title = b->title,
		.blueprint_json = arena_strdup(a, str_c(&json)),
		.seed = hash_mix(hash_mix(p->form.seed, (uint64_t)p->form.number), (uint64_t)times),
		.esl = p->minutes > form_minutes(b, p->need.scored_sum, false),
		.limit_ms = (int64_t)p->minutes * 60000,
		.began = study_now(s),
	};
	bool ok = store_sitting_add(s->store, &row, items, n, id, d);
	str_clear(&json);
	if (ok && p->notice)
		ok = store_meta_set(s->store, arena_printf(a, "told-exam-%s", b->id), p->notice, d);
	return ok;
}

static bool draw_and_add(struct study *s, const struct sitting_plan *p, int64_t *id,
			 struct diags *d)
{
	size_t n = (size_t)p->need.scored_sum + (size_t)p->need.unscored_sum;
	struct pool pool = {0};
	struct arena a = {0};
	struct form_pick *picks = arena_alloc(&a, n * sizeof(*picks));
	struct store_sitting_item *items = arena_alloc(&a, n * sizeof(*items));
	bool ok = pool_read(&pool, s, &p->blueprint, d);
	if (ok && !form_draw(pool.items, pool.count, &p->need, &p->form, picks))
		ok = diag_fail(d, "exam-too-small", "the decks hold too few questions for %s",
			       p->form_text);
	ok = ok && keep_items(s, &pool, picks, n, &a, items, d) &&
	     add_sitting(s, p, &a, items, n, id, d);
	pool_clear(&pool);
	arena_clear(&a);
	return ok;
}

bool sitting_start(struct sitting **out, struct study *s, const struct sitting_plan *plan,
		   struct diags *d)
{
	int64_t id = 0;
	*out = NULL;
	if (s->read_only)
		return diag_fail(d, "store-read-only",
				 "the store cannot be written, so no exam could be kept; give "
				 "another with --db");
	return store_lock(s->store, d) && draw_and_add(s, plan, &id, d) &&
	       sitting_load(out, s, id, d) && sitting_begin(out, d);
}
