import Testing

@Suite("Publishing")
struct PublishingTests {
  @Test(
    "makes declarations public",
    arguments: [
      ("var x = 1", "public var x = 1"),
      ("let (a, b) = (1, 2), c = 3", "public let (a, b) = (1, 2), c = 3"),
      ("@MainActor var ui = 0", "@MainActor public var ui = 0"),
      ("nonisolated(unsafe) var x = 1", "public nonisolated(unsafe) var x = 1"),
      ("private(set) var x = 1", "public private(set) var x = 1"),
      ("internal func f() {}", "public func f() {}"),
      ("package struct S {}", "public struct S {}"),
      ("typealias T = Int", "public typealias T = Int"),
      ("prefix func - (s: String) -> Int { 0 }", "public prefix func - (s: String) -> Int { 0 }"),
      ("indirect enum E { case a(E), b }", "public indirect enum E { case a(E), b }"),
      ("protocol P { func f() }", "public protocol P { func f() }"),
      ("struct S<T: Equatable> {}; var s: S<Int>", "public struct S<T: Equatable> {}; public var s: S<Int>"),
      (
        "#if os(Linux)\nlet x = 1\n#else\nlet x = 2\n#endif",
        "#if os(Linux)\npublic let x = 1\n#else\npublic let x = 2\n#endif"
      ),
    ])
  func top(_ source: String, _ expected: String) { #expect(rewritten(source) == expected) }

  @Test(
    "leaves alone what is private, what has no level, and what stands in bodies",
    arguments: [
      "private let x = 1", "fileprivate func f() {}", "private struct S { var x = 1 }",
      "private struct S {}; extension S { func f() {} }", "public extension Int { func f() {} }",
      "private extension Int { func f() {} }", "infix operator <+>: AdditionPrecedence",
      "precedencegroup P { higherThan: AdditionPrecedence }", "if true { let x = 1 }", "do { struct S { var x = 1 } }",
      "public func f() { func g() {}; struct S { var x = 1 }; let y = 1 }",
    ])
  func unchanged(_ source: String) { #expect(rewritten(source) == source) }

  @Test(
    "makes members public, and open where a subclass may override them",
    arguments: [
      (
        "struct S { var x = 1; static let y = 2; init() {}; subscript(i: Int) -> Int { i }; private var z = 3 }",
        "public struct S { public var x = 1; public static let y = 2; public init() {}; public subscript(i: Int) -> Int { i }; private var z = 3 }"
      ),
      (
        "class C { let a = 1; var b = 2; func f() {}; class func g() {}; static func h() {}; final func i() {}; init() {}; deinit {} }",
        "open class C { public let a = 1; open var b = 2; open func f() {}; open class func g() {}; public static func h() {}; public final func i() {}; public init() {}; deinit {} }"
      ),
      ("public class C { public func f() {} }", "open class C { open func f() {} }"),
      ("final class C { func f() {} }", "public final class C { public func f() {} }"),
      ("class D: C { override func f() {} }", "open class D: C { open override func f() {} }"),
      ("actor A { var x = 1; func f() {} }", "public actor A { public var x = 1; public func f() {} }"),
      (
        "enum E { case a; struct Inner { var x = 1 } }",
        "public enum E { case a; public struct Inner { public var x = 1 } }"
      ),
      ("extension Int { var twice: Int { self * 2 } }", "extension Int { public var twice: Int { self * 2 } }"),
      ("internal extension Int: P { func f() {} }", " extension Int: P { public func f() {} }"),
      (
        "struct S {\n#if os(Linux)\nvar x = 1\n#endif\n}",
        "public struct S {\n#if os(Linux)\npublic var x = 1\n#endif\n}"
      ),
      (
        "@Observable class C { var a = 1; func f() {} }",
        "@Observable open class C { public var a = 1; open func f() {} }"
      ),
      ("struct N: ~Copyable { deinit {} }", "public struct N: ~Copyable { deinit {} }"),
    ])
  func members(_ source: String, _ expected: String) { #expect(rewritten(source) == expected) }

  @Test(
    "spells out the initialisers that a public type must have public",
    arguments: [
      (
        "@propertyWrapper struct W { var wrappedValue: Int }",
        "@propertyWrapper public struct W { public var wrappedValue: Int ; public init(wrappedValue: Int) { self.wrappedValue = wrappedValue } }"
      ),
      (
        "@propertyWrapper struct W { private var v = 0; var f: () -> Void = {}; var wrappedValue: Int { v } }",
        "@propertyWrapper public struct W { private var v = 0; public var f: () -> Void = {}; public var wrappedValue: Int { v } ; public init() {} ; public init(f: @escaping () -> Void = {}) { self.f = f } }"
      ),
      (
        "struct O: OptionSet { let rawValue: Int; static let a = O(rawValue: 1) }",
        "public struct O: OptionSet { public let rawValue: Int; public static let a = O(rawValue: 1) ; public init(rawValue: Int) { self.rawValue = rawValue } }"
      ),
      (
        "@propertyWrapper struct W { var wrappedValue: Int; init(wrappedValue: Int) {} }",
        "@propertyWrapper public struct W { public var wrappedValue: Int; public init(wrappedValue: Int) {} }"
      ),
    ])
  func initializers(_ source: String, _ expected: String) { #expect(rewritten(source) == expected) }

  @Test(
    "exports imports, unless they are private",
    arguments: [
      ("import Foundation", "@_exported import Foundation"),
      ("@testable import A; import struct B.C", "@_exported @testable import A; @_exported import struct B.C"),
      ("internal import A", "@_exported public import A"),
      ("private import A", "private import A"),
      ("@_exported import A", "@_exported import A"),
    ])
  func imports(_ source: String, _ expected: String) { #expect(rewritten(source) == expected) }
}
