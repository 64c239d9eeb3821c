/* t_terminal.c -- what the program owes the terminal: it is given back whatever ends or stops the
 * program, it gets no colours and no characters that it cannot show, and nothing is lost when it
 * goes away. */
#include "tests/screen/home.h"

#include <signal.h>

static struct term *start_asked(const struct home *h)
{
	struct term *t = home_start(h, "review kind:basic");
	term_wait(t, "stay silent?");
	return t;
}

static void expect_given_back(struct term *t)
{
	assert_false(term_alternate(t));
	assert_true(term_cursor(t, NULL, NULL));
}

/* ---- the end ------------------------------------------------------------------------- */

static void keys_that_end_give_the_terminal_back(void **state)
{
	static const struct {
		const char *keys;
		int code;
	} ends[] = {{"Q", 0},      {"q", 0},          {":quit\r", 0},
		    {CTRL_C, 130}, {"?" CTRL_C, 130}, {":fl" CTRL_C, 130}};
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct term *t = start_asked(*state);
		assert_true(term_alternate(t));
		assert_false(term_cursor(t, NULL, NULL));
		term_send(t, ends[i].keys);
		assert_int_equal(term_finish(t), ends[i].code);
		expect_given_back(t);
		term_free(t);
	}
}

static void signals_that_end_give_the_terminal_back(void **state)
{
	static const struct {
		int number, code;
	} ends[] = {{SIGTERM, 1}, {SIGHUP, 1}, {SIGINT, 130}};
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct term *t = start_asked(*state);
		term_signal(t, ends[i].number);
		assert_int_equal(term_finish(t), ends[i].code);
		expect_given_back(t);
		term_free(t);
	}
}

static void expect_kept(const struct home *h, const char *count)
{
	const char *out;
	assert_int_equal(home_run(h, "stats --json", "", &out), 0);
	assert_non_null(strstr(out, count));
}

/* The program hears of it as a signal when it leads the session, else as the end of its input. */
static void an_answer_outlives_a_hang_up(void **state)
{
	struct home *h = *state;
	for (int job = 0; job < 2; job++) {
		h->job = job;
		struct term *t = start_asked(h);
		term_send(t, " 3");
		term_wait(t, "Due again");
		term_hang_up(t);
		assert_int_equal(term_end(t), 1);
		expect_kept(h, job ? "\"answers\": 2" : "\"answers\": 1");
	}
}

static void an_answer_outlives_a_signal(void **state)
{
	struct term *t = start_asked(*state);
	term_send(t, " 3");
	term_wait(t, "Due again");
	term_signal(t, SIGTERM);
	assert_int_equal(term_end(t), 1);
	expect_kept(*state, "\"answers\": 1");
	t = start_asked(*state);
	term_send(t, " 3");
	term_wait(t, "Due again");
	term_signal(t, SIGKILL);
	assert_int_equal(term_end(t), 128 + SIGKILL);
	expect_kept(*state, "\"answers\": 2");
}

/* ---- stop and go on ------------------------------------------------------------------ */

static void stopped_and_continued(void **state)
{
	struct home *h = *state;
	h->job = true;
	struct term *t = start_asked(h);
	term_send(t, "H");
	term_wait(t, "Shorter than a lunch break.");
	const char *before = term_keep(t);
	for (int by_signal = 0; by_signal < 2; by_signal++) {
		if (by_signal)
			term_signal(t, SIGTSTP);
		else
			term_send(t, "\032");
		term_wait(t, "[stopped]");
		expect_given_back(t);
		term_send(t, "fg\n");
		term_wait(t, "Shorter than a lunch break.");
		assert_true(term_alternate(t));
		assert_false(term_cursor(t, NULL, NULL));
		assert_string_equal(term_screen(t), before);
	}
	term_send(t, "Q");
	assert_int_equal(term_end(t), 0);
}

/* The keypad is the program's again, before it is touched. */
static void arrows_work_after_a_stop(void **state)
{
	struct home *h = *state;
	h->job = true;
	struct term *t = home_start(h, "review id:report");
	term_wait(t, "▸ [ ] A");
	term_send(t, "\032");
	term_wait(t, "[stopped]");
	term_send(t, "fg\n");
	term_wait(t, "▸ [ ] A");
	term_send(t, DOWN);
	term_wait(t, "▸ [ ] B");
	term_send(t, "Q");
	assert_int_equal(term_end(t), 0);
}

/* The shell has the terminal then: nobody tells the program of its new size. */
static void resized_while_stopped(void **state)
{
	struct home *h = *state;
	h->job = true;
	struct term *t = start_asked(h);
	term_send(t, "\032");
	term_wait(t, "[stopped]");
	term_resize(t, 18, 60);
	term_send(t, "fg\n");
	term_wait(t, "stay silent?");
	assert_non_null(strstr(term_row(t, 17), "q stop"));
	term_send(t, " ");
	term_wait(t, "3 good");
	term_send(t, "Q");
	assert_int_equal(term_end(t), 0);
}

/* ---- colour and characters ----------------------------------------------------------- */

/* The highest number of a colour on the screen, -1: none. */
static int highest_colour(struct term *t, const struct home *h)
{
	int highest = -1;
	for (int row = 0; row < h->rows; row++)
		for (int col = 0; col < h->cols; col++)
			if (term_colour(t, row, col) > highest)
				highest = term_colour(t, row, col);
	return highest;
}

static void start_and_measure(const struct home *h, const char *args, int *highest)
{
	struct term *t = home_start(h, args);
	term_wait(t, "stay silent?");
	term_send(t, " ");
	term_wait(t, "How did it go?");
	*highest = highest_colour(t, h);
	assert_int_equal(term_coloured(t), *highest >= 0);
	term_send(t, "Q");
	assert_int_equal(term_end(t), 0);
}

static void colours_fit_the_terminal(void **state)
{
	struct home *h = *state;
	int highest;
	start_and_measure(h, "review kind:basic", &highest);
	assert_true(highest > 15);
	h->term = "xterm";
	start_and_measure(h, "review kind:basic", &highest);
	assert_in_range(highest, 0, 15);
	h->term = "vt100";
	start_and_measure(h, "review kind:basic", &highest);
	assert_int_equal(highest, -1);
	h->term = "screen-256color";
	home_write(h, "config.yaml", "colour: 16\n");
	start_and_measure(h, "review kind:basic", &highest);
	assert_in_range(highest, 0, 15);
}

static void no_colour_when_none_is_wanted(void **state)
{
	static const char *const no_color[] = {"NO_COLOR=1", NULL};
	static const char *const empty[] = {"NO_COLOR=", NULL};
	struct home *h = *state;
	int highest;
	start_and_measure(h, "review kind:basic --no-color", &highest);
	assert_int_equal(highest, -1);
	h->env = no_color;
	start_and_measure(h, "review kind:basic", &highest);
	assert_int_equal(highest, -1);
	h->env = empty;
	start_and_measure(h, "review kind:basic", &highest);
	assert_true(highest > 15);
	home_write(h, "config.yaml", "colour: never\n");
	start_and_measure(h, "review kind:basic", &highest);
	assert_int_equal(highest, -1);
}

/* What colour tells is told by a sign and a word too. */
static void focus_and_verdict_need_no_colour(void **state)
{
	struct term *t = home_start(*state, "--no-color review id:report");
	term_wait(t, "▸ [ ] A");
	term_send(t, "a");
	term_wait(t, "[■] A");
	term_send(t, ENTER);
	term_wait(t, "How did it go?");
	assert_true(term_shows(t, "your choice."));
	assert_true(term_shows(t, "✓ "));
	assert_true(term_shows(t, "✗ "));
	assert_true(term_shows(t, "▸ 1  again") || term_shows(t, "▸ 3  good"));
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}

static void plain_ascii_in_the_c_locale(void **state)
{
	static const struct {
		const char *args, *keys, *text;
	} screens[] = {
		{"", "", "cards are due"},
		{"", "D", "All kinds of cards"},
		{"", "S", "No answers yet"},
		{"", "/", "two words"},
		{"search deck:kinds", "", "Cognito tokens"},
		{"search id:idle", "\r", "kinds/idle"},
		{"review kind:basic", "?", "Keys . review"},
		{"review kind:basic", " ", "> 3  good"},
		{"review id:report", "a\r", "x A"},
		{"review kind:matching", "\a", "->"},
		{"review kind:ordering", " ", "* 1"},
		{"review kind:typed", "x\xc3\xa9y", "fetch anew?"},
		{"review id:japanese", " ", "two hours"},
		{"review id:korean", "a", "[A]"},
		{"search deck:wide", "", "Which rocket flies"},
	};
	struct home *h = *state;
	home_deck(h, "wide");
	h->lang = "C";
	h->term = "screen-256color"; /* libvterm goes wrong at the margin with the repetitions that
					xterm has */
	for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
		struct term *t = home_start(h, screens[i].args);
		term_wait(t, "---------");
		term_send(t, screens[i].keys);
		term_wait(t, screens[i].text);
		if (!term_wrote_ascii(t))
			fail_msg("\"%s\" and \"%s\" give more than ASCII:\n%s", screens[i].args,
				 screens[i].keys, term_screen(t));
		term_send(t, CTRL_C);
		assert_int_equal(term_end(t), 130);
	}
}

static void an_old_terminal_will_do(void **state)
{
	struct home *h = *state;
	h->term = "vt100";
	struct term *t = home_start(h, "review id:report");
	term_wait(t, "▸ [ ] A");
	term_send(t, DOWN " \r");
	term_wait(t, "How did it go?");
	assert_false(term_wrote(t, "\033[?1049h"));
	term_send(t, "1");
	term_wait(t, "0 kept · 1 lost");
	term_send(t, CTRL_C);
	assert_int_equal(term_finish(t), 130);
	assert_true(term_cursor(t, NULL, NULL));
	term_free(t);
}

static void an_unknown_terminal_is_named(void **state)
{
	struct home *h = *state;
	h->term = "no-such-terminal";
	struct term *t = home_start(h, "");
	assert_int_equal(term_finish(t), 1);
	assert_true(term_wrote(t, "no-such-terminal"));
	assert_true(term_wrote(t, "--plain"));
	term_free(t);
}

static void a_dumb_terminal_gets_lines(void **state)
{
	struct home *h = *state;
	h->term = "dumb";
	struct term *t = home_start(h, "review kind:basic");
	term_wait(t, "stay silent?");
	assert_false(term_wrote(t, "\033"));
	term_send(t, "\003");
	assert_int_equal(term_end(t), 130);
}

/* ---- keys ---------------------------------------------------------------------------- */

/* An escape sequence that no command has does nothing, and its tail is no command. */
static void unknown_keys_do_nothing(void **state)
{
	static const char *const keys[] = {"\033[15~", "\033[1;5B", "\033[200~",   "\033q",
					   "\033[M",   "\033OP",    "\033[<0;1;1M"};
	struct term *t = start_asked(*state);
	const char *before = term_keep(t);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		term_send(t, keys[i]);
		term_sync(t);
		if (strcmp(term_screen(t), before) != 0)
			fail_msg("key %zu did something:\n%s", i, term_screen(t));
	}
	term_send(t, "q");
	assert_int_equal(term_end(t), 0);
}

/* Keys that come faster than pictures are all obeyed. */
static void keys_are_not_lost(void **state)
{
	char keys[1001] = "";
	int row = 0;
	struct term *t = home_start(*state, "review kind:typed");
	term_wait(t, "fetch anew?");
	assert_true(term_find(t, "▸", &row, NULL));
	memset(keys, 'x', 500);
	memset(keys + 500, '\177', 499);
	term_send(t, keys);
	term_send(t, "y");
	term_wait(t, "▸ xy");
	assert_string_equal(term_row(t, row), " ▸ xy");
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}

static void a_damaged_screen_is_drawn_again(void **state)
{
	struct term *t = start_asked(*state);
	const char *before = term_keep(t);
	term_damage(t);
	assert_false(term_shows(t, "stay silent?"));
	term_sync(t);
	term_wait(t, "stay silent?");
	assert_string_equal(term_screen(t), before);
	term_send(t, "q");
	assert_int_equal(term_end(t), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(keys_that_end_give_the_terminal_back),
		home_test(signals_that_end_give_the_terminal_back),
		home_test(an_answer_outlives_a_hang_up),
		home_test(an_answer_outlives_a_signal),
		home_test(stopped_and_continued),
		home_test(arrows_work_after_a_stop),
		home_test(resized_while_stopped),
		home_test(colours_fit_the_terminal),
		home_test(no_colour_when_none_is_wanted),
		home_test(focus_and_verdict_need_no_colour),
		home_test(plain_ascii_in_the_c_locale),
		home_test(an_old_terminal_will_do),
		home_test(an_unknown_terminal_is_named),
		home_test(a_dumb_terminal_gets_lines),
		home_test(unknown_keys_do_nothing),
		home_test(keys_are_not_lost),
		home_test(a_damaged_screen_is_drawn_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
