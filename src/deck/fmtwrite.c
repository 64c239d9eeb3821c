/* fmtwrite.c -- the canonical layout written from lexemes.
 *
 * The tree says what belongs to what, the lexemes hold the source text and its comments in order;
 * one walk over the tree takes them one after the other. Block maps and lists are laid out anew.
 * Scalars are copied, their further lines indented anew where YAML gives indentation no meaning.
 * Brackets are copied with their line breaks and only spaces within a line are set, since people
 * align these.
 *
 * A comment on a line of its own belongs to what follows, unless it is indented deeper than that:
 * then it closes the map or list whose column it reaches. Each key of a map is written into a piece
 * of its own with the comments before it, so that the keys of a card can change places.
 */
#include "deck/fmt.h"

#include "deck/keys.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct writer {
	const struct lexemes *l;
	size_t at;    /* next lexeme */
	bool in_card; /* no empty lines */
	bool kept; /* what was written last is a scalar that would take an empty line as content */
	const char *problem;
	int line; /* of the problem */
};

/* A key with its value, or an entry of a list. */
struct piece {
	struct str lead; /* comment lines before it, not indented; empty lines among them */
	struct str body; /* indented but for its first line, ends in a newline */
	bool blank;      /* an empty line came before lead */
	bool kept;       /* as in writer, after body */
	size_t rank;     /* place in the canonical order */
};

static const struct lexeme no_lexeme = {
	.kind = LEX_MARK, .line = INT_MAX, .end_line = INT_MAX, .col = -1};

static const struct lexeme *here(const struct writer *w)
{
	return w->at < w->l->count ? &w->l->items[w->at] : &no_lexeme;
}

static const struct lexeme *before(const struct writer *w)
{
	return w->at > 0 ? &w->l->items[w->at - 1] : NULL;
}

static void fail(struct writer *w, const char *problem)
{
	if (!w->problem) {
		w->problem = problem;
		w->line = before(w) ? before(w)->end_line : 1;
	}
}

/* Take a lexeme of this kind. */
static void expect(struct writer *w, enum lexeme_kind kind)
{
	if (here(w)->kind == kind)
		w->at++;
	else
		fail(w, "this is not laid out");
}

static bool same_line(const struct writer *w)
{
	return before(w) && here(w)->line == before(w)->end_line;
}

static bool blank_before(const struct writer *w)
{
	return before(w) && here(w) != &no_lexeme && here(w)->line - before(w)->end_line > 1;
}

/* The next lexeme that is not a comment. */
static const struct lexeme *after_comments(const struct writer *w)
{
	size_t at = w->at;

	while (at < w->l->count && w->l->items[at].kind == LEX_COMMENT)
		at++;
	return at < w->l->count ? &w->l->items[at] : &no_lexeme;
}

static void add_indent(struct str *out, int n)
{
	str_addf(out, "%*s", n > 0 ? n : 0, "");
}

static void add_source(struct str *out, const struct writer *w, const struct lexeme *x)
{
	str_addn(out, w->l->source + x->start, x->end - x->start);
}

/* Comments */

/* A comment behind something, at its old distance, since people align these. */
static void write_trailing(struct writer *w, struct str *out)
{
	const struct lexeme *c = here(w);

	if (c->kind != LEX_COMMENT || !same_line(w))
		return;
	const char *gap = w->l->source + before(w)->end;
	size_t n = c->start - before(w)->end;

	add_indent(out, n == 0 ? 1 : memchr(gap, '\t', n) ? 2 : (int)n);
	add_source(out, w, c);
	w->at++;
	w->kept = false;
}

/* The comment lines before the next lexeme. *blank: an empty line comes before them. */
static void read_lead(struct writer *w, struct str *lead, bool *blank)
{
	*blank = blank_before(w) && !w->in_card;
	while (here(w)->kind == LEX_COMMENT) {
		add_source(lead, w, here(w));
		str_addc(lead, '\n');
		w->at++;
		if (blank_before(w) && !w->in_card)
			str_addc(lead, '\n');
	}
}

static void write_lines(struct str *out, const struct str *lines, int col)
{
	for (const char *p = str_c(lines); *p;) {
		size_t n = strcspn(p, "\n");

		if (n > 0)
			add_indent(out, col);
		str_addn(out, p, n);
		str_addc(out, '\n');
		p += n + (p[n] == '\n');
	}
}

/* Comments that close a map or list that stood at column old and is written at column col. */
static void write_tail(struct writer *w, struct str *out, int old, int col)
{
	int next = after_comments(w)->kind == LEX_MARK ? -1 : after_comments(w)->col;

	while (here(w)->kind == LEX_COMMENT && here(w)->col >= old && here(w)->col > next) {
		if (blank_before(w) && !w->in_card && !w->kept)
			str_addc(out, '\n');
		add_indent(out, col);
		add_source(out, w, here(w));
		str_addc(out, '\n');
		w->at++;
		w->kept = false;
	}
}

/* Scalars */

/* Bytes of a line without blanks at its end. In double quotes a backslash keeps the next one. */
static size_t trimmed(const char *line, size_t n, bool escapes)
{
	size_t end = n, slashes = 0;

	while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t'))
		end--;
	while (escapes && slashes < end && line[end - 1 - slashes] == '\\')
		slashes++;
	return end + (slashes % 2 == 1 && end < n);
}

/* A plain or quoted scalar. Further lines are indented by col, or as before but for shift. */
static void write_lines_of_scalar(struct writer *w, struct str *out, const struct lexeme *x,
				  int col, const int *shift)
{
	const char *p = w->l->source + x->start, *end = w->l->source + x->end;
	bool escapes = end[-1] == '"', first = true;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p)), *stop = nl ? nl : end;
		size_t blanks = first ? 0 : strspn(p, " \t");

		if (p + blanks < stop && !first) {
			int at = shift ? (int)blanks + *shift : col;

			add_indent(out, at > col ? at : col);
		}
		if (p + blanks < stop)
			str_addn(out, p + blanks,
				 nl ? trimmed(p + blanks, (size_t)(stop - p) - blanks, escapes)
				    : (size_t)(stop - p) - blanks);
		if (nl)
			str_addc(out, '\n');
		p = stop + (nl != NULL);
		first = false;
	}
}

/* The indentation that the header of a block scalar sets; 2 when it leaves it open. */
static int block_step(const char *header, const char *end)
{
	while (header < end && *header != '|' && *header != '>')
		header++;
	for (; header < end && !strchr("# \t", *header); header++)
		if (*header >= '1' && *header <= '9')
			return *header - '0';
	return 2;
}

/* A block scalar in a map or list at column col. The last newline is left to the caller. */
static void write_block(struct writer *w, struct str *out, const struct lexeme *x, int col)
{
	const char *p = w->l->source + x->start, *end = w->l->source + x->end;
	const char *nl = memchr(p, '\n', (size_t)(end - p)), *header_end = nl ? nl : end;
	int indent = col + block_step(p, header_end);

	str_addn(out, p, trimmed(p, (size_t)(header_end - p), false));
	for (p = header_end; p < end;) {
		const char *line = p + 1;

		nl = line < end ? memchr(line, '\n', (size_t)(end - line)) : NULL;
		p = nl ? nl : end;
		str_addc(out, '\n');
		if ((size_t)(p - line) <= x->indent)
			continue;
		add_indent(out, indent);
		str_addn(out, line + x->indent, (size_t)(p - line) - x->indent);
	}
}

static void write_scalar(struct writer *w, struct str *out, int col)
{
	const struct lexeme *x = here(w);

	if (x->kind != LEX_SCALAR) {
		fail(w, "this is not laid out");
		return;
	}
	if (x->block)
		write_block(w, out, x, col);
	else
		write_lines_of_scalar(w, out, x, col + 2, NULL);
	w->kept = x->keeps;
	w->at++;
}

/* Brackets */

/* Is there a space between two lexemes of one line within brackets? A colon without one would
 * belong to its key. */
static bool spaced(const struct lexeme *a, const struct lexeme *b)
{
	if (a->kind == LEX_COLON)
		return true;
	return a->kind == LEX_COMMA && b->kind != LEX_COMMA && b->kind != LEX_CLOSE;
}

static void write_flow_gap(struct writer *w, struct str *out, int shift, int col)
{
	const struct lexeme *x = here(w);

	if (!same_line(w)) {
		int at = (int)strspn(w->l->source + x->start - x->col, " \t") + shift;

		str_addc(out, '\n');
		add_indent(out, at > col ? at : col);
	} else if (spaced(before(w), x)) {
		str_addc(out, ' ');
	}
}

/* From a bracket to the one that closes it, in a map or list at column col. Lines move by shift. */
static void write_flow(struct writer *w, struct str *out, int shift, int col)
{
	int depth = 0;

	do {
		const struct lexeme *x = here(w);

		if (x == &no_lexeme || x->kind == LEX_MARK || x->kind == LEX_DASH) {
			fail(w, "these brackets are not laid out");
			return;
		}
		if (depth > 0 && x->kind == LEX_COMMENT && same_line(w)) {
			write_trailing(w, out);
			continue;
		}
		if (depth > 0)
			write_flow_gap(w, out, shift, col);
		if (x->kind == LEX_SCALAR)
			write_lines_of_scalar(w, out, x, col + 2, &shift);
		else
			add_source(out, w, x);
		depth += (x->kind == LEX_OPEN) - (x->kind == LEX_CLOSE);
		w->at++;
	} while (depth > 0);
	w->kept = false;
}

/* Maps and lists */

/* How a collection is written. */
struct place {
	int col;   /* of its keys or dashes */
	bool same; /* its first entry goes on in the line of a dash */
	bool root;
	bool cards; /* it is the list of cards */
	bool card;
};

static void write_map(struct writer *w, const struct node *map, struct str *out, struct place p,
		      struct str *hoist);
static void write_list(struct writer *w, const struct node *list, struct str *out, struct place p,
		       struct str *hoist);

static bool is_absent(const struct node *n)
{
	return n->kind == NODE_TEXT && n->plain && n->len == 0;
}

static bool is_block_collection(const struct writer *w, const struct node *n)
{
	return (n->kind == NODE_MAP || n->kind == NODE_LIST) && after_comments(w)->kind != LEX_OPEN;
}

/* A scalar or brackets whose line started at column old and is written at column now. */
static void write_inline(struct writer *w, struct str *out, int col, int old, int now)
{
	if (here(w)->kind == LEX_OPEN)
		write_flow(w, out, now - old, col);
	else
		write_scalar(w, out, col);
	write_trailing(w, out);
	str_addc(out, '\n');
}

static void write_own_line(struct writer *w, struct str *out, int col)
{
	struct str lead = {0};
	bool blank;

	str_addc(out, '\n');
	read_lead(w, &lead, &blank);
	write_lines(out, &lead, col + 2);
	str_clear(&lead);
	add_indent(out, col + 2);
	write_inline(w, out, col, here(w)->col, col + 2);
}

/* What follows "key:". */
static void write_value(struct writer *w, const struct node *v, struct str *out, struct place p,
			int key_col)
{
	bool cards = p.root && str_eq(v->key->text, "cards");

	w->kept = false;
	write_trailing(w, out);
	if (is_absent(v)) {
		str_addc(out, '\n');
	} else if (!is_block_collection(w, v)) {
		if (!same_line(w) || before(w)->kind == LEX_COMMENT) {
			write_own_line(w, out, p.col);
		} else {
			str_addc(out, ' ');
			write_inline(w, out, p.col, key_col, p.col);
		}
	} else {
		str_addc(out, '\n');
		if (v->kind == NODE_MAP)
			write_map(w, v, out, (struct place){.col = p.col + 2}, NULL);
		else
			write_list(w, v, out, (struct place){.col = p.col, .cards = cards}, NULL);
	}
}

static size_t card_rank(const char *key)
{
	const struct deck_key *k = deck_key_find(KEY_CARD, CARD_KIND_COUNT, key);

	return k ? (size_t)(k - deck_keys) : deck_key_count;
}

static void read_member(struct writer *w, const struct node *v, struct piece *out, struct place p)
{
	read_lead(w, &out->lead, &out->blank);
	const struct lexeme *key = here(w);

	if (key->kind != LEX_SCALAR || key->line != key->end_line) {
		fail(w, "a key in more than one line is not laid out");
		return;
	}
	add_source(&out->body, w, key);
	w->at++;
	expect(w, LEX_COLON);
	str_addc(&out->body, ':');
	write_value(w, v, &out->body, p, key->col);
	out->kept = w->kept;
	if (p.card)
		out->rank = card_rank(v->key->text);
}

/* Stable. Few keys of a card are out of their order, so moving them one by one is quick. */
static void sort_pieces(struct piece *pieces, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t j = i; j > 0 && pieces[j - 1].rank > pieces[j].rank; j--) {
			struct piece swap = pieces[j];

			pieces[j] = pieces[j - 1];
			pieces[j - 1] = swap;
		}
}

static void clear_piece(struct piece *p)
{
	str_clear(&p->lead);
	str_clear(&p->body);
}

static void add_all(struct str *out, const struct str *s)
{
	str_addn(out, str_c(s), s->len);
}

/* same: it goes on in the line of a dash, so that its comments go before the dash, into hoist. */
static void write_piece(struct str *out, struct piece *p, int col, bool same, struct str *hoist)
{
	if (same) {
		add_all(hoist, &p->lead);
	} else {
		write_lines(out, &p->lead, col);
		add_indent(out, col);
	}
	add_all(out, &p->body);
	clear_piece(p);
}

static void write_map(struct writer *w, const struct node *map, struct str *out, struct place p,
		      struct str *hoist)
{
	struct piece *pieces = xcalloc(map->count + 1, sizeof(*pieces));
	bool was_in_card = w->in_card;
	int old = after_comments(w)->col;
	size_t n = 0;
	struct str tail = {0};

	w->in_card |= p.card;
	for (const struct node *v = map->child; v; v = v->next)
		read_member(w, v, &pieces[n++], p);
	sort_pieces(pieces, n);
	w->kept = n > 0 && pieces[n - 1].kept;
	write_tail(w, &tail, old, p.col);
	for (size_t i = 0; i < n; i++) {
		bool first = i == 0 && p.same;

		if (pieces[i].blank && !first && (i == 0 || !pieces[i - 1].kept))
			str_addc(out, '\n');
		write_piece(out, &pieces[i], p.col, first, hoist);
	}
	add_all(out, &tail);
	str_clear(&tail);
	free(pieces);
	w->in_card = was_in_card;
}

/* What follows a dash. Comments between it and its entry go before it, but not one beside it. */
static void write_entry(struct writer *w, const struct node *v, struct piece *out, struct place p)
{
	struct place inner = {.col = p.col + 2, .card = p.cards && v->kind == NODE_MAP};
	bool blank;

	w->kept = false;
	str_addc(&out->body, '-');
	write_trailing(w, &out->body);
	inner.same = before(w)->kind == LEX_DASH;
	if (is_absent(v)) {
		str_addc(&out->body, '\n');
	} else if (is_block_collection(w, v)) {
		str_addc(&out->body, inner.same ? ' ' : '\n');
		if (v->kind == NODE_MAP)
			write_map(w, v, &out->body, inner, &out->lead);
		else
			write_list(w, v, &out->body, inner, &out->lead);
	} else if (inner.same) {
		read_lead(w, &out->lead, &blank);
		str_addc(&out->body, ' ');
		write_inline(w, &out->body, p.col, here(w)->col, p.col + 2);
	} else {
		write_own_line(w, &out->body, p.col);
	}
}

static void write_list(struct writer *w, const struct node *list, struct str *out, struct place p,
		       struct str *hoist)
{
	int old = after_comments(w)->col;
	bool first = true, kept = false;

	for (const struct node *v = list->child; v; v = v->next, first = false, kept = w->kept) {
		bool same = first && p.same;
		struct piece e = {.rank = 0};

		read_lead(w, &e.lead, &e.blank);
		expect(w, LEX_DASH);
		write_entry(w, v, &e, p);
		if (first ? e.blank && !same : (e.blank || p.cards) && !kept)
			str_addc(out, '\n');
		write_piece(out, &e, p.col, same, hoist);
	}
	write_tail(w, out, old, p.col);
}

/* The file */

/* Lexemes up to end, each on the line where it stands. */
static void write_outer(struct writer *w, struct str *out, size_t end)
{
	while (w->at < end && !w->problem) {
		if (same_line(w)) {
			if (here(w)->kind != LEX_COMMENT)
				fail(w, "something stands beside \"---\"");
			str_truncate(out, out->len - 1);
			write_trailing(w, out);
		} else {
			if (here(w)->kind != LEX_COMMENT && here(w)->kind != LEX_MARK)
				fail(w, "this is not laid out");
			if (blank_before(w) && !w->kept)
				str_addc(out, '\n');
			add_source(out, w, here(w));
			w->at++;
		}
		w->kept = false;
		str_addc(out, '\n');
	}
}

/* Past the last marker before the document, and a comment beside it. */
static size_t header_end(const struct lexemes *l)
{
	size_t end = 0;

	for (size_t i = 0; i < l->count; i++) {
		if (l->items[i].kind == LEX_MARK ||
		    (i == end && i > 0 && l->items[i].kind == LEX_COMMENT &&
		     l->items[i].line == l->items[i - 1].line))
			end = i + 1;
		else if (l->items[i].kind != LEX_COMMENT)
			break;
	}
	return end;
}

static void write_root(struct writer *w, const struct node *root, struct str *out)
{
	struct place p = {.root = true};
	struct str lead = {0};
	bool blank;

	if (w->at > 0 && same_line(w) && here(w)->kind != LEX_COMMENT)
		fail(w, "something stands beside \"---\"");
	if (is_absent(root))
		return;
	if (is_block_collection(w, root)) {
		if (root->kind == NODE_MAP)
			write_map(w, root, out, p, NULL);
		else
			write_list(w, root, out, p, NULL);
		return;
	}
	read_lead(w, &lead, &blank);
	if (blank)
		str_addc(out, '\n');
	add_all(out, &lead);
	str_clear(&lead);
	write_inline(w, out, 0, here(w)->col, 0);
}

bool fmt_write(struct str *out, const struct lexemes *l, const struct node *root,
	       const char **problem, int *line)
{
	struct writer w = {.l = l};

	write_outer(&w, out, header_end(l));
	write_root(&w, root, out);
	write_outer(&w, out, l->count);
	*problem = w.problem;
	*line = w.line;
	return !w.problem;
}
