/* match.c -- see match.h. Patterns were checked when the file was read; here they are compiled once
 * and matched against each trace, most of which are ruled out before by kind, status or route. A
 * pattern that hits a limit is not met. */
#include "study/match.h"
#include "base/regex.h"
#include "gateway/message.h"

#include <stdlib.h>
#include <strings.h>

struct matcher {
	const struct lab_match *m;
	struct regex *path, *sent_body, *answered_body;
	struct regex **sent, **answered, **details; /* by place; NULL: it is enough to be there */
};

static const char *const kind_words[] = {
	[GW_TRACE_REQUEST] = "request", [GW_TRACE_CONNECT] = "connect",
	[GW_TRACE_MESSAGE] = "message", [GW_TRACE_DISCONNECT] = "disconnect",
	[GW_TRACE_PUSH] = "push",
};
static const char *const outcome_words[] = {
	[GW_NOT_REACHED] = "not-reached", [GW_NONE] = "none", [GW_PASSED] = "passed",
	[GW_REFUSED] = "refused",         [GW_HIT] = "hit",   [GW_FAILED] = "failed",
};

/* ---- patterns ------------------------------------------------------------------------ */

static struct regex *compile(const char *pattern, struct pos at)
{
	return pattern && *pattern ? regex_new(pattern, 0, at, NULL) : NULL;
}

static struct regex **compile_all(const struct lab_pair *pairs, size_t n)
{
	struct regex **all = xcalloc(n + 1, sizeof(struct regex *));
	for (size_t i = 0; i < n; i++)
		all[i] = compile(pairs[i].value, pairs[i].pos);
	return all;
}

static void free_all(struct regex **all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		regex_free(all[i]);
	free(all);
}

struct matcher *matcher_new(const struct lab_match *m)
{
	struct matcher *x = xcalloc(1, sizeof(*x));
	x->m = m;
	x->path = compile(m->path, m->pos);
	x->sent_body = compile(m->sent_body, m->pos);
	x->answered_body = compile(m->answered_body, m->pos);
	x->sent = compile_all(m->sent, m->sent_count);
	x->answered = compile_all(m->answered, m->answered_count);
	x->details = compile_all(m->details, m->detail_count);
	return x;
}

void matcher_free(struct matcher *x)
{
	if (!x)
		return;
	regex_free(x->path);
	regex_free(x->sent_body);
	regex_free(x->answered_body);
	free_all(x->sent, x->m->sent_count);
	free_all(x->answered, x->m->answered_count);
	free_all(x->details, x->m->detail_count);
	free(x);
}

/* ---- a trace ------------------------------------------------------------------------- */

/* No pattern is met by all, a pattern that asks for nothing by any text. */
static bool found(struct regex *re, const char *pattern, const char *text)
{
	if (!pattern)
		return true;
	if (!text)
		return false;
	return !*pattern || (re && regex_match(re, text, strlen(text)) == REGEX_YES);
}

static bool is(const char *want, const char *have)
{
	return !want || str_eq(want, have);
}

static bool status_meets(const struct lab_match *m, const struct gw_trace *t)
{
	bool any = !m->status_from && !m->status_to;
	return any || (t->status >= m->status_from && t->status <= m->status_to);
}

static bool times_meet(const struct lab_match *m, const struct gw_trace *t)
{
	return (!m->over_ms || t->total_us > m->over_ms * 1000) &&
	       (!m->under_ms || t->total_us < m->under_ms * 1000);
}

static bool rows_meet(const struct lab_match *m, const struct gw_trace *t)
{
	for (unsigned i = 0; i < GW_STEP_COUNT; i++) {
		bool reached = t->rows[i].outcome != GW_NOT_REACHED;
		if ((m->reached >> i & 1 && !reached) || (m->not_reached >> i & 1 && reached))
			return false;
	}
	if (m->refused_by >= 0 && t->rows[m->refused_by].outcome != GW_REFUSED)
		return false;
	for (size_t i = 0; i < m->outcome_count; i++) {
		int step = lab_step(m->outcomes[i].name);
		if (step < 0 || !str_eq(m->outcomes[i].value, outcome_words[t->rows[step].outcome]))
			return false;
	}
	return true;
}

/* Any header of that name will do. */
static bool header_meets(const struct lab_pair *want, struct regex *re, const struct gw_detail *all)
{
	for (const struct gw_detail *h = all; h; h = h->next)
		if (gw_name_eq(h->name, want->name) &&
		    found(re, want->value ? want->value : "", h->value))
			return true;
	return false;
}

static bool headers_meet(const struct matcher *x, const struct gw_trace *t)
{
	static const struct lab_pair none;
	const struct lab_match *m = x->m;
	for (size_t i = 0; i < m->sent_count; i++)
		if (!header_meets(&m->sent[i], x->sent[i], t->sent))
			return false;
	for (size_t i = 0; i < m->answered_count; i++)
		if (!header_meets(&m->answered[i], x->answered[i], t->answered))
			return false;
	for (size_t i = 0; i < m->lacks_count; i++) {
		struct lab_pair name = none;
		name.name = m->lacks[i].name;
		if (header_meets(&name, NULL, t->answered))
			return false;
	}
	return true;
}

/* "cache/key": a detail of that step under that name. */
static bool detail_meets(const struct lab_pair *want, struct regex *re, const struct gw_trace *t)
{
	const char *slash = strchr(want->name, '/');
	char *word = slash ? xstrndup(want->name, (size_t)(slash - want->name)) : NULL;
	int step = word ? lab_step(word) : -1;
	free(word);
	if (step < 0)
		return false;
	for (const struct gw_detail *d = t->rows[step].details; d; d = d->next)
		if (str_eq(d->name, slash + 1) && found(re, want->value, d->value))
			return true;
	return false;
}

bool matcher_meets(const struct matcher *x, const struct gw_trace *t)
{
	const struct lab_match *m = x->m;
	if (!is(m->kind, kind_words[t->kind]) || !is(m->api, t->api) || !is(m->stage, t->stage) ||
	    !is(m->method, t->method) || !is(m->route, t->resource) || !is(m->error, t->error) ||
	    !status_meets(m, t) || !times_meet(m, t) || !rows_meet(m, t))
		return false;
	if (!found(x->path, m->path, t->target ? t->target : t->path) || !headers_meet(x, t) ||
	    !found(x->sent_body, m->sent_body, t->sent_body) ||
	    !found(x->answered_body, m->answered_body, t->answered_body))
		return false;
	for (size_t i = 0; i < m->detail_count; i++)
		if (!detail_meets(&m->details[i], x->details[i], t))
			return false;
	return true;
}

/* ---- in words ------------------------------------------------------------------------ */

enum gw_step trace_decides(const struct gw_trace *t)
{
	int last = 0;
	for (int i = 0; i < GW_STEP_COUNT; i++) {
		enum gw_outcome o = t->rows[i].outcome;
		bool cached = o == GW_HIT && (i == GW_STEP_CACHE || i == GW_STEP_CORS);
		if (o == GW_REFUSED || o == GW_FAILED || cached)
			return (enum gw_step)i;
		if (o != GW_NOT_REACHED)
			last = i;
	}
	return (enum gw_step)last;
}

/* Where it turned, and why. */
static void add_turn(struct str *out, const struct gw_trace *t, enum gw_step step)
{
	const struct gw_row *row = &t->rows[step];
	const char *why = row->summary ? row->summary : gw_outcome_names[row->outcome];
	if (row->outcome == GW_REFUSED || row->outcome == GW_FAILED)
		str_addf(out, " at %s: %s", gw_step_names[step], why);
	else if (row->outcome == GW_HIT)
		str_addf(out, " from %s: %s", gw_step_names[step], why);
	else if (row->outcome == GW_NOT_REACHED)
		str_add(out, " before the first stage");
	else
		str_add(out, ", every stage passed");
}

void trace_sentence(struct str *out, const struct gw_trace *t)
{
	struct str turn = {0};
	const char *sep = "";
	add_turn(&turn, t, trace_decides(t));
	if (t->kind == GW_TRACE_DISCONNECT)
		str_add(out, "closed with ");
	if (t->status) {
		str_addf(out, "%d", t->status);
		sep = " ";
	}
	if (t->error)
		str_addf(out, "%s%s", sep, t->error);
	bool bare = !t->status && !t->error; /* a message */
	if (t->kind != GW_TRACE_DISCONNECT)
		str_add(out, str_c(&turn) + (bare ? strspn(str_c(&turn), ", ") : 0));
	str_clear(&turn);
}
