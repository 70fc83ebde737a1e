// OpenSSL's libcrypto: hashes and signatures through its EVP interface.

#ifndef CCRYPTO_H
#define CCRYPTO_H

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#endif
