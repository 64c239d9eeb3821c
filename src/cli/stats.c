/* stats.c -- `gatedrill stats`: the figures of study/stats.h as sentences or as JSON. */
#include "study/stats.h"
#include "base/json.h"
#include "base/utf8.h"
#include "cli/cli.h"

#include <math.h>

static int percent(int part, int whole)
{
	return whole ? (int)lround(100.0 * part / whole) : 0;
}

static void print_recall(FILE *out, const struct stats *st)
{
	fprintf(out, "Recall aimed at: %.0f %%.\n", st->retention * 100);
	if (!st->answers) {
		fprintf(out, "No answers in the last %d days.\n", STATS_DAYS);
		return;
	}
	fprintf(out, "Last %d days: %d %s on %d %s, %d %% kept, %lld min.\n", STATS_DAYS,
		st->answers, str_plural(st->answers, "answer", "answers"), st->days_studied,
		str_plural(st->days_studied, "day", "days"), percent(st->right, st->answers),
		(long long)(st->took_ms + 30000) / 60000);
	if (st->mature)
		fprintf(out, "Of cards with an interval of 21 days or more: %d %s, %d %% kept.\n",
			st->mature, str_plural(st->mature, "answer", "answers"),
			percent(st->mature_right, st->mature));
	fprintf(out, "In a row: %d %s.\n", st->streak_d, str_plural(st->streak_d, "day", "days"));
}

static void print_forecast(FILE *out, const struct stats *st, int32_t today)
{
	struct arena a = {0};
	int most = 0;
	for (int i = 0; i < STATS_FORECAST; i++)
		most = st->forecast[i] > most ? st->forecast[i] : most;
	if (!most) {
		fprintf(out, "No reviews in the next %d days.\n", STATS_FORECAST);
		return;
	}
	fputs("Reviews ahead:\n", out);
	for (int i = 0; i < STATS_FORECAST; i++) {
		int bar = st->forecast[i] * 40 / most;
		fprintf(out, "  %s  %5d", date_text(&a, today + i), st->forecast[i]);
		if (st->forecast[i])
			fprintf(out, "  %.*s", bar ? bar : 1,
				"########################################");
		fputc('\n', out);
	}
	arena_clear(&a);
}

static void print_text(struct call *c, struct study *s, const struct stats *st, const char *query)
{
	struct arena a = {0};
	if (query[0])
		fprintf(c->out, "Cards that match %s: %d.\n", utf8_clean(&a, query), st->parts);
	else
		fprintf(c->out, "%d %s in %d %s.\n", st->parts,
			str_plural(st->parts, "card", "cards"), st->decks,
			str_plural(st->decks, "deck", "decks"));
	fprintf(c->out, "%d due, %d new, %d in learning, %d in review, %d suspended, %d %s.\n",
		st->due, st->fresh, st->learning, st->review, st->suspended, st->leeches,
		str_plural(st->leeches, "leech", "leeches"));
	print_recall(c->out, st);
	print_forecast(c->out, st, study_today(s));
	arena_clear(&a);
}

static void days_json(struct json_out *j, struct arena *a, const struct stats *st, int32_t today)
{
	json_list(j, "days");
	for (int i = 0; i < STATS_DAYS; i++) {
		json_object(j, NULL);
		json_text(j, "date", date_text(a, today - STATS_DAYS + 1 + i));
		json_int(j, "answers", st->day[i].answers);
		json_int(j, "kept", st->day[i].right);
		json_int(j, "took_ms", st->day[i].took_ms);
		json_end(j);
	}
	json_end(j);
	json_list(j, "forecast");
	for (int i = 0; i < STATS_FORECAST; i++) {
		json_object(j, NULL);
		json_text(j, "date", date_text(a, today + i));
		json_int(j, "due", st->forecast[i]);
		json_end(j);
	}
	json_end(j);
}

static void print_json(struct call *c, struct study *s, const struct stats *st)
{
	struct arena a = {0};
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	json_object(&j, NULL);
	json_int(&j, "cards", st->parts);
	json_int(&j, "due", st->due);
	json_int(&j, "new", st->fresh);
	json_int(&j, "learning", st->learning);
	json_int(&j, "review", st->review);
	json_int(&j, "suspended", st->suspended);
	json_int(&j, "leeches", st->leeches);
	json_real(&j, "retention_aimed_at", st->retention);
	json_int(&j, "answers", st->answers);
	json_int(&j, "kept", st->right);
	json_int(&j, "mature_answers", st->mature);
	json_int(&j, "mature_kept", st->mature_right);
	json_int(&j, "took_ms", st->took_ms);
	json_int(&j, "streak_days", st->streak_d);
	days_json(&j, &a, st, study_today(s));
	json_end(&j);
	fprintf(c->out, "%s\n", str_c(&out));
	str_clear(&out);
	arena_clear(&a);
}

/* No figures of a topic that is only mistyped, without a word. */
static void say_unknown(struct call *c, struct study *s, const char *query)
{
	struct arena a = {0};
	const char *unknown = study_unknown_name(s, query, &a);
	if (unknown)
		call_note(c, unknown);
	arena_clear(&a);
}

int run_stats(struct call *c)
{
	struct study s;
	struct stats st;
	struct arena a = {0};
	struct diags d = {0};
	const char *query = call_query(c, 0, &a);
	int code;
	if (call_open(c, &s, &code)) {
		if (!stats_read(&st, &s, query, &d))
			code = d.count && str_starts(d.items[d.count - 1].code, "query-")
				       ? EXIT_USAGE
				       : EXIT_FAILED;
		else if (call_has(c, FLAG_JSON))
			print_json(c, &s, &st);
		else
			print_text(c, &s, &st, query);
		if (code == EXIT_DONE && !st.parts)
			say_unknown(c, &s, query);
		call_report(c, &d);
		study_close(&s);
	}
	arena_clear(&a);
	return code;
}
