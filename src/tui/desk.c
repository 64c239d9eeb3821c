/* desk.c -- see desk.h. Desks are found by their rig and outlive it: answers, bursts and messages
 * come to them though the screen that asked may be gone. */
#include "tui/desk.h"
#include "tui/trace.h"

#include <stdlib.h>
#include <string.h>

/* ---- messages ------------------------------------------------------------------------ */

static void said_clear(struct said *s)
{
	free(s->name);
	free(s->text);
	*s = (struct said){0};
}

void desk_note(struct desk *d, enum said_kind kind, const char *name, int code, struct slice text)
{
	struct said *s = &d->said[d->said_count++ % MAX_SAID];
	size_t n = text.len < MAX_SAID_BYTES ? text.len : MAX_SAID_BYTES;
	said_clear(s);
	*s = (struct said){
		.kind = kind,
		.at_ms = study_now(d->app->study).ms,
		.name = xstrdup(name),
		.text = xstrndup(text.p ? text.p : "", n),
		.bytes = text.len,
		.code = code,
	};
	app_wake(d->app);
}

size_t desk_said_count(const struct desk *d)
{
	return d->said_count < MAX_SAID ? d->said_count : MAX_SAID;
}

const struct said *desk_said(const struct desk *d, size_t i)
{
	size_t first = d->said_count - desk_said_count(d);
	return &d->said[(first + i) % MAX_SAID];
}

void desk_talk(struct desk *d, const char *name)
{
	char *copy = xstrdup(name);
	free(d->talking);
	d->talking = copy;
}

static void on_heard(void *ctx, const struct rig_heard *h)
{
	struct desk *d = ctx;
	switch (h->what) {
	case RIG_ANSWER:
		return;
	case RIG_OPENED:
		desk_talk(d, h->as);
		desk_note(d, SAID_OPENED, h->as, 0, (struct slice){"", 0});
		return;
	case RIG_REFUSED:
		desk_note(d, SAID_REFUSED, h->as, h->status, h->text);
		return;
	case RIG_MESSAGE:
		desk_note(d, SAID_IN, h->as, 0, h->text);
		return;
	case RIG_CLOSED:
		desk_note(d, SAID_CLOSED, h->as, h->status, h->text);
		return;
	}
}

/* The name of the connection with an id, among those opened here; NULL: somebody else's. */
static const char *name_of(const struct desk *d, const char *id)
{
	const char *names[MAX_RIG_CONNECTIONS];
	size_t n = id ? rig_connections(d->rig, names, MAX_RIG_CONNECTIONS) : 0;
	for (size_t i = 0; i < n; i++)
		if (str_eq(rig_connection_id(d->rig, names[i]), id))
			return names[i];
	return NULL;
}

/* Messages that were said by others than the console: by a lab's ready requests. */
static void on_traced(void *ctx, const struct gw_trace *t)
{
	struct desk *d = ctx;
	bool message = d->rig && t->kind == GW_TRACE_MESSAGE;
	const char *name = message ? name_of(d, t->connection_id) : NULL;
	if (!name)
		return;
	if (d->echoes)
		d->echoes--;
	else if (t->sent_body)
		desk_note(d, SAID_OUT, name, 0, (struct slice){t->sent_body, strlen(t->sent_body)});
}

static void on_done(void *ctx, bool ok, const char *why)
{
	struct desk *d = ctx;
	if (!ok)
		desk_note(d, SAID_FAILED, "", 0, (struct slice){why, why ? strlen(why) : 0});
}

bool desk_do(struct desk *d, const struct lab_action *a)
{
	struct diags problems = {0};
	bool ok = rig_do(d->rig, a, on_done, d, &problems);
	if (ok && a->verb == LAB_SAY) {
		d->echoes++;
		desk_note(d, SAID_OUT, a->as, 0, (struct slice){a->body, strlen(a->body)});
	}
	app_report(d->app, &problems);
	return ok;
}

/* ---- requests ------------------------------------------------------------------------ */

static void answer_reset(struct answer *a)
{
	str_clear(&a->headers);
	str_clear(&a->body);
	str_clear(&a->message);
	*a = (struct answer){0};
}

/* The gateway notes a trace before it answers: it is there. */
static uint64_t find_trace(const struct desk *d, const struct gw_headers *h)
{
	static const char *const names[] = {"x-amzn-RequestId", "apigw-requestid"};
	const struct ring *ring = serve_ring(rig_serve(d->rig));
	const char *id = NULL;
	for (size_t i = 0; !id && i < ARRAY_LEN(names); i++)
		id = gw_headers_first(h, names[i]);
	for (uint64_t n = ring_last(ring); id && n > d->answer.after; n--) {
		const struct gw_trace *t = ring_get(ring, n);
		if (t && str_eq(t->request_id, id))
			return n;
	}
	return id || ring_last(ring) == d->answer.after ? 0 : ring_last(ring);
}

static void on_answer(void *arg, const struct gw_call_result *r)
{
	struct desk *d = arg;
	struct answer *a = &d->answer;
	uint64_t after = a->after;
	answer_reset(a);
	*a = (struct answer){.asked = true, .end = r->end, .status = r->status, .us = r->us};
	a->after = after;
	for (size_t i = 0; i < r->headers.count; i++)
		str_addf(&a->headers, "%s: %s\n", r->headers.items[i].name,
			 r->headers.items[i].value);
	a->bytes = r->body.len;
	if (r->body.len)
		str_addn(&a->body, r->body.p,
			 r->body.len < MAX_TRACE_BODY ? r->body.len : MAX_TRACE_BODY);
	if (r->message)
		str_add(&a->message, r->message);
	if (r->end == GW_CALL_DONE && d->rig && rig_serve(d->rig))
		a->trace = find_trace(d, &r->headers);
	app_wake(d->app);
}

void desk_send(struct desk *d, const struct probe_request *q)
{
	answer_reset(&d->answer);
	d->burst_asked = false;
	d->answer.asked = d->answer.waiting = true;
	d->answer.after = ring_last(serve_ring(rig_serve(d->rig)));
	probe_send(rig_probe(d->rig), q, on_answer, d);
}

static void on_burst(void *arg, const struct probe_burst *b, bool over)
{
	struct desk *d = arg;
	d->burst = *b;
	d->bursting = !over;
	app_wake(d->app);
}

bool desk_burst(struct desk *d, const struct probe_request *q, double rate, double seconds)
{
	if (!probe_burst(rig_probe(d->rig), q, rate, seconds, on_burst, d))
		return false;
	answer_reset(&d->answer);
	d->burst = (struct probe_burst){.rate = rate, .seconds = seconds};
	d->bursting = d->burst_asked = true;
	return true;
}

/* ---- desks --------------------------------------------------------------------------- */

struct desk *desk_of(struct app *app, struct rig *rig)
{
	static const struct rig_ops ops = {.traced = on_traced, .heard = on_heard};
	for (struct desk *d = app->desks; d; d = d->next)
		if (d->rig == rig)
			return d;
	struct desk *d = xcalloc(1, sizeof(*d));
	d->app = app;
	d->rig = rig;
	d->next = app->desks;
	app->desks = d;
	rig_listen(rig, &ops, d);
	return d;
}

static void desk_free(struct desk *d)
{
	for (int i = 0; i < REQ_COUNT; i++)
		free(d->draft[i]);
	for (size_t i = 0; i < MAX_SAID; i++)
		said_clear(&d->said[i]);
	answer_reset(&d->answer);
	free(d->talking);
	free(d);
}

/* Answers may still be on their way to it: its memory stays until no loop runs any more. */
void desk_clear(struct app *app, const struct rig *rig)
{
	for (struct desk *d = app->desks; d; d = d->next)
		if (d->rig == rig)
			d->rig = NULL;
}

void desks_free(struct app *app)
{
	while (app->desks) {
		struct desk *next = app->desks->next;
		desk_free(app->desks);
		app->desks = next;
	}
}
