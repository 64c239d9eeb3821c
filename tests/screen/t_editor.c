/* t_editor.c -- `e` hands the terminal to the learner's editor and takes up what it made of the
 * deck. The editors here are shell scripts. */
#include "tests/screen/home.h"

#include <signal.h>

/* Make SCRIPT the editor: it gets "+LINE FILE". */
static void set_editor(struct home *h, const char *script)
{
	static char setting[128];
	static const char *env[] = {setting, NULL};
	home_write(h, "editor.sh", script);
	snprintf(setting, sizeof(setting), "EDITOR=sh %s", home_path(h, "editor.sh"));
	h->env = env;
}

static struct term *start_asked(const struct home *h)
{
	struct term *t = home_start(h, "review kind:basic");
	term_wait(t, "stay silent?");
	return t;
}

static void quit(struct term *t)
{
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}

static void expect_file(const struct home *h, const char *name, const char *text)
{
	char got[256];
	FILE *f = fopen(home_path(h, name), "r");
	assert_non_null(f);
	got[fread(got, 1, sizeof(got) - 1, f)] = '\0';
	fclose(f);
	assert_string_equal(got, text);
}

static const char change[] = "sed -i 's/stay silent/remain silent/' \"$2\"\n";

static void the_card_is_shown_as_edited(void **state)
{
	set_editor(*state, change);
	struct term *t = start_asked(*state);
	term_send(t, "e");
	term_wait(t, "remain silent?");
	assert_true(term_shows(t, "The decks are loaded again."));
	assert_true(term_alternate(t));
	assert_false(term_cursor(t, NULL, NULL));
	term_send(t, " 3");
	term_wait(t, "1 kept");
	quit(t);
	const char *out;
	home_run(*state, "search is:learn", "", &out);
	assert_non_null(strstr(out, "kinds/idle"));
}

static void the_editor_gets_line_and_file(void **state)
{
	char wanted[256];
	struct home *h = *state;
	set_editor(h, "echo \"$#\" \"$1\" \"$2\" >\"$GATEDRILL_HOME/args\"\n");
	struct term *t = home_start(h, "review kind:cloze");
	term_wait(t, "[a size]");
	term_send(t, "e");
	term_wait(t, "The decks are loaded again.");
	quit(t);
	snprintf(wanted, sizeof(wanted), "2 +24 %s\n", home_path(h, "decks/kinds.yaml"));
	expect_file(h, "args", wanted);
}

static void the_editor_has_the_terminal(void **state)
{
	set_editor(*state, "printf 'in the editor: '\nread line\necho \"read $line\" "
			   ">\"$GATEDRILL_HOME/said\"\n");
	struct term *t = start_asked(*state);
	term_send(t, "e");
	term_wait(t, "in the editor:");
	assert_false(term_alternate(t));
	assert_true(term_cursor(t, NULL, NULL));
	assert_false(term_shows(t, "stay silent?"));
	term_send(t, "q Q\r");
	term_wait(t, "stay silent?");
	assert_false(term_shows(t, "in the editor"));
	expect_file(*state, "said", "read q Q\n");
	quit(t);
}

static void an_interrupt_is_for_the_editor(void **state)
{
	set_editor(*state, "trap 'echo caught >\"$GATEDRILL_HOME/said\"; exit 0' INT\nprintf 'in "
			   "the editor: '\nread line\n");
	struct term *t = start_asked(*state);
	term_send(t, "e");
	term_wait(t, "in the editor:");
	term_send(t, CTRL_C);
	term_wait(t, "The decks are loaded again.");
	assert_true(term_shows(t, "stay silent?"));
	expect_file(*state, "said", "caught\n");
	quit(t);
}

static void a_window_resized_in_the_editor(void **state)
{
	set_editor(*state, "printf 'in the editor: '\nread line\n");
	struct term *t = start_asked(*state);
	term_send(t, "e");
	term_wait(t, "in the editor:");
	term_resize(t, 18, 60);
	term_send(t, "\r");
	term_wait(t, "stay silent?");
	assert_non_null(strstr(term_row(t, 17), "q stop"));
	quit(t);
}

static void arrows_work_after_the_editor(void **state)
{
	set_editor(*state, ":\n");
	struct term *t = home_start(*state, "review id:report");
	term_wait(t, "▸ [ ] A");
	term_send(t, "\005");
	term_wait(t, "The decks are loaded again.");
	term_send(t, DOWN);
	term_wait(t, "▸ [ ] B");
	quit(t);
}

/* ---- what goes wrong ----------------------------------------------------------------- */

static void a_broken_deck_is_told_and_the_card_kept(void **state)
{
	struct home *h = *state;
	char place[128];
	set_editor(h, "if grep -q basik \"$2\"; then sed -i s/basik/basic/ \"$2\"; else sed -i "
		      "'s/kind: basic/kind: basik/' \"$2\"; fi\n");
	struct term *t = start_asked(h);
	term_send(t, "e");
	term_wait(t, "The file was not taken");
	snprintf(place, sizeof(place), "%s:11:", home_path(h, "decks/kinds.yaml"));
	assert_true(term_shows(t, place));
	assert_true(term_shows(t, "basik"));
	term_send(t, ESC);
	term_wait(t, "stay silent?");
	term_send(t, " 1");
	term_wait(t, "0 kept · 1 lost");
	term_send(t, "e");
	term_wait(t, "The decks are loaded again.");
	assert_true(term_shows(t, "stay silent?"));
	quit(t);
}

static void a_broken_deck_is_edited_again_from_the_note(void **state)
{
	set_editor(*state, "if grep -q basik \"$2\"; then sed -i s/basik/basic/ \"$2\"; else sed "
			   "-i 's/kind: basic/kind: basik/' \"$2\"; fi\n");
	struct term *t = start_asked(*state);
	term_send(t, "e");
	term_wait(t, "The file was not taken");
	term_wait(t, "e edit");
	term_send(t, "e");
	term_wait(t, "stay silent?");
	assert_false(term_shows(t, "The file was not taken"));
	quit(t);
}

static void a_card_taken_out_leaves_the_session(void **state)
{
	set_editor(*state, "sed -i '/^- id: connections/,/^$/d' \"$2\"\n");
	struct term *t = home_start(*state, "review kind:reversed or kind:typed");
	term_wait(t, "What does a backend call");
	term_send(t, "e");
	term_wait(t, "The card is gone from its deck; its history is kept.");
	term_wait(t, "fetch anew?");
	quit(t);
}

static void an_editor_that_is_not_there(void **state)
{
	static const char *const env[] = {"EDITOR=/nonexistent/editor", NULL};
	struct home *h = *state;
	h->env = env;
	struct term *t = start_asked(h);
	term_send(t, "e");
	term_wait(t, "the editor is not there");
	assert_true(term_shows(t, "stay silent?"));
	quit(t);
}

static void an_editor_that_fails(void **state)
{
	set_editor(*state, "exit 3\n");
	struct term *t = start_asked(*state);
	term_send(t, "e");
	term_wait(t, "the editor did not end well");
	assert_true(term_shows(t, "stay silent?"));
	quit(t);
}

static void the_setting_comes_first_then_visual(void **state)
{
	struct home *h = *state;
	static const char *const env[] = {"EDITOR=false",
					  "VISUAL=echo visual >>$GATEDRILL_HOME/used; true", NULL};
	h->env = env;
	struct term *t = start_asked(h);
	term_send(t, "e");
	term_wait(t, "The decks are loaded again.");
	quit(t);
	home_write(h, "config.yaml", "editor: echo setting >>$GATEDRILL_HOME/used; true\n");
	t = start_asked(h);
	term_send(t, "e");
	term_wait(t, "The decks are loaded again.");
	quit(t);
	expect_file(h, "used", "visual\nsetting\n");
}

/* ---- from other screens -------------------------------------------------------------- */

static void editing_from_the_lists_and_the_card(void **state)
{
	static const struct {
		const char *args, *keys, *before, *after;
	} screens[] = {
		{"search id:idle", "", "▸ How long may", "remain silent?"},
		{"search id:idle", "\r", "Card · kinds/idle", "remain silent?"},
		{"", "D", "▸ All kinds of cards", "1 card changed"},
	};
	for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
		struct home *h = *state;
		home_deck(h, "kinds");
		set_editor(h, change);
		struct term *t = home_start(h, screens[i].args);
		term_wait(t, "? keys");
		term_send(t, screens[i].keys);
		term_wait(t, screens[i].before);
		term_send(t, "e");
		term_wait(t, screens[i].after);
		quit(t);
	}
}

static void an_answer_given_is_safe_while_editing(void **state)
{
	struct home *h = *state;
	set_editor(h, "printf 'in the editor: '\nread line\n");
	struct term *t = start_asked(h);
	term_send(t, " 3");
	term_wait(t, "Due again");
	term_send(t, "e");
	term_wait(t, "in the editor:");
	term_signal(t, SIGTERM);
	term_end(t);
	const char *out;
	home_run(h, "stats --json", "", &out);
	assert_non_null(strstr(out, "\"answers\": 1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(the_card_is_shown_as_edited),
		home_test(the_editor_gets_line_and_file),
		home_test(the_editor_has_the_terminal),
		home_test(an_interrupt_is_for_the_editor),
		home_test(a_window_resized_in_the_editor),
		home_test(arrows_work_after_the_editor),
		home_test(a_broken_deck_is_told_and_the_card_kept),
		home_test(a_broken_deck_is_edited_again_from_the_note),
		home_test(a_card_taken_out_leaves_the_session),
		home_test(an_editor_that_is_not_there),
		home_test(an_editor_that_fails),
		home_test(the_setting_comes_first_then_visual),
		home_test(editing_from_the_lists_and_the_card),
		home_test(an_answer_given_is_safe_while_editing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
