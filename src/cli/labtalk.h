/* labtalk.h -- a lab on the line: the dialogue that plainlab.c runs, labcommands.c obeys and
 * labsay.c words. One loop hears the keyboard, the gateway and an editor; what is typed is kept
 * until what was asked for before is done, so that a script meets the same order as a learner. */
#ifndef CLI_LABTALK_H
#define CLI_LABTALK_H

#include "cli/edit.h"
#include "cli/plain.h"
#include "study/lab.h"

#include <uv.h>

#define MAX_TALLY 12

/* How often a trace ended in the same way, in a burst. */
struct tally {
	char *what; /* "429 THROTTLED at throttling: ..."; heap */
	long count;
};

enum lab_question { ASK_NOTHING, ASK_GIVE_UP, ASK_SOLVE, ASK_START_OVER };

struct lab_talk {
	struct plain p;
	struct lab_session *lab;
	uv_loop_t loop;
	uv_poll_t keyboard;
	uv_timer_t quiet;
	uv_signal_t signals[3];
	struct edit_run editor;
	struct arena work; /* of the action that runs */
	struct str typed;  /* read, and not yet a line that was obeyed */
	bool polls;        /* what is typed comes in time; else it is a file, and at hand */
	bool over;         /* end of input */
	bool prompted;     /* the cursor stands behind a prompt */
	bool turning, closing;
	enum lab_question question;

	/* What is being done. */
	bool doing, done;
	bool bursting;     /* count traces instead of telling each */
	struct str answer; /* the last answer to it, in words */
	uint64_t number;   /* of the last trace */
	struct tally tally[MAX_TALLY];
	size_t tally_count;
	long uncounted;

	/* What others did at the same time. */
	long told, untold; /* traces of theirs since it was last quiet */

	bool goal_told[MAX_LAB_GOALS];
	enum lab_stage stage_told;
	struct str problem_told, unread_told;
	bool broken_told; /* that problem was one of the definition */
};

/* -- plainlab.c */
/* An action has been asked for: no line is read before it is done. */
void talk_begin(struct lab_talk *t, bool bursting);
void talk_done(void *ctx, bool ok, const char *why); /* as rig_done */
void talk_fail(struct lab_talk *t, struct diags *d); /* it was not begun: says why */
/* Before something is said while a prompt stands: goes to the next line. */
void talk_interrupt(struct lab_talk *t);
const struct lab_view *talk_view(const struct lab_talk *t);
const struct ring *talk_ring(const struct lab_talk *t); /* NULL: nothing is served any more */

/* -- labcommands.c */
void talk_obey(struct lab_talk *t);

/* -- labsay.c */
const char *say_stop(const char *text); /* "." or, where text ends a sentence itself, "" */
/* What there is to say of an action that nothing answers: it was deployed, waited. Appends. */
void say_done(struct str *out, const struct lab_action *x);
void say_opening(struct lab_talk *t);
void say_goals(struct lab_talk *t);
void say_requests(struct lab_talk *t);
void say_solution(struct lab_talk *t);
void say_explanation(struct lab_talk *t);
void say_heard(struct lab_talk *t, const struct rig_heard *h);
void say_trace(struct lab_talk *t, const struct gw_trace *trace);
void say_result(struct lab_talk *t); /* of what was done */
/* Goals that were met, a stage that was reached, a problem of the definition: what is new. */
void say_news(struct lab_talk *t);
void say_leave(struct lab_talk *t);

#endif
