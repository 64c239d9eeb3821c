/* ankistate.c -- see ankistate.h. Anki's scheduler is the model of ours, so states map one to one.
 * Memory is rounded as Anki rounds it; what it needs more it derives from the log, which is whole.
 */
#include "exchange/ankistate.h"

#include "base/json.h"

#include <math.h>

#define EASE 2500 /* where SM-2 begins; with FSRS nobody reads it */

enum revlog_type { LOG_LEARN, LOG_REVIEW, LOG_RELEARN, LOG_FILTERED, LOG_MANUAL };

static double rounded(double v, double steps)
{
	return round(v * steps) / steps;
}

static const char *memory(const struct ankistate *s, const struct srs_card *c, struct arena *a)
{
	struct str out = {0};
	struct json_out j = {.out = &out};
	if (c->stability_d <= 0)
		return "{}";
	json_object(&j, NULL);
	json_real(&j, "s", rounded(c->stability_d, 1e4));
	json_real(&j, "d", rounded(c->difficulty, 1e3));
	json_real(&j, "dr", rounded(s->preset->retention, 1e2));
	json_real(&j, "decay", rounded(s->preset->fsrs.w[FSRS_WEIGHTS - 1], 1e3));
	if (c->last_ms > 0)
		json_int(&j, "lrt", c->last_ms / 1000);
	json_end(&j);
	char *text = arena_strndup(a, str_c(&out), out.len);
	str_clear(&out);
	return text;
}

void ankistate_card(const struct ankistate *s, const struct srs_card *c, struct arena *a,
		    struct anki_card *out)
{
	static const int types[] = {[SRS_NEW] = ANKI_NEW,
				    [SRS_LEARN] = ANKI_LEARN,
				    [SRS_REVIEW] = ANKI_REVIEW,
				    [SRS_RELEARN] = ANKI_RELEARN};
	int64_t day = (int64_t)c->due_day - s->first_day;
	out->type = types[c->state];
	out->due = c->by_day || c->state == SRS_REVIEW ? day : c->due_ms / 1000;
	out->queue = c->state == SRS_REVIEW ? ANKI_Q_REVIEW
		     : c->by_day            ? ANKI_Q_DAY_LEARN
					    : ANKI_Q_LEARN;
	out->ivl = c->state == SRS_LEARN ? 0 : c->interval_d;
	out->factor = c->state == SRS_LEARN ? 0 : EASE;
	out->left = c->state == SRS_REVIEW ? 0 : c->steps_left;
	out->reps = c->reps;
	out->lapses = c->lapses;
	out->data = memory(s, c, a);
}

/* Days, or seconds as a negative number. */
static int64_t interval(const struct srs_card *c, int64_t from_ms)
{
	switch (c->state) {
	case SRS_NEW:
		return 0;
	case SRS_REVIEW:
		return c->interval_d;
	case SRS_LEARN:
	case SRS_RELEARN:
		break;
	}
	if (c->by_day)
		return c->due_day - c->last_day;
	return c->due_ms > from_ms ? -((c->due_ms - from_ms) / 1000) : 0;
}

/* Difficulty 1..10 as 100..1100. */
static int difficulty(const struct srs_card *c)
{
	return c->difficulty > 0 ? (int)lround(1000 * ((c->difficulty - 1) / 9 + 0.1)) : 0;
}

bool ankistate_review(const struct export_answer *l, struct anki_review *out)
{
	static const int types[] = {[SRS_NEW] = LOG_LEARN,
				    [SRS_LEARN] = LOG_LEARN,
				    [SRS_REVIEW] = LOG_REVIEW,
				    [SRS_RELEARN] = LOG_RELEARN};
	enum srs_op op = l->event.op;
	bool manual = op == SRS_OP_RESET || op == SRS_OP_DUE;
	if (!manual && op != SRS_OP_ANSWER && op != SRS_OP_CRAM)
		return false;
	*out = (struct anki_review){
		.id = l->event.at.ms,
		.ease = manual ? 0 : l->event.arg,
		.ivl = interval(&l->after, l->event.at.ms),
		.last_ivl = interval(&l->before, l->before.last_ms),
		.factor = difficulty(&l->after),
		.time_ms = l->took_ms,
		.type = manual              ? LOG_MANUAL
			: op == SRS_OP_CRAM ? LOG_FILTERED
					    : types[l->before.state],
	};
	/* 0 is what tells a reset from a new date, and practice from a review. */
	if (op == SRS_OP_RESET || op == SRS_OP_CRAM)
		out->factor = 0;
	else if (op == SRS_OP_DUE && !out->factor)
		out->factor = EASE;
	return true;
}
