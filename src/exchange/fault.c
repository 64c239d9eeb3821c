/* fault.c -- see fault.h. These are lint's errors (lint-duplicate-option, lint-pattern,
 * lint-show-mismatch) found on one card alone: lint itself looks at much more, which costs more
 * than all the rest of an import. */
#include "exchange/fault.h"

#include "base/markdown.h"
#include "base/regex.h"
#include "base/utf8.h"

#include <string.h>

/* Is one of the texts from `from` on like one before it? */
static bool repeats(const char *const *folded, size_t n, size_t from)
{
	for (size_t i = from; i < n; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(folded[i], folded[k]) == 0)
				return true;
	return false;
}

static const char *choice_fault(struct arena *a, const struct card *c)
{
	const char *folded[MAX_OPTIONS] = {NULL};
	for (size_t i = 0; i < c->choice.count; i++)
		folded[i] = utf8_fold(a, c->choice.options[i].text);
	return repeats(folded, c->choice.count, 1) ? "two of its options read the same" : NULL;
}

static const char *ordering_fault(struct arena *a, const struct card *c)
{
	const char *folded[MAX_OPTIONS] = {NULL};
	for (size_t i = 0; i < c->ordering.count; i++)
		folded[i] = utf8_fold(a, c->ordering.items[i]);
	return repeats(folded, c->ordering.count, 1) ? "two of its items read the same" : NULL;
}

/* Right-hand texts may repeat, but no decoy may be like one of them. */
static const char *matching_fault(struct arena *a, const struct card *c)
{
	const char *folded[2 * MAX_OPTIONS] = {NULL};
	size_t n = c->matching.count;
	for (size_t i = 0; i < n; i++)
		folded[i] = utf8_fold(a, c->matching.pairs[i].left);
	if (repeats(folded, n, 1))
		return "two of its left-hand texts read the same";
	for (size_t i = 0; i < n; i++)
		folded[i] = utf8_fold(a, c->matching.pairs[i].right);
	for (size_t i = 0; i < c->matching.decoy_count; i++)
		folded[n + i] = utf8_fold(a, c->matching.decoys[i]);
	return repeats(folded, n + c->matching.decoy_count, n)
		       ? "one of its decoys is right, or is "
			 "there twice"
		       : NULL;
}

/* Does one of the patterns match the model answer, as written or as it reads? */
static const char *try_patterns(struct arena *a, const struct card *c)
{
	struct str words = {0};
	const char *show = str_trim(a, c->typed.show), *fault = NULL;
	bool matched = false;
	md_words(&words, c->typed.show);
	for (size_t i = 0; i < c->typed.count && !fault; i++) {
		struct diags why = {0};
		struct regex *re = regex_new(c->typed.accept[i], REGEX_CASELESS | REGEX_WHOLE,
					     (struct pos){NULL, 0, 0}, &why);
		if (!re)
			fault = arena_printf(a, "a pattern of it: %s", diags_first(&why));
		else if (!matched)
			matched = regex_match(re, show, strlen(show)) != REGEX_NO ||
				  regex_match(re, str_c(&words), words.len) != REGEX_NO;
		regex_free(re);
		diags_clear(&why);
	}
	str_clear(&words);
	return fault || matched ? fault : "none of its patterns matches its model answer";
}

static const char *typed_fault(struct arena *a, const struct card *c, struct names *sound)
{
	struct str key = {0};
	str_add(&key, c->typed.show);
	for (size_t i = 0; i < c->typed.count; i++)
		str_addf(&key, "\n%s", c->typed.accept[i]);
	const char *fault = names_find(sound, str_c(&key)) < 0 ? try_patterns(a, c) : NULL;
	if (!fault)
		names_add(sound, str_c(&key));
	str_clear(&key);
	return fault;
}

const char *card_fault(struct arena *a, const struct card *c, struct names *sound)
{
	switch (c->kind) {
	case CARD_CHOICE:
		return choice_fault(a, c);
	case CARD_MATCHING:
		return matching_fault(a, c);
	case CARD_ORDERING:
		return ordering_fault(a, c);
	case CARD_TYPED:
		return typed_fault(a, c, sound);
	case CARD_BASIC:
	case CARD_REVERSED:
	case CARD_CLOZE:
	case CARD_TABLE:
	case CARD_TRUEFALSE:
	case CARD_KIND_COUNT:
		break;
	}
	return NULL;
}
