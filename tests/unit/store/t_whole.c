/* t_whole.c -- cards with all their text and history, in the order of their decks. */
#include "support.h"

static const char first[] = "deck: rest-api\ntitle: REST\nformat: \"1\"\ncards:\n"
			    "- {id: one, kind: basic, front: F1, back: B1}\n"
			    "- {id: two, kind: reversed, front: F2, back: B2}\n"
			    "- {id: three, kind: cloze, text: \"{{c1::a}} {{c3::b}}\"}\n";
static const char second[] = "deck: http-api\ntitle: HTTP\nformat: \"1\"\ncards:\n"
			     "- {id: four, kind: basic, front: F4, back: B4}\n";

static int set_up_cards(void **state)
{
	if (set_up(state) != 0)
		return -1;
	load(*state, "/rest.yaml", first);
	load(*state, "/http.yaml", second);
	return 0;
}

struct seen {
	struct str text;
	size_t most; /* stop after so many */
	size_t count;
};

/* "deck/card: parts with their rows" of each card handed over. */
static bool see(void *ctx, const struct store_whole *w)
{
	struct seen *s = ctx;
	struct deck deck;
	assert_true(deck_read_card(&deck, w->body.p, w->body.len, NULL));
	assert_string_equal(deck.slug, w->deck);
	str_addf(&s->text, "%s%s/%s", s->count ? " " : "", w->deck, deck.cards[0].id);
	for (size_t i = 0; i < w->part_count; i++)
		str_addf(&s->text, ":%s=%zu", w->parts[i].name, w->parts[i].step_count);
	deck_clear(&deck);
	return ++s->count < s->most;
}

static void assert_whole(struct fixture *f, const struct idset *parts, bool history, size_t most,
			 const char *want, size_t count)
{
	struct seen s = {.most = most};
	size_t total = 99;
	must(f, store_each_whole(f->s, parts, history, &total, see, &s, &f->d));
	assert_string_equal(str_c(&s.text), want);
	assert_int_equal(total, count);
	str_clear(&s.text);
}

static void test_order(void **state)
{
	struct fixture *f = *state;
	struct idset some = {0};
	assert_whole(f, NULL, false, 99, "http-api/four rest-api/one rest-api/two rest-api/three",
		     4);
	assert_whole(f, NULL, false, 2, "http-api/four rest-api/one", 4);
	assert_whole(f, &some, false, 99, "", 0);
	idset_add(&some, part_of(f, "rest-api/three#c3"));
	idset_add(&some, part_of(f, "rest-api/one"));
	assert_whole(f, &some, false, 99, "rest-api/one rest-api/three", 2);
	idset_clear(&some);
}

static void test_aside(void **state)
{
	struct fixture *f = *state;
	load(f, "/http.yaml", "deck: http-api\ntitle: HTTP\nformat: \"1\"\ncards: []\n");
	assert_whole(f, NULL, false, 99, "rest-api/one rest-api/two rest-api/three", 3);
}

static bool last_card(void *ctx, const struct store_whole *w)
{
	struct store_whole *out = ctx;
	const struct store_step *s = w->parts[0].steps;
	assert_int_equal(w->parts[0].step_count, 2);
	assert_int_equal(s[0].event.op, SRS_OP_ANSWER);
	assert_int_equal(s[0].event.arg, 3);
	assert_int_equal(s[0].before.state, SRS_NEW);
	assert_int_equal(s[1].before.reps, s[0].after.reps);
	assert_true(s[0].after.stability_d > 0);
	assert_memory_equal(&s[1].after.stability_d, &w->parts[0].state.stability_d,
			    sizeof(double));
	*out = *w;
	return true;
}

/* What was undone is not there, and the last state is the card's. */
static void test_history(void **state)
{
	struct fixture *f = *state;
	struct idset one = {0};
	struct store_log_row undone;
	struct store_whole w = {0};
	answer(f, "rest-api/one", 3, DAY0);
	answer(f, "rest-api/one", 1, DAY0 + 1);
	must(f, store_undo(f->s, NOON(DAY0 + 1), 0, &f->a, &undone, &f->d));
	answer(f, "rest-api/one", 4, DAY0 + 2);
	assert_whole(f, NULL, true, 99,
		     "http-api/four:=0 rest-api/one:=2 rest-api/two:=0:reverse=0 "
		     "rest-api/three:c1=0:c3=0",
		     4);
	idset_add(&one, part_of(f, "rest-api/one"));
	must(f, store_each_whole(f->s, &one, true, NULL, last_card, &w, &f->d));
	assert_int_equal(w.part_count, 1);
	idset_clear(&one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_order, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_aside, set_up_cards, tear_down),
		cmocka_unit_test_setup_teardown(test_history, set_up_cards, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
