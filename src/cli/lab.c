/* lab.c -- `gatedrill lab`: the list of labs, one of them, its trials, proofs and evidence drills.
 */
#include "study/lab.h"

#include "base/json.h"
#include "base/utf8.h"
#include "cli/plainlab.h"
#include "cli/rows.h"

#include <string.h>

#define MAX_EVIDENCE_CASES 1000

/* -- the list ---------------------------------------------------------------------------------- */

static void list_text(struct call *c, const struct lab_shelf *sh)
{
	static const char *const headings[] = {"lab", "title", "progress"};
	struct rows r;
	rows_init(&r, headings, ARRAY_LEN(headings));
	for (size_t i = 0; i < sh->count; i++) {
		struct str s = {0};
		lab_progress(&s, sh->labs[i]);
		rows_text(&r, sh->labs[i]->lab.id);
		rows_text(&r, sh->labs[i]->lab.title);
		rows_text(&r, str_c(&s));
		str_clear(&s);
	}
	rows_print(&r, c->out);
	rows_clear(&r);
	if (!sh->drill_count)
		return;
	fputs("\nEvidence drills, for `gatedrill lab --drill N DRILL`:\n", c->out);
	for (size_t i = 0; i < sh->drill_count; i++) {
		struct arena a = {0};
		const struct lab *d = &sh->drills[i]->lab;
		fprintf(c->out, "%s  %s\n", d->id, utf8_clean(&a, d->title));
		arena_clear(&a);
	}
}

static void lab_json(struct json_out *j, const struct shelf_lab *l)
{
	json_object(j, NULL);
	json_text(j, "lab", l->lab.id);
	json_text(j, "title", l->lab.title);
	json_text(j, "about", l->lab.about);
	json_int(j, "minutes", l->lab.minutes);
	json_bool(j, "bundled", l->bundled);
	json_bool(j, "passed", l->passed);
	json_bool(j, "given_up", l->given_up);
	json_bool(j, "begun", l->begun);
	json_int(j, "tries", l->tries);
	json_int(j, "met", l->goals_met);
	json_int(j, "hints", l->hints);
	json_list(j, "goals");
	for (size_t i = 0; i < l->lab.goal_count; i++) {
		json_object(j, NULL);
		json_text(j, "id", l->lab.goals[i].id);
		json_text(j, "text", l->lab.goals[i].text);
		json_end(j);
	}
	json_end(j);
	json_list(j, "requests");
	for (size_t i = 0; i < l->lab.request_count; i++) {
		json_object(j, NULL);
		json_text(j, "id", l->lab.requests[i].id);
		json_text(j, "title", l->lab.requests[i].title);
		json_end(j);
	}
	json_end(j);
	json_end(j);
}

static int list_json(struct call *c, const struct lab_shelf *sh, const struct shelf_lab *only)
{
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	if (only) {
		lab_json(&j, only);
	} else {
		json_list(&j, NULL);
		for (size_t i = 0; i < sh->count; i++)
			lab_json(&j, sh->labs[i]);
		json_end(&j);
	}
	fprintf(c->out, "%s\n", str_c(&out));
	str_clear(&out);
	return EXIT_DONE;
}

/* -- trials ------------------------------------------------------------------------------------ */

static void trial_json(struct call *c, const struct lab *lab, const struct lab_trial *t)
{
	struct str out = {0};
	struct json_out j = {.out = &out};
	json_object(&j, NULL);
	json_text(&j, "lab", lab->id);
	json_bool(&j, "passed", t->passed);
	json_int(&j, "met", t->met);
	json_int(&j, "total", t->total);
	json_list(&j, "goals");
	for (size_t i = 0; i < lab->goal_count; i++) {
		json_object(&j, NULL);
		json_text(&j, "id", lab->goals[i].id);
		json_bool(&j, "met", t->goals[i]);
		json_end(&j);
	}
	json_end(&j);
	json_int(&j, "ms", t->ms);
	json_end(&j);
	fprintf(c->out, "%s\n", str_c(&out));
	str_clear(&out);
}

static void trial_text(struct call *c, const struct lab *lab, const struct lab_trial *t,
		       bool solved)
{
	if (solved)
		fprintf(c->out, "%s: the solution %s: %d of %d goals met.\n", lab->id,
			t->passed ? "passes" : "does not pass", t->met, t->total);
	else
		fprintf(c->out, "%s: %d of %d goals met without the solution's edits%s.\n", lab->id,
			t->met, t->total, t->passed ? ": it is solved from the start" : "");
	for (size_t i = 0; i < lab->goal_count; i++) {
		struct arena a = {0};
		fprintf(c->out, "%s  %s: %s\n", t->goals[i] ? "met " : "open", lab->goals[i].id,
			utf8_clean(&a, lab->goals[i].text));
		arena_clear(&a);
	}
}

/* The model solution must pass; the start alone must not. */
static int try_lab(struct call *c, struct study *s, struct shelf_lab *lab, struct diags *d)
{
	struct lab_trial t = {0};
	bool solved = call_has(c, FLAG_SOLUTION);
	if (!lab_try(&t, s, lab, solved, call_has(c, FLAG_ALLOW_COMMANDS), d))
		return EXIT_FAILED;
	if (call_has(c, FLAG_JSON))
		trial_json(c, &lab->lab, &t);
	else
		trial_text(c, &lab->lab, &t, solved);
	return t.passed == solved ? EXIT_DONE : EXIT_FAILED;
}

/* -- evidence drills --------------------------------------------------------------------------- */

static int drill(struct call *c, struct study *s, struct lab_shelf *sh, struct diags *d)
{
	struct evidence_options o = {.drill = c->arg_count ? c->args[0] : NULL,
				     .has_seed = c->has_seed,
				     .seed = c->seed,
				     .allow_commands = call_has(c, FLAG_ALLOW_COMMANDS)};
	long long n;
	if (!str_to_i64(c->value[FLAG_DRILL], 1, MAX_EVIDENCE_CASES, &n))
		return call_usage(c, "--drill takes a number of cases from 1 to %d",
				  MAX_EVIDENCE_CASES);
	o.cases = (int)n;
	if (call_has(c, FLAG_JSON))
		return evidence_print_json(c, s, sh, &o);
	if (c->plain)
		return plain_evidence(c, s, sh, &o);
	struct start start = {.evidence = &o, .no_colour = call_no_colour(c)};
	return c->host->tui(s, &start, d);
}

/* -- the command ------------------------------------------------------------------------------- */

static int no_lab(struct call *c, const struct lab_shelf *sh, const char *id)
{
	const char *near = lab_shelf_suggest(sh, id);
	if (near)
		return call_usage(c, "there is no lab \"%s\"; did you mean \"%s\"?", id, near);
	return call_usage(c, "there is no lab \"%s\"; `gatedrill lab` lists them", id);
}

static bool read_options(struct call *c, struct lab_options *o)
{
	long long port = 0;
	*o = (struct lab_options){.start_over = call_has(c, FLAG_START_OVER),
				  .allow_commands = call_has(c, FLAG_ALLOW_COMMANDS)};
	if (call_has(c, FLAG_PORT) && !str_to_i64(c->value[FLAG_PORT], 0, 65535, &port))
		call_usage(c, "--port takes a number up to 65535, or 0 for any that is free");
	else if (c->arg_count > 1)
		call_usage(c, "one lab at a time");
	else if (!c->arg_count && (call_has(c, FLAG_SOLUTION) || call_has(c, FLAG_CHECK) ||
				   call_has(c, FLAG_START_OVER)))
		call_usage(c, "which lab? `gatedrill lab` lists them");
	else if (call_has(c, FLAG_SOLUTION) && call_has(c, FLAG_CHECK))
		call_usage(c, "--solution and --check are two different things: take one");
	else {
		o->port = (int)port;
		return true;
	}
	return false;
}

/* "cache/second": a request of a lab or of a file of proofs. */
static int prove(struct call *c, struct study *s, const char *name, struct diags *d)
{
	struct plain p;
	if (call_has(c, FLAG_JSON))
		return proof_print_json(c, s, name);
	if (!c->plain) {
		struct start start = {.proof = name, .no_colour = call_no_colour(c)};
		return c->host->tui(s, &start, d);
	}
	plain_init(&p, c, s);
	bool ok = plain_prove(&p, name, call_has(c, FLAG_ALLOW_COMMANDS));
	plain_clear(&p);
	return ok ? EXIT_DONE : EXIT_FAILED;
}

static int use_lab(struct call *c, struct study *s, struct lab_shelf *sh,
		   const struct lab_options *o, struct diags *d)
{
	const char *id = c->arg_count ? c->args[0] : NULL;
	struct shelf_lab *lab = id ? lab_shelf_find(sh, id) : NULL;
	if (call_has(c, FLAG_DRILL))
		return drill(c, s, sh, d);
	if (id && !lab && strchr(id, '/'))
		return prove(c, s, id, d);
	if (id && !lab)
		return no_lab(c, sh, id);
	if (lab && (call_has(c, FLAG_SOLUTION) || call_has(c, FLAG_CHECK)))
		return try_lab(c, s, lab, d);
	if (call_has(c, FLAG_JSON))
		return list_json(c, sh, lab);
	if (c->plain && lab && !call_has(c, FLAG_LIST))
		return plain_lab(c, s, lab, o);
	if (c->plain || call_has(c, FLAG_LIST)) {
		list_text(c, sh);
		return EXIT_DONE;
	}
	struct start start = {.lab = o, .lab_id = id, .no_colour = call_no_colour(c)};
	return c->host->tui(s, &start, d);
}

int run_lab(struct call *c)
{
	struct lab_options o;
	struct study s;
	struct lab_shelf sh;
	struct diags d = {0};
	int code = EXIT_USAGE;
	if (!read_options(c, &o) || !call_open(c, &s, &code))
		return code;
	code = EXIT_FAILED;
	if (lab_shelf_open(&sh, &s, &d)) {
		call_report(c, &d);
		code = use_lab(c, &s, &sh, &o, &d);
		lab_shelf_clear(&sh);
	}
	call_report(c, &d);
	study_close(&s);
	return code;
}
