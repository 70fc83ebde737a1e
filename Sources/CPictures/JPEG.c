#include "CPictures.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

// A progressive file of a few bytes can ask for any number of passes over a large picture.
enum { most_scans = 500 };

typedef struct failure {
  struct jpeg_error_mgr manager;
  jmp_buf jump;
  char *message;
} failure;

static void fail(j_common_ptr info) {
  failure *f = (failure *)info->err;
  char text[JMSG_LENGTH_MAX];
  f->manager.format_message(info, text);
  snprintf(f->message, sizeof ((gb_picture *)0)->message, "%s", text);
  longjmp(f->jump, 1);
}

// libjpeg paints grey over what is missing or damaged, and warns: for us that is an error. Level −1 are warnings, others traces.
static void warn(j_common_ptr info, int level) {
  if (level < 0 && info->err->msg_code != JWRN_EXTRANEOUS_DATA) fail(info);
}

static void say_nothing(j_common_ptr info) { (void)info; }

static void count_scans(j_common_ptr info) {
  if (((j_decompress_ptr)info)->input_scan_number <= most_scans) return;
  failure *f = (failure *)info->err;
  snprintf(f->message, sizeof ((gb_picture *)0)->message, "more than %d scans", most_scans);
  longjmp(f->jump, 1);
}

static int decode(gb_picture *picture, const unsigned char *bytes, size_t count, int whole) {
  struct jpeg_decompress_struct info;
  struct jpeg_progress_mgr progress = {.progress_monitor = count_scans};
  failure f;
  memset(picture, 0, sizeof *picture);
  memset(&info, 0, sizeof info);
  f.message = picture->message;
  info.err = jpeg_std_error(&f.manager);
  f.manager.error_exit = fail;
  f.manager.emit_message = warn;
  f.manager.output_message = say_nothing;
  if (setjmp(f.jump)) {
    jpeg_destroy_decompress(&info);
    gb_picture_free(picture);
    return 0;
  }
  jpeg_create_decompress(&info);
  info.progress = &progress;
  jpeg_mem_src(&info, bytes, (unsigned long)count);
  jpeg_read_header(&info, TRUE);
  switch (info.jpeg_color_space) {
  case JCS_GRAYSCALE: picture->kind = GB_PICTURE_GREY, info.out_color_space = JCS_GRAYSCALE; break;
  case JCS_RGB:
  case JCS_YCbCr: picture->kind = GB_PICTURE_RGB, info.out_color_space = JCS_RGB; break;
  case JCS_CMYK:
  case JCS_YCCK: picture->kind = GB_PICTURE_CMYK, info.out_color_space = JCS_CMYK; break;
  default: ERREXIT(&info, JERR_CONVERSION_NOTIMPL);
  }
  picture->width = info.image_width;
  picture->height = info.image_height;
  if (whole) {
    jpeg_start_decompress(&info);
    const size_t row = (size_t)info.output_width * (size_t)info.output_components;
    picture->pixels = malloc(row * info.output_height);
    if (!picture->pixels) ERREXIT1(&info, JERR_OUT_OF_MEMORY, 0);
    while (info.output_scanline < info.output_height) {
      JSAMPROW to = picture->pixels + row * info.output_scanline;
      jpeg_read_scanlines(&info, &to, 1);
    }
    jpeg_finish_decompress(&info);
  }
  jpeg_destroy_decompress(&info);
  return 1;
}

int gb_jpeg_header(gb_picture *picture, const unsigned char *bytes, size_t count) { return decode(picture, bytes, count, 0); }
int gb_jpeg_decode(gb_picture *picture, const unsigned char *bytes, size_t count) { return decode(picture, bytes, count, 1); }
