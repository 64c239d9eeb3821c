/* json.c -- see json.h. The reader goes once over the bytes, with the stack of build.h in place of
 * recursion, and knows two states: a value must follow, or a value has ended. Texts without escapes
 * are copied in one piece.
 *
 * Strict means RFC 8259 and what it leaves open is refused: a byte order mark, lone surrogates
 * (they have no UTF-8), keys given twice. Numbers are checked and kept as text: 2.50, 1e400 and 30
 * digits come out as they went in, and who needs a value converts it.
 *
 * Columns count code points. They are wanted for each node, and a file may be a single line of
 * megabytes, so the count goes on from the last node instead of from the start of the line.
 *
 * The writer escapes more than it must: DEL, C1 controls and the two Unicode line ends, so that its
 * output may go to a terminal. */
#include "base/json.h"

#include "base/build.h"
#include "base/utf8.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	struct build build;
	const char *p, *end;
	const char *counted; /* line and col are those of this byte */
	int line, col;
};

enum step { STEP_FAILED, STEP_VALUE, STEP_AFTER, STEP_DONE };

/* The reader */

static void count_to(struct reader *r, const char *p)
{
	int col = r->col;
	for (const char *c = r->counted; c < p; c++)
		col += ((unsigned char)*c & 0xc0) != 0x80;
	r->col = col;
	r->counted = p;
}

/* Position of p, which is at or behind the last one asked for and on the current line. */
static struct pos pos_at(struct reader *r, const char *p)
{
	count_to(r, p);
	return (struct pos){r->build.file, r->line, r->col};
}

static enum step fail_at(struct reader *r, const char *p, const char *what)
{
	diag_error(r->build.d, pos_at(r, p), "json-syntax", "%s", what);
	return STEP_FAILED;
}

static int peek(const struct reader *r)
{
	return r->p < r->end ? (unsigned char)*r->p : -1;
}

static enum step unexpected(struct reader *r, const char *wanted)
{
	int c = peek(r);
	char what[80];
	if (c < 0)
		snprintf(what, sizeof(what), "the text ends where %s must follow", wanted);
	else if (c > 0x20 && c < 0x7f)
		snprintf(what, sizeof(what), "'%c' where %s must follow", c, wanted);
	else
		snprintf(what, sizeof(what), "%s must follow here", wanted);
	return fail_at(r, r->p, what);
}

static void skip_space(struct reader *r)
{
	for (; r->p < r->end; r->p++) {
		if (*r->p == '\n') {
			r->line++;
			r->col = 1;
			r->counted = r->p + 1;
		} else if (*r->p != ' ' && *r->p != '\t' && *r->p != '\r') {
			return;
		}
	}
}

/* Four hex digits at p, or -1. */
static int32_t hex4(const char *p, const char *end)
{
	if (end - p < 4)
		return -1;
	int32_t v = 0;
	for (int i = 0; i < 4; i++) {
		int c = (unsigned char)p[i];
		int lower = c | 0x20;
		if (c >= '0' && c <= '9')
			v = v * 16 + (c - '0');
		else if (lower >= 'a' && lower <= 'f')
			v = v * 16 + (lower - 'a' + 10);
		else
			return -1;
	}
	return v;
}

/* \uXXXX, or a pair of them, from the 'u' on. Returns the bytes used, 0 if malformed or a lone
 * surrogate. */
static size_t read_unicode(const char *p, const char *end, uint32_t *cp)
{
	int32_t high = hex4(p + 1, end);
	if (high < 0 || (high >= 0xdc00 && high <= 0xdfff))
		return 0;
	*cp = (uint32_t)high;
	if (high < 0xd800 || high > 0xdbff)
		return 5;
	if (end - p < 11 || p[5] != '\\' || p[6] != 'u')
		return 0;
	int32_t low = hex4(p + 7, end);
	if (low < 0xdc00 || low > 0xdfff)
		return 0;
	*cp = 0x10000 + (((uint32_t)high - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
	return 11;
}

/* One escape from behind the backslash on. Returns the bytes used, 0 if there is no such escape;
 * *out moves on. */
static size_t unescape_one(const char *p, const char *end, char **out)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char meant[] = "\"\\/\b\f\n\r\t";
	const char *at = *p ? strchr(letters, *p) : NULL;
	if (at) {
		*(*out)++ = meant[at - letters];
		return 1;
	}
	uint32_t cp;
	size_t used = *p == 'u' ? read_unicode(p, end, &cp) : 0;
	if (used)
		*out += utf8_encode(cp, *out);
	return used;
}

/* Copy [p, end), the inside of a text, with its escapes resolved. Returns where it is wrong, or
 * NULL; *out moves on. */
static const char *unescape(const char *p, const char *end, char **out)
{
	while (p < end) {
		const char *slash = memchr(p, '\\', (size_t)(end - p));
		size_t plain = (size_t)((slash ? slash : end) - p);
		memcpy(*out, p, plain);
		*out += plain;
		if (!slash)
			return NULL;
		size_t used = unescape_one(slash + 1, end, out);
		if (!used)
			return slash;
		p = slash + 1 + used;
	}
	return NULL;
}

/* From behind the opening quote to the closing one, or to the first byte that cannot be in it. */
static const char *text_end(const char *p, const char *end, bool *escapes)
{
	*escapes = false;
	for (; p < end && *p != '"' && (unsigned char)*p >= 0x20; p++) {
		if (*p != '\\')
			continue;
		*escapes = true;
		if (++p == end)
			break;
	}
	return p;
}

static enum step read_text(struct reader *r)
{
	const char *from = r->p + 1;
	bool escapes;
	const char *to = text_end(from, r->end, &escapes);
	struct pos at = pos_at(r, r->p);
	if (to == r->end)
		return fail_at(r, to, "the text ends inside a string");
	if (*to != '"')
		return fail_at(r, to, "a control character in a string; write it as an escape");
	struct node *n = build_scalar(&r->build, NODE_TEXT, at.line, at.col, (size_t)(to - from));
	if (!n)
		return STEP_FAILED;
	char *out = build_room(n);
	const char *wrong = escapes ? unescape(from, to, &out) : NULL;
	if (wrong)
		return fail_at(r, wrong,
			       "there is no such escape, or it is half of a surrogate pair");
	if (escapes)
		n->len = (size_t)(out - n->text);
	else
		memcpy(out, from, n->len);
	r->p = to + 1;
	return build_add(&r->build, n) ? STEP_AFTER : STEP_FAILED;
}

static enum step add_word(struct reader *r, enum node_kind kind, size_t len)
{
	struct pos at = pos_at(r, r->p);
	struct node *n = build_scalar(&r->build, kind, at.line, at.col, len);
	if (!n)
		return STEP_FAILED;
	memcpy(build_room(n), r->p, len);
	r->p += len;
	return build_add(&r->build, n) ? STEP_AFTER : STEP_FAILED;
}

/* Past the digits at p, of which there must be one: else NULL. */
static const char *digits(const char *p, const char *end)
{
	const char *from = p;
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p > from ? p : NULL;
}

/* Past the number at p, or NULL. */
static const char *number_end(const char *p, const char *end)
{
	if (p < end && *p == '-')
		p++;
	if (p < end && *p == '0')
		p++;
	else if (!(p = digits(p, end)))
		return NULL;
	if (p < end && *p == '.' && !(p = digits(p + 1, end)))
		return NULL;
	if (p == end || (*p != 'e' && *p != 'E'))
		return p;
	p++;
	if (p < end && (*p == '+' || *p == '-'))
		p++;
	return digits(p, end);
}

static enum step read_word(struct reader *r)
{
	static const struct {
		const char *text;
		enum node_kind kind;
	} words[] = {{"true", NODE_BOOL}, {"false", NODE_BOOL}, {"null", NODE_NULL}};
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t len = strlen(words[i].text);
		if ((size_t)(r->end - r->p) >= len && memcmp(r->p, words[i].text, len) == 0)
			return add_word(r, words[i].kind, len);
	}
	return unexpected(r, "a value");
}

static enum step read_number(struct reader *r)
{
	const char *to = number_end(r->p, r->end);
	if (!to)
		return fail_at(r, r->p, "this is not a number as JSON writes them");
	return add_word(r, NODE_NUMBER, (size_t)(to - r->p));
}

/* A key and its colon. */
static enum step read_key(struct reader *r)
{
	skip_space(r);
	if (peek(r) != '"')
		return unexpected(r, "a key in double quotes");
	if (read_text(r) == STEP_FAILED)
		return STEP_FAILED;
	skip_space(r);
	if (peek(r) != ':')
		return unexpected(r, "':'");
	r->p++;
	return STEP_VALUE;
}

static enum step close_node(struct reader *r)
{
	build_close(&r->build);
	r->p++;
	return STEP_AFTER;
}

static enum step open_node(struct reader *r, enum node_kind kind, char close)
{
	struct pos at = pos_at(r, r->p);
	if (!build_open(&r->build, kind, at.line, at.col))
		return STEP_FAILED;
	r->p++;
	skip_space(r);
	if (peek(r) == close)
		return close_node(r);
	return kind == NODE_MAP ? read_key(r) : STEP_VALUE;
}

static enum step read_value(struct reader *r)
{
	skip_space(r);
	int c = peek(r);
	if (c == '{')
		return open_node(r, NODE_MAP, '}');
	if (c == '[')
		return open_node(r, NODE_LIST, ']');
	if (c == '"')
		return read_text(r);
	if (c == '-' || (c >= '0' && c <= '9'))
		return read_number(r);
	return read_word(r);
}

static enum step read_after(struct reader *r)
{
	skip_space(r);
	int c = peek(r);
	if (!r->build.depth)
		return c < 0 ? STEP_DONE : unexpected(r, "the end");
	bool map = build_in_map(&r->build);
	if (c == (map ? '}' : ']'))
		return close_node(r);
	if (c != ',')
		return unexpected(r, map ? "',' or '}'" : "',' or ']'");
	r->p++;
	return map ? read_key(r) : STEP_VALUE;
}

static bool check_bytes(const char *file, const char *bytes, size_t n, struct diags *d)
{
	if (n > MAX_TREE_BYTES)
		return diag_error(d, (struct pos){file, 1, 1}, "tree-too-large",
				  "the text has %zu bytes; at most %zu are read", n,
				  MAX_TREE_BYTES);
	size_t bad = utf8_invalid_at(bytes, n);
	if (bad < n)
		return diag_error(d, build_pos(file, bytes, bad), "json-utf8",
				  "byte 0x%02X is not valid UTF-8", (unsigned char)bytes[bad]);
	return true;
}

static bool read_all(struct arena *a, const char *file, struct slice text, bool wire,
		     struct node **root, struct diags *d)
{
	const char *bytes = text.p ? text.p : "";
	size_t n = text.len;
	*root = NULL;
	if (!check_bytes(file, bytes, n, d))
		return false;
	struct reader r = {
		.p = bytes,
		.end = bytes + n,
		.counted = bytes,
		.line = 1,
		.col = 1,
	};
	r.build = (struct build){
		.arena = a,
		.file = file,
		.d = d,
		.duplicate_code = "json-duplicate-key",
		.key_code = "json-syntax",
		.max_scalar = wire ? MAX_JSON_WIRE : 0,
		.last_wins = wire,
	};
	enum step step = STEP_VALUE;
	while (step == STEP_VALUE || step == STEP_AFTER)
		step = step == STEP_VALUE ? read_value(&r) : read_after(&r);
	if (step == STEP_FAILED || r.build.failed)
		return false;
	*root = r.build.root;
	return true;
}

bool json_read(struct arena *a, const char *file, const char *bytes, size_t n, struct node **root,
	       struct diags *d)
{
	return read_all(a, file, (struct slice){bytes, n}, false, root, d);
}

bool json_read_wire(struct arena *a, struct slice text, struct node **root)
{
	return read_all(a, NULL, text, true, root, NULL);
}

/* The writer */

static bool must_escape(uint32_t cp)
{
	return cp < 0x20 || cp == '"' || cp == '\\' || (cp >= 0x7f && cp <= 0x9f) || cp == 0x2028 ||
	       cp == 0x2029;
}

static void add_escape(struct str *out, uint32_t cp)
{
	static const char controls[] = "\b\f\n\r\t";
	static const char letters[] = "bfnrt";
	const char *at = cp && cp < 0x20 ? strchr(controls, (int)cp) : NULL;
	if (at)
		str_addf(out, "\\%c", letters[at - controls]);
	else if (cp == '"' || cp == '\\')
		str_addf(out, "\\%c", (char)cp);
	else
		str_addf(out, "\\u%04x", (unsigned)cp);
}

void json_add_string(struct str *out, const char *text, size_t n)
{
	str_addc(out, '"');
	size_t done = 0; /* bytes before this are in out */
	for (size_t i = 0; i < n;) {
		unsigned char c = (unsigned char)text[i];
		if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
			i++;
			continue;
		}
		uint32_t cp;
		int used = utf8_decode(text + i, n - i, &cp);
		if (!used || must_escape(cp)) {
			str_addn(out, text + done, i - done);
			if (used)
				add_escape(out, cp);
			else
				str_add(out, "\xef\xbf\xbd");
			done = i + (used ? (size_t)used : 1);
		}
		i += used ? (size_t)used : 1;
	}
	str_addn(out, text + done, n - done);
	str_addc(out, '"');
}

static void write_children(struct str *out, const struct node *n)
{
	for (const struct node *child = n->child; child; child = child->next) {
		if (child != n->child)
			str_addc(out, ',');
		if (n->kind == NODE_MAP) {
			json_add_string(out, child->key->text, child->key->len);
			str_addc(out, ':');
		}
		json_write(out, child);
	}
}

void json_write(struct str *out, const struct node *n)
{
	switch (n->kind) {
	case NODE_NULL:
		str_add(out, "null");
		return;
	case NODE_BOOL:
	case NODE_NUMBER:
		str_addn(out, n->text, n->len);
		return;
	case NODE_TEXT:
		json_add_string(out, n->text, n->len);
		return;
	case NODE_LIST:
	case NODE_MAP:
		str_addc(out, n->kind == NODE_MAP ? '{' : '[');
		write_children(out, n);
		str_addc(out, n->kind == NODE_MAP ? '}' : ']');
		return;
	}
}

/* The streaming writer */

static void new_line(struct json_out *j)
{
	if (j->indent)
		str_addf(j->out, "\n%*s", 2 * j->depth, "");
}

/* What comes before a value: comma, line, key. */
static void lead_in(struct json_out *j, const char *key)
{
	if (j->depth) {
		if (j->comma[j->depth])
			str_addc(j->out, ',');
		j->comma[j->depth] = true;
		new_line(j);
	}
	if (!key)
		return;
	json_add_string(j->out, key, strlen(key));
	str_add(j->out, j->indent ? ": " : ":");
}

static void begin(struct json_out *j, const char *key, char open, char close)
{
	assert(j->depth + 1 < MAX_JSON_NEST);
	lead_in(j, key);
	str_addc(j->out, open);
	j->depth++;
	j->comma[j->depth] = false;
	j->close[j->depth] = close;
}

void json_object(struct json_out *j, const char *key)
{
	begin(j, key, '{', '}');
}

void json_list(struct json_out *j, const char *key)
{
	begin(j, key, '[', ']');
}

void json_end(struct json_out *j)
{
	assert(j->depth > 0);
	char close = j->close[j->depth];
	bool filled = j->comma[j->depth];
	j->depth--;
	if (filled)
		new_line(j);
	str_addc(j->out, close);
}

void json_text(struct json_out *j, const char *key, const char *text)
{
	lead_in(j, key);
	if (text)
		json_add_string(j->out, text, strlen(text));
	else
		str_add(j->out, "null");
}

void json_int(struct json_out *j, const char *key, long long v)
{
	lead_in(j, key);
	str_addf(j->out, "%lld", v);
}

void json_number(struct json_out *j, const char *key, const char *text)
{
	lead_in(j, key);
	str_add(j->out, text);
}

/* The fewest digits that read back as v. A normal number that fewer than DBL_DIG digits give is
 * written so by %.15g, which drops trailing zeros; a subnormal one may need fewer. Size is room for
 * 17 digits, sign, point and exponent. */
static void shortest(double v, char *text, size_t size)
{
	int digits10 = fpclassify(v) == FP_SUBNORMAL ? 1 : DBL_DIG;
	do
		snprintf(text, size, "%.*g", digits10, v);
	while (strtod(text, NULL) != v && digits10++ < DBL_DECIMAL_DIG);
}

void json_real(struct json_out *j, const char *key, double v)
{
	lead_in(j, key);
	if (!isfinite(v)) {
		str_add(j->out, "null");
		return;
	}
	char text[40];
	shortest(v, text, sizeof(text));
	size_t whole = strspn(text, "-0123456789");
	size_t point = strcspn(text + whole, "0123456789e");
	str_addn(j->out, text, whole);
	if (point) /* whatever the locale writes */
		str_addc(j->out, '.');
	str_add(j->out, text + whole + point);
}

void json_bool(struct json_out *j, const char *key, bool v)
{
	lead_in(j, key);
	str_add(j->out, v ? "true" : "false");
}

void json_node(struct json_out *j, const char *key, const struct node *n)
{
	switch (n->kind) {
	case NODE_NULL:
		json_text(j, key, NULL);
		break;
	case NODE_BOOL:
		json_bool(j, key, strcmp(n->text, "true") == 0);
		break;
	case NODE_NUMBER:
		json_number(j, key, n->text);
		break;
	case NODE_TEXT: /* may hold NUL characters */
		lead_in(j, key);
		json_add_string(j->out, n->text, n->len);
		break;
	case NODE_LIST:
	case NODE_MAP:
		if (j->depth >= MAX_JSON_NEST - 1) {
			json_text(j, key, NULL);
			break;
		}
		if (n->kind == NODE_LIST)
			json_list(j, key);
		else
			json_object(j, key);
		for (const struct node *c = n->child; c; c = c->next)
			json_node(j, n->kind == NODE_MAP ? c->key->text : NULL, c);
		json_end(j);
		break;
	}
}
