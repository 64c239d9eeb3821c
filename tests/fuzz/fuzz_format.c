/* fuzz_format.c -- any bytes through deck fmt: refused, or laid out so that the tree is the same
 * (the keys of cards in any order), no character other than white space came or went (so no comment
 * did), and laying it out again changes nothing. */
#include "base/yaml.h"
#include "deck/format.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void check(bool ok)
{
	if (!ok)
		abort();
}

static size_t skip_mark(const char *p, size_t n)
{
	return n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static void count_characters(const char *p, size_t n, size_t counts[256])
{
	for (size_t i = skip_mark(p, n); i < n; i++)
		counts[(unsigned char)p[i]]++;
	counts[' '] = counts['\t'] = counts['\n'] = counts['\r'] = 0;
}

static void check_characters(const char *a, size_t an, const char *b, size_t bn)
{
	size_t before[256] = {0}, after[256] = {0};

	count_characters(a, an, before);
	count_characters(b, bn, after);
	check(memcmp(before, after, sizeof(before)) == 0);
}

static bool same(const struct node *a, const struct node *b, int depth);

/* depth 0 is the deck, 1 its list of cards, 2 a card; -1 is elsewhere. */
static bool same_children(const struct node *a, const struct node *b, int depth)
{
	const struct node *x = a->child, *y = b->child;

	for (; x && y; x = x->next, y = y->next) {
		const struct node *other =
			a->kind == NODE_MAP && depth == 2 ? node_get(b, x->key->text) : y;
		bool cards = depth == 0 && x->key && str_eq(x->key->text, "cards");

		if (!other || (x->key && !str_eq(x->key->text, other->key->text)) ||
		    !same(x, other,
			  depth == 1 ? 2
			  : cards    ? 1
				     : -1))
			return false;
	}
	return !x && !y;
}

static bool same(const struct node *a, const struct node *b, int depth)
{
	if (a->kind != b->kind || a->count != b->count)
		return false;
	if (a->kind == NODE_TEXT)
		return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
	return same_children(a, b, a->kind == (depth == 1 ? NODE_LIST : NODE_MAP) ? depth : -1);
}

static void check_tree(const char *a, size_t an, const char *b, size_t bn)
{
	struct arena arena = {0};
	struct diags d = {0};
	struct node *before, *after;

	check(yaml_read(&arena, "before.yaml", a, an, &before, &d));
	check(yaml_read(&arena, "after.yaml", b, bn, &after, &d));
	check(same(before, after, 0));
	diags_clear(&d);
	arena_clear(&arena);
}

static void check_stable(const struct str *once)
{
	struct str twice = {0};
	struct diags d = {0};

	check(deck_format("fuzz.yaml", str_c(once), once->len, &twice, &d));
	check(once->len == twice.len && memcmp(str_c(once), str_c(&twice), once->len) == 0);
	diags_clear(&d);
	str_clear(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str source = {0}, out = {0};
	struct diags d = {0};

	/* A newline that is missing at the end is added by fmt, and a block scalar there would take
	 * it. */
	str_addn(&source, (const char *)data, size);
	str_addc(&source, '\n');
	bool ok = deck_format("fuzz.yaml", str_c(&source), source.len, &out, &d);

	check(ok == (d.errors == 0));
	check(ok || out.len == 0);
	if (ok) {
		check_characters(str_c(&source), source.len, str_c(&out), out.len);
		check_tree(str_c(&source), source.len, str_c(&out), out.len);
		check_stable(&out);
	}
	diags_clear(&d);
	str_clear(&source);
	str_clear(&out);
	return 0;
}
