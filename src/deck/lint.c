/* lint.c -- what is wrong with content that loads: the rules, and the walk that applies them.
 *
 * Every rule is one row below: a stable code, a level, and the sentence that the manual prints.
 * What a rule looks for stands in the file of its subject (lintsource.c, lintchoice.c, lintbias.c,
 * lintcard.c, linttext.c), as a check of one text, one card or one deck. An error is something that
 * cannot be meant; a warning is bad for the learner; a note is worth a second look and may be
 * right.
 *
 * Lint looks at decks that were read without error, so that checks never meet a missing key. It
 * reads the tree beside the cards, because there each text has its line and column.
 */
#include "deck/lintrule.h"

#include "base/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct lint_rule lint_rules[] = {
	[LINT_NO_SOURCE] =
		{
			.code = "lint-no-source",
			.level = DIAG_WARNING,
			.help = "A card names no source; say in \"source\" where its fact can be "
				"checked.",
		},
	[LINT_UNUSED_SOURCE] =
		{
			.code = "lint-unused-source",
			.level = DIAG_WARNING,
			.help = "No card of the deck uses this source; remove it or name it in a "
				"card.",
		},
	[LINT_SOURCE_UNCHECKED] =
		{
			.code = "lint-source-unchecked",
			.level = DIAG_WARNING,
			.help = "A source has no \"checked\" date; compare the cards with the page "
				"and "
				"write the day.",
		},
	[LINT_SOURCE_STALE] =
		{
			.code = "lint-source-stale",
			.level = DIAG_WARNING,
			.help = "A source was checked too long ago; compare again and renew its "
				"date.",
		},
	[LINT_SOURCE_FUTURE] =
		{
			.code = "lint-source-future",
			.level = DIAG_WARNING,
			.help = "A source claims to have been checked on a day that has not come "
				"yet.",
		},
	[LINT_URL] =
		{
			.code = "lint-url",
			.level = DIAG_WARNING,
			.help = "The address of a source does not begin with https://.",
		},
	[LINT_EXAM] =
		{
			.code = "lint-exam",
			.level = DIAG_NOTE,
			.help = "A card belongs to no exam task, so that exams and readiness leave "
				"it "
				"out.",
		},
	[LINT_EXAM_TASK] =
		{
			.code = "lint-exam-task",
			.level = DIAG_WARNING,
			.help = "A card names an exam or a task that no known blueprint has, so "
				"that exams leave it out; blueprints are those given to lint and "
				"the bundled ones.",
		},
	[LINT_EXAM_LINK] =
		{
			.code = "lint-exam-link",
			.level = DIAG_WARNING,
			.help = "A blueprint says that it replaces or is replaced by another that "
				"is not known, or that does not say so too.",
		},
	[LINT_UNTAGGED] =
		{
			.code = "lint-untagged",
			.level = DIAG_NOTE,
			.help = "A card has no tag, so that it can only be found by its text or "
				"deck.",
		},
	[LINT_NO_WHY] =
		{
			.code = "lint-no-why",
			.level = DIAG_WARNING,
			.help = "An option does not say why it is right or wrong.",
		},
	[LINT_FEW_OPTIONS] =
		{
			.code = "lint-few-options",
			.level = DIAG_WARNING,
			.help = "A choice of one has fewer than three options, so that guessing "
				"pays.",
		},
	[LINT_DUPLICATE_OPTION] =
		{
			.code = "lint-duplicate-option",
			.level = DIAG_ERROR,
			.help = "Two options, items or left-hand texts of a card read the same, or "
				"a "
				"decoy is right.",
		},
	[LINT_ALL_OF_THE_ABOVE] =
		{
			.code = "lint-all-of-the-above",
			.level = DIAG_WARNING,
			.help = "An option speaks of others (\"all of the above\", \"both A and "
				"B\"); "
				"options are shuffled, and knowing two answers gives the key away.",
		},
	[LINT_OPTION_ORDER_WORDS] =
		{
			.code = "lint-option-order-words",
			.level = DIAG_WARNING,
			.help = "A text names options by letter or place; they are shuffled, so "
				"name what "
				"they say.",
		},
	[LINT_NEGATION] =
		{
			.code = "lint-negation",
			.level = DIAG_NOTE,
			.help = "A question asks what does NOT hold; such questions test reading "
				"more "
				"than knowledge.",
		},
	[LINT_LONG] =
		{
			.code = "lint-long",
			.level = DIAG_NOTE,
			.help = "A question over 600 characters or an option over 240 is slow to "
				"read; "
				"split the card.",
		},
	[LINT_MUCH_LONGER_RIGHT] =
		{
			.code = "lint-much-longer-right",
			.level = DIAG_NOTE,
			.help = "The right option is over 1.6 times as long as any wrong one, "
				"which gives "
				"it away.",
		},
	[LINT_LONGEST_RIGHT] =
		{
			.code = "lint-longest-right",
			.level = DIAG_WARNING,
			.help = "In this deck the longest option is the right one more often than "
				"chance; "
				"lengthen wrong options or shorten right ones.",
		},
	[LINT_POSITION] =
		{
			.code = "lint-position",
			.level = DIAG_WARNING,
			.help = "In this deck one position holds the key more often than its "
				"share; "
				"exports and readers of the file see the pattern, so move some "
				"right "
				"options.",
		},
	[LINT_TRUEFALSE_BALANCE] =
		{
			.code = "lint-truefalse-balance",
			.level = DIAG_WARNING,
			.help = "In this deck most statements have the same truth, so that "
				"guessing pays.",
		},
	[LINT_DUPLICATE] =
		{
			.code = "lint-duplicate",
			.level = DIAG_WARNING,
			.help = "Two cards of a kind ask the same in the same words.",
		},
	[LINT_GUESS_LONGEST] =
		{
			.code = "lint-guess-longest",
			.level = DIAG_WARNING,
			.help = "Over all choices given to lint, at least 40, somebody who always "
				"picks the longest option is right more or less often than chance, "
				"by over 5 points for 200 choices and more, and for fewer by over "
				"5 points times the root of 200 by their number; longest options "
				"that are alike share the pick, and a choice of two counts two "
				"picks.",
		},
	[LINT_GUESS_SPECIFIC] =
		{
			.code = "lint-guess-specific",
			.level = DIAG_WARNING,
			.help = "The same for the most specific option: the one with the most "
				"numbers, code spans, and words with a capital letter that do not "
				"begin a sentence, counted together.",
		},
	[LINT_GUESS_POSITION] =
		{
			.code = "lint-guess-position",
			.level = DIAG_WARNING,
			.help = "Over all choices given to lint with the same number of options, "
				"at least 40, one position in the file holds more or fewer right "
				"options than its share, by more than the same number of points; "
				"choices of one and of more are counted apart.",
		},
	[LINT_REUSED_OPTION] =
		{
			.code = "lint-reused-option",
			.level = DIAG_WARNING,
			.help = "A wrong option reads the same in more than six questions, so that "
				"readers learn to leave it out.",
		},
	[LINT_CLOZE_GAP] =
		{
			.code = "lint-cloze-gap",
			.level = DIAG_WARNING,
			.help = "The numbers of the holes leave one out; a hole may have been "
				"lost.",
		},
	[LINT_PATTERN] =
		{
			.code = "lint-pattern",
			.level = DIAG_ERROR,
			.help = "A pattern of \"accept\" does not compile.",
		},
	[LINT_PATTERN_LIMIT] =
		{
			.code = "lint-pattern-limit",
			.level = DIAG_WARNING,
			.help = "A pattern of \"accept\" takes too many steps on some answers, "
				"which then "
				"count as wrong; avoid repeats within repeats, as in (a+)+.",
		},
	[LINT_SHOW_MISMATCH] =
		{
			.code = "lint-show-mismatch",
			.level = DIAG_ERROR,
			.help = "The model answer \"show\" is matched by none of the patterns in "
				"\"accept\".",
		},
	[LINT_CONTROL] =
		{
			.code = "lint-control",
			.level = DIAG_ERROR,
			.help = "A text holds a control character, an escape, or an invisible or "
				"direction- changing character.",
		},
	[LINT_MOJIBAKE] =
		{
			.code = "lint-mojibake",
			.level = DIAG_ERROR,
			.help = "A text holds characters that come from UTF-8 read in another "
				"encoding.",
		},
	[LINT_HTML] =
		{
			.code = "lint-html",
			.level = DIAG_WARNING,
			.help = "A text holds an HTML tag, which is shown as it stands; use "
				"Markdown, or "
				"put it in backticks when it is meant to be read.",
		},
};
const size_t lint_rule_count = ARRAY_LEN(lint_rules);
static_assert(ARRAY_LEN(lint_rules) == LINT_COUNT, "every rule has a row");

static void (*const text_checks[])(struct lint *l, const struct node *text, bool shown) = {
	lint_control,
	lint_mojibake,
	lint_html,
};

static void (*const deck_checks[])(struct lint *l, const struct deck *deck) = {
	lint_sources,  lint_unused_sources, lint_exam,     lint_exam_task,
	lint_untagged, lint_longest_right,  lint_position, lint_truefalse_balance,
};

static const struct {
	unsigned kinds; /* bits of the kinds it applies to */
	void (*check)(struct lint *l, const struct card *c);
} card_checks[] = {
	{~0u, lint_no_source},
	{1 << CARD_CHOICE, lint_no_why},
	{1 << CARD_CHOICE, lint_few_options},
	{1 << CARD_CHOICE | 1 << CARD_MATCHING | 1 << CARD_ORDERING, lint_duplicate_option},
	{1 << CARD_CHOICE, lint_all_of_the_above},
	{1 << CARD_CHOICE, lint_option_order_words},
	{1 << CARD_CHOICE | 1 << CARD_TRUEFALSE, lint_negation},
	{~(1u << CARD_TABLE), lint_long},
	{1 << CARD_CHOICE, lint_much_longer_right},
	{1 << CARD_CLOZE, lint_cloze_gap},
	{1 << CARD_TYPED, lint_typed},
};

void lint_report(struct lint *l, enum lint_id id, struct pos at, const char *fmt, ...)
{
	const struct lint_rule *rule = &lint_rules[id];
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	switch (rule->level) {
	case DIAG_NOTE:
		diag_note(l->d, at, rule->code, "%s", text ? text : rule->help);
		break;
	case DIAG_WARNING:
		diag_warn(l->d, at, rule->code, "%s", text ? text : rule->help);
		break;
	case DIAG_ERROR:
		l->failed = true;
		diag_error(l->d, at, rule->code, "%s", text ? text : rule->help);
		break;
	}
	free(text);
}

struct pos lint_at(const struct lint *l, const struct card *c, const char *key)
{
	const struct node *n = node_get(c->node, key);

	return n ? node_pos(n, l->file) : c->pos;
}

struct pos lint_at_entry(const struct lint *l, const struct card *c, const char *list, size_t i,
			 const char *key)
{
	const struct node *n = node_get(c->node, list);

	if (n && (n->kind == NODE_LIST || n->kind == NODE_MAP))
		for (n = n->child; n && i > 0; n = n->next)
			i--;
	if (n && key && node_get(n, key))
		n = node_get(n, key);
	return n ? node_pos(n, l->file) : c->pos;
}

size_t lint_length(const char *text)
{
	return utf8_count(text, strlen(text));
}

size_t lint_rights(const struct card *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->choice.count; i++)
		n += c->choice.options[i].right;
	return n;
}

/* Keys of a card whose values are notation, not text for a learner. */
static bool is_notation(const char *key)
{
	static const char *const keys[] = {"accept", "claims"};

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (str_eq(key, keys[i]))
			return true;
	return false;
}

/* Trees are at most MAX_TREE_DEPTH deep. */
void lint_texts(struct lint *l, const struct node *n, bool shown)
{
	if (n->kind == NODE_TEXT)
		for (size_t i = 0; i < ARRAY_LEN(text_checks); i++)
			text_checks[i](l, n, shown);
	if (n->kind != NODE_LIST && n->kind != NODE_MAP)
		return;
	for (const struct node *child = n->child; child; child = child->next) {
		if (child->key)
			lint_texts(l, child->key, false);
		lint_texts(l, child, shown);
	}
}

static void walk_card_texts(struct lint *l, const struct card *c)
{
	for (const struct node *n = c->node ? c->node->child : NULL; n; n = n->next) {
		lint_texts(l, n->key, false);
		lint_texts(l, n, !is_notation(n->key->text));
	}
}

static void walk_deck_texts(struct lint *l, const struct deck *deck)
{
	for (const struct node *n = deck->root ? deck->root->child : NULL; n; n = n->next) {
		lint_texts(l, n->key, false);
		if (!str_eq(n->key->text, "cards"))
			lint_texts(l, n, str_eq(n->key->text, "about"));
	}
}

static void lint_card(struct lint *l, const struct card *c)
{
	walk_card_texts(l, c);
	for (size_t i = 0; i < ARRAY_LEN(card_checks); i++)
		if (card_checks[i].kinds >> c->kind & 1)
			card_checks[i].check(l, c);
	arena_clear(&l->arena);
}

static void lint_deck(struct lint *l, const struct deck *deck)
{
	l->deck = deck;
	l->file = deck->file;
	walk_deck_texts(l, deck);
	arena_clear(&l->arena);
	for (size_t i = 0; i < ARRAY_LEN(deck_checks); i++)
		deck_checks[i](l, deck);
	for (size_t i = 0; i < deck->card_count; i++)
		lint_card(l, &deck->cards[i]);
}

bool lint_decks(const struct deck *const *decks, size_t n, const struct lint_options *o,
		struct diags *d)
{
	struct lint l = {.options = o, .d = d};

	lint_choice_begin(&l);
	for (size_t i = 0; i < n; i++)
		lint_deck(&l, decks[i]);
	lint_duplicates(&l, decks, n);
	lint_guessing(&l, decks, n);
	lint_choice_end(&l);
	arena_clear(&l.arena);
	diags_sort(d);
	return !l.failed;
}

/* Does some key source or cell_source from n down name it? */
static bool is_cited(const struct node *n, const char *id, bool citing)
{
	if (n->kind == NODE_TEXT)
		return citing && str_eq(n->text, id);
	if (n->kind != NODE_LIST && n->kind != NODE_MAP)
		return false;
	for (const struct node *e = n->child; e; e = e->next)
		if (is_cited(e, id,
			     citing || (e->key && (str_eq(e->key->text, "source") ||
						   str_eq(e->key->text, "cell_source")))))
			return true;
	return false;
}

static bool is_among(const char *key, const char *const *keys)
{
	for (size_t i = 0; keys[i]; i++)
		if (str_eq(keys[i], key))
			return true;
	return false;
}

/* All scalars from n down; those at and below one of the keys are shown. */
static void walk_data_texts(struct lint *l, const struct node *n, const char *const *keys,
			    bool shown)
{
	if (n->kind != NODE_LIST && n->kind != NODE_MAP) {
		lint_texts(l, n, shown);
		return;
	}
	for (const struct node *e = n->child; e; e = e->next) {
		if (e->key)
			lint_texts(l, e->key, false);
		walk_data_texts(l, e, keys, shown || (e->key && is_among(e->key->text, keys)));
	}
}

static void data_file(struct lint *l, const struct lint_data *f)
{
	l->file = f->file;
	if (f->shown)
		walk_data_texts(l, f->root, f->shown, false);
	else
		lint_texts(l, f->root, true);
	lint_source_list(l, f->sources, f->source_count);
	for (size_t i = 0; i < f->source_count; i++)
		if (!is_cited(f->root, f->sources[i].id, false))
			lint_report(l, LINT_UNUSED_SOURCE, f->sources[i].pos,
				    "nothing in this file uses source \"%s\"", f->sources[i].id);
	if (f->source_count == 0)
		lint_report(l, LINT_NO_SOURCE, node_pos(f->root, f->file),
			    "this file names no source");
	arena_clear(&l->arena);
}

bool lint_data_file(const struct lint_data *f, const struct lint_options *o, struct diags *d)
{
	struct lint l = {.options = o, .d = d};

	data_file(&l, f);
	return !l.failed;
}

bool lint_exam_file(const struct blueprint *b, const struct lint_options *o, struct diags *d)
{
	struct lint l = {.options = o, .d = d};

	data_file(&l, &(struct lint_data){.file = b->file,
					  .root = b->root,
					  .sources = b->sources,
					  .source_count = b->source_count});
	lint_exam_link(&l, b);
	arena_clear(&l.arena);
	return !l.failed;
}

void lint_rules_mdoc(struct str *out)
{
	static const char *const levels[] = {
		[DIAG_NOTE] = "note",
		[DIAG_WARNING] = "warning",
		[DIAG_ERROR] = "error",
	};

	str_add(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < lint_rule_count; i++)
		str_addf(out, ".It Ic %s Pq %s\n%s\n", lint_rules[i].code,
			 levels[lint_rules[i].level], lint_rules[i].help);
	str_add(out, ".El\n");
}
