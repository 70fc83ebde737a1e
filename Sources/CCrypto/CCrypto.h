// OpenSSL's libcrypto: hashes and signatures through its EVP interface.

#ifndef CCRYPTO_H
#define CCRYPTO_H

#include <openssl/err.h>
#include <openssl/evp.h>

#endif
