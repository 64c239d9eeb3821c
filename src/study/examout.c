/* examout.c -- the result of an exam as a file: Markdown for people, JSON for programs. Both hold
 * every question with its reasons, so that the file alone is worth reading. */
#include "base/file.h"
#include "base/json.h"
#include "base/utf8.h"
#include "study/examinside.h"

#include <math.h>
#include <string.h>

/* ---- Markdown ------------------------------------------------------------------------ */

static int percent(double share)
{
	return (int)lround(share * 100);
}

/* Share of right answers, in per cent; 0 of 0 is 0. */
static int share(int right, int of)
{
	return of ? (int)lround(100.0 * right / of) : 0;
}

static void md_head(struct str *out, const struct sitting *x, const struct sitting_result *r)
{
	struct arena a = {0};
	str_addf(out, "# Mock exam %lld: %s\n\n", (long long)x->row.id, x->info.code);
	str_addf(out, "%s. Form `%s`, ended %s%s.\n\n", x->info.title, x->info.form,
		 moment_rfc3339(&a, r->ended), r->timed_out ? " when the time was up" : "");
	str_addf(out, "- %d of %d scored questions right (%d %%)\n", r->points.right, r->points.of,
		 share(r->points.right, r->points.of));
	if (r->points.unscored_of)
		str_addf(out, "- %d of %d unscored questions right\n", r->points.unscored_right,
			 r->points.unscored_of);
	str_addf(out, "- Time: %s of %s, %lld s a question\n", sitting_time_text(&a, r->open_ms),
		 sitting_time_text(&a, x->row.limit_ms), (long long)r->points.mean_ms / 1000);
	if (r->aways)
		str_addf(out, "- Away %d %s, %s in all; not counted\n", r->aways,
			 str_plural(r->aways, "time", "times"), span_words(&a, r->away_ms));
	str_addf(out, "- Sure and wrong: %d. Unsure and right: %d. Changed right to wrong: %d\n",
		 r->points.sure_wrong, r->points.unsure_right, r->points.to_wrong);
	arena_clear(&a);
}

static void md_chance(struct str *out, const struct sitting *x, const struct sitting_result *r)
{
	str_addf(out, "\n## Chance of passing\n\n%c%s", r->chance_words[0] - 'a' + 'A',
		 r->chance_words + 1);
	if (r->chance.enough)
		str_addf(out, ": %d to %d %%, from %d first tries", percent(r->chance.pass_lo),
			 percent(r->chance.pass_hi), r->chance.tries);
	else
		str_addf(out, ": %d first tries, %d are needed", r->chance.tries, CHANCE_MIN_TRIES);
	str_addf(out, ".\n\n%s\n\n", x->blueprint.pass_note ? x->blueprint.pass_note : "");
	str_add(out, "| Domain | Weight | This exam | First tries, 90 % range |\n"
		     "|---|---|---|---|\n");
	for (size_t i = 0; i < r->domain_count; i++) {
		const struct sitting_domain *m = &r->domain[i];
		str_addf(out, "| %s | %d %% | %d of %d | ", m->title, m->weight, m->right, m->of);
		if (r->chance.enough)
			str_addf(out, "%d (%d to %d) |\n", percent(m->first_tries.mid),
				 percent(m->first_tries.lo), percent(m->first_tries.hi));
		else
			str_add(out, "too few |\n");
	}
}

static void md_losses(struct str *out, const struct sitting_result *r)
{
	if (!r->loss_count)
		return;
	str_add(out, "\n## Why points were lost\n\n");
	for (size_t i = 0; i < r->loss_count; i++)
		str_addf(out, "- %s: %d of %d questions (`gatedrill quiz %s`)\n",
			 r->losses[i].topic, r->losses[i].items, r->losses[i].of,
			 r->losses[i].query);
}

static void md_options(struct str *out, const struct ask *q)
{
	for (size_t i = 0; i < q->count; i++) {
		const char *why = ask_why(q, i);
		str_addf(out, "- %c: %s\n  *%s%s.* %s\n", (char)('A' + i), ask_text(q, i),
			 ask_is_right(q, i) ? "Right" : "Wrong",
			 q->chosen[i] ? ", your choice" : "", why ? why : "");
	}
}

static void md_pairs(struct str *out, const struct ask *q)
{
	for (size_t i = 0; i < q->count; i++) {
		str_addf(out, "- %s → %s", ask_text(q, i), ask_right_text(q, i));
		if (!ask_is_right(q, i))
			str_addf(out, " (you: %s)",
				 q->matched[i] < 0 ? "nothing" : q->rights[q->matched[i]]);
		str_addc(out, '\n');
	}
}

static void md_places(struct str *out, const struct ask *q)
{
	for (size_t i = 0; i < q->count; i++) {
		str_addf(out, "%zu. %s", i + 1, ask_right_text(q, i));
		if (!ask_is_right(q, i))
			str_addf(out, " (you: %s)", ask_text(q, i));
		str_addc(out, '\n');
	}
}

static const char *verdict_word(const struct result_item *r)
{
	return r->right ? "right" : r->blank ? "not answered" : "wrong";
}

static void md_item(struct str *out, const struct sitting *x, size_t i)
{
	struct arena a = {0};
	struct sitting_review r = sitting_review(x, i);
	const struct ask *q = &r.item.item->ask;
	const char *source;
	str_addf(out, "\n### %zu. %c%s%s\n\n%s\n\n", i + 1, verdict_word(&r.result)[0] - 'a' + 'A',
		 verdict_word(&r.result) + 1, r.result.scored ? "" : " (unscored)", r.item.prompt);
	if (q->mode == ASK_MATCH)
		md_pairs(out, q);
	else if (q->mode == ASK_ORDER)
		md_places(out, q);
	else
		md_options(out, q);
	if (r.notes)
		str_addf(out, "\n%s\n", r.notes);
	str_addf(out, "\n%s, %s; card `%s`; %s\n", r.domain, r.task, r.key,
		 span_words(&a, r.result.spent_ms));
	for (size_t k = 0; (source = sitting_source(x, i, k, &a)) != NULL; k++)
		str_addf(out, "\nSource: %s\n", source);
	arena_clear(&a);
}

bool sitting_markdown(struct sitting *x, struct str *out, struct diags *d)
{
	const struct sitting_result *r;
	if (!sitting_result(x, &r, d))
		return false;
	md_head(out, x, r);
	md_chance(out, x, r);
	md_losses(out, r);
	str_add(out, "\n## Questions\n");
	for (size_t i = 0; i < x->exam.count; i++)
		md_item(out, x, i);
	return true;
}

/* ---- JSON ---------------------------------------------------------------------------- */

static void json_range(struct json_out *j, const char *key, const struct chance_range *r)
{
	json_object(j, key);
	json_real(j, "mid", r->mid);
	json_real(j, "low", r->lo);
	json_real(j, "high", r->hi);
	json_end(j);
}

static void json_chance(struct json_out *j, const struct sitting_result *r)
{
	json_object(j, "chance");
	json_text(j, "words", r->chance_words);
	json_int(j, "first_tries", r->chance.tries);
	json_bool(j, "enough", r->chance.enough);
	if (r->chance.enough) {
		json_real(j, "pass", r->chance.pass);
		json_real(j, "pass_low", r->chance.pass_lo);
		json_real(j, "pass_high", r->chance.pass_hi);
		json_range(j, "overall", &r->chance.overall);
	}
	json_end(j);
}

static void json_domains(struct json_out *j, const struct sitting_result *r)
{
	json_list(j, "domains");
	for (size_t i = 0; i < r->domain_count; i++) {
		const struct sitting_domain *m = &r->domain[i];
		json_object(j, NULL);
		json_text(j, "id", m->id);
		json_text(j, "title", m->title);
		json_int(j, "weight", m->weight);
		json_int(j, "right", m->right);
		json_int(j, "of", m->of);
		if (r->chance.enough)
			json_range(j, "first_tries", &m->first_tries);
		json_end(j);
	}
	json_end(j);
}

static void json_losses(struct json_out *j, const struct sitting_result *r)
{
	json_list(j, "lost");
	for (size_t i = 0; i < r->loss_count; i++) {
		json_object(j, NULL);
		json_text(j, "topic", r->losses[i].topic);
		json_int(j, "lost", r->losses[i].items);
		json_int(j, "of", r->losses[i].of);
		json_text(j, "query", r->losses[i].query);
		json_end(j);
	}
	json_end(j);
}

static void json_options(struct json_out *j, const struct ask *q)
{
	json_list(j, "options");
	for (size_t i = 0; i < q->count; i++) {
		json_object(j, NULL);
		json_text(j, "text", ask_text(q, i));
		if (q->mode == ASK_MATCH) {
			json_text(j, "right", ask_right_text(q, i));
			json_text(j, "given", q->matched[i] < 0 ? NULL : q->rights[q->matched[i]]);
		} else if (q->mode == ASK_ORDER) {
			json_text(j, "right", ask_right_text(q, i));
		} else {
			json_bool(j, "right", ask_is_right(q, i));
			json_bool(j, "chosen", q->chosen[i]);
			json_text(j, "why", ask_why(q, i));
		}
		json_end(j);
	}
	json_end(j);
}

static void json_item(struct json_out *j, const struct sitting *x, size_t i)
{
	struct sitting_review r = sitting_review(x, i);
	json_object(j, NULL);
	json_int(j, "number", (long long)i + 1);
	json_text(j, "card", r.key);
	json_text(j, "domain", x->blueprint.domains[r.result.domain].id);
	json_text(j, "task", x->kept[i].task);
	json_bool(j, "scored", r.result.scored);
	json_text(j, "verdict", verdict_word(&r.result));
	json_text(j, "sure", r.result.sure ? sureness_names[r.result.sure] : NULL);
	json_text(j, "changed",
		  r.result.change == CHANGE_TO_WRONG   ? "right to wrong"
		  : r.result.change == CHANGE_TO_RIGHT ? "wrong to right"
						       : NULL);
	json_bool(j, "flagged", r.item.item->flagged);
	json_int(j, "spent_ms", r.result.spent_ms);
	json_bool(j, "removed", r.removed);
	json_bool(j, "reworded", r.reworded);
	json_text(j, "question", r.item.prompt);
	json_options(j, &r.item.item->ask);
	json_end(j);
}

static void json_figures(struct json_out *j, const struct sitting *x,
			 const struct sitting_result *r)
{
	struct arena a = {0};
	json_int(j, "id", x->row.id);
	json_text(j, "form", x->info.form);
	json_text(j, "exam", x->row.blueprint);
	json_text(j, "code", x->info.code);
	json_text(j, "began", moment_rfc3339(&a, x->row.began));
	json_text(j, "ended", moment_rfc3339(&a, r->ended));
	json_bool(j, "time_up", r->timed_out);
	json_int(j, "right", r->points.right);
	json_int(j, "scored", r->points.of);
	json_int(j, "unscored_right", r->points.unscored_right);
	json_int(j, "unscored", r->points.unscored_of);
	json_int(j, "blank", r->points.blank);
	json_int(j, "sure_and_wrong", r->points.sure_wrong);
	json_int(j, "unsure_and_right", r->points.unsure_right);
	json_int(j, "right_to_wrong", r->points.to_wrong);
	json_int(j, "wrong_to_right", r->points.to_right);
	json_int(j, "limit_ms", x->row.limit_ms);
	json_int(j, "open_ms", r->open_ms);
	json_int(j, "away_ms", r->away_ms);
	json_int(j, "aways", r->aways);
	json_int(j, "reviews", r->reviews);
	json_int(j, "removed", r->removed);
	json_int(j, "reworded", r->reworded);
	arena_clear(&a);
}

bool sitting_json(struct sitting *x, struct str *out, struct diags *d)
{
	const struct sitting_result *r;
	struct json_out j = {.out = out, .indent = true};
	if (!sitting_result(x, &r, d))
		return false;
	json_object(&j, NULL);
	json_figures(&j, x, r);
	json_chance(&j, r);
	json_domains(&j, r);
	json_losses(&j, r);
	json_list(&j, "questions");
	for (size_t i = 0; i < x->exam.count; i++)
		json_item(&j, x, i);
	json_end(&j);
	json_end(&j);
	str_addc(out, '\n');
	return true;
}

/* ---- files --------------------------------------------------------------------------- */

bool sitting_export(struct sitting *x, const char *path, struct diags *d)
{
	struct str out = {0};
	bool ok;
	if (str_ends(path, ".md"))
		ok = sitting_markdown(x, &out, d);
	else if (str_ends(path, ".json"))
		ok = sitting_json(x, &out, d);
	else
		ok = diag_fail(d, "exam-format",
			       "%s: a result is written as .md (Markdown) or .json", path);
	ok = ok && file_create(path, str_c(&out), out.len, d);
	str_clear(&out);
	return ok;
}

const char *sitting_export_name(const struct sitting *x, struct arena *a)
{
	return arena_printf(a, "exam-%lld-result.md", (long long)x->row.id);
}
