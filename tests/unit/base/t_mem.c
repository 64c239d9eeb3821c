/* t_mem.c -- allocation that stops the program rather than fail, and arenas. */
#include "base/mem.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void test_strings(void **state)
{
	(void)state;
	char *a = xstrdup("gate"), *b = xstrndup("gateway", 4), *c = xstrndup("ab", 99);
	char *d = xasprintf("%s-%d", a, 7);
	assert_string_equal(b, a);
	assert_string_equal(c, "ab");
	assert_string_equal(d, "gate-7");
	free(a);
	free(b);
	free(c);
	free(d);
}

static void test_zero_sizes(void **state)
{
	(void)state;
	void *a = xmalloc(0), *b = xcalloc(0, 8), *c = xrealloc(NULL, 0, 8);
	assert_non_null(a);
	assert_non_null(b);
	assert_non_null(c);
	free(a);
	free(b);
	free(c);
}

static void too_many(void)
{
	free(xrealloc(NULL, SIZE_MAX / 4, 8));
}

static void too_large_for_arena(void)
{
	struct arena a = {0};
	arena_alloc(&a, SIZE_MAX - 3);
}

static void array_too_large(void)
{
	size_t cap = 4;
	free(array_grow(xmalloc(16), &cap, SIZE_MAX / 2 + 2, 4));
}

/* Run in a child, which must end by abort(). */
static void assert_aborts(void (*f)(void))
{
	int status;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(STDERR_FILENO);
		f();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void test_aborts(void **state)
{
	(void)state;
	assert_aborts(too_many);
	assert_aborts(too_large_for_arena);
	assert_aborts(array_too_large);
}

/* Sizes on both sides of a block and of the quarter from which allocations get a block of their
 * own. */
static void test_arena_keeps_all(void **state)
{
	(void)state;
	static const size_t sizes[] = {
		0, 1, 15, 16, 17, 4096, 16 << 10, (16 << 10) + 1, 65535, 65536, 65537, 1 << 20};
	enum { ROUNDS = 40 };
	struct arena a = {0};
	unsigned char *all[ROUNDS][ARRAY_LEN(sizes)];
	for (int r = 0; r < ROUNDS; r++) {
		for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
			unsigned char *p = all[r][i] = arena_alloc(&a, sizes[i]);
			assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
			for (size_t k = 0; k < sizes[i]; k += k < 64 ? 1 : 61)
				assert_int_equal(p[k], 0);
			memset(p, (int)(r * 7 + i), sizes[i]);
		}
	}
	for (int r = 0; r < ROUNDS; r++)
		for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
			for (size_t k = 0; k < sizes[i]; k += k < 64 ? 1 : 61)
				assert_int_equal(all[r][i][k], (unsigned char)(r * 7 + i));
	assert_true(a.total >= ROUNDS * (size_t)(1 << 20));
	arena_clear(&a);
	assert_null(a.head);
	assert_int_equal(a.total, 0);
}

/* What is larger than a block must not cost the room left in the newest one. */
static void test_arena_large_beside_small(void **state)
{
	(void)state;
	struct arena a = {0};
	char *first = arena_alloc(&a, 16);
	arena_alloc(&a, 1 << 20);
	char *second = arena_alloc(&a, 16);
	assert_ptr_equal(second, first + 16);
	arena_clear(&a);
	arena_clear(&a);
	assert_non_null(arena_alloc(&a, 1 << 20));
	assert_non_null(arena_alloc(&a, 1));
	arena_clear(&a);
}

static void test_arena_reused_memory_is_zeroed(void **state)
{
	(void)state;
	struct arena a = {0};
	for (int i = 0; i < 3; i++) {
		char *p = arena_alloc(&a, 60 << 10);
		for (size_t k = 0; k < 60 << 10; k++)
			assert_int_equal(p[k], 0);
		memset(p, 0xee, 60 << 10);
		arena_clear(&a);
	}
}

static void test_arena_reset(void **state)
{
	(void)state;
	struct arena a = {0};
	arena_reset(&a);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 3; i++) {
			unsigned char *p = arena_alloc(&a, 60 << 10);
			unsigned char *large = arena_alloc(&a, 200 << 10);
			assert_int_equal(p[0] | p[(60 << 10) - 1] | large[0], 0);
			memset(p, 7, 60 << 10);
			memset(large, 7, 200 << 10);
		}
		assert_true(a.total >= 3 * (260 << 10));
		arena_reset(&a);
		assert_int_equal(a.total, 0);
	}
	arena_clear(&a);
	assert_null(a.head);
}

static void test_arena_strings(void **state)
{
	(void)state;
	struct arena a = {0};
	assert_null(arena_strdup(&a, NULL));
	assert_string_equal(arena_strdup(&a, ""), "");
	assert_string_equal(arena_strdup(&a, "deck"), "deck");
	assert_string_equal(arena_strndup(&a, "deck", 2), "de");
	assert_string_equal(arena_strndup(&a, "deck", 9), "deck");
	assert_string_equal(arena_printf(&a, "%d%%", 85), "85%");
	char *wide = arena_printf(&a, "%*s", 100000, "x");
	assert_int_equal(strlen(wide), 100000);
	assert_int_equal(wide[99999], 'x');
	arena_clear(&a);
}

static void test_array_grow(void **state)
{
	(void)state;
	int *items = NULL;
	size_t cap = 0, moves = 0;
	for (size_t n = 0; n < 10000; n++) {
		size_t old = cap;
		items = array_grow(items, &cap, n + 1, sizeof(*items));
		assert_true(cap > n);
		moves += cap != old;
		items[n] = (int)n;
	}
	assert_true(moves < 15);
	for (int n = 0; n < 10000; n++)
		assert_int_equal(items[n], n);
	assert_ptr_equal(array_grow(items, &cap, 3, sizeof(*items)), items);
	free(items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_zero_sizes),
		cmocka_unit_test(test_aborts),
		cmocka_unit_test(test_arena_keeps_all),
		cmocka_unit_test(test_arena_large_beside_small),
		cmocka_unit_test(test_arena_reused_memory_is_zeroed),
		cmocka_unit_test(test_arena_reset),
		cmocka_unit_test(test_arena_strings),
		cmocka_unit_test(test_array_grow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
