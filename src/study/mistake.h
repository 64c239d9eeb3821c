/* mistake.h -- from what went wrong to what is reviewed: the review cards behind the card names
 * that trees, labs and drills give. */
#ifndef STUDY_MISTAKE_H
#define STUDY_MISTAKE_H

#include "study/study.h"

enum mistake_parts {
	MISTAKE_LEARNED = 1, /* learned, and not due yet */
	MISTAKE_FRESH = 2,   /* never studied */
	MISTAKE_ANY = 3,
};
/* Append the parts of these cards ("deck/id") that are so, to be made due; each once, at most max
 * in all. Cards that are in no deck, set aside or suspended are left out. False: the store failed.
 */
bool mistake_parts(struct study *s, const char *const *cards, size_t count,
		   enum mistake_parts which, int64_t *due, size_t *n, size_t max, struct diags *d);

#endif
