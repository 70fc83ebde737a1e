// The primitive kernels of a back end, as one table of functions.
//
// `gb_cpu_kernels()` returns the table for this processor: AVX-512, AVX2 or portable C, chosen once at run
// time. A GPU back end would be a second table of the same type. Every kernel gives the same bits whatever
// the number of threads: work is split by the size of the problem, never by the number of threads.
//
// Conventions: sizes and strides count elements; "contiguous" is row-major; outputs are contiguous and
// never overlap an input unless a comment says so; `rank` is at most GB_MAX_RANK; bool is one byte, 0 or 1.

#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GB_MAX_RANK 8

/// Element types. The numbers are the raw values of Swift's `DType`.
typedef enum gb_dtype {
  GB_FLOAT32 = 0, GB_FLOAT64 = 1, GB_BFLOAT16 = 2, GB_INT32 = 3, GB_INT64 = 4, GB_UINT8 = 5, GB_BOOL = 6
} gb_dtype;

/// y = f(x), element by element. The transcendental ones exist for floating types only.
typedef enum gb_unary_op {
  GB_NEGATE, GB_ABS, GB_SIGN, GB_SQUARE, GB_RECIPROCAL, GB_EXP, GB_LOG, GB_SQRT, GB_RSQRT, GB_TANH,
  GB_SIGMOID, GB_RELU, GB_FLOOR, GB_CEIL, GB_ROUND /* half to even */, GB_SIN, GB_COS,
  GB_EXPM1 /* e^x − 1 */, GB_LOG1P /* log(1 + x) */, GB_ERF,
  GB_TAN, GB_ASIN, GB_ACOS, GB_ATAN, GB_SINH, GB_COSH, GB_ASINH, GB_ACOSH, GB_ATANH, GB_EXP2, GB_LOG2, GB_LOG10, GB_ERFC,
  GB_ERF_INVERSE, GB_LOG_GAMMA, GB_DIGAMMA, GB_TRUNCATE,
  GB_IS_NAN /* bool out */, GB_IS_FINITE /* bool out */, GB_NOT /* bool in and out */
} gb_unary_op;

/// y = f(a, b). Comparisons return bool for every input type; AND, OR, XOR take bool, and integers bit by bit.
/// The three gradients fuse an activation's backward pass: g is `a`, the forward output is `b`.
typedef enum gb_binary_op {
  GB_ADD, GB_SUBTRACT, GB_MULTIPLY, GB_DIVIDE /* integers: towards zero, x/0 = 0 */, GB_POWER, GB_MINIMUM, GB_MAXIMUM /* both pass NaN on */,
  GB_EQUAL, GB_NOT_EQUAL, GB_LESS, GB_LESS_EQUAL, GB_GREATER, GB_GREATER_EQUAL, GB_AND, GB_OR, GB_XOR,
  GB_ATAN2, GB_HYPOT, GB_REMAINDER /* a − b·⌊a/b⌋; integers: x mod 0 = 0 */, GB_TRUNCATED_REMAINDER /* C's fmod and % */,
  GB_FLOOR_DIVIDE,
  GB_TANH_GRADIENT /* g(1 − y²) */, GB_SIGMOID_GRADIENT /* g·y(1 − y) */, GB_RELU_GRADIENT /* 0 where y ≤ 0, else g */
} gb_binary_op;

/// Activations y = f(x) with up to two parameters p, q; their derivatives have fused kernels too.
typedef enum gb_activation {
  GB_GELU /* x·Φ(x) */, GB_GELU_TANH /* its approximation by tanh */, GB_SILU /* x·σ(x) */, GB_MISH /* x·tanh(softplus x) */,
  GB_SOFTPLUS /* log(1 + e^px)/p, x itself where px > q */, GB_ELU /* q·x for x > 0, else q·p·(e^x − 1) */,
  GB_LEAKY_RELU /* x for x > 0, else p·x */, GB_HARD_SWISH /* x·min(max(x + 3, 0), 6)/6 */,
  GB_HARD_SIGMOID /* min(max(x/6 + ½, 0), 1) */, GB_POLYGAMMA /* the p-th derivative of digamma; no gradient */
} gb_activation;

/// Reductions. ARGMAX and ARGMIN return int64 and prefer the first of equals; NaN counts as the extreme, as
/// in NumPy and PyTorch; MAX and MIN pass NaN on. ALL and ANY take bool. Empty: sum 0, product 1, all 1, any 0.
/// float32 and bfloat16 sums add blocks in float32 lanes and the blocks in double; int32, uint8 and bool sum and
/// multiply in int64 and store int64. DEVIATIONS is Σ (x − x̄)² of a floating dtype, in one pass; 0 for nothing.
typedef enum gb_reduce_op {
  GB_SUM, GB_PRODUCT, GB_MAX, GB_MIN, GB_ALL, GB_ANY, GB_DEVIATIONS, GB_ARGMAX, GB_ARGMIN
} gb_reduce_op;

/// Running reductions. MAX and MIN give the last of equals' positions; LOG_SUM_EXP takes floating types.
typedef enum gb_scan_op { GB_SCAN_SUM, GB_SCAN_PRODUCT, GB_SCAN_MAX, GB_SCAN_MIN, GB_SCAN_LOG_SUM_EXP } gb_scan_op;

/// A sparse linear map from `from` to `to` numbers: row i has the terms starts[i] ..< starts[i + 1].
typedef struct gb_axis_map {
  intptr_t from, to;
  const intptr_t *starts, *columns;
  const double *weights;
} gb_axis_map;

/// What writing at an index does with what is there. Bools can be assigned only.
typedef enum gb_scatter_op { GB_SCATTER_ASSIGN, GB_SCATTER_PRODUCT, GB_SCATTER_MAX, GB_SCATTER_MIN } gb_scatter_op;

/// One step's constants of Adam and its kin. g' = g + weight_decay·p; m = beta1·m + (1 − beta1)·g'; v = beta2·v + (1 − beta2)·g'²;
/// p = kept·p − (mean_rate·m + gradient_rate·g')/(√v/root + epsilon).
typedef struct gb_adam {
  double beta1, beta2, weight_decay, kept, mean_rate, gradient_rate, root, epsilon;
} gb_adam;

/// One step's constants of the optimisers whose steps differ in their formulas alone; `decay` is the share of an average that is kept.
typedef struct gb_step {
  double learning_rate, weight_decay, decay, second_decay, momentum, epsilon;
} gb_step;

/// The cells of recurrent layers; gates in PyTorch's order (LSTM: i, f, g, o; GRU: r, z, n).
typedef enum gb_cell { GB_RNN_TANH, GB_RNN_RELU, GB_GRU, GB_LSTM } gb_cell;

/// One direction of one recurrent layer over a batch of sequences; everything contiguous and of one dtype.
typedef struct gb_recurrence {
  gb_cell cell;
  intptr_t time, batch, hidden;
  bool reversed;               // from the last step to the first
  const int64_t *lengths;      // [batch], nullable: beyond its length a sequence's state stays as it is
  const void *weight;          // [gates·hidden, hidden], or null and
  const void *products;        // [batch, gates·hidden]: the initial state's product with it, for a single step
  const void *candidate_bias;  // [hidden], nullable: GRU's bias b_hn, which the reset gate multiplies too
  void *gates;       // [time, batch, gates·hidden]: before, what the inputs and biases add; afterwards, the gates (RNN: as before)
  void *candidates;  // [time, batch, hidden]: GRU's W_hn·h + b_hn, written
  void *states;      // [time + 1, batch, hidden]: step t goes from slot t to t + 1 (reversed: from t + 1 to t)
  void *cells;       // the same of LSTM's cells
} gb_recurrence;

/// What the backward pass adds: gradients by step, row and unit.
typedef struct gb_recurrence_gradient {
  const void *g;    // [time, batch, hidden]: of the states that the steps lead to
  void *dstate;     // [batch, hidden]: before, zeros; afterwards, of the initial state (without the product, if there is no weight)
  void *dcell;      // LSTM; before, of the final cells; afterwards, of the initial ones
  void *dgates;     // [time, batch, gates·hidden]: of what the inputs add
  void *dproducts;  // the same of the states' products with the weight; LSTM and RNN: the same array
} gb_recurrence_gradient;

/// A batch of inputs and targets for connectionist temporal classification.
typedef struct gb_ctc {
  intptr_t time, batch, classes;
  int64_t blank;
  const void *log_probabilities;        // [time, batch, classes]
  const int64_t *input_lengths;         // [batch], 0...time
  const int64_t *target_lengths;        // [batch]
  const int64_t *targets, *target_starts;  // target b: targets[target_starts[b] ..< + target_lengths[b]], without blanks
  intptr_t alpha_row;                   // ctc_row(the longest target)
  double *alphas;                       // [batch, time, alpha_row], written by `ctc`, read by its gradient
  double *losses;                       // [batch], likewise
} gb_ctc;

/// Attention over [batch, heads, length, width] with keys and values [batch, key heads, keys, width]: head h of the queries reads key
/// head h / (heads / key heads).
typedef struct gb_attention {
  intptr_t batch, heads, key_heads, length, keys, width, value_width;
  /// Steps between batches, heads and rows of each operand, in elements; the elements of a row are neighbours.
  intptr_t q[3], k[3], v[3], out[3], g[3], dq[3], dk[3], dv[3];
  double scale;
  bool causal;           // query i sees the keys 0...i
  bool mask_adds;        // the mask is added to the scores; else it is bool, and true where a key may be seen
  const void *mask;      // or null
  intptr_t mask_steps[4];  // between batches, heads, queries and keys; 0 where the mask is broadcast
  double dropout;        // the probability of dropping a weight, with the words of random_bernoulli for
  uint64_t seed, position;  // [batch, heads, length, keys rounded up to a multiple of 4]
} gb_attention;

typedef struct gb_kernels {
  const char *name;  // "avx512", "avx2" or "portable"

  // ---- filling and copying ------------------------------------------------------------------------------
  /// Fills n elements with a value converted to the dtype.
  void (*fill)(gb_dtype dtype, intptr_t n, double value, void *out);
  /// Fills with start + i·step, computed in double for floats, in int64 for integers.
  void (*range)(gb_dtype dtype, intptr_t n, double start, double step, void *out);
  /// Strided copy with conversion; strides may be 0 (source) or negative. float → integer truncates towards zero
  /// (NaN → 0, saturating); anything → bool is (x != 0).
  void (*copy)(intptr_t rank, const intptr_t *sizes, gb_dtype from, const intptr_t *from_strides, const void *source,
               gb_dtype to, const intptr_t *to_strides, void *target);

  // ---- element-wise --------------------------------------------------------------------------------------
  /// Contiguous. `out` may be `x`.
  void (*unary)(gb_unary_op op, gb_dtype dtype, intptr_t n, const void *x, void *out);
  /// Flat: a_stride and b_stride are 1 (contiguous) or 0 (one scalar for all). `out` may be `a` or `b`.
  void (*binary_flat)(gb_binary_op op, gb_dtype dtype, intptr_t n, intptr_t a_stride, const void *a,
                      intptr_t b_stride, const void *b, void *out);
  /// Broadcasting: any strides, 0 included. Coalesces dimensions by itself.
  void (*binary)(gb_binary_op op, gb_dtype dtype, intptr_t rank, const intptr_t *sizes, const intptr_t *a_strides,
                 const void *a, const intptr_t *b_strides, const void *b, void *out);
  /// out = condition ? a : b; condition is bool; any strides.
  void (*where)(gb_dtype dtype, intptr_t rank, const intptr_t *sizes, const intptr_t *condition_strides,
                const void *condition, const intptr_t *a_strides, const void *a, const intptr_t *b_strides,
                const void *b, void *out);
  /// out = min(max(x, low), high); NaN passes. Contiguous.
  void (*clamp)(gb_dtype dtype, intptr_t n, const void *x, double low, double high, void *out);
  /// y = f(x; p, q), and dx = g·f'(x; p, q); contiguous; floating types. `out` may be an input.
  void (*activation)(gb_activation op, gb_dtype dtype, intptr_t n, const void *x, double p, double q, void *out);
  void (*activation_gradient)(gb_activation op, gb_dtype dtype, intptr_t n, const void *g, const void *x, double p, double q,
                              void *out);

  // ---- reductions ----------------------------------------------------------------------------------------
  /// [outer, n, inner] → [outer, inner], contiguous. Output dtype: see gb_reduce_op.
  void (*reduce)(gb_reduce_op op, gb_dtype dtype, intptr_t outer, intptr_t n, intptr_t inner, const void *x, void *out);
  /// x − rowmax, exponentials, normalised, over the last axis of [rows, n]; floating types.
  void (*softmax)(gb_dtype dtype, intptr_t rows, intptr_t n, const void *x, void *out);
  void (*log_softmax)(gb_dtype dtype, intptr_t rows, intptr_t n, const void *x, void *out);
  /// dx = y·(g − Σ g·y) over each row.
  void (*softmax_gradient)(gb_dtype dtype, intptr_t rows, intptr_t n, const void *g, const void *y, void *out);
  /// dx = g − exp(y)·Σ g over each row.
  void (*log_softmax_gradient)(gb_dtype dtype, intptr_t rows, intptr_t n, const void *g, const void *y, void *out);
  /// Per row: loss = log Σ exp x − x[label], saved with the log-sum-exp. Labels are in 0..<n (checked by the caller).
  void (*cross_entropy)(gb_dtype dtype, intptr_t rows, intptr_t n, const void *x, const int64_t *labels, void *losses,
                        void *log_sum_exp);
  /// dx = (softmax(x) − onehot(label))·g[row].
  void (*cross_entropy_gradient)(gb_dtype dtype, intptr_t rows, intptr_t n, const void *x, const int64_t *labels,
                                 const void *log_sum_exp, const void *g, void *out);

  // ---- order ----------------------------------------------------------------------------------------------
  /// out[o, j, i] = x[o, 0, i] ∘ … ∘ x[o, j, i]; x and out [outer, n, inner]. `positions` for MAX and MIN, else null.
  void (*scan)(gb_scan_op op, gb_dtype dtype, intptr_t outer, intptr_t n, intptr_t inner, const void *x, void *out,
               int64_t *positions);
  /// The positions of the k least (or greatest) of each row of [rows, n], in order; of equals the first comes first. NaN is the
  /// greatest. positions [rows, k].
  void (*sort_positions)(gb_dtype dtype, intptr_t rows, intptr_t n, intptr_t k, bool descending, const void *x,
                         int64_t *positions);
  /// Where each of [rows, k] values would be put into its sorted row of [rows, n] (or into the one row): before its equals, or
  /// after them. Not for bool.
  void (*search_sorted)(gb_dtype dtype, intptr_t rows, intptr_t n, intptr_t k, bool one_row, bool after, const void *sorted,
                        const void *values, int64_t *places);

  // ---- indexing ------------------------------------------------------------------------------------------
  /// out[o, j, i] = x[o, index[j], i] for x [outer, n, inner] and k indices (negative counted from the end are
  /// resolved by the caller). Returns −1, or the position of the first index out of range, having written nothing.
  intptr_t (*index_select)(gb_dtype dtype, intptr_t outer, intptr_t n, intptr_t inner, intptr_t k, const void *x,
                           const int64_t *index, void *out);
  /// out[o, index[j], i] += x[o, j, i] for x [outer, k, inner], out [outer, n, inner]; added in order of j.
  intptr_t (*index_add)(gb_dtype dtype, intptr_t outer, intptr_t n, intptr_t inner, intptr_t k, const void *x,
                        const int64_t *index, void *out);
  /// out[o, j, i] = x[o, index[o, j, i], i]; x [outer, n, inner], index and out [outer, k, inner].
  intptr_t (*gather)(gb_dtype dtype, intptr_t outer, intptr_t n, intptr_t inner, intptr_t k, const void *x,
                     const int64_t *index, void *out);
  /// out[o, index[o, j, i], i] += x[o, j, i]; the reverse of gather.
  intptr_t (*scatter_add)(gb_dtype dtype, intptr_t outer, intptr_t n, intptr_t inner, intptr_t k, const void *x,
                          const int64_t *index, void *out);
  /// out[o, index[o, j, i], i] = out[…] ∘ x[o, j, i] in order of j; shapes as for scatter_add.
  intptr_t (*scatter)(gb_scatter_op op, gb_dtype dtype, intptr_t outer, intptr_t n, intptr_t inner, intptr_t k, const void *x,
                      const int64_t *index, void *out);
  /// Writes the positions of true among n bools to `out` (nullable: count only); returns how many.
  intptr_t (*nonzero)(intptr_t n, const void *mask, int64_t *out);

  // ---- pooling, patches and normalisation ----------------------------------------------------------------
  /// Max pooling of [planes, height, width]: also writes each window's winner as an index into height·width.
  /// Padding never wins; NaN does.
  void (*max_pool)(gb_dtype dtype, intptr_t planes, const intptr_t size[2], const intptr_t kernel[2],
                   const intptr_t stride[2], const intptr_t padding[2], const intptr_t dilation[2],
                   const intptr_t out_size[2], const void *x, void *out, int64_t *winners);
  /// Average pooling; divides by `divisor` unless it is 0, with `count_padding` by the window's part inside of the padding,
  /// else by its part inside of the plane.
  void (*average_pool)(gb_dtype dtype, intptr_t planes, const intptr_t size[2], const intptr_t kernel[2],
                       const intptr_t stride[2], const intptr_t padding[2], bool count_padding, intptr_t divisor,
                       const intptr_t out_size[2], const void *x, void *out);
  /// The transpose of average_pool: g [planes, out_size] → dx [planes, size].
  void (*average_pool_gradient)(gb_dtype dtype, intptr_t planes, const intptr_t size[2], const intptr_t kernel[2],
                                const intptr_t stride[2], const intptr_t padding[2], bool count_padding, intptr_t divisor,
                                const intptr_t out_size[2], const void *g, void *dx);
  /// Patches of one [channels, height, width] picture as columns [channels·kh·kw, oh·ow]; zeros outside.
  void (*unfold)(gb_dtype dtype, intptr_t channels, const intptr_t size[2], const intptr_t kernel[2],
                 const intptr_t stride[2], const intptr_t padding[2], const intptr_t dilation[2],
                 const intptr_t out_size[2], const void *x, void *columns);
  /// The transpose of unfold: adds the columns back into dx, which it zeroes first.
  void (*fold)(gb_dtype dtype, intptr_t channels, const intptr_t size[2], const intptr_t kernel[2],
               const intptr_t stride[2], const intptr_t padding[2], const intptr_t dilation[2],
               const intptr_t out_size[2], const void *columns, void *dx);
  /// out[o, i, k] = Σ weights[t]·x[o, columns[t], k] over the terms t of row i; x is [outer, from, inner], out [outer, to, inner].
  void (*axis_map)(gb_dtype dtype, const gb_axis_map *map, intptr_t outer, intptr_t inner, const void *x, void *out);
  /// Mean and biased variance per channel of [batch, channels, space] (float32 / float64).
  void (*moments)(gb_dtype dtype, intptr_t batch, intptr_t channels, intptr_t space, const void *x, void *mean, void *variance);
  /// y = (x − mean)·scale + shift per channel, where scale = weight/√(variance + ε) has been computed by the caller.
  void (*channel_affine)(gb_dtype dtype, intptr_t batch, intptr_t channels, intptr_t space, const void *x, const void *mean,
                         const void *scale, const void *shift, void *out);
  /// Batch norm's backward pass in training mode. r = 1/√(variance + ε), x̂ = (x − mean)·r:
  /// dshift = Σg; dweight = Σg·x̂; dx = weight·r·(g − dshift/m − x̂·dweight/m), m = batch·space.
  void (*batch_norm_gradient)(gb_dtype dtype, intptr_t batch, intptr_t channels, intptr_t space, const void *g, const void *x,
                              const void *mean, const void *r, const void *weight, void *dx, void *dweight, void *dshift);

  // ---- recurrent layers: float32, float64 ------------------------------------------------------------------
  /// All steps: writes gates, candidates, states and cells.
  void (*recurrence)(gb_dtype dtype, const gb_recurrence *layer);
  /// All steps backwards, after `recurrence` with the same record.
  void (*recurrence_gradient)(gb_dtype dtype, const gb_recurrence *layer, const gb_recurrence_gradient *gradient);

  /// −ln of the probability of each target, summed over all alignments; float32 and float64.
  void (*ctc)(gb_dtype dtype, const gb_ctc *sequences);
  /// Subtracts from `out` [time, batch, classes], which is 0 at first, g[batch] times the expected counts of the classes.
  void (*ctc_gradient)(gb_dtype dtype, const gb_ctc *sequences, const void *g, void *out);
  /// How many numbers a row of alphas takes for targets of up to so many labels.
  intptr_t (*ctc_row)(intptr_t longest_target);
  // ---- rows, tables and attention (float32 / float64, but the table) ---------------------------------------
  /// Each row of [rows, n]: out = (x − mean)·r·weight + bias with r = 1/√(variance + ε), and mean and r [rows] for the gradient. Weight
  /// and bias [n] may be null; without `mean` it is taken as 0 (root mean square normalisation).
  void (*row_norm)(gb_dtype dtype, intptr_t rows, intptr_t n, double epsilon, const void *x, const void *weight, const void *bias,
                   void *out, void *mean, void *r);
  /// Its backward pass; dweight and dbias may be null.
  void (*row_norm_gradient)(gb_dtype dtype, intptr_t rows, intptr_t n, const void *g, const void *x, const void *mean,
                            const void *r, const void *weight, void *dx, void *dweight, void *dbias);
  /// The same over each group of neighbouring channels of [batch, channels, space]; mean and r [batch, groups], weight and bias
  /// [channels] or null.
  void (*group_norm)(gb_dtype dtype, intptr_t batch, intptr_t channels, intptr_t groups, intptr_t space, double epsilon,
                     const void *x, const void *weight, const void *bias, void *out, void *mean, void *r);
  void (*group_norm_gradient)(gb_dtype dtype, intptr_t batch, intptr_t channels, intptr_t groups, intptr_t space, const void *g,
                              const void *x, const void *mean, const void *r, const void *weight, void *dx, void *dweight,
                              void *dbias);
  /// out [n, width] = 0, then out[index[j]] += g[j] for j in 0..<k in that order, except where the index is `padding`. Any dtype;
  /// indices are in 0..<n (checked by the caller).
  void (*embedding_gradient)(gb_dtype dtype, intptr_t n, intptr_t width, intptr_t k, const void *g, const int64_t *index,
                             int64_t padding, void *out);
  /// out [bags, width]: row b = Σⱼ scale[j]·table[index[j]] over ends[b − 1] ≤ j < ends[b] (from 0 for the first); scale may be null for
  /// ones. With `winners` [bags, width], the largest elements instead, and the rows that hold them first, −1 for an empty bag.
  /// Floating dtypes; indices are in the table (checked by the caller).
  void (*embedding_bag)(gb_dtype dtype, intptr_t width, intptr_t bags, const int64_t *ends, const int64_t *index,
                        const double *scale, const void *table, void *out, int64_t *winners);
  /// The sums' backward pass, where index j of k is in bag[j]: out [rows, width] = 0, then out[index[j]] += scale[j]·g[bag[j]];
  /// products[j] = g[bag[j]]·table[index[j]]. `out` and `products` may be null.
  void (*embedding_bag_gradient)(gb_dtype dtype, intptr_t rows, intptr_t width, intptr_t k, const int64_t *bag,
                                 const int64_t *index, const double *scale, const void *g, const void *table, void *out,
                                 double *products);
  /// out = softmax(scale·Q·Kᵀ + mask)·V, zeros for a query that sees no key; also the logarithms of the softmax' denominators,
  /// [batch, heads, length].
  void (*attention)(gb_dtype dtype, const gb_attention *shape, const void *q, const void *k, const void *v, void *out,
                    void *log_sum_exp);
  void (*attention_gradient)(gb_dtype dtype, const gb_attention *shape, const void *g, const void *q, const void *k, const void *v,
                             const void *out, const void *log_sum_exp, void *dq, void *dk, void *dv);

  // ---- random numbers: Philox4x32-10 ---------------------------------------------------------------------
  // Element i of a call that begins at `position` depends on (seed, position, i) alone. A position is a 128-bit counter's
  // low half; the caller reserves gb_random_blocks(kind, dtype, n) positions for a call.
  /// The raw words: out[4·i ..< 4·i+4] = philox(counter = position + i, key = seed).
  void (*random_words)(intptr_t blocks, uint64_t seed, uint64_t position, uint32_t *out);
  /// Uniform in [low, high): 24 bits for float32 (and bfloat16, rounded down), 53 for float64.
  void (*random_uniform)(gb_dtype dtype, intptr_t n, uint64_t seed, uint64_t position, double low, double high, void *out);
  /// Normal by Box–Muller.
  void (*random_normal)(gb_dtype dtype, intptr_t n, uint64_t seed, uint64_t position, double mean, double deviation, void *out);
  /// Integers in [low, high), unbiased to 2⁻⁶⁴ (128-bit multiply-shift of 64 random bits); integer dtypes.
  void (*random_integers)(gb_dtype dtype, intptr_t n, uint64_t seed, uint64_t position, int64_t low, int64_t high, void *out);
  /// 1 with probability p[i·p_stride] (float32), else 0; any dtype.
  void (*random_bernoulli)(gb_dtype dtype, intptr_t n, uint64_t seed, uint64_t position, intptr_t p_stride, const float *p, void *out);
  /// Inverted dropout: mask[i] = bernoulli(1 − p); out = mask ? x/(1 − p) : 0.
  void (*dropout)(gb_dtype dtype, intptr_t n, uint64_t seed, uint64_t position, double p, const void *x, void *out, uint8_t *mask);
  /// A uniformly random permutation of 0..<n (sequential Fisher–Yates over Philox).
  void (*random_permutation)(intptr_t n, uint64_t seed, uint64_t position, int64_t *out);

  // ---- optimisers: one pass over a parameter; float32, float64 (state in the same dtype) ------------------
  /// g' = g + weight_decay·p; v = momentum·v + g' (first step: v = g'); p −= learning_rate·(nesterov ? g' + momentum·v : v).
  /// `velocity` is null without momentum.
  void (*sgd)(gb_dtype dtype, intptr_t n, void *p, const void *g, void *velocity, double learning_rate, double momentum,
              double weight_decay, bool nesterov, bool first);
  /// `largest`, null without AMSGrad, holds the largest v so far, and stands in for v in the step.
  void (*adam)(gb_dtype dtype, intptr_t n, void *p, const void *g, void *m, void *v, void *largest, const gb_adam *step);
  /// In the following four g' = g + weight_decay·p. sum += g'²; p −= learning_rate·g'/(√sum + epsilon).
  void (*adagrad)(gb_dtype dtype, intptr_t n, void *p, const void *g, void *sum, const gb_step *step);
  /// s = decay·s + (1 − decay)·g'²; d = g'·√(t + epsilon)/√(s + epsilon); t = decay·t + (1 − decay)·d²; p −= learning_rate·d.
  void (*adadelta)(gb_dtype dtype, intptr_t n, void *p, const void *g, void *s, void *t, const gb_step *step);
  /// s = decay·s + (1 − decay)·g'²; with `mean` not null (centred): a = decay·a + (1 − decay)·g', and s − a² stands in for s;
  /// d = g'/(√s + epsilon); with `velocity` not null: v = momentum·v + d stands in for d; p −= learning_rate·d.
  void (*rms_prop)(gb_dtype dtype, intptr_t n, void *p, const void *g, void *s, void *mean, void *velocity, const gb_step *step);
  /// m = decay·m + (1 − decay)·g'; u = max(second_decay·u, |g'| + epsilon); p −= learning_rate·m/u.
  void (*adamax)(gb_dtype dtype, intptr_t n, void *p, const void *g, void *m, void *u, const gb_step *step);
  /// p −= learning_rate·(weight_decay·p + sign(decay·m + (1 − decay)·g)); m = second_decay·m + (1 − second_decay)·g.
  void (*lion)(gb_dtype dtype, intptr_t n, void *p, const void *g, void *m, const gb_step *step);
} gb_kernels;

/// The table for this processor. The environment variable GLASSBOX_ISA (avx512, avx2, portable) asks for a lower one.
const gb_kernels *gb_cpu_kernels(void);

/// Which random kernel, for gb_random_blocks.
typedef enum gb_random_kind { GB_UNIFORM, GB_NORMAL, GB_INTEGERS, GB_BERNOULLI, GB_DROPOUT, GB_PERMUTATION } gb_random_kind;

/// How many counter positions a call of n elements uses.
uint64_t gb_random_blocks(gb_random_kind kind, gb_dtype dtype, intptr_t n);
/// One block for any counter and key: the reference that the vectorised kernels are tested against.
void gb_philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);
/// One Philox4x32-10 block of a full counter and key.
void gb_philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

// ---- Fourier transforms ----------------------------------------------------------------------------------
// Of any length, for many rows at once. Complex numbers are pairs, the real part first. None divides by n: `scale` multiplies the result.
// They are our own because no packaged library does it: FFTW is under the GPL, and Debian 12's and Ubuntu 24.04's KissFFT is
// built for float32 alone.

typedef struct gb_fourier_shape {
  bool is_double;
  intptr_t rows, n;
  double scale;
} gb_fourier_shape;

/// y_k = scale·Σⱼ xⱼ·e^(−2πijk/n), or e^(+2πijk/n) if `inverse`: [rows, n, 2] → [rows, n, 2].
void gb_fourier(gb_fourier_shape shape, bool inverse, const void *x, void *y);
/// The first n/2 + 1 of a real row's y_k; the others are their conjugates: [rows, n] → [rows, n/2 + 1, 2].
void gb_fourier_real(gb_fourier_shape shape, const void *x, void *y);
/// The way back: the inverse transform of rows of which the first half is given, the other half being its conjugate.
/// [rows, n/2 + 1, 2] → [rows, n]. The imaginary parts of k = 0 and, for even n, of k = n/2 count as zero.
void gb_fourier_hermitian(gb_fourier_shape shape, const void *x, void *y);

// ---- threads ---------------------------------------------------------------------------------------------
// One pool for everything: our kernels and the pieces of the libraries' work. Inside a parallel region, on a thread that asked for
// it (gb_set_thread_limit), and while another thread has the pool, work runs on the calling thread.

/// Runs body(context, i) for i in 0..<n on the pool, the caller included. Tasks are handed out in order.
void gb_parallel(intptr_t n, void (*body)(void *context, intptr_t i), void *context);
/// The same for bodies that call oneDNN, OpenBLAS or another library on OpenMP: inside them, OpenMP has one thread.
void gb_parallel_for_libraries(intptr_t n, void (*body)(void *context, intptr_t i), void *context);
/// If the calling thread holds what other threads would wait for, has it call `function` as soon as it does not any more, and returns
/// true. Whoever stops a thread for good stops it then. Async-signal-safe on a thread that has called it before; NULL calls nothing.
bool gb_call_after_locks(void (*function)(void));
/// The number of threads that gb_parallel uses; default: the cores this process may run on.
void gb_set_threads(int threads);
int gb_threads(void);
/// Caps the threads for work begun on the calling thread (a data loader's worker says 1); 0 lifts the cap.
void gb_set_thread_limit(int limit);

// ---- memory ----------------------------------------------------------------------------------------------
/// At least `bytes` bytes, 64-byte aligned from 1 KiB up, 16-byte aligned below; from a cache of freed blocks where one fits.
void *gb_allocate(size_t bytes);
/// Gives a block back; `bytes` is what it was asked with.
void gb_free(void *block, size_t bytes);
typedef struct gb_memory { size_t in_use, peak, cached; } gb_memory;
gb_memory gb_memory_statistics(void);
void gb_memory_reset_peak(void);
/// Hands cached blocks back to the system.
void gb_memory_trim(void);

// ---- per-thread switches of the tape ---------------------------------------------------------------------
/// Whether this thread records (default 1). Returns the previous value.
int gb_recording(void);
int gb_set_recording(int on);
/// A pointer that belongs to the calling thread: the nodes being torn down.
void *gb_teardown(void);
void gb_set_teardown(void *list);
/// The calling thread's region of automatic casts; null outside.
void *gb_autocast(void);
void gb_set_autocast(void *region);
/// Where the calling thread writes the first NaN that it meets; null when it does not look for any.
void *gb_anomaly(void);
void gb_set_anomaly(void *place);

#endif
