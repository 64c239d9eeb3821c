/* capture.h -- what was sent and answered, kept in a trace for who looks: heads as they were on the
 * wire, bodies as text. Nothing is done, and nothing costs, when the trace has no details. */
#ifndef GATEWAY_CAPTURE_H
#define GATEWAY_CAPTURE_H

#include "gateway/message.h"
#include "gateway/trace.h"

/* Texts are borrowed where they can be: q and r live as long as the trace's arena. */
void capture_request(struct gw_trace *t, const struct gw_request *q);
/* Of an answer sent on in pieces r has no body; streamed: how it began, and all its bytes. */
struct capture_stream {
	struct str text; /* at most MAX_TRACE_BODY; the owner's to clear */
	size_t bytes;
};
void capture_piece(struct capture_stream *s, struct slice piece);
void capture_response(struct gw_trace *t, const struct gw_response *r,
		      const struct capture_stream *streamed);
/* A message of a WebSocket, and what was sent to its client in answer or at a push; p NULL: none.
 */
void capture_message(struct gw_trace *t, struct slice sent, struct slice answered);

#endif
