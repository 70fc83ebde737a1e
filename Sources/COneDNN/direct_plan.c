#include "direct_plan.h"

#include <string.h>

static intptr_t greater(intptr_t a, intptr_t b) { return a > b ? a : b; }
static intptr_t lesser(intptr_t a, intptr_t b) { return a < b ? a : b; }

/// ⌈a / b⌉ for a ≥ 0, and 0 below.
static intptr_t ceiling(intptr_t a, intptr_t b) { return a <= 0 ? 0 : (a + b - 1) / b; }

static bool plan_axis(const gb_conv2d *s, int i, bool input_gradient, gb_axis *a) {
  intptr_t stride = s->stride[i], padding = s->padding[i], dilation = s->dilation[i];
  if (stride > GB_MAX_PHASES || s->kernel[i] > GB_MAX_KERNEL) return false;
  memset(a, 0, sizeof *a);
  a->taps = s->kernel[i];
  if (!input_gradient) {
    a->source_size = s->size[i], a->result_size = s->out_size[i];
    a->source_step = stride, a->result_step = 1;
    a->result_phases = 1, a->result_count[0] = s->out_size[i];
    for (intptr_t k = 0; k < a->taps; k++) {
      intptr_t first = k * dilation % stride - padding, phase = 0;
      while (phase < a->source_phases && a->source_first[phase] != first) phase++;
      if (phase == a->source_phases) a->source_first[a->source_phases++] = first;
      a->source_phase[k] = phase;
      a->shift[k] = k * dilation / stride;
    }
  } else {
    a->source_size = s->out_size[i], a->result_size = s->size[i];
    a->source_step = 1, a->result_step = stride, a->source_phases = 1;
    intptr_t phase_of[GB_MAX_PHASES], begin[GB_MAX_PHASES];
    for (intptr_t r = 0; r < stride; r++) {
      // Position + padding = stride·q + r, so the first q is the least with a position ≥ 0.
      intptr_t q = ceiling(padding - r, stride), first = stride * q + r - padding;
      phase_of[r] = -1;
      if (first >= s->size[i]) continue;
      phase_of[r] = a->result_phases;
      begin[r] = q;
      a->result_first[a->result_phases] = first;
      a->result_count[a->result_phases++] = (s->size[i] - 1 - first) / stride + 1;
    }
    intptr_t least = INTPTR_MAX;
    for (intptr_t k = 0; k < a->taps; k++) {
      intptr_t r = k * dilation % stride;
      a->result_phase[k] = phase_of[r];
      if (phase_of[r] < 0) continue;  // no position of the picture meets this tap
      a->shift[k] = begin[r] - k * dilation / stride;
      least = lesser(least, a->shift[k]);
    }
    if (least == INTPTR_MAX) return false;
    a->source_first[0] = least;
    for (intptr_t k = 0; k < a->taps; k++) a->shift[k] -= least;
  }
  for (intptr_t r = 0; r < a->result_phases; r++) a->most_results = greater(a->most_results, a->result_count[r]);
  for (intptr_t k = 0; k < a->taps; k++) {
    if (a->result_phase[k] >= 0) a->greatest_shift = greater(a->greatest_shift, a->shift[k]);
  }
  return true;
}

/// Elements lo..<hi of a phase are inside the source; the rest of its `length` are zeros.
static void inside(const gb_axis *a, intptr_t phase, intptr_t length, intptr_t *lo, intptr_t *hi) {
  intptr_t first = a->source_first[phase];
  *lo = lesser(ceiling(-first, a->source_step), length);
  *hi = greater(lesser(ceiling(a->source_size - first, a->source_step), length), *lo);
}

/// The zeros after a row can be the zeros before the next row.
static intptr_t choose_pitch(const gb_axis *a) {
  intptr_t width = a->most_results + a->greatest_shift, shared = width;
  for (intptr_t r = 0; r < a->source_phases; r++) {
    intptr_t lo, hi;
    inside(a, r, width, &lo, &hi);
    shared = lesser(shared, lesser(lo, width - hi));
  }
  return greater(a->most_results, width - shared);
}

bool gb_plan_direct(const gb_conv2d *s, bool input_gradient, intptr_t lanes, gb_direct_plan *p) {
  if (s->kernel[0] * s->kernel[1] > GB_MAX_TAPS) return false;
  if (!plan_axis(s, 0, input_gradient, &p->axis[0]) || !plan_axis(s, 1, input_gradient, &p->axis[1])) return false;
  const gb_axis *rows = &p->axis[0], *columns = &p->axis[1];
  p->groups = s->groups;
  p->source_channels = (input_gradient ? s->filters : s->channels) / s->groups;
  p->result_channels = (input_gradient ? s->channels : s->filters) / s->groups;
  p->planes = rows->source_phases * columns->source_phases;
  p->pitch = choose_pitch(columns);

  intptr_t row_bytes = p->source_channels * p->planes * p->pitch * (intptr_t)sizeof(float);
  intptr_t fit = greater(1, (384 << 10) / row_bytes - rows->greatest_shift);
  p->bands = ceiling(rows->most_results, fit);
  p->band_rows = ceiling(rows->most_results, p->bands);
  intptr_t length = (p->band_rows - 1) * p->pitch + columns->most_results;
  intptr_t reach = rows->greatest_shift * p->pitch + columns->greatest_shift;
  p->plane = reach + ceiling(length, lanes) * lanes;

  p->result_phases = rows->result_phases * columns->result_phases;
  intptr_t next = 0;
  for (intptr_t phase = 0; phase < p->result_phases; phase++) {
    p->first_tap[phase] = next;
    for (intptr_t ky = 0; ky < rows->taps; ky++) {
      if (rows->result_phase[ky] != phase / columns->result_phases) continue;
      for (intptr_t kx = 0; kx < columns->taps; kx++) {
        if (columns->result_phase[kx] != phase % columns->result_phases) continue;
        p->offset[next] = (rows->source_phase[ky] * columns->source_phases + columns->source_phase[kx]) * p->plane +
                          rows->shift[ky] * p->pitch + columns->shift[kx];
        p->kernel_index[next++] = ky * columns->taps + kx;
      }
    }
  }
  p->first_tap[p->result_phases] = next;
  return true;
}

void gb_fill_planes(const gb_direct_plan *p, const gb_direct_kernels *kernels, intptr_t channels, intptr_t first_row,
                    intptr_t rows, const float *source, const float *end, float *all_planes, intptr_t distance) {
  const gb_axis *y = &p->axis[0], *x = &p->axis[1];
  for (intptr_t c = 0; c < channels; c++, source += y->source_size * x->source_size) {
    float *planes = all_planes + c * distance;
    for (intptr_t ry = 0; ry < y->source_phases; ry++) {
      // Rows lo..<hi of the phase are in the picture; this band has first_row..<first_row + rows.
      intptr_t lo, hi;
      inside(y, ry, first_row + rows, &lo, &hi);
      lo = greater(lo, first_row), hi = greater(hi, lo);
      const float *from = source + (y->source_step * lo + y->source_first[ry]) * x->source_size;
      for (intptr_t rx = 0; rx < x->source_phases; rx++, planes += p->plane) {
        intptr_t left, right, above = (lo - first_row) * p->pitch, below = (hi - first_row) * p->pitch;
        inside(x, rx, x->most_results + x->greatest_shift, &left, &right);
        memset(planes, 0, (size_t)above * sizeof(float));
        if (hi > lo) {
          kernels->pad_rows(from + x->source_step * left + x->source_first[rx], end, y->source_step * x->source_size,
                            x->source_step, hi - lo, left, right - left, planes + above, p->pitch);
        }
        // To the end of the plane: whole vectors read that far.
        memset(planes + below, 0, (size_t)(p->plane - below) * sizeof(float));
      }
    }
  }
}
