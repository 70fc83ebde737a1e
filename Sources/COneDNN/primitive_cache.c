#include "primitive_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "pieces.h"

enum { SLOTS = 1024, LIMIT = 1024 };

// Open addressing would need tombstones on eviction; 1024 entries in as many short lists need nothing.
typedef struct node {
  gb_primitive *primitive;
  struct node *next;
} node;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t engine_once = PTHREAD_ONCE_INIT;
static dnnl_engine_t engine;
static node *slots[SLOTS];
static intptr_t count;
static uint64_t uses;

static _Thread_local dnnl_stream_t stream;
static pthread_key_t stream_key;

static void check(dnnl_status_t status, const char *call) {
  if (status != dnnl_success) gb_library_failure(call, status);
}

static void destroy_stream(void *old) { dnnl_stream_destroy(old); }

static void create_engine(void) {
  check(dnnl_engine_create(&engine, dnnl_cpu, 0), "dnnl_engine_create");
  pthread_key_create(&stream_key, destroy_stream);
}

static size_t slot_of(const gb_primitive_key *key) {
  // FNV-1a over the words.
  const uint64_t *words = (const uint64_t *)key;
  uint64_t hash = 14695981039346656037u;
  for (size_t i = 0; i < sizeof *key / sizeof *words; i++) hash = (hash ^ words[i]) * 1099511628211u;
  return (size_t)(hash >> 32) % SLOTS;
}

static void destroy(gb_primitive *c) {
  gb_operand *operands[] = {&c->x, &c->w, &c->y};
  for (int i = 0; i < 3; i++) {
    gb_layout_destroy(operands[i]->plain);
    gb_layout_destroy(operands[i]->own);
    if (operands[i]->reorder) dnnl_primitive_destroy(operands[i]->reorder);
  }
  gb_layout_destroy(c->bias);
  gb_layout_destroy(c->scratchpad);
  if (c->primitive) dnnl_primitive_destroy(c->primitive);
  free(c);
}

static dnnl_primitive_t make_reorder(const gb_layout *from, const gb_layout *to) {
  if (dnnl_memory_desc_equal(from, to)) return NULL;
  dnnl_primitive_desc_t description;
  dnnl_primitive_t reorder;
  check(dnnl_reorder_primitive_desc_create(&description, from, engine, to, engine, NULL),
        "dnnl_reorder_primitive_desc_create");
  check(dnnl_primitive_create(&reorder, description), "dnnl_primitive_create");
  dnnl_primitive_desc_destroy(description);
  return reorder;
}

static gb_layout *row_major(dnnl_data_type_t type, int rank, const dnnl_dims_t dims) {
  dnnl_dims_t strides;
  dnnl_dim_t stride = 1;
  for (int i = rank - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= dims[i];
  }
  return gb_layout_create(type, rank, dims, strides);
}

static void finish_operand(gb_operand *operand, dnnl_primitive_desc_t description, dnnl_query_t query, bool is_result) {
  operand->own = gb_layout_copy(dnnl_primitive_desc_query_md(description, query, 0));
  operand->own_bytes = dnnl_memory_desc_get_size(operand->own);
  operand->reorder =
      is_result ? make_reorder(operand->own, operand->plain) : make_reorder(operand->plain, operand->own);
}

static dnnl_primitive_attr_t make_attributes(void) {
  dnnl_primitive_attr_t attributes;
  check(dnnl_primitive_attr_create(&attributes), "dnnl_primitive_attr_create");
  check(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
        "dnnl_primitive_attr_set_scratchpad_mode");
  return attributes;
}

static dnnl_primitive_desc_t describe_convolution(gb_primitive *c) {
  const gb_primitive_key *key = &c->key;
  const gb_conv2d *s = &key->shape.convolution;
  dnnl_data_type_t type = key->is_bf16 ? dnnl_bf16 : dnnl_f32;
  // The gradients of the weights are sums over the whole batch, whose parts are added up in float32.
  dnnl_data_type_t w_type = key->direction == GB_WEIGHT_GRADIENT ? dnnl_f32 : type;
  dnnl_dims_t x = {s->batch, s->channels, s->size[0], s->size[1]};
  dnnl_dims_t y = {s->batch, s->filters, s->out_size[0], s->out_size[1]};
  dnnl_dims_t w = {s->filters, s->channels, s->kernel[0], s->kernel[1]};
  dnnl_dims_t grouped = {s->groups, s->filters / s->groups, s->channels / s->groups, s->kernel[0], s->kernel[1]};
  dnnl_dims_t bias = {s->filters};
  int w_rank = s->groups > 1 ? 5 : 4;
  const dnnl_dim_t *w_dims = s->groups > 1 ? grouped : w;
  c->x.plain = row_major(type, 4, x);
  intptr_t pixels = s->out_size[0] * s->out_size[1];
  dnnl_dims_t y_strides = {key->y_sample ? key->y_sample : s->filters * pixels, pixels, s->out_size[1], 1};
  c->y.plain = gb_layout_create(type, 4, y, y_strides);
  c->w.plain = row_major(w_type, w_rank, w_dims);
  if (key->has_bias) c->bias = row_major(type, 1, bias);

  gb_layout *any_x = gb_layout_create(type, 4, x, NULL), *any_y = gb_layout_create(type, 4, y, NULL);
  gb_layout *any_w = gb_layout_create(w_type, w_rank, w_dims, NULL);
  gb_layout *forward_w = gb_layout_create(type, w_rank, w_dims, NULL);
  gb_convolution_description d = {.x = any_x, .w = any_w, .forward_w = forward_w, .bias = c->bias, .y = any_y};
  for (int i = 0; i < 2; i++) {
    d.stride[i] = s->stride[i];
    d.dilation[i] = s->dilation[i] - 1;
    d.padding[i] = s->padding[i];
    // What the last output really reaches, which may be less than the padding, or less than the picture.
    d.padding_end[i] =
        (s->out_size[i] - 1) * s->stride[i] + (s->kernel[i] - 1) * s->dilation[i] + 1 - s->size[i] - s->padding[i];
  }
  dnnl_primitive_attr_t attributes = make_attributes();
  dnnl_primitive_desc_t description = gb_describe_convolution((gb_direction)key->direction, &d, engine, attributes);
  dnnl_primitive_attr_destroy(attributes);
  gb_layout_destroy(any_x), gb_layout_destroy(any_w), gb_layout_destroy(forward_w), gb_layout_destroy(any_y);
  return description;
}

static dnnl_primitive_desc_t describe_product(gb_primitive *p) {
  const gb_product_shape *s = &p->key.shape.product;
  dnnl_data_type_t type = p->key.is_bf16 ? dnnl_bf16 : dnnl_f32;
  dnnl_dims_t a = {s->m, s->k}, b = {s->k, s->n}, c = {s->m, s->n}, bias = {1, s->n};
  p->x.plain = gb_layout_create(type, 2, a, (dnnl_dims_t){s->a_row, s->a_column});
  p->w.plain = gb_layout_create(type, 2, b, (dnnl_dims_t){s->b_row, s->b_column});
  p->y.plain = gb_layout_create(type, 2, c, (dnnl_dims_t){s->c_row, 1});
  if (p->key.has_bias) p->bias = row_major(type, 2, bias);
  dnnl_primitive_attr_t attributes = make_attributes();
  dnnl_primitive_desc_t description =
      gb_describe_product(p->x.plain, p->w.plain, p->bias, p->y.plain, engine, attributes);
  dnnl_primitive_attr_destroy(attributes);
  return description;
}

static gb_primitive *create(const gb_primitive_key *key) {
  gb_primitive *p = calloc(1, sizeof *p);
  p->key = *key;
  dnnl_primitive_desc_t description = key->is_product ? describe_product(p) : describe_convolution(p);
  if (!description) {
    destroy(p);
    return NULL;
  }
  bool input = !key->is_product && key->direction == GB_INPUT_GRADIENT;
  bool weight = !key->is_product && key->direction == GB_WEIGHT_GRADIENT;
  finish_operand(&p->x, description, input ? dnnl_query_diff_src_md : dnnl_query_src_md, input);
  finish_operand(&p->w, description, weight ? dnnl_query_diff_weights_md : dnnl_query_weights_md, weight);
  finish_operand(&p->y, description, input || weight ? dnnl_query_diff_dst_md : dnnl_query_dst_md, !input && !weight);
  p->scratchpad = gb_layout_copy(dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0));
  p->scratchpad_bytes = dnnl_memory_desc_get_size(p->scratchpad);
  check(dnnl_primitive_create(&p->primitive, description), "dnnl_primitive_create");
  dnnl_primitive_desc_destroy(description);
  return p;
}

static void evict_oldest(void) {
  node **oldest = NULL;
  for (int i = 0; i < SLOTS; i++) {
    for (node **link = &slots[i]; *link; link = &(*link)->next) {
      if (!oldest || (*link)->primitive->last_use < (*oldest)->primitive->last_use) oldest = link;
    }
  }
  node *gone = *oldest;
  *oldest = gone->next;
  count--;
  gone->primitive->evicted = true;
  if (gone->primitive->users == 0) destroy(gone->primitive);
  free(gone);
}

typedef struct {
  const gb_primitive_key *key;
  gb_primitive *result;
} creation;

static void create_piece(void *context, intptr_t index) {
  (void)index;
  creation *c = context;
  c->result = create(c->key);
}

gb_primitive *gb_primitive_acquire(const gb_primitive_key *key) {
  pthread_once(&engine_once, create_engine);
  size_t slot = slot_of(key);
  pthread_mutex_lock(&lock);
  gb_primitive *found = NULL;
  for (node *n = slots[slot]; n && !found; n = n->next) {
    if (memcmp(&n->primitive->key, key, sizeof *key) == 0) found = n->primitive;
  }
  if (!found) {
    // oneDNN plans for the number of threads it sees now, so make it where it will run: inside a piece.
    creation c = {key, NULL};
    gb_run_pieces(1, create_piece, &c);
    found = c.result;
    if (found) {
      if (count >= LIMIT) evict_oldest();
      node *n = malloc(sizeof *n);
      *n = (node){found, slots[slot]};
      slots[slot] = n;
      count++;
    }
  }
  if (found) {
    found->users++;
    found->last_use = ++uses;
  }
  pthread_mutex_unlock(&lock);
  return found;
}

void gb_primitive_release(gb_primitive *primitive) {
  if (!primitive) return;
  pthread_mutex_lock(&lock);
  bool last = --primitive->users == 0 && primitive->evicted;
  pthread_mutex_unlock(&lock);
  if (last) destroy(primitive);
}

void gb_execute(dnnl_primitive_t primitive, int argument_count, const gb_argument *arguments) {
  if (!stream) {
    check(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags), "dnnl_stream_create");
    pthread_setspecific(stream_key, stream);
  }
  dnnl_exec_arg_t list[8];
  for (int i = 0; i < argument_count; i++) {
    list[i].arg = arguments[i].name;
    // The cast drops const: oneDNN has one memory type for what is read and what is written.
    check(dnnl_memory_create(&list[i].memory, arguments[i].layout, engine, (void *)arguments[i].data),
          "dnnl_memory_create");
  }
  check(dnnl_primitive_execute(primitive, stream, argument_count, list), "dnnl_primitive_execute");
  for (int i = 0; i < argument_count; i++) dnnl_memory_destroy(list[i].memory);
}
