/* query.h -- the search language: words and "phrases", tag: deck: id: kind: is: flag: domain: task:
 * prop: rated: added: re:, -not, or, parentheses. */
#ifndef STUDY_QUERY_H
#define STUDY_QUERY_H

#include "base/idset.h"
#include "store/store.h"

#define MAX_QUERY_BYTES 4000
#define MAX_QUERY_TERMS 200
#define MAX_QUERY_DEPTH 50

struct query; /* in the caller's arena; holds compiled patterns until query_clear */

/* Parse. An empty text is every card. Errors have the column of the query text in the message:
 * query-syntax, query-unknown (with a suggestion), query-value, query-too-long. as_typed: for
 * search as you type; an unfinished word after "tag:" or an open quote is no error. */
bool query_parse(struct arena *a, const char *text, bool as_typed, struct query **out,
		 struct diags *d);
void query_clear(struct query *q); /* accepts NULL */
/* The part ids that meet the query; out is emptied first. Cards set aside only when asked for. */
bool query_run(struct store *s, const struct query *q, struct moment now,
	       const struct srs_preset *p, struct idset *out, struct diags *d);

/* A tag or a deck that is asked for and that no card has, as the end of a sentence: "there is no
 * tag "webs", did you mean "web"?". In the arena; NULL when all are there. */
const char *query_unknown_name(struct store *s, const struct query *q, struct moment now,
			       const struct srs_preset *p, struct arena *a);

/* The terms, for the manual and the help overlay. */
struct query_term {
	const char *form, *help;
};
extern const struct query_term query_terms[];
extern const size_t query_term_count;
/* What is: knows. */
extern const char *const query_states[];
extern const size_t query_state_count;
/* Was nothing asked for? */
bool query_is_empty(const struct query *q);

#endif
