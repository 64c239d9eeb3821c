/* lablog.c -- see lablog.h. As in treelog.c, the cards that an event makes due change in the same
 * transaction, so that no kill can keep the mistake and lose the review. The end of a lab is
 * several events that belong together: their caller begins the transaction. */
#include "store/lablog.h"

#include "store/inside.h"

static bool insert(struct store *s, const struct store_lab_event *x, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_LAB_EVENT_INSERT);
	stmt_i64(q, 1, x->at.ms);
	stmt_i64(q, 2, x->at.off_min);
	stmt_i64(q, 3, x->day);
	stmt_text(q, 4, x->lab);
	stmt_text(q, 5, x->what);
	stmt_text(q, 6, x->name);
	stmt_text(q, 7, x->given);
	stmt_text(q, 8, x->truth);
	stmt_i64(q, 9, (int64_t)x->seed);
	stmt_i64(q, 10, x->right);
	stmt_i64(q, 11, x->helped);
	stmt_text(q, 12, x->tasks);
	stmt_i64(q, 13, x->took_ms);
	return stmt_run(q, d);
}

bool store_lab_event(struct store *s, const struct store_lab_event *x, const int64_t *due,
		     size_t due_count, int64_t preset_id, struct diags *d)
{
	bool own = !s->batch;
	if (own && !store_begin(s, d))
		return false;
	bool ok = insert(s, x, d);
	for (size_t i = 0; ok && i < due_count; i++) {
		struct store_answer a = {
			.part_id = due[i],
			.event = {.op = SRS_OP_DUE, .arg = 0, .at = x->at},
			.screen = "lab",
		};
		ok = store_log(s, &a, preset_id, NULL, NULL, d);
	}
	if (!own)
		return ok;
	if (ok)
		return store_commit(s, d);
	store_rollback(s);
	return false;
}

static int answer_value(int64_t v)
{
	return v < 0 ? -1 : v > 0;
}

bool store_lab_events(struct store *s, const char *lab,
		      void (*fn)(void *ctx, const struct store_lab_event *x), void *ctx,
		      struct diags *d)
{
	struct stmt *q = db_stmt(s->db, lab ? STMT_LAB_EVENTS_OF : STMT_LAB_EVENTS);
	if (lab)
		stmt_text(q, 1, lab);
	while (stmt_row(q)) {
		struct store_lab_event x = {
			.at = {.ms = col_i64(q, 0), .off_min = (int)col_i64(q, 1)},
			.day = (int32_t)col_i64(q, 2),
			.lab = col_text(q, 3),
			.what = col_text(q, 4),
			.name = col_text(q, 5),
			.given = col_text(q, 6),
			.truth = col_text(q, 7),
			.seed = (uint64_t)col_i64(q, 8),
			.right = answer_value(col_i64(q, 9)),
			.helped = col_i64(q, 10) != 0,
			.tasks = col_text(q, 11),
			.took_ms = col_i64(q, 12),
		};
		fn(ctx, &x);
	}
	return stmt_done(q, d);
}

/* The task of a blueprint in "dva-c02=1.1 dva-c03=1.1", in the arena. NULL: there is none. */
static const char *task_of(const char *tasks, const char *blueprint, struct arena *a)
{
	size_t len = strlen(blueprint);
	while (*tasks) {
		size_t word = strcspn(tasks, " ");
		if (word > len && !strncmp(tasks, blueprint, len) && tasks[len] == '=')
			return arena_strndup(a, tasks + len + 1, word - len - 1);
		tasks += word + (tasks[word] == ' ');
	}
	return NULL;
}

bool store_lab_tries(struct store *s, const char *blueprint, int32_t from_day, int64_t until_ms,
		     void (*fn)(void *ctx, const struct store_try *t), void *ctx, struct diags *d)
{
	struct arena a = {0};
	struct stmt *q = db_stmt(s->db, STMT_LAB_TRIES);
	stmt_i64(q, 1, from_day);
	stmt_i64(q, 2, until_ms);
	while (stmt_row(q)) {
		struct store_try t = {.day = (int32_t)col_i64(q, 0),
				      .right = col_i64(q, 1) != 0,
				      .task = task_of(col_text(q, 2), blueprint, &a)};
		fn(ctx, &t);
	}
	arena_clear(&a);
	return stmt_done(q, d);
}
