/* certificates.h -- the certificates of `gatedrill gateway cert`, found for who serves TLS. */
#ifndef STUDY_CERTIFICATES_H
#define STUDY_CERTIFICATES_H

#include "gateway/serve.h"

/* Set o->cert and o->key to those below state/tls, which are made if they never were: *made tells.
 * dir: the folder. Texts are in the arena. Errors: those of cert.h. */
bool certificates_find(struct serve_options *o, const char *state, int64_t now_ms, struct arena *a,
		       const char **dir, bool *made, struct diags *d);

#endif
