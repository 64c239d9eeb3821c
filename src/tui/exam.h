/* exam.h -- the screens of quizzes and mock exams. */
#ifndef TUI_EXAM_H
#define TUI_EXAM_H

#include "study/examresult.h"
#include "tui/view.h"

struct quiz_options;
struct view *quiz_view(struct app *app, const struct quiz_options *options);

/* What a new exam would be, and all there were. */
struct view *exams_view(struct app *app, const struct exam_options *o);
/* Sit the exam of a plan, which is borrowed until the view is open. */
struct view *exam_view(struct app *app, struct sitting_plan *plan);
/* Go on with one that waits; id 0: the newest. */
struct view *resumed_view(struct app *app, int64_t id);
/* The result of one that has ended; id 0: the newest. */
struct view *result_view(struct app *app, int64_t id);
/* Its questions with their answers. sitting is borrowed for the view's life. */
struct view *items_view(struct app *app, struct sitting *sitting, enum sitting_filter filter);

#endif
