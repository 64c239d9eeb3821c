/* ankiread.c -- see ankidb.h: a collection read. Up to schema 14 note types and decks are JSON in
 * the one row of col; from 15 on they are tables, whose settings are Protocol Buffers (Anki's
 * proto/anki/notetypes.proto). Of these only texts and numbers of known fields are read.
 *
 * Ids come in ascending order or the file is damaged: that is what bounds the walk over a file
 * whose pages lead in circles. */
#include "store/ankidb.h"

#include "base/json.h"
#include "store/ankiinside.h"

#include <stdlib.h>
#include <string.h>

#define TABLES_SINCE 15 /* schema from which note types and decks are tables */

static bool damaged(const struct ankidb *db, const char *what, struct diags *d)
{
	return diag_fail(d, "anki-corrupt", "%s is damaged: %s", db_path(db->db), what);
}

/* -- opening ----------------------------------------------------------------------------------- */

static const struct {
	const char *table, *columns;
	int count;
} needed[] = {
	{"col", " ver crt models decks ", 4},
	{"notes", " id mid mod guid tags flds ", 6},
	{"cards", " id nid did ord mod type queue due ivl factor reps lapses left flags data odid ",
	 16},
	{"revlog", " id cid ease ivl lastIvl factor time type ", 8},
	{"notetypes", " id name config ", 3},
	{"fields", " ntid ord name ", 3},
	{"templates", " ntid ord name config ", 4},
	{"decks", " id name ", 2},
};
#define NEEDED_ALWAYS 4

static bool has_tables(struct ankidb *db, size_t from, size_t to, struct diags *d)
{
	for (size_t i = from; i < to; i++) {
		struct stmt *q = db_stmt(db->db, ANKI_HAS_COLUMNS);
		stmt_text(q, 1, needed[i].table);
		stmt_text(q, 2, needed[i].columns);
		bool has = stmt_row(q) && col_i64(q, 0) == needed[i].count;
		if (!stmt_done(q, d))
			return false;
		if (!has)
			return diag_fail(d, "anki-foreign",
					 "%s is no collection of Anki's: it has no table \"%s\" "
					 "with the columns that belong there",
					 db_path(db->db), needed[i].table);
	}
	return true;
}

static bool read_version(struct ankidb *db, struct diags *d)
{
	struct stmt *q = db_stmt(db->db, ANKI_COL);
	bool row = stmt_row(q);
	int64_t version = row ? col_i64(q, 0) : 0;
	db->crt_s = row ? col_i64(q, 1) : 0;
	if (!stmt_done(q, d))
		return false;
	if (!row)
		return damaged(db, "its table \"col\" is empty", d);
	if (version < 11 || version > 18)
		return diag_fail(d, "anki-version",
				 "%s has version %lld of Anki's format; 11 to 18 can be read",
				 db_path(db->db), (long long)version);
	db->schema = (int)version;
	return true;
}

bool ankidb_open(struct ankidb **out, const char *path, struct diags *d)
{
	struct ankidb *db = xcalloc(1, sizeof(*db));
	*out = NULL;
	bool ok =
		db_open_as(&db->db, &anki_role, path, DB_FROZEN, d) &&
		has_tables(db, 0, NEEDED_ALWAYS, d) && read_version(db, d) &&
		(db->schema < TABLES_SINCE || has_tables(db, NEEDED_ALWAYS, ARRAY_LEN(needed), d));
	if (!ok) {
		ankidb_close(db);
		return false;
	}
	*out = db;
	return true;
}

int ankidb_schema(const struct ankidb *db)
{
	return db->schema;
}

int64_t ankidb_created_s(const struct ankidb *db)
{
	return db->crt_s;
}

size_t ankidb_count(struct ankidb *db)
{
	struct stmt *q = db_stmt(db->db, ANKI_COUNT);
	int64_t n = stmt_row(q) ? col_i64(q, 0) : 0;
	return stmt_done(q, NULL) && n > 0 ? (size_t)n : 0;
}

/* -- JSON of schema 11 ------------------------------------------------------------------------- */

/* The JSON of one column of col. The text is copied, for the tree points into nothing. */
static bool read_json(struct ankidb *db, enum anki_stmt_id id, struct arena *a, struct node **root,
		      struct diags *d)
{
	struct stmt *q = db_stmt(db->db, id);
	bool ok = false;
	if (stmt_row(q)) {
		const char *text = col_text(q, 0);
		ok = json_read(a, NULL, text, col_bytes(q, 0), root, NULL) &&
		     (*root)->kind == NODE_MAP;
	}
	if (!stmt_done(q, d))
		return false;
	return ok || damaged(db, "what it says of note types or decks is no JSON", d);
}

static int64_t number(const struct node *map, const char *key)
{
	const char *text = node_text(map, key);
	long long n = 0;
	return text && str_to_i64(text, INT64_MIN, INT64_MAX, &n) ? n : 0;
}

static const char *text_or_empty(const struct node *map, const char *key)
{
	const char *text = node_text(map, key);
	return text ? text : "";
}

static const struct node *list_of(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);
	return n && n->kind == NODE_LIST ? n : NULL;
}

/* Entries of a list in the order of their key "ord", which is that of the list in all that Anki
 * writes. */
static void read_model(struct arena *a, const struct node *n, struct anki_notetype *out)
{
	const struct node *fields = list_of(n, "flds"), *templates = list_of(n, "tmpls");
	*out = (struct anki_notetype){.id = number(n, "id"),
				      .name = arena_strdup(a, text_or_empty(n, "name")),
				      .cloze = number(n, "type") == 1,
				      .css = ""};
	size_t most = fields ? fields->count : 0, count = 0;
	const char **names = arena_alloc(a, (most + 1) * sizeof(*names));
	for (const struct node *e = fields ? fields->child : NULL;
	     e && out->field_count < MAX_ANKI_FIELDS; e = e->next)
		names[out->field_count++] = arena_strdup(a, text_or_empty(e, "name"));
	out->fields = names;
	most = templates ? templates->count : 0;
	struct anki_template *t = arena_alloc(a, (most + 1) * sizeof(*t));
	for (const struct node *e = templates ? templates->child : NULL;
	     e && count < MAX_ANKI_FIELDS; e = e->next)
		t[count++] = (struct anki_template){
			.name = arena_strdup(a, text_or_empty(e, "name")),
			.question = arena_strdup(a, text_or_empty(e, "qfmt")),
			.answer = arena_strdup(a, text_or_empty(e, "afmt")),
		};
	out->templates = t;
	out->template_count = count;
}

static bool read_models(struct ankidb *db, struct arena *a, struct anki_notetype **out,
			size_t *count, struct diags *d)
{
	struct arena json = {0};
	struct node *root = NULL;
	bool ok = read_json(db, ANKI_MODELS, &json, &root, d);
	if (ok && root) {
		*out = arena_alloc(a, (root->count + 1) * sizeof(**out));
		for (const struct node *e = root->child; e && *count < MAX_ANKI_NOTETYPES;
		     e = e->next)
			read_model(a, e, &(*out)[(*count)++]);
	}
	arena_clear(&json);
	return ok;
}

static bool read_deck_json(struct ankidb *db, struct arena *a, struct anki_deck **out,
			   size_t *count, struct diags *d)
{
	struct arena json = {0};
	struct node *root = NULL;
	bool ok = read_json(db, ANKI_DECKS_JSON, &json, &root, d);
	if (ok && root) {
		*out = arena_alloc(a, (root->count + 1) * sizeof(**out));
		for (const struct node *e = root->child; e && *count < MAX_ANKI_DECKS; e = e->next)
			(*out)[(*count)++] = (struct anki_deck){
				number(e, "id"), arena_strdup(a, text_or_empty(e, "name")),
				arena_strdup(a, text_or_empty(e, "desc"))};
	}
	arena_clear(&json);
	return ok;
}

/* -- tables of schema 15 and later ------------------------------------------------------------- */

/* A number of Protocol Buffers. False: it is cut off. */
static bool read_varint(const unsigned char **p, const unsigned char *end, uint64_t *out)
{
	*out = 0;
	for (int shift = 0; *p < end && shift < 64; shift += 7) {
		unsigned char byte = *(*p)++;
		*out |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

struct proto_field {
	uint64_t number, value; /* value: of numbers */
	struct slice bytes;     /* of texts and messages */
};

/* The next field of a message; false at its end or where it is damaged. */
static bool next_field(const unsigned char **p, const unsigned char *end, struct proto_field *f)
{
	uint64_t key, n = 0;
	if (*p >= end || !read_varint(p, end, &key))
		return false;
	*f = (struct proto_field){.number = key >> 3};
	switch (key & 7) {
	case 0:
		return read_varint(p, end, &f->value);
	case 1:
		n = 8;
		break;
	case 2:
		if (!read_varint(p, end, &n))
			return false;
		break;
	case 5:
		n = 4;
		break;
	default:
		return false;
	}
	if (n > (uint64_t)(end - *p))
		return false;
	f->bytes = (struct slice){(const char *)*p, (size_t)n};
	*p += n;
	return true;
}

/* The config of a note type: field 1 is its kind, 1 for cloze. */
static bool is_cloze(const char *config, size_t n)
{
	const unsigned char *p = (const unsigned char *)config, *end = p + n;
	struct proto_field f;
	while (next_field(&p, end, &f))
		if (f.number == 1)
			return f.value == 1;
	return false;
}

/* The config of a template: 1 the question, 2 the answer. */
static void read_template(struct arena *a, const char *config, size_t n, struct anki_template *out)
{
	const unsigned char *p = (const unsigned char *)config, *end = p + n;
	struct proto_field f;
	out->question = out->answer = "";
	while (next_field(&p, end, &f)) {
		if (f.number == 1 && f.bytes.p)
			out->question = arena_strndup(a, f.bytes.p, f.bytes.len);
		else if (f.number == 2 && f.bytes.p)
			out->answer = arena_strndup(a, f.bytes.p, f.bytes.len);
	}
}

/* All rows of fields or templates; those of one note type stand together, ids ascending. */
struct rows {
	int64_t *owner;
	const char **names;
	struct anki_template *templates; /* NULL for fields */
	size_t count, cap;
};

static void grow(struct rows *r, bool templates)
{
	if (r->count < r->cap)
		return;
	r->cap = r->cap ? r->cap * 2 : 64;
	r->owner = xrealloc(r->owner, r->cap, sizeof(*r->owner));
	r->names = xrealloc(r->names, r->cap, sizeof(*r->names));
	if (templates)
		r->templates = xrealloc(r->templates, r->cap, sizeof(*r->templates));
}

static bool read_rows(struct ankidb *db, enum anki_stmt_id id, struct arena *a, struct rows *r,
		      struct diags *d)
{
	bool templates = id == ANKI_TEMPLATES;
	struct stmt *q = db_stmt(db->db, id);
	while (r->count < (size_t)MAX_ANKI_NOTETYPES * 20 && stmt_row(q)) {
		grow(r, templates);
		r->owner[r->count] = col_i64(q, 0);
		r->names[r->count] = col_copy(q, 1, a);
		if (templates) {
			const char *config = col_text(q, 2);
			r->templates[r->count] = (struct anki_template){.name = r->names[r->count]};
			read_template(a, config, col_bytes(q, 2), &r->templates[r->count]);
		}
		r->count++;
	}
	return stmt_done(q, d);
}

static void clear_rows(struct rows *r)
{
	free(r->owner);
	free(r->names);
	free(r->templates);
}

/* The rows of one note type: first and count. */
static size_t rows_of(const struct rows *r, int64_t owner, size_t *first)
{
	size_t n = 0;
	for (*first = 0; *first < r->count && r->owner[*first] != owner; ++*first)
		;
	while (*first + n < r->count && r->owner[*first + n] == owner && n < MAX_ANKI_FIELDS)
		n++;
	return n;
}

static void take_rows(struct arena *a, const struct rows *fields, const struct rows *templates,
		      struct anki_notetype *out)
{
	size_t first;
	out->field_count = rows_of(fields, out->id, &first);
	const char **names = arena_alloc(a, (out->field_count + 1) * sizeof(*names));
	for (size_t i = 0; i < out->field_count; i++)
		names[i] = fields->names[first + i];
	out->fields = names;
	out->template_count = rows_of(templates, out->id, &first);
	struct anki_template *t = arena_alloc(a, (out->template_count + 1) * sizeof(*t));
	for (size_t i = 0; i < out->template_count; i++)
		t[i] = templates->templates[first + i];
	out->templates = t;
}

static bool read_notetypes(struct ankidb *db, struct arena *a, struct anki_notetype **out,
			   size_t *count, struct diags *d)
{
	struct rows fields = {0}, templates = {0};
	size_t cap = 0;
	struct anki_notetype *types = NULL;
	bool ok = read_rows(db, ANKI_FIELDS, a, &fields, d) &&
		  read_rows(db, ANKI_TEMPLATES, a, &templates, d);
	struct stmt *q = ok ? db_stmt(db->db, ANKI_NOTETYPES) : NULL;
	while (ok && *count < MAX_ANKI_NOTETYPES && stmt_row(q)) {
		types = array_grow(types, &cap, *count + 1, sizeof(*types));
		const char *config = col_text(q, 2);
		struct anki_notetype *t = &types[(*count)++];
		*t = (struct anki_notetype){
			.id = col_i64(q, 0), .cloze = is_cloze(config, col_bytes(q, 2)), .css = ""};
		t->name = col_copy(q, 1, a);
		take_rows(a, &fields, &templates, t);
	}
	ok = ok && stmt_done(q, d);
	*out = arena_alloc(a, (*count + 1) * sizeof(**out));
	if (*count)
		memcpy(*out, types, *count * sizeof(**out));
	free(types);
	clear_rows(&fields);
	clear_rows(&templates);
	return ok;
}

/* Names of the table have 0x1f between their parts. */
static const char *deck_path(struct arena *a, const char *name)
{
	struct str s = {0};
	for (; *name; name++) {
		if (*name == '\x1f')
			str_add(&s, "::");
		else
			str_addc(&s, *name);
	}
	const char *path = arena_strndup(a, str_c(&s), s.len);
	str_clear(&s);
	return path;
}

static bool read_decks(struct ankidb *db, struct arena *a, struct anki_deck **out, size_t *count,
		       struct diags *d)
{
	struct stmt *q = db_stmt(db->db, ANKI_DECKS);
	struct anki_deck *decks = NULL;
	size_t cap = 0;
	while (*count < MAX_ANKI_DECKS && stmt_row(q)) {
		decks = array_grow(decks, &cap, *count + 1, sizeof(*decks));
		decks[*count].id = col_i64(q, 0);
		decks[*count].about = "";
		decks[(*count)++].name = deck_path(a, col_text(q, 1));
	}
	bool ok = stmt_done(q, d);
	*out = arena_alloc(a, (*count + 1) * sizeof(**out));
	if (*count)
		memcpy(*out, decks, *count * sizeof(**out));
	free(decks);
	return ok;
}

bool ankidb_notetypes(struct ankidb *db, struct arena *a, struct anki_notetype **out, size_t *count,
		      struct diags *d)
{
	*count = 0;
	*out = NULL;
	return (db->schema < TABLES_SINCE ? read_models : read_notetypes)(db, a, out, count, d);
}

bool ankidb_decks(struct ankidb *db, struct arena *a, struct anki_deck **out, size_t *count,
		  struct diags *d)
{
	*count = 0;
	*out = NULL;
	return (db->schema < TABLES_SINCE ? read_deck_json : read_decks)(db, a, out, count, d);
}

/* -- rows -------------------------------------------------------------------------------------- */

/* Is this row's id above the last, and are there not too many? */
struct order {
	int64_t last;
	size_t count;
	bool wrong, many;
};

static bool in_order(struct order *o, int64_t id)
{
	o->wrong = o->count && id <= o->last;
	o->many = ++o->count > MAX_ANKI_ROWS;
	o->last = id;
	return !o->wrong && !o->many;
}

static bool end_rows(struct ankidb *db, struct stmt *q, const struct order *o, struct diags *d)
{
	if (!stmt_done(q, d))
		return false;
	if (o->many)
		return diag_fail(d, "anki-too-many", "%s has more than %d rows in one table",
				 db_path(db->db), MAX_ANKI_ROWS);
	return !o->wrong || damaged(db, "its rows are out of order", d);
}

static size_t split_fields(const char *text, size_t n, struct slice *out)
{
	size_t count = 0;
	const char *end = text + n;
	while (count < MAX_ANKI_FIELDS) {
		const char *stop = memchr(text, '\x1f', (size_t)(end - text));
		out[count++] = (struct slice){text, (size_t)((stop ? stop : end) - text)};
		if (!stop)
			break;
		text = stop + 1;
	}
	return count;
}

bool ankidb_each_note(struct ankidb *db, bool (*fn)(void *ctx, const struct anki_note *n),
		      void *ctx, struct diags *d)
{
	struct stmt *q = db_stmt(db->db, ANKI_NOTES);
	struct slice *fields = xcalloc(MAX_ANKI_FIELDS, sizeof(*fields));
	struct order order = {0};
	bool more = true;
	while (more && stmt_row(q) && in_order(&order, col_i64(q, 0))) {
		struct anki_note n = {
			.id = col_i64(q, 0),
			.notetype = col_i64(q, 1),
			.mod_s = col_i64(q, 2),
			.guid = col_text(q, 3),
			.tags = col_text(q, 4),
			.fields = fields,
		};
		const char *text = col_text(q, 5);
		n.field_count = split_fields(text, col_bytes(q, 5), fields);
		more = fn(ctx, &n);
	}
	free(fields);
	return end_rows(db, q, &order, d);
}

static int small(int64_t v)
{
	return v < INT32_MIN || v > INT32_MAX ? 0 : (int)v;
}

bool ankidb_each_card(struct ankidb *db, bool (*fn)(void *ctx, const struct anki_card *c),
		      void *ctx, struct diags *d)
{
	struct stmt *q = db_stmt(db->db, ANKI_CARDS);
	struct order order = {0};
	bool more = true;
	while (more && stmt_row(q) && in_order(&order, col_i64(q, 0))) {
		const struct anki_card c = {
			.id = col_i64(q, 0),
			.note = col_i64(q, 1),
			.deck = col_i64(q, 15) ? col_i64(q, 15) : col_i64(q, 2),
			.ord = small(col_i64(q, 3)),
			.mod_s = col_i64(q, 4),
			.type = small(col_i64(q, 5)),
			.queue = small(col_i64(q, 6)),
			.due = col_i64(q, 7),
			.ivl = small(col_i64(q, 8)),
			.factor = small(col_i64(q, 9)),
			.reps = small(col_i64(q, 10)),
			.lapses = small(col_i64(q, 11)),
			.left = small(col_i64(q, 12)),
			.flags = small(col_i64(q, 13)),
			.data = col_text(q, 14),
		};
		more = fn(ctx, &c);
	}
	return end_rows(db, q, &order, d);
}

bool ankidb_each_review(struct ankidb *db, bool (*fn)(void *ctx, const struct anki_review *r),
			void *ctx, struct diags *d)
{
	struct stmt *q = db_stmt(db->db, ANKI_REVIEWS);
	struct order order = {0};
	bool more = true;
	while (more && stmt_row(q) && in_order(&order, col_i64(q, 0))) {
		const struct anki_review r = {
			.id = col_i64(q, 0),
			.card = col_i64(q, 1),
			.ease = small(col_i64(q, 2)),
			.ivl = col_i64(q, 3),
			.last_ivl = col_i64(q, 4),
			.factor = small(col_i64(q, 5)),
			.time_ms = col_i64(q, 6),
			.type = small(col_i64(q, 7)),
		};
		more = fn(ctx, &r);
	}
	return end_rows(db, q, &order, d);
}
