/* fault.h -- a store whose disk breaks, for tests that cannot see inside of it. */
#ifndef TESTS_STUDY_FAULT_H
#define TESTS_STUDY_FAULT_H

struct store;
/* The n-th step of a statement from now fails (see db_fail_after); 0: none does. */
void fault_after(struct store *s, int n);

#endif
