/* exam.c -- `gatedrill exam`: which exam is begun, resumed, listed or shown. */
#include "base/json.h"
#include "base/utf8.h"
#include "cli/plainexam.h"
#include "cli/rows.h"

#include <string.h>

/* ---- the list ------------------------------------------------------------------------ */

static void list_json(struct call *c, const struct sitting_row *rows, size_t n)
{
	struct str out = {0};
	struct arena a = {0};
	struct json_out j = {.out = &out, .indent = true};
	json_list(&j, NULL);
	for (size_t i = 0; i < n; i++) {
		const struct sitting_row *r = &rows[i];
		struct moment ended = {r->ended_ms, r->began.off_min};
		json_object(&j, NULL);
		json_int(&j, "id", r->id);
		json_text(&j, "form", r->form);
		json_text(&j, "code", r->code);
		json_text(&j, "began", moment_rfc3339(&a, r->began));
		json_text(&j, "ended", r->ended_ms ? moment_rfc3339(&a, ended) : NULL);
		json_bool(&j, "waits", !r->ended_ms);
		json_bool(&j, "time_up", r->timed_out);
		json_int(&j, "questions", r->items);
		json_int(&j, "answered", r->answered);
		json_int(&j, "limit_ms", r->limit_ms);
		json_int(&j, "left_ms", r->left_ms);
		if (r->ended_ms) {
			json_int(&j, "right", r->right);
			json_int(&j, "scored", r->scored);
		}
		json_end(&j);
	}
	json_end(&j);
	fprintf(c->out, "%s\n", str_c(&out));
	str_clear(&out);
	arena_clear(&a);
}

static const char *state_words(struct arena *a, const struct sitting_row *r)
{
	if (r->ended_ms)
		return arena_printf(a, "%d of %d right%s", r->right, r->scored,
				    r->timed_out ? ", time was up" : "");
	return arena_printf(a, "waits, %s left, %d of %d answered",
			    sitting_time_text(a, r->left_ms), r->answered, r->items);
}

static void list_text(struct call *c, const struct sitting_row *rows, size_t n)
{
	static const char *const headings[] = {"id", "form", "began", "state"};
	struct rows table = {0};
	struct arena a = {0};
	rows_init(&table, headings, ARRAY_LEN(headings));
	for (size_t i = 0; i < n; i++) {
		rows_number(&table, rows[i].id);
		rows_text(&table, rows[i].form);
		rows_text(&table, date_text(&a, day_of(rows[i].began, 0)));
		rows_text(&table, state_words(&a, &rows[i]));
	}
	rows_print(&table, c->out);
	rows_clear(&table);
	arena_clear(&a);
}

static int list(struct call *c, struct study *s)
{
	struct diags d = {0};
	struct arena a = {0};
	struct sitting_row *rows;
	size_t n;
	bool ok = sitting_list(s, &a, &rows, &n, &d);
	if (ok && call_has(c, FLAG_JSON))
		list_json(c, rows, n);
	else if (ok && n)
		list_text(c, rows, n);
	else if (ok)
		call_note(c, "no exam was begun yet; `gatedrill exam` begins one");
	call_report(c, &d);
	arena_clear(&a);
	return ok ? EXIT_DONE : EXIT_FAILED;
}

/* ---- a result ------------------------------------------------------------------------ */

static bool print_json(struct call *c, struct sitting *x, struct diags *d)
{
	struct str out = {0};
	bool ok = sitting_json(x, &out, d);
	if (ok)
		fputs(str_c(&out), c->out);
	str_clear(&out);
	return ok;
}

static int show_result(struct call *c, struct study *s, const struct exam_options *o)
{
	struct diags d = {0};
	struct sitting *x;
	struct plain p;
	plain_init(&p, c, s);
	bool ok = sitting_view(&x, s, o->id, &d);
	if (ok && call_has(c, FLAG_OUTPUT))
		ok = sitting_export(x, c->value[FLAG_OUTPUT], &d);
	else if (ok && call_has(c, FLAG_JSON))
		ok = print_json(c, x, &d);
	else if (ok && plain_exam_result(&p, x))
		plain_exam_review(&p, x);
	sitting_close(x, &d);
	call_report(c, &d);
	plain_clear(&p);
	return ok ? p.code : EXIT_FAILED;
}

/* ---- beginning and resuming ---------------------------------------------------------- */

static void say_too_small(struct call *c, const struct sitting_plan *p)
{
	struct arena a = {0};
	call_note(c,
		  arena_printf(&a, "the decks hold too few questions for %s:", p->blueprint.code));
	for (size_t i = 0; i < p->missing_count; i++)
		call_note(c, p->missing[i]);
	if (p->form.scored)
		call_note(c, "a shorter form, or none with a number, may fit");
	else if (p->largest)
		call_note(c, arena_printf(&a,
					  "`gatedrill exam %s --short` asks %d scored questions "
					  "in the same proportions",
					  p->blueprint.id, p->largest));
	else
		call_note(c, "a domain has no question at all, so no form is possible");
	arena_clear(&a);
}

static void say_beginning(struct plain *p, const struct sitting_plan *plan)
{
	struct arena a = {0};
	int items = plan->need.scored_sum + plan->need.unscored_sum;
	if (plan->notice)
		plain_say(p, "%s", plan->notice);
	if (plan->waiting)
		plain_say(p, "%d %s already; `gatedrill exam --list` shows all.", plan->waiting,
			  str_plural(plan->waiting, "exam waits", "exams wait"));
	plain_say(p, "%s, %s. %d questions, %d minutes. Form %s.", plan->blueprint.code,
		  plan->blueprint.title, items, plan->minutes, plan->form_text);
	if (plan->form.scored)
		plain_say(p, "A short form: %d of %d scored questions, the time in proportion.",
			  plan->need.scored_sum, plan->blueprint.scored);
	if (plan->late)
		plain_say(p, "%d of the questions you have seen in the last %d days.", plan->late,
			  EXAM_LATE_DAYS);
	plain_say(p,
		  "No answer is shown before the end; help lists commands, quit keeps the exam.");
	arena_clear(&a);
}

static void say_resumed(struct plain *p, const struct sitting *x)
{
	struct exam_counts n = exam_counts(sitting_exam(x));
	struct arena a = {0};
	plain_say(p, "Mock exam %lld goes on: %s left, %d of %zu answered.",
		  (long long)sitting_info(x)->id, sitting_time_text(&a, sitting_left_ms(x)),
		  n.answered, sitting_exam(x)->count);
	if (sitting_away_ms(x) >= 1000)
		plain_say(p, "It lay for %s in all; that does not count.",
			  span_words(&a, sitting_away_ms(x)));
	arena_clear(&a);
}

static bool begin(struct plain *p, const struct exam_options *o, struct sitting **out,
		  struct diags *d)
{
	struct sitting_plan plan;
	*out = NULL;
	if (!sitting_plan(&plan, p->study, o, d))
		return false;
	bool ok = plan.fits;
	if (!ok) {
		say_too_small(p->call, &plan);
		p->code = EXIT_FAILED;
	} else {
		ok = sitting_start(out, p->study, &plan, d);
		if (ok)
			say_beginning(p, &plan);
	}
	sitting_plan_clear(&plan);
	return ok;
}

static int sit(struct call *c, struct study *s, const struct exam_options *o)
{
	struct diags d = {0};
	struct sitting *x = NULL;
	struct plain p;
	plain_init(&p, c, s);
	bool ok = o->resume ? sitting_resume(&x, s, o->id, &d) : begin(&p, o, &x, &d);
	call_report(c, &d);
	if (!ok) {
		p.code = EXIT_FAILED;
	} else {
		if (o->resume)
			say_resumed(&p, x);
		plain_sit(&p, x);
		if (sitting_exam(x)->end != EXAM_RUNNING && plain_exam_result(&p, x))
			plain_exam_review(&p, x);
	}
	sitting_close(x, &d);
	call_report(c, &d);
	plain_clear(&p);
	return p.code;
}

/* ---- the command --------------------------------------------------------------------- */

/* The word after the command: an exam, a form, or with --resume and --result a number. */
static bool read_options(struct call *c, struct exam_options *o)
{
	long long id = 0;
	const char *word = c->arg_count ? c->args[0] : NULL;
	int ways = call_has(c, FLAG_LIST) + call_has(c, FLAG_RESUME) + call_has(c, FLAG_RESULT);
	*o = (struct exam_options){.has_seed = c->has_seed,
				   .seed = c->seed,
				   .esl = call_has(c, FLAG_ESL),
				   .is_short = call_has(c, FLAG_SHORT),
				   .resume = call_has(c, FLAG_RESUME),
				   .result = call_has(c, FLAG_RESULT),
				   .list = call_has(c, FLAG_LIST)};
	if (c->arg_count > 1)
		return call_usage(c, "one exam at a time"), false;
	if (ways > 1)
		return call_usage(c, "--list, --resume and --result do not go together"), false;
	if (o->seed > INT64_MAX)
		return call_usage(c, "--seed of an exam is at most %lld", (long long)INT64_MAX),
		       false;
	if (call_has(c, FLAG_JSON) && !o->list && !o->result)
		return call_usage(c, "an exam is a dialogue; --json goes with --list and --result"),
		       false;
	if (call_has(c, FLAG_OUTPUT) && !o->result)
		return call_usage(c, "--output goes with --result"), false;
	if (!o->resume && !o->result) {
		o->exam = word;
		return true;
	}
	if (word && !str_to_i64(word, 1, INT64_MAX, &id))
		return call_usage(c, "--%s takes the number of an exam; --list shows them",
				  o->resume ? "resume" : "result"),
		       false;
	o->id = id;
	return true;
}

int run_exam(struct call *c)
{
	struct diags d = {0};
	struct exam_options o;
	struct study s;
	int code;
	if (!read_options(c, &o))
		return EXIT_USAGE;
	if (!call_open(c, &s, &code))
		return code;
	struct start start = {.exam = &o, .no_colour = call_no_colour(c)};
	bool lines = c->plain || call_has(c, FLAG_JSON) || call_has(c, FLAG_OUTPUT);
	if (o.list)
		code = list(c, &s);
	else if (o.result && lines)
		code = show_result(c, &s, &o);
	else if (lines)
		code = sit(c, &s, &o);
	else
		code = c->host->tui(&s, &start, &d);
	call_report(c, &d);
	study_close(&s);
	return code;
}
