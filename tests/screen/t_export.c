/* t_export.c -- cards into a file for other programs, from the lists of decks and cards. */
#include "tests/screen/home.h"

#include <unistd.h>

static void quit(struct term *t)
{
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}

/* The file begins so; it goes away. */
static void assert_begins(const struct home *h, const char *name, const char *text)
{
	char got[64] = "";
	FILE *f = fopen(home_path(h, name), "rb");
	assert_non_null(f);
	size_t n = fread(got, 1, strlen(text), f);
	fclose(f);
	assert_int_equal(n, strlen(text));
	assert_memory_equal(got, text, n);
	unlink(home_path(h, name));
}

static void send_line(struct term *t, const char *before, const char *path)
{
	term_send(t, before);
	term_send(t, path);
	term_send(t, ENTER);
}

static void a_deck_by_its_key(void **state)
{
	const struct home *h = *state;
	struct term *t = home_start(h, "");
	term_wait(t, "cards are due");
	term_send(t, "D");
	term_wait(t, "All kinds of cards");
	term_send(t, "x");
	term_wait(t, "Into which file");
	term_wait(t, "kinds.apkg");
	send_line(t, "\025", home_path(h, "deck.apkg"));
	term_wait(t, "In Anki: File > Import");
	term_wait(t, "Wrote ");
	assert_begins(h, "deck.apkg", "PK\003\004");
	term_send(t, "\033");
	term_wait(t, "Deck ");
	quit(t);
}

static void what_was_found_by_name(void **state)
{
	const struct home *h = *state;
	struct term *t = home_start(h, "search kind:choice");
	term_wait(t, "2 cards");
	send_line(t, ":export ", home_path(h, "found.csv"));
	term_wait(t, "Exported");
	assert_begins(h, "found.csv", "#separator:Comma\n#html:true\n");
	quit(t);
}

static void what_cannot_be_is_said(void **state)
{
	const struct home *h = *state;
	struct term *t = home_start(h, "search kind:choice");
	term_wait(t, "2 cards");
	term_send(t, ":export cards.xyz" ENTER);
	term_wait(t, "The end of the name tells the format");
	send_line(t, ":export ", home_path(h, "no/such/folder/x.csv"));
	term_wait(t, "cannot write");
	quit(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(a_deck_by_its_key),
		home_test(what_was_found_by_name),
		home_test(what_cannot_be_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
