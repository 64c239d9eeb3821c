/* quiz.h -- a practice quiz: questions that can be graded, one after the other, each answered at
 * once with the reason for every option. How sure the learner is is said before the answer is
 * shown. Each answer is a row of the review log, on disk before the next screen: what was wrong or
 * unsure comes back as a review (quiz/known.h says how). */
#ifndef STUDY_QUIZ_H
#define STUDY_QUIZ_H

#include "quiz/known.h"
#include "study/review.h"

struct quiz_options {
	const char *query;   /* NULL or "": everything that can be graded */
	int limit;           /* questions; < 0: QUIZ_LIMIT */
	int minutes;         /* no new question after so many; 0: no limit */
	bool weakest;        /* weakest first, else shuffled */
	enum card_kind kind; /* only this kind; CARD_KIND_COUNT: any that can be graded */
	bool has_seed;       /* of the choice, its order, and the order of options; without: the */
	uint64_t seed;       /* study's own */
};
#define QUIZ_LIMIT 20

/* What an answer did. */
struct quiz_outcome {
	enum verdict verdict;
	int grade;       /* as a review, 1..4 */
	bool comes_back; /* it was wrong or unsure */
	const char
		*next; /* "in 10 min": when it is due. In the quiz's memory, until the next call */
	bool became_leech;
};

struct quiz_progress {
	int number, total; /* 1-based number of the question in front; total of this quiz */
	int done, right, wrong;
	int sure_wrong, unsure_right;
	int64_t took_ms; /* thinking time in all */
	int64_t left_ms; /* of the minutes; -1: no limit */
	bool time_up;    /* the question in front is the last */
};

struct quiz;
/* Takes the session lock. Nothing to ask is no error: quiz_current then gives NULL at once. */
bool quiz_open(struct quiz **out, struct study *s, const struct quiz_options *o, struct diags *d);
/* Also makes the daily backup. Accepts NULL. */
void quiz_close(struct quiz *q, struct diags *d);
/* Why a quiz began with no question and what can be done, as a message. In the arena. */
const char *quiz_none(struct study *s, const struct quiz_options *o, struct arena *a);

/* The question in front; the same until quiz_next. Its ask is to be filled with ask_choose and its
 * kin; ask.shown once it is answered. *out NULL: the quiz is over. False: the store failed.
 * review_card: item, card, part, face, ask and recall are set; after[] and due_words[] are not. */
bool quiz_current(struct quiz *q, struct review_card **out, struct diags *d);
/* Said before quiz_answer; SURE_GUESS is "unsure". Toggles back to SURE_UNSAID when said twice. */
void quiz_sure(struct quiz *q, enum sureness sure);
enum sureness quiz_sureness(const struct quiz *q);
/* Grade the question in front as its ask is, and log it: on disk when it returns true. On false
 * nothing was logged and the question can be answered again. Once per question. */
bool quiz_answer(struct quiz *q, struct quiz_outcome *out, struct diags *d);
/* Give up on the question: logged as wrong, the answer is shown. */
bool quiz_reveal(struct quiz *q, struct quiz_outcome *out, struct diags *d);
/* The outcome of the question in front, once answered; NULL before. */
const struct quiz_outcome *quiz_outcome(const struct quiz *q);
/* To the next question; also without an answer: then it was skipped, nothing is logged. */
void quiz_next(struct quiz *q);
/* Undo the last answer of this quiz: its row is taken back and the question is asked again. *what
 * as review_undo, NULL: nothing to undo. */
bool quiz_undo(struct quiz *q, const char **what, struct diags *d);

struct quiz_progress quiz_progress(const struct quiz *q);

/* The end. Topics that went wrong, most questions first, and what to look at again. */
struct quiz_missed {
	const char *key, *title; /* "deck/id", one line of plain text */
	int64_t part_id;
	bool sure; /* sure and wrong */
};
struct quiz_topic {
	const char *domain; /* title of the domain in the blueprint in use, or the deck's title */
	int right, of;
};
struct quiz_summary {
	struct quiz_progress progress;
	int come_back; /* wrong or unsure: due again soon */
	const struct quiz_missed *missed;
	size_t missed_count;
	const struct quiz_topic *topics; /* in the blueprint's order */
	size_t topic_count;
};
/* Borrowed from the quiz. */
const struct quiz_summary *quiz_summary(struct quiz *q);

#endif
