/* vtl.c -- see vtl.h: compiling a template, the bounds of a run, its beginning and its end. What
 * happens in between is spread over vtlrender.c (statements), vtleval.c (values), vtlvar.c
 * (variables), vtlmethod.c (what stands behind dots) and vtlgateway.c (what is API Gateway's).
 *
 * A run is bounded in four ways, as templates and payloads are a stranger's: steps, memory, output,
 * and the depth of what is being worked out, which also keeps the C stack small. */
#include "base/utf8.h"
#include "gateway/javatext.h"
#include "gateway/vtlrun.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Compiling */

static struct pos place(const struct vtl *t, size_t at)
{
	struct pos pos = {t->file, t->line, 1};
	for (size_t i = 0; i < at && i < t->source.len; i++) {
		if (t->source.p[i] == '\n') {
			pos.line++;
			pos.col = 1;
		} else {
			pos.col += ((unsigned char)t->source.p[i] & 0xc0) != 0x80;
		}
	}
	return pos;
}

static void name_own(struct vtl *t)
{
	static const char *const names[VTL_OWN_NAMES] = {
		[VTL_FOREACH_NAME] = "foreach",
		[VTL_COUNT_NAME] = "velocityCount",
		[VTL_NEXT_NAME] = "velocityHasNext",
		[VTL_BODY_NAME] = "bodyContent",
	};
	for (size_t i = 0; i < VTL_OWN_NAMES; i++)
		t->own_names[i] = vtl_name(&t->names, (struct slice){names[i], strlen(names[i])});
}

/* A template of texts alone, as what comments lay between leaves them, becomes one text. */
static void join_texts(struct arena *a, struct vtl_node *root)
{
	struct vtl_node *first = root->child;
	size_t n = 0;
	for (const struct vtl_node *c = first; c; c = c->next) {
		if (c->op != VTL_OP_TEXT)
			return;
		n += c->text.len;
	}
	if (!first || !first->next)
		return;
	char *text = arena_alloc(a, n + 1);
	n = 0;
	for (const struct vtl_node *c = first; c; n += c->text.len, c = c->next)
		memcpy(text + n, c->text.p, c->text.len);
	first->text = (struct slice){text, n};
	first->next = NULL;
	root->last = first;
	root->count = 1;
}

struct vtl *vtl_compile(struct arena *a, const char *file, int line, const char *text, size_t n,
			struct diags *d)
{
	struct vtl *t = arena_alloc(a, sizeof(*t));
	const char *what;
	size_t at;
	*t = (struct vtl){.file = arena_strdup(a, file), .line = line, .names.arena = a};
	struct pos start = {file, line, 1};
	if (n > MAX_TEMPLATE_BYTES) {
		diag_error(d, start, "vtl-too-large", "a template of %zu bytes; at most %zu", n,
			   MAX_TEMPLATE_BYTES);
		return NULL;
	}
	t->source = (struct slice){arena_strndup(a, text, n), n};
	if (n)
		memcpy((char *)t->source.p, text, n); /* NULs too */
	if ((at = utf8_invalid_at(t->source.p, n)) < n) {
		diag_error(d, place(t, at), "vtl-utf8", "byte 0x%02X is not valid UTF-8",
			   (unsigned char)text[at]);
		return NULL;
	}
	if (!vtl_parse(a, t, &at, &what)) {
		diag_error(d, place(t, at), "vtl-syntax", "%s", what);
		return NULL;
	}
	name_own(t);
	join_texts(a, t->root);
	return t;
}

bool vtl_constant(const struct vtl *t, struct slice *text)
{
	const struct vtl_node *first = t->root->child;
	bool constant = !first || (first->op == VTL_OP_TEXT && !first->next);
	*text = constant && first ? first->text : (struct slice){"", 0};
	return constant;
}

/* Bounds */

struct vtl_value vtl_fail(struct vtl_run *r, const char *fmt, ...)
{
	char text[300];
	va_list args;
	if (r->error)
		return vtl_null();
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	r->error = arena_strdup(r->arena, text);
	return vtl_null();
}

void vtl_overrun(struct vtl_run *r)
{
	vtl_fail(r, "the template takes too long");
}

bool vtl_afford(struct vtl_run *r, size_t size)
{
	if (size > MAX_VTL_MEMORY || r->arena->total - r->arena_start + size > MAX_VTL_MEMORY)
		vtl_fail(r, "the template takes more than %zu bytes of memory", MAX_VTL_MEMORY);
	return !r->error;
}

void *vtl_alloc(struct vtl_run *r, size_t size)
{
	vtl_afford(r, size);
	return arena_alloc(r->arena, size);
}

void vtl_too_deep(struct vtl_run *r)
{
	vtl_fail(r, "the template goes too deep");
}

struct slice vtl_cut(struct vtl_run *r, size_t start)
{
	size_t n = r->out->len - start;
	char *copy = vtl_afford(r, n) ? arena_alloc(r->arena, n + 1) : "";
	if (r->error)
		n = 0;
	if (n)
		memcpy(copy, r->out->p + start, n);
	str_truncate(r->out, start);
	return (struct slice){copy, n};
}

void vtl_put(struct vtl_run *r, struct slice s)
{
	if (s.len)
		vtl_print(r, vtl_string(s));
}

/* What goes out is UTF-8: halves of pairs, should there be any, are put together or replaced. */
static void encode_output(struct vtl_run *r)
{
	size_t n = r->out->len - r->out_start;
	const char *from = str_c(r->out) + r->out_start;
	if (n == 0 || !memchr(from, 0xed, n) || utf8_invalid_at(from, n) == n)
		return;
	struct str fixed = {0};
	java_encode(&fixed, (struct slice){from, n});
	str_truncate(r->out, r->out_start);
	str_addn(r->out, str_c(&fixed), fixed.len);
	str_clear(&fixed);
}

bool vtl_run(const struct vtl *t, struct vtl_env *env, struct str *out, const char **error)
{
	struct vtl_run r = {
		.env = env,
		.arena = env->arena,
		.t = *t,
		.plain = env->vars != NULL,
		.out = out,
		.out_start = out->len,
		.arena_start = env->arena->total,
	};
	vtl_begin_vars(&r);
	vtl_render(&r, t->root);
	if (!r.error)
		vtl_gateway_end(&r);
	encode_output(&r);
	for (size_t i = 0; i < r.regex_count; i++)
		regex_free(r.regexes[i].re);
	*error = r.error;
	return !r.error;
}
