/* schema.c -- see schema.h. The log and the presets it refers to are the truth, and so are the
 * events of exams, trees and labs; triggers keep them as they were written. card, text, label and
 * part mirror the deck files; state is a cache of the log that `doctor --rebuild` derives again.
 *
 * Ids never change hands: a part keeps its id through rewording, moving and renaming, so its
 * history stays its own. Nothing with history is ever deleted, only set aside.
 *
 * Two shapes are for speed alone. Tags and exam tasks are kept once per distinct combination
 * (label), since a deck of thousands of cards has few. And state_queue covers all that a study
 * session needs of a card, so that building the day's queue reads a few dozen neighbouring pages,
 * however large the store. The texts are in a table of their own so that scans of cards do not drag
 * them along. */
#include "store/schema.h"

#include <assert.h>

#define STATE_COLUMNS                                                                  \
	"state, by_day, suspended, leech, flag, steps_left, interval_d, reps, lapses," \
	" stability_d, difficulty, last_ms, last_day, first_day, due_ms, due_day,"     \
	" buried_day"

#define LOG_COLUMNS                                                           \
	"log.id, log.part, log.ms, log.off_min, log.op, log.arg, log.preset," \
	" log.took_ms, log.given, log.screen, log.target"

const char schema_fresh[] = "PRAGMA journal_mode = WAL;";
const char schema_connection[] = "PRAGMA synchronous = FULL; PRAGMA cache_size = -2000;"
				 "PRAGMA journal_size_limit = 16777216;";

const char *const schema_migrations[] = {
	[0] = "PRAGMA application_id = 1734636081;"
	      "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
	      " STRICT, WITHOUT ROWID;"
	      "INSERT INTO meta VALUES ('loads', '0');"
	      "CREATE TABLE file ("
	      " path TEXT PRIMARY KEY,"
	      " mtime_ns INTEGER NOT NULL, size INTEGER NOT NULL,"
	      " hash INTEGER NOT NULL," /* of the bytes */
	      " deck TEXT NOT NULL,"    /* slug, '' while it was never readable */
	      " bad INTEGER NOT NULL"
	      ") STRICT, WITHOUT ROWID;"
	      "CREATE INDEX file_deck ON file (deck);"
	      "CREATE TABLE deck ("
	      " id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, title TEXT NOT NULL,"
	      " path TEXT NOT NULL" /* of the file it was last read from */
	      ") STRICT;"
	      "CREATE TABLE label ("
	      " id INTEGER PRIMARY KEY,"
	      " tags TEXT NOT NULL,"  /* one a line, in the card's order */
	      " tasks TEXT NOT NULL," /* 'blueprint task', one a line */
	      " UNIQUE (tags, tasks)"
	      ") STRICT;"
	      "CREATE TABLE card ("
	      " id INTEGER PRIMARY KEY,"
	      " deck INTEGER NOT NULL REFERENCES deck, slug TEXT NOT NULL,"
	      " kind INTEGER NOT NULL," /* enum card_kind */
	      " label INTEGER NOT NULL REFERENCES label,"
	      " set_aside INTEGER NOT NULL," /* the load that missed it, 0 = it is there */
	      " position INTEGER NOT NULL, line INTEGER NOT NULL,"
	      " hash INTEGER NOT NULL,"       /* of what a learner sees */
	      " body_hash INTEGER NOT NULL,"  /* of text.body */
	      " group_hash INTEGER NOT NULL," /* of the first tag */
	      " added_ms INTEGER NOT NULL, added_load INTEGER NOT NULL"
	      ") STRICT;"
	      "CREATE UNIQUE INDEX card_key ON card (slug, deck);"
	      "CREATE INDEX card_deck ON card (deck, set_aside);"
	      "CREATE INDEX card_aside ON card (hash) WHERE set_aside <> 0;"
	      "CREATE TABLE text ("
	      " card INTEGER PRIMARY KEY REFERENCES card,"
	      " title TEXT NOT NULL, words TEXT NOT NULL, body TEXT NOT NULL"
	      ") STRICT;"
	      "CREATE VIRTUAL TABLE fts USING fts5 ("
	      " words, content = 'text', content_rowid = 'card',"
	      " tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3', columnsize = 0);"
	      /* A first load writes fewer, larger segments. */
	      "INSERT INTO fts (fts, rank) VALUES ('hashsize', 16777216);"
	      "CREATE TABLE part ("
	      " id INTEGER PRIMARY KEY,"
	      " card INTEGER NOT NULL REFERENCES card, name TEXT NOT NULL,"
	      " fuzz_seed INTEGER NOT NULL," /* of its first key; renaming keeps it */
	      " set_aside INTEGER NOT NULL"
	      ") STRICT;"
	      "CREATE UNIQUE INDEX part_key ON part (card, name);"
	      "CREATE TABLE state ("
	      " part INTEGER PRIMARY KEY REFERENCES part,"
	      " queue INTEGER NOT NULL, due INTEGER NOT NULL," /* enum queue */
	      " card INTEGER NOT NULL, group_hash INTEGER NOT NULL, position INTEGER NOT NULL,"
	      " state INTEGER NOT NULL, by_day INTEGER NOT NULL, suspended INTEGER NOT NULL,"
	      " leech INTEGER NOT NULL, flag INTEGER NOT NULL, steps_left INTEGER NOT NULL,"
	      " interval_d INTEGER NOT NULL, reps INTEGER NOT NULL, lapses INTEGER NOT NULL,"
	      " stability_d REAL NOT NULL, difficulty REAL NOT NULL,"
	      " last_ms INTEGER NOT NULL, last_day INTEGER NOT NULL, first_day INTEGER NOT NULL,"
	      " due_ms INTEGER NOT NULL, due_day INTEGER NOT NULL, buried_day INTEGER NOT NULL"
	      ") STRICT;"
	      "CREATE INDEX state_queue ON state ("
	      " queue, due, card, group_hash, position, state, leech, buried_day,"
	      " last_day, last_ms, interval_d, stability_d, difficulty);"
	      "CREATE TABLE preset (id INTEGER PRIMARY KEY, json TEXT NOT NULL UNIQUE) STRICT;"
	      "CREATE TABLE log ("
	      " id INTEGER PRIMARY KEY AUTOINCREMENT,"
	      " part INTEGER NOT NULL REFERENCES part,"
	      " ms INTEGER NOT NULL, off_min INTEGER NOT NULL, day INTEGER NOT NULL,"
	      " op TEXT NOT NULL, arg INTEGER NOT NULL," /* srs_op_names; see enum srs_op */
	      " preset INTEGER NOT NULL REFERENCES preset,"
	      " was_state INTEGER NOT NULL, was_interval_d INTEGER NOT NULL," /* before this row */
	      " took_ms INTEGER NOT NULL, given TEXT NOT NULL, screen TEXT NOT NULL,"
	      " target INTEGER NOT NULL" /* undo: the row undone; else 0 */
	      ") STRICT;"
	      "CREATE INDEX log_part ON log (part);"
	      "CREATE INDEX log_day ON log (day);"
	      "CREATE INDEX log_target ON log (target) WHERE target <> 0;"
	      "CREATE TRIGGER log_no_update BEFORE UPDATE ON log BEGIN"
	      " SELECT RAISE(ABORT, 'the log is append-only'); END;"
	      "CREATE TRIGGER log_no_delete BEFORE DELETE ON log BEGIN"
	      " SELECT RAISE(ABORT, 'the log is append-only'); END;"
	      "CREATE TRIGGER preset_no_update BEFORE UPDATE ON preset BEGIN"
	      " SELECT RAISE(ABORT, 'presets never change'); END;"
	      "CREATE TRIGGER preset_no_delete BEFORE DELETE ON preset BEGIN"
	      " SELECT RAISE(ABORT, 'presets never change'); END;"
	      "PRAGMA user_version = 1;",
	/* Mock exams. An exam is its events: they only grow. Its items are kept as they were when
	   it began, so that nothing done to the decks changes an exam that waits. The row of a
	   sitting holds what no event says: the clock as last told, and the figures of its end. */
	[1] = "CREATE TABLE sitting ("
	      " id INTEGER PRIMARY KEY AUTOINCREMENT,"
	      " form TEXT NOT NULL,"      /* id of the form */
	      " blueprint TEXT NOT NULL," /* id, and what lists show of it */
	      " code TEXT NOT NULL, title TEXT NOT NULL,"
	      " blueprint_json TEXT NOT NULL," /* the whole as it was */
	      " seed INTEGER NOT NULL,"        /* of the order of options */
	      " esl INTEGER NOT NULL, limit_ms INTEGER NOT NULL,"
	      " began_ms INTEGER NOT NULL, began_off_min INTEGER NOT NULL,"
	      " open_ms INTEGER NOT NULL,"  /* time it was open */
	      " seen_ms INTEGER NOT NULL,"  /* when that was told */
	      " ended_ms INTEGER NOT NULL," /* 0 = it waits */
	      " timed_out INTEGER NOT NULL, items INTEGER NOT NULL, answered INTEGER NOT NULL,"
	      " correct INTEGER NOT NULL, scored INTEGER NOT NULL, reviews INTEGER NOT NULL"
	      ") STRICT;"
	      "CREATE TABLE sitting_item ("
	      " sitting INTEGER NOT NULL REFERENCES sitting, place INTEGER NOT NULL,"
	      " part INTEGER NOT NULL REFERENCES part,"
	      " key TEXT NOT NULL, task TEXT NOT NULL, domain INTEGER NOT NULL,"
	      " scored INTEGER NOT NULL, hash INTEGER NOT NULL, body TEXT NOT NULL,"
	      " PRIMARY KEY (sitting, place)"
	      ") STRICT, WITHOUT ROWID;"
	      "CREATE INDEX sitting_item_part ON sitting_item (part);"
	      "CREATE TABLE sitting_event ("
	      " sitting INTEGER NOT NULL REFERENCES sitting, number INTEGER NOT NULL,"
	      " op INTEGER NOT NULL, arg INTEGER NOT NULL," /* enum exam_op */
	      " open_ms INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
	      " PRIMARY KEY (sitting, number)"
	      ") STRICT, WITHOUT ROWID;"
	      "CREATE TRIGGER sitting_event_no_update BEFORE UPDATE ON sitting_event BEGIN"
	      " SELECT RAISE(ABORT, 'the events of an exam are append-only'); END;"
	      "CREATE TRIGGER sitting_event_no_delete BEFORE DELETE ON sitting_event BEGIN"
	      " SELECT RAISE(ABORT, 'the events of an exam are append-only'); END;"
	      "PRAGMA user_version = 2;",
	/* Answers in decision trees, append-only: a row for each node of a walk and for each case
	   of a drill. Names of nodes and options are those of the files; a tree that changes keeps
	   the history of the nodes that keep their ids. */
	[2] = "CREATE TABLE tree_step ("
	      " id INTEGER PRIMARY KEY AUTOINCREMENT,"
	      " ms INTEGER NOT NULL, off_min INTEGER NOT NULL, day INTEGER NOT NULL,"
	      " tree TEXT NOT NULL, mode TEXT NOT NULL,"    /* 'walk', 'drill'; '' for an undo */
	      " seed INTEGER NOT NULL, flip TEXT NOT NULL," /* of the case; feature or '' */
	      " needs TEXT NOT NULL,"                       /* features, one blank between */
	      " node TEXT NOT NULL,"                        /* '' in a drill */
	      " given TEXT NOT NULL, truth TEXT NOT NULL,"  /* branch or option; '' gave up */
	      " counts INTEGER NOT NULL,"                   /* on the true path */
	      " ends INTEGER NOT NULL,"  /* it ended the case: 1 right, -1 wrong */
	      " target INTEGER NOT NULL" /* undo: the row taken back; else 0 */
	      ") STRICT;"
	      "CREATE INDEX tree_step_tree ON tree_step (tree);"
	      "CREATE INDEX tree_step_target ON tree_step (target) WHERE target <> 0;"
	      "CREATE TRIGGER tree_step_no_update BEFORE UPDATE ON tree_step BEGIN"
	      " SELECT RAISE(ABORT, 'the log of trees is append-only'); END;"
	      "CREATE TRIGGER tree_step_no_delete BEFORE DELETE ON tree_step BEGIN"
	      " SELECT RAISE(ABORT, 'the log of trees is append-only'); END;"
	      "PRAGMA user_version = 3;",
	/* What was done in labs and evidence drills, append-only. Names are those of the files, as
	   in tree_step. An answer is a row with is_right 0 or 1; the index finds the first one to a
	   question, which readiness counts. */
	[3] = "CREATE TABLE lab_event ("
	      " id INTEGER PRIMARY KEY AUTOINCREMENT,"
	      " ms INTEGER NOT NULL, off_min INTEGER NOT NULL, day INTEGER NOT NULL,"
	      " lab TEXT NOT NULL,"                      /* or drill */
	      " what TEXT NOT NULL, name TEXT NOT NULL," /* 'goal' and its id; see lablog.h */
	      " given TEXT NOT NULL, truth TEXT NOT NULL, seed INTEGER NOT NULL,"
	      " is_right INTEGER NOT NULL," /* -1: no answer */
	      " helped INTEGER NOT NULL,"
	      " tasks TEXT NOT NULL," /* 'blueprint=task', one blank between */
	      " took_ms INTEGER NOT NULL"
	      ") STRICT;"
	      "CREATE INDEX lab_event_lab ON lab_event (lab);"
	      "CREATE INDEX lab_event_answer ON lab_event (lab, name) WHERE is_right >= 0;"
	      "CREATE TRIGGER lab_event_no_update BEFORE UPDATE ON lab_event BEGIN"
	      " SELECT RAISE(ABORT, 'the log of labs is append-only'); END;"
	      "CREATE TRIGGER lab_event_no_delete BEFORE DELETE ON lab_event BEGIN"
	      " SELECT RAISE(ABORT, 'the log of labs is append-only'); END;"
	      "PRAGMA user_version = 4;",
};
const size_t schema_migration_count = sizeof(schema_migrations) / sizeof(schema_migrations[0]);

const char *const schema_statements[] = {
	[STMT_APPLICATION_ID] = "PRAGMA application_id",
	[STMT_USER_VERSION] = "PRAGMA user_version",
	[STMT_DATA_VERSION] = "PRAGMA data_version",
	[STMT_OBJECT_COUNT] = "SELECT count(*) FROM sqlite_schema",
	[STMT_OBJECTS] = "SELECT type, name, sql FROM sqlite_schema"
			 " WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name",
	[STMT_BEGIN] = "BEGIN IMMEDIATE",
	[STMT_BEGIN_READ] = "BEGIN",
	[STMT_COMMIT] = "COMMIT",
	[STMT_ROLLBACK] = "ROLLBACK",
	[STMT_MARK] = "SAVEPOINT mark",
	[STMT_RELEASE] = "RELEASE mark",
	[STMT_BACK_TO_MARK] = "ROLLBACK TO mark",
	[STMT_INTEGRITY] = "PRAGMA integrity_check(20)",
	[STMT_QUICK_CHECK] = "PRAGMA quick_check(1)",
	[STMT_FOREIGN_KEYS] = "PRAGMA foreign_key_check",
	[STMT_INDEX_CHECK] = "INSERT INTO fts (fts, rank) VALUES ('integrity-check', 1)",
	[STMT_NOT_WAL] = "PRAGMA journal_mode = DELETE",
	[STMT_META_GET] = "SELECT value FROM meta WHERE name = ?1",
	[STMT_META_SET] = "INSERT INTO meta VALUES (?1, ?2)"
			  " ON CONFLICT (name) DO UPDATE SET value = excluded.value",

	[STMT_FILES] = "SELECT path, mtime_ns, size, hash, deck, bad FROM file ORDER BY path",
	[STMT_FILE_DECK] = "SELECT deck FROM file WHERE path = ?1",
	[STMT_FILE_OF_DECK] = "SELECT path FROM file WHERE deck = ?1 AND path <> ?2",
	/* A file that cannot be read now keeps the deck it had. */
	[STMT_FILE_PUT] =
		"INSERT INTO file VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (path) DO UPDATE"
		" SET mtime_ns = excluded.mtime_ns, size = excluded.size, hash = excluded.hash,"
		" deck = CASE excluded.deck WHEN '' THEN deck ELSE excluded.deck END,"
		" bad = excluded.bad",
	[STMT_FILE_DELETE] = "DELETE FROM file WHERE path = ?1",
	[STMT_DECK_ID] = "SELECT id, title, path FROM deck WHERE slug = ?1",
	[STMT_DECK_INSERT] = "INSERT INTO deck (slug, title, path) VALUES (?1, ?2, ?3)",
	[STMT_DECK_UPDATE] = "UPDATE deck SET title = ?2, path = ?3 WHERE id = ?1",
	[STMT_DECKS] =
		"SELECT id, slug, title, path,"
		" EXISTS (SELECT 1 FROM file WHERE file.deck = deck.slug) FROM deck ORDER BY slug",
	[STMT_DECK_CARDS] = "SELECT deck, count(*) FROM card WHERE set_aside = 0 GROUP BY deck",
	[STMT_DECK_PARTS] = "SELECT position, queue, due, state, leech, buried_day FROM state"
			    " WHERE queue > -2",
	[STMT_LOADS] = "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'loads'",
	[STMT_LOADS_NEXT] =
		"UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'loads'",

	[STMT_CARDS_OF_DECK] = "SELECT id, slug, label, set_aside, position, line, hash, body_hash"
			       " FROM card WHERE deck = ?1",
	[STMT_CARD_BY_KEY] =
		"SELECT id, set_aside, position, line FROM card WHERE slug = ?1 AND deck = ?2",
	/* The same id in other decks: those just set aside (?3: since that load) or of the same
	   text. */
	[STMT_CARD_ELSEWHERE] =
		"SELECT id, set_aside, position, line, deck, added_load FROM card"
		" WHERE slug = ?1 AND deck <> ?2 AND (set_aside <> 0) = ?3"
		" AND (CASE WHEN ?3 THEN set_aside ELSE added_load END >= ?4 OR hash = ?5)"
		" ORDER BY hash = ?5 DESC, set_aside DESC, id DESC LIMIT 1",
	[STMT_CARD_SAME_TEXT] =
		"SELECT deck.slug, card.slug FROM card JOIN deck ON deck.id = card.deck"
		" WHERE card.hash = ?1 AND card.set_aside <> 0 AND card.kind = ?2"
		" ORDER BY card.set_aside DESC, card.id LIMIT 1",
	[STMT_CARD_ANY_ASIDE] = "SELECT 1 FROM card INDEXED BY card_aside WHERE set_aside <> 0"
				" LIMIT 1",
	/* A card that an exam asks has a history too: it is never deleted. */
	[STMT_CARD_HAS_LOG] = "SELECT 1 FROM part WHERE card = ?1"
			      " AND (EXISTS (SELECT 1 FROM log WHERE log.part = part.id)"
			      " OR EXISTS (SELECT 1 FROM sitting_item WHERE sitting_item.part = "
			      "part.id)) LIMIT 1",
	[STMT_CARD_INSERT] =
		"INSERT INTO card (deck, slug, kind, label, set_aside, position, line, hash,"
		" body_hash, group_hash, added_ms, added_load)"
		" VALUES (?2, ?3, ?4, ?5, 0, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
	[STMT_CARD_UPDATE] =
		"UPDATE card SET deck = ?2, slug = ?3, kind = ?4, label = ?5, set_aside = 0,"
		" position = ?6, line = ?7, hash = ?8, body_hash = ?9, group_hash = ?10"
		" WHERE id = ?1",
	[STMT_CARD_SHIFT] = "UPDATE card SET position = ?2, line = ?3 WHERE id = ?1",
	[STMT_CARD_ASIDE] = "UPDATE card SET set_aside = ?2 WHERE id = ?1",
	[STMT_CARD_DELETE] = "DELETE FROM card WHERE id = ?1",
	[STMT_TEXT_WORDS] = "SELECT words FROM text WHERE card = ?1",
	[STMT_TEXT_BODY] = "SELECT body FROM text WHERE card = ?1",
	[STMT_TEXT_PUT] =
		"INSERT INTO text VALUES (?1, ?2, ?3, ?4) ON CONFLICT (card) DO UPDATE"
		" SET title = excluded.title, words = excluded.words, body = excluded.body",
	[STMT_TEXT_DELETE] = "DELETE FROM text WHERE card = ?1",
	[STMT_FTS_ADD] = "INSERT INTO fts (rowid, words) VALUES (?1, ?2)",
	[STMT_FTS_REMOVE] = "INSERT INTO fts (fts, rowid, words) VALUES ('delete', ?1, ?2)",
	[STMT_LABELS] = "SELECT id, tags, tasks FROM label",
	[STMT_LABEL_ID] = "SELECT id FROM label WHERE tags = ?1 AND tasks = ?2",
	[STMT_LABEL_INSERT] = "INSERT INTO label (tags, tasks) VALUES (?1, ?2)",
	[STMT_LABELS_USED] = "SELECT tags FROM label WHERE id IN"
			     " (SELECT label FROM card WHERE set_aside = 0)",

	[STMT_PARTS_OF_CARD] = "SELECT id, name, set_aside FROM part WHERE card = ?1",
	[STMT_PARTS_SHOWN] = "SELECT part.id FROM part JOIN state ON state.part = part.id"
			     " WHERE part.card = ?1 AND part.set_aside = 0 ORDER BY state.position",
	[STMT_PART_INSERT] =
		"INSERT INTO part (card, name, fuzz_seed, set_aside) VALUES (?1, ?2, ?3, 0)",
	[STMT_PART_ASIDE] = "UPDATE part SET set_aside = ?2 WHERE id = ?1",
	[STMT_PARTS_DELETE] = "DELETE FROM part WHERE card = ?1",
	[STMT_PART_SEED] = "SELECT fuzz_seed FROM part WHERE id = ?1",
	[STMT_PART_SEEDS] = "SELECT id, fuzz_seed FROM part",
	[STMT_PART_FIND] = "SELECT part.id FROM part JOIN card ON card.id = part.card"
			   " JOIN deck ON deck.id = card.deck"
			   " WHERE deck.slug = ?1 AND card.slug = ?2 AND part.name = ?3",
	[STMT_PART_FIND_FIRST] =
		"SELECT part.id FROM part JOIN card ON card.id = part.card"
		" JOIN deck ON deck.id = card.deck JOIN state ON state.part = part.id"
		" WHERE deck.slug = ?1 AND card.slug = ?2"
		" ORDER BY part.set_aside, state.position LIMIT 1",
	[STMT_STATE_INSERT] =
		"INSERT INTO state (part, queue, due, card, group_hash, position, " STATE_COLUMNS
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
		" ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)",
	[STMT_STATE_GET] = "SELECT queue, position, " STATE_COLUMNS " FROM state WHERE part = ?1",
	[STMT_STATE_SET] =
		"UPDATE state SET queue = ?2, due = ?3, (" STATE_COLUMNS ") = (?4, ?5, ?6, ?7, ?8,"
		" ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20) WHERE part = ?1",
	[STMT_STATE_PLACE] = "UPDATE state SET queue = ?2, due = ?3, group_hash = ?4, position = ?5"
			     " WHERE part = ?1",
	[STMT_STATES_SHIFT] = "UPDATE state SET position = position + ?2,"
			      " due = CASE queue WHEN 0 THEN due + ?2 ELSE due END"
			      " WHERE part IN (SELECT id FROM part WHERE card = ?1)",
	[STMT_STATES_ASIDE] = "UPDATE state SET queue = -2, due = 0"
			      " WHERE part IN (SELECT id FROM part WHERE card = ?1)",
	[STMT_STATES_DELETE] =
		"DELETE FROM state WHERE part IN (SELECT id FROM part WHERE card = ?1)",
	[STMT_STATES] = "SELECT part, queue, due, position, " STATE_COLUMNS " FROM state",
#define ITEM_COLUMNS                                                                              \
	"part.id, part.card, deck.slug, deck.title, card.slug, part.name, text.title, deck.path," \
	" card.line, card.kind, part.set_aside, part.fuzz_seed, " STATE_COLUMNS
#define ITEM_TABLES                                                                               \
	" FROM part JOIN card ON card.id = part.card JOIN deck ON deck.id = card.deck"            \
	" JOIN text ON text.card = part.card JOIN state ON state.part = part.id WHERE part.id = " \
	"?1"
	[STMT_ITEM] = "SELECT " ITEM_COLUMNS ", text.body" ITEM_TABLES,
	[STMT_ROW] = "SELECT " ITEM_COLUMNS ITEM_TABLES,

#define CANDIDATE_COLUMNS                                                                          \
	"part, card, group_hash, position, state, due, buried_day, last_day, last_ms, interval_d," \
	" stability_d, difficulty"
	[STMT_QUEUE_NEW] = "SELECT " CANDIDATE_COLUMNS " FROM state WHERE queue = 0 ORDER BY due",
	[STMT_QUEUE_LEARN] = "SELECT " CANDIDATE_COLUMNS " FROM state WHERE queue = 1 ORDER BY due",
	[STMT_QUEUE_DAY] = "SELECT " CANDIDATE_COLUMNS " FROM state WHERE queue = 2 AND due <= ?1"
			   " ORDER BY due",
	[STMT_TODAY] = "SELECT log.id, part.card, log.was_state, log.took_ms FROM log"
		       " JOIN part ON part.id = log.part WHERE log.day = ?1 AND log.op = 'answer'",

	[STMT_PRESET_ID] = "SELECT id FROM preset WHERE json = ?1",
	[STMT_PRESET_INSERT] = "INSERT INTO preset (json) VALUES (?1)",
	[STMT_PRESET_GET] = "SELECT json FROM preset WHERE id = ?1",
	[STMT_LOG_INSERT] = "INSERT INTO log (part, ms, off_min, day, op, arg, preset, was_state,"
			    " was_interval_d, took_ms, given, screen, target)"
			    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
	[STMT_LOG_UNDOS] = "SELECT id, target FROM log INDEXED BY log_target WHERE target <> 0"
			   " ORDER BY id DESC",
	[STMT_LOG_NEWEST] = "SELECT " LOG_COLUMNS ", '', '', '' FROM log ORDER BY id DESC",
	[STMT_LOG_ROW] = "SELECT " LOG_COLUMNS ", deck.slug, card.slug, part.name FROM log"
			 " JOIN part ON part.id = log.part JOIN card ON card.id = part.card"
			 " JOIN deck ON deck.id = card.deck WHERE log.id = ?1",
	[STMT_LOG_OF_PART] = "SELECT id, part, ms, off_min, op, arg, preset, took_ms FROM log"
			     " WHERE part = ?1 AND target = 0 ORDER BY id",
	[STMT_LOG_HISTORY] =
		"SELECT " LOG_COLUMNS ", deck.slug, card.slug, part.name FROM log"
		" JOIN part ON part.id = log.part JOIN card ON card.id = part.card"
		" JOIN deck ON deck.id = card.deck WHERE log.part = ?1 ORDER BY log.id",
	[STMT_LOG_HISTORY_ALL] = "SELECT " LOG_COLUMNS ", deck.slug, card.slug, part.name FROM log"
				 " JOIN part ON part.id = log.part JOIN card ON card.id = part.card"
				 " JOIN deck ON deck.id = card.deck ORDER BY log.id DESC",
	[STMT_LOG_REPLAY] =
		"SELECT id, part, ms, off_min, op, arg, preset, target FROM log ORDER BY id",
	[STMT_LOG_DAYS] = "SELECT id, part, day, arg, was_state, was_interval_d, took_ms FROM log"
			  " WHERE day BETWEEN ?1 AND ?2 AND op = 'answer' ORDER BY day",
	[STMT_FORECAST] = "SELECT part, due, state FROM state WHERE queue = 2 AND due < ?1",

	[STMT_SITTING_INSERT] =
		"INSERT INTO sitting (form, blueprint, code, title, blueprint_json, seed, esl,"
		" limit_ms, began_ms, began_off_min, open_ms, seen_ms, ended_ms, timed_out, items,"
		" answered, correct, scored, reviews)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?9, 0, 0, ?11, 0, 0, 0, 0)",
#define SITTING_COLUMNS                                                                            \
	"id, form, blueprint, code, title, seed, esl, limit_ms, began_ms, began_off_min, open_ms," \
	" seen_ms, ended_ms, timed_out, items, answered, correct, scored, reviews"
	[STMT_SITTING_GET] =
		"SELECT " SITTING_COLUMNS ", blueprint_json FROM sitting WHERE id = ?1",
	[STMT_SITTINGS] = "SELECT " SITTING_COLUMNS ", '' FROM sitting ORDER BY id DESC",
	[STMT_SITTING_TICK] = "UPDATE sitting SET open_ms = ?2, seen_ms = ?3 WHERE id = ?1",
	[STMT_SITTING_ANSWERED] =
		"UPDATE sitting SET open_ms = ?2, seen_ms = ?3, answered = ?4 WHERE id = ?1",
	[STMT_SITTING_END] =
		"UPDATE sitting SET open_ms = ?2, seen_ms = ?3, answered = ?4, ended_ms = ?3,"
		" timed_out = ?5, correct = ?6, scored = ?7, reviews = ?8 WHERE id = ?1",
	[STMT_SITTING_ITEM_INSERT] =
		"INSERT INTO sitting_item (sitting, place, part, key, task, domain, scored, hash,"
		" body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	[STMT_SITTING_ITEMS] = "SELECT part, key, task, domain, scored, hash, body"
			       " FROM sitting_item WHERE sitting = ?1 ORDER BY place",
	[STMT_SITTING_EVENT_INSERT] =
		"INSERT INTO sitting_event SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5"
		" FROM sitting_event WHERE sitting = ?1",
	[STMT_SITTING_EVENTS] = "SELECT op, arg, open_ms, at_ms FROM sitting_event"
				" WHERE sitting = ?1 ORDER BY number",
	[STMT_SITTING_CARD] = "SELECT card.set_aside OR part.set_aside, card.hash FROM part"
			      " JOIN card ON card.id = part.card WHERE part.id = ?1",
	[STMT_POOL] = "SELECT part.id, deck.slug, card.slug, card.kind, label.tasks, card.hash,"
		      " state.last_day, state.last_ms FROM card JOIN deck ON deck.id = card.deck"
		      " JOIN label ON label.id = card.label"
		      " JOIN part ON part.card = card.id AND part.name = ''"
		      " JOIN state ON state.part = part.id"
		      " WHERE card.set_aside = 0 AND part.set_aside = 0 AND (?1 >> card.kind) & 1",
	/* Led by the cards, which are few: the log may hold hundreds of thousands of their reviews.
	 */
	[STMT_FIRST_TRIES] = "SELECT log.id, log.part, log.day, log.arg, label.tasks FROM card"
			     " CROSS JOIN label ON label.id = card.label"
			     " CROSS JOIN part ON part.card = card.id"
			     " CROSS JOIN log ON log.id = (SELECT first.id FROM log AS first"
			     " WHERE first.part = part.id AND first.op IN ('answer', 'cram')"
			     " ORDER BY first.id LIMIT 1)"
			     " WHERE (?3 >> card.kind) & 1 AND log.day >= ?1 AND log.ms <= ?2",

	[STMT_MAP_PARTS] = "SELECT id, card FROM part WHERE set_aside = 0",
	[STMT_MAP_CARDS] = "SELECT id, deck, kind, label FROM card WHERE set_aside = 0",
	[STMT_FIND_FTS] = "SELECT rowid FROM fts WHERE fts MATCH ?1",
	[STMT_FIND_SUBSTRING] = "SELECT card FROM text WHERE instr(words, ?1)",
	[STMT_FIND_WORDS] = "SELECT card, words FROM text",
	[STMT_FIND_DECKS] = "SELECT id, slug FROM deck",
	[STMT_FIND_ID] = "SELECT id FROM card WHERE slug = ?1",
	[STMT_FIND_ID_PREFIX] = "SELECT id FROM card WHERE slug >= ?1 AND slug < ?2",
	[STMT_FIND_STATE] = "SELECT part FROM state WHERE queue > -2 AND state = ?1",
	[STMT_FIND_DUE] = "SELECT part FROM state WHERE (queue = 1 AND due <= ?1"
			  " OR queue = 2 AND due <= ?2) AND buried_day <> ?2",
	[STMT_FIND_SUSPENDED] = "SELECT part FROM state WHERE queue = -1",
	[STMT_FIND_LEECH] = "SELECT part FROM state WHERE queue > -2 AND leech <> 0",
	[STMT_FIND_BURIED] = "SELECT part FROM state WHERE queue > -2 AND buried_day = ?1",
	[STMT_FIND_ASIDE] = "SELECT part FROM state WHERE queue = -2",
	/* What the index does not hold is read in the order of the table. */
	[STMT_FIND_FLAG] = "SELECT part FROM state NOT INDEXED WHERE queue > -2"
			   " AND flag BETWEEN ?1 AND ?2",
	[STMT_FIND_LAPSES] = "SELECT part FROM state NOT INDEXED WHERE queue > -2"
			     " AND lapses BETWEEN ?1 AND ?2",
	[STMT_FIND_REPS] = "SELECT part FROM state NOT INDEXED WHERE queue > -2"
			   " AND reps BETWEEN ?1 AND ?2",
	[STMT_FIND_INTERVAL] =
		"SELECT part FROM state WHERE queue > -2 AND interval_d BETWEEN ?1 AND ?2",
	/* Learning within the day is due today. */
	[STMT_FIND_DUE_IN] =
		"SELECT part FROM state WHERE queue = 2 AND due - ?3 BETWEEN ?1 AND ?2"
		" UNION ALL SELECT part FROM state WHERE queue = 1 AND 0 BETWEEN ?1 AND ?2",
	[STMT_FIND_STABILITY] = "SELECT part FROM state WHERE queue > -2 AND stability_d > 0"
				" AND stability_d BETWEEN ?1 AND ?2",
	[STMT_FIND_DIFFICULTY] = "SELECT part FROM state WHERE queue > -2 AND stability_d > 0"
				 " AND difficulty BETWEEN ?1 AND ?2",
	[STMT_FIND_MEMORY] =
		"SELECT part, state, last_day, last_ms, stability_d, difficulty FROM state"
		" WHERE queue > -2 AND stability_d > 0",
	[STMT_FIND_RATED] = "SELECT id, part FROM log WHERE day > ?1 AND op IN ('answer', 'cram')"
			    " AND arg BETWEEN ?2 AND ?3",
	[STMT_FIND_ADDED] = "SELECT id FROM card WHERE added_ms >= ?1",
	[STMT_WHOLE_CARDS] = "SELECT card.id, deck.slug FROM card JOIN deck ON deck.id = card.deck"
			     " WHERE card.set_aside = 0 ORDER BY deck.slug, card.position",
	[STMT_WHOLE_PARTS] = "SELECT part.id, part.name, part.fuzz_seed, " STATE_COLUMNS
			     " FROM part JOIN state ON state.part = part.id"
			     " WHERE part.card = ?1 AND part.set_aside = 0"
			     " ORDER BY state.position",
	/* trees */
	[STMT_TREE_STEP_INSERT] =
		"INSERT INTO tree_step (ms, off_min, day, tree, mode, seed, flip, needs, node,"
		" given, truth, counts, ends, target)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
	[STMT_TREE_STEPS] =
		"SELECT mode, node, given, truth, counts, ends FROM tree_step AS t"
		" WHERE tree = ?1 AND target = 0"
		" AND NOT EXISTS (SELECT 1 FROM tree_step WHERE target = t.id) ORDER BY id",
	/* labs */
	[STMT_LAB_EVENT_INSERT] =
		"INSERT INTO lab_event (ms, off_min, day, lab, what, name, given, truth, seed,"
		" is_right, helped, tasks, took_ms)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
#define LAB_EVENT_COLUMNS                                                                  \
	"ms, off_min, day, lab, what, name, given, truth, seed, is_right, helped, tasks, " \
	"took_ms"
	[STMT_LAB_EVENTS] = "SELECT " LAB_EVENT_COLUMNS " FROM lab_event ORDER BY id",
	[STMT_LAB_EVENTS_OF] =
		"SELECT " LAB_EVENT_COLUMNS " FROM lab_event WHERE lab = ?1 ORDER BY id",
	/* A goal is answered by meeting and by missing it; a fault of a drill is asked apart from
	   goals of the same name. */
	[STMT_LAB_TRIES] =
		"SELECT day, is_right AND NOT helped, tasks FROM lab_event AS x"
		" WHERE is_right >= 0 AND day >= ?1 AND ms <= ?2"
		" AND NOT EXISTS (SELECT 1 FROM lab_event WHERE lab = x.lab AND name = x.name"
		" AND is_right >= 0 AND (what = 'fault') = (x.what = 'fault') AND id < x.id)"
		" ORDER BY id",
};
static_assert(sizeof(schema_statements) / sizeof(schema_statements[0]) == STMT_COUNT,
	      "every statement has its text");
