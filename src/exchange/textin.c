/* textin.c -- Anki's text files to notes. The file is read in pieces and each record becomes a card
 * at once: a file of any size takes the memory of its largest record. */
#include "exchange/ankitext.h"
#include "exchange/html.h"
#include "exchange/notein.h"
#include "exchange/readers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PIECE ((size_t)64 << 10)

struct text {
	const struct reading *r;
	struct arena arena; /* of the headers */
	struct arena scratch;
	struct ankitext head;
	int tags_line; /* "tags: a b" in the place of a header; 0: none */
	size_t records;
	struct str fields[MAX_CSV_FIELDS]; /* turned into HTML */
};

/* -- headers ----------------------------------------------------------------------------------- */

/* Bytes of the line at p without its end; *next: where the next one begins. */
static size_t line_length(const char *p, const char *end, const char **next)
{
	const char *q = p;
	while (q < end && *q != '\n' && *q != '\r')
		q++;
	*next = q + (q < end && *q == '\r' && q + 1 < end && q[1] == '\n') + (q < end);
	return (size_t)(q - p);
}

/* The '#' lines at the top; where the records begin. NULL: an error. */
static const char *read_headers(struct text *t, const char *p, const char *end)
{
	struct pos at = {t->r->path, 1, 1};
	const char *next;
	if (end - p >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		p += 3;
	for (; p < end; p = next, at.line++) {
		struct slice line = {p, line_length(p, end, &next)};
		if (line.len > 5 && at.line == 1 && memcmp(p, "tags:", 5) == 0) {
			t->head.tags =
				str_trim(&t->arena, arena_strndup(&t->arena, p + 5, line.len - 5));
			t->tags_line = 1;
			continue;
		}
		if (!line.len || *p != '#')
			break;
		if (!ankitext_read(&t->head, &t->arena, line, at, t->r->d))
			return NULL;
	}
	return p;
}

/* -- records ----------------------------------------------------------------------------------- */

static struct slice column(const struct csv_record *r, int number)
{
	return number > 0 && (size_t)number <= r->count ? r->fields[number - 1]
							: (struct slice){"", 0};
}

static const char *text_of(struct text *t, struct slice s)
{
	return str_trim(&t->scratch, arena_strndup(&t->scratch, s.p, s.len));
}

/* A number would be an id in somebody's collection: it names nothing here. */
static const char *name_of(struct text *t, struct slice s, const char *otherwise)
{
	const char *name = text_of(t, s);
	if (!*name)
		name = otherwise;
	return name && *name && name[strspn(name, "0123456789")] ? name : NULL;
}

/* Does a field that nobody told us about look like HTML? */
static bool looks_like_html(struct slice s)
{
	const char *p = s.p, *end = p + s.len;
	for (; p + 2 < end; p++) {
		bool letter = (p[1] | 0x20) >= 'a' && (p[1] | 0x20) <= 'z';
		if (*p == '<' && (letter || p[1] == '/') && memchr(p, '>', (size_t)(end - p)))
			return true;
		if (*p == '&' && (letter || p[1] == '#') &&
		    memchr(p, ';', (size_t)(end - p < 10 ? end - p : 10)))
			return true;
	}
	return false;
}

static struct slice as_html(struct text *t, struct slice s, struct str *buffer)
{
	if (t->head.has_html ? t->head.html : looks_like_html(s))
		return s;
	str_reset(buffer);
	html_escape(buffer, s.p, s.len);
	return (struct slice){str_c(buffer), buffer->len};
}

static bool is_special(const struct ankitext *h, int number)
{
	return number == h->guid_column || number == h->notetype_column ||
	       number == h->deck_column || number == h->tags_column;
}

/* Where a column of this name belongs among the fields; 9: after those that are known. */
static int place_of(const struct text *t, size_t index)
{
	static const char *const first[] = {"Front", "Text", "Question"};
	static const char *const second[] = {"Back", "Back Extra", "Answer"};
	const char *name = index < t->head.column_count ? t->head.columns[index] : "";
	for (size_t i = 0; i < ARRAY_LEN(first); i++) {
		if (strcasecmp(name, first[i]) == 0)
			return 0;
		if (strcasecmp(name, second[i]) == 0)
			return 1;
	}
	return t->head.column_count ? 9 : 0;
}

/* The fields of the note: the columns that have no other use, those with known names first. */
static size_t read_fields(struct text *t, const struct csv_record *r, struct slice *out)
{
	size_t n = 0;
	for (int place = 0; place < 10; place++)
		for (size_t i = 0; i < r->count; i++)
			if (!is_special(&t->head, (int)i + 1) && place_of(t, i) == place) {
				out[n] = as_html(t, r->fields[i], &t->fields[n]);
				n++;
			}
	while (n > 1 && !out[n - 1].len)
		n--;
	return n;
}

static void split_tags(struct text *t, const char *text, const char **tags, size_t *n)
{
	char *p = arena_strdup(&t->scratch, text ? text : "");
	while (*(p += strspn(p, " \t\n")) && *n < MAX_TAGS) {
		size_t len = strcspn(p, " \t\n");
		tags[(*n)++] = p;
		p += len;
		if (*p)
			*p++ = '\0';
	}
}

/* A first record of nothing but names of columns: what spreadsheets have in the place of headers.
 */
static bool is_head(const struct csv_record *r)
{
	static const char *const names[] = {"Front",    "Back",   "Text", "Extra", "Back Extra",
					    "Question", "Answer", "Tags", "Deck"};
	for (size_t i = 0; i < r->count; i++) {
		size_t k = 0;
		while (k < ARRAY_LEN(names) &&
		       !(strlen(names[k]) == r->fields[i].len &&
			 strncasecmp(names[k], r->fields[i].p, r->fields[i].len) == 0))
			k++;
		if (k == ARRAY_LEN(names))
			return false;
	}
	return r->count > 1;
}

static void read_head(struct text *t, const struct csv_record *r)
{
	struct ankitext *h = &t->head;
	h->columns = arena_alloc(&t->arena, r->count * sizeof(*h->columns));
	for (size_t i = 0; i < r->count; i++) {
		const char *name = arena_strndup(&t->arena, r->fields[i].p, r->fields[i].len);
		h->columns[h->column_count++] = name;
		if (strcasecmp(name, "Tags") == 0 && !h->tags_column)
			h->tags_column = (int)i + 1;
		else if (strcasecmp(name, "Deck") == 0 && !h->deck_column)
			h->deck_column = (int)i + 1;
	}
}

static bool take(void *ctx, const struct csv_record *r)
{
	struct text *t = ctx;
	const struct ankitext *h = &t->head;
	struct slice fields[MAX_CSV_FIELDS];
	const char *tags[MAX_TAGS];
	struct note_in n = {
		.pos = {t->r->path, r->line, r->col},
		.file = t->r->path,
		.tags = tags,
		.fields = fields,
	};
	if (r->line == t->tags_line)
		return true;
	if (!t->records && !h->column_count && is_head(r)) {
		read_head(t, r);
		return true;
	}
	arena_clear(&t->scratch);
	n.has_tags = h->tags || h->tags_column;
	n.deck = name_of(t, column(r, h->deck_column), h->deck);
	n.guid = text_of(t, column(r, h->guid_column));
	n.kind = note_kind_named(name_of(t, column(r, h->notetype_column), h->notetype));
	n.field_count = read_fields(t, r, fields);
	split_tags(t, h->tags, tags, &n.tag_count);
	split_tags(t, text_of(t, column(r, h->tags_column)), tags, &n.tag_count);
	t->r->drafts->report->records++;
	note_take(t->r->drafts, &t->scratch, &n, NULL);
	return !t->r->drafts->full && reading_goes_on(t->r, "records", ++t->records, 0);
}

/* -- the file ---------------------------------------------------------------------------------- */

static bool read_pieces(struct text *t, FILE *f, char *bytes, size_t n)
{
	const char *records = read_headers(t, bytes, bytes + n);
	if (!records)
		return false;
	if (!t->head.separator)
		t->head.separator = ankitext_guess(records, n - (size_t)(records - bytes));
	struct csv_in *csv = csv_in_new(t->r->path, t->head.separator, take, t);
	bool ok = true;
	csv_in_comments(csv, true);
	for (; ok && n; n = fread(bytes, 1, PIECE, f))
		ok = csv_in_push(csv, bytes, n, t->r->d);
	if (ok && ferror(f))
		ok = diag_fail(t->r->d, "file-read", "cannot read %s: %s", t->r->path,
			       strerror(errno));
	ok = ok && csv_in_end(csv, t->r->d);
	csv_in_free(csv);
	return ok;
}

bool read_anki_text(const struct reading *r)
{
	FILE *f = fopen(r->path, "rbe");
	if (!f)
		return diag_fail(r->d, "file-open", "cannot open %s: %s", r->path, strerror(errno));
	struct text *t = xcalloc(1, sizeof(*t));
	char *bytes = xmalloc(PIECE);
	t->r = r;
	bool ok = read_pieces(t, f, bytes, fread(bytes, 1, PIECE, f));
	for (size_t i = 0; i < MAX_CSV_FIELDS; i++)
		str_clear(&t->fields[i]);
	arena_clear(&t->arena);
	arena_clear(&t->scratch);
	free(bytes);
	free(t);
	fclose(f);
	return ok;
}
