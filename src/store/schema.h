/* schema.h -- all SQL of the program: the store's tables as numbered migrations, and its
 * statements. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <stddef.h>

#define STORE_APPLICATION_ID 1734636081 /* "gdr1", in the file's header: PRAGMA application_id */

/* state.queue: where a review card stands. The numbers are stored. */
enum queue {
	QUEUE_ASIDE = -2, /* its card is in no deck now */
	QUEUE_SUSPENDED = -1,
	QUEUE_NEW = 0,   /* state.due: position */
	QUEUE_LEARN = 1, /* state.due: Unix ms */
	QUEUE_DAY = 2,   /* state.due: study day */
};

/* A card's place in all decks: deck id, number in the deck, number of the review card. */
#define POSITION_DECK_SHIFT 29
#define POSITION_CARD_SHIFT 11

/* How many columns of `state` hold a struct srs_card, in the order that state.c reads and binds. */
#define STATE_COLUMN_COUNT 17

enum stmt_id {
	/* the file */
	STMT_APPLICATION_ID,
	STMT_USER_VERSION,
	STMT_DATA_VERSION,
	STMT_OBJECT_COUNT,
	STMT_OBJECTS,
	STMT_BEGIN,
	STMT_BEGIN_READ,
	STMT_COMMIT,
	STMT_ROLLBACK,
	STMT_MARK,
	STMT_RELEASE,
	STMT_BACK_TO_MARK,
	STMT_INTEGRITY,
	STMT_QUICK_CHECK,
	STMT_FOREIGN_KEYS,
	STMT_INDEX_CHECK,
	STMT_NOT_WAL,
	STMT_META_GET,
	STMT_META_SET,
	/* files and decks */
	STMT_FILES,
	STMT_FILE_DECK,
	STMT_FILE_OF_DECK,
	STMT_FILE_PUT,
	STMT_FILE_DELETE,
	STMT_DECK_ID,
	STMT_DECK_INSERT,
	STMT_DECK_UPDATE,
	STMT_DECKS,
	STMT_DECK_CARDS,
	STMT_DECK_PARTS,
	STMT_LOADS,
	STMT_LOADS_NEXT,
	/* cards */
	STMT_CARDS_OF_DECK,
	STMT_CARD_BY_KEY,
	STMT_CARD_ELSEWHERE,
	STMT_CARD_SAME_TEXT,
	STMT_CARD_ANY_ASIDE,
	STMT_CARD_HAS_LOG,
	STMT_CARD_INSERT,
	STMT_CARD_UPDATE,
	STMT_CARD_SHIFT,
	STMT_CARD_ASIDE,
	STMT_CARD_DELETE,
	STMT_TEXT_WORDS,
	STMT_TEXT_BODY,
	STMT_TEXT_PUT,
	STMT_TEXT_DELETE,
	STMT_FTS_ADD,
	STMT_FTS_REMOVE,
	STMT_LABELS,
	STMT_LABEL_ID,
	STMT_LABEL_INSERT,
	STMT_LABELS_USED,
	/* parts and their states */
	STMT_PARTS_OF_CARD,
	STMT_PARTS_SHOWN,
	STMT_PART_INSERT,
	STMT_PART_ASIDE,
	STMT_PARTS_DELETE,
	STMT_PART_SEED,
	STMT_PART_SEEDS,
	STMT_PART_FIND,
	STMT_PART_FIND_FIRST,
	STMT_STATE_INSERT,
	STMT_STATE_GET,
	STMT_STATE_SET,
	STMT_STATE_PLACE,
	STMT_STATES_SHIFT,
	STMT_STATES_ASIDE,
	STMT_STATES_DELETE,
	STMT_STATES,
	STMT_ITEM,
	STMT_ROW,
	/* what to study */
	STMT_QUEUE_NEW,
	STMT_QUEUE_LEARN,
	STMT_QUEUE_DAY,
	STMT_TODAY,
	/* the log */
	STMT_PRESET_ID,
	STMT_PRESET_INSERT,
	STMT_PRESET_GET,
	STMT_LOG_INSERT,
	STMT_LOG_UNDOS,
	STMT_LOG_NEWEST,
	STMT_LOG_ROW,
	STMT_LOG_OF_PART,
	STMT_LOG_HISTORY,
	STMT_LOG_HISTORY_ALL,
	STMT_LOG_REPLAY,
	STMT_LOG_DAYS,
	STMT_FORECAST,
	/* exams */
	STMT_SITTING_INSERT,
	STMT_SITTING_GET,
	STMT_SITTINGS,
	STMT_SITTING_TICK,
	STMT_SITTING_ANSWERED,
	STMT_SITTING_END,
	STMT_SITTING_ITEM_INSERT,
	STMT_SITTING_ITEMS,
	STMT_SITTING_EVENT_INSERT,
	STMT_SITTING_EVENTS,
	STMT_SITTING_CARD,
	STMT_POOL,
	STMT_FIRST_TRIES,
	/* search */
	STMT_MAP_PARTS,
	STMT_MAP_CARDS,
	STMT_FIND_FTS,
	STMT_FIND_SUBSTRING,
	STMT_FIND_WORDS,
	STMT_FIND_DECKS,
	STMT_FIND_ID,
	STMT_FIND_ID_PREFIX,
	STMT_FIND_STATE,
	STMT_FIND_DUE,
	STMT_FIND_SUSPENDED,
	STMT_FIND_LEECH,
	STMT_FIND_BURIED,
	STMT_FIND_ASIDE,
	STMT_FIND_FLAG,
	STMT_FIND_LAPSES,
	STMT_FIND_REPS,
	STMT_FIND_INTERVAL,
	STMT_FIND_DUE_IN,
	STMT_FIND_STABILITY,
	STMT_FIND_DIFFICULTY,
	STMT_FIND_MEMORY,
	STMT_FIND_RATED,
	STMT_FIND_ADDED,
	STMT_COUNT
};

extern const char *const schema_statements[STMT_COUNT];

/* Migration i makes a store of version i + 1 out of one of version i, and says so in user_version.
 */
extern const char *const schema_migrations[];
extern const size_t schema_migration_count;

/* Run on a fresh file, outside a transaction; and on every connection. */
extern const char schema_fresh[];
extern const char schema_connection[];

#endif
