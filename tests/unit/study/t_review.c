/* t_review.c -- whole sessions: first answers, steps, the next day, undo across sessions, siblings,
 * limits, cram, edited and removed cards. */
#include "tests/unit/study/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#define HEAD                                                               \
	"deck: t\ntitle: Test\nformat: 1\nsources:\n  s: {title: A, url: " \
	"\"https://example.org/\", checked: 2026-11-01}\ncards:\n"
#define CARD(id, text) "- {id: " id ", kind: basic, front: \"" text "\", back: b, source: s}\n"
static const char three[] = HEAD CARD("a", "first") CARD("b", "second") CARD("c", "third");

static int open_world(void **state)
{
	static struct world w;
	world_init(&w);
	world_config(&w, "fuzz: off\n");
	*state = &w;
	return 0;
}

static int close_world(void **state)
{
	world_clear(*state);
	return 0;
}

static struct review *open_with(struct world *w, struct review_options o)
{
	struct review *r;
	struct diags d = {0};
	if (!review_open(&r, &w->study, &o, &d)) {
		diags_print(&d, stderr);
		fail_msg("no session");
	}
	diags_clear(&d);
	return r;
}

static struct review *open_plain(struct world *w)
{
	return open_with(w, (struct review_options){.limit = -1, .new_limit = -1});
}

static struct review_card *current(struct review *r)
{
	struct review_card *c;
	assert_true(review_current(r, &c, NULL));
	return c;
}

static void rate(struct review *r, int grade)
{
	struct review_outcome out;
	assert_non_null(current(r));
	ask_reveal(&current(r)->ask);
	assert_true(review_rate(r, grade, &out, NULL));
	assert_non_null(out.next);
}

static void shows(struct review *r, const char *id)
{
	struct review_card *c = current(r);
	if (!id) {
		assert_null(c);
		return;
	}
	assert_non_null(c);
	assert_string_equal(c->item.card, id);
}

static void new_cards_come_in_deck_order_and_learn_in_steps(void **state)
{
	struct world *w = *state;
	world_deck(w, "t", three);
	world_open(w);
	struct review *r = open_plain(w);
	shows(r, "a");
	assert_string_equal(current(r)->due_words[0], "1 min");
	assert_string_equal(current(r)->due_words[2], "10 min");
	rate(r, 3);
	shows(r, "b");
	rate(r, 4);
	shows(r, "c");
	rate(r, 1);
	/* c is due in a minute, a in ten: both within learn-ahead, the earlier first */
	shows(r, "c");
	rate(r, 4);
	shows(r, "a");
	rate(r, 3);
	shows(r, NULL);
	assert_int_equal(review_wait_ms(r), -1);
	struct review_progress p = review_progress(r);
	assert_int_equal(p.done, 5);
	assert_int_equal(p.lost, 1);
	review_close(r, NULL);
}

static void cards_are_due_on_their_day(void **state)
{
	struct world *w = *state;
	world_deck(w, "t", HEAD CARD("a", "first"));
	world_open(w);
	struct review *r = open_plain(w);
	rate(r, 3);
	rate(r, 3);
	review_close(r, NULL);
	world_wait(w, DAY);
	r = open_plain(w);
	shows(r, NULL);
	review_close(r, NULL);
	world_wait(w, DAY);
	r = open_plain(w);
	shows(r, "a");
	assert_true(current(r)->recall > 0.88 && current(r)->recall < 0.93);
	rate(r, 3);
	review_close(r, NULL);
	r = open_with(w, (struct review_options){.limit = -1, .new_limit = -1, .ahead_d = 30});
	shows(r, "a");
	review_close(r, NULL);
}

static void undo_goes_back_across_sessions(void **state)
{
	struct world *w = *state;
	const char *what;
	world_deck(w, "t", three);
	world_open(w);
	struct review *r = open_plain(w);
	struct srs_card fresh = current(r)->item.state;
	rate(r, 3);
	rate(r, 4);
	review_close(r, NULL);
	world_open(w);
	r = open_plain(w);
	assert_true(review_undo(r, &what, NULL));
	assert_string_equal(what, "easy on t/b");
	shows(r, "b");
	assert_true(review_undo(r, &what, NULL));
	assert_string_equal(what, "good on t/a");
	shows(r, "a");
	assert_memory_equal(&current(r)->item.state, &fresh, sizeof(fresh));
	assert_true(review_undo(r, &what, NULL));
	assert_null(what);
	assert_true(review_redo(r, &what, NULL));
	assert_string_equal(what, "good on t/a");
	review_close(r, NULL);
	struct store_rebuilt rebuilt;
	assert_true(store_rebuild(w->study.store, true, &rebuilt, NULL));
	assert_int_equal(rebuilt.differed, 0);
}

static void siblings_wait_for_another_day(void **state)
{
	struct world *w = *state;
	world_deck(w, "t",
		   HEAD
		   "- {id: r, kind: reversed, front: x, back: y, source: s}\n" CARD("a", "first"));
	world_open(w);
	struct review *r = open_plain(w);
	int due, fresh;
	assert_true(review_today(&w->study, &due, &fresh, NULL));
	assert_int_equal(due, 0);
	assert_int_equal(fresh, 2);
	shows(r, "r");
	rate(r, 4);
	shows(r, "a");
	rate(r, 4);
	shows(r, NULL);
	review_close(r, NULL);
	world_open(w);
	r = open_plain(w);
	shows(r, NULL);
	review_close(r, NULL);
	world_wait(w, DAY);
	r = open_plain(w);
	shows(r, "r");
	assert_string_equal(current(r)->item.part, "reverse");
	review_close(r, NULL);
}

static void counts(struct review *r, int cards, int total, bool once_more)
{
	struct review_progress p;
	(void)current(r);
	p = review_progress(r);
	assert_int_equal(p.cards, cards);
	assert_int_equal(p.total, total);
	assert_int_equal(p.once_more, once_more);
}

static void cards_are_counted_once_however_often_they_come(void **state)
{
	struct world *w = *state;
	const char *what;
	world_deck(w, "t", three);
	world_open(w);
	struct review *r = open_plain(w);
	counts(r, 0, 3, false);
	rate(r, 1);
	counts(r, 1, 3, false);
	rate(r, 4);
	rate(r, 4);
	shows(r, "a");
	counts(r, 3, 3, true);
	rate(r, 3);
	counts(r, 3, 3, true);
	assert_true(review_undo(r, &what, NULL));
	counts(r, 3, 3, true);
	assert_true(review_undo(r, &what, NULL));
	shows(r, "c");
	counts(r, 2, 3, false);
	assert_true(review_redo(r, &what, NULL));
	counts(r, 3, 3, true);
	rate(r, 4);
	counts(r, 3, 3, false);
	review_close(r, NULL);
	world_remove_deck(w, "t");
	world_deck(w, "u", HEAD CARD("x", "first") CARD("y", "second"));
	world_open(w);
	r = open_with(w, (struct review_options){.limit = 1, .new_limit = -1});
	counts(r, 0, 1, false);
	review_close(r, NULL);
}

static void new_cards_are_found_behind_many_buried_siblings(void **state)
{
	struct world *w = *state;
	struct str deck = {0};
	str_add(&deck, HEAD);
	for (int i = 0; i < 12; i++)
		str_addf(&deck, "- {id: r%d, kind: reversed, front: x%d, back: y, source: s}\n", i,
			 i);
	str_add(&deck, CARD("z", "last"));
	world_deck(w, "t", str_c(&deck));
	world_open(w);
	struct review *r = open_with(w, (struct review_options){.limit = -1, .new_limit = 12});
	for (int i = 0; i < 12; i++)
		rate(r, 4);
	shows(r, NULL);
	review_close(r, NULL);
	r = open_with(w, (struct review_options){.limit = -1, .new_limit = 1});
	shows(r, "z");
	review_close(r, NULL);
	str_clear(&deck);
}

static void limits_count_what_the_day_has_had(void **state)
{
	struct world *w = *state;
	world_config(w, "fuzz: off\nnew-per-day: 2\n");
	world_deck(w, "t", three);
	world_open(w);
	struct review *r = open_with(w, (struct review_options){.limit = 1, .new_limit = -1});
	rate(r, 4);
	shows(r, NULL);
	review_close(r, NULL);
	r = open_plain(w);
	rate(r, 4);
	shows(r, NULL);
	review_close(r, NULL);
	r = open_with(w, (struct review_options){.limit = -1, .new_limit = 1});
	shows(r, "c");
	review_close(r, NULL);
}

static void cram_changes_nothing(void **state)
{
	struct world *w = *state;
	world_deck(w, "t", three);
	world_open(w);
	struct review *r = open_with(
		w, (struct review_options){
			   .limit = -1, .new_limit = -1, .cram = true, .query = "second or third"});
	for (int i = 0; i < 2; i++) {
		struct srs_card before = current(r)->item.state;
		assert_memory_equal(&current(r)->after[0], &before, sizeof(before));
		rate(r, 1);
	}
	shows(r, NULL);
	review_close(r, NULL);
	struct idset fresh = {0};
	assert_true(study_find(&w->study, "is:new", false, &fresh, NULL));
	assert_int_equal(idset_count(&fresh), 3);
	assert_true(study_find(&w->study, "rated:1", false, &fresh, NULL));
	idset_clear(&fresh);
}

static void bury_suspend_and_set_due(void **state)
{
	struct world *w = *state;
	world_deck(w, "t", three);
	world_open(w);
	struct review *r = open_plain(w);
	assert_non_null(current(r));
	assert_true(review_do(r, SRS_OP_BURY, 0, NULL));
	shows(r, "b");
	assert_true(review_do(r, SRS_OP_SUSPEND, 0, NULL));
	shows(r, "c");
	assert_true(review_do(r, SRS_OP_FLAG, 3, NULL));
	shows(r, "c");
	assert_int_equal(current(r)->item.state.flag, 3);
	assert_true(review_do(r, SRS_OP_DUE, 5, NULL));
	shows(r, NULL);
	review_close(r, NULL);
	world_wait(w, 5 * DAY);
	world_open(w);
	r = open_plain(w);
	struct queue_counts n = review_progress(r).left;
	assert_int_equal(n.review, 1);
	assert_int_equal(n.fresh, 1);
	review_close(r, NULL);
}

static void an_edited_card_keeps_its_history(void **state)
{
	struct world *w = *state;
	bool gone;
	world_deck(w, "t", HEAD CARD("a", "first") CARD("b", "second"));
	world_open(w);
	struct review *r = open_plain(w);
	rate(r, 3);
	shows(r, "b");
	world_deck(w, "t", HEAD CARD("b", "the second one, reworded") CARD("a", "first, reworded"));
	assert_true(review_reload(r, &gone, NULL));
	assert_false(gone);
	shows(r, "b");
	assert_non_null(strstr(current(r)->face.prompt, "reworded"));
	world_deck(w, "t", HEAD CARD("a", "first, reworded"));
	assert_true(review_reload(r, &gone, NULL));
	assert_true(gone);
	shows(r, "a");
	assert_int_equal(current(r)->item.state.reps, 1);
	review_close(r, NULL);
}

static void a_broken_deck_keeps_its_last_good_cards(void **state)
{
	struct world *w = *state;
	struct study_load load;
	struct diags d = {0};
	world_deck(w, "t", three);
	world_open(w);
	world_deck(w, "t", HEAD "- {id: a, kind: basic, frnt: x}\n");
	assert_true(study_load_decks(&w->study, &load, &d));
	assert_int_equal(load.failed, 1);
	assert_true(d.errors >= 1);
	diags_clear(&d);
	struct review *r = open_plain(w);
	assert_int_equal(review_progress(r).left.fresh, 3);
	review_close(r, NULL);
	world_deck(w, "t", three);
	assert_true(study_load_decks(&w->study, &load, NULL));
	assert_int_equal(load.failed, 0);
}

static void one_deck_in_two_files_is_said_and_studied_once(void **state)
{
	struct world *w = *state;
	struct study_load load;
	struct diags d = {0};
	world_deck(w, "a", three);
	world_deck(w, "b", three);
	world_open(w);
	assert_true(study_load_decks(&w->study, &load, &d));
	assert_int_equal(load.failed, 1);
	assert_string_equal(d.items[0].code, "store-deck-twice");
	diags_clear(&d);
	struct review *r = open_plain(w);
	assert_int_equal(review_progress(r).left.fresh, 3);
	review_close(r, NULL);
	world_remove_deck(w, "a");
	assert_true(study_load_decks(&w->study, &load, NULL));
	assert_int_equal(load.failed, 0);
	r = open_plain(w);
	assert_int_equal(review_progress(r).left.fresh, 3);
	review_close(r, NULL);
}

static void removed_decks_come_back(void **state)
{
	struct world *w = *state;
	struct study_load load;
	world_deck(w, "t", three);
	world_open(w);
	struct review *r = open_plain(w);
	rate(r, 4);
	review_close(r, NULL);
	world_remove_deck(w, "t");
	assert_true(study_load_decks(&w->study, &load, NULL));
	assert_int_equal(load.cards.removed, 3);
	world_deck(w, "other", three);
	assert_true(study_load_decks(&w->study, &load, NULL));
	assert_int_equal(load.cards.returned, 3);
	assert_int_equal(load.cards.added, 0);
	r = open_plain(w);
	assert_int_equal(review_progress(r).left.fresh, 2);
	review_close(r, NULL);
}

static void one_session_at_a_time(void **state)
{
	struct world *w = *state;
	struct world other;
	struct review *second = NULL;
	struct diags d = {0};
	world_deck(w, "t", three);
	world_open(w);
	struct review *r = open_plain(w);
	struct study_options o = {.paths = &w->paths, .clock = w->study.clock};
	assert_true(study_open(&other.study, &o, &d));
	struct review_options ro = {.limit = -1, .new_limit = -1};
	assert_false(review_open(&second, &other.study, &ro, &d));
	assert_null(second);
	assert_string_equal(d.items[d.count - 1].code, "store-in-use");
	diags_clear(&d);
	study_close(&other.study);
	review_close(r, NULL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(new_cards_come_in_deck_order_and_learn_in_steps),
		TEST(cards_are_due_on_their_day),
		TEST(undo_goes_back_across_sessions),
		TEST(siblings_wait_for_another_day),
		TEST(cards_are_counted_once_however_often_they_come),
		TEST(new_cards_are_found_behind_many_buried_siblings),
		TEST(limits_count_what_the_day_has_had),
		TEST(cram_changes_nothing),
		TEST(bury_suspend_and_set_due),
		TEST(an_edited_card_keeps_its_history),
		TEST(a_broken_deck_keeps_its_last_good_cards),
		TEST(one_deck_in_two_files_is_said_and_studied_once),
		TEST(removed_decks_come_back),
		TEST(one_session_at_a_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
