/* lab.c -- from a file to a lab, proofs or a drill; see lab.h.
 *
 * The keys are checked by their tables first (labkeys.c), so that what is left here is what relates
 * one value to another: names of requests and goals, requests that come before others, what the
 * kinds of file need. Whether a lab can be passed is not for the reader to say: a test carries out
 * its solution. */
#include "deck/labinside.h"

#include "base/file.h"
#include "base/yaml.h"

#include <string.h>

static int find_id(const char *const *ids, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(ids[i], id) == 0)
			return (int)i;
	return -1;
}

static struct pos at(const struct lab_reader *lr, const struct node *n)
{
	return node_pos(n, lr->r.file);
}

/* -- requests ---------------------------------------------------------------------------------- */

static int known_request(struct lab_reader *lr, const struct node *n)
{
	int i = find_id(lr->request_ids, lr->l->request_count, n->text);
	if (i < 0)
		spec_unknown(&lr->r, n, "lab-request", "request", lr->request_ids,
			     lr->l->request_count);
	return i;
}

/* One id or a list of them, as indices; n may be NULL. */
static int *read_requests(struct lab_reader *lr, const struct node *n, size_t *count)
{
	int *out = arena_alloc(lr->r.arena, (MAX_LAB_ACTIONS + 1) * sizeof(*out));
	*count = 0;
	for (const struct node *e = lab_first(n); e; e = lab_next(n, e)) {
		int i = known_request(lr, e);
		if (i >= 0)
			out[(*count)++] = i;
	}
	return out;
}

static void read_request(struct lab_reader *lr, struct lab_request *out, const struct node *n)
{
	const struct node *expect = node_get(n, "expect");
	*out = (struct lab_request){
		.id = n->key->text,
		.title = node_text(n, "title"),
		.shows = node_text(n, "shows"),
		.has_expect = expect != NULL,
		.pos = at(lr, n->key),
	};
	lab_read_action(lr, &out->action, n);
	if (!out->title && lr->r.ok)
		out->title = lab_action_title(lr->r.arena, &out->action);
	out->before = read_requests(lr, node_get(n, "before"), &out->before_count);
	if (expect)
		lab_read_match(lr, &out->expect, expect);
}

static void read_all_requests(struct lab_reader *lr, const struct node *map)
{
	struct lab *l = lr->l;
	l->requests = arena_alloc(lr->r.arena, (map->count + 1) * sizeof(*l->requests));
	lr->request_ids = arena_alloc(lr->r.arena, (map->count + 1) * sizeof(*lr->request_ids));
	for (const struct node *e = map->child; e; e = e->next)
		lr->request_ids[l->request_count++] = e->key->text;
	size_t i = 0;
	for (const struct node *e = map->child; e; e = e->next)
		read_request(lr, &l->requests[i++], e);
}

/* What a request comes to with all that is before it. */
struct chain {
	enum { CHAIN_NEW, CHAIN_OPEN /* on the path that is followed */, CHAIN_DONE } mark;
	int depth;
	size_t actions;
};

/* Depth first; requests are at most MAX_LAB_ACTIONS, so the depth is bounded. */
static void follow(struct lab_reader *lr, struct chain *chains, int i)
{
	const struct lab_request *q = &lr->l->requests[i];
	struct chain *c = &chains[i];
	*c = (struct chain){CHAIN_OPEN, 0, 1};
	for (size_t k = 0; k < q->before_count; k++) {
		struct chain *b = &chains[q->before[k]];
		if (b->mark == CHAIN_OPEN) {
			lr->r.ok = diag_error(lr->r.d, q->pos, "lab-cycle",
					      "\"%s\" comes before \"%s\", which comes before it",
					      lr->request_ids[q->before[k]], q->id);
			continue;
		}
		if (b->mark == CHAIN_NEW)
			follow(lr, chains, q->before[k]);
		c->depth = b->depth + 1 > c->depth ? b->depth + 1 : c->depth;
		c->actions += b->actions;
		if (c->actions > MAX_LAB_CHAIN + 1)
			c->actions = MAX_LAB_CHAIN + 1; /* it may double at each step */
	}
	c->mark = CHAIN_DONE;
}

static void check_chains(struct lab_reader *lr)
{
	const struct lab *l = lr->l;
	struct chain *chains = arena_alloc(lr->r.arena, (l->request_count + 1) * sizeof(*chains));
	for (size_t i = 0; i < l->request_count; i++)
		if (chains[i].mark == CHAIN_NEW)
			follow(lr, chains, (int)i);
	for (size_t i = 0; i < l->request_count; i++) {
		if (chains[i].depth > MAX_LAB_NESTING)
			lr->r.ok = diag_error(lr->r.d, l->requests[i].pos, "lab-cycle",
					      "before this request come others, %d deep; at most "
					      "%d are allowed",
					      chains[i].depth, MAX_LAB_NESTING);
		else if (chains[i].actions > MAX_LAB_CHAIN)
			lr->r.ok = diag_error(lr->r.d, l->requests[i].pos, "lab-cycle",
					      "this request comes to more than %d with all that is "
					      "before it",
					      MAX_LAB_CHAIN);
	}
}

/* In a file of proofs each request settles something, or is there for one that does. */
static void check_proofs(struct lab_reader *lr)
{
	const struct lab *l = lr->l;
	bool *serves = arena_alloc(lr->r.arena, l->request_count + 1);
	for (size_t i = 0; i < l->request_count; i++)
		for (size_t k = 0; k < l->requests[i].before_count; k++)
			serves[l->requests[i].before[k]] = true;
	for (size_t i = 0; i < l->request_count; i++) {
		const struct lab_request *q = &l->requests[i];
		bool whole = q->has_expect && q->shows;
		if (!whole && (!serves[i] || q->has_expect || q->shows))
			lr->r.ok = diag_error(lr->r.d, q->pos, "lab-expect",
					      "request \"%s\" has no \"%s\": a proof says what its "
					      "trace shows and which trace decides",
					      q->id, q->shows ? "expect" : "shows");
	}
}

/* -- goals ------------------------------------------------------------------------------------- */

static int known_goal(struct lab_reader *lr, const struct node *n, const char *const *ids,
		      size_t before, size_t count)
{
	int i = find_id(ids, count, n->text);
	if (i < 0)
		spec_unknown(&lr->r, n, "lab-goal", "goal", ids, count);
	else if ((size_t)i >= before)
		SPEC_ERROR(&lr->r, n, "lab-goal", "goal \"%s\" does not stand above this one",
			   n->text);
	return i;
}

static void read_goal(struct lab_reader *lr, struct lab_goal *out, const struct node *n)
{
	const struct node *within = node_get(n, "within");
	long long times = 1;
	*out = (struct lab_goal){
		.id = node_text(n, "id"),
		.text = node_text(n, "text"),
		.after = -1,
		.pos = at(lr, n),
	};
	if (node_get(n, "times"))
		str_to_i64(node_text(n, "times"), 1, MAX_LAB_TIMES, &times);
	out->times = (int)times;
	if (within)
		spec_span(within->text, 0, MAX_LAB_WAIT_MS, &out->within_ms);
	out->cards = spec_texts(&lr->r, node_get(n, "cards"), &out->card_count);
	lab_read_match(lr, &out->match, node_get(n, "trace"));
}

/* The ids of a list of maps; a repeated one is an error. */
static const char **read_ids(struct lab_reader *lr, const struct node *list, const char *code)
{
	const char **ids = arena_alloc(lr->r.arena, (list->count + 1) * sizeof(*ids));
	size_t n = 0;
	for (const struct node *e = list->child; e; e = e->next) {
		const struct node *id = node_get(e, "id");
		if (find_id(ids, n, id->text) >= 0)
			SPEC_ERROR(&lr->r, id, code, "the id \"%s\" is taken", id->text);
		ids[n++] = id->text;
	}
	return ids;
}

static void read_goals(struct lab_reader *lr, const struct node *list)
{
	struct lab *l = lr->l;
	const char **ids = read_ids(lr, list, "lab-goal");
	l->goals = arena_alloc(lr->r.arena, (list->count + 1) * sizeof(*l->goals));
	for (const struct node *e = list->child; e; e = e->next) {
		const struct node *after = node_get(e, "after");
		struct lab_goal *g = &l->goals[l->goal_count];
		read_goal(lr, g, e);
		if (after)
			g->after = known_goal(lr, after, ids, l->goal_count, list->count);
		l->goal_count++;
	}
}

/* -- solutions and faults ---------------------------------------------------------------------- */

static void read_solution(struct lab_reader *lr, const struct node *list)
{
	struct lab *l = lr->l;
	l->solution = arena_alloc(lr->r.arena, (list->count + 1) * sizeof(*l->solution));
	for (const struct node *e = list->child; e; e = e->next) {
		struct lab_step *s = &l->solution[l->solution_count++];
		s->request = e->kind == NODE_MAP ? -1 : known_request(lr, e);
		if (e->kind == NODE_MAP)
			lab_read_action(lr, &s->action, e);
	}
}

/* A map of exams to a task or a list of them. */
static struct exam_task *read_tasks(struct lab_reader *lr, const struct node *map, size_t *count)
{
	size_t n = 0;
	for (const struct node *e = map ? map->child : NULL; e; e = e->next)
		for (const struct node *t = lab_first(e); t; t = lab_next(e, t))
			n++;
	struct exam_task *out = arena_alloc(lr->r.arena, (n + 1) * sizeof(*out));
	*count = 0;
	for (const struct node *e = map ? map->child : NULL; e; e = e->next)
		for (const struct node *t = lab_first(e); t; t = lab_next(e, t))
			out[(*count)++] = (struct exam_task){e->key->text, t->text};
	return out;
}

static void read_edits(struct lab_reader *lr, struct lab_fault *out, const struct node *n)
{
	out->edits = arena_alloc(lr->r.arena, (MAX_LAB_ACTIONS + 1) * sizeof(*out->edits));
	for (const struct node *e = lab_first(n); e; e = lab_next(n, e))
		lab_read_action(lr, &out->edits[out->edit_count++], e);
}

static void read_fault(struct lab_reader *lr, struct lab_fault *out, const struct node *n)
{
	*out = (struct lab_fault){
		.id = node_text(n, "id"),
		.stage = lab_step(node_text(n, "stage")),
		.why = node_text(n, "why"),
		.tasks = lr->l->tasks,
		.task_count = lr->l->task_count,
		.pos = at(lr, n),
	};
	read_edits(lr, out, node_get(n, "edits"));
	out->requests = read_requests(lr, node_get(n, "requests"), &out->request_count);
	out->cards = spec_texts(&lr->r, node_get(n, "cards"), &out->card_count);
	lab_read_match(lr, &out->expect, node_get(n, "expect"));
	if (node_get(n, "exam"))
		out->tasks = read_tasks(lr, node_get(n, "exam"), &out->task_count);
}

static void read_faults(struct lab_reader *lr, const struct node *list)
{
	struct lab *l = lr->l;
	read_ids(lr, list, "lab-fault");
	l->faults = arena_alloc(lr->r.arena, (list->count + 1) * sizeof(*l->faults));
	for (const struct node *e = list->child; e; e = e->next)
		read_fault(lr, &l->faults[l->fault_count++], e);
}

/* -- files ------------------------------------------------------------------------------------- */

static void read_head(struct lab_reader *lr, const struct node *root)
{
	struct lab *l = lr->l;
	const struct node *gateway = node_get(root, "gateway");
	l->id = node_text(root, lab_kind_keys[l->kind]);
	l->title = node_text(root, "title");
	l->about = node_text(root, "about");
	l->story = node_text(root, "story");
	l->explain = node_text(root, "explain");
	l->tls = str_eq(node_text(root, "tls"), "yes");
	l->tasks = read_tasks(lr, node_get(root, "exam"), &l->task_count);
	l->tags = spec_texts(&lr->r, node_get(root, "tags"), &l->tag_count);
	l->cards = spec_texts(&lr->r, node_get(root, "cards"), &l->card_count);
	l->hints = spec_texts(&lr->r, node_get(root, "hints"), &l->hint_count);
	l->gateway = spec_texts(&lr->r, gateway, &l->gateway_count);
	for (const struct node *e = lab_first(gateway); e; e = lab_next(gateway, e))
		lab_check_path(lr, e);
}

static void read_numbers(struct lab *l, const struct node *root)
{
	long long minutes = 0, place = 0;
	l->time_scale = 1;
	if (node_get(root, "minutes"))
		str_to_i64(node_text(root, "minutes"), 0, 1000, &minutes);
	if (node_get(root, "time-scale"))
		str_to_double(node_text(root, "time-scale"), 0, MAX_LAB_TIME_SCALE, &l->time_scale);
	if (node_get(root, "place"))
		str_to_i64(node_text(root, "place"), 0, MAX_LAB_PLACE, &place);
	l->minutes = (int)minutes;
	l->place = (int)place;
}

/* A lab is found by the name of its file, and its folder by its id: they are one. */
static void check_id(struct lab_reader *lr, const struct node *root)
{
	const char *base = path_base(lr->r.file);
	const struct node *id = node_get(root, lab_kind_keys[lr->l->kind]);
	size_t n = strlen(id->text);
	if (strchr(lr->r.file, '/') && str_ends(base, ".yaml") &&
	    (strncmp(base, id->text, n) != 0 || strcmp(base + n, ".yaml") != 0))
		SPEC_ERROR(&lr->r, id, "lab-id", "the id \"%s\" is not the name of the file",
			   id->text);
}

static void read_root(struct lab_reader *lr, const struct node *root)
{
	struct lab *l = lr->l;
	const struct node *goals = node_get(root, "goals"), *faults = node_get(root, "faults");
	const struct node *solution = node_get(root, "solution");
	l->root = (struct node *)root;
	l->pos = at(lr, root);
	read_head(lr, root);
	read_numbers(l, root);
	check_id(lr, root);
	l->folder = path_join(lr->r.arena, path_dir(lr->r.arena, l->file), l->id);
	l->sources = spec_sources(&lr->r, node_get(root, "sources"), &l->source_count);
	l->cited = spec_cited(&lr->r, node_get(root, "source"), l->sources, l->source_count,
			      &l->cited_count);
	read_all_requests(lr, node_get(root, "requests"));
	l->traffic = read_requests(lr, node_get(root, "traffic"), &l->traffic_count);
	if (goals)
		read_goals(lr, goals);
	if (solution)
		read_solution(lr, solution);
	if (faults)
		read_faults(lr, faults);
	if (lr->r.ok)
		check_chains(lr);
	if (lr->r.ok)
		lab_check_names(lr);
	if (l->kind == LAB_PROOFS)
		check_proofs(lr);
}

/* The kind by the first key; false: it is none of these. */
static bool kind_of(const struct node *root, enum lab_kind *kind)
{
	const char *key =
		root && root->kind == NODE_MAP && root->child ? root->child->key->text : "";
	int i = find_id(lab_kind_keys, LAB_KIND_COUNT, key);
	*kind = i < 0 ? LAB_LAB : (enum lab_kind)i;
	return i >= 0;
}

static bool read_tree(struct lab_reader *lr, const char *bytes, size_t n, struct node **root)
{
	struct lab *l = lr->l;
	if (!yaml_read(&l->arena, l->file, bytes, n, root, lr->r.d))
		return false;
	if (!kind_of(*root, &l->kind))
		return SPEC_ERROR(&lr->r, *root, "lab-kind",
				  "a file of labs begins with lab, proofs or drill");
	return spec_check_root(&lr->r, *root, lab_places[l->kind]);
}

bool lab_read(struct lab *out, const char *file, const char *bytes, size_t n, struct diags *d)
{
	*out = (struct lab){0};
	struct lab_reader lr = {.r = {.arena = &out->arena, .d = d, .ok = true}, .l = out};
	struct node *root = NULL;
	out->file = lr.r.file = arena_strdup(&out->arena, file);
	bool ok = read_tree(&lr, bytes, n, &root);
	if (ok)
		read_root(&lr, root);
	if (!ok || !lr.r.ok) {
		lab_clear(out);
		return false;
	}
	return true;
}

bool lab_read_file(struct lab *out, const char *path, struct diags *d)
{
	struct str bytes = {0};
	*out = (struct lab){0};
	bool ok = file_read(path, MAX_LAB_BYTES, &bytes, d) &&
		  lab_read(out, path, str_c(&bytes), bytes.len, d);
	str_clear(&bytes);
	return ok;
}

void lab_clear(struct lab *l)
{
	arena_clear(&l->arena);
	*l = (struct lab){0};
}

int lab_request_named(const struct lab *l, const char *id)
{
	for (size_t i = 0; i < l->request_count; i++)
		if (strcmp(l->requests[i].id, id) == 0)
			return (int)i;
	return -1;
}
