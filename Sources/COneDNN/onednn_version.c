#include "onednn_version.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "COneDNN.h"
#include "pieces.h"

static void check(dnnl_status_t status, const char *call) {
  if (status != dnnl_success) gb_library_failure(call, status);
}

#if DNNL_VERSION_MAJOR >= 3

gb_layout *gb_layout_create(dnnl_data_type_t type, int rank, const dnnl_dims_t dims, const dnnl_dim_t *strides) {
  gb_layout *layout;
  if (strides) {
    check(dnnl_memory_desc_create_with_strides(&layout, rank, dims, type, strides),
          "dnnl_memory_desc_create_with_strides");
  } else {
    check(dnnl_memory_desc_create_with_tag(&layout, rank, dims, type, dnnl_format_tag_any),
          "dnnl_memory_desc_create_with_tag");
  }
  return layout;
}

gb_layout *gb_layout_copy(const gb_layout *layout) {
  gb_layout *copy;
  check(dnnl_memory_desc_clone(&copy, layout), "dnnl_memory_desc_clone");
  return copy;
}

void gb_layout_destroy(gb_layout *layout) {
  if (layout) dnnl_memory_desc_destroy(layout);
}

dnnl_primitive_desc_t gb_describe_convolution(gb_direction direction, const gb_convolution_description *d,
                                              dnnl_engine_t engine, const_dnnl_primitive_attr_t attributes) {
  // The gradients ask for the forward convolution as a hint.
  dnnl_primitive_desc_t forward = NULL, description = NULL;
  dnnl_status_t status = dnnl_convolution_forward_primitive_desc_create(
      &forward, engine, dnnl_forward_training, dnnl_convolution_direct, d->x, d->forward_w, d->bias, d->y,
      d->stride, d->dilation, d->padding, d->padding_end, attributes);
  if (direction == GB_FORWARD || status != dnnl_success) return status == dnnl_success ? forward : NULL;
  if (direction == GB_INPUT_GRADIENT) {
    status = dnnl_convolution_backward_data_primitive_desc_create(&description, engine, dnnl_convolution_direct, d->x,
                                                                  d->w, d->y, d->stride, d->dilation, d->padding,
                                                                  d->padding_end, forward, attributes);
  } else {
    status = dnnl_convolution_backward_weights_primitive_desc_create(&description, engine, dnnl_convolution_direct,
                                                                     d->x, d->w, NULL, d->y, d->stride, d->dilation,
                                                                     d->padding, d->padding_end, forward, attributes);
  }
  dnnl_primitive_desc_destroy(forward);
  return status == dnnl_success ? description : NULL;
}

dnnl_primitive_desc_t gb_describe_product(const gb_layout *a, const gb_layout *b, const gb_layout *bias,
                                          const gb_layout *c, dnnl_engine_t engine,
                                          const_dnnl_primitive_attr_t attributes) {
  dnnl_primitive_desc_t description = NULL;
  dnnl_status_t status = dnnl_matmul_primitive_desc_create(&description, engine, a, b, bias, c, attributes);
  return status == dnnl_success ? description : NULL;
}

#else

gb_layout *gb_layout_create(dnnl_data_type_t type, int rank, const dnnl_dims_t dims, const dnnl_dim_t *strides) {
  gb_layout *layout = malloc(sizeof *layout);
  if (strides) {
    check(dnnl_memory_desc_init_by_strides(layout, rank, dims, type, strides), "dnnl_memory_desc_init_by_strides");
  } else {
    check(dnnl_memory_desc_init_by_tag(layout, rank, dims, type, dnnl_format_tag_any),
          "dnnl_memory_desc_init_by_tag");
  }
  return layout;
}

gb_layout *gb_layout_copy(const gb_layout *layout) {
  gb_layout *copy = malloc(sizeof *copy);
  *copy = *layout;
  return copy;
}

void gb_layout_destroy(gb_layout *layout) { free(layout); }

dnnl_primitive_desc_t gb_describe_convolution(gb_direction direction, const gb_convolution_description *d,
                                              dnnl_engine_t engine, const_dnnl_primitive_attr_t attributes) {
  dnnl_convolution_desc_t operation;
  dnnl_status_t status;
  if (direction == GB_FORWARD) {
    status = dnnl_dilated_convolution_forward_desc_init(&operation, dnnl_forward_training, dnnl_convolution_direct,
                                                        d->x, d->w, d->bias, d->y, d->stride, d->dilation, d->padding,
                                                        d->padding_end);
  } else if (direction == GB_INPUT_GRADIENT) {
    status = dnnl_dilated_convolution_backward_data_desc_init(&operation, dnnl_convolution_direct, d->x, d->w, d->y,
                                                              d->stride, d->dilation, d->padding, d->padding_end);
  } else {
    status =
        dnnl_dilated_convolution_backward_weights_desc_init(&operation, dnnl_convolution_direct, d->x, d->w, NULL, d->y,
                                                            d->stride, d->dilation, d->padding, d->padding_end);
  }
  if (status != dnnl_success) return NULL;
  dnnl_primitive_desc_t description = NULL;
  status = dnnl_primitive_desc_create(&description, &operation, attributes, engine, NULL);
  return status == dnnl_success ? description : NULL;
}

dnnl_primitive_desc_t gb_describe_product(const gb_layout *a, const gb_layout *b, const gb_layout *bias,
                                          const gb_layout *c, dnnl_engine_t engine,
                                          const_dnnl_primitive_attr_t attributes) {
  dnnl_matmul_desc_t operation;
  if (dnnl_matmul_desc_init(&operation, a, b, bias, c) != dnnl_success) return NULL;
  dnnl_primitive_desc_t description = NULL;
  dnnl_status_t status = dnnl_primitive_desc_create(&description, &operation, attributes, engine, NULL);
  return status == dnnl_success ? description : NULL;
}

#endif

static char version[48];

static void write_version(void) {
  const dnnl_version_t *v = dnnl_version();
  snprintf(version, sizeof version, "oneDNN %d.%d.%d", v->major, v->minor, v->patch);
}

const char *gb_onednn_version(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, write_version);
  return version;
}
