/* t_import.c -- decks from files of other programs, from the lists of decks and cards. */
#include "tests/screen/home.h"

#include <unistd.h>

static void quit(struct term *t)
{
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}

static const char *make_file(const struct home *h, const char *name, const char *text)
{
	const char *path = home_path(h, name);
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	return path;
}

static void send_line(struct term *t, const char *before, const char *path)
{
	term_send(t, before);
	term_send(t, path);
	term_send(t, ENTER);
}

static void by_its_key(void **state)
{
	const struct home *h = *state;
	struct term *t = home_start(h, "");
	const char *file = make_file(h, "api.md", "Q: What is an API?\nA: A promise.\n\nQ: None\n");
	term_wait(t, "cards are due");
	term_send(t, "D");
	term_wait(t, "All kinds of cards");
	term_send(t, "i");
	term_wait(t, "Which file");
	send_line(t, "\025", file);
	term_wait(t, "Imported");
	term_wait(t, "\"Api\"");
	term_wait(t, "1 record gave no card");
	term_wait(t, "Line 4: left out: it has no answer");
	term_send(t, "\033");
	term_wait(t, "Api");
	unlink(home_path(h, "api.md"));
	unlink(home_path(h, "decks/api.yaml"));
	quit(t);
}

static void by_name_and_at_once(void **state)
{
	const struct home *h = *state;
	struct term *t = home_start(h, "search kind:choice");
	const char *file = make_file(h, "new.csv", "a front nobody has,a back\n");
	term_wait(t, "2 cards");
	send_line(t, ":import ", file);
	term_wait(t, "Imported");
	term_send(t, "\033");
	term_wait(t, "2 cards");
	term_send(t, "/\025nobody" ENTER);
	term_wait(t, "a front nobody has");
	unlink(home_path(h, "new.csv"));
	unlink(home_path(h, "decks/new.yaml"));
	quit(t);
}

static void what_cannot_be_is_said(void **state)
{
	const struct home *h = *state;
	struct term *t = home_start(h, "search kind:choice");
	const char *file = make_file(h, "bad.csv", "a,b\nc,\"d\n");
	term_wait(t, "2 cards");
	send_line(t, ":import ", file);
	term_wait(t, "bad.csv:2:3: the quote that opens here is never closed");
	send_line(t, ":import ", home_path(h, "none.csv"));
	term_wait(t, "cannot open");
	unlink(home_path(h, "bad.csv"));
	quit(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(by_its_key),
		home_test(by_name_and_at_once),
		home_test(what_cannot_be_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
