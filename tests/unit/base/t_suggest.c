/* t_suggest.c -- slips of the finger find their word, other words find nothing. */
#include "base/suggest.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const commands[] = {
	"review", "quiz",   "exam",  "tree",     "lab",    "gateway", "deck",     "search",
	"import", "export", "stats", "optimize", "config", "doctor",  "plumbing", "help"};

static void assert_suggests(const char *word, const char *expected)
{
	const char *found = suggest(word, commands, ARRAY_LEN(commands));
	if (found && expected)
		assert_string_equal(found, expected);
	else if (found || expected)
		fail_msg("%s: %s, not %s", word, found ? found : "nothing",
			 expected ? expected : "nothing");
}

static void test_slips(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"reveiw", "review"},  /* swapped */
		{"revew", "review"},   /* left out */
		{"reviiew", "review"}, /* put in */
		{"rewiew", "review"},  /* changed */
		{"eprot", NULL},       /* two slips in five letters are too many */
		{"exprot", "export"},
		{"imporrts", "import"}, /* two slips in eight letters are not */
		{"REVIEW", "review"},
		{"optimise", "optimize"},
		{"gatway", "gateway"},
		{"deck", "deck"},
		{"la", "lab"},
		{"xlab", "lab"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_suggests(cases[i][0], cases[i][1]);
}

static void test_prefixes(void **state)
{
	(void)state;
	assert_suggests("opti", "optimize");
	assert_suggests("pl", "plumbing");
	assert_suggests("ex", NULL); /* exam or export */
	assert_suggests("g", NULL);  /* one letter says nothing */
}

static void test_nothing(void **state)
{
	(void)state;
	assert_suggests("", NULL);
	assert_suggests("banana", NULL);
	assert_suggests("zz", NULL);
	assert_null(suggest("review", commands, 0));
}

static void test_nearest_wins(void **state)
{
	(void)state;
	static const char *const names[] = {"answers", "answer", "answered"};
	assert_string_equal(suggest("anwser", names, 3), "answer");
	assert_string_equal(suggest("answerd", names, 3), "answers");
	assert_string_equal(suggest("answer", names, 3), "answer");
}

/* A swap with a letter put in between is two slips; the restricted distance would count three. */
static void test_unrestricted(void **state)
{
	(void)state;
	static const char *const names[] = {"xxxxabc"};
	assert_string_equal(suggest("xxxxca", names, 1), "xxxxabc");
	static const char *const far[] = {"xxxabcd"};
	assert_null(suggest("xxxca", far, 1));
}

static void test_long(void **state)
{
	(void)state;
	char word[1001], exact[65];
	memset(word, 'a', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	memset(exact, 'a', sizeof(exact) - 1);
	exact[sizeof(exact) - 1] = '\0';
	const char *const names[] = {word, exact};
	assert_null(suggest(word, names, 2));
	assert_ptr_equal(suggest(exact, names, 2), exact);
	assert_ptr_equal(suggest(exact + 1, names, 2), exact);
}

static void test_any_bytes(void **state)
{
	(void)state;
	static const char *const names[] = {"\xc3\xa9tude", "\xff\xfe"};
	assert_ptr_equal(suggest("\xc3\xa9tud\xc3", names, 2), names[0]);
	assert_ptr_equal(suggest("\xfe\xff", names, 2), names[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slips),        cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_nothing),      cmocka_unit_test(test_nearest_wins),
		cmocka_unit_test(test_unrestricted), cmocka_unit_test(test_long),
		cmocka_unit_test(test_any_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
