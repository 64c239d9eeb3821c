/* action.c -- see action.h. */
#include "tui/action.h"
#include "tui/lab.h"

#include <stdio.h>

static bool is_buried(const struct srs_card *c, int32_t today)
{
	return c->buried_day == today;
}

static enum action_result flag(const char *arg, const struct srs_card *c, struct action *out)
{
	long long n = (c->flag + 1) % 5;
	out->op = SRS_OP_FLAG;
	if (arg && !str_to_i64(arg, 0, 7, &n)) {
		snprintf(out->said, sizeof(out->said),
			 "A flag is a number from 1 to 7; 0 takes it away.");
		return ACTION_WRONG;
	}
	out->arg = (int)n;
	snprintf(out->said, sizeof(out->said), n ? "Flag %lld." : "No flag.", n);
	return ACTION_READY;
}

static enum action_result due(const char *arg, struct action *out)
{
	long long n;
	out->op = SRS_OP_DUE;
	if (!arg || !str_to_i64(arg, 0, 36500, &n)) {
		snprintf(out->said, sizeof(out->said), "Days are a number from 0 to 36500.");
		return ACTION_WRONG;
	}
	out->arg = (int)n;
	if (n)
		snprintf(out->said, sizeof(out->said), "Due in %lld %s.", n,
			 str_plural(n, "day", "days"));
	else
		snprintf(out->said, sizeof(out->said), "Due today.");
	return ACTION_READY;
}

static enum action_result simple(struct action *out, enum srs_op op, int arg, const char *said)
{
	out->op = op;
	out->arg = arg;
	snprintf(out->said, sizeof(out->said), "%s", said);
	return ACTION_READY;
}

enum action_result action_of(enum command_id id, const char *arg, const struct srs_card *state,
			     int32_t today, struct action *out)
{
	*out = (struct action){0};
	if (id == CMD_FLAG)
		return flag(arg, state, out);
	if (id == CMD_DUE)
		return due(arg, out);
	if (id == CMD_RESET)
		return simple(out, SRS_OP_RESET, 0, "The card is new again.");
	if (id == CMD_LEECH)
		return simple(out, SRS_OP_LEECH, !state->leech,
			      state->leech ? "No leech any more." : "Marked as a leech.");
	if (id == CMD_BURY && is_buried(state, today))
		return simple(out, SRS_OP_UNBURY, 0, "No longer buried.");
	if (id == CMD_BURY)
		return simple(out, SRS_OP_BURY, 0, "Buried until tomorrow; u takes it back.");
	if (id == CMD_SUSPEND && state->suspended)
		return simple(out, SRS_OP_UNSUSPEND, 0, "No longer suspended.");
	if (id == CMD_SUSPEND)
		return simple(out, SRS_OP_SUSPEND, 0, "Suspended; u takes it back.");
	return ACTION_NONE;
}

bool action_do(struct app *app, enum command_id id, const char *arg, const struct store_item *item,
	       bool *changed)
{
	struct action a;
	*changed = false;
	switch (action_of(id, arg, &item->state, study_today(app->study), &a)) {
	case ACTION_NONE:
		return false;
	case ACTION_READY:
		*changed = app_operate(app, item->part_id, a.op, a.arg, a.said);
		break;
	case ACTION_WRONG:
		app_say(app, STYLE_WARN, "%s", a.said);
		break;
	}
	return true;
}

void action_list_sources(struct app *app, const struct source *const *sources, size_t count,
			 const char *none)
{
	struct str text = {0};
	for (size_t i = 0; i < count; i++)
		str_addf(&text, "%s\n %s\n\n", sources[i]->title, sources[i]->url);
	if (count)
		app_push(app, note_view(app, "Sources", str_c(&text), NULL, 0));
	else
		app_say(app, STYLE_PLAIN, "%s", none);
	str_clear(&text);
}

void action_show_sources(struct app *app, const struct card *c)
{
	action_list_sources(app, c->sources, c->source_count, "The card names no source.");
}

void action_prove(struct app *app, const struct card *c)
{
	if (c->proof)
		app_push(app, proof_view(app, c->proof));
	else
		app_say(app, STYLE_PLAIN, "The card has no proof to run.");
}

const char *action_when(struct arena *a, const struct srs_card *c, int32_t today)
{
	if (c->suspended)
		return "suspended";
	if (is_buried(c, today))
		return "buried";
	if (c->state == SRS_NEW)
		return "new";
	if (!c->by_day)
		return "learning";
	if (c->due_day <= today)
		return "due";
	if (c->due_day == today + 1)
		return "tomorrow";
	return arena_printf(a, "in %s", span_words(a, (int64_t)(c->due_day - today) * 86400000));
}
