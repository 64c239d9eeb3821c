/* labplace.c -- see labplace.h. A copy is made beside its place and moved there whole, so that a
 * kill leaves a copy or none. */
#include "study/labplace.h"
#include "base/file.h"
#include "gateway/cert.h"
#include "study/certificates.h"

#include <errno.h>
#include <stdio.h>

#define SOLVED "solved"     /* files of model solutions: not for the learner's copy */
#define DEPLOYED "deployed" /* no name that data has: both may be in one folder */
#define MAX_KEPT_COPIES 99  /* begun over within one second */

static bool list_files(struct lab_place *p, const struct lab *lab)
{
	p->files = arena_alloc(&p->arena, (lab->gateway_count + 1) * sizeof(*p->files));
	for (size_t i = 0; i < lab->gateway_count; i++)
		p->files[i] = path_join(&p->arena, p->folder, lab->gateway[i]);
	return true;
}

bool place_scratch(struct lab_place *out, const struct paths *paths, const struct lab *lab,
		   struct diags *d)
{
	struct arena *a = &out->arena;
	*out = (struct lab_place){.scratch.lock = -1};
	bool ok = held_folder_make(&out->scratch, path_join(a, paths->state, "scratch"), a, d);
	if (ok) {
		out->folder = path_join(a, out->scratch.path, "files");
		out->state = path_join(a, out->scratch.path, "state");
		ok = labfiles_copy(lab->folder, out->folder, NULL, false, d) &&
		     list_files(out, lab);
	}
	if (!ok)
		place_clear(out);
	return ok;
}

/* Make the copy aside, on the same disk, and move it to its place. */
static bool make_copy(struct lab_place *p, const struct paths *paths, const struct lab *lab,
		      struct diags *d)
{
	struct held_folder aside;
	struct arena *a = &p->arena;
	labfiles_remove(p->state); /* deployments of files that are not there any more */
	bool ok = held_folder_make(&aside, path_join(a, paths->work, ".new"), a, d);
	if (ok) {
		const char *copy = path_join(a, aside.path, "files");
		ok = labfiles_copy(lab->folder, copy, SOLVED, true, d);
		if (ok && rename(copy, p->folder) != 0)
			ok = diag_error(d, (struct pos){p->folder, 0, 0}, "lab-copy",
					"the copy cannot be put there: %s", strerror(errno));
	}
	held_folder_drop(&aside);
	return ok;
}

/* A copy of a learner's own lab must not become that of a bundled one which a later version brings
 * under the same id: its commands would run unasked. No id has a dot. */
bool place_work(struct lab_place *out, const struct paths *paths, const struct shelf_lab *lab,
		struct diags *d)
{
	struct arena *a = &out->arena;
	struct file_stat st;
	*out = (struct lab_place){.scratch.lock = -1};
	const char *name = arena_printf(a, "%s%s", lab->lab.id, lab->bundled ? "" : ".own");
	out->folder = path_join(a, paths->work, name);
	out->state = path_join(a, path_join(a, paths->state, DEPLOYED), name);
	bool ok = (file_stat(out->folder, &st) || make_copy(out, paths, &lab->lab, d)) &&
		  list_files(out, &lab->lab);
	if (!ok)
		place_clear(out);
	return ok;
}

/* "NAME.before-20261127-101500", with a number behind it where there is one. */
static bool keep_copy(struct lab_place *p, struct moment now, struct diags *d)
{
	struct arena *a = &p->arena;
	char stamp[32] = "";
	const char *text = moment_rfc3339(a, now); /* 2026-11-27T10:15:00+01:00 */
	for (size_t i = 0, n = 0; i < 19 && text[i] && n + 1 < sizeof(stamp); i++)
		if (text[i] != '-' && text[i] != ':')
			stamp[n++] = (char)(text[i] == 'T' ? '-' : text[i]);
	for (int i = 1; i <= MAX_KEPT_COPIES; i++) {
		struct file_stat st;
		const char *to = i == 1 ? arena_printf(a, "%s.before-%s", p->folder, stamp)
					: arena_printf(a, "%s.before-%s-%d", p->folder, stamp, i);
		if (!file_stat(to, &st) && rename(p->folder, to) == 0)
			return true;
	}
	return diag_error(d, (struct pos){p->folder, 0, 0}, "lab-copy",
			  "the copy with your changes cannot be moved aside: %s", strerror(errno));
}

static bool lay_authority(struct lab_place *p, const char *dir, struct diags *d)
{
	struct str ours = {0}, there = {0};
	struct arena *a = &p->arena;
	const char *to = path_join(a, p->folder, CERT_AUTHORITY);
	bool ok = file_read(path_join(a, dir, CERT_AUTHORITY), MAX_LAB_FILE, &ours, d);
	bool same = ok && file_read(to, MAX_LAB_FILE, &there, NULL) &&
		    str_eq(str_c(&ours), str_c(&there));
	if (ok && !same)
		ok = file_write(to, str_c(&ours), ours.len, d);
	str_clear(&ours);
	str_clear(&there);
	return ok;
}

bool place_renew(struct lab_place *p, const struct paths *paths, const struct lab *lab,
		 struct moment now, struct diags *d)
{
	const char *besides = lab->tls ? CERT_AUTHORITY : NULL;
	struct file_stat st;
	if (labfiles_same(lab->folder, p->folder, SOLVED, besides)) {
		labfiles_remove(p->state);
		return true;
	}
	return (!file_stat(p->folder, &st) || keep_copy(p, now, d)) &&
	       make_copy(p, paths, lab, d) && (!p->tls || lay_authority(p, p->tls, d));
}

void place_clear(struct lab_place *p)
{
	held_folder_drop(&p->scratch);
	arena_clear(&p->arena);
	*p = (struct lab_place){.scratch.lock = -1};
}

/* ---- serving it ---------------------------------------------------------------------- */

/* Commands of files that came with the program run; of others only when somebody said yes. Where
 * the copy lies says nothing about whose it is, so load_options.share is not set. What else is
 * wrong with the definitions is told by who serves them. */
static bool check_commands(const struct lab_place *p, const struct lab *lab,
			   const struct load_options *o, struct diags *d)
{
	struct gateway g = {0};
	struct str commands = {0};
	if (o->allow_commands)
		return true;
	gateway_load(&g, p->files, lab->gateway_count, o, NULL);
	rig_commands(&commands, &g);
	bool none = !commands.len;
	for (size_t i = 0; i + 1 < commands.len; i++)
		if (commands.p[i] == '\n')
			commands.p[i] = ';';
	if (!none) {
		diag_error(d, lab->pos, "lab-commands", "its functions would run commands: %.*s",
			   (int)commands.len - 1, str_c(&commands));
		diag_note(d, lab->pos, "lab-allow",
			  "--allow-commands lets them run, if you trust whose they are");
	}
	str_clear(&commands);
	gateway_clear(&g);
	return none;
}

bool place_serve(struct serve_options *out, struct lab_place *p, struct study *s,
		 const struct shelf_lab *lab, bool allow_commands, struct diags *d)
{
	bool allowed = lab->bundled || allow_commands, made;
	*out = (struct serve_options){
		.files = p->files,
		.file_count = lab->lab.gateway_count,
		.load = {.allow_commands = allowed, .inside = allowed ? NULL : p->folder},
		.state = p->state,
		.brief = p->scratch.path != NULL,
		.program = s->paths->program,
		.time_scale = lab->lab.time_scale,
		.watch = true,
		.clock = s->clock,
		.seed = s->seed,
	};
	if (!check_commands(p, &lab->lab, &out->load, d))
		return false;
	return !lab->lab.tls || (certificates_find(out, s->paths->state, study_now(s).ms, &p->arena,
						   &p->tls, &made, d) &&
				 lay_authority(p, p->tls, d));
}
