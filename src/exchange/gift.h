/* gift.h -- Moodle's GIFT: the form that is written. Source: Moodle Docs, "GIFT format", and
 * question/format/gift/format.php for escapes, weights and ids.
 *
 *	// gatedrill deck {"deck":"caching",...}
 *	$CATEGORY: $course$/top/gatedrill/Caching
 *
 *	// [id:gd-caching/cache-ttl] [tag:ttl]
 *	// gatedrill card {"id":"cache-ttl","kind":"choice",...}
 *	::cache-ttl::[markdown]How long ...{
 *		=300 seconds#Because ...
 *		~600 seconds#Because ...
 *		####Why, lore and sources, for people
 *	}
 *
 * The card comment holds all keys of the card but those that stand in the question: statement and
 * answer; question and options; question, pairs and decoys; question alone of typed (its answers
 *are what show says and those accept patterns that are plain words). Texts are Markdown, with ~ = #
 *{ } : and \ escaped by a backslash and newlines as \n. What the general feedback says is in the
 *comment. Several right options weigh 100/n each and a wrong one -100. Not carried: "->" inside of
 *the left side of a pair, written as an arrow; white space at the ends of texts. Only choice,
 *truefalse, matching and typed exist here. */
#ifndef EXCHANGE_GIFT_H
#define EXCHANGE_GIFT_H

#define GIFT_DECK_BEGIN "// gatedrill deck "
#define GIFT_CARD_BEGIN "// gatedrill card "
#define GIFT_ESCAPED "~=#{}:\\"

#endif
