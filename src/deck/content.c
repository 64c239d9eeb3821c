/* content.c -- files of content by what they are; see content.h.
 *
 * The kind is found by looking at the first key before anything is parsed: a deck may have 256 MB
 * and is read once. A file whose first key is none of the kinds' is taken for a deck, whose reader
 * says what is wrong: keys of a deck may stand in any order. */
#include "deck/content.h"

#include "base/file.h"
#include "base/suggest.h"
#include "deck/keys.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *const content_kind_names[CONTENT_KIND_COUNT] = {
	[CONTENT_DECK] = "deck",       [CONTENT_EXAM] = "exam",     [CONTENT_MATRIX] = "matrix",
	[CONTENT_TREE] = "tree",       [CONTENT_LAB] = "lab",       [CONTENT_PROOFS] = "proofs",
	[CONTENT_DRILL] = "drill",     [CONTENT_PRICES] = "prices", [CONTENT_STACK] = "gateway",
	[CONTENT_OPENAPI] = "openapi",
};

void content_clear(struct content *c)
{
	for (size_t i = 0; i < c->deck_count; i++, free(c->decks[i - 1]))
		deck_clear(c->decks[i]);
	for (size_t i = 0; i < c->exam_count; i++, free(c->exams[i - 1]))
		blueprint_clear(c->exams[i]);
	for (size_t i = 0; i < c->tree_count; i++, free(c->trees[i - 1]))
		dtree_clear(c->trees[i]);
	for (size_t i = 0; i < c->matrix_count; i++, free(c->matrices[i - 1]))
		matrix_clear(c->matrices[i]);
	for (size_t i = 0; i < c->lab_count; i++, free(c->labs[i - 1]))
		lab_clear(c->labs[i]);
	for (size_t i = 0; i < c->price_count; i++, free(c->prices[i - 1]))
		prices_clear(c->prices[i]);
	free(c->decks);
	free(c->exams);
	free(c->trees);
	free(c->matrices);
	free(c->labs);
	free(c->prices);
	*c = (struct content){0};
}

/* -- what a file is ---------------------------------------------------------------------------- */

static bool is_key_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

/* Skip what may stand before the first key: a byte order mark, blank lines, comments, the start of
 * the document, of a flow map and of a quoted key. */
static struct slice first_key(const char *p, size_t n)
{
	const char *end = p + n;
	if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		p += 3;
	while (p < end) {
		if (*p == '#' || *p == '%' ||
		    (*p == '-' && end - p >= 3 && memcmp(p, "---", 3) == 0))
			while (p < end && *p != '\n')
				p++;
		else if (strchr(" \t\r\n{\"'", *p) && *p)
			p++;
		else
			break;
	}
	const char *key = p;
	while (p < end && is_key_byte(*p))
		p++;
	return (struct slice){key, (size_t)(p - key)};
}

static int kind_named(struct slice key)
{
	for (int kind = 0; kind < CONTENT_KIND_COUNT; kind++)
		if (slice_is(key, content_kind_names[kind]))
			return kind;
	return slice_is(key, "swagger") ? CONTENT_OPENAPI : -1;
}

enum content_kind content_kind_of(const char *bytes, size_t n)
{
	int kind = kind_named(first_key(bytes, n));
	return kind < 0 ? CONTENT_DECK : (enum content_kind)kind;
}

bool content_is_lab(enum content_kind kind)
{
	return kind == CONTENT_LAB || kind == CONTENT_PROOFS || kind == CONTENT_DRILL;
}

/* "matrx": nearly a kind, and no key of a deck. */
static bool check_kind(const char *file, const char *bytes, size_t n, struct diags *d)
{
	struct slice key = first_key(bytes, n);
	struct arena a = {0};
	bool ok = true;
	const char *name = arena_strndup(&a, key.p, key.len < MAX_SLUG ? key.len : MAX_SLUG);
	if (kind_named(key) < 0 && !deck_key_find(KEY_DECK, CARD_KIND_COUNT, name)) {
		const char *near = suggest(name, content_kind_names, CONTENT_KIND_COUNT);
		if (near)
			ok = diag_error(d, (struct pos){file, 1, 1}, "content-kind",
					"a file begins with what it is, but \"%s\" is no kind of "
					"file, did you mean \"%s\"?",
					name, near);
	}
	arena_clear(&a);
	return ok;
}

/* -- reading ----------------------------------------------------------------------------------- */

/* Keep a copy of what was read: its struct may move, what it points to stays. */
static void *keep(const void *item, size_t size)
{
	return memcpy(xmalloc(size), item, size);
}

static bool read_deck(struct content *c, const char *file, const char *bytes, size_t n,
		      struct diags *d)
{
	struct deck x;
	if (!deck_read(&x, file, bytes, n, d))
		return false;
	c->decks = array_grow(c->decks, &c->deck_cap, c->deck_count + 1, sizeof(struct deck *));
	c->decks[c->deck_count++] = keep(&x, sizeof(x));
	return true;
}

static bool read_exam(struct content *c, const char *file, const char *bytes, size_t n,
		      struct diags *d)
{
	struct blueprint x;
	if (!blueprint_read(&x, file, bytes, n, d))
		return false;
	c->exams = array_grow(c->exams, &c->exam_cap, c->exam_count + 1, sizeof(void *));
	c->exams[c->exam_count++] = keep(&x, sizeof(x));
	return true;
}

static bool read_matrix(struct content *c, const char *file, const char *bytes, size_t n,
			struct diags *d)
{
	struct matrix x;
	if (!matrix_read(&x, file, bytes, n, d))
		return false;
	c->matrices = array_grow(c->matrices, &c->matrix_cap, c->matrix_count + 1, sizeof(void *));
	c->matrices[c->matrix_count++] = keep(&x, sizeof(x));
	return true;
}

static bool read_tree(struct content *c, const char *file, const char *bytes, size_t n,
		      struct diags *d)
{
	struct dtree x;
	if (!dtree_read(&x, file, bytes, n, d))
		return false;
	c->trees = array_grow(c->trees, &c->tree_cap, c->tree_count + 1, sizeof(void *));
	c->trees[c->tree_count++] = keep(&x, sizeof(x));
	return true;
}

static bool read_lab(struct content *c, const char *file, const char *bytes, size_t n,
		     struct diags *d)
{
	struct lab x;
	if (!lab_read(&x, file, bytes, n, d))
		return false;
	c->labs = array_grow(c->labs, &c->lab_cap, c->lab_count + 1, sizeof(void *));
	c->labs[c->lab_count++] = keep(&x, sizeof(x));
	return true;
}

static bool read_prices(struct content *c, const char *file, const char *bytes, size_t n,
			struct diags *d)
{
	struct prices x;
	if (!prices_read(&x, file, bytes, n, d))
		return false;
	c->prices = array_grow(c->prices, &c->price_cap, c->price_count + 1, sizeof(void *));
	c->prices[c->price_count++] = keep(&x, sizeof(x));
	return true;
}

/* A definition of APIs: whoever runs lint has it read where such things are known. */
static bool leave(struct content *c, const char *file, const char *bytes, size_t n, struct diags *d)
{
	(void)c;
	(void)file;
	(void)bytes;
	(void)n;
	(void)d;
	return true;
}

bool content_read(struct content *c, const char *file, const char *bytes, size_t n, struct diags *d)
{
	static const struct {
		bool (*read)(struct content *c, const char *file, const char *bytes, size_t n,
			     struct diags *d);
		size_t max;
	} readers[] = {
		[CONTENT_DECK] = {read_deck, MAX_DECK_BYTES},
		[CONTENT_EXAM] = {read_exam, MAX_BLUEPRINT_BYTES},
		[CONTENT_MATRIX] = {read_matrix, MAX_MATRIX_BYTES},
		[CONTENT_TREE] = {read_tree, MAX_MATRIX_BYTES},
		[CONTENT_LAB] = {read_lab, MAX_LAB_BYTES},
		[CONTENT_PROOFS] = {read_lab, MAX_LAB_BYTES},
		[CONTENT_DRILL] = {read_lab, MAX_LAB_BYTES},
		[CONTENT_PRICES] = {read_prices, MAX_PRICES_BYTES},
		[CONTENT_STACK] = {leave, MAX_DECK_BYTES},
		[CONTENT_OPENAPI] = {leave, MAX_DECK_BYTES},
	};
	static_assert(ARRAY_LEN(readers) == CONTENT_KIND_COUNT, "every kind has a reader");
	enum content_kind kind = content_kind_of(bytes, n);
	if (n > readers[kind].max)
		return diag_error(d, (struct pos){file, 1, 1}, "file-too-large",
				  "%zu bytes, at most %zu are read", n, readers[kind].max);
	return check_kind(file, bytes, n, d) && readers[kind].read(c, file, bytes, n, d);
}

bool content_read_file(struct content *c, const char *path, struct diags *d)
{
	struct str bytes = {0};
	bool ok = file_read(path, MAX_DECK_BYTES, &bytes, d) &&
		  content_read(c, path, str_c(&bytes), bytes.len, d);
	str_clear(&bytes);
	return ok;
}

/* -- rules ------------------------------------------------------------------------------------- */

static bool has_exam(const struct content *c, const char *id)
{
	for (size_t i = 0; i < c->exam_count; i++)
		if (str_eq(c->exams[i]->id, id))
			return true;
	return false;
}

static bool has_matrix(const struct content *c, const char *id)
{
	for (size_t i = 0; i < c->matrix_count; i++)
		if (str_eq(c->matrices[i]->id, id))
			return true;
	return false;
}

const struct blueprint **content_exams(const struct content *c, const struct content *known,
				       size_t *count)
{
	size_t more = known ? known->exam_count : 0;
	const struct blueprint **out = xcalloc(c->exam_count + more + 1, sizeof(*out));
	*count = 0;
	for (size_t i = 0; i < c->exam_count; i++)
		out[(*count)++] = c->exams[i];
	for (size_t i = 0; i < more; i++)
		if (!has_exam(c, known->exams[i]->id))
			out[(*count)++] = known->exams[i];
	return out;
}

/* Trees are bound to their matrices while they are proved. */
static bool prove_trees(const struct content *c, const struct content *known, struct diags *d)
{
	size_t more = known ? known->matrix_count : 0, n = 0;
	const struct matrix **all = xcalloc(c->matrix_count + more + 1, sizeof(*all));
	for (size_t i = 0; i < c->matrix_count; i++)
		all[n++] = c->matrices[i];
	for (size_t i = 0; i < more; i++)
		if (!has_matrix(c, known->matrices[i]->id))
			all[n++] = known->matrices[i];
	bool ok = dtrees_prove(c->trees, c->tree_count, all, n, d);
	free(all);
	return ok;
}

/* Cards of decks that are linted with the trees, or known. */
static void check_cards(const struct content *c, const struct content *known, struct diags *d)
{
	for (size_t i = 0; i < c->tree_count; i++) {
		dtree_check_cards(c->trees[i], (const struct deck *const *)c->decks, c->deck_count,
				  d);
		if (known)
			dtree_check_cards(c->trees[i], (const struct deck *const *)known->decks,
					  known->deck_count, d);
	}
}

static void check_labs(const struct content *c, const struct content *known, struct diags *d)
{
	size_t more = known ? known->deck_count : 0, n = 0;
	const struct deck **decks = xcalloc(c->deck_count + more + 1, sizeof(*decks));
	for (size_t i = 0; i < c->deck_count; i++)
		decks[n++] = c->decks[i];
	for (size_t i = 0; i < more; i++)
		decks[n++] = known->decks[i];
	for (size_t i = 0; i < c->lab_count; i++)
		lab_check(c->labs[i], decks, n, d);
	free(decks);
}

/* Those of labs and proofs that are linted come before those that are only known. */
static void check_proofs(const struct content *c, const struct content *known, struct diags *d)
{
	size_t more = known ? known->lab_count : 0, n = 0;
	const struct lab **labs = xcalloc(c->lab_count + more + 1, sizeof(*labs));
	for (size_t i = 0; i < c->lab_count; i++)
		labs[n++] = c->labs[i];
	for (size_t i = 0; i < more; i++)
		labs[n++] = known->labs[i];
	for (size_t i = 0; i < c->deck_count; i++)
		lint_deck_proofs(c->decks[i], &(struct lint_proofs){labs, n, c->lab_count}, d);
	free(labs);
}

static bool lint_data(const struct content *c, const struct lint_options *o, struct diags *d)
{
	bool ok = true;
	for (size_t i = 0; i < c->matrix_count; i++)
		ok &= lint_data_file(
			&(struct lint_data){.file = c->matrices[i]->file,
					    .root = c->matrices[i]->root,
					    .sources = c->matrices[i]->sources,
					    .source_count = c->matrices[i]->source_count},
			o, d);
	for (size_t i = 0; i < c->tree_count; i++)
		ok &= lint_data_file(&(struct lint_data){.file = c->trees[i]->file,
							 .root = c->trees[i]->root,
							 .sources = c->trees[i]->sources,
							 .source_count = c->trees[i]->source_count},
				     o, d);
	for (size_t i = 0; i < c->price_count; i++)
		ok &= lint_data_file(
			&(struct lint_data){.file = c->prices[i]->file,
					    .root = c->prices[i]->root,
					    .sources = c->prices[i]->sources,
					    .source_count = c->prices[i]->source_count},
			o, d);
	for (size_t i = 0; i < c->lab_count; i++)
		ok &= lint_lab_file(c->labs[i], o, d);
	return ok;
}

bool content_lint(const struct content *c, const struct content *known,
		  const struct lint_options *o, struct diags *d)
{
	struct lint_options with = *o;
	const struct blueprint **exams = content_exams(c, known, &with.exam_count);
	const size_t before = d->errors;
	bool ok = true;
	with.exams = exams;
	for (size_t i = 0; i < c->exam_count; i++)
		ok &= lint_exam_file(c->exams[i], &with, d);
	ok &= lint_data(c, &with, d);
	ok &= prove_trees(c, known, d);
	check_cards(c, known, d);
	check_labs(c, known, d);
	check_proofs(c, known, d);
	ok &= lint_decks((const struct deck *const *)c->decks, c->deck_count, &with, d);
	ok &= lint_lab_ids((const struct lab *const *)c->labs, c->lab_count, d);
	diags_sort(d);
	free(exams);
	return ok && d->errors == before;
}
