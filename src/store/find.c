/* find.c -- see store.h: the leaves of a search. Each leaf is one prepared statement or one walk
 * over the card map; a table says which, so a new leaf is a row. Words go to the full-text index as
 * a quoted phrase, so nothing that is typed means anything to its query language; prefixes of one
 * to three letters have an index of their own. What has no letters in it ("->", "$") is no word to
 * that index and is looked for in the text itself. */
#include "base/regex.h"
#include "store/inside.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

struct asked {
	struct store *s;
	const struct store_leaf *leaf;
	struct moment now;
	int32_t today;
	const struct srs_preset *preset;
};

/* -- rows of ids ----------------------------------------------------------- */

/* Column 0 of all rows: part ids. */
static bool add_parts(struct stmt *q, struct idset *out, struct diags *d)
{
	while (stmt_row(q))
		idset_add(out, col_i64(q, 0));
	return stmt_done(q, d);
}

/* Column 0 of all rows: card ids. */
static bool add_cards(struct store *s, struct stmt *q, struct idset *out, struct diags *d)
{
	while (stmt_row(q))
		cardmap_add(&s->map, col_i64(q, 0), out);
	return stmt_done(q, d);
}

/* -- words and patterns ---------------------------------------------------- */

/* "two words"* with quotes doubled: a phrase whose last word may go on. */
static void phrase(struct str *out, const char *text)
{
	str_addc(out, '"');
	for (const char *p = text; *p; p++) {
		if (*p == '"')
			str_addc(out, '"');
		str_addc(out, *p);
	}
	str_add(out, "\"*");
}

static bool has_ascii_letters(const char *text)
{
	for (; *text; text++)
		if ((*text >= '0' && *text <= '9') || (*text >= 'A' && *text <= 'Z') ||
		    (*text >= 'a' && *text <= 'z'))
			return true;
	return false;
}

static bool find_substring(const struct asked *k, struct idset *out, struct diags *d)
{
	struct stmt *q = db_stmt(k->s->db, STMT_FIND_SUBSTRING);
	stmt_text(q, 1, k->leaf->text);
	return add_cards(k->s, q, out, d);
}

static bool find_words(const struct asked *k, struct idset *out, struct diags *d)
{
	struct str match = {0};
	struct idset found = {0};
	if (!cardmap_ready(k->s, false, d))
		return false;
	phrase(&match, k->leaf->text);
	struct stmt *q = db_stmt(k->s->db, STMT_FIND_FTS);
	stmt_textn(q, 1, str_c(&match), match.len);
	bool ok = add_cards(k->s, q, &found, d);
	if (ok && !found.words && !has_ascii_letters(k->leaf->text))
		ok = find_substring(k, &found, d);
	if (ok)
		idset_or(out, &found);
	idset_clear(&found);
	str_clear(&match);
	return ok;
}

static bool find_regex(const struct asked *k, struct idset *out, struct diags *d)
{
	if (!cardmap_ready(k->s, false, d))
		return false;
	struct stmt *q = db_stmt(k->s->db, STMT_FIND_WORDS);
	while (stmt_row(q)) {
		const char *words = col_text(q, 1);
		if (regex_match(k->leaf->regex, words, col_bytes(q, 1)) == REGEX_YES)
			cardmap_add(&k->s->map, col_i64(q, 0), out);
	}
	return stmt_done(q, d);
}

/* -- what the card map knows ----------------------------------------------- */

static bool find_all(const struct asked *k, struct idset *out, struct diags *d)
{
	if (!cardmap_ready(k->s, false, d))
		return false;
	const struct cardmap *m = &k->s->map;
	for (size_t i = 0; m->cards && i < m->start[m->cards]; i++)
		idset_add(out, m->parts[i]);
	return true;
}

static bool find_kind(const struct asked *k, struct idset *out, struct diags *d)
{
	if (!cardmap_ready(k->s, true, d))
		return false;
	const struct cardmap *m = &k->s->map;
	for (size_t i = 0; i < m->fact_count; i++)
		if (m->facts[i].kind == k->leaf->number)
			cardmap_add(m, m->facts[i].card, out);
	return true;
}

/* A name as typed: whole, or what comes before a '*' at the end. Case does not matter. */
static bool name_meets(const char *name, size_t n, const char *typed)
{
	size_t len = strlen(typed);
	if (len && typed[len - 1] == '*')
		return n >= len - 1 && !strncasecmp(name, typed, len - 1);
	return n == len && !strncasecmp(name, typed, n);
}

static bool find_deck(const struct asked *k, struct idset *out, struct diags *d)
{
	struct idset decks = {0};
	bool ok = cardmap_ready(k->s, true, d);
	struct stmt *q = db_stmt(k->s->db, STMT_FIND_DECKS);
	while (ok && stmt_row(q)) {
		const char *slug = col_text(q, 1);
		if (name_meets(slug, col_bytes(q, 1), k->leaf->text))
			idset_add(&decks, col_i64(q, 0));
	}
	ok = stmt_done(q, d) && ok;
	const struct cardmap *m = &k->s->map;
	for (size_t i = 0; ok && i < m->fact_count; i++)
		if (idset_has(&decks, m->facts[i].deck))
			cardmap_add(m, m->facts[i].card, out);
	idset_clear(&decks);
	return ok;
}

static bool tag_meets(const char *line, size_t n, const char *typed)
{
	return name_meets(line, n, typed);
}

/* "dva-c02 2.1" meets "2.1" and "2.". */
static bool task_meets(const char *line, size_t n, const char *typed)
{
	const char *space = memchr(line, ' ', n);
	size_t len = strlen(typed);
	if (!space || !len)
		return false;
	n -= (size_t)(space + 1 - line);
	if (typed[len - 1] == '.')
		return n >= len && !strncasecmp(space + 1, typed, len);
	return name_meets(space + 1, n, typed);
}

static bool any_line(const char *lines,
		     bool (*meets)(const char *line, size_t n, const char *typed),
		     const char *typed)
{
	while (*lines) {
		size_t n = strcspn(lines, "\n");
		if (meets(lines, n, typed))
			return true;
		lines += n + (lines[n] == '\n');
	}
	return false;
}

static bool find_label(const struct asked *k, struct idset *out, struct diags *d)
{
	bool tag = k->leaf->kind == LEAF_TAG;
	struct idset labels = {0};
	bool ok = cardmap_ready(k->s, true, d);
	struct stmt *q = db_stmt(k->s->db, STMT_LABELS);
	while (ok && stmt_row(q))
		if (any_line(col_text(q, tag ? 1 : 2), tag ? tag_meets : task_meets, k->leaf->text))
			idset_add(&labels, col_i64(q, 0));
	ok = stmt_done(q, d) && ok;
	const struct cardmap *m = &k->s->map;
	for (size_t i = 0; ok && i < m->fact_count; i++)
		if (idset_has(&labels, m->facts[i].label))
			cardmap_add(m, m->facts[i].card, out);
	idset_clear(&labels);
	return ok;
}

/* Ids are lower case, so the range of a prefix is the prefix up to the prefix and 0x7f. */
static bool find_id(const struct asked *k, struct idset *out, struct diags *d)
{
	struct arena a = {0};
	char *low = arena_strdup(&a, k->leaf->text);
	size_t n = strlen(low);
	if (!cardmap_ready(k->s, false, d))
		return false;
	for (char *p = low; *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
	bool prefix = n && low[n - 1] == '*';
	if (prefix)
		low[n - 1] = '\0';
	char *high = arena_printf(&a, "%s\x7f", low);
	struct stmt *q = db_stmt(k->s->db, prefix ? STMT_FIND_ID_PREFIX : STMT_FIND_ID);
	stmt_text(q, 1, low);
	if (prefix)
		stmt_text(q, 2, high);
	bool ok = add_cards(k->s, q, out, d);
	arena_clear(&a);
	return ok;
}

/* ---- what the states know ------------------------------------------------------------ */

static bool find_due(const struct asked *k, struct idset *out, struct diags *d)
{
	struct stmt *q = db_stmt(k->s->db, STMT_FIND_DUE);
	stmt_i64(q, 1, k->now.ms);
	stmt_i64(q, 2, k->today);
	return add_parts(q, out, d);
}

static bool find_recall(const struct asked *k, struct idset *out, struct diags *d)
{
	struct srs_card c;
	struct stmt *q = db_stmt(k->s->db, STMT_FIND_MEMORY);
	srs_card_init(&c);
	while (stmt_row(q)) {
		c.state = state_value(col_i64(q, 1));
		c.last_day = (int32_t)col_i64(q, 2);
		c.last_ms = col_i64(q, 3);
		c.stability_d = col_real(q, 4);
		c.difficulty = col_real(q, 5);
		double recall = srs_recall(k->preset, &c, k->now);
		if (recall >= k->leaf->lo && recall <= k->leaf->hi)
			idset_add(out, col_i64(q, 0));
	}
	return stmt_done(q, d);
}

static bool find_rated(const struct asked *k, struct idset *out, struct diags *d)
{
	struct idset undone = {0}, rated = {0}, shown = {0};
	bool ok = log_undone(k->s, &undone, d);
	struct stmt *q = db_stmt(k->s->db, STMT_FIND_RATED);
	stmt_i64(q, 1, k->today - k->leaf->number);
	stmt_real(q, 2, k->leaf->lo);
	stmt_real(q, 3, k->leaf->hi);
	while (ok && stmt_row(q))
		if (!idset_has(&undone, col_i64(q, 0)))
			idset_add(&rated, col_i64(q, 1));
	ok = stmt_done(q, d) && ok && find_all(k, &shown, d);
	if (ok) {
		idset_and(&rated, &shown);
		idset_or(out, &rated);
	}
	idset_clear(&undone);
	idset_clear(&rated);
	idset_clear(&shown);
	return ok;
}

static bool find_added(const struct asked *k, struct idset *out, struct diags *d)
{
	int64_t first = k->today - k->leaf->number + 1;
	if (!cardmap_ready(k->s, false, d))
		return false;
	struct stmt *q = db_stmt(k->s->db, STMT_FIND_ADDED);
	stmt_i64(q, 1,
		 first < INT32_MIN / 2
			 ? INT64_MIN
			 : day_start_ms((int32_t)first, k->now.off_min, k->preset->day_start_min));
	return add_cards(k->s, q, out, d);
}

/* ---- the table ----------------------------------------------------------------------- */

enum binds { BIND_NOTHING, BIND_NUMBER, BIND_TODAY, BIND_RANGE, BIND_RANGE_TODAY };

static const struct finder {
	bool (*find)(const struct asked *k, struct idset *out,
		     struct diags *d); /* or a statement that gives parts: */
	enum stmt_id stmt;
	enum binds binds;
} finders[] = {
	[LEAF_ALL] = {.find = find_all},
	[LEAF_WORDS] = {.find = find_words},
	[LEAF_REGEX] = {.find = find_regex},
	[LEAF_TAG] = {.find = find_label},
	[LEAF_DECK] = {.find = find_deck},
	[LEAF_ID] = {.find = find_id},
	[LEAF_KIND] = {.find = find_kind},
	[LEAF_STATE] = {.stmt = STMT_FIND_STATE, .binds = BIND_NUMBER},
	[LEAF_DUE] = {.find = find_due},
	[LEAF_SUSPENDED] = {.stmt = STMT_FIND_SUSPENDED},
	[LEAF_LEECH] = {.stmt = STMT_FIND_LEECH},
	[LEAF_BURIED] = {.stmt = STMT_FIND_BURIED, .binds = BIND_TODAY},
	[LEAF_SET_ASIDE] = {.stmt = STMT_FIND_ASIDE},
	[LEAF_FLAG] = {.stmt = STMT_FIND_FLAG, .binds = BIND_RANGE},
	[LEAF_TASK] = {.find = find_label},
	[LEAF_LAPSES] = {.stmt = STMT_FIND_LAPSES, .binds = BIND_RANGE},
	[LEAF_REPS] = {.stmt = STMT_FIND_REPS, .binds = BIND_RANGE},
	[LEAF_INTERVAL] = {.stmt = STMT_FIND_INTERVAL, .binds = BIND_RANGE},
	[LEAF_DUE_IN] = {.stmt = STMT_FIND_DUE_IN, .binds = BIND_RANGE_TODAY},
	[LEAF_STABILITY] = {.stmt = STMT_FIND_STABILITY, .binds = BIND_RANGE},
	[LEAF_DIFFICULTY] = {.stmt = STMT_FIND_DIFFICULTY, .binds = BIND_RANGE},
	[LEAF_RECALL] = {.find = find_recall},
	[LEAF_RATED] = {.find = find_rated},
	[LEAF_ADDED] = {.find = find_added},
};
static_assert(ARRAY_LEN(finders) == LEAF_KIND_COUNT, "every leaf has a row");

static bool find_rows(const struct asked *k, const struct finder *f, struct idset *out,
		      struct diags *d)
{
	struct stmt *q = db_stmt(k->s->db, f->stmt);
	switch (f->binds) {
	case BIND_NOTHING:
		break;
	case BIND_NUMBER:
		stmt_i64(q, 1, k->leaf->number);
		break;
	case BIND_TODAY:
		stmt_i64(q, 1, k->today);
		break;
	case BIND_RANGE_TODAY:
		stmt_i64(q, 3, k->today);
		/* fall through */
	case BIND_RANGE:
		stmt_real(q, 1, k->leaf->lo);
		stmt_real(q, 2, k->leaf->hi);
		break;
	}
	return add_parts(q, out, d);
}

bool store_leaf(struct store *s, const struct store_leaf *leaf, struct moment now,
		const struct srs_preset *p, struct idset *out, struct diags *d)
{
	const struct finder *f = &finders[leaf->kind];
	struct asked k = {.s = s,
			  .leaf = leaf,
			  .now = now,
			  .preset = p,
			  .today = day_of(now, p->day_start_min)};
	return f->find ? f->find(&k, out, d) : find_rows(&k, f, out, d);
}
