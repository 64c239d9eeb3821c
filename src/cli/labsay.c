/* labsay.c -- what a lab says on the line: its story and goals, answers and traces, what is new. */
#include "base/file.h"
#include "cli/labtalk.h"
#include "cli/plaintrace.h"
#include "gateway/http.h"
#include "study/match.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ANSWER_BODY 3000 /* bytes shown of a body: the event of a function is whole */
#define TOLD_AT_ONCE 5       /* traces of others, then only their number */

/* What a sentence that is made of text lacks at its end. */
const char *say_stop(const char *text)
{
	size_t n = strlen(text);
	return n && strchr(".?!", text[n - 1]) ? "" : ".";
}

/* -- the lab ----------------------------------------------------------------------------------- */

static void say_addresses(struct lab_talk *t)
{
	struct str s = {0};
	if (talk_ring(t))
		serve_addresses(rig_serve(lab_rig(t->lab)), &s);
	for (const char *line = str_c(&s); *line;) {
		int n = (int)strcspn(line, "\n");
		plain_say(&t->p, "%.*s", n, line);
		line += n + (line[n] == '\n');
	}
	str_clear(&s);
}

/* The others in the folder of the first: what is to be mended is often there. */
static void say_files(struct lab_talk *t)
{
	const struct lab_view *v = talk_view(t);
	struct diags d = {0};
	struct arena a = {0};
	struct str s = {0};
	const char **names;
	size_t n;
	if (file_list(v->folder, "", &a, &names, &n, &d))
		for (size_t i = 0; i < n; i++)
			if (!str_eq(names[i], path_base(v->first_file)))
				str_addf(&s, "%s%s", s.len ? ", " : "", names[i]);
	if (s.len)
		plain_say(&t->p, "Beside it: %s", str_c(&s));
	str_clear(&s);
	arena_clear(&a);
	diags_clear(&d);
}

void say_opening(struct lab_talk *t)
{
	const struct lab_view *v = talk_view(t);
	struct arena a = {0};
	const char *minutes =
		v->lab->minutes ? arena_printf(&a, " It takes about %d %s.", v->lab->minutes,
					       str_plural(v->lab->minutes, "minute", "minutes"))
				: "";
	plain_say(&t->p, "Lab %s: %s%s%s", v->lab->id, v->lab->title, say_stop(v->lab->title),
		  minutes);
	plain_gap(&t->p);
	if (v->lab->story)
		plain_markdown(&t->p, v->lab->story);
	plain_gap(&t->p);
	say_goals(t);
	plain_gap(&t->p);
	plain_say(&t->p, "Served at:");
	say_addresses(t);
	plain_say(&t->p, "To edit: %s", v->first_file);
	say_files(t);
	plain_say(&t->p, "requests lists what is ready to be sent; ? lists all commands.");
	if (v->problem)
		plain_say(&t->p, v->broken ? "The definition has an error: %s" : "%s", v->problem);
	for (int i = 0; i < v->total; i++)
		t->goal_told[i] = v->goals[i].met;
	t->stage_told = v->stage;
	str_add(&t->problem_told, v->problem ? v->problem : "");
	t->broken_told = v->broken;
	arena_clear(&a);
}

void say_goals(struct lab_talk *t)
{
	const struct lab_view *v = talk_view(t);
	for (int i = 0; i < v->total; i++) {
		const struct lab_goal *goal = &v->lab->goals[i];
		const struct lab_goal_state *now = &v->goals[i];
		if (!now->met && now->seen && goal->times > 1)
			plain_say(&t->p, "Goal %d, seen %d of %d times: %s", i + 1, now->seen,
				  goal->times, goal->text);
		else
			plain_say(&t->p, "Goal %d, %s: %s", i + 1, now->met ? "met" : "open",
				  goal->text);
	}
}

void say_requests(struct lab_talk *t)
{
	const struct lab *lab = talk_view(t)->lab;
	for (size_t i = 0; i < lab->request_count; i++)
		plain_say(&t->p, "%zu  %s: %s", i + 1, lab->requests[i].id, lab->requests[i].title);
	if (!lab->request_count)
		plain_say(&t->p, "None is ready; send METHOD PATH sends one of your own.");
}

void say_explanation(struct lab_talk *t)
{
	const struct lab *lab = talk_view(t)->lab;
	if (talk_view(t)->stage == LAB_WORKING) {
		plain_say(&t->p, "That comes when all goals are met, or when you give up.");
		return;
	}
	plain_gap(&t->p);
	plain_markdown(&t->p, lab->explain ? lab->explain : "Nothing more is said of this lab.");
	for (size_t i = 0; i < lab->cited_count; i++)
		plain_say(&t->p, "Source: %s, %s", lab->cited[i]->title, lab->cited[i]->url);
}

/* -- the model solution ------------------------------------------------------------------------ */

static void one_line(struct str *out, const char *text)
{
	for (; *text; text++)
		str_addc(out, *text == '\n' ? ' ' : *text);
}

static void edit_words(struct str *out, const struct lab_action *x)
{
	str_addf(out, "Edit %s: ", x->file);
	if (x->with) {
		str_addf(out, "all of it becomes what %s holds.", x->with);
		return;
	}
	str_add(out, "\"");
	one_line(out, x->find);
	str_add(out, "\" becomes \"");
	one_line(out, x->put ? x->put : "");
	str_add(out, "\".");
}

static void action_words(struct str *out, const struct lab_action *x)
{
	switch (x->verb) {
	case LAB_SEND:
		str_addf(out, "Send %s %s.", x->method, x->target);
		break;
	case LAB_CONNECT:
		str_addf(out, "Connect %s to %s.", x->as, x->target);
		break;
	case LAB_SAY:
		str_addf(out, "Say as %s: %s", x->as, x->body ? x->body : "");
		break;
	case LAB_CLOSE:
		str_addf(out, "Close %s with code %d.", x->as, x->code);
		break;
	case LAB_WAIT:
		str_addf(out, "Wait %.3g s.", (double)x->wait_ms / 1000);
		break;
	case LAB_DEPLOY:
		str_addf(out, "Deploy %s/%s.", x->api, x->stage);
		break;
	case LAB_PROMOTE:
		str_addf(out, "Promote the canary of %s/%s.", x->api, x->stage);
		break;
	case LAB_EDIT:
		edit_words(out, x);
		break;
	case LAB_VERB_COUNT:
		break;
	}
}

void say_done(struct str *out, const struct lab_action *x)
{
	const double s = (double)x->wait_ms / 1000;
	if (x->verb == LAB_DEPLOY)
		str_addf(out, "Deployed to %s/%s.", x->api, x->stage);
	else if (x->verb == LAB_PROMOTE)
		str_addf(out, "The canary of %s/%s is promoted.", x->api, x->stage);
	else if (x->verb == LAB_WAIT && s >= 120)
		str_addf(out, "Waited %.3g min.", s / 60);
	else if (x->verb == LAB_WAIT)
		str_addf(out, "Waited %.3g s.", s);
}

void say_solution(struct lab_talk *t)
{
	const struct lab *lab = talk_view(t)->lab;
	for (size_t i = 0; i < lab->solution_count; i++) {
		const struct lab_step *step = &lab->solution[i];
		struct str s = {0};
		if (step->request >= 0)
			str_addf(&s, "%s: %s.", lab->requests[step->request].id,
				 lab->requests[step->request].title);
		else
			action_words(&s, &step->action);
		plain_say(&t->p, "Step %zu. %s", i + 1, str_c(&s));
		str_clear(&s);
	}
}

/* -- answers ----------------------------------------------------------------------------------- */

/* Status, headers and the beginning of the body, as a client shows them. */
static void answer_words(struct str *out, const struct rig_heard *h)
{
	const char *reason = http_reason(h->status);
	if (!h->status) {
		str_add(out, "No answer.");
		return;
	}
	str_addf(out, "Answer: %d%s%s", h->status, *reason ? " " : "", reason);
	for (size_t i = 0; h->headers && i < h->headers->count; i++)
		str_addf(out, "\n%s: %s", h->headers->items[i].name, h->headers->items[i].value);
	if (!h->text.len)
		return;
	size_t n = h->text.len < MAX_ANSWER_BODY ? h->text.len : MAX_ANSWER_BODY;
	str_add(out, "\n\n");
	str_addn(out, h->text.p, n);
	if (n < h->text.len)
		str_addf(out, "\n... %zu bytes in all", h->text.len);
}

static void say_lines(struct lab_talk *t, const char *text)
{
	while (*text) {
		int n = (int)strcspn(text, "\n");
		plain_say(&t->p, "%.*s", n, text);
		text += n + (text[n] == '\n');
	}
}

void say_heard(struct lab_talk *t, const struct rig_heard *h)
{
	struct str s = {0};
	int n = (int)(h->text.len < MAX_ANSWER_BODY ? h->text.len : MAX_ANSWER_BODY);
	const char *text = h->text.p ? h->text.p : "";
	switch (h->what) {
	case RIG_ANSWER:
		if (!t->doing || t->bursting)
			return;
		str_reset(&t->answer);
		answer_words(&t->answer, h);
		return;
	case RIG_OPENED:
		str_addf(&s, "%s is connected.", h->as);
		break;
	case RIG_REFUSED:
		str_addf(&s, "%s was refused.\n", h->as);
		answer_words(&s, h);
		break;
	case RIG_MESSAGE:
		str_addf(&s, "%s heard: %.*s", h->as, n, text);
		break;
	case RIG_CLOSED:
		str_addf(&s, "%s is closed, code %d%s%.*s.", h->as, h->status, n ? ": " : "", n,
			 text);
		break;
	}
	talk_interrupt(t);
	say_lines(t, str_c(&s));
	str_clear(&s);
}

/* -- traces ------------------------------------------------------------------------------------ */

static void count_trace(struct lab_talk *t, const char *what)
{
	size_t i = 0;
	while (i < t->tally_count && !str_eq(t->tally[i].what, what))
		i++;
	if (i == MAX_TALLY) {
		t->uncounted++;
		return;
	}
	if (i == t->tally_count)
		t->tally[t->tally_count++] = (struct tally){.what = xstrdup(what)};
	t->tally[i].count++;
}

void say_trace(struct lab_talk *t, const struct gw_trace *trace)
{
	struct str what = {0}, s = {0};
	trace_sentence(&what, trace);
	if (t->doing && t->bursting) {
		const char *drawn = trace->rows[GW_STEP_STAGE].summary;
		if (drawn && strstr(drawn, "canary"))
			str_addf(&what, "; %s", drawn);
		count_trace(t, str_c(&what));
	} else if (!t->doing && t->told >= TOLD_AT_ONCE) {
		t->untold++;
	} else {
		t->told += !t->doing;
		trace_subject(&s, trace);
		talk_interrupt(t);
		plain_say(&t->p, "%s: %s%s", str_c(&s), str_c(&what), say_stop(str_c(&what)));
	}
	str_clear(&what);
	str_clear(&s);
}

void say_result(struct lab_talk *t)
{
	const struct ring *ring = talk_ring(t);
	const struct gw_trace *trace = ring && t->number ? ring_get(ring, t->number) : NULL;
	say_lines(t, str_c(&t->answer));
	for (size_t i = 0; i < t->tally_count; i++)
		plain_say(&t->p, "%ld %s: %s%s", t->tally[i].count,
			  str_plural(t->tally[i].count, "time", "times"), t->tally[i].what,
			  say_stop(t->tally[i].what));
	if (t->uncounted)
		plain_say(&t->p, "%ld more ended otherwise.", t->uncounted);
	if (trace && !t->bursting) {
		plain_say(&t->p, "Trace %llu:", (unsigned long long)t->number);
		plain_trace_rows(&t->p, trace, false);
	}
}

/* -- what is new ------------------------------------------------------------------------------- */

/* Its words and whether it is one of the definition: what could not be kept is none. */
static void say_problem(struct lab_talk *t)
{
	const struct lab_view *v = talk_view(t);
	const char *now = v->problem ? v->problem : "";
	if (str_eq(now, str_c(&t->problem_told)))
		return;
	talk_interrupt(t);
	if (*now && !v->broken)
		plain_say(&t->p, "But %s%s", now, say_stop(now));
	else if (*now)
		plain_say(&t->p, "The definition has an error: %s%s What was served is served on.",
			  now, say_stop(now));
	else if (t->broken_told)
		plain_say(&t->p, "The definition is sound again.");
	t->broken_told = v->broken;
	str_reset(&t->problem_told);
	str_add(&t->problem_told, now);
}

static void say_unread(struct lab_talk *t)
{
	const char *now = talk_view(t)->unread ? talk_view(t)->unread : "";
	if (str_eq(now, str_c(&t->unread_told)))
		return;
	str_reset(&t->unread_told);
	str_add(&t->unread_told, now);
	if (!*now)
		return;
	talk_interrupt(t);
	plain_say(&t->p, "The definition has a key that nothing reads: %s%s", now, say_stop(now));
}

static void say_stage(struct lab_talk *t)
{
	const struct lab_view *v = talk_view(t);
	struct arena a = {0};
	if (v->stage == t->stage_told)
		return;
	t->stage_told = v->stage;
	talk_interrupt(t);
	if (v->stage == LAB_PASSED)
		plain_say(&t->p, "All goals are met: passed%s.",
			  v->hints ? arena_printf(&a, ", with %d %s", v->hints,
						  str_plural(v->hints, "hint", "hints"))
				   : ", without a hint");
	else if (v->stage == LAB_GIVEN_UP)
		plain_say(&t->p, "Given up.");
	if (v->stage != LAB_WORKING && v->due_cards)
		plain_say(&t->p, "%d %s to review.", v->due_cards,
			  str_plural(v->due_cards, "card comes", "cards come"));
	if (v->stage != LAB_WORKING)
		plain_say(&t->p, "explain says what was seen and why; solve carries out the model "
				 "solution.");
	arena_clear(&a);
}

void say_news(struct lab_talk *t)
{
	const struct lab_view *v = talk_view(t);
	for (int i = 0; i < v->total; i++) {
		if (t->goal_told[i] || !v->goals[i].met)
			continue;
		t->goal_told[i] = true;
		talk_interrupt(t);
		plain_say(&t->p, "Goal %d of %d is met: %s", i + 1, v->total,
			  v->lab->goals[i].text);
	}
	say_problem(t);
	say_unread(t);
	say_stage(t);
}

void say_leave(struct lab_talk *t)
{
	const struct lab_view *v = talk_view(t);
	if (v->stage == LAB_WORKING)
		plain_say(&t->p,
			  "%d of %d goals met. `gatedrill lab %s` goes on from here: your files "
			  "and what was met are kept.",
			  v->met, v->total, v->lab->id);
}
