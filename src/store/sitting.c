/* sitting.c -- see sitting.h. A key press in an exam is one row and one update in one transaction,
 * so its cost is that of one write to disk. The end of an exam is one transaction too: there is no
 * moment at which an exam has ended and its reviews are missing. */
#include "store/sitting.h"
#include "store/inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- writing ------------------------------------------------------------------------- */

static bool insert_sitting(struct store *s, const struct store_sitting *x, size_t count,
			   int64_t *id, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_SITTING_INSERT);
	stmt_text(q, 1, x->form);
	stmt_text(q, 2, x->blueprint);
	stmt_text(q, 3, x->code);
	stmt_text(q, 4, x->title);
	stmt_text(q, 5, x->blueprint_json);
	stmt_i64(q, 6, (int64_t)x->seed);
	stmt_i64(q, 7, x->esl);
	stmt_i64(q, 8, x->limit_ms);
	stmt_i64(q, 9, x->began.ms);
	stmt_i64(q, 10, x->began.off_min);
	stmt_i64(q, 11, (int64_t)count);
	if (!stmt_run(q, d))
		return false;
	*id = db_last_id(s->db);
	return true;
}

static bool insert_item(struct store *s, int64_t id, size_t place,
			const struct store_sitting_item *it, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_SITTING_ITEM_INSERT);
	stmt_i64(q, 1, id);
	stmt_i64(q, 2, (int64_t)place);
	stmt_i64(q, 3, it->part_id);
	stmt_text(q, 4, it->key);
	stmt_text(q, 5, it->task);
	stmt_i64(q, 6, it->domain);
	stmt_i64(q, 7, it->scored);
	stmt_i64(q, 8, (int64_t)it->hash);
	stmt_text(q, 9, it->body);
	return stmt_run(q, d);
}

bool store_sitting_add(struct store *s, const struct store_sitting *x,
		       const struct store_sitting_item *items, size_t count, int64_t *id,
		       struct diags *d)
{
	if (!store_write_begin(s, d))
		return false;
	bool ok = insert_sitting(s, x, count, id, d);
	for (size_t i = 0; ok && i < count; i++)
		ok = insert_item(s, *id, i, &items[i], d);
	return store_write_end(s, ok, d);
}

static bool insert_event(struct store *s, int64_t id, const struct store_sitting_event *e,
			 struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_SITTING_EVENT_INSERT);
	stmt_i64(q, 1, id);
	stmt_i64(q, 2, e->op);
	stmt_i64(q, 3, e->arg);
	stmt_i64(q, 4, e->open_ms);
	stmt_i64(q, 5, e->at_ms);
	return stmt_run(q, d);
}

static bool update_clock(struct store *s, int64_t id, const struct store_sitting_event *e,
			 int answered, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_SITTING_ANSWERED);
	stmt_i64(q, 1, id);
	stmt_i64(q, 2, e->open_ms);
	stmt_i64(q, 3, e->at_ms);
	stmt_i64(q, 4, answered);
	return stmt_run(q, d);
}

bool store_sitting_event(struct store *s, int64_t id, const struct store_sitting_event *e,
			 int answered, struct diags *d)
{
	if (!store_write_begin(s, d))
		return false;
	bool ok = insert_event(s, id, e, d) && update_clock(s, id, e, answered, d);
	return store_write_end(s, ok, d);
}

bool store_sitting_tick(struct store *s, int64_t id, int64_t open_ms, int64_t seen_ms,
			struct diags *d)
{
	if (!store_write_begin(s, d))
		return false;
	struct stmt *q = db_stmt(s->db, STMT_SITTING_TICK);
	stmt_i64(q, 1, id);
	stmt_i64(q, 2, open_ms);
	stmt_i64(q, 3, seen_ms);
	return store_write_end(s, stmt_run(q, d), d);
}

static bool update_end(struct store *s, const struct store_sitting *end, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_SITTING_END);
	stmt_i64(q, 1, end->id);
	stmt_i64(q, 2, end->open_ms);
	stmt_i64(q, 3, end->ended_ms);
	stmt_i64(q, 4, end->answered);
	stmt_i64(q, 5, end->timed_out);
	stmt_i64(q, 6, end->correct);
	stmt_i64(q, 7, end->scored);
	stmt_i64(q, 8, end->reviews);
	return stmt_run(q, d);
}

bool store_sitting_end(struct store *s, const struct store_sitting *end,
		       const struct store_sitting_event *e, const struct store_answer *answers,
		       size_t count, int64_t preset_id, struct diags *d)
{
	if (!store_begin(s, d))
		return false;
	bool ok = insert_event(s, end->id, e, d) && update_end(s, end, d);
	for (size_t i = 0; ok && i < count; i++)
		ok = store_log(s, &answers[i], preset_id, NULL, NULL, d);
	if (ok)
		return store_commit(s, d);
	store_rollback(s);
	return false;
}

/* ---- reading ------------------------------------------------------------------------- */

static void read_sitting(struct stmt *q, struct arena *a, struct store_sitting *out)
{
	*out = (struct store_sitting){
		.id = col_i64(q, 0),
		.form = col_copy(q, 1, a),
		.blueprint = col_copy(q, 2, a),
		.code = col_copy(q, 3, a),
		.title = col_copy(q, 4, a),
		.seed = (uint64_t)col_i64(q, 5),
		.esl = col_i64(q, 6) != 0,
		.limit_ms = col_i64(q, 7),
		.began = {.ms = col_i64(q, 8), .off_min = (int)col_i64(q, 9)},
		.open_ms = col_i64(q, 10),
		.seen_ms = col_i64(q, 11),
		.ended_ms = col_i64(q, 12),
		.timed_out = col_i64(q, 13) != 0,
		.items = (int)col_i64(q, 14),
		.answered = (int)col_i64(q, 15),
		.correct = (int)col_i64(q, 16),
		.scored = (int)col_i64(q, 17),
		.reviews = (int)col_i64(q, 18),
		.blueprint_json = col_copy(q, 19, a),
	};
}

bool store_sitting(struct store *s, int64_t id, struct arena *a, struct store_sitting *out,
		   bool *found, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_SITTING_GET);
	stmt_i64(q, 1, id);
	*found = stmt_row(q);
	if (*found)
		read_sitting(q, a, out);
	return stmt_done(q, d);
}

/* Hand rows that were gathered on the heap over to the arena. */
static void *hand_over(struct arena *a, void *rows, size_t n, size_t size)
{
	void *out = arena_alloc(a, (n + 1) * size);
	if (n)
		memcpy(out, rows, n * size);
	free(rows);
	return out;
}

bool store_sittings(struct store *s, struct arena *a, struct store_sitting **out, size_t *count,
		    struct diags *d)
{
	struct store_sitting *rows = NULL;
	size_t cap = 0;
	*count = 0;
	struct stmt *q = db_stmt(s->db, STMT_SITTINGS);
	while (stmt_row(q)) {
		rows = array_grow(rows, &cap, *count + 1, sizeof(*rows));
		read_sitting(q, a, &rows[(*count)++]);
	}
	bool ok = stmt_done(q, d);
	*out = hand_over(a, rows, *count, sizeof(*rows));
	return ok;
}

bool store_sitting_items(struct store *s, int64_t id, struct arena *a,
			 struct store_sitting_item **out, size_t *count, struct diags *d)
{
	struct store_sitting_item *rows = NULL;
	size_t cap = 0;
	*count = 0;
	struct stmt *q = db_stmt(s->db, STMT_SITTING_ITEMS);
	stmt_i64(q, 1, id);
	while (stmt_row(q)) {
		rows = array_grow(rows, &cap, *count + 1, sizeof(*rows));
		rows[(*count)++] = (struct store_sitting_item){
			.part_id = col_i64(q, 0),
			.key = col_copy(q, 1, a),
			.task = col_copy(q, 2, a),
			.domain = (int)col_i64(q, 3),
			.scored = col_i64(q, 4) != 0,
			.hash = (uint64_t)col_i64(q, 5),
			.body = col_copy(q, 6, a),
		};
	}
	bool ok = stmt_done(q, d);
	*out = hand_over(a, rows, *count, sizeof(*rows));
	return ok;
}

bool store_sitting_events(struct store *s, int64_t id, struct arena *a,
			  struct store_sitting_event **out, size_t *count, struct diags *d)
{
	struct store_sitting_event *rows = NULL;
	size_t cap = 0;
	*count = 0;
	struct stmt *q = db_stmt(s->db, STMT_SITTING_EVENTS);
	stmt_i64(q, 1, id);
	while (stmt_row(q)) {
		rows = array_grow(rows, &cap, *count + 1, sizeof(*rows));
		rows[(*count)++] = (struct store_sitting_event){
			.op = (int)col_i64(q, 0),
			.arg = col_i64(q, 1),
			.open_ms = col_i64(q, 2),
			.at_ms = col_i64(q, 3),
		};
	}
	bool ok = stmt_done(q, d);
	*out = hand_over(a, rows, *count, sizeof(*rows));
	return ok;
}

bool store_sitting_card(struct store *s, int64_t part_id, bool *gone, uint64_t *hash,
			struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_SITTING_CARD);
	stmt_i64(q, 1, part_id);
	*gone = true;
	*hash = 0;
	if (stmt_row(q)) {
		*gone = col_i64(q, 0) != 0;
		*hash = (uint64_t)col_i64(q, 1);
	}
	return stmt_done(q, d);
}

/* ---- the pool, and first tries ------------------------------------------------------- */

/* The first task of a blueprint in a label's lines "blueprint task". NULL: there is none. */
static const char *task_of(const char *tasks, const char *blueprint, struct arena *a)
{
	size_t len = strlen(blueprint);
	while (*tasks) {
		size_t line = strcspn(tasks, "\n");
		if (line > len && !strncmp(tasks, blueprint, len) && tasks[len] == ' ')
			return arena_strndup(a, tasks + len + 1, line - len - 1);
		tasks += line + (tasks[line] == '\n');
	}
	return NULL;
}

static enum card_kind kind_value(int64_t v)
{
	return v >= 0 && v < CARD_KIND_COUNT ? (enum card_kind)v : CARD_BASIC;
}

static int32_t day_value(struct stmt *q, int day, int ms)
{
	int64_t v = col_i64(q, day);
	return col_i64(q, ms) && v > INT32_MIN && v < INT32_MAX ? (int32_t)v : SRS_NO_DAY;
}

bool store_pool(struct store *s, unsigned kinds, const char *blueprint, struct arena *a,
		struct store_pool_item **out, size_t *count, struct diags *d)
{
	struct store_pool_item *rows = NULL;
	size_t cap = 0;
	*count = 0;
	struct stmt *q = db_stmt(s->db, STMT_POOL);
	stmt_i64(q, 1, kinds);
	while (stmt_row(q)) {
		rows = array_grow(rows, &cap, *count + 1, sizeof(*rows));
		const char *deck = col_copy(q, 1, a);
		rows[(*count)++] = (struct store_pool_item){
			.part_id = col_i64(q, 0),
			.key = arena_printf(a, "%s/%s", deck, col_text(q, 2)),
			.kind = kind_value(col_i64(q, 3)),
			.task = task_of(col_text(q, 4), blueprint, a),
			.hash = (uint64_t)col_i64(q, 5),
			.last_day = day_value(q, 6, 7),
		};
	}
	bool ok = stmt_done(q, d);
	*out = hand_over(a, rows, *count, sizeof(*rows));
	return ok;
}

bool store_first_tries(struct store *s, unsigned kinds, const char *blueprint, int32_t from_day,
		       int64_t until_ms, void (*fn)(void *ctx, const struct store_try *t),
		       void *ctx, struct diags *d)
{
	struct idset undone = {0};
	struct arena a = {0};
	bool ok = log_undone(s, &undone, d);
	struct stmt *q = db_stmt(s->db, STMT_FIRST_TRIES);
	stmt_i64(q, 1, from_day);
	stmt_i64(q, 2, until_ms);
	stmt_i64(q, 3, kinds);
	while (ok && stmt_row(q)) {
		if (idset_has(&undone, col_i64(q, 0)))
			continue;
		struct store_try t = {.part_id = col_i64(q, 1),
				      .day = (int32_t)col_i64(q, 2),
				      .right = col_i64(q, 3) > FSRS_AGAIN,
				      .task = task_of(col_text(q, 4), blueprint, &a)};
		fn(ctx, &t);
	}
	ok = stmt_done(q, d) && ok;
	idset_clear(&undone);
	arena_clear(&a);
	return ok;
}
