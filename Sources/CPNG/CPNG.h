// libpng: writing and reading pictures in memory, by its interface that reports errors as results.

#ifndef CPNG_H
#define CPNG_H

#include <png.h>
#include <stddef.h>
#include <string.h>

// The format of rows of bytes with so many channels: grey, RGB or RGBA. libpng's are macros that Swift does not see.
static inline unsigned int glassbox_png_format(int channels) {
  return channels == 1 ? PNG_FORMAT_GRAY : channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_RGBA;
}

// The most bytes that such a picture takes.
static inline size_t glassbox_png_bound(int width, int height, int channels) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = (png_uint_32)width;
  image.height = (png_uint_32)height;
  image.format = glassbox_png_format(channels);
  return PNG_IMAGE_PNG_SIZE_MAX(image);
}

// Writes pixels, rows from the top, into a buffer of `capacity` bytes; the bytes that were used, or 0.
static inline size_t glassbox_png_write(
    const unsigned char *_Nonnull pixels, int width, int height, int channels, unsigned char *_Nonnull buffer,
    size_t capacity) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = (png_uint_32)width;
  image.height = (png_uint_32)height;
  image.format = glassbox_png_format(channels);
  png_alloc_size_t size = capacity;
  return png_image_write_to_memory(&image, buffer, &size, 0, pixels, 0, NULL) ? size : 0;
}

// Reads a picture as RGBA into `pixels`, if it is as large as said; 0 otherwise.
static inline int glassbox_png_read(
    const unsigned char *_Nonnull bytes, size_t count, int width, int height, unsigned char *_Nonnull pixels) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_memory(&image, bytes, count)) return 0;
  image.format = PNG_FORMAT_RGBA;
  if (image.width != (png_uint_32)width || image.height != (png_uint_32)height) {
    png_image_free(&image);
    return 0;
  }
  return png_image_finish_read(&image, NULL, pixels, 0, NULL);
}

#endif
