/* treelog.c -- see treelog.h. A step is one row; the cards that a mistake makes due are changed in
 * the same transaction, so that no kill can keep the mistake and lose the review. */
#include "store/treelog.h"

#include "store/inside.h"

static bool insert(struct store *s, const struct store_tree_step *x, int64_t target,
		   struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_TREE_STEP_INSERT);
	stmt_i64(q, 1, x->at.ms);
	stmt_i64(q, 2, x->at.off_min);
	stmt_i64(q, 3, x->day);
	stmt_text(q, 4, x->tree);
	stmt_text(q, 5, x->mode);
	stmt_i64(q, 6, (int64_t)x->seed);
	stmt_text(q, 7, x->flip);
	stmt_text(q, 8, x->needs);
	stmt_text(q, 9, x->node);
	stmt_text(q, 10, x->given);
	stmt_text(q, 11, x->truth);
	stmt_i64(q, 12, x->counts);
	stmt_i64(q, 13, x->ends);
	stmt_i64(q, 14, target);
	return stmt_run(q, d);
}

bool store_tree_step(struct store *s, const struct store_tree_step *x, const int64_t *due,
		     size_t due_count, int64_t preset_id, int64_t *id, struct diags *d)
{
	if (!store_begin(s, d))
		return false;
	bool ok = insert(s, x, 0, d);
	*id = db_last_id(s->db);
	for (size_t i = 0; ok && i < due_count; i++) {
		struct store_answer a = {
			.part_id = due[i],
			.event = {.op = SRS_OP_DUE, .arg = 0, .at = x->at},
			.screen = "tree",
		};
		ok = store_log(s, &a, preset_id, NULL, NULL, d);
	}
	if (ok)
		return store_commit(s, d);
	store_rollback(s);
	return false;
}

bool store_tree_undo(struct store *s, const char *tree, int64_t id, struct moment at, int32_t day,
		     struct diags *d)
{
	struct store_tree_step x = {.at = at,
				    .day = day,
				    .tree = tree,
				    .mode = "",
				    .flip = "",
				    .needs = "",
				    .node = "",
				    .given = "",
				    .truth = ""};
	if (!store_write_begin(s, d))
		return false;
	return store_write_end(s, insert(s, &x, id, d), d);
}

bool store_tree_steps(struct store *s, const char *tree,
		      void (*fn)(void *ctx, const struct store_tree_step *x), void *ctx,
		      struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_TREE_STEPS);
	stmt_text(q, 1, tree);
	while (stmt_row(q)) {
		struct store_tree_step x = {
			.tree = tree,
			.mode = col_text(q, 0),
			.node = col_text(q, 1),
			.given = col_text(q, 2),
			.truth = col_text(q, 3),
			.counts = col_i64(q, 4) != 0,
			.ends = (int)col_i64(q, 5),
		};
		fn(ctx, &x);
	}
	return stmt_done(q, d);
}
