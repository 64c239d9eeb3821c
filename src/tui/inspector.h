/* inspector.h -- the parts of the inspector: what it lists, and how that is drawn. */
#ifndef TUI_INSPECTOR_H
#define TUI_INSPECTOR_H

#include "study/cost.h"
#include "tui/line.h"
#include "tui/list.h"
#include "tui/trace.h"

struct inspector {
	struct view view;
	struct rig *rig;
	const struct lab *lab;               /* borrowed; NULL: none */
	bool owns;                           /* the rig: `gatedrill gateway run` */
	bool closing;                        /* the view is gone, the rig is not yet */
	char *where;                         /* "API/STAGE" that it is done to; NULL: none yet */
	enum lab_verb doing;                 /* LAB_DEPLOY or LAB_PROMOTE, while it runs */
	const struct serve_options *options; /* of the rig that is to be opened */

	/* What is listed: numbers of the ring of the gateway, or of a copy of it. */
	struct list list;
	uint64_t numbers[RING_TRACES];
	uint64_t at;            /* number of the marked one; 0: none yet */
	bool following;         /* the newest is the marked one */
	uint64_t from;          /* older ones were cleared away */
	struct ring *held;      /* paused: a copy; NULL: the gateway's is shown */
	uint64_t *held_numbers; /* of its traces, by their number in the copy less one */
	uint64_t held_last;
	struct line filter;
	bool typing;

	bool cost_shown;
	bool prices_read;
	struct prices prices; /* file NULL: they could not be read */
};

/* The trace with a number as it is listed, NULL: gone. */
const struct gw_trace *inspector_trace(const struct inspector *s, uint64_t number);
void inspector_list(struct inspector *s); /* find again what is listed */
void inspector_hold(struct inspector *s, bool hold);
size_t inspector_kept(const struct inspector *s, uint64_t *newer); /* traces there are without the
								      filter; newer: since held */

bool inspector_tall(const struct frame *f); /* there is room for everything */
void inspector_draw(const struct inspector *s, struct canvas *c);
int inspector_rows(const struct inspector *s, const struct frame *f); /* of the list */

#endif
