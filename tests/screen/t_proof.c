/* t_proof.c -- `p` on an answered card runs its proof and shows the trace that settles it: in a
 * review, in a quiz and on the card's own screen. */
#include "tests/screen/home.h"

#define CTRL_G "\007"

static void prepare(struct home *h)
{
	home_labs(h);
	home_deck(h, "proofs");
}

static void quit(struct term *t)
{
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}

static void expect_proof(struct term *t)
{
	term_wait(t, "✓ Without a key it is refused before anything is called.");
	assert_true(term_shows(t, "Proof · Who is let in"));
	assert_true(term_shows(t, "first     Knock at the open door"));
	assert_true(term_shows(t, "then      Knock without a key"));
	assert_true(term_shows(t, "GET /live/door"));
	assert_true(term_shows(t, "403 Forbidden"));
	assert_true(term_shows(t, "API key"));
	assert_true(term_shows(t, "{\"message\":\"Forbidden\"}"));
}

static void a_card_is_proved_in_a_review(void **state)
{
	prepare(*state);
	struct term *t = home_start(*state, "review deck:proofs kind:choice");
	term_wait(t, "Who refuses a call");
	assert_false(term_shows(t, "p prove it"));
	term_send(t, "a" ENTER);
	term_wait(t, "p prove it");
	term_send(t, "p");
	expect_proof(t);
	term_send(t, ENTER);
	term_wait_gone(t, "✓ Without a key");
	term_wait(t, "GET /live/door");
	term_send(t, ESC);
	term_wait(t, "✓ Without a key");
	term_send(t, "o");
	term_wait(t, "https://docs.aws.amazon.com/keys");
	term_send(t, ESC);
	term_wait(t, "✓ Without a key");
	term_send(t, "q");
	term_wait(t, "p prove it");
	term_send(t, "3");
	term_wait(t, "1 kept");
	quit(t);
}

static void a_card_is_proved_in_a_quiz(void **state)
{
	prepare(*state);
	struct term *t = home_start(*state, "quiz deck:proofs kind:choice");
	term_wait(t, "Who refuses a call");
	term_send(t, "a" ENTER "s");
	term_wait(t, "p prove it");
	term_send(t, "p");
	expect_proof(t);
	term_send(t, ESC);
	term_wait(t, "Quiz · Settled by running");
	quit(t);
}

static void a_card_is_proved_on_its_own_screen(void **state)
{
	prepare(*state);
	struct term *t = home_start(*state, "search deck:proofs kind:choice");
	term_wait(t, "Who refuses a call");
	term_send(t, ENTER);
	term_wait(t, "Card · proofs/refuse");
	term_send(t, "p");
	expect_proof(t);
	quit(t);
}

static void a_proof_that_fails_is_no_proof(void **state)
{
	prepare(*state);
	struct term *t = home_start(*state, "review deck:proofs kind:truefalse");
	term_wait(t, "A key is optional.");
	term_send(t, CTRL_G);
	term_wait(t, "p prove it");
	term_send(t, "p");
	term_wait(t, "✗ It did not come out as the proof says:");
	assert_true(term_shows(t, "A method that asks for a key lets everybody in."));
	assert_true(term_shows(t, "403"));
	quit(t);
}

static void cards_without_a_proof_offer_none(void **state)
{
	prepare(*state);
	struct term *t = home_start(*state, "review deck:proofs kind:basic");
	term_wait(t, "A card without a proof?");
	term_send(t, " ");
	term_wait(t, "This one.");
	assert_false(term_shows(t, "p prove it"));
	term_send(t, "p");
	term_wait(t, "The card has no proof to run.");
	quit(t);
}

static void a_proof_that_is_not_there_is_said(void **state)
{
	struct home *h = *state;
	prepare(h);
	home_remove(h, "share/data/proofs/facts.yaml");
	struct term *t = home_start(h, "review deck:proofs kind:choice");
	term_wait(t, "Who refuses a call");
	term_send(t, CTRL_G);
	term_wait(t, "p prove it");
	term_send(t, "p");
	term_wait(t, "there is no proof \"facts/no-key\"");
	quit(t);
}

static void variations_are_tried_on_the_same_gateway(void **state)
{
	prepare(*state);
	struct term *t = home_start(*state, "search deck:proofs kind:choice");
	term_wait(t, "Who refuses a call");
	term_send(t, ENTER);
	term_wait(t, "Card · proofs/refuse");
	term_send(t, "p");
	expect_proof(t);
	term_send(t, "c");
	term_wait(t, "/live/door");
	term_wait_gone(t, "✓ Without a key");
	term_send(t, "\023"); /* C-s */
	term_wait(t, "403");
	term_send(t, ESC);
	term_wait(t, "✓ Without a key");
	quit(t);
}

static void every_size_shows_what_it_settles(void **state)
{
	static const int sizes[][2] = {{24, 80}, {18, 60}, {50, 200}, {12, 40}};
	struct home *h = *state;
	prepare(h);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		h->rows = sizes[i][0];
		h->cols = sizes[i][1];
		struct term *t = home_start(h, "review deck:proofs kind:choice");
		term_wait(t, "Who refuses");
		term_send(t, CTRL_G);
		term_wait(t, "again");
		term_send(t, "p");
		term_wait(t, "✓ Without a key");
		term_wait(t, "API key");
		quit(t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(a_card_is_proved_in_a_review),
		home_test(a_card_is_proved_in_a_quiz),
		home_test(a_card_is_proved_on_its_own_screen),
		home_test(a_proof_that_fails_is_no_proof),
		home_test(cards_without_a_proof_offer_none),
		home_test(a_proof_that_is_not_there_is_said),
		home_test(variations_are_tried_on_the_same_gateway),
		home_test(every_size_shows_what_it_settles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
