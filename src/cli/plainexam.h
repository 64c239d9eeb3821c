/* plainexam.h -- mock exams on lines: the sitting, and its result. */
#ifndef CLI_PLAINEXAM_H
#define CLI_PLAINEXAM_H

#include "cli/words.h"
#include "study/examresult.h"

/* Sit it until it ends or the learner leaves. */
void plain_sit(struct plain *p, struct sitting *x);
/* The result as sentences. False: it could not be read, and that was said. */
bool plain_exam_result(struct plain *p, struct sitting *x);
/* Ask which items to look at, and show them. */
void plain_exam_review(struct plain *p, struct sitting *x);
#endif
