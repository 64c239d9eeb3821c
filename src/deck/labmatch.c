/* labmatch.c -- what a trace must show, from the checked keys of a match. Patterns are compiled
 * here to say what is wrong with them where they stand, and again by who matches. */
#include "deck/labinside.h"

#include "base/regex.h"

#include <string.h>

int lab_step(const char *word)
{
	for (int i = 0; word && lab_steps[i]; i++)
		if (strcmp(lab_steps[i], word) == 0)
			return i;
	return -1;
}

/* n's text as a pattern; NULL where n is NULL. */
static const char *read_pattern(struct lab_reader *lr, const struct node *n)
{
	struct diags why = {0};
	if (!n)
		return NULL;
	struct regex *re = regex_new(n->text, 0, node_pos(n, lr->r.file), &why);
	if (!re)
		SPEC_ERROR(&lr->r, n, "lab-pattern", "%s", diags_first(&why));
	regex_free(re);
	diags_clear(&why);
	return n->text;
}

static struct lab_pair *read_patterns(struct lab_reader *lr, const struct node *map, size_t *count)
{
	struct lab_pair *out =
		arena_alloc(lr->r.arena, ((map ? map->count : 0) + 1) * sizeof(*out));
	*count = 0;
	for (const struct node *e = map ? map->child : NULL; e; e = e->next)
		out[(*count)++] = (struct lab_pair){e->key->text, read_pattern(lr, e),
						    node_pos(e->key, lr->r.file)};
	return out;
}

static void read_outcomes(struct lab_reader *lr, struct lab_match *out, const struct node *map)
{
	out->outcomes =
		arena_alloc(lr->r.arena, ((map ? map->count : 0) + 1) * sizeof(*out->outcomes));
	for (const struct node *e = map ? map->child : NULL; e; e = e->next)
		out->outcomes[out->outcome_count++] =
			(struct lab_pair){e->key->text, e->text, node_pos(e->key, lr->r.file)};
}

static void read_lacks(struct lab_reader *lr, struct lab_match *out, const struct node *n)
{
	out->lacks = arena_alloc(lr->r.arena, (MAX_LAB_MATCHES + 1) * sizeof(*out->lacks));
	for (const struct node *e = lab_first(n); e; e = lab_next(n, e))
		out->lacks[out->lacks_count++] =
			(struct lab_pair){e->text, NULL, node_pos(e, lr->r.file)};
}

static uint32_t read_steps(const struct node *n)
{
	uint32_t bits = 0;
	for (const struct node *e = lab_first(n); e; e = lab_next(n, e)) {
		int step = lab_step(e->text);
		if (step >= 0)
			bits |= UINT32_C(1) << step;
	}
	return bits;
}

/* "throttle/tokens": the part before the slash is a step. */
static void check_details(struct lab_reader *lr, const struct node *map)
{
	for (const struct node *e = map ? map->child : NULL; e; e = e->next) {
		const char *slash = strchr(e->key->text, '/');
		char step[32] = "";
		if (slash && (size_t)(slash - e->key->text) < sizeof(step))
			memcpy(step, e->key->text, (size_t)(slash - e->key->text));
		if (!slash || !slash[1] || lab_step(step) < 0)
			SPEC_ERROR(&lr->r, e->key, "lab-step",
				   "\"%s\" is no detail of a step: write it as \"throttle/tokens\"",
				   spec_brief(&lr->r, e->key->text));
	}
}

static void check_steps(struct lab_reader *lr, const struct lab_match *m, const struct node *n)
{
	uint32_t both = m->reached & m->not_reached;
	for (int i = 0; lab_steps[i]; i++)
		if (both >> i & 1)
			SPEC_ERROR(&lr->r, node_get(n, "not-reached")->key, "lab-step",
				   "no trace meets this: \"%s\" is under reached as well",
				   lab_steps[i]);
	if (m->over_ms && m->under_ms && m->over_ms >= m->under_ms)
		SPEC_ERROR(&lr->r, node_get(n, "under")->key, "lab-match",
			   "no trace meets this: over and under leave nothing between them");
}

static int64_t read_span(const struct node *n)
{
	int64_t ms = 0;
	if (n)
		spec_span(n->text, 0, MAX_LAB_WAIT_MS, &ms);
	return ms;
}

void lab_read_match(struct lab_reader *lr, struct lab_match *out, const struct node *n)
{
	*out = (struct lab_match){
		.kind = node_text(n, "kind"),
		.api = node_text(n, "api"),
		.stage = node_text(n, "stage"),
		.method = node_text(n, "method"),
		.path = read_pattern(lr, node_get(n, "path")),
		.route = node_text(n, "route"),
		.error = node_text(n, "error"),
		.reached = read_steps(node_get(n, "reached")),
		.not_reached = read_steps(node_get(n, "not-reached")),
		.refused_by = lab_step(node_text(n, "refused-by")),
		.sent_body = read_pattern(lr, node_get(n, "sent-body")),
		.answered_body = read_pattern(lr, node_get(n, "answered-body")),
		.over_ms = read_span(node_get(n, "over")),
		.under_ms = read_span(node_get(n, "under")),
		.pos = node_pos(n->key, lr->r.file),
	};
	if (node_get(n, "status"))
		spec_status(node_text(n, "status"), &out->status_from, &out->status_to);
	out->sent = read_patterns(lr, node_get(n, "sent"), &out->sent_count);
	out->answered = read_patterns(lr, node_get(n, "answered"), &out->answered_count);
	out->details = read_patterns(lr, node_get(n, "detail"), &out->detail_count);
	read_outcomes(lr, out, node_get(n, "outcome"));
	read_lacks(lr, out, node_get(n, "lacks"));
	check_details(lr, node_get(n, "detail"));
	check_steps(lr, out, n);
	if (n->count == 0)
		SPEC_ERROR(&lr->r, n->key, "lab-match",
			   "this says nothing: any trace would meet it");
}
