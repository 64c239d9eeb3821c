/* content.h -- bodies: media types, text and bytes, contentHandling, compression. */
#ifndef GATEWAY_CONTENT_H
#define GATEWAY_CONTENT_H

#include "gateway/exchange.h"

/* Does a media type match one of binaryMediaTypes: exactly, or by a star for its second half or for
 * both? Of an Accept header the first type counts, parameters do not. NULL is matched by the two
 * stars alone. */
bool gw_is_binary(const struct gw_api *api, const char *type);
/* First media type of a header without parameters, in the arena; NULL gives NULL. */
const char *gw_media_type(struct arena *a, const char *header);

/* A body, and whether it is bytes rather than text. */
struct content {
	struct slice bytes;
	bool binary;
};
/* What contentHandling makes of a request's body. False: it had to be base64 and is not. */
bool content_request(struct arena *a, enum gw_content handling, struct content *body);
/* The same for an answer; accepts_binary: the client's Accept matches a binary media type. */
bool content_response(struct arena *a, enum gw_content handling, bool accepts_binary,
		      struct content *body);
/* Bytes as text: what is not UTF-8 becomes U+FFFD, as Java decodes it. Borrowed when all is well.
 */
struct slice content_text(struct arena *a, struct slice bytes);

/* Compress for the client if the API does so, the body is large enough and Accept-Encoding allows:
 * Content-Encoding is added. */
void content_compress(struct gw_exchange *x);
/* The request's body as it was before Content-Encoding (gzip, deflate), if the API compresses at
 * all; else as it came. False: it is not what it says, or it grows over MAX_PLAIN_BODY. */
#define MAX_PLAIN_BODY ((size_t)10 << 20)
bool content_plain(struct gw_exchange *x, struct slice *body);

#endif
