/* plumbing.c -- `gatedrill plumbing`: machine interfaces, JSON Lines or words, for scripts,
 * completions and tests. */
#include "cli/cli.h"
#include "cli/plumbing_fsrs.h"
#include "cli/plumbing_jsonpath.h"
#include "cli/plumbing_lines.h"
#include "cli/plumbing_schema.h"
#include "cli/plumbing_vtl.h"
#include "cli/plumbing_wsecho.h"
#include "study/lab.h"
#include "study/tree.h"

static int run_fsrs(struct call *c)
{
	return plumbing_fsrs(c->in, c->out);
}

static int run_jsonpath(struct call *c)
{
	return plumbing_lines(c->in, c->out, MAX_PLUMBING_GATEWAY_LINE, plumbing_jsonpath_line);
}

static int run_schema(struct call *c)
{
	return plumbing_lines(c->in, c->out, MAX_PLUMBING_GATEWAY_LINE, plumbing_schema_line);
}

static int run_vtl(struct call *c)
{
	return plumbing_lines(c->in, c->out, MAX_PLUMBING_GATEWAY_LINE, plumbing_vtl_line);
}

static int print_trees(struct call *c)
{
	struct shelf sh;
	shelf_read(&sh, c->paths, NULL);
	for (size_t i = 0; i < sh.count; i++)
		fprintf(c->out, "%s\n", sh.trees[i].tree.id);
	shelf_clear(&sh);
	return EXIT_DONE;
}

static int print_labs(struct call *c)
{
	struct lab_shelf sh;
	lab_shelf_read(&sh, c->paths, NULL);
	for (size_t i = 0; i < sh.count; i++)
		fprintf(c->out, "%s\n", sh.labs[i]->lab.id);
	lab_shelf_clear(&sh);
	return EXIT_DONE;
}

/* Names of decks, tags, trees or labs, one a line, for completion in shells: no store, no words, no
 * message. */
static int run_words(struct call *c)
{
	struct store *s;
	struct arena a = {0};
	const char **tags;
	struct store_deck *decks;
	size_t n = 0;
	bool want_tags = c->arg_count == 2 && str_eq(c->args[1], "tag");
	if (c->arg_count == 2 && str_eq(c->args[1], "tree"))
		return print_trees(c);
	if (c->arg_count == 2 && str_eq(c->args[1], "lab"))
		return print_labs(c);
	if (!want_tags && (c->arg_count != 2 || !str_eq(c->args[1], "deck")))
		return call_usage(c, "plumbing words takes deck, tag, tree or lab");
	if (!store_open(&s, c->paths->db, STORE_READ, NULL))
		return EXIT_DONE;
	if (want_tags && store_tags(s, &a, &tags, &n, NULL)) {
		for (size_t i = 0; i < n; i++)
			fprintf(c->out, "%s\n", tags[i]);
	} else if (!want_tags && store_decks(s, clock_now(&c->clock), 240, &a, &decks, &n, NULL)) {
		for (size_t i = 0; i < n; i++)
			fprintf(c->out, "%s\n", decks[i].slug);
	}
	arena_clear(&a);
	store_close(s);
	return EXIT_DONE;
}

static const struct {
	const char *name;
	int (*run)(struct call *c);
} verbs[] = {
	{"fsrs", run_fsrs}, {"jsonpath", run_jsonpath}, {"schema", run_schema},
	{"vtl", run_vtl},   {"words", run_words},       {"ws-echo", plumbing_wsecho},
};

int run_plumbing(struct call *c)
{
	for (size_t i = 0; c->arg_count && i < ARRAY_LEN(verbs); i++)
		if (str_eq(c->args[0], verbs[i].name))
			return verbs[i].run(c);
	return call_usage(c, "plumbing takes one of: fsrs, jsonpath, schema, vtl, words, ws-echo");
}
