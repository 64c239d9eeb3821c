/* http.h -- HTTP/1.1 on the wire (RFC 9110, RFC 9112): a strict reader of requests, a writer of
 * responses. Pure: bytes in, struct out; no clock, no socket. What is not exactly a request is
 * refused, for a lenient reader in front of a backend is how requests are smuggled. */
#ifndef GATEWAY_HTTP_H
#define GATEWAY_HTTP_H

#include "gateway/message.h"

#include <stdint.h>

/* Bounds of the reader. Those of API Gateway (10,240 bytes of headers, of URL) are tighter and
 * are for the pipeline, which knows the kind of API and how it answers. */
#define MAX_HTTP_TARGET ((size_t)16 << 10)
#define MAX_HTTP_HEADERS ((size_t)32 << 10) /* all header lines, trailers too */
#define MAX_HTTP_HEADER_COUNT 500
#define MAX_HTTP_CHUNK_LINE 256
#define MAX_HTTP_CHUNK_EXTENSIONS ((size_t)16 << 10) /* in all of a body */
#define MAX_HTTP_BODY ((size_t)10 << 20)             /* 10,485,760: the service's own limit */

/* Why a request is refused. http_errors says what to answer. */
enum http_error {
	HTTP_FINE,
	HTTP_BAD_LINE,     /* no request line */
	HTTP_BAD_METHOD,   /* no method of HTTP */
	HTTP_BAD_TARGET,   /* neither a path, an absolute URL nor "*" of OPTIONS */
	HTTP_BAD_VERSION,  /* not HTTP/1.0 or HTTP/1.1 */
	HTTP_LONG_TARGET,  /* over MAX_HTTP_TARGET */
	HTTP_BAD_HEADER,   /* name, colon, value or line end is wrong */
	HTTP_LONG_HEADERS, /* over MAX_HTTP_HEADERS or MAX_HTTP_HEADER_COUNT */
	HTTP_BAD_HOST,     /* none, several, or nonsense */
	HTTP_BAD_LENGTH,   /* Content-Length is no number, or there are two */
	HTTP_BAD_CODING,   /* Transfer-Encoding does not end in chunked, or comes with a length */
	HTTP_OTHER_CODING, /* a transfer coding besides chunked: not known here */
	HTTP_BAD_CHUNK,    /* size, extension, line end or trailer is wrong */
	HTTP_LARGE_BODY,   /* over max_body; the head is complete */
	HTTP_BAD_EXPECT,   /* an expectation besides 100-continue */
	HTTP_AFTER_CLOSE,  /* bytes behind the last request of a connection */
	HTTP_TOO_SLOW,     /* the server's: it did not arrive in time */
	HTTP_NO_ROOM,      /* the server's: too many large bodies at once */
	HTTP_ERROR_COUNT
};
struct http_error_row {
	int status;
	const char *text; /* a sentence for the one who wrote the client */
};
extern const struct http_error_row http_errors[HTTP_ERROR_COUNT];

enum http_result {
	HTTP_MORE,    /* all usable bytes are taken; more are needed */
	HTTP_REQUEST, /* request is complete; what follows it was left alone */
	HTTP_REFUSED, /* see error; the connection cannot go on */
};

enum http_protocol { HTTP_0_9, HTTP_1_0, HTTP_1_1, HTTP_RTSP };
enum http_phase {
	HTTP_IN_LINE,
	HTTP_IN_HEADERS,
	HTTP_IN_BODY,
	HTTP_IN_CHUNK_SIZE,
	HTTP_IN_CHUNK,
	HTTP_IN_CHUNK_END,
	HTTP_IN_TRAILERS,
	HTTP_COMPLETE
};

/* A request being read. Zeroed and with its first two members set it is ready. */
struct http_reader {
	size_t max_body;
	bool any_host; /* do not insist on exactly one well-formed Host */
	/* what is known so far; texts are in the arena, the body there or in `large` */
	struct gw_request request;
	enum http_protocol protocol;
	bool keep_alive;       /* the connection may go on after the answer */
	bool expects_continue; /* the client waits for 100 before it sends the body */
	bool upgrade;          /* Connection: upgrade and Upgrade are there */
	enum http_error error;
	/* private */
	enum http_phase phase;
	bool ended, chunked, other_coding, has_length, connection_close, connection_keep,
		connection_upgrade, has_upgrade;
	unsigned empty_lines, hosts, coding_count;
	size_t head_bytes, extension_bytes;
	uint64_t left; /* of the body or the chunk */
	struct str large;
};
/* Read on. p: the bytes not yet taken, at most n; *used: how many were taken now. Call again with
 * the rest of them and what came since. The request's texts are copied to the arena, which must
 * stay the same until the request is complete. */
enum http_result http_read(struct http_reader *r, struct arena *a, const char *p, size_t n,
			   size_t *used);
/* Ready for the next request on the connection; the body's memory is freed. */
void http_next(struct http_reader *r);
/* Frees; the reader stays usable as a fresh one. */
void http_reader_clear(struct http_reader *r);
/* Bytes of the body that are held. */
static inline size_t http_held(const struct http_reader *r)
{
	return r->large.cap;
}

/* How an answer is framed. */
struct http_framing {
	const char *date; /* "Fri, 27 Nov 2026 09:15:00 GMT"; NULL: no Date */
	bool keep_alive;
	bool head;    /* of a HEAD request: no body follows */
	bool chunked; /* the length is not known: http_write_chunk() follows */
};
/* Status line and headers. Framing headers in r (Connection, Content-Length, Transfer-Encoding,
 * Date, Keep-Alive) are left out, as are names that are no tokens; control characters in values
 * become spaces, so that no value can end its line. */
void http_write_head(struct str *out, const struct gw_response *r, const struct http_framing *f);
/* Head and body. The body is left out where HTTP forbids one (HEAD, 1xx, 204, 304). */
void http_write(struct str *out, const struct gw_response *r, const struct http_framing *f);
void http_write_chunk(struct str *out, const char *p, size_t n); /* n 0: nothing */
void http_write_last_chunk(struct str *out);
bool http_body_allowed(int status, bool head);
const char *http_reason(int status); /* "Not Found"; "" when unknown */
/* "Fri, 27 Nov 2026 09:15:00 GMT" into 30 bytes. */
void http_date(char out[30], int64_t unix_s);

#endif
