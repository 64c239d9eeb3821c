/* pagetext.c -- see pagetext.h. */
#include "pagetext.h"

const char *page_text(struct arena *a, const struct page *p)
{
	struct str s = {0};
	for (size_t i = 0; i < p->count; i++) {
		const struct page_line *l = &p->lines[i];
		if (l->mark)
			str_addf(&s, "%s ", l->mark);
		for (const struct page_run *r = l->first; r; r = r->next)
			str_add(&s, r->text);
		while (s.len && s.p[s.len - 1] == ' ')
			str_truncate(&s, s.len - 1);
		str_addc(&s, '\n');
	}
	const char *text = arena_strdup(a, str_c(&s));
	str_clear(&s);
	return text;
}
