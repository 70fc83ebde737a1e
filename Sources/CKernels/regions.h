// Blocks cut out of regions of address space, and joined again. memory.c holds its lock around each call.

#pragma once

#include <stdbool.h>
#include <stddef.h>

/// At least `bytes` bytes, more than 1 KiB, 64-byte aligned; NULL when the system has no more.
void *gb_region_allocate(size_t bytes);
/// Gives a block back, with its pages for the next one, or without them.
void gb_region_free(void *block, bool keeps_pages);
/// What a block takes up.
size_t gb_region_size(const void *block);
/// The bytes of free blocks that have kept their pages.
size_t gb_region_cached(void);
/// Hands the pages of free blocks back to the system.
void gb_region_trim(void);
