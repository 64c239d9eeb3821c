/* fuzz_lab.c -- any bytes as a lab, proofs or a drill, and as a price list: refused with an error
 * that has a place, or loaded; and what is loaded keeps what its readers count on: indices that
 * exist, patterns that compile, files in the folder, tiers that rise. */
#include "base/regex.h"
#include "deck/lab.h"
#include "deck/prices.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void check_pattern(const char *pattern)
{
	struct regex *re = pattern ? regex_new(pattern, 0, (struct pos){0}, NULL) : NULL;
	check(!pattern || re);
	regex_free(re);
}

static void check_pairs(const struct lab_pair *pairs, size_t n, bool patterns)
{
	check(n <= MAX_LAB_MATCHES);
	for (size_t i = 0; i < n; i++) {
		check(pairs[i].name && *pairs[i].name);
		if (patterns)
			check_pattern(pairs[i].value);
	}
}

static void check_match(const struct lab_match *m)
{
	check(m->refused_by >= -1 && m->refused_by < 32);
	check(m->status_from <= m->status_to && !(m->reached & m->not_reached));
	check_pattern(m->path);
	check_pattern(m->sent_body);
	check_pattern(m->answered_body);
	check_pairs(m->outcomes, m->outcome_count, false);
	check_pairs(m->sent, m->sent_count, true);
	check_pairs(m->answered, m->answered_count, true);
	check_pairs(m->lacks, m->lacks_count, false);
	check_pairs(m->details, m->detail_count, true);
}

static void check_action(const struct lab_action *x)
{
	struct arena a = {0};
	switch (x->verb) {
	case LAB_SEND:
		check(x->method && *x->method && x->target && x->target[0] == '/');
		check(x->burst_rate * x->burst_seconds <= MAX_BURST_RATE * MAX_BURST_SECONDS);
		break;
	case LAB_CONNECT:
		check(x->target && x->target[0] == '/' && x->as);
		break;
	case LAB_SAY:
		check(x->body && x->as);
		break;
	case LAB_CLOSE:
		check(x->code >= 1000 && x->code < 5000 && x->as);
		break;
	case LAB_WAIT:
		check(x->wait_ms > 0 && x->wait_ms <= MAX_LAB_WAIT_MS);
		break;
	case LAB_DEPLOY:
	case LAB_PROMOTE:
		check(x->api && *x->api && x->stage && *x->stage);
		break;
	case LAB_EDIT:
		check(x->file[0] != '/' && strncmp(x->file, "../", 3) && !strstr(x->file, "/../"));
		check(x->with ? !x->find && !x->put : x->find && *x->find && x->put);
		break;
	case LAB_VERB_COUNT:
		check(false);
	}
	check(*lab_action_title(&a, x));
	arena_clear(&a);
}

static void check_indices(const struct lab *l, const int *indices, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check(indices[i] >= 0 && (size_t)indices[i] < l->request_count);
}

static void check_requests(const struct lab *l)
{
	for (size_t i = 0; i < l->request_count; i++) {
		const struct lab_request *q = &l->requests[i];
		check(lab_request_named(l, q->id) == (int)i && q->title);
		check_action(&q->action);
		check_indices(l, q->before, q->before_count);
		if (q->has_expect)
			check_match(&q->expect);
	}
}

static void check_lab(const struct lab *l)
{
	struct diags d = {0};
	check(l->id && l->title && l->folder && l->gateway_count > 0 && l->time_scale > 0);
	check_requests(l);
	for (size_t i = 0; i < l->goal_count; i++) {
		check_match(&l->goals[i].match);
		check(l->goals[i].after < (int)i && l->goals[i].times > 0);
	}
	for (size_t i = 0; i < l->solution_count; i++)
		if (l->solution[i].request < 0)
			check_action(&l->solution[i].action);
		else
			check_indices(l, &l->solution[i].request, 1);
	for (size_t i = 0; i < l->fault_count; i++) {
		const struct lab_fault *f = &l->faults[i];
		check(f->stage >= 0 && f->why);
		check_match(&f->expect);
		check_indices(l, f->requests, f->request_count);
		for (size_t k = 0; k < f->edit_count; k++)
			check_action(&f->edits[k]);
	}
	check_indices(l, l->traffic, l->traffic_count);
	lab_check(l, NULL, 0, &d);
	diags_clear(&d);
}

static void check_prices(const struct prices *p)
{
	for (int item = 0; item < PRICE_CACHE; item++) {
		double last = 0;
		for (double units = 1; units < 1e13; units *= 1000) {
			double cost = prices_cost(p, (enum price_item)item, units);
			check(isfinite(cost) && cost >= last);
			last = cost;
		}
		check(prices_units(p, (enum price_item)item, 1e9) >= 1);
	}
	check(p->cache_count > 0 && prices_cache_cost(p, p->caches[0].gigabytes, 1) > 0);
}

static void check_places(struct diags *d)
{
	for (size_t i = 0; i < d->count; i++)
		check(d->items[i].pos.line > 0 && d->items[i].pos.col > 0);
	diags_clear(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diags d = {0};
	struct lab l;
	struct prices p;
	if (size > MAX_LAB_BYTES)
		return 0;
	bool ok = lab_read(&l, "fuzz.yaml", (const char *)data, size, &d);
	check(ok == (d.errors == 0));
	if (ok)
		check_lab(&l);
	lab_clear(&l);
	check_places(&d);
	ok = prices_read(&p, "fuzz.yaml", (const char *)data, size, &d);
	check(ok == (d.errors == 0));
	if (ok)
		check_prices(&p);
	prices_clear(&p);
	check_places(&d);
	return 0;
}
