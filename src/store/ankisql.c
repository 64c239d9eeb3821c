/* ankisql.c -- see ankisql.h. Tables and indexes are those of Anki's own schema 11
 * (rslib/src/storage/schema11.sql), column for column, since Anki upgrades the file by rules that
 * count on them. The file is scratch until it is whole, so it needs no journal. */
#include "store/ankisql.h"

#include "base/mem.h"

#include <assert.h>

const char ankisql_fresh[] =
	"PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000;"
	"CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL,"
	" scm integer NOT NULL, ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL,"
	" ls integer NOT NULL, conf text NOT NULL, models text NOT NULL, decks text NOT NULL,"
	" dconf text NOT NULL, tags text NOT NULL);"
	"CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL,"
	" mod integer NOT NULL, usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL,"
	" sfld integer NOT NULL, csum integer NOT NULL, flags integer NOT NULL,"
	" data text NOT NULL);"
	"CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL,"
	" ord integer NOT NULL, mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL,"
	" queue integer NOT NULL, due integer NOT NULL, ivl integer NOT NULL,"
	" factor integer NOT NULL, reps integer NOT NULL, lapses integer NOT NULL,"
	" left integer NOT NULL, odue integer NOT NULL, odid integer NOT NULL,"
	" flags integer NOT NULL, data text NOT NULL);"
	"CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL,"
	" ease integer NOT NULL, ivl integer NOT NULL, lastIvl integer NOT NULL,"
	" factor integer NOT NULL, time integer NOT NULL, type integer NOT NULL);"
	"CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);";

const char ankisql_indexes[] = "CREATE INDEX ix_notes_usn ON notes (usn);"
			       "CREATE INDEX ix_cards_usn ON cards (usn);"
			       "CREATE INDEX ix_revlog_usn ON revlog (usn);"
			       "CREATE INDEX ix_cards_nid ON cards (nid);"
			       "CREATE INDEX ix_cards_sched ON cards (did, queue, due);"
			       "CREATE INDEX ix_revlog_cid ON revlog (cid);"
			       "CREATE INDEX ix_notes_csum ON notes (csum);";

const char ankisql_begin[] = "BEGIN";
const char ankisql_commit[] = "COMMIT";

const char *const ankisql_statements[ANKI_STMT_COUNT] = {
	/* scm: when the schema was last changed; ver 11; nothing was ever synchronised. */
	[ANKI_ADD_COL] = "INSERT INTO col (id, crt, mod, scm, ver, dty, usn, ls, conf, models,"
			 " decks, dconf, tags)"
			 " VALUES (1, ?1, ?2, ?2, 11, 0, 0, 0, ?3, ?4, ?5, ?6, '{}')",
	[ANKI_ADD_NOTE] = "INSERT INTO notes (id, guid, mid, mod, usn, tags, flds, sfld, csum,"
			  " flags, data) VALUES (?1, ?2, ?3, ?4, -1, ?5, ?6, ?7, ?8, 0, '')",
	[ANKI_ADD_CARD] = "INSERT INTO cards (id, nid, did, ord, mod, usn, type, queue, due, ivl,"
			  " factor, reps, lapses, left, odue, odid, flags, data)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, -1, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
			  " 0, 0, ?14, ?15)",
	[ANKI_ADD_REVIEW] = "INSERT INTO revlog (id, cid, usn, ease, ivl, lastIvl, factor, time,"
			    " type) SELECT (WITH RECURSIVE free (id) AS (SELECT ?1 UNION ALL"
			    " SELECT id + 1 FROM free WHERE id IN (SELECT id FROM revlog))"
			    " SELECT max(id) FROM free), ?2, -1, ?3, ?4, ?5, ?6, ?7, ?8",
	/* A plain table with all these columns, ?2: blanks around each? */
	[ANKI_HAS_COLUMNS] =
		"SELECT count(*) FROM sqlite_schema s, pragma_table_info(?1) c"
		" WHERE s.type = 'table' AND s.name = ?1 AND s.sql NOT LIKE 'CREATE VIRTUAL%'"
		" AND instr(?2, ' ' || c.name || ' ') > 0",
	[ANKI_COL] = "SELECT ver, crt FROM col LIMIT 1",
	[ANKI_MODELS] = "SELECT models FROM col LIMIT 1",
	[ANKI_DECKS_JSON] = "SELECT decks FROM col LIMIT 1",
	[ANKI_NOTETYPES] = "SELECT id, name, config FROM notetypes ORDER BY id",
	[ANKI_FIELDS] = "SELECT ntid, name FROM fields ORDER BY ntid, ord",
	[ANKI_TEMPLATES] = "SELECT ntid, name, config FROM templates ORDER BY ntid, ord",
	[ANKI_DECKS] = "SELECT id, name FROM decks ORDER BY id",
	[ANKI_COUNT] = "SELECT count(*) FROM notes",
	[ANKI_NOTES] = "SELECT id, mid, mod, guid, tags, flds FROM notes ORDER BY id",
	[ANKI_CARDS] = "SELECT id, nid, did, ord, mod, type, queue, due, ivl, factor, reps,"
		       " lapses, left, flags, data, odid FROM cards ORDER BY id",
	[ANKI_REVIEWS] = "SELECT id, cid, ease, ivl, lastIvl, factor, time, type FROM revlog"
			 " ORDER BY id",
};
static_assert(ARRAY_LEN(ankisql_statements) == ANKI_STMT_COUNT, "every statement has its text");
