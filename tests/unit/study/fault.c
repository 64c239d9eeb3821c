/* fault.c -- see fault.h. */
#include "tests/unit/study/fault.h"
#include "store/inside.h"

void fault_after(struct store *s, int n)
{
	db_fail_after(s->db, n);
}
