/* plumbing_fsrs.c -- see plumbing_fsrs.h. */
#include "cli/plumbing_fsrs.h"

#include "base/json.h"
#include "cli/plumbing_lines.h"
#include "srs/fsrs.h"
#include "srs/sched.h"

#include <math.h>
#include <string.h>

#define MAX_DAYS 1e6        /* between two reviews */
#define MIN_RETENTION 0.001 /* an interval for less has no end */
#define MAX_INTERVAL 1e9    /* days, for fuzz */
#define MAX_WEIGHTS 64      /* more are an error anyway */

static const char *const button_names[] = {"again", "hard", "good", "easy"};

/* Reading */

/* A number within [min, max]. what names it in the error. */
static bool real_in(const struct node *n, double min, double max, const char *what, double *out,
		    struct diags *d)
{
	*out = 0;
	if (n && n->kind == NODE_NUMBER && str_to_double(n->text, min, max, out))
		return true;
	return diag_fail(d, "plumbing", "%s must be a number from %.15g to %.15g", what, min, max);
}

static bool whole_in(const struct node *n, double min, double max, const char *what, double *out,
		     struct diags *d)
{
	if (!real_in(n, min, max, what, out, d))
		return false;
	return *out == floor(*out) || diag_fail(d, "plumbing", "%s must be a whole number", what);
}

static bool read_params(const struct node *root, struct fsrs_params *p, struct diags *d)
{
	const struct node *n = node_get(root, "params");
	double w[MAX_WEIGHTS];
	size_t count = 0;
	if (!n || (n->kind == NODE_TEXT && !strcmp(n->text, "default")))
		return fsrs_params_set(p, NULL, 0, d);
	if (n->kind != NODE_LIST || n->count == 0 || n->count > MAX_WEIGHTS)
		return diag_fail(d, "plumbing",
				 "params must be \"default\" or a list of %d numbers",
				 FSRS_WEIGHTS);
	for (const struct node *i = n->child; i; i = i->next) {
		if (!real_in(i, -1e9, 1e9, "each of params", &w[count++], d))
			return false;
	}
	return fsrs_params_set(p, w, count, d);
}

static bool read_retention(const struct node *root, double *out, struct diags *d)
{
	const struct node *n = node_get(root, "desired_retention");
	*out = 0.9;
	if (!n)
		return true;
	return real_in(n, MIN_RETENTION, 1, "desired_retention", out, d);
}

static bool read_memory(const struct node *n, struct fsrs_memory *m, struct diags *d)
{
	*m = (struct fsrs_memory){0};
	if (n->kind == NODE_NULL)
		return true;
	if (n->kind != NODE_MAP)
		return diag_fail(d, "plumbing",
				 "state must be an object with stability and difficulty, or null");
	return real_in(node_get(n, "stability"), 0, 1e9, "stability", &m->stability_d, d) &&
	       real_in(node_get(n, "difficulty"), 0, 1e9, "difficulty", &m->difficulty, d);
}

/* Answering */

/* A question about memory: what it is asked with. */
struct question {
	const struct node *root;
	struct fsrs_params params;
	double retention;
};

static void write_memory(struct json_out *j, const char *key, const struct question *q,
			 struct fsrs_memory m)
{
	json_object(j, key);
	json_real(j, "stability", m.stability_d);
	json_real(j, "difficulty", m.difficulty);
	json_real(j, "interval", fsrs_interval(&q->params, m.stability_d, q->retention));
	json_end(j);
}

static bool step(const struct question *q, const struct node *review, struct fsrs_memory *m,
		 struct diags *d)
{
	double grade, days;
	if (review->kind != NODE_LIST || review->count != 2)
		return diag_fail(d, "plumbing", "each of reviews must be [grade, days]");
	if (!whole_in(review->child, 0, 4, "a grade", &grade, d) ||
	    !whole_in(review->child->next, 0, MAX_DAYS, "days", &days, d))
		return false;
	if (grade > 0)
		*m = fsrs_next(&q->params, *m, (enum fsrs_grade)grade, days);
	return m->stability_d > 0 ||
	       diag_fail(d, "plumbing", "the first grade must be a number from 1 to 4");
}

static bool answer_reviews(const struct question *q, struct json_out *j, struct diags *d)
{
	const struct node *reviews = node_get(q->root, "reviews");
	struct fsrs_memory m = {0};
	if (reviews->kind != NODE_LIST)
		return diag_fail(d, "plumbing", "reviews must be a list of [grade, days]");
	if (reviews->count > MAX_PLUMBING_REVIEWS)
		return diag_fail(d, "plumbing", "%zu reviews are more than %d", reviews->count,
				 MAX_PLUMBING_REVIEWS);
	json_object(j, NULL);
	json_list(j, "states");
	for (const struct node *r = reviews->child; r; r = r->next) {
		if (!step(q, r, &m, d))
			return false;
		write_memory(j, NULL, q, m);
	}
	json_end(j);
	json_end(j);
	return true;
}

static bool answer_state(const struct question *q, struct json_out *j, struct diags *d)
{
	struct fsrs_memory m, all[4];
	double days;
	if (!read_memory(node_get(q->root, "state"), &m, d) ||
	    !whole_in(node_get(q->root, "delta_days"), 0, MAX_DAYS, "delta_days", &days, d))
		return false;
	fsrs_next_all(&q->params, m, days, all);
	json_object(j, NULL);
	for (size_t g = 0; g < ARRAY_LEN(all); g++)
		write_memory(j, button_names[g], q, all[g]);
	json_end(j);
	return true;
}

static bool answer_fuzz(const struct question *q, struct json_out *j, struct diags *d)
{
	const struct node *f = node_get(q->root, "fuzz");
	double interval, minimum, maximum;
	int lower, upper;
	if (f->kind != NODE_MAP)
		return diag_fail(d, "plumbing",
				 "fuzz must be an object with interval, minimum and maximum");
	if (!real_in(node_get(f, "interval"), 0, MAX_INTERVAL, "interval", &interval, d) ||
	    !whole_in(node_get(f, "minimum"), 0, MAX_INTERVAL, "minimum", &minimum, d) ||
	    !whole_in(node_get(f, "maximum"), 0, MAX_INTERVAL, "maximum", &maximum, d))
		return false;
	srs_fuzz_bounds(interval, (int)minimum, (int)maximum, &lower, &upper);
	json_object(j, NULL);
	json_int(j, "lower", lower);
	json_int(j, "upper", upper);
	json_end(j);
	return true;
}

static const struct {
	const char *key;
	bool (*answer)(const struct question *q, struct json_out *j, struct diags *d);
} kinds[] = {
	{"reviews", answer_reviews},
	{"state", answer_state},
	{"fuzz", answer_fuzz},
};

static bool answer(const struct node *root, struct json_out *j, struct diags *d)
{
	struct question q = {.root = root};
	const char *key = NULL;
	bool (*found)(const struct question *, struct json_out *, struct diags *) = NULL;
	if (root->kind != NODE_MAP)
		return diag_fail(d, "plumbing", "the line is %s, not an object",
				 node_kind_name(root->kind));
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!node_get(root, kinds[i].key))
			continue;
		if (found)
			return diag_fail(d, "plumbing", "%s and %s are two questions: give one",
					 key, kinds[i].key);
		key = kinds[i].key;
		found = kinds[i].answer;
	}
	if (!found)
		return diag_fail(d, "plumbing", "give one of reviews, state, fuzz");
	return read_params(root, &q.params, d) && read_retention(root, &q.retention, d) &&
	       found(&q, j, d);
}

bool plumbing_fsrs_line(const char *line, size_t n, struct str *out)
{
	struct arena a = {0};
	struct diags d = {0};
	struct json_out j = {.out = out};
	struct node *root;
	size_t start = out->len;
	if (n > MAX_PLUMBING_LINE)
		return plumbing_error(out, start, "the line is longer than 1 MiB");
	bool ok = json_read(&a, NULL, line, n, &root, &d) && answer(root, &j, &d);
	if (!ok)
		plumbing_error(out, start, diags_first(&d));
	diags_clear(&d);
	arena_clear(&a);
	return ok;
}

int plumbing_fsrs(FILE *in, FILE *out)
{
	return plumbing_lines(in, out, MAX_PLUMBING_LINE, plumbing_fsrs_line);
}
