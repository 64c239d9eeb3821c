/* ankisql.h -- all SQL for Anki's collection file: the tables of schema 11 as Anki makes them, and
 * the statements that write and read it. */
#ifndef STORE_ANKISQL_H
#define STORE_ANKISQL_H

enum anki_stmt_id {
	ANKI_ADD_COL,
	ANKI_ADD_NOTE,
	ANKI_ADD_CARD,
	ANKI_ADD_REVIEW,
	ANKI_HAS_COLUMNS,
	ANKI_COL,
	ANKI_MODELS,
	ANKI_DECKS_JSON,
	ANKI_NOTETYPES,
	ANKI_FIELDS,
	ANKI_TEMPLATES,
	ANKI_DECKS,
	ANKI_COUNT,
	ANKI_NOTES,
	ANKI_CARDS,
	ANKI_REVIEWS,
	ANKI_STMT_COUNT
};
extern const char *const ankisql_statements[ANKI_STMT_COUNT];

extern const char ankisql_fresh[];   /* settings of a file that is written once, and its tables */
extern const char ankisql_indexes[]; /* made when all rows are there */
extern const char ankisql_begin[], ankisql_commit[];

#endif
