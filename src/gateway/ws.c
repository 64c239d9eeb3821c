/* ws.c -- see ws.h. A frame is read in two steps: its head, byte by byte since it may come in any
 * pieces, then its payload, unmasked straight into the message. Text is checked as it comes, so
 * that a bad byte is refused before the message is whole.
 *
 * The check of UTF-8 is a small state machine over bytes; its states say how many bytes are to
 * follow and which the next may be (RFC 3629, table 3-7 of Unicode). */
#include "gateway/ws.h"
#include "base/base64.h"

#include <assert.h>
#include <openssl/evp.h>
#include <string.h>

/* ---- UTF-8 --------------------------------------------------------------------------- */

enum utf8_state {
	UTF8_START, /* between characters */
	UTF8_1,     /* one more byte, 80..BF */
	UTF8_2,
	UTF8_3,
	UTF8_E0, /* A0..BF, then one more */
	UTF8_ED, /* 80..9F, then one more: no surrogates */
	UTF8_F0, /* 90..BF, then two more */
	UTF8_F4, /* 80..8F, then two more: at most U+10FFFF */
	UTF8_BAD,
};

static enum utf8_state utf8_lead(uint8_t b)
{
	if (b < 0x80)
		return UTF8_START;
	if (b >= 0xC2 && b <= 0xDF)
		return UTF8_1;
	if (b == 0xE0)
		return UTF8_E0;
	if (b == 0xED)
		return UTF8_ED;
	if (b >= 0xE1 && b <= 0xEF)
		return UTF8_2;
	if (b == 0xF0)
		return UTF8_F0;
	if (b == 0xF4)
		return UTF8_F4;
	return b >= 0xF1 && b <= 0xF3 ? UTF8_3 : UTF8_BAD;
}

static enum utf8_state utf8_step(enum utf8_state s, uint8_t b)
{
	static const struct {
		uint8_t low, high, next;
	} rows[] = {
		[UTF8_1] = {0x80, 0xBF, UTF8_START}, [UTF8_2] = {0x80, 0xBF, UTF8_1},
		[UTF8_3] = {0x80, 0xBF, UTF8_2},     [UTF8_E0] = {0xA0, 0xBF, UTF8_1},
		[UTF8_ED] = {0x80, 0x9F, UTF8_1},    [UTF8_F0] = {0x90, 0xBF, UTF8_2},
		[UTF8_F4] = {0x80, 0x8F, UTF8_2},    [UTF8_BAD] = {1, 0, UTF8_BAD},
	};
	if (s == UTF8_START)
		return utf8_lead(b);
	return b >= rows[s].low && b <= rows[s].high ? (enum utf8_state)rows[s].next : UTF8_BAD;
}

static enum utf8_state utf8_check(enum utf8_state s, const char *p, size_t n)
{
	for (size_t i = 0; i < n && s != UTF8_BAD; i++) {
		if (s == UTF8_START) /* runs of ASCII are the rule */
			while (i + 8 <= n) {
				uint64_t word;
				memcpy(&word, p + i, 8);
				if (word & UINT64_C(0x8080808080808080))
					break;
				i += 8;
			}
		if (i < n)
			s = utf8_step(s, (uint8_t)p[i]);
	}
	return s;
}

/* ---- events -------------------------------------------------------------------------- */

static bool fail(struct ws_reader *r, struct ws_event *e, int code)
{
	r->ended = true;
	*e = (struct ws_event){.kind = WS_FAIL, .code = code};
	return true;
}

bool ws_code_valid(int code)
{
	if (code >= 3000 && code <= 4999)
		return true;
	return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

static bool close_event(struct ws_reader *r, struct ws_event *e)
{
	const char *reason = (const char *)r->control + 2;
	size_t n = r->control_len;
	*e = (struct ws_event){.kind = WS_CLOSE, .code = WS_NO_CODE};
	if (n == 1)
		return fail(r, e, WS_PROTOCOL_ERROR);
	if (n >= 2) {
		e->code = r->control[0] << 8 | r->control[1];
		e->payload = (struct slice){reason, n - 2};
		if (!ws_code_valid(e->code))
			return fail(r, e, WS_PROTOCOL_ERROR);
		if (utf8_check(UTF8_START, reason, n - 2) != UTF8_START)
			return fail(r, e, WS_BAD_DATA);
	}
	r->ended = true;
	return true;
}

/* The frame is whole. True: it makes an event. */
static bool frame_done(struct ws_reader *r, struct ws_event *e)
{
	r->in_payload = false;
	r->head_len = 0;
	if (r->opcode == WS_OP_CLOSE)
		return close_event(r, e);
	if (r->opcode == WS_OP_PING || r->opcode == WS_OP_PONG) {
		*e = (struct ws_event){
			.kind = r->opcode == WS_OP_PING ? WS_PING : WS_PONG,
			.payload = {(const char *)r->control, r->control_len},
		};
		return true;
	}
	if (!r->fin)
		return false;
	bool binary = r->message_opcode == WS_OP_BINARY;
	if (!binary && r->utf8 != UTF8_START)
		return fail(r, e, WS_BAD_DATA);
	r->message_opcode = 0;
	r->handed_out = true;
	*e = (struct ws_event){.kind = WS_MESSAGE,
			       .binary = binary,
			       .payload = {str_c(&r->message), r->message.len}};
	return true;
}

/* ---- the head of a frame ------------------------------------------------------------- */

static bool is_control(uint8_t opcode)
{
	return (opcode & 8) != 0;
}

/* What the first two bytes say. 0, or the code to fail with. */
static int check_start(const struct ws_reader *r)
{
	uint8_t opcode = r->head[0] & 15;
	uint8_t len = r->head[1] & 127;
	bool fin = r->head[0] & 128;
	bool masked = r->head[1] & 128;
	if (r->head[0] & 0x70 || masked == r->limits.from_server)
		return WS_PROTOCOL_ERROR; /* a reserved bit, or no mask; a server sends none */
	if (is_control(opcode)) {
		if (opcode > WS_OP_PONG || !fin || len > MAX_WS_CONTROL)
			return WS_PROTOCOL_ERROR;
		return 0;
	}
	if (opcode > WS_OP_BINARY)
		return WS_PROTOCOL_ERROR;
	if ((opcode == WS_OP_CONTINUATION) != (r->message_opcode != 0))
		return WS_PROTOCOL_ERROR; /* nothing to continue, or something unfinished */
	return opcode == WS_OP_BINARY && r->limits.no_binary ? WS_UNSUPPORTED : 0;
}

static uint64_t frame_length(const struct ws_reader *r, bool *minimal)
{
	uint8_t len = r->head[1] & 127;
	uint64_t n = 0;
	if (len < 126) {
		*minimal = true;
		return len;
	}
	for (int i = 0; i < (len == 126 ? 2 : 8); i++)
		n = n << 8 | r->head[2 + i];
	*minimal = len == 126 ? n >= 126 : n >= 65536 && n < UINT64_C(1) << 63;
	return n;
}

/* The head is whole: 0, or the code to fail with. */
static int begin_frame(struct ws_reader *r)
{
	bool minimal;
	uint64_t n = frame_length(r, &minimal);
	if (!minimal)
		return WS_PROTOCOL_ERROR;
	r->opcode = r->head[0] & 15;
	r->fin = r->head[0] & 128;
	r->left = n;
	r->mask_at = 0;
	r->in_payload = true;
	if (is_control(r->opcode)) {
		r->control_len = 0;
		return 0;
	}
	if (r->limits.frame && n > r->limits.frame)
		return WS_TOO_BIG;
	size_t most = r->limits.message ? r->limits.message : STR_MAX / 2;
	if (n > most - r->message.len)
		return WS_TOO_BIG;
	if (r->opcode != WS_OP_CONTINUATION) {
		r->message_opcode = r->opcode;
		r->utf8 = UTF8_START;
	}
	return 0;
}

/* Take bytes of the head. 0, or the code to fail with; *whole: payload may begin. */
static int read_head(struct ws_reader *r, const char *p, size_t n, size_t *used, bool *whole)
{
	*whole = false;
	while (*used < n) {
		r->head[r->head_len++] = (uint8_t)p[(*used)++];
		if (r->head_len == 2) {
			int code = check_start(r);
			uint8_t len = r->head[1] & 127;
			if (code)
				return code;
			r->head_need =
				(uint8_t)((r->limits.from_server ? 2 : 6) + (len == 126   ? 2
									     : len == 127 ? 8
											  : 0));
		}
		if (r->head_len >= 2 && r->head_len == r->head_need) {
			*whole = true;
			return begin_frame(r);
		}
	}
	return 0;
}

/* ---- the payload --------------------------------------------------------------------- */

static void unmask(char *out, const char *p, size_t n, const uint8_t *key, uint8_t at)
{
	uint8_t turned[8];
	uint64_t word_key;
	size_t i = 0;
	for (int k = 0; k < 8; k++)
		turned[k] = key[(at + k) & 3];
	memcpy(&word_key, turned, 8);
	for (; i + 8 <= n; i += 8) {
		uint64_t word;
		memcpy(&word, p + i, 8);
		word ^= word_key;
		memcpy(out + i, &word, 8);
	}
	for (; i < n; i++)
		out[i] = (char)((uint8_t)p[i] ^ turned[i & 7]);
}

/* Take bytes of the payload. 0, or the code to fail with. */
static int read_payload(struct ws_reader *r, const char *p, size_t n)
{
	static const uint8_t no_mask[4];
	const uint8_t *key = r->limits.from_server ? no_mask : r->head + r->head_need - 4;
	if (is_control(r->opcode)) {
		unmask((char *)r->control + r->control_len, p, n, key, r->mask_at);
		r->control_len = (uint8_t)(r->control_len + n);
	} else {
		size_t from = r->message.len;
		str_addn(&r->message, p, n);
		char *to = r->message.p + from;
		unmask(to, to, n, key, r->mask_at);
		if (r->message_opcode == WS_OP_TEXT) {
			r->utf8 = (uint8_t)utf8_check((enum utf8_state)r->utf8, to, n);
			if (r->utf8 == UTF8_BAD)
				return WS_BAD_DATA;
		}
	}
	r->mask_at = (uint8_t)((r->mask_at + n) & 3);
	r->left -= n;
	return 0;
}

bool ws_read(struct ws_reader *r, const char *p, size_t n, size_t *used, struct ws_event *e)
{
	*used = 0;
	if (r->handed_out) {
		str_clear(&r->message);
		r->handed_out = false;
	}
	while (!r->ended) {
		int code = 0;
		bool whole;
		if (!r->in_payload) {
			if (*used == n)
				return false;
			code = read_head(r, p, n, used, &whole);
			if (!code && !whole)
				return false;
		}
		size_t take = n - *used;
		if (take > r->left)
			take = (size_t)r->left;
		if (!code && take > 0)
			code = read_payload(r, p + *used, take);
		if (code)
			return fail(r, e, code);
		*used += take;
		if (r->left > 0)
			return false;
		if (frame_done(r, e))
			return true;
	}
	*used = n;
	return false;
}

void ws_reader_clear(struct ws_reader *r)
{
	str_clear(&r->message);
	r->handed_out = false;
}

/* ---- writing ------------------------------------------------------------------------- */

static void write_head(struct str *out, uint8_t first, size_t n, uint8_t masked)
{
	str_addc(out, (char)first);
	if (n < 126) {
		str_addc(out, (char)(masked | n));
	} else if (n < 65536) {
		str_addc(out, (char)(masked | 126));
		str_addc(out, (char)(n >> 8));
		str_addc(out, (char)n);
	} else {
		str_addc(out, (char)(masked | 127));
		for (int shift = 56; shift >= 0; shift -= 8)
			str_addc(out, (char)((uint64_t)n >> shift));
	}
}

static void write_frame(struct str *out, uint8_t first, const char *p, size_t n)
{
	write_head(out, first, n, 0);
	str_addn(out, p, n);
}

void ws_write_masked(struct str *out, enum ws_opcode opcode, const char *p, size_t n,
		     const uint8_t key[4])
{
	assert(n <= MAX_WS_CONTROL || !is_control((uint8_t)opcode));
	write_head(out, (uint8_t)(opcode | 128), n, 128);
	str_addn(out, (const char *)key, 4);
	if (n == 0)
		return;
	unmask(str_more(out, n), p, n, key, 0);
	str_wrote(out, n);
}

void ws_write_message(struct str *out, bool binary, const char *p, size_t n, size_t frame)
{
	uint8_t opcode = binary ? WS_OP_BINARY : WS_OP_TEXT;
	while (frame && n > frame) {
		write_frame(out, opcode, p, frame);
		p += frame;
		n -= frame;
		opcode = WS_OP_CONTINUATION;
	}
	write_frame(out, opcode | 128, p, n);
}

void ws_write_control(struct str *out, enum ws_opcode opcode, const char *p, size_t n)
{
	assert(n <= MAX_WS_CONTROL);
	write_frame(out, (uint8_t)(opcode | 128), p, n);
}

void ws_write_close(struct str *out, int code, const char *reason)
{
	size_t n = reason ? strlen(reason) : 0;
	if (code == WS_NO_CODE) {
		ws_write_control(out, WS_OP_CLOSE, "", 0);
		return;
	}
	if (n > MAX_WS_CONTROL - 2) {
		n = MAX_WS_CONTROL - 2;
		while (n > 0 && ((uint8_t)reason[n] & 0xC0) == 0x80)
			n--;
	}
	str_addc(out, (char)(WS_OP_CLOSE | 128));
	str_addc(out, (char)(n + 2));
	str_addc(out, (char)(code >> 8));
	str_addc(out, (char)code);
	str_addn(out, reason ? reason : "", n);
}

/* ---- the handshake ------------------------------------------------------------------- */

void ws_accept(const char *key, char out[29])
{
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	struct str text = {0};
	struct str code = {0};
	str_add(&text, key);
	str_add(&text, guid);
	EVP_Digest(text.p, text.len, hash, &len, EVP_sha1(), NULL);
	base64_encode(&code, hash, len);
	assert(code.len == 28);
	memcpy(out, str_c(&code), code.len + 1);
	str_clear(&text);
	str_clear(&code);
}

/* Is word one of a list separated by commas, without case? */
static bool lists(const char *value, const char *word)
{
	size_t n = strlen(word);
	while (value && *value) {
		value += strspn(value, " \t,");
		size_t len = strcspn(value, " \t,");
		if (len == n) {
			char item[32];
			if (n < sizeof(item)) {
				memcpy(item, value, n);
				item[n] = '\0';
				if (gw_name_eq(item, word))
					return true;
			}
		}
		value += len;
	}
	return false;
}

/* 16 bytes in base64. */
static bool key_is_good(const char *key)
{
	struct str bytes = {0};
	bool ok = key && strlen(key) == 24 && base64_decode(&bytes, key, 24) && bytes.len == 16;
	str_clear(&bytes);
	return ok;
}

int ws_handshake_status(const struct gw_request *q)
{
	const struct gw_headers *h = &q->headers;
	const char *upgrade = gw_headers_first(h, "Upgrade");
	const char *version = gw_headers_first(h, "Sec-WebSocket-Version");
	bool connection = false;
	for (size_t i = 0; i < h->count; i++)
		connection |= gw_name_eq(h->items[i].name, "Connection") &&
			      lists(h->items[i].value, "upgrade");
	if (!upgrade || !lists(upgrade, "websocket") || !connection)
		return 426;
	if (strcmp(q->method, "GET") != 0)
		return 400;
	if (!version || strcmp(version, "13") != 0)
		return 426;
	return key_is_good(gw_headers_first(h, "Sec-WebSocket-Key")) ? 0 : 400;
}
