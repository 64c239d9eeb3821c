/* home.c -- `gatedrill` alone: the home screen, or, where nothing can be drawn, the same as
 * sentences or as JSON. */
#include "base/json.h"
#include "cli/cli.h"
#include "study/review.h"

struct totals {
	int decks, cards, due, fresh;
	int due_today, fresh_today; /* what a session would show now */
};

static void say(struct call *c, const struct totals *t)
{
	if (!t->cards) {
		fputs("There are no cards yet.\n\n"
		      "gatedrill deck new NAME   starts a deck.\n"
		      "gatedrill doctor          says where decks are looked for.\n",
		      c->out);
		return;
	}
	fprintf(c->out, "%d %s in %d %s: %d %s due, %d %s new", t->cards,
		str_plural(t->cards, "card", "cards"), t->decks,
		str_plural(t->decks, "deck", "decks"), t->due, str_plural(t->due, "is", "are"),
		t->fresh, str_plural(t->fresh, "is", "are"));
	if (t->fresh && !t->fresh_today)
		fputs(", none of them for today", c->out);
	else if (t->fresh_today < t->fresh)
		fprintf(c->out, ", %d of them for today", t->fresh_today);
	fputs(".\n\n"
	      "gatedrill review --plain   reviews them, one line at a time.\n"
	      "gatedrill deck list        lists the decks.\n"
	      "gatedrill lab --list       lists the labs: APIs to work on.\n"
	      "gatedrill help             lists all commands.\n",
	      c->out);
}

static void print_json(struct call *c, const struct totals *t)
{
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	json_object(&j, NULL);
	json_int(&j, "decks", t->decks);
	json_int(&j, "cards", t->cards);
	json_int(&j, "due", t->due);
	json_int(&j, "new", t->fresh);
	json_int(&j, "today", t->due_today + t->fresh_today);
	json_end(&j);
	fprintf(c->out, "%s\n", str_c(&out));
	str_clear(&out);
}

static int plain_home(struct call *c, struct study *s)
{
	struct diags d = {0};
	struct arena a = {0};
	struct totals t = {0};
	struct store_deck *decks;
	size_t n = 0;
	bool ok = store_decks(s->store, study_now(s), s->config.preset.day_start_min, &a, &decks,
			      &n, &d);
	for (size_t i = 0; ok && i < n; i++) {
		t.decks++;
		t.cards += decks[i].parts;
		t.due += decks[i].due;
		t.fresh += decks[i].fresh;
	}
	ok = ok && review_today(s, &t.due_today, &t.fresh_today, &d);
	if (ok)
		(call_has(c, FLAG_JSON) ? print_json : say)(c, &t);
	call_report(c, &d);
	arena_clear(&a);
	return ok ? EXIT_DONE : EXIT_FAILED;
}

int run_home(struct call *c)
{
	struct study s;
	struct diags d = {0};
	int code;
	if (!call_open(c, &s, &code))
		return code;
	if (c->plain || call_has(c, FLAG_JSON)) {
		code = plain_home(c, &s);
	} else {
		const struct start home = {.no_colour = call_no_colour(c)};
		code = c->host->tui(&s, &home, &d);
		call_report(c, &d);
	}
	study_close(&s);
	return code;
}
