/* evidencemake.c -- a case of an evidence drill: what the seed decides, and the run that makes the
 * evidence. The definition is broken in a copy, served on a loop of its own, asked the requests of
 * the fault with sound ones before and behind them, and what an operator would have of it is
 * written down. Latencies are real; all else follows from the seed. */
#include "base/random.h"
#include "gateway/runtime.h"
#include "study/evidenceinside.h"
#include "study/labplace.h"
#include "study/match.h"
#include "study/rig.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define MOST_OPTIONS 5
#define FEWEST_OPTIONS 4
#define MIN_TRAFFIC 3 /* sound requests around those of the fault */
#define MORE_TRAFFIC 3
#define SAME_SHOWN 2 /* entries of a log that say the same, then only their number */
#define MAX_ENTRIES 60
#define MAX_CASE_MS 30000

/* -- what the seed decides --------------------------------------------------------------------- */

enum { DRAW_FAULT = 1, DRAW_OPTIONS, DRAW_ORDER };

int evidence_fault(const struct lab *drill, uint64_t seed)
{
	struct rng r = {hash_mix(seed, DRAW_FAULT)};
	return (int)rng_below(&r, (uint32_t)drill->fault_count);
}

static bool same_status(const struct lab_match *a, const struct lab_match *b)
{
	return a->status_from && a->status_from == b->status_from && a->status_to == b->status_to;
}

static void add_option(struct evidence_case *c, int step, size_t max)
{
	for (size_t i = 0; i < c->option_count; i++)
		if (c->options[i] == step)
			return;
	if (c->option_count < max)
		c->options[c->option_count++] = step;
}

/* The truth, then what the drill's other faults can be taken for: first those that answer the same
 * status, in an order drawn. Few faults are filled up with stages that often fail. */
static void draw_options(struct evidence_case *c, const struct lab *drill)
{
	static const int often[] = {GW_STEP_AUTHORIZE, GW_STEP_API_KEY, GW_STEP_THROTTLE,
				    GW_STEP_INTEGRATION};
	const struct lab_fault *truth = &drill->faults[c->fault];
	struct rng r = {hash_mix(c->seed, DRAW_OPTIONS)};
	int order[MAX_LAB_FAULTS];
	for (size_t i = 0; i < drill->fault_count; i++)
		order[i] = (int)i;
	rng_shuffle(&r, order, drill->fault_count, sizeof(*order));
	add_option(c, truth->stage, MOST_OPTIONS);
	for (int same = 1; same >= 0; same--)
		for (size_t i = 0; i < drill->fault_count; i++) {
			const struct lab_fault *f = &drill->faults[order[i]];
			if (same_status(&f->expect, &truth->expect) == same)
				add_option(c, f->stage, MOST_OPTIONS);
		}
	for (size_t i = 0; i < ARRAY_LEN(often); i++)
		add_option(c, often[i], FEWEST_OPTIONS);
	rng_shuffle(&r, c->options, c->option_count, sizeof(*c->options));
	for (size_t i = 0; i < c->option_count; i++)
		if (c->options[i] == truth->stage)
			c->right = (int)i;
}

void evidence_decide(struct evidence_case *out, const struct shelf_lab *drill, uint64_t seed)
{
	*out = (struct evidence_case){.seed = seed, .drill = drill, .chosen = -1};
	out->fault = evidence_fault(&drill->lab, seed);
	draw_options(out, &drill->lab);
}

/* -- a run ------------------------------------------------------------------------------------- */

struct entry { /* of the log */
	const char *api;
	const char *about; /* what is the same in entries that say the same */
	const char *text;
};

struct scene {
	uv_loop_t loop;
	uv_timer_t limit;
	struct rig *rig;
	const struct lab_fault *fault;
	struct matcher *expect;
	struct arena *arena;
	int order[MAX_LAB_ACTIONS * 2]; /* requests by index */
	size_t count, at;
	struct entry entries[MAX_ENTRIES];
	size_t entry_count;
	long left_out; /* entries beyond */
	struct evidence_case *out;
	const char *api, *api_name; /* of the trace in fault: what others log is not shown */
	const char *why;            /* it could not be run; NULL */
};

/* Sound requests, then those of the fault in a row, for their order matters, then sound ones. */
static void draw_order(struct scene *s, const struct lab *drill, uint64_t seed)
{
	struct rng r = {hash_mix(seed, DRAW_ORDER)};
	const struct lab_fault *f = s->fault;
	size_t sound = MIN_TRAFFIC + rng_below(&r, MORE_TRAFFIC);
	size_t before = 1 + rng_below(&r, (uint32_t)sound - 1);
	for (size_t i = 0; i < sound; i++) {
		if (i == before)
			for (size_t k = 0; k < f->request_count; k++)
				s->order[s->count++] = f->requests[k];
		if (drill->traffic_count)
			s->order[s->count++] =
				drill->traffic[rng_below(&r, (uint32_t)drill->traffic_count)];
	}
}

static const char *keep(struct scene *s, struct str *text)
{
	const char *copy = arena_strndup(s->arena, str_c(text), text->len);
	str_clear(text);
	return copy;
}

static void log_entry(struct scene *s, struct gw_exchange *x)
{
	const struct gw_trace *t = &x->trace;
	struct str text = {0};
	if (s->entry_count == MAX_ENTRIES) {
		s->left_out++;
		return;
	}
	evidence_log(&text, x);
	s->entries[s->entry_count++] = (struct entry){
		.api = arena_strdup(s->arena, t->api ? t->api : ""),
		.about = arena_printf(s->arena, "%d %s %s %d %s", (int)t->kind,
				      t->method ? t->method : "", t->path ? t->path : "", t->status,
				      t->error ? t->error : ""),
		.text = keep(s, &text),
	};
}

static void on_answered(void *ctx, struct gw_exchange *x)
{
	struct scene *s = ctx;
	struct str text = {0};
	log_entry(s, x);
	if (s->out->answer || !matcher_meets(s->expect, &x->trace))
		return;
	s->api = arena_strdup(s->arena, x->api ? x->api->id : "");
	s->api_name = arena_strdup(s->arena, x->api && x->api->name ? x->api->name : s->api);
	evidence_segments(&text, x);
	s->out->trace = keep(s, &text);
	evidence_rows(&text, &x->trace);
	s->out->answer = keep(s, &text);
}

static void end_scene(struct scene *s, const char *why)
{
	struct str text = {0};
	const struct gw_runtime *now = rig_serve(s->rig) ? serve_runtime(rig_serve(s->rig)) : NULL;
	if (why && !s->why)
		s->why = arena_strdup(s->arena, why);
	if (now && now->metrics && s->api)
		evidence_metrics(&text, now->metrics, s->api, s->api_name);
	s->out->metrics = keep(s, &text);
	rig_close(s->rig);
}

/* What cannot be done is left out: nobody speaks on a connection that was refused. */
static void next_request(void *ctx, bool ok, const char *why)
{
	struct scene *s = ctx;
	struct diags d = {0};
	bool begun = s->why != NULL;
	(void)ok;
	(void)why;
	while (!begun && s->at < s->count)
		begun = rig_do_named(s->rig, s->order[s->at++], next_request, s, &d);
	diags_clear(&d);
	if (!begun)
		end_scene(s, NULL);
}

static void on_limit(uv_timer_t *timer)
{
	end_scene(timer->data, "it took too long");
}

static void on_closed(void *ctx)
{
	struct scene *s = ctx;
	uv_close((uv_handle_t *)&s->limit, NULL);
}

/* Serve it and ask; returns when all has ended. */
static bool play(struct scene *s, const struct serve_options *o, const struct lab *drill,
		 struct diags *d)
{
	static const struct rig_ops ops = {.answered = on_answered, .closed = on_closed};
	if (uv_loop_init(&s->loop))
		abort();
	uv_timer_init(&s->loop, &s->limit);
	s->limit.data = s;
	s->rig = rig_open(&s->loop, o, drill, &ops, s, d);
	if (s->rig) {
		uv_timer_start(&s->limit, on_limit, MAX_CASE_MS, 0);
		next_request(s, true, NULL);
	} else {
		on_closed(s);
	}
	uv_run(&s->loop, UV_RUN_DEFAULT);
	uv_loop_close(&s->loop);
	return s->rig != NULL;
}

/* -- the case ---------------------------------------------------------------------------------- */

static void add_more(struct str *out, size_t same)
{
	if (same > SAME_SHOWN)
		str_addf(out, "  %zu more like it\n", same - SAME_SHOWN);
}

/* Entries that say the same as the one before are counted after the first two. */
static const char *join_log(struct scene *s)
{
	struct str out = {0};
	const char *about = NULL;
	size_t same = 0;
	for (size_t i = 0; i < s->entry_count; i++) {
		const struct entry *e = &s->entries[i];
		if (!str_eq(e->api, s->api))
			continue;
		if (!about || !str_eq(about, e->about)) {
			add_more(&out, same);
			same = 0;
		}
		about = e->about;
		if (same++ < SAME_SHOWN)
			str_add(&out, e->text);
	}
	add_more(&out, same);
	if (s->left_out)
		str_addf(&out, "  %ld more entries\n", s->left_out);
	return keep(s, &out);
}

/* Break the copy and run it. */
static bool make_evidence(struct scene *s, struct lab_place *place, struct study *study,
			  const struct shelf_lab *drill, bool allow, struct diags *d)
{
	struct serve_options o;
	for (size_t i = 0; i < s->fault->edit_count; i++)
		if (!lab_edit(&s->fault->edits[i], place->folder, d))
			return false;
	if (!place_serve(&o, place, study, drill, allow, d))
		return false;
	o.watch = false;
	o.seed = s->out->seed;
	if (!play(s, &o, &drill->lab, d))
		return false;
	if (s->why || !s->out->answer)
		return diag_error(d, s->fault->pos, "evidence-fault", "%s/%s %s", drill->lab.id,
				  s->fault->id,
				  s->why ? s->why : "does not show: no trace is as expected");
	s->out->log = join_log(s);
	return true;
}

bool evidence_make(struct evidence_case *out, struct arena *a, struct study *s,
		   const struct shelf_lab *drill, uint64_t seed, bool allow_commands,
		   struct diags *d)
{
	struct evidence_case made;
	struct lab_place place;
	evidence_decide(&made, drill, seed);
	struct scene *scene = xcalloc(1, sizeof(*scene));
	scene->arena = a;
	scene->out = &made;
	scene->fault = &drill->lab.faults[made.fault];
	scene->expect = matcher_new(&scene->fault->expect);
	draw_order(scene, &drill->lab, seed);
	struct diags said = {0};
	bool ok = place_scratch(&place, s->paths, &drill->lab, &said);
	if (ok) {
		ok = make_evidence(scene, &place, s, drill, allow_commands, &said);
		place_clear(&place);
	}
	matcher_free(scene->expect);
	free(scene);
	if (ok)
		*out = made;
	else
		diags_append(d, &said);
	diags_clear(&said); /* a warning about the broken copy would tell the answer */
	return ok;
}
