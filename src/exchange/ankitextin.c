/* ankitextin.c -- the headers of Anki's text files, in; see ankitext.h. Words and numbers end at
 * the first sign that is neither letter nor digit, since a spreadsheet that saves the file puts its
 * separators behind every line; names are taken whole. */
#include "exchange/ankitext.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *word;
	char separator;
} separators[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"\\t", '\t'},
		  {"space", ' '}, {"pipe", '|'},      {"colon", ':'}};

/* The value up to a sign, but for the first character. */
static char *word_of(struct arena *a, const char *value)
{
	size_t n = *value ? 1 : 0;
	while (isalnum((unsigned char)value[n]))
		n++;
	return arena_strndup(a, value, n);
}

static bool bad_value(const char *key, const char *value, struct pos at, struct diags *d)
{
	return diag_error(d, at, "ankitext-value", "#%s cannot be \"%.40s\"", key, value);
}

static bool read_separator(struct ankitext *t, struct arena *a, const char *value, struct pos at,
			   struct diags *d)
{
	const char *word = word_of(a, value);
	for (size_t i = 0; i < ARRAY_LEN(separators); i++)
		if (strcasecmp(word, separators[i].word) == 0 ||
		    strcasecmp(value, separators[i].word) == 0) {
			t->separator = separators[i].separator;
			return true;
		}
	unsigned char first = (unsigned char)value[0];
	if (!first || isalnum(first) || first >= 0x80 || first == '"' || first == '#')
		return bad_value("separator", value, at, d);
	t->separator = (char)first;
	return true;
}

static bool read_column(struct arena *a, const char *key, const char *value, int *column,
			struct pos at, struct diags *d)
{
	long long n;
	if (!str_to_i64(word_of(a, value), 1, MAX_CSV_FIELDS, &n))
		return bad_value(key, value, at, d);
	*column = (int)n;
	return true;
}

/* Names, separated as the records are. */
static void read_names(struct ankitext *t, struct arena *a, const char *value)
{
	char separator = t->separator ? t->separator : '\t';
	size_t n = 1;
	for (const char *p = value; *p; p++)
		n += *p == separator;
	t->columns = arena_alloc(a, n * sizeof(*t->columns));
	t->column_count = 0;
	for (const char *p = value;;) {
		const char *end = strchr(p, separator);
		size_t len = end ? (size_t)(end - p) : strlen(p);
		char *name = str_trim(a, arena_strndup(a, p, len));
		size_t last = strlen(name);
		if (last > 1 && *name == '"' && name[last - 1] == '"')
			name = arena_strndup(a, name + 1, last - 2);
		t->columns[t->column_count++] = name;
		if (!end)
			return;
		p = end + 1;
	}
}

bool ankitext_read(struct ankitext *t, struct arena *a, struct slice line, struct pos at,
		   struct diags *d)
{
	const char *colon = line.len ? memchr(line.p, ':', line.len) : NULL;
	if (!colon || *line.p != '#')
		return true;
	char *key = str_trim(a, arena_strndup(a, line.p + 1, (size_t)(colon - line.p - 1)));
	/* A separator of blanks must not be trimmed away. */
	char *raw = arena_strndup(a, colon + 1, line.len - (size_t)(colon + 1 - line.p));
	char *value = *raw && !raw[1] ? raw : str_trim(a, raw);
	const struct {
		const char *key;
		int *column;
	} columns[] = {{"guid column", &t->guid_column},
		       {"notetype column", &t->notetype_column},
		       {"deck column", &t->deck_column},
		       {"tags column", &t->tags_column}};
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		if (strcasecmp(key, columns[i].key) == 0)
			return read_column(a, columns[i].key, value, columns[i].column, at, d);
	if (strcasecmp(key, "separator") == 0)
		return read_separator(t, a, value, at, d);
	if (strcasecmp(key, "html") == 0) {
		t->has_html = true;
		t->html = strcasecmp(word_of(a, value), "true") == 0;
	} else if (strcasecmp(key, "columns") == 0) {
		read_names(t, a, raw);
	} else if (strcasecmp(key, "tags") == 0) {
		t->tags = value;
	} else if (strcasecmp(key, "deck") == 0) {
		t->deck = value;
	} else if (strcasecmp(key, "notetype") == 0) {
		t->notetype = value;
	}
	return true;
}

/* How often c stands in a line outside of quotes, and where the line ends. */
static size_t count_in_line(const char **p, const char *end, char c)
{
	size_t n = 0;
	bool quoted = false;
	const char *q = *p;
	for (; q < end && (quoted || (*q != '\n' && *q != '\r')); q++) {
		if (*q == '"')
			quoted = !quoted;
		else if (*q == c && !quoted)
			n++;
	}
	*p = q;
	return n;
}

/* Does c stand in each of the first lines, and equally often? The last line may be cut off. */
static bool separates(const char *sample, size_t n, bool whole, char c)
{
	const char *p = sample, *end = sample + n;
	size_t first = 0, lines = 0;
	while (p < end && lines < 10) {
		bool comment = *p == '#', empty = *p == '\n' || *p == '\r';
		size_t count = count_in_line(&p, end, c);
		bool cut = p == end && !whole;
		p += p < end;
		if (comment || empty || (cut && lines))
			continue;
		if (!lines++)
			first = count;
		if (!count || count != first)
			return false;
	}
	return lines > 0;
}

char ankitext_guess(const char *sample, size_t n)
{
	static const char likely[] = "\t,;|", order[] = "\t|;:, ";
	size_t most = n < 8192 ? n : 8192;
	for (size_t i = 0; likely[i]; i++)
		if (separates(sample, most, most == n, likely[i]))
			return likely[i];
	for (size_t i = 0; order[i]; i++)
		if (most && memchr(sample, order[i], most))
			return order[i];
	return ',';
}
