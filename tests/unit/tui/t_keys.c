/* t_keys.c -- the table of commands holds together: no key is lost or promised twice, no context is
 * a trap, and what the manual prints is what the keys do. */
#include "tui/keys.h"
#include "tui/tui.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define COMMAND(i) ((enum command_id)(i))
#define CONTEXT(i) ((enum context)(i))

static void rows_are_complete(void **state)
{
	(void)state;
	for (int i = 0; i < CMD_COUNT; i++) {
		const struct key_command *row = &key_commands[i];
		assert_non_null(row->name);
		assert_non_null(row->keys);
		assert_non_null(row->help);
		assert_true(row->where != 0);
		assert_true(!row->label || row->rank > 0);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(row->name, key_commands[k].name);
	}
}

static void every_command_has_a_key_somewhere(void **state)
{
	(void)state;
	for (int i = 0; i < CMD_COUNT; i++) {
		bool reachable = false;
		for (int c = 0; c < CTX_COUNT; c++) {
			uint32_t key = keys_first(CONTEXT(c), COMMAND(i));
			if (key == K_NONE)
				continue;
			reachable = true;
			assert_int_equal(keys_command(CONTEXT(c), key), i);
		}
		if (!reachable)
			fail_msg("no key does \"%s\" anywhere", key_commands[i].name);
	}
}

static void text_takes_all_that_prints(void **state)
{
	(void)state;
	for (int c = 0; c < CTX_COUNT; c++) {
		if (!context_takes_text(CONTEXT(c)))
			continue;
		for (uint32_t key = ' '; key < 127; key++)
			assert_int_equal(keys_command(CONTEXT(c), key), -1);
	}
}

static void letters_choose_where_there_are_options(void **state)
{
	(void)state;
	for (uint32_t key = 'a'; key <= 'j'; key++) {
		assert_int_equal(keys_command(CTX_CHOICE, key), CMD_CHOOSE);
		assert_int_equal(keys_command(CTX_MATCH, key), CMD_ASSIGN);
	}
	assert_int_equal(keys_command(CTX_CHOICE, K_CTRL('e')), CMD_EDIT);
	assert_int_equal(keys_first(CTX_CHOICE, CMD_EDIT), K_CTRL('e'));
	assert_int_equal(keys_first(CTX_ANSWER, CMD_EDIT), 'e');
	for (uint32_t key = 'a'; key <= 'e'; key++)
		assert_int_equal(keys_command(CTX_EXAM, key), CMD_OPTION);
	assert_int_equal(keys_command(CTX_EXAM, 'f'), CMD_EXAM_FLAG);
	assert_int_equal(keys_command(CTX_EXAM, 'g'), CMD_GRID);
	/* Where six options and more need these letters, the capitals do it. */
	assert_int_equal(keys_command(CTX_EXAM_WIDE, 'f'), CMD_CHOOSE);
	assert_int_equal(keys_first(CTX_EXAM_WIDE, CMD_EXAM_FLAG), 'F');
	assert_int_equal(keys_first(CTX_EXAM_WIDE, CMD_GRID), 'G');
	assert_true(keys_ranged(CMD_CHOOSE));
	assert_false(keys_ranged(CMD_HINT));
}

/* What a digit says where: a grade in a review, how sure one is in an exam and a quiz, a ready
 * request of a lab. */
static int meaning_of_digit(int context, uint32_t key)
{
	static const int in_exam[] = {CMD_GUESS, CMD_FAIRLY_SURE, CMD_SURE, -1};
	static const int in_quiz[] = {CMD_UNSURE, -1, CMD_KNOWN, -1};
	if (context == CTX_ANSWER)
		return (int)(CMD_AGAIN + key - '1');
	if (context >= CTX_EXAM && context <= CTX_EXAM_ORDER)
		return in_exam[key - '1'];
	if (context == CTX_LAB)
		return CMD_READY;
	return context == CTX_QUIZ_SURE ? in_quiz[key - '1'] : -1;
}

static void digits_rate_only_answers(void **state)
{
	(void)state;
	for (int c = 0; c < CTX_COUNT; c++)
		for (uint32_t key = '1'; key <= '4'; key++)
			assert_int_equal(keys_command(CONTEXT(c), key), meaning_of_digit(c, key));
}

/* A search during an exam would tell the answers. */
static void exams_cannot_be_looked_up(void **state)
{
	(void)state;
	for (int c = CTX_EXAM; c <= CTX_GRID; c++) {
		assert_false(keys_works(CONTEXT(c), CMD_SEARCH));
		assert_false(keys_works(CONTEXT(c), CMD_SOURCE));
		assert_false(keys_works(CONTEXT(c), CMD_HINT));
		assert_true(keys_works(CONTEXT(c), CMD_HAND_IN));
	}
}

static void no_context_is_a_trap(void **state)
{
	static const enum command_id ways_out[] = {CMD_BACK,  CMD_STOP,        CMD_QUIT,
						   CMD_NO,    CMD_GO_ON,       CMD_GIVE_UP,
						   CMD_LEAVE, CMD_STOP_GATEWAY};
	(void)state;
	for (int c = 0; c < CTX_COUNT; c++) {
		int by_escape = keys_command(CONTEXT(c), K_ESC);
		bool out = c == CTX_HOME;
		for (size_t i = 0; i < ARRAY_LEN(ways_out); i++)
			out = out || by_escape == (int)ways_out[i];
		if (!out)
			fail_msg("Esc does not lead out of \"%s\"", context_names[c]);
	}
	assert_int_equal(keys_command(CTX_HOME, 'Q'), CMD_QUIT);
}

static void names_and_prefixes_find_commands(void **state)
{
	(void)state;
	assert_int_equal(keys_named(CTX_CARD, "flag"), CMD_FLAG);
	assert_int_equal(keys_named(CTX_CARD, "fl"), CMD_FLAG);
	assert_int_equal(keys_named(CTX_TYPED, "bury"), CMD_BURY);
	assert_int_equal(keys_named(CTX_CARD, "s"), -1); /* suspend, source, search */
	assert_int_equal(keys_named(CTX_HOME, "flag"), -1);
	assert_int_equal(keys_named(CTX_CARD, "nonsense"), -1);
}

static void keys_have_names(void **state)
{
	char name[MAX_KEY_NAME];
	(void)state;
	keys_text(K_CTRL('r'), name);
	assert_string_equal(name, "C-r");
	keys_text(K_SPACE, name);
	assert_string_equal(name, "Space");
	keys_text(K_PGDN, name);
	assert_string_equal(name, "PgDn");
	keys_text('!', name);
	assert_string_equal(name, "!");
	keys_text(0xe9, name);
	assert_string_equal(name, "é");
}

static void the_manual_lists_every_context(void **state)
{
	struct str out = {0};
	(void)state;
	tui_keys_mdoc(&out);
	assert_non_null(strstr(str_c(&out), ".Ss Review: options\n"));
	assert_non_null(strstr(str_c(&out), ".It Cm C-e\nOpen the file in your editor.\n"));
	assert_non_null(strstr(str_c(&out), ".It Cm Space , Cm Enter\nShow the answer.\n"));
	assert_non_null(strstr(str_c(&out), ".It Cm \\&?\n"));
	assert_null(strstr(str_c(&out), ".It \n"));
	str_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_complete),
		cmocka_unit_test(every_command_has_a_key_somewhere),
		cmocka_unit_test(text_takes_all_that_prints),
		cmocka_unit_test(letters_choose_where_there_are_options),
		cmocka_unit_test(digits_rate_only_answers),
		cmocka_unit_test(exams_cannot_be_looked_up),
		cmocka_unit_test(no_context_is_a_trap),
		cmocka_unit_test(names_and_prefixes_find_commands),
		cmocka_unit_test(keys_have_names),
		cmocka_unit_test(the_manual_lists_every_context),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
