// All kernels, and the table of them. Included once for each ISA, with ISA_NAME, ISA_TABLE, VECTOR_BYTES and the compiler's
// target set by the including file.

#include "dtypes.h"
#include "vectors.h"
#include "vector_lanes.h"
#include "vector_segments.h"
#include "vector_exponential.h"
#include "vector_trigonometry.h"
#include "vector_error_function.h"

#include "stream.h"
#include "fill.h"
#include "unary.h"
#include "activation.h"
#include "copy.h"
#include "binary.h"
#include "where.h"
#include "reduce.h"
#include "softmax.h"
#include "indexing.h"
#include "scatter.h"
#include "scan.h"
#include "sort.h"
#include "pooling.h"
#include "patches.h"
#include "axis_map.h"
#include "normalisation.h"
#include "recurrent.h"
#include "ctc.h"
#include "random.h"
#include "optimisers.h"
#include "row_norm.h"
#include "group_norm.h"
#include "embedding.h"
#include "embedding_bag.h"
#include "block_product.h"
#include "attention.h"

GB_HIDDEN const gb_kernels ISA_TABLE;
const gb_kernels ISA_TABLE = {
  .name = ISA_NAME,
  .fill = fill,
  .range = range,
  .copy = copy,
  .unary = unary,
  .binary_flat = binary_flat,
  .binary = binary,
  .where = where,
  .clamp = clamp,
  .activation = activation,
  .activation_gradient = activation_gradient,
  .reduce = reduce,
  .softmax = softmax,
  .log_softmax = log_softmax,
  .softmax_gradient = softmax_gradient,
  .log_softmax_gradient = log_softmax_gradient,
  .cross_entropy = cross_entropy,
  .cross_entropy_gradient = cross_entropy_gradient,
  .index_select = index_select,
  .index_add = index_add,
  .gather = gather,
  .scatter_add = scatter_add,
  .scatter = scatter,
  .nonzero = nonzero,
  .scan = scan,
  .sort_positions = sort_positions,
  .search_sorted = search_sorted,
  .max_pool = max_pool,
  .average_pool = average_pool,
  .average_pool_gradient = average_pool_gradient,
  .unfold = unfold,
  .fold = fold,
  .axis_map = axis_map,
  .moments = moments,
  .channel_affine = channel_affine,
  .batch_norm_gradient = batch_norm_gradient,
  .recurrence = recurrence,
  .recurrence_gradient = recurrence_gradient,
  .ctc = ctc,
  .ctc_gradient = ctc_gradient,
  .ctc_row = ctc_alpha_row,
  .row_norm = row_norm,
  .row_norm_gradient = row_norm_gradient,
  .group_norm = group_norm,
  .group_norm_gradient = group_norm_gradient,
  .embedding_gradient = embedding_gradient,
  .embedding_bag = embedding_bag,
  .embedding_bag_gradient = embedding_bag_gradient,
  .attention = attention,
  .attention_gradient = attention_gradient,
  .random_words = random_words,
  .random_uniform = random_uniform,
  .random_normal = random_normal,
  .random_integers = random_integers,
  .random_bernoulli = random_bernoulli,
  .dropout = dropout,
  .random_permutation = random_permutation,
  .sgd = sgd,
  .adam = adam,
  .adagrad = adagrad,
  .adadelta = adadelta,
  .rms_prop = rms_prop,
  .adamax = adamax,
  .lion = lion,
};
