/* plainproof.c -- proofs on the line: the request that settles a card runs, and the trace that
 * decides is read out. */
#include "base/json.h"
#include "cli/plainlab.h"
#include "cli/plaintrace.h"
#include "study/match.h"

#include <unistd.h>

bool plain_trust(struct plain *p, struct diags *d)
{
	struct call *c = p->call;
	const char *text = NULL;
	for (size_t i = 0; i < d->count; i++)
		if (str_eq(d->items[i].code, "lab-commands"))
			text = d->items[i].text;
	if (!text || !isatty(fileno(c->in)))
		return false;
	plain_say(p, "%s", text);
	while (plain_line(p, "Run these? y or n: ")) {
		const char *line = str_c(&p->line);
		if (str_eq(line, "y") || str_eq(line, "Y") || str_eq(line, "yes")) {
			diags_clear(d);
			return true;
		}
		if (str_eq(line, "n") || str_eq(line, "N") || str_eq(line, "no"))
			break;
	}
	return false;
}

static bool no_proof(const struct lab_shelf *sh, const char *name, struct arena *a, struct diags *d)
{
	const char *near = proof_suggest(sh, name, a);
	return diag_fail(d, "lab-proof", "there is no lab or proof with a request \"%s\"%s%s%s",
			 name, near ? ", did you mean \"" : "", near ? near : "",
			 near ? "\"?" : "");
}

static void say_trace(struct plain *p, const struct gw_trace *t)
{
	struct str s = {0};
	trace_subject(&s, t);
	str_add(&s, ": ");
	trace_sentence(&s, t);
	plain_say(p, "%s.", str_c(&s));
	plain_trace_rows(p, t, false);
	str_clear(&s);
}

/* Run it, asking once whether commands may run. */
static bool run(struct plain *p, struct proof_found found, bool allow, struct arena *a,
		struct proof_result *out, const struct gw_trace **trace, struct diags *d)
{
	struct study *s = p->study;
	if (proof_run(s, found, allow, a, out, trace, d))
		return true;
	return !allow && plain_trust(p, d) && proof_run(s, found, true, a, out, trace, d);
}

static bool prove(struct plain *p, struct lab_shelf *sh, const char *name, bool allow,
		  struct diags *d)
{
	struct arena a = {0};
	struct proof_result r = {0};
	const struct gw_trace *trace = NULL;
	struct proof_found found = proof_find(sh, name);
	if (!found.lab) {
		bool none = no_proof(sh, name, &a, d);
		arena_clear(&a);
		return none;
	}
	bool ok = run(p, found, allow, &a, &r, &trace, d);
	if (ok) {
		plain_gap(p);
		plain_say(p, "%s", r.shows ? r.shows : found.lab->lab.title);
		if (trace)
			say_trace(p, trace);
		if (r.why)
			plain_say(p, "It could not be run to its end: %s.", r.why);
		else
			plain_say(p, r.met ? "It came out as expected."
					   : "It did not come out as expected.");
		ok = r.met;
	}
	arena_clear(&a);
	return ok;
}

bool plain_prove(struct plain *p, const char *name, bool allow_commands)
{
	struct lab_shelf sh;
	struct diags d = {0};
	bool ok = lab_shelf_open(&sh, p->study, &d);
	if (ok) {
		diags_clear(&d); /* of other files than this one's */
		ok = prove(p, &sh, name, allow_commands, &d);
		lab_shelf_clear(&sh);
	}
	call_report(p->call, &d);
	return ok;
}

void plain_prove_card(struct plain *p, bool answered, const char *name)
{
	if (!answered)
		plain_say(p, "The proof comes after your answer.");
	else if (!name)
		plain_say(p, "The card names no proof.");
	else
		plain_prove(p, name, false);
}

int proof_print_json(struct call *c, struct study *s, const char *name)
{
	struct lab_shelf sh;
	struct diags d = {0};
	struct arena a = {0};
	struct str out = {0}, row = {0};
	struct json_out j = {.out = &out};
	struct proof_result r = {0};
	const struct gw_trace *trace = NULL;
	bool ok = lab_shelf_open(&sh, s, &d);
	if (ok) {
		struct proof_found found = proof_find(&sh, name);
		ok = found.lab ? proof_run(s, found, call_has(c, FLAG_ALLOW_COMMANDS), &a, &r,
					   &trace, &d)
			       : no_proof(&sh, name, &a, &d);
		if (trace)
			trace_json(&row, trace);
		if (ok) {
			json_object(&j, NULL);
			json_text(&j, "proof", name);
			json_text(&j, "shows", r.shows);
			json_bool(&j, "met", r.met);
			json_text(&j, "why", r.why);
			json_number(&j, "trace", trace ? str_c(&row) : "null");
			json_end(&j);
			fprintf(c->out, "%s\n", str_c(&out));
		}
		lab_shelf_clear(&sh);
	}
	call_report(c, &d);
	str_clear(&row);
	str_clear(&out);
	arena_clear(&a);
	return ok && r.met ? EXIT_DONE : EXIT_FAILED;
}
