/* sync.c -- see store.h: a deck as read from its file becomes the store's deck. Cards are matched
 * by their hand-written id, never by their text, so rewording keeps history. The order of steps
 * decides what is recognised:
 *
 *	1. `was:` gives a card of the store its new name;
 *	2. what the file no longer has is set aside: only now can it be found again elsewhere;
 *	3. each card of the file is matched: under its id, renamed, moved from another deck, or new.
 *
 * A move between decks is seen in either order. When the deck it left is read first, the card
 * was just set aside and is taken from there. When the deck it came to is read first, a new card
 * of that id was just added and has no history yet: the old card takes its place. "Just" is this
 * load or the one before it, counted in meta.loads; with the same text it may be any time. */
#include "base/random.h"
#include "store/put.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct sync {
	struct loader load;
	const struct deck *deck;
	int64_t deck_id;
	struct arena arena;
	struct known *known; /* the store's cards of this deck */
	size_t count, cap;
	struct known **slots; /* by hash of slug */
	size_t slot_mask;
	struct known **match; /* by number of the card in the file: what it is in the store */
	bool any_aside;
};

static void sync_clear(struct sync *y)
{
	loader_clear(&y->load);
	arena_clear(&y->arena);
	free(y->known);
	free(y->slots);
}

/* -- what the store has ---------------------------------------------------- */

static bool load_number(struct store *s, int64_t *out, struct diags *d)
{
	if (!s->load) {
		struct stmt *q = db_stmt(s->db, STMT_LOADS_NEXT);
		if (!stmt_run(q, d))
			return false;
		q = db_stmt(s->db, STMT_LOADS);
		if (stmt_row(q))
			s->load = col_i64(q, 0);
		if (!stmt_done(q, d))
			return false;
	}
	*out = s->load;
	return true;
}

static void index_known(struct sync *y)
{
	size_t slots = 16;
	while (slots < y->count * 2)
		slots *= 2;
	y->slots = xcalloc(slots, sizeof(struct known *));
	y->slot_mask = slots - 1;
	for (size_t i = 0; i < y->count; i++) {
		size_t at = hash_text(y->known[i].slug) & y->slot_mask;
		while (y->slots[at])
			at = (at + 1) & y->slot_mask;
		y->slots[at] = &y->known[i];
	}
}

static struct known *find_known(const struct sync *y, const char *slug)
{
	size_t at = hash_text(slug) & y->slot_mask;
	while (y->slots[at] && strcmp(y->slots[at]->slug, slug) != 0)
		at = (at + 1) & y->slot_mask;
	return y->slots[at];
}

static bool read_known(struct sync *y, int64_t deck_id, struct diags *d)
{
	struct stmt *q = db_stmt(y->load.s->db, STMT_CARDS_OF_DECK);
	stmt_i64(q, 1, deck_id);
	while (stmt_row(q)) {
		y->known = array_grow(y->known, &y->cap, y->count + 1, sizeof(*y->known));
		y->known[y->count++] = (struct known){
			.id = col_i64(q, 0),
			.slug = col_copy(q, 1, &y->arena),
			.label = col_i64(q, 2),
			.set_aside = col_i64(q, 3),
			.position = col_i64(q, 4),
			.line = (int)col_i64(q, 5),
			.hash = (uint64_t)col_i64(q, 6),
			.body_hash = (uint64_t)col_i64(q, 7),
		};
	}
	if (!stmt_done(q, d))
		return false;
	index_known(y);
	return true;
}

static bool deck_id_of(struct store *s, const char *slug, size_t n, int64_t *id, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_DECK_ID);
	stmt_textn(q, 1, slug, n);
	*id = stmt_row(q) ? col_i64(q, 0) : 0;
	return stmt_done(q, d);
}

static bool put_deck(struct sync *y, const char *path, struct diags *d)
{
	struct store *s = y->load.s;
	if (!deck_id_of(s, y->deck->slug, strlen(y->deck->slug), &y->deck_id, d))
		return false;
	struct stmt *q = db_stmt(s->db, y->deck_id ? STMT_DECK_UPDATE : STMT_DECK_INSERT);
	if (y->deck_id)
		stmt_i64(q, 1, y->deck_id);
	else
		stmt_text(q, 1, y->deck->slug);
	stmt_text(q, 2, y->deck->title);
	stmt_text(q, 3, path);
	if (!stmt_run(q, d))
		return false;
	if (!y->deck_id)
		y->deck_id = db_last_id(s->db);
	return true;
}

/* -- files ----------------------------------------------------------------- */

static bool put_file(struct store *s, const struct store_file *f, const char *deck, bool bad,
		     struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_FILE_PUT);
	stmt_text(q, 1, f->path);
	stmt_i64(q, 2, f->mtime_ns);
	stmt_i64(q, 3, f->size);
	stmt_i64(q, 4, (int64_t)f->hash);
	stmt_text(q, 5, deck ? deck : "");
	stmt_i64(q, 6, bad);
	return stmt_run(q, d);
}

static bool file_deck(struct store *s, const char *path, struct arena *a, const char **slug,
		      struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_FILE_DECK);
	stmt_text(q, 1, path);
	*slug = stmt_row(q) ? col_copy(q, 0, a) : "";
	return stmt_done(q, d);
}

/* No other file may hold this deck. */
static bool check_single(struct sync *y, const char *path, struct diags *d)
{
	struct stmt *q = db_stmt(y->load.s->db, STMT_FILE_OF_DECK);
	stmt_text(q, 1, y->deck->slug);
	stmt_text(q, 2, path);
	const char *other = stmt_row(q) ? col_copy(q, 0, &y->arena) : NULL;
	if (!stmt_done(q, d))
		return false;
	return !other ||
	       diag_error(d, y->deck->pos, "store-deck-twice",
			  "deck \"%s\" is also in %s: give one of them another name after deck:",
			  y->deck->slug, other);
}

/* -- set aside, moved, renamed --------------------------------------------- */

struct elsewhere {
	int64_t id, position, deck_id;
	int line;
};

/* A card of this id in another deck: set aside, or there. */
static bool find_elsewhere(struct sync *y, const char *slug, uint64_t hash, bool aside,
			   struct elsewhere *out, struct diags *d)
{
	struct stmt *q = db_stmt(y->load.s->db, STMT_CARD_ELSEWHERE);
	stmt_text(q, 1, slug);
	stmt_i64(q, 2, y->deck_id);
	stmt_i64(q, 3, aside);
	stmt_i64(q, 4, y->load.load - 1);
	stmt_i64(q, 5, (int64_t)hash);
	*out = (struct elsewhere){0};
	if (stmt_row(q))
		*out = (struct elsewhere){.id = col_i64(q, 0),
					  .position = col_i64(q, 2),
					  .line = (int)col_i64(q, 3),
					  .deck_id = col_i64(q, 4)};
	return stmt_done(q, d);
}

static bool read_body(struct sync *y, int64_t card_id, struct deck *out, struct diags *d)
{
	struct stmt *q = db_stmt(y->load.s->db, STMT_TEXT_BODY);
	stmt_i64(q, 1, card_id);
	char *json = stmt_row(q) ? col_copy(q, 0, &y->arena) : "";
	return stmt_done(q, d) && deck_read_card(out, json, strlen(json), d);
}

/* The card of history `old` takes the place of the newcomer at e, which has none. */
static bool take_place(struct sync *y, const struct known *old, const struct elsewhere *e,
		       struct diags *d)
{
	struct deck one;
	bool rewritten;
	if (!read_body(y, e->id, &one, d))
		return false;
	struct place p = {.deck = &one,
			  .card = &one.cards[0],
			  .deck_id = e->deck_id,
			  .position = e->position,
			  .line = e->line};
	struct known anew = {.id = old->id};
	bool ok = put_delete(&y->load, e->id, d) && put_card(&y->load, &anew, &p, &rewritten, d);
	deck_clear(&one);
	y->load.report->moved += ok;
	return ok;
}

/* The file no longer has this card. */
static bool lose_card(struct sync *y, const struct known *k, struct diags *d)
{
	struct elsewhere e;
	bool ours = false, theirs = true;
	if (!find_elsewhere(y, k->slug, k->hash, false, &e, d))
		return false;
	if (e.id &&
	    (!put_has_log(&y->load, k->id, &ours, d) || !put_has_log(&y->load, e.id, &theirs, d)))
		return false;
	return ours && !theirs ? take_place(y, k, &e, d) : put_aside(&y->load, k->id, d);
}

static bool lose_missing(struct sync *y, struct diags *d)
{
	for (size_t i = 0; i < y->count; i++)
		if (!y->known[i].keep && !y->known[i].set_aside && !lose_card(y, &y->known[i], d))
			return false;
	return true;
}

/* All cards of a deck that is in no file any more. */
static bool lose_deck(struct loader *l, const char *slug, struct diags *d)
{
	struct sync y = {.load = {.s = l->s, .now = l->now, .load = l->load, .report = l->report}};
	bool ok = deck_id_of(l->s, slug, strlen(slug), &y.deck_id, d) &&
		  (!y.deck_id || (read_known(&y, y.deck_id, d) && lose_missing(&y, d)));
	sync_clear(&y);
	return ok;
}

/* The card that `was` names; id 0 when there is none. */
static bool find_was(struct sync *y, const char *was, struct known *out, struct diags *d)
{
	const char *slash = strchr(was, '/');
	int64_t deck_id = y->deck_id;
	*out = (struct known){0};
	if (slash && !deck_id_of(y->load.s, was, (size_t)(slash - was), &deck_id, d))
		return false;
	struct stmt *q = db_stmt(y->load.s->db, STMT_CARD_BY_KEY);
	stmt_text(q, 1, slash ? slash + 1 : was);
	stmt_i64(q, 2, deck_id);
	if (stmt_row(q))
		*out = (struct known){.id = col_i64(q, 0),
				      .set_aside = col_i64(q, 1),
				      .slug = arena_strdup(&y->arena, slash ? slash + 1 : was)};
	return stmt_done(q, d);
}

/* A newcomer under the new name may be in the store already, when `was:` was written after the
 * renaming. It gives way if only the old card has history. */
static bool may_rename(struct sync *y, const struct card *c, const struct known *old,
		       struct known *own, bool *yes, struct diags *d)
{
	bool ours, theirs;
	*yes = !own;
	if (!own)
		return true;
	if (!put_has_log(&y->load, old->id, &theirs, d) ||
	    !put_has_log(&y->load, own->id, &ours, d))
		return false;
	if (theirs && ours)
		diag_note(d, c->pos, "store-both-studied",
			  "\"%s\" and \"%s\" were both studied: their histories stay apart", c->was,
			  c->id);
	*yes = theirs && !ours;
	return !*yes || put_delete(&y->load, own->id, d);
}

static bool rename_card(struct sync *y, size_t i, struct diags *d)
{
	const struct card *c = &y->deck->cards[i];
	struct known old, *own = y->match[i];
	bool yes;
	if (!find_was(y, c->was, &old, d))
		return false;
	struct known *here = strchr(c->was, '/') ? NULL : find_known(y, c->was);
	if (!old.id || old.id == (own ? own->id : 0) || (here && here->keep))
		return true;
	if (!may_rename(y, c, &old, own, &yes, d))
		return false;
	if (!yes)
		return true;
	if (here)
		here->keep = true;
	y->match[i] = arena_alloc(&y->arena, sizeof(old));
	*y->match[i] = old;
	y->load.report->renamed++;
	return true;
}

/* -- one deck -------------------------------------------------------------- */

static bool match_cards(struct sync *y, struct diags *d)
{
	size_t n = y->deck->card_count;
	y->match = arena_alloc(&y->arena, (n + 1) * sizeof(struct known *));
	for (size_t i = 0; i < n; i++) {
		y->match[i] = find_known(y, y->deck->cards[i].id);
		if (y->match[i])
			y->match[i]->keep = true;
	}
	for (size_t i = 0; i < n; i++)
		if (y->deck->cards[i].was && !rename_card(y, i, d))
			return false;
	if (!lose_missing(y, d))
		return false;
	struct stmt *q = db_stmt(y->load.s->db, STMT_CARD_ANY_ASIDE);
	y->any_aside = stmt_row(q);
	return stmt_done(q, d);
}

static bool note_likely(struct sync *y, const struct card *c, uint64_t hash, struct diags *d)
{
	struct stmt *q = db_stmt(y->load.s->db, STMT_CARD_SAME_TEXT);
	stmt_i64(q, 1, (int64_t)hash);
	stmt_i64(q, 2, c->kind);
	const char *deck = NULL, *card = NULL;
	if (stmt_row(q)) {
		deck = col_copy(q, 0, &y->arena);
		card = col_copy(q, 1, &y->arena);
	}
	if (!stmt_done(q, d))
		return false;
	if (!card)
		return true;
	bool same = !strcmp(deck, y->deck->slug);
	diag_note(d, c->pos, "store-maybe-renamed",
		  "new card \"%s\" has the text of \"%s/%s\", which is gone: \"was: %s%s%s\" would "
		  "keep its history",
		  c->id, deck, card, same ? "" : deck, same ? "" : "/", card);
	return true;
}

/* A card the deck did not have: moved here from another deck, or new. */
static bool newcomer(struct sync *y, const struct place *p, struct known **old, struct diags *d)
{
	struct elsewhere e;
	uint64_t hash = card_hash(p->card);
	if (!find_elsewhere(y, p->card->id, hash, true, &e, d))
		return false;
	if (!e.id)
		return note_likely(y, p->card, hash, d);
	*old = arena_alloc(&y->arena, sizeof(**old));
	**old = (struct known){.id = e.id};
	y->load.report->moved++;
	return true;
}

static bool sync_card(struct sync *y, size_t i, struct diags *d)
{
	const struct card *c = &y->deck->cards[i];
	struct known *old = y->match[i];
	struct place p = {.deck = y->deck,
			  .card = c,
			  .deck_id = y->deck_id,
			  .line = c->pos.line,
			  .position = y->deck_id << POSITION_DECK_SHIFT |
				      (int64_t)i << POSITION_CARD_SHIFT};
	bool own = old && old->body_hash, rewritten;
	if (!old && y->any_aside && !newcomer(y, &p, &old, d))
		return false;
	if (!put_card(&y->load, old, &p, &rewritten, d))
		return false;
	if (!old)
		y->load.report->added++;
	else if (own && old->set_aside)
		y->load.report->returned++;
	else if (own)
		y->load.report->changed += rewritten;
	return true;
}

static bool sync_deck(struct sync *y, const struct store_file *f, struct diags *d)
{
	struct store *s = y->load.s;
	const char *former;
	if (!load_number(s, &y->load.load, d) || !check_single(y, f->path, d) ||
	    !file_deck(s, f->path, &y->arena, &former, d))
		return false;
	if (former[0] && strcmp(former, y->deck->slug) != 0 && !lose_deck(&y->load, former, d))
		return false;
	if (!put_deck(y, f->path, d) || !read_known(y, y->deck_id, d) || !match_cards(y, d))
		return false;
	for (size_t i = 0; i < y->deck->card_count; i++)
		if (!sync_card(y, i, d))
			return false;
	return put_file(s, f, y->deck->slug, false, d);
}

bool store_sync_deck(struct store *s, const struct deck *deck, const struct store_file *f,
		     struct moment now, struct store_sync *report, struct diags *d)
{
	struct store_sync ignored;
	struct sync y = {.load = {.s = s, .now = now, .report = report ? report : &ignored},
			 .deck = deck};
	*y.load.report = (struct store_sync){0};
	cardmap_clear(&s->map);
	bool ok = store_write_begin(s, d) && store_write_end(s, sync_deck(&y, f, d), d);
	sync_clear(&y);
	return ok;
}

bool store_file_seen(struct store *s, const struct store_file *f, struct diags *d)
{
	assert(s->mode == STORE_WRITE);
	return put_file(s, f, f->deck, f->bad, d);
}

static bool file_gone(struct loader *l, const char *path, struct diags *d)
{
	const char *slug;
	if (!load_number(l->s, &l->load, d) || !file_deck(l->s, path, &l->scratch, &slug, d))
		return false;
	struct stmt *q = db_stmt(l->s->db, STMT_FILE_DELETE);
	stmt_text(q, 1, path);
	return stmt_run(q, d) && (!slug[0] || lose_deck(l, slug, d));
}

bool store_file_gone(struct store *s, const char *path, struct store_sync *report, struct diags *d)
{
	struct store_sync ignored;
	struct loader l = {.s = s, .report = report ? report : &ignored};
	*l.report = (struct store_sync){0};
	cardmap_clear(&s->map);
	bool ok = store_write_begin(s, d) && store_write_end(s, file_gone(&l, path, d), d);
	loader_clear(&l);
	return ok;
}
