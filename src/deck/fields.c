/* fields.c -- one map of a deck file read by the table of keys; see load.h.
 *
 * Every error is reported where its value stands, and reading goes on: somebody who mends a deck
 * wants to see all that is wrong with it at once. A key whose value was refused counts as present,
 * so that one slip makes one message. */
#include "deck/load.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <assert.h>
#include <string.h>

static_assert(DECK_KEY_COUNT <= 64, "keys seen are bits of one word");

struct pos load_pos(const struct loader *l, const struct node *n)
{
	return node_pos(n, l->deck->file);
}

const char *load_brief(struct loader *l, const char *text)
{
	char *start = arena_strndup(&l->deck->arena, text, 200);
	return utf8_ellipsis(&l->deck->arena, start, 40);
}

static bool is_scalar(const struct node *n)
{
	return n->kind == NODE_TEXT || n->kind == NODE_NUMBER || n->kind == NODE_BOOL;
}

static bool is_blank(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

/* A card's id, or deck/id. */
static bool is_card_ref(const char *s)
{
	const char *slash = strchr(s, '/');
	char deck[MAX_SLUG + 1];
	if (!slash)
		return slug_valid(s);
	if (slash - s > MAX_SLUG)
		return false;
	memcpy(deck, s, (size_t)(slash - s));
	deck[slash - s] = '\0';
	return slug_valid(deck) && slug_valid(slash + 1);
}

static bool is_number(const char *s, long long max)
{
	long long n;
	return s[0] >= '1' && s[0] <= '9' && str_to_i64(s, 1, max, &n);
}

static bool type_error(struct loader *l, const struct node *n, const char *name, const char *wanted)
{
	return LOAD_ERROR(l, n, "deck-type", "\"%s\" must be %s, not %s", name, wanted,
			  node_kind_name(n->kind));
}

static bool value_error(struct loader *l, const struct node *n, const char *name,
			const char *problem)
{
	return LOAD_ERROR(l, n, "deck-value", "\"%s\" %s", name, problem);
}

static bool length_ok(struct loader *l, const struct node *n, const char *name, size_t max)
{
	if (n->len > MAX_CARD_TEXT)
		return LOAD_ERROR(l, n, "deck-too-long",
				  "\"%s\" has %zu bytes, at most %d are allowed", name, n->len,
				  MAX_CARD_TEXT);
	if (max == 0 || n->len <= max)
		return true;
	size_t count = utf8_count(n->text, n->len);
	return count <= max ||
	       (LOAD_ERROR(l, n, "deck-too-long",
			   "\"%s\" has %zu characters, at most %zu are allowed", name, count, max));
}

bool load_text_ok(struct loader *l, const struct node *n, const char *name, enum text_rule rule,
		  size_t max)
{
	if (!is_scalar(n))
		return type_error(l, n, name, rule == TEXT_SLUG ? "an id" : "text");
	if (memchr(n->text, '\0', n->len))
		return value_error(l, n, name, "holds a NUL character");
	if (is_blank(n->text))
		return value_error(l, n, name, "is empty");
	if (rule == TEXT_SLUG && !slug_valid(n->text))
		return LOAD_ERROR(l, n, "deck-slug",
				  "\"%s\" is not an id: use a-z, 0-9 and '-', at most %d of them, "
				  "with a letter or digit first",
				  load_brief(l, n->text), MAX_SLUG);
	if (rule == TEXT_LINE && strpbrk(n->text, "\r\n"))
		return value_error(l, n, name, "must be one line");
	return length_ok(l, n, name, max);
}

static bool count_ok(struct loader *l, const struct node *n, const struct deck_key *key)
{
	if (n->count < key->min)
		return LOAD_ERROR(l, n, "deck-value", "\"%s\" needs at least %zu, this has %zu",
				  key->name, key->min, n->count);
	if (key->max && n->count > key->max)
		return LOAD_ERROR(l, n, "deck-too-many",
				  "\"%s\" has %zu entries, at most %zu are allowed", key->name,
				  n->count, key->max);
	return true;
}

bool load_texts_ok(struct loader *l, const struct node *n, const struct deck_key *key,
		   enum text_rule rule)
{
	bool ok = true;
	if (n->kind == NODE_MAP)
		return type_error(l, n, key->name,
				  rule == TEXT_SLUG ? "an id or a list of ids" : "a list of texts");
	if (n->kind != NODE_LIST && key->min > 1)
		return type_error(l, n, key->name, "a list of texts");
	if (n->kind != NODE_LIST)
		return load_text_ok(l, n, key->name, rule, 0);
	if (!count_ok(l, n, key))
		return false;
	for (const struct node *e = n->child; e; e = e->next)
		ok &= load_text_ok(l, e, key->name, rule, 0);
	return ok;
}

bool load_nodes_ok(struct loader *l, const struct node *n, const struct deck_key *key,
		   enum node_kind kind)
{
	if (n->kind != kind)
		return type_error(l, n, key->name, kind == NODE_MAP ? "a map" : "a list");
	return count_ok(l, n, key);
}

static bool task_ok(struct loader *l, const struct node *n, const char *blueprint)
{
	return load_text_ok(l, n, blueprint, TEXT_LINE, 0) &&
	       (task_valid(n->text) || value_error(l, n, blueprint, "must be a task such as 1.1"));
}

/* The limit counts all tasks together, for each card may have a copy of them. */
static bool tasks_ok(struct loader *l, const struct node *n, const struct deck_key *key)
{
	bool ok = true;
	size_t total = 0;
	if (n->kind != NODE_MAP)
		return type_error(l, n, key->name, "a map of blueprints to tasks");
	for (const struct node *e = n->child; e; e = e->next) {
		bool list = e->kind == NODE_LIST;
		bool named = load_text_ok(l, e->key, key->name, TEXT_SLUG, 0);
		const char *name = named ? e->key->text : key->name;
		ok &= named;
		for (const struct node *t = list ? e->child : e; t; t = list ? t->next : NULL)
			ok &= task_ok(l, t, name);
		total += list && e->count ? e->count : 1;
	}
	if (total > key->max)
		return LOAD_ERROR(l, n, "deck-too-many", "%zu exam tasks, at most %zu are allowed",
				  total, key->max);
	return ok;
}

static bool word_error(struct loader *l, const struct node *n, const struct deck_key *key)
{
	bool format = key == &deck_keys[K_DECK_FORMAT];
	struct str all = {0};
	for (size_t i = 0; key->words[i]; i++)
		str_addf(&all, "%s%s",
			 i == 0              ? ""
			 : key->words[i + 1] ? ", "
					     : " or ",
			 key->words[i]);
	LOAD_ERROR(l, n, format ? "deck-format" : "deck-value", "\"%s\" must be %s, not \"%s\"%s",
		   key->name, str_c(&all), load_brief(l, n->text),
		   format ? "; a newer version of the program may read it" : "");
	str_clear(&all);
	return false;
}

static bool word_ok(struct loader *l, const struct node *n, const struct deck_key *key)
{
	for (size_t i = 0; key->words[i]; i++)
		if (strcmp(key->words[i], n->text) == 0)
			return true;
	return word_error(l, n, key);
}

static bool value_ok(struct loader *l, const struct node *n, const struct deck_key *key)
{
	const char *name = key->name;
	int32_t day;
	switch (key->type) {
	case KEY_SLUG:
		return load_text_ok(l, n, name, TEXT_SLUG, 0);
	case KEY_LINE:
		return load_text_ok(l, n, name, TEXT_LINE, key->max);
	case KEY_MARKDOWN:
		return load_text_ok(l, n, name, TEXT_ANY, 0);
	case KEY_SLUGS:
		return load_texts_ok(l, n, key, TEXT_SLUG);
	case KEY_LINES:
		return load_texts_ok(l, n, key, TEXT_LINE);
	case KEY_TASKS:
		return tasks_ok(l, n, key);
	case KEY_NODES:
		return true; /* their readers look themselves */
	case KEY_WORD:
		return load_text_ok(l, n, name, TEXT_LINE, 0) && word_ok(l, n, key);
	case KEY_NUMBER:
		return load_text_ok(l, n, name, TEXT_LINE, 0) &&
		       (is_number(n->text, (long long)key->max) ||
			value_error(l, n, name, "must be a number from 1 to 10"));
	case KEY_DATE:
		return load_text_ok(l, n, name, TEXT_LINE, 0) &&
		       (date_parse(n->text, &day) ||
			value_error(l, n, name, "must be a date that exists, as YYYY-MM-DD"));
	case KEY_URL:
		return load_text_ok(l, n, name, TEXT_LINE, 0) &&
		       (url_valid(n->text) ||
			value_error(l, n, name, "must be an address that starts with https://"));
	case KEY_CARD_REF:
		return load_text_ok(l, n, name, TEXT_LINE, 0) &&
		       (is_card_ref(n->text) ||
			value_error(l, n, name, "must be the id of a card, or deck/id"));
	case KEY_PROOF:
		return load_text_ok(l, n, name, TEXT_LINE, 0) &&
		       ((strchr(n->text, '/') && is_card_ref(n->text)) ||
			value_error(l, n, name,
				    "must be a request of a lab or of proofs, as "
				    "name/request"));
	}
	return false;
}
static_assert(MAX_OPTIONS == 10, "the message for KEY_NUMBER says so");

static void unknown_key(struct loader *l, const struct node *key, enum key_place place,
			enum card_kind kind)
{
	const struct deck_key *other = deck_key_find(place, CARD_KIND_COUNT, key->text);
	const char *near = deck_key_suggest(place, kind, key->text);
	const char *name = load_brief(l, key->text);
	if (other && kind != CARD_KIND_COUNT)
		LOAD_ERROR(l, key, "deck-unknown-key", "unknown key \"%s\": %s cards have none",
			   name, card_kind_names[kind]);
	else if (near)
		LOAD_ERROR(l, key, "deck-unknown-key", "unknown key \"%s\", did you mean \"%s\"?",
			   name, near);
	else
		LOAD_ERROR(l, key, "deck-unknown-key", "unknown key \"%s\": no %s has it", name,
			   key_place_names[place]);
}

static void missing_key(struct loader *l, const struct node *map, const struct deck_key *key,
			enum card_kind kind)
{
	if (key->place == KEY_CARD && kind != CARD_KIND_COUNT)
		LOAD_ERROR(l, map, "deck-missing-key", "\"%s\" is missing: every %s card needs it",
			   key->name, card_kind_names[kind]);
	else
		LOAD_ERROR(l, map, "deck-missing-key", "\"%s\" is missing: every %s needs it",
			   key->name, key_place_names[key->place]);
}

static bool must_have(const struct deck_key *key, enum card_kind kind)
{
	if (key->place != KEY_CARD)
		return key->required;
	if (kind == CARD_KIND_COUNT)
		return key->required == (1u << CARD_KIND_COUNT) - 1;
	return key->required >> kind & 1;
}

bool load_fields(struct loader *l, const struct node *map, enum key_place place,
		 enum card_kind kind, struct fields *f)
{
	uint64_t seen = 0;
	size_t first, end;
	bool ok = true;
	*f = (struct fields){{0}};
	if (map->kind != NODE_MAP)
		return type_error(l, map, key_place_names[place], "a map of keys");
	for (const struct node *n = map->child; n; n = n->next) {
		const struct deck_key *key = deck_key_find(place, kind, n->key->text);
		if (!key || n->key->len != strlen(key->name)) {
			unknown_key(l, n->key, place, kind);
			ok = false;
			continue;
		}
		size_t id = (size_t)(key - deck_keys);
		seen |= UINT64_C(1) << id;
		if (value_ok(l, n, key))
			f->v[id] = n;
		else
			ok = false;
	}
	deck_key_range(place, &first, &end);
	for (size_t id = first; id < end; id++) {
		if ((seen >> id & 1) || !must_have(&deck_keys[id], kind))
			continue;
		missing_key(l, map, &deck_keys[id], kind);
		ok = false;
	}
	return ok;
}

const char *load_text(const struct node *n)
{
	return n ? n->text : NULL;
}

const char **load_texts(struct loader *l, const struct node *n, size_t *count)
{
	size_t i = 0;
	*count = !n ? 0 : n->kind == NODE_LIST ? n->count : 1;
	if (*count == 0)
		return NULL;
	const char **out = arena_alloc(&l->deck->arena, *count * sizeof(*out));
	if (n->kind != NODE_LIST)
		out[i++] = n->text;
	else
		for (const struct node *e = n->child; e; e = e->next)
			out[i++] = e->text;
	return out;
}
