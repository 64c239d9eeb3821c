/* drawlab.h -- pictures of a lab, of the proof of a card and of evidence drills. From plain data,
 * so that they can be tested without a gateway. */
#ifndef TUI_DRAWLAB_H
#define TUI_DRAWLAB_H

#include "tui/lab.h"
#include "tui/question.h"

#define LAB_READY_KEYS 9     /* ready requests that have a digit */
#define LAB_RECENT 24        /* statuses kept */
#define LAB_HEARD 6          /* lines kept of what connections got */
#define MAX_HEARD_BYTES 2000 /* of one of them */

/* The last that was answered and heard. Zeroed: nothing yet. */
struct lab_notes {
	int recent[LAB_RECENT]; /* statuses, the newest last; 0: it had none */
	size_t recent_count;
	char *heard[LAB_HEARD]; /* by connections: "alice: ..."; heap, the newest last */
	size_t heard_count;
};
void lab_notes_status(struct lab_notes *n, int status);
void lab_notes_heard(struct lab_notes *n, const struct rig_heard *x); /* copied; not of answers */
void lab_notes_clear(struct lab_notes *n);

struct lab_picture {
	const struct lab_view *view;
	const struct gw_trace *last; /* the newest trace; NULL: nothing was sent yet */
	const struct lab_notes *notes;
	const struct gw_runtime *runtime; /* for gauges; NULL: none are drawn */
	bool *moving;                     /* set: a gauge moves by itself */
	bool hints_shown;                 /* those taken, the newest in sight */
	int met;                          /* goals, when it ended */
	int64_t took_ms;                  /* until it ended; 0: in an earlier sitting */
};

void lab_story_draw(struct canvas *c, const struct lab_picture *l);
void lab_work_draw(struct canvas *c, const struct lab_picture *l);
void lab_end_draw(struct canvas *c, const struct lab_picture *l);

/* The proof of a card. */
struct prove_picture {
	const struct lab *lab;
	const struct lab_request *request; /* the one it names */
	bool running;                      /* not answered yet */
	bool met;
	const char *why;              /* it could not be run; NULL */
	const struct gw_trace *trace; /* that decides; NULL: none */
};
void prove_draw(struct canvas *c, const struct prove_picture *x);

/* What the learner does in an evidence drill before the answer. */
struct evidence_pose {
	struct marks marks;
	bool cut; /* lines are cut to the width */
};
void drill_draw(struct canvas *c, const struct evidence_case *e, const struct evidence_pose *pose);

/* Did opening fail only because commands would run? Then what they are, a line each, on the heap,
 * and d is cleared; else NULL. */
char *trust_asked(struct diags *d);
/* What would run, and whether it may: what = "lab", "proof". */
void trust_draw(struct canvas *c, const char *what, const char *commands);

#endif
