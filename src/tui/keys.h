/* keys.h -- keys, and the one table of commands that dispatch, footer, help and manual read. */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include "base/mem.h"
#include "base/str.h"

#include <stdint.h>

/* A key is a Unicode character, a control code 1..31 (C-a is 1), or one of these. */
enum key_code {
	K_NONE = 0,
	K_C_C = 3,
	K_C_L = 12,
	K_C_Z = 26,
	K_SPACE = ' ',
	K_NAMED = 0x110000,
	K_ENTER = K_NAMED,
	K_ESC,
	K_TAB,
	K_BACKSPACE,
	K_DELETE,
	K_UP,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_HOME,
	K_END,
	K_PGUP,
	K_PGDN,
	K_DROPPED, /* something unknown */
	K_LIMIT
};
#define K_CTRL(c) ((uint32_t)(c)&31)
static inline bool key_is_text(uint32_t key)
{
	return key >= ' ' && key != 127 && key < K_NAMED;
}

/* What is on the screen, as far as keys are concerned. */
enum context {
	CTX_HOME,
	CTX_DECKS,
	CTX_TYPING,  /* search: the query */
	CTX_RESULTS, /* search: the list */
	CTX_CARD,
	CTX_STATS,
	CTX_RECALL, /* review: a question ... */
	CTX_TYPED,
	CTX_CHOICE,
	CTX_MATCH,
	CTX_ORDER,
	CTX_ANSWER, /* ... and its answer */
	CTX_WAIT,
	CTX_ENDED,
	CTX_QUIZ_CHOICE, /* quiz: a question ... */
	CTX_QUIZ_TYPED,
	CTX_QUIZ_MATCH,
	CTX_QUIZ_ORDER,
	CTX_QUIZ_SURE,   /* ... how sure the learner is of what was given ... */
	CTX_QUIZ_ANSWER, /* ... and its answer */
	CTX_QUIZ_ENDED,
	CTX_EXAMS,     /* the exams there are, and a new one */
	CTX_EXAM,      /* a question with up to five options */
	CTX_EXAM_WIDE, /* one with more: letters that are commands elsewhere choose here */
	CTX_EXAM_MATCH,
	CTX_EXAM_ORDER,
	CTX_GRID,
	CTX_RESULT,
	CTX_ITEM, /* one question of a finished exam */
	CTX_TREES,
	CTX_ADVISE,
	CTX_ADVICE,
	CTX_CASE, /* a scenario question, and its proof */
	CTX_PROOF,
	CTX_WALK, /* through a tree for a scenario, and where it went wrong */
	CTX_WALKED,
	CTX_DRILLED, /* end of a drill or of walks */
	CTX_MATRIX,
	CTX_LABS,
	CTX_TRUST, /* may files from elsewhere run commands? */
	CTX_LAB_STORY,
	CTX_LAB,
	CTX_LAB_ENDED,
	CTX_PICK,     /* one of a few: a ready request, a stage */
	CTX_SETTLED,  /* the proof of a card, run */
	CTX_EVIDENCE, /* evidence of a fault, and what it was */
	CTX_EVIDENCE_SHOWN,
	CTX_GATEWAY,      /* the traces of a gateway that runs here ... */
	CTX_INSPECTOR,    /* ... and of one that another screen runs */
	CTX_TRACE_FILTER, /* the filter of either */
	CTX_TRACE,
	CTX_COMPOSER,      /* a request: a line of the form ... */
	CTX_COMPOSER_TEXT, /* ... or its headers or body */
	CTX_CONSOLE,       /* WebSocket: a message to say ... */
	CTX_DIAL,          /* ... and a connection to open */
	CTX_DIAL_TEXT,
	CTX_NOTE,
	CTX_HELP,
	CTX_FILTER, /* help: the filter */
	CTX_PROMPT,
	CTX_CONFIRM,
	CTX_COUNT
};
extern const char *const context_names[CTX_COUNT]; /* "review: choice" */
/* Does text typed there go into a line? Then printable keys are never commands. */
bool context_takes_text(enum context c);

enum command_id {
	CMD_CHOOSE, /* before all other letters */
	CMD_OPTION,
	CMD_ASSIGN,
	CMD_BRANCH,
	CMD_ANSWER_YES,
	CMD_ANSWER_NO,
	CMD_SHOW,
	CMD_SUBMIT,
	CMD_SUBMIT_TYPED,
	CMD_ENTER,
	CMD_TOGGLE,
	CMD_STRIKE,
	CMD_CLEAR,
	CMD_PICK,
	CMD_MOVE_UP,
	CMD_MOVE_DOWN,
	CMD_REVEAL,
	CMD_GIVE_UP,
	CMD_AGAIN,
	CMD_HARD,
	CMD_GOOD,
	CMD_EASY,
	CMD_ACCEPT,
	CMD_GO_ON,
	CMD_EXAM_FLAG,
	CMD_PROVE, /* before the keys of items */
	CMD_ITEM_PREVIOUS,
	CMD_ITEM_NEXT,
	CMD_GRID,
	CMD_GUESS,
	CMD_FAIRLY_SURE,
	CMD_SURE,
	CMD_KNOWN,
	CMD_UNSURE,
	CMD_SKIP,
	CMD_CLOCK,
	CMD_CELL_LEFT,
	CMD_CELL_RIGHT,
	CMD_CELL_UP,
	CMD_CELL_DOWN,
	CMD_WHY,
	CMD_ALL_ITEMS,
	CMD_WRONG_ITEMS,
	CMD_SURE_WRONG,
	CMD_EXPORT,
	CMD_EXPORT_CARDS,
	CMD_IMPORT_CARDS,
	CMD_NEXT_CASE,
	CMD_WHY_NOT,
	CMD_STEP_BACK,
	CMD_READY,
	CMD_RESEND,
	CMD_REQUESTS,
	CMD_COMPOSE,
	CMD_CONSOLE,
	CMD_INSPECT,
	CMD_LAST_TRACE,
	CMD_DEPLOY,
	CMD_EDIT_FILE,
	CMD_LAB_HINT,
	CMD_SOLUTION,
	CMD_START_OVER,
	CMD_STORY,
	CMD_HALT,
	CMD_EXPLAIN,
	CMD_CUT_LINES,
	CMD_MORE_TIME,
	CMD_OTHER_EXAM,
	CMD_SEND, /* in the order the footer has them */
	CMD_CONNECT,
	CMD_SAY,
	CMD_FIELD_DOWN,
	CMD_FIELD_UP,
	CMD_NEW_LINE,
	CMD_ROW_UP,
	CMD_ROW_DOWN,
	CMD_FIELD_NEXT,
	CMD_FIELD_PREVIOUS,
	CMD_READY_ONES,
	CMD_BODY_EDITOR,
	CMD_ANSWER_TRACE,
	CMD_NEXT_CONNECTION,
	CMD_DIAL,
	CMD_HANG_UP,
	CMD_OLDER,
	CMD_NEWER,
	CMD_FOLD,
	CMD_ALL_STAGES,
	CMD_PAUSE,
	CMD_CHANGE_RESEND,
	CMD_SAVE_CURL,
	CMD_PROMOTE,
	CMD_EDIT_DEFINITION,
	CMD_COST,
	CMD_CLEAR_TRACES,
	CMD_STOP_GATEWAY,
	CMD_OPEN,
	CMD_EMPTY,
	CMD_FLAGGED,
	CMD_HAND_IN,
	CMD_ADVISE,
	CMD_DRILL,
	CMD_WALK,
	CMD_MATRIX,
	CMD_QUIZ,
	CMD_EXAM,
	CMD_TREES,
	CMD_LABS,
	CMD_FOCUS_UP,
	CMD_FOCUS_DOWN,
	CMD_UP,
	CMD_DOWN,
	CMD_LINE_UP,
	CMD_LINE_DOWN,
	CMD_PAGE_DOWN,
	CMD_PAGE_UP,
	CMD_TOP,
	CMD_BOTTOM,
	CMD_REVIEW,
	CMD_DECKS,
	CMD_STATS,
	CMD_EDIT_QUERY,
	CMD_TO_LIST,
	CMD_FILTER,
	CMD_UNDO,
	CMD_REDO,
	CMD_EDIT,
	CMD_SOURCE,
	CMD_HINT,
	CMD_BURY,
	CMD_SUSPEND,
	CMD_FLAG,
	CMD_LEECH,
	CMD_DUE,
	CMD_RESET,
	CMD_SEARCH,
	CMD_YES,
	CMD_NO,
	CMD_COMPLETE,
	CMD_HELP,
	CMD_PROMPT,
	CMD_REDRAW,
	CMD_STOP,
	CMD_LEAVE,
	CMD_BACK,
	CMD_QUIT,
	CMD_COUNT
};

struct key_command {
	const char *name;     /* as typed after ":" */
	const char *keys;     /* "Space Enter", "a-j"; "" = by name only */
	const char *label;    /* in the footer; NULL: not shown there */
	const char *shown;    /* in the footer instead of the first key: "1-4" */
	const char *help;     /* one sentence, no full stop */
	const char *argument; /* what is asked for when it is not given; NULL: nothing */
	const char *confirm;  /* what is asked before doing it; NULL: nothing */
	uint64_t where;       /* bits 1 << enum context */
	int rank;             /* footer: 1 stays longest when there is no room */
	bool at_right;        /* footer: at the right end */
};
extern const struct key_command key_commands[]; /* by enum command_id */

/* The command a key means in a context, or -1. */
int keys_command(enum context c, uint32_t key);
/* The first key that does the command in a context; K_NONE if only its name does. */
uint32_t keys_first(enum context c, enum command_id id);
/* All keys that do the command in a context, as words: "Space Enter". In the arena; "" if only its
 * name does. */
const char *keys_all(struct arena *a, enum context c, enum command_id id);
bool keys_works(enum context c, enum command_id id);
/* Does each key of a range ("a-j") mean something else, which the command takes as its argument? */
bool keys_ranged(enum command_id id);
/* The command of this name, or of a prefix that only one name has, among those that work in the
 * context and have a name of their own to type; -1. */
int keys_named(enum context c, const char *name);

/* "C-r", "Space", "a". out holds MAX_KEY_NAME bytes. */
#define MAX_KEY_NAME 16
void keys_text(uint32_t key, char *out);

#endif
