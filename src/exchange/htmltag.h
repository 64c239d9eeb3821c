/* htmltag.h -- HTML cut into tags and text, as browsers do it: anything is accepted. */
#ifndef EXCHANGE_HTMLTAG_H
#define EXCHANGE_HTMLTAG_H

#include "base/str.h"

#define MAX_HTML_NAME 16       /* bytes of an element's name; longer ones are not known anyway */
#define MAX_HTML_VALUE 2000    /* bytes of an attribute's value that are kept */
#define MAX_HTML_ATTRIBUTES 50 /* of a tag that are looked at */

enum html_token { HTML_TEXT, HTML_OPEN, HTML_CLOSE, HTML_END };

struct html_reader {
	const char *p, *end;
	bool no_tags;    /* a '<' without '>' was met: what is left has no tags */
	bool no_comment; /* ... a comment that is not closed */
	/* HTML_TEXT: bytes as they stand, entities and all. HTML_OPEN: where its attributes are. */
	struct slice text;
	char name[MAX_HTML_NAME + 1]; /* lower case; "" when too long */
	bool self_closed;             /* HTML_OPEN: ended in "/>" */
};
void html_read_init(struct html_reader *r, const char *html, size_t n);
/* The next token; borrowed from the HTML. Comments, declarations and the content of script and
 * style never come: of these only the tags do. Any bytes; the whole is linear. */
enum html_token html_next(struct html_reader *r);
/* The decoded value of an attribute of the open tag just read, cut at MAX_HTML_VALUE. False: it has
 * none. out is emptied first. */
bool html_attribute(const struct html_reader *r, const char *name, struct str *out);
/* Append text with its entities decoded; what is not valid UTF-8, and NUL, becomes U+FFFD. */
void html_decode(struct str *out, const char *p, size_t n);

#endif
