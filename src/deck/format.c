/* format.c -- deck fmt: read, lay out, and prove that nothing was lost.
 *
 * People only let a program rewrite files they wrote by hand when it cannot do harm. So the layout
 * is not trusted: its result is read again and must give the same tree (the keys of a card in any
 * order), must hold the same comments, and must be what laying it out once more gives. Where that
 * fails, or where the file uses notation that the writer does not know, the answer is an error and
 * the file stays as it is.
 *
 * What is not worth keeping is settled before: the byte order mark, the kind of line ends, a
 * missing newline at the end. Layout then starts from a source of plain lines (fmtlex.c,
 * fmtwrite.c).
 */
#include "deck/format.h"

#include "base/yaml.h"
#include "deck/fmt.h"

#include <stdlib.h>
#include <string.h>

/* A source as read: the tree with its arena, and its lexemes. Zeroed is empty. */
struct reading {
	struct arena arena;
	struct node *root;
	struct lexemes lexemes;
};

static void reading_clear(struct reading *r)
{
	fmt_lexemes_clear(&r->lexemes);
	arena_clear(&r->arena);
}

static bool unsafe(const char *file, int line, const char *problem, struct diags *d)
{
	return diag_error(d, (struct pos){file, line, 1}, "format-unsafe",
			  "the file is left as it is: %s", problem);
}

/* YAML 1.1 also breaks lines at three characters that nobody writes on purpose, and a byte order
 * mark within a file would become the file's when it comes first. */
static bool has_odd_characters(const struct str *source)
{
	static const char *const odd[] = {
		"\xC2\x85",
		"\xE2\x80\xA8",
		"\xE2\x80\xA9",
		"\xEF\xBB\xBF",
	};

	for (size_t i = 0; i < ARRAY_LEN(odd); i++)
		if (strstr(str_c(source), odd[i]))
			return true;
	return false;
}

static bool read_source(struct reading *r, const char *file, const struct str *source,
			struct diags *d)
{
	const char *problem;
	int line;

	if (!yaml_read(&r->arena, file, str_c(source), source->len, &r->root, d))
		return false;
	if (has_odd_characters(source))
		return unsafe(file, 1, "it holds U+0085, U+2028, U+2029 or U+FEFF", d);
	return fmt_lex(&r->lexemes, str_c(source), source->len, r->root, &problem, &line) ||
	       unsafe(file, line, problem, d);
}

/* LF, no byte order mark, a newline at the end. */
static void settle(struct str *out, const char *bytes, size_t n)
{
	size_t i = n >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

	while (i < n) {
		const char *cr = memchr(bytes + i, '\r', n - i);
		size_t end = cr ? (size_t)(cr - bytes) : n;

		str_addn(out, bytes + i, end - i);
		i = end;
		if (cr) {
			str_addc(out, '\n');
			i += i + 1 < n && bytes[i + 1] == '\n' ? 2 : 1;
		}
	}
	if (out->len > 0 && out->p[out->len - 1] != '\n')
		str_addc(out, '\n');
}

static int by_key(const void *va, const void *vb)
{
	const struct node *const *a = va, *const *b = vb;

	return strcmp((*a)->key->text, (*b)->key->text);
}

static void sort_members(struct node *map)
{
	struct node **all = xcalloc(map->count + 1, sizeof(struct node *));
	struct node **link = &map->child;
	size_t n = 0;

	for (struct node *m = map->child; m; m = m->next)
		all[n++] = m;
	qsort(all, n, sizeof(struct node *), by_key);
	for (size_t i = 0; i < n; i++) {
		*link = all[i];
		link = &all[i]->next;
	}
	*link = NULL;
	free(all);
}

/* The keys of a card may change places; sorted by name, two cards can be compared. */
static void sort_cards(struct node *root)
{
	struct node *cards = root->kind == NODE_MAP ? root->child : NULL;

	while (cards && !str_eq(cards->key->text, "cards"))
		cards = cards->next;
	if (!cards || cards->kind != NODE_LIST)
		return;
	for (struct node *card = cards->child; card; card = card->next)
		if (card->kind == NODE_MAP)
			sort_members(card);
}

/* The comment in the header of a block scalar is part of the scalar's lexeme. */
static struct slice comment_of(const struct lexemes *l, const struct lexeme *x)
{
	const char *p = l->source + x->start;
	size_t n = x->end - x->start;
	const char *hash = x->block ? memchr(p, '#', strcspn(p, "\n")) : NULL;

	if (x->kind == LEX_COMMENT)
		return (struct slice){p, n};
	if (!hash)
		return (struct slice){p, 0};
	size_t len = strcspn(hash, "\n");

	while (len > 0 && (hash[len - 1] == ' ' || hash[len - 1] == '\t'))
		len--;
	return (struct slice){hash, len};
}

static int by_text(const void *va, const void *vb)
{
	const struct slice *a = va, *b = vb;
	int order = memcmp(a->p, b->p, a->len < b->len ? a->len : b->len);

	return order ? order : a->len < b->len ? -1 : a->len > b->len;
}

static struct slice *comments_of(const struct lexemes *l, size_t *count)
{
	struct slice *all = xcalloc(l->count + 1, sizeof(*all));

	*count = 0;
	for (size_t i = 0; i < l->count; i++) {
		struct slice c = comment_of(l, &l->items[i]);

		if (c.len > 0)
			all[(*count)++] = c;
	}
	qsort(all, *count, sizeof(*all), by_text);
	return all;
}

static bool same_comments(const struct lexemes *a, const struct lexemes *b)
{
	size_t na, nb;
	struct slice *ca = comments_of(a, &na), *cb = comments_of(b, &nb);
	bool same = na == nb;

	for (size_t i = 0; same && i < na; i++)
		same = by_text(&ca[i], &cb[i]) == 0;
	free(ca);
	free(cb);
	return same;
}

/* Is after, written from before, the same but for its layout, and does it stay as it is? */
static bool verify(const char *file, struct reading *before, const struct str *after,
		   struct diags *d)
{
	struct reading r = {.root = NULL};
	struct str again = {0};
	struct diags ignored = {0};
	const char *problem = "the result would not read back";
	int line = 1;
	bool ok = read_source(&r, file, after, &ignored) &&
		  fmt_write(&again, &r.lexemes, r.root, &problem, &line);

	if (ok) {
		bool stable = again.len == after->len && strcmp(str_c(&again), str_c(after)) == 0;

		sort_cards(before->root);
		sort_cards(r.root);
		if (!node_equal(before->root, r.root))
			problem = "its content would change";
		else if (!same_comments(&before->lexemes, &r.lexemes))
			problem = "its comments would change";
		else
			problem = stable ? NULL : "its layout would not be stable";
		ok = !problem;
	}
	diags_clear(&ignored);
	str_clear(&again);
	reading_clear(&r);
	return ok || unsafe(file, 1, problem, d);
}

bool deck_format(const char *file, const char *bytes, size_t n, struct str *out, struct diags *d)
{
	struct str source = {0}, result = {0};
	struct reading r = {.root = NULL};
	const char *problem;
	int line;

	str_reset(out);
	if (n > MAX_TREE_BYTES)
		return diag_error(d, (struct pos){file, 1, 1}, "tree-too-large",
				  "the file has %zu bytes; at most %zu are read", n,
				  MAX_TREE_BYTES);
	settle(&source, bytes, n);
	bool ok = read_source(&r, file, &source, d);

	if (ok && !fmt_write(&result, &r.lexemes, r.root, &problem, &line))
		ok = unsafe(file, line, problem, d);
	if (ok && verify(file, &r, &result, d))
		str_addn(out, str_c(&result), result.len);
	else
		ok = false;
	reading_clear(&r);
	str_clear(&source);
	str_clear(&result);
	return ok;
}
