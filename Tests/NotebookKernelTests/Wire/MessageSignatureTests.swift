import NotebookKernel
import Testing

@Suite("A message's signature")
struct MessageSignatureTests {
  // RFC 4231, sections 4.2, 4.3 and 4.7.
  @Test(
    "is HMAC-SHA256",
    arguments: [
      (
        [UInt8](repeating: 0x0b, count: 20), "Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ])
  func goldens(_ key: [UInt8], _ text: String, _ expected: String) {
    let bytes = Array(text.utf8)
    let signature = MessageSignature(of: [Array(bytes[..<5]), Array(bytes[5...])], key: key)
    #expect(String(decoding: signature.text, as: UTF8.self) == expected)
    #expect(signature.matches(Array(expected.utf8)))
  }

  @Test("matches no other text, whichever digit differs")
  func others() {
    let signature = MessageSignature(of: [[1, 2, 3]], key: [4])
    for index in signature.text.indices {
      var other = signature.text
      other[index] ^= 1
      #expect(!signature.matches(other))
    }
    #expect(!signature.matches([]) && !signature.matches(signature.text + [0]))
    #expect(!signature.matches(Array(signature.text.dropLast())))
  }
}
