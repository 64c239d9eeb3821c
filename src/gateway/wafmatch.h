/* wafmatch.h -- statements of web ACLs: reading one, and does it match a request? */
#ifndef GATEWAY_WAFMATCH_H
#define GATEWAY_WAFMATCH_H

#include "gateway/exchange.h"

#define MAX_WAF_DEPTH 8    /* of statements in statements */
#define MAX_WAF_LIST 10000 /* ranges or patterns of a set */

struct waf_statement;
struct waf_read {
	struct arena *arena;
	const char *file;
	struct diags *d;
	struct waf_statement **owned; /* every statement is linked here */
	const struct node *acl;       /* where sets are looked up */
	bool failed;
};
/* Members by name without case; NULL where map is none, or has no such member. */
const struct node *waf_get(const struct node *map, const char *name);
const char *waf_text(const struct node *map, const char *name);
void waf_error(struct waf_read *r, const struct node *at, const char *text); /* code waf-rule */

/* NULL after an error, which r->failed remembers. */
struct waf_statement *waf_statement_read(struct waf_read *r, const struct node *n, int depth);
void waf_statements_clear(struct waf_statement *owned);
/* A rate statement counts the request. */
bool waf_statement_matches(struct waf_statement *s, struct gw_exchange *x);

#endif
