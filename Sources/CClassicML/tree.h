// The tree of cells in which Barnes and Hut's algorithm holds points: halved along each axis (a quadtree in two
// dimensions, an octree in three), as one array in depth-first order. (Barnes & Hut, "A hierarchical O(N log N)
// force-calculation algorithm", 1986; van der Maaten, "Accelerating t-SNE using tree-based algorithms", 2014.)

#ifndef CCLASSICML_TREE_H
#define CCLASSICML_TREE_H

#include <stdint.h>

/// A cell. Its first child, if it has any, comes next; where its last descendant has been, `next` is.
typedef struct gb_tree_cell {
  float centre[3];       // of mass
  float square;          // of its width
  int32_t first, last;   // its points, in the order of the tree
  int32_t next;
  int32_t is_leaf;
} gb_tree_cell;

/// Points in the order of the tree: neighbours in it are near each other.
typedef struct gb_tree {
  intptr_t points, cells;
  int32_t *order;        // which point is where, [points]
  float *y;              // [dimensions][points]
  gb_tree_cell *cell;         // [cells]
  void *block;           // all of it
  uint64_t bytes;
} gb_tree;

gb_tree gb_make_tree(intptr_t points, int dimensions, const float *y);
void gb_free_tree(gb_tree tree);

#endif
