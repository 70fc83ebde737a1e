// libarchive: zip files.

#ifndef CARCHIVE_H
#define CARCHIVE_H

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

// libarchive turns names into the thread's character set, and loses what the "C" locale cannot say. While a locale with
// UTF-8 is in use on the calling thread, names come and go as they are. Returns what to hand to the function below.
static inline locale_t glassbox_use_utf8(void) {
  const locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  return utf8 == (locale_t)0 ? (locale_t)0 : uselocale(utf8);
}

static inline void glassbox_restore_locale(locale_t previous) {
  if (previous == (locale_t)0) return;
  const locale_t utf8 = uselocale(previous);
  if (utf8 != LC_GLOBAL_LOCALE) freelocale(utf8);
}

#endif
