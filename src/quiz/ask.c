/* ask.c -- one question being asked.
 *
 * The struct is the whole state: front ends read it and call the few verbs here, so that the
 * screen, plain mode and the tests behave alike. All indexes the front end sees are positions as
 * shown; order[] leads from there to the card, and only the log (given.c) and the key look at
 * indexes of the card.
 *
 * Shuffling happens once, in ask_init, from the seed alone: a resumed session shows the same order
 * again. True and False keep their order, since a reader who expects True first would only be
 * tripped. An ordering of three items or more never starts solved; it is drawn again until it is
 * not, which keeps all other orders equally likely.
 *
 * Equal texts are interchangeable: an ordering or a matching is graded by what the learner can
 * see, not by which of two identical lines was moved.
 */
#include "quiz/ask.h"

#include "base/random.h"

#include <assert.h>
#include <string.h>

#define MAX_TYPED 1000  /* bytes */
#define MAX_REDRAWS 200 /* of an ordering that came out solved; a bound for items all alike */

static const char *const truth_texts[] = {"True", "False"};

static enum ask_mode mode_of(const struct card *c)
{
	switch (c->kind) {
	case CARD_BASIC:
	case CARD_REVERSED:
	case CARD_CLOZE:
	case CARD_TABLE:
		return ASK_RECALL;
	case CARD_TRUEFALSE:
		return ASK_ONE;
	case CARD_CHOICE:
		return c->choice.choose > 1 ? ASK_SOME : ASK_ONE;
	case CARD_MATCHING:
		return ASK_MATCH;
	case CARD_ORDERING:
		return ASK_ORDER;
	case CARD_TYPED:
		return ASK_TYPE;
	case CARD_KIND_COUNT:
		break;
	}
	assert(!"a card has a kind");
	return ASK_RECALL;
}

static void shuffle(int *order, size_t n, struct rng *rng)
{
	for (size_t i = 0; i < n; i++)
		order[i] = (int)i;
	rng_shuffle(rng, order, n, sizeof(*order));
}

static bool in_order(const struct ask *q, const int *order)
{
	const char **items = q->card->ordering.items;

	for (size_t i = 0; i < q->count; i++)
		if (!str_eq(items[order[i]], items[i]))
			return false;
	return true;
}

static void init_order(struct ask *q, struct rng *rng)
{
	q->count = q->card->ordering.count;
	shuffle(q->order, q->count, rng);
	for (int i = 0; q->count >= 3 && i < MAX_REDRAWS && in_order(q, q->order); i++)
		shuffle(q->order, q->count, rng);
	memcpy(q->arranged, q->order, sizeof(q->order));
}

/* The text of a right-hand side by its index in the card: those of the pairs, then the decoys. */
static const char *right_of(const struct card *c, int index)
{
	size_t i = (size_t)index;

	return i < c->matching.count ? c->matching.pairs[i].right
				     : c->matching.decoys[i - c->matching.count];
}

static bool already_there(const struct ask *q, const char *text)
{
	for (size_t i = 0; i < q->right_count; i++)
		if (str_eq(right_of(q->card, q->order[i]), text))
			return true;
	return false;
}

static void init_match(struct ask *q, struct rng *rng)
{
	const struct card *c = q->card;

	q->count = c->matching.count;
	for (size_t i = 0; i < c->matching.count + c->matching.decoy_count; i++)
		if (!already_there(q, right_of(c, (int)i)))
			q->order[q->right_count++] = (int)i;
	rng_shuffle(rng, q->order, q->right_count, sizeof(*q->order));
	for (size_t i = 0; i < q->right_count; i++)
		q->rights[i] = right_of(c, q->order[i]);
	for (size_t i = 0; i < MAX_OPTIONS; i++)
		q->matched[i] = -1;
}

static void init_choice(struct ask *q, struct rng *rng)
{
	if (q->card->kind == CARD_TRUEFALSE) {
		q->count = ARRAY_LEN(truth_texts);
		q->order[1] = 1;
		return;
	}
	q->count = q->card->choice.count;
	shuffle(q->order, q->count, rng);
}

void ask_init(struct ask *q, const struct card *card, const struct part *part, uint64_t seed)
{
	struct rng rng = {seed};

	*q = (struct ask){.card = card, .part = *part, .mode = mode_of(card), .need = 1};
	switch (q->mode) {
	case ASK_RECALL:
	case ASK_TYPE:
		break;
	case ASK_SOME:
		q->need = card->choice.choose;
		init_choice(q, &rng);
		break;
	case ASK_ONE:
		init_choice(q, &rng);
		break;
	case ASK_MATCH:
		init_match(q, &rng);
		break;
	case ASK_ORDER:
		init_order(q, &rng);
		break;
	}
	assert(q->count <= MAX_OPTIONS && q->right_count <= MAX_OPTIONS);
}

void ask_clear(struct ask *q)
{
	str_clear(&q->typed);
	*q = (struct ask){0};
}

static const struct option *option_at(const struct ask *q, size_t i)
{
	return &q->card->choice.options[q->order[i]];
}

const char *ask_text(const struct ask *q, size_t i)
{
	assert(i < q->count);
	if (q->mode == ASK_MATCH)
		return q->card->matching.pairs[i].left;
	if (q->mode == ASK_ORDER)
		return q->card->ordering.items[q->arranged[i]];
	return q->card->kind == CARD_TRUEFALSE ? truth_texts[i] : option_at(q, i)->text;
}

const char *ask_why(const struct ask *q, size_t i)
{
	assert(i < q->count);
	return q->card->kind == CARD_CHOICE ? option_at(q, i)->why : NULL;
}

bool ask_is_right(const struct ask *q, size_t i)
{
	assert(i < q->count);
	if (q->mode == ASK_MATCH)
		return q->matched[i] >= 0 &&
		       str_eq(q->rights[q->matched[i]], q->card->matching.pairs[i].right);
	if (q->mode == ASK_ORDER)
		return str_eq(ask_text(q, i), q->card->ordering.items[i]);
	if (q->card->kind == CARD_TRUEFALSE)
		return (i == 0) == q->card->truefalse.answer;
	return option_at(q, i)->right;
}

const char *ask_right_text(const struct ask *q, size_t i)
{
	assert(i < q->count && (q->mode == ASK_MATCH || q->mode == ASK_ORDER));
	if (q->mode == ASK_MATCH)
		return q->card->matching.pairs[i].right;
	return q->card->ordering.items[i];
}

static bool has_options(const struct ask *q)
{
	return q->mode == ASK_ONE || q->mode == ASK_SOME;
}

static int chosen_count(const struct ask *q)
{
	int n = 0;

	for (size_t i = 0; i < q->count; i++)
		n += q->chosen[i];
	return n;
}

void ask_choose(struct ask *q, size_t i)
{
	if (q->shown || !has_options(q) || i >= q->count)
		return;
	if (q->chosen[i]) {
		q->chosen[i] = false;
		return;
	}
	if (q->mode == ASK_ONE)
		memset(q->chosen, 0, sizeof(q->chosen));
	if (chosen_count(q) >= q->need)
		return;
	q->struck[i] = false;
	q->chosen[i] = true;
}

void ask_strike(struct ask *q, size_t i)
{
	if (q->shown || !has_options(q) || i >= q->count)
		return;
	q->struck[i] = !q->struck[i];
	if (q->struck[i])
		q->chosen[i] = false;
}

void ask_match(struct ask *q, size_t left, int right)
{
	if (q->shown || q->mode != ASK_MATCH || left >= q->count)
		return;
	if (right >= -1 && right < (int)q->right_count)
		q->matched[left] = right;
}

void ask_move(struct ask *q, size_t from, size_t to)
{
	if (q->shown || q->mode != ASK_ORDER || from >= q->count || to >= q->count)
		return;
	int moved = q->arranged[from];

	for (; from < to; from++)
		q->arranged[from] = q->arranged[from + 1];
	for (; from > to; from--)
		q->arranged[from] = q->arranged[from - 1];
	q->arranged[to] = moved;
}

/* The longest prefix of at most max bytes that does not end within a code point. */
static size_t whole_prefix(const char *text, size_t max)
{
	size_t n = strlen(text);

	if (n <= max)
		return n;
	n = max;
	while (n > 0 && max - n < 3 && ((unsigned char)text[n] & 0xC0) == 0x80)
		n--;
	return n;
}

void ask_type(struct ask *q, const char *text)
{
	if (q->shown || q->mode != ASK_TYPE)
		return;
	str_reset(&q->typed);
	str_addn(&q->typed, text, whole_prefix(text, MAX_TYPED));
}

static bool all_matched(const struct ask *q)
{
	for (size_t i = 0; i < q->count; i++)
		if (q->matched[i] < 0)
			return false;
	return true;
}

bool ask_complete(const struct ask *q)
{
	switch (q->mode) {
	case ASK_RECALL:
	case ASK_ORDER:
		return true;
	case ASK_TYPE:
		return str_c(&q->typed)[strspn(str_c(&q->typed), " \t\r\n\v\f")] != '\0';
	case ASK_ONE:
	case ASK_SOME:
		return chosen_count(q) == q->need;
	case ASK_MATCH:
		return all_matched(q);
	}
	return false;
}

static enum verdict right_if(bool right)
{
	return right ? VERDICT_RIGHT : VERDICT_WRONG;
}

static enum verdict grade_options(const struct ask *q)
{
	for (size_t i = 0; i < q->count; i++)
		if (q->chosen[i] != ask_is_right(q, i))
			return VERDICT_WRONG;
	return VERDICT_RIGHT;
}

static enum verdict grade_places(const struct ask *q)
{
	for (size_t i = 0; i < q->count; i++)
		if (!ask_is_right(q, i))
			return VERDICT_WRONG;
	return VERDICT_RIGHT;
}

static enum verdict grade(const struct ask *q)
{
	switch (q->mode) {
	case ASK_RECALL:
		return VERDICT_NONE;
	case ASK_TYPE:
		return ask_complete(q) ? grade_typed(q->card, str_c(&q->typed)) : right_if(false);
	case ASK_ONE:
	case ASK_SOME:
		return grade_options(q);
	case ASK_MATCH:
	case ASK_ORDER:
		return grade_places(q);
	}
	return VERDICT_NONE;
}

enum verdict ask_submit(struct ask *q)
{
	if (!q->shown) {
		q->verdict = grade(q);
		q->shown = true;
	}
	return q->verdict;
}

void ask_reveal(struct ask *q)
{
	if (q->shown)
		return;
	q->verdict = VERDICT_NONE;
	q->shown = true;
}

int ask_grade(const struct ask *q)
{
	switch (q->verdict) {
	case VERDICT_NONE: /* who gave up did not know; who was asked for no answer may have */
		return q->mode == ASK_RECALL ? 3 : 1;
	case VERDICT_RIGHT:
		return 3;
	case VERDICT_WRONG:
	case VERDICT_ALMOST:
		return 1;
	}
	return 1;
}
