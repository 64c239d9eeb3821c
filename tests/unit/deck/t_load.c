/* t_load.c -- loading: what a deck holds afterwards, where errors stand and what they say, and
 * stored cards. */
#include "base/markdown.h"
#include "base/yaml.h"
#include "deck/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "deck: d\ntitle: T\nformat: 1\n"

static void read_good(struct deck *deck, const char *text)
{
	struct diags d = {0};
	if (!deck_read(deck, "x.yaml", text, strlen(text), &d))
		fail_msg("%d:%d %s", d.items[0].pos.line, d.items[0].pos.col, diags_first(&d));
	assert_int_equal(d.count, 0);
	diags_clear(&d);
}

/* The deck must be refused, with this as the text of its first error. */
static void expect_error(const char *text, const char *code, const char *want)
{
	struct diags d = {0};
	struct deck deck;
	assert_false(deck_read(&deck, "x.yaml", text, strlen(text), &d));
	assert_null(deck.cards);
	assert_string_equal(diags_first(&d), want);
	assert_string_equal(d.items[0].code, code);
	assert_string_equal(d.items[0].pos.file, "x.yaml");
	diags_clear(&d);
}

static const char full[] =
	"deck: ws-limits\n"
	"title: WebSocket API limits\n"
	"about: All limits.\n"
	"format: 1\n"
	"exam: {dva-c02: [\"1.1\", \"4.2\"], dva-c03: \"1.1\"}\n"
	"tags: [websocket, limits]\n"
	"sources:\n"
	"  quotas: {title: Quotas, url: \"https://example.org/q\", checked: 2026-11-20}\n"
	"  other: {title: Other, url: \"https://example.org/o\"}\n"
	"cards:\n"
	"- id: idle\n"
	"  kind: basic\n"
	"  front: How long?\n"
	"  back: 10 minutes.\n"
	"  source: quotas\n"
	"- id: sizes\n"
	"  kind: cloze\n"
	"  tags: [size, limits, size]\n"
	"  exam: {dva-c02: \"2.1\"}\n"
	"  text: A frame holds {{c2::32 KB}}, a message {{c1::128 KB::KB}}.\n"
	"  hint: Small.\n"
	"  why: Because.\n"
	"  lore: 1 MB.\n"
	"  source: [other, quotas, other]\n"
	"  claims: [F001, F002]\n"
	"  was: ws-limits/size\n"
	"- id: side\n"
	"  kind: table\n"
	"  title: Side by side\n"
	"  columns: {rest: REST, ws: WebSocket}\n"
	"  rows:\n"
	"    first: [Who speaks first?, client, either]\n"
	"    bill: [Billed by, requests, messages]\n"
	"  ask: row\n"
	"- id: tf\n"
	"  kind: truefalse\n"
	"  statement: It is so.\n"
	"  answer: false\n"
	"  why: It is not.\n"
	"- id: pick\n"
	"  kind: choice\n"
	"  question: Which two?\n"
	"  choose: 2\n"
	"  options:\n"
	"  - {text: A, right: true, why: yes}\n"
	"  - {text: B}\n"
	"  - text: C\n"
	"    right: true\n"
	"- id: pairs\n"
	"  kind: matching\n"
	"  question: Match.\n"
	"  pairs: [{left: a, right: x}, {left: b, right: x}]\n"
	"  decoys: y\n"
	"- id: steps\n"
	"  kind: ordering\n"
	"  question: Order.\n"
	"  items: [one, two, three]\n"
	"- id: say\n"
	"  kind: typed\n"
	"  question: How many?\n"
	"  accept: ['10', ten]\n"
	"  show: '10'\n"
	"- {id: both, kind: reversed, front: F, back: B}\n";

static void test_deck(void **state)
{
	struct deck deck;
	(void)state;
	read_good(&deck, full);
	assert_string_equal(deck.file, "x.yaml");
	assert_string_equal(deck.slug, "ws-limits");
	assert_string_equal(deck.title, "WebSocket API limits");
	assert_string_equal(deck.about, "All limits.");
	assert_int_equal(deck.tag_count, 2);
	assert_int_equal(deck.task_count, 3);
	assert_string_equal(deck.tasks[1].blueprint, "dva-c02");
	assert_string_equal(deck.tasks[1].task, "4.2");
	assert_int_equal(deck.source_count, 2);
	assert_string_equal(deck.sources[0].id, "quotas");
	assert_true(deck.sources[0].has_checked);
	assert_int_equal(deck.sources[0].pos.line, 8);
	assert_false(deck.sources[1].has_checked);
	assert_int_equal(deck.card_count, 9);
	deck_clear(&deck);
}

static void test_common(void **state)
{
	struct deck deck;
	(void)state;
	read_good(&deck, full);
	const struct card *idle = &deck.cards[0], *sizes = &deck.cards[1];
	assert_string_equal(idle->id, "idle");
	assert_int_equal(idle->pos.line, 11);
	assert_int_equal(idle->pos.col, 3);
	assert_ptr_equal(idle->tags, deck.tags);
	assert_int_equal(idle->task_count, 3);
	assert_int_equal(idle->source_count, 1);
	assert_null(idle->why);
	assert_int_equal(sizes->tag_count, 3);
	assert_string_equal(sizes->tags[0], "size");
	assert_string_equal(sizes->tags[1], "limits");
	assert_string_equal(sizes->tags[2], "websocket");
	assert_int_equal(sizes->task_count, 2);
	assert_string_equal(sizes->tasks[0].task, "2.1");
	assert_string_equal(sizes->tasks[1].blueprint, "dva-c03");
	assert_int_equal(sizes->source_count, 2);
	assert_string_equal(sizes->sources[0]->id, "other");
	assert_string_equal(sizes->hint, "Small.");
	assert_string_equal(sizes->why, "Because.");
	assert_string_equal(sizes->lore, "1 MB.");
	assert_string_equal(sizes->was, "ws-limits/size");
	assert_int_equal(sizes->claim_count, 2);
	deck_clear(&deck);
}

static void test_kinds(void **state)
{
	struct deck deck;
	(void)state;
	read_good(&deck, full);
	const struct card *c = deck.cards;
	assert_string_equal(c[0].basic.back, "10 minutes.");
	assert_string_equal(c[1].cloze.filled, "A frame holds 32 KB, a message 128 KB.");
	assert_int_equal(c[2].table.column_count, 2);
	assert_string_equal(c[2].table.column_ids[1], "ws");
	assert_string_equal(c[2].table.rows[1].heading, "Billed by");
	assert_string_equal(c[2].table.rows[1].cells[1], "messages");
	assert_int_equal(c[2].table.ask, TABLE_ROW);
	assert_false(c[3].truefalse.answer);
	assert_int_equal(c[4].choice.choose, 2);
	assert_true(c[4].choice.options[2].right && !c[4].choice.options[1].right);
	assert_string_equal(c[4].choice.options[0].why, "yes");
	assert_int_equal(c[4].choice.options[2].pos.line, 47);
	assert_int_equal(c[4].choice.options[2].pos.col, 11);
	assert_string_equal(c[5].matching.pairs[1].left, "b");
	assert_int_equal(c[5].matching.decoy_count, 1);
	assert_string_equal(c[6].ordering.items[2], "three");
	assert_int_equal(c[7].typed.count, 2);
	assert_int_equal(c[7].typed.accept_pos[1].col, 18);
	assert_int_equal(c[8].kind, CARD_REVERSED);
	deck_clear(&deck);
}

static void test_messages(void **state)
{
	(void)state;
	expect_error(HEAD
		     "cards:\n- {id: a, kind: truefalse, statement: S, anwser: true, why: w}\n",
		     "deck-unknown-key", "unknown key \"anwser\", did you mean \"answer\"?");
	expect_error(HEAD "cards:\n- {id: a, kind: basic, front: F, back: B, options: []}\n",
		     "deck-unknown-key", "unknown key \"options\": basic cards have none");
	expect_error(HEAD "zzz: 1\ncards: []\n", "deck-unknown-key",
		     "unknown key \"zzz\": no deck has it");
	expect_error(HEAD "cards:\n- {id: a, kind: basic, front: F}\n", "deck-missing-key",
		     "\"back\" is missing: every basic card needs it");
	expect_error(HEAD "cards:\n- {id: a, kind: basic, front: F, back: B}\n- {id: a, kind: "
			  "basic, front: F, back: B}\n",
		     "deck-duplicate-id", "card id \"a\" is already used at line 5, column 8");
	expect_error(HEAD "sources: {quotas: {title: S, url: \"https://e.org\"}}\n"
			  "cards:\n- {id: a, kind: basic, front: F, back: B, source: quota}\n",
		     "deck-unknown-source", "unknown source \"quota\", did you mean \"quotas\"?");
	expect_error(HEAD "cards:\n- {id: a, kind: cloze, text: 'x {{c1::hole'}\n", "deck-cloze",
		     "a hole is not closed with }}: \"{{c1::hole\"");
	expect_error(
		HEAD
		"cards:\n- {id: a, kind: choice, question: Q, options: [{text: A, right: true}, "
		"{text: B, right: true}]}\n",
		"deck-choose", "2 options are right, but \"choose\" is 1 when absent");
	expect_error(HEAD "cards:\n- {id: a, kind: table, title: T, ask: row, columns: {x: X}, "
			  "rows: {r: [R, 1, 2]}}\n",
		     "deck-table-cells", "row \"r\" needs a heading and 1 cell, this has 3 texts");
	expect_error(HEAD "cards:\n- {id: a, kind: [x], front: F}\n", "deck-type",
		     "\"kind\" must be text, not a list");
}

/* One slip, one message: what hangs on a refused value is not reported too. */
static void test_all_errors(void **state)
{
	static const char text[] =
		"deck: d\ntitle: T\nformat: 1\nsources: none\n"
		"cards:\n"
		"- {id: A, kind: basic, front: F, back: B, source: s}\n"
		"- {id: b, kind: table, title: T, ask: all, columns: [], rows: {r: [R, 1]}}\n"
		"- {id: c, kind: basic, front: '', back: B}\n"
		"- {id: d, kind: typed, question: Q, accept: [a, {}], show: a}\n";
	static const int lines[] = {4, 6, 7, 8, 9};
	struct diags d = {0};
	struct deck deck;
	(void)state;
	assert_false(deck_read(&deck, "x.yaml", text, strlen(text), &d));
	diags_sort(&d);
	assert_int_equal(d.count, ARRAY_LEN(lines));
	for (size_t i = 0; i < d.count; i++)
		assert_int_equal(d.items[i].pos.line, lines[i]);
	diags_clear(&d);
	assert_false(deck_read(&deck, "x.yaml", text, strlen(text), NULL));
}

/* HEAD and cards, each made from one form with its number in it. */
static char *many_cards(int n, const char *form)
{
	struct str s = {0};
	str_add(&s, HEAD "cards:\n");
	for (int i = 0; i < n; i++)
		str_addf(&s, form, i, i);
	return str_take(&s);
}

static void test_limits(void **state)
{
	struct diags d = {0};
	struct deck deck;
	(void)state;
	char *text = many_cards(MAX_CARDS + 1, "- {id: a%d}\n");
	assert_false(deck_read(&deck, "x.yaml", text, strlen(text), &d));
	assert_string_equal(d.items[0].code, "deck-too-many");
	assert_int_equal(d.count, 1);
	diags_clear(&d);
	free(text);

	struct str s = {0};
	str_add(&s, HEAD "cards:\n- {id: a, kind: basic, back: B, front: '");
	for (int i = 0; i <= MAX_CARD_TEXT; i++)
		str_addc(&s, 'x');
	str_add(&s, "'}\n");
	assert_false(deck_read(&deck, "x.yaml", s.p, s.len, &d));
	assert_string_equal(d.items[0].code, "deck-too-long");
	diags_clear(&d);
	str_clear(&s);
}

/* Errors without end stay bounded and quick. */
static void test_many_errors(void **state)
{
	struct diags d = {0};
	struct deck deck;
	(void)state;
	char *text = many_cards(20000,
				"- {id: same, kind: basic, front: %d, back: B, source: src-%d}\n");
	assert_false(deck_read(&deck, "x.yaml", text, strlen(text), &d));
	assert_int_equal(d.count, MAX_DIAGS);
	assert_int_equal(d.errors, 20000 + 19999);
	diags_clear(&d);
	free(text);
}

static void test_slug(void **state)
{
	static const char *const good[] = {"a", "0", "a-b", "a-", "dva-c02"};
	static const char *const bad[] = {"",    "-",   "-a",  "A",        "a_b",
					  "a b", "a.b", "a/b", "\xc3\xa9", "a\n"};
	char longest[MAX_SLUG + 2];
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(slug_valid(good[i]));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(slug_valid(bad[i]));
	memset(longest, 'a', sizeof(longest));
	longest[MAX_SLUG + 1] = '\0';
	assert_false(slug_valid(longest));
	longest[MAX_SLUG] = '\0';
	assert_true(slug_valid(longest));
}

static void test_from_node(void **state)
{
	struct arena a = {0};
	struct node *root = NULL;
	struct diags d = {0};
	struct deck deck;
	(void)state;
	assert_true(yaml_read(&a, "x.yaml", full, strlen(full), &root, &d));
	assert_true(deck_from_node(&deck, "x.yaml", root, &d));
	assert_ptr_equal(deck.root, root);
	assert_int_equal(deck.card_count, 9);
	deck_clear(&deck);
	assert_int_equal(root->count, 8);
	arena_clear(&a);
	diags_clear(&d);
}

/* -- stored cards ------------------------------------------------------------------------------ */

static void check_stored(const struct deck *deck, const struct card *c)
{
	struct str json = {0}, again = {0};
	struct diags d = {0};
	struct deck back;
	deck_card_json(&json, deck, c);
	if (!deck_read_card(&back, str_c(&json), json.len, &d))
		fail_msg("%s: %s", str_c(&json), diags_first(&d));
	const struct card *b = &back.cards[0];
	assert_string_equal(back.slug, deck->slug);
	assert_string_equal(back.title, deck->title);
	assert_int_equal(back.source_count, c->source_count);
	assert_string_equal(b->id, c->id);
	assert_true(card_hash(b) == card_hash(c));
	assert_int_equal(b->proof != NULL, c->proof != NULL);
	if (c->proof)
		assert_string_equal(b->proof, c->proof);
	assert_int_equal(b->tag_count, c->tag_count);
	for (size_t i = 0; i < c->tag_count; i++)
		assert_string_equal(b->tags[i], c->tags[i]);
	assert_int_equal(b->task_count, c->task_count);
	for (size_t i = 0; i < c->task_count; i++)
		assert_string_equal(b->tasks[i].task, c->tasks[i].task);
	for (size_t i = 0; i < c->source_count; i++)
		assert_int_equal(b->sources[i]->checked_day, c->sources[i]->checked_day);
	deck_card_json(&again, &back, b);
	assert_string_equal(str_c(&again), str_c(&json));
	deck_clear(&back);
	str_clear(&json);
	str_clear(&again);
}

static void test_stored(void **state)
{
	struct deck deck;
	(void)state;
	read_good(&deck, full);
	for (size_t i = 0; i < deck.card_count; i++)
		check_stored(&deck, &deck.cards[i]);
	deck_clear(&deck);
}

static void test_stored_form(void **state)
{
	struct deck deck;
	struct str json = {0};
	(void)state;
	read_good(&deck, HEAD "tags: t\nexam: {x: [\"1.10\", \"2\"]}\nsources:\n"
			      "  s: {title: S, url: \"https://e.org\", checked: 2026-11-20}\n"
			      "  unused: {title: U, url: \"https://e.org\"}\n"
			      "cards:\n- {kind: basic, id: a, back: \"B\\n\\\"q\\\" é\", front: "
			      "1.10, source: s}\n");
	deck_card_json(&json, &deck, &deck.cards[0]);
	assert_string_equal(
		str_c(&json),
		"{\"deck\":\"d\",\"title\":\"T\",\"format\":\"1\",\"exam\":{\"x\":[\"1.10\",\"2\"]}"
		","
		"\"tags\":[\"t\"],\"sources\":{\"s\":{\"title\":\"S\",\"url\":\"https://e.org\","
		"\"checked\":\"2026-11-20\"}},\"cards\":[{\"id\":\"a\",\"kind\":\"basic\","
		"\"front\":\"1.10\","
		"\"back\":\"B\\n\\\"q\\\" é\",\"source\":\"s\"}]}");
	str_clear(&json);
	deck_clear(&deck);
}

static void test_stored_bad(void **state)
{
	static const char *const bad[] = {
		"",
		"{}",
		"[]",
		"{\"deck\":\"d\",\"title\":\"T\",\"format\":\"1\",\"cards\":[]}",
		"{\"deck\":\"d\",\"title\":\"T\",\"format\":\"1\",\"cards\":[{\"id\":\"a\","
		"\"kind\":\"basic\","
		"\"front\":\"x\\u0000y\",\"back\":\"B\"}]}",
		"{\"deck\":\"d\",\"title\":\"T\",\"format\":\"1\",\"cards\":[{\"id\\u0000x\":\"a\","
		"\"kind\":\"basic\","
		"\"front\":\"F\",\"back\":\"B\"},{\"id\\u0000x\":\"a\",\"kind\\u0000\":\"basic\"}]"
		"}",
		"{\"deck\":\"d\",\"title\":null,\"format\":\"1\",\"cards\":[]}",
	};
	struct deck deck;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct diags d = {0};
		assert_false(deck_read_card(&deck, bad[i], strlen(bad[i]), &d));
		assert_true(d.errors > 0);
		diags_clear(&d);
	}
}

/* -- titles, words, hash ----------------------------------------------------------------------- */

static void test_titles(void **state)
{
	static const char *const titles[] = {
		"How long?",
		"A frame holds 32 KB, a message 128 KB.",
		"Side by side",
		"It is so.",
		"Which two?",
		"Match.",
		"Order.",
		"How many?",
		"F",
	};
	struct deck deck;
	(void)state;
	read_good(&deck, full);
	for (size_t i = 0; i < deck.card_count; i++)
		assert_string_equal(card_title(&deck.cards[i]), titles[i]);
	deck_clear(&deck);
}

static void expect_words(const struct card *c, const char *want)
{
	struct str out = {0};
	card_words(&out, c);
	assert_string_equal(str_c(&out), want);
	str_clear(&out);
}

static void test_words(void **state)
{
	struct deck deck;
	(void)state;
	read_good(&deck, full);
	expect_words(&deck.cards[0], "How long? 10 minutes.");
	expect_words(&deck.cards[1],
		     "A frame holds 32 KB, a message 128 KB. Small. Because. 1 MB.");
	expect_words(&deck.cards[2], "Side by side REST WebSocket Who speaks first? client either "
				     "Billed by requests messages");
	expect_words(&deck.cards[4], "Which two? A yes B C");
	expect_words(&deck.cards[5], "Match. a x b x y");
	expect_words(&deck.cards[7], "How many? 10");
	deck_clear(&deck);
}

static uint64_t hash_of(const char *card)
{
	struct deck deck;
	struct str s = {0};
	str_addf(&s, HEAD "sources: {s: {title: S, url: \"https://e.org\"}}\ncards:\n- %s\n", card);
	read_good(&deck, str_c(&s));
	uint64_t h = card_hash(&deck.cards[0]);
	deck_clear(&deck);
	str_clear(&s);
	return h;
}

static void test_hash(void **state)
{
	static const char *const distinct[] = {
		"{id: a, kind: basic, front: F, back: B}",
		"{id: a, kind: reversed, front: F, back: B}",
		"{id: a, kind: basic, front: FB, back: B}",
		"{id: a, kind: basic, front: B, back: F}",
		"{id: a, kind: basic, front: F, back: B, hint: h}",
		"{id: a, kind: basic, front: F, back: B, why: h}",
		"{id: a, kind: basic, front: F, back: B, lore: h}",
		"{id: a, kind: truefalse, statement: F, answer: true, why: B}",
		"{id: a, kind: truefalse, statement: F, answer: false, why: B}",
		"{id: a, kind: cloze, text: 'F {{c1::B}}'}",
		"{id: a, kind: cloze, text: 'F {{c2::B}}'}",
		"{id: a, kind: choice, question: Q, options: [{text: A, right: true}, {text: B}]}",
		"{id: a, kind: choice, question: Q, options: [{text: A}, {text: B, right: true}]}",
		"{id: a, kind: table, title: T, ask: row, columns: {x: X}, rows: {r: [R, C]}}",
		"{id: a, kind: table, title: T, ask: all, columns: {x: X}, rows: {r: [R, C]}}",
		"{id: a, kind: ordering, question: Q, items: [a, b]}",
		"{id: a, kind: ordering, question: Q, items: [b, a]}",
	};
	uint64_t h[ARRAY_LEN(distinct)];
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(distinct); i++) {
		h[i] = hash_of(distinct[i]);
		for (size_t k = 0; k < i; k++)
			assert_true(h[i] != h[k]);
	}
	assert_true(h[0] == hash_of("{id: b, kind: basic, front: F, back: B, tags: [x], source: s, "
				    "claims: [F1], was: c, proof: facts/one}"));
}

static void test_keys(void **state)
{
	(void)state;
	assert_ptr_equal(deck_key_find(KEY_CARD, CARD_CLOZE, "text"), &deck_keys[K_TEXT]);
	assert_null(deck_key_find(KEY_CARD, CARD_BASIC, "text"));
	assert_ptr_equal(deck_key_find(KEY_CARD, CARD_KIND_COUNT, "text"), &deck_keys[K_TEXT]);
	assert_ptr_equal(deck_key_find(KEY_OPTION, CARD_BASIC, "text"), &deck_keys[K_OPTION_TEXT]);
	assert_null(deck_key_find(KEY_PAIR, CARD_BASIC, ""));
	assert_string_equal(deck_key_suggest(KEY_CARD, CARD_TRUEFALSE, "anwser"), "answer");
	assert_null(deck_key_suggest(KEY_CARD, CARD_BASIC, "anwser"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_deck),        cmocka_unit_test(test_common),
		cmocka_unit_test(test_kinds),       cmocka_unit_test(test_messages),
		cmocka_unit_test(test_all_errors),  cmocka_unit_test(test_limits),
		cmocka_unit_test(test_many_errors), cmocka_unit_test(test_slug),
		cmocka_unit_test(test_from_node),   cmocka_unit_test(test_stored),
		cmocka_unit_test(test_stored_form), cmocka_unit_test(test_stored_bad),
		cmocka_unit_test(test_titles),      cmocka_unit_test(test_words),
		cmocka_unit_test(test_hash),        cmocka_unit_test(test_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
