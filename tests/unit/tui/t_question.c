/* t_question.c -- each kind of card before and after its answer, as text: what is told must be told
 * without colour. */
#include "pagetext.h"
#include "tui/question.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char yaml[] =
	"deck: d\ntitle: D\nformat: 1\n"
	"sources:\n  s: {title: Quotas, url: \"https://example.org/\", checked: 2026-11-18}\n"
	"cards:\n"
	"- {id: recall, kind: basic, front: How long?, back: 10 minutes, why: No frame., source: "
	"s, hint: Short.}\n"
	"- {id: cloze, kind: cloze, text: \"At most {{c1::32 KB}}.\", source: s}\n"
	"- id: choice\n  kind: choice\n  question: Which?\n  source: s\n  options:\n"
	"  - {text: Idle, right: true, why: Quiet.}\n  - {text: Size, why: Never.}\n"
	"- {id: truth, kind: truefalse, statement: It pushes., answer: false, why: It waits., "
	"source: s}\n"
	"- id: match\n  kind: matching\n  question: Match.\n  source: s\n  pairs:\n"
	"  - {left: one, right: eins}\n  - {left: two, right: zwei}\n"
	"- {id: order, kind: ordering, question: Order., items: [first, second], source: s}\n"
	"- {id: typed, kind: typed, question: Code?, accept: \"^101$\", show: \"101\", source: "
	"s}\n";

enum { RECALL, CLOZE, CHOICE, TRUTH, MATCH, ORDER, TYPED };

struct fixture {
	struct deck deck;
	struct arena arena;
	struct frame frame;
	struct canvas canvas;
	struct review_card card;
	struct pose pose;
};

static void ask_card(struct fixture *f, int i)
{
	struct part *parts;
	ask_clear(&f->card.ask);
	line_clear(&f->pose.line);
	f->pose = (struct pose){0};
	f->card = (struct review_card){.card = &f->deck.cards[i]};
	assert_true(card_parts(&f->arena, f->card.card, &parts) > 0);
	f->card.part = parts[0];
	card_face(&f->arena, f->card.card, &f->card.part, &f->card.face);
	ask_init(&f->card.ask, f->card.card, &f->card.part, 3);
}

static int set_up(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));
	struct diags d = {0};
	if (!deck_read(&f->deck, "t.yaml", yaml, strlen(yaml), &d))
		fail_msg("%s", diags_first(&d));
	diags_clear(&d);
	frame_measure(&f->frame, (struct screen_size){24, 80});
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	ask_clear(&f->card.ask);
	line_clear(&f->pose.line);
	canvas_clear(&f->canvas);
	deck_clear(&f->deck);
	arena_clear(&f->arena);
	free(f);
	return 0;
}

static const char *asked(struct fixture *f)
{
	canvas_reset(&f->canvas, &f->frame, false, false);
	const struct posed posed = posed_card(&f->card);
	question_draw(&f->canvas, &posed, &f->pose, 0);
	return page_text(&f->arena, &f->canvas.body);
}

static const char *answered(struct fixture *f)
{
	canvas_reset(&f->canvas, &f->frame, false, false);
	const struct posed posed = posed_card(&f->card);
	answer_draw(&f->canvas, &posed, false);
	return page_text(&f->arena, &f->canvas.body);
}

static void holds(const char *text, const char *piece)
{
	if (!strstr(text, piece))
		fail_msg("no \"%s\" in:\n%s", piece, text);
}

/* Where an option of this text stands. */
static size_t place_of(const struct fixture *f, const char *text)
{
	size_t i = 0;
	while (strcmp(ask_text(&f->card.ask, i), text) != 0)
		i++;
	return i;
}

static void recall_shows_nothing_early(void **state)
{
	struct fixture *f = *state;
	ask_card(f, RECALL);
	assert_string_equal(asked(f), "How long?\n");
	f->pose.hint = true;
	holds(asked(f), "Hint  Short.");
	ask_submit(&f->card.ask);
	const char *text = answered(f);
	holds(text, "How long?\n\n·  ·");
	holds(text, "\n\n10 minutes\n\nNo frame.\n");
	assert_int_equal(f->canvas.focus_from, 1);
}

static void cloze_is_shown_once(void **state)
{
	struct fixture *f = *state;
	ask_card(f, CLOZE);
	assert_null(strstr(asked(f), "32"));
	ask_submit(&f->card.ask);
	assert_string_equal(answered(f), "At most 32 KB.\n");
}

static void options_tell_their_state(void **state)
{
	struct fixture *f = *state;
	ask_card(f, CHOICE);
	size_t size = place_of(f, "Size"), idle = place_of(f, "Idle");
	f->pose.at = (int)size;
	ask_choose(&f->card.ask, size);
	ask_strike(&f->card.ask, idle);
	const char *text = asked(f);
	char row[64];
	snprintf(row, sizeof(row), "▸ [■] %c  Size", (int)('A' + size));
	holds(text, row);
	snprintf(row, sizeof(row), "[-] %c  Idle", (int)('A' + idle));
	holds(text, row);
	ask_submit(&f->card.ask);
	text = answered(f);
	snprintf(row, sizeof(row), "✗ %c  Size\n     Wrong, your choice. Never.",
		 (int)('A' + size));
	holds(text, row);
	snprintf(row, sizeof(row), "✓ %c  Idle\n     Right, not chosen. Quiet.", (int)('A' + idle));
	holds(text, row);
	/* The right one first, then the learner's own, whatever their letters are. */
	assert_true(strstr(text, "Idle") < strstr(text, "Size"));
	const char *own = strstr(text, "Size");
	assert_null(strstr(own + 1, "Right"));
}

static void truth_names_the_right_one(void **state)
{
	struct fixture *f = *state;
	ask_card(f, TRUTH);
	holds(asked(f), "[ ] A  True\n");
	ask_choose(&f->card.ask, 1);
	ask_submit(&f->card.ask);
	holds(answered(f), "✓ B  False   Right, your choice.\n\nIt waits.\n");
}

static void pairs_show_letters_and_mistakes(void **state)
{
	struct fixture *f = *state;
	ask_card(f, MATCH);
	struct ask *q = &f->card.ask;
	int eins = strcmp(q->rights[0], "eins") == 0 ? 0 : 1;
	holds(asked(f), "▸ [ ] one");
	ask_match(q, 0, eins);
	ask_match(q, 1, eins);
	holds(asked(f), eins ? "[B] two" : "[A] two");
	ask_submit(q);
	const char *text = answered(f);
	holds(text, "✓ one\n  →  eins\n");
	holds(text, "✗ two\n  →  zwei\n     you gave: eins\n");
}

static void order_shows_where_things_belong(void **state)
{
	struct fixture *f = *state;
	ask_card(f, ORDER);
	if (strcmp(ask_text(&f->card.ask, 0), "first") == 0)
		ask_move(&f->card.ask, 0, 1);
	f->pose.picked = true;
	holds(asked(f), "● 1   second");
	ask_submit(&f->card.ask);
	holds(answered(f), "✗ 1  first\n     you had: second\n");
}

static void given_up_is_not_wrong(void **state)
{
	struct fixture *f = *state;
	ask_card(f, ORDER);
	ask_reveal(&f->card.ask);
	const char *text = answered(f);
	holds(text, "1  first");
	assert_null(strstr(text, "✗"));
	ask_card(f, TYPED);
	ask_reveal(&f->card.ask);
	assert_null(strstr(answered(f), "You typed"));
}

static void typed_shows_both_texts(void **state)
{
	struct fixture *f = *state;
	ask_card(f, TYPED);
	line_set(&f->pose.line, "10");
	holds(asked(f), "▸ 10");
	assert_true(f->canvas.has_cursor);
	assert_int_equal(f->canvas.cursor_col, 2);
	ask_type(&f->card.ask, "10");
	ask_submit(&f->card.ask);
	holds(answered(f), "✗ You typed  10\n\n101\n");
}

static void small_print_names_the_source(void **state)
{
	struct fixture *f = *state;
	ask_card(f, RECALL);
	ask_submit(&f->card.ask);
	answered(f);
	answer_small_print(&f->canvas, f->card.card, "new");
	const char *text = page_text(&f->arena, &f->canvas.body);
	holds(text, "source   Quotas  ");
	holds(text, "checked 2026-11-18\nhistory  new\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(recall_shows_nothing_early),      TEST(cloze_is_shown_once),
		TEST(options_tell_their_state),        TEST(truth_names_the_right_one),
		TEST(pairs_show_letters_and_mistakes), TEST(order_shows_where_things_belong),
		TEST(given_up_is_not_wrong),           TEST(typed_shows_both_texts),
		TEST(small_print_names_the_source),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
