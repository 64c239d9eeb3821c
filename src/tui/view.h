/* view.h -- one screen of the program: what it shows and what its commands do. Views stand on a
 * stack; only the top one gets keys. They know the study and pages of text, never the terminal. */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include "study/review.h"
#include "tui/frame.h"
#include "tui/keys.h"

enum view_result {
	VIEW_STAY,
	VIEW_BACK,  /* close this view */
	VIEW_OTHER, /* not a command of this view */
};

struct desk;
struct view;
struct view_ops {
	const char *name;
	bool wide;    /* the body takes the whole frame: lists */
	bool runs;    /* tick is called also while other views are above: a clock that counts */
	bool overlay; /* drawn on the message line of the view below */
	enum context (*context)(const struct view *v);
	bool (*open)(struct view *v, struct diags *d);
	/* Called before draw with the sizes at hand: fetch what will be seen. NULL: nothing to do.
	 */
	void (*layout)(struct view *v, const struct frame *f);
	/* Texts of the header; either may be left "". Overlays have none. */
	void (*header)(const struct view *v, struct arena *a, const char **left,
		       const char **right);
	void (*draw)(const struct view *v, struct canvas *c); /* model to page; no keys, no store */
	/* arg: given with the command or asked for, NULL when none is. */
	enum view_result (*command)(struct view *v, enum command_id id, const char *arg);
	/* Is the command of use now? For the footer; NULL: all are. */
	bool (*can)(const struct view *v, enum command_id id);
	int (*letters)(
		const struct view *v); /* how many of a range of keys are of use now; NULL: all */
	/* What is asked before a command that is to be confirmed, and what stands in the line when
	 * an argument is asked for. NULL or giving NULL: as the table says, nothing. In the arena.
	 */
	const char *(*asks)(const struct view *v, enum command_id id, struct arena *a);
	const char *(*offers)(const struct view *v, enum command_id id, struct arena *a);
	/* A key of a line of text, where the context takes text. */
	void (*typed)(struct view *v, uint32_t key);
	int64_t (*wake_ms)(
		const struct view *v); /* time until tick is to be called, -1: never; NULL too */
	void (*tick)(struct view *v);
	void (*resume)(struct view *v); /* it is on top again; NULL: nothing to do */
	void (*edited)(struct view *v); /* the editor it asked for has ended; NULL too */
	void (*close)(struct view *v);  /* accepts a half-opened view; frees it */
};

/* The head of every view; its maker sets ops and app. */
struct view {
	const struct view_ops *ops;
	struct app *app; /* borrowed */
	struct view *below;
	struct scroll scroll;
};

/* What views share. */
struct app {
	struct study *study; /* borrowed */
	struct uv_loop_s
		*loop;      /* borrowed; handles on it must not outlive their view, or be held */
	int held;           /* see app_hold */
	struct desk *desks; /* see desk.h */
	bool ascii;
	struct view *top;
	struct diags *late; /* borrowed: what is to be said once the terminal is given back */
	const struct view *session; /* the view of a running review, NULL: none */
	int changes;                /* counts what was done to cards outside the session */
	bool locked;                /* this process may write to the log */
	int64_t preset_id;          /* of the settings in the store, 0: not asked yet */

	/* A view to put in the place of another one once that has returned; NULL: none. */
	struct view *heir;
	const struct view *heir_of;

	/* A command to run once the view that asked for it has gone; -1: none. */
	int next;
	char *next_arg; /* heap */
	bool next_confirmed;

	struct str message; /* shown until the next key */
	enum style message_style;

	bool quit;
	int code;              /* of the program, once it quits */
	bool redraw, suspend;  /* asked for */
	const char *edit_file; /* asked for: heap */
	int edit_line;

	struct frame frame;
	struct canvas canvas, over;
};

/* ---- for views ----------------------------------------------------------------------- */

/* Open a view and put it on top. v is taken, also when that fails. */
bool app_open(struct app *app, struct view *v, struct diags *d);
/* Close a view when it has returned, and those above it, and open heir in its place. heir is taken.
 */
void app_become(struct app *app, const struct view *v, struct view *heir);
/* The same as app_open; what fails is shown as a message. */
bool app_push(struct app *app, struct view *v);
void app_say(struct app *app, enum style style, const char *fmt, ...) PRINTF(3, 4);
/* Show the first error as the message. Clears d. */
void app_report(struct app *app, struct diags *d);
/* After opening a shelf, with what its files said: why it could not be opened is for d, files left
 * out for the message. Clears files, returns ok. */
bool app_shelf(struct app *app, bool ok, struct diags *files, struct diags *d);
/* Open the learner's editor on a file when the command is done; `edited` of the top view follows.
 */
void app_edit(struct app *app, const char *file, int line);
void app_quit(struct app *app, int code);
/* Something has changed that a view shows: for callbacks from the loop, after which nothing is
 * drawn by itself. The picture comes soon, some 20 times a second at most. Cheap. */
void app_wake(struct app *app);
/* Something stays on the loop when its view is closed, and ends a little later: a gateway. The
 * program does not end before it is released, or 2 seconds are over. */
void app_hold(struct app *app);
void app_release(struct app *app);

/* Do something to a card outside a review: logs it at once. False: said why. */
bool app_operate(struct app *app, int64_t part_id, enum srs_op op, int arg, const char *said);
/* Take back the last thing done, or do it again; says what. False: nothing changed. */
bool app_undo(struct app *app);
bool app_redo(struct app *app);
/* Load deck files that changed and say so; problems are shown in a note. */
void app_reload(struct app *app);
/* Show the errors of d, with places and an offer to edit, if there are any. Clears d. Problems are
 * those of decks. */
bool app_faults(struct app *app, const char *title, struct diags *d);
bool app_problems(struct app *app, struct diags *d);
/* Run a command on the view below when this one has gone. arg: copied. */
void app_next(struct app *app, enum command_id id, const char *arg, bool confirmed);

/* ---- for the loop -------------------------------------------------------------------- */

enum tui_code { CODE_DONE = 0, CODE_FAILED = 1, CODE_NOTHING_DUE = 3, CODE_INTERRUPTED = 130 };

void app_key(struct app *app, uint32_t key);
void app_run(struct app *app, enum command_id id, const char *arg, bool confirmed);
void app_draw(struct app *app, struct screen *s);
void app_tick(struct app *app);
int64_t app_wake_ms(const struct app *app);
void app_edited(struct app *app);
void app_settle(struct app *app); /* do what views have asked for outside of keys and ticks */
void app_init(struct app *app, struct study *study, struct uv_loop_s *loop, struct diags *late);
void app_close_views(struct app *app);
void app_clear(struct app *app); /* the views are closed */

/* ---- the views ----------------------------------------------------------------------- */

struct view *home_view(struct app *app);
struct view *decks_view(struct app *app);
struct view *stats_view(struct app *app);
/* query: what to look for at first; listed: start in the list and not in the line. */
struct view *search_view(struct app *app, const char *query, bool listed);
struct view *card_view(struct app *app, int64_t part_id);
/* Nothing due: its open fails without a diagnostic and sets app->code to CODE_NOTHING_DUE. */
struct view *session_view(struct app *app, const struct review_options *options);
struct view *help_view(struct app *app, const struct view *about);
int64_t session_part(const struct view *v); /* the review card in front of the learner, 0: none */
/* A text to read: a paragraph a line; one that begins with a space is an address and breaks
 * anywhere. file: what `e` opens there, NULL: nothing. All copied. */
struct view *note_view(struct app *app, const char *title, const char *text, const char *file,
		       int line);
/* Ask for a command by name, or for the argument of one. */
struct view *prompt_view(struct app *app);
struct view *argument_view(struct app *app, enum command_id id);
struct view *confirm_view(struct app *app, enum command_id id, const char *arg);

#endif
