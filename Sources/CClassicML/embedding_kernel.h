// The forces of t-SNE for one instruction set. Who includes it defines NAME(x). No include guard: it is read once for
// each.
//
// The tree is walked once for GROUP points that are neighbours in it, a lane each; a cell is opened if it looks large
// from any of them. So no point's error is larger than if it had walked alone. (Barnes, "A modified tree code: don't
// laugh; it runs", 1990.)

static inline __attribute__((always_inline)) void NAME(group)(const repulsion *task, intptr_t group, const int dimensions) {
  const gb_tree *t = task->tree;
  const int32_t first = (int32_t)(group * GROUP);
  const int32_t last = first + GROUP < t->points ? first + GROUP : (int32_t)t->points;
  LANES y[3], forces[3], sum = 0;
  PLACES places;
  for (int l = 0; l < GROUP; l++) {
    // Lanes behind the last point repeat it, and are not asked.
    const int32_t place = first + l < last ? first + l : last - 1;
    places[l] = place;
    for (int a = 0; a < dimensions; a++) y[a][l] = t->y[a * t->points + place];
  }
  for (int a = 0; a < dimensions; a++) forces[a] = 0;
  for (int32_t i = 0; i < t->cells;) {
    const gb_tree_cell *cell = &t->cell[i];
    LANES gaps[3], square = 0;
    for (int a = 0; a < dimensions; a++) {
      gaps[a] = y[a] - cell->centre[a];
      square += gaps[a] * gaps[a];
    }
    const int holds_own = cell->first < last && first < cell->last;
    if (!holds_own && !SOME(square * task->square_of_angle <= cell->square)) {
      const LANES weight = 1 / (1 + square), all = weight * (float)(cell->last - cell->first);
      sum += all;
      for (int a = 0; a < dimensions; a++) forces[a] += all * weight * gaps[a];
      i = cell->next;
    } else if (cell->is_leaf) {
      for (int32_t j = cell->first; j < cell->last; j++) {
        LANES square = 1;
        for (int a = 0; a < dimensions; a++) {
          gaps[a] = y[a] - t->y[a * t->points + j];
          square += gaps[a] * gaps[a];
        }
        // A point does nothing to itself.
        const LANES weight = places == j ? 0 : 1 / square;
        sum += weight;
        for (int a = 0; a < dimensions; a++) forces[a] += weight * weight * gaps[a];
      }
      i = cell->next;
    } else {
      i++;
    }
  }
  double total = 0;
  for (int l = 0; l < last - first; l++) {
    total += (double)sum[l];
    for (int a = 0; a < dimensions; a++) task->forces[t->order[first + l] * dimensions + a] = forces[a][l];
  }
  task->sums[group] = total;
}

static void NAME(repel)(void *context, intptr_t piece) {
  const repulsion *task = context;
  const intptr_t groups = (task->tree->points + GROUP - 1) / GROUP;
  const intptr_t first = piece * GROUPS, last = first + GROUPS < groups ? first + GROUPS : groups;
  for (intptr_t g = first; g < last; g++) {
    if (task->dimensions == 2) NAME(group)(task, g, 2);
    else if (task->dimensions == 3) NAME(group)(task, g, 3);
    else NAME(group)(task, g, 1);
  }
}

static inline __attribute__((always_inline)) void NAME(pull)(const attraction *task, intptr_t i, const int dimensions) {
#pragma clang fp reassociate(on)
  float force[3] = {0, 0, 0}, own[3];
  for (int a = 0; a < dimensions; a++) own[a] = task->y[i * dimensions + a];
  for (int64_t e = task->starts[i]; e < task->starts[i + 1]; e++) {
    const float *other = task->y + (intptr_t)task->neighbours[e] * dimensions;
    float gaps[3], square = 1;
    for (int a = 0; a < dimensions; a++) {
      gaps[a] = own[a] - other[a];
      square += gaps[a] * gaps[a];
    }
    const float weight = task->p[e] / square;
    for (int a = 0; a < dimensions; a++) force[a] += weight * gaps[a];
  }
  for (int a = 0; a < dimensions; a++) task->forces[i * dimensions + a] = force[a];
}

static void NAME(attract)(void *context, intptr_t piece) {
  const attraction *task = context;
  const intptr_t first = piece * POINTS, last = first + POINTS < task->points ? first + POINTS : task->points;
  for (intptr_t i = first; i < last; i++) {
    if (task->dimensions == 2) NAME(pull)(task, i, 2);
    else if (task->dimensions == 3) NAME(pull)(task, i, 3);
    else NAME(pull)(task, i, 1);
  }
}

#undef NAME
#undef SOME
