/* mem.h -- allocation that cannot fail, and arenas. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Out of memory aborts the program with one line on stderr: sizes that come from files or users are
 * checked against a named MAX_... before they get here. n * size overflow aborts too. */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n); /* copies at most n bytes, always ends in NUL */
char *xasprintf(const char *fmt, ...) PRINTF(1, 2);

/* An arena hands out memory that is freed all at once. A zeroed struct is a ready, empty arena. */
struct arena {
	struct arena_block *head;
	size_t total; /* bytes handed out since init or reset */
};
void arena_clear(struct arena *a); /* frees everything; the arena may be used again */
/* The same, but a block is kept for what comes next: for an arena that is filled again and again.
 */
void arena_reset(struct arena *a);
void *arena_alloc(struct arena *a, size_t size);            /* zeroed, aligned for any type */
void *arena_copy(struct arena *a, const void *p, size_t n); /* of bytes, aligned for any type */
char *arena_strdup(struct arena *a, const char *s);         /* NULL gives NULL */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);

/* Grow a heap array so that it holds at least need elements: doubles the capacity. */
void *array_grow(void *items, size_t *capacity, size_t need, size_t size);

#endif
