/* examinside.h -- what the files about sitting an exam share: the sitting itself. */
#ifndef STUDY_EXAMINSIDE_H
#define STUDY_EXAMINSIDE_H

#include "store/sitting.h"
#include "study/examresult.h"

struct sitting {
	struct study *study;
	struct arena arena;
	struct store_sitting row;
	struct store_sitting_item *kept; /* the items as they were when it began */
	struct blueprint blueprint;      /* as it was */
	struct form_id form;
	struct sitting_info info;
	struct deck *decks;        /* of one card each, read from kept */
	const struct card **cards; /* in decks */
	struct face *faces;
	struct exam exam;
	bool open; /* it runs here: the clock counts */
	int64_t preset_id;
	/* The clock at the last look. */
	struct clock_run looked;
	int64_t open_ms;  /* time it was open, until then */
	int64_t tried_ms; /* open_ms when it was last written, or could not be */
	/* After the end; filled when asked for. */
	struct result_item *graded;
	struct sitting_result *result;
	bool *removed, *reworded;
};

/* The kinds of card, a bit each, that a blueprint's types of question are made from. */
unsigned exam_kinds(const struct blueprint *b);
/* Index of the task's domain, -1: none. */
int exam_domain(const struct blueprint *b, const char *task);
/* All blueprints that come with the program. Broken files only add to d. */
void exam_blueprints(struct study *s, struct blueprints *out, struct diags *d);
/* The blueprint the learner prepares for: the setting, else the one in use today. NULL: none. */
const struct blueprint *exam_default(struct study *s, const struct blueprints *all);

/* Load a sitting with its items and replay its events. */
bool sitting_load(struct sitting **out, struct study *s, int64_t id, struct diags *d);
/* A run of a loaded sitting begins: its clock counts from now. Takes the lock. On false it is
 * closed and *x is NULL. */
bool sitting_begin(struct sitting **x, struct diags *d);
/* Grade it, log its answers, end it: all in one transaction. op: EXAM_SUBMIT or EXAM_TIME_UP. */
bool sitting_finish(struct sitting *x, enum exam_op op, struct diags *d);
void sitting_free_result(struct sitting *x);

#endif
