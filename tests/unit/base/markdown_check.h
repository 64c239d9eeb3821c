/* markdown_check.h -- what must hold of any lay-out: no line wider than asked, columns that add up,
 * nothing a terminal would obey, no empty line first or last. For the tests of Markdown; fails the
 * running test. */
#ifndef TESTS_MARKDOWN_CHECK_H
#define TESTS_MARKDOWN_CHECK_H

#include "base/markdown.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Columns of a run; fails on what must not reach a screen. */
static int check_run(const struct md_run *run, bool ascii)
{
	size_t n = strlen(run->text);

	assert_true(n > 0);
	assert_int_equal(utf8_invalid_at(run->text, n), n);
	for (size_t i = 0; i < n; i++) {
		uint32_t cp;
		i += (size_t)utf8_decode(run->text + i, n - i, &cp) - 1;
		assert_true(utf8_width(cp) >= 0);
		assert_true(cp != 0xE000 && cp != 0xE001);
		assert_true(!ascii || cp < 0x80);
	}
	assert_int_equal(run->cols, utf8_columns(run->text, n));
	return run->cols;
}

static void check_layout(const struct md_layout *m, bool ascii)
{
	assert_true(m->count <= MAX_MD_LINES);
	assert_true(!m->count || (m->lines[0].count && m->lines[m->count - 1].count));
	for (size_t i = 0; i < m->count; i++) {
		int cols = 0;
		for (size_t k = 0; k < m->lines[i].count; k++)
			cols += check_run(&m->lines[i].runs[k], ascii);
		assert_int_equal(cols, m->lines[i].cols);
		assert_true(cols <= m->width);
	}
}

#endif
