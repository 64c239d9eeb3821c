/* cardtmpl.h -- Anki's card templates: HTML with {{Field}} in it. */
#ifndef EXCHANGE_CARDTMPL_H
#define EXCHANGE_CARDTMPL_H

#include "base/str.h"

#define MAX_TEMPLATE ((size_t)64 << 10) /* bytes of one side that are read */
#define MAX_TEMPLATE_DEPTH 16           /* {{#sections}} in one another */

enum tmpl_op {
	TMPL_TEXT, /* as it stands */
	TMPL_FIELD,
	TMPL_CLOZE,  /* {{cloze:Field}} */
	TMPL_TYPE,   /* {{type:Field}}: what is typed and compared */
	TMPL_FRONT,  /* {{FrontSide}} */
	TMPL_IF,     /* {{#Field}} */
	TMPL_UNLESS, /* {{^Field}} */
	TMPL_END,    /* {{/Field}} */
};
struct tmpl_piece {
	enum tmpl_op op;
	struct slice text; /* TMPL_TEXT */
	size_t field;
};
/* One side, cut into pieces; in the arena. Fields that do not exist are nothing. */
struct tmpl_side {
	struct tmpl_piece *pieces;
	size_t count;
};
struct tmpl {
	struct tmpl_side question, answer; /* answer: what stands below the question alone */
	bool cloze;                        /* a side has a cloze field */
	long typed;                        /* the field that is typed; -1: none */
};
void tmpl_read(struct tmpl *out, struct arena *a, const char *question, const char *answer,
	       const char *const *fields, size_t field_count);
/* Append a side with the fields filled in. Of a cloze field with clozes the field as it is, without
 * nothing. What is typed is nothing. */
void tmpl_fill(struct str *out, const struct tmpl_side *side, const struct slice *fields,
	       size_t field_count, bool clozes);

#endif
