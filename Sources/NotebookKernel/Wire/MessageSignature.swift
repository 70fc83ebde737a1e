import CCrypto

/// HMAC-SHA256 (RFC 2104, 1997) of a message's four dictionaries, by OpenSSL's libcrypto.
package struct MessageSignature: Sendable, Hashable {
  /// The 32 bytes; no signature is equal to none but itself by chance.
  let digest: SIMD4<UInt64>
  /// What travels: 64 lower-case hexadecimal digits.
  package let text: [UInt8]

  package init(of parts: some Sequence<[UInt8]>, key: [UInt8]) {
    let message = parts.flatMap { $0 }
    var digest = [UInt8](repeating: 0, count: 32)
    guard HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &digest, nil) != nil else {
      fatalError("libcrypto could not compute HMAC-SHA256: it is out of memory, or its configuration forbids it")
    }
    self.digest = digest.withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    let digits = Array("0123456789abcdef".utf8)
    text = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  /// Compares in a time that does not depend on where the two differ, so that no signature can be found byte by byte.
  package func matches(_ other: [UInt8]) -> Bool {
    other.count == text.count && CRYPTO_memcmp(text, other, text.count) == 0
  }
}
