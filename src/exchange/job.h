/* job.h -- long work: how far it is, and whether to go on. */
#ifndef EXCHANGE_JOB_H
#define EXCHANGE_JOB_H

#include <stdbool.h>
#include <stddef.h>

struct job {
	/* Called every hundred items or so and between steps. what: "cards", "packing"; total 0:
	 * unknown. Returns false to stop: the work then ends with the error export-stopped or
	 * import-stopped and leaves nothing behind. */
	bool (*tick)(void *ctx, const char *what, size_t done, size_t total);
	void *ctx;
};
static inline bool job_goes_on(const struct job *j, const char *what, size_t done, size_t total)
{
	return !j || j->tick(j->ctx, what, done, total);
}

#endif
