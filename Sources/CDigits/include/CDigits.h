// The UCI hand-written digits, compiled into the program (digits.csv.gz; origin and terms in ATTRIBUTION.md).
//
// The bytes stand in a C file because the compiler's #embed takes them in no time. As a SwiftPM resource they would
// either stay behind when the program is copied elsewhere (.copy), or become a Swift array literal that costs twelve
// seconds at every build of its module (.embedInCode).

#ifndef CDIGITS_H
#define CDIGITS_H

#include <stddef.h>

/// The gzipped CSV file: 1,797 lines of 64 pixels (0 to 16) and the digit. It lives as long as the program.
const unsigned char *_Nonnull glassbox_digits_archive(void);

/// The archive's size in bytes.
size_t glassbox_digits_archive_size(void);

#endif
