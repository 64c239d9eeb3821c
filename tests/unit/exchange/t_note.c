/* t_note.c -- cards as notes, and what a note carries so that the card can come back. */
#include "base/json.h"
#include "exchange/note.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char yaml[] =
	"deck: d\ntitle: 'A: deck'\nformat: 1\nexam: {dva-c02: ['1.1', '2.1']}\ntags: [t]\n"
	"sources: {s: {title: S, url: 'https://s.example', checked: 2026-11-18}}\ncards:\n"
	"- {id: basic, kind: basic, front: F, back: B, hint: H, why: W, lore: L, source: s}\n"
	"- {id: both, kind: reversed, front: F, back: B, why: W}\n"
	"- {id: cloze, kind: cloze, text: 'a {{c2::b}} {{c5::c}}', why: W}\n"
	"- {id: cells, kind: table, title: T, columns: {a: A, b: B},"
	" rows: {x: [X, 1, 2], y: [Y, 3, 4]}, ask: cell}\n"
	"- {id: all, kind: table, title: T, columns: {a: A}, rows: {x: [X, 1], y: [Y, 2]},"
	" ask: all}\n"
	"- {id: true, kind: truefalse, statement: S, answer: true, why: W}\n"
	"- {id: choice, kind: choice, question: Q, options: [{text: R, right: true, why: r},"
	" {text: N, why: n}, {text: M}]}\n"
	"- {id: match, kind: matching, question: Q, pairs: [{left: L1, right: R1},"
	" {left: L2, right: R2}, {left: L3, right: R1}], decoys: [D]}\n"
	"- {id: order, kind: ordering, question: Q, items: [I1, I2, I3]}\n"
	"- {id: typed, kind: typed, question: Q, accept: [x], show: '`x`'}\n";

struct fixture {
	struct deck deck;
	struct arena a;
	struct note *notes;
	size_t count;
};

static int setup(void **state)
{
	static struct fixture f;
	f = (struct fixture){0};
	assert_true(deck_read(&f.deck, "d.yaml", yaml, strlen(yaml), NULL));
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	deck_clear(&f->deck);
	arena_clear(&f->a);
	return 0;
}

static const struct note *make(struct fixture *f, const char *id, struct note_options o)
{
	size_t i = 0;
	while (strcmp(f->deck.cards[i].id, id) != 0)
		i++;
	o.path = "P";
	f->count = card_notes(&f->a, &f->deck, &f->deck.cards[i], &o, &f->notes);
	assert_true(f->count > 0);
	return f->notes;
}

/* The field without its comment. */
static const char *seen(struct fixture *f, const struct note *n, size_t field)
{
	const char *at = strstr(n->fields[field].p, NOTE_DATA_BEGIN);
	size_t len = at ? (size_t)(at - n->fields[field].p) : n->fields[field].len;
	assert_int_equal(at != NULL, field + 1 == n->field_count);
	return arena_strndup(&f->a, n->fields[field].p, len);
}

static void fields(void **state)
{
	static const struct {
		const char *id;
		bool own;
		enum note_type type;
		const char *fields[MAX_NOTE_FIELDS];
	} rows[] = {
		{"basic",
		 false,
		 NOTE_BASIC,
		 {"F<details class=\"gd-hint\"><summary>Hint</summary>H</details>",
		  "B<hr><div class=\"gd-why\">W</div><div class=\"gd-lore\">L</div>"
		  "<div class=\"gd-source\"><a href=\"https://s.example\">S</a>, checked "
		  "2026-11-18</div>"}},
		{"basic",
		 true,
		 NOTE_BASIC,
		 {"F<details class=\"gd-hint\"><summary>Hint</summary>H</details>", "B",
		  "<div class=\"gd-why\">W</div><div class=\"gd-lore\">L</div>"
		  "<div class=\"gd-source\"><a href=\"https://s.example\">S</a>, checked "
		  "2026-11-18</div>",
		  "d/basic"}},
		{"both",
		 false,
		 NOTE_REVERSED,
		 {"F", "B<details class=\"gd-more\"><summary>More</summary>"
		       "<div class=\"gd-why\">W</div></details>"}},
		{"cloze",
		 false,
		 NOTE_CLOZE,
		 {"a {{c2::b}} {{c5::c}}", "<div class=\"gd-why\">W</div>"}},
		{"cloze",
		 true,
		 NOTE_CLOZE,
		 {"a {{c2::b}} {{c5::c}}", "<div class=\"gd-why\">W</div>", "d/cloze"}},
		{"true",
		 false,
		 NOTE_BASIC,
		 {"<p>True or false?</p><p>S</p>", "True<hr><div class=\"gd-why\">W</div>"}},
		{"choice",
		 false,
		 NOTE_BASIC,
		 {"Q<ol type=\"A\"><li>R</li><li>N</li><li>M</li></ol>",
		  "<div><strong>A.</strong> R</div><hr><ol type=\"A\" class=\"gd-reasons\">"
		  "<li><strong>Right.</strong> r</li><li>Wrong. n</li><li>Wrong. </li></ol>"}},
		{"typed", false, NOTE_TYPED, {"Q", "<code>x</code>"}},
		{"typed", true, NOTE_TYPED, {"Q", "x", "", "d/typed"}},
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct note *n =
			make(f, rows[i].id, (struct note_options){.own = rows[i].own});
		assert_int_equal(n->type, rows[i].type);
		for (size_t k = 0; k < n->field_count; k++)
			assert_string_equal(seen(f, n, k), rows[i].fields[k]);
		assert_true(n->field_count == MAX_NOTE_FIELDS || !rows[i].fields[n->field_count]);
	}
}

static void names(void **state)
{
	struct fixture *f = *state;
	const struct note *n = make(f, "basic", (struct note_options){0});
	assert_string_equal(n->guid, "gd-d/basic");
	assert_int_equal(n->tag_count, 3);
	assert_string_equal(n->tags[0], "t");
	assert_string_equal(n->tags[1], "dva-c02::1.1");
	assert_string_equal(n->tags[2], "dva-c02::2.1");
	assert_string_equal(note_deck_path(&f->a, "A::B:: C", NULL), "gatedrill::A:B: C");
	assert_string_equal(note_deck_path(&f->a, "A:", "s"), "gatedrill::A (s)");
}

static void parts(void **state)
{
	static const struct {
		const char *id;
		size_t parts;
	} rows[] = {{"basic", 1}, {"both", 2}, {"cloze", 2}, {"cells", 0}, {"all", 1}};
	struct fixture *f = *state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(make(f, rows[i].id, (struct note_options){0})->part_count,
				 rows[i].parts);
}

/* What is shown to be put in order is never in the right order, and the same each time. */
static void orders_give_nothing_away(void **state)
{
	struct fixture *f = *state;
	const struct note *n = make(f, "order", (struct note_options){0});
	const char *first = seen(f, n, 0);
	assert_null(strstr(first, "<li>I1</li><li>I2</li><li>I3</li>"));
	assert_non_null(strstr(seen(f, n, 1), "<li>I1</li><li>I2</li><li>I3</li>"));
	assert_string_equal(seen(f, make(f, "order", (struct note_options){0}), 0), first);
	n = make(f, "match", (struct note_options){0});
	const char *r1 = strstr(seen(f, n, 0), "<li>R1</li>");
	assert_non_null(r1);
	assert_null(strstr(r1 + 1, "<li>R1</li>"));
	assert_non_null(strstr(seen(f, n, 0), "<li>D</li>"));
}

static void a_note_per_cell(void **state)
{
	struct fixture *f = *state;
	bool damaged;
	struct note_data data;
	const struct note *n = make(f, "cells", (struct note_options){.cells = true});
	assert_int_equal(f->count, 4);
	assert_string_equal(n[2].guid, "gd-d/cells#y.a");
	assert_string_equal(seen(f, &n[2], 1), "3");
	assert_int_equal(n[2].first_part, 2);
	assert_int_equal(n[2].part_count, 1);
	for (size_t i = 0; i < f->count; i++) {
		struct slice last = n[i].fields[n[i].field_count - 1];
		assert_true(note_data_read(&f->a, last.p, last.len, &data, &damaged));
		assert_int_equal(data.card != NULL, i == 0);
		assert_string_equal(data.part, n[i].guid + strlen("gd-d/cells#"));
	}
	make(f, "all", (struct note_options){.cells = true});
	assert_int_equal(f->count, 2);
	assert_int_equal(f->notes[0].part_count, 0);
}

/* The card as it comes out of the comment is the card that went in. */
static void cards_come_back(void **state)
{
	struct fixture *f = *state;
	for (size_t i = 0; i < f->deck.card_count; i++) {
		const struct card *c = &f->deck.cards[i];
		const struct note *n =
			make(f, c->id, (struct note_options){.own = i % 2, .head = &f->deck});
		struct slice last = n->fields[n->field_count - 1];
		struct note_data data;
		struct deck back = {0};
		bool damaged;
		assert_true(note_data_read(&f->a, last.p, last.len, &data, &damaged));
		assert_false(damaged);
		assert_string_equal(node_text(data.head, "title"), "A: deck");
		assert_true(deck_from_node(&back, NULL, (struct node *)data.card, NULL));
		struct str before = {0}, after = {0};
		deck_card_json(&before, &f->deck, c);
		deck_card_json(&after, &back, &back.cards[0]);
		assert_string_equal(str_c(&after), str_c(&before));
		str_clear(&before);
		str_clear(&after);
		deck_clear(&back);
		assert_int_equal(data.seen, note_seen(n->fields, n->field_count));
	}
}

static uint64_t hash(const char *html)
{
	const struct slice field = {html, strlen(html)};
	return note_seen(&field, 1);
}

static void only_text_counts(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{"a b", "<b>a</b><br>\n b", true},
		{"a &amp; b", "a & b", true},
		{"a&nbsp;b", "a b", true},
		{"x", "x<!-- gatedrill {} -->", true},
		{"<p>x</p>", "<div class=\"y\">x</div>", true},
		{"x", "y", false},
		{"a < b", "a b", false},
		{"x", "x <!-- not ended", false},
		{"3 < 4", "3 &lt; 4", true},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(hash(rows[i].a) == hash(rows[i].b), rows[i].same);
}

static void damaged_comments_are_told(void **state)
{
	static const struct {
		const char *html;
		bool damaged;
	} rows[] = {
		{"", false},
		{"plain <!-- other -->", false},
		{"<!-- gatedrill {", true},
		{"<!-- gatedrill {\"v\":1} -->", true},
		{"<!-- gatedrill {\"v\":2,\"seen\":\"0123456789abcdef\",\"card\":{}} -->", true},
		{"<!-- gatedrill {\"v\":1,\"seen\":\"0123456789ABCDEF\",\"card\":{}} -->", true},
		{"<!-- gatedrill {\"v\":1,\"seen\":\"0123456789abcdef\",\"card\":[]} -->", true},
		{"<!-- gatedrill {\"v\":1,\"seen\":\"0123456789abcdef\",\"card\":{} -->", true},
	};
	struct fixture *f = *state;
	struct note_data data;
	bool damaged;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_false(
			note_data_read(&f->a, rows[i].html, strlen(rows[i].html), &data, &damaged));
		assert_int_equal(damaged, rows[i].damaged);
	}
}

static void json_is_made_inert(void **state)
{
	static const char json[] = "{\"a\":\"<b> & --> {{c1::x}} --- {{{\"}";
	struct fixture *f = *state;
	struct str out = {0};
	struct node *before, *after;
	note_inert(&out, json, strlen(json));
	for (const char *bad = "<>&"; *bad; bad++)
		assert_null(strchr(str_c(&out), *bad));
	assert_null(strstr(str_c(&out), "--"));
	assert_null(strstr(str_c(&out), "{{"));
	assert_true(json_read(&f->a, NULL, json, strlen(json), &before, NULL));
	assert_true(json_read(&f->a, NULL, out.p, out.len, &after, NULL));
	assert_true(node_equal(before, after));
	str_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields),
		cmocka_unit_test(names),
		cmocka_unit_test(parts),
		cmocka_unit_test(orders_give_nothing_away),
		cmocka_unit_test(a_note_per_cell),
		cmocka_unit_test(cards_come_back),
		cmocka_unit_test(only_text_counts),
		cmocka_unit_test(damaged_comments_are_told),
		cmocka_unit_test(json_is_made_inert),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
