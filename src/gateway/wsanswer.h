/* wsanswer.h -- what a server answers to the opening handshake of a WebSocket, as its client reads
 * it: status, headers, and the body of a refusal. Pure: bytes in, a response out. */
#ifndef GATEWAY_WSANSWER_H
#define GATEWAY_WSANSWER_H

#include "gateway/message.h"

#define MAX_WS_ANSWER_HEAD ((size_t)64 << 10)
#define MAX_WS_ANSWER_BODY ((size_t)1 << 20) /* what is longer is cut */
#define MAX_WS_ANSWER_HEADERS 500

enum ws_answer_end {
	WS_ANSWER_MORE,
	WS_ANSWER_DONE, /* response is whole; a 101 has no body, what follows are frames */
	WS_ANSWER_BAD,  /* this is not HTTP, or its head is too long */
};
/* Zeroed and with an arena it is ready. */
struct ws_answer {
	struct arena *arena; /* of the response's texts; borrowed */
	struct gw_response response;
	/* private */
	struct str head, body;
	size_t body_len; /* announced; SIZE_MAX: it ends with the connection */
	bool head_done;
};
/* Read on; *used: how many of the n bytes were taken, all unless it is DONE. */
enum ws_answer_end ws_answer_read(struct ws_answer *a, const char *p, size_t n, size_t *used);
/* The connection has ended: DONE if that ends a body, else BAD. */
enum ws_answer_end ws_answer_eof(struct ws_answer *a);
void ws_answer_clear(struct ws_answer *a);

/* Does it open the connection for who has sent that Sec-WebSocket-Key? */
bool ws_answer_opens(const struct gw_response *r, const char *key);

#endif
