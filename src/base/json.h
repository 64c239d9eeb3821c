/* json.h -- JSON (RFC 8259), strict, into the same tree as YAML; and a writer. Number text is kept
 * as written, order too. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/str.h"
#include "base/tree.h"

/* Read one value and nothing after it. Duplicate keys: error json-duplicate-key. Other codes:
 * json-syntax, json-utf8, tree-... */
bool json_read(struct arena *a, const char *file, const char *bytes, size_t n, struct node **root,
	       struct diags *d);
/* JSON from a network: as strict, but of a key given twice the last value counts, texts may be as
 * long as MAX_JSON_WIRE, and nobody is told what is wrong. */
#define MAX_JSON_WIRE ((size_t)16 << 20)
bool json_read_wire(struct arena *a, struct slice text, struct node **root);
/* JSON as json-smart's permissive mode takes it: what is no JSON is a text ("a[" gives "a["), 'a',
 * words without quotes, too many commas and what stands behind the value pass. Numbers are
 * rewritten as JSON has them (007 gives 7). False: it breaks off in a list or a map, or is not
 * UTF-8. */
bool json_read_lenient(struct arena *a, struct slice text, struct node **root);
void json_write(struct str *out, const struct node *n); /* compact, one line */

/* A streaming writer for output that needs no tree. Commas and nesting are kept by the writer; the
 * caller balances begin and end, sets out (borrowed) and indent in a zeroed struct, and adds a
 * newline after the last value if it wants one. */
#define MAX_JSON_NEST 64
struct json_out {
	struct str *out;
	int depth;
	bool comma[MAX_JSON_NEST];
	char close[MAX_JSON_NEST]; /* private: what json_end writes */
	bool indent;               /* two spaces a level and newlines, else compact */
};
void json_object(struct json_out *j, const char *key); /* key NULL inside lists and at the top */
void json_list(struct json_out *j, const char *key);
void json_end(struct json_out *j); /* closes the innermost; what it is was remembered */
void json_text(struct json_out *j, const char *key,
	       const char *text); /* NULL writes null; invalid UTF-8 becomes U+FFFD */
void json_int(struct json_out *j, const char *key, long long v);
void json_number(struct json_out *j, const char *key, const char *text); /* text is JSON's */
void json_real(struct json_out *j, const char *key,
	       double v); /* shortest form that reads back equal; not finite writes null */
void json_bool(struct json_out *j, const char *key, bool v);
/* A tree; what would nest deeper than MAX_JSON_NEST becomes null. */
void json_node(struct json_out *j, const char *key, const struct node *n);
void json_add_string(struct str *out, const char *text, size_t n); /* quoted and escaped */

#endif
