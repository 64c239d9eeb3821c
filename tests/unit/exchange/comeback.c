/* comeback.c -- see comeback.h. */
#include "tests/unit/exchange/comeback.h"

#include "base/file.h"
#include "base/json.h"
#include "deck/format.h"
#include "deck/keys.h"
#include "deck/lint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[256], path[512];

const char *comeback_file(const char *name, const void *bytes, size_t n)
{
	struct diags d = {0};
	const char *tmp = getenv("TMPDIR");
	if (!dir[0]) {
		snprintf(dir, sizeof(dir), "%s/comeback-XXXXXX", tmp ? tmp : "/tmp");
		assert_non_null(mkdtemp(dir));
	}
	if (path[0])
		unlink(path);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (!file_write(path, bytes, n, &d))
		fail_msg("%s", diags_first(&d));
	return path;
}

void comeback_clear(void)
{
	if (path[0])
		unlink(path);
	if (dir[0])
		assert_int_equal(rmdir(dir), 0); /* nothing else was left in it */
	dir[0] = path[0] = '\0';
}

bool comeback_import(struct import *out, const char *file, const struct import_options *o,
		     struct diags *d)
{
	struct import_options options = o ? *o : (struct import_options){.has_format = false};
	options.now = (struct moment){INT64_C(1795687200000), 60};
	options.day_start_min = 240;
	options.temp_dir = dir;
	return import_file(out, file, &options, d);
}

void comeback_check(const struct import *in)
{
	for (size_t i = 0; i < in->deck_count; i++) {
		const struct import_deck *k = &in->decks[i];
		struct diags d = {0};
		struct str out = {0};
		struct deck deck;
		if (!deck_read(&deck, "x.yaml", k->yaml, k->yaml_len, &d))
			fail_msg("%d:%d %s\n%s", d.items[0].pos.line, d.items[0].pos.col,
				 diags_first(&d), k->yaml);
		const struct deck *decks[] = {&deck};
		if (!lint_decks(decks, 1, &(struct lint_options){.max_age_d = 180}, &d))
			fail_msg("%s\n%s", diags_first(&d), k->yaml);
		assert_true(deck_format("x.yaml", k->yaml, k->yaml_len, &out, &d));
		assert_string_equal(str_c(&out), k->yaml);
		deck_clear(&deck);
		str_clear(&out);
		diags_clear(&d);
	}
}

const char *comeback_text(struct arena *a, const char *name, const char *text)
{
	struct import in = {.deck_count = 0};
	struct diags d = {0};
	struct str out = {0};
	bool ok = comeback_import(&in, comeback_file(name, text, strlen(text)), NULL, &d);
	for (size_t i = 0; i < d.count; i++)
		str_addf(&out, "%d:%d %s\n", d.items[i].pos.line, d.items[i].pos.col,
			 d.items[i].text);
	if (ok) {
		comeback_check(&in);
		for (size_t i = 0; i < in.deck_count; i++)
			str_add(&out, in.decks[i].yaml);
	}
	const char *got = arena_strdup(a, str_c(&out));
	str_clear(&out);
	diags_clear(&d);
	import_clear(&in);
	return got;
}

/* As JSON; a list of one is the one. */
static const char *as_json(struct arena *a, const struct node *n)
{
	struct str s = {0};
	if (n && n->kind == NODE_LIST && n->count == 1)
		n = n->child;
	if (n)
		json_write(&s, n);
	const char *out = arena_strdup(a, n ? str_c(&s) : "(none)");
	str_clear(&s);
	return out;
}

static void same_key(const struct node *want, const struct node *got, const char *name)
{
	struct arena a = {0};
	const struct node *w = node_get(want, name), *g = node_get(got, name);
	if (strcmp(name, "exam") == 0 && w && g) {
		assert_int_equal(w->count, g->count);
		for (const struct node *e = w->child; e; e = e->next)
			same_key(w, g, e->key->text);
	} else {
		assert_string_equal(as_json(&a, g), as_json(&a, w));
	}
	arena_clear(&a);
}

void comeback_same(const struct deck *want, const struct deck *got, unsigned kinds)
{
	size_t n = 0;
	for (int id = K_DECK_DECK; id < K_DECK_CARDS; id++)
		same_key(want->root, got->root, deck_keys[id].name);
	for (size_t i = 0; i < want->card_count; i++) {
		const struct card *c = &want->cards[i];
		if (!(kinds >> c->kind & 1))
			continue;
		if (n == got->card_count)
			fail_msg("card %s is not there", c->id);
		for (size_t id = K_ID; id <= K_WAS; id++)
			same_key(c->node, got->cards[n].node, deck_keys[id].name);
		n++;
	}
	assert_int_equal(got->card_count, n);
}
