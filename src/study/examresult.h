/* examresult.h -- after an exam: its result, why points were lost, the review of each item, and the
 * files a result can be written to. */
#ifndef STUDY_EXAMRESULT_H
#define STUDY_EXAMRESULT_H

#include "quiz/result.h"
#include "study/exam.h"

/* Why points were lost: wrong items that share a topic; each counts once, where its like are lost
 * most. */
struct sitting_loss {
	const char *topic; /* a tag or the title of a task */
	int items, of;     /* wrong ones, and all of the form that have the tag or task */
	const char *query; /* a search that finds the topic: "tag:cors", "task:2.1" */
};
struct sitting_domain {
	const char *id, *title;
	int weight, right, of;           /* this exam, scored items */
	struct chance_range first_tries; /* all first tries, this exam included */
	double tries;                    /* their weight */
};
/* Borrowed from the sitting. Percentages only when chance.enough. */
struct sitting_result {
	struct result_points points;
	struct chance chance;
	const char *chance_words; /* "about even" */
	struct sitting_domain domain[MAX_DOMAINS];
	size_t domain_count;
	const struct sitting_loss *losses; /* most items first */
	size_t loss_count;
	int reviews;  /* cards that come back because of this exam */
	int removed;  /* items whose card is in no deck any more: graded as they were asked, no
			 review */
	int reworded; /* items whose card was changed while the exam waited: graded as asked */
	struct moment ended;
	bool timed_out;
	int64_t open_ms, away_ms;
	int aways;
};
/* False: it has not ended, or the store failed. */
bool sitting_result(struct sitting *x, const struct sitting_result **out, struct diags *d);

/* One item of an ended sitting with all that there is to learn from it. Texts borrowed. */
struct sitting_review {
	struct sitting_item item; /* its ask is submitted: ask_is_right, ask_why, verdict */
	struct result_item result;
	const char *key, *domain, *task; /* "deck/id", titles; task "2.1 Title" */
	const char *notes;               /* why and lore, Markdown; NULL */
	bool removed, reworded;          /* see struct sitting_result */
};
struct sitting_review sitting_review(const struct sitting *x, size_t number);
/* As review_source: one line per source, NULL past the end. In the arena. */
const char *sitting_source(const struct sitting *x, size_t number, size_t i, struct arena *a);
/* The items to walk in a review: all, the wrong ones, or those sure and wrong. Numbers in the
 * arena. */
enum sitting_filter { SITTING_ALL, SITTING_WRONG, SITTING_SURE_WRONG };
size_t sitting_filter(const struct sitting *x, enum sitting_filter f, struct arena *a,
		      size_t **numbers);

/* The result and every item with its reasons, as Markdown or JSON. */
bool sitting_markdown(struct sitting *x, struct str *out, struct diags *d);
bool sitting_json(struct sitting *x, struct str *out, struct diags *d);
/* To a file that must not exist yet: Markdown or JSON by its suffix, .md or .json; else
 * exam-format. */
bool sitting_export(struct sitting *x, const char *path, struct diags *d);
/* "exam-3-result.md": a name to offer. In the arena. */
const char *sitting_export_name(const struct sitting *x, struct arena *a);

#endif
