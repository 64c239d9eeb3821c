/* start.h -- where a front end starts: what the command line asked for and the screen opens. */
#ifndef STUDY_START_H
#define STUDY_START_H

#include <stdbool.h>

struct review_options;
struct quiz_options;
struct exam_options;
struct tree_options;
struct lab_options;
struct evidence_options;
struct serve_options;

/* At most one is set; none: the home screen. Leaving a screen that was started in ends the program.
 * All borrowed for the run. */
struct start {
	const struct review_options *review;
	const struct quiz_options *quiz;
	const struct exam_options *exam;
	const struct tree_options *tree;
	const char *tree_id; /* with tree: which one; NULL: the list of trees */
	const struct lab_options *lab;
	const char *lab_id; /* with lab: which one; NULL: the list of labs */
	const char *proof;  /* "cache/second": run it and show the trace that decides */
	const struct evidence_options *evidence;
	const struct serve_options *gateway; /* serve this, and show what comes; needs no store */
	const char *find;                    /* the search screen, with this text */
	bool no_colour;
};

#endif
