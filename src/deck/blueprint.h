/* blueprint.h -- an exam's blueprint as loaded from data/exams: domains with their weights and
 * tasks, how many questions in how many minutes, when it can be sat. No code knows an exam but
 * through this. */
#ifndef DECK_BLUEPRINT_H
#define DECK_BLUEPRINT_H

#include "deck/deck.h"

#define MAX_BLUEPRINTS 100 /* in a folder */
#define MAX_BLUEPRINT_BYTES ((size_t)1 << 20)
#define MAX_DOMAINS 20
#define MAX_DOMAIN_TASKS 40  /* of one domain */
#define MAX_EXAM_ITEMS 500   /* scored, and unscored */
#define MAX_EXAM_MINUTES 600 /* and extra minutes */

enum blueprint_type {
	BLUEPRINT_SINGLE,   /* one right option */
	BLUEPRINT_MULTIPLE, /* two or more right options, all or nothing */
	BLUEPRINT_ORDERING,
	BLUEPRINT_MATCHING,
	BLUEPRINT_TYPE_COUNT
};
extern const char *const blueprint_type_names[BLUEPRINT_TYPE_COUNT]; /* "single", ... */

struct blueprint_task {
	const char *id, *title; /* "2.1" */
	struct pos pos;
};

struct blueprint_domain {
	const char *id, *title; /* "2" */
	int weight;             /* per cent of the scored items; those of an exam sum to 100 */
	int scored;             /* scored items of a full exam */
	struct blueprint_task *tasks;
	size_t task_count;
	struct pos pos;
};

struct blueprint {
	struct arena arena;
	const char *file;          /* as given to the reader; used in positions */
	const char *id, *code;     /* "dva-c03", "DVA-C03" */
	const char *title, *about; /* about NULL when absent */
	bool has_from, has_until;
	int32_t from_day, until_day;        /* first and last day on which it can be sat */
	const char *replaced_by, *replaces; /* ids of blueprints, NULL when absent */
	int minutes;
	int extra_minutes; /* for those who asked for more time; 0: none */
	int scored, unscored;
	unsigned types; /* bit per enum blueprint_type */
	/* Our own assumption about the pass line, a share of the scored items: a normal
	 * distribution with this mean and standard deviation. pass_note says so to people. */
	double pass_share, pass_spread;
	const char *pass_note;
	struct blueprint_domain *domains; /* in the file's order */
	size_t domain_count;
	struct source *sources;
	size_t source_count;
	const struct source **cited; /* what the whole rests on */
	size_t cited_count;
	struct node *root;
	struct pos pos;
};

/* Read a blueprint. On false out holds nothing and d has at least one error with a position. out
 * need not be initialised. All errors of a file are reported. Codes: those of yaml.h, those of
 * spec.h (data-...), and exam-task, exam-dates, exam-replaces, exam-types, exam-weights. */
bool blueprint_read(struct blueprint *out, const char *file, const char *bytes, size_t n,
		    struct diags *d);
bool blueprint_read_file(struct blueprint *out, const char *path, struct diags *d);
void blueprint_clear(struct blueprint *b); /* accepts a zeroed one */

/* All blueprints of a folder, by file name. */
struct blueprints {
	struct blueprint *items;
	size_t count;
};
/* False if one of the files is in error: the others are loaded all the same. A missing folder holds
 * none. */
bool blueprints_read(struct blueprints *out, const char *dir, struct diags *d);
void blueprints_clear(struct blueprints *list); /* accepts a zeroed one */
/* NULL: there is none of this id, or list is NULL. */
const struct blueprint *blueprint_find(const struct blueprints *list, const char *id);

/* The blueprint in use on a day: of those that can be sat the one that began last; if none, the
 * next one to begin; if none, the one that ended last. NULL when the list is empty. */
const struct blueprint *blueprint_in_use(const struct blueprints *list, int32_t day);

/* The domain of a task ("2.1"), NULL if the blueprint has no such task. */
const struct blueprint_domain *blueprint_domain_of(const struct blueprint *b, const char *task);
const struct blueprint_task *blueprint_task(const struct blueprint *b, const char *task);
/* Divide items among the domains by weight, with the largest remainder; of equal remainders the
 * earlier domain's first. counts has domain_count entries, which sum to items. */
void blueprint_shares(const struct blueprint *b, int items, int *counts);

/* JSON Schema of blueprint files: what data/schema/exam.schema.json holds. */
void blueprint_schema(struct str *out);
/* mdoc list of all keys, for the manual. */
void blueprint_keys_mdoc(struct str *out);

#endif
