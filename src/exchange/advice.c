/* advice.c -- what to do with a file that was written; see export.h. Said each time, because
 * whoever needs it has not read the manual. */
#include "exchange/export.h"

#include <string.h>

static const char anki_text[] =
	"In Anki: File > Import, choose the file, Import. The file says note types, decks and tags "
	"itself, so no setting needs to be changed.\n"
	"Anki makes the decks below \"gatedrill\". Importing again updates what changed and "
	"doubles "
	"nothing; decks and dates in Anki stay as they are. If a note was edited in Anki, the "
	"import puts the text of this file in its place.\n";
static const char anki_names[] =
	"The note types are called Basic and Cloze here. In an Anki of another language they have "
	"other names: give them with --notetype Basic=NAME and so on.\n";
static const char anki_split[] = "In Anki: File > Import, once for each file. Where Anki has no "
				 "note type of the name in the "
				 "file, choose one in the dialog.\n"
				 "Importing again updates what changed and doubles nothing.\n";
static const char apkg[] =
	"In Anki: File > Import, choose the file, Import.\n"
	"Anki adds the note types \"gatedrill Basic\", \"Reversed\", \"Cloze\" and \"Typed\" and "
	"makes "
	"the decks below \"gatedrill\". Importing a newer export updates the notes and doubles "
	"nothing; a note edited in Anki after the export keeps the edit.\n";
static const char progress[] =
	"Tick \"Import any learning progress\" in the dialog, and turn on FSRS in the deck options "
	"in Anki. Progress comes only with cards that Anki does not have yet.\n";
static const char json[] = "`gatedrill import` reads the file back as it was.\n";
static const char markdown[] =
	"`gatedrill import` reads the file back. The comments in it hold what text cannot say.\n";
static const char gift[] =
	"In Moodle: Question bank > Import, GIFT format, UTF-8. Questions go into the category "
	"\"gatedrill\".\n";
static const char plain[] =
	"For spreadsheets and reading. Anki gets more out of --format anki-csv.\n";

static void add_skipped(struct str *out, const struct export_report *r, const char *format)
{
	for (size_t i = 0; i < CARD_KIND_COUNT; i++)
		if (r->skipped[i])
			str_addf(out, "Left out: %zu %s %s, which %s cannot hold.\n", r->skipped[i],
				 card_kind_names[i],
				 str_plural((long)r->skipped[i], "card", "cards"), format);
	if (r->tables)
		str_addf(out,
			 "The progress of %zu %s was left out, because its cells are one note; "
			 "--cells makes a note of each.\n",
			 r->tables, str_plural((long)r->tables, "table", "tables"));
}

static bool has_names(const struct export_options *o)
{
	for (size_t i = 0; i < NOTE_TYPE_COUNT; i++)
		if (o->names[i])
			return true;
	return false;
}

const char *export_advice(struct arena *a, const struct export_options *o,
			  const struct export_report *r)
{
	struct str s = {0};
	add_skipped(&s, r, export_kinds[o->format].name);
	switch (o->format) {
	case EXPORT_ANKI_CSV:
	case EXPORT_ANKI_TSV:
		str_add(&s, o->split ? anki_split : anki_text);
		if (!o->split && !has_names(o))
			str_add(&s, anki_names);
		break;
	case EXPORT_APKG:
		str_add(&s, apkg);
		str_add(&s, o->progress ? progress : "");
		break;
	case EXPORT_JSON:
		str_add(&s, json);
		break;
	case EXPORT_MARKDOWN:
		str_add(&s, markdown);
		break;
	case EXPORT_GIFT:
		str_add(&s, gift);
		break;
	case EXPORT_CSV_PLAIN:
		str_add(&s, plain);
		break;
	case EXPORT_FORMAT_COUNT:
		break;
	}
	char *text = arena_strndup(a, str_c(&s), s.len);
	str_clear(&s);
	return text;
}
