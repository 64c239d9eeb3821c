/* metrics.h -- counters as CloudWatch has them: by API and stage, and by method as well. */
#ifndef GATEWAY_METRICS_H
#define GATEWAY_METRICS_H

#include "gateway/exchange.h"

#define MAX_METRIC_ROWS 2000 /* further methods are counted with their stage alone */

struct metrics;
struct metrics *metrics_new(void);
void metrics_free(struct metrics *m); /* accepts NULL */
/* An answered request, a connection or a message. x->stage may be NULL: not counted. */
void metrics_count(struct metrics *m, const struct gw_exchange *x);
void metrics_reload(struct metrics *m); /* another definition is in use from now on */
void metrics_reset(struct metrics *m);
/* {"metrics": [{"ApiName", "Stage", "Resource", "Method", "Count", "4XXError", "Latency": {...},
 * ...}]}, names as each type of API has them; Resource and Method only in the rows of methods. */
void metrics_json(const struct metrics *m, struct str *out);

#endif
