/* jsonout.c -- everything as JSON, as data/schema/export.schema.json describes it. A deck is a deck
 * file with JSON's brackets: its keys are those of gatedrill-deck(5). Progress comes after the
 * decks and is held until then; it is small beside them. */
#include "base/clock.h"
#include "base/json.h"
#include "exchange/writer.h"

#include <stdlib.h>
#include <string.h>

struct json {
	struct sink sink;
	struct json_out j;
	struct str progress; /* members of its list */
	struct json_out p;
	bool open; /* a deck's list of cards */
};

static bool json_open(struct export *x, struct diags *d)
{
	struct json *s = xcalloc(1, sizeof(*s));
	struct arena a = {0};
	x->format = s;
	if (!sink_open(&s->sink, x->o.path, d))
		return false;
	s->j = (struct json_out){.out = &s->sink.buffer, .indent = true};
	s->p = (struct json_out){.out = &s->progress};
	json_object(&s->j, NULL);
	json_text(&s->j, "format", "gatedrill-export");
	json_int(&s->j, "version", 1);
	json_text(&s->j, "made", moment_rfc3339(&a, x->o.now));
	json_list(&s->j, "decks");
	json_list(&s->p, NULL);
	arena_clear(&a);
	return true;
}

static void end_deck(struct json *s)
{
	if (s->open) {
		json_end(&s->j);
		json_end(&s->j);
	}
	s->open = false;
}

static bool json_deck(struct export *x, struct diags *d)
{
	struct json *s = x->format;
	(void)d;
	end_deck(s);
	json_object(&s->j, NULL);
	deck_json_head(&s->j, x->head);
	json_list(&s->j, "cards");
	s->open = true;
	return true;
}

static void add_state(struct json_out *j, const struct srs_card *c)
{
	static const char *const states[] = {"new", "learn", "review", "relearn"};
	struct arena a = {0};
	json_text(j, "state", states[c->state]);
	if (c->state != SRS_NEW) {
		json_text(j, "due",
			  c->by_day ? date_text(&a, c->due_day)
				    : moment_rfc3339(&a, (struct moment){c->due_ms, 0}));
		json_int(j, "interval", c->interval_d);
		json_real(j, "stability", c->stability_d);
		json_real(j, "difficulty", c->difficulty);
	}
	json_int(j, "reviews", c->reps);
	json_int(j, "lapses", c->lapses);
	if (c->flag)
		json_int(j, "flag", c->flag);
	if (c->suspended)
		json_bool(j, "suspended", true);
	if (c->leech)
		json_bool(j, "leech", true);
	arena_clear(&a);
}

static void add_log(struct json_out *j, const struct export_part *p)
{
	struct arena a = {0};
	json_list(j, "log");
	for (size_t i = 0; i < p->log_count; i++) {
		const struct export_answer *l = &p->log[i];
		json_object(j, NULL);
		json_text(j, "at", moment_rfc3339(&a, l->event.at));
		json_int(j, "ms", l->event.at.ms);
		json_text(j, "what", srs_op_names[l->event.op]);
		json_int(j, "arg", l->event.arg);
		json_int(j, "took", l->took_ms);
		json_end(j);
	}
	json_end(j);
	arena_clear(&a);
}

/* What nobody has studied is not listed. */
static void add_progress(struct export *x, const struct export_item *item)
{
	struct json *s = x->format;
	struct part *parts;
	size_t n = card_parts(&x->scratch, item->card, &parts);
	for (size_t i = 0; i < n; i++) {
		const struct export_part *p = &item->parts[i];
		if (!p->log_count && p->state.state == SRS_NEW && !p->state.suspended)
			continue;
		json_object(&s->p, NULL);
		json_text(&s->p, "card",
			  part_key(&x->scratch, item->deck->slug, item->card->id, parts[i].name));
		add_state(&s->p, &p->state);
		add_log(&s->p, p);
		json_end(&s->p);
		x->report.reviews += p->log_count;
	}
}

static bool json_card(struct export *x, const struct export_item *item, struct diags *d)
{
	struct json *s = x->format;
	deck_json_card(&s->j, item->card, 0);
	if (x->o.progress && item->parts)
		add_progress(x, item);
	return sink_tick(&s->sink, d);
}

static bool json_finish(struct export *x, struct diags *d)
{
	struct json *s = x->format;
	end_deck(s);
	json_end(&s->j);
	json_end(&s->p);
	if (x->o.progress) {
		str_add(&s->sink.buffer, ",\n  \"progress\": ");
		str_addn(&s->sink.buffer, s->progress.p, s->progress.len);
	}
	json_end(&s->j);
	str_addc(&s->sink.buffer, '\n');
	if (!sink_commit(&s->sink, d))
		return false;
	export_wrote(x, x->o.path);
	return true;
}

static void json_close(struct export *x)
{
	struct json *s = x->format;
	if (!s)
		return;
	sink_drop(&s->sink);
	str_clear(&s->progress);
	free(s);
}

const struct export_ops export_json = {
	.open = json_open,
	.deck = json_deck,
	.card = json_card,
	.finish = json_finish,
	.close = json_close,
};
