/* readiness.c -- see readiness.h. The same model as in a result (quiz/result.h), as of today. A
 * goal of a lab and a fault of a drill are tries like cards: what was done is no weaker evidence
 * than what was said. The draws are seeded by the number of tries, so that the figures move when
 * something was answered and not from one look to the next. */
#include "study/readiness.h"
#include "store/lablog.h"
#include "study/examinside.h"

#define READINESS_DAYS 210 /* ten half-lives: older tries weigh nothing */

struct tries {
	const struct blueprint *b;
	int32_t today;
	struct chance_tries sum;
};

static void add_try(void *ctx, const struct store_try *t)
{
	struct tries *all = ctx;
	int domain = exam_domain(all->b, t->task);
	if (domain >= 0 && all->today >= t->day)
		chance_add(&all->sum, domain, t->right, all->today - t->day);
}

static bool estimate(struct readiness *out, struct study *s, const struct blueprint *b,
		     struct diags *d)
{
	struct tries t = {.b = b, .today = study_today(s)};
	out->code = arena_strdup(&out->arena, b->code);
	out->pass_share = b->pass_share;
	out->domain_count = b->domain_count;
	for (size_t i = 0; i < b->domain_count; i++)
		out->domain[i] = (struct readiness_domain){
			arena_strdup(&out->arena, b->domains[i].title), b->domains[i].weight};
	int32_t since = t.today - READINESS_DAYS;
	int64_t now = study_now(s).ms;
	if (!store_first_tries(s->store, exam_kinds(b), b->id, since, now, add_try, &t, d) ||
	    !store_lab_tries(s->store, b->id, since, now, add_try, &t, d))
		return false;
	if (t.sum.count >= CHANCE_MIN_TRIES)
		chance_estimate(&out->chance, b, &t.sum, (uint64_t)t.sum.count);
	return true;
}

bool readiness_read(struct readiness *out, struct study *s, struct diags *d)
{
	struct blueprints all;
	struct diags files = {0};
	*out = (struct readiness){0};
	exam_blueprints(s, &all, &files);
	const struct blueprint *b = exam_default(s, &all);
	bool ok = !b || estimate(out, s, b, d);
	blueprints_clear(&all);
	diags_clear(&files);
	return ok;
}

void readiness_clear(struct readiness *r)
{
	arena_clear(&r->arena);
	*r = (struct readiness){0};
}
