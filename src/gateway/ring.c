/* ring.c -- see ring.h. A slot has one buffer for all texts of its trace. The next trace that
 * comes to the slot uses it again, so that a busy gateway keeps its last traces without a call of
 * malloc; only what does not fit is packed twice. */
#include "gateway/ring.h"

#include <stdlib.h>
#include <string.h>

#define SLOT_BYTES 512 /* of texts that a trace has without details, rounded up */

struct slot {
	struct gw_trace t;
	struct str log;
	char *bytes;
	size_t cap;
};
struct ring {
	size_t traces, total; /* bytes of all buffers */
	uint64_t last;
	struct slot *slots;
};

struct ring *ring_new(size_t traces)
{
	struct ring *r = xcalloc(1, sizeof(*r));
	r->traces = traces;
	r->slots = xcalloc(traces, sizeof(*r->slots));
	return r;
}

static void drop(struct ring *r, struct slot *s)
{
	r->total -= s->cap + s->log.cap;
	free(s->bytes);
	str_clear(&s->log);
	*s = (struct slot){0};
}

void ring_free(struct ring *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->traces; i++)
		drop(r, &r->slots[i]);
	free(r->slots);
	free(r);
}

/* ---- a copy in one piece ------------------------------------------------------------- */

/* Where texts go. When they do not fit, what is needed is counted on. */
struct packer {
	char *bytes;
	size_t used, cap;
};

static void *pack_room(struct packer *p, size_t n, size_t align)
{
	size_t at = (p->used + align - 1) & ~(align - 1);
	p->used = at + n;
	return p->used <= p->cap ? p->bytes + at : NULL;
}

static const char *pack_text(struct packer *p, const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = pack_room(p, n, 1);
	return copy ? memcpy(copy, text, n) : text;
}

static struct gw_detail *pack_detail(struct packer *p, const struct gw_detail *d)
{
	size_t text = strlen(d->name) + strlen(d->value ? d->value : "") + 2;
	if (p->used + text + sizeof(*d) + 16 > MAX_RING_TRACE)
		return NULL;
	struct gw_detail *copy = pack_room(p, sizeof(*d), _Alignof(struct gw_detail));
	const char *name = pack_text(p, d->name);
	const char *value = d->value ? pack_text(p, d->value) : NULL;
	if (copy)
		*copy = (struct gw_detail){name, value, NULL};
	return copy;
}

static struct gw_detail *pack_details(struct packer *p, const struct gw_detail *d)
{
	struct gw_detail *first = NULL, **at = &first;
	for (; d; d = d->next) {
		*at = pack_detail(p, d);
		if (*at)
			at = &(*at)->next;
	}
	return first;
}

/* What traces with details have: heads and bodies before the details of the rows, so that these are
 * left out first. */
static void pack_more(struct packer *p, struct gw_trace *t)
{
	const char **const texts[] = {&t->target, &t->sent_body, &t->answered_body};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (*texts[i])
			*texts[i] = pack_text(p, *texts[i]);
	t->sent = pack_details(p, t->sent);
	t->answered = pack_details(p, t->answered);
	for (struct gw_row *row = t->rows; row < t->rows + GW_STEP_COUNT; row++)
		row->details = pack_details(p, row->details);
}

/* t: a copy of the trace, whose texts are put into the packer. */
static void pack(struct packer *p, struct gw_trace *t)
{
	const char **const texts[] = {&t->api,      &t->stage,      &t->method,        &t->path,
				      &t->resource, &t->request_id, &t->connection_id, &t->error};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (*texts[i])
			*texts[i] = pack_text(p, *texts[i]);
	for (struct gw_row *row = t->rows; row < t->rows + GW_STEP_COUNT; row++)
		if (row->summary)
			row->summary = pack_text(p, row->summary);
	if (t->detailed)
		pack_more(p, t);
}

static void resize(struct ring *r, struct slot *s, size_t cap)
{
	r->total += cap - s->cap;
	free(s->bytes);
	s->bytes = xmalloc(cap);
	s->cap = cap;
}

static void keep_log(struct ring *r, struct slot *s, const struct str *log)
{
	if (!log && !s->log.p) {
		s->t.log = NULL;
		return;
	}
	r->total -= s->log.cap;
	str_reset(&s->log);
	if (log) {
		size_t n = log->len < MAX_RING_TRACE ? log->len : MAX_RING_TRACE;
		str_addn(&s->log, str_c(log), n);
	} else if (s->log.p) {
		str_clear(&s->log);
	}
	s->t.log = log ? &s->log : NULL;
	r->total += s->log.cap;
}

static struct slot *slot_of(const struct ring *r, uint64_t number)
{
	return &r->slots[number % r->traces];
}

/* The oldest go until all fit. */
static void make_room(struct ring *r)
{
	uint64_t first = r->last > r->traces ? r->last - r->traces + 1 : 1;
	for (uint64_t n = first; n < r->last && r->total > MAX_RING_BYTES; n++)
		drop(r, slot_of(r, n));
}

void ring_add(struct ring *r, struct gw_trace *t)
{
	t->number = ++r->last;
	struct slot *s = slot_of(r, r->last);
	struct packer p = {.bytes = s->bytes, .cap = s->cap};
	s->t = *t;
	pack(&p, &s->t);
	if (p.used > s->cap || s->cap > 4 * p.used + SLOT_BYTES) {
		resize(r, s, p.used + SLOT_BYTES / 2);
		p = (struct packer){.bytes = s->bytes, .cap = s->cap};
		s->t = *t;
		pack(&p, &s->t);
	}
	s->t.arena = NULL;
	keep_log(r, s, t->log);
	if (r->total > MAX_RING_BYTES)
		make_room(r);
}

uint64_t ring_last(const struct ring *r)
{
	return r->last;
}

const struct gw_trace *ring_get(const struct ring *r, uint64_t number)
{
	const struct slot *s = slot_of(r, number);
	return number && s->t.number == number ? &s->t : NULL;
}

size_t ring_count(const struct ring *r, uint64_t from)
{
	size_t n = 0;
	for (uint64_t i = r->last; i && i >= from && r->last - i < r->traces; i--)
		n += ring_get(r, i) != NULL;
	return n;
}

struct gw_trace *ring_copy(const struct gw_trace *t, struct arena *a)
{
	struct packer p = {0};
	struct gw_trace *copy = arena_copy(a, t, sizeof(*t));
	pack(&p, copy);
	p = (struct packer){.bytes = arena_alloc(a, p.used), .cap = p.used};
	*copy = *t;
	pack(&p, copy);
	copy->arena = NULL;
	if (t->log) {
		copy->log = arena_alloc(a, sizeof(*copy->log));
		copy->log->p = arena_strndup(a, str_c(t->log), t->log->len);
		copy->log->len = t->log->len;
	}
	return copy;
}
