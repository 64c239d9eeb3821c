/* lintchoice.c -- rules about one question and its options.
 *
 * They follow the item-writing rules that testing research agrees on (Haladyna, Downing and
 * Rodriguez 2002): every option a real mistake with its reason, no options about other options, no
 * negative questions, nothing that gives the key away. Options are shuffled whenever they are
 * shown, so that any word about their order is wrong sooner or later.
 *
 * Words are looked for in prose only: `NOT_FOUND` in backticks is a status, not a negation.
 */
#include "deck/lintrule.h"

#include "base/utf8.h"

#include <string.h>

#define FEW_OPTIONS 3
#define MAX_QUESTION_LENGTH 600 /* code points */
#define MAX_OPTION_LENGTH 240
#define MUCH_LONGER_PERCENT 160
#define MUCH_LONGER_FROM 20 /* code points: "10 minutes" beside "1 hour" tells nobody anything */

/* Options about options. */
static const char above_pattern[] =
	"(?i:\\b(?:all|any|both|each|either|neither|none|some|two)\\s+of\\s+the\\s+"
	"(?:above|below|others?|other\\s+(?:options|answers|choices)|options|answers|choices)\\b)"
	"|^\\s*(?i:all|none|any|both|neither|either)\\s+of\\s+(?i:these|those|them)\\W*$"
	"|^\\s*(?i:(?:both|either|neither|only)\\s+)?\\(?[A-J]\\)?(?:\\s*,\\s*\\(?[A-J]\\)?)*,?"
	"\\s*(?:(?i:and|or|nor)|&)\\s*\\(?[A-J]\\)?(?i:\\s+(?:only|together))?\\W*$";

/* Names of options by letter, number or place. A capital letter is one only after such a word. */
static const char order_pattern[] =
	"\\b(?i:options?|answers?|choices?|distractors?)\\s+\\(?[A-J]\\)?(?![\\w'.-]*\\w)"
	"|\\b(?i:option|choice)\\s+#?[1-9]\\b(?!\\.\\d)"
	"|\\b(?i:the|this)\\s+(?i:first|second|third|fourth|fifth|sixth|last|previous|next)\\s+"
	"(?i:(?:two|three)\\s+)?(?i:options?|answers?|choices?|distractors?)\\b"
	"|\\b(?i:options?|answers?|choices?)\\s+(?i:above|below)\\b"
	"|\\b(?i:both)\\s+[A-J]\\s+(?i:and)\\s+[A-J]\\b";

void lint_choice_begin(struct lint *l)
{
	l->above = regex_new(above_pattern, 0, (struct pos){0}, l->d);
	l->order = regex_new(order_pattern, 0, (struct pos){0}, l->d);
}

void lint_choice_end(struct lint *l)
{
	regex_free(l->above);
	regex_free(l->order);
}

static bool speaks(struct lint *l, struct regex *re, const char *md)
{
	const char *prose = lint_prose(&l->arena, md);

	return regex_match(re, prose, strlen(prose)) == REGEX_YES;
}

void lint_no_why(struct lint *l, const struct card *c)
{
	for (size_t i = 0; i < c->choice.count; i++)
		if (!c->choice.options[i].why)
			lint_report(l, LINT_NO_WHY, lint_at_entry(l, c, "options", i, "text"),
				    "option %zu of \"%s\" does not say why it is %s", i + 1, c->id,
				    c->choice.options[i].right ? "right" : "wrong");
}

void lint_few_options(struct lint *l, const struct card *c)
{
	if (lint_rights(c) == 1 && c->choice.count < FEW_OPTIONS)
		lint_report(l, LINT_FEW_OPTIONS, lint_at(l, c, "options"),
			    "\"%s\" has only %zu options; a true-or-false card may fit better",
			    c->id, c->choice.count);
}

/* The entries of one list of a card: their texts, folded, and where they stand. */
struct entries {
	const char *list, *key; /* key NULL: the entry itself is the text */
	const char *folded[MAX_OPTIONS];
	size_t count;
};

static void add_entry(struct lint *l, struct entries *e, const char *text)
{
	if (e->count < ARRAY_LEN(e->folded))
		e->folded[e->count++] = utf8_fold(&l->arena, text);
}

static void gather_entries(struct lint *l, const struct card *c, struct entries *e)
{
	if (c->kind == CARD_CHOICE) {
		*e = (struct entries){.list = "options", .key = "text"};
		for (size_t i = 0; i < c->choice.count; i++)
			add_entry(l, e, c->choice.options[i].text);
	} else if (c->kind == CARD_MATCHING) {
		*e = (struct entries){.list = "pairs", .key = "left"};
		for (size_t i = 0; i < c->matching.count; i++)
			add_entry(l, e, c->matching.pairs[i].left);
	} else {
		*e = (struct entries){.list = "items"};
		for (size_t i = 0; i < c->ordering.count; i++)
			add_entry(l, e, c->ordering.items[i]);
	}
}

/* A decoy that reads like a right-hand text, or like another decoy. */
static void check_decoys(struct lint *l, const struct card *c)
{
	struct entries rights = {.list = "decoys"};

	for (size_t i = 0; i < c->matching.count; i++)
		add_entry(l, &rights, c->matching.pairs[i].right);
	for (size_t i = 0; i < c->matching.decoy_count; i++) {
		const char *decoy = utf8_fold(&l->arena, c->matching.decoys[i]);

		for (size_t j = 0; j < rights.count; j++)
			if (str_eq(decoy, rights.folded[j])) {
				lint_report(l, LINT_DUPLICATE_OPTION,
					    lint_at_entry(l, c, "decoys", i, NULL),
					    "decoy %zu of \"%s\" reads like %s", i + 1, c->id,
					    j < c->matching.count ? "a right answer"
								  : "another decoy");
				break;
			}
		add_entry(l, &rights, c->matching.decoys[i]);
	}
}

void lint_duplicate_option(struct lint *l, const struct card *c)
{
	struct entries e;

	gather_entries(l, c, &e);
	for (size_t i = 1; i < e.count; i++)
		for (size_t j = 0; j < i; j++)
			if (str_eq(e.folded[i], e.folded[j])) {
				lint_report(l, LINT_DUPLICATE_OPTION,
					    lint_at_entry(l, c, e.list, i, e.key),
					    "numbers %zu and %zu in \"%s\" of \"%s\" read the same",
					    j + 1, i + 1, e.list, c->id);
				break;
			}
	if (c->kind == CARD_MATCHING)
		check_decoys(l, c);
}

void lint_all_of_the_above(struct lint *l, const struct card *c)
{
	for (size_t i = 0; i < c->choice.count; i++)
		if (speaks(l, l->above, c->choice.options[i].text))
			lint_report(l, LINT_ALL_OF_THE_ABOVE,
				    lint_at_entry(l, c, "options", i, "text"),
				    "option %zu of \"%s\" speaks of other options", i + 1, c->id);
}

static void check_order_words(struct lint *l, const char *text, struct pos at)
{
	if (text && speaks(l, l->order, text))
		lint_report(
			l, LINT_OPTION_ORDER_WORDS, at,
			"options are shuffled: say what an option says, not its letter or place");
}

void lint_option_order_words(struct lint *l, const struct card *c)
{
	check_order_words(l, c->why, lint_at(l, c, "why"));
	check_order_words(l, c->lore, lint_at(l, c, "lore"));
	check_order_words(l, c->hint, lint_at(l, c, "hint"));
	check_order_words(l, c->choice.question, lint_at(l, c, "question"));
	for (size_t i = 0; i < c->choice.count; i++)
		check_order_words(l, c->choice.options[i].why,
				  lint_at_entry(l, c, "options", i, "why"));
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || (c & 0x80);
}

static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = strstr(text, word); p; p = strstr(p + 1, word))
		if ((p == text || !is_word_byte(p[-1])) && !is_word_byte(p[n]))
			return true;
	return false;
}

void lint_negation(struct lint *l, const struct card *c)
{
	static const char *const words[] = {"NOT", "EXCEPT"};
	const char *key = c->kind == CARD_CHOICE ? "question" : "statement";
	const char *prose = lint_prose(&l->arena, card_title(c));

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (has_word(prose, words[i])) {
			lint_report(l, LINT_NEGATION, lint_at(l, c, key),
				    "\"%s\" asks with %s; ask for what holds", c->id, words[i]);
			return;
		}
}

/* The key whose value card_title gives. */
static const char *title_key(const struct card *c)
{
	static const char *const keys[CARD_KIND_COUNT] = {
		[CARD_BASIC] = "front",         [CARD_REVERSED] = "front",
		[CARD_CLOZE] = "text",          [CARD_TABLE] = "title",
		[CARD_TRUEFALSE] = "statement", [CARD_CHOICE] = "question",
		[CARD_MATCHING] = "question",   [CARD_ORDERING] = "question",
		[CARD_TYPED] = "question",
	};

	return keys[c->kind];
}

void lint_long(struct lint *l, const struct card *c)
{
	size_t n = lint_length(card_title(c));

	if (n > MAX_QUESTION_LENGTH)
		lint_report(l, LINT_LONG, lint_at(l, c, title_key(c)),
			    "\"%s\" asks in %zu characters; over %d are slow to read", c->id, n,
			    MAX_QUESTION_LENGTH);
	for (size_t i = 0; c->kind == CARD_CHOICE && i < c->choice.count; i++)
		if ((n = lint_length(c->choice.options[i].text)) > MAX_OPTION_LENGTH)
			lint_report(
				l, LINT_LONG, lint_at_entry(l, c, "options", i, "text"),
				"option %zu of \"%s\" has %zu characters; over %d are slow to read",
				i + 1, c->id, n, MAX_OPTION_LENGTH);
}

void lint_much_longer_right(struct lint *l, const struct card *c)
{
	size_t right = 0, right_at = 0, wrong = 0;

	if (lint_rights(c) != 1)
		return;
	for (size_t i = 0; i < c->choice.count; i++) {
		size_t n = lint_length(c->choice.options[i].text);

		if (c->choice.options[i].right) {
			right = n;
			right_at = i;
		} else if (n > wrong) {
			wrong = n;
		}
	}
	if (right >= MUCH_LONGER_FROM && right * 100 > wrong * MUCH_LONGER_PERCENT)
		lint_report(
			l, LINT_MUCH_LONGER_RIGHT, lint_at_entry(l, c, "options", right_at, "text"),
			"the right option of \"%s\" has %zu characters, the longest wrong one %zu",
			c->id, right, wrong);
}
