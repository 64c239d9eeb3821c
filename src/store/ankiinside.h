/* ankiinside.h -- an open collection file of Anki's, for ankidb.c and ankiread.c alone. */
#ifndef STORE_ANKIINSIDE_H
#define STORE_ANKIINSIDE_H

#include "store/ankidb.h"
#include "store/ankisql.h"
#include "store/db.h"

struct ankidb {
	struct db *db;
	int schema; /* 11..18 */
	int64_t crt_s;
	/* writing */
	struct arena arena;
	struct anki_head head;
	struct anki_deck *decks;
	size_t deck_count, deck_cap;
	struct str fields;
};
extern const struct db_role anki_role;

#endif
