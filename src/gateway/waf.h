/* waf.h -- web ACLs, as AWS WAF evaluates them before all else: IP sets, string and regular
 * expression match, size, rate rules, and/or/not, default action.
 *
 * In the stack file, under AWS's names (case does not matter, so camelCase reads as well):
 *
 *   webAcls:
 *   - Name: shield
 *     DefaultAction: Allow                  # or {Block: {CustomResponse: {ResponseCode: 418}}}
 *     IPSets: {office: [192.0.2.0/24]}
 *     RegexPatternSets: {bots: ["(?i)scan", "(?i)crawl"]}
 *     Rules:
 *     - Name: not-the-office
 *       Priority: 0
 *       Action: Block                       # Allow, Block, Count
 *       Statement: {NotStatement: {Statement: {IPSetReferenceStatement: {Name: office}}}}
 *     - Name: too-many
 *       Priority: 1
 *       Action: Block
 *       Statement: {RateBasedStatement: {Limit: 100, EvaluationWindowSec: 300}}
 *
 * Statements: IPSetReferenceStatement {Name}, ByteMatchStatement {SearchString, FieldToMatch,
 * PositionalConstraint, TextTransformations}, RegexMatchStatement {RegexString, ...},
 * RegexPatternSetReferenceStatement {Name, ...}, SizeConstraintStatement {ComparisonOperator, Size,
 * ...}, RateBasedStatement {Limit, EvaluationWindowSec, ScopeDownStatement}, AndStatement,
 * OrStatement, NotStatement. FieldToMatch: UriPath, QueryString, Method, Body, AllQueryArguments,
 * {SingleHeader: {Name}}, {SingleQueryArgument: {Name}}. */
#ifndef GATEWAY_WAF_H
#define GATEWAY_WAF_H

#include "gateway/exchange.h"

#define MAX_WAF_RULES 100
#define MAX_WAF_BODY 16384      /* bytes of a body that are looked at */
#define MAX_WAF_ADDRESSES 10000 /* addresses a rate rule counts at a time */

struct waf;
/* All web ACLs of a gateway, compiled: its nodes are borrowed. NULL: at least one error; those that
 * stages name are checked too. */
struct waf *waf_new(const struct gateway *g, struct diags *d);
void waf_free(struct waf *w); /* accepts NULL */

/* Does the web ACL of x->stage let the request pass? True too when there is none. False: gw_fail(x,
 * "WAF_FILTERED", "Forbidden") was called, or x->response is the rule's custom response. Writes the
 * row GW_STEP_WAF. */
bool waf_admit(struct waf *w, struct gw_exchange *x);

#endif
