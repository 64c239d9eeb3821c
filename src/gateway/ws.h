/* ws.h -- the WebSocket protocol (RFC 6455): the server's side of it, and of a client's what
 * differs. Pure: bytes in, events out; no clock, no socket. A reader that waits for a message holds
 * no buffer, so an idle connection is cheap. Extensions are not known: a reserved bit is an error.
 */
#ifndef GATEWAY_WS_H
#define GATEWAY_WS_H

#include "gateway/message.h"

#include <stdint.h>

enum ws_opcode {
	WS_OP_CONTINUATION = 0,
	WS_OP_TEXT = 1,
	WS_OP_BINARY = 2,
	WS_OP_CLOSE = 8,
	WS_OP_PING = 9,
	WS_OP_PONG = 10,
};
/* Status codes of a close (RFC 6455, 7.4). */
enum ws_code {
	WS_NORMAL = 1000,
	WS_GOING_AWAY = 1001,
	WS_PROTOCOL_ERROR = 1002,
	WS_UNSUPPORTED = 1003, /* a kind of data that is not accepted: binary at API Gateway */
	WS_NO_CODE = 1005,     /* never sent: the close frame had none */
	WS_ABNORMAL = 1006,    /* never sent: the connection ended without a close frame */
	WS_BAD_DATA = 1007,    /* text that is not UTF-8 */
	WS_POLICY = 1008,
	WS_TOO_BIG = 1009,
	WS_SERVER_ERROR = 1011,
};
#define MAX_WS_CONTROL 125

/* What a peer may send. Zeroed: no bounds, binary too. */
struct ws_limits {
	size_t frame, message; /* bytes of payload, 0: no bound. API Gateway: 32 KB, 128 KB */
	bool no_binary;        /* a binary frame fails with WS_UNSUPPORTED */
	bool from_server;      /* the peer is a server: its frames are not masked */
};

enum ws_event_kind {
	WS_MESSAGE, /* whole; text is UTF-8 */
	WS_PING,    /* answer with a pong of the same payload */
	WS_PONG,
	WS_CLOSE, /* code, WS_NO_CODE without one; payload: the reason */
	WS_FAIL,  /* the peer broke a rule: send a close with code and end; nothing follows */
};
struct ws_event {
	enum ws_event_kind kind;
	bool binary;          /* of a message */
	struct slice payload; /* borrowed from the reader until the next call */
	int code;             /* of WS_CLOSE and WS_FAIL */
};

/* Zeroed and with limits set it is ready. */
struct ws_reader {
	struct ws_limits limits;
	/* private */
	struct str message; /* of data frames so far; given back once it was handed out */
	uint64_t left;      /* of the payload of the frame being read */
	uint8_t head[14];   /* of the frame being read */
	uint8_t control[MAX_WS_CONTROL + 1];
	uint8_t head_len, head_need, control_len;
	uint8_t opcode, message_opcode; /* message_opcode 0: no message is under way */
	uint8_t utf8;                   /* state of the check */
	uint8_t mask_at;
	bool fin, in_payload, ended, handed_out;
};
/* Read on: true and an event, or false when all n bytes are used and more are needed. *used: how
 * many were taken; call again with the rest. After WS_FAIL and WS_CLOSE it takes everything and
 * gives nothing. */
bool ws_read(struct ws_reader *r, const char *p, size_t n, size_t *used, struct ws_event *e);
void ws_reader_clear(struct ws_reader *r);

/* Frames of a server are not masked. A message larger than frame bytes is sent in fragments; 0: in
 * one frame. n of a control frame is at most MAX_WS_CONTROL. */
void ws_write_message(struct str *out, bool binary, const char *p, size_t n, size_t frame);
void ws_write_control(struct str *out, enum ws_opcode opcode, const char *p, size_t n);
/* code WS_NO_CODE: an empty close frame. A reason that is too long is cut between characters. */
void ws_write_close(struct str *out, int code, const char *reason);
/* One frame of a client: masked with the key, four bytes that nobody can guess. n of a control
 * frame is at most MAX_WS_CONTROL. */
void ws_write_masked(struct str *out, enum ws_opcode opcode, const char *p, size_t n,
		     const uint8_t key[4]);
/* May the code stand in a close frame? */
bool ws_code_valid(int code);

/* The value of Sec-WebSocket-Accept for a key, 28 characters and NUL. */
void ws_accept(const char *key, char out[29]);
/* Is this a well-formed opening handshake? 0, or the status to refuse it with: 426 for no upgrade
 * or another version, 400 for nonsense. */
int ws_handshake_status(const struct gw_request *q);

#endif
