/* matrix.c -- from a tree to a matrix. The keys are checked by their table first (treekeys.c), so
 * that what is left here is what relates one value to another: every option has a cell, names
 * exist, words in braces are given by every story.
 *
 * Cells are kept twice: as a table with reasons and sources, for people, and as words of bits, for
 * the proofs and drawings that ask millions of times (decide.c). */
#include "deck/matrix.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/yaml.h"
#include "deck/treekeys.h"

#include <string.h>

#define FEW_PHRASES 3
#define FEW_STORIES 12

struct matrix_reader {
	struct spec_reader r;
	struct matrix *m;
	const char **option_ids, **feature_ids;
};

/* -- names ------------------------------------------------------------------------------------- */

static int find_id(const char *const *ids, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(ids[i], id) == 0)
			return (int)i;
	return -1;
}

/* Index of the option named by n, or -1 and an error. */
static int known_option(struct matrix_reader *mr, const struct node *n)
{
	int i = find_id(mr->option_ids, mr->m->option_count, n->text);
	if (i < 0)
		spec_unknown(&mr->r, n, "matrix-option", "option", mr->option_ids,
			     mr->m->option_count);
	return i;
}

static int known_feature(struct matrix_reader *mr, const struct node *n)
{
	int i = find_id(mr->feature_ids, mr->m->feature_count, n->text);
	if (i < 0)
		spec_unknown(&mr->r, n, "matrix-feature", "feature", mr->feature_ids,
			     mr->m->feature_count);
	return i;
}

/* One id or a list of them, as bits. */
static uint64_t feature_bits(struct matrix_reader *mr, const struct node *n)
{
	uint64_t bits = 0;
	bool list = n && n->kind == NODE_LIST;
	for (const struct node *e = list ? n->child : n; e; e = list ? e->next : NULL) {
		int f = known_feature(mr, e);
		if (f >= 0)
			bits |= UINT64_C(1) << f;
	}
	return bits;
}

static const char **child_ids(struct matrix_reader *mr, const struct node *map, size_t *count)
{
	*count = map ? map->count : 0;
	const char **ids = arena_alloc(&mr->m->arena, (*count + 1) * sizeof(*ids));
	size_t i = 0;
	for (const struct node *e = map ? map->child : NULL; e; e = e->next)
		ids[i++] = e->key->text;
	return ids;
}

/* -- options and wishes ------------------------------------------------------------------------ */

static void read_options(struct matrix_reader *mr, const struct node *map)
{
	struct matrix *m = mr->m;
	struct matrix_option *o = m->options =
		arena_alloc(&m->arena, m->option_count * sizeof(*m->options));
	for (const struct node *e = map->child; e; e = e->next, o++) {
		size_t unused;
		*o = (struct matrix_option){
			.id = e->key->text,
			.title = node_text(e, "title"),
			.note = node_text(e, "note"),
			.when = feature_bits(mr, node_get(e, "when")),
			.pos = node_pos(e->key, m->file),
		};
		spec_cited(&mr->r, node_get(e, "source"), m->sources, m->source_count, &unused);
	}
}

static void read_ranks(struct matrix_reader *mr, struct wish *w, const struct node *map)
{
	uint32_t seen = 0;
	for (const struct node *e = map->child; e; e = e->next) {
		long long rank = 0;
		int o = known_option(mr, e->key);
		if (o < 0)
			continue;
		seen |= UINT32_C(1) << o;
		if (str_to_i64(e->text, 1, MAX_RANK, &rank))
			w->rank[o] = (int)rank;
	}
	for (size_t o = 0; o < mr->m->option_count; o++)
		if (!(seen >> o & 1))
			SPEC_ERROR(&mr->r, map, "matrix-rank",
				   "no rank for option \"%s\": write ~ where it cannot be compared",
				   mr->option_ids[o]);
}

static void read_wishes(struct matrix_reader *mr, const struct node *map)
{
	struct matrix *m = mr->m;
	m->wish_count = map ? map->count : 0;
	struct wish *w = m->wishes =
		arena_alloc(&m->arena, (m->wish_count + 1) * sizeof(*m->wishes));
	for (const struct node *e = map ? map->child : NULL; e; e = e->next, w++) {
		w->id = e->key->text;
		w->title = node_text(e, "title");
		w->say = spec_texts(&mr->r, node_get(e, "say"), &w->say_count);
		w->pos = node_pos(e->key, m->file);
		read_ranks(mr, w, node_get(e, "rank"));
	}
}

/* -- features ---------------------------------------------------------------------------------- */

static enum cell_is cell_is(const char *text)
{
	return text[0] == 'y' ? CELL_YES : text[0] == 'n' ? CELL_NO : CELL_UNKNOWN;
}

static void read_cells(struct matrix_reader *mr, struct feature *f, const struct node *map)
{
	uint32_t seen = 0;
	for (const struct node *e = map->child; e; e = e->next) {
		int o = known_option(mr, e->key);
		if (o < 0)
			continue;
		seen |= UINT32_C(1) << o;
		f->cells[o].is = f->cells[o].exam = cell_is(e->text);
	}
	for (size_t o = 0; o < mr->m->option_count; o++)
		if (!(seen >> o & 1))
			SPEC_ERROR(&mr->r, map, "matrix-cell",
				   "\"%s\" says nothing about option \"%s\": write y, n or '?'",
				   f->id, mr->option_ids[o]);
}

/* What a feature says of some options by id: why, since, exam. */
static void read_cell_notes(struct matrix_reader *mr, struct feature *f, const struct node *n)
{
	const struct node *map = node_get(n, "why");
	for (const struct node *e = map ? map->child : NULL; e; e = e->next) {
		int o = known_option(mr, e->key);
		if (o >= 0)
			f->cells[o].why = e->text;
	}
	map = node_get(n, "exam");
	for (const struct node *e = map ? map->child : NULL; e; e = e->next) {
		int o = known_option(mr, e->key);
		if (o >= 0)
			f->cells[o].exam = cell_is(e->text);
	}
	map = node_get(n, "since");
	for (const struct node *e = map ? map->child : NULL; e; e = e->next) {
		int o = known_option(mr, e->key);
		if (o >= 0 && f->cells[o].is != CELL_YES)
			SPEC_ERROR(&mr->r, e, "matrix-since",
				   "\"since\" is for cells that are y, and that of \"%s\" is not",
				   e->key->text);
		else if (o >= 0)
			f->cells[o].since = e->text;
	}
}

static void read_cell_sources(struct matrix_reader *mr, struct feature *f, const struct node *n)
{
	const struct matrix *m = mr->m;
	size_t count;
	const struct source **all =
		spec_cited(&mr->r, node_get(n, "source"), m->sources, m->source_count, &count);
	for (size_t o = 0; o < m->option_count; o++) {
		f->cells[o].cited = all;
		f->cells[o].cited_count = count;
	}
	const struct node *map = node_get(n, "cell_source");
	for (const struct node *e = map ? map->child : NULL; e; e = e->next) {
		int o = known_option(mr, e->key);
		if (o >= 0)
			f->cells[o].cited = spec_cited(&mr->r, e, m->sources, m->source_count,
						       &f->cells[o].cited_count);
	}
}

static void check_phrases(struct matrix_reader *mr, const struct feature *f, const struct node *n)
{
	if (f->say_count == 0)
		SPEC_ERROR(&mr->r, n->key, "matrix-no-phrases",
			   "\"%s\" has no sentences under \"say\", so no scenario can need it",
			   f->id);
	else if (f->say_count < FEW_PHRASES)
		diag_warn(mr->r.d, node_pos(node_get(n, "say"), mr->m->file), "matrix-few-phrases",
			  "\"%s\" has %zu of at least %d sentences", f->id, f->say_count,
			  FEW_PHRASES);
}

static void read_feature(struct matrix_reader *mr, struct feature *f, const struct node *n)
{
	f->id = n->key->text;
	f->title = node_text(n, "title");
	f->lacks = node_text(n, "lacks");
	f->say = spec_texts(&mr->r, node_get(n, "say"), &f->say_count);
	f->without = spec_texts(&mr->r, node_get(n, "without"), &f->without_count);
	f->not_beside = feature_bits(mr, node_get(n, "not"));
	f->pos = node_pos(n->key, mr->m->file);
	read_cells(mr, f, node_get(n, "is"));
	read_cell_notes(mr, f, n);
	read_cell_sources(mr, f, n);
	check_phrases(mr, f, n);
}

/* `not` holds from both sides. */
static void mirror_not(struct matrix *m)
{
	for (size_t f = 0; f < m->feature_count; f++)
		for (size_t g = 0; g < m->feature_count; g++)
			if (m->features[f].not_beside >> g & 1)
				m->features[g].not_beside |= UINT64_C(1) << f;
	for (size_t f = 0; f < m->feature_count; f++)
		m->features[f].not_beside &= ~(UINT64_C(1) << f);
}

static void fill_bits(struct matrix *m)
{
	for (size_t f = 0; f < m->feature_count; f++) {
		for (size_t o = 0; o < m->option_count; o++) {
			const struct cell *c = &m->features[f].cells[o];
			uint32_t bit = UINT32_C(1) << o;
			m->no[f] |= c->is == CELL_NO ? bit : 0;
			m->unknown[f] |= c->is == CELL_UNKNOWN ? bit : 0;
			m->exam_no[f] |= c->exam == CELL_NO ? bit : 0;
			m->exam_unknown[f] |= c->exam == CELL_UNKNOWN ? bit : 0;
		}
	}
}

static void read_features(struct matrix_reader *mr, const struct node *map)
{
	struct matrix *m = mr->m;
	struct feature *f = m->features =
		arena_alloc(&m->arena, m->feature_count * sizeof(*m->features));
	for (const struct node *e = map->child; e; e = e->next)
		read_feature(mr, f++, e);
	mirror_not(m);
	fill_bits(m);
}

static void read_apart(struct matrix_reader *mr, const struct node *list)
{
	for (const struct node *e = list ? list->child : NULL; e; e = e->next) {
		uint64_t bits = feature_bits(mr, e);
		mr->m->apart[mr->m->apart_count++] = bits;
		if (mr->r.ok && !(bits & (bits - 1)))
			SPEC_ERROR(&mr->r, e, "matrix-apart",
				   "a group of features that stand apart needs two of them");
	}
}

/* -- stories and their words ------------------------------------------------------------------- */

/* Is name, or what it is made from by raising its first letter, among names? */
static bool has_word(const char *const *names, size_t n, const char *name)
{
	char lower[MAX_SLUG + 1];
	if (find_id(names, n, name) >= 0)
		return true;
	if (name[0] < 'A' || name[0] > 'Z')
		return false;
	memcpy(lower, name, strlen(name) + 1);
	lower[0] = (char)(lower[0] - 'A' + 'a');
	return find_id(names, n, lower) >= 0;
}

/* Every word in braces in a text is among names. where: "\"words\" of the matrix", for messages. */
static void check_words(struct matrix_reader *mr, const struct node *n, const char *const *names,
			size_t count, const char *where)
{
	for (const char *p = n->text; (p = strpbrk(p, "{}")); p++) {
		char name[MAX_SLUG + 1];
		size_t len = strcspn(p + 1, "{}");
		if (*p == '}' || p[1 + len] != '}' || len == 0 || len > MAX_SLUG) {
			SPEC_ERROR(&mr->r, n, "matrix-word",
				   "a brace stands alone: words are written as {word}");
			return;
		}
		memcpy(name, p + 1, len);
		name[len] = '\0';
		if (!has_word(names, count, name)) {
			struct node word = *n;
			word.text = name;
			word.len = len;
			spec_unknown(&mr->r, &word, "matrix-word", where, names, count);
		}
		p += len + 1;
	}
}

/* A list of sentences or one: their words, and that each ends as a sentence does. */
static void check_sentences(struct matrix_reader *mr, const struct node *n)
{
	bool list = n && n->kind == NODE_LIST;
	for (const struct node *e = list ? n->child : n; e; e = list ? e->next : NULL) {
		size_t n_text = strlen(e->text);
		bool quoted = n_text > 1 && e->text[n_text - 1] == '"';
		char last = e->text[n_text - 1 - quoted]; /* a quotation may end with it */
		check_words(mr, e, mr->m->words, mr->m->word_count, "word of the key words");
		if (last != '.' && last != '?' && last != '!')
			diag_warn(mr->r.d, node_pos(e, mr->m->file), "matrix-sentence",
				  "this is told as a sentence: end it with a full stop");
	}
}

static void check_all_sentences(struct matrix_reader *mr, const struct node *root)
{
	static const char *const maps[] = {"features", "wishes"};
	for (size_t i = 0; i < ARRAY_LEN(maps); i++) {
		const struct node *map = node_get(root, maps[i]);
		for (const struct node *e = map ? map->child : NULL; e; e = e->next) {
			check_sentences(mr, node_get(e, "say"));
			check_sentences(mr, node_get(e, "without"));
		}
	}
}

static void read_story_words(struct matrix_reader *mr, struct story *s, const struct node *n)
{
	struct matrix *m = mr->m;
	const struct node *map = node_get(n, "words");
	const char **names = child_ids(mr, map, &s->word_count);
	size_t i = 0;
	s->words = arena_alloc(&m->arena, (s->word_count + 1) * sizeof(*s->words));
	for (const struct node *e = map ? map->child : NULL; e; e = e->next)
		s->words[i++] = (struct story_word){e->key->text, e->text};
	check_words(mr, node_get(n, "text"), names, s->word_count, "word of the story");
	for (i = 0; i < m->word_count; i++)
		if (!has_word(names, s->word_count, m->words[i]))
			SPEC_ERROR(&mr->r, n, "matrix-word",
				   "story \"%s\" has no text for the word \"%s\"", s->id,
				   m->words[i]);
}

static void check_fields(struct matrix_reader *mr, const struct node *list)
{
	const struct matrix *m = mr->m;
	size_t fields = 0;
	for (size_t i = 0; i < m->story_count; i++) {
		size_t k = 0;
		while (k < i && strcmp(m->stories[k].field, m->stories[i].field) != 0)
			k++;
		fields += k == i;
		for (k = 0; k < i; k++)
			if (strcmp(m->stories[k].id, m->stories[i].id) == 0) {
				diag_error(mr->r.d, m->stories[i].pos, "matrix-story",
					   "story id \"%s\" is used twice", m->stories[i].id);
				mr->r.ok = false;
				break;
			}
	}
	if (fields < FEW_STORIES)
		diag_warn(mr->r.d, node_pos(list->key, m->file), "matrix-few-stories",
			  "stories from %zu of at least %d different fields", fields, FEW_STORIES);
}

static void read_stories(struct matrix_reader *mr, const struct node *list)
{
	struct matrix *m = mr->m;
	m->story_count = list->count;
	struct story *s = m->stories = arena_alloc(&m->arena, m->story_count * sizeof(*m->stories));
	for (const struct node *e = list->child; e; e = e->next, s++) {
		s->id = node_text(e, "id");
		s->field = node_text(e, "field");
		s->text = node_text(e, "text");
		s->not_here = feature_bits(mr, node_get(e, "not"));
		s->pos = node_pos(e, m->file);
		read_story_words(mr, s, e);
	}
	check_fields(mr, list);
}

/* -- the whole --------------------------------------------------------------------------------- */

static void read_matrix(struct matrix_reader *mr, const struct node *root)
{
	struct matrix *m = mr->m;
	const char *question = node_text(root, "question");
	m->id = node_text(root, "matrix");
	m->title = node_text(root, "title");
	m->about = node_text(root, "about");
	m->question = question ? question : "Which choice meets every need?";
	date_parse(node_text(root, "as_of"), &m->as_of_day);
	m->sources = spec_sources(&mr->r, node_get(root, "sources"), &m->source_count);
	m->words = spec_texts(&mr->r, node_get(root, "words"), &m->word_count);
	mr->option_ids = child_ids(mr, node_get(root, "options"), &m->option_count);
	mr->feature_ids = child_ids(mr, node_get(root, "features"), &m->feature_count);
	read_options(mr, node_get(root, "options"));
	read_wishes(mr, node_get(root, "wishes"));
	read_features(mr, node_get(root, "features"));
	read_apart(mr, node_get(root, "apart"));
	check_all_sentences(mr, root);
	read_stories(mr, node_get(root, "stories"));
}

bool matrix_read(struct matrix *out, const char *file, const char *bytes, size_t n, struct diags *d)
{
	*out = (struct matrix){0};
	struct matrix_reader mr = {.r = {&out->arena, NULL, d, true, 0}, .m = out};
	struct node *root = NULL;
	out->file = mr.r.file = arena_strdup(&out->arena, file);
	bool ok = yaml_read(&out->arena, out->file, bytes, n, &root, d) &&
		  spec_check_root(&mr.r, root, &matrix_place);
	if (ok) {
		out->root = root;
		out->pos = node_pos(root, out->file);
		read_matrix(&mr, root);
	}
	if (!ok || !mr.r.ok) {
		matrix_clear(out);
		return false;
	}
	return true;
}

bool matrix_read_file(struct matrix *out, const char *path, struct diags *d)
{
	struct str bytes = {0};
	*out = (struct matrix){0};
	bool ok = file_read(path, MAX_MATRIX_BYTES, &bytes, d) &&
		  matrix_read(out, path, str_c(&bytes), bytes.len, d);
	str_clear(&bytes);
	return ok;
}

void matrix_clear(struct matrix *m)
{
	arena_clear(&m->arena);
	*m = (struct matrix){0};
}
