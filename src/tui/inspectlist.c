/* inspectlist.c -- what the inspector lists: the traces of the gateway's ring that pass the filter,
 * or those of a copy of it, taken when the list was paused, because a busy gateway replaces all of
 * its ring several times a second. */
#include "tui/inspector.h"

#include <stdlib.h>

static const struct ring *source(const struct inspector *s)
{
	return s->held ? s->held : serve_ring(rig_serve(s->rig));
}

/* Its number in the gateway's ring. */
static uint64_t number_of(const struct inspector *s, uint64_t n)
{
	return s->held ? s->held_numbers[n - 1] : n;
}

const struct gw_trace *inspector_trace(const struct inspector *s, uint64_t number)
{
	if (!s->held)
		return ring_get(source(s), number);
	for (uint64_t n = ring_last(s->held); n; n--)
		if (s->held_numbers[n - 1] == number)
			return ring_get(s->held, n);
	return NULL;
}

static uint64_t oldest(const struct ring *ring)
{
	uint64_t last = ring_last(ring);
	return last > RING_TRACES ? last - RING_TRACES + 1 : 1;
}

/* The marked one stays marked; when it has gone, the oldest that is left is. */
static int place_of(const struct inspector *s, int count)
{
	if (s->following)
		return count - 1;
	for (int i = 0; i < count; i++)
		if (s->numbers[i] >= s->at)
			return i;
	return count - 1;
}

void inspector_list(struct inspector *s)
{
	const struct ring *ring = source(s);
	const char *filter = str_c(&s->filter.text);
	int count = 0;
	for (uint64_t n = oldest(ring); n <= ring_last(ring); n++) {
		const struct gw_trace *t = ring_get(ring, n);
		uint64_t number = t ? number_of(s, n) : 0;
		if (t && number >= s->from && trace_passes(t, filter))
			s->numbers[count++] = number;
	}
	int at = place_of(s, count);
	s->list.at = at < 0 ? 0 : at;
	list_set(&s->list, count);
	s->at = count ? s->numbers[s->list.at] : 0;
}

size_t inspector_kept(const struct inspector *s, uint64_t *newer)
{
	uint64_t last = ring_last(serve_ring(rig_serve(s->rig)));
	size_t n = 0;
	*newer = s->held ? last - s->held_last : 0;
	for (uint64_t i = oldest(source(s)); i <= ring_last(source(s)); i++)
		n += ring_get(source(s), i) && number_of(s, i) >= s->from;
	return n;
}

void inspector_hold(struct inspector *s, bool hold)
{
	const struct ring *live = serve_ring(rig_serve(s->rig));
	ring_free(s->held);
	free(s->held_numbers);
	s->held = NULL;
	s->held_numbers = NULL;
	if (!hold)
		return;
	struct ring *copy = ring_new(RING_TRACES);
	s->held_numbers = xcalloc(RING_TRACES, sizeof(*s->held_numbers));
	for (uint64_t n = oldest(live); n <= ring_last(live); n++) {
		const struct gw_trace *t = ring_get(live, n);
		if (!t)
			continue;
		struct gw_trace again = *t;
		ring_add(copy, &again);
		s->held_numbers[ring_last(copy) - 1] = n;
	}
	s->held = copy;
	s->held_last = ring_last(live);
}
