/* linttext.c -- rules about any text: characters that cannot be meant, broken encodings, HTML.
 *
 * The program shows no control character whatever a deck says, so these rules protect the author,
 * not the terminal: an escape or an override in a card is an accident or an attack, and either
 * should be seen before the deck is passed on. HTML is shown as it stands, since Markdown without
 * HTML is the format; code is exempt, because cards about an HTTP gateway quote tags and
 * <placeholders> there.
 */
#include "deck/lintrule.h"

#include "base/utf8.h"
#include "deck/mojibake.h"

#include <string.h>

static const struct {
	uint32_t first, last;
	const char *name;
} unwanted[] = {
	{0x00, 0x08, "a control character"},
	{0x0B, 0x0C, "a control character"},
	{0x0D, 0x0D, "a carriage return"},
	{0x0E, 0x1A, "a control character"},
	{0x1B, 0x1B, "an escape"},
	{0x1C, 0x1F, "a control character"},
	{0x7F, 0x9F, "a control character"},
	{0xAD, 0xAD, "an invisible hyphen"},
	{0x61C, 0x61C, "a direction mark"},
	{0x200B, 0x200B, "an invisible space"},
	{0x200E, 0x200F, "a direction mark"},
	{0x2028, 0x2029, "a line separator"},
	{0x202A, 0x202E, "a direction override"},
	{0x2060, 0x2064, "an invisible character"},
	{0x2066, 0x2069, "a direction override"},
	{0x206A, 0x206F, "an invisible character"},
	{0xE000, 0xE001, "a private character that marks the holes of a cloze"},
	{0xFEFF, 0xFEFF, "a byte order mark"},
	{0xFFF9, 0xFFFB, "an invisible character"},
	{0xFFFE, 0xFFFF, "a character that does not exist"},
};

static const char *unwanted_name(uint32_t cp)
{
	for (size_t i = 0; i < ARRAY_LEN(unwanted) && cp >= unwanted[i].first; i++)
		if (cp <= unwanted[i].last)
			return unwanted[i].name;
	return NULL;
}

void lint_control(struct lint *l, const struct node *text, bool shown)
{
	(void)shown;
	for (size_t at = 0; at < text->len;) {
		uint32_t cp = (unsigned char)text->text[at];
		int n = cp < 0x80 ? 1 : utf8_decode(text->text + at, text->len - at, &cp);
		const char *name = n > 0 ? unwanted_name(cp) : NULL;

		if (name) {
			lint_report(l, LINT_CONTROL, node_pos(text, l->file), "%s (U+%04X)", name,
				    (unsigned)cp);
			return;
		}
		at += (size_t)(n > 0 ? n : 1);
	}
}

void lint_mojibake(struct lint *l, const struct node *text, bool shown)
{
	struct pos at = node_pos(text, l->file);
	struct mojibake m;

	(void)shown;
	if (strstr(text->text, "\uFFFD"))
		lint_report(l, LINT_MOJIBAKE, at, "U+FFFD stands where a character was lost");
	else if (!mojibake_find(text->text, text->len, &m))
		return;
	else if (m.meant[0])
		lint_report(l, LINT_MOJIBAKE, at, "\"%.*s\" is \"%s\" in UTF-8, read as %s",
			    (int)m.found.len, m.found.p, m.meant, m.charset);
	else
		lint_report(l, LINT_MOJIBAKE, at,
			    "\"%.*s\" is what is left of a character in UTF-8, read as %s",
			    (int)m.found.len, m.found.p, m.charset);
}

/* Prose: Markdown without its code. */

static void blank_out(char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != '\n')
			p[i] = ' ';
}

/* The run of ` or ~ that could open or close a fence in this line, in quotes and lists too. */
static size_t fence_run(const char *line, size_t n, char *mark, const char **rest)
{
	size_t skip = 0, run = 0;

	while (skip < n && strchr(" >\t", line[skip]))
		skip++;
	if (skip < n && (line[skip] == '`' || line[skip] == '~'))
		*mark = line[skip];
	else
		return 0;
	while (skip + run < n && line[skip + run] == *mark)
		run++;
	*rest = line + skip + run;
	return run >= 3 ? run : 0;
}

static bool is_blank(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != ' ' && p[i] != '\t' && p[i] != '\r')
			return false;
	return true;
}

/* Where a walk over lines is: in a fence, after an empty line. */
struct code_state {
	size_t fence; /* length of the opening run, 0 outside */
	char mark;
	bool after_blank;
};

/* Is this line code, or the border of code? */
static bool is_code_line(struct code_state *s, const char *line, size_t n)
{
	char mark = 0;
	const char *rest = line;
	size_t run = fence_run(line, n, &mark, &rest);
	size_t rest_n = n - (size_t)(rest - line);
	bool blank = is_blank(line, n), after_blank = s->after_blank;

	s->after_blank = blank;
	if (s->fence > 0) {
		if (run >= s->fence && mark == s->mark && is_blank(rest, rest_n))
			s->fence = 0;
		return true;
	}
	if (run > 0 && (mark == '~' || !memchr(rest, '`', rest_n))) {
		s->fence = run;
		s->mark = mark;
		return true;
	}
	if (!blank && after_blank && (line[0] == '\t' || str_starts(line, "    "))) {
		s->after_blank = true; /* the next indented line goes on with it */
		return true;
	}
	return false;
}

static size_t tick_run(const char *p)
{
	return strspn(p, "`");
}

/* Past the run of exactly n ticks that closes a code span, or NULL if there is none before an empty
 * line. */
static char *span_end(char *p, size_t n)
{
	while (*p) {
		if (*p == '\n' && p[1 + strspn(p + 1, " \t")] == '\n')
			return NULL;
		size_t run = tick_run(p);

		if (run == n)
			return p + run;
		p += run > 0 ? run : 1;
	}
	return NULL;
}

static void blank_spans(char *p)
{
	while (*p) {
		size_t run = tick_run(p);

		if (*p == '\\' && p[1]) {
			p += 2;
		} else if (run > 0) {
			char *end = span_end(p + run, run);

			if (end)
				blank_out(p, (size_t)(end - p));
			p = end ? end : p + run;
		} else {
			p++;
		}
	}
}

char *lint_prose(struct arena *a, const char *md)
{
	char *out = arena_strdup(a, md);
	struct code_state state = {.after_blank = true};

	if (!strpbrk(out, "`~") && !strstr(out, "    ") && !strchr(out, '\t'))
		return out;
	for (char *line = out; *line;) {
		size_t n = strcspn(line, "\n");

		if (is_code_line(&state, line, n))
			blank_out(line, n);
		line += n + (line[n] == '\n');
	}
	blank_spans(out);
	return out;
}

/* HTML. */

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Bytes of the tag at p, which is '<'; 0 if CommonMark sees none. "<https://a>" is a link. */
static size_t tag_length(const char *p)
{
	size_t n = 1 + (p[1] == '/');

	if (p[1] == '!' || p[1] == '?')
		return is_letter(p[2]) || str_starts(p + 2, "--") ? 1 + strcspn(p, ">") : 0;
	if (!is_letter(p[n]))
		return 0;
	while (is_letter(p[n]) || (p[n] >= '0' && p[n] <= '9') || p[n] == '-')
		n++;
	if (p[n] && strchr(" \t\n/", p[n]))
		n += strcspn(p + n, "<>");
	return p[n] == '>' ? n + 1 : 0;
}

void lint_html(struct lint *l, const struct node *text, bool shown)
{
	if (!shown || !strchr(text->text, '<'))
		return;
	for (const char *p = lint_prose(&l->arena, text->text); *p; p++) {
		size_t n = *p == '<' ? tag_length(p) : 0;

		if (n > 0) {
			lint_report(l, LINT_HTML, node_pos(text, l->file),
				    "\"%.*s\" is HTML, which is shown as it stands; for code use "
				    "backticks",
				    (int)(n < 60 ? n : 60), p);
			return;
		}
		if (*p == '\\' && p[1])
			p++;
	}
}
