/* shape.h -- maps of definition files read by tables into C structs: which keys a map may have,
 * what each holds and where it goes. The manual follows the same rows. Stack files are ours: an
 * unknown key is an error. OpenAPI documents come from elsewhere: there it is a warning. */
#ifndef GATEWAY_SHAPE_H
#define GATEWAY_SHAPE_H

#include "base/str.h"
#include "gateway/api.h"

enum shape_type {
	SHAPE_TEXT,   /* const char *: text; a number or a boolean as it is written */
	SHAPE_BOOL,   /* bool */
	SHAPE_INT,    /* int, min .. max */
	SHAPE_LONG,   /* long, min .. max */
	SHAPE_REAL,   /* double, min .. max */
	SHAPE_WORD,   /* int: index of one of words, case ignored */
	SHAPE_TEXTS,  /* const char **, and size_t at count: a list of texts, or one */
	SHAPE_PARAMS, /* struct gw_param *, and size_t at count: a map of texts */
	SHAPE_NODE,   /* const struct node *: as it is written */
	SHAPE_READ,   /* what read makes of it */
	SHAPE_DOC,    /* documentation: nothing to serve */
	SHAPE_IDLE,   /* accepted, not simulated: a warning with the sentence of teach */
};

struct shape_reader;
struct shape_key {
	const char *name;
	enum shape_type type;
	bool required;
	size_t at, count;         /* offsets in the struct */
	double min, max;          /* numbers; SHAPE_TEXTS: max entries, 0 for any */
	const char *const *words; /* NULL-terminated */
	unsigned only;            /* bits of GW_BIT: types of API that have it; 0: all */
	const char *teach; /* a sentence: why the other types do not have it, or what is idle */
	void (*read)(struct shape_reader *r, const struct node *n, void *out);
	const char *help; /* for the manual; NULL: not listed */
};
#define GW_BIT(type) (1U << (type))
/* A member of a struct as a place for a value, with its number for lists. */
#define SHAPE_AT(S, m) .at = offsetof(struct S, m)
#define SHAPE_LIST(S, m, n) .at = offsetof(struct S, m), .count = offsetof(struct S, n)

struct shape {
	const char *name;    /* "stage": in messages, "every stage needs it" */
	const char *heading; /* "Keys of a stage": in the manual; NULL: not listed */
	const struct shape_key *keys;
	size_t count;
	bool lenient; /* unknown keys are warnings; x- extensions of others are notes */
};

#define MAX_SHAPE_IDLE 32
struct shape_reader {
	struct arena *arena;
	const char *file;
	struct diags *d;
	bool ok;           /* no error yet; set true by the caller */
	enum gw_type type; /* of the API that is read */
	int suggestions;   /* made so far; bounded, since each looks at many names */
	void *ctx;         /* of the caller, for its read functions */
	const struct shape_key *idle[MAX_SHAPE_IDLE]; /* private: SHAPE_IDLE keys met so far */
	size_t idle_count;
};
#define SHAPE_ERROR(r, n, ...) ((r)->ok = diag_error((r)->d, node_pos(n, (r)->file), __VA_ARGS__))
#define SHAPE_WARN(r, n, ...) diag_warn((r)->d, node_pos(n, (r)->file), __VA_ARGS__)

/* Read a map into out, which the caller has filled with the defaults. False: n is no map, or lacks
 * a key; further errors show in r->ok alone. Errors: gateway-type, gateway-unknown-key,
 * gateway-missing-key, gateway-value, gateway-too-many, and gateway-other-type for what only other
 * types of API have. Warnings: gateway-not-simulated, gateway-unknown-key. */
bool shape_read(struct shape_reader *r, const struct node *n, const struct shape *s, void *out);
/* Is n of that kind? Else an error that names it. */
bool shape_is(struct shape_reader *r, const struct node *n, enum node_kind kind, const char *name);
/* One text: a scalar, but no null and not empty. NULL: an error was added. */
const char *shape_text(struct shape_reader *r, const struct node *n, const char *name);
bool shape_number(struct shape_reader *r, const struct node *n, const char *name, double min,
		  double max, double *out);
/* "unknown WHAT "x", did you mean "y"?" at n, as error code (a literal). names may hold NULLs. */
void shape_unknown(struct shape_reader *r, const struct node *n, const char *code, const char *what,
		   const char *text, const char *const *names, size_t count);
/* Start of a text on one line, for messages; in the arena. */
const char *shape_brief(struct shape_reader *r, const char *text);
const char *gw_type_name(enum gw_type type); /* "REST" */
/* 10 (at most 12) lower-case letters and digits that follow from a text; in the arena. */
const char *gw_short_id(struct arena *a, const char *text, int n);

/* mdoc lists of all keys of the shapes that have a heading. */
void shape_mdoc(struct str *out, const struct shape *const *shapes, size_t n);

#endif
