// Decoding JPEG (libjpeg-turbo) and PNG (libpng) in memory. Both libraries report errors by longjmp, which must not cross Swift's frames: here
// an error is a message.

#ifndef CPICTURES_H
#define CPICTURES_H

#include <stdint.h>
#include <stddef.h>

/// What stands between the pixels that a file holds.
typedef enum gb_picture_kind {
  GB_PICTURE_GREY = 1,
  GB_PICTURE_GREY_ALPHA = 2,
  GB_PICTURE_RGB = 3,
  GB_PICTURE_RGBA = 4,
  /// Cyan, magenta, yellow and black, inverted as Adobe's programs store them.
  GB_PICTURE_CMYK = 5,
} gb_picture_kind;

typedef struct gb_picture {
  uint32_t width, height;
  gb_picture_kind kind;
  /// Rows from the top, pixels in them, bytes in these; NULL until decoded. Freed by gb_picture_free.
  unsigned char *pixels;
  /// Why decoding failed, in the library's words.
  char message[200];
} gb_picture;

/// Reads a file's header: width, height, kind. 0 on failure, with a message.
int gb_jpeg_header(gb_picture *picture, const unsigned char *bytes, size_t count);
int gb_png_header(gb_picture *picture, const unsigned char *bytes, size_t count);

/// Decodes the whole picture, `pixels` too. 0 on failure, with a message: a file that ends too early or is damaged gives nothing.
int gb_jpeg_decode(gb_picture *picture, const unsigned char *bytes, size_t count);
int gb_png_decode(gb_picture *picture, const unsigned char *bytes, size_t count);

void gb_picture_free(gb_picture *picture);

/// Writes the pixels as planes, [channels, height, width], with 1 (grey) or 3 (red, green, blue) channels. What is transparent lets
/// `background` (three bytes) shine through; NULL takes the colours as they are.
void gb_picture_planes(const gb_picture *picture, int channels, const unsigned char *background, unsigned char *planes);

/// Whether any pixel is not fully opaque.
int gb_picture_is_transparent(const gb_picture *picture);

#endif
