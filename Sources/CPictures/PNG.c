#include "CPictures.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

typedef struct source {
  const unsigned char *bytes;
  size_t count;
} source;

static void fail(png_structp png, png_const_charp text) {
  snprintf(png_get_error_ptr(png), sizeof ((gb_picture *)0)->message, "%s", text);
  png_longjmp(png, 1);
}

static void say_nothing(png_structp png, png_const_charp text) { (void)png, (void)text; }

static void take(png_structp png, png_bytep to, size_t count) {
  source *s = png_get_io_ptr(png);
  if (count > s->count) png_error(png, "it ends too early");
  memcpy(to, s->bytes, count);
  s->bytes += count;
  s->count -= count;
}

static gb_picture_kind kind(png_structp png, png_infop info) {
  const int type = png_get_color_type(png, info);
  const int alpha = (type & PNG_COLOR_MASK_ALPHA) || png_get_valid(png, info, PNG_INFO_tRNS);
  if (type & PNG_COLOR_MASK_COLOR) return alpha ? GB_PICTURE_RGBA : GB_PICTURE_RGB;
  return alpha ? GB_PICTURE_GREY_ALPHA : GB_PICTURE_GREY;
}

static int decode(gb_picture *picture, const unsigned char *bytes, size_t count, int whole) {
  memset(picture, 0, sizeof *picture);
  source s = {bytes, count};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, picture->message, fail, say_nothing);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  // What changes after setjmp and is read after longjmp must be volatile.
  png_bytepp volatile rows = NULL;
  if (!info) {
    png_destroy_read_struct(&png, NULL, NULL);
    snprintf(picture->message, sizeof picture->message, "no memory");
    return 0;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    free(rows);
    gb_picture_free(picture);
    return 0;
  }
  png_set_read_fn(png, &s, take);
  // The caller limits the number of pixels; libpng's own limit is a million each way.
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_read_info(png, info);
  picture->width = png_get_image_width(png, info);
  picture->height = png_get_image_height(png, info);
  picture->kind = kind(png, info);
  if (whole) {
    // Palettes to colours, fewer bits to eight, marked colours to opacity; 16 bits to their upper eight.
    png_set_expand(png);
    png_set_strip_16(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    const size_t row = png_get_rowbytes(png, info);
    if (row != (size_t)picture->width * (size_t)picture->kind) png_error(png, "rows of another length");
    picture->pixels = malloc(row * picture->height);
    rows = malloc(sizeof(png_bytep) * picture->height);
    if (!picture->pixels || !rows) png_error(png, "no memory");
    for (uint32_t y = 0; y < picture->height; y++) rows[y] = picture->pixels + row * y;
    png_read_image(png, rows);
    png_read_end(png, NULL);
  }
  png_destroy_read_struct(&png, &info, NULL);
  free(rows);
  return 1;
}

int gb_png_header(gb_picture *picture, const unsigned char *bytes, size_t count) { return decode(picture, bytes, count, 0); }
int gb_png_decode(gb_picture *picture, const unsigned char *bytes, size_t count) { return decode(picture, bytes, count, 1); }
