/* content.c -- files of content by what they are; see content.h.
 *
 * The kind is found by looking at the first key before anything is parsed: a deck may have 256 MB
 * and is read once. A file whose first key is none of the kinds' is taken for a deck, whose reader
 * says what is wrong: keys of a deck may stand in any order. */
#include "deck/content.h"

#include "base/file.h"
#include "base/suggest.h"
#include "deck/keys.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *const content_kind_names[CONTENT_KIND_COUNT] = {
	[CONTENT_DECK] = "deck",
	[CONTENT_EXAM] = "exam",
};

void content_clear(struct content *c)
{
	for (size_t i = 0; i < c->deck_count; i++) {
		deck_clear(c->decks[i]);
		free(c->decks[i]);
	}
	for (size_t i = 0; i < c->exam_count; i++) {
		blueprint_clear(c->exams[i]);
		free(c->exams[i]);
	}
	free(c->decks);
	free(c->exams);
	*c = (struct content){0};
}

/* -- what a file is ---------------------------------------------------------------------------- */

static bool is_key_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

/* Skip what may stand before the first key: a byte order mark, blank lines, comments, the start of
 * the document, of a flow map and of a quoted key. */
static struct slice first_key(const char *p, size_t n)
{
	const char *end = p + n;
	if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		p += 3;
	while (p < end) {
		if (*p == '#' || *p == '%' ||
		    (*p == '-' && end - p >= 3 && memcmp(p, "---", 3) == 0))
			while (p < end && *p != '\n')
				p++;
		else if (strchr(" \t\r\n{\"'", *p) && *p)
			p++;
		else
			break;
	}
	const char *key = p;
	while (p < end && is_key_byte(*p))
		p++;
	return (struct slice){key, (size_t)(p - key)};
}

static int kind_named(struct slice key)
{
	for (int kind = 0; kind < CONTENT_KIND_COUNT; kind++)
		if (slice_is(key, content_kind_names[kind]))
			return kind;
	return -1;
}

enum content_kind content_kind_of(const char *bytes, size_t n)
{
	int kind = kind_named(first_key(bytes, n));
	return kind < 0 ? CONTENT_DECK : (enum content_kind)kind;
}

/* "matrx": nearly a kind, and no key of a deck. */
static bool check_kind(const char *file, const char *bytes, size_t n, struct diags *d)
{
	struct slice key = first_key(bytes, n);
	struct arena a = {0};
	bool ok = true;
	const char *name = arena_strndup(&a, key.p, key.len < MAX_SLUG ? key.len : MAX_SLUG);
	if (kind_named(key) < 0 && !deck_key_find(KEY_DECK, CARD_KIND_COUNT, name)) {
		const char *near = suggest(name, content_kind_names, CONTENT_KIND_COUNT);
		if (near)
			ok = diag_error(d, (struct pos){file, 1, 1}, "content-kind",
					"a file begins with what it is, but \"%s\" is no kind of "
					"file, did you mean \"%s\"?",
					name, near);
	}
	arena_clear(&a);
	return ok;
}

/* -- reading ----------------------------------------------------------------------------------- */

static bool read_deck(struct content *c, const char *file, const char *bytes, size_t n,
		      struct diags *d)
{
	struct deck deck;
	if (!deck_read(&deck, file, bytes, n, d))
		return false;
	c->decks = array_grow(c->decks, &c->deck_cap, c->deck_count + 1, sizeof(struct deck *));
	c->decks[c->deck_count] = xmalloc(sizeof(deck));
	*c->decks[c->deck_count++] = deck;
	return true;
}

static bool read_exam(struct content *c, const char *file, const char *bytes, size_t n,
		      struct diags *d)
{
	struct blueprint exam;
	if (n > MAX_BLUEPRINT_BYTES)
		return diag_error(d, (struct pos){file, 1, 1}, "exam-too-long",
				  "%zu bytes, at most %zu are allowed", n, MAX_BLUEPRINT_BYTES);
	if (!blueprint_read(&exam, file, bytes, n, d))
		return false;
	c->exams =
		array_grow(c->exams, &c->exam_cap, c->exam_count + 1, sizeof(struct blueprint *));
	c->exams[c->exam_count] = xmalloc(sizeof(exam));
	*c->exams[c->exam_count++] = exam;
	return true;
}

bool content_read(struct content *c, const char *file, const char *bytes, size_t n, struct diags *d)
{
	static bool (*const read[])(struct content *, const char *, const char *, size_t,
				    struct diags *) = {
		[CONTENT_DECK] = read_deck,
		[CONTENT_EXAM] = read_exam,
	};
	static_assert(ARRAY_LEN(read) == CONTENT_KIND_COUNT, "every kind has a reader");
	return check_kind(file, bytes, n, d) &&
	       read[content_kind_of(bytes, n)](c, file, bytes, n, d);
}

bool content_read_file(struct content *c, const char *path, struct diags *d)
{
	struct str bytes = {0};
	bool ok = file_read(path, MAX_DECK_BYTES, &bytes, d) &&
		  content_read(c, path, str_c(&bytes), bytes.len, d);
	str_clear(&bytes);
	return ok;
}

/* -- rules ------------------------------------------------------------------------------------- */

void content_know(struct content_known *k, const struct content *c, const char *exams_dir)
{
	*k = (struct content_known){0};
	blueprints_read(&k->bundled, exams_dir, NULL);
	k->exams = xcalloc(c->exam_count + k->bundled.count + 1, sizeof(*k->exams));
	for (size_t i = 0; i < c->exam_count; i++)
		k->exams[k->exam_count++] = c->exams[i];
	for (size_t i = 0; i < k->bundled.count; i++) {
		bool given = false;
		for (size_t j = 0; j < c->exam_count; j++)
			given |= str_eq(c->exams[j]->id, k->bundled.items[i].id);
		if (!given)
			k->exams[k->exam_count++] = &k->bundled.items[i];
	}
}

void content_known_clear(struct content_known *k)
{
	blueprints_clear(&k->bundled);
	free(k->exams);
	*k = (struct content_known){0};
}

bool content_lint(const struct content *c, const struct lint_options *o, struct diags *d)
{
	bool ok = lint_exams((const struct blueprint *const *)c->exams, c->exam_count, o, d);
	return lint_decks((const struct deck *const *)c->decks, c->deck_count, o, d) && ok;
}
