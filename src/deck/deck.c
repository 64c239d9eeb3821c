/* deck.c -- what can be done with a deck once it is loaded; see deck.h. Loading is in load.c,
 * fields.c and kinds.c.
 *
 * each_text() is the one place that knows which texts of a card a learner sees, in which order. The
 * search index and the hash that notices a reworded card are two visitors of it, so that a new kind
 * of card cannot be forgotten in one of them. */
#include "deck/deck.h"

#include "base/file.h"
#include "base/markdown.h"
#include "base/random.h"

#include <string.h>

bool deck_read_file(struct deck *out, const char *path, struct diags *d)
{
	struct str bytes = {0};
	*out = (struct deck){0};
	bool ok = file_read(path, MAX_DECK_BYTES, &bytes, d) &&
		  deck_read(out, path, str_c(&bytes), bytes.len, d);
	str_clear(&bytes);
	return ok;
}

void deck_clear(struct deck *deck)
{
	arena_clear(&deck->arena);
	*deck = (struct deck){0};
}

bool slug_valid(const char *s)
{
	size_t n = 0;
	for (; s[n]; n++) {
		bool word = (s[n] >= 'a' && s[n] <= 'z') || (s[n] >= '0' && s[n] <= '9');
		if (n >= MAX_SLUG || !(word || (n && s[n] == '-')))
			return false;
	}
	return n > 0;
}

bool url_valid(const char *s)
{
	const char *rest = str_starts(s, "https://")  ? s + 8
			   : str_starts(s, "http://") ? s + 7
						      : "";
	for (const char *p = rest; *p; p++)
		if ((unsigned char)*p <= ' ')
			return false;
	return *rest;
}

bool task_valid(const char *s)
{
	bool digit = false;
	size_t n = strlen(s);
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '.' && !digit)
			return false;
		if (s[i] != '.' && (s[i] < '0' || s[i] > '9'))
			return false;
		digit = s[i] != '.';
	}
	return digit && n <= 16;
}

const char *card_title(const struct card *c)
{
	switch (c->kind) {
	case CARD_BASIC:
	case CARD_REVERSED:
		return c->basic.front;
	case CARD_CLOZE:
		return c->cloze.filled;
	case CARD_TABLE:
		return c->table.title;
	case CARD_TRUEFALSE:
		return c->truefalse.statement;
	case CARD_CHOICE:
		return c->choice.question;
	case CARD_MATCHING:
		return c->matching.question;
	case CARD_ORDERING:
		return c->ordering.question;
	case CARD_TYPED:
		return c->typed.question;
	case CARD_KIND_COUNT:
		break;
	}
	return "";
}

/* -- visiting texts ---------------------------------------------------------------------------- */

/* text may be NULL: an optional text that is absent. */
typedef void text_fn(void *ctx, const char *text);

static void each_of(const char *const *texts, size_t n, text_fn *fn, void *ctx)
{
	for (size_t i = 0; i < n; i++)
		fn(ctx, texts[i]);
}

static void each_in_table(const struct card *c, text_fn *fn, void *ctx)
{
	each_of(c->table.columns, c->table.column_count, fn, ctx);
	for (size_t i = 0; i < c->table.row_count; i++) {
		fn(ctx, c->table.rows[i].heading);
		each_of(c->table.rows[i].cells, c->table.column_count, fn, ctx);
	}
}

static void each_in_choice(const struct card *c, text_fn *fn, void *ctx)
{
	for (size_t i = 0; i < c->choice.count; i++) {
		fn(ctx, c->choice.options[i].text);
		fn(ctx, c->choice.options[i].why);
	}
}

static void each_in_matching(const struct card *c, text_fn *fn, void *ctx)
{
	for (size_t i = 0; i < c->matching.count; i++) {
		fn(ctx, c->matching.pairs[i].left);
		fn(ctx, c->matching.pairs[i].right);
	}
	each_of(c->matching.decoys, c->matching.decoy_count, fn, ctx);
}

/* All texts that a learner sees; a cloze text with its holes filled in. */
static void each_text(const struct card *c, text_fn *fn, void *ctx)
{
	fn(ctx, card_title(c));
	switch (c->kind) {
	case CARD_BASIC:
	case CARD_REVERSED:
		fn(ctx, c->basic.back);
		break;
	case CARD_TABLE:
		each_in_table(c, fn, ctx);
		break;
	case CARD_CHOICE:
		each_in_choice(c, fn, ctx);
		break;
	case CARD_MATCHING:
		each_in_matching(c, fn, ctx);
		break;
	case CARD_ORDERING:
		each_of(c->ordering.items, c->ordering.count, fn, ctx);
		break;
	case CARD_TYPED:
		fn(ctx, c->typed.show);
		break;
	case CARD_CLOZE:
	case CARD_TRUEFALSE:
	case CARD_KIND_COUNT:
		break;
	}
	fn(ctx, c->hint);
	fn(ctx, c->why);
	fn(ctx, c->lore);
}

/* -- words and hash ---------------------------------------------------------------------------- */

static void add_words(void *ctx, const char *text)
{
	struct str *out = ctx;
	if (!text)
		return;
	size_t before = out->len;
	if (before)
		str_addc(out, ' ');
	size_t start = out->len;
	md_words(out, text);
	if (out->len == start)
		str_truncate(out, before);
}

void card_words(struct str *out, const struct card *c)
{
	struct str line = {0};
	each_text(c, add_words, &line);
	str_addn(out, str_c(&line), line.len);
	str_clear(&line);
}

static void add_hash(void *ctx, const char *text)
{
	uint64_t *h = ctx;
	*h = hash_mix(*h, text ? hash_text(text) : 0);
}

uint64_t card_hash(const struct card *c)
{
	uint64_t h = hash_mix(0, (uint64_t)c->kind);
	if (c->kind == CARD_CLOZE)
		add_hash(&h, c->cloze.text);
	if (c->kind == CARD_TABLE)
		h = hash_mix(h, (uint64_t)c->table.ask);
	if (c->kind == CARD_TRUEFALSE)
		h = hash_mix(h, c->truefalse.answer);
	for (size_t i = 0; c->kind == CARD_CHOICE && i < c->choice.count; i++)
		h = hash_mix(h, c->choice.options[i].right);
	each_text(c, add_hash, &h);
	return h;
}

const struct deck *deck_of_card(const char *card, const struct deck *const *decks, size_t n)
{
	size_t len = strcspn(card, "/");
	for (size_t i = 0; i < n; i++)
		if (strncmp(decks[i]->slug, card, len) == 0 && !decks[i]->slug[len])
			return decks[i];
	return NULL;
}

bool deck_has(const struct deck *deck, const char *id)
{
	for (size_t i = 0; i < deck->card_count; i++)
		if (strcmp(deck->cards[i].id, id) == 0)
			return true;
	return false;
}
