/* labplace.h -- where a lab runs: a copy of its files, a folder of state of its own, and with them
 * what a gateway is started with. The learner's copy stays until they start over; scratch copies go
 * when they are let go. */
#ifndef STUDY_LABPLACE_H
#define STUDY_LABPLACE_H

#include "gateway/serve.h"
#include "study/lab.h"
#include "study/labfiles.h"

struct lab_place {
	struct arena arena;
	const char *folder; /* the copy, absolute */
	const char *state;  /* of the gateway: its deployments */
	const char **files; /* the definitions in it; as many as the lab has */
	const char *tls;    /* folder of the certificates that serve it; NULL: none */
	struct held_folder scratch;
};
/* A copy for once, below the program's state; solved/ is in it too. */
bool place_scratch(struct lab_place *out, const struct paths *paths, const struct lab *lab,
		   struct diags *d);
/* The learner's own copy, made when there is none; never changed otherwise: work/NAME, and
 * work/NAME.own of a lab that is not bundled. */
bool place_work(struct lab_place *out, const struct paths *paths, const struct shelf_lab *lab,
		struct diags *d);
/* Files as they came, with the authority that was laid beside them, and no deployments. What was
 * edited is kept beside as NAME.before-DATE. */
bool place_renew(struct lab_place *p, const struct paths *paths, const struct lab *lab,
		 struct moment now, struct diags *d);
void place_clear(struct lab_place *p); /* accepts a zeroed one */

/* What rig_open() takes to serve it; texts are those of p and of s. Certificates are made when the
 * lab wants TLS and there are none, and their authority is laid into the copy as ca.pem, so that
 * definitions can name it as a truststore. Errors: lab-commands: functions of a lab that is not
 * bundled run commands, and that was not allowed; those of stack.h. Unless they are allowed, such
 * a lab reads no file outside of its copy. */
bool place_serve(struct serve_options *out, struct lab_place *p, struct study *s,
		 const struct shelf_lab *lab, bool allow_commands, struct diags *d);

#endif
