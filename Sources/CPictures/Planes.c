#include "CPictures.h"

#include <stdlib.h>

void gb_picture_free(gb_picture *picture) {
  free(picture->pixels);
  picture->pixels = NULL;
}

// Bytes in a pixel.
static int samples(const gb_picture *picture) { return picture->kind == GB_PICTURE_CMYK ? 4 : (int)picture->kind; }

// x/255, rounded, for x up to 255².
static unsigned by255(unsigned x) { return (x + 128 + ((x + 128) >> 8)) >> 8; }

static int has_alpha(const gb_picture *picture) {
  return picture->kind == GB_PICTURE_GREY_ALPHA || picture->kind == GB_PICTURE_RGBA;
}

int gb_picture_is_transparent(const gb_picture *picture) {
  if (!has_alpha(picture)) return 0;
  const int n = samples(picture);
  const size_t count = (size_t)picture->width * picture->height;
  for (size_t i = 0; i < count; i++) {
    if (picture->pixels[i * n + n - 1] != 255) return 1;
  }
  return 0;
}

void gb_picture_planes(const gb_picture *picture, int channels, const unsigned char *background, unsigned char *planes) {
  const size_t count = (size_t)picture->width * picture->height;
  const unsigned char *p = picture->pixels;
  const int n = samples(picture), blends = background && has_alpha(picture);
  for (size_t i = 0; i < count; i++, p += n) {
    unsigned rgb[3];
    if (picture->kind == GB_PICTURE_CMYK) {
      // (1 − ink)·(1 − black), of inks that are stored as 1 − ink.
      for (int c = 0; c < 3; c++) rgb[c] = p[3] - by255((255u - p[c]) * p[3]);
    } else {
      for (int c = 0; c < 3; c++) rgb[c] = p[n < 3 ? 0 : c];
    }
    if (blends) {
      for (int c = 0; c < 3; c++) rgb[c] = by255(rgb[c] * p[n - 1] + background[c] * (255u - p[n - 1]));
    }
    if (channels == 1) {
      // ITU-R BT.601's luma in 16 bits, as Pillow's; of grey it is the grey itself.
      planes[i] = (19595 * rgb[0] + 38470 * rgb[1] + 7471 * rgb[2] + 0x8000) >> 16;
    } else {
      for (int c = 0; c < 3; c++) planes[(size_t)c * count + i] = rgb[c];
    }
  }
}
