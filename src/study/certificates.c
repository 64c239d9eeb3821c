/* certificates.c -- see certificates.h. */
#include "study/certificates.h"
#include "base/file.h"
#include "gateway/cert.h"

bool certificates_find(struct serve_options *o, const char *state, int64_t now_ms, struct arena *a,
		       const char **dir, bool *made, struct diags *d)
{
	struct file_stat there;
	*dir = path_join(a, state, "tls");
	o->cert = path_join(a, *dir, CERT_SERVER);
	o->key = path_join(a, *dir, CERT_SERVER_KEY);
	*made = !file_stat(o->cert, &there);
	return !*made || cert_make(*dir, NULL, 0, now_ms, d);
}
