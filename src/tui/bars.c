/* bars.c -- see bars.h. The scale begins at 50, or at 40, 20 or 0 below the lowest range, since
 *nothing below is of interest to who prepares for a pass line of about 72:
 *
 *                        50        60        70        80        90      100
 *	Security   26 %     ·········├───────────●┼────────┤···················  71 */
#include "tui/bars.h"
#include "base/utf8.h"
#include "tui/sign.h"

#include <math.h>
#include <string.h>

#define VALUE_COLS 5
#define WEIGHT_COLS 6
#define TITLE_MOST 24

struct scale {
	int low;        /* per cent at the left end; 100 at the right one */
	int from, cols; /* columns of the bars */
};

static int per_cent(double share)
{
	return (int)lround(share * 100);
}

static struct scale scale_of(const struct page *p, const struct readiness *r)
{
	struct scale s = {.low = 50};
	int title = 0;
	for (size_t i = 0; i < r->domain_count; i++) {
		int lo = per_cent(r->chance.domain[i].lo);
		int cols = utf8_columns(r->domain[i].title, strlen(r->domain[i].title));
		s.low = lo < s.low ? lo / 20 * 20 : s.low;
		title = cols > title ? cols : title;
	}
	s.from = (title < TITLE_MOST ? title : TITLE_MOST) + 1 + WEIGHT_COLS;
	s.cols = p->width - s.from - VALUE_COLS;
	return s;
}

static int col_of(const struct scale *s, double share)
{
	double at = (share * 100 - s->low) / (100 - s->low) * (s->cols - 1);
	return (int)lround(at < 0 ? 0 : at);
}

static void draw_axis(struct page *p, const struct scale *s)
{
	page_line(p);
	for (int tick = s->low; tick <= 100; tick += s->low < 50 ? 20 : 10) {
		int col = s->from + col_of(s, tick / 100.0) - (tick == 100 ? 2 : 0);
		page_pad(p, col);
		page_addf(p, STYLE_DIM, "%d", tick);
	}
}

/* One column of a bar. */
static void put_cell(struct page *p, int col, int lo, int mid, int hi, int line)
{
	bool inside = col >= lo && col <= hi;
	if (col == mid)
		page_add(p, STYLE_ACCENT, SIGN_ON);
	else if (col == line)
		page_add(p, STYLE_WARN, inside ? "┼" : "│");
	else if (col == lo)
		page_add(p, STYLE_ACCENT, "├");
	else if (col == hi)
		page_add(p, STYLE_ACCENT, "┤");
	else
		page_add(p, inside ? STYLE_ACCENT : STYLE_DIM, inside ? SIGN_RULE : SIGN_DOT);
}

static void draw_bar(struct page *p, const struct readiness *r, size_t i, const struct scale *s)
{
	const struct chance_range *c = &r->chance.domain[i];
	page_line(p);
	page_cut(p, STYLE_PLAIN, r->domain[i].title, s->from - WEIGHT_COLS - 1);
	page_pad(p, s->from - WEIGHT_COLS);
	page_addf(p, STYLE_DIM, "%3d %%", r->domain[i].weight);
	page_pad(p, s->from);
	for (int col = 0; col < s->cols; col++)
		put_cell(p, col, col_of(s, c->lo), col_of(s, c->mid), col_of(s, c->hi),
			 col_of(s, r->pass_share));
	page_addf(p, STYLE_PLAIN, "%4d", per_cent(c->mid));
}

void bars_words(struct page *p, const struct readiness *r)
{
	const struct chance_range *c = &r->chance.overall;
	page_line(p);
	page_words(p, STYLE_PLAIN, 0,
		   arena_printf(&p->arena,
				"Overall %d (%d to %d) from %d first tries. The bar at %d is our "
				"guess at the pass line.",
				per_cent(c->mid), per_cent(c->lo), per_cent(c->hi), r->chance.tries,
				per_cent(r->pass_share)));
}

void bars_draw(struct page *p, const struct readiness *r)
{
	struct scale s = scale_of(p, r);
	draw_axis(p, &s);
	for (size_t i = 0; i < r->domain_count; i++)
		draw_bar(p, r, i, &s);
	bars_words(p, r);
}
