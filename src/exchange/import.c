/* import.c -- see import.h: which format a file is of, and the way all of them go. A file is read
 * by the reader of its format, which hands cards to the drafts; when all files were read, the
 * drafts become decks. */
#include "exchange/import.h"

#include "base/build.h"
#include "base/file.h"
#include "base/utf8.h"
#include "exchange/readers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLE_BYTES 8192 /* that are looked at to tell formats apart */

static const struct {
	const char *name;
	const char *suffixes[4]; /* NULL-terminated */
	bool (*read)(const struct reading *r);
} formats[IMPORT_FORMAT_COUNT] = {
	[IMPORT_ANKI_TEXT] = {"anki-text", {".csv", ".tsv", ".txt"}, read_anki_text},
	[IMPORT_APKG] = {"apkg", {".apkg", ".colpkg"}, read_apkg},
	[IMPORT_JSON] = {"json", {".json"}, read_json},
	[IMPORT_MARKDOWN] = {"markdown", {".md", ".markdown"}, read_markdown},
	[IMPORT_GIFT] = {"gift", {".gift"}, read_gift},
	[IMPORT_YAML] = {"yaml", {".yaml", ".yml"}, read_yaml},
};
const char *const import_format_names[IMPORT_FORMAT_COUNT] = {
	[IMPORT_ANKI_TEXT] = "anki-text", [IMPORT_APKG] = "apkg", [IMPORT_JSON] = "json",
	[IMPORT_MARKDOWN] = "markdown",   [IMPORT_GIFT] = "gift", [IMPORT_YAML] = "yaml",
};

bool import_format_named(const char *name, enum import_format *out)
{
	for (size_t i = 0; i < IMPORT_FORMAT_COUNT; i++)
		if (str_eq(import_format_names[i], name)) {
			*out = (enum import_format)i;
			return true;
		}
	return false;
}

/* -- telling formats apart --------------------------------------------------------------------- */

static bool begins(struct slice s, const char *text)
{
	size_t n = strlen(text);
	return s.len >= n && memcmp(s.p, text, n) == 0;
}

/* Does a line of the sample begin so, after blanks and stars? */
static bool line_begins(struct slice s, const char *text)
{
	bool start = true;
	for (size_t i = 0; i < s.len; i++) {
		if (start && begins((struct slice){s.p + i, s.len - i}, text))
			return true;
		start = s.p[i] == '\n' || (start && strchr(" \t*\r", s.p[i]));
	}
	return false;
}

static bool is_anki_header(struct slice s)
{
	static const char *const keys[] = {"#separator:",   "#html:",        "#deck:",
					   "#notetype:",    "#tags:",        "#columns:",
					   "#guid column:", "#deck column:", "#notetype column:",
					   "#tags column:"};
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (begins(s, keys[i]))
			return true;
	return false;
}

/* What the bytes cannot be mistaken for. */
static bool by_bytes(struct slice s, enum import_format *out)
{
	if (begins(s, "PK\3\4") || begins(s, "PK\5\6"))
		*out = IMPORT_APKG;
	else if (is_anki_header(s))
		*out = IMPORT_ANKI_TEXT;
	else if (begins(s, "<!-- gatedrill"))
		*out = IMPORT_MARKDOWN;
	else if (begins(s, "// gatedrill") || line_begins(s, "$CATEGORY:"))
		*out = IMPORT_GIFT;
	else
		return false;
	return true;
}

/* A text file that says nothing by its name. */
static bool by_look(struct slice s, enum import_format *out)
{
	size_t blank = 0;
	while (blank < s.len && strchr(" \t\r\n", s.p[blank]))
		blank++;
	struct slice text = {s.p + blank, s.len - blank};
	if (begins(text, "{"))
		*out = IMPORT_JSON;
	else if (line_begins(s, "Front:") || line_begins(s, "Q:") || line_begins(s, "C:"))
		*out = IMPORT_MARKDOWN;
	else if (begins(text, "::") || begins(text, "//"))
		*out = IMPORT_GIFT;
	else if (line_begins(s, "deck: ") && line_begins(s, "cards:"))
		*out = IMPORT_YAML;
	else
		return false;
	return true;
}

bool import_format_guess(const char *path, const char *bytes, size_t n, enum import_format *out)
{
	struct slice s = {bytes, n};
	if (begins(s, "\xEF\xBB\xBF"))
		s = (struct slice){bytes + 3, n - 3};
	if (by_bytes(s, out) || (str_ends(path, ".txt") && by_look(s, out)))
		return true;
	for (size_t i = 0; i < IMPORT_FORMAT_COUNT; i++)
		for (size_t k = 0; formats[i].suffixes[k]; k++)
			if (str_ends(path, formats[i].suffixes[k])) {
				*out = (enum import_format)i;
				return true;
			}
	return by_look(s, out);
}

/* -- reading ----------------------------------------------------------------------------------- */

bool reading_goes_on(const struct reading *r, const char *what, size_t done, size_t total)
{
	if (done % 128 != 0 || job_goes_on(r->drafts->o->job, what, done, total))
		return true;
	r->drafts->full = true;
	return diag_fail(r->d, "import-stopped", "stopped; nothing was written");
}

bool reading_is_text(const struct reading *r, const char *bytes, size_t n)
{
	size_t bad = utf8_invalid_at(bytes, n);
	const char *nul = memchr(bytes, '\0', n);
	if (nul && (size_t)(nul - bytes) < bad)
		return diag_error(r->d, build_pos(r->path, bytes, (size_t)(nul - bytes)),
				  "import-nul",
				  "a NUL byte: this is no text file, or not in UTF-8");
	if (bad == n)
		return true;
	bool utf16 = bad == 0 && n > 1 && (unsigned char)(bytes[0] ^ bytes[1]) == 1;
	return diag_error(r->d, build_pos(r->path, bytes, bad), "import-utf8",
			  utf16 ? "this is not UTF-8 but looks like UTF-16: save it as UTF-8"
				: "the byte 0x%02X here is not UTF-8: save the file as UTF-8",
			  (unsigned char)bytes[bad]);
}

bool reading_whole(const struct reading *r,
		   bool (*take)(const struct reading *r, const char *text, size_t n))
{
	struct str s = {0};
	bool ok = file_read(r->path, MAX_IMPORT_BYTES, &s, r->d);
	if (ok) {
		bool bom = s.len >= 3 && memcmp(s.p, "\xEF\xBB\xBF", 3) == 0;
		ok = take(r, str_c(&s) + (bom ? 3 : 0), s.len - (bom ? 3 : 0));
	}
	str_clear(&s);
	return ok;
}

/* Does text that nobody told us about look like HTML? */
static bool looks_like_html(const char *p)
{
	for (; *p; p++) {
		bool letter = (p[1] | 0x20) >= 'a' && (p[1] | 0x20) <= 'z';
		if (*p == '<' && (letter || p[1] == '/') && strchr(p, '>'))
			return true;
		if (*p == '&' && (letter || p[1] == '#') && p[strcspn(p, "; \n")] == ';')
			return true;
	}
	return false;
}

const char *reading_md(const struct reading *r, struct arena *a, const char *text)
{
	struct str html = {0}, md = {0};
	if (looks_like_html(text))
		str_add(&html, text);
	else
		html_escape(&html, text, strlen(text));
	html_to_md(&md, str_c(&html), html.len, &r->drafts->report->html);
	const char *out = arena_strndup(a, str_c(&md), md.len);
	str_clear(&html);
	str_clear(&md);
	return out;
}

struct draft *reading_deck(const struct reading *r, const struct node *head)
{
	const char *slug = node_text(head, "deck"), *title = node_text(head, "title");
	struct arena a = {0};
	if (!slug || !slug_valid(slug))
		return draft_default(r->drafts, r->path);
	struct draft *k =
		draft_deck(r->drafts, arena_printf(&a, "\n/%s", slug), slug, title ? title : slug);
	draft_head(r->drafts, k, head);
	arena_clear(&a);
	return k;
}

/* The first bytes of a file. */
static bool read_sample(const char *path, char *bytes, size_t *n, struct diags *d)
{
	FILE *f = fopen(path, "rbe");
	if (!f)
		return diag_fail(d, "file-open", "cannot open %s: %s", path, strerror(errno));
	*n = fread(bytes, 1, SAMPLE_BYTES, f);
	bool ok = !ferror(f);
	if (!ok)
		diag_fail(d, "file-read", "cannot read %s: %s", path, strerror(errno));
	fclose(f);
	return ok;
}

static bool read_one(struct drafts *s, const char *path, struct diags *d)
{
	struct reading r = {.path = path, .drafts = s, .d = d, .format = s->o->format};
	char *sample = xmalloc(SAMPLE_BYTES);
	size_t n = 0;
	bool ok = read_sample(path, sample, &n, d);
	if (ok && !s->o->has_format && !import_format_guess(path, sample, n, &r.format))
		ok = diag_error(d, (struct pos){path, 0, 0}, "import-format",
				"what kind of file is this? Say it with --format");
	free(sample);
	return ok && formats[r.format].read(&r) && !s->full;
}

bool import_files(struct import *out, const char *const *paths, size_t count,
		  const struct import_options *o, struct diags *d)
{
	struct drafts s = {.o = o, .report = &out->report, .d = d};
	bool ok = true;
	*out = (struct import){.deck_count = 0};
	for (size_t i = 0; ok && i < count; i++)
		ok = read_one(&s, paths[i], d);
	out->report.renamed = s.renamed;
	ok = ok && drafts_finish(&s, out);
	drafts_clear(&s);
	if (!ok)
		import_clear(out);
	return ok;
}

bool import_file(struct import *out, const char *path, const struct import_options *o,
		 struct diags *d)
{
	return import_files(out, &path, 1, o, d);
}

void import_clear(struct import *i)
{
	for (size_t k = 0; k < i->deck_count; k++) {
		free((char *)i->decks[k].yaml);
		free(i->decks[k].log);
	}
	arena_clear(&i->arena);
	*i = (struct import){.deck_count = 0};
}
