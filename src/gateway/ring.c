/* ring.c -- see ring.h. A slot has one buffer for all texts of its trace, measured first, then
 * filled; it is used again by the next trace that comes to the slot, so that a busy gateway keeps
 * its last traces without a call of malloc. */
#include "gateway/ring.h"

#include <stdlib.h>
#include <string.h>

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

/* Where texts go; without bytes they are only measured. */
struct packer {
	char *bytes;
	size_t used, cap;
};

static void *pack_room(struct packer *p, size_t n, size_t align)
{
	size_t at = (p->used + align - 1) & ~(align - 1);
	p->used = at + n;
	return p->bytes ? p->bytes + at : NULL;
}

static const char *pack_text(struct packer *p, const char *text)
{
	if (!text)
		return NULL;
	size_t n = strlen(text) + 1;
	char *copy = pack_room(p, n, 1);
	return copy ? memcpy(copy, text, n) : text;
}

static void pack_texts(struct packer *p, struct gw_trace *t)
{
	const char **const texts[] = {&t->api,      &t->stage,      &t->method,        &t->path,
				      &t->resource, &t->request_id, &t->connection_id, &t->error};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = pack_text(p, *texts[i]);
	for (int i = 0; i < GW_STEP_COUNT; i++)
		if (t->rows[i].summary)
			t->rows[i].summary = pack_text(p, t->rows[i].summary);
}

static struct gw_detail *pack_detail(struct packer *p, const struct gw_detail *d)
{
	size_t text = strlen(d->name) + strlen(d->value ? d->value : "") + 2;
	if (p->used + text + sizeof(*d) + 16 > MAX_RING_TRACE)
		return NULL;
	struct gw_detail *copy = pack_room(p, sizeof(*d), _Alignof(struct gw_detail));
	const char *name = pack_text(p, d->name), *value = pack_text(p, d->value);
	if (copy)
		*copy = (struct gw_detail){name, value, NULL};
	return copy;
}

static void pack_details(struct packer *p, struct gw_trace *t)
{
	for (int i = 0; i < GW_STEP_COUNT; i++) {
		const struct gw_detail *d = t->rows[i].details;
		struct gw_detail *first = NULL, **at = &first;
		for (; d; d = d->next) {
			struct gw_detail *copy = pack_detail(p, d);
			if (!copy)
				continue;
			*at = copy;
			at = &copy->next;
		}
		if (p->bytes)
			t->rows[i].details = first;
	}
}

static void resize(struct ring *r, struct slot *s, size_t need)
{
	if (need <= s->cap && s->cap <= 4 * need + 4096)
		return;
	size_t cap = need + need / 4 + 256;
	r->total += cap - s->cap;
	free(s->bytes);
	s->bytes = xmalloc(cap);
	s->cap = cap;
}

static void keep_log(struct ring *r, struct slot *s, const struct str *log)
{
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
	struct packer measure = {0};
	s->t = *t;
	pack_texts(&measure, &s->t);
	pack_details(&measure, &s->t);
	resize(r, s, measure.used);
	struct packer p = {.bytes = s->bytes, .cap = s->cap};
	s->t.arena = NULL;
	pack_texts(&p, &s->t);
	pack_details(&p, &s->t);
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
