/* lintcard.c -- rules about the notation of cloze and typed cards.
 *
 * A pattern is tried on answers that people could give and on answers that nobody gives but that
 * make a badly nested repeat explode: two hundred times a letter the pattern knows, and then
 * something it cannot end with. The engine counts its steps, so that a try costs a bounded time
 * however bad the pattern is; grading has the same bound, and a pattern that hits it there grades a
 * right answer wrong.
 */
#include "deck/lintrule.h"

#include "base/markdown.h"
#include "deck/part.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#define PROBE_LENGTH 200 /* bytes */
#define MAX_LETTERS 16   /* of one pattern that are tried */

static_assert(MAX_CLOZE < 32, "cloze numbers are bits of one word");

void lint_cloze_gap(struct lint *l, const struct card *c)
{
	unsigned seen = 0;
	struct part *parts;
	size_t n = card_parts(&l->arena, c, &parts);

	for (size_t i = 0; i < n; i++)
		seen |= 1u << parts[i].cloze;
	for (int number = 1; seen >> number; number++)
		if (!(seen >> number & 1)) {
			lint_report(l, LINT_CLOZE_GAP, lint_at(l, c, "text"),
				    "\"%s\" has a hole with a higher number but none with c%d",
				    c->id, number);
			return;
		}
}

/* The ASCII letters and digits of a pattern, each once; at most MAX_LETTERS. */
static size_t letters_of(const char *pattern, char *letters)
{
	size_t n = 0;

	for (const char *p = pattern; *p && n < MAX_LETTERS; p++)
		if (isalnum((unsigned char)*p) && !memchr(letters, *p, n))
			letters[n++] = *p;
	return n;
}

/* unit over and over, a sign, and all letters once: the engine would see at a glance that a letter
 * it needs is missing, and not try. */
static enum regex_result try_repeated(struct regex *re, const char *unit, const char *letters,
				      size_t n)
{
	char probe[PROBE_LENGTH + 1 + MAX_LETTERS];
	size_t len = strlen(unit);

	for (size_t i = 0; i < PROBE_LENGTH; i++)
		probe[i] = unit[i % len];
	probe[PROBE_LENGTH] = '!';
	memcpy(probe + PROBE_LENGTH + 1, letters, n);
	return regex_match(re, probe, PROBE_LENGTH + 1 + n);
}

/* Does the pattern hit its limit on some probe? */
static bool explodes(struct regex *re, const char *pattern)
{
	static const char *const common[] = {"1", "x", " ", "a b "};
	char letters[MAX_LETTERS];
	size_t n = letters_of(pattern, letters);

	for (size_t i = 0; i < ARRAY_LEN(common); i++)
		if (try_repeated(re, common[i], letters, n) == REGEX_LIMIT)
			return true;
	for (size_t i = 0; i < n; i++) {
		const char unit[] = {letters[i], '\0'};

		if (try_repeated(re, unit, letters, n) == REGEX_LIMIT)
			return true;
	}
	return false;
}

/* What is known of the model answer while the patterns are tried. */
struct model {
	const char *raw;  /* as written */
	struct str words; /* as it reads */
	bool matched;
	bool unsure; /* a pattern failed or gave up: no mismatch can be claimed */
};

static enum regex_result match_model(struct regex *re, const struct model *m)
{
	enum regex_result raw = regex_match(re, m->raw, strlen(m->raw));

	return raw == REGEX_NO ? regex_match(re, str_c(&m->words), m->words.len) : raw;
}

static void check_pattern(struct lint *l, const struct card *c, size_t i, struct model *m)
{
	const char *pattern = c->typed.accept[i];
	struct pos at = c->typed.accept_pos[i];
	struct diags problems = {0};
	struct regex *re = regex_new(pattern, REGEX_CASELESS | REGEX_WHOLE, at, &problems);
	enum regex_result result = re ? match_model(re, m) : REGEX_NO;

	m->matched |= result == REGEX_YES;
	if (!re) {
		m->unsure = true;
		lint_report(l, LINT_PATTERN, at, "pattern %zu of \"%s\": %s", i + 1, c->id,
			    diags_first(&problems));
	} else if (result == REGEX_LIMIT || explodes(re, pattern)) {
		m->unsure |= result == REGEX_LIMIT;
		lint_report(l, LINT_PATTERN_LIMIT, at,
			    "pattern %zu of \"%s\" gives up on %s: avoid repeats within repeats",
			    i + 1, c->id,
			    result == REGEX_LIMIT ? "the model answer" : "a long answer");
	}
	regex_free(re);
	diags_clear(&problems);
}

void lint_typed(struct lint *l, const struct card *c)
{
	struct model m = {.raw = str_trim(&l->arena, c->typed.show)};

	md_words(&m.words, c->typed.show);
	for (size_t i = 0; i < c->typed.count; i++)
		check_pattern(l, c, i, &m);
	if (!m.matched && !m.unsure)
		lint_report(l, LINT_SHOW_MISMATCH, lint_at(l, c, "show"),
			    "the model answer of \"%s\" is matched by none of its patterns", c->id);
	str_clear(&m.words);
}
