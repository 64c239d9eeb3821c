/* given.c -- what was answered, for the review log.
 *
 * The log outlives the shuffle and the card's wording, so it holds indexes in the card's own
 * order: options and items as the deck lists them, right-hand texts as the pairs list them and
 * then the decoys. Nothing is written for what was not answered: an untouched ordering that was
 * only revealed, a matching without a pair.
 */
#include "quiz/ask.h"

#include "base/json.h"

#include <string.h>

static bool any_chosen(const struct ask *q)
{
	for (size_t i = 0; i < q->count; i++)
		if (q->chosen[i])
			return true;
	return false;
}

static bool any_matched(const struct ask *q)
{
	for (size_t i = 0; i < q->count; i++)
		if (q->matched[i] >= 0)
			return true;
	return false;
}

/* An ordering submitted as it first stood is an answer too. */
static bool ordered(const struct ask *q)
{
	return q->verdict != VERDICT_NONE || memcmp(q->arranged, q->order, sizeof(q->order)) != 0;
}

static bool anything_given(const struct ask *q)
{
	switch (q->mode) {
	case ASK_RECALL:
		return false;
	case ASK_TYPE:
		return q->typed.len > 0;
	case ASK_ONE:
	case ASK_SOME:
		return any_chosen(q);
	case ASK_MATCH:
		return any_matched(q);
	case ASK_ORDER:
		return ordered(q);
	}
	return false;
}

/* In the card's order, so that the same choice is the same text whatever the shuffle was. */
static void write_chosen(struct json_out *j, const struct ask *q)
{
	json_list(j, "chosen");
	for (int card = 0; card < (int)q->count; card++)
		for (size_t i = 0; i < q->count; i++)
			if (q->order[i] == card && q->chosen[i])
				json_int(j, NULL, card);
	json_end(j);
}

static void write_matched(struct json_out *j, const struct ask *q)
{
	json_list(j, "matched");
	for (size_t i = 0; i < q->count; i++) {
		if (q->matched[i] < 0)
			json_text(j, NULL, NULL);
		else
			json_int(j, NULL, q->order[q->matched[i]]);
	}
	json_end(j);
}

static void write_arranged(struct json_out *j, const struct ask *q)
{
	json_list(j, "arranged");
	for (size_t i = 0; i < q->count; i++)
		json_int(j, NULL, q->arranged[i]);
	json_end(j);
}

char *ask_given(const struct ask *q)
{
	struct str out = {0};
	struct json_out j = {.out = &out};

	if (!anything_given(q))
		return str_take(&out);
	json_object(&j, NULL);
	if (q->mode == ASK_TYPE)
		json_text(&j, "typed", str_c(&q->typed));
	else if (q->mode == ASK_MATCH)
		write_matched(&j, q);
	else if (q->mode == ASK_ORDER)
		write_arranged(&j, q);
	else
		write_chosen(&j, q);
	json_end(&j);
	return str_take(&out);
}
