/* put.c -- see put.h. A load of a hundred thousand cards that did not change must cost no more than
 * making their JSON and comparing its hash, so that comes first; words, title, labels and review
 * cards are looked at only when it differs. The search index has no copy of the words: it must be
 * told the old ones when they change. */
#include "store/put.h"
#include "base/markdown.h"
#include "base/random.h"
#include "deck/part.h"

#include <stdlib.h>
#include <string.h>

#define SCRATCH_BYTES ((size_t)1 << 20)

void loader_clear(struct loader *l)
{
	str_clear(&l->body);
	str_clear(&l->title);
	str_clear(&l->words);
	str_clear(&l->tags);
	str_clear(&l->tasks);
	arena_clear(&l->scratch);
}

/* -- labels ---------------------------------------------------------------- */

static void label_texts(struct loader *l, const struct card *c)
{
	str_reset(&l->tags);
	str_reset(&l->tasks);
	for (size_t i = 0; i < c->tag_count; i++) {
		str_add(&l->tags, c->tags[i]);
		str_addc(&l->tags, '\n');
	}
	for (size_t i = 0; i < c->task_count; i++)
		str_addf(&l->tasks, "%s %s\n", c->tasks[i].blueprint, c->tasks[i].task);
}

static bool find_label(struct loader *l, int64_t *id, struct diags *d)
{
	struct stmt *q = db_stmt(l->s->db, STMT_LABEL_ID);
	stmt_textn(q, 1, str_c(&l->tags), l->tags.len);
	stmt_textn(q, 2, str_c(&l->tasks), l->tasks.len);
	*id = stmt_row(q) ? col_i64(q, 0) : 0;
	if (!stmt_done(q, d))
		return false;
	if (*id)
		return true;
	q = db_stmt(l->s->db, STMT_LABEL_INSERT);
	stmt_textn(q, 1, str_c(&l->tags), l->tags.len);
	stmt_textn(q, 2, str_c(&l->tasks), l->tasks.len);
	if (!stmt_run(q, d))
		return false;
	*id = db_last_id(l->s->db);
	return true;
}

static bool label_of(struct loader *l, const struct card *c, int64_t *id, struct diags *d)
{
	label_texts(l, c);
	uint64_t hash = hash_bytes(str_c(&l->tags), l->tags.len,
				   hash_bytes(str_c(&l->tasks), l->tasks.len, 1));
	size_t slot = hash % LABEL_MEMO;
	if (l->labels[slot].id && l->labels[slot].hash == hash) {
		*id = l->labels[slot].id;
		return true;
	}
	if (!find_label(l, id, d))
		return false;
	l->labels[slot].hash = hash;
	l->labels[slot].id = *id;
	return true;
}

/* -- review cards ---------------------------------------------------------- */

struct known_part {
	int64_t id;
	const char *name;
	bool aside, wanted;
};

static bool known_parts(struct loader *l, int64_t card_id, struct known_part **out, size_t *count,
			struct diags *d)
{
	size_t cap = 0;
	*out = NULL;
	*count = 0;
	struct stmt *q = db_stmt(l->s->db, STMT_PARTS_OF_CARD);
	stmt_i64(q, 1, card_id);
	while (stmt_row(q)) {
		*out = array_grow(*out, &cap, *count + 1, sizeof(**out));
		(*out)[(*count)++] = (struct known_part){
			.id = col_i64(q, 0),
			.name = col_copy(q, 1, &l->scratch),
			.aside = col_i64(q, 2) != 0,
		};
	}
	return stmt_done(q, d);
}

/* Set the part aside or put it into its deck, at its place. */
static bool place_part(struct loader *l, int64_t part_id, bool aside, uint64_t group,
		       int64_t position, struct diags *d)
{
	struct state st;
	int64_t due;
	if (!state_get(l->s, part_id, &st, d))
		return false;
	st.aside = aside;
	st.position = position;
	enum queue queue = state_queue(&st, &due);
	struct stmt *q = db_stmt(l->s->db, STMT_STATE_PLACE);
	stmt_i64(q, 1, part_id);
	stmt_i64(q, 2, queue);
	stmt_i64(q, 3, due);
	stmt_i64(q, 4, (int64_t)group);
	stmt_i64(q, 5, position);
	return stmt_run(q, d);
}

static bool set_part_aside(struct loader *l, const struct known_part *k, bool aside,
			   struct diags *d)
{
	if (k->aside == aside)
		return true;
	struct stmt *q = db_stmt(l->s->db, STMT_PART_ASIDE);
	stmt_i64(q, 1, k->id);
	stmt_i64(q, 2, aside);
	if (aside)
		l->report->parts_removed++;
	else
		l->report->parts_added++;
	return stmt_run(q, d);
}

static bool insert_part(struct loader *l, int64_t card_id, const struct place *p, const char *name,
			uint64_t group, int64_t position, struct diags *d)
{
	uint64_t seed = hash_text(part_key(&l->scratch, p->deck->slug, p->card->id, name));
	struct srs_card fresh;
	srs_card_init(&fresh);
	struct stmt *q = db_stmt(l->s->db, STMT_PART_INSERT);
	stmt_i64(q, 1, card_id);
	stmt_text(q, 2, name);
	stmt_i64(q, 3, (int64_t)seed);
	if (!stmt_run(q, d))
		return false;
	q = db_stmt(l->s->db, STMT_STATE_INSERT);
	stmt_i64(q, 1, db_last_id(l->s->db));
	stmt_i64(q, 2, QUEUE_NEW);
	stmt_i64(q, 3, position);
	stmt_i64(q, 4, card_id);
	stmt_i64(q, 5, (int64_t)group);
	stmt_i64(q, 6, position);
	state_bind(q, 7, &fresh);
	l->report->parts_added++;
	return stmt_run(q, d);
}

static struct known_part *part_named(struct known_part *parts, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(parts[i].name, name))
			return &parts[i];
	return NULL;
}

static bool put_parts(struct loader *l, bool is_new, int64_t card_id, const struct place *p,
		      uint64_t group, struct diags *d)
{
	struct known_part *known = NULL;
	struct part *parts;
	size_t n = 0, count = card_parts(&l->scratch, p->card, &parts);
	bool ok = is_new || known_parts(l, card_id, &known, &n, d);
	for (size_t i = 0; ok && i < count; i++) {
		int64_t position = p->position + (int64_t)i;
		struct known_part *k = part_named(known, n, parts[i].name);
		if (k) {
			k->wanted = true;
			ok = set_part_aside(l, k, false, d) &&
			     place_part(l, k->id, false, group, position, d);
		} else {
			ok = insert_part(l, card_id, p, parts[i].name, group, position, d);
		}
	}
	for (size_t i = 0; ok && i < n; i++)
		if (!known[i].wanted)
			ok = set_part_aside(l, &known[i], true, d) &&
			     place_part(l, known[i].id, true, group, p->position, d);
	free(known);
	return ok;
}

/* -- the card itself ------------------------------------------------------- */

/* What of a card is worked out only when it is written. */
struct facts {
	uint64_t hash, body_hash, group;
	int64_t label;
};

static bool write_card(struct loader *l, const struct known *old, const struct place *p,
		       const struct facts *f, int64_t *id, struct diags *d)
{
	struct stmt *q = db_stmt(l->s->db, old ? STMT_CARD_UPDATE : STMT_CARD_INSERT);
	if (old)
		stmt_i64(q, 1, old->id);
	stmt_i64(q, 2, p->deck_id);
	stmt_text(q, 3, p->card->id);
	stmt_i64(q, 4, p->card->kind);
	stmt_i64(q, 5, f->label);
	stmt_i64(q, 6, p->position);
	stmt_i64(q, 7, p->line);
	stmt_i64(q, 8, (int64_t)f->hash);
	stmt_i64(q, 9, (int64_t)f->body_hash);
	stmt_i64(q, 10, (int64_t)f->group);
	if (!old) {
		stmt_i64(q, 11, l->now.ms);
		stmt_i64(q, 12, l->load);
	}
	if (!stmt_run(q, d))
		return false;
	*id = old ? old->id : db_last_id(l->s->db);
	return true;
}

static bool index_words(struct loader *l, enum stmt_id id, int64_t card_id, const char *words,
			size_t n, struct diags *d)
{
	struct stmt *q = db_stmt(l->s->db, id);
	stmt_i64(q, 1, card_id);
	stmt_textn(q, 2, words, n);
	return stmt_run(q, d);
}

/* Take the words out of the index that the card has now, unless they are those in l->words. */
static bool drop_words(struct loader *l, int64_t card_id, bool *same, struct diags *d)
{
	struct str old = {0};
	struct stmt *q = db_stmt(l->s->db, STMT_TEXT_WORDS);
	stmt_i64(q, 1, card_id);
	bool found = stmt_row(q);
	if (found)
		str_add(&old, col_text(q, 0));
	bool ok = stmt_done(q, d);
	*same = found && l->words.len == old.len && !memcmp(str_c(&l->words), str_c(&old), old.len);
	if (ok && found && !*same)
		ok = index_words(l, STMT_FTS_REMOVE, card_id, str_c(&old), old.len, d);
	str_clear(&old);
	return ok;
}

static bool write_text(struct loader *l, bool is_new, int64_t card_id, const struct card *c,
		       struct diags *d)
{
	bool same = false;
	str_reset(&l->title);
	str_reset(&l->words);
	md_words(&l->title, card_title(c));
	card_words(&l->words, c);
	if (!is_new && !drop_words(l, card_id, &same, d))
		return false;
	struct stmt *q = db_stmt(l->s->db, STMT_TEXT_PUT);
	stmt_i64(q, 1, card_id);
	stmt_textn(q, 2, str_c(&l->title), l->title.len);
	stmt_textn(q, 3, str_c(&l->words), l->words.len);
	stmt_textn(q, 4, str_c(&l->body), l->body.len);
	return stmt_run(q, d) &&
	       (same || index_words(l, STMT_FTS_ADD, card_id, str_c(&l->words), l->words.len, d));
}

/* The same card at another place in its deck. */
static bool shift_card(struct loader *l, const struct known *old, const struct place *p,
		       struct diags *d)
{
	if (old->position == p->position && old->line == p->line)
		return true;
	struct stmt *q = db_stmt(l->s->db, STMT_CARD_SHIFT);
	stmt_i64(q, 1, old->id);
	stmt_i64(q, 2, p->position);
	stmt_i64(q, 3, p->line);
	if (!stmt_run(q, d))
		return false;
	q = db_stmt(l->s->db, STMT_STATES_SHIFT);
	stmt_i64(q, 1, old->id);
	stmt_i64(q, 2, p->position - old->position);
	return stmt_run(q, d);
}

bool put_card(struct loader *l, const struct known *old, const struct place *p, bool *rewritten,
	      struct diags *d)
{
	struct facts f;
	int64_t id;
	str_reset(&l->body);
	deck_card_json(&l->body, p->deck, p->card);
	f.body_hash = hash_bytes(str_c(&l->body), l->body.len, 0);
	*rewritten = false;
	if (old && !old->set_aside && old->body_hash == f.body_hash)
		return shift_card(l, old, p, d);
	f.hash = card_hash(p->card);
	f.group = hash_text(p->card->tag_count ? p->card->tags[0] : p->deck->slug);
	if (l->scratch.total > SCRATCH_BYTES)
		arena_clear(&l->scratch);
	if (!label_of(l, p->card, &f.label, d))
		return false;
	*rewritten = !old || old->hash != f.hash || old->label != f.label;
	return write_card(l, old, p, &f, &id, d) && write_text(l, !old, id, p->card, d) &&
	       put_parts(l, !old, id, p, f.group, d);
}

bool put_aside(struct loader *l, int64_t card_id, struct diags *d)
{
	struct known_part *parts = NULL;
	size_t n = 0;
	struct stmt *q = db_stmt(l->s->db, STMT_CARD_ASIDE);
	stmt_i64(q, 1, card_id);
	stmt_i64(q, 2, l->load);
	bool ok = stmt_run(q, d) && known_parts(l, card_id, &parts, &n, d);
	for (size_t i = 0; ok && i < n; i++)
		ok = set_part_aside(l, &parts[i], true, d);
	free(parts);
	if (!ok)
		return false;
	l->report->removed++;
	q = db_stmt(l->s->db, STMT_STATES_ASIDE);
	stmt_i64(q, 1, card_id);
	return stmt_run(q, d);
}

bool put_has_log(struct loader *l, int64_t card_id, bool *has, struct diags *d)
{
	struct stmt *q = db_stmt(l->s->db, STMT_CARD_HAS_LOG);
	stmt_i64(q, 1, card_id);
	*has = stmt_row(q);
	return stmt_done(q, d);
}

bool put_delete(struct loader *l, int64_t card_id, struct diags *d)
{
	static const enum stmt_id steps[] = {STMT_STATES_DELETE, STMT_PARTS_DELETE,
					     STMT_TEXT_DELETE, STMT_CARD_DELETE};
	bool same;
	str_reset(&l->words);
	bool ok = drop_words(l, card_id, &same, d);
	if (ok && same) /* nothing to search for in it, but the index knows it */
		ok = index_words(l, STMT_FTS_REMOVE, card_id, "", 0, d);
	for (size_t i = 0; ok && i < ARRAY_LEN(steps); i++) {
		struct stmt *q = db_stmt(l->s->db, steps[i]);
		stmt_i64(q, 1, card_id);
		ok = stmt_run(q, d);
	}
	return ok;
}
