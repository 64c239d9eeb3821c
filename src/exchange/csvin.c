/* csvin.c -- the reader of delimited text; see csv.h.
 *
 * It is pushed bytes and keeps only the record it is in, so that a file of any size is read in a
 * bounded memory; the record's fields lie one behind the other in one buffer. A machine of five
 * states goes through the bytes, but text within a field is taken in spans: the bytes that can end
 * it are few.
 *
 *	          "                    separator, line end
 *	START ----------> QUOTED <---------------------------+
 *	  | ^               |  ^                             |
 *	  | | separator     |" |"                            |
 *	  v |               v  |                             |
 *	PLAIN             QUOTE ---- separator, line end ----+--> START
 *	COMMENT: from '#' at the start of a record to the end of its line
 *
 * Text is checked to be UTF-8 without NUL before the machine sees it. A character may be cut by the
 * end of a piece: its first bytes wait for the next. What is wrong is said where it stands, and
 * what came before it has been handed over. */
#include "exchange/csv.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum state { START, PLAIN, QUOTED, QUOTE, COMMENT };

struct csv_in {
	const char *file;
	char separator;
	bool comments;
	bool (*take)(void *ctx, const struct csv_record *r);
	void *ctx;
	enum state state;
	bool begun;        /* something of this record was read */
	bool after_cr;     /* a LF now belongs to the line end before */
	bool first_quoted; /* of this record */
	int line, col;     /* of the next byte */
	int record_line, record_col, field_line, field_col;
	bool started;    /* something of the file was read */
	struct str text; /* the fields so far */
	size_t starts[MAX_CSV_FIELDS + 1];
	size_t count; /* finished fields */
	struct slice fields[MAX_CSV_FIELDS];
	char cut[4]; /* the first bytes of a character */
	size_t cut_len;
};

struct csv_in *csv_in_new(const char *file, char separator,
			  bool (*take)(void *ctx, const struct csv_record *r), void *ctx)
{
	struct csv_in *c = xcalloc(1, sizeof(*c));
	c->file = file;
	c->separator = separator;
	c->take = take;
	c->ctx = ctx;
	c->line = c->col = 1;
	return c;
}

void csv_in_free(struct csv_in *c)
{
	if (!c)
		return;
	str_clear(&c->text);
	free(c);
}

void csv_in_separator(struct csv_in *c, char separator)
{
	c->separator = separator;
}

void csv_in_comments(struct csv_in *c, bool on)
{
	c->comments = on;
}

static struct pos here(const struct csv_in *c)
{
	return (struct pos){c->file, c->line, c->col};
}

static bool add_text(struct csv_in *c, const char *p, size_t n, struct diags *d)
{
	struct pos at = {c->file, c->field_line, c->field_col};
	if (c->text.len - c->starts[c->count] + n > MAX_CSV_FIELD)
		return diag_error(d, at, "csv-too-long",
				  "this field has more than %zu bytes; is a quote missing?",
				  MAX_CSV_FIELD);
	if (c->text.len + n > MAX_CSV_RECORD)
		return diag_error(d, at, "csv-too-long", "this record has more than %zu bytes",
				  MAX_CSV_RECORD);
	str_addn(&c->text, p, n);
	return true;
}

/* Move on past bytes. */
static void pass(struct csv_in *c, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool second = c->after_cr && p[i] == '\n';
		c->after_cr = p[i] == '\r';
		if (second)
			continue;
		if (p[i] == '\n' || p[i] == '\r') {
			c->line++;
			c->col = 1;
		} else if (((unsigned char)p[i] & 0xc0) != 0x80) {
			c->col++;
		}
	}
}

static void begin_field(struct csv_in *c)
{
	c->starts[c->count] = c->text.len;
	c->field_line = c->line;
	c->field_col = c->col;
}

static void begin_record(struct csv_in *c)
{
	str_reset(&c->text);
	c->count = 0;
	c->begun = false;
	c->first_quoted = false;
	c->state = START;
}

static bool end_field(struct csv_in *c, struct diags *d)
{
	if (c->count >= MAX_CSV_FIELDS)
		return diag_error(d, here(c), "csv-too-many", "this record has more than %d fields",
				  MAX_CSV_FIELDS);
	c->starts[++c->count] = c->text.len;
	c->state = START;
	return true;
}

static bool end_record(struct csv_in *c, struct diags *d)
{
	bool more = true;
	if (c->begun) {
		if (!end_field(c, d))
			return false;
		for (size_t i = 0; i < c->count; i++)
			c->fields[i] = (struct slice){str_c(&c->text) + c->starts[i],
						      c->starts[i + 1] - c->starts[i]};
		struct csv_record r = {c->fields, c->count, c->record_line, c->record_col,
				       c->first_quoted};
		more = c->take(c->ctx, &r);
	}
	begin_record(c);
	return more;
}

static bool is_line_end(char b)
{
	return b == '\n' || b == '\r';
}

/* Bytes from p on that need no decision. */
static size_t span(const struct csv_in *c, const char *p, size_t n)
{
	size_t i = 0;
	if (c->state == START || c->state == QUOTE)
		return 0;
	if (c->state == QUOTED) {
		const char *quote = memchr(p, '"', n);
		return quote ? (size_t)(quote - p) : n;
	}
	while (i < n && !is_line_end(p[i]) && (c->state == COMMENT || p[i] != c->separator))
		i++;
	return i;
}

/* The first byte of a field, which is no line end. */
static bool start_field(struct csv_in *c, char b, struct diags *d)
{
	if (!c->begun && c->comments && b == '#') {
		c->state = COMMENT;
		return true;
	}
	if (!c->begun) {
		c->record_line = c->line;
		c->record_col = c->col;
		c->first_quoted = b == '"';
	}
	begin_field(c);
	c->begun = true;
	if (b == c->separator)
		return end_field(c, d);
	c->state = b == '"' ? QUOTED : PLAIN;
	return b == '"' || add_text(c, &b, 1, d);
}

static bool after_quote(struct csv_in *c, char b, struct diags *d)
{
	if (is_line_end(b))
		return end_record(c, d);
	if (b == c->separator)
		return end_field(c, d);
	c->state = QUOTED;
	if (b == '"')
		return add_text(c, "\"", 1, d);
	return diag_error(d, here(c), "csv-quote",
			  "text after a closing quote: a quote inside of a quoted field is written "
			  "twice");
}

/* One byte that ends a span. */
static bool step(struct csv_in *c, char b, struct diags *d)
{
	switch (c->state) {
	case START:
		if (!is_line_end(b))
			return start_field(c, b, d);
		if (c->begun)
			begin_field(c);
		return end_record(c, d);
	case PLAIN:
		return is_line_end(b) ? end_record(c, d) : end_field(c, d);
	case QUOTED:
		c->state = QUOTE;
		return true;
	case QUOTE:
		return after_quote(c, b, d);
	case COMMENT:
		begin_record(c);
		return true;
	}
	return false;
}

/* Checked text: no NUL, and UTF-8. */
static bool feed(struct csv_in *c, const char *p, size_t n, struct diags *d)
{
	const char *end = p + n;
	while (p < end) {
		size_t text = span(c, p, (size_t)(end - p));
		if (text && c->state != COMMENT && !add_text(c, p, text, d))
			return false;
		pass(c, p, text);
		p += text;
		if (p == end)
			break;
		if (!step(c, *p, d))
			return false;
		pass(c, p++, 1);
	}
	return true;
}

static bool bad_bytes(struct csv_in *c, unsigned char first, struct diags *d)
{
	if (c->line == 1 && c->col == 1 && (first == 0xff || first == 0xfe))
		return diag_error(d, here(c), "csv-utf8",
				  "this is not UTF-8 but looks like UTF-16: save it as UTF-8");
	return diag_error(d, here(c), "csv-utf8",
			  "the byte 0x%02X here is not UTF-8: save the file as UTF-8", first);
}

/* Bytes at the end of p that may be the beginning of a character. */
static size_t cut_at_end(const char *p, size_t n)
{
	for (size_t back = 1; back <= 3 && back <= n; back++) {
		unsigned char b = (unsigned char)p[n - back];
		if (b < 0x80)
			return 0;
		if (b < 0xc0)
			continue;
		size_t length = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
		return back < length ? back : 0;
	}
	return 0;
}

/* Feed what is good of these bytes and report what is not. */
static bool check(struct csv_in *c, const char *p, size_t n, struct diags *d)
{
	size_t good = utf8_invalid_at(p, n);
	const char *nul = memchr(p, '\0', good);
	if (nul)
		good = (size_t)(nul - p);
	if (!feed(c, p, good, d))
		return false;
	if (nul)
		return diag_error(d, here(c), "csv-nul",
				  "a NUL byte: this is no text file, or not in UTF-8");
	return good == n || bad_bytes(c, (unsigned char)p[good], d);
}

static const char bom[] = "\xEF\xBB\xBF";

/* Add to a character that the pieces cut in two. False: bad, or take stopped it. */
static bool join(struct csv_in *c, const char **p, size_t *n, struct diags *d)
{
	while (cut_at_end(c->cut, c->cut_len) && *n) {
		if (((unsigned char)**p & 0xc0) != 0x80)
			return bad_bytes(c, (unsigned char)c->cut[0], d);
		c->cut[c->cut_len++] = *(*p)++;
		(*n)--;
	}
	if (!c->cut_len || cut_at_end(c->cut, c->cut_len))
		return true;
	size_t len = c->cut_len;
	bool mark = !c->started && len == 3 && memcmp(c->cut, bom, 3) == 0;
	c->cut_len = 0;
	c->started = true;
	return mark || check(c, c->cut, len, d);
}

bool csv_in_push(struct csv_in *c, const char *bytes, size_t n, struct diags *d)
{
	if (!c->started && !c->cut_len && n >= 3 && memcmp(bytes, bom, 3) == 0) {
		bytes += 3;
		n -= 3;
		c->started = true;
	}
	if (!join(c, &bytes, &n, d))
		return false;
	if (c->cut_len || !n)
		return true;
	size_t cut = cut_at_end(bytes, n);
	c->started = c->started || n > cut;
	if (!check(c, bytes, n - cut, d))
		return false;
	memcpy(c->cut, bytes + n - cut, cut);
	c->cut_len = cut;
	return true;
}

bool csv_in_end(struct csv_in *c, struct diags *d)
{
	if (c->cut_len)
		return bad_bytes(c, (unsigned char)c->cut[0], d);
	if (c->state == QUOTED)
		return diag_error(d, (struct pos){c->file, c->field_line, c->field_col}, "csv-open",
				  "the quote that opens here is never closed");
	if (c->state == COMMENT)
		return true;
	if (c->state == START && c->begun)
		begin_field(c);
	return end_record(c, d);
}
