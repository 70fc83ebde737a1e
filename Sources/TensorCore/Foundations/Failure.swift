/// Stops the program on a programmer's mistake: says which op, the shapes or values, the rule that was broken, and a
/// fix.
///
/// Errors that come from outside the program (files, downloads, users) are thrown instead.
/// It is `fatalError` rather than `precondition`, because the latter prints nothing in an optimised build.
@inline(never)
public func stop(
  _ op: String, _ rule: String, fix: String, file: StaticString = #fileID, line: UInt = #line
) -> Never {
  fatalError("\(op): \(rule). Fix: \(fix).", file: file, line: line)
}
