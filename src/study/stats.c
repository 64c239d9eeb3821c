/* stats.c -- see stats.h. */
#include "study/stats.h"

static bool count_ids(struct study *s, const char *state, const struct idset *only, int *out,
		      struct diags *d)
{
	struct idset ids = {0};
	bool ok = study_find(s, state, false, &ids, d);
	idset_and(&ids, only);
	*out = (int)idset_count(&ids);
	idset_clear(&ids);
	return ok;
}

/* Counts of what a query finds: the same words a learner would search with. */
static bool count_found(struct stats *st, struct study *s, const struct idset *only,
			struct diags *d)
{
	const struct {
		const char *query;
		int *out;
	} rows[] = {
		{"", &st->parts},
		{"is:new", &st->fresh},
		{"is:learn", &st->learning},
		{"is:review", &st->review},
		{"is:due", &st->due},
		{"is:suspended", &st->suspended},
		{"is:leech", &st->leeches},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (!count_ids(s, rows[i].query, only, rows[i].out, d))
			return false;
	return true;
}

static bool count_all(struct stats *st, struct study *s, struct diags *d)
{
	struct arena a = {0};
	struct store_deck *decks;
	size_t n = 0;
	bool ok = store_decks(s->store, study_now(s), s->config.preset.day_start_min, &a, &decks,
			      &n, d);
	for (size_t i = 0; ok && i < n; i++) {
		st->parts += decks[i].parts;
		st->fresh += decks[i].fresh;
		st->learning += decks[i].learning;
		st->review += decks[i].review;
		st->due += decks[i].due;
		st->suspended += decks[i].suspended;
		st->leeches += decks[i].leeches;
	}
	st->decks = (int)n;
	arena_clear(&a);
	return ok;
}

static void add_day(struct stats *st, const struct store_day_count *x, int32_t first)
{
	struct stats_day *day = &st->day[x->day - first];
	*day = (struct stats_day){x->answers, x->right, x->took_ms};
	st->answers += x->answers;
	st->right += x->right;
	st->mature += x->mature;
	st->mature_right += x->mature_right;
	st->took_ms += x->took_ms;
	st->days_studied += x->answers > 0;
}

/* The days are oldest first; a streak may be longer than STATS_DAYS. */
static int streak(const struct store_day_count *days, size_t n, int32_t today)
{
	int count = 0;
	int32_t want = today;
	for (size_t i = n; i-- > 0;) {
		if (count == 0 && want == today && days[i].day == today - 1)
			want = today - 1;
		if (days[i].day != want)
			break;
		count++;
		want--;
	}
	return count;
}

#define LONGEST_STREAK_D 3650

/* A store may hold years of answers: older days are read only while the streak fills what was. */
static bool read_days(struct stats *st, struct study *s, const struct idset *only, struct diags *d)
{
	int32_t today = study_today(s), first = today - STATS_DAYS + 1;
	bool ok = true, more = true;
	for (int32_t span = STATS_DAYS; ok && more; span *= 4) {
		struct arena a = {0};
		struct store_day_count *days;
		size_t n = 0;
		ok = store_days(s->store, today - span + 1, today, only, &a, &days, &n, d);
		for (size_t i = 0; ok && span == STATS_DAYS && i < n; i++)
			add_day(st, &days[i], first);
		if (ok)
			st->streak_d = streak(days, n, today);
		more = st->streak_d >= span - 1 && span < LONGEST_STREAK_D;
		arena_clear(&a);
	}
	st->per_answer_ms = st->answers ? st->took_ms / st->answers : 0;
	return ok;
}

bool stats_read(struct stats *out, struct study *s, const char *query, struct diags *d)
{
	struct idset only = {0};
	bool filtered = query && query[0];
	*out = (struct stats){.retention = s->config.preset.retention};
	bool ok = !filtered || study_find(s, query, false, &only, d);
	ok = ok && (filtered ? count_found(out, s, &only, d) : count_all(out, s, d));
	ok = ok && read_days(out, s, filtered ? &only : NULL, d);
	ok = ok && store_forecast(s->store, study_today(s), STATS_FORECAST, filtered ? &only : NULL,
				  out->forecast, d);
	idset_clear(&only);
	return ok;
}

int stats_minutes(const struct stats *st, int cards)
{
	int64_t each = st->per_answer_ms ? st->per_answer_ms : 15000;
	int64_t minutes = (each * cards + 30000) / 60000;
	return cards > 0 && minutes < 1 ? 1 : (int)minutes;
}
