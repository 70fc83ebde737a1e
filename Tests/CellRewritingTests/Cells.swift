/// Notebooks whose cells build upon each other.
enum Cells {
  static let all = first + second

  static let first = [
    """
    import Foundation
    var counter = 1
    struct Point { var x = 1.0; var y: Double }
    func area(_ p: Point) -> Double { p.x * p.y }
    print("hello from", counter)
    Point(x: 2, y: 3)
    """,
    """
    counter += 41
    let p = Point(y: 4)
    print(counter, area(p))
    """,
    #"""
    func area(_ p: Point) -> String { "area=\(p.x * p.y)" }
    let counter = "now text (was \(counter))"
    struct Point3 { var z: Int }
    area(p) + " " + counter
    """#,
    """
    SVG("<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'></svg>")
    """,
    """
    let arr = [1, 2, 3]
    func pick(_ i: Int) -> Int {
      return arr[i]
    }
    print("before trap")
    print(pick(7))
    """,
    """
    print("still here:", counter, Point3(z: 9), arr)
    for i in 0..<3 { print("tick", i); Thread.sleep(forTimeInterval: 0.2) }
    display(SVG("")); display(SVG("<b>x</b>"))
    """,
    """
    enum MyErr: Error { case nope(String) }
    func thrower() throws -> Int { throw MyErr.nope("why") }
    let v = try thrower()
    """,
    """
    func slow(_ n: Int) async -> Int { try? await Task.sleep(nanoseconds: 10_000_000); return n * 2 }
    let w = await slow(21)
    await slow(w)
    """,
  ]

  static let second = [
    """
    struct Vec: Equatable { var x: Double; var y: Double
      static func + (a: Vec, b: Vec) -> Vec { Vec(x: a.x + b.x, y: a.y + b.y) }
      struct Inner { var q = 3 } }
    infix operator <+>: AdditionPrecedence
    func <+> (a: Vec, b: Vec) -> Vec { Vec(x: a.x - b.x, y: a.y) }
    class Animal { var name: String; init(name: String) { self.name = name }; func speak() -> String { "..." }; var legs: Int { 4 } }
    protocol Shape { associatedtype U; func area() -> Double; var u: U? { get } }
    extension Shape { func twice() -> Double { area() * 2 } }
    let (m1, m2) = (1, "two")
    var un: Int
    private let secret = 9
    fileprivate func helper() -> Int { secret }
    func useHelper() -> Int { helper() }
    un = 4
    """,
    #"""
    class Dog: Animal { override func speak() -> String { "Woof \(name)" }; override var legs: Int { super.legs + useHelper() } }
    struct Sq: Shape { var s = 2.0; func area() -> Double { s * s }; var u: Int? { nil } }
    extension Vec: Comparable, CustomStringConvertible { static func < (a: Vec, b: Vec) -> Bool { a.x < b.x }; var description: String { "<\(x),\(y)>" } }
    print(Dog(name: "R").speak(), Dog(name: "x").legs, Sq().twice(), Vec(x: 1, y: 2) + Vec(x: 3, y: 4) <+> Vec(x: 1, y: 1), Vec.Inner(q: 5).q, m1, m2, un)
    [Vec(x: 3, y: 0), Vec(x: 1, y: 0)].min()!
    """#,
    """
    func run<S: Shape>(_ s: S, _ x: Double) -> S.U? { print(s.area() * x); return s.u }
    let total = run(Sq(), 2) ?? 4
    defer { print("deferred") }
    total
    """,
    "struct Vec { var z = 1 }\nVec().z",
    "extension Vec { func hi() -> String { \"v1\" } }\nVec().hi()",
    "extension Vec { func hi() -> String { \"v2\" } }\nVec().hi()",
    "extension Vec: Equatable { static func == (a: Vec, b: Vec) -> Bool { true } }\nVec() == Vec(z: 3)",
    "struct NC: ~Copyable { var a = 1; deinit { print(\"NC gone\") } }\nfunc mk() -> NC { NC() }\nmk()",
    "if total > 1 { \"big\" } else { \"small\" }",
    #"""
    let text = """
      multi \(total)
      🎉 line
      """
    text + "🎉"
    """#,
    """
    let r = switch m1 { case 1: "one" ; default: "other" }
    guard let num = Int("42"), num > 3 else { fatalError() }
    #if os(Linux)
    let plat = "linux"
    #endif
    print(r, num, plat);
    num + 1
    """,
    "num * 2; r",
    """
    func fact(_ n: Int) -> Int { n <= 1 ? 1 : n * fact(n - 1) }
    var cache: [Int: Int] = [:]
    func memo(_ n: Int) -> Int { if let c = cache[n] { return c }; let v = n < 2 ? n : memo(n-1) + memo(n-2); cache[n] = v; return v }
    (fact(10), memo(50), cache.count)
    """,
    "cache.count;",
    """
    let stream = AsyncStream<Int> { c in for i in 0..<3 { c.yield(i) }; c.finish() }
    for await v in stream { print("got", v) }
    await withTaskGroup(of: Int.self) { g in for i in 0..<4 { g.addTask { i * i } }; var s = 0; for await x in g { s += x }; return s }
    """,
    "await MainActor.run { \"on main\" }",
    """
    @MainActor var ui = 0
    @MainActor func bump() { ui += 1 }
    await bump()
    """,
  ]
}
