/* mdcards.h -- cards as Markdown text: the form that is written, and the forms that are read.
 *
 * Written, and read back:
 *
 *	<!-- gatedrill deck {"deck":"caching","title":"Caching",...} -->
 *	# Caching
 *
 *	## cache-ttl
 *
 *	<!-- gatedrill card {"id":"cache-ttl","kind":"basic","tags":["ttl"],"source":"quotas"} -->
 *
 *	**Front:**
 *
 *	How long ...
 *
 *	**Back:**
 *
 *	300 seconds ...
 *
 *	**Hint:** **Why:** **Lore:** **Sources:**   (each like Front, when there is one)
 *
 * The deck comment is the head of the deck, as deck_json_head; the card comment all keys of the
 *card but those that stand as text: hint, why and lore of every kind; front and back of basic and
 * reversed, text of cloze (its front; there is no back), statement of truefalse (its front; the
 *back says True or False), question and show of typed (front and back). Of table, choice, matching
 *and ordering the comment has everything but hint, why and lore, and front and back are for people.
 * Sources are for people too. JSON in comments is inert as note_inert makes it.
 *
 * Sections are trimmed of empty lines. A line of a text that is one of these marks, a heading "## "
 *or begins with "<!-- gatedrill" gets a backslash in front when written, and loses it when read.
 *Not carried: white space at the ends of texts. */
#ifndef EXCHANGE_MDCARDS_H
#define EXCHANGE_MDCARDS_H

#define MD_DECK_BEGIN "<!-- gatedrill deck "
#define MD_CARD_BEGIN "<!-- gatedrill card "
#define MD_COMMENT_END " -->"

enum md_section { MD_FRONT, MD_BACK, MD_HINT, MD_WHY, MD_LORE, MD_SOURCES, MD_SECTION_COUNT };
/* "**Front:**", ... on a line of their own. */
extern const char *const md_section_marks[MD_SECTION_COUNT];

#endif
