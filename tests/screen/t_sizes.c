/* t_sizes.c -- every screen at every size: nothing leaves its margins, rules and footer stand where
 * they belong, and a window that changes its size loses nothing of what the learner is in the
 * middle of. */
#include "tests/screen/scene.h"

static const struct size {
	int rows, cols;
} sizes[] = {{24, 80}, {18, 60}, {12, 40}, {50, 200}, {15, 49}};

/* As src/tui/frame.c says it: rules and header need 16 rows and 50 columns. */
static bool is_tiny(struct size s)
{
	return s.rows < 16 || s.cols < 50;
}

static void expect(bool ok, struct term *t, const struct scene *s, struct size z, const char *what)
{
	if (!ok)
		fail_msg("%s at %dx%d: %s\n%s", s->name, z.cols, z.rows, what, term_screen(t));
}

static bool row_is_rule(struct term *t, int row, struct size z)
{
	int left = z.cols > 100 ? (z.cols - 100) / 2 : 0;
	int right = z.cols > 100 ? left + 100 : z.cols;
	for (int col = 0; col < z.cols; col++) {
		bool rule = strcmp(term_cell(t, row, col), "─") == 0;
		if (rule != (col >= left && col < right))
			return false;
	}
	return true;
}

static bool columns_are_blank(struct term *t, int row, int from, int to)
{
	for (int col = from; col < to; col++)
		if (strcmp(term_cell(t, row, col), " ") != 0)
			return false;
	return true;
}

/* Of a terminal broader than the frame only the middle is used; the margins stay free. */
static bool margins_are_free(struct term *t, struct size z)
{
	int left = z.cols > 100 ? (z.cols - 100) / 2 : 0;
	int width = z.cols > 100 ? 100 : z.cols;
	for (int row = 0; row < z.rows; row++) {
		if (row_is_rule(t, row, z))
			continue;
		bool body = row > 1 && row < z.rows - 2;
		int margin = !is_tiny(z) && body ? 3 : 1;
		if (!columns_are_blank(t, row, left + width - margin, z.cols) ||
		    !columns_are_blank(t, row, 0, left))
			return false;
	}
	return true;
}

static void check(struct term *t, const struct scene *s, struct size z)
{
	expect(strstr(term_screen(t), s->text) != NULL, t, s, z, s->text);
	expect(margins_are_free(t, z), t, s, z, "something stands in a margin");
	expect(!strstr(term_screen(t), "\xef\xbf\xbd"), t, s, z, "a character is broken");
	expect(term_row(t, z.rows - 1)[0] != '\0', t, s, z, "the last row is empty");
	if (is_tiny(z))
		return;
	expect(row_is_rule(t, 1, z) && row_is_rule(t, z.rows - 2, z), t, s, z,
	       "the rules are not in place");
	expect(term_row(t, 0)[0] != '\0', t, s, z, "there is no header");
}

static void every_screen_at_every_size(void **state)
{
	scene_prepare(*state);
	for (size_t i = 0; i < scene_count; i++) {
		struct term *t = scene_start(*state, &scenes[i]);
		const char *first = term_keep(t);
		for (size_t k = 0; k <= ARRAY_LEN(sizes); k++) {
			struct size z = sizes[k % ARRAY_LEN(sizes)];
			term_resize(t, z.rows, z.cols);
			check(t, &scenes[i], z);
		}
		expect(strcmp(term_screen(t), first) == 0, t, &scenes[i], sizes[0],
		       "is another screen than at first");
		scene_end(t);
	}
}

/* A screen that was resized is the screen that would have been drawn at once. */
static void resized_is_as_started(void **state)
{
	static const char *const names[] = {"home",   "cards of a deck", "card", "statistics",
					    "choice", "order",           "typed"};
	struct home *h = *state;
	scene_prepare(h);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct scene *s = scene_named(names[i]);
		h->rows = 12;
		h->cols = 40;
		struct term *t = scene_start(h, s);
		term_resize(t, 24, 80);
		h->rows = 24;
		h->cols = 80;
		char *resized = strdup(term_screen(t));
		scene_end(t);
		t = scene_start(h, s);
		bool same = strcmp(term_screen(t), resized) == 0;
		free(resized);
		expect(same, t, s, sizes[0], "was drawn otherwise after a resize");
		scene_end(t);
	}
}

/* ---- too small ----------------------------------------------------------------------- */

static void too_small_says_so_and_keeps_all(void **state)
{
	static const struct size small[] = {{8, 30}, {11, 80}, {24, 39}, {3, 200}, {1, 10}};
	struct term *t = scene_start(*state, scene_named("typed"));
	const char *first = term_keep(t);
	for (size_t i = 0; i < ARRAY_LEN(small); i++) {
		int lines = 0;
		term_resize(t, small[i].rows, small[i].cols);
		term_wait_gone(t, "max-age");
		for (int row = 0; row < small[i].rows; row++)
			lines += term_row(t, row)[0] != '\0';
		assert_int_equal(lines, 1);
		assert_true(term_shows(t, small[i].cols < 30 ? "Too small"
							     : "Too small: it takes 40x12"));
		term_resize(t, 24, 80);
		term_wait(t, "max-age");
		assert_string_equal(term_screen(t), first);
	}
	term_resize(t, 8, 30);
	term_wait(t, "Too small: it takes 40x12");
	term_send(t, "=0");
	term_sync(t);
	term_resize(t, 24, 80);
	term_wait(t, "▸ max-age=0");
	scene_end(t);
}

static void a_tiny_start(void **state)
{
	struct home *h = *state;
	h->rows = 8;
	h->cols = 30;
	struct term *t = home_start(h, "review id:report");
	term_wait(t, "Too small: it takes 40x12");
	term_resize(t, 12, 40);
	term_wait(t, "[ ] B");
	scene_end(t);
}

/* ---- in the middle of something ------------------------------------------------------ */

static void typed_text_and_cursor_stay(void **state)
{
	struct term *t = home_start(*state, "review kind:typed");
	int row = 0, col = 0, row_then = 0, col_then = 0;
	term_wait(t, "fetch anew?");
	term_send(t, "cache-control" LEFT LEFT LEFT);
	term_wait(t, "cache-control");
	assert_true(term_cursor(t, &row, &col));
	term_resize(t, 12, 40);
	term_wait(t, "cache-control");
	assert_true(term_cursor(t, NULL, &col_then));
	term_resize(t, 24, 80);
	term_wait(t, "cache-control");
	assert_true(term_cursor(t, &row_then, &col_then));
	assert_int_equal(row_then, row);
	assert_int_equal(col_then, col);
	term_send(t, "_");
	term_wait(t, "cache-cont_rol");
	scene_end(t);
}

static void focus_and_choice_stay(void **state)
{
	struct term *t = home_start(*state, "review id:tokens");
	term_wait(t, "▸ [ ] A");
	term_send(t, "bxc" DOWN);
	term_wait(t, "▸ [ ] D");
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		term_resize(t, sizes[i].rows, sizes[i].cols);
		term_wait(t, "[■] B");
		assert_true(term_shows(t, "[-] C"));
		assert_true(term_shows(t, "[ ] D"));
	}
	term_resize(t, 12, 40);
	term_send(t, DOWN "\r");
	term_wait(t, "Not enough are chosen yet.");
	term_send(t, "e");
	term_wait(t, "[■] E");
	scene_end(t);
}

/* Of a question that is higher than the window the marked option is what is seen. */
static void focus_stays_in_sight(void **state)
{
	struct term *t = home_start(*state, "review id:report");
	term_wait(t, "▸ [ ] A");
	term_send(t, DOWN DOWN DOWN);
	term_wait(t, "▸ [ ] D");
	term_resize(t, 12, 40);
	int row = 0;
	assert_true(term_find(t, "[ ] D", &row, NULL));
	assert_non_null(strstr(term_row(t, row), "▸"));
	term_send(t, UP UP UP);
	term_wait(t, "[ ] A");
	term_send(t, " ");
	term_wait(t, "[■] A");
	scene_end(t);
}

static void scroll_stays(void **state)
{
	home_deck(*state, "long");
	struct term *t = home_start(*state, "review id:list");
	term_wait(t, "Say all thirty.");
	term_send(t, " ");
	term_wait(t, "item one");
	term_send(t, CTRL_D);
	term_wait(t, "item seventeen");
	const char *first = term_keep(t);
	assert_false(term_shows(t, "item one\n"));
	term_resize(t, 18, 60);
	term_wait(t, "item five");
	assert_false(term_shows(t, "item one\n"));
	term_resize(t, 24, 80);
	term_wait(t, "item seventeen");
	assert_string_equal(term_screen(t), first);
	scene_end(t);
}

static void many_resizes_end_in_the_last(void **state)
{
	struct term *t = scene_start(*state, scene_named("choice"));
	const char *first = term_keep(t);
	for (int i = 0; i < 40; i++)
		term_set_size(t, 8 + i, 30 + 5 * i);
	term_resize(t, 24, 80);
	term_wait(t, "[■] B");
	assert_string_equal(term_screen(t), first);
	scene_end(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(every_screen_at_every_size),
		home_test(resized_is_as_started),
		home_test(too_small_says_so_and_keeps_all),
		home_test(a_tiny_start),
		home_test(typed_text_and_cursor_stay),
		home_test(focus_and_choice_stay),
		home_test(focus_stays_in_sight),
		home_test(scroll_stays),
		home_test(many_resizes_end_in_the_last),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
