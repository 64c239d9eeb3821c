/* review.c -- `gatedrill review`. */
#include "study/review.h"
#include "cli/cli.h"
#include "study/query.h"

/* A flag's number, or fallback when it is not given. */
static bool read_number(struct call *c, enum flag_id f, int min, int fallback, int *out)
{
	long long n = fallback;
	if (c->value[f] && !str_to_i64(c->value[f], min, 1000000, &n)) {
		call_usage(c, "--%s takes a whole number from %d", flags[f].name, min);
		return false;
	}
	*out = (int)n;
	return true;
}

static bool query_is_good(struct call *c, const char *query)
{
	struct arena a = {0};
	struct diags d = {0};
	struct query *q;
	bool ok = query_parse(&a, query, false, &q, &d);
	query_clear(q);
	call_report(c, &d);
	arena_clear(&a);
	return ok;
}

int run_review(struct call *c)
{
	struct review_options o = {.cram = call_has(c, FLAG_CRAM)};
	struct arena a = {0};
	struct diags d = {0};
	struct study s;
	int code = EXIT_USAGE;
	o.query = call_query(c, 0, &a);
	if (call_has(c, FLAG_JSON)) {
		arena_clear(&a);
		return call_usage(c, "a review is a dialogue and has no --json; search, stats and "
				     "deck list have");
	}
	bool ok = read_number(c, FLAG_LIMIT, 1, -1, &o.limit) &&
		  read_number(c, FLAG_NEW, 0, -1, &o.new_limit) &&
		  read_number(c, FLAG_AHEAD, 0, 0, &o.ahead_d) && query_is_good(c, o.query);
	if (ok && call_open(c, &s, &code)) {
		const struct start start = {.review = &o, .no_colour = call_no_colour(c)};
		if (c->plain)
			code = plain_review(c, &s, &o);
		else
			code = c->host->tui(&s, &start, &d);
		call_report(c, &d);
		study_close(&s);
	}
	arena_clear(&a);
	return code;
}
