/* yaml.c -- see yaml.h. The tree is built straight from libyaml's events: its own document loader
 * would cost a second tree, would expand what we refuse and keeps no count of anything.
 *
 * libyaml reads all of YAML 1.1, and some of that costs more than its size: it keeps the whole of a
 * scalar before it tells of it, and compares every %TAG directive with all before it. So bytes are
 * checked before it sees any (size, UTF-8, number of directives), and they are fed to it in pieces:
 * when it has swallowed MAX_YAML_SILENT bytes without an event, it gets no more. Its other worst
 * cases (runs of brackets, keys without end) are bounded by itself at 1024 characters of looking
 * ahead, and the depth limit ends them there.
 *
 * Anchors are allowed on scalars alone, which is all that people use them for in decks; then
 * nothing can grow, for an alias shares the text of its scalar. Merge keys need aliases of maps, so
 * "<<" is a key like any other.
 *
 * The writer knows two safe forms of a text, a double-quoted scalar and a literal block, and uses
 * the plain form where libyaml, in any release, could not take it for something else. Folded blocks
 * are never written: they cannot hold every text. */
#include "base/yaml.h"

#include "base/build.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* Bytes read without an event: a huge scalar or comment. */
#define MAX_YAML_SILENT ((size_t)8 << 20)
#define MAX_YAML_DIRECTIVES 100

struct anchor {
	const char *name;
	const struct node *scalar;
};

struct reader {
	yaml_parser_t parser;
	struct build build;
	const char *bytes;
	size_t size;
	size_t fed;       /* bytes given to the parser */
	size_t fed_event; /* ... when it came up with its last event */
	bool starved;     /* it was refused more */
	int documents;
	size_t aliases;
	size_t anchor_count;
	struct anchor anchors[MAX_YAML_ALIASES];
};

static struct pos mark_pos(const struct reader *r, const yaml_mark_t *mark)
{
	return (struct pos){r->build.file, (int)mark->line + 1, (int)mark->column + 1};
}

/* Before libyaml */

static bool check_utf8(const struct reader *r, struct diags *d)
{
	size_t bad = utf8_invalid_at(r->bytes, r->size);
	if (bad == r->size)
		return true;
	struct pos at = build_pos(r->build.file, r->bytes, bad);
	if (bad == 0 && r->size > 1 &&
	    (!memcmp(r->bytes, "\xff\xfe", 2) || !memcmp(r->bytes, "\xfe\xff", 2)))
		return diag_error(d, at, "yaml-utf8", "this is UTF-16; save the file as UTF-8");
	return diag_error(d, at, "yaml-utf8",
			  "byte 0x%02X is not valid UTF-8; save the file as UTF-8",
			  (unsigned char)r->bytes[bad]);
}

/* Does a line start at offset, in libyaml's idea of lines? */
static bool line_starts(const char *bytes, size_t offset)
{
	static const char *const breaks[] = {
		"\n", "\r", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xef\xbb\xbf",
	};
	if (offset == 0)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(breaks); i++) {
		size_t len = strlen(breaks[i]);
		if (offset >= len && memcmp(bytes + offset - len, breaks[i], len) == 0)
			return true;
	}
	return false;
}

/* A line of quoted text may look like a directive: hence some are let through. */
static bool check_directives(const struct reader *r, struct diags *d)
{
	size_t found = 0;
	const char *end = r->bytes + r->size;
	for (const char *p = r->bytes; p < end && (p = memchr(p, '%', (size_t)(end - p))); p++) {
		size_t offset = (size_t)(p - r->bytes);
		if (line_starts(r->bytes, offset) && ++found > MAX_YAML_DIRECTIVES)
			return diag_error(d, build_pos(r->build.file, r->bytes, offset),
					  "yaml-syntax", "more than %d lines start with %%",
					  MAX_YAML_DIRECTIVES);
	}
	return true;
}

static bool check_bytes(const struct reader *r, struct diags *d)
{
	if (r->size > MAX_TREE_BYTES)
		return diag_error(d, (struct pos){r->build.file, 1, 1}, "tree-too-large",
				  "the file has %zu bytes; at most %zu are read", r->size,
				  MAX_TREE_BYTES);
	return check_utf8(r, d) && check_directives(r, d);
}

/* libyaml's read handler: 0 is an error. */
static int feed(void *data, unsigned char *buffer, size_t size, size_t *got)
{
	struct reader *r = data;
	if (r->fed - r->fed_event > MAX_YAML_SILENT) {
		r->starved = true;
		return 0;
	}
	*got = size < r->size - r->fed ? size : r->size - r->fed;
	if (*got)
		memcpy(buffer, r->bytes + r->fed, *got);
	r->fed += *got;
	return 1;
}

/* What the parser could not read */

static struct pos bad_char_pos(const struct reader *r)
{
	size_t offset = r->parser.problem_offset;
	return build_pos(r->build.file, r->bytes, offset < r->size ? offset : r->size);
}

static bool syntax_error(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	struct diags *d = r->build.d;
	if (r->starved)
		return diag_error(d, mark_pos(r, &p->mark), "tree-too-large",
				  "a text or comment of more than %zu bytes", MAX_YAML_SILENT);
	if (p->error == YAML_MEMORY_ERROR)
		return diag_error(d, mark_pos(r, &p->mark), "tree-too-large",
				  "a text is too long to be read");
	if (p->error == YAML_READER_ERROR)
		return diag_error(d, bad_char_pos(r), "yaml-syntax",
				  "character U+%04X is not allowed here",
				  (unsigned)p->problem_value);
	struct pos at = mark_pos(r, &p->problem_mark);
	if (!p->context)
		return diag_error(d, at, "yaml-syntax", "%s", p->problem);
	if (p->context_mark.line == p->problem_mark.line)
		return diag_error(d, at, "yaml-syntax", "%s %s", p->problem, p->context);
	return diag_error(d, at, "yaml-syntax", "%s %s that begins on line %zu", p->problem,
			  p->context, p->context_mark.line + 1);
}

/* Events into the tree */

static bool keep_anchor(struct reader *r, const yaml_event_t *e, const struct node *scalar)
{
	const char *name = (const char *)e->data.scalar.anchor;
	if (!name)
		return true;
	if (r->anchor_count >= MAX_YAML_ALIASES)
		return diag_error(r->build.d, mark_pos(r, &e->start_mark), "yaml-alias",
				  "more than %d anchors", MAX_YAML_ALIASES);
	r->anchors[r->anchor_count++] = (struct anchor){arena_strdup(r->build.arena, name), scalar};
	return true;
}

static bool add_scalar(struct reader *r, const yaml_event_t *e)
{
	const char *text = (const char *)e->data.scalar.value;
	size_t len = e->data.scalar.length;
	const char *tag = (const char *)e->data.scalar.tag;
	struct pos at = mark_pos(r, &e->start_mark);
	if (tag && strcmp(tag, YAML_STR_TAG) != 0)
		return diag_error(r->build.d, at, "yaml-tag",
				  "tag \"%.60s\" is not allowed; only !!str is", tag);
	if (memchr(text, '\0', len))
		return diag_error(r->build.d, at, "yaml-syntax",
				  "a text must not hold the character NUL");
	struct node *n = build_scalar(&r->build, NODE_TEXT, at.line, at.col, len);
	if (!n)
		return false;
	memcpy(build_room(n), text, len);
	n->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	return keep_anchor(r, e, n) && build_add(&r->build, n);
}

/* The newest anchor of a name counts. */
static const struct node *find_anchor(const struct reader *r, const char *name)
{
	for (size_t i = r->anchor_count; i-- > 0;)
		if (strcmp(r->anchors[i].name, name) == 0)
			return r->anchors[i].scalar;
	return NULL;
}

static bool add_alias(struct reader *r, const yaml_event_t *e)
{
	const char *name = (const char *)e->data.alias.anchor;
	struct pos at = mark_pos(r, &e->start_mark);
	if (++r->aliases > MAX_YAML_ALIASES)
		return diag_error(r->build.d, at, "yaml-alias", "more than %d aliases",
				  MAX_YAML_ALIASES);
	const struct node *scalar = find_anchor(r, name);
	if (!scalar)
		return diag_error(r->build.d, at, "yaml-alias",
				  "there is no anchor \"%.60s\" before this", name);
	struct node *n = build_scalar(&r->build, NODE_TEXT, at.line, at.col, 0);
	if (!n)
		return false;
	n->text = scalar->text;
	n->len = scalar->len;
	n->plain = scalar->plain;
	return build_add(&r->build, n);
}

static bool open_node(struct reader *r, const yaml_event_t *e, enum node_kind kind,
		      const unsigned char *anchor, const unsigned char *tag)
{
	struct pos at = mark_pos(r, &e->start_mark);
	if (anchor)
		return diag_error(r->build.d, at, "yaml-alias",
				  "only texts can have an anchor, not %s", node_kind_name(kind));
	if (tag)
		return diag_error(r->build.d, at, "yaml-tag",
				  "tag \"%.60s\" is not allowed; only !!str on a text is",
				  (const char *)tag);
	return build_open(&r->build, kind, at.line, at.col);
}

static bool begin_document(struct reader *r, const yaml_event_t *e)
{
	if (r->documents++)
		return diag_error(r->build.d, mark_pos(r, &e->start_mark), "yaml-documents",
				  "a second document begins here; a file holds one");
	return true;
}

static bool take_event(struct reader *r, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return true;
	case YAML_DOCUMENT_START_EVENT:
		return begin_document(r, e);
	case YAML_ALIAS_EVENT:
		return add_alias(r, e);
	case YAML_SCALAR_EVENT:
		return add_scalar(r, e);
	case YAML_SEQUENCE_START_EVENT:
		return open_node(r, e, NODE_LIST, e->data.sequence_start.anchor,
				 e->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return open_node(r, e, NODE_MAP, e->data.mapping_start.anchor,
				 e->data.mapping_start.tag);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		build_close(&r->build);
		return true;
	}
	return true;
}

static bool read_events(struct reader *r)
{
	for (bool more = true; more;) {
		yaml_event_t e;
		if (!yaml_parser_parse(&r->parser, &e))
			return syntax_error(r);
		r->fed_event = r->fed;
		more = e.type != YAML_STREAM_END_EVENT;
		bool ok = take_event(r, &e);
		yaml_event_delete(&e);
		if (!ok)
			return false;
	}
	if (!r->documents)
		return diag_error(r->build.d, (struct pos){r->build.file, 1, 1}, "yaml-documents",
				  "the file is empty");
	return !r->build.failed;
}

bool yaml_read(struct arena *a, const char *file, const char *bytes, size_t n, struct node **root,
	       struct diags *d)
{
	*root = NULL;
	struct reader *r = xcalloc(1, sizeof(*r));
	r->bytes = bytes;
	r->size = n;
	r->build = (struct build){
		.arena = a,
		.file = file,
		.d = d,
		.duplicate_code = "yaml-duplicate-key",
		.key_code = "yaml-key",
	};
	bool ok = check_bytes(r, d);
	if (ok) {
		if (!yaml_parser_initialize(&r->parser))
			abort(); /* out of memory, the only reason there is */
		yaml_parser_set_input(&r->parser, feed, r);
		ok = read_events(r);
		yaml_parser_delete(&r->parser);
	}
	if (ok)
		*root = r->build.root;
	free(r);
	return ok;
}

/* Writing */

enum form { FORM_PLAIN, FORM_LITERAL, FORM_QUOTED };

/* Can a reader take the character as it is, and is it not a line break to any? Newline is not among
 * them, nor is tab. */
static bool printable(uint32_t cp)
{
	if (cp < 0x7f)
		return cp >= 0x20;
	if (cp < 0xa0 || cp == 0x2028 || cp == 0x2029 || cp == 0xfeff)
		return false;
	return cp < 0xfffe || cp > 0xffff;
}

/* Valid UTF-8, printable but for newline, and (unless it comes first) tab. */
static bool block_safe(const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		int used = utf8_decode(text + i, len - i, &cp);
		if (!used || !(printable(cp) || cp == '\n' || cp == '\t'))
			return false;
		i += (size_t)used;
	}
	return true;
}

/* For a text of one line that is block_safe. */
static bool plain_safe(const char *text, size_t len, bool flow)
{
	static const char first[] = "-?:,[]{}#&*!|>'\"%@`= ";
	if (strchr(first, text[0]) || str_starts(text, "...") || strchr(text, '\t'))
		return false;
	if (text[len - 1] == ' ' || text[len - 1] == ':')
		return false;
	if (strstr(text, ": ") || strstr(text, " #"))
		return false;
	return !flow || !strpbrk(text, ",[]{}:");
}

static enum form choose_form(const char *text, size_t len, bool flow)
{
	if (!len || !block_safe(text, len))
		return FORM_QUOTED;
	if (!strchr(text, '\n'))
		return plain_safe(text, len, flow) ? FORM_PLAIN : FORM_QUOTED;
	return flow || strchr(" \t\n", text[0]) ? FORM_QUOTED : FORM_LITERAL;
}

static void add_escaped(struct str *out, uint32_t cp)
{
	if (cp == '\n')
		str_add(out, "\\n");
	else if (cp == '\t')
		str_add(out, "\\t");
	else if (cp == '"' || cp == '\\')
		str_addf(out, "\\%c", (char)cp);
	else if (cp <= 0xff)
		str_addf(out, "\\x%02X", (unsigned)cp);
	else
		str_addf(out, "\\u%04X", (unsigned)cp);
}

static void add_quoted(struct str *out, const char *text, size_t len)
{
	str_addc(out, '"');
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		int used = utf8_decode(text + i, len - i, &cp);
		if (!used)
			str_add(out, "\xef\xbf\xbd");
		else if (printable(cp) && cp != '"' && cp != '\\')
			str_addn(out, text + i, (size_t)used);
		else
			add_escaped(out, cp);
		i += used ? (size_t)used : 1;
	}
	str_addc(out, '"');
}

/* The caller ends the line, so a final newline of the text is left to it. */
static void add_literal(struct str *out, const char *text, size_t len, int indent)
{
	bool keep = len > 1 && text[len - 1] == '\n' && text[len - 2] == '\n';
	bool clip = text[len - 1] == '\n';
	str_add(out, keep ? "|+" : clip ? "|" : "|-");
	const char *end = text + len - (clip ? 1 : 0);
	for (const char *line = text; line <= end;) {
		const char *nl = memchr(line, '\n', (size_t)(end - line));
		const char *stop = nl ? nl : end;
		str_addc(out, '\n');
		if (stop > line) {
			str_addf(out, "%*s", indent + 2, "");
			str_addn(out, line, (size_t)(stop - line));
		}
		line = stop + 1;
	}
}

void yaml_add_scalar(struct str *out, const char *text, int indent)
{
	size_t len = strlen(text);
	switch (choose_form(text, len, indent < 0)) {
	case FORM_PLAIN:
		str_add(out, text);
		return;
	case FORM_LITERAL:
		add_literal(out, text, len, indent);
		return;
	case FORM_QUOTED:
		add_quoted(out, text, len);
		return;
	}
}

const char *yaml_library(void)
{
	return yaml_get_version_string();
}
