/* parse.c -- answers typed as a line of text, for plain mode and scripts.
 *
 * People write "b", "B)", "a, c", "a and c", "ac", "2", "2 4", "1b 2a", "1=b, 2=a", "3 1 2" or
 * "cab", and mean the obvious; all of these are read. Letters and numbers name positions as
 * ask_text and rights[] show them now. A line is taken whole or not at all: the state changes only
 * after everything in it made sense, and the reason given otherwise says what would have, so that
 * the prompt can simply be repeated.
 */
#include "quiz/ask.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define MAX_PICKS (2 * MAX_OPTIONS) /* a left and a right for each pair */
#define SEPARATORS " \t\r\n,;.:()[]&+-=>/"

/* What a line names, in its order: positions, 0-based, by letter or by number. */
struct pick {
	int at;
	bool letter;
};
struct picks {
	struct pick items[MAX_PICKS];
	size_t count;
};

static bool add_pick(struct picks *p, int at, bool letter)
{
	if (at < 0 || at >= MAX_OPTIONS || p->count == MAX_PICKS)
		return false;
	p->items[p->count++] = (struct pick){at, letter};
	return true;
}

/* "10" is the tenth position where there is one, else the digits stand for themselves: "13" of four
 * options is 1 and 3. */
static bool add_digits(struct picks *p, const char *s, size_t n, size_t count)
{
	if (n == 2 && s[0] == '1' && s[1] == '0' && count >= 10)
		return add_pick(p, 9, false);
	for (size_t i = 0; i < n; i++)
		if (!add_pick(p, s[i] - '1', false))
			return false;
	return true;
}

static bool add_letters(struct picks *p, const char *s, size_t n)
{
	if (n == 3 && strncasecmp(s, "and", 3) == 0)
		return true;
	for (size_t i = 0; i < n; i++)
		if (!add_pick(p, tolower((unsigned char)s[i]) - 'a', true))
			return false;
	return true;
}

/* Runs of letters and runs of digits, between separators or against each other. False if the line
 * holds anything else. */
static bool read_picks(const char *line, size_t count, struct picks *out)
{
	static const char digits[] = "0123456789";
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	out->count = 0;
	for (line += strspn(line, SEPARATORS); *line; line += strspn(line, SEPARATORS)) {
		size_t d = strspn(line, digits), l = strspn(line, letters);

		if (d + l == 0 || (d && !add_digits(out, line, d, count)) ||
		    (l && !add_letters(out, line, l)))
			return false;
		line += d + l;
	}
	return true;
}

/* Are all picks below count, each position at most once? */
static bool distinct(const struct picks *p, size_t count)
{
	bool seen[MAX_OPTIONS] = {false};

	for (size_t i = 0; i < p->count; i++) {
		size_t at = (size_t)p->items[i].at;

		if (at >= count || seen[at])
			return false;
		seen[at] = true;
	}
	return true;
}

static bool take_choice(struct ask *q, const struct picks *p)
{
	if (p->count != (size_t)q->need || !distinct(p, q->count))
		return false;
	memset(q->chosen, 0, sizeof(q->chosen));
	for (size_t i = 0; i < p->count; i++)
		ask_choose(q, (size_t)p->items[i].at);
	return true;
}

static bool take_order(struct ask *q, const struct picks *p)
{
	int now[MAX_OPTIONS];

	if (p->count != q->count || !distinct(p, q->count))
		return false;
	memcpy(now, q->arranged, sizeof(now));
	for (size_t i = 0; i < p->count; i++)
		q->arranged[i] = now[p->items[i].at];
	return true;
}

/* "b a c": a right for every left, in their order. */
static bool rights_alone(const struct ask *q, const struct picks *p, int *matched)
{
	if (p->count != q->count)
		return false;
	for (size_t i = 0; i < p->count; i++) {
		if (!p->items[i].letter)
			return false;
		matched[i] = p->items[i].at;
	}
	return true;
}

/* "1b 2a": some or all lefts, each at most once. */
static bool left_and_right(const struct ask *q, const struct picks *p, int *matched)
{
	bool seen[MAX_OPTIONS] = {false};

	if (p->count == 0 || p->count % 2 != 0)
		return false;
	for (size_t i = 0; i < p->count; i += 2) {
		const struct pick *left = &p->items[i], *right = left + 1;

		if (left->letter || !right->letter || left->at >= (int)q->count || seen[left->at])
			return false;
		seen[left->at] = true;
		matched[left->at] = right->at;
	}
	return true;
}

static bool take_matches(struct ask *q, const struct picks *p)
{
	int matched[MAX_OPTIONS];

	memcpy(matched, q->matched, sizeof(matched));
	if (!left_and_right(q, p, matched) && !rights_alone(q, p, matched))
		return false;
	for (size_t i = 0; i < q->count; i++)
		if (matched[i] >= (int)q->right_count)
			return false;
	memcpy(q->matched, matched, sizeof(matched));
	return true;
}

/* The words of a yes-or-no question; -1 if it is none of them. */
static int truth_position(const char *line)
{
	static const struct {
		const char *word;
		int at;
	} words[] = {
		{"true", 0},  {"t", 0}, {"yes", 0}, {"y", 0}, {"right", 0}, {"correct", 0},
		{"false", 1}, {"f", 1}, {"no", 1},  {"n", 1}, {"wrong", 1},
	};
	size_t skip = strspn(line, SEPARATORS), n = strcspn(line + skip, SEPARATORS);

	if (line[skip + n + strspn(line + skip + n, SEPARATORS)] != '\0')
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strlen(words[i].word) == n && strncasecmp(words[i].word, line + skip, n) == 0)
			return words[i].at;
	return -1;
}

/* What would make sense, by what is asked. */
static const char *advice(const struct ask *q)
{
	static const char *const choose[] = {
		[2] = "choose two, such as: a c",
		[3] = "choose three, such as: a b d",
		[4] = "choose four, such as: a b d e",
	};

	switch (q->mode) {
	case ASK_RECALL:
		return "there is nothing to type here: think of the answer, then show it";
	case ASK_TYPE:
		return "type the answer";
	case ASK_ONE:
		if (q->card->kind == CARD_TRUEFALSE)
			return "answer true or false";
		return "choose one by its letter or number, such as: b";
	case ASK_SOME:
		if ((size_t)q->need < ARRAY_LEN(choose))
			return choose[q->need];
		return "choose as many as the question asks for, such as: a b d e f";
	case ASK_MATCH:
		return "give each number a letter, such as: 1b 2a 3c";
	case ASK_ORDER:
		return "name every item once, in the right order, such as: 3 1 2";
	}
	return "";
}

static bool take_line(struct ask *q, const char *line)
{
	struct picks p;
	int truth = q->card->kind == CARD_TRUEFALSE ? truth_position(line) : -1;

	if (truth >= 0) {
		p = (struct picks){.items = {{truth, false}}, .count = 1};
		return take_choice(q, &p);
	}
	if (!read_picks(line, q->mode == ASK_MATCH ? q->right_count : q->count, &p))
		return false;
	if (q->mode == ASK_MATCH)
		return take_matches(q, &p);
	return q->mode == ASK_ORDER ? take_order(q, &p) : take_choice(q, &p);
}

bool ask_parse(struct ask *q, const char *line, const char **why)
{
	bool taken = false;

	*why = advice(q);
	if (q->shown) {
		*why = "the answer is already shown";
	} else if (q->mode == ASK_TYPE) {
		taken = line[strspn(line, " \t\r\n\v\f")] != '\0';
		if (taken)
			ask_type(q, line);
	} else if (q->mode != ASK_RECALL) {
		taken = take_line(q, line);
	}
	return taken;
}
