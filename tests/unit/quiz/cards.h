/* cards.h -- a card of each kind that is asked, for the tests of this room. */
#ifndef TESTS_QUIZ_CARDS_H
#define TESTS_QUIZ_CARDS_H

#include "quiz/ask.h"

static const struct part whole = {.name = "", .row = -1, .col = -1};

static struct option four_options[] = {
	{.text = "10 minutes", .right = true, .why = "No frame crossed the connection."},
	{.text = "2 hours", .why = "That ends every connection."},
	{.text = "29 seconds", .why = "That bounds one backend call."},
	{.text = "128 KB"},
};
static const struct card choice_card = {
	.id = "limit",
	.kind = CARD_CHOICE,
	.choice = {.question = "Which limit?", .options = four_options, .count = 4, .choose = 1},
};

static struct option five_options[] = {
	{.text = "A", .right = true},
	{.text = "B"},
	{.text = "C", .right = true},
	{.text = "D"},
	{.text = "E"},
};
static const struct card some_card = {
	.id = "two",
	.kind = CARD_CHOICE,
	.choice = {.question = "Which two?", .options = five_options, .count = 5, .choose = 2},
};

static const struct card truth_card = {
	.id = "truth",
	.kind = CARD_TRUEFALSE,
	.truefalse = {.statement = "Frames may hold 128 KB.", .answer = false},
};

/* Two lefts share a right text, and a decoy repeats one. */
static struct pair pairs[] = {{"REST", "client"}, {"HTTP", "client"}, {"WebSocket", "either"}};
static const char *decoys[] = {"nobody", "either"};
static const struct card match_card = {
	.id = "who",
	.kind = CARD_MATCHING,
	.matching = {.question = "Who speaks first?",
		     .pairs = pairs,
		     .count = 3,
		     .decoys = decoys,
		     .decoy_count = 2},
};

static const char *items[] = {"connect", "authorize", "route", "integrate"};
static const struct card order_card = {
	.id = "flow",
	.kind = CARD_ORDERING,
	.ordering = {.question = "In which order?", .items = items, .count = 4},
};

static const char *accept_idle[] = {"(10|ten) ?min(ute)?s?", "600 ?s"};
static const struct card typed_card = {
	.id = "idle",
	.kind = CARD_TYPED,
	.typed = {.question = "Idle timeout?",
		  .accept = accept_idle,
		  .count = 2,
		  .show = "10 minutes"},
};

static const struct card recall_card = {
	.id = "why",
	.kind = CARD_BASIC,
	.basic = {.front = "Why?", .back = "Because."},
};

#endif
