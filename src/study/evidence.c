/* evidence.c -- sessions of evidence drills; see evidence.h. Seeds follow from the first one; one
 * that would draw the fault of the case before is passed over. */
#include "study/evidence.h"
#include "base/json.h"
#include "base/random.h"
#include "base/suggest.h"
#include "store/lablog.h"
#include "study/evidenceinside.h"
#include "study/mistake.h"

#include <stdlib.h>
#include <string.h>

#define MAX_EVIDENCE_DUE 60 /* cards that one mistake makes due */
#define SAME_FAULT_TRIES 20
#define UNTRUSTED_TRIES 50

struct evidence {
	struct study *study;
	struct lab_shelf *shelf;
	struct evidence_options options;
	int64_t preset_id;
	struct arena arena; /* of the case */
	struct evidence_case now;
	bool over;
	uint64_t first, drawn; /* seeds drawn so far */
	int number, done, right;
	int64_t shown_ms;
};

/* -- which case -------------------------------------------------------------------------------- */

static struct shelf_lab *named(const struct lab_shelf *sh, const char *id)
{
	for (size_t i = 0; i < sh->drill_count; i++)
		if (str_eq(sh->drills[i]->lab.id, id))
			return sh->drills[i];
	return NULL;
}

static const struct shelf_lab *drill_of(const struct evidence *e, uint64_t seed)
{
	struct rng r = {hash_mix(seed, 0)};
	if (e->options.drill)
		return named(e->shelf, e->options.drill);
	return e->shelf->drills[rng_below(&r, (uint32_t)e->shelf->drill_count)];
}

static uint64_t next_seed(struct evidence *e)
{
	uint64_t n = e->drawn++;
	return n ? hash_mix(e->first, n) : e->first;
}

static uint64_t draw_seed(struct evidence *e)
{
	uint64_t seed = next_seed(e);
	for (int i = 0; i < SAME_FAULT_TRIES && e->number; i++) {
		const struct shelf_lab *drill = drill_of(e, seed);
		if (drill != e->now.drill || evidence_fault(&drill->lab, seed) != e->now.fault)
			break;
		seed = next_seed(e);
	}
	return seed;
}

/* Was it only that commands would run which nobody has allowed? */
static bool is_trust(const struct diags *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (str_eq(d->items[i].code, "lab-commands"))
			return true;
	return false;
}

/* A drill that was not asked for by name and may not run its commands is passed over. */
static bool make_case(struct evidence *e, struct evidence_case *made, struct arena *a,
		      struct diags *d)
{
	for (int tries = 0;; tries++) {
		struct diags said = {0};
		uint64_t seed = draw_seed(e);
		bool ok = evidence_make(made, a, e->study, drill_of(e, seed), seed,
					e->options.allow_commands, &said);
		bool again = !ok && !e->options.drill && is_trust(&said) && tries < UNTRUSTED_TRIES;
		if (!again)
			diags_append(d, &said);
		diags_clear(&said);
		if (!again)
			return ok;
		arena_clear(a);
	}
}

static bool make_next(struct evidence *e, struct diags *d)
{
	struct arena a = {0};
	struct evidence_case made;
	if (!make_case(e, &made, &a, d)) {
		arena_clear(&a);
		return false;
	}
	arena_clear(&e->arena);
	e->arena = a;
	e->now = made;
	e->number++;
	e->shown_ms = clock_us() / 1000;
	return true;
}

/* -- opening ----------------------------------------------------------------------------------- */

static bool find_drill(const struct evidence *e, struct diags *d)
{
	if (!e->shelf->drill_count)
		return diag_fail(d, "evidence-none", "there is no evidence drill");
	const char *id = e->options.drill, *near = NULL, *names[MAX_LAB_SHELF];
	if (!id || named(e->shelf, id))
		return true;
	for (size_t i = 0; i < e->shelf->drill_count; i++)
		names[i] = e->shelf->drills[i]->lab.id;
	if (strlen(id) <= MAX_SLUG)
		near = suggest(id, names, e->shelf->drill_count);
	if (near)
		return diag_fail(d, "evidence-none",
				 "there is no evidence drill \"%s\", did you mean \"%s\"?", id,
				 near);
	return diag_fail(d, "evidence-none",
			 "there is no evidence drill \"%s\"; `gatedrill lab --list` lists them",
			 id);
}

bool evidence_open(struct evidence **out, struct study *s, struct lab_shelf *sh,
		   const struct evidence_options *o, struct diags *d)
{
	struct evidence *e = xcalloc(1, sizeof(*e));
	struct rng r = {s->seed};
	e->study = s;
	e->shelf = sh;
	e->options = *o;
	e->first = o->has_seed ? o->seed : rng_next(&r);
	*out = NULL;
	bool ok = find_drill(e, d) &&
		  (s->read_only || store_preset(s->store, &s->config.preset, &e->preset_id, d)) &&
		  make_next(e, d);
	if (ok)
		*out = e;
	else
		evidence_close(e, NULL);
	return ok;
}

void evidence_close(struct evidence *e, struct diags *d)
{
	if (!e)
		return;
	if (e->done)
		study_auto_backup(e->study, d);
	arena_clear(&e->arena);
	free(e);
}

const struct evidence_case *evidence_case(const struct evidence *e)
{
	return e->over ? NULL : &e->now;
}

int evidence_number(const struct evidence *e)
{
	return e->number;
}

int evidence_total(const struct evidence *e)
{
	return e->options.cases;
}

int evidence_done(const struct evidence *e, int *right)
{
	*right = e->right;
	return e->done;
}

/* -- answers ----------------------------------------------------------------------------------- */

static const char *tasks_of(struct arena *a, const struct lab_fault *f, const struct lab *drill)
{
	const struct exam_task *tasks = f->task_count ? f->tasks : drill->tasks;
	size_t n = f->task_count ? f->task_count : drill->task_count;
	const char *text = "";
	for (size_t i = 0; i < n; i++)
		text = arena_printf(a, "%s%s%s=%s", text, i ? " " : "", tasks[i].blueprint,
				    tasks[i].task);
	return text;
}

static bool store_answer(struct evidence *e, int option, struct diags *d)
{
	const struct evidence_case *c = &e->now;
	const struct lab_fault *f = &c->drill->lab.faults[c->fault];
	struct arena a = {0};
	int64_t due[MAX_EVIDENCE_DUE];
	size_t due_count = 0;
	bool right = option == c->right;
	struct store_lab_event x = {
		.at = study_now(e->study),
		.day = study_today(e->study),
		.lab = c->drill->lab.id,
		.what = "fault",
		.name = f->id,
		.given = option < 0 ? "" : lab_steps[c->options[option]],
		.truth = lab_steps[f->stage],
		.seed = c->seed,
		.right = right,
		.tasks = tasks_of(&a, f, &c->drill->lab),
		.took_ms = clock_us() / 1000 - e->shown_ms,
	};
	bool ok = right || mistake_parts(e->study, f->cards, f->card_count, MISTAKE_ANY, due,
					 &due_count, MAX_EVIDENCE_DUE, d);
	ok = ok && store_lab_event(e->study->store, &x, due, due_count, e->preset_id, d);
	if (ok)
		e->now.due_cards = (int)due_count;
	arena_clear(&a);
	return ok;
}

bool evidence_answer(struct evidence *e, int option, struct diags *d)
{
	if (e->over || e->now.shown)
		return true;
	if (e->study->read_only)
		return diag_fail(d, "store-read-only",
				 "the store cannot be written, so no answer could be kept; give "
				 "another with --db");
	if (option >= (int)e->now.option_count)
		option = -1;
	if (!store_answer(e, option, d))
		return false;
	e->now.shown = true;
	e->now.chosen = option;
	e->done++;
	e->right += option == e->now.right;
	return true;
}

bool evidence_next(struct evidence *e, struct diags *d)
{
	if (e->options.cases >= 0 && e->number >= e->options.cases) {
		e->over = true;
		return true;
	}
	return make_next(e, d);
}

/* -- as JSON ----------------------------------------------------------------------------------- */

void evidence_json(struct str *out, const struct evidence_case *c)
{
	struct json_out j = {.out = out};
	struct arena a = {0};
	const struct lab_fault *f = &c->drill->lab.faults[c->fault];
	json_object(&j, NULL);
	json_text(&j, "drill", c->drill->lab.id);
	/* As text: JSON numbers of many readers have 53 bits. */
	json_text(&j, "seed", arena_printf(&a, "%llu", (unsigned long long)c->seed));
	json_text(&j, "fault", f->id);
	json_text(&j, "stage", lab_steps[f->stage]);
	json_list(&j, "options");
	for (size_t i = 0; i < c->option_count; i++)
		json_text(&j, NULL, lab_steps[c->options[i]]);
	json_end(&j);
	json_int(&j, "right", c->right);
	json_text(&j, "log", c->log);
	json_text(&j, "metrics", c->metrics);
	json_text(&j, "trace", c->trace);
	json_text(&j, "answer", c->answer);
	json_text(&j, "why", f->why);
	json_end(&j);
	arena_clear(&a);
}
