/* labcommands.c -- the commands of a lab on the line: one table, and what each does. */
#include "base/file.h"
#include "base/suggest.h"
#include "cli/labline.h"
#include "cli/labtalk.h"
#include "cli/plaintrace.h"
#include "cli/words.h"
#include "study/match.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* -- requests ---------------------------------------------------------------------------------- */

static void do_named(struct lab_talk *t, int request)
{
	const struct lab_action *x = &talk_view(t)->lab->requests[request].action;
	struct diags d = {0};
	talk_begin(t, x->burst_rate > 0);
	say_done(&t->answer, x);
	if (!rig_do_named(lab_rig(t->lab), request, talk_done, t, &d))
		talk_fail(t, &d);
}

static void do_action(struct lab_talk *t, const struct lab_action *x)
{
	struct diags d = {0};
	talk_begin(t, x->burst_rate > 0);
	say_done(&t->answer, x);
	if (!rig_do(lab_rig(t->lab), x, talk_done, t, &d))
		talk_fail(t, &d);
}

/* "2" or "no-key": a ready request, or -1. */
static int find_request(const struct lab_talk *t, const char *word)
{
	const struct lab *lab = talk_view(t)->lab;
	long long n;
	if (lab->request_count && str_to_i64(word, 1, (long long)lab->request_count, &n))
		return (int)n - 1;
	return lab_request_named(lab, word);
}

static void no_request(struct lab_talk *t, const char *word)
{
	const struct lab *lab = talk_view(t)->lab;
	struct arena a = {0};
	const char **ids = arena_alloc(&a, (lab->request_count + 1) * sizeof(*ids));
	for (size_t i = 0; i < lab->request_count; i++)
		ids[i] = lab->requests[i].id;
	const char *near = suggest(word, ids, lab->request_count);
	if (near)
		plain_bad_line(&t->p, arena_printf(&a, "There is no request %s; did you mean %s?",
						   word, near));
	else
		plain_bad_line(&t->p, arena_printf(&a,
						   "There is no request %s; requests lists "
						   "them.",
						   word));
	arena_clear(&a);
}

static void cmd_requests(struct lab_talk *t, const char *arg)
{
	if (!*arg) {
		say_requests(t);
		return;
	}
	int i = find_request(t, arg);
	if (i >= 0)
		do_named(t, i);
	else
		no_request(t, arg);
}

/* The connection that is meant where the line names none: the one that is open. */
static const char *only_connection(struct lab_talk *t)
{
	const char *names[2];
	size_t n = rig_connections(lab_rig(t->lab), names, ARRAY_LEN(names));
	return n == 1 ? arena_strdup(&t->work, names[0]) : "client";
}

/* Which API is meant where the line names none and there are several: the one that has a stage of
 * the name that the path begins with. NULL: none or several have. */
static const char *api_of_path(const struct lab_talk *t, const char *target)
{
	struct serve *serve = rig_serve(lab_rig(t->lab));
	const struct gateway *g = serve ? serve_runtime(serve)->gateway : NULL;
	const char *found = NULL;
	size_t n = strcspn(target + 1, "/?");
	if (!g || g->api_count < 2)
		return NULL;
	for (size_t i = 0; i < g->api_count; i++)
		for (size_t k = 0; k < g->apis[i].stage_count; k++) {
			const char *stage = g->apis[i].stages[k].name;
			if (strncmp(stage, target + 1, n) != 0 || stage[n])
				continue;
			if (found)
				return NULL;
			found = g->apis[i].id;
		}
	return found;
}

static bool names_connection(const struct lab_action *x)
{
	return x->verb == LAB_SAY || x->verb == LAB_CLOSE;
}

/* A line that begins with a verb of actions. */
static void cmd_action(struct lab_talk *t, const char *arg)
{
	struct lab_action x;
	const char *why;
	(void)arg;
	arena_clear(&t->work);
	const char *line = str_trim(&t->work, str_c(&t->p.line));
	line += *line == ':';
	if (!lab_line_read(&t->work, line, &x, &why)) {
		plain_bad_line(&t->p, why);
		return;
	}
	if (!x.as)
		x.as = names_connection(&x) ? only_connection(t) : "client";
	if (x.target && !x.api && !x.host)
		x.api = api_of_path(t, x.target);
	do_action(t, &x);
}

/* "20 1 bronze": a ready request again and again. */
static void cmd_burst(struct lab_talk *t, const char *arg)
{
	char *rate, *seconds, *name;
	struct lab_action x;
	arena_clear(&t->work);
	char *rest = arena_strdup(&t->work, arg);
	rate = strtok_r(rest, " \t", &rest);
	seconds = strtok_r(NULL, " \t", &rest);
	name = strtok_r(NULL, " \t", &rest);
	int i = name ? find_request(t, name) : -1;
	if (name && i < 0) {
		no_request(t, name);
		return;
	}
	if (i >= 0)
		x = talk_view(t)->lab->requests[i].action;
	if (i < 0 || x.verb != LAB_SEND ||
	    !str_to_double(rate, 0.1, MAX_BURST_RATE, &x.burst_rate) ||
	    !str_to_double(seconds, 0.1, MAX_BURST_SECONDS, &x.burst_seconds)) {
		plain_bad_line(&t->p, "burst takes requests a second, seconds, and a ready request "
				      "that sends, such as: burst 20 1 2");
		return;
	}
	do_action(t, &x);
}

/* -- looking ----------------------------------------------------------------------------------- */

static void cmd_goals(struct lab_talk *t, const char *arg)
{
	(void)arg;
	say_goals(t);
}

static void cmd_story(struct lab_talk *t, const char *arg)
{
	(void)arg;
	str_reset(&t->problem_told);
	say_opening(t);
}

static void cmd_trace(struct lab_talk *t, const char *arg)
{
	const struct ring *ring = talk_ring(t);
	uint64_t n = ring ? ring_last(ring) : 0;
	struct str s = {0};
	if (*arg && !str_to_u64(arg, &n)) {
		plain_bad_line(&t->p, "trace takes a number of a trace, or none for the last.");
		return;
	}
	const struct gw_trace *trace = n ? ring_get(ring, n) : NULL;
	if (!trace) {
		plain_say(&t->p, *arg ? "That trace is not there, or not any more."
				      : "Nothing was asked of the gateway yet.");
		return;
	}
	trace_subject(&s, trace);
	str_add(&s, ": ");
	trace_sentence(&s, trace);
	plain_say(&t->p, "Trace %llu. %s%s", (unsigned long long)n, str_c(&s), say_stop(str_c(&s)));
	plain_trace_rows(&t->p, trace, true);
	str_clear(&s);
}

static void cmd_hint(struct lab_talk *t, const char *arg)
{
	struct diags d = {0};
	const char *hint = NULL;
	(void)arg;
	if (lab_hint(t->lab, &hint, &d) && hint)
		plain_markdown(&t->p, hint);
	else if (!d.errors)
		plain_say(&t->p, "There is no further hint.");
	call_report(t->p.call, &d);
}

static void cmd_explain(struct lab_talk *t, const char *arg)
{
	(void)arg;
	say_explanation(t);
}

/* -- files ------------------------------------------------------------------------------------- */

static void cmd_file(struct lab_talk *t, const char *arg)
{
	const struct lab_view *v = talk_view(t);
	struct arena a = {0};
	(void)arg;
	for (size_t i = 0; i < v->lab->gateway_count; i++)
		plain_say(&t->p, "%s", path_join(&a, v->folder, v->lab->gateway[i]));
	plain_say(&t->p, "All files of the lab are in %s", v->folder);
	arena_clear(&a);
}

static void on_edited(void *ctx, bool ok, struct diags *d)
{
	struct lab_talk *t = ctx;
	struct diags read = {0};
	call_report(t->p.call, d);
	talk_begin(t, false);
	if (ok && talk_ring(t) && serve_reload(rig_serve(lab_rig(t->lab)), &read))
		plain_say(&t->p, "Read again. A stage that needs a deployment serves it after "
				 "deploy API/STAGE.");
	call_report(t->p.call, &read);
	talk_done(t, true, NULL);
}

static void cmd_edit(struct lab_talk *t, const char *arg)
{
	const struct lab_view *v = talk_view(t);
	struct diags d = {0};
	struct file_stat there;
	arena_clear(&t->work);
	const char *path = *arg ? path_join(&t->work, v->folder, arg) : v->first_file;
	if (strstr(arg, "..") || *arg == '/' || !file_stat(path, &there) || there.is_dir) {
		plain_bad_line(&t->p, "The lab has no such file; file says where its files are.");
		return;
	}
	t->editor.ended = on_edited;
	t->editor.ctx = t;
	edit_start(&t->editor, &t->loop, t->p.call, &t->p.study->config, path, &d);
	call_report(t->p.call, &d);
}

/* -- the end of a try -------------------------------------------------------------------------- */

static void ask(struct lab_talk *t, enum lab_question question, const char *text)
{
	t->question = question;
	plain_say(&t->p, "%s", text);
}

static void cmd_give_up(struct lab_talk *t, const char *arg)
{
	(void)arg;
	if (talk_view(t)->stage != LAB_WORKING)
		plain_say(&t->p, "The lab is over; start over begins it anew.");
	else
		ask(t, ASK_GIVE_UP, "Give up? What the open goals are about comes back to review.");
}

static void give_up(struct lab_talk *t)
{
	struct diags d = {0};
	lab_give_up(t->lab, &d);
	call_report(t->p.call, &d);
	say_news(t);
}

static void solve(struct lab_talk *t)
{
	struct diags d = {0};
	if (talk_view(t)->stage == LAB_WORKING)
		give_up(t);
	if (talk_view(t)->stage == LAB_WORKING)
		return;
	say_solution(t);
	talk_begin(t, false);
	if (!lab_solve(t->lab, talk_done, &d))
		talk_fail(t, &d);
}

static void cmd_solve(struct lab_talk *t, const char *arg)
{
	(void)arg;
	if (talk_view(t)->stage == LAB_WORKING)
		ask(t, ASK_SOLVE, "Give up first, and see the solution carried out on your files?");
	else
		solve(t);
}

static void cmd_start_over(struct lab_talk *t, const char *arg)
{
	(void)arg;
	ask(t, ASK_START_OVER,
	    "Start over? Your files become what they were at the beginning, and no goal is met.");
}

static void start_over(struct lab_talk *t)
{
	struct diags d = {0};
	bool ok = lab_start_over(t->lab, &d);
	call_report(t->p.call, &d);
	if (!ok)
		return;
	plain_say(&t->p, "A new try.");
	memset(t->goal_told, 0, sizeof(t->goal_told));
	t->stage_told = LAB_WORKING;
	say_goals(t);
}

static void cmd_quit(struct lab_talk *t, const char *arg)
{
	(void)arg;
	t->p.stop = true;
}

/* -- the table --------------------------------------------------------------------------------- */

static void cmd_help(struct lab_talk *t, const char *arg);

enum lab_word {
	DO_REQUESTS,
	DO_SEND,
	DO_BURST,
	DO_CONNECT,
	DO_SAY,
	DO_CLOSE,
	DO_WAIT,
	DO_DEPLOY,
	DO_PROMOTE,
	DO_TRACE,
	DO_GOALS,
	DO_STORY,
	DO_HINT,
	DO_FILE,
	DO_EDIT,
	DO_EXPLAIN,
	DO_GIVE_UP,
	DO_SOLVE,
	DO_START_OVER,
	DO_HELP,
	DO_QUIT,
	LAB_WORD_COUNT
};
const struct word lab_words[] = {
	[DO_REQUESTS] = {"requests", 'r', "[NAME]",
			 "what is ready to be sent; a number or a name alone sends it"},
	[DO_SEND] = {"send", 0, "METHOD PATH",
		     "a request of your own; -H 'name: value', -d BODY, --api API"},
	[DO_BURST] = {"burst", 0, "N SECONDS NAME", "a ready request N times a second"},
	[DO_CONNECT] = {"connect", 0, "[@NAME] PATH", "open a WebSocket"},
	[DO_SAY] = {"say", 0, "[@NAME] TEXT", "a message on it"},
	[DO_CLOSE] = {"close", 0, "[@NAME] [CODE]", "close it"},
	[DO_WAIT] = {"wait", 0, "TIME", "let time pass, the gateway's: 500ms, 2s, 11m"},
	[DO_DEPLOY] = {"deploy", 0, "API/STAGE", "let a stage serve the definition as it is now"},
	[DO_PROMOTE] = {"promote", 0, "API/STAGE", "let the stage's canary become the stage"},
	[DO_TRACE] = {"trace", 't', "[N]", "the last trace, or number N, with all details"},
	[DO_GOALS] = {"goals", 'g', NULL, "what is to be seen, and what was"},
	[DO_STORY] = {"story", 's', NULL, "the task and the addresses again"},
	[DO_HINT] = {"hint", 'h', NULL, "the next hint"},
	[DO_FILE] = {"file", 'f', NULL, "where the files to edit are"},
	[DO_EDIT] = {"edit", 'e', "[FILE]", "open the definition in your editor"},
	[DO_EXPLAIN] = {"explain", 'x', NULL, "after the end: what was seen and why"},
	[DO_GIVE_UP] = {"give up", 0, NULL, "end the lab; asks first"},
	[DO_SOLVE] = {"solve", 0, NULL, "see the model solution carried out; asks first"},
	[DO_START_OVER] = {"start over", 0, NULL,
			   "the files as they came, no goal met; asks first"},
	[DO_HELP] = {"help", '?', NULL, "this list"},
	[DO_QUIT] = {"quit", 'q', NULL, "leave; what was done is kept"},
};
const size_t lab_word_count = ARRAY_LEN(lab_words);
static_assert(ARRAY_LEN(lab_words) == LAB_WORD_COUNT, "every command has a row");

static void (*const obey[LAB_WORD_COUNT])(struct lab_talk *t, const char *arg) = {
	[DO_REQUESTS] = cmd_requests,
	[DO_SEND] = cmd_action,
	[DO_BURST] = cmd_burst,
	[DO_CONNECT] = cmd_action,
	[DO_SAY] = cmd_action,
	[DO_CLOSE] = cmd_action,
	[DO_WAIT] = cmd_action,
	[DO_DEPLOY] = cmd_action,
	[DO_PROMOTE] = cmd_action,
	[DO_TRACE] = cmd_trace,
	[DO_GOALS] = cmd_goals,
	[DO_STORY] = cmd_story,
	[DO_HINT] = cmd_hint,
	[DO_FILE] = cmd_file,
	[DO_EDIT] = cmd_edit,
	[DO_EXPLAIN] = cmd_explain,
	[DO_GIVE_UP] = cmd_give_up,
	[DO_SOLVE] = cmd_solve,
	[DO_START_OVER] = cmd_start_over,
	[DO_HELP] = cmd_help,
	[DO_QUIT] = cmd_quit,
};

static void cmd_help(struct lab_talk *t, const char *arg)
{
	(void)arg;
	for (size_t i = 0; i < lab_word_count; i++) {
		const struct word *w = &lab_words[i];
		char letter[8] = "";
		if (w->letter)
			snprintf(letter, sizeof(letter), "%c, ", w->letter);
		plain_say(&t->p, "%s%s%s%s: %s.", letter, w->name, w->arg ? " " : "",
			  w->arg ? w->arg : "", w->help);
	}
}

/* The command that a line begins with, and what stands behind it; -1: none. */
static int find_command(const char *line, const char **arg)
{
	for (size_t i = 0; i < lab_word_count; i++) {
		const struct word *w = &lab_words[i];
		size_t n = str_starts(line, w->name)           ? strlen(w->name)
			   : w->letter && line[0] == w->letter ? 1
							       : 0;
		if (!n || (line[n] && line[n] != ' ' && line[n] != '\t'))
			continue;
		*arg = line + n + strspn(line + n, " \t");
		if (!**arg || w->arg)
			return (int)i;
	}
	return -1;
}

static void answer_question(struct lab_talk *t, const char *line)
{
	enum lab_question question = t->question;
	bool yes = str_eq(line, "y") || str_eq(line, "Y") || str_eq(line, "yes");
	if (!yes && !str_eq(line, "n") && !str_eq(line, "N") && !str_eq(line, "no")) {
		plain_bad_line(&t->p, "y or n.");
		return;
	}
	t->question = ASK_NOTHING;
	if (!yes)
		plain_say(&t->p, "Then not.");
	else if (question == ASK_GIVE_UP)
		give_up(t);
	else if (question == ASK_SOLVE)
		solve(t);
	else if (question == ASK_START_OVER)
		start_over(t);
}

static void obey_line(struct lab_talk *t, const char *line)
{
	const char *arg = "";
	if (!*line)
		return;
	if (t->question) {
		answer_question(t, line);
		return;
	}
	line += *line == ':'; /* as commands elsewhere begin */
	int command = find_command(line, &arg);
	int request = command < 0 ? find_request(t, line) : -1;
	if (command >= 0)
		obey[command](t, arg);
	else if (request >= 0)
		do_named(t, request);
	else
		plain_bad_line(&t->p, "That is no command and no ready request; ? lists the "
				      "commands, requests the requests.");
}

void talk_obey(struct lab_talk *t)
{
	struct arena a = {0};
	int bad = t->p.bad_lines;
	obey_line(t, str_trim(&a, str_c(&t->p.line)));
	if (t->p.bad_lines == bad)
		t->p.bad_lines = 0;
	arena_clear(&a);
}
