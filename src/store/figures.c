/* figures.c -- see store.h: answers by day, and what will be due. */
#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

#define MATURE_D 21 /* days of interval from which a card counts as mature, as in Anki */

static void count_answer(struct stmt *q, struct store_day_count *c)
{
	bool right = col_i64(q, 3) > FSRS_AGAIN;
	bool mature = col_i64(q, 4) == SRS_REVIEW && col_i64(q, 5) >= MATURE_D;
	c->answers++;
	c->right += right;
	c->mature += mature;
	c->mature_right += mature && right;
	c->took_ms += col_i64(q, 6);
}

bool store_days(struct store *s, int32_t from, int32_t to, const struct idset *only,
		struct arena *a, struct store_day_count **out, size_t *count, struct diags *d)
{
	struct idset undone = {0};
	struct store_day_count *days = NULL;
	size_t n = 0, cap = 0;
	bool ok = log_undone(s, &undone, d);
	struct stmt *q = db_stmt(s->db, STMT_LOG_DAYS);
	stmt_i64(q, 1, from);
	stmt_i64(q, 2, to);
	while (ok && stmt_row(q)) {
		int32_t day = (int32_t)col_i64(q, 2);
		if (idset_has(&undone, col_i64(q, 0)) || (only && !idset_has(only, col_i64(q, 1))))
			continue;
		if (!n || days[n - 1].day != day) {
			days = array_grow(days, &cap, n + 1, sizeof(*days));
			days[n++] = (struct store_day_count){.day = day};
		}
		count_answer(q, &days[n - 1]);
	}
	ok = stmt_done(q, d) && ok;
	idset_clear(&undone);
	*count = ok ? n : 0;
	*out = arena_alloc(a, (*count + 1) * sizeof(**out));
	if (*count)
		memcpy(*out, days, *count * sizeof(**out));
	free(days);
	return ok;
}

bool store_forecast(struct store *s, int32_t from, int days, const struct idset *only, int *due,
		    struct diags *d)
{
	memset(due, 0, (size_t)days * sizeof(*due));
	struct stmt *q = db_stmt(s->db, STMT_FORECAST);
	stmt_i64(q, 1, (int64_t)from + days);
	while (stmt_row(q)) {
		int64_t day = col_i64(q, 1);
		if (col_i64(q, 2) != SRS_REVIEW || (only && !idset_has(only, col_i64(q, 0))))
			continue;
		due[day < from ? 0 : day - from]++;
	}
	return stmt_done(q, d);
}
