/* search.c -- `gatedrill search`: the cards that match, or something done to all of them. */
#include "base/json.h"
#include "base/suggest.h"
#include "cli/cli.h"
#include "cli/rows.h"
#include "study/review.h"

#include <string.h>

/* What --do knows. */
static const struct action {
	const char *name;
	enum srs_op op;
	int arg;          /* fixed argument, or the highest that may be given when takes is set */
	bool takes;       /* name=N */
	const char *done; /* what is then said of the cards */
} actions[] = {
	{"bury", SRS_OP_BURY, 0, false, "buried until tomorrow"},
	{"unbury", SRS_OP_UNBURY, 0, false, "no longer buried"},
	{"suspend", SRS_OP_SUSPEND, 0, false, "suspended"},
	{"unsuspend", SRS_OP_UNSUSPEND, 0, false, "no longer suspended"},
	{"flag", SRS_OP_FLAG, 7, true, "flagged"},
	{"leech", SRS_OP_LEECH, 1, false, "marked as leeches"},
	{"unleech", SRS_OP_LEECH, 0, false, "no longer leeches"},
	{"reset", SRS_OP_RESET, 0, false, "new again"},
	{"due", SRS_OP_DUE, 36500, true, "given a new date"},
};

static const struct action *read_action(struct call *c, const char *text, int *arg)
{
	const char *names[ARRAY_LEN(actions)];
	size_t n = strcspn(text, "=");
	long long number = 0;
	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		const struct action *x = &actions[i];
		names[i] = x->name;
		if (strlen(x->name) != n || strncmp(x->name, text, n))
			continue;
		if (x->takes != (text[n] == '=') ||
		    (x->takes && !str_to_i64(text + n + 1, 0, x->arg, &number))) {
			if (x->takes)
				call_usage(c, "--do %s takes a number from 0 to %d: %s=1", x->name,
					   x->arg, x->name);
			else
				call_usage(c, "--do %s takes no number", x->name);
			return NULL;
		}
		*arg = x->takes ? (int)number : x->arg;
		return x;
	}
	const char *near = suggest(text, names, ARRAY_LEN(names));
	if (near)
		call_usage(c, "--do has no \"%s\", did you mean \"%s\"?", text, near);
	else
		call_usage(c, "--do has no \"%s\"; `gatedrill search -h` lists what it has", text);
	return NULL;
}

/* Every card gets a row of the log of its own, so each can be undone. */
static bool apply(struct study *s, const struct idset *ids, const struct action *x, int arg,
		  struct diags *d)
{
	int64_t preset;
	if (s->read_only)
		return diag_fail(
			d, "store-read-only",
			"the store cannot be written, so nothing was done; give another with --db");
	if (!store_lock(s->store, d) || !store_preset(s->store, &s->config.preset, &preset, d))
		return false;
	for (int64_t id = 0; (id = idset_next(ids, id)) != 0;) {
		struct store_answer a = {.part_id = id,
					 .event = {.op = x->op, .arg = arg, .at = study_now(s)},
					 .screen = "search"};
		if (!store_log(s->store, &a, preset, NULL, NULL, d))
			return false;
	}
	return true;
}

static void say_done(struct call *c, const struct action *x, long n, bool dry)
{
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	if (!call_has(c, FLAG_JSON)) {
		fprintf(c->out, "%ld %s %s.\n", n, str_plural(n, "card", "cards"),
			dry ? "found; nothing was done" : x->done);
		return;
	}
	json_object(&j, NULL);
	json_int(&j, "cards", n);
	json_text(&j, "do", c->value[FLAG_DO]);
	json_bool(&j, "done", !dry);
	json_end(&j);
	fprintf(c->out, "%s\n", str_c(&out));
	str_clear(&out);
}

static bool act(struct call *c, struct study *s, const struct idset *ids, struct diags *d)
{
	int arg = 0;
	const struct action *x = read_action(c, c->value[FLAG_DO], &arg);
	long n = (long)idset_count(ids);
	bool dry = call_has(c, FLAG_DRY_RUN);
	if (!dry && !apply(s, ids, x, arg, d))
		return false;
	say_done(c, x, n, dry);
	return true;
}

static void say_none(struct call *c, struct study *s, const char *query)
{
	struct arena a = {0};
	const char *why = study_unknown_name(s, query, &a);
	call_note(c, why ? arena_printf(&a, "no card matches: %s", why) : "no card matches");
	arena_clear(&a);
}

static int search_plain(struct call *c, struct study *s, const char *query, int limit)
{
	struct idset ids = {0};
	struct diags d = {0};
	int code = EXIT_DONE;
	if (!study_find(s, query, false, &ids, &d))
		code = d.count && str_starts(d.items[d.count - 1].code, "query-") ? EXIT_USAGE
										  : EXIT_FAILED;
	else if (!(call_has(c, FLAG_DO) ? act(c, s, &ids, &d) : cards_print(c, s, &ids, limit, &d)))
		code = EXIT_FAILED;
	else if (!idset_next(&ids, 0) && !call_has(c, FLAG_JSON) && !call_has(c, FLAG_DO))
		say_none(c, s, query);
	call_report(c, &d);
	idset_clear(&ids);
	return code;
}

int run_search(struct call *c)
{
	struct study s;
	struct arena a = {0};
	struct diags d = {0};
	long long limit = -1;
	int code, arg;
	const char *query = call_query(c, 0, &a);
	if (c->value[FLAG_LIMIT] && !str_to_i64(c->value[FLAG_LIMIT], 0, 1000000, &limit))
		code = call_usage(c, "--limit takes a whole number from 0");
	else if (call_has(c, FLAG_DO) && !read_action(c, c->value[FLAG_DO], &arg))
		code = EXIT_USAGE;
	else if (call_has(c, FLAG_DO) && !query[0])
		code = call_usage(c, "--do needs a query: what it is done to");
	else if (call_has(c, FLAG_DO) && call_has(c, FLAG_LIMIT))
		code = call_usage(c,
				  "--do is done to all cards found; --limit does not go with it");
	else if (call_has(c, FLAG_DRY_RUN) && !call_has(c, FLAG_DO))
		code = call_usage(c, "--dry-run goes with --do");
	else if (call_open(c, &s, &code)) {
		const struct start start = {.find = query, .no_colour = call_no_colour(c)};
		if (c->plain || call_has(c, FLAG_JSON) || call_has(c, FLAG_DO) ||
		    call_has(c, FLAG_LIMIT))
			code = search_plain(c, &s, query, (int)limit);
		else
			code = c->host->tui(&s, &start, &d);
		call_report(c, &d);
		study_close(&s);
	}
	arena_clear(&a);
	return code;
}
