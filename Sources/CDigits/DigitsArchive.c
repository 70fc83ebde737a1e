#include "CDigits.h"

// #embed is C23, and known to the compiler in every earlier standard.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char archive[] = {
#embed "digits.csv.gz"
};

const unsigned char *glassbox_digits_archive(void) { return archive; }

size_t glassbox_digits_archive_size(void) { return sizeof archive; }
