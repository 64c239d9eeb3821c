/* t_part.c -- which review cards a card yields, and what they ask and answer. */
#include "base/markdown.h"
#include "deck/cloze.h"
#include "deck/part.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "deck: d\ntitle: T\nformat: 1\ncards:\n- "
#define HOLE(s) MD_BLANK_ON s MD_BLANK_OFF

static void read_card(struct deck *deck, const char *card)
{
	struct diags d = {0};
	struct str s = {0};
	str_addf(&s, HEAD "%s\n", card);
	if (!deck_read(deck, "x.yaml", str_c(&s), s.len, &d))
		fail_msg("%s: %s", card, diags_first(&d));
	str_clear(&s);
}

#define TABLE(ask)                                 \
	"{id: a, kind: table, title: T, ask: " ask \
	", columns: {x: X, y: Y|Z}, rows: {r: [R, 1, 2], s: [S, '- 3', 4]}}"

static void test_names(void **state)
{
	static const struct {
		const char *card, *names;
	} table[] = {
		{"{id: a, kind: basic, front: F, back: B}", " []"},
		{"{id: a, kind: reversed, front: F, back: B}", " [] [reverse]"},
		{"{id: a, kind: cloze, text: '{{c3::x}} {{c1::y}} {{c3::z}} {{c20::w}}'}",
		 " [c1] [c3] [c20]"},
		{TABLE("cell"), " [r.x] [r.y] [s.x] [s.y]"},
		{TABLE("row"), " [r] [s]"},
		{TABLE("all"), " []"},
		{"{id: a, kind: ordering, question: Q, items: [a, b]}", " []"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct arena a = {0};
		struct str s = {0};
		struct part *parts, found;
		struct deck deck;
		read_card(&deck, table[i].card);
		size_t n = card_parts(&a, &deck.cards[0], &parts);
		for (size_t k = 0; k < n; k++) {
			str_addf(&s, " [%s]", parts[k].name);
			assert_true(card_part_find(&a, &deck.cards[0], parts[k].name, &found));
			assert_memory_equal(&found.cloze, &parts[k].cloze, sizeof(int));
			assert_true(found.row == parts[k].row && found.col == parts[k].col &&
				    found.reverse == parts[k].reverse);
		}
		assert_string_equal(str_c(&s), table[i].names);
		assert_false(card_part_find(&a, &deck.cards[0], "nothing", &found));
		str_clear(&s);
		deck_clear(&deck);
		arena_clear(&a);
	}
}

static void test_faces(void **state)
{
	static const struct {
		const char *card, *part, *prompt, *answer;
	} table[] = {
		{"{id: a, kind: basic, front: F, back: B}", "", "F", "B"},
		{"{id: a, kind: reversed, front: F, back: B}", "reverse", "B", "F"},
		{"{id: a, kind: cloze, text: 'A {{c1::x}} b {{c2::y::why}} c {{c1::z}}.'}", "c1",
		 "A " HOLE("[...]") " b y c " HOLE("[...]") ".",
		 "A " HOLE("x") " b y c " HOLE("z") "."},
		{"{id: a, kind: cloze, text: 'A {{c1::x}} b {{c2::y::why}} c {{c1::z}}.'}", "c2",
		 "A x b " HOLE("[why]") " c z.", "A x b " HOLE("y") " c z."},
		{TABLE("cell"), "r.y", "**T**\n\nR · Y|Z: " HOLE("[...]"), "2"},
		{TABLE("cell"), "s.x", "**T**\n\nS · X: " HOLE("[...]"), "\\- 3"},
		{TABLE("row"), "r", "**T**\n\nR\n\n- X: " HOLE("[...]") "\n- Y|Z: " HOLE("[...]"),
		 "|  | R |\n| --- | --- |\n| X | 1 |\n| Y\\|Z | 2 |"},
		{TABLE("all"), "",
		 "**T**\n\n|  | X | Y\\|Z |\n| --- | --- | --- |\n| R |  |  |\n| S |  |  |",
		 "|  | X | Y\\|Z |\n| --- | --- | --- |\n| R | 1 | 2 |\n| S | - 3 | 4 |"},
		{"{id: a, kind: truefalse, statement: S, answer: true, why: w}", "",
		 "True or false?\n\nS", "True"},
		{"{id: a, kind: truefalse, statement: S, answer: false, why: w}", "",
		 "True or false?\n\nS", "False"},
		{"{id: a, kind: choice, question: Q, options: [{text: x}, {text: y, right: true, "
		 "why: w}]}",
		 "", "Q", "y"},
		{"{id: a, kind: choice, question: Q, choose: 2, options: [{text: \"x\\ny\", right: "
		 "true}, {text: z}, "
		 "{text: w, right: true}]}",
		 "", "Q", "- x\n  y\n- w"},
		{"{id: a, kind: matching, question: Q, pairs: [{left: l, right: r}, {left: m, "
		 "right: r}], decoys: z}",
		 "", "Q", "- l → r\n- m → r"},
		{"{id: a, kind: ordering, question: Q, items: [x, y]}", "", "Q", "1. x\n2. y"},
		{"{id: a, kind: typed, question: Q, accept: '1|2', show: '1'}", "", "Q", "1"},
		{"{id: a, kind: table, title: 'A *b*', ask: cell, columns: {x: X}, rows: {r: ['1. "
		 "R', '#1']}}",
		 "r.x", "A *b*\n\n1\\. R · X: " HOLE("[...]"), "\\#1"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct arena a = {0};
		struct part part;
		struct face face;
		struct deck deck;
		read_card(&deck, table[i].card);
		assert_true(card_part_find(&a, &deck.cards[0], table[i].part, &part));
		card_face(&a, &deck.cards[0], &part, &face);
		assert_string_equal(face.prompt, table[i].prompt);
		assert_string_equal(face.answer, table[i].answer);
		deck_clear(&deck);
		arena_clear(&a);
	}
}

static void test_key(void **state)
{
	struct arena a = {0};
	(void)state;
	assert_string_equal(part_key(&a, "d", "c", ""), "d/c");
	assert_string_equal(part_key(&a, "d", "c", "r.x"), "d/c#r.x");
	arena_clear(&a);
}

/* -- the scanner of holes ---------------------------------------------------------------------- */

static void test_holes(void **state)
{
	static const struct {
		const char *text, *holes; /* "number=answer|hint;" each, "!" when it is refused */
	} table[] = {
		{"none {{x}} { {{ c1", ""},
		{"{{c1::a}}", "1=a|;"},
		{"{{c1::a::b}}{{c2::c}}", "1=a|b;2=c|;"},
		{"{{c1::a::b::c}}", "1=a|b::c;"},
		{"{{c1::a::}}", "1=a|;"},
		{"{{c1::${stageVariables.fn}}} {{c2::x}}", "1=${stageVariables.fn}|;2=x|;"},
		{"{{c1::{\"a\": {\"b\": 1}}}}", "1={\"a\": {\"b\": 1}}|;"},
		{"{{c1::a { b}} c", "1=a { b|;"},
		{"{{c1::a { b}} and {{c2::x}}", "1=a { b|;2=x|;"},
		{"{x {{c1::a}}}", "1=a|;"},
		{"{{c1::line\nline}}", "1=line\nline|;"},
		{"{{c01::a}}", "1=a|;"},
		{"{{c1::a", "!"},
		{"{{c1::a}", "!"},
		{"{{c1::a {{c2::b}} c}}", "!"},
		{"{{c1::a}} {{c2::b", "1=a|;!"},
		{"{{c1:a}}", "!"},
		{"{{C1::a}}", "!"},
		{"{{c0::a}}", "!"},
		{"{{c21::a}}", "!"},
		{"{{c99999999999999999999::a}}", "!"},
		{"{{c1::}}", "!"},
		{"{{c1:: ::h}}", "!"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct str s = {0};
		struct hole h;
		size_t at = 0;
		const char *problem = NULL;
		enum cloze_result r;
		while ((r = cloze_next(table[i].text, &at, &h, &problem)) == CLOZE_HOLE)
			str_addf(&s, "%d=%.*s|%.*s;", h.number, (int)h.answer.len, h.answer.p,
				 (int)h.hint.len, h.hint.p);
		if (r == CLOZE_BAD)
			str_addc(&s, '!');
		assert_string_equal(str_c(&s), table[i].holes);
		assert_true((r == CLOZE_BAD) == (problem != NULL));
		str_clear(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_faces),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_holes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
