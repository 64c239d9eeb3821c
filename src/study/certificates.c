/* certificates.c -- see certificates.h. */
#include "study/certificates.h"
#include "base/file.h"
#include "gateway/cert.h"
#include "study/labfiles.h"

#include <unistd.h>

/* Two runs that make them at once would leave certificates of one authority and keys of another. */
static bool make_once(const char *dir, const char *cert, int64_t now_ms, struct arena *a,
		      bool *made, struct diags *d)
{
	struct file_stat there;
	if (!file_mkdirs(dir, d))
		return false;
	int lock = labfiles_lock(path_join(a, dir, ".lock"), true);
	*made = !file_stat(cert, &there);
	bool ok = !*made || cert_make(dir, NULL, 0, now_ms, d);
	if (lock >= 0)
		close(lock);
	return ok;
}

bool certificates_find(struct serve_options *o, const char *state, int64_t now_ms, struct arena *a,
		       const char **dir, bool *made, struct diags *d)
{
	struct file_stat there;
	*made = false;
	*dir = path_join(a, state, "tls");
	o->cert = path_join(a, *dir, CERT_SERVER);
	o->key = path_join(a, *dir, CERT_SERVER_KEY);
	return file_stat(path_join(a, *dir, CERT_CLIENT_KEY), &there) ||
	       make_once(*dir, path_join(a, *dir, CERT_CLIENT_KEY), now_ms, a, made, d);
}
