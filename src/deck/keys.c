/* keys.c -- the table of deck keys, and what is looked up in it.
 *
 * One row says all there is to say about a key: where it may stand, what it holds, which kinds of
 * card have it and need it, how long it may be, and in words what it is for. The loader, the schema
 * for editors, the manual and deck fmt read these rows, so that a new key is one row here and one
 * line where its value is used.
 *
 * A name stands at most once in a place, so a key is found by place and name. Each place has at
 * most thirty keys, and files write them nearly in the order of the table: a walk that compares
 * first letters is as quick as a hash. */
#include "deck/keys.h"

#include "base/suggest.h"

#include <assert.h>
#include <string.h>

enum {
	BASIC = 1 << CARD_BASIC,
	REVERSED = 1 << CARD_REVERSED,
	CLOZE = 1 << CARD_CLOZE,
	TABLE = 1 << CARD_TABLE,
	TRUEFALSE = 1 << CARD_TRUEFALSE,
	CHOICE = 1 << CARD_CHOICE,
	MATCHING = 1 << CARD_MATCHING,
	ORDERING = 1 << CARD_ORDERING,
	TYPED = 1 << CARD_TYPED,
	EVERY = (1 << CARD_KIND_COUNT) - 1,
	QUESTIONS = CHOICE | MATCHING | ORDERING | TYPED,
	MUST = 1,
};

/* clang-format off */
const char *const card_kind_names[CARD_KIND_COUNT] = {
	[CARD_BASIC] = "basic",
	[CARD_REVERSED] = "reversed",
	[CARD_CLOZE] = "cloze",
	[CARD_TABLE] = "table",
	[CARD_TRUEFALSE] = "truefalse",
	[CARD_CHOICE] = "choice",
	[CARD_MATCHING] = "matching",
	[CARD_ORDERING] = "ordering",
	[CARD_TYPED] = "typed",
};

const char *const key_place_names[KEY_PLACE_COUNT] = {
	[KEY_DECK] = "deck",
	[KEY_SOURCE] = "source",
	[KEY_CARD] = "card",
	[KEY_OPTION] = "option",
	[KEY_PAIR] = "pair",
};

static const char *const format_words[] = {"1", NULL};
static const char *const bool_words[] = {"true", "false", NULL};
static const char *const ask_words[] = {"cell", "row", "all", NULL};
static const char *const kind_words[] = {
	"basic", "reversed", "cloze", "table", "truefalse",
	"choice", "matching", "ordering", "typed", NULL,
};
static_assert(ARRAY_LEN(kind_words) == CARD_KIND_COUNT + 1, "every kind is a word");

const struct deck_key deck_keys[] = {
	[K_DECK_DECK] = {.name = "deck", .place = KEY_DECK, .type = KEY_SLUG, .required = MUST,
		.help = "Id of the deck, unique among all decks; it is part of every card's name, "
			"so do not change it later."},
	[K_DECK_TITLE] = {.name = "title", .place = KEY_DECK, .type = KEY_LINE, .required = MUST,
		.max = MAX_TITLE,
		.help = "Title of the deck, one line."},
	[K_DECK_ABOUT] = {.name = "about", .place = KEY_DECK, .type = KEY_MARKDOWN,
		.help = "What the deck covers and for whom it is."},
	[K_DECK_FORMAT] = {.name = "format", .place = KEY_DECK, .type = KEY_WORD, .required = MUST,
		.words = format_words,
		.help = "Version of the deck format."},
	[K_DECK_EXAM] = {.name = "exam", .place = KEY_DECK, .type = KEY_TASKS, .max = MAX_TAGS,
		.help = "Exam tasks that the cards belong to, by blueprint, as in {dva-c02: "
			"\"1.1\"}."},
	[K_DECK_TAGS] = {.name = "tags", .place = KEY_DECK, .type = KEY_SLUGS, .max = MAX_TAGS,
		.help = "Tags given to every card of the deck."},
	[K_DECK_SOURCES] = {.name = "sources", .place = KEY_DECK, .type = KEY_NODES,
		.max = MAX_SOURCES,
		.help = "Where the facts come from: a map of source ids, which cards name in their "
			"key source."},
	[K_DECK_CARDS] = {.name = "cards", .place = KEY_DECK, .type = KEY_NODES, .required = MUST,
		.max = MAX_CARDS,
		.help = "The cards, in the order in which they are learned."},

	[K_SOURCE_TITLE] = {.name = "title", .place = KEY_SOURCE, .type = KEY_LINE,
		.required = MUST, .max = MAX_TITLE,
		.help = "Title of the page."},
	[K_SOURCE_URL] = {.name = "url", .place = KEY_SOURCE, .type = KEY_URL, .required = MUST,
		.help = "Address of the page."},
	[K_SOURCE_CHECKED] = {.name = "checked", .place = KEY_SOURCE, .type = KEY_DATE,
		.help = "Day on which the cards were last compared with the page, as YYYY-MM-DD."},

	[K_ID] = {.name = "id", .place = KEY_CARD, .type = KEY_SLUG, .kinds = EVERY,
		.required = EVERY,
		.help = "Id of the card, unique in its deck; study history hangs on it, so keep it "
			"when you reword the card."},
	[K_KIND] = {.name = "kind", .place = KEY_CARD, .type = KEY_WORD, .kinds = EVERY,
		.required = EVERY, .words = kind_words,
		.help = "Kind of card, which decides how it is asked."},
	[K_TAGS] = {.name = "tags", .place = KEY_CARD, .type = KEY_SLUGS, .kinds = EVERY,
		.max = MAX_TAGS,
		.help = "Tags of the card, besides those of the deck."},
	[K_EXAM] = {.name = "exam", .place = KEY_CARD, .type = KEY_TASKS, .kinds = EVERY,
		.max = MAX_TAGS,
		.help = "Exam tasks of the card, in place of the deck's for the blueprints named."},
	[K_FRONT] = {.name = "front", .place = KEY_CARD, .type = KEY_MARKDOWN,
		.kinds = BASIC | REVERSED, .required = BASIC | REVERSED,
		.help = "What is asked."},
	[K_BACK] = {.name = "back", .place = KEY_CARD, .type = KEY_MARKDOWN,
		.kinds = BASIC | REVERSED, .required = BASIC | REVERSED,
		.help = "The answer; a reversed card asks in this direction too."},
	[K_TEXT] = {.name = "text", .place = KEY_CARD, .type = KEY_MARKDOWN, .kinds = CLOZE,
		.required = CLOZE,
		.help = "Text with holes, written {{c1::answer}} or {{c1::answer::hint}}; holes of "
			"one number are asked together."},
	[K_TITLE] = {.name = "title", .place = KEY_CARD, .type = KEY_LINE, .kinds = TABLE,
		.required = TABLE, .max = MAX_TITLE,
		.help = "Title of the table, one line."},
	[K_COLUMNS] = {.name = "columns", .place = KEY_CARD, .type = KEY_NODES, .kinds = TABLE,
		.required = TABLE, .min = 1, .max = MAX_CELLS,
		.help = "Columns of the table: a map of column ids to headings."},
	[K_ROWS] = {.name = "rows", .place = KEY_CARD, .type = KEY_NODES, .kinds = TABLE,
		.required = TABLE, .min = 1, .max = MAX_ROWS,
		.help = "Rows of the table: a map of row ids to lists of the row's heading and one "
			"cell for each column."},
	[K_ASK] = {.name = "ask", .place = KEY_CARD, .type = KEY_WORD, .kinds = TABLE,
		.required = TABLE, .words = ask_words,
		.help = "What is asked at a time: one cell, a whole row, or all of the table."},
	[K_STATEMENT] = {.name = "statement", .place = KEY_CARD, .type = KEY_MARKDOWN,
		.kinds = TRUEFALSE, .required = TRUEFALSE,
		.help = "A statement that is true or false."},
	[K_ANSWER] = {.name = "answer", .place = KEY_CARD, .type = KEY_WORD, .kinds = TRUEFALSE,
		.required = TRUEFALSE, .words = bool_words,
		.help = "Whether the statement is true."},
	[K_QUESTION] = {.name = "question", .place = KEY_CARD, .type = KEY_MARKDOWN,
		.kinds = QUESTIONS, .required = QUESTIONS,
		.help = "The question."},
	[K_CHOOSE] = {.name = "choose", .place = KEY_CARD, .type = KEY_NUMBER, .kinds = CHOICE,
		.max = MAX_OPTIONS,
		.help = "How many options are right and must be chosen; 1 when absent."},
	[K_OPTIONS] = {.name = "options", .place = KEY_CARD, .type = KEY_NODES, .kinds = CHOICE,
		.required = CHOICE, .min = 2, .max = MAX_OPTIONS,
		.help = "The options; they are shown in a different order each time."},
	[K_PAIRS] = {.name = "pairs", .place = KEY_CARD, .type = KEY_NODES, .kinds = MATCHING,
		.required = MATCHING, .min = 2, .max = MAX_OPTIONS,
		.help = "What belongs together."},
	[K_DECOYS] = {.name = "decoys", .place = KEY_CARD, .type = KEY_LINES, .kinds = MATCHING,
		.max = MAX_OPTIONS - 2,
		.help = "Further right-hand texts, which belong to no left one."},
	[K_ITEMS] = {.name = "items", .place = KEY_CARD, .type = KEY_LINES, .kinds = ORDERING,
		.required = ORDERING, .min = 2, .max = MAX_OPTIONS,
		.help = "The items in their right order."},
	[K_ACCEPT] = {.name = "accept", .place = KEY_CARD, .type = KEY_LINES, .kinds = TYPED,
		.required = TYPED, .min = 1, .max = MAX_ACCEPT,
		.help = "Patterns (PCRE2) of right answers; one must match the whole trimmed "
			"answer, upper and lower case alike."},
	[K_SHOW] = {.name = "show", .place = KEY_CARD, .type = KEY_LINE, .kinds = TYPED,
		.required = TYPED,
		.help = "The model answer, which one of the patterns must match."},
	[K_HINT] = {.name = "hint", .place = KEY_CARD, .type = KEY_MARKDOWN, .kinds = EVERY,
		.help = "Shown before the answer when the learner asks for it."},
	[K_WHY] = {.name = "why", .place = KEY_CARD, .type = KEY_MARKDOWN, .kinds = EVERY,
		.required = TRUEFALSE,
		.help = "Explanation shown after the answer."},
	[K_LORE] = {.name = "lore", .place = KEY_CARD, .type = KEY_MARKDOWN, .kinds = EVERY,
		.help = "What exam preparation says where the documentation differs."},
	[K_PROOF] = {.name = "proof", .place = KEY_CARD, .type = KEY_PROOF, .kinds = EVERY,
		.help = "Request of a lab or of a file of proofs, as name/request, that settles the "
			"question when it is run; offered after the answer."},
	[K_SOURCE] = {.name = "source", .place = KEY_CARD, .type = KEY_SLUGS, .kinds = EVERY,
		.max = MAX_TAGS,
		.help = "Id of the source of the card's facts, or a list of ids."},
	[K_CLAIMS] = {.name = "claims", .place = KEY_CARD, .type = KEY_LINES, .kinds = EVERY,
		.max = MAX_TAGS,
		.help = "Ids of checked claims that the card covers, in a numbering of your own."},
	[K_WAS] = {.name = "was", .place = KEY_CARD, .type = KEY_CARD_REF, .kinds = EVERY,
		.help = "Former id of the card, or deck/id when it came from another deck: it "
			"keeps its history."},

	[K_OPTION_TEXT] = {.name = "text", .place = KEY_OPTION, .type = KEY_MARKDOWN,
		.required = MUST,
		.help = "Text of the option."},
	[K_OPTION_RIGHT] = {.name = "right", .place = KEY_OPTION, .type = KEY_WORD,
		.words = bool_words,
		.help = "Whether the option is right; false when absent."},
	[K_OPTION_WHY] = {.name = "why", .place = KEY_OPTION, .type = KEY_MARKDOWN,
		.help = "Why the option is right or wrong, shown after the answer; options move, "
			"so do not call them by letter."},

	[K_PAIR_LEFT] = {.name = "left", .place = KEY_PAIR, .type = KEY_LINE, .required = MUST,
		.help = "The text that is given; each left text stands once."},
	[K_PAIR_RIGHT] = {.name = "right", .place = KEY_PAIR, .type = KEY_LINE, .required = MUST,
		.help = "The text to find for it; several left texts may have the same."},
};
/* clang-format on */
const size_t deck_key_count = ARRAY_LEN(deck_keys);
static_assert(ARRAY_LEN(deck_keys) == DECK_KEY_COUNT, "every key has a row");

static const struct {
	enum deck_key_id first, end;
} places[KEY_PLACE_COUNT] = {
	[KEY_DECK] = {K_DECK_DECK, K_SOURCE_TITLE}, [KEY_SOURCE] = {K_SOURCE_TITLE, K_ID},
	[KEY_CARD] = {K_ID, K_OPTION_TEXT},         [KEY_OPTION] = {K_OPTION_TEXT, K_PAIR_LEFT},
	[KEY_PAIR] = {K_PAIR_LEFT, DECK_KEY_COUNT},
};

void deck_key_range(enum key_place place, size_t *first, size_t *end)
{
	*first = places[place].first;
	*end = places[place].end;
}

static bool allowed(const struct deck_key *k, enum card_kind kind)
{
	return k->place != KEY_CARD || kind == CARD_KIND_COUNT || (k->kinds >> kind & 1);
}

const struct deck_key *deck_key_find(enum key_place place, enum card_kind kind, const char *name)
{
	for (size_t i = places[place].first; i < (size_t)places[place].end; i++) {
		const struct deck_key *k = &deck_keys[i];
		if (k->name[0] == name[0] && strcmp(k->name, name) == 0)
			return allowed(k, kind) ? k : NULL;
	}
	return NULL;
}

const char *deck_key_suggest(enum key_place place, enum card_kind kind, const char *name)
{
	const char *names[DECK_KEY_COUNT];
	size_t n = 0;
	if (strlen(name) > MAX_SLUG)
		return NULL;
	for (size_t i = places[place].first; i < (size_t)places[place].end; i++)
		if (allowed(&deck_keys[i], kind))
			names[n++] = deck_keys[i].name;
	return suggest(name, names, n);
}

#define MDOC_COLUMNS 78

/* A sentence on lines of its own; mdoc wants them short. */
static void mdoc_text(struct str *out, const char *text)
{
	size_t cols = 0;
	while (*text) {
		size_t n = strcspn(text, " ");
		if (cols && cols + 1 + n > MDOC_COLUMNS)
			cols = 0;
		if (out->len && out->p[out->len - 1] != '\n')
			str_addc(out, cols ? ' ' : '\n');
		str_addn(out, text, n);
		cols += n + (cols > 0);
		text += n;
		text += strspn(text, " ");
	}
	str_addc(out, '\n');
}

/* "Lead a, b, c." */
static void mdoc_list(struct str *out, const char *lead, const char *const *words, const char *tail)
{
	struct str s = {0};
	str_add(&s, lead);
	for (size_t i = 0; words[i]; i++)
		str_addf(&s, "%s %s", i ? "," : "", words[i]);
	str_add(&s, tail);
	mdoc_text(out, str_c(&s));
	str_clear(&s);
}

static void mdoc_kinds(struct str *out, const char *lead, unsigned kinds)
{
	const char *words[CARD_KIND_COUNT + 1] = {NULL};
	size_t n = 0;
	for (int kind = 0; kind < CARD_KIND_COUNT; kind++)
		if (kinds >> kind & 1)
			words[n++] = card_kind_names[kind];
	mdoc_list(out, lead, words, " cards.");
}

static void mdoc_key(struct str *out, const struct deck_key *k)
{
	bool must = k->required && (k->place != KEY_CARD || k->required == k->kinds);
	str_addf(out, ".It Ic %s%s\n", k->name, must ? " Pq required" : "");
	mdoc_text(out, k->help);
	if (k->words && k->words[1])
		mdoc_list(out, "One of", k->words, ".");
	if (k->place == KEY_CARD && k->kinds != EVERY)
		mdoc_kinds(out, "In", k->kinds);
	if (k->required && !must)
		mdoc_kinds(out, "Required in", k->required);
}

void deck_keys_mdoc(struct str *out)
{
	static const char *const headings[KEY_PLACE_COUNT] = {
		[KEY_DECK] = "Keys of a deck",
		[KEY_SOURCE] = "Keys of a source",
		[KEY_CARD] = "Keys of a card",
		[KEY_OPTION] = "Keys of an option of a choice",
		[KEY_PAIR] = "Keys of a pair of a matching",
	};
	for (int place = 0; place < KEY_PLACE_COUNT; place++) {
		str_addf(out, ".Ss %s\n.Bl -tag -width statement\n", headings[place]);
		for (size_t i = places[place].first; i < (size_t)places[place].end; i++)
			mdoc_key(out, &deck_keys[i]);
		str_add(out, ".El\n");
	}
}
