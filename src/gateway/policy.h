/* policy.h -- IAM policy documents: resource policies, identity policies, and what authorizer
 * functions answer. Pure. Rules: IAM's grammar, restricted to what execute-api evaluates. */
#ifndef GATEWAY_POLICY_H
#define GATEWAY_POLICY_H

#include "base/str.h"
#include "base/tree.h"

#define MAX_POLICY_STATEMENTS 200
#define MAX_POLICY_RESOURCE 512 /* characters of a resource in an authorizer's policy */

enum policy_result { POLICY_SILENT, POLICY_ALLOW, POLICY_DENY };

/* What a policy is asked. Texts are borrowed. */
struct policy_request {
	const char *action;   /* "execute-api:Invoke" */
	const char *resource; /* the ARN of what is called */
	/* "arn:aws:execute-api:us-east-1:123456789012:shop": the short form
	 * "execute-api:/dev/GET/x" of a resource means this, a slash and the rest; NULL: there is
	 * no short form */
	const char *self;
	bool resource_policy;  /* Principal counts */
	const char *principal; /* ARN of the caller; NULL: anonymous */
	const char *account;   /* of the caller; NULL: anonymous */
	/* The value of a condition key ("aws:SourceIp", compared without case); NULL: not there. */
	const char *(*value)(void *ctx, const char *key);
	void *ctx;
};

/* Is this a policy document? False: *why (a literal) says what is wrong. Every function below may
 * be given any tree; of one that is not valid it takes what it understands, and what it does not
 * understand never allows. Variables (${aws:SourceIp}) are replaced in resources and conditions. */
bool policy_valid(const struct node *document, const char **why);
/* Deny of any statement that applies goes before allow; nothing that applies is silent. */
enum policy_result policy_eval(const struct node *document, const struct policy_request *r);
/* The same; *decided: the statement that says so, the first of its effect. NULL: none applies. */
enum policy_result policy_decide(const struct node *document, const struct policy_request *r,
				 const struct node **decided);

/* What two policies say together. Table A: authorizer or identity policy of the same account, and
 * resource policy. Table B: identity of another account, and resource policy. */
enum policy_verdict { VERDICT_ALLOW, VERDICT_IMPLICIT_DENY, VERDICT_EXPLICIT_DENY };
enum policy_verdict policy_table_a(enum policy_result first, enum policy_result resource);
enum policy_verdict policy_table_b(enum policy_result first, enum policy_result resource);

/* '*' is any text, '?' one character. */
bool policy_wildcard(const char *pattern, const char *text);
/* Is an address ("127.0.0.1", "::1") in a range ("127.0.0.0/8", "10.1.2.3", "fd00::/8")? */
bool policy_in_cidr(const char *range, const char *address);
bool policy_cidr_valid(const char *range);

#endif
