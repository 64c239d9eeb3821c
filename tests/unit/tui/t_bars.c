/* t_bars.c -- readiness as bars: a dot in its range, the guess at the pass line, and figures that
 * say the same in digits. */
#include "pagetext.h"
#include "tui/bars.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct readiness some = {
	.chance = {.enough = true,
		   .tries = 182,
		   .overall = {0.72, 0.67, 0.77},
		   .domain = {{0.77, 0.64, 0.90}, {0.30, 0.18, 0.42}}},
	.pass_share = 0.72,
	.domain_count = 2,
	.domain = {{"Development", 60}, {"Security", 40}},
};

static const char *draw(struct arena *a, struct page *p, const struct readiness *r, bool ascii)
{
	page_reset(p, 74, ascii);
	bars_draw(p, r);
	return page_text(a, p);
}

static void bars_show_ranges(void **state)
{
	struct arena a = {0};
	struct page p = {0};
	(void)state;
	assert_string_equal(
		draw(&a, &p, &some, false),
		"                  0         20        40        60        80      100\n"
		"Development  60 % ································├───┼──●─────┤·····  77\n"
		"Security     40 % ·········├─────●─────┤··············│··············  30\n"
		"Overall 72 (67 to 77) from 182 first tries. The bar at 72 is our guess at\n"
		"the pass line.\n");
	page_clear(&p);
	arena_clear(&a);
}

static void the_scale_begins_at_fifty_if_it_can(void **state)
{
	struct readiness r = some;
	struct arena a = {0};
	struct page p = {0};
	(void)state;
	r.domain_count = 1;
	const char *text = draw(&a, &p, &r, false);
	assert_true(strncmp(text + strspn(text, " "), "50 ", 3) == 0);
	assert_non_null(strstr(text, "├──"));
	page_clear(&p);
	arena_clear(&a);
}

static void ascii_says_the_same(void **state)
{
	struct arena a = {0};
	struct page p = {0};
	(void)state;
	for (const char *t = draw(&a, &p, &some, true); *t; t++)
		assert_true((unsigned char)*t < 128);
	page_clear(&p);
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bars_show_ranges),
		cmocka_unit_test(the_scale_begins_at_fifty_if_it_can),
		cmocka_unit_test(ascii_says_the_same),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
