/* home.c -- `gatedrill` alone: the home screen, or, where nothing can be drawn, the same as sentences. */
#include "cli/cli.h"


/* Where the program was opened for the first time there is nothing to report but what there is to learn. */
static void say_due(struct call *c, const struct store_deck *decks, size_t n)
{
	long fresh = 0, due = 0, cards = 0;
	for (size_t i = 0; i < n; i++) {
		fresh += decks[i].fresh;
		due += decks[i].due;
		cards += decks[i].parts;
	}
	fprintf(c->out, "gatedrill: %ld %s in %zu %s, %ld due, %ld new.\n", cards, str_plural(cards, "card", "cards"), n, str_plural((long)n, "deck", "decks"), due, fresh);
}

static int plain_home(struct call *c, struct study *s)
{
	struct diags d = {0};
	struct arena a = {0};
	struct store_deck *decks;
	size_t n;
	int code = EXIT_DONE;
	if (store_decks(s->store, study_now(s), s->config.preset.day_start_min, &a, &decks, &n, &d))
		say_due(c, decks, n);
	else
		code = EXIT_FAILED;
	call_report(c, &d);
	if (code == EXIT_DONE)
		fputs("gatedrill review --plain  reviews them, one line at a time.\n"
		      "gatedrill deck list       lists the decks.\n"
		      "gatedrill help            lists all commands.\n", c->out);
	arena_clear(&a);
	return code;
}

int run_home(struct call *c)
{
	struct study s;
	struct diags d = {0};
	int code;
	if (!call_open(c, &s, &code))
		return code;
	if (c->plain) {
		code = plain_home(c, &s);
	} else {
		code = c->host->tui(&s, NULL, NULL, call_no_colour(c), &d);
		call_report(c, &d);
	}
	study_close(&s);
	return code;
}
