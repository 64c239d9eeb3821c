/* mem.c -- see mem.h.
 *
 * An arena is a list of blocks, newest first; an allocation bumps a pointer in the newest. What
 * does not fit there gets a new block if it is small, else one of its own behind the newest, so
 * that the room left is not lost. Blocks come from malloc and only what is handed out is zeroed: a
 * calloc of whole blocks would touch memory that texts overwrite at once.
 *
 * Nothing here returns NULL. A program for one person has no better answer to being out of memory
 * than to stop: the history is committed after each answer, so nothing is lost, and every caller is
 * spared a path that no test reaches.
 */
#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

static const size_t block_size = 64 << 10;

static void *checked(void *p)
{
	if (!p) {
		fputs("gatedrill: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *xmalloc(size_t size)
{
	return checked(malloc(size ? size : 1));
}

void *xcalloc(size_t n, size_t size)
{
	return checked(calloc(n ? n : 1, size ? size : 1));
}

void *xrealloc(void *p, size_t n, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(n, size, &bytes))
		checked(NULL);
	return checked(realloc(p, bytes ? bytes : 1));
}

char *xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}

char *xstrndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = xmalloc(len + 1);
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *out = NULL;
	va_start(ap, fmt);
	if (vasprintf(&out, fmt, ap) < 0)
		checked(NULL);
	va_end(ap);
	return out;
}

static struct arena_block *block_new(size_t size)
{
	struct arena_block *b = xmalloc(sizeof(*b) + size);
	*b = (struct arena_block){.size = size};
	return b;
}

void arena_clear(struct arena *a)
{
	while (a->head) {
		struct arena_block *next = a->head->next;
		free(a->head);
		a->head = next;
	}
	a->total = 0;
}

/* With the address sanitizer nothing is kept, so that it sees every use of what was let go. */
#if defined(__SANITIZE_ADDRESS__)
#define KEEP_BLOCKS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KEEP_BLOCKS 0
#endif
#endif
#ifndef KEEP_BLOCKS
#define KEEP_BLOCKS 1
#endif

void arena_reset(struct arena *a)
{
	struct arena_block *kept = a->head;
	if (!KEEP_BLOCKS || !kept || kept->size != block_size) {
		arena_clear(a);
		return;
	}
	a->head = kept->next;
	arena_clear(a);
	kept->next = NULL;
	kept->used = 0;
	a->head = kept;
}

/* A block with room for size bytes, which is already rounded up. */
static struct arena_block *arena_room(struct arena *a, size_t size)
{
	if (a->head && a->head->size - a->head->used >= size)
		return a->head;
	if (size <= block_size / 4 || !a->head) {
		struct arena_block *b = block_new(size > block_size ? size : block_size);
		b->next = a->head;
		a->head = b;
		return b;
	}
	struct arena_block *own = block_new(size);
	own->next = a->head->next;
	a->head->next = own;
	return own;
}

static void *arena_take(struct arena *a, size_t size)
{
	const size_t unit = _Alignof(max_align_t);
	if (size > SIZE_MAX / 2)
		checked(NULL);
	size = (size + unit - 1) / unit * unit;
	struct arena_block *b = arena_room(a, size);
	void *p = b->bytes + b->used;
	b->used += size;
	a->total += size;
	return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
	void *p = arena_take(a, size);
	memset(p, 0, size);
	return p;
}

void *arena_copy(struct arena *a, const void *p, size_t n)
{
	void *copy = arena_take(a, n);
	return n ? memcpy(copy, p, n) : copy;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = arena_take(a, len + 1);
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0)
		checked(NULL);
	char *out = arena_take(a, (size_t)n + 1);
	vsnprintf(out, (size_t)n + 1, fmt, again);
	va_end(again);
	va_end(ap);
	return out;
}

void *array_grow(void *items, size_t *capacity, size_t need, size_t size)
{
	if (need <= *capacity)
		return items;
	size_t cap = *capacity ? *capacity : 8;
	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? need : cap * 2;
	*capacity = cap;
	return xrealloc(items, cap, size);
}
