/* waf.c -- see waf.h: reading web ACLs and running them. What a statement looks at and how it is
 * compared is in wafmatch.c.
 *
 * Rules run in the order of their priority; the first that matches and allows or blocks ends it,
 * Count goes on; then the default action. The service looks at the first 16 KB of a body. */
#include "gateway/waf.h"

#include "gateway/gwresponse.h"
#include "gateway/wafmatch.h"

#include <stdlib.h>
#include <string.h>

enum action { ACTION_NONE, ACTION_ALLOW, ACTION_BLOCK, ACTION_COUNT };
struct response { /* custom; status 0: none */
	int status;
	struct gw_headers headers;
	struct slice body;
	const char *type;
};
struct rule {
	const char *name;
	long long priority;
	enum action action;
	struct response response;
	struct waf_statement *statement;
};
struct acl {
	const char *name;
	enum action action; /* by default */
	struct response response;
	struct rule *rules;
	size_t count;
};
struct waf {
	struct arena arena;
	struct waf_statement *owned; /* all statements: what they hold is freed with the waf */
	struct acl *acls;
	size_t count;
};

/* ---- actions ---- */

/* "Block", or {"Block": {"CustomResponse": ...}}. */
static enum action read_action(const struct node *n, const struct node **options)
{
	static const struct {
		const char *name;
		enum action action;
	} names[] = {{"Allow", ACTION_ALLOW}, {"Block", ACTION_BLOCK}, {"Count", ACTION_COUNT}};
	const char *text = n && n->kind == NODE_TEXT ? n->text : NULL;
	*options = NULL;
	if (n && n->kind == NODE_MAP && n->count == 1) {
		text = n->child->key->text;
		*options = n->child;
	}
	for (size_t i = 0; text && i < ARRAY_LEN(names); i++)
		if (gw_name_eq(text, names[i].name))
			return names[i].action;
	return ACTION_NONE;
}

static void read_headers(struct waf_read *r, const struct node *list, struct gw_headers *out)
{
	const struct node *n = list && list->kind == NODE_LIST ? list->child : NULL;
	for (; n; n = n->next) {
		const char *name = waf_text(n, "Name");
		const char *value = waf_text(n, "Value");
		if (!name || !value || !*name || strpbrk(name, " :\r\n") || strpbrk(value, "\r\n"))
			waf_error(r, n, "a response header needs Name and Value");
		else
			gw_headers_add(r->arena, out, name, value);
	}
}

static void read_response(struct waf_read *r, const struct node *options, struct response *out)
{
	static const struct {
		const char *name, *type;
	} types[] = {{"APPLICATION_JSON", "application/json"},
		     {"TEXT_HTML", "text/html"},
		     {"TEXT_PLAIN", "text/plain"}};
	const struct node *n = waf_get(options, "CustomResponse");
	long long status;
	if (!n)
		return;
	if (!str_to_i64(waf_text(n, "ResponseCode") ? waf_text(n, "ResponseCode") : "", 200, 599,
			&status)) {
		waf_error(r, n, "ResponseCode must be from 200 to 599");
		return;
	}
	out->status = (int)status;
	read_headers(r, waf_get(n, "ResponseHeaders"), &out->headers);
	const char *key = waf_text(n, "CustomResponseBodyKey");
	const struct node *body =
		key ? waf_get(waf_get(r->acl, "CustomResponseBodies"), key) : NULL;
	const char *content = waf_text(body, "Content");
	if (key && !content)
		waf_error(r, n, "there is no such body in CustomResponseBodies");
	if (content)
		out->body = (struct slice){content, strlen(content)};
	const char *type = waf_text(body, "ContentType");
	for (size_t i = 0; type && i < ARRAY_LEN(types); i++)
		if (gw_name_eq(type, types[i].name))
			out->type = types[i].type;
}

/* ---- reading ---- */

static int by_priority(const void *a, const void *b)
{
	const struct rule *x = a;
	const struct rule *y = b;
	return x->priority < y->priority ? -1 : x->priority > y->priority;
}

static void read_rule(struct waf_read *r, const struct node *n, struct rule *out)
{
	const struct node *options;
	const char *priority = waf_text(n, "Priority");
	out->name = waf_text(n, "Name");
	if (!out->name)
		waf_error(r, n, "a rule needs a Name");
	if (!priority || !str_to_i64(priority, 0, 1000000000, &out->priority))
		waf_error(r, n, "a rule needs a Priority, a number from 0");
	out->action = read_action(waf_get(n, "Action"), &options);
	if (out->action == ACTION_NONE)
		waf_error(r, n, "Action must be Allow, Block or Count");
	read_response(r, options, &out->response);
	out->statement = waf_statement_read(r, waf_get(n, "Statement"), 0);
}

static void read_acl(struct waf_read *r, const struct node *n, struct acl *out)
{
	const struct node *options;
	const struct node *rules = waf_get(n, "Rules");
	r->acl = n;
	out->name = waf_text(n, "Name");
	if (!out->name)
		waf_error(r, n, "a web ACL needs a Name");
	out->action = read_action(waf_get(n, "DefaultAction"), &options);
	if (out->action != ACTION_ALLOW && out->action != ACTION_BLOCK)
		waf_error(r, n, "DefaultAction must be Allow or Block");
	read_response(r, options, &out->response);
	if (!rules || rules->kind != NODE_LIST)
		return;
	if (rules->count > MAX_WAF_RULES) {
		waf_error(r, rules, "a web ACL has at most 100 rules here");
		return;
	}
	out->rules = arena_alloc(r->arena, (rules->count + 1) * sizeof(*out->rules));
	for (const struct node *rule = rules->child; rule; rule = rule->next)
		read_rule(r, rule, &out->rules[out->count++]);
	qsort(out->rules, out->count, sizeof(*out->rules), by_priority);
	for (size_t i = 1; i < out->count; i++)
		if (out->rules[i].priority == out->rules[i - 1].priority)
			waf_error(r, n, "two rules have the same Priority");
}

static const struct acl *acl_find(const struct waf *w, const char *name)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->acls[i].name && strcmp(w->acls[i].name, name) == 0)
			return &w->acls[i];
	return NULL;
}

static void check_stages(const struct waf *w, const struct gateway *g, struct waf_read *r)
{
	for (size_t a = 0; a < g->api_count; a++) {
		for (size_t s = 0; s < g->apis[a].stage_count; s++) {
			const struct gw_stage *stage = &g->apis[a].stages[s];
			if (!stage->web_acl || acl_find(w, stage->web_acl))
				continue;
			diag_error(r->d, stage->pos, "waf-unknown-acl",
				   "there is no web ACL \"%s\" in webAcls", stage->web_acl);
			r->failed = true;
		}
	}
}

struct waf *waf_new(const struct gateway *g, struct diags *d)
{
	struct waf *w = xcalloc(1, sizeof(*w));
	struct waf_read r = {.arena = &w->arena, .file = g->file, .d = d, .owned = &w->owned};
	const struct node *list = g->web_acls;
	if (list && list->kind != NODE_LIST) {
		waf_error(&r, list, "webAcls must be a list");
		list = NULL;
	}
	w->acls = arena_alloc(&w->arena, ((list ? list->count : 0) + 1) * sizeof(*w->acls));
	for (const struct node *n = list ? list->child : NULL; n; n = n->next)
		read_acl(&r, n, &w->acls[w->count++]);
	check_stages(w, g, &r);
	if (!r.failed)
		return w;
	waf_free(w);
	return NULL;
}

void waf_free(struct waf *w)
{
	if (!w)
		return;
	waf_statements_clear(w->owned);
	arena_clear(&w->arena);
	free(w);
}

/* ---- running ---- */

static bool block(struct gw_exchange *x, const struct response *custom, const char *rule)
{
	gw_row(x, GW_STEP_WAF, GW_REFUSED, rule);
	gw_fail(x, "WAF_FILTERED", "Forbidden");
	if (!custom->status)
		return false;
	x->response = (struct gw_response){.status = custom->status, .body = custom->body};
	for (size_t i = 0; i < custom->headers.count; i++)
		gw_headers_add(x->arena, &x->response.headers, custom->headers.items[i].name,
			       custom->headers.items[i].value);
	if (custom->type)
		gw_headers_set(x->arena, &x->response.headers, "Content-Type", custom->type);
	return false;
}

static bool pass(struct gw_exchange *x, const char *rule)
{
	gw_row(x, GW_STEP_WAF, GW_PASSED, rule);
	return true;
}

bool waf_admit(struct waf *w, struct gw_exchange *x)
{
	const struct acl *acl =
		x->stage && x->stage->web_acl ? acl_find(w, x->stage->web_acl) : NULL;
	if (!acl) {
		gw_row(x, GW_STEP_WAF, GW_NONE, NULL);
		return true;
	}
	trace_detail(&x->trace, GW_STEP_WAF, "web ACL", acl->name);
	for (size_t i = 0; i < acl->count; i++) {
		const struct rule *rule = &acl->rules[i];
		if (!waf_statement_matches(rule->statement, x))
			continue;
		if (rule->action == ACTION_BLOCK)
			return block(x, &rule->response, rule->name);
		if (rule->action == ACTION_ALLOW)
			return pass(x, rule->name);
		trace_detail(&x->trace, GW_STEP_WAF, "counted", rule->name);
	}
	return acl->action == ACTION_BLOCK ? block(x, &acl->response, "the default action blocks")
					   : pass(x, NULL);
}
