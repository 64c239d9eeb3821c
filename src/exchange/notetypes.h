/* notetypes.h -- our own note types in Anki: fields, templates and styling. Their ids never change,
 * since Anki knows a note type by its id; neither do the names of fields. */
#ifndef EXCHANGE_NOTETYPES_H
#define EXCHANGE_NOTETYPES_H

#include "exchange/note.h"
#include "store/ankidb.h"

extern const struct anki_notetype notetypes[NOTE_TYPE_COUNT];

#endif
