// The one place that knows in what oneDNN 2.x and 3.x differ. In 2.x a memory descriptor is a structure, and a
// primitive is described by an operation descriptor first; in 3.x descriptors are handles, and that step is gone.
// Everything else of the interface is used alike.

#ifndef GB_ONEDNN_VERSION_H
#define GB_ONEDNN_VERSION_H

#include <dnnl.h>

/// A memory descriptor: `const gb_layout *` is what both versions' functions take.
#if DNNL_VERSION_MAJOR >= 3
typedef struct dnnl_memory_desc gb_layout;
#else
typedef dnnl_memory_desc_t gb_layout;
#endif

/// Of this type with these strides in elements; without strides, in the layout that a primitive likes best.
gb_layout *gb_layout_create(dnnl_data_type_t type, int rank, const dnnl_dims_t dims, const dnnl_dim_t *strides);
gb_layout *gb_layout_copy(const gb_layout *layout);
void gb_layout_destroy(gb_layout *layout);

typedef enum { GB_FORWARD, GB_INPUT_GRADIENT, GB_WEIGHT_GRADIENT } gb_direction;

/// What dnnl's three convolution descriptions take; x, w and y stand for their gradients where those are computed. `forward_w`
/// is w in the type that the forward convolution has it in.
typedef struct {
  const gb_layout *x, *w, *forward_w, *bias, *y;
  dnnl_dims_t stride, dilation, padding, padding_end;
} gb_convolution_description;

/// Null if oneDNN does not offer such a convolution.
dnnl_primitive_desc_t gb_describe_convolution(gb_direction direction, const gb_convolution_description *description,
                                              dnnl_engine_t engine, const_dnnl_primitive_attr_t attributes);

/// The matrix product c = a·b (+ bias, nullable). Null if oneDNN does not offer it.
dnnl_primitive_desc_t gb_describe_product(const gb_layout *a, const gb_layout *b, const gb_layout *bias,
                                          const gb_layout *c, dnnl_engine_t engine,
                                          const_dnnl_primitive_attr_t attributes);

#endif
