/* drawinspect.c -- the inspector as a picture: the list above, the stages of the marked one below,
 * then gauges and, if asked for or where there is room, what it would have cost. How many lines
 * each gets depends on the screen alone, so that nothing jumps when the mark moves. */
#include "study/match.h"
#include "tui/inspector.h"
#include "tui/sign.h"

#include <string.h>

/* Lines of each part. */
struct parts {
	int list, pipeline, gauges, cost;
};

static int least(int a, int b)
{
	return a < b ? a : b;
}

#define COST_LINES 9
#define TALL_ROWS 34 /* body rows that have room for everything */

static int gauge_lines(const struct inspector *s, int most)
{
	return least(gauges_count(serve_runtime(rig_serve(s->rig))), most);
}

bool inspector_tall(const struct frame *f)
{
	return f->body_rows >= TALL_ROWS;
}

/* Title lines and gaps are counted here too. */
static void divide(const struct inspector *s, const struct frame *f, struct parts *out)
{
	int rows = f->body_rows - 1; /* the titles */
	*out = (struct parts){.list = rows};
	if (f->tiny) {
		out->pipeline = 1;
		out->list = rows - 1;
		return;
	}
	bool tall = inspector_tall(f);
	out->cost = tall || s->cost_shown ? COST_LINES : 0;
	out->gauges = out->cost && !tall ? 0 : gauge_lines(s, tall ? 6 : f->small ? 1 : 2);
	out->pipeline = out->cost && !tall ? 0 : tall ? GW_STEP_COUNT + 1 : rows / 2;
	out->list = rows - out->pipeline - out->gauges - out->cost - (out->pipeline > 0) -
		    (out->gauges > 0) - (out->cost > 0);
}

int inspector_rows(const struct inspector *s, const struct frame *f)
{
	struct parts parts;
	divide(s, f, &parts);
	return parts.list;
}

static void fill(struct page *p, size_t end)
{
	while (p->count < end)
		page_line(p);
}

/* ---- the list ------------------------------------------------------------------------ */

/* "paused, 34 newer", "4xx: 3 of 120": how the list differs from all there is. */
static const char *state_of(const struct inspector *s, struct arena *a)
{
	uint64_t newer;
	size_t kept = inspector_kept(s, &newer);
	const char *text = "";
	if (s->filter.text.len)
		text = arena_printf(a, "/%s  %d of %zu", str_c(&s->filter.text), s->list.count,
				    kept);
	if (s->held)
		text = arena_printf(a, "%s%spaused, %llu newer", text, text[0] ? "  " : "",
				    (unsigned long long)newer);
	else if (!s->following && !text[0])
		text = arena_printf(a, "%d of %d; G follows", s->list.at + 1, s->list.count);
	return text;
}

static void draw_titles(const struct inspector *s, struct canvas *c,
			const struct trace_columns *cols)
{
	struct page *p = &c->body;
	int cursor;
	page_line(p);
	if (s->typing) {
		page_add(p, STYLE_ACCENT, "/ ");
		page_add(p, STYLE_PLAIN, line_window(&s->filter, &p->arena, p->width - 2, &cursor));
		canvas_cursor(c, 2 + cursor);
		return;
	}
	const char *state = state_of(s, &p->arena);
	if (!state[0])
		trace_titles_draw(p, cols);
	else
		page_add(p, STYLE_WARN, state);
}

static void draw_terms(struct page *p, int rows)
{
	for (size_t i = 0; i < trace_term_count && (int)i < rows; i++) {
		page_line(p);
		page_add(p, STYLE_CODE, trace_terms[i].form);
		page_pad(p, 26);
		page_add(p, STYLE_DIM, trace_terms[i].help);
	}
}

static void draw_nothing(struct page *p)
{
	page_line(p);
	page_add(p, STYLE_DIM, "Nothing passes this filter.");
}

/* Where requests can be sent to. */
static void draw_waiting(const struct inspector *s, struct page *p, int rows)
{
	struct str text = {0};
	int n = 2;
	page_line(p);
	page_add(p, STYLE_STRONG,
		 s->from > 1 ? "Nothing has come since." : "Nothing has come yet.");
	page_add(p, STYLE_PLAIN,
		 p->width >= 60 ? " c writes a request; or send one to:" : " c writes a request.");
	serve_addresses(rig_serve(s->rig), &text);
	for (const char *line = str_c(&text); *line && n < rows; n++) {
		size_t len = strcspn(line, "\n");
		page_line(p);
		page_add(p, STYLE_ACCENT, arena_strndup(&p->arena, line, len));
		line += len + (line[len] == '\n');
	}
	str_clear(&text);
}

static void draw_list(const struct inspector *s, struct canvas *c, int rows)
{
	struct page *p = &c->body;
	struct trace_columns cols;
	int off_min = study_now(s->view.app->study).off_min;
	size_t end = p->count + (size_t)rows + 1;
	uint64_t newer;
	trace_columns(&cols, p->width);
	draw_titles(s, c, &cols);
	if (s->typing && !s->filter.text.len)
		draw_terms(p, rows);
	else if (!s->list.count && inspector_kept(s, &newer))
		draw_nothing(p);
	else if (!s->list.count)
		draw_waiting(s, p, rows);
	else
		for (int i = s->list.top; i < list_end(&s->list); i++) {
			const struct gw_trace *t = inspector_trace(s, s->numbers[i]);
			if (t)
				trace_line_draw(p, &cols, t, off_min, i == s->list.at);
		}
	fill(p, end);
}

/* ---- below it ------------------------------------------------------------------------ */

static void draw_pipeline(const struct inspector *s, struct page *p, int rows)
{
	const struct gw_trace *t = s->at ? inspector_trace(s, s->at) : NULL;
	size_t end = p->count + (size_t)rows;
	struct str text = {0};
	if (t && rows == 1) {
		trace_sentence(&text, t);
		page_line(p);
		page_add(p, trace_style(t), str_c(&text));
	} else if (t) {
		trace_head(p, t);
		size_t head = p->count;
		trace_brief_draw(p, t, rows - 1);
		if (p->count == head && t->error) { /* it met no stage */
			page_line(p);
			page_words(p, STYLE_WARN, 0, t->error);
		}
	}
	str_clear(&text);
	fill(p, end);
}

static const struct {
	const char *name, *unit;
} cost_items[PRICE_ITEM_COUNT] = {
	[PRICE_REST] = {"REST API", "requests"},
	[PRICE_HTTP] = {"HTTP API", "requests"},
	[PRICE_MESSAGES] = {"WebSocket API", "messages"},
	[PRICE_MINUTES] = {"WebSocket API", "connection minutes"},
	[PRICE_CACHE] = {"cache", "hours"},
};

/* "$3.50 a million"; of caches the price depends on their sizes. */
static const char *unit_price(struct arena *a, const struct prices *prices, int i)
{
	double per = prices->item[i].per;
	if (!prices->item[i].tier_count)
		return "";
	return per == 1e6 ? arena_printf(a, "$%.2f a million", prices->item[i].tiers[0].dollars)
			  : arena_printf(a, "$%g for %g", prices->item[i].tiers[0].dollars, per);
}

static void draw_cost_item(struct page *p, const struct prices *prices, const struct cost *cost,
			   int i)
{
	page_line(p);
	page_add(p, STYLE_PLAIN, cost_items[i].name);
	page_pad(p, 16);
	page_addf(p, STYLE_PLAIN, "%.*f %s", i == PRICE_MINUTES || i == PRICE_CACHE, cost->units[i],
		  cost_items[i].unit);
	if (p->width >= 70) {
		page_pad(p, 42);
		page_add(p, STYLE_DIM, unit_price(&p->arena, prices, i));
	}
	page_end(p, STYLE_PLAIN, arena_printf(&p->arena, "$%.7f", cost->dollars[i]));
}

static void draw_cost(const struct inspector *s, struct page *p)
{
	struct cost cost;
	size_t end = p->count + COST_LINES;
	const struct prices *prices = &s->prices;
	if (!prices->file)
		return;
	cost_read(&cost, prices, rig_serve(s->rig));
	page_line(p);
	page_addf(p, STYLE_STRONG, "What it would have cost in %s", prices->region);
	for (int i = 0; i < PRICE_ITEM_COUNT; i++)
		if (cost.units[i] > 0)
			draw_cost_item(p, prices, &cost, i);
	page_line(p);
	if (cost.million > 0)
		page_addf(p, STYLE_PLAIN, "A million calls like these: $%.2f", cost.million);
	page_end(p, STYLE_STRONG, arena_printf(&p->arena, "$%.7f", cost.total));
	for (size_t i = 0; i < prices->cited_count && p->count < end; i++) {
		page_line(p);
		page_addf(p, STYLE_DIM, "%s, checked %s", prices->cited[i]->title,
			  date_text(&p->arena, prices->cited[i]->checked_day));
	}
	fill(p, end);
}

void inspector_draw(const struct inspector *s, struct canvas *c)
{
	struct page *p = &c->body;
	struct parts parts;
	divide(s, c->frame, &parts);
	draw_list(s, c, parts.list);
	if (parts.pipeline > 1)
		page_line(p);
	if (parts.pipeline)
		draw_pipeline(s, p, parts.pipeline);
	if (parts.gauges) {
		page_line(p);
		gauges_draw(p, serve_runtime(rig_serve(s->rig)), parts.gauges);
	}
	if (parts.cost) {
		page_line(p);
		draw_cost(s, p);
	}
}
