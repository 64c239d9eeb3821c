/* vectors.h -- reading the files of published numbers for the tests of srs:
 * $GATEDRILL_SHARED/vectors, else ../shared/vectors beside the project. The project does not carry
 * these files; tests that need them skip when they are not there. */
#ifndef TESTS_SRS_VECTORS_H
#define TESTS_SRS_VECTORS_H

#include "base/json.h"
#include "srs/fsrs.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct vectors {
	struct arena arena;
	struct node *root;
};

/* False: there is no such file. One that cannot be read fails the test. */
static inline bool vectors_open(struct vectors *v, const char *name)
{
	struct str text = {0};
	struct diags d = {0};
	char buf[65536];
	const char *shared = getenv("GATEDRILL_SHARED");
	*v = (struct vectors){0};
	FILE *f =
		fopen(arena_printf(&v->arena, "%s/vectors/%s", shared ? shared : "../shared", name),
		      "rb");
	if (!f)
		return false;
	for (size_t n; (n = fread(buf, 1, sizeof(buf), f)) > 0;)
		str_addn(&text, buf, n);
	fclose(f);
	if (!json_read(&v->arena, name, text.p, text.len, &v->root, &d))
		fail_msg("%s: %s", name, diags_first(&d));
	str_clear(&text);
	diags_clear(&d);
	return true;
}

static inline void vectors_close(struct vectors *v)
{
	arena_clear(&v->arena);
}

static inline double real(const struct node *n)
{
	double v = NAN;
	if (!n || !str_to_double(n->text, -1e300, 1e300, &v))
		fail_msg("no number at line %d", n ? n->line : 0);
	return v;
}

static inline double real_of(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);
	if (!n)
		fail_msg("no %s", key);
	return real(n);
}

static inline const struct node *item(const struct node *list, size_t i)
{
	const struct node *n = list ? list->child : NULL;
	while (n && i--)
		n = n->next;
	if (!n)
		fail_msg("the list is shorter than expected");
	return n;
}

static inline double real_at(const struct node *list, size_t i)
{
	return real(item(list, i));
}

/* Up to max numbers of a list. */
static inline size_t reals(const struct node *list, double *out, size_t max)
{
	size_t n = 0;
	for (const struct node *i = list ? list->child : NULL; i && n < max; i = i->next)
		out[n++] = real(i);
	return n;
}

static inline struct fsrs_params params_of(const struct node *weights)
{
	struct fsrs_params p;
	double w[64];
	assert_true(fsrs_params_set(&p, w, reals(weights, w, 64), NULL));
	return p;
}

static inline double relative(double a, double b)
{
	return a == b ? 0 : fabs(a - b) / fmax(fabs(a), fabs(b));
}

#define assert_near(got, want, tolerance) \
	assert_near_at((got), (want), (tolerance), #got, __FILE__, __LINE__)

/* Relative. */
static inline void assert_near_at(double got, double want, double tolerance, const char *what,
				  const char *file, int line)
{
	if (!(relative(got, want) <= tolerance)) {
		print_error("%s is %.17g, not %.17g within %g\n", what, got, want, tolerance);
		_fail(file, line);
	}
}

#endif
