/* ankidb.c -- see ankidb.h: opening, closing, and writing a collection. Note types, decks and deck
 * presets of schema 11 are JSON in one row. What Anki requires of that JSON is in
 * rslib/src/notetype/schema11.rs and decks/schema11.rs; the rest it fills in. */
#include "store/ankidb.h"

#include "base/json.h"
#include "base/sha1.h"
#include "store/ankiinside.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define CANNOT "%s is damaged, or no collection of Anki's"
static const struct db_fault faults[] = {
	{SQLITE_FULL, "anki-write", "the disk is full: %s could not be written"},
	{SQLITE_READONLY, "anki-write", "%s cannot be written: it or its folder is read-only"},
	{SQLITE_CANTOPEN, "anki-open", "%s cannot be opened"},
	{SQLITE_PERM, "anki-open", "%s cannot be opened: permission was refused"},
	{SQLITE_IOERR, "anki-write", "the disk failed while %s was in use"},
	{SQLITE_CORRUPT, "anki-corrupt", CANNOT},
	{SQLITE_NOTADB, "anki-corrupt", CANNOT},
	{SQLITE_TOOBIG, "anki-too-long", "%s holds a text that is too long"},
};

const struct db_role anki_role = {
	.statements = ankisql_statements,
	.statement_count = ANKI_STMT_COUNT,
	.faults = faults,
	.fault_count = ARRAY_LEN(faults),
	.other = {0, "anki-corrupt", CANNOT " (%s)"},
	.max_foreign_value = MAX_ANKI_CELL,
};

void ankidb_close(struct ankidb *db)
{
	if (!db)
		return;
	db_close(db->db);
	for (size_t i = 0; i < db->deck_count; i++) {
		free((char *)db->decks[i].name);
		free((char *)db->decks[i].about);
	}
	free(db->decks);
	str_clear(&db->fields);
	arena_clear(&db->arena);
	free(db);
}

/* -- writing ----------------------------------------------------------------------------------- */

bool ankidb_create(struct ankidb **out, const char *path, const struct anki_head *h,
		   struct diags *d)
{
	struct ankidb *db = xcalloc(1, sizeof(*db));
	*out = NULL;
	db->schema = 11;
	db->head = *h;
	db->crt_s = h->crt_s;
	if (!db_open_as(&db->db, &anki_role, path, DB_WRITE, d) ||
	    !db_script(db->db, ankisql_fresh, d) || !db_script(db->db, ankisql_begin, d)) {
		ankidb_close(db);
		return false;
	}
	*out = db;
	return true;
}

void ankidb_add_deck(struct ankidb *db, const struct anki_deck *deck)
{
	db->decks = array_grow(db->decks, &db->deck_cap, db->deck_count + 1, sizeof(*db->decks));
	db->decks[db->deck_count++] =
		(struct anki_deck){deck->id, xstrdup(deck->name), xstrdup(deck->about)};
}

/* Fields joined by 0x1f, which none of them may hold. */
static void join_fields(struct str *out, const struct anki_note *n)
{
	str_reset(out);
	for (size_t i = 0; i < n->field_count; i++) {
		size_t from = out->len + (i > 0);
		if (i)
			str_addc(out, '\x1f');
		str_addn(out, n->fields[i].p, n->fields[i].len);
		char *p = out->p ? out->p + from : NULL;
		while (p && (p = memchr(p, '\x1f', out->len - (size_t)(p - out->p))))
			*p = ' ';
	}
}

static int64_t checksum(struct slice text)
{
	unsigned char h[SHA1_BYTES];
	sha1(text.p, text.len, h);
	return (int64_t)h[0] << 24 | h[1] << 16 | h[2] << 8 | h[3];
}

bool ankidb_add_note(struct ankidb *db, const struct anki_note *n, struct diags *d)
{
	struct stmt *q = db_stmt(db->db, ANKI_ADD_NOTE);
	join_fields(&db->fields, n);
	stmt_i64(q, 1, n->id);
	stmt_text(q, 2, n->guid);
	stmt_i64(q, 3, n->notetype);
	stmt_i64(q, 4, n->mod_s);
	stmt_text(q, 5, n->tags);
	stmt_textn(q, 6, str_c(&db->fields), db->fields.len);
	stmt_textn(q, 7, n->sort.p, n->sort.len);
	stmt_i64(q, 8, checksum(n->sort));
	return stmt_run(q, d);
}

bool ankidb_add_card(struct ankidb *db, const struct anki_card *c, struct diags *d)
{
	struct stmt *q = db_stmt(db->db, ANKI_ADD_CARD);
	const int64_t values[] = {c->id,   c->note,   c->deck, c->ord,  c->mod_s,
				  c->type, c->queue,  c->due,  c->ivl,  c->factor,
				  c->reps, c->lapses, c->left, c->flags};
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		stmt_i64(q, (int)i + 1, values[i]);
	stmt_text(q, (int)ARRAY_LEN(values) + 1, c->data);
	return stmt_run(q, d);
}

bool ankidb_add_review(struct ankidb *db, const struct anki_review *r, struct diags *d)
{
	struct stmt *q = db_stmt(db->db, ANKI_ADD_REVIEW);
	const int64_t values[] = {r->id,       r->card,   r->ease,    r->ivl,
				  r->last_ivl, r->factor, r->time_ms, r->type};
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		stmt_i64(q, (int)i + 1, values[i]);
	return stmt_run(q, d);
}

/* -- the row of JSON --------------------------------------------------------------------------- */

static void add_template(struct json_out *j, const struct anki_template *t, size_t ord)
{
	json_object(j, NULL);
	json_text(j, "name", t->name);
	json_int(j, "ord", (long long)ord);
	json_text(j, "qfmt", t->question);
	json_text(j, "afmt", t->answer);
	json_text(j, "bqfmt", "");
	json_text(j, "bafmt", "");
	json_text(j, "did", NULL);
	json_end(j);
}

static void add_field(struct json_out *j, const char *name, size_t ord)
{
	json_object(j, NULL);
	json_text(j, "name", name);
	json_int(j, "ord", (long long)ord);
	json_bool(j, "sticky", false);
	json_bool(j, "rtl", false);
	json_text(j, "font", "Arial");
	json_int(j, "size", 20);
	json_end(j);
}

/* Which field each card cannot do without. */
static void add_needs(struct json_out *j, const struct anki_notetype *t)
{
	json_list(j, "req");
	for (size_t i = 0; i < t->template_count; i++) {
		json_list(j, NULL);
		json_int(j, NULL, (long long)i);
		json_text(j, NULL, "any");
		json_list(j, NULL);
		json_int(j, NULL, (long long)t->templates[i].needs);
		json_end(j);
		json_end(j);
	}
	json_end(j);
}

static const char latex_pre[] =
	"\\documentclass[12pt]{article}\n\\special{papersize=3in,5in}\n"
	"\\usepackage[utf8]{inputenc}\n\\usepackage{amssymb,amsmath}\n\\pagestyle{empty}\n"
	"\\setlength{\\parindent}{0in}\n\\begin{document}\n";

static void add_notetype(struct json_out *j, const struct ankidb *db, const struct anki_notetype *t)
{
	struct arena a = {0};
	json_object(j, arena_printf(&a, "%lld", (long long)t->id));
	json_int(j, "id", t->id);
	json_text(j, "name", t->name);
	json_int(j, "type", t->cloze);
	json_int(j, "mod", db->head.mod_ms / 1000);
	json_int(j, "usn", -1);
	json_int(j, "sortf", 0);
	json_text(j, "did", NULL);
	json_list(j, "tmpls");
	for (size_t i = 0; i < t->template_count; i++)
		add_template(j, &t->templates[i], i);
	json_end(j);
	json_list(j, "flds");
	for (size_t i = 0; i < t->field_count; i++)
		add_field(j, t->fields[i], i);
	json_end(j);
	json_text(j, "css", t->css);
	json_text(j, "latexPre", latex_pre);
	json_text(j, "latexPost", "\\end{document}");
	add_needs(j, t);
	json_end(j);
	arena_clear(&a);
}

static void add_today(struct json_out *j, const char *key)
{
	json_list(j, key);
	json_int(j, NULL, 0);
	json_int(j, NULL, 0);
	json_end(j);
}

static void add_deck(struct json_out *j, const struct ankidb *db, const struct anki_deck *deck)
{
	static const char *const counts[] = {"lrnToday", "revToday", "newToday", "timeToday"};
	struct arena a = {0};
	json_object(j, arena_printf(&a, "%lld", (long long)deck->id));
	json_int(j, "id", deck->id);
	json_int(j, "mod", db->head.mod_ms / 1000);
	json_text(j, "name", deck->name);
	json_int(j, "usn", -1);
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		add_today(j, counts[i]);
	json_bool(j, "collapsed", false);
	json_bool(j, "browserCollapsed", false);
	json_int(j, "dyn", 0);
	json_text(j, "desc", deck->about);
	json_int(j, "conf", 1);
	json_int(j, "extendNew", 0);
	json_int(j, "extendRev", 0);
	json_end(j);
	arena_clear(&a);
}

/* schedVer 2: without it Anki would run the package through an old scheduler's upgrade. */
static void add_conf(struct json_out *j, const struct ankidb *db)
{
	json_object(j, NULL);
	json_list(j, "activeDecks");
	json_int(j, NULL, 1);
	json_end(j);
	json_int(j, "curDeck", 1);
	json_int(j, "schedVer", 2);
	json_bool(j, "sched2021", true);
	json_int(j, "creationOffset", db->head.west_min);
	json_int(j, "nextPos", 1);
	json_text(j, "sortType", "noteFld");
	json_bool(j, "sortBackwards", false);
	json_bool(j, "addToCur", true);
	json_int(j, "collapseTime", 1200);
	json_end(j);
}

/* Anki's own default preset: import leaves it out unless it is asked for. */
static const char deck_presets[] =
	"{\"1\":{\"id\":1,\"mod\":0,\"name\":\"Default\",\"usn\":0,\"maxTaken\":60,"
	"\"autoplay\":true,\"timer\":0,\"replayq\":true,\"new\":{\"bury\":false,"
	"\"delays\":[1.0,10.0],\"initialFactor\":2500,\"ints\":[1,4,0],\"order\":1,"
	"\"perDay\":20},\"rev\":{\"bury\":false,\"ease4\":1.3,\"ivlFct\":1.0,\"maxIvl\":36500,"
	"\"perDay\":200,\"hardFactor\":1.2},\"lapse\":{\"delays\":[10.0],\"leechAction\":1,"
	"\"leechFails\":8,\"minInt\":1,\"mult\":0.0},\"dyn\":false}}";

static void add_decks(struct json_out *j, const struct ankidb *db)
{
	static const struct anki_deck standard = {1, "Default", ""};
	json_object(j, NULL);
	add_deck(j, db, &standard);
	for (size_t i = 0; i < db->deck_count; i++)
		add_deck(j, db, &db->decks[i]);
	json_end(j);
}

static void add_notetypes(struct json_out *j, const struct ankidb *db)
{
	json_object(j, NULL);
	for (size_t i = 0; i < db->head.notetype_count; i++)
		add_notetype(j, db, &db->head.notetypes[i]);
	json_end(j);
}

static bool add_col(struct ankidb *db, struct diags *d)
{
	static void (*const columns[])(struct json_out *, const struct ankidb *) = {
		add_conf, add_notetypes, add_decks};
	struct str text[ARRAY_LEN(columns)] = {0};
	struct stmt *q = db_stmt(db->db, ANKI_ADD_COL);
	stmt_i64(q, 1, db->head.crt_s);
	stmt_i64(q, 2, db->head.mod_ms);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		struct json_out j = {.out = &text[i]};
		columns[i](&j, db);
		stmt_text(q, 3 + (int)i, str_c(&text[i]));
	}
	stmt_text(q, 3 + (int)ARRAY_LEN(columns), deck_presets);
	bool ok = stmt_run(q, d);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		str_clear(&text[i]);
	return ok;
}

bool ankidb_finish(struct ankidb *db, struct diags *d)
{
	return add_col(db, d) && db_script(db->db, ankisql_indexes, d) &&
	       db_script(db->db, ankisql_commit, d);
}
