/* paths.c -- see paths.h. The rules of the XDG base directory specification, with one switch for
 * people who want everything in one folder (a USB stick, a test, a repository of their own):
 * GATEDRILL_HOME. Bundled decks are found beside the program when it runs from a source tree, so
 * that a fresh clone studies its own decks. */
#include "study/paths.h"
#include "base/file.h"

/* A base folder: the variable if it is an absolute path, as the specification demands, else $HOME
 * and the default. */
static const char *base_dir(struct arena *a, const char *var, const struct env *e,
			    const char *fallback)
{
	if (var && var[0] == '/')
		return path_join(a, var, "gatedrill");
	const char *home = e->home && e->home[0] ? e->home : "/";
	return path_join(a, path_join(a, home, fallback), "gatedrill");
}

static bool is_source_tree(struct arena *a, const char *dir)
{
	struct file_stat st;
	return file_stat(path_join(a, dir, "decks"), &st) && st.is_dir &&
	       file_stat(path_join(a, dir, "data/schema"), &st) && st.is_dir;
}

/* build/release/gatedrill lies two folders below the tree; look a little further for other build
 * folders. */
static const char *share_dir(struct arena *a, const struct env *e, const char *exe)
{
	if (e->gatedrill_share && e->gatedrill_share[0])
		return path_absolute(a, e->gatedrill_share);
	const char *dir = exe ? path_dir(a, exe) : NULL;
	for (int up = 0; dir && up < 4; up++) {
		if (is_source_tree(a, dir))
			return dir;
		dir = path_dir(a, dir);
	}
	if (exe) {
		const char *prefix = path_dir(a, path_dir(a, exe));
		const char *share = path_join(a, prefix, "share/gatedrill");
		if (is_source_tree(a, share))
			return share;
	}
	return GATEDRILL_SHARE_DIR;
}

void paths_find(struct paths *p, const struct env *e, const char *exe, const char *db)
{
	*p = (struct paths){0};
	struct arena *a = &p->arena;
	const char *data;
	if (e->gatedrill_home && e->gatedrill_home[0]) {
		data = path_absolute(a, e->gatedrill_home);
		p->config = path_join(a, data, "config.yaml");
		p->state = data;
	} else {
		data = base_dir(a, e->xdg_data_home, e, ".local/share");
		p->config =
			path_join(a, base_dir(a, e->xdg_config_home, e, ".config"), "config.yaml");
		p->state = base_dir(a, e->xdg_state_home, e, ".local/state");
	}
	p->db = db ? path_absolute(a, db) : path_join(a, data, "study.db");
	p->own_decks = path_join(a, data, "decks");
	p->work = path_join(a, data, "work");
	p->backups = path_join(a, path_dir(a, p->db), "backups");
	p->program = exe ? arena_strdup(a, exe) : NULL;
	p->share = share_dir(a, e, exe);
	p->bundled_decks = path_join(a, p->share, "decks");
}

void paths_clear(struct paths *p)
{
	arena_clear(&p->arena);
	*p = (struct paths){0};
}
