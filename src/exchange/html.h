/* html.h -- Markdown to clean HTML, and HTML to Markdown. */
#ifndef EXCHANGE_HTML_H
#define EXCHANGE_HTML_H

#include "base/str.h"

/* -- out ------------------------------------------------------------------- */

/* Append Markdown as HTML: p (not around a text that is one paragraph), br, strong, em, code, del,
 * a, ul, ol, li, blockquote, pre, h1-h6 as h4, hr, table. Everything else is escaped, also
 * HTML in the source; links that are not http, https or mailto keep their text alone. Holes
 * ({{c1::...}}) stay as they are. Never holds a newline: one line a field, <br> where a line must
 * break. Reads with base/markdown's parser, so that what is marked there is marked here. */
void html_from_md(struct str *out, const char *md);
/* The same of a cloze text: holes as Anki reads them, braces within them as entities. */
void html_from_cloze(struct str *out, const char *text);
/* Append text with & < > " escaped; newlines become <br>. */
void html_escape(struct str *out, const char *text, size_t n);
/* Append the text of HTML that html_from_md wrote, for a field that is compared with what was
 * typed: no tags, entities kept. */
void html_words(struct str *out, const char *md);

/* -- in -------------------------------------------------------------------- */

#define MAX_HTML_BYTES                                                            \
	((size_t)1 << 20) /* of one field; longer ones are refused by the readers \
			   */
#define MAX_HTML_DEPTH 64 /* tags in one another; deeper ones give their text */

struct html_report {
	size_t images, sounds, styles, scripts; /* dropped */
};
/* Append HTML (n bytes, any bytes: invalid UTF-8 becomes U+FFFD) as Markdown that md_layout shows
 * the same way: paragraphs, line breaks, emphasis, code, links, lists, quotes, tables, headings.
 * What Markdown would read as a mark is escaped. Scripts, styles and event handlers are dropped
 * with their content, comments too; unknown tags give their text; entities are decoded; missing end
 * tags are no error. Images give their alt text, [sound:...] nothing. Holes ({{c1::...}}) stay.
 * *report (may be NULL) is added to. Cannot fail, linear. */
void html_to_md(struct str *out, const char *html, size_t n, struct html_report *report);

#endif
