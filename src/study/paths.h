/* paths.h -- where things are: XDG folders, or all of it in GATEDRILL_HOME. */
#ifndef STUDY_PATHS_H
#define STUDY_PATHS_H

#include "base/mem.h"

#include <stdbool.h>

/* The environment variables that matter, read once in main; NULL when unset. Borrowed. */
struct env {
	const char *home, *gatedrill_home, *gatedrill_share, *xdg_data_home, *xdg_config_home,
		*xdg_state_home;
	const char *editor, *visual, *term, *no_color, *colorterm, *lang, *columns;
};

struct paths {
	struct arena arena;
	const char *db;        /* study.db */
	const char *own_decks; /* the learner's decks */
	const char *work;      /* the learner's copies of labs, which they edit */
	const char *config;    /* config.yaml */
	const char *state;     /* logs */
	const char *backups;   /* the automatic ones */
	const char *program;   /* this one; NULL: the system does not say */
	const char *share; /* bundled files: the source tree when run from it, else the installed
			      folder */
	const char *bundled_decks; /* share/decks */
};
/* exe: path of the running program, to notice a source tree (a folder above it that holds decks/
 * and data/schema/). db: --db FILE or NULL. */
void paths_find(struct paths *p, const struct env *e, const char *exe, const char *db);
void paths_clear(struct paths *p);

#endif
