/* t_edited.c -- notes of ours that were edited in Anki: what is seen now is what the card says, and
 * what was not touched stays to the letter. The files are exports in which the visible text is
 * replaced, as Anki would write them. */
#include "base/file.h"
#include "exchange/export.h"
#include "tests/unit/exchange/comeback.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "deck: edits\ntitle: Edits\nformat: 1\n"

/* One card, exported as text, with the first `old` behind the headers replaced by new, in the words
 * of Anki's file: quotes doubled. What comes back must be the deck of want's card. */
static void edit(const char *card, const char *old, const char *new, const char *want,
		 const char *problem, bool cells)
{
	struct arena a = {0};
	struct str text = {0}, edited = {0};
	struct deck deck;
	struct diags d = {0};
	struct import in = {.deck_count = 0};
	const char *yaml = arena_printf(&a, HEAD "cards:\n%s", card);
	const char *path = comeback_file("x.csv", "", 0);
	struct export *x;
	struct export_report r;
	if (!deck_read(&deck, NULL, yaml, strlen(yaml), &d))
		fail_msg("%s", diags_first(&d));
	const struct export_options o = {.format = EXPORT_ANKI_CSV, .path = path, .cells = cells};
	assert_true(export_open(&x, &o, &d) && export_deck(x, &deck, 0, &d));
	for (size_t i = 0; i < deck.card_count; i++)
		assert_true(export_card(
			x, &(struct export_item){.deck = &deck, .card = &deck.cards[i]}, &d));
	assert_true(export_finish(x, &r, &d));
	export_close(x);
	deck_clear(&deck);

	assert_true(file_read(path, 1 << 20, &text, &d));
	const char *from = strstr(strstr(text.p, "gd-edits/"), old);
	if (!from)
		fail_msg("no \"%s\" in %s", old, text.p);
	str_addn(&edited, text.p, (size_t)(from - text.p));
	str_add(&edited, new);
	str_add(&edited, from + strlen(old));
	if (!comeback_import(&in, comeback_file("x.csv", edited.p, edited.len), NULL, &d))
		fail_msg("%s", diags_first(&d));
	comeback_check(&in);
	assert_string_equal(strstr(in.decks[0].yaml, "cards:\n") + 7, want);
	assert_int_equal(in.report.edited, 1);
	if (problem)
		assert_non_null(strstr(diags_first(&d), problem));
	else
		assert_int_equal(d.count, 0);
	import_clear(&in);
	diags_clear(&d);
	str_clear(&text);
	str_clear(&edited);
	arena_clear(&a);
	comeback_clear();
}

static void test_basic(void **state)
{
	static const char card[] = "- id: a\n  kind: basic\n  tags: [t]\n  front: \"*How* long?\"\n"
				   "  back: Ten `minutes`.\n  hint: Short.\n  why: Because.\n"
				   "  lore: They say.\n";
	(void)state;
	edit(card, "long?", "<b>very</b> long?",
	     "- id: a\n  kind: basic\n  tags: [t]\n  front: \"*How* **very** long?\"\n"
	     "  back: Ten `minutes`.\n  hint: Short.\n  why: Because.\n  lore: They say.\n",
	     NULL, false);
	edit(card, "Ten ", "Two &lt; ten ",
	     "- id: a\n  kind: basic\n  tags: [t]\n  front: \"*How* long?\"\n"
	     "  back: Two < ten `minutes`.\n  hint: Short.\n  why: Because.\n  lore: They say.\n",
	     NULL, false);
	edit(card, "Short.", "Shorter.",
	     "- id: a\n  kind: basic\n  tags: [t]\n  front: \"*How* long?\"\n"
	     "  back: Ten `minutes`.\n  hint: Shorter.\n  why: Because.\n  lore: They say.\n",
	     NULL, false);
	edit(card, "Because.", "Because of it.",
	     "- id: a\n  kind: basic\n  tags: [t]\n  front: \"*How* long?\"\n"
	     "  back: Ten `minutes`.\n  hint: Short.\n  why: Because of it.\n  lore: They say.\n",
	     NULL, false);
	edit(card, "They say.", "They said.",
	     "- id: a\n  kind: basic\n  tags: [t]\n  front: \"*How* long?\"\n"
	     "  back: Ten `minutes`.\n  hint: Short.\n  why: Because.\n  lore: They said.\n",
	     NULL, false);
}

static void test_two_sided(void **state)
{
	(void)state;
	edit("- {id: a, kind: reversed, front: left, back: right, why: W.}\n", "right",
	     "to the right",
	     "- id: a\n  kind: reversed\n  front: left\n  back: to the right\n  why: W.\n", NULL,
	     false);
	edit("- {id: a, kind: cloze, text: \"A {{c1::hole::h}}.\", why: W.}\n", "hole", "deep hole",
	     "- id: a\n  kind: cloze\n  text: A {{c1::deep hole::h}}.\n  why: W.\n", NULL, false);
	edit("- {id: a, kind: truefalse, statement: So., answer: false, why: W.}\n", "So.",
	     "Not so.",
	     "- id: a\n  kind: truefalse\n  statement: Not so.\n  answer: false\n  why: W.\n", NULL,
	     false);
	edit("- {id: a, kind: truefalse, statement: So., answer: false, why: W.}\n", "False",
	     "True", "- id: a\n  kind: truefalse\n  statement: So.\n  answer: true\n  why: W.\n",
	     NULL, false);
	edit("- {id: a, kind: truefalse, statement: So., answer: false, why: W.}\n", "False",
	     "It depends",
	     "- id: a\n  kind: basic\n  front: |-\n    True or false?\n\n    So.\n  back: It "
	     "depends\n"
	     "  why: W.\n",
	     "not True or False", false);
	edit("- {id: a, kind: typed, question: Q?, accept: ['a+'], show: aa}\n", "aa", "a.a",
	     "- id: a\n  kind: typed\n  question: Q?\n  accept: [a\\.a]\n  show: a.a\n", NULL,
	     false);
}

static const char choice[] =
	"- id: a\n  kind: choice\n  question: Which?\n  options:\n"
	"  - {text: One, right: true, why: W1.}\n  - {text: \"*Two*\", why: W2.}\n";

static void test_choice(void **state)
{
	(void)state;
	edit(choice, "Which?", "Which one?",
	     "- id: a\n  kind: choice\n  question: Which one?\n  options:\n  - text: One\n"
	     "    right: true\n    why: W1.\n  - text: \"*Two*\"\n    why: W2.\n",
	     NULL, false);
	edit(choice, "</em></li>", "</em> or so</li>",
	     "- id: a\n  kind: choice\n  question: Which?\n  options:\n  - text: One\n"
	     "    right: true\n    why: W1.\n  - text: \"*Two* or so\"\n    why: W2.\n",
	     NULL, false);
	edit(choice, "W2.", "W2, too.",
	     "- id: a\n  kind: choice\n  question: Which?\n  options:\n  - text: One\n"
	     "    right: true\n    why: W1.\n  - text: \"*Two*\"\n    why: W2, too.\n",
	     NULL, false);
	edit(choice, "<strong>A.</strong> One", "<strong>B.</strong> Two",
	     "- id: a\n  kind: choice\n  question: Which?\n  choose: 1\n  options:\n  - text: One\n"
	     "    right: false\n    why: W1.\n  - text: \"*Two*\"\n    why: W2.\n    right: true\n",
	     NULL, false);
	edit(choice, "</ol>", "<li>Three</li></ol>",
	     "- id: a\n  kind: basic\n  front: |-\n    Which?\n\n    1. One\n    2. *Two*\n"
	     "    3. Three\n  back: \"**A.** One\"\n  why: |-\n    1. **Right.** W1.\n"
	     "    2. Wrong. W2.\n",
	     "its options are not those it had", false);
}

static void test_lists(void **state)
{
	static const char pairs[] = "- id: a\n  kind: matching\n  question: Match.\n  pairs:\n"
				    "  - {left: One, right: R1}\n  - {left: Two, right: R2}\n";
	static const char items[] =
		"- {id: a, kind: ordering, question: Order., items: [One, Two, Three]}\n";
	(void)state;
	edit(pairs, " → R2", " → R2, new",
	     "- id: a\n  kind: matching\n  question: Match.\n  pairs:\n  - left: One\n"
	     "    right: R1\n  - left: Two\n    right: R2, new\n",
	     NULL, false);
	edit(pairs, "Match.", "Match them.",
	     "- id: a\n  kind: matching\n  question: Match them.\n  pairs:\n  - left: One\n"
	     "    right: R1\n  - left: Two\n    right: R2\n",
	     NULL, false);
	edit(pairs, " → R1", ": R1",
	     "- id: a\n  kind: basic\n  front: |-\n    Match.\n\n    1. One\n    2. Two\n\n"
	     "    1) R2\n    2) R1\n  back: |-\n    - One: R1\n    - Two → R2\n",
	     "no list of pairs", false);
	edit(items, "<li>One</li><li>Two</li>", "<li>One</li><li>Second</li>",
	     "- id: a\n  kind: ordering\n  question: Order.\n  items: [One, Second, Three]\n", NULL,
	     false);
	edit(items, "Order.", "In which order?",
	     "- id: a\n  kind: ordering\n  question: In which order?\n  items: [One, Two, Three]\n",
	     NULL, false);
}

static void test_table(void **state)
{
	static const char table[] =
		"- id: a\n  kind: table\n  title: T\n  columns: {x: X, y: Y}\n"
		"  rows:\n    r: [R, rx, ry]\n    s: [S, sx, sy]\n  ask: cell\n";
	(void)state;
	edit(table, "<td>sx</td>", "<td>s, x</td>",
	     "- id: a\n  kind: table\n  title: T\n  columns: {x: X, y: Y}\n  rows:\n"
	     "    r: [R, rx, ry]\n    s: [S, \"s, x\", sy]\n  ask: cell\n",
	     NULL, false);
	edit(table, "<td>sx</td>", "",
	     "- id: a\n  kind: basic\n  front: |-\n    **T**\n\n    | | X | Y |\n"
	     "    | --- | --- | --- |\n    | R | | |\n    | S | | |\n  back: |-\n"
	     "    | | X | Y |\n    | --- | --- | --- |\n    | R | rx | ry |\n    | S | sy |\n",
	     "other rows or columns", false);
	edit(table, "sy<!--", "s.<br>y<!--",
	     "- id: a\n  kind: table\n  title: T\n  columns: {x: X, y: Y}\n  rows:\n"
	     "    r: [R, rx, ry]\n    s: [S, sx, s. y]\n  ask: cell\n",
	     NULL, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_basic),  cmocka_unit_test(test_two_sided),
		cmocka_unit_test(test_choice), cmocka_unit_test(test_lists),
		cmocka_unit_test(test_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
