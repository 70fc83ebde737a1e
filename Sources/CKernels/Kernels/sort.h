// Sorting the rows of a matrix, the best k of each row, and looking numbers up in sorted rows. All are stable: of equals, the first
// comes first.

typedef struct {
  uint64_t key;
  int64_t index;
} sort_item;

#define FILE "sort_loops.h"
#include "each_number.h"

static void sort_keys_bool(intptr_t n, const void *x, bool descending, sort_item *items) {
  sort_keys_u8(n, x, descending, items);
}

typedef void sort_keys_loop(intptr_t n, const void *x, bool descending, sort_item *items);
static sort_keys_loop *const sort_keys_loops[GB_BOOL + 1] = {NUMBERS(sort_keys), sort_keys_bool};
typedef int64_t place_loop(intptr_t n, const void *row, const void *value, intptr_t index, bool after);
static place_loop *const place_loops[GB_BOOL + 1] = {NUMBERS(place_of)};

static void insertion_sort(intptr_t n, sort_item *items) {
  for (intptr_t i = 1; i < n; i++) {
    const sort_item item = items[i];
    intptr_t j = i;
    for (; j > 0 && items[j - 1].key > item.key; j--) items[j] = items[j - 1];
    items[j] = item;
  }
}

static void merge_sort(intptr_t n, sort_item *items, sort_item *spare) {
  if (n <= 24) {
    insertion_sort(n, items);
    return;
  }
  const intptr_t half = n / 2;
  merge_sort(half, items, spare);
  merge_sort(n - half, items + half, spare);
  if (items[half - 1].key <= items[half].key) return;
  memcpy(spare, items, (size_t)half * sizeof *items);
  intptr_t i = 0, j = half, k = 0;
  while (i < half && j < n) items[k++] = spare[i].key <= items[j].key ? spare[i++] : items[j++];
  while (i < half) items[k++] = spare[i++];
}

/// By the least significant digits first, 11 bits at a time. A digit that is the same in all keys costs only its count.
static void radix_sort(intptr_t n, sort_item *items, sort_item *spare) {
  enum { BITS = 11, DIGITS = 1 << BITS, PASSES = (64 + BITS - 1) / BITS };
  static _Thread_local intptr_t counts[PASSES][DIGITS];
  memset(counts, 0, sizeof counts);
  for (intptr_t i = 0; i < n; i++) {
    for (int pass = 0; pass < PASSES; pass++) counts[pass][items[i].key >> (pass * BITS) & (DIGITS - 1)]++;
  }
  sort_item *from = items, *to = spare;
  for (int pass = 0; pass < PASSES; pass++) {
    intptr_t *const count = counts[pass];
    if (count[from[0].key >> (pass * BITS) & (DIGITS - 1)] == n) continue;
    intptr_t start = 0;
    for (int digit = 0; digit < DIGITS; digit++) {
      const intptr_t here = count[digit];
      count[digit] = start;
      start += here;
    }
    for (intptr_t i = 0; i < n; i++) to[count[from[i].key >> (pass * BITS) & (DIGITS - 1)]++] = from[i];
    sort_item *const swap = from;
    from = to;
    to = swap;
  }
  if (from != items) memcpy(items, from, (size_t)n * sizeof *items);
}

/// The k least, in order, by insertion: the k-th so far turns most elements away at once.
static void select_least(intptr_t n, intptr_t k, const sort_item *items, sort_item *best) {
  intptr_t found = 0;
  for (intptr_t i = 0; i < n; i++) {
    if (found == k && items[i].key >= best[k - 1].key) continue;
    intptr_t j = found < k ? found++ : k - 1;
    for (; j > 0 && best[j - 1].key > items[i].key; j--) best[j] = best[j - 1];
    best[j] = items[i];
  }
}

typedef struct {
  gb_dtype dtype;
  intptr_t n, k;
  bool descending;
  const char *x;
  int64_t *positions;
} sort_call;

static void sort_rows(void *context, intptr_t begin, intptr_t end) {
  const sort_call *const call = context;
  const intptr_t n = call->n, k = call->k;
  sort_item *const items = gb_allocate((size_t)(2 * n) * sizeof(sort_item)), *const spare = items + n;
  for (intptr_t row = begin; row < end; row++) {
    sort_keys_loops[call->dtype](n, call->x + (size_t)(row * n) * gb_size_of(call->dtype), call->descending, items);
    const sort_item *sorted = items;
    if (k <= 256 && k < n / 4) {
      select_least(n, k, items, spare);
      sorted = spare;
    } else if (n < 2048) {
      merge_sort(n, items, spare);
    } else {
      radix_sort(n, items, spare);
    }
    for (intptr_t i = 0; i < k; i++) call->positions[row * k + i] = sorted[i].index;
  }
  gb_free(items, (size_t)(2 * n) * sizeof(sort_item));
}

static void sort_positions(gb_dtype dtype, intptr_t rows, intptr_t n, intptr_t k, bool descending, const void *x,
                           int64_t *positions) {
  sort_call call = {dtype, n, k, descending, x, positions};
  if (n > 0 && k > 0) gb_split(rows, gb_rows_per_piece(16 * n), sort_rows, &call);
}

typedef struct {
  place_loop *loop;
  gb_dtype dtype;
  intptr_t n, k, row_step;
  bool after;
  const char *sorted, *values;
  int64_t *places;
} search_call;

static void search_rows(void *context, intptr_t begin, intptr_t end) {
  const search_call *const call = context;
  for (intptr_t i = begin; i < end; i++) {
    const char *const row = call->sorted + (size_t)(i / call->k * call->row_step) * gb_size_of(call->dtype);
    call->places[i] = call->loop(call->n, row, call->values, i, call->after);
  }
}

static void search_sorted(gb_dtype dtype, intptr_t rows, intptr_t n, intptr_t k, bool one_row, bool after, const void *sorted,
                          const void *values, int64_t *places) {
  search_call call = {place_loops[dtype], dtype, n, k, one_row ? 0 : n, after, sorted, values, places};
  if (call.loop == NULL) gb_unsupported("search_sorted", 0, dtype);
  if (k > 0) gb_split(rows * k, 2048, search_rows, &call);
}
