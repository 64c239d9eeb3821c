/* deffile.c -- definition files as trees; see deffile.h.
 *
 * JSON is nearly YAML, but not quite (escaped slashes, surrogate pairs), and files named .yaml that
 * hold JSON are common since YAML readers take them. So a text that begins as a JSON object is
 * tried as JSON first; when it is none, the YAML reader's words are the ones worth reading. */
#include "gateway/deffile.h"

#include "base/file.h"
#include "base/json.h"
#include "base/yaml.h"

#include <string.h>

static bool begins_as_json(struct slice s)
{
	while (s.len && strchr(" \t\r\n", *s.p) && *s.p) {
		s.p++;
		s.len--;
	}
	return s.len && *s.p == '{';
}

/* The number grammar of JSON: -? (0 | [1-9][0-9]*) (\.[0-9]+)? ([eE][+-]?[0-9]+)? */
static bool is_json_number(const char *s)
{
	static const char digits[] = "0123456789";
	s += *s == '-';
	size_t n = strspn(s, digits);
	if (n == 0 || (n > 1 && *s == '0'))
		return false;
	s += n;
	if (*s == '.') {
		n = strspn(++s, digits);
		s += n;
		if (n == 0)
			return false;
	}
	if (*s == 'e' || *s == 'E') {
		s++;
		s += *s == '+' || *s == '-';
		n = strspn(s, digits);
		s += n;
		return n && !*s;
	}
	return !*s;
}

static enum node_kind plain_kind(const char *s)
{
	if (!*s || str_eq(s, "~") || str_eq(s, "null"))
		return NODE_NULL;
	if (str_eq(s, "true") || str_eq(s, "false"))
		return NODE_BOOL;
	return is_json_number(s) ? NODE_NUMBER : NODE_TEXT;
}

/* Depth is bounded by the reader. */
static void type_scalars(struct node *n)
{
	if (n->kind == NODE_TEXT && n->plain)
		n->kind = plain_kind(n->text);
	for (struct node *e = n->child; e; e = e->next)
		type_scalars(e);
}

bool def_parse(struct arena *a, const char *path, struct slice bytes, struct node **root,
	       struct diags *d)
{
	struct diags unused = {0};
	if (str_ends(path, ".json"))
		return json_read(a, path, bytes.p, bytes.len, root, d);
	if (begins_as_json(bytes)) {
		bool ok = json_read(a, path, bytes.p, bytes.len, root, &unused);
		diags_clear(&unused);
		if (ok)
			return true;
	}
	if (!yaml_read(a, path, bytes.p, bytes.len, root, d))
		return false;
	type_scalars(*root);
	return true;
}

bool def_read(struct arena *a, const char *path, struct slice *bytes, struct node **root,
	      struct diags *d)
{
	struct str s = {0};
	bool ok = file_read(path, MAX_DEF_BYTES, &s, d);
	if (ok) {
		*bytes = (struct slice){arena_strndup(a, str_c(&s), s.len), s.len};
		ok = def_parse(a, path, *bytes, root, d);
	}
	str_clear(&s);
	return ok;
}
