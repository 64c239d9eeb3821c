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
	assert_true(term_shows(t, "proof    p runs what settles it"));
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

/* The deck that the small exam draws from, each card with a proof. */
static void prove_the_exam(struct home *h)
{
	static const char after[] = "  source: guide\n";
	static char text[1 << 16];
	static char out[1 << 17];
	size_t n = 0;
	FILE *f = fopen("tests/screen/decks/exam.yaml", "r");
	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	const char *from = text;
	for (const char *at; (at = strstr(from, after)); from = at + strlen(after))
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%.*s  proof: facts/no-key\n",
				      (int)(at - from + (long)strlen(after)), from);
	snprintf(out + n, sizeof(out) - n, "%s", from);
	home_write(h, "decks/exam.yaml", out);
}

static void a_question_of_an_exam_is_proved_afterwards(void **state)
{
	struct home *h = *state;
	prepare(h);
	prove_the_exam(h);
	struct term *t = home_start(h, "");
	term_wait(t, "▸ Review");
	term_send(t, "e");
	term_wait(t, "▸ Begin a new exam");
	term_send(t, ENTER);
	term_wait(t, "question 1 of 10");
	assert_false(term_shows(t, "prove it"));
	term_send(t, "gS");
	term_wait(t, "y or n");
	term_send(t, "y");
	term_wait(t, "scored questions");
	term_send(t, "r");
	term_wait(t, "1 of 10");
	term_wait(t, "p prove it");
	term_send(t, RIGHT);
	term_wait(t, "2 of 10");
	term_send(t, "p");
	expect_proof(t);
	term_send(t, "q");
	term_wait(t, "2 of 10");
	term_send(t, LEFT);
	term_wait(t, "1 of 10");
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

static void a_proof_from_elsewhere_asks_first(void **state)
{
	struct home *h = *state;
	prepare(h);
	home_remove(h, "share/data/proofs/facts.yaml");
	home_folder(h, "proofs");
	home_folder(h, "proofs/facts");
	home_write(h, "proofs/facts.yaml",
		   "proofs: facts\ntitle: From elsewhere\nformat: 1\ngateway: [door.yaml]\n"
		   "requests:\n  no-key:\n    send: GET /hello\n    shows: It answers.\n"
		   "    expect: {status: 200}\n");
	home_write(h, "proofs/facts/door.yaml",
		   "gateway: door\napis:\n- apiId: door\n  type: HTTP\n"
		   "  openapi: door.openapi.yaml\n"
		   "  stages: {$default: {autoDeploy: true}}\n"
		   "functions:\n  say: {command: [sh, say.sh]}\n");
	home_write(h, "proofs/facts/door.openapi.yaml",
		   "openapi: 3.0.1\ninfo: {title: Door, version: \"1\"}\npaths:\n"
		   "  /hello:\n    get:\n      responses: {\"200\": {description: Hello}}\n"
		   "      x-amazon-apigateway-integration:\n        type: aws_proxy\n"
		   "        payloadFormatVersion: \"2.0\"\n        httpMethod: POST\n"
		   "        uri: arn:aws:lambda:us-east-1:123456789012:function:say\n");
	home_write(h, "proofs/facts/say.sh", "cat >/dev/null\necho '{\"statusCode\": 200}'\n");
	struct term *t = home_start(h, "review deck:proofs kind:choice");
	term_wait(t, "Who refuses a call");
	term_send(t, CTRL_G);
	term_wait(t, "p prove it");
	term_send(t, "p");
	term_wait(t, "May they run?");
	assert_true(term_shows(t, "This proof did not come with the program."));
	assert_true(term_shows(t, "sh say.sh"));
	term_send(t, "n");
	term_wait(t, "p prove it");
	term_send(t, "p");
	term_wait(t, "May they run?");
	term_send(t, "y");
	term_wait(t, "✓ It answers.");
	quit(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(a_card_is_proved_in_a_review),
		home_test(a_card_is_proved_in_a_quiz),
		home_test(a_card_is_proved_on_its_own_screen),
		home_test(a_question_of_an_exam_is_proved_afterwards),
		home_test(a_proof_that_fails_is_no_proof),
		home_test(cards_without_a_proof_offer_none),
		home_test(a_proof_that_is_not_there_is_said),
		home_test(variations_are_tried_on_the_same_gateway),
		home_test(a_proof_from_elsewhere_asks_first),
		home_test(every_size_shows_what_it_settles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
