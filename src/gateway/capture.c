/* capture.c -- see capture.h. A body is text when it is UTF-8 without NUL; of a longer one only
 * what is kept has to be, since an inspector shows no more. */
#include "gateway/capture.h"

#include "base/utf8.h"

#include <string.h>

/* Bytes to keep: no character is cut in two. */
static size_t cut(struct slice body)
{
	if (body.len <= MAX_TRACE_BODY)
		return body.len;
	size_t n = MAX_TRACE_BODY;
	while (n > MAX_TRACE_BODY - 4 && ((unsigned char)body.p[n] & 0xC0) == 0x80)
		n--;
	return n;
}

/* NULL: none, or no text. */
static const char *keep_body(struct arena *a, struct slice body)
{
	size_t n = body.p ? cut(body) : 0;
	if (n == 0 || memchr(body.p, '\0', n) || utf8_invalid_at(body.p, n) < n)
		return NULL;
	return arena_strndup(a, body.p, n);
}

static struct gw_detail *keep_headers(struct arena *a, const struct gw_headers *h)
{
	struct gw_detail *all = h->count ? arena_alloc(a, h->count * sizeof(*all)) : NULL;
	for (size_t i = 0; i < h->count; i++)
		all[i] = (struct gw_detail){h->items[i].name, h->items[i].value,
					    i + 1 < h->count ? &all[i + 1] : NULL};
	return all;
}

void capture_request(struct gw_trace *t, const struct gw_request *q)
{
	if (!t->detailed)
		return;
	t->target = q->target;
	t->sent = keep_headers(t->arena, &q->headers);
	t->sent_body = keep_body(t->arena, q->body);
	t->sent_bytes = q->body.len;
}

void capture_piece(struct capture_stream *s, struct slice piece)
{
	size_t room = MAX_TRACE_BODY + 4 - s->text.len; /* enough to see where a character ends */
	s->bytes += piece.len;
	str_addn(&s->text, piece.p, piece.len < room ? piece.len : room);
}

void capture_response(struct gw_trace *t, const struct gw_response *r,
		      const struct capture_stream *streamed)
{
	if (!t->detailed)
		return;
	struct slice body =
		streamed ? (struct slice){streamed->text.p, streamed->text.len} : r->body;
	t->answered = keep_headers(t->arena, &r->headers);
	t->answered_body = keep_body(t->arena, body);
	t->answered_bytes = streamed ? streamed->bytes : body.len;
}

void capture_message(struct gw_trace *t, struct slice sent, struct slice answered)
{
	if (!t->detailed)
		return;
	t->sent_body = keep_body(t->arena, sent);
	t->sent_bytes = sent.len;
	t->answered_body = keep_body(t->arena, answered);
	t->answered_bytes = answered.len;
}
