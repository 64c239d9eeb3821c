/* diag.c -- see diag.h.
 *
 * Texts are neutralised when they are added, so that whoever shows them, on a terminal, in a screen
 * or in a log, need not think of the escape sequences a deck file may hold. File names are kept as
 * they are, for they are compared and opened, and neutralised when printed.
 */
#include "base/diag.h"
#include "base/str.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void diags_clear(struct diags *d)
{
	free(d->items);
	arena_clear(&d->arena);
	*d = (struct diags){0};
}

static void diag_add(struct diags *d, enum diag_level level, struct pos at, const char *code,
		     const char *raw)
{
	if (!d)
		return;
	d->errors += level == DIAG_ERROR;
	d->warnings += level == DIAG_WARNING;
	if (d->count >= MAX_DIAGS)
		return;
	d->items = array_grow(d->items, &d->cap, d->count + 1, sizeof(*d->items));
	d->items[d->count++] = (struct diag){
		.level = level,
		.pos = {arena_strdup(&d->arena, at.file), at.line, at.col},
		.code = code,
		.text = utf8_clean(&d->arena, raw),
	};
}

static void diag_vadd(struct diags *d, enum diag_level level, struct pos at, const char *code,
		      const char *fmt, va_list ap)
{
	char *raw = NULL;
	if (vasprintf(&raw, fmt, ap) < 0)
		abort();
	diag_add(d, level, at, code, raw);
	free(raw);
}

bool diag_error(struct diags *d, struct pos at, const char *code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	diag_vadd(d, DIAG_ERROR, at, code, fmt, ap);
	va_end(ap);
	return false;
}

bool diag_fail(struct diags *d, const char *code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	diag_vadd(d, DIAG_ERROR, (struct pos){0}, code, fmt, ap);
	va_end(ap);
	return false;
}

void diag_warn(struct diags *d, struct pos at, const char *code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	diag_vadd(d, DIAG_WARNING, at, code, fmt, ap);
	va_end(ap);
}

void diag_note(struct diags *d, struct pos at, const char *code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	diag_vadd(d, DIAG_NOTE, at, code, fmt, ap);
	va_end(ap);
}

void diags_append(struct diags *d, const struct diags *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct diag *x = &from->items[i];
		diag_add(d, x->level, x->pos, x->code, x->text);
	}
}

static int compare(const struct diag *a, const struct diag *b)
{
	int c = strcmp(a->pos.file ? a->pos.file : "", b->pos.file ? b->pos.file : "");
	if (c)
		return c;
	if (a->pos.line != b->pos.line)
		return a->pos.line < b->pos.line ? -1 : 1;
	return (a->pos.col > b->pos.col) - (a->pos.col < b->pos.col);
}

/* Insertion sort: stable, and there are at most MAX_DIAGS, nearly in order. */
void diags_sort(struct diags *d)
{
	for (size_t i = 1; i < d->count; i++) {
		struct diag x = d->items[i];
		size_t k = i;
		for (; k > 0 && compare(&d->items[k - 1], &x) > 0; k--)
			d->items[k] = d->items[k - 1];
		d->items[k] = x;
	}
}

static const char *const level_names[] = {
	[DIAG_NOTE] = "note", [DIAG_WARNING] = "warning", [DIAG_ERROR] = "error"};

void diags_print(const struct diags *d, FILE *out)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct diag *x = &d->items[i];
		if (!x->pos.file) {
			fprintf(out, "gatedrill: %s\n", x->text);
			continue;
		}
		struct arena a = {0};
		fprintf(out, "%s:", utf8_clean(&a, x->pos.file));
		arena_clear(&a);
		if (x->pos.line)
			fprintf(out, "%d:%d:", x->pos.line, x->pos.col);
		fprintf(out, " %s: %s [%s]\n", level_names[x->level], x->text, x->code);
	}
	size_t left_out = d->errors + d->warnings;
	for (size_t i = 0; i < d->count; i++)
		left_out -= d->items[i].level != DIAG_NOTE;
	if (left_out)
		fprintf(out, "gatedrill: %zu more %s not shown\n", left_out,
			str_plural((long)left_out, "message is", "messages are"));
}

const char *diags_first(const struct diags *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->items[i].level == DIAG_ERROR)
			return d->items[i].text;
	return d->count ? d->items[0].text : "";
}
