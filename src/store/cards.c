/* cards.c -- see store.h: cards and decks as the store has them. All look-ups by id or key are one
 * statement. */
#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

static enum card_kind kind_value(int64_t v)
{
	return v >= 0 && v < CARD_KIND_COUNT ? (enum card_kind)v : CARD_BASIC;
}

/* -- one review card ------------------------------------------------------- */

static void read_item(struct stmt *q, bool body, struct arena *a, struct store_item *out)
{
	*out = (struct store_item){
		.part_id = col_i64(q, 0),
		.card_id = col_i64(q, 1),
		.deck = col_copy(q, 2, a),
		.deck_title = col_copy(q, 3, a),
		.card = col_copy(q, 4, a),
		.part = col_copy(q, 5, a),
		.title = col_copy(q, 6, a),
		.file = col_copy(q, 7, a),
		.line = (int)col_i64(q, 8),
		.kind = kind_value(col_i64(q, 9)),
		.set_aside = col_i64(q, 10) != 0,
		.fuzz_seed = (uint64_t)col_i64(q, 11),
	};
	state_col(q, 12, &out->state);
	out->body = body ? col_copy(q, 12 + STATE_COLUMN_COUNT, a) : NULL;
}

static bool get_item(struct store *s, int64_t part_id, bool body, struct arena *a,
		     struct store_item *out, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, body ? STMT_ITEM : STMT_ROW);
	stmt_i64(q, 1, part_id);
	bool found = stmt_row(q);
	if (found)
		read_item(q, body, a, out);
	if (!stmt_done(q, d))
		return false;
	return found || diag_fail(d, "store-no-card", "there is no card number %lld in the store",
				  (long long)part_id);
}

bool store_item(struct store *s, int64_t part_id, struct arena *a, struct store_item *out,
		struct diags *d)
{
	return get_item(s, part_id, true, a, out, d);
}

bool store_row(struct store *s, int64_t part_id, struct arena *a, struct store_item *out,
	       struct diags *d)
{
	return get_item(s, part_id, false, a, out, d);
}

bool store_find(struct store *s, const char *key, int64_t *part_id, struct diags *d)
{
	const char *slash = strchr(key, '/');
	const char *hash = strchr(key, '#');
	*part_id = 0;
	if (!slash || (hash && hash < slash))
		return true;
	const char *card = slash + 1;
	size_t card_len = hash ? (size_t)(hash - card) : strlen(card);
	struct stmt *q = db_stmt(s->db, hash ? STMT_PART_FIND : STMT_PART_FIND_FIRST);
	stmt_textn(q, 1, key, (size_t)(slash - key));
	stmt_textn(q, 2, card, card_len);
	if (hash)
		stmt_text(q, 3, hash + 1);
	if (stmt_row(q))
		*part_id = col_i64(q, 0);
	return stmt_done(q, d);
}

bool store_parts_of(struct store *s, int64_t card_id, struct arena *a, int64_t **ids, size_t *count,
		    struct diags *d)
{
	int64_t *found = NULL;
	size_t n = 0, cap = 0;
	struct stmt *q = db_stmt(s->db, STMT_PARTS_SHOWN);
	stmt_i64(q, 1, card_id);
	while (stmt_row(q)) {
		found = array_grow(found, &cap, n + 1, sizeof(*found));
		found[n++] = col_i64(q, 0);
	}
	bool ok = stmt_done(q, d);
	*count = ok ? n : 0;
	*ids = arena_alloc(a, (*count + 1) * sizeof(**ids));
	if (*count)
		memcpy(*ids, found, *count * sizeof(**ids));
	free(found);
	return ok;
}

/* -- tags ------------------------------------------------------------------ */

static int by_text(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* Tags of one label are one a line. */
static void split_lines(const char *lines, struct arena *a, const char ***items, size_t *n,
			size_t *cap)
{
	while (*lines) {
		size_t len = strcspn(lines, "\n");
		*items = array_grow(*items, cap, *n + 1, sizeof(**items));
		(*items)[(*n)++] = arena_strndup(a, lines, len);
		lines += len + (lines[len] == '\n');
	}
}

bool store_tags(struct store *s, struct arena *a, const char ***tags, size_t *count,
		struct diags *d)
{
	const char **all = NULL;
	size_t n = 0, cap = 0;
	struct stmt *q = db_stmt(s->db, STMT_LABELS_USED);
	while (stmt_row(q))
		split_lines(col_text(q, 0), a, &all, &n, &cap);
	bool ok = stmt_done(q, d);
	if (n)
		qsort(all, n, sizeof(*all), by_text);
	*tags = arena_alloc(a, (n + 1) * sizeof(**tags));
	*count = 0;
	for (size_t i = 0; ok && i < n; i++)
		if (!i || strcmp(all[i], all[i - 1]))
			(*tags)[(*count)++] = all[i];
	free(all);
	return ok;
}

/* -- decks ----------------------------------------------------------------- */

/* The decks being counted, and where the deck of an id stands among them. */
struct deck_list {
	struct store_deck *items;
	size_t count, cap;
	size_t *at; /* deck id -> index + 1, 0 = none */
	size_t at_cap;
};

static bool list_decks(struct store *s, struct deck_list *l, struct arena *a, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_DECKS);
	while (stmt_row(q)) {
		size_t id = (size_t)col_i64(q, 0), old = l->at_cap;
		l->items = array_grow(l->items, &l->cap, l->count + 1, sizeof(*l->items));
		l->at = array_grow(l->at, &l->at_cap, id + 1, sizeof(*l->at));
		memset(l->at + old, 0, (l->at_cap - old) * sizeof(*l->at));
		l->items[l->count] = (struct store_deck){
			.slug = col_copy(q, 1, a),
			.title = col_copy(q, 2, a),
			.file = col_copy(q, 3, a),
		};
		if (!col_i64(q, 4))
			l->items[l->count].file = "";
		l->at[id] = ++l->count;
	}
	return stmt_done(q, d);
}

static struct store_deck *deck_of(const struct deck_list *l, int64_t id)
{
	return id > 0 && (size_t)id < l->at_cap && l->at[id] ? &l->items[l->at[id] - 1] : NULL;
}

static bool count_cards(struct store *s, const struct deck_list *l, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_DECK_CARDS);
	while (stmt_row(q)) {
		struct store_deck *deck = deck_of(l, col_i64(q, 0));
		if (deck)
			deck->cards = (int)col_i64(q, 1);
	}
	return stmt_done(q, d);
}

static void count_part(struct stmt *q, struct moment now, int32_t today, struct store_deck *deck)
{
	int64_t queue = col_i64(q, 1), due = col_i64(q, 2);
	bool is_due =
		(queue == QUEUE_LEARN && due <= now.ms) || (queue == QUEUE_DAY && due <= today);
	deck->parts++;
	deck->suspended += queue == QUEUE_SUSPENDED;
	deck->leeches += col_i64(q, 4) != 0;
	deck->due += is_due && col_i64(q, 5) != today;
	switch (state_value(col_i64(q, 3))) {
	case SRS_NEW:
		deck->fresh++;
		break;
	case SRS_LEARN:
	case SRS_RELEARN:
		deck->learning++;
		break;
	case SRS_REVIEW:
		deck->review++;
		break;
	}
}

static bool count_parts(struct store *s, const struct deck_list *l, struct moment now,
			int32_t today, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_DECK_PARTS);
	while (stmt_row(q)) {
		struct store_deck *deck = deck_of(l, col_i64(q, 0) >> POSITION_DECK_SHIFT);
		if (deck)
			count_part(q, now, today, deck);
	}
	return stmt_done(q, d);
}

bool store_decks(struct store *s, struct moment now, int day_start_min, struct arena *a,
		 struct store_deck **out, size_t *count, struct diags *d)
{
	struct deck_list l = {0};
	bool ok = list_decks(s, &l, a, d) && count_cards(s, &l, d) &&
		  count_parts(s, &l, now, day_of(now, day_start_min), d);
	*out = arena_alloc(a, (l.count + 1) * sizeof(**out));
	*count = 0;
	/* A deck that is in no file and has nothing left is history. */
	for (size_t i = 0; ok && i < l.count; i++)
		if (l.items[i].cards || l.items[i].file[0])
			(*out)[(*count)++] = l.items[i];
	free(l.items);
	free(l.at);
	return ok;
}

/* -- deck files ------------------------------------------------------------ */

bool store_files(struct store *s, struct arena *a, struct store_file **out, size_t *count,
		 struct diags *d)
{
	struct store_file *files = NULL;
	size_t n = 0, cap = 0;
	struct stmt *q = db_stmt(s->db, STMT_FILES);
	while (stmt_row(q)) {
		files = array_grow(files, &cap, n + 1, sizeof(*files));
		files[n++] = (struct store_file){
			.path = col_copy(q, 0, a),
			.mtime_ns = col_i64(q, 1),
			.size = col_i64(q, 2),
			.hash = (uint64_t)col_i64(q, 3),
			.deck = col_copy(q, 4, a),
			.bad = col_i64(q, 5) != 0,
		};
	}
	bool ok = stmt_done(q, d);
	*count = ok ? n : 0;
	*out = arena_alloc(a, (*count + 1) * sizeof(**out));
	if (*count)
		memcpy(*out, files, *count * sizeof(**out));
	free(files);
	return ok;
}
