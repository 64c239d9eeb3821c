/* readiness.h -- how near a learner is to an exam, by domain: a range and never a promise. */
#ifndef STUDY_READINESS_H
#define STUDY_READINESS_H

#include "quiz/result.h"
#include "study/study.h"

struct readiness {
	struct arena arena;   /* of the texts */
	struct chance chance; /* zeroed, and not enough, while there are too few first tries */
	double pass_share;    /* our guess at the pass line, 0..1 */
	const char *code;     /* "DVA-C03"; NULL: no exam is installed */
	size_t domain_count;
	struct readiness_domain {
		const char *title;
		int weight; /* per cent */
	} domain[MAX_DOMAINS];
};
/* Of the exam the learner prepares for: the setting `exam`, else the one in use today. False: the
 * store failed. */
bool readiness_read(struct readiness *out, struct study *s, struct diags *d);
void readiness_clear(struct readiness *r); /* accepts a zeroed one */

#endif
