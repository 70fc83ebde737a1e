// Training steps free what is saved for the backward pass while they make gradients, which have other sizes: so free neighbours are
// joined, and a free block is cut to what is asked for (Masmano et al., "TLSF: a new dynamic memory allocator for real-time systems",
// 2004, with lists of the same kind).

#define _GNU_SOURCE
#include "regions.h"

#include <stdint.h>
#include <sys/mman.h>

// Address space alone: pages are there from their first touch on.
#define REGION ((size_t)1 << 30)
// From here on blocks are joined and cut. What is smaller is used more quickly than that.
#define MEDIUM ((size_t)64 << 10)
// From here on blocks stand on huge pages: fewer, and quicker to come by.
#define LARGE ((size_t)4 << 20)
#define PAGE ((size_t)4 << 10)
#define HUGE_PAGE ((size_t)2 << 20)
// How many blocks of the right class are looked at for one that fits; a larger class has one.
#define TRIES 8

// Four classes to each power of two: at most a fifth of a small block is unused.
#define CLASSES (4 * 54 + 1)

static int class_of(size_t bytes) {
  const int log = 63 - __builtin_clzll((unsigned long long)(bytes - 1));  // 2^log < bytes ≤ 2^(log + 1)
  const int quarter = (int)((bytes - 1) >> (log - 2)) & 3;
  return 4 * (log - 10) + quarter;
}

static size_t size_of_class(int class) { return (size_t)(5 + (class & 3)) << (class / 4 + 8); }

/// Blocks of different sizes stand in different regions.
typedef enum { small, medium, large, sizes } kind;

/// What stands in front of a block's bytes. A region is a row of blocks without gaps.
typedef struct block {
  /// With this header; the block in front has `before`, and the first of a region none.
  size_t size, before;
  bool is_last, is_free, has_pages;
  unsigned char kind;
  /// Within the list of free blocks that it is in.
  struct block *next, *previous;
} block;

#define HEADER ((size_t)64)
_Static_assert(sizeof(block) <= HEADER, "blocks are 64-byte aligned");

/// The free blocks: those that have kept their pages by their class, the last freed first.
static struct {
  block *kept[CLASSES];
  block *without_pages;
  size_t cached;
} kinds[sizes];

static block *after(block *b) { return b->is_last ? NULL : (block *)((char *)b + b->size); }
static block *in_front_of(block *b) { return b->before == 0 ? NULL : (block *)((char *)b - b->before); }

static block **list_of(const block *b) {
  return b->has_pages ? &kinds[b->kind].kept[class_of(b->size)] : &kinds[b->kind].without_pages;
}

static void put(block *b) {
  if (b->has_pages) kinds[b->kind].cached += b->size;
  block **const list = list_of(b);
  b->is_free = true;
  b->next = *list;
  b->previous = NULL;
  if (*list != NULL) (*list)->previous = b;
  *list = b;
}

static block *take(block *b) {
  if (b->has_pages) kinds[b->kind].cached -= b->size;
  if (b->previous != NULL) b->previous->next = b->next;
  else *list_of(b) = b->next;
  if (b->next != NULL) b->next->previous = b->previous;
  b->is_free = false;
  return b;
}

static void resize(block *b, size_t size, bool is_last) {
  b->size = size;
  b->is_last = is_last;
  if (!is_last) after(b)->before = size;
}

static block *append(block *b, block *next) {
  resize(b, b->size + next->size, next->is_last);
  return b;
}

/// A block with its free neighbours, if they have pages as it has or have none as it has none.
static block *joined(block *b) {
  block *const next = after(b), *const front = in_front_of(b);
  if (next != NULL && next->is_free && next->has_pages == b->has_pages) append(b, take(next));
  return front != NULL && front->is_free && front->has_pages == b->has_pages ? append(take(front), b) : b;
}

/// Leaves `size` bytes of a block, and makes the rest a free one if it is worth while.
static block *cut(block *b, size_t size) {
  const size_t rest = b->size - size;
  // A small block keeps to the size of its class, however little is left: all of a class must fit.
  if (rest < (b->kind == small ? HEADER : MEDIUM)) return b;
  block *const second = (block *)((char *)b + size);
  *second = (block){.before = size, .has_pages = b->has_pages, .kind = b->kind};
  resize(second, rest, b->is_last);
  resize(b, size, false);
  put(second);
  return b;
}

/// Small blocks of a class all fit.
static block *find_kept(kind kind, size_t size) {
  const int class = class_of(size);
  block *b = kinds[kind].kept[class];
  if (kind == small) return b != NULL ? take(b) : NULL;
  for (int tries = 0; b != NULL && tries < TRIES; b = b->next, tries++) {
    if (b->size >= size) return cut(take(b), size);
  }
  if (kinds[kind].cached < size) return NULL;
  for (int larger = class + 1; larger < CLASSES; larger++) {
    if (kinds[kind].kept[larger] != NULL) return cut(take(kinds[kind].kept[larger]), size);
  }
  return NULL;
}

/// Fresh pages, behind a free block that is too short alone where there is one.
static block *find_without_pages(kind kind, size_t size) {
  for (block *b = kinds[kind].without_pages; b != NULL; b = b->next) {
    block *const front = in_front_of(b);
    const bool extends = kind != small && front != NULL && front->is_free;
    if ((extends ? front->size : 0) + b->size < size) continue;
    take(b);
    if (!extends) return cut(b, size);
    append(take(front), b)->has_pages = false;
    return cut(front, size);
  }
  return NULL;
}

static block *new_region(kind kind, size_t size) {
  size_t whole = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
  if (whole < REGION) whole = REGION;
  // One huge page more than needed, so that an aligned region can be cut out.
  char *const base = mmap(
      NULL, whole + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) return NULL;
  const size_t before = -(uintptr_t)base & (HUGE_PAGE - 1);
  if (before > 0) munmap(base, before);
  munmap(base + before + whole, HUGE_PAGE - before);
  if (kind == large) madvise(base + before, whole, MADV_HUGEPAGE);
  block *const b = (block *)(base + before);
  *b = (block){.size = whole, .is_last = true, .kind = kind};
  return cut(b, size);
}

/// Hands a block's pages back, or its region if nothing else stands there.
static void let_go(block *b) {
  b->has_pages = false;
  b = joined(b);
  if (b->before == 0 && b->is_last) {
    munmap(b, b->size);
    return;
  }
  const uintptr_t page = b->kind == large ? HUGE_PAGE : PAGE;
  const uintptr_t begin = ((uintptr_t)b + HEADER + page - 1) / page * page, end = ((uintptr_t)b + b->size) / page * page;
  if (begin < end) madvise((void *)begin, end - begin, MADV_DONTNEED);
  put(b);
}

void *gb_region_allocate(size_t bytes) {
  if (bytes > SIZE_MAX / 2) return NULL;
  const kind kind = bytes < MEDIUM ? small : bytes < LARGE ? medium : large;
  // In whole pages all blocks begin at one place of a page. Were y's bytes some way ahead of x's there, each load of y = f(x) would seem
  // to hit the store just before it, and wait: processors compare the lower bits of addresses first.
  const size_t size =
      kind == small ? size_of_class(class_of(HEADER + bytes)) : (HEADER + bytes + PAGE - 1) / PAGE * PAGE;
  block *b = find_kept(kind, size);
  if (b == NULL) b = find_without_pages(kind, size);
  if (b == NULL) b = new_region(kind, size);
  if (b == NULL) return NULL;
  b->has_pages = true;
  return (char *)b + HEADER;
}

void gb_region_free(void *bytes, bool keeps_pages) {
  block *const b = (block *)((char *)bytes - HEADER);
  if (!keeps_pages) let_go(b);
  else put(b->kind == small ? b : joined(b));
}

size_t gb_region_size(const void *bytes) { return ((const block *)((const char *)bytes - HEADER))->size; }

size_t gb_region_cached(void) { return kinds[small].cached + kinds[medium].cached + kinds[large].cached; }

void gb_region_trim(void) {
  for (kind kind = small; kind < sizes; kind++) {
    for (int class = 0; class < CLASSES; class++) {
      while (kinds[kind].kept[class] != NULL) let_go(take(kinds[kind].kept[class]));
    }
  }
}
